/* Any bytes as CSV: every field lies in the reader, lines go up, the reader ends, and what is
 * written again reads the same. */
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"

static void demand(bool ok)
{
    if (!ok)
        abort();
}

/* The fields of one record, written by csv_put, must come back unless they were guarded. */
static void again(const csv_record *rec)
{
    buf line;
    buf_init(&line, 1 << 22);
    bool same = true;
    for (int i = 0; i < rec->nfield; i++) {
        char *s = strndup(rec->field[i].s, rec->field[i].n);
        demand(s != NULL);
        same = same && !(*s && strchr("=+-@\t\r", *s));
        buf_str(&line, i ? "," : "");
        csv_put(&line, s);
        free(s);
    }
    buf_char(&line, '\n');
    csv_reader *r = line.err ? NULL : csv_open(line.p, line.n);
    csv_record *back = malloc(sizeof *back);
    const char *what;
    if (r && back && csv_encoding(r) == TEXT_UTF8 && same && csv_next(r, back, &what) == MIZO_OK) {
        demand(back->nfield == rec->nfield);
        for (int i = 0; i < rec->nfield; i++)
            demand(back->field[i].n == rec->field[i].n &&
                   memcmp(back->field[i].s, rec->field[i].s, rec->field[i].n) == 0);
    }
    free(back);
    csv_close(r);
    buf_fini(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    csv_reader *r = csv_open((const char *)p, n);
    csv_record *rec = malloc(sizeof *rec);
    demand(r && rec);
    int line = 0;
    size_t offset = 0;
    const char *what = NULL;
    for (mizo_err err; (err = csv_next(r, rec, &what)) != MIZO_ENOENT;) {
        demand(err == MIZO_OK || err == MIZO_EINPUT);
        demand(rec->line >= line && rec->nfield >= 1 && rec->nfield <= CSV_FIELDS);
        demand(csv_offset(r) >= offset && csv_offset(r) <= n);
        line = rec->line;
        offset = csv_offset(r);
        if (err) {
            demand(what != NULL && rec->field[0].column >= 1);
            continue;
        }
        for (int i = 0; i < rec->nfield; i++)
            demand(rec->field[i].column >= 1 && utf8_valid(rec->field[i].s, rec->field[i].n));
        again(rec);
    }
    csv_close(r);
    free(rec);
    return 0;
}
