/* operate_issue.c: what is expected of each point, issued at midnight by a forecaster that has been told every
 * day that ended. Points are independent of each other and may be asked on any number of threads. */
#include <stdlib.h>

#include "town/forecast.h"
#include "town/operate_in.h"
#include "town/site_inner.h"

/* Who plans without forecasts, and shows none, wakes nobody. */
static bool wanted(const operate *op)
{
    return op->o.all_points || (op->o.policy == OPERATE_MIZO && op->o.solver);
}

mizo_err operate_wake(operate *op)
{
    for (size_t i = 0; i < op->npoint && wanted(op); i++) {
        if (operate_stopped(op))
            return MIZO_ECANCELED;
        outlook *l = &op->outlook[i];
        l->sees = foresee_new(op->region, op->point[i]);
        mizo_err e = l->sees ? foresee_warm(l->sees, op->o.truth, op->clock.day, STORE_LATEST) : MIZO_ENOMEM;
        if (e && e != MIZO_ENOENT)
            return e;
    }
    return MIZO_OK;
}

void operate_forget(operate *op)
{
    for (size_t i = 0; op->outlook && i < op->npoint; i++)
        foresee_free(op->outlook[i].sees);
    free(op->outlook);
}

void operate_issue(operate *op, size_t i, site_work *w)
{
    outlook *l = &op->outlook[i];
    const int32_t *demand = truth_demand(op->truth, i) + HISTORY - MIZO_DAY_SLOTS;
    const int32_t *pv = truth_pv(op->truth, i);
    l->known = false;
    if (!l->sees)
        return;
    foresee_learn(l->sees, op->clock.day - 1, demand, pv ? pv + HISTORY - MIZO_DAY_SLOTS : NULL, NULL);
    foresee_say(l->sees, op->clock.day, OUTLOOK / MIZO_DAY_SLOTS, NULL, &w->said);
    l->known = w->said.has_demand;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        l->mean[s] = w->said.demand.mean[s];
        l->p10[s] = forecast_low(&w->said.demand, s);
        l->p90[s] = forecast_high(&w->said.demand, s);
        l->pv[s] = w->said.pv.mean[s];
    }
}
