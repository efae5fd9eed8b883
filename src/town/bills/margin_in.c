/* margin_in.c: gathers a month's income and costs and has them shared out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "town/bills/billing.h"
#include "town/bills/billing_read.h"
#include "town/bills/invoice.h"
#include "town/bills/margin_inner.h"

static mizo_err source_of(margin_work *w, const char *kind, const char *id, const char *ja, const char *en,
                          size_t *at)
{
    char name[MARGIN_ID];
    (void)snprintf(name, sizeof name, "%s:%s", kind, id);
    for (*at = 0; *at < w->nsource; ++*at)
        if (strcmp(w->source[*at].id, name) == 0)
            return MIZO_OK;
    MIZO_TRY(array_grow(&w->source, &w->scap, w->nsource + 1, sizeof *w->source));
    w->source[w->nsource] = (margin_supply){ .name_ja = ja, .name_en = en };
    memcpy(w->source[w->nsource++].id, name, sizeof name);
    return MIZO_OK;
}

/* Everything that can give energy has its place before anything is counted. */
static mizo_err find_sources(margin_work *w)
{
    const mizo_region *r = w->t->region;
    size_t at;
    for (size_t i = 0; i < r->npurchase; i++) {
        const mizo_purchase *p = &r->purchase[i];
        const mizo_party *party = &r->party[p->party];
        if (p->from < w->end && p->to > w->month)
            MIZO_TRY(source_of(w, mizo_purchase_word(p->kind), p->id, party->name_ja, party->name_en, &at));
    }
    for (size_t i = 0; i < r->nsource; i++)
        MIZO_TRY(source_of(w, cost_kind_word(COST_BILATERAL), r->source[i].id, "", "", &at));
    for (size_t i = 0; i < r->nbg; i++)
        MIZO_TRY(source_of(w, cost_kind_word(COST_MARKET), r->bg[i].id, "", "", &at));
    return MIZO_OK;
}

/* ---- use ---- */

/* Of a point read by half-hours as read; by period its energy evenly. */
static mizo_err read_use(margin_work *w, billing_reader *k, mizo_ref contract)
{
    const mizo_contract *c = &w->t->region->contract[contract];
    int32_t *v = w->wh + (size_t)contract * w->nslot;
    uint8_t q[BILLING_SLOTS];
    mizo_day from = c->from > w->month ? c->from : w->month, to = c->to < w->end ? c->to : w->end;
    if (from >= to)
        return MIZO_OK;
    size_t at = (size_t)(from - w->month) * MIZO_DAY_SLOTS, n = (size_t)(to - from) * MIZO_DAY_SLOTS;
    MIZO_TRY(billing_slots(k, c->point, from, to, v + at, q));
    for (size_t s = 0; s < n; s++)
        v[at + s] = v[at + s] == MIZO_MISSING || v[at + s] < 0 ? 0 : v[at + s];
    return MIZO_OK;
}

static bool used_at_all(const margin_work *w, mizo_ref contract)
{
    const int32_t *v = w->wh + (size_t)contract * w->nslot;
    for (size_t s = 0; s < w->nslot; s++)
        if (v[s])
            return true;
    return false;
}

static mizo_err read_all_use(margin_work *w)
{
    billing_reader *k;
    MIZO_TRY(billing_reader_new(w->t->store, w->t->region, STORE_LATEST, &k));
    mizo_err e = MIZO_OK;
    for (size_t i = 0; i < w->t->region->ncontract && !e; i++)
        e = read_use(w, k, (mizo_ref)i);
    billing_reader_free(k);
    return e;
}

/* ---- income ---- */

static mizo_err add(int64_t *to, int64_t v)
{
    return __builtin_add_overflow(*to, v, to) ? MIZO_ERANGE : MIZO_OK;
}

