/* entity.h: what a reporting entity used and gave off in a fiscal year: the city as one operator, a bureau, a facility.
 *
 * Fuels by fuels.csv of the year (heat value, carbon), gases that leaked by gwp.csv, electricity by menu with both its
 * factors: basic (the supplier's) and adjusted (the menu's). Heat of electricity and litres of oil are dated rows of
 * params.csv:
 *   electricity-heat     GJ for 1000 kWh bought; key "self": for 1000 kWh of one's own panels
 *   oil-equivalent       kL of crude oil for a GJ
 *   heat-gj, heat-co2    GJ counted, t-CO2, for a GJ of heat bought
 *   kg-per-m3            kg of a fuel (key: its kind) in a cubic metre of its gas
 *   gwp-set              key: the set of gwp.csv that holds for the year's results
 * What has no row is not counted, is named, and the sums are not whole. Each product is rounded once, half up. Pure. */
#ifndef CITY_ENTITY_H
#define CITY_ENTITY_H

#include "city/yearly.h"
#include "mizo/carbon.h"

/* Why a line could not be counted; NONE: it was. */
typedef enum entity_fault {
    ENTITY_NONE,
    ENTITY_NO_FUEL, /* fuels.csv has no row for the year */
    ENTITY_NO_UNIT, /* its unit is not one that the amount can be given in */
    ENTITY_NO_PARAM,
    ENTITY_NO_GWP,
    ENTITY_NO_FACTOR, /* of electricity */
    ENTITY_OLDER,     /* counted, but with a factor of an earlier year */
    ENTITY_TOO_LARGE
} entity_fault;
const char *entity_fault_text(entity_fault f, const char *lang);

/* A fuel, heat, a gas, or what own panels gave. */
typedef struct entity_line {
    const yearly_energy *energy;
    int64_t milli;         /* thousandths of energy->unit, as it was reported */
    int64_t counted;       /* the same in the unit of the kind that it is (energy->as) */
    const mizo_fuel *fuel; /* the row it was counted by */
    const mizo_gwp *gwp;
    const mizo_param *by; /* the row of params.csv: kg of a m3, heat, own panels */
    int64_t gj_e6, kl_e6; /* 0 of gases */
    mizo_mg co2;
    entity_fault fault;
    const char *lacks; /* what is missing, by name: "fuels.csv city-gas"; "" */
} entity_line;

typedef struct entity_power {
    mizo_ref menu; /* -1: no contract */
    mizo_wh wh;
    mizo_factor_found basic, adjusted;
    mizo_mg basic_mg, adjusted_mg;
    entity_fault fault;
} entity_power;

typedef struct entity_year {
    int fy;
    entity_line line[YEARLY_ENERGIES];
    int nline;
    entity_power *power; /* [npower] menus with Wh, in the model's order, no contract last */
    size_t npower;
    mizo_wh wh, self_wh;
    int64_t power_gj_e6, power_kl_e6;
    entity_fault power_fault; /* heat of electricity */
    const char *power_lacks;
    int64_t gj_e6, kl_e6;          /* of everything */
    mizo_mg fuel_mg;               /* energy CO2 of fuels and heat */
    mizo_mg basic_mg, adjusted_mg; /* of electricity */
    mizo_mg gas_mg;
    const char *gwp_set; /* "": no row says which */
    int faults;          /* lines that are not counted; 0: the sums are whole */
} entity_year;

typedef struct entity_ask {
    int fy;
    mizo_day as_of;       /* factors as published up to then; MIZO_DAY_NONE: all */
    const int64_t *milli; /* [YEARLY_ENERGIES] of the year, by place in yearly_energies; YEARLY_MISSING: none.
                               electricity and generation are not read here */
    const mizo_wh *by_menu; /* [nmenu + 1]; the last: no contract */
    mizo_wh self_wh;        /* what own panels gave */
} entity_ask;

MIZO_MUST_USE mizo_err entity_make(const mizo_region *r, const entity_ask *ask, entity_year *out);
void entity_free(entity_year *e);
/* Energy CO2 and all gases, by the basic or the adjusted factor of electricity. */
mizo_mg entity_energy_mg(const entity_year *e, bool adjusted);
mizo_mg entity_all_mg(const entity_year *e, bool adjusted);

#endif
