/* files.c: the made town as the files of a region directory (docs/formats/region.md). */
#include <math.h>
#include <string.h>

#include "town/example/parts.h"

static void kilo(buf *b, int64_t v) /* W as kW, Wh as kWh */
{
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(v, 3, text);
    buf_str(b, text);
}

static void degrees(buf *b, int32_t e6)
{
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(e6, 6, text);
    buf_str(b, text);
}

static void region_yaml(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(
        b, "# The example town. Illustrative: docs/example-town.md says what is measured (the load shapes),\n"
           "# what is published (published.csv) and what is made by a formula (all the rest).\n"
           "format: 1\n"
           "id: kawasaki\n"
           "name_ja: 川崎市(見本)\n"
           "name_en: Kawasaki (example)\n"
           "offset_slots: 18\n");
    buf_printf(b, "latitude: %.4f\nlongitude: %.4f\n", EX_LAT, EX_LON);
    buf_str(
        b,
        "market_area: jepx-tokyo\n"
        "# t-CO2: the national average of FY2023 as recalled; load the official list before you rely on it\n"
        "grid_g_per_kwh: 423\n"
        "grid_unverified: yes\n"
        "clock_start: 2021-07-05\n"
        "# /public shows these figures to everybody, the first one large\n"
        "public_page: yes\n"
        "public_figures: net-zero-rate re-supply city-ghg city-ghg-vs-2013 hall-ghg re-capacity leading-total home-pv\n"
        "map_file: wards.geojson\n"
        "map_note: 区の形は模式図です(実際の境界ではありません) / schematic wards, not their real outlines\n");
}

static void name(buf *b, const ex_facility *f, bool ja)
{
    const ex_ward *w = &ex_wards[f->ward];
    bool one = f->number == 0;
    if (ja)
        buf_printf(b, "%s%s%s", w->ja, one && strcmp(f->kind->id, "ward-office") == 0 ? "" : " ",
                   f->kind->ja);
    else if (strcmp(f->kind->id, "ward-office") == 0)
        buf_printf(b, "%s Office", w->en);
    else
        buf_printf(b, "%s %s", w->en, f->kind->en);
    if (!one)
        buf_printf(b, " %02d", f->number);
}

static void facilities_csv(const ex_town *t, buf *b)
{
    static const char *const judged[] = { "", "no", "yes" };
    buf_str(
        b,
        "id,name_ja,name_en,kind,owner_code,bureau,entity,ward,group,latitude,longitude,floor_m2,pv_installable\n");
    for (int i = 0; i < t->nfacility; i++) {
        const ex_facility *f = &t->facility[i];
        bool private = f->kind->flags & EX_PRIVATE;
        buf_printf(b, "%s,", f->id);
        name(b, f, true);
        buf_char(b, ',');
        name(b, f, false);
        buf_printf(b, ",%s,%c-%05d,%s,", f->kind->id, private ? 'P' : 'K', 10000 + i * 7, f->kind->bureau);
        if (private)
            buf_printf(b, "民間事業者 %02d", t->nfacility - i);
        else
            buf_str(b, strstr(f->kind->bureau, "上下水道") ? f->kind->bureau : "川崎市");
        buf_printf(b, ",%s,%s,", ex_wards[f->ward].ja, private ? "private" : "public");
        degrees(b, f->lat_e6);
        buf_char(b, ',');
        degrees(b, f->lon_e6);
        buf_printf(b, ",%d,%s\n", f->floor_m2, judged[f->installable + 1]);
    }
}

static bool has_building(const ex_facility *f)
{
    return f->floor_m2 >= 100;
}

static int built(const ex_town *t, int f)
{
    return 1962 + (int)(56 * ex_chance(t, EX_R_SITE, (uint64_t)f, 4));
}

static void building(buf *b, const ex_facility *f, const char *letter, const char *ja, const char *en,
                     int32_t floor_m2, int year)
{
    buf_printf(b, "%s-%s,", f->id, letter);
    name(b, f, true);
    buf_printf(b, " %s,", ja);
    name(b, f, false);
    buf_printf(b, " %s,%d,%d\n", en, floor_m2, year);
}

