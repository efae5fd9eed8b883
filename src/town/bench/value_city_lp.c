/* value_city_lp.c: a district's hours to come as a linear program. A ring of places, one an hour: as time goes
 * on, the place of the hour that has passed stands for the past, and the solver keeps its basis. */
#include "town/bench/value_city_lp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Columns of a place: the district's, then those of each home. Rows likewise. */
enum { X /* into all batteries */, FIRST_LEVEL };
enum { HOME_IN, HOME_OUT, HOME_STORED, HOME_LEVEL };
enum { ROW_X, ROW_PEAK, ROW_LEVEL };
enum { ROW_STORED, ROW_HOME_LEVEL };

struct city_lp {
    const mizo_lp_solver *solver;
    city_shape s;
    int ring, base; /* places; that of the first hour to come */
    int home_cols, home_rows, place_cols, place_rows, cols, rows;
    mizo_lp *lp;
    double *lo, *up, *cost, *rlo, *rup, *room;
};

typedef struct triplets {
    int *row, *start;
    double *a;
    int n, cols;
} triplets;

static int col_of(const city_lp *c, int place, int k)
{
    return place * c->place_cols + k;
}

static int row_of(const city_lp *c, int place, int k)
{
    return place * c->place_rows + k;
}

/* Columns of a level of the district: its import, its ramp up, its ramp down. */
static int col_import(const city_lp *c, int place, int k)
{
    return col_of(c, place, FIRST_LEVEL + 3 * k);
}

static int col_home(const city_lp *c, int place, int home, int k)
{
    return col_of(c, place, FIRST_LEVEL + 3 * c->s.sum_levels + home * c->home_cols + k);
}

static int row_import(const city_lp *c, int place, int k)
{
    return row_of(c, place, ROW_LEVEL + 2 * k);
}

static int row_home(const city_lp *c, int place, int home, int k)
{
    return row_of(c, place, ROW_LEVEL + 2 * c->s.sum_levels + home * c->home_rows + k);
}

static int col_peak(const city_lp *c)
{
    return c->ring * c->place_cols;
}

/* ---- the matrix ---- */

static void put(triplets *t, int row, double a)
{
    t->row[t->n] = row;
    t->a[t->n++] = a;
}

static void close_col(triplets *t)
{
    t->start[++t->cols] = t->n;
}

static void put_district(const city_lp *c, triplets *t, int p)
{
    int next = (p + 1) % c->ring;
    put(t, row_of(c, p, ROW_X), 1);
    put(t, row_of(c, p, ROW_PEAK), -1);
    for (int k = 0; k < c->s.sum_levels; k++) {
        put(t, row_import(c, p, k), -1);
        put(t, row_import(c, p, k) + 1, 1);
        put(t, row_import(c, next, k) + 1, -1);
    }
    close_col(t);
    for (int k = 0; k < c->s.sum_levels; k++) {
        put(t, row_import(c, p, k), 1);
        close_col(t);
        put(t, row_import(c, p, k) + 1, -1);
        close_col(t);
        put(t, row_import(c, p, k) + 1, 1);
        close_col(t);
    }
}

static void put_home(const city_lp *c, triplets *t, int p, int h)
{
    int next = (p + 1) % c->ring;
    for (int way = 0; way < 2; way++) { /* in, out */
        put(t, row_of(c, p, ROW_X), way ? 1 : -1);
        put(t, row_home(c, p, h, ROW_STORED), way ? 1 / c->s.efficiency : -c->s.efficiency);
        for (int k = 0; k < c->s.home_levels; k++)
            put(t, row_home(c, p, h, ROW_HOME_LEVEL + k), way ? 1 : -1);
        close_col(t);
    }
    put(t, row_home(c, p, h, ROW_STORED), 1);
    put(t, row_home(c, next, h, ROW_STORED), -1);
    close_col(t);
    for (int k = 0; k < c->s.home_levels; k++) {
        put(t, row_home(c, p, h, ROW_HOME_LEVEL + k), 1);
        close_col(t);
    }
}

static void put_all(const city_lp *c, triplets *t)
{
    for (int p = 0; p < c->ring; p++) {
        put_district(c, t, p);
        for (int h = 0; h < c->s.homes; h++)
            put_home(c, t, p, h);
    }
    for (int p = 0; p < c->ring; p++)
        put(t, row_of(c, p, ROW_PEAK), 1);
    close_col(t);
}

/* ---- the numbers ---- */

static void everything_at_rest(city_lp *c)
{
    for (int j = 0; j < c->cols; j++) {
        c->lo[j] = 0;
        c->up[j] = INFINITY;
        c->cost[j] = 0;
    }
    for (int i = 0; i < c->rows; i++) {
        c->rlo[i] = -INFINITY;
        c->rup[i] = INFINITY;
    }
}

/* Nothing moves in the place of the past; its batteries hold what they hold. */
static void fill_past(city_lp *c, int p, const city_ask *a)
{
    c->up[col_of(c, p, X)] = 0;
    for (int h = 0; h < c->s.homes; h++) {
        c->up[col_home(c, p, h, HOME_IN)] = c->up[col_home(c, p, h, HOME_OUT)] = 0;
        c->lo[col_home(c, p, h, HOME_STORED)] = c->up[col_home(c, p, h, HOME_STORED)] = a->stored[h];
    }
}

