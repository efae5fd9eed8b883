/* states.c: which half-hours of a plant the sky decided, and which a hand.
 *
 * Three things that no sky does: hours on end at one value below what a clear sky would give, while the sun moves
 * (a cap from outside); next to nothing while the sun is up, where the darkest cloud still leaves some per cent
 * (off, tripped, under snow); and the same highest value again and again (the inverter's own limit). */
#include <math.h>

#include "weather/unit.h"

enum { CAP_RUN = 4 };

typedef struct watch {
    const int32_t *wh;
    size_t n;
    const mizo_panel *panel;
    double (*clear)(const void *sky,
                    size_t i); /* Wh of slot i under a clear sky, no limit; 0 below five degrees */
    const void *sky;
} watch;

typedef struct sky_of_output {
    const mizo_output *o;
    double dc_w;
    unit_place place;
    unit_face face;
} sky_of_output;

static double clear_of_output(const void *sky, size_t i)
{
    const sky_of_output *k = sky;
    unit_ray ray[UNIT_RAYS];
    mizo_slot s = k->o->first + (mizo_slot)i;
    if (!unit_slot(&k->place, s, 1, ray) || ray[UNIT_RAYS / 2].up < 0.0872)
        return 0;
    double air = k->o->air_c ? (double)k->o->air_c[i] : unit_usual_air_c(s, k->o->lat);
    return k->dc_w * unit_ac(ray, &k->face, air) / 2;
}

static double clear_of_list(const void *sky, size_t i)
{
    return ((const float *)sky)[i];
}

static mizo_pv_state alone(const watch *w, size_t i)
{
    const mizo_panel *p = w->panel;
    if (w->wh[i] == MIZO_MISSING)
        return MIZO_PV_DARK;
    double clear = w->clear(w->sky, i), wh = w->wh[i];
    if (!(clear > 0))
        return MIZO_PV_DARK;
    if (clear > 0.03 * p->dc_w && wh < 0.01 * clear) /* 0.03: a half-hour at 6 % of the capacity */
        return MIZO_PV_OFF;
    if (p->ac_w < 0.98 * p->dc_w && 2 * wh >= 0.985 * p->ac_w)
        return MIZO_PV_CLIPPED;
    return MIZO_PV_USUAL;
}

/* How far from i the values stay within 1 % of one another (and 1 Wh), below the clear sky; 0: nowhere. */
static size_t level(const watch *w, const mizo_pv_state *state, size_t i)
{
    double low = w->wh[i], high = low;
    size_t n = 0;
    for (; i + n < w->n && state[i + n] == MIZO_PV_USUAL; n++) {
        double wh = w->wh[i + n];
        if (fmax(high, wh) - fmin(low, wh) > 0.01 * fmax(high, wh) + 1)
            break;
        if (2 * wh < 0.05 * w->panel->dc_w || wh > 0.93 * w->clear(w->sky, i + n))
            break;
        low = fmin(low, wh);
        high = fmax(high, wh);
    }
    return n;
}

static size_t judge(const watch *w, mizo_pv_state *state)
{
    size_t held = 0;
    for (size_t i = 0; i < w->n; i++) {
        state[i] = alone(w, i);
        held += state[i] == MIZO_PV_OFF;
    }
    for (size_t i = 0; i < w->n; i++) {
        size_t n = level(w, state, i);
        if (n < CAP_RUN)
            continue;
        for (size_t k = 0; k < n; k++)
            state[i + k] = MIZO_PV_CAPPED;
        held += n;
        i += n - 1;
    }
    return held;
}

size_t mizo_pv_states(const mizo_output *o, const mizo_panel *p, mizo_pv_state *state)
{
    sky_of_output sky = { o, p->dc_w, unit_place_of(o->lat, o->lon, o->elevation_m),
                          unit_face_of(p->tilt, p->azimuth) };
    watch w = { o->wh, o->n, p, clear_of_output, &sky };
    return judge(&w, state);
}

size_t mizo_pv_states_under(const int32_t *wh, const float *clear_wh, size_t n, const mizo_panel *p,
                            mizo_pv_state *state)
{
    watch w = { wh, n, p, clear_of_list, clear_wh };
    return judge(&w, state);
}
