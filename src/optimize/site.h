/* site.h: the parts of one site's plan: case, model (what the solver sees), bound, flows, rounding, cost. */
#ifndef OPTIMIZE_SITE_H
#define OPTIMIZE_SITE_H

#include "mizo/optimize.h"

/* What a kWh of each wish is priced at, milli-yen: wishes are never sold for money, and the cheapest
 * goes first. docs/mechanisms/plan.md 3. */
typedef struct site_prices {
    int64_t restore;  /* a slot below the reserve, down to what is stored now: coming back is not urgent */
    int64_t reserve;  /* a slot below that */
    int64_t capacity; /* a slot below the energy of sold balancing capacity, on top of the reserve's */
    int64_t store;    /* drawn from a store */
    int64_t vehicle;  /* in the vehicle's battery */
    int64_t run;      /* of a load that may wait */
    int64_t demand;   /* unserved */
} site_prices;

/* A problem that is whole: every bound checked, sell <= buy, states clamped to what can be. */
typedef struct site_case {
    const mizo_site_problem *p;
    int n, nb, nv, nrun, step;
    int32_t limit, standing; /* >= 0 */
    int32_t export_w;        /* 0 where import is kept above a relay */
    int32_t free_peak; /* an import up to here costs nothing more: the standing peak, or the agreed power */
    int32_t peak_step; /* from there this far at the lower price: up to the other of both */
    int32_t sell[MIZO_PLAN_MAX];
    int32_t least_wh[MIZO_SITE_BATTERIES], most_wh[MIZO_SITE_BATTERIES]; /* the window */
    int32_t soc_wh[MIZO_SITE_BATTERIES];                                 /* now, within [0, energy] */
    int32_t reserve_wh[MIZO_SITE_BATTERIES];                             /* within the window */
    int32_t restore_wh[MIZO_SITE_BATTERIES];                             /* reserve - now, if positive */
    int32_t charge_w[MIZO_SITE_BATTERIES];                    /* of the inverter, 0 where nothing fits in */
    int here[MIZO_SITE_BATTERIES], gone[MIZO_SITE_BATTERIES]; /* in slots [here, gone), within [0, n] */
    double keep[MIZO_SITE_BATTERIES];                         /* of what is stored, after a slot */
    int from[MIZO_SITE_VEHICLES], to[MIZO_SITE_VEHICLES];     /* within [0, n] */
    int32_t min_w[MIZO_SITE_VEHICLES];                        /* at most the charger's power */
    int run_from[MIZO_SITE_RUNS], run_to[MIZO_SITE_RUNS];     /* starts in [run_from, run_to), maybe none */
    int sell_lowered;
    site_prices price;
} site_case;

mizo_err site_case_init(site_case *c, const mizo_site_problem *p);
void site_set_prices(site_case *c);

/* The least and the most that can be stored at the end of slot t: the window, but for what was found outside
 * it, and for what a store loses by standing alone. */
double site_low_wh(const site_case *c, int b, int t);
int32_t site_top_wh(const site_case *c, int b, int t);

/* What is wished of the energy stored at the end of slot t: each Wh below `wh` costs `price` (a kWh) on top of what
 * the wishes above cost. Highest first. docs/mechanisms/plan.md 3. */
enum { SITE_WISHES = 4, SITE_WISHES_PLAIN = 2 };
typedef struct site_wish {
    int32_t wh;
    int64_t price;
    mizo_give_up_kind kind;
} site_wish;
int site_wishes(const site_case *c, int b, int t, site_wish out[SITE_WISHES]);

/* Least import of a slot: the relay's margin or the demand. */
int32_t site_keep_w(const site_case *c, int t);
/* W that a run takes. A run of battery b's charge in slot t, drawn for its own purpose. */
int32_t site_use_w(const site_case *c, int b, int t);
/* Of the inverter, what is not sold as balancing capacity. */
int32_t site_discharge_w(const site_case *c, int b, int t);

/* What a solver found for a site, before it is rounded: kW, kWh (stored: at the end of the slot), any solver's. */
typedef struct site_flows {
    double import[MIZO_PLAN_MAX], export[MIZO_PLAN_MAX], pv[MIZO_PLAN_MAX], unserved[MIZO_PLAN_MAX];
    double charge[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX], discharge[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX];
    double soc[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX];
    double drawn_short[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX]; /* of use_w, what the store does not give */
    double vehicle[MIZO_SITE_VEHICLES][MIZO_PLAN_MAX];
    double start[MIZO_SITE_RUNS][MIZO_PLAN_MAX]; /* share of a run that starts in the slot */
    double price[MIZO_PLAN_MAX];                 /* dual of the balance: yen per kWh */
    double node
        [MIZO_PLAN_MAX]; /* price at the site's node, on top of what the site pays: yen per kWh; alone: 0 */
} site_flows;

