/* verify_flows.h: energy is neither made nor lost. docs/mechanisms/conservation.md
 *
 * In each slot of each point that the devices moved: import + pv + discharge = export + demand + vehicle +
 * charge, to the Wh; and a battery's charge rises by no more than it took and falls by no less than it gave. */
#ifndef TOWN_VERIFY_FLOWS_H
#define TOWN_VERIFY_FLOWS_H

#include "town/books/verify.h"
#include "town/books/verify_days.h"

typedef struct verify_flows verify_flows;

/* NULL: out of memory. */
verify_flows *verify_flows_new(const mizo_region *r);
void verify_flows_free(verify_flows *f);
/* The days in their order. */
void verify_flows_day(verify_flows *f, const verify_day *d, verify_result *out);
/* Says what was found, the first place of each kind; clears out->ok if energy was made or lost. */
void verify_flows_say(const verify_flows *f, mizo_diags *d, verify_result *out);

#endif
