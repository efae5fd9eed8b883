/* po_month.c: months of the ieee_po set: rows of the files to a calendar, prices and the load of the campus. */
#include "town/bench/po_month.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WEEK = 7 * MONTH_QUARTERS, OPEN = 36, CLOSE = 68, WEEKS = 4, AEST = 10 * 3600, HALF_HOUR = 1800 };
enum { PAST = 90 * MONTH_QUARTERS, DAY_S = 86400 };
#define NO_POWER                                                                                             \
    3.0 /* times what one in a hundred of the past was above: a meter that catches up, not a power */

static void month_done(po_month *p)
{
    free(p->day);
    free(p->quarter);
    free(p->work);
    free(p->said);
    free(p->used);
    free(p->price);
    free(p->state);
    memset(p, 0, sizeof *p);
}

void po_months_free(po_months *m)
{
    for (int i = 0; i < PO_MONTHS; i++)
        month_done(&m->month[i]);
    m->n = 0;
}

static mizo_err month_room(po_month *p, int steps)
{
    size_t n = (size_t)steps;
    p->steps = steps;
    p->day = calloc(n, sizeof *p->day);
    p->quarter = calloc(n, sizeof *p->quarter);
    p->work = calloc(n, sizeof *p->work);
    p->said = calloc(n, sizeof *p->said);
    p->used = calloc(n, sizeof *p->used);
    p->price = calloc(n, sizeof *p->price);
    p->state = calloc(n, sizeof *p->state);
    return p->day && p->quarter && p->work && p->said && p->used && p->price && p->state ? MIZO_OK
                                                                                         : MIZO_ENOMEM;
}

/* ---- calendar ---- */

/* The four weeks from the first Monday on, or as many as have their Friday evening within the month. */
static void calendar(const month *m, po_month *p)
{
    p->first = -1;
    for (int i = 0; i < p->steps; i++) {
        int64_t local = m->local[m->from + (size_t)i];
        int weekday = mizo_day_weekday((mizo_day)(local / DAY_S));
        p->day[i] = (int)(local / DAY_S);
        p->quarter[i] = (int)(local % DAY_S / 900);
        p->work[i] = weekday >= 1 && weekday <= 5 && p->quarter[i] >= OPEN && p->quarter[i] < CLOSE;
        if (p->first < 0 && weekday == 1 && p->quarter[i] == 0)
            p->first = i;
    }
    for (int k = 0; k < WEEKS && p->first >= 0; k++)
        p->weeks += p->first + k * WEEK + 4 * MONTH_QUARTERS + CLOSE <= p->steps;
    mizo_date t = mizo_day_date((mizo_day)(m->f->second[m->from] / DAY_S));
    p->date = t.year * 100 + t.month;
}

/* ---- prices ---- */

/* Half-hours of the market, named by their end in AEST, onto quarter hours. True: all of the month is there. */
static bool market(const frame *f, const month *m, po_month *p)
{
    int price = frame_column(f, "price_aud_per_mwh"), state = frame_column(f, "total_demand_mw");
    size_t row = 0;
    bool whole = price >= 0 && state >= 0;
    for (int i = 0; i < p->steps && whole; i++) {
        int64_t at = m->f->second[m->from + (size_t)i];
        while (row < f->nrow && f->second[row] - AEST <= at)
            row++;
        whole = row < f->nrow && f->second[row] - AEST - HALF_HOUR <= at && !isnan(f->v[price][row]) &&
                !isnan(f->v[state][row]);
        if (whole) {
            p->price[i] = f->v[price][row];
            p->state[i] = f->v[state][row];
        }
    }
    return whole;
}

/* ---- the campus ---- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* What one in a hundred of the last months was above; 0: too little is known. */
static double usual_most(const month *m, int c, double *room)
{
    size_t n = 0;
    for (size_t i = m->from - PAST; i < m->from; i++)
        if (!isnan(m->f->v[c][i]))
            room[n++] = m->f->v[c][i];
    qsort(room, n, sizeof *room, by_value);
    return n > PAST / 10 ? room[n - 1 - n / 100] : 0;
}

static mizo_err column(const month *m, int c, double *said, double *room, po_month *p)
{
    bool panel = m->f->name[c][0] == 'S';
    double sign = panel ? -1 : 1, most = panel ? 0 : NO_POWER * usual_most(m, c, room);
    MIZO_TRY(month_say(m, c, said));
    for (int i = 0; i < p->steps; i++) {
        double v = m->f->v[c][m->from + (size_t)i], s = isnan(said[i]) ? 0 : said[i];
        p->said[i] += sign * s;
        p->used[i] += sign * (isnan(v) || (most > 0 && v > most) ? s : v);
    }
    return MIZO_OK;
}

static mizo_err campus(const month *m, po_month *p)
{
    double *said = calloc((size_t)p->steps, sizeof *said), *room = calloc(PAST, sizeof *room);
    mizo_err e = said && room ? MIZO_OK : MIZO_ENOMEM;
    for (int c = 0; c < m->f->ncol && !e; c++)
        e = column(m, c, said, room, p);
    free(said);
    free(room);
    return e;
}

/* *there: the price files cover it and it has a week. */
static mizo_err one(const frame *f, const frame *prices, int ago, po_month *p, bool *there)
{
    month m;
    *there = false;
    MIZO_TRY(month_of(f, ago, &m));
    mizo_err e = month_room(p, (int)(m.to - m.from));
    if (!e) {
        calendar(&m, p);
        *there = market(prices, &m, p) && p->weeks > 0;
    }
    if (!e && *there)
        e = campus(&m, p);
    month_free(&m);
    if (e || !*there)
        month_done(p);
    return e;
}

mizo_err po_months_read(const char *data, mizo_diags *d, po_months *out)
{
    frame f, prices;
    memset(out, 0, sizeof *out);
    MIZO_TRY(frame_read(&f, data, "ieee_po/series_15min*", d));
    mizo_err e = frame_read(&prices, data, "ieee_po/vic1_price_demand_*", d);
    if (e) {
        frame_free(&f);
        return e;
    }
    bool there = true;
    for (int ago = 0; ago < PO_MONTHS && there && !e; ago++) {
        e = one(&f, &prices, ago, &out->month[ago], &there);
        out->n += there && !e;
    }
    if (!e && !out->n) {
        MIZO_DIAG(d, FILE_UNREADABLE, MIZO_AT("ieee_po/vic1_price_demand_*", 0, 0),
                  "no prices of the last whole month");
        e = MIZO_EINPUT;
    }
    frame_free(&f);
    frame_free(&prices);
    if (e)
        po_months_free(out);
    return e;
}
