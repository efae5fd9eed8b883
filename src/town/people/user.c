/* user.c: see user.h. */
#include "town/people/user.h"

#include <stdio.h>
#include <string.h>

#include "mizo/messages/account.h"
#include "town/people/audit.h"

enum { FIRST_ROLES = ROLE_OPERATOR | ROLE_APPROVER, DAY_MS = 86400000, SHORT_LEAST = 8 };

/* ---- pieces ---- */

static mizo_err note(const user_act *u, const char *act, const char *id, const char *before,
                     const char *after)
{
    char object[80];
    snprintf(object, sizeof object, "user/%s", id);
    audit_row row = {
        .who = u->who, .from = u->from, .act = act, .object = object, .before = before, .after = after
    };
    return audit_add(u->store, &row, u->now);
}

static mizo_err find(const user_act *u, const char *id, account *a)
{
    mizo_err e = account_get(u->store, id, a);
    if (e == MIZO_ENOENT)
        MIZO_DIAG(u->diags, USER_NONE, MIZO_NOWHERE, id);
    return e;
}

/* "editor, 教育委員会": for the audit trail. */
static void describe(const account *a, char *out, size_t cap)
{
    char roles[80];
    role_text(a->roles, roles, sizeof roles);
    snprintf(out, cap, "%s%s%s", roles, *a->bureau ? ", " : "", a->bureau);
}

static mizo_err new_link(const user_act *u, const char *id, char link[TICKET_ROOM])
{
    ticket t = { .ends = u->now + TICKET_LINK_MS };
    memcpy(t.user, id, strlen(id) + 1);
    MIZO_TRY(ticket_sweep(u->store, TICKET_LINK, u->now));
    MIZO_TRY(ticket_end_all(u->store, TICKET_LINK, id, NULL));
    return ticket_new(u->store, u->env, TICKET_LINK, u->now, &t, link);
}

/* What a link says; it is used up. */
static mizo_err take_link(const user_act *u, const char *link, ticket *t)
{
    mizo_err e = ticket_find(u->store, TICKET_LINK, link, u->now, t);
    if (e == MIZO_ENOENT)
        MIZO_DIAG(u->diags, USER_LINK, MIZO_NOWHERE, NULL);
    MIZO_TRY(e);
    return ticket_end(u->store, TICKET_LINK, t->id);
}

static mizo_err end_sessions(const user_act *u, const char *id)
{
    return ticket_end_all(u->store, TICKET_SESSION, id, NULL);
}

static mizo_err check_id(const user_act *u, const char *id)
{
    if (mizo_id_valid(id, strlen(id)))
        return MIZO_OK;
    MIZO_DIAG(u->diags, USER_ID, MIZO_NOWHERE, id);
    return MIZO_EINPUT;
}

/* The bureaus of the town's facilities, with commas between. */
static void list_bureaus(const mizo_region *r, buf *out)
{
    for (size_t i = 0; i < r->nfacility; i++) {
        const char *b = r->facility[i].bureau;
        size_t k = 0;
        while (k < i && strcmp(r->facility[k].bureau, b) != 0)
            k++;
        if (k == i && *b)
            buf_printf(out, "%s%s", out->n ? ", " : "", b);
    }
}

static mizo_err check_bureau(const user_act *u, unsigned roles, const char *bureau)
{
    MIZO_TRY(role_check_bureau(roles, bureau, u->diags));
    if (!*bureau || !u->region)
        return MIZO_OK;
    for (size_t i = 0; i < u->region->nfacility; i++)
        if (strcmp(u->region->facility[i].bureau, bureau) == 0 && strlen(bureau) < ACCOUNT_BUREAU)
            return MIZO_OK;
    buf all;
    buf_init(&all, 2000);
    list_bureaus(u->region, &all);
    MIZO_DIAG(u->diags, USER_BUREAU, MIZO_NOWHERE, bureau, all.n ? all.p : "-");
    buf_fini(&all);
    return MIZO_EINPUT;
}

/* ---- from the command line ---- */

