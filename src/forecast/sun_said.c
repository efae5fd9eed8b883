/* sun_said.c: what a forecast of the irradiance lets expect of a panel, and how far it may be trusted.
 *
 * The irradiance becomes an index of this panel: split (Erbs), laid on its plane (Hay and Davies), with the heat of
 * the cells, over the same under a clear sky. Where its past is known, what it missed at this site half-hour by
 * half-hour says how much it is worth; else what it missed elsewhere. */
#include <math.h>

#include "forecast/sun_inner.h"

/* Where nothing is known of its past: standard deviation of the index at three plants under a national service's
 * day-ahead forecast and a satellite's; it counts for so many days of a site's own. */
static const double usual_spread = 0.26, usual_days = 4, half_life = 30;

/* One day's indices under its forecast. */
static void indices(const sun_past *p, const mizo_forecast_about *about, mizo_day day, const int32_t *ghi_wm2,
                    float out[MIZO_DAY_SLOTS])
{
    mizo_pv_day_task t = { .panel = p->panel,
                           .lat = about->lat,
                           .lon = about->lon,
                           .offset = about->offset,
                           .day = day,
                           .ghi_wm2 = ghi_wm2 };
    mizo_pv_day d;
    mizo_pv_day_of(&t, &d);
    double floor_wh = 0.005 * p->panel.dc_w; /* as in the clear curves */
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        out[s] = (float)(d.ghi[s] > 0 ? (d.under[s] + floor_wh) / (d.clear[s] + floor_wh) : NAN);
}

/* Mean and spread of what was missed, slot by slot with its neighbours. */
static void learn(const double w[MIZO_DAY_SLOTS], const double first[MIZO_DAY_SLOTS],
                  const double second[MIZO_DAY_SLOTS], sun_said *out)
{
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        double all = usual_days, sum = 0, square = 0;
        for (int k = s > 0 ? s - 1 : 0; k <= s + 1 && k < MIZO_DAY_SLOTS; k++) {
            double near = k == s ? 0.6 : 0.2;
            all += near * w[k];
            sum += near * first[k];
            square += near * second[k];
        }
        out->off[s] = sum / all;
        square += usual_days * usual_spread * usual_spread;
        out->spread[s] = sqrt(fmax(0.0025, square / all - out->off[s] * out->off[s]));
    }
}

void sun_said_read(const sun_past *p, const mizo_history *h, const mizo_forecast_about *about,
                   mizo_day issued, int n, sun_said *out)
{
    out->any = about && about->ghi_wm2 && p->panel.dc_w > 0;
    if (!out->any)
        return;
    for (int d = 0; d * MIZO_DAY_SLOTS < n; d++)
        indices(p, about, issued + d, about->ghi_wm2 + (size_t)d * MIZO_DAY_SLOTS, out->index[d]);
    double w[MIZO_DAY_SLOTS] = { 0 }, first[MIZO_DAY_SLOTS] = { 0 }, second[MIZO_DAY_SLOTS] = { 0 };
    for (int i = 0; about->past_ghi_wm2 && i < p->n; i++) {
        int64_t d = (int64_t)issued - 1 - i - h->first;
        float said[MIZO_DAY_SLOTS];
        if (d < 0 || d >= h->ndays)
            continue;
        indices(p, about, issued - 1 - i, about->past_ghi_wm2 + d * MIZO_DAY_SLOTS, said);
        double weight = exp2(-i / half_life);
        for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
            double off = (double)p->index[i][s] - (double)said[s];
            if (isnan(off))
                continue;
            w[s] += weight;
            first[s] += weight * off;
            second[s] += weight * off * off;
        }
    }
    learn(w, first, second, out);
}
