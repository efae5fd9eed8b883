/* sun.h: gefcom2014_solar as columns: what a weather forecast says of the power of a plant whose place
 * and plane are not given. Both are learned: the place from when the forecast sun rises and sets, the plane
 * from past power. docs/mechanisms/trees.md */
#ifndef TOWN_BENCH_SUN_H
#define TOWN_BENCH_SUN_H

#include <stdbool.h>

#include "town/bench/frame.h"

enum { SUN_ZONES = 3, SUN_COLUMNS = 96 };

/* What is known of an hour in a zone. The last three depend on the plane. */
typedef enum sun_field {
    SUN_SSRD, /* W/m2 down to the ground */
    SUN_TSR,  /* net at the top */
    SUN_STRD, /* thermal, down */
    SUN_RAIN, /* mm */
    SUN_LIQUID,
    SUN_ICE,
    SUN_PRESSURE,
    SUN_HUMIDITY,
    SUN_CLOUD,
    SUN_EAST,
    SUN_NORTH,
    SUN_AIR,
    SUN_HEIGHT, /* mean cosine of the zenith while the sun is up */
    SUN_TO_EAST,
    SUN_TO_NORTH, /* way to the sun, in heights of the sun */
    SUN_CLEAR,    /* Haurwitz */
    SUN_KT,       /* of the extraterrestrial */
    SUN_KTOP,
    SUN_BEAM, /* on the ground, Erbs */
    SUN_DIFFUSE,
    SUN_CLEAR_BEAM,
    SUN_CLEAR_DIFFUSE,
    SUN_POWER,       /* of the plane, as forecast */
    SUN_CLEAR_POWER, /* of the plane, clear sky */
    SUN_SHARE,       /* one by the other */
    SUN_FIELDS
} sun_field;

typedef struct sun_data {
    int64_t first; /* second at which hour 0 begins */
    int hours;     /* of weather */
    double lat, lon;
    float *field[SUN_ZONES][SUN_FIELDS]; /* [hours] */
    float *power[SUN_ZONES];             /* [hours] share of capacity, NAN unknown */
    float *block;                        /* owner of all */
} sun_data;

MIZO_MUST_USE mizo_err sun_read(sun_data *s, const char *data, mizo_diags *d);
void sun_free(sun_data *s);
/* Learns the place from the hours before `end`, and computes what follows from it. */
void sun_place(sun_data *s, int end);
/* Learns the planes from the power before `end`. */
void sun_planes(sun_data *s, int end);
int sun_columns(const sun_data *s, int zone, int hour, float x[SUN_COLUMNS]); /* how many */
bool sun_up(const sun_data *s, int zone, int hour);

#endif
