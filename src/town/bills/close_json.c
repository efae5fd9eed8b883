/* close_json.c: a month's close as JSON: what a version keeps and what is shown. */
#include "town/bills/close.h"

static void costs_json(const close_month *m, json *j)
{
    json_array(j, "costs");
    for (int k = 0; k < COST_KIND_COUNT; k++) {
        const cost_sum *s = &m->cost.sum[k];
        json_object(j, NULL);
        json_text(j, "id", cost_kind_word((cost_kind)k));
        json_int(j, "lines", s->lines);
        json_int(j, "reckoned", s->own_lines);
        json_int(j, "charged", s->billed_lines);
        json_int(j, "differing", s->off);
        json_yen(j, "own_yen", s->own);
        json_yen(j, "charged_yen", s->billed);
        json_yen(j, "difference_yen", s->off_sum);
        json_yen(j, "accrued_yen", s->accrued);
        json_yen(j, "tax_yen", s->tax);
        json_yen(j, "yen", s->cost);
        json_end(j);
    }
    json_end(j);
}

/* What the two people's words are about: the same content has the same hash. */
void close_content(const town *t, const close_month *m, json *j)
{
    json_text(j, "month", m->id);
    json_array(j, "contracts");
    for (size_t i = 0; i < m->ncontract; i++) {
        const close_contract *c = &m->contract[i];
        json_object(j, NULL);
        json_text(j, "id", t->region->contract[c->contract].id);
        json_bool(j, "made", c->made);
        json_int(j, "wh", c->wh);
        json_yen(j, "yen", c->total);
        json_yen(j, "net_yen", c->net);
        json_int(j, "estimated", c->estimated);
        json_int(j, "missing", c->missing);
        if (c->has_before)
            json_yen(j, "before_yen", c->before);
        else
            json_null(j, "before_yen");
        json_end(j);
    }
    json_end(j);
    costs_json(m, j);
    json_yen(j, "billed_yen", m->billed);
    json_yen(j, "net_yen", m->net);
    json_yen(j, "purchases_yen", m->purchases);
    json_yen(j, "cost_yen", m->cost.cost);
    json_yen(j, "margin_yen", m->margin);
}

void close_record_json(const close_record *r, int offset, json *j)
{
    json_text(j, "state", close_state_word(r->state));
    json_int(j, "edition", r->edition);
    json_text(j, "maker", *r->maker ? r->maker : NULL);
    json_text(j, "approver", *r->approver ? r->approver : NULL);
    json_text(j, "why", *r->why ? r->why : NULL);
    if (r->made)
        json_time(j, "made", r->made, offset);
    if (r->approved)
        json_time(j, "approved", r->approved, offset);
    json_int(j, "made_ms", r->made);
    json_int(j, "approved_ms", r->approved);
}

void close_changes_json(const close_change *v, size_t n, json *j)
{
    json_array(j, "changes");
    for (size_t i = 0; i < n; i++) {
        const close_change *c = &v[i];
        json_object(j, NULL);
        json_text(j, "of", c->cost ? "cost" : "contract");
        json_text(j, "id", c->id);
        json_yen(j, "was_yen", c->was);
        json_yen(j, "is_yen", c->is);
        if (c->batch)
            json_int(j, "batch", c->batch);
        else
            json_null(j, "batch");
        json_text(j, "actor", *c->actor ? c->actor : NULL);
        json_text(j, "source", *c->source ? c->source : NULL);
        json_end(j);
    }
    json_end(j);
}

static void checks_json(const close_month *m, json *j)
{
    json_array(j, "checks");
    for (int i = 0; i < m->ncheck; i++) {
        const close_check *c = &m->check[i];
        json_object(j, NULL);
        json_text(j, "id", c->id);
        json_bool(j, "ok", c->ok);
        json_bool(j, "blocks", c->blocks);
        json_int(j, "count", c->count);
        json_text(j, "detail", c->detail);
        json_end(j);
    }
    json_end(j);
}

void close_findings(const town *t, const close_month *m, json *j)
{
    checks_json(m, j);
    close_changes_json(m->change, m->nchange, j);
    close_content(t, m, j);
}

void close_json(const town *t, const close_month *m, json *j)
{
    close_record_json(&m->record, t->region->offset, j);
    json_int(j, "version", m->record.version);
    json_text(j, "kept_hash", *m->record.hash ? m->record.hash : NULL);
    json_text(j, "hash", m->hash);
    json_int(j, "blocked", m->blocked);
    json_object(j, "readings");
    json_int(j, "confirmed", m->confirmed);
    json_int(j, "estimated", m->estimated);
    json_int(j, "missing", m->missing);
    json_end(j);
    json_object(j, "bills");
    json_int(j, "made", m->bills);
    json_int(j, "unmade", m->unmade);
    json_int(j, "wh", m->wh);
    json_yen(j, "total_yen", m->billed);
    json_yen(j, "issued_yen", m->issued);
    json_yen(j, "before_yen", m->before);
    json_yen(j, "difference_yen", m->billed - m->before);
    json_end(j);
    close_findings(t, m, j);
}
