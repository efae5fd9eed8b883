/* keep.c: see live_keep.h. Every write is a job of the writer: the town's thread hands a copy over
 * and goes on; the copy is freed on the loop thread once it is durable. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "town/books/settle.h"
#include "town/live/keep.h"

enum { RETRY_MS = 1000, WAITING = 16 };

/* A day's job on its way, or waiting for room. */
typedef struct day_job {
    keep *keep;
    town_view *view;
    mizo_err (*run)(store *s, void *arg);
    const char *source;
    mizo_err refused; /* the writer did not even take it */
} day_job;

struct keep {
    env *env;
    writer *writer;
    int state; /* atomic: keep_state */
    bool stopping;
    /* of the loop thread: what waits, oldest first */
    day_job *waiting[WAITING];
    int nwaiting;
    int lost; /* atomic: jobs for which there was no place left; a restart does them */
    int held; /* atomic: jobs that wait or were lost: the clock's mark stays before them */
    env_timer *timer;
};

static const char *const actor = "mizo serve";

mizo_err keep_start(env *e, const char *path, mizo_diags *d, keep **out)
{
    *out = NULL;
    keep *k = calloc(1, sizeof *k);
    if (!k)
        return MIZO_ENOMEM;
    k->env = e;
    mizo_err err = writer_start(e, NULL, path, true, d, &k->writer);
    if (err) {
        free(k);
        return err;
    }
    *out = k;
    return MIZO_OK;
}

void keep_stop(keep *k)
{
    if (!k)
        return;
    k->stopping = true;
    k->env->ops->timer_stop(k->env, k->timer);
    k->timer = NULL;
    writer_stop(k->writer);
    k->writer = NULL;
}

static void job_free(day_job *j)
{
    view_unref(j->view);
    free(j);
}

void keep_free(keep *k)
{
    if (!k)
        return;
    for (int i = 0; i < k->nwaiting; i++)
        job_free(k->waiting[i]);
    free(k);
}

keep_state keep_is(const keep *k)
{
    return (keep_state)__atomic_load_n(&k->state, __ATOMIC_ACQUIRE);
}

/* Says each change once. A failure for good stays. */
static void set_state(keep *k, keep_state to, mizo_err why)
{
    keep_state was = keep_is(k);
    if (was == to || was == KEEP_FAILED)
        return;
    __atomic_store_n(&k->state, (int)to, __ATOMIC_RELEASE);
    if (to == KEEP_WELL)
        env_logf(k->env, ENV_INFO, "live", "store=well");
    else
        env_logf(k->env, to == KEEP_FAILED ? ENV_ERROR : ENV_WARN, "live", "store=%s error=\"%s\"",
                 to == KEEP_FAILED ? "failed" : "full", mizo_err_text(why));
}

/* What an answer says of the store. True: the same can be tried again later. */
static bool judge(keep *k, mizo_err e)
{
    bool later = e == MIZO_EFULL || e == MIZO_EBUSY || e == MIZO_ENOMEM;
    if (later)
        set_state(k, KEEP_FULL, e);
    else if (e == MIZO_ESTORE)
        set_state(k, KEEP_FAILED, e);
    else if (e == MIZO_OK && k->nwaiting == 0)
        set_state(k, KEEP_WELL, e);
    return later;
}

/* Puts a job; what it would have taken over is freed when the writer does not take it. */
static void put(keep *k, mizo_err (*run)(store *, void *), void (*done)(void *, mizo_err), void *arg,
                mizo_ms known, const char *source)
{
    writer_job j = { .run = run, .done = done, .arg = arg, .known = known, .actor = actor, .source = source };
    mizo_err e = writer_put(k->writer, &j);
    if (!e)
        return;
    env_logf(k->env, ENV_WARN, "live", "write=refused source=%s error=\"%s\"", source, mizo_err_text(e));
    done(arg, e);
}

writer *keep_writer(const keep *k)
{
    return k->writer;
}

/* ---- days ---- */

typedef struct column {
    mizo_quantity quantity;
    mizo_role role;
    size_t at;  /* in view_day */
    bool every; /* of every point, not just of those that decide */
} column;

