/* office.c: a document as offices print it: fiscal years by their era, large tonnes in 万t, large sums in 千円. */
#include "report/report_inner.h"

#include <stdlib.h>
#include <string.h>

#include "base/figure.h"

/* ---- years ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char fiscal[] = "年度";

/* Four digits, and no more, before 年度, with a blank between or none: their number, and the length up to 年度. 0: something
 * else. */
static int year_at(const char *text, const char *at, size_t *n)
{
    int fy = 0;
    for (*n = 0; *n < 4; ++*n) {
        if (!is_digit(at[*n]))
            return 0;
        fy = fy * 10 + (at[*n] - '0');
    }
    *n += at[*n] == ' ';
    return (at == text || !is_digit(at[-1])) && strncmp(at + *n, fiscal, sizeof fiscal - 1) == 0 ? fy : 0;
}

static const char *with_eras(report *r, const char *text)
{
    buf b;
    size_t n;
    if (!text || !strstr(text, "年度"))
        return text;
    buf_init(&b, REPORT_BYTES);
    for (const char *p = text; *p;) {
        char era[FIGURE_FY_TEXT];
        int fy = year_at(text, p, &n);
        if (!fy) {
            buf_char(&b, *p++);
            continue;
        }
        figure_fy_text(fy, "ja", era);
        buf_str(&b, era);
        p += n + sizeof fiscal - 1;
    }
    if (b.err)
        r->err = r->err ? r->err : b.err;
    const char *out = b.err ? text : report_keep(r, b.p);
    buf_fini(&b);
    return out;
}

/* ---- units ---- */

/* A column whose largest value reaches `most` is told in the larger unit. */
static const struct {
    const char *unit, *into;
    int ten, digits;
    int64_t most;
} larger[] = {
    {"t-CO2", "万t-CO2", 4, 1, 100000 },
    { "円",  "千円",   3, 0, 1000000}
};

static int64_t whole_part(const report_cell *c)
{
    int64_t v = c->value;
    for (int i = 0; i < c->from; i++)
        v /= 10;
    return v < 0 ? -v : v;
}

static int64_t largest(const report_table *t, int column)
{
    int64_t most = 0;
    for (const report_row *row = t->first; row; row = row->next) {
        const report_cell *c = &row->cell[column];
        if (c->kind == REPORT_CELL_NUMBER && whole_part(c) > most)
            most = whole_part(c);
    }
    return most;
}

static bool enlarge(report_table *t, int column, report_column *own)
{
    for (size_t i = 0; i < sizeof larger / sizeof *larger; i++) {
        if (!own->unit || strcmp(own->unit, larger[i].unit) || largest(t, column) < larger[i].most)
            continue;
        own->unit = larger[i].into;
        for (report_row *row = t->first; row; row = row->next) {
            report_cell *c = &row->cell[column];
            if (c->kind != REPORT_CELL_NUMBER)
                continue;
            c->from = (uint8_t)(c->from + larger[i].ten);
            c->digits = (uint8_t)larger[i].digits;
        }
        return true;
    }
    return false;
}

/* ---- all ---- */

static bool dress_table(report *r, report_table *t)
{
    bool any = false;
    report_column *own = report_take(r, (size_t)t->ncolumn * sizeof *own);
    if (!own)
        return false;
    t->caption = with_eras(r, t->caption);
    for (int i = 0; i < t->ncolumn; i++) {
        own[i] = t->column[i];
        own[i].title = with_eras(r, own[i].title);
        any |= enlarge(t, i, &own[i]);
    }
    t->column = own;
    for (report_row *row = t->first; row; row = row->next)
        for (int i = 0; i < t->ncolumn; i++)
            if (row->cell[i].kind == REPORT_CELL_TEXT)
                row->cell[i].text = with_eras(r, row->cell[i].text);
    return any;
}

void report_office(report *r)
{
    bool any = false;
    if (r->err || strcmp(r->head.lang, "ja"))
        return;
    r->head.title = with_eras(r, r->head.title);
    r->head.subtitle = with_eras(r, r->head.subtitle);
    r->head.header = with_eras(r, r->head.header);
    for (report_block *b = r->first; b; b = b->next) {
        b->key = with_eras(r, b->key);
        b->text = with_eras(r, b->text);
        any |= b->kind == REPORT_TABLE && dress_table(r, b->table);
    }
    if (any)
        report_note(
            r, "万t-CO2・千円で示す欄は一つずつ四捨五入しているため、合計と内訳が一致しないことがあります。");
}
