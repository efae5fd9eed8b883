/* match_report.h: how much of what was used was renewable, for a stretch of days: by year, by half-hour, from the
 * town itself. From the readings by the rule of matching; what the journal has of it stands beside.
 * docs/mechanisms/matching.md */
#ifndef TOWN_MATCH_REPORT_H
#define TOWN_MATCH_REPORT_H

#include "town/proof/match_day.h"
#include "town/proof/match_flow.h"
#include "town/proof/match_residual.h"
#include "town/town.h"

/* Wh of one group of points over the days. */
typedef struct match_sum {
    mizo_wh load; /* used: import, own roof, battery */
    mizo_wh import;
    mizo_wh own; /* of the own roof, used or charged */
    mizo_wh
        menu; /* of import, what the menu of the day promises as renewable, + own: by the year, not the slot */
    mizo_wh matched; /* renewable with its value, in the slot of its use: own roof, pools, battery */
    mizo_wh local;   /* of matched, from the town */
    mizo_wh battery; /* of matched, out of batteries */
    mizo_wh fit;     /* renewable power whose value lies elsewhere */
    mizo_wh fossil;  /* of waste power, the part that is not biogenic */
    mizo_wh claimed; /* of matched, claimed by others since: credits, certificates */
} match_sum;

/* Waste power in full or its biogenic part; demand as fixed in the plan or actual with savings added back. */
typedef enum match_waste { MATCH_WASTE_FULL, MATCH_WASTE_BIOGENIC } match_waste;
typedef enum match_demand { MATCH_DEMAND_FIXED, MATCH_DEMAND_ACTUAL } match_demand;

typedef struct match_variant {
    bool known; /* there is a demand */
    mizo_wh supply, saving, demand;
    int32_t rate_bp; /* (supply + saving) / demand, hundredths of a percent, half up */
} match_variant;

typedef struct match_report {
    const mizo_region *region; /* of the caller */
    int fy;
    mizo_day from, to; /* [from, to) */
    int days, days_read;
    match_sum town;
    match_sum *point, *facility, *menu, *party; /* [npoint], [nfacility], [nmenu], [nparty] */
    match_sum rest;                             /* used under no menu */
    mizo_wh made[MIZO_ORIGINS];                 /* renewable with value by origin; OWN: under own roofs */
    mizo_wh given[MIZO_ORIGINS];                /* of it used in its slot */
    mizo_wh made_fit, made_fossil;
    mizo_wh lost;      /* renewable, in batteries */
    mizo_wh stored;    /* renewable, in them at the end */
    mizo_wh unclaimed; /* renewable with value that found no use in its slot: the surplus */
    match_residual
        residual;   /* load that nothing of this matched, or whose match was claimed by others since */
    mizo_wh booked; /* the journal: given to use, of the same days */
    bool booked_known;
    match_variant variant[2][2]; /* [match_waste][match_demand]; of whole years */
    int fixed_fy;                /* year of the plan's demand; 0: none published */
    match_flow flow;             /* from sources to kinds of use */
    int64_t *unread; /* [npoint] half-hours in which its roof made power and no reading says what left */
} match_report;

/* month 1..12 of the fiscal year, 0: all of it. as_of: readings and claims as they were known then, STORE_LATEST: now, with
 * what the journal has of it (booked). Days without readings are counted and left out.
 * MIZO_ENOMEM, MIZO_ESTORE. */
MIZO_MUST_USE mizo_err match_report_make(store *s, const mizo_region *r, int fy, int month, mizo_ms as_of,
                                         match_report *out);
void match_report_free(match_report *m);
/* a / b in hundredths of a percent, half up; 0 where b is. */
int32_t match_rate_bp(mizo_wh a, mizo_wh b);

/* Calls fn for each day of [from, to), in order, that has readings. What batteries hold at the beginning is followed from
 * MATCH_WARM days before. */
enum { MATCH_WARM = 7 };
MIZO_MUST_USE mizo_err match_each_day(store *s, const mizo_region *r, mizo_day from, mizo_day to,
                                      mizo_ms as_of,
                                      mizo_err (*fn)(void *arg, match_town *t, const match_today *d),
                                      void *arg);

#endif
