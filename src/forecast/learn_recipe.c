/* learn_recipe.c: how much is spent on a series: a town's sum or an area's price deserves more than one of a
 * thousand sites. docs/mechanisms/learners.md */
#include "forecast/learn_inner.h"

#define SAME(o)                                                                                              \
    {                                                                                                        \
        LEARN_SAME, (o)                                                                                      \
    }

/* clang-format off */
static const learn_recipe recipes[] = {
    [MIZO_RICH] = {
        .keep = 380, /* a year and the weeks around it */
        .fit_days = 7,
        .parts = 8,
        .columns = 37,
        .column = {
            { LEARN_ONE, 0 }, { LEARN_USUAL, 0 }, { LEARN_FASTER, 0 },
            { LEARN_AWAY, 1 }, { LEARN_AWAY, 2 }, { LEARN_AWAY, 7 }, { LEARN_AWAY, 14 },
            { LEARN_ALIKE, 0 }, { LEARN_ALIKE, 1 }, { LEARN_AROUND, 1 }, { LEARN_AROUND, 7 },
            { LEARN_AWAY, 364 }, SAME(LEARN_YEAR_AGO),
            SAME(LEARN_MEAN1), SAME(LEARN_MEAN2), SAME(LEARN_WEEK), SAME(LEARN_EVENING), SAME(LEARN_LAST),
            SAME(LEARN_LAST_FREE), { LEARN_FREE_DAY, 1 }, SAME(LEARN_MEAN1_CHANGE),
            SAME(LEARN_CHANGED), SAME(LEARN_AFTER_FREE),
            SAME(LEARN_MONDAY), SAME(LEARN_MONDAY + 1), SAME(LEARN_MONDAY + 2), SAME(LEARN_MONDAY + 3),
            SAME(LEARN_MONDAY + 4),
            SAME(LEARN_KIND1), SAME(LEARN_KIND1 + 1), SAME(LEARN_KIND1 + 2), SAME(LEARN_KIND1 + 3),
            SAME(LEARN_SEASON), SAME(LEARN_SEASON + 1), SAME(LEARN_SEASON + 2), SAME(LEARN_SEASON + 3),
            SAME(LEARN_FREE_SEASON),
        },
        .memories = 3,
        .half_life = { 45, 180, 900 },
        .views = 5, /* slot by slot, and slots that learn together: steadier at first */
        .view = { { 0, 0 }, { 1, 0 }, { 2, 0 }, { 0, 8 }, { 1, 8 } },
        .plains = 6,
        .plain = { LEARN_SAYS_YESTERDAY, LEARN_SAYS_WEEK, LEARN_SAYS_WEEKS, LEARN_SAYS_USUAL,
                   LEARN_SAYS_FASTER, LEARN_SAYS_MIDDLE },
    },
    [MIZO_LEAN] = {
        .keep = 28,
        .fit_days = 7,
        .parts = 4,
        .columns = 13,
        .column = {
            { LEARN_ONE, 0 }, { LEARN_USUAL, 0 }, { LEARN_FASTER, 0 },
            { LEARN_AWAY, 1 }, { LEARN_AWAY, 2 }, { LEARN_AWAY, 7 }, { LEARN_ALIKE, 0 }, { LEARN_AROUND, 1 },
            SAME(LEARN_MEAN1), SAME(LEARN_WEEK), SAME(LEARN_EVENING),
            SAME(LEARN_CHANGED), SAME(LEARN_MONDAY),
        },
        .groups = 12,
        .memories = 2,
        .half_life = { 40, 150 },
        .views = 3,
        .view = { { 0, 6 }, { 1, 12 }, { 1, 3 } },
        .plains = 5,
        .plain = { LEARN_SAYS_YESTERDAY, LEARN_SAYS_WEEK, LEARN_SAYS_WEEKS, LEARN_SAYS_USUAL,
                   LEARN_SAYS_FASTER },
    },
};
/* clang-format on */

const learn_recipe *learn_recipe_of(mizo_recipe r)
{
    return (unsigned)r < sizeof recipes / sizeof *recipes ? &recipes[r] : NULL;
}
