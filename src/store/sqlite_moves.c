/* sqlite_moves.c: the balances of a batch. An account that a thousand entries touch is written once, and rows
 * that lie together are written together. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mizo/number.h"
#include "store/slots.h"
#include "store/sqlite.h"

enum { MOVES_MOST = 1 << 16 }; /* rows held at a time: some 40 MB */

typedef struct name {
    const char *account, *unit;
    uint32_t hash;
    uint32_t family; /* accounts of one beginning ("customer:") have one number */
    int32_t whole;   /* its move over all days; -1: none yet */
    int32_t latest;  /* the move found last of some day; -1: none yet */
} name;

/* One account in one unit on one day, or over all days (MIZO_DAY_NONE). */
typedef struct move {
    uint32_t name;
    mizo_day day;
    bool moved; /* false: only looked at */
    bool whole; /* total and slots are what stands there; false: what is to be added to it */
    int64_t total;
    int64_t *slots; /* [48]; NULL: none */
} move;

/* Where a row is written: by day, there by family, there as it came. A batch goes through its accounts in
 * their order, so the rows fall on pages that lie together, and no text has to be compared. */
typedef struct place {
    uint64_t at; /* the day, then the family */
    uint32_t move;
} place;

typedef struct family {
    const char *begins; /* of the first account of it */
    size_t n;
} family;

typedef struct moves {
    arena *mem; /* texts and slots */
    name *name;
    size_t nname, name_cap;
    int32_t *name_at;
    size_t name_mask;
    move *move;
    size_t nmove, move_cap;
    int32_t *move_at;
    size_t move_mask;
    place *order;
    size_t order_cap;
    family *family;
    size_t nfamily, family_cap;
    uint32_t last[2]; /* the accounts of the last entry: most share one with the one before */
} moves;

static mizo_err moves_of(sqlite_store *s, moves **out)
{
    if (!s->moves) {
        moves *m = calloc(1, sizeof *m);
        if (!m)
            return MIZO_ENOMEM;
        m->mem = arena_new(0);
        if (!m->mem) {
            free(m);
            return MIZO_ENOMEM;
        }
        s->moves = m;
    }
    *out = s->moves;
    return MIZO_OK;
}

static void moves_forget(moves *m)
{
    arena_reset(m->mem);
    m->nname = m->nmove = m->nfamily = 0;
    m->last[0] = m->last[1] = UINT32_MAX;
    for (size_t i = 0; m->name_at && i <= m->name_mask; i++)
        m->name_at[i] = -1;
    for (size_t i = 0; m->move_at && i <= m->move_mask; i++)
        m->move_at[i] = -1;
}

void moves_free(sqlite_store *s)
{
    moves *m = s->moves;
    if (!m)
        return;
    arena_free(m->mem);
    free(m->name);
    free(m->name_at);
    free(m->move);
    free(m->move_at);
    free(m->order);
    free(m->family);
    free(m);
    s->moves = NULL;
}

/* ---- finding ---- */

static uint32_t hash_text2(const char *a, const char *b)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (; *a; a++)
        h = (h ^ (unsigned char)*a) * 0x100000001b3u;
    h = (h ^ 0xff) * 0x100000001b3u;
    for (; *b; b++)
        h = (h ^ (unsigned char)*b) * 0x100000001b3u;
    return (uint32_t)mizo_mix64(h);
}

static bool same_name(const name *n, const char *account, const char *unit)
{
    return strcmp(n->account, account) == 0 && strcmp(n->unit, unit) == 0;
}

static mizo_err grow_names(moves *m)
{
    if (m->name_at && m->nname * 2 <= m->name_mask)
        return MIZO_OK;
    MIZO_TRY(index_grow(&m->name_at, &m->name_mask, 1024));
    for (size_t i = 0; i < m->nname; i++) {
        size_t p = m->name[i].hash & m->name_mask;
        while (m->name_at[p] >= 0)
            p = (p + 1) & m->name_mask;
        m->name_at[p] = (int32_t)i;
    }
    return MIZO_OK;
}

/* Up to the colon; there are some thirty at most. */
static mizo_err family_of(moves *m, const char *account, uint32_t *out)
{
    size_t n = strcspn(account, ":");
    for (*out = 0; *out < m->nfamily; ++*out)
        if (m->family[*out].n == n && memcmp(m->family[*out].begins, account, n) == 0)
            return MIZO_OK;
    MIZO_TRY(array_grow(&m->family, &m->family_cap, m->nfamily + 1, sizeof *m->family));
    m->family[m->nfamily++] = (family){ account, n };
    return MIZO_OK;
}

