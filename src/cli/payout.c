/* payout.c: mizo payout: what is owed for purchase statements, paid through a bank file, once. */
#include <stdlib.h>
#include <string.h>

#include "cli/act.h"
#include "mizo/messages/files.h"
#include "town/bills/payout.h"

typedef struct words {
    const char *region, *out, *why;
    mizo_day day;
    cli_who who;
    bool json;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--day", OPTION_DATE, "D", "make: the day of the transfer, everything due by then (today); paid: when the bank paid (today)", "make: 振込日。その日までに期限が来るもの (今日)。paid: 支払われた日 (今日)", false, offsetof(words, day), 0, 0 },
    { "--out", OPTION_TEXT, "FILE", "export: the bank file (PAYOUT.txt); it is made once", "export: 全銀ファイル (支払ID.txt)。一度だけ作れる", false, offsetof(words, out), 0, 0 },
    { "--why", OPTION_TEXT, "TEXT", "cancel: the reason", "cancel: 理由", false, offsetof(words, why), 0, 0 },
    CLI_WHO_ROWS(words, who),
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(words, json), 0, 0 },
};
/* clang-format on */

typedef struct call {
    cli *c;
    town *t;
    const words *w;
    const char *id;
    const actor *who;
    buf out;
    json j;
} call;

/* ---- showing ---- */

static void text(call *x, const payout *p)
{
    static const char *const ja[] = { "下書き", "承認済み", "書出し済み", "支払済み", "取消済み" };
    char yen[MIZO_NUM_TEXT], day[MIZO_DATE_TEXT];
    bool japanese = cli_japanese(x->c);
    mizo_grouped_text(p->total / 1000000, yen);
    mizo_day_text(p->day, day);
    cli_cell(&x->out, p->id, -20);
    cli_cell(&x->out, japanese ? ja[p->state] : payout_state_word(p->state), -12);
    buf_printf(&x->out, japanese ? " %s  %zu 件  %s 円" : " %s  %zu statements  JPY %s", day, p->n, yen);
    const run_act *acts[] = { &p->made, &p->approved, &p->exported, &p->paid, &p->cancelled };
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (*acts[i]->who)
            buf_printf(&x->out, "  %s", acts[i]->who);
    buf_char(&x->out, '\n');
}

static void put(call *x, const payout *p, bool items)
{
    if (x->w->json) {
        json_object(&x->j, NULL);
        payout_json(p, x->t->region->offset, &x->j);
        json_end(&x->j);
        return;
    }
    text(x, p);
    for (size_t i = 0; i < p->n && items; i++) {
        char yen[MIZO_NUM_TEXT];
        mizo_grouped_text(p->item[i].amount / 1000000, yen);
        buf_printf(&x->out, "    ");
        cli_cell(&x->out, p->item[i].party, -30);
        cli_cell(&x->out, p->item[i].invoice, -40);
        buf_printf(&x->out, " %14s\n", yen);
    }
}

static mizo_err on_payout(void *arg, const payout *p)
{
    put(arg, p, false);
    return MIZO_OK;
}

