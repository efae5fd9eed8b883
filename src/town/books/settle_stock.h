/* settle_stock.h: what the batteries held before a day, as the journal says. */
#ifndef TOWN_SETTLE_STOCK_H
#define TOWN_SETTLE_STOCK_H

#include "town/books/settle_flow.h"

/* Fills the stocks of t for the points whose batteries moved on the day: what storage:<point> holds of days up to
 * this one, without what the day itself has posted (past). */
MIZO_MUST_USE mizo_err settle_stock(store *s, const mizo_region *r, const settle_day *in, const flows *past,
                                    match_town *t);

#endif
