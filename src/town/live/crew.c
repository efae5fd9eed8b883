/* crew.c: a piece of work is a number that goes up; hands that sleep are woken by a message. */
#include "town/live/crew.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/mailbox.h"

enum { MOST = 64, LOOKS = 4000 /* some tens of microseconds */ };

typedef struct crew_hand {
    crew *crew;
    int k;
    env_thread *thread;
    mailbox *bell;
    atomic_bool sleeps;
} crew_hand;

struct crew {
    mizo_crew is;
    env *env;
    int hands; /* started: all but the caller */
    void (*work)(void *ctx, int k);
    void *ctx;
    atomic_uint piece; /* goes up by one for each; odd and even alike */
    atomic_int busy;
    atomic_bool ends;
    mailbox *bell; /* the caller's */
    atomic_bool sleeps;
    crew_hand hand[MOST];
};

static void breathe(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* Sleeps until it is ready. `ready` becomes true before anybody rings; but a ring may come late, when the next piece is
 * already waited for: then it is not ready, and it sleeps on. */
static void doze(mailbox *bell, atomic_bool *sleeps, bool (*ready)(const void *), const void *arg)
{
    for (int i = 0; i < LOOKS; i++) {
        if (ready(arg))
            return;
        breathe();
    }
    do {
        atomic_store(sleeps, true);
        if (ready(arg) && atomic_exchange(sleeps, false))
            return; /* nobody has rung */
        void *message;
        bool closed;
        mailbox_take(bell, &message, 1, -1, &closed);
    } while (!ready(arg));
}

/* Whoever has set what is waited for rings if the other sleeps. */
static void ring(mailbox *bell, atomic_bool *sleeps)
{
    if (atomic_exchange(sleeps, false)) {
        mizo_err never = mailbox_put(bell, sleeps); /* there is room: one message at most is ever there */
        (void)never;
    }
}

typedef struct crew_wait {
    const crew *crew;
    unsigned seen;
} crew_wait;

static bool comes(const void *arg)
{
    const crew_wait *w = arg;
    return atomic_load(&w->crew->piece) != w->seen;
}

static bool all_done(const void *arg)
{
    const crew *c = arg;
    return atomic_load(&c->busy) == 0;
}

static void serve(void *arg)
{
    crew_hand *h = arg;
    crew *c = h->crew;
    for (crew_wait w = { c, 0 };; w.seen++) {
        doze(h->bell, &h->sleeps, comes, &w);
        if (atomic_load(&c->ends))
            return;
        c->work(c->ctx, h->k);
        if (atomic_fetch_sub(&c->busy, 1) == 1)
            ring(c->bell, &c->sleeps);
    }
}

static void call_all(crew *c)
{
    atomic_store(&c->busy, c->hands);
    atomic_fetch_add(&c->piece, 1);
    for (int i = 0; i < c->hands; i++)
        ring(c->hand[i].bell, &c->hand[i].sleeps);
}

static void run(void *arg, void (*work)(void *ctx, int k), void *ctx)
{
    crew *c = arg;
    c->work = work;
    c->ctx = ctx;
    call_all(c);
    work(ctx, 0);
    doze(c->bell, &c->sleeps, all_done, c);
}

mizo_err crew_new(env *e, int threads, crew **out)
{
    *out = NULL;
    if (threads < 1 || threads > MOST)
        return MIZO_ERANGE;
    crew *c = calloc(1, sizeof *c);
    if (!c)
        return MIZO_ENOMEM;
    c->is = (mizo_crew){ c, threads, run };
    c->env = e;
    c->bell = mailbox_new(2);
    mizo_err err = c->bell ? MIZO_OK : MIZO_ENOMEM;
    for (int i = 0; !err && i < threads - 1; i++) {
        crew_hand *h = &c->hand[i];
        h->crew = c;
        h->k = i + 1;
        h->bell = mailbox_new(2);
        err = h->bell ? e->ops->thread(e, "crew", serve, h, &h->thread) : MIZO_ENOMEM;
        if (err)
            mailbox_free(h->bell);
        else
            c->hands++;
    }
    if (err) {
        crew_free(c);
        return err;
    }
    *out = c;
    return MIZO_OK;
}

void crew_free(crew *c)
{
    if (!c)
        return;
    atomic_store(&c->ends, true);
    call_all(c);
    for (int i = 0; i < c->hands; i++) {
        c->env->ops->join(c->env, c->hand[i].thread);
        mailbox_free(c->hand[i].bell);
    }
    mailbox_free(c->bell);
    free(c);
}

const mizo_crew *crew_for(const crew *c)
{
    return &c->is;
}
