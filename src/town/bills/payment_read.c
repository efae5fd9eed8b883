/* payment_read.c: bank statements and DR rewards from CSV into the books, in one batch. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/table.h"
#include "mizo/messages/invoice.h"
#include "mizo/region.h"
#include "town/bills/receivable_inner.h"
#include "town/books/posting.h"
#include "town/register/register.h"

enum { AMOUNT_MOST_LINES = 1000000 };

typedef struct columns {
    int day, amount, reference, name, party; /* -1: none */
} columns;

/* One line that could be read. */
typedef struct line {
    int at;
    mizo_day day;
    mizo_uyen amount;
    char reference[PAYMENT_TEXT], name[PAYMENT_TEXT], party[PAYMENT_TEXT];
    char id[PAYMENT_ID];
} line;

typedef struct lines {
    line *v;
    size_t n, cap;
    bool bad;
    char hash[HASH_TEXT]; /* of the file */
} lines;

static void say(town *t, lines *l, int at, const char *what)
{
    char number[16];
    (void)snprintf(number, sizeof number, "%d", at);
    MIZO_DIAG(t->diags, PAYMENT_ROW, MIZO_NOWHERE, number, what);
    l->bad = true;
}

static bool find_columns(const csv_record *rec, bool reward, columns *c)
{
    static const char *const days[] = { "date", "day", "日付", "取引日", "勘定日", NULL };
    static const char *const amounts[] = { "amount", "amount_yen", "金額", "入金額", "入金金額", NULL };
    static const char *const references[] = { "reference", "照会番号", "摘要", "番号", NULL };
    static const char *const names[] = { "name", "payer", "振込依頼人", "振込依頼人名", NULL };
    static const char *const parties[] = { "party", "相手", NULL };
    table_words *w = malloc(sizeof *w);
    if (!w)
        return false;
    table_fold(rec, w);
    *c = (columns){ table_find(w, days), table_find(w, amounts), table_find(w, references),
                    table_find(w, names), table_find(w, parties) };
    free(w);
    return c->day >= 0 && c->amount >= 0 && c->reference >= 0 && (!reward || c->party >= 0);
}

static bool text(const csv_record *rec, int column, char out[PAYMENT_TEXT])
{
    out[0] = 0;
    if (column < 0 || column >= rec->nfield)
        return column < 0;
    const csv_field *f = &rec->field[column];
    if (f->n >= PAYMENT_TEXT || memchr(f->s, 0, f->n))
        return false;
    memcpy(out, f->s, f->n);
    out[f->n] = 0;
    return true;
}

/* The same line of a statement always has the same id; of equal lines the second is another. */
static void name_line(const lines *l, line *x)
{
    char sum[HASH_TEXT];
    buf b;
    int same = 0;
    buf_init(&b, 65536);
    for (size_t i = 0; i < l->n; i++)
        same += l->v[i].day == x->day && l->v[i].amount == x->amount &&
                !strcmp(l->v[i].reference, x->reference) && !strcmp(l->v[i].name, x->name) &&
                !strcmp(l->v[i].party, x->party);
    buf_printf(&b, "%d %lld %s\n%s\n%s\n%d", x->day, (long long)x->amount, x->reference, x->name, x->party,
               same);
    hash_text(hash_bytes(b.p ? b.p : "", b.n), sum);
    buf_fini(&b);
    (void)snprintf(x->id, sizeof x->id, "%.20s", sum);
}

static mizo_err read_line(town *t, lines *l, const csv_record *rec, const columns *c)
{
    line x = { .at = rec->line };
    mizo_date d;
    char day[PAYMENT_TEXT], amount[PAYMENT_TEXT];
    if (!text(rec, c->day, day) || !text(rec, c->amount, amount) || !text(rec, c->reference, x.reference) ||
        !text(rec, c->name, x.name) || !text(rec, c->party, x.party)) {
        say(t, l, rec->line, "a field is missing or too long / 欄が足りないか長すぎます");
        return MIZO_OK;
    }
    mizo_err err = mizo_decimal_parse(amount, strlen(amount), 6, &x.amount);
    if (err == MIZO_ENOENT)
        return MIZO_OK; /* a line of the statement that brings nothing */
    if (err)
        say(t, l, rec->line, "the amount is no number / 金額が数ではありません");
    else if (mizo_date_parse(day, strlen(day), &d))
        say(t, l, rec->line, "the date is no date / 日付ではありません");
    else if (x.amount <= 0)
        say(t, l, rec->line, "the amount is not above zero / 金額が正ではありません");
    else {
        x.day = mizo_date_day(d);
        name_line(l, &x);
        MIZO_TRY(array_grow(&l->v, &l->cap, l->n + 1, sizeof *l->v));
        l->v[l->n++] = x;
    }
    return l->n > AMOUNT_MOST_LINES ? MIZO_EFULL : MIZO_OK;
}

