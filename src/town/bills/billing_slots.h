/* billing_slots.h: one bill opened to its half-hours. */
#ifndef TOWN_BILLING_SLOTS_H
#define TOWN_BILLING_SLOTS_H

#include "base/json.h"
#include "town/bills/billing.h"

/* One bill opened to its half-hours, as the members of an object: from, to, wh, estimated (which), energy, wheeling (the
 * line of each), price_yen. What a market line takes differs by half-hour: price_yen is null for the others. "slots"
 * false: it was read by period. The errors of billing_make. */
MIZO_MUST_USE mizo_err billing_slots_json(town *t, mizo_day month, mizo_ms as_of, const char *contract,
                                          json *j);

#endif
