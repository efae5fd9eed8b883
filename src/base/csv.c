/* csv.c: a pull reader of CSV, and one field written. */
#include "base/csv.h"

#include <stdlib.h>
#include <string.h>

#include "mizo/number.h"

struct csv_reader {
    const char *p, *end, *start; /* the text, UTF-8 */
    buf own;                     /* decoded CP932, or a copy in which quotes are undone; else empty */
    int line;                    /* of p */
    text_encoding encoding;
    bool check;   /* bad bytes are in the text: look at each record */
    size_t bytes; /* of the input */
};

/* Bad bytes become U+FFFD, so that the record that has them can be named. */
static mizo_err decode(csv_reader *r, const char *bytes, size_t n)
{
    while (n) {
        size_t bad = 0;
        mizo_err err = cp932_to_utf8(bytes, n, &r->own, &bad);
        if (err != MIZO_EINPUT)
            return err;
        r->check = true;
        buf_str(&r->own, "\xef\xbf\xbd");
        bytes += bad + 1;
        n -= bad + 1;
    }
    return r->own.err;
}

csv_reader *csv_open(const char *bytes, size_t n)
{
    csv_reader *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    *r = (csv_reader){ .line = 1, .encoding = text_guess(bytes, n), .bytes = n };
    r->start = bytes;
    r->end = bytes + n;
    if (r->encoding == TEXT_UTF8_BOM) {
        r->start = bytes + 3;
        r->check = !utf8_valid(r->start, n - 3);
    }
    buf_init(&r->own, SIZE_MAX / 4);
    if (r->encoding == TEXT_CP932)
        (void)decode(r, bytes, n);
    else if (n && memchr(bytes, '"', n))
        buf_add(&r->own, r->start, (size_t)(r->end - r->start));
    if (r->own.err) {
        csv_close(r);
        return NULL;
    }
    if (r->own.p) {
        r->start = r->own.p;
        r->end = r->start + r->own.n;
    }
    r->p = r->start;
    return r;
}

void csv_close(csv_reader *r)
{
    if (!r)
        return;
    buf_fini(&r->own);
    free(r);
}

text_encoding csv_encoding(const csv_reader *r)
{
    return r->encoding;
}

size_t csv_offset(const csv_reader *r)
{
    size_t done = (size_t)(r->p - r->start), all = (size_t)(r->end - r->start);
    if (r->encoding != TEXT_CP932)
        return done + (r->bytes - all);
    return all ? (size_t)((double)done / (double)all * (double)r->bytes) : r->bytes;
}

/* What a byte means to the reader: C_MORE begins no letter, C_STOP ends a plain field. */
enum { C_PLAIN = 0, C_MORE = 1, C_STOP = 2 };
static const unsigned char meaning[256] = {
    [0] = C_STOP, ['\n'] = C_STOP, ['\r'] = C_STOP, [','] = C_STOP, [0x80 ... 0xbf] = C_MORE,
};

/* Where one field begins: its line's first letter is column 1. */
typedef struct place {
    const char *line_start;
    int more; /* bytes since then that begin no letter */
} place;

static int column_at(const place *at, const char *p)
{
    return (int)(p - at->line_start) - at->more + 1;
}

static mizo_err fault(csv_record *rec, int line, int column, const char *text, const char **what)
{
    rec->line = line;
    rec->nfield = 1;
    rec->field[0] = (csv_field){ "", 0, column };
    *what = text;
    return MIZO_EINPUT;
}

static const char zero_byte[] = "a zero byte: this is not UTF-8 or CP932 text";

/* Past the end of the current line. */
static void skip_line(csv_reader *r)
{
    while (r->p < r->end && *r->p != '\n' && *r->p != '\r')
        r->p++;
}

static void end_line(csv_reader *r)
{
    if (r->p < r->end) {
        bool both = r->p[0] == '\r' && r->p + 1 < r->end && r->p[1] == '\n';
        r->p += both ? 2 : 1;
        r->line++;
    }
}

/* Lines with nothing but spaces say nothing. */
static void skip_blank(csv_reader *r)
{
    while (r->p < r->end) {
        const char *q = r->p;
        while (q < r->end && (*q == ' ' || *q == '\t'))
            q++;
        if (q < r->end && *q != '\n' && *q != '\r')
            return;
        r->p = q;
        end_line(r);
    }
}

/* The end of a quoted field: its closing quote, or NULL. Counts lines and letters. */
static const char *closing_quote(const csv_reader *r, const char *p, int *lines, place *at)
{
    for (; p < r->end; p++) {
        if (*p == '"') {
            if (p + 1 == r->end || p[1] != '"')
                return p;
            p++;
        } else if (*p == '\n' || (*p == '\r' && (p + 1 == r->end || p[1] != '\n'))) {
            ++*lines;
            *at = (place){ p + 1, 0 };
        } else {
            at->more += meaning[(unsigned char)*p] & C_MORE;
        }
    }
    return NULL;
}

/* Makes doubled quotes single, in our own copy. Returns the new length. */
static size_t undouble(csv_reader *r, const char *from, size_t n)
{
    char *out = r->own.p + (from - r->own.p);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        char c = out[i];
        out[k++] = c;
        i += c == '"';
    }
    return k;
}

