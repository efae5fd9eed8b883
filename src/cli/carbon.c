/* carbon.c: mizo carbon: the CO2 of a fiscal year's electricity, and what a new publication of a factor changed. */
#include <string.h>

#include "cli/cli.h"
#include "mizo/messages/match.h"
#include "town/proof/carbon_slots.h"
#include "town/proof/carbon_year.h"
#include "town/town.h"

typedef struct carbon_options {
    const char *region, *fy, *by;
    mizo_day as_of, day;
    bool json, fuels;
} carbon_options;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(carbon_options, region), 0, 0 },
    { "--fy", OPTION_TEXT, "Y", "fiscal year: 2023, FY2023, R5", "年度: 2023、FY2023、R5", false, offsetof(carbon_options, fy), 0, 0 },
    { "--by", OPTION_TEXT, "slot", "of a day, half-hour by half-hour: its average and its margin", "一日を30分ごとに: 平均係数と限界係数", false, offsetof(carbon_options, by), 0, 0 },
    { "--day", OPTION_DATE, "D", "of --by slot: the day", "--by slot の日", false, offsetof(carbon_options, day), 0, 0 },
    { "--as-of", OPTION_DATE, "D", "readings and factors as they were known at the end of that day", "その日の終わりに知られていた計測値と係数で", false, offsetof(carbon_options, as_of), 0, 0 },
    { "--fuels", OPTION_FLAG, NULL, "print the factors of fuels that hold in the year", "年度に使う燃料の係数を出す", false, offsetof(carbon_options, fuels), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(carbon_options, json), 0, 0 },
};
/* clang-format on */

/* ---- text ---- */

static void tonnes(int64_t mg, char out[MIZO_NUM_TEXT]) /* to the kg */
{
    mizo_decimal_text(mizo_div_round(mg, 1000000, MIZO_ROUND_HALF_UP), 3, out);
}

static void line(buf *out, const char *what, const char *value, const char *unit)
{
    buf_str(out, "  ");
    cli_cell(out, what, -34);
    cli_cell(out, value, 17);
    buf_printf(out, " %s\n", unit);
}

static void kwh_line(buf *out, const char *what, mizo_wh wh)
{
    char text[MIZO_NUM_TEXT];
    mizo_grouped_text(mizo_div_round(wh, 1000, MIZO_ROUND_HALF_UP), text);
    line(out, what, text, "kWh");
}

static void co2_line(buf *out, const char *what, mizo_mg mg)
{
    char text[MIZO_NUM_TEXT];
    tonnes(mg, text);
    line(out, what, text, "t-CO2");
}

static void text_factor(bool ja, const mizo_factor_found *f, buf *out)
{
    char g[MIZO_NUM_TEXT], day[MIZO_DATE_TEXT] = "";
    mizo_decimal_text(f->g_e6 / 1000, 3, g);
    buf_printf(out, "%s g/kWh, %s", g, cli_word(ja, mizo_factor_way_text(f->way)));
    if (!f->row)
        return;
    if (f->row->published != INT32_MIN)
        mizo_day_text(f->row->published, day);
    buf_printf(out, " FY%d%s%s%s%s", f->row->fy, *day ? ", " : "", day,
               *mizo_mark_text(f->row->mark) ? ", " : "", mizo_mark_text(f->row->mark));
}

static void text_slots(bool ja, const char *what, const carbon_slots *s, const char *none, buf *out)
{
    if (!s->known) {
        buf_printf(out, "  %s: %s\n", what, none);
        return;
    }
    co2_line(out, what, s->mg);
    if (s->uncovered)
        kwh_line(out, ja ? "  係数のない30分の使用" : "  in half-hours without a factor", s->uncovered);
}

