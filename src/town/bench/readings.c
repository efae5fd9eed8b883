/* readings.c: a year of meters by formula, as a head-end would send it.
 *
 * wh = 100 floor(0.5 + max(0, S (3 + 2 sin(2 pi (t - 14) / 48) + 1.2 cos(2 pi d / 365) + 2 V(m, k)))),
 * S = 1 for nine meters of ten, else 10; t the slot of day d, k the slot since the start, V in [0, 1)
 * from splitmix64 of m 0x100000001 + k. The first slot is 2025-01-01T00:00+09:00. */
#include <math.h>
#include <stdlib.h>

#include "mizo/number.h"
#include "town/bench/ingest.h"

#define FIRST_SECOND INT64_C(1735657200)
static const double TWO_PI = 6.283185307179586476925;

static double chance(uint64_t meter, uint64_t k)
{
    return (double)(mizo_mix64(meter * UINT64_C(0x100000001) + k) >> 11) * (1.0 / 9007199254740992.0);
}

static double size_of(int meter)
{
    return chance((uint64_t)meter, UINT64_C(1) << 31) < 0.9 ? 1 : 10;
}

static int64_t reading(int meter, int64_t k)
{
    double slot = 2 * sin(TWO_PI * (double)(k % 48 - 14) / 48);
    double season = 1.2 * cos(TWO_PI * (double)(k / 48) / 365);
    double x = size_of(meter) * (3 + slot + season + 2 * chance((uint64_t)meter, (uint64_t)k));
    return 100 * (int64_t)floor((x < 0 ? 0 : x) + 0.5);
}

static char *put_number(char *p, int64_t v)
{
    char digits[20];
    int n = 0;
    do
        digits[n++] = (char)('0' + v % 10);
    while (v /= 10);
    while (n)
        *p++ = digits[--n];
    return p;
}

static void put_row(buf *out, int meter, int64_t k)
{
    char row[64], *p = put_number(row, meter);
    *p++ = ',';
    p = put_number(p, FIRST_SECOND + k * MIZO_SLOT_S);
    *p++ = ',';
    p = put_number(p, reading(meter, k));
    *p++ = '\n';
    buf_add(out, row, (size_t)(p - row));
}

/* A fair shuffle, the same every time. */
static uint32_t *shuffled(size_t n)
{
    uint32_t *at = malloc(n * sizeof *at);
    if (!at)
        return NULL;
    for (size_t i = 0; i < n; i++)
        at[i] = (uint32_t)i;
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)(mizo_mix64(i) % i);
        uint32_t t = at[i - 1];
        at[i - 1] = at[j];
        at[j] = t;
    }
    return at;
}

mizo_err bench_readings(int meters, int days, bench_order order, buf *out)
{
    size_t slots = (size_t)days * 48, n = slots * (size_t)meters;
    uint32_t *at = NULL;
    if (order == BENCH_SHUFFLED) {
        at = shuffled(n);
        if (!at)
            return MIZO_ENOMEM;
    }
    for (size_t i = 0; i < n && !out->err; i++) {
        size_t row = at ? at[i] : i;
        if (order == BENCH_BY_METER)
            put_row(out, (int)(row / slots), (int64_t)(row % slots));
        else
            put_row(out, (int)(row % (size_t)meters), (int64_t)(row / (size_t)meters));
    }
    free(at);
    return out->err;
}