static mizo_err on_sale(void *arg, const invoice *v, bool issued, const invoice_move *m)
{
    margin_work *w = arg;
    bool in = strncmp(m->to, "sales:", 6) == 0, out = strncmp(m->from, "sales:", 6) == 0;
    mizo_ref c = m->item ? mizo_region_contract(w->t->region, m->item->contract) : -1;
    (void)v;
    w->issued = w->issued || issued;
    if (!in && !out)
        return MIZO_OK;
    if (c < 0)
        return MIZO_ENOENT; /* a contract that the region's files no longer have */
    return add(&w->net[c], out ? m->amount : -m->amount);
}

static mizo_uyen net_of(const mizo_bill *b)
{
    mizo_uyen net = b->exact;
    for (int i = 0; i < b->ntax; i++)
        net -= b->tax[i].tax;
    return net;
}

/* A bill's income over its half-hours; those outside the month are not kept: their part is spread by use. */
static mizo_err on_bill(void *arg, const billing_parts *p)
{
    margin_work *w = arg;
    const mizo_bill *b = p->bill;
    size_t at = (size_t)b->contract * w->nslot;
    if (w->by_bill)
        w->net[b->contract] = net_of(b);
    MIZO_TRY(add(&w->levy, close_levy_of(b)));
    MIZO_TRY(add(&w->levy_wh, b->wh));
    MIZO_TRY(bill_spread(p->table, p->in, b, w->net[b->contract], w->room));
    for (mizo_day d = b->from; d < b->to; d++)
        if (d >= w->month && d < w->end)
            memcpy(w->part + at + (size_t)(d - w->month) * MIZO_DAY_SLOTS,
                   w->room + (size_t)(d - p->from) * MIZO_DAY_SLOTS, MIZO_DAY_SLOTS * sizeof *w->part);
    if (!p->in->wh && b->wh > 0 && !used_at_all(w, b->contract))
        for (size_t s = 0; s < w->nslot; s++)
            w->wh[at + s] = (int32_t)(b->wh / (int64_t)w->nslot + ((int64_t)s < b->wh % (int64_t)w->nslot));
    return MIZO_OK;
}

/* What cannot be made is counted; the close says why. */
static mizo_err read_income(margin_work *w, margin_month *of)
{
    billing_sum sum;
    town quiet = *w->t;
    quiet.diags = mizo_diags_new(40);
    if (!quiet.diags)
        return MIZO_ENOMEM;
    mizo_err e = invoice_month_moves(&quiet, w->month, false, on_sale, w);
    w->by_bill = e == MIZO_EINPUT;
    if (w->by_bill)
        memset(w->net, 0, w->t->region->ncontract * sizeof *w->net);
    e = w->by_bill ? MIZO_OK : e;
    e = e ? e : billing_open(&quiet, w->month, STORE_LATEST, NULL, on_bill, w, &sum);
    of->unmade = e == MIZO_EINPUT || !e ? sum.failed : 0;
    of->issued = w->issued;
    mizo_diags_free(quiet.diags);
    return e == MIZO_EINPUT ? MIZO_OK : e;
}

static mizo_err put_income(margin_work *w)
{
    for (size_t i = 0; i < w->t->region->ncontract; i++)
        if (w->net[i])
            MIZO_TRY(margin_income(w->m, i, w->net[i], w->part + i * w->nslot));
    return MIZO_OK;
}

/* ---- costs ---- */

static void on_slot(void *arg, cost_kind k, const char *id, mizo_day day, int slot, mizo_wh wh,
                    mizo_uyen uyen)
{
    margin_work *w = arg;
    size_t at, s = (size_t)(day - w->month) * MIZO_DAY_SLOTS + (size_t)slot;
    if (day < w->month || day >= w->end)
        return;
    if (k == COST_IMBALANCE) {
        w->imbalance[s] += uyen;
        return;
    }
    size_t n = w->nsource;
    if (source_of(w, cost_kind_word(k), id, "", "", &at) || at >= n)
        return; /* every group and source has its place */
    w->own[at * w->nslot + s] += uyen;
    w->given[at * w->nslot + s] += wh > 0 ? wh : 0;
}

