/* html.c: a document as one file that opens from disk, on a closed network, and prints on A4. */
#include <stdio.h>
#include <string.h>

#include "report/report.h"

enum { BRIEF = 24 }; /* bytes of a text that is not broken into lines */
enum { WHOLE = 14 }; /* rows of a table that is not parted between two pages */

static const char style[] =
    "@page{size:A4 %s;margin:16mm 15mm 18mm}"
    "body{font-family:'Noto Sans CJK JP','Noto Sans JP','BIZ UDPGothic','Yu Gothic','Hiragino Sans',sans-serif;"
    "color:#1c2430;line-height:1.6;max-width:%s;margin:2em auto;padding:0 1em;font-size:15px}"
    "h1{text-align:center;letter-spacing:.2em;font-size:1.7em;margin:.2em 0}"
    ".sub{text-align:center;margin:0 0 1.5em;color:#4b5563}"
    "h2{font-size:1.25em;border-bottom:2px solid #2f6f5b;padding-bottom:.15em;margin-top:1.6em}"
    "h3{font-size:1.1em}h4{font-size:1em}h1,h2,h3,h4,caption,thead,tbody tr:first-child{break-after:avoid}"
    "p{white-space:pre-wrap;margin:.6em 0}.note{font-size:.85em;color:#4b5563}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.15em 1.2em;margin:.8em 0}"
    "dt{color:#4b5563}dd{margin:0}"
    ".sides{display:flex;justify-content:space-between;gap:2em;margin:1em 0;white-space:pre-wrap}"
    ".figure{border:2px solid #1c2430;padding:.5em 1.2em;display:inline-flex;gap:2em;align-items:baseline;"
    "margin:.6em 0}.figure b{font-size:1.6em}"
    ".scroll{overflow-x:auto}"
    "table{border-collapse:collapse;width:100%%;margin:.6em 0 1.2em;font-variant-numeric:tabular-nums}"
    "caption{text-align:left;font-weight:bold;padding:.3em 0}"
    "th,td{border:1px solid #c3cad3;padding:.25em .55em;text-align:left;vertical-align:top}"
    "th{background:#eef3f1;font-weight:600}th small{display:block;font-weight:normal;color:#4b5563}"
    "th.bars{padding:.25em .1em;text-align:left;white-space:nowrap}td.bars{padding:0;min-width:.7em;border-left-color:#e6eaee;"
    "border-right-color:#e6eaee}td.bar{background:#2f6f5b}td.bar.done{background:#9db8ae}"
    "a.save{float:right;font-weight:normal;font-size:.85em;color:#2f6f5b}"
    ".d,.r{white-space:nowrap}.r{text-align:right}.c{text-align:center}.l{min-width:8em}.r.l{word-break:keep-all}"
    ".r.l,th.r,th.d{white-space:normal}th{min-width:2.2em}"
    "tr.sum{break-before:avoid}tr.sum td{border-top:2px solid #1c2430;font-weight:600}"
    "thead{display:table-header-group}tr,.whole,figure,.sides{break-inside:avoid}.page{break-before:page}"
    "header,footer{font-size:.8em;color:#4b5563;display:flex;justify-content:flex-end}"
    "footer{justify-content:flex-start;border-top:1px solid #c3cad3;margin-top:2em;padding-top:.4em;overflow-wrap:anywhere}"
    ".stamp{position:fixed;inset:0;display:flex;align-items:center;justify-content:center;pointer-events:none;"
    "font-size:9em;color:#b4232318;transform:rotate(-28deg);font-weight:bold}"
    "figure{margin:1em 0}figcaption{font-weight:bold}svg{width:100%%;height:auto}"
    "@media print{td.bar{print-color-adjust:exact;-webkit-print-color-adjust:exact}a.save{display:none}"
    "body{margin:0;padding:0;max-width:none;font-size:10.5pt}.scroll{overflow:visible;padding-right:1px}"
    "table{font-size:8.5pt;line-height:1.35}th,td{padding:.2em .4em}}";

static void text(buf *out, const char *s)
{
    for (; s && *s; s++) {
        const char *as = *s == '&'   ? "&amp;"
                         : *s == '<' ? "&lt;"
                         : *s == '>' ? "&gt;"
                         : *s == '"' ? "&quot;"
                                     : NULL;
        if (as)
            buf_str(out, as);
        else
            buf_char(out, *s);
    }
}

