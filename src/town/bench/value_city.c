/* value_city.c: citylearn_2022: districts of homes with sun and a battery each, judged over a year: as
 * controlled, and as controlled by who knows what will be. */
#include "town/bench/value_city.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { JOBS = 2 * CITY_DISTRICTS, WORKERS = 8 };

/* The phases of the set. */
static const struct {
    int from, to;
    double weight;
} districts[CITY_DISTRICTS] = {
    {1,   5,  0.2},
    { 6,  10, 0.3},
    { 11, 17, 0.5}
};

/* A district of the year, as it is controlled or with perfect foresight. */
typedef struct job {
    bool there, perfect;
    double weight;
    city_run run;
    mizo_err err;
} job;

typedef struct work {
    const value_run *r;
    const city_data *data;
    int hours, workers;
    job job[JOBS]; /* the controlled ones, then the others */
    atomic_int next, done;
    atomic_bool ended;
} work;

typedef struct worker {
    work *w;
    bool speaks; /* the thread that was called tells how far it is */
} worker;

/* ---- side by side ---- */

static mizo_err pace(void *arg, double done)
{
    worker *k = arg;
    work *w = k->w;
    if (atomic_load(&w->ended))
        return MIZO_ECANCELED;
    mizo_err e = k->speaks ? value_pace(w->r, (atomic_load(&w->done) + done) / JOBS) : MIZO_OK;
    if (e)
        atomic_store(&w->ended, true);
    return e;
}

static void toil(void *arg)
{
    worker *k = arg;
    work *w = k->w;
    for (int i = atomic_fetch_add(&w->next, 1); i < JOBS; i = atomic_fetch_add(&w->next, 1)) {
        job *j = &w->job[i];
        if (j->there)
            j->err = city_control(w->r->lp, w->data, w->hours, j->perfect, pace, k, &j->run);
        atomic_fetch_add(&w->done, 1);
    }
}

/* The jobs on as many threads as there may be. Each is its own: the answer does not depend on their number. */
static mizo_err run_jobs(work *w)
{
    worker k[WORKERS];
    env_thread *thread[WORKERS] = { NULL };
    const env_ops *ops = w->r->env->ops;
    int n = w->r->threads < WORKERS ? w->r->threads : WORKERS;
    for (int i = 1; i < n; i++) {
        k[i] = (worker){ w, false };
        if (ops->thread(w->r->env, "value", toil, &k[i], &thread[i]))
            thread[i] = NULL; /* fewer hands */
    }
    k[0] = (worker){ w, true };
    toil(&k[0]);
    for (int i = 1; i < n; i++)
        if (thread[i])
            ops->join(w->r->env, thread[i]);
    for (int i = 0; i < JOBS; i++)
        MIZO_TRY(w->job[i].err);
    return MIZO_OK;
}

static mizo_err open_jobs(work *w)
{
    for (int i = 0; i < JOBS; i++) {
        job *j = &w->job[i];
        int k = i % CITY_DISTRICTS;
        mizo_err e = city_run_new(w->data, districts[k].from, districts[k].to, &j->run);
        j->there = !e;
        j->perfect = i >= CITY_DISTRICTS;
        j->weight = districts[k].weight;
        if (e && e != MIZO_ENOENT)
            return e;
    }
    return MIZO_OK;
}

/* ---- the score ---- */

/* The districts that are there, weighted as the set states. */
static city_score weighted(const work *w, bool perfect)
{
    city_score all = { 0 };
    double weight = 0;
    for (int i = perfect * CITY_DISTRICTS; i < CITY_DISTRICTS * (1 + perfect); i++)
        weight += w->job[i].there ? w->job[i].weight : 0;
    for (int i = perfect * CITY_DISTRICTS; i < CITY_DISTRICTS * (1 + perfect); i++) {
        const job *j = &w->job[i];
        if (!j->there)
            continue;
        city_score s = city_judge(w->data, &j->run, w->hours);
        double share = j->weight / weight;
        all.cost += share * s.cost;
        all.carbon += share * s.carbon;
        all.carbon_sum += share * s.carbon_sum;
        all.ramping += share * s.ramping;
        all.load_factor += share * s.load_factor;
        all.score += share * s.score;
    }
    return all;
}

/* The rule of the published figures: two thirds of a year of the first homes, the rest of all homes but two whose
 * meters are broken. NAN: the homes or the hours are not all there. */
static double as_published(const work *w)
{
    enum { FIRST = 120 * CITY_DAY, SECOND = 240 * CITY_DAY };
    city_run all = { 0 };
    if (!w->job[0].there || w->hours <= SECOND + CITY_DAY)
        return NAN;
    for (int i = 0; i < CITY_DISTRICTS; i++)
        for (int h = 0; w->job[i].there && h < w->job[i].run.nhome; h++) {
            const city_run *r = &w->job[i].run;
            if (r->home[h]->number == 12 || r->home[h]->number == 15)
                continue;
            all.home[all.nhome] = r->home[h];
            all.net[all.nhome++] = r->net[h];
        }
    return 0.2 * city_judge_published(w->data, &w->job[0].run, 0, FIRST) +
           0.3 * city_judge_published(w->data, &w->job[0].run, FIRST, SECOND) +
           0.5 * city_judge_published(w->data, &all, SECOND, w->hours);
}

static mizo_err put_row(const work *w, value_table *out)
{
    city_score mine = weighted(w, false), perfect = weighted(w, true);
    double published = as_published(w);
    value_row *row =
        value_add(out, "mean of cost, CO2 and grid ratios to no control", mine.score, 0.815, false);
    if (!row)
        return MIZO_ERANGE;
    value_refer(row, "perfect_forecast_here", perfect.score, true);
    value_refer(row, "perfect_published", 0.664, false);
    value_refer(row, "mpc_published", 0.830, false);
    value_refer(row, "persistence_published", 0.850, false);
    if (!isnan(published))
        value_refer(row, "score_by_the_published_rule_here", published, true);
    value_refer(row, "score_with_carbon_of_the_sum_here", mine.score + (mine.carbon_sum - mine.carbon) / 3,
                true);
    int idle = 0;
    for (int i = 0; i < CITY_DISTRICTS; i++)
        idle += w->job[i].run.idle;
    value_refer(row, "hours_without_plan_here", idle, true);
    value_refer(row, "cost_here", mine.cost, true);
    value_refer(row, "carbon_here", mine.carbon, true);
    value_refer(row, "ramping_here", mine.ramping, true);
    value_refer(row, "load_factor_here", mine.load_factor, true);
    return MIZO_OK;
}

static mizo_err judge(const value_run *r, const city_data *c, value_table *out)
{
    work *w = calloc(1, sizeof *w);
    if (!w)
        return MIZO_ENOMEM;
    w->r = r;
    w->data = c;
    w->hours = r->days && r->days * CITY_DAY < c->hours ? r->days * CITY_DAY : c->hours;
    mizo_err e = open_jobs(w);
    if (!e)
        e = run_jobs(w);
    if (!e)
        e = put_row(w, out);
    for (int i = 0; i < JOBS; i++)
        city_run_free(&w->job[i].run);
    free(w);
    return e;
}

mizo_err value_citylearn(const value_run *r, value_table *out)
{
    city_data c;
    MIZO_TRY(value_needs_lp(r));
    mizo_err e = city_read(r, &c);
    if (!e)
        e = judge(r, &c, out);
    city_free(&c);
    return e;
}