/* One building a facility, and the gymnasium of a school with two points. */
static void buildings_csv(const ex_town *t, buf *b)
{
    buf_str(b, "id,name_ja,name_en,floor_m2,built\n");
    for (int i = 0; i < t->nfacility; i++) {
        const ex_facility *f = &t->facility[i];
        if (!has_building(f))
            continue;
        bool hall = t->point[f->point].facility == i && f->point + 1 < t->npoint &&
                    t->point[f->point + 1].facility == i;
        int32_t gym = hall ? f->floor_m2 / 5 : 0;
        building(b, f, "a", hall ? "校舎" : "本館", "main building", f->floor_m2 - gym, built(t, i));
        if (hall)
            building(b, f, "g", "体育館", "gymnasium", gym, built(t, i) + 9);
    }
}

static void suppliers_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(b, "id,name_ja,name_en\n"
               "supplier-a,小売電気事業者A(架空),Supplier A (invented)\n"
               "supplier-b,小売電気事業者B(架空),Supplier B (invented)\n"
               "supplier-c,小売電気事業者C(架空),Supplier C (invented)\n"
               "supplier-d,小売電気事業者D(架空),Supplier D (invented)\n"
               "local,地域エネルギー会社,Local energy company\n");
}

static void menus_csv(const ex_town *t, buf *b)
{
    (void)t;
    static const int g[4] = { 441, 429, 472, 455 };
    buf_str(b, "id,name_ja,name_en,supplier,renewable_share,g_per_kwh,unverified\n");
    for (int i = 0; i < 4; i++)
        buf_printf(b,
                   "%s-standard,標準メニュー(架空),Standard menu (invented),%s,0,%d,yes\n"
                   "%s-re100,再エネ100%%メニュー(架空),100 %% renewable menu (invented),%s,1,0,yes\n",
                   ex_suppliers[i], ex_suppliers[i], g[i], ex_suppliers[i], ex_suppliers[i]);
    buf_str(
        b,
        "local-re100,市内再エネ100%メニュー(架空),100 % in-city renewable menu (invented),local,1,0,yes\n");
}

static void tariffs_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(
        b,
        "id,name_ja,name_en,base_yen_per_kw,power_factor_pct,export_yen_per_kwh,measured_demand,unverified\n"
        "high-tou,高圧 季節別時間帯別 500kW未満(見本),\"High voltage, time of use, under 500 kW (illustrative)\",1850,100,8.5,yes,yes\n"
        "high-large,高圧 季節別時間帯別 500kW以上(見本),\"High voltage, time of use, 500 kW and more (illustrative)\",1950,100,8.5,no,yes\n"
        "low,低圧(見本),Low voltage (illustrative),1150,0,8.5,yes,yes\n"
        "lamp,定額電灯(見本),Lamps without a meter (illustrative),0,0,0,no,yes\n"
        "high-market,高圧 市場連動(見本),\"High voltage, market-linked (illustrative)\",1650,100,8.5,yes,yes\n"
        "wheeling-low,託送 低圧(見本),Wheeling at low voltage (illustrative),0,0,0,yes,yes\n"
        "wheeling-high,託送 高圧(見本),Wheeling at high voltage (illustrative),0,0,0,yes,yes\n");
}

static void rates_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(b, "tariff,months,days,time_from,time_to,yen_per_kwh\n"
               "high-tou,7-9,weekday saturday,13:00,16:00,27.5\n"
               "high-tou,7-9,weekday saturday,8:00,22:00,25\n"
               "high-tou,,weekday saturday,8:00,22:00,22.5\n"
               "high-tou,,,,,15.8\n"
               "high-large,7-9,weekday saturday,13:00,16:00,26\n"
               "high-large,7-9,weekday saturday,8:00,22:00,23.5\n"
               "high-large,,weekday saturday,8:00,22:00,21.2\n"
               "high-large,,,,,15.1\n"
               "wheeling-low,,,,,7.45\n"
               "wheeling-high,,,,,2.3\n"
               "low,7-9,,,,28.5\n"
               "low,,,,,26.8\n"
               "lamp,,,,,24\n"
               "high-market,,,,,19\n");
}

