/* bands_inner.h: what foresight asks of bands besides the public face. Known to src/forecast alone. */
#ifndef FORECAST_BANDS_INNER_H
#define FORECAST_BANDS_INNER_H

#include "mizo/foresight.h"

/* The leads whose misses are told apart; those between take the next longer one. */
enum { BANDS_LEADS = 4 };
extern const int bands_lead[BANDS_LEADS];

size_t bands_bytes(const mizo_bands *b);

#endif
