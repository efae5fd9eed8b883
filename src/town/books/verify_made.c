/* verify_made.c: the journal's claims against the meters.
 *
 * A day is settled from what the devices did, where it was served, or from the readings, where it was
 * settled afterwards: a claim must lie within one of the two in all slots of the day. */
#include "town/books/verify_made.h"
#include "mizo/messages/books.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What a claim may come to: the sum of up to three rows. */
typedef struct bound {
    const int32_t *a, *b, *c;
} bound;

static int64_t known(const int32_t *row, int slot)
{
    return row && row[slot] != MIZO_MISSING && row[slot] > 0 ? row[slot] : 0;
}

static int64_t bound_at(const bound *x, int slot)
{
    return known(x->a, slot) + known(x->b, slot) + known(x->c, slot);
}

/* The first slot with more than the bound; -1: none. */
static int first_above(const int64_t wh[MIZO_DAY_SLOTS], const bound *x)
{
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        if (wh[i] > bound_at(x, i))
            return i;
    return -1;
}

static void say(const claimed *x, mizo_msg id, int slot, int64_t wh, int64_t most, mizo_diags *d,
                verify_result *out)
{
    char day[MIZO_DATE_TEXT], where[16], has[24], may[24];
    mizo_day_text(x->day, day);
    snprintf(where, sizeof where, "%d", slot + 1);
    snprintf(has, sizeof has, "%" PRId64, wh);
    snprintf(may, sizeof may, "%" PRId64, most);
    mizo_diag_add(d, id, MIZO_NOWHERE, x->account, day, where, has, may, (const char *)NULL);
    out->ok = false;
}

/* Within what was read, or within what the devices did. */
static void hold(const claimed *x, mizo_msg id, const int64_t *wh, const bound *read, const bound *done,
                 mizo_diags *d, verify_result *out)
{
    int at = first_above(wh, read);
    if (at < 0 || (done && first_above(wh, done) < 0))
        return;
    int64_t a = bound_at(read, at), b = done ? bound_at(done, at) : 0;
    say(x, id, at, wh[at], a > b ? a : b, d, out);
}

static const int32_t *row(day_row *const *rows, int flow, mizo_ref point)
{
    return point >= 0 ? rows[flow][point] : NULL;
}

static void hold_source(const mizo_region *r, const verify_day *in, const claimed *x, mizo_diags *d,
                        verify_result *out)
{
    const char *id = x->account + strlen("source:");
    mizo_ref plant = mizo_region_plant(r, id), point = plant < 0 ? mizo_region_point(r, id) : -1;
    const int32_t *made = !in ? NULL : plant >= 0 ? in->plant[plant] : row(in->read, FLOW_PV, point);
    out->days_checked += x->made != NULL;
    if (x->made)
        hold(x, MIZO_MSG_BOOKS_MORE_THAN_MADE, x->made, &(bound){ .a = made }, NULL, d, out);
    if (x->given && point >= 0)
        hold(x, MIZO_MSG_BOOKS_MORE_THAN_SENT, x->given,
             &(bound){ .a = in ? row(in->read, FLOW_EXPORT, point) : NULL },
             &(bound){ .a = in ? row(in->done, FLOW_EXPORT, point) : NULL }, d, out);
}

static void hold_use(const mizo_region *r, const verify_day *in, const claimed *x, mizo_diags *d,
                     verify_result *out)
{
    mizo_ref point = mizo_region_point(r, x->account + strlen("use:"));
    bound read = { 0 }, done = { 0 };
    if (in && point >= 0) {
        read = (bound){ .a = row(in->read, FLOW_IMPORT, point),
                        .b = row(in->read, FLOW_PV, point),
                        .c = in->battery[point] };
        done = (bound){ .a = row(in->done, FLOW_IMPORT, point),
                        .b = row(in->done, FLOW_PV, point),
                        .c = row(in->done, FLOW_DISCHARGE, point) };
    }
    hold(x, MIZO_MSG_BOOKS_MORE_THAN_TAKEN, x->used, &read, &done, d, out);
}

void verify_made(const mizo_region *r, const verify_day *in, const claimed *item, size_t n, mizo_diags *d,
                 verify_result *out)
{
    for (size_t i = 0; i < n; i++) {
        if (item[i].used)
            hold_use(r, in, &item[i], d, out);
        else
            hold_source(r, in, &item[i], d, out);
    }
}
