/* lanes.h: plain sites side by side, four to a vector; what the kernel and its surroundings share.
 *
 * A plain site has at most one battery, one vehicle, PV, an import limit and a peak that is priced above a standing
 * one. docs/mechanisms/area.md 3 has the mathematics; the letters here are those of that page. */
#ifndef OPTIMIZE_LANES_H
#define OPTIMIZE_LANES_H

#include "optimize/area_inner.h"

enum { LANES = 4, LANES_GROUPS = 16 /* of a block at most */, LANES_STRIP = 12 /* slots of a tile of S */ };
typedef double lane4 __attribute__((vector_size(32)));

/* What a block's sites have: a kernel is made for each kind, and one for everything else. */
enum { LANES_PV = 1, LANES_EV = 2, LANES_ANY = 4, LANES_KINDS = 5 };

/* A bounded variable: distance to its lower and upper bound, and their multipliers, all > 0. A variable that is not
 * there holds four ones and has no weight. */
enum { BOX_LOW, BOX_UP, BOX_ZLOW, BOX_ZUP, BOX };

/* A slot of the state: import b with b >= 0 and r = standing + p - b >= 0 (multipliers zb, m), export s (zs), the
 * duals of balance and store, then boxes. The last three are only there where the kind has them. */
enum {
    AT_B,
    AT_R,
    AT_ZB,
    AT_M,
    AT_S,
    AT_ZS,
    AT_Y,
    AT_W,
    AT_C,
    AT_D = AT_C + BOX,
    AT_E = AT_D + BOX,
    AT_END = AT_E + BOX
};
/* Before the first slot: the peak's box, the dual of the vehicle's energy. */
enum { HEAD_P, HEAD_G = BOX, HEAD = BOX + 1 };

/* What does not change while solving. kW, kWh; prices in yen per kW of a slot. */
typedef struct lane_fixed {
    lane4 a, be, k;                         /* h eta, h / eta of the battery; h eta of the vehicle */
    lane4 e0, low, high, end;               /* stored: now, least, most, least at the end */
    lane4 charge, discharge, pev;           /* kW */
    lane4 need, limit, standing, most, far; /* kWh; kW: import, free peak, peak above it at most, export */
    lane4 peak, wear, left;                 /* yen per kW, per kW of a slot, per kWh left */
    lane4 from, to;                         /* the vehicle's slots */
    lane4 battery, priced, exports, real;   /* 1 or 0; real: not a copy that fills the vector */
    /* For the bound alone: what lanes hold and a site may give up. Yen per kW of a slot, per kWh; kWh */
    lane4 demand, vehicle;  /* unserved; missing in the vehicle */
    lane4 store, store_end; /* stored, below `low`; at the end, below `end` */
    lane4 over;             /* that the vehicle may have too much: a W of a slot, or its least power */
    lane4 idle;             /* yen: what a battery is worth at the end that can do nothing */
} lane_fixed;

typedef struct lane_group {
    lane_fixed at;
    const lane4 *price;           /* [n][2] buy, sell: shared by groups of the same tariffs */
    const int32_t *load_w, *pv_w; /* [n][LANES] */
    lane4 *state;                 /* HEAD + n * stride */
    int first_ev, last_ev;        /* slots in which any of them may charge */
} lane_group;

typedef struct lanes_kernel {
    const char *name;
    /* Brings the group inside its bounds: a first point. */
    void (*start)(const lane_group *g, int n, int kind, const double *price, double mu);
    /* Up to to->steps Newton steps at to->price towards to->mu, for each group; then what they answer. */
    void (*advance)(const lane_group *g, int groups, int n, int kind, const area_move *to, lane4 *scratch,
                    area_sum *sum);
    size_t (*scratch)(int n); /* what a thread needs for it, in lane4 */
} lanes_kernel;
/* The same source twice: as any machine can, and with four doubles to an instruction. The same answers, bit by bit. */
extern const lanes_kernel lanes_kernel_plain, lanes_kernel_wide;
const lanes_kernel *lanes_kernel_here(void);

/* Whether a site may go into lanes: it has no more than a plain site, and all its wishes can be met for certain. Then
 * its kind, else -1. */
int lanes_kind_of(const site_case *c);

typedef struct lanes_block {
    int n, kind, groups, sites;
    double hour;
    lane_group *group;
    void *memory, *series; /* of the states; of the rest */
    size_t bytes;
} lanes_block;

/* A block of `sites` (at most LANES * LANES_GROUPS) of one kind; fill each, then close. */
MIZO_MUST_USE mizo_err lanes_block_new(int n, double hour, int kind, int sites, lanes_block **out);
void lanes_block_free(lanes_block *b);
/* The k-th site: its case, and the rows of prices [n][2][LANES] that its group has (made by the caller). */
void lanes_block_fill(lanes_block *b, int k, const site_case *c);
void lanes_block_prices(lanes_block *b, int group, const lane4 *price);
/* Before a block is filled again. */
void lanes_block_open(lanes_block *b);
/* Copies fill the last group. */
void lanes_block_close(lanes_block *b);

/* Sum of the sites' least costs at these prices, from the duals as they are; never more than it is, also where a site would
 * give up a wish: `wished` += yen of the bound that are lost to that. */
double lanes_bound(const lanes_block *b, const double *price, double *wished);
double lanes_bound_one(const lanes_block *b, int k, const double *price);
/* Whether the k-th site would give a wish up at the prices. */
bool lanes_yields(const lanes_block *b, int k, const double *price);
/* Cost of the nearest point that keeps all rows; its net, added to net[n]; by how much a bound is missed. */
double lanes_exact(const lanes_block *b, double *net, double *miss);
/* Flows of the k-th site at that point. A battery that can do nothing is left as it was. */
void lanes_read(const lanes_block *b, int k, site_flows *out);

/* A site's point, to be kept: so many halves of floats, the first never 0; and back again, `by` slots later, into a block
 * of whatever kind (what was at this hour a horizon ago stands for what is new). mu: of what was not there then. After the
 * last of a block, lanes_restored. */
size_t lanes_kept_size(int n, int kind);
void lanes_keep(const lanes_block *b, int k, const double *price, uint16_t *to);
void lanes_restore(lanes_block *b, int k, const double *price, const uint16_t *from, int by, double mu);
void lanes_restored(lanes_block *b);

static inline int lanes_stride(int kind)
{
    return AT_END + (kind & LANES_PV ? BOX : 0) + (kind & LANES_EV ? BOX : 0) + (kind & LANES_ANY ? 2 : 0);
}

#endif
