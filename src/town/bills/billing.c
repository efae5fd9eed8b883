/* billing.c: the bills of a month, contract by contract. */
#include "town/bills/billing.h"

#include <stdlib.h>
#include <string.h>

#include "mizo/messages/bill.h"
#include "retail/bill_json.h"
#include "town/bills/billing_read.h"

enum { TABLES = 64, SAID_MOST = 4096, OWN_DIAGS = 200 };

/* A tariff prepared for some days: few of them serve many contracts. */
typedef struct kept_table {
    mizo_ref tariff;
    mizo_voltage voltage;
    const char *chain;
    mizo_day from, to;
    mizo_bill_table *table;
} kept_table;

typedef struct billing_run {
    town *t;
    mizo_day month;
    billing_reader *reader;
    kept_table kept[TABLES];
    int nkept, next; /* next to be given up */
    mizo_diags *own; /* of one contract */
    uint64_t said[SAID_MOST];
    int nsaid;
    mizo_bill bill;
    buf json;
    billing_each each;
    mizo_err (*parts)(void *arg, const billing_parts *p);
    billing_parts part; /* of the bill at hand */
    mizo_bill_in in;
    void *arg;
    billing_sum *sum;
} billing_run;

/* ---- tables ---- */

static mizo_err make_table(billing_run *b, const mizo_contract *c, mizo_voltage v, mizo_day from, mizo_day to,
                           const mizo_bill_table **out)
{
    const int32_t *price;
    MIZO_TRY(billing_price(b->reader, from, to, &price));
    kept_table *k = &b->kept[b->nkept < TABLES ? b->nkept++ : (b->next = (b->next + 1) % TABLES)];
    mizo_bill_table_free(k->table);
    *k = (kept_table){ c->tariff, v, c->rounding, from, to, NULL };
    MIZO_TRY(
        mizo_bill_table_new(b->t->region, c->tariff, v, c->rounding, b->month, from, to, price, &k->table));
    *out = k->table;
    return MIZO_OK;
}

static mizo_err table_for(billing_run *b, const mizo_contract *c, mizo_day from, mizo_day to,
                          const mizo_bill_table **out)
{
    mizo_voltage v = b->t->region->point[c->point].voltage;
    for (int i = 0; i < b->nkept; i++) {
        const kept_table *k = &b->kept[i];
        if (k->table && k->tariff == c->tariff && k->voltage == v && k->from == from && k->to == to &&
            !strcmp(k->chain, c->rounding)) {
            *out = k->table;
            return MIZO_OK;
        }
    }
    return make_table(b, c, v, from, to, out);
}

/* ---- saying a thing once: a missing row of a tariff is wrong in all its bills ---- */

static uint64_t number_of(const mizo_diag *m)
{
    uint64_t h = mizo_mix64((uint64_t)m->id << 32 | (uint32_t)m->at.line);
    for (int i = 0; i < m->nparam; i++)
        for (const char *s = m->param[i]; s && *s; s++)
            h = mizo_mix64(h ^ (uint8_t)*s);
    return h;
}

static bool said(billing_run *b, uint64_t number)
{
    for (int i = 0; i < b->nsaid; i++)
        if (b->said[i] == number)
            return true;
    if (b->nsaid < SAID_MOST)
        b->said[b->nsaid++] = number;
    return false;
}

static void tell(billing_run *b)
{
    for (size_t i = 0; i < mizo_diags_kept(b->own); i++) {
        const mizo_diag *m = mizo_diags_at(b->own, i);
        const char *p[MIZO_DIAG_PARAMS] = { NULL };
        for (int k = 0; k < m->nparam; k++)
            p[k] = m->param[k];
        if (!said(b, number_of(m)))
            mizo_diag_add(b->t->diags, m->id, m->at, p[0], p[1], p[2], p[3], p[4], p[5], (const char *)NULL);
    }
    mizo_diags_clear(b->own);
}

/* ---- one contract ---- */

static mizo_err make_bill(billing_run *b, mizo_ref contract)
{
    const mizo_contract *c = &b->t->region->contract[contract];
    const mizo_bill_table *table;
    mizo_day from, to;
    mizo_bill_period(c, b->month, &from, &to);
    if (c->from >= to || c->to <= from)
        return MIZO_ENOENT;
    b->sum->contracts++;
    MIZO_TRY(table_for(b, c, from, to, &table));
    MIZO_TRY(billing_read(b->reader, contract, b->month, from, to, b->own, &b->in));
    b->part = (billing_parts){ table, from, to, &b->in, &b->bill };
    return mizo_bill_make(table, &b->in, &b->bill, b->own);
}

