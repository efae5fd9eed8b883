/* lanes_kernel.c: a block of plain sites, from one set of prices to the next. Compiled twice (lanes.h); the work is the
 * same additions and multiplications in the same order either way. */
#include "optimize/lanes_answer.h"

#ifndef LANES_KERNEL
#define LANES_KERNEL lanes_kernel_plain
#define LANES_NAME   "plain"
#endif

/* ---- a first point ---- */

static void box_nowhere(lane4 *x, lane4_mask on)
{
    for (int i = 0; i < BOX; i++)
        x[i] = pick4(on, x[i], all4(1));
}

/* At a place in its box, with multipliers that make its reduced cost right. */
static void box_start(lane4 *x, lane4 at, lane4 width, lane4 rho, lane4 mu)
{
    at = max4(min4(at, all4(0.98) * width), all4(0.02) * width);
    x[BOX_LOW] = at;
    x[BOX_UP] = width - at;
    lane4 zl = mu / x[BOX_LOW], zu = mu / x[BOX_UP], rest = rho - (zl - zu);
    x[BOX_ZLOW] = zl + max4(rest, all4(0));
    x[BOX_ZUP] = zu + max4(-rest, all4(0));
}

/* Duals first: a kWh is worth something between what it brings and what it costs; stored, its mean. */
static void start_duals(const lane_group *g, int n, int kind, const double *price)
{
    int stride = lanes_stride(kind);
    lane4 sum = all4(0), want = all4(0), slots = all4(0);
    for (int t = 0; t < n; t++) {
        lane4 *s = g->state + HEAD + t * stride;
        s[AT_Y] = (g->price[2 * t] + g->price[2 * t + 1]) * 0.5 + all4(price[t]);
        sum += s[AT_Y];
        lane4_mask on = (g->at.from <= all4(t)) & (g->at.to > all4(t));
        want += keep4(on, s[AT_Y]);
        slots += keep4(on, all4(1));
    }
    for (int t = 0; t < n; t++)
        g->state[HEAD + t * stride + AT_W] = -sum / all4(n);
    g->state[HEAD_G] = want / max4(slots, all4(1)) / g->at.k;
}

/* The store goes evenly to the middle of where it may end; returns what the devices draw. */
static lane4 start_devices(const lane_group *g, int n, int kind, int t, lane4 mu)
{
    const lane_fixed *a = &g->at;
    lane4 *s = g->state + HEAD + t * lanes_stride(kind);
    const lane4 *next = t + 1 < n ? s + lanes_stride(kind) : s;
    lane4 goal = (max4(a->low, a->end) + a->high) * 0.5, de = (goal - a->e0) / all4(n),
          e = a->e0 + de * all4(t + 1);
    lane4 d = max4((a->a * 0.1 * a->charge - de) / a->be, all4(0.02) * a->discharge),
          c = (de + a->be * d) / a->a;
    lane4 low = t == n - 1 ? a->end : a->low;
    box_start(s + AT_C, c, a->charge, s[AT_Y] + a->a * s[AT_W], mu);
    box_start(s + AT_D, d, a->discharge, a->wear - s[AT_Y] - a->be * s[AT_W], mu);
    box_start(s + AT_E, e - low, a->high - low, (t + 1 < n ? next[AT_W] : -a->left) - s[AT_W], mu);
    lane4_mask on = a->battery > all4(0);
    for (int j = VAR_C; j <= VAR_E; j++)
        box_nowhere(s + var_at(kind, j), on);
    lane4 draws = keep4(on, s[AT_C + BOX_LOW] - s[AT_D + BOX_LOW]);
    if (kind & LANES_PV) {
        lane4 pv = kilo4(g->pv_w + t * LANES), *x = s + var_at(kind, VAR_V);
        box_start(x, 0.9 * pv, pv, -s[AT_Y], mu);
        box_nowhere(x, pv > all4(0));
        draws -= keep4(pv > all4(0), x[BOX_LOW]);
    }
    if (kind & LANES_EV) {
        lane4 *x = s + var_at(kind, VAR_Q);
        lane4_mask there = var_on(g, kind, VAR_Q, t, all4(0));
        box_start(x, a->need / (a->k * max4(a->to - a->from, all4(1))), a->pev,
                  s[AT_Y] - a->k * g->state[HEAD_G], mu);
        box_nowhere(x, there);
        draws += keep4(there, x[BOX_LOW]);
    }
    return draws;
}

