/* sparse_factor.c: eliminates folds, balance rows, slots in time, border; in that order. What can be written without a
 * difference is: docs/mechanisms/area-nodes.md 2. */
#include <math.h>
#include <string.h>

#include "optimize/sparse_inner.h"

/* ---- theta ---- */

/* A folded row with slack r and multiplier m makes its column stiffer: 1 / theta = D + a^2 m / r. */
static void fill_theta(const area_block *b)
{
    const sparse_cols *c = &b->cols;
    const sparse_folds *f = &b->folds;
    for (int i = 0; i < f->n; i++)
        f->hard[i] = f->tax[i] / f->slack[i];
    for (int j = 0; j < c->n; j++) {
        double num = c->xl[j] * c->xu[j], den = c->zl[j] * c->xu[j] + c->zu[j] * c->xl[j];
        if (c->fold[j] < 0) {
            c->theta[j] = num / den;
            continue;
        }
        int i = c->fold[j];
        double free_part = den * f->slack[i], held = f->a[i] * f->a[i] * f->tax[i] * num;
        double one = 1 / (free_part + held);
        c->theta[j] = num * f->slack[i] * one;
        f->cross[i] = free_part * one;
        f->share[i] = held * one;
    }
}

/* ---- gathering the matrix ---- */

/* The rows that a column touches beside its balance row. */
typedef struct touch {
    int count;
    int at[4]; /* local l, or width + border v */
    double a[4];
} touch;

static int place_in_slot(const area_block *b, int row, int t)
{
    int n = b->rows.n, width = b->rows.width, border = n * (1 + width);
    return row >= border ? width + row - border : row - n - t * width;
}

static void read_touch(const area_block *b, int j, int t, touch *x)
{
    const sparse_cols *c = &b->cols;
    x->count = 0;
    for (int e = c->start[j] + 1; e < c->start[j + 1]; e++) {
        x->at[x->count] = place_in_slot(b, c->row[e], t);
        x->a[x->count++] = c->a[e];
    }
}

/* matrix += v on the places p and q of slot t. Border rows keep their lower triangle. */
static void add_at(const area_block *b, int t, int p, int q, double v)
{
    int width = b->rows.width, border = b->rows.border;
    if (p < width && q < width)
        b->local[((size_t)t * (size_t)width + (size_t)p) * (size_t)width + (size_t)q] += v;
    else if (p < width)
        b->edge[((size_t)t * (size_t)width + (size_t)p) * (size_t)border + (size_t)(q - width)] += v;
    else if (q >= width && q <= p)
        b->corner[(size_t)(p - width) * (size_t)border + (size_t)(q - width)] += v;
}

static void add_outer(const area_block *b, int t, const touch *x, double weight)
{
    for (int i = 0; i < x->count; i++)
        for (int k = 0; k < x->count; k++)
            add_at(b, t, x->at[i], x->at[k], weight * x->a[i] * x->a[k]);
}

/* x - y, rows that both touch once. */
static void difference(const touch *x, double fx, const touch *y, double fy, touch *out)
{
    *out = *x;
    for (int i = 0; i < out->count; i++)
        out->a[i] *= fx;
    for (int k = 0; k < y->count; k++) {
        int i = 0;
        while (i < out->count && out->at[i] != y->at[k])
            i++;
        if (i == out->count) {
            if (i == 4)
                continue; /* no column touches so many */
            out->at[out->count] = y->at[k];
            out->a[out->count++] = 0;
        }
        out->a[i] -= fy * y->a[k];
    }
}

enum { PAIRS_MOST = 6 };

/* What the slot's columns leave to the other rows once the balance row is gone. With weights w (sum Y) and vectors v
 * that is sum w v v' - (sum w v)(sum w v)' / Y = sum over pairs of w w (v - v)(v - v)' / Y: no difference of large
 * numbers. Many columns: as it stands, the pairs would be too many. */
static void reduce_few(const area_block *b, int t, const int *list, int count)
{
    const sparse_cols *c = &b->cols;
    touch x[PAIRS_MOST], d;
    double one = b->balance[t], bare = 0; /* columns that touch nothing else */
    for (int i = 0; i < count; i++)
        read_touch(b, list[i], t, &x[i]);
    for (int j = c->slot[t]; j < c->slot[t + 1]; j++)
        bare += c->start[j + 1] - c->start[j] == 1 ? c->theta[j] : 0;
    for (int i = 0; i < count; i++) {
        double si = c->a[c->start[list[i]]], wi = c->theta[list[i]];
        add_outer(b, t, &x[i], wi * (bare * one));
        for (int k = 0; k < i; k++) {
            double sk = c->a[c->start[list[k]]], wk = c->theta[list[k]];
            difference(&x[i], sk, &x[k], si, &d);
            add_outer(b, t, &d, wi * (wk * one));
        }
    }
}