/* ---- the tree: the wards, and in three of them a feeder of the high-voltage sites that have a battery ---- */

static const char *const feeder_wards[] = { "takatsu", "saiwai", "nakahara" };
enum { FEEDERS = sizeof feeder_wards / sizeof *feeder_wards, FEEDER_SITE_W = 300000 };

static const ex_ward *ward_of(const ex_town *t, const ex_point *p)
{
    return &ex_wards[t->facility[p->facility].ward];
}

static bool on_feeder(const ex_town *t, const ex_point *p)
{
    bool has = p->battery >= 0 && p->voltage == MIZO_HIGH && p->contract_w < FEEDER_SITE_W;
    for (int i = 0; i < FEEDERS && has; i++)
        if (strcmp(ward_of(t, p)->id, feeder_wards[i]) == 0)
            return true;
    return false;
}

/* A share of what its sites have drawn at most, each at its own time, to 5 kW. */
static int64_t feeder_share_w(const ex_town *t, const char *ward, int percent)
{
    int64_t sum = 0;
    for (int i = 0; i < t->npoint; i++)
        if (on_feeder(t, &t->point[i]) && strcmp(ward_of(t, &t->point[i])->id, ward) == 0)
            sum += t->point[i].standing_w;
    return sum * percent / 100 / 5000 * 5000;
}

/* Two thirds of the sum of their peaks: on a hot afternoon, or when all vans charge at once, that is not enough. */
static void nodes_csv(const ex_town *t, buf *b)
{
    enum { LIMIT_PERCENT = 67 };
    buf_str(b, "id,name_ja,name_en,parent,kind,import_kw,export_kw,over_yen_per_kwh\n");
    for (int i = 0; i < EX_WARDS; i++)
        buf_printf(b, "ward-%s,%s,%s,,,,,\n", ex_wards[i].id, ex_wards[i].ja, ex_wards[i].en);
    for (int i = 0; i < EX_WARDS; i++) {
        int64_t limit = feeder_share_w(t, ex_wards[i].id, LIMIT_PERCENT);
        if (!limit)
            continue; /* no feeder is looked at there */
        buf_printf(b, "feeder-%s,%s 配電線(見本),%s feeder (illustrative),ward-%s,physical,", ex_wards[i].id,
                   ex_wards[i].ja, ex_wards[i].en, ex_wards[i].id);
        kilo(b, limit);
        buf_str(b, ",,\n");
    }
}

/* One call: a hot Thursday afternoon on which the feeder of Takatsu is asked for what its batteries can just give. */
static void obligations_csv(const ex_town *t, buf *b)
{
    enum { CALL_PERCENT = 38 };
    buf_str(b,
            "node,name_ja,name_en,from,to,time_from,time_to,import_kw,export_kw,over_yen_per_kwh\n"
            "feeder-takatsu,夏の午後の要請(見本),Summer afternoon call (illustrative),2021-07-15,2021-07-16,"
            "13:00,16:00,");
    kilo(b, feeder_share_w(t, "takatsu", CALL_PERCENT));
    buf_str(b, ",,60\n");
}

static void points_csv(const ex_town *t, buf *b)
{
    static const char *const reading[] = { "slot", "period", "lamp" };
    buf_str(b, "id,number,voltage,reading,tariff,contract_kw,standing_kw,export,node\n");
    for (int i = 0; i < t->npoint; i++) {
        const ex_point *p = &t->point[i];
        buf_printf(b, "%s,03%020d,%s,%s,%s,", p->id, 900000 + i, mizo_voltage_word(p->voltage),
                   reading[p->reading], p->tariff);
        kilo(b, p->contract_w);
        buf_char(b, ',');
        kilo(b, p->standing_w);
        buf_printf(b, ",%s,%s-%s\n", p->export_allowed ? "yes" : "no", on_feeder(t, p) ? "feeder" : "ward",
                   ward_of(t, p)->id);
    }
}

/* One meter a point that is read by the half-hour; their terms end over the ten years ahead, of a few this summer. Every
 * two-hundredth was changed in the middle of June. */
