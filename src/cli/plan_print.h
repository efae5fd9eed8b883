/* plan_print.h: the plan of a day in words and as JSON: plan_text.c, plan_json.c. */
#ifndef CLI_PLAN_PRINT_H
#define CLI_PLAN_PRINT_H

#include "cli/cli.h"
#include "town/plan/plan_town.h"

typedef struct plan_print {
    const mizo_region *region;
    mizo_day day;
    mizo_ms issued;
    bool ja, hindcast, explain;
    bool one;   /* some sites only: their 48 slots too, and no purchase */
    buf *lines; /* the sites as they come */
    json w;     /* into lines */
} plan_print;

/* What was planned as a whole. */
typedef struct plan_whole {
    const plan_town *town;
    area_answer answer;
    int planned, silent; /* sites shown; those without a plan */
} plan_whole;

/* The asset behind an act or a wish that was given up. */
const char *plan_asset(const plan_print *p, const plan_site *s, plan_act act, int index);
const char *plan_gave_asset(const plan_print *p, const plan_site *s, const mizo_give_up *g);
/* Whose limit a reason is, or a place: the town's id, or the node's. */
const char *plan_place(const plan_print *p, mizo_ref node);

/* Of a place in the day: the figures that both faces tell. False: no limit stands there. */
typedef struct plan_limit {
    const area_place *place;
    const mizo_area_flow *flow;
    const int32_t *import_w, *export_w;
    int slots;         /* with a limit */
    int at;            /* the slot that is fullest: least room, or most beyond */
    int held;          /* slots in which one more kWh would be worth something */
    int32_t dear_myen; /* most that it is worth */
    int64_t over_wh;
} plan_limit;
bool plan_limit_of(const plan_whole *whole, int place, plan_limit *out);

void plan_text_site(plan_print *p, const plan_site *s);
void plan_text_whole(const plan_print *p, const plan_whole *whole, buf *out);
void plan_json_site(plan_print *p, const plan_site *s);
void plan_json_whole(const plan_print *p, const plan_whole *whole, buf *out);

#endif