static mizo_err read_file(town *t, const char *bytes, size_t n, bool reward, lines *l)
{
    columns c;
    const char *what;
    csv_record *rec = malloc(sizeof *rec);
    csv_reader *r = csv_open(bytes, n);
    mizo_err err = rec && r ? MIZO_OK : MIZO_ENOMEM;
    bool headed = false;
    hash_text(hash_bytes(bytes, n), l->hash);
    while (!err && !(err = csv_next(r, rec, &what))) {
        if (headed)
            err = read_line(t, l, rec, &c);
        else
            headed = find_columns(rec, reward, &c);
    }
    if (err == MIZO_EINPUT)
        say(t, l, rec->line, what);
    if (err == MIZO_ENOENT && !headed) {
        MIZO_DIAG(t->diags, PAYMENT_COLUMNS, MIZO_NOWHERE,
                  reward ? "date, amount, party, reference" : "date, amount, reference");
        l->bad = true;
    }
    csv_close(r);
    free(rec);
    return err == MIZO_ENOENT || err == MIZO_EINPUT ? (l->bad ? MIZO_EINPUT : MIZO_OK) : err;
}

/* ---- matching ---- */

static mizo_uyen open_of(const receivable *r)
{
    return r->billed - r->paid;
}

static bool word_in(const char *text_, const char *word)
{
    const char *p = strstr(text_, word);
    return p && *word && (p == text_ || p[-1] == ' ' || p[-1] == ':') &&
           (!p[strlen(word)] || p[strlen(word)] == ' ');
}

static const receivable *by_invoice(const receivable_list *l, const char *reference)
{
    for (size_t i = 0; i < l->n; i++)
        if (word_in(reference, l->v[i].invoice))
            return &l->v[i];
    return NULL;
}

static const char *by_account(const town *t, const receivable_list *open, const char *reference, mizo_day day)
{
    const mizo_region *r = t->region;
    size_t zeros = strspn(reference, "0");
    for (size_t i = 0; i < r->nbank; i++) {
        const mizo_bank *b = &r->bank[i];
        const char *own = b->reference + strspn(b->reference, "0");
        if (*own && strcmp(reference + zeros, own) == 0 && day >= b->from && day < b->to)
            return r->party[b->party].id;
    }
    for (size_t i = 0; i < r->nparty; i++)
        if (word_in(reference, r->party[i].id))
            return r->party[i].id;
    for (size_t i = 0; i < open->n; i++)
        if (word_in(reference, open->v[i].party)) /* a member of our group, which is no party */
            return open->v[i].party;
    return "";
}

static mizo_err pay(payment_record *p, receivable *r, mizo_uyen *left)
{
    mizo_uyen part = open_of(r) < *left ? open_of(r) : *left;
    if (part <= 0)
        return MIZO_OK;
    if (p->npart == PAYMENT_PARTS)
        return MIZO_OK; /* the rest is a credit */
    (void)snprintf(p->part[p->npart].invoice, INVOICE_ID, "%s", r->invoice);
    p->part[p->npart++].amount = part;
    r->paid += part;
    *left -= part;
    return MIZO_OK;
}

/* To the invoice that is named first, then to the oldest of the party. */
static mizo_err match(town *t, receivable_list *open, const line *x, payment_record *p)
{
    mizo_uyen left = x->amount;
    const receivable *named = by_invoice(open, x->reference);
    const char *party = named ? named->party : by_account(t, open, x->reference, x->day);
    *p = (payment_record){ .day = x->day, .amount = x->amount };
    memcpy(p->id, x->id, sizeof p->id);
    (void)snprintf(p->party, sizeof p->party, "%s", party);
    (void)snprintf(p->reference, sizeof p->reference, "%s", x->reference);
    if (!*party)
        return MIZO_ENOENT;
    if (named)
        MIZO_TRY(pay(p, &open->v[named - open->v], &left));
    for (size_t i = 0; i < open->n && left; i++)
        if (strcmp(open->v[i].party, party) == 0)
            MIZO_TRY(pay(p, &open->v[i], &left));
    p->credit = left;
    return MIZO_OK;
}

/* ---- posting ---- */

static mizo_err post_payment(posting *p, const payment_record *x)
{
    char from[MIZO_ACCOUNT_MAX], ref[PAYMENT_ID + 8];
    (void)snprintf(from, sizeof from, "customer:%s", x->party);
    (void)snprintf(ref, sizeof ref, "pay:%s", x->id);
    mizo_entry e = {
        .day = x->day, .from = from, .to = "bank:main", .unit = "uyen", .kind = "payment", .amount = x->amount
    };
    return posting_say(p, ref, &e, 1, NULL);
}

typedef struct run {
    town *t;
    posting *posting;
    receivable_list *open;
    mizo_err (*each)(void *arg, const payment_line *l);
    void *arg;
    payment_sum *sum;
    const char *kind, *with, *name, *actor; /* of the file, for the register */
} run;

