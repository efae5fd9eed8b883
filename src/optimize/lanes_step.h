/* lanes_step.h: one Newton step of four plain sites at given prices, second order where it helps. */
#ifndef OPTIMIZE_LANES_STEP_H
#define OPTIMIZE_LANES_STEP_H

#include "optimize/lanes_newton.h"

#define LANES_FRACTION                                                                                       \
    0.9                /* of the way to the nearest bound: further, and what a site answers next is far off */
#define LANES_LONG 0.7 /* a step of that length needs no second order */

/* The right side once more, with the products of the first direction taken off mu. */
LANE_INLINE void second_side(lane_site *l, int kind, lane4 mu)
{
    const lane_group *g = l->g;
    int stride = lanes_stride(kind);
    lane_frame *f = &l->f;
    lane_run o;
    memset(&o, 0, sizeof o);
    for (int t = 0; t < l->n; t++) {
        lane_cell *w = &l->cell[t];
        const lane4 *s = g->state + HEAD + t * stride;
        lane4 pv = kind & LANES_PV ? kilo4(g->pv_w + t * LANES) : all4(0);
        lane_grid c = grid_products(w, s, kind, mu);
        w->fb += c.m * w->ir - c.zb * w->ib;
        w->fs -= c.zs * w->is;
        if (kind & LANES_ANY)
            w->fs += c.zu * w->ius;
        for (int j = 0; j < VARS; j++) {
            if (var_idle(g, kind, j, t, pv))
                continue;
            lane_box *b = &w->v[j];
            lane4 cl, cu;
            box_products(b, s + var_at(kind, j), mu, &cl, &cu);
            b->f += cu * b->iu - cl * b->il;
        }
        cell_side(&g->at, w, &o, w->y2, w->w2, o.phi, (mu - c.m) * w->ir - w->dr * w->eps);
        o.phi = w->phi;
    }
    const lane4 *p = g->state + HEAD_P;
    lane_box b = { .il = f->ilp, .iu = f->iup, .dx = f->dp };
    lane4 cl, cu;
    box_products(&b, p, mu, &cl, &cu);
    f->fg = o.rg + f->rg + o.ug;
    f->fp = o.rp - o.upd + (mu - cl) * f->ilp - (mu - cu) * f->iup - g->at.peak;
}

/* The peak's own part of the ratios; its multipliers' changes. */
LANE_INLINE void peak_ratio(const lane_site *l, int kind, lane4 mu, bool second, lane_ratio *m, lane4 *zl,
                            lane4 *zu)
{
    const lane4 *p = l->g->state + HEAD_P;
    lane_box b = { .il = l->f.ilp, .iu = l->f.iup, .dx = l->f.dp };
    lane4 cl = all4(0), cu = all4(0), dx = second ? l->f.dp2 : l->f.dp;
    if (second)
        box_products(&b, p, mu, &cl, &cu);
    box_duals(&b, p, dx, mu - cl, mu - cu, zl, zu);
    box_ratio(&b, p, dx, *zl, *zu, l->g->at.priced > all4(0), kind & LANES_ANY, m);
}

LANE_INLINE lane4 step_of(lane4 ratio)
{
    return min4(all4(1), all4(LANES_FRACTION) / max4(ratio, all4(1e-30)));
}

typedef struct lane_step {
    lane4 x, z;        /* how far */
    lane4_mask second; /* which direction */
    lane4 mu;
    bool corrected; /* whether there is a second at all */
} lane_step;

LANE_INLINE void box_apply(lane4 *x, const lane_box *o, const lane_step *k, bool corrected, lane4_mask on,
                           bool masked)
{
    lane4 zl, zu, cl = all4(0), cu = all4(0), dx = o->dx;
    if (corrected) {
        box_products(o, x, k->mu, &cl, &cu);
        cl = keep4(k->second, cl);
        cu = keep4(k->second, cu);
        dx = pick4(k->second, o->dx2, o->dx);
    }
    box_duals(o, x, dx, k->mu - cl, k->mu - cu, &zl, &zu);
    if (masked) {
        zl = keep4(on, zl);
        zu = keep4(on, zu);
    }
    x[BOX_LOW] += k->x * dx;
    x[BOX_UP] -= k->x * dx;
    x[BOX_ZLOW] += k->z * zl;
    x[BOX_ZUP] += k->z * zu;
}

