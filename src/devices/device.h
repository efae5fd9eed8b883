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
typedef struct sim_step { /* what happened in the step, Wh, exactly conserved */
    mizo_wh import_wh, export_wh, demand_wh, pv_wh, curtailed_wh, charge_wh, discharge_wh, vehicle_wh,
        unserved_wh;
    mizo_wh loss_wh;
    mizo_wh discharge_of_wh[MIZO_COMMAND_BATTERIES]; /* parts of discharge_wh */
} sim_step;
void sim_step_add(sim_step *sum, const sim_step *s);
/* Advances the devices by `ms` from the monotonic instant `now`; obeys the last command until it expires,
 * then the devices' own default: batteries idle, chargers at full power as far as the point's contract
 * allows (they see its meter). A point that may not export never does: its battery inverter gives less,
 * then its PV inverter. Carries what is below 1 Wh, so that sums are exact over any number of steps:
 *   import + pv + discharge + unserved = demand + export + charge + vehicle
 *   charge + vehicle = discharge + gain of the batteries + gain of the vehicles + loss
 * MIZO_ERANGE: ms outside 1..1800000 or a negative truth. */
mizo_err sim_advance(device *d, mizo_ms now, int ms, const sim_truth *truth, sim_step *out);
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
