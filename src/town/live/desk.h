/* desk.h: the desk of the running town: an actor with a thread of its own. By the town's clock it makes the draft
 * of the next day at 9:00 and again at 11:30, files it where the region says that the machine does, and tells which
 * deadlines are near or missed, its own and those of the calendar of duties. docs/mechanisms/desk.md */
#ifndef TOWN_LIVE_DESK_H
#define TOWN_LIVE_DESK_H

#include "town/town.h"

typedef struct live_desk live_desk;

enum { LIVE_DESK_ALARMS = 12, LIVE_DUTY_ALARMS = 4, LIVE_DUTY_NAME = 128 };
typedef struct live_desk_alarm {
    mizo_msg id;
    char group[MIZO_ID_MAX], at[MIZO_INSTANT_TEXT];        /* or a duty and its day */
    char name_en[LIVE_DUTY_NAME], name_ja[LIVE_DUTY_NAME]; /* of a duty */
} live_desk_alarm;
typedef struct live_desk_state {
    size_t n;
    live_desk_alarm alarm[LIVE_DESK_ALARMS];
} live_desk_state;

/* Does nothing in a region without balancing groups and duties: *out is NULL then. dir is borrowed. */
MIZO_MUST_USE mizo_err live_desk_start(env *e, const char *dir, const mizo_region *r, live_desk **out);
void live_desk_stop(live_desk *l); /* within two seconds or so; NULL is fine */

/* ---- of one other thread ---- */
void live_desk_clock(live_desk *l, mizo_ms now); /* the town's; NULL l is fine */
/* What there is to tell now: borrowed until asked again. NULL l: nothing. */
const live_desk_state *live_desk_now(live_desk *l);

#endif
