/* rows.c: bytes to rows: finds the header (which.c), then reads the fast way (rows_fast.c) or the thorough way.
 *
 * Plain long files go by pieces through metering_scan; everything else, and every
 * file with a quote or a letter beyond ASCII below its header, is held whole (up to
 * 1 GiB) and goes through the CSV reader. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "metering/readers.h"
#include "mizo/messages/import.h"
#include "town/import/operator.h"
#include "town/import/rows.h"

enum {
    HEAD_BYTES = 256 << 10, /* the header is looked for in so much */
    LOOK_ROWS = 4096
};
#define WHOLE_MOST ((size_t)1 << 30)
#define JSON_MOST  ((size_t)64 << 20)
#define FILE_MOST  ((size_t)256 << 20)
#define TELL_NS    100000000u

mizo_err rows_room(text_piece *x, size_t more)
{
    if (x->n + more <= x->cap)
        return MIZO_OK;
    size_t cap = x->cap * 2 > x->n + more ? x->cap * 2 : x->n + more;
    char *p = realloc(x->p, cap);
    if (!p)
        return MIZO_ENOMEM;
    x->p = p;
    x->cap = cap;
    return MIZO_OK;
}

mizo_err rows_fill(import_run *im, text_piece *x, size_t want)
{
    while (!x->ended && x->n < want) {
        MIZO_TRY(import_look(im, LOOK_ROWS));
        size_t piece = want - x->n < ROWS_PIECE ? want - x->n : ROWS_PIECE, got;
        MIZO_TRY(rows_room(x, piece));
        MIZO_TRY(source_read(im->src, x->p + x->n, piece, &got));
        x->n += got;
        x->ended = got == 0;
    }
    return MIZO_OK;
}

mizo_err import_look(import_run *im, int rows)
{
    im->rows_to_look -= rows;
    if (im->rows_to_look > 0)
        return MIZO_OK;
    im->rows_to_look = LOOK_ROWS;
    if (env_interrupted())
        return MIZO_ECANCELED;
    if (!im->o->progress || im->looking)
        return MIZO_OK;
    env *e = im->t->env;
    uint64_t ns = e->ops->mono_ns(e);
    if (ns - im->told < TELL_NS)
        return MIZO_OK;
    im->told = ns;
    import_progress p = { source_eaten(im->src), source_size(im->src), im->r->rows, ns - im->began };
    im->o->progress(im->o->arg, &p);
    return MIZO_OK;
}

/* ---- the thorough way ---- */

void rows_bad_csv(import_run *im, int line, const csv_record *rec, const char *what)
{
    table_fault f;
    table_bad(&f, MIZO_MSG_IMPORT_CSV, &rec->field[0], what, NULL, NULL);
    import_bad(im, line, rec, &f);
}

/* Files are sometimes glued together: the header again is no row. */
static mizo_err header_again(import_run *im, const csv_record *rec, bool *again)
{
    *again = false;
    if (rec->nfield < 2 || rec->nfield != im->state->nfield || im->reader->blocks)
        return MIZO_OK;
    table_words *w = malloc(sizeof *w);
    table_state *st = calloc(1, sizeof *st);
    if (w && st) {
        st->offset = im->state->offset;
        st->file = im->state->file;
        st->station = im->state->station;
        table_fold(rec, w);
        *again = im->reader->header(w, st);
    }
    mizo_err e = w && st ? MIZO_OK : MIZO_ENOMEM;
    free(w);
    free(st);
    return e;
}

bool import_is_readings(const import_run *im)
{
    return im->reader == &metering_long || im->reader == &metering_wide;
}

static mizo_err put_row(import_run *im, const csv_record *rec, const table_row *row)
{
    MIZO_TRY(import_people_row(im, rec, row));
    return im->operator? import_operator_row(im, rec, row) : import_row(im, rec, row);
}

