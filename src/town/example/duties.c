/* duties.c: the example town's duties, standard days and transcription sheets. Dates and days as the domain's
 * rule book has them, with its marks; the cells are invented, as the forms are not shipped. */
#include "town/example/parts.h"

void ex_duties_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(
        b,
        "id,name_ja,name_en,who,every,months,day,shift,warn_days,sheet,to_ja,to_en,note,from,to,source,mark\n"
        "emission-factor,小売電気事業者別排出係数の報告,Emission factors by menu,retailer,fy,4,31,before,45,emission-factor,環境省・経済産業省,Ministry of the Environment; METI,毎年の通知で期日を確かめる,,,毎年の通知で決まる日 / date in each year's notice,g\n"
        "energy-month,発受電月報,Monthly report of generation and supply,retailer,month,2,15,next,10,energy-month,経済産業省,METI,様式は改変できない。転記表を使う,,,経済産業省 定期報告 4月分は6月15日まで / METI periodic reports: April by 15 June,v\n"
        "grant-effect,交付金 効果報告,Effect report of the grant,city,fy,1,30,none,30,grant,環境省,Ministry of the Environment,,,,同種の補助金 3月31日から30日以内 / comparable subsidies: within 30 days of 31 March,s\n"
        "grant-result,交付金 実績報告,Result report of the grant,city,fy,1,30,none,30,grant,環境省,Ministry of the Environment,,,,4月から5月 / April to May,g\n"
        "levy-evidence,再エネ賦課金 単価の根拠,Evidence of the levy's unit price,retailer,year,1,31,before,30,levy-evidence,費用負担調整機関,cost adjustment body,,,,小売電気事業者の期限 / due dates of a retailer,s\n"
        "levy-amount,再エネ賦課金 納付金額の根拠,Evidence of the levy's amount,retailer,fy,3,1,before,30,levy,費用負担調整機関,cost adjustment body,,,,小売電気事業者の期限 / due dates of a retailer,s\n"
        "menu-disclosure,電源構成・証書使用の開示(メニュー別),Power mix and certificates by menu,retailer,fy,4,31,none,45,menu-disclosure,公表(ウェブ),the public (web),,,,小売営業指針 / guideline of retail supply,s\n"
        "ontai-report,温対法 温室効果ガス排出量の報告,Greenhouse gas report,city,fy,4,31,before,45,shk,EEGS,EEGS,,,,EEGS,v\n"
        "shoene-report,省エネ法 定期報告書・中長期計画書,Energy report and plan,city,fy,4,31,before,45,energy-law,EEGS,EEGS,,,,省エネ法の手続 / procedures of the energy conservation law,v\n"
        "supply-plan,供給計画,Supply plan,retailer,fy,-1,20,before,30,supply-plan,電力広域的運営推進機関,OCCTO,期日は年により違う。翌年度分,,,2月から3月ごろ / about February to March,s\n"
        "trade-month,電力取引報(翌月分),Report of trade (next month),retailer,month,1,5,next,5,trade,電力・ガス取引監視等委員会,Electricity and Gas Market Surveillance Commission,半角数字・桁区切りなし,,,小売電気事業者の期限 / due dates of a retailer,s\n"
        "trade-month-2,電力取引報(翌々月分),Report of trade (second month),retailer,month,2,31,none,10,trade,電力・ガス取引監視等委員会,Electricity and Gas Market Surveillance Commission,半角数字・桁区切りなし,,,小売電気事業者の期限 / due dates of a retailer,s\n"
        "trade-quarter,電力取引報(四半期),Report of trade (quarter),retailer,quarter,1,31,none,14,trade,電力・ガス取引監視等委員会,Electricity and Gas Market Surveillance Commission,,,,小売電気事業者の期限 / due dates of a retailer,s\n"
        "trade-year,電力取引報(年度),Report of trade (year),retailer,fy,2,31,none,30,trade,電力・ガス取引監視等委員会,Electricity and Gas Market Surveillance Commission,,,,小売電気事業者の期限 / due dates of a retailer,s\n");
}