static mizo_err add_up(billing_run *b)
{
    billing_sum *s = b->sum;
    const mizo_bill *x = &b->bill;
    bool outside = __builtin_add_overflow(s->wh, x->wh, &s->wh) |
                   __builtin_add_overflow(s->exact, x->exact, &s->exact) |
                   __builtin_add_overflow(s->total, x->total, &s->total) |
                   __builtin_add_overflow(s->left, x->left, &s->left);
    s->bills++;
    return outside ? MIZO_ERANGE : MIZO_OK;
}

static void count_failed(billing_run *b, const mizo_contract *c)
{
    mizo_day from, to;
    mizo_bill_period(c, b->month, &from, &to);
    from = c->from > from ? c->from : from;
    to = c->to < to ? c->to : to;
    b->sum->failed++;
    b->sum->failed_slots[b->t->region->point[c->point].voltage] += (int64_t)(to - from) * MIZO_DAY_SLOTS;
}

static mizo_err one(billing_run *b, mizo_ref contract)
{
    mizo_err e = make_bill(b, contract);
    tell(b);
    if (e == MIZO_ENOENT)
        return MIZO_OK;
    if (e == MIZO_EINPUT || e == MIZO_ERANGE) {
        count_failed(b, &b->t->region->contract[contract]);
        return MIZO_OK; /* said; the others' mistakes are wanted too */
    }
    MIZO_TRY(e);
    MIZO_TRY(add_up(b));
    if (b->parts)
        return b->parts(b->arg, &b->part);
    if (!b->each)
        return MIZO_OK;
    buf_clear(&b->json);
    bill_json(b->t->region, &b->bill, &b->json);
    MIZO_TRY(b->json.err);
    return b->each(b->arg, &b->bill, b->json.p);
}

/* ---- all ---- */

static mizo_err run_all(billing_run *b, const char *contract)
{
    mizo_ref only = contract ? mizo_region_contract(b->t->region, contract) : -1;
    if (contract && only < 0) {
        MIZO_DIAG(b->t->diags, BILL_CONTRACT_NONE, MIZO_AT("contracts.csv", 0, 0), contract);
        return MIZO_ENOENT;
    }
    for (size_t i = 0; i < b->t->region->ncontract; i++) {
        if (only >= 0 && (mizo_ref)i != only)
            continue;
        if (env_interrupted())
            return MIZO_ECANCELED;
        MIZO_TRY(one(b, (mizo_ref)i));
    }
    if (only >= 0 && !b->sum->contracts) {
        char month[MIZO_DATE_TEXT];
        mizo_day_text(b->month, month);
        month[7] = 0;
        MIZO_DIAG(b->t->diags, BILL_CONTRACT_OUT,
                  MIZO_AT("contracts.csv", b->t->region->contract[only].line, 0), contract, month);
        return MIZO_EINPUT;
    }
    return b->sum->failed ? MIZO_EINPUT : MIZO_OK;
}

static mizo_err make(town *t, mizo_day month, mizo_ms as_of, const char *contract, billing_run *b)
{
    b->t = t;
    b->month = mizo_month_first(month, 0);
    b->own = mizo_diags_new(OWN_DIAGS);
    buf_init(&b->json, 0);
    mizo_err e = b->own ? billing_reader_new(t->store, t->region, as_of, &b->reader) : MIZO_ENOMEM;
    if (!e)
        e = run_all(b, contract);
    for (int i = 0; i < b->nkept; i++)
        mizo_bill_table_free(b->kept[i].table);
    billing_reader_free(b->reader);
    mizo_diags_free(b->own);
    buf_fini(&b->json);
    free(b);
    return e;
}

static billing_run *new_run(void *arg, billing_sum *sum)
{
    billing_run *b = calloc(1, sizeof *b);
    *sum = (billing_sum){ 0 };
    if (b) {
        b->arg = arg;
        b->sum = sum;
    }
    return b;
}

mizo_err billing_make(town *t, mizo_day month, mizo_ms as_of, const char *contract, billing_each each,
                      void *arg, billing_sum *sum)
{
    billing_run *b = new_run(arg, sum);
    if (!b)
        return MIZO_ENOMEM;
    b->each = each;
    return make(t, month, as_of, contract, b);
}

mizo_err billing_open(town *t, mizo_day month, mizo_ms as_of, const char *contract,
                      mizo_err (*each)(void *arg, const billing_parts *p), void *arg, billing_sum *sum)
{
    billing_run *b = new_run(arg, sum);
    if (!b)
        return MIZO_ENOMEM;
    b->parts = each;
    return make(t, month, as_of, contract, b);
}
