/* parts.h: the example town while it is being made. Known to src/town/example*.c alone. */
#ifndef TOWN_EXAMPLE_PARTS_H
#define TOWN_EXAMPLE_PARTS_H

#include "base/arena.h"
#include "base/buf.h"
#include "mizo/region.h"
#include "mizo/weather.h"

enum {
    EX_DAYS = 365,
    EX_SLOTS = EX_DAYS * MIZO_DAY_SLOTS,
    EX_MONTHS = 12,
    EX_SHAPES = 59,
    EX_FACILITIES = 1050,
    EX_POINTS = 1100,
    EX_PVS = 400,
    EX_BATTERIES = 80,
    EX_VANS = 25,
    EX_PLANTS = 3,
    EX_WARDS = 7,
    EX_BILL_MONTHS = 24 /* FY2022 and FY2023 */
};

#define EX_TOWN_WH 400000000000LL /* civil-sector demand of a year */
#define EX_LAT     35.5757
#define EX_LON     139.6563

typedef enum ex_mode {
    EX_LIKE_SHAPE, /* follows the building's week, holidays and season */
    EX_SHOP,       /* open every day, 10:00 to 21:00, busier at week-ends */
    EX_DARK        /* burns while the sun is down */
} ex_mode;

enum { EX_PER_WARD = 1, EX_TERMS = 2, EX_NIGHT_AND_DAY = 4, EX_LAMPS = 8, EX_PRIVATE = 16 };

/* One kind of facility: how many, how big, what its load is like. */
typedef struct ex_kind {
    const char *id, *ja, *en; /* name: ward + ja; ward + " " + en */
    const char *bureau;
    int count;
    int mwh;            /* a typical year */
    int kwh_m2, floors; /* for the floor area and the roof */
    int pv_pct;         /* of these, how many have a roof that can carry panels */
    ex_mode mode;
    int flags;
    float cool, heat; /* share more for 10 degrees above 21 or below 9 */
    int shape[6];     /* buildings of the archive (b<N>), ended by -1 */
} ex_kind;

typedef struct ex_facility {
    const ex_kind *kind;
    int ward, number; /* number 0: the only one of its kind in the ward */
    int point;        /* -1: uses another's */
    int64_t target_wh;
    int32_t floor_m2, roof_m2, lat_e6, lon_e6;
    int8_t installable;
    char id[MIZO_ID_MAX];
    int reported[2]; /* FY2022, FY2023: day of the report, MIZO_DAY_NONE: not yet */
} ex_facility;

typedef struct ex_point {
    char id[MIZO_ID_MAX];
    const ex_kind *kind; /* whose load it follows */
    int facility;        /* first one that uses it */
    int shared;          /* a second facility, -1 */
    int32_t share_ppm;   /* of the first */
    mizo_reading_kind reading;
    mizo_voltage voltage;
    const char *tariff;
    int64_t target_wh; /* demand of the year */
    int shape, week_shift, slot_shift;
    int32_t contract_w, standing_w;
    bool export_allowed;
    int pv, battery; /* index or -1 */
    int lamps, lamp_w;
    /* what came out */
    int32_t max_wh;              /* import of one slot */
    int64_t month_wh[EX_MONTHS]; /* import */
    int32_t month_max_wh[EX_MONTHS];
    int32_t bill_kwh[EX_BILL_MONTHS]; /* -1: missing */
    int32_t bill_max_w[EX_BILL_MONTHS];
    bool bill_estimated[EX_BILL_MONTHS];
    int supplier[2];          /* FY2022 and before, FY2023 */
    bool green[2];            /* a 100 % menu then */
    bool local;               /* with the local company from 2024-04 */
    int32_t *import, *export; /* [EX_SLOTS], NULL: not read by the slot */
} ex_point;

typedef struct ex_pv {
    int point;
    mizo_panel panel;
    int32_t *generation;
} ex_pv;

typedef struct ex_battery {
    int point;
    int32_t energy_wh, power_w;
    int32_t reserve_ppm;
} ex_battery;

typedef struct ex_session {
    int van;
    mizo_ms arrive, depart;
    int32_t need_wh;
} ex_session;

typedef struct ex_town {
    arena *mem;
    uint64_t seed;
    mizo_day first; /* 2021-01-01 */
    int nfacility, npoint, npv, nbattery, nsession;
    ex_facility facility[EX_FACILITIES];
    ex_point point[EX_POINTS];
    ex_pv pv[EX_PVS];
    ex_battery battery[EX_BATTERIES];
    ex_session *session;
    int depot;    /* point */
    float *shape; /* [EX_SHAPES][EX_SLOTS], season taken out, mean 1 */
    int shape_name[EX_SHAPES];
    mizo_sun *sun;             /* [EX_SLOTS] at the middle of the slot */
    float *air_c, *sky;        /* [EX_SLOTS]: temperature, clear-sky index */
    int32_t *price;            /* [EX_SLOTS], milli-yen per kWh */
    int32_t *plant[EX_PLANTS]; /* [EX_SLOTS], Wh */
} ex_town;

