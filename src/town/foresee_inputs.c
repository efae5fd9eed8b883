/* foresee_inputs.c: see foresee_inputs.h. Buildings answer to degrees beyond a threshold, and late: their walls
 * remember a day (degree-day method: ISO 15927-6; the lagged mean after Hyndman and Fan, Density forecasting for
 * long-term peak electricity demand, IEEE Transactions on Power Systems 25(2), 2010). The same degrees a day ago
 * let yesterday's use stand for what it was. */
#include "town/foresee_inputs.h"

#include <math.h>

enum { SLOTS = MIZO_DAY_SLOTS, HALF_KNOWN = SLOTS / 2 };

static double hot(double c)
{
    return fmax(0, c - 20) / 10;
}

static double cold(double c)
{
    return fmax(0, 18 - c) / 10;
}

/* Air at slot i of the days from the first, in C; negative: of the day before. */
static double air_at(const int32_t *before, const int32_t *air, int i)
{
    int32_t v = i < 0 ? before[i + SLOTS] : air[i];
    return v == MIZO_MISSING ? NAN : v / 100.0;
}

/* Mean of the 48 slots that end with slot i, of which at least half are known. */
static double last_day(const int32_t *before, const int32_t *air, int i)
{
    double sum = 0;
    int n = 0;
    for (int k = 0; k < SLOTS; k++) {
        double c = i - k < -SLOTS ? NAN : air_at(before, air, i - k);
        sum += isnan(c) ? 0 : c;
        n += !isnan(c);
    }
    return n >= HALF_KNOWN ? sum / n : NAN;
}

/* fmax would make a number of NAN. */
static double put(double (*f)(double), double c)
{
    return isnan(c) ? NAN : f(c);
}

void foresee_inputs(const int32_t *before, const foresee_weather *w, int ndays, double *in)
{
    for (int i = 0; i < ndays * SLOTS; i++, in += FORESEE_INPUTS) {
        double c = air_at(before, w->air_cc, i), day = last_day(before, w->air_cc, i),
               ago = air_at(before, w->air_cc, i - SLOTS);
        in[0] = put(hot, c);
        in[1] = put(cold, c);
        in[2] = put(hot, day);
        in[3] = put(cold, day);
        in[4] = put(hot, ago);
        in[5] = put(cold, ago);
        in[6] = w->ghi_wm2 && w->ghi_wm2[i] != MIZO_MISSING ? w->ghi_wm2[i] / 1000.0 : NAN;
    }
}
