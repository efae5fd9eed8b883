/* site_profile.c: what a site's profile costs, slot by slot, when batteries do as the solver had them do. */
#include <math.h>

#include "optimize/site_choose.h"

/* Below this all is curtailed. */
static double least_net(const chooser *k, int t)
{
    const site_case *c = k->c;
    if (c->p->keep_import_w > 0)
        return site_keep_w(c, t);
    return site_sell_yen(c, k->f, t) >= 0 ? -(double)c->export_w : 0;
}

static double kw_yen(const site_case *c)
{
    return (c->p->peak_myen_per_kw + (c->p->agreed_w > 0 ? (double)c->p->over_agreed_myen_per_kw : 0)) / 1000;
}

double site_slot_yen(const chooser *k, int t, double gross)
{
    const site_case *c = k->c;
    double h = c->step / 60.0, least = least_net(k, t), net = gross > least ? gross : least,
           over = net - c->limit;
    if (k->by_price)
        return h * gross * k->f->price[t] / 1000;
    double buy = site_buy_yen(c, k->f, t);
    if (net < 0)
        return h * net * site_sell_yen(c, k->f, t) / 1000;
    double spread = k->spread && net > k->ceiling ? (net - k->ceiling) * kw_yen(c) / 1000 : 0;
    if (over <= 0)
        return h * net * buy / 1000 + spread;
    double soft = over < k->soft[t] ? over : k->soft[t];
    return spread + h *
                        ((double)c->limit * buy * 1000 + soft * (double)c->price.reserve +
                         (over - soft) * (double)c->price.demand) /
                        1e6;
}

double site_next_bend(const chooser *k, int t, double gross)
{
    double least = least_net(k, t);
    if (k->by_price)
        return INFINITY;
    if (gross < least)
        return least;
    if (gross < 0)
        return 0;
    if (k->spread && gross < k->ceiling)
        return k->ceiling;
    if (gross < k->c->limit)
        return k->c->limit;
    return gross < k->c->limit + k->soft[t] ? k->c->limit + k->soft[t] : INFINITY;
}

double site_peak_yen(const chooser *k, double peak_w)
{
    const site_case *c = k->c;
    const mizo_site_problem *p = c->p;
    if (k->by_price || k->spread)
        return 0;
    double over = peak_w - c->standing, agreed = p->agreed_w > 0 ? peak_w - p->agreed_w : 0;
    return (over > 0 ? over * p->peak_myen_per_kw / 1e6 : 0) +
           (agreed > 0 ? agreed * p->over_agreed_myen_per_kw / 1e6 : 0);
}

double site_profile_peak(const chooser *k)
{
    double peak = 0;
    for (int t = 0; t < k->c->n; t++)
        peak = k->gross[t] > peak ? k->gross[t] : peak;
    return peak < k->c->limit ? peak : k->c->limit;
}
