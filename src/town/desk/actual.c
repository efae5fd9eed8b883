/* actual.c: what a group used or gave, from readings as they were known. */
#include <stdlib.h>
#include <string.h>

#include "town/desk/inner.h"

enum { SLOTS = DESK_SLOTS, FILL_PERCENT = 10, WEEK = 7 };

typedef struct sums {
    int64_t metered[MIZO_DESK_MEMBERS][3][SLOTS];
    int known[SLOTS], missing[SLOTS], filled[SLOTS];
} sums;

/* A point's half-hours into the sums; what is missing as a week before. */
static mizo_err add_point(town *t, const char *id, mizo_day day, mizo_ms as_of, int64_t *metered, sums *s)
{
    int32_t v[SLOTS], week[SLOTS];
    bool asked = false;
    MIZO_TRY(desk_read_series(t->store, id, MIZO_Q_IMPORT, day, as_of, v));
    for (int i = 0; i < SLOTS; i++) {
        if (v[i] != MIZO_MISSING) {
            metered[i] += v[i];
            s->known[i]++;
            continue;
        }
        if (!asked)
            MIZO_TRY(desk_read_series(t->store, id, MIZO_Q_IMPORT, day - WEEK, as_of, week));
        asked = true;
        s->missing[i]++;
        if (week[i] == MIZO_MISSING)
            continue;
        metered[i] += week[i];
        s->filled[i]++;
    }
    return MIZO_OK;
}

static mizo_err add_points(town *t, const mizo_bg *g, mizo_day day, mizo_ms as_of, sums *s)
{
    const mizo_region *r = t->region;
    for (mizo_ref p = 0; (size_t)p < r->npoint; p++) {
        const mizo_point *x = &r->point[p];
        int k = desk_member_of(r, g, p, day);
        if (k < 0)
            continue;
        int64_t *metered = s->metered[k][x->voltage];
        if (x->reading == MIZO_BY_LAMP)
            for (int i = 0; i < SLOTS; i++)
                metered[i] += desk_lamp_wh(x, i);
        else if (x->reading == MIZO_BY_SLOT)
            MIZO_TRY(add_point(t, x->id, day, as_of, metered, s));
    }
    return MIZO_OK;
}

/* A slot counts as known where nearly all of its readings are there. */
static bool known(const sums *s, int i)
{
    int all = s->known[i] + s->missing[i];
    return s->known[i] > 0 && s->missing[i] * 100 <= all * FILL_PERCENT;
}

static void finish(const mizo_desk_rules *rules, const sums *s, desk_actual *out)
{
    for (int i = 0; i < SLOTS; i++) {
        bool is = known(s, i);
        out->wh[i] = is ? 0 : INT64_MIN;
        out->slots += is;
        out->filled += is ? s->filled[i] : 0;
        for (size_t k = 0; k < out->nmember; k++) {
            out->member[k][i] = is ? 0 : INT64_MIN;
            for (int v = 0; v < 3 && is; v++)
                out->member[k][i] += mizo_loss_adjusted(s->metered[k][v][i], rules->loss_ppm[v]);
            out->wh[i] += is ? out->member[k][i] : 0;
        }
    }
}

static mizo_err read_demand(town *t, const mizo_bg *g, const mizo_desk_rules *rules, mizo_day day,
                            mizo_ms as_of, desk_actual *out)
{
    char id[MIZO_ID_MAX];
    sums *s = calloc(1, sizeof *s);
    mizo_err e = s ? add_points(t, g, day, as_of, s) : MIZO_ENOMEM;
    while (out->nmember < MIZO_DESK_MEMBERS && desk_listed(g->members, out->nmember, id))
        out->nmember++;
    if (!e)
        finish(rules, s, out);
    free(s);
    return e;
}

/* ---- generation ---- */

