/* schema.h: one row per key and column of a region directory. The reader, the
 * diagnoses, `mizo check --schema` and docs/formats/region.md come from it. */
#ifndef REGION_SCHEMA_H
#define REGION_SCHEMA_H

#include "base/buf.h"
#include "mizo/region.h"

/* Files in the order in which they are read: what is referred to stands first.
 * X(NAME, "file", C type of a row, kept as, needed, "english", "japanese") */
#define REGION_FILES(X)                                                                                       \
    X(REGION, "region.yaml", region_head, FILE_HEAD, true, "the town itself", "まち全体")                     \
    X(FACILITIES, "facilities.csv", mizo_facility, FILE_PLAIN, true,                                          \
      "what people know: a school, a ward office, a depot", "施設(学校、区役所、車両基地など)")               \
    X(BUILDINGS, "buildings.csv", mizo_building, FILE_PLAIN, false, "what stands there", "建物")              \
    X(SUPPLIERS, "suppliers.csv", mizo_supplier, FILE_PLAIN, false, "who sells electricity",                  \
      "小売電気事業者")                                                                                       \
    X(MENUS, "menus.csv", mizo_menu, FILE_PLAIN, false, "what they sell", "料金メニュー(電源構成)")           \
    X(TARIFFS, "tariffs.csv", mizo_tariff, FILE_PLAIN, false, "what it costs", "料金表")                      \
    X(RATES, "rates.csv", mizo_rate, FILE_PLAIN, false,                                                       \
      "prices of a tariff by month, kind of day and time; the first row that matches holds, and every hour "  \
      "must have one",                                                                                        \
      "料金表の時間帯別単価。先に書いた行が優先され、すべての時間に単価が要る")                               \
    X(NODES, "nodes.csv", mizo_node, FILE_PLAIN, false,                                                       \
      "feeders, districts and groups of sites with an obligation: where a limit stands; the town is above "   \
      "all of them",                                                                                          \
      "配電線・地区・義務を負う地点の集まりなど、上限のあるところ。まち全体はその上にある")                   \
    X(POINTS, "points.csv", mizo_point, FILE_PLAIN, true, "supply points: where a meter is",                  \
      "供給地点(計量器のあるところ)")                                                                         \
    X(USES, "uses.csv", mizo_use, FILE_PLAIN, true,                                                           \
      "which facility, in which building, uses which point, with which share; the shares of a point come "    \
      "to 1 on each day",                                                                                     \
      "どの施設がどの建物でどの地点をどの割合で使うか。一つの地点の割合は毎日合計1")                          \
    X(SUPPLY, "supply.csv", mizo_supply, FILE_PLAIN, false,                                                   \
      "who supplies a point with which menu, when; at most one at a time",                                    \
      "供給契約。一つの地点に同時に一つ")                                                                     \
    X(PV, "pv.csv", mizo_pv, FILE_ASSET, false, "solar plants behind a point", "太陽光発電設備")              \
    X(BATTERIES, "batteries.csv", mizo_battery, FILE_ASSET, false, "batteries behind a point", "蓄電池")      \
    X(CHARGERS, "chargers.csv", mizo_charger, FILE_ASSET, false, "chargers of vehicles behind a point",       \
      "充電器")                                                                                               \
    X(VEHICLES, "vehicles.csv", mizo_vehicle, FILE_ASSET, false, "vehicles and the charger of each",          \
      "電気自動車")                                                                                           \
    X(PLANTS, "plants.csv", mizo_plant, FILE_ASSET, false, "waste-to-energy plants that feed the town",       \
      "ごみ発電所など、まちに送電する発電所")                                                                 \
    X(PUBLISHED, "published.csv", mizo_published, FILE_PLAIN, false,                                          \
      "figures that somebody published, with their source; never computed", "公表値と出典。計算しない")       \
    X(REPORTED, "reported.csv", mizo_reported, FILE_PLAIN, false, "who has reported which year",              \
      "どの施設がどの年度を報告したか")                                                                       \
    X(INVENTORIES, "inventories.csv", mizo_inventory, FILE_PLAIN, false,                                      \
      "greenhouse-gas inventories: of the area, of an operator; the first is the one that is meant where "    \
      "none is named",                                                                                        \
      "排出量の算定。区域のもの、事務事業のもの。指定がなければ先頭のもの")                                   \
    X(INDICATORS, "indicators.csv", mizo_indicator, FILE_PLAIN, false,                                        \
      "what a figure of the city is: unit, decimals, rounding, formula; its results are in published.csv",    \
      "指標の定義。単位・桁・端数処理・計算式。実績はpublished.csv")                                          \
    X(GOALS, "targets.csv", mizo_goal, FILE_PLAIN, false,                                                     \
      "targets of indicators as they were decided; a later decision replaces one, both stay",                 \
      "指標の目標値。変更は新しい行で書き、前の行も残す")                                                     \
    X(NODES_OF_PLANS, "plans.csv", mizo_plan_node, FILE_PLAIN, false,                                         \
      "trees of plans: vision, goal, direction, measure; policy, field",                                      \
      "計画の体系。将来ビジョン・基本的方向・施策など")                                                       \
    X(BUSINESSES, "businesses.csv", mizo_business, FILE_PLAIN, false,                                         \
      "businesses of the administration; the number is the key, a name may stand for several",                \
      "事務事業。番号で区別する(同じ名前が複数ありうる)")                                                     \
    X(LISTINGS, "plan-businesses.csv", mizo_listing, FILE_PLAIN, false,                                       \
      "which business stands under which node; one business may stand in two plans",                          \
      "どの事業がどの施策にあるか。一つの事業が二つの計画に載ることもある")                                   \
    X(BUDGETS, "budgets.csv", mizo_budget, FILE_PLAIN, false, "money of a business by year and fund",         \
      "事業の予算と決算(年度・財源別)")                                                                       \
    X(TASKS, "roadmap.csv", mizo_task, FILE_PLAIN, false, "bars of a roadmap, of a node or of a business",    \
      "ロードマップの行。施策または事業ごと")                                                                 \
    X(JUDGED, "plan-indicators.csv", mizo_measure_of, FILE_PLAIN, false,                                      \
      "which indicators a node is judged by", "施策をどの指標で評価するか")                                   \
    X(RATINGS, "scales.csv", mizo_rating, FILE_PLAIN, false,                                                  \
      "the words by which nodes are evaluated, best first, and when the rule proposes a status",              \
      "評価の区分(良い順)と、規則が進捗状況の案にする条件")                                                   \
    X(EVALUATIONS, "evaluations.csv", mizo_evaluation, FILE_PLAIN, false,                                     \
      "how a node was evaluated: a status and a direction of scales.csv, each with its reason",               \
      "施策の評価。進捗状況と今後の方向性(scales.csvの区分)、それぞれの理由")                                 \
    X(REGISTERS, "registers.csv", mizo_register, FILE_PLAIN, false, "registers: members, shares, things",     \
      "名簿・台帳")                                                                                           \
    X(REGISTER_ROWS, "register-rows.csv", mizo_register_row, FILE_PLAIN, false, "what stands in a register",  \
      "名簿・台帳の行")                                                                                       \
    X(REGISTER_COUNTS, "register-counts.csv", mizo_register_count, FILE_PLAIN, false,                         \
      "how many a source says there were on a day; never computed", "公表された件数(時点つき)。計算しない")   \
    X(EMISSIONS, "inventory.csv", mizo_emission, FILE_PLAIN, false,                                           \
      "cells of greenhouse-gas inventories as they were published; `all` is a printed total",                 \
      "温室効果ガス排出量の公表値。allは印刷された合計")                                                      \
    X(ACTIVITIES, "activities.csv", mizo_activity, FILE_PLAIN, false,                                         \
      "activities and factors from which an inventory is computed, by edition: a vintage and its day",        \
      "排出量計算の活動量と係数(版つき。版は確定値などの区分と公表日)")                                       \
    X(GWPS, "gwp.csv", mizo_gwp, FILE_PLAIN, false, "global warming potentials by set", "地球温暖化係数")     \
    X(CATEGORIES, "categories.csv", mizo_category, FILE_PLAIN, false,                                         \
      "categories of other schemes (the ministry's, GPC, eCRF) and the cells of our inventories that they "   \
      "are",                                                                                                  \
      "国の区分・GPC・eCRFの区分と、この排出量表の欄との対応")                                                \
    X(ALIASES, "aliases.csv", mizo_alias, FILE_PLAIN, false,                                                  \
      "other names of things: short, outdated, misspelt", "別名・表記ゆれ")                                   \
    X(CHECKS, "checks.csv", mizo_claim_check, FILE_PLAIN, false,                                              \
      "figures that must come out of the data: what is asked, and what a source prints",                      \
      "データから出るべき数字の一覧。問いと、公表された表記")                                                 \
    X(LAMPS, "lamps.csv", region_lamp, FILE_PLAIN, false,                                                     \
      "lamps of the points that are read by lamp table; summed into the point",                               \
      "街路灯など定額の地点の灯具")                                                                           \
    X(FURNACES, "furnaces.csv", mizo_furnace, FILE_ASSET, false, "furnaces of the plants", "発電所の炉")      \
    X(BURNS, "plant-schedule.csv", mizo_burn_plan, FILE_ASSET, false,                                         \
      "what a plant's furnaces will do; where no row holds they burn in full",                                \
      "炉の運転計画。書かない日は全負荷")                                                                     \
    X(TERMS, "terms.csv", mizo_term, FILE_PLAIN, false, "days outside term, by kind of facility",             \
      "学校の長期休業など、施設の種類ごとの休みの期間")                                                       \
    X(OBLIGATIONS, "obligations.csv", mizo_obligation, FILE_PLAIN, false,                                     \
      "for a while a node is to stay below a power: a call for demand response, a reservation",               \
      "期間を区切った上限。デマンドレスポンスの要請や調整力の予約など")                                       \
    X(LOADS, "loads.csv", mizo_load, FILE_ASSET, false,                                                       \
      "loads that may wait and then run through, and what is drawn from a store each day",                    \
      "待てる負荷(始めたら止めない)と、貯めた湯・水素などの毎日の使用")                                       \
    X(PARTIES, "parties.csv", mizo_party, FILE_PLAIN, false,                                                  \
      "who is billed or paid, with the number of the invoice registration",                                   \
      "請求先・支払先と適格請求書発行事業者の登録番号")                                                       \
    X(PARAMS, "params.csv", mizo_param, FILE_PLAIN, false,                                                    \
      "dated figures by name and key, each with its source and mark: levy, taxes, loss rates, fuel prices",   \
      "名前・区分・期間ごとの数値と出典・確度。賦課金、税率、損失率、燃料価格など")                           \
    X(ROUNDINGS, "roundings.csv", mizo_rounding, FILE_PLAIN, false,                                           \
      "how a bill is rounded, step by step; a chain is named by contracts; a step without a row is not "      \
      "rounded",                                                                                              \
      "請求の端数処理の連鎖。契約が名前で選ぶ。行のない段階は丸めない")                                       \
    X(CHARGES, "charges.csv", mizo_charge, FILE_PLAIN, false,                                                 \
      "dated charges of a tariff, from which bills are made; a tariff without any is billed by tariffs.csv "  \
      "and rates.csv",                                                                                        \
      "料金表の期間つきの料金項目。請求はこれで計算する。なければtariffs.csvとrates.csvによる")               \
    X(CONTRACTS, "contracts.csv", mizo_contract, FILE_PLAIN, false,                                           \
      "supply of a point to a party under a tariff; at most one at a time",                                   \
      "需給契約。一つの地点に同時に一つ")                                                                     \
    X(ISSUERS, "issuers.csv", mizo_issuer, FILE_PLAIN, false,                                                 \
      "who stands on our invoices: address, how to pay, and how the tax is rounded once",                     \
      "請求書の発行者。住所、支払い方法、消費税の端数処理")                                                   \
    X(BANKING, "banking.csv", mizo_bank, FILE_PLAIN, false,                                                   \
      "bank accounts of firms, for the files of the banks; never a household's",                              \
      "事業者の銀行口座(全銀ファイル用)。家庭の口座は書かない")                                               \
    X(PURCHASES, "purchases.csv", mizo_purchase, FILE_PLAIN, false,                                           \
      "what is bought from whom at which price: PPA, surplus of households, FIT, bilateral",                  \
      "誰から何をいくらで買うか。PPA、卒FIT余剰、特定卸、相対")                                               \
    X(LEDGER, "ledger.csv", mizo_ledger, FILE_PLAIN, false,                                                   \
      "account codes of the accounting program for the accounts of the books",                                \
      "帳簿の勘定に対応する会計ソフトの勘定科目コード")                                                       \
    X(METERS, "meters.csv", mizo_meter, FILE_PLAIN, false,                                                    \
      "meters at the points, with their terms of verification; one at a time",                                \
      "計器と検定の有効期間。一つの地点に同時に一つ")                                                         \
    X(VIRTUALS, "virtual.csv", mizo_virtual, FILE_PLAIN, false,                                               \
      "sums and differences of points, for analysis; for a bill only with a recorded legal basis",            \
      "地点の和と差による仮想地点。分析用。請求に使うには根拠の記録が要る")                                   \
    X(OPERATOR_CODES, "operator-codes.csv", mizo_code, FILE_PLAIN, false,                                     \
      "codes of the network operator's files, over the built-in ones",                                        \
      "一般送配電事業者のファイルのコード。組み込みの表より優先")                                             \
    X(PLAN_CODES, "plan-codes.csv", mizo_code, FILE_PLAIN, false,                                             \
      "codes of plan files, over the built-in ones; a row named validated takes the mark off their names",    \
      "計画ファイルのコード。組み込みの表より優先。validated の行があればファイル名の未検証の印が消える")     \
    X(DUTIES, "duties.csv", mizo_duty, FILE_PLAIN, false,                                                     \
      "what is due to authorities and customers, period by period", "届出・報告・公表の期限")                 \
    X(PROCESSES, "processes.csv", mizo_process, FILE_PLAIN, false,                                            \
      "how long an act takes or is told ahead: switching, move-in, meters, notices; the first row that fits " \
      "holds",                                                                                                \
      "スイッチング・再点・計量器交換・解約予告などの標準日数。先に書いた行が優先される")                     \
    X(SHEETS, "sheets.csv", mizo_sheet_row, FILE_PLAIN, false,                                                \
      "which figure goes into which cell of an authority's form", "様式のどのセルにどの数字を転記するか")     \
    X(GROUPS, "groups.csv", mizo_bg, FILE_PLAIN, false,                                                       \
      "balancing groups: what we are in each, from day to day, and how its imbalance is split",               \
      "バランシンググループ。期間ごとの立場(子・親・単独)と、インバランスの分け方")                           \
    X(SOURCES, "sources.csv", mizo_source, FILE_PLAIN, false,                                                 \
      "where a group's power comes from and to whom it is sold: dated blocks with their price",               \
      "グループの調達と販売。期間・時間帯・量・単価の行")                                                     \
    X(POOLS, "pools.csv", mizo_pool, FILE_PLAIN, false,                                                       \
      "pools in which renewable power is matched to demand, one after another; without the file there is "    \
      "one, of all",                                                                                          \
      "再エネを需要に割り当てるプールと順番。ファイルがなければ全体で一つ")                                   \
    X(MEMBERS, "pool-members.csv", mizo_pool_member, FILE_PLAIN, false,                                       \
      "who gives into a pool and who takes from it; a side without a row is open to all",                     \
      "プールに出す側と受ける側。行のない側は全員")                                                           \
    X(BIOGENIC, "biogenic.csv", mizo_biogenic, FILE_PLAIN, false,                                             \
      "biogenic share of a waste-to-energy plant in a time, with its evidence; holds in front of "            \
      "biogenic_share of plants.csv",                                                                         \
      "ごみ発電のバイオマス比率(期間と根拠つき)。plants.csvのbiogenic_shareより優先")                         \
    X(FACTORS, "factors.csv", mizo_factor, FILE_PLAIN, false,                                                 \
      "CO2 factors of electricity as they were published; a later row of the same key is a new vintage",      \
      "電気のCO2排出係数(公表日つき)。同じ対象の後の公表は新しい版")                                          \
    X(FUELS, "fuels.csv", mizo_fuel, FILE_PLAIN, false, "heat value and carbon factor of fuels",              \
      "燃料の発熱量と炭素排出係数")                                                                           \
    X(MARGINAL, "marginal.csv", mizo_marginal, FILE_PLAIN, false,                                             \
      "what a kWh more comes from at a market price: the rule of marginal CO2 by the half-hour",              \
      "市場価格ごとの限界電源。30分ごとの限界CO2の規則")

