/* price_columns.c: distances from the last week, and the calendar. */
#include "forecast/price_columns.h"

#include <math.h>
#include <string.h>

enum { WEEK = 7 };

double price_at(const price_past *p, mizo_day day, int slot)
{
    int64_t i = (int64_t)day - p->first;
    return i >= 0 && i < p->n ? p->z[i * PRICE_SLOTS + slot] : NAN;
}

double price_anchor(const price_past *p, mizo_day day, int slot)
{
    double sum = 0;
    int n = 0;
    for (int k = 1; k <= PRICE_LASTS && n < WEEK; k++) {
        double v = price_at(p, day - k, slot);
        if (!isnan(v)) {
            sum += v;
            n++;
        }
    }
    return n ? sum / n : NAN;
}

static double known(double v)
{
    return isfinite(v) ? v : 0;
}

/* Distance of `ago` days ago from the anchor; 0 where it is not known. */
static double away(const price_look *l, int ago, int slot)
{
    return slot >= 0 && slot < PRICE_SLOTS ? known(price_at(l->past, l->day - ago, slot) - l->anchor[slot])
                                           : 0;
}

static void sum_up(price_look *l)
{
    static const int ago[3] = { 1, 2, 7 };
    l->high = -INFINITY;
    l->low = INFINITY;
    for (int s = 0; s < PRICE_SLOTS; s++) {
        l->level += known(l->anchor[s]) / PRICE_SLOTS;
        for (int k = 1; k <= PRICE_LAGS; k++)
            l->lag[k] += away(l, k, s) / PRICE_SLOTS;
        for (int b = 0; b < 3; b++)
            l->block[b][s * PRICE_BLOCKS / PRICE_SLOTS] += away(l, ago[b], s) * PRICE_BLOCKS / PRICE_SLOTS;
        double v = price_at(l->past, l->day - 1, s);
        l->high = v > l->high ? v : l->high;
        l->low = v < l->low ? v : l->low;
        l->evening += s >= 40 ? away(l, 1, s) / 8 : 0;
    }
}

void price_look_at(price_look *l, const price_past *p, mizo_day day)
{
    *l = (price_look){ .past = p, .day = day };
    for (int s = 0; s < PRICE_SLOTS; s++)
        l->anchor[s] = price_anchor(p, day, s);
    sum_up(l);
    l->turn = 2 * 3.14159265358979323846 * day / 365.2425;
    l->kind = (int)mizo_day_type(day);
    l->before = (int)mizo_day_type(day - 1);
    l->weekday = mizo_day_weekday(day);
}

double *price_core(const price_look *l, int s, double *x)
{
    double one = away(l, 1, s), week = away(l, 7, s);
    bool free = l->kind != MIZO_WEEKDAY, after = l->before != MIZO_WEEKDAY;
    double all[] = { 1,
                     one,
                     away(l, 2, s),
                     away(l, 3, s),
                     week,
                     away(l, 14, s),
                     l->lag[1],
                     l->lag[2],
                     l->lag[7],
                     l->evening,
                     away(l, 1, PRICE_SLOTS - 1),
                     l->kind == MIZO_SATURDAY,
                     l->kind == MIZO_HOLIDAY,
                     l->kind == MIZO_QUIET,
                     !after,
                     l->before == MIZO_HOLIDAY && !free,
                     l->weekday == 1,
                     l->weekday == 5,
                     one * free,
                     l->lag[1] * free,
                     week * free,
                     one * after,
                     l->lag[1] * after,
                     known(l->anchor[s] - l->level),
                     l->level - 1.2, /* some 12 yen at a unit of 8 */
                     sin(l->turn),
                     cos(l->turn),
                     sin(2 * l->turn),
                     cos(2 * l->turn),
                     s > 0 ? away(l, 1, s - 1) - one : 0,
                     s < PRICE_SLOTS - 1 ? away(l, 1, s + 1) - one : 0,
                     s > 1 ? away(l, 1, s - 2) - one : 0,
                     s < PRICE_SLOTS - 2 ? away(l, 1, s + 2) - one : 0,
                     known(l->high - l->level) - 0.5,
                     known(l->low - l->level) + 0.5 };
    _Static_assert(sizeof all / sizeof *all == PRICE_CORE, "the core");
    memcpy(x, all, sizeof all);
    return x + PRICE_CORE;
}

double *price_shape(const price_look *l, int s, double *x)
{
    const price_past *p = l->past;
    double one = away(l, 1, s), year = price_at(p, l->day - 364, s);
    for (int b = 0; b < 3; b++, x += PRICE_BLOCKS)
        memcpy(x, l->block[b], sizeof l->block[b]);
    double all[] = { away(l, 4, s),
                     away(l, 5, s),
                     away(l, 6, s),
                     l->lag[3],
                     away(l, 21, s),
                     away(l, 28, s),
                     known(year - price_at(p, l->day - 365, s)),
                     known(year - price_at(p, l->day - 371, s)),
                     one * sin(l->turn),
                     one * cos(l->turn),
                     one * fabs(one) };
    _Static_assert(sizeof all / sizeof *all == PRICE_SHAPE - 3 * PRICE_BLOCKS, "the shape");
    memcpy(x, all, sizeof all);
    return x + PRICE_SHAPE - 3 * PRICE_BLOCKS;
}
