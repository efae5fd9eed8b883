/* sparse_step.c: the site's own interior point at given prices: Newton steps of its own length towards the products that
 * the town is heading for. */
#include <math.h>
#include <string.h>

#include "optimize/sparse_inner.h"

#define FRACTION 0.995 /* of the way to a bound */
#define CLIP     3     /* times mu: the most that a second-order product may say */
#define GOOD     0.9   /* a step so long needs no other */

enum { START_STEPS = 90 };

/* ---- rows ---- */

static void find_miss(const area_block *b)
{
    const sparse_cols *c = &b->cols;
    const sparse_folds *f = &b->folds;
    memcpy(b->miss, b->rows.right, (size_t)b->rows.all * sizeof *b->miss);
    for (int j = 0; j < c->n; j++) {
        double x = sparse_value(c, j);
        for (int e = c->start[j]; e < c->start[j + 1]; e++)
            b->miss[c->row[e]] -= c->a[e] * x;
    }
    for (int i = 0; i < f->n; i++) {
        double sum = f->right[i] - f->slack[i];
        if (f->col[i] >= 0)
            sum -= f->a[i] * sparse_value(c, f->col[i]);
        for (int p = 0; p < b->dense; p++)
            sum -= f->part[(size_t)i * (size_t)b->dense + (size_t)p] * sparse_value(c, c->dense + p);
        f->miss[i] = sum;
    }
}

static double worst_miss(const area_block *b)
{
    double worst = 0;
    for (int i = 0; i < b->rows.all; i++)
        worst = b->rows.here[i] ? fmax(worst, fabs(b->miss[i])) : worst;
    for (int i = 0; i < b->folds.n; i++)
        worst = fmax(worst, fabs(b->folds.miss[i]));
    return worst;
}

double sparse_miss(const area_block *b)
{
    find_miss(b);
    return worst_miss(b);
}

/* ---- one step ---- */

static void finish(area_block *b, double mu)
{
    sparse_cols *c = &b->cols;
    for (int j = 0; j < c->n; j++) {
        c->dl[j] = sparse_has_lo(c, j) ? (mu - c->cl[j] - c->zl[j] * c->dx[j]) / c->xl[j] - c->zl[j] : 0;
        c->du[j] = sparse_has_up(c, j) ? (mu - c->cu[j] + c->zu[j] * c->dx[j]) / c->xu[j] - c->zu[j] : 0;
    }
}

static double clip(double v, double most)
{
    return v > most ? most : v < -most ? -most : v;
}

static void products(area_block *b, double mu, double weight)
{
    sparse_cols *c = &b->cols;
    sparse_folds *f = &b->folds;
    for (int j = 0; j < c->n; j++) {
        c->cl[j] = weight * clip(c->dx[j] * c->dl[j], CLIP * mu);
        c->cu[j] = weight * clip(-c->dx[j] * c->du[j], CLIP * mu);
    }
    for (int i = 0; i < f->n; i++)
        f->second[i] = weight * clip(f->dslack[i] * f->dtax[i], CLIP * mu);
}

static void forget_products(area_block *b)
{
    memset(b->cols.cl, 0, (size_t)b->cols.n * sizeof(double));
    memset(b->cols.cu, 0, (size_t)b->cols.n * sizeof(double));
    memset(b->folds.second, 0, (size_t)b->folds.n * sizeof(double));
}

static double worse(double most, double v, double d)
{
    return -d > most * v ? -d / v : most;
}

typedef struct stride {
    double primal, dual;
} stride;

static stride find_stride(const area_block *b)
{
    const sparse_cols *c = &b->cols;
    const sparse_folds *f = &b->folds;
    double primal = FRACTION, dual = FRACTION;
    for (int j = 0; j < c->n; j++) {
        if (sparse_has_lo(c, j)) {
            primal = worse(primal, c->xl[j], c->dx[j]);
            dual = worse(dual, c->zl[j], c->dl[j]);
        }
        if (sparse_has_up(c, j)) {
            primal = worse(primal, c->xu[j], -c->dx[j]);
            dual = worse(dual, c->zu[j], c->du[j]);
        }
    }
    for (int i = 0; i < f->n; i++) {
        primal = worse(primal, f->slack[i], f->dslack[i]);
        dual = worse(dual, f->tax[i], f->dtax[i]);
    }
    return (stride){ FRACTION / primal, FRACTION / dual };
}

static void take(area_block *b, stride s)
{
    sparse_cols *c = &b->cols;
    sparse_folds *f = &b->folds;
    for (int j = 0; j < c->n; j++) {
        if (sparse_has_lo(c, j)) {
            c->xl[j] += s.primal * c->dx[j];
            c->zl[j] += s.dual * c->dl[j];
        }
        if (sparse_has_up(c, j)) {
            c->xu[j] -= s.primal * c->dx[j];
            c->zu[j] += s.dual * c->du[j];
        }
    }
    for (int i = 0; i < f->n; i++) {
        f->slack[i] += s.primal * f->dslack[i];
        f->tax[i] += s.dual * f->dtax[i];
    }
    for (int i = 0; i < b->rows.all; i++)
        b->rows.y[i] += b->rows.here[i] ? s.dual * b->dy[i] : 0;
}

