/* lanes_newton.h: the Newton system of four plain sites at given prices: weights, elimination slot by slot, the chain of
 * the store, the two borders (vehicle, peak); directions and steps. Included by lanes_kernel.c, for each kind of site
 * with `kind` known to the compiler. Letters and signs: docs/mechanisms/area.md 3. */
#ifndef OPTIMIZE_LANES_NEWTON_H
#define OPTIMIZE_LANES_NEWTON_H

#include "optimize/lanes_math.h"

enum { VAR_C, VAR_D, VAR_E, VAR_V, VAR_Q, VARS };

/* A boxed variable in a slot: weight, one over its slacks, right side, direction without and with second order. */
typedef struct lane_box {
    lane4 th, il, iu, f, dx, dx2;
} lane_box;

typedef struct lane_cell {
    lane4 thb, tau, db, dr, eps, ib, ir, ths, is, ius; /* of import, peak row, export */
    lane4 iy, bb, kq, phi, id, ub, up;                 /* of balance, chain and borders */
    lane4 fb, fs, ry, ui;                              /* right sides */
    lane4 xb, xr, xs, y, w;                            /* direction */
    lane4 xb2, xr2, xs2, y2, w2;
    lane_box v[VARS];
} lane_cell;

/* What stands beside the slots. */
typedef struct lane_frame {
    lane4 igam, ipi, chi, thp, ilp, iup;
    lane4 rg, rp; /* right sides of the borders */
    lane4 fg, fp; /* the same, eliminated */
    lane4 dg, dp, dg2, dp2;
    lane4 residual;
} lane_frame;

typedef struct lane_site {
    const lane_group *g;
    const double *price;
    lane_cell *cell;
    lane_frame f;
    int n;
} lane_site;

/* Where a boxed variable stands in a slot's state. */
LANE_INLINE int var_at(int kind, int j)
{
    return j <= VAR_E ? AT_C + j * BOX : j == VAR_V || !(kind & LANES_PV) ? AT_END : AT_END + BOX;
}

LANE_INLINE bool has_var(int kind, int j)
{
    return j == VAR_V ? (kind & LANES_PV) != 0 : j == VAR_Q ? (kind & LANES_EV) != 0 : true;
}

LANE_INLINE int far_at(int kind)
{
    return AT_END + (kind & LANES_PV ? BOX : 0) + (kind & LANES_EV ? BOX : 0);
}

/* In which lanes the variable is there. */
LANE_INLINE lane4_mask var_on(const lane_group *g, int kind, int j, int t, lane4 pv)
{
    if (j == VAR_V)
        return pv > all4(0);
    if (j == VAR_Q)
        return (g->at.from <= all4(t)) & (g->at.to > all4(t));
    return kind & LANES_ANY ? g->at.battery > all4(0) : all4(0) == all4(0);
}

LANE_INLINE bool var_masked(int kind, int j)
{
    return j >= VAR_V || (kind & LANES_ANY);
}

/* Nothing to do for it in this slot: the night, a slot without vehicles. */
LANE_INLINE bool var_idle(const lane_group *g, int kind, int j, int t, lane4 pv)
{
    if (!has_var(kind, j))
        return true;
    if (j == VAR_V)
        return !any4(pv > all4(0));
    return j == VAR_Q && (t < g->first_ev || t >= g->last_ev);
}

LANE_INLINE void box_weigh(lane_box *o, const lane4 *x, lane4_mask on, bool masked, lane4 rho, lane4 mu)
{
    lane4 xx = x[BOX_LOW] * x[BOX_UP], ix = 1 / xx;
    lane4 th = xx / (x[BOX_ZLOW] * x[BOX_UP] + x[BOX_ZUP] * x[BOX_LOW]);
    o->il = x[BOX_UP] * ix;
    o->iu = x[BOX_LOW] * ix;
    o->th = masked ? keep4(on, th) : th;
    o->f = mu * (o->il - o->iu) - rho;
}

LANE_INLINE void box_nothing(lane_box *o)
{
    o->th = o->il = o->iu = o->f = o->dx = o->dx2 = all4(0);
}

