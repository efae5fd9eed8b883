/* near.h: what the tests of the weather room share: a comparison that says by how much, and an instant. */
#ifndef WEATHER_NEAR_H
#define WEATHER_NEAR_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mizo/weather.h"

#define NEAR(a, b, within) near_to((a), (b), (within), __LINE__)
static inline void near_to(double a, double b, double within, int line)
{
    if (!(fabs(a - b) <= within)) {
        print_message("# line %d: %.10f is not within %g of %.10f\n", line, a, within, b);
        fail();
    }
}

static inline mizo_ms at(int y, int m, int d, int hour, int minute, int second)
{
    return ((int64_t)mizo_date_day((mizo_date){ y, m, d }) * 86400 + hour * 3600 + minute * 60 + second) *
           1000;
}

#endif
