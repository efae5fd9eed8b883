/* plain.c: a document for a terminal. A letter of Japanese takes two columns. */
#include <string.h>

#include "base/text.h"
#include "report/report.h"

enum { PAGE = 100, BAR = 40 };

/* Columns that s[0..n) takes on a terminal. */
static int columns_of(const char *s, size_t n)
{
    int w = 0;
    for (size_t i = 0, step; i < n; i += step) {
        uint32_t cp;
        step = utf8_get(s + i, n - i, &cp);
        if (!step)
            return w;
        bool half = cp < 0x1100 || (cp >= 0xff61 && cp <= 0xff9f) || (cp >= 0x2010 && cp <= 0x2027);
        w += half ? 1 : 2;
    }
    return w;
}

static void spaces(buf *out, int n)
{
    while (n-- > 0)
        buf_char(out, ' ');
}

static void put(buf *out, const char *s, int width, report_align align)
{
    int left = width - columns_of(s, strlen(s));
    int before = align == REPORT_RIGHT ? left : align == REPORT_CENTRE ? left / 2 : 0;
    spaces(out, before);
    buf_str(out, s);
    spaces(out, left - before);
}

static void rule(buf *out, const int *width, int n, const char *stroke)
{
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < width[i]; k++)
            buf_str(out, stroke);
        buf_str(out, i + 1 < n ? "  " : "\n");
    }
}

static void title_of(const report_column *c, buf *out)
{
    buf_clear(out);
    buf_str(out, c->title ? c->title : "");
    if (c->unit && *c->unit)
        buf_printf(out, "%s[%s]", c->title ? " " : "", c->unit);
}

static bool right(const report_column *c, const report_cell *cell)
{
    return cell->kind == REPORT_CELL_NUMBER || cell->kind == REPORT_CELL_GAP || c->align == REPORT_RIGHT;
}

static mizo_err widths(const report_table *t, int *width, bool *titled)
{
    char room[MIZO_NUM_TEXT];
    buf title;
    buf_init(&title, 0);
    for (int i = 0; i < t->ncolumn; i++) {
        title_of(&t->column[i], &title);
        width[i] = title.n ? columns_of(title.p, title.n) : 1;
        *titled |= title.n > 0;
        for (const report_row *row = t->first; row; row = row->next) {
            const char *s = report_cell_shown(&row->cell[i], t->column[i].plain, room);
            int w = columns_of(s, strlen(s));
            width[i] = w > width[i] ? w : width[i];
        }
    }
    mizo_err err = title.err;
    buf_fini(&title);
    return err;
}

/* Spaces at the end of a line help nobody. */
static void end_line(buf *out)
{
    while (out->n && out->p && out->p[out->n - 1] == ' ')
        out->p[--out->n] = 0;
    buf_char(out, '\n');
}

static void titles(buf *out, const report_table *t, const int *width)
{
    buf title;
    buf_init(&title, 0);
    for (int i = 0; i < t->ncolumn; i++) {
        title_of(&t->column[i], &title);
        bool numbers = t->first && right(&t->column[i], &t->first->cell[i]);
        put(out, title.p ? title.p : "", width[i], numbers ? REPORT_RIGHT : t->column[i].align);
        if (i + 1 < t->ncolumn)
            spaces(out, 2);
    }
    end_line(out);
    rule(out, width, t->ncolumn, "-");
    buf_fini(&title);
}

static mizo_err table(buf *out, const report_table *t)
{
    int width[REPORT_COLUMNS];
    bool titled = false;
    char room[MIZO_NUM_TEXT];
    MIZO_TRY(widths(t, width, &titled));
    if (t->caption)
        buf_printf(out, "%s\n", t->caption);
    if (titled)
        titles(out, t, width);
    for (const report_row *row = t->first; row; row = row->next) {
        if (row->sum)
            rule(out, width, t->ncolumn, "-");
        for (int i = 0; i < t->ncolumn; i++) {
            const report_column *c = &t->column[i];
            const char *s = report_cell_shown(&row->cell[i], c->plain, room);
            put(out, s, width[i], right(c, &row->cell[i]) ? REPORT_RIGHT : c->align);
            if (i + 1 < t->ncolumn)
                spaces(out, 2);
        }
        end_line(out);
    }
    buf_char(out, '\n');
    return out->err;
}

