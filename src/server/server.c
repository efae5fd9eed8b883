/* server.c: takes each request to what answers it. All on the loop thread but the jobs. */
#include "server/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/server.h"
#include "server/api.h"
#include "server/gate_inner.h"
#include "server/kept.h"
#include "server/pack.h"
#include "server/static.h"

struct server {
    server_options o;
    http_link *link;
    gate *gate;
    find_index *sites; /* of the region that runs */
    buf town;          /* the town as an event */
    kept kept;         /* answers that everybody gets alike */
    mizo_ms started;
    uint64_t last_event_ns;
    env_timer *beat, *later;
    bool closing;
    int jobs;
    void (*done)(void *);
    void *done_arg;
};

enum { EVENT_GAP_MS = 100, BEAT_MS = 5000 };

/* ---- one request ---- */

/* A job holds its own references and copies: the view may change while it runs. */
typedef struct job {
    server *server;
    http_exchange *x;
    const api_route *route; /* NULL: a file of --web */
    http_request request;
    api_call call;
    town_view *view;
    live_model *model;
    actor who;
    ticket session;
    bool keep; /* the answer is everybody's */
    http_response out;
} job;

static void job_free(job *k)
{
    view_unref(k->view);
    live_model_unref(k->model);
    find_free((find_index *)(uintptr_t)k->call.sites);
    http_response_fini(&k->out);
    explicit_bzero(&k->request.proof, sizeof k->request.proof);
    free(k);
}

static void no_such_path(const http_request *r, http_response *out)
{
    api_problem(r, out, 404, MIZO_MSG_SERVER_NO_SUCH_PATH, r->path, NULL);
}

static void job_work(void *arg)
{
    job *k = arg;
    if (k->route)
        api_answer(k->route, &k->call, &k->out);
    else if (!static_file(k->call.env, k->server->o.web_dir, &k->request, &k->out))
        no_such_path(&k->request, &k->out);
    else if (k->out.body.err)
        api_problem(&k->request, &k->out, 500, MIZO_MSG_FILE_UNREADABLE, k->request.path, NULL);
    pack_body(&k->request, &k->out);
}

static void close_link(server *s);

static void job_done(void *arg)
{
    job *k = arg;
    server *s = k->server;
    if (k->x && k->keep) {
        kept_put(&s->kept, &k->request, s->o.env->ops->mono_ns(s->o.env), &k->out);
        kept_not_modified(&k->request, &k->out);
    }
    if (k->x)
        http_answer(k->x, &k->out);
    job_free(k);
    s->jobs--;
    if (s->closing && s->jobs == 0)
        close_link(s);
}

static api_call call_of(server *s, const http_request *r)
{
    const live_model *m = s->o.source.model(s->o.source.arg);
    return (api_call){
        .env = s->o.env,
        .request = r,
        .view = s->o.source.view(s->o.source.arg),
        .model = m,
        .score = s->o.source.score ? s->o.source.score(s->o.source.arg) : NULL,
        .sites = s->sites,
        .store = s->o.store,
        .store_path = s->o.store_path,
        .counts = *http_counted(s->link),
        .started = s->started,
    };
}

static void answer_out_of_memory(const http_request *r, http_exchange *x)
{
    http_response out;
    http_response_init(&out);
    api_problem(r, &out, 503, MIZO_MSG_OUT_OF_MEMORY, NULL, NULL);
    out.retry_after = 1;
    http_answer(x, &out);
}

/* NULL: out of memory, and answered. */
static job *new_job(server *s, const http_request *r, const api_route *route, const api_ids *ids,
                    http_exchange *x)
{
    job *k = calloc(1, sizeof *k);
    if (!k) {
        answer_out_of_memory(r, x);
        return NULL;
    }
    k->server = s;
    k->x = x;
    k->route = route;
    k->request = *r;
    k->call = call_of(s, &k->request);
    k->call.sites = NULL;
    k->call.score = NULL;
    memcpy(k->call.id, ids->id, sizeof k->call.id);
    memcpy(k->call.kind, ids->kind, sizeof k->call.kind);
    k->view = k->call.view ? view_ref((town_view *)(uintptr_t)k->call.view) : NULL;
    k->model = k->call.model ? live_model_ref((live_model *)(uintptr_t)k->call.model) : NULL;
    http_response_init(&k->out);
    s->jobs++;
    return k;
}