const ex_kind *ex_kind_at(size_t i); /* of places; NULL: no more */

typedef struct ex_plant {
    const char *id, *ja, *en;
    int32_t capacity_w;
    int64_t year_wh;
    int stop[2][2]; /* days of the year [from, to) without any furnace */
    int half[2][2]; /* with one of two */
} ex_plant;
extern const ex_plant ex_plants[EX_PLANTS];

typedef struct ex_ward {
    const char *id, *ja, *en;
    double lat, lon;
} ex_ward;
extern const ex_ward ex_wards[EX_WARDS];

/* Chance: functions of the seed, a stream and a number; nothing is kept. */
enum ex_stream {
    EX_R_SITE = 1,
    EX_R_POINT,
    EX_R_DAY,
    EX_R_SLOT,
    EX_R_SKY,
    EX_R_AIR,
    EX_R_PRICE,
    EX_R_PLANT,
    EX_R_GAP,
    EX_R_BILL,
    EX_R_VAN,
    EX_R_SUPPLY,
    EX_R_ROOF,
    EX_R_REPORT
};
double ex_chance(const ex_town *t, enum ex_stream stream, uint64_t a, uint64_t b); /* [0, 1) */
double ex_bell(const ex_town *t, enum ex_stream stream, uint64_t a, uint64_t b); /* mean 0, spread about 1 */

/* The acts, in their order. */
mizo_err ex_shapes(ex_town *t);          /* example_shapes.c: unpacks and prepares the load shapes */
mizo_err ex_weather(ex_town *t);         /* example_sky.c: sun, temperature, sky, price, plants */
mizo_err ex_places(ex_town *t);          /* example_places.c: facilities, points, assets */
mizo_err ex_year(ex_town *t, int point); /* example_year.c: a point's year and its panels' */
void ex_limits(ex_town *t, int point);   /* contract and standing power, after its year */
void ex_gaps(ex_town *t);                /* some readings never came */
mizo_err ex_sessions(ex_town *t);        /* the vans' nights */
mizo_err ex_contracts(ex_town *t);       /* example_contracts.c: bills, suppliers, menus, who has reported */
int64_t ex_lamp_wh(const ex_point *p, int days);
enum { EX_LAMP_MINUTES = 681 }; /* 11.35 hours, mean of a year */

/* example_owners.c: what the owners reported, into the open batch. */
struct town;
struct town;
mizo_err ex_owners_put(struct town *t);

/* The city's files, as they stand in examples/kawasaki/city. */
typedef struct ex_text {
    const char *name, *text;
} ex_text;
extern const ex_text ex_city[];
extern const int ex_city_files;
/* Rows of the office's lists (examples/kawasaki/office, KIND.csv): illustrative, and marked so. */
extern const ex_text ex_office[];
extern const int ex_office_files;
/* Owners' yearly tables (examples/kawasaki/owners): illustrative too. */
extern const ex_text ex_owners[];
extern const int ex_owners_files;
/* Text of one file of the region: the i-th, NULL when there are no more. example_files.c */
const char *ex_file(const ex_town *t, int i, buf *out);
extern const char *const ex_suppliers[4];
void ex_duties_csv(const ex_town *t, buf *b); /* example_duties.c */
void ex_processes_csv(const ex_town *t, buf *b);
void ex_sheets_csv(const ex_town *t, buf *b);
void ex_parties_csv(const ex_town *t, buf *b); /* example_trade.c */
void ex_pools_csv(const ex_town *t, buf *b);   /* example_climate.c */
void ex_members_csv(const ex_town *t, buf *b);
void ex_biogenic_csv(const ex_town *t, buf *b);
void ex_factors_csv(const ex_town *t, buf *b);
void ex_fuels_csv(const ex_town *t, buf *b);
void ex_marginal_csv(const ex_town *t, buf *b);
void ex_mix_rows(buf *b); /* of params.csv */
void ex_contracts_csv(const ex_town *t, buf *b);
void ex_charges_csv(const ex_town *t, buf *b);
void ex_groups_csv(const ex_town *t, buf *b); /* example_desk.c */
void ex_sources_csv(const ex_town *t, buf *b);
void ex_desk_params(buf *b); /* rows of params.csv */
void ex_params_csv(const ex_town *t, buf *b);
void ex_roundings_csv(const ex_town *t, buf *b);
void ex_issuers_csv(const ex_town *t, buf *b); /* example_pay.c */
void ex_banking_csv(const ex_town *t, buf *b);
void ex_purchases_csv(const ex_town *t, buf *b);
void ex_ledger_csv(const ex_town *t, buf *b);

#endif
