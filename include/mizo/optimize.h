/* optimize.h: what is best. One site, or a whole town of sites under common limits, exactly; every plan
 * carries its cost, a lower bound that nothing can beat, and the gap.
 *
 * Never "infeasible": physics (power, energy, efficiency, contract limit) is
 * hard; every wish (a van's energy at departure, the reserve, unserved demand at
 * the limit) is priced, and what was given up is named. Powers are W, energies
 * Wh, prices milli-yen per kWh, steps of `step_min` minutes. Doubles live only
 * inside; plans leave rounded to W. docs/mechanisms/plan.md has the formulation of a site,
 * docs/mechanisms/area.md that of the town and the mathematics of its engine.
 *
 * The signs: import, export, charge and discharge are >= 0 each; net is import - export.
 */
#ifndef MIZO_OPTIMIZE_H
#define MIZO_OPTIMIZE_H

#include "mizo/lp.h"
#include "mizo/number.h"
#include "mizo/slot.h"

enum {
    MIZO_PLAN_MAX = 384,
    MIZO_SITE_BATTERIES = 8,
    MIZO_SITE_VEHICLES = 192 /* sessions in a plan */,
    MIZO_SITE_RUNS = 8
};

typedef struct mizo_plan_battery {
    int32_t energy_wh, charge_w, discharge_w;
    int32_t soc_min_wh, soc_max_wh, reserve_wh; /* reserve is a wish above soc_min */
    int32_t soc_now_wh;
    int32_t charge_ppm, discharge_ppm;
    int32_t wear_myen; /* per kWh discharged */
    int32_t end_myen;  /* value of a kWh left at the horizon's end */
    /* ---- from here on: zero is fine. What makes a vehicle that gives back, a water heater or a hydrogen set of it */
    int32_t loss_ppm_h;   /* of what is stored, lost in an hour */
    const int32_t *use_w; /* [n] drawn from the store for its own purpose (hot water, hydrogen); NULL none */
    int from,
        to; /* here in slots [from, to) only; to 0: always (leave out what has gone). soc_now_wh is then what it comes with */
    int32_t leave_wh; /* wanted in it at `to`, or at the horizon's end: a wish, as a vehicle's need */
    const int32_t *reserved_w;  /* [n] of the discharging power, sold as balancing capacity; NULL none */
    const int32_t *reserved_wh; /* [n] energy above soc_min that the sold capacity needs; a wish; NULL none */
    bool own_pv_only;           /* charges from the site's own PV only */
    bool
        site_only; /* what it gives is used at the site: not exported, not stored elsewhere (grant conditions) */
} mizo_plan_battery;

typedef struct mizo_plan_vehicle {
    int from, to;    /* may charge in slots [from, to) of the horizon; arrival rounded up, departure down */
    int32_t need_wh; /* still wanted in the vehicle's battery */
    int32_t max_w;
    int32_t efficiency_ppm;
    int32_t
        min_w; /* charges with 0 or min_w..max_w; 0: any. Planned freely, then rounded: plan.rounding says the loss */
} mizo_plan_vehicle;

/* A load that may wait, then runs through: a pump, a washing machine, a batch. */
typedef struct mizo_plan_run {
    int from, to; /* starts at `from` at the earliest, has ended by `to` */
    int slots;    /* that it runs, at power_w */
    int32_t power_w;
} mizo_plan_run;

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
    /* ---- from here on: zero is fine */
    int nrun;
    mizo_plan_run run[MIZO_SITE_RUNS];
    int32_t agreed_w;                /* agreed power (500 kW and more); 0 none */
    int32_t over_agreed_myen_per_kw; /* price of each kW above it, on top of the peak's */
    int32_t
        keep_import_w; /* margin above the reverse-power relay: import is kept at least so high (or the demand,
                              where that is less) by curtailing and not discharging; nothing is exported; 0 none */
    int32_t
        money_myen; /* what a kWh may cost beyond the prices above: wishes are priced above that too. A town's
                           engine sets it */
} mizo_site_problem;

