/* writer.c: the thread that alone writes while the town is served. */
#include "town/writer.h"

#include <stdlib.h>
#include <string.h>

#include "base/mailbox.h"
#include "base/plant.h"

enum { QUIET_MS = 250, CHECKPOINT_COMMITS = 200 };

/* A job on its way, and then its answer on the way back. */
typedef struct item {
    writer_job job;
    writer *w;
    mizo_err result;
} item;

struct writer {
    env *env;
    store *s;
    mailbox *box;
    env_thread *thread;
    bool loop;
    int failed;  /* atomic: a sync has failed, nothing is written any more */
    int unsaved; /* commits since the last checkpoint */
    item *group[WRITER_GROUP];
};

bool writer_failed(const writer *w)
{
    return __atomic_load_n(&w->failed, __ATOMIC_ACQUIRE) != 0;
}

/* ---- answers ---- */

static void answer(void *arg)
{
    item *it = arg;
    if (it->job.done)
        it->job.done(it->job.arg, it->result);
    free(it);
}

static void send_answer(item *it, mizo_err e)
{
    it->result = e;
    writer *w = it->w;
    if (!w->loop || w->env->ops->post(w->env, answer, it))
        answer(it); /* no loop, or it has ended: nobody else touches arg then */
}

static void fail_for_good(writer *w, mizo_err e)
{
    if (!writer_failed(w))
        env_logf(w->env, ENV_ERROR, "writer", "event=stopped reason=\"%s\"", mizo_err_text(e));
    __atomic_store_n(&w->failed, 1, __ATOMIC_RELEASE);
}

/* ---- a group in one batch ---- */

static mizo_err open_batch(writer *w, const item *first, mizo_ms known)
{
    store_batch b = { .known = known, .actor = first->job.actor, .source = first->job.source, .note = "" };
    return w->s->ops->batch_begin(w->s, &b);
}

typedef enum step { AT_BEGIN, AT_JOB, AT_COMMIT } step;

/* Runs jobs [0..n) in one batch; on an error everything of it is undone, and *at says where it was. */
static mizo_err run_group(writer *w, item **group, size_t n, step *at)
{
    mizo_ms known = group[0]->job.known;
    *at = AT_BEGIN;
    for (size_t i = 1; i < n; i++)
        known = group[i]->job.known > known ? group[i]->job.known : known;
    MIZO_TRY(open_batch(w, group[0], known));
    *at = AT_JOB;
    for (size_t i = 0; i < n; i++) {
        mizo_err e = group[i]->job.run(w->s, group[i]->job.arg);
        if (!e)
            continue;
        if (planted("retry-doubles") && n > 1)
            (void)w->s->ops->batch_commit(w->s);
        w->s->ops->batch_rollback(w->s);
        return e;
    }
    *at = AT_COMMIT;
    return w->s->ops->batch_commit(w->s);
}

static void write_group(writer *w, item **group, size_t n)
{
    step at = AT_BEGIN;
    bool early = planted("acknowledge-early");
    for (size_t i = 0; early && i < n; i++)
        if (group[i]->job.done)
            group[i]->job.done(group[i]->job.arg, MIZO_OK);
    mizo_err e = writer_failed(w) ? MIZO_ESTORE : run_group(w, group, n, &at);
    if (e == MIZO_ESTORE && at != AT_JOB)
        fail_for_good(w, e);
    if (e && n > 1 && at == AT_JOB) {
        for (size_t i = 0; i < n; i++) /* one of them is at fault: each by itself */
            write_group(w, &group[i], 1);
        return;
    }
    w->unsaved += e == MIZO_OK;
    for (size_t i = 0; i < n; i++) {
        if (early)
            group[i]->job.done = NULL;
        send_answer(group[i], e);
    }
}

static bool together(const item *a, const item *b)
{
    return !a->job.alone && !b->job.alone && strcmp(a->job.actor, b->job.actor) == 0 &&
           strcmp(a->job.source, b->job.source) == 0;
}

static void write_all(writer *w, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && together(w->group[from], w->group[to]); to++)
            ;
        write_group(w, w->group + from, to - from);
    }
}

/* ---- the thread ---- */

static void tidy(writer *w)
{
    if (!w->unsaved || writer_failed(w))
        return;
    mizo_err e = w->s->ops->checkpoint(w->s);
    if (e == MIZO_ESTORE)
        fail_for_good(w, e);
    if (e == MIZO_OK)
        w->unsaved = 0;
}

static void work(void *arg)
{
    writer *w = arg;
    bool closed = false;
    while (!closed) {
        void **out = (void **)w->group;
        size_t n = mailbox_take(w->box, out, WRITER_GROUP, w->unsaved ? QUIET_MS : -1, &closed);
        if (!n) {
            tidy(w);
            continue;
        }
        closed = false; /* what was put before the end is still written */
        bool end;
        if (n < WRITER_GROUP)
            n += mailbox_take(w->box, out + n, WRITER_GROUP - n, WRITER_GROUP_MS, &end);
        write_all(w, n);
        if (w->unsaved >= CHECKPOINT_COMMITS)
            tidy(w);
    }
}

/* ---- from outside ---- */

static void release(writer *w)
{
    if (w->s)
        w->s->ops->close(w->s);
    if (w->box)
        mailbox_free(w->box);
    free(w);
}

mizo_err writer_start(env *e, const store_ops *member, const char *path, bool loop, mizo_diags *d,
                      writer **out)
{
    *out = NULL;
    writer *w = calloc(1, sizeof *w);
    if (!w)
        return MIZO_ENOMEM;
    w->env = e;
    w->loop = loop;
    w->box = mailbox_new(WRITER_QUEUE);
    mizo_err err =
        w->box ? (member ? member : &store_sqlite)->open(path, STORE_WRITE, d, &w->s) : MIZO_ENOMEM;
    if (!err)
        err = e->ops->thread(e, "writer", work, w, &w->thread);
    if (err)
        release(w);
    else
        *out = w;
    return err;
}

mizo_err writer_put(writer *w, const writer_job *job)
{
    if (writer_failed(w))
        return MIZO_ESTORE;
    item *it = malloc(sizeof *it);
    if (!it)
        return MIZO_ENOMEM;
    *it = (item){ .job = *job, .w = w };
    mizo_err e = mailbox_put(w->box, it);
    if (e)
        free(it);
    return e;
}

void writer_stop(writer *w)
{
    if (!w)
        return;
    mailbox_close(w->box);
    w->env->ops->join(w->env, w->thread);
    release(w);
}
