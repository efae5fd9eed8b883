/* invoice_issue.c: what was approved goes out, and what went out is taken back: books, documents and records in one
 * batch. The documents' bytes are on the disk before it begins; without the batch they are bytes that nobody names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/invoice.h"
#include "mizo/region.h"
#include "town/bills/invoice_inner.h"
#include "town/register/inner.h"

typedef invoice_paper_out paper;

/* ---- papers ---- */

static register_file file_of(const invoice_act *x, const paper *p, char name[REGISTER_NAME])
{
    (void)snprintf(name, REGISTER_NAME, "%s.%s", p->v->id, report_format_ending(x->format));
    return (register_file){ .kind = p->v->kind == INVOICE_RETURN     ? "credit-note"
                                    : p->v->kind == INVOICE_PURCHASE ? "purchase-statement"
                                                                     : "invoice",
                            .name = name,
                            .sent = true,
                            .with = p->v->id, /* each paper counts its own versions */
                            .from = p->v->month,
                            .to = mizo_month_first(p->v->month, 1),
                            .actor = x->who,
                            .note = p->v->party,
                            .bytes = p->bytes.p,
                            .n = p->bytes.n };
}

static mizo_err make_paper(invoice_act *x, const invoice *v, const char *kind, run_state state)
{
    char sum[HASH_TEXT], name[REGISTER_NAME];
    report *doc;
    paper *p = &x->paper[x->npaper++];
    *p = (paper){ .v = v, .kind = kind, .state = state };
    buf_init(&p->bytes, REGISTER_MOST);
    MIZO_TRY(invoice_document(x->t, v, "ja", NULL, &doc));
    mizo_err err = report_make(doc, x->format, x->t->diags, &p->bytes);
    report_free(doc);
    if (err)
        return err;
    register_file f = file_of(x, p, name);
    hash_text(hash_bytes(p->bytes.p, p->bytes.n), sum);
    return register_keep(x->t, &f, sum);
}

static mizo_err put_paper(invoice_act *x, const paper *p)
{
    char name[REGISTER_NAME];
    register_line line;
    register_file f = file_of(x, p, name);
    MIZO_TRY(register_put(x->t, &f, &line));
    const char *run = *x->run.corrects && strcmp(p->kind, "invoice") == 0 ? x->run.corrects : x->run.id;
    return invoice_keep_as(x->t, p->kind, p->v, p->state, run, line.id);
}

/* ---- books ---- */

typedef struct lines {
    mizo_entry *v;
    invoice_move *m; /* the entries' texts */
    size_t n, cap, mcap;
    mizo_day day;
} lines;

static mizo_err take_move(void *arg, const invoice_move *m)
{
    lines *l = arg;
    MIZO_TRY(array_grow(&l->m, &l->mcap, l->n + 1, sizeof *l->m));
    l->m[l->n++] = *m;
    return MIZO_OK;
}

static mizo_err entries(lines *l)
{
    MIZO_TRY(array_grow(&l->v, &l->cap, l->n + 1, sizeof *l->v));
    for (size_t i = 0; i < l->n; i++)
        l->v[i] = (mizo_entry){ .day = l->day,
                                .from = l->m[i].from,
                                .to = l->m[i].to,
                                .unit = "uyen",
                                .kind = l->m[i].kind,
                                .amount = l->m[i].amount };
    return MIZO_OK;
}

/* Says what the books should hold for an invoice: v NULL: nothing. */
static mizo_err say(posting *p, const char *id, const invoice *v, mizo_day day)
{
    lines l = { .day = day };
    char ref[INVOICE_ID + 8];
    (void)snprintf(ref, sizeof ref, "inv:%s", id);
    mizo_err err = v ? invoice_moves(v, take_move, &l) : MIZO_OK;
    err = err ? err : entries(&l);
    err = err ? err : posting_say(p, ref, l.v, l.n, NULL);
    free(l.m);
    free(l.v);
    return err;
}

/* ---- issuing ---- */

