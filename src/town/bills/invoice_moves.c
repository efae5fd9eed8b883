/* invoice_moves.c: what the invoices of a month move in the books, issued or as they would be. */
#include <stdlib.h>

#include "town/bills/invoice.h"

typedef struct moving {
    const invoice *v;
    bool issued;
    invoice_each_move each;
    void *arg;
    /* of the issued ones */
    mizo_day month;
    bool purchases, any;
} moving;

static mizo_err on_move(void *arg, const invoice_move *m)
{
    moving *x = arg;
    return x->each(x->arg, x->v, x->issued, m);
}

static mizo_err one(moving *x, const invoice *v)
{
    x->v = v;
    return invoice_moves(v, on_move, x);
}

static mizo_err on_issued(void *arg, const invoice *v, run_state state, const char *run)
{
    moving *x = arg;
    (void)run;
    if (v->month != x->month || state != RUN_ISSUED || (v->kind == INVOICE_PURCHASE) != x->purchases)
        return MIZO_OK;
    x->any = true;
    return one(x, v);
}

static bool buys(const mizo_region *r, mizo_day month)
{
    for (size_t i = 0; i < r->npurchase; i++)
        if (r->purchase[i].from < mizo_month_first(month, 1) && r->purchase[i].to > month)
            return true;
    return false;
}

static mizo_err as_it_would_be(town *t, moving *x)
{
    arena *a = arena_new(0);
    invoice_list l = { .arena = a };
    mizo_err e =
        a ? invoice_make(t, x->month, x->purchases ? INVOICE_PURCHASE : INVOICE_BILL, STORE_LATEST, &l)
          : MIZO_ENOMEM;
    for (size_t i = 0; i < l.n && !e; i++)
        e = one(x, &l.v[i]);
    arena_free(a);
    return e;
}

mizo_err invoice_month_moves(town *t, mizo_day month, bool purchases, invoice_each_move each, void *arg)
{
    moving x = { .each = each, .arg = arg, .month = month, .purchases = purchases, .issued = true };
    mizo_err e = invoice_scan(t, on_issued, &x);
    if (e && e != MIZO_ENOENT)
        return e;
    x.issued = false;
    return x.any || (purchases && !buys(t->region, month)) ? MIZO_OK : as_it_would_be(t, &x);
}
