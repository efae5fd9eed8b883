/* env_uv.c: the real world, on libuv. The only file that reads a clock. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/env_stream.h"

typedef struct post {
    struct post *next;
    void (*fn)(void *);
    void *arg;
} post;

typedef struct real {
    env base; /* first: an env * is a real * */
    env_level level;
    uv_loop_t loop;
    uv_async_t wake;
    uv_mutex_t lock; /* of the posts */
    post *first, **last;
    atomic_bool stopping;
    uv_signal_t sig[2];
    bool has_sig;
    void (*on_signal)(void *);
    void *on_signal_arg;
} real;

static real *real_of(env *e)
{
    return (real *)e;
}

/* ---- time and chance ---- */

static mizo_ms real_wall(env *e)
{
    (void)e;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (mizo_ms)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

uint64_t env_real_mono_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t real_mono(env *e)
{
    (void)e;
    return env_real_mono_ns();
}

static void real_sleep(env *e, int ms)
{
    (void)e;
    struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };
    while (nanosleep(&t, &t) && errno == EINTR && !env_interrupted())
        ;
}

static void real_random(env *e, void *p, size_t n)
{
    (void)e;
    /* Without chance there are no keys and no secrets: going on would be worse than stopping. */
    if (uv_random(NULL, NULL, p, n, 0, NULL))
        abort();
}

/* ---- the loop ---- */

static void run_posts(real *r)
{
    uv_mutex_lock(&r->lock);
    post *p = r->first;
    r->first = NULL;
    r->last = &r->first;
    uv_mutex_unlock(&r->lock);
    while (p) {
        post *next = p->next;
        p->fn(p->arg);
        free(p);
        p = next;
    }
}

static void on_wake(uv_async_t *h)
{
    real *r = h->data;
    run_posts(r);
    if (atomic_load(&r->stopping))
        uv_stop(&r->loop);
}

static void *real_loop(env *e)
{
    return &real_of(e)->loop;
}

static mizo_err real_run(env *e)
{
    uv_run(&real_of(e)->loop, UV_RUN_DEFAULT);
    return MIZO_OK;
}

static void real_stop(env *e)
{
    atomic_store(&real_of(e)->stopping, true);
    uv_async_send(&real_of(e)->wake);
}

struct env_timer {
    uv_timer_t h;
    void (*fn)(void *);
    void *arg;
};

static void on_timer(uv_timer_t *h)
{
    env_timer *t = h->data;
    t->fn(t->arg);
}

static mizo_err real_timer(env *e, int first, int again, void (*fn)(void *), void *arg, env_timer **out)
{
    env_timer *t = calloc(1, sizeof *t);
    if (!t)
        return MIZO_ENOMEM;
    uv_timer_init(&real_of(e)->loop, &t->h);
    t->h.data = t;
    t->fn = fn;
    t->arg = arg;
    uv_update_time(&real_of(e)->loop);
    uv_timer_start(&t->h, on_timer, (uint64_t)(first > 0 ? first : 0), (uint64_t)(again > 0 ? again : 0));
    *out = t;
    return MIZO_OK;
}

static void free_timer(uv_handle_t *h)
{
    free(h->data);
}

static void real_timer_stop(env *e, env_timer *t)
{
    (void)e;
    if (t)
        uv_close((uv_handle_t *)&t->h, free_timer);
}

static mizo_err real_post(env *e, void (*fn)(void *), void *arg)
{
    real *r = real_of(e);
    post *p = malloc(sizeof *p);
    if (!p)
        return MIZO_ENOMEM;
    *p = (post){ NULL, fn, arg };
    uv_mutex_lock(&r->lock);
    *r->last = p;
    r->last = &p->next;
    uv_mutex_unlock(&r->lock);
    uv_async_send(&r->wake);
    return MIZO_OK;
}

typedef struct job {
    uv_work_t h;
    void (*work)(void *);
    void (*done)(void *);
    void *arg;
} job;

static void on_work(uv_work_t *h)
{
    job *j = h->data;
    j->work(j->arg);
}

static void on_work_done(uv_work_t *h, int status)
{
    (void)status;
    job *j = h->data;
    if (j->done)
        j->done(j->arg);
    free(j);
}

