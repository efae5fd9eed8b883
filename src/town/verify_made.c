/* verify_made.c: the journal's production against the meters. */
#include "town/verify_made.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "town/settle.h"

static int by_day(const void *a, const void *b)
{
    const issued *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return strcmp(x->source, y->source);
}

/* What was read of a source: a plant, or the panels of a point. NULL: the model has neither. */
static const int32_t *read_of(const mizo_region *r, const settle_day *in, const char *id)
{
    mizo_ref ref = mizo_region_plant(r, id);
    if (ref >= 0)
        return in->plant[ref];
    ref = mizo_region_point(r, id);
    return ref >= 0 ? in->pv[ref] : NULL;
}

static void say(const issued *x, int slot, int64_t read, mizo_diags *d, verify_result *out)
{
    char day[MIZO_DATE_TEXT], where[16], claimed[24], made[24];
    mizo_day_text(x->day, day);
    snprintf(where, sizeof where, "%d", slot + 1);
    snprintf(claimed, sizeof claimed, "%" PRId64, x->wh[slot]);
    snprintf(made, sizeof made, "%" PRId64, read);
    MIZO_DIAG(d, BOOKS_MORE_THAN_MADE, MIZO_NOWHERE, x->source, day, where, claimed, made);
    out->ok = false;
}

static void check_one(const mizo_region *r, const settle_day *in, const issued *x, mizo_diags *d,
                      verify_result *out)
{
    const int32_t *read = read_of(r, in, x->source + strlen("source:"));
    out->days_checked++;
    for (int i = 0; i < 48; i++) {
        int64_t made = read && read[i] != MIZO_MISSING ? read[i] : 0;
        if (x->wh[i] > made) {
            say(x, i, made, d, out);
            return;
        }
    }
}

mizo_err verify_made(store *s, const mizo_region *r, issued *item, size_t n, mizo_diags *d,
                     verify_result *out)
{
    if (n == 0)
        return MIZO_OK;
    settle_reader *k;
    MIZO_TRY(settle_reader_new(s, r, &k));
    qsort(item, n, sizeof *item, by_day);
    mizo_err err = MIZO_OK;
    const settle_day *in = NULL;
    for (size_t i = 0; i < n && !err; i++) {
        if (!in || in->day != item[i].day)
            err = settle_read(k, item[i].day, &in);
        if (!err)
            check_one(r, in, &item[i], d, out);
    }
    settle_reader_free(k);
    return err;
}
