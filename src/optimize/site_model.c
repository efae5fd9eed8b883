/* site_model.c: what the solver sees of a site. kW, kWh, yen.
 *
 * The slots stand in a ring of places with one place more than slots: the place before the first slot
 * holds the stored energy as it is now, with everything in it fixed. When the horizon rolls on by a
 * slot, the place of the slot that has passed becomes that one, and the old one becomes the last slot:
 * every other column keeps its place, so the old basis is nearly the new one.
 * Every column has two bounds, so that any duals give a finite bound and the dual simplex a start. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimize/site.h"

#define NO_BOUND 1e30

void site_model_free(site_model *m)
{
    free(m->start);
    free(m->row);
    free(m->block);
    memset(m, 0, sizeof *m);
}

bool site_model_fits(const site_model *m, const site_case *c)
{
    if (!m->block || m->ring < c->n + 1 || m->nb != c->nb || m->nv < c->nv || m->step != c->step)
        return false;
    for (int b = 0; b < c->nb; b++)
        if (m->charge_ppm[b] != c->p->battery[b].charge_ppm ||
            m->discharge_ppm[b] != c->p->battery[b].discharge_ppm)
            return false;
    return true;
}

static mizo_err allocate(site_model *m)
{
    size_t cols = (size_t)m->cols, rows = (size_t)m->rows, nz = (size_t)m->nonzeros;
    m->start = malloc((cols + 1) * sizeof *m->start);
    m->row = malloc(nz * sizeof *m->row);
    m->block = malloc((nz + 3 * cols + 2 * rows) * sizeof *m->block);
    if (!m->start || !m->row || !m->block) {
        site_model_free(m);
        return MIZO_ENOMEM;
    }
    m->a = m->block;
    m->lo = m->a + nz;
    m->up = m->lo + cols;
    m->cost = m->up + cols;
    m->rlo = m->cost + cols;
    m->rup = m->rlo + rows;
    return MIZO_OK;
}

/* Puts the next column; columns come in order. */
typedef struct column_writer {
    site_model *m;
    int col, nz;
} column_writer;

static void put(column_writer *w, int row, double a)
{
    w->m->row[w->nz] = row;
    w->m->a[w->nz] = a;
    w->nz++;
}

static void end_column(column_writer *w)
{
    w->m->start[++w->col] = w->nz;
}

static void put_simple(column_writer *w, int row, double a)
{
    put(w, row, a);
    end_column(w);
}

/* Stored energy of one battery at a place appears in its own row and in the next place's. */
static void put_battery(column_writer *w, int place, int b)
{
    site_model *m = w->m;
    double h = m->step / 60.0;
    int balance = place * m->place_rows + ROW_BALANCE;
    int own = place * m->place_rows + ROW_BATTERY + b;
    int next = (place + 1) % m->ring * m->place_rows + ROW_BATTERY + b;
    put(w, balance, -1);
    put(w, own, -h * m->charge_ppm[b] / MIZO_PPM);
    end_column(w);
    put(w, balance, 1);
    put(w, own, h * MIZO_PPM / m->discharge_ppm[b]);
    end_column(w);
    for (int k = BAT_ABOVE; k <= BAT_BELOW; k++) {
        double sign = k == BAT_ABOVE ? 1 : -1;
        put(w, own, sign);
        put(w, next, -sign);
        end_column(w);
    }
}

static void put_place(column_writer *w, int place)
{
    site_model *m = w->m;
    int balance = place * m->place_rows + ROW_BALANCE;
    put(w, balance, 1);
    put(w, place * m->place_rows + ROW_PEAK, 1);
    end_column(w);
    put_simple(w, balance, -1);
    put_simple(w, balance, 1);
    put_simple(w, balance, 1);
    for (int b = 0; b < m->nb; b++)
        put_battery(w, place, b);
    for (int v = 0; v < m->nv; v++) {
        put(w, balance, -1);
        put(w, site_row_vehicle(m, v), m->step / 60.0);
        end_column(w);
    }
}

static void put_all(site_model *m)
{
    column_writer w = { m, 0, 0 };
    m->start[0] = 0;
    for (int place = 0; place < m->ring; place++)
        put_place(&w, place);
    for (int place = 0; place < m->ring; place++)
        put(&w, place * m->place_rows + ROW_PEAK, -1);
    end_column(&w);
    for (int v = 0; v < m->nv; v++)
        put_simple(&w, site_row_vehicle(m, v), 1);
}

mizo_err site_model_make(site_model *m, const site_case *c)
{
    int ring = c->n + 1 > m->ring ? c->n + 1 : m->ring;
    int nv = c->nv > m->nv ? c->nv : m->nv;
    site_model_free(m);
    m->ring = ring < 3 ? 3 : ring; /* the next place is never the same or the one before */
    m->nb = c->nb;
    m->nv = nv;
    m->step = c->step;
    for (int b = 0; b < c->nb; b++) {
        m->charge_ppm[b] = c->p->battery[b].charge_ppm;
        m->discharge_ppm[b] = c->p->battery[b].discharge_ppm;
    }
    m->place_cols = COL_BATTERY + m->nb * BAT_COLS + m->nv;
    m->place_rows = ROW_BATTERY + m->nb;
    m->cols = m->ring * m->place_cols + 1 + m->nv;
    m->rows = m->ring * m->place_rows + m->nv;
    m->nonzeros = m->ring * (5 + m->nb * 10 + m->nv * 2) + m->ring + m->nv;
    MIZO_TRY(allocate(m));
    put_all(m);
    return MIZO_OK;
}

