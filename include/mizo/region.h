/* region.h: the model of a town. What the town is, not what happened in it.
 *
 * A region directory (docs/formats/region.md) is loaded into one immutable,
 * reference-counted model; a change of the files makes the next model. Arrays
 * are sorted by text id, references between them are indices (mizo_ref), -1 is
 * none. Validity is [from, to) in local days; MIZO_DAY_NONE: until further notice.
 * Every string is UTF-8, owned by the model. Absent text is "".
 */
#ifndef MIZO_REGION_H
#define MIZO_REGION_H

#include "mizo/attribute.h"
#include "mizo/balancing.h"
#include "mizo/civic.h"
#include "mizo/duty.h"
#include "mizo/meters.h"
#include "mizo/number.h"
#include "mizo/payment.h"
#include "mizo/series.h"
#include "mizo/trade.h"

typedef enum mizo_group { MIZO_GROUP_PUBLIC, MIZO_GROUP_PRIVATE } mizo_group;

typedef struct mizo_facility {
    const char *id, *name_ja, *name_en;
    const char *kind;       /* "school", "ward-office" ...: free text id */
    const char *owner_code; /* of the owner's asset register */
    const char *bureau;
    const char *entity; /* reporting entity */
    const char *ward;
    mizo_group group;
    int32_t lat_e6, lon_e6; /* 0,0: unknown */
    int32_t floor_m2;
    int8_t pv_installable; /* 1 yes, 0 no, -1 not yet judged */
    mizo_day from, to;
} mizo_facility;

typedef struct mizo_building {
    const char *id, *name_ja, *name_en;
    int32_t floor_m2, built; /* year, 0 unknown */
} mizo_building;

typedef enum mizo_voltage { MIZO_LOW, MIZO_HIGH, MIZO_EXTRA_HIGH } mizo_voltage;
enum { MIZO_VOLTAGES = MIZO_EXTRA_HIGH + 1 };
/* MIZO_BY_VIRTUAL: by the row of virtual.csv with the point's id, for a contract on it. */
typedef enum mizo_reading_kind {
    MIZO_BY_SLOT,
    MIZO_BY_PERIOD,
    MIZO_BY_LAMP,
    MIZO_BY_VIRTUAL
} mizo_reading_kind;

typedef struct mizo_point {
    const char *id;
    const char *number; /* 22-digit supply point, an attribute */
    mizo_voltage voltage;
    mizo_reading_kind reading;
    mizo_ref tariff;
    int32_t contract_w; /* physical limit of the point; plans never exceed it */
    int32_t standing_w; /* highest 30-minute power of the past 12 months, already paid for; 0 unknown */
    bool export_allowed;
    int32_t keep_import_w; /* margin above the reverse-power relay: import stays at least so high; 0 none */
    int32_t agreed_w;      /* agreed power (500 kW and more), above which the excess charge holds; 0 none */
    mizo_ref node;         /* where it hangs in the town's tree; -1: on the town itself */
    int64_t lamp_mw;       /* BY_LAMP: sum of watts of all lamps, in mW */
    int32_t lamp_minutes;  /* BY_LAMP: burning minutes of a day, averaged over a year */
    mizo_day from, to;
} mizo_point;

/* This facility, in that building, uses that point with this share. Many to many. */
typedef struct mizo_use {
    mizo_ref facility, building /* -1: none */, point;
    int32_t share_ppm;
    mizo_day from, to;
} mizo_use;

typedef struct mizo_supplier {
    const char *id, *name_ja, *name_en;
} mizo_supplier;

typedef struct mizo_menu {
    const char *id, *name_ja, *name_en;
    mizo_ref supplier;
    mizo_promise promise;
    int32_t renewable_ppm; /* share of the kWh that is renewable with its value: 1000000 for a 100 % menu */
    int32_t g_per_kwh;     /* market-based factor */
    bool unverified;       /* the factor carries a mark */
} mizo_menu;

typedef struct mizo_supply {
    mizo_ref point, menu;
    mizo_day from, to;
} mizo_supply;

typedef struct mizo_pv {
    const char *id;
    mizo_ref point;
    int32_t dc_w, ac_w;
    int16_t tilt_deg, azimuth_deg; /* azimuth clockwise from north: 180 south */
    bool fit;                      /* its surplus is sold under FIT: no value */
    bool grant;                    /* under grant conditions: may not be sold with FIT */
    mizo_day from, to;
} mizo_pv;

