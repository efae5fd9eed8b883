/* stage.c: readings in any order, written in key order. */
#include "town/import/stage_inner.h"

#include <stdlib.h>
#include <string.h>

#include "base/plant.h"
#include "mizo/number.h"

stage *stage_new(size_t limit, int offset)
{
    stage *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->limit = limit ? limit : STAGE_LIMIT;
    t->offset = offset;
    t->slots = 64;
    t->table = calloc(t->slots, sizeof *t->table);
    if (!t->table) {
        free(t);
        return NULL;
    }
    return t;
}

void stage_free(stage *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->slots; i++) {
        if (t->table[i])
            free(t->table[i]->spilled);
        free(t->table[i]);
    }
    for (size_t i = 0; i < t->nchunk; i++)
        free(t->chunk[i]);
    free(t->chunk);
    free(t->table);
    free(t);
}

void stage_map(stage *t, const int32_t *map, size_t n)
{
    t->map = map;
    t->nmap = map ? n : 0;
}

bool stage_full(const stage *t)
{
    return t->bytes >= t->limit && t->ncell > 0;
}

bool stage_empty(const stage *t)
{
    return t->ncell == 0;
}

/* ---- pages ---- */

static size_t home(const stage *t, mizo_day day, int32_t group)
{
    return (size_t)mizo_mix64((uint64_t)(uint32_t)day << 32 | (uint32_t)group) & (t->slots - 1);
}

static size_t place(const stage *t, mizo_day day, int32_t group)
{
    size_t i = home(t, day, group);
    while (t->table[i] && (t->table[i]->day != day || t->table[i]->group != group))
        i = (i + 1) & (t->slots - 1);
    return i;
}

static mizo_err widen(stage *t)
{
    size_t was = t->slots;
    page **old = t->table;
    t->table = calloc(was * 2, sizeof *t->table);
    if (!t->table) {
        t->table = old;
        return MIZO_ENOMEM;
    }
    t->slots = was * 2;
    for (size_t i = 0; i < was; i++)
        if (old[i])
            t->table[place(t, old[i]->day, old[i]->group)] = old[i];
    free(old);
    return MIZO_OK;
}

static page *page_of(stage *t, mizo_day day, int32_t group)
{
    size_t i = place(t, day, group);
    if (t->table[i])
        return t->table[i];
    if (t->npage * 2 >= t->slots) {
        if (widen(t))
            return NULL;
        i = place(t, day, group);
    }
    page *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->day = day;
    p->group = group;
    t->table[i] = p;
    t->npage++;
    t->bytes += sizeof *p + 2 * sizeof *t->table;
    return p;
}

/* ---- cells ---- */

static mizo_err chunk_more(stage *t)
{
    if (t->nchunk == t->capchunk) {
        size_t cap = t->capchunk ? t->capchunk * 2 : 16;
        cell **more = realloc(t->chunk, cap * sizeof *more);
        if (!more)
            return MIZO_ENOMEM;
        t->chunk = more;
        t->capchunk = cap;
    }
    cell *c = aligned_alloc(64, CHUNK_CELLS * sizeof *c);
    if (!c)
        return MIZO_ENOMEM;
    t->chunk[t->nchunk++] = c;
    t->bytes += CHUNK_CELLS * sizeof *c;
    return MIZO_OK;
}

static uint32_t cell_new(stage *t)
{
    if ((t->ncell >> CHUNK_BITS) == t->nchunk && chunk_more(t))
        return 0;
    cell *c = cell_at(t, ++t->ncell);
    for (int i = 0; i < 48; i++)
        c->v[i] = MIZO_MISSING;
    memset(c->q, 0, sizeof c->q);
    return t->ncell;
}

/* ---- adding ---- */

typedef struct spot {
    cell *c;
    uint64_t spilled;
    int slot;
} spot;

/* Where an item goes; makes the cell. */
static mizo_err find_spot(stage *t, const stage_item *item, page **hint, spot *out)
{
    if (item->series < 0 || item->value == MIZO_MISSING || item->quality >= MIZO_QUALITY_ABSENT ||
        item->slot < INT32_MIN / 2 || item->slot > INT32_MAX / 2)
        return MIZO_ERANGE;
    mizo_day day = mizo_slot_day(item->slot, t->offset);
    int32_t group = item->series >> PAGE_BITS;
    page *p = *hint;
    if (!p || p->day != day || p->group != group)
        *hint = p = page_of(t, day, group);
    if (!p)
        return MIZO_ENOMEM;
    uint32_t *number = &p->cell[item->series & (PAGE_CELLS - 1)];
    if (!*number)
        *number = cell_new(t);
    if (!*number)
        return MIZO_ENOMEM;
    *out = (spot){ .c = cell_at(t, *number),
                   .spilled = p->spilled ? p->spilled[item->series & (PAGE_CELLS - 1)] : 0,
                   .slot = mizo_slot_of_day(item->slot, t->offset) };
    return MIZO_OK;
}

static uint8_t lay(const spot *at, const stage_item *item)
{
    int32_t *v = &at->c->v[at->slot];
    if (*v == MIZO_MISSING) {
        *v = item->value;
        if (item->quality)
            at->c->q[at->slot] = item->quality;
        return at->spilled >> at->slot & 1 ? STAGE_LATER : STAGE_NEW;
    }
    return *v == item->value && at->c->q[at->slot] == item->quality ? STAGE_SAME : STAGE_CLASH;
}

static void note_span(stage *t, mizo_slot slot)
{
    t->first = !t->any || slot < t->first ? slot : t->first;
    t->last = !t->any || slot > t->last ? slot : t->last;
    t->any = true;
}

/* In rounds: first all cells are found and asked for from memory, then they are written, so that
 * a file in no order at all waits for many cells at a time instead of for each. */
mizo_err stage_add_many(stage *t, stage_item *items, size_t n)
{
    enum { ROUND = 64 };
    spot at[ROUND];
    page *hint = NULL;
    for (size_t from = 0; from < n; from += ROUND) {
        size_t m = n - from < ROUND ? n - from : ROUND, found = 0;
        mizo_err e = MIZO_OK;
        for (; found < m; found++) {
            e = find_spot(t, &items[from + found], &hint, &at[found]);
            if (e)
                break;
            __builtin_prefetch(&at[found].c->v[at[found].slot], 1);
        }
        for (size_t i = 0; i < found; i++) {
            items[from + i].result = lay(&at[i], &items[from + i]);
            note_span(t, items[from + i].slot);
        }
        if (e)
            return e;
    }
    return MIZO_OK;
}

mizo_err stage_add(stage *t, int32_t series, mizo_slot slot, int32_t value, uint8_t quality,
                   stage_result *result)
{
    stage_item item = { .slot = slot, .series = series, .value = value, .quality = quality };
    MIZO_TRY(stage_add_many(t, &item, 1));
    *result = (stage_result)item.result;
    return MIZO_OK;
}
