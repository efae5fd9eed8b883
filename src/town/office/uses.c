/* uses.c: see uses.h. */
#include "town/office/uses.h"

#include <stdlib.h>
#include <string.h>

#include "mizo/number.h"

/* Uses by point: a count, then the places. */
static void sort_uses(point_uses *x)
{
    const mizo_region *r = x->region;
    for (size_t i = 0; i < r->nuse; i++)
        x->first[r->use[i].point + 1]++;
    for (size_t p = 0; p < r->npoint; p++)
        x->first[p + 1] += x->first[p];
    for (size_t i = r->nuse; i-- > 0;) { /* from behind: first[p + 1] counts down to where p + 1 begins */
        size_t *end = &x->first[r->use[i].point + 1];
        x->use[--*end] = &r->use[i];
    }
    memmove(x->first, x->first + 1, r->npoint * sizeof *x->first);
    x->first[r->npoint] = r->nuse;
}

mizo_err point_uses_init(const mizo_region *r, point_uses *x)
{
    *x = (point_uses){ .region = r,
                       .use = calloc(r->nuse + 1, sizeof *x->use),
                       .first = calloc(r->npoint + 2, sizeof *x->first) };
    if (!x->use || !x->first) {
        point_uses_fini(x);
        return MIZO_ENOMEM;
    }
    sort_uses(x);
    return MIZO_OK;
}

void point_uses_fini(point_uses *x)
{
    free(x->use);
    free(x->first);
    *x = (point_uses){ .region = NULL };
}

void point_uses_each(const point_uses *x, mizo_ref point, mizo_day day, point_uses_fn fn, void *arg)
{
    int64_t ppm = 0;
    for (size_t i = x->first[point]; i < x->first[point + 1]; i++) {
        const mizo_use *u = x->use[i];
        if (day < u->from || day >= u->to || ppm + u->share_ppm > MIZO_PPM)
            continue;
        fn(arg, u->facility, ppm, ppm + u->share_ppm);
        ppm += u->share_ppm;
    }
}

mizo_wh part_of(mizo_wh wh, int64_t a, int64_t b)
{
    mizo_wh out = 0;
    if (a == 0 || a == b) /* most pieces are whole */
        return a ? wh : 0;
    if (mizo_mul_div(wh, a, b, MIZO_ROUND_DOWN, &out))
        return 0; /* cannot be: a is not above b */
    return out;
}
