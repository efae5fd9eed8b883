/* bill.h: what a party owes for a month of a contract: a pure function of the model and the readings.
 *
 * Integers only. Wh, W, micro-yen; a product is taken with a 128-bit middle and rounded to the micro-yen
 * once, half up; whatever a chain of roundings (roundings.csv) takes or adds is kept beside it:
 *     exact sum = sum of line.raw = total + sum of all remainders, to the micro-yen.
 * What does not fit 64 bits is MIZO_ERANGE, never wrapped. docs/formats/bill.md has the rules, the order
 * of the steps and the canonical JSON; sources and marks stand in the rows of the region that are used. */
#ifndef MIZO_BILL_H
#define MIZO_BILL_H

#include "mizo/books.h"
#include "mizo/region.h"

enum {
    MIZO_BILL_LINES = 96,
    MIZO_BILL_SUMS = 24,
    MIZO_BILL_TAXES = 4,
    MIZO_BILL_MONTHS = 11,
    MIZO_BILL_PARAMS = 10
};

/* Power factor of a month in millionths of a per cent (100 %: 100000000) from active energy and lagging
 * reactive energy, both >= 0: W / sqrt(W^2 + Q^2), half up. Without any energy: 100 %. */
MIZO_API int64_t mizo_power_factor_e6(int64_t wh, int64_t varh);

/* ---- a tariff prepared for the days of a month ---- */

/* All rows of a tariff for the bills of one month with the same days, voltage and chain, looked up once:
 * price classes of every half-hour, parameters of the month (those without a key, else with the voltage as
 * key), market prices. Made once, used for many bills, by many threads; the region must outlive it.
 * price: area price in milli-yen per kWh of each slot of [from, to), [(to - from) * 48]; NULL: none known;
 * copied. What a bill will miss is said only when a bill asks for it. */
typedef struct mizo_bill_table mizo_bill_table;
MIZO_API MIZO_MUST_USE mizo_err mizo_bill_table_new(const mizo_region *r, mizo_ref tariff,
                                                    mizo_voltage voltage, const char *chain, mizo_day month,
                                                    mizo_day from, mizo_day to, const int32_t *price,
                                                    mizo_bill_table **out);
MIZO_API void mizo_bill_table_free(mizo_bill_table *t); /* NULL is fine */

/* ---- a bill ---- */

/* What is known of the bill's days. The bill covers those of [from, to) of its table on which the contract
 * holds; wh begins at the table's `from` all the same. */
typedef struct mizo_bill_in {
    mizo_ref contract;
    const int32_t *wh;      /* [(to - from) * 48], MIZO_MISSING; NULL: read by period */
    const uint8_t *quality; /* as wh; NULL: all measured */
    mizo_wh period_wh;      /* read by period: energy of the bill's days */
    uint8_t period_quality;
    int64_t max_w;           /* read by period: highest half-hour mean; MIZO_MISSING: not known */
    int64_t power_factor_e6; /* of the month, per cent; MIZO_NO_PRICE: not measured, the tariff's holds */
    int64_t before_w[MIZO_BILL_MONTHS]; /* highest of each of the 11 months before; MIZO_MISSING: not known */
    const char *digest;                 /* of the readings, 64 hex digits; NULL: none */
    mizo_ms as_of, known; /* readings as known then (INT64_MAX: the latest); the newest of them */
} mizo_bill_in;

/* What a line's figure comes from. */
typedef struct mizo_bill_source {
    const char *file; /* "charges.csv", "tariffs.csv", "rates.csv" */
    int32_t line;
    const char *text; /* its source, "" */
    mizo_mark mark;
    const mizo_param *param[MIZO_BILL_PARAMS]; /* rows of params.csv that gave the price */
    int nparam;
} mizo_bill_source;

typedef struct mizo_bill_line {
    mizo_charge_kind kind;
    const char *name_ja, *name_en; /* "": by its kind */
    mizo_bill_source source;
    const char *tax; /* name of the rate; "": not taxed */
    bool tax_added;
    int32_t days, of_days;   /* of the bill's month that it covers */
    int64_t quantity;        /* Wh or W as read; 1 where the kind has neither */
    int64_t billed;          /* after kwh or kw */
    int64_t price_e6;        /* unit price, after its own rounding; MIZO_NO_PRICE: differs by slot */
    int64_t power_factor_e6; /* as billed, where it counts; MIZO_NO_PRICE */
    int64_t average_e6;      /* fuel: the average price by the formula, after its rounding; MIZO_NO_PRICE */
    mizo_uyen raw;           /* from what was read, before any rounding */
    mizo_uyen amount;        /* after the roundings of quantity, price and line */
    mizo_uyen left;          /* raw - amount */
} mizo_bill_line;

