/* close.c: looks at a month: its bills, runs, costs, and what stands in the way of closing it. */
#include "town/bills/close.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mizo/messages/invoice.h"
#include "town/bills/billing.h"
#include "town/bills/invoice.h"
#include "town/books/verify.h"
#include "town/import/held.h"

enum { SWALLOWED = 40 };

void close_id(mizo_day month, char out[CLOSE_ID])
{
    mizo_date m = mizo_day_date(month);
    (void)snprintf(out, CLOSE_ID, "%04d-%02d", m.year % 10000, m.month);
}

/* ---- checks ---- */

static void check(close_month *m, const char *id, bool ok, bool blocks, int64_t count, const char *detail)
{
    if (m->ncheck == CLOSE_CHECKS)
        return;
    close_check *c = &m->check[m->ncheck++];
    *c = (close_check){ .id = id, .ok = ok, .blocks = blocks && !ok, .count = count };
    (void)snprintf(c->detail, sizeof c->detail, "%s", detail ? detail : "");
    m->blocked += c->blocks;
}

/* ---- bills ---- */

typedef struct bills {
    close_month *m;
    bool before; /* of the month before */
} bills;

static mizo_err row_of(close_month *m, mizo_ref contract, close_contract **out)
{
    for (size_t lo = 0, hi = m->ncontract; lo < hi;) {
        size_t mid = lo + (hi - lo) / 2;
        if (m->contract[mid].contract == contract) {
            *out = &m->contract[mid];
            return MIZO_OK;
        }
        if (m->contract[mid].contract < contract)
            lo = mid + 1;
        else
            hi = mid;
    }
    return MIZO_ENOENT;
}

mizo_uyen close_levy_of(const mizo_bill *b)
{
    mizo_uyen sum = 0;
    for (int i = 0; i < b->nline; i++) {
        const mizo_bill_line *l = &b->line[i];
        int64_t rate = 0, net = l->raw;
        if (l->kind != MIZO_CHARGE_LEVY)
            continue;
        for (int k = 0; k < b->ntax && !l->tax_added; k++)
            rate = strcmp(b->tax[k].name, l->tax) == 0 ? b->tax[k].rate_e6 : rate;
        if (rate && mizo_mul_div(l->raw, 1000000, 1000000 + rate, MIZO_ROUND_HALF_UP, &net))
            net = l->raw;
        sum += net;
    }
    return sum;
}

/* Exact income of a bill: what it comes to without its tax, before its roundings. The levy likewise. */
static void net_of(const mizo_bill *b, close_contract *c)
{
    c->total = b->total;
    c->net = b->exact;
    for (int i = 0; i < b->ntax; i++)
        c->net -= b->tax[i].tax;
    c->levy = close_levy_of(b);
}

static void readings_of(const mizo_bill *b, close_contract *c)
{
    for (int q = 0; q < 8; q++) {
        int64_t n = b->slots[q];
        if (q == MIZO_QUALITY_MEASURED || q == MIZO_QUALITY_SIMULATED)
            c->measured += n;
        else if (q == MIZO_QUALITY_ABSENT)
            c->missing += n;
        else
            c->estimated += n;
    }
    if (c->measured + c->estimated + c->missing == 0)
        *(b->period_quality == MIZO_QUALITY_MEASURED ? &c->measured : &c->estimated) = 1;
}

static mizo_err on_bill(void *arg, const mizo_bill *b, const char *text)
{
    bills *x = arg;
    close_month *m = x->m;
    close_contract *c;
    (void)text;
    mizo_err e = row_of(m, b->contract, &c);
    if (x->before) {
        if (!e) {
            c->has_before = true;
            c->before = b->total;
            m->before += b->total;
        }
        return MIZO_OK;
    }
    if (e)
        return MIZO_OK;
    c->made = true;
    c->wh = b->wh;
    c->known = b->known;
    net_of(b, c);
    readings_of(b, c);
    return MIZO_OK;
}

