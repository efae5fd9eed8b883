/* imbalance.c: unit prices of imbalance: two columns, surplus and shortage, and the flag of a change, all kept
 * where they are equal too. domain: retail-balancing.md 3. Columns by name; the area by a column or the file's name. */
#include <string.h>

#include "grid/readers.h"
#include "mizo/messages/desk.h"
#include "mizo/messages/import.h"

enum { C_DATE, C_CODE, C_AREA, C_SURPLUS, C_SHORTAGE, C_FLAG };

typedef struct area_name {
    const char *word, *id; /* folded */
} area_name;

static const area_name areas[] = {
    {"北海道", "hokkaido"},
    { "東北",   "tohoku"  },
    { "東京",   "tokyo"   },
    { "中部",   "chubu"   },
    { "北陸",   "hokuriku"},
    { "関西",   "kansai"  },
    { "中国",   "chugoku" },
    { "四国",   "shikoku" },
    { "九州",   "kyushu"  },
    { "沖縄",   "okinawa" },
};
enum { NAREA = sizeof areas / sizeof *areas, PARTS = 3, OWNERS = NAREA * PARTS };

static const char *const owners[OWNERS] = {
#define OWN(area) "imbalance-" area "-surplus", "imbalance-" area "-shortage", "imbalance-" area "-flag"
    OWN("hokkaido"), OWN("tohoku"),  OWN("tokyo"),   OWN("chubu"),  OWN("hokuriku"),
    OWN("kansai"),   OWN("chugoku"), OWN("shikoku"), OWN("kyushu"), OWN("okinawa"),
#undef OWN
};

static int find_price(const table_words *w, const char *raw, const char *plain)
{
    const char *const names[] = { plain, NULL };
    int at = table_find(w, names);
    for (int i = 0; at < 0 && i < w->n; i++)
        if (strstr(w->w[i], raw) && strstr(w->w[i], "単価"))
            at = i;
    return at;
}

static bool imbalance_header(const table_words *w, table_state *st)
{
    static const char *const dates[] = { "年月日", "対象年月日", "対象日", "日付", "day", NULL };
    static const char *const codes[] = { "時刻コード", "時間コマ", "コマ", "slot", NULL };
    static const char *const area[] = { "エリア", "対象エリア", "area", NULL };
    static const char *const flags[] = { "変更フラグ", "変更区分", "訂正フラグ", "flag", NULL };
    st->nfield = w->n;
    st->col[C_DATE] = (int16_t)table_find(w, dates);
    st->col[C_CODE] = (int16_t)table_find(w, codes);
    st->col[C_AREA] = (int16_t)table_find(w, area);
    st->col[C_FLAG] = (int16_t)table_find(w, flags);
    st->col[C_SURPLUS] = (int16_t)find_price(w, "余剰", "surplus_yen_per_kwh");
    st->col[C_SHORTAGE] = (int16_t)find_price(w, "不足", "shortage_yen_per_kwh");
    return st->col[C_DATE] >= 0 && st->col[C_CODE] >= 0 && st->col[C_SURPLUS] >= 0 &&
           st->col[C_SHORTAGE] >= 0;
}

/* The place of an area: of its column, else in the file's name; -1: neither says. */
static int area_of(const table_state *st, const csv_record *rec)
{
    char word[TABLE_WORD] = "";
    if (st->col[C_AREA] >= 0)
        text_fold(rec->field[st->col[C_AREA]].s, rec->field[st->col[C_AREA]].n, word, sizeof word);
    for (int i = 0; i < NAREA; i++)
        if (st->col[C_AREA] >= 0 ? strcmp(word, areas[i].word) == 0 || strcmp(word, areas[i].id) == 0
                                 : strstr(st->file, areas[i].id) != NULL)
            return i;
    return -1;
}

static mizo_err add_price(const csv_field *f, int area, int part, mizo_ms at, table_row *row,
                          table_fault *fault)
{
    int64_t v;
    mizo_err e = table_number(f->s, f->n, part == 2 ? 0 : 3, &v);
    if (e == MIZO_ENOENT) {
        row->nmissing++;
        return MIZO_OK;
    }
    if (e == MIZO_EINPUT)
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_NUMBER, f, "yen/kWh");
    if (e || v < -10000000 || v > 10000000)
        return table_bad(fault, MIZO_MSG_IMPORT_RANGE, f, "yen/kWh", "-10,000", "10,000");
    row->value[row->nvalue++] = (table_value){ .owner = owners[area * PARTS + part],
                                               .at = at,
                                               .v = (int32_t)v,
                                               .column = f->column,
                                               .step_min = 30,
                                               .quantity = MIZO_Q_PRICE,
                                               .quality = MIZO_QUALITY_MEASURED };
    return MIZO_OK;
}

static mizo_err imbalance_row(table_state *st, const csv_record *rec, table_row *row, table_fault *fault)
{
    mizo_day day;
    int64_t code;
    const csv_field *slot = &rec->field[st->col[C_CODE]];
    int area = area_of(st, rec);
    row->kind = TABLE_SERIES;
    MIZO_TRY(grid_day(&rec->field[st->col[C_DATE]], &day, fault));
    if (mizo_decimal_parse(slot->s, slot->n, 0, &code) || code < 1 || code > MIZO_DAY_SLOTS)
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_CODE, slot, "48");
    if (area < 0)
        return table_bad(fault, MIZO_MSG_IMPORT_NO_AREA, NULL, st->file, NULL, NULL);
    mizo_ms at = table_day_ms(day, st->offset) + (mizo_ms)(code - 1) * MIZO_SLOT_MS;
    MIZO_TRY(add_price(&rec->field[st->col[C_SURPLUS]], area, 0, at, row, fault));
    MIZO_TRY(add_price(&rec->field[st->col[C_SHORTAGE]], area, 1, at, row, fault));
    return st->col[C_FLAG] < 0 ? MIZO_OK : add_price(&rec->field[st->col[C_FLAG]], area, 2, at, row, fault);
}

