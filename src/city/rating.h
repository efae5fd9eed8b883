/* rating.h: how nodes of a plan are evaluated, by the town's own scales (scales.csv): what the rule proposes, what was
 * decided. A person decides; both stand side by side. Pure. */
#ifndef CITY_RATING_H
#define CITY_RATING_H

#include "city/books.h"

const mizo_evaluation *city_evaluation(const mizo_region *r, const mizo_plan_node *node,
                                       int fy); /* NULL: none */

/* NULL: the scale has no such word. */
const mizo_rating *city_rating(const mizo_region *r, mizo_scale scale, const char *word);
/* As it is printed in "ja" or "en": "Ⅱ", "II"; and what it means. */
const char *city_rating_print(const mizo_rating *x, const char *lang);
const char *city_rating_name(const mizo_rating *x, const char *lang);
/* "A, B, C, D": of a scale, best first. */
void city_ratings_text(const mizo_region *r, mizo_scale scale, const char *lang, buf *out);
/* When the rule proposes it: "each outcome indicator reached its target"; "" where it asks nothing. */
void city_rating_rule(const mizo_rating *x, const char *lang, buf *out);

/* The first status of the scale whose conditions all hold in a node's outcome indicators of a year. An indicator without
 * a result in the year before counts as moved forward, one without an earlier result as better, but as having gone no way. */
typedef struct city_proposal {
    const mizo_rating *status; /* NULL: no outcome indicator has a target and a result, or no rule holds */
    int reached, targets;
} city_proposal;
MIZO_MUST_USE mizo_err city_propose(const city_books *b, const mizo_plan_node *node, int fy,
                                    city_proposal *out);
/* Years that a sheet shows up to the one that is evaluated; before them the result that it set out from. */
enum { CITY_SHEET_YEARS = 3 };
/* The first year before fy with a result, looking back over half a century. MIZO_ENOENT: none. */
MIZO_MUST_USE mizo_err city_first_result(const city_books *b, const mizo_indicator *i, int fy,
                                         city_value *out);

#endif
