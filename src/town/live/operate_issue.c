/* operate_issue.c: what is expected of each point, issued at midnight by a forecaster that has been told every
 * day that ended. Points are independent of each other and may be asked on any number of threads. */
#include <stdlib.h>
#include <string.h>

#include "town/foresee/forecast.h"
#include "town/foresee/read.h"
#include "town/live/operate_in.h"
#include "town/plan/site_inner.h"

/* Who plans without forecasts, and shows none, wakes nobody. */
static bool wanted(const operate *op)
{
    return op->o.all_points || op->o.policy == OPERATE_MIZO;
}

/* The same point's in the old world; NULL: none, or its panels are others now. */
static outlook *known_before(const operate *op, const operate *old, size_t i)
{
    const char *id = op->region->point[op->point[i]].id;
    if (!old || weather_days_any(op->weather) != weather_days_any(old->weather))
        return NULL; /* those who look at the weather are made otherwise than those who do not */
    for (size_t k = 0; k < old->npoint; k++)
        if (old->outlook[k].sees && strcmp(old->region->point[old->point[k]].id, id) == 0)
            return foresee_fits(old->outlook[k].sees, op->region, op->point[i]) ? &old->outlook[k] : NULL;
    return NULL;
}

static mizo_err wake_point(operate *op, size_t i)
{
    outlook *l = &op->outlook[i];
    foresee_free(l->sees);
    l->sees = foresee_new(op->region, op->point[i]);
    mizo_err e = l->sees ? foresee_use(l->sees, op->weather) : MIZO_ENOMEM;
    if (!e)
        e = foresee_warm(l->sees, op->o.truth, op->clock.day, STORE_LATEST);
    if (!e || e == MIZO_ENOENT)
        return MIZO_OK;
    foresee_free(l->sees); /* half told it would pass for awake */
    l->sees = NULL;
    return e;
}

mizo_err operate_wake(operate *op, const operate *old)
{
    if (wanted(op))
        MIZO_TRY(weather_days_new(op->region, op->o.truth, true, op->clock.day, 0, &op->weather));
    for (size_t i = 0; i < op->npoint && wanted(op); i++) {
        if (operate_stopped(op))
            return MIZO_ECANCELED;
        if ((op->is_site[i] || !op->o.wake_ms) && !known_before(op, old, i))
            MIZO_TRY(wake_point(op, i));
    }
    return MIZO_OK;
}

mizo_err operate_wake_some(operate *op)
{
    if (!op->o.wake_ms || !op->o.env || !wanted(op))
        return MIZO_OK;
    uint64_t until = op->o.env->ops->mono_ns(op->o.env) + (uint64_t)op->o.wake_ms * 1000000u;
    for (; op->awake < op->npoint && op->o.env->ops->mono_ns(op->o.env) < until; op->awake++) {
        if (operate_stopped(op))
            return MIZO_ECANCELED;
        if (op->outlook[op->awake].sees)
            continue;
        MIZO_TRY(wake_point(op, op->awake));
        operate_issue(op, op->awake, &op->work[0]);
        operate_view_outlook(op, op->awake);
    }
    op->view->waking = op->awake < op->npoint;
    return MIZO_OK;
}

void operate_inherit(operate *op, operate *old)
{
    for (size_t i = 0; i < op->npoint; i++) {
        outlook *was = op->outlook[i].sees ? NULL : known_before(op, old, i);
        if (!was)
            continue;
        foresee_move(was->sees, op->region, op->point[i]);
        op->outlook[i].sees = was->sees;
        was->sees = NULL;
    }
}

/* ---- what others have brought ---- */

typedef struct news {
    int64_t last;
    bool foreign;
} news;

static mizo_err on_batch(void *arg, const store_batch *b)
{
    news *n = arg;
    n->last = b->id > n->last ? b->id : n->last;
    bool people = strcmp(b->source, "account") == 0; /* logins and refusals: no reading is in them */
    n->foreign = n->foreign || (!people && strcmp(b->actor, "mizo serve") != 0);
    return MIZO_OK;
}

static mizo_err revise_point(operate *op, size_t i)
{
    foresee *f = op->outlook[i].sees;
    foresee_span span = { .first = op->clock.day - TRUTH_DAYS, .days = TRUTH_DAYS };
    mizo_day read, told = MIZO_DAY_NONE;
    MIZO_TRY(foresee_read_changed(op->region, op->o.truth, op->point[i], &span, op->seen, &read));
    if (f)
        MIZO_TRY(foresee_changed(f, op->o.truth, op->seen, &told));
    if (read != MIZO_DAY_NONE)
        MIZO_TRY(truth_revise(op->truth, i));
    return told != MIZO_DAY_NONE ? wake_point(op, i) : MIZO_OK;
}

static mizo_err look(const operate *op, news *n)
{
    *n = (news){ .last = op->seen };
    mizo_err e = op->o.truth->ops->batch_scan(op->o.truth, op->seen, on_batch, n);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

mizo_err operate_look(operate *op)
{
    news n;
    MIZO_TRY(look(op, &n));
    op->seen = n.last;
    return MIZO_OK;
}

mizo_err operate_revise(operate *op)
{
    news n;
    MIZO_TRY(look(op, &n));
    for (size_t i = 0; i < op->npoint && n.foreign; i++) {
        if (operate_stopped(op))
            return MIZO_ECANCELED;
        MIZO_TRY(revise_point(op, i));
    }
    op->seen = n.last;
    return MIZO_OK;
}

/* ---- midnight ---- */

void operate_forget(operate *op)
{
    for (size_t i = 0; op->outlook && i < op->npoint; i++)
        foresee_free(op->outlook[i].sees);
    free(op->outlook);
    weather_days_free(op->weather);
    op->weather = NULL;
}

/* Forecasters that were made before the first forecast of the weather came learn to look at it; who is asleep
 * still will when it wakes. */
mizo_err operate_weather(operate *op)
{
    if (!op->weather)
        return MIZO_OK;
    bool looked = weather_days_any(op->weather);
    MIZO_TRY(weather_days_turn(op->weather, op->clock.day));
    for (size_t i = 0; i < op->npoint && !looked && weather_days_any(op->weather); i++) {
        if (operate_stopped(op))
            return MIZO_ECANCELED;
        if (op->outlook[i].sees)
            MIZO_TRY(wake_point(op, i));
    }
    return MIZO_OK;
}

void operate_issue(operate *op, size_t i, site_work *w)
{
    outlook *l = &op->outlook[i];
    const int32_t *demand = truth_demand(op->truth, i) + HISTORY - MIZO_DAY_SLOTS;
    const int32_t *pv = truth_pv(op->truth, i);
    foresee_weather room;
    l->known = false;
    l->weather = weather_days_ahead(op->weather);
    if (!l->sees)
        return;
    foresee_learn(l->sees, op->clock.day - 1, demand, pv ? pv + HISTORY - MIZO_DAY_SLOTS : NULL,
                  weather_days_past(op->weather, op->clock.day - 1, &room));
    foresee_say(l->sees, op->clock.day, OUTLOOK / MIZO_DAY_SLOTS, l->weather, &w->said);
    l->known = w->said.has_demand;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        l->mean[s] = w->said.demand.mean[s];
        l->p10[s] = forecast_low(&w->said.demand, s);
        l->p90[s] = forecast_high(&w->said.demand, s);
        l->pv[s] = w->said.pv.mean[s];
    }
}
