/* verify.c: walks the journal from the first entry to the last. */
#include "town/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "town/verify_flows.h"
#include "town/verify_made.h"

/* ---- what each account holds, recomputed ---- */

/* An account in a unit; its days hang below it. */
typedef struct account {
    char *name, *unit;
    int64_t total;
    bool guarded;
    struct holding *first, *last; /* its days, in the order of their coming */
    struct holding *at;           /* looked at last */
} account;

/* One account on one day. */
typedef struct holding {
    struct holding *next; /* of the account */
    uint32_t account;
    mizo_day day;
    int64_t total;
    bool has_slots;
    int64_t slot[48];
    int64_t *made;  /* [48] net from the world; NULL: nothing */
    int64_t *given; /* [48] net to the town's pool; NULL: nothing */
} holding;

/* Open addressing. A place holds 32 bits of the hash above index + 1 of an item, so that neither a
 * search nor growing touches the items themselves. */
typedef struct table {
    uint64_t *place;
    size_t size; /* a power of two */
} table;

typedef struct book {
    arena *mem; /* names and holdings */
    account *account;
    size_t naccount, account_cap;
    table accounts;
    holding **holding; /* each in the arena */
    size_t nholding, holding_cap;
    table holdings;
    uint32_t recent[2]; /* accounts of the last entry: most entries share one with the one before */
    mizo_ms *known;     /* of each batch, by its number */
    size_t nknown, known_cap;
    mizo_diags *diags;
    verify_result *out;
    int64_t kept; /* balances of the store that were found right */
} book;

static uint64_t hash_of(const char *a, const char *b)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (; *a; a++)
        h = (h ^ (unsigned char)*a) * 0x100000001b3u;
    h = (h ^ 0xff) * 0x100000001b3u;
    for (; *b; b++)
        h = (h ^ (unsigned char)*b) * 0x100000001b3u;
    return mizo_mix64(h);
}

static mizo_err table_size(table *t, size_t size)
{
    uint64_t *place = calloc(size, sizeof *place);
    if (!place)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < t->size; i++) {
        if (!t->place[i])
            continue;
        size_t p = (t->place[i] >> 32) & (size - 1);
        while (place[p])
            p = (p + 1) & (size - 1);
        place[p] = t->place[i];
    }
    free(t->place);
    t->place = place;
    t->size = size;
    return MIZO_OK;
}

/* Room for one more item beside n. */
static mizo_err table_grow(table *t, size_t n)
{
    return n * 2 < t->size ? MIZO_OK : table_size(t, t->size * 2);
}

/* The next item whose hash may be this one, from *p on; -1: none, *p is a free place. */
static int64_t table_next(const table *t, uint64_t hash, size_t *p)
{
    for (; t->place[*p]; *p = (*p + 1) & (t->size - 1))
        if (t->place[*p] >> 32 == (uint32_t)hash)
            return (int64_t)(uint32_t)t->place[*p] - 1;
    return -1;
}

static uint64_t table_item(uint64_t hash, size_t index)
{
    return hash << 32 | (uint32_t)(index + 1);
}

static mizo_err new_account(book *b, const char *name, const char *unit, uint64_t hash, size_t place,
                            uint32_t *out)
{
    MIZO_TRY(array_grow(&b->account, &b->account_cap, b->naccount + 1, sizeof *b->account));
    account a = { .name = arena_copy(b->mem, name, strlen(name)),
                  .unit = arena_copy(b->mem, unit, strlen(unit)),
                  .guarded = mizo_account_guarded(name, unit) };
    if (!a.name || !a.unit)
        return MIZO_ENOMEM;
    *out = (uint32_t)b->naccount;
    b->account[b->naccount++] = a;
    b->accounts.place[place] = table_item(hash, *out);
    return MIZO_OK;
}

/* The number of an account, made if it is new and `create`; MIZO_ENOENT. */
static mizo_err find_account(book *b, const char *name, const char *unit, bool create, uint32_t *out)
{
    for (int i = 0; i < 2; i++) {
        const account *a = b->recent[i] < b->naccount ? &b->account[b->recent[i]] : NULL;
        if (a && strcmp(a->name, name) == 0 && strcmp(a->unit, unit) == 0) {
            *out = b->recent[i];
            return MIZO_OK;
        }
    }
    MIZO_TRY(table_grow(&b->accounts, b->naccount));
    uint64_t hash = hash_of(name, unit);
    size_t p = (uint32_t)hash & (b->accounts.size - 1);
    for (int64_t i; (i = table_next(&b->accounts, hash, &p)) >= 0; p = (p + 1) & (b->accounts.size - 1)) {
        const account *a = &b->account[i];
        if (strcmp(a->name, name) == 0 && strcmp(a->unit, unit) == 0) {
            *out = (uint32_t)i;
            return MIZO_OK;
        }
    }
    return create ? new_account(b, name, unit, hash, p, out) : MIZO_ENOENT;
}

