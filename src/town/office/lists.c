/* lists.c: see lists.h: registers as columns and rows, and everything as JSON. The document: lists_doc.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "town/office/city.h"
#include "town/office/lists_inner.h"
#include "town/office/office.h"

/* ---- columns ---- */

#define TEXT(column, member)                                                                                 \
    {                                                                                                        \
        column, LIST_TEXT, offsetof(mizo_register_row, member)                                               \
    }
/* clang-format off */
const list_column list_columns[] = {
    { "number", LIST_NUMBER, 0 },
    { "name", LIST_NAME, 0 },
    TEXT("part", part),
    { "share", LIST_SHARE, 0 },
    { "amount", LIST_AMOUNT, 0 },
    TEXT("basis", basis),
    TEXT("of", of),
    TEXT("place", place),
    TEXT("owner", owner),
    TEXT("status", status),
    { "from", LIST_DAY, offsetof(mizo_register_row, from) },
    { "to", LIST_DAY, offsetof(mizo_register_row, to) },
    TEXT("thing", thing),
    TEXT("evidence", evidence),
    TEXT("note", note),
    TEXT("source", source),
};
/* clang-format on */
const size_t nlist_columns = sizeof list_columns / sizeof *list_columns;

static const void *member(const list_column *c, const mizo_register_row *row)
{
    return (const char *)row + c->at;
}

const char *list_cell_text(const list_column *c, const mizo_register_row *row)
{
    const char *s;
    memcpy(&s, member(c, row), sizeof s);
    return s;
}

static mizo_day cell_day(const list_column *c, const mizo_register_row *row)
{
    mizo_day d;
    memcpy(&d, member(c, row), sizeof d);
    return d == INT32_MIN ? MIZO_DAY_NONE : d;
}

static bool filled(const list_column *c, const mizo_register_row *row)
{
    switch (c->cell) {
    case LIST_NUMBER:
        return row->number != 0;
    case LIST_SHARE:
        return row->share_ppm != 0;
    case LIST_AMOUNT:
        return *row->unit != '\0';
    case LIST_DAY:
        return cell_day(c, row) != MIZO_DAY_NONE;
    case LIST_TEXT:
        return *list_cell_text(c, row) != '\0';
    default:
        return true;
    }
}

