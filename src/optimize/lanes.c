/* lanes.c: which sites go side by side, and how their problems become a block. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimize/lanes.h"

/* ---- is it plain? ---- */

#define ROOM 0.999 /* of what can be done at most: an interior point needs some room inside all limits */

static bool same_all_along(const site_case *c, int32_t *low, int32_t *end)
{
    site_wish w[SITE_WISHES];
    *low = *end = 0;
    for (int t = 0; t < c->n; t++) {
        int k = site_wishes(c, 0, t, w);
        int32_t wh = 0, floor_wh = (int32_t)ceil(site_low_wh(c, 0, t));
        for (int i = 0; i < k; i++)
            wh = w[i].wh > wh ? w[i].wh : wh;
        wh = floor_wh > wh ? floor_wh : wh;
        if (t == 0)
            *low = wh;
        if (t == c->n - 1)
            *end = wh;
        else if (wh != *low)
            return false;
        if (site_top_wh(c, 0, t) != site_top_wh(c, 0, 0))
            return false;
    }
    if (c->n == 1)
        *low = *end;
    return true;
}

/* kW of import that nothing else needs; negative: what a battery must help with. */
static double headroom(const site_case *c, int t)
{
    return (ROOM * c->limit - c->p->load_w[t]) * 0.001;
}

/* The vehicle can have all it wants without help from a battery or PV. Share of what there is that it takes. */
static double vehicle_share(const site_case *c)
{
    const mizo_plan_vehicle *v = c->p->vehicle;
    double most = 0, k = c->step / 60.0 * v->efficiency_ppm / MIZO_PPM;
    for (int t = c->from[0]; t < c->to[0]; t++)
        most += k * fmax(0, fmin(v->max_w * 0.001, headroom(c, t)));
    return most > 0 ? v->need_wh * 0.001 / most : 2;
}

static bool has_vehicle(const site_case *c)
{
    return c->nv && c->p->vehicle[0].need_wh > 0;
}

/* Charging whenever there is room, it covers what the limit leaves open, and holds enough at the end. */
static bool battery_suffices(const site_case *c, double share, double low, double end, double top)
{
    const mizo_plan_battery *b = c->p->battery;
    double hour = c->step / 60.0, a = hour * b->charge_ppm / MIZO_PPM,
           be = hour * MIZO_PPM / b->discharge_ppm;
    double soc = c->soc_wh[0] * 0.001, give = site_discharge_w(c, 0, 0) * 0.001 * ROOM;
    for (int t = 0; t < c->n; t++) {
        bool there = has_vehicle(c) && t >= c->from[0] && t < c->to[0];
        double room = headroom(c, t);
        room -= there ? share * fmax(0, fmin(c->p->vehicle[0].max_w * 0.001, room)) : 0;
        if (room < -give)
            return false;
        soc += room > 0 ? a * ROOM * fmin(c->charge_w[0] * 0.001, room) : be * room;
        soc = fmin(soc, top);
        if (room < 0 && soc < low + (1 - ROOM) * (top - low))
            return false;
    }
    return soc > end;
}

/* 1: a battery that can do something; 0: none, or it can do nothing; -1: not a plain one. */
static int battery_of(const site_case *c, double share, int32_t *low, int32_t *end)
{
    if (!c->nb)
        return 0;
    const mizo_plan_battery *b = c->p->battery;
    bool more = b->loss_ppm_h || b->use_w || b->to || b->reserved_w || b->reserved_wh || b->own_pv_only ||
                b->site_only;
    if (more || !same_all_along(c, low, end))
        return -1;
    int32_t top = site_top_wh(c, 0, 0), now = c->soc_wh[0], discharge = site_discharge_w(c, 0, 0);
    if (c->charge_w[0] <= 0 && discharge <= 0)
        return now >= *low && now >= *end ? 0 : -1;
    if (c->charge_w[0] <= 0 || discharge <= 0 || now < *low || now > top || *end >= top || *low >= top)
        return -1;
    return battery_suffices(c, share, *low * 0.001, *end * 0.001, top * 0.001) ? 1 : -1;
}

/* Without a battery, some import is left in each slot. */
static bool import_fits(const site_case *c, int battery)
{
    for (int t = 0; !battery && t < c->n; t++)
        if (headroom(c, t) < 0)
            return false;
    return c->limit > 0;
}

/* Of a kW above what is free: where the agreed power is the standing peak, both prices from there on. */
static int64_t peak_myen(const site_case *c)
{
    int64_t agreed = c->p->agreed_w > 0 ? c->p->over_agreed_myen_per_kw : 0;
    return agreed + c->p->peak_myen_per_kw;
}

