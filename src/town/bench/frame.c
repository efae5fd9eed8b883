/* frame.c: public sets as numbers. */
#include "town/bench/frame.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/env_stream.h"
#include "town/import/source.h"

enum { PIECE = 1 << 18, PATH = 1024, DAY_S = 86400 };

static mizo_err slurp(const char *path, buf *out)
{
    source *s;
    MIZO_TRY(source_open(path, &s));
    char *piece = malloc(PIECE);
    mizo_err e = piece ? MIZO_OK : MIZO_ENOMEM;
    size_t got = 1;
    while (!e && got) {
        e = source_read(s, piece, PIECE, &got);
        if (!e)
            buf_add(out, piece, got);
    }
    free(piece);
    source_close(s);
    return e ? e : out->err;
}

static int digits(const char *s, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++)
        v = s[i] >= '0' && s[i] <= '9' ? v * 10 + (s[i] - '0') : -1000000;
    return v;
}

/* 2017-01-01 or 2017-01-01T00:30...; false: not a time. */
static bool clock_of(const csv_field *f, int64_t *second)
{
    if (f->n < 10 || f->s[4] != '-' || f->s[7] != '-')
        return false;
    mizo_date d = { digits(f->s, 4), digits(f->s + 5, 2), digits(f->s + 8, 2) };
    if (!mizo_date_valid(d))
        return false;
    int minute = 0, rest = 0;
    if (f->n >= 16)
        minute = digits(f->s + 11, 2) * 60 + digits(f->s + 14, 2);
    if (f->n >= 19 && f->s[16] == ':')
        rest = digits(f->s + 17, 2);
    *second = (int64_t)mizo_date_day(d) * DAY_S + minute * 60 + rest;
    return minute >= 0 && rest >= 0;
}

/* A word stands for itself as a number: the same word, the same number (FNV-1a, 52 bits). */
static double number_of_word(const char *s, size_t n)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 1099511628211u;
    return (double)(h >> 12);
}

double frame_word(const char *word)
{
    return number_of_word(word, strlen(word));
}

/* What other programs write for a value that is not there. */
static bool absent(const csv_field *f)
{
    static const char *const words[] = { "NA", "na", "NaN", "nan", "null", "NULL" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (f->n == strlen(words[i]) && memcmp(f->s, words[i], f->n) == 0)
            return true;
    return f->n == 0;
}

static double number_of(const csv_field *f)
{
    char text[40], *end;
    int64_t second;
    if (absent(f) || f->n >= sizeof text)
        return NAN;
    if ((unsigned char)(f->s[0] | 32) >= 'a')
        return number_of_word(f->s, f->n);
    if (clock_of(f, &second))
        return (double)(f->n == 10 ? second / DAY_S : second);
    memcpy(text, f->s, f->n);
    text[f->n] = 0;
    double v = strtod(text, &end);
    return *end ? NAN : v;
}

static mizo_err frame_room(frame *f)
{
    if (f->nrow < f->cap)
        return MIZO_OK;
    size_t cap = f->cap ? 2 * f->cap : 4096;
    int64_t *t = realloc(f->second, cap * sizeof *t);
    if (!t)
        return MIZO_ENOMEM;
    f->second = t;
    for (int c = 0; c < f->ncol; c++) {
        double *v = realloc(f->v[c], cap * sizeof *v);
        if (!v)
            return MIZO_ENOMEM;
        f->v[c] = v;
    }
    f->cap = cap;
    return MIZO_OK;
}

/* ---- one file ---- */

typedef struct sheet {
    frame *f;
    int to[FRAME_COLUMNS]; /* column of the frame for each of the file's */
    int ncol;
} sheet;

static mizo_err add_column(frame *f, const csv_field *name, int *at)
{
    char text[FRAME_NAME];
    snprintf(text, sizeof text, "%.*s", (int)name->n, name->s);
    *at = frame_column(f, text);
    if (*at >= 0)
        return MIZO_OK;
    if (f->ncol == FRAME_COLUMNS)
        return MIZO_EINPUT;
    double *v = f->cap ? malloc(f->cap * sizeof *v) : NULL;
    if (f->cap && !v)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < f->nrow; i++)
        v[i] = NAN;
    memcpy(f->name[f->ncol], text, sizeof text);
    f->v[f->ncol] = v;
    *at = f->ncol++;
    return MIZO_OK;
}

