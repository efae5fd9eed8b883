/* scheme_in.c: a table of another scheme's categories back into cells of an inventory; see scheme.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sheet.h"
#include "base/text.h"
#include "city/yearly.h"
#include "mizo/messages/base.h"
#include "mizo/messages/inventory.h"
#include "mizo/messages/yearly.h"
#include "town/inventory/filed.h"
#include "town/inventory/scheme.h"
#include "town/module.h"

enum { HEADER_ROWS = 20, GAS_COLUMNS = 40, WORD = 64, FILE_CELL = SHEET_ADDRESS };

typedef struct taking {
    const city_desk *desk;
    const scheme_ask *ask;
    const scheme_file *f;
    const sheet *s;
    int header, code;
    int column[GAS_COLUMNS];
    const char *gas[GAS_COLUMNS]; /* of the model */
    int ngas;
    scheme_count *out;
    int bad;
} taking;

static mizo_diags *diags(const taking *x)
{
    return x->desk->town->diags;
}

static const char *cell_text(const taking *x, int row, int column)
{
    const sheet_cell *c = sheet_shown(x->s, row, column);
    return c && c->kind != SHEET_BLANK ? c->text : "";
}

static void place(const taking *x, int row, int column, char out[FILE_CELL])
{
    sheet_address(x->s, row, column, out);
}

/* ---- the header ---- */

static bool is_word(const char *folded, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(folded, *words) == 0)
            return true;
    return false;
}

/* The model's own text of a gas that a heading names; NULL: none. */
static const char *gas_named(const mizo_region *r, const char *folded)
{
    char own[WORD];
    for (size_t i = 0; i < r->nemission; i++) {
        text_fold(r->emission[i].gas, strlen(r->emission[i].gas), own, sizeof own);
        if (strcmp(own, folded) == 0)
            return r->emission[i].gas;
    }
    for (size_t i = 0; i < r->ngwp; i++) {
        text_fold(r->gwp[i].gas, strlen(r->gwp[i].gas), own, sizeof own);
        if (strcmp(own, folded) == 0)
            return r->gwp[i].gas;
    }
    return NULL;
}

static void look_at(taking *x, int row, int column)
{
    static const char *const codes[] = {
        "code", "番号", "区分番号", "gpcref.no.", "gpcrefno", "gpcref", NULL
    };
    static const char *const wholes[] = { "all", "total", "計", "合計", NULL };
    char word[WORD];
    const char *text = cell_text(x, row, column), *gas;
    text_fold(text, strlen(text) < WORD ? strlen(text) : 0, word, sizeof word);
    if (is_word(word, codes))
        x->code = x->code ? x->code : column;
    else if (!is_word(word, wholes) && *word && (gas = gas_named(x->desk->books.region, word)) &&
             x->ngas < GAS_COLUMNS) {
        x->column[x->ngas] = column;
        x->gas[x->ngas++] = gas;
    }
}

/* The first row with a number's heading and a gas; a table that has only a total is not read: of which gas would it be? */
static mizo_err find_header(taking *x)
{
    for (int row = 1; row <= HEADER_ROWS && row <= x->s->nrow; row++) {
        x->code = x->ngas = 0;
        for (int c = 1; c <= x->s->ncolumn; c++)
            look_at(x, row, c);
        x->header = row;
        if (x->code && x->ngas)
            return MIZO_OK;
    }
    char rows[16];
    snprintf(rows, sizeof rows, "%d", HEADER_ROWS);
    MIZO_DIAG(diags(x), INVENTORY_HEADER, MIZO_AT(x->f->name, 0, 0), rows);
    return MIZO_EINPUT;
}

/* ---- figures ---- */

static bool is_key(const char *text)
{
    static const char *const keys[] = { "", "no", "ne", "ie", "c", "-", "–", NULL };
    char word[WORD];
    text_fold(text, strlen(text) < WORD ? strlen(text) : 0, word, sizeof word);
    return is_word(word, keys) && strlen(text) < WORD;
}

