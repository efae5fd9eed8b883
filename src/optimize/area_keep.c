/* area_keep.c: a point that is kept from one solve to the next. Not the last: that stands at its bounds, and an interior
 * point does not come away from there. One on the way, well inside, where loads and prices that have moved a little are
 * within reach of a few steps. docs/mechanisms/area.md 2. */
#include <stdlib.h>

#include "optimize/area_own.h"

static size_t count(const mizo_area *a)
{
    return a->sites * (size_t)a->shape.is.nscenario;
}

uint16_t *area_point_of(const mizo_area *a, size_t block, int k)
{
    return a->kept_point + a->kept_at[a->member[a->block_member[block] + (size_t)k]];
}

static void forget(mizo_area *a)
{
    free(a->kept_point);
    free(a->kept_at);
    free(a->kept_nodes);
    a->kept_point = NULL;
    a->kept_at = NULL;
    a->kept_nodes = NULL;
    a->kept_count = 0;
}

/* Where each site's begins, from what is kept of its block; then where all end. */
static void lay(mizo_area *a)
{
    size_t all = 0;
    for (size_t i = 0; i < a->nblock; i++) {
        const lanes_block *b = a->block[i];
        size_t size = b ? lanes_kept_size(b->n, b->kind) : 1;
        for (int k = 0; k < (b ? b->sites : 1); k++) {
            a->kept_at[a->member[a->block_member[i] + (size_t)k]] = all;
            all += size;
        }
    }
    a->kept_at[a->kept_count] = all;
}

static bool ready(mizo_area *a)
{
    forget(a);
    a->kept_count = count(a);
    a->kept_at = malloc((a->kept_count + 1) * sizeof *a->kept_at);
    a->kept_nodes = malloc(master_kept_size(a->master) * sizeof *a->kept_nodes);
    if (a->kept_at) {
        lay(a);
        a->kept_point = malloc((a->kept_at[a->kept_count] + 1) * sizeof *a->kept_point);
    }
    if (a->kept_point && a->kept_nodes)
        return true;
    forget(a);
    return false;
}

void area_keep_point(mizo_area *a, const mizo_crew *crew, double mu)
{
    if (!ready(a))
        return;
    area_pass(a, crew, AREA_KEEP, 0, 0, false);
    master_keep(a->master, a->kept_nodes);
    a->kept_mu = mu;
    a->kept_from = a->shape.is.from;
}

bool area_has_point(const mizo_area *a)
{
    return a->kept_point && a->kept_count == count(a) && a->shape.is.from >= a->kept_from;
}

size_t area_point_bytes(const mizo_area *a)
{
    return a->kept_point ? a->kept_at[a->kept_count] * sizeof *a->kept_point +
                               (a->kept_count + 1) * sizeof *a->kept_at +
                               master_kept_size(a->master) * sizeof *a->kept_nodes
                         : 0;
}

/* What was at this hour a horizon ago stands for what is new at the end. */
int area_moved_on(const mizo_area *a)
{
    int64_t minutes = (a->shape.is.from - a->kept_from) * (MIZO_SLOT_S / 60);
    return (int)(minutes / a->shape.is.step_min % a->shape.is.n);
}
