/* scheme_in.c: a table of another scheme's categories back into cells of an inventory; see scheme.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "city/category_in.h"
#include "city/yearly.h"
#include "mizo/messages/base.h"
#include "mizo/messages/files.h"
#include "mizo/messages/inventory.h"
#include "mizo/messages/yearly.h"
#include "town/inventory/filed.h"
#include "town/inventory/scheme.h"
#include "town/module.h"

typedef struct taking {
    const city_desk *desk;
    const scheme_ask *ask;
    const scheme_file *f;
    const sheet *s;
    scheme_count *out;
    int bad;
} taking;

static mizo_diags *diags(const taking *x)
{
    return x->desk->town->diags;
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

static mizo_err one_figure(void *arg, int row, int column, const char *code, const char *gas,
                           int64_t value_e6)
{
    taking *x = arg;
    city_cell cell = { x->ask->inventory, x->ask->fy, "", "", "" };
    known was = { code, gas, exact_whole(0), false };
    char given[MIZO_NUM_TEXT], where[SHEET_ADDRESS];
    mizo_err e = category_cell(x->desk->books.region, x->ask->scheme, code, gas, &cell);
    sheet_address(x->s, row, column, where);
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

static void no_figure(void *arg, int row, int column, const char *text)
{
    taking *x = arg;
    char where[SHEET_ADDRESS];
    sheet_address(x->s, row, column, where);
    MIZO_DIAG(diags(x), INVENTORY_VALUE, MIZO_AT(x->f->name, 0, 0), where, text);
    x->bad++;
}

static void twice(void *arg, int row, int column, const char *code, const char *gas)
{
    taking *x = arg;
    char where[SHEET_ADDRESS];
    sheet_address(x->s, row, column, where);
    MIZO_DIAG(diags(x), INVENTORY_TWICE, MIZO_AT(x->f->name, 0, 0), where, code, gas);
    x->bad++;
}

static mizo_err take_sheet(taking *x)
{
    const category_in_sink sink = { x, one_figure, no_figure, twice };
    char rows[16];
    mizo_err e = category_in_read(x->desk->books.region, x->s, &sink, &x->out->rows);
    snprintf(rows, sizeof rows, "%d", CATEGORY_HEADER_ROWS);
    if (e == MIZO_EINPUT && !x->bad)
        MIZO_DIAG(diags(x), INVENTORY_HEADER, MIZO_AT(x->f->name, 0, 0), rows);
    else if (e == MIZO_EFULL)
        MIZO_DIAG(diags(x), OFFICE_CSV, MIZO_AT(x->f->name, 0, 0), "more than 2000 rows");
    return e ? e : x->bad ? MIZO_EINPUT : MIZO_OK;
}

/* All figures in one batch, or none. */
static mizo_err take(taking *x)
{
    town *t = x->desk->town;
    store_batch b = {
        .known = town_now(t), .actor = x->f->actor, .source = x->f->name, .note = x->ask->scheme
    };
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
        char ja[FAULT_TEXT];
        MIZO_DIAG(diags(x), FILES_BAD_SHEET, MIZO_AT(x->f->name, 0, 0), fault.where, fault.why,
                  fault_ja(fault.why, ja));
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
    *out = (scheme_count){ 0 };
    if (sheet_looks(f->bytes, f->n))
        return take_book(&x);
    MIZO_TRY(yearly_csv(f->bytes, f->n, &paper));
    size_t n;
    const yearly_fault *bad = yearly_paper_faults(paper, &n);
    for (size_t i = 0; i < n; i++)
        MIZO_DIAG(diags(&x), OFFICE_CSV, MIZO_AT(f->name, yearly_paper_line(paper, bad[i].row), 0),
                  bad[i].why);
    x.s = yearly_paper_sheet(paper);
    mizo_err e = n ? MIZO_EINPUT : take(&x);
    yearly_paper_free(paper);
    return e;
}