/* What is known of a category's gas: the sum of its cells. */
typedef struct known {
    const char *code, *gas;
    exact mg;
    bool any;
} known;

static mizo_err on_known(void *arg, const category_figure *f)
{
    known *k = arg;
    if (f->cells && strcmp(f->category->code, k->code) == 0 && strcmp(f->gas, k->gas) == 0) {
        k->mg = f->mg.mid;
        k->any = true;
    }
    return MIZO_OK;
}

static mizo_err no_stray(void *arg, const mizo_emission *e, const mizo_category *again)
{
    (void)arg;
    (void)e;
    (void)again;
    return MIZO_OK;
}

static mizo_err know(const taking *x, known *k)
{
    const category_sink sink = { k, on_known, no_stray };
    return category_each(x->desk->books.region, x->ask->scheme, x->ask->inventory, x->ask->fy, MIZO_DAY_NONE,
                         &sink);
}

static bool equal(int64_t value_e6, exact mg)
{
    int64_t v;
    return !exact_ten(mg, -3, &mg) && !exact_round(mg, MIZO_ROUND_HALF_UP, &v) && v == value_e6;
}

static void say_several(taking *x, const char *where, const known *k, int64_t value_e6)
{
    char is[MIZO_NUM_TEXT], given[MIZO_NUM_TEXT];
    exact t = k->mg;
    int64_t v = 0;
    if (exact_ten(t, -3, &t) || exact_round(t, MIZO_ROUND_HALF_UP, &v))
        v = 0;
    mizo_decimal_text(v, 6, is);
    mizo_decimal_text(value_e6, 6, given);
    MIZO_DIAG(diags(x), INVENTORY_SEVERAL, MIZO_AT(x->f->name, 0, 0), where, k->code, is, given);
    x->bad++;
}

static mizo_err put_figure(taking *x, const city_cell *cell, int64_t value_e6)
{
    const mizo_emission e = { .inventory = x->ask->inventory,
                              .fy = x->ask->fy,
                              .vintage = x->f->vintage,
                              .on = x->f->on,
                              .sector = cell->sector,
                              .gas = cell->gas,
                              .form = cell->form,
                              .value_e6 = value_e6,
                              .unit = "t-CO2",
                              .source = x->f->source,
                              .note = "" };
    bool changed = false;
    MIZO_TRY(inventory_put(x->desk->town, &e, &changed));
    *(changed ? &x->out->changed : &x->out->same) += 1;
    return MIZO_OK;
}

static mizo_err one_figure(taking *x, const char *code, int k, const char *where, int64_t value_e6)
{
    city_cell cell = { x->ask->inventory, x->ask->fy, "", "", "" };
    known was = { code, x->gas[k], exact_whole(0), false };
    char given[MIZO_NUM_TEXT];
    mizo_err e = category_cell(x->desk->books.region, x->ask->scheme, code, x->gas[k], &cell);
    mizo_decimal_text(value_e6, 6, given);
    x->out->figures++;
    if (!e || e == MIZO_ECONFLICT)
        MIZO_TRY(know(x, &was));
    if (was.any && equal(value_e6, was.mg)) {
        x->out->same++;
        return MIZO_OK;
    }
    if (!e)
        return put_figure(x, &cell, value_e6);
    if (e == MIZO_ECONFLICT) {
        say_several(x, where, &was, value_e6);
        return MIZO_OK;
    }
    if (e == MIZO_EINPUT)
        MIZO_DIAG(diags(x), INVENTORY_NO_CELL, MIZO_AT(x->f->name, 0, 0), where, code, given);
    else
        MIZO_DIAG(diags(x), INVENTORY_NO_CATEGORY, MIZO_AT(x->f->name, 0, 0), where, x->ask->scheme, code);
    x->bad++;
    return MIZO_OK;
}

