/* people.c: sealing, opening, forgetting. */
#include "town/people/people.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "mizo/messages/people.h"
#include "mizo/series.h"

enum { FORM = 1, PAD = 256, HEAD = 1 + crypto_secretbox_NONCEBYTES };
static const char seen[] = "person-seen", put[] = "person-put", erased[] = "person-erased",
                  later[] = "person-erase";

static const struct field {
    const char *name;
    size_t offset;
} fields[] = {
    {"name",           offsetof(person, name)         },
    { "address",       offsetof(person, address)      },
    { "consumer_code", offsetof(person, consumer_code)},
    { "contact",       offsetof(person, contact)      },
    { "bank",          offsetof(person, bank)         },
};
enum { FIELDS = sizeof fields / sizeof *fields };

static char *field_of(person *p, int i)
{
    return (char *)p + fields[i].offset;
}

/* ---- particulars as JSON ---- */

static void write_person(const person *p, buf *out)
{
    json j;
    person copy = *p;
    json_init(&j, out);
    json_object(&j, NULL);
    for (int i = 0; i < FIELDS; i++)
        json_text(&j, fields[i].name, field_of(&copy, i));
    json_end(&j);
    sodium_memzero(&copy, sizeof copy);
    while (out->n % PAD) /* the length of the bytes tells nothing of a name's */
        buf_char(out, ' ');
}

static mizo_err take_field(person *out, const json_token *t, const char *file, mizo_diags *d)
{
    for (int i = 0; i < FIELDS; i++) {
        if (strcmp(t->key, fields[i].name))
            continue;
        size_t n = strlen(t->text);
        if (t->kind != JSON_STRING || t->cut || n >= PERSON_TEXT)
            break;
        memcpy(field_of(out, i), t->text, n + 1);
        return MIZO_OK;
    }
    MIZO_DIAG(d, PEOPLE_FIELD, MIZO_AT(file, t->line, t->column), t->key);
    return MIZO_EINPUT;
}

mizo_err people_parse(const char *bytes, size_t n, const char *file, person *out, mizo_diags *d)
{
    json_reader r;
    json_token t;
    memset(out, 0, sizeof *out);
    json_read_init(&r, bytes, n);
    mizo_err err = json_next(&r, &t);
    bool good = !err && t.kind == JSON_OBJECT;
    while (good && !(err = json_next(&r, &t)) && t.kind != JSON_CLOSE && t.kind != JSON_END)
        MIZO_TRY(take_field(out, &t, file, d));
    if (good && !err)
        return MIZO_OK;
    MIZO_DIAG(d, PEOPLE_JSON, MIZO_AT(file, t.line, t.column), err ? r.what : "an object");
    return MIZO_EINPUT;
}

/* ---- records ---- */

static bool id_good(const char *id)
{
    size_t skip = strncmp(id, "point:", 6) == 0 ? 6 : 0;
    return mizo_id_valid(id + skip, strlen(id + skip));
}

static mizo_err check(const people_act *a, const char *id)
{
    mizo_err err = MIZO_OK;
    if (!id_good(id)) {
        MIZO_DIAG(a->diags, PEOPLE_ID, MIZO_NOWHERE, id);
        err = MIZO_EINPUT;
    }
    if (!a->reason || !*a->reason) {
        MIZO_DIAG(a->diags, PEOPLE_REASON, MIZO_NOWHERE, id);
        err = MIZO_EINPUT;
    }
    return err;
}

/* Inside batch b. No particulars go in: a record is never erased. */
static mizo_err keep(const people_act *a, const char *kind, const char *id, const store_batch *of,
                     mizo_day day)
{
    buf b;
    json j;
    bool changed;
    buf_init(&b, 1 << 16);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_text(&j, "actor", a->actor);
    json_text(&j, "reason", a->reason);
    json_int(&j, "at_ms", of->known);
    json_int(&j, "batch", of->id); /* two looks in one instant are two */
    if (day != MIZO_DAY_NONE)
        json_day(&j, "after", day);
    json_end(&j);
    mizo_err err = b.err ? b.err : a->store->ops->record_put(a->store, kind, id, b.p, &changed);
    buf_fini(&b);
    return err;
}

/* One batch: the record, and the sealed bytes where there are any (NULL: they stay; n 0: they go). */
static mizo_err commit(const people_act *a, const char *kind, const char *id, mizo_day day,
                       const void *sealed, size_t n)
{
    store *s = a->store;
    mizo_ms now = a->now ? a->now : a->env->ops->wall_ms(a->env);
    store_batch b = { .known = now, .actor = a->actor, .source = kind, .note = "" };
    MIZO_TRY(s->ops->batch_begin(s, &b));
    mizo_err err = keep(a, kind, id, &b, day);
    if (!err && sealed)
        err = s->ops->person_put(s, id, sealed, n);
    if (err)
        s->ops->batch_rollback(s);
    return err ? err : s->ops->batch_commit(s);
}

