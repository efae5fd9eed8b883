/* api_close.c: the close of a month, as it stands or as it would be. In a job; nothing is written. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/close.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/close.h"

/* The month that is asked for; without it the one before the town's day. */
static bool read_month(const api_call *c, http_response *out, mizo_day *month)
{
    const char *given = query_get(&c->request->q, "month");
    char text[16];
    mizo_date d = mizo_day_date(c->view->day);
    *month = mizo_date_day((mizo_date){ d.year, d.month, 1 }) - 1;
    if (!given)
        return true;
    (void)snprintf(text, sizeof text, "%.7s-01", given);
    if (strlen(given) == 7 && !mizo_date_parse(text, strlen(text), &d) && mizo_date_valid(d)) {
        *month = mizo_date_day(d);
        return true;
    }
    api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_MONTH, given, NULL);
    return false;
}

void api_close(const api_call *c, http_response *out)
{
    mizo_day month;
    close_month m;
    json j;
    town t = { .env = c->env, .region = c->view->region };
    if (!read_month(c, out, &month) || !api_open_store(c, out, &t.store))
        return;
    t.diags = mizo_diags_new(20);
    mizo_err e = t.diags ? close_look(&t, month, false, &m) : MIZO_ENOMEM;
    if (!e) {
        api_begin(out, &j);
        close_json(&t, &m, &j);
        json_end(&j);
        close_done(&m);
    } else {
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    }
    mizo_diags_free(t.diags);
    t.store->ops->close(t.store);
}