static void start_job(job *k)
{
    server *s = k->server;
    if (s->o.env->ops->job(s->o.env, job_work, job_done, k) == MIZO_OK)
        return;
    api_problem(&k->request, &k->out, 503, MIZO_MSG_OUT_OF_MEMORY, NULL, NULL);
    job_done(k);
}

/* From the view of this turn of the loop. */
static void answer_now(server *s, const http_request *r, const api_route *route, const api_ids *ids,
                       http_exchange *x)
{
    http_response out;
    http_response_init(&out);
    api_call c = call_of(s, r);
    memcpy(c.id, ids->id, sizeof c.id);
    memcpy(c.kind, ids->kind, sizeof c.kind);
    if (c.view && !c.sites)
        c.view = NULL; /* out of memory when the index was made: as if starting */
    api_answer(route, &c, &out);
    pack_body(r, &out);
    http_answer(x, &out);
}

static void events(const http_request *r, http_exchange *x);

static void known(void *arg, mizo_err e)
{
    job *k = arg;
    k->call.who = *k->who.name ? &k->who : NULL;
    k->call.session = *k->session.id && k->call.who ? &k->session : NULL;
    if (e) {
        job_done(k);
    } else if (k->route && k->route->slow) {
        start_job(k);
    } else if (!k->route) {
        events(&k->request, k->x);
        k->x = NULL;
        job_done(k);
    } else {
        api_ids ids;
        memcpy(ids.id, k->call.id, sizeof ids.id);
        memcpy(ids.kind, k->call.kind, sizeof ids.kind);
        answer_now(k->server, &k->request, k->route, &ids, k->x);
        k->x = NULL;
        job_done(k);
    }
}

static void passed(void *arg, mizo_err e)
{
    (void)e; /* the answer says it */
    job_done(arg);
}

/* The region lets everybody read what the route reads. */
static bool everybody(const server *s, const api_route *route)
{
    const town_view *v = s->o.source.view(s->o.source.arg);
    return v && (v->region->public_reading || (route->login == LOGIN_PUBLIC && v->region->public_page));
}

static bool answer_kept(server *s, const http_request *r, const api_route *route, http_exchange *x)
{
    http_response out;
    if (api_stranger(route, r))
        return false;
    http_response_init(&out);
    bool there = kept_find(&s->kept, r, s->o.env->ops->mono_ns(s->o.env), &out);
    if (there)
        http_answer(x, &out);
    else
        http_response_fini(&out);
    return there;
}

/* route NULL: the stream of events. */
static void run_route(server *s, const http_request *r, const api_route *route, const api_ids *ids,
                      http_exchange *x)
{
    static const api_route reading = { .path = "/api/v1/events" };
    const api_route *asked = route ? route : &reading;
    auth_place from;
    gate_place(s->gate, r, &from);
    bool all = everybody(s, asked), open = gate_open(asked, from.local, all);
    bool keep = open && asked->login == LOGIN_PUBLIC;
    if (keep && answer_kept(s, r, asked, x))
        return;
    if (open && !asked->method && !asked->slow) {
        if (route)
            answer_now(s, r, route, ids, x);
        else
            events(r, x);
        return;
    }
    job *k = new_job(s, r, route, ids, x);
    if (!k)
        return;
    k->call.from = from;
    k->keep = keep;
    if (asked->method)
        gate_write(s->gate, &k->call, route, &k->out, passed, k);
    else
        gate_ask(s->gate, &k->call, asked, all, &k->who, &k->session, &k->out, known, k);
}