static mizo_err add_contracts(town *t, close_month *m)
{
    for (size_t i = 0; i < t->region->ncontract; i++) {
        mizo_day from, to;
        const mizo_contract *c = &t->region->contract[i];
        mizo_bill_period(c, m->month, &from, &to);
        if (c->from >= to || c->to <= from)
            continue;
        MIZO_TRY(array_grow(&m->contract, &m->ccap, m->ncontract + 1, sizeof *m->contract));
        m->contract[m->ncontract++] = (close_contract){ .contract = (mizo_ref)i };
    }
    return MIZO_OK;
}

static mizo_err add_sums(close_month *m)
{
    bool outside = false;
    for (size_t i = 0; i < m->ncontract; i++) {
        const close_contract *c = &m->contract[i];
        m->bills += c->made;
        m->unmade += !c->made;
        *(!c->made || c->missing ? &m->missing : c->estimated ? &m->estimated : &m->confirmed) += 1;
        outside |= __builtin_add_overflow(m->wh, c->wh, &m->wh) |
                   __builtin_add_overflow(m->billed, c->total, &m->billed) |
                   __builtin_add_overflow(m->net, c->net, &m->net) |
                   __builtin_add_overflow(m->levy, c->levy, &m->levy);
    }
    return outside ? MIZO_ERANGE : MIZO_OK;
}

/* A copy of the town whose mistakes nobody hears: they become a count and the first of them. */
typedef struct quiet {
    town t;
    char first[CLOSE_DETAIL];
} quiet;

static mizo_err quiet_begin(const town *t, quiet *q)
{
    *q = (quiet){ .t = *t };
    q->t.diags = mizo_diags_new(SWALLOWED);
    return q->t.diags ? MIZO_OK : MIZO_ENOMEM;
}

static void in_both(const mizo_diag *d, char out[CLOSE_DETAIL])
{
    enum { HALF = (CLOSE_DETAIL - 3) / 2 };
    char ja[HALF], en[HALF];
    mizo_diag_text(d, "ja", ja, sizeof ja);
    mizo_diag_text(d, "en", en, sizeof en);
    (void)snprintf(out, CLOSE_DETAIL, "%s / %s", ja, en);
}

static void quiet_end(quiet *q)
{
    if (mizo_diags_kept(q->t.diags))
        in_both(mizo_diags_at(q->t.diags, 0), q->first);
    mizo_diags_free(q->t.diags);
}

/* MIZO_EINPUT of a bill is a matter of the checks. */
static mizo_err run_bills(town *t, close_month *m, mizo_day month, bool before, char first[CLOSE_DETAIL])
{
    quiet q;
    billing_sum sum;
    bills x = { m, before };
    MIZO_TRY(quiet_begin(t, &q));
    mizo_err e = billing_make(&q.t, month, STORE_LATEST, NULL, on_bill, &x, &sum);
    quiet_end(&q);
    if (first)
        memcpy(first, q.first, CLOSE_DETAIL);
    return e == MIZO_EINPUT ? MIZO_OK : e;
}

static mizo_err read_bills(town *t, close_month *m)
{
    char first[CLOSE_DETAIL];
    mizo_date d = mizo_day_date(m->month - 1);
    MIZO_TRY(add_contracts(t, m));
    MIZO_TRY(run_bills(t, m, m->month, false, first));
    MIZO_TRY(run_bills(t, m, mizo_date_day((mizo_date){ d.year, d.month, 1 }), true, NULL));
    MIZO_TRY(add_sums(m));
    check(m, "readings-missing", m->missing == 0, m->unmade > 0, m->missing, "");
    check(m, "readings-estimated", m->estimated == 0, false, m->estimated, "");
    check(m, "bills", m->unmade == 0, true, m->unmade, m->unmade ? first : "");
    return MIZO_OK;
}

mizo_err close_levy(town *t, cost_ask *ask)
{
    close_month m = { .month = ask->month };
    mizo_err e = add_contracts(t, &m);
    e = e ? e : run_bills(t, &m, ask->month, false, NULL);
    e = e ? e : add_sums(&m);
    ask->has_levy = !e && !m.unmade && m.bills > 0;
    ask->levy = m.levy;
    ask->levy_wh = m.wh;
    free(m.contract);
    return e;
}

/* ---- runs and invoices ---- */

