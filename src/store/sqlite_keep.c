/* sqlite_keep.c: periods, sessions, models, records, secrets. */
#include <string.h>

#include "store/sqlite.h"

static void copy_id(char out[MIZO_ID_MAX], const char *s)
{
    size_t n = strnlen(s, MIZO_ID_MAX - 1);
    memcpy(out, s, n);
    out[n] = '\0';
}

/* ---- periods ---- */

typedef struct period_was {
    bool found, equal;
    int64_t batch;
    mizo_ms known;
} period_was;

static mizo_err period_latest(sqlite_store *s, const store_period *p, period_was *was)
{
    query q = query_start(s, STMT_PERIOD_LATEST, "tiii", p->point, (int64_t)p->quantity, (int64_t)p->from,
                          (int64_t)p->to);
    memset(was, 0, sizeof *was);
    if (query_next(&q)) {
        int32_t max_w =
            sqlite3_column_type(q.st, 3) == SQLITE_NULL ? MIZO_MISSING : (int32_t)column_int(&q, 3);
        was->found = true;
        was->batch = column_int(&q, 0);
        was->known = column_int(&q, 4);
        was->equal =
            column_int(&q, 1) == p->quality && column_int(&q, 2) == p->energy_wh && max_w == p->max_w;
    }
    return query_end(&q);
}

static mizo_err period_write(sqlite_store *s, const store_period *p, const period_was *was)
{
    bool coalesce = was->found && (was->batch == s->batch ||
                                   sqlite_knowledge_day(s, was->known) == sqlite_knowledge_day(s, s->known));
    if (coalesce)
        MIZO_TRY(query_run(s, STMT_PERIOD_DROP, "tiiii", p->point, (int64_t)p->quantity, (int64_t)p->from,
                           (int64_t)p->to, was->batch));
    return query_run(s, STMT_PERIOD_ADD, p->max_w == MIZO_MISSING ? "tiiiiiin" : "tiiiiiii", p->point,
                     (int64_t)p->quantity, (int64_t)p->from, (int64_t)p->to, s->batch, (int64_t)p->quality,
                     p->energy_wh, (int64_t)p->max_w);
}

mizo_err sqlite_period_put(store *base, const store_period *p, bool *changed)
{
    sqlite_store *s = (sqlite_store *)base;
    period_was was;
    MIZO_TRY(sqlite_may_write(s));
    if (p->to <= p->from)
        return MIZO_ERANGE;
    MIZO_TRY(period_latest(s, p, &was));
    if (changed)
        *changed = !was.equal;
    return was.equal ? MIZO_OK : sqlite_wrote(s, period_write(s, p, &was));
}

mizo_err sqlite_period_scan(store *base, const char *point, mizo_day from, mizo_day to, mizo_ms as_of,
                            mizo_err (*fn)(void *, const store_period *), void *arg)
{
    sqlite_store *s = (sqlite_store *)base;
    query q = query_start(s, point ? STMT_PERIOD_SCAN_POINT : STMT_PERIOD_SCAN, "tiii", point ? point : "",
                          (int64_t)from, (int64_t)to, (int64_t)as_of);
    mizo_err told = MIZO_OK;
    while (!told && query_next(&q)) {
        store_period p = { .quantity = (uint8_t)column_int(&q, 1),
                           .from = (mizo_day)column_int(&q, 2),
                           .to = (mizo_day)column_int(&q, 3),
                           .quality = (uint8_t)column_int(&q, 4),
                           .energy_wh = column_int(&q, 5),
                           .max_w = MIZO_MISSING };
        if (sqlite3_column_type(q.st, 6) != SQLITE_NULL)
            p.max_w = (int32_t)column_int(&q, 6);
        copy_id(p.point, column_text(&q, 0));
        told = fn(arg, &p);
    }
    mizo_err e = query_end(&q);
    return told ? told : e;
}

/* ---- sessions ---- */

mizo_err sqlite_session_put(store *base, const store_session *p, bool *changed)
{
    sqlite_store *s = (sqlite_store *)base;
    MIZO_TRY(sqlite_may_write(s));
    if (p->depart <= p->arrive)
        return MIZO_ERANGE;
    query q = query_start(s, STMT_SESSION_GET, "ti", p->vehicle, (int64_t)p->arrive);
    bool equal = query_next(&q) && strcmp(column_text(&q, 0), p->charger) == 0 &&
                 column_int(&q, 1) == p->depart && column_int(&q, 2) == p->need_wh;
    MIZO_TRY(query_end(&q));
    if (changed)
        *changed = !equal;
    if (equal)
        return MIZO_OK;
    return sqlite_wrote(s, query_run(s, STMT_SESSION_SET, "titiii", p->vehicle, (int64_t)p->arrive,
                                     p->charger, (int64_t)p->depart, (int64_t)p->need_wh, s->batch));
}

mizo_err sqlite_session_scan(store *base, mizo_ms from, mizo_ms to,
                             mizo_err (*fn)(void *, const store_session *), void *arg)
{
    query q = query_start((sqlite_store *)base, STMT_SESSION_SCAN, "ii", (int64_t)from, (int64_t)to);
    mizo_err told = MIZO_OK;
    while (!told && query_next(&q)) {
        store_session p = { .arrive = column_int(&q, 2),
                            .depart = column_int(&q, 3),
                            .need_wh = column_int(&q, 4) };
        copy_id(p.vehicle, column_text(&q, 0));
        copy_id(p.charger, column_text(&q, 1));
        told = fn(arg, &p);
    }
    mizo_err e = query_end(&q);
    return told ? told : e;
}

