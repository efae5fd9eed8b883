/* yearly.c: the rows of a yearly table: facilities, values, totals. */
#include "city/yearly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "city/yearly_inner.h"

enum { NEAR_MOST = 20, CELL = SHEET_ADDRESS };

void yearly_say(const yearly_reading *x, mizo_msg id, int row, int column, const char *p0, const char *p1)
{
    x->sink->said(x->sink->arg, id, row, column, p0, p1);
}

/* ---- one cell ---- */

mizo_err yearly_value_of(const yearly_reading *x, int row, int column, int ten, bool total, int64_t *out,
                         bool *textual)
{
    const sheet_cell *c = sheet_at(x->s, row, column), *over = sheet_shown(x->s, row, column);
    char text[YEARLY_TEXT], word[YEARLY_TEXT], to[CELL];
    *textual = false;
    if (over && over->kind != SHEET_BLANK && !total && (over->rows > 1 || over->columns > 1)) {
        sheet_address(NULL, over->row + over->rows - 1, over->column + over->columns - 1, to);
        yearly_say(x, MIZO_MSG_YEARLY_MERGED, row, column, to, NULL);
        return MIZO_EINPUT;
    }
    if (!c || (c->kind == SHEET_BLANK && (total || !c->formula)))
        return MIZO_ENOENT;
    if (c->kind == SHEET_BLANK || c->kind == SHEET_ERROR || c->kind == SHEET_DATE) {
        if (c->kind == SHEET_DATE && c->day != MIZO_DAY_NONE)
            mizo_day_text(c->day, word);
        yearly_say(x, c->kind == SHEET_DATE ? MIZO_MSG_YEARLY_DATE : MIZO_MSG_YEARLY_FORMULA, row, column,
                   c->kind == SHEET_BLANK                             ? "–"
                   : c->kind == SHEET_DATE && c->day != MIZO_DAY_NONE ? word
                                                                      : c->text,
                   NULL);
        return MIZO_EINPUT;
    }
    yearly_clean(c->text, text);
    text_fold(text, strlen(text), word, sizeof word);
    if (yearly_missing_word(word))
        return MIZO_ENOENT;
    mizo_err e = table_number(text, strlen(text), ten, out);
    *textual = c->kind == SHEET_TEXT && c->text_number;
    if (e == MIZO_OK && *out >= 0 && *out <= INT64_MAX / 1000)
        return MIZO_OK;
    if (e == MIZO_ENOENT)
        return e;
    yearly_say(x,
               e == MIZO_EINPUT           ? MIZO_MSG_YEARLY_VALUE
               : e == MIZO_OK && *out < 0 ? MIZO_MSG_YEARLY_NEGATIVE
                                          : MIZO_MSG_YEARLY_RANGE,
               row, column, text, NULL);
    return MIZO_EINPUT;
}

/* ---- one row of a block ---- */

static mizo_err row_energy(yearly_reading *x, int row, const yearly_block *b, const yearly_energy **energy,
                           int *ten)
{
    char word[YEARLY_TEXT];
    const char *unit = b->unit;
    *energy = b->energy;
    *ten = b->ten;
    if (x->l.energy && yearly_folded(x->s, row, x->l.energy, word)) {
        const yearly_energy *e = yearly_energy_in(word);
        if (!e && !b->energy) {
            yearly_say(x, MIZO_MSG_YEARLY_ENERGY_NONE, row, x->l.energy, word, NULL);
            return MIZO_EINPUT;
        }
        *energy = e ? e : b->energy;
    }
    if (x->l.unit && yearly_folded(x->s, row, x->l.unit, word) && !yearly_unit(word, &unit, ten))
        unit = word;
    if (!*energy && unit && strcmp(unit, "kWh") == 0)
        *energy = yearly_energy_of("electricity");
    if (!unit || !*energy) {
        yearly_say(x, unit ? MIZO_MSG_YEARLY_ENERGY_NONE : MIZO_MSG_YEARLY_UNIT_NONE, row,
                   x->l.unit ? x->l.unit : b->first, unit, NULL);
        return MIZO_EINPUT;
    }
    const yearly_energy *counted = yearly_energy_in_unit(*energy, unit);
    if (counted) {
        *energy = counted;
        return MIZO_OK;
    }
    yearly_say(x, MIZO_MSG_YEARLY_UNIT_BAD, row, x->l.unit ? x->l.unit : b->first, unit, (*energy)->ja);
    return MIZO_EINPUT;
}

