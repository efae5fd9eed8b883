/* wide.c: one day a line: point, date, and a column a slot. */
#include <stdlib.h>
#include <string.h>

#include "metering/readers.h"
#include "mizo/messages/import.h"

enum { C_OWNER, C_DATE, C_QUALITY, C_QUANTITY, C_UNIT };
enum { N_STEP, N_POWER };    /* minutes of a column; 1: mean kW */
enum { BEYOND = INT16_MAX }; /* a column after the day's last */

static const char *const owners[] = { "point", "owner",    "meter",    "point_id", "meter_id",
                                      "id",    "pv",       "供給地点", "地点",     "供給地点特定番号",
                                      "計器",  "計器番号", "plant",    "asset",    NULL };
static const char *const dates[] = { "date",       "day",    "日付",   "年月日",   "対象日",    "使用日",
                                     "使用年月日", "計量日", "計測日", "date(kw)", "date(kwh)", NULL };
static const char *const qualities[] = { "quality", "品質", "区分", NULL };
static const char *const quantities[] = { "quantity", "種別", "量", NULL };
static const char *const units[] = { "unit", "単位", NULL };

/* Minutes that a column's word says: "0:30", "00:30-01:00", "0:30(kwh)". Or, with *code, the n of "7", "コマ7".
 * -1: it says none. */
static int label_of(const char *word, bool *code)
{
    char text[TABLE_WORD];
    size_t n = strcspn(word, "([~-");
    const char *wave = strstr(word, "～"), *dash = strstr(word, "〜");
    if (wave && (size_t)(wave - word) < n)
        n = (size_t)(wave - word);
    if (dash && (size_t)(dash - word) < n)
        n = (size_t)(dash - word);
    if (n >= sizeof text)
        return -1;
    memcpy(text, word, n);
    text[n] = '\0';
    const char *digits = text;
    static const char *const before[] = { "コマ", "slot", "t", "h", NULL };
    for (const char *const *b = before; *b; b++)
        if (strncmp(text, *b, strlen(*b)) == 0)
            digits = text + strlen(*b);
    *code = *digits && strlen(digits) <= 3 && strspn(digits, "0123456789") == strlen(digits);
    if (*code)
        return (int)strtol(digits, NULL, 10);
    int minute;
    return digits == text && strchr(text, ':') && !mizo_clock_parse(text, n, &minute) ? minute : -1;
}

/* True if the columns [first, first + n) run through the day, step minutes each; *shift is the first label. */
static bool runs_through(const table_words *w, int first, int n, int *shift)
{
    *shift = 0;
    int step = 1440 / n;
    for (int i = 0; i < n; i++) {
        bool code = false;
        int label = label_of(w->w[first + i], &code);
        if (i == 0)
            *shift = code ? -1 : label;
        int expect = code ? i + 1 : *shift + i * step;
        if (expect == 1440 && label == 0)
            label = 1440; /* an end-labelled day whose last column says 0:00 */
        if (label != expect || (*shift == -1) != code)
            return false;
    }
    return *shift == -1 || *shift == 0 || *shift == step;
}

/* How many columns from `at` on go on where a day of n columns ended: 49, 50 of a day that put its clock back. */
static int goes_on(const table_words *w, int at, int n, int shift)
{
    int more = 0;
    for (; at + more < w->n; more++) {
        bool code;
        int label = label_of(w->w[at + more], &code);
        if (code != (shift == -1) || label != (code ? n + more + 1 : shift + (n + more) * (1440 / n)))
            break;
    }
    return more;
}

/* A day has 24, 48 or 96 columns. An hour more may follow where it is left blank; any other number is no day. */
static bool find_slots(const table_words *w, table_state *st)
{
    static const int counts[] = { 96, 48, 24 };
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
        for (int first = 0; first + counts[c] <= w->n; first++) {
            int shift, n = counts[c];
            if (!runs_through(w, first, n, &shift))
                continue;
            int more = goes_on(w, first + n, n, shift);
            if (more > n / 24)
                continue;
            for (int i = 0; i < n + more; i++)
                st->what[first + i] = (int16_t)(i < n ? i : BEYOND);
            st->num[N_STEP] = 1440 / n;
            return true;
        }
    return false;
}

int metering_slot_columns(const table_words *w)
{
    int most = 0, run = 0;
    for (int i = 0; i < w->n; i++) {
        bool code;
        int label = label_of(w->w[i], &code);
        run = code && label == run + 1 ? run + 1 : code && label == 1;
        most = run > most ? run : most;
    }
    return most;
}