static mizo_err head(sheet *s, const csv_record *r)
{
    if (r->nfield < 2 || r->nfield > FRAME_COLUMNS)
        return MIZO_EINPUT;
    s->ncol = r->nfield - 1;
    for (int c = 0; c < s->ncol; c++)
        MIZO_TRY(add_column(s->f, &r->field[c + 1], &s->to[c]));
    return MIZO_OK;
}

static mizo_err take(sheet *s, const csv_record *r)
{
    frame *f = s->f;
    MIZO_TRY(frame_room(f));
    if (r->nfield != s->ncol + 1)
        return MIZO_EINPUT;
    f->timed = clock_of(&r->field[0], &f->second[f->nrow]);
    if (!f->timed) {
        double v = number_of(&r->field[0]);
        if (isnan(v))
            return MIZO_EINPUT;
        f->second[f->nrow] = (int64_t)v;
    }
    for (int c = 0; c < f->ncol; c++)
        f->v[c][f->nrow] = NAN;
    for (int c = 0; c < s->ncol; c++)
        f->v[s->to[c]][f->nrow] = number_of(&r->field[c + 1]);
    f->nrow++;
    return MIZO_OK;
}

static mizo_err parse(frame *f, const buf *b, const char *path, mizo_diags *d)
{
    csv_reader *in = csv_open(b->p, b->n);
    csv_record *r = malloc(sizeof *r);
    sheet s = { .f = f };
    const char *what = "columns";
    mizo_err e = in && r ? csv_next(in, r, &what) : MIZO_ENOMEM;
    if (!e)
        e = head(&s, r);
    while (!e && !(e = csv_next(in, r, &what)))
        e = take(&s, r);
    if (e == MIZO_EINPUT)
        MIZO_DIAG(d, FILE_UNREADABLE, MIZO_AT(path, r->line, 0), what ? what : "columns");
    free(r);
    csv_close(in);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static mizo_err read_one(frame *f, const char *path, mizo_diags *d)
{
    buf b;
    buf_init(&b, (size_t)1 << 28);
    mizo_err e = slurp(path, &b);
    if (e)
        MIZO_DIAG(d, FILE_UNREADABLE, MIZO_AT(path, 0, 0), mizo_err_text(e));
    else
        e = parse(f, &b, path, d);
    buf_fini(&b);
    return e;
}

/* ---- several ---- */

typedef struct sheaf {
    frame *f;
    const char *dir;
    mizo_diags *d;
} sheaf;

static mizo_err read_another(void *arg, const char *name)
{
    sheaf *s = arg;
    char path[PATH];
    if (!strstr(name, ".csv"))
        return MIZO_OK;
    snprintf(path, sizeof path, "%s/%s", s->dir, name);
    return read_one(s->f, path, s->d);
}

typedef struct row_at {
    int64_t second;
    size_t row;
} row_at;

static int by_second(const void *a, const void *b)
{
    const row_at *x = a, *y = b;
    return x->second != y->second ? (x->second > y->second) - (x->second < y->second)
                                  : (x->row > y->row) - (x->row < y->row);
}

/* Rows by time; those of one time stay as they came. */
static mizo_err in_order(frame *f)
{
    bool good = true;
    for (size_t i = 1; i < f->nrow; i++)
        good &= f->second[i - 1] <= f->second[i];
    if (good || !f->timed)
        return MIZO_OK;
    row_at *at = calloc(f->nrow, sizeof *at);
    double *v = calloc(f->nrow, sizeof *v);
    for (size_t i = 0; at && v && i < f->nrow; i++)
        at[i] = (row_at){ f->second[i], i };
    if (at && v)
        qsort(at, f->nrow, sizeof *at, by_second);
    for (int c = 0; at && v && c < f->ncol; c++) {
        for (size_t i = 0; i < f->nrow; i++)
            v[i] = f->v[c][at[i].row];
        memcpy(f->v[c], v, f->nrow * sizeof *v);
    }
    for (size_t i = 0; at && v && i < f->nrow; i++)
        f->second[i] = at[i].second;
    mizo_err e = at && v ? MIZO_OK : MIZO_ENOMEM;
    free(at);
    free(v);
    return e;
}

/* PATH ends in `*`. */
static mizo_err read_all(frame *f, char *path, mizo_diags *d)
{
    char *slash = strrchr(path, '/'), *star = strrchr(path, '*');
    *slash = *star = 0;
    sheaf s = { f, path, d };
    mizo_err e = env_stream_names(path, slash + 1, read_another, &s);
    *slash = '/';
    *star = '*';
    if (!e && !f->nrow)
        e = MIZO_ENOENT;
    if (e == MIZO_ENOENT)
        MIZO_DIAG(d, FILE_UNREADABLE, MIZO_AT(path, 0, 0), mizo_err_text(e));
    return e ? e : in_order(f);
}

mizo_err frame_read(frame *f, const char *data, const char *file, mizo_diags *d)
{
    char path[PATH];
    memset(f, 0, sizeof *f);
    int n = snprintf(path, sizeof path, "%s/%s", data, file);
    mizo_err e = n < 1 || n >= PATH   ? MIZO_ERANGE
                 : path[n - 1] == '*' ? read_all(f, path, d)
                                      : read_one(f, path, d);
    if (!e && !f->nrow) {
        MIZO_DIAG(d, FILE_UNREADABLE, MIZO_AT(path, 0, 0), "no rows");
        e = MIZO_EINPUT;
    }
    if (e)
        frame_free(f);
    return e;
}

void frame_free(frame *f)
{
    for (int c = 0; c < FRAME_COLUMNS; c++)
        free(f->v[c]);
    free(f->second);
    memset(f, 0, sizeof *f);
}

int frame_column(const frame *f, const char *name)
{
    for (int c = 0; c < f->ncol; c++)
        if (strcmp(f->name[c], name) == 0)
            return c;
    return -1;
}

static int64_t day_of(int64_t second)
{
    return second >= 0 ? second / DAY_S : -((DAY_S - 1 - second) / DAY_S);
}

mizo_err days_of(const frame *f, int c, int slots, int shift, days *out)
{
    int64_t first = day_of(f->second[0] + shift), last = day_of(f->second[f->nrow - 1] + shift);
    *out = (days){ .first = (mizo_day)first, .n = (int)(last - first + 1), .slots = slots };
    if (c < 0 || last < first || last - first > 40000)
        return MIZO_EINPUT;
    size_t size = (size_t)out->n * (size_t)slots;
    out->v = calloc(size, sizeof *out->v);
    unsigned char *many = calloc(size, 1);
    if (!out->v || !many) {
        free(many);
        days_free(out);
        return MIZO_ENOMEM;
    }
    for (size_t i = 0; i < f->nrow; i++) {
        int64_t t = f->second[i] + shift, day = day_of(t);
        if (day < first || day > last || isnan(f->v[c][i]))
            continue;
        size_t at = (size_t)(day - first) * (size_t)slots + (size_t)((t - day * DAY_S) * slots / DAY_S);
        many[at]++;
        out->v[at] += (f->v[c][i] - out->v[at]) / many[at];
    }
    for (size_t i = 0; i < size; i++)
        if (!many[i])
            out->v[i] = NAN;
    free(many);
    return MIZO_OK;
}

void days_free(days *d)
{
    free(d->v);
    d->v = NULL;
}

double days_at(const days *d, mizo_day day, int slot)
{
    int64_t i = (int64_t)day - d->first;
    return i >= 0 && i < d->n ? d->v[i * d->slots + slot] : NAN;
}

/* ---- kinds of day ---- */

int kind_plain(mizo_day d)
{
    int w = mizo_day_weekday(d);
    return w == 6 ? MIZO_SATURDAY : w == 0 ? MIZO_HOLIDAY : MIZO_WEEKDAY;
}

int kind_japan(mizo_day d)
{
    return (int)mizo_day_type(d);
}

/* Easter Sunday: Meeus, Astronomical Algorithms, chapter 8. */
mizo_day easter_sunday(int y)
{
    int a = y % 19, b = y / 100, c = y % 100, g = (b - (b + 8) / 25 + 1) / 3;
    int h = (19 * a + b - b / 4 - g + 15) % 30, l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    int m = (a + 11 * h + 22 * l) / 451, p = h + l - 7 * m + 114;
    return mizo_date_day((mizo_date){ y, p / 31, p % 31 + 1 });
}

/* Bank holidays of England and Wales by rule; 24 December to 1 January is quiet. */
int kind_england(mizo_day d)
{
    mizo_date t = mizo_day_date(d);
    int w = mizo_day_weekday(d);
    mizo_day e = easter_sunday(t.year);
    bool year_end = (t.month == 12 && t.day >= 24) || (t.month == 1 && t.day == 1);
    bool late = t.month == 1 && w == 1 && (t.day == 2 || t.day == 3); /* New Year on a weekend */
    bool monday = w == 1 && ((t.month == 5 && (t.day <= 7 || t.day >= 25)) || (t.month == 8 && t.day >= 25));
    if (year_end)
        return MIZO_QUIET;
    return d == e - 2 || d == e + 1 || late || monday ? MIZO_HOLIDAY : kind_plain(d);
}

/* Korea: fixed dates by rule; New Year's and harvest days by the moon (2018-2020, National Calendar). */
int kind_korea(mizo_day d)
{
    static const int fixed[] = { 101, 301, 505, 606, 815, 1003, 1009, 1225 };
    static const mizo_date moon[] = {
        {2018,  2,  15},
        { 2018, 2,  16},
        { 2018, 2,  17},
        { 2018, 5,  22},
        { 2018, 9,  23},
        { 2018, 9,  24},
        { 2018, 9,  25},
        { 2018, 9,  26},
        { 2019, 2,  4 },
        { 2019, 2,  5 },
        { 2019, 2,  6 },
        { 2019, 9,  12},
        { 2019, 9,  13},
        { 2020, 1,  24},
        { 2020, 1,  27},
        { 2020, 9,  30},
        { 2020, 10, 1 },
        { 2020, 10, 2 }
    };
    mizo_date t = mizo_day_date(d);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (t.month * 100 + t.day == fixed[i])
            return MIZO_HOLIDAY;
    for (size_t i = 0; i < sizeof moon / sizeof *moon; i++)
        if (mizo_date_day(moon[i]) == d)
            return MIZO_HOLIDAY;
    return kind_plain(d);
}

/* Federal holidays that close most firms, the Friday after Thanksgiving, Christmas Eve. */
int kind_america(mizo_day d)
{
    mizo_date t = mizo_day_date(d);
    int w = mizo_day_weekday(d), md = t.month * 100 + t.day;
    bool fixed = md == 101 || md == 704 || md == 1224 || md == 1225;
    bool observed =
        (w == 1 && (md == 102 || md == 705 || md == 1226)) || (w == 5 && (md == 703 || md == 1231));
    bool monday = w == 1 && ((t.month == 5 && t.day >= 25) || (t.month == 9 && t.day <= 7));
    bool thanks =
        t.month == 11 && ((w == 4 && t.day >= 22 && t.day <= 28) || (w == 5 && t.day >= 23 && t.day <= 29));
    return fixed || observed || monday || thanks ? MIZO_HOLIDAY : kind_plain(d);
}

static int by_weighed_value(const void *a, const void *b)
{
    const weighed *x = a, *y = b;
    return x->v != y->v ? (x->v > y->v) - (x->v < y->v) : (x->w > y->w) - (x->w < y->w);
}

double weighed_median(weighed *x, int n)
{
    double sum = 0, below = 0;
    qsort(x, (size_t)n, sizeof *x, by_weighed_value);
    for (int i = 0; i < n; i++)
        sum += x[i].w;
    for (int i = 0; i < n; i++)
        if ((below += x[i].w) >= sum / 2)
            return x[i].v;
    return NAN;
}
