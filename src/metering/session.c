/* session.c: a car at a charger. */
#include <string.h>

#include "metering/readers.h"
#include "mizo/messages/import.h"

enum { C_VEHICLE, C_CHARGER, C_ARRIVE, C_DEPART, C_NEED };

static const char *const names[][4] = {
    {"vehicle",  "車両",    NULL          },
    { "charger", "充電器", NULL          },
    { "arrive",  "到着",    "到着日時", NULL },
    { "depart",         "出発",            "出発日時",          NULL },
    { "need_kwh",      "必要電力量(kwh)",                NULL          },
};

static bool session_header(const table_words *w, table_state *st)
{
    st->nfield = w->n;
    for (int i = 0; i <= C_NEED; i++) {
        st->col[i] = (int16_t)table_find(w, names[i]);
        if (st->col[i] < 0)
            return false;
    }
    return !table_twice(w, st->col, C_NEED + 1);
}

static mizo_err read_instant(const table_state *st, const csv_field *f, mizo_ms *out, table_fault *fault)
{
    return table_instant(f->s, f->n, st->offset, out)
               ? table_bad_text(fault, MIZO_MSG_IMPORT_BAD_TIME, f, NULL)
               : MIZO_OK;
}

static mizo_err session_row(table_state *st, const csv_record *rec, table_row *row, table_fault *fault)
{
    row->kind = TABLE_SESSION;
    row->nvalue = row->nmissing = 0;
    const csv_field *f = &rec->field[st->col[C_VEHICLE]], *c = &rec->field[st->col[C_CHARGER]];
    row->owner = (table_text){ f->s, f->n, f->column };
    row->charger = (table_text){ c->s, c->n, c->column };
    if (f->n == 0 || c->n == 0)
        return table_bad(fault, MIZO_MSG_IMPORT_NO_VALUE, f->n ? c : f, f->n ? "charger" : "vehicle", NULL,
                         NULL);
    MIZO_TRY(read_instant(st, &rec->field[st->col[C_ARRIVE]], &row->arrive, fault));
    const csv_field *depart = &rec->field[st->col[C_DEPART]];
    MIZO_TRY(read_instant(st, depart, &row->depart, fault));
    if (row->depart <= row->arrive) {
        char a[MIZO_INSTANT_TEXT], b[MIZO_INSTANT_TEXT];
        mizo_ms_text(row->arrive, st->offset, a);
        mizo_ms_text(row->depart, st->offset, b);
        return table_bad(fault, MIZO_MSG_IMPORT_SESSION_ORDER, depart, a, b, NULL);
    }
    f = &rec->field[st->col[C_NEED]];
    mizo_err e = table_number(f->s, f->n, 3, &row->need_wh);
    if (e == MIZO_ENOENT)
        return table_bad(fault, MIZO_MSG_IMPORT_NO_VALUE, f, "need_kwh", NULL, NULL);
    if (e)
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_NUMBER, f, "kWh");
    if (row->need_wh < 0)
        return table_bad_text(fault, MIZO_MSG_IMPORT_NEGATIVE, f, NULL);
    if (row->need_wh > INT32_MAX)
        return table_bad(fault, MIZO_MSG_IMPORT_RANGE, f, "need_kwh", "0", "2,147,483");
    return MIZO_OK;
}

const table_reader metering_session = {
    .name = "session",
    .help = "vehicle,charger,arrive,depart,need_kwh",
    .header = session_header,
    .row = session_row,
};
