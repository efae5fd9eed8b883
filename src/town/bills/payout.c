/* payout.c: see payout.h. */
#include "town/bills/payout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mizo/messages/invoice.h"
#include "town/books/posting.h"
#include "town/people/people.h"
#include "town/register/inner.h"

/* ---- acts in one batch ---- */

typedef struct deed {
    town *t;
    payout *p;
    const actor *who;
    payout_state to;
    size_t at; /* of its run_act in the payout */
    mizo_err (*more)(struct deed *x);
    const buf *bytes; /* of an export */
    mizo_day day;     /* of a payment */
} deed;

static mizo_err race(const deed *x)
{
    MIZO_DIAG(x->t->diags, INVOICE_RUN_RACE, MIZO_NOWHERE, x->p->id);
    return MIZO_ECONFLICT;
}

static mizo_err still(const deed *x)
{
    payout now;
    mizo_err e = payout_get(x->t, x->p->id, &now);
    payout_free(&now);
    return e ? e : now.version == x->p->version ? MIZO_OK : race(x);
}

static mizo_err write_all(deed *x, mizo_ms known)
{
    run_act *a = (run_act *)((char *)x->p + x->at);
    if (x->p->version)
        MIZO_TRY(still(x));
    if (x->more)
        MIZO_TRY(x->more(x));
    x->p->state = x->to;
    (void)snprintf(a->who, sizeof a->who, "%s", x->who->name);
    a->at = known;
    return payout_keep(x->t, x->p);
}

static mizo_err perform(deed *x, const char *source)
{
    store *s = x->t->store;
    store_batch b = { .known = town_now(x->t), .actor = x->who->name, .source = source, .note = "" };
    mizo_err e = s->ops->batch_begin(s, &b);
    if (e)
        return e;
    e = write_all(x, b.known);
    if (!e)
        return s->ops->batch_commit(s);
    s->ops->batch_rollback(s);
    return e;
}

/* MIZO_ECONFLICT, said: it is not in this state. */
static mizo_err must(town *t, const payout *p, payout_state state)
{
    const run_act *last = p->state == PAYOUT_CANCELLED  ? &p->cancelled
                          : p->state == PAYOUT_PAID     ? &p->paid
                          : p->state == PAYOUT_EXPORTED ? &p->exported
                          : p->state == PAYOUT_APPROVED ? &p->approved
                                                        : &p->made;
    if (p->state == state)
        return MIZO_OK;
    MIZO_DIAG(t->diags, PAYOUT_STATE, MIZO_NOWHERE, p->id, payout_state_word(p->state), last->who,
              payout_state_word(state));
    return MIZO_ECONFLICT;
}

/* ---- accounts: in the files, or a household's, which is sealed ---- */

typedef struct bank_account {
    mizo_bank bank;
    char room[PERSON_TEXT];
} bank_account;

/* "0009/シンキン/012/エキマエ/ordinary/7654321/タメシ ハナコ" */
static bool parse_account(bank_account *a)
{
    static const char *const kinds[] = { "ordinary", "current", "savings" };
    char *part[7], *p = a->room;
    for (int i = 0; i < 7; i++) {
        part[i] = p;
        p = p ? strchr(p, '/') : NULL;
        if (p)
            *p++ = '\0';
        if (!part[i] || !*part[i] || (i < 6) != (p != NULL))
            return false;
    }
    int kind = 0;
    while (kind < 3 && strcmp(part[4], kinds[kind]))
        kind++;
    a->bank = (mizo_bank){ .bank = part[0],
                           .bank_kana = part[1],
                           .branch = part[2],
                           .branch_kana = part[3],
                           .deposit = (mizo_deposit)kind,
                           .number = part[5],
                           .holder_kana = part[6],
                           .client = "",
                           .reference = "" };
    return kind < 3;
}

/* MIZO_ENOENT: none. The look at a household is on record before. */
static mizo_err account_of(town *t, const char *party, mizo_day day, const actor *who, bank_account *out)
{
    mizo_ref r = mizo_region_party(t->region, party);
    const mizo_bank *b = r >= 0 ? mizo_bank_on(t->region, r, day) : NULL;
    person who_is = { .name = "" };
    mizo_diags *quiet = mizo_diags_new(4);
    people_act act = { .env = t->env,
                       .store = t->store,
                       .actor = who->name,
                       .reason = "payout",
                       .diags = quiet,
                       .now = town_now(t) };
    mizo_err e = quiet ? MIZO_OK : MIZO_ENOMEM;
    if (b)
        out->bank = *b;
    else if (!e && r >= 0 && t->region->party[r].kind == MIZO_PARTY_HOUSEHOLD)
        e = people_get(&act, party, &who_is);
    else
        e = e ? e : MIZO_ENOENT;
    if (!b && !e) {
        memcpy(out->room, who_is.bank, sizeof out->room);
        e = parse_account(out) ? MIZO_OK : MIZO_ENOENT;
    }
    explicit_bzero(&who_is, sizeof who_is);
    mizo_diags_free(quiet);
    return e;
}

