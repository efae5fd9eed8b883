/* rows.c: bytes to rows: finds the header, then reads the fast way or the thorough way.
 *
 * Plain long files go by pieces through metering_scan; everything else, and every
 * file with a quote or a letter beyond ASCII below its header, is held whole (up to
 * 1 GiB) and goes through the CSV reader. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "grid/readers.h"
#include "metering/readers.h"
#include "mizo/messages/import.h"
#include "town/import/operator.h"
#include "weather/readers.h"

enum {
    HEAD_BYTES = 256 << 10, /* the header is looked for in so much */
    PIECE_BYTES = 1 << 20,
    LOOK_ROWS = 4096,
    READERS_MOST = 16,
    COUNT_MANY = 256 /* items of one round of the fast way */
};
#define WHOLE_MOST ((size_t)1 << 30)
#define JSON_MOST  ((size_t)64 << 20)
#define FILE_MOST  ((size_t)256 << 20)
#define TELL_NS    100000000u

/* The text of the file that is at hand. */
typedef struct text_piece {
    char *p;
    size_t n, cap;
    bool ended; /* the source has no more */
    int line;   /* lines before p */
} text_piece;

static mizo_err room(text_piece *x, size_t more)
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

/* Reads until there are `want` bytes, or the end. */
static mizo_err fill(import_run *im, text_piece *x, size_t want)
{
    while (!x->ended && x->n < want) {
        MIZO_TRY(import_look(im, LOOK_ROWS));
        size_t piece = want - x->n < PIECE_BYTES ? want - x->n : PIECE_BYTES, got;
        MIZO_TRY(room(x, piece));
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

/* ---- which reader ---- */

static size_t all_readers(const table_reader *out[READERS_MOST])
{
    size_t n = 0;
    for (const table_reader *const *r = grid_readers; *r; r++)
        out[n++] = *r;
    for (const table_reader *const *r = weather_readers; *r; r++)
        out[n++] = *r;
    for (const table_reader *const *r = metering_readers; *r; r++)
        out[n++] = *r;
    return n;
}

void import_kinds(buf *out)
{
    const table_reader *r[READERS_MOST];
    size_t n = all_readers(r);
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s%s", i ? ", " : "", r[i]->name);
    buf_str(out, ", open-meteo, yearly");
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The file's own name without .gz or .zst, for the readers' hints. NULL: out of memory. */
static const char *hint_of(import_run *im)
{
    const char *name = base_name(im->o->path);
    size_t n = strlen(name);
    if (n > 3 && strcmp(name + n - 3, ".gz") == 0)
        n -= 3;
    else if (n > 4 && strcmp(name + n - 4, ".zst") == 0)
        n -= 4;
    return arena_copy(im->texts, name, n);
}

typedef struct candidates {
    const table_reader *reader[READERS_MOST];
    table_state *state; /* [n] */
    size_t n;
} candidates;

static mizo_err candidates_make(import_run *im, candidates *c)
{
    const table_reader *all[READERS_MOST];
    size_t n = all_readers(all);
    c->n = 0;
    for (size_t i = 0; i < n; i++)
        if (!im->o->kind || strcmp(im->o->kind, all[i]->name) == 0)
            c->reader[c->n++] = all[i];
    if (c->n == 0) {
        buf kinds;
        buf_init(&kinds, 4096);
        import_kinds(&kinds);
        MIZO_DIAG(im->t->diags, IMPORT_UNKNOWN_KIND, MIZO_NOWHERE, im->o->kind, kinds.p ? kinds.p : "");
        buf_fini(&kinds);
        return MIZO_EINPUT;
    }
    c->state = calloc(c->n, sizeof *c->state);
    const char *hint = hint_of(im);
    if (!c->state || !hint)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < c->n; i++) {
        c->state[i].offset = im->t->region->offset;
        c->state[i].file = hint;
        c->state[i].station = im->o->station;
    }
    return MIZO_OK;
}

/* Sets the reader whose header rec is, if there is one. */
static mizo_err look_at_header(import_run *im, candidates *c, const csv_record *rec)
{
    table_words *w = malloc(sizeof *w);
    if (!w)
        return MIZO_ENOMEM;
    table_fold(rec, w);
    for (size_t i = 0; i < c->n && !im->reader; i++) {
        if (!c->reader[i]->header(w, &c->state[i]))
            continue;
        im->reader = c->reader[i];
        *im->state = c->state[i];
    }
    free(w);
    return MIZO_OK;
}

/* The letter that parts the fields of the first line where it is not a comma: semicolon or tab. */
static const char *other_separator(const char *p, size_t n)
{
    size_t comma = 0, semicolon = 0, tab = 0;
    for (size_t i = 0; i < n && p[i] != '\n'; i++) {
        comma += p[i] == ',';
        semicolon += p[i] == ';';
        tab += p[i] == '\t';
    }
    return comma ? NULL : semicolon > 1 ? ";" : tab > 1 ? "TAB" : NULL;
}

/* The first record that is not blank, as it stands, shortened; a word that stands in it twice, or NULL. */
static void first_record(import_run *im, const text_piece *x, buf *shown, const char **twice)
{
    csv_reader *csv = csv_open(x->p, x->n);
    csv_record *rec = calloc(1, sizeof *rec);
    table_words *w = malloc(sizeof *w);
    const char *what;
    *twice = NULL;
    while (csv && rec && w && !*twice && shown->n == 0 && csv_next(csv, rec, &what) == MIZO_OK) {
        table_fold(rec, w);
        for (int i = 0; i < w->n && shown->n < 80; i++)
            if (*w->w[i])
                buf_printf(shown, "%s%s", shown->n ? "," : "", w->w[i]);
        for (int i = 0; i < w->n; i++)
            for (int k = i + 1; k < w->n && *w->w[i]; k++)
                if (strcmp(w->w[i], w->w[k]) == 0)
                    *twice = arena_copy(im->texts, w->w[i], strlen(w->w[i]));
    }
    for (size_t i = 0; i < shown->n; i++)
        if ((unsigned char)shown->p[i] < ' ')
            shown->p[i] = '?';
    if (shown->n && !utf8_valid(shown->p, shown->n)) {
        buf_clear(shown);
        buf_str(shown, "?");
    }
    free(w);
    free(rec);
    csv_close(csv);
}

static bool blank(const text_piece *x)
{
    for (size_t i = 0; i < x->n; i++)
        if (!strchr(" \t\r\n,", x->p[i]) || !x->p[i])
            return false;
    return true;
}

/* What stands there, what would do, and where to read on. */
static void tell_no_header(import_run *im, const text_piece *x, mizo_place here, const char *most)
{
    const char *twice, *parted = other_separator(x->p, x->n);
    buf kinds, shown;
    buf_init(&kinds, 4096);
    buf_init(&shown, 1 << 15);
    import_kinds(&kinds);
    first_record(im, x, &shown, &twice);
    if (parted)
        MIZO_DIAG(im->t->diags, IMPORT_SEPARATOR, here, parted);
    else if (shown.n == 0 && blank(x))
        MIZO_DIAG(im->t->diags, IMPORT_EMPTY, here, NULL);
    else if (twice)
        MIZO_DIAG(im->t->diags, IMPORT_COLUMN_TWICE, here, twice);
    else
        MIZO_DIAG(im->t->diags, IMPORT_UNKNOWN_FORMAT, here, most, kinds.p ? kinds.p : "",
                  shown.n ? shown.p : "?");
    buf_fini(&shown);
    buf_fini(&kinds);
}

static void tell_unknown(import_run *im, const candidates *c, const text_piece *x)
{
    size_t at = 0;
    while (at < x->n && (x->p[at] == ' ' || x->p[at] == '\n' || x->p[at] == '\r' || x->p[at] == '\t'))
        at++;
    mizo_place here = MIZO_AT(im->shown, 1, 0);
    char most[16];
    snprintf(most, sizeof most, "%d", TABLE_PREAMBLE);
    if (x->n > 2 && (memcmp(x->p, "\xff\xfe", 2) == 0 || memcmp(x->p, "\xfe\xff", 2) == 0)) {
        MIZO_DIAG(im->t->diags, IMPORT_UTF16, here, NULL);
    } else if (x->n > 4 && memcmp(x->p, "PK\3\4", 4) == 0) {
        MIZO_DIAG(im->t->diags, IMPORT_ARCHIVE, here, NULL);
    } else if (at < x->n && x->p[at] == '<') {
        MIZO_DIAG(im->t->diags, IMPORT_HTML, here, NULL);
    } else if (im->o->kind) {
        MIZO_DIAG(im->t->diags, IMPORT_NOT_KIND, here, im->o->kind, most, c->reader[0]->help);
    } else {
        tell_no_header(im, x, here, most);
    }
}

static void bad_csv(import_run *im, int line, const csv_record *rec, const char *what)
{
    table_fault f;
    table_bad(&f, MIZO_MSG_IMPORT_CSV, &rec->field[0], what, NULL, NULL);
    import_bad(im, line, rec, &f);
}

/* Goes through the first records. MIZO_ENOENT: no header among them. *line: of the header. */
static mizo_err find_header(import_run *im, candidates *c, const text_piece *x, size_t n, int *line)
{
    csv_reader *csv = csv_open(x->p, n);
    csv_record *rec = calloc(1, sizeof *rec);
    mizo_err e = csv && rec ? MIZO_OK : MIZO_ENOMEM;
    im->reader = NULL; /* the file may be read for the second time */
    for (int i = 0; i < TABLE_PREAMBLE && !e; i++) {
        const char *what;
        e = csv_next(csv, rec, &what);
        if (e == MIZO_EINPUT) { /* above the header it may be anything */
            e = MIZO_OK;
            continue;
        }
        if (!e)
            e = look_at_header(im, c, rec);
        if (e || !im->reader)
            continue;
        *line = im->header_line = rec->line;
        snprintf(im->r->kind, sizeof im->r->kind, "%s", im->reader->name);
        import_bad_header(im, rec);
        e = import_people_header(im, rec);
        if (!e)
            e = import_operator_table(im, rec);
        break;
    }
    free(rec);
    csv_close(csv);
    return e ? e : im->reader ? MIZO_OK : MIZO_ENOENT;
}

/* ---- the thorough way ---- */

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

/* Reads the records of p[0..n); lines before it are `line`; records up to `skip_to` are passed by. */
static mizo_err read_records(import_run *im, const char *p, size_t n, int line, int skip_to)
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
            bad_csv(im, rec->line + line, rec, what);
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

static mizo_err read_whole(import_run *im, text_piece *x, int skip_to)
{
    mizo_err e = fill(im, x, WHOLE_MOST + 1);
    if (!e && x->n > WHOLE_MOST)
        return too_big(im, WHOLE_MOST);
    return e ? e : read_records(im, x->p, x->n, x->line, skip_to);
}

/* ---- the fast way ---- */

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
    return read_records(im, p, (size_t)((stop ? stop : end) - p), line, 0);
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
static mizo_err read_fast(import_run *im, fast *f, text_piece *x, size_t header_bytes)
{
    size_t at = header_bytes;
    for (;;) {
        const char *nl = x->n > at ? memrchr(x->p + at, '\n', x->n - at) : NULL;
        if (x->ended && x->n > at && (!nl || nl + 1 < x->p + x->n)) {
            MIZO_TRY(room(x, 1)); /* the last line has no end: give it one */
            x->p[x->n++] = '\n';
            continue;
        }
        size_t whole = nl ? (size_t)(nl + 1 - (x->p + at)) : 0;
        bool csv = needs_csv(x->p + at, whole) || x->n - at - whole > PIECE_BYTES;
        if (!csv)
            MIZO_TRY(scan_lines(im, f, x->p + at, whole, &x->line));
        size_t keep = csv ? x->n - at : x->n - at - whole;
        memmove(x->p, x->p + x->n - keep, keep);
        x->n = keep;
        at = 0;
        if (csv)
            return read_whole(im, x, 0);
        if (x->ended)
            return MIZO_OK;
        MIZO_TRY(fill(im, x, keep + PIECE_BYTES));
    }
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
    fast *f = malloc(sizeof *f);
    if (!f)
        return MIZO_ENOMEM;
    size_t skip = header_end(x, header_line);
    mizo_err e;
    if (skip && im->reader == &metering_long &&
        !im->operator&& !im->npersonal && metering_scan_shape(im->state, &f->shape)) {
        x->line = header_line;
        e = read_fast(im, f, x, skip);
    } else {
        e = read_whole(im, x, header_line);
    }
    free(f);
    return e;
}

static mizo_err read_json(import_run *im, text_piece *x)
{
    MIZO_TRY(fill(im, x, JSON_MOST + 1));
    return x->n > JSON_MOST ? too_big(im, JSON_MOST) : import_json(im, x->p, x->n);
}

/* Archives, workbooks and XML are held whole. */
static mizo_err read_file(import_run *im, text_piece *x)
{
    MIZO_TRY(fill(im, x, FILE_MOST + 1));
    return x->n > FILE_MOST ? too_big(im, FILE_MOST) : import_whole_file(im, x->p, x->n);
}

/* An owners' yearly table is looked at whole. *taken: it is one. */
static mizo_err read_yearly(import_run *im, text_piece *x, bool *taken)
{
    MIZO_TRY(fill(im, x, FILE_MOST + 1));
    return x->n > FILE_MOST ? too_big(im, FILE_MOST) : import_yearly_csv(im, x->p, x->n, taken);
}

static mizo_err read_text(import_run *im, candidates *c, text_piece *x)
{
    MIZO_TRY(fill(im, x, HEAD_BYTES));
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
    MIZO_TRY(candidates_make(im, c));
    size_t n = x->n; /* no half a line, no half a letter */
    const char *nl = memrchr(x->p, '\n', x->n);
    if (!x->ended && nl)
        n = (size_t)(nl + 1 - x->p);
    int header_line = 0;
    mizo_err e = find_header(im, c, x, n, &header_line);
    if (e == MIZO_ENOENT && !im->o->kind)
        MIZO_TRY(read_yearly(im, x, &yearly));
    if (yearly)
        return MIZO_OK;
    if (e == MIZO_ENOENT) {
        tell_unknown(im, c, x);
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
    MIZO_TRY(room(&x, n + 1));
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
