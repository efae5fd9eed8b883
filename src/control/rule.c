/* rule.c: what a site does that has no plan. Each act by itself can only save, whatever comes after it:
 * that is why the rule is never dearer than doing nothing. docs/mechanisms/control.md has the argument. */
#include "control/rule.h"

#include <string.h>

enum { TIE_MYEN = 10 }; /* prices this near count as equal: values are rounded to a milli-yen */

static void empty_program(mizo_program *out)
{
    memset(out, 0, sizeof *out);
    out->expires = INT64_MAX;
    out->pv_limit_w = INT32_MAX;
}

int64_t control_need_ac(const mizo_site_control *c, const mizo_measurement *m, int j)
{
    int32_t need = m->vehicle_need_wh[j], ppm = c->charger_ppm[j];
    if (need == MIZO_MISSING || need <= 0 || ppm <= 0)
        return 0;
    return ((int64_t)need * MIZO_PPM + ppm - 1) / ppm;
}

int64_t control_base(const mizo_site_control *c, const mizo_measurement *m)
{
    bool high = c->rule.known && c->rule.base_high_w != MIZO_MISSING && c->rule.base_high_w > c->cautious_w;
    if (m->net_w == MIZO_MISSING)
        return high ? c->rule.base_high_w : c->cautious_w;
    int64_t base = m->net_w;
    for (int i = 0; i < m->nbattery; i++)
        base -= m->battery_w[i] == MIZO_MISSING ? 0 : m->battery_w[i];
    for (int j = 0; j < m->nvehicle; j++)
        base -= m->vehicle_w[j] == MIZO_MISSING ? 0 : m->vehicle_w[j];
    return base;
}

void mizo_control_none(const mizo_site_control *c, const mizo_measurement *m, mizo_program *out)
{
    empty_program(out);
    for (int j = 0; j < c->nvehicle; j++)
        out->vehicle_w[j] = m->vehicle_need_wh[j] ? c->charger_max_w[j] : 0;
    for (int k = 0; k < m->nrun; k++)
        out->run_go[k] = true;
}

/* What runs and stores that are drawn from may want beside the vans: waiting for the same hours they must all fit. */
static int64_t beside_vehicles(const mizo_site_control *c, const mizo_measurement *m)
{
    int64_t w = 0;
    for (int k = 0; k < m->nrun; k++)
        w += m->run[k].power_w;
    for (int i = 0; i < c->nbattery; i++)
        w += c->drawn[i] ? c->battery[i].charge_w : 0;
    return w;
}

/* True if the cheap hours to come surely fill vehicle j, and all the others that wait with it: the
 * headroom counted is what the highest import of the past weeks leaves under the standing peak. */
static bool can_wait(const mizo_site_control *c, const mizo_measurement *m, int j, int64_t all_need_ac)
{
    const mizo_rule_now *r = &c->rule;
    if (r->buy_myen <= r->best_myen[j] + TIE_MYEN || r->minutes_left[j] <= 0 ||
        r->night_high_w == MIZO_MISSING)
        return false;
    int64_t sure = (int64_t)c->target_w - r->night_high_w - beside_vehicles(c, m);
    int64_t alone = (int64_t)c->charger_max_w[j] * r->best_minutes[j] / 60;
    int64_t shared = sure * r->best_minutes[j] / 60;
    return control_need_ac(c, m, j) * 4 <= alone * 3 && all_need_ac * 4 <= shared * 3;
}

/* What of the site's own surplus a waiting vehicle may have: it is never cheaper again. */
static int32_t surplus_share(const mizo_site_control *c, const mizo_measurement *m, int j, int64_t surplus)
{
    if (m->vehicle_need_wh[j] == 0 || c->rule.sell_myen > c->rule.best_myen[j] ||
        surplus < c->charger_min_w[j])
        return 0;
    return surplus < c->charger_max_w[j] ? (int32_t)surplus : c->charger_max_w[j];
}

static int64_t rule_vehicles(const mizo_site_control *c, const mizo_measurement *m, mizo_program *out)
{
    int64_t all = 0, sum = 0;
    int64_t surplus = m->net_w == MIZO_MISSING ? 0 : -control_base(c, m);
    for (int j = 0; j < c->nvehicle; j++)
        all += control_need_ac(c, m, j);
    for (int j = 0; j < c->nvehicle; j++) {
        if (m->vehicle_need_wh[j] == 0)
            continue;
        out->vehicle_w[j] =
            can_wait(c, m, j, all) ? surplus_share(c, m, j, surplus - sum) : c->charger_max_w[j];
        sum += out->vehicle_w[j];
    }
    return sum;
}

/* A cycle follows the world one step late: a tenth of the spread between a price and the export's pays for
 * what is exported by mistake when load drops, or bought when surplus does. */
static int64_t late_myen(const mizo_rule_now *r, int32_t price)
{
    return price > r->sell_myen ? (price - r->sell_myen) / 10 : TIE_MYEN;
}