/* A heater is a store of hot water, hydrogen a set that makes, keeps and burns it: both may be drawn from (mizo_load). */
typedef enum mizo_store_kind { MIZO_STORE_BATTERY, MIZO_STORE_HEATER, MIZO_STORE_HYDROGEN } mizo_store_kind;

typedef struct mizo_battery {
    const char *id;
    mizo_ref point;
    mizo_store_kind kind;
    int32_t energy_wh;                             /* nominal */
    int32_t charge_w, discharge_w;                 /* inverter limits, AC */
    int32_t soc_min_ppm, soc_max_ppm, reserve_ppm; /* window; reserve kept for a blackout, >= min */
    int32_t charge_ppm, discharge_ppm;             /* one-way efficiencies */
    int32_t wear_myen;                             /* milli-yen per kWh discharged */
    int32_t loss_ppm_h;                            /* of what is stored, lost in an hour */
    bool own_pv_only, site_only; /* grant conditions: charges from own PV, serves the site */
    mizo_day from, to;
} mizo_battery;

typedef struct mizo_charger {
    const char *id;
    mizo_ref point;
    int32_t max_w, min_w;     /* 0 or min..max */
    int32_t efficiency_ppm;   /* AC to the vehicle's battery */
    int32_t give_w, give_ppm; /* gives back from the vehicle; 0: does not */
    mizo_day from, to;
} mizo_charger;

typedef struct mizo_vehicle {
    const char *id;
    mizo_ref charger;
    int32_t energy_wh; /* capacity */
    int32_t least_ppm; /* giving back leaves so much in it */
    int32_t wear_myen; /* per kWh given back */
} mizo_vehicle;

/* What a plan may move, or a store must give. A run waits and then runs through, on each of its days between
 * slot_from and slot_to; a draw takes its energy from a store evenly between them. */
typedef enum mizo_load_kind { MIZO_LOAD_RUN, MIZO_LOAD_DRAW } mizo_load_kind;
typedef struct mizo_load {
    const char *id;
    mizo_ref point;
    mizo_load_kind kind;
    int32_t power_w, minutes; /* of a run */
    mizo_ref battery;         /* of a draw, else -1 */
    int32_t energy_wh;        /* of a draw, a day */
    uint8_t daytypes;         /* as of a rate */
    uint8_t slot_from, slot_to;
    mizo_day from, to;
} mizo_load;

/* A waste-to-energy plant: its generation series is what it sends out. */
typedef struct mizo_plant {
    const char *id, *name_ja, *name_en;
    int32_t capacity_w, biogenic_ppm;
    mizo_carrier carrier;
    bool outside; /* of the town */
    bool fit;     /* no value until a certificate is assigned */
    mizo_day from, to;
} mizo_plant;

/* A furnace of a plant with its generator, as its makers and its past have it. */
typedef struct mizo_furnace {
    mizo_ref plant;
    const char *id;        /* within the plant */
    int32_t capacity_w;    /* generated when it burns alone at full load */
    int32_t own_w;         /* what it takes itself while it burns */
    int32_t kwh_per_tonne; /* generated of a tonne of waste; 0 unknown */
    int32_t trips_milli;   /* unplanned stops in 1000 hours of burning, in thousandths */
    int32_t repair_tenths; /* mean hours until it burns again, in tenths */
    mizo_day from, to;
} mizo_furnace;

/* What the plan says of a furnace, or of all of a plant (furnace ""). Where several hold, the one that sends out
 * least; where none does, it burns in full. */
typedef enum mizo_burning { MIZO_BURN, MIZO_REDUCED, MIZO_MAINTENANCE, MIZO_OUTAGE } mizo_burning;
typedef struct mizo_burn_plan {
    mizo_ref plant;
    const char *furnace;
    mizo_burning state;
    int32_t output_w;      /* generated; -1: not said */
    int32_t tonnes_tenths; /* a day, in tenths; -1: not said */
    const char *note;
    mizo_day from, to;
} mizo_burn_plan;

/* Days outside term of all facilities of a kind: schools in summer. */
typedef struct mizo_term {
    const char *kind; /* of mizo_facility */
    const char *name_ja, *name_en;
    mizo_day from, to;
    const char *source;
} mizo_term;

/* A place where flows meet and a limit may stand: a feeder, a district, a group of sites with an obligation. The
 * town itself is above all of them. */