/* ---- charts: one bar a place and line ---- */
static int64_t largest(const report_chart *c)
{
    int64_t most = 1;
    for (int k = 0; k < c->nline; k++)
        for (int i = 0; i < c->n; i++) {
            int64_t v = c->line[k].v[i];
            if (v != INT64_MIN && (v < 0 ? -v : v) > most)
                most = v < 0 ? -v : v;
        }
    return most;
}

static void chart(buf *out, const report_chart *c)
{
    int64_t most = largest(c), bar;
    int label = 0;
    for (int i = 0; i < c->n; i++) {
        int w = columns_of(c->places[i], strlen(c->places[i]));
        label = w > label ? w : label;
    }
    buf_printf(out, "%s%s%s%s\n", c->caption, *c->unit ? " [" : "", c->unit, *c->unit ? "]" : "");
    for (int i = 0; i < c->n; i++)
        for (int k = 0; k < c->nline; k++) {
            int64_t v = c->line[k].v[i];
            char text[MIZO_NUM_TEXT] = "–";
            report_cell cell = { .from = (uint8_t)c->digits, .digits = (uint8_t)c->digits, .value = v };
            if (v != INT64_MIN)
                report_number_text(&cell, false, text);
            put(out, k ? "" : c->places[i], label, REPORT_RIGHT);
            buf_printf(out, " %s ", c->nline > 1 ? c->line[k].name : "");
            if (v != INT64_MIN && !mizo_mul_div(v < 0 ? -v : v, BAR, most, MIZO_ROUND_HALF_UP, &bar))
                for (int64_t b = 0; b < bar; b++)
                    buf_char(out, v < 0 ? '-' : '#');
            buf_printf(out, " %s\n", text);
        }
    buf_char(out, '\n');
}

/* ---- texts ---- */
static void centred(buf *out, const char *s)
{
    if (!s || !*s)
        return;
    spaces(out, (PAGE - columns_of(s, strlen(s))) / 2);
    buf_printf(out, "%s\n", s);
}

/* Two blocks of lines, line by line beside each other. */
static void sides(buf *out, const char *left, const char *from)
{
    while (*left || *from) {
        size_t nl = strcspn(left, "\n"), nr = strcspn(from, "\n");
        buf_add(out, left, nl);
        if (nr) {
            spaces(out, PAGE / 2 - columns_of(left, nl));
            buf_add(out, from, nr);
        }
        end_line(out);
        left += nl + (left[nl] == '\n');
        from += nr + (from[nr] == '\n');
    }
    buf_char(out, '\n');
}

static int widest_key(const report_block *b)
{
    int width = 0;
    for (; b && b->kind == REPORT_PAIR; b = b->next) {
        int w = columns_of(b->key, strlen(b->key));
        width = w > width ? w : width;
    }
    return width;
}

static mizo_err block(buf *out, const report_block *b, int *keys)
{
    switch (b->kind) {
    case REPORT_HEADING:
        buf_printf(out, "%s %s\n\n", &"###"[3 - b->level], b -> text);
        break;
    case REPORT_TEXT:
    case REPORT_NOTE:
        buf_printf(out, "%s\n\n", b->text);
        break;
    case REPORT_PAIR:
        *keys = *keys ? *keys : widest_key(b);
        put(out, b->key, *keys, REPORT_LEFT);
        buf_printf(out, "  %s\n%s", b->text, b->next && b->next->kind == REPORT_PAIR ? "" : "\n");
        break;
    case REPORT_SIDES:
        sides(out, b->key, b->text);
        break;
    case REPORT_FIGURE:
        buf_printf(out, "[ %s  %s ]\n\n", b->key, b->text);
        break;
    case REPORT_PAGE:
        buf_str(out, "\n");
        break;
    case REPORT_TABLE:
        return table(out, b->table);
    case REPORT_CHART:
        chart(out, b->chart);
    }
    return out->err;
}

mizo_err report_plain(const report *r, buf *out)
{
    const report_head *h = report_head_of(r);
    int keys = 0;
    if (h->stamp)
        buf_printf(out, "*** %s ***\n", h->stamp);
    centred(out, h->title);
    centred(out, h->subtitle);
    if (h->title || h->subtitle)
        buf_char(out, '\n');
    for (const report_block *b = report_blocks(r); b; b = b->next) {
        if (b->kind != REPORT_PAIR)
            keys = 0;
        MIZO_TRY(block(out, b, &keys));
    }
    return out->err;
}
