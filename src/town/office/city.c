/* city.c: see city.h: results that people entered. */
#include "town/office/city.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/figure.h"
#include "mizo/messages/city.h"
#include "town/inventory/filed.h"
#include "town/office/entries.h"

const note_kind note_result = {
    "result",
    {{ "indicator", NOTE_WORD, true },
      { "fy", NOTE_LINE, true },
      { "value_e6", NOTE_LINE, true },
      { "unit", NOTE_LINE, false },
      { "exactness", NOTE_WORD, true },
      { "step_e6", NOTE_LINE, false },
      { "vintage", NOTE_WORD, true },
      { "on", NOTE_DAY, true },
      { "source", NOTE_LINE, true },
      { "note", NOTE_LINE, false }}
};

static const char *const vintages[MIZO_VINTAGES] = { "final", "provisional", "revised" };

static bool vintage_of(const char *word, mizo_vintage *out)
{
    for (int i = 0; i < MIZO_VINTAGES; i++)
        if (strcmp(word, vintages[i]) == 0) {
            *out = (mizo_vintage)i;
            return true;
        }
    return false;
}

/* ---- reading ---- */

static const char *kept(city_desk *d, const char *s)
{
    return arena_copy(d->mem, s, strlen(s));
}

static mizo_err on_result(void *arg, const note *n)
{
    city_desk *d = arg;
    const char *fy = note_get(n, "fy"), *value = note_get(n, "value_e6"), *step = note_get(n, "step_e6");
    mizo_published p = { .on = note_day(n, "on") };
    unit u;
    const char *word = note_get(n, "unit");
    if (mizo_fy_parse(fy, strlen(fy), &p.fy) || mizo_decimal_parse(value, strlen(value), 0, &p.value_e6) ||
        unit_parse(word, strlen(word), &u) || !vintage_of(note_get(n, "vintage"), &p.vintage) ||
        (*step && mizo_decimal_parse(step, strlen(step), 0, &p.step_e6)))
        return MIZO_OK; /* of another version of the program: left out, never guessed */
    p.item = kept(d, note_get(n, "indicator"));
    p.unit = kept(d, word);
    p.exactness = kept(d, note_get(n, "exactness"));
    p.source = kept(d, note_get(n, "source"));
    p.note = kept(d, note_get(n, "note"));
    if (!p.item || !p.unit || !p.exactness || !p.source || !p.note)
        return MIZO_ENOMEM;
    MIZO_TRY(array_grow(&d->entered, &d->cap, d->nentered + 1, sizeof *d->entered));
    MIZO_TRY(array_grow(&d->entered_by, &d->by_cap, d->nentered + 1, sizeof *d->entered_by));
    d->entered[d->nentered] = p;
    return city_author_keep(d, n, &d->entered_by[d->nentered++]);
}

mizo_err city_desk_open(town *t, mizo_day as_of, city_desk *d)
{
    *d = (city_desk){ .town = t, .mem = arena_new(0) };
    mizo_err e = !d->mem ? MIZO_ENOMEM : t->store ? note_scan(t, &note_result, on_result, d) : MIZO_OK;
    d->books = (city_books){ t->region, d->entered, d->nentered, as_of };
    if (!e && t->store)
        e = city_entries_lay(t, d);
    if (!e && t->store)
        e = inventory_lay(t, d->mem, &d->over);
    if (e)
        city_desk_close(d);
    return e;
}

void city_desk_close(city_desk *d)
{
    free(d->entered);
    free(d->entered_by);
    arena_free(d->mem);
    *d = (city_desk){ .town = NULL };
}

/* ---- who wrote what ---- */

mizo_err city_author_keep(city_desk *d, const note *n, city_author *out)
{
    *out = (city_author){ kept(d, n->id), kept(d, n->actor), n->version, n->batch, n->at };
    return out->id && out->actor ? MIZO_OK : MIZO_ENOMEM;
}

mizo_err city_authors_keep(city_desk *d, const void *rows, size_t size, const city_author *by, size_t n)
{
    city_author *own = arena_take(d->mem, n * sizeof *own);
    if (!own || d->nauthored == CITY_LAYERS)
        return MIZO_ENOMEM;
    memcpy(own, by, n * sizeof *own);
    d->authored[d->nauthored++] = (city_authored){ rows, size, n, own };
    return MIZO_OK;
}