static mizo_err find_name(moves *m, const char *account, const char *unit, uint32_t *out)
{
    for (int i = 0; i < 2; i++)
        if (m->last[i] < m->nname && same_name(&m->name[m->last[i]], account, unit)) {
            *out = m->last[i];
            return MIZO_OK;
        }
    MIZO_TRY(grow_names(m));
    uint32_t hash = hash_text2(account, unit);
    size_t p = hash & m->name_mask;
    for (; m->name_at[p] >= 0; p = (p + 1) & m->name_mask) {
        const name *n = &m->name[m->name_at[p]];
        if (n->hash == hash && same_name(n, account, unit)) {
            *out = (uint32_t)m->name_at[p];
            return MIZO_OK;
        }
    }
    MIZO_TRY(array_grow(&m->name, &m->name_cap, m->nname + 1, sizeof *m->name));
    name n = { arena_copy(m->mem, account, strlen(account)), arena_copy(m->mem, unit, strlen(unit)), hash };
    n.whole = n.latest = -1;
    if (!n.account || !n.unit)
        return MIZO_ENOMEM;
    MIZO_TRY(family_of(m, n.account, &n.family));
    m->name[m->nname] = n;
    m->name_at[p] = (int32_t)m->nname;
    *out = (uint32_t)m->nname++;
    return MIZO_OK;
}

static size_t move_place(const moves *m, uint32_t who, mizo_day day)
{
    size_t p = (size_t)mizo_mix64((uint64_t)who << 32 | (uint32_t)day) & m->move_mask;
    while (m->move_at[p] >= 0) {
        const move *v = &m->move[m->move_at[p]];
        if (v->name == who && v->day == day)
            break;
        p = (p + 1) & m->move_mask;
    }
    return p;
}

static mizo_err grow_moves(moves *m)
{
    if (m->move_at && m->nmove * 2 <= m->move_mask)
        return MIZO_OK;
    MIZO_TRY(index_grow(&m->move_at, &m->move_mask, 4096));
    for (size_t i = 0; i < m->nmove; i++)
        m->move_at[move_place(m, m->move[i].name, m->move[i].day)] = (int32_t)i;
    return MIZO_OK;
}

/* The row, empty if it is new. Valid until the next is found. */
static mizo_err find_move(moves *m, uint32_t who, mizo_day day, move **out)
{
    int32_t *seen = day == MIZO_DAY_NONE ? &m->name[who].whole : &m->name[who].latest;
    if (*seen < 0 || m->move[*seen].day != day) {
        MIZO_TRY(grow_moves(m));
        size_t p = move_place(m, who, day);
        if (m->move_at[p] < 0) {
            MIZO_TRY(array_grow(&m->move, &m->move_cap, m->nmove + 1, sizeof *m->move));
            m->move[m->nmove] = (move){ .name = who, .day = day };
            m->move_at[p] = (int32_t)m->nmove++;
        }
        *seen = m->move_at[p];
    }
    *out = &m->move[*seen];
    return MIZO_OK;
}

static mizo_err need_slots(moves *m, move *v)
{
    if (!v->slots)
        v->slots = arena_take(m->mem, 48 * sizeof *v->slots);
    return v->slots ? MIZO_OK : MIZO_ENOMEM;
}

/* Adds what stands in the table to a row that holds differences only. */
static mizo_err make_whole(sqlite_store *s, moves *m, move *v)
{
    const name *n = &m->name[v->name];
    int64_t slots[48];
    mizo_err bad = MIZO_OK;
    query q = query_start(s, STMT_BALANCE_GET, "itt", (int64_t)v->day, n->account, n->unit);
    if (query_next(&q)) {
        bad = total_add(&v->total, column_int(&q, 0), 1);
        const uint8_t *p = sqlite3_column_blob(q.st, 1);
        if (!bad && p) {
            bad = slots_decode(p, (size_t)sqlite3_column_bytes(q.st, 1), slots) ? MIZO_ESTORE
                                                                                : need_slots(m, v);
            for (int i = 0; !bad && i < 48; i++)
                bad = total_add(&v->slots[i], slots[i], 1);
        }
    }
    mizo_err e = query_end(&q);
    v->whole = true;
    return e ? e : bad;
}

/* ---- moving ---- */

static mizo_err move_side(moves *m, const store_entry *e, const char *account, int sign)
{
    uint32_t who;
    move *v;
    MIZO_TRY(find_name(m, account, e->unit, &who));
    m->last[sign > 0] = who;
    MIZO_TRY(find_move(m, who, MIZO_DAY_NONE, &v));
    MIZO_TRY(total_add(&v->total, e->amount, sign));
    v->moved = true;
    MIZO_TRY(find_move(m, who, e->day, &v));
    MIZO_TRY(total_add(&v->total, e->amount, sign));
    v->moved = true;
    if (!e->slots)
        return MIZO_OK;
    MIZO_TRY(need_slots(m, v));
    return slots_add(v->slots, e->slots, sign);
}

mizo_err moves_add(sqlite_store *s, const store_entry *e)
{
    moves *m;
    MIZO_TRY(moves_of(s, &m));
    if (m->nmove > MOVES_MOST)
        MIZO_TRY(moves_write(s));
    MIZO_TRY(move_side(m, e, e->from, -1));
    return move_side(m, e, e->to, 1);
}

