/* site_round.c: from the solver's kW to a plan in W that obeys physics exactly, slot after slot.
 *
 * Each battery follows the stored energy of the solver's plan, so that rounding never gathers; each
 * vehicle follows its delivered energy. What is then left of the balance falls on the grid; where that
 * meets the limit, the smallest thing that helps is changed. Nothing here trusts the flows. */
#include <math.h>
#include <string.h>

#include "optimize/site.h"

enum { UWH = 1000000 };

int64_t mizo_battery_step(const mizo_plan_battery *b, int step_min, int64_t soc_uwh, int32_t charge_w,
                          int32_t discharge_w)
{
    /* W x minutes / 60 x ppm is micro-Wh. At most 2^31 x 1440 x 10^6 = 3.1e18: fits. */
    int64_t in = (int64_t)charge_w * step_min * b->charge_ppm / 60;
    int64_t out = 0, lost = 0;
    if (discharge_w > 0 && mizo_mul_div((int64_t)discharge_w * step_min, (int64_t)MIZO_PPM * MIZO_PPM,
                                        (int64_t)b->discharge_ppm * 60, MIZO_ROUND_UP, &out) != MIZO_OK)
        out = INT64_MAX / 2;
    if (b->loss_ppm_h > 0 && soc_uwh > 0 &&
        (mizo_mul_div(soc_uwh, (int64_t)b->loss_ppm_h * step_min, (int64_t)60 * MIZO_PPM, MIZO_ROUND_UP,
                      &lost) != MIZO_OK ||
         lost > soc_uwh))
        lost = soc_uwh;
    return soc_uwh - lost + in - out;
}

int64_t mizo_battery_draw(int step_min, int64_t soc_uwh, int32_t use_w)
{
    return soc_uwh - ((int64_t)use_w * step_min * UWH + 59) / 60;
}

typedef struct rounder {
    const site_case *c;
    const site_flows *f;
    mizo_site_plan *out;
    int64_t soc_uwh[MIZO_SITE_BATTERIES];
    int32_t drawn_w[MIZO_SITE_BATTERIES]; /* what the solver gave of the slot's use */
    int64_t run_w[MIZO_PLAN_MAX];         /* of the runs that have been placed */
    double asked_w[MIZO_SITE_VEHICLES];   /* W-slots of the solver so far */
    int64_t given_w[MIZO_SITE_VEHICLES];  /* W-slots of the plan so far */
} rounder;

/* A value of the solver in W, within what can be. */
static double value_w(double kw, double most)
{
    double w = kw * 1000;
    return w >= 0 ? (w < most ? w : most) : 0; /* false for a NaN too */
}

static double value_wh(const rounder *r, int t, int b)
{
    double wh = r->f->soc[b][t] * 1000;
    double low = site_low_wh(r->c, b, t), top = site_top_wh(r->c, b, t);
    return wh >= low ? (wh < top ? wh : top) : low;
}

static int32_t clip(double v, int32_t lo, int32_t hi)
{
    return v > lo ? (v < hi ? (int32_t)v : hi) : lo;
}

/* ---- batteries ---- */