static void fill_district(city_lp *c, int p, int t, const city_ask *a)
{
    int n = c->s.sum_levels;
    c->lo[col_of(c, p, X)] = -INFINITY;
    c->rlo[row_of(c, p, ROW_X)] = c->rup[row_of(c, p, ROW_X)] = 0;
    c->rlo[row_of(c, p, ROW_PEAK)] = a->high[t];
    for (int k = 0; k < n; k++) {
        int col = col_import(c, p, k), row = row_import(c, p, k);
        c->cost[col] = a->price[t] / n;
        c->cost[col + 1] = c->cost[col + 2] = a->ramp_weight / n;
        c->rlo[row] = a->sum[t * n + k];
        c->rlo[row + 1] = c->rup[row + 1] = -a->ramp[t * n + k];
    }
}

static void fill_home(city_lp *c, int p, int t, int h, const city_ask *a)
{
    int n = c->s.home_levels;
    c->up[col_home(c, p, h, HOME_IN)] = c->up[col_home(c, p, h, HOME_OUT)] = c->s.power;
    c->up[col_home(c, p, h, HOME_STORED)] = fmax(a->capacity[h], a->stored[h]);
    c->cost[col_home(c, p, h, HOME_STORED)] = t == c->s.n - 1 ? -a->left : 0;
    c->rlo[row_home(c, p, h, ROW_STORED)] = c->rup[row_home(c, p, h, ROW_STORED)] = 0;
    for (int k = 0; k < n; k++) {
        c->cost[col_home(c, p, h, HOME_LEVEL + k)] = a->carbon[t] / n;
        c->rlo[row_home(c, p, h, ROW_HOME_LEVEL + k)] = a->home[(h * c->s.n + t) * n + k];
    }
}

static void fill(city_lp *c, const city_ask *a)
{
    everything_at_rest(c);
    fill_past(c, (c->base + c->ring - 1) % c->ring, a);
    for (int t = 0; t < c->s.n; t++) {
        int p = (c->base + t) % c->ring;
        fill_district(c, p, t, a);
        for (int h = 0; h < c->s.homes; h++)
            fill_home(c, p, t, h, a);
    }
    c->lo[col_peak(c)] = a->peak;
    c->cost[col_peak(c)] = a->peak_weight;
}

/* ---- birth ---- */

static bool sized(city_lp *c)
{
    c->ring = c->s.n + 1;
    c->home_cols = HOME_LEVEL + c->s.home_levels;
    c->home_rows = ROW_HOME_LEVEL + c->s.home_levels;
    c->place_cols = FIRST_LEVEL + 3 * c->s.sum_levels + c->s.homes * c->home_cols;
    c->place_rows = ROW_LEVEL + 2 * c->s.sum_levels + c->s.homes * c->home_rows;
    c->cols = c->ring * c->place_cols + 1;
    c->rows = c->ring * c->place_rows;
    c->room = calloc((size_t)(3 * c->cols + 2 * c->rows), sizeof *c->room);
    if (!c->room)
        return false;
    c->lo = c->room;
    c->up = c->lo + c->cols;
    c->cost = c->up + c->cols;
    c->rlo = c->cost + c->cols;
    c->rup = c->rlo + c->rows;
    return true;
}

static bool loaded(city_lp *c)
{
    /* No column has more entries than a ramp's at each level and those of the peak. */
    size_t most = (size_t)c->cols * (size_t)(4 + 3 * c->s.sum_levels + c->s.home_levels) + (size_t)c->ring;
    triplets t = { .row = calloc(most, sizeof *t.row),
                   .start = calloc((size_t)c->cols + 1, sizeof *t.start),
                   .a = calloc(most, sizeof *t.a) };
    if (t.row && t.start && t.a) {
        put_all(c, &t);
        everything_at_rest(c);
        c->lp = c->solver->load(c->cols, c->rows, t.start, t.row, t.a, c->lo, c->up, c->cost, c->rlo, c->rup);
    }
    free(t.row);
    free(t.start);
    free(t.a);
    return c->lp != NULL;
}

city_lp *city_lp_new(const mizo_lp_solver *solver, const city_shape *shape)
{
    city_lp *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->solver = solver;
    c->s = *shape;
    if (sized(c) && loaded(c))
        return c;
    city_lp_free(c);
    return NULL;
}

void city_lp_free(city_lp *c)
{
    if (!c)
        return;
    if (c->lp)
        c->solver->free(c->lp);
    free(c->room);
    free(c);
}

mizo_err city_lp_plan(city_lp *c, const city_ask *ask, double *into)
{
    c->base = (c->base + 1) % c->ring;
    fill(c, ask);
    c->solver->set(c->lp, c->lo, c->up, c->cost, c->rlo, c->rup);
    MIZO_TRY(c->solver->solve(c->lp, 100000));
    const double *x = c->solver->x(c->lp);
    for (int h = 0; h < c->s.homes; h++)
        for (int t = 0; t < c->s.n; t++) {
            int p = (c->base + t) % c->ring;
            into[h * c->s.n + t] = x[col_home(c, p, h, HOME_IN)] - x[col_home(c, p, h, HOME_OUT)];
        }
    return MIZO_OK;
}