static mizo_err read_units(town *t, const mizo_bg *g, mizo_day day, mizo_ms as_of, desk_actual *out)
{
    char id[MIZO_ID_MAX];
    for (; out->nmember < MIZO_DESK_MEMBERS && desk_listed(g->members, out->nmember, id); out->nmember++) {
        int32_t v[SLOTS];
        MIZO_TRY(desk_read_series(t->store, id, MIZO_Q_GENERATION, day, as_of, v));
        for (int i = 0; i < SLOTS; i++)
            out->member[out->nmember][i] = v[i] == MIZO_MISSING ? INT64_MIN : v[i];
    }
    for (int i = 0; i < SLOTS; i++) {
        out->wh[i] = out->nmember ? 0 : INT64_MIN;
        for (size_t k = 0; k < out->nmember && out->wh[i] != INT64_MIN; k++)
            out->wh[i] = out->member[k][i] == INT64_MIN ? INT64_MIN : out->wh[i] + out->member[k][i];
        out->slots += out->wh[i] != INT64_MIN;
    }
    return MIZO_OK;
}

/* ---- self-wheeling: what arrived, no more than was used ---- */

static mizo_err output_of(town *t, const mizo_source *s, mizo_day day, mizo_ms as_of, int32_t v[SLOTS])
{
    const mizo_region *r = t->region;
    const char *id = s->plant >= 0 ? r->plant[s->plant].id : s->pv >= 0 ? r->pv[s->pv].id : NULL;
    desk_blank(v);
    if (id)
        MIZO_TRY(desk_read_series(t->store, id, MIZO_Q_GENERATION, day, as_of, v));
    for (int i = 0; i < SLOTS; i++)
        if (!mizo_source_on(s, day, i))
            v[i] = 0;
        else if (v[i] != MIZO_MISSING)
            v[i] = (int32_t)mizo_div_round((int64_t)v[i] * s->share_ppm, MIZO_PPM, MIZO_ROUND_HALF_UP);
    return MIZO_OK;
}

static mizo_err read_self(town *t, const mizo_bg *g, const mizo_desk_rules *rules, mizo_day day,
                          mizo_ms as_of, desk_actual *out)
{
    char id[MIZO_ID_MAX];
    memset(out->wh, 0, sizeof out->wh);
    for (; out->nmember < MIZO_DESK_MEMBERS && desk_listed(g->members, out->nmember, id); out->nmember++) {
        mizo_ref p = mizo_region_point(t->region, id);
        int32_t use[SLOTS], v[SLOTS], loss = rules->loss_ppm[p < 0 ? 0 : t->region->point[p].voltage];
        int64_t *got = out->member[out->nmember];
        MIZO_TRY(desk_read_series(t->store, id, MIZO_Q_IMPORT, day, as_of, use));
        memset(got, 0, SLOTS * sizeof *got);
        for (size_t k = 0; k < t->region->nsource; k++) {
            const mizo_source *s = &t->region->source[k];
            if (s->kind != MIZO_SOURCE_SELF || s->point != p)
                continue;
            MIZO_TRY(output_of(t, s, day, as_of, v));
            for (int i = 0; i < SLOTS; i++)
                got[i] = v[i] == MIZO_MISSING || got[i] == INT64_MIN ? INT64_MIN : got[i] + v[i];
        }
        for (int i = 0; i < SLOTS; i++) {
            bool is = use[i] != MIZO_MISSING && got[i] != INT64_MIN && out->wh[i] != INT64_MIN;
            int64_t wh = is ? desk_through_loss(got[i], loss) : 0;
            got[i] = is ? mizo_loss_adjusted(wh < use[i] ? wh : use[i], loss) : INT64_MIN;
            out->wh[i] = is ? out->wh[i] + got[i] : INT64_MIN;
        }
    }
    for (int i = 0; i < SLOTS; i++)
        out->slots += out->wh[i] != INT64_MIN;
    return MIZO_OK;
}

mizo_err desk_actual_read(town *t, const mizo_bg *g, const mizo_desk_rules *rules, mizo_day day,
                          mizo_ms as_of, desk_actual *out)
{
    memset(out, 0, sizeof *out);
    if (g->kind == MIZO_BG_GENERATION)
        return read_units(t, g, day, as_of, out);
    return g->kind == MIZO_BG_SELF ? read_self(t, g, rules, day, as_of, out)
                                   : read_demand(t, g, rules, day, as_of, out);
}
