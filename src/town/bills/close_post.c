/* close_post.c: the costs of a month into the books. What was posted for a reference on other days stays there; the
 * rest of what it should come to moves on the day that is given. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "town/bills/close.h"

enum { LINES = 600, REF = 64 };

typedef struct pair {
    char from[MIZO_ACCOUNT_MAX], to[MIZO_ACCOUNT_MAX];
    mizo_day day;
    mizo_uyen amount; /* from -> to; may be below 0 */
    const char *kind;
} pair;

typedef struct saying {
    pair *v;
    size_t n, cap, wanted; /* the first are wanted on `day` */
    mizo_day day;
} saying;

static mizo_err push(saying *s, const char *from, const char *to, mizo_day day, mizo_uyen amount,
                     const char *kind)
{
    if (s->n >= LINES)
        return MIZO_EFULL;
    MIZO_TRY(array_grow(&s->v, &s->cap, s->n + 1, sizeof *s->v));
    pair *p = &s->v[s->n++];
    *p = (pair){ .day = day, .amount = amount, .kind = kind };
    (void)snprintf(p->from, sizeof p->from, "%s", from);
    (void)snprintf(p->to, sizeof p->to, "%s", to);
    return MIZO_OK;
}

static int same(const pair *p, const char *from, const char *to)
{
    if (strcmp(p->from, from) == 0 && strcmp(p->to, to) == 0)
        return 1;
    return strcmp(p->from, to) == 0 && strcmp(p->to, from) == 0 ? -1 : 0;
}

/* What stands for the reference on another day stays, and is taken off what is wanted on this one. */
static mizo_err on_posted(void *arg, const store_entry *e)
{
    saying *s = arg;
    size_t i;
    int sign = 0;
    if (e->day == s->day)
        return MIZO_OK;
    for (i = 0; i < s->n && !(sign = s->v[i].day == s->day ? same(&s->v[i], e->from, e->to) : 0); i++)
        ;
    if (i == s->n) {
        MIZO_TRY(push(s, e->from, e->to, s->day, 0, "correction"));
        sign = 1;
    }
    s->v[i].amount -= sign * e->amount;
    return push(s, e->from, e->to, e->day, e->amount, "correction");
}

static mizo_err tell(posting *p, const char *ref, saying *s)
{
    store *st = posting_store(p);
    mizo_err e = st->ops->entry_ref(st, ref, on_posted, s);
    mizo_entry *v = e && e != MIZO_ENOENT ? NULL : calloc(s->n + 1, sizeof *v);
    if (!v)
        return e && e != MIZO_ENOENT ? e : MIZO_ENOMEM;
    for (size_t i = 0; i < s->n; i++)
        v[i] = (mizo_entry){ .day = s->v[i].day,
                             .from = s->v[i].from,
                             .to = s->v[i].to,
                             .unit = "uyen",
                             .kind = s->v[i].kind,
                             .amount = s->v[i].amount };
    e = posting_say(p, ref, v, s->n, NULL);
    free(v);
    return e;
}

static void ref_of(const char *what, mizo_day month, cost_kind k, char out[REF])
{
    char id[CLOSE_ID];
    close_id(month, id);
    (void)snprintf(out, REF, "%s:%s:%s", what, id, cost_kind_word(k));
}

/* ---- what the desk has posted of imbalance already ---- */

static mizo_err on_desk(void *arg, const store_entry *e)
{
    mizo_uyen *sum = arg;
    bool cost = strcmp(e->to, "cost:imbalance") == 0 || strcmp(e->from, "income:imbalance") == 0;
    bool back = strcmp(e->from, "cost:imbalance") == 0 || strcmp(e->to, "income:imbalance") == 0;
    *sum += cost ? e->amount : back ? -e->amount : 0;
    return MIZO_OK;
}

/* Entries of the desk for a group: what it pays, or the other way income given. */
static mizo_err desk_posted(store *s, const char *group, mizo_day month, mizo_uyen *out)
{
    char id[CLOSE_ID], ref[REF + MIZO_ID_MAX];
    close_id(month, id);
    *out = 0;
    (void)snprintf(ref, sizeof ref, "imbalance:%s:%s", group, id);
    mizo_err e = s->ops->entry_ref(s, ref, on_desk, out);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* ---- a kind ---- */

static mizo_err add_party(saying *s, const char *party, const char *to, mizo_day day, mizo_uyen amount,
                          const char *kind)
{
    char from[MIZO_ACCOUNT_MAX];
    (void)snprintf(from, sizeof from, "supplier:%s", party);
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->v[i].from, from) == 0 && strcmp(s->v[i].to, to) == 0) {
            s->v[i].amount += amount;
            return MIZO_OK;
        }
    return amount ? push(s, from, to, day, amount, kind) : MIZO_OK;
}

