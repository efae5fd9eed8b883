/* site_profile.c: what a site's profile costs, slot by slot, when batteries do as the solver had them do. */
#include <math.h>

#include "optimize/site_choose.h"

/* Below this all is curtailed. */
static double least_net(const site_case *c, int t)
{
    if (c->p->keep_import_w > 0)
        return site_keep_w(c, t);
    return c->sell[t] >= 0 ? -(double)c->export_w : 0;
}

double site_slot_yen(const site_case *c, int t, double gross)
{
    double h = c->step / 60.0, least = least_net(c, t), net = gross > least ? gross : least,
           over = net - c->limit;
    if (net < 0)
        return h * net * c->sell[t] / 1e6;
    if (over <= 0)
        return h * net * c->p->buy_myen[t] / 1e6;
    return h * ((double)c->limit * c->p->buy_myen[t] + over * (double)c->price.demand) / 1e6;
}

double site_next_bend(const site_case *c, int t, double gross)
{
    double least = least_net(c, t);
    if (gross < least)
        return least;
    if (gross < 0)
        return 0;
    return gross < c->limit ? c->limit : INFINITY;
}

double site_peak_yen(const site_case *c, double peak_w)
{
    const mizo_site_problem *p = c->p;
    double over = peak_w - c->standing, agreed = p->agreed_w > 0 ? peak_w - p->agreed_w : 0;
    return (over > 0 ? over * p->peak_myen_per_kw / 1e6 : 0) +
           (agreed > 0 ? agreed * p->over_agreed_myen_per_kw / 1e6 : 0);
}

double site_profile_peak(const site_case *c, const double *gross)
{
    double peak = 0;
    for (int t = 0; t < c->n; t++)
        peak = gross[t] > peak ? gross[t] : peak;
    return peak < c->limit ? peak : c->limit;
}