static mizo_err read_purchase(margin_work *w, const mizo_purchase *p)
{
    size_t at;
    int32_t wh[48];
    int64_t uyen[48];
    mizo_day from = p->from > w->month ? p->from : w->month, to = p->to < w->end ? p->to : w->end;
    MIZO_TRY(source_of(w, mizo_purchase_word(p->kind), p->id, "", "", &at));
    for (mizo_day d = from; d < to; d++) {
        MIZO_TRY(invoice_purchase_day(w->t, p, d, STORE_LATEST, wh, uyen));
        for (size_t s = 0; s < MIZO_DAY_SLOTS; s++) {
            size_t k = at * w->nslot + (size_t)(d - w->month) * MIZO_DAY_SLOTS + s;
            w->given[k] += wh[s] != MIZO_MISSING && wh[s] > 0 ? wh[s] : 0;
            w->own[k] += uyen[s];
        }
    }
    return MIZO_OK;
}

static mizo_err read_purchases(margin_work *w)
{
    const mizo_region *r = w->t->region;
    for (size_t i = 0; i < r->npurchase; i++)
        if (r->purchase[i].from < w->end && r->purchase[i].to > w->month)
            MIZO_TRY(read_purchase(w, &r->purchase[i]));
    return MIZO_OK;
}

static mizo_err count_kind(margin_table *m, const char *id, mizo_uyen v)
{
    int i;
    for (i = 0; i < m->nkind && strcmp(m->kind[i].id, id); i++)
        ;
    if (i == MARGIN_KINDS)
        return MIZO_EFULL;
    if (i == m->nkind) {
        m->kind[m->nkind++] = (margin_kind){ .yen = 0 };
        (void)snprintf(m->kind[i].id, sizeof m->kind[i].id, "%s", id);
    }
    return add(&m->kind[i].yen, v);
}

typedef struct buying {
    margin_work *w;
    mizo_uyen *cost; /* [nsource] */
} buying;

static mizo_err on_purchase(void *arg, const invoice *v, bool issued, const invoice_move *m)
{
    buying *x = arg;
    size_t at;
    (void)v;
    (void)issued;
    if (strncmp(m->to, "cost:", 5) && strncmp(m->from, "cost:", 5))
        return MIZO_OK;
    mizo_uyen amount = strncmp(m->to, "cost:", 5) == 0 ? m->amount : -m->amount;
    size_t n = x->w->nsource;
    MIZO_TRY(source_of(x->w, m->item->kind, m->item->contract, "", "", &at));
    MIZO_TRY(count_kind(x->w->out, m->item->kind, amount));
    if (at < n)
        return add(&x->cost[at], amount);
    x->w->nsource = n; /* of no purchase that the files still have */
    return margin_cost(x->w->m, -1, -1, amount, NULL);
}

static mizo_err put_purchases(margin_work *w)
{
    town quiet = *w->t;
    quiet.diags = mizo_diags_new(40);
    buying x = { w, calloc(w->nsource + 1, sizeof *x.cost) };
    mizo_err e =
        x.cost && quiet.diags ? invoice_month_moves(&quiet, w->month, true, on_purchase, &x) : MIZO_ENOMEM;
    e = e == MIZO_EINPUT || e == MIZO_ENOENT ? MIZO_OK : e; /* the close says what cannot be made */
    for (size_t k = 0; k < w->nsource && !e; k++)
        if (x.cost[k])
            e = margin_cost(w->m, -1, (ptrdiff_t)k, x.cost[k], w->own + k * w->nslot);
    mizo_diags_free(quiet.diags);
    free(x.cost);
    return e;
}