/* The words of columns, of registers and of what the office writes. */
static const struct {
    const char *name, *ja, *en;
} words[] = {
    {"number",            "番号",                               "No."                                 },
    { "name",             "名称",                               "Name"                                },
    { "part",             "区分",                               "Group"                               },
    { "share",            "割合",                               "Share"                               },
    { "amount",           "数量",                               "Amount"                              },
    { "place",            "場所",                               "Place"                               },
    { "basis",            "根拠法令・決定",                "Basis"                               },
    { "thing",            "同じもの",                         "The same thing"                      },
    { "owner",            "担当",                               "In charge"                           },
    { "status",           "状態",                               "State"                               },
    { "from",             "開始",                               "From"                                },
    { "to",               "終了",                               "Until"                               },
    { "note",             "備考",                               "Note"                                },
    { "source",           "出典",                               "Source"                              },
    { "id",               "ID",                                   "Id"                                  },
    { "stage",            "段階",                               "Stage"                               },
    { "invited",          "案内日",                            "Invited"                             },
    { "visited",          "訪問日",                            "Visited"                             },
    { "potential_kwh",    "見込み(kWh)",                       "Potential, kWh"                      },
    { "potential_kw",     "見込み(kW)",                        "Potential, kW"                       },
    { "by",               "担当",                               "By"                                  },
    { "next",             "次の一手",                         "Next step"                           },
    { "next_day",         "次の期日",                         "Next day"                            },
    { "proposal",         "提案",                               "Proposal"                            },
    { "objection",        "懸念",                               "Objection"                           },
    { "measure",          "対策",                               "Measure"                             },
    { "facility",         "施設",                               "Facility"                            },
    { "before_kwh",       "対策前(kWh)",                       "Before, kWh"                         },
    { "after_kwh",        "対策後(kWh)",                       "After, kWh"                          },
    { "method",           "算定方法",                         "Method"                              },
    { "first_fy",         "初年度",                            "First year"                          },
    { "last_fy",          "最終年度",                         "Last year"                           },
    { "evidence",         "根拠",                               "Evidence"                            },
    { "seen",             "見える化",                         "Seen"                                },
    { "analysed",         "分析",                               "Analysed"                            },
    { "acted",            "実施日",                            "Acted"                               },
    { "checked",          "確認日",                            "Checked"                             },
    { "title",            "件名",                               "Title"                               },
    { "what",             "種別",                               "Kind"                                },
    { "fy",               "年度",                               "Year"                                },
    { "cost_yen",         "事業費(円)",                       "Cost, yen"                           },
    { "asked_yen",        "要望額(円)",                       "Asked, yen"                          },
    { "award_yen",        "交付決定額(円)",                 "Awarded, yen"                        },
    { "spent_yen",        "支出額(円)",                       "Spent, yen"                          },
    { "awarded",          "交付決定日",                      "Awarded on"                          },
    { "start",            "着手日",                            "Start"                               },
    { "finish",           "完了日",                            "Finish"                              },
    { "saved_kg",         "削減量(kg-CO2)",                    "Saved, kg-CO2"                       },
    { "grant",            "交付金事業",                      "Grant job"                           },
    { "asset",            "財産",                               "Asset"                               },
    { "acquired",         "取得日",                            "Acquired"                            },
    { "grant_yen",        "交付金(円)",                       "Of it, grant, yen"                   },
    { "keep_years",       "処分制限(年)",                    "Kept for, years"                     },
    { "disposed",         "処分日",                            "Disposed"                            },
    { "other_subsidy",    "他の補助金",                      "Other subsidy"                       },
    { "returned_yen",     "返還額(円)",                       "Returned, yen"                       },
    { "tax_credit_yen",   "仕入控除税額(円)",              "Consumption tax credited, yen"       },
    { "tax_returned_yen", "うち返還額(円)",                 "Of it returned, yen"                 },
    { "ppa_before",       "PPA単価・交付金なし(円/kWh)", "PPA price without the grant, yen/kWh"},
    { "ppa_price",        "PPA単価(円/kWh)",                   "PPA price, yen/kWh"                  },
    { "ppa_kwh",          "PPA年間電力量(kWh)",              "PPA, kWh a year"                     },
    { "act",              "実施内容",                         "Act"                                 },
    { "seen_on",          "気づいた日",                      "Seen on"                             },
    { "expected_kwh",     "見込み(kWh/年)",                   "Expected, kWh a year"                },
    { "result",           "結果",                               "Result"                              },
    { "saving",           "省エネの記録",                   "Saving on record"                    },
    { "received",         "受付日",                            "Received"                            },
    { "state",            "状態",                               "State"                               },
    { "kw",               "出力(kW)",                           "kW"                                  },
    { "battery_kwh",      "蓄電池(kWh)",                       "Battery, kWh"                        },
    { "yen",              "補助額(円)",                       "Yen"                                 },
    { "ward",             "区",                                  "Ward"                                },
    { "firm",             "事業者",                            "Firm"                                },
    { "inventory",        "排出量の表",                      "Inventory"                           },
    { "line",             "行",                                  "Line"                                },
    { "amount",           "量",                                  "Amount"                              },
    { "count",            "数",                                  "Count"                               },
    { "unit",             "単位",                               "Unit"                                },
    { "factor",           "係数",                               "Factor"                              },
    { "node",             "計画の項目",                      "Node"                                },
    { "direction",        "方向性",                            "Direction"                           },
    { "reason",           "理由",                               "Reason"                              },
    { "way",              "今後の進め方",                   "Way on"                              },
    { "of",               "対象",                               "Of"                                  },
    { "aim",              "ねらい",                            "Aim"                                 },
    { "done",             "実施したこと",                   "Done"                                },
    { "gained",           "成果",                               "Gained"                              },
    { "issue",            "課題",                               "Issue"                               },
    { "indicator",        "指標",                               "Indicator"                           },
    { "value",            "値",                                  "Value"                               },
    { "rule",             "判定",                               "Rule"                                },
    { "decided",          "決定日",                            "Decided"                             },
    { "register",         "名簿",                               "Register"                            },
    { "name_en",          "英語名",                            "Name in English"                     },
};

const char *list_word(const char *column, const char *lang)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].name, column) == 0)
            return strcmp(lang, "ja") == 0 ? words[i].ja : words[i].en;
    return column;
}

