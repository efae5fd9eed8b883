/* receivable.c: invoices against payments. */
#include "town/bills/receivable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/region.h"
#include "town/bills/cost.h"
#include "town/bills/receivable_inner.h"
#include "town/report_file.h"

typedef struct reading {
    receivable_list *list;
    size_t cap;
    mizo_day as_of;
    store *store;
    const mizo_region *region;
} reading;

static mizo_err on_invoice(void *arg, const invoice *v, run_state state, const char *run)
{
    reading *x = arg;
    receivable_list *l = x->list;
    (void)run;
    if (v->kind == INVOICE_PURCHASE || v->issued > x->as_of)
        return MIZO_OK;
    MIZO_TRY(array_grow(&l->v, &x->cap, l->n + 1, sizeof *l->v));
    receivable *r = &l->v[l->n++];
    *r = (receivable){ .party = arena_copy(l->arena, v->party, strlen(v->party)),
                       .name = arena_copy(l->arena, v->party_name, strlen(v->party_name)),
                       .invoice = arena_copy(l->arena, v->id, strlen(v->id)),
                       .month = v->month,
                       .issued = v->issued,
                       .due = v->due,
                       .billed = state == RUN_CANCELLED ? 0 : v->total,
                       .cancelled = state == RUN_CANCELLED };
    return r->party && r->name && r->invoice ? MIZO_OK : MIZO_ENOMEM;
}

/* ---- shares that the members of our group owe (docs/mechanisms/close.md) ---- */

typedef struct shares {
    reading *x;
    mizo_day month;
    size_t first; /* of the list: rows of this month's shares */
} shares;

/* The row that says we are parent of a group with this member in the month. */
static const mizo_bg *parent_row(const mizo_region *r, const char *member, mizo_day month)
{
    for (size_t i = 0; i < r->nbg; i++)
        if (r->bg[i].role == MIZO_BG_PARENT && r->bg[i].from < mizo_month_first(month, 1) &&
            r->bg[i].to > month && mizo_id_listed(r->bg[i].members, member))
            return &r->bg[i];
    return NULL;
}

static const char *supplier_name(const mizo_region *r, const char *id)
{
    for (size_t i = 0; i < r->nsupplier; i++)
        if (strcmp(r->supplier[i].id, id) == 0)
            return *r->supplier[i].name_ja ? r->supplier[i].name_ja : id;
    return id;
}

static mizo_err share_row(shares *s, const char *member, receivable **out)
{
    reading *x = s->x;
    receivable_list *l = x->list;
    mizo_date d = mizo_day_date(s->month);
    mizo_day last = mizo_month_first(s->month, 1) - 1;
    char id[INVOICE_ID];
    for (size_t i = s->first; i < l->n; i++)
        if (strcmp(l->v[i].party, member) == 0) {
            *out = &l->v[i];
            return MIZO_OK;
        }
    const mizo_bg *g = parent_row(x->region, member, s->month);
    const char *name = supplier_name(x->region, member);
    (void)snprintf(id, sizeof id, "share-%04d-%02d-%.24s", d.year % 10000, d.month % 100, member);
    MIZO_TRY(array_grow(&l->v, &x->cap, l->n + 1, sizeof *l->v));
    *out = &l->v[l->n++];
    **out = (receivable){ .party = arena_copy(l->arena, member, strlen(member)),
                          .name = arena_copy(l->arena, name, strlen(name)),
                          .invoice = arena_copy(l->arena, id, strlen(id)),
                          .month = s->month,
                          .issued = last,
                          .due = last + (g ? g->share_days : 30) };
    return (*out)->party && (*out)->name && (*out)->invoice ? MIZO_OK : MIZO_ENOMEM;
}

static mizo_err on_share(void *arg, const store_entry *e)
{
    static const char customer[] = "customer:";
    shares *s = arg;
    receivable *r;
    size_t n = sizeof customer - 1;
    bool to = strncmp(e->to, customer, n) == 0, from = strncmp(e->from, customer, n) == 0;
    if (e->day > s->x->as_of || (!to && !from))
        return MIZO_OK;
    MIZO_TRY(share_row(s, (to ? e->to : e->from) + n, &r));
    return __builtin_add_overflow(r->billed, to ? e->amount : -e->amount, &r->billed) ? MIZO_ERANGE : MIZO_OK;
}