LANE_INLINE void grid_apply(const lane_site *l, const lane_cell *w, lane4 *s, int kind, const lane_step *k,
                            bool corrected)
{
    lane4 xb = w->xb, xr = w->xr, xs = w->xs, y = w->y, dw = w->w;
    lane_grid c = { all4(0), all4(0), all4(0), all4(0) };
    if (corrected) {
        c = grid_products(w, s, kind, k->mu);
        c = (lane_grid){ keep4(k->second, c.zb), keep4(k->second, c.m), keep4(k->second, c.zs),
                         keep4(k->second, c.zu) };
        xb = pick4(k->second, w->xb2, xb);
        xr = pick4(k->second, w->xr2, xr);
        xs = pick4(k->second, w->xs2, xs);
        y = pick4(k->second, w->y2, y);
        dw = pick4(k->second, w->w2, dw);
    }
    lane_grid z = grid_duals(w, s, kind, xb, xr, xs, k->mu, &c);
    if (kind & LANES_ANY) {
        lane4_mask on = l->g->at.exports > all4(0);
        z.zs = keep4(on, z.zs);
        s[far_at(kind)] -= k->x * xs;
        s[far_at(kind) + 1] += k->z * keep4(on, z.zu);
    }
    s[AT_B] += k->x * xb;
    s[AT_R] += k->x * xr;
    s[AT_S] += k->x * xs;
    s[AT_ZB] += k->z * z.zb;
    s[AT_M] += k->z * z.m;
    s[AT_ZS] += k->z * z.zs;
    s[AT_Y] += k->z * y;
    s[AT_W] += k->z * dw;
}

LANE_INLINE void apply(lane_site *l, int kind, const lane_step *k, bool corrected)
{
    const lane_group *g = l->g;
    int stride = lanes_stride(kind);
    for (int t = 0; t < l->n; t++) {
        lane_cell *w = &l->cell[t];
        lane4 *s = g->state + HEAD + t * stride;
        lane4 pv = kind & LANES_PV ? kilo4(g->pv_w + t * LANES) : all4(0);
        grid_apply(l, w, s, kind, k, corrected);
        for (int j = 0; j < VARS; j++)
            if (!var_idle(g, kind, j, t, pv))
                box_apply(s + var_at(kind, j), &w->v[j], k, corrected, var_on(g, kind, j, t, pv),
                          var_masked(kind, j));
    }
    lane_box p = { .il = l->f.ilp, .iu = l->f.iup, .dx = l->f.dp, .dx2 = l->f.dp2 };
    box_apply(g->state + HEAD_P, &p, k, corrected, g->at.priced > all4(0), kind & LANES_ANY);
    g->state[HEAD_G] += k->z * (corrected ? pick4(k->second, l->f.dg2, l->f.dg) : l->f.dg);
}

/* One step of all four, each as far as it can. Returns the shorter of primal and dual step. */
LANE_INLINE lane4 newton(lane_site *l, int kind, double target, bool correct)
{
    lane4 mu = all4(target), zl, zu;
    factor(l, kind, mu);
    lane_ratio m = direction(l, kind, mu, false);
    peak_ratio(l, kind, mu, false, &m, &zl, &zu);
    lane_step k = { step_of(m.x), step_of(m.z), all4(0) > all4(0), mu, false };
    if (correct && any4(min4(k.x, k.z) < all4(LANES_LONG))) {
        k.corrected = true;
        second_side(l, kind, mu);
        lane_ratio m2 = direction(l, kind, mu, true);
        peak_ratio(l, kind, mu, true, &m2, &zl, &zu);
        lane4 x = step_of(m2.x), z = step_of(m2.z);
        k.second = min4(x, z) >= min4(k.x, k.z);
        k.x = pick4(k.second, x, k.x);
        k.z = pick4(k.second, z, k.z);
    }
    apply(l, kind, &k, k.corrected);
    return min4(k.x, k.z);
}

#endif
