/* settle_flow.h: 48 Wh between two accounts: what the journal has, and what it should have. */
#ifndef TOWN_SETTLE_FLOW_H
#define TOWN_SETTLE_FLOW_H

#include "mizo/books.h"
#include "town/proof/match_day.h"

typedef struct flow {
    char from[MIZO_ACCOUNT_MAX], to[MIZO_ACCOUNT_MAX];
    const char *unit; /* static */
    mizo_day day;     /* of the entry: out of a battery the day on which it was charged */
    int step;         /* the way of the power, from 0 */
    int64_t want[48]; /* should stand in the journal */
    int64_t have[48]; /* stands there */
    int64_t down[48]; /* to be taken back, then */
    int64_t up[48];   /* to be posted: of flows_order */
} flow;

typedef struct flows {
    flow *item;
    size_t n, cap;
} flows;

/* The step of a flow of settlement, -1: none runs this way (what runs back is a correction). */
int flow_step(const char *from, const char *to, const char *unit);
const char *flow_kind(const flow *x);
/* A new flow, zeroed. MIZO_EINPUT: not a unit of settlement. */
MIZO_MUST_USE mizo_err flow_add(flows *f, const char *from, const char *to, const char *unit, mizo_day day,
                                flow **out);
/* One row for each pair, unit and day, by step. */
void flows_merge(flows *f);
/* Fills down and up of every flow: the difference only. Of a slot in which that would take an account below zero
 * on the way (one source took the place of another), everything is taken back and posted anew. */
MIZO_MUST_USE mizo_err flows_order(flows *f);
/* What the day should hold. */
MIZO_MUST_USE mizo_err flows_of_day(const mizo_region *r, const match_today *d, flows *f);

#endif
