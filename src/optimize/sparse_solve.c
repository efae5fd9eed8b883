/* sparse_solve.c: a Newton step from the factor of the rows: dense columns, the rows that come after them, directions.
 * docs/mechanisms/area-nodes.md 2. */
#include <math.h>
#include <string.h>

#include "optimize/sparse_inner.h"

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

/* The starts of a run are held together by its row: all of them, or none. Had the row been eliminated with each of them in
 * it, its pivot, which next to nothing holds, would fill their matrix with one number that hides all others. So the start
 * with the largest theta leads: it stands for the run as a whole, the others for going from its slot to theirs, which the
 * row does not see. Columns A_p - A_lead; the lead's step is the whole less the others'. */
static int run_row(const area_block *b, int p)
{
    const sparse_cols *c = &b->cols;
    int first = b->rows.n * (1 + b->rows.width), j = c->dense + p;
    for (int e = c->start[j]; e < c->start[j + 1]; e++)
        if (c->row[e] >= first)
            return c->row[e];
    return -1;
}

static void choose_leads(const area_block *b)
{
    const double *theta = b->cols.theta + b->cols.dense;
    int *row = b->list;
    for (int p = 0; p < b->dense; p++)
        row[p] = run_row(b, p);
    for (int p = 0; p < b->dense; p++) {
        int lead = p;
        for (int q = 0; row[p] >= 0 && q < b->dense; q++)
            if (row[q] == row[p] && (theta[q] > theta[lead] || (theta[q] == theta[lead] && q < lead)))
                lead = q;
        b->lead[p] = lead;
    }
}

static void add_small(const area_block *b, int p, int q, double v)
{
    size_t row = (size_t)(p > q ? p : q), col = (size_t)(p > q ? q : p);
    b->small[row * (size_t)b->dense + col] += v;
}

/* What holds a dense column by itself, 1 / theta, in the steps that are solved for. */
static void gather_theta(const area_block *b, int p)
{
    const double *theta = b->cols.theta + b->cols.dense;
    int lead = b->lead[p];
    add_small(b, p, p, 1 / theta[p]);
    if (lead == p)
        return;
    add_small(b, p, lead, -1 / theta[lead]);
    for (int q = 0; q <= p; q++)
        if (q != lead && b->lead[q] == lead)
            add_small(b, p, q, 1 / theta[lead]);
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
    int lead = c->dense + b->lead[p];
    for (int e = c->start[lead]; lead != j && e < c->start[lead + 1]; e++)
        tall[c->row[e]] -= c->a[e];
    gather_theta(b, p);
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

void sparse_factor_dense(const area_block *b)
{
    size_t all = (size_t)b->rows.all, dense = (size_t)b->dense;
    memset(b->small, 0, dense * dense * sizeof *b->small);
    choose_leads(b);
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
    sparse_cholesky(b->small, b->dense);
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
    for (int p = 0; p < b->dense; p++)
        if (b->lead[p] != p)
            b->small_right[p] -= b->small_right[b->lead[p]];
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
    for (int p = 0; p < b->dense; p++)
        if (b->lead[p] != p)
            b->dp[b->lead[p]] -= b->dp[p];
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
