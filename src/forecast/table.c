/* table.c: the forecasters, in one place. */
#include "mizo/forecast.h"

#include <stddef.h>

static const mizo_forecaster *const members[] = { &mizo_forecaster_similar_day, &mizo_forecaster_last_week,
                                                  &mizo_forecaster_sun_sky, &mizo_forecaster_price, NULL };

const mizo_forecaster *const *mizo_forecasters(void)
{
    return members;
}