void ex_processes_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(
        b,
        "kind,name_ja,name_en,voltage,least_kw,end_kw,business_days,days,before,from,to,source,mark\n"
        "cancel-notice,当社からの解約予告,Notice before we cancel,,,,,15,yes,,,15日ほど / about 15 days,s\n"
        "meter-exchange,計量器の交換,Exchange of the meter,low,,,8,2,no,,,ある一般送配電事業者 / one network operator,v\n"
        "meter-exchange,計量器の交換,Exchange of the meter,high,,500,20,,no,,,ある一般送配電事業者 / one network operator,v\n"
        "meter-exchange,計量器の交換,Exchange of the meter,,,,30,,no,,,ある一般送配電事業者 / one network operator,v\n"
        "move-in,再点(入居・工事なし),Move-in without works,low,,,1,,no,,,一般的な知識。一般送配電事業者に確認のこと / general knowledge; ask the network operator,g\n"
        "move-in,再点(入居・工事なし),Move-in without works,high,,500,8,,no,,,スイッチングと同じ。一般送配電事業者に確認のこと / as a switch; ask the network operator,g\n"
        "move-in,再点(入居・工事なし),Move-in without works,,,,10,,no,,,スイッチングと同じ。一般送配電事業者に確認のこと / as a switch; ask the network operator,g\n"
        "switch,スイッチング(工事なし),Switch without works,low,,,1,2,no,,,ある一般送配電事業者 / one network operator,v\n"
        "switch,スイッチング(工事なし),Switch without works,high,,500,8,,no,,,ある一般送配電事業者 / one network operator,v\n"
        "switch,スイッチング(工事なし),Switch without works,,,,10,,no,,,ある一般送配電事業者 / one network operator,v\n");
}

/* What is told of each menu once a year: sold, made of what, certificates, CO2. */
static void ex_disclosure(buf *b)
{
    static const char *const rows[][5] = {
        {"販売電力量",                    "Energy sold",               "kwh",               "mwh",        "3"},
        { "再エネ(価値あり)",           "Renewable with its value",  "re-share",          "percent",    "1"},
        { "FIT電気",                         "FIT power",                 "fit-share",         "percent",    "1"},
        { "廃棄物(化石分)",              "Waste (fossil part)",       "waste-share",       "percent",    "1"},
        { "取引所・その他",             "Exchange and others",       "other-share",       "percent",    "1"},
        { "再エネ指定の非化石証書", "Certificates of renewable", "certificate-share", "percent",    "1"},
        { "CO2排出係数",                   "CO2 factor",                "factor",            "kg-per-kwh", "6"},
    };
    for (int i = 0; i < 7; i++)
        buf_printf(b, "menu-disclosure,C%d,%s,%s,menu-%s,local-re100,%s,%s,,,例示 / example,\n", 4 + i,
                   rows[i][0], rows[i][1], rows[i][2], rows[i][3], rows[i][4]);
}

/* What is filed of the whole: each menu's factor, the levy's base, the year on which the next year's supply plan stands, the
 * grant. */
