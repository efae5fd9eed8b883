/* check_payment.c: what must hold within and between issuers, bank accounts, purchases and account codes. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "region/build.h"

/* ---- one row by itself ---- */

static bool digits(const char *s, size_t least, size_t most)
{
    size_t n = strspn(s, "0123456789");
    return !s[n] && n >= least && n <= most;
}

static void check_bank(region_builder *b, region_table *t, size_t i)
{
    const mizo_bank *p = region_row(t, i);
    const struct {
        const char *name, *value, *expected;
        size_t least, most;
        bool blank;
    } codes[] = {
        {"bank",       p->bank,      "4 digits",       4,  4,  false},
        { "branch",    p->branch,    "3 digits",       3,  3,  false},
        { "number",    p->number,    "1 to 7 digits",  1,  7,  false},
        { "client",    p->client,    "10 digits",      10, 10, true },
        { "reference", p->reference, "1 to 20 digits", 1,  20, true },
    };
    for (size_t k = 0; k < sizeof codes / sizeof *codes; k++) {
        bool blank = codes[k].blank && !*codes[k].value;
        if (blank || digits(codes[k].value, codes[k].least, codes[k].most))
            continue;
        SAY(b, BANK_CODE, t->file, t->meta[i].line, region_column(t, i, codes[k].name), codes[k].name,
            region_quoted(b, codes[k].value), codes[k].expected);
        t->meta[i].bad = true;
    }
}

/* Which of pv, plant and point a measure takes. */
static const char *wrong_measure(const mizo_purchase *p)
{
    bool pv = p->pv >= 0, plant = p->plant >= 0, point = p->point >= 0;
    switch (p->measure) {
    case MIZO_MEASURE_GENERATION:
        return pv != plant && !point ? NULL : "pv or plant";
    case MIZO_MEASURE_EXPORT:
        return point && !pv && !plant ? NULL : "point";
    case MIZO_MEASURE_SELF_USE:
        return pv && point && !plant ? NULL : "pv and point";
    case MIZO_MEASURE_COUNT:
        break;
    }
    return "pv, plant or point";
}

static void check_purchase(region_builder *b, region_table *t, size_t i)
{
    const mizo_purchase *p = region_row(t, i);
    if ((p->price_e6 != MIZO_NO_PRICE) == (*p->param != 0)) {
        SAY(b, PURCHASE_PRICE, t->file, t->meta[i].line, region_column(t, i, *p->param ? "param" : "price"),
            p->id);
        t->meta[i].bad = true;
    }
}

void region_check_payment_row(region_builder *b, region_table *t, size_t i)
{
    int line = t->meta[i].line;
    switch (t->file) {
    case FILE_ISSUERS:
        ((mizo_issuer *)region_row(t, i))->line = line;
        break;
    case FILE_BANKING:
        ((mizo_bank *)region_row(t, i))->line = line;
        check_bank(b, t, i);
        break;
    case FILE_PURCHASES:
        ((mizo_purchase *)region_row(t, i))->line = line;
        check_purchase(b, t, i);
        break;
    case FILE_LEDGER:
        ((mizo_ledger *)region_row(t, i))->line = line;
        break;
    default:
        break;
    }
}

/* ---- rows together ---- */

static bool whole(const region_table *t)
{
    return !t->torn && t->norder == t->n;
}

static void check_chain(region_builder *b, region_file f, size_t k, const char *chain)
{
    if (whole(&b->t[FILE_ROUNDINGS]) && !region_has_chain(b, chain))
        SAY(b, REF, f, region_line_of(&b->t[f], k), region_column_of(&b->t[f], k, "rounding"), "rounding",
            region_quoted(b, chain), region_files[FILE_ROUNDINGS].name);
}

