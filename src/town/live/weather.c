/* weather.c: see live_weather.h. */
#include "town/live/weather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "town/foresee/weather_fetch.h"
#include "town/module.h"

enum { NAP_MS = 100, FIRST_MS = 2000, AGAIN_MS = 60000, HOUR_MS = 3600000, DOUBLINGS = 10 };

struct live_weather {
    live_weather_options o;
    env_thread *thread;
    int stopping;                   /* atomic */
    const mizo_region *next_region; /* atomic; the taker owns what it exchanges out */
    live_weather_state *next_state; /* atomic, likewise */
    /* of the other thread */
    live_weather_state shown;
    /* of its own thread */
    const mizo_region *region;
    live_weather_state state;
    const fetch_client *http;
    int failures;
    uint64_t due_ns;
};

static bool stopping(const live_weather *w)
{
    return __atomic_load_n(&w->stopping, __ATOMIC_ACQUIRE) != 0;
}

static bool told_to_stop(void *arg)
{
    return stopping(arg);
}

static uint64_t after_ms(const live_weather *w, int64_t ms)
{
    return w->o.env->ops->mono_ns(w->o.env) + (uint64_t)ms * 1000000u;
}

/* Leaves a copy of the state for who asks; one that nobody took is dropped. */
static void hand_state(live_weather *w)
{
    live_weather_state *s = malloc(sizeof *s);
    if (!s)
        return;
    *s = w->state;
    free(__atomic_exchange_n(&w->next_state, s, __ATOMIC_ACQ_REL));
}

/* ---- one question ---- */

static void log_diags(const live_weather *w, const mizo_diags *d)
{
    for (size_t i = 0; i < mizo_diags_kept(d) && i < 5; i++) {
        char text[512];
        mizo_diag_text(mizo_diags_at(d, i), "en", text, sizeof text);
        env_logf(w->o.env, ENV_WARN, "weather", "said=\"%s\"", text);
    }
}

static mizo_err ask_in(live_weather *w, town *t, import_result *r)
{
    if (!w->http)
        MIZO_TRY(module_http(t->diags, &w->http));
    buf path;
    buf_init(&path, 1 << 14);
    town_store_path(t->dir, &path);
    mizo_err e = path.err ? path.err : store_sqlite.open(path.p, STORE_WRITE, t->diags, &t->store);
    buf_fini(&path);
    MIZO_TRY(e);
    weather_fetch_options o = { .http = w->http, .actor = "mizo serve", .stop = told_to_stop, .arg = w };
    e = weather_fetch(t, &o, r, w->state.why);
    t->store->ops->close(t->store);
    return e;
}

static mizo_err ask(live_weather *w)
{
    mizo_diags *d = mizo_diags_new(20);
    import_result r = { .batch = 0 };
    town t = { .env = w->o.env, .dir = w->o.dir, .region = w->region, .diags = d };
    snprintf(w->state.why, sizeof w->state.why, "mizo-http");
    mizo_err e = ask_in(w, &t, &r);
    if (e && e != MIZO_ECANCELED)
        log_diags(w, d);
    else if (!e)
        env_logf(w->o.env, ENV_INFO, "weather", "fetched=yes new=%lld changed=%lld", (long long)r.added,
                 (long long)r.changed);
    mizo_diags_free(d);
    return e;
}

/* Up to a tenth more, so that the towns of a service do not all come at once. */
static int64_t spread(live_weather *w, int64_t ms)
{
    uint32_t x;
    w->o.env->ops->random(w->o.env, &x, sizeof x);
    return ms + (int64_t)((double)ms / 10 * (x / 4294967296.0));
}

static int64_t wait_after(live_weather *w, mizo_err e)
{
    int64_t usual = (int64_t)w->region->weather_every_hours * HOUR_MS;
    w->failures = e ? w->failures + 1 : 0;
    if (!e)
        return spread(w, usual);
    int64_t wait = w->o.again_ms ? w->o.again_ms : AGAIN_MS;
    for (int i = 1; i < w->failures && i < DOUBLINGS && wait < usual; i++)
        wait *= 2;
    return spread(w, wait < usual ? wait : usual);
}

static void one_turn(live_weather *w)
{
    mizo_err e = ask(w);
    if (e == MIZO_ECANCELED || stopping(w))
        return;
    mizo_ms now = w->o.env->ops->wall_ms(w->o.env);
    w->state.asked = true;
    if (!e) {
        w->state.good = now;
        w->state.since = 0;
    } else if (!w->state.since) {
        w->state.since = w->state.good ? w->state.good : now;
    }
    hand_state(w);
    w->due_ns = after_ms(w, wait_after(w, e));
}

/* ---- the thread ---- */

static void take_region(live_weather *w)
{
    const mizo_region *r = __atomic_exchange_n(&w->next_region, NULL, __ATOMIC_ACQ_REL);
    if (!r)
        return;
    bool same = strcmp(r->weather_url, w->region->weather_url) == 0;
    mizo_region_unref(w->region);
    w->region = r;
    if (same)
        return;
    w->failures = 0;
    w->state = (live_weather_state){ .asked = false };
    w->due_ns = after_ms(w, 0);
    hand_state(w);
}

static void run(void *arg)
{
    live_weather *w = arg;
    w->due_ns = after_ms(w, w->o.first_ms ? w->o.first_ms : FIRST_MS);
    while (!stopping(w)) {
        take_region(w);
        if (*w->region->weather_url && w->o.env->ops->mono_ns(w->o.env) >= w->due_ns)
            one_turn(w);
        else
            w->o.env->ops->sleep_ms(w->o.env, NAP_MS);
    }
}

/* ---- from outside ---- */

static void release(live_weather *w)
{
    mizo_region_unref(w->region);
    mizo_region_unref(w->next_region);
    free(w->next_state);
    free(w);
}

/* A town that asks nobody needs no thread. */
static mizo_err wake(live_weather *w)
{
    return *w->region->weather_url ? w->o.env->ops->thread(w->o.env, "weather", run, w, &w->thread) : MIZO_OK;
}

mizo_err live_weather_start(const live_weather_options *o, live_weather **out)
{
    *out = NULL;
    live_weather *w = calloc(1, sizeof *w);
    if (!w)
        return MIZO_ENOMEM;
    w->o = *o;
    w->http = o->http;
    w->region = mizo_region_ref(o->region);
    mizo_err e = wake(w);
    if (e)
        release(w);
    else
        *out = w;
    return e;
}

void live_weather_stop(live_weather *w)
{
    if (!w)
        return;
    __atomic_store_n(&w->stopping, 1, __ATOMIC_RELEASE);
    if (w->thread)
        w->o.env->ops->join(w->o.env, w->thread);
    release(w);
}

void live_weather_region(live_weather *w, const mizo_region *r)
{
    if (!w)
        return;
    if (w->thread) {
        mizo_region_unref(__atomic_exchange_n(&w->next_region, mizo_region_ref(r), __ATOMIC_ACQ_REL));
        return;
    }
    mizo_region_unref(w->region);
    w->region = mizo_region_ref(r);
    if (wake(w))
        env_logf(w->o.env, ENV_WARN, "weather", "thread=failed");
}

const live_weather_state *live_weather_now(live_weather *w)
{
    live_weather_state *s = __atomic_exchange_n(&w->next_state, NULL, __ATOMIC_ACQ_REL);
    if (s) {
        w->shown = *s;
        free(s);
    }
    return &w->shown;
}
