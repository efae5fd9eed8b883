/* match.c: mizo match: what was used, and how much of it was renewable: by the year, by the half-hour, from here. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/match_export.h"
#include "mizo/messages/match.h"
#include "town/proof/match_json.h"
#include "town/proof/match_slot.h"

typedef struct match_options {
    const char *region, *fy, *variant, *by, *export_, *slot, *site, *pool, *only;
    int64_t month;
    mizo_day from, to;
    bool json, pairs;
} match_options;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(match_options, region), 0, 0 },
    { "--fy", OPTION_TEXT, "Y", "fiscal year: 2023, FY2023, R5", "年度: 2023、FY2023、R5", false, offsetof(match_options, fy), 0, 0 },
    { "--month", OPTION_INT, "M", "one month of it", "そのうち一か月", false, offsetof(match_options, month), 1, 12 },
    { "--variant", OPTION_TEXT, "W,D", "the pair whose figure is named: full or biogenic, fixed or actual (full,fixed)", "示す組み合わせ: full か biogenic、fixed か actual (full,fixed)", false, offsetof(match_options, variant), 0, 0 },
    { "--by", OPTION_TEXT, "WHAT", "a line for each menu, party, facility or point; of --export: slot, day or month", "menu、party、facility、point ごとに一行。--export では slot、day、month", false, offsetof(match_options, by), 0, 0 },
    { "--pairs", OPTION_FLAG, NULL, "who fed whom in a half-hour, derived by the rule", "ある30分に誰が誰に送ったか(規則から導く)", false, offsetof(match_options, pairs), 0, 0 },
    { "--slot", OPTION_TEXT, "T", "of --pairs: an instant in the half-hour, 2021-07-15T12:00", "--pairs の時刻。2021-07-15T12:00", false, offsetof(match_options, slot), 0, 0 },
    { "--export", OPTION_TEXT, "FILE", "granular certificates in the shape of EnergyTag, .json or .csv", "EnergyTag の形の時間別証書(.json か .csv)", false, offsetof(match_options, export_), 0, 0 },
    { "--from", OPTION_DATE, "D", "of --export: first day, in place of --fy", "--export: 最初の日 (--fy の代わり)", false, offsetof(match_options, from), 0, 0 },
    { "--to", OPTION_DATE, "D", "of --export: last day, included", "--export: 最後の日 (この日を含む)", false, offsetof(match_options, to), 0, 0 },
    { "--site", OPTION_TEXT, "ID", "of --export: one facility, point or plant", "--export: 一つの施設・地点・電源だけ", false, offsetof(match_options, site), 0, 0 },
    { "--pool", OPTION_TEXT, "ID", "of --export: what went through one pool, or \"own\" roofs", "--export: 一つのプール(own は自家消費)を通った分だけ", false, offsetof(match_options, pool), 0, 0 },
    { "--only", OPTION_TEXT, "WHAT", "of --export: certificates or consumption", "--export: certificates か consumption だけ", false, offsetof(match_options, only), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(match_options, json), 0, 0 },
};
/* clang-format on */

static int wrong(const cli *c, const char *what)
{
    fprintf(stderr,
            cli_japanese(c) ? "mizo match: 「%s」がわかりません。mizo match --help\n"
                            : "mizo match: what is \"%s\"? mizo match --help\n",
            what);
    return CLI_INPUT;
}

static int wrong_word(const cli *c, const char *option, const char *word, const char *words)
{
    MIZO_DIAG(c->diags, MATCH_WORD, MIZO_NOWHERE, option, word, words);
    return CLI_INPUT;
}

/* ---- words ---- */

static bool read_variant(const char *s, int *waste, int *demand)
{
    *waste = MATCH_WASTE_FULL;
    *demand = MATCH_DEMAND_FIXED;
    for (int w = 0; s && w < 2; w++)
        for (int d = 0; d < 2; d++) {
            char text[32];
            snprintf(text, sizeof text, "%s,%s", match_waste_words[w], match_demand_words[d]);
            if (strcmp(s, text) == 0) {
                *waste = w;
                *demand = d;
                return true;
            }
        }
    return !s;
}

static void rate_text(int32_t bp, char out[MIZO_NUM_TEXT])
{
    mizo_decimal_text(bp, 2, out);
}

static void put_json(const match_report *m, const match_options *o, int waste, int demand, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    match_json(m, (int)o->month, (match_waste)waste, (match_demand)demand, &j);
    json_end(&j);
    buf_char(out, '\n');
}

/* ---- text ---- */

static void kwh(buf *out, const char *what, mizo_wh wh)
{
    char text[MIZO_NUM_TEXT];
    mizo_grouped_text(mizo_div_round(wh, 1000, MIZO_ROUND_HALF_UP), text);
    buf_str(out, "  ");
    cli_cell(out, what, -36);
    cli_cell(out, text, 15);
    buf_str(out, " kWh\n");
}