static double within(double v, double lo, double hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

/* Stored at the end of the slot, were it so. */
static int64_t after(const rounder *r, int b, int32_t charge_w, int32_t discharge_w)
{
    int64_t soc = mizo_battery_step(&r->c->p->battery[b], r->c->step, r->soc_uwh[b], charge_w, discharge_w);
    return mizo_battery_draw(r->c->step, soc, r->drawn_w[b]);
}

/* Largest charge that leaves the store at or under its top. */
static int32_t charge_room(const rounder *r, int b, int32_t want)
{
    int64_t most = (int64_t)r->c->most_wh[b] * UWH, room = most - after(r, b, 0, 0);
    if (room <= 0)
        return 0;
    int64_t w = (int64_t)((double)room * 60 / r->c->step / r->c->p->battery[b].charge_ppm);
    want = w < want ? (int32_t)w : want;
    while (want > 0 && after(r, b, want, 0) > most)
        want--;
    return want;
}

/* Largest discharge that leaves the store at or over `floor_wh`. */
static int32_t discharge_room(const rounder *r, int b, int32_t floor_wh, int32_t want)
{
    int64_t least = (int64_t)floor_wh * UWH, room = after(r, b, 0, 0) - least;
    if (room <= 0)
        return 0;
    double w = (double)room * r->c->p->battery[b].discharge_ppm / MIZO_PPM * 60 / r->c->step / UWH;
    want = w < want ? (int32_t)w + 1 : want;
    while (want > 0 && after(r, b, 0, want) < least)
        want--;
    return want;
}

/* The highest of what will be wished of the store from slot t on that the solver's store reaches now. */
static int32_t reached_wh(const rounder *r, int t, int b, double target)
{
    const mizo_plan_battery *p = &r->c->p->battery[b];
    int32_t most = 0;
    if (p->leave_wh <= target + 0.01)
        most = p->leave_wh;
    for (int u = t; p->reserved_wh && u < r->c->gone[b]; u++) {
        int64_t wh = (int64_t)r->c->least_wh[b] + p->reserved_wh[u];
        most = (double)wh <= target + 0.01 && wh > most ? (int32_t)wh : most;
    }
    return most;
}

/* What is wished of the energy stored at the end of the slot, as far as it can be; and of later ones, so that no Wh
 * is missing then. */
static int32_t wished_wh(const rounder *r, int t, int b, double target)
{
    site_wish w[SITE_WISHES];
    site_wishes(r->c, b, t, w);
    int32_t now = w[0].wh < r->c->most_wh[b] ? w[0].wh : r->c->most_wh[b];
    int32_t later = target >= now - 0.01 ? reached_wh(r, t, b, target) : 0;
    return later > now ? later : now;
}

/* Discharge ends at the window, and at what is wished unless the solver went below it. */
static int32_t discharge_floor(const rounder *r, int t, int b)
{
    double target = value_wh(r, t, b);
    int32_t wished = wished_wh(r, t, b, target), least = r->c->least_wh[b];
    if (target >= wished - 0.01)
        return wished;
    return target > least ? (int32_t)ceil(target - 0.01) : least;
}

/* At most one of charge and discharge: the same change of the store with the smaller flow. */
static void battery_wish(const rounder *r, int t, int b, double *charge, double *discharge)
{
    const mizo_plan_battery *p = &r->c->p->battery[b];
    double c = value_w(r->f->charge[b][t], r->c->charge_w[b]);
    double d = value_w(r->f->discharge[b][t], site_discharge_w(r->c, b, t));
    double in = (double)p->charge_ppm / MIZO_PPM, out = (double)MIZO_PPM / p->discharge_ppm;
    double net = c * in - d * out;
    *charge = net > 0 ? net / in : 0;
    *discharge = net < 0 ? -net / out : 0;
}

static void round_battery(rounder *r, int t, int b)
{
    const mizo_plan_battery *p = &r->c->p->battery[b];
    double charge, discharge, h = r->c->step / 60.0, target = value_wh(r, t, b);
    int32_t use = site_use_w(r->c, b, t), wished = wished_wh(r, t, b, target), cw = 0, dw = 0;
    r->drawn_w[b] = use - clip(value_w(r->f->drawn_short[b][t], use), 0, use);
    battery_wish(r, t, b, &charge, &discharge);
    int64_t idle = after(r, b, 0, 0);
    double lag = target - (double)idle / UWH; /* behind the solver's store */
    /* Where the solver is back at what is wished, so is the plan: rounded up, and in an idle slot if need be. A store
     * that is drawn from or leaves is rounded up too: the last Wh would be missed. */
    bool restores = idle < (int64_t)wished * UWH && target >= wished - 0.01,
         up = restores || p->use_w || p->leave_wh > 0;
    if (charge > 0.25 || (restores && discharge <= 0.25)) {
        double want = within(lag / h * MIZO_PPM / p->charge_ppm, charge - 1, charge + (up ? 4 : 1));
        cw = charge_room(r, b, clip(want + (up ? 0.999 : 0.5), 0, r->c->charge_w[b]));
    } else if (discharge > 0.25) {
        double want = within(-lag / h * p->discharge_ppm / MIZO_PPM, discharge - 1, discharge + 1);
        dw = discharge_room(r, b, discharge_floor(r, t, b),
                            clip(want + (up ? 0 : 0.5), 0, site_discharge_w(r->c, b, t)));
    }
    r->out->charge_w[b][t] = cw;
    r->out->discharge_w[b][t] = dw;
}

static bool is_here(const rounder *r, int t, int b)
{
    return t >= r->c->here[b] && t < r->c->gone[b];
}

static void round_batteries(rounder *r, int t)
{
    for (int b = 0; b < r->c->nb; b++) {
        r->out->charge_w[b][t] = r->out->discharge_w[b][t] = r->drawn_w[b] = 0;
        if (is_here(r, t, b))
            round_battery(r, t, b);
    }
}

/* What is drawn ends where the store does. */
static void store_step(rounder *r, int t)
{
    for (int b = 0; b < r->c->nb; b++) {
        int32_t use = site_use_w(r->c, b, t), w = r->drawn_w[b];
        if (is_here(r, t, b)) {
            int64_t soc = mizo_battery_step(&r->c->p->battery[b], r->c->step, r->soc_uwh[b],
                                            r->out->charge_w[b][t], r->out->discharge_w[b][t]);
            int64_t least = (int64_t)ceil(site_low_wh(r->c, b, t) * UWH);
            int64_t can = soc > least ? (int64_t)((double)(soc - least) * 60 / r->c->step / UWH) + 1 : 0;
            w = can < w ? (int32_t)can : w;
            while (w > 0 && mizo_battery_draw(r->c->step, soc, w) < least)
                w--;
            r->soc_uwh[b] = mizo_battery_draw(r->c->step, soc, w);
        }
        r->out->store_short_w[b][t] = use - w;
        r->out->soc_wh[b][t] = (int32_t)(r->soc_uwh[b] / UWH);
    }
}

/* ---- vehicles ---- */

/* W-slots that fill the vehicle, rounded up. */
static int64_t need_w(const rounder *r, int v)
{
    const mizo_plan_vehicle *p = &r->c->p->vehicle[v];
    int64_t per = (int64_t)p->efficiency_ppm * r->c->step;
    return ((int64_t)p->need_wh * 60 * MIZO_PPM + per - 1) / per;
}

static void give(rounder *r, int t, int v, int32_t w)
{
    r->out->vehicle_w[v][t] += w;
    r->given_w[v] += w;
}

/* A charger with a least power: site_choose.c has planned it. */
static bool chosen(const rounder *r, int v)
{
    return r->c->min_w[v] > 1;
}

/* What vehicle v has been given less than the solver gave it, as far as it can be made good in slot t. */
static double behind(const rounder *r, int t, int v)
{
    if (t < r->c->from[v] || t >= r->c->to[v] || chosen(r, v))
        return 0;
    double lag = r->asked_w[v] - (double)r->given_w[v];
    double need = (double)(need_w(r, v) - r->given_w[v]);
    double room = r->c->p->vehicle[v].max_w - r->out->vehicle_w[v][t];
    lag = lag < need ? lag : need;
    return within(lag, 0, room);
}

/* All vehicles together get the solver's sum, rounded up; the W that are left over after each has its
 * whole ones go to those that are most behind. */
static void round_vehicles(rounder *r, int t)
{
    double sum = 0;
    int64_t whole = 0;
    for (int v = 0; v < r->c->nv; v++) {
        if (chosen(r, v)) {
            r->given_w[v] += r->out->vehicle_w[v][t];
            continue;
        }
        r->out->vehicle_w[v][t] = 0;
        r->asked_w[v] += value_w(r->f->vehicle[v][t], r->c->p->vehicle[v].max_w);
        double lag = behind(r, t, v);
        sum += lag;
        whole += (int64_t)lag;
        give(r, t, v, (int32_t)lag);
    }
    for (int64_t left = (int64_t)ceil(sum - 0.001) - whole; left > 0; left--) {
        int most = 0;
        for (int v = 1; v < r->c->nv; v++)
            most = behind(r, t, v) > behind(r, t, most) ? v : most;
        if (behind(r, t, most) <= 0 || r->out->vehicle_w[most][t] >= r->c->p->vehicle[most].max_w)
            return;
        give(r, t, most, 1);
    }
}

/* ---- the grid ---- */

static int64_t flows(const rounder *r, int t)
{
    int64_t sum = r->c->p->load_w[t] + r->run_w[t];
    for (int b = 0; b < r->c->nb; b++)
        sum += (int64_t)r->out->charge_w[b][t] - r->out->discharge_w[b][t];
    for (int v = 0; v < r->c->nv; v++)
        sum += r->out->vehicle_w[v][t];
    return sum;
}

static int64_t least_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Nothing is gained by giving it away: a limit above holds what is sent back, and how much of it is whose is the solver's
 * to say. */
static bool pushed_back(const rounder *r, int t)
{
    return r->f->node[t] < 0 && site_sell_yen(r->c, r->f, t) < 0.005;
}

/* PV: as much as is of use, as the prices have it; else what the solver said. */
static int64_t choose_pv(const rounder *r, int t, int64_t need)
{
    const mizo_site_problem *p = r->c->p;
    if (!p->pv_w)
        return 0;
    if (site_buy_yen(r->c, r->f, t) < 0 || pushed_back(r, t))
        return clip(value_w(r->f->pv[t], p->pv_w[t]) + 0.5, 0, p->pv_w[t]);
    int64_t use = (need > 0 ? need : 0) + (site_sell_yen(r->c, r->f, t) >= 0 ? r->c->export_w : 0);
    return least_of(use, p->pv_w[t]);
}

static void cut_charge(rounder *r, int t, int64_t *over)
{
    for (int b = 0; b<r->c->nb && * over> 0; b++) {
        int32_t cut = (int32_t)least_of(*over, r->out->charge_w[b][t]);
        r->out->charge_w[b][t] -= cut;
        *over -= cut;
    }
}

/* A few W that rounding put on top come off the vehicles that are most ahead. */
static void cut_rounding(rounder *r, int t, int64_t *over)
{
    for (int tries = *over <= 2 * MIZO_SITE_VEHICLES ? (int)*over : 0; tries > 0; tries--) {
        int most = -1;
        for (int v = 0; v < r->c->nv; v++)
            if (r->out->vehicle_w[v][t] > 0 && !chosen(r, v) &&
                (most < 0 ||
                 (double)r->given_w[v] - r->asked_w[v] > (double)r->given_w[most] - r->asked_w[most]))
                most = v;
        if (most < 0)
            return;
        give(r, t, most, -1);
        --*over;
    }
}

static void discharge_more(rounder *r, int t, int64_t *over)
{
    for (int b = 0; b<r->c->nb && * over> 0; b++) {
        int32_t now = r->out->discharge_w[b][t];
        if (r->out->charge_w[b][t] > 0 || !is_here(r, t, b))
            continue;
        int32_t want = (int32_t)least_of(now + *over, site_discharge_w(r->c, b, t));
        int32_t can = discharge_room(r, b, discharge_floor(r, t, b), want);
        if (can <= now)
            continue;
        r->out->discharge_w[b][t] = can;
        *over -= can - now;
    }
}

/* Chargers with a least power last: below it they stop. */
static void cut_vehicles(rounder *r, int t, int64_t *over)
{
    for (int last = 0; last < 2; last++)
        for (int v = 0; v<r->c->nv && * over> 0; v++) {
            int32_t now = r->out->vehicle_w[v][t], cut = (int32_t)least_of(*over, now);
            if (chosen(r, v) != (last > 0))
                continue;
            if (chosen(r, v) && now - cut < r->c->min_w[v])
                cut = now;
            give(r, t, v, -cut);
            *over -= cut;
        }
}

/* Takes `over` W off the import, by what costs least. Returns what is still over. */
static int64_t relieve(rounder *r, int t, int64_t over)
{
    cut_charge(r, t, &over);
    cut_rounding(r, t, &over);
    discharge_more(r, t, &over);
    cut_vehicles(r, t, &over);
    return over > 0 ? over : 0;
}

/* Takes `over` W off the discharge, of all batteries or of those that serve the site only. */
static void cut_discharge(rounder *r, int t, int64_t over, bool site_only)
{
    for (int b = 0; b < r->c->nb && over > 0; b++) {
        if (site_only && !r->c->p->battery[b].site_only)
            continue;
        int32_t cut = (int32_t)least_of(over, r->out->discharge_w[b][t]);
        r->out->discharge_w[b][t] -= cut;
        over -= cut;
    }
}

/* What the batteries that may charge from own PV only take; no more than `most` of it. */
static int64_t hold_own_charge(rounder *r, int t, int64_t most)
{
    int64_t sum = 0;
    for (int b = 0; b < r->c->nb; b++) {
        if (!r->c->p->battery[b].own_pv_only)
            continue;
        int64_t w = least_of(r->out->charge_w[b][t], most - sum);
        r->out->charge_w[b][t] = (int32_t)w;
        sum += w;
    }
    return sum;
}

/* What the site takes beyond what serves the site only gives. */
static int64_t taken_beyond(const rounder *r, int t)
{
    int64_t takes = r->c->p->load_w[t] + r->run_w[t], gives = 0;
    for (int v = 0; v < r->c->nv; v++)
        takes += r->out->vehicle_w[v][t];
    for (int b = 0; b < r->c->nb; b++)
        gives += r->c->p->battery[b].site_only ? r->out->discharge_w[b][t] : 0;
    return takes - gives;
}

/* What serves the site only gives no more than the site takes. (What is cut later
 * for the limit are charges first, and then vehicles only where nothing is exported.) */
static void hold_site_only(rounder *r, int t)
{
    cut_discharge(r, t, -taken_beyond(r, t), true);
}

/* Brings the import down to the limit: what is left unserved, and all else that can be moved. */
static int64_t hold_limit(rounder *r, int t, int64_t pv)
{
    const mizo_site_problem *p = r->c->p;
    int64_t over = flows(r, t) - pv - r->c->limit;
    if (over <= 0)
        return 0;
    int64_t unserved = clip(value_w(r->f->unserved[t], p->load_w[t]) + 0.5, 0, p->load_w[t]);
    unserved = least_of(unserved, over);
    unserved += relieve(r, t, over - unserved);
    int64_t room =
        r->c->limit - (flows(r, t) - pv - unserved); /* a charger may have stopped: serve with it */
    return room > 0 ? (unserved > room ? unserved - room : 0) : unserved;
}

/* Where a limit above lets no more in than the solver let in, what it left unserved stays so. */
static int64_t kept_out(const rounder *r, int t, int64_t net, int64_t unserved)
{
    double most = value_w(r->f->unserved[t], r->c->p->load_w[t]), in = value_w(r->f->import[t], r->c->limit);
    int64_t let_in = (int64_t)ceil(in - 0.001), beyond = taken_beyond(r, t) - unserved;
    let_in = let_in > site_keep_w(r->c, t) ? let_in : site_keep_w(r->c, t);
    int64_t w = least_of(least_of(net - let_in, (int64_t)ceil(most - 0.5) - unserved), beyond);
    return w > 0 ? w : 0;
}

static void close_balance(rounder *r, int t)
{
    const mizo_site_problem *p = r->c->p;
    hold_site_only(r, t);
    int64_t most = p->pv_w ? p->pv_w[t] : 0, own = hold_own_charge(r, t, most);
    int64_t need = flows(r, t), pv = choose_pv(r, t, need);
    pv = pv > own ? pv : own;
    if (need - pv > r->c->limit)
        pv = least_of(most, need - r->c->limit);
    int64_t unserved = hold_limit(r, t, pv);
    hold_site_only(r, t); /* a charger may have stopped */
    unserved += kept_out(r, t, flows(r, t) - pv - unserved, unserved);
    int64_t net = flows(r, t) - pv - unserved;
    int64_t low = (int64_t)site_keep_w(r->c, t) - r->c->export_w; /* one of both is 0 */
    if (net < low) {
        int64_t cut = least_of(pv - own, low - net);
        pv -= cut;
        cut_discharge(r, t, low - net - cut, false);
        net = flows(r, t) - pv - unserved;
    }
    r->out->pv_w[t] = (int32_t)pv;
    r->out->unserved_w[t] = (int32_t)unserved;
    r->out->import_w[t] = net > 0 ? (int32_t)net : 0;
    r->out->export_w[t] = net < 0 ? (int32_t)-net : 0;
}

/* ---- what rounding took from a vehicle is given back where it costs least ---- */

static int32_t room_under(const rounder *r, int v, int t, int32_t ceiling)
{
    int64_t grid = (int64_t)ceiling - r->out->import_w[t] + r->out->export_w[t];
    int32_t now = r->out->vehicle_w[v][t], own = r->c->p->vehicle[v].max_w - now;
    double worth = (double)r->c->price.vehicle * r->c->p->vehicle[v].efficiency_ppm / MIZO_PPM / 1000;
    if (r->out->unserved_w[t] > 0 || grid <= 0 || site_buy_yen(r->c, r->f, t) >= 0.999 * worth)
        return 0; /* the last: a limit above lets no more of it in */
    if (chosen(r, v) && now == 0 && grid < r->c->min_w[v])
        return 0;
    return grid < own ? (int32_t)grid : own;
}

/* The cheapest slot of the window with room under the ceiling, -1: none. */
static int cheapest_room(const rounder *r, int v, int32_t ceiling)
{
    int best = -1;
    for (int t = r->c->from[v]; t < r->c->to[v]; t++)
        if (room_under(r, v, t, ceiling) > 0 &&
            (best < 0 || site_buy_yen(r->c, r->f, t) < site_buy_yen(r->c, r->f, best)))
            best = t;
    return best;
}

static void top_up_under(rounder *r, int v, int32_t ceiling)
{
    int64_t missing = need_w(r, v) - r->given_w[v];
    int t;
    while (missing > 0 && (t = cheapest_room(r, v, ceiling)) >= 0) {
        int32_t w = (int32_t)least_of(missing, room_under(r, v, t, ceiling));
        if (chosen(r, v) && r->out->vehicle_w[v][t] == 0 && w < r->c->min_w[v])
            w = r->c->min_w[v];
        int32_t kept = (int32_t)least_of(w, r->out->export_w[t]);
        give(r, t, v, w);
        r->out->export_w[t] -= kept;
        r->out->import_w[t] += w - kept;
        missing -= w;
    }
}

static void top_up(rounder *r, int v)
{
    int32_t peak = r->c->standing < r->c->limit ? r->c->standing : r->c->limit;
    for (int t = 0; t < r->c->n; t++)
        peak = r->out->import_w[t] > peak ? r->out->import_w[t] : peak;
    top_up_under(r, v, peak);
    top_up_under(r, v, r->c->limit);
}

static void place_runs(rounder *r)
{
    for (int k = 0; k < r->c->nrun; k++) {
        int at = r->out->run_at[k];
        for (int i = 0; at >= 0 && i < r->c->p->run[k].slots; i++)
            r->run_w[at + i] += r->c->p->run[k].power_w;
    }
}

void site_round(const site_case *c, const site_flows *f, mizo_site_plan *out)
{
    rounder r = { .c = c, .f = f, .out = out };
    site_choose(c, f, out);
    place_runs(&r);
    for (int b = 0; b < c->nb; b++)
        r.soc_uwh[b] = (int64_t)c->soc_wh[b] * UWH;
    for (int t = 0; t < c->n; t++) {
        round_batteries(&r, t);
        round_vehicles(&r, t);
        close_balance(&r, t);
        store_step(&r, t);
    }
    for (int v = 0; v < c->nv; v++)
        top_up(&r, v);
}
