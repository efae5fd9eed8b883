/* view.h: the town at one instant, as an immutable, reference-counted value. The operating thread
 * makes one each slot (and between), the pages read it; nobody locks anything.
 *
 * Per slot values are Wh of the half-hour; MIZO_MISSING: not known (yet). All flows >= 0. */
#ifndef TOWN_VIEW_H
#define TOWN_VIEW_H

#include "mizo/control.h"
#include "mizo/region.h"
#include "town/books/settle.h"

typedef struct view_day {
    /* what happened, slots [0, now) of the day */
    int32_t demand[48], pv[48], curtailed[48], import[48], export[48], charge[48], discharge[48], vehicle[48];
    int32_t soc[48]; /* at the end of the slot, Wh, all batteries of the point */
    /* as issued at midnight */
    int32_t forecast[48], forecast_p10[48], forecast_p90[48], pv_forecast[48];
    /* latest plan, from the slot in hand on; before it what had been planned when dispatched */
    int32_t plan_import[48], plan_export[48], plan_soc[48], plan_charge[48], plan_discharge[48],
        plan_vehicle[48];
    int32_t green[48]; /* local renewable Wh matched to this point, slots [0, now) */
} view_day;

/* The same of what only some points have: loads that run through, stores that are no batteries (hot water,
 * hydrogen), vehicles that give back. */
typedef struct view_more {
    int32_t run[48], given[48], store_in[48], store_out[48], drawn[48];
    int32_t held[48]; /* at the end of the slot, Wh, all stores of the point */
    int32_t plan_run[48], plan_given[48], plan_store[48] /* into them */, plan_held[48];
} view_more;

/* A load that runs through. */
typedef struct view_run {
    bool known;
    uint8_t state;   /* mizo_run_state */
    bool done;       /* today's */
    int plan_slot;   /* of the day: planned to begin; -1: not today, begun, or nobody plans */
    int64_t wait_ms; /* it waits: so long it still may */
} view_run;

/* A store this minute, batteries too. */
typedef struct view_store {
    bool known;
    int32_t held_wh, now_w /* + takes */, owed_wh /* due and not given: it is empty */;
} view_store;

typedef struct view_now { /* this minute, W, MIZO_MISSING: silent */
    int32_t demand_w, pv_w, import_w, export_w, battery_w /* + charge */, soc_wh,
        vehicle_w /* - gives back */;
    int32_t run_w, store_w; /* of loads that run through; into stores that are no batteries; 0: it has none */
    uint8_t why;            /* mizo_why */
    bool controlled;        /* has something to decide: battery, vehicles */
    int32_t mean_w; /* bought since the half-hour began, as mean power; as it begins: of the one before */
} view_now;

typedef struct view_van { /* a vehicle this minute */
    bool known, here;     /* known: its site runs */
    bool impossible;      /* what it wants cannot be met whatever is done */
    int32_t need_wh;      /* still wanted before it leaves; MIZO_MISSING: it does not say */
    int32_t now_w;
    mizo_ms arrived, depart; /* while it is here */
} view_van;

/* A place where a limit stands, or a call lies on it for a while; the first is the town itself. W, net import. */
typedef struct view_place {
    mizo_ref node;                              /* -1: the town */
    int32_t over_myen;                          /* a kWh beyond it; 0: kept at any price */
    bool standing;                              /* what always holds; false: obligations for a while */
    int32_t import_limit[48], export_limit[48]; /* MIZO_MISSING: none in that half-hour */
    int32_t flow[48];                           /* that happened, slots [0, now) */
    int32_t plan[48];        /* from the slot in hand on; before it what had been planned */
    int32_t over[48];        /* of it beyond the limit: given up */
    int32_t shadow_myen[48]; /* what one more kWh through it would save */
    int32_t price_myen[48];  /* of a kWh there, beside what the sites pay */
} view_place;