static double shorter(stride s)
{
    return fmin(s.primal, s.dual);
}

/* Less as mu falls: the duals of rows whose columns all stand at their bounds, dear ones above all, must still get where
 * they belong, and what such columns give way is as small as mu. */
static void set_prox(area_block *b, double mu)
{
    b->prox = fmin(SPARSE_PROX, (b->give > 0 ? b->give : SPARSE_GIVE) * mu);
}

/* A Newton step towards mu at b->price; returns the part of it that was taken. */
static double newton(area_block *b, double mu, bool second)
{
    set_prox(b, mu);
    forget_products(b);
    sparse_factor(b, b->prox);
    find_miss(b);
    sparse_direct(b, (sparse_say){ 1, 1, mu });
    finish(b, mu);
    stride s = find_stride(b);
    if (second) {
        double first = shorter(s);
        products(b, mu, first * first);
        sparse_direct(b, (sparse_say){ 1, 1, mu });
        finish(b, mu);
        s = find_stride(b);
        if (shorter(s) < first) {
            forget_products(b);
            sparse_direct(b, (sparse_say){ 1, 1, mu });
            finish(b, mu);
            s = find_stride(b);
        }
    }
    take(b, s);
    return shorter(s);
}

/* ---- the beginning ---- */

/* The least of d x - mu log(x - lo) - mu log(up - x); where a bound is missing, of a box as wide as is told. */
static void centre(sparse_cols *c, int j, double d, double mu)
{
    double far = fabs(d), w = c->up[j] - c->lo[j];
    if (!sparse_has_lo(c, j) || !sparse_has_up(c, j)) {
        double x = mu / fmax(far, 0.01 * mu);
        c->xl[j] = c->xu[j] = x;
        c->zl[j] = c->zu[j] = mu / x;
        if (!sparse_has_lo(c, j))
            c->xl[j] = 1, c->zl[j] = 0;
        if (!sparse_has_up(c, j))
            c->xu[j] = 1, c->zu[j] = 0;
        return;
    }
    double near = 2 * mu * w / (far * w + 2 * mu + sqrt(far * w * far * w + 4 * mu * mu));
    c->xl[j] = d >= 0 ? near : w - near;
    c->xu[j] = d >= 0 ? w - near : near;
    c->zl[j] = mu / c->xl[j];
    c->zu[j] = mu / c->xu[j];
}

/* Duals that make sense: a kWh costs between what it sells and buys for; what is stored or owed costs the mean of that. */
static void first_duals(area_block *b)
{
    const sparse_cols *c = &b->cols;
    double mean = 0;
    int n = b->rows.n, first = n * (1 + b->rows.width);
    memset(b->rows.y, 0, (size_t)b->rows.all * sizeof *b->rows.y);
    for (int t = 0; t < n; t++) {
        double sum = 0;
        int count = 0;
        for (int j = c->slot[t]; j < c->slot[t + 1]; j++)
            if (c->sign[j]) {
                sum += c->sign[j] * sparse_cost(b, j);
                count++;
            }
        b->rows.y[t] = count ? sum / count : b->price[t];
        mean += b->rows.y[t] / n;
    }
    for (int i = n; i < first; i++)
        b->rows.y[i] = b->rows.here[i] ? -mean / b->hour : 0;
    for (int v = first; v < b->rows.all; v++)
        b->rows.y[v] = b->rows.here[v] ? mean / b->hour : 0;
}

static void first_point(area_block *b, double mu)
{
    sparse_cols *c = &b->cols;
    sparse_folds *f = &b->folds;
    first_duals(b);
    for (int i = 0; i < f->n; i++) {
        double price = 0;
        for (int p = 0; p < b->dense; p++)
            if (f->part[(size_t)i * (size_t)b->dense + (size_t)p] != 0)
                price = fmax(price, c->cost[c->dense + p]);
        f->tax[i] = fmax(price / (2 * f->n), 1e-3);
        f->slack[i] = mu / f->tax[i];
    }
    for (int j = 0; j < c->n; j++) {
        double d = sparse_cost(b, j);
        for (int e = c->start[j]; e < c->start[j + 1]; e++)
            d -= c->a[e] * b->rows.y[c->row[e]];
        if (c->fold[j] >= 0)
            d += f->a[c->fold[j]] * f->tax[c->fold[j]];
        for (int i = 0; j >= c->dense && i < f->n; i++)
            d += f->part[(size_t)i * (size_t)b->dense + (size_t)(j - c->dense)] * f->tax[i];
        centre(c, j, d, mu);
    }
}

/* A product that begins the way: a typical price times a typical power. */
static double first_mu(const area_block *b)
{
    double price = 0, power = 0;
    for (int t = 0; t < b->rows.n; t++) {
        price += fabs(b->rows.y[t]) / b->rows.n;
        power += fabs(b->rows.right[t]) / b->rows.n;
    }
    return fmax(1e-3, price * fmax(power, 0.1));
}

