/* price_columns.h: what a regression is told about the price of a half-hour of tomorrow, from one area's past.
 * Prices stand as asinh(price / unit): a line near zero, a logarithm far from it, so that a spike of 250 yen and
 * a noon of 0.01 are both bearable (Uniejewski, Weron & Ziel 2018). Every column is a distance from the slot's own
 * mean of the last seven known days: when the level moves, nothing has to be learned again. */
#ifndef FORECAST_PRICE_COLUMNS_H
#define FORECAST_PRICE_COLUMNS_H

#include "mizo/forecast.h"

enum { PRICE_SLOTS = MIZO_DAY_SLOTS, PRICE_CORE = 35, PRICE_SHAPE = 47, PRICE_BLOCKS = 12, PRICE_LAGS = 14 };
enum { PRICE_LASTS = 120 }; /* days that a price stands in for later ones: four months */

typedef struct price_past {
    mizo_day first;
    int n;
    const double *z; /* [n * PRICE_SLOTS] asinh(price / unit), NAN missing */
} price_past;

typedef struct price_look {
    const price_past *past;
    mizo_day day;
    double anchor[PRICE_SLOTS];    /* NAN: nothing known of the slot for four months */
    double level;                  /* mean of anchor */
    double lag[PRICE_LAGS + 1];    /* [k]: mean distance k days ago */
    double block[3][PRICE_BLOCKS]; /* of two hours: one, two, seven days ago */
    double high, low, evening;
    double turn; /* of the year */
    int kind, before, weekday;
} price_look;

/* Value of a day before the one that is looked at, NAN unknown. */
double price_at(const price_past *p, mizo_day day, int slot);
/* The mean of the slot's last seven known days before `day`; NAN: none within four months. */
double price_anchor(const price_past *p, mizo_day day, int slot);
/* Looks at days before `day` only. */
void price_look_at(price_look *l, const price_past *p, mizo_day day);
/* PRICE_CORE columns of a slot; PRICE_SHAPE more. Return where the next column goes. */
double *price_core(const price_look *l, int slot, double *x);
double *price_shape(const price_look *l, int slot, double *x);

#endif
