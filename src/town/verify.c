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

enum { OPEN_MOST = 256 }; /* holdings with open rows, unless one day has more */

/* An account in a unit; its days hang below it. */
typedef struct account {
    char *name, *unit;
    int64_t total;
    bool guarded;
    struct holding *first, *last; /* its days, in the order of their coming */
    struct holding *at;           /* looked at last */
} account;

/* Rows of 48 of a holding: what stands there; of a source what came from the world, and what went to the
 * town's pool. */
enum { ROW_SLOTS, ROW_MADE, ROW_GIVEN, ROWS };
typedef int64_t row48[48];

/* One account on one day. Its rows are open while the walk is at that day; then they are packed, and
 * opened again should a correction touch them. */
typedef struct holding {
    struct holding *next; /* of the account */
    uint32_t account;
    mizo_day day;
    int64_t total;
    bool has_slots;
    uint8_t has;      /* bits of the rows that are packed */
    uint16_t room;    /* bytes at packed */
    uint8_t *packed;  /* NULL: never yet */
    row48 *row[ROWS]; /* NULL where there is none, or while packed */
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
    holding **open; /* those with open rows */
    size_t nopen, open_cap, open_most;
    row48 **spare; /* rows to use again */
    size_t nspare, spare_cap;
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

/* ---- rows ---- */

/* A zeroed row. NULL: out of memory. */
static row48 *row_take(book *b)
{
    if (!b->nspare)
        return arena_take(b->mem, sizeof(row48));
    row48 *r = b->spare[--b->nspare];
    memset(r, 0, sizeof *r);
    return r;
}

/* Seven bits a byte, low first, the sign lowest. */
static size_t pack_row(const int64_t *v, uint8_t *out)
{
    size_t n = 0;
    for (int i = 0; i < 48; i++) {
        uint64_t x = (uint64_t)v[i] << 1 ^ (v[i] < 0 ? UINT64_MAX : 0);
        for (; x >= 0x80; x >>= 7)
            out[n++] = (uint8_t)(x | 0x80);
        out[n++] = (uint8_t)x;
    }
    return n;
}

static size_t unpack_row(const uint8_t *p, int64_t *v)
{
    size_t n = 0;
    for (int i = 0; i < 48; i++) {
        uint64_t x = 0;
        int shift = 0;
        do
            x |= (uint64_t)(p[n] & 0x7f) << shift, shift += 7;
        while (p[n++] & 0x80);
        v[i] = (int64_t)(x >> 1 ^ (0 - (x & 1)));
    }
    return n;
}

/* Packs the rows of a holding and gives them back. */
static mizo_err close_holding(book *b, holding *h)
{
    uint8_t bytes[ROWS * 48 * 10];
    size_t n = 0;
    h->has = 0;
    MIZO_TRY(array_grow(&b->spare, &b->spare_cap, b->nspare + ROWS, sizeof *b->spare));
    for (int k = 0; k < ROWS; k++) {
        if (!h->row[k])
            continue;
        n += pack_row(*h->row[k], bytes + n);
        h->has |= (uint8_t)(1u << k);
        b->spare[b->nspare++] = h->row[k];
        h->row[k] = NULL;
    }
    if (n > h->room || !h->packed) {
        h->packed = arena_take(b->mem, n + 1);
        h->room = (uint16_t)n;
    }
    if (!h->packed)
        return MIZO_ENOMEM;
    memcpy(h->packed, bytes, n);
    return MIZO_OK;
}

/* Keeps open what is of `day`, and packs the others. */
static mizo_err close_days(book *b, mizo_day day)
{
    size_t n = 0;
    for (size_t i = 0; i < b->nopen; i++) {
        if (b->open[i]->day == day)
            b->open[n++] = b->open[i];
        else
            MIZO_TRY(close_holding(b, b->open[i]));
    }
    b->nopen = n;
    b->open_most = 2 * n > OPEN_MOST ? 2 * n : OPEN_MOST;
    return MIZO_OK;
}

/* Opens the rows of a holding to be moved. */
static mizo_err open_holding(book *b, holding *h)
{
    if (h->row[ROW_SLOTS])
        return MIZO_OK;
    if (b->nopen >= b->open_most)
        MIZO_TRY(close_days(b, h->day));
    const uint8_t *p = h->packed;
    for (int k = 0; k < ROWS; k++) {
        if (k != ROW_SLOTS && !(h->has & 1u << k))
            continue;
        h->row[k] = row_take(b);
        if (!h->row[k])
            return MIZO_ENOMEM;
        if (h->has & 1u << k)
            p += unpack_row(p, *h->row[k]);
    }
    MIZO_TRY(array_grow(&b->open, &b->open_cap, b->nopen + 1, sizeof *b->open));
    b->open[b->nopen++] = h;
    return MIZO_OK;
}

/* The rows of a holding, open or packed. False where there is none of a kind. */
static void read_rows(const holding *h, row48 out[ROWS], bool has[ROWS])
{
    const uint8_t *p = h->packed;
    bool open = h->row[ROW_SLOTS] != NULL;
    for (int k = 0; k < ROWS; k++) {
        has[k] = open ? h->row[k] != NULL : (h->has & 1u << k) != 0;
        if (!has[k])
            memset(out[k], 0, sizeof out[k]);
        else if (open)
            memcpy(out[k], *h->row[k], sizeof out[k]);
        else
            p += unpack_row(p, out[k]);
    }
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
    const int64_t *slot = *h->row[ROW_SLOTS];
    int64_t any = 0; /* negative if one of them is: the usual answer without a branch a slot */
    for (int i = 0; i < 48; i++)
        any |= slot[i];
    for (int i = 0; any < 0 && i < 48; i++)
        if (slot[i] < 0)
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
    MIZO_TRY(open_holding(b, h));
    account *a = &b->account[acc];
    uint64_t move = sign < 0 ? 0 - (uint64_t)e->amount : (uint64_t)e->amount;
    a->total = (int64_t)((uint64_t)a->total + move);
    h->total = (int64_t)((uint64_t)h->total + move);
    if (e->slots) {
        int64_t *slot = *h->row[ROW_SLOTS];
        h->has_slots = true;
        for (int i = 0; i < 48; i++)
            slot[i] += sign * (int64_t)e->slots[i];
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
static mizo_err add_row(book *b, const mizo_entry *e, row48 **row, int sign)
{
    if (!e->slots)
        return MIZO_OK;
    if (!*row)
        *row = row_take(b);
    if (!*row)
        return MIZO_ENOMEM;
    for (int i = 0; i < 48; i++)
        (**row)[i] += sign * (int64_t)e->slots[i];
    return MIZO_OK;
}

/* What a source got from the world was made there; what it gave to the pool was sent out. */
static mizo_err note_source(book *b, const mizo_entry *e, const char *other, holding *h, int sign)
{
    if (strcmp(other, "world") == 0)
        return add_row(b, e, &h->row[ROW_MADE], sign);
    return strncmp(other, "pool:", 5) == 0 && strcmp(other + 5, "own")
               ? add_row(b, e, &h->row[ROW_GIVEN], -sign)
               : MIZO_OK;
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
    if (h && slots) {
        row48 row[ROWS];
        bool has[ROWS];
        read_rows(h, row, has);
        same = same && memcmp(row[ROW_SLOTS], slots, sizeof row[ROW_SLOTS]) == 0;
    }
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
    free(b->open);
    free(b->spare);
    arena_free(b->mem);
}

/* The walk ended at an entry that cannot be read: it is the first bad one, if none before it was. */
static void unreadable(book *b)
{
    char seq[24];
    snprintf(seq, sizeof seq, "%" PRId64, b->out->entries + 1);
    MIZO_DIAG(b->diags, BOOKS_UNREADABLE, MIZO_NOWHERE, seq);
    bad_entry(b, b->out->entries + 1);
}

static mizo_err walk(store *s, book *b)
{
    b->mem = arena_new(0);
    if (!b->mem)
        return MIZO_ENOMEM;
    b->open_most = OPEN_MOST;
    MIZO_TRY(table_size(&b->accounts, 1024));
    MIZO_TRY(table_size(&b->holdings, 8192));
    MIZO_TRY(s->ops->batch_scan(s, 0, on_batch, b));
    mizo_err err = s->ops->entry_scan(s, 0, on_entry, b);
    if (err == MIZO_ESTORE)
        unreadable(b);
    MIZO_TRY(err);
    for (size_t i = 0; i < b->naccount; i++) /* balances come in the order of their days too */
        b->account[i].at = b->account[i].first;
    MIZO_TRY(s->ops->balance_scan(s, INT32_MIN, MIZO_DAY_NONE, on_balance, b));
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
        bool source = strncmp(a->name, "source:", 7) == 0, use = strncmp(a->name, "use:", 4) == 0;
        if (source || (use && strcmp(a->unit, "Wh-re") == 0))
            g->item[g->n++] = (claimed){ .day = h->day, .account = a->name, .from = h };
    }
    qsort(g->item, g->n, sizeof *g->item, by_day);
    return MIZO_OK;
}

/* Unpacks the claims of one day and holds them against it. */
static mizo_err hold_day(against *g, claimed *item, size_t n, const verify_day *in)
{
    row48(*rows)[ROWS] = malloc(n * sizeof *rows);
    if (!rows)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        bool has[ROWS];
        read_rows(item[i].from, rows[i], has);
        bool use = strncmp(item[i].account, "use:", 4) == 0;
        item[i].made = has[ROW_MADE] ? rows[i][ROW_MADE] : NULL;
        item[i].given = has[ROW_GIVEN] ? rows[i][ROW_GIVEN] : NULL;
        item[i].used = use ? rows[i][ROW_SLOTS] : NULL;
    }
    verify_made(g->region, in, item, n, g->book->diags, g->book->out);
    free(rows);
    return MIZO_OK;
}

/* Holds the claims of days up to `day` against what is known: only of `in`'s own day is anything. */
static mizo_err hold_until(against *g, mizo_day day, const verify_day *in)
{
    while (g->next < g->n && g->item[g->next].day <= day) {
        size_t first = g->next;
        mizo_day of = g->item[first].day;
        while (g->next < g->n && g->item[g->next].day == of)
            g->next++;
        MIZO_TRY(hold_day(g, g->item + first, g->next - first, in && in->day == of ? in : NULL));
    }
    return MIZO_OK;
}

static mizo_err on_day(void *arg, const verify_day *d)
{
    against *g = arg;
    MIZO_TRY(hold_until(g, d->day, d));
    verify_flows_day(g->flows, d, g->book->out);
    return MIZO_OK;
}

static mizo_err check_days(store *s, const mizo_region *r, book *b)
{
    against g = { .region = r, .book = b, .flows = verify_flows_new(r) };
    mizo_err err = g.flows ? gather(b, &g) : MIZO_ENOMEM;
    if (!err)
        err = verify_days(s, r, on_day, &g);
    if (!err)
        err = hold_until(&g, MIZO_DAY_NONE, NULL);
    if (!err)
        verify_flows_say(g.flows, b->diags, b->out);
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
    if ((err && err != MIZO_ESTORE) || end)
        return err ? err : end;
    /* What cannot be read is an answer too, once the medium's own check has named it. */
    mizo_err medium = s->ops->verify(s, d);
    if (medium == MIZO_EINPUT || (err && !out->ok)) {
        out->ok = false;
        return MIZO_OK;
    }
    return err ? err : medium;
}

mizo_err verify_store(env *e, const char *path, store *s, const mizo_region *r, mizo_diags *d,
                      verify_result *out)
{
    (void)e;
    (void)path;
    return verify_books(s, r, d, out);
}
