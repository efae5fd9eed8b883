/* offer_report.c: an offer on two pages. */
#include <stdio.h>
#include <string.h>

#include "town/bills/offer.h"

enum { VALUE = 96 };

static const char *named(const char *ja, const char *en, const char *id)
{
    return *ja ? ja : *en ? en : id;
}

/* "123,456 円", whole yen, half up. */
static void yen(mizo_uyen v, char out[VALUE])
{
    char n[MIZO_NUM_TEXT];
    mizo_grouped_text(mizo_div_round(v, MIZO_PPM, MIZO_ROUND_HALF_UP), n);
    (void)snprintf(out, VALUE, "%s 円", n);
}

static void kw(int32_t w, char out[VALUE])
{
    (void)snprintf(out, VALUE, "%d.%d kW", w / 1000, w % 1000 / 100);
}

static void per_cent(int64_t part, int64_t of, char out[VALUE])
{
    int64_t tenths = 0;
    if (of > 0 && mizo_mul_div(part, 1000, of, MIZO_ROUND_HALF_UP, &tenths))
        tenths = 0;
    (void)snprintf(out, VALUE, "%lld.%lld ％", (long long)(tenths / 10), (long long)(tenths % 10));
}

static const char *basis(const offer *o)
{
    return o->with_tax ? "税込" : "税抜";
}

/* ---- page one ---- */

static void figures(report *r, const offer *o, const offer_size *s)
{
    char size[VALUE], share[VALUE], own[VALUE], ppa[VALUE], price[MIZO_NUM_TEXT];
    char made[MIZO_NUM_TEXT], used[MIZO_NUM_TEXT];
    kw(s->dc_w, size);
    yen(s->saved - s->om, own);
    yen(s->ppa_saved, ppa);
    report_figure(r, "ご提案の太陽光発電", size);
    mizo_decimal_text(mizo_div_round(s->ppa_price_e6, 10000, MIZO_ROUND_HALF_UP), 2, price);
    mizo_grouped_text(mizo_div_round(s->generated_wh, 1000, MIZO_ROUND_HALF_UP), made);
    mizo_grouped_text(mizo_div_round(s->self_wh, 1000, MIZO_ROUND_HALF_UP), used);
    report_pairf(r, "年間発電量 / 自家消費", "%s kWh / %s kWh", made, used);
    per_cent(s->self_wh, s->generated_wh, share);
    report_pairf(r, "自家消費率", "%s%s", share, o->self_use_kept ? "" : "(交付金の条件に届きません)");
    report_pairf(r, "PPA の単価と期間", "%s 円/kWh(%s)、%d 年", price, basis(o), o->terms.ppa_years);
    report_pairf(r, "初年度の差引き(自己所有)", "%s", own);
    report_pairf(r, "初年度の差引き(PPA)", "%s", ppa);
}

static void money_row(report *r, const char *name, mizo_uyen own, mizo_uyen ppa)
{
    report_cell_text(r, name);
    report_cell_scaled(r, own, 6, 0);
    report_cell_scaled(r, ppa, 6, 0);
}

static void compare(report *r, const offer *o, const offer_size *s)
{
    static const report_column columns[] = {
        {"項目",        NULL,  REPORT_LEFT,  50, false, false},
        { "自己所有", "円", REPORT_RIGHT, 25, false, false},
        { "PPA",          "円", REPORT_RIGHT, 25, false, false},
    };
    char caption[VALUE];
    (void)snprintf(caption, sizeof caption, "自己所有と PPA の比較(すべて%s)", basis(o));
    report_columns(r, caption, columns, 3);
    money_row(r, "設備費", s->cost, 0);
    money_row(r, "うち交付金(見込み)", s->grant, 0);
    money_row(r, "電気料金の減少(初年度)", s->saved, s->saved);
    money_row(r, "PPA 料金(初年度)", 0, s->ppa_paid);
    money_row(r, "維持費(年)", s->om, 0);
    money_row(r, "初年度の差引き", s->saved - s->om, s->ppa_saved);
    (void)snprintf(caption, sizeof caption, "%d 年間の現在価値(差引き)", o->terms.years);
    money_row(r, caption, s->own_value, s->ppa_value);
    if (s->payback_years)
        report_textf(r, "自己所有の場合、設備費は %d 年目に回収されます(割引なし)。", s->payback_years);
    else
        report_textf(r, "自己所有の場合、設備費は %d 年のうちには回収されません。", o->terms.years);
    report_textf(r, "%s",
                 s->own_value >= s->ppa_value ? "現在価値では自己所有が有利です。"
                                              : "現在価値では PPA が有利です。");
}

