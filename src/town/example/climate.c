/* climate.c: pools, factors and fuels of the made town. Suppliers are invented, so are their factors and their
 * vintages; the country's are marked as they are known, the fuels are the ministry's table. */
#include <stdio.h>

#include "town/example/parts.h"

/* Waste first, then what else is made in the town, all alike. */
void ex_pools_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(b, "id,name_ja,name_en,order,rule\n"
               "waste,ごみ発電,Waste power,10,pro-rata\n"
               "town,市内の再エネ,Renewable power of the town,20,pro-rata\n"
               "outside,市外の再エネ,Renewable power from outside,30,pro-rata\n");
}

void ex_members_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(b, "pool,side,by,value\n"
               "waste,source,origin,waste\n"
               "waste,consumer,all,\n"
               "town,source,origin,in-town\n"
               "town,consumer,all,\n"
               "outside,source,origin,out-of-town\n"
               "outside,consumer,all,\n");
}

void ex_biogenic_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(b, "plant,share,from,to,source,mark\n");
    for (int i = 0; i < EX_PLANTS; i++)
        buf_printf(
            b,
            "%s,1,,2022-04-01,仮定。市は余剰の全量を数える / assumed: the city counts the whole surplus,g\n",
            ex_plants[i].id);
    for (int i = 0; i < EX_PLANTS; i++)
        buf_printf(
            b,
            "%s,0.5,2022-04-01,,\"about half was certified as biomass at one plant in 2013; illustrative\",s\n",
            ex_plants[i].id);
}

/* The area's mix by calendar year and direct factors by kind: facts as Electricity Maps publishes them (zone JP-TK,
 * shares of the power origin mix; default direct factors and whom they cite). "unknown" there is thermal here. */
void ex_mix_rows(buf *b)
{
    static const struct {
        const char *kind, *share[4]; /* 2021 .. 2024 */
        const char *g, *source;
    } mix[] = {
        {"biomass",     { "0.01112", "0.01238", "0.01379", "0.0141" },  "0",      "BEIS 2021"             },
        { "coal",       { "0.37601", "0.37439", "0.36551", "0.3676" },  "760",    "IPCC 2014"             },
        { "geothermal", { "0.00091", "0.00085", "0.00116", "0.00124" }, "0",      "IPCC 2014"             },
        { "hydro",      { "0.05829", "0.05753", "0.05589", "0.05676" }, "0",      "IPCC 2014"             },
        { "lng",        { "0.4241", "0.42026", "0.41075", "0.41304" },  "370",    "IPCC 2014"             },
        { "nuclear",    { "0.00012", "0.00033", "0.00055", "0.00067" }, "0",      "IPCC 2014"             },
        { "oil",        { "0.037", "0.03781", "0.03726", "0.03757" },   "406",    "EIA 2020 and BEIS 2021"},
        { "pumped",     { "0.00028", "0.00013", "0.00049", "0.00371" }, "329.21", "Electricity Maps 2021" },
        { "pv",         { "0.08544", "0.08965", "0.10661", "0.09707" }, "0",      "IPCC 2014"             },
        { "thermal",    { "0.00172", "0.00191", "0.00252", "0.00261" }, "575",    "assumed: any of them"  },
        { "wind",       { "0.00501", "0.00474", "0.00547", "0.00564" }, "0",      "IPCC 2014"             }
    };
    static const char *const claimed[] = { "biomass", "geothermal", "hydro", "pv", "wind" };
    for (size_t k = 0; k < sizeof claimed / sizeof *claimed; k++)
        buf_printf(
            b,
            "area-claimed,%s,,,1,share,仮定。価値は証書とメニューによる / assumed: its value goes with certificates and menus,g\n",
            claimed[k]);
    for (size_t k = 0; k < sizeof mix / sizeof *mix; k++)
        for (int y = 0; y < 4; y++) {
            char to[16] = "";
            if (y < 3)
                snprintf(to, sizeof to, "%d-01-01", 2022 + y);
            buf_printf(b,
                       "area-mix,%s,%d-01-01,%s,%s,share,\"Electricity Maps, JP-TK, origin mix of %d\",s\n",
                       mix[k].kind, 2021 + y, to, mix[k].share[y], 2021 + y);
        }
    for (size_t k = 0; k < sizeof mix / sizeof *mix; k++)
        buf_printf(b, "mix-factor,%s,,,%s,g/kWh,\"direct: %s, by Electricity Maps\",s\n", mix[k].kind,
                   mix[k].g, mix[k].source);
}

/* Which plant a kWh more comes from at a price of the market: a rule to show, the factors those of its fuel. */
void ex_marginal_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(b, "price_from_yen,price_to_yen,fuel,g_per_kwh,from,to,source,mark\n"
               ",0.1,pv,0,,,assumed: panels are being turned down,g\n"
               "0.1,6,coal,760,,,\"assumed range of prices; direct factor: IPCC 2014\",g\n"
               "6,20,lng,370,,,\"assumed range of prices; direct factor: IPCC 2014\",g\n"
               "20,,oil,406,,,\"assumed range of prices; direct factor: EIA 2020 and BEIS 2021\",g\n");
}

