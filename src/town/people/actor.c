/* actor.c: see actor.h. */
#include "town/people/actor.h"

#include <stdio.h>
#include <string.h>

#include "mizo/messages/account.h"
#include "mizo/messages/store.h"
#include "town/people/audit.h"
#include "town/town.h"

static const char cli_mark[] = "cli:";

bool actor_same(const char *a, const char *b)
{
    size_t n = sizeof cli_mark - 1;
    a += strncmp(a, cli_mark, n) == 0 ? n : 0;
    b += strncmp(b, cli_mark, n) == 0 ? n : 0;
    return strcmp(a, b) == 0;
}

mizo_err actor_second(const char *first, const actor *now, mizo_diags *d)
{
    if (!actor_same(first, now->name))
        return MIZO_OK;
    MIZO_DIAG(d, ACTOR_SECOND, MIZO_NOWHERE, first, now->name);
    return MIZO_ECONFLICT;
}

mizo_err actor_may(const actor *a, town_act act, mizo_diags *d)
{
    if (role_may(a->roles, act))
        return MIZO_OK;
    char has[80], needs[80];
    role_text(a->roles, has, sizeof has);
    role_text(act_roles(act), needs, sizeof needs);
    MIZO_DIAG(d, ACTOR_ROLE, MIZO_NOWHERE, a->name, has, act_word(act), needs);
    return MIZO_EINPUT;
}

bool actor_reaches(const actor *a, const mizo_region *r, mizo_ref facility)
{
    return !*a->bureau || (facility >= 0 && strcmp(r->facility[facility].bureau, a->bureau) == 0);
}

mizo_err actor_may_enter(const actor *a, const mizo_region *r, const char *facility, mizo_place at,
                         mizo_diags *d)
{
    mizo_ref f = *facility ? mizo_region_facility(r, facility) : -1;
    if (actor_reaches(a, r, f))
        return MIZO_OK;
    MIZO_DIAG(d, ACTOR_BUREAU, at, a->name, a->bureau, *facility ? facility : "-",
              f >= 0 && *r->facility[f].bureau ? r->facility[f].bureau : "-");
    return MIZO_EINPUT;
}

/* ---- the command line ---- */

/* A login name as an id: what an id cannot hold becomes a dash. */
static void unnamed(const char *login, actor *out)
{
    char id[MIZO_ID_MAX];
    size_t n = strnlen(login, sizeof id - 1);
    for (size_t i = 0; i < n; i++) {
        char c = login[i] >= 'A' && login[i] <= 'Z' ? (char)(login[i] - 'A' + 'a') : login[i];
        id[i] = mizo_id_valid(&c, 1) ? c : '-';
    }
    snprintf(out->name, sizeof out->name, "%s%.*s", cli_mark, (int)n, id);
    out->roles = ROLE_ALL;
}

static mizo_err refuse(env *e, const char *path, const actor *a, town_act act, const char *why)
{
    audit_row row = {
        .who = a->name, .from = "cli", .act = act_word(act), .result = AUDIT_DENIED, .why = why
    };
    return audit_alone(path, &row, e->ops->wall_ms(e));
}

static mizo_err check_user(env *e, store *s, const char *path, town_act act, actor_password ask, void *arg,
                           mizo_diags *d, actor *out)
{
    char password[PASSWORD_ROOM], hash[PASSWORD_HASH];
    account a;
    mizo_err err = ask(arg, out->name, password, d);
    if (!err)
        err = account_check(s, out->name, password, &a, hash);
    password_wipe(password, sizeof password);
    password_wipe(hash, sizeof hash);
    if (err == MIZO_ECONFLICT) {
        MIZO_DIAG(d, ACTOR_REFUSED, MIZO_NOWHERE, out->name);
        MIZO_TRY(refuse(e, path, out, act, "password"));
        return MIZO_EINPUT;
    }
    MIZO_TRY(err);
    out->user = true;
    out->roles = a.roles;
    memcpy(out->bureau, a.bureau, sizeof out->bureau);
    err = actor_may(out, act, d);
    if (err)
        MIZO_TRY(refuse(e, path, out, act, "role"));
    return err;
}

static mizo_err find(env *e, store *s, const char *dir, const char *path, const char *as, const char *login,
                     town_act act, actor_password ask, void *arg, mizo_diags *d, actor *out)
{
    bool any = false;
    if (s)
        MIZO_TRY(account_any(s, &any));
    if (!any) {
        unnamed(as ? as : login, out);
        return MIZO_OK;
    }
    if (!as) {
        MIZO_DIAG(d, ACTOR_WHO, MIZO_NOWHERE, dir);
        return MIZO_EINPUT;
    }
    memcpy(out->name, as, strlen(as) + 1);
    return check_user(e, s, path, act, ask, arg, d, out);
}

/* A store that is not there, or has an older layout, has no users yet. */
static mizo_err open_if_there(const char *path, store **out)
{
    mizo_diags *quiet = mizo_diags_new(8);
    mizo_err e = store_sqlite.open(path, STORE_READ, quiet, out);
    for (size_t i = 0; e && i < mizo_diags_kept(quiet); i++)
        if (mizo_diags_at(quiet, i)->id == MIZO_MSG_STORE_OLDER)
            e = MIZO_ENOENT;
    mizo_diags_free(quiet);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

mizo_err actor_find(env *e, const char *dir, const char *as, const char *login, town_act act,
                    actor_password password, void *arg, mizo_diags *d, actor *out)
{
    *out = (actor){ 0 };
    if (as && !mizo_id_valid(as, strlen(as))) {
        MIZO_DIAG(d, ACTOR_NAME, MIZO_NOWHERE, as);
        return MIZO_EINPUT;
    }
    buf path;
    store *s = NULL;
    buf_init(&path, 1 << 14);
    town_store_path(dir, &path);
    mizo_err err = path.err ? path.err : open_if_there(path.p, &s);
    if (err)
        store_explain(d, path.p ? path.p : dir, err);
    else
        err = find(e, s, dir, path.p, as, login, act, password, arg, d, out);
    if (s)
        s->ops->close(s);
    buf_fini(&path);
    return err;
}