/* <tag>text</tag>; open may carry attributes. NULL: nothing. */
static void element(buf *out, const char *open, const char *close, const char *s)
{
    if (!s)
        return;
    buf_printf(out, "<%s>", open);
    text(out, s);
    buf_printf(out, "</%s>\n", close);
}

/* How a cell stands: d in one line, l in lines that are not too short, r to the right. */
static const char *class_of(const report_column *c, const report_cell *cell)
{
    bool text = cell && cell->kind == REPORT_CELL_TEXT, lines = text && strlen(cell->text) > BRIEF;
    bool right = c->align == REPORT_RIGHT ||
                 (cell && (cell->kind == REPORT_CELL_NUMBER || cell->kind == REPORT_CELL_GAP));
    if (right)
        return lines ? " class=\"r l\"" : " class=\"r\"";
    if (c->align == REPORT_CENTRE)
        return " class=\"c\"";
    return lines ? " class=\"l\"" : text || (cell && cell->kind == REPORT_CELL_DAY) ? " class=\"d\"" : "";
}

static void titles(buf *out, const report_table *t)
{
    bool any = false;
    for (int i = 0; i < t->ncolumn; i++)
        any |= t->column[i].title || t->column[i].unit;
    if (!any)
        return;
    buf_str(out, "<thead><tr>");
    for (int i = 0; i < t->ncolumn; i += report_title_span(t, i)) {
        const report_column *c = &t->column[i];
        if (c->bars)
            buf_printf(out, "<th scope=\"colgroup\" colspan=\"%d\" class=\"bars\">", report_title_span(t, i));
        else
            buf_printf(out, "<th scope=\"col\"%s>", class_of(c, t->first ? &t->first->cell[i] : NULL));
        text(out, c->title);
        if (c->unit && *c->unit) {
            buf_str(out, "<small>");
            text(out, c->unit);
            buf_str(out, "</small>");
        }
        buf_str(out, "</th>");
    }
    buf_str(out, "</tr></thead>\n");
}

static void base64(buf *out, const unsigned char *p, size_t n)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        unsigned v =
            (unsigned)p[i] << 16 | (i + 1 < n ? (unsigned)p[i + 1] << 8 : 0) | (i + 2 < n ? p[i + 2] : 0);
        buf_char(out, letters[v >> 18]);
        buf_char(out, letters[v >> 12 & 63]);
        buf_char(out, i + 1 < n ? letters[v >> 6 & 63] : '=');
        buf_char(out, i + 2 < n ? letters[v & 63] : '=');
    }
}

/* The n-th table as a CSV to save: nothing is fetched, it stands in the page. */
static void saved(buf *out, const report *r, int n, const report_table *t)
{
    buf csv;
    buf_init(&csv, 0);
    mizo_err e = report_csv(r, n, REPORT_UTF8_BOM, NULL, &csv);
    if (!e) {
        buf_str(out, "<a class=\"save\" download=\"");
        text(out, t->caption && *t->caption ? t->caption : "table");
        buf_str(out, ".csv\" href=\"data:text/csv;base64,");
        base64(out, (const unsigned char *)csv.p, csv.n);
        buf_str(out, "\">CSV</a>");
    }
    buf_fini(&csv);
}

static void cell(buf *out, const report_column *c, const report_cell *v)
{
    char room[MIZO_NUM_TEXT];
    if (c->bars) {
        bool bar = v->kind == REPORT_CELL_BAR;
        buf_printf(out, "<td class=\"bars%s\">", !bar ? "" : v->value ? " bar done" : " bar");
    } else {
        buf_printf(out, "<td%s>", class_of(c, v));
        text(out, report_cell_shown(v, c->plain, room));
    }
    buf_str(out, "</td>");
}

