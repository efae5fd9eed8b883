/* spa_terms.h: the tables of the NREL solar position algorithm (NREL/TP-560-34302, A4.2 and A4.3). */
#ifndef WEATHER_SPA_TERMS_H
#define WEATHER_SPA_TERMS_H

#include <stddef.h>

enum { SPA_POWERS = 6, SPA_NUTATIONS = 63 };

/* One term: a cos(b + c t), t in Julian millennia; a in 1e-8 rad or 1e-8 AU. */
typedef struct spa_wave {
    double a, b, c;
} spa_wave;

/* The terms that are multiplied by t to the power of their place in the table. */
typedef struct spa_power {
    const spa_wave *wave;
    size_t n;
} spa_power;

extern const spa_power spa_longitude[SPA_POWERS], spa_latitude[SPA_POWERS], spa_radius[SPA_POWERS];

/* One term of the nutation: multiples of the five arguments; in 1e-4 arc seconds, and per century. */
typedef struct spa_nutation {
    signed char y[5];
    double psi, psi_rate, epsilon, epsilon_rate;
} spa_nutation;

extern const spa_nutation spa_nutations[SPA_NUTATIONS];

#endif
