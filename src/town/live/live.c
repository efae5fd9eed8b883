/* live.c: see live.h. */
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/town.h"
#include "town/live/desk.h"
#include "town/live/keep.h"
#include "town/live/live.h"
#include "town/live/match.h"
#include "town/live/operate.h"
#include "town/live/reload.h"
#include "town/live/score.h"
#include "town/live/weather.h"

enum {
    NAP_MS = 20,
    SHOW_MS = 80,
    BEAT_MS = 1000,
    RETRY_MS = 2000,
    MARK_SLOTS = 4,
    WAKE_MS = 100,
    WAKE_SLOW_MS = 4000,
    PLAN_THREADS = 2,
    PLAN_LEAST_MS = 1000,
    PLAN_MOST_MS = 20000
};

struct live {
    live_options o;
    buf path;
    env_thread *thread;
    int stopping; /* atomic */
    /* handed over in two slots: the taker owns what it exchanges out */
    town_view *next_view;   /* atomic */
    live_model *next_model; /* atomic */
    /* of the loop thread */
    town_view *view;
    live_model *model;
    /* of the town's thread */
    store *truth;
    operate *op;
    keep *keep;
    reload *reload;
    live_match *match;
    live_score *score;
    mizo_ms weather_since;     /* as shown last */
    live_weather *weather;     /* with the real clock only: what is fetched now speaks of today */
    live_desk *desk;           /* NULL: no balancing groups */
    const mizo_region *region; /* the model that was taken last */
    mizo_diags *diags;
    uint64_t due_ns, shown_ns, beat_ns;
    bool ended;
    keep_state store_is; /* as shown last */
    mizo_slot store_since;
};

static bool stopping(const live *l)
{
    return __atomic_load_n(&l->stopping, __ATOMIC_ACQUIRE);
}

static uint64_t now_ns(const live *l)
{
    return l->o.env->ops->mono_ns(l->o.env);
}

/* ---- handing over ---- */

static void take_next(void *arg)
{
    live *l = arg;
    town_view *v = __atomic_exchange_n(&l->next_view, NULL, __ATOMIC_ACQ_REL);
    live_model *m = __atomic_exchange_n(&l->next_model, NULL, __ATOMIC_ACQ_REL);
    if (v) {
        view_unref(l->view);
        l->view = v;
    }
    if (m) {
        live_model_unref(l->model);
        l->model = m;
    }
    if ((v || m) && l->o.changed && !stopping(l))
        l->o.changed(l->o.arg);
}

static void wake_loop(live *l)
{
    if (l->o.env->ops->post(l->o.env, take_next, l))
        env_logf(l->o.env, ENV_WARN, "live", "post=failed");
}

/* Takes v over. A view that the loop has not fetched yet is dropped: it wants the newest. */
static void hand_view(live *l, town_view *v)
{
    if (!v)
        return;
    v->speed = l->o.speed;
    view_unref(__atomic_exchange_n(&l->next_view, v, __ATOMIC_ACQ_REL));
    wake_loop(l);
}

static void hand_model(live *l, bool refused, mizo_diags *d)
{
    live_model *m = live_model_new(l->region, l->o.env->ops->wall_ms(l->o.env), refused, d);
    if (!m) {
        mizo_diags_free(d);
        return;
    }
    live_model_unref(__atomic_exchange_n(&l->next_model, m, __ATOMIC_ACQ_REL));
    wake_loop(l);
}

/* While the store is in trouble every view says so. */
static void tell_store(live *l, town_view *v)
{
    keep_state is = keep_is(l->keep);
    if (is != l->store_is)
        l->store_since = operate_now(l->op);
    l->store_is = is;
    if (is != KEEP_WELL)
        view_alarm(v, l->store_since,
                   is == KEEP_FAILED ? MIZO_MSG_TOWN_STORE_FAILED : MIZO_MSG_TOWN_STORE_FULL,
                   (const char *)NULL);
}

/* While the service cannot be reached. */
static void tell_weather(live *l, town_view *v)
{
    char since[MIZO_INSTANT_TEXT];
    const live_weather_state *s = l->weather ? live_weather_now(l->weather) : NULL;
    l->weather_since = s ? s->since : 0;
    if (!l->weather_since)
        return;
    mizo_ms_text(s->since, l->region->offset, since);
    view_alarm(v, operate_now(l->op), MIZO_MSG_TOWN_WEATHER_STALE, since, s->why, (const char *)NULL);
}

