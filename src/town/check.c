/* check.c: a region directory read, counted and left alone. */
#include "town/check.h"

#include <string.h>

#include "city/books.h"
#include "region/load.h"
#include "region/schema.h"
#include "town/office/map.h"
#include "town/office/public.h"

mizo_err town_check(env *e, const char *dir, mizo_diags *d, town_count *out)
{
    const mizo_region *r;
    *out = (town_count){ 0 };
    mizo_err err = region_load(e, dir, d, &r, NULL);
    if (r) {
        out->accepted = true;
        memcpy(out->hash, r->hash, sizeof out->hash);
        out->facilities = r->nfacility;
        out->buildings = r->nbuilding;
        out->points = r->npoint;
        city_check(&(city_books){ .region = r, .as_of = MIZO_DAY_NONE }, d);
        public_check(r, d);
        town t = { .env = e, .dir = dir, .region = r, .diags = d };
        mizo_err map = map_check(&t);
        err = err ? err : map; /* the model stands; its map does not */
        out->assets = r->npv + r->nbattery + r->ncharger + r->nvehicle + r->nplant;
    }
    mizo_region_unref(r);
    out->errors = mizo_diags_count(d, MIZO_ERROR);
    out->warnings = mizo_diags_count(d, MIZO_WARNING) - out->errors;
    return err;
}

void town_schema(const char *lang, buf *out)
{
    for (int f = 0; f < FILE_COUNT; f++) {
        if (f)
            buf_char(out, '\n');
        region_schema_table((region_file)f, lang, out);
    }
}
