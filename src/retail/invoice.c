/* invoice.c: sums and taxes of an invoice, differences, transfers. */
#include "retail/invoice.h"

#include <stdio.h>
#include <string.h>

#include "mizo/messages/invoice.h"
#include "mizo/region.h"

#define ONE_E6 INT64_C(1000000)

const char *invoice_kind_word(invoice_kind k)
{
    static const char *const words[] = { "bill", "return", "purchase" };
    return (size_t)k < INVOICE_KINDS ? words[k] : "";
}

/* ---- sums and taxes ---- */
static invoice_rate *rate_of(invoice *v, const invoice_part *p)
{
    for (int i = 0; i < v->nrate; i++)
        if (strcmp(v->rate[i].tax, p->tax) == 0 && v->rate[i].rate_e6 == p->rate_e6)
            return &v->rate[i];
    if (v->nrate == INVOICE_RATES)
        return NULL;
    invoice_rate *rate = &v->rate[v->nrate++];
    *rate = (invoice_rate){ .tax = p->tax, .rate_e6 = p->rate_e6, .added = p->added };
    return rate;
}

static mizo_err add_item(invoice *v, const invoice_item *item, mizo_diags *d)
{
    for (int k = 0; k < item->npart; k++) {
        invoice_rate *rate = rate_of(v, &item->part[k]);
        if (!rate) {
            MIZO_DIAG(d, INVOICE_RATES, MIZO_NOWHERE, v->id);
            return MIZO_EINPUT;
        }
        if (rate->added != item->part[k].added) {
            MIZO_DIAG(d, INVOICE_MIXED, MIZO_NOWHERE, v->id, rate->tax);
            return MIZO_EINPUT;
        }
        if (__builtin_add_overflow(rate->items, item->part[k].amount, &rate->items))
            return MIZO_ERANGE;
    }
    return MIZO_OK;
}

/* x * numerator / denominator rounded by a row in one step: no rounding before the rounding. */
static mizo_err share_by(const mizo_rounding *row, int64_t x, int64_t numerator, int64_t denominator,
                         int64_t *out)
{
    static const mizo_round how[] = { [MIZO_HOW_NONE] = MIZO_ROUND_HALF_UP,
                                      [MIZO_HOW_HALF_UP] = MIZO_ROUND_HALF_UP,
                                      [MIZO_HOW_CUT] = MIZO_ROUND_CUT,
                                      [MIZO_HOW_DOWN] = MIZO_ROUND_DOWN,
                                      [MIZO_HOW_UP] = MIZO_ROUND_UP };
    int64_t unit = row && row->how != MIZO_HOW_NONE ? row->unit_e6 : 1, units, whole;
    if (__builtin_mul_overflow(denominator, unit, &whole))
        return MIZO_ERANGE;
    MIZO_TRY(mizo_mul_div(x, numerator, whole, row ? how[row->how] : MIZO_ROUND_HALF_UP, &units));
    return __builtin_mul_overflow(units, unit, out) ? MIZO_ERANGE : MIZO_OK;
}

static mizo_err sum_rate(const mizo_rounding *total, const mizo_rounding *tax, invoice_rate *v)
{
    int64_t exact = v->items;
    if (v->added) {
        MIZO_TRY(share_by(tax, v->items, v->rate_e6, ONE_E6, &v->tax_amount));
        if (__builtin_add_overflow(v->items, v->tax_amount, &exact))
            return MIZO_ERANGE;
    }
    MIZO_TRY(mizo_round_by(total, exact, &v->gross, &v->left));
    if (!v->added)
        MIZO_TRY(share_by(tax, v->gross, v->rate_e6, ONE_E6 + v->rate_e6, &v->tax_amount));
    v->net = v->gross - v->tax_amount;
    return MIZO_OK;
}

mizo_err invoice_sum(const mizo_region *r, const char *chain, invoice *v, mizo_diags *d)
{
    const mizo_rounding *total = mizo_rounding_of(r, chain, MIZO_STEP_TOTAL);
    const mizo_rounding *tax = mizo_rounding_of(r, chain, MIZO_STEP_TAX);
    mizo_err err = MIZO_OK;
    v->nrate = 0;
    v->total = v->tax = 0;
    for (size_t i = 0; i < v->nitem && !err; i++)
        err = add_item(v, &v->item[i], d);
    for (int i = 0; i < v->nrate && !err; i++) {
        err = sum_rate(total, tax, &v->rate[i]);
        if (!err && (__builtin_add_overflow(v->total, v->rate[i].gross, &v->total) ||
                     __builtin_add_overflow(v->tax, v->rate[i].tax_amount, &v->tax)))
            err = MIZO_ERANGE;
    }
    if (err == MIZO_ERANGE)
        MIZO_DIAG(d, INVOICE_RANGE, MIZO_NOWHERE, v->id);
    return err;
}

