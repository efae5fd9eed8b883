/* lanes_answer.h: what plain sites answer at a point: their net import, how it would move in the next Newton step, and
 * the matrix of its response to prices. The matrix is gathered over a block's sites as a product of generators, so that
 * its n * n entries are touched once a block and not once a site. docs/mechanisms/area.md 3. */
#ifndef OPTIMIZE_LANES_ANSWER_H
#define OPTIMIZE_LANES_ANSWER_H

#include "optimize/lanes_step.h"

/* Generators: [slot][group of the block] each. */
typedef struct lane_gens {
    lane4 *peak, *ev;    /* the borders, each over the root of its pivot */
    lane4 *left, *right; /* of the chain within a strip: to the strip's end, from its start */
    lane4 *through;      /* [strip][group] */
    lane4 *near;         /* [slot][LANES_STRIP] sums within the strips: entry (t, t + k) */
    lane4 *flow;         /* [slot][3] net, pull, centre */
} lane_gens;

LANE_INLINE lane4 root4(lane4 v)
{
    return (lane4){ __builtin_sqrt(v[0]), __builtin_sqrt(v[1]), __builtin_sqrt(v[2]), __builtin_sqrt(v[3]) };
}

/* The second right side, towards nothing and with all residuals 0, but one unit of mu: into y2 (R / Y) and w2 (u / D). */
LANE_INLINE void centre_side(lane_site *l, int kind, lane4 *fg, lane4 *fp)
{
    const lane_group *g = l->g;
    const lane_fixed *a = &g->at;
    lane_run o;
    memset(&o, 0, sizeof o);
    for (int t = 0; t < l->n; t++) {
        lane_cell *w = &l->cell[t];
        lane_box *v = w->v;
        lane4 f[VARS], tf[VARS];
        for (int j = 0; j < VARS; j++) {
            f[j] = has_var(kind, j) ? v[j].il - v[j].iu : all4(0);
            tf[j] = v[j].th * f[j];
        }
        lane4 fb = w->ib - w->ir, fs = w->is - (kind & LANES_ANY ? w->ius : all4(0));
        lane4 r = -(w->thb * fb - w->ths * fs + tf[VAR_V] - tf[VAR_C] + tf[VAR_D] - tf[VAR_Q]);
        lane4 ry = r * w->iy, te = tf[VAR_E];
        lane4 u = o.te - te + a->a * tf[VAR_C] - a->be * tf[VAR_D] - w->bb * ry + o.phi * o.u;
        lane4 ui = u * w->id;
        o.te = te;
        o.u = u;
        o.phi = w->phi;
        o.ug += w->ub * ui;
        o.upd += w->up * ui;
        o.rg += w->kq * (ry - f[VAR_Q]);
        o.rp += w->tau * (fb + ry) + w->ir;
        w->y2 = ry;
        w->w2 = ui;
    }
    *fg = o.rg + o.ug;
    *fp = o.rp - o.upd + l->f.ilp - l->f.iup;
}