/* A month that has not begun has no value: then the columns have moved, or the year is wrong. */
static mizo_err check_ahead(const yearly_reading *x, const yearly_value *v, int m)
{
    char month[24];
    int year = m < 9 ? v->fy : v->fy + 1, month_no = (m + 3) % 12 + 1;
    if (v->milli[m] == YEARLY_MISSING || v->milli[m] == 0 ||
        mizo_date_day((mizo_date){ year, month_no, 1 }) <= x->ask->today)
        return MIZO_OK;
    snprintf(month, sizeof month, "%d-%02d", year, month_no);
    yearly_say(x, MIZO_MSG_YEARLY_MONTH_AHEAD, v->row, v->column[m], month, NULL);
    return MIZO_EINPUT;
}

static mizo_err row_months(yearly_reading *x, const yearly_block *b, int ten, yearly_value *v)
{
    mizo_err e = MIZO_OK;
    for (int m = 0; m < YEARLY_MONTHS; m++) {
        bool textual;
        v->column[m] = b->column[m];
        mizo_err got = yearly_value_of(x, v->row, b->column[m], ten, false, &v->milli[m], &textual);
        if (got)
            v->milli[m] = YEARLY_MISSING;
        if (got == MIZO_EINPUT || check_ahead(x, v, m))
            e = MIZO_EINPUT;
        x->out->textual += textual;
    }
    return e;
}

static yearly_seen *seen_at(const yearly_reading *x, int block, const yearly_value *v)
{
    int first = 0;
    while (x->l.block[first].fy != x->l.block[block].fy)
        first++;
    size_t at = ((size_t)first * x->ask->region->nfacility + (size_t)v->facility) * YEARLY_ENERGIES;
    return &x->seen[at + (size_t)(v->energy - yearly_energies)];
}

static mizo_err take_block(yearly_reading *x, int block, yearly_value *v, bool good)
{
    const yearly_block *b = &x->l.block[block];
    int ten;
    v->fy = b->fy;
    mizo_err e = row_energy(x, v->row, b, &v->energy, &ten);
    if (e || row_months(x, b, ten, v) || yearly_shifted(x, b, v, ten) || yearly_row_totals(x, b, v, ten)) {
        x->sum[block].broken = true;
        return MIZO_OK;
    }
    yearly_sums_add(x, &x->sum[block], v);
    if (!good)
        return MIZO_OK;
    yearly_seen *again = seen_at(x, block, v);
    if (again->row) {
        char at[CELL];
        sheet_address(NULL, again->row, x->l.name ? x->l.name : x->l.id, at);
        yearly_say(x, MIZO_MSG_YEARLY_TWICE, v->row, x->l.name ? x->l.name : x->l.id, x->name, at);
        return MIZO_OK;
    }
    again->row = v->row;
    if (yearly_any_month(v))
        return x->sink->value(x->sink->arg, v);
    x->out->blank++;
    return MIZO_OK;
}

/* ---- whose row it is ---- */

static void carry_bureau(yearly_reading *x, int row)
{
    char text[YEARLY_TEXT];
    yearly_shown(x->s, row, x->l.bureau, text);
    if (*text)
        memcpy(x->bureau, text, sizeof x->bureau);
}

static bool same_word(const char *a, const char *b)
{
    char x[YEARLY_TEXT], y[YEARLY_TEXT];
    text_fold(a, strlen(a), x, sizeof x);
    text_fold(b, strlen(b), y, sizeof y);
    return strcmp(x, y) == 0;
}

static void say_unknown(yearly_reading *x, int row, int column, const char *name)
{
    const char *near = x->near++ < NEAR_MOST ? yearly_names_near(x->ask->names, x->ask->region, name) : NULL;
    yearly_say(x, near ? MIZO_MSG_YEARLY_FACILITY_NEAR : MIZO_MSG_YEARLY_FACILITY, row, column, name, near);
}

