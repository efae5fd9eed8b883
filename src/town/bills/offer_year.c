/* offer_year.c: the year that an offer is made of: the load of a point, and what a kW of panels yields. */
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/duty.h"
#include "mizo/weather.h"
#include "town/bills/offer_inner.h"
#include "town/books/settle.h"
#include "town/foresee/bills.h"

static bool on_day(mizo_day from, mizo_day to, mizo_day d)
{
    return from <= d && d < to;
}

/* Nameplate of the panels behind a point on a day, W. */
static int32_t panels_w(const mizo_region *r, mizo_ref point, mizo_day d)
{
    size_t first, n = mizo_region_pv_of(r, point, &first);
    int64_t w = 0;
    for (size_t i = first; i < first + n; i++)
        w += on_day(r->pv[i].from, r->pv[i].to, d) ? r->pv[i].dc_w : 0;
    return (int32_t)w;
}

/* ---- the days as they were recorded ---- */

static bool *same_kind(const mizo_region *r, const offer *o)
{
    bool *is = calloc(r->npoint + 1, sizeof *is);
    const char *kind = o->facility < 0 ? "" : r->facility[o->facility].kind;
    for (size_t i = 0; is && i < r->nuse; i++)
        if (strcmp(r->facility[r->use[i].facility].kind, kind) == 0 && r->use[i].point != o->point)
            is[r->use[i].point] = true;
    return is;
}

static void add_panels(const mizo_region *r, const settle_day *d, int at, offer_year *y, bool *seen)
{
    for (size_t p = 0; p < r->npoint; p++) {
        int32_t w = panels_w(r, (mizo_ref)p, d->day);
        for (int i = 0; w > 0 && i < MIZO_DAY_SLOTS; i++) {
            if (d->pv[p][i] == MIZO_MISSING)
                continue;
            y->made[at + i] += d->pv[p][i];
            y->kw[at + i] += w;
            seen[p] = true;
        }
    }
}

static void add_day(const mizo_region *r, const offer *o, const bool *kin, const settle_day *d, offer_year *y,
                    bool *seen)
{
    int at = (int)(d->day - o->from) * MIZO_DAY_SLOTS;
    memcpy(y->load + at, d->import[o->point], sizeof d->import[o->point]);
    for (size_t p = 0; p < r->npoint; p++)
        for (int i = 0; kin[p] && i < MIZO_DAY_SLOTS; i++)
            y->others[at + i] += d->import[p][i] == MIZO_MISSING ? 0 : d->import[p][i];
    add_panels(r, d, at, y, seen);
}

static mizo_err read_days(town *t, offer *o, offer_year *y)
{
    const mizo_region *r = t->region;
    bool *kin = same_kind(r, o), *seen = calloc(r->npoint + 1, sizeof *seen);
    settle_reader *k = NULL;
    mizo_err e = kin && seen ? settle_reader_new(t->store, r, &k) : MIZO_ENOMEM;
    for (mizo_day day = o->from; day < o->to && !e; day++) {
        const settle_day *d;
        e = settle_read(k, day, &d);
        if (!e)
            add_day(r, o, kin, d, y, seen);
    }
    for (size_t p = 0; !e && p < r->npoint; p++)
        o->panels += seen[p];
    settle_reader_free(k);
    free(kin);
    free(seen);
    return e;
}

/* ---- the load ---- */

static int64_t known_slots(const offer_year *y)
{
    int64_t n = 0;
    for (int i = 0; i < y->n; i++)
        n += y->load[i] != MIZO_MISSING;
    return n;
}

/* A half-hour that is missing: the mean of the same time on days of the same kind, within four weeks to either side,
 * else in the year. */
static int32_t same_time_mean(const offer *o, const offer_year *y, int at, int days)
{
    mizo_daytype type = mizo_day_type(o->from + at / MIZO_DAY_SLOTS);
    int64_t sum = 0, n = 0;
    for (int d = 0; d < y->n / MIZO_DAY_SLOTS; d++) {
        int i = d * MIZO_DAY_SLOTS + at % MIZO_DAY_SLOTS, off = d - at / MIZO_DAY_SLOTS;
        if (y->load[i] != MIZO_MISSING && off <= days && -off <= days && mizo_day_type(o->from + d) == type) {
            sum += y->load[i];
            n++;
        }
    }
    return n ? (int32_t)(sum / n) : MIZO_MISSING;
}

