/* sun_past.c: what the sky over a site was, from what its panel gave.
 *
 * A half-hour that a hand decided (held level, switched off, under snow) says nothing of the sky and is left out;
 * one at the inverter's limit says that the sky was at least so bright, and counts as clear. */
#include <math.h>
#include <string.h>

#include "forecast/sun_inner.h"

enum { AROUND = 7 }; /* days to each side in which the brightest gives the level */

mizo_panel sun_panel_of(const mizo_forecast_about *about)
{
    if (about && about->panel.dc_w > 0) {
        mizo_panel p = about->panel;
        p.ac_w = p.ac_w > 0 ? p.ac_w : p.dc_w;
        return p;
    }
    double lat = about ? about->lat : 0;
    return (mizo_panel){ 1, 1, fmin(30, fabs(lat) * 0.6), lat < 0 ? 0 : 180 };
}

static void one_curve(const mizo_panel *panel, const mizo_forecast_about *about, mizo_day day, sun_curve *out)
{
    mizo_pv_day_task t = {
        .panel = *panel,
        .lat = about ? about->lat : 0,
        .lon = about ? about->lon : 0,
        .offset = about ? about->offset : 0,
        .day = day,
    };
    mizo_pv_day d;
    mizo_pv_day_of(&t, &d);
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        out->ghi[s] = (float)d.ghi[s];
        out->clear[s] = (float)(d.ghi[s] > 0 ? d.clear[s] + 0.005 * panel->dc_w : 0);
    }
}

/* Every SUN_STRIDE-th day is computed and those between are drawn straight. */
void sun_curves(const mizo_panel *panel, const mizo_forecast_about *about, mizo_day day, int n,
                sun_curve *out)
{
    for (int i = 0; i < n; i += SUN_STRIDE)
        one_curve(panel, about, day + i, &out[i]);
    int last = (n - 1) / SUN_STRIDE * SUN_STRIDE;
    for (int i = last + 1; i < n; i++)
        one_curve(panel, about, day + i, &out[i]);
    for (int i = 0; i < last; i++) {
        int from = i / SUN_STRIDE * SUN_STRIDE;
        float part = (float)(i - from) / SUN_STRIDE;
        if (i == from)
            continue;
        for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
            const sun_curve *a = &out[from], *b = &out[from + SUN_STRIDE];
            out[i].clear[s] = a->clear[s] + part * (b->clear[s] - a->clear[s]);
            out[i].ghi[s] = a->ghi[s] + part * (b->ghi[s] - a->ghi[s]);
        }
    }
}

static const int32_t *day_of(const mizo_history *h, mizo_day day)
{
    int64_t d = (int64_t)day - h->first;
    return d >= 0 && d < h->ndays ? h->v + d * MIZO_DAY_SLOTS : NULL;
}

/* What a stand-in panel must be scaled by: the third highest share of the clear curve while the sun is well up. */
static double scale_of(const sun_past *p, const mizo_history *h, mizo_day issued)
{
    double top[3] = { 0 };
    for (int i = 0; i < p->n; i++) {
        const int32_t *v = day_of(h, issued - 1 - i);
        for (int s = 0; v && s < MIZO_DAY_SLOTS; s++) {
            if (v[s] == MIZO_MISSING || !(p->curve[i].ghi[s] > 200))
                continue;
            double x = v[s] / (double)p->curve[i].clear[s];
            for (int k = 0; k < 3; k++)
                if (x > top[k]) {
                    double was = top[k];
                    top[k] = x;
                    x = was;
                }
        }
    }
    return top[2];
}

static void stand_in(const mizo_history *h, mizo_day issued, sun_past *p)
{
    double scale = scale_of(p, h, issued);
    p->panel.dc_w *= scale;
    p->panel.ac_w = p->panel.dc_w;
    for (int i = 0; i < p->n; i++)
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            p->curve[i].clear[s] *= (float)scale;
}

/* A day on which every half-hour that could tell was off. Unknown days tell nothing. */
typedef enum verdict { SILENT, ALIVE, DEAD } verdict;

