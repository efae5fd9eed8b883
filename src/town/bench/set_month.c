/* set_month.c: ieee_po: the quarter hours of a month, said at its start, no weather given.
 *
 * Nothing that is known then tells the month's days apart but their kind and the sun's way. A building: the
 * weighted median of past days at the same civil time, by the memories that were best for the month before. A
 * panel: its plane is learned from its best hours of late, and the sky is the usual share of them.
 * MASE: mean error over that of the value 28 days before, on everything before the month.
 * docs/mechanisms/trees.md tells what is left. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/dense.h"
#include "mizo/weather.h"
#include "town/bench/month.h"
#include "town/bench/sets.h"

enum { QUARTERS = MONTH_QUARTERS, LAG = 2688, MONTH = 30, PLANE = 4 };

/* Summer time of Victoria: first Sunday of October to first Sunday of April, at 16:00 UTC of the Saturday. */
int melbourne(int64_t second)
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

/* Days on which the university is closed or nearly so, by rule; it works on the other holidays of Victoria. The
 * Friday before the football final moved in 2020 (announced in August). */
static int kind_campus(mizo_day day)
{
    mizo_date t = mizo_day_date(day);
    int w = mizo_day_weekday(day), md = t.month * 100 + t.day;
    mizo_day e = easter_sunday(t.year);
    bool year_end = md >= 1223 || md == 101;
    bool australia = md == 126 || (w == 1 && (md == 127 || md == 128));
    bool football = t.year == 2020 ? md == 1023 : w == 5 && t.month == 9 && t.day >= 24;
    bool shut = year_end || australia || football || md == 425 || (day >= e - 2 && day <= e + 1);
    return shut ? MIZO_HOLIDAY : kind_plain(day);
}

/* ---- buildings ---- */

/* How long a building remembers, in days to a half, and how many quarters on either side it looks at. */
typedef struct memory {
    double half;
    int wide;
} memory;

static const memory memories[] = {
    {24,   0},
    { 6,   0},
    { 12,  0},
    { 48,  0},
    { 120, 0},
    { 24,  2},
    { 120, 2}
};
enum {
    MEMORIES = sizeof memories / sizeof *memories,
    BACK = 400,
    WIDE = 2,
    FEW = 1500,
    MONTHS = 3,
    CHOSEN = 3
};

static double weight_of(double half, mizo_day day, mizo_day past, mizo_day start)
{
    int a = kind_campus(day), b = kind_campus(past);
    double alike = a == b   ? (mizo_day_weekday(day) == mizo_day_weekday(past) ? 1 : 0.6)
                   : a && b ? 0.1
                            : 0.005;
    return alike * exp2((past - start) / half);
}

static double foresee(const days *y, memory m, mizo_day day, int slot, mizo_day start, weighed *room)
{
    int n = 0;
    for (mizo_day past = start - 1; past >= y->first && past > start - BACK; past--) {
        double w = weight_of(m.half, day, past, start);
        for (int k = slot - m.wide; k <= slot + m.wide && w > 1e-9; k++) {
            double v = days_at(y, past, (k + QUARTERS) % QUARTERS);
            if (!isnan(v))
                room[n++] = (weighed){ v, w };
        }
    }
    return n ? weighed_median(room, n) : NAN;
}

/* said[7 * 2 * QUARTERS]: by weekday and whether the campus is shut; days of one kind are told the same. */
typedef struct week {
    double said[7][2][QUARTERS];
    bool known[7][2][QUARTERS];
} week;

static double of_week(week *all, const days *y, memory m, mizo_day day, int slot, mizo_day start,
                      weighed *room)
{
    int w = mizo_day_weekday(day), shut = kind_campus(day) == MIZO_HOLIDAY;
    if (!all->known[w][shut][slot]) {
        all->said[w][shut][slot] = foresee(y, m, day, slot, start, room);
        all->known[w][shut][slot] = true;
    }
    return all->said[w][shut][slot];
}

/* What a memory would have missed in the month that ended `ago` months before the start. */
static double missed_by(week *all, const days *y, memory m, mizo_day start, int ago, weighed *room, int *n)
{
    mizo_day end = start - ago * MONTH, then = end - MONTH;
    double sum = 0;
    *n = 0;
    memset(all, 0, sizeof *all);
    for (mizo_day day = then; day < end; day++)
        for (int slot = 0; slot < QUARTERS; slot++) {
            double v = days_at(y, day, slot);
            double said = isnan(v) ? NAN : of_week(all, y, m, day, slot, then, room);
            if (isnan(said))
                continue;
            sum += fabs(said - v);
            ++*n;
        }
    return sum;
}

/* The memories that were best for the month before, the best first; for more months where that one holds too
 * little. */
