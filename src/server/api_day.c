/* api_day.c: a day of a site as the store has it: readings, forecasts and plans as issued. In a job. */
#include <string.h>

#include "mizo/messages/server.h"
#include "server/api.h"

typedef struct day_read {
    const api_call *call;
    store *store;
    mizo_day day;
    json *j;
    mizo_err err;
} day_read;

static void put_series(day_read *d, int32_t id, const char *owner, mizo_quantity q, mizo_role role)
{
    int32_t v[MIZO_DAY_SLOTS];
    uint8_t quality[MIZO_DAY_SLOTS];
    mizo_err e = store_read_day(d->store, id, d->day, STORE_LATEST, v, quality);
    if (e) {
        d->err = e;
        return;
    }
    int missing = 0;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        missing += v[i] == MIZO_MISSING;
    if (missing == MIZO_DAY_SLOTS)
        return;
    json_object(d->j, NULL);
    json_text(d->j, "owner", owner);
    json_text(d->j, "quantity", mizo_quantity_text(q));
    json_text(d->j, "role", mizo_role_text(role));
    json_ints(d->j, "values", v, MIZO_DAY_SLOTS);
    json_int(d->j, "missing", missing);
    json_array(d->j, "quality");
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        json_text(d->j, NULL, mizo_quality_text((mizo_quality)quality[i]));
    json_end(d->j);
    json_end(d->j);
}

/* Every half-hour series that the store has of one owner. */
static void put_owner(day_read *d, const char *owner)
{
    static const mizo_quantity quantities[] = { MIZO_Q_IMPORT, MIZO_Q_EXPORT,    MIZO_Q_GENERATION,
                                                MIZO_Q_CHARGE, MIZO_Q_DISCHARGE, MIZO_Q_DEMAND,
                                                MIZO_Q_SOC };
    static const mizo_role roles[] = { MIZO_ROLE_READING,       MIZO_ROLE_FORECAST_MEAN,
                                       MIZO_ROLE_FORECAST_P10,  MIZO_ROLE_FORECAST_P90,
                                       MIZO_ROLE_PLAN_MIDNIGHT, MIZO_ROLE_PLAN_DISPATCHED,
                                       MIZO_ROLE_CONTROL };
    for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++)
        for (size_t k = 0; k < sizeof roles / sizeof *roles && !d->err; k++) {
            mizo_series_key key = store_key(owner, quantities[i], roles[k]);
            int32_t id;
            mizo_err e = d->store->ops->series_id(d->store, &key, false, &id);
            if (e == MIZO_OK)
                put_series(d, id, owner, quantities[i], roles[k]);
            else if (e != MIZO_ENOENT)
                d->err = e;
        }
}

static void put_point(day_read *d, mizo_ref point)
{
    const mizo_region *r = d->call->view->region;
    put_owner(d, r->point[point].id);
    size_t first, n = mizo_region_pv_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        put_owner(d, r->pv[i].id);
    n = mizo_region_battery_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        put_owner(d, r->battery[i].id);
    n = mizo_region_charger_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        put_owner(d, r->charger[i].id);
}

static void put_points(day_read *d, mizo_ref facility)
{
    const mizo_region *r = d->call->view->region;
    size_t first, n = mizo_region_uses_of(r, facility, &first);
    for (size_t i = first; i < first + n && !d->err; i++)
        if (d->day >= r->use[i].from && d->day < r->use[i].to && r->use[i].point >= 0)
            put_point(d, r->use[i].point);
}

void api_site_day(const api_call *c, http_response *out)
{
    const mizo_region *r = c->view->region;
    mizo_ref facility = mizo_region_facility(r, c->id);
    if (facility < 0) {
        api_problem(c->request, out, 404, MIZO_MSG_SERVER_NO_SUCH_SITE, c->id, NULL);
        return;
    }
    day_read d = { .call = c };
    if (query_day(&c->request->q, "date", &d.day)) {
        const char *given = query_get(&c->request->q, "date");
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_DATE, given ? given : "", NULL);
        return;
    }
    if (!c->store || c->store->open(c->store_path, STORE_READ, NULL, &d.store)) {
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
        return;
    }
    json j;
    d.j = &j;
    api_begin(out, &j);
    json_text(&j, "id", c->id);
    json_day(&j, "day", d.day);
    json_array(&j, "series");
    d.err = d.store->ops->snapshot(d.store, true);
    put_points(&d, facility);
    if (d.store->ops->snapshot(d.store, false) && !d.err)
        d.err = MIZO_ESTORE;
    d.store->ops->close(d.store);
    json_end(&j);
    json_end(&j);
    if (d.err)
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
}
