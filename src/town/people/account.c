/* account.c: see account.h. */
#include "town/people/account.h"

#include <string.h>

#include "base/shape.h"

#define FIELD(type, member) offsetof(type, member), sizeof((type *)0)->member

static const char user_kind[] = "user", password_kind[] = "password";

static const shape_field user_rows[] = {
    {"roles",   SHAPE_WORDS, true,  0, 0,                  role_words, FIELD(account, roles) },
    { "on",     SHAPE_BOOL,  true,  0, 0,                  NULL,       FIELD(account, on)    },
    { "bureau", SHAPE_TEXT,  false, 1, ACCOUNT_BUREAU - 1, NULL,       FIELD(account, bureau)},
};
enum { USER_ROWS = sizeof user_rows / sizeof *user_rows };

typedef struct password_row {
    char hash[PASSWORD_HASH];
    int64_t set; /* ms */
} password_row;

static const shape_field password_rows[] = {
    {"hash", SHAPE_TEXT, true, 1, PASSWORD_HASH, NULL, FIELD(password_row, hash)},
    { "set", SHAPE_INT,  true, 0, INT64_MAX,     NULL, FIELD(password_row, set) },
};
enum { PASSWORD_ROWS = sizeof password_rows / sizeof *password_rows };

/* ---- users ---- */

/* What we wrote ourselves and cannot read any more is a damaged store. */
static mizo_err read_user(const store_record *r, account *a)
{
    size_t n = strlen(r->id);
    if (n >= sizeof a->id || shape_read(user_rows, USER_ROWS, r->json, strlen(r->json), NULL, a, NULL))
        return MIZO_ESTORE;
    memcpy(a->id, r->id, n + 1);
    a->version = r->version;
    return MIZO_OK;
}

typedef struct finding {
    account *out;
    bool found;
} finding;

static mizo_err find_user(void *arg, const store_record *r)
{
    finding *f = arg;
    f->found = true;
    return read_user(r, f->out);
}

mizo_err account_get(store *s, const char *id, account *out)
{
    finding f = { out, false };
    *out = (account){ 0 };
    MIZO_TRY(s->ops->record_scan(s, user_kind, id, find_user, &f));
    return f.found ? MIZO_OK : MIZO_ENOENT;
}

mizo_err account_put(store *s, const account *a)
{
    buf text;
    json j;
    buf_init(&text, 4096);
    json_init(&j, &text);
    json_object(&j, NULL);
    shape_write(user_rows, USER_ROWS, a, &j);
    json_end(&j);
    mizo_err e = text.err ? text.err : s->ops->record_put(s, user_kind, a->id, text.p, NULL);
    buf_fini(&text);
    return e;
}

typedef struct telling {
    mizo_err (*fn)(void *, const account *);
    void *arg;
} telling;

static mizo_err tell_user(void *arg, const store_record *r)
{
    telling *t = arg;
    account a = { 0 };
    MIZO_TRY(read_user(r, &a));
    return t->fn(t->arg, &a);
}

mizo_err account_each(store *s, mizo_err (*fn)(void *, const account *), void *arg)
{
    telling t = { fn, arg };
    return s->ops->record_scan(s, user_kind, NULL, tell_user, &t);
}

static mizo_err one_is_enough(void *arg, const store_record *r)
{
    (void)r;
    *(bool *)arg = true;
    return MIZO_ECANCELED;
}

mizo_err account_any(store *s, bool *any)
{
    *any = false;
    mizo_err e = s->ops->record_scan(s, user_kind, NULL, one_is_enough, any);
    return e == MIZO_ECANCELED ? MIZO_OK : e;
}

/* ---- passwords ---- */

typedef struct hash_finding {
    char *out;
    bool found;
} hash_finding;

static mizo_err find_hash(void *arg, const store_record *r)
{
    hash_finding *f = arg;
    password_row row;
    if (shape_read(password_rows, PASSWORD_ROWS, r->json, strlen(r->json), NULL, &row, NULL))
        return MIZO_ESTORE;
    memcpy(f->out, row.hash, PASSWORD_HASH);
    password_wipe(&row, sizeof row);
    f->found = true;
    return MIZO_OK;
}

mizo_err account_hash(store *s, const char *id, char out[PASSWORD_HASH])
{
    hash_finding f = { out, false };
    memset(out, 0, PASSWORD_HASH);
    MIZO_TRY(s->ops->secret_scan(s, password_kind, id, find_hash, &f));
    return f.found ? MIZO_OK : MIZO_ENOENT;
}

mizo_err account_set_hash(store *s, const char *id, const char *hash, mizo_ms now)
{
    if (!hash)
        return s->ops->secret_put(s, password_kind, id, NULL, NULL);
    password_row row = { .set = now };
    buf text;
    json j;
    memcpy(row.hash, hash, strnlen(hash, sizeof row.hash - 1));
    buf_init(&text, 1024);
    json_init(&j, &text);
    json_object(&j, NULL);
    shape_write(password_rows, PASSWORD_ROWS, &row, &j);
    json_end(&j);
    mizo_err e = text.err ? text.err : s->ops->secret_put(s, password_kind, id, text.p, NULL);
    if (text.p)
        password_wipe(text.p, text.n);
    buf_fini(&text);
    password_wipe(&row, sizeof row);
    return e;
}

mizo_err account_check(store *s, const char *id, const char *password, account *out, char hash[PASSWORD_HASH])
{
    mizo_err found = account_get(s, id, out), known = account_hash(s, id, hash);
    if ((found && found != MIZO_ENOENT) || (known && known != MIZO_ENOENT))
        return found && found != MIZO_ENOENT ? found : known;
    bool right = password_matches(password, known ? NULL : hash);
    return right && !found && out->on ? MIZO_OK : MIZO_ECONFLICT;
}
