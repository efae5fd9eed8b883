/* forecast_plants.c: mizo forecast: what the town's plants will send out. */
#include "cli/forecast_plants.h"

static mizo_err say(const forecast_plants *p, size_t k, foresee_band *b)
{
    foresee_plant_ask ask = p->ask;
    ask.plant = (mizo_ref)k;
    mizo_err e = foresee_plant(p->region, p->store, &ask, b);
    return e == MIZO_ENOENT ? MIZO_OK : e; /* the schedule alone speaks */
}

static void put_level(json *w, const char *name, const foresee_band *b, int level, int n)
{
    json_array(w, name);
    for (int i = 0; i < n; i++)
        json_int(w, NULL, b->q[i][level]);
    json_end(w);
}

mizo_err cli_plants_json(const forecast_plants *p, json *w)
{
    foresee_band b;
    int n = p->ask.days * MIZO_DAY_SLOTS;
    json_array(w, "plants");
    for (size_t k = 0; k < p->region->nplant; k++) {
        MIZO_TRY(say(p, k, &b));
        json_object(w, NULL);
        json_text(w, "plant", p->region->plant[k].id);
        json_array(w, "planned_w");
        for (int d = 0; d < p->ask.days; d++)
            json_int(w, NULL, foresee_plant_planned(p->region, (mizo_ref)k, p->ask.day + d));
        json_end(w);
        json_ints(w, "generation_wh", b.mean, n);
        json_array(w, "generation_levels_wh");
        for (int l = 0; l < MIZO_QUANTILES; l++)
            put_level(w, NULL, &b, l, n);
        json_end(w);
        json_end(w);
    }
    json_end(w);
    return MIZO_OK;
}

mizo_err cli_plants_text(const forecast_plants *p, bool ja, buf *out)
{
    foresee_band b;
    if (p->region->nplant)
        buf_str(out, ja ? "発電所: 計画 kW、一日の kWh (P10-P90は半時間ごとの平均)\n"
                        : "plants: planned kW, kWh of the day (mean P10 and P90 of a half-hour)\n");
    for (size_t k = 0; k < p->region->nplant; k++) {
        MIZO_TRY(say(p, k, &b));
        for (int d = 0; d < p->ask.days; d++) {
            double sum = 0, low = 0, high = 0;
            for (int i = d * MIZO_DAY_SLOTS; i < (d + 1) * MIZO_DAY_SLOTS; i++) {
                sum += b.mean[i];
                low += b.q[i][MIZO_Q10];
                high += b.q[i][MIZO_Q90];
            }
            char day[MIZO_DATE_TEXT];
            mizo_day_text(p->ask.day + d, day);
            buf_printf(out, "  %s %-20s %8.0f %11.0f  (%.0f - %.0f)\n", day, p->region->plant[k].id,
                       (double)foresee_plant_planned(p->region, (mizo_ref)k, p->ask.day + d) / 1000,
                       sum / 1000, low / 48000, high / 48000);
        }
    }
    return MIZO_OK;
}
