/* records.c: forecasts and plans of the desk as records, and back. docs/formats/desk-files.md */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "town/desk/inner.h"

enum { SLOTS = DESK_SLOTS };

void desk_id(const char *group, mizo_day day, char out[DESK_ID])
{
    char date[MIZO_DATE_TEXT];
    size_t n = strlen(group);
    mizo_day_text(day, date);
    n = n < MIZO_ID_MAX ? n : MIZO_ID_MAX - 1;
    memcpy(out, group, n);
    out[n] = '/';
    memcpy(out + n + 1, date, strlen(date) + 1);
}

/* ---- writing ---- */

static void put_wh(json *j, const char *key, const mizo_wh *v)
{
    json_array(j, key);
    for (int t = 0; t < SLOTS; t++)
        json_int(j, NULL, v[t]);
    json_end(j);
}

static void put_rows(json *j, const char *key, const desk_row *row, size_t n)
{
    json_array(j, key);
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_text(j, "id", row[i].id);
        json_ints(j, "wh", row[i].wh, SLOTS);
        json_end(j);
    }
    json_end(j);
}

static void put_members(json *j, const desk_member *m, size_t n)
{
    json_array(j, "members");
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_text(j, "id", m[i].id);
        put_wh(j, "demand_wh", m[i].demand);
        json_end(j);
    }
    json_end(j);
}

void desk_forecast_json(const desk_forecast *f, json *j)
{
    json_object(j, NULL);
    json_int(j, "format", 1);
    json_int(j, "issued_ms", f->issued);
    json_int(j, "points", f->points);
    json_int(j, "borrowed", f->borrowed);
    json_int(j, "silent", f->silent);
    json_int(j, "lamps", f->lamp);
    json_int(j, "planned", f->planned);
    put_members(j, f->member, f->nmember);
    put_wh(j, "demand_wh", f->demand);
    put_wh(j, "low_wh", f->low);
    put_wh(j, "high_wh", f->high);
    put_rows(j, "given", f->given, f->ngiven);
    put_rows(j, "units", f->unit, f->nunit);
    json_bool(j, "price_known", f->price_known);
    json_ints(j, "price_myen", f->price, SLOTS);
    json_ints(j, "price_low_myen", f->price_low, SLOTS);
    json_ints(j, "price_high_myen", f->price_high, SLOTS);
    json_array(j, "off_wh");
    for (int p = 0; p < f->npath; p++)
        put_wh(j, NULL, f->off[p]);
    json_end(j);
    put_wh(j, "told_wh", f->told);
    if (f->moved) {
        put_wh(j, "move_wh", f->move_wh);
        json_int(j, "move_uyen", f->move_uyen);
    }
    json_end(j);
}

static void put_lines(json *j, const mizo_desk_book *b)
{
    json_array(j, "lines");
    for (size_t i = 0; i < b->nline; i++) {
        const mizo_desk_line *l = &b->line[i];
        json_object(j, NULL);
        json_text(j, "id", l->id);
        json_bool(j, "unit", l->source < 0);
        json_bool(j, "sale", l->sale);
        json_int(j, "missing", l->missing);
        put_wh(j, "wh", l->wh);
        json_ints(j, "myen", l->myen, SLOTS);
        json_end(j);
    }
    json_end(j);
}

void desk_plan_json(const mizo_region *r, const desk_plan *p, json *j)
{
    (void)r;
    json_object(j, NULL);
    json_int(j, "format", 1);
    json_int(j, "at_ms", p->at);
    json_int(j, "first_ms", p->first);
    json_int(j, "issued_ms", p->issued);
    json_text(j, "actor", p->actor);
    json_text(j, "reason", p->reason);
    json_text(j, "file", p->file);
    json_text(j, "hash", p->hash);
    json_bool(j, "late", p->late);
    put_members(j, p->member, p->nmember);
    put_wh(j, "demand_wh", p->book.demand);
    put_lines(j, &p->book);
    json_end(j);
}

/* ---- reading ---- */

