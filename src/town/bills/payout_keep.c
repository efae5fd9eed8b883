/* payout_keep.c: payouts as records and as JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "mizo/messages/invoice.h"
#include "town/bills/payout.h"

static const char kind[] = "payout";

const char *payout_state_word(payout_state s)
{
    static const char *const words[] = { "draft", "approved", "exported", "paid", "cancelled" };
    return (size_t)s < PAYOUT_STATES ? words[s] : "";
}

void payout_free(payout *p)
{
    free(p->item);
    p->item = NULL;
    p->n = p->cap = 0;
}

/* ---- writing ---- */

static const struct {
    const char *key;
    size_t offset;
} acts[] = {
    {"made",       offsetof(payout, made)     },
    { "approved",  offsetof(payout, approved) },
    { "exported",  offsetof(payout, exported) },
    { "paid",      offsetof(payout, paid)     },
    { "cancelled", offsetof(payout, cancelled)},
};
enum { ACTS = sizeof acts / sizeof *acts };

static void members(const payout *p, json *j)
{
    json_text(j, "state", payout_state_word(p->state));
    json_day(j, "day", p->day);
    json_yen(j, "total_yen", p->total);
    json_text(j, "file", p->file);
    json_text(j, "why", p->why);
}

static void items(const payout *p, json *j)
{
    json_array(j, "items");
    for (size_t i = 0; i < p->n; i++) {
        json_object(j, NULL);
        json_text(j, "invoice", p->item[i].invoice);
        json_text(j, "party", p->item[i].party);
        json_yen(j, "yen", p->item[i].amount);
        json_end(j);
    }
    json_end(j);
}

void payout_json(const payout *p, int offset, json *j)
{
    json_text(j, "id", p->id);
    json_int(j, "version", p->version);
    members(p, j);
    for (int i = 0; i < ACTS; i++) {
        const run_act *a = (const run_act *)((const char *)p + acts[i].offset);
        if (!*a->who) {
            json_null(j, acts[i].key);
            continue;
        }
        json_object(j, acts[i].key);
        json_text(j, "who", a->who);
        json_time(j, "at", a->at, offset);
        json_end(j);
    }
    items(p, j);
}

mizo_err payout_keep(town *t, payout *p)
{
    buf b;
    json j;
    bool changed;
    buf_init(&b, 4 << 20);
    json_init(&j, &b);
    json_object(&j, NULL);
    members(p, &j);
    for (int i = 0; i < ACTS; i++) {
        const run_act *a = (const run_act *)((const char *)p + acts[i].offset);
        char at[32];
        (void)snprintf(at, sizeof at, "%s_ms", acts[i].key);
        json_text(&j, acts[i].key, a->who);
        json_int(&j, at, a->at);
    }
    items(p, &j);
    json_end(&j);
    mizo_err e = b.err ? b.err : t->store->ops->record_put(t->store, kind, p->id, b.p, &changed);
    buf_fini(&b);
    p->version += !e;
    return e;
}

/* ---- reading ---- */

static bool member(const json_token *k, payout *p)
{
    for (int i = 0; i < ACTS; i++) {
        run_act *a = (run_act *)((char *)p + acts[i].offset);
        size_t n = strlen(acts[i].key);
        if (strcmp(k->key, acts[i].key) == 0)
            return json_take_text(k, a->who, sizeof a->who);
        if (strncmp(k->key, acts[i].key, n) == 0 && strcmp(k->key + n, "_ms") == 0)
            return json_take_int(k, &a->at);
    }
    if (strcmp(k->key, "state") == 0) {
        for (p->state = 0; p->state < PAYOUT_STATES; p->state++)
            if (strcmp(k->text, payout_state_word(p->state)) == 0)
                return true;
        return false;
    }
    if (strcmp(k->key, "day") == 0)
        return json_take_day(k, &p->day);
    return strcmp(k->key, "total_yen") == 0 ? json_take_yen(k, &p->total)
           : strcmp(k->key, "file") == 0    ? json_take_text(k, p->file, sizeof p->file)
           : strcmp(k->key, "why") == 0     ? json_take_text(k, p->why, sizeof p->why)
                                            : true;
}

static bool item_member(const json_token *k, payout_item *i)
{
    return strcmp(k->key, "invoice") == 0 ? json_take_text(k, i->invoice, sizeof i->invoice)
           : strcmp(k->key, "party") == 0 ? json_take_text(k, i->party, sizeof i->party)
                                          : json_take_yen(k, &i->amount);
}

static mizo_err parse(const store_record *rec, payout *p)
{
    json_reader r;
    json_token *k = malloc(sizeof *k);
    mizo_err e = k ? MIZO_OK : MIZO_ENOMEM;
    *p = (payout){ .version = rec->version };
    bool good = strlen(rec->id) < sizeof p->id;
    (void)snprintf(p->id, sizeof p->id, "%.*s", (int)sizeof p->id - 1, rec->id);
    json_read_init(&r, rec->json, strlen(rec->json));
    while (!e && good && (e = json_next(&r, k)) == MIZO_OK && k->kind != JSON_END) {
        if (k->depth == 2 && k->kind == JSON_OBJECT) {
            e = array_grow(&p->item, &p->cap, p->n + 1, sizeof *p->item);
            if (!e)
                p->item[p->n++] = (payout_item){ .amount = 0 };
        } else if (k->depth == 3 && k->kind != JSON_CLOSE) {
            good = item_member(k, &p->item[p->n - 1]);
        } else if (k->depth == 1 && k->has_key && k->kind != JSON_ARRAY) {
            good = member(k, p);
        }
    }
    free(k);
    return e == MIZO_ENOMEM ? e : e || !good ? MIZO_ESTORE : MIZO_OK;
}

typedef struct scan {
    town *t;
    mizo_err (*fn)(void *arg, const payout *p);
    void *arg;
    bool found;
} scan;

static mizo_err on_record(void *arg, const store_record *rec)
{
    scan *s = arg;
    payout p;
    mizo_err e = parse(rec, &p);
    if (e == MIZO_ESTORE)
        MIZO_DIAG(s->t->diags, INVOICE_UNREADABLE, MIZO_NOWHERE, kind, rec->id, "JSON");
    s->found = true;
    e = e ? e : s->fn(s->arg, &p);
    payout_free(&p);
    return e;
}

mizo_err payout_scan(town *t, mizo_err (*fn)(void *arg, const payout *p), void *arg)
{
    scan s = { t, fn, arg, false };
    return t->store->ops->record_scan(t->store, kind, NULL, on_record, &s);
}

static mizo_err take(void *arg, const payout *p)
{
    payout *out = arg;
    *out = *p;
    out->item = malloc((p->n + 1) * sizeof *out->item);
    out->cap = p->n + 1;
    if (!out->item)
        return MIZO_ENOMEM;
    if (p->n)
        memcpy(out->item, p->item, p->n * sizeof *out->item);
    return MIZO_OK;
}

mizo_err payout_get(town *t, const char *id, payout *out)
{
    scan s = { t, take, out, false };
    *out = (payout){ 0 };
    mizo_err e = t->store->ops->record_scan(t->store, kind, id, on_record, &s);
    if (e == MIZO_ENOENT || (!e && !s.found)) {
        MIZO_DIAG(t->diags, PAYOUT_NONE, MIZO_NOWHERE, id);
        return MIZO_ENOENT;
    }
    return e;
}
