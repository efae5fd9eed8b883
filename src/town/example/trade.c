/* trade.c: the example town's parties, contracts, charges, parameters and roundings.
 *
 * Prices are plausible and invented: each row says "example". What is public (levy, taxes) has its mark. */
#include <stdio.h>
#include <string.h>

#include "town/example/parts.h"

static bool private_point(const ex_point *p)
{
    return p->kind->flags & EX_PRIVATE;
}

static const ex_ward *ward_of(const ex_town *t, const ex_point *p)
{
    return &ex_wards[t->facility[p->facility].ward];
}

void ex_parties_csv(const ex_town *t, buf *b)
{
    buf_str(
        b,
        "id,name_ja,name_en,kind,invoice_number,registered_from\n"
        "city,川崎市(見本),City of Kawasaki (example),public,T1000000000001,2023-10-01\n"
        "local,地域エネルギー会社(見本),Local energy company (example),retailer,T1000000000002,2023-10-01\n"
        "grid,一般送配電事業者(見本),Network operator (example),operator,T1000000000003,2023-10-01\n"
        "roofs,株式会社やねの発電(架空),Roof Power Ltd. (invented),generator,,\n"
        "jepx,卸電力取引所(見本),Power exchange (example),firm,,\n"
        "base-market,ベースロード市場(見本),Base-load market (example),firm,,\n"
        "partner,となりの小売(架空),Partner Retail Ltd. (invented),retailer,,\n"
        "aggregator,アグリゲーター(架空),Aggregator Ltd. (invented),firm,,\n"
        "homes,,,household,,\n");
    for (int i = 0; i < t->npoint; i++)
        if (private_point(&t->point[i]))
            buf_printf(b, "firm-%s,民間事業者 %03d(架空),Firm %03d (invented),firm,T2%012d,2023-10-01\n",
                       t->point[i].id, i, i, i);
}

/* Large sites on a market-linked menu: a few, so that it is seen. */
static const char *tariff_of(const ex_point *p, int i)
{
    return p->voltage == MIZO_HIGH && p->reading == MIZO_BY_SLOT && !strcmp(p->tariff, "high-tou") &&
                   i % 20 == 7
               ? "high-market"
               : p->tariff;
}

void ex_contracts_csv(const ex_town *t, buf *b)
{
    buf_str(b, "id,point,party,tariff,invoice,rounding,agreed_kw,reading_day,pay_days,from,to\n");
    for (int i = 0; i < t->npoint; i++) {
        const ex_point *p = &t->point[i];
        const char *tariff = tariff_of(p, i),
                   *from = p->reading == MIZO_BY_PERIOD ? "2022-04-01" : "2020-04-01";
        char agreed[24] = "";
        if (!strcmp(tariff, "high-large")) /* a little below what the year came to: excess is seen, too */
            snprintf(agreed, sizeof agreed, "%d", (int)((int64_t)p->standing_w * 97 / 100 / 1000));
        if (private_point(p))
            buf_printf(b, "c-%s,%s,firm-%s,%s,,tender,%s,1,30,%s,\n", p->id, p->id, p->id, tariff, agreed,
                       from);
        else
            buf_printf(b, "c-%s,%s,city,%s,city-%s,tender,%s,1,30,%s,\n", p->id, p->id, tariff,
                       ward_of(t, p)->id, agreed, from);
    }
}

/* ---- charges ---- */

typedef struct ex_price {
    const char *tariff, *kind, *ja, *en, *months, *days, *time, *param;
    int price; /* 0.01 yen in FY2021; -1: param has it */
    const char *mark;
} ex_price;