mizo_err moves_get(sqlite_store *s, const char *account, const char *unit, mizo_day day, int64_t *total,
                   int64_t slots[48])
{
    moves *m;
    uint32_t who;
    move *v;
    MIZO_TRY(moves_of(s, &m));
    MIZO_TRY(find_name(m, account, unit, &who));
    MIZO_TRY(find_move(m, who, day, &v));
    if (!v->whole)
        MIZO_TRY(make_whole(s, m, v));
    *total = v->total;
    if (slots && v->slots)
        memcpy(slots, v->slots, 48 * sizeof *slots);
    else if (slots)
        memset(slots, 0, 48 * sizeof *slots);
    return MIZO_OK;
}

/* ---- writing ---- */

static int by_place(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->move < y->move ? -1 : x->move > y->move;
}

static mizo_err in_order(moves *m, size_t *n)
{
    MIZO_TRY(array_grow(&m->order, &m->order_cap, m->nmove, sizeof *m->order));
    *n = 0;
    for (size_t i = 0; i < m->nmove; i++) {
        const move *v = &m->move[i];
        uint64_t day = (uint32_t)v->day ^ 0x80000000u; /* rises as the days do */
        if (v->moved)
            m->order[(*n)++] = (place){ day << 32 | m->name[v->name].family, (uint32_t)i };
    }
    if (*n)
        qsort(m->order, *n, sizeof *m->order, by_place);
    return MIZO_OK;
}

enum { AT_ONCE = 16 }; /* rows of STMT_BALANCE_ADD_16: a third cheaper than one by one */

/* Differences that wait to be written together. */
typedef struct waiting {
    const move *move[AT_ONCE];
    size_t n;
} waiting;

static int bind_total(sqlite3_stmt *st, int at, const moves *m, const move *v)
{
    const name *n = &m->name[v->name];
    int rc = sqlite3_bind_int64(st, at, v->day);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_text(st, at + 1, n->account, -1, SQLITE_STATIC);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_text(st, at + 2, n->unit, -1, SQLITE_STATIC);
    return rc == SQLITE_OK ? sqlite3_bind_int64(st, at + 3, v->total) : rc;
}

/* A total that has become too large for its column is no fault of the medium. */
static mizo_err add_rows(sqlite_store *s, const moves *m, stmt id, const move *const *v, size_t n)
{
    query q = query_start(s, id, "");
    for (size_t i = 0; i < n && q.rc == SQLITE_OK; i++)
        q.rc = bind_total(q.st, (int)(4 * i + 1), m, v[i]);
    (void)query_next(&q);
    bool over = (q.rc & 0xff) == SQLITE_CONSTRAINT;
    mizo_err e = query_end(&q);
    return over ? MIZO_ERANGE : e;
}

static mizo_err add_waiting(sqlite_store *s, const moves *m, waiting *w)
{
    if (w->n == AT_ONCE) {
        w->n = 0;
        return add_rows(s, m, STMT_BALANCE_ADD_16, w->move, AT_ONCE);
    }
    for (size_t i = 0; i < w->n; i++)
        MIZO_TRY(add_rows(s, m, STMT_BALANCE_ADD, &w->move[i], 1));
    w->n = 0;
    return MIZO_OK;
}

static mizo_err write_slots(sqlite_store *s, moves *m, move *v, const name *n)
{
    uint8_t bytes[SLOTS_MAX];
    if (!v->whole) { /* most days are new: then no look is needed */
        size_t len = slots_encode(v->slots, bytes);
        MIZO_TRY(query_run(s, STMT_BALANCE_NEW, "ittib", (int64_t)v->day, n->account, n->unit, v->total,
                           bytes, len));
        if (sqlite3_changes(s->db))
            return MIZO_OK;
        MIZO_TRY(make_whole(s, m, v));
    }
    size_t len = v->slots ? slots_encode(v->slots, bytes) : 0;
    return query_run(s, STMT_BALANCE_SET, "ittib", (int64_t)v->day, n->account, n->unit, v->total,
                     len ? bytes : NULL, len);
}

mizo_err moves_write(sqlite_store *s)
{
    moves *m = s->moves;
    size_t n = 0;
    if (!m || !m->nmove)
        return MIZO_OK;
    if (planted("balance-apart")) {
        MIZO_TRY(query_run(s, STMT_COMMIT, ""));
        MIZO_TRY(query_run(s, STMT_BEGIN, ""));
    }
    MIZO_TRY(in_order(m, &n));
    waiting w = { .n = 0 };
    for (size_t i = 0; i < n; i++) {
        move *v = &m->move[m->order[i].move];
        if (v->whole || v->slots)
            MIZO_TRY(write_slots(s, m, v, &m->name[v->name]));
        else
            w.move[w.n++] = v;
        if (w.n == AT_ONCE)
            MIZO_TRY(add_waiting(s, m, &w));
    }
    MIZO_TRY(add_waiting(s, m, &w));
    moves_forget(m);
    return MIZO_OK;
}
