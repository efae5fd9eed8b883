/* site.h: the parts of one site's plan: model (what the solver sees), bound, rounding, cost. */
#ifndef OPTIMIZE_SITE_H
#define OPTIMIZE_SITE_H

#include "mizo/optimize.h"

/* What a kWh of each wish is priced at, milli-yen: wishes are never sold for money, and the cheapest
 * goes first. docs/mechanisms/plan.md 3. */
typedef struct site_prices {
    int64_t restore; /* a slot below the reserve, down to what is stored now: coming back is not urgent */
    int64_t reserve; /* a slot below that */
    int64_t vehicle; /* in the vehicle's battery */
    int64_t demand;  /* unserved */
} site_prices;

/* A problem that is whole: every bound checked, sell <= buy, states clamped to what can be. */
typedef struct site_case {
    const mizo_site_problem *p;
    int n, nb, nv, step;
    int32_t limit, standing; /* >= 0 */
    int32_t sell[MIZO_PLAN_MAX];
    int32_t floor_wh[MIZO_SITE_BATTERIES];                /* min(soc_min, now): the plan never goes below */
    int32_t top_wh[MIZO_SITE_BATTERIES];                  /* max(soc_max, now) */
    int32_t soc_wh[MIZO_SITE_BATTERIES];                  /* now, within [0, energy] */
    int32_t reserve_wh[MIZO_SITE_BATTERIES];              /* within the window */
    int32_t restore_wh[MIZO_SITE_BATTERIES];              /* reserve - now, if positive */
    int from[MIZO_SITE_VEHICLES], to[MIZO_SITE_VEHICLES]; /* within [0, n] */
    int sell_lowered;
    site_prices price;
} site_case;

mizo_err site_case_init(site_case *c, const mizo_site_problem *p);

/* What a solver found for a site, before it is rounded: kW, kWh (stored: at the end of the slot), any solver's. */
typedef struct site_flows {
    double import[MIZO_PLAN_MAX], export[MIZO_PLAN_MAX], pv[MIZO_PLAN_MAX], unserved[MIZO_PLAN_MAX];
    double charge[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX], discharge[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX];
    double soc[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX];
    double vehicle[MIZO_SITE_VEHICLES][MIZO_PLAN_MAX];
    double start[MIZO_SITE_RUNS][MIZO_PLAN_MAX]; /* share of a run that starts in the slot */
    double price[MIZO_PLAN_MAX];                 /* dual of the balance: yen per kWh */
} site_flows;

/* ---- the model: a ring of slots, so that it can roll on without losing the basis ---- */

/* Columns of one place of the ring, in this order; then 5 a battery, then 1 a vehicle. */
enum { COL_IMPORT, COL_EXPORT, COL_PV, COL_UNSERVED, COL_BATTERY };
enum { BAT_CHARGE, BAT_DISCHARGE, BAT_ABOVE /* the reserve */, BAT_RESTORE, BAT_BELOW, BAT_COLS };
/* Rows of one place; then 1 a battery. */
enum { ROW_BALANCE, ROW_PEAK, ROW_BATTERY };

typedef struct site_model {
    int ring, nb, nv, step; /* capacities that the structure was made for */
    int32_t charge_ppm[MIZO_SITE_BATTERIES], discharge_ppm[MIZO_SITE_BATTERIES];
    int base; /* place of the horizon's first slot */
    int place_cols, place_rows, cols, rows, nonzeros;
    int *start, *row;
    double *a, *lo, *up, *cost, *rlo, *rup;
    double *block;   /* the memory behind the doubles */
    double constant; /* of the objective, yen */
} site_model;

void site_model_free(site_model *m);
/* True if the structure serves the case as it stands. */
bool site_model_fits(const site_model *m, const site_case *c);
/* Makes the structure; keeps the larger of old and new capacities. */
mizo_err site_model_make(site_model *m, const site_case *c);
/* Fills bounds, costs and right sides. margin_w: how much the standing peak is tightened. */
void site_model_fill(site_model *m, const site_case *c, int margin_w);
/* The flows that a solver's columns mean, but for the prices; and the prices of its row duals. */
void site_model_flows(const site_model *m, const site_case *c, const double *x, site_flows *f);
void site_model_prices(const site_model *m, const site_case *c, const double *y, site_flows *f);

static inline int site_place(const site_model *m, int t)
{
    return (m->base + t + m->ring) % m->ring;
}
static inline int site_col(const site_model *m, int t, int k)
{
    return site_place(m, t) * m->place_cols + k;
}
static inline int site_col_battery(const site_model *m, int t, int b, int k)
{
    return site_col(m, t, COL_BATTERY + b * BAT_COLS + k);
}
static inline int site_col_vehicle(const site_model *m, int t, int v)
{
    return site_col(m, t, COL_BATTERY + m->nb * BAT_COLS + v);
}
static inline int site_col_peak(const site_model *m)
{
    return m->ring * m->place_cols;
}
static inline int site_col_short(const site_model *m, int v)
{
    return site_col_peak(m) + 1 + v;
}
static inline int site_row(const site_model *m, int t, int k)
{
    return site_place(m, t) * m->place_rows + k;
}
static inline int site_row_vehicle(const site_model *m, int v)
{
    return m->ring * m->place_rows + v;
}

/* ---- bound, rounding, cost ---- */

/* A lower bound of the cost in micro-yen from any row duals y, by weak duality, rounded outwards.
 * `work` holds m->cols + m->rows values. Never more than MIZO_PLAN_BOUND_MOST in size. */
mizo_uyen site_bound(const site_model *m, const site_case *c, const double *y, double *work);

/* Rounds what a solver found to a plan in W that obeys physics exactly. The flows may be anything. */
void site_round(const site_case *c, const site_flows *f, mizo_site_plan *out);

/* Cost, penalties, peak, what was given up; all from the plan's integers. */
void site_cost(const site_case *c, mizo_site_plan *out);

#endif
