/* site_cost.c: what the plan costs, in exact integers from its own W and Wh, and what it gave up. */
#include "optimize/site.h"

__extension__ typedef __int128 wide;

/* Sums are kept in sixtieths of a micro-yen: W x minutes x milli-yen per kWh. */
typedef struct bill {
    wide money, wishes;
} bill;

static mizo_uyen saturated(wide v)
{
    return v > INT64_MAX / 2 ? INT64_MAX / 2 : v < INT64_MIN / 2 ? INT64_MIN / 2 : (mizo_uyen)v;
}

/* Rounded up: the bound is rounded down. */
static wide per_sixty(wide v)
{
    return v >= 0 ? (v + 59) / 60 : -(-v / 60);
}

static void give_up(mizo_site_plan *out, mizo_give_up_kind kind, int index, int slot, mizo_wh wh)
{
    if (wh <= 0)
        return;
    if (out->ngave == MIZO_GIVE_UPS) { /* full: the last one stands for the rest */
        out->gave[MIZO_GIVE_UPS - 1].amount_wh += wh;
        return;
    }
    out->gave[out->ngave++] = (mizo_give_up){ kind, index, slot, wh };
}

static void add_grid(const site_case *c, mizo_site_plan *out, bill *k)
{
    const mizo_site_problem *p = c->p;
    for (int t = 0; t < c->n; t++) {
        wide minutes = c->step;
        k->money += minutes * ((wide)out->import_w[t] * p->buy_myen[t] - (wide)out->export_w[t] * c->sell[t]);
        out->peak_w = out->import_w[t] > out->peak_w ? out->import_w[t] : out->peak_w;
        for (int b = 0; b < c->nb; b++)
            k->money += minutes * out->discharge_w[b][t] * p->battery[b].wear_myen;
    }
    if (out->peak_w > c->standing)
        k->money += (wide)60 * (out->peak_w - c->standing) * p->peak_myen_per_kw;
    for (int b = 0; b < c->nb; b++)
        k->money -= (wide)60 * out->soc_wh[b][c->n - 1] * p->battery[b].end_myen;
}

/* A vehicle's energy, all its slots together, in whole Wh rounded down. */
static void add_vehicles(const site_case *c, mizo_site_plan *out, bill *k)
{
    for (int v = 0; v < c->nv; v++) {
        wide sum = 0;
        for (int t = c->from[v]; t < c->to[v]; t++)
            sum += out->vehicle_w[v][t];
        const mizo_plan_vehicle *p = &c->p->vehicle[v];
        wide given = sum * c->step * p->efficiency_ppm / ((wide)60 * MIZO_PPM);
        wide missing = p->need_wh - given;
        if (missing <= 0)
            continue;
        k->wishes += 60 * missing * c->price.vehicle;
        give_up(out, MIZO_GAVE_VEHICLE, v, c->to[v] > 0 ? c->to[v] - 1 : 0, (mizo_wh)missing);
    }
}

/* Named once a battery: the slot in which most of its reserve is missing. */
static void add_reserve(const site_case *c, mizo_site_plan *out, bill *k)
{
    for (int b = 0; b < c->nb; b++) {
        int32_t worst = 0;
        int slot = 0;
        for (int t = 0; t < c->n; t++) {
            int32_t missing = c->reserve_wh[b] - out->soc_wh[b][t];
            if (missing <= 0)
                continue;
            int32_t restore = missing < c->restore_wh[b] ? missing : c->restore_wh[b];
            k->wishes +=
                (wide)60 * ((wide)restore * c->price.restore + (wide)(missing - restore) * c->price.reserve);
            if (missing > worst) {
                worst = missing;
                slot = t;
            }
        }
        give_up(out, MIZO_GAVE_RESERVE, b, slot, worst);
    }
}

/* Named once a run of slots. */
static void add_unserved(const site_case *c, mizo_site_plan *out, bill *k)
{
    int64_t run = 0; /* W-minutes */
    int first = 0;
    for (int t = 0; t <= c->n; t++) {
        int32_t w = t < c->n ? out->unserved_w[t] : 0;
        if (w == 0) {
            give_up(out, MIZO_GAVE_DEMAND, 0, first, (run + 59) / 60);
            run = 0;
            continue;
        }
        first = run ? first : t;
        run += (int64_t)w * c->step;
        k->wishes += (wide)w * c->step * c->price.demand;
    }
}

void site_cost(const site_case *c, mizo_site_plan *out)
{
    bill k = { 0, 0 };
    out->peak_w = 0;
    out->ngave = 0;
    add_grid(c, out, &k);
    add_vehicles(c, out, &k);
    add_reserve(c, out, &k);
    add_unserved(c, out, &k);
    out->cost = saturated(per_sixty(k.money + k.wishes));
    out->penalties = saturated(per_sixty(k.wishes));
}
