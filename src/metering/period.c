/* period.c: kWh between two dates, as on a bill. */
#include <string.h>

#include "metering/readers.h"
#include "mizo/messages/import.h"

enum { C_OWNER, C_FROM, C_TO, C_LAST, C_VALUE, C_MAX, C_QUALITY, C_QUANTITY };

static const char *const owners[] = { "point",    "owner",    "meter", "point_id",
                                      "meter_id", "供給地点", "地点",  "供給地点特定番号",
                                      "計器番号", NULL };
static const char *const froms[] = { "from", "begin", "使用期間自", "自", "開始日", NULL };
static const char *const tos[] = { "to", "until", NULL };
static const char *const lasts[] = { "last", "使用期間至", "至", "終了日", NULL };
static const char *const maxima[] = { "max_kw", "最大需要電力(kw)", "最大電力(kw)", "最大需要電力", NULL };
static const char *const qualities[] = { "quality", "品質", "区分", NULL };
static const char *const quantities[] = { "quantity", "種別", "量", NULL };

static int find_energy(const table_words *w)
{
    for (int i = 0; i < w->n; i++) {
        const metering_unit *u = metering_unit_of(w->w[i]);
        if (u && !u->power && u->factor && (!u->quantity || metering_is_energy((mizo_quantity)u->quantity)))
            return i;
    }
    return -1;
}

static bool period_header(const table_words *w, table_state *st)
{
    st->nfield = w->n;
    st->col[C_OWNER] = (int16_t)table_find(w, owners);
    st->col[C_FROM] = (int16_t)table_find(w, froms);
    st->col[C_TO] = (int16_t)table_find(w, tos);
    st->col[C_LAST] = (int16_t)table_find(w, lasts);
    st->col[C_VALUE] = (int16_t)find_energy(w);
    st->col[C_MAX] = (int16_t)table_find(w, maxima);
    st->col[C_QUALITY] = (int16_t)table_find(w, qualities);
    st->col[C_QUANTITY] = (int16_t)table_find(w, quantities);
    if (st->col[C_VALUE] < 0)
        return false;
    st->num[0] = (int64_t)(intptr_t)metering_unit_of(w->w[st->col[C_VALUE]]);
    if (table_twice(w, st->col, C_QUANTITY + 1))
        return false;
    return st->col[C_OWNER] >= 0 && st->col[C_FROM] >= 0 && (st->col[C_TO] >= 0) != (st->col[C_LAST] >= 0);
}

static mizo_err read_day(const csv_field *f, mizo_day *out, table_fault *fault)
{
    mizo_date d;
    if (mizo_date_parse(f->s, f->n, &d))
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_DATE, f, NULL);
    *out = mizo_date_day(d);
    return MIZO_OK;
}

/* from and to; a `last` day is inside the period, a `to` day is not. */
static mizo_err read_span(const table_state *st, const csv_record *rec, table_row *row, table_fault *fault)
{
    const csv_field *from = &rec->field[st->col[C_FROM]];
    const csv_field *to = &rec->field[st->col[C_TO] >= 0 ? st->col[C_TO] : st->col[C_LAST]];
    MIZO_TRY(read_day(from, &row->from, fault));
    MIZO_TRY(read_day(to, &row->to, fault));
    if (st->col[C_LAST] >= 0)
        row->to++;
    if (row->from < row->to)
        return MIZO_OK;
    char a[MIZO_DATE_TEXT], b[MIZO_DATE_TEXT];
    mizo_day_text(row->from, a);
    mizo_day_text(row->to, b);
    return table_bad(fault, MIZO_MSG_IMPORT_PERIOD_ORDER, to, a, b, NULL);
}

/* A bill may hold more than an int32 of Wh. */
static mizo_err read_energy(const table_state *st, const csv_field *f, table_row *row, table_fault *fault)
{
    const metering_unit *u = (const metering_unit *)(intptr_t)st->num[0];
    int64_t micro;
    mizo_err e = table_number(f->s, f->n, 6, &micro);
    if (e == MIZO_ENOENT)
        return table_bad(fault, MIZO_MSG_IMPORT_NO_VALUE, f, u->word, NULL, NULL);
    if (e == MIZO_EINPUT)
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_NUMBER, f, u->word);
    if (!e && micro < 0)
        return table_bad_text(fault, MIZO_MSG_IMPORT_NEGATIVE, f, NULL);
    if (!e)
        e = mizo_mul_div(micro, u->factor, 1000000, MIZO_ROUND_HALF_UP, &row->energy_wh);
    return e ? table_bad_text(fault, MIZO_MSG_IMPORT_BAD_NUMBER, f, u->word) : MIZO_OK;
}

static mizo_err read_max(const csv_field *f, table_row *row, table_fault *fault)
{
    int64_t w;
    row->max_w = MIZO_MISSING;
    mizo_err e = table_number(f->s, f->n, 3, &w);
    if (e == MIZO_ENOENT)
        return MIZO_OK;
    if (e)
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_NUMBER, f, "kW");
    if (w < 0 || w > INT32_MAX)
        return table_bad(fault, MIZO_MSG_IMPORT_RANGE, f, "max_kw", "0", "2,147,483");
    row->max_w = (int32_t)w;
    return MIZO_OK;
}

static mizo_err period_row(table_state *st, const csv_record *rec, table_row *row, table_fault *fault)
{
    row->kind = TABLE_PERIOD;
    row->nvalue = row->nmissing = 0;
    const csv_field *f = &rec->field[st->col[C_OWNER]];
    row->owner = (table_text){ f->s, f->n, f->column };
    if (f->n == 0)
        return table_bad(fault, MIZO_MSG_IMPORT_NO_VALUE, f, owners[0], NULL, NULL);
    MIZO_TRY(read_span(st, rec, row, fault));
    MIZO_TRY(read_energy(st, &rec->field[st->col[C_VALUE]], row, fault));
    row->max_w = MIZO_MISSING;
    if (st->col[C_MAX] >= 0)
        MIZO_TRY(read_max(&rec->field[st->col[C_MAX]], row, fault));
    const metering_unit *u = (const metering_unit *)(intptr_t)st->num[0];
    mizo_quantity q = u->quantity ? (mizo_quantity)u->quantity : MIZO_Q_IMPORT;
    if (st->col[C_QUANTITY] >= 0 && (f = &rec->field[st->col[C_QUANTITY]])->n) {
        if (!metering_quantity(f, &q))
            return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_QUANTITY, f, NULL);
        if (!metering_is_energy(q) || (u->quantity && q != u->quantity))
            return table_bad_text(fault, MIZO_MSG_IMPORT_UNIT_QUANTITY, f, u->word);
    }
    row->quantity = (uint8_t)q;
    row->quality = MIZO_QUALITY_MEASURED;
    if (st->col[C_QUALITY] >= 0 && !metering_quality(f = &rec->field[st->col[C_QUALITY]], &row->quality))
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_QUALITY, f, NULL);
    return MIZO_OK;
}

const table_reader metering_period = {
    .name = "period",
    .help = "point,from,to (or last),kwh[,max_kw][,quality]",
    .header = period_header,
    .row = period_row,
};
