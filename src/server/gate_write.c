/* gate_write.c: a write from its head to its answer. See gate.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "mizo/messages/server.h"
#include "server/gate_inner.h"

struct passing {
    gate *g;
    const api_call *c;
    const api_route *route;
    http_response *out;
    gate_done done;
    void *arg;
    auth_kind kind;
    char text[TICKET_ROOM];
    char counted[64];
    api_write w;
    api_call call; /* c's, with who and session */
    mizo_err err;
    passing *next; /* in the queue of passwords */
};

static void pass_free(passing *p)
{
    if (p->w.drop)
        p->w.drop(p->w.made);
    mizo_diags_free(p->w.diags);
    explicit_bzero(p, sizeof *p);
    free(p);
}

static void finish(passing *p, mizo_err e)
{
    gate_done done = p->done;
    void *arg = p->arg;
    pass_free(p);
    done(arg, e);
}

/* "login" of "/api/v1/login", "record" of an act. */
static void act_name(const passing *p, char out[32])
{
    const char *rest = p->route->path + sizeof "/api/v1/" - 1;
    const char *word = p->w.act ? p->w.act : p->route->act == ACT_SELF ? rest : act_word(p->route->act);
    snprintf(out, 32, "%.*s", (int)strcspn(word, "/"), word);
}

static void refuse(passing *p)
{
    char act[32];
    act_name(p, act);
    gate_note(p->g, p->c, p->w.who.name, act, p->w.why ? p->w.why : "refused", p->out->status);
    finish(p, MIZO_EINPUT);
}

/* ---- on the loop: the head ---- */

static mizo_err say(passing *p, int status, const char *why, mizo_msg id, const char *a)
{
    return api_refuse(&p->w, status, why, id, a, NULL);
}

/* True for one of the types with blanks between, with nothing behind it but parameters. */
static bool type_is(const char *types, const char *type)
{
    for (size_t n; *types; types += n + strspn(types + n, " ")) {
        n = strcspn(types, " ");
        if (strncmp(type, types, n) == 0 && (type[n] == '\0' || type[n] == ';'))
            return true;
    }
    return false;
}

static mizo_err check_body(passing *p)
{
    const http_request *r = p->c->request;
    char most[24];
    snprintf(most, sizeof most, "%zu", p->route->body_most);
    if (r->refused == 411)
        return say(p, 411, "length", MIZO_MSG_SERVER_LENGTH, NULL);
    if (r->refused || r->nbody > p->route->body_most)
        return say(p, 413, "length", MIZO_MSG_SERVER_LONG_BODY, most);
    const char *types = p->route->body_types;
    if (p->route->body_most && !(types ? type_is(types, r->proof.type) : auth_json(r->proof.type)))
        return say(p, 415, "type", MIZO_MSG_SERVER_TYPE, NULL);
    if (*r->proof.key && !auth_key_ok(r->proof.key))
        return say(p, 400, "key", MIZO_MSG_SERVER_KEY, NULL);
    return MIZO_OK;
}

/* A form or script of another page can send neither our Origin nor the CSRF token. */
static mizo_err check_page(passing *p)
{
    const http_proof *q = &p->c->request->proof;
    bool browser = *q->origin || *q->site;
    if (p->kind == AUTH_SESSION || browser)
        if (!auth_same_origin(q, p->c->request->host, p->c->from.secure))
            return say(p, 403, "origin", MIZO_MSG_SERVER_ORIGIN, NULL);
    if (p->route->login == LOGIN_YES && p->kind == AUTH_SESSION && !ticket_csrf_is(p->text, q->csrf))
        return say(p, 403, "csrf", MIZO_MSG_SERVER_CSRF, NULL);
    return MIZO_OK;
}

