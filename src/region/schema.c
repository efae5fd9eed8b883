/* schema.c: the rows themselves, and the page that is printed from them. */
#include "region/schema.h"

#include <string.h>

const file_row region_files[FILE_COUNT] = {
#define X(name, file, type, kind, needed, en, ja)                                                            \
    [FILE_##name] = { file, kind, needed, sizeof(type), en, ja },
    REGION_FILES(X)
#undef X
};

const char *const region_no_yes[] = { "no", "yes", NULL };
static const char *const groups[] = { "public", "private", NULL };
static const char *const voltages[] = { "low", "high", "extra-high", NULL };
static const char *const readings[] = { "slot", "period", "lamp", "virtual", NULL };
static const char *const daytypes[] = { "weekday", "saturday", "holiday", "quiet", NULL };
static const char *const burning[] = { "burn", "reduced", "maintenance", "outage", NULL };
static const char *const store_kinds[] = { "battery", "heater", "hydrogen", NULL };
static const char *const load_kinds[] = { "run", "draw", NULL };
static const char *const node_kinds[] = { "physical", "obligation", NULL };
static const char *const party_kinds[] = { "public",    "firm",     "household", "retailer",
                                           "generator", "operator", NULL };
static const char *const marks[] = { "own", "v", "s", "g", "c", NULL };
static const char *const hows[] = { "none", "half-up", "cut", "down", "up", NULL };
#define X(name, word, ...) word,
static const char *const charge_kinds[] = { MIZO_CHARGE_KINDS(X) NULL };
static const char *const steps[] = { MIZO_ROUND_STEPS(X) NULL };
#undef X
static const char *const meter_kinds[] = { "direct", "transformer", "notified", NULL };
static const char *const bg_kinds[] = { "demand", "generation", "self-wheeling", NULL };
static const char *const bg_roles[] = { "member", "parent", "alone", NULL };
static const char *const bg_splits[] = { "deviation", "volume", "direct", NULL };
static const char *const bg_files[] = { "person", "machine", NULL };
static const char *const source_kinds[] = { "own-plant",     "ppa",    "base-load",   "bilateral",
                                            "backup",        "market", "fit-special", "post-fit",
                                            "self-wheeling", "dr",     "sale",        NULL };
static const char *const source_amounts[] = { "fixed", "produced", "notified", "rest", NULL };
static const char *const carriers[] = { "waste", "solar", "wind", "hydro", "biomass", "other", NULL };
static const char *const plant_origins[] = { "in-town", "out-of-town", NULL };
static const char *const promises[] = { "by-share", "re", "effective", "mix", "none", NULL };
static const char *const pool_rules[] = { "pro-rata", "priority", "contract", NULL };
static const char *const pool_sides[] = { "source", "consumer", NULL };
static const char *const member_by[] = { "all",  "origin", "source",   "kind",  "group",
                                         "menu", "party",  "contract", "point", NULL };
static const char *const factor_kinds[] = { "raw",      "basic",   "adjusted",    "menu",
                                            "residual", "average", "alternative", NULL };
static const char *const deposits[] = { "ordinary", "current", "savings", NULL };
static const char *const purchase_kinds[] = { "ppa", "surplus", "fit-special", "bilateral", NULL };
static const char *const measures[] = { "generation", "export", "self-use", NULL };
static const char *const duty_every[] = { "month", "quarter", "half", "fy", "year", NULL };
static const char *const duty_shifts[] = { "none", "next", "before", NULL };
static const char *const sheet_units[] = { "kwh",     "mwh",        "yen", "thousand-yen", "count",
                                           "percent", "kg-per-kwh", "gj",  "kl-oil",       "t-co2",
                                           "l",       "kl",         "m3",  "thousand-m3",  "kg",
                                           "t",       "mj",         NULL };
static const char *const sheet_items[] = { "generation",
                                           "demand",
                                           "contracts",
                                           "bills",
                                           "sales-kwh",
                                           "sales-yen",
                                           "levy-yen",
                                           "levy-kwh",
                                           "menu-kwh",
                                           "menu-re-kwh",
                                           "menu-re-share",
                                           "menu-fit-kwh",
                                           "menu-fit-share",
                                           "menu-waste-kwh",
                                           "menu-waste-share",
                                           "menu-other-kwh",
                                           "menu-other-share",
                                           "menu-certificate-kwh",
                                           "menu-certificate-share",
                                           "menu-factor",
                                           "entity-kwh",
                                           "entity-self-kwh",
                                           "entity-amount",
                                           "entity-gj",
                                           "entity-kl",
                                           "entity-basic",
                                           "entity-adjusted",
                                           "entity-co2",
                                           "entity-energy-basic",
                                           "entity-energy-adjusted",
                                           "entity-all-basic",
                                           "entity-all-adjusted",
                                           "grant-jobs",
                                           "grant-cost-yen",
                                           "grant-award-yen",
                                           "grant-spent-yen",
                                           "grant-made-kwh",
                                           "grant-used-kwh",
                                           "grant-saved",
                                           NULL };
static const char *const notation_keys[] = { "no", "ne", "ie", "c", NULL };
#define X(word, en, ja) #word,
static const char *const bases[] = { MIZO_BASES(X) NULL };
#undef X
static const char *const vintages[] = { "final", "provisional", "revised", NULL };
static const char *const inventory_kinds[] = { "area", "operator", "example", NULL };
static const char *const inventory_parts[] = { "other",      "total",         "change", "capacity",
                                               "subsidised", "subsidised-kw", NULL };
static const char *const better_words[] = { "none", "up", "down", NULL };
static const char *const goal_rules[] = { "at-least", "at-most", NULL };
static const char *const scales[] = { "status", "direction", NULL };
static const char *const others[] = { "any", "better", "forward", NULL };
static const char *const roundings_of_figures[] = { "half-up", "cut", "down", "up", "half-even", NULL };
static const char *const exactness[] = { "exact", "rounded", "definition", NULL };

const char *mizo_voltage_word(mizo_voltage v)
{
    return voltages[v];
}

/* clang-format off */
#define AT(type, member) .offset = offsetof(type, member), .width = sizeof(((type *)0)->member)
#define HELP(en, ja) .help_en = en, .help_ja = ja
#define NEEDED .needed = true
#define RANGE(lo, hi) .least = (lo), .most = (hi)
#define KW(lo) .kind = FIELD_NUMBER, .digits = 3, RANGE(lo, 2000000000) /* to 2 GW, in W */
#define SHARE .kind = FIELD_NUMBER, .digits = 6, RANGE(0, MIZO_PPM)
#define EFFICIENCY .kind = FIELD_NUMBER, .digits = 6, RANGE(MIZO_PPM / 2, MIZO_PPM)
#define STORE_EFFICIENCY .kind = FIELD_NUMBER, .digits = 6, RANGE(300000, MIZO_PPM) /* a fuel cell gives 0.45 */
#define YEN .kind = FIELD_NUMBER, .digits = 3
#define YES_NO .kind = FIELD_WORD, .words = region_no_yes
#define VALUE_MOST INT64_C(4000000000000000000) /* four million million of any unit */
#define VALUE .kind = FIELD_NUMBER, .digits = 6, RANGE(-VALUE_MOST, VALUE_MOST)
#define SAID(f, type) { FILE_##f, "source", FIELD_TEXT, NEEDED, AT(type, source), HELP("where it was published", "出典") }
#define MICRO .kind = FIELD_NUMBER, .digits = 6
#define SOURCE(f, type) \
    { FILE_##f, "source", FIELD_TEXT, AT(type, source), HELP("where it was published, or that it is an example", "出典、または例示であること") }, \
    { FILE_##f, "mark", FIELD_WORD, AT(type, mark), .words = marks, HELP("how well it is known: v verified, s secondary source, g general knowledge, c computed; blank: own", "確度。v原典で確認、s二次資料、g一般知識、c計算。空欄は自らの定め") }
#define VALID(f, type) \
    { FILE_##f, "from", FIELD_FROM, AT(type, from), HELP("first day; blank: since ever", "最初の日。空欄は以前から") }, \
    { FILE_##f, "to", FIELD_TO, AT(type, to), HELP("first day on which it no longer holds; blank: until further notice", "終わった翌日。空欄は当面続く") }
#define NAMES(f, type) \
    { FILE_##f, "name_ja", FIELD_TEXT, AT(type, name_ja), HELP("name in Japanese", "日本語の名前") }, \
    { FILE_##f, "name_en", FIELD_TEXT, AT(type, name_en), HELP("name in English", "英語の名前") }
#define ID(f, type) { FILE_##f, "id", FIELD_ID, NEEDED, AT(type, id), HELP("text id, never used again for something else", "識別子。他のものに使い回さない") }
#define POINT(f, type) { FILE_##f, "point", FIELD_REF, NEEDED, AT(type, point), .to = FILE_POINTS, HELP("supply point", "供給地点") }

static const field_row fields[] = {
    { FILE_REGION, "format", .kind = FIELD_NUMBER, NEEDED, AT(region_head, format), RANGE(1, 1), HELP("version of this format", "この形式の版") },
    { FILE_REGION, "id", FIELD_NAME, NEEDED, AT(region_head, r.id), HELP("text id of the town", "まちの識別子") },
    { FILE_REGION, "name_ja", FIELD_TEXT, AT(region_head, r.name_ja), HELP("name in Japanese", "日本語の名前") },
    { FILE_REGION, "name_en", FIELD_TEXT, AT(region_head, r.name_en), HELP("name in English", "英語の名前") },
    { FILE_REGION, "offset_slots", .kind = FIELD_NUMBER, AT(region_head, r.offset), RANGE(-24, 28), .otherwise = MIZO_JAPAN_OFFSET, HELP("half-hours ahead of UTC; Japan 18", "UTCより何スロット(30分)進むか。日本は18") },
    { FILE_REGION, "latitude", .kind = FIELD_NUMBER, NEEDED, .digits = 6, AT(region_head, r.lat_e6), RANGE(-90000000, 90000000), HELP("degrees north", "緯度(度)") },
    { FILE_REGION, "longitude", .kind = FIELD_NUMBER, NEEDED, .digits = 6, AT(region_head, r.lon_e6), RANGE(-180000000, 180000000), HELP("degrees east", "経度(度)") },
    { FILE_REGION, "market_area", FIELD_NAME, AT(region_head, r.market_area), HELP("owner id of the market price series, such as jepx-tokyo", "市場価格の系列の識別子。jepx-tokyoなど") },
    { FILE_REGION, "weather_station", FIELD_NAME, AT(region_head, r.weather_station), HELP("owner id of the weather series that are the town's; blank: the town's id", "まちの気象の系列の識別子。空欄はまちの識別子") },
    { FILE_REGION, "weather_url", FIELD_TEXT, AT(region_head, r.weather_url), HELP("forecast service to ask, with `{lat}` and `{lon}` in it; blank: nothing is fetched", "気象予報のアドレス。{lat}と{lon}が座標になる。空欄は取得しない") },
    { FILE_REGION, "weather_every_hours", .kind = FIELD_NUMBER, AT(region_head, r.weather_every_hours), RANGE(1, 24), .otherwise = 6, HELP("how often it is asked, hours", "取得の間隔(時間)") },
    { FILE_REGION, "weather_note", FIELD_TEXT, AT(region_head, r.weather_note), HELP("whose data it is and its licence, shown with it", "データの出典とライセンス。併せて示す") },
    { FILE_REGION, "grid_g_per_kwh", .kind = FIELD_NUMBER, AT(region_head, r.grid_g_per_kwh), RANGE(0, 2000), HELP("CO2 factor of the grid, g/kWh (location-based)", "系統のCO2排出係数 g/kWh") },
    { FILE_REGION, "grid_unverified", YES_NO, AT(region_head, r.grid_unverified), HELP("yes: that factor has not been checked against its source", "yes: 係数を原典で確かめていない") },
    { FILE_REGION, "public_reading", YES_NO, AT(region_head, r.public_reading), HELP("yes: whoever reaches the server may read its pages and figures; no: others than this machine log in", "yes: サーバーに届く人は誰でもページと数値を読める。no: この機械以外からはログインが要る") },
    { FILE_REGION, "public_page", YES_NO, AT(region_head, r.public_page), HELP("yes: /public shows the town's result, without names of households or private persons, to everybody", "yes: /public でまちの成果を誰にでも示す(家庭や個人の名は出ない)") },
    { FILE_REGION, "public_figures", FIELD_TEXT, AT(region_head, r.public_figures), HELP("indicators (indicators.csv) that it shows, the headline first, with blanks between", "公開ページに出す指標(indicators.csv)。最初が見出し。空白区切り") },
    { FILE_REGION, "public_floor", .kind = FIELD_NUMBER, AT(region_head, r.public_floor), RANGE(2, 1000), .otherwise = 5, HELP("fewest facilities of a sum on that page; smaller groups are left out", "その公開ページで合計を出す施設数の下限。これより少ない区分は伏せる") },
    { FILE_REGION, "map_file", FIELD_TEXT, AT(region_head, r.map_file), HELP("outlines of the wards beside this file, GeoJSON: wards.geojson; blank: the map has points only", "区の境界のGeoJSON(このファイルの隣)。wards.geojsonなど。空欄は点だけの地図") },
    { FILE_REGION, "map_name", FIELD_TEXT, AT(region_head, r.map_name), HELP("property that names a ward as facilities.csv does: name, N03_004; blank: name", "区の名前の属性(facilities.csvのwardと同じ)。name、N03_004など。空欄はname") },
    { FILE_REGION, "map_name_en", FIELD_TEXT, AT(region_head, r.map_name_en), HELP("property with its English name; blank: name_en", "区の英語名の属性。空欄はname_en") },
    { FILE_REGION, "map_note", FIELD_TEXT, AT(region_head, r.map_note), HELP("whose outlines they are and their licence, or that they are schematic; shown under the map", "境界の出典とライセンス、または模式図であること。地図の下に示す") },
    { FILE_REGION, "clock_start", FIELD_TO, AT(region_head, r.clock_start), HELP("day on which a simulated clock begins; blank: the first reading", "模擬時計の始まる日。空欄は最初の実績") },
    { FILE_REGION, "feeder_kw", KW(0), AT(region_head, r.feeder_w), HELP("limit of the whole town's import, kW; 0: none", "まち全体の受電の上限kW。0はなし") },
    { FILE_REGION, "market_paid", YES_NO, AT(region_head, r.market_paid), HELP("yes: the town pays the market (market_area) for what it buys, and rates.csv holds network and levies only; plans count both. no: rates.csv holds all that is paid", "yes: まちは買う電力の市場価格を別に払い、rates.csvは託送料と賦課金だけ。計画は両方を数える。no: rates.csvがすべて") },
    { FILE_REGION, "town_peak_yen_per_kw", YEN, AT(region_head, r.town_peak_myen_per_kw), RANGE(0, 1000000000), HELP("price of each kW of the town's highest half-hour of purchase above town_standing_kw, for as long as it will stand; blank: 0", "まちの買電の最大30分がtown_standing_kwを超える1kWごとの費用(続く期間の全額)。空欄は0") },
    { FILE_REGION, "town_standing_kw", KW(0), AT(region_head, r.town_standing_w), HELP("peak of the town's purchase that is paid for already, kW", "支払い済みのまちの買電の最大kW") },
    { FILE_REGION, "carbon_yen_per_t", .kind = FIELD_NUMBER, AT(region_head, r.carbon_yen_per_t), RANGE(0, 1000000), HELP("price of a tonne of CO2 of what the town buys (grid_g_per_kwh), counted by plans; blank: 0", "まちの買電のCO2 1トンの価格(grid_g_per_kwh)。計画が数える。空欄は0") },
    { FILE_REGION, "unmatched_yen_per_kwh", YEN, AT(region_head, r.unmatched_myen), RANGE(0, 1000000), HELP("wish for supply of its own by the half-hour: what plans count on top for each kWh that the town must buy; blank: 0", "30分ごとの地産地消の望み。まちが買う1kWhごとに計画が加える額。空欄は0") },

    ID(FACILITIES, mizo_facility),
    NAMES(FACILITIES, mizo_facility),
    { FILE_FACILITIES, "kind", FIELD_NAME, NEEDED, AT(mizo_facility, kind), HELP("what it is: school, ward-office, library, depot ...", "種類。school、ward-office、library、depotなど") },
    { FILE_FACILITIES, "owner_code", FIELD_TEXT, AT(mizo_facility, owner_code), HELP("code in the owner's asset register", "所有者の資産台帳の番号") },
    { FILE_FACILITIES, "bureau", FIELD_TEXT, AT(mizo_facility, bureau), HELP("bureau in charge", "所管局") },
    { FILE_FACILITIES, "entity", FIELD_TEXT, AT(mizo_facility, entity), HELP("who reports for it", "報告する者") },
    { FILE_FACILITIES, "ward", FIELD_TEXT, AT(mizo_facility, ward), HELP("ward", "区") },
    { FILE_FACILITIES, "group", FIELD_WORD, AT(mizo_facility, group), .words = groups, HELP("whose it is", "公共か民間か") },
    { FILE_FACILITIES, "latitude", .kind = FIELD_NUMBER, .digits = 6, AT(mizo_facility, lat_e6), RANGE(-90000000, 90000000), HELP("degrees north; blank: unknown", "緯度(度)。空欄は不明") },
    { FILE_FACILITIES, "longitude", .kind = FIELD_NUMBER, .digits = 6, AT(mizo_facility, lon_e6), RANGE(-180000000, 180000000), HELP("degrees east; blank: unknown", "経度(度)。空欄は不明") },
    { FILE_FACILITIES, "floor_m2", .kind = FIELD_NUMBER, AT(mizo_facility, floor_m2), RANGE(0, 10000000), HELP("floor area, m2", "延床面積 m2") },
    { FILE_FACILITIES, "pv_installable", YES_NO, AT(mizo_facility, pv_installable), .otherwise = -1, HELP("solar can be put on it; blank: not yet judged", "太陽光を載せられるか。空欄は未判定") },
    VALID(FACILITIES, mizo_facility),

    ID(BUILDINGS, mizo_building),
    NAMES(BUILDINGS, mizo_building),
    { FILE_BUILDINGS, "floor_m2", .kind = FIELD_NUMBER, AT(mizo_building, floor_m2), RANGE(0, 10000000), HELP("floor area, m2", "延床面積 m2") },
    { FILE_BUILDINGS, "built", .kind = FIELD_NUMBER, AT(mizo_building, built), RANGE(0, 2199), HELP("year; blank: unknown", "建築年。空欄は不明") },

    ID(SUPPLIERS, mizo_supplier),
    NAMES(SUPPLIERS, mizo_supplier),

    ID(MENUS, mizo_menu),
    NAMES(MENUS, mizo_menu),
    { FILE_MENUS, "supplier", FIELD_REF, NEEDED, AT(mizo_menu, supplier), .to = FILE_SUPPLIERS, HELP("who sells it", "小売電気事業者") },
    { FILE_MENUS, "renewable_share", SHARE, NEEDED, AT(mizo_menu, renewable_ppm), HELP("share of the kWh that is renewable with its value; 1: a 100 % menu", "環境価値つき再エネの割合。1は100%メニュー") },
    { FILE_MENUS, "promise", FIELD_WORD, AT(mizo_menu, promise), .words = promises, HELP("re: RE power and value for all kWh; effective: any power, RE certificates for all; mix: renewable_share with value; none; blank: by-share (1 is re, 0 none, else mix)", "re再エネ100%、effective実質再エネ100%、mix比率どおり、noneなし。空欄はby-share(1はre、0はnone、ほかはmix)") },
    { FILE_MENUS, "g_per_kwh", .kind = FIELD_NUMBER, NEEDED, AT(mizo_menu, g_per_kwh), RANGE(0, 2000), HELP("market-based CO2 factor, g/kWh", "CO2排出係数(マーケット基準) g/kWh") },
    { FILE_MENUS, "unverified", YES_NO, AT(mizo_menu, unverified), HELP("yes: the factor has not been checked against its source", "yes: 係数を原典で確かめていない") },

    ID(TARIFFS, mizo_tariff),
    NAMES(TARIFFS, mizo_tariff),
    { FILE_TARIFFS, "base_yen_per_kw", YEN, AT(mizo_tariff, base_myen_per_kw), RANGE(0, 100000000), HELP("base charge a month for a kW of contract power, yen", "基本料金 円/kW・月") },
    { FILE_TARIFFS, "power_factor_pct", .kind = FIELD_NUMBER, AT(mizo_tariff, power_factor_pct), RANGE(0, 100), HELP("base charge x (185 - this) / 100; 0: not applied", "基本料金に(185-力率)/100を掛ける。0は適用なし") },
    { FILE_TARIFFS, "export_yen_per_kwh", YEN, AT(mizo_tariff, export_myen_per_kwh), RANGE(0, 1000000), HELP("paid for export, yen/kWh", "余剰の買取単価 円/kWh") },
    { FILE_TARIFFS, "measured_demand", YES_NO, AT(mizo_tariff, measured_demand), HELP("contract kW is the highest of 12 months", "実量制(過去12か月の最大需要電力)") },
    { FILE_TARIFFS, "unverified", YES_NO, AT(mizo_tariff, unverified), HELP("yes: not checked against its source", "yes: 原典で確かめていない") },

    { FILE_RATES, "tariff", FIELD_REF, NEEDED, AT(mizo_rate, tariff), .to = FILE_TARIFFS, HELP("tariff", "料金表") },
    { FILE_RATES, "months", FIELD_MONTHS, AT(mizo_rate, months), .otherwise = 0xfff, HELP("months, such as `7-9` or `1 4 12`; 10-3 goes over the new year; blank: all", "月。7-9、1 4 12など。10-3は年をまたぐ。空欄はすべて") },
    { FILE_RATES, "days", FIELD_DAYS, AT(mizo_rate, daytypes), .otherwise = 0xf, .words = daytypes, HELP("kinds of day, such as `weekday saturday`; blank: all. quiet: a weekday of 29 Dec - 3 Jan or 13-16 Aug", "日の種類。weekday saturdayなど。空欄はすべて。quietは年末年始とお盆の平日") },
    { FILE_RATES, "time_from", FIELD_CLOCK, AT(mizo_rate, slot_from), .otherwise = 0, HELP("first half-hour; blank: 0:00", "始まり。空欄は0:00") },
    { FILE_RATES, "time_to", FIELD_CLOCK, AT(mizo_rate, slot_to), .otherwise = 48, HELP("end; blank: 24:00. Over midnight: write two rows", "終わり。空欄は24:00。夜をまたぐなら二行に分ける") },
    { FILE_RATES, "yen_per_kwh", YEN, NEEDED, AT(mizo_rate, myen_per_kwh), RANGE(0, 1000000), HELP("price, yen/kWh", "電力量料金 円/kWh") },

    ID(NODES, mizo_node),
    NAMES(NODES, mizo_node),
    { FILE_NODES, "parent", FIELD_NAME, AT(mizo_node, parent_id), HELP("node above it (nodes.csv); blank: the town", "上位のノード(nodes.csv)。空欄はまち全体") },
    { FILE_NODES, "kind", FIELD_WORD, AT(mizo_node, kind), .words = node_kinds, HELP("physical: kept at any price; obligation: a kWh beyond it costs over_yen_per_kwh; blank: physical", "physicalは必ず守る。obligationは超えた1kWhにover_yen_per_kwhがかかる。空欄はphysical") },
    { FILE_NODES, "import_kw", KW(0), AT(mizo_node, import_w), .otherwise = -1, HELP("highest net import of all below, mean of a half-hour, kW; blank: none", "配下の合計の受電(差引き)の上限kW(30分平均)。空欄はなし") },
    { FILE_NODES, "export_kw", KW(0), AT(mizo_node, export_w), .otherwise = -1, HELP("highest net export of all below, kW; blank: none", "配下の合計の逆潮流(差引き)の上限kW。空欄はなし") },
    { FILE_NODES, "over_yen_per_kwh", YEN, AT(mizo_node, over_myen), RANGE(0, 100000000), HELP("of an obligation: penalty for a kWh beyond it, yen", "義務を超えた1kWhの違約金 円") },

    ID(POINTS, mizo_point),
    { FILE_POINTS, "number", FIELD_DIGITS, AT(mizo_point, number), HELP("22-digit supply point number; blank: unknown", "供給地点特定番号(22桁)。空欄は不明") },
    { FILE_POINTS, "voltage", FIELD_WORD, NEEDED, AT(mizo_point, voltage), .words = voltages, HELP("voltage", "電圧。low低圧、high高圧、extra-high特別高圧") },
    { FILE_POINTS, "reading", FIELD_WORD, NEEDED, AT(mizo_point, reading), .words = readings, HELP("how it is read: by half-hour, by bill, by lamp table, or as the virtual point of its id", "計量のしかた。slot30分値、period検針、lamp定額灯、virtualは同じidの仮想地点") },
    { FILE_POINTS, "tariff", FIELD_REF, AT(mizo_point, tariff), .to = FILE_TARIFFS, HELP("tariff; blank: its power costs nothing, and a warning", "料金表。空欄は費用0とし、警告する") },
    { FILE_POINTS, "contract_kw", KW(1), NEEDED, AT(mizo_point, contract_w), HELP("physical limit of the point, kW; plans never exceed it", "受電の上限kW。計画は超えない") },
    { FILE_POINTS, "standing_kw", KW(0), AT(mizo_point, standing_w), HELP("highest 30-minute power of the past 12 months, kW; blank: unknown", "過去12か月の最大需要電力kW。空欄は不明") },
    { FILE_POINTS, "export", YES_NO, AT(mizo_point, export_allowed), HELP("may feed into the grid", "逆潮流してよいか") },
    { FILE_POINTS, "node", FIELD_REF, AT(mizo_point, node), .to = FILE_NODES, HELP("feeder, district or group that it hangs on; blank: the town itself", "つながる配電線・地区など。空欄はまち全体") },
    { FILE_POINTS, "keep_import_kw", KW(0), AT(mizo_point, keep_import_w), HELP("margin above the reverse-power relay: plans keep the import at least so high (or the demand, where that is less) and export nothing, kW; blank: none", "逆電力継電器への余裕。計画は受電をこれ以上(需要が小さければ需要まで)に保ち、逆潮流しないkW。空欄はなし") },
    { FILE_POINTS, "agreed_kw", KW(0), AT(mizo_point, agreed_w), HELP("agreed power of a contract of 500 kW and more: each kW above it costs one and a half base charges of the month; blank: none", "協議制(500kW以上)の契約電力kW。超えた1kWごとにその月の基本料金の1.5倍がかかる。空欄はなし") },
    VALID(POINTS, mizo_point),

    { FILE_USES, "facility", FIELD_REF, NEEDED, AT(mizo_use, facility), .to = FILE_FACILITIES, HELP("facility", "施設") },
    { FILE_USES, "building", FIELD_REF, AT(mizo_use, building), .to = FILE_BUILDINGS, HELP("building; blank: not said", "建物。空欄は区別なし") },
    POINT(USES, mizo_use),
    { FILE_USES, "share", SHARE, AT(mizo_use, share_ppm), .otherwise = MIZO_PPM, HELP("share of the point, 0.25 is a quarter; blank: 1", "按分の割合。0.25は四分の一。空欄は1") },
    VALID(USES, mizo_use),

    POINT(SUPPLY, mizo_supply),
    { FILE_SUPPLY, "menu", FIELD_REF, NEEDED, AT(mizo_supply, menu), .to = FILE_MENUS, HELP("menu", "料金メニュー") },
    VALID(SUPPLY, mizo_supply),

    ID(PV, mizo_pv),
    POINT(PV, mizo_pv),
    { FILE_PV, "dc_kw", KW(1), NEEDED, AT(mizo_pv, dc_w), HELP("panels, kW", "パネル容量kW") },
    { FILE_PV, "ac_kw", KW(1), NEEDED, AT(mizo_pv, ac_w), HELP("inverter, kW", "パワコン容量kW") },
    { FILE_PV, "tilt_deg", .kind = FIELD_NUMBER, NEEDED, AT(mizo_pv, tilt_deg), RANGE(0, 90), HELP("degrees from flat", "傾斜角(度)") },
    { FILE_PV, "azimuth_deg", .kind = FIELD_NUMBER, NEEDED, AT(mizo_pv, azimuth_deg), RANGE(0, 360), HELP("degrees clockwise from north; 180 south", "方位角(北から時計回り)。180は南") },
    { FILE_PV, "grant", YES_NO, AT(mizo_pv, grant), HELP("built with a grant: may not be sold with FIT", "補助金を受けた設備(FIT売電できない)") },
    { FILE_PV, "fit", YES_NO, AT(mizo_pv, fit), HELP("yes: its surplus is sold under FIT, without renewable value", "yes: 余剰はFIT売電で、再エネ価値はない") },
    VALID(PV, mizo_pv),

    ID(BATTERIES, mizo_battery),
    POINT(BATTERIES, mizo_battery),
    { FILE_BATTERIES, "kind", FIELD_WORD, AT(mizo_battery, kind), .words = store_kinds, HELP("battery; heater: hot water, counted as the electricity that made it; hydrogen: a set that makes, keeps and burns it; blank: battery", "battery蓄電池、heater給湯器(湯は沸かした電力量で数える)、hydrogen水素(製造・貯蔵・燃料電池)。空欄はbattery") },
    { FILE_BATTERIES, "energy_kwh", KW(1), NEEDED, AT(mizo_battery, energy_wh), HELP("nominal energy, kWh", "公称容量kWh") },
    { FILE_BATTERIES, "charge_kw", KW(0), AT(mizo_battery, charge_w), HELP("inverter limit of charging, AC kW; without it the battery is disabled", "充電の上限kW(交流)。ないと使われない") },
    { FILE_BATTERIES, "discharge_kw", KW(0), AT(mizo_battery, discharge_w), HELP("inverter limit of discharging, AC kW; without it a battery is disabled", "放電の上限kW(交流)。蓄電池はないと使われない") },
    { FILE_BATTERIES, "soc_min", SHARE, AT(mizo_battery, soc_min_ppm), .otherwise = 100000, HELP("lower end of the window; blank: 0.1", "残量の下限。空欄は0.1") },
    { FILE_BATTERIES, "soc_max", SHARE, AT(mizo_battery, soc_max_ppm), .otherwise = 950000, HELP("upper end of the window; blank: 0.95", "残量の上限。空欄は0.95") },
    { FILE_BATTERIES, "reserve", SHARE, AT(mizo_battery, reserve_ppm), .otherwise = -1, HELP("kept for a blackout, at least soc_min; blank: soc_min", "停電への備え。soc_min以上。空欄はsoc_min") },
    { FILE_BATTERIES, "charge_efficiency", STORE_EFFICIENCY, AT(mizo_battery, charge_ppm), .otherwise = 960000, HELP("one way; blank: 0.96", "充電効率(片道)。空欄は0.96") },
    { FILE_BATTERIES, "discharge_efficiency", STORE_EFFICIENCY, AT(mizo_battery, discharge_ppm), .otherwise = 960000, HELP("one way; blank: 0.96", "放電効率(片道)。空欄は0.96") },
    { FILE_BATTERIES, "wear_yen_per_kwh", YEN, AT(mizo_battery, wear_myen), RANGE(0, 100000), HELP("wear for a kWh discharged, yen", "放電1kWhあたりの劣化費 円") },
    { FILE_BATTERIES, "loss_per_hour", SHARE, AT(mizo_battery, loss_ppm_h), HELP("share of what is stored that is lost in an hour; blank: 0", "1時間に失われる割合。空欄は0") },
    { FILE_BATTERIES, "own_pv_only", YES_NO, AT(mizo_battery, own_pv_only), HELP("yes: charges from the site's own PV only (a condition of some grants)", "yes: 自家の太陽光からだけ充電する(補助金の条件など)") },
    { FILE_BATTERIES, "site_only", YES_NO, AT(mizo_battery, site_only), HELP("yes: what it gives is used at the site, never exported (a condition of some grants)", "yes: 放電は構内だけで使い、逆潮流しない(補助金の条件など)") },
    VALID(BATTERIES, mizo_battery),

    ID(CHARGERS, mizo_charger),
    POINT(CHARGERS, mizo_charger),
    { FILE_CHARGERS, "max_kw", KW(1), NEEDED, AT(mizo_charger, max_w), HELP("highest power, AC kW", "最大出力kW(交流)") },
    { FILE_CHARGERS, "min_kw", KW(0), AT(mizo_charger, min_w), HELP("lowest power other than 0, AC kW", "0以外の最小出力kW(交流)") },
    { FILE_CHARGERS, "efficiency", EFFICIENCY, AT(mizo_charger, efficiency_ppm), .otherwise = 920000, HELP("from AC into the vehicle's battery; blank: 0.92", "交流から車の電池までの効率。空欄は0.92") },
    { FILE_CHARGERS, "give_back_kw", KW(0), AT(mizo_charger, give_w), HELP("what it can take from the vehicle and give back, AC kW; blank: nothing", "車から放電できる出力kW(交流)。空欄はできない") },
    { FILE_CHARGERS, "give_back_efficiency", EFFICIENCY, AT(mizo_charger, give_ppm), .otherwise = 920000, HELP("from the vehicle's battery to AC; blank: 0.92", "車の電池から交流までの効率。空欄は0.92") },
    VALID(CHARGERS, mizo_charger),

    ID(VEHICLES, mizo_vehicle),
    { FILE_VEHICLES, "charger", FIELD_REF, NEEDED, AT(mizo_vehicle, charger), .to = FILE_CHARGERS, HELP("its charger", "充電器") },
    { FILE_VEHICLES, "energy_kwh", KW(1), NEEDED, AT(mizo_vehicle, energy_wh), HELP("capacity, kWh", "電池容量kWh") },
    { FILE_VEHICLES, "give_back_to", SHARE, AT(mizo_vehicle, least_ppm), .otherwise = 300000, HELP("giving back leaves at least this share in it; blank: 0.3", "放電はこの残量の割合まで。空欄は0.3") },
    { FILE_VEHICLES, "wear_yen_per_kwh", YEN, AT(mizo_vehicle, wear_myen), RANGE(0, 100000), HELP("wear for a kWh given back, yen", "放電1kWhあたりの劣化費 円") },

    ID(PLANTS, mizo_plant),
    NAMES(PLANTS, mizo_plant),
    { FILE_PLANTS, "capacity_kw", KW(1), NEEDED, AT(mizo_plant, capacity_w), HELP("what it can send out, kW", "送電できる出力kW") },
    { FILE_PLANTS, "biogenic_share", SHARE, AT(mizo_plant, biogenic_ppm), .otherwise = MIZO_PPM, HELP("share of its power that is renewable; blank: 1", "バイオマス比率。空欄は1") },
    { FILE_PLANTS, "carrier", FIELD_WORD, AT(mizo_plant, carrier), .words = carriers, HELP("what drives it; blank: waste", "発電の種類。空欄はwaste(ごみ)") },
    { FILE_PLANTS, "origin", FIELD_WORD, AT(mizo_plant, outside), .words = plant_origins, HELP("in the town or outside; blank: in-town", "市内か市外か。空欄はin-town") },
    { FILE_PLANTS, "fit", YES_NO, AT(mizo_plant, fit), HELP("yes: sold under FIT, without renewable value until a certificate is assigned", "yes: FIT電気。証書を割り当てるまで再エネ価値はない") },
    VALID(PLANTS, mizo_plant),

    { FILE_PUBLISHED, "fy", FIELD_FY, NEEDED, AT(mizo_published, fy), HELP("fiscal year: 2023, FY2023, R5", "年度。2023、FY2023、R5") },
    { FILE_PUBLISHED, "item", FIELD_NAME, NEEDED, AT(mizo_published, item), HELP("re-supply, saving, demand ...", "re-supply、saving、demandなど") },
    { FILE_PUBLISHED, "value", VALUE, NEEDED, AT(mizo_published, value_e6), HELP("the figure, in the unit", "値") },
    { FILE_PUBLISHED, "unit", FIELD_TEXT, NEEDED, AT(mizo_published, unit), HELP("kWh ...", "単位。kWhなど") },
    { FILE_PUBLISHED, "exactness", FIELD_CHOICE, NEEDED, AT(mizo_published, exactness), .words = exactness, HELP("exact, rounded (refused in a rate) or definition (the rounded figure is itself the definition)", "exact、rounded(率の計算に使わない)、definition(丸めた値そのものが定義)") },
    { FILE_PUBLISHED, "source", FIELD_TEXT, NEEDED, AT(mizo_published, source), HELP("where it was published", "出典") },
    { FILE_PUBLISHED, "rounded_to", MICRO, AT(mizo_published, step_e6), RANGE(0, VALUE_MOST), HELP("of a rounded figure: to this, in the unit; blank: 1", "roundedのとき、丸めの単位。空欄は1") },
    { FILE_PUBLISHED, "vintage", FIELD_WORD, AT(mizo_published, vintage), .words = vintages, HELP("final, provisional or revised; blank: final", "final確定値、provisional暫定値、revised改定値。空欄はfinal") },
    { FILE_PUBLISHED, "on", FIELD_FROM, AT(mizo_published, on), HELP("day of publication; of several figures of a year the latest holds; blank: not known, before all others", "公表日。同じ年度に複数あれば最後の公表が使われる。空欄は不明(最も古いとみなす)") },
    { FILE_PUBLISHED, "note", FIELD_TEXT, AT(mizo_published, note), HELP("note", "注") },

    ID(INVENTORIES, mizo_inventory),
    NAMES(INVENTORIES, mizo_inventory),
    { FILE_INVENTORIES, "kind", FIELD_WORD, AT(mizo_inventory, kind), .words = inventory_kinds, HELP("area: of everybody in the town; operator: of one who reports its own; example: no figure of the town; blank: area", "area区域全体、operator報告単位(市役所など)、example説明用の例。空欄はarea") },
    { FILE_INVENTORIES, "entity", FIELD_TEXT, AT(mizo_inventory, entity), HELP("of an operator: its entity or bureau in facilities.csv; blank: all public facilities", "operatorのとき、facilities.csvの報告単位または所管局。空欄はすべての公共施設") },
    SAID(INVENTORIES, mizo_inventory),
    { FILE_INVENTORIES, "note", FIELD_TEXT, AT(mizo_inventory, note), HELP("note", "注") },

    ID(INDICATORS, mizo_indicator),
    NAMES(INDICATORS, mizo_indicator),
    { FILE_INDICATORS, "unit", FIELD_TEXT, AT(mizo_indicator, unit), HELP("unit it is printed in; blank: a plain number", "表示する単位。空欄は単位なし") },
    { FILE_INDICATORS, "digits", .kind = FIELD_NUMBER, AT(mizo_indicator, digits), RANGE(-6, 6), HELP("decimals; -1 rounds to tens; blank: whole", "小数の桁数。-1は十の位まで。空欄は整数") },
    { FILE_INDICATORS, "rounding", FIELD_WORD, AT(mizo_indicator, rounding), .words = roundings_of_figures, HELP("how it is rounded; blank: half-up", "端数処理。空欄は四捨五入") },
    { FILE_INDICATORS, "about", YES_NO, AT(mizo_indicator, about), HELP("yes: printed with 約", "yes: 「約」をつける") },
    { FILE_INDICATORS, "better", FIELD_WORD, AT(mizo_indicator, better), .words = better_words, HELP("the direction that is wished for; blank: none", "目指す方向。up増加、down減少。空欄はなし") },
    { FILE_INDICATORS, "cumulative", YES_NO, AT(mizo_indicator, cumulative), HELP("yes: a total since the beginning; no: of the year", "yes: 累計、no: 単年度") },
    { FILE_INDICATORS, "formula", FIELD_TEXT, AT(mizo_indicator, formula), HELP("over other indicators: `(re-supply + abs(saving)) / demand`, `city-ghg / city-ghg@2013 - 1`, `leading-total@-1 + leading-new`; blank: results only", "他の指標による計算式。@2013は年度、@-1は前年度。空欄は実績のみ") },
    { FILE_INDICATORS, "owner", FIELD_TEXT, AT(mizo_indicator, owner), HELP("bureau in charge", "所管局") },
    { FILE_INDICATORS, "inventory", FIELD_REF, AT(mizo_indicator, inventory), .to = FILE_INVENTORIES, HELP("inventory beside which it stands; blank: none", "どの排出量の算定とともに示すか。空欄はなし") },
    { FILE_INDICATORS, "part", FIELD_WORD, AT(mizo_indicator, part), .words = inventory_parts, HELP("what it is there: total (its line over the years), change (against a base), capacity (of renewables), subsidised and subsidised-kw (homes with PV); blank: one of its targets", "その中での役割。total総量の推移、change基準年度比、capacity再エネ容量、subsidised・subsidised-kw住宅用太陽光の補助件数・容量。空欄は目標の一つ") },
    SAID(INDICATORS, mizo_indicator),
    { FILE_INDICATORS, "note", FIELD_TEXT, AT(mizo_indicator, note), HELP("what belongs to it: definition, method, why its parts do not add up", "定義・方法・注") },

    { FILE_GOALS, "indicator", FIELD_REF, NEEDED, AT(mizo_goal, indicator), .to = FILE_INDICATORS, HELP("indicator", "指標") },
    { FILE_GOALS, "fy", FIELD_FY, NEEDED, AT(mizo_goal, fy), HELP("fiscal year", "年度") },
    { FILE_GOALS, "value", VALUE, NEEDED, AT(mizo_goal, value_e6), HELP("the target, in the unit", "目標値") },
    { FILE_GOALS, "unit", FIELD_TEXT, AT(mizo_goal, unit), HELP("unit", "単位") },
    { FILE_GOALS, "rule", FIELD_WORD, AT(mizo_goal, rule), .words = goal_rules, HELP("reached where the result is at least, or at most, the target; blank: at-least", "at-least以上、at-most以下で達成。空欄はat-least") },
    { FILE_GOALS, "decided", FIELD_FROM, AT(mizo_goal, decided), HELP("day of the decision; the latest holds; blank: before all others", "決定日。最後の決定が使われる。空欄は最も古い") },
    { FILE_GOALS, "whose", FIELD_NAME, AT(mizo_goal, whose), HELP("city, city-hall, country ...: reported apart; blank: the city's", "誰の目標か。city市域、city-hall市役所、country国など。分けて報告する。空欄は市域") },
    { FILE_GOALS, "reason", FIELD_TEXT, AT(mizo_goal, reason), HELP("why so, and why it was changed", "目標の考え方、変更の理由") },
    SAID(GOALS, mizo_goal),

    ID(NODES_OF_PLANS, mizo_plan_node),
    NAMES(NODES_OF_PLANS, mizo_plan_node),
    { FILE_NODES_OF_PLANS, "plan", FIELD_NAME, NEEDED, AT(mizo_plan_node, plan), HELP("which plan: climate, comprehensive ...", "計画。climate、comprehensiveなど") },
    { FILE_NODES_OF_PLANS, "level", FIELD_NAME, NEEDED, AT(mizo_plan_node, level), HELP("vision, goal, direction, measure, project; policy, field ...", "階層。vision、goal、direction、measure、projectなど") },
    { FILE_NODES_OF_PLANS, "code", FIELD_TEXT, AT(mizo_plan_node, code), HELP("as printed: II, 8, 4-2-4", "印刷された番号") },
    { FILE_NODES_OF_PLANS, "parent", FIELD_NAME, AT(mizo_plan_node, parent), HELP("node above it; blank: the top", "上位。空欄は最上位") },
    { FILE_NODES_OF_PLANS, "declared", .kind = FIELD_NUMBER, AT(mizo_plan_node, declared), RANGE(0, 100000), .otherwise = -1, HELP("how many the text says stand below it, of the level in `below`; never computed; blank: it does not say", "本文に書かれた下位の件数。計算しない。空欄は記載なし") },
    { FILE_NODES_OF_PLANS, "below", FIELD_NAME, AT(mizo_plan_node, below), HELP("level of what is declared; blank: measure", "その階層。空欄はmeasure") },
    { FILE_NODES_OF_PLANS, "owner", FIELD_TEXT, AT(mizo_plan_node, owner), HELP("bureau in charge", "所管局") },
    SAID(NODES_OF_PLANS, mizo_plan_node),

    ID(BUSINESSES, mizo_business),
    NAMES(BUSINESSES, mizo_business),
    { FILE_BUSINESSES, "same_as", FIELD_NAME, AT(mizo_business, same_as), HELP("listed again: the number under which it counts; blank: it counts itself", "再掲のとき元の番号。空欄は再掲でない") },
    { FILE_BUSINESSES, "owner", FIELD_TEXT, AT(mizo_business, owner), HELP("bureau in charge", "所管局") },
    { FILE_BUSINESSES, "status", FIELD_NAME, AT(mizo_business, status), HELP("state of the work", "状況") },
    { FILE_BUSINESSES, "tags", FIELD_TEXT, AT(mizo_business, tags), HELP("words parted by blanks: pj2 town adaptation", "空白区切りの印。pj2、townなど") },
    SAID(BUSINESSES, mizo_business),

    { FILE_LISTINGS, "node", FIELD_REF, NEEDED, AT(mizo_listing, node), .to = FILE_NODES_OF_PLANS, HELP("node of a plan", "施策など") },
    { FILE_LISTINGS, "business", FIELD_REF, NEEDED, AT(mizo_listing, business), .to = FILE_BUSINESSES, HELP("business", "事業") },

    { FILE_BUDGETS, "business", FIELD_REF, NEEDED, AT(mizo_budget, business), .to = FILE_BUSINESSES, HELP("business", "事業") },
    { FILE_BUDGETS, "fy", FIELD_FY, NEEDED, AT(mizo_budget, fy), HELP("fiscal year", "年度") },
    { FILE_BUDGETS, "fund", FIELD_NAME, NEEDED, AT(mizo_budget, fund), HELP("where it comes from: general, grant, bond ...", "財源") },
    { FILE_BUDGETS, "budget_yen", .kind = FIELD_NUMBER, NEEDED, AT(mizo_budget, budget_yen), RANGE(0, INT64_C(1000000000000000)), HELP("budget, yen", "予算 円") },
    { FILE_BUDGETS, "spent_yen", .kind = FIELD_NUMBER, AT(mizo_budget, spent_yen), RANGE(0, INT64_C(1000000000000000)), .otherwise = -1, HELP("spent, yen; blank: not known yet", "決算 円。空欄は未確定") },
    SAID(BUDGETS, mizo_budget),

    ID(TASKS, mizo_task),
    NAMES(TASKS, mizo_task),
    { FILE_TASKS, "of", FIELD_NAME, AT(mizo_task, of), HELP("node of a plan or number of a business; blank: none", "施策または事業の番号。空欄はなし") },
    { FILE_TASKS, "owner", FIELD_TEXT, AT(mizo_task, owner), HELP("who does it", "担当") },
    { FILE_TASKS, "status", FIELD_NAME, AT(mizo_task, status), HELP("state of the work", "状況") },
    VALID(TASKS, mizo_task),
    SAID(TASKS, mizo_task),

    { FILE_JUDGED, "node", FIELD_REF, NEEDED, AT(mizo_measure_of, node), .to = FILE_NODES_OF_PLANS, HELP("node of a plan", "施策など") },
    { FILE_JUDGED, "indicator", FIELD_REF, NEEDED, AT(mizo_measure_of, indicator), .to = FILE_INDICATORS, HELP("indicator", "指標") },
    { FILE_JUDGED, "outcome", YES_NO, AT(mizo_measure_of, outcome), HELP("yes: an outcome, by which the status is proposed; no: an activity", "yes: 成果指標(進捗状況の案に使う)、no: 活動指標") },

    { FILE_RATINGS, "scale", FIELD_WORD, NEEDED, AT(mizo_rating, scale), .words = scales, HELP("status or direction", "status進捗状況、direction今後の方向性") },
    { FILE_RATINGS, "word", FIELD_TEXT, NEEDED, AT(mizo_rating, word), HELP("as it is written: A, II, 5; best first", "書き方。A、◎、5など。良い順に並べる") },
    { FILE_RATINGS, "print_ja", FIELD_TEXT, AT(mizo_rating, print_ja), HELP("as Japanese pages print it, where that differs", "日本語で印刷する形。空欄は同じ") },
    { FILE_RATINGS, "also", FIELD_TEXT, AT(mizo_rating, also), HELP("other ways to write it, with spaces between", "同じものとみなす書き方。空白で区切る") },
    NAMES(RATINGS, mizo_rating),
    { FILE_RATINGS, "reached", SHARE, AT(mizo_rating, reached_ppm), .otherwise = -1, HELP("status: proposed where at least this share of the outcome indicators reached the year's target, 0 to 1; blank: not asked", "status: 目標に届いた成果指標の割合(0〜1)がこれ以上のとき案とする。空欄は問わない") },
    { FILE_RATINGS, "others", FIELD_WORD, AT(mizo_rating, others), .words = others, HELP("status: and each of the others is better than its first result, or moved forward since the year before too; blank: any", "status: 届かない指標がすべて、better最初の実績より良い、forwardさらに前年度からも近づいた。空欄は問わない") },
    { FILE_RATINGS, "gone", SHARE, AT(mizo_rating, gone_ppm), .otherwise = -1, HELP("status: and each of the others has gone at least this share of the way from its first result to the target, 0 to 1; blank: not asked", "status: 届かない指標がすべて、最初の実績から目標までの道のりのこの割合(0〜1)以上を進んだ。空欄は問わない") },
    SOURCE(RATINGS, mizo_rating),

    { FILE_EVALUATIONS, "node", FIELD_REF, NEEDED, AT(mizo_evaluation, node), .to = FILE_NODES_OF_PLANS, HELP("node of a plan", "施策など") },
    { FILE_EVALUATIONS, "fy", FIELD_FY, NEEDED, AT(mizo_evaluation, fy), HELP("last fiscal year that was evaluated", "評価した最後の年度") },
    { FILE_EVALUATIONS, "status", FIELD_TEXT, NEEDED, AT(mizo_evaluation, status), HELP("a word of the scale status", "進捗状況の区分") },
    { FILE_EVALUATIONS, "direction", FIELD_TEXT, NEEDED, AT(mizo_evaluation, direction), HELP("a word of the scale direction", "今後の方向性の区分") },
    { FILE_EVALUATIONS, "reason", FIELD_TEXT, NEEDED, AT(mizo_evaluation, reason), HELP("why this status", "進捗状況の理由") },
    { FILE_EVALUATIONS, "way", FIELD_TEXT, AT(mizo_evaluation, way), HELP("why this direction", "方向性の理由") },
    { FILE_EVALUATIONS, "by", FIELD_TEXT, AT(mizo_evaluation, by), HELP("who decided: a body or an office, never a person's name", "決めた組織。個人名は書かない") },
    SAID(EVALUATIONS, mizo_evaluation),

    ID(REGISTERS, mizo_register),
    NAMES(REGISTERS, mizo_register),
    { FILE_REGISTERS, "kind", FIELD_NAME, NEEDED, AT(mizo_register, kind), HELP("members, shares, places, projects ...", "種類。members会員、shares出資、places場所、projects事業など") },
    { FILE_REGISTERS, "owner", FIELD_TEXT, AT(mizo_register, owner), HELP("who keeps it", "管理者") },
    { FILE_REGISTERS, "counted", FIELD_TEXT, AT(mizo_register, counted), HELP("units in which a text counts its rows, with spaces between: 者 団体; a figure beside its name in another unit is not held against it", "本文で数える単位。空白で区切る。者 団体など。名称のとなりにあるほかの単位の数とは照らさない") },
    SAID(REGISTERS, mizo_register),

    { FILE_REGISTER_ROWS, "register", FIELD_REF, NEEDED, AT(mizo_register_row, reg), .to = FILE_REGISTERS, HELP("register", "名簿・台帳") },
    { FILE_REGISTER_ROWS, "number", .kind = FIELD_NUMBER, AT(mizo_register_row, number), RANGE(0, 1000000), HELP("as printed; blank: none", "印刷された番号。空欄はなし") },
    NAMES(REGISTER_ROWS, mizo_register_row),
    { FILE_REGISTER_ROWS, "part", FIELD_NAME, AT(mizo_register_row, part), HELP("group within the register", "区分") },
    { FILE_REGISTER_ROWS, "share", SHARE, AT(mizo_register_row, share_ppm), HELP("of a register of shares: 0.51 is 51 %", "出資比率。0.51は51%") },
    { FILE_REGISTER_ROWS, "amount", VALUE, AT(mizo_register_row, amount_e6), HELP("what else is counted, in the unit", "数量") },
    { FILE_REGISTER_ROWS, "unit", FIELD_TEXT, AT(mizo_register_row, unit), HELP("unit of the amount", "数量の単位") },
    { FILE_REGISTER_ROWS, "place", FIELD_TEXT, AT(mizo_register_row, place), HELP("where", "場所") },
    { FILE_REGISTER_ROWS, "owner", FIELD_TEXT, AT(mizo_register_row, owner), HELP("who does it, with whom", "実施者・連携先") },
    { FILE_REGISTER_ROWS, "status", FIELD_NAME, AT(mizo_register_row, status), HELP("state", "状態") },
    { FILE_REGISTER_ROWS, "basis", FIELD_TEXT, AT(mizo_register_row, basis), HELP("what it rests on: a law, a decision of the state, the city's own", "根拠。法律、国の政策、市独自など") },
    { FILE_REGISTER_ROWS, "of", FIELD_TEXT, AT(mizo_register_row, of), HELP("where the plan has it, measure/business: 13/076", "計画の施策/事業の番号。13/076など") },
    { FILE_REGISTER_ROWS, "note", FIELD_TEXT, AT(mizo_register_row, note), HELP("note", "注") },
    { FILE_REGISTER_ROWS, "thing", FIELD_NAME, AT(mizo_register_row, thing), HELP("what it is: one word, the same in every register that lists the thing (an id of pv.csv or plants.csv, a number of a permit); blank: not said", "同じものを表す識別子。ほかの台帳でも同じ(pv.csvやplants.csvの識別子、認定番号など)。空欄は未確認") },
    { FILE_REGISTER_ROWS, "evidence", FIELD_TEXT, AT(mizo_register_row, evidence), HELP("why it is that thing", "同じものとする根拠") },
    VALID(REGISTER_ROWS, mizo_register_row),
    SAID(REGISTER_ROWS, mizo_register_row),

    { FILE_REGISTER_COUNTS, "register", FIELD_REF, NEEDED, AT(mizo_register_count, reg), .to = FILE_REGISTERS, HELP("register", "名簿・台帳") },
    { FILE_REGISTER_COUNTS, "on", FIELD_TO, NEEDED, AT(mizo_register_count, on), HELP("as of this day", "時点") },
    { FILE_REGISTER_COUNTS, "part", FIELD_NAME, AT(mizo_register_count, part), HELP("group within the register; blank: all", "区分。空欄は全体") },
    { FILE_REGISTER_COUNTS, "count", .kind = FIELD_NUMBER, NEEDED, AT(mizo_register_count, count), RANGE(0, 100000000), HELP("how many", "件数") },
    SAID(REGISTER_COUNTS, mizo_register_count),

    { FILE_EMISSIONS, "inventory", FIELD_NAME, NEEDED, AT(mizo_emission, inventory), HELP("which one: city, city-hall ...", "どの算定か。cityは市域、city-hallは市役所") },
    { FILE_EMISSIONS, "fy", FIELD_FY, NEEDED, AT(mizo_emission, fy), HELP("fiscal year", "年度") },
    { FILE_EMISSIONS, "vintage", FIELD_WORD, AT(mizo_emission, vintage), .words = vintages, HELP("final, provisional or revised; blank: final", "final確定値、provisional暫定値、revised改定値。空欄はfinal") },
    { FILE_EMISSIONS, "on", FIELD_FROM, AT(mizo_emission, on), HELP("day of publication; blank: not known", "公表日。空欄は不明") },
    { FILE_EMISSIONS, "sector", FIELD_NAME, NEEDED, AT(mizo_emission, sector), HELP("sector, or all", "部門。allは合計") },
    { FILE_EMISSIONS, "gas", FIELD_NAME, NEEDED, AT(mizo_emission, gas), HELP("co2, ch4, n2o, hfc ..., or all", "ガス。allは合計") },
    { FILE_EMISSIONS, "form", FIELD_NAME, NEEDED, AT(mizo_emission, form), HELP("electricity, heat, non-energy, or all", "由来。electricity電力、heat熱、non-energy非エネルギー、allは合計") },
    { FILE_EMISSIONS, "value", VALUE, NEEDED, AT(mizo_emission, value_e6), HELP("in the unit", "値") },
    { FILE_EMISSIONS, "unit", FIELD_TEXT, NEEDED, AT(mizo_emission, unit), HELP("t-CO2, 万t-CO2 ...", "単位") },
    { FILE_EMISSIONS, "rounded_to", MICRO, AT(mizo_emission, step_e6), RANGE(0, VALUE_MOST), HELP("it was rounded to this, in the unit; blank: exact", "丸めの単位。空欄は丸めていない") },
    SAID(EMISSIONS, mizo_emission),
    { FILE_EMISSIONS, "note", FIELD_TEXT, AT(mizo_emission, note), HELP("note", "注") },

    { FILE_ACTIVITIES, "inventory", FIELD_NAME, NEEDED, AT(mizo_activity, inventory), HELP("which inventory", "どの算定か") },
    { FILE_ACTIVITIES, "fy", FIELD_FY, NEEDED, AT(mizo_activity, fy), HELP("fiscal year", "年度") },
    { FILE_ACTIVITIES, "vintage", FIELD_WORD, AT(mizo_activity, vintage), .words = vintages, HELP("final, provisional or revised; blank: final", "final確定値、provisional暫定値、revised改定値。空欄はfinal") },
    { FILE_ACTIVITIES, "on", FIELD_FROM, AT(mizo_activity, on), HELP("day on which this edition came out; a vintage may come out again on a later day; blank: not known, before all others", "この版の公表日。同じ区分の版を後の日に出し直せる。空欄は不明(最も古いとみなす)") },
    { FILE_ACTIVITIES, "line", FIELD_NAME, NEEDED, AT(mizo_activity, id), HELP("name of the line, the same in each edition", "行の名前。版をまたいで同じ") },
    { FILE_ACTIVITIES, "sector", FIELD_NAME, NEEDED, AT(mizo_activity, sector), HELP("sector", "部門") },
    { FILE_ACTIVITIES, "gas", FIELD_NAME, NEEDED, AT(mizo_activity, gas), HELP("gas", "ガス") },
    { FILE_ACTIVITIES, "form", FIELD_NAME, NEEDED, AT(mizo_activity, form), HELP("electricity, heat, non-energy", "由来") },
    { FILE_ACTIVITIES, "amount", VALUE, NEEDED, AT(mizo_activity, amount_e6), HELP("activity, in the unit", "活動量") },
    { FILE_ACTIVITIES, "unit", FIELD_TEXT, NEEDED, AT(mizo_activity, unit), HELP("unit of the activity", "活動量の単位") },
    { FILE_ACTIVITIES, "kg_per_unit", VALUE, NEEDED, AT(mizo_activity, factor_e6), HELP("kg of the gas for one unit", "係数 kg/単位") },
    { FILE_ACTIVITIES, "gwp_set", FIELD_TEXT, NEEDED, AT(mizo_activity, gwp_set), HELP("set of gwp.csv: SAR, AR4, AR5", "gwp.csvの組") },
    { FILE_ACTIVITIES, "basis", FIELD_CHOICE, AT(mizo_activity, basis), .words = bases, HELP("what the amount rests on: statistics, plant (the country's data of plants), ordinance (a report that stands in for it), owner, carried, estimate", "活動量の根拠。statistics統計、plant国の事業所データ、ordinance条例の報告(国のデータの代わり)、owner所管課、carried据え置き、estimate推計") },
    SOURCE(ACTIVITIES, mizo_activity),

    { FILE_GWPS, "set", FIELD_TEXT, NEEDED, AT(mizo_gwp, set), HELP("SAR, AR4, AR5", "係数の組") },
    { FILE_GWPS, "gas", FIELD_NAME, NEEDED, AT(mizo_gwp, gas), HELP("gas", "ガス") },
    { FILE_GWPS, "gwp", .kind = FIELD_NUMBER, NEEDED, .digits = 3, AT(mizo_gwp, gwp_e3), RANGE(0, 100000000), HELP("mass of CO2 that warms as much as one of it", "地球温暖化係数") },
    SOURCE(GWPS, mizo_gwp),

    { FILE_CATEGORIES, "scheme", FIELD_NAME, NEEDED, AT(mizo_category, scheme), HELP("moe, gpc, ecrf ...", "体系。moe国の区分、gpc、ecrfなど") },
    { FILE_CATEGORIES, "code", FIELD_TEXT, NEEDED, AT(mizo_category, code), HELP("number of the category there: I.1.2", "その体系での番号。I.1.2など") },
    NAMES(CATEGORIES, mizo_category),
    { FILE_CATEGORIES, "sector", FIELD_TEXT, AT(mizo_category, sector), HELP("sector of our inventory; blank: no cell of ours", "この排出量表の部門。空欄は対応なし") },
    { FILE_CATEGORIES, "gas", FIELD_TEXT, AT(mizo_category, gas), HELP("gas; *: each gas by itself", "ガス。*はガスごと") },
    { FILE_CATEGORIES, "form", FIELD_TEXT, AT(mizo_category, form), HELP("electricity, heat, non-energy", "由来") },
    { FILE_CATEGORIES, "key", FIELD_CHOICE, AT(mizo_category, key), .words = notation_keys, HELP("printed where there is no figure: no (does not occur), ne (not estimated), ie (included elsewhere), c (confidential)", "値がないときの記号。no該当なし、ne未推計、ie他に含む、c非公開") },
    SOURCE(CATEGORIES, mizo_category),

    { FILE_ALIASES, "alias", FIELD_TEXT, NEEDED, AT(mizo_alias, alias), HELP("the other name; of several things a row each: the unit of a figure tells them apart", "別名・誤記。複数のものを指すときは1行ずつ。数値の単位で区別される") },
    { FILE_ALIASES, "means", FIELD_NAME, NEEDED, AT(mizo_alias, means), HELP("id of an indicator, a node, a business, a register, a plant, a party; no-figure: a phrase with a number that says no figure", "指す識別子。no-figureは数値の記述ではない言い回し(再エネ100％など)") },
    { FILE_ALIASES, "note", FIELD_TEXT, AT(mizo_alias, note), HELP("note", "注") },
    SAID(ALIASES, mizo_alias),

    ID(CHECKS, mizo_claim_check),
    { FILE_CHECKS, "ask", FIELD_TEXT, NEEDED, AT(mizo_claim_check, ask), HELP("what is asked: `text net-zero-rate 2023`; see `mizo city ask`", "問い。mizo city ask を参照") },
    { FILE_CHECKS, "expected", FIELD_TEXT, NEEDED, AT(mizo_claim_check, expected), HELP("what must come out, letter by letter", "出るべき表記") },
    SAID(CHECKS, mizo_claim_check),
    { FILE_CHECKS, "note", FIELD_TEXT, AT(mizo_claim_check, note), HELP("note", "注") },

    { FILE_REPORTED, "facility", FIELD_REF, NEEDED, AT(mizo_reported, facility), .to = FILE_FACILITIES, HELP("facility", "施設") },
    { FILE_REPORTED, "fy", FIELD_FY, NEEDED, AT(mizo_reported, fy), HELP("fiscal year", "年度") },
    { FILE_REPORTED, "on", FIELD_TO, AT(mizo_reported, on), HELP("day of the report; blank: not yet", "報告日。空欄は未報告") },

    POINT(LAMPS, region_lamp),
    { FILE_LAMPS, "watts", .kind = FIELD_NUMBER, .digits = 3, NEEDED, AT(region_lamp, mw), RANGE(1, 10000000), HELP("of one lamp with its ballast, W", "一灯の消費電力W(安定器を含む)") },
    { FILE_LAMPS, "count", .kind = FIELD_NUMBER, NEEDED, AT(region_lamp, count), RANGE(1, 1000000), HELP("how many", "灯数") },
    { FILE_LAMPS, "hours_a_day", FIELD_HOURS, NEEDED, AT(region_lamp, minutes), RANGE(1, 1440), HELP("burning hours of a day, averaged over a year", "一日の点灯時間(年平均)") },

    { FILE_FURNACES, "plant", FIELD_REF, NEEDED, AT(mizo_furnace, plant), .to = FILE_PLANTS, HELP("plant", "発電所") },
    { FILE_FURNACES, "furnace", FIELD_NAME, NEEDED, AT(mizo_furnace, id), HELP("name within the plant", "発電所の中での名") },
    { FILE_FURNACES, "capacity_kw", KW(1), NEEDED, AT(mizo_furnace, capacity_w), HELP("generated when it burns in full, kW", "全負荷での発電出力kW") },
    { FILE_FURNACES, "own_use_kw", KW(0), AT(mizo_furnace, own_w), HELP("taken by itself while it burns, kW; blank: 0", "運転中に自ら使う電力kW。空欄は0") },
    { FILE_FURNACES, "kwh_per_tonne", .kind = FIELD_NUMBER, AT(mizo_furnace, kwh_per_tonne), RANGE(0, 5000), HELP("generated of a tonne of waste; blank: unknown", "ごみ1トンあたりの発電量kWh。空欄は不明") },
    { FILE_FURNACES, "trips_per_1000h", .kind = FIELD_NUMBER, .digits = 3, AT(mizo_furnace, trips_milli), RANGE(0, 100000), HELP("unplanned stops in 1000 hours of burning; blank: 0", "運転1000時間あたりの計画外停止の回数。空欄は0") },
    { FILE_FURNACES, "repair_hours", .kind = FIELD_NUMBER, .digits = 1, AT(mizo_furnace, repair_tenths), RANGE(1, 100000), .otherwise = 240, HELP("mean time until it burns again, hours; blank: 24", "計画外停止から復旧までの平均時間。空欄は24") },
    VALID(FURNACES, mizo_furnace),

    { FILE_BURNS, "plant", FIELD_REF, NEEDED, AT(mizo_burn_plan, plant), .to = FILE_PLANTS, HELP("plant", "発電所") },
    { FILE_BURNS, "furnace", FIELD_NAME, AT(mizo_burn_plan, furnace), HELP("its furnace (furnaces.csv); blank: all of the plant", "炉。空欄は発電所全体") },
    { FILE_BURNS, "state", FIELD_WORD, NEEDED, AT(mizo_burn_plan, state), .words = burning, HELP("burn, reduced, maintenance or outage (nothing is generated)", "burn運転、reduced出力低下、maintenance点検、outage停止") },
    { FILE_BURNS, "output_kw", KW(0), AT(mizo_burn_plan, output_w), .otherwise = -1, HELP("generated, kW; blank: in full, of reduced half", "発電出力kW。空欄は全負荷、reducedは半分") },
    { FILE_BURNS, "tonnes_per_day", .kind = FIELD_NUMBER, .digits = 1, AT(mizo_burn_plan, tonnes_tenths), RANGE(0, 1000000), .otherwise = -1, HELP("waste burnt, in place of output_kw, where kwh_per_tonne is known", "output_kwの代わりに焼却量トン/日(kwh_per_tonneがあるとき)") },
    VALID(BURNS, mizo_burn_plan),
    { FILE_BURNS, "note", FIELD_TEXT, AT(mizo_burn_plan, note), HELP("note", "注") },

    { FILE_TERMS, "kind", FIELD_NAME, NEEDED, AT(mizo_term, kind), HELP("kind of facility (facilities.csv)", "施設の種類(facilities.csv)") },
    NAMES(TERMS, mizo_term),
    VALID(TERMS, mizo_term),
    { FILE_TERMS, "source", FIELD_TEXT, AT(mizo_term, source), HELP("where it was published, or that it is assumed", "出典、または仮定であること") },

    { FILE_OBLIGATIONS, "node", FIELD_REF, AT(mizo_obligation, node), .to = FILE_NODES, HELP("node that it lies on; blank: the town itself", "対象のノード。空欄はまち全体") },
    NAMES(OBLIGATIONS, mizo_obligation),
    VALID(OBLIGATIONS, mizo_obligation),
    { FILE_OBLIGATIONS, "time_from", FIELD_CLOCK, AT(mizo_obligation, slot_from), .otherwise = 0, HELP("first half-hour of each of these days; blank: 0:00", "各日の始まり。空欄は0:00") },
    { FILE_OBLIGATIONS, "time_to", FIELD_CLOCK, AT(mizo_obligation, slot_to), .otherwise = 48, HELP("end; blank: 24:00. Over midnight: write two rows", "終わり。空欄は24:00。夜をまたぐなら二行に分ける") },
    { FILE_OBLIGATIONS, "import_kw", KW(0), AT(mizo_obligation, import_w), .otherwise = -1, HELP("net import to stay below, kW; blank: none", "超えてはならない受電kW。空欄はなし") },
    { FILE_OBLIGATIONS, "export_kw", KW(0), AT(mizo_obligation, export_w), .otherwise = -1, HELP("net export to stay below, kW; blank: none", "超えてはならない逆潮流kW。空欄はなし") },
    { FILE_OBLIGATIONS, "over_yen_per_kwh", YEN, NEEDED, AT(mizo_obligation, over_myen), RANGE(1, 100000000), HELP("penalty for a kWh beyond it, yen", "超えた1kWhの違約金 円") },

    ID(LOADS, mizo_load),
    POINT(LOADS, mizo_load),
    { FILE_LOADS, "kind", FIELD_WORD, NEEDED, AT(mizo_load, kind), .words = load_kinds, HELP("run: waits, then runs through (a pump, a batch); draw: taken from a store (hot water, hydrogen)", "run: 待てるが始めたら止めない(揚水ポンプなど)。draw: 貯めた湯・水素などの使用") },
    { FILE_LOADS, "power_kw", KW(0), AT(mizo_load, power_w), HELP("of a run, kW", "runの消費電力kW") },
    { FILE_LOADS, "hours", FIELD_HOURS, AT(mizo_load, minutes), RANGE(0, 1440), HELP("of a run: how long it runs, rounded up to half-hours", "runの続く時間。30分単位に切り上げる") },
    { FILE_LOADS, "battery", FIELD_REF, AT(mizo_load, battery), .to = FILE_BATTERIES, HELP("of a draw: the store, behind the same point", "drawの元の設備(同じ地点のbatteries.csv)") },
    { FILE_LOADS, "kwh_a_day", KW(0), AT(mizo_load, energy_wh), HELP("of a draw, kWh a day, spread evenly", "drawの1日の量kWh。均等に使う") },
    { FILE_LOADS, "days", FIELD_DAYS, AT(mizo_load, daytypes), .otherwise = 0xf, .words = daytypes, HELP("kinds of day, such as `weekday saturday`; blank: all", "日の種類。weekday saturdayなど。空欄はすべて") },
    { FILE_LOADS, "time_from", FIELD_CLOCK, AT(mizo_load, slot_from), .otherwise = 0, HELP("a run begins then at the earliest, a draw begins then; blank: 0:00", "runはこれ以降に始まる。drawの始まり。空欄は0:00") },
    { FILE_LOADS, "time_to", FIELD_CLOCK, AT(mizo_load, slot_to), .otherwise = 48, HELP("a run has ended by then; the end of a draw; blank: 24:00", "runはそれまでに終わる。drawの終わり。空欄は24:00") },
    VALID(LOADS, mizo_load),

    ID(PARTIES, mizo_party),
    { FILE_PARTIES, "name_ja", FIELD_TEXT, AT(mizo_party, name_ja), HELP("name in Japanese; blank for a household, whose name is sealed in the store", "日本語の名前。家庭は空欄(氏名は封じて保管する)") },
    { FILE_PARTIES, "name_en", FIELD_TEXT, AT(mizo_party, name_en), HELP("name in English; blank for a household", "英語の名前。家庭は空欄") },
    { FILE_PARTIES, "kind", FIELD_WORD, NEEDED, AT(mizo_party, kind), .words = party_kinds, HELP("what it is", "種類。public官公署、firm事業者、household家庭、retailer小売、generator発電、operator一般送配電") },
    { FILE_PARTIES, "invoice_number", FIELD_TEXT, AT(mizo_party, invoice_number), HELP("T and 13 digits; blank: not registered", "登録番号(T+13桁)。空欄は登録なし") },
    { FILE_PARTIES, "registered_from", FIELD_FROM, AT(mizo_party, from), HELP("first day of the registration; blank: since ever", "登録日。空欄は以前から") },
    { FILE_PARTIES, "registered_to", FIELD_TO, AT(mizo_party, to), HELP("first day on which it no longer holds; blank: until further notice", "登録が失効した日。空欄は当面続く") },

    { FILE_PARAMS, "name", FIELD_NAME, NEEDED, AT(mizo_param, name), HELP("what it is: levy, loss-rate, consumption-tax ...", "名前。levy、loss-rate、consumption-taxなど") },
    { FILE_PARAMS, "key", FIELD_NAME, AT(mizo_param, key), HELP("area, voltage, rate ... that it is for; blank: all", "区分(エリア、電圧、税率など)。空欄は区別なし") },
    VALID(PARAMS, mizo_param),
    { FILE_PARAMS, "value", MICRO, NEEDED, AT(mizo_param, value_e6), RANGE(-1000000000000000000, 1000000000000000000), HELP("the figure, in the unit", "値") },
    { FILE_PARAMS, "unit", FIELD_TEXT, AT(mizo_param, unit), HELP("yen/kWh, share, kW ...", "単位。円/kWhなど") },
    SOURCE(PARAMS, mizo_param),

    { FILE_ROUNDINGS, "chain", FIELD_NAME, NEEDED, AT(mizo_rounding, chain), HELP("name of the chain", "連鎖の名前") },
    { FILE_ROUNDINGS, "step", FIELD_WORD, NEEDED, AT(mizo_rounding, step), .words = steps, HELP("what is rounded", "丸める段階") },
    { FILE_ROUNDINGS, "unit", MICRO, AT(mizo_rounding, unit_e6), RANGE(1, 1000000000000), .otherwise = 1000000, HELP("to multiples of this: 1, 0.01, 100; blank: 1", "この倍数に丸める。1、0.01、100など。空欄は1") },
    { FILE_ROUNDINGS, "how", FIELD_WORD, NEEDED, AT(mizo_rounding, how), .words = hows, HELP("half-up: halves away from zero; cut: towards zero; down and up: to the lower, the higher number", "half-up四捨五入、cut切捨て(0に向かう)、down小さい方、up大きい方、none丸めない") },

    { FILE_CHARGES, "tariff", FIELD_REF, NEEDED, AT(mizo_charge, tariff), .to = FILE_TARIFFS, HELP("tariff", "料金表") },
    { FILE_CHARGES, "kind", FIELD_WORD, NEEDED, AT(mizo_charge, kind), .words = charge_kinds, HELP("what is charged", "料金の種類。base基本、excess超過、energy従量、step段階、minimum最低、fuel燃調、levy賦課金、market市場連動、wheeling託送、discount割引、fixed定額、unused不使用月") },
    NAMES(CHARGES, mizo_charge),
    VALID(CHARGES, mizo_charge),
    { FILE_CHARGES, "months", FIELD_MONTHS, AT(mizo_charge, months), .otherwise = 0xfff, HELP("months, such as `7-9` or `1 4 12`; blank: all", "月。7-9、1 4 12など。空欄はすべて") },
    { FILE_CHARGES, "days", FIELD_DAYS, AT(mizo_charge, daytypes), .otherwise = 0xf, .words = daytypes, HELP("kinds of day; blank: all", "日の種類。空欄はすべて") },
    { FILE_CHARGES, "time_from", FIELD_CLOCK, AT(mizo_charge, slot_from), .otherwise = 0, HELP("first half-hour; blank: 0:00", "始まり。空欄は0:00") },
    { FILE_CHARGES, "time_to", FIELD_CLOCK, AT(mizo_charge, slot_to), .otherwise = 48, HELP("end; blank: 24:00. Over midnight: write two rows", "終わり。空欄は24:00。夜をまたぐなら二行に分ける") },
    { FILE_CHARGES, "step_from_kwh", .kind = FIELD_NUMBER, .digits = 3, AT(mizo_charge, step_from_wh), RANGE(0, 1000000000000), HELP("of a step: a month's kWh above this; blank: 0", "stepの下限kWh。空欄は0") },
    { FILE_CHARGES, "step_to_kwh", .kind = FIELD_NUMBER, .digits = 3, AT(mizo_charge, step_to_wh), RANGE(0, 1000000000000), HELP("and up to this; blank: without end", "stepの上限kWh。空欄は上限なし") },
    { FILE_CHARGES, "price", MICRO, AT(mizo_charge, price_e6), RANGE(-1000000000000000, 1000000000000000), .otherwise = MIZO_NO_PRICE, HELP("yen per kW and month, per kWh, per month; of discount and unused a share; may be negative; blank: param has it", "単価(円/kW・月、円/kWh、円/月)。discountとunusedは割合。負も可。空欄はparamによる") },
    { FILE_CHARGES, "param", FIELD_NAME, AT(mizo_charge, param), HELP("name in params.csv in place of a price; of market the loss rate; of fuel the month's unit or a formula", "単価の代わりのparams.csvの名前。marketでは損失率、fuelでは月の単価または算定式") },
    { FILE_CHARGES, "tax", FIELD_NAME, AT(mizo_charge, tax), HELP("name of the rate of tax in params.csv; blank: not taxed", "params.csvの税率の名前。空欄は不課税") },
    { FILE_CHARGES, "tax_added", YES_NO, AT(mizo_charge, tax_added), HELP("yes: the price is without tax, which is added; no: it is contained", "yes: 税抜きの単価(税を加える)。no: 税込み") },
    SOURCE(CHARGES, mizo_charge),

    ID(CONTRACTS, mizo_contract),
    POINT(CONTRACTS, mizo_contract),
    { FILE_CONTRACTS, "party", FIELD_REF, NEEDED, AT(mizo_contract, party), .to = FILE_PARTIES, HELP("who pays", "契約者") },
    { FILE_CONTRACTS, "tariff", FIELD_REF, NEEDED, AT(mizo_contract, tariff), .to = FILE_TARIFFS, HELP("tariff", "料金表") },
    { FILE_CONTRACTS, "invoice", FIELD_NAME, AT(mizo_contract, invoice), HELP("contracts of one party with the same word stand on one invoice; blank: on its own", "同じ契約者で同じ語の契約は一枚の請求書にまとめる。空欄は単独") },
    { FILE_CONTRACTS, "rounding", FIELD_NAME, NEEDED, AT(mizo_contract, rounding), HELP("chain of roundings.csv", "端数処理の連鎖(roundings.csv)") },
    { FILE_CONTRACTS, "agreed_kw", KW(0), AT(mizo_contract, agreed_w), HELP("agreed power, kW; blank: none, measured demand where the tariff says so", "協議による契約電力kW。空欄はなし(料金表により実量制)") },
    { FILE_CONTRACTS, "reading_day", .kind = FIELD_NUMBER, AT(mizo_contract, reading_day), RANGE(1, 31), .otherwise = 1, HELP("day of the month on which it is read; blank: 1", "検針日。空欄は1日") },
    { FILE_CONTRACTS, "pay_days", .kind = FIELD_NUMBER, AT(mizo_contract, pay_days), RANGE(0, 366), .otherwise = 30, HELP("due so many days after the issue; blank: 30", "発行から支払期限までの日数。空欄は30") },
    VALID(CONTRACTS, mizo_contract),

    { FILE_ISSUERS, "party", FIELD_REF, NEEDED, AT(mizo_issuer, party), .to = FILE_PARTIES, HELP("who issues: its name and number come from parties.csv", "発行者。名前と登録番号はparties.csvによる") },
    { FILE_ISSUERS, "address_ja", FIELD_TEXT, AT(mizo_issuer, address_ja), HELP("address in Japanese", "住所") },
    { FILE_ISSUERS, "address_en", FIELD_TEXT, AT(mizo_issuer, address_en), HELP("address in English", "英語の住所") },
    { FILE_ISSUERS, "contact", FIELD_TEXT, AT(mizo_issuer, contact), HELP("telephone, post of the desk", "問い合わせ先") },
    { FILE_ISSUERS, "note_ja", FIELD_TEXT, AT(mizo_issuer, note_ja), HELP("how to pay, in Japanese", "支払い方法") },
    { FILE_ISSUERS, "note_en", FIELD_TEXT, AT(mizo_issuer, note_en), HELP("how to pay, in English", "支払い方法(英語)") },
    { FILE_ISSUERS, "rounding", FIELD_NAME, NEEDED, AT(mizo_issuer, rounding), HELP("chain of roundings.csv whose steps total and tax hold once per invoice and rate", "請求書ごと税率ごとに一度だけ使うtotalとtaxの端数処理(roundings.csvの連鎖)") },
    VALID(ISSUERS, mizo_issuer),

    { FILE_BANKING, "party", FIELD_REF, NEEDED, AT(mizo_bank, party), .to = FILE_PARTIES, HELP("whose it is; never a household", "口座の持ち主。家庭は書かない") },
    { FILE_BANKING, "bank", FIELD_TEXT, NEEDED, AT(mizo_bank, bank), HELP("code of the bank, 4 digits", "銀行番号4桁") },
    { FILE_BANKING, "bank_kana", FIELD_TEXT, AT(mizo_bank, bank_kana), HELP("its name in kana", "銀行名カナ") },
    { FILE_BANKING, "branch", FIELD_TEXT, NEEDED, AT(mizo_bank, branch), HELP("code of the branch, 3 digits", "支店番号3桁") },
    { FILE_BANKING, "branch_kana", FIELD_TEXT, AT(mizo_bank, branch_kana), HELP("its name in kana", "支店名カナ") },
    { FILE_BANKING, "deposit", FIELD_WORD, NEEDED, AT(mizo_bank, deposit), .words = deposits, HELP("kind of account", "預金種目。ordinary普通、current当座、savings貯蓄") },
    { FILE_BANKING, "number", FIELD_TEXT, NEEDED, AT(mizo_bank, number), HELP("number of the account, up to 7 digits", "口座番号(7桁まで)") },
    { FILE_BANKING, "holder_kana", FIELD_TEXT, NEEDED, AT(mizo_bank, holder_kana), HELP("its holder in kana", "口座名義カナ") },
    { FILE_BANKING, "client", FIELD_TEXT, AT(mizo_bank, client), HELP("the issuer's own account: 10 digits that the bank gave", "発行者の口座では委託者コード10桁") },
    { FILE_BANKING, "reference", FIELD_TEXT, AT(mizo_bank, reference), HELP("what the bank gives back with a payment, 20 digits at most", "顧客番号(20桁まで)") },
    VALID(BANKING, mizo_bank),

    ID(PURCHASES, mizo_purchase),
    { FILE_PURCHASES, "party", FIELD_REF, NEEDED, AT(mizo_purchase, party), .to = FILE_PARTIES, HELP("who sells", "売り手") },
    { FILE_PURCHASES, "kind", FIELD_WORD, NEEDED, AT(mizo_purchase, kind), .words = purchase_kinds, HELP("what is bought; fit-special: the spot price of each half-hour plus the price", "種類。ppa、surplus卒FIT余剰、fit-special特定卸(各コマのスポット価格に単価を加える)、bilateral相対") },
    { FILE_PURCHASES, "measure", FIELD_WORD, NEEDED, AT(mizo_purchase, measure), .words = measures, HELP("what counts: generation of pv or plant, export of point, self-use (generation of pv less export of point)", "量。generation発電量、export逆潮流量、self-use自家消費量(pvの発電からpointの逆潮流を引く)") },
    { FILE_PURCHASES, "point", FIELD_REF, AT(mizo_purchase, point), .to = FILE_POINTS, HELP("supply point", "供給地点") },
    { FILE_PURCHASES, "pv", FIELD_REF, AT(mizo_purchase, pv), .to = FILE_PV, HELP("solar plant", "太陽光発電設備") },
    { FILE_PURCHASES, "plant", FIELD_REF, AT(mizo_purchase, plant), .to = FILE_PLANTS, HELP("plant", "発電所") },
    { FILE_PURCHASES, "price", MICRO, AT(mizo_purchase, price_e6), RANGE(-1000000000000, 1000000000000), .otherwise = MIZO_NO_PRICE, HELP("yen/kWh; blank: param has it", "単価 円/kWh。空欄はparamによる") },
    { FILE_PURCHASES, "param", FIELD_NAME, AT(mizo_purchase, param), HELP("name in params.csv in place of a price", "単価の代わりのparams.csvの名前") },
    { FILE_PURCHASES, "tax", FIELD_NAME, AT(mizo_purchase, tax), HELP("name of the rate of tax in params.csv; blank: not taxed", "params.csvの税率の名前。空欄は不課税") },
    { FILE_PURCHASES, "tax_added", YES_NO, AT(mizo_purchase, tax_added), HELP("yes: the price is without tax, which is added", "yes: 税抜きの単価(税を加える)") },
    { FILE_PURCHASES, "rounding", FIELD_NAME, NEEDED, AT(mizo_purchase, rounding), HELP("chain of roundings.csv: kwh and line of a line, total and tax of the statement", "端数処理の連鎖(roundings.csv)。kwh・lineは明細、total・taxは書面に一度") },
    { FILE_PURCHASES, "invoice", FIELD_NAME, AT(mizo_purchase, invoice), HELP("rows of one party with the same word stand on one statement; blank: on its own", "同じ売り手で同じ語の行は一枚の仕入明細書にまとめる。空欄は単独") },
    { FILE_PURCHASES, "value", YES_NO, AT(mizo_purchase, value), HELP("yes: the environmental value passes to us", "yes: 環境価値も移る") },
    { FILE_PURCHASES, "pay_days", .kind = FIELD_NUMBER, AT(mizo_purchase, pay_days), RANGE(0, 366), .otherwise = 30, HELP("paid so many days after the issue; blank: 30", "発行から支払いまでの日数。空欄は30") },
    VALID(PURCHASES, mizo_purchase),

    { FILE_LEDGER, "account", FIELD_TEXT, NEEDED, AT(mizo_ledger, account), HELP("account of the books or its beginning up to a colon: sales, tax, customer, bank:main", "帳簿の勘定、またはコロンまでの頭。sales、tax、customer、bank:mainなど") },
    { FILE_LEDGER, "code", FIELD_TEXT, NEEDED, AT(mizo_ledger, code), HELP("code of the accounting program", "会計ソフトの勘定科目コード") },
    NAMES(LEDGER, mizo_ledger),
    { FILE_LEDGER, "tax_code", FIELD_TEXT, AT(mizo_ledger, tax_code), HELP("its code of tax", "税区分コード") },

    ID(METERS, mizo_meter),
    POINT(METERS, mizo_meter),
    { FILE_METERS, "serial", FIELD_TEXT, AT(mizo_meter, serial), HELP("number on the meter", "計器番号") },
    { FILE_METERS, "kind", FIELD_WORD, NEEDED, AT(mizo_meter, kind), .words = meter_kinds, HELP("direct; behind a transformer; notified: used after notification (特定計量)", "direct直接、transformer変成器付、notified特定計量(届出)") },
    { FILE_METERS, "multiplier", .kind = FIELD_NUMBER, .digits = 3, AT(mizo_meter, multiplier_e3), RANGE(1, 1000000000), .otherwise = 1000, HELP("kWh for one of its register; blank: 1", "乗率。空欄は1") },
    { FILE_METERS, "verified_until", FIELD_TO, AT(mizo_meter, verified_until), HELP("first day after its term of verification; blank: not known", "検定の有効期間が終わった翌日。空欄は不明") },
    { FILE_METERS, "first_register", .kind = FIELD_NUMBER, .digits = 3, AT(mizo_meter, first_e3), RANGE(0, 1000000000000000), .otherwise = -1, HELP("its register when it came, kWh; blank: not read", "取付時の指示数 kWh。空欄は不明") },
    { FILE_METERS, "last_register", .kind = FIELD_NUMBER, .digits = 3, AT(mizo_meter, last_e3), RANGE(0, 1000000000000000), .otherwise = -1, HELP("its register when it went, kWh; blank: not read", "取外時の指示数 kWh。空欄は不明") },
    { FILE_METERS, "register_max", .kind = FIELD_NUMBER, .digits = 3, AT(mizo_meter, register_max_e3), RANGE(0, 1000000000000000), HELP("the register begins again at this, kWh; blank: it does not", "指示数が一回りする値 kWh。空欄は一回りしない") },
    VALID(METERS, mizo_meter),

    ID(VIRTUALS, mizo_virtual),
    NAMES(VIRTUALS, mizo_virtual),
    { FILE_VIRTUALS, "formula", FIELD_TEXT, NEEDED, AT(mizo_virtual, formula), HELP("points with + and - between, with spaces around the signs: `p-a + p-b - p-c`", "地点を + と - でつなぐ(前後に空白): `p-a + p-b - p-c`") },
    { FILE_VIRTUALS, "billing", YES_NO, AT(mizo_virtual, billing), HELP("yes: a bill may rest on it; needs basis", "yes: 請求に使う。basisが要る") },
    { FILE_VIRTUALS, "basis", FIELD_TEXT, AT(mizo_virtual, basis), HELP("law, notice or agreement by which it may be billed", "請求に使う根拠(法令・通知・合意)") },
    VALID(VIRTUALS, mizo_virtual),

    { FILE_OPERATOR_CODES, "code", FIELD_TEXT, NEEDED, AT(mizo_code, code), HELP("name of the element", "要素名") },
    { FILE_OPERATOR_CODES, "meaning", FIELD_NAME, NEEDED, AT(mizo_code, name), HELP("what it is, a word of docs/formats/operator-files.md; ignore: passed by", "意味。docs/formats/operator-files.md の語。ignoreは読み飛ばす") },
    SOURCE(OPERATOR_CODES, mizo_code),

    { FILE_PLAN_CODES, "name", FIELD_NAME, NEEDED, AT(mizo_code, name), HELP("what it is here, a word of docs/formats/plan-file.md; validated: the codes were checked against the official texts", "項目。docs/formats/plan-file.md の語。validatedは公式文書で確認済みの印") },
    { FILE_PLAN_CODES, "code", FIELD_TEXT, AT(mizo_code, code), HELP("what it is called in the file", "ファイルでのコード") },
    SOURCE(PLAN_CODES, mizo_code),
    ID(DUTIES, mizo_duty),
    NAMES(DUTIES, mizo_duty),
    { FILE_DUTIES, "who", FIELD_NAME, NEEDED, AT(mizo_duty, who), HELP("whose duty it is: retailer, generator, city ...", "誰の義務か。retailer小売、generator発電、city市など") },
    { FILE_DUTIES, "every", FIELD_WORD, NEEDED, AT(mizo_duty, every), .words = duty_every, HELP("period that it speaks of; quarters and halves are of the fiscal year; year: January to December", "対象期間。month月、quarter四半期、half半期、fy年度、year暦年") },
    { FILE_DUTIES, "months", .kind = FIELD_NUMBER, NEEDED, AT(mizo_duty, months), RANGE(-12, 24), HELP("due in the month so many months after the period's last one", "期間の最後の月から数えて何か月後の月が期限か") },
    { FILE_DUTIES, "day", .kind = FIELD_NUMBER, NEEDED, AT(mizo_duty, day), RANGE(1, 31), HELP("on this day of it; 31: its last day", "その月の何日か。31は月末") },
    { FILE_DUTIES, "shift", FIELD_WORD, AT(mizo_duty, shift), .words = duty_shifts, HELP("where that is no business day; blank: none", "休業日のとき。next翌営業日、before前営業日。空欄はそのまま") },
    { FILE_DUTIES, "warn_days", .kind = FIELD_NUMBER, AT(mizo_duty, warn_days), RANGE(0, 366), .otherwise = 14, HELP("the desk is told so many days before; blank: 14", "何日前から知らせるか。空欄は14") },
    { FILE_DUTIES, "sheet", FIELD_NAME, AT(mizo_duty, sheet), HELP("transcription sheet with its figures (`mizo duty sheet`); blank: none", "転記表の名前(mizo duty sheet)。空欄はなし") },
    { FILE_DUTIES, "to_ja", FIELD_TEXT, AT(mizo_duty, to_ja), HELP("to whom it goes", "提出先・公表先") },
    { FILE_DUTIES, "to_en", FIELD_TEXT, AT(mizo_duty, to_en), HELP("to whom it goes, in English", "提出先・公表先(英語)") },
    { FILE_DUTIES, "note", FIELD_TEXT, AT(mizo_duty, note), HELP("what to know about it", "備考") },
    VALID(DUTIES, mizo_duty),
    SOURCE(DUTIES, mizo_duty),

    { FILE_PROCESSES, "kind", FIELD_NAME, NEEDED, AT(mizo_process, kind), HELP("switch, move-in, meter-exchange, cancel-notice ...", "種類。switchスイッチング、move-in再点、meter-exchange計量器交換、cancel-notice解約予告など") },
    NAMES(PROCESSES, mizo_process),
    { FILE_PROCESSES, "voltage", FIELD_CHOICE, AT(mizo_process, voltage), .words = voltages, HELP("for points of this voltage; blank: any", "この電圧の地点。空欄はすべて") },
    { FILE_PROCESSES, "least_kw", KW(0), AT(mizo_process, least_w), HELP("contract power from, kW; blank: 0", "契約電力がこれ以上") },
    { FILE_PROCESSES, "end_kw", KW(0), AT(mizo_process, end_w), HELP("contract power below, kW; blank: no end", "契約電力がこれ未満。空欄は上限なし") },
    { FILE_PROCESSES, "business_days", .kind = FIELD_NUMBER, AT(mizo_process, business_days), RANGE(0, 400), HELP("business days", "営業日数") },
    { FILE_PROCESSES, "days", .kind = FIELD_NUMBER, AT(mizo_process, days), RANGE(0, 400), HELP("calendar days after them", "それに加える暦日数") },
    { FILE_PROCESSES, "before", YES_NO, AT(mizo_process, before), HELP("yes: counted back from the day on which it is to be", "yes: その日からさかのぼって数える") },
    VALID(PROCESSES, mizo_process),
    SOURCE(PROCESSES, mizo_process),

    { FILE_SHEETS, "sheet", FIELD_NAME, NEEDED, AT(mizo_sheet_row, sheet), HELP("name of the sheet, as in duties.csv", "転記表の名前(duties.csvのsheet)") },
    { FILE_SHEETS, "cell", FIELD_TEXT, NEEDED, AT(mizo_sheet_row, cell), HELP("cell of the form", "様式のセル") },
    NAMES(SHEETS, mizo_sheet_row),
    { FILE_SHEETS, "item", FIELD_CHOICE, NEEDED, AT(mizo_sheet_row, item), .words = sheet_items, HELP("what is counted: generation of plants and panels; demand metered; contracts at the end; bills; sales and levy as billed; menu: what was sold under a menu in a fiscal year, what it was made of, its certificates and CO2 factor; entity: what a reporting entity used and gave off in a fiscal year (docs/mechanisms/inventory.md); grant: its jobs, money and effect in a fiscal year", "数えるもの。generation発電、demand計量した需要、contracts期末の契約数、bills請求件数、sales-kwh・sales-yen販売、levy-kwh・levy-yen賦課金、menu-…年度のメニュー別の販売・電源構成・証書・排出係数、entity-…報告単位の年度のエネルギーと排出量、grant-…交付金の年度の事業・金額・効果") },
    { FILE_SHEETS, "key", FIELD_NAME, AT(mizo_sheet_row, key), HELP("a plant, or pv; of menu items a menu; of entity items a kind of energy or gas, or a menu; else a voltage (low, high, extra-high); blank: all", "generationは発電所またはpv。menu-…はメニュー。entity-…はエネルギー・ガスの種別またはメニュー。ほかは電圧(low、high、extra-high)。空欄はすべて") },
    { FILE_SHEETS, "entity", FIELD_TEXT, AT(mizo_sheet_row, entity), HELP("of entity items: a reporting entity or a bureau of facilities.csv; blank: all of the city's facilities", "entity-…の報告単位か所管局。空欄は市の全施設") },
    { FILE_SHEETS, "unit", FIELD_CHOICE, NEEDED, AT(mizo_sheet_row, unit), .words = sheet_units, HELP("unit of the cell", "単位") },
    { FILE_SHEETS, "digits", .kind = FIELD_NUMBER, AT(mizo_sheet_row, digits), RANGE(0, 6), HELP("decimals, rounded half up; blank: whole", "小数の桁数(四捨五入)。空欄は整数") },
    VALID(SHEETS, mizo_sheet_row),
    SOURCE(SHEETS, mizo_sheet_row),

    { FILE_GROUPS, "group", FIELD_NAME, NEEDED, AT(mizo_bg, id), HELP("text id of the group; one row for each stretch of days", "グループの識別子。期間ごとに一行") },
    NAMES(GROUPS, mizo_bg),
    { FILE_GROUPS, "kind", FIELD_WORD, NEEDED, AT(mizo_bg, kind), .words = bg_kinds, HELP("demand: members are suppliers; generation: plants and solar plants; self-wheeling: points that receive", "demand需要(会員は小売事業者)、generation発電(会員は発電所・太陽光)、self-wheeling自己託送(会員は受ける地点)") },
    { FILE_GROUPS, "role", FIELD_WORD, NEEDED, AT(mizo_bg, role), .words = bg_roles, HELP("member: another firm files, we hand it 48 values; parent: we file for all members; alone", "member子(親に48値を渡す)、parent親(全会員分を提出)、alone単独") },
    { FILE_GROUPS, "parent", FIELD_NAME, AT(mizo_bg, parent), HELP("of a member: the firm that files", "子のとき、提出する親の事業者") },
    { FILE_GROUPS, "code", FIELD_TEXT, AT(mizo_bg, code), HELP("code of the group in plan files", "計画ファイルでのグループコード") },
    { FILE_GROUPS, "firm_code", FIELD_TEXT, AT(mizo_bg, firm), HELP("code of the firm that files", "提出する事業者のコード") },
    { FILE_GROUPS, "receiver_code", FIELD_TEXT, AT(mizo_bg, receiver), HELP("code of who takes the plan", "提出先のコード") },
    { FILE_GROUPS, "hand_in", FIELD_CLOCK, AT(mizo_bg, hand_in), .otherwise = 48, HELP("of a member: hour of the day before by which the parent wants the values", "子のとき、前日の何時までに渡すか") },
    { FILE_GROUPS, "split", FIELD_WORD, AT(mizo_bg, split), .words = bg_splits, HELP("how the group's imbalance is split: deviation, by each member's own absolute deviation; volume; direct, each at its own deviation and what netting saves by volume; blank: deviation", "インバランスの分け方。deviation各会員の差の絶対値、volume使用量、direct各会員の差そのもの(相殺の分は使用量)。空欄はdeviation") },
    { FILE_GROUPS, "fee_yen_per_kwh", YEN, AT(mizo_bg, fee_myen), RANGE(0, 1000000), HELP("paid to the parent for a kWh of demand: by us as a member, or by the other members where we are parent; blank: 0", "親が受け取る手数料 円/kWh。子なら当社が払い、親ならほかの会員から受け取る。空欄は0") },
    { FILE_GROUPS, "prices", FIELD_NAME, AT(mizo_bg, prices), HELP("owner of the imbalance prices, such as imbalance-tokyo; blank: none yet", "インバランス単価の系列の識別子。imbalance-tokyoなど。空欄はまだない") },
    { FILE_GROUPS, "files", FIELD_WORD, AT(mizo_bg, machine_files), .words = bg_files, HELP("who files the plan of the next day: a person, or the running town by itself; blank: person", "翌日計画を提出するのは人(person)か、動いているまち(machine)か。空欄はperson") },
    { FILE_GROUPS, "members", FIELD_TEXT, NEEDED, AT(mizo_bg, members), HELP("ids of its members, with spaces between", "会員の識別子。空白で区切る") },
    { FILE_GROUPS, "member_codes", FIELD_TEXT, AT(mizo_bg, member_codes), HELP("their codes in plan files, in the same order; blank: members are not told apart there", "会員の計画ファイルでのコード。同じ順に書く。空欄は会員別に分けない") },
    { FILE_GROUPS, "own", FIELD_TEXT, AT(mizo_bg, own), HELP("of a parent: those of the members that are ourselves, with spaces between; the others owe their shares. Blank: not said, and the month close asks for it", "親のとき、会員のうち当社自身の識別子。空白で区切る。ほかの会員には負担額が生じる。空欄は未定で、月次締めが求める") },
    { FILE_GROUPS, "share_days", .kind = FIELD_NUMBER, AT(mizo_bg, share_days), RANGE(0, 366), .otherwise = 30, HELP("of a parent: the others' shares of a month are due so many days after its last; blank: 30", "親のとき、ほかの会員の月の負担額の期限。月末からの日数。空欄は30") },
    { FILE_GROUPS, "share_tax", FIELD_NAME, AT(mizo_bg, share_tax), HELP("of a parent: name of the rate of tax in params.csv that comes on top of the others' shares and fees, once a month; blank: none", "親のとき、ほかの会員の負担額と手数料に月に一度加える税率の名前(params.csv)。空欄は加えない") },
    VALID(GROUPS, mizo_bg),

    ID(SOURCES, mizo_source),
    NAMES(SOURCES, mizo_source),
    { FILE_SOURCES, "kind", FIELD_WORD, NEEDED, AT(mizo_source, kind), .words = source_kinds, HELP("what it is; dr: demand response that may be called, no procurement until it is; sale: sold to another", "種類。own-plant自社電源、ppa、base-loadベースロード、bilateral相対、backup補給、market取引所、fit-special特定卸、post-fit卒FIT、self-wheeling自己託送、dr要請すれば減る需要、sale販売") },
    { FILE_SOURCES, "group", FIELD_NAME, NEEDED, AT(mizo_source, group), HELP("group in whose plan it stands (groups.csv)", "計画に載るグループ(groups.csv)") },
    { FILE_SOURCES, "party", FIELD_NAME, AT(mizo_source, party), HELP("the other side", "相手方") },
    { FILE_SOURCES, "code", FIELD_TEXT, AT(mizo_source, code), HELP("code of the other side, or of the unit, in plan files", "計画ファイルでの相手方または電源のコード") },
    { FILE_SOURCES, "plant", FIELD_REF, AT(mizo_source, plant), .to = FILE_PLANTS, HELP("plant whose output it is", "発電所") },
    { FILE_SOURCES, "pv", FIELD_REF, AT(mizo_source, pv), .to = FILE_PV, HELP("solar plant whose output it is", "太陽光発電設備") },
    { FILE_SOURCES, "point", FIELD_REF, AT(mizo_source, point), .to = FILE_POINTS, HELP("supply point: of self-wheeling the one that receives, of ppa or post-fit the one that feeds in; blank of post-fit: all that the group supplies", "供給地点。自己託送では受ける地点、ppaとpost-fitでは送り出す地点。post-fitの空欄はグループの全地点") },
    { FILE_SOURCES, "months", FIELD_MONTHS, AT(mizo_source, months), .otherwise = 0xfff, HELP("months, as in rates.csv; blank: all", "月。rates.csvと同じ。空欄はすべて") },
    { FILE_SOURCES, "days", FIELD_DAYS, AT(mizo_source, daytypes), .otherwise = 0xf, .words = daytypes, HELP("kinds of day, as in rates.csv; blank: all", "日の種類。rates.csvと同じ。空欄はすべて") },
    { FILE_SOURCES, "time_from", FIELD_CLOCK, AT(mizo_source, slot_from), .otherwise = 0, HELP("first half-hour; blank: 0:00", "始まり。空欄は0:00") },
    { FILE_SOURCES, "time_to", FIELD_CLOCK, AT(mizo_source, slot_to), .otherwise = 48, HELP("end; blank: 24:00", "終わり。空欄は24:00") },
    { FILE_SOURCES, "amount", FIELD_WORD, AT(mizo_source, amount), .words = source_amounts, HELP("fixed: kw; produced: share of what plant, pv or point gives; notified: 48 values sent for the day; rest: what is left open, up to kw; blank: fixed", "fixedはkw、producedは発電量の割合、notifiedは日ごとに知らされる48値、restは残り(kwまで)。空欄はfixed") },
    { FILE_SOURCES, "kw", KW(0), AT(mizo_source, power_w), HELP("power of a block; of rest and dr the most", "量kW。restとdrでは上限") },
    { FILE_SOURCES, "share", SHARE, AT(mizo_source, share_ppm), .otherwise = MIZO_PPM, HELP("share of what is produced; blank: 1", "発電量のうちの割合。空欄は1") },
    { FILE_SOURCES, "yen_per_kwh", YEN, AT(mizo_source, myen_per_kwh), RANGE(-1000000, 1000000), HELP("price, or what is added to the price of param", "単価。paramがあればそれに加える額") },
    { FILE_SOURCES, "param", FIELD_NAME, AT(mizo_source, param), HELP("spot: the market's price of each half-hour; else a name of params.csv; blank: yen_per_kwh alone", "spotは30分ごとの市場価格。ほかはparams.csvの名。空欄はyen_per_kwhだけ") },
    { FILE_SOURCES, "value", YES_NO, AT(mizo_source, value), HELP("yes: with the environmental value", "yes: 環境価値つき") },
    VALID(SOURCES, mizo_source),

    ID(POOLS, mizo_pool),
    NAMES(POOLS, mizo_pool),
    { FILE_POOLS, "order", .kind = FIELD_NUMBER, NEEDED, AT(mizo_pool, order), RANGE(0, 1000000), HELP("lower is matched first; equal: by id", "小さい順に割り当てる。同じなら識別子順") },
    { FILE_POOLS, "rule", FIELD_WORD, AT(mizo_pool, rule), .words = pool_rules, HELP("pro-rata: all alike; priority: by level, lower first; contract: each consumer its share of what is offered; blank: pro-rata", "pro-rata按分、priorityはlevelの小さい順、contractは需要側ごとの契約割合。空欄はpro-rata") },
    VALID(POOLS, mizo_pool),

    { FILE_MEMBERS, "pool", FIELD_REF, NEEDED, AT(mizo_pool_member, pool), .to = FILE_POOLS, HELP("pool", "プール") },
    { FILE_MEMBERS, "side", FIELD_WORD, NEEDED, AT(mizo_pool_member, consumer), .words = pool_sides, HELP("source gives into it, consumer takes from it", "source出す側、consumer受ける側") },
    { FILE_MEMBERS, "by", FIELD_WORD, NEEDED, AT(mizo_pool_member, by), .words = member_by, HELP("how value names them: origin waste, in-town, out-of-town; source a plant, or the point under panels; kind of facility; group public, private; menu, party, contract, point", "valueの読み方。origin、source(発電所か太陽光のある地点)、kind施設の種類、group、menu、party、contract、point") },
    { FILE_MEMBERS, "value", FIELD_NAME, AT(mizo_pool_member, value), HELP("the word or id; blank with `all`", "値。allなら空欄") },
    { FILE_MEMBERS, "level", .kind = FIELD_NUMBER, AT(mizo_pool_member, level), RANGE(0, 1000), .otherwise = 1, HELP("of a priority pool: lower first; blank: 1", "priorityの順位。小さいほど先。空欄は1") },
    { FILE_MEMBERS, "share", SHARE, AT(mizo_pool_member, share_ppm), .otherwise = -1, HELP("of a contract pool: the consumer's share of what is offered", "contractの割合") },
    VALID(MEMBERS, mizo_pool_member),

    { FILE_BIOGENIC, "plant", FIELD_REF, NEEDED, AT(mizo_biogenic, plant), .to = FILE_PLANTS, HELP("plant", "発電所") },
    { FILE_BIOGENIC, "share", SHARE, NEEDED, AT(mizo_biogenic, share_ppm), HELP("biogenic share", "バイオマス比率") },
    VALID(BIOGENIC, mizo_biogenic),
    SOURCE(BIOGENIC, mizo_biogenic),

    { FILE_FACTORS, "supplier", FIELD_REF, AT(mizo_factor, supplier), .to = FILE_SUPPLIERS, HELP("supplier; blank: the country's figure", "小売電気事業者。空欄は国の値") },
    { FILE_FACTORS, "menu", FIELD_REF, AT(mizo_factor, menu), .to = FILE_MENUS, HELP("menu; blank: all of the supplier's", "メニュー。空欄は事業者全体") },
    { FILE_FACTORS, "fy", FIELD_FY, NEEDED, AT(mizo_factor, fy), HELP("year of the results", "実績の年度") },
    { FILE_FACTORS, "kind", FIELD_WORD, NEEDED, AT(mizo_factor, kind), .words = factor_kinds, HELP("raw, basic, adjusted, menu, residual; average (of the country), alternative (where the supplier's is not known)", "raw未調整、basic基礎、adjusted調整後、menuメニュー別、residual残差、average全国平均、alternative代替値") },
    { FILE_FACTORS, "g_per_kwh", .kind = FIELD_NUMBER, NEEDED, .digits = 6, AT(mizo_factor, g_e6), RANGE(0, 5000000000), HELP("CO2, g/kWh", "CO2排出係数 g/kWh") },
    { FILE_FACTORS, "published", FIELD_FROM, AT(mizo_factor, published), HELP("day on which it was published; blank: known since ever", "公表日。空欄は以前から") },
    SOURCE(FACTORS, mizo_factor),

    { FILE_FUELS, "fuel", FIELD_NAME, NEEDED, AT(mizo_fuel, fuel), HELP("fuel", "燃料") },
    { FILE_FUELS, "name_ja", FIELD_TEXT, AT(mizo_fuel, name_ja), HELP("name in Japanese", "日本語の名前") },
    { FILE_FUELS, "unit", FIELD_TEXT, NEEDED, AT(mizo_fuel, unit), HELP("t, kL, 1000 m3", "単位") },
    { FILE_FUELS, "gj_per_unit", .kind = FIELD_NUMBER, NEEDED, .digits = 6, AT(mizo_fuel, gj_e6), RANGE(0, 1000000000), HELP("heat value", "発熱量") },
    { FILE_FUELS, "tc_per_gj", .kind = FIELD_NUMBER, NEEDED, .digits = 6, AT(mizo_fuel, tc_e6), RANGE(0, 1000000), HELP("carbon, t-C/GJ", "炭素排出係数 t-C/GJ") },
    VALID(FUELS, mizo_fuel),
    SOURCE(FUELS, mizo_fuel),

    { FILE_MARGINAL, "price_from_yen", YEN, AT(mizo_marginal, price_from), RANGE(-1000000, 1000000), .otherwise = -1000000, HELP("lowest market price of the row, per kWh; blank: any", "市場価格の下限 円/kWh。空欄はなし") },
    { FILE_MARGINAL, "price_to_yen", YEN, AT(mizo_marginal, price_to), RANGE(-1000000, 10000000), .otherwise = 10000000, HELP("first price that is no longer meant; blank: any", "市場価格の上限(この値は含まない)。空欄はなし") },
    { FILE_MARGINAL, "fuel", FIELD_NAME, NEEDED, AT(mizo_marginal, fuel), HELP("what runs more then", "限界電源") },
    { FILE_MARGINAL, "g_per_kwh", .kind = FIELD_NUMBER, NEEDED, .digits = 6, AT(mizo_marginal, g_e6), RANGE(0, 5000000000), HELP("CO2, g/kWh", "CO2排出係数 g/kWh") },
    VALID(MARGINAL, mizo_marginal),
    SOURCE(MARGINAL, mizo_marginal),
};
/* clang-format on */

const field_row *region_fields_of(region_file f, size_t *n)
{
    const size_t count = sizeof fields / sizeof *fields;
    size_t first = 0;
    while (first < count && fields[first].file != f)
        first++;
    size_t end = first;
    while (end < count && fields[end].file == f)
        end++;
    *n = end - first;
    return fields + first;
}

region_file region_file_named(const char *name)
{
    for (int f = 0; f < FILE_COUNT; f++)
        if (strcmp(region_files[f].name, name) == 0)
            return (region_file)f;
    return FILE_COUNT;
}

/* ---- the page ---- */

static bool japanese(const char *lang)
{
    return lang && strcmp(lang, "ja") == 0;
}

/* A kept value with no more decimals than it needs. */
static void put_number(int64_t v, int digits, buf *out)
{
    char text[MIZO_NUM_TEXT];
    while (digits > 0 && v % 10 == 0) {
        v /= 10;
        digits--;
    }
    mizo_decimal_text(v, digits, text);
    buf_str(out, text);
}

static void put_words(const char *const *words, buf *out)
{
    for (int i = 0; words[i]; i++)
        buf_printf(out, "%s%s", i ? ", " : "", words[i]);
}

static void put_range(const field_row *f, buf *out)
{
    put_number(f->least, f->digits, out);
    if (f->least == f->most)
        return;
    buf_str(out, "..");
    put_number(f->most, f->digits, out);
    if (f->digits) {
        buf_str(out, " step ");
        put_number(1, f->digits, out);
    }
}

void region_field_expects(const field_row *f, buf *out)
{
    switch (f->kind) {
    case FIELD_ID:
    case FIELD_NAME:
        buf_str(out, "[a-z0-9-]{1,40}");
        break;
    case FIELD_REF:
        buf_printf(out, "id (%s)", region_files[f->to].name);
        break;
    case FIELD_TEXT:
        buf_printf(out, "UTF-8, 0..%d", REGION_TEXT_MOST);
        break;
    case FIELD_DIGITS:
        buf_str(out, "[0-9]{22}");
        break;
    case FIELD_NUMBER:
        put_range(f, out);
        break;
    case FIELD_WORD:
    case FIELD_CHOICE:
    case FIELD_DAYS:
        put_words(f->words, out);
        break;
    case FIELD_FROM:
    case FIELD_TO:
        buf_str(out, "YYYY-MM-DD");
        break;
    case FIELD_FY:
        buf_str(out, "2023, FY2023, R5");
        break;
    case FIELD_MONTHS:
        buf_str(out, "1..12: 7-9, 1 4 12");
        break;
    case FIELD_CLOCK:
        buf_str(out, "0:00, 0:30 .. 24:00");
        break;
    case FIELD_HOURS:
        buf_str(out, "0..24");
        break;
    }
}

void region_schema_table(region_file f, const char *lang, buf *out)
{
    bool ja = japanese(lang);
    const file_row *file = &region_files[f];
    size_t n;
    const field_row *row = region_fields_of(f, &n);
    buf_printf(out, "### %s\n\n%s%s\n\n", file->name, ja ? file->help_ja : file->help_en, ja ? "。" : ".");
    buf_str(out, ja ? "| 名前 | 要 | 書けるもの | 意味 |\n" : "| name | needed | takes | meaning |\n");
    buf_str(out, "|---|---|---|---|\n");
    for (size_t i = 0; i < n; i++) {
        const char *need = row[i].needed ? (ja ? "要" : "yes") : "";
        buf_printf(out, "| %s | %s | ", row[i].name, need);
        region_field_expects(&row[i], out);
        buf_printf(out, " | %s |\n", ja ? row[i].help_ja : row[i].help_en);
    }
}
