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

/* 平成35 is no year of its era: that of a result was mistyped. The year that it would be; 0: it is none at all. */
static int era_overrun(const char *s)
{
    char year[64];
    size_t at = 0;
    figure f;
    (void)snprintf(year, sizeof year, "%.40s年度", s);
    return !figure_next(year, strlen(year), &at, &f) && f.kind == FIGURE_YEAR ? f.year : 0;
}

static void say_era(town *t, const char *said, int fy)
{
    char ja[FIGURE_FY_TEXT], en[FIGURE_FY_TEXT];
    figure_fy_text(fy, "ja", ja);
    figure_fy_text(fy, "en", en);
    MIZO_DIAG(t->diags, CITY_ERA, MIZO_NOWHERE, said, en, ja);
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
    const int would_be = mizo_fy_parse(e->fy, strlen(e->fy), &fy) ? era_overrun(e->fy) : 0;
    if (would_be)
        say_era(t, e->fy, would_be);
    else if (!fy)
        MIZO_DIAG(t->diags, CITY_BAD_YEAR, MIZO_NOWHERE, e->fy);
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

/* Somebody wrote since the person looked: said with who and what, and nothing is written. */
static mizo_err not_overtaken(town *t, const city_entry *e, const note *n)
{
    note now;
    char version[24], holds[MIZO_NUM_TEXT];
    int64_t v = 0;
    mizo_err err = e->after < 0 ? MIZO_ENOENT : note_find(t, &note_result, n->id, &now);
    if (err)
        return err == MIZO_ENOENT ? MIZO_OK : err;
    if (now.version == e->after)
        return MIZO_OK;
    (void)snprintf(version, sizeof version, "%lld", (long long)now.version);
    if (mizo_decimal_parse(note_get(&now, "value_e6"), strlen(note_get(&now, "value_e6")), 0, &v))
        v = 0;
    mizo_decimal_text(v, 6, holds);
    MIZO_DIAG(t->diags, CITY_OVERTAKEN, MIZO_NOWHERE, n->id, version, now.actor, holds,
              note_get(&now, "unit"), note_get(&now, "source"));
    return MIZO_ECONFLICT;
}

mizo_err city_enter(town *t, const city_entry *e, note *out)
{
    const city_books b = { t->region, NULL, 0, MIZO_DAY_NONE };
    MIZO_TRY(read_entry(t, &b, e, out));
    MIZO_TRY(not_overtaken(t, e, out));
    MIZO_TRY(note_put(t, out, e->actor));
    return note_find(t, &note_result, out->id, out);
}
