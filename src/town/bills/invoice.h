/* invoice.h: billing runs: the invoices or purchase statements of a month, from draft to issued and, where they
 * were wrong, back again. docs/mechanisms/billing-run.md.
 *
 *     draft -> approved (by another person) -> issued -> cancelled
 *
 * A draft keeps what its invoices come to and their hash, as known at an instant; whoever issues makes them again
 * as known then, and what is not the same is refused: what was approved is what goes out. To issue is one batch:
 * the entries in the books, the register lines of the documents and the records are there together or not at all.
 * Nothing is deleted: to cancel posts the difference and makes the credit notes. A run of a month that is issued
 * already is a correction: the differences alone, each with why.
 *
 * Records (docs/formats/records.md): `invoice-run` (id "2026-04", "2026-04-c1", "2026-04-buy" ...) and `invoice`
 * (the invoice as it holds now, every version kept). */
#ifndef TOWN_INVOICE_H
#define TOWN_INVOICE_H

#include "base/hash.h"
#include "base/json.h"
#include "retail/invoice.h"
#include "town/people/actor.h"
#include "town/report_file.h"
#include "town/town.h"

typedef enum run_state { RUN_DRAFT, RUN_APPROVED, RUN_ISSUED, RUN_CANCELLED, RUN_STATES } run_state;
const char *run_state_word(run_state s); /* "draft" */

enum { RUN_WHO = 96, RUN_WHY = 250 };
typedef struct run_act {
    char who[RUN_WHO]; /* "": not yet */
    mizo_ms at;
} run_act;

typedef struct invoice_run {
    char id[INVOICE_ID];
    mizo_day month;
    invoice_kind kind; /* INVOICE_BILL or INVOICE_PURCHASE */
    run_state state;
    char corrects[INVOICE_ID]; /* the run that it corrects; "" */
    mizo_ms as_of;             /* readings as known then */
    char model[HASH_TEXT];     /* of the region */
    int64_t invoices, items;
    mizo_wh wh;
    mizo_uyen total, tax;
    int64_t
        left_out; /* contracts whose bills could not be made and that wait for a correction; 0: none may fail */
    int64_t unstated;     /* sellers of 0 kWh and 0 yen: nothing to state, no paper */
    char hash[HASH_TEXT]; /* over the canonical JSON of all its invoices, in order */
    run_act made, approved, issued, cancelled;
    mizo_day issue_day; /* MIZO_DAY_NONE: not issued */
    char why[RUN_WHY];  /* of a cancellation */
    int64_t version;    /* of the record */
} invoice_run;

/* Makes the invoices of a month and keeps their draft. A draft or cancelled run of the month is replaced by a new
 * version; one that is approved must be issued or cancelled first (MIZO_ECONFLICT, said). Where the month is
 * issued, the draft is a correction: MIZO_ENOENT (said): nothing has changed. MIZO_EINPUT: bills that cannot be
 * made, no issuer, all said. leave: bills that cannot be made are left out and counted (all said); a correction brings
 * them once they can. One that is issued already cannot be left out: MIZO_EINPUT (said). */
MIZO_MUST_USE mizo_err invoice_run_draft(town *t, mizo_day month, invoice_kind kind, bool leave,
                                         const char *who, invoice_run *out);
/* MIZO_ENOENT: no such run (said). */
MIZO_MUST_USE mizo_err invoice_run_get(town *t, const char *id, invoice_run *out);
/* All, by id. */
MIZO_MUST_USE mizo_err invoice_run_scan(town *t, mizo_err (*fn)(void *arg, const invoice_run *r), void *arg);
/* MIZO_ECONFLICT (said): it is no draft any more, and by whom; or the approver made it. MIZO_EINPUT (said):
 * the readings or the region have changed since: make the draft again. */
MIZO_MUST_USE mizo_err invoice_run_approve(town *t, const char *id, const actor *who, invoice_run *out);
/* day: the date on the paper. format: of the documents that are kept, PDF or HTML. The same errors; and whatever
 * register_put and the modules say. */
MIZO_MUST_USE mizo_err invoice_run_issue(town *t, const char *id, mizo_day day, report_format format,
                                         const char *who, invoice_run *out);
/* A draft or an approved run only ends; an issued one is taken back with credit notes dated `day`. */
MIZO_MUST_USE mizo_err invoice_run_cancel(town *t, const char *id, mizo_day day, const char *why,
                                          report_format format, const actor *who, invoice_run *out);

/* The paper of an issued invoice made for a household: with its name and address, which are opened for it (the look is
 * on record, with the reason) and kept nowhere. MIZO_ENOENT (said): no such invoice, or nobody is sealed there any
 * more. */
MIZO_MUST_USE mizo_err invoice_named_paper(town *t, const char *id, const char *lang, report_format f,
                                           const actor *who, const char *why, buf *out);

/* ---- the same in two steps, for who has one connection that reads and another that writes ----
 *
 * To look computes everything (and, of what goes out, puts the papers' bytes onto the disk); to put writes it
 * inside a batch that is open on t->store, and may be done again after that batch was rolled back. Both have the
 * errors of the functions above; MIZO_ECONFLICT of a put: somebody else was faster. */
typedef struct invoice_act invoice_act;
MIZO_MUST_USE mizo_err invoice_look_draft(town *t, mizo_day month, invoice_kind kind, bool leave,
                                          const char *who, invoice_act **out);
MIZO_MUST_USE mizo_err invoice_look_approve(town *t, const char *id, const actor *who, invoice_act **out);
MIZO_MUST_USE mizo_err invoice_look_issue(town *t, const char *id, mizo_day day, report_format format,
                                          const char *who, invoice_act **out);
