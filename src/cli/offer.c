/* offer.c: mizo offer: solar panels for one site. */
#include <stdlib.h>
#include <string.h>

#include "cli/document.h"
#include "mizo/messages/duty.h"
#include "town/bills/offer.h"

typedef struct words {
    const char *region, *site, *out, *kwh, *tax;
    mizo_day before;
    bool json;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--site", OPTION_TEXT, "ID", "a facility or a supply point", "施設または供給地点", true, offsetof(words, site), 0, 0 },
    { "--before", OPTION_DATE, "DATE", "the year ends with the month before this day's (the latest that is known)", "この日の前の月までの1年で (わかっている最新)", false, offsetof(words, before), 0, 0 },
    { "--kwh", OPTION_TEXT, "LIST", "the twelve months' kWh as the bills have them, with commas between, where nothing is in the store", "取り込んだ実績がないとき、検針票の12か月分の kWh をコンマ区切りで", false, offsetof(words, kwh), 0, 0 },
    { "--tax", OPTION_TEXT, "WORD", "every figure with or without the consumption tax (with where the contract's party is public or a household, else without)", "金額をすべて税込 (with) か税抜 (without) で。指定しなければ公共・家庭は税込、ほかは税抜", false, offsetof(words, tax), 0, 0 },
    { "--out", OPTION_TEXT, "FILE", "write it as .pdf (two pages), .html, .xlsx or .csv", ".pdf (2ページ) .html .xlsx .csv のファイルに書く", false, offsetof(words, out), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(words, json), 0, 0 },
};
/* clang-format on */

/* "1200 1150.5 ...": a year's months in kWh. */
static mizo_err read_months(cli *c, const char *text, mizo_wh wh[OFFER_MONTHS])
{
    int n = 0;
    for (const char *p = text; *p;) {
        size_t skip = strspn(p, ", "), len = strcspn(p + skip, ", ");
        int64_t v;
        if (len &&
            (n == OFFER_MONTHS || mizo_decimal_parse(p + skip, len, 3, &v) || v < 0 || v > OFFER_MONTH_MOST))
            n = -100;
        else if (len)
            wh[n] = v;
        n += len > 0;
        p += skip + len;
    }
    if (n == OFFER_MONTHS)
        return MIZO_OK;
    MIZO_DIAG(c->diags, OFFER_MONTHS, MIZO_NOWHERE, text);
    return MIZO_EINPUT;
}

static bool read_tax(const cli *c, const char *word, offer_tax *out)
{
    if (offer_tax_of(word, out))
        return true;
    MIZO_DIAG(c->diags, OFFER_TAX, MIZO_NOWHERE, word);
    return false;
}

static mizo_err show(cli *c, const words *w, town *t, const offer *o, buf *out)
{
    report *r;
    json j;
    if (w->json) {
        json_init(&j, out);
        json_object(&j, NULL);
        offer_json(t, o, &j);
        json_end(&j);
        buf_char(out, '\n');
    }
    if (w->json && !w->out)
        return out->err;
    MIZO_TRY(offer_report(t, o, &r));
    mizo_err e = w->out ? cli_document(c, w->out, r) : report_plain(r, out);
    report_free(r);
    return e;
}

static int run(cli *c)
{
    words w = { .before = MIZO_DAY_NONE };
    const char *rest[1];
    size_t n = 0;
    int status = cli_parse(c, &cli_offer, &w, rest, &n, 0);
    town t;
    buf out;
    mizo_wh months[OFFER_MONTHS];
    if (status)
        return status;
    offer_ask ask = { .site = w.site, .before = w.before, .months = w.kwh ? months : NULL };
    if (!read_tax(c, w.tax, &ask.tax) || (w.kwh && read_months(c, w.kwh, months)))
        return CLI_INPUT;
    mizo_err e = town_open(c->env, w.region, STORE_READ, c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    offer *o = calloc(1, sizeof *o);
    buf_init(&out, 0);
    e = o ? offer_make(&t, &ask, o) : MIZO_ENOMEM;
    if (!e)
        e = show(c, &w, &t, o, &out);
    status = e ? cli_status(e) : out.n ? cli_put(c, &out) : CLI_DONE;
    if (!status && o->best < 0)
        status = CLI_NO; /* no size pays */
    buf_fini(&out);
    free(o);
    town_close(&t);
    return status;
}

const cli_verb cli_offer = {
    .name = "offer",
    .args = "--site ID --region DIR [--out FILE.pdf]",
    .help_en = "solar panels for a site: size, yield, own use, saving against today's bill, own or PPA",
    .help_ja = "施設への太陽光の提案: 大きさ、発電、自家消費、いまの料金からの減少、自己所有か PPA か",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
    .run = run,
};
