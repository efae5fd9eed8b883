/* problem.c: from the region to one site's planning problem. */
#include <string.h>

#include "mizo/retail.h"
#include "town/plan/problem.h"

enum { PRICE_MOST = 1000000000 }; /* of a plan, milli-yen */

static bool valid_on(mizo_day from, mizo_day to, mizo_day day)
{
    return from <= day && day < to;
}

static int32_t share(int32_t of, int32_t ppm)
{
    return (int32_t)((int64_t)of * ppm / MIZO_PPM);
}

static int32_t watts(int32_t wh)
{
    int64_t w = (int64_t)wh * 2; /* MIZO_MISSING is negative */
    return w < 0 ? 0 : w > INT32_MAX ? INT32_MAX : (int32_t)w;
}

bool problem_decides(const mizo_region *r, mizo_ref point, mizo_day day)
{
    size_t first, n = mizo_region_battery_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        if (valid_on(r->battery[i].from, r->battery[i].to, day))
            return true;
    n = mizo_region_charger_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        if (valid_on(r->charger[i].from, r->charger[i].to, day))
            return true;
    n = mizo_region_load_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        if (valid_on(r->load[i].from, r->load[i].to, day))
            return true;
    n = r->point[point].export_allowed ? 0 : mizo_region_pv_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        if (valid_on(r->pv[i].from, r->pv[i].to, day))
            return true;
    return false;
}

static int32_t rate(const mizo_region *r, mizo_ref point, mizo_slot s)
{
    mizo_ref tariff = r->point[point].tariff;
    if (tariff < 0)
        return 0;
    return mizo_region_rate(r, tariff, mizo_slot_day(s, r->offset), mizo_slot_of_day(s, r->offset));
}

bool problem_drawn(const mizo_region *r, const mizo_battery *b)
{
    size_t first, n = mizo_region_load_of(r, b->point, &first);
    for (size_t i = first; i < first + n; i++)
        if (r->load[i].kind == MIZO_LOAD_DRAW && r->load[i].battery == b - r->battery)
            return true;
    return false;
}

int32_t problem_end_value(const mizo_region *r, mizo_ref point, const mizo_battery *b, mizo_slot end)
{
    int32_t price[MIZO_DAY_SLOTS];
    int cheapest = 0;
    for (int t = 0; t < MIZO_DAY_SLOTS; t++) {
        price[t] = rate(r, point, end + t);
        cheapest = price[t] < price[cheapest] ? t : cheapest;
    }
    int64_t before = 0,
            ever = 0; /* what a kWh saves when it is discharged, before the cheap hours and at all */
    for (int t = 0; t < MIZO_DAY_SLOTS; t++) {
        int64_t saves = ((int64_t)price[t] - b->wear_myen) * b->discharge_ppm / MIZO_PPM;
        before = t < cheapest && saves > before ? saves : before;
        ever = saves > ever ? saves : ever;
    }
    if (problem_drawn(r, b))
        ever = INT64_MAX; /* it will be wanted */
    else if (b->discharge_w <= 0)
        return 0;
    if (b->discharge_w <= 0)
        before = 0;
    int64_t refill = b->charge_ppm > 0 ? (int64_t)price[cheapest] * MIZO_PPM / b->charge_ppm : 0;
    int64_t value = refill < ever ? refill : ever; /* nobody refills what will not pay */
    value = before > value ? before : value;
    return value < 0 ? 0 : value > INT32_MAX ? INT32_MAX : (int32_t)value;
}

