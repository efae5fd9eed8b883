/* owner_report_doc.c: the yearly table as it goes to owners and comes back: every facility a row, twelve months across. */
#include <stdio.h>
#include <string.h>

#include "town/office/owner_report.h"

enum { FIRST_MONTH = 5, SUM_COLUMN = FIRST_MONTH + YEARLY_MONTHS, NOTE_COLUMN, COLUMNS };

typedef struct doc {
    const mizo_region *region;
    const owner_report_ask *ask;
    owner_reports known;
    report *r;
    bool ja;
} doc;

static bool of_bureau(const doc *d, const mizo_facility *f)
{
    mizo_day from = mizo_fy_first(d->ask->fy), to = mizo_fy_first(d->ask->fy + 1);
    return f->from < to && f->to > from && (!d->ask->bureau || strcmp(f->bureau, d->ask->bureau) == 0);
}

static void begin_table(const doc *d)
{
    char month[YEARLY_MONTHS][16];
    /* clang-format off */
    report_column c[COLUMNS] = {
        { .title = d->ja ? "施設ID" : "facility id" },
        { .title = d->ja ? "施設名" : "facility" },
        { .title = d->ja ? "所管局" : "bureau" },
        { .title = d->ja ? "種別" : "energy" },
        { .title = d->ja ? "単位" : "unit" },
        [SUM_COLUMN] = { .title = d->ja ? "合計" : "total", .align = REPORT_RIGHT, .sum = true },
        [NOTE_COLUMN] = { .title = d->ja ? "備考" : "note" },
    };
    /* clang-format on */
    for (int m = 0; m < YEARLY_MONTHS; m++) {
        if (d->ja)
            snprintf(month[m], sizeof month[m], "%d月", (m + 3) % 12 + 1);
        else
            snprintf(month[m], sizeof month[m], "%.3s", &"AprMayJunJulAugSepOctNovDecJanFebMar"[m * 3]);
        c[FIRST_MONTH + m] = (report_column){ .title = month[m], .align = REPORT_RIGHT, .sum = true };
    }
    report_columns(d->r, NULL, c, COLUMNS);
}

/* Thousandths are shown where there are any. */
static void number(report *r, int64_t milli)
{
    report_cell_scaled(r, milli, 3, milli % 1000 ? 3 : 0);
}

static void put_row(const doc *d, const mizo_facility *f, const yearly_energy *e, const owner_report *x)
{
    int64_t sum = 0;
    bool any = false;
    report_cell_text(d->r, f->id);
    report_cell_text(d->r, d->ja || !*f->name_en ? f->name_ja : f->name_en);
    report_cell_text(d->r, f->bureau);
    report_cell_text(d->r, d->ja ? e->ja : e->en);
    report_cell_text(d->r, e->unit);
    for (int m = 0; m < YEARLY_MONTHS; m++) {
        if (!x || x->milli[m] == YEARLY_MISSING) {
            report_cell_blank(d->r);
            continue;
        }
        any = true;
        sum += x->milli[m];
        number(d->r, x->milli[m]);
    }
    if (any)
        number(d->r, sum);
    else
        report_cell_blank(d->r);
    report_cell_text(d->r, report_said(d->r, x ? x->note : ""));
}

static bool reported(const doc *d, const yearly_energy *e)
{
    for (size_t i = 0; i < d->known.n; i++)
        if (d->known.v[i].energy == e && of_bureau(d, &d->region->facility[d->known.v[i].facility]))
            return true;
    return false;
}

/* Electricity: everybody; another kind: who reported it, unless it was asked for. */
static void put_energy(const doc *d, const yearly_energy *e)
{
    bool all = d->ask->energy || strcmp(e->id, "electricity") == 0;
    for (size_t i = 0; i < d->region->nfacility; i++) {
        const owner_report *x = owner_reports_find(&d->known, (mizo_ref)i, e, d->ask->fy);
        if (of_bureau(d, &d->region->facility[i]) && (x || all))
            put_row(d, &d->region->facility[i], e, x);
    }
    char label[64];
    snprintf(label, sizeof label, d->ja ? "%s 計" : "%s total", d->ja ? e->ja : e->en);
    report_sum(d->r, label);
}

static void fill(const doc *d)
{
    if (d->ask->bureau)
        report_text(d->r, d->ask->bureau);
    begin_table(d);
    for (const yearly_energy *e = yearly_energies; e->id; e++) {
        bool wanted = d->ask->energy ? strcmp(d->ask->energy, e->id) == 0
                                     : strcmp(e->id, "electricity") == 0 || reported(d, e);
        if (wanted)
            put_energy(d, e);
    }
}

mizo_err owner_report_doc(town *t, const owner_report_ask *ask, report **out)
{
    doc d = { .region = t->region, .ask = ask, .ja = strcmp(ask->lang, "ja") == 0 };
    char title[120];
    MIZO_TRY(owner_reports_load(t->store, t->region, ask->fy, ask->as_of, &d.known));
    snprintf(title, sizeof title, d.ja ? "%d年度 施設別エネルギー使用量" : "FY%d energy by facility",
             ask->fy);
    d.r = report_new(&(report_head){ .title = title,
                                     .author = d.ja ? t->region->name_ja : t->region->name_en,
                                     .lang = ask->lang,
                                     .day = mizo_fy_first(ask->fy + 1),
                                     .landscape = true });
    if (d.r)
        fill(&d);
    mizo_err e = d.r ? report_done(d.r) : MIZO_ENOMEM;
    owner_reports_free(&d.known);
    if (e) {
        report_free(d.r);
        return e;
    }
    *out = d.r;
    return MIZO_OK;
}