static void check_named(region_builder *b, size_t k, const char *column, const char *name)
{
    const region_table *t = &b->t[FILE_PURCHASES];
    const char *near;
    if (!*name || !whole(&b->t[FILE_PARAMS]) || region_has_param(b, name, &near))
        return;
    if (near)
        SAY(b, REF_NEAR, FILE_PURCHASES, region_line_of(t, k), region_column_of(t, k, column), column,
            region_quoted(b, name), region_files[FILE_PARAMS].name, near);
    else
        SAY(b, REF, FILE_PURCHASES, region_line_of(t, k), region_column_of(t, k, column), column,
            region_quoted(b, name), region_files[FILE_PARAMS].name);
}

static void check_issuers(region_builder *b)
{
    const region_table *t = &b->t[FILE_ISSUERS];
    for (size_t k = 0; k < t->norder; k++) {
        const mizo_issuer *p = region_ordered(t, k), *before = k ? region_ordered(t, k - 1) : NULL;
        check_chain(b, FILE_ISSUERS, k, p->rounding);
        if (before && p->from < before->to)
            SAY(b, ISSUER_OVERLAP, FILE_ISSUERS, region_line_of(t, k), region_column_of(t, k, "from"),
                region_number(b, region_line_of(t, k - 1), 0));
    }
}

static void check_banking(region_builder *b)
{
    const region_table *t = &b->t[FILE_BANKING];
    for (size_t k = 0; k < t->norder; k++) {
        const mizo_bank *p = region_ordered(t, k), *before = k ? region_ordered(t, k - 1) : NULL;
        const mizo_party *who = region_row(&b->t[FILE_PARTIES], (size_t)b->t[FILE_PARTIES].order[p->party]);
        if (who->kind == MIZO_PARTY_HOUSEHOLD)
            SAY(b, BANK_HOUSEHOLD, FILE_BANKING, region_line_of(t, k), region_column_of(t, k, "party"),
                who->id);
        if (before && before->party == p->party && p->from < before->to)
            SAY(b, BANK_OVERLAP, FILE_BANKING, region_line_of(t, k), region_column_of(t, k, "from"), who->id,
                region_number(b, region_line_of(t, k - 1), 0));
    }
}

/* One statement has one seller. The rows are few. */
static void check_statements(region_builder *b, size_t k)
{
    const region_table *t = &b->t[FILE_PURCHASES];
    const mizo_purchase *p = region_ordered(t, k);
    for (size_t i = 0; i < k && *p->invoice; i++) {
        const mizo_purchase *q = region_ordered(t, i);
        if (strcmp(p->invoice, q->invoice) || p->party == q->party)
            continue;
        SAY(b, PURCHASE_PARTY, FILE_PURCHASES, region_line_of(t, k), region_column_of(t, k, "invoice"),
            p->invoice, region_number(b, region_line_of(t, i), 0));
        return;
    }
}

static void check_purchases(region_builder *b)
{
    const region_table *t = &b->t[FILE_PURCHASES];
    for (size_t k = 0; k < t->norder; k++) {
        const mizo_purchase *p = region_ordered(t, k);
        const char *wrong = wrong_measure(p);
        check_chain(b, FILE_PURCHASES, k, p->rounding);
        check_named(b, k, "param", p->param);
        check_named(b, k, "tax", p->tax);
        check_statements(b, k);
        if (wrong)
            SAY(b, PURCHASE_MEASURE, FILE_PURCHASES, region_line_of(t, k), region_column_of(t, k, "measure"),
                p->id, mizo_measure_word(p->measure), wrong);
    }
}

static void check_ledger(region_builder *b)
{
    const region_table *t = &b->t[FILE_LEDGER];
    for (size_t k = 0; k < t->norder; k++)
        for (size_t i = 0; i < k; i++)
            if (strcmp(((const mizo_ledger *)region_ordered(t, i))->account,
                       ((const mizo_ledger *)region_ordered(t, k))->account) == 0)
                SAY(b, LEDGER_TWICE, FILE_LEDGER, region_line_of(t, k), region_column_of(t, k, "account"),
                    ((const mizo_ledger *)region_ordered(t, k))->account,
                    region_number(b, region_line_of(t, i), 0));
}

void region_check_payment(region_builder *b)
{
    check_issuers(b);
    check_banking(b);
    check_purchases(b);
    check_ledger(b);
}