static void take_battery(const problem_input *in, const mizo_battery *b, int nth, site_problem *out)
{
    int i = out->lp.nbattery++;
    int32_t least = share(b->energy_wh, b->soc_min_ppm), most = share(b->energy_wh, b->soc_max_ppm);
    int32_t now =
        in->soc_wh && in->soc_wh[nth] != MIZO_MISSING ? in->soc_wh[nth] : least + (most - least) / 2;
    out->battery[i] = (mizo_ref)(b - in->region->battery);
    out->battery_session[i] = -1;
    out->lp.battery[i] = (mizo_plan_battery){
        .energy_wh = b->energy_wh,
        .charge_w = b->charge_w,
        .discharge_w = b->discharge_w,
        .soc_min_wh = least,
        .soc_max_wh = most,
        .reserve_wh = share(b->energy_wh, b->reserve_ppm),
        .soc_now_wh = now,
        .charge_ppm = b->charge_ppm,
        .discharge_ppm = b->discharge_ppm,
        .wear_myen = b->wear_myen,
        .end_myen = problem_end_value(in->region, in->point, b, in->from + in->n),
        .loss_ppm_h = b->loss_ppm_h,
        .own_pv_only = b->own_pv_only,
        .site_only = b->site_only,
    };
}

static void take_batteries(const problem_input *in, site_problem *out)
{
    const mizo_region *r = in->region;
    size_t first, n = mizo_region_battery_of(r, in->point, &first);
    mizo_day day = mizo_slot_day(in->from, r->offset);
    for (size_t i = first, nth = 0; i < first + n && nth < MIZO_SITE_BATTERIES; i++) {
        if (!valid_on(r->battery[i].from, r->battery[i].to, day))
            continue;
        take_battery(in, &r->battery[i], (int)nth, out);
        nth++;
    }
}

/* ---- loads.csv ---- */

/* What is drawn of a store by the end of k of n slots, W-slots: so that nothing is lost to rounding. */
static int64_t drawn_w(const mizo_load *l, int k)
{
    return (int64_t)l->energy_wh * 2 * k / (l->slot_to - l->slot_from);
}

static int32_t *use_of(site_problem *out, int b)
{
    if (!out->lp.battery[b].use_w)
        memset(out->use_w[b], 0, sizeof out->use_w[b]);
    out->lp.battery[b].use_w = out->use_w[b];
    return out->use_w[b];
}

static void take_draw(const problem_input *in, const mizo_load *l, site_problem *out)
{
    int b = 0, offset = in->region->offset;
    while (b < out->lp.nbattery && out->battery[b] != l->battery)
        b++;
    if (b == out->lp.nbattery)
        return;
    int32_t *use = use_of(out, b);
    for (int t = 0; t < in->n; t++) {
        int k = mizo_slot_of_day(in->from + t, offset) - l->slot_from;
        if (k >= 0 && k < l->slot_to - l->slot_from &&
            mizo_load_holds(l, mizo_slot_day(in->from + t, offset)))
            use[t] += (int32_t)(drawn_w(l, k + 1) - drawn_w(l, k));
    }
}

/* What is due and has not been given yet is wanted in the first slot. */
static void take_owed(const problem_input *in, site_problem *out)
{
    for (int b = 0; b < out->lp.nbattery && in->owed_wh; b++)
        if (in->owed_wh[b] > 0 && out->lp.battery[b].use_w)
            use_of(out, b)[0] += watts(in->owed_wh[b]);
}

/* What a run that has begun still takes: it is a load like others. */
static void take_begun(const problem_input *in, const mizo_load *l, int64_t ms, site_problem *out)
{
    int64_t left = ms + in->into_ms;
    for (int t = 0; t < in->n && left > 0; t++, left -= MIZO_SLOT_MS)
        out->load_w[t] += (int32_t)(l->power_w * (left < MIZO_SLOT_MS ? left : MIZO_SLOT_MS) / MIZO_SLOT_MS);
}

/* The run of a day. now: how it stands on the first day of the horizon; NULL: a later day. */
static void take_run(const problem_input *in, mizo_ref load, mizo_day day, const mizo_run_now *now,
                     site_problem *out)
{
    const mizo_load *l = &in->region->load[load];
    mizo_slot midnight = mizo_day_slot(day, in->region->offset);
    int from = (int)(midnight + l->slot_from - in->from), to = from + l->slot_to - l->slot_from;
    int slots = (l->minutes + 29) / 30, first = in->into_ms > 0 ? 1 : 0;
    if (now && now->state == MIZO_RUN_RUNS)
        take_begun(in, l, now->ms, out);
    if (!mizo_load_holds(l, day) || to > in->n || (now && (now->state == MIZO_RUN_RUNS || now->done)) ||
        (!now && from < 0))
        return;
    from = from < first ? first : from;
    if (from + slots > to) /* it begins at once, and ends too late */
        take_begun(in, l, (int64_t)slots * MIZO_SLOT_MS, out);
    else if (out->lp.nrun == MIZO_SITE_RUNS)
        out->left_out = true;
    else {
        out->run[out->lp.nrun] = load;
        out->lp.run[out->lp.nrun++] = (mizo_plan_run){ from, to, slots, l->power_w };
    }
}

