/* index.c: how bright the sky was, from what a plant gave under it. */
#include <math.h>

#include "weather/unit.h"

/* The index at which one watt gives `wanted` Wh in the slot: a few steps of proportion, as power nearly follows it. */
static double index_for(const unit_place *place, const unit_face *face, mizo_slot s, double air_c,
                        double wanted)
{
    double index = 1;
    for (int i = 0; i < 6; i++) {
        unit_ray ray[UNIT_RAYS];
        double got = unit_slot(place, s, index, ray) ? unit_ac(ray, face, air_c) / 2 : 0;
        if (!(got > 0))
            return 0;
        index = fmin(1.4, index * fmin(4, fmax(0.05, wanted / got)));
    }
    return index;
}

size_t mizo_pv_index(const mizo_output *o, const mizo_panel *p, const mizo_pv_state *state, float *index)
{
    unit_place place = unit_place_of(o->lat, o->lon, o->elevation_m);
    unit_face face = unit_face_of(p->tilt, p->azimuth);
    size_t n = 0;
    for (size_t i = 0; i < o->n; i++) {
        index[i] = NAN;
        if (!(p->dc_w > 0) || (state[i] != MIZO_PV_USUAL && state[i] != MIZO_PV_CLIPPED))
            continue;
        mizo_slot s = o->first + (mizo_slot)i;
        double air = o->air_c ? (double)o->air_c[i] : unit_usual_air_c(s, o->lat);
        double least = index_for(&place, &face, s, air, fmax(0, o->wh[i]) / p->dc_w);
        index[i] = (float)(state[i] == MIZO_PV_CLIPPED ? fmax(1, least) : least);
        n++;
    }
    return n;
}