/* Reads the quoted field at r->p (its quote). */
static mizo_err quoted_field(csv_reader *r, csv_record *rec, csv_field *f, place *at, const char **what)
{
    const char *open = r->p;
    place begin = *at;
    int lines = 0;
    const char *close = closing_quote(r, open + 1, &lines, at);
    if (!close) {
        skip_line(r);
        return fault(rec, r->line, column_at(&begin, open), "a quote is not closed", what);
    }
    const char *after = close + 1;
    r->line += lines;
    r->p = after;
    if (after < r->end && *after != ',' && *after != '\n' && *after != '\r') {
        int column = column_at(at, after);
        skip_line(r);
        return fault(rec, r->line, column, "a letter follows a closing quote", what);
    }
    size_t raw = (size_t)(close - open - 1);
    if (raw > CSV_FIELD_BYTES)
        return fault(rec, r->line, column_at(&begin, open), "a field is too long", what);
    if (memchr(open, 0, raw + 1))
        return fault(rec, r->line, column_at(&begin, open), zero_byte, what);
    f->s = open + 1;
    f->n = raw;
    if (raw && memchr(open + 1, '"', raw))
        f->n = undouble(r, open + 1, raw);
    return MIZO_OK;
}

/* Reads the unquoted field at r->p. */
static mizo_err plain_field(csv_reader *r, csv_record *rec, csv_field *f, place *at, const char **what)
{
    const unsigned char *p = (const unsigned char *)r->p, *end = (const unsigned char *)r->end;
    int more = 0;
    while (p < end && meaning[*p] != C_STOP)
        more += meaning[*p++];
    f->s = r->p;
    f->n = (size_t)((const char *)p - r->p);
    r->p = (const char *)p;
    at->more += more;
    if (f->n > CSV_FIELD_BYTES)
        return fault(rec, r->line, f->column, "a field is too long", what);
    if (p < end && *p == 0) {
        int column = column_at(at, r->p);
        skip_line(r);
        return fault(rec, r->line, column, zero_byte, what);
    }
    return MIZO_OK;
}

/* The first byte of [from, to) that was no letter of its encoding, NULL: none. */
static const char *bad_byte(const csv_reader *r, const char *from, const char *to)
{
    size_t n = (size_t)(to - from);
    if (r->encoding == TEXT_CP932)
        return memmem(from, n, "\xef\xbf\xbd", 3);
    if (utf8_valid(from, n))
        return NULL;
    uint32_t cp;
    for (size_t step; from < to && (step = utf8_get(from, (size_t)(to - from), &cp)) > 0; from += step)
        ;
    return from;
}

/* The record has bytes that are no letters: which field, and the letter's column. */
static mizo_err bad_letter(csv_record *rec, const char *begin, const char *bad, int line, const char **what)
{
    int field = 0, column = 1;
    while (field + 1 < rec->nfield && rec->field[field + 1].s <= bad)
        field++;
    for (const char *p = begin; p < bad; p++)
        column += !(meaning[(unsigned char)*p] & C_MORE);
    rec->bad_field = field;
    return fault(rec, line, column, "a byte that is no letter of this encoding", what);
}

/* The fields of the record at r->p, up to the end of its line. */
static mizo_err fields(csv_reader *r, csv_record *rec, const char **what)
{
    place at = { r->p, 0 };
    rec->nfield = 0;
    for (;;) {
        if (rec->nfield == CSV_FIELDS) {
            int column = column_at(&at, r->p);
            skip_line(r);
            return fault(rec, r->line, column, "too many fields", what);
        }
        csv_field *f = &rec->field[rec->nfield];
        f->column = column_at(&at, r->p);
        bool quoted = r->p < r->end && *r->p == '"';
        MIZO_TRY(quoted ? quoted_field(r, rec, f, &at, what) : plain_field(r, rec, f, &at, what));
        rec->nfield++;
        if (r->p == r->end || *r->p != ',')
            return MIZO_OK;
        r->p++;
    }
}

mizo_err csv_next(csv_reader *r, csv_record *rec, const char **what)
{
    skip_blank(r);
    if (r->p == r->end)
        return MIZO_ENOENT;
    const char *begin = r->p;
    rec->line = r->line;
    rec->bad_field = 0;
    int line = r->line;
    mizo_err err = fields(r, rec, what);
    const char *bad = NULL;
    for (int i = 0; !err && r->check && !bad && i < rec->nfield;
         i++) /* quotes were taken out where they stood */
        bad = bad_byte(r, rec->field[i].s, rec->field[i].s + rec->field[i].n);
    if (bad)
        err = bad_letter(rec, begin, bad, line, what);
    end_line(r);
    return err;
}

/* True for a plain number, which no spreadsheet takes for a formula. */
static bool is_number(const char *s)
{
    int64_t v;
    mizo_err err = mizo_decimal_parse(s, strlen(s), 9, &v);
    return err == MIZO_OK || err == MIZO_ERANGE;
}

void csv_put(buf *out, const char *s)
{
    bool formula = *s && strchr("=+-@\t\r", *s) && !is_number(s);
    if (!strpbrk(s, ",\"\r\n")) {
        buf_str(out, formula ? "'" : "");
        buf_str(out, s);
        return;
    }
    buf_str(out, formula ? "\"'" : "\"");
    for (; *s; s++) {
        if (*s == '"')
            buf_char(out, '"');
        buf_char(out, *s);
    }
    buf_char(out, '"');
}