static mizo_err check_tries(passing *p)
{
    gate *g = p->g;
    uint64_t now = g->o.env->ops->mono_ns(g->o.env);
    char seconds[16];
    if (!p->route->counted)
        return MIZO_OK;
    p->route->counted(p->c->request, p->counted);
    int a = throttle_wait(&g->account, p->counted, now),
        b = throttle_wait(&g->address, p->c->from.address, now);
    if (a || b) {
        snprintf(seconds, sizeof seconds, "%d", a > b ? a : b);
        mizo_err e = say(p, 429, "tries", MIZO_MSG_SERVER_WAIT, seconds);
        p->out->retry_after = a > b ? a : b;
        return e;
    }
    throttle_try(&g->account, p->counted, now);
    throttle_try(&g->address, p->c->from.address, now);
    return MIZO_OK;
}

static mizo_err check_head(passing *p)
{
    const char *stranger = api_stranger(p->route, p->c->request);
    if (stranger)
        return api_refuse(&p->w, 400, "parameter", MIZO_MSG_SERVER_UNKNOWN_PARAMETER, stranger,
                          p->route->path);
    p->kind = auth_read(&p->c->request->proof, p->text);
    if (!gate_safe(&p->c->from))
        return say(p, 403, "plain", MIZO_MSG_SERVER_PLAIN, NULL);
    if (p->kind == AUTH_BROKEN || (p->route->login == LOGIN_YES && p->kind == AUTH_NONE))
        return say(p, 401, "session", MIZO_MSG_SERVER_LOGIN, NULL);
    MIZO_TRY(check_page(p));
    MIZO_TRY(check_body(p));
    return check_tries(p);
}

/* ---- in the pool: who, and what a password is worth ---- */

static mizo_err store_failed(passing *p)
{
    return say(p, 503, "store", MIZO_MSG_SERVER_NO_STORE, NULL);
}

/* Who it is and whether a role allows it; also once more inside the batch. */
static mizo_err check_who(passing *p, store *s)
{
    char has[80], needs[80];
    actor who;
    mizo_err e = gate_who(s, p->kind, p->text, p->w.now, &who, &p->w.session);
    if (e == MIZO_ENOENT)
        return say(p, 401, "session", p->kind == AUTH_SESSION ? MIZO_MSG_SERVER_ENDED : MIZO_MSG_SERVER_LOGIN,
                   NULL);
    if (e)
        return store_failed(p);
    p->w.who = who;
    if (p->kind == AUTH_TOKEN)
        p->w.session = (ticket){ 0 };
    if (role_may(who.roles, p->route->act))
        return MIZO_OK;
    role_text(who.roles, has, sizeof has);
    role_text(act_roles(p->route->act), needs, sizeof needs);
    return api_refuse(&p->w, 403, "role", MIZO_MSG_SERVER_ROLE, needs, has);
}

static void say_not_kept(passing *p, mizo_err e)
{
    int status = e == MIZO_EFULL ? 507 : 503;
    api_refuse(&p->w, status, "store", MIZO_MSG_SERVER_NOT_KEPT, mizo_err_text(e), NULL);
    p->out->retry_after = e == MIZO_EBUSY ? 5 : 0;
}

static bool keyed(const passing *p)
{
    return *p->c->request->proof.key && p->route->login == LOGIN_YES;
}

static mizo_err answered_before(passing *p, store *s, bool *done);

/* What was answered before is not prepared again. */
static mizo_err prepare(passing *p, store *s)
{
    bool done = false;
    if (p->route->login == LOGIN_YES)
        MIZO_TRY(check_who(p, s));
    p->w.store = s;
    if (!p->route->prepare)
        return MIZO_OK;
    if (keyed(p))
        MIZO_TRY(answered_before(p, s, &done));
    return done ? MIZO_OK : p->route->prepare(&p->w);
}

static void work(void *arg)
{
    passing *p = arg;
    store *s = NULL;
    if (!p->g->o.store || p->g->o.store->open(p->g->o.store_path, STORE_READ, NULL, &s))
        p->err = store_failed(p);
    else
        p->err = prepare(p, s);
    if (p->err && (p->out->status < 400 || !p->w.why))
        say_not_kept(p, p->err);
    if (s)
        s->ops->close(s);
}

/* ---- on the writer's thread ---- */

