/* site_flows.c: what a solver's columns and duals mean for the site, slot by slot. */
#include "optimize/site.h"

static void read_battery(const site_model *m, const site_case *c, const double *x, int b, site_flows *f)
{
    for (int t = 0; t < c->n; t++) {
        double above = x[site_col_battery(m, t, b, BAT_ABOVE)];
        double below = x[site_col_battery(m, t, b, BAT_RESTORE)] + x[site_col_battery(m, t, b, BAT_BELOW)];
        f->charge[b][t] = x[site_col_battery(m, t, b, BAT_CHARGE)];
        f->discharge[b][t] = x[site_col_battery(m, t, b, BAT_DISCHARGE)];
        f->soc[b][t] = c->reserve_wh[b] / 1000.0 + above - below;
    }
}

void site_model_flows(const site_model *m, const site_case *c, const double *x, site_flows *f)
{
    for (int t = 0; t < c->n; t++) {
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
}

/* A row's dual is yen for a kW of the slot: h kWh. */
void site_model_prices(const site_model *m, const site_case *c, const double *y, site_flows *f)
{
    for (int t = 0; t < c->n; t++)
        f->price[t] = y[site_row(m, t, ROW_BALANCE)] / (c->step / 60.0);
}