mizo_err user_add(const user_act *u, const char *id, unsigned roles, const char *bureau,
                  char link[TICKET_ROOM])
{
    account a = { .roles = roles, .on = true };
    char text[240];
    MIZO_TRY(check_id(u, id));
    MIZO_TRY(role_check(roles, u->diags));
    MIZO_TRY(check_bureau(u, roles, bureau));
    mizo_err e = account_get(u->store, id, &(account){ 0 });
    if (e == MIZO_OK)
        MIZO_DIAG(u->diags, USER_THERE, MIZO_NOWHERE, id);
    if (e != MIZO_ENOENT)
        return e ? e : MIZO_ECONFLICT;
    memcpy(a.id, id, strlen(id) + 1);
    snprintf(a.bureau, sizeof a.bureau, "%s", bureau);
    describe(&a, text, sizeof text);
    MIZO_TRY(account_put(u->store, &a));
    MIZO_TRY(ticket_end_all(u->store, TICKET_LINK, "", NULL)); /* there is a first user now */
    MIZO_TRY(new_link(u, id, link));
    return note(u, "user-add", id, NULL, text);
}

mizo_err user_reset(const user_act *u, const char *id, char link[TICKET_ROOM])
{
    account a;
    MIZO_TRY(find(u, id, &a));
    MIZO_TRY(account_set_hash(u->store, id, NULL, u->now));
    MIZO_TRY(end_sessions(u, id));
    MIZO_TRY(ticket_end_all(u->store, TICKET_TOKEN, id, NULL));
    MIZO_TRY(new_link(u, id, link));
    return note(u, "user-reset", id, NULL, NULL);
}

mizo_err user_roles(const user_act *u, const char *id, unsigned roles, const char *bureau)
{
    account a;
    char was[240], is[240];
    MIZO_TRY(role_check(roles, u->diags));
    MIZO_TRY(find(u, id, &a));
    MIZO_TRY(check_bureau(u, roles, bureau ? bureau : a.bureau));
    describe(&a, was, sizeof was);
    a.roles = roles;
    if (bureau)
        snprintf(a.bureau, sizeof a.bureau, "%s", bureau);
    describe(&a, is, sizeof is);
    MIZO_TRY(account_put(u->store, &a));
    MIZO_TRY(end_sessions(u, id));
    return note(u, "user-role", id, was, is);
}

mizo_err user_switch(const user_act *u, const char *id, bool on)
{
    account a;
    MIZO_TRY(find(u, id, &a));
    const char *was = a.on ? "on" : "off";
    a.on = on;
    MIZO_TRY(account_put(u->store, &a));
    MIZO_TRY(end_sessions(u, id));
    if (!on)
        MIZO_TRY(ticket_end_all(u->store, TICKET_TOKEN, id, NULL));
    return note(u, "user-switch", id, was, on ? "on" : "off");
}

/* ---- tokens ---- */

mizo_err user_token(const user_act *u, const char *id, unsigned roles, const char *label, int days,
                    char text[TICKET_ROOM])
{
    account a;
    char may[80];
    MIZO_TRY(find(u, id, &a));
    ticket t = { .roles = roles ? roles & a.roles : a.roles, .ends = u->now + (int64_t)days * DAY_MS };
    if (roles & ~a.roles) {
        role_text(a.roles, may, sizeof may);
        MIZO_DIAG(u->diags, USER_TOKEN_ROLES, MIZO_NOWHERE, id, may);
        return MIZO_EINPUT;
    }
    memcpy(t.user, a.id, sizeof t.user);
    snprintf(t.label, sizeof t.label, "%s", label);
    role_text(t.roles, may, sizeof may);
    MIZO_TRY(ticket_sweep(u->store, TICKET_TOKEN, u->now));
    MIZO_TRY(ticket_new(u->store, u->env, TICKET_TOKEN, u->now, &t, text));
    return note(u, "token-add", id, NULL, may);
}

typedef struct matching {
    const char *short_id;
    int n;
    char id[HASH_TEXT];
} matching;

static mizo_err match(void *arg, const ticket *t)
{
    matching *m = arg;
    if (strncmp(t->id, m->short_id, strlen(m->short_id)) == 0) {
        memcpy(m->id, t->id, sizeof m->id);
        m->n++;
    }
    return MIZO_OK;
}

mizo_err user_revoke(const user_act *u, const char *id, const char *short_id)
{
    account a;
    matching m = { .short_id = short_id };
    MIZO_TRY(find(u, id, &a));
    if (strlen(short_id) >= SHORT_LEAST)
        MIZO_TRY(ticket_each(u->store, TICKET_TOKEN, id, match, &m));
    if (m.n != 1) {
        MIZO_DIAG(u->diags, USER_NO_TOKEN, MIZO_NOWHERE, id, short_id);
        return MIZO_ENOENT;
    }
    MIZO_TRY(ticket_end(u->store, TICKET_TOKEN, m.id));
    return note(u, "token-revoke", id, short_id, NULL);
}