static bool refuse(server *s, const http_request *r, http_exchange *x)
{
    http_response out;
    http_response_init(&out);
    if (!server_host_ok(r->host, s->o.address, s->o.hosts, s->o.nhosts))
        api_problem(r, &out, 421, MIZO_MSG_SERVER_HOST, r->host, NULL);
    else if (r->bad == MIZO_EFULL)
        api_problem(r, &out, 414, MIZO_MSG_SERVER_LONG_TARGET, NULL, NULL);
    else if (r->bad)
        api_problem(r, &out, 400, MIZO_MSG_SERVER_BAD_TARGET, NULL, NULL);
    else
        return false;
    http_answer(x, &out);
    return true;
}

static void events(const http_request *r, http_exchange *x)
{
    http_response out;
    if (r->method == HTTP_GET && r->q.n == 0 && http_stream(x))
        return;
    http_response_init(&out);
    if (r->q.n) {
        api_problem(r, &out, 400, MIZO_MSG_SERVER_UNKNOWN_PARAMETER, r->q.p[0].name, r->path);
    } else if (r->method == HTTP_HEAD) {
        out.type = "text/event-stream";
    } else {
        api_problem(r, &out, 503, MIZO_MSG_SERVER_BUSY, NULL, NULL);
        out.retry_after = 10;
    }
    http_answer(x, &out);
}

static void pages(server *s, const http_request *r, http_exchange *x)
{
    if (s->o.web_dir) {
        job *k = new_job(s, r, NULL, &(api_ids){ 0 }, x);
        if (k)
            start_job(k);
        return;
    }
    http_response out;
    http_response_init(&out);
    if (s->o.nassets == 0 && strcmp(r->path, "/") == 0)
        api_problem(r, &out, 404, MIZO_MSG_SERVER_NO_PAGES, NULL, NULL);
    else if (!static_asset(s->o.assets, s->o.nassets, r, &out))
        no_such_path(r, &out);
    else if (out.body.err)
        api_problem(r, &out, 503, MIZO_MSG_OUT_OF_MEMORY, NULL, NULL);
    http_answer(x, &out);
}

static bool reads(const http_request *r)
{
    return r->method == HTTP_GET || r->method == HTTP_HEAD;
}

static void wrong_method(const http_request *r, const char *allow, http_exchange *x)
{
    http_response out;
    http_response_init(&out);
    api_problem(r, &out, 405, MIZO_MSG_SERVER_METHOD, NULL, NULL);
    out.allow = allow;
    http_answer(x, &out);
}

static void take(void *arg, const http_request *r, http_exchange *x)
{
    server *s = arg;
    api_ids ids = { 0 };
    const char *allow = NULL;
    if (refuse(s, r, x))
        return;
    const api_route *route = api_find(r->path, r->method, &ids, &allow);
    if (route)
        run_route(s, r, route, &ids, x);
    else if (allow || !reads(r))
        wrong_method(r, allow, x);
    else if (strcmp(r->path, "/api/v1/events") == 0)
        run_route(s, r, NULL, &ids, x);
    else
        pages(s, r, x);
}

/* How much of a body is read: as much as its route takes. */
static int64_t body_most(void *arg, const http_request *r)
{
    const server *s = arg;
    api_ids ids;
    if (r->bad || !server_host_ok(r->host, s->o.address, s->o.hosts, s->o.nhosts))
        return -1;
    const api_route *route = api_find(r->path, r->method, &ids, NULL);
    return route ? (int64_t)route->body_most : -1;
}

/* ---- events ---- */

static void keep_sites(server *s, const town_view *v)
{
    if (s->sites && find_region(s->sites) == v->region)
        return;
    find_free(s->sites);
    s->sites = find_new(v->region); /* NULL: the next view tries again, until then it is as if starting */
}

static void say(server *s)
{
    const town_view *v = s->o.source.view(s->o.source.arg);
    if (!v)
        return;
    s->last_event_ns = s->o.env->ops->mono_ns(s->o.env);
    buf_clear(&s->town);
    buf_str(&s->town, "event: town\nretry: 2000\ndata: ");
    api_town_text(v, s->o.source.model(s->o.source.arg), &s->town);
    buf_str(&s->town, "\n\n");
    if (!s->town.err)
        http_broadcast(s->link, s->town.p, s->town.n);
}