static const char answer_kind[] = "answer";
enum { ANSWER_MS = 24 * 3600 * 1000, ANSWER_BODY = 3000 };

typedef struct kept_answer {
    char request[HASH_TEXT], etag[32], body[ANSWER_BODY];
    int64_t status, made;
} kept_answer;

#define FIELD(member) offsetof(kept_answer, member), sizeof((kept_answer *)0)->member

static const shape_field answer_rows[] = {
    {"made",     SHAPE_INT,   true,  0,  INT64_MAX,       NULL, FIELD(made)   },
    { "request", SHAPE_TEXT,  true,  64, 64,              NULL, FIELD(request)},
    { "status",  SHAPE_INT,   true,  0,  999,             NULL, FIELD(status) },
    { "etag",    SHAPE_TEXT,  false, 0,  31,              NULL, FIELD(etag)   },
    { "body",    SHAPE_LINES, false, 0,  ANSWER_BODY - 1, NULL, FIELD(body)   },
};
enum { ANSWER_ROWS = sizeof answer_rows / sizeof *answer_rows };

/* One key of one user, and what was asked with it. */
static void answer_ids(const passing *p, char id[HASH_TEXT], char request[HASH_TEXT])
{
    const http_request *r = p->c->request;
    hash_run h;
    hash_begin(&h);
    hash_more(&h, p->w.who.name, strlen(p->w.who.name) + 1);
    hash_more(&h, r->proof.key, strlen(r->proof.key));
    hash_text(hash_end(&h), id);
    hash_begin(&h);
    hash_more(&h, &r->method, sizeof r->method);
    hash_more(&h, r->path, strlen(r->path) + 1);
    for (int i = 0; i < r->q.n; i++) {
        hash_more(&h, r->q.p[i].name, strlen(r->q.p[i].name) + 1);
        hash_more(&h, r->q.p[i].value, strlen(r->q.p[i].value) + 1);
    }
    hash_more(&h, r->proof.if_match, strlen(r->proof.if_match) + 1);
    hash_more(&h, r->body ? r->body : "", r->nbody);
    hash_text(hash_end(&h), request);
}

static mizo_err read_answer(void *arg, const store_record *r)
{
    kept_answer *k = arg;
    return shape_read(answer_rows, ANSWER_ROWS, r->json, strlen(r->json), NULL, k, NULL) ? MIZO_ESTORE
                                                                                         : MIZO_OK;
}

/* *done: the same was asked before, and out is what was said then. */
static mizo_err answered_before(passing *p, store *s, bool *done)
{
    char id[HASH_TEXT], request[HASH_TEXT];
    kept_answer k = { .made = 0 };
    *done = false;
    answer_ids(p, id, request);
    MIZO_TRY(s->ops->secret_scan(s, answer_kind, id, read_answer, &k));
    if (!k.made || p->w.now - k.made > ANSWER_MS)
        return MIZO_OK;
    if (strcmp(k.request, request))
        return say(p, 422, "key", MIZO_MSG_SERVER_KEY_USED, NULL);
    p->out->status = (int)k.status;
    p->out->type = *k.body ? "application/json" : NULL;
    memcpy(p->out->own_etag, k.etag, sizeof k.etag);
    buf_str(&p->out->body, k.body);
    *done = true;
    return MIZO_OK;
}

static mizo_err keep_answer(passing *p, store *s)
{
    char id[HASH_TEXT];
    kept_answer k = { .made = p->w.now, .status = p->out->status };
    answer_ids(p, id, k.request);
    memcpy(k.etag, p->out->own_etag, sizeof k.etag);
    if (p->out->body.n < sizeof k.body)
        memcpy(k.body, p->out->body.p ? p->out->body.p : "", p->out->body.n);
    buf text;
    json j;
    buf_init(&text, 1 << 16);
    json_init(&j, &text);
    json_object(&j, NULL);
    shape_write(answer_rows, ANSWER_ROWS, &k, &j);
    json_end(&j);
    mizo_err e = text.err ? text.err : s->ops->secret_put(s, answer_kind, id, text.p, NULL);
    buf_fini(&text);
    return e;
}

