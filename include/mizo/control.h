/* control.h: what to do now. Pure: measurements in, set-points out.
 *
 * A site obeys its own limits whatever the centre says; every set-point carries
 * an instant after which it is void; silence means the default program, and the
 * default is never worse than no control. Limits are 30-minute means, as a
 * meter counts them: the controller integrates the slot's import and spreads
 * what is left of it over the time that is left. docs/mechanisms/control.md.
 */
#ifndef MIZO_CONTROL_H
#define MIZO_CONTROL_H

#include "mizo/command.h"
#include "mizo/optimize.h"
#include "mizo/region.h"

/* What a site's own box knows without any centre: its tariff, its clock, its past. The prices stand for
 * the slot in hand; `known` false: nothing, and then the default is to leave batteries idle and charge. */
typedef struct mizo_rule_now {
    bool known;
    int32_t buy_myen, sell_myen;
    int32_t dear_myen;    /* dearest price until the next cheap hours have passed (24 hours) */
    int32_t base_high_w;  /* highest import without storage and vans seen at this time of day; MIZO_MISSING */
    int32_t night_high_w; /* the same over the coming 24 hours */
    int minutes_left[MIZO_COMMAND_VEHICLES];  /* to departure; 0: not here, or unknown */
    int32_t best_myen[MIZO_COMMAND_VEHICLES]; /* lowest price until departure */
    int best_minutes[MIZO_COMMAND_VEHICLES];  /* minutes at that price until departure */
    bool run_wait[MIZO_COMMAND_RUNS];         /* mizo_run_when */
    bool run_later[MIZO_COMMAND_RUNS];
    int32_t fill_wh[MIZO_COMMAND_BATTERIES]; /* mizo_fill */
    int32_t fill_surplus_wh[MIZO_COMMAND_BATTERIES];
} mizo_rule_now;

/* The slots to come as the box knows them, from the one in hand on. */
typedef struct mizo_ahead {
    int n;
    const int32_t *buy_myen; /* [n] */
    int32_t sell_myen;
    const int32_t *high_w,
        *low_w;       /* [n] highest and lowest net import without devices at that time of day in the
                                      past weeks; MIZO_MISSING: nobody knows */
    int32_t target_w; /* standing peak to hold */
    int32_t others_w; /* what the site's other devices may take beside */
} mizo_ahead;

/* Whether a load that runs through for `slots` should begin now, at the latest in slot `last` from now; `first`: this is
 * the first half-hour in which it may. `wait`: not now: a later beginning costs less for sure, whatever the sun does,
 * and holds the standing peak for sure; or its first half-hour is over and it has to look for one that holds it.
 * `later`: if it turns out that the peak would not hold, it gains by waiting. */
typedef struct mizo_run_when {
    bool wait, later;
} mizo_run_when;
MIZO_API mizo_run_when mizo_control_run_when(const mizo_ahead *a, int32_t power_w, int slots, int last,
                                             bool first);

/* What a store that is drawn from (use_w [n] of b) should take in the slot in hand, Wh of AC: from the grid, because
 * that is surely cheaper than heating when the draw comes; from what would be exported otherwise. */
typedef struct mizo_fill {
    int32_t grid_wh, surplus_wh;
} mizo_fill;
MIZO_API mizo_fill mizo_control_fill(const mizo_ahead *a, const mizo_plan_battery *b, int32_t soc_wh);

/* State of one site's controller, small enough to copy. */
typedef struct mizo_site_control {
    uint32_t size;    /* sizeof(mizo_site_control) */
    int32_t limit_w;  /* contract limit, import, mean of the slot */
    int32_t target_w; /* standing peak that should not be exceeded, mean of the slot */
    int nbattery, nvehicle;
    mizo_plan_battery battery[MIZO_COMMAND_BATTERIES]; /* end_myen: what a stored kWh is worth */
    int32_t charger_max_w[MIZO_COMMAND_VEHICLES], charger_min_w[MIZO_COMMAND_VEHICLES]; /* 0, or min..max */
    int32_t charger_ppm[MIZO_COMMAND_VEHICLES];
    int32_t give_w[MIZO_COMMAND_VEHICLES], give_ppm[MIZO_COMMAND_VEHICLES]; /* gives back; 0: does not */
    bool drawn[MIZO_COMMAND_BATTERIES];    /* hot water, hydrogen is taken from it */
    int32_t use_w[MIZO_COMMAND_BATTERIES]; /* so much in the slot in hand */
    int32_t export_w;                      /* 0 forbidden; INT32_MAX unlimited */
    int32_t cautious_w;                    /* import to assume while the meter is silent */
    mizo_rule_now rule;
    bool hold_only; /* policy "none": keep the limit, do nothing else */
    int cycle_ms;   /* time to the next cycle; 0: 5 minutes */

    /* what the controller keeps from cycle to cycle; zero at the start */
    mizo_slot slot;          /* slot in hand */
    int64_t slot_import_wms; /* imported since its start, W x ms: the running 30-minute integral */
    int into_ms;             /* of the slot at the last cycle */
    int32_t last_battery_w[MIZO_COMMAND_BATTERIES];
    bool started;
} mizo_site_control;

/* What the plan wants for the slot in hand; absent after `expires` (default program). */
typedef struct mizo_program {
    mizo_ms expires;                           /* monotonic milliseconds */
    int32_t battery_w[MIZO_COMMAND_BATTERIES]; /* + charge, - discharge */
    int32_t vehicle_w[MIZO_COMMAND_VEHICLES];  /* below 0: gives back */
    bool run_go[MIZO_COMMAND_RUNS];            /* to begin in this slot */
    int32_t run_w[MIZO_COMMAND_RUNS];          /* planned for the slot, also of what has begun */
    int32_t pv_limit_w;                        /* INT32_MAX: none */
    int32_t import_w;                          /* planned mean net import of the slot, signed */
    /* The plan knows one demand, the site meets another. These say what a stored kWh is good for in this
     * slot, so that the difference goes where it is worth most: store_surplus: what would be exported goes
     * into the battery; serve_load: what would be imported comes out of it. */
    bool store_surplus[MIZO_COMMAND_BATTERIES], serve_load[MIZO_COMMAND_BATTERIES];
    bool exact; /* the numbers are the truth (perfect foresight): no caution, no following */
} mizo_program;

/* One control cycle. `m` is what was measured now; `program` may be NULL or stale.
 * Fills one set-point for each battery, each vehicle and the PV; the set-points are void `hold_ms` after
 * now: see MIZO_CONTROL_HOLD_MS. */
enum { MIZO_CONTROL_HOLD_MS = 900000 };
MIZO_API void mizo_control_cycle(mizo_site_control *c, const mizo_measurement *m, const mizo_program *program,
                                 mizo_ms now_mono, mizo_command *out);

/* The simple rules that a site without plans follows (policy "rule" and the default program), each of
 * which by itself can only save: PV surplus into the battery where the stored kWh is worth more than its
 * export; from the grid only where the price is at or below that worth and the day's spread pays losses and
 * wear, under the standing peak; out of it only against the site's own import where the price is above it.
 * Vans wait for the cheap hours only when these surely fill them, and keep at least the pace that does; they give
 * nothing back. Runs and stores that are drawn from: mizo_control_run_when, mizo_control_fill. */
MIZO_API void mizo_control_rule(const mizo_site_control *c, const mizo_measurement *m, mizo_program *out);

/* "none": batteries idle, vans at full power from arrival, runs as soon as they may, stores heat when they are empty. */
MIZO_API void mizo_control_none(const mizo_site_control *c, const mizo_measurement *m, mizo_program *out);

#endif
