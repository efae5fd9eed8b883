/* batteries.c: what the plan engine says of the group's sites that decide something: what each draws as it would run
 * its batteries and vehicles by its own tariff (and by what was decided for the day before), and what all would draw if each kWh from the grid cost the group's price
 * on top. */
#include <stdlib.h>
#include <string.h>

#include "town/desk/inner.h"
#include "town/plan/plan_town.h"

enum { SLOTS = DESK_SLOTS };

static bool takes_part(const mizo_region *r, const mizo_bg *g, mizo_ref p, mizo_day day)
{
    return desk_member_of(r, g, p, day) >= 0 && problem_decides(r, p, day);
}

static mizo_err add_sites(plan_town *t, const mizo_region *r, const mizo_bg *g, mizo_day day)
{
    for (size_t p = 0; p < r->npoint; p++) {
        if (!takes_part(r, g, (mizo_ref)p, day))
            continue;
        mizo_err e = plan_town_add(t, (mizo_ref)p);
        if (e && e != MIZO_ENOENT && e != MIZO_EINPUT && e != MIZO_ERANGE)
            return e;
    }
    return plan_town_sites(t) ? MIZO_OK : MIZO_ENOENT;
}

/* What the sites draw, and what it costs them by their tariffs alone. */
static mizo_err sum_sites(plan_town *t, const mizo_region *r, mizo_day day, desk_site_fn each, void *arg,
                          desk_sites *out)
{
    int32_t drawn[SLOTS];
    for (size_t i = 0; i < plan_town_sites(t); i++) {
        plan_site *p;
        MIZO_TRY(plan_town_site(t, i, &p));
        for (int s = 0; s < SLOTS; s++) {
            int32_t in = p->plan.import_w[s] / 2, give = p->plan.export_w[s] / 2;
            int64_t buy = mizo_region_rate(r, r->point[p->point].tariff, day, s);
            drawn[s] = in;
            out->net[s] += in - give;
            out->cost += in * buy - (int64_t)give * r->tariff[r->point[p->point].tariff].export_myen_per_kwh;
        }
        if (each)
            each(arg, p->point, drawn);
        plan_town_drop(t, i);
    }
    return MIZO_OK;
}

static mizo_err ask(town *t, const mizo_bg *g, const plan_ask *day, const int32_t *price_myen,
                    desk_site_fn each, void *arg, desk_sites *out)
{
    plan_town *plan;
    area_answer answer;
    memset(out, 0, sizeof *out);
    MIZO_TRY(plan_town_new(t->region, t->store, t->env, NULL, day, &plan));
    mizo_err e = add_sites(plan, t->region, g, day->day);
    if (!e && price_myen)
        plan_town_price(plan, price_myen);
    if (!e)
        e = plan_town_solve(plan, false, &answer);
    if (!e)
        e = sum_sites(plan, t->region, day->day, each, arg, out);
    plan_town_free(plan);
    return e == MIZO_EBUSY ? MIZO_ENOENT : e;
}

mizo_err desk_sites_plan(town *t, const mizo_bg *g, mizo_day day, mizo_ms issued, desk_site_fn each,
                         void *arg, desk_sites *out)
{
    plan_ask to = { .day = day, .issued = issued };
    return ask(t, g, &to, NULL, each, arg, out);
}

mizo_err desk_batteries(town *t, const mizo_bg *g, mizo_day day, mizo_ms issued, const desk_sites *own,
                        const int32_t *worth_myen, mizo_wh move[SLOTS], mizo_uyen *uyen)
{
    plan_ask to = { .day = day,
                    .issued = issued,
                    .unsteered = true }; /* this price in place of a former one */
    desk_sites moved;
    for (int s = 0; s < SLOTS; s++)
        if (worth_myen[s] == MIZO_MISSING)
            return MIZO_ENOENT;
    MIZO_TRY(ask(t, g, &to, worth_myen, NULL, NULL, &moved));
    for (int s = 0; s < SLOTS; s++)
        move[s] = moved.net[s] - own->net[s];
    *uyen = moved.cost - own->cost;
    return MIZO_OK;
}