int lanes_kind_of(const site_case *c)
{
    if (c->nb > 1 || c->nv > 1 || c->nrun || c->peak_step || c->p->keep_import_w)
        return -1;
    int32_t low = 0, end = 0;
    bool vehicle = has_vehicle(c), level = false;
    double share = vehicle ? vehicle_share(c) : 0;
    int battery = share <= ROOM ? battery_of(c, share, &low, &end) : -1;
    if (battery < 0 || !import_fits(c, battery))
        return -1;
    int32_t sun = 0;
    for (int t = 0; t < c->n; t++) {
        sun = c->p->pv_w && c->p->pv_w[t] > sun ? c->p->pv_w[t] : sun;
        level |= c->sell[t] >= c->p->buy_myen[t];
    }
    int64_t reach = (int64_t)sun + (battery ? c->p->battery[0].discharge_w : 0);
    bool priced = peak_myen(c) > 0 && c->limit > c->free_peak;
    if (!battery || !priced || level || c->export_w < reach)
        return LANES_ANY | LANES_PV | LANES_EV;
    return (sun ? LANES_PV : 0) | (vehicle ? LANES_EV : 0);
}

/* ---- a block ---- */

static size_t state_room(int n, int kind)
{
    return (size_t)(HEAD + n * lanes_stride(kind)) * sizeof(lane4);
}

mizo_err lanes_block_new(int n, double hour, int kind, int sites, lanes_block **out)
{
    *out = NULL;
    lanes_block *b = calloc(1, sizeof *b);
    if (!b)
        return MIZO_ENOMEM;
    *b = (lanes_block){
        .n = n, .kind = kind, .hour = hour, .sites = sites, .groups = (sites + LANES - 1) / LANES
    };
    size_t groups = (size_t)b->groups, row = (size_t)n * LANES * sizeof(int32_t);
    size_t states = groups * state_room(n, kind), fixed = groups * sizeof(lane_group);
    states = (states + 63) / 64 * 64;
    fixed = (fixed + 63) / 64 * 64;
    size_t series = groups * row * (kind & LANES_PV ? 2 : 1);
    b->memory = aligned_alloc(64, states);
    b->group = aligned_alloc(64, fixed);
    b->series = calloc(1, series);
    b->bytes = states + fixed + series + sizeof *b;
    if (!b->memory || !b->group || !b->series) {
        lanes_block_free(b);
        return MIZO_ENOMEM;
    }
    memset(b->group, 0, fixed);
    for (int k = 0; k < b->groups; k++) {
        lane_group *g = &b->group[k];
        g->state = (lane4 *)((char *)b->memory + (size_t)k * state_room(n, kind));
        int32_t *at = (int32_t *)((char *)b->series + (size_t)k * row * (kind & LANES_PV ? 2 : 1));
        g->load_w = at;
        g->pv_w = kind & LANES_PV ? at + (size_t)n * LANES : NULL;
        g->first_ev = n;
    }
    *out = b;
    return MIZO_OK;
}

void lanes_block_free(lanes_block *b)
{
    if (!b)
        return;
    free(b->memory);
    free(b->group);
    free(b->series);
    free(b);
}

static void fill_series(lanes_block *b, lane_group *g, int lane, const site_case *c)
{
    int32_t *load = (int32_t *)g->load_w, *pv = (int32_t *)g->pv_w;
    for (int t = 0; t < b->n; t++) {
        load[t * LANES + lane] = c->p->load_w[t];
        if (pv)
            pv[t * LANES + lane] = c->p->pv_w ? c->p->pv_w[t] : 0;
    }
}

/* Yen per kWh that is stored less than all wishes of slot t: of the first piece that can be given up. */
static double cheapest_wish(const site_case *c, int t)
{
    site_wish w[SITE_WISHES];
    double low = site_low_wh(c, 0, t), sum = 0;
    int count = site_wishes(c, 0, t, w);
    for (int k = 0; k < count; k++) {
        sum += (double)w[k].price * 0.001;
        if (w[k].wh > low && (k + 1 == count || w[k + 1].wh < w[k].wh))
            return sum;
    }
    return 0;
}

