/* plant.h: a plant of few and big furnaces: what it will send out, as a distribution with as many humps as it has.
 * Pure; known to src/forecast and src/town. */
#ifndef FORECAST_PLANT_H
#define FORECAST_PLANT_H

#include "mizo/forecast.h"

enum { PLANT_FURNACES = 6 }; /* of one plant, at most */

typedef struct plant_furnace {
    double output_w; /* sent out when it burns as planned; 0: it is not to burn */
    double trips_per_hour, repair_hours;
    double up_now; /* chance that it burns at the issue, 0..1 */
} plant_furnace;

/* Chance that a furnace that is to burn burns so many hours after the issue. */
double plant_up(const plant_furnace *f, double hours);
/* Mean and levels of what n furnaces send out together, in the unit of output_w. spread: of their load, as a share
 * (plant_past). */
void plant_say(const plant_furnace *f, int n, double hours, double spread, double *mean,
               double q[MIZO_QUANTILES]);

/* How much was sent out of what was planned, while it burnt: of late, by time of day (what a plant takes itself has
 * a day of its own), and in its last hours, which fade into the rest within days. */
enum { PLANT_SLOTS = 48 };
typedef struct plant_past {
    double ratio, shape[PLANT_SLOTS], near;
    double spread; /* of what was sent out around what was expected, as a share */
    int days;
} plant_past;

void plant_start(plant_past *p);
/* Share of what is planned that is expected in a slot of a day, so many hours after the last that was learned. */
double plant_expect(const plant_past *p, int slot, double hours);
/* A day of PLANT_SLOTS: planned > 0 where all that was to burn is counted, happened NAN where unknown. Slots far
 * below the plan are stops and teach nothing about the load. */
void plant_learn(plant_past *p, const double *planned, const double *happened);

#endif
