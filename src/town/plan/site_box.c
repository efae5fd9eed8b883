/* site_box.c: what a site's own box knows without any centre: its tariff, its clock, its past weeks, the hours of its
 * loads. The controller's default program lives on it. */
#include <string.h>

#include "town/plan/site_inner.h"

/* Dearest price from now until the cheap hours come back. */
static int32_t dear_price(const int32_t *buy, int n)
{
    int32_t low = INT32_MAX, dear = INT32_MIN;
    for (int i = 0; i < n; i++)
        low = buy[i] < low ? buy[i] : low;
    bool out = false; /* of the cheap hours */
    for (int i = 0; i < n; i++) {
        bool cheap = buy[i] <= low + TIE_MYEN;
        if (cheap && out)
            break;
        out = out || !cheap;
        dear = buy[i] > dear ? buy[i] : dear;
    }
    return dear;
}

static void prices_now(site *s, const site_clock *k)
{
    mizo_rule_now *r = &s->ctl.rule;
    int at = k->of_day;
    r->known = s->region->point[s->point].tariff >= 0;
    r->buy_myen = s->buy[at];
    r->sell_myen = s->sell[at];
    r->dear_myen = dear_price(s->buy + at, 48);
    r->base_high_w = s->high_w[at];
    r->night_high_w = MIZO_MISSING;
    for (int i = 0; i < 48; i++)
        if (s->high_w[i] > r->night_high_w)
            r->night_high_w = s->high_w[i];
}

/* Departure as the controller counts it: the vehicle leaves at the last step edge before it. */
static void vehicles_now(site *s, const site_clock *k)
{
    mizo_rule_now *r = &s->ctl.rule;
    mizo_ms start = mizo_slot_ms(k->slot) - (mizo_ms)k->of_day * MIZO_SLOT_MS; /* of the day */
    for (int j = 0; j < s->nvehicle; j++) {
        const site_vehicle *v = &s->vehicle[j];
        r->minutes_left[j] = r->best_minutes[j] = 0;
        r->best_myen[j] = s->buy[k->of_day];
        if (!v->here)
            continue;
        mizo_ms steps = (v->depart - k->mono) / k->step_ms;
        r->minutes_left[j] = (int)(steps * k->step_ms / 60000);
        int last = (int)((v->depart - start) / MIZO_SLOT_MS);
        for (int i = k->of_day; i < last && i < SITE_PRICES; i++) {
            if (s->buy[i] < r->best_myen[j] - TIE_MYEN) {
                r->best_myen[j] = s->buy[i];
                r->best_minutes[j] = 0;
            }
            r->best_minutes[j] += s->buy[i] <= r->best_myen[j] + TIE_MYEN ? 30 : 0;
        }
    }
}

/* ---- loads and stores ---- */

/* What is drawn from store i in the day's slots from `at` on, W. */
static void draws_ahead(const site *s, const site_clock *k, int i, int n, int32_t *use_w)
{
    const mizo_region *r = s->region;
    size_t first, count = mizo_region_load_of(r, s->point, &first);
    memset(use_w, 0, (size_t)n * sizeof *use_w);
    for (size_t l = first; l < first + count; l++) {
        const mizo_load *load = &r->load[l];
        if (load->kind != MIZO_LOAD_DRAW || load->battery != (mizo_ref)(s->battery_first + (size_t)i))
            continue;
        for (int t = 0; t < n; t++) {
            int of_day = (k->of_day + t) % MIZO_DAY_SLOTS;
            mizo_ms into = (mizo_ms)of_day * MIZO_SLOT_MS;
            if (mizo_load_holds(load, k->day + (k->of_day + t) / MIZO_DAY_SLOTS))
                use_w[t] +=
                    clip32(2 * (mizo_load_drawn(load, into + MIZO_SLOT_MS) - mizo_load_drawn(load, into)));
        }
    }
}

void box_slot(site *s, const site_clock *k)
{
    prices_now(s, k);
    for (int i = 0; i < s->nbattery; i++) {
        s->ctl.use_w[i] = 0;
        if (s->ctl.drawn[i])
            draws_ahead(s, k, i, 1, &s->ctl.use_w[i]);
    }
}

/* What all that may move could take at once, W. */
static int64_t movable_w(const site *s)
{
    int64_t w = 0;
    for (int k = 0; k < s->nrun; k++)
        w += s->region->load[s->run[k]].power_w;
    for (int j = 0; j < s->nvehicle; j++)
        w += s->ctl.charger_max_w[j];
    for (int i = 0; i < s->nbattery; i++)
        w += s->ctl.drawn[i] ? s->ctl.battery[i].charge_w : 0;
    return w;
}

static void look_ahead(site *s, const site_clock *k, const mizo_measurement *m)
{
    enum { AHEAD = MIZO_DAY_SLOTS };
    mizo_rule_now *r = &s->ctl.rule;
    int32_t high[AHEAD], low[AHEAD], use[AHEAD];
    for (int t = 0; t < AHEAD; t++) {
        high[t] = s->high_w[(k->of_day + t) % MIZO_DAY_SLOTS];
        low[t] = s->low_w[(k->of_day + t) % MIZO_DAY_SLOTS];
    }
    int64_t all = movable_w(s);
    mizo_ahead a = { .n = AHEAD,
                     .buy_myen = s->buy + k->of_day,
                     .sell_myen = s->sell[k->of_day],
                     .high_w = high,
                     .low_w = low,
                     .target_w = s->ctl.target_w };
    for (int i = 0; i < m->nrun; i++) {
        const mizo_run_now *u = &m->run[i];
        a.others_w = clip32(all - u->power_w);
        mizo_run_when when = mizo_control_run_when(&a, u->power_w, (int)(u->ms / MIZO_SLOT_MS),
                                                   u->wait_ms < 0 ? 0 : (int)(u->wait_ms / MIZO_SLOT_MS),
                                                   k->of_day == s->region->load[s->run[i]].slot_from);
        bool waits = u->state == MIZO_RUN_WAITS;
        r->run_wait[i] = waits && when.wait;
        r->run_later[i] = waits && when.later;
    }
    for (int i = 0; i < s->nbattery; i++) {
        if (!s->ctl.drawn[i])
            continue;
        mizo_plan_battery b = s->ctl.battery[i];
        draws_ahead(s, k, i, AHEAD, use);
        b.use_w = use;
        a.others_w = clip32(all - b.charge_w);
        mizo_fill f = mizo_control_fill(&a, &b, m->soc_wh[i]);
        r->fill_wh[i] = f.grid_wh;
        r->fill_surplus_wh[i] = f.surplus_wh;
    }
}

void box_step(site *s, const site_clock *at, const mizo_measurement *m)
{
    vehicles_now(s, at);
    bool default_next = !s->has_program || at->mono >= s->program.expires;
    if (s->ahead_wanted && default_next && s->ctl.rule.known && !s->ctl.hold_only)
        look_ahead(s, at, m);
}
