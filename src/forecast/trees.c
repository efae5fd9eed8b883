/* trees.c: trees one after another (boosting) or side by side (a forest). */
#include "forecast/trees.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "forecast/trees_inner.h"

struct trees {
    bool forest;
    double base;
    trees_node *node;
    size_t *root; /* [ntree] */
    int ntree;
    /* A forest: of tree k the rows of its leaves are member[k * nmember ..), as ranks by y. */
    uint32_t *member;
    size_t nmember, rows;
    double *y, *w;     /* [rows] by rank */
    double *heard;     /* [rows] room of a question: weight by rank, 0 between questions */
    uint32_t *touched; /* [rows] */
};

/* What a fit needs besides what it gives. */
typedef struct fit {
    const trees_task *t;
    const trees_rows *r;
    trees_growth g;
    double *y, *w, *slope; /* [rows]; slope is multiplied by the weight */
    double *said;          /* [rows] */
    double *miss, *weight; /* [rows] of one leaf */
    trees *out;
} fit;

/* ---- the value below which a share of the weight lies ---- */

static void swap(double *a, double *b)
{
    double keep = *a;
    *a = *b;
    *b = keep;
}

/* Quickselect by weight, middle of three as the pivot (Hoare 1961). */
double trees_select(double *v, double *w, size_t n, double share)
{
    double all = 0, below = 0;
    size_t from = 0, to = n;
    for (size_t i = 0; i < n; i++)
        all += w[i];
    double goal = share * all;
    while (to - from > 1) {
        double a = v[from], b = v[from + (to - from) / 2], c = v[to - 1];
        double pivot = a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
        double under = 0, same = 0;
        size_t i = from, k = from, end = to; /* [from, i) below, [i, k) equal, [end, to) above */
        while (k < end) {
            if (v[k] < pivot) {
                under += w[k];
                swap(&v[i], &v[k]);
                swap(&w[i++], &w[k++]);
            } else if (v[k] > pivot) {
                end--;
                swap(&v[k], &v[end]);
                swap(&w[k], &w[end]);
            } else {
                same += w[k++];
            }
        }
        if (i > from && below + under >= goal) {
            to = i;
        } else if (below + under + same >= goal || end == to) {
            return pivot;
        } else {
            below += under + same;
            from = end;
        }
    }
    return v[from];
}

/* ---- fits ---- */

static double level_of(const trees_task *t)
{
    return t->loss == TREES_QUANTILE ? t->level : 0.5;
}

static double mean_of(const double *v, const double *w, size_t n)
{
    double sum = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        sum += v[i] * w[i];
        all += w[i];
    }
    return all > 0 ? sum / all : 0;
}

/* The constant that a loss likes best; reorders. */
static double centre(const trees_task *t, double *v, double *w, size_t n)
{
    return t->loss == TREES_SQUARE ? mean_of(v, w, n) : trees_select(v, w, n, level_of(t));
}

/* Down the slope of the loss: where a row is missed, and for the square by how much. */
static void slopes(fit *f)
{
    double level = level_of(f->t);
    for (size_t i = 0; i < f->r->rows; i++) {
        double miss = f->y[i] - f->said[i];
        double s = f->t->loss == TREES_SQUARE ? miss : miss > 0 ? level : level - 1;
        f->slope[i] = s * f->w[i];
    }
}

/* The rows of the next tree: a share without putting back, in rising order. */
static void sample(fit *f)
{
    size_t left = (size_t)(f->t->rows * (double)f->r->rows + 0.5), n = 0;
    if (!left)
        left = 1;
    for (size_t i = 0; i < f->r->rows && left; i++)
        if (left == f->r->rows - i || trees_draw(&f->g.random, f->r->rows - i) < left) {
            f->g.row[n++] = (uint32_t)i;
            left--;
        }
    f->g.n = n;
}

static bool goes_left(const trees_node *n, float x)
{
    return isnan(x) ? n->missing_left : x <= n->cut;
}

static size_t leaf_of(const trees_node *node, size_t at, const float *x)
{
    while (node[at].column >= 0)
        at = (size_t)node[at].child + !goes_left(&node[at], x[node[at].column]);
    return at;
}