/* Reduced cost of a variable at the duals as they stand. */
LANE_INLINE lane4 var_rho(const lane_group *g, const lane4 *s, const lane4 *next, int j, bool last)
{
    const lane_fixed *a = &g->at;
    switch (j) {
    case VAR_C:
        return s[AT_Y] + a->a * s[AT_W];
    case VAR_D:
        return a->wear - s[AT_Y] - a->be * s[AT_W];
    case VAR_E:
        return (last ? -a->left : next[AT_W]) - s[AT_W];
    case VAR_V:
        return -s[AT_Y];
    default:
        return s[AT_Y] - a->k * g->state[HEAD_G];
    }
}

LANE_INLINE lane4 var_value(const lane_group *g, int kind, const lane4 *s, int j, int t, lane4 pv)
{
    lane4 x = s[var_at(kind, j) + BOX_LOW];
    return var_masked(kind, j) ? keep4(var_on(g, kind, j, t, pv), x) : x;
}

/* Import, its peak row and export: weights and right sides. The slack r is kept as it is; eps is by how much it has
 * drifted from its row. */
LANE_INLINE void cell_grid(lane_site *l, lane_cell *w, const lane4 *s, int kind, int t, lane4 mu)
{
    const lane_fixed *a = &l->g->at;
    lane4 p = l->g->state[HEAD_P + BOX_LOW], price = all4(l->price[t]);
    lane4 b = s[AT_B], r = s[AT_R], zb = s[AT_ZB], m = s[AT_M], x = s[AT_S];
    lane4 br = b * r, ibr = 1 / br, iden = 1 / (zb * r + m * b);
    w->ib = r * ibr;
    w->ir = b * ibr;
    w->thb = br * iden;
    w->tau = m * b * iden;
    w->db = zb * w->ib;
    w->dr = m * w->ir;
    if (kind & LANES_ANY)
        p = keep4(a->priced > all4(0), p);
    w->eps = a->standing + p - b - r;
    w->fb = mu * (w->ib - w->ir) + w->dr * w->eps - (l->g->price[2 * t] + price - s[AT_Y]);
    lane4 rho = s[AT_Y] - l->g->price[2 * t + 1] - price;
    if (kind & LANES_ANY) {
        lane_box e;
        lane4 box[BOX] = { x, s[far_at(kind)], s[AT_ZS], s[far_at(kind) + 1] };
        box_weigh(&e, box, a->exports > all4(0), true, rho, mu);
        w->ths = e.th;
        w->is = e.il;
        w->ius = e.iu;
        w->fs = e.f;
    } else {
        w->is = 1 / x;
        w->ths = x / s[AT_ZS];
        w->fs = mu * w->is - rho;
    }
}

/* The running sums of a sweep forward through the slots. */
typedef struct lane_run {
    lane4 delta, phi, ub, up, u, te; /* of the slot before */
    lane4 gam, chi, pip, gb, gp, pb; /* borders */
    lane4 rg, rp, ug, upd;           /* their right sides */
    lane4 e;
} lane_run;

/* The right side of a slot's balance and store, eliminated; what it gives to the borders. */
LANE_INLINE void cell_side(const lane_fixed *a, lane_cell *w, lane_run *o, lane4 rp, lane4 rw, lane4 phi,
                           lane4 cr)
{
    const lane_box *v = w->v;
    lane4 tc = v[VAR_C].th * v[VAR_C].f, td = v[VAR_D].th * v[VAR_D].f, te = v[VAR_E].th * v[VAR_E].f;
    lane4 r = rp - (w->thb * w->fb - w->ths * w->fs + v[VAR_V].th * v[VAR_V].f - tc + td -
                    v[VAR_Q].th * v[VAR_Q].f);
    w->ry = r * w->iy;
    lane4 u = rw - te + o->te + a->a * tc - a->be * td - w->bb * w->ry + phi * o->u;
    o->te = te;
    o->u = u;
    w->ui = u * w->id;
    o->ug += w->ub * w->ui;
    o->upd += w->up * w->ui;
    o->rg += w->kq * (w->ry - v[VAR_Q].f);
    o->rp += w->tau * (w->fb + w->ry) + cr;
}

