/* pdf_chart.c: the small charts of a PDF: bars beside each other, or lines. A value that is not known is a gap. */
#include <string.h>

#include "pdf_inner.h"

static const double HIGH = 150, LEFT = 52, FOOT = 16;
static const double inks[REPORT_LINES][3] = {
    {0.18,  0.44, 0.36},
    { 0.79, 0.54, 0.0 },
    { 0.29, 0.33, 0.41},
    { 0.35, 0.42, 0.56},
    { 0.64, 0.25, 0.25},
    { 0.48, 0.32, 0.58}
};

typedef struct frame {
    double x, y, wide, high; /* of the field inside the axes */
    double low, top;         /* values at its foot and head */
} frame;

static double y_of(const frame *f, double v)
{
    return f->y + f->high * (f->top - v) / (f->top - f->low);
}

static frame frame_of(const pdf *p, const report_chart *c)
{
    frame f = { PDF_MARGIN + LEFT, p->y, pdf_inside(p) - LEFT, HIGH - FOOT, 0, 0 };
    for (int k = 0; k < c->nline; k++)
        for (int i = 0; i < c->n; i++) {
            double v = (double)c->line[k].v[i];
            if (c->line[k].v[i] == INT64_MIN)
                continue;
            f.low = v < f.low ? v : f.low;
            f.top = v > f.top ? v : f.top;
        }
    if (f.top <= f.low)
        f.top = f.low + 1;
    return f;
}

static void ink(pdf *p, int k)
{
    cairo_set_source_rgb(p->cr, inks[k][0], inks[k][1], inks[k][2]);
}

static void bars(pdf *p, const report_chart *c, const frame *f)
{
    double step = f->wide / c->n, each = step * 0.8 / c->nline, zero = y_of(f, 0);
    for (int k = 0; k < c->nline; k++) {
        ink(p, k);
        for (int i = 0; i < c->n; i++)
            if (c->line[k].v[i] != INT64_MIN) {
                double y = y_of(f, (double)c->line[k].v[i]);
                cairo_rectangle(p->cr, f->x + i * step + step * 0.1 + k * each, y < zero ? y : zero, each,
                                y < zero ? zero - y : y - zero);
            }
        cairo_fill(p->cr);
    }
}

static void lines(pdf *p, const report_chart *c, const frame *f)
{
    double step = f->wide / c->n;
    cairo_set_line_width(p->cr, 1.1);
    for (int k = 0; k < c->nline; k++) {
        bool on = false;
        ink(p, k);
        for (int i = 0; i < c->n; i++) {
            int64_t v = c->line[k].v[i];
            if (v != INT64_MIN && on)
                cairo_line_to(p->cr, f->x + (i + 0.5) * step, y_of(f, (double)v));
            else if (v != INT64_MIN)
                cairo_move_to(p->cr, f->x + (i + 0.5) * step, y_of(f, (double)v));
            on = v != INT64_MIN;
        }
        cairo_stroke(p->cr);
    }
}

static void value_line(pdf *p, const report_chart *c, const frame *f, double v)
{
    char text[MIZO_NUM_TEXT];
    report_cell cell = { .from = (uint8_t)c->digits, .digits = (uint8_t)c->digits, .value = (int64_t)v };
    report_number_text(&cell, false, text);
    double y = y_of(f, v);
    pdf_line(p, f->x, y, f->x + f->wide, y, 0.4, 0.75);
    (void)pdf_draw(p, (pdf_style){ 7, false, PDF_GREY, REPORT_RIGHT }, PDF_MARGIN, y - 5, LEFT - 4, text);
}

static void places(pdf *p, const report_chart *c, const frame *f)
{
    double step = f->wide / c->n;
    int every = (int)(34 / step) + 1;
    for (int i = 0; i < c->n; i += every)
        (void)pdf_draw(p, (pdf_style){ 7, false, PDF_GREY, REPORT_CENTRE }, f->x + (i + 0.5) * step - 25,
                       f->y + f->high + 3, 50, c->places[i]);
}

static void names(pdf *p, const report_chart *c)
{
    double x = PDF_MARGIN + LEFT;
    for (int k = 0; k < c->nline && c->nline > 1; k++) {
        pdf_style s = { 7.5, false, PDF_BLACK, REPORT_LEFT };
        ink(p, k);
        cairo_rectangle(p->cr, x, p->y + 3, 7, 7);
        cairo_fill(p->cr);
        (void)pdf_draw(p, s, x + 10, p->y, 0, c->line[k].name);
        x += pdf_natural(p, s, c->line[k].name) + 26;
    }
    p->y += c->nline > 1 ? 14 : 0;
}

void pdf_chart(pdf *p, const report_chart *c)
{
    pdf_need(p, HIGH + 40);
    pdf_style s = { 9.5, true, PDF_BLACK, REPORT_LEFT };
    double wide = pdf_natural(p, s, c->caption);
    double high = pdf_draw(p, s, PDF_MARGIN, p->y, 0, c->caption);
    if (*c->unit)
        (void)pdf_draw(p, (pdf_style){ 8, false, PDF_GREY, REPORT_LEFT }, PDF_MARGIN + wide + 8, p->y + 1.5,
                       0, c->unit);
    p->y += high + 5;
    frame f = frame_of(p, c);
    value_line(p, c, &f, f.top);
    value_line(p, c, &f, f.low);
    if (f.low < 0 && f.top > 0)
        value_line(p, c, &f, 0);
    (c->lines ? lines : bars)(p, c, &f);
    places(p, c, &f);
    p->y += HIGH + 2;
    names(p, c);
    p->y += 8;
}
