/* area_store.h: the sites' problems, kept small: each series once, tariffs shared. */
#ifndef OPTIMIZE_AREA_STORE_H
#define OPTIMIZE_AREA_STORE_H

#include "optimize/site.h"

/* Rows of prices that are there once, however many sites have them. */
typedef struct area_prices {
    int n;
    size_t count, room;
    int32_t **row;  /* [count][n] */
    size_t last[4]; /* the rows found last: most sites ask for the same */
} area_prices;

void area_prices_free(area_prices *p);

/* A site's problem in one scenario. One block of memory holds its arrays. */
typedef struct area_kept {
    void *memory;
    int32_t *load_w, *pv_w; /* [n]; pv_w NULL: none */
    size_t buy, sell;       /* rows of area_prices */
    int32_t limit_w, export_w, standing_w, peak_myen_per_kw, agreed_w, over_agreed_myen_per_kw, keep_import_w;
    int16_t nbattery, nvehicle, nrun;
    mizo_plan_battery *battery;
    mizo_plan_vehicle *vehicle;
    mizo_plan_run *run;
} area_kept;

MIZO_MUST_USE mizo_err area_keep(area_kept *k, area_prices *prices, const mizo_site_problem *p);
void area_kept_free(area_kept *k);
/* The problem again; its arrays are the store's own. */
void area_kept_problem(const area_kept *k, const area_prices *prices, int n, int step_min,
                       mizo_site_problem *out);
size_t area_kept_bytes(const area_kept *k, int n);

#endif