/* How a file is kept: the one head, rows whose mistakes are errors, or assets, of
 * which a bad one is disabled with a warning. */
typedef enum file_kind { FILE_HEAD, FILE_PLAIN, FILE_ASSET } file_kind;

typedef enum region_file {
#define X(name, file, type, kind, needed, en, ja) FILE_##name,
    REGION_FILES(X)
#undef X
        FILE_COUNT
} region_file;

/* What region.yaml holds beside the fields of mizo_region. */
typedef struct region_head {
    int32_t format;
    mizo_region r;
} region_head;

typedef struct region_lamp {
    mizo_ref point;
    int32_t mw, count, minutes; /* of one lamp; how many; a day */
} region_lamp;

typedef struct file_row {
    const char *name;
    file_kind kind;
    bool needed;
    size_t size; /* of a row */
    const char *help_en, *help_ja;
} file_row;
extern const file_row region_files[FILE_COUNT];

typedef enum field_kind {
    FIELD_ID,   /* [a-z0-9-]{1,40}, once in the file */
    FIELD_NAME, /* the same letters, may repeat */
    FIELD_REF,  /* id of a row of another file */
    FIELD_TEXT,
    FIELD_DIGITS, /* 22 digits, or blank */
    FIELD_NUMBER, /* a decimal, kept as an integer of 10^-digits */
    FIELD_WORD,   /* one of words[], kept as its number */
    FIELD_FROM,   /* a date; blank: since ever */
    FIELD_TO,     /* a date; blank: until further notice */
    FIELD_FY,
    FIELD_MONTHS, /* "4-9 12" as a bit mask */
    FIELD_DAYS,   /* words[] as a bit mask */
    FIELD_CLOCK,  /* "13:30" as a slot of the day */
    FIELD_HOURS,  /* a decimal of hours, kept in minutes */
    FIELD_CHOICE  /* one of words[], kept as text */
} field_kind;

typedef struct field_row {
    region_file file;
    const char *name;
    field_kind kind;
    bool needed;
    uint8_t digits, width;
    uint16_t offset;
    region_file to;           /* FIELD_REF */
    int64_t least, most;      /* as kept */
    int64_t otherwise;        /* as kept, where it is blank */
    const char *const *words; /* ended by NULL */
    const char *help_en, *help_ja;
} field_row;

extern const char *const region_no_yes[];
enum { REGION_SINCE_EVER = INT32_MIN, REGION_FILE_FIELDS = 40, REGION_TEXT_MOST = 1000 };

/* First and count of a file's rows. */
const field_row *region_fields_of(region_file f, size_t *n);
/* FILE_COUNT: no such file. */
region_file region_file_named(const char *name);
/* What a field takes, in no language: "0..1 step 0.001", "low, high, extra-high", "YYYY-MM-DD". */
void region_field_expects(const field_row *f, buf *out);
/* The table of one file, as it stands in docs/formats/region.md. */
void region_schema_table(region_file f, const char *lang, buf *out);

#endif