/* ---- making one ---- */

typedef struct gather {
    town *t;
    payout *p;
    mizo_day day;
    const actor *who;
} gather;

static mizo_err on_statement(void *arg, const invoice *v, run_state state, const char *run)
{
    gather *g = arg;
    (void)run;
    if (v->kind != INVOICE_PURCHASE || state != RUN_ISSUED || v->due > g->day)
        return MIZO_OK;
    if (g->p->n == PAYOUT_ITEMS)
        return MIZO_EFULL;
    MIZO_TRY(array_grow(&g->p->item, &g->p->cap, g->p->n + 1, sizeof *g->p->item));
    payout_item *i = &g->p->item[g->p->n++];
    *i = (payout_item){ .amount = v->total };
    (void)snprintf(i->invoice, sizeof i->invoice, "%s", v->id);
    (void)snprintf(i->party, sizeof i->party, "%s", v->party);
    return MIZO_OK;
}

/* What stands in another payout is not due any more. */
static mizo_err on_other(void *arg, const payout *o)
{
    gather *g = arg;
    for (size_t k = 0; k < o->n && o->state != PAYOUT_CANCELLED; k++)
        for (size_t i = 0; i < g->p->n; i++)
            if (strcmp(g->p->item[i].invoice, o->item[k].invoice) == 0)
                g->p->item[i].amount -= o->item[k].amount;
    return MIZO_OK;
}

static int by_party(const void *pa, const void *pb)
{
    const payout_item *a = pa, *b = pb;
    int c = strcmp(a->party, b->party);
    return c ? c : strcmp(a->invoice, b->invoice);
}

/* Those that are due and can be paid stay. */
static mizo_err keep_payable(gather *g)
{
    payout *p = g->p;
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        bank_account a;
        char day[MIZO_DATE_TEXT], yen[MIZO_NUM_TEXT];
        const payout_item *x = &p->item[i];
        if (x->amount < 1000000)
            continue;
        mizo_err e = account_of(g->t, x->party, g->day, g->who, &a);
        explicit_bzero(&a, sizeof a);
        if (e && e != MIZO_ENOENT)
            return e;
        if (e) {
            mizo_day_text(g->day, day);
            mizo_grouped_text(x->amount / 1000000, yen);
            MIZO_DIAG(g->t->diags, PAYOUT_NO_ACCOUNT, MIZO_NOWHERE, x->party, day, yen);
            continue;
        }
        if (__builtin_add_overflow(p->total, x->amount, &p->total))
            return MIZO_ERANGE;
        p->item[n++] = *x;
    }
    p->n = n;
    if (n)
        return MIZO_OK;
    MIZO_DIAG(g->t->diags, ZENGIN_EMPTY, MIZO_NOWHERE, NULL);
    return MIZO_ENOENT;
}

static mizo_err on_id(void *arg, const payout *p)
{
    payout *mine = arg;
    size_t n = strlen(mine->id);
    if (strncmp(p->id, mine->id, n) == 0 && (p->id[n] == '\0' || p->id[n] == '-'))
        mine->version++;
    return MIZO_OK;
}

/* "pay-20230609", of a day that has one "pay-20230609-2". */
static mizo_err name(town *t, payout *p)
{
    mizo_date d = mizo_day_date(p->day);
    (void)snprintf(p->id, sizeof p->id, "pay-%04d%02d%02d", d.year % 10000, d.month % 100, d.day % 100);
    p->version = 0;
    MIZO_TRY(payout_scan(t, on_id, p));
    if (p->version) {
        size_t n = strlen(p->id);
        (void)snprintf(p->id + n, sizeof p->id - n, "-%lld", (long long)p->version + 1);
    }
    p->version = 0;
    return MIZO_OK;
}

