/* start.c: the files of `mizo init DIR`. They load without an error or a warning. */
#include "town/example/start.h"
#include "mizo/messages/region.h"

#include <string.h>

typedef struct start_file {
    const char *name, *text;
} start_file;

static const start_file files[] = {
    {"region.yaml",     "# The town itself. Every key: docs/formats/region.md, or `mizo check --schema`.\n"
                     "# まち全体。書けるキーは `mizo check --schema --lang ja`。\n"
                     "format: 1\n"
                     "id: my-town\n"
                     "name_ja: わたしのまち\n"
                     "name_en: My town\n"
                     "# Degrees, for the sun. / 緯度と経度(太陽の位置の計算に使う)\n"
                     "latitude: 35.53\n"
                     "longitude: 139.70\n"
                     "# Half-hours ahead of UTC; Japan is 18. / UTCとの差(30分単位)\n"
                     "offset_slots: 18\n"
                     "market_area: jepx-tokyo\n"
                     "# Keys that begin with x- are yours. / x- で始まるキーは自由に使える\n"
                     "x-note: write `mizo check .` after each change\n"               },
    { "facilities.csv", "id,name_ja,name_en,kind,bureau,entity,ward,group,floor_m2,pv_installable,from,to\n"
                        "city-hall,市役所,City hall,office,,,,public,5000,,,\n"},
    { "points.csv",     "id,number,voltage,reading,tariff,contract_kw,standing_kw,export,from,to\n"
                    "city-hall-1,,high,slot,hv,200,,no,,\n"                           },
    { "uses.csv",       "facility,building,point,share,from,to\n"
                  "city-hall,,city-hall-1,1,,\n"                                        },
    { "tariffs.csv",
     "id,name_ja,name_en,base_yen_per_kw,power_factor_pct,export_yen_per_kwh,measured_demand,unverified\n"
      "hv,高圧(仮),High voltage (made up),1800,100,0,yes,yes\n"                                       },
    { "rates.csv",      "tariff,months,days,time_from,time_to,yen_per_kwh\n"
                   "hv,7-9,weekday,13:00,16:00,26\n"
                   "hv,,,,,20\n"                                                       },
};
enum { NFILES = sizeof files / sizeof *files };

static mizo_err put_file(env *e, const char *dir, const start_file *f, mizo_diags *d)
{
    buf path;
    buf_init(&path, 1 << 14);
    buf_printf(&path, "%s/%s", dir, f->name);
    mizo_err err = path.err ? path.err : e->ops->write_file(e, path.p, f->text, strlen(f->text));
    if (err)
        MIZO_DIAG(d, FILE_UNWRITABLE, MIZO_NOWHERE, path.p ? path.p : dir);
    buf_fini(&path);
    return err;
}

/* True if any of the files is there: nothing that somebody wrote is ever overwritten. */
static bool taken(env *e, const char *dir)
{
    bool any = false;
    for (int i = 0; i < NFILES && !any; i++) {
        int64_t mtime, size;
        buf path;
        buf_init(&path, 1 << 14);
        buf_printf(&path, "%s/%s", dir, files[i].name);
        any = !path.err && e->ops->file_stamp(e, path.p, &mtime, &size) == MIZO_OK;
        buf_fini(&path);
    }
    return any;
}

mizo_err town_start(env *e, const char *dir, mizo_diags *d)
{
    if (taken(e, dir)) {
        MIZO_DIAG(d, REGION_START_TAKEN, MIZO_AT(dir, 0, 0), dir);
        return MIZO_ECONFLICT;
    }
    mizo_err err = e->ops->make_dir(e, dir);
    if (err) {
        MIZO_DIAG(d, FILE_UNWRITABLE, MIZO_NOWHERE, dir);
        return err;
    }
    /* region.yaml last: a directory that has it is whole. */
    for (int i = NFILES - 1; i >= 0; i--)
        MIZO_TRY(put_file(e, dir, &files[i], d));
    return MIZO_OK;
}
