/* sound.h: what every accepted model keeps, whatever the files were. Shared by the tests and the fuzzers. */
#ifndef TESTS_UNIT_REGION_SOUND_H
#define TESTS_UNIT_REGION_SOUND_H

#include <string.h>

#include "mizo/region.h"

static inline bool sound_ref(mizo_ref ref, size_t n)
{
    return ref >= 0 && (size_t)ref < n;
}

static inline bool sound_ids(const mizo_region *r)
{
    for (size_t i = 1; i < r->nfacility; i++)
        if (strcmp(r->facility[i - 1].id, r->facility[i].id) >= 0)
            return false;
    for (size_t i = 1; i < r->npoint; i++)
        if (strcmp(r->point[i - 1].id, r->point[i].id) >= 0)
            return false;
    for (size_t i = 0; i < r->nload; i++) {
        const mizo_load *l = &r->load[i];
        if (!sound_ref(l->point, r->npoint) || l->slot_from >= l->slot_to)
            return false;
        if (l->kind == MIZO_LOAD_DRAW && (!sound_ref(l->battery, r->nbattery) || l->energy_wh <= 0 ||
                                          r->battery[l->battery].point != l->point))
            return false;
        if (l->kind == MIZO_LOAD_RUN &&
            (l->power_w <= 0 || l->minutes <= 0 || (l->minutes + 29) / 30 > l->slot_to - l->slot_from))
            return false;
    }
    for (size_t i = 0; i < r->npv; i++)
        if (mizo_region_pv(r, r->pv[i].id) != (mizo_ref)i)
            return false;
    return true;
}

static inline bool sound_refs(const mizo_region *r)
{
    for (size_t i = 0; i < r->npoint; i++)
        if (r->point[i].tariff != -1 && !sound_ref(r->point[i].tariff, r->ntariff))
            return false;
    for (size_t i = 0; i < r->nuse; i++)
        if (!sound_ref(r->use[i].facility, r->nfacility) || !sound_ref(r->use[i].point, r->npoint) ||
            (r->use[i].building != -1 && !sound_ref(r->use[i].building, r->nbuilding)))
            return false;
    for (size_t i = 0; i < r->nsupply; i++)
        if (!sound_ref(r->supply[i].point, r->npoint) || !sound_ref(r->supply[i].menu, r->nmenu))
            return false;
    for (size_t i = 0; i < r->nmenu; i++)
        if (!sound_ref(r->menu[i].supplier, r->nsupplier))
            return false;
    for (size_t i = 0; i < r->nvehicle; i++)
        if (!sound_ref(r->vehicle[i].charger, r->ncharger))
            return false;
    for (size_t i = 0; i < r->nreported; i++)
        if (!sound_ref(r->reported[i].facility, r->nfacility))
            return false;
    return true;
}

static inline bool sound_assets(const mizo_region *r)
{
    for (size_t i = 0; i < r->npv; i++)
        if (!sound_ref(r->pv[i].point, r->npoint) || r->pv[i].ac_w <= 0)
            return false;
    for (size_t i = 0; i < r->nbattery; i++) {
        const mizo_battery *b = &r->battery[i];
        if (!sound_ref(b->point, r->npoint) || b->charge_w <= 0 ||
            (b->discharge_w <= 0 && b->kind == MIZO_STORE_BATTERY) || b->soc_min_ppm > b->reserve_ppm ||
            b->reserve_ppm >= b->soc_max_ppm || b->charge_ppm < MIZO_PPM / 2)
            return false;
    }
    for (size_t i = 0; i < r->ncharger; i++)
        if (!sound_ref(r->charger[i].point, r->npoint) || r->charger[i].min_w > r->charger[i].max_w)
            return false;
    return true;
}

/* Each tariff has a price everywhere, and each contract stands alone on its first day. */
static inline bool sound_rules(const mizo_region *r)
{
    for (size_t t = 0; t < r->ntariff; t++)
        for (mizo_day d = 19358; d < 19358 + 400; d += 3)
            for (int s = 0; s < 48; s += 5)
                if (mizo_region_rate(r, (mizo_ref)t, d, s) < 0)
                    return false;
    for (size_t i = 1; i < r->nsupply; i++)
        if (r->supply[i].point == r->supply[i - 1].point && r->supply[i].from < r->supply[i - 1].to)
            return false;
    return strlen(r->hash) == 64;
}

static inline bool sound_model(const mizo_region *r)
{
    return sound_ids(r) && sound_refs(r) && sound_assets(r) && sound_rules(r);
}

#endif
