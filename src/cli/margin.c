/* margin.c: mizo margin: what a month brought and cost, cut by customer, menu, source or half-hour. */
#include <string.h>

#include "cli/document.h"
#include "mizo/messages/close.h"
#include "town/bills/margin.h"

typedef struct words {
    const char *region, *month, *to, *by, *out;
    bool json;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--month", OPTION_TEXT, "M", "the month: 2021-07", "月: 2021-07", true, offsetof(words, month), 0, 0 },
    { "--to", OPTION_TEXT, "M", "the last of several months, included", "複数月のとき最後の月 (この月を含む)", false, offsetof(words, to), 0, 0 },
    { "--by", OPTION_TEXT, "CUT", "customer, contract, menu, source, slot, time or month (customer)", "切り口: customer・contract・menu・source・slot・time・month (指定しなければ customer)", false, offsetof(words, by), 0, 0 },
    { "--out", OPTION_TEXT, "FILE", "also as a file: .csv, .xlsx, .pdf, .html or .txt", "ファイルにも書く: .csv .xlsx .pdf .html .txt", false, offsetof(words, out), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(words, json), 0, 0 },
};
/* clang-format on */

static mizo_err put(cli *c, const words *w, const margin_table *m, buf *out)
{
    report *r;
    json j;
    MIZO_TRY(margin_document(m, cli_japanese(c) ? "ja" : "en", &r));
    mizo_err e = w->out ? cli_document(c, w->out, r) : MIZO_OK;
    if (!e && w->json) {
        json_init(&j, out);
        json_object(&j, NULL);
        margin_json(m, &j);
        json_end(&j);
        buf_char(out, '\n');
        e = out->err;
    } else if (!e) {
        e = report_plain(r, out);
    }
    report_free(r);
    return e;
}

static int show(cli *c, const words *w, mizo_day from, mizo_day to, margin_by by)
{
    town t;
    margin_table m;
    buf out;
    int status = CLI_DONE;
    mizo_err e = town_open(c->env, w->region, STORE_READ, c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags);
    buf_init(&out, 0);
    e = margin_read(&t, from, to, by, &m);
    if (!e) {
        e = put(c, w, &m, &out);
        margin_done(&m);
    }
    if (!e)
        status = cli_put(c, &out);
    buf_fini(&out);
    town_close(&t);
    return e ? cli_status(e) : status;
}

static int wrong_cut(cli *c, const char *by)
{
    char all[120] = "";
    for (int i = 0; i < MARGIN_BY_COUNT; i++) {
        size_t n = strlen(all);
        (void)snprintf(all + n, sizeof all - n, "%s%s", i ? ", " : "", margin_by_word((margin_by)i));
    }
    MIZO_DIAG(c->diags, MARGIN_BY, MIZO_NOWHERE, by, all);
    return CLI_INPUT;
}

static int run(cli *c)
{
    words w = { 0 };
    mizo_day from, to;
    margin_by by = MARGIN_CUSTOMER;
    size_t n = 0;
    int status = cli_parse(c, &cli_margin, &w, NULL, &n, 0);
    if (status || (status = cli_month(c, &cli_margin, w.month, &from)))
        return status;
    to = from;
    if (w.to && (status = cli_month(c, &cli_margin, w.to, &to)))
        return status;
    if (w.by && !margin_by_of(w.by, &by))
        return wrong_cut(c, w.by);
    return show(c, &w, from, to, by);
}

const cli_verb cli_margin = {
    .name = "margin",
    .args = "--month M --region DIR",
    .help_en =
        "what a month brought and cost: by customer, menu, source or half-hour, with what changed since its close",
    .help_ja = "月の粗利。お客さま・メニュー・電源・コマごとの収入と費用、締めた後に変わったもの",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
    .run = run,
};
