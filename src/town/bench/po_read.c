/* po_read.c: the decoder of ieee_po's instances: bytes in, a checked instance or one diagnosed mistake out. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/import.h"
#include "mizo/number.h"
#include "town/bench/po.h"

enum {
    MOST = 20000 /* of each kind */,
    BUILDINGS_MOST = 1000,
    ROOMS_MOST = 1000,
    STEPS_MOST = 96,
    LEVELS_MOST = 10000,
    WORD = 40
};
#define STEP_HOURS 0.25

typedef struct reader {
    const char *at, *end; /* what is left of the line */
    const char *rest, *last;
    int line;
    const char *file;
    mizo_diags *d;
} reader;

static mizo_err bad(const reader *r, const char *wanted, const char *got, size_t n)
{
    char word[WORD];
    for (; n && (*got == ' ' || *got == '\t'); n--)
        got++;
    snprintf(word, sizeof word, "%.*s", n > WORD - 1 ? WORD - 1 : (int)n, got);
    for (char *c = word; *c; c++)
        if ((unsigned char)*c < ' ' || (unsigned char)*c > '~')
            *c = '?';
    MIZO_DIAG(r->d, PO_INSTANCE, MIZO_AT(r->file, r->line, 0), wanted, word);
    return MIZO_EINPUT;
}

/* The next line that is not blank; false: the end. */
static bool next_line(reader *r)
{
    while (r->rest < r->last) {
        const char *stop = memchr(r->rest, '\n', (size_t)(r->last - r->rest));
        r->at = r->rest;
        r->end = stop ? stop : r->last;
        r->rest = stop ? stop + 1 : r->last;
        r->line++;
        while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\r'))
            r->at++;
        if (r->at < r->end)
            return true;
    }
    r->at = r->end = r->last;
    return false;
}

