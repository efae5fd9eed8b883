/* scheme_doc.c: an inventory's year by the categories of another scheme; see scheme.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/inventory.h"
#include "town/inventory/scheme.h"

enum { GASES = 24 };

typedef struct making {
    const city_desk *desk;
    const scheme_ask *ask;
    mizo_diags *d;
    category_figure *v; /* figures, as they come */
    size_t n, cap;
    const mizo_emission **stray;
    const mizo_category **again; /* [nstray] */
    size_t nstray, stray_cap, again_cap;
    const char *gas[GASES];
    int ngas;
} making;

static mizo_err on_figure(void *arg, const category_figure *f)
{
    making *m = arg;
    int k = 0;
    while (k < m->ngas && strcmp(m->gas[k], f->gas))
        k++;
    if (k == m->ngas && *f->gas) {
        if (k == GASES)
            return MIZO_EFULL;
        m->gas[m->ngas++] = f->gas;
    }
    MIZO_TRY(array_grow(&m->v, &m->cap, m->n + 1, sizeof *m->v));
    m->v[m->n++] = *f;
    return MIZO_OK;
}

static mizo_err on_stray(void *arg, const mizo_emission *e, const mizo_category *again)
{
    making *m = arg;
    MIZO_TRY(array_grow(&m->stray, &m->stray_cap, m->nstray + 1, sizeof *m->stray));
    MIZO_TRY(array_grow(&m->again, &m->again_cap, m->nstray + 1, sizeof *m->again));
    m->stray[m->nstray] = e;
    m->again[m->nstray++] = again;
    if (!m->d)
        return MIZO_OK;
    if (again)
        MIZO_DIAG(m->d, INVENTORY_BOTH, MIZO_AT("categories.csv", again->line, 0), e->sector, e->gas, e->form,
                  m->ask->scheme, again->code);
    else
        MIZO_DIAG(m->d, INVENTORY_STRAY, MIZO_AT("inventory.csv", e->line, 0), e->sector, e->gas, e->form,
                  m->ask->scheme);
    return MIZO_OK;
}

static void say_schemes(const mizo_region *r, const char *scheme, mizo_diags *d)
{
    buf all;
    buf_init(&all, 1024);
    for (size_t i = 0; i < r->ncategory; i++) {
        size_t k = 0;
        while (k < i && strcmp(r->category[k].scheme, r->category[i].scheme))
            k++;
        if (k == i)
            buf_printf(&all, "%s%s", all.n ? ", " : "", r->category[i].scheme);
    }
    MIZO_DIAG(d, INVENTORY_SCHEME, MIZO_NOWHERE, scheme, all.p ? all.p : "-");
    buf_fini(&all);
}

static mizo_err collect(making *m)
{
    const city_books *b = &m->desk->books;
    const category_sink sink = { m, on_figure, on_stray };
    if (!category_scheme_known(b->region, m->ask->scheme)) {
        if (m->d)
            say_schemes(b->region, m->ask->scheme, m->d);
        return MIZO_ENOENT;
    }
    return category_each(b->region, m->ask->scheme, m->ask->inventory, m->ask->fy, b->as_of, &sink);
}

static void release(making *m)
{
    free(m->v);
    free(m->stray);
    free(m->again);
}

/* ---- document ---- */

/* Millionths of a tonne: g. */
static bool grams(exact mg, int64_t *out)
{
    return !exact_ten(mg, -3, &mg) && !exact_round(mg, MIZO_ROUND_HALF_UP, out);
}

static void put_t(report *r, const category_figure *f)
{
    int64_t g;
    if (!f)
        report_cell_blank(r);
    else if (!grams(f->mg.mid, &g))
        report_cell_gap(r);
    else
        report_cell_scaled(r, g, 6, g % 1000000 ? 6 : 0);
}

static void key_cell(report *r, const char *key)
{
    char up[8] = "";
    for (size_t i = 0; key[i] && i + 1 < sizeof up; i++)
        up[i] = (char)(key[i] >= 'a' && key[i] <= 'z' ? key[i] - 'a' + 'A' : key[i]);
    report_cell_text(r, up);
}

/* The figures [from, to) are of one category. */
static mizo_err put_row(const making *m, report *r, size_t from, size_t to)
{
    const mizo_category *c = m->v[from].category;
    bool ja = strcmp(m->ask->lang, "ja") == 0;
    category_figure all = { c, "", range_point(exact_whole(0)), 0 };
    report_cell_text(r, c->code);
    report_cell_text(r, ja || !*c->name_en ? c->name_ja : c->name_en);
    for (int k = 0; k < m->ngas; k++) {
        const category_figure *at = NULL;
        for (size_t i = from; i < to; i++)
            at = m->v[i].cells && strcmp(m->v[i].gas, m->gas[k]) == 0 ? &m->v[i] : at;
        put_t(r, at);
        if (at)
            MIZO_TRY(range_do('+', &all.mg, &at->mg, &all.mg));
        all.cells += at ? at->cells : 0;
    }
    put_t(r, all.cells ? &all : NULL);
    key_cell(r, all.cells ? "" : c->key);
    return MIZO_OK;
}

