/* value_pod.c: pod_battery: a week of a substation's battery, planned once with what is known the day before.
 *
 * Charge from the sun by day, take the most off the evening's peak; a day scores R (3 p1 + p2): R is how much of
 * the evening's peak went, in percent, p1 the share of the charge that coincided with PV, p2 the rest. The rules are in
 * the set's README. The forecasts say how sure they are, and the plan is the best on average over what they
 * say. docs/mechanisms/value.md */
#include "town/bench/value_pod.h"
#include "mizo/messages/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 24 };
#define POWER  2.5 /* MW */
#define ENERGY 6.0 /* MWh */

/* ---- the plan of a day ---- */

typedef struct plan_day {
    double charge[CHARGE], give[EVENING]; /* MW */
} plan_day;

/* Nearest point with a sum of `sum` in [0, POWER]. */
static void project(double *x, int n, double sum)
{
    double low = -10, high = 10, v[SLOTS];
    for (int it = 0; it < 50; it++) {
        double mid = (low + high) / 2, total = 0;
        for (int i = 0; i < n; i++)
            total += fmax(0, fmin(POWER, x[i] - mid));
        if (total > sum)
            low = mid;
        else
            high = mid;
    }
    for (int i = 0; i < n; i++)
        v[i] = fmax(0, fmin(POWER, x[i] - high));
    memcpy(x, v, (size_t)n * sizeof *x);
}

/* Mean over the cases of what is left of the peak, as a share of it; and its slope. */
static double left(const pod_outlook *o, const double *give, double *slope)
{
    double sum = 0;
    memset(slope, 0, EVENING * sizeof *slope);
    for (int j = 0; j < PATHS; j++) {
        const double *l = o->evening[j];
        double most = 0, top = -1e9;
        int at = 0;
        for (int i = 0; i < EVENING; i++) {
            most = fmax(most, l[i]);
            if (l[i] - give[i] > top) {
                top = l[i] - give[i];
                at = i;
            }
        }
        if (!(most > 0))
            continue;
        sum += top / most / PATHS;
        slope[at] -= 1 / most / PATHS;
    }
    return sum;
}

/* Subgradients with steps that shrink; the best seen is kept. Shor 1985. */
static double shave(const pod_outlook *o, double energy, double *give)
{
    double x[EVENING], slope[EVENING], best = INFINITY;
    for (int i = 0; i < EVENING; i++) {
        x[i] = 0;
        for (int j = 0; j < PATHS; j++)
            x[i] += o->evening[j][i] / PATHS;
    }
    project(x, EVENING, 2 * energy);
    for (int it = 0; it < 600; it++) {
        double v = left(o, x, slope);
        if (v < best) {
            best = v;
            memcpy(give, x, sizeof x);
        }
        for (int i = 0; i < EVENING; i++)
            x[i] -= slope[i] * 4 / (1 + it / 10.0);
        project(x, EVENING, 2 * energy);
    }
    return 100 * (1 - best);
}

/* Expected MW of a charge at b that the sun gives, and its slope: the share of the levels above b. */
static double above(const double *level, double b)
{
    int n = 0;
    for (int k = 0; k < LEVELS; k++)
        n += level[k] > b;
    return (double)n / LEVELS;
}

static double sunny(const double *level, double b)
{
    double sum = 0;
    for (int k = 0; k < LEVELS; k++)
        sum += fmin(level[k], b) / LEVELS;
    return sum;
}

/* The slot where the next bit is most likely to be sun; of equals the one with most room under the middle level. */
static int sunniest(const pod_outlook *o, const double *charge, double bit)
{
    double most = -1, widest = 0;
    int best = 0;
    for (int s = 0; s < CHARGE; s++) {
        if (charge[s] + bit > POWER + 1e-9)
            continue;
        double v = above(o->sun[s], charge[s] + bit / 2), room = o->sun[s][LEVELS / 2] - charge[s];
        if (v > most || (v >= most && room > widest)) {
            most = v;
            widest = room;
            best = s;
        }
    }
    return best;
}

/* Share of the charge that is expected to be sun. Each level's MW are a concave sum, so the best bit first is best. */
static double gather(const pod_outlook *o, double energy, double *charge)
{
    double bit = 0.02, sum = 0;
    memset(charge, 0, CHARGE * sizeof *charge);
    for (int n = (int)lround(2 * energy / bit); n > 0; n--)
        charge[sunniest(o, charge, bit)] += bit;
    for (int s = 0; s < CHARGE; s++)
        sum += sunny(o->sun[s], charge[s]) / 2;
    return sum / energy;
}

static void plan_of(const pod_outlook *o, plan_day *out)
{
    double best = -1;
    for (int k = 1; k <= STEPS; k++) {
        plan_day p;
        double energy = ENERGY * k / STEPS, share = gather(o, energy, p.charge),
               less = shave(o, energy, p.give);
        if (less * (1 + 2 * share) > best) {
            best = less * (1 + 2 * share);
            *out = p;
        }
    }
}

/* ---- the score ---- */