typedef enum mizo_node_kind { MIZO_NODE_PHYSICAL, MIZO_NODE_OBLIGATION } mizo_node_kind;
typedef struct mizo_node {
    const char *id, *name_ja, *name_en;
    const char *parent_id;
    mizo_ref parent;            /* -1: the town */
    int32_t import_w, export_w; /* highest net import, export of all below; -1: none */
    int32_t over_myen;          /* of an obligation: a kWh beyond it */
    mizo_node_kind kind;        /* physical: kept at any price */
} mizo_node;

/* For a while a node (-1: the town) is to stay below this: a call for demand response, a reservation.
 * On days [from, to), in slots [slot_from, slot_to) of each. */
typedef struct mizo_obligation {
    mizo_ref node;
    const char *name_ja, *name_en;
    mizo_day from, to;
    uint8_t slot_from, slot_to;
    int32_t import_w, export_w; /* -1: none */
    int32_t over_myen;          /* a kWh beyond it */
} mizo_obligation;

/* One price of a tariff: months are a bit mask (bit 0 January), day types a bit
 * mask of 1 << mizo_daytype, slots [slot_from, slot_to) of the day. The first
 * row that matches holds. */
typedef struct mizo_rate {
    mizo_ref tariff;
    uint16_t months;
    uint8_t daytypes;
    uint8_t slot_from, slot_to;
    int32_t myen_per_kwh;
    int32_t line; /* in its file */
} mizo_rate;

typedef struct mizo_tariff {
    const char *id, *name_ja, *name_en;
    int32_t base_myen_per_kw; /* a month, for the contract power */
    int32_t power_factor_pct; /* base charge x (185 - pf) / 100; 0: not applied */
    int32_t export_myen_per_kwh;
    bool measured_demand; /* contract kW = highest of 12 months (実量制) */
    mizo_ref rate_first, rate_count;
    bool unverified;
    int32_t line; /* in its file */
} mizo_tariff;

/* A figure that somebody published, with its source. Never computed. */
typedef struct mizo_published {
    int fy;
    const char *item;      /* an indicator's id: "re-supply", "saving", "demand" */
    int64_t value_e6;      /* in unit */
    const char *unit;      /* "kWh" */
    const char *exactness; /* "exact" or "rounded": a rounded operand is refused in a rate */
    int64_t step_e6;       /* of a rounded one: to this, in unit; 0: to 1 */
    mizo_vintage vintage;
    mizo_day on; /* of its publication; INT32_MIN: not known */
    const char *source, *note;
} mizo_published;

/* Who has reported which year, when. */
typedef struct mizo_reported {
    mizo_ref facility;
    int fy;
    mizo_day on; /* MIZO_DAY_NONE: not yet */
} mizo_reported;

struct mizo_region {
    const char *id, *name_ja, *name_en;
    int offset; /* slots ahead of UTC */
    int32_t lat_e6, lon_e6;
    const char *market_area;     /* owner id of the price series, "jepx-tokyo" */
    const char *weather_station; /* owner id of the weather that is the town's; "": the town's own id */
    const char *weather_url;     /* of the forecast service, with {lat} and {lon}; "": none is asked */
    const char *weather_note;    /* whose data it is and under which licence */
    int32_t weather_every_hours;
    int32_t grid_g_per_kwh; /* location-based factor */
    bool grid_unverified;
    bool public_reading;        /* pages and figures are read without a login from any address */
    bool public_page;           /* /public is shown to everybody */
    const char *public_figures; /* indicators that it shows, the headline first */
    int32_t public_floor;       /* fewest facilities of a sum on it */
    const char *map_file, *map_name, *map_name_en,
        *map_note;        /* outlines of the wards (GeoJSON), the properties that name them, whose they are */
    mizo_day clock_start; /* where a simulated clock begins; MIZO_DAY_NONE: at the first reading */
    int32_t feeder_w;     /* limit of the whole region's import, 0 none */
    bool market_paid;     /* the town pays the market for what it buys, on top of what the sites pay */
    int32_t town_peak_myen_per_kw,
        town_standing_w;      /* of the town's purchase: each kW above what is paid for */
    int32_t carbon_yen_per_t; /* price of the CO2 of what the town buys */
    int32_t unmatched_myen;   /* wish: a kWh that the town must buy in a half-hour, on top */

