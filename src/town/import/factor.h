/* factor.h: a point's power factor of a month, as a person read it: from a register, a paper, a file without it.
 *
 * A record `power-factor`, id POINT:YYYY-MM; a bill of that month takes it before what the operator's file confirmed. */
#ifndef TOWN_FACTOR_H
#define TOWN_FACTOR_H

#include "town/town.h"

/* month: its first day. percent_e2: per cent x 100, above 0, at most 10000. In one batch; earlier ones stay as versions.
 * *changed: another than what was kept. MIZO_ENOENT: no such point; MIZO_EINPUT: no such factor, no reason (all said). */
MIZO_MUST_USE mizo_err factor_put(town *t, const char *point, mizo_day month, int64_t percent_e2,
                                  const char *reason, const char *actor, bool *changed);

#endif
