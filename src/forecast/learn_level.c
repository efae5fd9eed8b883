/* learn_level.c: a series that goes to another level from one day to the next and stays there: half the homes
 * have moved out, a line of the works is shut.
 *
 * When three days running are off by about the same factor, by far more than days are off as a rule, and in the
 * shape of a usual day, all that is known is multiplied by that factor, as if the series had always been there:
 * the regressions scale exactly. A level that was left not long ago is taken back at once. */
#include <math.h>

#include "forecast/learn_inner.h"

enum { SURE = 3, BACK_DAYS = 60 };
#define FAR    0.35F /* logarithm of the factor: 0.7 or 1.42 */
#define SHUT   1.4F  /* further off than a quarter or fourfold: closed for a while, or opened */
#define SWAYS  3     /* times what days are usually off */
#define ALIKE  0.35F /* of the factors' mean they may lie apart */
#define BACK   0.3F  /* of the way back a day may be from the level of old */
#define RESTED 2.5F  /* days of its kind that a usual value rests on */

typedef struct distance {
    float off;       /* logarithm of the day over what is usual for its kind; NAN: cannot be told */
    bool same_shape; /* multiplied by that factor, the usual day is not half as far away */
} distance;

static distance distance_of(const mizo_learner *l, int kind, const float *actual)
{
    const float *usual = learn_usual(l, &l->slow, kind), *rests = l->slow.w + (size_t)kind * (size_t)l->slots;
    float is = 0, was = 0, miss = 0, moved = 0;
    int n = 0;
    for (int s = 0; s < l->slots; s++) {
        bool known = rests[s] > RESTED && !isnan(actual[s]);
        is += known ? actual[s] : 0;
        was += known ? usual[s] : 0;
        n += known;
    }
    if (2 * n < l->slots || !(is > 0) || !(was > 0))
        return (distance){ NAN, false };
    for (int s = 0; s < l->slots; s++) {
        bool known = rests[s] > RESTED && !isnan(actual[s]);
        miss += known ? fabsf(actual[s] - usual[s]) : 0;
        moved += known ? fabsf(actual[s] - is / was * usual[s]) : 0;
    }
    return (distance){ logf(is / was), moved < 0.5F * miss };
}

static int shifted(learn_level *v, mizo_day day, int days, float by)
{
    v->held = 0;
    v->back = -by;
    v->back_until = day + BACK_DAYS;
    return days;
}

/* The days that are off by about the same: *by is their mean. */
static bool agree(const learn_level *v, float *by)
{
    float least = INFINITY, most = -INFINITY, sum = 0;
    for (int k = 0; k < SURE; k++) {
        least = fminf(least, v->off[k]);
        most = fmaxf(most, v->off[k]);
        sum += v->off[k];
    }
    *by = sum / SURE;
    return most - least < ALIKE * fabsf(*by);
}

int learn_level_tell(mizo_learner *l, const mizo_learn_day *d, const float *actual, float *by)
{
    learn_level *v = &l->level;
    distance at = distance_of(l, d->kind, actual);
    float far = fmaxf(FAR, SWAYS * v->sway);
    if (isnan(at.off) || l->told < LEARN_WARM)
        return 0;
    v->sway += (fminf(fabsf(at.off), far) - v->sway) * 0.05F;
    bool moved = fabsf(at.off) >= far && fabsf(at.off) < SHUT && at.same_shape;
    if (!moved || (v->held && (at.off > 0) != (v->off[0] > 0)))
        v->held = 0;
    if (!moved)
        return 0;
    *by = at.off;
    if (d->day < v->back_until && fabsf(at.off - v->back) < BACK * fabsf(v->back))
        return shifted(v, d->day, 1, *by);
    v->off[v->held++] = at.off;
    if (v->held < SURE)
        return 0;
    v->held = 0;
    return agree(v, by) ? shifted(v, d->day, SURE, *by) : 0;
}

/* ---- everything by a factor ---- */

static void times(float *v, size_t n, float by)
{
    for (size_t i = 0; i < n; i++)
        v[i] *= by;
}

/* Columns in the series' unit grow with it, the others stay. */
static float grows(const mizo_learner *l, int column, float by)
{
    if (column >= l->recipe->columns)
        return 1;
    learn_column c = l->recipe->column[column];
    bool unitless = c.what == LEARN_ONE || (c.what == LEARN_SAME && c.arg >= LEARN_CHANGED);
    return unitless ? 1 : by;
}

static void scale_ridges(mizo_learner *l, float by)
{
    size_t groups = (size_t)l->groups, slots = (size_t)l->slots;
    for (int i = 0, pair = 0; i < l->n; i++) {
        float gi = grows(l, i, by);
        for (int j = 0; j <= i; j++, pair++)
            for (int k = 0; k < l->recipe->memories; k++)
                times(l->sums[k].gram + (size_t)pair * groups, groups, gi * grows(l, j, by));
        for (int k = 0; k < l->recipe->memories; k++)
            times(l->sums[k].right + (size_t)i * groups, groups, gi * by);
        for (int k = 0; k < l->recipe->views; k++)
            times(l->ridge[k].beta + (size_t)i * slots, slots, by / gi);
    }
}

/* The last days show the new level already. */
static void scale_days(mizo_learner *l, mizo_day day, int days, float by)
{
    for (int k = 0; k < l->ring; k++)
        if (l->day_of[k] != MIZO_DAY_NONE && l->day_of[k] <= day - days)
            times(l->y + (size_t)k * (size_t)l->slots, (size_t)l->slots, by);
}

void learn_level_move(mizo_learner *l, mizo_day day, int days, float by_log)
{
    float by = expf(by_log);
    size_t usual = MIZO_LEARN_KINDS * (size_t)l->slots;
    times(l->slow.v, usual, by);
    times(l->fast.v, usual, by);
    times(l->typical, (size_t)l->slots, by);
    scale_ridges(l, by);
    scale_days(l, day, days, by);
    for (int p = 0; p < l->recipe->parts; p++)
        for (int k = 0; k < l->members; k++) {
            l->trust[p].regret[k] *= (double)by;
            l->trust[p].square[k] *= (double)by * (double)by;
        }
}
