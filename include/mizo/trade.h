/* trade.h: who is supplied under which contract, what a tariff charges and how a bill is rounded: the
 * files parties.csv, contracts.csv, charges.csv, params.csv and roundings.csv of a region.
 *
 * Figures with six decimals are kept as integers in millionths (_e6): a price of 1,890 yen is
 * 1890000000 micro-yen, a loss rate of 3.7 % is 37000. Every figure that a source does not verify
 * stands in a dated row with its mark and source, never in code. `line` is the row's line in its file.
 * Validity is [from, to) in local days. Strings belong to the model. */
#ifndef MIZO_TRADE_H
#define MIZO_TRADE_H

#include "mizo/number.h"
#include "mizo/slot.h"

typedef int32_t mizo_ref; /* an index of the model (region.h) */
typedef struct mizo_region mizo_region;

/* How well a figure is known: own (decided here), verified in a primary source, secondary source only,
 * general knowledge, computed. */
typedef enum mizo_mark {
    MIZO_MARK_OWN,
    MIZO_MARK_VERIFIED,
    MIZO_MARK_SECONDARY,
    MIZO_MARK_GENERAL,
    MIZO_MARK_COMPUTED
} mizo_mark;
MIZO_API const char *mizo_mark_text(mizo_mark m); /* "", "V", "S", "G", "C" */

typedef enum mizo_party_kind {
    MIZO_PARTY_PUBLIC,
    MIZO_PARTY_FIRM,
    MIZO_PARTY_HOUSEHOLD, /* people are sealed in the store: their names never stand in a file */
    MIZO_PARTY_RETAILER,
    MIZO_PARTY_GENERATOR,
    MIZO_PARTY_OPERATOR
} mizo_party_kind;

typedef struct mizo_party {
    const char *id, *name_ja, *name_en;
    mizo_party_kind kind;
    const char *invoice_number; /* "T" and 13 digits; "": not registered */
    mizo_day from, to;          /* of that registration */
    int32_t line;
} mizo_party;

/* Supply of one point to one party. No two of a point overlap. */
typedef struct mizo_contract {
    const char *id;
    mizo_ref point, party, tariff;
    const char *invoice;  /* contracts of one party with the same word stand on one invoice; "": on its own */
    const char *rounding; /* chain of roundings.csv */
    int32_t agreed_w;     /* 0: none agreed; measured demand where the tariff says so */
    int32_t reading_day;  /* 1..31; mizo_bill_period */
    int32_t pay_days;     /* due so many days after the issue */
    mizo_day from, to;
    int32_t line;
} mizo_contract;

/* X(NAME, "word in charges.csv", unit of its price) */
#define MIZO_CHARGE_KINDS(X)                                                                                 \
    X(BASE, "base", "yen/kW")      /* a month, x (185 - power factor) / 100 */                               \
    X(EXCESS, "excess", "yen/kW")  /* above the agreed power, x the same factor */                           \
    X(ENERGY, "energy", "yen/kWh") /* by month, kind of day and time; the first row holds */                 \
    X(STEP, "step", "yen/kWh")     /* of the month's kWh between step_from and step_to */                    \
    X(MINIMUM, "minimum", "yen")   /* a month: what the charges but the levy come to at least */             \
    X(FUEL, "fuel", "yen/kWh")     /* param: the unit of the month, or a formula */                          \
    X(LEVY, "levy", "yen/kWh")     /* param: by bill month */                                                \
    X(MARKET, "market", "yen/kWh") /* area price / (1 - loss) + price; param: the loss rate */               \
    X(WHEELING_BASE, "wheeling-base", "yen/kW") /* a month */                                                \
    X(WHEELING, "wheeling", "yen/kWh")          /* by month, kind of day and time; the first row holds */    \
    X(DISCOUNT, "discount", "share")            /* of base, excess, energy, step and market, taken off */    \
    X(FIXED, "fixed", "yen")                    /* a month, by days */                                       \
    X(UNUSED, "unused", "share")                /* of the base charge that is paid in a month without use */

typedef enum mizo_charge_kind {
#define X(name, word, unit) MIZO_CHARGE_##name,
    MIZO_CHARGE_KINDS(X)
#undef X
        MIZO_CHARGE_COUNT
} mizo_charge_kind;
MIZO_API const char *mizo_charge_word(mizo_charge_kind k);
MIZO_API const char *mizo_charge_unit(mizo_charge_kind k);

#define MIZO_NO_PRICE INT64_MIN

/* One dated row of a tariff. A tariff with any bills by these rows alone. */
typedef struct mizo_charge {
    mizo_ref tariff;
    mizo_charge_kind kind;
    const char *name_ja, *name_en; /* of its line on a bill; "": by its kind */
    mizo_day from, to;
    uint16_t months;
    uint8_t daytypes;
    uint8_t slot_from, slot_to;
    int64_t step_from_wh, step_to_wh; /* of a month's energy; step_to_wh 0: no end */
    int64_t price_e6;                 /* in mizo_charge_unit(kind); MIZO_NO_PRICE: param has it */
    const char *param;                /* name in params.csv; "": none */
    const char *tax;                  /* name in params.csv of the rate */
    bool tax_added;                   /* the price is without tax */
    const char *source;
    mizo_mark mark;
    int32_t line;
} mizo_charge;

/* Kinds of generation as the area's network operator publishes them (eria_jukyu). X(NAME, "word", needed)
 * needed: a half-hour in which it generates and has no factor has no average; the others are then left out. */