static const ex_price prices[] = {
    {"high-tou",       "base",   "",                   "",                 "",    "",                 ",",           "",          185000, "" },
    { "high-tou",      "energy", "ピーク",          "Peak",             "7-9", "weekday saturday", "13:00,16:00", "",          2210,   "" },
    { "high-tou",      "energy", "夏季昼間",       "Summer day",       "7-9", "weekday saturday", "8:00,22:00",  "",          1960,   "" },
    { "high-tou",      "energy", "その他季昼間", "Day",              "",    "weekday saturday", "8:00,22:00",  "",          1830,   "" },
    { "high-tou",      "energy", "夜間",             "Night and Sunday", "",    "",                 ",",           "",          1240,   "" },
    { "high-tou",      "fuel",   "",                   "",                 "",    "",                 ",",           "fuel-high", -1,     "" },
    { "high-tou",      "unused", "",                   "",                 "",    "",                 ",",           "",          50,     "g"},
    { "high-tou",      "levy",   "",                   "",                 "",    "",                 ",",           "levy",      -1,     "" },
    { "high-large",    "base",   "",                   "",                 "",    "",                 ",",           "",          195000, "" },
    { "high-large",    "excess", "",                   "",                 "",    "",                 ",",           "",          292500, "g"},
    { "high-large",    "energy", "ピーク",          "Peak",             "7-9", "weekday saturday", "13:00,16:00", "",          2080,   "" },
    { "high-large",    "energy", "夏季昼間",       "Summer day",       "7-9", "weekday saturday", "8:00,22:00",  "",          1840,
     ""                                                                                                                                      },
    { "high-large",    "energy", "その他季昼間", "Day",              "",    "weekday saturday", "8:00,22:00",  "",          1720,   "" },
    { "high-large",    "energy", "夜間",             "Night and Sunday", "",    "",                 ",",           "",          1180,   "" },
    { "high-large",    "fuel",   "",                   "",                 "",    "",                 ",",           "fuel-high", -1,     "" },
    { "high-large",    "unused", "",                   "",                 "",    "",                 ",",           "",          50,     "g"},
    { "high-large",    "levy",   "",                   "",                 "",    "",                 ",",           "levy",      -1,     "" },
    { "high-market",   "base",   "",                   "",                 "",    "",                 ",",           "",          165000, "" },
    { "high-market",   "market", "市場連動",       "Market-linked",    "",    "",                 ",",           "loss-rate", 550,    "" },
    { "high-market",   "levy",   "",                   "",                 "",    "",                 ",",           "levy",      -1,     "" },
    { "low",           "base",   "",                   "",                 "",    "",                 ",",           "",          115000, "" },
    { "low",           "energy", "夏季",             "Summer",           "7-9", "",                 ",",           "",          2250,   "" },
    { "low",           "energy", "その他季",       "Other seasons",    "",    "",                 ",",           "",          2080,   "" },
    { "low",           "fuel",   "",                   "",                 "",    "",                 ",",           "fuel-low",  -1,     "" },
    { "low",           "levy",   "",                   "",                 "",    "",                 ",",           "levy",      -1,     "" },
    { "wheeling-low",  "base",   "",                   "",                 "",    "",                 ",",           "",          23600,  "" },
    { "wheeling-low",  "energy", "",                   "",                 "",    "",                 ",",           "",          745,    "" },
    { "wheeling-high", "base",   "",                   "",                 "",    "",                 ",",           "",          60500,  "" },
    { "wheeling-high", "excess", "",                   "",                 "",    "",                 ",",           "",          90750,  "g"},
    { "wheeling-high", "energy", "昼間",             "Day",              "",    "weekday saturday", "8:00,22:00",  "",          255,    "" },
    { "wheeling-high", "energy", "夜間",             "Night and Sunday", "",    "",                 ",",           "",          209,    "" },
    { "lamp",          "energy", "",                   "",                 "",    "",                 ",",           "",          1900,   "" },
    { "lamp",          "fuel",   "",                   "",                 "",    "",                 ",",           "fuel-low",  -1,     "" },
    { "lamp",          "levy",   "",                   "",                 "",    "",                 ",",           "levy",      -1,     "" },
};

/* A price of FY2021, and in the two years after it: energy became dearer. */
static void price_row(const ex_price *p, int year, buf *b)
{
    static const int percent[] = { 100, 108, 121 };
    static const char *const from[] = { "2020-04-01", "2022-04-01", "2023-04-01" };
    bool energy = !strcmp(p->kind, "energy");
    bool dated = energy; /* the others stay as they are */
    if (year && !dated)
        return;
    char text[MIZO_NUM_TEXT] = "";
    if (p->price >= 0)
        mizo_decimal_text((int64_t)p->price * (dated ? percent[year] : 100) / 100, 2, text);
    buf_printf(b, "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,consumption-tax,%s,例示 / example,%s\n", p->tariff,
               p->kind, p->ja, p->en, from[year], dated && year < 2 ? from[year + 1] : "", p->months, p->days,
               p->time, text, p->param, !strcmp(p->kind, "market") ? "yes" : "no", p->mark);
}

