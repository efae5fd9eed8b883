/* claim.c: mizo claim: a credit, a certificate or a saving over kWh, once. */
#include <string.h>

#include "cli/cli.h"
#include "town/proof/claim.h"

typedef struct claim_options {
    const char *region, *id, *kind, *of, *measure, *kwh, *by, *note;
    mizo_day from, to;
    cli_who who;
    bool json;
} claim_options;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(claim_options, region), 0, 0 },
    { "--id", OPTION_TEXT, "ID", "name of the claim; without it the claims are listed", "主張の識別子。なければ一覧を出す", false, offsetof(claim_options, id), 0, 0 },
    { "--kind", OPTION_TEXT, "KIND", "credit, green-power, surplus or saving", "credit、green-power、surplus、saving", false, offsetof(claim_options, kind), 0, 0 },
    { "--of", OPTION_TEXT, "ID", "point; of surplus the source", "地点。surplus では電源", false, offsetof(claim_options, of), 0, 0 },
    { "--from", OPTION_DATE, "D", "first day", "最初の日", false, offsetof(claim_options, from), 0, 0 },
    { "--to", OPTION_DATE, "D", "last day, included", "最後の日 (この日を含む)", false, offsetof(claim_options, to), 0, 0 },
    { "--measure", OPTION_TEXT, "WORD", "of a saving: led, hvac ...", "saving の対策。led、hvac など", false, offsetof(claim_options, measure), 0, 0 },
    { "--kwh", OPTION_TEXT, "N", "of a saving", "saving の kWh", false, offsetof(claim_options, kwh), 0, 0 },
    { "--by", OPTION_TEXT, "TEXT", "who issued it", "発行者", false, offsetof(claim_options, by), 0, 0 },
    { "--note", OPTION_TEXT, "TEXT", "note", "注", false, offsetof(claim_options, note), 0, 0 },
    CLI_WHO_ROWS(claim_options, who),
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(claim_options, json), 0, 0 },
};
/* clang-format on */

typedef struct printer {
    buf *out;
    bool ja;
} printer;

static mizo_err on_claim(void *arg, const claim_row *c)
{
    const printer *p = arg;
    buf *out = p->out;
    char from[MIZO_DATE_TEXT], to[MIZO_DATE_TEXT], kwh[MIZO_NUM_TEXT];
    mizo_day_text(c->from, from);
    mizo_day_text(c->to - 1, to);
    mizo_decimal_text(c->wh, 3, kwh);
    buf_printf(out, "%s  %s %s  %s..%s  %s kWh\n", c->id, claim_said(c->kind, p->ja), c->of, from, to, kwh);
    return out->err;
}

static mizo_err list(const claim_options *o, store *s, bool ja, buf *out)
{
    json j;
    if (!o->json)
        return claim_each(s, on_claim, &(printer){ out, ja });
    json_init(&j, out);
    mizo_err err = claim_json(s, NULL, &j);
    buf_char(out, '\n');
    return err;
}

static mizo_err post(const claim_options *o, town *t, claim_kind kind, bool ja, const char *who, buf *out)
{
    claim_want w = { .id = o->id,
                     .kind = kind,
                     .of = o->of,
                     .measure = o->measure,
                     .from = o->from,
                     .to = o->to + 1,
                     .by = o->by,
                     .note = o->note };
    claim_done done;
    if (o->kwh && mizo_decimal_parse(o->kwh, strlen(o->kwh), 3, &w.wh))
        w.wh = -1; /* refused with the other words */
    MIZO_TRY(claim_post(t, &w, who, &done));
    char kwh[MIZO_NUM_TEXT];
    json j;
    json_init(&j, out);
    mizo_decimal_text(done.wh, 3, kwh);
    if (!o->json) {
        buf_printf(out, ja ? "%s: %s kWh、仕訳 %d 件\n" : "%s: %s kWh, %d entries\n", o->id, kwh,
                   done.posted);
        return out->err;
    }
    json_object(&j, NULL);
    json_text(&j, "id", o->id);
    json_int(&j, "wh", done.wh);
    json_int(&j, "entries", done.posted);
    json_end(&j);
    buf_char(out, '\n');
    return out->err;
}

static int run(cli *c)
{
    claim_options o = { .from = MIZO_DAY_NONE, .to = MIZO_DAY_NONE };
    size_t n = 0;
    int kind = CLAIM_COUNT, status = cli_parse(c, &cli_claim, &o, NULL, &n, 0);
    if (status != CLI_DONE)
        return status;
    for (int k = 0; o.kind && k < CLAIM_COUNT; k++)
        kind = strcmp(o.kind, claim_words[k]) == 0 ? k : kind;
    if (o.id && (kind == CLAIM_COUNT || !o.of || o.from == MIZO_DAY_NONE || o.to == MIZO_DAY_NONE)) {
        fputs("mizo claim --id ID --kind credit|green-power|surplus|saving --of POINT --from D --to D\n",
              stderr);
        return CLI_INPUT;
    }
    actor who = { 0 };
    if (o.id && (status = cli_actor(c, &o.who, o.region, ACT_MATCH, &who)) != CLI_DONE)
        return status;
    town t;
    mizo_err err = o.id ? town_open_as(c->env, o.region, STORE_WRITE, who.name, c->diags, &t)
                        : town_open(c->env, o.region, STORE_READ, c->diags, &t);
    if (err)
        return cli_status(err);
    mizo_diags_clear(c->diags);
    buf out;
    buf_init(&out, 0);
    err = o.id ? post(&o, &t, (claim_kind)kind, cli_japanese(c), who.name, &out)
               : list(&o, t.store, cli_japanese(c), &out);
    status = err ? cli_status(err) : cli_put(c, &out);
    buf_fini(&out);
    town_close(&t);
    return status;
}

const cli_verb cli_claim = {
    "claim",
    "--region DIR [--id ID --kind K --of P --from D --to D]",
    "a credit, a certificate or a saving over kWh; a kWh is claimed once",
    "クレジット・証書・省エネとしての主張。同じ電力量は一度だけ",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
