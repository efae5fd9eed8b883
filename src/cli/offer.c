/* offer.c: mizo offer: solar panels for one site. */
#include <stdlib.h>
#include <string.h>

#include "cli/document.h"
#include "town/offer.h"

typedef struct words {
    const char *region, *site, *out;
    mizo_day before;
    bool json;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--site", OPTION_TEXT, "ID", "a facility or a supply point", "施設または供給地点", true, offsetof(words, site), 0, 0 },
    { "--before", OPTION_DATE, "DATE", "the year ends with the month before this day's (the latest that is known)", "この日の前の月までの1年で (わかっている最新)", false, offsetof(words, before), 0, 0 },
    { "--out", OPTION_TEXT, "FILE", "write it as .pdf (two pages), .html, .xlsx or .csv", ".pdf (2ページ) .html .xlsx .csv のファイルに書く", false, offsetof(words, out), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(words, json), 0, 0 },
};
/* clang-format on */

static void e6(json *j, const char *key, int64_t v)
{
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(v, 6, text);
    json_text(j, key, text);
}

static void size_json(json *j, const char *key, const offer_size *s)
{
    json_object(j, key);
    json_int(j, "dc_w", s->dc_w);
    json_int(j, "generated_wh", s->generated_wh);
    json_int(j, "self_wh", s->self_wh);
    json_yen(j, "saved_yen", s->saved);
    json_yen(j, "cost_yen", s->cost);
    json_yen(j, "grant_yen", s->grant);
    json_yen(j, "upkeep_yen", s->om);
    e6(j, "ppa_price_yen_per_kwh", s->ppa_price_e6);
    json_yen(j, "ppa_paid_yen", s->ppa_paid);
    json_yen(j, "ppa_saved_yen", s->ppa_saved);
    json_yen(j, "own_value_yen", s->own_value);
    json_yen(j, "ppa_value_yen", s->ppa_value);
    if (s->payback_years)
        json_int(j, "payback_years", s->payback_years);
    else
        json_null(j, "payback_years");
    json_end(j);
}

static void put_json(const town *t, const offer *o, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_text(&j, "point", t->region->point[o->point].id);
    json_text(&j, "facility", o->facility < 0 ? NULL : t->region->facility[o->facility].id);
    json_text(&j, "contract", t->region->contract[o->contract].id);
    json_day(&j, "from", o->from);
    json_day(&j, "to", o->to);
    json_text(&j, "load_from", o->load == OFFER_BY_SLOTS ? "slots" : "bills");
    json_text(&j, "yield_from", o->yield == OFFER_TOWN_PANELS ? "panels" : "clear-sky");
    json_int(&j, "panels", o->panels);
    json_int(&j, "filled_slots", o->filled);
    json_int(&j, "limit_w", o->limit_w);
    json_text(&j, "limit", o->limit);
    json_bool(&j, "self_use_kept", o->self_use_kept);
    if (o->best < 0)
        json_null(&j, "best");
    else
        size_json(&j, "best", &o->size[o->best]);
    json_array(&j, "sizes");
    for (int i = 0; i < o->nsize; i++)
        size_json(&j, NULL, &o->size[i]);
    json_end(&j);
    json_array(&j, "months");
    for (int m = 0; m < OFFER_MONTHS; m++) {
        json_object(&j, NULL);
        json_day(&j, "month", o->month[m].month);
        json_int(&j, "load_wh", o->month[m].load_wh);
        json_int(&j, "generated_wh", o->month[m].generated_wh);
        json_int(&j, "self_wh", o->month[m].self_wh);
        json_yen(&j, "before_yen", o->month[m].before);
        json_yen(&j, "after_yen", o->month[m].after);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    buf_char(out, '\n');
}

static mizo_err show(cli *c, const words *w, town *t, const offer *o, buf *out)
{
    report *r;
    if (w->json)
        put_json(t, o, out);
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
    if (status)
        return status;
    mizo_err e = town_open(c->env, w.region, STORE_READ, c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    offer *o = calloc(1, sizeof *o);
    buf_init(&out, 0);
    e = o ? offer_make(&t, w.site, w.before, o) : MIZO_ENOMEM;
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
