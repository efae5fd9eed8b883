/* api_login.c: /api/v1/login, /logout, /first, /link, /password, /me. The rules are town/people/user.h's. */
#include <stdio.h>
#include <string.h>

#include "base/shape.h"
#include "mizo/messages/account.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/people/user.h"

typedef struct body {
    char user[MIZO_ID_MAX], link[TICKET_ROOM], password[PASSWORD_ROOM], old[PASSWORD_ROOM];
} body;

#define FIELD(member) offsetof(body, member), sizeof((body *)0)->member

static const shape_field login_rows[] = {
    {"user",      SHAPE_TEXT, true, 1, MIZO_ID_MAX - 1,   NULL, FIELD(user)    },
    { "password", SHAPE_TEXT, true, 1, PASSWORD_ROOM - 1, NULL, FIELD(password)},
};
static const shape_field first_rows[] = {
    {"link",      SHAPE_TEXT, true, 1, TICKET_ROOM - 1,   NULL, FIELD(link)    },
    { "user",     SHAPE_ID,   true, 1, MIZO_ID_MAX - 1,   NULL, FIELD(user)    },
    { "password", SHAPE_TEXT, true, 1, PASSWORD_ROOM - 1, NULL, FIELD(password)},
};
static const shape_field link_rows[] = {
    {"link",      SHAPE_TEXT, true, 1, TICKET_ROOM - 1,   NULL, FIELD(link)    },
    { "password", SHAPE_TEXT, true, 1, PASSWORD_ROOM - 1, NULL, FIELD(password)},
};
static const shape_field password_rows[] = {
    {"old",       SHAPE_TEXT, true, 1, PASSWORD_ROOM - 1, NULL, FIELD(old)     },
    { "password", SHAPE_TEXT, true, 1, PASSWORD_ROOM - 1, NULL, FIELD(password)},
};

#define READ(w, rows, out) api_body((w), rows, sizeof rows / sizeof *rows, (out))

/* ---- whose tries count ---- */

void api_login_counted(const http_request *r, char key[64])
{
    body b;
    if (shape_read(login_rows, 2, r->body ? r->body : "", r->nbody, NULL, &b, NULL))
        b.user[0] = '\0';
    snprintf(key, 64, "user:%s", b.user);
    explicit_bzero(&b, sizeof b);
}

/* 256 random bits cannot be guessed: only the work is to be bounded. */
void api_link_counted(const http_request *r, char key[64])
{
    snprintf(key, 64, "link:%.56s", r->proof.peer);
}

/* A stolen session must not try passwords. */
void api_password_counted(const http_request *r, char key[64])
{
    char id[HASH_TEXT], text[TICKET_ROOM];
    (void)auth_read(&r->proof, text);
    hash_text(hash_bytes(text, strlen(text)), id);
    snprintf(key, 64, "session:%.40s", id);
    explicit_bzero(text, sizeof text);
}

/* ---- in the pool: passwords ---- */

/* Makes the hash of a password that fits; the rest goes on in the batch. */
static mizo_err make_fresh(api_write *w, const char *password, const char *user)
{
    if (password_fit(password, user, w->diags)) {
        w->why = "password";
        return api_mistakes(w->c->request, w->out, w->diags);
    }
    if (password_hash(password, w->fresh))
        return api_refuse(w, 503, "memory", MIZO_MSG_OUT_OF_MEMORY, NULL, NULL);
    return MIZO_OK;
}

