/* report.c: mizo report: a report by its name: the leading area (town/office/leading.h), the city's documents
 * (town/office/city.h). */
#include <string.h>

#include "cli/document.h"
#include "mizo/messages/city.h"
#include "town/office/frozen.h"
#include "town/office/leading.h"
#include "town/proof/match_json.h"

typedef struct report_options {
    const char *region, *fy, *xlsx, *bundle, *pdf, *out, *why, *variant;
    mizo_day as_of;
    bool json, tsv, office, freeze;
    cli_who who;
} report_options;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(report_options, region), 0, 0 },
    { "--fy", OPTION_TEXT, "Y", "fiscal year: 2023, FY2023, R5 (that of the day; of achievement the last one published, of evaluation the last one evaluated)", "年度: 2023、FY2023、R5、令和5年度(省けばその日の年度。達成率は公表のある最後の年度、評価シートは評価のある最後の年度)", false, offsetof(report_options, fy), 0, 0 },
    { "--as-of", OPTION_DATE, "D", "readings as they were known at the end of that day", "その日の終わりに知られていた検針値で", false, offsetof(report_options, as_of), 0, 0 },
    { "--xlsx", OPTION_TEXT, "FILE", "as a workbook", "XLSXのファイルに書く", false, offsetof(report_options, xlsx), 0, 0 },
    { "--bundle", OPTION_TEXT, "FILE", "as one page that opens from disk and prints on A4", "1つのHTMLに書く(閉じた網で開け、A4に刷れる)", false, offsetof(report_options, bundle), 0, 0 },
    { "--pdf", OPTION_TEXT, "FILE", "as a PDF on A4", "PDF(A4)のファイルに書く", false, offsetof(report_options, pdf), 0, 0 },
    { "--out", OPTION_TEXT, "FILE", "as .pdf, .xlsx, .html, .csv, .tsv or .txt by its name", "名前の終わりの形式(.pdf .xlsx .html .csv .tsv .txt)で書く", false, offsetof(report_options, out), 0, 0 },
    { "--tsv", OPTION_FLAG, NULL, "its tables with tabs, to be pasted into a sheet or a slide", "表をタブ区切りで出す(表計算やスライドに貼る)", false, offsetof(report_options, tsv), 0, 0 },
    { "--office", OPTION_FLAG, NULL, "years by era, large tonnes in 万t, large sums in 千円, as Japanese offices print them (--lang ja)", "年度を元号、大きな排出量を万t、大きな金額を千円で書く", false, offsetof(report_options, office), 0, 0 },
    { "--freeze", OPTION_FLAG, NULL, "keep it as published: bytes, hash, model, who, when; --why is needed", "公表したものとして残す(中身、ハッシュ、モデル、誰が、いつ)。--why が要る", false, offsetof(report_options, freeze), 0, 0 },
    { "--why", OPTION_TEXT, "TEXT", "freeze: what it is published for; no person's name", "freeze: 何のための公表か。個人名は書かない", false, offsetof(report_options, why), 0, 0 },
    CLI_WHO_ROWS(report_options, who),
    { "--variant", OPTION_TEXT, "W,D", "achievement: the pair that is named as the published one: full or biogenic, fixed or actual (full,fixed)", "達成率: 公表の組み合わせとして示すもの。full か biogenic、fixed か actual (full,fixed)", false, offsetof(report_options, variant), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(report_options, json), 0, 0 },
};
/* clang-format on */

static bool japanese(const cli *c)
{
    return strcmp(c->lang, "ja") == 0;
}

/* ---- text ---- */

static void line(buf *out, const char *what, mizo_wh wh)
{
    char text[MIZO_NUM_TEXT];
    mizo_grouped_text(mizo_div_round(wh, 1000, MIZO_ROUND_HALF_UP), text);
    buf_str(out, "  ");
    cli_cell(out, what, -28);
    cli_cell(out, text, 17);
    buf_str(out, " kWh\n");
}

