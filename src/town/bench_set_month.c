/* bench_set_month.c: ieee_po: the quarter hours of a month, said at its start, no weather given.
 *
 * Nothing that is known then tells the month's days apart but their kind: the forecast is the weighted median
 * of past days at the same civil time (buildings: kind of day and recency; panels: season and recency).
 * MASE: mean error over that of the value 28 days before, on everything before the month. */
#include <math.h>
#include <stdlib.h>

#include "town/bench_frame.h"
#include "town/bench_sets.h"

enum { QUARTERS = 96, LAG = 2688, BACK = 800 };

/* Summer time of Victoria: first Sunday of October to first Sunday of April, at 16:00 UTC of the Saturday. */
static int melbourne(int64_t second)
{
    int64_t t = second + 8 * 3600; /* days that begin when the clock may change */
    mizo_day day = (mizo_day)(t / 86400);
    mizo_date date = mizo_day_date(day);
    int first = mizo_day_weekday(mizo_date_day((mizo_date){ date.year, date.month, 1 }));
    int sunday = first ? 8 - first : 1;
    bool summer = date.month > 10 || date.month < 4 || (date.month == 10 && date.day >= sunday) ||
                  (date.month == 4 && date.day < sunday);
    return (summer ? 11 : 10) * 3600;
}

static double season_apart(mizo_day a, mizo_day b)
{
    double turn = fmod(fabs((double)a - b), 365.2425);
    return fmin(turn, 365.2425 - turn);
}

static double weight_of(bool panel, mizo_day day, mizo_day past, mizo_day start)
{
    double age = start - past;
    if (panel)
        return exp2(-age / 800) * exp(-0.5 * pow(season_apart(day, past) / 18, 2));
    int a = kind_plain(day), b = kind_plain(past);
    double alike = a == b   ? (mizo_day_weekday(day) == mizo_day_weekday(past) ? 1 : 0.6)
                   : a && b ? 0.1
                            : 0.005;
    return alike * exp2(-age / 24);
}

static double foresee(const days *y, bool panel, mizo_day day, int slot, mizo_day start, weighed *room)
{
    int n = 0;
    for (mizo_day past = start - 1; past >= y->first && past > start - BACK; past--) {
        double v = days_at(y, past, slot), w = isnan(v) ? 0 : weight_of(panel, day, past, start);
        if (w > 1e-9)
            room[n++] = (weighed){ v, w };
    }
    return n ? weighed_median(room, n) : NAN;
}

/* Mean error of the value 28 days before, over the rows before `end`. */
static double in_sample(const double *v, size_t end)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = LAG; i < end; i++)
        if (!isnan(v[i]) && !isnan(v[i - LAG])) {
            sum += fabs(v[i] - v[i - LAG]);
            n++;
        }
    return n ? sum / (double)n : NAN;
}

/* The value 28 days before, or 56, ..: the latest that is known at the start. */
static double lag_of(const double *v, size_t i, size_t start)
{
    while (i >= LAG) {
        i -= LAG;
        if (i < start && !isnan(v[i]))
            return v[i];
    }
    return 0;
}

typedef struct month {
    const frame *f; /* seconds in UTC */
    int64_t *local;
    size_t from, to;
} month;

static mizo_err one(const month *m, int c, bool panel, double mase[2])
{
    frame moved = *m->f;
    days y;
    double missed = 0, lagged = 0, n = 0;
    moved.second = m->local;
    MIZO_TRY(days_of(&moved, c, QUARTERS, 0, &y));
    weighed *room = calloc(BACK, sizeof *room);
    mizo_day start = (mizo_day)(m->local[m->from] / 86400); /* its earlier hours are left out */
    for (size_t i = m->from; i < m->to && room; i++) {
        double actual = m->f->v[c][i];
        if (isnan(actual))
            continue;
        int slot = (int)(m->local[i] % 86400 / 900);
        double said = foresee(&y, panel, (mizo_day)(m->local[i] / 86400), slot, start, room);
        if (isnan(said)) /* a time of day that was never seen */
            said = lag_of(m->f->v[c], i, m->from);
        missed += fabs(said - actual);
        lagged += fabs(lag_of(m->f->v[c], i, m->from) - actual);
        n++;
    }
    days_free(&y);
    mase[0] = missed / n / in_sample(m->f->v[c], m->from);
    mase[1] = lagged / n / in_sample(m->f->v[c], m->from);
    mizo_err e = room ? MIZO_OK : MIZO_ENOMEM;
    free(room);
    return e;
}

/* The last month that the file holds whole. */
static mizo_err bounds(const frame *f, month *m)
{
    mizo_date last = mizo_day_date((mizo_day)((f->second[f->nrow - 1] + 900) / 86400) - 1);
    int64_t end = (f->second[f->nrow - 1] + 900) / 86400;
    if (last.day != mizo_month_days(last.year, last.month))
        end = mizo_date_day((mizo_date){ last.year, last.month, 1 });
    mizo_date of = mizo_day_date((mizo_day)end - 1);
    int64_t start = mizo_date_day((mizo_date){ of.year, of.month, 1 });
    for (size_t i = 0; i < f->nrow; i++) {
        m->from += f->second[i] < start * 86400;
        m->to += f->second[i] < end * 86400;
        m->local[i] = f->second[i] + melbourne(f->second[i]);
        if (i && f->second[i] != f->second[i - 1] + 900)
            return MIZO_EINPUT;
    }
    return m->from > 2 * LAG ? MIZO_OK : MIZO_EINPUT;
}

mizo_err set_ieee_po(const char *data, mizo_diags *d, set_result *out)
{
    frame f;
    MIZO_TRY(frame_read(&f, data, "ieee_po/series_15min*", d));
    month m = { .f = &f, .local = calloc(f.nrow, sizeof(int64_t)) };
    mizo_err e = m.local ? bounds(&f, &m) : MIZO_ENOMEM;
    double score = 0, naive = 0;
    for (int c = 0; c < f.ncol && !e; c++) {
        double mase[2] = { 0 };
        e = one(&m, c, f.name[c][0] == 'S', mase);
        score += mase[0] / f.ncol;
        naive += mase[1] / f.ncol;
    }
    out->score = score;
    out->naive = naive;
    free(m.local);
    frame_free(&f);
    return e;
}
