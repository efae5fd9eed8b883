/* share.c: see share.h. */
#include "server/share.h"

bool share_stands(const town_view *v, mizo_day from, mizo_day to)
{
    return v->day >= from && v->day < to;
}

static int32_t part(int32_t v, int32_t share_ppm)
{
    int64_t out = 0;
    if (v == MIZO_MISSING || mizo_mul_div(v, share_ppm, MIZO_PPM, MIZO_ROUND_HALF_UP, &out))
        return MIZO_MISSING;
    return (int32_t)out;
}

static void add(int32_t *sum, int32_t v)
{
    if (v == MIZO_MISSING)
        return;
    int64_t all = (*sum == MIZO_MISSING ? 0 : (int64_t)*sum) + v;
    *sum = all > INT32_MAX ? INT32_MAX : all < -INT32_MAX ? -INT32_MAX : (int32_t)all;
}

static void add_now(view_now *to, const view_now *n, int32_t ppm)
{
    add(&to->demand_w, part(n->demand_w, ppm));
    add(&to->pv_w, part(n->pv_w, ppm));
    add(&to->import_w, part(n->import_w, ppm));
    add(&to->export_w, part(n->export_w, ppm));
    add(&to->battery_w, part(n->battery_w, ppm));
    add(&to->soc_wh, part(n->soc_wh, ppm));
    add(&to->vehicle_w, part(n->vehicle_w, ppm));
    add(&to->mean_w, part(n->mean_w, ppm));
    if (n->controlled) {
        to->controlled = true;
        to->why = n->why;
    }
}

static void add_assets(share_sum *s, const town_view *v, mizo_ref point)
{
    const mizo_region *r = v->region;
    size_t first, n = mizo_region_pv_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        if (share_stands(v, r->pv[i].from, r->pv[i].to))
            s->pv_dc_w += r->pv[i].dc_w;
    n = mizo_region_battery_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        if (share_stands(v, r->battery[i].from, r->battery[i].to))
            s->battery_wh += r->battery[i].energy_wh;
    n = mizo_region_charger_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        s->chargers += share_stands(v, r->charger[i].from, r->charger[i].to);
}

static void add_today(share_sum *s, const view_day *d, int32_t ppm)
{
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        int32_t wh = part(d->demand[i], ppm);
        if (wh == MIZO_MISSING)
            continue;
        s->today_wh += wh;
        s->today_slots++;
    }
}

share_sum share_of(const town_view *v, mizo_ref facility)
{
    share_sum s = {
        .now = {.demand_w = MIZO_MISSING,
                .pv_w = MIZO_MISSING,
                .import_w = MIZO_MISSING,
                .export_w = MIZO_MISSING,
                .battery_w = MIZO_MISSING,
                .soc_wh = MIZO_MISSING,
                .vehicle_w = MIZO_MISSING,
                .mean_w = MIZO_MISSING}
    };
    const mizo_region *r = v->region;
    size_t first, n = mizo_region_uses_of(r, facility, &first);
    for (size_t i = first; i < first + n; i++) {
        const mizo_use *u = &r->use[i];
        if (!share_stands(v, u->from, u->to) || u->point < 0 || (size_t)u->point >= v->npoint)
            continue;
        s.points++;
        add_now(&s.now, &v->point_now[u->point], u->share_ppm);
        add_today(&s, &v->point[u->point], u->share_ppm);
        add_assets(&s, v, u->point);
    }
    return s;
}