static void text_figures(bool ja, const mizo_achievement *a, buf *out)
{
    char rate[64], rule[400];
    line(out, ja ? "再エネ供給" : "renewable supply", a->supply_wh);
    line(out, ja ? "省エネ" : "saving", a->saving_wh);
    line(out, ja ? "需要" : "demand", a->demand_wh);
    if (a->demand_wh <= 0)
        return;
    mizo_achievement_text(a, ja ? "ja" : "en", rate, sizeof rate);
    mizo_achievement_rule(a, ja ? "ja" : "en", rule, sizeof rule);
    buf_printf(out, "  %s  %s\n", rate, rule);
}

static const char *grade_ja(int g)
{
    switch (g) {
    case MIZO_QUALITY_MEASURED:
        return "実測";
    case MIZO_QUALITY_PROVISIONAL:
        return "速報";
    case MIZO_QUALITY_ESTIMATED:
        return "推計";
    case MIZO_QUALITY_FILLED:
        return "補完";
    case MIZO_QUALITY_SPLIT:
        return "按分";
    case MIZO_QUALITY_SIMULATED:
        return "模擬";
    default:
        return "手入力";
    }
}

static void text_grades(bool ja, const mizo_achievement *a, buf *out)
{
    buf_str(out, ja ? "  需要の根拠:" : "  evidence of the demand:");
    for (int g = 0, n = 0; g < MIZO_GRADES; g++) {
        int64_t bp = 0;
        if (!a->demand_by_grade[g] ||
            mizo_mul_div(a->demand_by_grade[g], 1000, a->demand_wh, MIZO_ROUND_HALF_UP, &bp))
            continue;
        char share[MIZO_NUM_TEXT];
        mizo_decimal_text(bp, 1, share);
        buf_printf(out, "%s %s %s %%", n++ ? (ja ? "、" : ",") : "",
                   ja ? grade_ja(g) : mizo_quality_text((mizo_quality)g), share);
    }
    buf_char(out, '\n');
}

enum { UNREPORTED_SHOWN = 20 };

static void text_unreported(bool ja, const mizo_region *r, const achievement_own *own, buf *out)
{
    buf_printf(out, ja ? "  施設 %d、未報告 %zu%s\n" : "  %d facilities, %zu have not reported%s\n",
               own->a.facilities, own->nunreported, own->nunreported ? ":" : "");
    for (size_t i = 0; i < own->nunreported && i < UNREPORTED_SHOWN; i++) {
        const mizo_facility *f = &r->facility[own->unreported[i]];
        buf_str(out, "    ");
        cli_cell(out, f->id, -34);
        buf_printf(out, "%s\n", ja || !*f->name_en ? f->name_ja : f->name_en);
    }
    if (own->nunreported > UNREPORTED_SHOWN)
        buf_printf(out,
                   ja ? "    ほか %zu。すべては mizo city late\n"
                      : "    and %zu more; mizo city late lists all\n",
                   own->nunreported - UNREPORTED_SHOWN);
}

static void text_variants(bool ja, const leading *l, buf *out)
{
    static const char *const waste[] = { "全量", "バイオマス分" }, *const demand[] = { "計画", "実績" };
    buf_str(out, ja ? "  四つの読み方 (ごみ発電、需要):\n" : "  four readings (waste power, demand):\n");
    for (int w = 0; w < 2; w++)
        for (int d = 0; d < 2; d++) {
            const leading_variant *v = &l->variant[w][d];
            char rate[MIZO_NUM_TEXT] = "–", pair[32];
            if (v->known)
                mizo_decimal_text(v->rate_bp, 2, rate);
            snprintf(pair, sizeof pair, "%s,%s", match_waste_words[w], match_demand_words[d]);
            buf_str(out, "    ");
            cli_cell(out, pair, -18);
            if (ja)
                cli_cell(out, waste[w], -14);
            if (ja)
                cli_cell(out, demand[d], -6);
            cli_cell(out, rate, 15);
            buf_printf(out, " %%%s%s\n", v->known && v->partial ? " *" : "",
                       w != (int)l->waste || d != (int)l->demand ? ""
                       : ja                                      ? "  公表の組み合わせ"
                                                                 : "  the published pair");
        }
    if (l->own.missing_days)
        buf_printf(out,
                   ja ? "    * 検針のない %lld 地点日を含まない\n"
                      : "    * without %lld point-days that nobody read\n",
                   (long long)l->own.missing_days);
    if (l->waste_unknown)
        buf_printf(out,
                   ja ? "    params.csv に menu-waste-share %s の行がない\n"
                      : "    params.csv has no row menu-waste-share %s\n",
                   l->waste_unknown);
}

