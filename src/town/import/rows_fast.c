/* rows_fast.c: plain long readings, by pieces through metering_scan; a line that is odd goes the thorough way. */
#include <stdlib.h>
#include <string.h>

#include "metering/readers.h"
#include "town/import/rows.h"

enum { COUNT_MANY = 256 /* items of one round */ };

typedef struct fast {
    scan_shape shape;
    scan_item scan[COUNT_MANY];
    stage_item item[COUNT_MANY];
    uint32_t from[COUNT_MANY]; /* which scanned line a staged item is */
} fast;

/* A line that cannot be true as it stands: the thorough way says why. */
static mizo_err one_line(import_run *im, const char *p, const char *end, int line)
{
    const char *stop = memchr(p, '\n', (size_t)(end - p));
    return rows_read(im, p, (size_t)((stop ? stop : end) - p), line, 0);
}

static inline int32_t quick_series(import_run *im, int32_t owner, uint8_t quantity)
{
    import_owner *o = &im->owner[owner];
    if (o->quick_series < 0) {
        o->quick_series = import_series_of(im, owner, quantity, MIZO_ROLE_READING, 0, 30);
        if (o->quick_series >= 0 && !im->series[o->quick_series].limit)
            o->quick_limit = INT32_MAX;
    }
    return o->quick_series;
}

/* True if the value can be staged as it is. */
static inline bool plain_item(import_run *im, const fast *f, const scan_item *it, mizo_slot oldest,
                              mizo_slot latest, stage_item *out)
{
    int32_t owner = import_owner_find(im, it->owner, it->nowner);
    if (owner < 0 || it->slot < oldest || it->slot >= latest)
        return false;
    int32_t series = quick_series(im, owner, f->shape.quantity);
    if (series < 0 || it->value > im->owner[owner].quick_limit)
        return false;
    *out = (stage_item){ .slot = it->slot, .series = series, .value = it->value, .quality = it->quality };
    return true;
}

/* What became of the items that were staged. */
static mizo_err after_stage(import_run *im, fast *f, size_t n, const char *end, int line)
{
    for (size_t i = 0; i < n; i++) {
        const stage_item *s = &f->item[i];
        const scan_item *it = &f->scan[f->from[i]];
        if (s->result == STAGE_NEW || s->result == STAGE_LATER)
            import_count_slot(im, s->series, s->slot, s->value);
        else if (s->result == STAGE_CLASH) /* says it again, and says where */
            MIZO_TRY(one_line(im, it->line_start, end, line + it->line));
        im->r->rows -= s->result == STAGE_CLASH; /* one_line counted it again */
    }
    return MIZO_OK;
}

static mizo_err look_items(import_run *im, const fast *f, size_t n, int line)
{
    for (size_t i = 0; i < n; i++) {
        int32_t owner = import_owner_find(im, f->scan[i].owner, f->scan[i].nowner);
        int32_t series = owner < 0 ? -1 : quick_series(im, owner, f->shape.quantity);
        if (series >= 0)
            import_look_for(im, series, f->scan[i].slot, line + f->scan[i].line + 1);
    }
    return MIZO_OK;
}

static mizo_err stage_items(import_run *im, fast *f, size_t n, const char *end, int line)
{
    mizo_slot oldest = mizo_ms_slot(631152000000), latest = mizo_ms_slot(im->latest + MIZO_SLOT_MS - 1);
    size_t m = 0;
    if (im->looking)
        return look_items(im, f, n, line);
    for (size_t i = 0; i < n; i++) {
        if (plain_item(im, f, &f->scan[i], oldest, latest, &f->item[m]))
            f->from[m++] = (uint32_t)i;
        else
            MIZO_TRY(one_line(im, f->scan[i].line_start, end, line + f->scan[i].line));
    }
    im->r->rows += (int64_t)m;
    MIZO_TRY(stage_add_many(im->stage, f->item, m));
    MIZO_TRY(after_stage(im, f, m, end, line));
    return stage_full(im->stage) ? import_spill(im) : MIZO_OK;
}

/* Whole lines p[0..n), all plain letters. *odd: stopped at a line for the thorough way. */
static mizo_err scan_lines(import_run *im, fast *f, const char *p, size_t n, int *line)
{
    const char *end = p + n;
    while (p < end) {
        size_t used;
        int lines;
        bool odd;
        size_t k = metering_scan(&f->shape, p, (size_t)(end - p), f->scan, COUNT_MANY, &used, &lines, &odd);
        MIZO_TRY(stage_items(im, f, k, end, *line));
        MIZO_TRY(import_look(im, (int)k + 1));
        p += used;
        *line += lines;
        if (!odd)
            continue;
        MIZO_TRY(one_line(im, p, end, *line));
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        p = nl ? nl + 1 : end;
        (*line)++;
    }
    return MIZO_OK;
}

/* A quote, a letter beyond ASCII or a lone CR needs the CSV reader. */
static bool needs_csv(const char *p, size_t n)
{
    unsigned char high = 0;
    for (size_t i = 0; i < n; i++)
        high |= (unsigned char)p[i];
    if (high & 0x80 || memchr(p, '"', n) || memchr(p, '\0', n))
        return true;
    for (const char *cr = memchr(p, '\r', n); cr; cr = memchr(cr + 1, '\r', (size_t)(p + n - cr - 1)))
        if (cr + 1 == p + n || cr[1] != '\n')
            return true;
    return false;
}

/* Goes on piece by piece from x, whose first line is the header. */
static mizo_err read_pieces(import_run *im, fast *f, text_piece *x, size_t header_bytes)
{
    size_t at = header_bytes;
    for (;;) {
        const char *nl = x->n > at ? memrchr(x->p + at, '\n', x->n - at) : NULL;
        if (x->ended && x->n > at && (!nl || nl + 1 < x->p + x->n)) {
            MIZO_TRY(rows_room(x, 1)); /* the last line has no end: give it one */
            x->p[x->n++] = '\n';
            continue;
        }
        size_t whole = nl ? (size_t)(nl + 1 - (x->p + at)) : 0;
        bool csv = needs_csv(x->p + at, whole) || x->n - at - whole > ROWS_PIECE;
        if (!csv)
            MIZO_TRY(scan_lines(im, f, x->p + at, whole, &x->line));
        size_t keep = csv ? x->n - at : x->n - at - whole;
        memmove(x->p, x->p + x->n - keep, keep);
        x->n = keep;
        at = 0;
        if (csv)
            return rows_read_whole(im, x, 0);
        if (x->ended)
            return MIZO_OK;
        MIZO_TRY(rows_fill(im, x, keep + ROWS_PIECE));
    }
}

mizo_err rows_read_fast(import_run *im, text_piece *x, size_t header_bytes, int header_line, bool *taken)
{
    fast *f = malloc(sizeof *f);
    if (!f)
        return MIZO_ENOMEM;
    *taken = metering_scan_shape(im->state, &f->shape);
    x->line = *taken ? header_line : x->line;
    mizo_err e = *taken ? read_pieces(im, f, x, header_bytes) : MIZO_OK;
    free(f);
    return e;
}
