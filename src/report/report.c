/* report.c: building a document. Its formats stand in files of their own. */
#include "report/report_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { TEXT_MOST = 1 << 20 };

static void fail(report *r, mizo_err e)
{
    if (!r->err)
        r->err = e;
}

void *report_take(report *r, size_t n)
{
    void *p = r->err ? NULL : arena_take(r->arena, n);
    if (!p)
        fail(r, arena_used(r->arena) + n > REPORT_BYTES ? MIZO_EFULL : MIZO_ENOMEM);
    return p;
}

const char *report_keep(report *r, const char *s)
{
    size_t n = s ? strlen(s) : 0;
    if (n > TEXT_MOST || !utf8_valid(s ? s : "", n))
        fail(r, MIZO_EINPUT);
    char *p = report_take(r, n + 1);
    if (!p)
        return "";
    memcpy(p, s ? s : "", n);
    return p;
}

const char *report_said(report *r, const char *text)
{
    size_t n;
    const char *half = text_said(text ? text : "", strcmp(r->head.lang, "ja") == 0, &n);
    char *p = report_take(r, n + 1);
    if (!p)
        return "";
    memcpy(p, half, n);
    return p;
}

static const char *keep_or_null(report *r, const char *s)
{
    return s ? report_keep(r, s) : NULL;
}

static const char *keep_format(report *r, const char *fmt, va_list ap)
{
    char *p = NULL;
    if (vasprintf(&p, fmt, ap) < 0) {
        fail(r, MIZO_ENOMEM);
        return "";
    }
    const char *out = report_keep(r, p);
    free(p);
    return out;
}

report *report_new(const report_head *head)
{
    report *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->arena = arena_new(REPORT_BYTES);
    if (!r->arena) {
        free(r);
        return NULL;
    }
    r->head = *head;
    r->head.title = keep_or_null(r, head->title);
    r->head.subtitle = keep_or_null(r, head->subtitle);
    r->head.author = keep_or_null(r, head->author);
    r->head.header = keep_or_null(r, head->header);
    r->head.footer = keep_or_null(r, head->footer);
    r->head.stamp = keep_or_null(r, head->stamp);
    r->head.lang = head->lang && strcmp(head->lang, "en") == 0 ? "en" : "ja";
    return r;
}

void report_free(report *r)
{
    if (!r)
        return;
    arena_free(r->arena);
    free(r);
}

static void close_table(report *r)
{
    if (r->open && r->at && r->at < r->last->table->ncolumn)
        r->at = 0; /* the cells that were not given are blank */
    r->open = false;
    r->at = 0;
}

mizo_err report_done(report *r)
{
    close_table(r);
    return r->err;
}

static report_block *add(report *r, report_kind kind)
{
    close_table(r);
    report_block *b = report_take(r, sizeof *b);
    if (!b)
        return NULL;
    b->kind = kind;
    if (r->last)
        r->last->next = b;
    else
        r->first = b;
    r->last = b;
    return b;
}

static void add_text(report *r, report_kind kind, int level, const char *key, const char *text)
{
    report_block *b = add(r, kind);
    if (!b)
        return;
    b->level = level;
    b->key = key;
    b->text = text;
}

void report_heading(report *r, int level, const char *text)
{
    add_text(r, REPORT_HEADING, level < 1 ? 1 : level > 3 ? 3 : level, NULL, report_keep(r, text));
}

void report_text(report *r, const char *text)
{
    add_text(r, REPORT_TEXT, 0, NULL, report_keep(r, text));
}

void report_textf(report *r, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = keep_format(r, fmt, ap);
    va_end(ap);
    add_text(r, REPORT_TEXT, 0, NULL, text);
}

void report_note(report *r, const char *text)
{
    add_text(r, REPORT_NOTE, 0, NULL, report_keep(r, text));
}

void report_notef(report *r, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = keep_format(r, fmt, ap);
    va_end(ap);
    add_text(r, REPORT_NOTE, 0, NULL, text);
}

void report_pair(report *r, const char *key, const char *value)
{
    add_text(r, REPORT_PAIR, 0, report_keep(r, key), report_keep(r, value));
}

void report_pairf(report *r, const char *key, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = keep_format(r, fmt, ap);
    va_end(ap);
    add_text(r, REPORT_PAIR, 0, report_keep(r, key), text);
}

void report_sides(report *r, const char *left, const char *right)
{
    add_text(r, REPORT_SIDES, 0, report_keep(r, left), report_keep(r, right));
}

void report_figure(report *r, const char *label, const char *value)
{
    add_text(r, REPORT_FIGURE, 0, report_keep(r, label), report_keep(r, value));
}

