/* trade.c: look-ups of contracts, charges, parameters and roundings, and the days of a bill. */
#include <string.h>

#include "mizo/messages/region.h"
#include "region/build.h"

const char *mizo_mark_text(mizo_mark m)
{
    static const char *const text[] = { "", "V", "S", "G", "C" };
    return (size_t)m < sizeof text / sizeof *text ? text[m] : "";
}

const char *mizo_charge_word(mizo_charge_kind k)
{
#define X(name, word, unit) word,
    static const char *const words[] = { MIZO_CHARGE_KINDS(X) };
#undef X
    return (size_t)k < MIZO_CHARGE_COUNT ? words[k] : "";
}

const char *mizo_charge_unit(mizo_charge_kind k)
{
#define X(name, word, unit) unit,
    static const char *const units[] = { MIZO_CHARGE_KINDS(X) };
#undef X
    return (size_t)k < MIZO_CHARGE_COUNT ? units[k] : "";
}

const char *mizo_step_word(mizo_round_step s)
{
#define X(name, word) word,
    static const char *const words[] = { MIZO_ROUND_STEPS(X) };
#undef X
    return (size_t)s < MIZO_STEP_COUNT ? words[s] : "";
}

/* ---- contracts, charges ---- */

size_t mizo_contracts_of(const mizo_region *r, mizo_ref point, size_t *first)
{
    size_t lo = 0, hi = r->ncontract;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (r->contract[r->contract_by_point[mid]].point < point)
            lo = mid + 1;
        else
            hi = mid;
    }
    *first = lo;
    while (hi < r->ncontract && r->contract[r->contract_by_point[hi]].point == point)
        hi++;
    return hi - lo;
}

mizo_day mizo_party_since(const mizo_region *r, const mizo_contract *c)
{
    size_t first, n = mizo_contracts_of(r, c->point, &first);
    mizo_day since = INT32_MIN;
    for (size_t i = 0; i < n; i++) {
        const mizo_contract *other = &r->contract[r->contract_by_point[first + i]];
        if (other->party != c->party && other->to <= c->from && other->to > since)
            since = other->to;
    }
    return since;
}

mizo_ref mizo_contract_on(const mizo_region *r, mizo_ref point, mizo_day d)
{
    size_t first, n = mizo_contracts_of(r, point, &first);
    for (size_t i = first; i < first + n; i++) {
        const mizo_contract *c = &r->contract[r->contract_by_point[i]];
        if (d >= c->from && d < c->to)
            return r->contract_by_point[i];
    }
    return -1;
}

size_t mizo_charges_of(const mizo_region *r, mizo_ref tariff, size_t *first)
{
    size_t lo = 0, hi = r->ncharge;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (r->charge[mid].tariff < tariff)
            lo = mid + 1;
        else
            hi = mid;
    }
    *first = lo;
    while (hi < r->ncharge && r->charge[hi].tariff == tariff)
        hi++;
    return hi - lo;
}

/* ---- parameters ---- */

static int compare_param(const mizo_param *p, const char *name, const char *key)
{
    int c = strcmp(p->name, name);
    return c ? c : strcmp(p->key, key);
}

const char *mizo_mix_word(mizo_mix_kind k)
{
    static const char *const words[] = {
#define X(name, word, needed) word,
        MIZO_MIX_KINDS(X)
#undef X
    };
    return words[k];
}

const mizo_param *mizo_param_on(const mizo_region *r, const char *name, const char *key, mizo_day d)
{
    size_t lo = 0, hi = r->nparam;
    key = key ? key : "";
    while (lo < hi) { /* past the last row of this name and key that has begun by then */
        size_t mid = lo + (hi - lo) / 2;
        int c = compare_param(&r->param[mid], name, key);
        if (c < 0 || (c == 0 && r->param[mid].from <= d))
            lo = mid + 1;
        else
            hi = mid;
    }
    const mizo_param *p = lo ? &r->param[lo - 1] : NULL;
    return p && compare_param(p, name, key) == 0 && d < p->to ? p : NULL;
}

mizo_err mizo_param_get(const mizo_region *r, const char *name, const char *key, mizo_day day, mizo_diags *d,
                        int64_t *value_e6, const mizo_param **row)
{
    const mizo_param *p = mizo_param_on(r, name, key, day);
    if (row)
        *row = p;
    if (p) {
        *value_e6 = p->value_e6;
        return MIZO_OK;
    }
    char date[MIZO_DATE_TEXT];
    mizo_day_text(day, date);
    MIZO_DIAG(d, TRADE_PARAM_NONE, MIZO_AT("params.csv", 0, 0), name, key ? key : "", date);
    return MIZO_ENOENT;
}

/* ---- roundings ---- */

const mizo_rounding *mizo_rounding_of(const mizo_region *r, const char *chain, mizo_round_step s)
{
    size_t lo = 0, hi = r->nrounding;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const mizo_rounding *m = &r->rounding[mid];
        int c = strcmp(m->chain, chain);
        if (c < 0 || (c == 0 && m->step < s))
            lo = mid + 1;
        else
            hi = mid;
    }
    const mizo_rounding *m = lo < r->nrounding ? &r->rounding[lo] : NULL;
    return m && m->step == s && strcmp(m->chain, chain) == 0 ? m : NULL;
}

mizo_err mizo_round_by(const mizo_rounding *row, int64_t value_e6, int64_t *out_e6, int64_t *left_e6)
{
    static const mizo_round how[] = { [MIZO_HOW_HALF_UP] = MIZO_ROUND_HALF_UP,
                                      [MIZO_HOW_CUT] = MIZO_ROUND_CUT,
                                      [MIZO_HOW_DOWN] = MIZO_ROUND_DOWN,
                                      [MIZO_HOW_UP] = MIZO_ROUND_UP };
    *out_e6 = value_e6;
    *left_e6 = 0;
    if (!row || row->how == MIZO_HOW_NONE)
        return MIZO_OK;
    int64_t units = mizo_div_round(value_e6, row->unit_e6, how[row->how]);
    if (__builtin_mul_overflow(units, row->unit_e6, out_e6) ||
        __builtin_sub_overflow(value_e6, *out_e6, left_e6))
        return MIZO_ERANGE;
    return MIZO_OK;
}

/* ---- the days of a bill ---- */

static mizo_day reading_in(int year, int month, int day)
{
    int days = mizo_month_days(year, month);
    return mizo_date_day((mizo_date){ year, month, day < days ? day : days });
}

void mizo_bill_period(const mizo_contract *c, mizo_day month, mizo_day *from, mizo_day *to)
{
    mizo_date m = mizo_day_date(month);
    int year = m.year, before = m.month - 1;
    if (c->reading_day <= 1) {
        *from = mizo_date_day((mizo_date){ m.year, m.month, 1 });
        *to = *from + mizo_month_days(m.year, m.month);
        return;
    }
    if (before == 0) {
        before = 12;
        year--;
    }
    *from = reading_in(year, before, c->reading_day);
    *to = reading_in(m.year, m.month, c->reading_day);
}
