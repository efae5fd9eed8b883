/* score_json.h: the score as JSON, for `mizo forecast --score --json` and the API alike. docs/formats/api.md */
#ifndef TOWN_SCORE_JSON_H
#define TOWN_SCORE_JSON_H

#include "base/json.h"
#include "town/foresee/score.h"

/* What was judged: the result and the span. */
typedef struct score_card {
    const mizo_region *region;
    mizo_day from, to; /* [from, to) */
    int days;          /* ahead */
    score_result result;
} score_card;

/* The members of an object: from, to, days_ahead, points, silent_points, demand, pv, and `sites` with the `most`
 * that were missed most, in that order. */
void score_json(json *w, const score_card *c, size_t most);
/* The facility that uses a point; -1: none. */
mizo_ref score_facility(const mizo_region *r, mizo_ref point);
/* Its name, for people; the point's own id where there is none. */
const char *score_name(const mizo_region *r, mizo_ref point, bool ja);

#endif
