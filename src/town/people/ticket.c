/* ticket.c: see ticket.h. */
#include "town/people/ticket.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "town/people/role.h"

static const char *const kinds[] = { "link", "session", "token" };
static const char token_mark[] = "mizo_";

#define FIELD(member) offsetof(ticket, member), sizeof((ticket *)0)->member

static const shape_field rows[] = {
    {"user",   SHAPE_TEXT,  true, 0, 40,        NULL,       FIELD(user) },
    { "roles", SHAPE_WORDS, true, 0, 0,         role_words, FIELD(roles)},
    { "made",  SHAPE_INT,   true, 0, INT64_MAX, NULL,       FIELD(made) },
    { "used",  SHAPE_INT,   true, 0, INT64_MAX, NULL,       FIELD(used) },
    { "ends",  SHAPE_INT,   true, 0, INT64_MAX, NULL,       FIELD(ends) },
    { "label", SHAPE_TEXT,  true, 0, 79,        NULL,       FIELD(label)},
};
enum { ROWS = sizeof rows / sizeof *rows, SECRET_BYTES = 32 };

/* ---- texts ---- */

static void id_of(const char *text, char id[HASH_TEXT])
{
    hash_text(hash_bytes(text, strlen(text)), id);
}

static void make_text(env *e, ticket_kind kind, char out[TICKET_ROOM])
{
    unsigned char raw[SECRET_BYTES];
    size_t n = kind == TICKET_TOKEN ? sizeof token_mark - 1 : 0;
    e->ops->random(e, raw, sizeof raw);
    memcpy(out, token_mark, n);
    sodium_bin2base64(out + n, TICKET_ROOM - n, raw, sizeof raw, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(raw, sizeof raw);
}

void ticket_csrf(const char *text, char out[HASH_TEXT])
{
    static const char salt[] = "mizo csrf 1:";
    hash_run r;
    hash_begin(&r);
    hash_more(&r, salt, sizeof salt - 1);
    hash_more(&r, text, strlen(text));
    hash_text(hash_end(&r), out);
}

bool ticket_csrf_is(const char *text, const char *csrf)
{
    char want[HASH_TEXT];
    ticket_csrf(text, want);
    bool same = strlen(csrf) == HASH_TEXT - 1 && sodium_memcmp(want, csrf, HASH_TEXT - 1) == 0;
    sodium_memzero(want, sizeof want);
    return same;
}

/* ---- rows ---- */

static mizo_err put(store *s, ticket_kind kind, const ticket *t)
{
    buf text;
    json j;
    buf_init(&text, 4096);
    json_init(&j, &text);
    json_object(&j, NULL);
    shape_write(rows, ROWS, t, &j);
    json_end(&j);
    mizo_err e = text.err ? text.err : s->ops->secret_put(s, kinds[kind], t->id, text.p, NULL);
    buf_fini(&text);
    return e;
}

static mizo_err get(const store_record *r, ticket *t)
{
    size_t n = strlen(r->id);
    if (n >= sizeof t->id || shape_read(rows, ROWS, r->json, strlen(r->json), NULL, t, NULL))
        return MIZO_ESTORE;
    memcpy(t->id, r->id, n + 1);
    return MIZO_OK;
}

mizo_err ticket_new(store *s, env *e, ticket_kind kind, mizo_ms now, ticket *t, char text[TICKET_ROOM])
{
    t->made = t->used = now;
    make_text(e, kind, text);
    id_of(text, t->id);
    return put(s, kind, t);
}

bool ticket_good(const ticket *t, ticket_kind kind, mizo_ms now)
{
    if (now >= t->ends || now < t->made - TICKET_BACK_MS)
        return false;
    return kind != TICKET_SESSION || now - t->used < TICKET_IDLE_MS;
}

typedef struct finding {
    ticket *out;
    bool found;
} finding;

static mizo_err find(void *arg, const store_record *r)
{
    finding *f = arg;
    f->found = true;
    return get(r, f->out);
}

mizo_err ticket_find(store *s, ticket_kind kind, const char *text, mizo_ms now, ticket *out)
{
    char id[HASH_TEXT];
    finding f = { out, false };
    id_of(text, id);
    MIZO_TRY(s->ops->secret_scan(s, kinds[kind], id, find, &f));
    if (!f.found || sodium_memcmp(id, out->id, sizeof id) || !ticket_good(out, kind, now))
        return MIZO_ENOENT;
    return MIZO_OK;
}

mizo_err ticket_touch(store *s, ticket_kind kind, const ticket *t, mizo_ms now)
{
    ticket next = *t;
    next.used = now;
    return put(s, kind, &next);
}

mizo_err ticket_end(store *s, ticket_kind kind, const char *id)
{
    return s->ops->secret_put(s, kinds[kind], id, NULL, NULL);
}

/* ---- many ---- */

typedef struct telling {
    const char *user;
    mizo_err (*fn)(void *, const ticket *);
    void *arg;
} telling;

static mizo_err tell(void *arg, const store_record *r)
{
    telling *t = arg;
    ticket row;
    MIZO_TRY(get(r, &row));
    return t->user && strcmp(t->user, row.user) ? MIZO_OK : t->fn(t->arg, &row);
}

mizo_err ticket_each(store *s, ticket_kind kind, const char *user, mizo_err (*fn)(void *, const ticket *),
                     void *arg)
{
    telling t = { user, fn, arg };
    return s->ops->secret_scan(s, kinds[kind], NULL, tell, &t);
}

/* The ids first: what is scanned is not changed under the scan. */
typedef struct ending {
    ticket_kind kind;
    const char *except;
    mizo_ms now; /* 0: all of them */
    char (*id)[HASH_TEXT];
    size_t n, cap;
} ending;

static mizo_err list(void *arg, const ticket *t)
{
    ending *x = arg;
    if ((x->except && strcmp(x->except, t->id) == 0) || (x->now && ticket_good(t, x->kind, x->now)))
        return MIZO_OK;
    if (x->n == x->cap) {
        size_t cap = x->cap ? 2 * x->cap : 16;
        char(*more)[HASH_TEXT] = realloc(x->id, cap * sizeof *more);
        if (!more)
            return MIZO_ENOMEM;
        x->id = more;
        x->cap = cap;
    }
    memcpy(x->id[x->n++], t->id, HASH_TEXT);
    return MIZO_OK;
}

static mizo_err end_listed(store *s, ending *x, const char *user)
{
    mizo_err e = ticket_each(s, x->kind, user, list, x);
    for (size_t i = 0; !e && i < x->n; i++)
        e = ticket_end(s, x->kind, x->id[i]);
    free(x->id);
    return e;
}

mizo_err ticket_end_all(store *s, ticket_kind kind, const char *user, const char *except)
{
    ending x = { .kind = kind, .except = except };
    return end_listed(s, &x, user);
}

mizo_err ticket_sweep(store *s, ticket_kind kind, mizo_ms now)
{
    ending x = { .kind = kind, .now = now };
    return end_listed(s, &x, NULL);
}