static mizo_err put_rows(const making *m, report *r)
{
    bool ja = strcmp(m->ask->lang, "ja") == 0;
    report_column c[GASES + 4] = { { .title = "code" }, { .title = ja ? "区分" : "category" } };
    int n = 2;
    for (int k = 0; k < m->ngas; k++)
        c[n++] = (report_column){ .title = m->gas[k], .align = REPORT_RIGHT, .sum = true };
    c[n++] = (report_column){ .title = ja ? "計" : "total", .align = REPORT_RIGHT, .sum = true };
    c[n++] = (report_column){ .title = ja ? "記号" : "notation key" };
    report_columns(r, "t-CO2", c, n);
    for (size_t i = 0, to; i < m->n; i = to) {
        for (to = i + 1; to < m->n && m->v[to].category == m->v[i].category;)
            to++;
        MIZO_TRY(put_row(m, r, i, to));
    }
    return MIZO_OK;
}

static void put_strays(const making *m, report *r)
{
    bool ja = strcmp(m->ask->lang, "ja") == 0;
    for (size_t i = 0; i < m->nstray; i++) {
        const mizo_emission *e = m->stray[i];
        if (m->again[i])
            report_notef(r,
                         ja ? "※ %s %s %s: 区分 %s にも入り、二重になっています。"
                            : "* %s %s %s is in %s too: counted twice.",
                         e->sector, e->gas, e->form, m->again[i]->code);
        else
            report_notef(r,
                         ja ? "※ %s %s %s: 対応する区分がなく、入っていません。"
                            : "* %s %s %s has no category and is left out.",
                         e->sector, e->gas, e->form);
    }
}

mizo_err scheme_doc(const city_desk *desk, const scheme_ask *ask, mizo_diags *d, report **out, int *strays)
{
    making m = { .desk = desk, .ask = ask, .d = d };
    char title[200];
    snprintf(title, sizeof title, "%s FY%d (%s)", ask->inventory, ask->fy, ask->scheme);
    mizo_err e = collect(&m);
    report *r = e ? NULL
                  : report_new(&(report_head){ .title = title,
                                               .lang = ask->lang,
                                               .footer = desk->books.region->hash,
                                               .day = mizo_fy_first(ask->fy + 1),
                                               .landscape = true });
    if (!e)
        e = r ? put_rows(&m, r) : MIZO_ENOMEM;
    if (!e) {
        put_strays(&m, r);
        e = report_done(r);
    }
    *strays = (int)m.nstray;
    release(&m);
    if (e)
        report_free(r);
    else
        *out = r;
    return e;
}

/* ---- JSON ---- */

static void figure_json(const category_figure *f, json *j)
{
    int64_t g;
    char text[MIZO_NUM_TEXT];
    json_object(j, NULL);
    json_text(j, "code", f->category->code);
    json_text(j, "name_ja", f->category->name_ja);
    json_text(j, "name_en", f->category->name_en);
    if (f->cells && grams(f->mg.mid, &g)) {
        mizo_decimal_text(g, 6, text);
        json_text(j, "gas", f->gas);
        json_text(j, "t_co2", text);
        json_int(j, "cells", f->cells);
    } else {
        json_text(j, "key", *f->category->key ? f->category->key : NULL);
    }
    json_text(j, "source", f->category->source);
    json_text(j, "mark", mizo_mark_text(f->category->mark));
    json_end(j);
}

mizo_err scheme_json(const city_desk *desk, const scheme_ask *ask, json *j, int *strays)
{
    making m = { .desk = desk, .ask = ask, .d = desk->town->diags };
    mizo_err e = collect(&m);
    json_text(j, "scheme", ask->scheme);
    json_text(j, "inventory", ask->inventory);
    json_int(j, "fy", ask->fy);
    json_array(j, "rows");
    for (size_t i = 0; i < m.n && !e; i++)
        figure_json(&m.v[i], j);
    json_end(j);
    json_array(j, "strays");
    for (size_t i = 0; i < m.nstray && !e; i++) {
        json_object(j, NULL);
        json_text(j, "sector", m.stray[i]->sector);
        json_text(j, "gas", m.stray[i]->gas);
        json_text(j, "form", m.stray[i]->form);
        json_text(j, "again", m.again[i] ? m.again[i]->code : NULL);
        json_end(j);
    }
    json_end(j);
    *strays = (int)m.nstray;
    release(&m);
    return e;
}
