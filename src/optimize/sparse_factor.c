/* sparse_factor.c: eliminates folds, balance rows, slots in time, border, dense columns; in that order. What can be
 * written without a difference is: docs/mechanisms/area-nodes.md 2. */
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

/* Small Cholesky, lower, row-major; the diagonal keeps its reciprocal. A pivot lost to rounding is kept away. */
static void cholesky_small(double *a, int n)
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
    cholesky_small(m, width);
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
    cholesky_small(b->corner, b->rows.border);
}

/* ---- solving with rows only: L and L' ---- */

static void forward(const area_block *b, double *r)
{
    int n = b->rows.n, width = b->rows.width, border = b->rows.border, places = width + border;
    double *local = r + n, *last = r + n * (1 + width);
    for (int t = 0; t < n; t++) {
        const double *couple = b->couple + (size_t)t * (size_t)places;
        double f = r[t] * b->balance[t];
        for (int l = 0; l < width; l++)
            local[t * width + l] -= couple[l] * f;
        for (int v = 0; v < b->awake[t]; v++)
            last[v] -= couple[width + v] * f;
        r[t] *= sqrt(b->balance[t]);
    }
    for (int t = 0; t < n; t++) {
        const double *before = b->next + (size_t)(t - 1) * (size_t)(width * width);
        double *x = local + t * width;
        for (int k = 0; t > 0 && k < width; k++)
            for (int l = 0; l < width; l++)
                x[l] -= before[k * width + l] * x[k - width];
        sparse_lower_rows(b->local + (size_t)t * (size_t)(width * width), width, x, 1, 1);
        for (int k = 0; k < width; k++) {
            const double *edge = b->edge + ((size_t)t * (size_t)width + (size_t)k) * (size_t)border;
            for (int v = 0; v < b->awake[t]; v++)
                last[v] -= edge[v] * x[k];
        }
    }
    sparse_lower_rows(b->corner, border, last, 1, 1);
}

/* x := L'^-1 x */
static void upper_small(const double *l, int n, double *x)
{
    for (int i = n - 1; i >= 0; i--) {
        double sum = x[i];
        for (int k = i + 1; k < n; k++)
            sum -= l[k * n + i] * x[k];
        x[i] = sum * l[i * n + i];
    }
}

static void backward(const area_block *b, double *r)
{
    int n = b->rows.n, width = b->rows.width, border = b->rows.border, places = width + border;
    double *local = r + n, *last = r + n * (1 + width);
    upper_small(b->corner, border, last);
    for (int t = n - 1; t >= 0; t--) {
        const double *next = b->next + (size_t)t * (size_t)(width * width);
        double *x = local + t * width;
        for (int k = 0; k < width; k++) {
            const double *edge = b->edge + ((size_t)t * (size_t)width + (size_t)k) * (size_t)border;
            double sum = x[k];
            for (int v = 0; v < b->awake[t]; v++)
                sum -= edge[v] * last[v];
            for (int l = 0; t + 1 < n && l < width; l++)
                sum -= next[k * width + l] * x[width + l];
            x[k] = sum;
        }
        upper_small(b->local + (size_t)t * (size_t)(width * width), width, x);
        const double *couple = b->couple + (size_t)t * (size_t)places;
        double sum = 0;
        for (int l = 0; l < width; l++)
            sum += couple[l] * x[l];
        for (int v = 0; v < b->awake[t]; v++)
            sum += couple[width + v] * last[v];
        r[t] = r[t] * sqrt(b->balance[t]) - sum * b->balance[t];
    }
}

/* ---- dense columns ---- */

static double part(const area_block *b, int i, int p)
{
    return b->folds.part[(size_t)i * (size_t)b->dense + (size_t)p];
}

/* How far the folded column of row i goes with dense column p: held to it by the row. */
static double follows(const area_block *b, int i, int p)
{
    return -part(b, i, p) / b->folds.a[i] * b->folds.share[i];
}

static void gather_dense(const area_block *b, int p)
{
    const sparse_cols *c = &b->cols;
    const sparse_folds *f = &b->folds;
    double *tall = b->tall + (size_t)p * (size_t)b->rows.all, *tau = b->tau + (size_t)p * (size_t)b->rows.n;
    int j = c->dense + p;
    memset(tall, 0, (size_t)b->rows.all * sizeof *tall);
    memset(tau, 0, (size_t)b->rows.n * sizeof *tau);
    for (int e = c->start[j]; e < c->start[j + 1]; e++)
        tall[c->row[e]] += c->a[e];
    b->small[(size_t)p * (size_t)b->dense + (size_t)p] += 1 / c->theta[j];
    for (int i = 0; i < f->n; i++) {
        if (part(b, i, p) == 0)
            continue;
        double stiff = f->hard[i] * (f->col[i] >= 0 ? f->cross[i] : 1);
        for (int q = 0; q <= p; q++)
            b->small[(size_t)p * (size_t)b->dense + (size_t)q] += part(b, i, p) * part(b, i, q) * stiff;
        if (f->col[i] < 0)
            continue;
        double go = follows(b, i, p);
        tau[c->at[f->col[i]]] += c->sign[f->col[i]] * go;
        for (int e = c->start[f->col[i]]; e < c->start[f->col[i] + 1]; e++)
            tall[c->row[e]] += go * c->a[e];
    }
}

