/* achievement.c: the published ledger of a year, and its rate. docs/mechanisms/achievement.md */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "mizo/carbon.h"
#include "mizo/messages/books.h"

mizo_err mizo_achievement_rate(mizo_achievement *a)
{
    int64_t bp, pct, top;
    if (a->demand_wh <= 0)
        return MIZO_ERANGE;
    if (__builtin_add_overflow(a->supply_wh, a->saving_wh, &top))
        return MIZO_ERANGE;
    MIZO_TRY(mizo_mul_div(top, 10000, a->demand_wh, MIZO_ROUND_HALF_UP, &bp));
    /* The whole percent comes from the exact quotient too: never rounded twice. */
    MIZO_TRY(mizo_mul_div(top, 100, a->demand_wh, MIZO_ROUND_HALF_UP, &pct));
    if (bp > INT32_MAX || bp < INT32_MIN)
        return MIZO_ERANGE;
    a->rate_bp = (int32_t)bp;
    a->rate_pct = (int32_t)pct;
    return MIZO_OK;
}

/* The years that have any figure, for the person who asked for another. */
static void say_no_year(const mizo_region *r, const char *fy, mizo_diags *d)
{
    char years[200] = "-";
    size_t n = 0;
    for (size_t i = 0; i < r->npublished && n < 180; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || r->published[k].fy == r->published[i].fy;
        if (!again)
            n += (size_t)snprintf(years + n, sizeof years - n, "%sFY%d", n ? ", " : "", r->published[i].fy);
    }
    MIZO_DIAG(d, CARBON_NO_YEAR, MIZO_NOWHERE, fy, years);
}

/* Wh in one of the unit; 0: unknown. */
static int64_t factor_of(const char *unit)
{
    static const struct {
        const char *unit;
        int64_t wh;
    } row[] = {
        {"kWh",  1000      },
        { "Wh",  1         },
        { "MWh", 1000000   },
        { "GWh", 1000000000}
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        if (strcmp(unit, row[i].unit) == 0)
            return row[i].wh;
    return 0;
}

/* Millionths with no more decimals than they have. */
static void plain_text(int64_t e6, char out[MIZO_NUM_TEXT])
{
    mizo_decimal_text(e6, 6, out);
    size_t n = strlen(out);
    while (n && out[n - 1] == '0')
        n--;
    out[n && out[n - 1] == '.' ? n - 1 : n] = '\0';
}

mizo_err mizo_published_wh(const mizo_published *p, mizo_wh *out)
{
    int64_t factor = factor_of(p->unit), wh;
    if (!factor || mizo_mul_div(p->value_e6, factor, 1000000, MIZO_ROUND_HALF_UP, &wh) || wh == INT64_MIN)
        return MIZO_EINPUT;
    *out = wh < 0 ? -wh : wh;
    return MIZO_OK;
}

/* One operand in Wh; a saving that was printed with ▲ counts as what was saved. */
static mizo_err operand(const mizo_published *p, int fy, const char *item, bool may_define, mizo_diags *d,
                        mizo_wh *out)
{
    char year[16], value[MIZO_NUM_TEXT];
    snprintf(year, sizeof year, "%d", fy);
    if (!p) {
        MIZO_DIAG(d, CARBON_NO_FIGURE, MIZO_NOWHERE, item, year);
        return MIZO_ENOENT;
    }
    bool defined = may_define && strcmp(p->exactness, "definition") == 0;
    if (strcmp(p->exactness, "exact") != 0 && !defined) {
        plain_text(p->value_e6, value);
        MIZO_DIAG(d, CARBON_ROUNDED, MIZO_NOWHERE, item, year, value, p->unit);
        return MIZO_EINPUT;
    }
    if (mizo_published_wh(p, out)) {
        MIZO_DIAG(d, CARBON_UNIT, MIZO_NOWHERE, item, year, p->unit);
        return MIZO_EINPUT;
    }
    return MIZO_OK;
}

static bool has_year(const mizo_region *r, int fy)
{
    for (size_t i = 0; i < r->npublished; i++)
        if (r->published[i].fy == fy)
            return true;
    return false;
}

mizo_err mizo_achievement_published(const mizo_region *r, int fy, mizo_diags *d, mizo_achievement *out)
{
    char year[16];
    snprintf(year, sizeof year, "%d", fy);
    if (!has_year(r, fy)) {
        *out = (mizo_achievement){ .fy = fy };
        say_no_year(r, year, d);
        return MIZO_ENOENT;
    }
    return mizo_achievement_said(fy, mizo_published_on(r, fy, "re-supply", MIZO_DAY_NONE),
                                 mizo_published_on(r, fy, "saving", MIZO_DAY_NONE),
                                 mizo_published_on(r, fy, "demand", MIZO_DAY_NONE), d, out);
}

mizo_err mizo_achievement_said(int fy, const mizo_published *supply_row, const mizo_published *saving_row,
                               const mizo_published *demand_row, mizo_diags *d, mizo_achievement *out)
{
    char year[16];
    snprintf(year, sizeof year, "%d", fy);
    *out = (mizo_achievement){ .fy = fy };
    mizo_err supply = operand(supply_row, fy, "re-supply", false, d, &out->supply_wh);
    mizo_err saving = operand(saving_row, fy, "saving", false, d, &out->saving_wh);
    mizo_err demand = operand(demand_row, fy, "demand", true, d, &out->demand_wh);
    if (supply || saving || demand)
        return supply ? supply : saving ? saving : demand;
    mizo_err err = mizo_achievement_rate(out);
    if (err)
        MIZO_DIAG(d, CARBON_NO_DEMAND, MIZO_NOWHERE, year);
    return err;
}

void mizo_achievement_text(const mizo_achievement *a, const char *lang, char *out, size_t cap)
{
    bool ja = strcmp(lang, "ja") == 0;
    snprintf(out, cap, ja ? "約%" PRId32 "％" : "about %" PRId32 " %%", a->rate_pct);
}

/* kWh with marks between thousands; what is below a kWh only where there is some. */
static void kwh_text(mizo_wh wh, char out[MIZO_NUM_TEXT])
{
    mizo_grouped_text(wh / 1000, out);
    if (wh % 1000) {
        size_t n = strlen(out);
        snprintf(out + n, MIZO_NUM_TEXT - n, ".%03d", (int)(wh % 1000));
    }
}

void mizo_achievement_rule(const mizo_achievement *a, const char *lang, char *out, size_t cap)
{
    char supply[MIZO_NUM_TEXT], saving[MIZO_NUM_TEXT], demand[MIZO_NUM_TEXT], rate[MIZO_NUM_TEXT];
    kwh_text(a->supply_wh, supply);
    kwh_text(a->saving_wh, saving);
    kwh_text(a->demand_wh, demand);
    mizo_decimal_text(a->rate_bp, 2, rate);
    if (strcmp(lang, "ja") == 0)
        snprintf(out, cap, "(%s + %s) kWh ÷ %s kWh = %s％。丸める前の kWh で割り、整数％へ四捨五入する。",
                 supply, saving, demand, rate);
    else
        snprintf(
            out, cap,
            "(%s + %s) kWh / %s kWh = %s %%. The exact kWh are divided, then rounded half up to a whole percent.",
            supply, saving, demand, rate);
}