static void meters_csv(const ex_town *t, buf *b)
{
    buf_str(b, "id,point,serial,kind,multiplier,verified_until,from,to\n");
    for (int i = 0; i < t->npoint; i++) {
        const ex_point *p = &t->point[i];
        bool low = p->voltage == MIZO_LOW, changed = i % 200 == 99;
        int years = low ? 10 : 7; /* behind a transformer seven years, else ten */
        const char *kind = low ? "direct,1" : "transformer,120";
        if (p->reading != MIZO_BY_SLOT)
            continue;
        if (changed)
            buf_printf(b, "m-%s-old,%s,E-%05d,%s,2021-07-01,2014-06-20,2021-06-15\n", p->id, p->id, 40000 + i,
                       kind);
        buf_printf(b, "m-%s,%s,E-%05d,%s,", p->id, p->id, 50000 + i, kind);
        if (i % 300 == 7)
            buf_str(b, "2021-09-01,");
        else
            buf_printf(b, "%d-%02d-01,", 2022 + (changed ? years - 1 : i % years), 1 + i * 5 % 12);
        buf_printf(b, "%s,\n", changed ? "2021-06-15" : "2019-04-01");
    }
}

static void use(const ex_town *t, int f, const ex_point *p, int32_t ppm, buf *b)
{
    const ex_facility *x = &t->facility[f];
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(ppm, 6, text);
    buf_printf(b, "%s,", x->id);
    if (has_building(x))
        buf_printf(b, "%s-%s", x->id, p != &t->point[x->point] ? "g" : "a");
    buf_printf(b, ",%s,%s\n", p->id, text);
}

static void uses_csv(const ex_town *t, buf *b)
{
    buf_str(b, "facility,building,point,share\n");
    for (int i = 0; i < t->npoint; i++) {
        const ex_point *p = &t->point[i];
        use(t, p->facility, p, p->share_ppm, b);
        if (p->shared >= 0)
            use(t, p->shared, p, MIZO_PPM - p->share_ppm, b);
    }
}

static void supply_csv(const ex_town *t, buf *b)
{
    buf_str(b, "point,menu,from,to\n");
    for (int i = 0; i < t->npoint; i++) {
        const ex_point *p = &t->point[i];
        const char *menu[2] = { p->green[0] ? "re100" : "standard", p->green[1] ? "re100" : "standard" };
        const char *s0 = ex_suppliers[p->supplier[0]], *s1 = ex_suppliers[p->supplier[1]];
        buf_printf(b, "%s,%s-standard,2020-04-01,2022-04-01\n", p->id, s0);
        buf_printf(b, "%s,%s-%s,2022-04-01,2023-04-01\n", p->id, s0, menu[0]);
        buf_printf(b, "%s,%s-%s,2023-04-01,%s\n", p->id, s1, menu[1], p->local ? "2024-04-01" : "");
        if (p->local)
            buf_printf(b, "%s,local-re100,2024-04-01,\n", p->id);
    }
}

static void pv_csv(const ex_town *t, buf *b)
{
    buf_str(b, "id,point,dc_kw,ac_kw,tilt_deg,azimuth_deg,grant\n");
    for (int i = 0; i < t->npv; i++) {
        const ex_pv *v = &t->pv[i];
        buf_printf(b, "%s-pv,%s,", t->point[v->point].id, t->point[v->point].id);
        kilo(b, (int64_t)v->panel.dc_w);
        buf_char(b, ',');
        kilo(b, (int64_t)v->panel.ac_w);
        bool grant = v->point == t->depot || i % 3 == 0;
        buf_printf(b, ",%d,%d,%s\n", (int)v->panel.tilt, (int)v->panel.azimuth, grant ? "yes" : "no");
    }
}

