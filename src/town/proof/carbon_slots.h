/* carbon_slots.h: what a kWh of each half-hour stands for: the area's average and the margin. docs/formats/factors.md */
#ifndef TOWN_CARBON_SLOTS_H
#define TOWN_CARBON_SLOTS_H

#include "base/json.h"
#include "mizo/carbon.h"
#include "store/store.h"

/* Where a half-hour's factor is from. */
typedef enum carbon_by {
    CARBON_BY_NONE,
    CARBON_BY_SERIES,
    CARBON_BY_MIX,
    CARBON_BY_YEAR,
    CARBON_BY_PRICE
} carbon_by;
const char *carbon_by_word(carbon_by b); /* "", "series", "mix", "year", "price" */

typedef struct carbon_side {
    carbon_by by;                 /* NONE: no half-hour of the day has a factor */
    int64_t g_e6[MIZO_DAY_SLOTS]; /* millionths of g/kWh; -1: not known */
    mizo_mg mg[MIZO_DAY_SLOTS];   /* of the import, rounded once a slot, half up; 0 where not known */
} carbon_side;

typedef struct carbon_day {
    mizo_day day;
    mizo_wh import[MIZO_DAY_SLOTS]; /* of all points; what is missing counts as nothing */
    carbon_side average, marginal;
} carbon_day;

typedef struct carbon_reader carbon_reader;
/* as_of: readings, prices and intensities as known then; STORE_LATEST: now. */
MIZO_MUST_USE mizo_err carbon_reader_new(store *s, const mizo_region *r, mizo_ms as_of, carbon_reader **out);
void carbon_reader_free(carbon_reader *k); /* NULL is fine */
/* False: the store has nothing to tell half-hours apart. */
bool carbon_reader_knows(const carbon_reader *k);
MIZO_MUST_USE mizo_err carbon_read(carbon_reader *k, mizo_day day, carbon_day *out);

/* The members of a day's object. */
void carbon_day_json(const carbon_day *d, json *j);

#endif
