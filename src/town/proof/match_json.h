/* match_json.h: the figures of a match_report as JSON, for the verb and the API alike; its groups and rates. */
#ifndef TOWN_MATCH_JSON_H
#define TOWN_MATCH_JSON_H

#include "town/proof/match_report.h"

extern const char *const match_waste_words[2],
    *const match_demand_words[2]; /* by match_waste, match_demand */

/* Hundredths of a percent: by the year, by the half-hour, from the town. What others claimed since is taken off. */
typedef struct match_rates {
    int32_t year, slot, local;
} match_rates;
match_rates match_rates_of(const match_sum *s);

typedef enum match_by {
    MATCH_BY_MENU,
    MATCH_BY_PARTY,
    MATCH_BY_FACILITY,
    MATCH_BY_POINT,
    MATCH_BY_NONE
} match_by;
extern const char *const match_by_words[]; /* ended by NULL: MATCH_BY_NONE */

typedef struct match_group {
    const char *id, *name_ja, *name_en;
    const match_sum *sum;
} match_group;
size_t match_groups(const match_report *m, match_by by);
match_group match_group_at(const match_report *m, match_by by, size_t i);

mizo_wh match_made(const match_report *m); /* renewable with value, of all origins */

/* The members of the report's object. month 0: of a year, with its four variants, of which one pair is named. */
void match_json(const match_report *m, int month, match_waste waste, match_demand demand, json *j);
/* "rules": the pools of a day in their order. */
void match_rules_json(const mizo_region *r, mizo_day day, json *j);

#endif
