/* verify_claims.c: see verify_claims.h. */
#include "town/books/verify_claims.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mizo/messages/match.h"
#include "town/proof/certificate.h"
#include "town/proof/certificate_in.h"
#include "town/proof/claim.h"

/* The sum of an account in a unit, or of what a settled day took out of batteries. */
typedef struct total {
    char name[MIZO_ACCOUNT_MAX], unit[MIZO_ID_MAX];
    int64_t books, record;
} total;

typedef struct totals {
    total *item;
    size_t n, cap;
    bool batteries;
    mizo_err err;
} totals;

static total *total_of(totals *t, const char *name, const char *unit)
{
    for (size_t i = t->n; i > 0; i--) /* the last ones are met again */
        if (strcmp(t->item[i - 1].name, name) == 0 && strcmp(t->item[i - 1].unit, unit) == 0)
            return &t->item[i - 1];
    t->err = array_grow(&t->item, &t->cap, t->n + 1, sizeof *t->item);
    if (t->err)
        return NULL;
    total *x = &t->item[t->n++];
    memset(x, 0, sizeof *x);
    snprintf(x->name, sizeof x->name, "%s", name);
    snprintf(x->unit, sizeof x->unit, "%s", unit);
    return x;
}

static void compare(const totals *t, mizo_msg id, mizo_diags *d, verify_result *out)
{
    for (size_t i = 0; i < t->n; i++) {
        const total *x = &t->item[i];
        char books[24], record[24];
        if (x->books == x->record)
            continue;
        snprintf(books, sizeof books, "%" PRId64, x->books);
        snprintf(record, sizeof record, "%" PRId64, x->record);
        mizo_diag_add(d, id, MIZO_NOWHERE, x->name, x->unit, books, record, (const char *)NULL);
        out->ok = false;
    }
}

/* ---- claims and certificates against their records ---- */

static bool begins(const char *s, const char *head)
{
    return strncmp(s, head, strlen(head)) == 0;
}

/* Totals over all days: of single claims, and of all certificates of a kind and vintage (what came from the world). */
static mizo_err on_balance(void *arg, const char *account, const char *unit, mizo_day day, int64_t sum,
                           const int64_t *slots)
{
    totals *t = arg;
    (void)slots;
    if (day != MIZO_DAY_NONE || !begins(unit, "Wh-"))
        return MIZO_OK;
    t->batteries = t->batteries || begins(account, "storage:");
    bool cert = false;
    for (int k = 0; certificate_words[k]; k++) {
        char head[MIZO_ID_MAX];
        snprintf(head, sizeof head, "Wh-%s-2", certificate_words[k]); /* a vintage follows */
        cert = cert || begins(unit, head);
    }
    total *x = NULL;
    if (cert && strcmp(account, "world") == 0)
        x = total_of(t, "world", unit);
    else if (begins(account, "claim:") && !cert)
        x = total_of(t, account, "Wh");
    if (x)
        x->books += cert ? -sum : sum;
    return t->err;
}

static mizo_err on_claim(void *arg, const claim_row *c)
{
    totals *t = arg;
    char account[MIZO_ACCOUNT_MAX];
    snprintf(account, sizeof account, "claim:%s", c->id);
    total *x = total_of(t, account, "Wh");
    if (x)
        x->record += c->wh;
    return t->err;
}

static mizo_err on_lot(void *arg, const certificate *c)
{
    totals *t = arg;
    char unit[MIZO_ID_MAX];
    certificate_unit(c->kind, c->vintage, unit);
    total *x = total_of(t, "world", unit);
    if (x)
        x->record += c->wh;
    return t->err;
}

/* ---- batteries: of each settled day, what left the lots came out ---- */

static mizo_err on_entry(void *arg, const store_entry *e)
{
    totals *t = arg;
    if (strcmp(e->unit, "Wh-re"))
        return MIZO_OK;
    bool out_of = begins(e->from, "storage:") && strcmp(e->to, "world") == 0;
    bool into = begins(e->to, "storage:") && strcmp(e->from, "world") == 0;
    if (!out_of && !into)
        return MIZO_OK;
    const char *account = out_of ? e->from : e->to;
    size_t n = strlen(account);
    bool again = n > 4 && strcmp(account + n - 4, ":out") == 0;
    total *x = total_of(t, e->ref, "Wh-re");
    if (!x)
        return t->err;
    int64_t wh = out_of ? e->amount : -e->amount; /* to the world */
    *(again ? &x->books : &x->record) += again ? -wh : wh;
    return MIZO_OK;
}

mizo_err verify_claims(store *s, mizo_diags *d, verify_result *out)
{
    totals t = { 0 }, days = { 0 };
    mizo_err err = s->ops->balance_scan(s, MIZO_DAY_NONE, MIZO_DAY_NONE, on_balance, &t);
    if (!err)
        err = claim_each(s, on_claim, &t);
    if (!err)
        err = certificate_each(s, on_lot, &t);
    if (!err)
        compare(&t, MIZO_MSG_CLAIM_RECORD, d, out);
    if (!err && t.batteries)
        err = s->ops->entry_scan(s, 0, on_entry, &days);
    if (!err)
        compare(&days, MIZO_MSG_CLAIM_STORAGE, d, out);
    free(t.item);
    free(days.item);
    return err;
}
