/* stage_write.c: what is staged goes into the store in key order, joined with what stands there. */
#include <stdlib.h>
#include <string.h>

#include "base/plant.h"
#include "mizo/number.h"
#include "town/import/stage_inner.h"

typedef struct flush {
    stage *t;
    store *s;
    stage_clash_fn clash;
    void *arg;
    stage_count *count;
    page **row; /* the pages of the day in hand */
    size_t npage;
    size_t at_page, at_cell; /* the next cell to be written */
} flush;

static int by_day_and_group(const void *a, const void *b)
{
    const page *x = *(page *const *)a, *y = *(page *const *)b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

/* Joins a staged cell with what the store holds: staged values win. */
static void join(flush *f, const page *p, int i, cell *c, const int32_t v[48], const uint8_t q[48])
{
    uint64_t spilled = p->spilled ? p->spilled[i] : 0;
    for (int k = 0; k < 48; k++) {
        bool had = v[k] != MIZO_MISSING;
        if (c->v[k] == MIZO_MISSING) {
            c->v[k] = v[k];
            c->q[k] = had ? q[k] : 0;
        } else if (!had) {
            f->count->added++;
        } else if (v[k] == c->v[k] && q[k] == c->q[k]) {
            f->count->same++;
        } else {
            f->count->changed++;
            if (!(spilled >> k & 1))
                continue;
            f->count->clashes++;
            if (f->clash)
                f->clash(f->arg, (p->group << PAGE_BITS) + i, mizo_day_slot(p->day, f->t->offset) + k);
        }
    }
}

static uint64_t staged_slots(const cell *c)
{
    uint64_t set = 0;
    for (int k = 0; k < 48; k++)
        set |= (uint64_t)(c->v[k] != MIZO_MISSING) << k;
    return set;
}

static mizo_err remember(stage *t, page *p, int i, uint64_t set)
{
    if (!p->spilled) {
        p->spilled = calloc(PAGE_CELLS, sizeof *p->spilled);
        if (!p->spilled)
            return MIZO_ENOMEM;
        t->bytes += PAGE_CELLS * sizeof *p->spilled;
    }
    p->spilled[i] |= set;
    return MIZO_OK;
}

/* Packs and puts one cell. Missing values get their quality here and not when they are staged. */
static mizo_err put_cell(flush *f, page *p, int i, cell *c)
{
    uint8_t packed[24 + 48 * 6];
    bool any = false, whole = true, changed = false;
    for (int k = 0; k < 48; k++)
        whole = whole && c->v[k] != MIZO_MISSING;
    for (int k = 0; !whole && k < 48; k++)
        if (c->v[k] == MIZO_MISSING)
            c->q[k] = MIZO_QUALITY_ABSENT;
        else
            any = true;
    if (!whole && !any)
        return MIZO_OK;
    mizo_block b = { .n = 48, .v = c->v, .q = c->q };
    size_t len = mizo_block_pack(&b, packed, sizeof packed);
    if (!len)
        return MIZO_ERANGE;
    int32_t series = number_of(f->t, (p->group << PAGE_BITS) + i);
    if (series < 0)
        return MIZO_ERANGE;
    MIZO_TRY(f->s->ops->day_put(f->s, series, p->day, packed, len, &changed));
    f->count->days += changed;
    return MIZO_OK;
}

/* Writes one cell; old NULL: the store has nothing of that day. */
static mizo_err write_cell(flush *f, page *p, int i, const store_day *old)
{
    cell *c = cell_at(f->t, p->cell[i]);
    uint64_t set = staged_slots(c);
    if (old && !planted("stage-overwrites")) {
        int32_t v[48];
        uint8_t q[48];
        mizo_block b = { .n = 48, .v = v, .q = q };
        if (mizo_block_unpack(old->packed, old->len, &b))
            return MIZO_ESTORE;
        join(f, p, i, c, v, q);
    } else {
        f->count->added += __builtin_popcountll(set);
    }
    p->cell[i] = 0;
    MIZO_TRY(put_cell(f, p, i, c));
    return remember(f->t, p, i, set);
}

/* ---- one day: what is staged beside what is stored, both by series ---- */

static bool next_cell(flush *f, int32_t *series)
{
    for (; f->at_page < f->npage; f->at_page++, f->at_cell = 0)
        for (; f->at_cell < PAGE_CELLS; f->at_cell++)
            if (f->row[f->at_page]->cell[f->at_cell]) {
                *series = (f->row[f->at_page]->group << PAGE_BITS) + (int32_t)f->at_cell;
                return true;
            }
    return false;
}

static mizo_err write_next(flush *f, const store_day *old)
{
    page *p = f->row[f->at_page];
    int i = (int)f->at_cell++;
    return write_cell(f, p, i, old);
}

/* What the store holds of the day, gathered before anything of it is written. */
typedef struct held {
    int32_t *series;
    uint32_t *from; /* in bytes; one more than n */
    uint8_t *bytes;
    size_t n, cap, used, size;
    int32_t most; /* the highest series that is staged */
} held;

static void held_free(held *h)
{
    free(h->series);
    free(h->from);
    free(h->bytes);
}

static mizo_err hold_room(held *h, size_t len)
{
    if (h->n + 1 >= h->cap) {
        size_t cap = h->cap ? h->cap * 2 : 256;
        int32_t *series = realloc(h->series, cap * sizeof *series);
        if (!series)
            return MIZO_ENOMEM;
        h->series = series;
        uint32_t *from = realloc(h->from, cap * sizeof *from);
        if (!from)
            return MIZO_ENOMEM;
        h->from = from;
        h->cap = cap;
    }
    if (h->used + len > h->size) {
        size_t size = (h->used + len) * 2;
        uint8_t *bytes = realloc(h->bytes, size);
        if (!bytes)
            return MIZO_ENOMEM;
        h->bytes = bytes;
        h->size = size;
    }
    return MIZO_OK;
}

static mizo_err hold(void *arg, const store_day *d)
{
    held *h = arg;
    if (d->series > h->most)
        return MIZO_ECANCELED; /* the scan has seen enough */
    MIZO_TRY(hold_room(h, d->len));
    h->series[h->n] = d->series;
    h->from[h->n++] = (uint32_t)h->used;
    memcpy(h->bytes + h->used, d->packed, d->len);
    h->used += d->len;
    h->from[h->n] = (uint32_t)h->used;
    return MIZO_OK;
}

/* The first at or after i that is not below the series; a caller's own numbers go to and fro. */
static size_t held_at(const held *h, size_t i, int32_t series)
{
    if (i > 0 && h->series[i - 1] >= series) {
        size_t end = i - 1;
        for (i = 0; i < end;) {
            size_t middle = i + (end - i) / 2;
            if (h->series[middle] < series)
                i = middle + 1;
            else
                end = middle;
        }
    }
    while (i < h->n && h->series[i] < series)
        i++;
    return i;
}

static mizo_err merge_day(flush *f, const held *h)
{
    int32_t series;
    for (size_t i = 0; next_cell(f, &series);) {
        series = number_of(f->t, series);
        i = held_at(h, i, series);
        bool had = i < h->n && h->series[i] == series;
        store_day old = { .series = series };
        if (had) {
            old.packed = h->bytes + h->from[i];
            old.len = h->from[i + 1] - h->from[i];
        }
        MIZO_TRY(write_next(f, had ? &old : NULL));
    }
    return MIZO_OK;
}

/* Few cells among many series: each is asked for by its key. */
static mizo_err look_up_day(flush *f, held *h)
{
    int32_t series;
    while (next_cell(f, &series)) {
        series = number_of(f->t, series);
        h->n = h->used = 0;
        mizo_err e = f->s->ops->day_get(f->s, series, f->row[0]->day, STORE_LATEST, hold, h);
        if (e && e != MIZO_ENOENT)
            return e;
        store_day old = { .series = series, .packed = h->bytes, .len = h->used };
        MIZO_TRY(write_next(f, e ? NULL : &old));
    }
    return MIZO_OK;
}

static size_t count_cells(const flush *f, int32_t *most)
{
    size_t n = 0;
    for (size_t p = 0; p < f->npage; p++)
        for (int i = 0; i < PAGE_CELLS; i++)
            if (f->row[p]->cell[i]) {
                int32_t series = number_of(f->t, (f->row[p]->group << PAGE_BITS) + i);
                *most = series > *most ? series : *most;
                n++;
            }
    return n;
}

static mizo_err flush_day(flush *f)
{
    held h = { .n = 0 };
    size_t cells = count_cells(f, &h.most);
    if (!cells)
        return MIZO_OK;
    mizo_day day = f->row[0]->day;
    f->at_page = f->at_cell = 0;
    mizo_err e;
    if (cells < 16 || cells < (size_t)h.most / 16) {
        e = look_up_day(f, &h);
    } else {
        e = f->s->ops->days_all(f->s, day, day + 1, hold, &h);
        if (!e || e == MIZO_ECANCELED)
            e = merge_day(f, &h);
    }
    held_free(&h);
    return e;
}

static mizo_err flush_pages(flush *f, page **pages, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && pages[to]->day == pages[from]->day; to++)
            ;
        f->row = pages + from;
        f->npage = to - from;
        MIZO_TRY(flush_day(f));
    }
    return MIZO_OK;
}

/* The cells are free again; the pages stay, for they know what was spilled. */
static void drop_cells(stage *t)
{
    while (t->nchunk > 0) {
        free(t->chunk[--t->nchunk]);
        t->bytes -= CHUNK_CELLS * sizeof(cell);
    }
    t->ncell = 0;
}

mizo_err stage_flush(stage *t, store *s, stage_clash_fn clash, void *arg, stage_count *count)
{
    page **pages = malloc((t->npage + 1) * sizeof *pages);
    if (!pages)
        return MIZO_ENOMEM;
    size_t n = 0;
    for (size_t i = 0; i < t->slots; i++)
        if (t->table[i])
            pages[n++] = t->table[i];
    qsort(pages, n, sizeof *pages, by_day_and_group);
    flush f = { .t = t, .s = s, .clash = clash, .arg = arg, .count = count };
    mizo_err e = flush_pages(&f, pages, n);
    free(pages);
    if (!e) {
        drop_cells(t);
        count->first = t->first;
        count->last = t->last;
    }
    return e;
}