static double score_day(const pod *p, mizo_day day, const plan_day *b)
{
    double most = 0, top = 0, charged = 0, sun = 0;
    for (int i = 0; i < EVENING; i++) {
        double l = days_at(&p->load, day, CHARGE + i);
        most = fmax(most, l);
        top = fmax(top, l - b->give[i]);
    }
    for (int s = 0; s < CHARGE; s++) {
        double v = days_at(&p->pv, day, s);
        charged += b->charge[s];
        sun += fmin(b->charge[s], isnan(v) ? 0 : v);
    }
    return 100 * (most - top) / most * (charged > 0 ? 1 + 2 * sun / charged : 1);
}

/* What is known of a day is another day's truth: its own for perfect foresight, last week's for the copy. */
static void truth(const pod *p, mizo_day day, pod_outlook *o)
{
    for (int j = 0; j < PATHS; j++)
        for (int i = 0; i < EVENING; i++)
            o->evening[j][i] = days_at(&p->load, day, CHARGE + i);
    for (int s = 0; s < CHARGE; s++)
        for (int k = 0; k < LEVELS; k++) {
            double v = days_at(&p->pv, day, s);
            o->sun[s][k] = isnan(v) ? 0 : v;
        }
}

/* ---- the weeks ---- */

/* Those that the organisers assessed, with what the README says of perfect foresight and of last week's copy. */
static const struct {
    mizo_date first;
    double perfect, copy;
} weeks[] = {
    {{ 2018, 10, 16 },  110.82, 89.31 },
    { { 2019, 3, 10 },  91.15,  69.56 },
    { { 2019, 12, 18 }, 63.11,  48.82 },
    { { 2020, 7, 3 },   128.98, 105.39},
};
enum { WEEKS = sizeof weeks / sizeof *weeks };

/* Who plans: what is known of the evening, and of the sun. */
typedef enum who { OURS, PERFECT, COPY, TRUE_SUN, TRUE_EVENING, WHOS } who;

static mizo_err judge_day(pod *p, mizo_day week, int k, double score[WHOS])
{
    pod_outlook *o = calloc(WHOS, sizeof *o);
    if (!o)
        return MIZO_ENOMEM;
    pod_foresee(p, week, k, &o[OURS]);
    truth(p, week + k, &o[PERFECT]);
    truth(p, week + k - WEEK, &o[COPY]);
    o[TRUE_SUN] = o[TRUE_EVENING] = o[OURS];
    memcpy(o[TRUE_SUN].sun, o[PERFECT].sun, sizeof o->sun);
    memcpy(o[TRUE_EVENING].evening, o[PERFECT].evening, sizeof o->evening);
    for (int w = 0; w < WHOS; w++) {
        plan_day plan;
        plan_of(&o[w], &plan);
        score[w] += score_day(p, week + k, &plan);
    }
    free(o);
    return MIZO_OK;
}

static bool covered(const pod *p, mizo_day week)
{
    for (int i = 0; i < WEEK * SLOTS; i++)
        if (isnan(days_at(&p->load, week + i / SLOTS, i % SLOTS)))
            return false;
    return week - 60 > p->load.first;
}

static mizo_err judge_week(const value_run *r, pod *p, int w, int ndays, value_table *out)
{
    double score[WHOS] = { 0 };
    char text[MIZO_DATE_TEXT], measure[VALUE_MEASURE];
    mizo_day week = mizo_date_day(weeks[w].first);
    MIZO_TRY(pod_learn(p, week));
    for (int k = 0; k < ndays; k++) {
        MIZO_TRY(value_pace(r, (w + (k + 1.0) / ndays) / WEEKS));
        MIZO_TRY(judge_day(p, week, k, score));
    }
    for (int i = 0; i < WHOS; i++)
        score[i] /= ndays;
    mizo_day_text(week, text);
    snprintf(measure, sizeof measure, "score of the week from %s", text);
    value_row *row =
        value_add(out, measure, score[OURS], ndays == WEEK ? 0.93 * weeks[w].perfect : NAN, true);
    if (ndays == WEEK) {
        value_refer(row, "perfect", weeks[w].perfect, false);
        value_refer(row, "last_week", weeks[w].copy, false);
    }
    value_refer(row, "perfect_here", score[PERFECT], true);
    value_refer(row, "last_week_here", score[COPY], true);
    value_refer(row, "sun_known", score[TRUE_SUN], true);
    value_refer(row, "evening_known", score[TRUE_EVENING], true);
    return MIZO_OK;
}

mizo_err value_pod(const value_run *r, value_table *out)
{
    pod *p = calloc(1, sizeof *p);
    if (!p)
        return MIZO_ENOMEM;
    int ndays = r->days > 0 && r->days < WEEK ? r->days : WEEK, any = 0;
    mizo_err e = pod_open(p, r);
    for (int w = 0; w < WEEKS && !e; w++)
        if (covered(p, mizo_date_day(weeks[w].first))) {
            e = judge_week(r, p, w, ndays, out);
            any++;
        }
    pod_close(p);
    free(p);
    if (!e && !any) {
        MIZO_DIAG(r->d, VALUE_SHORT, MIZO_NOWHERE, r->set, "2018-10-16 .. 2018-10-22");
        e = MIZO_EINPUT;
    }
    return e;
}
