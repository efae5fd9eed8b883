/* pdf_table.c: tables of a PDF: columns that fit the page, titles on each page, sums in bold. */
#include <string.h>

#include "pdf_inner.h"

static const double PAD = 4;       /* left and right of a cell */
static const double BAR_EMS = 0.9; /* a column of a schedule */
static const double SMALLEST = 40; /* a column of text is not made narrower */
static const double sizes[] = { 9, 8, 7, 6, 5 };

typedef struct columns {
    double size;                 /* of the letters */
    double wide[REPORT_COLUMNS]; /* with the padding */
    bool text[REPORT_COLUMNS];   /* holds texts, which may be broken into lines */
    bool right[REPORT_COLUMNS];  /* titles of numbers stand over their ends */
} columns;

/* About as wide as Noto Sans CJK draws it, in ems: good enough to share out a page. */
static double ems(const char *s)
{
    double w = 0;
    for (; s && *s; s++) {
        unsigned char c = (unsigned char)*s;
        w += c < 0x80    ? (c == ',' || c == '.' || c == ' ' ? 0.3 : 0.57)
             : c >= 0xe0 ? 1.0
             : c >= 0xc0 ? 0.6
                         : 0;
    }
    return w;
}

static double longest_line(const char *s)
{
    double most = 0;
    char line[256];
    while (s && *s) {
        size_t n = strcspn(s, "\n"), keep = n < sizeof line - 1 ? n : sizeof line - 1;
        memcpy(line, s, keep);
        line[keep] = 0;
        double w = ems(line);
        most = w > most ? w : most;
        s += n + (s[n] == '\n');
    }
    return most;
}

/* What each column would like to have, in ems. */
static void wanted(const report_table *t, columns *c, double *want)
{
    char room[MIZO_NUM_TEXT];
    for (int i = 0; i < t->ncolumn; i++) {
        double title = longest_line(t->column[i].title), unit = ems(t->column[i].unit);
        if (t->column[i].bars)
            title /= report_title_span(t, i);
        want[i] = title > unit ? title : unit;
        c->text[i] = false;
        c->right[i] = t->column[i].align == REPORT_RIGHT;
        for (const report_row *row = t->first; row; row = row->next) {
            const report_cell *cell = &row->cell[i];
            if (t->column[i].bars)
                continue;
            double w =
                longest_line(report_cell_shown(cell, t->column[i].plain, room)) * (row->sum ? 1.08 : 1);
            want[i] = w > want[i] ? w : want[i];
            c->text[i] |= cell->kind == REPORT_CELL_TEXT && !row->sum;
            c->right[i] |= cell->kind == REPORT_CELL_NUMBER;
        }
    }
}

static bool by_share(const pdf *p, const report_table *t, columns *c)
{
    int all = 0;
    for (int i = 0; i < t->ncolumn; i++)
        all += t->column[i].width;
    for (int i = 0; i < t->ncolumn; i++) {
        if (t->column[i].width <= 0)
            return false;
        c->wide[i] = pdf_inside(p) * t->column[i].width / all;
    }
    return true;
}

/* Shares out the page: numbers get what they need, texts the rest. False: it does not fit in this size. */
static bool by_need(const pdf *p, const report_table *t, columns *c, const double *want)
{
    double fixed = 0, texts = 0, ntext = 0;
    for (int i = 0; i < t->ncolumn; i++) {
        c->wide[i] = t->column[i].bars ? (want[i] > BAR_EMS ? want[i] : BAR_EMS) * c->size
                                       : want[i] * c->size + 2 * PAD + 1;
        if (c->text[i])
            texts += c->wide[i], ntext++;
        else
            fixed += c->wide[i];
    }
    double room = pdf_inside(p) - fixed;
    if (ntext && texts > room && room < ntext * SMALLEST)
        return false;
    if (!ntext && room < 0)
        return false;
    if (ntext && texts > room)
        for (int i = 0; i < t->ncolumn; i++)
            c->wide[i] *= c->text[i] ? room / texts : 1;
    else
        for (int i = 0; i < t->ncolumn; i++)
            c->wide[i] *= pdf_inside(p) / (fixed + texts);
    return true;
}

static void choose(const pdf *p, const report_table *t, columns *c)
{
    double want[REPORT_COLUMNS];
    wanted(t, c, want);
    c->size = sizes[0];
    if (by_share(p, t, c))
        return;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        c->size = sizes[i];
        if (by_need(p, t, c, want))
            return;
    }
    double all = 0;
    for (int i = 0; i < t->ncolumn; i++)
        all += c->wide[i];
    for (int i = 0; i < t->ncolumn; i++)
        c->wide[i] *= pdf_inside(p) / all;
}

static pdf_style style_of(const columns *c, const report_column *col, const report_cell *cell, bool sum)
{
    bool right = cell->kind == REPORT_CELL_NUMBER || cell->kind == REPORT_CELL_GAP;
    return (pdf_style){ c->size, sum, PDF_BLACK, right ? REPORT_RIGHT : col->align };
}