/* ---- models ---- */

mizo_err sqlite_model_put(store *base, const char *hash, const char *text, bool *changed)
{
    sqlite_store *s = (sqlite_store *)base;
    MIZO_TRY(sqlite_may_write(s));
    query q = query_start(s, STMT_MODEL_LATEST, "");
    bool same = query_next(&q) && strcmp(column_text(&q, 0), hash) == 0;
    MIZO_TRY(query_end(&q));
    if (changed)
        *changed = !same;
    if (same)
        return MIZO_OK;
    mizo_err e = query_run(s, STMT_MODEL_ADD, "tt", hash, text);
    if (!e)
        e = query_run(s, STMT_MODEL_USE, "ti", hash, s->batch);
    return sqlite_wrote(s, e);
}

mizo_err sqlite_model_get(store *base, const char *hash,
                          mizo_err (*fn)(void *, const char *, const char *, int64_t), void *arg)
{
    sqlite_store *s = (sqlite_store *)base;
    query q = hash ? query_start(s, STMT_MODEL_GET, "t", hash) : query_start(s, STMT_MODEL_LATEST, "");
    mizo_err told = MIZO_ENOENT;
    if (query_next(&q))
        told = fn(arg, column_text(&q, 0), column_text(&q, 1), column_int(&q, 2));
    mizo_err e = query_end(&q);
    return e ? e : told;
}

/* ---- records ---- */

mizo_err sqlite_record_put(store *base, const char *kind, const char *id, const char *json, bool *changed)
{
    sqlite_store *s = (sqlite_store *)base;
    MIZO_TRY(sqlite_may_write(s));
    query q = query_start(s, STMT_RECORD_LATEST, "tt", kind, id);
    bool found = query_next(&q);
    int64_t version = found ? column_int(&q, 2) : 0;
    bool same = found && strcmp(column_text(&q, 4), json) == 0;
    MIZO_TRY(query_end(&q));
    if (changed)
        *changed = !same;
    if (same)
        return MIZO_OK;
    return sqlite_wrote(s, query_run(s, STMT_RECORD_ADD, "ttiit", kind, id, version + 1, s->batch, json));
}

static mizo_err tell_records(query q, mizo_err (*fn)(void *, const store_record *), void *arg)
{
    mizo_err told = MIZO_OK;
    while (!told && query_next(&q)) {
        store_record r = { .kind = column_text(&q, 0),
                           .id = column_text(&q, 1),
                           .version = column_int(&q, 2),
                           .batch = column_int(&q, 3),
                           .json = column_text(&q, 4) };
        told = fn(arg, &r);
    }
    mizo_err e = query_end(&q);
    return told ? told : e;
}

mizo_err sqlite_record_scan(store *base, const char *kind, const char *id,
                            mizo_err (*fn)(void *, const store_record *), void *arg)
{
    sqlite_store *s = (sqlite_store *)base;
    return tell_records(id ? query_start(s, STMT_RECORD_LATEST, "tt", kind, id)
                           : query_start(s, STMT_RECORD_ALL, "t", kind),
                        fn, arg);
}

mizo_err sqlite_record_versions(store *base, const char *kind, const char *id,
                                mizo_err (*fn)(void *, const store_record *), void *arg)
{
    return tell_records(query_start((sqlite_store *)base, STMT_RECORD_VERSIONS, "tt", kind, id), fn, arg);
}

mizo_err sqlite_record_newest(store *base, const char *kind, const char *before,
                              mizo_err (*fn)(void *, const store_record *), void *arg)
{
    /* No id has a letter above the last one of ASCII. */
    return tell_records(
        query_start((sqlite_store *)base, STMT_RECORD_NEWEST, "tt", kind, before ? before : "\x7f"), fn, arg);
}

/* ---- secrets ---- */

/* What is replaced or dropped is overwritten with zeros on its page. */
static mizo_err write_secret(sqlite_store *s, const char *kind, const char *id, const char *json)
{
    if (sqlite3_exec(s->db, "PRAGMA secure_delete = ON", NULL, NULL, NULL) != SQLITE_OK)
        return MIZO_ESTORE;
    mizo_err e = json ? query_run(s, STMT_SECRET_SET, "ttit", kind, id, s->batch, json)
                      : query_run(s, STMT_SECRET_DROP, "tt", kind, id);
    if (sqlite3_exec(s->db, "PRAGMA secure_delete = OFF", NULL, NULL, NULL) != SQLITE_OK && !e)
        e = MIZO_ESTORE;
    return e;
}

mizo_err sqlite_secret_put(store *base, const char *kind, const char *id, const char *json, bool *changed)
{
    sqlite_store *s = (sqlite_store *)base;
    MIZO_TRY(sqlite_may_write(s));
    query q = query_start(s, STMT_SECRET_ONE, "tt", kind, id);
    bool found = query_next(&q);
    bool same = json ? found && strcmp(column_text(&q, 4), json) == 0 : !found;
    MIZO_TRY(query_end(&q));
    if (changed)
        *changed = !same;
    return same ? MIZO_OK : sqlite_wrote(s, write_secret(s, kind, id, json));
}

mizo_err sqlite_secret_scan(store *base, const char *kind, const char *id,
                            mizo_err (*fn)(void *, const store_record *), void *arg)
{
    sqlite_store *s = (sqlite_store *)base;
    return tell_records(id ? query_start(s, STMT_SECRET_ONE, "tt", kind, id)
                           : query_start(s, STMT_SECRET_ALL, "t", kind),
                        fn, arg);
}
