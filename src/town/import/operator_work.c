/* operator_work.c: a file's values one by one: what is known already, what cannot be true, what goes in. */
#include "town/import/operator_work.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/operator.h"
#include "mizo/metering.h"

enum { LIKELY_TIMES = 300, PAST_DAYS = 60, LEAST_WH = 1000 };

/* ---- codes ---- */

static operator_meaning meaning_of(const char *word)
{
    for (int i = 0; operator_meaning_words[i]; i++)
        if (strcmp(operator_meaning_words[i], word) == 0)
            return (operator_meaning)i;
    return OPERATOR_MEANING_COUNT;
}

mizo_err import_operator_codes(import_run *im)
{
    const mizo_region *g = im->t->region;
    mizo_err e = MIZO_OK;
    if (im->code)
        return MIZO_OK;
    im->code = calloc(g->noperator_code + 1, sizeof *im->code);
    if (!im->code)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < g->noperator_code; i++) {
        const mizo_code *c = &g->operator_code[i];
        operator_meaning m = meaning_of(c->name);
        im->code[im->ncode++] = (operator_code){ .code = c->code, .meaning = m };
        if (m != OPERATOR_MEANING_COUNT)
            continue;
        MIZO_DIAG(im->t->diags, OPERATOR_BAD_MEANING, MIZO_AT("operator-codes.csv", c->line, 0), c->code,
                  c->name);
        e = MIZO_EINPUT;
    }
    return e;
}

/* ---- faults ---- */

void operator_bad(void *arg, mizo_msg id, int line, const char *p0, const char *p1, const char *where)
{
    work *w = arg;
    table_fault f;
    csv_field nowhere = { 0 };
    table_bad(&f, id, &nowhere, p0, p1, where);
    f.column = 0;
    import_bad(w->im, line, NULL, &f);
}

/* ---- what is known already ---- */

static mizo_err known_of(work *w, int32_t owner, mizo_day day, known_day **out)
{
    import_run *im = w->im;
    if ((size_t)owner >= w->known_n) {
        size_t n = im->nowner > (size_t)owner ? im->nowner : (size_t)owner + 1;
        known_day *p = realloc(w->known, n * sizeof *p);
        if (!p)
            return MIZO_ENOMEM;
        for (size_t i = w->known_n; i < n; i++)
            p[i] = (known_day){ .day = MIZO_DAY_NONE, .limit = -1 };
        w->known = p;
        w->known_n = n;
    }
    known_day *k = &w->known[owner];
    *out = k;
    if (k->day == day)
        return MIZO_OK;
    store *s = im->t->store;
    mizo_series_key key = store_key(im->owner[owner].id, MIZO_Q_IMPORT, MIZO_ROLE_READING);
    int32_t id, v[MIZO_DAY_SLOTS];
    mizo_err e = s->ops->series_id(s, &key, false, &id);
    memset(k->q, MIZO_QUALITY_ABSENT, sizeof k->q);
    if (!e)
        e = store_read_day(s, id, day, STORE_LATEST, v, k->q);
    k->day = day;
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

typedef struct highest {
    int32_t wh;
    int64_t values;
} highest;

static mizo_err look_day(void *arg, const store_day *d)
{
    highest *h = arg;
    int32_t v[MIZO_DAY_SLOTS];
    mizo_block b = { .n = MIZO_DAY_SLOTS, .v = v };
    if (mizo_block_unpack(d->packed, d->len, &b))
        return MIZO_ESTORE;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        h->values += v[i] != MIZO_MISSING;
        if (v[i] != MIZO_MISSING && v[i] > h->wh)
            h->wh = v[i];
    }
    return MIZO_OK;
}

