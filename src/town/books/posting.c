/* posting.c: many entries as one transaction; the difference to what stands there. */
#include "town/books/posting.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct posting {
    journal journal;
    bool own;      /* the batch is ours to end */
    mizo_err err;  /* the first failure */
    int64_t count; /* entries posted */
    mizo_diags *diags;
};

static mizo_err begin(store *s, store_batch *own, mizo_diags *d, posting **out)
{
    posting *p = calloc(1, sizeof *p);
    mizo_err err = p ? MIZO_OK : MIZO_ENOMEM;
    *out = NULL;
    if (!err && own)
        err = s->ops->batch_begin(s, own);
    if (err) {
        free(p);
        return err;
    }
    p->own = own != NULL;
    p->diags = d;
    err = journal_open(s, &p->journal);
    if (err) {
        posting_cancel(p);
        return err;
    }
    *out = p;
    return MIZO_OK;
}

mizo_err posting_open(store *s, mizo_ms known, const char *actor, const char *source, mizo_diags *d,
                      posting **out)
{
    store_batch b = { .known = known, .actor = actor, .source = source, .note = "" };
    return begin(s, &b, d, out);
}

mizo_err posting_join(store *s, mizo_diags *d, posting **out)
{
    return begin(s, NULL, d, out);
}

store *posting_store(const posting *p)
{
    return p->journal.store;
}

int64_t posting_count(const posting *p)
{
    return p->count;
}

int64_t posting_last(const posting *p)
{
    return p->journal.seq;
}

mizo_err posting_add(posting *p, mizo_entry *e)
{
    e->ref = e->ref ? e->ref : "";
    if (!p->err)
        p->err = journal_post(&p->journal, e, p->diags);
    p->count += !p->err;
    return p->err;
}

mizo_err posting_commit(posting *p)
{
    store *s = p->journal.store;
    mizo_err err = p->err;
    if (p->own && err)
        s->ops->batch_rollback(s);
    else if (p->own)
        err = s->ops->batch_commit(s);
    free(p);
    return err;
}

void posting_cancel(posting *p)
{
    if (!p)
        return;
    if (p->own)
        p->journal.store->ops->batch_rollback(p->journal.store);
    free(p);
}

/* ---- what a ref should come to, and what it comes to ---- */

/* A pair of accounts in a unit on a day: what has to be moved from a to b. */
typedef struct line {
    const char *a, *b; /* in the order of their letters */
    const char *unit, *kind;
    mizo_day day;
    size_t order;   /* of its coming */
    int depth;      /* how many accounts lie before the one that gives: world 0, source 1, pool 2 ... */
    bool turned;    /* it runs from b to a; a movement from a to b takes back */
    int64_t amount; /* with the slots */
    int64_t slots[MIZO_DAY_SLOTS];
} line;

typedef struct lines {
    arena *mem;
    line *item;
    size_t n, cap;
} lines;

