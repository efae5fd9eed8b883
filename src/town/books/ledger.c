/* ledger.c: see ledger.h. */
#include "town/books/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mizo/number.h"

ledger_ask ledger_all(void)
{
    return (ledger_ask){ .from = INT32_MIN, .to = MIZO_DAY_NONE, .as_of = STORE_LATEST };
}

static bool given(const char *s)
{
    return s && *s;
}

static bool one_account(const ledger_ask *a)
{
    return given(a->account) && a->account[strlen(a->account) - 1] != ':';
}

bool ledger_is_asked(const ledger_ask *a, const char *account)
{
    if (!given(a->account))
        return true;
    return one_account(a) ? strcmp(account, a->account) == 0
                          : strncmp(account, a->account, strlen(a->account)) == 0;
}

static bool unit_asked(const ledger_ask *a, const char *unit)
{
    return !given(a->unit) || strcmp(unit, a->unit) == 0;
}

/* ---- batches: the one in hand ---- */

typedef struct batches {
    store *s;
    store_batch last; /* texts are ours */
    char *text;
} batches;

static mizo_err keep_batch(void *arg, const store_batch *b)
{
    batches *x = arg;
    size_t a = strlen(b->actor) + 1, s = strlen(b->source) + 1, n = strlen(b->note) + 1;
    char *p = malloc(a + s + n);
    if (!p)
        return MIZO_ENOMEM;
    free(x->text);
    x->text = p;
    x->last = *b;
    x->last.actor = memcpy(p, b->actor, a);
    x->last.source = memcpy(p + a, b->source, s);
    x->last.note = memcpy(p + a + s, b->note, n);
    return MIZO_ECANCELED; /* the first one is all that was asked for */
}

static mizo_err find_batch(batches *x, int64_t id, const store_batch **out)
{
    if (!x->text || x->last.id != id) {
        mizo_err err = x->s->ops->batch_scan(x->s, id - 1, keep_batch, x);
        if (err != MIZO_ECANCELED)
            return err ? err : MIZO_ESTORE; /* an entry of a batch that is not there */
    }
    *out = &x->last;
    return x->last.id == id ? MIZO_OK : MIZO_ESTORE;
}

/* ---- balances ---- */

typedef struct sum {
    const char *account, *unit;
    int64_t total;
} sum;

typedef struct sums {
    const ledger_ask *ask;
    batches batch;
    arena *mem;
    sum *item;
    size_t n, cap;
    int32_t *place;
    size_t mask;
} sums;

static size_t place_of(const sums *x, const char *account, const char *unit)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (const char *s = account; *s; s++)
        h = (h ^ (unsigned char)*s) * 0x100000001b3u;
    for (const char *s = unit; *s; s++)
        h = (h ^ (unsigned char)*s) * 0x100000001b3u;
    size_t p = (size_t)mizo_mix64(h) & x->mask;
    while (x->place[p] >= 0) {
        const sum *i = &x->item[x->place[p]];
        if (strcmp(i->account, account) == 0 && strcmp(i->unit, unit) == 0)
            break;
        p = (p + 1) & x->mask;
    }
    return p;
}

static mizo_err grow(sums *x)
{
    if (x->place && x->n * 2 <= x->mask)
        return MIZO_OK;
    MIZO_TRY(index_grow(&x->place, &x->mask, 256));
    for (size_t i = 0; i < x->n; i++)
        x->place[place_of(x, x->item[i].account, x->item[i].unit)] = (int32_t)i;
    return MIZO_OK;
}

static mizo_err add(sums *x, const char *account, const char *unit, int64_t amount, int sign)
{
    if (!ledger_is_asked(x->ask, account))
        return MIZO_OK;
    MIZO_TRY(grow(x));
    size_t p = place_of(x, account, unit);
    if (x->place[p] < 0) {
        MIZO_TRY(array_grow(&x->item, &x->cap, x->n + 1, sizeof *x->item));
        sum i = { arena_copy(x->mem, account, strlen(account)), arena_copy(x->mem, unit, strlen(unit)), 0 };
        if (!i.account || !i.unit)
            return MIZO_ENOMEM;
        x->place[p] = (int32_t)x->n;
        x->item[x->n++] = i;
    }
    int64_t *t = &x->item[x->place[p]].total;
    bool over = sign > 0 ? __builtin_add_overflow(*t, amount, t) : __builtin_sub_overflow(*t, amount, t);
    return over ? MIZO_ERANGE : MIZO_OK;
}

static mizo_err on_kept(void *arg, const char *account, const char *unit, mizo_day day, int64_t total,
                        const int64_t *slots)
{
    sums *x = arg;
    (void)day;
    (void)slots;
    return unit_asked(x->ask, unit) ? add(x, account, unit, total, 1) : MIZO_OK;
}

/* True if the entry is asked for, its accounts aside. */
static mizo_err is_known(batches *b, const ledger_ask *a, const store_entry *e, bool *known)
{
    const store_batch *batch;
    *known = unit_asked(a, e->unit) && (!given(a->ref) || strcmp(a->ref, e->ref) == 0);
    if (!*known || a->as_of == STORE_LATEST)
        return MIZO_OK;
    MIZO_TRY(find_batch(b, e->batch, &batch));
    *known = batch->known <= a->as_of;
    return MIZO_OK;
}

