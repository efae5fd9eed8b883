/* invoice_inner.h: what the files of the billing runs share. Of the town's invoice files alone. */
#ifndef TOWN_INVOICE_INNER_H
#define TOWN_INVOICE_INNER_H

#include "town/bills/invoice.h"
#include "town/books/posting.h"
#include "town/register/register.h"

/* An invoice as it was kept. */
typedef struct kept_invoice {
    invoice v;
    run_state state; /* RUN_ISSUED or RUN_CANCELLED */
    char run[INVOICE_ID];
    char document[REGISTER_ID]; /* line of the register */
    int64_t version;
} kept_invoice;

/* What a run does to one invoice: old as it holds now (NULL: none), now as it should (NULL: gone), and diff, which
 * is what the run shows and hashes: now itself where there is no old one. */
typedef struct invoice_change {
    const kept_invoice *old;
    const invoice *now;
    invoice diff;
} invoice_change;

typedef struct invoice_changeset {
    arena *arena;
    invoice_change *v;
    size_t n;
    bool leave;   /* in: bills that cannot be made are left out */
    int left_out; /* of these */
    int unstated; /* first statements of purchases of 0 kWh and 0 yen: no paper is made */
} invoice_changeset;

/* One paper that goes out. */
typedef struct invoice_paper_out {
    const invoice *v;
    const char *kind; /* of its record: "invoice", "invoice-note" */
    run_state state;
    buf bytes;
} invoice_paper_out;

struct invoice_act {
    town *t;
    arena *arena;       /* everything below */
    const char *source; /* of its batch */
    char who[RUN_WHO];
    invoice_run before, run;
    mizo_err (*put)(invoice_act *x, posting *p);
    /* of what goes out or is taken back */
    mizo_day day;
    report_format format;
    run_state to;
    invoice_changeset set;
    invoice_paper_out *paper; /* [2 * set.n] */
    size_t npaper;
};
/* An act of nothing yet. */
MIZO_MUST_USE mizo_err invoice_act_new(town *t, const char *source, const char *who, invoice_act **out);
/* The act of a look that ended with e: freed and NULL where that is an error. */
MIZO_MUST_USE mizo_err invoice_act_end(invoice_act **a, mizo_err e);

/* Compares the invoices of a month as known at as_of with those that are issued. */
MIZO_MUST_USE mizo_err invoice_compare(town *t, mizo_day month, invoice_kind kind, mizo_ms as_of,
                                       invoice_changeset *out);
/* Counts, sums and hash of them, into the run. */
MIZO_MUST_USE mizo_err invoice_count(const invoice_changeset *c, invoice_run *r);

MIZO_MUST_USE mizo_err invoice_run_find(town *t, const char *id,
                                        invoice_run *out); /* MIZO_ENOENT is not said */
void invoice_run_act(town *t, const char *who, run_act *out);
/* What the run was drafted from, made again; MIZO_EINPUT, said: it is not the same any more. */
MIZO_MUST_USE mizo_err invoice_run_again(town *t, const invoice_run *r, invoice_changeset *c);
/* Within a batch: MIZO_ECONFLICT, said: somebody else took the run further since r was read. */
MIZO_MUST_USE mizo_err invoice_run_still(town *t, const invoice_run *r);
/* MIZO_ECONFLICT, said: the run is not in this state. */
MIZO_MUST_USE mizo_err invoice_run_must(town *t, const invoice_run *r, run_state state);

MIZO_MUST_USE mizo_err invoice_keep_as(town *t, const char *kind, const invoice *v, run_state state,
                                       const char *run, const char *document);
MIZO_MUST_USE mizo_err invoice_kept_scan(town *t, const char *kind, arena *a, bool keep,
                                         mizo_err (*fn)(void *arg, const kept_invoice *k), void *arg);
/* An invoice or a note; MIZO_ENOENT is said. */
MIZO_MUST_USE mizo_err invoice_find(town *t, const char *id, arena *a, kept_invoice *out);

#endif