/* Deadlines of the balancing groups that are near, or missed. */
static void tell_desk(live *l, town_view *v)
{
    const live_desk_state *s = live_desk_now(l->desk);
    for (size_t i = 0; s && i < s->n; i++)
        view_alarm(v, operate_now(l->op), s->alarm[i].id, s->alarm[i].group, s->alarm[i].at,
                   s->alarm[i].name_en, s->alarm[i].name_ja, (const char *)NULL);
}

static void show(live *l, bool at_once)
{
    uint64_t now = now_ns(l);
    if (!at_once && now - l->shown_ns < SHOW_MS * 1000000ull)
        return;
    l->shown_ns = now;
    town_view *v = view_copy(operate_view(l->op));
    if (v) {
        live_match_fill(l->match, v);
        tell_store(l, v);
        tell_weather(l, v);
        tell_desk(l, v);
    }
    hand_view(l, v);
}

/* ---- the files ---- */

static void beat(live *l)
{
    uint64_t now = now_ns(l);
    if (now - l->beat_ns < BEAT_MS * 1000000ull)
        return;
    l->beat_ns = now;
    if (l->weather && live_weather_now(l->weather)->since != l->weather_since)
        show(l, true);
    mizo_diags *d = mizo_diags_new(200);
    const mizo_region *next = NULL;
    char *text = NULL;
    mizo_err e = reload_beat(l->reload, d, &next, &text);
    if (e == MIZO_ENOENT) {
        mizo_diags_free(d);
        free(text);
        return;
    }
    if (next) {
        operate_set_region(l->op, next);
        live_weather_region(l->weather, next);
        keep_model(l->keep, next, text, operate_instant(l->op));
        mizo_region_unref(l->region);
        l->region = next;
        text = NULL;
    }
    free(text);
    if (e || next)
        env_logf(l->o.env, e ? ENV_WARN : ENV_INFO, "live", "model=%s hash=%.12s", e ? "refused" : "taken",
                 l->region->hash);
    hand_model(l, e != MIZO_OK, d);
}

/* ---- the clock ---- */

static void nap_until(live *l, uint64_t ns)
{
    while (!stopping(l)) {
        uint64_t now = now_ns(l);
        if (now >= ns)
            return;
        uint64_t left_ms = (ns - now) / 1000000u + 1;
        beat(l);
        l->o.env->ops->sleep_ms(l->o.env, left_ms < NAP_MS ? (int)left_ms : NAP_MS);
    }
}

static int step_ms(const live *l)
{
    return l->o.speed < 60 ? 60000 : 300000;
}

/* A plan has half of its slot's real time, within these bounds; after it the best so far is taken, with its gap. */
static int plan_most_ms(const live *l)
{
    double half_slot = 900000 / l->o.speed;
    if (half_slot < PLAN_LEAST_MS)
        return PLAN_LEAST_MS;
    return half_slot < PLAN_MOST_MS ? (int)half_slot : PLAN_MOST_MS;
}

/* Waits for the next step's moment. Who is late by more than a second does not run after it. */
static void pace(live *l)
{
    uint64_t now = now_ns(l), step = (uint64_t)(step_ms(l) * 1e6 / l->o.speed);
    if (!l->due_ns || now > l->due_ns + 1000000000ull)
        l->due_ns = now;
    nap_until(l, l->due_ns);
    l->due_ns += step;
}

static void on_day(void *arg, const town_view *v)
{
    live *l = arg;
    keep_day(l->keep, v);
    live_score_day(l->score, v->region, v->day + 1);
}

/* One step; MIZO_ENOENT: there is no truth for it (yet). */
static mizo_err step(live *l)
{
    bool slot_done = false;
    mizo_err e = operate_step(l->op, &slot_done);
    if (!e)
        live_desk_clock(l->desk, operate_instant(l->op));
    if (e == MIZO_OK && slot_done && operate_now(l->op) % MARK_SLOTS == 0)
        keep_clock(l->keep, operate_now(l->op));
    return e;
}

/* Runs on from midnight to where the store says that the clock was. The same truth gives the same town.
 * False: told to stop on the way; what the store says of the clock stays. */
static bool catch_up(live *l, mizo_slot to)
{
    while (!stopping(l) && operate_now(l->op) < to) {
        if (operate_slot(l->op))
            break;
        show(l, false);
    }
    return !stopping(l) || operate_now(l->op) >= to;
}

