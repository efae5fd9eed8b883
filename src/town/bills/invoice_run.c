/* invoice_run.c: drafts and their approval. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/invoice.h"
#include "town/bills/invoice_inner.h"

/* ---- what a run does ---- */

typedef struct old_list {
    arena *a;
    mizo_day month;
    invoice_kind kind;
    kept_invoice *v;
    size_t n, cap;
} old_list;

static mizo_err keep_old(void *arg, const kept_invoice *k)
{
    old_list *o = arg;
    bool purchase = k->v.kind == INVOICE_PURCHASE;
    if (k->state != RUN_ISSUED || k->v.month != o->month || purchase != (o->kind == INVOICE_PURCHASE))
        return MIZO_OK;
    MIZO_TRY(array_grow(&o->v, &o->cap, o->n + 1, sizeof *o->v));
    o->v[o->n++] = *k;
    return MIZO_OK;
}

/* A statement of purchases that states nothing: no paper goes out. What was stated before is corrected down to it. */
static bool says_nothing(const invoice_change *x)
{
    const invoice *v = &x->diff;
    if (x->old || v->kind != INVOICE_PURCHASE || v->total)
        return false;
    for (size_t i = 0; i < v->nitem; i++)
        if (v->item[i].wh)
            return false;
    return true;
}

/* Both lists stand by id. */
static mizo_err pair_up(const old_list *old, const kept_invoice *kept, const invoice_list *now,
                        invoice_changeset *out)
{
    size_t i = 0, k = 0;
    while (i < old->n || k < now->n) {
        int c = i == old->n ? 1 : k == now->n ? -1 : strcmp(kept[i].v.id, now->v[k].id);
        invoice_change *x = &out->v[out->n];
        *x = (invoice_change){ .old = c <= 0 ? &kept[i++] : NULL, .now = c >= 0 ? &now->v[k++] : NULL };
        if (x->old)
            MIZO_TRY(invoice_difference(&x->old->v, x->now, out->arena, &x->diff));
        else
            x->diff = *x->now;
        bool nothing = says_nothing(x);
        out->unstated += nothing;
        out->n += x->diff.nitem > 0 && !nothing;
    }
    return MIZO_OK;
}

/* What is issued stays on its invoice: where bills were left out, none of these may be one of them. */
static mizo_err still_made(town *t, const old_list *old, const invoice_list *now, arena *a)
{
    const mizo_region *r = t->region;
    bool *made = arena_take(a, (r->ncontract + 1) * sizeof *made);
    mizo_err e = made ? MIZO_OK : MIZO_ENOMEM;
    for (size_t i = 0; i < now->n && !e; i++)
        for (size_t k = 0; k < now->v[i].nitem; k++) {
            mizo_ref c = mizo_region_contract(r, now->v[i].item[k].contract);
            if (c >= 0)
                made[c] = true;
        }
    for (size_t i = 0; i < old->n && made; i++)
        for (size_t k = 0; k < old->v[i].v.nitem; k++) {
            mizo_ref c = mizo_region_contract(r, old->v[i].v.item[k].contract);
            if (c < 0 || made[c])
                continue;
            MIZO_DIAG(t->diags, INVOICE_LEFT_ISSUED, MIZO_NOWHERE, r->contract[c].id, old->v[i].v.id);
            e = MIZO_EINPUT;
        }
    return e;
}

static mizo_err compare(town *t, old_list *old, mizo_ms as_of, invoice_changeset *out)
{
    invoice_list now = { .arena = out->arena, .leave = out->leave };
    MIZO_TRY(invoice_kept_scan(t, "invoice", out->arena, true, keep_old, old));
    MIZO_TRY(invoice_make(t, old->month, old->kind, as_of, &now));
    out->left_out = now.left_out;
    out->unstated = 0;
    if (now.left_out)
        MIZO_TRY(still_made(t, old, &now, out->arena));
    kept_invoice *kept = arena_take(out->arena, (old->n + 1) * sizeof *kept);
    out->v = arena_take(out->arena, (old->n + now.n + 1) * sizeof *out->v);
    if (!kept || !out->v)
        return MIZO_ENOMEM;
    if (old->n)
        memcpy(kept, old->v, old->n * sizeof *kept);
    return pair_up(old, kept, &now, out);
}

mizo_err invoice_compare(town *t, mizo_day month, invoice_kind kind, mizo_ms as_of, invoice_changeset *out)
{
    old_list old = { .a = out->arena, .month = month, .kind = kind };
    out->n = 0;
    mizo_err err = compare(t, &old, as_of, out);
    free(old.v);
    return err;
}