static void table(buf *out, const report *r, int n, const report_table *t)
{
    buf_printf(out, "<div class=\"scroll%s\"><table>", t->nrow <= WHOLE ? " whole" : "");
    if (t->caption || report_head_of(r)->tables) {
        buf_str(out, "<caption>");
        if (report_head_of(r)->tables)
            saved(out, r, n, t);
        text(out, t->caption);
        buf_str(out, "</caption>\n");
    }
    titles(out, t);
    buf_str(out, "<tbody>\n");
    for (const report_row *row = t->first; row; row = row->next) {
        buf_str(out, row->sum ? "<tr class=\"sum\">" : "<tr>");
        for (int i = 0; i < t->ncolumn; i++)
            cell(out, &t->column[i], &row->cell[i]);
        buf_str(out, "</tr>\n");
    }
    buf_str(out, "</tbody></table></div>\n");
}

/* ---- charts: plain SVG in integers, 720 x 240, tenths of a pixel where it matters ---- */
enum { WIDE = 720, HIGH = 240, LEFT = 64, BOTTOM = 30, TOP = 10 };
static const char *const inks[REPORT_LINES] = { "#2f6f5b", "#c98a00", "#4a5568",
                                                "#5a6b8f", "#a33f3f", "#7a5195" };

typedef struct span {
    int64_t low, high; /* of the values, zero among them; high > low */
} span;

static span span_of(const report_chart *c)
{
    span s = { 0, 0 };
    for (int k = 0; k < c->nline; k++)
        for (int i = 0; i < c->n; i++) {
            int64_t v = c->line[k].v[i];
            if (v == INT64_MIN)
                continue;
            s.low = v < s.low ? v : s.low;
            s.high = v > s.high ? v : s.high;
        }
    if (s.low == s.high)
        s.high = s.low + 1;
    return s;
}

/* Tenths of a pixel from the top; 128 bits in between, as a span may be wider than int64. */
static int y_of(span s, int64_t v)
{
    __int128 up = (__int128)s.high - v, all = (__int128)s.high - s.low;
    return TOP * 10 + (int)(up * ((HIGH - TOP - BOTTOM) * 10) / all);
}

static int x_of(const report_chart *c, int i, int part)
{
    return LEFT * 10 + (int)((int64_t)(i * 100LL + part) * (WIDE - LEFT) * 10 / (c->n * 100LL));
}

static void bars(buf *out, const report_chart *c, span s)
{
    int zero = y_of(s, 0), each = 80 / c->nline;
    for (int k = 0; k < c->nline; k++)
        for (int i = 0; i < c->n; i++) {
            int64_t v = c->line[k].v[i];
            if (v == INT64_MIN)
                continue;
            int y = y_of(s, v), x = x_of(c, i, 10 + k * each), end = x_of(c, i, 10 + (k + 1) * each);
            int top = y < zero ? y : zero, tall = y < zero ? zero - y : y - zero;
            buf_printf(out, "<rect x=\"%d.%d\" y=\"%d.%d\" width=\"%d.%d\" height=\"%d.%d\" fill=\"%s\"/>\n",
                       x / 10, x % 10, top / 10, top % 10, (end - x) / 10, (end - x) % 10, tall / 10,
                       tall % 10, inks[k]);
        }
}

static void lines(buf *out, const report_chart *c, span s)
{
    for (int k = 0; k < c->nline; k++) {
        bool on = false;
        buf_printf(out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\" d=\"", inks[k]);
        for (int i = 0; i < c->n; i++) {
            int64_t v = c->line[k].v[i];
            if (v != INT64_MIN) {
                int x = x_of(c, i, 50), y = y_of(s, v);
                buf_printf(out, "%c%d.%d %d.%d", on ? 'L' : 'M', x / 10, x % 10, y / 10, y % 10);
            }
            on = v != INT64_MIN;
        }
        buf_str(out, "\"/>\n");
    }
}

static void axis_value(buf *out, const report_chart *c, span s, int64_t v)
{
    char num[MIZO_NUM_TEXT];
    report_cell cell = { .from = (uint8_t)c->digits, .digits = (uint8_t)c->digits, .value = v };
    report_number_text(&cell, false, num);
    int y = y_of(s, v);
    buf_printf(
        out,
        "<path d=\"M%d %d.%dH%d\" stroke=\"#c3cad3\"/><text x=\"%d\" y=\"%d.%d\" text-anchor=\"end\">%s</text>\n",
        LEFT, y / 10, y % 10, WIDE, LEFT - 5, y / 10 + 4, y % 10, num);
}