/* Balance, chain and borders of a slot. Written so that nothing cancels: the chain's pivots are sums of what is >= 0. */
LANE_INLINE void cell_chain(const lane_fixed *a, lane_cell *w, lane_run *o, int kind)
{
    const lane_box *v = w->v;
    lane4 thc = v[VAR_C].th, thd = v[VAR_D].th, thq = v[VAR_Q].th, the = v[VAR_E].th;
    lane4 rest = w->thb + w->ths + v[VAR_V].th + thq, y = rest + thc + thd, dif = a->be - a->a;
    w->iy = 1 / y;
    w->bb = a->a * thc + a->be * thd;
    lane4 kap = (thc * thd * dif * dif + rest * (a->a * a->a * thc + a->be * a->be * thd)) * w->iy;
    if (kind & LANES_ANY)
        kap += 1 - a->battery;
    o->delta = kap + o->phi * o->delta;
    w->id = 1 / (o->delta + the);
    w->phi = the * w->id;
    w->kq = a->k * thq;
    lane4 by = w->bb * w->iy, ty = w->tau * w->iy;
    w->ub = o->phi * o->ub - w->kq * by;
    w->up = o->phi * o->up + w->tau * by;
    o->ub = w->ub;
    o->up = w->up;
    o->gb += w->ub * w->ub * w->id;
    o->gp += w->ub * w->up * w->id;
    o->pb += w->up * w->up * w->id;
    o->gam += a->k * w->kq * (y - thq) * w->iy;
    o->chi += w->kq * ty;
    o->pip += w->tau * w->db + w->tau * ty;
}

/* The borders' own pivots. */
LANE_INLINE void frame_pivots(lane_site *l, lane_run *o, int kind)
{
    const lane_fixed *a = &l->g->at;
    lane_frame *f = &l->f;
    const lane4 *p = l->g->state + HEAD_P;
    lane4 xx = p[BOX_LOW] * p[BOX_UP], ix = 1 / xx;
    f->ilp = p[BOX_UP] * ix;
    f->iup = p[BOX_LOW] * ix;
    f->thp = xx / (p[BOX_ZLOW] * p[BOX_UP] + p[BOX_ZUP] * p[BOX_LOW]);
    if (kind & LANES_ANY)
        f->thp = keep4(a->priced > all4(0), f->thp);
    f->igam = all4(0);
    if (kind & LANES_EV) {
        lane4 gam = max4(o->gam - o->gb, all4(1e-12) * o->gam + all4(1e-100));
        f->igam = keep4(a->to > a->from, 1 / gam);
    }
    f->chi = o->chi - o->gp;
    f->ipi = f->thp / (1 + f->thp * (o->pip + o->pb + f->chi * f->chi * f->igam));
}

LANE_INLINE void frame_solve(const lane_frame *f, lane4 rg, lane4 rp, lane4 *dg, lane4 *dp)
{
    *dp = (rp + f->chi * rg * f->igam) * f->ipi;
    *dg = (rg - f->chi * *dp) * f->igam;
}

/* Forward: weights, residuals, factor, and the right side towards mu. `centre` >= 0: mu is not in it, but comes as a
 * second right side (ry2, ui2 in y2, w2). */
