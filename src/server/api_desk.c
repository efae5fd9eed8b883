/* api_desk.c: the desk of a balancing group's day, as it is kept. In a job; nothing is forecast to answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/server.h"
#include "server/api_desk.h"
#include "town/desk/out.h"

/* A town as the readers of the desk want it: the running model and a connection of its own. */
static mizo_err open_town(const api_call *c, mizo_diags *d, char dir[API_DIR], town *t)
{
    *t = api_town_of(c, NULL, d, dir);
    return c->store ? c->store->open(c->store_path, STORE_READ, NULL, &t->store) : MIZO_ENOENT;
}

static void say(const api_call *c, const mizo_diags *d, http_response *out)
{
    const mizo_diag *first = mizo_diags_at(d, 0);
    api_problem(c->request, out, 404, first->id, first->param[0], first->param[1]);
}

/* The group and day that are asked for; false: the answer says why not. */
static bool read_query(const api_call *c, mizo_diags *d, http_response *out, const mizo_bg **g, mizo_day *day)
{
    mizo_err e = api_desk_ask(c, d, g, day);
    if (e == MIZO_EINPUT)
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_DATE, query_get(&c->request->q, "day"), NULL);
    else if (e)
        say(c, d, out);
    return !e;
}

static void answer(const api_call *c, town *t, const mizo_bg *g, mizo_day day, http_response *out)
{
    json j;
    desk_day *d = malloc(sizeof *d);
    mizo_err e = d ? desk_read(t, g, day, c->view->now, d) : MIZO_ENOMEM;
    if (!e) {
        api_begin(out, &j);
        desk_json(d, &j);
        json_end(&j);
    } else if (e == MIZO_ENOENT && mizo_diags_kept(t->diags)) {
        say(c, t->diags, out);
    } else {
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    }
    free(d);
}

static bool csv(const char *name)
{
    size_t n = strlen(name);
    return n > 4 && strcmp(name + n - 4, ".csv") == 0;
}

static const char *type_of(const char *name, bool xlsx)
{
    if (xlsx)
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    return csv(name) ? "text/csv" : "application/xml";
}

/* What was filed last, byte for byte. */
static void answer_file(const api_call *c, town *t, const mizo_bg *g, mizo_day day, http_response *out)
{
    const char *format = query_get(&c->request->q, "format");
    bool xlsx = format && strcmp(format, "xlsx") == 0;
    register_line line;
    desk_plan *p = malloc(sizeof *p);
    mizo_err e = p ? desk_plan_read(t->store, t->region, "desk-plan", g->id, day, p) : MIZO_ENOMEM;
    if (e == MIZO_ENOENT) {
        p->version = 0;
        e = MIZO_OK;
    }
    if (!e)
        e = desk_out_filed(t, g, day, p, xlsx, &line, &out->body);
    if (!e) {
        out->status = 200;
        out->type = type_of(line.name, xlsx);
        snprintf(out->name, sizeof out->name, "%.120s", line.name);
        snprintf(out->own_etag, sizeof out->own_etag, "\"%d\"", p->version);
    } else if (e == MIZO_ENOENT && mizo_diags_kept(t->diags)) {
        say(c, t->diags, out);
    } else {
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    }
    free(p);
}

static void look(const api_call *c, http_response *out,
                 void (*fn)(const api_call *, town *, const mizo_bg *, mizo_day, http_response *))
{
    const mizo_bg *g;
    mizo_day day;
    town t;
    char dir[API_DIR];
    mizo_diags *d = mizo_diags_new(20);
    if (d && read_query(c, d, out, &g, &day)) {
        if (open_town(c, d, dir, &t)) {
            api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
        } else {
            fn(c, &t, g, day, out);
            t.store->ops->close(t.store);
        }
    } else if (!d) {
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    }
    mizo_diags_free(d);
}

void api_desk(const api_call *c, http_response *out)
{
    look(c, out, answer);
}

void api_desk_file(const api_call *c, http_response *out)
{
    const char *format = query_get(&c->request->q, "format");
    if (format && strcmp(format, "xlsx") && strcmp(format, "filed"))
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_FORMAT, format, NULL);
    else
        look(c, out, answer_file);
}
