/* pdf.c: a document as PDF, with Cairo and Pango: the module mizo-pdf.
 *
 * The document is laid out twice: once into nowhere to count the pages, once into the file. The only date in the
 * file is the document's. Letters come from Noto Sans CJK JP and are embedded as subsets. */
#include "pdf_inner.h"

#include <cairo-pdf.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double A4_SHORT = 595.276, A4_LONG = 841.890;

static const double inks[][3] = {
    [PDF_BLACK] = {0.11,  0.14, 0.19},
    [PDF_GREY] = { 0.36, 0.40, 0.45},
    [PDF_GREEN] = { 0.16, 0.40, 0.33},
    [PDF_WHITE] = { 1,    1,    1   },
};

/* ---- texts ---- */
static void set(pdf *p, pdf_style s, double width, const char *text)
{
    PangoFontDescription *d = pango_font_description_new();
    pango_font_description_set_family_static(d, PDF_FONT);
    pango_font_description_set_absolute_size(d, s.size * PANGO_SCALE);
    pango_font_description_set_weight(d, s.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(p->layout, d);
    pango_font_description_free(d);
    pango_layout_set_width(p->layout, width > 0 ? (int)(width * PANGO_SCALE) : -1);
    pango_layout_set_alignment(p->layout, s.align == REPORT_RIGHT    ? PANGO_ALIGN_RIGHT
                                          : s.align == REPORT_CENTRE ? PANGO_ALIGN_CENTER
                                                                     : PANGO_ALIGN_LEFT);
    pango_layout_set_text(p->layout, text ? text : "", -1);
}

static double height_of(pdf *p)
{
    PangoRectangle r;
    pango_layout_get_extents(p->layout, NULL, &r);
    return (double)r.height / PANGO_SCALE;
}

double pdf_height(pdf *p, pdf_style s, double width, const char *text)
{
    set(p, s, width, text);
    return height_of(p);
}

double pdf_natural(pdf *p, pdf_style s, const char *text)
{
    PangoRectangle r;
    set(p, s, 0, text);
    pango_layout_get_extents(p->layout, NULL, &r);
    return (double)r.width / PANGO_SCALE;
}

double pdf_draw(pdf *p, pdf_style s, double x, double y, double width, const char *text)
{
    set(p, s, width, text);
    cairo_set_source_rgb(p->cr, inks[s.ink][0], inks[s.ink][1], inks[s.ink][2]);
    cairo_move_to(p->cr, x, y);
    pdf_show(p, p->layout, s.size);
    return height_of(p);
}

void pdf_line(pdf *p, double x0, double y0, double x1, double y1, double thick, double grey)
{
    cairo_set_source_rgb(p->cr, grey, grey, grey);
    cairo_set_line_width(p->cr, thick);
    cairo_move_to(p->cr, x0, y0);
    cairo_line_to(p->cr, x1, y1);
    cairo_stroke(p->cr);
}

void pdf_fill(pdf *p, double x, double y, double w, double h, double red, double green, double blue)
{
    cairo_set_source_rgb(p->cr, red, green, blue);
    cairo_rectangle(p->cr, x, y, w, h);
    cairo_fill(p->cr);
}

/* ---- pages ---- */
double pdf_inside(const pdf *p)
{
    return p->wide - 2 * PDF_MARGIN;
}

double pdf_room(const pdf *p)
{
    return p->high - PDF_BOTTOM - p->y;
}

static void stamp(pdf *p, const char *word)
{
    const pdf_style s = { .size = 110, .bold = true };
    double w = pdf_natural(p, s, word), h = height_of(p);
    cairo_save(p->cr);
    cairo_translate(p->cr, p->wide / 2, p->high / 2);
    cairo_rotate(p->cr, -0.5);
    cairo_set_source_rgb(p->cr, 0.96, 0.89, 0.89);
    cairo_move_to(p->cr, -w / 2, -h / 2);
    pdf_show(p, p->layout, s.size);
    cairo_restore(p->cr);
}

static void begin_page(pdf *p)
{
    const report_head *h = report_head_of(p->r);
    p->page++;
    p->y = PDF_TOP;
    if (h->stamp)
        stamp(p, h->stamp);
    if (h->header)
        (void)pdf_draw(p, (pdf_style){ 7.5, false, PDF_GREY, REPORT_RIGHT }, PDF_MARGIN, 24, pdf_inside(p),
                       h->header);
}

static void end_page(pdf *p)
{
    const report_head *h = report_head_of(p->r);
    double y = p->high - PDF_BOTTOM + 14;
    char number[32];
    (void)snprintf(number, sizeof number, "%d / %d", p->page, p->pages);
    pdf_line(p, PDF_MARGIN, y - 4, p->wide - PDF_MARGIN, y - 4, 0.4, 0.75);
    if (h->footer)
        (void)pdf_draw(p, (pdf_style){ 7.5, false, PDF_GREY, REPORT_LEFT }, PDF_MARGIN, y, pdf_inside(p) - 60,
                       h->footer);
    (void)pdf_draw(p, (pdf_style){ 7.5, false, PDF_GREY, REPORT_RIGHT }, PDF_MARGIN, y, pdf_inside(p),
                   number);
    cairo_show_page(p->cr);
}

void pdf_new_page(pdf *p)
{
    end_page(p);
    begin_page(p);
}

void pdf_need(pdf *p, double high)
{
    if (high > pdf_room(p) && p->y > PDF_TOP)
        pdf_new_page(p);
}

/* ---- blocks ---- */
/* A text that may be longer than a page goes on line by line. */
static void paragraph(pdf *p, pdf_style s, const char *text, double after)
{
    set(p, s, pdf_inside(p), text);
    int lines = pango_layout_get_line_count(p->layout);
    if (height_of(p) <= pdf_room(p) || lines == 1) {
        pdf_need(p, height_of(p));
        p->y += pdf_draw(p, s, PDF_MARGIN, p->y, pdf_inside(p), text) + after;
        return;
    }
    PangoLayout *whole = pango_layout_copy(p->layout);
    for (int i = 0; i < lines; i++) {
        PangoLayoutLine *line = pango_layout_get_line_readonly(whole, i);
        char *own = strndup(text + line->start_index, (size_t)line->length);
        pdf_need(p, pdf_height(p, s, 0, own));
        p->y += pdf_draw(p, s, PDF_MARGIN, p->y, 0, own);
        free(own);
    }
    g_object_unref(whole);
    p->y += after;
}

static void heading(pdf *p, const report_block *b)
{
    static const double sizes[] = { 13, 11, 9.5 };
    pdf_style s = { sizes[b->level - 1], true, b->level == 1 ? PDF_GREEN : PDF_BLACK, REPORT_LEFT };
    p->y += p->y > PDF_TOP ? 8 : 0;
    pdf_need(p, 90);
    p->y += pdf_draw(p, s, PDF_MARGIN, p->y, pdf_inside(p), b->text) + 2;
    if (b->level == 1)
        pdf_line(p, PDF_MARGIN, p->y, p->wide - PDF_MARGIN, p->y, 0.8, 0.35);
    p->y += 5;
}

static double key_width(pdf *p, pdf_style s, const report_block *b)
{
    double most = 0;
    for (; b && b->kind == REPORT_PAIR; b = b->next) {
        double w = pdf_natural(p, s, b->key);
        most = w > most ? w : most;
    }
    return most < pdf_inside(p) * 0.45 ? most : pdf_inside(p) * 0.45;
}

/* Returns the last pair of the block. */
static const report_block *pairs(pdf *p, const report_block *b)
{
    pdf_style key = { 9, false, PDF_GREY, REPORT_LEFT }, value = { 9, false, PDF_BLACK, REPORT_LEFT };
    double wide = key_width(p, key, b), x = PDF_MARGIN + wide + 14, rest = pdf_inside(p) - wide - 14;
    for (;; b = b->next) {
        double high = pdf_height(p, value, rest, b->text), left = pdf_height(p, key, wide + 1, b->key);
        high = left > high ? left : high;
        pdf_need(p, high);
        (void)pdf_draw(p, key, PDF_MARGIN, p->y, wide + 1, b->key);
        (void)pdf_draw(p, value, x, p->y, rest, b->text);
        p->y += high + 2;
        if (!b->next || b->next->kind != REPORT_PAIR)
            break;
    }
    p->y += 6;
    return b;
}

static void sides(pdf *p, const report_block *b)
{
    pdf_style left = { 10.5, false, PDF_BLACK, REPORT_LEFT }, right = { 9, false, PDF_BLACK, REPORT_LEFT };
    double lw = pdf_inside(p) * 0.54, rw = pdf_inside(p) * 0.42;
    double lh = pdf_height(p, left, lw, b->key), rh = pdf_height(p, right, rw, b->text);
    pdf_need(p, lh > rh ? lh : rh);
    (void)pdf_draw(p, left, PDF_MARGIN, p->y, lw, b->key);
    (void)pdf_draw(p, right, p->wide - PDF_MARGIN - rw, p->y, rw, b->text);
    p->y += (lh > rh ? lh : rh) + 10;
}

static void figure(pdf *p, const report_block *b)
{
    pdf_style label = { 10, false, PDF_BLACK, REPORT_LEFT }, value = { 17, true, PDF_BLACK, REPORT_LEFT };
    double lw = pdf_natural(p, label, b->key), vw = pdf_natural(p, value, b->text);
    double lh = pdf_height(p, label, 0, b->key), vh = pdf_height(p, value, 0, b->text), high = vh + 10;
    pdf_need(p, high + 8);
    cairo_set_source_rgb(p->cr, 0.2, 0.25, 0.3);
    cairo_set_line_width(p->cr, 1);
    cairo_rectangle(p->cr, PDF_MARGIN, p->y, lw + vw + 52, high);
    cairo_stroke(p->cr);
    (void)pdf_draw(p, label, PDF_MARGIN + 14, p->y + (high - lh) / 2, 0, b->key);
    (void)pdf_draw(p, value, PDF_MARGIN + lw + 38, p->y + (high - vh) / 2, 0, b->text);
    p->y += high + 12;
}

static const report_block *block(pdf *p, const report_block *b)
{
    switch (b->kind) {
    case REPORT_HEADING:
        heading(p, b);
        break;
    case REPORT_TEXT:
        paragraph(p, (pdf_style){ 9.5, false, PDF_BLACK, REPORT_LEFT }, b->text, 6);
        break;
    case REPORT_NOTE:
        paragraph(p, (pdf_style){ 7.8, false, PDF_GREY, REPORT_LEFT }, b->text, 4);
        break;
    case REPORT_PAIR:
        return pairs(p, b);
    case REPORT_SIDES:
        sides(p, b);
        break;
    case REPORT_FIGURE:
        figure(p, b);
        break;
    case REPORT_PAGE:
        pdf_new_page(p);
        break;
    case REPORT_TABLE:
        pdf_table(p, b->table);
        break;
    case REPORT_CHART:
        pdf_chart(p, b->chart);
        break;
    }
    return b;
}

static void document(pdf *p)
{
    const report_head *h = report_head_of(p->r);
    begin_page(p);
    if (h->title) {
        p->y += pdf_draw(p, (pdf_style){ 19, true, PDF_BLACK, REPORT_CENTRE }, PDF_MARGIN, p->y,
                         pdf_inside(p), h->title);
        p->y += 4;
    }
    if (h->subtitle)
        p->y += pdf_draw(p, (pdf_style){ 10, false, PDF_GREY, REPORT_CENTRE }, PDF_MARGIN, p->y,
                         pdf_inside(p), h->subtitle) +
                4;
    p->y += h->title || h->subtitle ? 8 : 0;
    for (const report_block *b = report_blocks(p->r); b; b = b->next)
        b = block(p, b);
    end_page(p);
}

/* ---- the file ---- */
static cairo_status_t write_to(void *arg, const unsigned char *bytes, unsigned n)
{
    buf *out = arg;
    if (out)
        buf_add(out, bytes, n);
    return out && out->err ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void metadata(cairo_surface_t *s, const report_head *h)
{
    char day[MIZO_DATE_TEXT], date[48];
    mizo_day_text(h->day, day);
    (void)snprintf(date, sizeof date, "%sT00:00:00+09:00", day);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, h->title ? h->title : "");
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_AUTHOR, h->author ? h->author : "");
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "mizo");
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_MOD_DATE, date);
}