static uint64_t holding_hash(uint32_t acc, mizo_day day)
{
    return mizo_mix64((uint64_t)acc << 32 | (uint32_t)day);
}

static mizo_err find_holding(book *b, uint32_t acc, mizo_day day, bool create, holding **out)
{
    account *a = &b->account[acc];
    *out = a->at && a->at->day != day ? a->at->next : a->at; /* the same day again, or the one after it */
    if (*out && (*out)->day == day) {
        a->at = *out;
        return MIZO_OK;
    }
    MIZO_TRY(table_grow(&b->holdings, b->nholding));
    uint64_t hash = holding_hash(acc, day);
    size_t p = (uint32_t)hash & (b->holdings.size - 1);
    for (int64_t i; (i = table_next(&b->holdings, hash, &p)) >= 0; p = (p + 1) & (b->holdings.size - 1)) {
        *out = b->holding[i];
        if ((*out)->account == acc && (*out)->day == day) {
            a->at = *out;
            return MIZO_OK;
        }
    }
    if (!create)
        return MIZO_ENOENT;
    MIZO_TRY(array_grow(&b->holding, &b->holding_cap, b->nholding + 1, sizeof *b->holding));
    holding *h = arena_take(b->mem, sizeof *h);
    if (!h)
        return MIZO_ENOMEM;
    h->account = acc;
    h->day = day;
    *(a->last ? &a->last->next : &a->first) = h;
    a->last = a->at = h;
    b->holdings.place[p] = table_item(hash, b->nholding);
    b->holding[b->nholding++] = h;
    *out = h;
    return MIZO_OK;
}

/* ---- one entry ---- */

static void bad_entry(book *b, int64_t seq)
{
    if (!b->out->first_bad || seq < b->out->first_bad)
        b->out->first_bad = seq;
    b->out->ok = false;
}

static void below_zero(book *b, const mizo_entry *e, const account *a, int slot)
{
    char seq[24], day[MIZO_DATE_TEXT], where[16] = "-";
    snprintf(seq, sizeof seq, "%" PRId64, e->seq);
    if (slot >= 0)
        snprintf(where, sizeof where, "%d", slot + 1);
    mizo_day_text(e->day, day);
    MIZO_DIAG(b->diags, BOOKS_BELOW_ZERO, MIZO_NOWHERE, seq, a->name, day, where);
    bad_entry(b, e->seq);
}

/* The first slot in which a guarded account is below zero; -1 the day as a whole, -2 none. */
static int first_below(const holding *h)
{
    int64_t any = 0; /* negative if one of them is: the usual answer without a branch a slot */
    for (int i = 0; i < 48; i++)
        any |= h->slot[i];
    for (int i = 0; any < 0 && i < 48; i++)
        if (h->slot[i] < 0)
            return i;
    return h->total < 0 ? -1 : -2;
}

/* Moves one side of an entry. Sums wrap instead of overflowing: a wrong one is found as unequal. */
static mizo_err move_side(book *b, const mizo_entry *e, const char *name, int sign, holding **out)
{
    uint32_t acc;
    holding *h;
    MIZO_TRY(find_account(b, name, e->unit, true, &acc));
    b->recent[sign < 0] = acc;
    MIZO_TRY(find_holding(b, acc, e->day, true, &h));
    account *a = &b->account[acc];
    uint64_t move = sign < 0 ? 0 - (uint64_t)e->amount : (uint64_t)e->amount;
    a->total = (int64_t)((uint64_t)a->total + move);
    h->total = (int64_t)((uint64_t)h->total + move);
    if (e->slots) {
        h->has_slots = true;
        for (int i = 0; i < 48; i++)
            h->slot[i] += sign * (int64_t)e->slots[i];
    }
    if (sign < 0 && a->guarded) {
        int below = first_below(h);
        if (below > -2)
            below_zero(b, e, a, below);
    }
    *out = h;
    return MIZO_OK;
}

/* Adds an entry's slots to one of a holding's rows, made when it is new. */
static mizo_err add_row(book *b, const mizo_entry *e, int64_t **row, int sign)
{
    if (!e->slots)
        return MIZO_OK;
    if (!*row)
        *row = arena_take(b->mem, 48 * sizeof **row);
    if (!*row)
        return MIZO_ENOMEM;
    for (int i = 0; i < 48; i++)
        (*row)[i] += sign * (int64_t)e->slots[i];
    return MIZO_OK;
}