static void text_slots(bool ja, const leading *l, buf *out)
{
    char share[MIZO_NUM_TEXT], rate[MIZO_NUM_TEXT];
    mizo_decimal_text(leading_slots_ppm(l) / 1000, 1, share);
    buf_printf(out, ja ? "  30分値のある電力量 %s %%" : "  read by the half-hour: %s %% of the kWh", share);
    if (l->matched) {
        mizo_decimal_text(match_rates_of(&l->match.town).slot, 2, rate);
        buf_printf(out,
                   ja ? "、30分ごとに一致した再エネ %s %% (%d日)"
                      : "; renewable matched in its half-hour %s %% (%d days)",
                   rate, l->match.days_read);
    }
    buf_char(out, '\n');
}

static void put_text(bool ja, const leading *l, buf *out)
{
    buf_printf(out, ja ? "%d 年度の達成率(公表値から)\n" : "FY%d achievement, from the published figures\n",
               l->fy);
    if (l->said)
        buf_str(out, ja ? "  公表値はない\n" : "  nothing is published\n");
    else
        text_figures(ja, &l->published, out);
    text_variants(ja, l, out);
    buf_printf(out,
               ja ? "%d 年度、この地域の契約・検針・記録から\n"
                  : "FY%d, from the contracts, readings and records of this region\n",
               l->fy);
    text_figures(ja, &l->own.a, out);
    line(out, ja ? "  うち屋根の下の自家消費" : "  of it, used under own roofs", l->own.self_wh);
    text_slots(ja, l, out);
    text_grades(ja, &l->own.a, out);
    text_unreported(ja, l->region, &l->own, out);
}

/* ---- the verb ---- */

static mizo_err put_json(const cli *c, const town *t, const leading *l, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    leading_json(l, &j);
    json_text(&j, "model", t->region->hash);
    MIZO_TRY(cli_book(c, t, &j, out));
    json_end(&j);
    buf_char(out, '\n');
    return out->err;
}

static mizo_err print_leading(cli *c, const report_options *o, const town *t, const leading *l)
{
    if (leading_empty(l))
        return l->said;
    buf out;
    buf_init(&out, 0);
    mizo_err e = MIZO_OK;
    office_savings_say(&l->savings, c->diags);
    if (o->json) {
        e = put_json(c, t, l, &out);
    } else {
        put_text(japanese(c), l, &out);
        e = cli_book(c, t, NULL, &out);
    }
    if (!e)
        e = cli_put(c, &out) == CLI_DONE ? MIZO_OK : MIZO_EIO;
    buf_fini(&out);
    return e;
}

static int bad_words(const cli *c, const char *what)
{
    fprintf(stderr,
            japanese(c) ? "mizo report: 「%s」がわかりません。あるのは"
                        : "mizo report: what is \"%s\"? There are",
            what);
    for (size_t i = 0; city_doc_at(i, NULL); i++)
        fprintf(stderr, "%s%s", i ? japanese(c) ? "、" : ", " : " ", city_doc_at(i, NULL));
    fputs(japanese(c) ? "。例: mizo report achievement --region DIR --fy 2023\n"
                      : ". Try: mizo report achievement --region DIR --fy 2023\n",
          stderr);
    return CLI_INPUT;
}

/* ---- the city's documents ---- */

