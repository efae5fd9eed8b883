/* fuzz_open_meteo.c: any bytes as the answer of a forecast service: refused with at least one diagnosis, or
 * hours that rise, with values that can be. */
#include <stdint.h>
#include <stdlib.h>

#include "weather/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const weather_hours *h)
{
    int known = 0;
    if (h->n < 1 || h->n > WEATHER_HOURS_MOST)
        abort();
    for (int i = 0; i < h->n; i++) {
        int32_t air = h->air_cc[i], ghi = h->ghi_wm2[i];
        if (i && h->at[i] <= h->at[i - 1])
            abort();
        if (air != MIZO_MISSING && (air < WEATHER_COLDEST_CC || air > WEATHER_HOTTEST_CC))
            abort();
        if (ghi != MIZO_MISSING && (ghi < 0 || ghi > WEATHER_BRIGHTEST))
            abort();
        known += air != MIZO_MISSING || ghi != MIZO_MISSING;
    }
    if (!known)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    weather_hours h;
    mizo_diags *d = mizo_diags_new(50);
    mizo_err e = weather_open_meteo((const char *)data, size, "f.json", d, &h);
    if (e == MIZO_OK)
        check(&h);
    else if (h.n || h.at || h.air_cc || h.ghi_wm2)
        abort();
    if (e == MIZO_EINPUT && d && mizo_diags_count(d, MIZO_ERROR) == 0)
        abort();
    weather_hours_free(&h);
    mizo_diags_free(d);
    return 0;
}