void report_book(report *r, int64_t entries, const char *head)
{
    char n[MIZO_NUM_TEXT];
    if (entries <= 0)
        return;
    mizo_grouped_text(entries, n);
    report_notef(r,
                 strcmp(r->head.lang, "en") == 0 ? "From the books as of entry %s, head of the chain %s"
                                                 : "帳簿の仕訳 %s 件目までによる。末尾のハッシュ %s",
                 n, head);
}

void report_page(report *r)
{
    add_text(r, REPORT_PAGE, 0, NULL, NULL);
}

/* ---- tables ---- */
void report_columns(report *r, const char *caption, const report_column *columns, int n)
{
    if (n < 1 || n > REPORT_COLUMNS) {
        fail(r, MIZO_EINPUT);
        n = 1;
    }
    report_block *b = add(r, REPORT_TABLE);
    report_table *t = report_take(r, sizeof *t);
    report_column *own = report_take(r, (size_t)n * sizeof *own);
    if (!b || !t || !own)
        return;
    for (int i = 0; i < n; i++) {
        own[i] = columns[i];
        own[i].title = keep_or_null(r, columns[i].title);
        own[i].unit = keep_or_null(r, columns[i].unit);
    }
    t->caption = keep_or_null(r, caption);
    t->ncolumn = n;
    t->column = own;
    b->table = t;
    r->open = true;
}

static report_row *add_row(report *r)
{
    report_table *t = r->last->table;
    report_row *row = report_take(r, sizeof *row);
    report_cell *cell = report_take(r, (size_t)t->ncolumn * sizeof *cell);
    if (!row || !cell)
        return NULL;
    row->cell = cell;
    if (t->last)
        t->last->next = row;
    else
        t->first = row;
    t->last = row;
    t->nrow++;
    return row;
}

static void put_cell(report *r, report_cell c)
{
    if (!r->open)
        fail(r, MIZO_EINPUT);
    if (r->err)
        return;
    if (r->at == 0 && !add_row(r))
        return;
    c.triangle = r->head.triangle;
    report_table *t = r->last->table;
    t->last->cell[r->at] = c;
    r->at = (r->at + 1) % t->ncolumn;
}

void report_cell_text(report *r, const char *text)
{
    put_cell(r, (report_cell){ .kind = REPORT_CELL_TEXT, .text = report_keep(r, text) });
}

void report_cell_textf(report *r, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = keep_format(r, fmt, ap);
    va_end(ap);
    put_cell(r, (report_cell){ .kind = REPORT_CELL_TEXT, .text = text });
}

void report_cell_number(report *r, int64_t value, int digits)
{
    report_cell_scaled(r, value, digits, digits);
}

void report_cell_scaled(report *r, int64_t value, int from, int digits)
{
    if (digits < 0 || from < digits || from > REPORT_DIGITS) {
        fail(r, MIZO_EINPUT);
        from = digits = 0;
    }
    put_cell(r, (report_cell){ .kind = REPORT_CELL_NUMBER,
                               .from = (uint8_t)from,
                               .digits = (uint8_t)digits,
                               .value = value });
}

void report_cell_day(report *r, mizo_day day)
{
    put_cell(r, (report_cell){ .kind = REPORT_CELL_DAY, .value = day });
}

void report_cell_blank(report *r)
{
    put_cell(r, (report_cell){ .kind = REPORT_CELL_BLANK });
}

void report_cell_bar(report *r, bool done)
{
    put_cell(r, (report_cell){ .kind = REPORT_CELL_BAR, .value = done });
}

void report_cell_gap(report *r)
{
    put_cell(r, (report_cell){ .kind = REPORT_CELL_GAP });
}

static int64_t power_of_ten(int n)
{
    int64_t p = 1;
    while (n-- > 0)
        p *= 10;
    return p;
}

/* Both sides of the sum in the finer of the two counts. */
static mizo_err add_to(report_cell *sum, const report_cell *c)
{
    int from = sum->from > c->from ? sum->from : c->from;
    int64_t a, b;
    if (__builtin_mul_overflow(sum->value, power_of_ten(from - sum->from), &a) ||
        __builtin_mul_overflow(c->value, power_of_ten(from - c->from), &b) ||
        __builtin_add_overflow(a, b, &sum->value))
        return MIZO_ERANGE;
    sum->from = (uint8_t)from;
    if (c->digits > sum->digits)
        sum->digits = c->digits;
    return MIZO_OK;
}

static void sum_column(report *r, const report_row *from, const report_row *end, int i, report_cell *sum)
{
    bool any = false;
    sum->kind = REPORT_CELL_NUMBER;
    for (const report_row *row = from; row && row != end; row = row->next) {
        const report_cell *c = &row->cell[i];
        if (row->sum)
            continue;
        any |= c->kind == REPORT_CELL_NUMBER;
        if (c->kind == REPORT_CELL_GAP)
            sum->partial = true;
        if (c->kind == REPORT_CELL_NUMBER && add_to(sum, c))
            fail(r, MIZO_ERANGE);
    }
    if (!any && sum->partial) /* nothing is known: no sum, which is not zero */
        *sum = (report_cell){ .kind = REPORT_CELL_GAP };
}

