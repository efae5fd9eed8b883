/* view.h: the town at one instant, as an immutable, reference-counted value. The operating thread
 * makes one each slot (and between), the pages read it; nobody locks anything.
 *
 * Per slot values are Wh of the half-hour; MIZO_MISSING: not known (yet). All flows >= 0. */
#ifndef TOWN_VIEW_H
#define TOWN_VIEW_H

#include "mizo/control.h"
#include "mizo/region.h"

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

typedef struct view_now { /* this minute, W, MIZO_MISSING: silent */
    int32_t demand_w, pv_w, import_w, export_w, battery_w /* + charge */, soc_wh, vehicle_w;
    uint8_t why;     /* mizo_why */
    bool controlled; /* has something to decide: battery, vehicles */
    int32_t mean_w;  /* bought since the half-hour began, as mean power; as it begins: of the one before */
} view_now;

typedef struct view_van { /* a vehicle this minute */
    bool known, here;     /* known: its site runs */
    bool impossible;      /* what it wants cannot be met whatever is done */
    int32_t need_wh;      /* still wanted before it leaves; MIZO_MISSING: it does not say */
    int32_t now_w;
    mizo_ms arrived, depart; /* while it is here */
} view_van;

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
    view_day total;              /* sums over points; soc is a sum too */
    view_now total_now;
    int32_t price[48];                       /* market price, milli-yen per kWh */
    int32_t matched[48];                     /* local renewable supply matched to demand, Wh */
    int64_t plan_cost_uyen, plan_bound_uyen; /* of the latest plan of all controlled sites */
    double plan_gap;
    int plan_sites, plan_ms; /* how many planned, wall time */
    int vans_short;          /* today */
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
/* Keeps the latest VIEW_ALERTS. The parameters (C strings, ended by NULL, cut at 63 bytes) are copied. */
void view_alarm(town_view *v, mizo_slot slot, mizo_msg id, ... /* const char *, NULL */);
void view_total(town_view *v); /* recomputes total, total_now from the points */

#endif
