/* sun_panel.c: which panel to believe, the listed one or the one that the output shows.
 *
 * The list is kept unless it is silent or plainly wrong: clear half-hours then lie far from what it lets expect,
 * and near to what a fit does. Dust, age and a few degrees of roof are no reason to overrule it: the forecaster
 * takes them out itself (the level of sun_past.c). */
#include <math.h>

#include "forecast/sun_inner.h"

enum { WINDOW = 15, DAYS = 400 };

/* One slot of the day, over a fortnight: the third highest share of the clear curve; NAN: fewer. */
static double third_share(const mizo_history *h, const sun_curve *curve, int from, int to, int s)
{
    double top[3] = { -1, -1, -1 };
    for (int d = from; d < to; d++) {
        int32_t v = h->v[(size_t)d * MIZO_DAY_SLOTS + s];
        if (v == MIZO_MISSING || !(curve[d - from].ghi[s] > 150))
            continue;
        double x = v / (double)curve[d - from].clear[s];
        for (int k = 0; k < 3; k++)
            if (x > top[k]) {
                double was = top[k];
                top[k] = x;
                x = was;
            }
    }
    return top[2] >= 0 ? top[2] : NAN;
}

/* How far the clear half-hours lie from what that panel gives: mean of |share - usual share|, over the usual share,
 * weighted by the clear curve. The usual share itself (capacity, dust) is no fault; the shape of the day is. */
typedef struct distance {
    double shape, scale;
    int n;
} distance;

static distance distance_of(const mizo_history *h, const mizo_forecast_about *about, const mizo_panel *panel)
{
    distance out = { 0 };
    double sum = 0, all = 0, limit = 0.985 * panel->ac_w / 2;
    for (int round = 0; round < 2; round++) {
        double off = 0;
        for (int from = 0; from + WINDOW <= h->ndays; from += WINDOW) {
            sun_curve curve[WINDOW];
            sun_curves(panel, about, h->first + from, WINDOW, curve);
            for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
                double w = (double)curve[WINDOW / 2].clear[s];
                double x = third_share(h, curve, from, from + WINDOW, s);
                if (isnan(x) || x * w >= limit || x < 0.05)
                    continue;
                if (round == 0) {
                    sum += w * x;
                    all += w;
                    out.n++;
                } else {
                    off += w * fabs(x - out.scale);
                }
            }
        }
        if (round == 0)
            out.scale = all > 0 ? sum / all : 0;
        else
            out.shape = sum > 0 ? off / sum : 0;
    }
    return out;
}

static bool suspect(const distance *listed)
{
    return listed->n > 0 && (listed->shape > 0.15 || listed->scale > 1.3);
}

/* Plainly wrong: a day of another shape, or a capacity that is far too small, and a fit that explains it closely. A
 * fit that finds much less than the list has seen no clear sky: months of haze make any panel look small and flat. */
static bool overrule(const distance *listed, const distance *fitted, double share)
{
    bool shape = listed->shape > 0.15 && fitted->shape < 0.5 * listed->shape;
    bool close = fitted->shape < fmax(0.1, 0.35 * listed->shape);
    return close && share > 0.85 && (shape || listed->scale > 1.3);
}

static mizo_err fit_of(const mizo_history *h, const mizo_forecast_about *about, mizo_pv_fit *fit)
{
    mizo_output o = { .wh = h->v,
                      .n = (size_t)h->ndays * MIZO_DAY_SLOTS,
                      .first = mizo_day_slot(h->first, about->offset),
                      .offset = about->offset,
                      .lat = about->lat,
                      .lon = about->lon };
    return h->ndays > 0 ? mizo_pv_fit_panel(&o, fit) : MIZO_ENOENT;
}

static mizo_history last_days(const mizo_history *h)
{
    int skip = h->ndays > DAYS ? h->ndays - DAYS : 0;
    return (mizo_history){ h->first + skip, h->ndays - skip, h->v + (size_t)skip * MIZO_DAY_SLOTS };
}

mizo_err mizo_sun_panel(const mizo_history *h, const mizo_forecast_about *about, mizo_sun_choice *out)
{
    bool silent = !(about->panel.dc_w > 0);
    *out = (mizo_sun_choice){ .panel = about->panel,
                              .origin = silent ? MIZO_PANEL_UNKNOWN : MIZO_PANEL_LISTED,
                              .listed_miss = NAN,
                              .fitted_miss = NAN };
    mizo_history last = last_days(h);
    distance listed = { 0 };
    if (!silent) {
        mizo_panel panel = sun_panel_of(about);
        listed = distance_of(&last, about, &panel);
        out->listed_miss = listed.n ? listed.shape : NAN;
        if (!suspect(&listed))
            return MIZO_OK;
    }
    mizo_pv_fit fit;
    mizo_err e = fit_of(&last, about, &fit);
    if (e)
        return e == MIZO_ENOENT ? MIZO_OK : e;
    distance fitted = distance_of(&last, about, &fit.panel);
    out->fitted_miss = fitted.n ? fitted.shape : NAN;
    if (silent || overrule(&listed, &fitted, fit.panel.dc_w / about->panel.dc_w)) {
        out->panel = fit.panel;
        out->origin = MIZO_PANEL_FITTED;
    }
    return MIZO_OK;
}
