/* writer.h: the thread that alone writes while the town is served.
 *
 * An actor: it owns the write connection and takes jobs from a bounded mailbox.
 * Jobs that wait are run together in one batch (group commit: up to 1,000 jobs, or
 * what came within 5 ms) and each is acknowledged after the commit is durable, on
 * the loop thread. It checkpoints in quiet moments. A failed sync is final: that job
 * and all later ones are answered MIZO_ESTORE, and it is said.
 */
#ifndef TOWN_WRITER_H
#define TOWN_WRITER_H

#include "base/env.h"
#include "store/store.h"

enum { WRITER_GROUP = 1000, WRITER_GROUP_MS = 5, WRITER_QUEUE = 4096 };

typedef struct writer writer;

typedef struct writer_job {
    /* Runs on the writer thread inside an open batch. May be run twice (a job beside it failed and
     * the group was rolled back), so its effect must lie in the store alone. An error undoes this job only. */
    mizo_err (*run)(store *s, void *arg);
    /* Called once on the loop thread: MIZO_OK means durable. NULL: nobody waits. */
    void (*done)(void *arg, mizo_err e);
    void *arg;         /* the caller's until done */
    mizo_ms known;     /* when it became known, by the injected clock */
    const char *actor; /* static texts; jobs of one actor and source share a batch */
    const char *source;
    bool alone; /* in a batch of its own: what it posts says that batch's `known` itself */
} writer_job;

/* Opens path for writing on a thread of its own. member NULL: store_sqlite. diags are filled on
 * failure to open. Without a loop that runs (tests), done is called on the writer thread: loop false. */
MIZO_MUST_USE mizo_err writer_start(env *e, const store_ops *member, const char *path, bool loop,
                                    mizo_diags *d, writer **out);
/* MIZO_EFULL: too much waits, try later (the job stays the caller's); MIZO_ESTORE: it has failed for
 * good; MIZO_ECANCELED: stopping. */
MIZO_MUST_USE mizo_err writer_put(writer *w, const writer_job *job);
/* Ends after everything that was put is committed and answered; NULL is fine. */
void writer_stop(writer *w);
/* True after a sync has failed. */
bool writer_failed(const writer *w);

#endif