static void percent(buf *out, const char *what, int32_t bp)
{
    char text[MIZO_NUM_TEXT];
    rate_text(bp, text);
    buf_str(out, "  ");
    cli_cell(out, what, -36);
    cli_cell(out, text, 15);
    buf_str(out, " %\n");
}

/* The area's mix of the year, what others bought of it left out. */
static void text_residual(bool ja, const match_residual *x, buf *out)
{
    char g[MIZO_NUM_TEXT];
    if (x->wh && x->by[RESIDUAL_UNKNOWN] == x->wh)
        buf_str(out, ja ? "    構成は不明(params.csv に area-mix の行がない)\n"
                        : "    of what is not known (no rows area-mix in params.csv)\n");
    for (int k = 0; k < RESIDUAL_KINDS && x->by[RESIDUAL_UNKNOWN] != x->wh; k++)
        if (x->by[k]) {
            char what[48];
            snprintf(what, sizeof what, "  %s",
                     k == RESIDUAL_UNKNOWN ? (ja ? "構成の不明な日" : "of days without a mix")
                                           : mizo_mix_word((mizo_mix_kind)k));
            kwh(out, what, x->by[k]);
        }
    if (x->g_e6 < 0)
        return;
    mizo_decimal_text(mizo_div_round(x->g_e6, 1000, MIZO_ROUND_HALF_UP), 3, g);
    buf_str(out, "  ");
    cli_cell(out, ja ? "  その1 kWhあたり" : "  a kWh of it", -36);
    cli_cell(out, g, 15);
    buf_str(out, " g-CO2\n");
}

static void text_town(bool ja, const match_report *m, buf *out)
{
    match_rates r = match_rates_of(&m->town);
    mizo_wh made = match_made(m);
    kwh(out, ja ? "使用量" : "used", m->town.load);
    kwh(out, ja ? "再エネ(価値つき)発電" : "renewable with value, made", made);
    kwh(out, ja ? "  屋根の下で自家消費" : "  under own roofs", m->made[MIZO_ORIGIN_OWN]);
    kwh(out, ja ? "  ごみ発電(バイオマス分)" : "  waste plants, biogenic part", m->made[MIZO_ORIGIN_WASTE]);
    kwh(out, ja ? "  市内のほかの電源" : "  others in the town", m->made[MIZO_ORIGIN_TOWN]);
    kwh(out, ja ? "  市外の電源" : "  outside the town", m->made[MIZO_ORIGIN_OUTSIDE]);
    kwh(out, ja ? "同じ30分に使われた再エネ" : "used in its half-hour", m->town.matched);
    kwh(out, ja ? "  蓄電池から" : "  out of batteries", m->town.battery);
    if (m->lost || m->stored) {
        kwh(out, ja ? "  蓄電池で失われた" : "  lost in batteries", m->lost);
        kwh(out, ja ? "  蓄電池に残る" : "  still in batteries", m->stored);
    }
    kwh(out, ja ? "  その後クレジット等になった" : "  claimed by others since", m->town.claimed);
    kwh(out, ja ? "使われなかった再エネ" : "found no use in its half-hour", m->unclaimed);
    kwh(out, ja ? "残り(残余ミックス)" : "the rest: residual mix", m->residual.wh);
    text_residual(ja, &m->residual, out);
    percent(out, ja ? "年間の率(量)" : "annual rate, by volume",
            match_rate_bp(made < m->town.load ? made : m->town.load, m->town.load));
    percent(out, ja ? "年間の率(メニュー)" : "annual rate, by menus", r.year);
    percent(out, ja ? "30分一致の率" : "time-matched rate", r.slot);
    percent(out, ja ? "地産の割合" : "local share", r.local);
    if (m->booked_known && m->booked != m->town.matched)
        kwh(out, ja ? "帳簿に記された量" : "of it in the books", m->booked);
}

static void text_variants(bool ja, const match_report *m, int waste, int demand, buf *out)
{
    buf_str(out, ja ? "達成率の読み方(供給と省エネ ÷ 需要)\n"
                    : "readings of the achievement rate, (supply + saving) / demand\n");
    for (int w = 0; w < 2; w++)
        for (int d = 0; d < 2; d++) {
            const match_variant *v = &m->variant[w][d];
            char rate[MIZO_NUM_TEXT];
            rate_text(v->rate_bp, rate);
            buf_printf(out, " %s %s,%s  ", w == waste && d == demand ? "*" : " ", match_waste_words[w],
                       match_demand_words[d]);
            cli_cell(out, v->known ? rate : "-", w ? 9 + (d ? 0 : 1) : 13 + (d ? 0 : 1));
            buf_str(out, " %\n");
        }
    if (m->days_read < m->days)
        buf_printf(out,
                   ja ? "  %d 日の計測値がないため fixed は途中経過(需要は一年分)\n"
                      : "  %d days have no readings: fixed is not whole, its demand is a year's\n",
                   m->days - m->days_read);
    if (m->fixed_fy && m->fixed_fy != m->fy)
        buf_printf(out,
                   ja ? "  fixed の需要は %d 年度に公表された計画値\n"
                      : "  the fixed demand is the plan's, published for FY%d\n",
                   m->fixed_fy);
    if (!m->fixed_fy)
        buf_str(out, ja ? "  計画時の需要は公表されていない\n" : "  no demand of the plan is published\n");
}