mizo_err desk_ints(json_reader *r, const json_token *t, int64_t *v, int n)
{
    json_token k;
    int i = 0;
    if (t->kind != JSON_ARRAY)
        return MIZO_ESTORE;
    while (json_next(r, &k) == MIZO_OK && k.kind != JSON_CLOSE) {
        if (i == n || (k.kind != JSON_NUMBER && k.kind != JSON_NULL))
            return MIZO_ESTORE;
        v[i] = INT64_MIN;
        if (k.kind == JSON_NUMBER && mizo_decimal_parse(k.text, strlen(k.text), 0, &v[i]))
            return MIZO_ESTORE;
        i++;
    }
    return i == n && k.kind == JSON_CLOSE ? MIZO_OK : MIZO_ESTORE;
}

mizo_err desk_ints32(json_reader *r, const json_token *t, int32_t *v, int n)
{
    int64_t wide[SLOTS];
    if (n > SLOTS)
        return MIZO_ERANGE;
    MIZO_TRY(desk_ints(r, t, wide, n));
    for (int i = 0; i < n; i++) {
        if (wide[i] != INT64_MIN && (wide[i] <= INT32_MIN || wide[i] > INT32_MAX))
            return MIZO_ESTORE;
        v[i] = wide[i] == INT64_MIN ? MIZO_MISSING : (int32_t)wide[i];
    }
    return MIZO_OK;
}

static mizo_err number(const json_token *t, int64_t *v)
{
    return t->kind == JSON_NUMBER && !mizo_decimal_parse(t->text, strlen(t->text), 0, v) ? MIZO_OK
                                                                                         : MIZO_ESTORE;
}

static mizo_err small(const json_token *t, int *v)
{
    int64_t wide;
    MIZO_TRY(number(t, &wide));
    *v = (int)wide;
    return wide >= 0 && wide <= INT32_MAX ? MIZO_OK : MIZO_ESTORE;
}

static mizo_err text(const json_token *t, char *out, size_t cap)
{
    size_t n = strlen(t->text);
    if (t->kind != JSON_STRING || n >= cap)
        return MIZO_ESTORE;
    memcpy(out, t->text, n + 1);
    return MIZO_OK;
}

static bool is(const json_token *t, const char *key)
{
    return t->has_key && strcmp(t->key, key) == 0;
}

/* The objects of an array, each through fn. */
static mizo_err each(json_reader *r, const json_token *t, mizo_err (*fn)(void *, json_reader *), void *arg)
{
    json_token k;
    if (t->kind != JSON_ARRAY)
        return MIZO_ESTORE;
    while (json_next(r, &k) == MIZO_OK && k.kind != JSON_CLOSE) {
        if (k.kind != JSON_OBJECT)
            return MIZO_ESTORE;
        MIZO_TRY(fn(arg, r));
    }
    return k.kind == JSON_CLOSE ? MIZO_OK : MIZO_ESTORE;
}

typedef struct members {
    desk_member *list;
    size_t n;
} members;

static mizo_err read_member(void *arg, json_reader *r)
{
    members *m = arg;
    json_token k;
    if (m->n == MIZO_DESK_MEMBERS)
        return MIZO_ESTORE;
    desk_member *to = &m->list[m->n++];
    while (json_next(r, &k) == MIZO_OK && k.kind != JSON_CLOSE) {
        if (is(&k, "id"))
            MIZO_TRY(text(&k, to->id, sizeof to->id));
        else if (is(&k, "demand_wh"))
            MIZO_TRY(desk_ints(r, &k, to->demand, SLOTS));
        else
            MIZO_TRY(json_skip(r, &k));
    }
    return MIZO_OK;
}

typedef struct rows {
    desk_row *list;
    size_t n;
} rows;

static mizo_err read_row(void *arg, json_reader *r)
{
    rows *m = arg;
    json_token k;
    if (m->n == DESK_UNITS)
        return MIZO_ESTORE;
    desk_row *to = &m->list[m->n++];
    while (json_next(r, &k) == MIZO_OK && k.kind != JSON_CLOSE) {
        if (is(&k, "id"))
            MIZO_TRY(text(&k, to->id, sizeof to->id));
        else if (is(&k, "wh"))
            MIZO_TRY(desk_ints32(r, &k, to->wh, SLOTS));
        else
            MIZO_TRY(json_skip(r, &k));
    }
    return MIZO_OK;
}

