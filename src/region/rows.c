/* rows.c: one CSV file into a table of structs, by the rows of the schema. */
#include <string.h>

#include "base/csv.h"
#include "region/build.h"

typedef struct reader {
    region_builder *b;
    region_table *t;
    region_file file;
    const field_row *field;
    size_t nfield;
    int at[REGION_FILE_FIELDS]; /* which cell of a record holds the field, -1 none */
    int ncell;                  /* cells of the header */
    bool named[CSV_FIELDS];     /* header cells that have a name */
    csv_record rec;
} reader;

static const char *names_of(reader *r)
{
    buf names;
    buf_init(&names, 1 << 12);
    for (size_t i = 0; i < r->nfield; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", r->field[i].name);
    const char *s = arena_copy(r->b->work, names.p ? names.p : "", names.n);
    buf_fini(&names);
    if (!s)
        r->b->err = MIZO_ENOMEM;
    return s ? s : "";
}

/* ---- the header ---- */

static void unknown_column(reader *r, const csv_field *c, const char *folded)
{
    const char *words[REGION_FILE_FIELDS];
    for (size_t i = 0; i < r->nfield; i++)
        words[i] = r->field[i].name;
    const char *near = text_nearest(folded, words, r->nfield);
    const char *quoted = region_quote(r->b, c->s, c->n);
    r->t->torn = true;
    if (near)
        SAY(r->b, COLUMN_NEAR, r->file, r->rec.line, c->column, quoted, near);
    else
        SAY(r->b, COLUMN_UNKNOWN, r->file, r->rec.line, c->column, quoted, names_of(r));
}

static void read_name(reader *r, int cell)
{
    const csv_field *c = &r->rec.field[cell];
    char folded[128];
    size_t n = text_fold(c->s, c->n, folded, sizeof folded);
    r->named[cell] = n > 0;
    if (n == 0 || strncmp(folded, "x-", 2) == 0)
        return;
    for (size_t i = 0; i < r->nfield; i++) {
        if (strcmp(folded, r->field[i].name))
            continue;
        if (r->at[i] >= 0)
            SAY(r->b, COLUMN_TWICE, r->file, r->rec.line, c->column, r->field[i].name);
        else
            r->at[i] = cell;
        return;
    }
    unknown_column(r, c, folded);
}

static void read_header(reader *r)
{
    for (size_t i = 0; i < r->nfield; i++)
        r->at[i] = -1;
    r->ncell = r->rec.nfield;
    for (int c = 0; c < r->rec.nfield; c++)
        read_name(r, c);
    for (size_t i = 0; i < r->nfield; i++) {
        if (r->at[i] >= 0 || !r->field[i].needed)
            continue;
        SAY(r->b, COLUMN_MISSING, r->file, r->rec.line, 1, r->field[i].name,
            region_expects(r->b, &r->field[i]));
        r->t->torn = true;
        r->t->lost = r->t->lost || r->field[i].kind == FIELD_ID;
    }
}

/* ---- records ---- */

static bool add_row(reader *r, void **row, row_meta **meta)
{
    region_table *t = r->t;
    size_t size = region_files[r->file].size;
    if (array_grow(&t->row, &t->ncap, t->n + 1, size) ||
        array_grow(&t->meta, &t->mcap, t->n + 1, sizeof *t->meta)) {
        r->b->err = MIZO_ENOMEM;
        return false;
    }
    *row = region_row(t, t->n);
    *meta = &t->meta[t->n++];
    memset(*row, 0, size);
    memset(*meta, 0, sizeof **meta);
    return true;
}

static bool blank(const csv_field *c)
{
    for (size_t i = 0; i < c->n; i++)
        if ((unsigned char)c->s[i] > ' ')
            return false;
    return true;
}

static bool blank_record(const csv_record *rec)
{
    for (int c = 0; c < rec->nfield; c++)
        if (!blank(&rec->field[c]))
            return false;
    return true;
}

/* Cells that stand under no name: said once a record. */
static void check_extra(reader *r, row_meta *meta)
{
    for (int c = 0; c < r->rec.nfield; c++) {
        const csv_field *f = &r->rec.field[c];
        if ((c < r->ncell && r->named[c]) || blank(f))
            continue;
        FAULT(r->b, CELL_EXTRA, r->file, r->rec.line, f->column, &meta->bad, region_quote(r->b, f->s, f->n));
        return;
    }
}

static void read_field(reader *r, size_t i, int nth_ref, void *row, row_meta *meta, int *column)
{
    static const csv_field nothing = { "", 0, 0 };
    const field_row *f = &r->field[i];
    region_field_default(f, row);
    if (r->at[i] < 0) {
        if (f->needed) /* the missing column has been said */
            meta->bad = meta->quiet = true;
        return;
    }
    const csv_field *c = r->at[i] < r->rec.nfield ? &r->rec.field[r->at[i]] : &nothing;
    const csv_field *last = &r->rec.field[r->rec.nfield - 1];
    *column = c->column ? c->column : last->column;
    region_field_set(r->b, f, nth_ref, c->s, c->n, r->rec.line, *column, row, meta);
}

static void read_record(reader *r)
{
    void *row;
    row_meta *meta;
    int *column = region_work(r->b, r->nfield * sizeof *column);
    if (!column || !add_row(r, &row, &meta))
        return;
    meta->line = r->rec.line;
    meta->column = column;
    int nth_ref = 0;
    for (size_t i = 0; i < r->nfield; i++) {
        read_field(r, i, nth_ref, row, meta, &column[i]);
        nth_ref += r->field[i].kind == FIELD_REF;
    }
    check_extra(r, meta);
}

/* What csv.c says, as messages in both languages. */
static void say_record(reader *r, const char *what)
{
    int line = r->rec.line, column = r->rec.field[0].column;
    r->t->torn = r->t->lost = true;
    if (strcmp(what, "a quote is not closed") == 0)
        SAY(r->b, CSV_QUOTE, r->file, line, column, NULL);
    else if (strcmp(what, "a letter follows a closing quote") == 0)
        SAY(r->b, CSV_AFTER, r->file, line, column, NULL);
    else if (strcmp(what, "too many fields") == 0)
        SAY(r->b, CSV_MANY, r->file, line, column, NULL);
    else
        SAY(r->b, CSV_RECORD, r->file, line, column, what);
}

static void read_all(reader *r, csv_reader *csv)
{
    bool header = false;
    while (!r->b->err) {
        const char *what = "";
        size_t before = csv_offset(csv);
        mizo_err e = csv_next(csv, &r->rec, &what);
        if (e == MIZO_ENOENT)
            break;
        if (e) {
            say_record(r, what);
            if (!header || csv_offset(csv) <= before)
                return; /* without its header, or stuck: nothing more can be said */
        } else if (!header) {
            read_header(r);
            header = true;
        } else if (!blank_record(&r->rec)) {
            read_record(r);
        }
    }
    if (!header) {
        SAY(r->b, CSV_EMPTY, r->file, 1, 1, names_of(r));
        r->t->torn = r->t->lost = true;
    }
}

void region_read_rows(region_builder *b, region_file f, const char *text, size_t n)
{
    reader *r = region_work(b, sizeof *r);
    csv_reader *csv = csv_open(text, n);
    if (csv && r) {
        r->b = b;
        r->t = &b->t[f];
        r->file = f;
        r->field = region_fields_of(f, &r->nfield);
        r->t->present = true;
        read_all(r, csv);
    }
    if (!csv)
        b->err = MIZO_ENOMEM;
    csv_close(csv);
}