static void ex_filed(buf *b)
{
    static const char *const rows[] = {
        "emission-factor,C4,販売電力量 local-re100,Energy sold local-re100,menu-kwh,local-re100,mwh,3",
        "emission-factor,C5,CO2排出係数 local-re100,CO2 factor local-re100,menu-factor,local-re100,kg-per-kwh,6",
        "emission-factor,C6,販売電力量 合計,Energy sold in all,menu-kwh,,mwh,3",
        "levy-evidence,C4,賦課金の対象電力量,Energy under the levy,levy-kwh,,kwh,",
        "levy-evidence,C5,賦課金額,Levy,levy-yen,,yen,",
        "supply-plan,E4,需要電力量 低圧 (実績),Demand low (as metered),demand,low,mwh,",
        "supply-plan,E5,需要電力量 高圧 (実績),Demand high (as metered),demand,high,mwh,",
        "supply-plan,E6,需要電力量 特別高圧 (実績),Demand extra-high (as metered),demand,extra-high,mwh,",
        "supply-plan,E8,発電電力量 合計 (実績),Generation in all (as metered),generation,,mwh,",
        "supply-plan,E9,契約口数,Contracts,contracts,,count,",
        "grant,B3,事業数,Jobs,grant-jobs,,count,",
        "grant,B4,総事業費,Cost,grant-cost-yen,,yen,",
        "grant,B5,交付決定額,Awarded,grant-award-yen,,yen,",
        "grant,B6,支出済額,Spent,grant-spent-yen,,yen,",
        "grant,B8,発電電力量,Made by the panels,grant-made-kwh,,kwh,",
        "grant,B9,うち自家消費,Of it used at the site,grant-used-kwh,,kwh,",
        "grant,B10,CO2削減量,CO2 saved,grant-saved,,t-co2,3",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        buf_printf(b, "%s,,,例示 / example,\n", rows[i]);
}

/* What the forms of the energy conservation law, of the law's emission reports and of the city's ordinance ask of the city
 * as one operator. The items are as recalled; which cell each has is to be set from the year's own workbook. */
static void ex_entity_sheets(buf *b)
{
    static const struct {
        const char *sheet, *cell, *ja, *en, *item, *key, *unit, *digits;
    } row[] = {
        {"energy-law",  "T2-1", "電気 買電",                        "Electricity bought",          "entity-kwh",             "",          "mwh",         ""},
        { "energy-law", "T2-2", "太陽光 自家消費",               "Own panels",                  "entity-self-kwh",        "",          "mwh",         ""},
        { "energy-law", "T2-3", "都市ガス",                         "City gas",                    "entity-amount",          "city-gas",  "thousand-m3", ""},
        { "energy-law", "T2-4", "LPG",                                  "LPG",                         "entity-amount",          "lpg",       "t",           ""},
        { "energy-law", "T2-5", "灯油",                               "Kerosene",                    "entity-amount",          "kerosene",  "kl",          ""},
        { "energy-law", "T2-6", "A重油",                              "Heavy oil A",                 "entity-amount",          "heavy-oil", "kl",          ""},
        { "energy-law", "T2-7", "熱量の合計",                      "Heat in all",                 "entity-gj",              "",          "gj",          ""},
        { "energy-law", "T2-8", "原油換算",                         "As crude oil",                "entity-kl",              "",          "kl-oil",      ""},
        { "shk",        "T1-1", "エネルギー起源CO2 基礎",      "Energy CO2 (basic)",          "entity-energy-basic",    "",          "t-co2",
         ""                                                                                                                                                    },
        { "shk",        "T1-2", "エネルギー起源CO2 調整後",   "Energy CO2 (adjusted)",       "entity-energy-adjusted", "",
         "t-co2",                                                                                                                                            ""},
        { "shk",        "T1-3", "HFC-32",                               "HFC-32",                      "entity-co2",             "hfc-32",    "t-co2",       ""},
        { "shk",        "T1-4", "R-410A",                               "R-410A",                      "entity-co2",             "r-410a",    "t-co2",       ""},
        { "shk",        "T1-5", "CH4",                                  "CH4",                         "entity-co2",             "ch4",       "t-co2",       ""},
        { "shk",        "T1-6", "N2O",                                  "N2O",                         "entity-co2",             "n2o",       "t-co2",       ""},
        { "ordinance",  "B-1",  "原油換算エネルギー使用量", "Energy as crude oil",         "entity-kl",              "",          "kl-oil",
         ""                                                                                                                                                    },
        { "ordinance",  "B-2",  "温室効果ガス 調整後",         "Greenhouse gases (adjusted)", "entity-all-adjusted",    "",
         "t-co2",                                                                                                                                            ""},
        { "ordinance",  "B-3",  "温室効果ガス 基礎",            "Greenhouse gases (basic)",    "entity-all-basic",       "",
         "t-co2",                                                                                                                                            ""},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        buf_printf(
            b,
            "%s,%s,%s,%s,%s,%s,%s,%s,,,項目は原典未確認。その年度の様式から欄を決めること / items as recalled; set the cell from the year's form,g\n",
            row[i].sheet, row[i].cell, row[i].ja, row[i].en, row[i].item, row[i].key, row[i].unit,
            row[i].digits);
}

void ex_sheets_csv(const ex_town *t, buf *b)
{
    buf_str(b, "sheet,cell,name_ja,name_en,item,key,unit,digits,from,to,source,mark\n");
    (void)t;
    static const char *const plant[] = { "ukishima", "ozenji", "tachibana" };
    for (int i = 0; i < 3; i++)
        buf_printf(b,
                   "energy-month,D%d,発電電力量 %s,Generation of %s,generation,%s,mwh,,,,例示 / example,\n",
                   10 + i, plant[i], plant[i], plant[i]);
    buf_str(b,
            "energy-month,D13,発電電力量 太陽光,Generation of panels,generation,pv,mwh,,,,例示 / example,\n");
    static const char *const voltage[][2] = {
        {"low",         "低圧"      },
        { "high",       "高圧"      },
        { "extra-high", "特別高圧"}
    };
    for (int i = 0; i < 3; i++) {
        const char *v = voltage[i][0], *ja = voltage[i][1];
        buf_printf(b, "energy-month,D%d,需要電力量 %s,Demand %s,demand,%s,mwh,,,,例示 / example,\n", 20 + i,
                   ja, v, v);
        buf_printf(b, "trade,B%d,契約口数 %s,Contracts %s,contracts,%s,count,,,,例示 / example,\n", 3 + i, ja,
                   v, v);
        buf_printf(b, "trade,C%d,販売電力量 %s,Energy sold %s,sales-kwh,%s,mwh,,,,例示 / example,\n", 3 + i,
                   ja, v, v);
        buf_printf(b, "trade,D%d,販売額 %s,Sales %s,sales-yen,%s,thousand-yen,,,,例示 / example,\n", 3 + i,
                   ja, v, v);
    }
    buf_str(b, "levy,C4,賦課金の対象電力量,Energy under the levy,levy-kwh,,kwh,,,,例示 / example,\n"
               "levy,C5,賦課金額,Levy,levy-yen,,yen,,,,例示 / example,\n");
    ex_disclosure(b);
    ex_filed(b);
    ex_entity_sheets(b);
}