/* ---- by a link ---- */

static mizo_err nobody_yet(const user_act *u)
{
    bool any;
    MIZO_TRY(account_any(u->store, &any));
    if (any)
        MIZO_DIAG(u->diags, USER_NOT_FIRST, MIZO_NOWHERE, NULL);
    return any ? MIZO_ECONFLICT : MIZO_OK;
}

mizo_err user_first_link(const user_act *u, char link[TICKET_ROOM])
{
    MIZO_TRY(nobody_yet(u));
    return new_link(u, "", link);
}

static mizo_err link_in_batch(const user_act *u, char link[TICKET_ROOM])
{
    const store_ops *ops = u->store->ops;
    bool any;
    MIZO_TRY(account_any(u->store, &any));
    if (any)
        return MIZO_OK;
    store_batch b = { .known = u->now, .actor = u->who, .source = "account", .note = "" };
    MIZO_TRY(ops->batch_begin(u->store, &b));
    mizo_err e = user_first_link(u, link);
    if (!e)
        return ops->batch_commit(u->store);
    ops->batch_rollback(u->store);
    return e;
}

mizo_err user_at_start(env *e, const char *store_path, mizo_diags *d, char link[TICKET_ROOM])
{
    user_act u = { .env = e, .who = "mizo serve", .from = "", .now = e->ops->wall_ms(e) };
    link[0] = '\0';
    mizo_err err = store_sqlite.open(store_path, STORE_WRITE, d, &u.store);
    if (err)
        return err;
    err = link_in_batch(&u, link);
    store_explain(d, store_path, err == MIZO_ECONFLICT ? MIZO_OK : err);
    u.store->ops->close(u.store);
    return err == MIZO_ECONFLICT ? MIZO_OK : err;
}

mizo_err user_first(const user_act *u, const char *link, const char *id, const char *fresh)
{
    ticket t;
    account a = { .roles = FIRST_ROLES, .on = true };
    MIZO_TRY(check_id(u, id));
    MIZO_TRY(nobody_yet(u));
    MIZO_TRY(take_link(u, link, &t));
    if (*t.user)
        return MIZO_ENOENT;
    memcpy(a.id, id, strlen(id) + 1);
    MIZO_TRY(account_put(u->store, &a));
    MIZO_TRY(account_set_hash(u->store, id, fresh, u->now));
    return note(u, "user-first", id, NULL, "operator,approver");
}

mizo_err user_by_link(const user_act *u, const char *link, const char *fresh, char id[MIZO_ID_MAX])
{
    ticket t;
    account a;
    MIZO_TRY(take_link(u, link, &t));
    if (!*t.user)
        return MIZO_ENOENT;
    MIZO_TRY(find(u, t.user, &a));
    MIZO_TRY(account_set_hash(u->store, a.id, fresh, u->now));
    MIZO_TRY(end_sessions(u, a.id));
    memcpy(id, a.id, sizeof a.id);
    return note(u, "password", a.id, NULL, "link");
}

/* ---- by the password ---- */

/* MIZO_ECONFLICT: it is not the one that was compared with, or the user is off. */
static mizo_err unchanged(const user_act *u, const char *id, const char *was)
{
    account a;
    char now[PASSWORD_HASH];
    MIZO_TRY(account_get(u->store, id, &a));
    MIZO_TRY(account_hash(u->store, id, now));
    bool same = strcmp(now, was) == 0;
    password_wipe(now, sizeof now);
    return same && a.on ? MIZO_OK : MIZO_ECONFLICT;
}

mizo_err user_password(const user_act *u, const char *id, const char *was, const char *fresh)
{
    MIZO_TRY(unchanged(u, id, was));
    MIZO_TRY(account_set_hash(u->store, id, fresh, u->now));
    MIZO_TRY(end_sessions(u, id));
    return note(u, "password", id, NULL, "self");
}

mizo_err user_login(const user_act *u, const char *id, const char *was, ticket *session,
                    char text[TICKET_ROOM])
{
    MIZO_TRY(unchanged(u, id, was));
    *session = (ticket){ .ends = u->now + TICKET_SESSION_MS };
    memcpy(session->user, id, strlen(id) + 1);
    snprintf(session->label, sizeof session->label, "%s", u->from);
    MIZO_TRY(ticket_sweep(u->store, TICKET_SESSION, u->now));
    MIZO_TRY(ticket_new(u->store, u->env, TICKET_SESSION, u->now, session, text));
    return note(u, "login", id, NULL, NULL);
}
