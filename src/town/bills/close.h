/* close.h: a month is closed: what it brought and cost, what stands in the way, provisional and then final.
 * docs/mechanisms/close.md
 *
 *     (open) -> provisional (by one) -> final (by another) -> provisional, the next edition, with a reason ...
 *
 * Record `close`, id "2021-07", every version kept. To close provisionally posts the month's costs: what was
 * charged, and for what was not an accrual of our own figure. Who approves has it all reckoned again, and what is
 * not the same any more is refused. After the second word no entry of that month's days is posted (town/books/journal.h);
 * what then comes in moves in the month that runs, or the month gets its next edition. One act is one batch. */
#ifndef TOWN_CLOSE_H
#define TOWN_CLOSE_H

#include "base/hash.h"
#include "base/json.h"
#include "mizo/bill.h"
#include "report/report.h"
#include "town/bills/cost.h"
#include "town/books/posting.h"
#include "town/people/actor.h"
#include "town/town.h"

typedef enum close_state { CLOSE_OPEN, CLOSE_PROVISIONAL, CLOSE_FINAL, CLOSE_STATES } close_state;
const char *close_state_word(close_state s); /* "open", "provisional", "final" */

enum { CLOSE_ID = 12, CLOSE_WHO = 96, CLOSE_WHY = 250, CLOSE_CHECKS = 20, CLOSE_DETAIL = 600 };

/* The record as it stands. CLOSE_OPEN: there is none. */
typedef struct close_record {
    close_state state;
    int edition; /* 1: the first */
    char maker[CLOSE_WHO], approver[CLOSE_WHO], why[CLOSE_WHY];
    mizo_ms made, approved;
    char hash[HASH_TEXT]; /* over what it says of bills and costs */
    mizo_uyen margin;     /* that it kept */
    int64_t version;      /* of the record */
} close_record;

typedef struct close_contract {
    mizo_ref contract;
    bool made; /* the bill could be made */
    mizo_wh wh;
    mizo_uyen total, net, levy;           /* net, levy: without tax, exact */
    int64_t measured, estimated, missing; /* half-hours; read by period: one of them is 1 */
    mizo_ms known;
    bool has_before; /* there was a bill of the month before */
    mizo_uyen before;
} close_contract;

typedef struct close_check {
    const char *id; /* "readings", "runs" ... */
    bool ok, blocks;
    int64_t count;
    char detail[CLOSE_DETAIL]; /* a text for people is in both languages (base/text.h) */
} close_check;

/* What is another than at the last version of the record. */
typedef struct close_change {
    bool cost;            /* of a kind of cost; else of a contract */
    char id[MIZO_ID_MAX]; /* of the contract, or the kind's word */
    mizo_uyen was, is;    /* of a contract its bill with tax */
    int64_t batch;        /* that brought it; 0: not known */
    char actor[CLOSE_WHO], source[CLOSE_WHO];
} close_change;

typedef struct close_month {
    char id[CLOSE_ID]; /* "2021-07" */
    mizo_day month, end;
    close_record record;
    close_contract *contract; /* [ncontract] */
    size_t ncontract, ccap;
    int bills, unmade;                 /* made; not made */
    int confirmed, estimated, missing; /* contracts by their worst reading */
    mizo_wh wh;
    mizo_uyen billed, net, levy,
        before;          /* bills with tax; income without; the levy in it; of the month before */
    mizo_uyen purchases; /* statements of the month, without what of their tax is credited */
    mizo_uyen issued;    /* invoices of the month that are out, with tax */
    cost_list cost;
    mizo_uyen margin; /* net - purchases - cost */
    close_check check[CLOSE_CHECKS];
    int ncheck, blocked;  /* blocked: checks that stand in the way */
    close_change *change; /* [nchange]; of the first close: none */
    size_t nchange, hcap;
    char hash[HASH_TEXT];
} close_month;

/* MIZO_ENOENT: never closed; *out is CLOSE_OPEN. */
MIZO_MUST_USE mizo_err close_find(town *t, mizo_day month, close_record *out);
void close_id(mizo_day month, char out[CLOSE_ID]);

