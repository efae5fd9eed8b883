/* site_bound.c: a bound that is not believed from the solver. For any row duals y,
 *   c'x >= sum over rows of the least of y_i r on [rlo, rup]
 *        + sum over columns of the least of (c - A'y)_j x on [lo, up],
 * for every x that keeps the rows; so y need not be optimal, nor even right. */
#include <float.h>
#include <math.h>

#include "optimize/site.h"

#define FREE 1e29

/* A sum that knows how wrong it may be: each term brings an error of some units in its last place. */
typedef struct careful {
    double sum, size;
} careful;

static void add(careful *s, double v)
{
    s->sum += v;
    s->size += fabs(v) + fabs(s->sum) * 0.5;
}

/* A dual that would need a bound that is not there says nothing: it is taken as 0. */
static double usable(double y, double rlo, double rup)
{
    if (!isfinite(y) || (y > 0 && rlo < -FREE) || (y < 0 && rup > FREE))
        return 0;
    return y;
}

static int kind_of(const site_model *m, int row)
{
    return row < m->ring * m->place_rows ? row % m->place_rows : -1;
}

/* The true standing peak: the solver was given a slightly tighter one. */
static double row_upper(const site_model *m, const site_case *c, int row)
{
    return kind_of(m, row) == ROW_PEAK && m->rup[row] < FREE ? c->free_peak / 1000.0 : m->rup[row];
}

/* Storing rounds down and taking rounds up, each by less than a micro-Wh, and so do losing and drawing: a plan may
 * miss its row by that. */
static double row_slack(const site_model *m, int row)
{
    int b = kind_of(m, row) - ROW_BATTERY;
    if (b < 0 || b >= m->nb)
        return 0;
    return m->shape.draws || m->shape.loss_ppm_h[b] ? 6e-9 : 3e-9;
}

static void add_rows(const site_model *m, const site_case *c, const double *y, double *use, careful *s)
{
    for (int i = 0; i < m->rows; i++) {
        double rup = row_upper(m, c, i);
        use[i] = usable(y[i], m->rlo[i], rup);
        if (use[i] > 0)
            add(s, use[i] * (m->rlo[i] - row_slack(m, i)));
        else if (use[i] < 0)
            add(s, use[i] * (rup + row_slack(m, i)));
    }
}

/* The reduced cost is wrong by at most `error`; the worse of both ends is taken. */
static double least(double d, double error, double lo, double up)
{
    double most = d >= 0 ? (d - error) * lo : (d - error) * up;
    if (d >= 0 && d < error)
        most = fmin(most, (d - error) * up);
    return most;
}

static void add_columns(const site_model *m, const double *y, careful *s)
{
    for (int j = 0; j < m->cols; j++) {
        double d = m->cost[j], size = fabs(d);
        for (int k = m->start[j]; k < m->start[j + 1]; k++) {
            double term = m->a[k] * y[m->row[k]];
            d -= term;
            size += fabs(term);
        }
        if (m->up[j] > 0)
            add(s, least(d, size * 16 * DBL_EPSILON * (m->start[j + 1] - m->start[j] + 1 > 8 ? 8 : 1),
                         m->lo[j], m->up[j]));
    }
}

mizo_uyen site_bound(const site_model *m, const site_case *c, const double *y, double *work)
{
    careful s = { 0, 0 };
    add(&s, m->constant);
    add_rows(m, c, y, work, &s);
    add_columns(m, work, &s);
    double yen = s.sum - s.size * 8 * DBL_EPSILON;
    double uyen = floor(yen * 1e6) - 1;
    if (!(uyen > (double)(INT64_MIN / 2))) /* as far as cost itself goes */
        return INT64_MIN / 2;
    return uyen >= (double)(INT64_MAX / 2) ? INT64_MAX / 2 : (mizo_uyen)uyen;
}