typedef struct runs {
    close_month *m;
    bool issued[INVOICE_KINDS], open[INVOICE_KINDS];
} runs;

static mizo_err on_run(void *arg, const invoice_run *r)
{
    runs *x = arg;
    if (r->month != x->m->month || r->kind >= INVOICE_KINDS)
        return MIZO_OK;
    x->issued[r->kind] = x->issued[r->kind] || r->state == RUN_ISSUED;
    x->open[r->kind] = x->open[r->kind] || r->state == RUN_DRAFT || r->state == RUN_APPROVED;
    return MIZO_OK;
}

static mizo_err on_invoice(void *arg, const invoice *v, run_state state, const char *run)
{
    close_month *m = arg;
    (void)run;
    if (v->month != m->month || state != RUN_ISSUED)
        return MIZO_OK;
    if (v->kind != INVOICE_PURCHASE)
        m->issued += v->kind == INVOICE_RETURN ? 0 : v->total;
    return MIZO_OK;
}

static mizo_err count_change(void *arg, const invoice *v)
{
    (void)v;
    ++*(int64_t *)arg;
    return MIZO_OK;
}

/* Purchases of which half-hours are not known: they were not paid for. */
static void check_gaps(close_month *m, const mizo_diags *d)
{
    int64_t n = 0;
    char first[CLOSE_DETAIL] = "";
    for (size_t i = 0; i < mizo_diags_kept(d); i++) {
        const mizo_diag *x = mizo_diags_at(d, i);
        if (x->id != MIZO_MSG_INVOICE_PURCHASE_GAPS)
            continue;
        if (!n++)
            in_both(x, first);
    }
    if (n)
        check(m, "purchase-gaps", false, false, n, first);
}

/* What the issued invoices would be now. */
static mizo_err read_changes(town *t, close_month *m, invoice_kind kind, const char *id)
{
    quiet q;
    int64_t n = 0;
    MIZO_TRY(quiet_begin(t, &q));
    mizo_err e = invoice_changes(&q.t, m->month, kind, count_change, &n);
    if (kind == INVOICE_PURCHASE)
        check_gaps(m, q.t.diags);
    quiet_end(&q);
    check(m, id, !e && n == 0, true, n, e ? q.first : "");
    return e == MIZO_EINPUT || e == MIZO_ENOENT ? MIZO_OK : e;
}

static bool has_purchases(const mizo_region *r, const close_month *m)
{
    for (size_t i = 0; i < r->npurchase; i++)
        if (r->purchase[i].from < m->end && r->purchase[i].to > m->month)
            return true;
    return false;
}

/* What moves on accounts that begin so, towards them. */
typedef struct toward {
    const char *account;
    mizo_uyen sum;
} toward;

static mizo_err on_move(void *arg, const invoice *v, bool issued, const invoice_move *m)
{
    toward *x = arg;
    size_t n = strlen(x->account);
    (void)v;
    (void)issued;
    x->sum += strncmp(m->to, x->account, n) == 0 ? m->amount : 0;
    x->sum -= strncmp(m->from, x->account, n) == 0 ? m->amount : 0;
    return MIZO_OK;
}

/* What stands in the books of the month's invoices, or would: of purchases the cost, of sales the income. */
static mizo_err read_moves(town *t, close_month *m, bool purchases)
{
    quiet q;
    toward x = { purchases ? "cost:" : "sales:", 0 };
    MIZO_TRY(quiet_begin(t, &q));
    mizo_err e = invoice_month_moves(&q.t, m->month, purchases, on_move, &x);
    if (purchases)
        check_gaps(m, q.t.diags);
    quiet_end(&q);
    if (e && purchases)
        check(m, "purchases", false, true, 0, q.first);
    if (!e)
        *(purchases ? &m->purchases : &m->net) = purchases ? x.sum : -x.sum;
    return e == MIZO_EINPUT || e == MIZO_ENOENT ? MIZO_OK : e;
}

