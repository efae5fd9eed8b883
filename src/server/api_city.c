/* api_city.c: the city's documents as JSON: targets, plan, evaluation, inventory, and the checks of checks.csv. In a job. */
#include <string.h>

#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/city.h"

static mizo_err on_check(void *arg, const city_check_result *x)
{
    json *j = arg;
    json_object(j, NULL);
    json_text(j, "check", x->row->id);
    json_bool(j, "ok", x->ok);
    json_text(j, "value", x->value);
    json_text(j, "expected", x->row->expected);
    json_text(j, "source", x->row->source);
    json_text(j, "ask", x->row->ask);
    json_end(j);
    return j->out->err;
}

static mizo_err rows(const city_desk *d, const city_doc_ask *ask, json *j)
{
    if (strcmp(ask->name, "checks"))
        return city_doc_json(d, ask, j);
    json_array(j, "rows");
    MIZO_TRY(city_check_each(&d->books, on_check, j));
    json_end(j);
    return MIZO_OK;
}

static mizo_err answer(const api_call *c, town *t, const city_doc_ask *ask, mizo_day as_of,
                       http_response *out)
{
    city_desk d;
    json j;
    MIZO_TRY(city_desk_open(t, as_of, &d));
    api_begin(out, &j);
    json_text(&j, "report", ask->name);
    json_int(&j, "fy", ask->fy);
    json_day(&j, "day", ask->day);
    mizo_err e = rows(&d, ask, &j);
    json_text(&j, "model", c->view->region->hash);
    json_end(&j);
    city_desk_close(&d);
    return e;
}

void api_city(const api_call *c, http_response *out)
{
    static const char *const names[] = { "targets", "plan", "evaluation", "inventory", "checks" };
    city_doc_ask ask = { .lang = "ja", .day = c->view->day };
    town t = { .env = c->env, .region = c->view->region };
    mizo_day as_of;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(c->id, names[i]) == 0)
            ask.name = names[i];
    if (!ask.name) {
        api_problem(c->request, out, 404, MIZO_MSG_SERVER_NO_SUCH_PATH, c->request->path, NULL);
        return;
    }
    if (!api_year(c, out, &ask.fy, &as_of) || !api_open_store(c, out, &t.store))
        return;
    t.diags = mizo_diags_new(20);
    mizo_err e = t.diags ? answer(c, &t, &ask, as_of, out) : MIZO_ENOMEM;
    if (e) {
        buf_clear(&out->body);
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    }
    mizo_diags_free(t.diags);
    t.store->ops->close(t.store);
}
