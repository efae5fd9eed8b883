/* flow.c: see flow.h. */
#include "town/proof/flow.h"

static int64_t known(int32_t v)
{
    return v == MIZO_MISSING ? 0 : v;
}

static int64_t positive(int64_t v)
{
    return v > 0 ? v : 0;
}

/* take, give: what the points' meters say. */
static void settle(town_flow *f, int64_t take, int64_t give)
{
    int64_t net = take - give - f->plants;
    f->grid_in = positive(net);
    f->grid_out = positive(-net);
    f->rest =
        f->plants + f->solar + f->discharge + f->grid_in - f->demand - f->vehicles - f->charge - f->grid_out;
}

town_flow town_flow_now(const town_view *v)
{
    const view_now *t = &v->total_now;
    town_flow f = { 0 };
    for (size_t i = 0; i < v->nplant; i++)
        f.plants += known(v->plant_now_w[i]);
    f.solar = known(t->pv_w);
    f.discharge = positive(-known(t->battery_w));
    f.charge = positive(known(t->battery_w));
    f.demand = known(t->demand_w);
    f.vehicles = known(t->vehicle_w);
    settle(&f, known(t->import_w), known(t->export_w));
    return f;
}

int32_t town_plants_slot(const town_view *v, int slot)
{
    int64_t sum = 0;
    bool any = false;
    for (size_t i = 0; i < v->nplant; i++)
        if (v->plant[i][slot] != MIZO_MISSING) {
            any = true;
            sum += v->plant[i][slot];
        }
    return any && sum <= INT32_MAX ? (int32_t)sum : MIZO_MISSING;
}
