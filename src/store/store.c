/* store.c: the members, and conveniences over any of them. */
#include "store/store.h"
#include "mizo/messages/store.h"

#include <string.h>

const store_ops *const store_members[] = { &store_sqlite, &store_memory, NULL };

mizo_series_key store_key(const char *owner, mizo_quantity q, mizo_role role)
{
    mizo_series_key k = { .quantity = (uint8_t)q, .role = (uint8_t)role, .step_min = 30 };
    memcpy(k.owner, owner, strnlen(owner, sizeof k.owner - 1));
    return k;
}

static mizo_err unpack(void *arg, const store_day *d)
{
    return mizo_block_unpack(d->packed, d->len, arg) ? MIZO_ESTORE : MIZO_OK;
}

mizo_err store_read_day(store *s, int32_t series, mizo_day day, mizo_ms as_of, int32_t v[48], uint8_t q[48])
{
    mizo_block b = { .n = 48, .v = v, .q = q };
    mizo_err e = s->ops->day_get(s, series, day, as_of, unpack, &b);
    if (e != MIZO_ENOENT)
        return e;
    for (int i = 0; i < 48; i++) {
        v[i] = MIZO_MISSING;
        if (q)
            q[i] = MIZO_QUALITY_ABSENT;
    }
    return MIZO_OK;
}

mizo_err store_write_day(store *s, int32_t series, mizo_day day, const int32_t *v, const uint8_t *q, int n,
                         bool *changed)
{
    if (n < 1 || n > MIZO_BLOCK_MAX)
        return MIZO_ERANGE;
    int32_t values[MIZO_BLOCK_MAX];
    uint8_t quality[MIZO_BLOCK_MAX], packed[MIZO_PACK_MAX];
    for (int i = 0; i < n; i++) {
        bool missing = v[i] == MIZO_MISSING || (q && q[i] == MIZO_QUALITY_ABSENT);
        values[i] = missing ? MIZO_MISSING : v[i];
        quality[i] = missing ? MIZO_QUALITY_ABSENT : q ? q[i] : MIZO_QUALITY_MEASURED;
    }
    mizo_block b = { .n = n, .v = values, .q = quality };
    size_t len = mizo_block_pack(&b, packed, sizeof packed);
    bool differs = false;
    if (!len)
        return MIZO_ERANGE;
    mizo_err e = s->ops->day_put(s, series, day, packed, len, &differs);
    if (changed)
        *changed = differs;
    return e;
}

typedef struct known_of {
    int64_t id;
    mizo_ms known;
} known_of;

static mizo_err take_known(void *arg, const store_batch *b)
{
    known_of *k = arg;
    if (b->id == k->id)
        k->known = b->known;
    return MIZO_ECANCELED; /* the first one is all that was asked for */
}

mizo_err store_batch_known(store *s, int64_t batch, mizo_ms *known)
{
    known_of k = { batch, INT64_MIN };
    mizo_err e = s->ops->batch_scan(s, batch - 1, take_known, &k);
    *known = k.known;
    return e == MIZO_ECANCELED ? MIZO_OK : e;
}

void store_explain(mizo_diags *d, const char *path, mizo_err e)
{
    switch (e) {
    case MIZO_OK:
        break;
    case MIZO_ENOMEM:
        MIZO_DIAG(d, OUT_OF_MEMORY, MIZO_NOWHERE, path);
        break;
    case MIZO_EFULL:
        MIZO_DIAG(d, STORE_FULL, MIZO_NOWHERE, path);
        break;
    case MIZO_EBUSY:
        MIZO_DIAG(d, STORE_LOCKED, MIZO_NOWHERE, path);
        break;
    default:
        MIZO_DIAG(d, STORE_FAILED, MIZO_NOWHERE, path, mizo_err_text(e));
    }
}

/* ---- acts within an open batch ---- */

static store_joined *joined_of(store *s)
{
    return (store_joined *)(uintptr_t)s->ops;
}

static mizo_err begin_joined(store *s, store_batch *b)
{
    b->id = s->batch;
    b->known = s->known;
    return joined_of(s)->failed ? MIZO_ECANCELED : MIZO_OK;
}

static mizo_err commit_joined(store *s)
{
    return joined_of(s)->failed ? MIZO_ECANCELED : MIZO_OK;
}

static void roll_back_joined(store *s)
{
    joined_of(s)->failed = true;
}

void store_join(store *s, store_joined *j)
{
    *j = (store_joined){ .ops = *s->ops, .own = s->ops };
    j->ops.batch_begin = begin_joined;
    j->ops.batch_commit = commit_joined;
    j->ops.batch_rollback = roll_back_joined;
    s->ops = &j->ops;
}

mizo_err store_leave(store *s)
{
    store_joined *j = joined_of(s);
    s->ops = j->own;
    return j->failed ? MIZO_ECANCELED : MIZO_OK;
}
