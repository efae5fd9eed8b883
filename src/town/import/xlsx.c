/* xlsx.c: a plant's workbook into the stage: its output as a forecast that is known from now on, its outages as
 * records. What a plant notifies has a series of its own, PLANT-notified, so that mizo's own forecast of the plant and the
 * plant's word never take each other's place. */
#include "town/import/xlsx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "grid/plant_sheet.h"
#include "mizo/messages/files.h"

typedef struct work {
    import_run *im;
    const char *name;
} work;

static void on_bad(void *arg, mizo_msg id, const char *cell, const char *p0, const char *p1)
{
    work *w = arg;
    table_fault f;
    csv_field nowhere = { 0 };
    table_bad(&f, id, &nowhere, cell, p0 ? p0 : p1, NULL);
    f.column = 0;
    import_bad(w->im, 0, NULL, &f);
}

static const mizo_plant *plant_of(const mizo_region *g, const char *word)
{
    for (size_t i = 0; i < g->nplant; i++) {
        const mizo_plant *p = &g->plant[i];
        if (strcmp(p->id, word) == 0 || (*p->name_ja && strcmp(p->name_ja, word) == 0) ||
            (*p->name_en && strcmp(p->name_en, word) == 0))
            return p;
    }
    return NULL;
}

static bool furnace_known(const mizo_region *g, const mizo_plant *p, const char *id)
{
    for (size_t i = 0; i < g->nfurnace; i++)
        if (&g->plant[g->furnace[i].plant] == p && strcmp(g->furnace[i].id, id) == 0)
            return true;
    return false;
}

static mizo_err put_values(work *w, const mizo_plant *p, const plant_sheet *x, table_row *row)
{
    import_run *im = w->im;
    char owner[MIZO_ID_MAX + 16];
    int32_t limit = p->capacity_w / 2 + p->capacity_w / 4; /* a half-hour at one and a half of its power */
    snprintf(owner, sizeof owner, "%s-notified", p->id);
    const char *id = mizo_id_valid(owner, strlen(owner)) ? arena_copy(im->texts, owner, strlen(owner)) : NULL;
    if (!id)
        return MIZO_ENOMEM;
    if (import_owner_known(im, id) < 0)
        return MIZO_ENOMEM;
    memset(row, 0, sizeof *row);
    row->kind = TABLE_SERIES;
    row->issued = im->o->known ? im->o->known : im->now;
    for (int t = 0; t < MIZO_DAY_SLOTS; t++) {
        if (x->wh[t] == MIZO_MISSING) {
            row->nmissing++;
            continue;
        }
        if (limit > 0 && x->wh[t] > limit) {
            char is[24];
            snprintf(is, sizeof is, "%.1f", x->wh[t] / 1000.0);
            on_bad(w, MIZO_MSG_PLANT_SHEET_POWER, x->values_cell, is, NULL);
            return MIZO_OK;
        }
        row->value[row->nvalue++] =
            (table_value){ .owner = id,
                           .at = table_day_ms(x->day, im->t->region->offset) + (mizo_ms)t * MIZO_SLOT_MS,
                           .v = x->wh[t],
                           .step_min = 30,
                           .quantity = MIZO_Q_GENERATION,
                           .role = MIZO_ROLE_FORECAST_MEAN,
                           .quality = MIZO_QUALITY_ESTIMATED };
    }
    im->r->rows += x->valued && !im->looking;
    row->owner = (table_text){ id, strlen(id), 0 };
    return row->nvalue ? import_row(im, NULL, row) : MIZO_OK;
}

static mizo_err put_outages(work *w, const mizo_plant *p, const plant_sheet *x)
{
    import_run *im = w->im;
    for (int i = 0; i < x->noutage && !im->looking; i++) {
        const plant_outage *o = &x->outage[i];
        if (*o->furnace && !furnace_known(im->t->region, p, o->furnace)) {
            on_bad(w, MIZO_MSG_PLANT_SHEET_FURNACE, o->cell, o->furnace, NULL);
            continue;
        }
        import_outage k = { .from = o->from, .to = o->to, .output_w = o->output_w };
        snprintf(k.plant, sizeof k.plant, "%s", p->id);
        snprintf(k.furnace, sizeof k.furnace, "%s", o->furnace);
        snprintf(k.note, sizeof k.note, "%s", o->note);
        MIZO_TRY(import_keep_outage(im, &k));
        im->r->rows++;
    }
    return MIZO_OK;
}

static mizo_err take_sheet(work *w, const plant_sheet *x, const char *p, size_t n)
{
    import_run *im = w->im;
    const mizo_plant *plant = plant_of(im->t->region, x->plant);
    if (!plant) {
        on_bad(w, MIZO_MSG_PLANT_SHEET_PLANT, x->plant_cell, x->plant, NULL);
        return MIZO_OK;
    }
    table_row *row = malloc(sizeof *row);
    mizo_err e = row ? put_values(w, plant, x, row) : MIZO_ENOMEM;
    if (!e)
        e = put_outages(w, plant, x);
    if (!e)
        e = import_keep_file(im, "plant-output", plant->id, w->name, NULL, x->day, x->day + 1, p, n, NULL);
    free(row);
    return e;
}

static mizo_err take_plant(work *w, const sheet_book *book, const char *p, size_t n)
{
    plant_sheet *x = malloc(sizeof *x);
    snprintf(w->im->r->kind, sizeof w->im->r->kind, "plant-output");
    mizo_err e = x ? plant_sheet_read(book, w->im->t->region->offset, on_bad, w, x) : MIZO_ENOMEM;
    if (!e)
        e = take_sheet(w, x, p, n);
    free(x);
    return e;
}

mizo_err import_xlsx(import_run *im, const xml_reader *xml, const zip_reader *zip, const char *name,
                     const char *p, size_t n)
{
    work w = { im, name };
    sheet_book *book = NULL;
    sheet_fault fault;
    char where[SHEET_ADDRESS + 24];
    snprintf(im->r->kind, sizeof im->r->kind, "workbook");
    mizo_err e = sheet_open(xml, zip, p, n, &book, &fault);
    if (e == MIZO_EINPUT) {
        snprintf(where, sizeof where, "%s", fault.where);
        table_fault f;
        char ja[FAULT_TEXT];
        table_bad(&f, MIZO_MSG_FILES_BAD_SHEET, &(csv_field){ 0 }, where, fault.why, fault_ja(fault.why, ja));
        f.column = 0;
        import_bad(im, 0, NULL, &f);
        return MIZO_OK;
    }
    MIZO_TRY(e);
    bool yearly = false;
    e = import_yearly_book(im, book, name, p, n, &yearly);
    if (!e && !yearly)
        e = take_plant(&w, book, p, n);
    sheet_close(book);
    return e == MIZO_EINPUT ? MIZO_OK : e;
}