/* Looks at a month; nothing is written. deep: also has the books verified. close_done frees. */
MIZO_MUST_USE mizo_err close_look(town *t, mizo_day month, bool deep, close_month *out);
void close_done(close_month *m);
/* Closes it provisionally and posts. Nothing is said against what blocks: that stands in the checks. why: needed
 * where the month is final: it is opened for its next edition. MIZO_EINPUT (said): no reason. */
MIZO_MUST_USE mizo_err close_make(town *t, mizo_day month, const char *why, const actor *who,
                                  close_month *out);
/* Makes it final. MIZO_ECONFLICT (said): the same person, not provisional, or something has changed since;
 * MIZO_EINPUT (said): what blocks. */
MIZO_MUST_USE mizo_err close_approve(town *t, mizo_day month, const actor *who, close_month *out);
/* A difference between a bill for a cost and our own figure is taken, or (kind CLOSE_DESK) that half-hours were not
 * settled by the desk, with a reason. It holds for that sum, or that many, alone. */
#define CLOSE_DESK "desk"
MIZO_MUST_USE mizo_err close_accept(town *t, mizo_day month, const char *kind, const char *why,
                                    const actor *who);

/* ---- the same in two steps, for who reads with one connection and writes with another ---- */
typedef struct close_act {
    close_month month; /* as it was looked at; of the caller, close_done */
    close_record next; /* the record as it will stand */
    bool post;         /* its costs are posted */
} close_act;
MIZO_MUST_USE mizo_err close_look_make(town *t, mizo_day month, const char *why, const actor *who,
                                       close_act *out);
MIZO_MUST_USE mizo_err close_look_approve(town *t, mizo_day month, const actor *who, close_act *out);
/* Inside a batch that is open. MIZO_ECONFLICT (said): somebody else took the month on. */
MIZO_MUST_USE mizo_err close_put(town *t, const close_act *a);
/* What close_accept writes, inside an open batch; m: as the month was looked at. MIZO_EINPUT (said): nothing differs. */
MIZO_MUST_USE mizo_err close_accept_put(town *t, const close_month *m, const char *kind, const char *why);

/* State, edition and people of a record as members; then a month whole. */
void close_record_json(const close_record *r, int offset, json *j);
void close_json(const town *t, const close_month *m, json *j);
void close_changes_json(const close_change *v, size_t n, json *j); /* as member "changes" */
MIZO_MUST_USE mizo_err close_document(const town *t, const close_month *m, const char *lang, report **out);

/* ---- parts ---- */
/* Posts what a month cost, inside an open batch: the difference to what is posted, on a day. close_post.c */
MIZO_MUST_USE mizo_err close_post(town *t, const cost_list *l, mizo_day month, mizo_day day, posting *p);
/* The same for a month that is final, on the batch's day; nothing where it is not. */
MIZO_MUST_USE mizo_err close_late_costs(town *t, mizo_day month, mizo_ms now);
/* The levy that the bills of ask->month charge, into ask; it stays unknown where a bill cannot be made. close.c */
MIZO_MUST_USE mizo_err close_levy(town *t, cost_ask *ask);
/* The levy in a bill, without tax. */
mizo_uyen close_levy_of(const mizo_bill *b);
/* As members: what the two people's words are about (the same content has the same hash); that and what was found.
 * close_json.c */
void close_content(const town *t, const close_month *m, json *j);
void close_findings(const town *t, const close_month *m, json *j);
/* Compares with the record's last version; fills m->change. close_keep.c */
MIZO_MUST_USE mizo_err close_compare(town *t, close_month *m);
/* What somebody took: of a kind of cost (its word) the difference, of CLOSE_DESK the half-hours that are open; 0 and
 * false: nothing. close_keep.c */
MIZO_MUST_USE mizo_err close_accepted(town *t, mizo_day month, const char *what, int64_t *taken, bool *is);
/* Half-hours of balancing groups that were never filed, or are not settled. */
int64_t close_desk_open(const close_month *m);

#endif
