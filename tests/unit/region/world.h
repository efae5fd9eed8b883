/* world.h: the village built, for tests of its model. */
#ifndef TEST_REGION_WORLD_H
#define TEST_REGION_WORLD_H

#include "village.h"

typedef struct world {
    village v;
    const mizo_region *r;
} world;

static inline int set_up(void **state)
{
    world *w = calloc(1, sizeof *w);
    mizo_diags *d = mizo_diags_new(0);
    village_load(&w->v);
    assert_int_equal(mizo_region_build(w->v.file, w->v.n, d, &w->r), MIZO_OK);
    mizo_diags_free(d);
    *state = w;
    return 0;
}

static inline int tear_down(void **state)
{
    world *w = *state;
    mizo_region_unref(w->r);
    village_free(&w->v);
    free(w);
    return 0;
}

static inline mizo_day day(int y, int m, int d)
{
    return mizo_date_day((mizo_date){ y, m, d });
}

#endif
