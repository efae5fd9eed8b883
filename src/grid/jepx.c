/* jepx.c: day-ahead prices of the exchange, as published and as normalised.
 * domain: calendar-and-formats.md 4. Only date, slot code and the Tokyo price are
 * required; columns are found by name, unknown ones are left alone. */
#include <string.h>

#include "grid/readers.h"
#include "mizo/messages/import.h"

enum { C_DATE, C_CODE, C_TIME };

typedef struct price_column {
    const char *raw, *plain, *owner;
} price_column;

static const price_column prices[] = {
    {"システムプライス",        "system_jpy_kwh",   "jepx-system"  },
    { "エリアプライス北海道", "hokkaido_jpy_kwh", "jepx-hokkaido"},
    { "エリアプライス東北",    "tohoku_jpy_kwh",   "jepx-tohoku"  },
    { "エリアプライス東京",    "tokyo_jpy_kwh",    "jepx-tokyo"   },
    { "エリアプライス中部",    "chubu_jpy_kwh",    "jepx-chubu"   },
    { "エリアプライス北陸",    "hokuriku_jpy_kwh", "jepx-hokuriku"},
    { "エリアプライス関西",    "kansai_jpy_kwh",   "jepx-kansai"  },
    { "エリアプライス中国",    "chugoku_jpy_kwh",  "jepx-chugoku" },
    { "エリアプライス四国",    "shikoku_jpy_kwh",  "jepx-shikoku" },
    { "エリアプライス九州",    "kyushu_jpy_kwh",   "jepx-kyushu"  },
};
enum { NPRICE = sizeof prices / sizeof *prices, TOKYO = 3 };

static bool jepx_header(const table_words *w, table_state *st)
{
    static const char *const dates[] = { "年月日", "受渡日", "date", NULL };
    static const char *const codes[] = { "時刻コード", "period", "code", NULL };
    static const char *const times[] = { "time_jst", NULL };
    st->nfield = w->n;
    while (st->nfield && w->w[st->nfield - 1][0] == '\0')
        st->nfield--; /* unnamed columns at the end */
    st->col[C_DATE] = (int16_t)table_find(w, dates);
    st->col[C_CODE] = (int16_t)table_find(w, codes);
    st->col[C_TIME] = (int16_t)table_find(w, times);
    memset(st->what, -1, sizeof st->what);
    bool tokyo = false;
    for (int p = 0; p < NPRICE; p++) {
        const char *const plain[] = { prices[p].plain, NULL };
        int at = table_find_start(w, prices[p].raw, 0);
        if (at < 0)
            at = table_find(w, plain);
        if (at < 0)
            continue;
        st->what[at] = (int16_t)p;
        tokyo = tokyo || p == TOKYO;
    }
    return tokyo && (st->col[C_TIME] >= 0 || (st->col[C_DATE] >= 0 && st->col[C_CODE] >= 0));
}

static mizo_err read_code(const csv_field *f, int *minute, table_fault *fault)
{
    int64_t code;
    if (mizo_decimal_parse(f->s, f->n, 0, &code) || code < 1 || code > MIZO_DAY_SLOTS)
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_CODE, f, "48");
    *minute = (int)(code - 1) * 30;
    return MIZO_OK;
}

static mizo_err read_when(const table_state *st, const csv_record *rec, mizo_ms *at, table_fault *fault)
{
    if (st->col[C_TIME] >= 0) {
        const csv_field *f = &rec->field[st->col[C_TIME]];
        return table_instant(f->s, f->n, st->offset, at)
                   ? table_bad_text(fault, MIZO_MSG_IMPORT_BAD_TIME, f, NULL)
                   : MIZO_OK;
    }
    mizo_day day;
    int minute = 0;
    MIZO_TRY(grid_day(&rec->field[st->col[C_DATE]], &day, fault));
    MIZO_TRY(read_code(&rec->field[st->col[C_CODE]], &minute, fault));
    *at = table_day_ms(day, st->offset) + (mizo_ms)minute * 60000;
    return MIZO_OK;
}

static mizo_err jepx_row(table_state *st, const csv_record *rec, table_row *row, table_fault *fault)
{
    mizo_ms at;
    row->kind = TABLE_SERIES;
    MIZO_TRY(read_when(st, rec, &at, fault));
    for (int i = 0; i < st->nfield; i++) {
        if (st->what[i] < 0)
            continue;
        const csv_field *f = &rec->field[i];
        int64_t v;
        mizo_err e = table_number(f->s, f->n, 3, &v);
        if (e == MIZO_ENOENT) {
            row->nmissing++;
            continue;
        }
        if (e == MIZO_EINPUT)
            return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_NUMBER, f, "yen/kWh");
        if (e || v < -1000000 || v > 1000000)
            return table_bad(fault, MIZO_MSG_IMPORT_RANGE, f, "yen/kWh", "-1,000", "1,000");
        row->value[row->nvalue++] = (table_value){ .owner = prices[st->what[i]].owner,
                                                   .at = at,
                                                   .v = (int32_t)v,
                                                   .column = f->column,
                                                   .step_min = 30,
                                                   .quantity = MIZO_Q_PRICE,
                                                   .quality = MIZO_QUALITY_MEASURED };
    }
    return MIZO_OK;
}

const table_reader grid_jepx = {
    .name = "jepx",
    .help = "受渡日,時刻コード,..,エリアプライス東京(円/kWh),.. / time_jst,..,tokyo_jpy_kwh,..",
    .header = jepx_header,
    .row = jepx_row,
};
