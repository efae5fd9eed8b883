/* match.h: who is fed by whom, half-hour by half-hour. Pure; integer Wh, exact.
 *
 * Rows of 48 Wh offer and need; pools are gone through one after another, and what one pool leaves goes on
 * to the next. In each slot of a pool min(offered, wanted) is matched; both sides share it by the pool's rule
 * and the largest remainder, ties to the lower row. So everything is whole Wh and both sides sum to the same.
 * Who fed whom is derived (mizo_match_pairs), never stored. docs/mechanisms/matching.md
 */
#ifndef MIZO_MATCH_H
#define MIZO_MATCH_H

#include "mizo/attribute.h"
#include "mizo/number.h"
#include "mizo/series.h"

/* A member of one side: a row of the day, ascending by level, then row (rows stand in the order of their ids). */
typedef struct mizo_match_row {
    uint32_t row;
    int32_t level; /* PRIORITY: lower levels give or get first, pro rata within a level */
    int32_t
        share_ppm; /* CONTRACT, of a consumer: its share of what the pool offers; the shares come to at most 1 */
} mizo_match_row;

typedef struct mizo_match_pool {
    mizo_pool_rule rule;
    const mizo_match_row *source, *consumer;
    size_t nsource, nconsumer;
    int32_t (*given)[MIZO_DAY_SLOTS]; /* out: [nsource], of the caller */
    int32_t (*taken)[MIZO_DAY_SLOTS]; /* out: [nconsumer] */
    int64_t matched[MIZO_DAY_SLOTS];  /* out */
} mizo_match_pool;

typedef struct mizo_matcher mizo_matcher;      /* room for the work of a day; used by one thread at a time */
MIZO_API mizo_matcher *mizo_matcher_new(void); /* NULL: out of memory */
MIZO_API void mizo_matcher_free(mizo_matcher *m);

/* One day through the pools in their order. offer [nsource rows], need [nconsumer rows] hold on return what is
 * left; MIZO_MISSING counts as 0. MIZO_EINPUT: a value below 0. MIZO_ENOMEM. */
MIZO_API MIZO_MUST_USE mizo_err mizo_match_day_pools(mizo_matcher *m, int32_t (*offer)[MIZO_DAY_SLOTS],
                                                     size_t noffer, int32_t (*need)[MIZO_DAY_SLOTS],
                                                     size_t nneed, mizo_match_pool *pool, size_t npool);

/* total (>= 0, at most the sum of w) in proportion to w[0..n) (0 <= w < 2^31) by the largest remainder, ties to
 * the lower index: as mizo_split, several times as fast. out is not w. MIZO_ENOMEM. */
MIZO_API MIZO_MUST_USE mizo_err mizo_match_split(mizo_matcher *m, int64_t total, const int64_t *w, size_t n,
                                                 int64_t *out);

/* Who fed whom in one slot of one pool: given [n] and taken [k] (both sum to the same) as pair [n * k]. Source
 * after source, in their order, in proportion to what each consumer has not got yet, by the largest remainder:
 * so every row and every column of the pairs comes to exactly what was given and taken. */
MIZO_API MIZO_MUST_USE mizo_err mizo_match_pairs(mizo_matcher *m, const int64_t *given, size_t n,
                                                 const int64_t *taken, size_t k, int64_t *pair);

/* ---- what is in a battery, by the slot in which it was charged: first in, first out ---- */

/* Charged in one slot, AC Wh as they went in. */
typedef struct mizo_stock_lot {
    mizo_slot slot; /* local: day * 48 + slot of the day */
    int64_t re, other;
} mizo_stock_lot;

typedef struct mizo_stock {
    mizo_stock_lot *lot; /* oldest first */
    size_t n, cap;
    int64_t most;      /* AC Wh that it can have taken in and not given back: more than that was lost */
    int32_t round_ppm; /* Wh out of a Wh in */
} mizo_stock;

/* What a slot took out of one lot: re = given + lost. */
typedef struct mizo_stock_out {
    mizo_slot slot;            /* of the lot */
    int64_t re, other;         /* leave the lot */
    int64_t re_given, re_lost; /* of re */
} mizo_stock_out;

MIZO_API void mizo_stock_free(mizo_stock *s);
MIZO_API int64_t mizo_stock_total(const mizo_stock *s);
/* Puts a slot's charge in. MIZO_ENOMEM. */
MIZO_API MIZO_MUST_USE mizo_err mizo_stock_in(mizo_stock *s, mizo_slot slot, int64_t re, int64_t other);
/* Takes out what a discharge of wh needed, oldest lots first, both kinds of a lot in proportion; each step is told
 * to fn. What the lots do not cover came from nobody knows where and carries no attribute. */
MIZO_API MIZO_MUST_USE mizo_err mizo_stock_take(mizo_stock *s, int64_t wh,
                                                mizo_err (*fn)(void *arg, const mizo_stock_out *o),
                                                void *arg);
/* Takes out, as lost, what is above `most`: the battery cannot hold it. */
MIZO_API MIZO_MUST_USE mizo_err mizo_stock_trim(mizo_stock *s,
                                                mizo_err (*fn)(void *arg, const mizo_stock_out *o),
                                                void *arg);

#endif
