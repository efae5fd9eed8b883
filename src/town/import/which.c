/* which.c: which reader takes a file: the one that knows a header among its first records. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "grid/readers.h"
#include "metering/readers.h"
#include "mizo/messages/import.h"
#include "town/import/operator.h"
#include "town/import/rows.h"
#include "weather/readers.h"

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

mizo_err which_begin(import_run *im, candidates *c)
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

/* The first record that is not blank, as it stands, shortened; a word that stands in it twice, or NULL; how many of its
 * columns are numbered. */
static void first_record(import_run *im, const text_piece *x, buf *shown, const char **twice, int *numbered)
{
    csv_reader *csv = csv_open(x->p, x->n);
    csv_record *rec = calloc(1, sizeof *rec);
    table_words *w = malloc(sizeof *w);
    const char *what;
    *twice = NULL;
    *numbered = 0;
    while (csv && rec && w && !*twice && shown->n == 0 && csv_next(csv, rec, &what) == MIZO_OK) {
        table_fold(rec, w);
        for (int i = 0; i < w->n && shown->n < 80; i++)
            if (*w->w[i])
                buf_printf(shown, "%s%s", shown->n ? "," : "", w->w[i]);
        *numbered = metering_slot_columns(w);
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

enum { DAY_LIKE = 20 }; /* so many numbered columns mean a day */

/* What stands there, what would do, and where to read on. */
static void tell_no_header(import_run *im, const text_piece *x, mizo_place here, const char *most)
{
    const char *twice, *parted = other_separator(x->p, x->n);
    char count[16];
    int numbered;
    buf kinds, shown;
    buf_init(&kinds, 4096);
    buf_init(&shown, 1 << 15);
    import_kinds(&kinds);
    first_record(im, x, &shown, &twice, &numbered);
    snprintf(count, sizeof count, "%d", numbered);
    if (parted)
        MIZO_DIAG(im->t->diags, IMPORT_SEPARATOR, here, parted);
    else if (shown.n == 0 && blank(x))
        MIZO_DIAG(im->t->diags, IMPORT_EMPTY, here, NULL);
    else if (twice)
        MIZO_DIAG(im->t->diags, IMPORT_COLUMN_TWICE, here, twice);
    else if (numbered >= DAY_LIKE)
        MIZO_DIAG(im->t->diags, IMPORT_DAY_COLUMNS, here, count);
    else
        MIZO_DIAG(im->t->diags, IMPORT_UNKNOWN_FORMAT, here, most, kinds.p ? kinds.p : "",
                  shown.n ? shown.p : "?");
    buf_fini(&shown);
    buf_fini(&kinds);
}

void which_none(import_run *im, const candidates *c, const text_piece *x)
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

mizo_err which_header(import_run *im, candidates *c, const text_piece *x, size_t n, int *line)
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
