/* desk_bids.c: bids to the exchange from what is open. domain: retail-balancing.md 4. */
#include "mizo/desk.h"

static int32_t clamp_price(const mizo_desk_rules *r, int64_t myen, bool up)
{
    if (r->market_tick_myen > 0)
        myen = mizo_div_round(myen, r->market_tick_myen, up ? MIZO_ROUND_UP : MIZO_ROUND_DOWN) *
               r->market_tick_myen;
    if (myen < r->market_least_myen)
        return r->market_least_myen;
    return myen > r->market_most_myen ? r->market_most_myen : (int32_t)myen;
}

static mizo_wh whole_steps(const mizo_desk_rules *r, mizo_wh wh)
{
    mizo_wh step = (mizo_wh)r->market_step_kwh * 1000;
    return step > 0 ? wh / step * step : wh;
}

static mizo_wh least(mizo_wh a, mizo_wh b)
{
    return a < b ? a : b;
}

static int buy(const mizo_bid_ask *ask, int t, mizo_bid *out)
{
    int n = 0;
    mizo_wh all = whole_steps(ask->rules, ask->open[t]);
    mizo_wh sure = ask->worth_myen[t] == MIZO_MISSING
                       ? all
                       : whole_steps(ask->rules, least(ask->open_low[t] > 0 ? ask->open_low[t] : 0, all));
    if (sure > 0)
        out[n++] = (mizo_bid){ (uint8_t)t, false, sure, clamp_price(ask->rules, ask->limit_myen, false) };
    if (all > sure) /* a kWh more is worth what it would cost as imbalance, less the fee */
        out[n++] = (mizo_bid){ (uint8_t)t, false, all - sure,
                               clamp_price(ask->rules,
                                           (int64_t)ask->worth_myen[t] - ask->rules->spot_fee_myen, false) };
    return n;
}

int mizo_desk_bids(const mizo_bid_ask *ask, mizo_bid out[2 * MIZO_DAY_SLOTS])
{
    int n = 0;
    for (int t = 0; t < MIZO_DAY_SLOTS; t++) {
        if (ask->open[t] > 0)
            n += buy(ask, t, out + n);
        mizo_wh spare = ask->open[t] < 0 ? whole_steps(ask->rules, -ask->open[t]) : 0;
        if (spare > 0)
            out[n++] = (mizo_bid){ (uint8_t)t, true, spare, clamp_price(ask->rules, ask->floor_myen, true) };
    }
    return n;
}
