/* api_sites.c: a page of sites. */
#include <string.h>

#include "mizo/messages/server.h"
#include "server/api.h"
#include "server/share.h"

enum { MOST = 200, USUAL = 50 };

static void put_site(json *j, const town_view *v, mizo_ref facility)
{
    const mizo_facility *f = &v->region->facility[facility];
    share_sum s = share_of(v, facility);
    json_object(j, NULL);
    json_text(j, "id", f->id);
    api_names(j, f->name_ja, f->name_en);
    json_text(j, "kind", f->kind);
    json_text(j, "ward", f->ward);
    json_text(j, "group", f->group == MIZO_GROUP_PUBLIC ? "public" : "private");
    json_int(j, "points", s.points);
    json_int(j, "pv_dc_w", s.pv_dc_w);
    json_int(j, "battery_wh", s.battery_wh);
    json_int(j, "chargers", s.chargers);
    api_now(j, "now", &s.now);
    if (s.today_slots)
        json_int(j, "today_wh", s.today_wh);
    else
        json_null(j, "today_wh");
    json_end(j);
}

void api_sites(const api_call *c, http_response *out)
{
    const query *q = &c->request->q;
    int64_t limit = USUAL;
    if (query_int(q, "limit", 1, MOST, &limit)) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_LIMIT, query_get(q, "limit"), NULL);
        return;
    }
    const char *after = query_get(q, "after");
    if (after && !mizo_id_valid(after, strlen(after))) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_CURSOR, after, NULL);
        return;
    }
    find_words words;
    find_cut(query_get(q, "q") ? query_get(q, "q") : "", &words);
    mizo_ref found[MOST], next;
    size_t from = after ? find_after(c->sites, after) : 0;
    size_t n = find_sites(c->sites, &words, from, found, (size_t)limit, &next);
    json j;
    api_begin(out, &j);
    json_int(&j, "total", (int64_t)find_count(c->sites, &words));
    json_array(&j, "items");
    for (size_t i = 0; i < n; i++)
        put_site(&j, c->view, found[i]);
    json_end(&j);
    json_text(&j, "next", next >= 0 && n > 0 ? c->view->region->facility[found[n - 1]].id : NULL);
    json_end(&j);
}