static const column columns[] = {
    {MIZO_Q_DEMAND,      MIZO_ROLE_FORECAST_MEAN,   offsetof(view_day, forecast),     true },
    { MIZO_Q_DEMAND,     MIZO_ROLE_FORECAST_P10,    offsetof(view_day, forecast_p10), false},
    { MIZO_Q_DEMAND,     MIZO_ROLE_FORECAST_P90,    offsetof(view_day, forecast_p90), false},
    { MIZO_Q_IMPORT,     MIZO_ROLE_PLAN_DISPATCHED, offsetof(view_day, plan_import),  false},
    { MIZO_Q_EXPORT,     MIZO_ROLE_PLAN_DISPATCHED, offsetof(view_day, plan_export),  false},
    { MIZO_Q_SOC,        MIZO_ROLE_PLAN_DISPATCHED, offsetof(view_day, plan_soc),     false},
    { MIZO_Q_DEMAND,     MIZO_ROLE_CONTROL,         offsetof(view_day, demand),       false},
    { MIZO_Q_IMPORT,     MIZO_ROLE_CONTROL,         offsetof(view_day, import),       false},
    { MIZO_Q_EXPORT,     MIZO_ROLE_CONTROL,         offsetof(view_day, export),       false},
    { MIZO_Q_GENERATION, MIZO_ROLE_CONTROL,         offsetof(view_day, pv),           false},
    { MIZO_Q_CHARGE,     MIZO_ROLE_CONTROL,         offsetof(view_day, charge),       false},
    { MIZO_Q_DISCHARGE,  MIZO_ROLE_CONTROL,         offsetof(view_day, discharge),    false},
    { MIZO_Q_VEHICLE,    MIZO_ROLE_CONTROL,         offsetof(view_day, vehicle),      false},
    { MIZO_Q_SOC,        MIZO_ROLE_CONTROL,         offsetof(view_day, soc),          false},
    { MIZO_Q_CURTAILED,  MIZO_ROLE_CONTROL,         offsetof(view_day, curtailed),    false},
};

/* What only some points have: view_more. */
static const column more_columns[] = {
    {MIZO_Q_RUN,        MIZO_ROLE_CONTROL, offsetof(view_more, run),       false},
    { MIZO_Q_GIVEN,     MIZO_ROLE_CONTROL, offsetof(view_more, given),     false},
    { MIZO_Q_STORE_IN,  MIZO_ROLE_CONTROL, offsetof(view_more, store_in),  false},
    { MIZO_Q_STORE_OUT, MIZO_ROLE_CONTROL, offsetof(view_more, store_out), false},
    { MIZO_Q_DRAWN,     MIZO_ROLE_CONTROL, offsetof(view_more, drawn),     false},
    { MIZO_Q_HELD,      MIZO_ROLE_CONTROL, offsetof(view_more, held),      false},
};

static bool all_missing(const int32_t *v)
{
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        if (v[i] != MIZO_MISSING)
            return false;
    return true;
}

static mizo_err write_column(store *s, const char *owner, const column *c, mizo_day day, const int32_t *v)
{
    uint8_t q[MIZO_DAY_SLOTS];
    uint8_t grade = c->role == MIZO_ROLE_CONTROL ? MIZO_QUALITY_SIMULATED : MIZO_QUALITY_ESTIMATED;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        q[i] = v[i] == MIZO_MISSING ? MIZO_QUALITY_ABSENT : grade;
    mizo_series_key key = store_key(owner, c->quantity, c->role);
    int32_t id;
    bool changed;
    MIZO_TRY(s->ops->series_id(s, &key, true, &id));
    return store_write_day(s, id, day, v, q, MIZO_DAY_SLOTS, &changed);
}

/* What the meters said, for the books. rows as view_meters wants them. */
static mizo_err settle_view(store *s, const town_view *v, int32_t (*rows)[MIZO_DAY_SLOTS])
{
    settle_day in = view_meters(v, rows);
    settle_result result;
    return settle_put(s, v->region, &in, NULL, &result);
}

