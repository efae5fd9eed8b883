/* cycle.h: one control cycle from within: control.c says what is wanted, hold.c what gives way. */
#ifndef CONTROL_CYCLE_H
#define CONTROL_CYCLE_H

#include "control/rule.h"

/* One cycle in work: powers wanted so far, and what is known of the site. */
typedef struct cycle {
    mizo_site_control *c;
    const mizo_measurement *m;
    const mizo_program *p;
    bool planned;     /* p is the plan's, no default */
    int64_t base;     /* import without storage, vans and runs, now */
    int64_t base_cap; /* the same, as high as this slot may bring: before it has been measured */
    int64_t allow_target, allow_limit; /* mean import that the rest of the slot may have */
    int32_t battery[MIZO_COMMAND_BATTERIES], vehicle[MIZO_COMMAND_VEHICLES];
    bool run_go[MIZO_COMMAND_RUNS];
    bool follow; /* meter speaks and the program is no exact one */
    mizo_why why;
} cycle;

static inline int64_t cycle_clamp(int64_t x, int64_t lo, int64_t hi)
{
    return x < lo ? lo : x > hi ? hi : x;
}

/* control.c */
int cycle_ms(const mizo_site_control *c);
int64_t cycle_floor_wh(const mizo_plan_battery *b);
/* A store that runs empty while it is drawn from heats by its own thermostat, whatever is commanded: that much, W. */
int64_t cycle_must_w(const cycle *y, int i);
/* Power limits of battery i now: inverter, thermostat, and the window over one cycle. floor: lowest stored energy. */
void cycle_range(const cycle *y, int i, int64_t floor, int64_t *lo, int64_t *hi);
int32_t cycle_charger(const cycle *y, int j, int64_t w);
int64_t cycle_flex(const cycle *y);         /* what all devices take */
int32_t cycle_run_w(const cycle *y, int k); /* of this cycle */
bool cycle_run_must(const cycle *y, int k);
/* The least power of vehicle j that still fills it in time, with half an hour to spare. */
int64_t cycle_pace(const cycle *y, int j);
/* What vehicle j may give back now and still be filled in time. */
int64_t cycle_give_most(const cycle *y, int j);

/* hold.c. */
void cycle_hold_target(cycle *y);
void cycle_hold_limit(cycle *y);
/* Returns what the panels may give. */
int32_t cycle_hold_export(cycle *y);
/* A program may hold the sun down: what is bought instead counts like load. */
int64_t cycle_held_down(const cycle *y);

#endif
