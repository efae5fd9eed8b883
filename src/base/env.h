/* env.h: the one seam to the world.
 *
 * A constant table of functions: clocks, random bytes, timers, jobs, threads,
 * files, log. env_uv.c is the real one and alone includes uv.h or reads a clock;
 * env_sim.c is a world with a seeded clock and seeded faults, for tests. Rooms
 * that compute never see it. (Sockets: libwebsockets owns its own on the loop
 * that `loop` names; datagram endpoints come with the first field driver.)
 */
#ifndef BASE_ENV_H
#define BASE_ENV_H

#include "base/buf.h"
#include "mizo/slot.h"

typedef struct env env;
typedef struct env_timer env_timer;
typedef struct env_thread env_thread;
typedef struct env_mutex env_mutex;

typedef enum env_level { ENV_DEBUG, ENV_INFO, ENV_WARN, ENV_ERROR } env_level;

typedef struct env_ops {
    const char *name;
    /* time */
    mizo_ms (*wall_ms)(env *e);  /* may jump */
    uint64_t (*mono_ns)(env *e); /* never goes back: timers, expiry */
    void (*sleep_ms)(env *e, int ms);
    /* chance */
    void (*random)(env *e, void *p, size_t n);
    /* the loop thread: run() returns after stop(); both may be called once */
    void *(*loop)(env *e); /* uv_loop_t of the real one, NULL in the simulated */
    mizo_err (*run)(env *e);
    void (*stop)(env *e); /* from any thread or a signal */
    /* calls fn on the loop thread after `first` ms, then every `again` ms (0: once) */
    mizo_err (*timer)(env *e, int first, int again, void (*fn)(void *), void *arg, env_timer **out);
    void (*timer_stop)(env *e, env_timer *t); /* frees it; NULL is fine */
    /* runs fn on the loop thread as soon as it can; from any thread */
    mizo_err (*post)(env *e, void (*fn)(void *), void *arg);
    /* runs work on a pool thread, then done on the loop thread */
    mizo_err (*job)(env *e, void (*work)(void *), void (*done)(void *), void *arg);
    /* threads are actors with a mailbox (base/mailbox.h) */
    mizo_err (*thread)(env *e, const char *name, void (*fn)(void *), void *arg, env_thread **out);
    void (*join)(env *e, env_thread *t);
    /* files */
    mizo_err (*read_file)(env *e, const char *path, buf *out); /* ENOENT, EIO, EFULL */
    mizo_err (*write_file)(env *e, const char *path, const void *p,
                           size_t n);               /* write, sync, rename, sync dir */
    mizo_err (*make_dir)(env *e, const char *path); /* parents too; existing is fine */
    mizo_err (*file_stamp)(env *e, const char *path, int64_t *mtime_ns, int64_t *size); /* ENOENT */
    /* each regular file name of a directory, sorted; fn returns an error to stop */
    mizo_err (*list_dir)(env *e, const char *path, mizo_err (*fn)(void *arg, const char *name), void *arg);
    /* log: one line of key=value, newline-safe */
    void (*log)(env *e, env_level level, const char *area, const char *line);
} env_ops;

struct env {
    const env_ops *ops;
};

/* The real world: libuv. Log goes to standard error at `level` and above. NULL: out of memory. */
env *env_uv_new(env_level level);
void env_uv_free(env *e);

/* The machine's monotonic clock, for what waits on it outside any world (mailbox.c). */
uint64_t env_real_mono_ns(void);

/* Calls fn(arg) on the loop thread when SIGINT or SIGTERM arrives (real world only). */
MIZO_MUST_USE mizo_err env_uv_on_signal(env *e, void (*fn)(void *), void *arg);
/* Set by SIGINT when env_interruptible() was called: long work looks at it. */
void env_interruptible(void);
bool env_interrupted(void);

void env_logf(env *e, env_level level, const char *area, const char *fmt, ...) MIZO_PRINTF(4, 5);

#endif
