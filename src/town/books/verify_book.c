/* verify_book.c: see verify_book.h. */
#include "town/books/verify_book_inner.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/books.h"
#include "mizo/number.h"

/* ---- accounts ---- */

static uint32_t hash_of(const char *a, const char *b)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (; *a; a++)
        h = (h ^ (unsigned char)*a) * 0x100000001b3u;
    h = (h ^ 0xff) * 0x100000001b3u;
    for (; *b; b++)
        h = (h ^ (unsigned char)*b) * 0x100000001b3u;
    return (uint32_t)mizo_mix64(h);
}

static mizo_err grow_places(verify_book *b)
{
    if (b->place && b->naccount * 2 <= b->mask)
        return MIZO_OK;
    MIZO_TRY(index_grow(&b->place, &b->mask, 1024));
    for (size_t i = 0; i < b->naccount; i++) {
        size_t p = b->account[i].hash & b->mask;
        while (b->place[p] >= 0)
            p = (p + 1) & b->mask;
        b->place[p] = (int32_t)i;
    }
    return MIZO_OK;
}

static bool is_account(const account *a, const char *name, const char *unit)
{
    return strcmp(a->name, name) == 0 && strcmp(a->unit, unit) == 0;
}

/* A place is found where it stands, or would stand. */
static size_t place_of(const verify_book *b, uint32_t hash, const char *name, const char *unit)
{
    size_t p = hash & b->mask;
    while (b->place[p] >= 0) {
        const account *a = &b->account[b->place[p]];
        if (a->hash == hash && is_account(a, name, unit))
            break;
        p = (p + 1) & b->mask;
    }
    return p;
}

static bool begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

/* An entry of this account alone, with a good rest: does anything speak against it? */
static bool is_good(const char *name, const char *unit)
{
    static const int32_t none[MIZO_DAY_SLOTS] = { 1 };
    const mizo_unit_rule *u = mizo_unit_rule_of(unit);
    const char *kind = u && u->is == MIZO_UNIT_MONEY ? "payment" : "correction";
    bool slots = u && u->slots != MIZO_SLOTS_NEVER;
    mizo_entry e = { .from = name,
                     .to = u && u->is == MIZO_UNIT_MONEY ? "opening" : "world",
                     .unit = unit,
                     .kind = kind,
                     .ref = "",
                     .amount = 1,
                     .slots = slots ? none : NULL };
    if (strcmp(e.from, e.to) == 0)
        e.to = u && u->is == MIZO_UNIT_MONEY ? "bank:x"
               : u && u->is == MIZO_UNIT_CO2 ? "emission:x"
                                             : "use:x";
    return mizo_entry_check(&e, NULL) == MIZO_OK;
}

static mizo_err add_account(verify_book *b, const char *name, const char *unit, uint32_t hash, size_t place)
{
    MIZO_TRY(array_grow(&b->account, &b->account_cap, b->naccount + 1, sizeof *b->account));
    const mizo_account_rule *rule = mizo_account_rule_of(name);
    account a = { .name = arena_copy(b->mem, name, strlen(name)),
                  .unit = arena_copy(b->mem, unit, strlen(unit)),
                  .hash = hash,
                  .today = -1,
                  .guarded = mizo_account_guarded(name, unit),
                  .closes = rule && rule->close,
                  .world = strcmp(name, "world") == 0,
                  .pool = strncmp(name, "pool:", 5) == 0 && strcmp(name, "pool:own"),
                  .rule = mizo_unit_rule_of(unit),
                  .good = is_good(name, unit) };
    if (strcmp(unit, "Wh-re") == 0)
        a.part = begins(name, "source:") ? PART_SOURCE : begins(name, "use:") ? PART_USE : PART_NONE;
    if (!a.name || !a.unit)
        return MIZO_ENOMEM;
    b->place[place] = (int32_t)b->naccount;
    b->account[b->naccount++] = a;
    return MIZO_OK;
}

