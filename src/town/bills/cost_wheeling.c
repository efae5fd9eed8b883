/* cost_wheeling.c: what the network operator should charge for each point: a bill by the operator's own terms. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/bill.h"
#include "town/bills/billing_read.h"
#include "town/bills/cost.h"

enum { TABLES = 32 };
static const char *const tariffs[] = { "wheeling-low", "wheeling-high", "wheeling-extra-high" };

typedef struct table {
    mizo_voltage voltage;
    mizo_day from, to;
    mizo_bill_table *t;
} table;

typedef struct wheeling {
    town *t;
    const cost_ask *ask;
    cost_list *out;
    billing_reader *reader;
    table kept[TABLES];
    int nkept;
    mizo_bill bill;
} wheeling;

static mizo_err terms_for(wheeling *w, mizo_voltage v, mizo_day from, mizo_day to,
                          const mizo_bill_table **out)
{
    for (int i = 0; i < w->nkept; i++)
        if (w->kept[i].voltage == v && w->kept[i].from == from && w->kept[i].to == to) {
            *out = w->kept[i].t;
            return MIZO_OK;
        }
    if (w->nkept == TABLES)
        return MIZO_EFULL;
    table *k = &w->kept[w->nkept];
    *k = (table){ v, from, to, NULL };
    MIZO_TRY(mizo_bill_table_new(w->t->region, mizo_region_tariff(w->t->region, tariffs[v]), v, "wheeling",
                                 w->ask->month, from, to, NULL, &k->t));
    w->nkept++;
    *out = k->t;
    return MIZO_OK;
}

/* Without the tax: sums whose prices contain it are divided, to the micro-yen. */
static mizo_err net_of(const mizo_bill *b, mizo_uyen *out)
{
    *out = 0;
    for (int i = 0; i < b->ntax; i++)
        *out += b->tax[i].total - b->tax[i].tax;
    return MIZO_OK;
}

static mizo_err put(wheeling *w, const char *point)
{
    cost_line *c;
    mizo_uyen net;
    MIZO_TRY(net_of(&w->bill, &net));
    MIZO_TRY(cost_line_of(w->out, COST_WHEELING, point, &c));
    if (__builtin_add_overflow(c->own, net, &c->own))
        return MIZO_ERANGE;
    c->has_own = true;
    c->own_wh += w->bill.wh;
    c->own_w = w->bill.demand_w;
    return MIZO_OK;
}

/* A point whose bill cannot be made has no figure of its own; the first reason is said. */
static mizo_err one(wheeling *w, mizo_ref contract)
{
    const mizo_region *r = w->t->region;
    const mizo_contract *c = &r->contract[contract];
    const mizo_point *p = &r->point[c->point];
    const mizo_bill_table *terms;
    mizo_bill_in in;
    mizo_day from, to;
    mizo_bill_period(c, w->ask->month, &from, &to);
    if (c->from >= to || c->to <= from || mizo_region_tariff(r, tariffs[p->voltage]) < 0)
        return MIZO_OK;
    MIZO_TRY(terms_for(w, p->voltage, from, to, &terms));
    mizo_diags *own = mizo_diags_new(8);
    if (!own)
        return MIZO_ENOMEM;
    mizo_err e = billing_read(w->reader, contract, w->ask->month, from, to, own, &in);
    e = e ? e : mizo_bill_make(terms, &in, &w->bill, own);
    if (e && mizo_diags_kept(own)) {
        const mizo_diag *m = mizo_diags_at(own, 0);
        mizo_diag_add(w->t->diags, m->id, m->at, m->param[0], m->param[1], m->param[2], m->param[3],
                      m->param[4], m->param[5], (const char *)NULL);
    }
    mizo_diags_free(own);
    if (e == MIZO_EINPUT || e == MIZO_ENOENT || e == MIZO_ERANGE)
        return MIZO_OK;
    return e ? e : put(w, p->id);
}

static bool any_terms(const mizo_region *r)
{
    for (int v = 0; v < 3; v++)
        if (mizo_region_tariff(r, tariffs[v]) >= 0)
            return true;
    return false;
}

mizo_err cost_own_wheeling(town *t, const cost_ask *ask, cost_list *l)
{
    if (!any_terms(t->region))
        return MIZO_OK;
    wheeling *w = calloc(1, sizeof *w);
    if (!w)
        return MIZO_ENOMEM;
    w->t = t;
    w->ask = ask;
    w->out = l;
    mizo_err e = billing_reader_new(t->store, t->region, ask->as_of, &w->reader);
    for (size_t i = 0; i < t->region->ncontract && !e; i++)
        e = env_interrupted() ? MIZO_ECANCELED : one(w, (mizo_ref)i);
    for (int i = 0; i < w->nkept; i++)
        mizo_bill_table_free(w->kept[i].t);
    billing_reader_free(w->reader);
    free(w);
    return e;
}
