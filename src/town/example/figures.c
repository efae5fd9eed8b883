/* figures.c: the model of the example's published figures alone, in memory. */
#include <stdlib.h>
#include <string.h>

#include "town/example/example.h"
#include "town/example/parts.h"

enum { MOST = 40 };

/* What a region directory must have beside the city's files. */
static bool wanted(const char *name, int i)
{
    static const char *const needed[] = { "region.yaml", "facilities.csv", "points.csv", "uses.csv" };
    for (size_t k = 0; k < sizeof needed / sizeof *needed; k++)
        if (strcmp(name, needed[k]) == 0)
            return true;
    return i < ex_city_files && !strstr(name, ".geojson"); /* a picture, not a file of the model */
}

mizo_err town_example_figures(mizo_diags *d, const mizo_region **out)
{
    ex_town *nothing = calloc(1, sizeof *nothing); /* no facility, no point: headers alone */
    mizo_file file[MOST];
    buf text[MOST], b;
    size_t n = 0;
    const char *name;
    mizo_err e = nothing ? MIZO_OK : MIZO_ENOMEM;
    buf_init(&b, 0);
    for (int i = 0; !e && (name = ex_file(nothing, i, &b)) != NULL; i++) {
        if (!wanted(name, i))
            continue;
        if (n == MOST) {
            e = MIZO_EFULL;
            break;
        }
        buf_init(&text[n], 0);
        buf_add(&text[n], b.p, b.n);
        e = b.err ? b.err : text[n].err;
        file[n] = (mizo_file){ name, text[n].p, text[n].n };
        n++;
    }
    if (!e)
        e = mizo_region_build(file, n, d, out);
    while (n)
        buf_fini(&text[--n]);
    buf_fini(&b);
    free(nothing);
    return e;
}
