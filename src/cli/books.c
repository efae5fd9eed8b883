/* books.c: mizo books: balances, a statement, entries and where they come from. */
#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "cli/cli.h"
#include "mizo/messages/books.h"
#include "town/books/ledger.h"
#include "town/town.h"

typedef struct words {
    const char *region, *account, *unit, *ref, *as_of;
    mizo_day from, to;
    int64_t seq;
    bool json;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--account", OPTION_TEXT, "A", "this account, or with : at its end all that begin so", "この口座だけ。末尾が : ならその種類すべて", false, offsetof(words, account), 0, 0 },
    { "--unit", OPTION_TEXT, "U", "only this unit: uyen, Wh-re ...", "この単位だけ（uyen、Wh-re など）", false, offsetof(words, unit), 0, 0 },
    { "--ref", OPTION_TEXT, "R", "what was posted for this: a bill, a day", "この請求書・日などの仕訳だけ", false, offsetof(words, ref), 0, 0 },
    { "--seq", OPTION_INT, "N", "entries: this one", "entries: この番号の仕訳", false, offsetof(words, seq), 1, INT64_MAX },
    { "--from", OPTION_DATE, "D", "first day", "最初の日", false, offsetof(words, from), 0, 0 },
    { "--to", OPTION_DATE, "D", "last day, included", "最後の日 (この日を含む)", false, offsetof(words, to), 0, 0 },
    { "--as-of", OPTION_TEXT, "DATE", "what was known then", "その時点で分かっていた内容", false, offsetof(words, as_of), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(words, json), 0, 0 },
};
/* clang-format on */

typedef struct printer {
    bool ja;
    json *json; /* NULL: text */
    buf *out;
    int offset;
    int64_t n, last;
} printer;

/* Yen with six digits, kg with six, Wh whole. */
static void amount_text(const char *unit, int64_t v, char out[MIZO_NUM_TEXT])
{
    if (strcmp(unit, "uyen") == 0 || strcmp(unit, "mg") == 0)
        mizo_decimal_text(v, 6, out);
    else
        mizo_grouped_text(v, out);
}

static const char *unit_text(const char *unit)
{
    return strcmp(unit, "uyen") == 0 ? "yen" : strcmp(unit, "mg") == 0 ? "kg" : unit;
}

static void put_amount(json *j, const char *unit, const char *what, int64_t v)
{
    if (strcmp(unit, "uyen") == 0)
        json_yen(j, what, v);
    else if (strcmp(unit, "mg") == 0)
        json_kg(j, what, v);
    else
        json_int(j, what, v);
}

static mizo_err on_balance(void *arg, const ledger_balance *b)
{
    printer *p = arg;
    char amount[MIZO_NUM_TEXT];
    p->n++;
    if (p->json) {
        json_object(p->json, NULL);
        json_text(p->json, "account", b->account);
        json_text(p->json, "unit", unit_text(b->unit));
        put_amount(p->json, b->unit, "balance", b->total);
        json_end(p->json);
        return p->out->err;
    }
    amount_text(b->unit, b->total, amount);
    cli_cell(p->out, b->account, -40);
    cli_cell(p->out, amount, 24);
    buf_printf(p->out, " %s\n", unit_text(b->unit));
    return p->out->err;
}

static void json_entry(printer *p, const ledger_entry *x)
{
    const store_entry *e = x->entry;
    json *j = p->json;
    char hex[HASH_TEXT];
    hash h;
    memcpy(h.b, e->hash, sizeof h.b);
    hash_text(h, hex);
    json_object(j, NULL);
    json_int(j, "seq", e->seq);
    json_day(j, "day", e->day);
    json_text(j, "from", e->from);
    json_text(j, "to", e->to);
    json_text(j, "unit", unit_text(e->unit));
    json_text(j, "kind", e->kind);
    json_text(j, "ref", e->ref);
    put_amount(j, e->unit, "amount", e->amount);
    if (x->sign)
        put_amount(j, e->unit, "balance", x->balance);
    if (e->slots)
        json_ints(j, "slots", e->slots, 48);
    json_text(j, "hash", hex);
    json_int(j, "batch", e->batch);
    json_time(j, "known", x->batch->known, p->offset);
    json_text(j, "actor", x->batch->actor);
    json_text(j, "source", x->batch->source);
    json_end(j);
}

static mizo_err on_entry(void *arg, const ledger_entry *x)
{
    printer *p = arg;
    const store_entry *e = x->entry;
    char amount[MIZO_NUM_TEXT], balance[MIZO_NUM_TEXT] = "", day[MIZO_DATE_TEXT], seq[MIZO_NUM_TEXT];
    p->n++;
    p->last = x->balance;
    if (p->json) {
        json_entry(p, x);
        return p->out->err;
    }
    mizo_day_text(e->day, day);
    amount_text(e->unit, x->sign < 0 ? -e->amount : e->amount, amount);
    if (x->sign)
        amount_text(e->unit, x->balance, balance);
    mizo_grouped_text(e->seq, seq);
    cli_cell(p->out, seq, 10);
    buf_printf(p->out, " %s ", day);
    cli_cell(p->out, e->from, -28);
    buf_str(p->out, "-> ");
    cli_cell(p->out, e->to, -28);
    cli_cell(p->out, amount, 20);
    cli_cell(p->out, balance, x->sign ? 20 : 0);
    buf_printf(p->out, " %s %s %s [%s, %s]\n", unit_text(e->unit), e->kind, e->ref, x->batch->actor,
               x->batch->source);
    return p->out->err;
}

/* ---- the three questions ---- */

