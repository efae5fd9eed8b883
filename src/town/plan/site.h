/* site.h: one controlled site in the running town: its devices, controller, planner and account. A site
 * touches nothing but itself while a slot runs, so that sites can be run on any number of threads. */
#ifndef TOWN_SITE_H
#define TOWN_SITE_H

#include "town/foresee/foresee.h"
#include "town/live/operate.h"
#include "town/live/truth.h"
#include "town/plan/problem.h"

/* Slots that are forecast, from the first of today; that are planned, from the one in hand: always as many, so that a
 * plan goes on from the last one; of which a site knows its prices. */
enum { OUTLOOK = 144, PLAN_AHEAD = 96, SITE_PRICES = 144 };

/* What is expected of a point: as issued at midnight for today, Wh a slot; and who says so, also of tomorrow and
 * in the middle of the day. */
typedef struct outlook {
    foresee *sees;                  /* NULL: nobody was asked */
    const foresee_weather *weather; /* as issued with it; NULL: none */
    bool known;
    bool unusual; /* its forecasts miss more than they usually do: said once until that is over */
    int32_t mean[MIZO_DAY_SLOTS], p10[MIZO_DAY_SLOTS], p90[MIZO_DAY_SLOTS], pv[MIZO_DAY_SLOTS];
} outlook;

/* Memory for one thread's plans. */
typedef struct site_work {
    foresee_out said;
    int32_t load[MIZO_PLAN_MAX], pv[MIZO_PLAN_MAX];
    problem_session session[MIZO_SITE_VEHICLES];
    int vehicle[MIZO_SITE_VEHICLES]; /* of session[i]; -1: only expected */
    int nsession;
    bool steered;
    int32_t steer_myen[MIZO_PLAN_MAX]; /* what a kWh counts beside what the site pays, by a desk's decision */
} site_work;

/* The instant that a site works at. Both clocks are simulated; wall may be wrong, mono never. */
typedef struct site_clock {
    mizo_slot slot;
    mizo_day day;
    int of_day; /* slot of the day */
    mizo_ms mono, wall;
    int step_ms;
} site_clock;

typedef struct site_vehicle {
    mizo_ref ref; /* in region->vehicle */
    bool here, impossible;
    int32_t full_wh;        /* in it when it wants nothing more */
    mizo_ms arrive, depart; /* of the session in hand; arrive also of the last one */
} site_vehicle;

typedef struct site {
    const operate_options *o;
    const mizo_region *region;
    mizo_ref point;
    size_t track;
    truth *truth;
    outlook *outlook;
    device *dev;
    mizo_planner *planner;
    mizo_site_control ctl;
    size_t battery_first;
    int nbattery, nvehicle, nrun;
    mizo_ref run[MIZO_COMMAND_RUNS]; /* in region->load */
    bool ahead_wanted;               /* has something for which the box looks ahead */
    site_vehicle vehicle[MIZO_COMMAND_VEHICLES];
    int32_t value_myen[MIZO_COMMAND_BATTERIES]; /* of a stored kWh, in the account */
    mizo_wh soc_before[MIZO_COMMAND_BATTERIES]; /* when the slot in hand began */
    int32_t standing_w;                         /* before the run */
    int64_t peak_myen_per_kw;
    int32_t peak_wh;                             /* highest import of a slot so far */
    int32_t buy[SITE_PRICES], sell[SITE_PRICES]; /* from today's first slot */
    int32_t high_w[48], low_w[48]; /* highest and lowest net import without devices, by slot of the day;
                                      MIZO_MISSING */

    site_problem *problem; /* of the planning in hand */
    bool offered;          /* it has one */
    bool moved;  /* since it was planned: vehicles have come or gone, devices fell silent or speak again */
    bool silent; /* its devices do not say what they hold */
    mizo_program program;
    bool has_program;
    bool left_out;        /* the problem of the plan had no room for all that moves */
    mizo_ms now;          /* of the step in hand */
    bool kept;            /* the last good plan goes on: there was nothing to plan from */
    mizo_site_plan *plan; /* latest; plan_from -1: none */
    mizo_slot plan_from;
    mizo_uyen plan_cost, plan_bound;
    mizo_uyen steer_paid; /* of the plan, at a desk's price: in neither */
    int plan_battery[MIZO_SITE_BATTERIES],
        plan_vehicle[MIZO_SITE_VEHICLES]; /* device of each in the plan; -1 */
    int plan_giver[MIZO_SITE_BATTERIES];  /* the vehicle that such a battery is; -1 */
    int plan_run[MIZO_SITE_RUNS];
    mizo_plan_run plan_runs[MIZO_SITE_RUNS];
    int plan_batteries, plan_vehicles, plan_nrun;
    int ask_battery[MIZO_SITE_BATTERIES], ask_vehicle[MIZO_SITE_VEHICLES]; /* the same of the problem */
    int ask_giver[MIZO_SITE_BATTERIES], ask_run[MIZO_SITE_RUNS];
    int32_t *ahead_load, *ahead_pv; /* oracle: truth of the days from ahead_day on, ahead_days of them */
    mizo_day ahead_day;
    int ahead_days;

    sim_step slot_sum;    /* of the slot in hand */
    bool slot_known;      /* recorded truth exists */
    mizo_command command; /* last */
    sim_step last;        /* last step, for the view */
    operate_result sum;
    bool gap, plan_failed, raised; /* said already, or to be said */
    bool said_kept, said_silent, said_gave;
    int vans_short_today;
    mizo_err err;
} site;

/* MIZO_ENOENT etc. of the driver. The site stays the caller's; site_close in any case. */
MIZO_MUST_USE mizo_err site_open(site *s, const operate_options *o, const mizo_region *r, mizo_ref point,
                                 size_t track, truth *t, outlook *l);
void site_close(site *s);
/* Takes what the old model's site holds over: charge, vehicles, account. */
void site_take_over(site *s, site *old);
MIZO_MUST_USE mizo_err site_midnight(site *s, const site_clock *k); /* reads the store: one thread */
/* A slot begins: what the site's own box knows of it. */
void site_begin(site *s, const site_clock *k);
/* The moment before a step: vehicles come and go; sets `moved`. Step 0 first. */
void site_move(site *s, const site_clock *k, int step);
/* What there is to plan for n slots from the slot in hand on: s->problem, s->offered. w is scratch. */
void site_ask(site *s, const site_clock *k, int n, site_work *w);
/* Its plan has been made (in s->plan, of s->problem), or not: the program of the slot follows. node_myen: what a kWh
 * of the plan's first slot costs at its node, beside what the site pays. */
void site_take(site *s, const site_clock *k, bool planned, int32_t node_myen);
/* Perfect foresight: must it plan again, or has it only to go on? */
bool site_oracle_due(const site *s, const site_clock *k);
int site_oracle_slots(const site *s, const site_clock *k);
/* A control step: measure, control, obey. */
void site_act(site *s, const site_clock *k, int step);
/* Books the slot that has ended. */
void site_slot_end(site *s, const site_clock *k);
/* The account so far, with peak and stored energy. */
void site_result(const site *s, operate_result *out);

#endif