static mizo_err read_runs(town *t, close_month *m)
{
    runs x = { .m = m };
    mizo_err e = invoice_run_scan(t, on_run, &x);
    MIZO_TRY(e == MIZO_ENOENT ? MIZO_OK : e);
    e = invoice_scan(t, on_invoice, m);
    MIZO_TRY(e == MIZO_ENOENT ? MIZO_OK : e);
    MIZO_TRY(read_moves(t, m, false));
    MIZO_TRY(read_moves(t, m, true));
    bool sells = m->ncontract > 0, buys = has_purchases(t->region, m);
    check(m, "runs", (x.issued[INVOICE_BILL] || !sells) && !x.open[INVOICE_BILL], true, x.open[INVOICE_BILL],
          "");
    if (x.issued[INVOICE_BILL])
        MIZO_TRY(read_changes(t, m, INVOICE_BILL, "bills-changed"));
    if (buys)
        check(m, "purchase-runs", x.issued[INVOICE_PURCHASE] && !x.open[INVOICE_PURCHASE], true,
              x.open[INVOICE_PURCHASE], "");
    if (buys && x.issued[INVOICE_PURCHASE])
        return read_changes(t, m, INVOICE_PURCHASE, "purchases-changed");
    return MIZO_OK;
}

/* ---- costs ---- */

/* Energy that was used and that no desk bought has no cost: a margin without it is too good to be true. */
static mizo_err read_desk(town *t, close_month *m)
{
    const cost_list *l = &m->cost;
    char detail[CLOSE_DETAIL] = "";
    int64_t open = close_desk_open(m), taken;
    bool is;
    MIZO_TRY(close_accepted(t, m->month, CLOSE_DESK, &taken, &is));
    if (open)
        (void)snprintf(detail, sizeof detail, "%s: %d / %d", l->open_group, l->unfiled, l->unsettled);
    check(m, CLOSE_DESK, open == 0, !is || taken != open, open, detail);
    return MIZO_OK;
}

/* As parent of a group: ourselves are named among its members, shares come to the group's sum, and each of the others
 * has the file of its share as it stands. */
static void read_shares(close_month *m)
{
    const cost_list *l = &m->cost;
    char detail[CLOSE_DETAIL] = "";
    if (l->untold)
        (void)snprintf(detail, sizeof detail, "%s: own? (groups.csv)", l->untold_group);
    else if (l->not_told)
        (void)snprintf(detail, sizeof detail, "%s: mizo day allot --member %s", l->not_told_member,
                       l->not_told_member);
    if (l->untold || l->uneven || l->not_told || l->sum[COST_SHARE].lines)
        check(m, "shares", !l->untold && !l->uneven && !l->not_told, true,
              l->untold ? l->untold : l->not_told + l->uneven, detail);
}

static mizo_err read_costs(town *t, close_month *m)
{
    quiet q;
    int off = 0, accrued = 0;
    char detail[CLOSE_DETAIL] = "";
    cost_ask ask = { .month = m->month,
                     .as_of = STORE_LATEST,
                     .has_levy = m->bills > 0 && !m->unmade,
                     .levy = m->levy,
                     .levy_wh = m->wh };
    MIZO_TRY(quiet_begin(t, &q));
    mizo_err e = cost_read(&q.t, &ask, &m->cost);
    quiet_end(&q);
    MIZO_TRY(e);
    for (int k = 0; k < COST_KIND_COUNT; k++) {
        const cost_sum *s = &m->cost.sum[k];
        mizo_uyen taken;
        bool is;
        accrued += s->accrued != 0;
        if (!s->off)
            continue;
        MIZO_TRY(close_accepted(t, m->month, cost_kind_word((cost_kind)k), &taken, &is));
        if (is && taken == s->off_sum)
            continue;
        off += s->off;
        size_t at = strlen(detail);
        (void)snprintf(detail + at, sizeof detail - at, "%s%s", at ? ", " : "", cost_kind_word((cost_kind)k));
    }
    check(m, "costs", off == 0, true, off, detail);
    check(m, "costs-accrued", accrued == 0, false, accrued, q.first);
    read_shares(m);
    return read_desk(t, m);
}

/* ---- held readings, accounts that must be zero, the chain ---- */

typedef struct waiting {
    const close_month *m;
    int64_t n;
} waiting;