    const mizo_facility *facility;
    size_t nfacility;
    const mizo_building *building;
    size_t nbuilding;
    const mizo_point *point;
    size_t npoint;
    const mizo_use *use;
    size_t nuse; /* sorted by facility */
    const mizo_supplier *supplier;
    size_t nsupplier;
    const mizo_menu *menu;
    size_t nmenu;
    const mizo_supply *supply;
    size_t nsupply; /* sorted by point, from */
    const mizo_pv *pv;
    size_t npv; /* the asset tables: sorted by point, id */
    const mizo_battery *battery;
    size_t nbattery;
    const mizo_charger *charger;
    size_t ncharger;
    const mizo_vehicle *vehicle;
    size_t nvehicle;
    const mizo_load *load;
    size_t nload;
    const mizo_plant *plant;
    size_t nplant;
    const mizo_furnace *furnace;
    size_t nfurnace; /* by plant, in file order */
    const mizo_burn_plan *burn_plan;
    size_t nburn_plan; /* by plant, then first day */
    const mizo_term *term;
    size_t nterm; /* by kind, then first day */
    const mizo_node *node;
    size_t nnode;
    const mizo_obligation *obligation;
    size_t nobligation; /* by node, then first day, then time */
    const mizo_bg *bg;
    size_t nbg; /* balancing groups: by first day, then id */
    const mizo_source *source;
    size_t nsource; /* by id */
    const mizo_meter *meter;
    size_t nmeter; /* by point, then first day */
    const mizo_virtual *virtual_point;
    size_t nvirtual_point; /* by id */
    const mizo_code *operator_code, *plan_code;
    size_t noperator_code, nplan_code; /* in file order */
    const mizo_tariff *tariff;
    size_t ntariff;
    const mizo_rate *rate;
    size_t nrate; /* by tariff, in file order */
    const mizo_published *published;
    size_t npublished;
    const mizo_reported *reported;
    size_t nreported;

    const mizo_party *party; /* trade.h */
    size_t nparty;
    const mizo_contract *contract;
    size_t ncontract;
    const mizo_ref *contract_by_point; /* [ncontract] by point, then first day */
    const mizo_charge *charge;
    size_t ncharge; /* by tariff, in file order */
    const mizo_param *param;
    size_t nparam; /* by name, key, first day */
    const mizo_rounding *rounding;
    size_t nrounding; /* by chain, then step */
    const mizo_pool *pool;
    size_t npool; /* by order, then id */
    const mizo_pool_member *member;
    size_t nmember; /* by pool, then side */
    const mizo_biogenic *biogenic;
    size_t nbiogenic; /* by plant, then first day */
    const mizo_factor *factor;
    size_t nfactor; /* by year, then day of publication */
    const mizo_fuel *fuel;
    size_t nfuel; /* by fuel, then first day */
    const mizo_marginal *marginal;
    size_t nmarginal; /* by price */

    const mizo_issuer *issuer; /* payment.h */
    size_t nissuer;            /* by first day */
    const mizo_bank *bank;
    size_t nbank; /* by party, then first day */
    const mizo_purchase *purchase;
    size_t npurchase;
    const mizo_ledger *ledger;
    size_t nledger;

    const mizo_inventory *inventory; /* civic.h */
    size_t ninventory;
    const mizo_indicator *indicator;
    size_t nindicator;
    const mizo_goal *goal;
    size_t ngoal; /* in file order, as all below of civic.h that have no id */
    const mizo_plan_node *plan_node;
    size_t nplan_node;
    const mizo_business *business;
    size_t nbusiness;
    const mizo_listing *listing;
    size_t nlisting;
    const mizo_budget *budget;
    size_t nbudget;
    const mizo_task *task;
    size_t ntask;
    const mizo_measure_of *judged;
    size_t njudged;
    const mizo_rating *rating;
    size_t nrating;
    const mizo_evaluation *evaluation;
    size_t nevaluation;
    const mizo_register *reg;
    size_t nreg;
    const mizo_register_row *register_row;
    size_t nregister_row;
    const mizo_register_count *register_count;
    size_t nregister_count;
    const mizo_emission *emission;
    size_t nemission;
    const mizo_activity *activity;
    size_t nactivity;
    const mizo_gwp *gwp;
    size_t ngwp;
    const mizo_category *category;
    size_t ncategory;
    const mizo_alias *alias;
    size_t nalias;
    const mizo_claim_check *check;
    size_t ncheck;

    const mizo_duty *duty; /* duty.h */
    size_t nduty;
    const mizo_process *process;
    size_t nprocess; /* in file order */
    const mizo_sheet_row *sheet_row;
    size_t nsheet_row; /* in file order */

    const mizo_ref *pv_by_id; /* [npv] rows of pv in the order of their ids */
    const int32_t *price;     /* [ntariff][12 months][4 day types][48], milli-yen per kWh */
    char hash[65];            /* of the canonical text of all files: names this model for ever */
};

