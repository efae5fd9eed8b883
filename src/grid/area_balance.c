/* area_balance.c: eria_jukyu: an area's demand and its supply by source.
 *
 * domain: calendar-and-formats.md 5. The line above the header says the unit: mean
 * MW by half-hours, or 万kWh by hours in older files. Some areas label a row with
 * the end of its half-hour; the first row of the file (0:00 or 0:30) tells. */
#include <stdio.h>
#include <string.h>

#include "grid/readers.h"
#include "mizo/messages/import.h"

enum { C_DATE, C_TIME };
enum { N_UNIT, N_LABEL, N_DAY }; /* memory between rows */
enum { UNIT_MW, UNIT_MAN_KWH };
enum { LABEL_UNKNOWN, LABEL_START, LABEL_END };

static const struct source {
    const char *word, *suffix;
    uint8_t quantity;
} sources[] = {
    {"エリア需要",                 "",                MIZO_Q_DEMAND    },
    { "原子力",                      "-nuclear",        MIZO_Q_GENERATION},
    { "火力(lng)",                    "-lng",            MIZO_Q_GENERATION},
    { "火力(石炭)",                 "-coal",           MIZO_Q_GENERATION},
    { "火力(石油)",                 "-oil",            MIZO_Q_GENERATION},
    { "火力(その他)",              "-thermal",        MIZO_Q_GENERATION},
    { "火力",                         "-thermal",        MIZO_Q_GENERATION},
    { "火力出力制御量",          "-thermal",        MIZO_Q_CURTAILED },
    { "水力",                         "-hydro",          MIZO_Q_GENERATION},
    { "地熱",                         "-geothermal",     MIZO_Q_GENERATION},
    { "バイオマス",                "-biomass",        MIZO_Q_GENERATION},
    { "バイオマス出力制御量", "-biomass",        MIZO_Q_CURTAILED },
    { "太陽光発電実績",          "-pv",             MIZO_Q_GENERATION},
    { "太陽光(実績)",              "-pv",             MIZO_Q_GENERATION},
    { "太陽光出力制御量",       "-pv",             MIZO_Q_CURTAILED },
    { "風力発電実績",             "-wind",           MIZO_Q_GENERATION},
    { "風力出力制御量",          "-wind",           MIZO_Q_CURTAILED },
    { "揚水",                         "-pumped",         MIZO_Q_NET       },
    { "蓄電池",                      "-battery",        MIZO_Q_NET       },
    { "連系線",                      "-interconnector", MIZO_Q_NET       },
    { "その他",                      "-other",          MIZO_Q_NET       },
};
enum { NSOURCE = sizeof sources / sizeof *sources };
_Static_assert((int)NSOURCE <= (int)TABLE_OWNERS, "each source has an owner");

static void remember_unit(const table_words *w, table_state *st)
{
    if (table_find_start(w, "単位[万kwh", 0) >= 0)
        st->num[N_UNIT] = UNIT_MAN_KWH;
}

static bool balance_header(const table_words *w, table_state *st)
{
    static const char *const dates[] = { "date", "日付", NULL };
    static const char *const times[] = { "time", "時刻", NULL };
    static const char *const demands[] = { "エリア需要", NULL };
    remember_unit(w, st);
    st->col[C_DATE] = (int16_t)table_find(w, dates);
    st->col[C_TIME] = (int16_t)table_find(w, times);
    if (st->col[C_DATE] < 0 || st->col[C_TIME] < 0 || table_find(w, demands) < 0)
        return false;
    st->nfield = w->n;
    memset(st->what, -1, sizeof st->what);
    for (int s = 0; s < NSOURCE; s++) {
        const char *const names[] = { sources[s].word, NULL };
        int at = table_find(w, names);
        if (at >= 0) {
            st->what[at] = (int16_t)s;
            grid_owner(st, s, sources[s].suffix);
        }
    }
    st->num[N_LABEL] = LABEL_UNKNOWN;
    return true;
}

/* Start- or end-labelled? Settled by the first row. */
static mizo_err settle_label(table_state *st, const csv_field *f, int minute, int step, table_fault *fault)
{
    if (st->num[N_LABEL] != LABEL_UNKNOWN)
        return MIZO_OK;
    if (minute != 0 && minute != step)
        return table_bad_text(fault, MIZO_MSG_IMPORT_LABEL, f, NULL);
    st->num[N_LABEL] = minute == 0 ? LABEL_START : LABEL_END;
    return MIZO_OK;
}

/* Start of the step in minutes from the day's midnight. In end-labelled files the day's last step
 * is 24:00, or 0:00 of the same row's date, or 0:00 of the next day. */
static int start_of(table_state *st, mizo_day day, int minute, int step)
{
    bool same_day = st->num[N_DAY] == (int64_t)day;
    st->num[N_DAY] = day;
    if (st->num[N_LABEL] == LABEL_START)
        return minute;
    if (minute == 0 && same_day)
        return 1440 - step;
    return minute - step;
}

static mizo_err balance_row(table_state *st, const csv_record *rec, table_row *row, table_fault *fault)
{
    bool man = st->num[N_UNIT] == UNIT_MAN_KWH;
    int step = man ? 60 : 30, minute;
    mizo_day day;
    row->kind = TABLE_SERIES;
    MIZO_TRY(grid_day(&rec->field[st->col[C_DATE]], &day, fault));
    const csv_field *clock = &rec->field[st->col[C_TIME]];
    MIZO_TRY(grid_clock(clock, &minute, fault));
    MIZO_TRY(settle_label(st, clock, minute, step, fault));
    mizo_ms at = table_day_ms(day, st->offset) + (mizo_ms)start_of(st, day, minute, step) * 60000;
    for (int i = 0; i < st->nfield; i++) {
        int s = st->what[i];
        if (s < 0)
            continue;
        table_value like = {
            .owner = st->owner[s], .at = at, .step_min = (int16_t)step, .quantity = sources[s].quantity
        };
        mizo_err e = man ? grid_measure(&rec->field[i], 10000, 1, &like, row, fault)
                         : grid_measure(&rec->field[i], 1000 * step, 60, &like, row, fault);
        if (e == MIZO_EINPUT)
            return e;
    }
    grid_drop_frozen(row);
    return MIZO_OK;
}

const table_reader grid_area_balance = {
    .name = "area-balance",
    .help = "単位[MW平均] / DATE,TIME,エリア需要,原子力,.. (eria_jukyu)",
    .header = balance_header,
    .row = balance_row,
};
