/* receivables.c: mizo receivables: who owes what, payments and rewards, the journal for the accounts, bank files. */
#include <string.h>

#include "cli/act.h"
#include "town/bills/receivable.h"

typedef struct words {
    const char *region, *csv, *out;
    mizo_day as_of, from, to, day;
    cli_who who;
    bool cp932, json;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--as-of", OPTION_DATE, "D", "as it stood on this day (today)", "この日の時点 (指定しなければ今日)", false, offsetof(words, as_of), 0, 0 },
    { "--csv", OPTION_TEXT, "FILE", "the list, journal: write a CSV; - is standard output", "一覧・journal: CSVに書く。- は標準出力", false, offsetof(words, csv), 0, 0 },
    { "--cp932", OPTION_FLAG, NULL, "that CSV in CP932", "そのCSVをCP932で", false, offsetof(words, cp932), 0, 0 },
    { "--from", OPTION_DATE, "D", "journal: first day", "journal: 最初の日", false, offsetof(words, from), 0, 0 },
    { "--to", OPTION_DATE, "D", "journal: last day, included", "journal: 最後の日 (この日を含む)", false, offsetof(words, to), 0, 0 },
    { "--day", OPTION_DATE, "D", "zengin: collections (口座振替) of what is due on this day", "zengin: この日が期限の口座振替", false, offsetof(words, day), 0, 0 },
    { "--out", OPTION_TEXT, "FILE", "zengin: write it here; - is standard output (zengin.txt)", "zengin: 書き出す先。- は標準出力 (zengin.txt)", false, offsetof(words, out), 0, 0 },
    CLI_WHO_ROWS(words, who),
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(words, json), 0, 0 },
};
/* clang-format on */

typedef struct call {
    cli *c;
    town *t;
    const words *w;
    const char *file;
    const actor *who;
    buf out;
    json j;
} call;

static mizo_err write_out(call *x, const char *path, const buf *b, int *status)
{
    if (strcmp(path, "-") == 0) {
        *status = cli_put(x->c, b);
        return MIZO_OK;
    }
    mizo_err err = x->t->env->ops->write_file(x->t->env, path, b->p ? b->p : "", b->n);
    if (err)
        MIZO_DIAG(x->c->diags, FILE_UNWRITABLE, MIZO_NOWHERE, path);
    else
        fprintf(stderr, "%s\n", path);
    return err;
}

static mizo_err put_document(call *x, report *r, int *status)
{
    buf b;
    buf_init(&b, 0);
    mizo_err err = x->w->csv ? report_csv(r, 0, x->w->cp932 ? REPORT_CP932 : REPORT_UTF8_BOM, x->c->diags, &b)
                             : report_plain(r, &b);
    if (!err)
        err = write_out(x, x->w->csv ? x->w->csv : "-", &b, status);
    buf_fini(&b);
    return err;
}

/* ---- the list ---- */

static mizo_err do_list(call *x, int *status)
{
    receivable_list l;
    report *r = NULL;
    MIZO_TRY(receivable_read(x->t, cli_trading_day(x->c, x->t, x->w->as_of), &l));
    mizo_err err = MIZO_OK;
    if (x->w->json) {
        json_object(&x->j, NULL);
        receivable_json(&l, cli_trading_day(x->c, x->t, x->w->as_of), &x->j);
        json_end(&x->j);
        buf_char(&x->out, '\n');
        *status = cli_put(x->c, &x->out);
    } else if (!(err = receivable_document(x->t, &l, cli_trading_day(x->c, x->t, x->w->as_of), x->c->lang,
                                           &r))) {
        err = put_document(x, r, status);
        report_free(r);
    }
    arena_free(l.arena);
    return err;
}

/* ---- payments, rewards ---- */

static mizo_err on_line(void *arg, const payment_line *l)
{
    call *x = arg;
    char yen[MIZO_NUM_TEXT], day[MIZO_DATE_TEXT];
    bool ja = cli_japanese(x->c);
    mizo_grouped_text(l->amount / 1000000, yen);
    mizo_day_text(l->day, day);
    if (x->w->json) {
        payment_line_json(l, &x->j);
        return x->out.err;
    }
    const char *what = l->again    ? (ja ? "記帳済み" : "posted before")
                       : *l->party ? l->party
                       : ja        ? "該当なし"
                                   : "fits nobody";
    buf_printf(&x->out, "%4d  %s  %14s  ", l->line, day, yen);
    cli_cell(&x->out, l->reference, -40);
    buf_printf(&x->out, "  %s  %s\n", what, l->invoice);
    return x->out.err;
}

static void sum_out(call *x, const payment_sum *s)
{
    char posted[MIZO_NUM_TEXT], other[MIZO_NUM_TEXT];
    if (x->w->json) {
        payment_sum_json(s, &x->j);
        return;
    }
    mizo_grouped_text(s->amount / 1000000, posted);
    mizo_grouped_text(s->unmatched_amount / 1000000, other);
    buf_printf(&x->out,
               cli_japanese(x->c)
                   ? "%d 行: 記帳 %d、記帳済み %d (計 %s 円)、該当なし %d (%s 円)\n"
                   : "%d lines: %d posted, %d posted before (JPY %s in all), %d fit nobody (JPY %s)\n",
               s->lines, s->posted, s->again, posted, s->unmatched, other);
}