mizo_err verify_account(verify_book *b, const char *name, const char *unit, bool create, int32_t *out)
{
    for (int i = 0; i < 2; i++)
        if (b->recent[i] < b->naccount && is_account(&b->account[b->recent[i]], name, unit)) {
            *out = (int32_t)b->recent[i];
            return MIZO_OK;
        }
    MIZO_TRY(grow_places(b));
    uint32_t hash = hash_of(name, unit);
    size_t p = place_of(b, hash, name, unit);
    if (b->place[p] < 0 && create)
        MIZO_TRY(add_account(b, name, unit, hash, p));
    *out = b->place[p];
    return MIZO_OK;
}

/* ---- the day in hand ---- */

/* A zeroed row of this day. */
static mizo_err new_row(verify_book *b, int32_t *out)
{
    MIZO_TRY(array_grow(&b->row, &b->row_cap, b->nrow + 1, sizeof *b->row));
    if (b->nrow == b->row_made) {
        b->row[b->nrow] = arena_take(b->mem, sizeof(row48));
        if (!b->row[b->nrow])
            return MIZO_ENOMEM;
        b->row_made++;
    } else {
        memset(b->row[b->nrow], 0, sizeof(row48));
    }
    *out = (int32_t)b->nrow++;
    return MIZO_OK;
}

static mizo_err find_holding(verify_book *b, uint32_t who, holding **out)
{
    account *a = &b->account[who];
    if (a->today < 0) {
        MIZO_TRY(array_grow(&b->holding, &b->holding_cap, b->nholding + 1, sizeof *b->holding));
        b->holding[b->nholding] = (holding){ .account = who, .slots = -1, .made = -1, .given = -1 };
        a->today = (int32_t)b->nholding++;
    }
    *out = &b->holding[a->today];
    return MIZO_OK;
}

/* Adds slots to one of a holding's rows, made when it is new. Sums wrap instead of overflowing: a wrong one is found
 * as unequal. */
static mizo_err add_row(verify_book *b, int32_t *row, const int32_t *slots, int sign)
{
    if (*row < 0)
        MIZO_TRY(new_row(b, row));
    int64_t *to = *b->row[*row];
    if (sign > 0)
        for (int i = 0; i < MIZO_DAY_SLOTS; i++)
            to[i] = (int64_t)((uint64_t)to[i] + (uint64_t)(int64_t)slots[i]);
    else
        for (int i = 0; i < MIZO_DAY_SLOTS; i++)
            to[i] = (int64_t)((uint64_t)to[i] - (uint64_t)(int64_t)slots[i]);
    return MIZO_OK;
}

static void bad_entry(verify_book *b, int64_t seq)
{
    if (!b->out->first_bad || seq < b->out->first_bad)
        b->out->first_bad = seq;
    b->out->ok = false;
}

/* The first slot in which a guarded account is below zero; -1 the day as a whole, -2 none. */
static int first_below(const verify_book *b, const holding *h)
{
    const int64_t *slot = h->slots < 0 ? NULL : *b->row[h->slots];
    int64_t any = 0; /* negative if one of them is: the usual answer without a branch a slot */
    for (int i = 0; slot && i < MIZO_DAY_SLOTS; i++)
        any |= slot[i];
    for (int i = 0; any < 0 && i < MIZO_DAY_SLOTS; i++)
        if (slot[i] < 0)
            return i;
    return h->total < 0 ? -1 : -2;
}

static void below_zero(verify_book *b, const store_entry *e, const account *a, int slot)
{
    char seq[24], day[MIZO_DATE_TEXT], where[16] = "-";
    snprintf(seq, sizeof seq, "%" PRId64, e->seq);
    if (slot >= 0)
        snprintf(where, sizeof where, "%d", slot + 1);
    mizo_day_text(e->day, day);
    MIZO_DIAG(b->diags, BOOKS_BELOW_ZERO, MIZO_NOWHERE, seq, a->name, day, where);
    bad_entry(b, e->seq);
}