static int by_pair(const void *p, const void *q)
{
    const line *x = p, *y = q;
    int c = strcmp(x->a, y->a);
    c = c ? c : strcmp(x->b, y->b);
    c = c ? c : strcmp(x->unit, y->unit);
    if (c || x->day != y->day)
        return c ? c : x->day < y->day ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static bool same_pair(const line *x, const line *y)
{
    return x->day == y->day && strcmp(x->a, y->a) == 0 && strcmp(x->b, y->b) == 0 &&
           strcmp(x->unit, y->unit) == 0;
}

static const char *keep(lines *l, const char *s)
{
    return arena_copy(l->mem, s ? s : "", s ? strlen(s) : 0);
}

static mizo_err add_to(int64_t *to, int64_t v, int sign)
{
    bool over = sign > 0 ? __builtin_add_overflow(*to, v, to) : __builtin_sub_overflow(*to, v, to);
    return over ? MIZO_ERANGE : MIZO_OK;
}

/* Adds a line: wanted (sign 1), or standing there already (sign -1). */
static mizo_err add_line(lines *l, const mizo_entry *e, int sign)
{
    MIZO_TRY(array_grow(&l->item, &l->cap, l->n + 1, sizeof *l->item));
    line *x = &l->item[l->n];
    memset(x, 0, sizeof *x);
    x->turned = strcmp(e->from, e->to) > 0;
    x->a = keep(l, x->turned ? e->to : e->from);
    x->b = keep(l, x->turned ? e->from : e->to);
    x->unit = keep(l, e->unit);
    x->kind = keep(l, e->kind);
    if (!x->a || !x->b || !x->unit || !x->kind)
        return MIZO_ENOMEM;
    x->day = e->day;
    x->order = l->n++;
    sign = x->turned ? -sign : sign;
    for (int i = 0; e->slots && i < MIZO_DAY_SLOTS; i++)
        x->slots[i] = sign * (int64_t)e->slots[i];
    return add_to(&x->amount, e->amount, sign);
}

static mizo_err on_entry(void *arg, const store_entry *e)
{
    mizo_entry x = { .day = e->day,
                     .from = e->from,
                     .to = e->to,
                     .unit = e->unit,
                     .kind = e->kind,
                     .amount = e->amount,
                     .slots = e->slots };
    return add_line(arg, &x, -1);
}

/* One line for each pair. The first that came says which way it runs. */
static mizo_err merge(lines *l)
{
    size_t n = 0;
    if (l->n)
        qsort(l->item, l->n, sizeof *l->item, by_pair);
    for (size_t i = 0; i < l->n; i++) {
        line *x = &l->item[i], *into = n ? &l->item[n - 1] : NULL;
        if (!into || !same_pair(into, x)) {
            l->item[n++] = *x;
            continue;
        }
        MIZO_TRY(add_to(&into->amount, x->amount, 1));
        for (int k = 0; k < MIZO_DAY_SLOTS; k++)
            into->slots[k] += x->slots[k];
    }
    l->n = n;
    return MIZO_OK;
}

/* ---- the order: what gives stands before what takes ---- */

typedef struct depth {
    const char *account;
    int n;
} depth;

static int by_account(const void *p, const void *q)
{
    return strcmp(((const depth *)p)->account, ((const depth *)q)->account);
}

static depth *depth_of(depth *d, size_t n, const char *account)
{
    depth key = { account, 0 };
    return bsearch(&key, d, n, sizeof *d, by_account);
}

enum { DEEPEST = 16 };

/* Accounts that run in a circle stop at the bound: such an order does not matter to anybody. */
static void sink(depth *d, size_t n, lines *l)
{
    bool moved = true;
    for (int round = 0; moved && round < DEEPEST; round++) {
        moved = false;
        for (size_t i = 0; i < l->n; i++) {
            line *x = &l->item[i];
            depth *from = depth_of(d, n, x->turned ? x->b : x->a);
            depth *to = depth_of(d, n, x->turned ? x->a : x->b);
            moved = moved || to->n <= from->n;
            to->n = to->n <= from->n ? from->n + 1 : to->n;
            x->depth = from->n;
        }
    }
}

static int by_depth(const void *p, const void *q)
{
    const line *x = p, *y = q;
    if (x->depth != y->depth)
        return x->depth < y->depth ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static mizo_err in_order(lines *l)
{
    depth *d = malloc((2 * l->n + 1) * sizeof *d);
    size_t n = 0;
    if (!d)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < l->n; i++) {
        d[2 * i] = (depth){ l->item[i].a, 0 };
        d[2 * i + 1] = (depth){ l->item[i].b, 0 };
    }
    if (l->n) {
        qsort(d, 2 * l->n, sizeof *d, by_account);
        for (size_t i = 0; i < 2 * l->n; i++)
            if (!n || by_account(&d[n - 1], &d[i]))
                d[n++] = d[i];
        sink(d, n, l);
        qsort(l->item, l->n, sizeof *l->item, by_depth);
    }
    free(d);
    return MIZO_OK;
}

/* ---- the difference ---- */

typedef struct said {
    posting *p;
    const char *ref;
    bool again; /* the ref has entries already */
} said;

static mizo_err post(const said *s, const line *x, bool up, int64_t amount, const int32_t *slots)
{
    bool from_a = up != x->turned;
    mizo_entry e = { .day = x->day,
                     .from = from_a ? x->a : x->b,
                     .to = from_a ? x->b : x->a,
                     .unit = x->unit,
                     .kind = s->again ? "correction" : x->kind,
                     .ref = s->ref,
                     .amount = amount,
                     .slots = slots };
    return posting_add(s->p, &e);
}

/* The part of a line that runs its way (up), or back. */
static mizo_err post_line(const said *s, const line *x, bool up)
{
    int sign = up != x->turned ? 1 : -1;
    int32_t slots[MIZO_DAY_SLOTS];
    int64_t sum = 0, rest = x->amount;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        int64_t v = sign * x->slots[i];
        if (v > INT32_MAX)
            return MIZO_ERANGE;
        slots[i] = v > 0 ? (int32_t)v : 0;
        sum += slots[i];
        rest -= x->slots[i];
    }
    if (sum)
        MIZO_TRY(post(s, x, up, sum, slots));
    return sign * rest > 0 ? post(s, x, up, sign * rest, NULL) : MIZO_OK;
}

static mizo_err post_lines(const said *s, const lines *l)
{
    for (size_t i = l->n; i > 0; i--)
        MIZO_TRY(post_line(s, &l->item[i - 1], false));
    for (size_t i = 0; i < l->n; i++)
        MIZO_TRY(post_line(s, &l->item[i], true));
    return MIZO_OK;
}

static mizo_err say(said *s, const mizo_entry *want, size_t n, lines *l)
{
    store *at = s->p->journal.store;
    l->mem = arena_new(0);
    if (!l->mem)
        return MIZO_ENOMEM;
    MIZO_TRY(at->ops->entry_ref(at, s->ref, on_entry, l));
    s->again = l->n > 0;
    for (size_t i = 0; i < n; i++)
        MIZO_TRY(add_line(l, &want[i], 1));
    MIZO_TRY(merge(l));
    MIZO_TRY(in_order(l));
    return post_lines(s, l);
}

mizo_err posting_say(posting *p, const char *ref, const mizo_entry *want, size_t n, int *moved)
{
    lines l = { 0 };
    said s = { .p = p, .ref = ref };
    int64_t before = p->count;
    if (moved)
        *moved = 0;
    if (!p->err && !*ref)
        p->err = MIZO_EINPUT;
    if (!p->err)
        p->err = say(&s, want, n, &l);
    if (moved)
        *moved = (int)(p->count - before);
    free(l.item);
    arena_free(l.mem);
    return p->err;
}
