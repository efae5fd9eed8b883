/* plants.h: the measured plants of the shared data, each in half-hours of its own standard time. */
#ifndef FORECAST_PLANTS_H
#define FORECAST_PLANTS_H

#include "mizo/forecast.h"

enum { PLANT_DAYS = 800, PLANTS = 22 };

typedef struct plant {
    char name[16], group[16];
    double lat, lon;
    int offset, days;
    mizo_day first;
    int32_t wh[PLANT_DAYS * MIZO_DAY_SLOTS];
    int32_t ghi[PLANT_DAYS * MIZO_DAY_SLOTS]; /* forecast or satellite, MIZO_MISSING where there is none */
    int32_t load[PLANT_DAYS * MIZO_DAY_SLOTS];
    bool has_ghi;
} plant;

/* Reads all plants of `dir`; returns how many. The array holds PLANTS. */
int plants_read(const char *dir, plant *out);

#endif