/* In the batch: nobody else has put one of these invoices into a payout meanwhile. */
static mizo_err still_due(deed *x)
{
    payout again = { .day = x->p->day };
    gather g = { x->t, &again, x->p->day, x->who };
    mizo_err e = invoice_scan(x->t, on_statement, &g);
    e = e ? e : payout_scan(x->t, on_other, &g);
    if (!e && again.n)
        qsort(again.item, again.n, sizeof *again.item, by_party);
    for (size_t i = 0, k = 0; i < x->p->n && !e; i++) {
        while (k < again.n && by_party(&again.item[k], &x->p->item[i]) < 0)
            k++;
        if (k == again.n || again.item[k].amount != x->p->item[i].amount)
            e = race(x);
    }
    payout_free(&again);
    return e;
}

mizo_err payout_make(town *t, mizo_day day, const actor *who, payout *out)
{
    *out = (payout){ .day = day };
    gather g = { t, out, day, who };
    deed x = {
        .t = t, .p = out, .who = who, .to = PAYOUT_DRAFT, .at = offsetof(payout, made), .more = still_due
    };
    mizo_err e = invoice_scan(t, on_statement, &g);
    e = e == MIZO_ENOENT ? MIZO_OK : e;
    e = e ? e : payout_scan(t, on_other, &g);
    if (!e && out->n)
        qsort(out->item, out->n, sizeof *out->item, by_party);
    e = e ? e : keep_payable(&g);
    e = e ? e : name(t, out);
    e = e ? e : perform(&x, "payout make");
    if (e)
        payout_free(out);
    return e;
}

/* ---- the others ---- */

static mizo_err load(town *t, const char *id, payout_state state, payout *out)
{
    MIZO_TRY(payout_get(t, id, out));
    mizo_err e = must(t, out, state);
    if (e)
        payout_free(out);
    return e;
}

static mizo_err ended(payout *p, mizo_err e)
{
    if (e)
        payout_free(p);
    return e;
}

mizo_err payout_approve(town *t, const char *id, const actor *who, payout *out)
{
    MIZO_TRY(load(t, id, PAYOUT_DRAFT, out));
    deed x = { .t = t, .p = out, .who = who, .to = PAYOUT_APPROVED, .at = offsetof(payout, approved) };
    mizo_err e = actor_second(out->made.who, who, t->diags);
    return ended(out, e ? e : perform(&x, "payout approve"));
}

typedef struct bank_file {
    zengin_row *row;
    bank_account *account;
    size_t n;
} bank_file;

/* Amounts of one party go together: the items stand by party. */
static mizo_err fill(town *t, const payout *p, const actor *who, bank_file *f)
{
    f->row = calloc(p->n + 1, sizeof *f->row);
    f->account = calloc(p->n + 1, sizeof *f->account);
    if (!f->row || !f->account)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < p->n; i++) {
        if (i && strcmp(p->item[i].party, p->item[i - 1].party) == 0) {
            f->row[f->n - 1].yen += p->item[i].amount / 1000000;
            continue;
        }
        mizo_err e = account_of(t, p->item[i].party, p->day, who, &f->account[f->n]);
        if (e == MIZO_ENOENT) {
            MIZO_DIAG(t->diags, PAYOUT_ACCOUNT_GONE, MIZO_NOWHERE, p->id, p->item[i].party);
            return MIZO_EINPUT;
        }
        MIZO_TRY(e);
        f->row[f->n] =
            (zengin_row){ &f->account[f->n].bank, p->item[i].amount / 1000000, "", p->item[i].party };
        f->n++;
    }
    return MIZO_OK;
}

static mizo_err make_file(town *t, const payout *p, const actor *who, buf *bytes)
{
    bank_file f = { 0 };
    char day[MIZO_DATE_TEXT];
    const mizo_issuer *i = mizo_issuer_on(t->region, p->day);
    const mizo_bank *own = i ? mizo_bank_on(t->region, i->party, p->day) : NULL;
    if (!own || !*own->client) {
        mizo_day_text(p->day, day);
        MIZO_DIAG(t->diags, ZENGIN_NO_OWN, MIZO_AT("banking.csv", 0, 0),
                  i ? t->region->party[i->party].id : "?", day);
        return MIZO_EINPUT;
    }
    mizo_err e = fill(t, p, who, &f);
    e = e ? e : zengin_write(ZENGIN_TRANSFER, own, p->day, f.row, f.n, t->diags, bytes);
    if (f.account)
        explicit_bzero(f.account, (p->n + 1) * sizeof *f.account);
    free(f.account);
    free(f.row);
    return e;
}

/* The register keeps the file's hash and size. Its bytes hold names and accounts: without a household's they are kept,
 * with one a note of what was paid stands in their place. */
