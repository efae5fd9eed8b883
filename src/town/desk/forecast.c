/* forecast.c: the day of a group as it is expected: what its points will take through their meters, adjusted
 * for losses; what its sources will give; what the market will cost. Nothing of procurement enters the demand. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/desk.h"
#include "town/desk/decide.h"
#include "town/desk/inner.h"
#include "town/desk/portfolio.h"
#include "town/foresee/plant.h"

enum { SLOTS = DESK_SLOTS };

typedef struct work {
    town *t;
    const mizo_region *r;
    const mizo_bg *g;
    mizo_day day;
    mizo_ms issued;
    mizo_desk_rules rules;
    const int *stop;
    desk_forecast *out;
    float (*exported)[SLOTS];     /* [npoint] Wh expected to be fed in */
    bool *seen;                   /* [npoint] forecast */
    int64_t (*metered)[3][SLOTS]; /* [members][voltage] */
    int32_t (*drawn)[SLOTS];      /* [npoint] Wh expected through the meter, in metered */
    desk_sites sites;             /* those that decide something, as planned */
    bool planned;
    float *path;            /* [FORESEE_TOWN_PATHS * SLOTS] */
    double (*swing)[SLOTS]; /* [FORESEE_TOWN_PATHS] of demand, adjusted */
    forecast_desk *desk;    /* for single points and the price */
    forecast_point *room;
    foresee_band *band;
} work;

/* ---- what a meter will see ---- */

static double positive_part(const double *q, bool below)
{
    double v[MIZO_QUANTILES];
    for (int k = 0; k < MIZO_QUANTILES; k++)
        v[k] = below ? fmax(0, -q[MIZO_QUANTILES - 1 - k]) : fmax(0, q[k]);
    return mizo_outlook_expected(v);
}

static int32_t whole(double v)
{
    return (int32_t)floor(fmax(0, fmin(2e9, v)) + 0.5);
}

static void edges(const foresee_band *b, int n, int32_t *p10, int32_t *p90)
{
    for (int i = 0; i < n; i++) {
        p10[i] = b->q[i][MIZO_Q10];
        p90[i] = b->q[i][MIZO_Q90];
    }
}

/* Demand and panels become what is drawn from the grid; what is fed in is remembered. */
static void through_the_meter(void *arg, mizo_ref point, foresee_out *said)
{
    work *w = arg;
    int32_t edge[4][SLOTS], mean[SLOTS], low[SLOTS], high[SLOTS], q[SLOTS * MIZO_QUANTILES];
    w->seen[point] = true;
    if (!said->has_pv || said->n != SLOTS)
        return;
    edges(&said->demand, SLOTS, edge[0], edge[1]);
    edges(&said->pv, SLOTS, edge[2], edge[3]);
    mizo_forecast load = { SLOTS, said->demand.mean, edge[0], edge[1], said->demand.q[0] },
                  pv = { SLOTS, said->pv.mean, edge[2], edge[3], said->pv.q[0] },
                  net = { SLOTS, mean, low, high, q };
    mizo_net_of(&load, &pv, 0, &net);
    for (int i = 0; i < SLOTS; i++) {
        double v[MIZO_QUANTILES];
        if (mean[i] == MIZO_MISSING)
            continue;
        for (int k = 0; k < MIZO_QUANTILES; k++)
            v[k] = q[i * MIZO_QUANTILES + k];
        w->exported[point][i] = (float)positive_part(v, true);
        said->demand.mean[i] = whole(positive_part(v, false));
        for (int k = 0; k < MIZO_QUANTILES; k++)
            said->demand.q[i][k] = whole(fmax(0, v[k]));
    }
}

/* ---- what sources give ---- */