const city_author *city_author_of(const city_desk *d, const void *row)
{
    const unsigned char *p = row;
    for (size_t i = 0; i < d->nentered; i++)
        if (row == (const void *)&d->entered[i])
            return &d->entered_by[i];
    for (size_t i = 0; i < d->nauthored; i++) {
        const city_authored *a = &d->authored[i];
        for (size_t k = 0; k < a->n; k++)
            if (p == a->rows + k * a->size)
                return &a->by[k];
    }
    return NULL;
}

/* ---- entering ---- */

/* A result is of a year that has begun, and was published by today: one to come would be shown by nothing until then. */
static void not_ahead(town *t, const char *id, int fy, const city_entry *e)
{
    char year[16], day[MIZO_DATE_TEXT], now[MIZO_DATE_TEXT];
    (void)snprintf(year, sizeof year, "%d", fy);
    mizo_day_text(e->today, now);
    if (mizo_fy_first(fy) > e->today)
        MIZO_DIAG(t->diags, CITY_YEAR_AHEAD, MIZO_NOWHERE, id, year);
    if (e->on == MIZO_DAY_NONE || e->on <= e->today)
        return;
    mizo_day_text(e->on, day);
    MIZO_DIAG(t->diags, CITY_ON_AHEAD, MIZO_NOWHERE, id, day, now);
}

static mizo_err read_entry(town *t, const city_books *b, const city_entry *e, note *n)
{
    const mizo_indicator *i = city_indicator(b, e->indicator, strlen(e->indicator));
    int fy = 0;
    int64_t value = 0, step = 0;
    bool about = false;
    mizo_vintage v = MIZO_VINTAGE_FINAL;
    char text[64];
    size_t before = mizo_diags_count(t->diags, MIZO_ERROR);
    if (!i) {
        MIZO_DIAG(t->diags, CITY_NO_INDICATOR, MIZO_NOWHERE, e->indicator);
        return MIZO_EINPUT;
    }
    const int would_be = mizo_fy_parse(e->fy, strlen(e->fy), &fy) ? note_era_overrun(e->fy) : 0;
    if (would_be)
        note_say_era(t, e->fy, would_be, MIZO_NOWHERE);
    else if (!fy)
        MIZO_DIAG(t->diags, CITY_BAD_YEAR, MIZO_NOWHERE, e->fy);
    else
        not_ahead(t, i->id, fy, e);
    if (!vintage_of(e->vintage, &v))
        MIZO_DIAG(t->diags, CITY_BAD_VINTAGE, MIZO_NOWHERE, e->vintage);
    if (!*e->source)
        MIZO_DIAG(t->diags, CITY_NO_SOURCE, MIZO_NOWHERE, i->id);
    if (city_micro_value(i, e->value, &value, &step, &about))
        MIZO_DIAG(t->diags, CITY_BAD_VALUE, MIZO_NOWHERE, e->value, i->unit);
    if (mizo_diags_count(t->diags, MIZO_ERROR) > before)
        return MIZO_EINPUT;
    if ((size_t)snprintf(text, sizeof text, "%s-%d-%s", i->id, fy, vintages[v]) >= MIZO_ID_MAX)
        return MIZO_ERANGE;
    note_begin(n, &note_result, text);
    note_set(n, "indicator", i->id);
    note_set(n, "unit", i->unit);
    note_set(n, "vintage", vintages[v]);
    note_set(n, "exactness", e->rounded || about ? "rounded" : "exact");
    note_set_day(n, "on", e->on);
    note_set(n, "source", e->source);
    note_set(n, "note", e->note);
    (void)snprintf(text, sizeof text, "%d", fy);
    note_set(n, "fy", text);
    (void)snprintf(text, sizeof text, "%lld", (long long)value);
    note_set(n, "value_e6", text);
    (void)snprintf(text, sizeof text, "%lld", (long long)step);
    note_set(n, "step_e6", e->rounded || about ? text : NULL);
    return MIZO_OK;
}

static int64_t value_of(const note *n)
{
    int64_t v = 0;
    const char *s = note_get(n, "value_e6");
    return mizo_decimal_parse(s, strlen(s), 0, &v) ? 0 : v;
}