/* The same by codes, for a row that was learned from: every cut is a cut of the rows. */
static size_t leaf_of_row(const fit *f, size_t at, size_t row)
{
    const trees_node *node = f->g.node;
    while (node[at].column >= 0) {
        int c = node[at].column, code = f->r->code[(size_t)c * f->r->rows + row];
        bool left = code == TREES_MISSING  ? node[at].missing_left
                    : code < f->r->ncut[c] ? f->r->cut[c][code] <= node[at].cut
                                           : node[at].cut == FLT_MAX;
        at = (size_t)node[at].child + !left;
    }
    return at;
}

static void leaf_value(fit *f, trees_node *leaf)
{
    size_t n = 0;
    for (size_t i = leaf->from; i < leaf->to; i++) {
        uint32_t row = f->g.row[i];
        f->miss[n] = f->y[row] - f->said[row];
        f->weight[n++] = f->w[row];
    }
    leaf->value = n ? centre(f->t, f->miss, f->weight, n) : 0;
}

static bool boost(fit *f)
{
    memcpy(f->miss, f->y, f->r->rows * sizeof *f->miss);
    memcpy(f->weight, f->w, f->r->rows * sizeof *f->weight);
    f->out->base = centre(f->t, f->miss, f->weight, f->r->rows);
    for (size_t i = 0; i < f->r->rows; i++)
        f->said[i] = f->out->base;
    for (int k = 0; k < f->t->rounds; k++) {
        size_t *root = &f->out->root[k];
        slopes(f);
        sample(f);
        if (!trees_grow(&f->g, root))
            return false;
        for (size_t at = *root; at < f->g.nnode; at++)
            if (f->g.node[at].column < 0) {
                leaf_value(f, &f->g.node[at]);
                f->g.node[at].value *= f->t->rate;
            }
        for (size_t i = 0; i < f->r->rows; i++)
            f->said[i] += f->g.node[leaf_of_row(f, *root, i)].value;
    }
    return true;
}

typedef struct ranked {
    double y;
    uint32_t row;
} ranked;

static int by_y(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    return x->y != y->y ? (x->y > y->y) - (x->y < y->y) : (x->row > y->row) - (x->row < y->row);
}

/* Rows by rising y: rank[row]. */
static bool ranks(fit *f, uint32_t *rank)
{
    ranked *all = malloc(f->r->rows * sizeof *all);
    if (!all)
        return false;
    for (size_t i = 0; i < f->r->rows; i++)
        all[i] = (ranked){ f->y[i], (uint32_t)i };
    qsort(all, f->r->rows, sizeof *all, by_y);
    for (size_t i = 0; i < f->r->rows; i++) {
        rank[all[i].row] = (uint32_t)i;
        f->out->y[i] = all[i].y;
        f->out->w[i] = f->w[all[i].row];
    }
    free(all);
    return true;
}

static bool stand(fit *f)
{
    trees *o = f->out;
    size_t rows = f->r->rows;
    uint32_t *rank = malloc(rows * sizeof *rank);
    bool fine = rank && ranks(f, rank);
    slopes(f); /* nothing is said yet: the slope of the square is y itself */
    for (int k = 0; k < f->t->rounds && fine; k++) {
        sample(f);
        o->nmember = f->g.n;
        fine = trees_grow(&f->g, &o->root[k]);
        for (size_t at = o->root[k]; at < f->g.nnode && fine; at++)
            if (f->g.node[at].column < 0)
                leaf_value(f, &f->g.node[at]);
        for (size_t i = 0; i < f->g.n && fine; i++)
            o->member[(size_t)k * f->g.n + i] = rank[f->g.row[i]];
    }
    free(rank);
    return fine;
}

static bool fit_room(fit *f)
{
    size_t n = f->r->rows, columns = (size_t)f->r->columns;
    double *all = calloc(6 * n, sizeof *all);
    f->y = all; /* owner of the six */
    f->g.row = malloc(2 * n * sizeof *f->g.row);
    f->g.near = malloc(n * sizeof *f->g.near);
    f->g.column = malloc(columns * sizeof *f->g.column);
    if (!all || !f->g.near || !f->g.row || !f->g.column)
        return false;
    f->w = all + n;
    f->slope = all + 2 * n;
    f->said = all + 3 * n;
    f->miss = all + 4 * n;
    f->weight = all + 5 * n;
    f->g.room = f->g.row + n;
    f->g.slope = f->slope;
    f->g.w = f->w;
    for (size_t c = 0; c < columns; c++)
        f->g.column[c] = (int16_t)c;
    return true;
}