static mizo_day due_of(const town *t, const invoice *v, mizo_day day)
{
    int days = 366;
    for (size_t i = 0; i < v->nitem; i++) {
        const char *id = v->item[i].contract;
        int own = 30;
        if (*v->item[i].kind) {
            for (size_t k = 0; k < t->region->npurchase; k++)
                if (strcmp(t->region->purchase[k].id, id) == 0)
                    own = t->region->purchase[k].pay_days;
        } else if (mizo_region_contract(t->region, id) >= 0) {
            own = t->region->contract[mizo_region_contract(t->region, id)].pay_days;
        }
        days = own < days ? own : days;
    }
    return invoice_due(day, days);
}

/* A note to an issued invoice: what it is to be less or more. */
static mizo_err note_of(invoice_act *x, const kept_invoice *old, const invoice *diff, const char *why,
                        invoice **out)
{
    char word[INVOICE_ID + 24];
    *out = arena_take(x->arena, sizeof **out);
    if (!*out)
        return MIZO_ENOMEM;
    **out = *diff;
    (void)snprintf(word, sizeof word, "%s-%lld", strchr(old->v.id, '-') + 1, (long long)old->version);
    MIZO_TRY(invoice_name(x->arena, diff->month, 'r', word, &(*out)->id));
    (*out)->returns = old->v.id;
    (*out)->issued = x->day;
    (*out)->due = due_of(x->t, diff, x->day);
    (*out)->why = why;
    return MIZO_OK;
}

/* The invoice as it will hold: its own days where it was issued before. */
static mizo_err dated(invoice_act *x, const invoice_change *c, invoice **out)
{
    *out = arena_take(x->arena, sizeof **out);
    if (!*out)
        return MIZO_ENOMEM;
    **out = *c->now;
    (*out)->issued = c->old ? c->old->v.issued : x->day;
    (*out)->due = c->old ? c->old->v.due : due_of(x->t, c->now, x->day);
    return MIZO_OK;
}

static const char *why_of(const invoice_change *c)
{
    return c->now ? "検針値等の訂正" : "取消";
}

static mizo_err make_papers(invoice_act *x)
{
    x->paper = arena_take(x->arena, (2 * x->set.n + 1) * sizeof *x->paper);
    if (!x->paper)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < x->set.n; i++) {
        const invoice_change *c = &x->set.v[i];
        invoice *v;
        if (c->old) {
            MIZO_TRY(note_of(x, c->old, &c->diff, why_of(c), &v));
            MIZO_TRY(make_paper(x, v, "invoice-note", RUN_ISSUED));
        } else {
            MIZO_TRY(dated(x, c, &v));
            MIZO_TRY(make_paper(x, v, "invoice", RUN_ISSUED));
        }
    }
    return MIZO_OK;
}

/* What an issued invoice holds from now on, without a paper of its own: the note is the paper. */
static mizo_err keep_corrected(invoice_act *x, const invoice_change *c)
{
    invoice *v;
    if (!c->old)
        return MIZO_OK;
    if (!c->now)
        return invoice_keep(x->t, &c->old->v, RUN_CANCELLED, c->old->run, c->old->document);
    MIZO_TRY(dated(x, c, &v));
    return invoice_keep(x->t, v, RUN_ISSUED, c->old->run, c->old->document);
}

/* All of it in the batch that `p` stands in. */
static mizo_err put_all(invoice_act *x, posting *p)
{
    MIZO_TRY(invoice_run_still(x->t, &x->before));
    for (size_t i = 0; i < x->set.n; i++) {
        const invoice_change *c = &x->set.v[i];
        MIZO_TRY(say(p, c->old ? c->old->v.id : c->now->id, c->now, x->day));
        MIZO_TRY(keep_corrected(x, c));
    }
    for (size_t i = 0; i < x->npaper; i++)
        MIZO_TRY(put_paper(x, &x->paper[i]));
    x->run.state = x->to;
    invoice_run_act(x->t, x->who, x->to == RUN_ISSUED ? &x->run.issued : &x->run.cancelled);
    return invoice_run_keep(x->t, &x->run);
}

static mizo_err check_format(town *t, report_format f)
{
    if (f == REPORT_FORMAT_PDF || f == REPORT_FORMAT_HTML)
        return MIZO_OK;
    MIZO_DIAG(t->diags, INVOICE_FORMAT, MIZO_NOWHERE, report_format_ending(f));
    return MIZO_EINPUT;
}

