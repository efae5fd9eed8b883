/* shapes.c: from the archive's hours to shapes that any point may follow.
 *
 * Hours of UTC become half-hours of the clock on the wall; gaps are filled from the same hour
 * of neighbouring weeks (for the shape alone: a gap is never filled in a reading); single peaks
 * are cut; the season is taken out by the mean of 29 days. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "town/example/parts.h"

extern const unsigned char ex_shapes_zst[];
extern const size_t ex_shapes_zst_size;

enum { HOURS = EX_DAYS * 24, TEXT_MOST = 4 << 20 };

/* Summer time of the archive's clock in 2021: 28 March to 31 October, 01:00 UTC. */
static int wall_hour(int utc_hour)
{
    enum { BEGIN = (31 + 28 + 27) * 24 + 1, END = 303 * 24 + 1 };
    return utc_hour >= BEGIN && utc_hour < END ? utc_hour + 1 : utc_hour;
}

/* One row "b12,101,,99,..." into hours of the wall clock; a gap is below 0. */
static mizo_err row_hours(const char **at, const char *end, int *name, float hours[HOURS])
{
    const char *s = *at;
    if (s >= end || *s != 'b')
        return MIZO_EINPUT;
    char *next;
    *name = (int)strtol(s + 1, &next, 10);
    for (int i = 0; i < HOURS; i++)
        hours[i] = -1;
    s = next;
    for (int i = 0; i < HOURS; i++) {
        if (s >= end || *s != ',')
            return MIZO_EINPUT;
        s++;
        if (*s == ',' || *s == '\n')
            continue;
        long v = strtol(s, &next, 10);
        int to = wall_hour(i);
        if (to < HOURS)
            hours[to] = (float)v / 100;
        s = next;
    }
    *at = s + 1;
    return *s == '\n' ? MIZO_OK : MIZO_EINPUT;
}

/* Gaps: the mean of the same hour one to four weeks before and after. */
static void fill(const float *hours, float *filled)
{
    for (int i = 0; i < HOURS; i++) {
        double sum = 0;
        int n = 0;
        for (int week = 1; hours[i] < 0 && week <= 4; week++)
            for (int sign = -1; sign <= 1; sign += 2) {
                int k = i + sign * week * 168;
                if (k >= 0 && k < HOURS && hours[k] >= 0) {
                    sum += hours[k];
                    n++;
                }
            }
        filled[i] = hours[i] >= 0 ? hours[i] : n ? (float)(sum / n) : 1;
    }
}

static double day_mean(const float *hours, int day)
{
    double sum = 0;
    for (int h = 0; h < 24; h++)
        sum += hours[day * 24 + h];
    return sum / 24;
}

/* Cuts a single peak at four times its day's mean and takes the season out. */
static void level(float *hours)
{
    double mean[EX_DAYS];
    for (int d = 0; d < EX_DAYS; d++) {
        double m = day_mean(hours, d);
        for (int h = 0; h < 24; h++)
            hours[d * 24 + h] = fminf(hours[d * 24 + h], (float)(4 * m));
        mean[d] = day_mean(hours, d);
    }
    for (int d = 0; d < EX_DAYS; d++) {
        int from = d < 14 ? 0 : d > EX_DAYS - 15 ? EX_DAYS - 29 : d - 14;
        double around = 0;
        for (int k = from; k < from + 29; k++)
            around += mean[k] / 29;
        for (int h = 0; h < 24; h++)
            hours[d * 24 + h] = (float)(hours[d * 24 + h] / fmax(around, 0.02));
    }
}

/* An hour in two halves that sum to it and follow the slope of its neighbours. */
static void halve(const float *hours, float *slots)
{
    for (int i = 0; i < HOURS; i++) {
        float before = hours[i ? i - 1 : i], after = hours[i < HOURS - 1 ? i + 1 : i];
        float lean = (after - before) / 8;
        lean = fmaxf(-0.4F * hours[i], fminf(0.4F * hours[i], lean));
        slots[2 * i] = hours[i] - lean;
        slots[2 * i + 1] = hours[i] + lean;
    }
}

static mizo_err unpack(ex_town *t, const char *text, size_t n)
{
    float *hours = arena_take(t->mem, HOURS * sizeof *hours),
          *filled = arena_take(t->mem, HOURS * sizeof *filled);
    t->shape = arena_take(t->mem, (size_t)EX_SHAPES * EX_SLOTS * sizeof *t->shape);
    if (!hours || !filled || !t->shape)
        return MIZO_ENOMEM;
    const char *at = text;
    for (int i = 0; i < EX_SHAPES; i++) {
        MIZO_TRY(row_hours(&at, text + n, &t->shape_name[i], hours));
        fill(hours, filled);
        level(filled);
        halve(filled, t->shape + (size_t)i * EX_SLOTS);
    }
    return MIZO_OK;
}

mizo_err ex_shapes(ex_town *t)
{
    char *text = malloc(TEXT_MOST);
    if (!text)
        return MIZO_ENOMEM;
    size_t n = ZSTD_decompress(text, TEXT_MOST - 1, ex_shapes_zst, ex_shapes_zst_size);
    mizo_err e = MIZO_EINPUT;
    if (!ZSTD_isError(n)) {
        text[n] = 0;
        e = unpack(t, text, n);
    }
    free(text);
    return e;
}