/* The spread of the day pays for what is lost on the way, for the wear and for being late. */
static bool spread_pays(const mizo_plan_battery *b, const mizo_rule_now *r)
{
    double kept = (double)b->charge_ppm * b->discharge_ppm / ((double)MIZO_PPM * MIZO_PPM);
    double gain = kept > 0 ? r->dear_myen - b->wear_myen - r->buy_myen / kept : 0;
    return gain > (double)late_myen(r, r->dear_myen);
}

/* Out of the battery where that surely gains. Nearly full, where it gains nothing, only to make room for
 * surplus to come, and only half the load, which will not drop by more in a step. */
static void rule_give(const mizo_site_control *c, const mizo_measurement *m, int i, int64_t load,
                      mizo_program *out)
{
    const mizo_plan_battery *b = &c->battery[i];
    const mizo_rule_now *r = &c->rule;
    if (b->discharge_ppm <= 0 || m->soc_wh[i] == MIZO_MISSING)
        return;
    int64_t gain = (int64_t)r->buy_myen - b->wear_myen - (int64_t)b->end_myen * MIZO_PPM / b->discharge_ppm;
    bool full = m->soc_wh[i] - b->soc_min_wh > (b->soc_max_wh - b->soc_min_wh) / 5 * 4;
    out->serve_load[i] = gain >= late_myen(r, r->buy_myen);
    if (out->serve_load[i] || !full || gain < -TIE_MYEN || load <= 0)
        return;
    out->battery_w[i] = load / 2 < b->discharge_w ? -(int32_t)(load / 2) : -b->discharge_w;
    out->import_w = (int32_t)(load + out->battery_w[i]);
}

/* A cycle's worth of some Wh, as W. */
static int64_t in_a_cycle(const mizo_site_control *c, int64_t wh)
{
    return wh * 3600000 / (c->cycle_ms > 0 ? c->cycle_ms : 300000);
}

/* A store that is drawn from: from the grid what surely pays, from surplus what is worth more as heat. It gives
 * nothing to the site. */
static void rule_store(const mizo_site_control *c, int i, int64_t load, int64_t *room, mizo_program *out)
{
    int32_t most = c->battery[i].charge_w;
    int64_t grid = in_a_cycle(c, c->rule.fill_wh[i]), sun = in_a_cycle(c, c->rule.fill_surplus_wh[i]);
    grid = grid > most ? most : grid;
    grid = grid > *room ? (*room > 0 ? *room : 0) : grid;
    int64_t surplus = load < 0 ? -load : 0;
    sun = sun > surplus ? surplus : sun > most ? most : sun;
    out->battery_w[i] = (int32_t)(grid > sun ? grid : sun);
    out->import_w += (int32_t)grid;
    *room -= grid;
}

static void rule_battery(const mizo_site_control *c, const mizo_measurement *m, int i, int64_t load,
                         int64_t *room, mizo_program *out)
{
    const mizo_plan_battery *b = &c->battery[i];
    const mizo_rule_now *r = &c->rule;
    int64_t in_worth = (int64_t)b->end_myen * b->charge_ppm / MIZO_PPM; /* of a kWh that goes in */
    out->store_surplus[i] = r->sell_myen + late_myen(r, r->buy_myen) <= in_worth;
    bool fill = r->buy_myen <= in_worth + TIE_MYEN && spread_pays(b, r);
    if (!fill && r->buy_myen + TIE_MYEN >= r->dear_myen)
        rule_give(c, m, i, load, out);
    if (!fill || *room <= 0 || m->soc_wh[i] == MIZO_MISSING || m->soc_wh[i] >= b->soc_max_wh)
        return;
    out->battery_w[i] = *room < b->charge_w ? (int32_t)*room : b->charge_w;
    *room -= out->battery_w[i];
    out->import_w += out->battery_w[i];
}

void mizo_control_rule(const mizo_site_control *c, const mizo_measurement *m, mizo_program *out)
{
    if (!c->rule.known) {
        mizo_control_none(c, m, out);
        return;
    }
    empty_program(out);
    int64_t vehicles = rule_vehicles(c, m, out), runs = 0;
    for (int k = 0; k < m->nrun; k++) {
        out->run_go[k] = !c->rule.run_wait[k];
        runs += m->run[k].state == MIZO_RUN_WAITS && out->run_go[k] ? m->run[k].power_w : 0;
    }
    int64_t base = control_base(c, m) + runs, load = base + vehicles;
    if (c->rule.base_high_w != MIZO_MISSING && c->rule.base_high_w > base)
        base = c->rule.base_high_w;
    int64_t room = c->target_w - base - vehicles;
    for (int i = 0; i < c->nbattery; i++)
        if (c->drawn[i])
            rule_store(c, i, load, &room, out);
        else if (c->battery[i].discharge_w > 0) /* what is never drawn nor given is not worth filling */
            rule_battery(c, m, i, load, &room, out);
}
