/* value_scenario.h: what it is worth to buy for the town against scenarios, and not for the mean alone.
 * Of src/town/bench_value_scenario*.c. */
#ifndef TOWN_BENCH_VALUE_SCENARIO_H
#define TOWN_BENCH_VALUE_SCENARIO_H

#include "mizo/region.h"
#include "store/store.h"
#include "town/bench/frame.h"
#include "town/bench/value.h"

/* The town as its buyer sees it. */
typedef struct scenario_town {
    days need;                 /* kW that all points take less what points and plants give */
    days price;                /* of the market, yen a kWh */
    mizo_plan_battery battery; /* all batteries as one; begins and ends a day at half of its window */
} scenario_town;

/* need from the store, price from DATA/jepx_spot. */
MIZO_MUST_USE mizo_err scenario_read(const value_run *r, const mizo_region *region, store *s,
                                     scenario_town *out);
void scenario_free(scenario_town *t);

/* Rows `purchase`: the day-ahead purchase at the mean, with a margin, two-stage on scenarios. */
MIZO_MUST_USE mizo_err scenario_judge(const value_run *r, const scenario_town *t, mizo_day from, mizo_day to,
                                      int step, value_table *out);

/* ---- the price of what was not bought ahead ---- */
typedef struct imbalance_rule {
    mizo_date from;           /* first day that it holds */
    double short_of, long_of; /* of the day-ahead price, where the town was short or long */
    double least, most;       /* yen a kWh */
    const char *mark;         /* where each number comes from */
} imbalance_rule;
const imbalance_rule *imbalance_on(mizo_day day);
double imbalance_short(const imbalance_rule *i, double price);
double imbalance_long(const imbalance_rule *i, double price);

#endif