static bool stands_above(const taking *x, int row, const char *code)
{
    for (int r = x->header + 1; r < row; r++)
        if (strcmp(cell_text(x, r, x->code), code) == 0)
            return true;
    return false;
}

static mizo_err one_row(taking *x, int row)
{
    const char *code = cell_text(x, row, x->code);
    bool any = false;
    for (int k = 0; k < x->ngas && *code; k++) {
        const sheet_cell *c = sheet_shown(x->s, row, x->column[k]);
        char where[FILE_CELL];
        int64_t v;
        if (!c || c->kind == SHEET_BLANK || is_key(c->text))
            continue;
        place(x, row, x->column[k], where);
        any = true;
        if (sheet_number(c, 6, &v) || v < 0) {
            MIZO_DIAG(diags(x), INVENTORY_VALUE, MIZO_AT(x->f->name, 0, 0), where, c->text);
            x->bad++;
        } else if (stands_above(x, row, code)) {
            MIZO_DIAG(diags(x), INVENTORY_TWICE, MIZO_AT(x->f->name, 0, 0), where, code, x->gas[k]);
            x->bad++;
        } else {
            MIZO_TRY(one_figure(x, code, k, where, v));
        }
    }
    x->out->rows += any;
    return MIZO_OK;
}

static mizo_err take_sheet(taking *x)
{
    MIZO_TRY(find_header(x));
    for (int row = x->header + 1; row <= x->s->nrow; row++)
        MIZO_TRY(one_row(x, row));
    return x->bad ? MIZO_EINPUT : MIZO_OK;
}

/* All figures in one batch, or none. */
static mizo_err take(taking *x)
{
    town *t = x->desk->town;
    store_batch b = { .known = t->env->ops->wall_ms(t->env),
                      .actor = x->f->actor,
                      .source = x->f->name,
                      .note = x->ask->scheme };
    if (!category_scheme_known(x->desk->books.region, x->ask->scheme)) {
        MIZO_DIAG(t->diags, INVENTORY_SCHEME, MIZO_NOWHERE, x->ask->scheme, "-");
        return MIZO_EINPUT;
    }
    MIZO_TRY(t->store->ops->batch_begin(t->store, &b));
    mizo_err e = take_sheet(x);
    if (!e && x->out->changed)
        return t->store->ops->batch_commit(t->store);
    t->store->ops->batch_rollback(t->store);
    return e;
}

/* ---- the file ---- */

static mizo_err take_book(taking *x)
{
    const xml_reader *xml;
    const zip_reader *zip;
    sheet_book *book = NULL;
    sheet_fault fault;
    MIZO_TRY(module_files(diags(x), &xml, &zip));
    mizo_err e = sheet_open(xml, zip, x->f->bytes, x->f->n, &book, &fault);
    if (e) {
        MIZO_DIAG(diags(x), OFFICE_CSV, MIZO_AT(x->f->name, 0, 0), fault.why);
        return e;
    }
    x->s = sheet_of(book, 0);
    e = x->s ? take(x) : MIZO_EINPUT;
    sheet_close(book);
    return e;
}

mizo_err scheme_take(const city_desk *desk, const scheme_ask *ask, const scheme_file *f, scheme_count *out)
{
    taking x = { .desk = desk, .ask = ask, .f = f, .out = out };
    yearly_paper *paper = NULL;
    int line = 0;
    const char *why = "";
    *out = (scheme_count){ 0 };
    if (sheet_looks(f->bytes, f->n))
        return take_book(&x);
    mizo_err e = yearly_csv(f->bytes, f->n, &paper, &line, &why);
    if (e == MIZO_EINPUT)
        MIZO_DIAG(diags(&x), OFFICE_CSV, MIZO_AT(f->name, line, 0), why);
    if (e)
        return e;
    x.s = yearly_paper_sheet(paper);
    e = take(&x);
    yearly_paper_free(paper);
    return e;
}