static PangoLayout *layout_of(pdf *p)
{
    PangoLayout *l = pango_cairo_create_layout(p->cr);
    cairo_font_options_t *o = cairo_font_options_create();
    cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(pango_layout_get_context(l), o);
    cairo_font_options_destroy(o);
    pango_context_set_language(pango_layout_get_context(l),
                               pango_language_from_string(report_head_of(p->r)->lang));
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_context_changed(l);
    return l;
}

static bool have_font(void)
{
    PangoFontFamily **families = NULL;
    int n = 0;
    bool found = false;
    pango_font_map_list_families(pango_cairo_font_map_get_default(), &families, &n);
    for (int i = 0; i < n && !found; i++)
        found = strcmp(pango_font_family_get_name(families[i]), PDF_FONT) == 0;
    g_free(families);
    return found;
}

/* One run; out NULL: only to count. */
static cairo_status_t run(pdf *p, buf *out)
{
    p->surface = cairo_pdf_surface_create_for_stream(write_to, out, p->wide, p->high);
    metadata(p->surface, report_head_of(p->r));
    p->cr = cairo_create(p->surface);
    p->layout = layout_of(p);
    p->page = 0;
    document(p);
    p->pages = p->page;
    cairo_status_t status = cairo_status(p->cr);
    g_object_unref(p->layout);
    cairo_destroy(p->cr);
    cairo_surface_finish(p->surface);
    status = status ? status : cairo_surface_status(p->surface);
    cairo_surface_destroy(p->surface);
    return status;
}

static mizo_err make(const report *r, buf *out, char why[REPORT_WHY])
{
    bool lying = report_head_of(r)->landscape;
    pdf p = { .r = r, .wide = lying ? A4_LONG : A4_SHORT, .high = lying ? A4_SHORT : A4_LONG };
    if (!have_font()) {
        (void)snprintf(why, REPORT_WHY, "the font \"%s\" is not installed", PDF_FONT);
        return MIZO_EUNSUPPORTED;
    }
    static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER; /* the letters are kept: pdf_font.c */
    pthread_mutex_lock(&one_at_a_time);
    cairo_status_t status = run(&p, NULL);
    status = status ? status : run(&p, out);
    pthread_mutex_unlock(&one_at_a_time);
    if (!status && !out->err)
        return MIZO_OK;
    (void)snprintf(why, REPORT_WHY, "%s", cairo_status_to_string(status));
    return out->err ? out->err : status == CAIRO_STATUS_NO_MEMORY ? MIZO_ENOMEM : MIZO_EIO;
}

extern MIZO_API const report_maker mizo_module_pdf;
const report_maker mizo_module_pdf = { "pdf", make };