/* The unit that the header names: (kW) anywhere, and no (kWh). */
static bool says_power(const table_words *w)
{
    bool power = false;
    for (int i = 0; i < w->n; i++) {
        if (strstr(w->w[i], "(kwh)") || strstr(w->w[i], "[kwh]"))
            return false;
        power = power || strstr(w->w[i], "(kw)") || strstr(w->w[i], "[kw]");
    }
    return power;
}

static bool wide_header(const table_words *w, table_state *st)
{
    st->nfield = w->n;
    for (int i = 0; i < CSV_FIELDS; i++)
        st->what[i] = -1;
    st->col[C_OWNER] = (int16_t)table_find(w, owners);
    st->col[C_DATE] = (int16_t)table_find(w, dates);
    if (st->col[C_OWNER] < 0 || st->col[C_DATE] < 0 || !find_slots(w, st))
        return false;
    st->col[C_QUALITY] = (int16_t)table_find(w, qualities);
    st->col[C_QUANTITY] = (int16_t)table_find(w, quantities);
    st->col[C_UNIT] = (int16_t)table_find(w, units);
    st->num[N_POWER] = says_power(w);
    return !table_twice(w, st->col, C_UNIT + 1);
}

static mizo_err row_unit(const table_state *st, const csv_record *rec, mizo_quantity q,
                         const metering_unit **out, table_fault *fault)
{
    const char *word = st->num[N_POWER] ? "kw" : metering_is_energy(q) ? "kwh" : "value";
    char text[TABLE_WORD];
    if (st->col[C_UNIT] >= 0) {
        const csv_field *f = &rec->field[st->col[C_UNIT]];
        text_fold(f->s, f->n, text, sizeof text);
        if (f->n)
            word = text;
        *out = metering_unit_of(word);
        if (!*out || (*out)->quantity)
            return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_UNIT, f, NULL);
        return MIZO_OK;
    }
    *out = metering_unit_of(word);
    return MIZO_OK;
}

static mizo_err row_values(const table_state *st, const csv_record *rec, const metering_unit *unit,
                           mizo_quantity q, uint8_t quality, mizo_ms midnight, table_row *row,
                           table_fault *fault)
{
    int step = (int)st->num[N_STEP];
    for (int i = 0; i < rec->nfield && i < st->nfield; i++) {
        if (st->what[i] < 0)
            continue;
        table_value v = { .at = midnight + (mizo_ms)st->what[i] * step * 60000,
                          .column = rec->field[i].column,
                          .step_min = (int16_t)step,
                          .quantity = (uint8_t)q,
                          .quality = quality };
        mizo_err e = metering_value(&rec->field[i], unit, q, step, 0, &v.v, fault);
        if (st->what[i] == BEYOND && e != MIZO_ENOENT)
            return table_bad_text(fault, MIZO_MSG_IMPORT_BEYOND_DAY, &rec->field[i], NULL);
        if (e == MIZO_ENOENT)
            row->nmissing += st->what[i] != BEYOND;
        else if (e)
            return e;
        else
            row->value[row->nvalue++] = v;
    }
    return MIZO_OK;
}

static mizo_err wide_row(table_state *st, const csv_record *rec, table_row *row, table_fault *fault)
{
    row->kind = TABLE_SERIES;
    row->nvalue = row->nmissing = 0;
    const csv_field *f = &rec->field[st->col[C_OWNER]];
    row->owner = (table_text){ f->s, f->n, f->column };
    if (f->n == 0)
        return table_bad(fault, MIZO_MSG_IMPORT_NO_VALUE, f, owners[0], NULL, NULL);
    f = &rec->field[st->col[C_DATE]];
    mizo_date date;
    if (mizo_date_parse(f->s, f->n, &date))
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_DATE, f, NULL);
    mizo_quantity q = (mizo_quantity)0; /* what is usual for the owner */
    if (st->col[C_QUANTITY] >= 0 && (f = &rec->field[st->col[C_QUANTITY]])->n && !metering_quantity(f, &q))
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_QUANTITY, f, NULL);
    uint8_t quality = MIZO_QUALITY_MEASURED;
    if (st->col[C_QUALITY] >= 0 && !metering_quality(f = &rec->field[st->col[C_QUALITY]], &quality))
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_QUALITY, f, NULL);
    const metering_unit *unit;
    MIZO_TRY(row_unit(st, rec, q, &unit, fault));
    return row_values(st, rec, unit, q, quality, table_day_ms(mizo_date_day(date), st->offset), row, fault);
}

const table_reader metering_wide = {
    .name = "wide",
    .help = "point,date,0:00..23:30 (or 0:30..24:00, or 1..48)",
    .header = wide_header,
    .row = wide_row,
};
