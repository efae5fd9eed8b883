/* gate.c: who asks. How a write goes on: gate_write.c. */
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/server.h"
#include "server/gate_inner.h"

gate *gate_new(const gate_options *o)
{
    gate *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->o = *o;
    /* A person mistypes a few times; one address may be a whole office. */
    g->account = (throttle){ .free_tries = 5, .most_s = 60 };
    g->address = (throttle){ .free_tries = 30, .most_s = 300 };
    return g;
}

void gate_free(gate *g)
{
    if (g)
        explicit_bzero(g, sizeof *g);
    free(g);
}

void gate_place(const gate *g, const http_request *r, auth_place *out)
{
    auth_where(&r->proof, r->host, g->o.proxies, g->o.nproxies, out);
}

bool gate_safe(const auth_place *from)
{
    return from->secure || server_loopback(from->address);
}

/* ---- a ticket and its user ---- */

mizo_err gate_who(store *s, auth_kind kind, const char *text, mizo_ms now, actor *who, ticket *t)
{
    account a;
    *who = (actor){ 0 };
    MIZO_TRY(ticket_find(s, kind == AUTH_TOKEN ? TICKET_TOKEN : TICKET_SESSION, text, now, t));
    MIZO_TRY(account_get(s, t->user, &a));
    if (!a.on)
        return MIZO_ENOENT;
    memcpy(who->name, a.id, sizeof a.id);
    who->roles = kind == AUTH_TOKEN ? a.roles & t->roles : a.roles;
    memcpy(who->bureau, a.bureau, sizeof who->bureau);
    who->user = true;
    return MIZO_OK;
}

/* ---- what was found a moment ago ---- */

static gate_seen *seen_of(gate *g, const char *text, uint64_t now_ns)
{
    char id[HASH_TEXT];
    hash_text(hash_bytes(text, strlen(text)), id);
    for (int i = 0; i < GATE_SEEN; i++)
        if (g->seen[i].until_ns > now_ns && strcmp(g->seen[i].t.id, id) == 0)
            return &g->seen[i];
    return NULL;
}

static void remember(gate *g, const actor *who, const ticket *t, auth_kind kind)
{
    uint64_t now = g->o.env->ops->mono_ns(g->o.env);
    gate_seen *oldest = &g->seen[0];
    for (int i = 0; i < GATE_SEEN; i++) {
        if (strcmp(g->seen[i].t.id, t->id) == 0) {
            oldest = &g->seen[i];
            break;
        }
        if (g->seen[i].until_ns < oldest->until_ns)
            oldest = &g->seen[i];
    }
    *oldest = (gate_seen){ *who, *t, kind, now + GATE_SEEN_MS * 1000000ull };
}

void gate_forget(gate *g)
{
    memset(g->seen, 0, sizeof g->seen);
}

/* ---- the last use of a session ---- */

typedef struct touching {
    ticket t;
    mizo_ms now;
} touching;

static mizo_err touch(store *s, void *arg)
{
    const touching *k = arg;
    return gate_touch(s, &k->t, k->now);
}

static void touched(void *arg, mizo_err e)
{
    (void)e; /* it is only kept a minute later then */
    free(arg);
}

/* Only while it is still there: whoever logged out meanwhile stays out. */
mizo_err gate_touch(store *s, const ticket *t, mizo_ms now)
{
    bool there = false;
    MIZO_TRY(s->ops->secret_scan(s, "session", t->id, gate_is_there, &there));
    return there ? ticket_touch(s, TICKET_SESSION, t, now) : MIZO_OK;
}

mizo_err gate_is_there(void *arg, const store_record *r)
{
    (void)r;
    *(bool *)arg = true;
    return MIZO_OK;
}

static void keep_use(gate *g, const ticket *t)
{
    mizo_ms now = g->o.env->ops->wall_ms(g->o.env);
    writer *w = g->o.writer ? g->o.writer(g->o.arg) : NULL;
    if (now - t->used < TICKET_TOUCH_MS || !w)
        return;
    touching *k = malloc(sizeof *k);
    if (!k)
        return;
    *k = (touching){ *t, now };
    writer_job job = {
        .run = touch, .done = touched, .arg = k, .known = now, .actor = "mizo serve", .source = "account"
    };
    if (writer_put(w, &job))
        free(k);
}

/* ---- asking ---- */

typedef struct asking {
    gate *g;
    const api_call *c;
    const api_route *route;
    auth_kind kind;
    bool open; /* nobody need be known; who it is only decides what is shown */
    char text[TICKET_ROOM];
    actor *who;
    ticket *session;
    http_response *out;
    gate_done done;
    void *arg;
    mizo_ms now;
    mizo_err err;
} asking;

static void look(void *arg)
{
    asking *k = arg;
    store *s = NULL;
    k->err = k->g->o.store ? k->g->o.store->open(k->g->o.store_path, STORE_READ, NULL, &s) : MIZO_ENOENT;
    if (!k->err)
        k->err = gate_who(s, k->kind, k->text, k->now, k->who, k->session);
    if (s)
        s->ops->close(s);
}