static mizo_err balance(store *s, const words *o, const ledger_ask *a, printer *p)
{
    (void)o;
    if (p->json)
        json_array(p->json, "balances");
    mizo_err err = ledger_balances(s, a, on_balance, p);
    if (p->json)
        json_end(p->json);
    return err;
}

static mizo_err entries(store *s, const words *o, const ledger_ask *a, printer *p)
{
    if (p->json)
        json_array(p->json, "entries");
    mizo_err err = o->seq ? ledger_trace(s, o->seq, on_entry, p) : ledger_entries(s, a, NULL, on_entry, p);
    if (p->json)
        json_end(p->json);
    return err;
}

static mizo_err statement(store *s, const words *o, const ledger_ask *a, printer *p)
{
    int64_t opening = 0;
    char text[MIZO_NUM_TEXT];
    if (p->json)
        json_array(p->json, "entries");
    mizo_err err = ledger_entries(s, a, &opening, on_entry, p);
    int64_t closing = p->n ? p->last : opening;
    (void)o;
    if (p->json) {
        json_end(p->json);
        put_amount(p->json, a->unit, "opening", opening);
        put_amount(p->json, a->unit, "closing", closing);
        return err;
    }
    amount_text(a->unit, opening, text);
    buf_printf(p->out, p->ja ? "繰越 %s、" : "opening %s, ", text);
    amount_text(a->unit, closing, text);
    buf_printf(p->out, p->ja ? "残高 %s\n" : "closing %s\n", text);
    return err;
}

typedef struct question {
    const char *name;
    mizo_err (*ask)(store *s, const words *o, const ledger_ask *a, printer *p);
} question;

static const question questions[] = {
    {"balance",    balance  },
    { "statement", statement},
    { "entries",   entries  }
};

static const question *question_of(const char *name)
{
    for (size_t i = 0; name && i < sizeof questions / sizeof *questions; i++)
        if (strcmp(questions[i].name, name) == 0)
            return &questions[i];
    return NULL;
}

/* A date means the end of that day: everything that was known by then. */
static mizo_err read_as_of(const char *s, int offset, mizo_ms *out)
{
    mizo_date d;
    *out = STORE_LATEST;
    if (!s)
        return MIZO_OK;
    if (mizo_date_parse(s, strlen(s), &d) == MIZO_OK) {
        *out = mizo_slot_ms(mizo_day_slot(mizo_date_day(d) + 1, offset)) - 1;
        return MIZO_OK;
    }
    return mizo_ms_parse(s, strlen(s), offset, out);
}

static mizo_err make_ask(const cli *c, const words *o, const question *q, int offset, ledger_ask *a)
{
    *a = ledger_all();
    a->account = o->account;
    a->unit = o->unit;
    a->ref = o->ref;
    a->from = o->from == MIZO_DAY_NONE ? a->from : o->from;
    a->to = o->to == MIZO_DAY_NONE ? a->to : o->to;
    if (read_as_of(o->as_of, offset, &a->as_of)) {
        MIZO_DIAG(c->diags, BOOKS_AS_OF, MIZO_NOWHERE, o->as_of);
        return MIZO_EINPUT;
    }
    const mizo_account_rule *rule = o->account ? mizo_account_rule_of(o->account) : NULL;
    if (q->ask != statement)
        return MIZO_OK;
    if (!rule) {
        MIZO_DIAG(c->diags, BOOKS_STATEMENT, MIZO_NOWHERE, o->account ? o->account : "");
        return MIZO_EINPUT;
    }
    if (!a->unit)
        a->unit = rule->units & MIZO_UNIT_MONEY ? "uyen" : rule->units & MIZO_UNIT_CO2 ? "mg" : "Wh-re";
    return MIZO_OK;
}

static mizo_err answer(cli *c, const words *o, const question *q, town *t, buf *out)
{
    ledger_ask a;
    json j;
    printer p = {
        .ja = cli_japanese(c), .json = o->json ? &j : NULL, .out = out, .offset = t->region->offset
    };
    MIZO_TRY(make_ask(c, o, q, t->region->offset, &a));
    json_init(&j, out);
    if (o->json)
        json_object(&j, NULL);
    mizo_err err = q->ask(t->store, o, &a, &p);
    if (o->json) {
        json_end(&j);
        buf_char(out, '\n');
    } else if (!p.n) {
        buf_str(out, p.ja ? "該当なし\n" : "nothing\n");
    }
    return err;
}

static int run(cli *c)
{
    words o = { .from = MIZO_DAY_NONE, .to = MIZO_DAY_NONE };
    const char *rest[1] = { NULL };
    size_t n = 0;
    town t;
    int status = cli_parse(c, &cli_books, &o, rest, &n, 1);
    if (status != CLI_DONE)
        return status;
    const question *q = question_of(n ? rest[0] : NULL);
    if (!q) {
        MIZO_DIAG(c->diags, BOOKS_QUESTION, MIZO_NOWHERE, n ? rest[0] : "");
        return CLI_INPUT;
    }
    mizo_err err = town_open(c->env, o.region, STORE_READ, c->diags, &t);
    if (err)
        return cli_status(err);
    buf out;
    buf_init(&out, 0);
    err = answer(c, &o, q, &t, &out);
    if (err == MIZO_ENOENT)
        MIZO_DIAG(c->diags, BOOKS_NO_ENTRY, MIZO_NOWHERE, o.region);
    status = err ? cli_status(err) : cli_put(c, &out);
    buf_fini(&out);
    town_close(&t);
    return status;
}

const cli_verb cli_books = {
    "books",
    "balance|statement|entries --region DIR",
    "what the books say: balances, an account's statement, entries and who posted them",
    "帳簿の内容: 残高、口座の明細、仕訳と記帳者",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
