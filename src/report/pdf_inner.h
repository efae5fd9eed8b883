/* pdf_inner.h: what the files of the module mizo-pdf share: a page in points, texts measured and drawn. */
#ifndef REPORT_PDF_INNER_H
#define REPORT_PDF_INNER_H

#include <cairo.h>
#include <pango/pangocairo.h>

#include "report/report.h"

/* Points (1/72 inch). y grows downwards from the top of the page. */
typedef struct pdf {
    const report *r;
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoLayout *layout; /* one for all texts, set anew for each */
    double wide, high;   /* of the page */
    double y;            /* where the next block begins */
    int page, pages;     /* pages 0: not counted yet, a first run to count them */
} pdf;

typedef enum pdf_ink { PDF_BLACK, PDF_GREY, PDF_GREEN, PDF_WHITE } pdf_ink;

typedef struct pdf_style {
    double size; /* points */
    bool bold;
    pdf_ink ink;
    report_align align;
} pdf_style;

static const char PDF_FONT[] = "Noto Sans CJK JP";
static const double PDF_MARGIN = 45, PDF_TOP = 48, PDF_BOTTOM = 52;

double pdf_inside(const pdf *p); /* width between the margins */
double pdf_room(const pdf *p);   /* from y to the foot of the page */
void pdf_new_page(pdf *p);
/* A new page if less than `high` is left and something stands on this one. */
void pdf_need(pdf *p, double high);
/* The height of a text in a column of so many points, and its natural width on one line. */
double pdf_height(pdf *p, pdf_style s, double width, const char *text);
double pdf_natural(pdf *p, pdf_style s, const char *text);
/* Draws it with its top left corner at x, y; returns its height. */
double pdf_draw(pdf *p, pdf_style s, double x, double y, double width, const char *text);
/* Draws a layout in letters of `size` points from the current point on. pdf_font.c */
void pdf_show(pdf *p, PangoLayout *layout, double size);
void pdf_line(pdf *p, double x0, double y0, double x1, double y1, double thick, double grey);
void pdf_fill(pdf *p, double x, double y, double w, double h, double red, double green, double blue);

void pdf_table(pdf *p, const report_table *t);
void pdf_chart(pdf *p, const report_chart *c);

#endif
