/* env_sim.c: a world in memory. */
#include "base/env_sim.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mizo/number.h"

typedef struct sim_file {
    char *path;
    char *bytes;
    size_t n;
    int64_t stamp;
} sim_file;

struct env_timer {
    struct env_timer *next;
    uint64_t due_ns, again_ns, order;
    void (*fn)(void *);
    void *arg;
    bool stopped, running;
};

typedef struct task {
    void (*work)(void *); /* NULL of a post */
    void (*done)(void *);
    void *arg;
} task;

typedef struct sim {
    env base;
    mizo_ms wall_start; /* the wall clock at mono 0 */
    uint64_t mono_ns, draws, seed, order;
    int fault_ppm;
    int64_t calls, fail_at;
    bool stopping;
    env_timer *timers;
    pthread_mutex_t lock; /* of the tasks: post() may come from a thread */
    task *tasks;
    size_t ntask, task_cap;
    sim_file *files; /* sorted by path */
    size_t nfile, file_cap;
    buf log;
} sim;

static sim *sim_of(env *e)
{
    return (sim *)e;
}

static uint64_t draw(sim *s)
{
    return mizo_mix64(s->seed ^ mizo_mix64(++s->draws));
}

/* ---- time and chance ---- */

static mizo_ms sim_wall(env *e)
{
    return sim_of(e)->wall_start + (mizo_ms)(sim_of(e)->mono_ns / 1000000);
}

static uint64_t sim_mono(env *e)
{
    return sim_of(e)->mono_ns;
}

static void sim_random(env *e, void *p, size_t n)
{
    unsigned char *b = p;
    for (size_t i = 0; i < n; i++)
        b[i] = (unsigned char)draw(sim_of(e));
}

/* ---- the loop ---- */

static bool take_task(sim *s, task *out)
{
    pthread_mutex_lock(&s->lock);
    bool have = s->ntask > 0;
    if (have) {
        *out = s->tasks[0];
        memmove(s->tasks, s->tasks + 1, --s->ntask * sizeof *s->tasks);
    }
    pthread_mutex_unlock(&s->lock);
    return have;
}

static void run_tasks(sim *s)
{
    for (task t; !s->stopping && take_task(s, &t);) {
        if (t.work)
            t.work(t.arg);
        if (t.done)
            t.done(t.arg);
    }
}

static env_timer *next_timer(const sim *s, uint64_t until)
{
    env_timer *best = NULL;
    for (env_timer *t = s->timers; t; t = t->next)
        if (!t->stopped && t->due_ns <= until &&
            (!best || t->due_ns < best->due_ns || (t->due_ns == best->due_ns && t->order < best->order)))
            best = t;
    return best;
}

static void drop_timer(sim *s, env_timer *t)
{
    for (env_timer **p = &s->timers; *p; p = &(*p)->next)
        if (*p == t) {
            *p = t->next;
            free(t);
            return;
        }
}

static void fire(sim *s, env_timer *t)
{
    if (t->due_ns > s->mono_ns)
        s->mono_ns = t->due_ns;
    if (t->again_ns) {
        t->due_ns = s->mono_ns + t->again_ns;
        t->order = ++s->order;
    } else {
        t->due_ns = UINT64_MAX;
    }
    t->running = true;
    t->fn(t->arg);
    t->running = false;
    if (t->stopped)
        drop_timer(s, t);
}

static void run_until(sim *s, uint64_t until)
{
    run_tasks(s);
    for (env_timer *t; !s->stopping && (t = next_timer(s, until));) {
        fire(s, t);
        run_tasks(s);
    }
}

void env_sim_advance(env *e, int64_t ms)
{
    sim *s = sim_of(e);
    uint64_t until = s->mono_ns + (uint64_t)ms * 1000000;
    run_until(s, until);
    if (until > s->mono_ns)
        s->mono_ns = until;
}

void env_sim_jump(env *e, int64_t ms)
{
    sim_of(e)->wall_start += ms;
}

static void sim_sleep(env *e, int ms)
{
    if (ms > 0)
        sim_of(e)->mono_ns += (uint64_t)ms * 1000000;
}

static void *sim_loop(env *e)
{
    (void)e;
    return NULL;
}

