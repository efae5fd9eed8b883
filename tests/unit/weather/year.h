/* year.h: a made year of a plant: three kinds of day, Perez sky, six suns a half-hour, the inverter's own curve:
 * finer than the model of the fits, so that none meets its own copy. */
#ifndef WEATHER_YEAR_H
#define WEATHER_YEAR_H

#include "mizo/series.h"
#include "near.h"

enum { DAYS = 365, SLOTS = DAYS * 48 };

typedef struct year {
    mizo_pv_plant plant;
    int32_t wh[SLOTS];
    float index[SLOTS];
    uint64_t state;
} year;

static inline double chance(year *y)
{
    y->state = y->state * 6364136223846793005u + 1442695040888963407u;
    return (double)(y->state >> 11) / 9007199254740992.0;
}

static inline mizo_slot first_slot(void)
{
    return mizo_day_slot(mizo_date_day((mizo_date){ 2021, 1, 1 }), MIZO_JAPAN_OFFSET);
}

/* Days of three kinds: clear, broken, dull. */
static inline void make(year *y, mizo_panel panel, double clear_days)
{
    y->plant = mizo_pv_plant_usual(panel);
    y->state = 42;
    for (int d = 0; d < DAYS; d++) {
        double kind = chance(y), season = 15 - 11 * cos((d - 28) / 58.09);
        for (int s = 0; s < 48; s++) {
            double index = 0.97 + 0.04 * chance(y), luck = chance(y);
            if (kind >= clear_days)
                index = kind < 0.7 ? 0.25 + 0.8 * luck : 0.1 + 0.25 * luck;
            mizo_pv_span span = {
                mizo_slot_ms(first_slot() + d * 48 + s), MIZO_SLOT_MS, -1, index, season, 2
            };
            y->wh[d * 48 + s] =
                (int32_t)lround(mizo_pv_plant_mean(&y->plant, &span, 35.57, 139.66, 20).ac_w / 2);
            y->index[d * 48 + s] = (float)index;
        }
    }
}

static inline mizo_output shown(const year *y)
{
    return (mizo_output){ y->wh, SLOTS, first_slot(), MIZO_JAPAN_OFFSET, 35.57, 139.66, 20, NULL };
}

#endif
