/* table.c: what the readers of tables share. */
#include "base/table.h"
#include "mizo/messages/import.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE_MS = 60000 };

void table_fold(const csv_record *rec, table_words *w)
{
    w->n = rec->nfield;
    for (int i = 0; i < rec->nfield; i++)
        text_fold(rec->field[i].s, rec->field[i].n, w->w[i], TABLE_WORD);
}

/* Fields may be missing at the end of a row only if the header has no name there; more than the
 * header's are fine while they are empty. */
mizo_err table_read(const table_reader *r, table_state *st, const csv_record *rec, table_row *row,
                    table_fault *fault)
{
    row->line = rec->line;
    row->nvalue = row->nmissing = 0;
    row->issued = 0;
    row->owner = row->charger = (table_text){ 0 };
    if (r->blocks)
        return r->row(st, rec, row, fault);
    int n = rec->nfield;
    while (n > st->nfield && rec->field[n - 1].n == 0)
        n--;
    if (n == st->nfield)
        return r->row(st, rec, row, fault);
    char want[16], have[16];
    snprintf(want, sizeof want, "%d", st->nfield);
    snprintf(have, sizeof have, "%d", n);
    return table_bad(fault, MIZO_MSG_IMPORT_FIELDS, &rec->field[n > st->nfield ? st->nfield : n - 1], want,
                     have, NULL);
}

int table_find(const table_words *w, const char *const *names)
{
    for (; *names; names++)
        for (int i = 0; i < w->n; i++)
            if (strcmp(w->w[i], *names) == 0)
                return i;
    return -1;
}

bool table_twice(const table_words *w, const int16_t *col, int n)
{
    for (int k = 0; k < n; k++)
        for (int i = 0; i < w->n && col[k] >= 0 && *w->w[col[k]]; i++)
            if (i != col[k] && strcmp(w->w[i], w->w[col[k]]) == 0)
                return true;
    return false;
}

int table_find_start(const table_words *w, const char *start, int from)
{
    size_t n = strlen(start);
    for (int i = from < 0 ? 0 : from; i < w->n; i++)
        if (strncmp(w->w[i], start, n) == 0)
            return i;
    return -1;
}

/* Copies at most cap - 1 bytes without cutting a letter in two; control letters become '?'. */
static void copy_text(char *out, size_t cap, const char *s, size_t n)
{
    size_t to = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t len = utf8_get(s + i, n - i, &cp);
        if (len == 0 || cp < 0x20 || cp == 0x7f) {
            if (to + 1 >= cap)
                break;
            out[to++] = '?';
            i += len ? len : 1;
            continue;
        }
        if (to + len >= cap)
            break;
        memcpy(out + to, s + i, len);
        to += len;
        i += len;
    }
    out[to] = '\0';
}

static mizo_err set_fault(table_fault *f, mizo_msg id, const csv_field *at, const char *p[TABLE_PARAMS])
{
    memset(f, 0, sizeof *f);
    f->id = id;
    f->column = at ? at->column : 0;
    for (int i = 0; i < TABLE_PARAMS; i++)
        if (p[i])
            copy_text(f->param[i], TABLE_PARAM, p[i], strlen(p[i]));
    return MIZO_EINPUT;
}

mizo_err table_bad(table_fault *f, mizo_msg id, const csv_field *at, const char *p0, const char *p1,
                   const char *p2)
{
    const char *p[TABLE_PARAMS] = { p0, p1, p2 };
    return set_fault(f, id, at, p);
}

