/* device.h: a driver is a constant table of functions in one file. Every kind has a simulated member. */
#ifndef DEVICES_DEVICE_H
#define DEVICES_DEVICE_H

#include "control/command.h"
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
typedef struct sim_truth {     /* means over the step, W */
    int32_t demand_w, pv_available_w;
} sim_truth;
typedef struct sim_step {      /* what happened in the step, Wh, exactly conserved */
    mizo_wh import_wh, export_wh, demand_wh, pv_wh, curtailed_wh, charge_wh, discharge_wh, vehicle_wh, unserved_wh;
    mizo_wh loss_wh;
} sim_step;
/* Advances the devices by `ms` from instant `now`; obeys the last command until it expires. */
mizo_err sim_advance(device *d, mizo_ms now, int ms, const sim_truth *truth, sim_step *out);
/* A vehicle comes or goes. left_short: what was still wanted at departure, Wh. */
mizo_err sim_plug(device *d, int vehicle, mizo_wh need_wh);
mizo_err sim_unplug(device *d, int vehicle, mizo_wh *left_short);
mizo_wh sim_soc(const device *d, int battery);
void sim_set_soc(device *d, int battery, mizo_wh soc);

#endif