/* Down from a wide start. Where wishes are far out of reach their prices rule, and the way begins higher up. */
void sparse_start(area_block *b, const area_move *to)
{
    memcpy(b->prices, to->price, (size_t)b->rows.n * sizeof *b->prices);
    b->price = b->prices;
    b->give = to->give;
    first_duals(b);
    double mu = fmax(to->mu, first_mu(b)), high = mu;
    first_point(b, mu);
    for (int k = 0, stuck = 0; k < START_STEPS; k++) {
        double part = newton(b, mu, true);
        if (part >= GOOD && mu == to->mu && sparse_miss(b) < 1e-6)
            break;
        stuck = part < 0.2 ? stuck + 1 : 0;
        if (stuck == 3) {
            mu = high = 1000 * high;
            first_point(b, mu);
            stuck = 0;
            continue;
        }
        mu = part >= GOOD ? fmax(to->mu, 0.1 * mu) : part > 0.5 ? fmax(to->mu, 0.4 * mu) : mu;
    }
}

/* ---- a pass ---- */

void sparse_net(const area_block *b, double *net)
{
    const sparse_cols *c = &b->cols;
    for (int t = 0; t < b->rows.n; t++)
        net[t] += b->idle[t];
    for (int j = 0; j < c->links; j++)
        if (c->sign[j])
            net[c->at[j]] += c->sign[j] * sparse_value(c, j);
}

/* Where the grid is the looser side of the balance row, what the others leave says it better. */
static void add_change(const area_block *b, double base, double *net)
{
    const sparse_cols *c = &b->cols;
    for (int t = 0; t < b->rows.n; t++) {
        bool loose = b->grid[t] > b->rest[t];
        double sum = loose && b->rows.here[t] ? base * b->miss[t] : 0;
        for (int j = c->slot[t]; j < c->slot[t + 1]; j++) {
            if (!loose && c->sign[j])
                sum += c->sign[j] * c->dx[j];
            else if (loose && !c->sign[j])
                sum -= c->a[c->start[j]] * c->dx[j];
        }
        for (int p = 0; loose && p < b->dense; p++)
            for (int e = c->start[c->dense + p]; e < c->start[c->dense + p + 1]; e++)
                sum -= c->row[e] == t ? c->a[e] * b->dp[p] : 0;
        net[t] += sum;
    }
}

static void look(const area_block *b, area_sum *sum)
{
    const sparse_cols *c = &b->cols;
    const sparse_folds *f = &b->folds;
    double cost = b->constant, product = 0;
    for (int j = 0; j < c->n; j++) {
        cost += c->cost[j] * sparse_value(c, j);
        product +=
            (sparse_has_lo(c, j) ? c->xl[j] * c->zl[j] : 0) + (sparse_has_up(c, j) ? c->xu[j] * c->zu[j] : 0);
        sum->pairs += sparse_has_lo(c, j) + sparse_has_up(c, j);
    }
    for (int i = 0; i < f->n; i++)
        product += f->slack[i] * f->tax[i];
    sum->pairs += f->n;
    sum->cost += cost;
    sum->product += product;
    sum->residual = fmax(sum->residual, worst_miss(b));
}

/* What the block answers at the point and b->price. */
static void answer(area_block *b, area_sum *sum)
{
    forget_products(b);
    sparse_factor(b, b->prox);
    find_miss(b);
    look(b, sum);
    sparse_net(b, sum->net);
    sparse_direct(b, (sparse_say){ 1, 1, 0 });
    add_change(b, 1, sum->pull);
    sparse_direct(b, (sparse_say){ 0, 0, 1 });
    add_change(b, 0, sum->centre);
    sparse_response(b, sum->schur);
}

void sparse_advance(area_block *b, const area_move *to, area_sum *sum)
{
    memcpy(b->prices, to->price, (size_t)b->rows.n * sizeof *b->prices);
    b->price = b->prices;
    b->give = to->give;
    set_prox(b, to->mu);
    double part = 0;
    for (int k = 0; k < to->steps && part < GOOD; k++) {
        part = newton(b, to->mu, to->second);
        sum->steps++;
        sum->blocked += k == 0 && part < GOOD;
    }
    answer(b, sum);
}

double sparse_try(area_block *b, const area_move *to)
{
    for (int t = 0; t < b->rows.n; t++)
        b->prices[t] = to->price[t] + to->delta[t];
    b->price = b->prices;
    b->give = to->give;
    set_prox(b, to->mu);
    forget_products(b);
    sparse_factor(b, b->prox);
    find_miss(b);
    sparse_direct(b, (sparse_say){ 1, 1, to->mu });
    finish(b, to->mu);
    return shorter(find_stride(b));
}

void sparse_take(area_block *b, const area_move *to, double part, area_sum *sum)
{
    take(b, (stride){ part, part });
    memcpy(b->prices, to->price, (size_t)b->rows.n * sizeof *b->prices);
    answer(b, sum);
}
