/* intraday.c: what has happened since midnight moves the rest of the day, less and less. */
#include <math.h>

#include "forecast/forecast_inner.h"

enum { LOOK = 8, FADE = 8 }; /* slots: the last four hours; gone to a third in four hours */

void mizo_forecast_intraday(const int32_t *actual, const int32_t *issued, int now, int n, int32_t *mean)
{
    double was = 0, said = 0;
    for (int i = now > LOOK ? now - LOOK : 0; i < now && i < n; i++) {
        if (actual[i] == MIZO_MISSING || issued[i] == MIZO_MISSING)
            continue;
        double weight = exp((i - now) / (double)FADE);
        was += weight * actual[i];
        said += weight * issued[i];
    }
    if (!(said > 0) || !(was >= 0))
        return;
    double factor = fmax(0.4, fmin(2.5, was / said));
    for (int i = now < 0 ? 0 : now; i < n; i++)
        if (mean[i] != MIZO_MISSING) {
            double moved = mean[i] * (1 + (factor - 1) * exp(-(i - now) / (double)FADE));
            mean[i] = (int32_t)floor(fmin(2e9, moved) + 0.5);
        }
}
