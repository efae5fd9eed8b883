/* long.c: one value a line: point, when, how much. */
#include <string.h>

#include "metering/readers.h"
#include "mizo/messages/import.h"

enum { C_OWNER, C_TIME, C_DATE, C_CLOCK, C_CODE, C_VALUE, C_QUALITY, C_QUANTITY, C_STEP, C_ROLE, C_EXPONENT };
/* how the time column is read: num[0] */
enum { TIME_TEXT, TIME_EPOCH_S, TIME_EPOCH_MS };
enum { N_TIME_KIND, N_END, N_UNIT };

static const char *const owners[] = { "point", "owner",    "meter",    "point_id", "meter_id",
                                      "id",    "series",   "供給地点", "地点",     "供給地点特定番号",
                                      "計器",  "計器番号", "pv",       "plant",    "asset",
                                      NULL };
static const char *const starts[] = { "start", "time_jst", "datetime", "timestamp", "start_time",
                                      "開始",  "開始日時", "日時",     NULL };
static const char *const ends[] = { "end", "end_time", "終了", "終了日時", NULL };
static const char *const epochs[] = { "epoch_s", "epoch", "unix", NULL };
static const char *const epochs_ms[] = { "epoch_ms", NULL };
static const char *const dates[] = { "date",       "日付",   "年月日", "対象日", "使用日",
                                     "使用年月日", "計量日", "計測日", NULL };
static const char *const clocks[] = { "time", "時刻", "開始時刻", NULL };
static const char *const codes[] = { "slot", "code", "コマ", "時間コマ", "時刻コード", NULL };
static const char *const qualities[] = { "quality", "品質", "区分", NULL };
static const char *const quantities[] = { "quantity", "種別", "量", NULL };
static const char *const steps[] = { "step", "step_min", NULL };
static const char *const exponents[] = { "exponent", NULL };
static const char *const roles[] = { "role", NULL };

/* When a value was: an instant, a date with a clock, or a date with a slot number. */
static bool find_time(const table_words *w, table_state *st)
{
    st->num[N_TIME_KIND] = TIME_TEXT;
    st->col[C_DATE] = (int16_t)table_find(w, dates);
    st->col[C_CLOCK] = (int16_t)table_find(w, clocks);
    st->col[C_CODE] = (int16_t)table_find(w, codes);
    int at = table_find(w, epochs);
    if (at >= 0)
        st->num[N_TIME_KIND] = TIME_EPOCH_S;
    else if ((at = table_find(w, epochs_ms)) >= 0)
        st->num[N_TIME_KIND] = TIME_EPOCH_MS;
    else if ((at = table_find(w, starts)) < 0) {
        at = table_find(w, ends);
        st->num[N_END] = at >= 0;
    }
    if (at < 0 && st->col[C_DATE] < 0) { /* a column "time" alone holds date and clock */
        at = st->col[C_CLOCK];
        st->col[C_CLOCK] = -1;
    }
    st->col[C_TIME] = (int16_t)at;
    return at >= 0 || (st->col[C_DATE] >= 0 && (st->col[C_CLOCK] >= 0 || st->col[C_CODE] >= 0));
}

static bool find_value(const table_words *w, table_state *st)
{
    int found = -1;
    for (int i = 0; i < w->n; i++) {
        if (i == st->col[C_OWNER] || i == st->col[C_TIME] || !metering_unit_of(w->w[i]))
            continue;
        if (found >= 0)
            return false; /* two value columns: not this shape */
        found = i;
    }
    st->col[C_VALUE] = (int16_t)found;
    st->num[N_UNIT] = found >= 0 ? (int64_t)(intptr_t)metering_unit_of(w->w[found]) : 0;
    return found >= 0;
}

static bool long_header(const table_words *w, table_state *st)
{
    st->nfield = w->n;
    st->col[C_OWNER] = (int16_t)table_find(w, owners);
    if (st->col[C_OWNER] < 0 || !find_time(w, st) || !find_value(w, st))
        return false;
    st->col[C_QUALITY] = (int16_t)table_find(w, qualities);
    st->col[C_QUANTITY] = (int16_t)table_find(w, quantities);
    st->col[C_STEP] = (int16_t)table_find(w, steps);
    st->col[C_ROLE] = (int16_t)table_find(w, roles);
    st->col[C_EXPONENT] = (int16_t)table_find(w, exponents);
    return !table_twice(w, st->col, C_EXPONENT + 1);
}

static const metering_unit *unit_of(const table_state *st)
{
    return (const metering_unit *)(intptr_t)st->num[N_UNIT];
}

static const csv_field *field(const table_state *st, const csv_record *rec, int column)
{
    return st->col[column] < 0 ? NULL : &rec->field[st->col[column]];
}

static mizo_err read_date_time(const table_state *st, const csv_record *rec, int step, mizo_ms *at,
                               table_fault *fault)
{
    const csv_field *f = field(st, rec, C_DATE), *clock = field(st, rec, C_CLOCK),
                    *code = field(st, rec, C_CODE);
    mizo_date date;
    if (mizo_date_parse(f->s, f->n, &date))
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_DATE, f, NULL);
    *at = table_day_ms(mizo_date_day(date), st->offset);
    int minute;
    if (clock) {
        if (mizo_clock_parse(clock->s, clock->n, &minute))
            return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_CLOCK, clock, NULL);
    } else {
        int64_t n;
        if (table_number(code->s, code->n, 0, &n) || n < 1 || n > 1440 / step) {
            char most[MIZO_NUM_TEXT];
            mizo_grouped_text(1440 / step, most);
            return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_CODE, code, most);
        }
        minute = (int)(n - 1) * step;
    }
    *at += (mizo_ms)minute * 60000;
    return MIZO_OK;
}

