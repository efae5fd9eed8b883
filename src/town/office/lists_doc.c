/* lists_doc.c: a list as a document: a register numbered as it is printed, with what sources said; what the office wrote. */
#include <stdio.h>
#include <string.h>

#include "town/office/city.h"
#include "town/office/lists_inner.h"
#include "town/office/office.h"

static const char *name_of(const char *ja, const char *en, bool in_ja)
{
    return in_ja || !*en ? ja : en;
}

static void row_cell(report *p, const list_column *c, const mizo_register_row *row, bool ja)
{
    mizo_day d;
    switch (c->cell) {
    case LIST_NUMBER:
        report_cell_number(p, row->number, 0);
        break;
    case LIST_NAME:
        report_cell_text(p, name_of(row->name_ja, row->name_en, ja));
        break;
    case LIST_SHARE:
        report_cell_scaled(p, row->share_ppm, 4, 1);
        break;
    case LIST_AMOUNT:
        if (*row->unit)
            report_cell_scaled(p, row->amount_e6, 6, row->amount_e6 % 1000000 ? 3 : 0);
        else
            report_cell_blank(p);
        break;
    case LIST_DAY:
        memcpy(&d, (const char *)row + c->at, sizeof d);
        if (d == INT32_MIN || d == MIZO_DAY_NONE)
            report_cell_blank(p);
        else
            report_cell_day(p, d);
        break;
    case LIST_TEXT:
        report_cell_text(p, list_cell_text(c, row));
        break;
    }
}

static void register_rows(report *p, const list_view *v, const char *lang)
{
    report_column c[LIST_COLUMNS];
    int n = 0;
    bool ja = strcmp(lang, "ja") == 0, amount = false;
    for (size_t i = 0; i < nlist_columns; i++) {
        const list_column *x = &list_columns[i];
        if (!v->used[i])
            continue;
        bool number = x->cell == LIST_NUMBER || x->cell == LIST_SHARE || x->cell == LIST_AMOUNT;
        amount |= x->cell == LIST_SHARE;
        c[n++] = (report_column){ .title = list_word(x->name, lang),
                                  .unit = x->cell == LIST_SHARE    ? "%"
                                          : x->cell == LIST_AMOUNT ? v->row[0]->unit
                                                                   : NULL,
                                  .align = number ? REPORT_RIGHT : REPORT_LEFT,
                                  .sum = x->cell == LIST_SHARE,
                                  .plain = x->cell == LIST_NUMBER };
    }
    if (!n)
        return;
    report_columns(p, NULL, c, n);
    for (size_t k = 0; k < v->n; k++)
        for (size_t i = 0; i < nlist_columns; i++)
            if (v->used[i])
                row_cell(p, &list_columns[i], v->row[k], ja);
    if (amount)
        report_sum(p, ja ? "計" : "sum");
}

static void register_counts(report *p, const list_view *v, bool ja)
{
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "時点" : "on" },
        { .title = ja ? "区分" : "group" },
        { .title = ja ? "公表" : "said", .align = REPORT_RIGHT },
        { .title = ja ? "名簿" : "listed", .align = REPORT_RIGHT },
        { .title = ja ? "出典" : "source" },
    };
    /* clang-format on */
    report_columns(p, ja ? "公表された数と名簿の数" : "What sources said, and what is listed", c, 5);
    for (size_t i = 0; i < v->r->nregister_count; i++) {
        const mizo_register_count *k = &v->r->register_count[i];
        if (&v->r->reg[k->reg] != v->reg)
            continue;
        report_cell_day(p, k->on);
        report_cell_text(p, k->part);
        report_cell_number(p, k->count, 0);
        report_cell_number(p, city_listed(v->r, v->reg, *k->part ? k->part : NULL, k->on), 0);
        report_cell_text(p, report_said(p, k->source));
    }
}

static mizo_err register_doc(const mizo_region *r, const mizo_register *g, const list_ask *ask,
                             const char *lang, report **out)
{
    list_view v;
    bool ja = strcmp(lang, "ja") == 0;
    MIZO_TRY(list_view_make(r, g, ask, &v));
    report *p = report_new(&(report_head){ .title = name_of(g->name_ja, g->name_en, ja),
                                           .subtitle = g->owner,
                                           .author = name_of(r->name_ja, r->name_en, ja),
                                           .footer = g->source,
                                           .lang = lang,
                                           .day = v.on });
    if (p) {
        register_rows(p, &v, lang);
        register_counts(p, &v, ja);
    }
    list_view_free(&v);
    mizo_err e = p ? report_done(p) : MIZO_ENOMEM;
    if (e)
        report_free(p);
    *out = e ? NULL : p;
    return e;
}

mizo_err list_doc(town *t, const list_ask *ask, const char *lang, report **out)
{
    const note_kind *k = office_kind(ask->id);
    city_desk d;
    if (k)
        return office_list(t, k, ask->who, lang, out);
    MIZO_TRY(city_desk_open(t, MIZO_DAY_NONE, &d));
    const mizo_register *g = city_register(d.books.region, ask->id, strlen(ask->id));
    mizo_err e = g ? register_doc(d.books.region, g, ask, lang, out) : MIZO_ENOENT;
    city_desk_close(&d);
    return e;
}