typedef enum mizo_give_up_kind {
    MIZO_GAVE_VEHICLE,
    MIZO_GAVE_RESERVE,
    MIZO_GAVE_DEMAND,
    MIZO_GAVE_RUN,
    MIZO_GAVE_STORE /* leave_wh, use_w or reserved_wh of a battery */
} mizo_give_up_kind;
typedef struct mizo_give_up {
    mizo_give_up_kind kind;
    int index; /* vehicle, battery or run */
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
    mizo_uyen
        rounding; /* the part of cost - bound that rounding to least powers, whole runs and W has added */
    int iterations;
    int n;
    int32_t import_w[MIZO_PLAN_MAX], export_w[MIZO_PLAN_MAX], pv_w[MIZO_PLAN_MAX];
    int32_t charge_w[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX], discharge_w[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX];
    int32_t soc_wh[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX];        /* at the end of the slot */
    int32_t store_short_w[MIZO_SITE_BATTERIES][MIZO_PLAN_MAX]; /* of use_w: what the store could not give */
    int32_t vehicle_w[MIZO_SITE_VEHICLES][MIZO_PLAN_MAX];
    int32_t price_myen[MIZO_PLAN_MAX]; /* dual of the balance: what one more kWh would cost */
    int32_t unserved_w[MIZO_PLAN_MAX];
    int run_at[MIZO_SITE_RUNS]; /* first slot of each run; -1 given up */
    int32_t peak_w;             /* highest import of the plan */
    int sell_lowered;           /* slots whose sale price was lowered to the purchase price */
    int ngave;
    mizo_give_up gave[MIZO_GIVE_UPS];
} mizo_site_plan;

/* Stored energy is counted in micro-Wh inside, so that rounding never gathers: what charging adds is
 * rounded down, what is lost by standing or taken is rounded up. A plan's soc_wh is this recursion, in whole Wh
 * rounded down: in each slot of its window the step, then the draw of use_w - store_short_w; before and after, what
 * it comes and leaves with. Powers in W over step_min minutes; efficiencies 1..1000000. */
MIZO_API int64_t mizo_battery_step(const mizo_plan_battery *b, int step_min, int64_t soc_uwh,
                                   int32_t charge_w, int32_t discharge_w);
MIZO_API int64_t mizo_battery_draw(int step_min, int64_t soc_uwh, int32_t use_w);

/* A planner keeps the model of one site and changes its bounds from slot to slot. */
typedef struct mizo_planner mizo_planner;
MIZO_API mizo_planner *mizo_planner_new(const mizo_lp_solver *solver); /* NULL: out of memory */
MIZO_API void mizo_planner_free(mizo_planner *p);
/* Plans. MIZO_EINPUT: the problem itself is wrong (a negative size ...). Never fails because
 * of what is wished. The bound is recomputed here from the duals in integers rounded
 * outwards, not believed. */
MIZO_API MIZO_MUST_USE mizo_err mizo_plan_site(mizo_planner *p, const mizo_site_problem *problem,
                                               mizo_site_plan *out);

/* ---- the town: sites that meet at nodes ----
 *
 * A node is a place where flows meet and a limit may stand: node 0 the town's market, under it districts, feeders,
 * groups of sites with an obligation. Each site hangs on a node. What a site pays (mizo_site_problem: tariff, or
 * network and levies on top of the market) is added to what the town pays at its market:
 *
 *     min  sum of the sites' costs + sum_t h (buy_t A_t - sell_t B_t) + peak price * Q
 *     A_t - B_t = net of all sites - own production,  0 <= A_t <= import limit of node 0,  Q >= A_t
 *
 * Inside: a structure-exploiting interior point. Certified: `bound` is computed from the final duals alone and
 * holds whatever the iterations did. The answer does not depend on the number of threads. */
typedef struct mizo_area_node {
    int parent; /* an earlier node; -1 for node 0 */
    const int32_t
        *import_w; /* [n] highest net import of all below; NULL none; INT32_MAX: none in that slot */
    const int32_t *export_w; /* [n] highest net export of all below; the same */
    const int32_t *own_w;    /* [n] produced at the node itself: a waste plant; negative: drawn there by what
                                nobody plans; NULL none */
    int32_t over_myen; /* a kWh beyond a limit: an obligation's penalty. 0: dearer than any wish of a site */
} mizo_area_node;

typedef struct mizo_area_market {
    const int32_t *buy_myen,
        *sell_myen;           /* [n] a kWh that the town buys, sells; sell <= buy; NULL: 0, no market */
    int32_t standing_w;       /* the town's import peak that is already paid for */
    int32_t peak_myen_per_kw; /* each kW above it */
    const int32_t *g_per_kwh; /* [n] of what the town buys; NULL: not counted */
    int32_t carbon_yen_per_t; /* price of it */
    int32_t
        unmatched_myen; /* wish for power matched by the half-hour: a kWh that the town must buy, on top */
} mizo_area_market;

/* Two stages: what is bought a day ahead is the same in every scenario; the sites answer in each. In scenario k the
 * town buys what it is short of at buy_myen of market[k], sells what it is long of at its sell_myen. */