static void put_text(bool ja, const mizo_region *r, const carbon_year *c, buf *out)
{
    buf_printf(out, ja ? "%d 年度の電気のCO2\n" : "CO2 of the electricity of FY%d\n", c->fy);
    kwh_line(out, ja ? "受電" : "bought", c->import);
    kwh_line(out, ja ? "屋根の下で自家消費(CO2なし)" : "under own roofs, no CO2", c->self);
    co2_line(out, ja ? "ロケーション基準" : "location-based", c->location);
    buf_str(out, "    ");
    text_factor(ja, &c->location_factor, out);
    if (c->location_before_factor.way != MIZO_WAY_NONE) {
        buf_str(out, ja ? "; 前は " : "; before ");
        text_factor(ja, &c->location_before_factor, out);
        buf_char(out, '\n');
        co2_line(out, ja ? "  前の公表の係数では" : "  with the factor published before", c->location_before);
    } else
        buf_char(out, '\n');
    co2_line(out, ja ? "マーケット基準" : "market-based", c->market);
    if (!c->market_whole)
        buf_str(out, ja ? "    係数のないメニューがある(下の「なし」)\n"
                        : "    some menus have no factor (none below)\n");
    if (c->market != c->market_before)
        co2_line(out, ja ? "  前の公表の係数では" : "  with the factors published before", c->market_before);
    text_slots(
        ja, ja ? "30分ごとの平均係数で" : "by the average of each half-hour", &c->average,
        ja ? "データなし(系列 grid-average、またはエリア需給実績か params.csv の area-mix と、mix-factor)"
           : "no data (series grid-average, or the area's balance or area-mix in params.csv, with mix-factor)",
        out);
    text_slots(ja, ja ? "30分ごとの限界係数で" : "by the margin of each half-hour", &c->marginal,
               ja ? "データなし(系列 grid-marginal、または marginal.csv と市場価格)"
                  : "no data (series grid-marginal, or marginal.csv and market prices)",
               out);
    for (size_t i = 0; i < c->nrow; i++) {
        const carbon_row *row = &c->row[i];
        char kwh[MIZO_NUM_TEXT], t[MIZO_NUM_TEXT];
        mizo_grouped_text(mizo_div_round(row->import, 1000, MIZO_ROUND_HALF_UP), kwh);
        tonnes(row->market, t);
        buf_str(out, "  ");
        cli_cell(out, row->menu < 0 ? (ja ? "契約なし" : "no contract") : r->menu[row->menu].id, -26);
        cli_cell(out, kwh, 13);
        cli_cell(out, t, 13);
        buf_str(out, " t  ");
        text_factor(ja, &row->factor, out);
        if (row->before.way != MIZO_WAY_NONE) {
            buf_str(out, ja ? "; 前は " : "; before ");
            text_factor(ja, &row->before, out);
        }
        buf_char(out, '\n');
    }
    if (c->missing_days)
        buf_printf(out, ja ? "  計測値のない地点・日: %lld\n" : "  point-days without a reading: %lld\n",
                   (long long)c->missing_days);
}

/* ---- fuels ---- */

static void put_fuels(const mizo_region *r, int fy, bool as_json, buf *out)
{
    json j;
    json_init(&j, out);
    if (as_json)
        json_array(&j, NULL);
    for (size_t i = 0; i < r->nfuel; i++) {
        const mizo_fuel *f = &r->fuel[i], *row = NULL;
        int64_t t_e6;
        char t[MIZO_NUM_TEXT];
        if (mizo_fuel_factor(r, f->fuel, mizo_fy_first(fy), &row, &t_e6) || row != f)
            continue;
        mizo_decimal_text(t_e6, 6, t);
        if (as_json) {
            json_object(&j, NULL);
            json_text(&j, "fuel", f->fuel);
            json_text(&j, "unit", f->unit);
            json_text(&j, "t_co2_per_unit", t);
            json_text(&j, "source", f->source);
            json_text(&j, "mark", mizo_mark_text(f->mark));
            json_end(&j);
        } else {
            buf_str(out, "  ");
            cli_cell(out, f->fuel, -24);
            cli_cell(out, t, 12);
            buf_printf(out, " t-CO2/%s  %s %s\n", f->unit, mizo_mark_text(f->mark), f->source);
        }
    }
    if (as_json) {
        json_end(&j);
        buf_char(out, '\n');
    }
}

/* ---- by the half-hour ---- */

static void put_cell(int64_t g_e6, int64_t mg, buf *out)
{
    char g[MIZO_NUM_TEXT], kg[MIZO_NUM_TEXT];
    mizo_decimal_text(mizo_div_round(g_e6, 1000, MIZO_ROUND_HALF_UP), 3, g);
    mizo_decimal_text(mizo_div_round(mg, 1000, MIZO_ROUND_HALF_UP), 3, kg);
    cli_cell(out, g_e6 < 0 ? "-" : g, 12);
    cli_cell(out, g_e6 < 0 ? "-" : kg, 14);
}

static const char *method(bool ja, carbon_by by)
{
    return by == CARBON_BY_NONE ? (ja ? "データなし" : "no data") : cli_word(ja, carbon_by_word(by));
}