void ex_factors_csv(const ex_town *t, buf *b)
{
    (void)t;
    static const int g[4] = { 441, 429, 472, 455 };
    static const struct {
        int fy, average, alternative; /* 0: not known */
    } country[] = {
        {2019,  0,   470},
        { 2020, 0,   453},
        { 2021, 434, 441},
        { 2022, 438, 429},
        { 2023, 423, 0  }
    };
    buf_str(b, "supplier,menu,fy,kind,g_per_kwh,published,source,mark\n");
    for (int i = 0; i < 4; i++)
        for (int fy = 2021; fy <= 2023; fy++) {
            buf_printf(
                b,
                "%s,,%d,adjusted,%d,%d-01-20,架空の事業者、説明用の例 / invented supplier: illustrative,\n",
                ex_suppliers[i], fy, g[i] - 3 * (fy - 2021), fy + 2);
            buf_printf(
                b,
                "%s,%s-re100,%d,menu,0,%d-01-20,架空の事業者、説明用の例 / invented supplier: illustrative,\n",
                ex_suppliers[i], ex_suppliers[i], fy, fy + 2);
        }
    buf_str(b, "supplier-b,,2021,adjusted,430,2023-06-01,invented supplier: a correction as they happen,\n"
               "local,local-re100,2023,menu,0,2025-01-20,illustrative,\n");
    for (size_t i = 0; i < sizeof country / sizeof *country; i++) {
        if (country[i].average)
            buf_printf(
                b,
                ",,%d,average,%d,,原典未確認。公表一覧を取り込むこと / as recalled: load the official list,g\n",
                country[i].fy, country[i].average);
        if (country[i].alternative)
            buf_printf(
                b,
                ",,%d,alternative,%d,,原典未確認。公表一覧を取り込むこと / as recalled: load the official list,g\n",
                country[i].fy, country[i].alternative);
    }
}

/* Japan's table for the reports of large emitters: heat value and carbon, of FY2023 on and of before. */
static const struct fuel {
    const char *id, *ja, *unit, *gj, *tc, *old_gj, *old_tc; /* old NULL: not kept here */
} fuels[] = {
    {"coking-coal",        "輸入原料炭",             "t",       "28.7", "0.0246", NULL,   NULL    },
    { "steam-coal",        "輸入一般炭",             "t",       "26.1", "0.0243", NULL,   NULL    },
    { "anthracite",        "輸入無煙炭",             "t",       "27.8", "0.0259", NULL,   NULL    },
    { "coke",              "石炭コークス",          "t",       "29.0", "0.0299", NULL,   NULL    },
    { "petroleum-coke",    "石油コークス",          "t",       "34.1", "0.0245", NULL,   NULL    },
    { "crude-oil",         "原油",                      "kL",      "38.3", "0.0190", NULL,   NULL    },
    { "condensate",        "コンデンセート",       "kL",      "34.8", "0.0183", NULL,   NULL    },
    { "gasoline",          "揮発油",                   "kL",      "33.4", "0.0187", "34.6", "0.0183"},
    { "naphtha",           "ナフサ",                   "kL",      "33.3", "0.0186", NULL,   NULL    },
    { "jet-fuel",          "ジェット燃料油",       "kL",      "36.3", "0.0186", NULL,   NULL    },
    { "kerosene",          "灯油",                      "kL",      "36.5", "0.0187", "36.7", "0.0185"},
    { "diesel",            "軽油",                      "kL",      "38.0", "0.0188", "37.7", "0.0187"},
    { "fuel-oil-a",        "A重油",                     "kL",      "38.9", "0.0193", "39.1", "0.0189"},
    { "fuel-oil-bc",       "B・C重油",                 "kL",      "41.8", "0.0202", NULL,   NULL    },
    { "lubricant",         "潤滑油",                   "kL",      "40.2", "0.0199", NULL,   NULL    },
    { "lpg",               "LPG",                         "t",       "50.1", "0.0163", "50.8", "0.0161"},
    { "petroleum-gas",     "石油系炭化水素ガス", "1000 m3", "46.1", "0.0144", NULL,   NULL    },
    { "lng",               "LNG",                         "t",       "54.7", "0.0139", "54.6", "0.0135"},
    { "natural-gas",       "天然ガス",                "1000 m3", "38.4", "0.0139", NULL,   NULL    },
    { "coke-oven-gas",     "コークス炉ガス",       "1000 m3", "18.4", "0.0109", NULL,   NULL    },
    { "blast-furnace-gas", "高炉ガス",                "1000 m3", "3.23", "0.0264", NULL,   NULL    },
    { "city-gas",          "都市ガス",                "1000 m3", "40.0", "0.0140", "45.0", "0.0136"}
};

void ex_fuels_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(b, "fuel,name_ja,unit,gj_per_unit,tc_per_gj,from,to,source,mark\n");
    for (size_t i = 0; i < sizeof fuels / sizeof *fuels; i++) {
        const struct fuel *f = &fuels[i];
        if (f->old_gj)
            buf_printf(
                b,
                "%s,%s,%s,%s,%s,2010-04-01,2023-04-01,温対法 算定省令 別表第1(2010年度から2022年度の実績) / act on global warming: table 1 of its order (results of FY2010 to FY2022),v\n",
                f->id, f->ja, f->unit, f->old_gj, f->old_tc);
        buf_printf(
            b,
            "%s,%s,%s,%s,%s,2023-04-01,,温対法 算定省令 別表第1(2023年度実績から) / act on global warming: table 1 of its order (results of FY2023 on),v\n",
            f->id, f->ja, f->unit, f->gj, f->tc);
    }
}