static void text_group(bool ja, const match_report *m, int by, buf *out)
{
    buf_str(
        out,
        ja ? "  名前                                          使用 kWh  年間(メニュー)  30分一致    地産\n"
           : "  id                                            used kWh  annual  matched    local\n");
    for (size_t i = 0; i < match_groups(m, (match_by)by); i++) {
        match_group g = match_group_at(m, (match_by)by, i);
        match_rates r = match_rates_of(g.sum);
        char load[MIZO_NUM_TEXT], text[MIZO_NUM_TEXT];
        const int32_t bp[] = { r.year, r.slot, r.local };
        if (!g.sum->load)
            continue;
        mizo_grouped_text(mizo_div_round(g.sum->load, 1000, MIZO_ROUND_HALF_UP), load);
        buf_str(out, "  ");
        cli_cell(out, g.id, -40);
        cli_cell(out, load, 14);
        for (int k = 0; k < 3; k++) {
            rate_text(bp[k], text);
            cli_cell(out, text, 9);
        }
        buf_char(out, '\n');
    }
}

/* Roofs of which nobody knows what left: all that they made counts as used there. */
static void text_unread(bool ja, const match_report *m, buf *out)
{
    for (size_t i = 0; i < m->region->npoint; i++)
        if (m->unread[i])
            buf_printf(out,
                       ja ? "  %s: 発電した %" PRId64 " コマに逆潮流の検針値がなく、自家消費として数えた\n"
                          : "  %s: %" PRId64
                            " half-hours of its roof have no reading of what left: counted as used there\n",
                       m->region->point[i].id, m->unread[i]);
}

static void put_text(bool ja, const match_report *m, const match_options *o, int by, int waste, int demand,
                     buf *out)
{
    char from[MIZO_DATE_TEXT], to[MIZO_DATE_TEXT];
    mizo_day_text(m->from, from);
    mizo_day_text(m->to - 1, to);
    buf_printf(
        out, ja ? "%s から %s: %d 日のうち %d 日に計測値がある\n" : "%s to %s: of %d days %d have readings\n",
        from, to, m->days, m->days_read);
    text_town(ja, m, out);
    text_unread(ja, m, out);
    if (!o->month)
        text_variants(ja, m, waste, demand, out);
    if (by < MATCH_BY_NONE)
        text_group(ja, m, by, out);
}

/* ---- who fed whom ---- */

typedef struct pairing {
    const mizo_region *region;
    json *json; /* NULL: text */
    buf *out;
} pairing;

static mizo_err on_pair(void *arg, const char *pool, match_attribute a, const char *source, mizo_ref point,
                        int64_t wh)
{
    pairing *p = arg;
    if (p->json) {
        json_object(p->json, NULL);
        json_text(p->json, "pool", pool);
        json_text(p->json, "unit", match_unit(a));
        json_text(p->json, "source", source);
        json_text(p->json, "point", p->region->point[point].id);
        json_int(p->json, "wh", wh);
        json_end(p->json);
    } else {
        buf_printf(p->out, "%s  %s -> %s  %" PRId64 " Wh %s\n", pool, source, p->region->point[point].id, wh,
                   match_unit(a));
    }
    return p->out->err;
}

static mizo_err pairs_of(void *arg, match_town *t, const match_today *d, int slot)
{
    pairing *p = arg;
    return match_pairs(t, p->region, d, slot, on_pair, p);
}

static mizo_err pairs(const match_options *o, const town *t, buf *out)
{
    mizo_ms at;
    json j;
    MIZO_TRY(mizo_ms_parse(o->slot, strlen(o->slot), t->region->offset, &at));
    mizo_slot slot = mizo_ms_slot(at);
    pairing p = { t->region, o->json ? &j : NULL, out };
    json_init(&j, out);
    if (o->json) {
        json_object(&j, NULL);
        json_time(&j, "at", mizo_slot_ms(slot), t->region->offset);
        json_array(&j, "pairs");
    }
    mizo_err err = match_slot_run(t->store, t->region, slot, pairs_of, &p);
    if (o->json) {
        json_end(&j);
        json_end(&j);
        buf_char(out, '\n');
    }
    return err == MIZO_ENOENT ? MIZO_OK : err; /* nobody fed anybody */
}