static mizo_err with_file(call *x, bool reward, int *status)
{
    buf in;
    payment_sum s = { 0 };
    buf_init(&in, 256 << 20);
    mizo_err err = x->t->env->ops->read_file(x->t->env, x->file, &in);
    if (err)
        MIZO_DIAG(x->c->diags, FILE_UNREADABLE, MIZO_NOWHERE, x->file);
    if (x->w->json) {
        json_object(&x->j, NULL);
        json_array(&x->j, "lines");
    }
    const char *bytes = in.p ? in.p : "";
    if (!err)
        err = reward ? reward_read(x->t, x->file, bytes, in.n, x->who->name, &s)
                     : payment_read(x->t, x->file, bytes, in.n, x->who->name, on_line, x, &s);
    if (err == MIZO_EINPUT && in.p)
        err = cli_refused(x->t,
                          &(register_file){ .kind = reward ? "rewards" : "payments",
                                            .with = reward ? "own" : "bank",
                                            .name = x->file,
                                            .actor = x->who->name,
                                            .bytes = bytes,
                                            .n = in.n },
                          err);
    if (x->w->json)
        json_end(&x->j);
    sum_out(x, &s);
    if (x->w->json) {
        json_end(&x->j);
        buf_char(&x->out, '\n');
    }
    if (!err)
        *status = cli_put(x->c, &x->out);
    if (!err && !*status && s.unmatched)
        *status = CLI_NO;
    buf_fini(&in);
    return err;
}

static mizo_err do_pay(call *x, int *status)
{
    return with_file(x, false, status);
}

static mizo_err do_rewards(call *x, int *status)
{
    return with_file(x, true, status);
}

/* ---- for the accounts and the bank ---- */

static mizo_err do_journal(call *x, int *status)
{
    report *r;
    MIZO_TRY(journal_document(x->t, x->w->from, x->w->to + 1, x->c->lang, &r));
    mizo_err err = put_document(x, r, status);
    report_free(r);
    return err;
}

static mizo_err do_zengin(call *x, int *status)
{
    payment_sum s;
    buf b;
    buf_init(&b, 0);
    mizo_err err = zengin_collect(x->t, x->w->day, &b, &s);
    if (!err)
        err = write_out(x, x->w->out ? x->w->out : "zengin.txt", &b, status);
    if (!err && !*status && s.unmatched)
        *status = CLI_NO;
    buf_fini(&b);
    return err;
}

/* ---- the verb ---- */

static const struct sub {
    cli_act is;
    int act; /* town_act or CLI_READS */
    mizo_err (*run)(call *x, int *status);
} subs[] = {
    {{ "list", NULL, 0, 0 },                  CLI_READS, do_list   },
    { { "pay", "FILE", 1, 1 },                ACT_PAY,   do_pay    },
    { { "rewards", "FILE", 1, 1 },            ACT_PAY,   do_rewards},
    { { "journal", "--from D --to D", 0, 0 }, CLI_READS, do_journal},
    { { "zengin", "--day D", 0, 0 },          CLI_READS, do_zengin },
};

static const cli_acts table = CLI_ACTS("receivables", subs, "list");

/* Does it have the days that it needs? */
static bool complete(const struct sub *s, const words *w)
{
    if (s->run == do_journal)
        return w->from != MIZO_DAY_NONE && w->to != MIZO_DAY_NONE;
    return s->run != do_zengin || w->day != MIZO_DAY_NONE;
}

static int with_town(call *x, const struct sub *s)
{
    town t;
    actor who;
    int status = cli_town(x->c, &x->w->who, x->w->region, s->act, &who, &t);
    if (status)
        return status;
    x->t = &t;
    x->who = &who;
    buf_init(&x->out, 0);
    json_init(&x->j, &x->out);
    mizo_err err = s->run(x, &status);
    buf_fini(&x->out);
    if (err == MIZO_EFULL)
        MIZO_DIAG(x->c->diags, DISK_FULL, MIZO_NOWHERE, NULL);
    town_close(&t);
    return err ? cli_status(err) : status;
}

static int run(cli *c)
{
    words w = { .as_of = MIZO_DAY_NONE, .from = MIZO_DAY_NONE, .to = MIZO_DAY_NONE, .day = MIZO_DAY_NONE };
    const char *rest[3];
    size_t n = 0;
    int status = cli_parse(c, &cli_receivables, &w, rest, &n, 3);
    if (status != CLI_DONE)
        return status;
    const struct sub *s = cli_act_of(c, &table, rest, n);
    if (!s)
        return CLI_INPUT;
    if (!complete(s, &w))
        return cli_act_form(c, &table, &s->is);
    if (s->run == do_journal && (status = cli_days_in_order(c, &cli_receivables, w.from, w.to)) != CLI_DONE)
        return status;
    call x = { .c = c, .w = &w, .file = n == 2 ? rest[1] : NULL };
    return with_town(&x, s);
}

const cli_verb cli_receivables = {
    .name = "receivables",
    .args = "[pay FILE | rewards FILE | journal | zengin] --region DIR",
    .help_en =
        "what is billed, due, paid and overdue; payments; the journal for the accounts; files for the bank",
    .help_ja = "請求・期限・入金・延滞。入金の消し込み、会計への仕訳、全銀ファイル",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
    .run = run,
};