mizo_err invoice_count(const invoice_changeset *c, invoice_run *r)
{
    hash_run h;
    buf b;
    hash_begin(&h);
    buf_init(&b, 0);
    r->invoices = (int64_t)c->n;
    r->items = r->wh = r->total = r->tax = 0;
    for (size_t i = 0; i < c->n; i++) {
        const invoice *v = &c->v[i].diff;
        buf_clear(&b);
        invoice_json(v, &b);
        hash_more(&h, b.p ? b.p : "", b.n);
        r->items += (int64_t)v->nitem;
        for (size_t k = 0; k < v->nitem; k++)
            r->wh += v->item[k].wh;
        r->total += v->total;
        r->tax += v->tax;
    }
    hash_text(hash_end(&h), r->hash);
    mizo_err err = b.err;
    buf_fini(&b);
    return err;
}

/* ---- acts ---- */

void invoice_run_act(town *t, const char *who, run_act *out)
{
    (void)snprintf(out->who, sizeof out->who, "%s", who);
    out->at = town_now(t);
}

static const char *last_hand(const invoice_run *r)
{
    return *r->cancelled.who  ? r->cancelled.who
           : *r->issued.who   ? r->issued.who
           : *r->approved.who ? r->approved.who
                              : r->made.who;
}

mizo_err invoice_run_must(town *t, const invoice_run *r, run_state state)
{
    if (r->state == state)
        return MIZO_OK;
    MIZO_DIAG(t->diags, INVOICE_RUN_STATE, MIZO_NOWHERE, r->id, run_state_word(r->state), last_hand(r),
              run_state_word(state));
    return MIZO_ECONFLICT;
}

/* ---- drafts ---- */

static void base_id(mizo_day month, invoice_kind kind, char out[INVOICE_ID])
{
    mizo_date m = mizo_day_date(month);
    (void)snprintf(out, INVOICE_ID, "%04d-%02d%s", m.year, m.month, kind == INVOICE_PURCHASE ? "-buy" : "");
}

/* The run to draft: the month's own, or the next correction of it. */
static mizo_err choose(town *t, mizo_day month, invoice_kind kind, invoice_run *out)
{
    char base[INVOICE_ID], id[INVOICE_ID + 16];
    base_id(month, kind, base);
    (void)snprintf(id, sizeof id, "%s", base);
    for (int n = 1;; n++) {
        invoice_run old;
        mizo_err err = invoice_run_find(t, id, &old);
        if (err && err != MIZO_ENOENT)
            return err;
        if (!err && old.state == RUN_APPROVED) {
            MIZO_DIAG(t->diags, INVOICE_RUN_WAITS, MIZO_NOWHERE, id, old.approved.who);
            return MIZO_ECONFLICT;
        }
        if (err || old.state != RUN_ISSUED) {
            memset(out, 0, sizeof *out);
            out->version = err ? 0 : old.version;
            break;
        }
        (void)snprintf(id, sizeof id, "%s-c%d", base, n);
    }
    out->month = month;
    out->kind = kind;
    out->issue_day = MIZO_DAY_NONE;
    (void)snprintf(out->id, sizeof out->id, "%.40s", id);
    (void)snprintf(out->corrects, sizeof out->corrects, "%s", strcmp(id, base) ? base : "");
    return MIZO_OK;
}

static mizo_err say_empty(town *t, const invoice_run *r)
{
    char month[MIZO_DATE_TEXT];
    mizo_day_text(r->month, month);
    if (*r->corrects)
        MIZO_DIAG(t->diags, INVOICE_NO_CHANGE, MIZO_NOWHERE, r->corrects);
    else if (r->unstated)
        MIZO_DIAG(t->diags, INVOICE_UNSTATED, MIZO_NOWHERE, month);
    else
        MIZO_DIAG(t->diags, INVOICE_EMPTY, MIZO_NOWHERE,
                  r->kind == INVOICE_PURCHASE ? "purchases" : "contracts", month);
    return MIZO_ENOENT;
}

/* Everything is computed first; the batch only looks whether somebody else was faster. */
static mizo_err keep_draft(invoice_act *x, posting *p)
{
    invoice_run now;
    (void)p;
    MIZO_TRY(choose(x->t, x->run.month, x->run.kind, &now));
    if (strcmp(now.id, x->run.id) == 0 && now.version == x->run.version)
        return invoice_run_keep(x->t, &x->run);
    MIZO_DIAG(x->t->diags, INVOICE_RUN_RACE, MIZO_NOWHERE, x->run.id);
    return MIZO_ECONFLICT;
}