static void chart(report *r, const offer *o)
{
    static const char *const places[OFFER_MONTHS] = { "1月", "2月", "3月", "4月",  "5月",  "6月",
                                                      "7月", "8月", "9月", "10月", "11月", "12月" };
    const char *place[OFFER_MONTHS];
    int64_t load[OFFER_MONTHS], self[OFFER_MONTHS], made[OFFER_MONTHS];
    for (int m = 0; m < OFFER_MONTHS; m++) {
        place[m] = places[mizo_day_date(o->month[m].month).month - 1];
        load[m] = o->month[m].load_wh / 1000;
        made[m] = o->month[m].generated_wh / 1000;
        self[m] = o->month[m].self_wh / 1000;
    }
    report_line line[] = {
        {"使用量",     load},
        { "発電量",    made},
        { "自家消費", self}
    };
    report_chart c = { .caption = "月ごとの使用量と発電",
                       .unit = "kWh",
                       .n = OFFER_MONTHS,
                       .nline = 3,
                       .places = place,
                       .line = line };
    report_chart_add(r, &c);
}

/* ---- page two ---- */

static void months(report *r, const offer *o)
{
    static const report_column columns[] = {
        {"月",              NULL,  REPORT_LEFT,  18, false, false},
        { "使用量",       "kWh", REPORT_RIGHT, 16, true,  false},
        { "発電量",       "kWh", REPORT_RIGHT, 16, true,  false},
        { "自家消費",    "kWh", REPORT_RIGHT, 16, true,  false},
        { "いまの料金", "円", REPORT_RIGHT, 17, true,  false},
        { "導入後",       "円", REPORT_RIGHT, 17, true,  false},
    };
    char caption[VALUE];
    (void)snprintf(caption, sizeof caption, "電気料金の試算(いまの契約で、%s)", basis(o));
    report_columns(r, caption, columns, 6);
    for (int m = 0; m < OFFER_MONTHS; m++) {
        const offer_month *x = &o->month[m];
        mizo_date d = mizo_day_date(x->month);
        report_cell_textf(r, "%d年%d月", d.year, d.month);
        report_cell_scaled(r, x->load_wh, 3, 0);
        report_cell_scaled(r, x->generated_wh, 3, 0);
        report_cell_scaled(r, x->self_wh, 3, 0);
        report_cell_scaled(r, x->before, 6, 0);
        report_cell_scaled(r, x->after, 6, 0);
    }
    report_sum(r, "合計");
}

/* Units as a Japanese page has them; another stands as it is. */
static const char *unit_ja(const char *unit)
{
    static const char *const words[][2] = {
        {"yen/kW",                   "円/kW"               },
        { "yen/kW a year",           "円/kW・年"         },
        { "yen/kWh",                 "円/kWh"              },
        { "share",                   "割合"               },
        { "share a year",            "割合/年"           },
        { "share of the cost",       "設備費の割合"   },
        { "share of the grant",      "交付金の割合"   },
        { "share of the generation", "発電量の割合"   },
        { "share of the floor area", "延床面積の割合"},
        { "years",                   "年"                  },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(unit, words[i][0]) == 0)
            return words[i][1];
    return unit;
}

static void param_row(report *r, const mizo_param *p, const char *name)
{
    report_cell_text(r, name);
    if (!p) {
        report_cell_gap(r);
        return;
    }
    report_cell_scaled(r, p->value_e6, 6, p->value_e6 % MIZO_PPM ? 3 : 0);
    report_cell_text(r, unit_ja(p->unit));
    report_cell_textf(r, "%s%s%s%s", report_said(r, p->source), p->mark ? " [" : "", mizo_mark_text(p->mark),
                      p->mark ? "]" : "");
}

