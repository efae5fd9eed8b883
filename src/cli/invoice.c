/* invoice.c: mizo invoice: billing runs, their approval, what goes out and what is taken back. */
#include <stdlib.h>
#include <string.h>

#include "cli/act.h"
#include "cli/invoice_print.h"
#include "mizo/messages/report.h"

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(invoice_words, region), 0, 0 },
    { "--month", OPTION_TEXT, "M", "run, changes: the month, 2026-04", "run・changes: 対象の月 (2026-04)", false, offsetof(invoice_words, month), 0, 0 },
    { "--purchases", OPTION_FLAG, NULL, "statements of what is bought, in place of invoices", "請求書ではなく購入の仕入明細書", false, offsetof(invoice_words, purchases), 0, 0 },
    { "--leave", OPTION_FLAG, NULL, "run: leave out the bills that cannot be made; a later run brings them", "run: 作れない請求は除いて後の処理で追加する", false, offsetof(invoice_words, leave), 0, 0 },
    { "--day", OPTION_DATE, "D", "issue, cancel: the date on the paper (today)", "issue・cancel: 書面の日付 (指定しなければ今日)", false, offsetof(invoice_words, day), 0, 0 },
    { "--why", OPTION_TEXT, "TEXT", "cancel: the reason; print: why the name is opened", "cancel: 理由。print: 名前を開く理由", false, offsetof(invoice_words, why), 0, 0 },
    { "--format", OPTION_TEXT, "F", "issue, cancel: keep the papers as pdf or html (pdf)", "issue・cancel: 書面を pdf か html で保存 (指定しなければ pdf)", false, offsetof(invoice_words, format), 0, 0 },
    { "--run", OPTION_TEXT, "RUN", "pdf: of a draft: its run", "pdf: 下書きのときはその請求処理", false, offsetof(invoice_words, run), 0, 0 },
    { "--out", OPTION_TEXT, "FILE", "pdf: write it here; its ending chooses pdf, xlsx, csv, html or txt", "pdf: 書き出す先。拡張子で pdf・xlsx・csv・html・txt を選ぶ", false, offsetof(invoice_words, out), 0, 0 },
    CLI_WHO_ROWS(invoice_words, who),
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(invoice_words, json), 0, 0 },
};
/* clang-format on */

typedef struct call {
    cli *c;
    town *t;
    const invoice_words *w;
    const char *id; /* of a run or an invoice; NULL: none */
    mizo_day month;
    report_format format;
    const actor *who;
} call;

static mizo_err show_run(const call *x, const invoice_run *r, int *status)
{
    buf out;
    buf_init(&out, 0);
    invoice_print_run(r, x->w->json, cli_japanese(x->c), x->t->region->offset, &out);
    *status = cli_put(x->c, &out);
    buf_fini(&out);
    return MIZO_OK;
}

static invoice_kind kind(const call *x)
{
    return x->w->purchases ? INVOICE_PURCHASE : INVOICE_BILL;
}

static mizo_err do_run(const call *x, int *status)
{
    invoice_run r;
    MIZO_TRY(invoice_run_draft(x->t, x->month, kind(x), x->w->leave, x->who->name, &r));
    return show_run(x, &r, status);
}

static mizo_err do_approve(const call *x, int *status)
{
    invoice_run r;
    MIZO_TRY(invoice_run_approve(x->t, x->id, x->who, &r));
    return show_run(x, &r, status);
}

static mizo_err do_issue(const call *x, int *status)
{
    invoice_run r;
    MIZO_TRY(
        invoice_run_issue(x->t, x->id, cli_trading_day(x->c, x->t, x->w->day), x->format, x->who->name, &r));
    return show_run(x, &r, status);
}

static mizo_err do_cancel(const call *x, int *status)
{
    invoice_run r;
    MIZO_TRY(invoice_run_cancel(x->t, x->id, cli_trading_day(x->c, x->t, x->w->day),
                                x->w->why ? x->w->why : "", x->format, x->who, &r));
    return show_run(x, &r, status);
}

