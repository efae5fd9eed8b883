/* net.c: a point whose panels no meter of their own sees: import - export, split into load and panels.
 *
 * The sky is that of the first plant of the region that is metered, half-hour by half-hour; where there is none, a
 * usual sky, and the load carries what it misses. Neither looks at another day, so that what was split of a day
 * does not change with the days after it. */
#include <math.h>
#include <stdlib.h>

#include "mizo/forecast.h"
#include "town/foresee/read.h"

mizo_panel foresee_panel(const mizo_region *r, mizo_ref point, mizo_day day)
{
    size_t first, n = mizo_region_pv_of(r, point, &first);
    mizo_panel all = { 0 };
    for (size_t i = first; i < first + n; i++) {
        const mizo_pv *p = &r->pv[i];
        if (day < p->from || day >= p->to)
            continue;
        all.dc_w += p->dc_w;
        all.ac_w += p->ac_w;
        all.tilt += (double)p->tilt_deg * p->dc_w;
        all.azimuth += (double)p->azimuth_deg * p->dc_w;
    }
    if (all.dc_w > 0) {
        all.tilt /= all.dc_w;
        all.azimuth /= all.dc_w;
    }
    return all;
}

/* The index over the first metered plant, from its readings in wh. False: no plant is metered. */
static bool sky_over(const mizo_region *r, store *s, const foresee_span *span, int32_t *wh,
                     mizo_pv_state *state, float *index, mizo_err *e)
{
    size_t n = (size_t)span->days * MIZO_DAY_SLOTS;
    mizo_slot from = mizo_day_slot(span->first, r->offset);
    for (size_t i = 0; i < r->npv; i++) {
        const mizo_pv *p = &r->pv[i];
        *e = foresee_read_one(r, s, p->id, MIZO_Q_GENERATION, span, wh);
        if (*e == MIZO_ENOENT || p->from > span->first)
            continue;
        if (*e)
            return false;
        mizo_panel panel = { p->dc_w, p->ac_w, p->tilt_deg, p->azimuth_deg };
        mizo_output o = { wh, n, from, r->offset, r->lat_e6 / 1e6, r->lon_e6 / 1e6, 0, NULL };
        mizo_pv_states(&o, &panel, state);
        if (mizo_pv_index(&o, &panel, state, index) > n / 8)
            return true;
    }
    *e = MIZO_OK;
    return false;
}

/* A list may name panels that are not behind this meter, or not there yet: the readings must show them, by what flows
 * out or by dips on bright days. What they show of the days so far: a day can only add to it. */
static mizo_err shown(const mizo_history *h, const mizo_forecast_about *about, const float *index, bool *yes)
{
    size_t n = (size_t)h->ndays * MIZO_DAY_SLOTS;
    mizo_net net = { .wh = h->v,
                     .n = n,
                     .first = mizo_day_slot(h->first, about->offset),
                     .offset = about->offset,
                     .lat = about->lat,
                     .lon = about->lon,
                     .tilt = about->panel.tilt,
                     .azimuth = about->panel.azimuth,
                     .index = index };
    mizo_behind found = { .low = 0 };
    *yes = false;
    for (size_t i = 0; i < n && !*yes; i++)
        *yes = h->v[i] < 0 && h->v[i] != MIZO_MISSING;
    if (*yes)
        return MIZO_OK;
    mizo_err e = mizo_behind_find(&net, &found);
    *yes = e == MIZO_OK && found.low > 0;
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static mizo_err apart(const mizo_region *r, mizo_ref point, const foresee_span *span, const float *index,
                      int32_t *net, int32_t *load, int32_t *pv)
{
    mizo_forecast_about about = { .offset = r->offset,
                                  .lat = r->lat_e6 / 1e6,
                                  .lon = r->lon_e6 / 1e6,
                                  .panel = foresee_panel(r, point, span->first + span->days - 1) };
    mizo_history h = { span->first, span->days, net };
    mizo_behind found;
    bool there_is = false;
    if (about.panel.dc_w > 0)
        MIZO_TRY(shown(&h, &about, index, &there_is));
    if (!there_is) {
        for (size_t i = 0; i < (size_t)span->days * MIZO_DAY_SLOTS; i++)
            pv[i] = net[i] == MIZO_MISSING ? MIZO_MISSING : 0;
        return MIZO_OK;
    }
    MIZO_TRY(mizo_net_apart(&h, &about, index, load, pv, &found));
    for (int d = 0; d < span->days; d++) {
        bool there = foresee_panel(r, point, span->first + d).dc_w > 0;
        for (int i = d * MIZO_DAY_SLOTS; i < (d + 1) * MIZO_DAY_SLOTS; i++) {
            net[i] = there ? load[i] : net[i];
            pv[i] = there || pv[i] == MIZO_MISSING ? pv[i] : 0;
        }
    }
    return MIZO_OK;
}

mizo_err foresee_net_split(const mizo_region *r, store *s, mizo_ref point, const foresee_span *span,
                           int32_t *net, int32_t *pv)
{
    size_t n = (size_t)span->days * MIZO_DAY_SLOTS;
    int32_t *load = malloc(n * sizeof *load), *made = pv ? pv : malloc(n * sizeof *made);
    mizo_pv_state *state = malloc(n * sizeof *state);
    float *index = malloc(n * sizeof *index);
    mizo_err e = load && made && state && index ? MIZO_OK : MIZO_ENOMEM;
    if (!e && !sky_over(r, s, span, load, state, index, &e))
        for (size_t i = 0; i < n; i++)
            index[i] = NAN; /* a usual sky */
    if (!e)
        e = apart(r, point, span, index, net, load, made);
    if (made != pv)
        free(made);
    free(load);
    free(state);
    free(index);
    return e;
}
