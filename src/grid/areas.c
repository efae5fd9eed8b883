/* areas.c: what the network operators' files have in common. */
#include "grid/readers.h"
#include "mizo/messages/import.h"

#include <stdio.h>
#include <string.h>

/* "tepco-area", or another area where the file's name says so: "eria_jukyu_202604_09.csv" is kyushu-area.
 * The operators number their areas from north to south. */
static const char *area_of(const char *file)
{
    static const char *const areas[] = { "hokkaido-area", "tohoku-area", "tepco-area",   "chubu-area",
                                         "hokuriku-area", "kansai-area", "chugoku-area", "shikoku-area",
                                         "kyushu-area",   "okinawa-area" };
    const char *dot = strrchr(file, '.');
    if (strncmp(file, "eria_jukyu", 10) || !dot || dot - file < 3 || dot[-3] != '_')
        return "tepco-area";
    int n = (dot[-2] - '0') * 10 + (dot[-1] - '0');
    return n >= 1 && n <= 10 ? areas[n - 1] : "tepco-area";
}

const char *grid_owner(table_state *st, int i, const char *suffix)
{
    snprintf(st->owner[i], MIZO_ID_MAX, "%s%s", area_of(st->file), suffix);
    return st->owner[i];
}

mizo_err grid_measure(const csv_field *f, int64_t num, int64_t den, const table_value *like, table_row *row,
                      table_fault *fault)
{
    int64_t micro, v;
    mizo_err e = table_number(f->s, f->n, 6, &micro);
    if (e == MIZO_ENOENT) {
        row->nmissing++;
        return e;
    }
    if (e == MIZO_EINPUT)
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_NUMBER, f, "MW, kWh");
    if (!e)
        e = mizo_mul_div(micro, num, den * 1000000, MIZO_ROUND_HALF_UP, &v);
    if (e || v > INT32_MAX || v < -INT32_MAX)
        return table_bad(fault, MIZO_MSG_IMPORT_RANGE, f, "kWh", "0", "2,147,483,647");
    table_value *to = &row->value[row->nvalue++];
    *to = *like;
    to->exponent = 3;
    to->column = f->column;
    to->v = (int32_t)v;
    if (v < 0 && like->quantity != MIZO_Q_NET) {
        to->v = 0;
        to->quality = MIZO_QUALITY_ESTIMATED;
    }
    return MIZO_OK;
}

mizo_err grid_day(const csv_field *f, mizo_day *day, table_fault *fault)
{
    mizo_date d;
    if (mizo_date_parse(f->s, f->n, &d))
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_DATE, f, NULL);
    *day = mizo_date_day(d);
    return MIZO_OK;
}

mizo_err grid_clock(const csv_field *f, int *minute, table_fault *fault)
{
    if (mizo_clock_parse(f->s, f->n, minute))
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_CLOCK, f, NULL);
    return MIZO_OK;
}

void grid_drop_frozen(table_row *row)
{
    for (int i = 0; i < row->nvalue; i++)
        if (row->value[i].v)
            return;
    row->nmissing += row->nvalue;
    row->nvalue = 0;
}
