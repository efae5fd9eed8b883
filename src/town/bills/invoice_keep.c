/* invoice_keep.c: runs and invoices as records of the store. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "mizo/messages/invoice.h"
#include "town/bills/invoice.h"
#include "town/bills/invoice_inner.h"

static const char run_kind[] = "invoice-run";

const char *run_state_word(run_state s)
{
    static const char *const words[] = { "draft", "approved", "issued", "cancelled" };
    return (size_t)s < RUN_STATES ? words[s] : "";
}

static bool state_of(const char *word, run_state *out)
{
    for (int i = 0; i < RUN_STATES; i++)
        if (strcmp(word, run_state_word((run_state)i)) == 0) {
            *out = (run_state)i;
            return true;
        }
    return false;
}

static mizo_err put(town *t, const char *kind, const char *id, const buf *b, bool *changed)
{
    *changed = false;
    return b->err ? b->err : t->store->ops->record_put(t->store, kind, id, b->p, changed);
}

/* ---- runs ---- */

static void put_act(json *j, const char *key, const run_act *a)
{
    if (!*a->who) {
        json_null(j, key);
        return;
    }
    json_object(j, key);
    json_text(j, "who", a->who);
    json_int(j, "at_ms", a->at);
    json_end(j);
}

static void run_json(const invoice_run *r, json *j)
{
    json_object(j, NULL);
    json_int(j, "format", 1);
    json_day(j, "month", r->month);
    json_text(j, "kind", invoice_kind_word(r->kind));
    json_text(j, "state", run_state_word(r->state));
    json_text(j, "corrects", r->corrects);
    json_int(j, "as_of_ms", r->as_of);
    json_text(j, "model", r->model);
    json_int(j, "invoices", r->invoices);
    json_int(j, "items", r->items);
    json_int(j, "wh", r->wh);
    json_yen(j, "total_yen", r->total);
    json_yen(j, "tax_yen", r->tax);
    json_int(j, "left_out", r->left_out);
    json_int(j, "unstated", r->unstated);
    json_text(j, "hash", r->hash);
    put_act(j, "made", &r->made);
    put_act(j, "approved", &r->approved);
    put_act(j, "issued", &r->issued);
    put_act(j, "cancelled", &r->cancelled);
    if (r->issue_day == MIZO_DAY_NONE)
        json_null(j, "issue_day");
    else
        json_day(j, "issue_day", r->issue_day);
    json_text(j, "why", r->why);
    json_end(j);
}

mizo_err invoice_run_keep(town *t, invoice_run *r)
{
    buf b;
    json j;
    bool changed;
    buf_init(&b, 65536);
    json_init(&j, &b);
    run_json(r, &j);
    mizo_err err = put(t, run_kind, r->id, &b, &changed);
    buf_fini(&b);
    r->version += changed; /* the same draft again within one instant of the town is the same version */
    return err;
}

static bool number(const json_token *t, bool yen, int64_t *out)
{
    return yen ? json_take_yen(t, out) : json_take_int(t, out);
}

/* Null: none yet. */
static bool day_or_none(const json_token *t, mizo_day *out)
{
    *out = MIZO_DAY_NONE;
    return t->kind == JSON_NULL || json_take_day(t, out);
}

static bool read_act(json_reader *r, const json_token *t, run_act *out)
{
    json_token m;
    if (t->kind == JSON_NULL)
        return true;
    while (t->kind == JSON_OBJECT && !json_next(r, &m) && m.kind != JSON_CLOSE) {
        if (strcmp(m.key, "who") == 0 ? !json_take_text(&m, out->who, RUN_WHO) : !number(&m, false, &out->at))
            return false;
    }
    return t->kind == JSON_OBJECT && m.kind == JSON_CLOSE;
}

static bool read_kind(const json_token *t, invoice_kind *out)
{
    *out = strcmp(t->text, "purchase") == 0 ? INVOICE_PURCHASE : INVOICE_BILL;
    return strcmp(t->text, invoice_kind_word(*out)) == 0;
}

