/* halves.c: see halves.h. The clear sky is Haurwitz's (mizo_clear_ghi). */
#include "weather/halves.h"

#include <math.h>

#include "mizo/weather.h"

enum { PARTS = 6, DIM_WM2 = 20 };

double weather_clear_slot(mizo_slot s, weather_place p)
{
    double sum = 0;
    for (int i = 0; i < PARTS; i++) {
        mizo_ms t = mizo_slot_ms(s) + (2 * i + 1) * (mizo_ms)MIZO_SLOT_MS / (2 * PARTS);
        mizo_sun sun = mizo_sun_at(t, p.lat, p.lon);
        sum += mizo_clear_ghi(sun.zenith);
    }
    return sum / PARTS;
}

/* A quarter of x, half up. */
static int32_t quarter(int64_t x)
{
    int64_t q = (x + 2) / 4;
    return (int32_t)(q - (x + 2 < 0 && (x + 2) % 4 != 0));
}

void weather_halves_air(const int32_t *hour, int n, int32_t *half)
{
    for (int i = 0; i < n; i++) {
        int32_t a = hour[i], b = hour[i + 1];
        if (a == MIZO_MISSING || b == MIZO_MISSING) {
            half[2 * i] = half[2 * i + 1] = a == MIZO_MISSING ? b : a;
            continue;
        }
        half[2 * i] = quarter(3 * (int64_t)a + b);
        half[2 * i + 1] = quarter((int64_t)a + 3 * (int64_t)b);
    }
}

/* Where even a clear sky is dim its shape says little: the halves are alike. */
static void split_hour(int32_t g, double clear0, double clear1, int32_t half[2])
{
    double both = clear0 + clear1;
    half[0] = both < DIM_WM2 ? g : (int32_t)floor(2.0 * g * clear0 / both + 0.5);
    half[1] = 2 * g - half[0];
}

void weather_halves_ghi(const int32_t *hour, int n, mizo_slot first, weather_place p, int32_t *half)
{
    for (int i = 0; i < n; i++) {
        if (hour[i] == MIZO_MISSING) {
            half[2 * i] = half[2 * i + 1] = MIZO_MISSING;
            continue;
        }
        split_hour(hour[i], weather_clear_slot(first + 2 * (mizo_slot)i, p),
                   weather_clear_slot(first + 2 * (mizo_slot)i + 1, p), &half[2 * i]);
    }
}

void weather_index_ghi(int32_t *half, int n, mizo_slot first, weather_place p)
{
    for (int i = 0; i < n; i++)
        if (half[i] != MIZO_MISSING)
            half[i] = (int32_t)floor(half[i] * weather_clear_slot(first + i, p) / 1000 + 0.5);
}

void weather_fill_night(int32_t *ghi, int n, mizo_slot first, weather_place p)
{
    for (int i = 0; i < n; i++)
        if (ghi[i] == MIZO_MISSING && weather_clear_slot(first + i, p) <= 0)
            ghi[i] = 0;
}