static mizo_err on_held(void *arg, const held_day *h)
{
    waiting *w = arg;
    w->n += h->day >= w->m->month && h->day < w->m->end;
    return MIZO_OK;
}

typedef struct closing {
    char account[MIZO_ACCOUNT_MAX], unit[MIZO_ACCOUNT_MAX];
    int64_t total;
} closing;

typedef struct zero {
    closing *v;
    size_t n, cap;
} zero;

static mizo_err on_balance(void *arg, const char *name, const char *unit, mizo_day day, int64_t total,
                           const int64_t *slots)
{
    zero *z = arg;
    const mizo_account_rule *r = mizo_account_rule_of(name);
    size_t i;
    (void)slots;
    if (day == MIZO_DAY_NONE || !r || !r->close)
        return MIZO_OK;
    for (i = 0; i < z->n && (strcmp(z->v[i].account, name) || strcmp(z->v[i].unit, unit)); i++)
        ;
    if (i == z->n) {
        MIZO_TRY(array_grow(&z->v, &z->cap, z->n + 1, sizeof *z->v));
        z->v[z->n] = (closing){ .total = 0 };
        (void)snprintf(z->v[z->n].account, MIZO_ACCOUNT_MAX, "%s", name);
        (void)snprintf(z->v[z->n++].unit, MIZO_ACCOUNT_MAX, "%s", unit);
    }
    return __builtin_add_overflow(z->v[i].total, total, &z->v[i].total) ? MIZO_ERANGE : MIZO_OK;
}

static mizo_err read_books(town *t, close_month *m)
{
    zero z = { 0 };
    waiting w = { m, 0 };
    const char *first = "";
    int64_t open = 0;
    mizo_err e = held_scan(t, true, on_held, &w);
    MIZO_TRY(e == MIZO_ENOENT ? MIZO_OK : e);
    check(m, "readings-held", w.n == 0, true, w.n, "");
    e = t->store->ops->balance_scan(t->store, m->month, m->end - 1, on_balance, &z);
    for (size_t i = 0; i < z.n && !e; i++)
        if (z.v[i].total) {
            first = open++ ? first : z.v[i].account;
        }
    if (!e)
        check(m, "accounts-zero", open == 0, true, open, first);
    free(z.v);
    return e;
}

static mizo_err read_chain(town *t, close_month *m)
{
    verify_result r;
    quiet q;
    MIZO_TRY(quiet_begin(t, &q));
    mizo_err e = verify_books(q.t.store, q.t.region, q.t.diags, &r);
    quiet_end(&q);
    MIZO_TRY(e);
    char head[HASH_TEXT], detail[CLOSE_DETAIL];
    hash h;
    memcpy(h.b, r.head, sizeof h.b);
    hash_text(h, head);
    (void)snprintf(detail, sizeof detail, "%s", r.ok ? head : q.first);
    check(m, "books", r.ok, true, r.first_bad, detail);
    return MIZO_OK;
}

/* A month that still runs, or has not begun, is never final. */
static void read_clock(const town *t, close_month *m)
{
    mizo_day today = town_today(t);
    if (today < m->end)
        check(m, "month-over", false, true, m->end - today, "");
}

/* ---- the whole ---- */

mizo_err close_look(town *t, mizo_day month, bool deep, close_month *m)
{
    *m = (close_month){ .month = mizo_month_first(month, 0), .end = mizo_month_first(month, 1) };
    close_id(m->month, m->id);
    mizo_err e = close_find(t, m->month, &m->record);
    e = e == MIZO_ENOENT ? MIZO_OK : e;
    read_clock(t, m);
    e = e ? e : read_bills(t, m);
    e = e ? e : read_runs(t, m);
    e = e ? e : read_costs(t, m);
    e = e ? e : read_books(t, m);
    e = e || !deep ? e : read_chain(t, m);
    m->margin = m->net - m->purchases - m->cost.cost;
    e = e ? e : close_compare(t, m);
    if (e)
        close_done(m);
    return e;
}

void close_done(close_month *m)
{
    free(m->contract);
    free(m->change);
    cost_free(&m->cost);
    m->contract = NULL;
    m->change = NULL;
    m->ncontract = m->nchange = 0;
}