static void factor_dense(const area_block *b)
{
    size_t all = (size_t)b->rows.all, dense = (size_t)b->dense;
    memset(b->small, 0, dense * dense * sizeof *b->small);
    for (int p = 0; p < b->dense; p++) {
        gather_dense(b, p);
        memcpy(b->bare + (size_t)p * (size_t)b->rows.n, b->tall + (size_t)p * all,
               (size_t)b->rows.n * sizeof *b->bare);
        forward(b, b->tall + (size_t)p * all);
        for (int q = 0; q <= p; q++) {
            double sum = 0;
            const double *x = b->tall + (size_t)p * all, *y = b->tall + (size_t)q * all;
            for (size_t i = 0; i < all; i++)
                sum += x[i] * y[i];
            b->small[(size_t)p * dense + (size_t)q] += sum;
        }
    }
    cholesky_small(b->small, b->dense);
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
    factor_dense(b);
}

/* ---- the Newton step ---- */

static void fill_pull(const area_block *b, sparse_say say)
{
    const sparse_cols *c = &b->cols;
    const sparse_folds *f = &b->folds;
    for (int i = 0; i < f->n; i++)
        f->push[i] = (say.mu - say.costs * f->second[i]) / f->slack[i] - say.costs * f->tax[i];
    for (int j = 0; j < c->n; j++) {
        double d = sparse_cost(b, j), pull = 0;
        for (int e = c->start[j]; e < c->start[j + 1]; e++)
            d -= c->a[e] * b->rows.y[c->row[e]];
        if (sparse_has_lo(c, j))
            pull += (say.mu - say.costs * c->cl[j]) / c->xl[j];
        if (sparse_has_up(c, j))
            pull -= (say.mu - say.costs * c->cu[j]) / c->xu[j];
        c->pull[j] = pull - say.costs * d;
    }
    for (int i = 0; i < f->n; i++) {
        double stiff = f->hard[i] * say.rows * f->miss[i];
        int j = f->col[i];
        if (j >= 0) /* the multiplier itself: what it is and what it becomes, as one */
            c->pull[j] += f->a[i] * (stiff - f->push[i] - say.costs * f->tax[i]);
        for (int p = 0; p < b->dense; p++)
            if (part(b, i, p) != 0)
                c->pull[c->dense + p] += part(b, i, p) * (stiff - f->push[i] - say.costs * f->tax[i]);
    }
}

/* Right sides of rows and dense columns from the pulls. */
static void fill_right(const area_block *b, double rows)
{
    const sparse_cols *c = &b->cols;
    const sparse_folds *f = &b->folds;
    for (int i = 0; i < b->rows.all; i++)
        b->dy[i] = b->rows.here[i] ? rows * b->miss[i] : 0;
    for (int j = 0; j < c->dense; j++) {
        double go = c->theta[j] * c->pull[j];
        for (int e = c->start[j]; e < c->start[j + 1]; e++)
            b->dy[c->row[e]] -= c->a[e] * go;
    }
    for (int p = 0; p < b->dense; p++) {
        double sum = c->pull[c->dense + p];
        for (int i = 0; i < f->n; i++)
            if (f->col[i] >= 0 && part(b, i, p) != 0)
                sum += follows(b, i, p) * c->pull[f->col[i]];
        b->small_right[p] = sum;
    }
}

static void solve_dense(const area_block *b)
{
    size_t all = (size_t)b->rows.all;
    for (int p = 0; p < b->dense; p++) {
        const double *tall = b->tall + (size_t)p * all;
        double sum = b->small_right[p];
        for (size_t i = 0; i < all; i++)
            sum += tall[i] * b->dy[i];
        b->dp[p] = sum;
    }
    sparse_lower_rows(b->small, b->dense, b->dp, 1, 1);
    upper_small(b->small, b->dense, b->dp);
    for (int p = 0; p < b->dense; p++) {
        const double *tall = b->tall + (size_t)p * all;
        for (size_t i = 0; i < all; i++)
            b->dy[i] -= tall[i] * b->dp[p];
    }
}

static void fill_columns(const area_block *b)
{
    const sparse_cols *c = &b->cols;
    for (int j = 0; j < c->dense; j++) {
        double pay = c->pull[j];
        for (int e = c->start[j]; e < c->start[j + 1]; e++)
            pay += c->a[e] * b->dy[c->row[e]];
        c->dx[j] = c->theta[j] * pay;
    }
    for (int p = 0; p < b->dense; p++)
        c->dx[c->dense + p] = b->dp[p];
}

/* dslack without the difference of two nearly equal steps; then the column gets the part that the row hands it. */
static void fill_folds(const area_block *b, double rows)
{
    const sparse_cols *c = &b->cols;
    const sparse_folds *f = &b->folds;
    for (int i = 0; i < f->n; i++) {
        int j = f->col[i];
        double moved = 0, follow = 0, free_part = j >= 0 ? f->cross[i] : 1;
        for (int p = 0; p < b->dense; p++) {
            if (part(b, i, p) == 0)
                continue;
            moved += part(b, i, p) * b->dp[p];
            follow += j >= 0 ? follows(b, i, p) * b->dp[p] : 0;
        }
        double stiff = f->hard[i] * rows * f->miss[i];
        double own = j >= 0 ? f->a[i] * (c->dx[j] - c->theta[j] * f->a[i] * stiff) : 0;
        f->dslack[i] = free_part * (rows * f->miss[i] - moved) - own;
        f->dtax[i] = f->push[i] - f->hard[i] * f->dslack[i];
        if (j >= 0)
            c->dx[j] += follow;
    }
}

void sparse_direct(const area_block *b, sparse_say say)
{
    fill_pull(b, say);
    fill_right(b, say.rows);
    forward(b, b->dy);
    solve_dense(b);
    backward(b, b->dy);
    fill_columns(b);
    fill_folds(b, say.rows);
}