/* A battery that is not there holds ones: nothing divides by nothing. */
static void fill_battery(lane_fixed *a, int lane, const site_case *c, double hour)
{
    int32_t low = 0, end = 0;
    const mizo_plan_battery *b = c->p->battery;
    bool there = battery_of(c, has_vehicle(c) ? vehicle_share(c) : 0, &low, &end) == 1;
    a->battery[lane] = there;
    a->a[lane] = there ? hour * b->charge_ppm / MIZO_PPM : 1;
    a->be[lane] = there ? hour * MIZO_PPM / b->discharge_ppm : 1;
    a->e0[lane] = there ? c->soc_wh[0] * 0.001 : 1;
    a->low[lane] = there ? low * 0.001 : 0;
    a->end[lane] = there ? end * 0.001 : 0;
    a->high[lane] = there ? site_top_wh(c, 0, 0) * 0.001 : 2;
    a->charge[lane] = there ? c->charge_w[0] * 0.001 : 1;
    a->discharge[lane] = there ? site_discharge_w(c, 0, 0) * 0.001 : 1;
    a->wear[lane] = there ? hour * b->wear_myen * 0.001 : 0;
    a->left[lane] = there ? b->end_myen * 0.001 : 0;
    a->idle[lane] = c->nb && !there ? -0.001 * b->end_myen * 0.001 * c->soc_wh[0] : 0;
    a->store[lane] = there ? cheapest_wish(c, 0) : 0;
    a->store_end[lane] = there ? cheapest_wish(c, c->n - 1) : 0;
}

static void fill_vehicle(lane_fixed *a, int lane, const site_case *c, double hour)
{
    const mizo_plan_vehicle *v = c->p->vehicle;
    bool there = has_vehicle(c);
    a->k[lane] = there ? hour * v->efficiency_ppm / MIZO_PPM : 1;
    a->pev[lane] = there ? v->max_w * 0.001 : 1;
    a->need[lane] = there ? v->need_wh * 0.001 : 0;
    a->from[lane] = there ? c->from[0] : 0;
    a->to[lane] = there ? c->to[0] : 0;
    a->vehicle[lane] = (double)c->price.vehicle * 0.001;
    a->over[lane] = there ? a->k[lane] * 0.001 * (c->min_w[0] > 1 ? c->min_w[0] : 1) : 0;
}

void lanes_block_fill(lanes_block *b, int k, const site_case *c)
{
    lane_group *g = &b->group[k / LANES];
    lane_fixed *a = &g->at;
    int lane = k % LANES;
    bool priced = peak_myen(c) > 0 && c->limit > c->free_peak;
    double limit = c->limit * 0.001, most = 0;
    fill_series(b, g, lane, c);
    fill_battery(a, lane, c, b->hour);
    for (int t = 0; c->p->pv_w && t < b->n; t++)
        most = fmax(most, c->p->pv_w[t] * 0.001);
    fill_vehicle(a, lane, c, b->hour);
    a->demand[lane] = b->hour * (double)c->price.demand * 0.001;
    if (has_vehicle(c)) {
        g->first_ev = c->from[0] < g->first_ev ? c->from[0] : g->first_ev;
        g->last_ev = c->to[0] > g->last_ev ? c->to[0] : g->last_ev;
    }
    a->limit[lane] = limit;
    a->priced[lane] = priced;
    a->standing[lane] = priced ? c->free_peak * 0.001 : limit;
    a->most[lane] = priced ? limit - c->free_peak * 0.001 : 1;
    a->peak[lane] = priced ? (double)peak_myen(c) * 0.001 : 0;
    a->far[lane] = fmin(c->export_w * 0.001, limit + most + (a->battery[lane] > 0 ? a->discharge[lane] : 0));
    a->exports[lane] = c->export_w > 0;
    a->far[lane] = c->export_w > 0 ? a->far[lane] : 1;
    a->real[lane] = 1;
}

void lanes_block_prices(lanes_block *b, int group, const lane4 *price)
{
    b->group[group].price = price;
}

void lanes_block_open(lanes_block *b)
{
    for (int k = 0; k < b->groups; k++) {
        b->group[k].first_ev = b->n;
        b->group[k].last_ev = 0;
    }
}

/* A vector that is not full holds copies of its first site, which count nothing. */
void lanes_block_close(lanes_block *b)
{
    lane_group *g = &b->group[b->groups - 1];
    int32_t *load = (int32_t *)g->load_w, *pv = (int32_t *)g->pv_w;
    for (int lane = (b->sites - 1) % LANES + 1; lane < LANES; lane++) {
        lane4 *field = (lane4 *)&g->at;
        for (size_t i = 0; i < sizeof g->at / sizeof *field; i++)
            field[i][lane] = field[i][0];
        g->at.real[lane] = 0;
        for (int t = 0; t < b->n; t++) {
            load[t * LANES + lane] = load[t * LANES];
            if (pv)
                pv[t * LANES + lane] = pv[t * LANES];
        }
    }
}

const lanes_kernel *lanes_kernel_here(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return &lanes_kernel_wide;
#endif
    return &lanes_kernel_plain;
}
