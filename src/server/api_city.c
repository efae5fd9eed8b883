/* api_city.c: the city's documents as JSON: targets, plan, evaluation, inventory, the checks of checks.csv, the ledger by
 * facility and who is late in it. In a job. */
#include <string.h>

#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/office/city.h"
#include "town/office/owner_ledger.h"

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

/* By facility: readings and owners' reports side by side; late: only who lacks a month. */
static mizo_err ledger(const town *t, const city_doc_ask *ask, mizo_day as_of, json *j)
{
    owner_ledger l;
    ledger_ask what = { .lang = ask->lang, .late = strcmp(ask->name, "late") == 0 };
    mizo_ms at =
        as_of == MIZO_DAY_NONE ? STORE_LATEST : mizo_slot_ms(mizo_day_slot(as_of + 1, t->region->offset)) - 1;
    MIZO_TRY(
        owner_ledger_make(t->store, t->region, ask->fy, at, as_of == MIZO_DAY_NONE ? ask->day : as_of, &l));
    owner_ledger_json(t->region, &l, &what, j);
    owner_ledger_free(&l);
    return MIZO_OK;
}

static mizo_err rows(const city_desk *d, const city_doc_ask *ask, mizo_day as_of, json *j)
{
    if (strcmp(ask->name, "ledger") == 0 || strcmp(ask->name, "late") == 0)
        return ledger(d->town, ask, as_of, j);
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
    mizo_err e = rows(&d, ask, as_of, &j);
    json_text(&j, "model", c->view->region->hash);
    json_end(&j);
    city_desk_close(&d);
    return e;
}

void api_city(const api_call *c, http_response *out)
{
    static const char *const names[] = { "targets", "plan",   "evaluation", "inventory",
                                         "checks",  "ledger", "late" };
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
