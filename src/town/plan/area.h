/* area.h: the whole town as one plan. Sites that decide, the rest as it is expected, nodes and limits of the region,
 * what the town pays at its market: one problem, solved by the town's engine, from slot to slot.
 *
 * Who pays what (docs/mechanisms/closed-loop.md): a site pays its tariff; that is all unless region.yaml says
 * otherwise. With market_paid the town also pays the market for what it buys, and the rates are network and levies;
 * the town's peak, carbon and the wish for matched supply are counted on top in either case. */
#ifndef TOWN_AREA_H
#define TOWN_AREA_H

#include "base/env.h"
#include "town/plan/area_nodes.h"

/* A point that decides nothing, or cannot be asked: its net import as expected, W. */
typedef struct area_fixed {
    mizo_ref point;
    const int32_t *net_w; /* [n] */
} area_fixed;

typedef struct area_site {
    mizo_ref point;
    const mizo_site_problem *problem; /* n and from as the round's */
    bool changed;                     /* since the round before; told when only a part is renewed */
} area_site;

typedef struct area_round {
    mizo_slot from;
    int n;
    size_t nsite, nfixed;
    const area_site *site; /* the same sites from round to round, or all is made anew */
    const area_fixed *fixed;
    const int32_t *plants_w;   /* [n] what the plants send out; NULL none */
    const int32_t *price_myen; /* [n] market; NULL: not known, and then not counted */
    bool priced;               /* price_myen is paid whatever the region says (market_paid) */
    int32_t standing_w;        /* the town's peak so far; the region's own where that is higher */
    bool same_slot;            /* the slot is planned again: only sites that have changed are told */
    int time_ms;               /* to plan in; 0: as long as it takes */
} area_round;

typedef struct area_answer {
    mizo_area_result result;
    int solve_ms;   /* with building it */
    size_t offered; /* sites that were in it */
} area_answer;

typedef struct town_area town_area;

/* e NULL: no clock. crew, borrowed: how the work is spread, NULL this thread alone; the answer does not depend on it. */
MIZO_MUST_USE mizo_err town_area_new(const mizo_region *r, env *e, const mizo_crew *crew, town_area **out);
void town_area_free(town_area *a); /* NULL is fine */
/* Limits and obligations of a newer model from now on. MIZO_ECONFLICT: its places are others. */
MIZO_MUST_USE mizo_err town_area_limits(town_area *a, const mizo_region *newer);
/* From here on the whole town is planned, though nothing stands at it: its purchase is asked for. */
void town_area_whole(town_area *a);
/* Are the other points and the plants of any interest? Where nothing stands at or above a point and the town itself
 * pays nothing, what it draws is nobody's business. */
bool town_area_wants(const town_area *a, mizo_ref point);
bool town_area_wants_town(const town_area *a); /* all points, plants, market */
MIZO_MUST_USE mizo_err town_area_solve(town_area *a, const area_round *round, area_answer *out);
/* Site i of the latest round. */
MIZO_MUST_USE mizo_err town_area_plan(const town_area *a, size_t i, mizo_site_plan *out);
/* What a kWh costs the town in slot t at the place of a point, beside what the site pays: market, limits. */
int32_t town_area_price(const town_area *a, mizo_ref point, int t);

/* Places and what flows through them in the latest round. Place 0 is the town. */
const area_nodes *town_area_nodes(const town_area *a);
const mizo_area_flow *town_area_flow(const town_area *a, int place); /* NULL: no round yet */
/* Of one slot, whatever was planned; INT32_MAX: none. False: neither. */
bool town_area_limits_at(const town_area *a, int place, mizo_slot slot, int32_t *import_w, int32_t *export_w);
/* [n] of the latest round; INT32_MAX: none. */
const int32_t *town_area_import_limit(const town_area *a, int place);
const int32_t *town_area_export_limit(const town_area *a, int place);

#endif