LANE_INLINE void factor(lane_site *l, int kind, lane4 mu)
{
    const lane_group *g = l->g;
    const lane_fixed *a = &g->at;
    int stride = lanes_stride(kind);
    lane_run o;
    memset(&o, 0, sizeof o);
    o.e = a->e0;
    lane4 rg = a->need, residual = all4(0);
    for (int t = 0; t < l->n; t++) {
        lane_cell *w = &l->cell[t];
        const lane4 *s = g->state + HEAD + t * stride;
        bool last = t == l->n - 1;
        lane4 pv = kind & LANES_PV ? kilo4(g->pv_w + t * LANES) : all4(0);
        cell_grid(l, w, s, kind, t, mu);
        for (int j = 0; j < VARS; j++)
            if (var_idle(g, kind, j, t, pv))
                box_nothing(&w->v[j]);
            else
                box_weigh(&w->v[j], s + var_at(kind, j), var_on(g, kind, j, t, pv), var_masked(kind, j),
                          var_rho(g, s, s + stride, j, last), mu);
        lane4 phi = o.phi;
        cell_chain(a, w, &o, kind);
        lane4 x = s[AT_S];
        if (kind & LANES_ANY)
            x = keep4(a->exports > all4(0), x);
        lane4 c = var_value(g, kind, s, VAR_C, t, pv), d = var_value(g, kind, s, VAR_D, t, pv);
        lane4 rp = kilo4(g->load_w + t * LANES) - (s[AT_B] - x - c + d);
        if (kind & LANES_PV)
            rp -= var_value(g, kind, s, VAR_V, t, pv);
        if (kind & LANES_EV) {
            lane4 q = var_value(g, kind, s, VAR_Q, t, pv);
            rp += q;
            rg -= a->k * q;
        }
        lane4 e = s[AT_E + BOX_LOW] + (last ? a->end : a->low);
        lane4 rw = o.e - e + a->a * c - a->be * d;
        if (kind & LANES_ANY)
            rw = keep4(a->battery > all4(0), rw);
        o.e = e;
        residual = max4(residual, max4(abs4(rp), abs4(rw)));
        w->y2 = rp;
        w->w2 = rw;
        cell_side(a, w, &o, rp, rw, phi, mu * w->ir - w->dr * w->eps);
        o.phi = w->phi;
    }
    frame_pivots(l, &o, kind);
    l->f.residual = residual;
    l->f.rg = rg;
    l->f.fg = o.rg + rg + o.ug;
    l->f.fp = o.rp - o.upd + mu * (l->f.ilp - l->f.iup) - a->peak;
}

/* Largest of -change / value: a step of one over it ends at the bound. */
typedef struct lane_ratio {
    lane4 x, z;
} lane_ratio;

LANE_INLINE lane4 clip4(lane4 v, lane4 by)
{
    return max4(min4(v, by), -by);
}

/* Changes of a box's multipliers for a direction dx. */
LANE_INLINE void box_duals(const lane_box *o, const lane4 *x, lane4 dx, lane4 tl, lane4 tu, lane4 *zl,
                           lane4 *zu)
{
    *zl = (tl - x[BOX_ZLOW] * dx) * o->il - x[BOX_ZLOW];
    *zu = (tu + x[BOX_ZUP] * dx) * o->iu - x[BOX_ZUP];
}

/* Second-order products of the first direction, never more than three times mu: where a variable leaves a bound they
 * would be the square of what is right. */
LANE_INLINE void box_products(const lane_box *o, const lane4 *x, lane4 mu, lane4 *cl, lane4 *cu)
{
    lane4 zl, zu;
    box_duals(o, x, o->dx, mu, mu, &zl, &zu);
    *cl = clip4(o->dx * zl, 3 * mu);
    *cu = clip4(-o->dx * zu, 3 * mu);
}

LANE_INLINE void box_ratio(const lane_box *o, const lane4 *x, lane4 dx, lane4 zl, lane4 zu, lane4_mask on,
                           bool masked, lane_ratio *m)
{
    lane4 iz = 1 / (x[BOX_ZLOW] * x[BOX_ZUP]);
    lane4 z = max4(-zl * x[BOX_ZUP] * iz, -zu * x[BOX_ZLOW] * iz);
    m->x = max4(m->x, max4(-dx * o->il, dx * o->iu));
    m->z = max4(m->z, masked ? keep4(on, z) : z);
}

typedef struct lane_grid {
    lane4 zb, m, zs, zu; /* changes of the multipliers */
} lane_grid;

LANE_INLINE lane_grid grid_duals(const lane_cell *w, const lane4 *s, int kind, lane4 xb, lane4 xr, lane4 xs,
                                 lane4 mu, const lane_grid *c)
{
    lane_grid o;
    o.zb = (mu - c->zb - s[AT_ZB] * xb) * w->ib - s[AT_ZB];
    o.m = (mu - c->m - s[AT_M] * xr) * w->ir - s[AT_M];
    o.zs = (mu - c->zs - s[AT_ZS] * xs) * w->is - s[AT_ZS];
    o.zu = all4(0);
    if (kind & LANES_ANY)
        o.zu = (mu - c->zu + s[far_at(kind) + 1] * xs) * w->ius - s[far_at(kind) + 1];
    return o;
}

