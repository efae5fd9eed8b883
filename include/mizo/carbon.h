/* carbon.h: what it did for the climate. First version: the achievement ledger. Pure. */
#ifndef MIZO_CARBON_H
#define MIZO_CARBON_H

#include "mizo/number.h"
#include "mizo/region.h"

enum { MIZO_GRADES = 8 };

/* Rate = (renewable supply + saving) / demand, in exact Wh. */
typedef struct mizo_achievement {
    int fy;
    mizo_wh supply_wh, saving_wh, demand_wh; /* saving as a positive amount */
    int32_t rate_bp;                         /* hundredths of a percent, half-up: 4626 */
    int32_t rate_pct;                        /* whole percent, half-up: 46 */
    mizo_wh supply_by_grade[MIZO_GRADES], demand_by_grade[MIZO_GRADES]; /* by mizo_quality */
    int facilities, unreported;
} mizo_achievement;

/* MIZO_ERANGE: demand is not positive. */
MIZO_API MIZO_MUST_USE mizo_err mizo_achievement_rate(mizo_achievement *a);
/* From the published figures of the model. MIZO_ENOENT: none for fy; MIZO_EINPUT: an operand is
 * marked rounded, and a rate must not be computed from it (said in d). A rounded demand is allowed
 * only where its own row says that the plan-time figure is the definition (exactness "definition"). */
MIZO_API MIZO_MUST_USE mizo_err mizo_achievement_published(const mizo_region *r, int fy, mizo_diags *d,
                                                           mizo_achievement *out);
/* "約46％" and "about 46 %". */
MIZO_API void mizo_achievement_text(const mizo_achievement *a, const char *lang, char *out, size_t cap);
/* The sum with its exact operands, 46.26 %, and the rounding rule, as one line. */
MIZO_API void mizo_achievement_rule(const mizo_achievement *a, const char *lang, char *out, size_t cap);

#endif