static mizo_err fill_load(offer *o, offer_year *y)
{
    int32_t *full = malloc((size_t)y->n * sizeof *full);
    if (!full)
        return MIZO_ENOMEM;
    for (int i = 0; i < y->n; i++) {
        full[i] = y->load[i] != MIZO_MISSING ? y->load[i] : same_time_mean(o, y, i, 28);
        if (full[i] == MIZO_MISSING)
            full[i] = same_time_mean(o, y, i, OFFER_DAYS);
        if (full[i] == MIZO_MISSING)
            full[i] = 0;
        o->filled += y->load[i] == MIZO_MISSING;
    }
    memcpy(y->load, full, (size_t)y->n * sizeof *full);
    free(full);
    return MIZO_OK;
}

/* Energy of the days of a month by the bills; -1: a day of it has none. */
static int64_t billed(const bills *b, mizo_day from, mizo_day to)
{
    double wh = 0;
    for (mizo_day d = from; d < to; d++) {
        int k = 0;
        while (k < b->count && !on_day(b->of[k].from, b->of[k].to, d))
            k++;
        if (k == b->count)
            return -1;
        wh += b->of[k].wh / (b->of[k].to - b->of[k].from);
    }
    return (int64_t)(wh + 0.5);
}

/* A month's energy over its half-hours as the points of the same kind use theirs; evenly where there are none. */
static mizo_err spread(int64_t wh, const int64_t *like, int n, int32_t *out)
{
    int64_t *w = malloc((size_t)n * sizeof *w), *part = malloc((size_t)n * sizeof *part), sum = 0;
    mizo_err e = w && part ? MIZO_OK : MIZO_ENOMEM;
    for (int i = 0; !e && i < n; i++)
        sum += like[i];
    for (int i = 0; !e && i < n; i++)
        w[i] = sum ? like[i] : 1;
    if (!e)
        e = mizo_split(wh, w, (size_t)n, part);
    for (int i = 0; !e && i < n; i++)
        out[i] = (int32_t)(part[i] > INT32_MAX ? INT32_MAX : part[i]);
    free(w);
    free(part);
    return e;
}

static mizo_err spread_months(offer *o, offer_year *y, const mizo_wh wh[OFFER_MONTHS])
{
    for (int m = 0; m < OFFER_MONTHS; m++) {
        mizo_day from = mizo_month_first(o->from, m), to = mizo_month_first(o->from, m + 1);
        int at = (int)(from - o->from) * MIZO_DAY_SLOTS, n = (int)(to - from) * MIZO_DAY_SLOTS;
        MIZO_TRY(spread(wh[m], y->others + at, n, y->load + at));
    }
    return MIZO_OK;
}

/* Bills that cover a part of the year: each month without one is named. MIZO_ENOENT: there are none at all. */
static mizo_err load_from_bills(town *t, offer *o, offer_year *y)
{
    bills b;
    mizo_wh wh[OFFER_MONTHS];
    const char *id = t->region->point[o->point].id;
    int lacking = 0;
    MIZO_TRY(bills_read(t->store, id, o->to, STORE_LATEST, &b));
    for (int m = 0; m < OFFER_MONTHS; m++) {
        wh[m] = billed(&b, mizo_month_first(o->from, m), mizo_month_first(o->from, m + 1));
        lacking += wh[m] < 0;
    }
    for (int m = 0; m < OFFER_MONTHS && lacking && lacking < OFFER_MONTHS; m++) {
        char day[MIZO_DATE_TEXT];
        mizo_day_text(mizo_month_first(o->from, m), day);
        day[7] = '\0';
        if (wh[m] < 0)
            MIZO_DIAG(t->diags, OFFER_NO_BILL, MIZO_NOWHERE, id, day);
    }
    if (lacking)
        return lacking < OFFER_MONTHS ? MIZO_EINPUT : MIZO_ENOENT;
    o->load = OFFER_BY_BILLS;
    return spread_months(o, y, wh);
}