static mizo_err sim_run(env *e)
{
    run_until(sim_of(e), UINT64_MAX - 1);
    sim_of(e)->stopping = false;
    return MIZO_OK;
}

static void sim_stop(env *e)
{
    sim_of(e)->stopping = true;
}

static mizo_err sim_timer(env *e, int first, int again, void (*fn)(void *), void *arg, env_timer **out)
{
    sim *s = sim_of(e);
    env_timer *t = calloc(1, sizeof *t);
    if (!t)
        return MIZO_ENOMEM;
    *t = (env_timer){ .next = s->timers, .order = ++s->order, .fn = fn, .arg = arg };
    t->due_ns = s->mono_ns + (first > 0 ? (uint64_t)first * 1000000 : 0);
    t->again_ns = again > 0 ? (uint64_t)again * 1000000 : 0;
    s->timers = t;
    *out = t;
    return MIZO_OK;
}

static void sim_timer_stop(env *e, env_timer *t)
{
    if (!t)
        return;
    t->stopped = true;
    if (!t->running)
        drop_timer(sim_of(e), t);
}

static mizo_err add_task(sim *s, task t)
{
    pthread_mutex_lock(&s->lock);
    mizo_err err = array_grow(&s->tasks, &s->task_cap, s->ntask + 1, sizeof *s->tasks);
    if (!err)
        s->tasks[s->ntask++] = t;
    pthread_mutex_unlock(&s->lock);
    return err;
}

static mizo_err sim_post(env *e, void (*fn)(void *), void *arg)
{
    return add_task(sim_of(e), (task){ NULL, fn, arg });
}

static mizo_err sim_job(env *e, void (*work)(void *), void (*done)(void *), void *arg)
{
    return add_task(sim_of(e), (task){ work, done, arg });
}

/* ---- threads ---- */

struct env_thread {
    pthread_t id;
    void (*fn)(void *);
    void *arg;
};

static void *thread_main(void *arg)
{
    env_thread *t = arg;
    t->fn(t->arg);
    return NULL;
}

static mizo_err sim_thread(env *e, const char *name, void (*fn)(void *), void *arg, env_thread **out)
{
    (void)e;
    (void)name;
    env_thread *t = calloc(1, sizeof *t);
    if (!t)
        return MIZO_ENOMEM;
    t->fn = fn;
    t->arg = arg;
    if (pthread_create(&t->id, NULL, thread_main, t)) {
        free(t);
        return MIZO_ENOMEM;
    }
    *out = t;
    return MIZO_OK;
}

static void sim_join(env *e, env_thread *t)
{
    (void)e;
    if (!t)
        return;
    pthread_join(t->id, NULL);
    free(t);
}

/* ---- files ---- */

/* The failure of this call, if it is its turn. */
static mizo_err fault_now(sim *s)
{
    s->calls++;
    bool fail = s->fail_at && --s->fail_at == 0;
    if (s->fault_ppm && draw(s) % MIZO_PPM < (uint64_t)s->fault_ppm)
        fail = true;
    if (!fail)
        return MIZO_OK;
    return draw(s) & 1 ? MIZO_EIO : MIZO_EFULL;
}