/* Files as values, so that loading is pure: name within the directory and bytes. */
typedef struct mizo_file {
    const char *name; /* "region.yaml", "points.csv" */
    const char *bytes;
    size_t n;
} mizo_file;

/* Builds a model from the files of a region directory. All mistakes go to d.
 * MIZO_EINPUT: at least one error. Warnings (a disabled asset ...) still make a
 * model. The model is born with one reference. */
MIZO_API MIZO_MUST_USE mizo_err mizo_region_build(const mizo_file *files, size_t n, mizo_diags *d,
                                                  const mizo_region **out);
MIZO_API const mizo_region *mizo_region_ref(const mizo_region *r);
MIZO_API void mizo_region_unref(const mizo_region *r); /* NULL is fine; thread-safe */

/* The canonical text that `hash` is the BLAKE2b-256 of: every file, one after
 * another, with its name. Freed by the caller with free(). NULL: out of memory.
 * mizo_region_from_text makes the same model from it. */
MIZO_API char *mizo_region_text(const mizo_file *files, size_t n);
MIZO_API MIZO_MUST_USE mizo_err mizo_region_from_text(const char *text, mizo_diags *d,
                                                      const mizo_region **out);

/* Look-ups by text id: -1 is none. */
MIZO_API mizo_ref mizo_region_facility(const mizo_region *r, const char *id);
MIZO_API mizo_ref mizo_region_point(const mizo_region *r, const char *id);
MIZO_API mizo_ref mizo_region_plant(const mizo_region *r, const char *id);
MIZO_API mizo_ref mizo_region_pv(const mizo_region *r, const char *id);
MIZO_API mizo_ref mizo_region_node(const mizo_region *r, const char *id);

MIZO_API const char *mizo_voltage_word(mizo_voltage v); /* "low", as points.csv has it */

/* True on a day outside term of that kind of facility. */
MIZO_API bool mizo_region_recess(const mizo_region *r, const char *kind, mizo_day d);
/* Biogenic share of a plant on a day: biogenic.csv, else plants.csv; 1 where waste does not drive it. */
MIZO_API int32_t mizo_region_biogenic(const mizo_region *r, mizo_ref plant, mizo_day d);
/* The menu of a point on a day, -1: no contract then. */
MIZO_API mizo_ref mizo_region_menu_on(const mizo_region *r, mizo_ref point, mizo_day d);
/* First and count of the rows of one point in an asset table. */
MIZO_API size_t mizo_region_pv_of(const mizo_region *r, mizo_ref point, size_t *first);
MIZO_API size_t mizo_region_battery_of(const mizo_region *r, mizo_ref point, size_t *first);
MIZO_API size_t mizo_region_charger_of(const mizo_region *r, mizo_ref point, size_t *first);
MIZO_API size_t mizo_region_load_of(const mizo_region *r, mizo_ref point, size_t *first);
/* The one vehicle of a charger; NULL: none, or it is not said which. */
MIZO_API const mizo_vehicle *mizo_region_vehicle_of(const mizo_region *r, mizo_ref charger);
/* What is in a vehicle that wants nothing more, Wh: what it wants on arrival fills it to nine tenths. */
MIZO_API int32_t mizo_vehicle_full_wh(const mizo_vehicle *v, int32_t need_wh);
/* Does the load run, or draw, on that day? And what it has drawn from its store by so many ms into such a day, Wh. */
MIZO_API bool mizo_load_holds(const mizo_load *l, mizo_day day);
MIZO_API mizo_wh mizo_load_drawn(const mizo_load *l, mizo_ms into_day);
/* First and count of the uses of a facility. */
MIZO_API size_t mizo_region_uses_of(const mizo_region *r, mizo_ref facility, size_t *first);
/* The row of a balancing group that holds on a day; NULL: none. */
MIZO_API const mizo_bg *mizo_region_bg_on(const mizo_region *r, const char *group, mizo_day d);
/* Is id among the ids of a text, which have spaces between? */
MIZO_API bool mizo_id_listed(const char *list, const char *id);
/* Price of a slot of a day under a tariff, milli-yen per kWh. */
MIZO_API int32_t mizo_region_rate(const mizo_region *r, mizo_ref tariff, mizo_day d, int slot_of_day);

/* The figure of an item in a year as it was known on a day: of several publications the latest up to as_of
 * (MIZO_DAY_NONE: all). NULL: none. */
MIZO_API const mizo_published *mizo_published_on(const mizo_region *r, int fy, const char *item,
                                                 mizo_day as_of);

#endif