static void assumptions(town *t, report *r, const offer *o)
{
    static const report_column columns[] = {
        {"前提",           NULL, REPORT_LEFT,  34, false, false},
        { "値",             NULL, REPORT_RIGHT, 16, false, false},
        { "単位",          NULL, REPORT_LEFT,  14, false, false},
        { "出典と確度", NULL, REPORT_LEFT,  36, false, false},
    };
    static const char *const names[] = { "設備費",
                                         "維持費",
                                         "出力の低下",
                                         "割引率",
                                         "PPA 事業者の利回り",
                                         "設備の年数",
                                         "PPA の期間",
                                         "交付金の割合",
                                         "PPA 単価に反映する割合",
                                         "PPA 単価の刻み",
                                         "求められる自家消費率",
                                         "延床面積に対する屋根",
                                         "屋根1m2あたりの出力" };
    report_columns(r, "前提", columns, 4);
    for (int i = 0; offer_params[i]; i++)
        param_row(r, mizo_param_on(t->region, offer_params[i], "", o->to), names[i]);
}

static void notes(report *r, const offer *o)
{
    static const char *const loads[] = { "30分値", "検針票(月ごと)を同種施設の使い方で30分に分けたもの",
                                         "お知らせの12か月の使用量を同種施設の使い方で30分に分けたもの" };
    char from[MIZO_DATE_TEXT], to[MIZO_DATE_TEXT], limit[VALUE];
    mizo_day_text(o->from, from);
    mizo_day_text(o->to - 1, to);
    kw(o->limit_w, limit);
    report_notef(r, "使用量: %s から %s の%s。欠けた %lld コマは同じ種類の日の同じ時刻の平均で補いました。",
                 from, to, loads[o->load], (long long)o->filled);
    if (o->yield == OFFER_TOWN_PANELS)
        report_notef(r, "発電量: 同じ期間の市内 %d か所の太陽光発電の実績(1kWあたり)。", o->panels);
    else
        report_note(r, "発電量: 太陽の位置と平均的な空からの計算。市内に実績のある設備がないためです。");
    report_notef(r, "大きさの上限: %s(%s)。余った電気は売らないものとしました。", limit,
                 strcmp(o->limit, "roof") == 0 ? "屋根" : "契約電力");
    report_note(
        r,
        "交付金を使うときの条件: FIT・FIP の認定を受けない、自家消費率を保つ、発電量を計量する、他の国の補助を重ねない、"
        "J-クレジットにしない、処分の制限期間を守る。条件を満たせないときは交付金を見込めません。");
    report_note(
        r,
        o->with_tax
            ? "お客様は消費税を控除できないものとし、金額はすべて税込です。前提の設備費と維持費は税抜です。"
            : "お客様は消費税を控除できるものとし、金額はすべて税抜です。");
    report_note(r, "金額は試算で、約束ではありません。");
}

mizo_err offer_report(town *t, const offer *o, report **out)
{
    const mizo_region *r = t->region;
    const offer_size *s = &o->size[o->best < 0 ? 0 : o->best];
    const mizo_issuer *who = mizo_issuer_on(r, o->to);
    const char *site = o->facility < 0 ? r->point[o->point].id
                                       : named(r->facility[o->facility].name_ja,
                                               r->facility[o->facility].name_en, r->facility[o->facility].id);
    const char *by = who ? named(r->party[who->party].name_ja, r->party[who->party].name_en, "") : "";
    report *d = report_new(&(report_head){ .title = "太陽光発電のご提案",
                                           .subtitle = site,
                                           .author = by,
                                           .header = by,
                                           .footer = r->point[o->point].id,
                                           .lang = "ja",
                                           .day = o->to });
    if (!d)
        return MIZO_ENOMEM;
    figures(d, o, s);
    if (o->best < 0)
        report_text(d, "この前提では、どの大きさでも費用が減りません。下の数字は最も小さいものです。");
    compare(d, o, s);
    chart(d, o);
    report_page(d);
    months(d, o);
    assumptions(t, d, o);
    notes(d, o);
    mizo_err e = report_done(d);
    if (e) {
        report_free(d);
        return e;
    }
    *out = d;
    return MIZO_OK;
}