/* Where path is, or would stand. */
static size_t find_file(const sim *s, const char *path, bool *found)
{
    size_t low = 0, high = s->nfile;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (strcmp(s->files[mid].path, path) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *found = low < s->nfile && strcmp(s->files[low].path, path) == 0;
    return low;
}

static mizo_err sim_read_file(env *e, const char *path, buf *out)
{
    sim *s = sim_of(e);
    MIZO_TRY(fault_now(s));
    bool found;
    size_t i = find_file(s, path, &found);
    if (!found)
        return MIZO_ENOENT;
    buf_add(out, s->files[i].bytes, s->files[i].n);
    return out->err;
}

static mizo_err insert_file(sim *s, size_t at, const char *path)
{
    MIZO_TRY(array_grow(&s->files, &s->file_cap, s->nfile + 1, sizeof *s->files));
    char *copy = strdup(path);
    if (!copy)
        return MIZO_ENOMEM;
    memmove(s->files + at + 1, s->files + at, (s->nfile++ - at) * sizeof *s->files);
    s->files[at] = (sim_file){ .path = copy };
    return MIZO_OK;
}

static mizo_err sim_write_file(env *e, const char *path, const void *p, size_t n)
{
    sim *s = sim_of(e);
    MIZO_TRY(fault_now(s));
    char *bytes = malloc(n + 1);
    if (!bytes)
        return MIZO_ENOMEM;
    if (n)
        memcpy(bytes, p, n);
    bool found;
    size_t i = find_file(s, path, &found);
    mizo_err err = found ? MIZO_OK : insert_file(s, i, path);
    if (err) {
        free(bytes);
        return err;
    }
    free(s->files[i].bytes);
    s->files[i].bytes = bytes;
    s->files[i].n = n;
    s->files[i].stamp = (int64_t)++s->order;
    return MIZO_OK;
}

static mizo_err sim_make_dir(env *e, const char *path)
{
    (void)path; /* a path is only a name here */
    return fault_now(sim_of(e));
}

static mizo_err sim_file_stamp(env *e, const char *path, int64_t *mtime_ns, int64_t *size)
{
    sim *s = sim_of(e);
    MIZO_TRY(fault_now(s));
    bool found;
    size_t i = find_file(s, path, &found);
    if (!found)
        return MIZO_ENOENT;
    *mtime_ns = s->files[i].stamp;
    *size = (int64_t)s->files[i].n;
    return MIZO_OK;
}

static mizo_err sim_list_dir(env *e, const char *path, mizo_err (*fn)(void *arg, const char *name), void *arg)
{
    sim *s = sim_of(e);
    MIZO_TRY(fault_now(s));
    size_t len = strlen(path);
    for (size_t i = 0; i < s->nfile; i++) {
        const char *p = s->files[i].path;
        if (strncmp(p, path, len) == 0 && p[len] == '/' && !strchr(p + len + 1, '/'))
            MIZO_TRY(fn(arg, p + len + 1));
    }
    return MIZO_OK;
}

/* ---- log ---- */

static void sim_log(env *e, env_level level, const char *area, const char *line)
{
    static const char *const name[] = { "debug", "info", "warn", "error" };
    buf_printf(&sim_of(e)->log, "%s %s %s\n", name[level], area, line);
}

const char *env_sim_log(const env *e)
{
    const sim *s = (const sim *)e;
    return s->log.p ? s->log.p : "";
}

void env_sim_fail_at(env *e, int64_t n)
{
    sim_of(e)->fail_at = n;
}

int64_t env_sim_file_calls(const env *e)
{
    return ((const sim *)e)->calls;
}

static const env_ops sim_ops = {
    .name = "simulated",
    .wall_ms = sim_wall,
    .mono_ns = sim_mono,
    .sleep_ms = sim_sleep,
    .random = sim_random,
    .loop = sim_loop,
    .run = sim_run,
    .stop = sim_stop,
    .timer = sim_timer,
    .timer_stop = sim_timer_stop,
    .post = sim_post,
    .job = sim_job,
    .thread = sim_thread,
    .join = sim_join,
    .read_file = sim_read_file,
    .write_file = sim_write_file,
    .make_dir = sim_make_dir,
    .file_stamp = sim_file_stamp,
    .list_dir = sim_list_dir,
    .log = sim_log,
};

env *env_sim_new(const env_sim_options *o)
{
    sim *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->base.ops = &sim_ops;
    s->seed = o->seed;
    s->wall_start = o->start;
    s->fault_ppm = o->fault_ppm;
    buf_init(&s->log, 0);
    if (pthread_mutex_init(&s->lock, NULL)) {
        free(s);
        return NULL;
    }
    return &s->base;
}

void env_sim_free(env *e)
{
    if (!e)
        return;
    sim *s = sim_of(e);
    for (env_timer *t = s->timers; t;) {
        env_timer *next = t->next;
        free(t);
        t = next;
    }
    for (size_t i = 0; i < s->nfile; i++) {
        free(s->files[i].path);
        free(s->files[i].bytes);
    }
    free(s->files);
    free(s->tasks);
    buf_fini(&s->log);
    pthread_mutex_destroy(&s->lock);
    free(s);
}