/* ---- differences ---- */
static const invoice_item *find_item(const invoice *v, const char *contract, mizo_day from)
{
    for (size_t i = 0; v && i < v->nitem; i++)
        if (strcmp(v->item[i].contract, contract) == 0 && v->item[i].from == from)
            return &v->item[i];
    return NULL;
}

static mizo_err add_part(invoice_item *to, const invoice_part *p, int sign)
{
    int k = 0;
    while (k < to->npart && (strcmp(to->part[k].tax, p->tax) || to->part[k].rate_e6 != p->rate_e6))
        k++;
    if (k == INVOICE_RATES)
        return MIZO_ERANGE;
    if (k == to->npart) {
        to->part[to->npart++] = *p;
        to->part[k].amount = sign * p->amount;
        return MIZO_OK;
    }
    return __builtin_add_overflow(to->part[k].amount, sign * p->amount, &to->part[k].amount) ? MIZO_ERANGE
                                                                                             : MIZO_OK;
}

/* now - old of one contract; either may be NULL. *any: they differ. */
static mizo_err item_difference(const invoice_item *old, const invoice_item *now, invoice_item *out,
                                bool *any)
{
    *out = now ? *now : *old;
    out->npart = 0;
    out->wh = (now ? now->wh : 0) - (old ? old->wh : 0);
    out->left_e6 = (now ? now->left_e6 : 0) - (old ? old->left_e6 : 0);
    for (int k = 0; now && k < now->npart; k++)
        MIZO_TRY(add_part(out, &now->part[k], 1));
    for (int k = 0; old && k < old->npart; k++)
        MIZO_TRY(add_part(out, &old->part[k], -1));
    *any = out->wh || out->left_e6;
    for (int k = 0; k < out->npart; k++)
        *any |= out->part[k].amount != 0;
    return MIZO_OK;
}

static mizo_err add_rate(invoice *out, const invoice_rate *r, int sign)
{
    invoice_part p = { .tax = r->tax, .rate_e6 = r->rate_e6, .added = r->added };
    invoice_rate *to = rate_of(out, &p);
    if (!to)
        return MIZO_ERANGE;
    to->items += sign * r->items;
    to->gross += sign * r->gross;
    to->tax_amount += sign * r->tax_amount;
    to->net += sign * r->net;
    to->left += sign * r->left;
    return MIZO_OK;
}

static mizo_err put_difference(const invoice_item *old, const invoice_item *now, invoice *out)
{
    bool any;
    MIZO_TRY(item_difference(old, now, &out->item[out->nitem], &any));
    out->nitem += any;
    return MIZO_OK;
}

mizo_err invoice_difference(const invoice *old, const invoice *now, arena *a, invoice *out)
{
    *out = now ? *now : *old;
    out->nrate = 0;
    out->nitem = 0;
    out->returns = old->id;
    out->item = arena_take(a, (old->nitem + (now ? now->nitem : 0) + 1) * sizeof *out->item);
    if (!out->item)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < old->nitem; i++)
        MIZO_TRY(
            put_difference(&old->item[i], find_item(now, old->item[i].contract, old->item[i].from), out));
    for (size_t i = 0; now && i < now->nitem; i++)
        if (!find_item(old, now->item[i].contract, now->item[i].from))
            MIZO_TRY(put_difference(NULL, &now->item[i], out));
    for (int i = 0; now && i < now->nrate; i++)
        MIZO_TRY(add_rate(out, &now->rate[i], 1));
    for (int i = 0; i < old->nrate; i++)
        MIZO_TRY(add_rate(out, &old->rate[i], -1));
    out->total = (now ? now->total : 0) - old->total;
    out->tax = (now ? now->tax : 0) - old->tax;
    if (out->total < 0)
        out->kind = INVOICE_RETURN;
    return MIZO_OK;
}

/* ---- into the books ---- */
typedef struct teller {
    mizo_err (*fn)(void *arg, const invoice_move *m);
    void *arg;
    const invoice_item *item;
} teller;

static mizo_err move(teller *t, const char *from, const char *from_id, const char *to, const char *to_id,
                     const char *kind, mizo_uyen amount)
{
    invoice_move m = { .kind = kind, .item = t->item, .amount = amount };
    if (!amount)
        return MIZO_OK;
    int a = snprintf(m.from, sizeof m.from, "%s:%s", from, from_id);
    int b = snprintf(m.to, sizeof m.to, "%s:%s", to, to_id);
    if (a >= (int)sizeof m.from || b >= (int)sizeof m.to)
        return MIZO_ERANGE;
    return t->fn(t->arg, &m);
}