static bool titled(const report_table *t)
{
    for (int i = 0; i < t->ncolumn; i++)
        if (t->column[i].title || t->column[i].unit)
            return true;
    return false;
}

/* What a title may be written over. */
static double title_wide(const report_table *t, const columns *c, int i)
{
    double wide = 0;
    for (int k = 0; k < report_title_span(t, i); k++)
        wide += c->wide[i + k];
    return wide - (t->column[i].bars ? 0 : 2 * PAD);
}

static double title_height(pdf *p, const report_table *t, const columns *c)
{
    double most = 0;
    pdf_style s = { c->size * 0.95, true, PDF_BLACK, REPORT_LEFT },
              unit = { c->size * 0.85, false, PDF_GREY, REPORT_LEFT };
    for (int i = 0; i < t->ncolumn; i++) {
        const report_column *col = &t->column[i];
        double high = col->title ? pdf_height(p, s, title_wide(t, c, i), col->title) : 0;
        high += col->unit && *col->unit ? pdf_height(p, unit, c->wide[i] - 2 * PAD, col->unit) : 0;
        most = high > most ? high : most;
    }
    return most + 5;
}

static void titles(pdf *p, const report_table *t, const columns *c)
{
    if (!titled(t))
        return;
    double high = title_height(p, t, c), x = PDF_MARGIN;
    pdf_fill(p, PDF_MARGIN, p->y, pdf_inside(p), high, 0.92, 0.95, 0.94);
    for (int i = 0; i < t->ncolumn; i++) {
        const report_column *col = &t->column[i];
        report_align align = c->right[i] ? REPORT_RIGHT : col->align;
        pdf_style s = { c->size * 0.95, true, PDF_BLACK, align },
                  unit = { c->size * 0.85, false, PDF_GREY, align };
        double y = p->y + 2.5, wide = title_wide(t, c, i);
        if (col->title)
            y += pdf_draw(p, s, x + (col->bars ? 1 : PAD), y, wide, col->title);
        if (col->unit && *col->unit)
            (void)pdf_draw(p, unit, x + PAD, y, wide, col->unit);
        x += c->wide[i];
    }
    p->y += high;
    pdf_line(p, PDF_MARGIN, p->y, PDF_MARGIN + pdf_inside(p), p->y, 0.7, 0.35);
}

static double row_height(pdf *p, const report_table *t, const columns *c, const report_row *row)
{
    char room[MIZO_NUM_TEXT];
    double most = c->size * 1.45;
    for (int i = 0; i < t->ncolumn; i++) {
        if (row->cell[i].kind != REPORT_CELL_TEXT)
            continue;
        double high = pdf_height(p, style_of(c, &t->column[i], &row->cell[i], row->sum), c->wide[i] - 2 * PAD,
                                 report_cell_shown(&row->cell[i], false, room));
        most = high > most ? high : most;
    }
    return most + 3;
}

static void bar(pdf *p, double x, double wide, double high, bool done)
{
    if (done)
        pdf_fill(p, x, p->y + 3, wide, high - 6, 0.62, 0.72, 0.68);
    else
        pdf_fill(p, x, p->y + 3, wide, high - 6, 0.18, 0.44, 0.36);
}

static void draw_row(pdf *p, const report_table *t, const columns *c, const report_row *row, double high)
{
    char room[MIZO_NUM_TEXT];
    double x = PDF_MARGIN;
    if (row->sum)
        pdf_line(p, PDF_MARGIN, p->y, PDF_MARGIN + pdf_inside(p), p->y, 0.7, 0.2);
    for (int i = 0; i < t->ncolumn; i++) {
        const char *text = report_cell_shown(&row->cell[i], t->column[i].plain, room);
        if (row->cell[i].kind == REPORT_CELL_BAR)
            bar(p, x, c->wide[i], high, row->cell[i].value != 0);
        else if (*text)
            (void)pdf_draw(p, style_of(c, &t->column[i], &row->cell[i], row->sum), x + PAD, p->y + 1.5,
                           c->wide[i] - 2 * PAD, text);
        x += c->wide[i];
    }
    p->y += high;
    pdf_line(p, PDF_MARGIN, p->y, PDF_MARGIN + pdf_inside(p), p->y, 0.35, 0.8);
}

void pdf_table(pdf *p, const report_table *t)
{
    columns c = { 0 };
    choose(p, t, &c);
    pdf_need(p, (t->caption ? 18 : 0) + title_height(p, t, &c) + 2 * c.size * 1.8);
    if (t->caption)
        p->y += pdf_draw(p, (pdf_style){ 9.5, true, PDF_BLACK, REPORT_LEFT }, PDF_MARGIN, p->y, pdf_inside(p),
                         t->caption) +
                2;
    titles(p, t, &c);
    for (const report_row *row = t->first; row; row = row->next) {
        double high = row_height(p, t, &c, row);
        if (high > pdf_room(p) && p->y > PDF_TOP + 60) {
            pdf_new_page(p);
            titles(p, t, &c);
        }
        draw_row(p, t, &c, row, high);
    }
    p->y += 10;
}