static mizo_err on_moved(void *arg, const store_entry *e)
{
    sums *x = arg;
    bool known;
    MIZO_TRY(is_known(&x->batch, x->ask, e, &known));
    if (!known)
        return MIZO_OK;
    MIZO_TRY(add(x, e->from, e->unit, e->amount, -1));
    return add(x, e->to, e->unit, e->amount, 1);
}

static mizo_day after(mizo_day to)
{
    return to == MIZO_DAY_NONE ? to : to + 1;
}

static mizo_err read_sums(store *s, const ledger_ask *a, sums *x)
{
    bool all_days = a->from == INT32_MIN && a->to == MIZO_DAY_NONE;
    if (given(a->ref))
        return s->ops->entry_ref(s, a->ref, on_moved, x);
    if (a->as_of != STORE_LATEST)
        return s->ops->entry_days(s, a->from, after(a->to), on_moved, x);
    if (all_days)
        return s->ops->balance_scan(s, MIZO_DAY_NONE, MIZO_DAY_NONE, on_kept, x);
    return s->ops->balance_scan(s, a->from, a->to == MIZO_DAY_NONE ? a->to - 1 : a->to, on_kept, x);
}

static int by_account(const void *p, const void *q)
{
    const sum *x = p, *y = q;
    int c = strcmp(x->account, y->account);
    return c ? c : strcmp(x->unit, y->unit);
}

mizo_err ledger_balances(store *s, const ledger_ask *a, mizo_err (*fn)(void *, const ledger_balance *),
                         void *arg)
{
    sums x = { .ask = a, .batch = { .s = s }, .mem = arena_new(0) };
    mizo_err err = x.mem ? grow(&x) : MIZO_ENOMEM;
    if (!err)
        err = read_sums(s, a, &x);
    if (!err && x.n)
        qsort(x.item, x.n, sizeof *x.item, by_account);
    for (size_t i = 0; !err && i < x.n; i++)
        if (x.item[i].total)
            err = fn(arg, &(ledger_balance){ x.item[i].account, x.item[i].unit, x.item[i].total });
    free(x.batch.text);
    free(x.item);
    free(x.place);
    arena_free(x.mem);
    return err;
}

/* ---- entries ---- */

typedef struct reading {
    const ledger_ask *ask;
    batches batch;
    bool one;
    int64_t balance, *opening;
    mizo_err (*fn)(void *, const ledger_entry *);
    void *arg;
} reading;

static mizo_err tell(reading *x, const store_entry *e, int sign)
{
    ledger_entry out = { .entry = e, .sign = sign, .balance = sign ? x->balance : 0 };
    MIZO_TRY(find_batch(&x->batch, e->batch, &out.batch));
    return x->fn(x->arg, &out);
}

static mizo_err on_entry(void *arg, const store_entry *e)
{
    reading *x = arg;
    bool known, from = ledger_is_asked(x->ask, e->from), to = ledger_is_asked(x->ask, e->to);
    if ((!from && !to) || e->day > x->ask->to || (e->day < x->ask->from && !x->one))
        return MIZO_OK;
    MIZO_TRY(is_known(&x->batch, x->ask, e, &known));
    if (!known)
        return MIZO_OK;
    int sign = !x->one ? 0 : to ? 1 : -1;
    x->balance += sign * e->amount; /* the books' own totals fit, and so do their parts of a guarded whole */
    if (e->day >= x->ask->from)
        return tell(x, e, sign);
    if (x->opening)
        *x->opening = x->balance;
    return MIZO_OK;
}

mizo_err ledger_entries(store *s, const ledger_ask *a, int64_t *opening,
                        mizo_err (*fn)(void *, const ledger_entry *), void *arg)
{
    reading x = { .ask = a, .batch = { .s = s }, .opening = opening, .fn = fn, .arg = arg };
    x.one = one_account(a) && given(a->unit) && !given(a->ref);
    if (opening)
        *opening = 0;
    if (opening && !x.one)
        return MIZO_EINPUT;
    mizo_err err = given(a->ref)
                       ? s->ops->entry_ref(s, a->ref, on_entry, &x)
                       : s->ops->entry_days(s, x.one ? INT32_MIN : a->from, after(a->to), on_entry, &x);
    free(x.batch.text);
    return err;
}

typedef struct wanted {
    int64_t seq;
    reading *x;
    bool met;
} wanted;

static mizo_err on_first(void *arg, const store_entry *e)
{
    wanted *w = arg;
    if (e->seq != w->seq)
        return MIZO_ECANCELED;
    w->met = true;
    mizo_err err = tell(w->x, e, 0);
    return err ? err : MIZO_ECANCELED;
}

mizo_err ledger_trace(store *s, int64_t seq, mizo_err (*fn)(void *, const ledger_entry *), void *arg)
{
    reading x = { .batch = { .s = s }, .fn = fn, .arg = arg };
    wanted w = { seq, &x, false };
    mizo_err err = s->ops->entry_scan(s, seq - 1, on_first, &w);
    free(x.batch.text);
    if (err && err != MIZO_ECANCELED)
        return err;
    return w.met ? MIZO_OK : MIZO_ENOENT;
}
