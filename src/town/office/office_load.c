/* office_load.c: rows of the office in from a CSV: all or none, every mistake with its place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/table.h"
#include "base/text.h"
#include "city/yearly.h"
#include "mizo/messages/yearly.h"
#include "town/office/entries.h"
#include "town/office/lists.h"
#include "town/office/office_inner.h"
#include "town/office/owner_report.h"

static bool same_values(const note *a, const note *b)
{
    for (int i = 0; i < NOTE_FIELDS && a->kind->field[i].name; i++)
        if (strcmp(a->value[i], b->value[i]) != 0)
            return false;
    return true;
}

/* Into the open batch, unless it says what is there already. */
static mizo_err write(town *t, note *n, note *was, office_count *out)
{
    mizo_err e = note_find(t, n->kind, n->id, was);
    if (e && e != MIZO_ENOENT)
        return e;
    if (!e && same_values(n, was)) {
        out->same++;
        return MIZO_OK;
    }
    MIZO_TRY(note_put_open(t, n));
    *(e ? &out->added : &out->changed) += 1;
    return MIZO_OK;
}

typedef struct loading {
    town *t;
    const note_kind *k;
    const char *file;
    int at[NOTE_FIELDS], id; /* columns */
    note now, was;
    const actor *who;
    yearly_names *names;
    office_count *out;
    struct {
        char id[MIZO_ID_MAX];
        int line;
    } * seen; /* [nseen] */
    size_t nseen, seen_cap;
} loading;

/* A column is called by its field's name, or by its word in either language, as a list that was given out has it. */
static bool is_column(const char *folded, const char *field)
{
    char word[NOTE_ACTOR];
    bool is = strcmp(folded, field) == 0;
    for (int ja = 0; ja < 2 && !is; ja++) {
        const char *s = list_word(field, ja ? "ja" : "en");
        text_fold(s, strlen(s), word, sizeof word);
        is = strcmp(folded, word) == 0;
    }
    return is;
}

static mizo_err header(void *arg, const csv_record *rec, const table_words *w)
{
    loading *x = arg;
    mizo_err e = MIZO_OK;
    x->id = -1;
    for (int i = 0; i < NOTE_FIELDS; i++)
        x->at[i] = -1;
    for (int c = 0; c < w->n; c++) {
        bool known = strcmp(w->w[c], "id") == 0 || !*w->w[c] || strncmp(w->w[c], "x-", 2) == 0;
        x->id = strcmp(w->w[c], "id") == 0 ? c : x->id;
        for (int i = 0; i < NOTE_FIELDS && x->k->field[i].name; i++)
            if (x->at[i] < 0 && is_column(w->w[c], x->k->field[i].name)) {
                x->at[i] = c;
                known = true;
            }
        if (known)
            continue;
        MIZO_DIAG(x->t->diags, OFFICE_COLUMN, MIZO_AT(x->file, rec->line, rec->field[c].column), w->w[c],
                  x->k->name);
        e = MIZO_EINPUT;
    }
    if (x->id < 0) {
        MIZO_DIAG(x->t->diags, OFFICE_COLUMN, MIZO_AT(x->file, rec->line, 0), "id", x->k->name);
        e = MIZO_EINPUT;
    }
    return e;
}

/* The line of the file on which an id stands already; 0: it is new, and kept. */
static mizo_err first_line(loading *x, const char *id, int line, int *first)
{
    *first = 0;
    for (size_t i = 0; i < x->nseen && !*first; i++)
        if (strcmp(x->seen[i].id, id) == 0)
            *first = x->seen[i].line;
    if (*first)
        return MIZO_OK;
    MIZO_TRY(array_grow(&x->seen, &x->seen_cap, x->nseen + 1, sizeof *x->seen));
    snprintf(x->seen[x->nseen].id, sizeof x->seen->id, "%s", id);
    x->seen[x->nseen++].line = line;
    return MIZO_OK;
}

/* The id of a record. One that is too long is no id: cut, it would be another's. False: the line has none. */
static bool id_of(const loading *x, const csv_record *rec, char out[MIZO_ID_MAX])
{
    char id[MIZO_ID_MAX + 1];
    table_cell(rec, x->id, id, sizeof id);
    size_t n = strlen(id);
    memcpy(out, n < MIZO_ID_MAX ? id : "?", n < MIZO_ID_MAX ? n + 1 : 2);
    return n > 0;
}