static mizo_err move_side(verify_book *b, const store_entry *e, uint32_t who, int sign)
{
    holding *h;
    MIZO_TRY(find_holding(b, who, &h));
    account *a = &b->account[who];
    uint64_t move = sign < 0 ? 0 - (uint64_t)e->amount : (uint64_t)e->amount;
    a->total = (int64_t)((uint64_t)a->total + move);
    h->total = (int64_t)((uint64_t)h->total + move);
    if (e->slots)
        MIZO_TRY(add_row(b, &h->slots, e->slots, sign));
    if (sign < 0 && a->guarded) {
        int below = first_below(b, h);
        if (below > -2)
            below_zero(b, e, a, below);
    }
    return MIZO_OK;
}

/* What a source got from the world was made there; what it gave to a pool beyond its own roof was sent out. */
static mizo_err note_source(verify_book *b, const store_entry *e, const account *other, uint32_t source,
                            int sign)
{
    holding *h = &b->holding[b->account[source].today];
    if (!e->slots || !b->region)
        return MIZO_OK;
    if (other->world)
        return add_row(b, &h->made, e->slots, sign);
    return other->pool ? add_row(b, &h->given, e->slots, -sign) : MIZO_OK;
}

/* ---- entries ---- */

/* What a kind may move; NULL: no such kind. A journal has few. */
static const mizo_kind_rule *kind_of(verify_book *b, const char *kind)
{
    for (int i = 0; i < KINDS; i++)
        if (b->kind[i] && strcmp(b->kind[i]->name, kind) == 0)
            return b->kind[i];
    const mizo_kind_rule *rule = mizo_kind_rule_of(kind);
    b->kind[b->kind_at] = rule;
    b->kind_at = (b->kind_at + 1) % KINDS;
    return rule;
}

