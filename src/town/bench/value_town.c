/* value_town.c: the example town in the closed loop, a week each in winter, spring and summer.
 *
 * The same loop as `mizo simulate`: recorded demand and sun are the truth, the town is operated slot by slot with no
 * control, by mizo's forecasts and plans, and by an oracle that plans with what will happen. Then what the town buys a
 * day ahead: bench_value_scenario.c. docs/mechanisms/value.md */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mizo/messages/plan.h"
#include "town/bench/value.h"
#include "town/bench/value_scenario.h"
#include "town/example/example.h"
#include "town/live/simulate.h"
#include "town/town.h"

enum { WEEK = 7, WEEKS = 3, PATH = 1024 };
enum { BUY_EVERY = 4 /* days: of the second half of the year */ };
#define AIM 0.90
#define OWN "mizo-bench-town" /* made here where none is named, and removed */

static const struct {
    const char *season;
    mizo_date from;
} weeks[WEEKS] = {
    {"winter",  { 2021, 2, 8 } },
    { "spring", { 2021, 3, 29 }},
    { "summer", { 2021, 7, 5 } },
};

typedef struct turn {
    const value_run *r;
    int week, part; /* policies done */
    operate_policy last;
} turn;

static mizo_err on_slot(void *arg, operate_policy p, int64_t done, int64_t all)
{
    turn *t = arg;
    t->part += t->last != p;
    t->last = p;
    return value_pace(t->r, (t->week + (t->part + (double)done / (double)all) / 3) / (WEEKS + 1));
}

static double yen(const simulate_result *s, operate_policy p)
{
    return (double)s->sum[p].cost / 1e6;
}

static mizo_err judge_week(const value_run *r, const town *t, int w, value_table *out)
{
    turn on = { r, w, 0, OPERATE_NONE };
    mizo_day from = mizo_date_day(weeks[w].from);
    simulate_options o = { .env = r->env,
                           .region = t->region,
                           .truth = t->store,
                           .solver = r->lp,
                           .policies = 1u << OPERATE_NONE | 1u << OPERATE_MIZO | 1u << OPERATE_ORACLE,
                           .from = from,
                           .to = from + (r->days > 0 && r->days < WEEK ? r->days : WEEK),
                           .threads = r->threads,
                           .seed = 1,
                           .progress = on_slot,
                           .arg = &on };
    simulate_result s;
    char text[VALUE_MEASURE];
    MIZO_TRY(simulate_run(&o, r->d, &s));
    snprintf(text, sizeof text, "share of the oracle's saving, a week in %s", weeks[w].season);
    value_row *row = value_add(out, text, s.has_captured ? s.captured : NAN, AIM, true);
    value_refer(row, "none_yen", yen(&s, OPERATE_NONE), true);
    value_refer(row, "mizo_yen", yen(&s, OPERATE_MIZO), true);
    value_refer(row, "oracle_yen", yen(&s, OPERATE_ORACLE), true);
    simulate_free(&s);
    return MIZO_OK;
}

static mizo_err judge_purchase(const value_run *r, const town *t, value_table *out)
{
    scenario_town s;
    mizo_day from = mizo_date_day((mizo_date){ 2021, 7, 1 }), to = mizo_date_day((mizo_date){ 2022, 1, 1 });
    MIZO_TRY(scenario_read(r, t->region, t->store, &s));
    if (r->days > 0)
        to = from + r->days * BUY_EVERY;
    mizo_err e = MIZO_OK;
    if (s.need.first + 60 > from || s.need.first + s.need.n < to || s.price.first + 60 > from ||
        s.price.first + s.price.n < to) {
        MIZO_DIAG(r->d, VALUE_SHORT, MIZO_NOWHERE, r->set, "2021-01-01 .. 2021-12-31");
        e = MIZO_EINPUT;
    }
    if (!e)
        e = scenario_judge(r, &s, from, to, BUY_EVERY, out);
    scenario_free(&s);
    return e;
}

static mizo_err judge(const value_run *r, const char *dir, value_table *out)
{
    town t;
    mizo_err e = town_open(r->env, dir, STORE_READ, r->d, &t);
    if (e)
        return e;
    mizo_diags_clear(r->d); /* warnings about the model are `mizo check`'s to say */
    for (int w = 0; w < WEEKS && !e; w++)
        e = judge_week(r, &t, w, out);
    if (!e)
        e = judge_purchase(r, &t, out);
    town_close(&t);
    return e;
}

static mizo_err drop(void *arg, const char *name)
{
    char path[PATH];
    (void)arg;
    if (snprintf(path, sizeof path, "%s/%s", OWN, name) < PATH)
        (void)unlink(path);
    return MIZO_OK;
}

mizo_err value_town(const value_run *r, value_table *out)
{
    int64_t stamp, size;
    MIZO_TRY(value_needs_lp(r));
    if (r->region)
        return judge(r, r->region, out);
    bool fresh = r->env->ops->file_stamp(r->env, OWN "/region.yaml", &stamp, &size) == MIZO_ENOENT;
    mizo_err e = town_example(r->env, "kawasaki", OWN, &(town_example_options){ .seed = 0 }, r->d);
    if (!e)
        e = judge(r, OWN, out);
    if (fresh) {
        (void)r->env->ops->list_dir(r->env, OWN, drop, NULL);
        (void)rmdir(OWN);
    }
    return e;
}
