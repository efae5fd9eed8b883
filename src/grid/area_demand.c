/* area_demand.c: juyo-YYYY.csv and the daily power_usage files: demand in 万kW (10 MW).
 *
 * domain: calendar-and-formats.md 5. A daily file is a pile of small tables; those
 * with DATE,TIME are read (the hourly and the five-minute one), the rest is passed
 * by. A demand of zero is a step that has not been observed yet. */
#include <string.h>

#include "grid/readers.h"
#include "mizo/messages/import.h"

enum { N_STEP, N_ACTIVE };
enum { MAN_KW = 10000 };

static const struct column {
    const char *word, *suffix;
    int16_t step;
    uint8_t quantity, role;
} columns[] = {
    {"実績(万kw)",                                "",    60, MIZO_Q_DEMAND,     MIZO_ROLE_READING      },
    { "当日実績(万kw)",                         "",    60, MIZO_Q_DEMAND,     MIZO_ROLE_READING      },
    { "予測値(万kw)",                            "",    60, MIZO_Q_DEMAND,     MIZO_ROLE_FORECAST_MEAN},
    { "当日実績(5分間隔値)(万kw)",          "",    5,  MIZO_Q_DEMAND,     MIZO_ROLE_READING      },
    { "太陽光発電実績(5分間隔値)(万kw)", "-pv", 5,  MIZO_Q_GENERATION, MIZO_ROLE_READING      },
};
enum { NCOLUMN = sizeof columns / sizeof *columns };

static bool demand_header(const table_words *w, table_state *st)
{
    if (w->n < 3 || strcmp(w->w[0], "date") || strcmp(w->w[1], "time"))
        return false;
    bool found = false;
    memset(st->what, -1, sizeof st->what);
    for (int c = 0; c < NCOLUMN; c++) {
        const char *const names[] = { columns[c].word, NULL };
        int at = table_find(w, names);
        if (at < 0)
            continue;
        st->what[at] = (int16_t)c;
        st->num[N_STEP] = columns[c].step;
        grid_owner(st, c, columns[c].suffix);
        found = true;
    }
    st->nfield = w->n;
    st->num[N_ACTIVE] = found;
    return found;
}

/* A line between two tables, or the header of the next one. */
static bool between(table_state *st, const csv_record *rec)
{
    if (rec->nfield >= 2 && rec->field[0].n == 4 && memcmp(rec->field[0].s, "DATE", 4) == 0) {
        table_words w;
        table_fold(rec, &w);
        demand_header(&w, st);
        return true;
    }
    mizo_date date;
    int minute;
    bool dated = !mizo_date_parse(rec->field[0].s, rec->field[0].n, &date);
    bool timed = rec->nfield >= 2 && !mizo_clock_parse(rec->field[1].s, rec->field[1].n, &minute);
    if (!dated && !timed)
        st->num[N_ACTIVE] = 0;
    return !st->num[N_ACTIVE];
}

static mizo_err demand_row(table_state *st, const csv_record *rec, table_row *row, table_fault *fault)
{
    row->kind = TABLE_SERIES;
    if (between(st, rec))
        return MIZO_ENOENT;
    mizo_day day;
    int minute, step = (int)st->num[N_STEP];
    MIZO_TRY(grid_day(&rec->field[0], &day, fault));
    if (rec->nfield < st->nfield)
        return table_bad(fault, MIZO_MSG_IMPORT_NO_VALUE, &rec->field[rec->nfield - 1], "TIME", NULL, NULL);
    MIZO_TRY(grid_clock(&rec->field[1], &minute, fault));
    for (int i = 2; i < st->nfield; i++) {
        int c = st->what[i];
        if (c < 0)
            continue;
        table_value like = { .owner = st->owner[c],
                             .at = table_day_ms(day, st->offset) + (mizo_ms)minute * 60000,
                             .step_min = (int16_t)step,
                             .quantity = columns[c].quantity,
                             .role = columns[c].role };
        mizo_err e = grid_measure(&rec->field[i], (int64_t)MAN_KW * step, 60, &like, row, fault);
        if (e == MIZO_EINPUT)
            return e;
        if (!e && columns[c].quantity == MIZO_Q_DEMAND && row->value[row->nvalue - 1].v == 0) {
            row->nvalue--;
            row->nmissing++;
        }
    }
    return MIZO_OK;
}

const table_reader grid_area_demand = {
    .name = "area-demand",
    .help = "DATE,TIME,実績(万kW) / DATE,TIME,当日実績(万kW),予測値(万kW),.. (juyo, power_usage)",
    .blocks = true,
    .header = demand_header,
    .row = demand_row,
};