/* Backward: both answers, the solved borders and the diagonal of the chain's inverse, made into generators. */
LANE_INLINE void respond(lane_site *l, int kind, const lane_gens *o, int k, const lane4 *soon)
{
    const lane_group *g = l->g;
    const lane_frame *f = &l->f;
    int stride = lanes_stride(kind), n = l->n;
    lane4 dg, dp, cg, cp, fg, fp, real = g->at.real;
    frame_solve(f, f->fg, f->fp, &dg, &dp);
    centre_side(l, kind, &fg, &fp);
    frame_solve(f, fg, fp, &cg, &cp);
    lane4 sg = root4(f->igam), sp = root4(f->ipi), chi = f->chi * f->igam;
    lane4 a = all4(0), c = all4(0), xg = all4(0), xp = all4(0), d = all4(0), left = all4(0);
    for (int t = n - 1; t >= 0; t--) {
        const lane_cell *w = &l->cell[t];
        const lane4 *s = g->state + HEAD + t * stride;
        lane4 gg = w->thb + w->ths, y = w->iy;
        for (int i = 0; i < stride;
             i += 2) /* the next group's state, slot by slot, while there is other work */
            __builtin_prefetch(soon + HEAD + t * stride + i, 1);
        lane4 gc = w->v[VAR_V].th + w->v[VAR_C].th + w->v[VAR_D].th + w->v[VAR_Q].th;
        lane4 ug = w->ub * w->id, up = w->up * w->id;
        a = w->ui + ug * dg + up * dp + w->phi * a;
        c = w->w2 + ug * cg + up * cp + w->phi * c;
        xg = ug + w->phi * xg;
        xp = up + w->phi * xp;
        d = w->id + w->phi * w->phi * d;
        lane4 dy = w->ry + y * (w->kq * dg - w->bb * a - w->tau * dp);
        lane4 cy = w->y2 + y * (w->kq * cg - w->bb * c - w->tau * cp);
        lane4 fs = w->is - (kind & LANES_ANY ? w->ius : all4(0)), x = s[AT_S];
        if (kind & LANES_ANY)
            x = keep4(g->at.exports > all4(0), x);
        o->flow[3 * t] += real * (s[AT_B] - x);
        o->flow[3 * t + 1] += real * (gg * dy + w->tau * dp + w->thb * w->fb - w->ths * w->fs);
        o->flow[3 * t + 2] += real * (gg * cy + w->tau * cp + w->thb * (w->ib - w->ir) - w->ths * fs);
        lane4 key = gg * w->bb * y * real, ev = key * xg - real * gg * y * w->kq;
        if (kind & LANES_EV)
            o->ev[t * LANES_GROUPS + k] = ev * sg;
        o->peak[t * LANES_GROUPS + k] = (key * xp - real * w->tau * gc * y - ev * chi) * sp;
        o->near[t * LANES_STRIP] += real * gg * gc * y;
        bool ends = t == n - 1 || (t + 1) % LANES_STRIP == 0;
        left = ends ? w->phi : left * w->phi;
        o->left[t * LANES_GROUPS + k] = key * left;
        o->right[t * LANES_GROUPS + k] = d * key;
        if (t % LANES_STRIP == 0)
            o->through[t / LANES_STRIP * LANES_GROUPS + k] = left;
    }
    for (int t = 0; t < n; t += LANES_STRIP) {
        int end = t + LANES_STRIP < n ? t + LANES_STRIP : n;
        lane4 key[LANES_STRIP], phi[LANES_STRIP], chain = all4(1);
        for (int i = t; i < end; i++) {
            const lane_cell *w = &l->cell[i];
            key[i - t] = (w->thb + w->ths) * w->bb * w->iy;
            phi[i - t] = w->phi;
        }
        for (int j = t; j < end; j++) {
            lane4 r = o->right[j * LANES_GROUPS + k], v = r;
            for (int i = j; i >= t; i--) {
                o->near[i * LANES_STRIP + j - i] -= v * key[i - t];
                v *= i > t ? phi[i - t - 1] : all4(1);
            }
            o->right[j * LANES_GROUPS + k] = r * chain;
            chain *= phi[j - t];
        }
    }
}

/* out[i][j] += sum over the groups of p_i p_j - e_i e_j - left_i right_j, for 4 x 3 entries at a time. */
LANE_INLINE void tile(double *out, int n, const lane4 *p, const lane4 *e, const lane4 *left,
                      const lane4 *right, int i0, int j0, int ni, int nj, int groups)
{
    enum { HIGH = 4, WIDE = 3 };
    for (int i = 0; i < ni; i += HIGH)
        for (int j = 0; j < nj; j += WIDE) {
            lane4 acc[HIGH][WIDE];
            memset(acc, 0, sizeof acc);
            int hi = ni - i < HIGH ? ni - i : HIGH, wi = nj - j < WIDE ? nj - j : WIDE;
            for (int k = 0; k < groups; k++)
                for (int u = 0; u < HIGH; u++)
                    for (int v = 0; v < WIDE; v++) {
                        int iu = (i0 + i + (u < hi ? u : 0)) * LANES_GROUPS + k,
                            jv = (j0 + j + (v < wi ? v : 0)) * LANES_GROUPS + k;
                        acc[u][v] += p[iu] * p[jv];
                        if (e)
                            acc[u][v] -= e[iu] * e[jv];
                        if (left)
                            acc[u][v] -= left[(i + (u < hi ? u : 0)) * LANES_GROUPS + k] * right[jv];
                    }
            for (int u = 0; u < hi; u++)
                for (int v = 0; v < wi; v++)
                    out[(i0 + i + u) * n + j0 + j + v] += sum4(acc[u][v]);
        }
}

/* All strips against all later ones. */
LANE_INLINE void gather(const lane_gens *o, int n, int kind, int groups, lane4 *run, double *out)
{
    const lane4 *e = kind & LANES_EV ? o->ev : NULL;
    for (int i0 = 0; i0 < n; i0 += LANES_STRIP) {
        int ni = n - i0 < LANES_STRIP ? n - i0 : LANES_STRIP;
        memcpy(run, o->left + i0 * LANES_GROUPS, (size_t)ni * LANES_GROUPS * sizeof *run);
        for (int j0 = i0; j0 < n; j0 += LANES_STRIP) {
            int nj = n - j0 < LANES_STRIP ? n - j0 : LANES_STRIP;
            tile(out, n, o->peak, e, j0 > i0 ? run : NULL, o->right, i0, j0, ni, nj, groups);
            if (j0 == i0)
                continue;
            const lane4 *through = o->through + j0 / LANES_STRIP * LANES_GROUPS;
            for (int i = 0; i < ni; i++)
                for (int k = 0; k < groups; k++)
                    run[i * LANES_GROUPS + k] *= through[k];
        }
        for (int i = 0; i < ni; i++)
            for (int j = i; j < ni; j++)
                out[(i0 + i) * n + i0 + j] += sum4(o->near[(i0 + i) * LANES_STRIP + j - i]);
    }
}

#endif
