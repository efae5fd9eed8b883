/* model.c: what is known of the model that runs, as a counted value. See live.h. */
#include <stdlib.h>

#include "town/live/live.h"

live_model *live_model_new(const mizo_region *r, mizo_ms since, bool refused, mizo_diags *d)
{
    live_model *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->refs = 1;
    m->region = mizo_region_ref(r);
    m->since = since;
    m->refused = refused;
    m->diags = d;
    return m;
}

live_model *live_model_ref(live_model *m)
{
    __atomic_add_fetch(&m->refs, 1, __ATOMIC_RELAXED);
    return m;
}

void live_model_unref(live_model *m)
{
    if (!m || __atomic_sub_fetch(&m->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    mizo_region_unref(m->region);
    mizo_diags_free(m->diags);
    free(m);
}