typedef struct mizo_area_shape {
    uint32_t size;   /* sizeof(mizo_area_shape) */
    mizo_slot from;  /* first slot of the horizon; 0: none */
    int n, step_min; /* horizon: 1..MIZO_PLAN_MAX slots */
    int nnode;       /* >= 1 */
    const mizo_area_node *node;
    int nscenario;                  /* 1: one future, as expected; at most MIZO_AREA_SCENARIOS */
    const int32_t *weight_ppm;      /* [nscenario], sum 1000000; NULL: all the same */
    const mizo_area_market *market; /* [nscenario] */
    const int32_t *ahead_myen;      /* [n] price a day ahead; NULL: nothing is bought ahead */
    const int32_t *ahead_w; /* [n] what is bought already (the intraday case); NULL: it is free to choose */
} mizo_area_shape;
enum { MIZO_AREA_NODES = 512, MIZO_AREA_SCENARIOS = 64 };

/* How the work is spread: calls work(ctx, k) once for each k in [0, threads), at the same time, and returns when all
 * have returned. The library itself starts no thread. */
typedef struct mizo_crew {
    void *arg;
    int threads;
    void (*run)(void *arg, void (*work)(void *ctx, int k), void *ctx);
} mizo_crew;

typedef struct mizo_area_options {
    uint32_t size;         /* sizeof(mizo_area_options) */
    double gap;            /* stop at this relative gap; 0: 1e-6 */
    int iterations;        /* at most; 0: as many as it takes */
    bool cold;             /* start from nothing, whatever was solved before */
    const mizo_crew *crew; /* NULL: this thread alone */
    /* Asked once an iteration; true ends the call with the best so far and its gap. NULL: never. */
    bool (*stop)(void *arg);
    void *arg;
} mizo_area_options;

typedef struct mizo_area_result {
    mizo_plan_status status; /* OPTIMAL: the gap is met; STOPPED: best so far; NONE: nothing to read */
    double objective;        /* yen, of a point that keeps every limit to `residual` */
    double bound;            /* yen: nothing is cheaper. Rounded outwards */
    double gap;              /* (objective - bound) / max(1, |objective|) */
    double residual;         /* worst row: kW, kWh */
    int iterations;
    bool warm;           /* began from the last solution */
    size_t sites, bytes; /* bytes: the engine's own memory */
    double over_kwh;     /* beyond limits of nodes: given up; mizo_area_node_read says where */
} mizo_area_result;

/* What flows through a node in a scenario, W; and what one more kWh would cost there. */
typedef struct mizo_area_flow {
    int32_t net_w[MIZO_PLAN_MAX];      /* import - export of all below, less own production */
    int32_t over_w[MIZO_PLAN_MAX];     /* of it beyond the limits: given up */
    int32_t price_myen[MIZO_PLAN_MAX]; /* of a kWh at the node: the market's and all limits' above */
    int32_t shadow_myen
        [MIZO_PLAN_MAX]; /* this node's own limit: what one more kWh through it would save; negative
                                           where it is the export's */
    int32_t ahead_w[MIZO_PLAN_MAX]; /* node 0: bought a day ahead */
    int32_t peak_w;                 /* highest import */
} mizo_area_flow;

typedef struct mizo_area mizo_area;
/* MIZO_EINPUT: the shape is wrong in itself. The arrays of the shape are copied. */
MIZO_API MIZO_MUST_USE mizo_err mizo_area_new(const mizo_area_shape *shape, mizo_area **out);
MIZO_API void mizo_area_free(mizo_area *a);
/* The sites, numbered as they come; in each of the nscenario problems the same devices. What the engine needs is
 * copied. MIZO_EINPUT as in mizo_plan_site. */
MIZO_API MIZO_MUST_USE mizo_err mizo_area_add(mizo_area *a, int node,
                                              const mizo_site_problem *const *scenario);
/* The day rolls on: new prices and limits (same nodes and scenarios), then new problems of the sites that changed.
 * The next solve begins from the last solution, shifted to the new first slot. */
MIZO_API MIZO_MUST_USE mizo_err mizo_area_renew(mizo_area *a, const mizo_area_shape *shape);
MIZO_API MIZO_MUST_USE mizo_err mizo_area_set(mizo_area *a, size_t site,
                                              const mizo_site_problem *const *scenario);
/* Never fails because of what is wished. MIZO_ENOMEM, or MIZO_EINPUT for options that make no sense. */
MIZO_API MIZO_MUST_USE mizo_err mizo_area_solve(mizo_area *a, const mizo_area_options *o,
                                                mizo_area_result *out);
/* A site's plan, rounded to W and to what its devices can do; its cost and bound are the site's own part at the
 * node's prices, which are in price_myen with the site's. */
MIZO_API MIZO_MUST_USE mizo_err mizo_area_site(const mizo_area *a, size_t site, int scenario,
                                               mizo_site_plan *out);
MIZO_API MIZO_MUST_USE mizo_err mizo_area_node_read(const mizo_area *a, int node, int scenario,
                                                    mizo_area_flow *out);

#endif
