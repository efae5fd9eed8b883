/* check_trade.c: what must hold within and between parties, contracts, charges, parameters and roundings. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "region/build.h"

/* ---- one row by itself ---- */

static void check_party(region_builder *b, region_table *t, size_t i)
{
    const mizo_party *p = region_row(t, i);
    const char *s = p->invoice_number;
    size_t digits = *s == 'T' ? strspn(s + 1, "0123456789") : 0;
    if (*s && (digits != 13 || s[14])) {
        SAY(b, INVOICE_NUMBER, t->file, t->meta[i].line, region_column(t, i, "invoice_number"),
            region_quoted(b, s));
        t->meta[i].bad = true;
    }
    if (p->kind == MIZO_PARTY_HOUSEHOLD && (*p->name_ja || *p->name_en)) {
        SAY(b, HOUSEHOLD_NAME, t->file, t->meta[i].line,
            region_column(t, i, *p->name_ja ? "name_ja" : "name_en"), p->id);
        t->meta[i].bad = true;
    }
}

/* A price, or the name of a parameter that has it; a market row has both. */
static void check_price(region_builder *b, region_table *t, size_t i)
{
    const mizo_charge *p = region_row(t, i);
    bool market = p->kind == MIZO_CHARGE_MARKET, priced = p->price_e6 != MIZO_NO_PRICE, named = *p->param;
    if (market ? named : priced != named)
        return;
    SAY(b, CHARGE_PRICE, t->file, t->meta[i].line, region_column(t, i, market || priced ? "param" : "price"),
        mizo_charge_word(p->kind));
    t->meta[i].bad = true;
}

static void check_charge(region_builder *b, region_table *t, size_t i)
{
    const mizo_charge *p = region_row(t, i);
    row_meta *m = &t->meta[i];
    check_price(b, t, i);
    if (p->slot_from >= p->slot_to) {
        SAY(b, TIMES, t->file, m->line, region_column(t, i, "time_from"), NULL);
        m->bad = true;
    }
    if (p->step_to_wh && p->step_from_wh >= p->step_to_wh) {
        SAY(b, STEPS, t->file, m->line, region_column(t, i, "step_from_kwh"), NULL);
        m->bad = true;
    }
}

void region_check_trade_row(region_builder *b, region_table *t, size_t i)
{
    int line = t->meta[i].line;
    switch (t->file) {
    case FILE_PARTIES:
        ((mizo_party *)region_row(t, i))->line = line;
        check_party(b, t, i);
        break;
    case FILE_CONTRACTS:
        ((mizo_contract *)region_row(t, i))->line = line;
        break;
    case FILE_CHARGES:
        ((mizo_charge *)region_row(t, i))->line = line;
        check_charge(b, t, i);
        break;
    case FILE_PARAMS:
        ((mizo_param *)region_row(t, i))->line = line;
        break;
    case FILE_ROUNDINGS:
        ((mizo_rounding *)region_row(t, i))->line = line;
        break;
    default:
        region_check_payment_row(b, t, i);
        region_check_duty_row(b, t, i);
        region_check_city_row(b, t, i);
        break;
    }
}

/* ---- parameters, roundings ---- */

static void check_params(region_builder *b)
{
    const region_table *t = &b->t[FILE_PARAMS];
    for (size_t k = 1; k < t->norder; k++) {
        const mizo_param *p = region_ordered(t, k), *before = region_ordered(t, k - 1);
        if (strcmp(p->name, before->name) == 0 && strcmp(p->key, before->key) == 0 && p->from < before->to)
            SAY(b, PARAM_OVERLAP, FILE_PARAMS, region_line_of(t, k), region_column_of(t, k, "from"), p->name,
                p->key, p->from == REGION_SINCE_EVER ? "1900-01-01" : region_date(b, p->from),
                region_number(b, region_line_of(t, k - 1), 0));
    }
}

static void check_roundings(region_builder *b)
{
    const region_table *t = &b->t[FILE_ROUNDINGS];
    for (size_t k = 1; k < t->norder; k++) {
        const mizo_rounding *p = region_ordered(t, k), *before = region_ordered(t, k - 1);
        if (strcmp(p->chain, before->chain) == 0 && p->step == before->step)
            SAY(b, ROUNDING_TWICE, FILE_ROUNDINGS, region_line_of(t, k), region_column_of(t, k, "step"),
                p->chain, mizo_step_word(p->step), region_number(b, region_line_of(t, k - 1), 0));
    }
}

/* True if any row has the name; *near, where there is none: the nearest name. */
bool region_has_param(region_builder *b, const char *name, const char **near)
{
    const region_table *t = &b->t[FILE_PARAMS];
    size_t lo = 0, hi = t->norder;
    *near = NULL;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (strcmp(((const mizo_param *)region_ordered(t, mid))->name, name) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo < t->norder && strcmp(((const mizo_param *)region_ordered(t, lo))->name, name) == 0)
        return true;
    const char **words = region_work(b, (t->norder + 1) * sizeof *words);
    for (size_t k = 0; words && k < t->norder; k++)
        words[k] = ((const mizo_param *)region_ordered(t, k))->name;
    *near = words ? text_nearest(name, words, t->norder) : NULL;
    return false;
}