static void start_export(const lane_group *g, lane4 *s, int kind, lane4 rho, lane4 mu)
{
    if (!(kind & LANES_ANY)) {
        s[AT_ZS] = max4(rho, all4(1e-3));
        return;
    }
    lane4 box[BOX];
    box_start(box, s[AT_S], g->at.far, rho, mu);
    box_nowhere(box, g->at.exports > all4(0));
    s[AT_S] = box[BOX_LOW];
    s[far_at(kind)] = box[BOX_UP];
    s[AT_ZS] = box[BOX_ZLOW];
    s[far_at(kind) + 1] = box[BOX_ZUP];
}

static void start_grid(const lane_group *g, int n, int kind, const double *price, lane4 most, lane4 mu)
{
    const lane_fixed *a = &g->at;
    int stride = lanes_stride(kind);
    lane4 *p = g->state + HEAD_P, msum = all4(0);
    lane4_mask priced = a->priced > all4(0);
    lane4 at = max4(most * 1.05 - a->standing, 0.5 * (most * 1.1 - a->standing + a->most));
    box_start(p, at, pick4(priced, a->most, all4(1)), all4(0), mu);
    lane4 top = a->standing + keep4(priced, p[BOX_LOW]);
    for (int t = 0; t < n; t++) {
        lane4 *s = g->state + HEAD + t * stride, rho = s[AT_Y] - g->price[2 * t + 1] - all4(price[t]);
        s[AT_B] = min4(s[AT_B], 0.95 * top);
        s[AT_R] = top - s[AT_B];
        s[AT_M] = a->peak * (0.5 / n) + 0.1 * mu / s[AT_R];
        s[AT_ZB] = max4(g->price[2 * t] + all4(price[t]) - s[AT_Y] + s[AT_M], all4(1e-3));
        msum += s[AT_M];
        start_export(g, s, kind, rho, mu);
    }
    box_start(p, p[BOX_LOW], pick4(priced, a->most, all4(2)), a->peak - msum, mu);
    box_nowhere(p, priced);
}

static void start(const lane_group *g, int n, int kind, const double *price, double target)
{
    int stride = lanes_stride(kind);
    lane4 mu = all4(target), most = all4(0);
    start_duals(g, n, kind, price);
    for (int t = 0; t < n; t++) {
        lane4 *s = g->state + HEAD + t * stride;
        lane4 net = kilo4(g->load_w + t * LANES) + start_devices(g, n, kind, t, mu);
        lane4 more = 0.05 * g->at.discharge + max4(-net, all4(0)) + all4(1e-3) * g->at.limit;
        s[AT_S] = more;
        s[AT_B] = max4(net, all4(0)) + 0.05 * g->at.discharge + all4(1e-3) * g->at.limit;
        most = max4(most, s[AT_B]);
    }
    start_grid(g, n, kind, price, most, mu);
}

/* ---- a pass ---- */

/* Cost and sum of x z of a group as it stands. */
LANE_INLINE void measure(const lane_group *g, int n, int kind, area_sum *sum)
{
    const lane_fixed *a = &g->at;
    int stride = lanes_stride(kind);
    lane4 cost = all4(0), product = all4(0);
    for (int t = 0; t < n; t++) {
        const lane4 *s = g->state + HEAD + t * stride;
        lane4 pv = kind & LANES_PV ? kilo4(g->pv_w + t * LANES) : all4(0), x = s[AT_S], xz = x * s[AT_ZS];
        if (kind & LANES_ANY) {
            lane4_mask on = a->exports > all4(0);
            x = keep4(on, x);
            xz = keep4(on, xz + s[far_at(kind)] * s[far_at(kind) + 1]);
        }
        product += s[AT_B] * s[AT_ZB] + s[AT_R] * s[AT_M] + xz;
        cost += g->price[2 * t] * s[AT_B] - g->price[2 * t + 1] * x;
        for (int j = 0; j < VARS; j++) {
            if (var_idle(g, kind, j, t, pv))
                continue;
            const lane4 *v = s + var_at(kind, j);
            lane4 p = v[BOX_LOW] * v[BOX_ZLOW] + v[BOX_UP] * v[BOX_ZUP];
            product += var_masked(kind, j) ? keep4(var_on(g, kind, j, t, pv), p) : p;
        }
        cost += a->wear * var_value(g, kind, s, VAR_D, t, pv);
        if (t == n - 1)
            cost -= a->left * (keep4(a->battery > all4(0), s[AT_E + BOX_LOW]) + a->battery * a->end);
    }
    const lane4 *p = g->state + HEAD_P;
    lane4_mask priced = a->priced > all4(0);
    cost += keep4(priced, a->peak * p[BOX_LOW]);
    product += keep4(priced, p[BOX_LOW] * p[BOX_ZLOW] + p[BOX_UP] * p[BOX_ZUP]);
    sum->cost += sum4(a->real * cost);
    sum->product += sum4(a->real * product);
}