static mizo_err read_paths(desk_forecast *f, json_reader *r, const json_token *t)
{
    json_token k;
    if (t->kind != JSON_ARRAY)
        return MIZO_ESTORE;
    while (json_next(r, &k) == MIZO_OK && k.kind != JSON_CLOSE) {
        if (f->npath == DESK_PATHS)
            return MIZO_ESTORE;
        MIZO_TRY(desk_ints(r, &k, f->off[f->npath++], SLOTS));
    }
    return MIZO_OK;
}

/* Whole arrays of a forecast, by name. */
static mizo_err read_arrays(desk_forecast *f, json_reader *r, const json_token *k, bool *known)
{
    const struct {
        const char *key;
        int64_t *wide;
        int32_t *narrow;
    } of[] = {
        {"demand_wh",        f->demand,  NULL         },
        { "low_wh",          f->low,     NULL         },
        { "high_wh",         f->high,    NULL         },
        { "move_wh",         f->move_wh, NULL         },
        { "told_wh",         f->told,    NULL         },
        { "price_myen",      NULL,       f->price     },
        { "price_low_myen",  NULL,       f->price_low },
        { "price_high_myen", NULL,       f->price_high},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        if (!is(k, of[i].key))
            continue;
        *known = true;
        f->moved = f->moved || of[i].wide == f->move_wh;
        return of[i].wide ? desk_ints(r, k, of[i].wide, SLOTS) : desk_ints32(r, k, of[i].narrow, SLOTS);
    }
    return MIZO_OK;
}