/* Both accounts are good: what is left of mizo_entry_check. False: look closer, and say it. */
static bool fine(verify_book *b, const store_entry *e, const account *from)
{
    const mizo_kind_rule *kind = kind_of(b, e->kind);
    const mizo_unit_rule *unit = from->rule;
    if (!kind || !unit || !(kind->units & unit->is) || e->amount <= 0)
        return false;
    if (e->slots ? unit->slots == MIZO_SLOTS_NEVER : unit->slots == MIZO_SLOTS_MUST)
        return false;
    int64_t sum = 0;
    int32_t any = 0;
    for (int i = 0; e->slots && i < MIZO_DAY_SLOTS; i++) {
        sum += e->slots[i];
        any |= e->slots[i];
    }
    if (e->slots && (any < 0 || sum != e->amount))
        return false;
    size_t n = 0;
    for (const char *s = e->ref; *s; s++, n++)
        if (!((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') || *s == '-' || *s == ':'))
            return false;
    return n <= 80;
}

static void look_closer(verify_book *b, const store_entry *e)
{
    mizo_entry x = { .seq = e->seq,
                     .day = e->day,
                     .from = e->from,
                     .to = e->to,
                     .unit = e->unit,
                     .kind = e->kind,
                     .ref = e->ref,
                     .amount = e->amount,
                     .slots = e->slots };
    if (mizo_entry_check(&x, b->diags))
        bad_entry(b, e->seq);
}

static mizo_err take_entry(verify_book *b, const store_entry *e)
{
    int32_t from, to;
    MIZO_TRY(verify_account(b, e->from, e->unit, true, &from));
    b->recent[0] = (uint32_t)from;
    MIZO_TRY(verify_account(b, e->to, e->unit, true, &to));
    b->recent[1] = (uint32_t)to;
    if (from == to || !b->account[from].good || !b->account[to].good || !fine(b, e, &b->account[from]))
        look_closer(b, e);
    MIZO_TRY(move_side(b, e, (uint32_t)from, -1));
    MIZO_TRY(move_side(b, e, (uint32_t)to, 1));
    if (b->account[to].part == PART_SOURCE)
        MIZO_TRY(note_source(b, e, &b->account[from], (uint32_t)to, 1));
    if (b->account[from].part == PART_SOURCE)
        MIZO_TRY(note_source(b, e, &b->account[to], (uint32_t)from, -1));
    b->entries++;
    b->sum += verify_chain_share(e->seq);
    return MIZO_OK;
}

/* ---- a day is over ---- */

static const int64_t *row_at(const verify_book *b, int32_t row)
{
    return row < 0 ? NULL : *b->row[row];
}

static int by_account(const void *a, const void *b)
{
    return strcmp(((const claimed *)a)->account, ((const claimed *)b)->account);
}

/* Holds what sources and consumers claim against what is known of the day. */
static mizo_err check_meters(verify_book *b, const verify_day *in)
{
    static const row48 zero;
    size_t n = 0;
    if (!b->region)
        return MIZO_OK;
    MIZO_TRY(array_grow(&b->claim, &b->claim_cap, b->nholding, sizeof *b->claim));
    for (size_t i = 0; i < b->nholding; i++) {
        const holding *h = &b->holding[i];
        const account *a = &b->account[h->account];
        if (a->part == PART_NONE)
            continue;
        const int64_t *slots = row_at(b, h->slots);
        b->claim[n++] = (claimed){ .day = b->day,
                                   .account = a->name,
                                   .made = row_at(b, h->made),
                                   .given = row_at(b, h->given),
                                   .used = a->part == PART_SOURCE ? NULL
                                           : slots                ? slots
                                                                  : zero };
    }
    if (n)
        qsort(b->claim, n, sizeof *b->claim, by_account);
    verify_made(b->region, in, b->claim, n, b->diags, b->out);
    return MIZO_OK;
}

static mizo_err end_day(verify_book *b, const verify_day *in)
{
    if (!b->any)
        return MIZO_OK;
    MIZO_TRY(verify_balances(b));
    MIZO_TRY(check_meters(b, in && in->day == b->day ? in : NULL));
    verify_month_add(b);
    for (size_t i = 0; i < b->nholding; i++)
        b->account[b->holding[i].account].today = -1;
    b->nholding = b->nrow = 0;
    b->any = false;
    return MIZO_OK;
}

static mizo_err on_entry(void *arg, const store_entry *e)
{
    verify_book *b = arg;
    if (b->any && e->day != b->day)
        MIZO_TRY(end_day(b, NULL));
    b->day = e->day;
    b->any = true;
    return take_entry(b, e);
}

/* ---- the whole ---- */

mizo_err verify_book_new(store *s, const mizo_region *r, mizo_diags *d, verify_result *out,
                         verify_book **book)
{
    verify_book *b = calloc(1, sizeof *b);
    *book = b;
    if (!b)
        return MIZO_ENOMEM;
    *b = (verify_book){ .store = s, .region = r, .diags = d, .out = out, .mem = arena_new(0), .month = -1 };
    b->next = b->day = INT32_MIN;
    b->recent[0] = b->recent[1] = UINT32_MAX;
    if (!b->mem)
        return MIZO_ENOMEM;
    MIZO_TRY(grow_places(b));
    return s->ops->record_scan(s, "close", NULL, verify_month_closed, b);
}

void verify_book_free(verify_book *b)
{
    if (!b)
        return;
    free(b->account);
    free(b->place);
    free(b->holding);
    free(b->row);
    free(b->claim);
    free(b->closed.month);
    arena_free(b->mem);
    free(b);
}

mizo_err verify_book_until(verify_book *b, mizo_day day, const verify_day *in)
{
    mizo_day from = b->day == INT32_MIN ? INT32_MIN : b->day + 1, to = day == MIZO_DAY_NONE ? day : day + 1;
    MIZO_TRY(b->store->ops->entry_days(b->store, from, to, on_entry, b));
    MIZO_TRY(end_day(b, in));
    b->day = day;
    return MIZO_OK;
}

mizo_err verify_book_end(verify_book *b)
{
    MIZO_TRY(verify_book_until(b, MIZO_DAY_NONE, NULL));
    verify_month_end(b);
    MIZO_TRY(verify_totals(b));
    b->out->accounts = (int64_t)b->naccount;
    return MIZO_OK;
}

int64_t verify_book_entries(const verify_book *b, uint64_t *sum)
{
    *sum = b->sum;
    return b->entries;
}
