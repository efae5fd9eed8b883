/* share.h: what a site has of the points that it uses, by its shares on the view's day. Pure. */
#ifndef SERVER_SHARE_H
#define SERVER_SHARE_H

#include "town/live/view.h"

typedef struct share_sum {
    int points;
    int64_t pv_dc_w, battery_wh; /* nameplates at its points, whole */
    int chargers;
    view_now now;     /* by share */
    int64_t today_wh; /* demand of the day so far, by share */
    int today_slots;  /* how many slots of it are known */
} share_sum;

share_sum share_of(const town_view *v, mizo_ref facility);
/* True where [from, to) holds the view's day. */
bool share_stands(const town_view *v, mizo_day from, mizo_day to);

#endif