#define MIZO_MIX_KINDS(X)                                                                                    \
    X(NUCLEAR, "nuclear", true)                                                                              \
    X(LNG, "lng", true)                                                                                      \
    X(COAL, "coal", true)                                                                                    \
    X(OIL, "oil", true)                                                                                      \
    X(THERMAL, "thermal", true) /* other, or all of it where the operator does not part it */                \
    X(HYDRO, "hydro", true)                                                                                  \
    X(GEOTHERMAL, "geothermal", true)                                                                        \
    X(BIOMASS, "biomass", true)                                                                              \
    X(PV, "pv", true)                                                                                        \
    X(WIND, "wind", true)                                                                                    \
    X(PUMPED, "pumped", false)                                                                               \
    X(BATTERY, "battery", false)                                                                             \
    X(INTERCONNECTOR, "interconnector", false)                                                               \
    X(OTHER, "other", false)

typedef enum mizo_mix_kind {
#define X(name, word, needed) MIZO_MIX_##name,
    MIZO_MIX_KINDS(X)
#undef X
        MIZO_MIX_COUNT
} mizo_mix_kind;
MIZO_API const char *mizo_mix_word(mizo_mix_kind k);

/* One dated figure with its source. */
typedef struct mizo_param {
    const char *name, *key; /* key: area, voltage, rate ...; "" */
    mizo_day from, to;
    int64_t value_e6;
    const char *unit, *source;
    mizo_mark mark;
    int32_t line;
} mizo_param;

/* The steps of a chain, in the order in which a bill passes them. X(NAME, "word", digits of its unit) */
#define MIZO_ROUND_STEPS(X)                                                                                  \
    X(KW, "kw")                     /* power of the month */                                                 \
    X(KWH, "kwh")                   /* energy of a line */                                                   \
    X(POWER_FACTOR, "power-factor") /* per cent */                                                           \
    X(FUEL_AVERAGE, "fuel-average") /* yen per kL of the formula */                                          \
    X(FUEL_UNIT, "fuel-unit")       /* yen/kWh */                                                            \
    X(MARKET_UNIT, "market-unit")   /* yen/kWh of a slot */                                                  \
    X(LINE, "line")                 /* amount of a line */                                                   \
    X(SUBTOTAL, "subtotal")         /* sum of the lines of one kind */                                       \
    X(LEVY, "levy")                 /* amount of the levy */                                                 \
    X(TOTAL, "total")               /* of a rate of tax, tax included */                                     \
    X(TAX, "tax")                   /* contained in it */

typedef enum mizo_round_step {
#define X(name, word) MIZO_STEP_##name,
    MIZO_ROUND_STEPS(X)
#undef X
        MIZO_STEP_COUNT
} mizo_round_step;
MIZO_API const char *mizo_step_word(mizo_round_step s);

typedef enum mizo_rounding_how {
    MIZO_HOW_NONE,
    MIZO_HOW_HALF_UP,
    MIZO_HOW_CUT,  /* towards zero (切捨て) */
    MIZO_HOW_DOWN, /* towards minus infinity */
    MIZO_HOW_UP
} mizo_rounding_how;

typedef struct mizo_rounding {
    const char *chain;
    mizo_round_step step;
    int64_t unit_e6; /* 1 yen: 1000000 */
    mizo_rounding_how how;
    int32_t line;
} mizo_rounding;

/* ---- look-ups ---- */

/* By text id: -1 is none. */
MIZO_API mizo_ref mizo_region_party(const mizo_region *r, const char *id);
MIZO_API mizo_ref mizo_region_contract(const mizo_region *r, const char *id);
MIZO_API mizo_ref mizo_region_tariff(const mizo_region *r, const char *id);
/* The contract of a point on a day; -1: none then. */
MIZO_API mizo_ref mizo_contract_on(const mizo_region *r, mizo_ref point, mizo_day d);
/* Contracts of a point by their first day: *first and count in r->contract_by_point. */
MIZO_API size_t mizo_contracts_of(const mizo_region *r, mizo_ref point, size_t *first);
/* Since when the party of a contract has its point: the day on which the last contract of another party before it ended;
 * INT32_MIN: nobody else had it. What the party used under an earlier contract, or another supplier, is after it. */
MIZO_API mizo_day mizo_party_since(const mizo_region *r, const mizo_contract *c);
/* Rows of a tariff in charges.csv, in file order. */
MIZO_API size_t mizo_charges_of(const mizo_region *r, mizo_ref tariff, size_t *first);

/* The row of a parameter that holds on a day; key "" or NULL: the rows without a key. NULL: none holds. */
MIZO_API const mizo_param *mizo_param_on(const mizo_region *r, const char *name, const char *key, mizo_day d);
/* Its value. MIZO_ENOENT: no row holds then; d is told the name, the key, the day and the file. row may be
 * NULL. */
MIZO_API MIZO_MUST_USE mizo_err mizo_param_get(const mizo_region *r, const char *name, const char *key,
                                               mizo_day day, mizo_diags *d, int64_t *value_e6,
                                               const mizo_param **row);
/* The row of a chain for a step; NULL: the chain does not round there. */
MIZO_API const mizo_rounding *mizo_rounding_of(const mizo_region *r, const char *chain, mizo_round_step s);
/* value_e6 by that row (NULL: as it is). *left_e6 = value - result. MIZO_ERANGE: does not fit. */
MIZO_API MIZO_MUST_USE mizo_err mizo_round_by(const mizo_rounding *row, int64_t value_e6, int64_t *out_e6,
                                              int64_t *left_e6);

/* The days [*from, *to) of the bill of a month (any day of it) of a contract. Reading day 1: the month
 * itself. Another day d: from d of the month before to d of this month (the reading in the month ends
 * it); in a month without a day d its last day stands for it. Not cut to the contract's own days. */
MIZO_API void mizo_bill_period(const mizo_contract *c, mizo_day month, mizo_day *from, mizo_day *to);

#endif