static mizo_err run_books(store *s, void *arg)
{
    const town_view *v = arg;
    int32_t(*rows)[MIZO_DAY_SLOTS] = malloc((VIEW_METERS * v->npoint + 1) * sizeof *rows);
    if (!rows)
        return MIZO_ENOMEM;
    mizo_err e = settle_view(s, v, rows);
    free(rows);
    return e;
}

static mizo_err write_columns(store *s, const town_view *v, size_t point, const column *c, size_t n,
                              const void *from)
{
    for (size_t k = 0; k < n; k++) {
        const int32_t *values = (const int32_t *)(const void *)((const char *)from + c[k].at);
        if ((c[k].every || v->point_now[point].controlled) && !all_missing(values))
            MIZO_TRY(write_column(s, v->region->point[point].id, &c[k], v->day, values));
    }
    return MIZO_OK;
}

/* Tomorrow's purchase, so that a restart in the middle of it knows what was bought. */
static mizo_err write_purchase(store *s, const town_view *v)
{
    static const column bought = { MIZO_Q_IMPORT, MIZO_ROLE_PLAN_DAY_AHEAD, 0, true };
    int32_t wh[MIZO_DAY_SLOTS];
    if (all_missing(v->buy.tomorrow))
        return MIZO_OK;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        wh[i] = v->buy.tomorrow[i] == MIZO_MISSING ? MIZO_MISSING : v->buy.tomorrow[i] / 2;
    return write_column(s, v->region->id, &bought, v->day + 1, wh);
}

static mizo_err run_day(store *s, void *arg)
{
    const town_view *v = arg;
    MIZO_TRY(write_purchase(s, v));
    for (size_t i = 0; i < v->npoint; i++) {
        const view_more *m = view_more_of(v, (mizo_ref)i);
        MIZO_TRY(write_columns(s, v, i, columns, sizeof columns / sizeof *columns, &v->point[i]));
        if (m)
            MIZO_TRY(write_columns(s, v, i, more_columns, sizeof more_columns / sizeof *more_columns, m));
    }
    return MIZO_OK;
}

static void try_again(void *arg);

/* Keeps a job for later; without a place it is lost, and a restart does it. */
static void wait_for_room(keep *k, day_job *j)
{
    __atomic_add_fetch(&k->held, 1, __ATOMIC_ACQ_REL);
    if (k->nwaiting == WAITING) {
        __atomic_add_fetch(&k->lost, 1, __ATOMIC_ACQ_REL);
        env_logf(k->env, ENV_ERROR, "live", "write=lost source=%s day=%d", j->source, (int)j->view->day);
        job_free(j);
        return;
    }
    k->waiting[k->nwaiting++] = j;
    if (!k->timer && k->env->ops->timer(k->env, RETRY_MS, RETRY_MS, try_again, k, &k->timer))
        k->timer = NULL; /* the next job that waits asks again */
}

static void day_done(void *arg, mizo_err e)
{
    day_job *j = arg;
    keep *k = j->keep;
    if (judge(k, e) && !k->stopping) {
        wait_for_room(k, j);
        return;
    }
    if (e && e != MIZO_ECANCELED)
        env_logf(k->env, ENV_ERROR, "live", "write=failed source=%s day=%d error=\"%s\"", j->source,
                 (int)j->view->day, mizo_err_text(e));
    job_free(j);
}

static void on_refused(void *arg)
{
    day_job *j = arg;
    day_done(j, j->refused);
}

/* What waits is of the loop thread: a refusal goes there too. */
static void put_job(day_job *j)
{
    mizo_ms known = mizo_slot_ms(mizo_day_slot(j->view->day + 1, j->view->region->offset));
    writer_job w = {
        .run = j->run, .done = day_done, .arg = j, .known = known, .actor = actor, .source = j->source
    };
    keep *k = j->keep;
    j->refused = writer_put(k->writer, &w);
    if (j->refused && k->env->ops->post(k->env, on_refused, j)) {
        __atomic_add_fetch(&k->held, 1, __ATOMIC_ACQ_REL);
        job_free(j);
    }
}

