/* api_place.c: one facility as the office keeps it, also as a file; the map of the facilities. In a job. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/account.h"
#include "mizo/messages/report.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/office/facility.h"
#include "town/office/map.h"
#include "town/report_file.h"

typedef struct asking {
    town t;
    char dir[API_DIR];
    int fy;
    mizo_ms as_of;
    mizo_day today;
} asking;

/* Year, day and store; false: answered. */
static bool begin(const api_call *c, http_response *out, asking *a)
{
    mizo_day as_of;
    store *s;
    if (!api_year(c, out, &a->fy, &as_of) || !api_open_store(c, out, &s))
        return false;
    a->t = api_town_of(c, s, mizo_diags_new(50), a->dir);
    bool now = as_of == MIZO_DAY_NONE;
    a->as_of = now ? STORE_LATEST : mizo_slot_ms(mizo_day_slot(as_of + 1, c->view->region->offset)) - 1;
    a->today = now ? c->view->day : as_of;
    if (a->t.diags)
        return true;
    s->ops->close(s);
    api_problem(c->request, out, 503, MIZO_MSG_OUT_OF_MEMORY, NULL, NULL);
    return false;
}

static void end(const api_call *c, http_response *out, asking *a, mizo_err e)
{
    if (e)
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    mizo_diags_free(a->t.diags);
    a->t.store->ops->close(a->t.store);
}

/* False: it is not there, or another bureau's; answered. */
static bool reached(const api_call *c, http_response *out, mizo_ref facility)
{
    if (facility < 0)
        api_problem(c->request, out, 404, MIZO_MSG_SERVER_NO_SUCH_SITE, c->id, NULL);
    else if (c->who && !actor_reaches(c->who, c->view->region, facility))
        api_problem(c->request, out, 403, MIZO_MSG_SERVER_BUREAU, c->who->bureau, NULL);
    else
        return true;
    return false;
}

static mizo_err as_file(const api_call *c, http_response *out, asking *a, const facility_ask *ask,
                        report_format f)
{
    report *r = NULL;
    const char *lang = query_get(&c->request->q, "lang");
    bool ja = lang ? strcmp(lang, "ja") == 0 : c->request->japanese;
    MIZO_TRY(facility_doc(&a->t, ask, ja ? "ja" : "en", &r));
    api_file(c, out, r, f, c->id, a->t.diags);
    report_free(r);
    return MIZO_OK;
}

void api_facility(const api_call *c, http_response *out)
{
    asking a;
    json j;
    report_format f = REPORT_FORMAT_HTML;
    const char *as = query_get(&c->request->q, "as");
    mizo_ref facility = mizo_region_facility(c->view->region, c->id);
    if (as && report_format_find(as, &f)) {
        api_problem(c->request, out, 400, MIZO_MSG_REPORT_FORMAT_UNKNOWN, as, NULL);
        return;
    }
    if (!reached(c, out, facility) || !begin(c, out, &a))
        return;
    facility_ask ask = { facility, a.fy, a.as_of, a.today };
    mizo_err e;
    if (as) {
        e = as_file(c, out, &a, &ask, f);
    } else {
        api_begin(out, &j);
        e = facility_json(&a.t, &ask, &j);
        json_end(&j);
    }
    end(c, out, &a, e);
}

void api_map(const api_call *c, http_response *out)
{
    asking a;
    json j;
    if (!begin(c, out, &a))
        return;
    map_ask ask = { a.fy, a.as_of, a.today, c->who };
    api_begin(out, &j);
    mizo_err e = map_json(&a.t, &ask, &j);
    json_end(&j);
    end(c, out, &a, e);
}
