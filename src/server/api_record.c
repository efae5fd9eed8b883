/* api_record.c: /api/v1/records/{kind}/{id}: what people write, with versions. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/form.h"

/* A record as it stands, copied. */
typedef struct found {
    int64_t version, batch;
    char *text;
} found;

static mizo_err copy_record(void *arg, const store_record *r)
{
    found *f = arg;
    f->version = r->version;
    f->batch = r->batch;
    size_t n = strlen(r->json) + 1;
    f->text = malloc(n);
    if (!f->text)
        return MIZO_ENOMEM;
    memcpy(f->text, r->json, n);
    return MIZO_OK;
}

static mizo_err find(store *s, const api_call *c, found *f)
{
    *f = (found){ 0 };
    return s->ops->record_scan(s, c->kind, c->id, copy_record, f);
}

typedef struct batch_of {
    int64_t id;
    mizo_ms known;
    char actor[80];
} batch_of;

static mizo_err find_batch(void *arg, const store_batch *b)
{
    batch_of *f = arg;
    if (b->id == f->id) {
        f->known = b->known;
        snprintf(f->actor, sizeof f->actor, "%s", b->actor);
    }
    return MIZO_ECANCELED;
}

/* Who wrote it, and when it was known. */
static mizo_err put_record(json *j, const char *key, store *s, const api_call *c, const found *f)
{
    batch_of b = { .id = f->batch };
    int offset = c->view ? c->view->region->offset : MIZO_JAPAN_OFFSET;
    mizo_err e = s->ops->batch_scan(s, f->batch - 1, find_batch, &b);
    if (e && e != MIZO_ECANCELED)
        return e;
    json_object(j, key);
    json_text(j, "kind", c->kind);
    json_text(j, "id", c->id);
    json_int(j, "version", f->version);
    json_text(j, "actor", b.actor);
    json_time(j, "known", b.known, offset);
    json_raw(j, "value", f->text);
    json_end(j);
    return MIZO_OK;
}

static const form *kind_of(const api_call *c, http_response *out)
{
    const form *p = form_of(c->kind);
    char kinds[400];
    form_kinds(kinds, sizeof kinds);
    if (!p)
        api_problem(c->request, out, 404, MIZO_MSG_SERVER_NO_KIND, c->kind, kinds);
    return p;
}

static void set_etag(http_response *out, int64_t version)
{
    snprintf(out->own_etag, sizeof out->own_etag, "\"%" PRId64 "\"", version);
}

void api_record(const api_call *c, http_response *out)
{
    store *s;
    found f;
    if (!kind_of(c, out) || !api_open_store(c, out, &s))
        return;
    mizo_err e = find(s, c, &f);
    if (!e && f.text) {
        json j;
        out->status = 200;
        out->type = "application/json";
        json_init(&j, &out->body);
        e = put_record(&j, NULL, s, c, &f);
        set_etag(out, f.version);
    } else if (!e) {
        api_problem(c->request, out, 404, MIZO_MSG_SERVER_NO_RECORD, c->kind, c->id);
    }
    if (e)
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    s->ops->close(s);
    free(f.text);
}

/* ---- writing ---- */

/* Both versions: what was sent, and what stands, with who wrote it. */
static mizo_err conflict(api_write *w, int64_t mine, const found *now, const char *text)
{
    json j;
    mizo_err e = api_begin_conflict(w, mine, now->version, &j);
    json_raw(&j, "yours", text);
    if (!now->text)
        json_null(&j, "theirs");
    else if (put_record(&j, "theirs", w->store, w->c, now))
        return MIZO_ESTORE;
    json_end(&j);
    return e;
}

static mizo_err put_version(api_write *w, const char *text, const found *was)
{
    const api_call *c = w->c;
    bool changed;
    found now;
    MIZO_TRY(w->store->ops->record_put(w->store, c->kind, c->id, text, &changed));
    mizo_err e = find(w->store, c, &now);
    json j;
    if (!e) {
        w->out->status = was->version ? 200 : 201;
        w->out->type = "application/json";
        json_init(&j, &w->out->body);
        e = put_record(&j, NULL, w->store, c, &now);
        set_etag(w->out, now.version);
    }
    snprintf(w->before, sizeof w->before, "%" PRId64, was->version);
    snprintf(w->after, sizeof w->after, "%" PRId64, now.version);
    free(now.text);
    return e;
}

static mizo_err put_checked(api_write *w, const char *text)
{
    int64_t mine = auth_version(w->c->request->proof.if_match);
    found was;
    if (mine < 0)
        return api_refuse(w, 428, "version", MIZO_MSG_SERVER_VERSION, NULL, NULL);
    mizo_err e = find(w->store, w->c, &was);
    if (!e)
        e = was.version == mine ? put_version(w, text, &was) : conflict(w, mine, &was, text);
    free(was.text);
    return e;
}

mizo_err api_record_write(api_write *w)
{
    const api_call *c = w->c;
    const form *p = kind_of(c, w->out);
    char has[80], needs[80];
    snprintf(w->object, sizeof w->object, "%s/%s", c->kind, c->id);
    w->why = "kind";
    if (!p)
        return MIZO_EINPUT;
    w->why = NULL;
    w->act = act_word(p->act);
    role_text(w->who.roles, has, sizeof has);
    role_text(act_roles(p->act), needs, sizeof needs);
    if (!role_may(w->who.roles, p->act))
        return api_refuse(w, 403, "role", MIZO_MSG_SERVER_ROLE, needs, has);
    buf text;
    buf_init(&text, FORM_MOST);
    mizo_err e = form_check(p, c->request->body ? c->request->body : "", c->request->nbody, &text, w->diags);
    if (e == MIZO_EINPUT) {
        w->why = "body";
        e = api_mistakes(c->request, w->out, w->diags);
    } else if (!e) {
        e = put_checked(w, text.p);
    }
    buf_fini(&text);
    return e;
}