/* What a source got from the world was made there; what it gave to the pool was sent out. */
static mizo_err note_source(book *b, const mizo_entry *e, const char *other, holding *h, int sign)
{
    if (strcmp(other, "world") == 0)
        return add_row(b, e, &h->made, sign);
    return strcmp(other, "pool:town") == 0 ? add_row(b, e, &h->given, -sign) : MIZO_OK;
}

static mizo_err move_both(book *b, const mizo_entry *e)
{
    holding *from, *to;
    MIZO_TRY(move_side(b, e, e->from, -1, &from));
    MIZO_TRY(move_side(b, e, e->to, 1, &to));
    if (strncmp(e->to, "source:", 7) == 0)
        MIZO_TRY(note_source(b, e, e->from, to, 1));
    return strncmp(e->from, "source:", 7) == 0 ? note_source(b, e, e->to, from, -1) : MIZO_OK;
}

static mizo_ms known_of(const book *b, int64_t batch)
{
    return batch >= 0 && (size_t)batch < b->nknown ? b->known[batch] : 0;
}

static void check_chain(book *b, const mizo_entry *e, const uint8_t stored[MIZO_CHAIN_BYTES])
{
    char seq[24], next[24];
    if (e->seq != b->out->entries) {
        snprintf(seq, sizeof seq, "%" PRId64, b->out->entries);
        snprintf(next, sizeof next, "%" PRId64, e->seq);
        MIZO_DIAG(b->diags, BOOKS_GAP, MIZO_NOWHERE, seq, next);
        bad_entry(b, e->seq);
    }
    uint8_t head[MIZO_CHAIN_BYTES];
    mizo_entry_chain(b->out->head, e, head);
    if (memcmp(head, stored, sizeof head) != 0) {
        snprintf(seq, sizeof seq, "%" PRId64, e->seq);
        MIZO_DIAG(b->diags, BOOKS_CHAIN_BROKEN, MIZO_NOWHERE, seq);
        bad_entry(b, e->seq);
    }
    /* On with the stored one, so that one change is one finding and not all that follow. */
    memcpy(b->out->head, stored, sizeof head);
}

static mizo_err on_entry(void *arg, const store_entry *row)
{
    book *b = arg;
    mizo_entry e = { .seq = row->seq,
                     .known = known_of(b, row->batch),
                     .day = row->day,
                     .from = row->from,
                     .to = row->to,
                     .unit = row->unit,
                     .kind = row->kind,
                     .ref = row->ref,
                     .amount = row->amount,
                     .slots = row->slots };
    b->out->entries++;
    check_chain(b, &e, row->hash);
    b->out->entries = row->seq; /* after a gap, go on from what is there */
    if (mizo_entry_check(&e, b->diags))
        bad_entry(b, e.seq);
    return move_both(b, &e);
}

static mizo_err on_batch(void *arg, const store_batch *batch)
{
    book *b = arg;
    if (batch->id < 0 || batch->id > INT32_MAX)
        return MIZO_OK;
    size_t want = (size_t)batch->id + 1;
    MIZO_TRY(array_grow(&b->known, &b->known_cap, want, sizeof *b->known));
    for (; b->nknown < want; b->nknown++)
        b->known[b->nknown] = 0;
    b->known[batch->id] = batch->known;
    return MIZO_OK;
}

/* ---- the kept balances ---- */

static void balance_differs(book *b, const char *name, const char *unit, mizo_day day, int64_t kept,
                            int64_t real)
{
    char when[MIZO_DATE_TEXT], is[24], should[24];
    mizo_day_text(day, when);
    snprintf(is, sizeof is, "%" PRId64, kept);
    snprintf(should, sizeof should, "%" PRId64, real);
    MIZO_DIAG(b->diags, BOOKS_BALANCE, MIZO_NOWHERE, name, unit, when, is, should);
    b->out->ok = false;
}

static mizo_err on_balance(void *arg, const char *name, const char *unit, mizo_day day, int64_t total,
                           const int64_t *slots)
{
    book *b = arg;
    uint32_t acc;
    holding *h = NULL;
    mizo_err err = find_account(b, name, unit, false, &acc);
    if (!err)
        b->recent[0] = acc;
    if (!err && day != MIZO_DAY_NONE)
        err = find_holding(b, acc, day, false, &h);
    if (err && err != MIZO_ENOENT)
        return err;
    int64_t real = err ? 0 : day == MIZO_DAY_NONE ? b->account[acc].total : h->total;
    bool same = total == real;
    if (h && slots)
        same = same && memcmp(h->slot, slots, sizeof h->slot) == 0;
    if (h && h->has_slots && !slots)
        same = false;
    if (!same)
        balance_differs(b, name, unit, day, total, real);
    b->kept++;
    return MIZO_OK;
}