static bool gap(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static size_t word(reader *r, const char **at)
{
    while (r->at < r->end && gap(*r->at))
        r->at++;
    *at = r->at;
    while (r->at < r->end && !gap(*r->at))
        r->at++;
    return (size_t)(r->at - *at);
}

/* A whole number of [least, most]. */
static mizo_err whole(reader *r, int least, int most, const char *wanted, int *out)
{
    const char *at;
    size_t n = word(r, &at);
    int64_t v = 0;
    if (n == 0 || n > 9)
        return bad(r, wanted, at, n);
    for (size_t i = 0; i < n; i++) {
        if (at[i] < '0' || at[i] > '9')
            return bad(r, wanted, at, n);
        v = v * 10 + (at[i] - '0');
    }
    if (v < least || v > most)
        return bad(r, wanted, at, n);
    *out = (int)v;
    return MIZO_OK;
}

/* A decimal of (0, most], or 0 as well. */
static mizo_err decimal(reader *r, bool zero, double most, const char *wanted, double *out)
{
    const char *at;
    size_t n = word(r, &at);
    int64_t v;
    if (!n || mizo_decimal_parse(at, n, 6, &v) || v < !zero || (double)v * 1e-6 > most)
        return bad(r, wanted, at, n);
    *out = (double)v * 1e-6;
    return MIZO_OK;
}

static mizo_err done(reader *r)
{
    const char *at;
    size_t n = word(r, &at);
    return n ? bad(r, "the end of the line", at, n) : MIZO_OK;
}

/* The line's kind of record. */
static mizo_err opens(reader *r, const char *kind, const char *wanted)
{
    const char *at = r->at;
    size_t n = next_line(r) ? word(r, &at) : 0;
    if (n != strlen(kind) || memcmp(at, kind, n) != 0)
        return bad(r, wanted, n ? at : "", n);
    return MIZO_OK;
}

static mizo_err head(reader *r, po_instance *p)
{
    MIZO_TRY(opens(r, "ppoi", "the first line: ppoi and five counts"));
    MIZO_TRY(whole(r, 1, BUILDINGS_MOST, "the number of buildings, 1 to 1000", &p->nbuilding));
    MIZO_TRY(whole(r, 0, MOST, "the number of solar panels, 0 to 20000", &p->nsolar));
    MIZO_TRY(whole(r, 0, MOST, "the number of batteries, 0 to 20000", &p->nbattery));
    MIZO_TRY(whole(r, 0, MOST, "the number of recurring activities, 0 to 20000", &p->nrecurring));
    MIZO_TRY(whole(r, 0, MOST, "the number of once-off activities, 0 to 20000", &p->nonce));
    return done(r);
}

/* Room for so many records, as many as the text could hold at most: a count alone makes no memory. */
static mizo_err rooms_for(const reader *r, po_instance *p)
{
    size_t left = (size_t)(r->last - r->rest);
    int all = p->nbuilding + p->nsolar + p->nbattery + p->nrecurring + p->nonce;
    if ((size_t)all > left / 4)
        return bad(r, "as many lines below as the first line counts", "", 0);
    p->building = calloc((size_t)p->nbuilding + 1, sizeof *p->building);
    p->rooms = calloc((size_t)p->nbuilding + 1, sizeof *p->rooms);
    p->battery = calloc((size_t)p->nbattery + 1, sizeof *p->battery);
    p->recurring = calloc((size_t)p->nrecurring + 1, sizeof *p->recurring);
    p->once = calloc((size_t)p->nonce + 1, sizeof *p->once);
    return p->building && p->rooms && p->battery && p->recurring && p->once ? MIZO_OK : MIZO_ENOMEM;
}

static bool known(const po_instance *p, int id, int n)
{
    for (int b = 0; b < n; b++)
        if (p->building[b] == id)
            return true;
    return false;
}

static mizo_err building(reader *r, po_instance *p, int i)
{
    MIZO_TRY(opens(r, "b", "a building: b id smallRooms largeRooms"));
    const char *at = r->at;
    MIZO_TRY(whole(r, 0, MOST, "the building's id", &p->building[i]));
    if (known(p, p->building[i], i))
        return bad(r, "an id that no building above has", at, (size_t)(r->at - at));
    MIZO_TRY(whole(r, 0, ROOMS_MOST, "its small rooms, 0 to 1000", &p->rooms[i][0]));
    MIZO_TRY(whole(r, 0, ROOMS_MOST, "its large rooms, 0 to 1000", &p->rooms[i][1]));
    return done(r);
}

static mizo_err where(reader *r, const po_instance *p)
{
    int id;
    const char *at = r->at;
    MIZO_TRY(whole(r, 0, MOST, "the id of a building", &id));
    return known(p, id, p->nbuilding) ? MIZO_OK
                                      : bad(r, "the id of a building above", at, (size_t)(r->at - at));
}

/* Ids count up from 0: others are named by them. */
static mizo_err number(reader *r, int i)
{
    char wanted[WORD];
    snprintf(wanted, sizeof wanted, "the id %d", i);
    int id;
    return whole(r, i, i, wanted, &id);
}

static mizo_err panel(reader *r, const po_instance *p, int i)
{
    MIZO_TRY(opens(r, "s", "a solar panel: s id building"));
    MIZO_TRY(number(r, i));
    MIZO_TRY(where(r, p));
    return done(r);
}

/* Stored energy goes by power x time; the loss is shared by the two ways: power / sqrt(eff) at the grid when it
 * charges, power x sqrt(eff) when it discharges. */
static mizo_err battery(reader *r, po_instance *p, int i)
{
    double kwh, kw, eff;
    MIZO_TRY(opens(r, "c", "a battery: c id building capacityKWh maxKW efficiency"));
    MIZO_TRY(number(r, i));
    MIZO_TRY(where(r, p));
    MIZO_TRY(decimal(r, true, 1e6, "its capacity in kWh", &kwh));
    MIZO_TRY(decimal(r, false, 1e6, "its power in kW, above 0", &kw));
    MIZO_TRY(decimal(r, false, 1, "its efficiency, above 0 and at most 1", &eff));
    double levels = floor(kwh / (kw * STEP_HOURS) + 1e-9);
    if (levels > LEVELS_MOST)
        return bad(r, "a battery of at most 10000 quarter hours of its power", "", 0);
    p->battery[i] = (activity_battery){ (int)levels, kw / sqrt(eff), kw * sqrt(eff) };
    return done(r);
}

static mizo_err before(reader *r, activity *a, int i, int n)
{
    MIZO_TRY(whole(r, 0, n - 1, "how many activities it builds on, and then their ids", &a->nbefore));
    if ((size_t)a->nbefore > (size_t)(r->end - r->at))
        return bad(r, "as many ids as the line says", "", 0);
    int *list = calloc((size_t)a->nbefore + 1, sizeof *list);
    a->before = list;
    if (!list)
        return MIZO_ENOMEM;
    for (int j = 0; j < a->nbefore; j++) {
        const char *at = r->at;
        MIZO_TRY(whole(r, 0, n - 1, "the id of an activity that it builds on", &list[j]));
        if (list[j] == i)
            return bad(r, "the id of another activity", at, (size_t)(r->at - at));
    }
    return done(r);
}

static mizo_err doing(reader *r, activity *a, int i, int n, bool once)
{
    const char *at;
    double kw;
    MIZO_TRY(number(r, i));
    MIZO_TRY(whole(r, 1, ROOMS_MOST, "the rooms it takes, 1 to 1000", &a->rooms));
    size_t len = word(r, &at);
    if (len != 1 || (*at != 'S' && *at != 'L'))
        return bad(r, "the size of its rooms, S or L", at, len);
    a->size = *at == 'L';
    MIZO_TRY(decimal(r, true, 1e5, "its power in kW a room", &kw));
    a->kw = kw * a->rooms;
    MIZO_TRY(whole(r, 1, STEPS_MOST, "how many quarter hours it takes, 1 to 96", &a->steps));
    if (once) {
        MIZO_TRY(decimal(r, true, 1e6, "its value", &a->value));
        MIZO_TRY(decimal(r, true, 1e6, "its penalty outside hours", &a->penalty));
    }
    return before(r, a, i, n);
}

/* Nothing may build on itself by way of others. seen: 0 not yet, 1 on the way, 2 done. */
static bool ring(const activity *list, int i, int *stack, int *next, char *seen)
{
    int top = 0;
    stack[0] = i;
    seen[i] = 1;
    while (top >= 0) {
        int a = stack[top];
        if (next[a] == list[a].nbefore) {
            seen[a] = 2;
            top--;
            continue;
        }
        int b = list[a].before[next[a]++];
        if (seen[b] == 1)
            return true;
        if (!seen[b]) {
            seen[b] = 1;
            stack[++top] = b;
        }
    }
    return false;
}

static mizo_err no_ring(const reader *r, const activity *list, int n, const char *wanted)
{
    int *stack = calloc((size_t)n + 1, sizeof *stack), *next = calloc((size_t)n + 1, sizeof *next);
    char *seen = calloc((size_t)n + 1, 1);
    bool good = true;
    for (int i = 0; stack && next && seen && i < n && good; i++)
        good = seen[i] || !ring(list, i, stack, next, seen);
    mizo_err e = !stack || !next || !seen ? MIZO_ENOMEM : good ? MIZO_OK : bad(r, wanted, "", 0);
    free(stack);
    free(next);
    free(seen);
    return e;
}

static mizo_err body(reader *r, po_instance *p)
{
    for (int i = 0; i < p->nbuilding; i++)
        MIZO_TRY(building(r, p, i));
    for (int i = 0; i < p->nsolar; i++)
        MIZO_TRY(panel(r, p, i));
    for (int i = 0; i < p->nbattery; i++)
        MIZO_TRY(battery(r, p, i));
    for (int i = 0; i < p->nrecurring; i++) {
        MIZO_TRY(opens(r, "r", "a recurring activity: r id rooms S|L kW steps nPrec prec.."));
        MIZO_TRY(doing(r, &p->recurring[i], i, p->nrecurring, false));
    }
    for (int i = 0; i < p->nonce; i++) {
        MIZO_TRY(opens(r, "a", "a once-off activity: a id rooms S|L kW steps value penalty nPrec prec.."));
        MIZO_TRY(doing(r, &p->once[i], i, p->nonce, true));
    }
    if (next_line(r))
        return bad(r, "the end of the file", r->at, (size_t)(r->end - r->at));
    MIZO_TRY(no_ring(r, p->recurring, p->nrecurring, "recurring activities that do not build on each other"));
    return no_ring(r, p->once, p->nonce, "once-off activities that do not build on each other in a ring");
}

mizo_err po_read(const char *text, size_t n, const char *file, mizo_diags *d, po_instance *out)
{
    reader r = { .rest = text, .last = text + n, .at = text, .end = text, .file = file, .d = d };
    memset(out, 0, sizeof *out);
    mizo_err e = head(&r, out);
    if (e) {
        memset(out, 0, sizeof *out);
        return e;
    }
    e = rooms_for(&r, out);
    if (!e)
        e = body(&r, out);
    if (e)
        po_free(out);
    return e;
}

void po_free(po_instance *p)
{
    for (int i = 0; p->recurring && i < p->nrecurring; i++)
        free((void *)p->recurring[i].before);
    for (int i = 0; p->once && i < p->nonce; i++)
        free((void *)p->once[i].before);
    free(p->building);
    free(p->rooms);
    free(p->battery);
    free(p->recurring);
    free(p->once);
    memset(p, 0, sizeof *p);
}
