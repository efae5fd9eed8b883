/* set_sum.c: lcl_homes, all homes together, and how much of what is missed no forecast of the sum can know.
 *
 * The homes are split by lot into two halves, and each half is forecast by itself. What both miss alike comes
 * from outside (weather, a match on television) and could be known; what they miss each for itself is the homes'
 * own doing. |miss of one half - miss of the other| holds the second part alone, and as much of it as the miss of
 * the whole sum does: what is common falls out, and the signs of independent misses do not matter. */
#include <math.h>
#include <stdlib.h>

#include "mizo/number.h"
#include "town/bench/roll.h"
#include "town/bench/sets.h"

enum { HALVES = 48, TEST = 60, SPLITS = 4 };

static int england(const void *arg, mizo_day d)
{
    (void)arg;
    return kind_england(d);
}

/* A half-hour's mean over the homes of `in` that have one, times their number. NULL: all. */
static double sum_at(const frame *f, const bool *in, size_t row)
{
    double sum = 0;
    int n = 0, homes = 0;
    for (int c = 0; c < f->ncol; c++) {
        if (in && !in[c])
            continue;
        homes++;
        if (!isnan(f->v[c][row])) {
            sum += f->v[c][row];
            n++;
        }
    }
    return n ? sum * homes / n : NAN;
}

/* Days of that sum. room: [nrow]. */
static mizo_err sum_of(frame *f, const bool *in, double *room, days *out)
{
    double *home = f->v[0];
    for (size_t i = 0; i < f->nrow; i++)
        room[i] = sum_at(f, in, i);
    f->v[0] = room;
    mizo_err e = days_of(f, 0, HALVES, 0, out);
    f->v[0] = home;
    return e;
}

static mizo_err forecast_of(const days *y, double *said, roll_score *s)
{
    roll_task t = { .y = y, .kind = england, .test = TEST, .measure = ROLL_NMAE, .log = 1, .said = said };
    return roll(&t, s);
}

/* Half of the homes by lot: exactly n / 2. */
static void draw(bool *in, int n, uint64_t lot)
{
    int left = n / 2;
    for (int c = 0; c < n; c++) {
        in[c] = (int)(mizo_mix64(lot * 1000 + (uint64_t)c) % (uint64_t)(n - c)) < left;
        left -= in[c];
    }
}

typedef struct half {
    days y;
    double *said;
} half;

static mizo_err half_of(frame *f, const bool *in, double *room, half *out)
{
    roll_score s;
    MIZO_TRY(sum_of(f, in, room, &out->y));
    out->said = calloc((size_t)out->y.n * HALVES, sizeof *out->said);
    return out->said ? forecast_of(&out->y, out->said, &s) : MIZO_ENOMEM;
}

/* Mean of what the halves miss each for itself, over the mean of their sum. */
static double apart(const half *a, const half *b)
{
    double miss = 0, sum = 0;
    int from = a->y.n > TEST ? (a->y.n - TEST) * HALVES : 0;
    for (int i = from; i < a->y.n * HALVES; i++) {
        double one = a->y.v[i] - a->said[i], other = b->y.v[i] - b->said[i];
        if (isnan(one) || isnan(other))
            continue;
        miss += fabs(one - other);
        sum += a->y.v[i] + b->y.v[i];
    }
    return miss / sum;
}

static mizo_err one_split(frame *f, uint64_t lot, double *room, double *out)
{
    bool in[FRAME_COLUMNS];
    half h[2] = { { .said = NULL } };
    draw(in, f->ncol, lot);
    mizo_err e = half_of(f, in, room, &h[0]);
    for (int c = 0; c < f->ncol; c++)
        in[c] = !in[c];
    if (!e)
        e = half_of(f, in, room, &h[1]);
    *out = e ? NAN : apart(&h[0], &h[1]);
    for (int k = 0; k < 2; k++) {
        days_free(&h[k].y);
        free(h[k].said);
    }
    return e;
}

mizo_err set_lcl_sum(const char *data, mizo_diags *d, set_result *out)
{
    frame f;
    days y = { 0 };
    roll_score s;
    MIZO_TRY(frame_read(&f, data, "lcl_homes/kwh_30min_*", d));
    double *room = calloc(f.nrow, sizeof *room);
    mizo_err e = room ? sum_of(&f, NULL, room, &y) : MIZO_ENOMEM;
    if (!e)
        e = forecast_of(&y, NULL, &s);
    days_free(&y);
    out->floor = 0;
    for (uint64_t k = 0; k < SPLITS && !e; k++) {
        double own;
        e = one_split(&f, k, room, &own);
        out->floor += own / SPLITS;
    }
    free(room);
    frame_free(&f);
    if (e)
        return e;
    out->score = roll_result(&s, ROLL_NMAE, s.model);
    out->naive = roll_best_naive(&s, ROLL_NMAE);
    return MIZO_OK;
}
