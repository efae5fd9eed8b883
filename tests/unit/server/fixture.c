/* fixture.c: see fixture.h. */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "region/load.h"

/* Ten slots are over; every point takes 1,000 Wh in the first, 100 more in each next one, and 2,000 W now. */
static void fill(town_view *v)
{
    v->day = mizo_date_day((mizo_date){ 2023, 7, 8 });
    v->slot = 10;
    v->now = mizo_slot_ms(mizo_day_slot(v->day, v->region->offset) + 10);
    v->speed = 600;
    v->running = true;
    for (size_t i = 0; i < v->npoint; i++) {
        for (int s = 0; s < 10; s++) {
            v->point[i].demand[s] = 1000;
            v->point[i].import[s] = 1000 + 100 * s;
            v->point[i].export[s] = 0;
        }
        v->point_now[i].demand_w = 2000;
        v->point_now[i].import_w = 2000;
        v->point_now[i].export_w = 0;
    }
    v->point_now[0].controlled = true;
    v->point_now[0].mean_w = 1800;
    if (v->nvan) /* the first one is here until seven and wants 1,500 Wh */
        v->van[0] = (view_van){ .known = true,
                                .here = true,
                                .need_wh = 1500,
                                .now_w = 600,
                                .arrived = v->now - 3600000,
                                .depart = v->now + 7200000 };
    view_total(v);
}

bool fixture_open(fixture *f, const char *dir)
{
    *f = (fixture){ .env = env_uv_new(ENV_ERROR) };
    mizo_diags *d = mizo_diags_new(0);
    mizo_err e = f->env ? region_load(f->env, dir, d, &f->region, NULL) : MIZO_ENOMEM;
    mizo_diags_free(d);
    if (e)
        return false;
    f->view = view_new(f->region);
    f->sites = find_new(f->region);
    if (!f->view || !f->sites)
        return false;
    fill(f->view);
    return true;
}

void fixture_close(fixture *f)
{
    find_free(f->sites);
    view_unref(f->view);
    mizo_region_unref(f->region);
    env_uv_free(f->env);
}

void fixture_get(const fixture *f, const char *path, const char *const *words, http_response *out)
{
    http_request r = { 0 };
    memcpy(r.path, path, strlen(path) + 1);
    api_call c = { .env = f->env, .request = &r, .view = f->view, .sites = f->sites };
    for (; words && *words; words++)
        r.bad = query_add(&r.q, *words, strlen(*words));
    http_response_init(out);
    api_ids ids = { 0 };
    const api_route *route = api_find(path, HTTP_GET, &ids, NULL);
    memcpy(c.id, ids.id, sizeof c.id);
    memcpy(c.kind, ids.kind, sizeof c.kind);
    if (route)
        api_answer(route, &c, out);
    else
        out->status = 404;
}