static mizo_err draft(invoice_act *x, mizo_day month, invoice_kind kind, bool leave)
{
    town *t = x->t;
    invoice_run *r = &x->before;
    invoice_changeset c = { .arena = x->arena, .leave = leave };
    MIZO_TRY(choose(t, month, kind, r));
    invoice_run_act(t, x->who, &r->made);
    MIZO_TRY(town_known(t, &r->as_of));
    memcpy(r->model, t->region->hash, HASH_TEXT);
    MIZO_TRY(invoice_compare(t, month, kind, r->as_of, &c));
    r->left_out = c.left_out;
    r->unstated = c.unstated;
    if (!c.n)
        return say_empty(t, r);
    x->put = keep_draft;
    return invoice_count(&c, r);
}

mizo_err invoice_look_draft(town *t, mizo_day month, invoice_kind kind, bool leave, const char *who,
                            invoice_act **out)
{
    MIZO_TRY(invoice_act_new(t, "invoice run", who, out));
    return invoice_act_end(out, draft(*out, month, kind, leave));
}

/* ---- approval ---- */

mizo_err invoice_run_again(town *t, const invoice_run *r, invoice_changeset *c)
{
    invoice_run now = *r;
    const char *what = NULL;
    c->leave = r->left_out > 0;
    MIZO_TRY(invoice_compare(t, r->month, r->kind, r->as_of, c));
    MIZO_TRY(invoice_count(c, &now));
    if (strcmp(t->region->hash, r->model))
        what = "the region's files / 地域ファイル";
    if (strcmp(now.hash, r->hash) == 0)
        return MIZO_OK;
    MIZO_DIAG(t->diags, INVOICE_RUN_STALE, MIZO_NOWHERE, r->id, what ? what : "readings / 検針値");
    return MIZO_EINPUT;
}

mizo_err invoice_run_still(town *t, const invoice_run *r)
{
    invoice_run now;
    MIZO_TRY(invoice_run_get(t, r->id, &now));
    MIZO_TRY(invoice_run_must(t, &now, r->state));
    if (now.version == r->version)
        return MIZO_OK;
    MIZO_DIAG(t->diags, INVOICE_RUN_RACE, MIZO_NOWHERE, r->id);
    return MIZO_ECONFLICT;
}

static mizo_err keep_approval(invoice_act *x, posting *p)
{
    (void)p;
    MIZO_TRY(invoice_run_still(x->t, &x->run));
    x->run.state = RUN_APPROVED;
    invoice_run_act(x->t, x->who, &x->run.approved);
    return invoice_run_keep(x->t, &x->run);
}

static mizo_err approve(invoice_act *x, const char *id, const actor *who)
{
    invoice_run *r = &x->before;
    invoice_changeset c = { .arena = x->arena };
    MIZO_TRY(invoice_run_get(x->t, id, r));
    MIZO_TRY(invoice_run_must(x->t, r, RUN_DRAFT));
    MIZO_TRY(actor_second(r->made.who, who, x->t->diags));
    x->put = keep_approval;
    return invoice_run_again(x->t, r, &c);
}

mizo_err invoice_look_approve(town *t, const char *id, const actor *who, invoice_act **out)
{
    MIZO_TRY(invoice_act_new(t, "invoice approve", who->name, out));
    return invoice_act_end(out, approve(*out, id, who));
}

/* ---- what is in a run ---- */

typedef struct of_run {
    const invoice_run *r;
    invoice_each each;
    void *arg;
} of_run;

static mizo_err on_issued(void *arg, const kept_invoice *k)
{
    of_run *o = arg;
    return strcmp(k->run, o->r->id) == 0 ? o->each(o->arg, &k->v) : MIZO_OK;
}

static mizo_err each_change(town *t, mizo_day month, invoice_kind kind, mizo_ms as_of, bool leave, arena *a,
                            invoice_each each, void *arg)
{
    invoice_changeset c = { .arena = a, .leave = leave };
    MIZO_TRY(invoice_compare(t, month, kind, as_of, &c));
    for (size_t i = 0; i < c.n; i++)
        MIZO_TRY(each(arg, &c.v[i].diff));
    return MIZO_OK;
}

mizo_err invoice_run_each(town *t, const invoice_run *r, invoice_each each, void *arg)
{
    of_run o = { r, each, arg };
    bool open = r->state == RUN_DRAFT || r->state == RUN_APPROVED;
    arena *a = arena_new(0);
    mizo_err err = MIZO_ENOMEM;
    if (a && open)
        err = each_change(t, r->month, r->kind, r->as_of, r->left_out > 0, a, each, arg);
    else if (a)
        err = invoice_kept_scan(t, *r->corrects ? "invoice-note" : "invoice", a, false, on_issued, &o);
    arena_free(a);
    return err;
}

mizo_err invoice_changes(town *t, mizo_day month, invoice_kind kind, invoice_each each, void *arg)
{
    arena *a = arena_new(0);
    mizo_err err = a ? each_change(t, month, kind, STORE_LATEST, false, a, each, arg) : MIZO_ENOMEM;
    arena_free(a);
    return err;
}
