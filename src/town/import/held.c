/* held.c: see held.h. */
#include "town/import/held.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "base/text.h"
#include "mizo/messages/operator.h"

enum { RECORD_MOST = 1 << 14 };
static const char record_kind[] = "held";
const char *const held_states[] = { "waiting", "accepted", "replaced", NULL };

void held_id(const char *point, mizo_day day, char out[HELD_ID])
{
    char d[MIZO_DATE_TEXT];
    mizo_day_text(day, d);
    snprintf(out, HELD_ID, "%s-%.4s%.2s%.2s", point, d, d + 5, d + 8);
}

/* ---- as JSON ---- */

mizo_err held_put(town *t, const held_day *h, bool *changed)
{
    buf b;
    json j;
    buf_init(&b, RECORD_MOST);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_text(&j, "point", h->point);
    json_day(&j, "day", h->day);
    json_text(&j, "state", held_states[h->state]);
    json_text(&j, "quality", mizo_quality_text((mizo_quality)h->quality));
    json_text(&j, "check", h->check);
    json_text(&j, "file", h->file);
    json_int(&j, "limit_wh", h->limit_wh);
    json_ints(&j, "wh", h->wh, MIZO_DAY_SLOTS);
    if (h->state == HELD_REPLACED)
        json_ints(&j, "into", h->into, MIZO_DAY_SLOTS);
    json_text(&j, "reason", h->reason);
    json_text(&j, "who", h->actor);
    json_end(&j);
    mizo_err e = b.err ? b.err : t->store->ops->record_put(t->store, record_kind, h->id, b.p, changed);
    buf_fini(&b);
    return e;
}

static void copy(char *to, size_t cap, const char *s)
{
    size_t n = strnlen(s, cap - 1);
    memcpy(to, s, n);
    to[n] = '\0';
}

static int word_index(const char *s, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(s, words[i]) == 0)
            return i;
    return -1;
}

static mizo_err take_text(held_day *h, const char *key, const char *s)
{
    mizo_date d;
    int i = word_index(s, held_states);
    if (strcmp(key, "point") == 0)
        copy(h->point, sizeof h->point, s);
    else if (strcmp(key, "check") == 0)
        copy(h->check, sizeof h->check, s);
    else if (strcmp(key, "file") == 0)
        copy(h->file, sizeof h->file, s);
    else if (strcmp(key, "reason") == 0)
        copy(h->reason, sizeof h->reason, s);
    else if (strcmp(key, "who") == 0)
        copy(h->actor, sizeof h->actor, s);
    else if (strcmp(key, "quality") == 0)
        h->quality = strcmp(s, "provisional") == 0 ? MIZO_QUALITY_PROVISIONAL : MIZO_QUALITY_MEASURED;
    else if (strcmp(key, "state") == 0 && i >= 0)
        h->state = (held_state)i;
    else if (strcmp(key, "day") == 0) {
        MIZO_TRY(mizo_date_parse(s, strlen(s), &d));
        h->day = mizo_date_day(d);
    }
    return MIZO_OK;
}

static mizo_err read_values(json_reader *in, int32_t v[MIZO_DAY_SLOTS])
{
    json_token tok;
    int64_t x;
    for (int i = 0;; i++) {
        MIZO_TRY(json_next(in, &tok));
        if (tok.kind == JSON_CLOSE)
            return MIZO_OK;
        if (i >= MIZO_DAY_SLOTS || (tok.kind != JSON_NUMBER && tok.kind != JSON_NULL))
            return MIZO_EINPUT;
        if (tok.kind == JSON_NUMBER) {
            MIZO_TRY(mizo_decimal_parse(tok.text, strlen(tok.text), 0, &x));
            v[i] = (int32_t)x;
        }
    }
}

static mizo_err read_record(const char *id, const char *text, held_day *h)
{
    json_reader in;
    json_token tok;
    int64_t x;
    memset(h, 0, sizeof *h);
    copy(h->id, sizeof h->id, id);
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        h->wh[i] = h->into[i] = MIZO_MISSING;
    json_read_init(&in, text, strlen(text));
    for (;;) {
        MIZO_TRY(json_next(&in, &tok));
        if (tok.kind == JSON_END)
            return MIZO_OK;
        if (tok.kind == JSON_ARRAY)
            MIZO_TRY(read_values(&in, strcmp(tok.key, "into") ? h->wh : h->into));
        else if (tok.kind == JSON_STRING)
            MIZO_TRY(take_text(h, tok.key, tok.text));
        else if (tok.kind == JSON_NUMBER && strcmp(tok.key, "limit_wh") == 0) {
            MIZO_TRY(mizo_decimal_parse(tok.text, strlen(tok.text), 0, &x));
            h->limit_wh = (int32_t)x;
        }
    }
}