static void chart(buf *out, const report_chart *c)
{
    span s = span_of(c);
    int every = (c->n + 11) / 12;
    buf_str(out, "<figure><figcaption>");
    text(out, c->caption);
    if (*c->unit) {
        buf_str(out, " [");
        text(out, c->unit);
        buf_str(out, "]");
    }
    buf_printf(out,
               "</figcaption><svg viewBox=\"0 0 %d %d\" role=\"img\" font-size=\"11\" fill=\"#1c2430\">\n",
               WIDE, HIGH);
    axis_value(out, c, s, s.high);
    axis_value(out, c, s, s.low);
    if (s.low < 0 && s.high > 0)
        axis_value(out, c, s, 0);
    (c->lines ? lines : bars)(out, c, s);
    for (int i = 0; i < c->n; i += every) {
        buf_printf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", x_of(c, i, 50) / 10, HIGH - 12);
        text(out, c->places[i]);
        buf_str(out, "</text>\n");
    }
    buf_str(out, "</svg><small>");
    for (int k = 0; k < c->nline && c->nline > 1; k++) {
        buf_printf(out, "<span style=\"color:%s\">&#9632;</span> ", inks[k]);
        text(out, c->line[k].name);
        buf_str(out, "&emsp;");
    }
    buf_str(out, "</small></figure>\n");
}

static void pair(buf *out, const report_block *b, bool first)
{
    if (first)
        buf_str(out, "<dl>\n");
    element(out, "dt", "dt", b->key);
    element(out, "dd", "dd", b->text);
    if (!b->next || b->next->kind != REPORT_PAIR)
        buf_str(out, "</dl>\n");
}

static void block(buf *out, const report_block *b, bool first_pair)
{
    static const char *const heading[] = { "h2", "h3", "h4" };
    switch (b->kind) {
    case REPORT_HEADING:
        element(out, heading[b->level - 1], heading[b->level - 1], b->text);
        break;
    case REPORT_TEXT:
        element(out, "p", "p", b->text);
        break;
    case REPORT_NOTE:
        element(out, "p class=\"note\"", "p", b->text);
        break;
    case REPORT_PAIR:
        pair(out, b, first_pair);
        break;
    case REPORT_SIDES:
        buf_str(out, "<div class=\"sides\">");
        element(out, "div", "div", b->key);
        element(out, "div", "div", b->text);
        buf_str(out, "</div>\n");
        break;
    case REPORT_FIGURE:
        buf_str(out, "<div class=\"figure\">");
        element(out, "span", "span", b->key);
        element(out, "b", "b", b->text);
        buf_str(out, "</div>\n");
        break;
    case REPORT_PAGE:
        buf_str(out, "<div class=\"page\"></div>\n");
        break;
    case REPORT_CHART:
        chart(out, b->chart);
        break;
    case REPORT_TABLE:
        break; /* with its number: report_html */
    }
}

static void top(buf *out, const report_head *h)
{
    buf_printf(out, "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">\n", h->lang);
    buf_str(out, "<meta name=\"viewport\" content=\"width=device-width\">\n");
    element(out, "title", "title", h->title ? h->title : "mizo");
    if (h->author) {
        buf_str(out, "<meta name=\"author\" content=\"");
        text(out, h->author);
        buf_str(out, "\">\n");
    }
    buf_str(out, "<style>");
    buf_printf(out, style, h->landscape ? "landscape" : "portrait", h->landscape ? "72em" : "50em");
    buf_str(out, "</style></head>\n<body>\n");
    element(out, "header", "header", h->header);
    element(out, "div class=\"stamp\" aria-hidden=\"true\"", "div", h->stamp);
    element(out, "h1", "h1", h->title);
    element(out, "p class=\"sub\"", "p", h->subtitle);
}

mizo_err report_html(const report *r, buf *out)
{
    const report_head *h = report_head_of(r);
    bool after_pair = false;
    int tables = 0;
    top(out, h);
    for (const report_block *b = report_blocks(r); b; b = b->next) {
        if (b->kind == REPORT_TABLE)
            table(out, r, tables++, b->table);
        else
            block(out, b, !after_pair);
        after_pair = b->kind == REPORT_PAIR;
    }
    element(out, "footer", "footer", h->footer);
    buf_str(out, "</body></html>\n");
    return out->err;
}
