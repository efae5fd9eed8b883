/* cost.c: what a site's half-hours cost under its tariff. Exact: Wh x milli-yen per kWh is micro-yen.
 *
 * Measured demand (実量制): the contract kW of a month is the largest monthly maximum of that month and
 * the eleven before, a monthly maximum being the largest mean power of a half-hour. So a kW above the
 * standing peak is charged in its own month and the eleven that follow; a kW below it is free. */
#include <string.h>

#include "mizo/retail.h"

/* (185 - power factor) in hundredths; a tariff without the rule counts as 100. */
static int64_t factor_pct(const mizo_tariff *t)
{
    return t->power_factor_pct > 0 ? 185 - t->power_factor_pct : 100;
}

static int64_t rounded(int64_t a, int64_t b, int64_t c)
{
    int64_t v;
    return mizo_mul_div(a, b, c, MIZO_ROUND_HALF_UP, &v) == MIZO_OK ? v : INT64_MAX;
}

mizo_uyen mizo_base_charge(const mizo_tariff *t, int32_t contract_w)
{
    return rounded((int64_t)contract_w * t->base_myen_per_kw, factor_pct(t), 100); /* W x myen/kW = uyen */
}

int64_t mizo_peak_myen_per_kw(const mizo_tariff *t)
{
    if (!t->measured_demand)
        return 0;
    return rounded((int64_t)t->base_myen_per_kw * MIZO_PEAK_MONTHS, factor_pct(t), 100);
}

int64_t mizo_over_agreed_myen_per_kw(const mizo_tariff *t)
{
    return rounded((int64_t)t->base_myen_per_kw * 3, factor_pct(t), 200);
}

static void add_slot(const mizo_region *r, const mizo_tariff *t, mizo_ref tariff, mizo_day day, int slot,
                     int32_t import_wh, int32_t export_wh, mizo_cost *out)
{
    out->missing += import_wh == MIZO_MISSING;
    if (import_wh > 0) {
        out->bought_wh += import_wh;
        out->energy += tariff >= 0 ? (int64_t)import_wh * mizo_region_rate(r, tariff, day, slot) : 0;
        int64_t w = (int64_t)import_wh * 2;
        int32_t kept = w > INT32_MAX ? INT32_MAX : (int32_t)w;
        out->peak_w = kept > out->peak_w ? kept : out->peak_w;
    }
    if (export_wh > 0) {
        out->sold_wh += export_wh;
        out->sold += (int64_t)export_wh * t->export_myen_per_kwh;
    }
}

void mizo_site_cost(const mizo_region *r, mizo_ref point, mizo_day day, int ndays, const int32_t *import_wh,
                    const int32_t *export_wh, mizo_cost *out)
{
    static const mizo_tariff free_of_charge = { .id = "" };
    const mizo_point *p = &r->point[point];
    const mizo_tariff *t = p->tariff >= 0 ? &r->tariff[p->tariff] : &free_of_charge;
    memset(out, 0, sizeof *out);
    for (int i = 0; i < ndays * MIZO_DAY_SLOTS; i++)
        add_slot(r, t, p->tariff, day + i / MIZO_DAY_SLOTS, i % MIZO_DAY_SLOTS, import_wh[i],
                 export_wh ? export_wh[i] : 0, out);
    if (p->standing_w > 0 && out->peak_w > p->standing_w)
        out->peak = rounded(out->peak_w - p->standing_w, mizo_peak_myen_per_kw(t), 1);
    out->total = out->energy - out->sold + out->peak;
}