/* Wheeling of a point is its contracts', by what each used. */
static mizo_err put_wheeling(margin_work *w, const char *point, mizo_uyen amount)
{
    const mizo_region *r = w->t->region;
    mizo_ref p = mizo_region_point(r, point);
    size_t first, n = p >= 0 ? mizo_contracts_of(r, p, &first) : 0, m = 0;
    int64_t use[32] = { 0 }, room[32], part[32] = { 0 };
    size_t of[32];
    for (size_t i = 0; i < n && m < 32; i++) {
        size_t c = (size_t)r->contract_by_point[first + i];
        if (r->contract[c].from >= w->end || r->contract[c].to <= w->month)
            continue;
        for (size_t s = 0; s < w->nslot; s++)
            use[m] += w->wh[c * w->nslot + s];
        of[m++] = c;
    }
    if (!m)
        return margin_cost(w->m, -1, -1, amount, NULL);
    MIZO_TRY(margin_spread(amount, use, m, room, part));
    for (size_t i = 0; i < m; i++)
        MIZO_TRY(margin_cost(w->m, (ptrdiff_t)of[i], -1, part[i], NULL));
    return MIZO_OK;
}

static mizo_err put_line(margin_work *w, const cost_line *c)
{
    size_t at, n = w->nsource;
    mizo_uyen amount = c->has_billed ? c->billed : c->own;
    MIZO_TRY(count_kind(w->out, cost_kind_word(c->kind), amount));
    if (c->kind == COST_WHEELING)
        return put_wheeling(w, c->id, amount);
    if (c->kind != COST_BILATERAL && c->kind != COST_MARKET)
        return margin_cost(w->m, -1, -1, amount, NULL);
    MIZO_TRY(source_of(w, cost_kind_word(c->kind), c->id, "", "", &at));
    if (at < n)
        return margin_cost(w->m, -1, (ptrdiff_t)at, amount, w->own + at * w->nslot);
    w->nsource = n;
    return margin_cost(w->m, -1, -1, amount, NULL);
}

/* Imbalance by half-hour as the desk settled it; what others charged beside that comes with put_line. */
static mizo_err put_imbalance(margin_work *w, const cost_list *l)
{
    mizo_uyen charged = 0;
    bool any = false;
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].kind == COST_IMBALANCE) {
            any = true;
            MIZO_TRY(count_kind(w->out, "imbalance", l->v[i].has_billed ? l->v[i].billed : l->v[i].own));
            MIZO_TRY(add(&charged, l->v[i].has_billed ? l->v[i].billed : l->v[i].own));
        }
    return any ? margin_cost(w->m, -1, -1, charged, w->imbalance) : MIZO_OK;
}

static mizo_err put_costs(margin_work *w, const cost_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].kind != COST_IMBALANCE)
            MIZO_TRY(put_line(w, &l->v[i]));
    return put_imbalance(w, l);
}

/* ---- the books ---- */

