/* check_mix.c: the rows of params.csv that say what an area's power is made of: mix-factor, area-mix, area-claimed. */
#include <stdio.h>
#include <string.h>

#include "region/build.h"

/* Published shares are rounded: their sum is 100.0 % to a tenth of one. */
enum { SUM_OFF_E6 = 500 };

static bool named(const mizo_param *p, const char *name)
{
    return strcmp(p->name, name) == 0;
}

static bool of_kind(const mizo_param *p)
{
    for (int k = 0; k < MIZO_MIX_COUNT; k++)
        if (strcmp(p->key, mizo_mix_word((mizo_mix_kind)k)) == 0)
            return true;
    return false;
}

static const char *all_kinds(region_builder *b)
{
    enum { ROOM = MIZO_MIX_COUNT * 20 };
    size_t at = 0;
    char *text = region_work(b, ROOM);
    for (int k = 0; text && k < MIZO_MIX_COUNT; k++)
        at +=
            (size_t)snprintf(text + at, ROOM - at, "%s%.17s", k ? ", " : "", mizo_mix_word((mizo_mix_kind)k));
    return text ? text : "";
}

static void check_row(region_builder *b, const region_table *t, size_t k)
{
    const mizo_param *p = region_ordered(t, k);
    bool share = named(p, "area-mix") || named(p, "area-claimed");
    if (!share && !named(p, "mix-factor"))
        return;
    if (!of_kind(p))
        SAY(b, MIX_KIND, FILE_PARAMS, region_line_of(t, k), region_column_of(t, k, "key"), p->name,
            region_quoted(b, p->key), all_kinds(b));
    if (p->value_e6 < 0 || (share && p->value_e6 > MIZO_PPM))
        SAY(b, MIX_VALUE, FILE_PARAMS, region_line_of(t, k), region_column_of(t, k, "value"), p->name, p->key,
            region_number(b, p->value_e6, 6), share ? "0..1 (35 %: 0.35)" : "0..");
}

/* Shares that hold on a day; *n: how many rows. */
static int64_t sum_on(const region_table *t, mizo_day day, int *n)
{
    int64_t sum = 0;
    *n = 0;
    for (size_t k = 0; k < t->norder; k++) {
        const mizo_param *p = region_ordered(t, k);
        if (!named(p, "area-mix") || day < p->from || day >= p->to || p->value_e6 > MIZO_PPM)
            continue;
        sum += p->value_e6;
        ++*n;
    }
    return sum;
}

/* A day on which a row begins or ends, where none of the rows before did so. */
static void check_day(region_builder *b, const region_table *t, size_t at, mizo_day day)
{
    int n;
    for (size_t k = 0; k < at; k++) {
        const mizo_param *p = region_ordered(t, k);
        if (named(p, "area-mix") && (p->from == day || p->to == day))
            return;
    }
    int64_t sum = sum_on(t, day, &n);
    if (n && (sum > MIZO_PPM + SUM_OFF_E6 || sum < MIZO_PPM - SUM_OFF_E6))
        SAY(b, MIX_SUM, FILE_PARAMS, region_line_of(t, at), region_column_of(t, at, "value"),
            day == REGION_SINCE_EVER ? "1900-01-01" : region_date(b, day), region_number(b, sum, 6));
}

void region_check_mix(region_builder *b)
{
    const region_table *t = &b->t[FILE_PARAMS];
    for (size_t k = 0; k < t->norder; k++) {
        const mizo_param *p = region_ordered(t, k);
        check_row(b, t, k);
        if (!named(p, "area-mix") || t->torn || t->norder < t->n)
            continue; /* a row that could not be read may be the one that is wanting */
        check_day(b, t, k, p->from);
        check_day(b, t, k, p->to);
    }
}