/* ---- sealing ---- */

static mizo_err seal(env *e, const uint8_t key[32], const person *p, buf *out)
{
    buf plain;
    uint8_t head[HEAD] = { FORM };
    buf_init(&plain, 1 << 16);
    write_person(p, &plain);
    e->ops->random(e, head + 1, crypto_secretbox_NONCEBYTES);
    buf_add(out, head, sizeof head);
    size_t at = out->n;
    for (size_t i = 0; i < plain.n + crypto_secretbox_MACBYTES; i++)
        buf_char(out, 0);
    mizo_err err = plain.err ? plain.err : out->err;
    if (!err &&
        crypto_secretbox_easy((uint8_t *)out->p + at, (const uint8_t *)plain.p, plain.n, head + 1, key))
        err = MIZO_ESTORE;
    if (plain.p)
        sodium_memzero(plain.p, plain.n);
    buf_fini(&plain);
    return err;
}

mizo_err people_put(const people_act *a, const char *id, const person *p)
{
    uint8_t key[32];
    buf sealed;
    MIZO_TRY(check(a, id));
    mizo_err err = a->store->ops->key_get(a->store, id, key);
    if (err == MIZO_ENOENT) {
        a->env->ops->random(a->env, key, sizeof key);
        err = a->store->ops->key_put(a->store, 1, &id, key);
    }
    buf_init(&sealed, 1 << 16);
    if (!err)
        err = seal(a->env, key, p, &sealed);
    if (!err)
        err = commit(a, put, id, MIZO_DAY_NONE, sealed.p, sealed.n);
    buf_fini(&sealed);
    sodium_memzero(key, sizeof key);
    return err;
}

/* ---- opening ---- */

typedef struct opening {
    const uint8_t *key;
    person *out;
    bool any, opened;
} opening;

static mizo_err on_person(void *arg, const char *id, int64_t batch, const void *sealed, size_t n)
{
    opening *o = arg;
    const uint8_t *p = sealed;
    uint8_t plain[8192];
    (void)id;
    (void)batch;
    o->any = n > 0;
    if (n < HEAD + crypto_secretbox_MACBYTES || n > sizeof plain || p[0] != FORM)
        return MIZO_OK;
    size_t len = n - HEAD - crypto_secretbox_MACBYTES;
    if (crypto_secretbox_open_easy(plain, p + HEAD, n - HEAD, p + 1, o->key) == 0)
        o->opened = people_parse((const char *)plain, len, id, o->out, NULL) == MIZO_OK;
    sodium_memzero(plain, sizeof plain);
    return MIZO_OK;
}

static mizo_err nobody(const people_act *a, const char *id)
{
    MIZO_DIAG(a->diags, PEOPLE_NOBODY, MIZO_NOWHERE, id);
    return MIZO_ENOENT;
}

mizo_err people_get(const people_act *a, const char *id, person *out)
{
    uint8_t key[32];
    opening o = { .key = key, .out = out };
    MIZO_TRY(check(a, id));
    mizo_err err = a->store->ops->key_get(a->store, id, key);
    if (err == MIZO_ENOENT)
        return nobody(a, id);
    if (!err)
        err = commit(a, seen, id, MIZO_DAY_NONE, NULL, 0); /* first the record, then the look */
    if (!err)
        err = a->store->ops->person_scan(a->store, id, on_person, &o);
    sodium_memzero(key, sizeof key);
    if (err)
        return err;
    if (!o.any)
        return nobody(a, id);
    if (!o.opened)
        MIZO_DIAG(a->diags, PEOPLE_SEALED, MIZO_NOWHERE, id);
    return o.opened ? MIZO_OK : MIZO_ESTORE;
}

/* ---- many at once, from files ---- */

static mizo_err count_record(void *arg, const store_record *r)
{
    (void)r;
    *(bool *)arg = true;
    return MIZO_OK;
}

/* Whether a file may seal one that has no key: not after an erasure. */
static mizo_err wants_key(const people_act *a, const char *id, bool *wants)
{
    uint8_t key[32];
    bool gone = false;
    mizo_err err = a->store->ops->key_get(a->store, id, key);
    sodium_memzero(key, sizeof key);
    *wants = false;
    if (err != MIZO_ENOENT)
        return err;
    MIZO_TRY(a->store->ops->record_scan(a->store, erased, id, count_record, &gone));
    *wants = !gone;
    return MIZO_OK;
}