mizo_err rows_read(import_run *im, const char *p, size_t n, int line, int skip_to)
{
    csv_reader *csv = csv_open(p, n);
    csv_record *rec = calloc(1, sizeof *rec);
    table_row *row = malloc(sizeof *row);
    mizo_err e = csv && rec && row ? MIZO_OK : MIZO_ENOMEM;
    while (!e) {
        const char *what;
        e = csv_next(csv, rec, &what);
        if (e == MIZO_EINPUT) {
            im->r->rows += !im->looking;
            rows_bad_csv(im, rec->line + line, rec, what);
            e = import_look(im, 1);
            continue; /* the reader goes on at the next line */
        }
        if (e || rec->line <= skip_to)
            continue;
        table_fault f;
        rec->line += line;
        mizo_err bad = table_read(im->reader, im->state, rec, row, &f);
        bool again = false;
        if (bad == MIZO_EINPUT)
            e = header_again(im, rec, &again);
        if (e || again || bad == MIZO_ENOENT)
            continue;
        im->r->rows += !im->looking;
        if (bad == MIZO_EINPUT)
            import_bad(im, rec->line, rec, &f);
        else
            e = bad ? bad : put_row(im, rec, row);
        if (!e)
            e = import_look(im, 1);
        if (!e && stage_full(im->stage))
            e = import_spill(im);
    }
    free(row);
    free(rec);
    csv_close(csv);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static mizo_err too_big(import_run *im, size_t most)
{
    char mib[16];
    snprintf(mib, sizeof mib, "%zu", most >> 20);
    MIZO_DIAG(im->t->diags, IMPORT_TOO_BIG, MIZO_AT(im->shown, 0, 0), mib);
    return MIZO_EINPUT;
}

mizo_err rows_read_whole(import_run *im, text_piece *x, int skip_to)
{
    mizo_err e = rows_fill(im, x, WHOLE_MOST + 1);
    if (!e && x->n > WHOLE_MOST)
        return too_big(im, WHOLE_MOST);
    return e ? e : rows_read(im, x->p, x->n, x->line, skip_to);
}

/* Bytes up to and with the header's line, 0 if that cannot be told simply. */
static size_t header_end(const text_piece *x, int header_line)
{
    const char *p = x->p, *end = x->p + x->n;
    for (int line = 0; line < header_line; line++) {
        p = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
        if (!p)
            return 0;
        p++;
    }
    return memchr(x->p, '"', (size_t)(p - x->p)) ? 0 : (size_t)(p - x->p);
}

static mizo_err read_body(import_run *im, text_piece *x, int header_line)
{
    size_t skip = header_end(x, header_line);
    bool taken = false;
    if (skip && im->reader == &metering_long && !im->operator&& !im->npersonal)
        MIZO_TRY(rows_read_fast(im, x, skip, header_line, &taken));
    return taken ? MIZO_OK : rows_read_whole(im, x, header_line);
}

static mizo_err read_json(import_run *im, text_piece *x)
{
    MIZO_TRY(rows_fill(im, x, JSON_MOST + 1));
    return x->n > JSON_MOST ? too_big(im, JSON_MOST) : import_json(im, x->p, x->n);
}

/* Archives, workbooks and XML are held whole. */
static mizo_err read_file(import_run *im, text_piece *x)
{
    MIZO_TRY(rows_fill(im, x, FILE_MOST + 1));
    return x->n > FILE_MOST ? too_big(im, FILE_MOST) : import_whole_file(im, x->p, x->n);
}

/* An owners' yearly table is looked at whole. *taken: it is one. */
static mizo_err read_yearly(import_run *im, text_piece *x, bool *taken)
{
    MIZO_TRY(rows_fill(im, x, FILE_MOST + 1));
    return x->n > FILE_MOST ? too_big(im, FILE_MOST) : import_yearly_csv(im, x->p, x->n, taken);
}

static mizo_err read_text(import_run *im, candidates *c, text_piece *x)
{
    MIZO_TRY(rows_fill(im, x, HEAD_BYTES));
    if (import_is_file(x->p, x->n))
        return read_file(im, x);
    bool bom = x->n >= 3 && memcmp(x->p, "\xef\xbb\xbf", 3) == 0;
    if (x->n == (bom ? 3u : 0u)) {
        MIZO_DIAG(im->t->diags, IMPORT_EMPTY, MIZO_AT(im->shown, 0, 0), NULL);
        return MIZO_EINPUT;
    }
    if (im->o->kind ? strcmp(im->o->kind, "open-meteo") == 0 : import_is_json(x->p, x->n))
        return read_json(im, x);
    bool yearly = false;
    if (im->o->kind && strcmp(im->o->kind, "yearly") == 0)
        return read_yearly(im, x, &yearly);
    MIZO_TRY(which_begin(im, c));
    size_t n = x->n; /* no half a line, no half a letter */
    const char *nl = memrchr(x->p, '\n', x->n);
    if (!x->ended && nl)
        n = (size_t)(nl + 1 - x->p);
    int header_line = 0;
    mizo_err e = which_header(im, c, x, n, &header_line);
    if (e == MIZO_ENOENT && !im->o->kind)
        MIZO_TRY(read_yearly(im, x, &yearly));
    if (yearly)
        return MIZO_OK;
    if (e == MIZO_ENOENT) {
        which_none(im, c, x);
        return MIZO_EINPUT;
    }
    MIZO_TRY(e);
    MIZO_TRY(read_body(im, x, header_line));
    MIZO_TRY(import_operator_table_end(im, x->p, x->n));
    if (im->r->rows == 0)
        MIZO_DIAG(im->t->diags, IMPORT_HEADER_ONLY, MIZO_AT(im->shown, header_line, 0), im->r->kind);
    return MIZO_OK;
}

mizo_err import_read_bytes(import_run *im, const char *p, size_t n)
{
    candidates c = { .n = 0 };
    text_piece x = { .n = 0, .ended = true };
    MIZO_TRY(rows_room(&x, n + 1));
    memcpy(x.p, p, n);
    x.n = n;
    mizo_err e = read_text(im, &c, &x);
    free(c.state);
    free(x.p);
    return e;
}

mizo_err import_read(import_run *im)
{
    candidates c = { .n = 0 };
    text_piece x = { .n = 0 };
    mizo_err e = read_text(im, &c, &x);
    free(c.state);
    free(x.p);
    return e;
}