/* What the other members of our group bear: out of the imbalance that we were charged for all, and our fee. */
static mizo_err gather_shares(const cost_list *l, saying *s)
{
    for (size_t i = 0; i < l->n; i++) {
        const cost_line *c = &l->v[i];
        char from[MIZO_ACCOUNT_MAX], to[MIZO_ACCOUNT_MAX];
        mizo_uyen share = -c->own - c->fee;
        if (c->kind != COST_SHARE)
            continue;
        (void)snprintf(to, sizeof to, "customer:%s", c->party);
        MIZO_TRY(share ? push(s, "cost:imbalance", to, s->day, share, "imbalance") : MIZO_OK);
        MIZO_TRY(c->fee ? push(s, "income:fee", to, s->day, c->fee, "bill") : MIZO_OK);
        (void)snprintf(from, sizeof from, c->tax > 0 ? "tax-paid:%s" : "tax:%s", c->tax ? c->tax_name : "");
        MIZO_TRY(c->tax ? push(s, from, to, s->day, -c->tax, "tax") : MIZO_OK);
    }
    return MIZO_OK;
}

/* What was charged, by who charged it, and what is accrued. */
static mizo_err gather(store *st, const cost_list *l, cost_kind k, mizo_day month, saying *s,
                       mizo_uyen *accrued)
{
    char cost[MIZO_ACCOUNT_MAX];
    (void)snprintf(cost, sizeof cost, "cost:%s", cost_kind_word(k));
    *accrued = 0;
    for (size_t i = 0; i < l->n && k != COST_SHARE; i++) {
        const cost_line *c = &l->v[i];
        mizo_uyen posted = 0;
        if (c->kind != k)
            continue;
        if (k == COST_IMBALANCE)
            MIZO_TRY(desk_posted(st, c->id, month, &posted));
        if (!c->has_billed) {
            *accrued += c->own - posted;
            continue;
        }
        for (int p = 0; p < c->nparts; p++) {
            const cost_part *x = &c->part[p]; /* what the desk has posted is the first's */
            MIZO_TRY(add_party(s, x->party, cost, s->day, x->billed - (p ? 0 : posted), "cost"));
            MIZO_TRY(add_party(s, x->party, "tax-paid:consumption-tax", s->day, x->tax, "tax"));
        }
    }
    return MIZO_OK;
}

/* The accrual stands on the month's last day while that is open; afterwards what it is too much is released. */
static mizo_err accrue(posting *p, cost_kind k, mizo_day month, mizo_day day, mizo_uyen amount)
{
    char from[MIZO_ACCOUNT_MAX], to[MIZO_ACCOUNT_MAX], ref[REF];
    mizo_day last = mizo_month_first(month, 1) - 1;
    saying s = { .day = day };
    mizo_uyen stands;
    (void)snprintf(from, sizeof from, "accrued:%s", cost_kind_word(k));
    (void)snprintf(to, sizeof to, "cost:%s", cost_kind_word(k));
    ref_of("accrual", month, k, ref);
    mizo_err e = MIZO_OK;
    if (day == last) {
        e = amount ? push(&s, from, to, day, amount, "accrual") : MIZO_OK;
        e = e ? e : tell(p, ref, &s);
        stands = amount;
    } else {
        saying was = { .day = INT32_MIN };
        stands = 0;
        e = push(&was, from, to, INT32_MIN, 0, "accrual");
        e = e ? e : posting_store(p)->ops->entry_ref(posting_store(p), ref, on_posted, &was);
        e = e == MIZO_ENOENT ? MIZO_OK : e;
        stands = e ? 0 : -was.v[0].amount;
        free(was.v);
    }
    s.n = 0;
    ref_of("release", month, k, ref);
    e = e ? e : stands != amount ? push(&s, to, from, day, stands - amount, "release") : MIZO_OK;
    e = e ? e : tell(p, ref, &s);
    free(s.v);
    return e;
}

static mizo_err post_kind(town *t, const cost_list *l, cost_kind k, mizo_day month, mizo_day day, posting *p)
{
    char ref[REF];
    saying s = { .day = day };
    mizo_uyen accrued;
    ref_of("cost", month, k, ref);
    mizo_err e = gather(t->store, l, k, month, &s, &accrued);
    e = e || k != COST_SHARE ? e : gather_shares(l, &s);
    e = e ? e : tell(p, ref, &s);
    free(s.v);
    return e ? e : accrue(p, k, month, day, accrued);
}

mizo_err close_post(town *t, const cost_list *l, mizo_day month, mizo_day day, posting *p)
{
    for (int k = 0; k < COST_KIND_COUNT; k++)
        MIZO_TRY(post_kind(t, l, (cost_kind)k, month, day, p));
    return MIZO_OK;
}

/* Everything is reckoned anew: lines that are billed by now leave the accrual, and our own figures of the others are
 * those of today. */
mizo_err close_late_costs(town *t, mizo_day month, mizo_ms now)
{
    close_record r;
    cost_list l = { 0 };
    posting *p = NULL;
    mizo_err e = close_find(t, month, &r);
    if (e == MIZO_ENOENT || (!e && r.state != CLOSE_FINAL))
        return MIZO_OK;
    mizo_day day = mizo_slot_day(mizo_ms_slot(now), t->region->offset);
    cost_ask ask = { .month = month, .as_of = STORE_LATEST };
    e = e ? e : close_levy(t, &ask);
    e = e ? e : cost_read(t, &ask, &l);
    e = e ? e : posting_join(t->store, t->diags, &p);
    e = e ? e : close_post(t, &l, month, day, p);
    cost_free(&l);
    if (e) {
        posting_cancel(p);
        return e;
    }
    return posting_commit(p);
}