static bool out_room(trees *o, const trees_task *t, size_t rows)
{
    o->forest = t->forest;
    o->ntree = t->rounds;
    o->rows = rows;
    o->root = calloc((size_t)t->rounds, sizeof *o->root);
    if (!t->forest)
        return o->root != NULL;
    o->member = malloc((size_t)t->rounds * rows * sizeof *o->member);
    o->y = malloc(rows * sizeof *o->y);
    o->w = malloc(rows * sizeof *o->w);
    o->heard = calloc(rows, sizeof *o->heard);
    o->touched = malloc(rows * sizeof *o->touched);
    return o->root && o->member && o->y && o->w && o->heard && o->touched;
}

static bool in_range(const trees_task *t)
{
    bool counts =
        t->rounds >= 1 && t->rounds <= 100000 && t->depth >= 1 && t->depth <= TREES_DEPTH && t->least >= 1;
    bool shares = t->rate > 0 && t->rate <= 1 && t->rows > 0 && t->rows <= 1 && t->take > 0 && t->take <= 1;
    bool loss =
        t->forest ? t->loss == TREES_SQUARE : t->loss != TREES_QUANTILE || (t->level > 0 && t->level < 1);
    return counts && shares && loss;
}

trees *trees_fit(const trees_task *t, const trees_rows *r, const float *y, const float *w)
{
    if (!in_range(t))
        return NULL;
    fit f = {
        .t = t, .r = r, .g = {.task = t, .r = r, .random = { t->seed }}
    };
    f.out = calloc(1, sizeof *f.out);
    bool fine = f.out && fit_room(&f) && out_room(f.out, t, r->rows);
    for (size_t i = 0; i < r->rows && fine; i++) {
        f.y[i] = (double)y[i];
        f.w[i] = w ? (double)w[i] : 1;
    }
    fine = fine && (t->forest ? stand(&f) : boost(&f));
    free(f.y);
    free(f.g.row);
    free(f.g.near);
    free(f.g.column);
    if (f.out)
        f.out->node = f.g.node;
    if (fine)
        return f.out;
    trees_free(f.out);
    return NULL;
}

void trees_free(trees *t)
{
    if (!t)
        return;
    free(t->node);
    free(t->root);
    free(t->member);
    free(t->y);
    free(t->w);
    free(t->heard);
    free(t->touched);
    free(t);
}

/* ---- answers ---- */

double trees_say(const trees *t, const float *x)
{
    double sum = 0;
    for (int k = 0; k < t->ntree; k++)
        sum += t->node[leaf_of(t->node, t->root[k], x)].value;
    return t->forest ? sum / t->ntree : t->base + sum;
}

static int by_rank(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Weights of the neighbours of x by rank in heard[], who they are in touched[0..n), rising. */
static size_t hear(trees *t, const float *x)
{
    size_t n = 0;
    for (int k = 0; k < t->ntree; k++) {
        const trees_node *leaf = &t->node[leaf_of(t->node, t->root[k], x)];
        const uint32_t *member = t->member + (size_t)k * t->nmember;
        double all = 0;
        for (uint32_t i = leaf->from; i < leaf->to; i++)
            all += t->w[member[i]];
        for (uint32_t i = leaf->from; i < leaf->to && all > 0; i++) {
            double w = t->w[member[i]] / all;
            if (!(w > 0))
                continue;
            if (t->heard[member[i]] == 0)
                t->touched[n++] = member[i];
            t->heard[member[i]] += w;
        }
    }
    qsort(t->touched, n, sizeof *t->touched, by_rank);
    return n;
}

/* A value stands in the middle of its weight; between two values it is a straight line. */
void trees_quantiles(trees *t, const float *x, const double *level, int n, double *q)
{
    size_t heard = t->forest ? hear(t, x) : 0, i = 0;
    double all = 0, before = 0, at = 0, last = 0, y = NAN, ylast = NAN;
    for (size_t k = 0; k < heard; k++)
        all += t->heard[t->touched[k]];
    for (int k = 0; k < n; k++) {
        while (i < heard && (i == 0 || at < level[k] * all)) {
            double w = t->heard[t->touched[i]];
            last = at;
            ylast = y;
            at = before + w / 2;
            y = t->y[t->touched[i++]];
            before += w;
        }
        double goal = level[k] * all;
        bool between = i > 1 && goal < at && goal > last;
        q[k] = between                 ? ylast + (y - ylast) * (goal - last) / (at - last)
               : goal <= last && i > 1 ? ylast
                                       : y;
    }
    for (size_t k = 0; k < heard; k++)
        t->heard[t->touched[k]] = 0;
}