static mizo_err real_job(env *e, void (*work)(void *), void (*done)(void *), void *arg)
{
    job *j = calloc(1, sizeof *j);
    if (!j)
        return MIZO_ENOMEM;
    *j = (job){ .work = work, .done = done, .arg = arg };
    j->h.data = j;
    if (uv_queue_work(&real_of(e)->loop, &j->h, on_work, on_work_done)) {
        free(j);
        return MIZO_ENOMEM;
    }
    return MIZO_OK;
}

/* ---- threads ---- */

struct env_thread {
    uv_thread_t id;
    char name[16];
    void (*fn)(void *);
    void *arg;
};

static void thread_main(void *arg)
{
    env_thread *t = arg;
    pthread_setname_np(pthread_self(), t->name);
    t->fn(t->arg);
}

static mizo_err real_thread(env *e, const char *name, void (*fn)(void *), void *arg, env_thread **out)
{
    (void)e;
    env_thread *t = calloc(1, sizeof *t);
    if (!t)
        return MIZO_ENOMEM;
    snprintf(t->name, sizeof t->name, "%s", name);
    t->fn = fn;
    t->arg = arg;
    if (uv_thread_create(&t->id, thread_main, t)) {
        free(t);
        return MIZO_ENOMEM;
    }
    *out = t;
    return MIZO_OK;
}

static void real_join(env *e, env_thread *t)
{
    (void)e;
    if (!t)
        return;
    uv_thread_join(&t->id);
    free(t);
}

/* ---- files ---- */

static mizo_err read_all(int fd, buf *out)
{
    char chunk[65536];
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n == 0)
            return out->err;
        if (n < 0 && errno == EINTR && !env_interrupted())
            continue;
        if (n < 0)
            return errno == EINTR ? MIZO_ECANCELED : env_errno(errno);
        buf_add(out, chunk, (size_t)n);
        MIZO_TRY(out->err);
    }
}

static mizo_err real_read_file(env *e, const char *path, buf *out)
{
    (void)e;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return env_errno(errno);
    mizo_err err = read_all(fd, out);
    close(fd);
    return err;
}

static mizo_err real_write_file(env *e, const char *path, const void *p, size_t n)
{
    env_sink *s;
    (void)e;
    MIZO_TRY(env_sink_open(path, &s));
    mizo_err err = env_sink_add(s, p, n);
    mizo_err end = env_sink_end(s, err == MIZO_OK);
    return err ? err : end;
}

static mizo_err real_make_dir(env *e, const char *path)
{
    (void)e;
    char *copy = strdup(path);
    if (!copy)
        return MIZO_ENOMEM;
    mizo_err err = MIZO_OK;
    for (char *p = copy + (*copy != 0); !err; p++) {
        if (*p && *p != '/')
            continue;
        char was = *p;
        *p = 0;
        struct stat st;
        if (mkdir(copy, 0777) && (errno != EEXIST || stat(copy, &st) || !S_ISDIR(st.st_mode)))
            err = errno == EEXIST ? MIZO_EIO : env_errno(errno);
        *p = was;
        if (!was)
            break;
    }
    free(copy);
    return err;
}

static mizo_err real_file_stamp(env *e, const char *path, int64_t *mtime_ns, int64_t *size)
{
    (void)e;
    struct stat st;
    if (stat(path, &st))
        return env_errno(errno);
    *mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    *size = st.st_size;
    return MIZO_OK;
}

typedef struct names {
    char **name;
    size_t n, cap;
} names;

static void free_names(names *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->name[i]);
    free(l->name);
}