enum { DROPPED = 512 };

typedef struct old_answers {
    mizo_ms before;
    char id[DROPPED][HASH_TEXT];
    int n;
} old_answers;

static mizo_err find_old(void *arg, const store_record *r)
{
    old_answers *o = arg;
    kept_answer k;
    if (strlen(r->id) == HASH_TEXT - 1 && (read_answer(&k, r) || k.made < o->before))
        memcpy(o->id[o->n++], r->id, HASH_TEXT);
    return o->n == DROPPED ? MIZO_ECANCELED : MIZO_OK;
}

/* With one key in 256: those of the day before go. */
static mizo_err drop_old(passing *p, store *s)
{
    char id[HASH_TEXT], request[HASH_TEXT];
    answer_ids(p, id, request);
    if (id[0] != '0' || id[1] != '0')
        return MIZO_OK;
    old_answers *o = calloc(1, sizeof *o);
    if (!o)
        return MIZO_ENOMEM;
    o->before = p->w.now - ANSWER_MS;
    mizo_err e = s->ops->secret_scan(s, answer_kind, NULL, find_old, o);
    e = e == MIZO_ECANCELED ? MIZO_OK : e;
    for (int i = 0; !e && i < o->n; i++)
        e = s->ops->secret_put(s, answer_kind, o->id[i], NULL, NULL);
    free(o);
    return e;
}

static mizo_err note_write(passing *p, store *s)
{
    const api_write *w = &p->w;
    char act[32];
    if (w->noted)
        return MIZO_OK;
    act_name(p, act);
    audit_row row = { .who = w->who.name,
                      .from = p->c->from.address,
                      .act = act,
                      .object = w->object,
                      .before = w->before,
                      .after = w->after };
    return audit_add(s, &row, w->known);
}

/* An act that keeps a batch of its own joins the one that is open. */
static mizo_err run_act(passing *p, store *s)
{
    store_joined j;
    store_join(s, &j);
    mizo_err e = p->route->write(&p->w), left = store_leave(s);
    return e ? e : left;
}

static mizo_err write_once(passing *p, store *s)
{
    bool done = false;
    if (keyed(p))
        MIZO_TRY(answered_before(p, s, &done));
    if (done)
        return MIZO_OK;
    MIZO_TRY(run_act(p, s));
    if (p->out->body.err)
        return p->out->body.err;
    MIZO_TRY(note_write(p, s));
    if (!keyed(p) || p->w.unkept)
        return MIZO_OK;
    MIZO_TRY(keep_answer(p, s));
    return drop_old(p, s);
}

/* May be run twice: begins anew each time. */
static mizo_err write_batch(store *s, void *arg)
{
    passing *p = arg;
    http_response_fini(p->out);
    http_response_init(p->out);
    mizo_diags_clear(p->w.diags);
    p->w.store = s;
    p->w.noted = p->w.unkept = false;
    p->w.why = NULL;
    p->w.refused = (register_file){ .kind = NULL };
    p->w.object[0] = p->w.before[0] = p->w.after[0] = '\0';
    if (p->route->login == LOGIN_YES)
        MIZO_TRY(check_who(p, s));
    MIZO_TRY(write_once(p, s));
    if (*p->w.session.id && p->route->login == LOGIN_YES && p->w.now - p->w.session.used >= TICKET_TOUCH_MS)
        return gate_touch(s, &p->w.session, p->w.now);
    return MIZO_OK;
}

/* A file that was refused has come all the same: its line, in a batch of its own. That it cannot be kept changes nothing of
 * the answer. */
static mizo_err put_refused(store *s, void *arg)
{
    passing *p = arg;
    char dir[API_DIR];
    register_line line;
    store_joined j;
    town t = api_town_of(&p->call, s, p->w.diags, dir);
    store_join(s, &j);
    mizo_err e = register_refuse(&t, &p->w.refused, 0, 0, &line), left = store_leave(s);
    return e ? e : left;
}

/* ---- on the loop again ---- */

