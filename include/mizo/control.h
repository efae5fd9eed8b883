/* control.h: what to do now. Pure: measurements in, set-points out.
 *
 * A site obeys its own limits whatever the centre says; every set-point carries
 * an instant after which it is void; silence means the default program, and the
 * default is never worse than no control.
 */
#ifndef MIZO_CONTROL_H
#define MIZO_CONTROL_H

#include "mizo/optimize.h"
#include "mizo/region.h"
#include "control/command.h"

/* State of one site's controller, small enough to copy. */
typedef struct mizo_site_control {
    uint32_t size;
    int32_t limit_w;          /* contract limit, import */
    int32_t target_w;         /* standing peak that should not be exceeded, mean of the slot */
    int nbattery, nvehicle;
    mizo_plan_battery battery[MIZO_SITE_BATTERIES];
    int32_t charger_max_w[MIZO_SITE_VEHICLES];
    int32_t export_w;
    mizo_slot slot;           /* slot in hand */
    mizo_wh slot_import_wh;   /* imported since its start: the running 30-minute integral */
} mizo_site_control;

/* What the plan wants for the slot in hand; absent after `expires` (default program). */
typedef struct mizo_program {
    mizo_ms expires;          /* monotonic milliseconds */
    int32_t battery_w[MIZO_SITE_BATTERIES]; /* + charge, - discharge */
    int32_t vehicle_w[MIZO_SITE_VEHICLES];
    int32_t pv_limit_w;       /* INT32_MAX: none */
    int32_t import_w;         /* planned mean import of the slot */
} mizo_program;

/* One control cycle. `m` is what was measured now; `program` may be NULL or stale.
 * Fills one set-point for each battery, each vehicle and the PV. */
MIZO_API void mizo_control_cycle(mizo_site_control *c, const mizo_measurement *m, const mizo_program *program,
                                 mizo_ms now_mono, mizo_command *out);

/* The simple rules that a site without plans follows (policy "rule" and the default program):
 * PV surplus into the battery, discharge against the site's own demand in the dear hours, vans
 * charged from arrival, held under the standing peak when that still fills them by departure. */
typedef struct mizo_rule_input {
    const mizo_measurement *m;
    bool dear, cheap;         /* this slot's price against the day's */
    int minutes_left[MIZO_SITE_VEHICLES]; /* to departure, 0: not here */
} mizo_rule_input;
MIZO_API void mizo_control_rule(const mizo_site_control *c, const mizo_rule_input *in, mizo_program *out);

#endif