static bool whole(const region_table *t)
{
    return !t->torn && t->norder == t->n;
}

static void check_named(region_builder *b, size_t k, const char *column, const char *name)
{
    const region_table *t = &b->t[FILE_CHARGES];
    const char *near;
    if (!*name || !whole(&b->t[FILE_PARAMS]) || region_has_param(b, name, &near))
        return;
    if (near)
        SAY(b, REF_NEAR, FILE_CHARGES, region_line_of(t, k), region_column_of(t, k, column), column,
            region_quoted(b, name), region_files[FILE_PARAMS].name, near);
    else
        SAY(b, REF, FILE_CHARGES, region_line_of(t, k), region_column_of(t, k, column), column,
            region_quoted(b, name), region_files[FILE_PARAMS].name);
}

static void check_charges(region_builder *b)
{
    const region_table *t = &b->t[FILE_CHARGES];
    for (size_t k = 0; k < t->norder; k++) {
        const mizo_charge *p = region_ordered(t, k);
        check_named(b, k, "param", p->param);
        check_named(b, k, "tax", p->tax);
    }
}

/* ---- contracts ---- */

bool region_has_chain(const region_builder *b, const char *chain)
{
    const region_table *t = &b->t[FILE_ROUNDINGS];
    size_t lo = 0, hi = t->norder;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (strcmp(((const mizo_rounding *)region_ordered(t, mid))->chain, chain) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < t->norder && strcmp(((const mizo_rounding *)region_ordered(t, lo))->chain, chain) == 0;
}

typedef struct at_point {
    mizo_ref point;
    mizo_day from;
    int32_t k;
} at_point;

static int by_point_from(const void *pa, const void *pb)
{
    const at_point *a = pa, *b = pb;
    if (a->point != b->point)
        return a->point < b->point ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->k < b->k ? -1 : a->k > b->k;
}

/* Two contracts of one point on one day: both lines are said. */
static void check_overlap(region_builder *b)
{
    const region_table *t = &b->t[FILE_CONTRACTS];
    at_point *list = region_work(b, (t->norder + 1) * sizeof *list);
    if (!list)
        return;
    for (size_t k = 0; k < t->norder; k++) {
        const mizo_contract *c = region_ordered(t, k);
        list[k] = (at_point){ c->point, c->from, (int32_t)k };
    }
    qsort(list, t->norder, sizeof *list, by_point_from);
    size_t longest = 0;
    for (size_t i = 1; i < t->norder; i++) {
        size_t k = (size_t)list[i].k, l = (size_t)list[longest].k;
        const mizo_contract *c = region_ordered(t, k), *before = region_ordered(t, l);
        if (c->point == before->point && c->from < before->to)
            SAY(b, CONTRACT_OVERLAP, FILE_CONTRACTS, region_line_of(t, k), region_column_of(t, k, "from"),
                c->id, before->id, region_number(b, region_line_of(t, l), 0),
                c->from == REGION_SINCE_EVER ? "1900-01-01" : region_date(b, c->from));
        if (c->point != before->point || c->to > before->to)
            longest = i;
    }
}

static int by_invoice(const void *pa, const void *pb)
{
    const mizo_contract *const *a = pa, *const *b = pb;
    int c = strcmp((*a)->invoice, (*b)->invoice);
    return c ? c : (*a)->line < (*b)->line ? -1 : (*a)->line > (*b)->line;
}

/* One invoice has one recipient. */
static void check_invoices(region_builder *b)
{
    const region_table *t = &b->t[FILE_CONTRACTS];
    const mizo_contract **list = region_work(b, (t->norder + 1) * sizeof *list);
    if (!list)
        return;
    for (size_t k = 0; k < t->norder; k++)
        list[k] = region_ordered(t, k);
    qsort(list, t->norder, sizeof *list, by_invoice);
    size_t first = 0;
    for (size_t i = 1; i < t->norder; i++) {
        if (strcmp(list[i]->invoice, list[first]->invoice))
            first = i;
        else if (*list[i]->invoice && list[i]->party != list[first]->party)
            SAY(b, INVOICE_PARTY, FILE_CONTRACTS, list[i]->line, 1, list[i]->invoice,
                region_number(b, list[first]->line, 0));
    }
}

void region_check_trade(region_builder *b)
{
    const region_table *t = &b->t[FILE_CONTRACTS];
    check_params(b);
    region_check_mix(b);
    check_roundings(b);
    check_charges(b);
    check_overlap(b);
    check_invoices(b);
    for (size_t k = 0; k < t->norder && whole(&b->t[FILE_ROUNDINGS]); k++) {
        const mizo_contract *c = region_ordered(t, k);
        if (!region_has_chain(b, c->rounding))
            SAY(b, REF, FILE_CONTRACTS, region_line_of(t, k), region_column_of(t, k, "rounding"), "rounding",
                region_quoted(b, c->rounding), region_files[FILE_ROUNDINGS].name);
    }
}