static mizo_err issue_all(invoice_act *x, const char *id)
{
    MIZO_TRY(check_format(x->t, x->format));
    MIZO_TRY(invoice_run_get(x->t, id, &x->before));
    MIZO_TRY(invoice_run_must(x->t, &x->before, RUN_APPROVED));
    MIZO_TRY(invoice_run_again(x->t, &x->before, &x->set));
    MIZO_TRY(make_papers(x));
    x->before.issue_day = x->day;
    return MIZO_OK;
}

static mizo_err begin(town *t, const char *source, const char *who, mizo_day day, report_format f,
                      run_state to, invoice_act **out)
{
    MIZO_TRY(invoice_act_new(t, source, who, out));
    (*out)->day = day;
    (*out)->format = f;
    (*out)->to = to;
    (*out)->put = put_all;
    return MIZO_OK;
}

mizo_err invoice_look_issue(town *t, const char *id, mizo_day day, report_format format, const char *who,
                            invoice_act **out)
{
    MIZO_TRY(begin(t, "invoice issue", who, day, format, RUN_ISSUED, out));
    return invoice_act_end(out, issue_all(*out, id));
}

/* ---- cancelling ---- */

typedef struct taking_back {
    invoice_act *x;
    kept_invoice **old;
    size_t cap;
} taking_back;

static mizo_err take_back(void *arg, const kept_invoice *k)
{
    taking_back *b = arg;
    if (strcmp(k->run, b->x->before.id) || k->state != RUN_ISSUED)
        return MIZO_OK;
    MIZO_TRY(array_grow(&b->old, &b->cap, b->x->set.n + 1, sizeof *b->old));
    kept_invoice *own = arena_take(b->x->arena, sizeof *own);
    if (!own)
        return MIZO_ENOMEM;
    *own = *k;
    b->old[b->x->set.n++] = own;
    return MIZO_OK;
}

static mizo_err plan_back(invoice_act *x)
{
    taking_back b = { .x = x };
    mizo_err err = invoice_kept_scan(x->t, "invoice", x->arena, true, take_back, &b);
    x->set.v = err ? NULL : arena_take(x->arena, (x->set.n + 1) * sizeof *x->set.v);
    if (!err && !x->set.v)
        err = MIZO_ENOMEM;
    for (size_t i = 0; i < x->set.n && !err; i++) {
        x->set.v[i] = (invoice_change){ .old = b.old[i] };
        err = invoice_difference(&b.old[i]->v, NULL, x->arena, &x->set.v[i].diff);
    }
    free(b.old);
    return err;
}

static mizo_err cancel_all(invoice_act *x, const char *id, const char *why)
{
    size_t n = strlen(why);
    invoice_run *r = &x->before;
    char most[16];
    (void)snprintf(most, sizeof most, "%d", RUN_WHY - 1);
    if (n == 0 || n >= RUN_WHY) {
        MIZO_DIAG(x->t->diags, INVOICE_WHY, MIZO_NOWHERE, most);
        return MIZO_EINPUT;
    }
    MIZO_TRY(check_format(x->t, x->format));
    MIZO_TRY(invoice_run_get(x->t, id, r));
    if (r->state == RUN_CANCELLED)
        return invoice_run_must(x->t, r, RUN_ISSUED);
    if (r->state == RUN_ISSUED && *r->corrects) {
        MIZO_DIAG(x->t->diags, INVOICE_RUN_CORRECTION, MIZO_NOWHERE, id);
        return MIZO_ECONFLICT;
    }
    if (r->state == RUN_ISSUED) {
        MIZO_TRY(plan_back(x));
        MIZO_TRY(make_papers(x));
    }
    memcpy(r->why, why, n + 1);
    return MIZO_OK;
}

mizo_err invoice_look_cancel(town *t, const char *id, mizo_day day, const char *why, report_format format,
                             const char *who, invoice_act **out)
{
    MIZO_TRY(begin(t, "invoice cancel", who, day, format, RUN_CANCELLED, out));
    return invoice_act_end(out, cancel_all(*out, id, why));
}