MIZO_MUST_USE mizo_err invoice_look_cancel(town *t, const char *id, mizo_day day, const char *why,
                                           report_format format, const char *who, invoice_act **out);
/* In an open batch. */
MIZO_MUST_USE mizo_err invoice_put(town *t, invoice_act *a);
/* The run as it was looked at, and as it stands once it is put. */
const invoice_run *invoice_act_before(const invoice_act *a);
const invoice_run *invoice_act_after(const invoice_act *a);
void invoice_act_free(invoice_act *a); /* NULL is fine */

/* The invoices of a run, in order: of a draft as they would be, of an issued one as they were issued; of a
 * correction the differences. Valid during the call. */
typedef mizo_err (*invoice_each)(void *arg, const invoice *v);
MIZO_MUST_USE mizo_err invoice_run_each(town *t, const invoice_run *r, invoice_each each, void *arg);
/* One invoice as it holds now, into the arena. state: of it. MIZO_ENOENT (said). */
MIZO_MUST_USE mizo_err invoice_get(town *t, const char *id, arena *a, invoice *out, run_state *state);
/* Every invoice and note that was issued (cancelled ones too, with their state), by id. */
typedef mizo_err (*invoice_kept_each)(void *arg, const invoice *v, run_state state, const char *run);
MIZO_MUST_USE mizo_err invoice_scan(town *t, invoice_kept_each each, void *arg);
/* What the issued invoices of a month would be now, as differences; none: nothing has changed. */
MIZO_MUST_USE mizo_err invoice_changes(town *t, mizo_day month, invoice_kind kind, invoice_each each,
                                       void *arg);

/* The document of an invoice. stamp: "" none. */
MIZO_MUST_USE mizo_err invoice_document(town *t, const invoice *v, const char *lang, const char *stamp,
                                        report **out);

/* The paper as a file: of an issued invoice, in the format in which it was kept, those very bytes; else it is made
 * anew. run: of a draft (stamped). MIZO_ENOENT (said). */
MIZO_MUST_USE mizo_err invoice_paper(town *t, const char *id, const char *run, const char *lang,
                                     report_format f, buf *out);

/* ---- as JSON, for both faces: invoice_view.c ---- */
/* Members of an object that is open. */
void invoice_run_json(const invoice_run *r, int offset, json *j);
void invoice_head_json(const invoice *v, json *j);
/* An object: the invoice's head and its contracts, each with what brought its readings. */
MIZO_MUST_USE mizo_err invoice_change_json(town *t, const invoice *v, json *j);
mizo_wh invoice_energy(const invoice *v);
mizo_uyen invoice_item_sum(const invoice_item *v);
/* Why a bill is another than on the invoice that was issued last for its month: readings that became known after that
 * run was made, with their batch; region files that are another than it was made from. Neither: records of the store
 * (a power factor, a legal basis ...) or another program. */
typedef struct invoice_cause {
    mizo_ms known; /* of the newest reading in the bill */
    bool readings; /* it came after the run */
    bool files;    /* the model has another hash */
    int64_t id;    /* of the batch that brought the readings; 0: not found */
    char who[96], source[160];
} invoice_cause;
/* item: of v, which is a difference (invoice_changes). */
MIZO_MUST_USE mizo_err invoice_cause_of(town *t, const invoice *v, const invoice_item *item,
                                        invoice_cause *out);

/* ---- parts: invoice_make.c, invoice_buy.c, invoice_keep.c ---- */
typedef struct invoice_list {
    arena *arena; /* everything below; the caller's */
    invoice *v;   /* [n] by id */
    size_t n;
    bool leave;   /* in: bills that cannot be made are left out */
    int left_out; /* of these */
} invoice_list;

/* The invoices of a month as known at as_of, without any day of issue. */
MIZO_MUST_USE mizo_err invoice_make(town *t, mizo_day month, invoice_kind kind, mizo_ms as_of,
                                    invoice_list *out);
MIZO_MUST_USE mizo_err invoice_make_purchases(town *t, mizo_day month, mizo_ms as_of, invoice_list *out);
/* The half-hours that a purchase counts on a day (MIZO_MISSING where unknown), and what they come to by its price
 * without rounding or tax on top; 0 where the price is not known. */
MIZO_MUST_USE mizo_err invoice_purchase_day(town *t, const mizo_purchase *p, mizo_day day, mizo_ms as_of,
                                            int32_t wh[48], int64_t uyen[48]);
/* What the invoices, or the purchase statements, of a month move in the books: those that are issued; where none
 * is, as they would be now. MIZO_EINPUT (said): they cannot be made. */
typedef mizo_err (*invoice_each_move)(void *arg, const invoice *v, bool issued, const invoice_move *m);
MIZO_MUST_USE mizo_err invoice_month_moves(town *t, mizo_day month, bool purchases, invoice_each_move each,
                                           void *arg);
/* Fills what an invoice's issuer and party are on a day. MIZO_EINPUT (said): no issuer. */
MIZO_MUST_USE mizo_err invoice_parties(town *t, const char *party, mizo_day day, invoice *v,
                                       const mizo_issuer **issuer);
/* The facility that uses most of a point on a day; "". */
const char *invoice_place(const mizo_region *r, mizo_ref point, mizo_day day);
/* Its id from the month, the kind and the word that its items share. */
mizo_err invoice_name(arena *a, mizo_day month, char letter, const char *word, const char **out);

/* The record of an invoice; a batch is open. */
MIZO_MUST_USE mizo_err invoice_keep(town *t, const invoice *v, run_state state, const char *run,
                                    const char *document);
MIZO_MUST_USE mizo_err invoice_run_keep(town *t, invoice_run *r);

#endif