/* ---- the whole ---- */

static void book_free(book *b)
{
    free(b->account);
    free(b->accounts.place);
    free(b->holding);
    free(b->holdings.place);
    free(b->known);
    arena_free(b->mem);
}

static mizo_err walk(store *s, book *b)
{
    b->mem = arena_new(0);
    if (!b->mem)
        return MIZO_ENOMEM;
    MIZO_TRY(table_size(&b->accounts, 1024));
    MIZO_TRY(table_size(&b->holdings, 8192));
    MIZO_TRY(s->ops->batch_scan(s, 0, on_batch, b));
    MIZO_TRY(s->ops->entry_scan(s, 0, on_entry, b));
    for (size_t i = 0; i < b->naccount; i++) /* balances come in the order of their days too */
        b->account[i].at = b->account[i].first;
    MIZO_TRY(s->ops->balance_scan(s, on_balance, b));
    b->out->accounts = (int64_t)b->naccount;
    /* Every account and every day of it has a kept balance: what was not met is missing there. */
    int64_t all = (int64_t)(b->naccount + b->nholding);
    if (b->kept < all)
        balance_differs(b, "*", "*", MIZO_DAY_NONE, b->kept, all);
    return MIZO_OK;
}

/* ---- against the meters ---- */

/* The claims of all days, by day, and how far the days have come. */
typedef struct against {
    const mizo_region *region;
    claimed *item;
    size_t n, next;
    verify_flows *flows;
    book *book;
} against;

static int by_day(const void *a, const void *b)
{
    const claimed *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return strcmp(x->account, y->account);
}

static mizo_err gather(const book *b, against *g)
{
    g->item = malloc((b->nholding + 1) * sizeof *g->item);
    if (!g->item)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < b->nholding; i++) {
        const holding *h = b->holding[i];
        const account *a = &b->account[h->account];
        bool use = strncmp(a->name, "use:", 4) == 0 && strcmp(a->unit, "Wh-re") == 0;
        if (use || h->made || h->given)
            g->item[g->n++] = (claimed){ h->day, a->name, h->made, h->given, use ? h->slot : NULL };
    }
    qsort(g->item, g->n, sizeof *g->item, by_day);
    return MIZO_OK;
}

/* Holds the claims of days up to `day` against what is known: only of `in`'s own day is anything. */
static void hold_until(against *g, mizo_day day, const verify_day *in)
{
    while (g->next < g->n && g->item[g->next].day <= day) {
        size_t first = g->next;
        mizo_day of = g->item[first].day;
        while (g->next < g->n && g->item[g->next].day == of)
            g->next++;
        verify_made(g->region, in && in->day == of ? in : NULL, g->item + first, g->next - first,
                    g->book->diags, g->book->out);
    }
}

static mizo_err on_day(void *arg, const verify_day *d)
{
    against *g = arg;
    hold_until(g, d->day, d);
    verify_flows_day(g->flows, d, g->book->out);
    return MIZO_OK;
}

static mizo_err check_days(store *s, const mizo_region *r, book *b)
{
    against g = { .region = r, .book = b, .flows = verify_flows_new(r) };
    mizo_err err = g.flows ? gather(b, &g) : MIZO_ENOMEM;
    if (!err)
        err = verify_days(s, r, on_day, &g);
    if (!err) {
        hold_until(&g, MIZO_DAY_NONE, NULL);
        verify_flows_say(g.flows, b->diags, b->out);
    }
    free(g.item);
    verify_flows_free(g.flows);
    return err;
}

mizo_err verify_books(store *s, const mizo_region *r, mizo_diags *d, verify_result *out)
{
    book b = { .diags = d, .out = out };
    *out = (verify_result){ .ok = true };
    MIZO_TRY(s->ops->snapshot(s, true));
    mizo_err err = walk(s, &b);
    if (!err && r)
        err = check_days(s, r, &b);
    mizo_err end = s->ops->snapshot(s, false);
    book_free(&b);
    if (err || end)
        return err ? err : end;
    err = s->ops->verify(s, d);
    if (err == MIZO_EINPUT)
        out->ok = false;
    return err == MIZO_EINPUT ? MIZO_OK : err;
}