mizo_err people_keys(const people_act *a, const char *const *id, size_t n)
{
    const char **fresh = calloc(n + 1, sizeof *fresh);
    uint8_t *key = calloc(n + 1, 32);
    size_t k = 0;
    mizo_err err = fresh && key ? MIZO_OK : MIZO_ENOMEM;
    for (size_t i = 0; i < n && !err; i++) {
        bool wants = false;
        err = check(a, id[i]);
        if (!err)
            err = wants_key(a, id[i], &wants);
        if (!err && wants)
            fresh[k++] = id[i];
    }
    if (!err && k) {
        a->env->ops->random(a->env, key, 32 * k);
        err = a->store->ops->key_put(a->store, k, fresh, key);
    }
    if (key)
        sodium_memzero(key, 32 * (n + 1));
    free(key);
    free(fresh);
    return err;
}

/* p over what stands; *other: that is not what stands already. */
static void merge(const person *p, person *stands, bool *other)
{
    person from = *p;
    *other = false;
    for (int i = 0; i < FIELDS; i++) {
        char *new = field_of(&from, i), *old = field_of(stands, i);
        if (!*new || strcmp(new, old) == 0)
            continue;
        memcpy(old, new, PERSON_TEXT);
        *other = true;
    }
    sodium_memzero(&from, sizeof from);
}

static mizo_err put_sealed(const people_act *a, const store_batch *of, const char *id, const uint8_t key[32],
                           const person *p)
{
    buf sealed;
    buf_init(&sealed, 1 << 16);
    mizo_err err = seal(a->env, key, p, &sealed);
    if (!err)
        err = keep(a, put, id, of, MIZO_DAY_NONE);
    if (!err)
        err = a->store->ops->person_put(a->store, id, sealed.p, sealed.n);
    buf_fini(&sealed);
    return err;
}

mizo_err people_seal(const people_act *a, const store_batch *of, const char *id, const person *p,
                     people_sealed *out)
{
    uint8_t key[32];
    person stands = { 0 };
    opening o = { .key = key, .out = &stands };
    bool other;
    *out = PEOPLE_ERASED;
    mizo_err err = a->store->ops->key_get(a->store, id, key);
    if (err)
        return err == MIZO_ENOENT ? MIZO_OK : err;
    err = a->store->ops->person_scan(a->store, id, on_person, &o);
    if (!o.opened) /* nothing yet, or nothing that this key opens */
        memset(&stands, 0, sizeof stands);
    merge(p, &stands, &other);
    *out = other ? PEOPLE_WRITTEN : PEOPLE_SAME;
    if (!err && other)
        err = put_sealed(a, of, id, key, &stands);
    sodium_memzero(&stands, sizeof stands);
    sodium_memzero(key, sizeof key);
    return err;
}

/* ---- forgetting ---- */

/* What a law keeps: open money on either side. */
mizo_err people_may_erase(const people_act *a, const char *id)
{
    static const char *const sides[] = { "customer:", "supplier:", "deposit:" };
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        char account[80], yen[MIZO_NUM_TEXT];
        int64_t total;
        snprintf(account, sizeof account, "%s%s", sides[i], id);
        MIZO_TRY(a->store->ops->balance_get(a->store, account, "uyen", MIZO_DAY_NONE, &total, NULL));
        if (!total)
            continue;
        mizo_decimal_text(total, 6, yen);
        MIZO_DIAG(a->diags, PEOPLE_OPEN, MIZO_NOWHERE, id, account, yen);
        return MIZO_ECONFLICT;
    }
    return MIZO_OK;
}

mizo_err people_erase(const people_act *a, const char *id, mizo_day after, mizo_day today)
{
    store *s = a->store;
    bool done = false;
    opening o = { 0 };
    uint8_t none[32] = { 0 };
    person p;
    MIZO_TRY(check(a, id));
    if (after != MIZO_DAY_NONE && after > today)
        return commit(a, later, id, after, NULL, 0);
    MIZO_TRY(people_may_erase(a, id));
    mizo_err err = s->ops->key_drop(s, id);
    bool gone = err == MIZO_ENOENT;
    if (err && !gone)
        return err;
    o = (opening){ .key = none, .out = &p };
    MIZO_TRY(s->ops->person_scan(s, id, on_person, &o));
    MIZO_TRY(s->ops->record_scan(s, erased, id, count_record, &done));
    if (gone && !o.any)
        return done ? MIZO_OK : nobody(a, id);
    MIZO_TRY(commit(a, erased, id, MIZO_DAY_NONE, "", 0));
    err = s->ops->checkpoint(s); /* no old page of it stays in the log */
    return err == MIZO_EBUSY ? MIZO_OK : err;
}
