/* device.h: a driver is a constant table of functions in one file. Every kind has a simulated member. */
#ifndef DEVICES_DEVICE_H
#define DEVICES_DEVICE_H

#include "mizo/command.h"
#include "mizo/region.h"

typedef struct device device;

typedef struct device_driver {
    const char *name; /* "sim" */
    /* A site's devices behind one point of the region. */
    mizo_err (*open)(const mizo_region *r, mizo_ref point, uint64_t seed, device **out);
    void (*close)(device *d);
    mizo_err (*read)(device *d, mizo_measurement *out);
    mizo_err (*write)(device *d, const mizo_command *c); /* obeyed within power, energy, efficiency limits */
} device_driver;

extern const device_driver device_sim;

/* ---- what only the simulated member has: the world moves ---- */
typedef struct sim_truth { /* means over the step, W */
    int32_t demand_w, pv_available_w;
} sim_truth;
/* What happened in the step, Wh, exactly conserved. Stores are water heaters and hydrogen sets, batteries are not. */
typedef struct sim_step {
    mizo_wh import_wh, export_wh, demand_wh, pv_wh, curtailed_wh, charge_wh, discharge_wh, vehicle_wh,
        unserved_wh;
    mizo_wh run_wh, given_wh;          /* taken by runs, given back by vehicles */
    mizo_wh store_in_wh, store_out_wh; /* AC into and out of stores */
    mizo_wh drawn_wh;                  /* out of stores (and batteries) for their own purpose */
    mizo_wh thermostat_wh; /* of what went into them: because they had run empty, whatever was said */
    mizo_wh late_wh;       /* drawn later than it was wanted */
    int64_t runs, runs_late, runs_missed; /* that began; ended too late; never began on their day */
    mizo_wh loss_wh;
    mizo_wh discharge_of_wh[MIZO_COMMAND_BATTERIES]; /* parts of discharge_wh and store_out_wh */
    mizo_wh given_of_wh[MIZO_COMMAND_VEHICLES];      /* parts of given_wh */
} sim_step;
void sim_step_add(sim_step *sum, const sim_step *s);
/* Advances the devices by `ms` from the monotonic instant `now`; obeys the last command until it expires,
 * then the devices' own default: batteries idle, chargers at full power as far as the point's contract
 * allows (they see its meter). A point that may not export never does: its battery inverter gives less,
 * then its PV inverter. Carries what is below 1 Wh, so that sums are exact over any number of steps:
 *   import + pv + discharge + store_out + given + unserved = demand + run + export + charge + store_in + vehicle
 *   charge + store_in + vehicle = discharge + store_out + given + drawn + gain of all three + loss
 * A store that has run empty heats at once, whatever is commanded, as far as the contract allows. A vehicle that gives
 * back wants what it gave; it keeps least_ppm of its capacity. A run begins when told to, or without a command as soon
 * as it may, as far as the contract allows; then it runs through.
 * MIZO_ERANGE: ms outside 1..1800000 or a negative truth. */
mizo_err sim_advance(device *d, mizo_ms now, int ms, const sim_truth *truth, sim_step *out);
/* The world's own clock, which moves on with sim_advance: what is drawn and the hours of runs follow it. */
void sim_set_clock(device *d, mizo_ms wall);
/* What the same devices of another model had begun: runs by place, and what is owed to draws. */
void sim_take_over(device *d, const device *old);
/* A vehicle comes or goes. left_short: what was still wanted at departure, Wh (0 if it was not here). */
mizo_err sim_plug(device *d, int vehicle, mizo_wh need_wh);
mizo_err sim_unplug(device *d, int vehicle, mizo_wh *left_short);
mizo_wh sim_soc(const device *d, int battery); /* starts at about half of the window, by seed */
void sim_set_soc(device *d, int battery, mizo_wh soc);
/* The vehicles of a point in the order in which the simulated member (and its measurements) number them:
 * as in region->vehicle, at most MIZO_COMMAND_VEHICLES. Batteries: as mizo_region_battery_of. */
int sim_vehicles(const mizo_region *r, mizo_ref point, mizo_ref out[MIZO_COMMAND_VEHICLES]);
/* Sensors that say nothing from now on: a sum of these. */
enum { SIM_SILENT_NET = 1, SIM_SILENT_PV = 2, SIM_SILENT_SOC = 4, SIM_SILENT_NEED = 8 };
void sim_silence(device *d, unsigned sensors);

#endif