#define LANES_BLOCKED 0.3 /* a shorter step than that, and a site steps once more at the same prices */

LANE_INLINE void move(lane_site *l, int kind, const area_move *to, area_sum *sum)
{
    const lane4 real = l->g->at.real;
    for (int k = 0; k < to->steps; k++) {
        lane4 step = newton(l, kind, to->mu, to->second);
        lane4_mask short_ = step < all4(LANES_BLOCKED);
        sum->steps += (int64_t)sum4(real);
        if (k == 0)
            sum->blocked += (int64_t)sum4(keep4(short_, real));
        if (!any4(short_))
            break;
    }
}

typedef struct lane_scratch {
    lane_cell *cell;
    lane_gens gens;
    lane4 *run;
} lane_scratch;

static size_t lay(lane_scratch *s, lane4 *at, int n)
{
    size_t strips = (size_t)(n + LANES_STRIP - 1) / LANES_STRIP, row = (size_t)n * LANES_GROUPS, used = 0;
#define TAKE(to, count) to = at ? (void *)(at + used) : NULL, used += (count)
    TAKE(s->gens.flow, (size_t)n * 3);
    TAKE(s->gens.near, (size_t)n * LANES_STRIP);
    TAKE(s->gens.peak, row);
    TAKE(s->gens.ev, row);
    TAKE(s->gens.left, row);
    TAKE(s->gens.right, row);
    TAKE(s->gens.through, strips * LANES_GROUPS);
    TAKE(s->run, (size_t)LANES_STRIP * LANES_GROUPS);
    TAKE(s->cell, (size_t)n * (sizeof(lane_cell) / sizeof(lane4)));
#undef TAKE
    return used;
}

LANE_INLINE void block(const lane_group *g, int groups, int n, int kind, const area_move *to, lane4 *scratch,
                       area_sum *sum)
{
    lane_scratch s;
    lay(&s, scratch, n);
    memset(s.gens.flow, 0, (size_t)n * (3 + LANES_STRIP) * sizeof(lane4));
    for (int k = 0; k < groups; k++) {
        lane_site l = { .g = &g[k], .price = to->price, .cell = s.cell, .n = n };
        move(&l, kind, to, sum);
        factor(&l, kind, all4(0));
        respond(&l, kind, &s.gens, k, g[k + 1 < groups ? k + 1 : k].state);
        measure(&g[k], n, kind, sum);
        double worst = most4(g[k].at.real * l.f.residual);
        sum->residual = worst > sum->residual ? worst : sum->residual;
    }
    gather(&s.gens, n, kind, groups, s.run, sum->schur);
    for (int t = 0; t < n; t++) {
        sum->net[t] += sum4(s.gens.flow[3 * t]);
        sum->pull[t] += sum4(s.gens.flow[3 * t + 1]);
        sum->centre[t] += sum4(s.gens.flow[3 * t + 2]);
    }
}

#define BLOCK(name, kind)                                                                                    \
    static void name(const lane_group *g, int groups, int n, const area_move *to, lane4 *scratch,            \
                     area_sum *sum)                                                                          \
    {                                                                                                        \
        block(g, groups, n, kind, to, scratch, sum);                                                         \
    }
BLOCK(block_bare, 0)
BLOCK(block_pv, LANES_PV)
BLOCK(block_ev, LANES_EV)
BLOCK(block_pv_ev, LANES_PV | LANES_EV)
BLOCK(block_any, LANES_PV | LANES_EV | LANES_ANY)

static void advance(const lane_group *g, int groups, int n, int kind, const area_move *to, lane4 *scratch,
                    area_sum *sum)
{
    switch (kind) {
    case 0:
        block_bare(g, groups, n, to, scratch, sum);
        break;
    case LANES_PV:
        block_pv(g, groups, n, to, scratch, sum);
        break;
    case LANES_EV:
        block_ev(g, groups, n, to, scratch, sum);
        break;
    case LANES_PV | LANES_EV:
        block_pv_ev(g, groups, n, to, scratch, sum);
        break;
    default:
        block_any(g, groups, n, to, scratch, sum);
    }
}

static size_t scratch_of(int n)
{
    lane_scratch s;
    return lay(&s, NULL, n);
}

const lanes_kernel LANES_KERNEL = { LANES_NAME, start, advance, scratch_of };