mizo_err table_bad_text(table_fault *f, mizo_msg id, const csv_field *at, const char *p1)
{
    char text[41];
    copy_text(text, sizeof text, at->s, at->n);
    return table_bad(f, id, at, text, p1, NULL);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* True for the marks that say "no value": blank, ***, -, －, N/A. */
static bool says_missing(const char *s, size_t n)
{
    while (n && is_space(*s))
        s++, n--;
    while (n && is_space(s[n - 1]))
        n--;
    static const char *const marks[] = {
        "", "-", "－", "―", "—", "***", "＊＊＊", "N/A", "NA", "null", NULL
    };
    for (const char *const *m = marks; *m; m++)
        if (strlen(*m) == n && memcmp(*m, s, n) == 0)
            return true;
    return false;
}

/* Too many decimals, or an exponent: through a double, which is exact enough for what fits. */
static mizo_err number_rounded(const char *s, size_t n, int digits, int64_t *out)
{
    char text[64];
    size_t to = 0;
    for (size_t i = 0; i < n && to + 1 < sizeof text; i++)
        if (s[i] != ',' && !is_space(s[i]))
            text[to++] = s[i];
    text[to] = '\0';
    if (to == 0 || strspn(text, "0123456789.+-eE") != to)
        return MIZO_EINPUT;
    char *end;
    double x = strtod(text, &end);
    if (*end)
        return MIZO_EINPUT;
    for (int i = 0; i < digits; i++)
        x *= 10;
    if (!(fabs(x) < 9e15))
        return MIZO_ERANGE;
    *out = (int64_t)(x < 0 ? -floor(-x + 0.5) : floor(x + 0.5));
    return MIZO_OK;
}

mizo_err table_number(const char *s, size_t n, int digits, int64_t *out)
{
    if (says_missing(s, n))
        return MIZO_ENOENT;
    mizo_err e = mizo_decimal_parse(s, n, digits, out);
    return e == MIZO_ERANGE ? number_rounded(s, n, digits, out) : e;
}

mizo_ms table_day_ms(mizo_day d, int offset)
{
    return mizo_slot_ms(mizo_day_slot(d, offset));
}

/* "+09:00", "-0330", "Z" at the end of a clock; *n is shortened. False: there is none. */
static bool take_zone(const char *s, size_t *n, int *minutes)
{
    if (*n && (s[*n - 1] == 'Z' || s[*n - 1] == 'z')) {
        *minutes = 0;
        (*n)--;
        return true;
    }
    for (size_t back = 5; back <= 6 && back < *n; back++) {
        const char *z = s + *n - back;
        if (*z != '+' && *z != '-')
            continue;
        int m;
        if (mizo_clock_parse(z + 1, back - 1, &m) || m > 18 * 60)
            return false;
        *minutes = *z == '-' ? -m : m;
        *n -= back;
        return true;
    }
    return false;
}

/* ":00" and ".000" after the minutes go away; other seconds stay and make the clock bad. */
static size_t cut_zero_seconds(const char *s, size_t n)
{
    size_t colons = 0, at = 0;
    for (size_t i = 0; i < n; i++)
        if (s[i] == ':' && ++colons == 2)
            at = i;
    if (colons != 2)
        return n;
    for (size_t i = at + 1; i < n; i++)
        if (s[i] != '0' && s[i] != '.')
            return n;
    return n - at >= 3 ? at : n;
}

mizo_err table_instant(const char *s, size_t n, int offset, mizo_ms *out)
{
    while (n && is_space(*s))
        s++, n--;
    while (n && is_space(s[n - 1]))
        n--;
    size_t part = 0;
    while (part < n && s[part] != 'T' && s[part] != 't' && s[part] != ' ')
        part++;
    mizo_date date;
    if (part == 0 || part >= n || mizo_date_parse(s, part, &date))
        return MIZO_EINPUT;
    const char *clock = s + part + 1;
    size_t nclock = n - part - 1;
    while (nclock && is_space(*clock))
        clock++, nclock--;
    int zone = offset * (MIZO_SLOT_S / 60), minute;
    take_zone(clock, &nclock, &zone);
    nclock = cut_zero_seconds(clock, nclock);
    if (mizo_clock_parse(clock, nclock, &minute))
        return MIZO_EINPUT;
    *out = table_day_ms(mizo_date_day(date), 0) + (int64_t)(minute - zone) * MINUTE_MS;
    return MIZO_OK;
}

/* ---- tables that people keep ---- */

void table_cell(const csv_record *rec, int column, char *out, size_t cap)
{
    size_t n = column >= 0 && column < rec->nfield ? rec->field[column].n : 0;
    n = n < cap - 1 ? n : cap - 1;
    if (n)
        memcpy(out, rec->field[column].s, n);
    out[n] = '\0';
}

mizo_err table_rows(const char *bytes, size_t n, const table_sink *sink, void *arg)
{
    csv_reader *csv = csv_open(bytes, n);
    csv_record *rec = calloc(1, sizeof *rec);
    table_words *w = calloc(1, sizeof *w);
    const char *what = "";
    mizo_err e = csv && rec && w ? csv_next(csv, rec, &what) : MIZO_ENOMEM;
    if (!e && rec->nfield == 1) /* a title above the header, as a list that was given out has it */
        e = csv_next(csv, rec, &what);
    if (!e) {
        table_fold(rec, w);
        e = sink->header(arg, rec, w);
    } else if (e == MIZO_EINPUT) {
        sink->bad(arg, rec, what);
    }
    while (!e) {
        e = csv_next(csv, rec, &what);
        if (!e)
            e = sink->row(arg, rec);
        else if (e == MIZO_EINPUT) {
            sink->bad(arg, rec, what);
            e = MIZO_OK;
        }
    }
    csv_close(csv);
    free(rec);
    free(w);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}