static verdict alive(const mizo_pv_state state[MIZO_DAY_SLOTS])
{
    int off = 0, on = 0;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        off += state[s] == MIZO_PV_OFF;
        on += state[s] == MIZO_PV_CAPPED || state[s] == MIZO_PV_CLIPPED || state[s] == MIZO_PV_USUAL;
    }
    return off + on < 6 ? SILENT : off >= 6 && off > 3 * on ? DEAD : ALIVE;
}

/* The day's indices, still over the clear sky itself. */
static verdict judge_day(const int32_t *v, int i, sun_past *p)
{
    float clear[MIZO_DAY_SLOTS];
    mizo_pv_state state[MIZO_DAY_SLOTS];
    double best = 0, sum = 0, all = 0, late = 0, late_all = 0;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        clear[s] = p->curve[i].ghi[s] > 50 ? p->curve[i].clear[s] : 0; /* five degrees */
        best = fmax(best, (double)p->curve[i].clear[s]);
    }
    mizo_pv_states_under(v, clear, MIZO_DAY_SLOTS, &p->panel, state);
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        double full = (double)p->curve[i].clear[s];
        if (v[s] == MIZO_MISSING || !(full > 0) || state[s] == MIZO_PV_CAPPED || state[s] == MIZO_PV_OFF)
            continue;
        double x = fmin(2, fmax(0, v[s] / full));
        x = state[s] == MIZO_PV_CLIPPED ? fmax(1, x) : x;
        p->index[i][s] = (float)x;
        p->limit = fmax(p->limit, v[s]);
        if (!(full > 0.1 * best))
            continue;
        sum += x * full;
        all += full;
        late += s >= 26 ? x * full : 0;
        late_all += s >= 26 ? full : 0;
    }
    p->whole[i] = all > 2.5 * best ? (float)(sum / all) : NAN;
    p->late[i] = late_all > best ? (float)(late / late_all) : p->whole[i];
    return alive(state);
}

static float brightest(const sun_past *p, int from, int to)
{
    float most = 0;
    for (int i = from < 0 ? 0 : from; i < to && i < p->n; i++)
        if (p->whole[i] > most)
            most = p->whole[i];
    return most;
}

/* Takes the level out of all indices. Where no day shows one, the panel is taken at its word. */
static void find_levels(sun_past *p)
{
    float top = brightest(p, 0, p->n), least = 0.5f * top;
    if (!(top > 0))
        top = least = 1;
    for (int i = 0; i < p->n; i++)
        p->level[i] = fmaxf(least, brightest(p, i - AROUND, i + AROUND + 1));
    p->now = fmaxf(least, brightest(p, 0, 2 * AROUND));
    for (int i = 0; i < p->n; i++) {
        p->whole[i] /= p->level[i];
        p->late[i] /= p->level[i];
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            if (!isnan(p->index[i][s]))
                p->index[i][s] = fminf(1.6f, p->index[i][s] / p->level[i]);
    }
}

bool sun_past_read(const mizo_history *h, const mizo_forecast_about *about, mizo_day issued, sun_past *p)
{
    int64_t before = (int64_t)issued - h->first;
    p->n = before < 0 ? 0 : before > SUN_BACK ? SUN_BACK : (int)before;
    if (p->n == 0)
        return false;
    p->known = about && about->panel.dc_w > 0;
    p->panel = sun_panel_of(about);
    sun_curve forward[SUN_BACK];
    sun_curves(&p->panel, about, issued - p->n, p->n, forward);
    for (int i = 0; i < p->n; i++)
        p->curve[i] = forward[p->n - 1 - i];
    if (!p->known)
        stand_in(h, issued, p);
    p->limit = (p->known ? p->panel.ac_w : p->panel.dc_w) / 2;
    p->dead = 0;
    bool any = false, over = false;
    for (int i = 0; i < p->n; i++) {
        const int32_t *v = day_of(h, issued - 1 - i);
        p->whole[i] = p->late[i] = NAN;
        for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
            p->index[i][s] = NAN;
            any |= v && v[s] != MIZO_MISSING;
        }
        verdict x = v ? judge_day(v, i, p) : SILENT;
        over |= x == ALIVE;
        p->dead += !over && x == DEAD;
    }
    find_levels(p);
    return any;
}