static mizo_err read_time(const table_state *st, const csv_record *rec, int step, mizo_ms *at,
                          table_fault *fault)
{
    const csv_field *f = field(st, rec, C_TIME);
    if (!f)
        return read_date_time(st, rec, step, at, fault);
    if (st->num[N_TIME_KIND] != TIME_TEXT) {
        int64_t n;
        if (mizo_decimal_parse(f->s, f->n, 0, &n) || n > INT64_MAX / 1000 || n < INT64_MIN / 1000)
            return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_TIME, f, NULL);
        *at = st->num[N_TIME_KIND] == TIME_EPOCH_S ? n * 1000 : n;
    } else if (table_instant(f->s, f->n, st->offset, at)) {
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_TIME, f, NULL);
    }
    if (st->num[N_END])
        *at -= (mizo_ms)step * 60000;
    return MIZO_OK;
}

static mizo_err read_step(const csv_field *f, int16_t *step, table_fault *fault)
{
    *step = 30;
    if (!f || f->n == 0)
        return MIZO_OK;
    int64_t n;
    if (mizo_decimal_parse(f->s, f->n, 0, &n) || (n != 1 && n != 5 && n != 15 && n != 30 && n != 60))
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_STEP, f, NULL);
    *step = (int16_t)n;
    return MIZO_OK;
}

/* Large things are kept in thousands: 3 means that the store counts kWh. */
static mizo_err read_exponent(const csv_field *f, int8_t *exponent, table_fault *fault)
{
    int64_t n = 0;
    if (f && f->n && (mizo_decimal_parse(f->s, f->n, 0, &n) || n < 0 || n > 3))
        return table_bad(fault, MIZO_MSG_IMPORT_RANGE, f, "exponent", "0", "3");
    *exponent = (int8_t)n;
    return MIZO_OK;
}

/* What is counted, and whether the value column can hold it. */
static mizo_err read_quantity(const table_state *st, const csv_record *rec, mizo_quantity *q,
                              table_fault *fault)
{
    const metering_unit *u = unit_of(st);
    const csv_field *f = field(st, rec, C_QUANTITY);
    *q = (mizo_quantity)u->quantity; /* 0: what is usual for the owner, energy in any case */
    if (!f || f->n == 0)
        return MIZO_OK;
    if (!metering_quantity(f, q))
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_QUANTITY, f, NULL);
    bool fits = u->quantity ? *q == u->quantity : u->factor == 0 || metering_is_energy(*q);
    return fits ? MIZO_OK : table_bad_text(fault, MIZO_MSG_IMPORT_UNIT_QUANTITY, f, u->word);
}

static mizo_err long_row(table_state *st, const csv_record *rec, table_row *row, table_fault *fault)
{
    const csv_field *f;
    row->kind = TABLE_SERIES;
    row->nvalue = row->nmissing = 0;
    table_value *v = &row->value[0];
    memset(v, 0, sizeof *v);
    f = field(st, rec, C_ROLE);
    if (f && f->n && !(f->n == 7 && memcmp(f->s, "reading", 7) == 0))
        return table_bad_text(fault, MIZO_MSG_IMPORT_ROLE, f, NULL);
    f = field(st, rec, C_OWNER);
    row->owner = (table_text){ f->s, f->n, f->column };
    if (f->n == 0)
        return table_bad(fault, MIZO_MSG_IMPORT_NO_VALUE, f, owners[0], NULL, NULL);
    MIZO_TRY(read_step(field(st, rec, C_STEP), &v->step_min, fault));
    MIZO_TRY(read_exponent(field(st, rec, C_EXPONENT), &v->exponent, fault));
    MIZO_TRY(read_time(st, rec, v->step_min, &v->at, fault));
    mizo_quantity q;
    MIZO_TRY(read_quantity(st, rec, &q, fault));
    v->quantity = (uint8_t)q;
    f = field(st, rec, C_QUALITY);
    bool absent = f && f->n == 7 && memcmp(f->s, "missing", 7) == 0;
    if (f && !absent && !metering_quality(f, &v->quality))
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_QUALITY, f, NULL);
    f = field(st, rec, C_VALUE);
    v->column = f->column;
    mizo_err e = metering_value(f, unit_of(st), q, v->step_min, v->exponent, &v->v, fault);
    if (e == MIZO_ENOENT) {
        row->nmissing = 1;
        return MIZO_OK;
    }
    row->nvalue = e ? 0 : 1;
    return e;
}

const table_reader metering_long = {
    .name = "long",
    .help = "point,start,kwh[,quality][,quantity][,step] / meter,epoch_s,wh",
    .header = long_header,
    .row = long_row,
};

bool metering_scan_shape(const table_state *st, scan_shape *s)
{
    const metering_unit *u = unit_of(st);
    if (st->col[C_TIME] < 0 || st->num[N_TIME_KIND] == TIME_EPOCH_MS || st->col[C_QUANTITY] >= 0 ||
        st->col[C_STEP] >= 0 || st->col[C_ROLE] >= 0 || st->col[C_EXPONENT] >= 0)
        return false;
    mizo_quantity q = (mizo_quantity)u->quantity;
    if (!metering_is_energy(q))
        return false;
    *s = (scan_shape){
        .nfield = st->nfield,
        .owner = st->col[C_OWNER],
        .time = st->col[C_TIME],
        .value = st->col[C_VALUE],
        .quality = st->col[C_QUALITY],
        .epoch = st->num[N_TIME_KIND] == TIME_EPOCH_S,
        .end = st->num[N_END] != 0,
        .num = u->factor ? u->factor : metering_factor(q),
        .den = u->power ? 2 : 1,
        .quantity = (uint8_t)q,
        .offset = st->offset,
    };
    return true;
}
