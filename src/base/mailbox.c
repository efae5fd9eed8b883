/* mailbox.c: a bounded queue between threads. */
#include "base/mailbox.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/env.h"

struct mailbox {
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    size_t most, head, n;
    bool closed;
    void *slot[];
};

mailbox *mailbox_new(size_t most)
{
    if (most == 0 || most > SIZE_MAX / sizeof(void *) / 2)
        return NULL;
    mailbox *m = calloc(1, sizeof *m + most * sizeof m->slot[0]);
    if (!m)
        return NULL;
    m->most = most;
    pthread_condattr_t attr;
    if (pthread_condattr_init(&attr)) {
        free(m);
        return NULL;
    }
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    int failed = pthread_cond_init(&m->arrived, &attr);
    pthread_condattr_destroy(&attr);
    if (failed || pthread_mutex_init(&m->lock, NULL)) {
        free(m);
        return NULL;
    }
    return m;
}

void mailbox_free(mailbox *m)
{
    if (!m)
        return;
    pthread_cond_destroy(&m->arrived);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

mizo_err mailbox_put(mailbox *m, void *message)
{
    mizo_err err = MIZO_OK;
    pthread_mutex_lock(&m->lock);
    if (m->closed) {
        err = MIZO_ECANCELED;
    } else if (m->n == m->most) {
        err = MIZO_EFULL;
    } else {
        m->slot[(m->head + m->n++) % m->most] = message;
        pthread_cond_signal(&m->arrived);
    }
    pthread_mutex_unlock(&m->lock);
    return err;
}

static struct timespec deadline(int ms)
{
    uint64_t ns = env_real_mono_ns() + (uint64_t)ms * 1000000;
    return (struct timespec){ .tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000) };
}

size_t mailbox_take(mailbox *m, void **out, size_t most, int ms, bool *closed)
{
    struct timespec until = deadline(ms < 0 ? 0 : ms);
    pthread_mutex_lock(&m->lock);
    while (m->n == 0 && !m->closed) {
        if (ms < 0)
            pthread_cond_wait(&m->arrived, &m->lock);
        else if (pthread_cond_timedwait(&m->arrived, &m->lock, &until) == ETIMEDOUT)
            break;
    }
    size_t k = 0;
    for (; k < most && m->n; k++, m->n--) {
        out[k] = m->slot[m->head];
        m->head = (m->head + 1) % m->most;
    }
    *closed = m->closed && m->n == 0 && k == 0;
    pthread_mutex_unlock(&m->lock);
    return k;
}

void mailbox_close(mailbox *m)
{
    pthread_mutex_lock(&m->lock);
    m->closed = true;
    pthread_cond_broadcast(&m->arrived);
    pthread_mutex_unlock(&m->lock);
}
