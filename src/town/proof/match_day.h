/* match_day.h: one recorded day through the town's pools, batteries included. docs/mechanisms/matching.md
 *
 * A match_town belongs to one model and goes from day to day: what is in the batteries goes along. */
#ifndef TOWN_MATCH_DAY_H
#define TOWN_MATCH_DAY_H

#include "mizo/match.h"
#include "town/books/settle.h"

/* What a kWh carries, in the order in which it is shared out. X(NAME, "unit in the books") */
#define MATCH_ATTRIBUTES(X)                                                                                  \
    X(RE, "Wh-re")         /* renewable, with its value */                                                   \
    X(STORED, "Wh-re")     /* the same, out of a battery */                                                  \
    X(FIT, "Wh-fit-power") /* renewable, but its value lies in FIT certificates */                           \
    X(FOSSIL, "Wh-fossil") /* the part of waste power that is not biogenic */

typedef enum match_attribute {
#define X(name, unit) MATCH_##name,
    MATCH_ATTRIBUTES(X)
#undef X
        MATCH_COUNT
} match_attribute;
const char *match_unit(match_attribute a);

typedef int32_t match_row[MIZO_DAY_SLOTS];

typedef struct match_source {
    const char *id;     /* plant, or the point under the panels */
    mizo_ref plant;     /* -1: a roof */
    mizo_ref point;     /* -1: a plant */
    mizo_origin origin; /* as seen by others */
    int unread; /* of the day: half-hours in which a roof made power and no reading says what left the point */
} match_source;

typedef struct match_pool {
    const char *id;      /* "town" where the region has no pools.csv */
    const mizo_pool *is; /* NULL: that one */
    mizo_match_pool m;
} match_pool;

/* A step of a battery: out of the lot of an earlier slot. */
typedef struct match_out {
    mizo_ref point;
    mizo_day day; /* of the lot */
    int slot;
    int32_t re_given, re_lost, other;
} match_out;

/* All of a day. Rows of points in the model's order, of sources in match_town's. */
typedef struct match_today {
    mizo_day day;
    bool empty; /* nothing is recorded */
    size_t nsource, npoint, npool;
    const match_source *source;            /* by id */
    match_row *offer[MATCH_COUNT];         /* [nsource] into the pools; of STORED [npoint] */
    match_row *own;                        /* [nsource] under the own roof */
    match_row *need;                       /* [npoint] import */
    match_pool *pool[MATCH_COUNT];         /* [npool] each */
    match_row *taken[MATCH_COUNT];         /* [npoint] out of all pools */
    match_row *own_point;                  /* [npoint] own, by point */
    match_row *in_own, *in_pool, *in_grid; /* [npoint] into the battery: of own, of taken[RE], of neither */
    match_row *released;                   /* [npoint] out of the battery, with its attribute */
    match_row *site;                       /* [npoint] of released, used there; the rest is offered */
    match_row *load; /* [npoint] what was used: import + own - charge + discharge used there */
    match_out *out;  /* [nout] */
    size_t nout;
} match_today;

typedef struct match_town match_town;
MIZO_MUST_USE mizo_err match_town_new(const mizo_region *r, match_town **out);
void match_town_free(match_town *t);
/* What the battery of a point holds, to be set before a day by who knows better. */
mizo_stock *match_town_stock(match_town *t, mizo_ref point);
/* Borrowed until the next day. Days in order, or the batteries emptied between. */
MIZO_MUST_USE mizo_err match_town_day(match_town *t, const settle_day *in, const match_today **out);
/* What a roof of the point is called in messages and exports; RE that a point used in a slot, of all attributes with value. */
int32_t match_used(const match_today *d, mizo_ref point, int slot);

/* Who fed a slot: fn(pool id, attribute, source id, point, Wh) for each pair above 0. */
MIZO_MUST_USE mizo_err match_pairs(match_town *t, const mizo_region *r, const match_today *d, int slot,
                                   mizo_err (*fn)(void *arg, const char *pool, match_attribute a,
                                                  const char *source, mizo_ref point, int64_t wh),
                                   void *arg);

#endif