static void text_day(bool ja, const carbon_day *d, buf *out)
{
    char day[MIZO_DATE_TEXT];
    mizo_day_text(d->day, day);
    buf_printf(out, ja ? "%s 平均: %s 限界: %s\n" : "%s average: %s margin: %s\n", day,
               method(ja, d->average.by), method(ja, d->marginal.by));
    buf_str(out, ja ? "  時刻     受電 kWh   平均 g/kWh        kg-CO2  限界 g/kWh        kg-CO2\n"
                    : "  time   bought kWh  average g/kWh      kg-CO2  margin g/kWh      kg-CO2\n");
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        char kwh[MIZO_NUM_TEXT];
        mizo_decimal_text(d->import[s], 3, kwh);
        buf_printf(out, "  %02d:%02d", s / 2, s % 2 * 30);
        cli_cell(out, kwh, 14);
        put_cell(d->average.g_e6[s], d->average.mg[s], out);
        put_cell(d->marginal.g_e6[s], d->marginal.mg[s], out);
        buf_char(out, '\n');
    }
}

static mizo_err by_slot(const carbon_options *o, bool ja, const town *t, buf *out)
{
    carbon_reader *k;
    carbon_day d;
    json j;
    mizo_ms at = o->as_of == MIZO_DAY_NONE ? STORE_LATEST
                                           : mizo_slot_ms(mizo_day_slot(o->as_of + 1, t->region->offset)) - 1;
    MIZO_TRY(carbon_reader_new(t->store, t->region, at, &k));
    mizo_err err = carbon_read(k, o->day, &d);
    carbon_reader_free(k);
    if (err)
        return err;
    if (!o->json) {
        text_day(ja, &d, out);
        return out->err;
    }
    json_init(&j, out);
    json_object(&j, NULL);
    carbon_day_json(&d, &j);
    json_text(&j, "model", t->region->hash);
    json_end(&j);
    buf_char(out, '\n');
    return out->err;
}

static mizo_err by_year(const carbon_options *o, bool ja, const town *t, int fy, buf *out)
{
    carbon_year year;
    json j;
    MIZO_TRY(carbon_of_year(t->store, t->region, fy, o->as_of, &year));
    if (o->json) {
        json_init(&j, out);
        json_object(&j, NULL);
        carbon_year_json(t->region, &year, &j);
        json_end(&j);
        buf_char(out, '\n');
    } else {
        put_text(ja, t->region, &year, out);
    }
    carbon_year_free(&year);
    return out->err;
}

/* ---- the verb ---- */

static bool wanted(const cli *c, const carbon_options *o, int *fy)
{
    if (o->by && strcmp(o->by, "slot"))
        MIZO_DIAG(c->diags, CARBON_BY, MIZO_NOWHERE, o->by);
    else if (o->by && o->day == MIZO_DAY_NONE)
        MIZO_DIAG(c->diags, CARBON_DAY, MIZO_NOWHERE, NULL);
    else if (!o->by && !o->fy)
        MIZO_DIAG(c->diags, CARBON_FY, MIZO_NOWHERE, NULL);
    else if (!o->by && mizo_fy_parse(o->fy, strlen(o->fy), fy))
        MIZO_DIAG(c->diags, CARBON_NO_FY, MIZO_NOWHERE, o->fy);
    else
        return true;
    return false;
}

static int run(cli *c)
{
    carbon_options o = { .as_of = MIZO_DAY_NONE, .day = MIZO_DAY_NONE };
    size_t n = 0;
    int fy = 0, status = cli_parse(c, &cli_carbon, &o, NULL, &n, 0);
    if (status != CLI_DONE)
        return status;
    if (!wanted(c, &o, &fy))
        return CLI_INPUT;
    town t;
    env_interruptible();
    mizo_err err = o.fuels ? town_open_files(c->env, o.region, c->diags, &t)
                           : town_open(c->env, o.region, STORE_READ, c->diags, &t);
    if (err)
        return cli_status(err);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    buf out;
    buf_init(&out, 0);
    if (o.fuels)
        put_fuels(t.region, fy, o.json, &out);
    else if (o.by)
        err = by_slot(&o, cli_japanese(c), &t, &out);
    else
        err = by_year(&o, cli_japanese(c), &t, fy, &out);
    status = err ? cli_status(err) : cli_put(c, &out);
    buf_fini(&out);
    town_close(&t);
    return status;
}

const cli_verb cli_carbon = {
    "carbon",
    "--region DIR --fy Y | --by slot --day D",
    "the CO2 of a fiscal year's electricity, by average, by menu, by the half-hour",
    "年度の電気のCO2を、全国平均・メニュー・30分ごとの係数で出す",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