/* The share of item i in an amount of a rate: what comes to it up to here less what came to those before. */
typedef struct sharing {
    const invoice_rate *rate;
    mizo_uyen amount, run, given;
} sharing;

static mizo_err share_next(sharing *s, mizo_uyen part, mizo_uyen *out)
{
    mizo_uyen upto = 0;
    s->run += part;
    if (s->rate->items)
        MIZO_TRY(mizo_mul_div(s->amount, s->run, s->rate->items, MIZO_ROUND_HALF_UP, &upto));
    *out = upto - s->given;
    s->given = upto;
    return MIZO_OK;
}

static const char *tax_id(const invoice_rate *r)
{
    return *r->tax ? r->tax : "none";
}

static mizo_err rate_moves(teller *t, const invoice *v, const invoice_rate *r)
{
    sharing tax = { .rate = r, .amount = r->tax_amount }, left = { .rate = r, .amount = r->left };
    for (size_t i = 0; i < v->nitem; i++)
        for (int k = 0; k < v->item[i].npart; k++) {
            const invoice_item *item = &v->item[i];
            const invoice_part *p = &item->part[k];
            mizo_uyen due, rest;
            if (strcmp(p->tax, r->tax) || p->rate_e6 != r->rate_e6)
                continue;
            MIZO_TRY(share_next(&tax, p->amount, &due));
            MIZO_TRY(share_next(&left, p->amount, &rest));
            t->item = item;
            MIZO_TRY(move(t, "sales", item->contract, "customer", v->party, "bill",
                          p->amount + (r->added ? due : 0)));
            MIZO_TRY(move(t, "customer", v->party, "rounding", item->contract, "rounding", rest));
            MIZO_TRY(move(t, "tax", tax_id(r), "sales", item->contract, "tax", due));
        }
    return MIZO_OK;
}

static mizo_err sale_moves(teller *t, const invoice *v)
{
    for (int i = 0; i < v->nrate; i++)
        MIZO_TRY(rate_moves(t, v, &v->rate[i]));
    for (size_t i = 0; i < v->nitem; i++) {
        t->item = &v->item[i];
        MIZO_TRY(move(t, "sales", v->item[i].contract, "rounding", v->item[i].contract, "rounding",
                      v->item[i].left_e6));
    }
    return MIZO_OK;
}

/* Of a purchase: the creditable share of the tax is cut to the yen; the rest of what is paid is cost. */
static mizo_err purchase_rate(teller *t, const invoice *v, const invoice_rate *r)
{
    sharing cost = { .rate = r };
    mizo_uyen credit, part;
    MIZO_TRY(mizo_mul_div(r->tax_amount, v->share_e6, ONE_E6 * ONE_E6, MIZO_ROUND_CUT, &credit));
    credit *= ONE_E6;
    cost.amount = r->gross - credit;
    for (size_t i = 0; i < v->nitem; i++)
        for (int k = 0; k < v->item[i].npart; k++) {
            const invoice_part *p = &v->item[i].part[k];
            if (strcmp(p->tax, r->tax) || p->rate_e6 != r->rate_e6)
                continue;
            MIZO_TRY(share_next(&cost, p->amount, &part));
            t->item = &v->item[i];
            MIZO_TRY(move(t, "supplier", v->party, "cost", v->item[i].kind, "purchase", part));
        }
    t->item = NULL;
    return move(t, "supplier", v->party, "tax-paid", tax_id(r), "tax", credit);
}

mizo_err invoice_moves(const invoice *v, mizo_err (*fn)(void *arg, const invoice_move *m), void *arg)
{
    teller t = { .fn = fn, .arg = arg };
    bool purchase = v->nitem && *v->item[0].kind;
    if (!purchase)
        return sale_moves(&t, v);
    for (int i = 0; i < v->nrate; i++)
        MIZO_TRY(purchase_rate(&t, v, &v->rate[i]));
    return MIZO_OK;
}

/* ---- days ---- */
static bool banks_rest(mizo_day d)
{
    mizo_date t = mizo_day_date(d);
    int wd = mizo_day_weekday(d);
    return wd == 0 || wd == 6 || mizo_holiday(d, NULL) || (t.month == 1 && t.day <= 3) ||
           (t.month == 12 && t.day == 31);
}

mizo_day invoice_due(mizo_day from, int days)
{
    mizo_day d = from + days;
    while (banks_rest(d))
        d++;
    return d;
}
