/* accounts_out.c: the journal for an accounting program, and files for the bank. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/invoice.h"
#include "mizo/region.h"
#include "town/bills/receivable_inner.h"

/* ---- the journal: one row a day, reference and pair of codes ---- */

typedef struct booking {
    mizo_day day;
    char ref[96], kind[24], debit[MIZO_ACCOUNT_MAX],
        credit[MIZO_ACCOUNT_MAX]; /* accounts as ledger.csv has them */
    mizo_uyen amount;
} booking;

typedef struct bookings {
    town *t;
    mizo_day from, to;
    booking *v;
    size_t n, cap;
} bookings;

static void ledger_name(const town *t, const char *name, char out[MIZO_ACCOUNT_MAX])
{
    const mizo_ledger *l = mizo_ledger_of(t->region, name);
    (void)snprintf(out, MIZO_ACCOUNT_MAX, "%s", l ? l->account : name);
}

static mizo_err on_entry(void *arg, const store_entry *e)
{
    bookings *b = arg;
    if (strcmp(e->unit, "uyen") || e->day < b->from || e->day >= b->to)
        return MIZO_OK;
    MIZO_TRY(array_grow(&b->v, &b->cap, b->n + 1, sizeof *b->v));
    booking *x = &b->v[b->n++];
    *x = (booking){ .day = e->day, .amount = e->amount };
    (void)snprintf(x->ref, sizeof x->ref, "%s", e->ref);
    (void)snprintf(x->kind, sizeof x->kind, "%s", e->kind);
    ledger_name(b->t, e->to, x->debit); /* who receives is debited */
    ledger_name(b->t, e->from, x->credit);
    return MIZO_OK;
}

static int by_booking(const void *pa, const void *pb)
{
    const booking *a = pa, *b = pb;
    int c = a->day < b->day ? -1 : a->day > b->day;
    c = c ? c : strcmp(a->ref, b->ref);
    c = c ? c : strcmp(a->kind, b->kind);
    c = c ? c : strcmp(a->debit, b->debit);
    return c ? c : strcmp(a->credit, b->credit);
}

static void put_account(report *r, const town *t, const char *name, bool ja)
{
    const mizo_ledger *l = mizo_ledger_of(t->region, name);
    report_cell_text(r, l ? l->code : "");
    report_cell_text(r, l ? (ja ? l->name_ja : l->name_en) : name);
    report_cell_text(r, l ? l->tax_code : "");
}

static void put_booking(report *r, const town *t, const booking *x, mizo_uyen amount, bool ja)
{
    report_cell_day(r, x->day);
    report_cell_text(r, x->ref);
    put_account(r, t, x->debit, ja);
    put_account(r, t, x->credit, ja);
    report_cell_scaled(r, amount, 6, amount % 1000000 ? 6 : 0);
    report_cell_text(r, x->kind);
}

static void fill(report *r, bookings *b, bool ja)
{
    if (b->n)
        qsort(b->v, b->n, sizeof *b->v, by_booking);
    for (size_t first = 0, end; first < b->n; first = end) {
        mizo_uyen sum = 0;
        for (end = first; end < b->n && by_booking(&b->v[end], &b->v[first]) == 0; end++)
            sum += b->v[end].amount;
        put_booking(r, b->t, &b->v[first], sum, ja);
    }
}

mizo_err journal_document(town *t, mizo_day from, mizo_day to, const char *lang, report **out)
{
    bool ja = strcmp(lang, "en") != 0;
    bookings b = { .t = t, .from = from, .to = to };
    const report_column c[] = {
        {.title = ja ? "日付" : "Date"                 },
        { .title = ja ? "伝票" : "Reference"           },
        { .title = ja ? "借方コード" : "Debit"      },
        { .title = ja ? "借方科目" : "Debit account" },
        { .title = ja ? "借方税区分" : "Debit tax"  },
        { .title = ja ? "貸方コード" : "Credit"     },
        { .title = ja ? "貸方科目" : "Credit account"},
        { .title = ja ? "貸方税区分" : "Credit tax" },
        { .title = ja ? "金額" : "Amount",               .unit = ja ? "円" : "JPY" },
        { .title = ja ? "種類" : "Kind"                                              },
    };
    *out = report_new(
        &(report_head){ .title = ja ? "仕訳" : "Journal", .lang = lang, .day = to - 1, .landscape = true });
    mizo_err err = *out ? t->store->ops->entry_scan(t->store, 0, on_entry, &b) : MIZO_ENOMEM;
    if (!err) {
        report_columns(*out, NULL, c, (int)(sizeof c / sizeof *c));
        fill(*out, &b, ja);
        err = report_done(*out);
    }
    free(b.v);
    if (err) {
        report_free(*out);
        *out = NULL;
    }
    return err;
}