static bool bureau_fits(yearly_reading *x, int row, int column, const mizo_facility *f)
{
    if (x->ask->bureau && !same_word(f->bureau, x->ask->bureau)) {
        yearly_say(x, MIZO_MSG_YEARLY_BUREAU, row, column, x->name, *f->bureau ? f->bureau : "-");
        return false;
    }
    if (*x->bureau && *f->bureau && !same_word(f->bureau, x->bureau))
        yearly_say(x, MIZO_MSG_YEARLY_BUREAU_OTHER, row, x->l.bureau, x->bureau, f->bureau);
    return true;
}

/* The facility of a row: by its id, else by its name. -1: said. */
static mizo_ref facility_of(yearly_reading *x, int row, const char *id, const char *name)
{
    const char *text = *id ? id : name;
    int column = *id ? x->l.id : x->l.name;
    mizo_ref f = yearly_names_find(x->ask->names, x->ask->region, text, x->bureau);
    if (f < 0 && *id && *name) {
        mizo_ref by_name = yearly_names_find(x->ask->names, x->ask->region, name, x->bureau);
        f = by_name >= 0 ? by_name : f;
    }
    snprintf(x->name, sizeof x->name, "%s", *name ? name : id);
    if (f == -2)
        yearly_say(x, MIZO_MSG_YEARLY_FACILITY_MANY, row, column, text, NULL);
    else if (f < 0)
        say_unknown(x, row, column, text);
    if (f >= 0 && !bureau_fits(x, row, column, &x->ask->region->facility[f]))
        return -1;
    return f < 0 ? -1 : f;
}

/* ---- rows ---- */

static bool blank_row(const yearly_reading *x, int row, int *first)
{
    char text[YEARLY_TEXT];
    *first = 0;
    for (int c = 1; c <= x->s->ncolumn && !*first; c++) {
        const sheet_cell *cell = sheet_at(x->s, row, c);
        if (!cell || (cell->kind == SHEET_BLANK && !cell->formula))
            continue;
        yearly_shown(x->s, row, c, text);
        if (*text || cell->formula || cell->kind == SHEET_ERROR)
            *first = c;
    }
    return *first == 0;
}

/* Does a word of the row say that it holds totals? */
static bool says_total(const yearly_reading *x, int row)
{
    const int at[] = { x->l.name, x->l.id, x->l.bureau, 1 };
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        char word[YEARLY_TEXT];
        if (at[i] && yearly_folded(x->s, row, at[i], word) && yearly_total_word(word))
            return true;
    }
    return false;
}

static bool has_numbers(const yearly_reading *x, int row)
{
    for (int i = 0; i < x->l.nblock; i++)
        for (int m = 0; m < YEARLY_MONTHS; m++) {
            const sheet_cell *c = sheet_at(x->s, row, x->l.block[i].column[m]);
            if (c && c->kind != SHEET_BLANK && c->n)
                return true;
        }
    return false;
}

/* A row that names no facility: a total, said or not, or numbers that belong to nobody. */
static void take_nameless(yearly_reading *x, int row, bool named)
{
    bool fits = true, any = false;
    for (int i = 0; i < x->l.nblock; i++) {
        bool numbers = false;
        fits &= yearly_column_totals(x, row, i, named, &numbers);
        any |= numbers;
    }
    int column = x->l.name ? x->l.name : x->l.id;
    if (named || !any)
        return;
    yearly_say(x, fits ? MIZO_MSG_YEARLY_TOTAL_UNNAMED : MIZO_MSG_YEARLY_NO_FACILITY, row, column, NULL,
               NULL);
}

static void note_hidden(yearly_reading *x, int row)
{
    const sheet_cell *c = sheet_at(x->s, row, x->l.name ? x->l.name : x->l.id);
    if (!c || !c->hidden)
        return;
    x->first_hidden = x->hidden++ ? x->first_hidden : row;
}