/* Somebody wrote since the person looked: said with who and what, and nothing is written. */
static mizo_err not_overtaken(town *t, const city_entry *e, const note *n)
{
    note now;
    char version[24], holds[MIZO_NUM_TEXT];
    mizo_err err = e->after < 0 ? MIZO_ENOENT : note_find(t, &note_result, n->id, &now);
    if (err)
        return err == MIZO_ENOENT ? MIZO_OK : err;
    if (now.version == e->after)
        return MIZO_OK;
    (void)snprintf(version, sizeof version, "%lld", (long long)now.version);
    mizo_decimal_text(value_of(&now), 6, holds);
    MIZO_DIAG(t->diags, CITY_OVERTAKEN, MIZO_NOWHERE, n->id, version, now.actor, holds,
              note_get(&now, "unit"), note_get(&now, "source"));
    return MIZO_ECONFLICT;
}

/* ---- a figure that is far from its neighbours ---- */

enum { JUMP = 10, JUMP_YEARS = 10 };

static bool far_apart(int64_t a, int64_t b)
{
    const uint64_t x = a < 0 ? -(uint64_t)a : (uint64_t)a, y = b < 0 ? -(uint64_t)b : (uint64_t)b;
    return (a < 0) != (b < 0) || x / JUMP >= y || y / JUMP >= x;
}

/* The result of a year as it is printed, and in millionths of the unit. False: none, or nothing to measure by. */
static bool stands(const city_books *b, const mizo_indicator *i, int fy, buf *text, int64_t *value)
{
    city_value v;
    int64_t step;
    bool about;
    text->n = 0;
    if (city_value_of(b, i, fy, &v) || city_value_text(&v, "ja", text))
        return false;
    buf_char(text, '\0');
    return !text->err && !city_micro_value(i, text->p, value, &step, &about) && *value;
}

/* Ten times as much as the nearest year that is known, or below zero where that is above: said, and written all the
 * same. What is computed from others, such as a change against a base year, may leap. */
static mizo_err say_jump(town *t, const mizo_indicator *i, int fy, int64_t value, const char *said)
{
    city_desk d;
    buf text;
    int64_t is = 0;
    int y = fy;
    if (*i->formula || !value)
        return MIZO_OK;
    MIZO_TRY(city_desk_open(t, MIZO_DAY_NONE, &d));
    buf_init(&text, 1 << 10);
    /* fy, fy - 1, fy + 1, fy - 2 ... */
    for (int k = 0; k < 2 * JUMP_YEARS && !stands(&d.books, i, y, &text, &is); k++)
        y = k % 2 ? fy + (k + 1) / 2 : fy - k / 2 - 1;
    if (is && far_apart(value, is)) {
        char year[16], other[16];
        (void)snprintf(year, sizeof year, "%d", fy);
        (void)snprintf(other, sizeof other, "%d", y);
        MIZO_DIAG(t->diags, CITY_JUMP, MIZO_NOWHERE, i->id, year, said, text.p, other);
    }
    buf_fini(&text);
    city_desk_close(&d);
    return MIZO_OK;
}

/* The same figure of the same source, whoever sends it and on whatever day: it stands there already. */
static bool same_result(const note *a, const note *b)
{
    static const char *const field[] = { "value_e6", "exactness", "step_e6", "source", "note" };
    for (size_t k = 0; k < sizeof field / sizeof *field; k++)
        if (strcmp(note_get(a, field[k]), note_get(b, field[k])))
            return false;
    return true;
}

/* MIZO_OK: it is there, in out, and that was said. */
static mizo_err there_already(town *t, note *out)
{
    char version[24];
    note *was = calloc(1, sizeof *was);
    if (!was)
        return MIZO_ENOMEM;
    mizo_err e = note_find(t, &note_result, out->id, was);
    if (!e && !same_result(out, was))
        e = MIZO_ENOENT;
    if (!e) {
        *out = *was;
        (void)snprintf(version, sizeof version, "%lld", (long long)was->version);
        MIZO_DIAG(t->diags, CITY_SAME, MIZO_NOWHERE, out->id, version, was->actor);
    }
    free(was);
    return e;
}

mizo_err city_enter(town *t, const city_entry *e, note *out)
{
    const city_books b = { t->region, NULL, 0, MIZO_DAY_NONE };
    MIZO_TRY(read_entry(t, &b, e, out));
    MIZO_TRY(not_overtaken(t, e, out));
    const mizo_err there = there_already(t, out);
    if (there != MIZO_ENOENT)
        return there;
    const char *fy = note_get(out, "fy");
    int year;
    if (!mizo_fy_parse(fy, strlen(fy), &year))
        MIZO_TRY(say_jump(t, city_indicator(&b, e->indicator, strlen(e->indicator)), year, value_of(out),
                          e->value));
    MIZO_TRY(note_put(t, out, e->actor));
    return note_find(t, &note_result, out->id, out);
}