void ex_charges_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(b, "tariff,kind,name_ja,name_en,from,to,months,days,time_from,time_to,price,param,tax,tax_added,"
               "source,mark\n");
    for (int year = 0; year < 3; year++)
        for (size_t i = 0; i < sizeof prices / sizeof *prices; i++)
            price_row(&prices[i], year, b);
}

/* ---- parameters ---- */

static void levy_rows(buf *b)
{
    static const int yen[] = { 22, 35, 75, 158, 225, 264, 290, 295, 298, 336, 345, 140, 349, 398, 418 };
    for (int i = 0; i < (int)(sizeof yen / sizeof *yen); i++) {
        int year = 2012 + i;
        const char *from = i == 0 ? "08" : i == 1 ? "04" : "05";
        buf_printf(b, "levy,,%d-%s-01,%d-%s-01,%d.%02d,yen/kWh,経済産業省の告示 / announcement of METI,s\n",
                   year, from, year + 1, i == 0 ? "04" : "05", yen[i] / 100, yen[i] % 100);
    }
}

/* Three-month means of the customs, each for the last of its months: a slow climb, invented. */
static void fuel_rows(buf *b)
{
    static const struct {
        const char *key, *unit;
        int level[5]; /* at the middle of 2020 .. 2024 */
    } fuel[] = {
        {"crude", "yen/kL", { 29000, 47000, 82000, 75000, 78000 } },
        { "lng",  "yen/t",  { 38000, 55000, 112000, 92000, 95000 }},
        { "coal", "yen/t",  { 8600, 14500, 47000, 31000, 24000 }  }
    };
    for (size_t k = 0; k < sizeof fuel / sizeof *fuel; k++)
        for (int m = 0; m < 48; m++) { /* from July 2020 */
            int year = 2020 + (m + 6) / 12, month = (m + 6) % 12 + 1;
            int a = fuel[k].level[m / 12], z = fuel[k].level[m / 12 + 1];
            buf_printf(b, "fuel-price,%s,%d-%02d-01,%d-%02d-01,%d,%s,例示 / example,\n", fuel[k].key, year,
                       month, month == 12 ? year + 1 : year, month % 12 + 1, a + (z - a) * (m % 12) / 12,
                       fuel[k].unit);
        }
}