static mizo_err collect(DIR *dir, names *l)
{
    for (struct dirent *d; (d = readdir(dir));) {
        struct stat st;
        if (fstatat(dirfd(dir), d->d_name, &st, 0) || !S_ISREG(st.st_mode))
            continue;
        MIZO_TRY(array_grow(&l->name, &l->cap, l->n + 1, sizeof *l->name));
        l->name[l->n] = strdup(d->d_name);
        if (!l->name[l->n])
            return MIZO_ENOMEM;
        l->n++;
    }
    return MIZO_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static mizo_err real_list_dir(env *e, const char *path, mizo_err (*fn)(void *arg, const char *name),
                              void *arg)
{
    (void)e;
    DIR *dir = opendir(path);
    if (!dir)
        return env_errno(errno);
    names l = { 0 };
    mizo_err err = collect(dir, &l);
    closedir(dir);
    if (l.n)
        qsort(l.name, l.n, sizeof *l.name, by_name);
    for (size_t i = 0; i < l.n && !err; i++)
        err = fn(arg, l.name[i]);
    free_names(&l);
    return err;
}

/* ---- log ---- */

static void real_log(env *e, env_level level, const char *area, const char *line)
{
    static const char *const names_of[] = { "debug", "info", "warn", "error" };
    if (level < real_of(e)->level)
        return;
    char when[MIZO_INSTANT_TEXT];
    mizo_ms_text(real_wall(e), 0, when);
    fprintf(stderr, "time=%s level=%s area=%s %s\n", when, names_of[level], area, line);
}

static const env_ops real_ops = {
    .name = "real",
    .wall_ms = real_wall,
    .mono_ns = real_mono,
    .sleep_ms = real_sleep,
    .random = real_random,
    .loop = real_loop,
    .run = real_run,
    .stop = real_stop,
    .timer = real_timer,
    .timer_stop = real_timer_stop,
    .post = real_post,
    .job = real_job,
    .thread = real_thread,
    .join = real_join,
    .read_file = real_read_file,
    .write_file = real_write_file,
    .make_dir = real_make_dir,
    .file_stamp = real_file_stamp,
    .list_dir = real_list_dir,
    .log = real_log,
};

env *env_uv_new(env_level level)
{
    real *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->base.ops = &real_ops;
    r->level = level;
    r->last = &r->first;
    if (uv_loop_init(&r->loop)) {
        free(r);
        return NULL;
    }
    if (uv_mutex_init(&r->lock)) {
        uv_loop_close(&r->loop);
        free(r);
        return NULL;
    }
    if (uv_async_init(&r->loop, &r->wake, on_wake)) {
        uv_mutex_destroy(&r->lock);
        uv_loop_close(&r->loop);
        free(r);
        return NULL;
    }
    r->wake.data = r;
    return &r->base;
}

/* What is still open at the end; timers that nobody stopped are freed here. */
static void close_handle(uv_handle_t *h, void *arg)
{
    (void)arg;
    if (!uv_is_closing(h))
        uv_close(h, h->type == UV_TIMER ? free_timer : NULL);
}

void env_uv_free(env *e)
{
    if (!e)
        return;
    real *r = real_of(e);
    uv_walk(&r->loop, close_handle, NULL);
    uv_run(&r->loop, UV_RUN_DEFAULT);
    for (post *p = r->first; p;) {
        post *next = p->next;
        free(p);
        p = next;
    }
    uv_loop_close(&r->loop);
    uv_mutex_destroy(&r->lock);
    free(r);
}

/* ---- signals ---- */

static void on_uv_signal(uv_signal_t *h, int signum)
{
    (void)signum;
    real *r = h->data;
    r->on_signal(r->on_signal_arg);
}

mizo_err env_uv_on_signal(env *e, void (*fn)(void *), void *arg)
{
    real *r = real_of(e);
    static const int which[2] = { SIGINT, SIGTERM };
    r->on_signal = fn;
    r->on_signal_arg = arg;
    for (int i = 0; i < 2 && !r->has_sig; i++) {
        if (uv_signal_init(&r->loop, &r->sig[i]))
            return MIZO_EIO;
        r->sig[i].data = r;
        if (uv_signal_start(&r->sig[i], on_uv_signal, which[i]))
            return MIZO_EIO;
        uv_unref((uv_handle_t *)&r->sig[i]);
    }
    r->has_sig = true;
    return MIZO_OK;
}

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signum)
{
    (void)signum;
    interrupted = 1;
}

void env_interruptible(void)
{
    /* The second Ctrl-C ends the process at once. */
    struct sigaction act = { .sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND };
    sigemptyset(&act.sa_mask);
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
}

bool env_interrupted(void)
{
    return interrupted != 0;
}
