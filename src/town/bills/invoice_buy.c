/* invoice_buy.c: what was bought in a month, from the series: statements to PPA owners, households, plants. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/invoice.h"
#include "mizo/region.h"
#include "town/bills/invoice.h"

/* ---- energy ---- */

/* Half-hours of a day of an owner's quantity; the missing ones stay MIZO_MISSING. */
static mizo_err read_day(town *t, const char *owner, mizo_quantity q, mizo_day day, mizo_ms as_of,
                         int32_t v[48])
{
    int32_t id;
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    mizo_err err = t->store->ops->series_id(t->store, &key, false, &id);
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        v[i] = MIZO_MISSING;
    if (err == MIZO_ENOENT)
        return MIZO_OK;
    return err ? err : store_read_day(t->store, id, day, as_of, v, NULL);
}

typedef struct metered {
    mizo_wh wh;
    int64_t missing;
    __int128 milli; /* of fit-special: sum of Wh x milli-yen */
} metered;

/* The half-hours that a purchase counts on a day. */
static mizo_err counted(town *t, const mizo_purchase *p, mizo_day day, mizo_ms as_of, int32_t wh[48])
{
    const mizo_region *r = t->region;
    int32_t out[48];
    if (p->measure == MIZO_MEASURE_EXPORT)
        return read_day(t, r->point[p->point].id, MIZO_Q_EXPORT, day, as_of, wh);
    const char *owner = p->plant >= 0 ? r->plant[p->plant].id : r->pv[p->pv].id;
    MIZO_TRY(read_day(t, owner, MIZO_Q_GENERATION, day, as_of, wh));
    if (p->measure != MIZO_MEASURE_SELF_USE)
        return MIZO_OK;
    MIZO_TRY(read_day(t, r->point[p->point].id, MIZO_Q_EXPORT, day, as_of, out));
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        bool known = wh[i] != MIZO_MISSING && out[i] != MIZO_MISSING;
        wh[i] = !known ? MIZO_MISSING : wh[i] > out[i] ? wh[i] - out[i] : 0;
    }
    return MIZO_OK;
}

static mizo_err add_day(town *t, const mizo_purchase *p, mizo_day day, mizo_ms as_of, metered *m)
{
    int32_t wh[48], price[48];
    bool spot = p->kind == MIZO_PURCHASE_FIT_SPECIAL;
    MIZO_TRY(counted(t, p, day, as_of, wh));
    if (spot)
        MIZO_TRY(read_day(t, t->region->market_area, MIZO_Q_PRICE, day, as_of, price));
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        if (wh[i] == MIZO_MISSING || (spot && price[i] == MIZO_MISSING)) {
            m->missing++;
            continue;
        }
        m->wh += wh[i];
        if (spot)
            m->milli += (__int128)wh[i] * price[i];
    }
    return MIZO_OK;
}

/* ---- money ---- */

static mizo_err price_of(town *t, const mizo_purchase *p, mizo_day month, int64_t *e6)
{
    *e6 = p->price_e6;
    return *p->param ? mizo_param_get(t->region, p->param, NULL, month, t->diags, e6, NULL) : MIZO_OK;
}

mizo_err invoice_purchase_day(town *t, const mizo_purchase *p, mizo_day day, mizo_ms as_of, int32_t wh[48],
                              int64_t uyen[48])
{
    int32_t spot[48];
    bool by_spot = p->kind == MIZO_PURCHASE_FIT_SPECIAL;
    const mizo_param *row = *p->param ? mizo_param_on(t->region, p->param, NULL, day) : NULL;
    int64_t e6 = row ? row->value_e6 : *p->param || p->price_e6 == MIZO_NO_PRICE ? 0 : p->price_e6;
    MIZO_TRY(counted(t, p, day, as_of, wh));
    if (by_spot)
        MIZO_TRY(read_day(t, t->region->market_area, MIZO_Q_PRICE, day, as_of, spot));
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        uyen[i] = 0;
        if (wh[i] == MIZO_MISSING)
            continue;
        MIZO_TRY(mizo_mul_div(wh[i], e6, 1000, MIZO_ROUND_HALF_UP, &uyen[i]));
        uyen[i] += by_spot && spot[i] != MIZO_MISSING ? (int64_t)wh[i] * spot[i] : 0;
    }
    return MIZO_OK;
}

