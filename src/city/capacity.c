/* capacity.c: see capacity.h. */
#include "city/capacity.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "city/register.h"

enum { KEY_ROOM = 200, ALIKE_DAYS = 366 };

/* What rows are compared by: "" never matches. */
typedef struct key {
    char text[KEY_ROOM];
    size_t row;
} key;

/* ---- the rows ---- */

static mizo_err power_of(const mizo_register_row *row, int64_t *w)
{
    unit u, kw;
    exact x;
    MIZO_TRY(unit_parse(row->unit, strlen(row->unit), &u));
    MIZO_TRY(unit_parse("kW", 2, &kw));
    if (!unit_alike(&u, &kw) || row->amount_e6 < 0)
        return MIZO_EINPUT;
    MIZO_TRY(exact_ten(exact_whole(row->amount_e6), u.ten - 6, &x));
    return exact_round(x, MIZO_ROUND_HALF_UP, w);
}

static int by_register(const void *pa, const void *pb)
{
    const capacity_row *a = pa, *b = pb;
    if (a->reg != b->reg)
        return a->reg->line < b->reg->line ? -1 : 1;
    return (a->row->line > b->row->line) - (a->row->line < b->row->line);
}

static mizo_err take_rows(const mizo_region *r, capacity *c)
{
    for (size_t i = 0; i < r->nregister_row; i++) {
        const mizo_register_row *row = &r->register_row[i];
        const mizo_register *reg = &r->reg[row->reg];
        int64_t w;
        if (strcmp(reg->kind, "re-capacity") || !city_row_holds(row, c->on))
            continue;
        mizo_err e = power_of(row, &w);
        c->fault = e ? row : c->fault;
        MIZO_TRY(e);
        c->row[c->n++] = (capacity_row){ .row = row, .reg = reg, .w = w };
        c->listed_w += w;
    }
    qsort(c->row, c->n, sizeof *c->row, by_register);
    for (size_t i = 0; i < c->n; i++)
        c->row[i].of = c->row[i].maybe = i;
    return MIZO_OK;
}

/* ---- one plant ---- */

static size_t head_of(const capacity *c, size_t i)
{
    while (c->row[i].of != i)
        i = c->row[i].of;
    return i;
}

/* The earlier of the two heads stands for both: rows are in the order in which registers go before each other. */
static void join(capacity *c, size_t a, size_t b, bool by_rule)
{
    size_t x = head_of(c, a), y = head_of(c, b);
    if (x == y)
        return;
    size_t head = x < y ? x : y, other = x < y ? y : x;
    c->row[other].of = head;
    c->row[other].by_rule = by_rule;
}

static bool near(const capacity_row *a, const capacity_row *b)
{
    int64_t large = a->w > b->w ? a->w : b->w, small = a->w > b->w ? b->w : a->w;
    int64_t days = (int64_t)a->row->from - b->row->from;
    bool known = a->row->from != INT32_MIN && b->row->from != INT32_MIN;
    return large - small <= large / 10 && (!known || (days <= ALIKE_DAYS && days >= -ALIKE_DAYS));
}

/* Two rows with one name or one place. Of two that both name a thing the things decide; within one register two rows
 * are two plants. */
static void look_alike(capacity *c, size_t a, size_t b)
{
    const capacity_row *x = &c->row[a], *y = &c->row[b];
    if ((*x->row->thing && *y->row->thing) || x->reg == y->reg || head_of(c, a) == head_of(c, b))
        return;
    if (near(x, y))
        join(c, a, b, true);
    else if (c->row[b].maybe == b)
        c->row[b].maybe = a;
}

static int by_text(const void *pa, const void *pb)
{
    const key *a = pa, *b = pb;
    int d = strcmp(a->text, b->text);
    return d ? d : (a->row > b->row) - (a->row < b->row);
}

static void folded(const char *part, const char *text, char out[KEY_ROOM])
{
    size_t n = strlen(part) < 60 ? strlen(part) : 60;
    out[0] = '\0';
    if (!*text)
        return;
    memcpy(out, part, n);
    out[n++] = '/';
    if (!text_fold(text, strlen(text), out + n, KEY_ROOM - n))
        out[0] = '\0';
}

typedef enum key_by { BY_THING, BY_NAME, BY_PLACE } key_by;

static void key_of(const mizo_register_row *row, key_by by, char out[KEY_ROOM])
{
    if (by == BY_THING)
        folded("", row->thing, out);
    else
        folded(row->part, by == BY_PLACE ? row->place : *row->name_ja ? row->name_ja : row->name_en, out);
}

static void match_by(capacity *c, key_by by, key *k)
{
    for (size_t i = 0; i < c->n; i++) {
        k[i].row = i;
        key_of(c->row[i].row, by, k[i].text);
    }
    qsort(k, c->n, sizeof *k, by_text);
    for (size_t i = 0; i < c->n; i++)
        for (size_t n = i + 1; n < c->n && *k[i].text && strcmp(k[i].text, k[n].text) == 0; n++) {
            if (by != BY_THING) {
                look_alike(c, k[i].row, k[n].row);
                continue;
            }
            join(c, k[i].row, k[n].row, false);
            break; /* the next row goes on from there */
        }
}

static void count(capacity *c)
{
    for (size_t i = 0; i < c->n; i++) {
        capacity_row *x = &c->row[i];
        x->of = head_of(c, i);
        x->differs = x->w != c->row[x->of].w;
        c->plants += x->of == i;
        c->w += x->of == i ? x->w : 0;
        c->doubles += x->of != i;
        c->by_rule += x->of != i && x->by_rule;
        c->differ += x->differs;
    }
    for (size_t i = 0; i < c->n; i++) {
        capacity_row *x = &c->row[i];
        if (x->maybe != i && c->row[x->maybe].of == x->of)
            x->maybe = i; /* joined by something else since */
        c->questions += x->maybe != i;
    }
}

mizo_err capacity_make(const mizo_region *r, mizo_day on, capacity *out)
{
    *out = (capacity){ .on = on };
    out->row = calloc(r->nregister_row + 1, sizeof *out->row);
    mizo_err e = out->row ? take_rows(r, out) : MIZO_ENOMEM;
    key *k = e ? NULL : calloc(out->n + 1, sizeof *k);
    e = !e && !k ? MIZO_ENOMEM : e;
    if (!e && out->n == 0)
        e = MIZO_ENOENT;
    if (!e) {
        match_by(out, BY_THING, k);
        match_by(out, BY_NAME, k);
        match_by(out, BY_PLACE, k);
        count(out);
    }
    free(k);
    if (e) {
        const mizo_register_row *fault = out->fault;
        capacity_free(out);
        out->fault = fault;
    }
    return e;
}

void capacity_free(capacity *c)
{
    free(c->row);
    *c = (capacity){ .n = 0 };
}
