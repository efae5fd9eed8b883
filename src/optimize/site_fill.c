/* site_fill.c: the numbers of the model: bounds, prices, right sides of the horizon at hand. The matrix stays.
 * Every column has two bounds, so that any duals give a finite bound and the dual simplex a start. */
#include <math.h>

#include "optimize/site.h"

#define NO_BOUND 1e30

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

/* More than that a site never gives in a slot, nor takes: to import and export at once never pays, as a sale brings no
 * more than a purchase costs. Where a limit is far away, narrow columns keep the bound sharp. kW */
static double most_out(const site_case *c, int t)
{
    double w = 1000 + (c->p->pv_w ? c->p->pv_w[t] : 0);
    for (int b = 0; b < c->nb; b++)
        w += t >= c->here[b] && t < c->gone[b] ? c->p->battery[b].discharge_w : 0;
    return fmin(c->export_w, w) / 1000;
}

static double most_in(const site_case *c, int t)
{
    double w = 1000.0 + c->p->load_w[t];
    for (int b = 0; b < c->nb; b++)
        w += t >= c->here[b] && t < c->gone[b] ? c->p->battery[b].charge_w : 0;
    for (int v = 0; v < c->nv; v++)
        w += t >= c->from[v] && t < c->to[v] ? c->p->vehicle[v].max_w : 0;
    for (int k = 0; k < c->p->nrun; k++)
        w += t >= c->p->run[k].from && t < c->p->run[k].to ? c->p->run[k].power_w : 0;
    return fmin(c->limit, fmax(w, site_keep_w(c, t))) / 1000;
}

static void fill_grid(site_model *m, const site_case *c, int t, int margin_w)
{
    const mizo_site_problem *p = c->p;
    double h = c->step / 60.0;
    double load = p->load_w[t] / 1000.0;
    set_col(m, site_col(m, t, COL_IMPORT), site_keep_w(c, t) / 1000.0, most_in(c, t),
            h * p->buy_myen[t] / 1000);
    set_col(m, site_col(m, t, COL_EXPORT), 0, most_out(c, t), -h * c->sell[t] / 1000);
    set_col(m, site_col(m, t, COL_PV), 0, p->pv_w ? p->pv_w[t] / 1000.0 : 0, 0);
    set_col(m, site_col(m, t, COL_UNSERVED), 0, load, h * (double)c->price.demand / 1000);
    set_row(m, site_row(m, t, ROW_BALANCE), load, load);
    set_row(m, site_row(m, t, ROW_PEAK), -NO_BOUND, (c->free_peak - margin_w) / 1000.0);
    if (m->row_pv >= 0)
        set_row(m, site_row(m, t, m->row_pv), -NO_BOUND, 0);
    if (m->row_only >= 0)
        set_row(m, site_row(m, t, m->row_only), -NO_BOUND, load);
}

/* ---- batteries ---- */

/* Outside its window a battery is not here: its flows are 0, its rows say nothing. */
static void fill_away(site_model *m, int t, int b)
{
    for (int k = 0; k < m->bat_cols; k++)
        set_col(m, site_col_battery(m, t, b, k), 0, 0, 0);
    set_row(m, site_row(m, t, ROW_BATTERY + b), -NO_BOUND, NO_BOUND);
}

/* What is stored when the first slot begins stands in the place before it. Returns the Wh that its columns are
 * counted from. */
static double fix_stored_now(site_model *m, const site_case *c, int b)
{
    int t = c->here[b] - 1;
    double above = (c->soc_wh[b] - (double)c->reserve_wh[b]) / 1000;
    if (t >= 0)
        fill_away(m, t, b);
    set_col(m, site_col_battery(m, t, b, above >= 0 ? BAT_ABOVE : BAT_PIECE), fabs(above), fabs(above), 0);
    return c->reserve_wh[b];
}