static void stand_still(live *l)
{
    if (!l->ended) {
        l->ended = true;
        keep_clock(l->keep, operate_now(l->op));
        env_logf(l->o.env, ENV_INFO, "live", "clock=ended slot=%lld", (long long)operate_now(l->op));
        show(l, true);
    }
    if (l->store_is != keep_is(l->keep))
        show(l, true);
    nap_until(l, now_ns(l) + RETRY_MS * 1000000ull);
    l->due_ns = 0;
}

static void run_clock(live *l)
{
    while (!stopping(l)) {
        pace(l);
        if (stopping(l))
            break;
        beat(l);
        mizo_err e = step(l);
        if (e == MIZO_ECANCELED)
            break;
        if (e == MIZO_ENOENT) {
            stand_still(l);
            continue;
        }
        if (e) {
            env_logf(l->o.env, ENV_ERROR, "live", "step=failed error=\"%s\"", mizo_err_text(e));
            stand_still(l);
            continue;
        }
        l->ended = false;
        show(l, l->due_ns > now_ns(l) + SHOW_MS * 1000000ull); /* the next one is far away: show this one */
    }
    keep_clock(l->keep, operate_now(l->op));
}

/* ---- beginning ---- */

static mizo_slot begin_at(live *l, mizo_slot *catch)
{
    const mizo_region *r = l->region;
    mizo_slot next;
    mizo_day first = r->clock_start, last;
    *catch = INT64_MIN;
    if (l->o.from != MIZO_DAY_NONE) {
        first = l->o.from;
    } else if (keep_resume(l->truth, &next) == MIZO_OK) {
        first = mizo_slot_day(next, r->offset);
        *catch = next;
    } else if (first == MIZO_DAY_NONE && l->truth->ops->day_span(l->truth, -1, &first, &last)) {
        first = 0;
    }
    return mizo_day_slot(first, r->offset);
}

/* What the store has of a point at the end of a day; MIZO_MISSING: nothing. */
static mizo_err at_evening(live *l, size_t point, mizo_quantity q, mizo_day day, int32_t *wh)
{
    mizo_series_key key = store_key(l->region->point[point].id, q, MIZO_ROLE_CONTROL);
    int32_t id, v[MIZO_DAY_SLOTS];
    *wh = MIZO_MISSING;
    mizo_err e = l->truth->ops->series_id(l->truth, &key, false, &id);
    if (e)
        return e == MIZO_ENOENT ? MIZO_OK : e;
    MIZO_TRY(store_read_day(l->truth, id, day, STORE_LATEST, v, NULL));
    *wh = v[MIZO_DAY_SLOTS - 1];
    return MIZO_OK;
}

/* Batteries and stores begin with what they held when the day before ended, where the store knows it. */
static mizo_err take_charge(live *l, mizo_day before)
{
    for (size_t i = 0; i < l->region->npoint; i++) {
        int32_t soc, held;
        if (!operate_view(l->op)->point_now[i].controlled)
            continue;
        MIZO_TRY(at_evening(l, i, MIZO_Q_SOC, before, &soc));
        MIZO_TRY(at_evening(l, i, MIZO_Q_HELD, before, &held));
        if (soc != MIZO_MISSING)
            operate_set_stored(l->op, (mizo_ref)i, false, soc);
        if (held != MIZO_MISSING)
            operate_set_stored(l->op, (mizo_ref)i, true, held);
    }
    return MIZO_OK;
}

static mizo_err begin(live *l, mizo_slot *catch)
{
    MIZO_TRY(store_sqlite.open(l->path.p, STORE_READ, l->diags, &l->truth));
    MIZO_TRY(reload_new(l->o.env, l->o.dir, l->region, &l->reload));
    live_weather_options w = { .env = l->o.env, .dir = l->o.dir, .region = l->region };
    if (l->o.speed == 1)
        MIZO_TRY(live_weather_start(&w, &l->weather));
    MIZO_TRY(live_desk_start(l->o.env, l->o.dir, l->region, &l->desk));
    operate_options o = {
        .policy = OPERATE_MIZO,
        .region = l->region,
        .truth = l->truth,
        .solver = l->o.solver,
        .from = begin_at(l, catch),
        .threads = PLAN_THREADS,
        .seed = 1,
        .step_ms = step_ms(l),
        .all_points = true,
        .env = l->o.env,
        .day_done = on_day,
        .arg = l,
        .stop = &l->stopping,
        .wake_ms = l->o.speed < 60 ? WAKE_SLOW_MS : WAKE_MS,
        .plan_most_ms = plan_most_ms(l),
    };
    MIZO_TRY(operate_new(&o, l->diags, &l->op));
    live_desk_clock(l->desk, operate_instant(l->op)); /* what is due is told at once */
    return take_charge(l, mizo_slot_day(o.from, l->region->offset) - 1);
}

