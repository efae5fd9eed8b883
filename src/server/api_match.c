/* api_match.c: what was used and how much of it was renewable, of a month or a fiscal year; one half-hour, with who fed
 * whom. In a job, from the readings by the rule of matching; nothing is written. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/close.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/proof/match_json.h"
#include "town/proof/match_slot.h"

/* ?month=2021-07 or ?fy=2021; without either the month before the town's day. */
static bool read_when(const api_call *c, http_response *out, int *fy, int *month)
{
    const char *given = query_get(&c->request->q, "month"), *year = query_get(&c->request->q, "fy");
    mizo_date d = mizo_day_date(c->view->day);
    mizo_day first = mizo_date_day((mizo_date){ d.year, d.month, 1 }) - 1;
    char text[16];
    *month = 0;
    if (year && !given) {
        if (!mizo_fy_parse(year, strlen(year), fy))
            return true;
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_FY, year, NULL);
        return false;
    }
    if (given) {
        (void)snprintf(text, sizeof text, "%.7s-01", given);
        if (year || strlen(given) != 7 || mizo_date_parse(text, strlen(text), &d) || !mizo_date_valid(d)) {
            api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_MONTH, given, NULL);
            return false;
        }
        first = mizo_date_day(d);
    }
    *fy = mizo_day_fy(first);
    *month = mizo_day_date(first).month;
    return true;
}

void api_match(const api_call *c, http_response *out)
{
    int fy, month;
    store *s;
    match_report m;
    if (!read_when(c, out, &fy, &month) || !api_open_store(c, out, &s))
        return;
    mizo_err e = match_report_make(s, c->view->region, fy, month, STORE_LATEST, &m);
    s->ops->close(s);
    if (e) {
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
        return;
    }
    json j;
    api_begin(out, &j);
    match_json(&m, month, MATCH_WASTE_FULL, MATCH_DEMAND_FIXED, &j);
    json_end(&j);
    match_report_free(&m);
}

/* ?at=2021-07-15T12:00&of=ID */
void api_match_slot(const api_call *c, http_response *out)
{
    const char *at = query_get(&c->request->q, "at"), *of = query_get(&c->request->q, "of");
    mizo_ms t;
    store *s;
    json j;
    if (!at || mizo_ms_parse(at, strlen(at), c->view->region->offset, &t)) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_DATE, at ? at : "", NULL);
        return;
    }
    if (!api_open_store(c, out, &s))
        return;
    api_begin(out, &j);
    mizo_err e = match_slot_json(s, c->view->region, mizo_ms_slot(t), of, &j);
    s->ops->close(s);
    if (e == MIZO_ENOENT)
        api_problem(c->request, out, 404, MIZO_MSG_SERVER_NO_READINGS, at, NULL);
    else if (e)
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    else
        json_end(&j);
}
