/* owner_report.c: reports of owners as records. */
#include "town/office/owner_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_read.h"

static const char record_kind[] = "owner-report";

enum { ID_ROOM = MIZO_ID_MAX + 40 };

static void id_of(const mizo_region *r, const owner_report *x, char out[ID_ROOM])
{
    snprintf(out, ID_ROOM, "%s:%04d:%s", r->facility[x->facility].id, x->fy, x->energy->id);
}

bool owner_report_same(const owner_report *a, const owner_report *b)
{
    return memcmp(a->milli, b->milli, sizeof a->milli) == 0;
}

/* ---- writing ---- */

mizo_err owner_report_put(town *t, const owner_report *x, bool *changed)
{
    buf b;
    json j;
    char id[ID_ROOM];
    buf_init(&b, 1 << 14);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_text(&j, "facility", t->region->facility[x->facility].id);
    json_int(&j, "fy", x->fy);
    json_text(&j, "energy", x->energy->id);
    json_text(&j, "unit", x->energy->unit);
    json_array(&j, "milli");
    for (int m = 0; m < YEARLY_MONTHS; m++) {
        if (x->milli[m] == YEARLY_MISSING)
            json_null(&j, NULL);
        else
            json_int(&j, NULL, x->milli[m]);
    }
    json_end(&j);
    json_text(&j, "place", x->place);
    if (*x->note)
        json_text(&j, "note", x->note);
    json_end(&j);
    id_of(t->region, x, id);
    mizo_err e = b.err ? b.err : t->store->ops->record_put(t->store, record_kind, id, b.p, changed);
    buf_fini(&b);
    return e;
}

/* ---- reading ---- */

static mizo_err read_milli(json_reader *r, json_token *t, int64_t milli[YEARLY_MONTHS])
{
    for (int m = 0;; m++) {
        MIZO_TRY(json_next(r, t));
        if (t->kind == JSON_CLOSE)
            return m == YEARLY_MONTHS ? MIZO_OK : MIZO_ESTORE;
        if (m == YEARLY_MONTHS)
            return MIZO_ESTORE;
        if (t->kind == JSON_NULL)
            milli[m] = YEARLY_MISSING;
        else if (t->kind != JSON_NUMBER || mizo_decimal_parse(t->text, strlen(t->text), 0, &milli[m]))
            return MIZO_ESTORE;
    }
}

static mizo_err read_json(const mizo_region *g, const char *text, owner_report *x)
{
    json_reader r;
    json_token t;
    int64_t fy = 0;
    *x = (owner_report){ .facility = -1 };
    json_read_init(&r, text, strlen(text));
    for (;;) {
        if (json_next(&r, &t))
            return MIZO_ESTORE;
        if (t.kind == JSON_END)
            break;
        if (!t.has_key)
            continue;
        if (strcmp(t.key, "facility") == 0)
            x->facility = mizo_region_facility(g, t.text);
        else if (strcmp(t.key, "fy") == 0 && mizo_decimal_parse(t.text, strlen(t.text), 0, &fy))
            return MIZO_ESTORE;
        else if (strcmp(t.key, "energy") == 0)
            x->energy = yearly_energy_of(t.text);
        else if (strcmp(t.key, "place") == 0)
            snprintf(x->place, sizeof x->place, "%.*s", (int)sizeof x->place - 1, t.text);
        else if (strcmp(t.key, "note") == 0)
            snprintf(x->note, sizeof x->note, "%.*s", (int)sizeof x->note - 1, t.text);
        else if (strcmp(t.key, "milli") == 0 && (t.kind != JSON_ARRAY || read_milli(&r, &t, x->milli)))
            return MIZO_ESTORE;
    }
    x->fy = (int)fy;
    return x->energy && fy > 0 && fy < 9999 ? MIZO_OK : MIZO_ESTORE;
}

typedef struct loading {
    store *s;
    const mizo_region *region;
    owner_reports *out;
    int fy;
    mizo_ms as_of;
    int64_t batch; /* whose `known` is at hand */
    mizo_ms known;
    owner_report *found; /* of versions: the last that was known */
} loading;