/* Of a point without a rated power: 300 times the largest of the sixty days before, where a day's worth is known. */
static mizo_err limit_by_past(work *w, int32_t owner, mizo_day day, int32_t *limit)
{
    store *s = w->im->t->store;
    mizo_series_key key = store_key(w->im->owner[owner].id, MIZO_Q_IMPORT, MIZO_ROLE_READING);
    highest h = { 0 };
    int32_t id;
    *limit = 0;
    mizo_err e = s->ops->series_id(s, &key, false, &id);
    if (!e)
        e = s->ops->days_of(s, id, day - PAST_DAYS, day, STORE_LATEST, look_day, &h);
    if (e && e != MIZO_ENOENT)
        return e;
    int64_t most = (int64_t)(h.wh > LEAST_WH ? h.wh : LEAST_WH) * LIKELY_TIMES;
    if (h.values >= MIZO_DAY_SLOTS)
        *limit = most > INT32_MAX ? INT32_MAX : (int32_t)most;
    return MIZO_OK;
}

void operator_voltages(const work *w, char out[OPERATOR_VOLTAGES])
{
    const mizo_region *r = w->im->t->region;
    bool has[MIZO_VOLTAGES] = { 0 };
    size_t n = 0;
    for (size_t i = 0; i < w->known_n; i++) {
        mizo_ref p = w->known[i].day == MIZO_DAY_NONE ? -1 : mizo_region_point(r, w->im->owner[i].id);
        if (p >= 0)
            has[r->point[p].voltage] = true;
    }
    out[0] = 0;
    for (int v = 0; v < MIZO_VOLTAGES; v++)
        if (has[v])
            n += (size_t)snprintf(out + n, OPERATOR_VOLTAGES - n, "%s%s", n ? "+" : "",
                                  mizo_voltage_word((mizo_voltage)v));
}

/* ---- what cannot be true ---- */

static held_day *held_of(work *w, int32_t owner, mizo_day day)
{
    const char *id = w->im->owner[owner].id;
    for (size_t i = w->nheld; i-- > 0;)
        if (w->held[i].day == day && strcmp(w->held[i].point, id) == 0)
            return &w->held[i];
    if (array_grow(&w->held, &w->held_cap, w->nheld + 1, sizeof *w->held))
        return NULL;
    held_day *h = &w->held[w->nheld];
    held_id(id, day, h->id);
    mizo_err e = held_get(w->im->t, h->id, h);
    if (e == MIZO_ENOENT) {
        memset(h, 0, sizeof *h);
        held_id(id, day, h->id);
        snprintf(h->point, sizeof h->point, "%s", id);
        h->day = day;
        for (int i = 0; i < MIZO_DAY_SLOTS; i++)
            h->wh[i] = h->into[i] = MIZO_MISSING;
    } else if (e) {
        return NULL;
    }
    w->nheld++;
    return h;
}

/* True if the value may not go in: it waits, or a person has put another in its place. */
static mizo_err hold(work *w, int32_t owner, const operator_slot *s, uint8_t quality, bool *held)
{
    known_day *k;
    *held = w->im->let_in = false;
    MIZO_TRY(known_of(w, owner, s->day, &k));
    int32_t rated = mizo_step_limit(w->im->owner[owner].rated_w, 30);
    if (!rated && k->limit < 0)
        MIZO_TRY(limit_by_past(w, owner, s->day, &k->limit));
    int32_t limit = rated ? rated : k->limit;
    if (limit <= 0 || s->wh <= limit)
        return MIZO_OK;
    held_day *h = held_of(w, owner, s->day);
    if (!h)
        return MIZO_ENOMEM;
    *held = true;
    if (h->state != HELD_WAITING && h->wh[s->slot] == s->wh) { /* a person has decided on this very value */
        *held = h->state == HELD_REPLACED;
        w->im->let_in = !*held;
        return MIZO_OK;
    }
    if (h->state != HELD_WAITING) /* another value: it needs a word of its own */
        for (int i = 0; i < MIZO_DAY_SLOTS; i++)
            h->wh[i] = h->into[i] = MIZO_MISSING;
    h->state = HELD_WAITING;
    h->reason[0] = h->actor[0] = '\0';
    h->wh[s->slot] = s->wh;
    h->limit_wh = limit;
    h->quality = quality;
    snprintf(h->check, sizeof h->check, "%s", rated ? "rated-power" : "thousandfold");
    const char *slash = strrchr(w->member, '/');
    snprintf(h->file, sizeof h->file, "%.249s", slash ? slash + 1 : w->member);
    return MIZO_OK;
}

