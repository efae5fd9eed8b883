/* optimize.h: what is best. One site, exactly, as a linear program; every plan
 * carries its cost, a lower bound that nothing can beat, and the gap.
 *
 * Never "infeasible": physics (power, energy, efficiency, contract limit) is
 * hard; every wish (a van's energy at departure, the reserve, unserved demand at
 * the limit) is priced, and what was given up is named. Powers are W, energies
 * Wh, prices milli-yen per kWh, steps of `step_min` minutes. Doubles live only
 * inside; plans leave rounded to W. docs/mechanisms/plan.md has the formulation.
 */
#ifndef MIZO_OPTIMIZE_H
#define MIZO_OPTIMIZE_H

#include "mizo/number.h"
#include "mizo/slot.h"

enum { MIZO_PLAN_MAX = 384, MIZO_SITE_BATTERIES = 8, MIZO_SITE_VEHICLES = 192 /* sessions in a plan */ };

typedef struct mizo_plan_battery {
    int32_t energy_wh, charge_w, discharge_w;
    int32_t soc_min_wh, soc_max_wh, reserve_wh; /* reserve is a wish above soc_min */
    int32_t soc_now_wh;
    int32_t charge_ppm, discharge_ppm;
    int32_t wear_myen; /* per kWh discharged */
    int32_t end_myen;  /* value of a kWh left at the horizon's end */
} mizo_plan_battery;

typedef struct mizo_plan_vehicle {
    int from, to;    /* may charge in slots [from, to) of the horizon; arrival rounded up, departure down */
    int32_t need_wh; /* still wanted in the vehicle's battery */
    int32_t max_w;
    int32_t efficiency_ppm;
} mizo_plan_vehicle;

typedef struct mizo_site_problem {
    uint32_t size;   /* sizeof(mizo_site_problem) */
    mizo_slot from;  /* first slot of the horizon: as it rolls on, the planner keeps its basis; 0 none */
    int n, step_min; /* horizon */
    const int32_t *load_w;    /* [n] demand without what is planned here */
    const int32_t *pv_w;      /* [n] available; NULL none. May be curtailed */
    const int32_t *buy_myen;  /* [n] */
    const int32_t *sell_myen; /* [n]; sell < buy is needed for exactness, otherwise it is lowered and said */
    int32_t limit_w;          /* import never above (physics) */
    int32_t export_w;         /* export never above; 0 forbidden */
    int32_t standing_w;       /* import peak that is already paid for */
    int32_t peak_myen_per_kw; /* price of each kW above standing, for as long as it will stand */
    int nbattery, nvehicle;
    mizo_plan_battery battery[MIZO_SITE_BATTERIES];
    mizo_plan_vehicle vehicle[MIZO_SITE_VEHICLES];
} mizo_site_problem;

typedef enum mizo_give_up_kind { MIZO_GAVE_VEHICLE, MIZO_GAVE_RESERVE, MIZO_GAVE_DEMAND } mizo_give_up_kind;
typedef struct mizo_give_up {
    mizo_give_up_kind kind;
    int index; /* vehicle or battery */
    int slot;  /* the slot, or the vehicle's last */
    mizo_wh amount_wh;
} mizo_give_up;

typedef enum mizo_plan_status {
    MIZO_PLAN_OPTIMAL,
    MIZO_PLAN_STOPPED /* time or iterations: best so far */,
    MIZO_PLAN_NONE
} mizo_plan_status;

enum { MIZO_GIVE_UPS = 32 };

/* The arrays are in the plan, owned by it. Import, export ... are W, >= 0. */
typedef struct mizo_site_plan {
    mizo_plan_status status;
    mizo_uyen cost;      /* of the horizon as planned: energy + peak + wear - end value + penalties */
    mizo_uyen bound;     /* nothing can be cheaper */
    double gap;          /* (cost - bound) / max(1 yen, |cost|) */
    mizo_uyen penalties; /* the part of cost that stands for wishes given up */
    int iterations;
    int n;
    int32_t import_w[MIZO_PLAN_MAX], export_w[MIZO_PLAN_MAX], pv_w[MIZO_PLAN_MAX];
    int32_t charge_w[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX], discharge_w[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX];
    int32_t soc_wh[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX]; /* at the end of the slot */
    int32_t vehicle_w[MIZO_SITE_VEHICLES][MIZO_PLAN_MAX];
    int32_t price_myen[MIZO_PLAN_MAX]; /* dual of the balance: what one more kWh would cost */
    int32_t unserved_w[MIZO_PLAN_MAX];
    int32_t peak_w;   /* highest import of the plan */
    int sell_lowered; /* slots whose sale price was lowered to the purchase price */
    int ngave;
    mizo_give_up gave[MIZO_GIVE_UPS];
} mizo_site_plan;

/* Stored energy is counted in micro-Wh inside, so that rounding never gathers: what charging adds is
 * rounded down, what discharging takes is rounded up. A plan's soc_wh is this recursion, in whole Wh
 * rounded down. Powers in W over step_min minutes; efficiencies 1..1000000. */
MIZO_API int64_t mizo_battery_step(const mizo_plan_battery *b, int step_min, int64_t soc_uwh,
                                   int32_t charge_w, int32_t discharge_w);

/* ---- a general LP solver, as a constant table (clp.c is a module) ----
 * min c'x  s.t.  rlo <= A x <= rup, lo <= x <= up; A by columns. */
typedef struct mizo_lp mizo_lp;
typedef struct mizo_lp_solver {
    const char *name; /* "clp" */
    mizo_lp *(*load)(int cols, int rows, const int *start, const int *row, const double *a, const double *lo,
                     const double *up, const double *c, const double *rlo, const double *rup);
    void (*free)(mizo_lp *lp);
    /* Change data in place: the basis is kept. */
    void (*set)(mizo_lp *lp, const double *lo, const double *up, const double *c, const double *rlo,
                const double *rup);
    /* MIZO_OK: solved to optimality; MIZO_EBUSY: stopped at a limit; MIZO_ERANGE: no solution. */
    mizo_err (*solve)(mizo_lp *lp, int max_iterations);
    const double *(*x)(const mizo_lp *lp);
    const double *(*dual)(const mizo_lp *lp);
    int (*iterations)(const mizo_lp *lp);
} mizo_lp_solver;

/* The built-in member: dense and small, for tests and as the yardstick of clp. dense_lp.c */
extern MIZO_API const mizo_lp_solver mizo_lp_dense;

/* A planner keeps the model of one site and changes its bounds from slot to slot. */
typedef struct mizo_planner mizo_planner;
MIZO_API mizo_planner *mizo_planner_new(const mizo_lp_solver *solver); /* NULL: out of memory */
MIZO_API void mizo_planner_free(mizo_planner *p);
/* Plans. MIZO_EINPUT: the problem itself is wrong (a negative size ...). Never fails because
 * of what is wished. The bound is recomputed here from the duals in integers rounded
 * outwards, not believed. */
MIZO_API MIZO_MUST_USE mizo_err mizo_plan_site(mizo_planner *p, const mizo_site_problem *problem,
                                               mizo_site_plan *out);

#endif
