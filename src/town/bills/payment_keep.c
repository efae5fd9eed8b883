/* payment_keep.c: payments as records of the store. */
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "mizo/messages/invoice.h"
#include "town/bills/receivable_inner.h"

static const char kind[] = "payment";

mizo_err payment_keep(town *t, const payment_record *p)
{
    buf b;
    json j;
    bool changed;
    buf_init(&b, 65536);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_int(&j, "format", 1);
    json_text(&j, "party", p->party);
    json_text(&j, "reference", p->reference);
    json_day(&j, "day", p->day);
    json_yen(&j, "amount_yen", p->amount);
    json_yen(&j, "credit_yen", p->credit);
    json_array(&j, "parts");
    for (int i = 0; i < p->npart; i++) {
        json_object(&j, NULL);
        json_text(&j, "invoice", p->part[i].invoice);
        json_yen(&j, "amount_yen", p->part[i].amount);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    mizo_err err = b.err ? b.err : t->store->ops->record_put(t->store, kind, p->id, b.p, &changed);
    buf_fini(&b);
    return err;
}

static bool read_parts(json_reader *x, const json_token *t, payment_record *p)
{
    json_token m;
    if (t->kind != JSON_ARRAY)
        return false;
    while (!json_next(x, &m) && m.kind == JSON_OBJECT) {
        if (p->npart == PAYMENT_PARTS)
            return false;
        payment_part *part = &p->part[p->npart++];
        while (!json_next(x, &m) && m.kind != JSON_CLOSE)
            if (strcmp(m.key, "invoice") == 0 ? !json_take_text(&m, part->invoice, INVOICE_ID)
                                              : !json_take_yen(&m, &part->amount))
                return false;
        if (m.kind != JSON_CLOSE)
            return false;
    }
    return m.kind == JSON_CLOSE;
}

static bool read_member(json_reader *x, const json_token *t, payment_record *p)
{
    if (strcmp(t->key, "parts") == 0)
        return read_parts(x, t, p);
    if (strcmp(t->key, "party") == 0)
        return json_take_text(t, p->party, sizeof p->party);
    if (strcmp(t->key, "reference") == 0)
        return json_take_text(t, p->reference, sizeof p->reference);
    if (strcmp(t->key, "amount_yen") == 0)
        return json_take_yen(t, &p->amount);
    if (strcmp(t->key, "credit_yen") == 0)
        return json_take_yen(t, &p->credit);
    if (strcmp(t->key, "day") == 0)
        return json_take_day(t, &p->day);
    return true;
}

static mizo_err read_record(const store_record *rec, payment_record *p)
{
    json_reader x;
    json_token t;
    memset(p, 0, sizeof *p);
    if (strlen(rec->id) >= PAYMENT_ID)
        return MIZO_ESTORE;
    memcpy(p->id, rec->id, strlen(rec->id) + 1);
    json_read_init(&x, rec->json, strlen(rec->json));
    if (json_next(&x, &t) || t.kind != JSON_OBJECT)
        return MIZO_ESTORE;
    while (!json_next(&x, &t) && t.kind != JSON_CLOSE)
        if (!read_member(&x, &t, p))
            return MIZO_ESTORE;
    return t.kind == JSON_CLOSE ? MIZO_OK : MIZO_ESTORE;
}

typedef struct scan {
    town *t;
    mizo_err (*fn)(void *arg, const payment_record *p);
    void *arg;
    bool found;
} scan;

static mizo_err on_record(void *arg, const store_record *rec)
{
    scan *s = arg;
    payment_record p;
    mizo_err err = read_record(rec, &p);
    if (err) {
        MIZO_DIAG(s->t->diags, INVOICE_UNREADABLE, MIZO_NOWHERE, kind, rec->id, "JSON");
        return err;
    }
    s->found = true;
    return s->fn(s->arg, &p);
}

mizo_err payment_scan(town *t, mizo_err (*fn)(void *arg, const payment_record *p), void *arg)
{
    scan s = { t, fn, arg, false };
    return t->store->ops->record_scan(t->store, kind, NULL, on_record, &s);
}

static mizo_err take(void *arg, const payment_record *p)
{
    *(payment_record *)arg = *p;
    return MIZO_OK;
}

mizo_err payment_find(town *t, const char *id, payment_record *out)
{
    scan s = { t, take, out, false };
    MIZO_TRY(t->store->ops->record_scan(t->store, kind, id, on_record, &s));
    return s.found ? MIZO_OK : MIZO_ENOENT;
}
