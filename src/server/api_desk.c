/* api_desk.c: the desk of a balancing group's day, as it is kept. In a job; nothing is forecast to answer. */
#include <stdlib.h>

#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/desk.h"

/* A town as the readers of the desk want it: the running model and a connection of its own. */
static mizo_err open_town(const api_call *c, mizo_diags *d, town *t)
{
    *t = (town){ .env = c->env, .region = c->view->region, .diags = d };
    return c->store ? c->store->open(c->store_path, STORE_READ, NULL, &t->store) : MIZO_ENOENT;
}

static bool read_query(const api_call *c, http_response *out, mizo_day *day)
{
    const char *given = query_get(&c->request->q, "day");
    *day = c->view->day + 1;
    if (!given || !query_day(&c->request->q, "day", day))
        return true;
    api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_DATE, given, NULL);
    return false;
}

static void answer(const api_call *c, town *t, mizo_day day, http_response *out)
{
    const mizo_bg *g;
    json j;
    desk_day *d = malloc(sizeof *d);
    mizo_err e =
        d ? desk_group(t->region, query_get(&c->request->q, "group"), MIZO_BG_DEMAND, day, t->diags, &g)
          : MIZO_ENOMEM;
    if (!e)
        e = desk_read(t, g, day, c->view->now, d);
    if (!e) {
        api_begin(out, &j);
        desk_json(d, &j);
        json_end(&j);
    } else if (e == MIZO_ENOENT && mizo_diags_kept(t->diags)) {
        const mizo_diag *first = mizo_diags_at(t->diags, 0);
        api_problem(c->request, out, 404, first->id, first->param[0], first->param[1]);
    } else {
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    }
    free(d);
}

void api_desk(const api_call *c, http_response *out)
{
    mizo_day day;
    town t;
    if (!read_query(c, out, &day))
        return;
    mizo_diags *d = mizo_diags_new(20);
    if (!d || open_town(c, d, &t)) {
        mizo_diags_free(d);
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
        return;
    }
    answer(c, &t, day, out);
    t.store->ops->close(t.store);
    mizo_diags_free(d);
}
