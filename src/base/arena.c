/* arena.c: chunks in a list; each take moves a mark forward. */
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_ALIGN = 16, ARENA_CHUNK = 16 * 1024 };

typedef struct chunk {
    struct chunk *next;
    size_t cap, used;
    _Alignas(16) unsigned char bytes[];
} chunk;

struct arena {
    chunk *head;
    size_t most, used;
};

arena *arena_new(size_t most)
{
    arena *a = calloc(1, sizeof *a);
    if (a)
        a->most = most;
    return a;
}

void arena_reset(arena *a)
{
    while (a->head) {
        chunk *next = a->head->next;
        free(a->head);
        a->head = next;
    }
    a->used = 0;
}

void arena_free(arena *a)
{
    if (!a)
        return;
    arena_reset(a);
    free(a);
}

/* A new chunk in front; one that is larger than usual goes behind the head, so
 * that the rest of the head is not lost. */
static chunk *add_chunk(arena *a, size_t n)
{
    size_t cap = n > ARENA_CHUNK ? n : ARENA_CHUNK;
    chunk *c = malloc(sizeof *c + cap);
    if (!c)
        return NULL;
    c->cap = cap;
    c->used = 0;
    if (a->head && n > ARENA_CHUNK) {
        c->next = a->head->next;
        a->head->next = c;
    } else {
        c->next = a->head;
        a->head = c;
    }
    return c;
}

void *arena_take(arena *a, size_t n)
{
    if (n > SIZE_MAX / 4)
        return NULL;
    size_t need = (n ? n + ARENA_ALIGN - 1 : ARENA_ALIGN) & ~(size_t)(ARENA_ALIGN - 1);
    if (a->most && need > a->most - a->used)
        return NULL;
    chunk *c = a->head;
    if (!c || need > c->cap - c->used)
        c = add_chunk(a, need);
    if (!c)
        return NULL;
    void *p = c->bytes + c->used;
    c->used += need;
    a->used += need;
    return memset(p, 0, need);
}

char *arena_copy(arena *a, const char *s, size_t n)
{
    if (n == SIZE_MAX)
        return NULL;
    char *p = arena_take(a, n + 1);
    if (p && n)
        memcpy(p, s, n);
    return p;
}

size_t arena_used(const arena *a)
{
    return a->used;
}

mizo_err array_grow(void *array, size_t *cap, size_t want, size_t size)
{
    if (want <= *cap)
        return MIZO_OK;
    size_t next = *cap ? *cap : 8;
    while (next < want) {
        if (next > SIZE_MAX / 2)
            return MIZO_ENOMEM;
        next *= 2;
    }
    if (size && next > SIZE_MAX / size)
        return MIZO_ENOMEM;
    void *old;
    memcpy(&old, array, sizeof old);
    void *p = realloc(old, next * size);
    if (!p)
        return MIZO_ENOMEM;
    memcpy(array, &p, sizeof p);
    *cap = next;
    return MIZO_OK;
}

mizo_err index_grow(int32_t **table, size_t *mask, size_t least)
{
    size_t size = *table ? (*mask + 1) * 2 : least;
    int32_t *wider = size <= SIZE_MAX / 2 / sizeof *wider ? malloc(size * sizeof *wider) : NULL;
    if (!wider)
        return MIZO_ENOMEM;
    memset(wider, -1, size * sizeof *wider);
    free(*table);
    *table = wider;
    *mask = size - 1;
    return MIZO_OK;
}
