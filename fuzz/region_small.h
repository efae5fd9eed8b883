/* region_small.h: a small good directory; a fuzzer puts its bytes in place of one of the files. */
#ifndef FUZZ_REGION_SMALL_H
#define FUZZ_REGION_SMALL_H

#include <stdlib.h>

#include "../tests/unit/region/sound.h"

#define SMALL_FILE(name, text)                                                                               \
    {                                                                                                        \
        name, text, sizeof(text) - 1                                                                         \
    }
static const mizo_file region_small[] = {
    SMALL_FILE("region.yaml", "format: 1\nid: v\nlatitude: 35\nlongitude: 139\nmarket_area: jepx-tokyo\n"),
    SMALL_FILE("facilities.csv", "id,kind\ndepot,depot\nschool,school\n"),
    SMALL_FILE("buildings.csv", "id\nhall\n"),
    SMALL_FILE("suppliers.csv", "id\nbig\n"),
    SMALL_FILE("menus.csv", "id,supplier,renewable_share,g_per_kwh\nplain,big,0,456\n"),
    SMALL_FILE("tariffs.csv", "id,measured_demand\nhv,yes\n"),
    SMALL_FILE("rates.csv",
               "tariff,months,days,time_from,time_to,yen_per_kwh\nhv,7-9,weekday,13:00,16:00,26\n"
               "hv,,,,,16\n"),
    SMALL_FILE("points.csv", "id,voltage,reading,tariff,contract_kw\np-depot,high,slot,hv,150\n"
                             "p-lamps,low,lamp,hv,5\np-school,high,slot,hv,90\n"),
    SMALL_FILE("uses.csv", "facility,building,point,share\ndepot,,p-depot,1\ndepot,,p-lamps,1\n"
                           "school,hall,p-school,0.6\ndepot,hall,p-school,0.4\n"),
    SMALL_FILE("supply.csv", "point,menu,from,to\np-depot,plain,2023-04-01,\n"),
    SMALL_FILE("pv.csv", "id,point,dc_kw,ac_kw,tilt_deg,azimuth_deg\npv,p-depot,60,50,10,180\n"),
    SMALL_FILE("batteries.csv", "id,point,energy_kwh,charge_kw,discharge_kw\nbat,p-depot,100,50,50\n"),
    SMALL_FILE("chargers.csv", "id,point,max_kw,min_kw\nch,p-depot,6,1.4\n"),
    SMALL_FILE("vehicles.csv", "id,charger,energy_kwh\nvan,ch,40\n"),
    SMALL_FILE("plants.csv", "id,capacity_kw\nmill,500\n"),
    SMALL_FILE("published.csv", "fy,item,value,unit,exactness,source\n2023,demand,4,kWh,exact,x\n"),
    SMALL_FILE("reported.csv", "facility,fy,on\nschool,2023,2024-05-01\n"),
    SMALL_FILE("lamps.csv", "point,watts,count,hours_a_day\np-lamps,42,30,11.2\n"),
};
enum { REGION_SMALL = sizeof region_small / sizeof *region_small };

/* Builds it with one file replaced: a sound model, or an error that is said. */
static inline void region_try(const char *name, const char *bytes, size_t n)
{
    mizo_file files[REGION_SMALL];
    memcpy(files, region_small, sizeof files);
    for (size_t i = 0; i < REGION_SMALL; i++)
        if (strcmp(files[i].name, name) == 0)
            files[i] = (mizo_file){ files[i].name, bytes, n };
    const mizo_region *r = NULL;
    mizo_diags *d = mizo_diags_new(0);
    if (!d)
        return;
    mizo_err e = mizo_region_build(files, REGION_SMALL, d, &r);
    bool fine = e == MIZO_OK ? r && sound_model(r) && !mizo_diags_count(d, MIZO_ERROR)
                             : e == MIZO_EINPUT && !r && mizo_diags_count(d, MIZO_ERROR);
    if (!fine)
        abort();
    for (size_t i = 0; i < mizo_diags_kept(d); i++) {
        char text[512];
        mizo_diag_text(mizo_diags_at(d, i), i & 1 ? "ja" : "en", text, sizeof text);
    }
    mizo_region_unref(r);
    mizo_diags_free(d);
}

#endif