static mizo_err take_latest(void *arg, const store_record *r)
{
    loading *x = arg;
    owner_report one;
    MIZO_TRY(read_json(x->region, r->json, &one));
    if (one.facility < 0 || (x->fy && one.fy != x->fy))
        return MIZO_OK;
    one.version = r->version;
    one.batch = r->batch;
    MIZO_TRY(array_grow(&x->out->v, &x->out->cap, x->out->n + 1, sizeof one));
    x->out->v[x->out->n++] = one;
    return MIZO_OK;
}

static mizo_err known_of(loading *x, int64_t batch, mizo_ms *known)
{
    if (batch != x->batch)
        MIZO_TRY(store_batch_known(x->s, batch, &x->known));
    x->batch = batch;
    *known = x->known;
    return MIZO_OK;
}

typedef struct version {
    int64_t batch, version;
    owner_report r;
} version;

typedef struct versions {
    const mizo_region *region;
    version *v;
    size_t n, cap;
} versions;

static mizo_err take_version(void *arg, const store_record *r)
{
    versions *x = arg;
    MIZO_TRY(array_grow(&x->v, &x->cap, x->n + 1, sizeof *x->v));
    version *v = &x->v[x->n++];
    MIZO_TRY(read_json(x->region, r->json, &v->r));
    v->r.version = r->version;
    v->r.batch = r->batch;
    return MIZO_OK;
}

/* The version that was known then in the place of a later one. *gone: there was none. */
static mizo_err older(loading *x, owner_report *r, bool *gone)
{
    versions all = { .region = x->region };
    char id[ID_ROOM];
    id_of(x->region, r, id);
    mizo_err e = x->s->ops->record_versions(x->s, record_kind, id, take_version, &all);
    *gone = true;
    for (size_t i = 0; i < all.n && !e; i++) {
        mizo_ms known;
        e = known_of(x, all.v[i].r.batch, &known);
        if (!e && known <= x->as_of) {
            *r = all.v[i].r;
            *gone = false;
        }
    }
    free(all.v);
    return e;
}

static mizo_err back_to(loading *x)
{
    size_t to = 0;
    for (size_t i = 0; i < x->out->n; i++) {
        owner_report r = x->out->v[i];
        mizo_ms known;
        bool gone = false;
        MIZO_TRY(known_of(x, r.batch, &known));
        if (known > x->as_of)
            MIZO_TRY(older(x, &r, &gone));
        if (!gone)
            x->out->v[to++] = r;
    }
    x->out->n = to;
    return MIZO_OK;
}

static int by_place(const void *a, const void *b)
{
    const owner_report *x = a, *y = b;
    if (x->facility != y->facility)
        return x->facility < y->facility ? -1 : 1;
    if (x->energy != y->energy)
        return x->energy < y->energy ? -1 : 1;
    return (x->fy > y->fy) - (x->fy < y->fy);
}

mizo_err owner_reports_load(store *s, const mizo_region *r, int fy, mizo_ms as_of, owner_reports *out)
{
    *out = (owner_reports){ 0 };
    loading x = { .s = s, .region = r, .out = out, .fy = fy, .as_of = as_of };
    mizo_err e = s->ops->record_scan(s, record_kind, NULL, take_latest, &x);
    e = e == MIZO_ENOENT ? MIZO_OK : e;
    if (!e && as_of != STORE_LATEST)
        e = back_to(&x);
    if (e)
        owner_reports_free(out);
    else if (out->n)
        qsort(out->v, out->n, sizeof *out->v, by_place);
    return e;
}

void owner_reports_free(owner_reports *o)
{
    free(o->v);
    *o = (owner_reports){ 0 };
}

const owner_report *owner_reports_find(const owner_reports *o, mizo_ref facility, const yearly_energy *energy,
                                       int fy)
{
    owner_report key = { .facility = facility, .fy = fy, .energy = energy };
    return o->n ? bsearch(&key, o->v, o->n, sizeof *o->v, by_place) : NULL;
}

mizo_err owner_report_names(const mizo_region *r, yearly_names **out)
{
    yearly_names *n = yearly_names_new();
    mizo_err e = n ? yearly_names_of(n, r) : MIZO_ENOMEM;
    for (size_t i = 0; i < r->nalias && !e; i++) {
        mizo_ref f = mizo_region_facility(r, r->alias[i].means);
        e = f < 0 ? MIZO_OK : yearly_names_add(n, r->alias[i].alias, f);
    }
    if (e) {
        yearly_names_free(n);
        return e;
    }
    yearly_names_sort(n);
    *out = n;
    return MIZO_OK;
}
