/* portfolio.c: the demand of the points that are in supply by the contract calendar. */
#include "town/desk/portfolio.h"

#include <stdlib.h>
#include <string.h>

#include "town/import/moves.h"

enum { SLOTS = MIZO_DAY_SLOTS, MILLION = 1000000 };

/* ---- the calendar ---- */

static mizo_ref menu_on(const mizo_region *r, const portfolio_ask *ask, mizo_ref point, mizo_day day)
{
    const mizo_point *p = &r->point[point];
    mizo_ref menu = day >= p->from && day < p->to ? mizo_region_menu_on(r, point, day) : -1;
    mizo_ref supplier = menu >= 0 ? r->menu[menu].supplier : -1;
    bool wanted = menu >= 0 && (ask->supplier < 0 || supplier == ask->supplier) &&
                  (!ask->members || mizo_id_listed(ask->members, r->supplier[supplier].id));
    return wanted ? menu : -1;
}

bool portfolio_has(const mizo_region *r, const portfolio_ask *ask, mizo_ref point, mizo_day day)
{
    return menu_on(r, ask, point, day) >= 0;
}

portfolio_change *portfolio_changes(const mizo_region *r, const portfolio_ask *ask, size_t *count)
{
    size_t days = (size_t)ask->days + PORTFOLIO_LATER;
    portfolio_change *c = malloc((r->npoint * days + 1) * sizeof *c);
    *count = 0;
    for (size_t d = 0; c && d < days; d++)
        for (mizo_ref p = 0; (size_t)p < r->npoint; p++) {
            mizo_day day = ask->day + (mizo_day)d;
            mizo_ref was = menu_on(r, ask, p, day - 1), is = menu_on(r, ask, p, day);
            if ((was >= 0) != (is >= 0))
                c[(*count)++] = (portfolio_change){ p, is >= 0 ? is : was, day, is >= 0 };
        }
    return c;
}

/* ---- a point on its days ---- */

typedef struct shaping {
    const mizo_region *region;
    const portfolio_ask *ask;
    bool changing; /* some point is not there, or not whole, on all of the days */
} shaping;

static void scale_day(foresee_band *b, int d, int32_t ppm)
{
    for (int i = d * SLOTS; i < (d + 1) * SLOTS; i++) {
        if (!ppm || b->mean[i] != MIZO_MISSING)
            b->mean[i] = (int32_t)((int64_t)b->mean[i] * ppm / MILLION);
        for (int k = 0; k < MIZO_QUANTILES; k++)
            if (!ppm || b->q[i][k] != MIZO_MISSING)
                b->q[i][k] = (int32_t)((int64_t)b->q[i][k] * ppm / MILLION);
    }
}

/* What of the point is there on the day: nothing without a contract and before those who move in have come, less
 * what has moved away since the readings that it was forecast from. */
static int32_t there_ppm(const shaping *s, mizo_ref point, mizo_day today, mizo_day day, bool moved_in)
{
    if (!portfolio_has(s->region, s->ask, point, day) || (moved_in && day < moves_in(s->region, point)))
        return 0;
    return MILLION - moves_out_ppm(s->region, point, today - 1, day);
}

static void shape(void *arg, mizo_ref point, mizo_day today, bool moved_in, foresee_out *said)
{
    shaping *s = arg;
    for (int d = 0; d < s->ask->days; d++) {
        int32_t ppm = there_ppm(s, point, today, s->ask->day + d, moved_in);
        if (ppm == MILLION)
            continue;
        scale_day(&said->demand, d, ppm);
        s->changing = true;
    }
    if (s->ask->shape) {
        s->ask->shape(s->ask->arg, point, said);
        s->changing = true;
    }
}

/* ---- all of them ---- */

static bool count_days(const mizo_region *r, const portfolio_ask *ask, mizo_ref point, portfolio *out)
{
    bool any = false;
    for (int d = 0; d < ask->days; d++)
        if (portfolio_has(r, ask, point, ask->day + d)) {
            out->on[d]++;
            any = true;
        }
    return any;
}

static mizo_err add_point(forecast_desk *desk, mizo_ref point, bool by_month, forecast_point *room,
                          portfolio *out)
{
    mizo_err e = forecast_of_point(desk, point, room);
    if (e && e != MIZO_ENOENT)
        return e;
    out->points += !e;
    out->silent += e == MIZO_ENOENT && !by_month;
    out->unread += e == MIZO_ENOENT && by_month;
    out->borrowed += !e && room->said.borrowed;
    return MIZO_OK;
}

static mizo_err add_points(const mizo_region *r, forecast_desk *desk, const portfolio_ask *ask,
                           forecast_point *room, portfolio *out)
{
    for (mizo_ref p = 0; (size_t)p < r->npoint; p++) {
        if (ask->stop && __atomic_load_n(ask->stop, __ATOMIC_ACQUIRE))
            return MIZO_ECANCELED;
        if (!count_days(r, ask, p, out))
            continue;
        if (r->point[p].reading == MIZO_BY_LAMP)
            out->unread++;
        else
            MIZO_TRY(add_point(desk, p, r->point[p].reading == MIZO_BY_PERIOD, room, out));
    }
    return out->points ? MIZO_OK : MIZO_ENOENT;
}

mizo_err portfolio_forecast(const mizo_region *r, store *s, const portfolio_ask *ask, portfolio *out)
{
    memset(out, 0, sizeof *out);
    shaping shaped = { r, ask, false };
    out->town = foresee_town_new(r->npoint, ask->days * SLOTS);
    forecast_ask to = { .day = ask->day,
                        .days = ask->days,
                        .issued = ask->issued,
                        .hindcast = ask->hindcast,
                        .town = out->town,
                        .shape = shape,
                        .arg = &shaped };
    forecast_desk *desk = forecast_desk_new(r, s, &to);
    forecast_point *room = malloc(sizeof *room);
    mizo_err e = out->town && desk && room ? add_points(r, desk, ask, room, out) : MIZO_ENOMEM;
    if (!e) /* the past of the sum is of other points than the days ahead: it does not move them */
        e = forecast_join_as(desk, ask->npath, shaped.changing);
    free(room);
    forecast_desk_free(desk);
    return e;
}

void portfolio_fini(portfolio *p)
{
    foresee_town_free(p->town);
    p->town = NULL;
}