static bool run_member(json_reader *x, const json_token *t, invoice_run *r)
{
    const struct {
        const char *key;
        int64_t *to;
        bool yen;
    } numbers[] = {
        {"as_of_ms",   &r->as_of,    false},
        { "invoices",  &r->invoices, false},
        { "items",     &r->items,    false},
        { "wh",        &r->wh,       false},
        { "total_yen", &r->total,    true },
        { "tax_yen",   &r->tax,      true },
        { "left_out",  &r->left_out, false},
        { "unstated",  &r->unstated, false}
    };
    const struct {
        const char *key;
        char *to;
        size_t cap;
    } texts[] = {
        {"corrects", r->corrects, INVOICE_ID},
        { "model",   r->model,    HASH_TEXT },
        { "hash",    r->hash,     HASH_TEXT },
        { "why",     r->why,      RUN_WHY   }
    };
    const struct {
        const char *key;
        run_act *to;
    } acts[] = {
        {"made",       &r->made     },
        { "approved",  &r->approved },
        { "issued",    &r->issued   },
        { "cancelled", &r->cancelled}
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(t->key, numbers[i].key) == 0)
            return number(t, numbers[i].yen, numbers[i].to);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(t->key, texts[i].key) == 0)
            return json_take_text(t, texts[i].to, texts[i].cap);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (strcmp(t->key, acts[i].key) == 0)
            return read_act(x, t, acts[i].to);
    return strcmp(t->key, "format") == 0      ? strcmp(t->text, "1") == 0
           : strcmp(t->key, "month") == 0     ? day_or_none(t, &r->month)
           : strcmp(t->key, "issue_day") == 0 ? day_or_none(t, &r->issue_day)
           : strcmp(t->key, "kind") == 0      ? read_kind(t, &r->kind)
                                              : strcmp(t->key, "state") == 0 && state_of(t->text, &r->state);
}

static mizo_err run_read(const store_record *rec, invoice_run *out)
{
    json_reader x;
    json_token t;
    *out = (invoice_run){ .version = rec->version, .issue_day = MIZO_DAY_NONE };
    if (strlen(rec->id) >= INVOICE_ID)
        return MIZO_ESTORE;
    memcpy(out->id, rec->id, strlen(rec->id) + 1);
    json_read_init(&x, rec->json, strlen(rec->json));
    if (json_next(&x, &t) || t.kind != JSON_OBJECT)
        return MIZO_ESTORE;
    while (!json_next(&x, &t) && t.kind != JSON_CLOSE)
        if (!run_member(&x, &t, out))
            return MIZO_ESTORE;
    return t.kind == JSON_CLOSE ? MIZO_OK : MIZO_ESTORE;
}

typedef struct run_scan {
    town *t;
    mizo_err (*fn)(void *arg, const invoice_run *r);
    void *arg;
    bool found;
} run_scan;

static mizo_err on_run(void *arg, const store_record *rec)
{
    run_scan *s = arg;
    invoice_run r;
    if (run_read(rec, &r)) {
        MIZO_DIAG(s->t->diags, INVOICE_UNREADABLE, MIZO_NOWHERE, run_kind, rec->id, "JSON");
        return MIZO_ESTORE;
    }
    s->found = true;
    return s->fn(s->arg, &r);
}

static mizo_err run_copy(void *arg, const invoice_run *r)
{
    *(invoice_run *)arg = *r;
    return MIZO_OK;
}

mizo_err invoice_run_find(town *t, const char *id, invoice_run *out)
{
    run_scan s = { t, run_copy, out, false };
    mizo_err err = t->store->ops->record_scan(t->store, run_kind, id, on_run, &s);
    return err ? err : s.found ? MIZO_OK : MIZO_ENOENT;
}

mizo_err invoice_run_get(town *t, const char *id, invoice_run *out)
{
    mizo_err err = invoice_run_find(t, id, out);
    if (err == MIZO_ENOENT)
        MIZO_DIAG(t->diags, INVOICE_RUN_NONE, MIZO_NOWHERE, id);
    return err;
}

mizo_err invoice_run_scan(town *t, mizo_err (*fn)(void *arg, const invoice_run *r), void *arg)
{
    run_scan s = { t, fn, arg, false };
    return t->store->ops->record_scan(t->store, run_kind, NULL, on_run, &s);
}

/* ---- invoices ---- */

mizo_err invoice_keep_as(town *t, const char *kind, const invoice *v, run_state state, const char *run,
                         const char *document)
{
    buf b, inner;
    json j;
    bool changed;
    buf_init(&b, 0);
    buf_init(&inner, 0);
    json_init(&j, &b);
    invoice_json(v, &inner);
    json_object(&j, NULL);
    json_int(&j, "format", 1);
    json_text(&j, "run", run);
    json_text(&j, "state", run_state_word(state));
    json_text(&j, "document", document);
    json_raw(&j, "invoice", inner.p ? inner.p : "null");
    json_end(&j);
    mizo_err err = inner.err ? inner.err : put(t, kind, v->id, &b, &changed);
    buf_fini(&inner);
    buf_fini(&b);
    return err;
}