static mizo_err write_files(cli *c, const report_options *o, const report *r)
{
    if (o->xlsx)
        MIZO_TRY(cli_document_as(c, o->xlsx, REPORT_FORMAT_XLSX, r));
    if (o->bundle)
        MIZO_TRY(cli_document_as(c, o->bundle, REPORT_FORMAT_HTML, r));
    if (o->pdf)
        MIZO_TRY(cli_document_as(c, o->pdf, REPORT_FORMAT_PDF, r));
    return o->out ? cli_document(c, o->out, r) : MIZO_OK;
}

static mizo_err print_city(cli *c, const report_options *o, const city_desk *d, const city_doc_ask *ask,
                           const report *r)
{
    buf out;
    json j;
    buf_init(&out, 0);
    json_init(&j, &out);
    mizo_err e = MIZO_OK;
    if (o->json) {
        json_object(&j, NULL);
        json_text(&j, "report", ask->name);
        json_int(&j, "fy", ask->fy);
        json_day(&j, "day", ask->day);
        e = city_doc_json(d, ask, &j);
        json_text(&j, "model", d->books.region->hash);
        json_end(&j);
        buf_char(&out, '\n');
    } else if (o->tsv) {
        e = report_tsv(r, &out);
    } else if (!o->xlsx && !o->bundle && !o->pdf && !o->out) {
        e = report_plain(r, &out);
    }
    e = e ? e : cli_put(c, &out) == CLI_DONE ? MIZO_OK : MIZO_EIO;
    buf_fini(&out);
    return e;
}

static mizo_err achievement(cli *c, const report_options *o, const city_desk *d, const city_doc_ask *ask)
{
    leading l;
    MIZO_TRY(city_leading(d, ask, &l));
    mizo_err e = print_leading(c, o, d->town, &l);
    leading_free(&l);
    return e;
}

static mizo_err city(cli *c, const report_options *o, town *t, const char *name, int fy)
{
    city_desk d;
    report *r = NULL;
    mizo_day today = cli_day_of(c, t, MIZO_DAY_NONE);
    city_doc_ask ask = { name, c->lang, fy, o->as_of == MIZO_DAY_NONE ? today : o->as_of };
    ask.fy = fy ? fy : mizo_day_fy(ask.day);
    ask.pair = o->variant;
    bool files = o->xlsx || o->bundle || o->pdf || o->out, tables = o->tsv || o->office,
         rate = strcmp(name, "achievement") == 0;
    MIZO_TRY(city_desk_open(t, o->as_of, &d));
    mizo_err e = !rate || files || tables ? city_doc(&d, &ask, c->diags, &r) : MIZO_OK;
    if (!e && r && o->office)
        report_office(r);
    if (!e && r)
        e = write_files(c, o, r);
    if (!e && rate && !o->tsv && (o->json || !(files || o->office)))
        e = achievement(c, o, &d, &ask);
    else if (!e && (tables || !rate))
        e = print_city(c, o, &d, &ask, r);
    report_free(r);
    city_desk_close(&d);
    return e;
}

/* ---- as published ---- */

static mizo_err put_frozen(cli *c, const report_options *o, const town *t, const frozen *f)
{
    buf out;
    json j;
    buf_init(&out, 0);
    json_init(&j, &out);
    if (o->json) {
        json_object(&j, NULL);
        frozen_json(t, f, &j);
        json_bool(&j, "again", f->again);
        json_end(&j);
        buf_char(&out, '\n');
    } else {
        buf_printf(&out, "%s  %s\n", f->id, f->hash);
    }
    mizo_err e = cli_put(c, &out) == CLI_DONE ? MIZO_OK : MIZO_EIO;
    buf_fini(&out);
    return e;
}