/* Energy by the step kwh, the amount by the step line; what they leave is kept. */
static mizo_err amount_of(town *t, const mizo_purchase *p, const metered *m, int64_t price_e6,
                          invoice_item *item)
{
    const mizo_region *r = t->region;
    int64_t billed, left, exact, amount;
    if (m->milli > INT64_MAX || m->milli < INT64_MIN)
        return MIZO_ERANGE;
    MIZO_TRY(mizo_mul_div(m->wh, price_e6, 1000, MIZO_ROUND_HALF_UP, &exact));
    MIZO_TRY(mizo_round_by(mizo_rounding_of(r, p->rounding, MIZO_STEP_KWH), m->wh * 1000, &billed, &left));
    MIZO_TRY(mizo_mul_div(billed, price_e6, 1000000, MIZO_ROUND_HALF_UP, &amount));
    if (__builtin_add_overflow(amount, (int64_t)m->milli, &amount) ||
        __builtin_add_overflow(exact, (int64_t)m->milli, &exact))
        return MIZO_ERANGE;
    MIZO_TRY(mizo_round_by(mizo_rounding_of(r, p->rounding, MIZO_STEP_LINE), amount, &amount, &left));
    item->left_e6 = exact - amount;
    item->npart = 1;
    item->part[0] = (invoice_part){ .tax = p->tax, .added = p->tax_added, .amount = amount };
    return *p->tax ? mizo_param_get(r, p->tax, NULL, item->to - 1, t->diags, &item->part[0].rate_e6, NULL)
                   : MIZO_OK;
}

static const char *place_of(const mizo_region *r, const mizo_purchase *p, mizo_day day)
{
    if (p->plant >= 0)
        return r->plant[p->plant].name_ja;
    return invoice_place(r, p->point >= 0 ? p->point : r->pv[p->pv].point, day);
}

static void say_missing(town *t, const mizo_purchase *p, int64_t missing, mizo_day from)
{
    char number[24], month[MIZO_DATE_TEXT];
    (void)snprintf(number, sizeof number, "%lld", (long long)missing);
    mizo_day_text(from, month);
    MIZO_DIAG(t->diags, INVOICE_PURCHASE_GAPS, MIZO_AT("purchases.csv", p->line, 0), p->id, number, month);
}

static mizo_err say_none(town *t, const mizo_purchase *p, mizo_day from)
{
    char day[MIZO_DATE_TEXT];
    mizo_day_text(from, day);
    MIZO_DIAG(t->diags, INVOICE_PURCHASE_NONE, MIZO_AT("purchases.csv", p->line, 0), p->id, day);
    return MIZO_EINPUT;
}

static mizo_err make_item(town *t, const mizo_purchase *p, mizo_day month, mizo_day end, mizo_ms as_of,
                          invoice_item *item)
{
    metered m = { 0 };
    int64_t price;
    const mizo_region *r = t->region;
    mizo_day from = p->from > month ? p->from : month, to = p->to < end ? p->to : end;
    bool household = r->party[p->party].kind == MIZO_PARTY_HOUSEHOLD;
    for (mizo_day d = from; d < to; d++)
        MIZO_TRY(add_day(t, p, d, as_of, &m));
    *item = (invoice_item){ .contract = p->id,
                            .point = p->point >= 0 ? r->point[p->point].id
                                     : p->pv >= 0  ? r->pv[p->pv].id
                                                   : r->plant[p->plant].id,
                            .name = household ? "" : place_of(r, p, from),
                            .from = from,
                            .to = to,
                            .wh = m.wh,
                            .kind = mizo_purchase_word(p->kind),
                            .value = p->value,
                            .digest = "" };
    if (m.missing == (int64_t)(to - from) * MIZO_DAY_SLOTS)
        return say_none(t, p, from);
    if (m.missing)
        say_missing(t, p, m.missing, month);
    MIZO_TRY(price_of(t, p, month, &price));
    item->price_e6 = p->kind == MIZO_PURCHASE_FIT_SPECIAL ? MIZO_NO_PRICE : price;
    return amount_of(t, p, &m, price, item);
}