/* ---- reading ---- */

typedef struct walk {
    town *t;
    held_day *out;
    bool found, waiting;
    mizo_err (*fn)(void *, const held_day *);
    void *arg;
} walk;

static mizo_err unreadable(const walk *w, const char *id)
{
    MIZO_DIAG(w->t->diags, HELD_UNREADABLE, MIZO_NOWHERE, id);
    return MIZO_ESTORE;
}

static mizo_err take_one(void *arg, const store_record *r)
{
    walk *w = arg;
    w->found = true;
    return read_record(r->id, r->json, w->out) ? unreadable(w, r->id) : MIZO_OK;
}

mizo_err held_get(town *t, const char *id, held_day *out)
{
    walk w = { .t = t, .out = out };
    mizo_err e = t->store->ops->record_scan(t->store, record_kind, id, take_one, &w);
    return e && e != MIZO_ENOENT ? e : w.found ? MIZO_OK : MIZO_ENOENT;
}

static mizo_err give_one(void *arg, const store_record *r)
{
    walk *w = arg;
    held_day h;
    if (read_record(r->id, r->json, &h))
        return unreadable(w, r->id);
    return w->waiting && h.state != HELD_WAITING ? MIZO_OK : w->fn(w->arg, &h);
}

mizo_err held_scan(town *t, bool waiting, mizo_err (*fn)(void *, const held_day *), void *arg)
{
    walk w = { .t = t, .waiting = waiting, .fn = fn, .arg = arg };
    mizo_err e = t->store->ops->record_scan(t->store, record_kind, NULL, give_one, &w);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* ---- deciding ---- */

static mizo_err write_values(town *t, const held_day *h)
{
    mizo_series_key key = store_key(h->point, MIZO_Q_IMPORT, MIZO_ROLE_READING);
    int32_t id, v[MIZO_DAY_SLOTS];
    uint8_t q[MIZO_DAY_SLOTS];
    bool changed;
    MIZO_TRY(t->store->ops->series_id(t->store, &key, true, &id));
    MIZO_TRY(store_read_day(t->store, id, h->day, STORE_LATEST, v, q));
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        int32_t to = h->state == HELD_REPLACED ? h->into[i] : h->wh[i];
        if (h->wh[i] == MIZO_MISSING || to == MIZO_MISSING)
            continue;
        v[i] = to;
        q[i] = h->state == HELD_REPLACED ? MIZO_QUALITY_MANUAL : h->quality;
    }
    return store_write_day(t->store, id, h->day, v, q, MIZO_DAY_SLOTS, &changed);
}

static mizo_err decide(town *t, const char *id, const int32_t *into, const char *reason, const char *actor,
                       held_day *h)
{
    mizo_err e = held_get(t, id, h);
    if (e == MIZO_ENOENT)
        MIZO_DIAG(t->diags, HELD_UNKNOWN, MIZO_NOWHERE, id);
    MIZO_TRY(e);
    if (h->state != HELD_WAITING) {
        MIZO_DIAG(t->diags, HELD_DECIDED, MIZO_NOWHERE, id, held_states[h->state], h->actor, h->reason);
        return MIZO_ECONFLICT;
    }
    h->state = into ? HELD_REPLACED : HELD_ACCEPTED;
    if (into)
        memcpy(h->into, into, sizeof h->into);
    copy(h->reason, sizeof h->reason, reason);
    copy(h->actor, sizeof h->actor, actor);
    bool changed;
    MIZO_TRY(write_values(t, h));
    return held_put(t, h, &changed);
}

static bool good_reason(const char *s)
{
    size_t n = s ? strlen(s) : 0;
    return n && n < HELD_TEXT && utf8_valid(s, n) && !strpbrk(s, "\r\n");
}

mizo_err held_decide(town *t, const char *id, const int32_t *into, const char *reason, const char *actor,
                     held_day *out)
{
    store *s = t->store;
    if (!good_reason(reason)) {
        MIZO_DIAG(t->diags, HELD_REASON, MIZO_NOWHERE, NULL);
        return MIZO_EINPUT;
    }
    store_batch b = { .known = town_now(t), .actor = actor, .source = "readings", .note = "" };
    MIZO_TRY(s->ops->batch_begin(s, &b));
    mizo_err e = decide(t, id, into, reason, actor, out);
    if (!e)
        return s->ops->batch_commit(s);
    s->ops->batch_rollback(s);
    return e;
}