static void take_runs(const problem_input *in, mizo_day day, bool first_day, site_problem *out)
{
    size_t first, n = mizo_region_load_of(in->region, in->point, &first);
    for (size_t i = first, k = 0; i < first + n; i++) {
        if (in->region->load[i].kind != MIZO_LOAD_RUN)
            continue;
        take_run(in, (mizo_ref)i, day, first_day && in->run ? &in->run[k] : NULL, out);
        k++;
    }
}

/* Days one after the other: where there is no room for all, those that come first are planned. */
static void take_loads(const problem_input *in, site_problem *out)
{
    int offset = in->region->offset;
    mizo_day today = mizo_slot_day(in->from, offset), last = mizo_slot_day(in->from + in->n - 1, offset);
    size_t first, n = mizo_region_load_of(in->region, in->point, &first);
    for (size_t i = first; i < first + n; i++)
        if (in->region->load[i].kind == MIZO_LOAD_DRAW)
            take_draw(in, &in->region->load[i], out);
    for (mizo_day d = today; d <= last && n > 0; d++)
        take_runs(in, d, d == today, out);
}

/* ---- vehicles ---- */

/* A vehicle that stays beyond the horizon must by its end have what half the charger's power cannot
 * give it afterwards: other vehicles want the same hours. */
static int32_t need_within(const problem_session *s, const mizo_charger *c, mizo_slot end)
{
    if (s->to <= end)
        return s->need_wh;
    int64_t slots = s->to - end > MIZO_DAY_SLOTS ? MIZO_DAY_SLOTS : s->to - end;
    int64_t later = slots * (c->max_w / 4) * c->efficiency_ppm / MIZO_PPM;
    return later >= s->need_wh ? 0 : (int32_t)(s->need_wh - later);
}

/* A vehicle that gives back is a battery that comes and goes. False: it is not known which vehicle, or there is no
 * room for one more. */
static bool take_give_back(const problem_input *in, int k, int from, int to, int32_t need_wh,
                           site_problem *out)
{
    const problem_session *s = &in->session[k];
    const mizo_charger *c = &in->region->charger[s->charger];
    const mizo_vehicle *v = mizo_region_vehicle_of(in->region, s->charger);
    int i = out->lp.nbattery;
    if (c->give_w <= 0 || !v)
        return false;
    if (i == MIZO_SITE_BATTERIES) {
        out->left_out = true;
        return false;
    }
    int32_t full = s->full_wh ? s->full_wh : mizo_vehicle_full_wh(v, s->need_wh), now = full - s->need_wh;
    enum { TOP_WH = 20 }; /* so that rounding to W does not miss the last Wh; it stops by itself */
    int32_t least = share(v->energy_wh, v->least_ppm);
    out->lp.nbattery++;
    out->battery[i] = -1;
    out->battery_session[i] = k;
    out->lp.battery[i] = (mizo_plan_battery){
        .energy_wh = full + TOP_WH,
        .charge_w = c->max_w,
        .discharge_w = c->give_w,
        .soc_min_wh = least < full ? least : full,
        .soc_max_wh = full + TOP_WH,
        .soc_now_wh = now,
        .charge_ppm = c->efficiency_ppm,
        .discharge_ppm = c->give_ppm,
        .wear_myen = v->wear_myen,
        .from = from,
        .to = to,
        .leave_wh = now + need_wh,
    };
    return true;
}

