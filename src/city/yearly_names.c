/* yearly_names.c: the names of facilities, folded and sorted. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "city/yearly_inner.h"

enum { NAME_BYTES = 64 << 20 };

typedef struct name {
    const char *key;
    mizo_ref facility;
} name;

struct yearly_names {
    arena *texts;
    name *v;
    size_t n, cap;
};

yearly_names *yearly_names_new(void)
{
    yearly_names *n = calloc(1, sizeof *n);
    if (n && !(n->texts = arena_new(NAME_BYTES))) {
        free(n);
        n = NULL;
    }
    return n;
}

void yearly_names_free(yearly_names *n)
{
    if (!n)
        return;
    arena_free(n->texts);
    free(n->v);
    free(n);
}

static size_t key_of(const char *text, char out[YEARLY_TEXT])
{
    char clean[YEARLY_TEXT];
    yearly_clean(text, clean);
    return text_fold(clean, strlen(clean), out, YEARLY_TEXT);
}

mizo_err yearly_names_add(yearly_names *n, const char *text, mizo_ref facility)
{
    char key[YEARLY_TEXT];
    size_t len = key_of(text, key);
    if (!len)
        return MIZO_OK;
    MIZO_TRY(array_grow(&n->v, &n->cap, n->n + 1, sizeof *n->v));
    const char *kept = arena_copy(n->texts, key, len);
    if (!kept)
        return MIZO_ENOMEM;
    n->v[n->n++] = (name){ kept, facility };
    return MIZO_OK;
}

mizo_err yearly_names_of(yearly_names *n, const mizo_region *r)
{
    for (size_t i = 0; i < r->nfacility; i++) {
        const mizo_facility *f = &r->facility[i];
        const char *const text[] = { f->id, f->owner_code, f->name_ja, f->name_en };
        for (size_t k = 0; k < sizeof text / sizeof *text; k++)
            MIZO_TRY(yearly_names_add(n, text[k], (mizo_ref)i));
    }
    return MIZO_OK;
}

static int by_key(const void *a, const void *b)
{
    const name *x = a, *y = b;
    int c = strcmp(x->key, y->key);
    return c ? c : (x->facility > y->facility) - (x->facility < y->facility);
}

void yearly_names_sort(yearly_names *n)
{
    size_t to = 0;
    if (n->n)
        qsort(n->v, n->n, sizeof *n->v, by_key);
    for (size_t i = 0; i < n->n; i++)
        if (to == 0 || by_key(&n->v[to - 1], &n->v[i]) != 0)
            n->v[to++] = n->v[i];
    n->n = to;
}

static size_t first_of(const yearly_names *n, const char *key)
{
    size_t lo = 0, hi = n->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (strcmp(n->v[mid].key, key) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static bool bureau_is(const mizo_facility *f, const char *bureau)
{
    char a[YEARLY_TEXT], b[YEARLY_TEXT];
    key_of(f->bureau, a);
    key_of(bureau, b);
    return strcmp(a, b) == 0;
}

mizo_ref yearly_names_find(const yearly_names *n, const mizo_region *r, const char *text, const char *bureau)
{
    char key[YEARLY_TEXT];
    if (!key_of(text, key))
        return -1;
    mizo_ref only = -1, there = -1;
    int many = 0, near = 0;
    for (size_t i = first_of(n, key); i < n->n && strcmp(n->v[i].key, key) == 0; i++) {
        many++;
        only = n->v[i].facility;
        if (*bureau && bureau_is(&r->facility[only], bureau)) {
            there = only;
            near++;
        }
    }
    return many <= 1 ? only : near == 1 ? there : -2;
}

const char *yearly_names_near(const yearly_names *n, const mizo_region *r, const char *text)
{
    char key[YEARLY_TEXT];
    size_t len = key_of(text, key), best = len / 3 + 1;
    const char *found = NULL;
    for (size_t i = 0; i < n->n; i++) {
        size_t d = (size_t)text_distance(key, n->v[i].key);
        if (d >= best)
            continue;
        const mizo_facility *f = &r->facility[n->v[i].facility];
        best = d;
        found = *f->name_ja ? f->name_ja : f->id;
    }
    return found;
}
