/* carbon_year.h: the CO2 of a fiscal year's electricity: by the country's average, by supplier and menu, by the
 * half-hour; and what a later publication of a factor changed. docs/formats/factors.md */
#ifndef TOWN_CARBON_YEAR_H
#define TOWN_CARBON_YEAR_H

#include "base/json.h"
#include "mizo/carbon.h"
#include "store/store.h"
#include "town/proof/achievement.h"

/* What one menu's kWh come to. */
typedef struct carbon_row {
    mizo_ref menu; /* -1: no contract */
    mizo_wh import;
    mizo_factor_found factor; /* as known on the day asked for */
    mizo_mg market, location;
    mizo_factor_found before; /* the publication before it; way NONE: there was none */
    mizo_mg market_before;
} carbon_row;

/* By the half-hour: carbon_slots.h. */
typedef struct carbon_slots {
    bool known;         /* some slot has an intensity */
    const char *method; /* a word of carbon_by */
    mizo_wh covered;    /* import of slots that have one */
    mizo_wh uncovered;  /* of slots without */
    mizo_mg mg;         /* of the covered */
    int64_t slots;      /* covered */
} carbon_slots;

typedef struct carbon_year {
    int fy;
    mizo_day as_of;       /* MIZO_DAY_NONE: now */
    mizo_wh import, self; /* self: what roofs gave their houses: no CO2, and not bought */
    mizo_factor_found location_factor;
    mizo_factor_found location_before_factor; /* the publication before it; way NONE: there was none */
    mizo_mg location, location_before, market, market_before;
    bool market_whole; /* every row had a factor */
    carbon_row *row;   /* [nrow] menus with Wh, in the model's order, no contract last */
    size_t nrow;
    carbon_slots average, marginal;
    int64_t missing_days;
} carbon_year;

/* Slots, bills and lamp tables as in achievement.h. as_of: readings and factors as known at the end of that day.
 * MIZO_ENOMEM, MIZO_ESTORE, MIZO_ERANGE (too large). */
MIZO_MUST_USE mizo_err carbon_of_year(store *s, const mizo_region *r, int fy, mizo_day as_of,
                                      carbon_year *out);
void carbon_year_free(carbon_year *c);
/* The members of its object. */
void carbon_year_json(const mizo_region *r, const carbon_year *c, json *j);

#endif