static void say_hidden(const yearly_reading *x)
{
    char many[16];
    snprintf(many, sizeof many, "%d", x->hidden);
    if (x->s->hidden)
        yearly_say(x, MIZO_MSG_YEARLY_HIDDEN_SHEET, 0, 0, NULL, NULL);
    else if (x->hidden)
        yearly_say(x, MIZO_MSG_YEARLY_HIDDEN, x->first_hidden, x->l.name ? x->l.name : x->l.id, many, NULL);
}

static mizo_err take_facility(yearly_reading *x, int row, const char *id, const char *name)
{
    char note[YEARLY_TEXT];
    note_hidden(x, row);
    yearly_shown(x->s, row, x->l.note, note);
    mizo_ref f = facility_of(x, row, id, name);
    x->out->rows++;
    for (int i = 0; i < x->l.nblock; i++) {
        yearly_value v = { .facility = f, .row = row, .note = note };
        MIZO_TRY(take_block(x, i, &v, f >= 0));
    }
    return MIZO_OK;
}

static mizo_err take_row(yearly_reading *x, int row)
{
    char id[YEARLY_TEXT], name[YEARLY_TEXT], word[YEARLY_TEXT];
    int first;
    if (blank_row(x, row, &first))
        return MIZO_OK;
    yearly_folded(x->s, row, first, word);
    if (yearly_note_word(word) && !has_numbers(x, row))
        return MIZO_OK;
    yearly_shown(x->s, row, x->l.id, id);
    yearly_shown(x->s, row, x->l.name, name);
    bool known = (*id && yearly_names_find(x->ask->names, x->ask->region, id, "") >= 0) ||
                 (*name && yearly_names_find(x->ask->names, x->ask->region, name, "") != -1);
    bool total = !known && says_total(x, row);
    if (!total)
        carry_bureau(x, row);
    if (!total && !*id && !*name && x->l.energy && *x->name && yearly_folded(x->s, row, x->l.energy, word))
        snprintf(name, sizeof name, "%s", x->name); /* the same facility, another kind of energy */
    if (total || (!*id && !*name)) {
        take_nameless(x, row, total);
        return MIZO_OK;
    }
    if (!known && !has_numbers(x, row)) /* a line of text: a heading within the table, a note */
        return MIZO_OK;
    return take_facility(x, row, id, name);
}

/* Numbers below no heading are not read: said once a column. */
static void say_unnamed(const yearly_reading *x)
{
    for (int c = 1; c <= x->s->ncolumn; c++) {
        char word[YEARLY_TEXT];
        yearly_heading(x->s, &x->l, c, word);
        if (*word)
            continue;
        for (int r = x->l.first; r <= x->s->nrow; r++) {
            const sheet_cell *cell = sheet_at(x->s, r, c);
            int64_t v;
            if (!cell || !cell->n || table_number(cell->text, cell->n, 3, &v) || c < x->l.block[0].first)
                continue;
            yearly_say(x, MIZO_MSG_YEARLY_UNNAMED, r, c, cell->text, NULL);
            break;
        }
    }
}

mizo_err yearly_read(const sheet *s, const yearly_ask *ask, const yearly_sink *sink, yearly_count *out)
{
    memset(out, 0, sizeof *out);
    yearly_reading *x = calloc(1, sizeof *x);
    if (!x)
        return MIZO_ENOMEM;
    *x = (yearly_reading){ .s = s, .ask = ask, .sink = sink, .out = out };
    mizo_err e = MIZO_EINPUT;
    if (!yearly_header(s, &x->l))
        yearly_say(x, MIZO_MSG_YEARLY_HEADER, 0, 0, NULL, NULL);
    else
        e = yearly_layout_read(s, ask, sink, &x->l);
    if (!e) {
        out->fy = x->l.block[0].fy;
        x->seen = calloc((size_t)x->l.nblock * ask->region->nfacility * YEARLY_ENERGIES + 1, sizeof *x->seen);
        e = x->seen ? MIZO_OK : MIZO_ENOMEM;
    }
    for (int row = x->l.first; row <= s->nrow && !e; row++)
        e = take_row(x, row);
    if (!e) {
        say_unnamed(x);
        say_hidden(x);
    }
    free(x->seen);
    free(x);
    return e;
}
