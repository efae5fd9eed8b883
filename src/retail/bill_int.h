/* bill_int.h: what the steps of a bill share. Private to src/retail/bill*.c. */
#ifndef RETAIL_BILL_INT_H
#define RETAIL_BILL_INT_H

#include "mizo/bill.h"

__extension__ typedef __int128 bill_wide;

enum { BILL_DAYS = 64, BILL_ROWS = 400, BILL_PF_BASE_E6 = 185000000, BILL_PF_WHOLE_E6 = 100000000 };

/* A row of a tariff with its figure of the month. */
typedef struct bill_row {
    mizo_charge c;    /* made of tariffs.csv and rates.csv where the tariff has no charges */
    const char *file; /* where it stands */
    int64_t raw_e6;   /* its price before its own rounding */
    int64_t price_e6; /* and after it; MIZO_NO_PRICE where `lacks` */
    const mizo_param *param[MIZO_BILL_PARAMS]; /* that gave it */
    int nparam;
    int64_t average_e6;            /* of the fuel formula; MIZO_NO_PRICE */
    const char *lacks, *lacks_key; /* a parameter that has no row; NULL: all is there */
    mizo_day lacks_day;
    int64_t *unit_raw, *unit; /* market: micro-yen per kWh of each slot of the table; MIZO_NO_PRICE */
    bool outside;             /* a figure does not fit */
    uint64_t holds, first;    /* bit of each day of the table: it holds; it is the first of its kind */
} bill_row;

/* Slots [from, to) of a day belong to a row; -1: to none. */
typedef struct bill_run {
    uint8_t from, to;
    int16_t row;
} bill_run;

/* The half-hours of a day by price. */
typedef struct bill_day {
    const bill_run *run;
    int nrun;
} bill_day;

struct mizo_bill_table {
    const mizo_region *r;
    mizo_ref tariff;
    mizo_voltage voltage;
    const char *chain;
    mizo_day month, from, to;
    const mizo_rounding *step[MIZO_STEP_COUNT];
    bill_row *row;
    int nrow;
    bool has[MIZO_CHARGE_COUNT];      /* the tariff has rows of the kind, whatever their days */
    int16_t *energy_of, *wheeling_of; /* [days * 48] row of each slot, -1 */
    bill_run *runs;                   /* all of them */
    size_t nruns;
    bill_day energy[BILL_DAYS], wheeling[BILL_DAYS];
    uint64_t energy_gap, wheeling_gap; /* days with a half-hour that has no row */
    uint64_t held[MIZO_CHARGE_COUNT];  /* days on which some row of the kind holds */
    int64_t gap_slots;                 /* so many missing slots of a bill are estimated at most */
};

/* ---- bill_table.c ---- */
/* The first row of a kind that holds on a day; -1. */
int bill_row_on(const mizo_bill_table *t, mizo_charge_kind k, mizo_day d);
bool bill_row_holds(const mizo_bill_table *t, const bill_row *row, mizo_day d);
/* Bits of the days [from, to). */
uint64_t bill_days(const mizo_bill_table *t, mizo_day from, mizo_day to);

/* The row that a line was made from; -1. */
int bill_row_of(const mizo_bill_table *t, const mizo_bill_line *l);

/* ---- bill_figure.c ---- */
/* Finds the price of a row for the month of the table. False: out of memory. */
bool bill_row_figure(mizo_bill_table *t, bill_row *row, const int32_t *price);

/* ---- bill_energy.c: what was used ---- */
typedef struct bill_use {
    mizo_wh row_wh[BILL_ROWS];
    bill_wide market_raw[BILL_ROWS], market[BILL_ROWS]; /* Wh x micro-yen per kWh */
    mizo_wh wh;
    int64_t max_w; /* MIZO_MISSING */
    int32_t v[BILL_DAYS * MIZO_DAY_SLOTS];
} bill_use;

/* One bill while it is made. */
typedef struct bill_job {
    const mizo_bill_table *t;
    const mizo_bill_in *in;
    const mizo_contract *c;
    mizo_day from, to; /* the bill's days */
    mizo_bill *out;
    mizo_diags *d;
    bool wrong; /* something was said */
    bool outside;
    bill_use use;
} bill_job;

void bill_use_of(bill_job *j);
/* Fills the gaps of the bill's days into j->use.v, which is left alone elsewhere. False: some time of day was never read. */
bool bill_estimate(bill_job *j, const int32_t *read, int ndays);

/* ---- bill_lines.c ---- */
void bill_demand(bill_job *j);
void bill_lines(bill_job *j);

/* ---- arithmetic ---- */
/* num / den, halves away from zero; den > 0. What does not fit sets *outside. */
int64_t bill_div(bill_wide num, bill_wide den, bool *outside);
/* a + b. */
int64_t bill_add(int64_t a, int64_t b, bool *outside);
/* By the chain's row for a step: Wh and W as kWh and kW, money and units in millionths. */
int64_t bill_round_kilo(const mizo_bill_table *t, mizo_round_step s, int64_t v, bool *outside);
int64_t bill_round_e6(const mizo_bill_table *t, mizo_round_step s, int64_t v, bool *outside);

/* "2021-07-01" */
#define BILL_DAY_TEXT(name, day)                                                                             \
    char name[MIZO_DATE_TEXT];                                                                               \
    mizo_day_text((day), name)

#endif