static double within(double v, double lo, double hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

/* Stored energy at the end of slot t: its highest wish, above it, and a piece from each wish down to the next; what a
 * kWh less costs grows from piece to piece. Returns the Wh that the columns are counted from. */
static double fill_stored(site_model *m, const site_case *c, int t, int b)
{
    site_wish w[SITE_WISHES];
    int n = site_wishes(c, b, t, w);
    double low = site_low_wh(c, b, t), top = site_top_wh(c, b, t), price = 0;
    double end = t == c->gone[b] - 1 ? c->p->battery[b].end_myen / 1000.0 : 0;
    double base = within(w[0].wh, low, top);
    set_col(m, site_col_battery(m, t, b, BAT_ABOVE), 0, (top - base) / 1000, -end);
    m->constant -= end * base / 1000;
    for (int k = 0; k < m->shape.pieces; k++) {
        double wide = 0;
        if (k < n) {
            double from = within(w[k].wh, low, top);
            double to = k + 1 < n ? within(w[k + 1].wh, low, top) : low;
            price += (double)w[k].price / 1000;
            wide = (from - to) / 1000;
            if (w[k].wh > top) /* can never be */
                m->constant += (w[k].wh - top) / 1000 * (double)w[k].price / 1000;
        }
        set_col(m, site_col_battery(m, t, b, BAT_PIECE + k), 0, wide, end + price);
    }
    return base;
}

static void fill_battery(site_model *m, const site_case *c, int b)
{
    const mizo_plan_battery *p = &c->p->battery[b];
    double h = c->step / 60.0, last = 0;
    for (int t = 0; t < c->n; t++)
        if (t < c->here[b] || t >= c->gone[b])
            fill_away(m, t, b);
    if (c->here[b] < c->gone[b])
        last = fix_stored_now(m, c, b);
    for (int t = c->here[b]; t < c->gone[b]; t++) {
        double use = site_use_w(c, b, t) / 1000.0;
        set_col(m, site_col_battery(m, t, b, BAT_CHARGE), 0, c->charge_w[b] / 1000.0, 0);
        set_col(m, site_col_battery(m, t, b, BAT_DISCHARGE), 0, site_discharge_w(c, b, t) / 1000.0,
                h * p->wear_myen / 1000);
        if (m->shape.draws)
            set_col(m, site_col_drawn_short(m, t, b), 0, use, h * (double)c->price.store / 1000);
        double base = fill_stored(m, c, t, b);
        double right = (c->keep[b] * last - base) / 1000 - h * use;
        set_row(m, site_row(m, t, ROW_BATTERY + b), right, right);
        last = base;
    }
}

/* ---- vehicles, runs, the peak ---- */

/* Energies of vehicles are counted before the charger's loss. A vehicle that needs something may get one W for one slot
 * too much: what it needs is seldom a whole number of W; and one at its least power for a slot. */
static void fill_vehicle(site_model *m, const site_case *c, int v)
{
    const mizo_plan_vehicle *p = &c->p->vehicle[v];
    double efficiency = (double)p->efficiency_ppm / MIZO_PPM;
    double need = p->need_wh / 1000.0 / efficiency, over = c->min_w[v] > 1 ? c->min_w[v] / 1000.0 : 0.001;
    for (int t = 0; t < c->n; t++)
        set_col(m, site_col_vehicle(m, t, v), 0,
                need > 0 && t >= c->from[v] && t < c->to[v] ? p->max_w / 1000.0 : 0, 0);
    set_col(m, site_col_short(m, v), 0, need, (double)c->price.vehicle / 1000 * efficiency);
    set_row(m, site_row_vehicle(m, v), need, need > 0 ? need + over * c->step / 60 : 0);
}

static void fill_absent_vehicle(site_model *m, const site_case *c, int v)
{
    for (int t = 0; t < c->n; t++)
        set_col(m, site_col_vehicle(m, t, v), 0, 0, 0);
    set_col(m, site_col_short(m, v), 0, 0, 0);
    set_row(m, site_row_vehicle(m, v), 0, 0);
}

/* A run's columns are kW that start in the slot: all of them together are its power. */
static void fill_run(site_model *m, const site_case *c, int k)
{
    const mizo_plan_run *p = &c->p->run[k];
    double kw = p->power_w / 1000.0, h = c->step / 60.0;
    for (int t = 0; t < c->n; t++)
        set_col(m, site_col_start(m, t, k), 0, t >= c->run_from[k] && t < c->run_to[k] ? kw : 0, 0);
    set_col(m, site_col_no_run(m, k), 0, kw, h * p->slots * (double)c->price.run / 1000);
    set_row(m, site_row_run(m, k), kw, kw);
}

static void fill_peak(site_model *m, const site_case *c, int margin_w)
{
    /* A kW more than it can be: were this bound met at the contract limit, the limit's price could stand in
     * the peak rows, where the margin would spoil the bound. */
    double over = c->limit > c->free_peak - margin_w ? c->limit - c->free_peak + margin_w : 0;
    double peak = (double)c->p->peak_myen_per_kw / 1000,
           dearer = (double)c->p->over_agreed_myen_per_kw / 1000;
    bool agreed = c->p->agreed_w > 0 && c->p->over_agreed_myen_per_kw > 0;
    if (!m->shape.steps) {
        set_col(m, site_col_peak(m), 0, over / 1000.0 + 1, peak + (agreed ? dearer : 0));
        return;
    }
    set_col(m, site_col_peak(m), 0, c->peak_step / 1000.0, c->p->agreed_w < c->standing ? dearer : peak);
    set_col(m, site_col_peak(m) + 1, 0, over / 1000.0 + 1, peak + dearer);
}

/* ---- slots without room ---- */

/* What the site can take in a slot beyond what it must import, but for batteries that charge from own PV only. W */
static int64_t takes_w(const site_case *c, int t)
{
    const mizo_site_problem *p = c->p;
    int64_t w = (int64_t)p->load_w[t] - site_keep_w(c, t) + c->export_w;
    for (int b = 0; b < c->nb; b++)
        w += !p->battery[b].own_pv_only && t >= c->here[b] && t < c->gone[b] ? c->charge_w[b] : 0;
    for (int v = 0; v < c->nv; v++)
        w += t >= c->from[v] && t < c->to[v] ? p->vehicle[v].max_w : 0;
    for (int k = 0; k < c->nrun; k++)
        w += t >= p->run[k].from && t < p->run[k].to ? p->run[k].power_w : 0;
    return w;
}

/* Where that is nothing, nothing but PV into such batteries can flow: what is imported, given and left of PV adds up to
 * nothing, and none of it is negative. It is said outright: rows that leave no room have duals without end. */
static void fill_still(site_model *m, const site_case *c, int t)
{
    int import = site_col(m, t, COL_IMPORT);
    m->up[import] = m->lo[import];
    m->up[site_col(m, t, COL_UNSERVED)] = 0;
    for (int b = 0; b < c->nb; b++)
        m->up[site_col_battery(m, t, b, BAT_DISCHARGE)] = 0;
    set_row(m, site_row(m, t, m->row_pv), -NO_BOUND, NO_BOUND); /* the balance says it */
}

void site_model_fill(site_model *m, const site_case *c, int margin_w)
{
    m->constant = 0;
    for (int t = c->n; t < m->ring; t++)
        fill_idle(m, t);
    for (int t = 0; t < c->n; t++)
        fill_grid(m, c, t, margin_w);
    for (int b = 0; b < c->nb; b++)
        fill_battery(m, c, b);
    for (int v = 0; v < c->nv; v++)
        fill_vehicle(m, c, v);
    for (int v = c->nv; v < m->nv; v++)
        fill_absent_vehicle(m, c, v);
    for (int k = 0; k < c->nrun; k++)
        fill_run(m, c, k);
    fill_peak(m, c, margin_w);
    for (int t = 0; m->row_pv >= 0 && t < c->n; t++)
        if (takes_w(c, t) == 0)
            fill_still(m, c, t);
}

/* ---- held to whole decisions ---- */

static void hold_vehicle(site_model *m, const site_case *c, const mizo_site_plan *plan, int v)
{
    double least = 0, h = c->step / 60.0;
    for (int t = c->from[v]; t < c->to[v]; t++) {
        int col = site_col_vehicle(m, t, v);
        bool on = plan->vehicle_w[v][t] > 0;
        m->lo[col] = on ? c->min_w[v] / 1000.0 : 0;
        m->up[col] = on ? m->up[col] : 0;
        least += h * m->lo[col];
    }
    double *most = &m->rup[site_row_vehicle(m, v)];
    *most = least > *most ? least : *most;
}

void site_model_hold(site_model *m, const site_case *c, const mizo_site_plan *plan)
{
    for (int v = 0; v < c->nv; v++)
        if (c->min_w[v] > 1)
            hold_vehicle(m, c, plan, v);
    for (int k = 0; k < c->nrun; k++) {
        double kw = c->p->run[k].power_w / 1000.0;
        for (int t = c->run_from[k]; t < c->run_to[k]; t++)
            set_col(m, site_col_start(m, t, k), t == plan->run_at[k] ? kw : 0, t == plan->run_at[k] ? kw : 0,
                    0);
        int none = site_col_no_run(m, k);
        m->lo[none] = m->up[none] = plan->run_at[k] < 0 ? kw : 0;
    }
}
