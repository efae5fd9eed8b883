/* sheet_json.c: a transcription sheet's period, and the sheet as JSON: of the verb and of the API. */
#include <string.h>

#include "mizo/messages/duty.h"
#include "town/duty/sheet.h"

mizo_err sheet_period(town *t, const char *sheet, const char *word, mizo_day in, mizo_day *from, mizo_day *to)
{
    static const char *const words[] = { "month", "quarter", "half", "fy", "year" };
    const mizo_region *r = t->region;
    int every = -1;
    for (size_t i = 0; i < r->nduty && !word; i++)
        if (strcmp(r->duty[i].sheet, sheet) == 0 && (every < 0 || (int)r->duty[i].every < every))
            every = (int)r->duty[i].every;
    for (int i = 0; i < 5 && word; i++)
        every = strcmp(words[i], word) == 0 ? i : every;
    if (every < 0 && word) {
        MIZO_DIAG(t->diags, DUTY_EVERY, MIZO_NOWHERE, word);
        return MIZO_EINPUT;
    }
    mizo_duty_period(every < 0 ? MIZO_EVERY_MONTH : (mizo_duty_every)every, in, from, to);
    return MIZO_OK;
}

static mizo_err put_cell(void *arg, const form_cell *s)
{
    json *j = arg;
    char text[MIZO_NUM_TEXT];
    report_cell c = { .kind = REPORT_CELL_NUMBER,
                      .value = s->value,
                      .from = (uint8_t)s->row->digits,
                      .digits = (uint8_t)s->row->digits };
    json_object(j, NULL);
    json_text(j, "cell", s->row->cell);
    json_text(j, "name_ja", s->row->name_ja);
    json_text(j, "name_en", s->row->name_en);
    report_number_text(&c, true, text);
    json_text(j, "value", text);
    json_text(j, "unit", s->row->unit);
    json_text(j, "unit_ja", sheet_unit(s->row->unit, true));
    json_text(j, "unit_en", sheet_unit(s->row->unit, false));
    json_int(j, "missing", s->missing);
    json_text(j, "from", s->from);
    json_text(j, "from_ja", sheet_origin(s->from, true));
    json_text(j, "from_en", sheet_origin(s->from, false));
    json_text(j, "source", s->row->source);
    json_text(j, "mark", mizo_mark_text(s->row->mark));
    json_end(j);
    return MIZO_OK;
}

mizo_err sheet_json(town *t, const char *sheet, mizo_day from, mizo_day to, json *j)
{
    json_text(j, "sheet", sheet);
    json_day(j, "from", from);
    json_day(j, "to", to);
    json_array(j, "cells");
    MIZO_TRY(sheet_each(t, sheet, from, to, put_cell, j));
    json_end(j);
    return MIZO_OK;
}
