/* api_margin.c: what a month, or several, brought and cost, cut one way. In a job; nothing is written. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/close.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/bills/margin.h"

static bool refuse(const api_call *c, http_response *out, mizo_msg id, const char *a, const char *b)
{
    api_problem(c->request, out, 400, id, a, b);
    return false;
}

static bool read_by(const api_call *c, http_response *out, margin_by *by)
{
    char all[120] = "";
    const char *given = query_get(&c->request->q, "by");
    *by = MARGIN_CUSTOMER;
    if (!given || margin_by_of(given, by))
        return true;
    for (int i = 0; i < MARGIN_BY_COUNT; i++) {
        size_t n = strlen(all);
        (void)snprintf(all + n, sizeof all - n, "%s%s", i ? ", " : "", margin_by_word((margin_by)i));
    }
    return refuse(c, out, MIZO_MSG_MARGIN_BY, given, all);
}

/* ?month= (without it the one before the town's day) and ?to=. */
static bool read_months(const api_call *c, http_response *out, mizo_day *from, mizo_day *to)
{
    const char *month = query_get(&c->request->q, "month"), *last = query_get(&c->request->q, "to");
    *from = mizo_month_first(c->view->day, -1);
    if (month && !api_month(month, from))
        return refuse(c, out, MIZO_MSG_SERVER_BAD_MONTH, month, NULL);
    *to = *from;
    if (last && !api_month(last, to))
        return refuse(c, out, MIZO_MSG_SERVER_BAD_MONTH, last, NULL);
    return true;
}

void api_margin(const api_call *c, http_response *out)
{
    char dir[API_DIR];
    margin_by by;
    margin_table m;
    mizo_day from, to;
    store *s;
    json j;
    if (!read_by(c, out, &by) || !read_months(c, out, &from, &to) || !api_open_store(c, out, &s))
        return;
    mizo_diags *d = mizo_diags_new(40);
    town t = api_town_of(c, s, d, dir);
    mizo_err e = d ? margin_read(&t, from, to, by, &m) : MIZO_ENOMEM;
    if (!e) {
        api_begin(out, &j);
        margin_json(&m, &j);
        json_end(&j);
        margin_done(&m);
    } else if (e == MIZO_EINPUT) {
        (void)refuse(c, out, MIZO_MSG_MARGIN_RANGE, NULL, NULL);
    } else {
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    }
    mizo_diags_free(d);
    s->ops->close(s);
}