static void take_sessions(const problem_input *in, site_problem *out)
{
    mizo_slot end = in->from + in->n;
    for (int k = 0; k < in->nsession && out->lp.nvehicle < MIZO_SITE_VEHICLES; k++) {
        const problem_session *s = &in->session[k];
        const mizo_charger *c = &in->region->charger[s->charger];
        if (s->to <= in->from || s->from >= end || s->need_wh < (c->give_w > 0 ? 0 : 1))
            continue;
        int from = s->from > in->from ? (int)(s->from - in->from) : 0;
        int to = s->to < end ? (int)(s->to - in->from) : in->n;
        int32_t need = need_within(s, c, end);
        if (take_give_back(in, k, from, to, need, out))
            continue;
        if (s->need_wh == 0)
            continue;
        out->session[out->lp.nvehicle] = k;
        out->lp.vehicle[out->lp.nvehicle++] = (mizo_plan_vehicle){
            .from = from,
            .to = to,
            .need_wh = need,
            .max_w = c->max_w,
            .efficiency_ppm = c->efficiency_ppm,
            .min_w = c->min_w,
        };
    }
}

static void take_series(const problem_input *in, site_problem *out)
{
    const mizo_region *r = in->region;
    mizo_ref tariff = r->point[in->point].tariff;
    int32_t sell = tariff >= 0 ? r->tariff[tariff].export_myen_per_kwh : 0;
    for (int t = 0; t < in->n; t++) {
        out->load_w[t] = watts(in->load_wh[t]);
        out->pv_w[t] = in->pv_wh ? watts(in->pv_wh[t]) : 0;
        out->buy_myen[t] = rate(r, in->point, in->from + t);
        out->sell_myen[t] = sell;
    }
    out->lp.load_w = out->load_w;
    out->lp.pv_w = in->pv_wh ? out->pv_w : NULL;
    out->lp.buy_myen = out->buy_myen;
    out->lp.sell_myen = out->sell_myen;
}

/* Where nobody knows the peak of the past year, the site's own demand is taken as paid for: the plan
 * then adds nothing to it, and does not spend a fortune on lowering it. */
static int32_t standing(const problem_input *in, const site_problem *out)
{
    int32_t known = in->standing_w >= 0 ? in->standing_w : in->region->point[in->point].standing_w;
    if (known > 0 || in->standing_w == 0)
        return known;
    int32_t most = 0;
    for (int t = 0; t < in->n; t++)
        most = out->load_w[t] > most ? out->load_w[t] : most;
    return most;
}

static void take_limits(const problem_input *in, site_problem *out)
{
    const mizo_point *p = &in->region->point[in->point];
    out->lp.limit_w = p->contract_w > 0 ? p->contract_w : INT32_MAX / 2;
    out->lp.export_w = p->export_allowed ? out->lp.limit_w : 0;
    out->lp.standing_w = standing(in, out);
    int64_t peak = p->tariff >= 0 ? mizo_peak_myen_per_kw(&in->region->tariff[p->tariff]) : 0;
    out->lp.peak_myen_per_kw = peak > INT32_MAX ? INT32_MAX : (int32_t)peak;
    int64_t over = p->tariff >= 0 ? mizo_over_agreed_myen_per_kw(&in->region->tariff[p->tariff]) : 0;
    out->lp.agreed_w = p->agreed_w;
    out->lp.over_agreed_myen_per_kw = over > PRICE_MOST ? PRICE_MOST : (int32_t)over;
    out->lp.keep_import_w = p->keep_import_w;
}

mizo_err problem_build(const problem_input *in, site_problem *out)
{
    if (in->n < 1 || in->n > MIZO_PLAN_MAX || in->point < 0 || (size_t)in->point >= in->region->npoint)
        return MIZO_ERANGE;
    out->left_out = false;
    out->lp = (mizo_site_problem){ .size = sizeof out->lp, .from = in->from, .n = in->n, .step_min = 30 };
    take_series(in, out);
    take_limits(in, out);
    take_batteries(in, out);
    take_loads(in, out);
    take_owed(in, out);
    take_sessions(in, out);
    return MIZO_OK;
}

void problem_steer(site_problem *p, const int32_t *myen)
{
    for (int t = 0; t < p->lp.n && myen; t++) {
        p->buy_myen[t] += myen[t];
        p->sell_myen[t] += myen[t];
    }
}