static void choose(week *all, const days *y, mizo_day start, weighed *room, memory best[CHOSEN])
{
    double missed[MEMORIES] = { 0 };
    for (int ago = 0, held = 0; ago < MONTHS && held < FEW; ago++) {
        int n = 0;
        for (int k = 0; k < MEMORIES; k++)
            missed[k] += missed_by(all, y, memories[k], start, ago, room, &n);
        held += n;
    }
    for (int c = 0; c < CHOSEN; c++) {
        int first = 0;
        for (int k = 1; k < MEMORIES; k++)
            if (missed[k] < missed[first])
                first = k;
        best[c] = memories[first];
        missed[first] = INFINITY;
    }
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

static mizo_err building(const month *m, int c, double *said)
{
    frame moved = *m->f;
    days y;
    moved.second = m->local;
    MIZO_TRY(days_of(&moved, c, QUARTERS, 0, &y));
    weighed *room = calloc(BACK * (2 * WIDE + 1), sizeof *room);
    week *all = calloc(1, sizeof *all);
    mizo_day start = (mizo_day)(m->local[m->from] / 86400); /* its earlier hours are left out */
    if (room && all) {
        memory best[CHOSEN];
        choose(all, &y, start, room, best);
        for (int k = 0; k < CHOSEN; k++) {
            memset(all, 0, sizeof *all);
            for (size_t i = m->from; i < m->to; i++)
                said[i - m->from] += of_week(all, &y, best[k], (mizo_day)(m->local[i] / 86400),
                                             (int)(m->local[i] % 86400 / 900), start, room) /
                                     CHOSEN;
        }
    }
    mizo_err e = room && all ? MIZO_OK : MIZO_ENOMEM;
    days_free(&y);
    free(room);
    free(all);
    return e;
}

/* ---- panels ---- */

enum { SKY_DAYS = 90, PLANE_DAYS = 45, AROUND = 8, TURNS = 25, PARTS = 3 };
#define DEGREE (3.14159265358979323846 / 180)
#define LAT    (-37.91) /* Clayton */
#define LON    145.13
#define BEST   0.9  /* the plane's clear sky is this quantile of what it gave */
#define DARK   0.02 /* of its highest: no ratio is taken there */

/* Clear beam along each axis and clear diffuse light, kW/m2: Haurwitz, Erbs. */
static void sun_of(int64_t second, double x[PLANE])
{
    memset(x, 0, PLANE * sizeof *x);
    for (int k = 0; k < PARTS; k++) {
        mizo_sun sun = mizo_sun_at(second * 1000 + (2 * k + 1) * (450000 / PARTS), LAT, LON);
        double up = cos(sun.zenith * DEGREE), flat = sin(sun.zenith * DEGREE), dni, dhi;
        if (up < 0.01)
            continue;
        mizo_erbs(mizo_clear_ghi(sun.zenith), &sun, &dni, &dhi);
        x[0] += dni * flat * sin(sun.azimuth * DEGREE) / (1000 * PARTS);
        x[1] += dni * flat * cos(sun.azimuth * DEGREE) / (1000 * PARTS);
        x[2] += dni * up / (1000 * PARTS);
        x[3] += dhi / (1000 * PARTS);
    }
}

static double clear_of(const double x[PLANE], const double beta[PLANE])
{
    return fmax(0, dense_dot(x, beta, PLANE));
}

/* A quantile regression by reweighted least squares: what a plane gives when the sky is at its best. */
static void plane_of(const month *m, int c, double highest, double beta[PLANE])
{
    const double *v = m->f->v[c];
    double work[PLANE * PLANE];
    memset(beta, 0, PLANE * sizeof *beta);
    for (int turn = 0; turn < TURNS; turn++) {
        double gram[PLANE * PLANE] = { 0 }, right[PLANE] = { 0 };
        for (size_t i = m->from - PLANE_DAYS * QUARTERS; i < m->from; i++) {
            const double *x = m->sun + (i - m->past) * PLANE;
            double miss = v[i] - dense_dot(x, beta, PLANE);
            double w = (miss > 0 ? BEST : 1 - BEST) / fmax(fabs(miss), 0.03 * highest);
            if (!isnan(v[i]) && x[2] + x[3] > 0.02)
                dense_learn(gram, right, x, v[i], turn ? w : 1, 1, PLANE);
        }
        dense_ridge(gram, right, 1e-4, PLANE, work, beta);
    }
}

/* A value that one in a hundred of the last weeks is above. */
static double highest_of(const month *m, int c, weighed *room)
{
    int n = 0;
    for (size_t i = m->past; i < m->from; i++)
        if (!isnan(m->f->v[c][i]))
            room[n++] = (weighed){ m->f->v[c][i], 1 };
    weighed_median(room, n); /* sorts */
    return n ? room[(n - 1) - n / 100].v : 0;
}

/* Usual share of the clear sky around a quarter of the day, or the usual value where there is no sun. */
static double usual_of(const month *m, int c, const double beta[PLANE], double dark, int slot, bool share,
                       weighed *room)
{
    int n = 0, around = share ? AROUND : 0;
    for (size_t i = m->past; i < m->from; i++) {
        int apart = abs((int)(m->f->second[i] / 900 % QUARTERS) - slot);
        if (apart > around && QUARTERS - apart > around)
            continue;
        double clear = clear_of(m->sun + (i - m->past) * PLANE, beta), v = m->f->v[c][i];
        if (!isnan(v) && (!share || clear > dark))
            room[n++] = (weighed){ share ? v / clear : v, 1 };
    }
    return n ? weighed_median(room, n) : NAN;
}

static mizo_err panel(const month *m, int c, double *said)
{
    double beta[PLANE], share[QUARTERS], plain[QUARTERS];
    weighed *room = calloc(SKY_DAYS * QUARTERS, sizeof *room);
    if (!room)
        return MIZO_ENOMEM;
    double highest = highest_of(m, c, room), dark = DARK * highest;
    plane_of(m, c, fmax(highest, 1e-3), beta);
    for (int s = 0; s < QUARTERS; s++) {
        share[s] = usual_of(m, c, beta, dark, s, true, room);
        plain[s] = usual_of(m, c, beta, dark, s, false, room);
    }
    for (size_t i = m->from; i < m->to; i++) {
        int s = (int)(m->f->second[i] / 900 % QUARTERS);
        double clear = clear_of(m->sun + (i - m->past) * PLANE, beta);
        said[i - m->from] = clear > dark && !isnan(share[s]) ? clear * share[s] : plain[s];
    }
    free(room);
    return MIZO_OK;
}

mizo_err month_say(const month *m, int c, double *said)
{
    memset(said, 0, (m->to - m->from) * sizeof *said);
    return m->f->name[c][0] == 'S' ? panel(m, c, said) : building(m, c, said);
}

static mizo_err one(const month *m, int c, double mase[2])
{
    const double *v = m->f->v[c];
    double missed = 0, lagged = 0, n = 0;
    double *said = calloc(m->to - m->from, sizeof *said);
    mizo_err e = said ? month_say(m, c, said) : MIZO_ENOMEM;
    for (size_t i = m->from; i < m->to && !e; i++) {
        double before = lag_of(v, i, m->from), at = said[i - m->from];
        if (isnan(v[i]))
            continue;
        missed += fabs((isnan(at) ? before : at) - v[i]); /* a time of day that was never seen */
        lagged += fabs(before - v[i]);
        n++;
    }
    free(said);
    mase[0] = missed / n / in_sample(v, m->from);
    mase[1] = lagged / n / in_sample(v, m->from);
    return e;
}

static mizo_err clear_sky(month *m)
{
    m->past = m->from - SKY_DAYS * QUARTERS;
    m->sun = calloc((m->to - m->past) * PLANE, sizeof *m->sun);
    for (size_t i = m->past; i < m->to && m->sun; i++)
        sun_of(m->f->second[i], m->sun + (i - m->past) * PLANE);
    return m->sun ? MIZO_OK : MIZO_ENOMEM;
}

/* First day of the month that holds `day`. */
static mizo_day first_of(mizo_day day)
{
    mizo_date t = mizo_day_date(day);
    return mizo_date_day((mizo_date){ t.year, t.month, 1 });
}

/* The last month that the file holds whole, or one before it. */
static mizo_err bounds(const frame *f, int ago, month *m)
{
    mizo_day end = first_of((mizo_day)((f->second[f->nrow - 1] + 900) / 86400));
    for (; ago > 0; ago--)
        end = first_of(end - 1);
    mizo_day start = first_of(end - 1);
    for (size_t i = 0; i < f->nrow; i++) {
        m->from += f->second[i] < (int64_t)start * 86400;
        m->to += f->second[i] < (int64_t)end * 86400;
        m->local[i] = f->second[i] + melbourne(f->second[i]);
        if (i && f->second[i] != f->second[i - 1] + 900)
            return MIZO_EINPUT;
    }
    return m->from > SKY_DAYS * QUARTERS ? MIZO_OK : MIZO_EINPUT;
}

mizo_err month_of(const frame *f, int ago, month *out)
{
    *out = (month){ .f = f, .local = calloc(f->nrow, sizeof(int64_t)) };
    mizo_err e = out->local ? bounds(f, ago, out) : MIZO_ENOMEM;
    if (!e)
        e = clear_sky(out);
    if (e)
        month_free(out);
    return e;
}

void month_free(month *m)
{
    free(m->local);
    free(m->sun);
    m->local = NULL;
    m->sun = NULL;
}

mizo_err set_ieee_po(const char *data, mizo_diags *d, set_result *out)
{
    frame f;
    MIZO_TRY(frame_read(&f, data, "ieee_po/series_15min*", d));
    month m;
    mizo_err e = month_of(&f, 0, &m);
    if (!e) {
        double score = 0, naive = 0;
        for (int c = 0; c < f.ncol && !e; c++) {
            double mase[2] = { 0 };
            e = one(&m, c, mase);
            score += mase[0] / f.ncol;
            naive += mase[1] / f.ncol;
        }
        out->score = score;
        out->naive = naive;
        month_free(&m);
    }
    frame_free(&f);
    return e;
}