static void line_put(void *arg, mizo_err e)
{
    (void)e;
    refuse(arg);
}

static void put_line(passing *p)
{
    writer *w = p->g->o.writer(p->g->o.arg);
    writer_job job = { .run = put_refused,
                       .done = line_put,
                       .arg = p,
                       .known = p->w.known,
                       .actor = p->w.who.name,
                       .source = p->route->source,
                       .alone = true };
    if (!w || writer_put(w, &job))
        refuse(p);
}

static void written(void *arg, mizo_err e)
{
    passing *p = arg;
    gate_forget(p->g); /* a session may have ended, a role changed */
    if (!e && p->route->counted)
        throttle_right(&p->g->account, p->counted);
    if (!e) {
        finish(p, MIZO_OK);
        return;
    }
    if (p->out->status < 400 || !p->w.why)
        say_not_kept(p, e);
    if (p->w.refused.kind && p->out->status < 500)
        put_line(p);
    else
        refuse(p);
}

static void put(passing *p)
{
    writer *w = p->g->o.writer ? p->g->o.writer(p->g->o.arg) : NULL;
    writer_job job = { .run = write_batch,
                       .done = written,
                       .arg = p,
                       .known = p->w.known,
                       .actor = *p->w.who.name ? p->w.who.name : "mizo serve",
                       .source = p->route->source,
                       .alone = p->w.made != NULL };
    mizo_err e = w ? writer_put(w, &job) : MIZO_EBUSY;
    if (!e)
        return;
    say_not_kept(p, e);
    p->out->retry_after = 1;
    refuse(p);
}

static void worked(void *arg);

static bool start(passing *p)
{
    return p->g->o.env->ops->job(p->g->o.env, work, worked, p) == MIZO_OK;
}

static void start_or_say(passing *p)
{
    if (start(p))
        return;
    if (p->route->counted)
        p->g->hashing--;
    say_not_kept(p, MIZO_ENOMEM);
    refuse(p);
}

static void next_hash(gate *g)
{
    passing *p = g->first;
    g->hashing--;
    if (!p)
        return;
    g->first = p->next;
    g->last = g->first ? g->last : NULL;
    g->nqueue--;
    g->hashing++;
    start_or_say(p);
}

static void worked(void *arg)
{
    passing *p = arg;
    if (p->route->counted)
        next_hash(p->g);
    if (p->err)
        refuse(p);
    else
        put(p);
}

/* Two passwords at work at once; the others wait, a bounded number of them. */
static void queue(passing *p)
{
    gate *g = p->g;
    if (g->nqueue == GATE_HASH_QUEUE) {
        say(p, 503, "busy", MIZO_MSG_SERVER_HASHING, NULL);
        p->out->retry_after = 2;
        refuse(p);
        return;
    }
    p->next = NULL;
    if (g->last)
        g->last->next = p;
    else
        g->first = p;
    g->last = p;
    g->nqueue++;
}

void gate_write(gate *g, const api_call *c, const api_route *route, http_response *out, gate_done done,
                void *arg)
{
    passing *p = calloc(1, sizeof *p);
    if (!p) {
        api_problem(c->request, out, 503, MIZO_MSG_OUT_OF_MEMORY, NULL, NULL);
        done(arg, MIZO_ENOMEM);
        return;
    }
    *p = (passing){ .g = g, .c = c, .route = route, .out = out, .done = done, .arg = arg, .call = *c };
    p->w = (api_write){
        .c = &p->call, .out = out, .now = g->o.env->ops->wall_ms(g->o.env), .diags = mizo_diags_new(100)
    };
    p->w.known = api_clock(&p->call);
    p->call.who = &p->w.who;
    p->call.session = &p->w.session;
    if (!p->w.diags) {
        say_not_kept(p, MIZO_ENOMEM);
        refuse(p);
    } else if (check_head(p)) {
        refuse(p);
    } else if (!route->counted) {
        start_or_say(p);
    } else if (g->hashing < GATE_HASHES) {
        g->hashing++;
        start_or_say(p);
    } else {
        queue(p);
    }
}