/* What a kWh bought, sold is worth in slot t, yen: what the site pays and its node's price. */
static inline double site_buy_yen(const site_case *c, const site_flows *f, int t)
{
    return c->p->buy_myen[t] / 1000.0 + f->node[t];
}
static inline double site_sell_yen(const site_case *c, const site_flows *f, int t)
{
    return c->sell[t] / 1000.0 + f->node[t];
}

/* ---- the model: a ring of slots, so that it can roll on without losing the basis ---- */

/* Columns of one place of the ring, in this order; then those of each battery, 1 a vehicle, 1 a run. */
enum { COL_IMPORT, COL_EXPORT, COL_PV, COL_UNSERVED, COL_BATTERY };
/* Of a battery. Stored energy is its highest wish + above - pieces: each piece lies between two wishes. Then,
 * where a store is drawn from, what it does not give. */
enum { BAT_CHARGE, BAT_DISCHARGE, BAT_ABOVE, BAT_PIECE };
/* Rows of one place; then 1 a battery; then charging from own PV only and discharging for the site only. */
enum { ROW_BALANCE, ROW_PEAK, ROW_BATTERY };

/* What the matrix is made of: a model serves every case of the same shape. */
typedef struct site_shape {
    int step, nb, nrun;
    int pieces; /* between the wishes of a battery */
    bool draws; /* some store is drawn from */
    bool steps; /* the peak has two prices */
    bool own_pv[MIZO_SITE_BATTERIES], site_only[MIZO_SITE_BATTERIES];
    int32_t charge_ppm[MIZO_SITE_BATTERIES], discharge_ppm[MIZO_SITE_BATTERIES],
        loss_ppm_h[MIZO_SITE_BATTERIES];
    int run_slots[MIZO_SITE_RUNS];
} site_shape;

typedef struct site_model {
    site_shape shape;
    int ring, nv;                   /* capacities that the structure was made for */
    int nb;                         /* of the shape */
    int base;                       /* place of the horizon's first slot */
    int bat_cols, row_pv, row_only; /* columns of a battery; rows of a place, -1 none */
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
/* Holds the filled model to a plan's whole decisions: starts of runs, slots of chargers with a least power. */
void site_model_hold(site_model *m, const site_case *c, const mizo_site_plan *plan);
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
    return site_col(m, t, COL_BATTERY + b * m->bat_cols + k);
}
static inline int site_col_drawn_short(const site_model *m, int t, int b)
{
    return site_col_battery(m, t, b, BAT_PIECE + m->shape.pieces);
}
static inline int site_col_vehicle(const site_model *m, int t, int v)
{
    return site_col(m, t, COL_BATTERY + m->nb * m->bat_cols + v);
}
static inline int site_col_start(const site_model *m, int t, int k) /* kW */
{
    return site_col(m, t, COL_BATTERY + m->nb * m->bat_cols + m->nv + k);
}
static inline int site_col_peak(const site_model *m) /* then the dearer step, where there is one */
{
    return m->ring * m->place_cols;
}
static inline int site_col_short(const site_model *m, int v)
{
    return site_col_peak(m) + 1 + m->shape.steps + v;
}
static inline int site_col_no_run(const site_model *m, int k) /* kW */
{
    return site_col_short(m, m->nv) + k;
}
static inline int site_row(const site_model *m, int t, int k)
{
    return site_place(m, t) * m->place_rows + k;
}
static inline int site_row_vehicle(const site_model *m, int v)
{
    return m->ring * m->place_rows + v;
}
static inline int site_row_run(const site_model *m, int k)
{
    return site_row_vehicle(m, m->nv) + k;
}

/* ---- bound, rounding, cost ---- */

/* A lower bound of the cost in micro-yen from any row duals y, by weak duality, rounded outwards.
 * `work` holds m->cols + m->rows values. Never more than MIZO_PLAN_BOUND_MOST in size. */
mizo_uyen site_bound(const site_model *m, const site_case *c, const double *y, double *work);

/* Rounds what a solver found to a plan in W that obeys physics exactly. The flows may be anything. */
void site_round(const site_case *c, const site_flows *f, mizo_site_plan *out);
/* Its first part: when runs start, and vehicle_w of the chargers with a least power. */
void site_choose(const site_case *c, const site_flows *f, mizo_site_plan *out);
/* The same by the flows' prices alone, where all else will be planned around it. */
void site_choose_by_price(const site_case *c, const site_flows *f, mizo_site_plan *out);

/* Cost, penalties, peak, what was given up; all from the plan's integers. */
void site_cost(const site_case *c, mizo_site_plan *out);
/* What the flows would cost, were they a plan: micro-yen. */
mizo_uyen site_flows_cost(const site_case *c, const site_flows *f);
/* Prices, gap and what rounding added: after cost and bound. */
void site_judge(const site_case *c, const site_flows *f, mizo_site_plan *out);

#endif
