/* market.h: the market's price as the running town knows it: today's and, once they are out, tomorrow's are published;
 * beyond that it is forecast. Told at midnight, asked each slot. docs/mechanisms/closed-loop.md */
#ifndef TOWN_MARKET_H
#define TOWN_MARKET_H

#include "mizo/region.h"
#include "store/store.h"

enum { MARKET_DAYS = 3, MARKET_SLOTS = MARKET_DAYS * MIZO_DAY_SLOTS };
typedef struct market market;
market *market_new(void);
void market_free(market *m); /* NULL is fine */
/* The slot of `day` from which the prices of the day after are known: the first that begins at or after `spot-known`
 * (minutes of the day before) of params.csv on that later day. MIZO_DAY_SLOTS: no row, or out of range; then they
 * are forecast until their own day begins. */
int market_known_from(const mizo_region *r, mizo_day day);
/* The same of `spot-close`: from that slot on what is bought for the day after is fixed. No row: never before it begins. */
int market_closes_at(const mizo_region *r, mizo_day day);
/* Milli-yen per kWh of the half-hours from today's first on, as known in slot `of_day` of the day, borrowed until the
 * next call: MIZO_MISSING where nobody knows. Days follow one another, or the past is read anew. The store's errors. */
MIZO_MUST_USE mizo_err market_prices(market *m, const mizo_region *r, store *s, mizo_day day, int of_day,
                                     const int32_t **myen);

#endif