/* What is summed and rounded together. */
typedef enum mizo_bill_group {
    MIZO_BILL_DEMAND,   /* base, unused, excess */
    MIZO_BILL_ENERGY,   /* energy, step, market */
    MIZO_BILL_FUEL,     /* fuel */
    MIZO_BILL_WHEELING, /* wheeling-base, wheeling */
    MIZO_BILL_OTHER,    /* fixed, discount, minimum */
    MIZO_BILL_LEVY,     /* levy: by the step of that name */
    MIZO_BILL_GROUPS
} mizo_bill_group;
MIZO_API const char *mizo_bill_group_word(mizo_bill_group g); /* "demand" */
MIZO_API mizo_bill_group mizo_bill_group_of(mizo_charge_kind k);

typedef struct mizo_bill_sum {
    mizo_bill_group group;
    const char *tax;
    bool tax_added;
    mizo_uyen raw, amount, left; /* sum of line amounts; rounded; raw - amount */
} mizo_bill_sum;

typedef struct mizo_bill_tax {
    const char *name;        /* "": not taxed */
    const mizo_param *param; /* NULL: not taxed */
    int64_t rate_e6;         /* 100000: 10 % */
    mizo_uyen included, net; /* sums whose prices contain tax; sums without it */
    mizo_uyen added;         /* tax added to net, to the micro-yen */
    mizo_uyen total, left;   /* included + net + added, rounded; what that left */
    mizo_uyen tax, tax_left; /* contained in total, rounded; exact - rounded */
} mizo_bill_tax;

typedef struct mizo_bill {
    mizo_ref contract, party, point, tariff;
    mizo_day month;        /* its first day */
    mizo_day from, to;     /* the days that it covers */
    int32_t days, of_days; /* of its full period */
    mizo_wh wh;
    int64_t max_w, demand_w; /* of this month, what is charged (before its rounding); MIZO_MISSING */
    int months_known;        /* of the 11 before */
    int64_t power_factor_e6; /* before rounding; MIZO_NO_PRICE: does not count */
    bool power_factor_read;  /* measured, else the tariff's */
    int64_t slots[8];        /* by mizo_quality; all zero: read by period */
    uint8_t period_quality;
    int estimated; /* missing slots that this bill estimated, by the rule "same-time-mean" */
    int nline, nsum, ntax;
    mizo_bill_line line[MIZO_BILL_LINES];
    mizo_bill_sum sum[MIZO_BILL_SUMS];
    mizo_bill_tax tax[MIZO_BILL_TAXES];
    mizo_uyen exact, total, left; /* exact = total + left */
    const char *chain;
    char digest[65];
    mizo_ms as_of, known;
} mizo_bill;

/* Makes one bill. MIZO_ENOENT: the contract does not hold in the month (not said). MIZO_EINPUT: something is
 * missing or wrong; all of it is said in d with the tariff, the kind, the day and the file, and *out is not
 * to be used. MIZO_ERANGE: a figure does not fit; said. */
MIZO_API MIZO_MUST_USE mizo_err mizo_bill_make(const mizo_bill_table *t, const mizo_bill_in *in,
                                               mizo_bill *out, mizo_diags *d);

/* A half-hour of a bill that was read by slot. */
typedef struct mizo_bill_slot {
    int32_t wh; /* as billed: where it was missing, as estimated */
    bool estimated;
    int16_t energy,
        wheeling; /* lines of the bill that it went into by its time; -1: none. Steps, fuel and levy take all */
    int64_t
        price_e6; /* what its energy line takes for a kWh of this half-hour; MIZO_NO_PRICE: no such line */
} mizo_bill_slot;

/* The half-hours of a bill, out [(b->to - b->from) * 48]; t and in are those that it was made of. MIZO_ENOENT: it was
 * read by period. MIZO_ENOMEM. */
MIZO_API MIZO_MUST_USE mizo_err mizo_bill_slots(const mizo_bill_table *t, const mizo_bill_in *in,
                                                const mizo_bill *b, mizo_bill_slot *out);

/* ---- into the books ---- */

/* One transfer in uyen; whoever posts it adds day and ref. Accounts: docs/formats/accounts.md. */
typedef struct mizo_transfer {
    char from[MIZO_ACCOUNT_MAX], to[MIZO_ACCOUNT_MAX];
    const char *kind; /* "bill", "rounding", "tax" */
    mizo_uyen amount; /* > 0 */
} mizo_transfer;
enum { MIZO_BILL_TRANSFERS = MIZO_BILL_LINES + MIZO_BILL_TAXES + 1 };

/* The transfers of a bill: each line (and each tax added to prices without it) sales:CONTRACT ->
 * customer:PARTY by its exact amount, the other way where that is negative; and what the roundings left,
 * between customer:PARTY and rounding:CONTRACT. The customer then owes exactly `total` more, and all
 * sums to zero. out: [MIZO_BILL_TRANSFERS]; returns how many. */
MIZO_API int mizo_bill_transfers(const mizo_region *r, const mizo_bill *b, mizo_transfer *out);
/* The tax contained in it, out of the income: tax:RATE -> sales:CONTRACT for each rate, as this bill
 * alone rounds it. An invoice of several bills rounds once and posts its own. */
MIZO_API int mizo_bill_tax_transfers(const mizo_region *r, const mizo_bill *b, mizo_transfer *out);

#endif