const char *list_title(const char *kind, const char *lang)
{
    static const struct {
        const char *kind, *ja, *en;
    } titles[] = {
        {"recruit",           "訪問・案内先",                      "Talks with firms"            },
        { "saving",           "省エネの記録",                      "Savings"                     },
        { "grant",            "交付金の事業",                      "Jobs under the grant"        },
        { "grant-asset",      "交付金で取得した財産",          "What the grant bought"       },
        { "finding",          "見える化・分析・実施・確認", "See, analyse, act, check"    },
        { "home-pv",          "住宅用太陽光の補助",             "Subsidy for panels on homes" },
        { "ordinance-report", "条例による報告",                   "Reports under the ordinance" },
        { "measure",          "電力以外の取組",                   "Measures outside electricity"},
        { "evaluation",       "評価の決定",                         "Evaluations decided"         },
        { "progress",         "年度ごとの取組と成果",          "Done in the year"            },
        { "target",           "目標の決定",                         "Targets decided"             },
        { "member",           "名簿への追加",                      "Members entered"             },
    };
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (strcmp(titles[i].kind, kind) == 0)
            return strcmp(lang, "ja") == 0 ? titles[i].ja : titles[i].en;
    return kind;
}

/* ---- a register on a day ---- */

/* The last day of which a source or a row of it speaks. */
static mizo_day last_word(const mizo_region *r, const mizo_register *reg, mizo_day today)
{
    mizo_day last = INT32_MIN;
    for (size_t i = 0; i < r->nregister_count; i++)
        if (&r->reg[r->register_count[i].reg] == reg && r->register_count[i].on > last)
            last = r->register_count[i].on;
    for (size_t i = 0; i < r->nregister_row; i++)
        if (&r->reg[r->register_row[i].reg] == reg && r->register_row[i].from > last)
            last = r->register_row[i].from;
    return last > today ? last : today;
}

static int by_place(const void *a, const void *b)
{
    const mizo_register_row *const *x = a, *const *y = b;
    int part = strcmp((*x)->part, (*y)->part);
    if (part && ((*x)->number == 0 || (*y)->number == 0))
        return part;
    if ((*x)->number != (*y)->number)
        return (*x)->number < (*y)->number ? -1 : 1;
    return (*x)->line < (*y)->line ? -1 : (*x)->line > (*y)->line;
}

mizo_err list_view_make(const mizo_region *r, const mizo_register *reg, const list_ask *ask, list_view *v)
{
    *v = (list_view){ .r = r, .reg = reg };
    v->on = ask->on == MIZO_DAY_NONE ? last_word(r, reg, ask->today) : ask->on;
    v->row = calloc(r->nregister_row + 1, sizeof *v->row);
    if (!v->row)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < r->nregister_row; i++) {
        const mizo_register_row *row = &r->register_row[i];
        if (&r->reg[row->reg] != reg || !city_row_holds(row, v->on))
            continue;
        v->row[v->n++] = row;
        for (size_t c = 0; c < nlist_columns; c++)
            v->used[c] |= filled(&list_columns[c], row);
    }
    if (v->n)
        qsort(v->row, v->n, sizeof *v->row, by_place);
    return MIZO_OK;
}

void list_view_free(list_view *v)
{
    free(v->row);
    v->row = NULL;
}

/* ---- as JSON: registers ---- */

static void put_column(json *j, const char *name, const char *type, bool needed)
{
    json_object(j, NULL);
    json_text(j, "name", name);
    json_text(j, "ja", list_word(name, "ja"));
    json_text(j, "en", list_word(name, "en"));
    json_text(j, "type", type);
    json_bool(j, "needed", needed);
    json_end(j);
}

static void put_amount(json *j, const mizo_register_row *row)
{
    char value[MIZO_NUM_TEXT], text[MIZO_NUM_TEXT + 64];
    int digits = row->amount_e6 % 1000000 ? 6 : 0;
    mizo_decimal_text(digits ? row->amount_e6 : row->amount_e6 / 1000000, digits, value);
    (void)snprintf(text, sizeof text, "%s %.60s", value, row->unit);
    json_text(j, "amount", text);
}