const table_reader grid_imbalance = {
    .name = "imbalance",
    .help =
        "年月日,時刻コード,[エリア],余剰..単価,不足..単価,[変更フラグ] / day,slot,[area],surplus_yen_per_kwh,"
        "shortage_yen_per_kwh,[flag]",
    .header = imbalance_header,
    .row = imbalance_row,
};

/* ---- the reserve rate that the price follows ---- */

enum { C_RATE = C_SURPLUS, C_END = C_SHORTAGE };

static const char *const reserve_owners[NAREA] = {
    "imbalance-hokkaido-reserve", "imbalance-tohoku-reserve",   "imbalance-tokyo-reserve",
    "imbalance-chubu-reserve",    "imbalance-hokuriku-reserve", "imbalance-kansai-reserve",
    "imbalance-chugoku-reserve",  "imbalance-shikoku-reserve",  "imbalance-kyushu-reserve",
    "imbalance-okinawa-reserve",
};

static bool reserve_header(const table_words *w, table_state *st)
{
    static const char *const dates[] = { "年月日", "対象年月日", "対象日", "日付", "day", NULL };
    static const char *const codes[] = { "時刻コード", "時間コマ", "コマ", "slot", NULL };
    static const char *const ends[] = { "時刻", "time_to", NULL };
    static const char *const area[] = { "エリア", "対象エリア", "area", NULL };
    static const char *const plain[] = { "reserve_percent", NULL };
    int rate = table_find(w, plain);
    for (int i = 0; rate < 0 && i < w->n; i++)
        if (strstr(w->w[i], "予備率"))
            rate = i;
    st->nfield = w->n;
    st->col[C_DATE] = (int16_t)table_find(w, dates);
    st->col[C_CODE] = (int16_t)table_find(w, codes);
    st->col[C_END] = (int16_t)table_find(w, ends);
    st->col[C_AREA] = (int16_t)table_find(w, area);
    st->col[C_RATE] = (int16_t)rate;
    return rate >= 0 && st->col[C_DATE] >= 0 && (st->col[C_CODE] >= 0 || st->col[C_END] >= 0);
}

/* A half-hour by its number, or by its end: 00:30 is the first, 24:00 the last. */
static mizo_err reserve_slot(const table_state *st, const csv_record *rec, int *slot, table_fault *fault)
{
    int64_t code;
    int minute = 0;
    const csv_field *f = &rec->field[st->col[st->col[C_CODE] >= 0 ? C_CODE : C_END]];
    if (st->col[C_CODE] >= 0) {
        if (mizo_decimal_parse(f->s, f->n, 0, &code) || code < 1 || code > MIZO_DAY_SLOTS)
            return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_CODE, f, "48");
        *slot = (int)code - 1;
        return MIZO_OK;
    }
    bool midnight = f->n == 5 && memcmp(f->s, "24:00", 5) == 0;
    if (!midnight)
        MIZO_TRY(grid_clock(f, &minute, fault));
    *slot = (midnight ? 24 * 60 : minute) / 30 - 1;
    if (*slot < 0 || (!midnight && minute % 30))
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_CODE, f, "24:00");
    return MIZO_OK;
}

static mizo_err reserve_row(table_state *st, const csv_record *rec, table_row *row, table_fault *fault)
{
    mizo_day day;
    int slot = 0, area = area_of(st, rec);
    int64_t ppm;
    const csv_field *f = &rec->field[st->col[C_RATE]];
    row->kind = TABLE_SERIES;
    MIZO_TRY(grid_day(&rec->field[st->col[C_DATE]], &day, fault));
    MIZO_TRY(reserve_slot(st, rec, &slot, fault));
    if (area < 0)
        return table_bad(fault, MIZO_MSG_IMPORT_NO_AREA, NULL, st->file, NULL, NULL);
    mizo_err e = table_number(f->s, f->n, 4, &ppm); /* per cent, as parts per million */
    if (e == MIZO_ENOENT) {
        row->nmissing++;
        return MIZO_OK;
    }
    if (e == MIZO_EINPUT)
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_NUMBER, f, "%");
    if (e || ppm < -1000000 || ppm > 10000000)
        return table_bad(fault, MIZO_MSG_IMPORT_RANGE, f, "%", "-100", "1000");
    row->value[row->nvalue++] =
        (table_value){ .owner = reserve_owners[area],
                       .at = table_day_ms(day, st->offset) + (mizo_ms)slot * MIZO_SLOT_MS,
                       .v = (int32_t)ppm,
                       .column = f->column,
                       .step_min = 30,
                       .quantity = MIZO_Q_PRICE,
                       .quality = MIZO_QUALITY_MEASURED };
    return MIZO_OK;
}

const table_reader grid_reserve = {
    .name = "reserve",
    .help =
        "年月日,時刻コード(または時刻 00:30~24:00),[エリア],広域予備率(%) / day,slot,[area],reserve_percent",
    .header = reserve_header,
    .row = reserve_row,
};