static void sum_rows(report *r, const char *label, bool all)
{
    if (!r->open)
        fail(r, MIZO_EINPUT);
    if (r->err)
        return;
    report_table *t = r->last->table;
    const report_row *from = t->first;
    for (const report_row *row = t->first; row && !all; row = row->next)
        if (row->sum)
            from = row->next;
    r->at = 0;
    report_row *sum = add_row(r);
    if (!sum)
        return;
    sum->sum = true;
    for (int i = 0; i < t->ncolumn; i++) {
        sum->cell[i].triangle = r->head.triangle;
        if (t->column[i].sum)
            sum_column(r, from, sum, i, &sum->cell[i]);
    }
    if (!t->column[0].sum)
        sum->cell[0] = (report_cell){ .kind = REPORT_CELL_TEXT, .text = report_keep(r, label) };
}

void report_sum(report *r, const char *label)
{
    sum_rows(r, label, false);
}

void report_sum_all(report *r, const char *label)
{
    sum_rows(r, label, true);
}

/* ---- charts ---- */
static bool chart_fits(const report_chart *c)
{
    return c->n >= 1 && c->n <= 100000 && c->nline >= 1 && c->nline <= REPORT_LINES && c->digits >= 0 &&
           c->digits <= REPORT_DIGITS;
}

void report_chart_add(report *r, const report_chart *c)
{
    if (!chart_fits(c)) {
        fail(r, MIZO_EINPUT);
        return;
    }
    report_block *b = add(r, REPORT_CHART);
    report_chart *own = report_take(r, sizeof *own);
    report_line *line = report_take(r, (size_t)c->nline * sizeof *line);
    const char **places = report_take(r, (size_t)c->n * sizeof *places);
    if (!b || !own || !line || !places)
        return;
    *own = *c;
    own->caption = report_keep(r, c->caption);
    own->unit = report_keep(r, c->unit);
    for (int i = 0; i < c->n; i++)
        places[i] = report_keep(r, c->places ? c->places[i] : "");
    for (int i = 0; i < c->nline; i++) {
        int64_t *v = report_take(r, (size_t)c->n * sizeof *v);
        if (!v)
            return;
        memcpy(v, c->line[i].v, (size_t)c->n * sizeof *v);
        line[i] = (report_line){ report_keep(r, c->line[i].name), v };
    }
    own->places = places;
    own->line = line;
    b->chart = own;
}

/* ---- reading ---- */
const report_head *report_head_of(const report *r)
{
    return &r->head;
}

const report_block *report_blocks(const report *r)
{
    return r->err ? NULL : r->first;
}

/* The digits before the point in groups of three. */
static void group(const char *plain, const char *minus, char out[MIZO_NUM_TEXT])
{
    size_t sign = plain[0] == '-', n = strcspn(plain + sign, "."), o = 0;
    for (; sign && *minus; minus++)
        out[o++] = *minus;
    for (size_t i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            out[o++] = ',';
        out[o++] = plain[sign + i];
    }
    for (const char *p = plain + sign + n; *p && o + 1 < MIZO_NUM_TEXT; p++)
        out[o++] = *p;
    out[o] = 0;
}

void report_number_text(const report_cell *c, bool plain, char out[MIZO_NUM_TEXT])
{
    char text[MIZO_NUM_TEXT];
    int64_t v = mizo_div_round(c->value, power_of_ten(c->from - c->digits), MIZO_ROUND_HALF_UP);
    mizo_decimal_text(v, c->digits, plain ? out : text);
    if (!plain)
        group(text, c->triangle ? "▲" : "-", out);
}

const char *report_cell_shown(const report_cell *c, bool plain, char room[MIZO_NUM_TEXT])
{
    switch ((report_cell_kind)c->kind) {
    case REPORT_CELL_TEXT:
        return c->text;
    case REPORT_CELL_NUMBER:
        report_number_text(c, plain, room);
        if (c->partial && strlen(room) + 2 < MIZO_NUM_TEXT)
            memcpy(room + strlen(room), "*", 2);
        return room;
    case REPORT_CELL_DAY:
        mizo_day_text((mizo_day)c->value, room);
        return room;
    case REPORT_CELL_GAP:
        return "–";
    case REPORT_CELL_BAR:
        return "■";
    case REPORT_CELL_BLANK:
        break;
    }
    return "";
}

int report_title_span(const report_table *t, int i)
{
    int n = 1;
    while (t->column[i].bars && i + n < t->ncolumn && t->column[i + n].bars && !t->column[i + n].title)
        n++;
    return n;
}
