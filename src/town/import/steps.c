/* steps.c: days of other steps, gathered and joined with what the store holds. */
#include "town/import/steps.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

typedef struct step_day {
    int32_t series;
    mizo_day day;
    int n;
    int32_t *v;
    uint8_t *q;
} step_day;

struct steps {
    arena *memory;
    step_day *day;
    size_t n, cap;
    int32_t *table; /* open addressing over days; -1 free */
    size_t mask;
    size_t last; /* the day touched last */
};

steps *steps_new(void)
{
    steps *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->memory = arena_new(STEPS_LIMIT);
    if (t->memory)
        return t;
    free(t);
    return NULL;
}

void steps_free(steps *t)
{
    if (!t)
        return;
    arena_free(t->memory);
    free(t->day);
    free(t->table);
    free(t);
}

static size_t place_of(const steps *t, int32_t series, mizo_day day)
{
    return (size_t)mizo_mix64((uint64_t)(uint32_t)series << 32 | (uint32_t)day) & t->mask;
}

static mizo_err rehash(steps *t)
{
    MIZO_TRY(index_grow(&t->table, &t->mask, 256));
    for (size_t i = 0; i < t->n; i++) {
        size_t at = place_of(t, t->day[i].series, t->day[i].day);
        while (t->table[at] >= 0)
            at = (at + 1) & t->mask;
        t->table[at] = (int32_t)i;
    }
    return MIZO_OK;
}

static mizo_err add_day(steps *t, int32_t series, mizo_day day, int n, size_t place)
{
    MIZO_TRY(array_grow(&t->day, &t->cap, t->n + 1, sizeof *t->day));
    step_day d = { .series = series, .day = day, .n = n };
    d.v = arena_take(t->memory, (size_t)n * sizeof *d.v);
    d.q = arena_take(t->memory, (size_t)n);
    if (!d.v || !d.q)
        return MIZO_EFULL;
    for (int i = 0; i < n; i++)
        d.v[i] = MIZO_MISSING;
    memset(d.q, MIZO_QUALITY_ABSENT, (size_t)n);
    t->day[t->n] = d;
    t->table[place] = (int32_t)t->n;
    t->last = t->n++;
    return MIZO_OK;
}

static mizo_err find_day(steps *t, int32_t series, mizo_day day, int n, step_day **out)
{
    if (!t->n || t->day[t->last].series != series || t->day[t->last].day != day) {
        if (t->n * 2 >= t->mask)
            MIZO_TRY(rehash(t));
        size_t at = place_of(t, series, day);
        while (t->table[at] >= 0 &&
               (t->day[t->table[at]].series != series || t->day[t->table[at]].day != day))
            at = (at + 1) & t->mask;
        if (t->table[at] < 0)
            MIZO_TRY(add_day(t, series, day, n, at));
        else
            t->last = (size_t)t->table[at];
    }
    *out = &t->day[t->last];
    return MIZO_OK;
}

mizo_err steps_add(steps *t, int32_t series, mizo_day day, int step_min, int index, int32_t value,
                   uint8_t quality, stage_result *result)
{
    step_day *d;
    MIZO_TRY(find_day(t, series, day, 1440 / step_min, &d));
    if (d->v[index] == MIZO_MISSING) {
        d->v[index] = value;
        d->q[index] = quality;
        *result = STAGE_NEW;
    } else {
        *result = d->v[index] == value && d->q[index] == quality ? STAGE_SAME : STAGE_CLASH;
    }
    return MIZO_OK;
}

typedef struct old_day {
    mizo_block b;
    int32_t v[MIZO_BLOCK_MAX];
    uint8_t q[MIZO_BLOCK_MAX];
} old_day;

static mizo_err unpack(void *arg, const store_day *d)
{
    old_day *o = arg;
    return mizo_block_unpack(d->packed, d->len, &o->b) ? MIZO_ESTORE : MIZO_OK;
}

/* Fills what the file does not say from what is known, and counts. */
static void join(step_day *d, const old_day *o, stage_count *count)
{
    for (int i = 0; i < d->n; i++) {
        if (d->v[i] == MIZO_MISSING) {
            d->v[i] = o->v[i];
            d->q[i] = o->q[i];
        } else if (o->v[i] == MIZO_MISSING) {
            count->added++;
        } else if (o->v[i] == d->v[i] && o->q[i] == d->q[i]) {
            count->same++;
        } else {
            count->changed++;
        }
    }
}

static mizo_err put_day(step_day *d, store *s, int32_t series, old_day *o, stage_count *count)
{
    o->b = (mizo_block){ .n = d->n, .v = o->v, .q = o->q };
    mizo_err e = s->ops->day_get(s, series, d->day, STORE_LATEST, unpack, o);
    if (e == MIZO_ENOENT) {
        for (int i = 0; i < d->n; i++)
            o->v[i] = MIZO_MISSING;
        memset(o->q, MIZO_QUALITY_ABSENT, (size_t)d->n);
    } else if (e) {
        return e;
    }
    join(d, o, count);
    bool changed;
    MIZO_TRY(store_write_day(s, series, d->day, d->v, d->q, d->n, &changed));
    count->days += changed;
    return MIZO_OK;
}

static int by_day(const void *a, const void *b)
{
    const step_day *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return x->series < y->series ? -1 : x->series > y->series;
}

mizo_err steps_flush(steps *t, store *s, const int32_t *map, stage_count *count)
{
    if (t->n == 0)
        return MIZO_OK;
    old_day *o = malloc(sizeof *o);
    if (!o)
        return MIZO_ENOMEM;
    qsort(t->day, t->n, sizeof *t->day, by_day);
    mizo_err e = MIZO_OK;
    for (size_t i = 0; i < t->n && !e; i++)
        e = put_day(&t->day[i], s, map[t->day[i].series], o, count);
    free(o);
    t->n = 0;
    t->last = 0;
    arena_reset(t->memory);
    if (t->table)
        memset(t->table, -1, (t->mask + 1) * sizeof *t->table);
    return e;
}
