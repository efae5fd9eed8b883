/* close.c: mizo close: the month's checklist, its costs, and the two words that close it. */
#include <stdlib.h>
#include <string.h>

#include "cli/act.h"
#include "cli/document.h"
#include "town/bills/close.h"
#include "town/bills/receivable.h"

typedef struct words {
    const char *region, *month, *why, *out, *journal;
    bool json;
    cli_who who;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--month", OPTION_TEXT, "M", "the month: 2021-07 (not for cost)", "月: 2021-07 (cost では不要)", false, offsetof(words, month), 0, 0 },
    { "--why", OPTION_TEXT, "TEXT", "why a final month gets another edition; why a difference is taken", "確定後に次の版を作る理由、差を認める理由", false, offsetof(words, why), 0, 0 },
    { "--out", OPTION_TEXT, "FILE", "also the document: .pdf, .xlsx, .html, .csv or .txt", "文書も書く: .pdf .xlsx .html .csv .txt", false, offsetof(words, out), 0, 0 },
    { "--journal", OPTION_TEXT, "FILE", "also the month's journal for the accounts, in the same formats", "会計用のその月の仕訳も書く (同じ形式)", false, offsetof(words, journal), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(words, json), 0, 0 },
    CLI_WHO_ROWS(words, who),
};
/* clang-format on */

typedef struct desk {
    cli *c;
    town *t;
    const words *w;
    const char *arg; /* the word behind the act */
    mizo_day month;
    actor who;
    buf out;
    json j;
} desk;

/* ---- showing ---- */

static mizo_err files(desk *k, const close_month *m)
{
    report *r;
    mizo_err e = MIZO_OK;
    const char *lang = cli_japanese(k->c) ? "ja" : "en";
    if (k->w->out && !(e = close_document(k->t, m, lang, &r))) {
        e = cli_document(k->c, k->w->out, r);
        report_free(r);
    }
    if (!e && k->w->journal && !(e = journal_document(k->t, m->month, m->end, lang, &r))) {
        e = cli_document(k->c, k->w->journal, r);
        report_free(r);
    }
    return e;
}

static mizo_err put(desk *k, const close_month *m)
{
    report *r;
    MIZO_TRY(files(k, m));
    if (k->w->json) {
        json_object(&k->j, NULL);
        close_json(k->t, m, &k->j);
        json_end(&k->j);
        return k->out.err;
    }
    MIZO_TRY(close_document(k->t, m, cli_japanese(k->c) ? "ja" : "en", &r));
    mizo_err e = report_plain(r, &k->out);
    report_free(r);
    return e;
}

/* ---- the acts ---- */

static mizo_err shown(desk *k, close_month *m, mizo_err e)
{
    if (e)
        return e;
    e = put(k, m);
    close_done(m);
    return e;
}

static mizo_err show(desk *k)
{
    close_month m;
    return shown(k, &m, close_look(k->t, k->month, false, &m));
}

static mizo_err make(desk *k)
{
    close_month m;
    return shown(k, &m, close_make(k->t, k->month, k->w->why, &k->who, &m));
}

static mizo_err approve(desk *k)
{
    close_month m;
    return shown(k, &m, close_approve(k->t, k->month, &k->who, &m));
}

static mizo_err accept(desk *k)
{
    close_month m;
    MIZO_TRY(close_accept(k->t, k->month, k->arg, k->w->why, &k->who));
    return shown(k, &m, close_look(k->t, k->month, false, &m));
}

static mizo_err take(desk *k, const buf *text)
{
    cost_file_sum s;
    const char *name = strrchr(k->arg, '/');
    const char *bytes = text->p ? text->p : "";
    mizo_err e = cost_in(k->t, name ? name + 1 : k->arg, bytes, text->n, k->who.name, &s);
    if (e == MIZO_EINPUT)
        return cli_refused(k->t,
                           &(register_file){ .kind = "cost",
                                             .with = "own",
                                             .name = k->arg,
                                             .actor = k->who.name,
                                             .bytes = bytes,
                                             .n = text->n },
                           e);
    MIZO_TRY(e);
    if (k->w->json) {
        json_object(&k->j, NULL);
        json_text(&k->j, "file", s.file);
        json_int(&k->j, "lines", s.lines);
        json_int(&k->j, "months", s.months);
        json_int(&k->j, "changed", s.changed);
        json_end(&k->j);
    } else {
        buf_printf(&k->out,
                   cli_japanese(k->c) ? "%s: %d行、%dか月。変わった費目 %d\n"
                                      : "%s: %d lines, %d months; kinds changed: %d\n",
                   s.file, s.lines, s.months, s.changed);
    }
    return k->out.err;
}

static mizo_err cost(desk *k)
{
    buf text;
    buf_init(&text, 64 << 20);
    mizo_err e = k->c->env->ops->read_file(k->c->env, k->arg, &text);
    if (e)
        MIZO_DIAG(k->c->diags, FILE_UNREADABLE, ((mizo_place){ k->arg, 0, 0 }), mizo_err_text(e));
    else
        e = take(k, &text);
    buf_fini(&text);
    return e;
}

static const struct act {
    cli_act is;
    bool month;
    int act; /* town_act or CLI_READS */
    mizo_err (*run)(desk *k);
} acts[] = {
    {{ "make", "--month M", 0, 0 },         true,  ACT_BILL,    make   },
    { { "show", "--month M", 0, 0 },        true,  CLI_READS,   show   },
    { { "cost", "FILE", 1, 1 },             false, ACT_FILE,    cost   },
    { { "accept", "KIND --month M", 1, 1 }, true,  ACT_APPROVE, accept },
    { { "approve", "--month M", 0, 0 },     true,  ACT_CLOSE,   approve},
};

static const cli_acts table = CLI_ACTS("close", acts, "show");

static int perform(desk *k, const struct act *a)
{
    cli *c = k->c;
    const words *w = k->w;
    town t;
    int status = cli_town(c, &w->who, w->region, a->act, &k->who, &t);
    if (status)
        return status;
    k->t = &t;
    buf_init(&k->out, 0);
    json_init(&k->j, &k->out);
    mizo_err e = a->run(k);
    if (!e && w->json)
        buf_char(&k->out, '\n');
    status = e ? cli_status(e) : cli_put(c, &k->out);
    buf_fini(&k->out);
    town_close(&t);
    return status;
}

static int run(cli *c)
{
    words w = { 0 };
    const char *rest[3];
    size_t n = 0;
    int status = cli_parse(c, &cli_close, &w, rest, &n, 3);
    if (status)
        return status;
    desk k = { .c = c, .w = &w };
    const struct act *a = cli_act_of(c, &table, rest, n);
    if (!a)
        return CLI_INPUT;
    if (a->month && !w.month)
        return cli_act_form(c, &table, &a->is);
    if (a->month && (status = cli_month(c, &cli_close, w.month, &k.month)))
        return status;
    k.arg = n == 2 ? rest[1] : NULL;
    return perform(&k, a);
}

const cli_verb cli_close = {
    .name = "close",
    .args = "[show | make | approve | accept KIND] --month M | cost FILE --region DIR",
    .help_en =
        "the month's close: readings, runs, costs against our own figures, what blocks; provisional, then final",
    .help_ja = "月次締め。検針・請求・費用の照合と残っている事項。仮締めののち別の人が確定",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
    .run = run,
};