/* ---- reading ---- */

static mizo_err on_run(void *arg, const invoice_run *r)
{
    invoice_printer *p = arg;
    invoice_print_one_run(r, p);
    return p->out.err;
}

static mizo_err finish(const call *x, invoice_printer *p, mizo_err err, int *status)
{
    invoice_print_end(p);
    if (!err)
        *status = cli_put(x->c, &p->out);
    buf_fini(&p->out);
    return err;
}

static mizo_err do_list(const call *x, int *status)
{
    invoice_printer p;
    invoice_print_begin(&p, x->t, x->w->json, cli_japanese(x->c), "runs");
    mizo_err err = invoice_run_scan(x->t, on_run, &p);
    return finish(x, &p, err, status);
}

static mizo_err on_invoice(void *arg, const invoice *v)
{
    invoice_printer *p = arg;
    invoice_print_line(v, p);
    return p->out.err;
}

static mizo_err on_change(void *arg, const invoice *v)
{
    invoice_printer *p = arg;
    MIZO_TRY(invoice_print_change(v, p));
    return p->out.err;
}

static mizo_err do_changes(const call *x, int *status)
{
    invoice_printer p;
    invoice_print_begin(&p, x->t, x->w->json, cli_japanese(x->c), "changes");
    mizo_err err = invoice_changes(x->t, x->month, kind(x), on_change, &p);
    bool any = p.count > 0;
    err = finish(x, &p, err, status);
    if (!err && !*status && !any)
        *status = CLI_NO;
    return err;
}

static mizo_err show_invoice(const call *x, int *status)
{
    invoice v;
    run_state state;
    report *doc;
    buf out;
    arena *a = arena_new(0);
    mizo_err err = a ? invoice_get(x->t, x->id, a, &v, &state) : MIZO_ENOMEM;
    buf_init(&out, 0);
    if (!err && x->w->json) {
        invoice_json(&v, &out);
        buf_char(&out, '\n');
    } else if (!err &&
               !(err = invoice_document(x->t, &v, x->c->lang, invoice_stamp(state, x->c->lang), &doc))) {
        err = report_plain(doc, &out);
        report_free(doc);
    }
    if (!err)
        *status = cli_put(x->c, &out);
    buf_fini(&out);
    arena_free(a);
    return err;
}

/* Runs begin with their year. */
static bool names_run(const char *id)
{
    return id[0] >= '0' && id[0] <= '9';
}

static mizo_err do_show(const call *x, int *status)
{
    invoice_run r;
    invoice_printer p;
    if (!names_run(x->id))
        return show_invoice(x, status);
    MIZO_TRY(invoice_run_get(x->t, x->id, &r));
    invoice_print_begin(&p, x->t, x->w->json, cli_japanese(x->c), NULL);
    invoice_print_run_head(&r, &p);
    mizo_err err = invoice_run_each(x->t, &r, *r.corrects ? on_change : on_invoice, &p);
    return finish(x, &p, err, status);
}

/* ---- papers ---- */

/* The paper x->id as the file that its name or --out says; of a household with its name, which is written and kept nowhere
 * else. */
static mizo_err write_paper(const call *x, bool named, int *status)
{
    buf out;
    char name[INVOICE_ID + 8];
    report_format f = REPORT_FORMAT_PDF;
    (void)snprintf(name, sizeof name, "%s.pdf", x->id);
    const char *path = x->w->out ? x->w->out : name;
    bool put = strcmp(path, "-") == 0;
    if (!put && report_format_of(path, &f)) {
        MIZO_DIAG(x->c->diags, REPORT_FORMAT_UNKNOWN, MIZO_NOWHERE, path);
        return MIZO_EINPUT;
    }
    buf_init(&out, 0);
    mizo_err err =
        named ? invoice_named_paper(x->t, x->id, x->c->lang, f, x->who, x->w->why ? x->w->why : "", &out)
              : invoice_paper(x->t, x->id, x->w->run, x->c->lang, f, &out);
    if (!err && put)
        *status = cli_put(x->c, &out);
    else if (!err && (err = x->t->env->ops->write_file(x->t->env, path, out.p ? out.p : "", out.n)))
        MIZO_DIAG(x->c->diags, FILE_UNWRITABLE, MIZO_NOWHERE, path);
    else if (!err)
        fprintf(stderr, "%s\n", path);
    if (named && out.p)
        explicit_bzero(out.p, out.n);
    buf_fini(&out);
    return err;
}