static mizo_err on_close(void *arg, const store_record *rec)
{
    reading *x = arg;
    char ref[64], first[24];
    mizo_date d;
    (void)snprintf(first, sizeof first, "%.16s-01", rec->id);
    if (mizo_date_parse(first, strlen(first), &d))
        return MIZO_ESTORE;
    shares s = { .x = x, .month = mizo_date_day(d), .first = x->list->n };
    (void)snprintf(ref, sizeof ref, "cost:%.16s:%s", rec->id, cost_kind_word(COST_SHARE));
    mizo_err e = x->store->ops->entry_ref(x->store, ref, on_share, &s);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static mizo_err read_shares(town *t, reading *x)
{
    x->store = t->store;
    x->region = t->region;
    mizo_err e = t->store->ops->record_scan(t->store, "close", NULL, on_close, x);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static int by_party(const void *pa, const void *pb)
{
    const receivable *a = pa, *b = pb;
    int c = strcmp(a->party, b->party);
    if (!c && a->due != b->due)
        c = a->due < b->due ? -1 : 1;
    return c ? c : strcmp(a->invoice, b->invoice);
}

static mizo_err on_payment(void *arg, const payment_record *p)
{
    reading *x = arg;
    if (p->day > x->as_of)
        return MIZO_OK;
    x->list->credit += p->credit;
    for (int k = 0; k < p->npart; k++)
        for (size_t i = 0; i < x->list->n; i++)
            if (strcmp(x->list->v[i].invoice, p->part[k].invoice) == 0)
                x->list->v[i].paid += p->part[k].amount;
    return MIZO_OK;
}

static mizo_err on_balance(void *arg, const char *holder, const char *unit, mizo_day day, int64_t total,
                           const int64_t *slots)
{
    receivable_list *l = arg;
    (void)slots;
    if (day == MIZO_DAY_NONE && strcmp(unit, "uyen") == 0 && strncmp(holder, "customer:", 9) == 0)
        l->books += total;
    return MIZO_OK;
}

static mizo_err read_all(town *t, reading *x)
{
    receivable_list *l = x->list;
    MIZO_TRY(invoice_scan(t, on_invoice, x));
    MIZO_TRY(read_shares(t, x));
    if (l->n)
        qsort(l->v, l->n, sizeof *l->v, by_party);
    MIZO_TRY(payment_scan(t, on_payment, x));
    MIZO_TRY(t->store->ops->balance_scan(t->store, MIZO_DAY_NONE, MIZO_DAY_NONE, on_balance, l));
    for (size_t i = 0; i < l->n; i++) {
        mizo_uyen open = l->v[i].billed - l->v[i].paid;
        l->billed += l->v[i].billed;
        l->paid += l->v[i].paid;
        l->overdue += open > 0 && l->v[i].due < x->as_of ? open : 0;
    }
    return MIZO_OK;
}

mizo_err receivable_read(town *t, mizo_day as_of, receivable_list *out)
{
    reading x = { .list = out, .as_of = as_of };
    *out = (receivable_list){ .arena = arena_new(0) };
    if (!out->arena)
        return MIZO_ENOMEM;
    mizo_err err = read_all(t, &x);
    receivable *own = err ? NULL : arena_take(out->arena, (out->n + 1) * sizeof *own);
    if (!err && !own)
        err = MIZO_ENOMEM;
    if (own && out->n)
        memcpy(own, out->v, out->n * sizeof *own);
    free(out->v);
    out->v = own;
    if (err) {
        arena_free(out->arena);
        *out = (receivable_list){ 0 };
    }
    return err;
}

/* ---- as JSON ---- */

static int64_t late(const receivable *r, mizo_day as_of)
{
    return r->billed > r->paid && r->due < as_of ? as_of - r->due : 0;
}

static void row_json(json *j, const receivable *v, mizo_day as_of)
{
    json_object(j, NULL);
    json_text(j, "party", v->party);
    json_text(j, "party_name", v->name);
    json_text(j, "invoice", v->invoice);
    json_day(j, "month", v->month);
    json_day(j, "issued", v->issued);
    json_day(j, "due", v->due);
    json_bool(j, "cancelled", v->cancelled);
    json_yen(j, "billed_yen", v->billed);
    json_yen(j, "paid_yen", v->paid);
    json_yen(j, "open_yen", v->billed - v->paid);
    json_int(j, "late_days", late(v, as_of));
    json_end(j);
}

void receivable_json(const receivable_list *l, mizo_day as_of, json *j)
{
    json_day(j, "as_of", as_of);
    json_array(j, "invoices");
    for (size_t i = 0; i < l->n; i++)
        row_json(j, &l->v[i], as_of);
    json_end(j);
    json_yen(j, "billed_yen", l->billed);
    json_yen(j, "paid_yen", l->paid);
    json_yen(j, "open_yen", l->billed - l->paid);
    json_yen(j, "overdue_yen", l->overdue);
    json_yen(j, "credit_yen", l->credit);
    json_yen(j, "books_yen", l->books);
}

void payment_line_json(const payment_line *l, json *j)
{
    json_object(j, NULL);
    json_int(j, "line", l->line);
    json_day(j, "day", l->day);
    json_yen(j, "amount_yen", l->amount);
    json_text(j, "reference", l->reference);
    json_text(j, "party", *l->party ? l->party : NULL);
    json_text(j, "invoice", *l->invoice ? l->invoice : NULL);
    json_yen(j, "credit_yen", l->credit);
    json_bool(j, "again", l->again);
    json_end(j);
}

void payment_sum_json(const payment_sum *s, json *j)
{
    json_int(j, "lines_read", s->lines);
    json_int(j, "posted", s->posted);
    json_int(j, "again", s->again);
    json_int(j, "unmatched", s->unmatched);
    json_yen(j, "amount_yen", s->amount);
    json_yen(j, "unmatched_yen", s->unmatched_amount);
}

/* ---- documents ---- */

mizo_err receivable_document(town *t, const receivable_list *l, mizo_day as_of, const char *lang,
                             report **out)
{
    bool ja = strcmp(lang, "en") != 0;
    const mizo_issuer *i = mizo_issuer_on(t->region, as_of);
    const report_column c[] = {
        {.title = ja ? "相手" : "Party"     },
        {                                                            .title = ja ? "名前" : "Name"                                   },
        {                        .title = ja ? "請求書" : "Invoice"},
        {                         .title = ja ? "発行日" : "Issued"                                   },
        {                                   .title = ja ? "期限" : "Due"                         },
        {                                                                                    .title = ja ? "請求額" : "Billed",           .unit = ja ? "円" : "JPY", .sum = true },
        {                                                         .title = ja ? "入金額" : "Paid",   .unit = ja ? "円" : "JPY", .sum = true },
        { .title = ja ? "未収額" : "Open",                                    .unit = ja ? "円" : "JPY", .sum = true },
        {                                                                .title = ja ? "遅延" : "Late",                                    .unit = ja ? "日" : "days" },
    };
    report *r = report_new(&(report_head){ .title = ja ? "売掛金一覧" : "Receivables",
                                           .author = i ? t->region->party[i->party].name_ja : NULL,
                                           .lang = lang,
                                           .day = as_of,
                                           .landscape = true });
    if (!r)
        return MIZO_ENOMEM;
    report_columns(r, NULL, c, (int)(sizeof c / sizeof *c));
    for (size_t k = 0; k < l->n; k++) {
        const receivable *v = &l->v[k];
        report_cell_text(r, v->party);
        report_cell_text(r, v->name);
        report_cell_text(r, v->invoice);
        report_cell_day(r, v->issued);
        report_cell_day(r, v->due);
        report_cell_scaled(r, v->billed, 6, 0);
        report_cell_scaled(r, v->paid, 6, 0);
        report_cell_scaled(r, v->billed - v->paid, 6, 0);
        report_cell_number(r, late(v, as_of), 0);
    }
    report_sum(r, ja ? "合計" : "Total");
    mizo_err err = report_from_books(r, t->store);
    if (!err)
        err = report_done(r);
    if (err)
        report_free(r);
    else
        *out = r;
    return err;
}