static void put_cell(json *j, const list_column *c, const mizo_register_row *row)
{
    if (!filled(c, row)) {
        json_null(j, c->name);
        return;
    }
    switch (c->cell) {
    case LIST_NUMBER:
        json_int(j, c->name, row->number);
        break;
    case LIST_NAME:
        json_text(j, "name", row->name_ja);
        json_text(j, "name_en", *row->name_en ? row->name_en : row->name_ja);
        break;
    case LIST_SHARE:
        json_int(j, c->name, row->share_ppm);
        break;
    case LIST_AMOUNT:
        put_amount(j, row);
        break;
    case LIST_DAY:
        json_day(j, c->name, cell_day(c, row));
        break;
    case LIST_TEXT:
        json_text(j, c->name, list_cell_text(c, row));
        break;
    }
}

static void put_rows(const list_view *v, json *j)
{
    static const char *const types[] = { "number", "text", "text", "share", "text", "day" };
    json_array(j, "columns");
    for (size_t c = 0; c < nlist_columns; c++)
        if (v->used[c])
            put_column(j, list_columns[c].name, types[list_columns[c].cell], false);
    json_end(j);
    json_array(j, "rows");
    for (size_t i = 0; i < v->n; i++) {
        json_object(j, NULL);
        for (size_t c = 0; c < nlist_columns; c++)
            if (v->used[c])
                put_cell(j, &list_columns[c], v->row[i]);
        json_end(j);
    }
    json_end(j);
}

/* What sources said, each beside the rows that the list has for that day. */
static void put_counts(const list_view *v, json *j)
{
    json_array(j, "counts");
    for (size_t i = 0; i < v->r->nregister_count; i++) {
        const mizo_register_count *c = &v->r->register_count[i];
        if (&v->r->reg[c->reg] != v->reg)
            continue;
        json_object(j, NULL);
        json_day(j, "on", c->on);
        json_text(j, "part", *c->part ? c->part : NULL);
        json_int(j, "said", c->count);
        json_int(j, "listed", city_listed(v->r, v->reg, *c->part ? c->part : NULL, c->on));
        json_text(j, "source", c->source);
        json_end(j);
    }
    json_end(j);
    json_array(j, "parts");
    for (size_t i = 0; i < v->n; i++) {
        bool again = !*v->row[i]->part;
        for (size_t k = 0; k < i && !again; k++)
            again = strcmp(v->row[k]->part, v->row[i]->part) == 0;
        if (again)
            continue;
        json_object(j, NULL);
        json_text(j, "part", v->row[i]->part);
        json_int(j, "listed", city_listed(v->r, v->reg, v->row[i]->part, v->on));
        json_end(j);
    }
    json_end(j);
}

static void put_register(const list_view *v, json *j)
{
    const mizo_register *g = v->reg;
    const mizo_register_count *said = city_declared(v->r, g, "", v->on);
    json_text(j, "id", g->id);
    json_text(j, "name_ja", g->name_ja);
    json_text(j, "name_en", *g->name_en ? g->name_en : g->name_ja);
    json_text(j, "kind", g->kind);
    json_text(j, "owner", g->owner);
    json_text(j, "source", g->source);
    json_bool(j, "writes", false);
    json_day(j, "on", v->on);
    json_int(j, "listed", (int64_t)v->n);
    if (said)
        json_int(j, "said", said->count);
    else
        json_null(j, "said");
    json_int(j, "shares_ppm", city_share_ppm(v->r, g, v->on));
    json_int(j, "number_wrong", v->n && v->row[0]->number ? city_number_wrong(v->r, g, v->on) : 0);
    put_rows(v, j);
    put_counts(v, j);
}

/* ---- as JSON: what the office writes ---- */

static const char *type_of(const note_field *f)
{
    static const char *const types[] = { "text", "word", "day", "yes", "decimal", "year" };
    return strcmp(f->name, "facility") == 0 ? "facility" : types[f->type];
}

typedef struct notes {
    town *t;
    const actor *who;
    json *j; /* NULL: only counted */
    int64_t n;
} notes;

static void put_facility(const mizo_region *r, const note *n, json *j)
{
    const char *id = note_get(n, "facility");
    mizo_ref f = *id ? mizo_region_facility(r, id) : -1;
    if (f < 0)
        return;
    json_text(j, "facility_ja", r->facility[f].name_ja);
    json_text(j, "facility_en", r->facility[f].name_en);
}

