/* site_flows.c: what a solver's columns and duals mean for the site, slot by slot. */
#include "optimize/site.h"

/* Stored energy at the end of slot t, kWh: from the Wh that its columns are counted from. */
static double stored(const site_model *m, const site_case *c, const double *x, int t, int b)
{
    site_wish w[SITE_WISHES];
    site_wishes(c, b, t, w);
    double low = site_low_wh(c, b, t), top = site_top_wh(c, b, t), base = w[0].wh;
    base = base < low ? low : base > top ? top : base;
    double kwh = base / 1000 + x[site_col_battery(m, t, b, BAT_ABOVE)];
    for (int k = 0; k < m->shape.pieces; k++)
        kwh -= x[site_col_battery(m, t, b, BAT_PIECE + k)];
    return kwh;
}

/* Before it comes and after it has gone: what it comes and leaves with. */
static void read_battery(const site_model *m, const site_case *c, const double *x, int b, site_flows *f)
{
    double soc = c->soc_wh[b] / 1000.0;
    for (int t = 0; t < c->n; t++) {
        bool here = t >= c->here[b] && t < c->gone[b];
        soc = here ? stored(m, c, x, t, b) : soc;
        f->soc[b][t] = soc;
        f->charge[b][t] = x[site_col_battery(m, t, b, BAT_CHARGE)];
        f->discharge[b][t] = x[site_col_battery(m, t, b, BAT_DISCHARGE)];
        f->drawn_short[b][t] = m->shape.draws ? x[site_col_drawn_short(m, t, b)] : 0;
    }
}

static void read_run(const site_model *m, const site_case *c, const double *x, int k, site_flows *f)
{
    double kw = c->p->run[k].power_w / 1000.0;
    for (int t = 0; t < c->n; t++)
        f->start[k][t] = kw > 0 ? x[site_col_start(m, t, k)] / kw : 0;
}

void site_model_flows(const site_model *m, const site_case *c, const double *x, site_flows *f)
{
    for (int t = 0; t < c->n; t++) {
        f->node[t] = 0;
        f->import[t] = x[site_col(m, t, COL_IMPORT)];
        f->export[t] = x[site_col(m, t, COL_EXPORT)];
        f->pv[t] = x[site_col(m, t, COL_PV)];
        f->unserved[t] = x[site_col(m, t, COL_UNSERVED)];
    }
    for (int b = 0; b < c->nb; b++)
        read_battery(m, c, x, b, f);
    for (int v = 0; v < c->nv; v++)
        for (int t = 0; t < c->n; t++)
            f->vehicle[v][t] = x[site_col_vehicle(m, t, v)];
    for (int k = 0; k < c->nrun; k++)
        read_run(m, c, x, k, f);
}

/* A row's dual is yen for a kW of the slot: h kWh. */
void site_model_prices(const site_model *m, const site_case *c, const double *y, site_flows *f)
{
    for (int t = 0; t < c->n; t++)
        f->price[t] = y[site_row(m, t, ROW_BALANCE)] / (c->step / 60.0);
}