static mizo_err on_entry(void *arg, const store_entry *e)
{
    margin_table *m = arg;
    const struct {
        const char *account;
        mizo_uyen *to;
        int sign;
    } rows[] = {
        {"sales:",            &m->books_income, -1},
        { "cost:",            &m->books_cost,   1 },
        { "income:imbalance", &m->books_cost,   1 },
        { "income:fee",       &m->books_cost,   1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = strlen(rows[i].account);
        if (strncmp(e->to, rows[i].account, n) == 0)
            MIZO_TRY(add(rows[i].to, rows[i].sign * e->amount));
        if (strncmp(e->from, rows[i].account, n) == 0)
            MIZO_TRY(add(rows[i].to, -rows[i].sign * e->amount));
    }
    return MIZO_OK;
}

static mizo_err book_ref(margin_work *w, const char *what, const char *id, const char *rest)
{
    char ref[MIZO_ID_MAX * 3];
    (void)snprintf(ref, sizeof ref, "%s:%s%s%s", what, id, *rest ? ":" : "", rest);
    mizo_err e = w->t->store->ops->entry_ref(w->t->store, ref, on_entry, w->out);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static mizo_err on_issued(void *arg, const invoice *v, run_state state, const char *run)
{
    margin_work *w = arg;
    (void)run;
    return v->month == w->month && state == RUN_ISSUED ? book_ref(w, "inv", v->id, "") : MIZO_OK;
}

static mizo_err read_books(margin_work *w)
{
    static const char *const refs[] = { "cost", "accrual", "release" };
    char id[CLOSE_ID];
    const mizo_region *r = w->t->region;
    close_id(w->month, id);
    mizo_err e = invoice_scan(w->t, on_issued, w);
    MIZO_TRY(e == MIZO_ENOENT ? MIZO_OK : e);
    for (size_t i = 0; i < sizeof refs / sizeof *refs; i++)
        for (int k = 0; k < COST_KIND_COUNT; k++)
            MIZO_TRY(book_ref(w, refs[i], id, cost_kind_word((cost_kind)k)));
    for (size_t i = 0; i < r->nbg; i++) {
        bool seen = false;
        for (size_t k = 0; k < i; k++)
            seen = seen || strcmp(r->bg[k].id, r->bg[i].id) == 0;
        if (!seen)
            MIZO_TRY(book_ref(w, "imbalance", r->bg[i].id, id));
    }
    return MIZO_OK;
}

/* ---- all of it ---- */

void margin_gathered(margin_work *w)
{
    margin_free(w->m);
    free(w->wh);
    free(w->net);
    free(w->part);
    free(w->source);
    free(w->given);
    free(w->own);
    free(w->imbalance);
    free(w->room);
}

static mizo_err work_new(margin_work *w)
{
    size_t n = w->t->region->ncontract;
    w->end = mizo_month_first(w->month, 1);
    w->nslot = (size_t)(w->end - w->month) * MIZO_DAY_SLOTS;
    MIZO_TRY(find_sources(w));
    w->wh = calloc(n * w->nslot + 1, sizeof *w->wh);
    w->net = calloc(n + 1, sizeof *w->net);
    w->part = calloc(n * w->nslot + 1, sizeof *w->part);
    w->given = calloc(w->nsource * w->nslot + 1, sizeof *w->given);
    w->own = calloc(w->nsource * w->nslot + 1, sizeof *w->own);
    w->imbalance = calloc(w->nslot + 1, sizeof *w->imbalance);
    w->room = calloc(BILLING_SLOTS + 1, sizeof *w->room);
    return w->wh && w->net && w->part && w->given && w->own && w->imbalance && w->room ? MIZO_OK
                                                                                       : MIZO_ENOMEM;
}

static mizo_err read_costs(margin_work *w, margin_month *of, cost_list *l)
{
    town quiet = *w->t;
    quiet.diags = mizo_diags_new(40);
    if (!quiet.diags)
        return MIZO_ENOMEM;
    cost_ask ask = { .month = w->month,
                     .as_of = STORE_LATEST,
                     .has_levy = w->levy_wh > 0 && !of->unmade,
                     .levy = w->levy,
                     .levy_wh = w->levy_wh,
                     .slot = on_slot,
                     .arg = w };
    mizo_err e = cost_read(&quiet, &ask, l);
    of->unfiled = l->unfiled;
    of->unsettled = l->unsettled;
    mizo_diags_free(quiet.diags);
    return e;
}

static mizo_err share_out(margin_work *w, const cost_list *l)
{
    w->m = margin_new(&(margin_ask){ w->nslot, w->t->region->ncontract, w->nsource, w->wh, w->given });
    MIZO_TRY(w->m ? MIZO_OK : MIZO_ENOMEM);
    MIZO_TRY(put_income(w));
    MIZO_TRY(put_purchases(w));
    MIZO_TRY(put_costs(w, l));
    return margin_share(w->m);
}

mizo_err margin_gather(margin_work *w, margin_month *of)
{
    cost_list l = { 0 };
    MIZO_TRY(work_new(w));
    MIZO_TRY(read_all_use(w));
    MIZO_TRY(read_income(w, of));
    MIZO_TRY(read_purchases(w));
    MIZO_TRY(read_costs(w, of, &l));
    mizo_err e = share_out(w, &l);
    cost_free(&l);
    return e ? e : read_books(w);
}
