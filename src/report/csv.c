/* csv.c: a document or one of its tables for other programs. */
#include "base/csv.h"

#include <stdio.h>
#include <string.h>

#include "mizo/messages/report.h"
#include "report/report.h"

static void end(buf *out)
{
    buf_str(out, "\r\n");
}

static void cell(buf *out, const report_cell *c)
{
    char text[MIZO_NUM_TEXT];
    if (c->kind == REPORT_CELL_GAP || c->kind == REPORT_CELL_BLANK)
        return;
    if (c->kind == REPORT_CELL_NUMBER)
        report_number_text(c, true, text);
    csv_put(out, c->kind == REPORT_CELL_NUMBER ? text : report_cell_shown(c, true, text));
}

static void title(buf *out, const report_column *c, buf *room)
{
    buf_clear(room);
    buf_str(room, c->title ? c->title : "");
    if (c->unit && *c->unit)
        buf_printf(room, "(%s)", c->unit);
    csv_put(out, room->p ? room->p : "");
}

static mizo_err table_csv(buf *out, const report_table *t, bool whole)
{
    buf room;
    buf_init(&room, 0);
    for (int i = 0; i < t->ncolumn; i++) {
        if (i)
            buf_char(out, ',');
        title(out, &t->column[i], &room);
    }
    end(out);
    for (const report_row *row = t->first; row; row = row->next) {
        if (row->sum && !whole)
            continue;
        for (int i = 0; i < t->ncolumn; i++) {
            if (i)
                buf_char(out, ',');
            cell(out, &row->cell[i]);
        }
        end(out);
    }
    mizo_err err = room.err ? room.err : out->err;
    buf_fini(&room);
    return err;
}

static void chart_csv(buf *out, const report_chart *c)
{
    csv_put(out, c->caption);
    for (int k = 0; k < c->nline; k++) {
        buf_char(out, ',');
        csv_put(out, c->line[k].name);
    }
    end(out);
    for (int i = 0; i < c->n; i++) {
        csv_put(out, c->places[i]);
        for (int k = 0; k < c->nline; k++) {
            char text[MIZO_NUM_TEXT] = "";
            if (c->line[k].v[i] != INT64_MIN)
                mizo_decimal_text(c->line[k].v[i], c->digits, text);
            buf_char(out, ',');
            csv_put(out, text);
        }
        end(out);
    }
}

static mizo_err block_csv(buf *out, const report_block *b)
{
    if (b->kind == REPORT_TABLE) {
        if (b->table->caption) {
            csv_put(out, b->table->caption);
            end(out);
        }
        MIZO_TRY(table_csv(out, b->table, true));
    } else if (b->kind == REPORT_CHART) {
        chart_csv(out, b->chart);
    } else {
        if (b->key) {
            csv_put(out, b->key);
            buf_char(out, ',');
        }
        csv_put(out, b->text ? b->text : "");
        end(out);
    }
    return out->err;
}

static mizo_err whole(buf *out, const report *r)
{
    const report_head *h = report_head_of(r);
    const char *const lines[] = { h->stamp, h->title, h->subtitle };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i]) {
            csv_put(out, lines[i]);
            end(out);
        }
    for (const report_block *b = report_blocks(r); b; b = b->next)
        MIZO_TRY(block_csv(out, b));
    return out->err;
}

static const report_table *find(const report *r, int n)
{
    for (const report_block *b = report_blocks(r); b; b = b->next)
        if (b->kind == REPORT_TABLE && n-- == 0)
            return b->table;
    return NULL;
}

/* ---- to be pasted ---- */
/* A tab or a line break would begin another cell. */
static void paste(buf *out, const char *s)
{
    for (; s && *s; s++)
        buf_char(out, *s == '\t' || *s == '\n' || *s == '\r' ? ' ' : *s);
}

static void table_tsv(buf *out, const report_table *t)
{
    char room[MIZO_NUM_TEXT];
    if (t->caption) {
        paste(out, t->caption);
        end(out);
    }
    for (int i = 0; i < t->ncolumn; i++) {
        const report_column *c = &t->column[i];
        buf_str(out, i ? "\t" : "");
        paste(out, c->title);
        if (c->unit && *c->unit)
            buf_printf(out, "(%s)", c->unit);
    }
    end(out);
    for (const report_row *row = t->first; row; row = row->next) {
        for (int i = 0; i < t->ncolumn; i++) {
            buf_str(out, i ? "\t" : "");
            paste(out, report_cell_shown(&row->cell[i], t->column[i].plain, room));
        }
        end(out);
    }
}

mizo_err report_tsv(const report *r, buf *out)
{
    int n = 0;
    for (const report_block *b = report_blocks(r); b; b = b->next) {
        if (b->kind == REPORT_FIGURE) {
            paste(out, b->key);
            buf_char(out, '\t');
            paste(out, b->text);
            end(out);
        }
        if (b->kind != REPORT_TABLE)
            continue;
        if (n++)
            end(out);
        table_tsv(out, b->table);
    }
    return out->err;
}

/* ---- CP932 ---- */
static void name_letter(mizo_diags *d, const char *letter, size_t n, uint32_t cp, int line)
{
    char shown[8] = "", code[16], place[16];
    memcpy(shown, letter, n);
    (void)snprintf(code, sizeof code, "U+%04X", (unsigned)cp);
    (void)snprintf(place, sizeof place, "%d", line);
    MIZO_DIAG(d, REPORT_LETTER_LACKS, MIZO_NOWHERE, shown, code, place);
}

mizo_err report_to_cp932(const char *s, size_t n, mizo_diags *d, buf *out)
{
    uint32_t seen[64];
    int nseen = 0, line = 1;
    for (size_t i = 0, step; i < n; i += step) {
        uint32_t cp = 0, bad;
        step = utf8_get(s + i, n - i, &cp);
        if (!step)
            return MIZO_EINPUT;
        if (s[i] == '\n') {
            line++;
            nseen = 0;
        }
        mizo_err err = utf8_to_cp932(s + i, step, out, &bad);
        if (err != MIZO_EINPUT) {
            MIZO_TRY(err);
            continue;
        }
        buf_add(out, "\x81\xac", 2); /* 〓 */
        int k = 0;
        while (k < nseen && seen[k] != cp)
            k++;
        if (k < nseen)
            continue;
        if (nseen < (int)(sizeof seen / sizeof *seen))
            seen[nseen++] = cp;
        name_letter(d, s + i, step, cp, line);
    }
    return out->err;
}

mizo_err report_csv(const report *r, int table, report_letters letters, mizo_diags *d, buf *out)
{
    const report_table *t = table < 0 ? NULL : find(r, table);
    if (table >= 0 && !t)
        return MIZO_ENOENT;
    buf text;
    buf_init(&text, 0);
    mizo_err err = t ? table_csv(&text, t, false) : whole(&text, r);
    err = err ? err : text.err;
    if (!err && letters == REPORT_CP932) {
        err = report_to_cp932(text.p ? text.p : "", text.n, d, out);
    } else if (!err) {
        buf_str(out, "\xef\xbb\xbf");
        buf_add(out, text.p, text.n);
        err = out->err;
    }
    buf_fini(&text);
    return err;
}