typedef struct view_plan { /* the plan of all sites together */
    mizo_ms at;            /* of the town's clock; 0: none yet */
    bool optimal, warm;    /* the gap is met; it began from the last one */
    double objective, bound, gap;
    int iterations, solve_ms;
    int sites, kept; /* in it; those that go on with their last one */
    double over_kwh; /* beyond limits: given up */
} view_plan;

/* The town's purchase a day ahead: net import less the plants, W, sold below zero; MIZO_MISSING: it was not planned. */
typedef struct view_buy {
    bool fixed;        /* tomorrow's: the exchange has closed; until then each plan may move it */
    int32_t today[48]; /* as it stood when the exchange closed */
    int32_t tomorrow[48];
} view_buy;

enum { VIEW_ALERTS = 32 };
typedef struct view_alert {
    mizo_slot slot;
    mizo_diag what; /* parameters owned by the view */
} view_alert;

typedef struct town_view town_view;
struct town_view {
    const mizo_region *region; /* one reference */
    mizo_ms now;               /* of the town's clock */
    mizo_day day;
    int slot;                    /* slot of the day in hand, 0..47; slots before it are complete */
    double speed;                /* 600: times faster than life; 1 */
    bool running;                /* false: recorded truth has ended, or stopped */
    bool waking;                 /* some points have no forecast yet: the town has none either */
    mizo_slot truth_end;         /* first slot without recorded truth */
    size_t npoint, nplant, nvan; /* as in region */
    view_day *point;             /* [npoint] */
    view_now *point_now;         /* [npoint] */
    int32_t (*plant)[48];        /* [nplant] generation */
    int32_t *plant_now_w;        /* [nplant] */
    view_van *van;               /* [nvan], as region->vehicle */
    size_t nmore, nrun, nstore;
    mizo_ref *more_of; /* [npoint] its place in more; -1: has none of that */
    view_more *more;   /* [nmore] */
    view_run *run;     /* [nrun], as region->load */
    view_store *store; /* [nstore], as region->battery */
    view_day total;    /* sums over points; soc is a sum too */
    view_now total_now;
    int32_t price[48];                       /* market price, milli-yen per kWh */
    int32_t matched[48];                     /* local renewable supply matched to demand, Wh */
    int64_t plan_cost_uyen, plan_bound_uyen; /* of the latest plan of all controlled sites */
    double plan_gap;
    int plan_sites, plan_ms; /* how many planned, wall time */
    view_plan plan;
    view_buy buy;
    size_t nplace;
    view_place *place; /* [nplace] */
    int vans_short;    /* today */
    size_t nalert;
    view_alert alert[VIEW_ALERTS];
    int refs;    /* atomic */
    void *block; /* the memory behind all of it */
};

town_view *view_new(const mizo_region *r); /* all missing; one reference. NULL: out of memory */
town_view *view_copy(const town_view *v);  /* a deep copy to change. NULL: out of memory */
town_view *view_ref(town_view *v);
void view_unref(town_view *v);    /* NULL is fine */
void view_clear_day(view_day *d); /* all missing */
void view_clear_point(town_view *v, mizo_ref point);
/* NULL: the point has none of that. */
const view_more *view_more_of(const town_view *v, mizo_ref point);
void view_clear_place(view_place *p);
bool view_limited(const view_place *p); /* in any half-hour of the day */
/* Keeps the latest VIEW_ALERTS. The parameters (C strings, ended by NULL, cut at 63 bytes) are copied. */
void view_alarm(town_view *v, mizo_slot slot, mizo_msg id, ... /* const char *, NULL */);
void view_total(town_view *v); /* recomputes total, total_now from the points */

/* What the points' meters said on its day, for the books, copied into rows: [VIEW_METERS * npoint]. */
enum { VIEW_METERS = 5 };
settle_day view_meters(const town_view *v, int32_t (*rows)[MIZO_DAY_SLOTS]);

#endif