LANE_INLINE lane_grid grid_products(const lane_cell *w, const lane4 *s, int kind, lane4 mu)
{
    lane_grid none = { all4(0), all4(0), all4(0), all4(0) };
    lane_grid z = grid_duals(w, s, kind, w->xb, w->xr, w->xs, mu, &none);
    lane4 by = 3 * mu;
    return (lane_grid){ clip4(w->xb * z.zb, by), clip4(w->xr * z.m, by), clip4(w->xs * z.zs, by),
                        clip4(-w->xs * z.zu, by) };
}

LANE_INLINE void grid_ratio(const lane_site *l, const lane_cell *w, const lane4 *s, int kind, lane4 xb,
                            lane4 xr, lane4 xs, const lane_grid *z, lane_ratio *m)
{
    lane4 izm = 1 / (s[AT_ZB] * s[AT_M]);
    m->x = max4(m->x, max4(-xb * w->ib, -xr * w->ir));
    m->z = max4(m->z, max4(-z->zb * s[AT_M] * izm, -z->m * s[AT_ZB] * izm));
    lane4 zs = -z->zs / s[AT_ZS], x = -xs * w->is;
    if (kind & LANES_ANY) {
        lane4_mask on = l->g->at.exports > all4(0);
        zs = keep4(on, max4(zs, -z->zu / s[far_at(kind) + 1]));
        x = max4(x, xs * w->ius);
    }
    m->x = max4(m->x, x);
    m->z = max4(m->z, zs);
}

/* Backward: the direction from what the forward sweep has left, and how far it may go. */
LANE_INLINE lane_ratio direction(lane_site *l, int kind, lane4 mu, bool second)
{
    const lane_group *g = l->g;
    const lane_fixed *a = &g->at;
    lane_frame *f = &l->f;
    int stride = lanes_stride(kind);
    lane4 dg, dp, chain = all4(0), next = all4(0);
    frame_solve(f, f->fg, f->fp, &dg, &dp);
    lane_ratio m = { all4(0), all4(0) };
    for (int t = l->n - 1; t >= 0; t--) {
        lane_cell *w = &l->cell[t];
        const lane4 *s = g->state + HEAD + t * stride;
        lane4 pv = kind & LANES_PV ? kilo4(g->pv_w + t * LANES) : all4(0);
        chain = w->ui + (w->ub * dg + w->up * dp) * w->id + w->phi * chain;
        lane4 dw = chain, dy = w->ry + w->iy * (w->kq * dg - w->bb * dw - w->tau * dp);
        lane4 xb = w->thb * (dy + w->fb) + w->tau * dp, xs = w->ths * (w->fs - dy);
        lane4 xr = w->thb * (w->db * dp - dy - w->fb) + w->eps;
        lane_grid c = { all4(0), all4(0), all4(0), all4(0) };
        if (second)
            c = grid_products(w, s, kind, mu);
        lane_grid z = grid_duals(w, s, kind, xb, xr, xs, mu, &c);
        grid_ratio(l, w, s, kind, xb, xr, xs, &z, &m);
        for (int j = 0; j < VARS; j++) {
            if (var_idle(g, kind, j, t, pv))
                continue;
            lane_box *o = &w->v[j];
            const lane4 *x = s + var_at(kind, j);
            lane4 pull = j == VAR_C   ? -dy - a->a * dw
                         : j == VAR_D ? dy + a->be * dw
                         : j == VAR_E ? dw - next
                         : j == VAR_V ? dy
                                      : a->k * dg - dy;
            lane4 dx = o->th * (o->f + pull), cl = all4(0), cu = all4(0), zl, zu;
            if (second)
                box_products(o, x, mu, &cl, &cu);
            box_duals(o, x, dx, mu - cl, mu - cu, &zl, &zu);
            box_ratio(o, x, dx, zl, zu, var_on(g, kind, j, t, pv), var_masked(kind, j), &m);
            if (second)
                o->dx2 = dx;
            else
                o->dx = dx;
        }
        next = dw;
        if (second) {
            w->xb2 = xb, w->xr2 = xr, w->xs2 = xs, w->y2 = dy, w->w2 = dw;
        } else {
            w->xb = xb, w->xr = xr, w->xs = xs, w->y = dy, w->w = dw;
        }
    }
    if (second)
        f->dg2 = dg, f->dp2 = dp;
    else
        f->dg = dg, f->dp = dp;
    return m;
}

#endif