mizo_err invoice_keep(town *t, const invoice *v, run_state state, const char *run, const char *document)
{
    return invoice_keep_as(t, "invoice", v, state, run, document);
}

/* The wrapper's members; the invoice within is read from its own bytes. */
static mizo_err kept_read(const store_record *rec, arena *a, kept_invoice *out)
{
    json_reader x;
    json_token t;
    const char *what = "JSON";
    memset(out, 0, sizeof *out);
    out->version = rec->version;
    json_read_init(&x, rec->json, strlen(rec->json));
    if (json_next(&x, &t) || t.kind != JSON_OBJECT)
        return MIZO_ESTORE;
    while (!json_next(&x, &t) && t.kind != JSON_CLOSE) {
        bool good = true;
        if (strcmp(t.key, "run") == 0)
            good = json_take_text(&t, out->run, sizeof out->run);
        else if (strcmp(t.key, "document") == 0)
            good = json_take_text(&t, out->document, sizeof out->document);
        else if (strcmp(t.key, "state") == 0)
            good = state_of(t.text, &out->state);
        else if (strcmp(t.key, "invoice") == 0 && t.kind == JSON_OBJECT) {
            const char *from = x.p - 1; /* the brace */
            mizo_err err = json_skip(&x, &t);
            err = err ? err : invoice_read(from, (size_t)(x.p - from), a, &out->v, &what);
            if (err)
                return err == MIZO_EINPUT ? MIZO_ESTORE : err;
        }
        if (!good)
            return MIZO_ESTORE;
    }
    return t.kind == JSON_CLOSE && out->v.id ? MIZO_OK : MIZO_ESTORE;
}

typedef struct kept_scan {
    town *t;
    arena *a;
    const char *kind;
    mizo_err (*fn)(void *arg, const kept_invoice *k);
    void *arg;
    bool found, keep; /* keep: the arena holds all of them */
} kept_scan;

static mizo_err on_kept(void *arg, const store_record *rec)
{
    kept_scan *s = arg;
    kept_invoice k;
    mizo_err err = kept_read(rec, s->a, &k);
    if (err == MIZO_ESTORE)
        MIZO_DIAG(s->t->diags, INVOICE_UNREADABLE, MIZO_NOWHERE, s->kind, rec->id, "JSON");
    if (!err) {
        s->found = true;
        err = s->fn(s->arg, &k);
    }
    if (!s->keep)
        arena_reset(s->a);
    return err;
}

mizo_err invoice_kept_scan(town *t, const char *kind, arena *a, bool keep,
                           mizo_err (*fn)(void *arg, const kept_invoice *k), void *arg)
{
    kept_scan s = { t, a, kind, fn, arg, false, keep };
    return t->store->ops->record_scan(t->store, kind, NULL, on_kept, &s);
}

static mizo_err kept_copy(void *arg, const kept_invoice *k)
{
    *(kept_invoice *)arg = *k;
    return MIZO_OK;
}

mizo_err invoice_find(town *t, const char *id, arena *a, kept_invoice *out)
{
    static const char *const kinds[] = { "invoice", "invoice-note" };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        kept_scan s = { t, a, kinds[i], kept_copy, out, false, true };
        MIZO_TRY(t->store->ops->record_scan(t->store, kinds[i], id, on_kept, &s));
        if (s.found)
            return MIZO_OK;
    }
    MIZO_DIAG(t->diags, INVOICE_NONE, MIZO_NOWHERE, id);
    return MIZO_ENOENT;
}

mizo_err invoice_get(town *t, const char *id, arena *a, invoice *out, run_state *state)
{
    kept_invoice k;
    MIZO_TRY(invoice_find(t, id, a, &k));
    *out = k.v;
    if (state)
        *state = k.state;
    return MIZO_OK;
}

typedef struct plain_scan {
    invoice_kept_each each;
    void *arg;
} plain_scan;

static mizo_err on_plain(void *arg, const kept_invoice *k)
{
    plain_scan *s = arg;
    return s->each(s->arg, &k->v, k->state, k->run);
}

mizo_err invoice_scan(town *t, invoice_kept_each each, void *arg)
{
    plain_scan s = { each, arg };
    arena *a = arena_new(0);
    if (!a)
        return MIZO_ENOMEM;
    mizo_err err = invoice_kept_scan(t, "invoice", a, false, on_plain, &s);
    arena_free(a);
    return err;
}
