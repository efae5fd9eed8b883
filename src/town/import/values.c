/* values.c: one typed row into the stage, after asking whether it can be true. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/import.h"
#include "mizo/metering.h"
#include "town/import/run.h"

#define AHEAD_MS  ((mizo_ms)32 * 86400000) /* prices and forecasts may be so far ahead */
#define OLDEST_MS ((mizo_ms)631152000000)  /* 1990 */

enum { CLASHES_KEPT = 1000 };

bool import_when_bad(const import_run *im, mizo_ms at, int step_min, bool may_be_future, table_fault *f)
{
    char when[MIZO_INSTANT_TEXT], step[16];
    csv_field nowhere = { 0 };
    int offset = im->t->region->offset;
    mizo_msg id;
    mizo_ms step_ms = (mizo_ms)step_min * 60000;
    if ((at + (mizo_ms)offset * MIZO_SLOT_MS) % step_ms)
        id = MIZO_MSG_IMPORT_OFF_STEP;
    else if (at < OLDEST_MS)
        id = MIZO_MSG_IMPORT_TOO_OLD;
    else if (at >= im->latest + (may_be_future ? AHEAD_MS : 0))
        id = MIZO_MSG_IMPORT_FUTURE;
    else
        return false;
    bool sane = at > -62135596800000 && at < 253402300800000; /* years 1 to 9999 */
    if (sane)
        mizo_ms_text(at, offset, when);
    else
        snprintf(when, sizeof when, "%lld ms", (long long)at);
    snprintf(step, sizeof step, "%d", step_min);
    table_bad(f, id, &nowhere, when, step, NULL);
    return true;
}

static bool may_be_future(const table_value *v)
{
    return v->role != MIZO_ROLE_READING || v->quantity == MIZO_Q_PRICE || v->quantity == MIZO_Q_INTENSITY;
}

static bool too_large(const import_series *s, const table_value *v, table_fault *f)
{
    if (!s->limit || v->v <= s->limit)
        return false;
    char is[MIZO_NUM_TEXT], may[MIZO_NUM_TEXT];
    mizo_grouped_text(v->v, is);
    mizo_grouped_text(s->limit, may);
    csv_field at = { "", 0, v->column };
    table_bad(f, MIZO_MSG_IMPORT_TOO_LARGE, &at, is, s->key.owner, may);
    return true;
}

mizo_err import_clashed(import_run *im, int32_t series, mizo_slot slot, int line, int column)
{
    if (im->nclash >= CLASHES_KEPT) {
        im->r->bad++; /* the count stays exact, the places are bounded */
        return MIZO_OK;
    }
    MIZO_TRY(array_grow(&im->clash, &im->clash_cap, im->nclash + 1, sizeof *im->clash));
    im->clash[im->nclash++] =
        (import_clash){ .series = series, .slot = slot, .line = line, .column = column };
    return MIZO_OK;
}

/* In the second reading: which lines speak of a slot that clashed? */
void import_look_for(import_run *im, int32_t series, mizo_slot slot, int line)
{
    for (size_t i = 0; i < im->nclash; i++) {
        import_clash *c = &im->clash[i];
        if (c->series != series || c->slot != slot)
            continue;
        if (!c->first_line)
            c->first_line = line;
        else if (!c->second_line)
            c->second_line = line;
    }
}

static mizo_err stage_value(import_run *im, int32_t series, const table_value *v, stage_result *result)
{
    mizo_slot slot = mizo_ms_slot(v->at);
    int offset = im->t->region->offset;
    if (v->step_min == 30)
        return stage_add(im->stage, series, slot, v->v, v->quality, result);
    mizo_day day = mizo_slot_day(slot, offset);
    int index = (int)((v->at - table_day_ms(day, offset)) / ((mizo_ms)v->step_min * 60000));
    return steps_add(im->steps, series, day, v->step_min, index, v->v, v->quality, result);
}

