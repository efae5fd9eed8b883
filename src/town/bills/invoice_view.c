/* invoice_view.c: runs and invoices as JSON, the same from the command line and the API. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "town/bills/invoice.h"

/* ---- runs ---- */

static void act_json(json *j, const char *key, const run_act *a, int offset)
{
    if (!*a->who) {
        json_null(j, key);
        return;
    }
    json_object(j, key);
    json_text(j, "who", a->who);
    json_time(j, "at", a->at, offset);
    json_end(j);
}

void invoice_run_json(const invoice_run *r, int offset, json *j)
{
    json_text(j, "run", r->id);
    json_day(j, "month", r->month);
    json_text(j, "kind", invoice_kind_word(r->kind));
    json_text(j, "state", run_state_word(r->state));
    json_text(j, "corrects", r->corrects);
    json_int(j, "version", r->version);
    json_int(j, "invoices", r->invoices);
    json_int(j, "lines", r->items);
    json_int(j, "wh", r->wh);
    json_yen(j, "total_yen", r->total);
    json_yen(j, "tax_yen", r->tax);
    json_int(j, "left_out", r->left_out);
    json_int(j, "unstated", r->unstated);
    json_time(j, "as_of", r->as_of, offset);
    json_text(j, "hash", r->hash);
    act_json(j, "made", &r->made, offset);
    act_json(j, "approved", &r->approved, offset);
    act_json(j, "issued", &r->issued, offset);
    act_json(j, "cancelled", &r->cancelled, offset);
    if (r->issue_day == MIZO_DAY_NONE)
        json_null(j, "issue_day");
    else
        json_day(j, "issue_day", r->issue_day);
    json_text(j, "why", r->why);
}

/* ---- invoices ---- */

mizo_wh invoice_energy(const invoice *v)
{
    mizo_wh sum = 0;
    for (size_t i = 0; i < v->nitem; i++)
        sum += v->item[i].wh;
    return sum;
}

void invoice_head_json(const invoice *v, json *j)
{
    json_text(j, "id", v->id);
    json_text(j, "kind", invoice_kind_word(v->kind));
    json_text(j, "party", v->party);
    json_text(j, "party_name", v->party_name);
    json_text(j, "returns", v->returns);
    json_int(j, "lines", (int64_t)v->nitem);
    json_int(j, "wh", invoice_energy(v));
    json_yen(j, "total_yen", v->total);
    json_yen(j, "tax_yen", v->tax);
}

/* ---- changes: which contract, by how much, and what brought the readings ---- */

static mizo_err on_batch(void *arg, const store_batch *b)
{
    invoice_cause *c = arg;
    if (b->known != c->known)
        return MIZO_OK;
    c->id = b->id;
    (void)snprintf(c->who, sizeof c->who, "%s", b->actor);
    (void)snprintf(c->source, sizeof c->source, "%s", b->source);
    return MIZO_OK;
}

typedef struct last_run {
    const invoice *of;
    invoice_run run; /* issued last; id "": none */
} last_run;

static mizo_err on_last(void *arg, const invoice_run *r)
{
    last_run *x = arg;
    bool bought = x->of->nitem && *x->of->item[0].kind; /* a return may be of either's */
    if (r->month == x->of->month && (r->kind == INVOICE_PURCHASE) == bought && r->state == RUN_ISSUED &&
        (!*x->run.id || r->issued.at >= x->run.issued.at))
        x->run = *r;
    return MIZO_OK;
}

mizo_err invoice_cause_of(town *t, const invoice *v, const invoice_item *item, invoice_cause *out)
{
    last_run last = { .of = v };
    *out = (invoice_cause){ .known = item->known };
    mizo_err e = invoice_run_scan(t, on_last, &last);
    MIZO_TRY(e == MIZO_ENOENT ? MIZO_OK : e);
    out->readings = item->known && (!*last.run.id || item->known > last.run.as_of);
    out->files = *last.run.id && strcmp(last.run.model, t->region->hash) != 0;
    return out->readings ? t->store->ops->batch_scan(t->store, 0, on_batch, out) : MIZO_OK;
}

mizo_uyen invoice_item_sum(const invoice_item *v)
{
    mizo_uyen sum = 0;
    for (int k = 0; k < v->npart; k++)
        sum += v->part[k].amount;
    return sum;
}

static void item_json(const invoice_item *v, const invoice_cause *why, int offset, json *j)
{
    json_object(j, NULL);
    json_text(j, "contract", v->contract);
    json_text(j, "point", v->point);
    json_day(j, "from", v->from);
    json_day(j, "to", v->to);
    json_int(j, "wh", v->wh);
    json_yen(j, "amount_yen", invoice_item_sum(v));
    json_bool(j, "readings_changed", why->readings);
    json_bool(j, "files_changed", why->files);
    if (why->id) {
        json_int(j, "batch", why->id);
        json_time(j, "known", why->known, offset);
        json_text(j, "who", why->who);
        json_text(j, "source", why->source);
    } else {
        json_null(j, "batch");
    }
    json_end(j);
}

mizo_err invoice_change_json(town *t, const invoice *v, json *j)
{
    invoice_cause why;
    json_object(j, NULL);
    invoice_head_json(v, j);
    json_array(j, "contracts");
    for (size_t i = 0; i < v->nitem; i++) {
        MIZO_TRY(invoice_cause_of(t, v, &v->item[i], &why));
        item_json(&v->item[i], &why, t->region->offset, j);
    }
    json_end(j);
    json_end(j);
    return MIZO_OK;
}