static void batteries_csv(const ex_town *t, buf *b)
{
    buf_str(b, "id,point,energy_kwh,charge_kw,discharge_kw,soc_min,soc_max,reserve,charge_efficiency,"
               "discharge_efficiency,wear_yen_per_kwh\n");
    for (int i = 0; i < t->nbattery; i++) {
        const ex_battery *x = &t->battery[i];
        buf_printf(b, "%s-b1,%s,", t->point[x->point].id, t->point[x->point].id);
        kilo(b, x->energy_wh);
        buf_char(b, ',');
        kilo(b, x->power_w);
        buf_char(b, ',');
        kilo(b, x->power_w);
        buf_str(b, ",0.1,0.95,");
        kilo(b, x->reserve_ppm / 1000);
        buf_str(b, ",0.955,0.955,2\n");
    }
}

static void chargers_csv(const ex_town *t, buf *b)
{
    buf_str(b, "id,point,max_kw,min_kw,efficiency\n");
    for (int i = 0; i < EX_VANS; i++)
        buf_printf(b, "charger-%02d,%s,6,0,0.9\n", i + 1, t->point[t->depot].id);
}

static void vehicles_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(b, "id,charger,energy_kwh\n");
    for (int i = 0; i < EX_VANS; i++)
        buf_printf(b, "van-%02d,charger-%02d,41\n", i + 1, i + 1);
}

static void plants_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(b, "id,name_ja,name_en,capacity_kw,biogenic_share\n");
    for (int i = 0; i < EX_PLANTS; i++)
        buf_printf(b, "%s,%s,%s,%d,1\n", ex_plants[i].id, ex_plants[i].ja, ex_plants[i].en,
                   ex_plants[i].capacity_w / 1000);
}

/* Of every kind of facility whose readings keep the terms, as the readings are made. */
static void terms_csv(const ex_town *t, buf *b)
{
    static const struct {
        const char *ja, *en, *from, *to;
        int years; /* from one year into the next */
    } term[] = {
        {"春季休業",  "Spring holidays", "03-26", "04-06", 0},
        { "夏季休業", "Summer holidays", "07-21", "09-01", 0},
        { "冬季休業", "Winter holidays", "12-25", "01-07", 1}
    };
    int year = mizo_day_date(t->first).year;
    buf_str(b, "kind,name_ja,name_en,from,to,source\n");
    for (size_t n = 0; ex_kind_at(n); n++)
        for (int y = year - 1; y <= year + 1 && ex_kind_at(n)->flags & EX_TERMS; y++)
            for (size_t i = 0; i < sizeof term / sizeof *term; i++)
                buf_printf(b, "%s,%s,%s,%d-%s,%d-%s,assumed: as the example's readings are made\n",
                           ex_kind_at(n)->id, term[i].ja, term[i].en, y, term[i].from, y + term[i].years,
                           term[i].to);
}

/* kW that a plant sends out with both furnaces, from its year and the weeks in which it did not burn in full. */
static int64_t full_kw(const ex_plant *p)
{
    double days = 365;
    for (int k = 0; k < 2; k++)
        days -= p->stop[k][1] - p->stop[k][0] + 0.52 * (p->half[k][1] - p->half[k][0]);
    return (int64_t)((double)p->year_wh / (24000 * days) + 0.5);
}

/* Two furnaces, of which one is looked after in the weeks of `half`. */
static void furnaces_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(b, "plant,furnace,capacity_kw,own_use_kw,trips_per_1000h,repair_hours\n");
    for (int i = 0; i < EX_PLANTS; i++) {
        int64_t full = full_kw(&ex_plants[i]);
        buf_printf(b, "%s,a,%lld,0,0.5,8\n", ex_plants[i].id, (long long)full * 48 / 100);
        buf_printf(b, "%s,b,%lld,0,0.5,8\n", ex_plants[i].id, (long long)full * 52 / 100);
    }
}

static void put_burn(const ex_town *t, const char *plant, const char *furnace, const char *state,
                     const int span[2], buf *b)
{
    char from[MIZO_DATE_TEXT], to[MIZO_DATE_TEXT];
    mizo_day_text(t->first + span[0], from);
    mizo_day_text(t->first + span[1], to);
    buf_printf(b, "%s,%s,%s,%s,%s\n", plant, furnace, state, from, to);
}