static mizo_err read_counts(desk_forecast *f, const json_token *k, bool *known)
{
    const struct {
        const char *key;
        int *at;
    } of[] = {
        {"points",    &f->points  },
        { "borrowed", &f->borrowed},
        { "silent",   &f->silent  },
        { "lamps",    &f->lamp    },
        { "planned",  &f->planned },
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        if (is(k, of[i].key)) {
            *known = true;
            return small(k, of[i].at);
        }
    return MIZO_OK;
}

static mizo_err read_forecast_key(desk_forecast *f, json_reader *r, const json_token *k)
{
    bool known = false;
    MIZO_TRY(read_arrays(f, r, k, &known));
    if (!known)
        MIZO_TRY(read_counts(f, k, &known));
    if (known)
        return MIZO_OK;
    members m = { f->member, f->nmember };
    rows given = { f->given, f->ngiven }, unit = { f->unit, f->nunit };
    mizo_err e = is(k, "members")     ? each(r, k, read_member, &m)
                 : is(k, "given")     ? each(r, k, read_row, &given)
                 : is(k, "units")     ? each(r, k, read_row, &unit)
                 : is(k, "off_wh")    ? read_paths(f, r, k)
                 : is(k, "issued_ms") ? number(k, &f->issued)
                 : is(k, "move_uyen") ? number(k, &f->move_uyen)
                                      : json_skip(r, k);
    if (is(k, "price_known"))
        f->price_known = k->kind == JSON_TRUE;
    f->nmember = m.n;
    f->ngiven = given.n;
    f->nunit = unit.n;
    return e;
}

static mizo_err take_forecast(void *arg, const store_record *rec)
{
    desk_forecast *f = arg;
    json_reader r;
    json_token k;
    memset(f, 0, sizeof *f);
    json_read_init(&r, rec->json, strlen(rec->json));
    if (json_next(&r, &k) || k.kind != JSON_OBJECT)
        return MIZO_ESTORE;
    while (json_next(&r, &k) == MIZO_OK && k.kind != JSON_CLOSE)
        MIZO_TRY(read_forecast_key(f, &r, &k));
    return k.kind == JSON_CLOSE && f->npath > 0 ? MIZO_OK : MIZO_ESTORE;
}

mizo_err desk_forecast_read(store *s, const char *group, mizo_day day, desk_forecast *out)
{
    char id[DESK_ID];
    desk_id(group, day, id);
    memset(out, 0, sizeof *out);
    mizo_err e = s->ops->record_scan(s, "desk-forecast", id, take_forecast, out);
    return e || out->npath ? e : MIZO_ENOENT;
}

/* ---- plans ---- */

typedef struct plan_reader {
    const mizo_region *region;
    desk_plan *plan;
    bool found;
} plan_reader;

static mizo_ref source_named(const mizo_region *r, const char *id)
{
    for (size_t i = 0; i < r->nsource; i++)
        if (strcmp(r->source[i].id, id) == 0)
            return (mizo_ref)i;
    return -1; /* the files have changed since */
}

static mizo_err read_line(void *arg, json_reader *r)
{
    plan_reader *p = arg;
    mizo_desk_book *b = &p->plan->book;
    json_token k;
    bool unit = false;
    if (b->nline == MIZO_DESK_LINES)
        return MIZO_ESTORE;
    mizo_desk_line *l = &b->line[b->nline];
    char *id = p->plan->line_id[b->nline++];
    while (json_next(r, &k) == MIZO_OK && k.kind != JSON_CLOSE) {
        if (is(&k, "id"))
            MIZO_TRY(text(&k, id, MIZO_ID_MAX));
        else if (is(&k, "wh"))
            MIZO_TRY(desk_ints(r, &k, l->wh, SLOTS));
        else if (is(&k, "myen"))
            MIZO_TRY(desk_ints32(r, &k, l->myen, SLOTS));
        else if (is(&k, "missing"))
            MIZO_TRY(small(&k, &l->missing));
        else if (is(&k, "sale"))
            l->sale = k.kind == JSON_TRUE;
        else if (is(&k, "unit"))
            unit = k.kind == JSON_TRUE;
        else
            MIZO_TRY(json_skip(r, &k));
    }
    l->id = id;
    l->source = unit ? -1 : source_named(p->region, id);
    return MIZO_OK;
}

static mizo_err read_plan_key(plan_reader *p, json_reader *r, const json_token *k)
{
    desk_plan *to = p->plan;
    members m = { to->member, to->nmember };
    mizo_err e = is(k, "at_ms")       ? number(k, &to->at)
                 : is(k, "issued_ms") ? number(k, &to->issued)
                 : is(k, "first_ms")  ? number(k, &to->first)
                 : is(k, "actor")     ? text(k, to->actor, sizeof to->actor)
                 : is(k, "reason")    ? text(k, to->reason, sizeof to->reason)
                 : is(k, "file")      ? text(k, to->file, sizeof to->file)
                 : is(k, "hash")      ? text(k, to->hash, sizeof to->hash)
                 : is(k, "members")   ? each(r, k, read_member, &m)
                 : is(k, "demand_wh") ? desk_ints(r, k, to->book.demand, SLOTS)
                 : is(k, "lines")     ? each(r, k, read_line, p)
                                      : json_skip(r, k);
    to->nmember = m.n;
    if (is(k, "late"))
        to->late = k->kind == JSON_TRUE;
    return e;
}

static void sum_lines(mizo_desk_book *b)
{
    for (int t = 0; t < SLOTS; t++) {
        b->bought[t] = b->sold[t] = 0;
        b->cost[t] = 0;
        for (size_t i = 0; i < b->nline; i++) {
            const mizo_desk_line *l = &b->line[i];
            *(l->sale ? &b->sold[t] : &b->bought[t]) += l->wh[t];
            if (l->myen[t] != MIZO_MISSING)
                b->cost[t] += (l->sale ? -1 : 1) * l->wh[t] * l->myen[t];
        }
        b->open[t] = b->demand[t] + b->sold[t] - b->bought[t];
    }
}

static mizo_err take_plan(void *arg, const store_record *rec)
{
    plan_reader *p = arg;
    json_reader r;
    json_token k;
    memset(p->plan, 0, sizeof *p->plan);
    p->plan->version = (int)rec->version;
    json_read_init(&r, rec->json, strlen(rec->json));
    if (json_next(&r, &k) || k.kind != JSON_OBJECT)
        return MIZO_ESTORE;
    while (json_next(&r, &k) == MIZO_OK && k.kind != JSON_CLOSE)
        MIZO_TRY(read_plan_key(p, &r, &k));
    sum_lines(&p->plan->book);
    p->found = k.kind == JSON_CLOSE;
    return p->found ? MIZO_OK : MIZO_ESTORE;
}

mizo_err desk_plan_read(store *s, const mizo_region *r, const char *kind, const char *group, mizo_day day,
                        desk_plan *out)
{
    char id[DESK_ID];
    plan_reader p = { .region = r, .plan = out };
    desk_id(group, day, id);
    mizo_err e = s->ops->record_scan(s, kind, id, take_plan, &p);
    return e || p.found ? e : MIZO_ENOENT;
}