/* A run of one non-zero value in neighbouring slots, as they come. */
static inline void watch_run(import_series *s, mizo_slot slot, int32_t value)
{
    bool on = value != 0 && value == s->before_value && slot == s->before + 1;
    s->run = on ? s->run + 1 : 1;
    s->before = slot;
    s->before_value = value;
    if (s->run > s->stuck) {
        s->stuck = s->run;
        s->stuck_to = slot;
    }
}

void import_count_slot(import_run *im, int32_t series, mizo_slot slot, int32_t value)
{
    import_series *s = &im->series[series];
    if (!s->values || slot < s->first)
        s->first = slot;
    if (!s->values || slot > s->last)
        s->last = slot;
    s->values++;
    watch_run(s, slot, value);
}

static int32_t series_of_value(import_run *im, int32_t row_owner, const table_value *v)
{
    int32_t owner = v->owner ? import_owner_known(im, v->owner) : row_owner;
    return owner < 0 ? -1 : import_series_of(im, owner, v->quantity, v->role, v->exponent, v->step_min);
}

/* Every value is asked before the first is staged: a bad row is bad as a whole. */
static mizo_err check_row(import_run *im, const table_row *row, int32_t owner, int32_t *series,
                          table_fault *f)
{
    for (int i = 0; i < row->nvalue; i++) {
        const table_value *v = &row->value[i];
        series[i] = series_of_value(im, owner, v);
        if (series[i] < 0)
            return MIZO_ENOMEM;
        if (import_when_bad(im, v->at, v->step_min, may_be_future(v), f) ||
            (!im->let_in && too_large(&im->series[series[i]], v, f)))
            return MIZO_EINPUT;
    }
    return MIZO_OK;
}

static mizo_err put_row(import_run *im, const csv_record *rec, const table_row *row, const int32_t *series)
{
    for (int i = 0; i < row->nvalue; i++) {
        const table_value *v = &row->value[i];
        stage_result result;
        MIZO_TRY(stage_value(im, series[i], v, &result));
        if (result == STAGE_NEW || result == STAGE_LATER)
            import_count_slot(im, series[i], mizo_ms_slot(v->at), v->v);
        if (result != STAGE_CLASH)
            continue;
        import_keep_clash(im, row->line, rec, series[i], v->column);
        return import_clashed(im, series[i], mizo_ms_slot(v->at), row->line, v->column);
    }
    return MIZO_OK;
}

static void look_row(import_run *im, const table_row *row, int32_t owner)
{
    for (int i = 0; i < row->nvalue; i++) {
        int32_t series = series_of_value(im, owner, &row->value[i]);
        if (series >= 0)
            import_look_for(im, series, mizo_ms_slot(row->value[i].at), row->line);
    }
}

mizo_err import_row(import_run *im, const csv_record *rec, const table_row *row)
{
    if (row->kind == TABLE_PERIOD)
        return import_add_period(im, rec, row);
    if (row->kind == TABLE_SESSION)
        return import_add_session(im, rec, row);
    int32_t series[TABLE_VALUES], owner = -1;
    table_fault f;
    bool named = row->owner.n > 0;
    if (named)
        owner = import_owner_find(im, row->owner.s, row->owner.n);
    else
        owner = im->home;
    if (im->looking && row->issued)
        return MIZO_OK;
    if (im->looking) {
        look_row(im, row, owner);
        return MIZO_OK;
    }
    mizo_err e = named && owner < 0 ? import_unknown_owner(im, &row->owner, &f)
                 : row->issued      ? MIZO_OK
                                    : check_row(im, row, owner, series, &f);
    if (e == MIZO_EINPUT) {
        import_bad(im, row->line, rec, &f);
        return MIZO_OK;
    }
    MIZO_TRY(e);
    if (row->issued)
        return import_add_forecast(im, rec, row, owner);
    im->r->blank += row->nmissing;
    return put_row(im, rec, row, series);
}