static void say_later(void *arg)
{
    server *s = arg;
    s->o.env->ops->timer_stop(s->o.env, s->later);
    s->later = NULL;
    if (!s->closing)
        say(s);
}

void server_changed(server *s)
{
    const town_view *v = s->o.source.view(s->o.source.arg);
    if (s->closing || !v)
        return;
    keep_sites(s, v);
    uint64_t since = s->o.env->ops->mono_ns(s->o.env) - s->last_event_ns;
    if (since >= EVENT_GAP_MS * 1000000ull)
        say(s);
    else if (!s->later && s->o.env->ops->timer(s->o.env, EVENT_GAP_MS, 0, say_later, s, &s->later))
        s->later = NULL;
}

/* A comment now and then: the page knows that the server lives, the server finds peers that have gone. */
static void beat(void *arg)
{
    server *s = arg;
    if (s->o.env->ops->mono_ns(s->o.env) - s->last_event_ns >= BEAT_MS * 1000000ull)
        say(s);
}

/* ---- life ---- */

static void tell_listen(mizo_diags *d, const server_options *o, mizo_err e)
{
    char port[16];
    snprintf(port, sizeof port, "%d", o->port);
    const char *address = *o->address ? o->address : "0.0.0.0";
    if (e == MIZO_EBUSY)
        MIZO_DIAG(d, SERVER_PORT_IN_USE, MIZO_NOWHERE, address, port);
    else if (e == MIZO_ENOMEM)
        mizo_diag_add(d, MIZO_MSG_OUT_OF_MEMORY, MIZO_NOWHERE, (const char *)NULL);
    else
        MIZO_DIAG(d, SERVER_CANNOT_LISTEN, MIZO_NOWHERE, address, port);
}

mizo_err server_new(const server_options *o, mizo_diags *d, server **out)
{
    *out = NULL;
    server *s = calloc(1, sizeof *s);
    if (!s)
        return MIZO_ENOMEM;
    s->o = *o;
    s->started = o->env->ops->wall_ms(o->env);
    buf_init(&s->town, 4u << 20);
    s->gate = gate_new(&(gate_options){ .env = o->env,
                                        .store = o->store,
                                        .store_path = o->store_path,
                                        .writer = o->source.writer,
                                        .arg = o->source.arg,
                                        .proxies = s->o.proxies,
                                        .nproxies = o->nproxies });
    if (!s->gate) {
        free(s);
        return MIZO_ENOMEM;
    }
    mizo_err e = http_listen(o->env, o->address, &s->o.port, o->limits, take, body_most, s, &s->link);
    if (e) {
        tell_listen(d, o, e);
        gate_free(s->gate);
        free(s);
        return e;
    }
    e = o->env->ops->timer(o->env, BEAT_MS, BEAT_MS, beat, s, &s->beat);
    if (e) {
        server_close(s, NULL, NULL);
        return e;
    }
    *out = s;
    server_changed(s);
    return MIZO_OK;
}

int server_port(const server *s)
{
    return s->o.port;
}

static void closed(void *arg)
{
    server *s = arg;
    void (*done)(void *) = s->done;
    void *done_arg = s->done_arg;
    find_free(s->sites);
    gate_free(s->gate);
    kept_fini(&s->kept);
    buf_fini(&s->town);
    free(s);
    if (done)
        done(done_arg);
}

static void close_link(server *s)
{
    http_close(s->link, closed, s);
}

void server_close(server *s, void (*done)(void *), void *arg)
{
    if (!s || s->closing)
        return;
    s->closing = true;
    s->done = done;
    s->done_arg = arg;
    s->o.env->ops->timer_stop(s->o.env, s->beat);
    s->o.env->ops->timer_stop(s->o.env, s->later);
    s->beat = s->later = NULL;
    if (s->jobs == 0)
        close_link(s);
}