static mizo_err say_little(town *t, const offer *o, int64_t known)
{
    char have[MIZO_NUM_TEXT], need[MIZO_NUM_TEXT], from[MIZO_DATE_TEXT], to[MIZO_DATE_TEXT];
    mizo_decimal_text(known / MIZO_DAY_SLOTS, 0, have);
    mizo_decimal_text(OFFER_DAYS_LEAST, 0, need);
    mizo_day_text(o->from, from);
    mizo_day_text(o->to - 1, to);
    MIZO_DIAG(t->diags, OFFER_LITTLE, MIZO_NOWHERE, t->region->point[o->point].id, from, to, have, need);
    return MIZO_EINPUT;
}

static mizo_err take_load(town *t, const mizo_wh *months, offer *o, offer_year *y)
{
    if (months) {
        o->load = OFFER_BY_MONTHS;
        return spread_months(o, y, months);
    }
    int64_t known = known_slots(y);
    if (known >= OFFER_DAYS_LEAST * MIZO_DAY_SLOTS) {
        o->load = OFFER_BY_SLOTS;
        return fill_load(o, y);
    }
    mizo_err e = load_from_bills(t, o, y);
    return e == MIZO_ENOENT ? say_little(t, o, known) : e;
}

/* ---- the yield ---- */

/* A mean sky: facing south, 20 degrees, 15 degrees of air. Only where the town has no panels that are known. */
static void clear_sky(const town *t, const offer *o, int64_t clear_e6, offer_year *y)
{
    mizo_panel p = { .dc_w = 1000, .ac_w = 1000, .tilt = 20, .azimuth = 180 };
    mizo_slot from = mizo_day_slot(o->from, t->region->offset);
    for (int i = 0; i < y->n; i++) {
        double w = mizo_pv_slot_w(&p, from + i, t->region->lat_e6 / 1e6, t->region->lon_e6 / 1e6,
                                  (double)clear_e6 / 1e6, 15);
        y->yield[i] = (int32_t)(w * 500 + 0.5); /* half an hour, in thousandths */
    }
}

static mizo_err take_yield(town *t, offer *o, offer_year *y)
{
    int64_t clear, known = 0;
    for (int i = 0; i < y->n; i++)
        known += y->kw[i] > 0;
    if (known < OFFER_DAYS_LEAST * MIZO_DAY_SLOTS) {
        o->yield = OFFER_CLEAR_SKY;
        o->panels = 0;
        MIZO_TRY(mizo_param_get(t->region, "offer-clear-index", "", o->to, t->diags, &clear, NULL));
        clear_sky(t, o, clear, y);
        return MIZO_OK;
    }
    o->yield = OFFER_TOWN_PANELS;
    for (int i = 0; i < y->n; i++) {
        int64_t v = 0;
        if (y->kw[i] > 0)
            MIZO_TRY(mizo_mul_div(y->made[i], MIZO_PPM, y->kw[i], MIZO_ROUND_HALF_UP, &v));
        y->yield[i] = (int32_t)v;
    }
    return MIZO_OK;
}

mizo_err offer_read(town *t, mizo_day before, const mizo_wh *months, offer *o, offer_year *y)
{
    mizo_day first, last;
    if (before == MIZO_DAY_NONE) {
        mizo_err e = t->store->ops->day_span(t->store, -1, &first, &last);
        if (e == MIZO_ENOENT)
            last = town_today(t);
        else if (e)
            return e;
        before = last + 1;
    }
    o->to = mizo_month_first(before, 0);
    o->from = mizo_month_first(o->to, -OFFER_MONTHS);
    y->n = (int)(o->to - o->from) * MIZO_DAY_SLOTS;
    MIZO_TRY(read_days(t, o, y));
    MIZO_TRY(take_load(t, months, o, y));
    return take_yield(t, o, y);
}
