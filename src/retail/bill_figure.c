/* bill_figure.c: what a row of a tariff costs in a month: its own price, a parameter of the month, the
 * formula of the fuel adjustment, the market price of each half-hour.
 *
 * Fuel (retail-balancing 5.1): average = alpha x crude + beta x lng + gamma x coal, at most cap x base where
 * there is a cap; unit = (average - base) x rate / 1000. The prices of a month m are those that hold `lag`
 * months before it. Market: area price / (1 - loss) + fee. */
#include <stdlib.h>
#include <string.h>

#include "retail/bill_int.h"

enum { ONE_E6 = 1000000 };

static const mizo_param *need(const mizo_bill_table *t, bill_row *row, const char *name, const char *key,
                              mizo_day day)
{
    const mizo_param *p = mizo_param_on(t->r, name, key, day);
    if (p && row->nparam < MIZO_BILL_PARAMS)
        row->param[row->nparam++] = p;
    if (!p && !row->lacks) {
        row->lacks = name;
        row->lacks_key = key;
        row->lacks_day = day;
    }
    return p;
}

/* Of the month: the row without a key, else that of the voltage. */
static const mizo_param *need_of_month(const mizo_bill_table *t, bill_row *row, const char *name)
{
    const char *key = mizo_voltage_word(t->voltage);
    bool by_voltage = !mizo_param_on(t->r, name, "", t->month) && mizo_param_on(t->r, name, key, t->month);
    return need(t, row, name, by_voltage ? key : "", t->month);
}

/* ---- fuel ---- */

enum { MOST_LAG = 120 }; /* months */

/* Micro-yen per kL of the average, before its rounding. */
static bool fuel_average(const mizo_bill_table *t, bill_row *row, int64_t *out)
{
    static const char *const weight[] = { "alpha", "beta", "gamma" }, *const fuel[] = { "crude", "lng",
                                                                                        "coal" };
    const mizo_param *lag = need(t, row, row->c.param, "lag", t->month);
    if (!lag)
        return false;
    if (lag->value_e6 < 0 || lag->value_e6 > MOST_LAG * ONE_E6) {
        row->outside = true;
        return false;
    }
    mizo_day then = mizo_month_first(t->month, -(int)(lag->value_e6 / ONE_E6));
    bill_wide sum = 0;
    for (int i = 0; i < 3; i++) {
        const mizo_param *w = need(t, row, row->c.param, weight[i], t->month);
        const mizo_param *p = w && w->value_e6 ? need(t, row, "fuel-price", fuel[i], then) : NULL;
        if (!w || (w->value_e6 && !p))
            return false;
        sum += p ? (bill_wide)w->value_e6 * p->value_e6 : 0;
    }
    *out = bill_div(sum, ONE_E6, &row->outside);
    return true;
}

static void fuel_figure(const mizo_bill_table *t, bill_row *row)
{
    int64_t average;
    const mizo_param *base = need(t, row, row->c.param, "base", t->month),
                     *rate = need(t, row, row->c.param, "rate", t->month),
                     *cap = mizo_param_on(t->r, row->c.param, "cap", t->month)
                                ? need(t, row, row->c.param, "cap", t->month)
                                : NULL;
    if (!base || !rate || !fuel_average(t, row, &average))
        return;
    average = bill_round_e6(t, MIZO_STEP_FUEL_AVERAGE, average, &row->outside);
    int64_t most =
        cap ? bill_div((bill_wide)base->value_e6 * cap->value_e6, ONE_E6, &row->outside) : INT64_MAX;
    average = average > most ? most : average;
    row->average_e6 = average;
    row->raw_e6 = bill_div(((bill_wide)average - base->value_e6) * rate->value_e6, (bill_wide)1000 * ONE_E6,
                           &row->outside);
    row->price_e6 = bill_round_e6(t, MIZO_STEP_FUEL_UNIT, row->raw_e6, &row->outside);
}

/* ---- market ---- */

static bool market_figure(const mizo_bill_table *t, bill_row *row, const int32_t *price)
{
    size_t n = (size_t)(t->to - t->from) * MIZO_DAY_SLOTS;
    int64_t fee = row->c.price_e6 == MIZO_NO_PRICE ? 0 : row->c.price_e6;
    const mizo_param *loss = need_of_month(t, row, row->c.param);
    row->unit_raw = malloc(n * sizeof *row->unit_raw);
    row->unit = malloc(n * sizeof *row->unit);
    if (!row->unit_raw || !row->unit)
        return false;
    int64_t kept = loss ? ONE_E6 - loss->value_e6 : ONE_E6;
    row->outside = kept <= 0;
    for (size_t i = 0; i < n; i++) {
        row->unit_raw[i] = row->unit[i] = MIZO_NO_PRICE;
        if (!price || price[i] == MIZO_MISSING || kept <= 0)
            continue;
        int64_t unit = bill_div((bill_wide)price[i] * 1000 * ONE_E6, kept, &row->outside);
        row->unit_raw[i] = bill_add(unit, fee, &row->outside);
        row->unit[i] = bill_round_e6(t, MIZO_STEP_MARKET_UNIT, row->unit_raw[i], &row->outside);
    }
    return true;
}

/* ---- any ---- */

bool bill_row_figure(mizo_bill_table *t, bill_row *row, const int32_t *price)
{
    const mizo_charge *c = &row->c;
    row->raw_e6 = row->price_e6 = c->price_e6;
    row->average_e6 = MIZO_NO_PRICE;
    if (c->kind == MIZO_CHARGE_MARKET)
        return market_figure(t, row, price);
    if (!*c->param)
        return true;
    row->raw_e6 = row->price_e6 = MIZO_NO_PRICE;
    if (c->kind == MIZO_CHARGE_FUEL && mizo_param_on(t->r, c->param, "base", t->month)) {
        fuel_figure(t, row);
        return true;
    }
    const mizo_param *p = need_of_month(t, row, c->param);
    if (!p)
        return true;
    row->raw_e6 = p->value_e6;
    if (c->kind == MIZO_CHARGE_EXCESS && c->price_e6 != MIZO_NO_PRICE) /* of a tariff without charges */
        row->raw_e6 = bill_div((bill_wide)c->price_e6 * p->value_e6, ONE_E6, &row->outside);
    row->price_e6 = c->kind == MIZO_CHARGE_FUEL
                        ? bill_round_e6(t, MIZO_STEP_FUEL_UNIT, row->raw_e6, &row->outside)
                        : row->raw_e6;
    return true;
}
