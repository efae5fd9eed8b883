/* filed.c: see filed.h. */
#include "town/inventory/filed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "town/office/office.h"

const note_kind note_emission = {
    "emission",
    {{ "inventory", NOTE_WORD, true },
      { "fy", NOTE_YEAR, true },
      { "vintage", NOTE_WORD, true },
      { "sector", NOTE_WORD, true },
      { "gas", NOTE_WORD, true },
      { "form", NOTE_WORD, true },
      { "t_co2", NOTE_NUMBER, true },
      { "rounded_to", NOTE_NUMBER, false },
      { "on", NOTE_DAY, true },
      { "source", NOTE_LINE, true },
      { "note", NOTE_LINE, false }}
};

static const char *const vintages[MIZO_VINTAGES] = { "final", "provisional", "revised" };

/* ---- emissions ---- */

typedef struct loading {
    arena *mem;
    mizo_emission *v;
    size_t n, cap;
} loading;

static const char *kept(arena *mem, const note *n, const char *field)
{
    const char *s = note_get(n, field);
    return arena_copy(mem, s, strlen(s));
}

static bool number_of(const note *n, const char *field, int64_t *out)
{
    const char *s = note_get(n, field);
    *out = 0;
    return !*s || mizo_decimal_parse(s, strlen(s), 6, out) == MIZO_OK;
}

static bool vintage_of(const note *n, mizo_vintage *out)
{
    for (int v = 0; v < MIZO_VINTAGES; v++)
        if (strcmp(note_get(n, "vintage"), vintages[v]) == 0) {
            *out = (mizo_vintage)v;
            return true;
        }
    return false;
}

static mizo_err read_emission(arena *mem, const note *n, mizo_emission *e)
{
    const char *fy = note_get(n, "fy");
    *e = (mizo_emission){ .on = note_day(n, "on"), .unit = "t-CO2" };
    if (mizo_fy_parse(fy, strlen(fy), &e->fy) || !number_of(n, "t_co2", &e->value_e6) ||
        !number_of(n, "rounded_to", &e->step_e6) || !vintage_of(n, &e->vintage))
        return MIZO_EINPUT;
    const struct {
        const char *field, **to;
    } text[] = {
        {"inventory", &e->inventory},
        { "sector",   &e->sector   },
        { "gas",      &e->gas      },
        { "form",     &e->form     },
        { "source",   &e->source   },
        { "note",     &e->note     }
    };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        if (!(*text[i].to = kept(mem, n, text[i].field)))
            return MIZO_ENOMEM;
    return MIZO_OK;
}

static mizo_err on_emission(void *arg, const note *n)
{
    loading *x = arg;
    mizo_emission e;
    mizo_err err = read_emission(x->mem, n, &e);
    if (err)
        return err == MIZO_EINPUT ? MIZO_OK : err; /* of another version of the program: never guessed */
    MIZO_TRY(array_grow(&x->v, &x->cap, x->n + 1, sizeof *x->v));
    x->v[x->n++] = e;
    return MIZO_OK;
}

/* The model's cells and then the records'. */
static mizo_err join(const loading *x, mizo_region *over)
{
    mizo_emission *all = arena_take(x->mem, (over->nemission + x->n) * sizeof *all);
    if (!all)
        return MIZO_ENOMEM;
    if (over->nemission)
        memcpy(all, over->emission, over->nemission * sizeof *all);
    memcpy(all + over->nemission, x->v, x->n * sizeof *all);
    over->emission = all;
    over->nemission += x->n;
    return MIZO_OK;
}

mizo_err inventory_lay(town *t, arena *mem, mizo_region *over)
{
    loading x = { .mem = mem };
    mizo_err e = note_scan(t, &note_emission, on_emission, &x);
    if (!e && x.n)
        e = join(&x, over);
    free(x.v);
    return e;
}

/* One record a cell, vintage and day: a later publication is another one, a correction of the same a version. */
static void id_of(const mizo_emission *e, char out[MIZO_ID_MAX])
{
    char key[400], hex[HASH_TEXT], day[MIZO_DATE_TEXT];
    mizo_day_text(e->on, day);
    int n = snprintf(key, sizeof key, "%s/%d/%s/%s/%s/%s/%s", e->inventory, e->fy, vintages[e->vintage],
                     e->sector, e->gas, e->form, day);
    hash_text(hash_bytes(key, (size_t)n < sizeof key ? (size_t)n : sizeof key - 1), hex);
    snprintf(out, MIZO_ID_MAX, "e-%d-%.16s", e->fy, hex);
}

static bool same_values(const note *a, const note *b)
{
    for (int i = 0; i < NOTE_FIELDS && a->kind->field[i].name; i++)
        if (strcmp(a->value[i], b->value[i]) != 0)
            return false;
    return true;
}

mizo_err inventory_put(town *t, const mizo_emission *e, bool *changed)
{
    char id[MIZO_ID_MAX], text[MIZO_NUM_TEXT];
    note *n = malloc(2 * sizeof *n), *was = n ? n + 1 : NULL;
    if (!n)
        return MIZO_ENOMEM;
    id_of(e, id);
    note_begin(n, &note_emission, id);
    snprintf(text, sizeof text, "%d", e->fy);
    note_set(n, "fy", text);
    note_set(n, "inventory", e->inventory);
    note_set(n, "vintage", vintages[e->vintage]);
    note_set(n, "sector", e->sector);
    note_set(n, "gas", e->gas);
    note_set(n, "form", e->form);
    mizo_decimal_text(e->value_e6, 6, text);
    note_set(n, "t_co2", text);
    mizo_decimal_text(e->step_e6, 6, text);
    note_set(n, "rounded_to", e->step_e6 ? text : NULL);
    note_set_day(n, "on", e->on);
    note_set(n, "source", e->source);
    note_set(n, "note", e->note);
    mizo_err err = note_find(t, &note_emission, id, was);
    *changed = err == MIZO_ENOENT || (!err && !same_values(n, was));
    err = err && err != MIZO_ENOENT ? err : *changed ? note_put_open(t, n) : MIZO_OK;
    free(n);
    return err;
}

/* ---- reports under the ordinance ---- */

typedef struct filing {
    arena *mem;
    inventory_reports *out;
    int fy;
} filing;

static mizo_err on_report(void *arg, const note *n)
{
    filing *x = arg;
    inventory_reports *o = x->out;
    const char *fy = note_get(n, "fy");
    city_filed f = { 0 };
    if (mizo_fy_parse(fy, strlen(fy), &f.fy) || f.fy != x->fy || !number_of(n, "amount", &f.amount_e6))
        return MIZO_OK;
    f.inventory = kept(x->mem, n, "inventory");
    f.line = kept(x->mem, n, "line");
    f.unit = kept(x->mem, n, "unit");
    f.source = kept(x->mem, n, "source");
    const char *id = arena_copy(x->mem, n->id, strlen(n->id));
    if (!f.inventory || !f.line || !f.unit || !f.source || !id)
        return MIZO_ENOMEM;
    MIZO_TRY(array_grow(&o->v, &o->cap, o->n + 1, sizeof *o->v));
    MIZO_TRY(array_grow(&o->id, &o->id_cap, o->n + 1, sizeof *o->id));
    o->v[o->n] = f;
    o->id[o->n++] = id;
    return MIZO_OK;
}

mizo_err inventory_filed(town *t, arena *mem, int fy, inventory_reports *out)
{
    filing x = { mem, out, fy };
    *out = (inventory_reports){ .n = 0 };
    return t->store ? note_scan(t, office_kind("ordinance-report"), on_report, &x) : MIZO_OK;
}
