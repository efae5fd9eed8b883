/* keep.c: what an import keeps besides values: lines of the register and records. It is gathered while
 * the file is read, and written into the batch with the values. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "town/import/operator.h"

/* ---- gathering ---- */

mizo_err import_keep_file(import_run *im, const char *kind, const char *with, const char *name,
                          const char *of, mizo_day from, mizo_day to, const char *bytes, size_t n,
                          const char *sum)
{
    if (im->looking)
        return MIZO_OK;
    MIZO_TRY(array_grow(&im->file, &im->file_cap, im->nfile + 1, sizeof *im->file));
    import_file_kept *f = &im->file[im->nfile];
    *f = (import_file_kept){ .from = from, .to = to, .n = n };
    f->kind = arena_copy(im->texts, kind, strlen(kind));
    f->with = arena_copy(im->texts, with, strlen(with));
    f->name = arena_copy(im->texts, name, strlen(name));
    f->of = of ? arena_copy(im->texts, of, strlen(of)) : NULL;
    f->hash = sum ? arena_copy(im->texts, sum, strlen(sum)) : NULL;
    f->bytes = malloc(n + 1);
    if (!f->kind || !f->with || !f->name || (of && !f->of) || (sum && !f->hash) || !f->bytes) {
        free(f->bytes);
        return MIZO_ENOMEM;
    }
    if (n)
        memcpy(f->bytes, bytes, n);
    im->nfile++;
    return MIZO_OK;
}

mizo_err import_keep_month(import_run *im, const confirmed_month *m)
{
    MIZO_TRY(array_grow(&im->month, &im->month_cap, im->nmonth + 1, sizeof *im->month));
    im->month[im->nmonth++] = *m;
    return MIZO_OK;
}

mizo_err import_keep_held(import_run *im, const held_day *h)
{
    MIZO_TRY(array_grow(&im->held, &im->held_cap, im->nheld + 1, sizeof *im->held));
    im->held[im->nheld++] = *h;
    return MIZO_OK;
}

mizo_err import_keep_outage(import_run *im, const import_outage *o)
{
    MIZO_TRY(array_grow(&im->outage, &im->outage_cap, im->noutage + 1, sizeof *im->outage));
    im->outage[im->noutage++] = *o;
    return MIZO_OK;
}

/* ---- writing, into the open batch ---- */

/* Id: plant, furnace, beginning. */
static mizo_err put_outage(import_run *im, const import_outage *o)
{
    buf b;
    json j;
    bool changed;
    char id[2 * MIZO_ID_MAX + 32], day[MIZO_DATE_TEXT];
    int offset = im->t->region->offset;
    mizo_slot slot = mizo_ms_slot(o->from);
    mizo_day_text(mizo_slot_day(slot, offset), day);
    int minute = (int)((o->from - table_day_ms(mizo_slot_day(slot, offset), offset)) / 60000);
    snprintf(id, sizeof id, "%s%s%s-%.4s%.2s%.2s-%02d%02d", o->plant, *o->furnace ? "-" : "", o->furnace, day,
             day + 5, day + 8, minute / 60, minute % 60);
    buf_init(&b, 8192);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_text(&j, "plant", o->plant);
    json_text(&j, "furnace", o->furnace);
    json_time(&j, "from", o->from, offset);
    json_time(&j, "to", o->to, offset);
    json_int(&j, "output_w", o->output_w < 0 ? 0 : o->output_w);
    json_text(&j, "note", o->note);
    json_end(&j);
    mizo_err e = b.err ? b.err : im->t->store->ops->record_put(im->t->store, "outage", id, b.p, &changed);
    im->kept |= !e && changed;
    buf_fini(&b);
    return e;
}

mizo_err import_put_kept(import_run *im)
{
    for (size_t i = 0; i < im->noutage; i++)
        MIZO_TRY(put_outage(im, &im->outage[i]));
    bool changed;
    MIZO_TRY(import_people_seal(im));
    MIZO_TRY(import_put_files(im));
    for (size_t i = 0; i < im->nreport; i++) {
        MIZO_TRY(owner_report_put(im->t, &im->report[i], &changed));
        im->kept |= changed;
    }
    for (size_t i = 0; i < im->nmonth; i++) {
        MIZO_TRY(confirmed_put(im->t, &im->month[i], &changed));
        im->kept |= changed;
    }
    for (size_t i = 0; i < im->nheld; i++) {
        MIZO_TRY(held_put(im->t, &im->held[i], &changed));
        im->r->held += im->held[i].state == HELD_WAITING;
        im->kept |= changed;
    }
    return MIZO_OK;
}

void import_keep_free(import_run *im)
{
    for (size_t i = 0; i < im->nfile; i++)
        free(im->file[i].bytes);
    free(im->file);
    free(im->month);
    free(im->held);
    free(im->outage);
    free(im->report);
}
