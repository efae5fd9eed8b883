/* offer.c: see offer.h. */
#include "retail/offer.h"

#define BILLION INT64_C(1000000000)

/* a * f / 10^9, half up. */
static mizo_err scaled(int64_t a, int64_t f, int64_t *out)
{
    return mizo_mul_div(a, f, BILLION, MIZO_ROUND_HALF_UP, out);
}

static mizo_err share_of(int64_t a, int64_t share_e6, int64_t *out)
{
    return mizo_mul_div(a, share_e6, MIZO_PPM, MIZO_ROUND_HALF_UP, out);
}

/* What is left of a yen or of a kWh after one more year, in billionths. */
static mizo_err next_year(int64_t *f, int64_t divide_e6, int64_t times_e6)
{
    MIZO_TRY(mizo_mul_div(*f, times_e6, MIZO_PPM, MIZO_ROUND_HALF_UP, f));
    return mizo_mul_div(*f, MIZO_PPM, divide_e6, MIZO_ROUND_HALF_UP, f);
}

/* Present value of `first` a year for n years that ages, at a rate; and of `even` that does not. */
static mizo_err present(int64_t first, int64_t even, int64_t rate_e6, int64_t ageing_e6, int years,
                        int64_t *aged, int64_t *flat)
{
    int64_t now = BILLION, age = BILLION;
    *aged = *flat = 0;
    for (int y = 0; y < years; y++) {
        int64_t a, b;
        MIZO_TRY(next_year(&now, MIZO_PPM + rate_e6, MIZO_PPM));
        MIZO_TRY(scaled(first, age, &a));
        MIZO_TRY(scaled(a, now, &a));
        MIZO_TRY(scaled(even, now, &b));
        if (__builtin_add_overflow(*aged, a, aged) || __builtin_add_overflow(*flat, b, flat))
            return MIZO_ERANGE;
        MIZO_TRY(next_year(&age, MIZO_PPM, MIZO_PPM - ageing_e6));
    }
    return MIZO_OK;
}

static mizo_err round_up(int64_t v, int64_t step, int64_t *out)
{
    if (step <= 1) {
        *out = v;
        return MIZO_OK;
    }
    return mizo_mul_div(mizo_div_round(v, step, MIZO_ROUND_UP), step, 1, MIZO_ROUND_UP, out);
}

static mizo_err with_tax(const offer_terms *t, int64_t net, int64_t *out)
{
    return share_of(net, MIZO_PPM + t->tax_e6, out);
}

/* What the panels cost whoever deducts the tax. */
static mizo_err net_costs(const offer_terms *t, const offer_size *s, mizo_uyen *cost, mizo_uyen *om)
{
    MIZO_TRY(mizo_mul_div(s->dc_w, t->capex_uyen_per_kw, 1000, MIZO_ROUND_HALF_UP, cost));
    return mizo_mul_div(s->dc_w, t->om_uyen_per_kw_year, 1000, MIZO_ROUND_HALF_UP, om);
}

/* The price at which the provider's present value is nil: (cost - passed grant + upkeep) / discounted kWh, without tax;
 * the house's tax comes on top of it. */
static mizo_err ppa_price(const offer_terms *t, offer_size *s)
{
    int64_t kwh, upkeep, passed, due, cost, om, grant;
    s->ppa_price_e6 = s->ppa_paid = 0;
    if (s->self_wh == 0)
        return MIZO_OK;
    MIZO_TRY(net_costs(t, s, &cost, &om));
    MIZO_TRY(share_of(cost, t->grant_e6, &grant));
    MIZO_TRY(share_of(grant, t->passed_e6, &passed));
    MIZO_TRY(present(s->self_wh, om, t->return_e6, t->ageing_e6, t->ppa_years, &kwh, &upkeep));
    if (kwh <= 0)
        return MIZO_ERANGE;
    due = cost - passed + upkeep;
    MIZO_TRY(mizo_mul_div(due, 1000, kwh, MIZO_ROUND_UP, &s->ppa_price_e6));
    MIZO_TRY(round_up(s->ppa_price_e6, t->price_step_e6, &s->ppa_price_e6));
    MIZO_TRY(with_tax(t, s->ppa_price_e6, &s->ppa_price_e6));
    return mizo_mul_div(s->self_wh, s->ppa_price_e6, 1000, MIZO_ROUND_HALF_UP, &s->ppa_paid);
}

/* Years until what was saved, less upkeep, has paid the cost. */
static mizo_err payback(const offer_terms *t, offer_size *s)
{
    int64_t age = BILLION, left = s->cost - s->grant;
    s->payback_years = 0;
    for (int y = 1; y <= t->years; y++) {
        int64_t a;
        MIZO_TRY(scaled(s->saved, age, &a));
        left -= a - s->om;
        if (left <= 0) {
            s->payback_years = y;
            return MIZO_OK;
        }
        MIZO_TRY(next_year(&age, MIZO_PPM, MIZO_PPM - t->ageing_e6));
    }
    return MIZO_OK;
}

static mizo_err values(const offer_terms *t, offer_size *s)
{
    int64_t saved, upkeep, paid, none, upkeep_term;
    MIZO_TRY(present(s->saved, s->om, t->discount_e6, t->ageing_e6, t->years, &saved, &upkeep));
    MIZO_TRY(present(s->ppa_paid, s->om, t->discount_e6, t->ageing_e6, t->ppa_years, &paid, &upkeep_term));
    none = upkeep - upkeep_term; /* upkeep after the term is the house's */
    s->own_value = saved - upkeep - (s->cost - s->grant);
    s->ppa_value = saved - paid - none;
    return MIZO_OK;
}

static bool good_share(int64_t e6)
{
    return e6 >= 0 && e6 < MIZO_PPM;
}

static bool good(const offer_terms *t, const offer_size *s)
{
    return t->years >= 1 && t->years <= OFFER_YEARS && t->ppa_years >= 1 && t->ppa_years <= t->years &&
           good_share(t->tax_e6) && good_share(t->ageing_e6) && good_share(t->discount_e6) &&
           good_share(t->return_e6) && t->grant_e6 >= 0 && t->grant_e6 <= MIZO_PPM && t->passed_e6 >= 0 &&
           t->passed_e6 <= MIZO_PPM && s->dc_w >= 0 && s->self_wh >= 0 && s->self_wh <= s->generated_wh;
}

mizo_err offer_money(const offer_terms *t, offer_size *s)
{
    if (!good(t, s))
        return MIZO_ERANGE;
    MIZO_TRY(net_costs(t, s, &s->cost, &s->om));
    MIZO_TRY(with_tax(t, s->cost, &s->cost));
    MIZO_TRY(with_tax(t, s->om, &s->om));
    MIZO_TRY(share_of(s->cost, t->grant_e6, &s->grant));
    MIZO_TRY(ppa_price(t, s));
    s->ppa_saved = s->saved - s->ppa_paid;
    MIZO_TRY(payback(t, s));
    return values(t, s);
}