/* The answer to whoever is known, or not. */
static mizo_err judge(asking *k, mizo_err e)
{
    const http_request *r = k->c->request;
    char has[80], needs[80];
    bool maybe = k->open || k->route->login == LOGIN_MAYBE;
    bool out_of_reach = !e && *k->who->bureau && !api_of_bureau(k->route);
    if (e == MIZO_OK && (maybe || (!out_of_reach && role_may(k->who->roles, k->route->act))))
        return MIZO_OK;
    if (e && maybe) {
        *k->who = (actor){ 0 };
        return MIZO_OK;
    }
    if (e && e != MIZO_ENOENT) {
        api_problem(r, k->out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
        return e;
    }
    role_text(k->who->roles, has, sizeof has);
    role_text(act_roles(k->route->act), needs, sizeof needs);
    if (e)
        api_problem(r, k->out, 401, k->kind == AUTH_SESSION ? MIZO_MSG_SERVER_ENDED : MIZO_MSG_SERVER_LOGIN,
                    NULL, NULL);
    else if (out_of_reach)
        api_problem(r, k->out, 403, MIZO_MSG_SERVER_BUREAU, k->who->bureau, NULL);
    else
        api_problem(r, k->out, 403, MIZO_MSG_SERVER_ROLE, needs, has);
    gate_note(k->g, k->c, e ? "" : k->who->name, act_word(k->route->act),
              e              ? "session"
              : out_of_reach ? "bureau"
                             : "role",
              e ? 401 : 403);
    return MIZO_EINPUT;
}

static void looked(void *arg)
{
    asking *k = arg;
    if (!k->err) {
        remember(k->g, k->who, k->session, k->kind);
        if (k->kind == AUTH_SESSION)
            keep_use(k->g, k->session);
    }
    k->done(k->arg, judge(k, k->err));
    explicit_bzero(k, sizeof *k);
    free(k);
}

static void ask_store(asking *k)
{
    asking *own = malloc(sizeof *own);
    if (own)
        *own = *k;
    if (own && !k->g->o.env->ops->job(k->g->o.env, look, looked, own))
        return;
    free(own);
    api_problem(k->c->request, k->out, 503, MIZO_MSG_OUT_OF_MEMORY, NULL, NULL);
    k->done(k->arg, MIZO_ENOMEM);
}

bool gate_open(const api_route *route, bool local, bool everybody)
{
    bool reads = route->login == LOGIN_READ || route->login == LOGIN_PUBLIC;
    return route->login == LOGIN_NO || (reads && (everybody || local));
}

void gate_ask(gate *g, const api_call *c, const api_route *route, bool everybody, actor *who, ticket *session,
              http_response *out, gate_done done, void *arg)
{
    asking k = {
        .g = g, .c = c, .route = route, .who = who, .session = session, .out = out, .done = done, .arg = arg
    };
    k.open = gate_open(route, c->from.local, everybody);
    *who = (actor){ 0 };
    *session = (ticket){ 0 };
    if (k.open && !(route->login == LOGIN_READ && api_of_bureau(route))) {
        done(arg, MIZO_OK);
        return;
    }
    k.now = g->o.env->ops->wall_ms(g->o.env);
    k.kind = gate_safe(&c->from) ? auth_read(&c->request->proof, k.text) : AUTH_NONE;
    if (k.kind == AUTH_NONE || k.kind == AUTH_BROKEN) {
        done(arg, judge(&k, MIZO_ENOENT));
        return;
    }
    const gate_seen *seen = seen_of(g, k.text, g->o.env->ops->mono_ns(g->o.env));
    if (!seen || seen->kind != k.kind) {
        ask_store(&k);
        return;
    }
    *who = seen->who;
    *session = seen->t;
    done(arg, judge(&k, MIZO_OK));
}

/* ---- notes of refusals ---- */

typedef struct note {
    audit_row row;
    mizo_ms now;
    char who[ACTOR_ROOM], from[64], act[32], object[HTTP_PATH], why[32];
} note;

static mizo_err put_note(store *s, void *arg)
{
    const note *n = arg;
    return audit_add(s, &n->row, n->now);
}

static void note_kept(void *arg, mizo_err e)
{
    (void)e; /* a store that cannot be written says so itself */
    free(arg);
}

static void copy(char *out, size_t cap, const char *s)
{
    size_t n = strnlen(s, cap - 1);
    memcpy(out, s, n);
    out[n] = '\0';
}

void gate_note(gate *g, const api_call *c, const char *who, const char *act, const char *why, int status)
{
    writer *w = g->o.writer ? g->o.writer(g->o.arg) : NULL;
    uint64_t minute = g->o.env->ops->mono_ns(g->o.env) / 60000000000ull;
    if (minute != g->minute) {
        g->minute = minute;
        g->notes = 0;
    }
    note *n = w && g->notes < GATE_NOTES ? calloc(1, sizeof *n) : NULL;
    if (!n) {
        g->skipped++;
        return;
    }
    g->notes++;
    copy(n->who, sizeof n->who, who);
    copy(n->from, sizeof n->from, c->from.address);
    copy(n->act, sizeof n->act, act);
    copy(n->object, sizeof n->object, c->request->path);
    copy(n->why, sizeof n->why, why);
    n->now = g->o.env->ops->wall_ms(g->o.env);
    n->row =
        (audit_row){ .who = n->who,
                     .from = n->from,
                     .act = n->act,
                     .object = n->object,
                     .result = status == 401 || status == 403 || status == 429 ? AUDIT_DENIED : AUDIT_FAILED,
                     .why = n->why,
                     .skipped = g->skipped };
    writer_job job = { .run = put_note,
                       .done = note_kept,
                       .arg = n,
                       .known = n->now,
                       .actor = "mizo serve",
                       .source = "account" };
    if (writer_put(w, &job)) {
        g->skipped++;
        free(n);
        return;
    }
    g->skipped = 0;
}
