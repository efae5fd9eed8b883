/* area_own.h: what the files of the town's engine share. area.c has the calls, area_shape.c copies a shape, area_build.c
 * puts sites into blocks, area_pass.c goes over them, area_solve.c iterates. */
#ifndef OPTIMIZE_AREA_OWN_H
#define OPTIMIZE_AREA_OWN_H

#include "optimize/area_store.h"
#include "optimize/lanes.h"
#include "optimize/master.h"
#include "optimize/sparse.h"

/* Blocks that one thread takes at a time, all of one leaf; and what they answer. */
typedef struct area_span {
    size_t first, count; /* blocks */
    size_t leaf;
    area_sum sum;
    double cost, bound, miss; /* at the end */
    double wished;            /* of the bound: wishes that lanes hold and would pay to give up */
    double part;              /* how far its blocks may go */
} area_span;

typedef struct area_place {
    uint32_t block, at; /* where a site stands */
} area_place;

typedef struct area_key area_key;

/* A copy of a shape; the arrays in one block of memory. */
typedef struct area_shape {
    mizo_area_shape is;
    void *memory;
} area_shape;
mizo_err area_shape_copy(area_shape *to, const mizo_area_shape *from);

struct mizo_area {
    area_shape shape;
    area_prices prices;
    size_t sites, room;
    int *node;         /* [sites] */
    area_kept *kept;   /* [sites][scenarios] */
    area_place *place; /* the same */
    bool *apart;       /* the same: would give a wish up, so it stands alone, where it may */
    /* ---- made of them before a solve ---- */
    bool built, solved;
    bool wishful;  /* wishes may be given up: no site stands in lanes, where they are held */
    bool at_stake; /* some site in lanes would give one up at the prices where it ended */
    /* A point of the last solve, well inside: where the next begins. NULL: none yet. */
    uint16_t *kept_point; /* [sites][scenarios]: lanes_keep; first 0: none */
    size_t *kept_at;      /* [sites][scenarios], and where all end: of which site it is */
    double *kept_nodes;   /* master_keep */
    size_t kept_count;    /* sites times scenarios then */
    double kept_mu;       /* of `scale` */
    mizo_slot kept_from;
    size_t nblock, nspan, nleaf; /* leaf: scenario * nodes + node */
    lanes_block **block;         /* NULL: a site of its own kind, */
    area_block **alone;          /* which is here */
    size_t *block_leaf;
    area_key *layout; /* what the blocks were made of, in their order */
    size_t nlayout, sums_bytes;
    double high;      /* a start so many times higher up */
    double give;      /* area_move.give */
    double dearest;   /* yen a kWh: dearer than any wish of any site */
    uint32_t *member; /* [sites times scenarios] in the order of the blocks: place[] the other way round */
    uint32_t *block_member; /* [block] where its sites begin */
    area_span *span;
    double *span_memory;
    lane4 **tables; /* prices of groups */
    size_t ntable;
    double *reach;  /* [leaf][2][n] least and most net */
    area_sum *leaf; /* [leaf] */
    double *leaf_memory;
    master_leaf *answer; /* [leaf] */
    master *master;
    int32_t money;          /* area_money.h: above it wishes are priced */
    double scale;           /* yen: a typical kW times a typical price */
    double worth;           /* yen: a typical kW of a slot at the market */
    double *end_net;        /* [leaf][n] */
    double *prices_before;  /* [leaf][n], then [scenario][n] of the markets */
    double *prices_held;    /* the same, then the peaks' taxes [scenario][n] */
    const double **end_row; /* [leaf] */
    lane4 *scratch;         /* [threads] */
    size_t scratch_each;
    int scratch_threads;
    size_t bytes;
};

void area_unbuild(mizo_area *a);
mizo_err area_build(mizo_area *a);

/* What a pass over all blocks does. */
typedef enum area_job {
    AREA_START,
    AREA_RESUME, /* from the kept point */
    AREA_ADVANCE,
    AREA_KEEP, /* the point as it is */
    AREA_END,
    AREA_TRY,
    AREA_TAKE
} area_job;
mizo_err area_threads(mizo_area *a, const mizo_crew *crew);
/* The point as it is, for the next solve (without memory for it, that begins from nothing); and a start from there, at
 * mu of `scale`: false where there is none. */
void area_keep_point(mizo_area *a, const mizo_crew *crew, double mu);
bool area_has_point(const mizo_area *a);
size_t area_point_bytes(const mizo_area *a);
/* Of the k-th site of a block. */
uint16_t *area_point_of(const mizo_area *a, size_t block, int k);
int area_moved_on(const mizo_area *a); /* by how many slots the horizon has moved on since */

/* To the end, from nothing or from the last solution. */
/* AGAIN: from nothing; TOGETHER: so, and with one step for all. */
typedef enum area_how { AREA_USUAL, AREA_AGAIN, AREA_TOGETHER } area_how;
mizo_err area_iterate(mizo_area *a, const mizo_area_options *o, area_how how, mizo_area_result *out);
void area_pass(mizo_area *a, const mizo_crew *crew, area_job job, double mu, int steps, bool second);
/* One step for all, where every site stands alone: how far all blocks may go in the nodes' next step of the prices; and
 * that part of it, once the nodes have moved. */
double area_try(mizo_area *a, const mizo_crew *crew, double mu);
void area_take(mizo_area *a, const mizo_crew *crew, double part);

#endif
