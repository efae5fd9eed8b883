/* match_slot.h: one recorded half-hour: what each source made and gave, what each point used and got, and who fed whom.
 * From the readings by the rule of matching; what batteries hold is followed from a few days before. */
#ifndef TOWN_MATCH_SLOT_H
#define TOWN_MATCH_SLOT_H

#include "base/json.h"
#include "town/proof/match_report.h"

/* Runs fn on the slot's day. MIZO_ENOENT: nothing is recorded of it. */
typedef mizo_err (*match_slot_fn)(void *arg, match_town *t, const match_today *d, int slot);
MIZO_MUST_USE mizo_err match_slot_run(store *s, const mizo_region *r, mizo_slot slot, match_slot_fn fn,
                                      void *arg);

/* The members of its object. of: id of a source or point whose pairs are wanted; NULL: none. What stands in j is of no
 * use after an error. */
MIZO_MUST_USE mizo_err match_slot_json(store *s, const mizo_region *r, mizo_slot slot, const char *of,
                                       json *j);

#endif
