/* offer_inner.h: what offer.c and offer_year.c share. */
#ifndef TOWN_OFFER_INNER_H
#define TOWN_OFFER_INNER_H

#include "town/bills/offer.h"

enum { OFFER_DAYS = 366, OFFER_SLOTS = OFFER_DAYS * MIZO_DAY_SLOTS, OFFER_DAYS_LEAST = 300 };

/* The year by half-hours. */
typedef struct offer_year {
    int n;                       /* half-hours */
    int32_t load[OFFER_SLOTS];   /* Wh */
    int32_t yield[OFFER_SLOTS];  /* mWh of a kW of panels */
    int64_t others[OFFER_SLOTS]; /* Wh of the points of the same kind together */
    int64_t made[OFFER_SLOTS];   /* Wh of the town's panels that are known */
    int32_t kw[OFFER_SLOTS];     /* their size, W */
    int32_t after[OFFER_SLOTS];  /* scratch: load with panels */
} offer_year;

/* Finds the year and reads it: o's point, facility in; o's year, load, yield, panels, filled out. */
MIZO_MUST_USE mizo_err offer_read(town *t, mizo_day before, const mizo_wh *months, offer *o, offer_year *y);

#endif