static void set_col(site_model *m, int col, double lo, double up, double cost)
{
    m->lo[col] = lo;
    m->up[col] = up;
    m->cost[col] = cost;
}

static void set_row(site_model *m, int row, double lo, double up)
{
    m->rlo[row] = lo;
    m->rup[row] = up;
}

/* A place outside the horizon: nothing flows, nothing binds. */
static void fill_idle(site_model *m, int t)
{
    for (int k = 0; k < m->place_cols; k++)
        set_col(m, site_col(m, t, k), 0, 0, 0);
    set_row(m, site_row(m, t, ROW_BALANCE), 0, 0);
    for (int k = ROW_PEAK; k < m->place_rows; k++)
        set_row(m, site_row(m, t, k), -NO_BOUND, NO_BOUND);
}

static void fix_stored_now(site_model *m, const site_case *c)
{
    for (int b = 0; b < c->nb; b++) {
        double above = (c->soc_wh[b] - (double)c->reserve_wh[b]) / 1000;
        int col = site_col_battery(m, -1, b, above >= 0 ? BAT_ABOVE : BAT_RESTORE);
        set_col(m, col, fabs(above), fabs(above), 0);
    }
}

static void fill_grid(site_model *m, const site_case *c, int t, int margin_w)
{
    const mizo_site_problem *p = c->p;
    double h = c->step / 60.0;
    double load = p->load_w[t] / 1000.0;
    set_col(m, site_col(m, t, COL_IMPORT), 0, c->limit / 1000.0, h * p->buy_myen[t] / 1000);
    set_col(m, site_col(m, t, COL_EXPORT), 0, p->export_w / 1000.0, -h * c->sell[t] / 1000);
    set_col(m, site_col(m, t, COL_PV), 0, p->pv_w ? p->pv_w[t] / 1000.0 : 0, 0);
    set_col(m, site_col(m, t, COL_UNSERVED), 0, load, h * (double)c->price.demand / 1000);
    set_row(m, site_row(m, t, ROW_BALANCE), load, load);
    set_row(m, site_row(m, t, ROW_PEAK), -NO_BOUND, (c->standing - margin_w) / 1000.0);
}

static void fill_battery(site_model *m, const site_case *c, int t, int b)
{
    const mizo_plan_battery *p = &c->p->battery[b];
    double end = t == c->n - 1 ? p->end_myen / 1000.0 : 0;
    double restore = c->restore_wh[b] / 1000.0;
    double below = (c->reserve_wh[b] - c->restore_wh[b] - c->floor_wh[b]) / 1000.0;
    set_col(m, site_col_battery(m, t, b, BAT_CHARGE), 0, p->charge_w / 1000.0, 0);
    set_col(m, site_col_battery(m, t, b, BAT_DISCHARGE), 0, p->discharge_w / 1000.0,
            c->step / 60.0 * p->wear_myen / 1000);
    set_col(m, site_col_battery(m, t, b, BAT_ABOVE), 0, (c->top_wh[b] - c->reserve_wh[b]) / 1000.0, -end);
    set_col(m, site_col_battery(m, t, b, BAT_RESTORE), 0, restore, end + (double)c->price.restore / 1000);
    set_col(m, site_col_battery(m, t, b, BAT_BELOW), 0, below, end + (double)c->price.reserve / 1000);
    set_row(m, site_row(m, t, ROW_BATTERY + b), 0, 0);
    m->constant -= end * c->reserve_wh[b] / 1000;
}

/* Energies of vehicles are counted before the charger's loss. A vehicle may get one W for one slot too
 * much: what it needs is seldom a whole number of W. */
static void fill_vehicle(site_model *m, const site_case *c, int v)
{
    const mizo_plan_vehicle *p = &c->p->vehicle[v];
    double efficiency = (double)p->efficiency_ppm / MIZO_PPM;
    double need = p->need_wh / 1000.0 / efficiency;
    for (int t = 0; t < c->n; t++)
        set_col(m, site_col_vehicle(m, t, v), 0, t >= c->from[v] && t < c->to[v] ? p->max_w / 1000.0 : 0, 0);
    set_col(m, site_col_short(m, v), 0, need, (double)c->price.vehicle / 1000 * efficiency);
    set_row(m, site_row_vehicle(m, v), need, need + 0.001 * c->step / 60);
}

static void fill_absent_vehicle(site_model *m, const site_case *c, int v)
{
    for (int t = 0; t < c->n; t++)
        set_col(m, site_col_vehicle(m, t, v), 0, 0, 0);
    set_col(m, site_col_short(m, v), 0, 0, 0);
    set_row(m, site_row_vehicle(m, v), 0, 0);
}

void site_model_fill(site_model *m, const site_case *c, int margin_w)
{
    m->constant = 0;
    for (int t = c->n; t < m->ring; t++)
        fill_idle(m, t);
    fix_stored_now(m, c);
    for (int t = 0; t < c->n; t++) {
        fill_grid(m, c, t, margin_w);
        for (int b = 0; b < c->nb; b++)
            fill_battery(m, c, t, b);
    }
    for (int v = 0; v < c->nv; v++)
        fill_vehicle(m, c, v);
    for (int v = c->nv; v < m->nv; v++)
        fill_absent_vehicle(m, c, v);
    /* A kW more than it can be: were this bound met at the contract limit, the limit's price could stand in
     * the peak rows, where the margin would spoil the bound. */
    double over = c->limit > c->standing - margin_w ? c->limit - c->standing + margin_w : 0;
    set_col(m, site_col_peak(m), 0, over / 1000.0 + 1, (double)c->p->peak_myen_per_kw / 1000);
}
