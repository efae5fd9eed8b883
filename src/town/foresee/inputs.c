/* inputs.c: see foresee_inputs.h.
 *
 * Buildings answer to cold and to heat, hence the square (18 C is the usual base of degree-days), and late, for
 * their walls remember a day: the lagged means of Hyndman and Fan, Density forecasting for long-term peak
 * electricity demand, IEEE Transactions on Power Systems 25(2), 2010. The same a day ago lets yesterday's use
 * stand for the weather that it had. Degrees beyond a threshold did worse here: in a mild climate they are seldom
 * other than zero, and a regression that is blind to units believes what few hours taught it. */
#include "town/foresee/inputs.h"

#include <math.h>

enum { SLOTS = MIZO_DAY_SLOTS };

/* Air at slot i of the days from the first; negative: of the day before; earlier: NAN. */
static double air_at(const int32_t *before, const int32_t *air, int i)
{
    int32_t v = i < -SLOTS ? MIZO_MISSING : i < 0 ? before[i + SLOTS] : air[i];
    return v == MIZO_MISSING ? NAN : v / 100.0;
}

/* Mean of the 48 slots that end with slot i, of which at least half are known. */
static double last_day(const int32_t *before, const int32_t *air, int i)
{
    double sum = 0;
    int n = 0;
    for (int k = 0; k < SLOTS; k++) {
        double c = air_at(before, air, i - k);
        sum += isnan(c) ? 0 : c;
        n += !isnan(c);
    }
    return 2 * n >= SLOTS ? sum / n : NAN;
}

static void put(double c, double *in)
{
    double x = (c - 18) / 10;
    in[0] = x;
    in[1] = x * x;
}

void foresee_inputs(const int32_t *before, const foresee_weather *w, int ndays, double *in)
{
    for (int i = 0; i < ndays * SLOTS; i++, in += FORESEE_INPUTS) {
        put(air_at(before, w->air_cc, i), in);
        put(last_day(before, w->air_cc, i), in + 2);
        put(air_at(before, w->air_cc, i - SLOTS), in + 4);
        in[6] = w->ghi_wm2 && w->ghi_wm2[i] != MIZO_MISSING ? w->ghi_wm2[i] / 1000.0 : NAN;
    }
}
