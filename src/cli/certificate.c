/* certificate.c: mizo certificate: lots in, to a menu or party and year, used up; what stands behind each menu. */
#include <stdlib.h>
#include <string.h>

#include "cli/act.h"
#include "mizo/messages/match.h"
#include "town/proof/certificate.h"

typedef struct certificate_options {
    const char *region, *lot, *menu, *party, *fy, *kwh;
    cli_who who;
    bool json;
} certificate_options;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(certificate_options, region), 0, 0 },
    { "--lot", OPTION_TEXT, "LOT", "of assign: the lot", "assign する証書", false, offsetof(certificate_options, lot), 0, 0 },
    { "--menu", OPTION_TEXT, "MENU", "of assign and retire: for this menu", "割り当てるメニュー", false, offsetof(certificate_options, menu), 0, 0 },
    { "--party", OPTION_TEXT, "PARTY", "or for this party", "または契約者", false, offsetof(certificate_options, party), 0, 0 },
    { "--fy", OPTION_TEXT, "Y", "fiscal year", "年度", false, offsetof(certificate_options, fy), 0, 0 },
    { "--kwh", OPTION_TEXT, "N", "of assign: so many; without it all that is left", "assign する kWh。なければ残り全部", false, offsetof(certificate_options, kwh), 0, 0 },
    CLI_WHO_ROWS(certificate_options, who),
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(certificate_options, json), 0, 0 },
};
/* clang-format on */

typedef struct asked {
    cli *c;
    town *t;
    const certificate_options *o;
    const char *file, *who;
    int fy;
    mizo_wh wh; /* --kwh; 0: not said */
    buf *out;
} asked;

static void kwh_text(mizo_wh wh, char out[MIZO_NUM_TEXT])
{
    mizo_decimal_text(wh, 3, out);
}

/* ---- list ---- */

static mizo_err on_lot(void *arg, const certificate *c)
{
    buf *out = arg;
    char issued[MIZO_NUM_TEXT], held[MIZO_NUM_TEXT];
    kwh_text(c->wh, issued);
    kwh_text(c->held, held);
    buf_str(out, "  ");
    cli_cell(out, c->lot, -28);
    cli_cell(out, certificate_words[c->kind], -10);
    buf_printf(out, " %d ", c->vintage);
    cli_cell(out, issued, 18);
    cli_cell(out, held, 18);
    buf_printf(out, "  %s %s", c->plant, c->place);
    if (c->bought != MIZO_DAY_NONE) {
        char day[MIZO_DATE_TEXT], yen[MIZO_NUM_TEXT];
        mizo_day_text(c->bought, day);
        mizo_decimal_text(c->price_e6, 6, yen);
        buf_printf(out, "  %s %s yen/kWh", day, yen);
    }
    buf_char(out, '\n');
    return out->err;
}

static mizo_err list(cli *c, const certificate_options *o, town *t, buf *out)
{
    json j;
    json_init(&j, out);
    if (o->json) {
        json_object(&j, NULL);
        MIZO_TRY(certificate_lots_json(t->store, t->region, "lots", &j));
        MIZO_TRY(cli_book(c, t, &j, out));
        json_end(&j);
        buf_char(out, '\n');
        return out->err;
    }
    buf_str(out, cli_japanese(c) ? "  証書 種類 年 発行kWh 残りkWh 電源 場所\n"
                                 : "  lot, kind, vintage, issued kWh, left kWh, plant, place\n");
    MIZO_TRY(certificate_each(t->store, on_lot, out));
    return cli_book(c, t, NULL, out);
}

/* ---- check ---- */

static void say_short(cli *c, const mizo_region *r, int fy, const certificate_cover *x)
{
    char year[16], need[MIZO_NUM_TEXT], value[MIZO_NUM_TEXT], cert[MIZO_NUM_TEXT], gap[MIZO_NUM_TEXT];
    snprintf(year, sizeof year, "%d", fy);
    kwh_text(x->need, need);
    kwh_text(x->value, value);
    kwh_text(x->certificates, cert);
    kwh_text(x->shortfall, gap);
    MIZO_DIAG(c->diags, CERT_SHORT, MIZO_NOWHERE, r->menu[x->menu].id, year, need, value, cert, gap);
}

/* Says of each menu what is missing. */
static mizo_err say_all(cli *c, const match_report *m, store *s, size_t *short_of)
{
    certificate_cover *cover = calloc(m->region->nmenu + 1, sizeof *cover);
    mizo_err err = cover ? certificate_covers(s, m, cover, short_of) : MIZO_ENOMEM;
    for (size_t i = 0; !err && i < m->region->nmenu; i++)
        if (cover[i].shortfall)
            say_short(c, m->region, m->fy, &cover[i]);
    free(cover);
    return err;
}

/* Exit status 1 where a menu is not covered. */
static int check(cli *c, const certificate_options *o, town *t, int fy, buf *out)
{
    match_report m;
    size_t short_of = 0;
    json j;
    mizo_err err = match_report_make(t->store, t->region, fy, 0, STORE_LATEST, &m);
    if (err)
        return cli_status(err);
    err = say_all(c, &m, t->store, &short_of);
    json_init(&j, out);
    if (o->json && !err) {
        json_object(&j, NULL);
        err = certificate_covers_json(t->store, &m, "menus", &j, &short_of);
        json_int(&j, "short", (int64_t)short_of);
        err = err ? err : cli_book(c, t, &j, out);
        json_end(&j);
        buf_char(out, '\n');
    } else if (!err && !short_of) {
        buf_str(out, cli_japanese(c) ? "すべてのメニューが満たされている\n" : "every menu is covered\n");
        err = cli_book(c, t, NULL, out);
    }
    match_report_free(&m);
    return err ? cli_status(err) : short_of ? CLI_NO : CLI_DONE;
}