static mizo_err do_pdf(const call *x, int *status)
{
    return write_paper(x, false, status);
}

static mizo_err do_print(const call *x, int *status)
{
    return write_paper(x, true, status);
}

/* ---- the verb ---- */

static const struct sub {
    cli_act is;
    bool month; /* needs one */
    int act;    /* town_act or CLI_READS */
    mizo_err (*run)(const call *x, int *status);
} subs[] = {
    {{ "run", "--month M", 0, 0 },          true,  ACT_BILL,    do_run    },
    { { "list", NULL, 0, 0 },               false, CLI_READS,   do_list   },
    { { "show", "ID", 1, 1 },               false, CLI_READS,   do_show   },
    { { "changes", "--month M", 0, 0 },     true,  CLI_READS,   do_changes},
    { { "approve", "RUN", 1, 1 },           false, ACT_APPROVE, do_approve},
    { { "issue", "RUN", 1, 1 },             false, ACT_ISSUE,   do_issue  },
    { { "cancel", "RUN --why TEXT", 1, 1 }, false, ACT_ISSUE,   do_cancel },
    { { "pdf", "ID", 1, 1 },                false, CLI_READS,   do_pdf    },
    { { "print", "ID --why TEXT", 1, 1 },   false, ACT_RECORD,  do_print  },
};

static const cli_acts table = CLI_ACTS("invoice", subs, NULL);

static int with_town(call *x, const struct sub *s)
{
    town t;
    actor who;
    int status = cli_town(x->c, &x->w->who, x->w->region, s->act, &who, &t);
    if (status)
        return status;
    x->t = &t;
    x->who = &who;
    mizo_err err = s->run(x, &status);
    if (err == MIZO_EFULL)
        MIZO_DIAG(x->c->diags, DISK_FULL, MIZO_NOWHERE, NULL);
    town_close(&t);
    return err ? cli_status(err) : status;
}

static int run(cli *c)
{
    invoice_words w = { .day = MIZO_DAY_NONE };
    const char *rest[3];
    size_t n = 0;
    call x = { .c = c, .w = &w, .format = REPORT_FORMAT_PDF };
    int status = cli_parse(c, &cli_invoice, &w, rest, &n, 3);
    if (status != CLI_DONE)
        return status;
    const struct sub *s = cli_act_of(c, &table, rest, n);
    if (!s)
        return CLI_INPUT;
    if (s->month && !w.month)
        return cli_act_form(c, &table, &s->is);
    x.id = n == 2 ? rest[1] : NULL;
    if (s->month && (status = cli_month(c, &cli_invoice, w.month, &x.month)) != CLI_DONE)
        return status;
    if (w.format && report_format_find(w.format, &x.format)) {
        MIZO_DIAG(c->diags, REPORT_FORMAT_UNKNOWN, MIZO_NOWHERE, w.format);
        return CLI_INPUT;
    }
    return with_town(&x, s);
}

const cli_verb cli_invoice = {
    .name = "invoice",
    .args = "run|list|show|changes|approve|issue|cancel|pdf|print [ID] --region DIR",
    .help_en =
        "the invoices and purchase statements of a month: draft, approval by another person, issue, cancellation",
    .help_ja = "月ごとの請求書と仕入明細書: 下書き、別の人による承認、発行、取消",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
    .run = run,
};