/* The facility by its id or by any name that the model knows. False: said, at its column. */
static bool facility_named(loading *x, mizo_place at)
{
    const mizo_region *r = x->t->region;
    const char *name = note_get(&x->now, "facility");
    mizo_ref f = *name ? yearly_names_find(x->names, r, name, "") : -1;
    const char *near = f == -1 && *name ? yearly_names_near(x->names, r, name) : NULL;
    if (f >= 0)
        note_set(&x->now, "facility", r->facility[f].id);
    else if (f == -2)
        MIZO_DIAG(x->t->diags, YEARLY_FACILITY_MANY, at, x->now.id, name);
    else if (near)
        MIZO_DIAG(x->t->diags, YEARLY_FACILITY_NEAR, at, x->now.id, name, near);
    else if (*name)
        MIZO_DIAG(x->t->diags, YEARLY_FACILITY, at, x->now.id, name);
    return f >= 0 || !*name;
}

/* The record as a note; the row that is there gives what the file has no column for. Where the fields stand: column[]. */
static void fill(loading *x, const csv_record *rec, bool there, int column[NOTE_FIELDS], int *facility)
{
    char value[NOTE_TEXT + 1];
    *facility = 0;
    for (int i = 0; i < NOTE_FIELDS && x->k->field[i].name; i++) {
        bool has = x->at[i] >= 0 && x->at[i] < rec->nfield;
        column[i] = has ? rec->field[x->at[i]].column : 0;
        if (has)
            table_cell(rec, x->at[i], value, sizeof value);
        else
            snprintf(value, sizeof value, "%s", there ? x->was.value[i] : "");
        note_set(&x->now, x->k->field[i].name, value);
        if (strcmp(x->k->field[i].name, "facility") == 0)
            *facility = column[i];
    }
    city_entry_fill(&x->now);
}

/* All that is wrong in the row, each with its place; what a person may not write counts too. */
static bool right(loading *x, const csv_record *rec, bool there)
{
    int column[NOTE_FIELDS], facility;
    fill(x, rec, there, column, &facility);
    mizo_place at = MIZO_AT(x->file, rec->line, 0);
    bool named = facility_named(x, MIZO_AT(x->file, rec->line, facility));
    mizo_err cells = note_check(x->t, &x->now, at, column, named ? NULL : "facility");
    if (!named)
        return false;
    mizo_err whole = office_row_check(x->t, &x->now, at);
    mizo_err mine = office_row_reach(x->t, x->who, there ? &x->was : NULL, &x->now, at);
    return !cells && !whole && !mine;
}

static mizo_err row(void *arg, const csv_record *rec)
{
    loading *x = arg;
    char id[MIZO_ID_MAX];
    int first;
    if (!id_of(x, rec, id))
        return MIZO_OK;
    MIZO_TRY(first_line(x, id, rec->line, &first));
    if (first) {
        char line[16];
        snprintf(line, sizeof line, "%d", first);
        MIZO_DIAG(x->t->diags, OFFICE_ROW_TWICE, MIZO_AT(x->file, rec->line, 0), id, line);
        x->out->bad++;
        return MIZO_OK;
    }
    note_begin(&x->now, x->k, id);
    mizo_err e = note_find(x->t, x->k, id, &x->was);
    if (e && e != MIZO_ENOENT)
        return e;
    x->out->rows++;
    if (!right(x, rec, !e)) {
        x->out->bad++;
        return MIZO_OK;
    }
    return write(x->t, &x->now, &x->was, x->out);
}

static void bad_row(void *arg, const csv_record *rec, const char *what)
{
    loading *x = arg;
    MIZO_DIAG(x->t->diags, OFFICE_CSV, MIZO_AT(x->file, rec->line, 0), what);
    x->out->bad++;
}

mizo_err office_load_open(town *t, const note_kind *k, const char *file, const char *bytes, size_t n,
                          const actor *who, office_count *out)
{
    *out = (office_count){ 0 };
    loading *x = calloc(1, sizeof *x);
    if (!x)
        return MIZO_ENOMEM;
    *x = (loading){ .t = t, .k = k, .file = file, .who = who, .out = out };
    mizo_err e = owner_report_names(t->region, &x->names);
    if (!e)
        e = table_rows(bytes, n, &(table_sink){ header, row, bad_row }, x);
    yearly_names_free(x->names);
    free(x->seen);
    free(x);
    return e ? e : out->bad ? MIZO_EINPUT : MIZO_OK;
}

mizo_err office_load(town *t, const note_kind *k, const char *file, const char *bytes, size_t n,
                     const actor *who, office_count *out)
{
    store_batch b = { .known = town_now(t), .actor = who->name, .source = file, .note = k->name };
    *out = (office_count){ 0 };
    MIZO_TRY(t->store->ops->batch_begin(t->store, &b));
    mizo_err e = office_load_open(t, k, file, bytes, n, who, out);
    if (!e && out->added + out->changed)
        return t->store->ops->batch_commit(t->store);
    t->store->ops->batch_rollback(t->store);
    return e;
}