static void reduce_many(const area_block *b, int t, const int *list, int count)
{
    const sparse_cols *c = &b->cols;
    int places = b->rows.width + b->rows.border, awake = b->rows.width + b->awake[t];
    const double *couple = b->couple + (size_t)t * (size_t)places;
    touch x;
    for (int i = 0; i < count; i++) {
        read_touch(b, list[i], t, &x);
        add_outer(b, t, &x, c->theta[list[i]]);
    }
    for (int p = 0; p < awake; p++)
        for (int q = 0; couple[p] != 0 && q < awake; q++)
            add_at(b, t, p, q, -couple[p] * (couple[q] * b->balance[t]));
}

static void gather_balance(const area_block *b, int t, int *list, double prox)
{
    const sparse_cols *c = &b->cols;
    int places = b->rows.width + b->rows.border, count = 0;
    double *couple = b->couple + (size_t)t * (size_t)places;
    b->grid[t] = b->rest[t] = 0;
    for (int j = c->slot[t]; j < c->slot[t + 1]; j++) {
        double theta = c->theta[j], s = c->a[c->start[j]];
        *(c->sign[j] ? &b->grid[t] : &b->rest[t]) += theta;
        for (int e = c->start[j] + 1; e < c->start[j + 1]; e++)
            couple[place_in_slot(b, c->row[e], t)] += theta * s * c->a[e];
        if (c->start[j + 1] - c->start[j] > 1)
            list[count++] = j;
    }
    double all = b->grid[t] + b->rest[t];
    b->balance[t] = all > 0 ? 1 / (all + prox) : 0;
    if (count <= PAIRS_MOST)
        reduce_few(b, t, list, count);
    else
        reduce_many(b, t, list, count);
}

/* Links have no balance row: stored energy (this slot's row and the next's), slacks, what a vehicle leaves short. */
static void gather_links(const area_block *b)
{
    const sparse_cols *c = &b->cols;
    int n = b->rows.n, width = b->rows.width, border = n * (1 + width);
    double *own = b->link, *next = own + (size_t)n * (size_t)width, *both = next + (size_t)n * (size_t)width;
    for (int j = c->links; j < c->dense; j++) {
        int e = c->start[j], count = c->start[j + 1] - e;
        double theta = c->theta[j];
        if (count == 0)
            continue;
        int i = c->row[e], k = count > 1 ? c->row[e + 1] : i;
        if (count == 1 && i >= border) {
            b->corner[(size_t)(i - border) * (size_t)b->rows.border + (size_t)(i - border)] +=
                theta * c->a[e] * c->a[e];
        } else if (count == 1) {
            add_at(b, (i - n) / width, (i - n) % width, (i - n) % width, theta * c->a[e] * c->a[e]);
        } else {
            int first = i < k ? e : e + 1, then = i < k ? e + 1 : e, at = c->row[first] - n;
            own[at] += theta * c->a[first] * c->a[first];
            next[at] += theta * c->a[then] * c->a[then];
            both[at] += theta * c->a[first] * c->a[then];
        }
    }
}

/* ---- slots in time ---- */

void sparse_cholesky(double *a, int n)
{
    for (int i = 0; i < n; i++) {
        double whole = a[i * n + i];
        for (int j = 0; j < i; j++) {
            double sum = a[i * n + j];
            for (int k = 0; k < j; k++)
                sum -= a[i * n + k] * a[j * n + k];
            a[i * n + j] = sum * a[j * n + j];
        }
        double left = whole;
        for (int k = 0; k < i; k++)
            left -= a[i * n + k] * a[i * n + k];
        if (!(left > 1e-14 * whole))
            left = whole > 0 ? 1e-14 * whole : 1;
        a[i * n + i] = 1 / sqrt(left);
    }
}

void sparse_lower_rows(const double *l, int n, double *rows, size_t wide, int cols)
{
    for (int i = 0; i < n; i++) {
        double *row = rows + (size_t)i * wide;
        for (int k = 0; k < i; k++) {
            const double *above = rows + (size_t)k * wide;
            double f = l[i * n + k];
            for (int j = 0; j < cols; j++)
                row[j] -= f * above[j];
        }
        for (int j = 0; j < cols; j++)
            row[j] *= l[i * n + i];
    }
}