static mizo_err check(api_write *w, const char *user, const char *password)
{
    account a;
    mizo_err e = account_check(w->store, user, password, &a, w->was);
    if (e == MIZO_OK)
        return MIZO_OK;
    if (e != MIZO_ECONFLICT)
        return api_refuse(w, 503, "store", MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    if (*a.id && !*w->who.name) /* who was tried; a name that is nobody's is not kept: it may be a password */
        memcpy(w->who.name, a.id, sizeof a.id);
    return api_refuse(w, 401, "password", MIZO_MSG_SERVER_WRONG_LOGIN, NULL, NULL);
}

mizo_err api_login_prepare(api_write *w)
{
    body b;
    mizo_err e = READ(w, login_rows, &b);
    if (!e)
        e = check(w, b.user, b.password);
    if (!e) {
        memcpy(w->name, b.user, sizeof w->name);
        memcpy(w->who.name, b.user, sizeof b.user);
    }
    explicit_bzero(&b, sizeof b);
    return e;
}

mizo_err api_first_prepare(api_write *w)
{
    body b;
    mizo_err e = READ(w, first_rows, &b);
    if (!e)
        e = make_fresh(w, b.password, b.user);
    if (!e) {
        memcpy(w->name, b.user, sizeof w->name);
        memcpy(w->who.name, b.user, sizeof b.user);
        memcpy(w->secret, b.link, sizeof w->secret);
    }
    explicit_bzero(&b, sizeof b);
    return e;
}

mizo_err api_link_prepare(api_write *w)
{
    body b;
    mizo_err e = READ(w, link_rows, &b);
    ticket t = { .user = "" };
    if (!e)
        e = make_fresh(w, b.password, "");
    if (!e && ticket_find(w->store, TICKET_LINK, b.link, w->now, &t) == MIZO_OK)
        memcpy(w->who.name, t.user, sizeof t.user);
    if (!e)
        memcpy(w->secret, b.link, sizeof w->secret);
    explicit_bzero(&b, sizeof b);
    return e;
}

mizo_err api_password_prepare(api_write *w)
{
    body b;
    mizo_err e = READ(w, password_rows, &b);
    if (!e)
        e = check(w, w->who.name, b.old);
    if (!e)
        e = make_fresh(w, b.password, w->who.name);
    memcpy(w->name, w->who.name, sizeof w->name);
    explicit_bzero(&b, sizeof b);
    return e;
}

/* ---- in the batch ---- */

static user_act act_of(api_write *w)
{
    return (user_act){ .env = w->c->env,
                       .store = w->store,
                       .who = w->who.name,
                       .from = w->c->from.address,
                       .now = w->now,
                       .diags = w->diags };
}

static void put_me(const api_call *c, json *j, const char *user, unsigned roles, const char *bureau,
                   const char *text, const ticket *t)
{
    char csrf[HASH_TEXT];
    json_text(j, "user", user);
    json_array(j, "roles");
    for (int i = 0; role_words[i]; i++)
        if (roles & 1u << i)
            json_text(j, NULL, role_words[i]);
    json_end(j);
    json_text(j, "bureau", *bureau ? bureau : NULL);
    if (text) {
        ticket_csrf(text, csrf);
        json_text(j, "csrf", csrf);
        json_int(j, "idle_s", TICKET_IDLE_MS / 1000);
        json_time(j, "ends", t->ends, c->view ? c->view->region->offset : MIZO_JAPAN_OFFSET);
    } else {
        json_null(j, "csrf");
        json_null(j, "idle_s");
        json_null(j, "ends");
    }
}

/* Gives w->name a session whose password was compared with `was`; the answer says who it is. */
static mizo_err give_session(api_write *w, const char *was)
{
    user_act u = act_of(w);
    account a;
    ticket t;
    char text[TICKET_ROOM];
    mizo_err e = user_login(&u, w->name, was, &t, text);
    if (e == MIZO_ECONFLICT || e == MIZO_ENOENT)
        return api_refuse(w, 401, "password", MIZO_MSG_SERVER_WRONG_LOGIN, NULL, NULL);
    MIZO_TRY(e);
    MIZO_TRY(account_get(w->store, w->name, &a));
    json j;
    api_begin(w->out, &j);
    put_me(w->c, &j, a.id, a.roles, a.bureau, text, &t);
    json_end(&j);
    auth_cookie(text, w->c->from.secure, w->out->cookie, sizeof w->out->cookie);
    explicit_bzero(text, sizeof text);
    w->noted = true;
    return MIZO_OK;
}

/* What user.h says no to. */
static mizo_err said_no(api_write *w, mizo_err e, const char *why)
{
    if (e != MIZO_ENOENT && e != MIZO_ECONFLICT && e != MIZO_EINPUT)
        return e;
    const mizo_diag *d = mizo_diags_kept(w->diags) ? mizo_diags_at(w->diags, 0) : NULL;
    return api_refuse(w, e == MIZO_ECONFLICT ? 409 : 403, why, d ? d->id : MIZO_MSG_USER_LINK,
                      d ? d->param[0] : NULL, NULL);
}

mizo_err api_login_write(api_write *w)
{
    return give_session(w, w->was);
}

mizo_err api_first_write(api_write *w)
{
    user_act u = act_of(w);
    mizo_err e = user_first(&u, w->secret, w->name, w->fresh);
    return e ? said_no(w, e, "link") : give_session(w, w->fresh);
}

mizo_err api_link_write(api_write *w)
{
    user_act u = act_of(w);
    mizo_err e = user_by_link(&u, w->secret, w->fresh, w->name);
    return e ? said_no(w, e, "link") : give_session(w, w->fresh);
}

mizo_err api_password_write(api_write *w)
{
    user_act u = act_of(w);
    mizo_err e = user_password(&u, w->name, w->was, w->fresh);
    return e ? said_no(w, e, "password") : give_session(w, w->fresh);
}

mizo_err api_logout_write(api_write *w)
{
    if (*w->session.id)
        MIZO_TRY(ticket_end(w->store, TICKET_SESSION, w->session.id));
    w->session.id[0] = '\0'; /* its use is not kept any more */
    w->out->status = 200;
    w->out->type = "application/json";
    buf_str(&w->out->body, "{\"user\":null}");
    auth_cookie(NULL, w->c->from.secure, w->out->cookie, sizeof w->out->cookie);
    snprintf(w->object, sizeof w->object, "user/%s", w->who.name);
    return MIZO_OK;
}

/* ---- who am I ---- */

static void put_nobody(const api_call *c, json *j)
{
    bool any = false;
    store *s = NULL;
    if (c->store && c->store->open(c->store_path, STORE_READ, NULL, &s) == MIZO_OK) {
        if (account_any(s, &any))
            any = true;
        s->ops->close(s);
    }
    json_null(j, "user");
    json_array(j, "roles");
    json_end(j);
    json_null(j, "bureau");
    json_null(j, "csrf");
    json_null(j, "idle_s");
    json_null(j, "ends");
    json_bool(j, "users", any);
}

void api_me(const api_call *c, http_response *out)
{
    json j;
    char text[TICKET_ROOM];
    api_begin(out, &j);
    if (c->who) {
        bool cookie = auth_read(&c->request->proof, text) == AUTH_SESSION;
        put_me(c, &j, c->who->name, c->who->roles, c->who->bureau, cookie ? text : NULL, c->session);
        json_bool(&j, "users", true);
    } else {
        put_nobody(c, &j);
    }
    explicit_bzero(text, sizeof text);
    json_end(&j);
}
