/* desk_batteries.c: what the town's batteries could do for the group, asked of the plan engine twice: as their sites
 * would run them, and as they would if each kWh drawn from the grid cost the group's price on top. */
#include <stdlib.h>
#include <string.h>

#include "town/desk_inner.h"
#include "town/plan_town.h"

enum { SLOTS = DESK_SLOTS };

typedef struct asked {
    mizo_uyen cost;     /* of the sites, by their own tariffs */
    mizo_wh net[SLOTS]; /* import - export of them all */
} asked;

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
static mizo_err sum_sites(plan_town *t, const mizo_region *r, mizo_day day, asked *out)
{
    for (size_t i = 0; i < plan_town_sites(t); i++) {
        plan_site *p;
        MIZO_TRY(plan_town_site(t, i, &p));
        for (int s = 0; s < SLOTS; s++) {
            int32_t in = p->plan.import_w[s] / 2, give = p->plan.export_w[s] / 2;
            int64_t buy = mizo_region_rate(r, r->point[p->point].tariff, day, s);
            out->net[s] += in - give;
            out->cost += in * buy - (int64_t)give * r->tariff[r->point[p->point].tariff].export_myen_per_kwh;
        }
        plan_town_drop(t, i);
    }
    return MIZO_OK;
}

static mizo_err ask(town *t, const mizo_bg *g, const plan_ask *day, const int32_t *price_myen, asked *out)
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
        e = sum_sites(plan, t->region, day->day, out);
    plan_town_free(plan);
    return e == MIZO_EBUSY ? MIZO_ENOENT : e;
}

mizo_err desk_batteries(town *t, const mizo_bg *g, mizo_day day, mizo_ms issued, const int32_t *worth_myen,
                        mizo_wh move[SLOTS], mizo_uyen *uyen)
{
    plan_ask to = { .day = day, .issued = issued };
    asked own, moved;
    for (int s = 0; s < SLOTS; s++)
        if (worth_myen[s] == MIZO_MISSING)
            return MIZO_ENOENT;
    MIZO_TRY(ask(t, g, &to, NULL, &own));
    MIZO_TRY(ask(t, g, &to, worth_myen, &moved));
    for (int s = 0; s < SLOTS; s++)
        move[s] = moved.net[s] - own.net[s];
    *uyen = moved.cost - own.cost;
    return MIZO_OK;
}