/* The slot before gives: its rows' part of this slot's matrix and of the border's. */
static void carry(const area_block *b, int t)
{
    int width = b->rows.width, border = b->rows.border, awake = b->awake[t - 1];
    size_t square = (size_t)width * (size_t)width, n = (size_t)b->rows.n * (size_t)width;
    const double *before = b->next + (size_t)(t - 1) * square;
    const double *rows = b->edge + (size_t)(t - 1) * (size_t)width * (size_t)border;
    double *m = b->local + (size_t)t * square, *edge = b->edge + (size_t)t * (size_t)width * (size_t)border;
    for (int k = 0; k < width; k++) {
        for (int p = 0; p < width; p++) {
            double f = before[k * width + p];
            if (f == 0)
                continue;
            for (int q = 0; q < width; q++)
                m[p * width + q] -= f * before[k * width + q];
            for (int v = 0; v < awake; v++)
                edge[(size_t)p * (size_t)border + (size_t)v] -=
                    f * rows[(size_t)k * (size_t)border + (size_t)v];
        }
    }
    for (int p = 0; p < width; p++)
        m[p * width + p] += b->link[n + (size_t)(t - 1) * (size_t)width + (size_t)p];
}

/* One row a slot: next - both^2 / (rest + own), where next own = both^2, is next rest / (rest + own). */
static void carry_alone(const area_block *b, int t, double rest)
{
    size_t n = (size_t)b->rows.n, border = (size_t)b->rows.border;
    double own = b->link[t - 1], f = b->next[t - 1];
    b->local[t] += b->link[n + (size_t)t - 1] * (rest / (rest + own));
    for (int v = 0; v < b->awake[t - 1]; v++)
        b->edge[(size_t)t * border + (size_t)v] -= f * b->edge[(size_t)(t - 1) * border + (size_t)v];
}

static void slot_factor(const area_block *b, int t)
{
    int width = b->rows.width, border = b->rows.border, awake = b->awake[t];
    size_t square = (size_t)width * (size_t)width, n = (size_t)b->rows.n * (size_t)width;
    double *m = b->local + (size_t)t * square, *next = b->next + (size_t)t * square;
    double *edge = b->edge + (size_t)t * (size_t)width * (size_t)border;
    for (int p = 0; p < width; p++) {
        m[p * width + p] += b->link[(size_t)t * (size_t)width + (size_t)p];
        if (!b->rows.here[b->rows.n + t * width + p])
            m[p * width + p] = 1;
    }
    sparse_cholesky(m, width);
    memset(next, 0, square * sizeof *next);
    for (int p = 0; p < width; p++)
        next[p * width + p] = b->link[2 * n + (size_t)t * (size_t)width + (size_t)p];
    sparse_lower_rows(m, width, next, (size_t)width, width);
    sparse_lower_rows(m, width, edge, (size_t)border, awake);
    for (int k = 0; k < width; k++) {
        const double *row = edge + (size_t)k * (size_t)border;
        for (int v = 0; v < awake; v++)
            for (int w = 0; w <= v; w++)
                b->corner[(size_t)v * (size_t)border + (size_t)w] -= row[v] * row[w];
    }
}

static void factor_time(const area_block *b)
{
    int width = b->rows.width;
    double rest = 0;
    for (int t = 0; t < b->rows.n && width > 0; t++) {
        if (t > 0 && width == 1)
            carry_alone(b, t, rest);
        else if (t > 0)
            carry(b, t);
        rest = b->local[(size_t)t * (size_t)width * (size_t)width];
        if (!b->rows.here[b->rows.n + t * width])
            rest = 1;
        slot_factor(b, t);
    }
    int first = b->rows.n * (1 + width);
    for (int v = 0; v < b->rows.border; v++)
        if (!b->rows.here[first + v])
            b->corner[(size_t)v * (size_t)b->rows.border + (size_t)v] = 1;
    sparse_cholesky(b->corner, b->rows.border);
}

void sparse_factor(const area_block *b, double prox)
{
    size_t n = (size_t)b->rows.n, width = (size_t)b->rows.width, border = (size_t)b->rows.border;
    fill_theta(b);
    memset(b->couple, 0, n * (width + border) * sizeof *b->couple);
    memset(b->local, 0, n * width * width * sizeof *b->local);
    memset(b->edge, 0, n * width * border * sizeof *b->edge);
    memset(b->link, 0, 3 * n * width * sizeof *b->link);
    memset(b->corner, 0, border * border * sizeof *b->corner);
    for (int t = 0; t < b->rows.n; t++)
        gather_balance(b, t, b->list, prox);
    gather_links(b);
    for (size_t i = 0; i < n * width; i++)
        b->local[i * width + i % width] += prox;
    for (size_t v = 0; v < border; v++)
        b->corner[v * border + v] += prox;
    factor_time(b);
    sparse_factor_dense(b);
}