static mizo_err on_note(void *arg, const note *n)
{
    notes *x = arg;
    if (!office_reaches(x->t, x->who, n))
        return MIZO_OK;
    x->n++;
    if (!x->j)
        return MIZO_OK;
    json_object(x->j, NULL);
    note_json(n, x->t->region->offset, x->j);
    put_facility(x->t->region, n, x->j);
    json_end(x->j);
    return x->j->out->err;
}

static mizo_err put_office(town *t, const note_kind *k, const actor *who, json *j)
{
    notes x = { .t = t, .who = who, .j = j };
    json_text(j, "id", k->name);
    json_text(j, "name_ja", list_title(k->name, "ja"));
    json_text(j, "name_en", list_title(k->name, "en"));
    json_text(j, "kind", "office");
    json_null(j, "owner");
    json_null(j, "source");
    json_bool(j, "writes", true);
    json_array(j, "columns");
    put_column(j, "id", "word", true);
    for (int i = 0; i < NOTE_FIELDS && k->field[i].name; i++)
        put_column(j, k->field[i].name, type_of(&k->field[i]), k->field[i].needed);
    json_end(j);
    json_array(j, "rows");
    MIZO_TRY(note_scan(t, k, on_note, &x));
    json_end(j);
    json_int(j, "listed", x.n);
    return j->out->err;
}

/* ---- the list of lists ---- */

static mizo_err put_one(const mizo_region *r, const mizo_register *g, const list_ask *ask, json *j)
{
    list_view v;
    MIZO_TRY(list_view_make(r, g, ask, &v));
    const mizo_register_count *said = city_declared(r, g, "", v.on);
    json_object(j, NULL);
    json_text(j, "id", g->id);
    json_text(j, "name_ja", g->name_ja);
    json_text(j, "name_en", *g->name_en ? g->name_en : g->name_ja);
    json_text(j, "kind", g->kind);
    json_text(j, "owner", g->owner);
    json_int(j, "listed", (int64_t)v.n);
    if (said)
        json_int(j, "said", said->count);
    else
        json_null(j, "said");
    json_day(j, "on", v.on);
    json_bool(j, "writes", false);
    json_end(j);
    list_view_free(&v);
    return j->out->err;
}

static mizo_err put_kind(town *t, const note_kind *k, const actor *who, mizo_day today, json *j)
{
    notes x = { .t = t, .who = who };
    MIZO_TRY(note_scan(t, k, on_note, &x));
    json_object(j, NULL);
    json_text(j, "id", k->name);
    json_text(j, "name_ja", list_title(k->name, "ja"));
    json_text(j, "name_en", list_title(k->name, "en"));
    json_text(j, "kind", "office");
    json_null(j, "owner");
    json_int(j, "listed", x.n);
    json_null(j, "said");
    json_day(j, "on", today);
    json_bool(j, "writes", true);
    json_end(j);
    return j->out->err;
}

mizo_err lists_json(town *t, mizo_day today, const actor *who, json *j)
{
    list_ask ask = { .on = MIZO_DAY_NONE, .today = today };
    city_desk d;
    MIZO_TRY(city_desk_open(t, MIZO_DAY_NONE, &d));
    const mizo_region *r = d.books.region;
    mizo_err e = MIZO_OK;
    json_array(j, "lists");
    for (size_t i = 0; i < r->nreg && !e; i++)
        e = put_one(r, &r->reg[i], &ask, j);
    city_desk_close(&d);
    MIZO_TRY(e);
    for (const note_kind *k = office_kinds; k->name; k++)
        MIZO_TRY(put_kind(t, k, who, today, j));
    json_end(j);
    return j->out->err;
}

mizo_err list_json(town *t, const list_ask *ask, json *j)
{
    list_view v;
    city_desk d;
    const note_kind *k = office_kind(ask->id);
    if (k)
        return put_office(t, k, ask->who, j);
    MIZO_TRY(city_desk_open(t, MIZO_DAY_NONE, &d));
    const mizo_register *g = city_register(d.books.region, ask->id, strlen(ask->id));
    mizo_err e = g ? list_view_make(d.books.region, g, ask, &v) : MIZO_ENOENT;
    if (!e) {
        put_register(&v, j);
        list_view_free(&v);
        e = j->out->err;
    }
    city_desk_close(&d);
    return e;
}