void ex_params_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(
        b,
        "name,key,from,to,value,unit,source,mark\n"
        "bill-gap-slots,,,,96,half-hours,契約の定めの例示 / example of a contract's rule,\n"
        "consumption-tax,,2014-04-01,2019-10-01,0.08,share,消費税率 / rate of the consumption tax,g\n"
        "consumption-tax,,2019-10-01,,0.1,share,消費税率 / rate of the consumption tax,g\n"
        "programme-aim,solar,2022-04-01,,0.5,share of the sites where panels can be put,\"S3:607-623, S0:141-146\",v\n"
        "programme-aim,renewable,2022-04-01,,1,share of the sites,\"S3:607-623, S0:141-146\",v\n"
        "programme-aim,led,2022-04-01,,1,share of the sites,\"S3:607-623, S0:141-146\",v\n"
        "programme-aim-fy,,2022-04-01,,2030,fiscal year,S3:607-623,v\n"
        "programme-load,,2022-04-01,,0.2,share of a site's mean power,説明用の例。停電のとき使い続ける割合 / illustrative: what a blackout leaves to be carried,\n"
        "grant-cap,,2022-04-01,,5000000000,yen,\"S2:95, S3:426-436: at most for five years\",v\n"
        "grant-first-fy,,2022-04-01,,2022,fiscal year,\"S0:59-63, selected 2022-04-26\",c\n"
        "grant-last-fy,,2022-04-01,,2026,fiscal year,最初の年度から5年 / five years from the first,c\n"
        "grant-cycles,,2022-04-01,,1,days of a month,平時に使うこと。数値の定めなし / used in normal times: no number is given,g\n"
        "grant-keep,battery,2022-04-01,,6,years,法定耐用年数(原典未確認) / legal life as recalled,g\n"
        "grant-keep,pv,2022-04-01,,17,years,法定耐用年数(原典未確認) / legal life as recalled,g\n"
        "grant-metered,,2022-04-01,,0.95,share of the half-hours,発電量を計測する。欠測の許容は定めなし / output is metered; how much may be missing is not said,g\n"
        "grant-no-credit,,2022-04-01,,1,yes,国の要件のもとでの市町村の定め / a municipality's rule under the national terms,v\n"
        "grant-no-fit,,2022-04-01,,1,yes,国の要件のもとでの市町村の定め / a municipality's rule under the national terms,v\n"
        "grant-one-subsidy,,2022-04-01,,1,yes,国の要件のもとでの市町村の定め / a municipality's rule under the national terms,v\n"
        "grant-pv-charged,,2022-04-01,,0.5,share of the charge,原則として再エネ電力。数値の定めなし / renewable power in principle: no number is given,g\n"
        "grant-ppa-passed,,2022-04-01,,0.8,share of the grant,PPAの単価を下げる。5分の4(原典未確認) / a PPA's price is lowered; four fifths as recalled,g\n"
        "grant-self-use,,2022-04-01,,0.5,share of the output,市町村の定め(事業用) / a municipality's rule: business,v\n"
        "grant-self-use,home,2022-04-01,,0.3,share of the output,市町村の定め(住宅用) / a municipality's rule: home,v\n"
        "grant-tax-credit,,2022-04-01,,1,yes,仕入控除した消費税は返還する。補助金の通例 / consumption tax credited on it is returned: usual terms of grants,s\n"
        "excess-multiple,,,,1.5,times the base price,通例の条件 / usual terms,g\n"
        "invoice-credit,,,2023-10-01,1,share,インボイス制度の前 / before the invoice system,g\n"
        "invoice-credit,,2023-10-01,2026-10-01,0.8,share,免税事業者からの仕入れの経過措置 / transitional rule for unregistered sellers,s\n"
        "invoice-credit,,2026-10-01,2028-10-01,0.7,share,令和8年度税制改正 / FY2026 reform,s\n"
        "invoice-credit,,2028-10-01,2030-10-01,0.5,share,令和8年度税制改正 / FY2026 reform,s\n"
        "invoice-credit,,2030-10-01,2031-10-01,0.3,share,令和8年度税制改正 / FY2026 reform,s\n"
        "invoice-credit,,2031-10-01,,0,share,経過措置の後 / after the transition,s\n");
    static const char *const tariff[] = { "fuel-high", "fuel-low" };
    static const char *const rate[] = { "0.233", "0.245" };
    for (int i = 0; i < 2; i++)
        buf_printf(
            b,
            "%s,alpha,,,0.197,,このエリアの以前の算式(原典未確認) / an older formula of the area as recalled,s\n"
            "%s,base,,,44200,yen/kL,このエリアの以前の算式(原典未確認) / an older formula of the area as recalled,g\n"
            "%s,beta,,,0.4435,,このエリアの以前の算式(原典未確認) / an older formula of the area as recalled,s\n"
            "%s,gamma,,,0.2512,,このエリアの以前の算式(原典未確認) / an older formula of the area as recalled,s\n"
            "%s,lag,,,3,months,通例の条件 / usual terms,g\n"
            "%s,rate,,,%s,yen/kWh per 1000 yen/kL,例示 / example,\n",
            tariff[i], tariff[i], tariff[i], tariff[i], tariff[i], tariff[i], rate[i]);
    fuel_rows(b);
    ex_mix_rows(b);
    levy_rows(b);
    buf_str(
        b,
        "loss-rate,extra-high,,,0.013,share,託送供給等約款から入れること / to be set from the wheeling terms,g\n"
        "loss-rate,high,,,0.037,share,託送供給等約款から入れること / to be set from the wheeling terms,g\n"
        "loss-rate,low,,,0.069,share,託送供給等約款から入れること / to be set from the wheeling terms,g\n"
        "measured-demand-limit,,,,500,kW,高圧のうちこれ未満は実量制 / high voltage below this is measured,v\n");
    buf_str(
        b,
        "offer-ageing,,,,0.005,share a year,通例の値 / usual figure,g\n"
        "offer-capex,,,,210000,yen/kW,例示: 公共建築の屋根、税抜 / example: roof of a public building without tax,\n"
        "offer-clear-index,,,,0.62,share of a clear sky,このエリアの平均の空(原典未確認) / mean sky of the area as recalled,g\n"
        "offer-discount,,,,0.02,share a year,例示 / example,\n"
        "offer-grant,,,,0.5,share of the cost,例示: 交付の条件を確かめること / example: ask the terms of the grant,g\n"
        "offer-grant-passed,,,,0.8,share of the grant,PPAの単価を下げるべき割合 / share that must lower the price of a PPA,g\n"
        "offer-ppa-return,,,,0.04,share a year,例示 / example,\n"
        "offer-ppa-years,,,,20,years,例示 / example,\n"
        "offer-price-step,,,,0.1,yen/kWh,例示 / example,\n"
        "offer-roof-share,,,,0.15,share of the floor area,例示 / example,\n"
        "offer-roof-w-per-m2,,,,150,W/m2,通例の値 / usual figure,g\n"
        "offer-self-use-least,,,,0.5,share of the generation,補助金の条件(事業用) / conditions of a grant: business,v\n"
        "offer-upkeep,,,,3000,yen/kW a year,例示 / example,\n"
        "offer-years,,,,20,years,例示 / example,\n");
    buf_str(
        b,
        "electricity-heat,,,2023-04-01,9.76,GJ/1000 kWh,\"building code; the law itself parted day 9.97 and night 9.28\",s\n"
        "electricity-heat,,2023-04-01,,8.64,GJ/1000 kWh,省エネ法 2023年度から(原典未確認) / energy conservation law from FY2023 as recalled,g\n"
        "electricity-heat,self,,2023-04-01,0,GJ/1000 kWh,2022年度まで自家発電の再エネは数えない / own panels were not counted before FY2023,g\n"
        "electricity-heat,self,2023-04-01,,3.6,GJ/1000 kWh,省エネ法 2023年度から自家発電(原典未確認) / own panels from FY2023 as recalled,g\n"
        "gwp-set,sar,,2014-04-01,1,set of gwp.csv,2013年度実績まで(原典未確認) / results to FY2013 as recalled,g\n"
        "gwp-set,ar4,2014-04-01,2023-04-01,1,set of gwp.csv,2014年度から2022年度の実績(原典未確認) / results of FY2014 to FY2022 as recalled,g\n"
        "gwp-set,ar5,2023-04-01,,1,set of gwp.csv,2023年度実績から(2024年の報告) / results of FY2023 on: the report of 2024,v\n"
        "heat-co2,,,2023-04-01,0.057,t-CO2/GJ,産業用以外の熱(原典未確認) / heat that is no industrial steam as recalled,g\n"
        "heat-co2,,2023-04-01,,0.0532,t-CO2/GJ,産業用以外の熱(原典未確認) / heat that is no industrial steam as recalled,g\n"
        "heat-gj,,,2023-04-01,1.36,GJ/GJ,産業用以外の熱(原典未確認) / heat that is no industrial steam as recalled,g\n"
        "heat-gj,,2023-04-01,,1.19,GJ/GJ,産業用以外の熱(原典未確認) / heat that is no industrial steam as recalled,g\n"
        "inventory-base,1990,,,1995,fiscal year of the other gases,S1:240: other gases of 1995,v\n"
        "inventory-base,2013,,,2013,fiscal year of the other gases,S3:75,v\n"
        "kg-per-m3,lpg,,,2.183,kg/m3,\"LPガス、プロパン7:ブタン3の気体 / gas of 70 % propane, 30 % butane\",s\n"
        "oil-equivalent,,,,0.0258,kL/GJ,省エネ法 / energy conservation law,v\n");
    for (int i = 0; i < 4; i++)
        buf_printf(
            b,
            "menu-waste-share,%s-re100,,,0,share of the renewable kWh,架空の事業者。例示 / invented supplier: illustrative,\n",
            ex_suppliers[i]);
    buf_str(b, "menu-waste-share,local-re100,,,0.9,share of the renewable kWh,illustrative,\n");
    ex_desk_params(b);
}

void ex_roundings_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(b, "chain,step,unit,how\n"
               "tender,kw,1,half-up\n"
               "tender,kwh,1,half-up\n"
               "tender,power-factor,1,half-up\n"
               "tender,fuel-average,100,half-up\n"
               "tender,fuel-unit,0.01,half-up\n"
               "tender,market-unit,0.01,half-up\n"
               "tender,subtotal,0.01,cut\n"
               "tender,levy,1,cut\n"
               "tender,total,1,cut\n"
               "tender,tax,1,cut\n"
               "imbalance,total,1,half-up\n"
               "imbalance,tax,1,cut\n"
               "wheeling,kw,1,half-up\n"
               "wheeling,kwh,1,half-up\n"
               "wheeling,subtotal,0.01,cut\n"
               "wheeling,total,1,cut\n"
               "wheeling,tax,1,cut\n");
}
