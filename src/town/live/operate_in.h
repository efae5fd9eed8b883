/* operate_in.h: the operating town from within: operate.c moves it, operate_view.c shows it. */
#ifndef TOWN_OPERATE_IN_H
#define TOWN_OPERATE_IN_H

#include "town/desk/steer.h"
#include "town/foresee/weather_days.h"
#include "town/live/crew.h"
#include "town/live/market.h"
#include "town/plan/area.h"
#include "town/plan/site.h"

/* What belongs to one model's world: opened, closed and moved as one. */
typedef struct operate_town {
    town_area *area;
    area_site *ask;                /* [nsite] of the round in hand */
    size_t *place_of;              /* [nsite] which of them a site is */
    area_fixed *fixed;             /* [nfix + nsite] */
    size_t nfix, *fix;             /* points that decide nothing but matter to a limit, in `point` */
    int32_t (*net)[MIZO_PLAN_MAX]; /* [nfix + nsite] what they are expected to draw */
    int64_t *flow_wh;              /* of each place in the slot that has ended */
    bool *said_over;               /* of each place: told already */
} operate_town;

struct operate {
    operate_options o;
    const mizo_region *region, *next; /* a reference each; next: from the coming midnight on */
    int threads;
    site_clock clock;
    int step, step_to; /* control steps done of the slot in hand, and to do */
    truth *truth;
    size_t npoint, nsite, opened;
    mizo_ref *point;  /* [npoint] followed, in the region's order */
    bool *is_site;    /* [npoint] */
    outlook *outlook; /* [npoint] */
    weather_days *weather;
    site *site;      /* [nsite] in the same order */
    site_work *work; /* [threads] */
    town_view *view;
    int days, plan_ms;
    size_t awake;       /* points before it have been looked at: those that could wake are awake */
    int64_t seen;       /* the last batch of the store that has been looked at */
    desk_steer *steer;  /* what the desks have decided of batteries, today and tomorrow */
    int64_t steer_seen; /* the last batch then */
    int32_t peak_w;
    mizo_wh matched_wh; /* through the pools, where days are settled */

    /* ---- the plan of all sites together ---- */
    crew *crew; /* of the solves; NULL: this thread alone */
    operate_town town;
    market *market;            /* of the one that decides from forecasts, where the market is paid */
    int32_t plants_w[OUTLOOK]; /* from today's first slot on */
    int32_t ahead_w[MIZO_PLAN_MAX],
        ahead_myen[MIZO_PLAN_MAX]; /* plants and market from the slot in hand on */
    int asked_slots;
    size_t asked_sites;
    bool same_slot, limits_moved, solved;
    area_answer answer;
    view_buy buy;
    bool said_no_plan;
    int64_t town_peak_wh;
    mizo_wh over_wh, over_physical_wh;
    mizo_uyen over, town_paid;
};

/* Calls run for each of [0, count), spread over the threads; returns when all are done. */
void operate_spread(operate *op, size_t count, void (*run)(operate *op, size_t i, site_work *w));

/* operate_plan.c. Of a world: before its points are chosen, after; moved from the next model's world. */
MIZO_MUST_USE mizo_err operate_area_open(operate *op);
MIZO_MUST_USE mizo_err operate_area_points(operate *op);
void operate_area_close(operate *op);
void operate_area_move(operate *to, operate *from);
bool operate_plans(const operate *op);
MIZO_MUST_USE mizo_err operate_area_midnight(operate *op);
/* At the moment before a step: the plan of the slot that begins, or its renewal where there is news. */
MIZO_MUST_USE mizo_err operate_plan(operate *op);
void operate_area_book(operate *op); /* the slot in hand has ended */
void operate_area_result(const operate *op, operate_result *out);

bool operate_stopped(const operate *op); /* told to end */

/* operate_buy.c: the purchase a day ahead. At the start; when a day begins, before it is shown; after each plan. */
MIZO_MUST_USE mizo_err operate_buy_start(operate *op);
void operate_buy_midnight(operate *op);
void operate_buy_plan(operate *op);

/* operate_steer.c: what desks decide, looked at when a slot begins; what it adds to a price of a site's plan, and what
 * that came to over the plan: the town does not pay it. */
MIZO_MUST_USE mizo_err operate_steer(operate *op);
void operate_steer_site(const operate *op, size_t i, site_work *w);
mizo_uyen operate_steer_paid(const operate *op, size_t i);

/* operate_issue.c: the forecasters of the points. Made, and told what the store knows of the days before today;
 * those that `old`, which may be NULL, has already for the same points are not made again. */
MIZO_MUST_USE mizo_err operate_wake(operate *op, const operate *old);
void operate_forget(operate *op);
MIZO_MUST_USE mizo_err operate_wake_some(operate *op); /* of those that were left asleep */
/* Takes from old those that operate_wake has left out. */
void operate_inherit(operate *op, operate *old);
/* At midnight: days that somebody else has corrected since are read again, and told again to a point that had
 * been told them. */
MIZO_MUST_USE mizo_err operate_revise(operate *op);
MIZO_MUST_USE mizo_err operate_look(operate *op); /* from here on: what is in the store now is read anyway */
/* At midnight, before it: the weather of the days to come. */
MIZO_MUST_USE mizo_err operate_weather(operate *op);
/* At midnight: tells point i the day that has ended and issues what is expected of the new one. */
void operate_issue(operate *op, size_t i, site_work *w);

void operate_view_day(operate *op);               /* a new day has begun */
void operate_view_outlook(operate *op, size_t i); /* point i has woken in the middle of the day */
void operate_view_plan(operate *op);              /* plans have been made */
void operate_view_now(operate *op);               /* a step has been done */
void operate_view_slot(operate *op);              /* the slot in hand has ended */
void operate_view_clock(operate *op);             /* the clock has turned */
/* The day that has ended: settled where asked for, and told. */
MIZO_MUST_USE mizo_err operate_close_day(operate *op);

/* operate_view_site.c: the same of one site. */
void show_site_plan(town_view *v, const site *s, int of_day);
void show_site_now(town_view *v, const site *s, int step_ms);
void show_site_slot(town_view *v, const site *s, int t);

/* operate_view_area.c: the same of the plan of all together. */
void operate_view_places(operate *op);
void operate_view_town_plan(operate *op);
void operate_view_flows(operate *op);

#endif
