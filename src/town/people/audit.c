/* audit.c: see audit.h. */
#include "town/people/audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/shape.h"

enum { ID_ROOM = 24 };

static const char kind[] = "audit";
static const char *const results[] = { "done", "denied", "failed", NULL };

const char *audit_result_text(audit_result r)
{
    return results[r];
}

typedef struct kept {
    char who[80], from[80], act[48], object[200], before[80], after[80], result[16], why[48], prev[HASH_TEXT];
    int64_t at, skipped;
} kept;

#define FIELD(member) offsetof(kept, member), sizeof((kept *)0)->member

static const shape_field rows[] = {
    {"at",       SHAPE_INT,  true,  0,  INT64_MAX, NULL,    FIELD(at)     },
    { "who",     SHAPE_TEXT, true,  0,  79,        NULL,    FIELD(who)    },
    { "from",    SHAPE_TEXT, true,  0,  79,        NULL,    FIELD(from)   },
    { "act",     SHAPE_TEXT, true,  0,  47,        NULL,    FIELD(act)    },
    { "object",  SHAPE_TEXT, false, 0,  199,       NULL,    FIELD(object) },
    { "before",  SHAPE_TEXT, false, 0,  79,        NULL,    FIELD(before) },
    { "after",   SHAPE_TEXT, false, 0,  79,        NULL,    FIELD(after)  },
    { "result",  SHAPE_TEXT, true,  0,  15,        results, FIELD(result) },
    { "why",     SHAPE_TEXT, false, 0,  47,        NULL,    FIELD(why)    },
    { "skipped", SHAPE_INT,  true,  0,  INT64_MAX, NULL,    FIELD(skipped)},
    { "prev",    SHAPE_TEXT, true,  64, 64,        NULL,    FIELD(prev)   },
};
enum { ROWS = sizeof rows / sizeof *rows };

/* ---- the chain ---- */

static void id_text(int64_t seq, char out[ID_ROOM])
{
    snprintf(out, ID_ROOM, "%012" PRId64, seq);
}

static int64_t id_seq(const char *id)
{
    int64_t v = 0;
    size_t n = strlen(id);
    for (size_t i = 0; i < n; i++) {
        if (id[i] < '0' || id[i] > '9' || n > 18)
            return 0;
        v = 10 * v + (id[i] - '0');
    }
    return v;
}

typedef struct head {
    int64_t seq;
    char hash[HASH_TEXT];
} head;

static mizo_err find_head(void *arg, const store_record *r)
{
    head *h = arg;
    h->seq = id_seq(r->id);
    hash_text(hash_bytes(r->json, strlen(r->json)), h->hash);
    return MIZO_ECANCELED;
}

static mizo_err read_head(store *s, head *h)
{
    *h = (head){ 0 };
    memset(h->hash, '0', sizeof h->hash - 1);
    mizo_err e = s->ops->record_newest(s, kind, NULL, find_head, h);
    return e == MIZO_ECANCELED ? MIZO_OK : e;
}

/* Copies what fits, whole letters only; what cannot stand in a line becomes a blank. */
static void copy(char *out, size_t cap, const char *s)
{
    size_t n = strnlen(s ? s : "", cap - 1);
    while (n && s[n] && ((unsigned char)s[n] & 0xc0) == 0x80)
        n--;
    for (size_t i = 0; i < n; i++)
        out[i] = (unsigned char)s[i] < 0x20 || s[i] == 0x7f ? ' ' : s[i];
    out[n] = '\0';
}

static void fill(kept *k, const audit_row *row, mizo_ms now, const head *h)
{
    *k = (kept){ .at = now, .skipped = row->skipped };
    copy(k->who, sizeof k->who, row->who);
    copy(k->from, sizeof k->from, row->from);
    copy(k->act, sizeof k->act, row->act);
    copy(k->object, sizeof k->object, row->object);
    copy(k->before, sizeof k->before, row->before);
    copy(k->after, sizeof k->after, row->after);
    copy(k->result, sizeof k->result, results[row->result]);
    copy(k->why, sizeof k->why, row->why);
    memcpy(k->prev, h->hash, sizeof k->prev);
}

mizo_err audit_add(store *s, const audit_row *row, mizo_ms now)
{
    head h;
    kept k;
    char id[ID_ROOM];
    buf text;
    json j;
    MIZO_TRY(read_head(s, &h));
    fill(&k, row, now, &h);
    id_text(h.seq + 1, id);
    buf_init(&text, 8192);
    json_init(&j, &text);
    json_object(&j, NULL);
    shape_write(rows, ROWS, &k, &j);
    json_end(&j);
    mizo_err e = text.err ? text.err : s->ops->record_put(s, kind, id, text.p, NULL);
    buf_fini(&text);
    return e;
}

mizo_err audit_alone(const char *path, const audit_row *row, mizo_ms now)
{
    store *s;
    store_batch b = { .known = now, .actor = row->who, .source = "audit", .note = "" };
    MIZO_TRY(store_sqlite.open(path, STORE_WRITE, NULL, &s));
    mizo_err e = s->ops->batch_begin(s, &b);
    if (!e)
        e = audit_add(s, row, now);
    if (!e)
        e = s->ops->batch_commit(s);
    s->ops->close(s);
    return e;
}

/* ---- reading ---- */

static mizo_err read_row(const store_record *r, kept *k, audit_seen *out)
{
    if (shape_read(rows, ROWS, r->json, strlen(r->json), NULL, k, NULL))
        return MIZO_ESTORE;
    int result = 0;
    while (results[result + 1] && strcmp(results[result], k->result))
        result++;
    *out = (audit_seen){
        .seq = id_seq(r->id),
        .batch = r->batch,
        .at = k->at,
        .json = r->json,
        .row = {.who = k->who,
                .from = k->from,
                .act = k->act,
                .object = k->object,
                .before = k->before,
                .after = k->after,
                .result = (audit_result)result,
                .why = k->why,
                .skipped = k->skipped},
    };
    return MIZO_OK;
}

typedef struct telling {
    mizo_err (*fn)(void *, const audit_seen *);
    void *arg;
} telling;

static mizo_err tell(void *arg, const store_record *r)
{
    telling *t = arg;
    kept k;
    audit_seen a;
    MIZO_TRY(read_row(r, &k, &a));
    return t->fn(t->arg, &a);
}

mizo_err audit_each(store *s, int64_t before, mizo_err (*fn)(void *, const audit_seen *), void *arg)
{
    char id[ID_ROOM];
    telling t = { fn, arg };
    id_text(before, id);
    mizo_err e = s->ops->record_newest(s, kind, before ? id : NULL, tell, &t);
    return e == MIZO_ECANCELED ? MIZO_OK : e;
}

typedef struct walk {
    int64_t n, bad;
    char prev[HASH_TEXT];
} walk;

static mizo_err follow(void *arg, const store_record *r)
{
    walk *w = arg;
    kept k;
    audit_seen a = { 0 };
    bool fits = read_row(r, &k, &a) == MIZO_OK && a.seq == w->n + 1 && r->version == 1 &&
                strcmp(k.prev, w->prev) == 0;
    w->n++;
    hash_text(hash_bytes(r->json, strlen(r->json)), w->prev);
    if (!fits && !w->bad)
        w->bad = w->n;
    return MIZO_OK;
}

mizo_err audit_verify(store *s, int64_t *n, int64_t *bad)
{
    walk w = { 0 };
    memset(w.prev, '0', sizeof w.prev - 1);
    mizo_err e = s->ops->record_scan(s, kind, NULL, follow, &w);
    *n = w.n;
    *bad = w.bad;
    return e;
}
