/* command.h: set-points and measurements as values. Drivers know this page of control and no other. */
#ifndef MIZO_COMMAND_H
#define MIZO_COMMAND_H

#include "mizo/slot.h"

enum { MIZO_COMMAND_BATTERIES = 8, MIZO_COMMAND_VEHICLES = 64, MIZO_COMMAND_RUNS = 8 };

/* Counts below are 0..MIZO_COMMAND_BATTERIES, _VEHICLES and _RUNS: whoever fills one sees to it. A battery is any
 * store here: a water heater and a hydrogen set too. */

/* A load that may wait and then runs through. REST: not today, not yet its hours, or done. */
typedef enum mizo_run_state { MIZO_RUN_REST, MIZO_RUN_WAITS, MIZO_RUN_RUNS } mizo_run_state;
typedef struct mizo_run_now {
    uint8_t state;   /* mizo_run_state */
    int32_t power_w; /* while it runs */
    int32_t now_w;   /* at this moment */
    bool done;       /* today's has run */
    int64_t ms;      /* it runs: until it ends; else how long it would run */
    int64_t wait_ms; /* it waits: so long it may still do so and end in time; below 0: it is late */
} mizo_run_now;

/* What a site's devices say at one instant. MIZO_MISSING: a sensor is silent. W, Wh, >= 0 unless said. */
typedef struct mizo_measurement {
    mizo_ms mono; /* monotonic milliseconds */
    mizo_slot slot;
    int into_slot_ms; /* how far the slot has gone */
    int32_t net_w;    /* at the point, signed, import positive */
    int32_t pv_w;
    bool pv_throttled; /* the inverter says that it gives less than it could */
    int nbattery, nvehicle;
    int32_t battery_w[MIZO_COMMAND_BATTERIES]; /* + charge, - discharge */
    int32_t soc_wh[MIZO_COMMAND_BATTERIES];
    int32_t owed_wh[MIZO_COMMAND_BATTERIES];  /* due to what draws from it, and not given yet: it is empty */
    int32_t vehicle_w[MIZO_COMMAND_VEHICLES]; /* + charge, - giving back */
    int32_t vehicle_need_wh[MIZO_COMMAND_VEHICLES];  /* still wanted; 0: not here or full */
    int32_t vehicle_spare_wh[MIZO_COMMAND_VEHICLES]; /* in it above what must stay; 0: gives nothing back */
    int nrun;
    mizo_run_now run[MIZO_COMMAND_RUNS];
} mizo_measurement;

/* What a site's devices shall do until `expires`; then they fall back to their default. */
typedef struct mizo_command {
    mizo_ms issued, expires; /* monotonic milliseconds */
    int nbattery, nvehicle;
    int32_t battery_w[MIZO_COMMAND_BATTERIES];
    int32_t vehicle_w[MIZO_COMMAND_VEHICLES]; /* below 0: gives back */
    bool run_go[MIZO_COMMAND_RUNS];           /* begins now, if it waits; one that runs is never stopped */
    int32_t pv_limit_w;                       /* INT32_MAX: none */
    uint8_t why;                              /* mizo_why: what bound this cycle most */
} mizo_command;

typedef enum mizo_why {
    MIZO_WHY_PLAN,    /* followed the plan */
    MIZO_WHY_DEFAULT, /* no valid plan: default program */
    MIZO_WHY_PEAK,    /* held the 30-minute mean under the standing peak */
    MIZO_WHY_LIMIT,   /* held the contract limit */
    MIZO_WHY_WINDOW,  /* the battery's window */
    MIZO_WHY_SENSOR   /* a sensor is silent: cautious */
} mizo_why;

#endif
