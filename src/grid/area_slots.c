/* area_slots.c: AREA_JISEKI, AREA_YOSOKU, AREA_ONCE_YOSOKU: 48 half-hours of an area, kWh each.
 * domain: calendar-and-formats.md 5. A forecast file goes to the role of a forecast. */
#include <stdio.h>
#include <string.h>

#include "grid/readers.h"
#include "mizo/messages/import.h"

enum { C_DATE, C_CODE, C_CLOCK, N_ROLE = 0 };

static const struct measure {
    const char *start, *suffix;
    uint8_t quantity;
} measures[] = {
    {"エリア総需要量",                 "",            MIZO_Q_DEMAND    },
    { "エリア総発電量",                "",            MIZO_Q_GENERATION},
    { "エリア風力・太陽光発電量", "-wind-solar", MIZO_Q_GENERATION},
};
enum { NMEASURE = sizeof measures / sizeof *measures };

/* Forecasts say their unit in the header, actuals do not; the file's name says it better. */
static int role_of(const table_words *w, const char *file)
{
    if (strstr(file, "JISEKI"))
        return MIZO_ROLE_READING;
    return strstr(file, "YOSOKU") || table_find_start(w, "エリア総需要量[", 0) >= 0 ? MIZO_ROLE_FORECAST_MEAN
                                                                                    : MIZO_ROLE_READING;
}

static bool slots_header(const table_words *w, table_state *st)
{
    st->nfield = w->n;
    st->col[C_DATE] = (int16_t)table_find_start(w, "日付", 0);
    st->col[C_CODE] = (int16_t)table_find_start(w, "時間コマ", 0);
    st->col[C_CLOCK] = (int16_t)table_find_start(w, "時間帯_自", 0);
    memset(st->what, -1, sizeof st->what);
    bool demand = false;
    for (int m = 0; m < NMEASURE; m++) {
        int at = table_find_start(w, measures[m].start, 0);
        if (at < 0)
            continue;
        st->what[at] = (int16_t)m;
        grid_owner(st, m, measures[m].suffix);
        demand = demand || m == 0;
    }
    st->num[N_ROLE] = role_of(w, st->file);
    return demand && st->col[C_DATE] >= 0 && st->col[C_CODE] >= 0 && st->col[C_CLOCK] >= 0;
}

/* The slot comes from its number; the clock beside it must agree. */
static mizo_err read_slot(const table_state *st, const csv_record *rec, int *slot, table_fault *fault)
{
    const csv_field *f = &rec->field[st->col[C_CODE]];
    int64_t code;
    int minute;
    if (mizo_decimal_parse(f->s, f->n, 0, &code) || code < 1 || code > MIZO_DAY_SLOTS)
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_CODE, f, "48");
    *slot = (int)code - 1;
    const csv_field *clock = &rec->field[st->col[C_CLOCK]];
    MIZO_TRY(grid_clock(clock, &minute, fault));
    if (minute == *slot * 30)
        return MIZO_OK;
    char begins[16], says[16], number[16];
    snprintf(number, sizeof number, "%d", *slot + 1);
    snprintf(begins, sizeof begins, "%d:%02d", *slot / 2, *slot % 2 * 30);
    snprintf(says, sizeof says, "%d:%02d", minute / 60, minute % 60);
    return table_bad(fault, MIZO_MSG_IMPORT_CODE_AND_CLOCK, clock, number, begins, says);
}

static mizo_err slots_row(table_state *st, const csv_record *rec, table_row *row, table_fault *fault)
{
    mizo_day day;
    int slot = 0;
    row->kind = TABLE_SERIES;
    MIZO_TRY(grid_day(&rec->field[st->col[C_DATE]], &day, fault));
    MIZO_TRY(read_slot(st, rec, &slot, fault));
    for (int i = 0; i < st->nfield; i++) {
        int m = st->what[i];
        if (m < 0)
            continue;
        table_value like = { .owner = st->owner[m],
                             .at = table_day_ms(day, st->offset) + (mizo_ms)slot * MIZO_SLOT_MS,
                             .step_min = 30,
                             .quantity = measures[m].quantity,
                             .role = (uint8_t)st->num[N_ROLE] };
        if (grid_measure(&rec->field[i], 1, 1, &like, row, fault) == MIZO_EINPUT)
            return MIZO_EINPUT;
    }
    grid_drop_frozen(row);
    return MIZO_OK;
}

const table_reader grid_area_slots = {
    .name = "area-slots",
    .help = "日付,時間コマ,時間帯＿自,時間帯＿至,エリア総需要量,.. (AREA_JISEKI, AREA_YOSOKU)",
    .header = slots_header,
    .row = slots_row,
};