/* ---- the verb ---- */

static mizo_err answer(cli *c, const match_options *o, town *t, int fy, int by, int waste, int demand,
                       buf *out)
{
    if (o->pairs)
        return pairs(o, t, out);
    match_report m;
    MIZO_TRY(match_report_make(t->store, t->region, fy, (int)o->month, STORE_LATEST, &m));
    if (o->json)
        put_json(&m, o, waste, demand, out);
    else
        put_text(cli_japanese(c), &m, o, by, waste, demand, out);
    match_report_free(&m);
    return out->err;
}

/* Days by --from and --to, else the month or year. */
static int export_days(cli *c, const match_options *o, int fy, match_export *x)
{
    bool month = o->month != 0;
    int year = o->month < 4 ? fy + 1 : fy;
    x->ask.from = month ? mizo_date_day((mizo_date){ year, (int)o->month, 1 }) : mizo_fy_first(fy);
    x->ask.to = month ? x->ask.from + mizo_month_days(year, (int)o->month) : mizo_fy_first(fy + 1);
    if (o->from == MIZO_DAY_NONE && o->to == MIZO_DAY_NONE)
        return o->fy ? CLI_DONE : wrong(c, "--fy");
    if (o->from == MIZO_DAY_NONE || o->to == MIZO_DAY_NONE || o->fy || month) {
        MIZO_DIAG(c->diags, MATCH_DAYS, MIZO_NOWHERE, NULL);
        return CLI_INPUT;
    }
    x->ask.from = o->from;
    x->ask.to = o->to + 1;
    return cli_days_in_order(c, &cli_match, o->from, o->to);
}

static int export_to(cli *c, const match_options *o, int fy)
{
    match_export x = {
        .path = o->export_,
        .by = o->by,
        .only = o->only,
        .json = o->json,
        .ask = {.site = o->site, .pool = o->pool}
    };
    const char *word;
    town t;
    buf out;
    if (!match_export_read(&x, &word))
        return wrong(c, word);
    int status = export_days(c, o, fy, &x);
    mizo_err err;
    if (status != CLI_DONE)
        return status;
    if ((err = town_open(c->env, o->region, STORE_READ, c->diags, &t)))
        return cli_status(err);
    mizo_diags_clear(c->diags);
    buf_init(&out, 0);
    err = match_export_run(c, &t, &x, &out);
    status = err ? cli_status(err) : cli_put(c, &out);
    buf_fini(&out);
    town_close(&t);
    return status;
}

/* Words that go with --export alone. */
static const char *astray(const match_options *o)
{
    bool days = o->from != MIZO_DAY_NONE || o->to != MIZO_DAY_NONE;
    return o->export_ ? NULL
           : o->site  ? "--site"
           : o->pool  ? "--pool"
           : o->only  ? "--only"
           : days     ? "--from"
                      : NULL;
}

static int run(cli *c)
{
    match_options o = { .from = MIZO_DAY_NONE, .to = MIZO_DAY_NONE };
    size_t n = 0;
    int fy = 0, waste, demand, by = MATCH_BY_NONE, status = cli_parse(c, &cli_match, &o, NULL, &n, 0);
    if (status != CLI_DONE)
        return status;
    if (!read_variant(o.variant, &waste, &demand))
        return wrong_word(c, "--variant", o.variant,
                          "full,fixed / full,actual / biogenic,fixed / biogenic,actual");
    if (astray(&o))
        return wrong(c, astray(&o));
    if (o.fy && mizo_fy_parse(o.fy, strlen(o.fy), &fy))
        return wrong(c, o.fy);
    env_interruptible();
    if (o.export_ && !o.pairs)
        return export_to(c, &o, fy);
    for (int i = 0; o.by && match_by_words[i]; i++)
        by = strcmp(match_by_words[i], o.by) == 0 ? i : by;
    if (o.by && by == MATCH_BY_NONE)
        return wrong_word(c, "--by", o.by, "menu, party, facility, point");
    if (o.pairs ? !o.slot : !o.fy)
        return wrong(c, o.pairs ? "--slot" : "--fy");
    town t;
    mizo_err err = town_open(c->env, o.region, STORE_READ, c->diags, &t);
    if (err)
        return cli_status(err);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    buf out;
    buf_init(&out, 0);
    err = answer(c, &o, &t, fy, by, waste, demand, &out);
    status = err ? cli_status(err) : cli_put(c, &out);
    buf_fini(&out);
    town_close(&t);
    return status;
}

const cli_verb cli_match = {
    "match",
    "--region DIR --fy Y [--export FILE]",
    "how much of what was used was renewable: by the year, by the half-hour, from the town",
    "使った電気のうち再エネの割合: 年間、30分ごと、地産",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
