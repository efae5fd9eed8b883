/* sim_in.h: what the files of the simulated site share.
 *
 * All energy is integer Wh. What a power gives in a step, and what a conversion keeps of it, is rarely a whole number:
 * the rest is carried to the next step, so that nothing is lost or made over any number of steps. */
#ifndef DEVICES_SIM_IN_H
#define DEVICES_SIM_IN_H

#include "devices/device.h"

#define WMS_PER_WH INT64_C(3600000) /* W x ms of one Wh */

enum { SIM_DRAWS = 8 };

/* A battery, a water heater or a hydrogen set. */
typedef struct sim_battery {
    mizo_ref ref; /* in region->battery */
    bool store;   /* no battery: its flows are counted apart */
    int64_t soc, soc_min, soc_max;
    int32_t charge_w, discharge_w, charge_ppm, discharge_ppm, loss_ppm_h;
    int64_t in_wms, out_wms, heat_wms; /* asked for, below 1 Wh */
    int64_t in_rest, out_rest;         /* of the conversions, millionths of a Wh */
    int64_t lost_uwh;                  /* by standing, below 1 Wh */
    int64_t owed;                      /* due to its draws and not given yet */
    int64_t due, in;                   /* of that of this step; AC Wh put in in it */
    int64_t wanted;                    /* AC Wh that this step must put in, for it is empty */
    int ndraw;
    mizo_ref draw[SIM_DRAWS]; /* in region->load */
    int32_t last_w;
} sim_battery;

typedef struct sim_vehicle {
    mizo_ref vehicle; /* in region->vehicle */
    int32_t max_w, min_w, ppm;
    int32_t give_w, give_ppm; /* 0: gives nothing back */
    int64_t least;            /* must stay in it */
    int64_t full;             /* in it when it wants nothing more */
    int64_t need;             /* still wanted */
    bool here;
    int64_t in_wms, in_rest, out_wms, out_rest;
    int32_t last_w;
} sim_vehicle;

typedef struct sim_run {
    mizo_ref load;
    mizo_run_state state;
    mizo_day day;  /* of the state: the day of which it waits, runs, or has run */
    bool done;     /* on that day */
    mizo_ms left;  /* it runs: until it ends */
    int64_t wms;   /* taken, below 1 Wh */
    int32_t now_w; /* in the last step */
} sim_run;

struct device {
    const mizo_region *region;
    int32_t contract_w;
    bool export_allowed;
    int nbattery, nvehicle, nrun;
    sim_battery battery[MIZO_COMMAND_BATTERIES];
    sim_vehicle vehicle[MIZO_COMMAND_VEHICLES];
    sim_run run[MIZO_COMMAND_RUNS];
    mizo_command command; /* expires 0: none yet */
    unsigned silent;
    int64_t demand_wms, pv_wms;
    mizo_ms mono, wall;
    int32_t last_net_w, last_pv_w;
    bool throttled;
    int64_t missed; /* runs that never began on their day, to be counted by the next step */
};

static inline int64_t sim_least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Whole Wh of `w` over `ms`, the rest kept in *carry. */
static inline int64_t sim_energy(int64_t w, int ms, int64_t *carry)
{
    *carry += w * ms;
    int64_t wh = *carry / WMS_PER_WH;
    *carry -= wh * WMS_PER_WH;
    return wh;
}

static inline int32_t sim_power(int64_t wh, int ms)
{
    return (int32_t)(wh * WMS_PER_WH / ms);
}

/* sim_store.c */
void sim_battery_open(sim_battery *b, const mizo_region *r, mizo_ref battery, double unit);
/* Charges; returns what was taken from the AC side. */
int64_t sim_battery_charge(sim_battery *b, int32_t w, int ms, int64_t *loss);
/* Discharges at most `most` Wh; returns what was given to the AC side. */
int64_t sim_battery_discharge(sim_battery *b, int32_t w, int ms, int64_t most, int64_t *loss);
/* What is due to its draws from the world's instant on, over ms: owed from now on, and wanted where it is not there. */
void sim_draw_due(sim_battery *b, const mizo_region *r, mizo_ms wall, int ms);
/* Heats what is wanted and was not put in, at most `room` W; returns what was taken from the AC side. */
int64_t sim_thermostat(sim_battery *b, int64_t room, int ms, int64_t *loss);
/* Gives what is owed as far as it is there, then loses by standing; returns what was given. */
int64_t sim_draw(sim_battery *b, int ms, int64_t *loss);

void sim_vehicle_open(sim_vehicle *v, const mizo_region *r, mizo_ref vehicle);
int32_t sim_charger_power(const sim_vehicle *v, int32_t asked);
int64_t sim_vehicle_charge(sim_vehicle *v, int32_t asked, int ms, int64_t *loss);
int64_t sim_vehicle_give(sim_vehicle *v, int32_t asked, int ms, int64_t most, int64_t *loss);
int64_t sim_vehicle_spare(const sim_vehicle *v);

/* sim_run.c */
void sim_run_open(sim_run *u, mizo_ref load);
/* What its hours make of it at the world's instant. */
void sim_run_turn(sim_run *u, const mizo_region *r, mizo_ms wall, int64_t *missed);
void sim_run_begin(sim_run *u, const mizo_load *l);
/* What it takes in a step that begins at the world's instant. */
int64_t sim_run_step(sim_run *u, const mizo_region *r, mizo_ms wall, int ms, int64_t *late);
mizo_run_now sim_run_read(const sim_run *u, const mizo_region *r, mizo_ms wall);

#endif