static mizo_err put_file(deed *x)
{
    char name_[40], sum[HASH_TEXT];
    register_line line;
    buf kept;
    const payout *p = x->p;
    const mizo_region *r = x->t->region;
    bool sealed = false;
    for (size_t i = 0; i < p->n; i++) {
        mizo_ref party = mizo_region_party(r, p->item[i].party);
        sealed = sealed || party < 0 || r->party[party].kind == MIZO_PARTY_HOUSEHOLD;
    }
    hash_text(hash_bytes(x->bytes->p, x->bytes->n), sum);
    (void)snprintf(name_, sizeof name_, "%s.txt", p->id);
    buf_init(&kept, 1 << 20);
    for (size_t i = 0; i < p->n && sealed; i++)
        buf_printf(&kept, "%s %s %lld\n", p->item[i].party, p->item[i].invoice,
                   (long long)(p->item[i].amount / 1000000));
    register_file f = { .kind = "bank-transfer",
                        .name = name_,
                        .sent = true,
                        .with = "bank",
                        .from = p->day,
                        .to = p->day + 1,
                        .actor = x->who->name,
                        .at = x->t->store->known,
                        .bytes = sealed ? kept.p : x->bytes->p,
                        .n = sealed ? kept.n : x->bytes->n,
                        .hash = sealed ? sum : NULL };
    mizo_err e = kept.err ? kept.err : register_put(x->t, &f, &line);
    buf_fini(&kept);
    if (!e)
        memcpy(x->p->file, line.id, sizeof x->p->file);
    return e;
}

mizo_err payout_export(town *t, const char *id, const actor *who, buf *bytes, payout *out)
{
    MIZO_TRY(load(t, id, PAYOUT_APPROVED, out));
    deed x = { .t = t,
               .p = out,
               .who = who,
               .to = PAYOUT_EXPORTED,
               .at = offsetof(payout, exported),
               .more = put_file,
               .bytes = bytes };
    mizo_err e = make_file(t, out, who, bytes);
    return ended(out, e ? e : perform(&x, "payout export"));
}

static mizo_err post(deed *x)
{
    const payout *p = x->p;
    posting *to;
    char ref[PAYOUT_ID + 8];
    char(*to_whom)[MIZO_ACCOUNT_MAX] = calloc(p->n + 1, sizeof *to_whom);
    mizo_entry *v = calloc(p->n + 1, sizeof *v);
    mizo_err e = to_whom && v ? posting_join(x->t->store, x->t->diags, &to) : MIZO_ENOMEM;
    (void)snprintf(ref, sizeof ref, "out:%s", p->id);
    for (size_t i = 0; i < p->n && !e; i++) {
        (void)snprintf(to_whom[i], sizeof to_whom[i], "supplier:%s", p->item[i].party);
        v[i] = (mizo_entry){ .day = x->day,
                             .from = "bank:main",
                             .to = to_whom[i],
                             .unit = "uyen",
                             .kind = "payment",
                             .amount = p->item[i].amount };
    }
    if (!e && (e = posting_say(to, ref, v, p->n, NULL)))
        posting_cancel(to);
    else if (!e)
        e = posting_commit(to);
    free(to_whom);
    free(v);
    return e;
}

mizo_err payout_mark_paid(town *t, const char *id, mizo_day day, const actor *who, payout *out)
{
    MIZO_TRY(load(t, id, PAYOUT_EXPORTED, out));
    deed x = { .t = t,
               .p = out,
               .who = who,
               .to = PAYOUT_PAID,
               .at = offsetof(payout, paid),
               .more = post,
               .day = day };
    return ended(out, perform(&x, "payout paid"));
}

mizo_err payout_cancel(town *t, const char *id, const char *why, const actor *who, payout *out)
{
    size_t n = strlen(why);
    char most[16];
    if (n == 0 || n >= RUN_WHY) {
        (void)snprintf(most, sizeof most, "%d", RUN_WHY - 1);
        MIZO_DIAG(t->diags, INVOICE_WHY, MIZO_NOWHERE, most);
        return MIZO_EINPUT;
    }
    MIZO_TRY(payout_get(t, id, out));
    if (out->state == PAYOUT_PAID || out->state == PAYOUT_CANCELLED)
        return ended(out, must(t, out, PAYOUT_EXPORTED));
    memcpy(out->why, why, n + 1);
    deed x = { .t = t, .p = out, .who = who, .to = PAYOUT_CANCELLED, .at = offsetof(payout, cancelled) };
    return ended(out, perform(&x, "payout cancel"));
}