/* Once a second while something waits: the oldest first, all of them once it went well. */
static void try_again(void *arg)
{
    keep *k = arg;
    if (k->stopping)
        return;
    int n = keep_is(k) == KEEP_FAILED ? k->nwaiting : k->nwaiting > 2 ? 2 : k->nwaiting;
    day_job *again[WAITING];
    memcpy(again, k->waiting, (size_t)n * sizeof *again);
    k->nwaiting -= n;
    memmove(k->waiting, k->waiting + n, (size_t)k->nwaiting * sizeof *k->waiting);
    __atomic_sub_fetch(&k->held, n, __ATOMIC_ACQ_REL);
    for (int i = 0; i < n; i++)
        put_job(again[i]);
    if (k->nwaiting == 0 && n == 0) {
        k->env->ops->timer_stop(k->env, k->timer);
        k->timer = NULL;
    }
}

typedef mizo_err job_fn(store *s, void *arg);

static mizo_err run_day_job(store *s, void *arg)
{
    return run_day(s, ((day_job *)arg)->view);
}

static mizo_err run_books_job(store *s, void *arg)
{
    return run_books(s, ((day_job *)arg)->view);
}

static void new_job(keep *k, town_view *v, job_fn *run, const char *source)
{
    day_job *j = malloc(sizeof *j);
    if (!j) {
        __atomic_add_fetch(&k->held, 1, __ATOMIC_ACQ_REL); /* a restart does it */
        return;
    }
    *j = (day_job){ .keep = k, .view = view_ref(v), .run = run, .source = source };
    put_job(j);
}

void keep_day(keep *k, const town_view *v)
{
    town_view *copy = view_copy(v);
    if (!copy) {
        __atomic_add_fetch(&k->held, 1, __ATOMIC_ACQ_REL);
        return;
    }
    new_job(k, copy, run_day_job, "day");
    new_job(k, copy, run_books_job, "settle");
    view_unref(copy);
}

/* ---- the clock ---- */

typedef struct mark {
    keep *keep;
    mizo_slot next;
} mark;

static mizo_err run_clock(store *s, void *arg)
{
    const mark *m = arg;
    char text[64];
    bool changed;
    snprintf(text, sizeof text, "{\"slot\":%" PRId64 "}", m->next);
    return s->ops->record_put(s, "clock", "town", text, &changed);
}

static void clock_done(void *arg, mizo_err e)
{
    mark *m = arg;
    (void)judge(m->keep, e); /* the next mark says more than this one */
    free(m);
}

void keep_clock(keep *k, mizo_slot next)
{
    if (__atomic_load_n(&k->held, __ATOMIC_ACQUIRE))
        return; /* days before it are not durable: a restart has to run them again */
    mark *m = malloc(sizeof *m);
    if (!m)
        return; /* a restart goes on a little earlier */
    *m = (mark){ k, next };
    put(k, run_clock, clock_done, m, mizo_slot_ms(next), "clock");
}

static mizo_err take_mark(void *arg, const store_record *r)
{
    return sscanf(r->json, "{\"slot\":%" SCNd64 "}", (mizo_slot *)arg) == 1 ? MIZO_OK : MIZO_EINPUT;
}

mizo_err keep_resume(store *s, mizo_slot *next)
{
    *next = INT64_MIN;
    MIZO_TRY(s->ops->record_scan(s, "clock", "town", take_mark, next));
    return *next == INT64_MIN ? MIZO_ENOENT : MIZO_OK;
}

/* ---- models ---- */

typedef struct model_text {
    char hash[65];
    char *text;
} model_text;

static mizo_err run_model(store *s, void *arg)
{
    const model_text *m = arg;
    bool changed;
    return s->ops->model_put(s, m->hash, m->text, &changed);
}

static void model_done(void *arg, mizo_err e)
{
    (void)e;
    model_text *m = arg;
    free(m->text);
    free(m);
}

void keep_model(keep *k, const mizo_region *r, char *text, mizo_ms known)
{
    model_text *m = malloc(sizeof *m);
    if (!m || !text) {
        free(m);
        free(text);
        return;
    }
    memcpy(m->hash, r->hash, sizeof m->hash);
    m->text = text;
    put(k, run_model, model_done, m, known, "region");
}
