/* fuzz_yearly.c: any bytes as an owners' yearly table in a CSV: refused with a reason, or values of known facilities that
 * are not below zero and lie in months that have begun. */
#include <stdint.h>
#include <string.h>

#include "city/yearly.h"
#include "region_small.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct told {
    const yearly_ask *ask;
    const sheet *s;
    int errors;
} told;

static mizo_err on_value(void *arg, const yearly_value *v)
{
    const told *t = arg;
    if (v->facility < 0 || (size_t)v->facility >= t->ask->region->nfacility || !v->energy || !v->energy->id ||
        v->fy > mizo_day_fy(t->ask->today) || v->row < 1 || v->row > t->s->nrow)
        abort();
    for (int m = 0; m < YEARLY_MONTHS; m++)
        if (v->milli[m] != YEARLY_MISSING && (v->milli[m] < 0 || v->milli[m] > INT64_MAX / 1000))
            abort();
    return MIZO_OK;
}

static void on_said(void *arg, mizo_msg id, int row, int column, const char *p0, const char *p1)
{
    told *t = arg;
    if (row < 0 || row > t->s->nrow || column < 0 || column > SHEET_COLUMNS || !mizo_msg_name(id) ||
        (p0 && strlen(p0) > 4096) || (p1 && strlen(p1) > 4096))
        abort();
    t->errors += mizo_msg_severity(id) == MIZO_ERROR;
}

static void read_all(const sheet *s, const mizo_region *r, int fy)
{
    yearly_names *names = yearly_names_new();
    if (!names || yearly_names_of(names, r))
        abort();
    yearly_names_sort(names);
    yearly_ask ask = {
        .region = r, .names = names, .fy = fy, .today = mizo_fy_first(2024), .file = "R5.csv"
    };
    told t = { &ask, s, 0 };
    yearly_sink sink = { &t, on_value, on_said };
    yearly_count n;
    mizo_err e = yearly_read(s, &ask, &sink, &n);
    if (e == MIZO_EINPUT && t.errors == 0)
        abort();
    yearly_names_free(names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const mizo_region *r; /* one model for all inputs */
    mizo_diags *d = mizo_diags_new(0);
    yearly_paper *p = NULL;
    if (!d || (!r && mizo_region_build(region_small, REGION_SMALL, d, &r)))
        abort();
    mizo_diags_free(d);
    if (size > 1 << 16)
        return 0;
    if (yearly_csv((const char *)data, size, &p))
        return 0;
    read_all(yearly_paper_sheet(p), r, 0);
    read_all(yearly_paper_sheet(p), r, 2023);
    yearly_paper_free(p);
    return 0;
}