static mizo_err ask_point(work *w, mizo_ref point)
{
    mizo_err e = forecast_of_point(w->desk, point, w->room);
    if (e == MIZO_ENOENT)
        w->room->said.has_pv = w->room->said.has_demand = false;
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* Panels of a point share what is forecast of all of them by their size. */
static mizo_err pv_band(work *w, const mizo_pv *pv, foresee_band *out)
{
    size_t first, n = mizo_region_pv_of(w->r, pv->point, &first);
    double all = 0;
    for (size_t i = first; i < first + n; i++)
        if (w->day >= w->r->pv[i].from && w->day < w->r->pv[i].to)
            all += w->r->pv[i].dc_w;
    MIZO_TRY(ask_point(w, pv->point));
    if (!w->room->said.has_pv || all <= 0 || w->day < pv->from || w->day >= pv->to)
        return MIZO_ENOENT;
    for (int i = 0; i < SLOTS; i++) {
        out->mean[i] = whole(w->room->said.pv.mean[i] * pv->dc_w / all);
        for (int k = 0; k < MIZO_QUANTILES; k++)
            out->q[i][k] = whole(w->room->said.pv.q[i][k] * pv->dc_w / all);
    }
    return MIZO_OK;
}

static void steady(const int32_t wh[SLOTS], foresee_band *out)
{
    for (int i = 0; i < SLOTS; i++) {
        out->mean[i] = wh[i];
        for (int k = 0; k < MIZO_QUANTILES; k++)
            out->q[i][k] = wh[i];
    }
}

/* What the plant's own people sent for the day goes before what we think. */
static mizo_err plant_band(work *w, mizo_ref plant, foresee_band *out)
{
    int32_t sent[SLOTS];
    bool told;
    const char *id = w->r->plant[plant].id;
    mizo_err e = desk_notified(w->t->store, "plant-plan", id, w->day, w->issued, sent);
    told = !e;
    if (e == MIZO_ENOENT)
        e = desk_sent_sheet(w->t->store, id, w->day, w->issued, sent, &told);
    MIZO_TRY(e);
    if (told) {
        MIZO_TRY(desk_outage_cap(w->t->store, w->r, id, w->day, w->issued, sent));
        steady(sent, out);
        return MIZO_OK;
    }
    foresee_plant_ask ask = {
        .plant = plant, .day = w->day, .days = 1, .issued = w->issued, .as_of = w->issued
    };
    e = foresee_plant(w->r, w->t->store, &ask, out);
    return e == MIZO_ENOENT ? MIZO_OK : e; /* without readings the schedule speaks */
}

static mizo_err point_band(work *w, const mizo_source *s, foresee_band *out)
{
    int32_t wh[SLOTS];
    double sum[SLOTS] = { 0 };
    if (s->point >= 0 && !w->seen[s->point]) {
        MIZO_TRY(ask_point(w, s->point));
        if (w->room->said.has_demand)
            through_the_meter(w, s->point, &w->room->said);
    }
    for (size_t p = 0; p < w->r->npoint; p++)
        for (int i = 0; i < SLOTS && (s->point < 0 || s->point == (mizo_ref)p); i++)
            sum[i] += w->r->point[p].export_allowed ? w->exported[p][i] : 0;
    for (int i = 0; i < SLOTS; i++)
        wh[i] = whole(sum[i]);
    steady(wh, out);
    return MIZO_OK;
}

static mizo_err source_band(work *w, const mizo_source *s, foresee_band *out)
{
    if (s->amount == MIZO_AMOUNT_NOTIFIED) {
        int32_t wh[SLOTS];
        MIZO_TRY(desk_notified(w->t->store, "source-plan", s->id, w->day, w->issued, wh));
        steady(wh, out);
        return MIZO_OK;
    }
    if (s->plant >= 0)
        return plant_band(w, s->plant, out);
    if (s->pv >= 0)
        return pv_band(w, &w->r->pv[s->pv], out);
    return point_band(w, s, out);
}

/* A rank that a path has for a source all day long: a trip lasts. */
static double path_rank(int path, int npath, size_t source)
{
    int at = (int)((unsigned)(path * 13 + (int)source * 7 + 5) % (unsigned)npath);
    return (at + 0.5) / npath;
}

static double at_rank(const int32_t *q, double u)
{
    int k = 0;
    while (k + 1 < MIZO_QUANTILES && mizo_quantile[k + 1] < u)
        k++;
    if (u <= mizo_quantile[0] || k + 1 >= MIZO_QUANTILES)
        return q[u <= mizo_quantile[0] ? 0 : MIZO_QUANTILES - 1];
    double part = (u - mizo_quantile[k]) / (mizo_quantile[k + 1] - mizo_quantile[k]);
    return q[k] + part * ((double)q[k + 1] - q[k]);
}

/* What a source may give less than expected is short; means stay where they are. */
static void add_off(work *w, const foresee_band *b, const mizo_source *s, size_t nth)
{
    double share = (s->kind == MIZO_SOURCE_SALE ? -1.0 : 1.0) * s->share_ppm / MIZO_PPM;
    for (int i = 0; i < SLOTS; i++) {
        double sum = 0;
        if (!mizo_source_on(s, w->day, i) || b->mean[i] == MIZO_MISSING)
            continue;
        for (int p = 0; p < w->out->npath; p++)
            sum += at_rank(b->q[i], path_rank(p, w->out->npath, nth));
        for (int p = 0; p < w->out->npath; p++) {
            double v = at_rank(b->q[i], path_rank(p, w->out->npath, nth)) - sum / w->out->npath;
            w->out->off[p][i] -= (mizo_wh)llround(v * share);
        }
    }
}

static bool wants_output(const mizo_source *s)
{
    return s->amount == MIZO_AMOUNT_PRODUCED || s->amount == MIZO_AMOUNT_NOTIFIED;
}

static mizo_err give(work *w, const char *id, const foresee_band *band, desk_row *list, size_t *n)
{
    if (*n == DESK_UNITS)
        return MIZO_EFULL;
    desk_row *row = &list[(*n)++];
    memset(row->id, 0, sizeof row->id);
    memcpy(row->id, id, strlen(id));
    (void)w;
    for (int i = 0; i < SLOTS; i++)
        row->wh[i] = band ? band->mean[i] : MIZO_MISSING;
    return MIZO_OK;
}

static mizo_err ask_sources(work *w)
{
    for (size_t i = 0; i < w->r->nsource; i++) {
        const mizo_source *s = &w->r->source[i];
        if (!desk_source_of(w->r, w->g, s, w->day) || !wants_output(s))
            continue;
        mizo_err e = source_band(w, s, w->band);
        if (e && e != MIZO_ENOENT)
            return e;
        MIZO_TRY(give(w, s->id, e ? NULL : w->band, w->out->given, &w->out->ngiven));
        if (!e && w->g->kind == MIZO_BG_DEMAND)
            add_off(w, w->band, s, i);
    }
    return MIZO_OK;
}

static mizo_err ask_units(work *w)
{
    char id[MIZO_ID_MAX];
    for (size_t k = 0; w->g->kind == MIZO_BG_GENERATION && desk_listed(w->g->members, k, id); k++) {
        mizo_ref plant = mizo_region_plant(w->r, id), pv = mizo_region_pv(w->r, id);
        mizo_err e = plant >= 0 ? plant_band(w, plant, w->band)
                     : pv >= 0  ? pv_band(w, &w->r->pv[pv], w->band)
                                : MIZO_ENOENT; /* disabled */
        if (e && e != MIZO_ENOENT)
            return e;
        MIZO_TRY(give(w, id, e ? NULL : w->band, w->out->unit, &w->out->nunit));
    }
    return MIZO_OK;
}

/* ---- demand ---- */

static void add_lamps(work *w)
{
    for (mizo_ref p = 0; (size_t)p < w->r->npoint; p++) {
        int k = w->r->point[p].reading == MIZO_BY_LAMP ? desk_member_of(w->r, w->g, p, w->day) : -1;
        if (k < 0)
            continue;
        w->out->lamp++;
        for (int i = 0; i < SLOTS; i++)
            w->metered[k][w->r->point[p].voltage][i] += desk_lamp_wh(&w->r->point[p], i);
    }
}

/* Self-wheeled power reaches its point by a plan of its own: it is no demand of this group. */
static mizo_err take_self(work *w, mizo_ref point, int64_t mean[SLOTS])
{
    for (size_t i = 0; i < w->r->nsource; i++) {
        const mizo_source *s = &w->r->source[i];
        if (s->kind != MIZO_SOURCE_SELF || s->point != point)
            continue;
        mizo_err e = source_band(w, s, w->band);
        if (e && e != MIZO_ENOENT)
            return e;
        for (int t = 0; t < SLOTS && !e; t++) {
            int64_t wh =
                w->band->mean[t] == MIZO_MISSING || !mizo_source_on(s, w->day, t)
                    ? 0
                    : mizo_div_round((int64_t)w->band->mean[t] * s->share_ppm, MIZO_PPM, MIZO_ROUND_HALF_UP);
            wh = desk_through_loss(wh, w->rules.loss_ppm[w->r->point[point].voltage]);
            mean[t] -= wh < mean[t] ? wh : mean[t];
        }
    }
    return MIZO_OK;
}

static mizo_err add_point(work *w, const foresee_town *sum, size_t k)
{
    mizo_ref p = foresee_town_point(sum, k);
    int member = desk_member_of(w->r, w->g, p, w->day), v = (int)w->r->point[p].voltage;
    int64_t mean[SLOTS];
    if (member < 0)
        return MIZO_OK;
    for (int t = 0; t < SLOTS; t++)
        mean[t] = foresee_town_mean(sum, k, t);
    MIZO_TRY(take_self(w, p, mean));
    MIZO_TRY(foresee_town_paths(sum, k, w->path));
    double up = 1 / (1 - w->rules.loss_ppm[v] / (double)MIZO_PPM);
    for (int t = 0; t < SLOTS; t++) {
        w->metered[member][v][t] += mean[t];
        w->drawn[p][t] = (int32_t)mean[t];
        for (int s = 0; s < FORESEE_TOWN_PATHS; s++)
            w->swing[s][t] += w->path[s * SLOTS + t] * up;
    }
    return MIZO_OK;
}

/* What a site is planned to draw, its batteries and vehicles with it, in place of what its past alone says. What reaches
 * it by self-wheeling stays off. */
static void take_plan(void *arg, mizo_ref p, const int32_t wh[SLOTS])
{
    work *w = arg;
    int member = desk_member_of(w->r, w->g, p, w->day);
    int64_t mean[SLOTS];
    for (int t = 0; t < SLOTS; t++)
        mean[t] = wh[t];
    if (member < 0 || !w->seen[p] || take_self(w, p, mean))
        return;
    for (int t = 0; t < SLOTS; t++)
        w->metered[member][w->r->point[p].voltage][t] += mean[t] - w->drawn[p][t];
    w->out->planned++;
}

static mizo_err plan_sites(work *w)
{
    mizo_err e = desk_sites_plan(w->t, w->g, w->day, w->issued, take_plan, w, &w->sites);
    w->planned = !e;
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* The band of the sum, and the paths around the mean. */
static void finish_swing(work *w)
{
    for (int t = 0; t < SLOTS; t++) {
        double v[FORESEE_TOWN_PATHS], mean = 0, few = 0;
        for (int s = 0; s < FORESEE_TOWN_PATHS; s++)
            mean += w->swing[s][t] / FORESEE_TOWN_PATHS;
        for (int s = 0; s < DESK_PATHS; s++)
            few += w->swing[s][t] / DESK_PATHS;
        for (int s = 0; s < FORESEE_TOWN_PATHS; s++)
            v[s] = w->swing[s][t] - mean;
        for (int s = 0; s < DESK_PATHS; s++)
            w->out->off[s][t] = (mizo_wh)llround(w->swing[s][t] - few);
        qsort(v, FORESEE_TOWN_PATHS, sizeof *v, by_value);
        int tenth = FORESEE_TOWN_PATHS / 10;
        w->out->low[t] = w->out->demand[t] + (mizo_wh)llround(v[tenth]);
        w->out->high[t] = w->out->demand[t] + (mizo_wh)llround(v[FORESEE_TOWN_PATHS - 1 - tenth]);
    }
}

static void sum_members(work *w)
{
    desk_forecast *f = w->out;
    for (size_t k = 0; k < f->nmember; k++)
        for (int t = 0; t < SLOTS; t++) {
            mizo_wh wh = 0;
            for (int v = 0; v < 3; v++)
                wh += mizo_loss_adjusted(w->metered[k][v][t], w->rules.loss_ppm[v]);
            f->member[k].demand[t] = mizo_plan_whole(wh);
        }
}

/* What a member of ours handed in stands for it. */
static mizo_err take_handed(work *w)
{
    desk_forecast *f = w->out;
    for (size_t k = 0; k < f->nmember; k++) {
        int32_t wh[SLOTS];
        mizo_err e = w->g->role == MIZO_BG_PARENT
                         ? desk_notified(w->t->store, "member-plan", f->member[k].id, w->day, w->issued, wh)
                         : MIZO_ENOENT;
        if (e && e != MIZO_ENOENT)
            return e;
        for (int t = 0; t < SLOTS; t++) {
            if (!e && wh[t] != MIZO_MISSING)
                f->member[k].demand[t] = wh[t];
            f->demand[t] += f->member[k].demand[t];
        }
    }
    return MIZO_OK;
}

static mizo_err ask_demand(work *w)
{
    portfolio said;
    portfolio_ask ask = { .day = w->day,
                          .days = 1,
                          .issued = w->issued,
                          .supplier = -1,
                          .npath = FORESEE_TOWN_PATHS,
                          .members = w->g->members,
                          .shape = through_the_meter,
                          .arg = w,
                          .stop = w->stop };
    mizo_err e = portfolio_forecast(w->r, w->t->store, &ask, &said);
    w->out->points = said.points;
    w->out->borrowed = said.borrowed;
    w->out->silent = said.silent + said.unread;
    for (size_t k = 0; !e && k < foresee_town_points(said.town); k++)
        e = add_point(w, said.town, k);
    portfolio_fini(&said);
    MIZO_TRY(e);
    MIZO_TRY(plan_sites(w));
    add_lamps(w);
    w->out->silent -= w->out->lamp;
    sum_members(w);
    MIZO_TRY(take_handed(w));
    finish_swing(w);
    return MIZO_OK;
}

/* A group of self-wheeling: each point receives what its sources send, as far as it uses it. */
static mizo_err ask_self(work *w)
{
    desk_forecast *f = w->out;
    for (size_t k = 0; k < f->nmember; k++) {
        mizo_ref p = mizo_region_point(w->r, f->member[k].id);
        int64_t left[SLOTS], use[SLOTS];
        if (p < 0)
            continue;
        MIZO_TRY(ask_point(w, p));
        f->points += w->room->said.has_demand;
        f->silent += !w->room->said.has_demand;
        if (w->room->said.has_demand)
            through_the_meter(w, p, &w->room->said);
        for (int t = 0; t < SLOTS; t++)
            use[t] = left[t] = w->room->said.has_demand ? w->room->said.demand.mean[t] : 0;
        MIZO_TRY(take_self(w, p, left));
        for (int t = 0; t < SLOTS; t++) {
            mizo_wh wh = mizo_loss_adjusted(use[t] - left[t], w->rules.loss_ppm[w->r->point[p].voltage]);
            f->member[k].demand[t] = wh / MIZO_PLAN_UNIT * MIZO_PLAN_UNIT; /* no more than is sent */
            f->demand[t] += f->member[k].demand[t];
            f->low[t] = f->high[t] = f->demand[t];
        }
    }
    return MIZO_OK;
}

/* ---- the market ---- */

static mizo_err ask_price(work *w)
{
    forecast_price *p = malloc(sizeof *p);
    mizo_err e = p ? forecast_of_price(w->desk, p) : MIZO_ENOMEM;
    desk_blank(w->out->price);
    desk_blank(w->out->price_low);
    desk_blank(w->out->price_high);
    for (int t = 0; !e && t < SLOTS; t++) {
        w->out->price[t] = p->said.mean[t];
        w->out->price_low[t] = p->said.q[t][MIZO_Q10];
        w->out->price_high[t] = p->said.q[t][MIZO_Q90];
    }
    w->out->price_known = !e && p->known;
    free(p);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* ---- all ---- */

static void name_members(work *w)
{
    desk_forecast *f = w->out;
    while (w->g->kind != MIZO_BG_GENERATION && f->nmember < MIZO_DESK_MEMBERS &&
           desk_listed(w->g->members, f->nmember, f->member[f->nmember].id))
        f->nmember++;
}

static mizo_err start(work *w)
{
    size_t n = w->r->npoint + 1;
    forecast_ask ask = { .day = w->day, .days = 1, .issued = w->issued };
    w->exported = calloc(n, sizeof *w->exported);
    w->seen = calloc(n, sizeof *w->seen);
    w->drawn = calloc(n, sizeof *w->drawn);
    w->metered = calloc(MIZO_DESK_MEMBERS, sizeof *w->metered);
    w->path = calloc((size_t)FORESEE_TOWN_PATHS * SLOTS, sizeof *w->path);
    w->swing = calloc(FORESEE_TOWN_PATHS, sizeof *w->swing);
    w->room = malloc(sizeof *w->room);
    w->band = malloc(sizeof *w->band);
    w->desk = forecast_desk_new(w->r, w->t->store, &ask);
    bool all = w->exported && w->seen && w->drawn && w->metered && w->path && w->swing && w->room &&
               w->band && w->desk;
    return all ? MIZO_OK : MIZO_ENOMEM;
}

static void end(work *w)
{
    void *of[] = { w->exported, w->seen, w->drawn, w->metered, w->path, w->swing, w->room, w->band };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        free(of[i]);
    forecast_desk_free(w->desk);
}

static mizo_err foresee_all(work *w)
{
    MIZO_TRY(desk_rules(w->r, w->day, w->t->diags, &w->rules));
    MIZO_TRY(start(w));
    w->out->issued = w->issued;
    w->out->npath = DESK_PATHS;
    name_members(w);
    if (w->g->kind == MIZO_BG_DEMAND)
        MIZO_TRY(ask_demand(w));
    if (w->g->kind == MIZO_BG_SELF)
        MIZO_TRY(ask_self(w));
    MIZO_TRY(ask_sources(w));
    MIZO_TRY(ask_units(w));
    return ask_price(w);
}

/* The sites' plans have followed it. */
static mizo_err read_told(work *w)
{
    desk_decision *d = malloc(sizeof *d);
    mizo_err e = d ? desk_decision_read(w->t->store, w->g->id, w->day, d) : MIZO_ENOMEM;
    if (!e && d->version && d->steers && d->at <= w->issued)
        memcpy(w->out->told, d->moved, sizeof w->out->told);
    free(d);
    return e;
}

mizo_err desk_foresee(town *t, const mizo_bg *g, mizo_day day, mizo_ms issued, bool with_batteries,
                      const int *stop, desk_forecast *out)
{
    work w = { .t = t, .r = t->region, .g = g, .day = day, .issued = issued, .stop = stop, .out = out };
    memset(out, 0, sizeof *out);
    mizo_err e = foresee_all(&w);
    if (!e)
        e = read_told(&w);
    if (e == MIZO_ENOENT && !mizo_diags_count(t->diags, MIZO_ERROR))
        MIZO_DIAG(t->diags, DESK_NOTHING_KNOWN, MIZO_NOWHERE, g->id);
    end(&w);
    if (e || !with_batteries || !w.planned || (stop && __atomic_load_n(stop, __ATOMIC_ACQUIRE)))
        return e;
    e = desk_batteries(t, g, day, issued, &w.sites, out->price, out->move_wh, &out->move_uyen);
    out->moved = !e;
    return e == MIZO_ENOENT ? MIZO_OK : e;
}