static void plant_schedule_csv(const ex_town *t, buf *b)
{
    buf_str(b, "plant,furnace,state,from,to\n");
    for (int i = 0; i < EX_PLANTS; i++)
        for (int k = 0; k < 2; k++) {
            put_burn(t, ex_plants[i].id, "", "outage", ex_plants[i].stop[k], b);
            put_burn(t, ex_plants[i].id, "b", "maintenance", ex_plants[i].half[k], b);
        }
}

static void reported_csv(const ex_town *t, buf *b)
{
    buf_str(b, "facility,fy,on\n");
    for (int i = 0; i < t->nfacility; i++)
        for (int j = 0; j < 2; j++) {
            char text[MIZO_DATE_TEXT] = "";
            if (t->facility[i].reported[j] != MIZO_DAY_NONE)
                mizo_day_text(t->facility[i].reported[j], text);
            buf_printf(b, "%s,%d,%s\n", t->facility[i].id, 2022 + j, text);
        }
}

static void lamps_csv(const ex_town *t, buf *b)
{
    buf_str(b, "point,watts,count,hours_a_day\n");
    for (int i = 0; i < t->npoint; i++)
        if (t->point[i].reading == MIZO_BY_LAMP)
            buf_printf(b, "%s,%d,%d,%d.%02d\n", t->point[i].id, t->point[i].lamp_w, t->point[i].lamps,
                       EX_LAMP_MINUTES / 60, EX_LAMP_MINUTES % 60 * 100 / 60);
}

/* region.yaml is written last: without it the directory is no region yet. */
static const struct {
    const char *name;
    void (*write)(const ex_town *t, buf *b);
} files[] = {
    {"facilities.csv",      facilities_csv    },
    { "buildings.csv",      buildings_csv     },
    { "suppliers.csv",      suppliers_csv     },
    { "menus.csv",          menus_csv         },
    { "tariffs.csv",        tariffs_csv       },
    { "rates.csv",          rates_csv         },
    { "nodes.csv",          nodes_csv         },
    { "obligations.csv",    obligations_csv   },
    { "points.csv",         points_csv        },
    { "meters.csv",         meters_csv        },
    { "uses.csv",           uses_csv          },
    { "supply.csv",         supply_csv        },
    { "pv.csv",             pv_csv            },
    { "batteries.csv",      batteries_csv     },
    { "chargers.csv",       chargers_csv      },
    { "vehicles.csv",       vehicles_csv      },
    { "plants.csv",         plants_csv        },
    { "reported.csv",       reported_csv      },
    { "lamps.csv",          lamps_csv         },
    { "furnaces.csv",       furnaces_csv      },
    { "plant-schedule.csv", plant_schedule_csv},
    { "terms.csv",          terms_csv         },
    { "pools.csv",          ex_pools_csv      },
    { "pool-members.csv",   ex_members_csv    },
    { "biogenic.csv",       ex_biogenic_csv   },
    { "factors.csv",        ex_factors_csv    },
    { "fuels.csv",          ex_fuels_csv      },
    { "marginal.csv",       ex_marginal_csv   },
    { "parties.csv",        ex_parties_csv    },
    { "groups.csv",         ex_groups_csv     },
    { "sources.csv",        ex_sources_csv    },
    { "params.csv",         ex_params_csv     },
    { "roundings.csv",      ex_roundings_csv  },
    { "charges.csv",        ex_charges_csv    },
    { "contracts.csv",      ex_contracts_csv  },
    { "duties.csv",         ex_duties_csv     },
    { "processes.csv",      ex_processes_csv  },
    { "sheets.csv",         ex_sheets_csv     },
    { "issuers.csv",        ex_issuers_csv    },
    { "banking.csv",        ex_banking_csv    },
    { "purchases.csv",      ex_purchases_csv  },
    { "ledger.csv",         ex_ledger_csv     },
    { "region.yaml",        region_yaml       }
};

const char *ex_file(const ex_town *t, int i, buf *out)
{
    if (i < 0)
        return NULL;
    buf_clear(out);
    if (i < ex_city_files) {
        buf_str(out, ex_city[i].text);
        return ex_city[i].name;
    }
    i -= ex_city_files;
    if ((size_t)i >= sizeof files / sizeof *files)
        return NULL;
    files[i].write(t, out);
    return files[i].name;
}