/* ---- statements ---- */

static const char *word_of(const mizo_purchase *p)
{
    return *p->invoice ? p->invoice : p->id;
}

static int by_word(const void *pa, const void *pb)
{
    const mizo_purchase *a = *(const mizo_purchase *const *)pa, *b = *(const mizo_purchase *const *)pb;
    int c = strcmp(word_of(a), word_of(b));
    if (!c && !*a->invoice != !*b->invoice)
        c = *a->invoice ? 1 : -1;
    return c ? c : strcmp(a->id, b->id);
}

static bool together(const mizo_purchase *a, const mizo_purchase *b)
{
    return strcmp(word_of(a), word_of(b)) == 0 && !*a->invoice == !*b->invoice;
}

/* The share of the tax that a buyer may credit: all of it from a registered seller, else by date (params.csv). */
static mizo_err credit_share(town *t, invoice *v, mizo_day day)
{
    v->share_e6 = MIZO_PPM;
    return *v->party_number
               ? MIZO_OK
               : mizo_param_get(t->region, "invoice-credit", NULL, day, t->diags, &v->share_e6, NULL);
}

static mizo_err statement(town *t, const mizo_purchase *const *p, size_t n, mizo_day month, mizo_day end,
                          mizo_ms as_of, arena *a, invoice *v)
{
    const mizo_issuer *issuer;
    *v = (invoice){ .kind = INVOICE_PURCHASE,
                    .month = month,
                    .issued = MIZO_DAY_NONE,
                    .due = MIZO_DAY_NONE,
                    .returns = "",
                    .why = "" };
    v->item = arena_take(a, n * sizeof *v->item);
    if (!v->item)
        return MIZO_ENOMEM;
    for (; v->nitem < n; v->nitem++)
        MIZO_TRY(make_item(t, p[v->nitem], month, end, as_of, &v->item[v->nitem]));
    MIZO_TRY(invoice_name(a, month, *p[0]->invoice ? 'p' : 'q', word_of(p[0]), &v->id));
    MIZO_TRY(invoice_parties(t, t->region->party[p[0]->party].id, end - 1, v, &issuer));
    MIZO_TRY(credit_share(t, v, end - 1));
    return invoice_sum(t->region, p[0]->rounding, v, t->diags);
}

static mizo_err statements(town *t, const mizo_purchase **list, size_t n, mizo_day month, mizo_day end,
                           mizo_ms as_of, invoice_list *out)
{
    mizo_err worst = MIZO_OK;
    qsort(list, n, sizeof *list, by_word);
    for (size_t first = 0, last; first < n; first = last) {
        for (last = first + 1; last < n && together(list[first], list[last]);)
            last++;
        mizo_err err =
            statement(t, &list[first], last - first, month, end, as_of, out->arena, &out->v[out->n++]);
        if (err && err != MIZO_EINPUT && err != MIZO_ENOENT)
            return err;
        worst = err ? MIZO_EINPUT : worst;
    }
    return worst;
}

mizo_err invoice_make_purchases(town *t, mizo_day month, mizo_ms as_of, invoice_list *out)
{
    const mizo_region *r = t->region;
    mizo_day end = mizo_month_first(month, 1);
    const mizo_purchase **list = arena_take(out->arena, (r->npurchase + 1) * sizeof *list);
    size_t n = 0;
    out->v = arena_take(out->arena, (r->npurchase + 1) * sizeof *out->v);
    if (!list || !out->v)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < r->npurchase; i++)
        if (r->purchase[i].from < end && r->purchase[i].to > month)
            list[n++] = &r->purchase[i];
    return statements(t, list, n, month, end, as_of, out);
}