/* ---- one value ---- */

mizo_err operator_value(work *w, const char *owner_id, const operator_slot *s, int32_t wh, uint8_t quality)
{
    table_row *row = w->row;
    import_run *im = w->im;
    row->kind = TABLE_SERIES;
    row->line = s->line;
    row->issued = 0;
    row->owner = (table_text){ owner_id, strlen(owner_id), 0 };
    row->nmissing = wh == MIZO_MISSING;
    row->nvalue = wh != MIZO_MISSING;
    row->value[0] =
        (table_value){ .at = table_day_ms(s->day, im->t->region->offset) + (mizo_ms)s->slot * MIZO_SLOT_MS,
                       .v = wh,
                       .column = w->column,
                       .step_min = 30,
                       .quantity = MIZO_Q_IMPORT,
                       .quality = quality };
    im->r->rows += !im->looking && !w->rec;
    MIZO_TRY(import_row(im, w->rec, row));
    MIZO_TRY(import_look(im, 1));
    return stage_full(im->stage) ? import_spill(im) : MIZO_OK;
}

/* Provisional values never take the place of better ones; what cannot be true waits. */
mizo_err operator_put(work *w, int32_t owner, const operator_slot *s, uint8_t quality)
{
    known_day *k;
    bool held = false;
    if (s->wh != MIZO_MISSING && !w->im->looking) {
        MIZO_TRY(known_of(w, owner, s->day, &k));
        bool better = k->q[s->slot] == MIZO_QUALITY_MEASURED || k->q[s->slot] == MIZO_QUALITY_MANUAL;
        bool weak = quality == MIZO_QUALITY_PROVISIONAL || quality == MIZO_QUALITY_ESTIMATED;
        if (weak && better) {
            w->older++;
            return MIZO_OK;
        }
        MIZO_TRY(hold(w, owner, s, quality, &held));
    }
    mizo_err e = held ? MIZO_OK : operator_value(w, w->im->owner[owner].id, s, s->wh, quality);
    w->im->let_in = false;
    return e;
}

/* ---- beginning and end ---- */

mizo_err operator_work_end(work *w)
{
    for (size_t i = 0; i < w->nheld; i++) {
        const held_day *h = &w->held[i];
        char day[MIZO_DATE_TEXT], slots[16], most[24], limit[24];
        int n = 0;
        int32_t top = 0;
        for (int t = 0; t < MIZO_DAY_SLOTS; t++) {
            n += h->wh[t] != MIZO_MISSING;
            top = h->wh[t] > top ? h->wh[t] : top;
        }
        if (h->state != HELD_WAITING)
            continue;
        mizo_day_text(h->day, day);
        snprintf(slots, sizeof slots, "%d", n);
        snprintf(most, sizeof most, "%" PRId32, top);
        snprintf(limit, sizeof limit, "%" PRId32, h->limit_wh);
        mizo_diag_add(w->im->t->diags, MIZO_MSG_OPERATOR_HELD, MIZO_AT(w->member, 0, 0), h->point, day, slots,
                      h->check, most, limit, (const char *)NULL);
    }
    if (w->older) {
        char n[24];
        snprintf(n, sizeof n, "%" PRId64, w->older);
        MIZO_DIAG(w->im->t->diags, OPERATOR_OLDER, MIZO_AT(w->member, 0, 0), n);
    }
    for (size_t i = 0; i < w->nheld; i++)
        MIZO_TRY(import_keep_held(w->im, &w->held[i]));
    return MIZO_OK;
}

void operator_work_free(work *w)
{
    if (!w)
        return;
    free(w->row);
    free(w->known);
    free(w->unknown);
    free(w->month);
    free(w->held);
    free(w);
}

work *operator_work_new(import_run *im, const char *name)
{
    work *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->im = im;
    w->member = name;
    w->row = calloc(1, sizeof *w->row);
    if (w->row)
        return w;
    operator_work_free(w);
    return NULL;
}
