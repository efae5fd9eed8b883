/* yearly_csv.c: a CSV as a sheet of texts, so that one reader reads both. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "city/yearly.h"

enum { PAPER_BYTES = 256 << 20, PAPER_ROWS = 200000 };

struct yearly_paper {
    arena *texts;
    sheet_cell *cell;
    size_t cell_cap;
    int *line;
    size_t line_cap;
    yearly_fault *fault;
    size_t nfault, fault_cap;
    sheet s;
};

static mizo_err put_record(yearly_paper *p, const csv_record *rec)
{
    sheet *s = &p->s;
    MIZO_TRY(array_grow(&p->line, &p->line_cap, (size_t)s->nrow + 2, sizeof *p->line));
    MIZO_TRY(array_grow(&p->cell, &p->cell_cap, s->ncell + (size_t)rec->nfield, sizeof *p->cell));
    p->line[++s->nrow] = rec->line;
    for (int i = 0; i < rec->nfield; i++) {
        const csv_field *f = &rec->field[i];
        if (!f->n)
            continue;
        char *text = arena_copy(p->texts, f->s, f->n);
        if (!text)
            return MIZO_ENOMEM;
        p->cell[s->ncell++] = (sheet_cell){ .row = s->nrow,
                                            .column = i + 1,
                                            .kind = SHEET_TEXT,
                                            .rows = 1,
                                            .columns = 1,
                                            .text = text,
                                            .n = f->n };
        s->ncolumn = i + 1 > s->ncolumn ? i + 1 : s->ncolumn;
    }
    return MIZO_OK;
}

/* A record that cannot be read keeps its row, without cells. */
static mizo_err put_fault(yearly_paper *p, const csv_record *rec, const char *why)
{
    MIZO_TRY(array_grow(&p->line, &p->line_cap, (size_t)p->s.nrow + 2, sizeof *p->line));
    MIZO_TRY(array_grow(&p->fault, &p->fault_cap, p->nfault + 1, sizeof *p->fault));
    p->line[++p->s.nrow] = rec->line;
    p->fault[p->nfault++] = (yearly_fault){ p->s.nrow, rec->bad_field + 1, why };
    return MIZO_OK;
}

mizo_err yearly_csv(const char *bytes, size_t n, yearly_paper **out)
{
    const char *why = "";
    yearly_paper *p = calloc(1, sizeof *p);
    csv_record *rec = calloc(1, sizeof *rec);
    csv_reader *csv = csv_open(bytes, n);
    mizo_err e = p && rec && csv && (p->texts = arena_new(PAPER_BYTES)) ? MIZO_OK : MIZO_ENOMEM;
    while (!e) {
        e = csv_next(csv, rec, &why);
        if (e != MIZO_ENOENT && p->s.nrow == PAPER_ROWS)
            e = MIZO_EFULL;
        if (e == MIZO_EINPUT)
            e = put_fault(p, rec, why);
        else if (!e)
            e = put_record(p, rec);
    }
    csv_close(csv);
    free(rec);
    if (e != MIZO_ENOENT) {
        yearly_paper_free(p);
        return e;
    }
    p->s.name = "";
    p->s.cell = p->cell;
    *out = p;
    return MIZO_OK;
}

const sheet *yearly_paper_sheet(const yearly_paper *p)
{
    return &p->s;
}

int yearly_paper_line(const yearly_paper *p, int row)
{
    return row >= 1 && row <= p->s.nrow ? p->line[row] : 0;
}

const yearly_fault *yearly_paper_faults(const yearly_paper *p, size_t *n)
{
    *n = p->nfault;
    return p->fault;
}

void yearly_paper_free(yearly_paper *p)
{
    if (!p)
        return;
    arena_free(p->texts);
    free(p->cell);
    free(p->line);
    free(p->fault);
    free(p);
}