/* What was published before for the year and says something else today. */
static mizo_err tell_restated(cli *c, town *t, const frozen *before, mizo_day today)
{
    frozen_difference x;
    char n[24], day[MIZO_DATE_TEXT];
    MIZO_TRY(frozen_differ(t, before, today, &x));
    (void)snprintf(n, sizeof n, "%zu", x.nchange);
    mizo_day_text(mizo_slot_day(mizo_ms_slot(before->at), t->region->offset), day);
    if (x.nchange)
        MIZO_DIAG(c->diags, FROZEN_RESTATED, MIZO_NOWHERE, n, before->id, day);
    frozen_difference_free(&x);
    return MIZO_OK;
}

static mizo_err freeze(cli *c, const report_options *o, town *t, const char *name, int fy, const char *who)
{
    frozen f, before;
    char day[MIZO_DATE_TEXT];
    mizo_day today = cli_day_of(c, t, MIZO_DAY_NONE);
    city_doc_ask ask = { name, c->lang, fy, o->as_of == MIZO_DAY_NONE ? today : o->as_of };
    ask.fy = fy ? fy : mizo_day_fy(ask.day);
    mizo_err was = frozen_last(t, name, ask.fy, &before);
    if (was && was != MIZO_ENOENT)
        return was;
    MIZO_TRY(frozen_put(t, &ask, o->as_of, o->why, who, &f));
    mizo_day_text(mizo_slot_day(mizo_ms_slot(f.at), t->region->offset), day);
    if (f.again)
        MIZO_DIAG(c->diags, FROZEN_AGAIN, MIZO_NOWHERE, f.id, day);
    else if (!was)
        MIZO_TRY(tell_restated(c, t, &before, today));
    return put_frozen(c, o, t, &f);
}

/* The last year that was evaluated, for whoever does not name one. */
static int evaluated(const mizo_region *r)
{
    int fy = 0;
    for (size_t i = 0; i < r->nevaluation; i++)
        fy = r->evaluation[i].fy > fy ? r->evaluation[i].fy : fy;
    return fy;
}

/* The last year whose supply was published; where none was, the last one that is over. */
static int published(const cli *c, const town *t)
{
    int fy = 0;
    for (size_t i = 0; i < t->region->npublished; i++)
        if (strcmp(t->region->published[i].item, "re-supply") == 0 && t->region->published[i].fy > fy)
            fy = t->region->published[i].fy;
    return fy ? fy : mizo_day_fy(cli_day_of(c, t, MIZO_DAY_NONE)) - 1;
}

static int run(cli *c)
{
    report_options o = { .as_of = MIZO_DAY_NONE };
    const char *name = "";
    size_t n = 0;
    int fy = 0, status = cli_parse(c, &cli_report, &o, &name, &n, 1);
    if (status != CLI_DONE)
        return status;
    bool ledger = strcmp(name, "achievement") == 0;
    if (n == 0 || (!ledger && !city_doc_named(name)))
        return bad_words(c, name);
    match_waste waste;
    match_demand demand;
    if (!leading_pair(o.variant, &waste, &demand))
        return bad_words(c, o.variant);
    if ((status = cli_fiscal_year(c, &cli_report, o.fy, &fy)) != CLI_DONE)
        return status;
    town t;
    actor who = { 0 };
    status = cli_town(c, &o.who, o.region, o.freeze ? (int)ACT_RECORD : CLI_READS, &who, &t);
    if (status != CLI_DONE)
        return status;
    mizo_err err;
    if (!fy && strcmp(name, "evaluation") == 0)
        fy = evaluated(t.region);
    if (!fy && ledger)
        fy = published(c, &t);
    if (o.freeze) {
        err = freeze(c, &o, &t, name, fy, who.name);
        town_close(&t);
        return cli_status(err);
    }
    err = city(c, &o, &t, name, fy);
    town_close(&t);
    return cli_status(err);
}

const cli_verb cli_report = {
    "report",
    "achievement|targets|plan|evaluation|inventory|handover --region DIR --fy Y [--freeze --why TEXT]",
    "the achievement ledger of a fiscal year; targets, plans, evaluation sheet, inventory of the city; for the next person at the desk",
    "年度の再エネ達成率。市の目標と実績、計画、評価シート、排出量、引き継ぎ書",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