/* The town could not begin: the page is up all the same, and says why. */
static void say_why(live *l, mizo_err e)
{
    town_view *v = view_new(l->region);
    env_logf(l->o.env, ENV_ERROR, "live", "begin=failed error=\"%s\"", mizo_err_text(e));
    for (size_t i = 0; v && i < mizo_diags_kept(l->diags) && v->nalert < VIEW_ALERTS; i++) {
        const mizo_diag *d = mizo_diags_at(l->diags, i);
        view_alarm(v, 0, d->id, d->nparam > 0 ? d->param[0] : NULL, d->nparam > 1 ? d->param[1] : NULL,
                   (const char *)NULL);
    }
    hand_view(l, v);
}

static void run(void *arg)
{
    live *l = arg;
    mizo_slot catch;
    mizo_err e = begin(l, &catch);
    if (e) {
        if (!stopping(l))
            say_why(l, e);
        return;
    }
    show(l, true);
    live_score_day(l->score, l->region, operate_view(l->op)->day);
    if (catch_up(l, catch))
        run_clock(l);
}

/* ---- life ---- */

struct writer *live_writer(const live *l)
{
    return keep_writer(l->keep);
}

static void live_free(live *l)
{
    live_score_free(l->score);
    operate_free(l->op);
    live_match_free(l->match);
    reload_free(l->reload);
    if (l->truth)
        l->truth->ops->close(l->truth);
    keep_stop(l->keep);
    keep_free(l->keep);
    mizo_diags_free(l->diags);
    view_unref(l->next_view);
    live_model_unref(l->next_model);
    view_unref(l->view);
    live_model_unref(l->model);
    mizo_region_unref(l->region);
    buf_fini(&l->path);
    free(l);
}

/* A first view before anything is known, so that the pages are up at once. */
static void first_view(live *l)
{
    town_view *v = view_new(l->region);
    mizo_day day = l->o.from != MIZO_DAY_NONE ? l->o.from : l->region->clock_start;
    if (v) {
        v->day = day == MIZO_DAY_NONE ? 0 : day;
        v->now = mizo_slot_ms(mizo_day_slot(v->day, l->region->offset));
        v->speed = l->o.speed;
        v->running = true;
    }
    l->view = v;
    l->model = live_model_new(l->region, l->o.env->ops->wall_ms(l->o.env), false, l->o.diags);
}

mizo_err live_start(const live_options *o, mizo_diags *d, live **out)
{
    *out = NULL;
    live *l = calloc(1, sizeof *l);
    if (!l) {
        mizo_diags_free(o->diags);
        return MIZO_ENOMEM;
    }
    l->o = *o;
    l->region = mizo_region_ref(o->region);
    l->diags = mizo_diags_new(100);
    buf_init(&l->path, 1 << 14);
    town_store_path(o->dir, &l->path);
    first_view(l);
    mizo_err e = l->path.err ? l->path.err : keep_start(o->env, l->path.p, d, &l->keep);
    l->match = live_match_new();
    l->score = live_score_new(&(live_score_options){ .env = o->env, .dir = o->dir });
    if (!e && (!l->view || !l->model || !l->match || !l->score))
        e = MIZO_ENOMEM;
    if (!e)
        e = o->env->ops->thread(o->env, "town", run, l, &l->thread);
    if (e) {
        live_free(l);
        return e;
    }
    *out = l;
    return MIZO_OK;
}

const town_view *live_view(const live *l)
{
    return l->view;
}

const score_card *live_score_card(const live *l)
{
    return live_score_now(l->score);
}

const live_model *live_model_now(const live *l)
{
    return l->model;
}

void live_stop(live *l)
{
    if (!l)
        return;
    __atomic_store_n(&l->stopping, 1, __ATOMIC_RELEASE);
    l->o.env->ops->join(l->o.env, l->thread);
    live_score_free(l->score);
    l->score = NULL;
    live_desk_stop(l->desk);
    l->desk = NULL;
    live_weather_stop(l->weather);
    l->weather = NULL;
    keep_stop(l->keep); /* what it did is durable; its answers wait in the loop */
}

void live_release(live *l)
{
    if (l)
        live_free(l);
}