/* ---- the verb ---- */

static mizo_err put_done(const asked *a, const char *what, const char *what_ja, mizo_wh wh)
{
    json j;
    char text[MIZO_NUM_TEXT];
    json_init(&j, a->out);
    if (a->o->json) {
        json_object(&j, NULL);
        json_text(&j, "done", what);
        json_int(&j, "wh", wh);
        json_end(&j);
        buf_char(a->out, '\n');
        return a->out->err;
    }
    kwh_text(wh, text);
    buf_printf(a->out, "%s %s kWh\n", cli_japanese(a->c) ? what_ja : what, text);
    return a->out->err;
}

static mizo_err do_list(const asked *a, int *status)
{
    (void)status;
    return list(a->c, a->o, a->t, a->out);
}

static mizo_err do_check(const asked *a, int *status)
{
    *status = check(a->c, a->o, a->t, a->fy, a->out);
    return MIZO_OK;
}

static mizo_err do_import(const asked *a, int *status)
{
    certificate_result r = { 0 };
    (void)status;
    MIZO_TRY(certificate_import(a->t, a->file, a->who, &r));
    if (r.priced && !a->o->json)
        buf_printf(a->out,
                   cli_japanese(a->c) ? "購入日と単価を記録した証書: %d\n"
                                      : "lots that have their day and price now: %d\n",
                   r.priced);
    return put_done(a, "import", "取り込み", r.wh);
}

static mizo_err do_assign(const asked *a, int *status)
{
    mizo_wh wh;
    const certificate_options *o = a->o;
    (void)status;
    MIZO_TRY(certificate_assign(a->t, o->lot, o->menu, o->party, a->fy, a->wh, a->who, &wh));
    return put_done(a, "assign", "割当", wh);
}

static mizo_err do_retire(const asked *a, int *status)
{
    mizo_wh wh;
    (void)status;
    MIZO_TRY(certificate_retire(a->t, a->o->menu, a->o->party, a->fy, a->who, &wh));
    return put_done(a, "retire", "償却", wh);
}

static const struct act {
    cli_act is;
    bool lot, fy; /* which are needed */
    int act;      /* town_act or CLI_READS */
    mizo_err (*run)(const asked *a, int *status);
} acts[] = {
    {{ "import", "FILE", 1, 1 },                               false, false, ACT_MATCH, do_import},
    { { "list", NULL, 0, 0 },                                  false, false, CLI_READS, do_list  },
    { { "assign", "--lot L --menu M --fy Y [--kwh N]", 0, 0 }, true,  true,  ACT_MATCH, do_assign},
    { { "retire", "--menu M --fy Y", 0, 0 },                   false, true,  ACT_MATCH, do_retire},
    { { "check", "--fy Y", 0, 0 },                             false, true,  CLI_READS, do_check },
};

static const cli_acts table = CLI_ACTS("certificate", acts, NULL);

static int read_kwh(const cli *c, const char *text, mizo_wh *wh)
{
    if (!text || (mizo_decimal_parse(text, strlen(text), 3, wh) == MIZO_OK && *wh > 0))
        return CLI_DONE;
    fprintf(stderr,
            cli_japanese(c)
                ? "mizo certificate: --kwh は 1200 や 0.5 のように正の数で書いてください(「%s」ではなく)\n"
                : "mizo certificate: --kwh is a number above 0, as 1200 or 0.5, not \"%s\"\n",
            text);
    return CLI_INPUT;
}

static int perform(asked *a, const struct act *act)
{
    cli *c = a->c;
    const certificate_options *o = a->o;
    actor who = { 0 };
    town t;
    int status = act->act == CLI_READS ? CLI_DONE : cli_actor(c, &o->who, o->region, ACT_MATCH, &who);
    if (status)
        return status;
    mizo_err err = act->act == CLI_READS
                       ? town_open(c->env, o->region, STORE_READ, c->diags, &t)
                       : town_open_as(c->env, o->region, STORE_CREATE, who.name, c->diags, &t);
    if (err)
        return cli_status(err);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    buf out;
    buf_init(&out, 0);
    a->t = &t;
    a->who = who.name;
    a->out = &out;
    err = act->run(a, &status);
    int put = cli_put(c, &out);
    buf_fini(&out);
    town_close(&t);
    return err ? cli_status(err) : status ? status : put;
}

static int run(cli *c)
{
    certificate_options o = { 0 };
    const char *word[2];
    size_t n = 0;
    asked a = { .c = c, .o = &o };
    int status = cli_parse(c, &cli_certificate, &o, word, &n, 2);
    if (status != CLI_DONE)
        return status;
    const struct act *act = cli_act_of(c, &table, word, n);
    if (!act)
        return CLI_INPUT;
    if ((act->lot && !o.lot) || (act->fy && !o.fy))
        return cli_act_form(c, &table, &act->is);
    if ((status = cli_fiscal_year(c, &cli_certificate, o.fy, &a.fy)) != CLI_DONE ||
        (status = read_kwh(c, o.kwh, &a.wh)) != CLI_DONE)
        return status;
    a.file = n == 2 ? word[1] : NULL;
    return perform(&a, act);
}

const cli_verb cli_certificate = {
    "certificate",
    "import FILE | list | assign | retire | check",
    "non-fossil certificates: held, assigned to a menu or party and year, retired; what stands behind each menu",
    "非化石証書の保有・割当・償却と、メニューごとの裏付け",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