/* ---- bank files ---- */

typedef struct due_list {
    town *t;
    mizo_day day;
    zengin_row *v;
    size_t n, cap;
    payment_sum *sum;
} due_list;

static void say_no_account(const due_list *d, const char *party, mizo_uyen amount)
{
    char day[MIZO_DATE_TEXT], yen[MIZO_NUM_TEXT];
    mizo_day_text(d->day, day);
    mizo_grouped_text(amount / 1000000, yen);
    MIZO_DIAG(d->t->diags, ZENGIN_NO_ACCOUNT, MIZO_NOWHERE, party, day, yen);
    d->sum->unmatched++;
    d->sum->unmatched_amount += amount;
}

/* Amounts of one party go together. */
static mizo_err add_due(due_list *d, const char *party, mizo_uyen amount)
{
    mizo_ref p = mizo_region_party(d->t->region, party);
    const mizo_bank *b = p >= 0 ? mizo_bank_on(d->t->region, p, d->day) : NULL;
    d->sum->lines++;
    if (!b) {
        say_no_account(d, party, amount);
        return MIZO_OK;
    }
    d->sum->amount += amount;
    for (size_t i = 0; i < d->n; i++)
        if (d->v[i].bank == b) {
            d->v[i].yen += amount / 1000000;
            return MIZO_OK;
        }
    MIZO_TRY(array_grow(&d->v, &d->cap, d->n + 1, sizeof *d->v));
    d->v[d->n++] = (zengin_row){ b, amount / 1000000, "", d->t->region->party[p].id };
    d->sum->posted++;
    return MIZO_OK;
}

static mizo_err collect(due_list *d)
{
    receivable_list l;
    MIZO_TRY(receivable_read(d->t, d->day, &l));
    mizo_err err = MIZO_OK;
    for (size_t i = 0; i < l.n && !err; i++)
        if (l.v[i].due == d->day && l.v[i].billed > l.v[i].paid)
            err = add_due(d, l.v[i].party, l.v[i].billed - l.v[i].paid);
    arena_free(l.arena);
    return err;
}

static mizo_err write_file(due_list *d, buf *out)
{
    const mizo_region *r = d->t->region;
    const mizo_issuer *i = mizo_issuer_on(r, d->day);
    const mizo_bank *own = i ? mizo_bank_on(r, i->party, d->day) : NULL;
    if (!own || !*own->client) {
        char day[MIZO_DATE_TEXT];
        mizo_day_text(d->day, day);
        MIZO_DIAG(d->t->diags, ZENGIN_NO_OWN, MIZO_AT("banking.csv", 0, 0), i ? r->party[i->party].id : "?",
                  day);
        return MIZO_EINPUT;
    }
    if (!d->n) {
        MIZO_DIAG(d->t->diags, ZENGIN_EMPTY, MIZO_NOWHERE, NULL);
        return MIZO_ENOENT;
    }
    return zengin_write(ZENGIN_COLLECT, own, d->day, d->v, d->n, d->t->diags, out);
}

mizo_err zengin_collect(town *t, mizo_day day, buf *out, payment_sum *sum)
{
    due_list d = { .t = t, .day = day, .sum = sum };
    *sum = (payment_sum){ 0 };
    mizo_err err = collect(&d);
    err = err ? err : write_file(&d, out);
    free(d.v);
    return err;
}