static mizo_err list(call *x)
{
    if (x->w->json) {
        json_object(&x->j, NULL);
        json_array(&x->j, "payouts");
    }
    mizo_err e = payout_scan(x->t, on_payout, x);
    if (x->w->json) {
        json_end(&x->j);
        json_end(&x->j);
    }
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static mizo_err shown(call *x, payout *p, mizo_err e)
{
    if (!e)
        put(x, p, true);
    if (!e)
        payout_free(p);
    return e;
}

static mizo_err show(call *x)
{
    payout p;
    return shown(x, &p, payout_get(x->t, x->id, &p));
}

/* ---- the acts ---- */

static mizo_err make(call *x)
{
    payout p;
    return shown(x, &p, payout_make(x->t, cli_trading_day(x->c, x->t, x->w->day), x->who, &p));
}

static mizo_err approve(call *x)
{
    payout p;
    return shown(x, &p, payout_approve(x->t, x->id, x->who, &p));
}

static mizo_err cancel(call *x)
{
    payout p;
    return shown(x, &p, payout_cancel(x->t, x->id, x->w->why ? x->w->why : "", x->who, &p));
}

static mizo_err paid(call *x)
{
    payout p;
    return shown(x, &p, payout_mark_paid(x->t, x->id, cli_trading_day(x->c, x->t, x->w->day), x->who, &p));
}

/* A file that cannot be written is found out before the payout is exported for good. */
static mizo_err export(call *x)
{
    payout p;
    buf bytes;
    char name[PAYOUT_ID + 8];
    (void)snprintf(name, sizeof name, "%.20s.txt", x->id);
    const char *path = x->w->out ? x->w->out : name;
    const env_ops *ops = x->t->env->ops;
    mizo_err e = ops->write_file(x->t->env, path, "", 0);
    if (e) {
        MIZO_DIAG(x->c->diags, FILE_UNWRITABLE, MIZO_NOWHERE, path);
        return e;
    }
    buf_init(&bytes, 1 << 20);
    e = payout_export(x->t, x->id, x->who, &bytes, &p);
    if (!e && (e = ops->write_file(x->t->env, path, bytes.p, bytes.n))) {
        MIZO_DIAG(x->c->diags, FILE_UNWRITABLE, MIZO_NOWHERE, path);
        payout_free(&p);
    }
    if (bytes.p)
        explicit_bzero(bytes.p, bytes.n);
    buf_fini(&bytes);
    return shown(x, &p, e);
}

static const struct sub {
    cli_act is;
    int act; /* town_act or CLI_READS */
    mizo_err (*run)(call *x);
} subs[] = {
    {{ "list", NULL, 0, 0 },               CLI_READS,   list   },
    { { "show", "ID", 1, 1 },              CLI_READS,   show   },
    { { "make", "--day D", 0, 0 },         ACT_PAY,     make   },
    { { "approve", "ID", 1, 1 },           ACT_APPROVE, approve},
    { { "export", "ID", 1, 1 },            ACT_PAY,     export },
    { { "paid", "ID", 1, 1 },              ACT_PAY,     paid   },
    { { "cancel", "ID --why TEXT", 1, 1 }, ACT_APPROVE, cancel },
};

static const cli_acts table = CLI_ACTS("payout", subs, "list");

static int perform(call *x, const struct sub *s)
{
    town t;
    actor who;
    cli *c = x->c;
    const words *w = x->w;
    int status = cli_town(c, &w->who, w->region, s->act, &who, &t);
    if (status)
        return status;
    x->t = &t;
    x->who = &who;
    buf_init(&x->out, 0);
    json_init(&x->j, &x->out);
    mizo_err e = s->run(x);
    if (!e && w->json)
        buf_char(&x->out, '\n');
    status = e ? cli_status(e) : cli_put(c, &x->out);
    buf_fini(&x->out);
    town_close(&t);
    return status;
}

static int run(cli *c)
{
    words w = { .day = MIZO_DAY_NONE };
    const char *rest[3];
    size_t n = 0;
    int status = cli_parse(c, &cli_payout, &w, rest, &n, 3);
    if (status)
        return status;
    const struct sub *s = cli_act_of(c, &table, rest, n);
    if (!s)
        return CLI_INPUT;
    call x = { .c = c, .w = &w, .id = n == 2 ? rest[1] : NULL };
    return perform(&x, s);
}

const cli_verb cli_payout = {
    .name = "payout",
    .args = "[list | show ID | make | approve ID | export ID | paid ID | cancel ID] --region DIR",
    .help_en = "what is owed to sellers of power: due, approved by a second person, one bank file, paid",
    .help_ja =
        "購入電力の支払。期限の来たものをまとめ、別の人が承認し、全銀ファイルを一度だけ書き出し、支払済みにする",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
    .run = run,
};
