/* check_duty.c: what must hold within duties and processes. */
#include "region/build.h"

static void check_process(region_builder *b, region_table *t, size_t i)
{
    const mizo_process *p = region_row(t, i);
    const row_meta *m = &t->meta[i];
    if (p->end_w && p->end_w <= p->least_w) {
        SAY(b, PROCESS_SIZES, t->file, m->line, region_column(t, i, "end_kw"), NULL);
        t->meta[i].bad = true;
    }
    if (!p->business_days && !p->days)
        SAY(b, PROCESS_DAYS, t->file, m->line, 1, p->kind);
}

void region_check_duty_row(region_builder *b, region_table *t, size_t i)
{
    int line = t->meta[i].line;
    if (t->file == FILE_SHEETS)
        ((mizo_sheet_row *)region_row(t, i))->line = line;
    if (t->file == FILE_DUTIES)
        ((mizo_duty *)region_row(t, i))->line = line;
    if (t->file == FILE_PROCESSES) {
        ((mizo_process *)region_row(t, i))->line = line;
        check_process(b, t, i);
    }
}