static mizo_err one_payment(run *r, const line *x)
{
    payment_record p, old;
    mizo_err err = payment_find(r->t, x->id, &old);
    bool again = !err;
    if (err && err != MIZO_ENOENT)
        return err;
    err = again ? MIZO_OK : match(r->t, r->open, x, &p);
    if (err && err != MIZO_ENOENT)
        return err;
    if (again)
        p = old;
    bool nobody = err == MIZO_ENOENT;
    if (!again && !nobody) {
        MIZO_TRY(payment_keep(r->t, &p));
        MIZO_TRY(post_payment(r->posting, &p));
    }
    r->sum->lines++;
    r->sum->again += again;
    r->sum->unmatched += nobody;
    r->sum->posted += !again && !nobody;
    *(nobody ? &r->sum->unmatched_amount : &r->sum->amount) += x->amount;
    payment_line told = { .line = x->at,
                          .day = x->day,
                          .amount = x->amount,
                          .reference = x->reference,
                          .name = x->name,
                          .party = nobody ? "" : p.party,
                          .invoice = !nobody && p.npart ? p.part[0].invoice : "",
                          .credit = nobody ? 0 : p.credit,
                          .again = again };
    return r->each ? r->each(r->arg, &told) : MIZO_OK;
}

/* who NULL: in the batch that is open already, which is of `known`. */
static mizo_err post_all(town *t, const lines *l, const char *who, const char *source, mizo_ms known,
                         mizo_err (*one)(run *r, const line *x), run *r)
{
    register_line kept;
    register_file f = {
        .kind = r->kind, .with = r->with, .name = r->name, .actor = r->actor, .at = known, .hash = l->hash
    };
    mizo_err err = who ? posting_open(t->store, known, who, source, t->diags, &r->posting)
                       : posting_join(t->store, t->diags, &r->posting);
    if (err)
        return err;
    for (size_t i = 0; i < l->n && !err; i++) {
        f.from = i == 0 || l->v[i].day < f.from ? l->v[i].day : f.from;
        f.to = i == 0 || l->v[i].day >= f.to ? l->v[i].day + 1 : f.to;
        err = one(r, &l->v[i]);
    }
    if (!err && l->n) /* payers' names stand in it: the hash is kept, the bytes are not */
        err = register_put(t, &f, &kept);
    if (err) {
        posting_cancel(r->posting);
        return err;
    }
    return posting_commit(r->posting);
}

static mizo_err read_payments(town *t, const char *file, const char *bytes, size_t n, const char *who,
                              const char *by, mizo_ms known,
                              mizo_err (*each)(void *arg, const payment_line *l), void *arg, payment_sum *sum)
{
    lines l = { 0 };
    receivable_list open = { 0 };
    run r = { .t = t, .open = &open, .each = each, .arg = arg, .sum = sum, .name = file, .actor = by };
    r.kind = "payments";
    r.with = "bank";
    *sum = (payment_sum){ 0 };
    mizo_err err = read_file(t, bytes, n, false, &l);
    err = err ? err : receivable_read(t, MIZO_DAY_NONE - 1, &open);
    err = err ? err : post_all(t, &l, who, "receivables pay", known, one_payment, &r);
    arena_free(open.arena);
    free(l.v);
    return err;
}

mizo_err payment_read(town *t, const char *file, const char *bytes, size_t n, const char *who,
                      mizo_err (*each)(void *arg, const payment_line *l), void *arg, payment_sum *sum)
{
    return read_payments(t, file, bytes, n, who, who, town_now(t), each, arg, sum);
}

mizo_err payment_read_open(town *t, const char *file, const char *bytes, size_t n, const char *by,
                           mizo_ms known, mizo_err (*each)(void *arg, const payment_line *l), void *arg,
                           payment_sum *sum)
{
    return read_payments(t, file, bytes, n, NULL, by, known, each, arg, sum);
}

/* ---- rewards ---- */

static mizo_err one_reward(run *r, const line *x)
{
    char from[MIZO_ACCOUNT_MAX], ref[PAYMENT_ID + 8];
    int moved = 0;
    (void)snprintf(from, sizeof from, "supplier:%.40s", x->party);
    (void)snprintf(ref, sizeof ref, "dr:%s", x->id);
    mizo_entry e = { .day = x->day,
                     .from = from,
                     .to = "cost:rewards",
                     .unit = "uyen",
                     .kind = "reward",
                     .amount = x->amount };
    MIZO_TRY(posting_say(r->posting, ref, &e, 1, &moved));
    r->sum->lines++;
    r->sum->posted += moved > 0;
    r->sum->again += moved == 0;
    r->sum->amount += x->amount;
    return MIZO_OK;
}

mizo_err reward_read(town *t, const char *file, const char *bytes, size_t n, const char *who,
                     payment_sum *sum)
{
    lines l = { 0 };
    run r = { .t = t, .sum = sum, .kind = "rewards", .with = "own", .name = file, .actor = who };
    *sum = (payment_sum){ 0 };
    mizo_err err = read_file(t, bytes, n, true, &l);
    for (size_t i = 0; i < l.n && !err; i++)
        if (mizo_region_party(t->region, l.v[i].party) < 0)
            say(t, &l, l.v[i].at, l.v[i].party);
    err = !err && l.bad ? MIZO_EINPUT : err;
    err = err ? err : post_all(t, &l, who, "receivables rewards", town_now(t), one_reward, &r);
    free(l.v);
    return err;
}
