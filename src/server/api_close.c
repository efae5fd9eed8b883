/* api_close.c: the close of a month as it stands or as it would be, and the two people's words. What is read and
 * reckoned is in a job; the write alone is on the writer's thread. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "mizo/messages/close.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/bills/close.h"

/* The month that is asked for; without it the one before the town's day. */
static bool read_month(const api_call *c, http_response *out, mizo_day *month)
{
    const char *given = query_get(&c->request->q, "month");
    mizo_date d = mizo_day_date(c->view->day);
    *month = mizo_date_day((mizo_date){ d.year, d.month, 1 }) - 1;
    if (!given || api_month(given, month))
        return true;
    api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_MONTH, given, NULL);
    return false;
}

void api_close(const api_call *c, http_response *out)
{
    mizo_day month;
    close_month m;
    json j;
    town t = { .env = c->env, .region = c->view->region, .now = api_clock(c) };
    if (!read_month(c, out, &month) || !api_open_store(c, out, &t.store))
        return;
    t.diags = mizo_diags_new(20);
    mizo_err e = t.diags ? close_look(&t, month, false, &m) : MIZO_ENOMEM;
    if (!e) {
        api_begin(out, &j);
        close_json(&t, &m, &j);
        json_end(&j);
        (void)snprintf(out->own_etag, sizeof out->own_etag, "\"%lld\"", (long long)m.record.version);
        close_done(&m);
    } else {
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    }
    mizo_diags_free(t.diags);
    t.store->ops->close(t.store);
}

/* ---- writing ---- */

/* What a job has looked at, for the write. */
typedef struct closing {
    char dir[API_DIR];
    town t;
    close_act act;
    char kind[32], why[CLOSE_WHY * 4]; /* the body's */
} closing;

enum { WHY_LETTERS = 200 };
static const shape_field why_rows[] = {
    {"why", SHAPE_TEXT, false, 1, WHY_LETTERS, NULL, offsetof(closing, why), sizeof((closing *)0)->why},
};
static const shape_field accept_rows[] = {
    {"kind", SHAPE_TEXT, true, 1, 31,          NULL, offsetof(closing, kind), sizeof((closing *)0)->kind},
    { "why", SHAPE_TEXT, true, 1, WHY_LETTERS, NULL, offsetof(closing, why),  sizeof((closing *)0)->why },
};

static void drop(void *made)
{
    closing *k = made;
    close_done(&k->act.month);
    free(k);
}

/* The month of the path, with the body where there is one. */
static mizo_err begin(api_write *w, const shape_field *rows, size_t nrows, closing **out, mizo_day *month)
{
    closing *k = *out = calloc(1, sizeof *k);
    if (!k)
        return MIZO_ENOMEM;
    w->made = k;
    w->drop = drop;
    if (!w->c->view)
        return api_needs_view(w);
    if (!api_month(w->c->id, month))
        return api_refuse(w, 400, "month", MIZO_MSG_SERVER_BAD_MONTH, w->c->id, NULL);
    k->t = api_town_of(w->c, w->store, w->diags, k->dir);
    if (rows)
        MIZO_TRY(api_body(w, rows, nrows, k));
    return MIZO_OK;
}

typedef struct stands {
    const close_record *r;
    int offset;
} stands;

static void put_stands(const void *arg, json *j)
{
    const stands *x = arg;
    close_record_json(x->r, x->offset, j);
    json_int(j, "version", x->r->version);
}

static mizo_err conflict(api_write *w, const town *t, int64_t mine, const close_record *r)
{
    return api_other(w, mine, r->version, put_stands, &(stands){ r, t->region->offset });
}

/* The caller must have seen the month as it stands. */
static mizo_err same(api_write *w, closing *k, mizo_day month)
{
    close_record now;
    int64_t mine;
    mizo_err e = close_find(&k->t, month, &now);
    if (e && e != MIZO_ENOENT)
        return e;
    e = api_same(w, now.version, &mine);
    return e == MIZO_ECONFLICT ? conflict(w, &k->t, mine, &now) : e;
}

mizo_err api_close_make(api_write *w)
{
    closing *k;
    mizo_day month;
    MIZO_TRY(begin(w, why_rows, 1, &k, &month));
    MIZO_TRY(same(w, k, month));
    return api_failed(w, close_look_make(&k->t, month, *k->why ? k->why : NULL, &w->who, &k->act));
}

mizo_err api_close_approve(api_write *w)
{
    closing *k;
    mizo_day month;
    MIZO_TRY(begin(w, NULL, 0, &k, &month));
    MIZO_TRY(same(w, k, month));
    return api_failed(w, close_look_approve(&k->t, month, &w->who, &k->act));
}

static void put_record(api_write *w, const char *month, const close_record *r, int offset)
{
    json j;
    api_begin(w->out, &j);
    json_text(&j, "month", month);
    close_record_json(r, offset, &j);
    json_int(&j, "version", r->version);
    json_end(&j);
    (void)snprintf(w->out->own_etag, sizeof w->out->own_etag, "\"%lld\"", (long long)r->version);
}

mizo_err api_close_write(api_write *w)
{
    closing *k = w->made;
    k->t.store = w->store;
    const close_month *m = &k->act.month;
    (void)snprintf(w->object, sizeof w->object, "close/%s", m->id);
    (void)snprintf(w->before, sizeof w->before, "%s", close_state_word(m->record.state));
    (void)snprintf(w->after, sizeof w->after, "%s", close_state_word(k->act.next.state));
    mizo_err e = close_put(&k->t, &k->act);
    if (e == MIZO_ECONFLICT) {
        close_record now;
        MIZO_TRY(close_find(&k->t, m->month, &now));
        return conflict(w, &k->t, m->record.version, &now);
    }
    if (e)
        return api_failed(w, e);
    put_record(w, m->id, &k->act.next, k->t.region->offset);
    return MIZO_OK;
}

mizo_err api_close_accept(api_write *w)
{
    closing *k;
    mizo_day month;
    MIZO_TRY(begin(w, accept_rows, 2, &k, &month));
    return api_failed(w, close_look(&k->t, month, false, &k->act.month));
}

mizo_err api_close_accept_write(api_write *w)
{
    closing *k = w->made;
    json j;
    k->t.store = w->store;
    const close_month *m = &k->act.month;
    (void)snprintf(w->object, sizeof w->object, "close/%s/%s", m->id, k->kind);
    MIZO_TRY(api_failed(w, close_accept_put(&k->t, m, k->kind, k->why)));
    api_begin(w->out, &j);
    json_text(&j, "month", m->id);
    json_text(&j, "kind", k->kind);
    json_text(&j, "why", k->why);
    json_end(&j);
    return MIZO_OK;
}

mizo_err api_costs_write(api_write *w)
{
    char dir[API_DIR];
    cost_file_sum s;
    json j;
    const http_request *r = w->c->request;
    town t = api_town_of(w->c, w->store, w->diags, dir);
    register_file f = { .kind = "cost",
                        .with = "own",
                        .name = "costs.csv",
                        .actor = w->who.name,
                        .bytes = r->body,
                        .n = r->nbody };
    MIZO_TRY(api_file_failed(
        w, &f, cost_in_open(&t, "costs.csv", r->body ? r->body : "", r->nbody, w->who.name, w->known, &s)));
    (void)snprintf(w->object, sizeof w->object, "file/%s", s.file);
    api_begin(w->out, &j);
    json_text(&j, "file", s.file);
    json_int(&j, "lines", s.lines);
    json_int(&j, "months", s.months);
    json_int(&j, "changed", s.changed);
    json_end(&j);
    return MIZO_OK;
}
