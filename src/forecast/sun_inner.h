/* sun_inner.h: what the PV forecaster makes of a history. Known to src/forecast/sun_*.c alone.
 *
 * All in shares: the index of a half-hour is what the panel gave over what it gives under a clear sky; its level is
 * the brightest day of the weeks around it, so that dust, a new module or a wrong capacity does not pass for cloud. */
#ifndef FORECAST_SUN_INNER_H
#define FORECAST_SUN_INNER_H

#include "forecast/forecast_inner.h"
#include "mizo/foresight.h"

enum { SUN_BACK = 60, SUN_STRIDE = 4 };

/* The clear curve of one day, in Wh; 0: the sun is down. */
typedef struct sun_curve {
    float clear[MIZO_DAY_SLOTS]; /* with a floor of 1 % of the capacity while the sun is up */
    float ghi[MIZO_DAY_SLOTS];
} sun_curve;

typedef struct sun_past {
    mizo_panel panel; /* the listed one, or a stand-in whose capacity is what the history shows */
    bool known;       /* the panel was listed */
    double limit;     /* Wh a half-hour cannot exceed */
    int n;            /* days looked at, the newest first: day i is i + 1 days before the issue */
    sun_curve curve[SUN_BACK];
    float index[SUN_BACK][MIZO_DAY_SLOTS]; /* over the day's level; NAN: dark, unknown, held or off */
    float whole[SUN_BACK], late[SUN_BACK]; /* of the day and of its afternoon, over the level; NAN: unknown */
    float level[SUN_BACK];
    int dead;   /* whole days on end, up to the issue, on which nothing came while the sun was up */
    double now; /* the level that the coming days are expected at */
} sun_past;

/* A forecast of the irradiance, in the same indices. */
typedef struct sun_said {
    bool any;
    float index[MIZO_AHEAD][MIZO_DAY_SLOTS]; /* NAN: unknown */
    double off[MIZO_DAY_SLOTS],
        spread[MIZO_DAY_SLOTS]; /* what it missed at this site: mean, standard deviation */
} sun_said;
void sun_said_read(const sun_past *p, const mizo_history *h, const mizo_forecast_about *about,
                   mizo_day issued, int n, sun_said *out);

/* Reads the SUN_BACK days before `issued`. False: not one value is known. */
bool sun_past_read(const mizo_history *h, const mizo_forecast_about *about, mizo_day issued, sun_past *p);
/* Clear curves of n days from `day` on. */
void sun_curves(const mizo_panel *panel, const mizo_forecast_about *about, mizo_day day, int n,
                sun_curve *out);
/* The panel to draw curves with: the listed one, or one of 1 W towards the equator. */
mizo_panel sun_panel_of(const mizo_forecast_about *about);

#endif
