/* match_residual.h: what the kWh are that nothing matched: the area's mix of the year without what others have bought
 * of it. docs/formats/factors.md */
#ifndef TOWN_MATCH_RESIDUAL_H
#define TOWN_MATCH_RESIDUAL_H

#include "base/json.h"
#include "mizo/carbon.h"

enum { RESIDUAL_UNKNOWN = MIZO_MIX_COUNT, RESIDUAL_KINDS };

typedef struct match_residual {
    mizo_wh wh;                 /* used and matched with nothing, or with what others claimed since */
    mizo_wh by[RESIDUAL_KINDS]; /* of it, by kind; the last: of days without a row of area-mix. Sums to wh */
    mizo_wh weighed;            /* while days are added: those with a factor, and what they come to */
    mizo_mg mg;
    int64_t g_e6; /* millionths of g/kWh, half up; -1: no mix, or a kind of it has no factor */
} match_residual;

/* The rest of one day, Wh >= 0. MIZO_ERANGE. */
MIZO_MUST_USE mizo_err residual_add(match_residual *x, const mizo_region *r, mizo_day day, mizo_wh rest);
/* All days are added: total is shared out in their proportion, by the largest remainder. */
MIZO_MUST_USE mizo_err residual_end(match_residual *x, mizo_wh total);
/* The object "residual_mix". */
void residual_json(const match_residual *x, json *j);

#endif
