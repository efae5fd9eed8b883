/* plant_sheet.c: see plant_sheet.h. */
#include "grid/plant_sheet.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "mizo/messages/files.h"
#include "mizo/series.h"

enum { LOOK_ROWS = 400, LOOK_COLUMNS = 60, WORD = 80, DAY_MINUTES = 1440 };

static const char *const plant_words[] = { "plant", "発電所", "発電所名", "発電所id", NULL };
static const char *const day_words[] = { "day", "date", "対象日", "日付", "年月日", "運転日", NULL };
static const char *const slot_words[] = { "slot",     "code", "time", "hour",     "コマ",
                                          "時間コマ", "時刻", "時間", "開始時刻", NULL };
static const char *const kwh_words[] = { "kwh",         "発電量(kwh)", "送電量(kwh)", "送電電力量(kwh)",
                                         "電力量(kwh)", NULL };
static const char *const kw_words[] = {
    "kw", "出力(kw)", "送電端出力(kw)", "送電電力(kw)", "電力(kw)", NULL
};
static const char *const from_words[] = { "from", "停止開始", "開始", "開始日時", "停止開始日時", NULL };
static const char *const to_words[] = { "to", "停止終了", "終了", "終了日時", "停止終了日時", NULL };
static const char *const furnace_words[] = { "furnace", "unit", "炉", "号機", "号炉", "設備", NULL };
static const char *const note_words[] = { "note", "reason", "理由", "備考", "事由", "内容", NULL };

typedef struct reading {
    const sheet *s;
    plant_sheet *out;
    plant_bad_fn bad;
    void *arg;
    int offset;
    int faults;
} reading;

/* ---- cells ---- */

static void tell(reading *r, mizo_msg id, int row, int column, const char *p0, const char *p1)
{
    char cell[SHEET_ADDRESS];
    sheet_address(r->s, row, column, cell);
    r->bad(r->arg, id, cell, p0, p1);
    r->faults++;
}

static bool says(const sheet_cell *c, const char *const *words)
{
    char word[WORD];
    if (!c || c->kind != SHEET_TEXT)
        return false;
    text_fold(c->text, c->n, word, sizeof word);
    size_t n = strlen(word);
    if (n && word[n - 1] == ':')
        word[n - 1] = '\0';
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

/* The column of a heading on a row, 0: none. */
static int heading(const sheet *s, int row, const char *const *words)
{
    for (int c = 1; c <= s->ncolumn && c <= LOOK_COLUMNS; c++)
        if (says(sheet_at(s, row, c), words))
            return c;
    return 0;
}

static bool filled(const sheet_cell *c)
{
    return c && c->kind != SHEET_BLANK;
}

/* The value beside a label: to the right of it (past a merge), else below. */
static const sheet_cell *beside(const sheet *s, const sheet_cell *label)
{
    const sheet_cell *right = sheet_at(s, label->row, label->column + label->columns);
    return filled(right) ? right : sheet_at(s, label->row + label->rows, label->column);
}

static const sheet_cell *labelled(const sheet *s, const char *const *words)
{
    for (size_t i = 0; i < s->ncell && s->cell[i].row <= LOOK_ROWS; i++)
        if (says(&s->cell[i], words)) {
            const sheet_cell *v = beside(s, &s->cell[i]);
            if (filled(v))
                return v;
        }
    return NULL;
}

/* ---- the table of values ---- */

/* Minutes of a slot's beginning: a number 1..48 (1..24 of hours), a clock. -1: none. */
static int minute_of(const sheet_cell *c, int step, bool *clock)
{
    int64_t v;
    int minute;
    *clock = false;
    if (!c)
        return -1;
    if (c->kind == SHEET_DATE) {
        *clock = true;
        return c->day_ms / 60000;
    }
    if (c->kind == SHEET_TEXT) {
        size_t n = strcspn(c->text, "-~");
        const char *wave = strstr(c->text, "\xef\xbd\x9e"), *wave2 = strstr(c->text, "\xe3\x80\x9c");
        if (wave && (size_t)(wave - c->text) < n)
            n = (size_t)(wave - c->text);
        if (wave2 && (size_t)(wave2 - c->text) < n)
            n = (size_t)(wave2 - c->text);
        if (memchr(c->text, ':', n) && mizo_clock_parse(c->text, n, &minute) == MIZO_OK) {
            *clock = true;
            return minute;
        }
    }
    return sheet_number(c, 0, &v) == MIZO_OK && v >= 1 && v <= DAY_MINUTES / step ? (int)(v - 1) * step : -1;
}

/* Rows of the table below its heading, until the slot column is blank. */
static int count_rows(const sheet *s, int row, int column)
{
    int n = 0;
    while (n <= MIZO_DAY_SLOTS && filled(sheet_at(s, row + 1 + n, column)))
        n++;
    return n;
}

/* One value of a step as half-hours: kW is their power, kWh is parted. */
static void put_value(reading *r, int at, int64_t v, bool power, int step)
{
    int32_t *wh = &r->out->wh[at / 30];
    int32_t half = (int32_t)mizo_div_round(v, 2, MIZO_ROUND_HALF_UP);
    if (step == 30)
        wh[0] = power ? half : (int32_t)v;
    else {
        wh[0] = half;
        wh[1] = power ? half : (int32_t)v - half;
    }
}

/* The table of values: where it stands and how its slots are labelled. */
typedef struct table_shape {
    int slot_column, value_column, rows, step;
    bool power, ends; /* kW; labels are the ends of their steps */
} table_shape;

static void read_row(reading *r, const table_shape *t, int row, int i)
{
    const sheet_cell *at = sheet_at(r->s, row, t->slot_column),
                     *value = sheet_shown(r->s, row, t->value_column);
    bool clock;
    int64_t v;
    int minute = minute_of(at, t->step, &clock), wanted = (i + t->ends) * t->step;
    bool midnight = t->ends && i == t->rows - 1 && minute == 0;
    mizo_err e = sheet_number(value, 3, &v);
    if (minute != wanted && !midnight)
        tell(r, MIZO_MSG_PLANT_SHEET_SLOT, row, t->slot_column, at ? at->text : "", NULL);
    else if (value && value->formula && value->kind == SHEET_BLANK)
        tell(r, MIZO_MSG_PLANT_SHEET_FORMULA, row, t->value_column, NULL, NULL);
    else if (e && e != MIZO_ENOENT)
        tell(r, MIZO_MSG_PLANT_SHEET_NUMBER, row, t->value_column, value->text, NULL);
    else if (!e && (v < 0 || v > INT32_MAX))
        tell(r, MIZO_MSG_PLANT_SHEET_NUMBER, row, t->value_column, value->text, NULL);
    else if (!e)
        put_value(r, i * t->step, v, t->power, t->step);
}

static void read_values(reading *r, int row, int slot_column, int value_column, bool power)
{
    char n[16];
    bool clock;
    table_shape t = { slot_column, value_column, count_rows(r->s, row, slot_column), 30, power, false };
    if (r->out->valued) {
        tell(r, MIZO_MSG_PLANT_SHEET_TWICE, row, value_column, r->out->values_cell, NULL);
        return;
    }
    r->out->valued = true;
    sheet_address(r->s, row, value_column, r->out->values_cell);
    if (t.rows != 24 && t.rows != 48) {
        snprintf(n, sizeof n, "%d", t.rows);
        tell(r, MIZO_MSG_PLANT_SHEET_ROWS, row, slot_column, n, NULL);
        return;
    }
    t.step = t.rows == 24 ? 60 : 30;
    t.ends = minute_of(sheet_at(r->s, row + 1, slot_column), t.step, &clock) == t.step && clock;
    for (int i = 0; i < t.rows; i++)
        read_row(r, &t, row + 1 + i, i);
}

/* ---- the table of outages ---- */

static bool instant_of(const reading *r, const sheet_cell *c, mizo_ms *out)
{
    if (!filled(c))
        return false;
    if (c->kind == SHEET_DATE) {
        mizo_day day = c->day == MIZO_DAY_NONE ? r->out->day : c->day;
        *out = mizo_slot_ms(mizo_day_slot(day, r->offset)) + c->day_ms;
        return true;
    }
    int minute;
    if (mizo_clock_parse(c->text, c->n, &minute) == MIZO_OK && memchr(c->text, ':', c->n)) {
        *out = mizo_slot_ms(mizo_day_slot(r->out->day, r->offset)) + (mizo_ms)minute * 60000;
        return true;
    }
    char text[48];
    snprintf(text, sizeof text, "%.47s", c->text);
    for (char *s = text; *s; s++)
        if (*s == '/')
            *s = '-';
    mizo_date d;
    size_t n = strcspn(text, " T");
    if (mizo_date_parse(text, n, &d))
        return false;
    minute = 0;
    if (text[n] && mizo_clock_parse(text + n + 1, strlen(text + n + 1), &minute))
        return false;
    *out = mizo_slot_ms(mizo_day_slot(mizo_date_day(d), r->offset)) + (mizo_ms)minute * 60000;
    return true;
}

static void copy_cell(const sheet_cell *c, char *out, size_t cap)
{
    size_t n = filled(c) ? strnlen(c->text, cap - 1) : 0;
    while (n && ((unsigned char)c->text[n] & 0xc0) == 0x80)
        n--;
    if (n)
        memcpy(out, c->text, n);
    out[n] = '\0';
    for (char *s = out; *s; s++)
        if ((unsigned char)*s < ' ')
            *s = ' ';
}

static void read_outage(reading *r, int row, const int column[5])
{
    const sheet_cell *from = sheet_shown(r->s, row, column[0]), *to = sheet_shown(r->s, row, column[1]);
    const sheet_cell *kw = column[3] ? sheet_shown(r->s, row, column[3]) : NULL;
    plant_outage o = { .output_w = -1 };
    int64_t w;
    if (!instant_of(r, from, &o.from)) {
        tell(r, MIZO_MSG_PLANT_SHEET_TIME, row, column[0], from ? from->text : "", NULL);
        return;
    }
    if (!instant_of(r, to, &o.to) || o.to <= o.from) {
        tell(r, MIZO_MSG_PLANT_SHEET_TIME, row, column[1], to ? to->text : "", NULL);
        return;
    }
    mizo_err e = sheet_number(kw, 3, &w);
    if (e == MIZO_EINPUT || e == MIZO_ERANGE || (!e && w < 0)) {
        tell(r, MIZO_MSG_PLANT_SHEET_NUMBER, row, column[3], kw->text, NULL);
        return;
    }
    if (!e)
        o.output_w = w;
    if (column[2])
        copy_cell(sheet_shown(r->s, row, column[2]), o.furnace, sizeof o.furnace);
    if (column[4])
        copy_cell(sheet_shown(r->s, row, column[4]), o.note, sizeof o.note);
    sheet_address(r->s, row, column[0], o.cell);
    if (r->out->noutage == PLANT_OUTAGES)
        tell(r, MIZO_MSG_PLANT_SHEET_MANY, row, column[0], NULL, NULL);
    else
        r->out->outage[r->out->noutage++] = o;
}

static void read_outages(reading *r, int row, const int column[5])
{
    for (int i = row + 1;
         i <= r->s->nrow && (filled(sheet_at(r->s, i, column[0])) || filled(sheet_at(r->s, i, column[1])));
         i++)
        read_outage(r, i, column);
}

/* ---- the sheet ---- */

static void read_tables(reading *r)
{
    for (int row = 1; row <= r->s->nrow && row <= LOOK_ROWS; row++) {
        int from = heading(r->s, row, from_words), to = heading(r->s, row, to_words);
        int slot = heading(r->s, row, slot_words), kwh = heading(r->s, row, kwh_words),
            kw = heading(r->s, row, kw_words);
        if (from && to) {
            const int column[5] = { from, to, heading(r->s, row, furnace_words), kw,
                                    heading(r->s, row, note_words) };
            read_outages(r, row, column);
        } else if (slot && (kwh || kw)) {
            read_values(r, row, slot, kwh ? kwh : kw, !kwh);
        }
    }
}

static bool read_head(reading *r)
{
    const sheet_cell *plant = labelled(r->s, plant_words), *day = labelled(r->s, day_words);
    if (!plant || !day)
        return false;
    copy_cell(plant, r->out->plant, sizeof r->out->plant);
    sheet_address(r->s, plant->row, plant->column, r->out->plant_cell);
    if (sheet_day(day, &r->out->day))
        tell(r, MIZO_MSG_PLANT_SHEET_DAY, day->row, day->column, day->text, NULL);
    return true;
}

mizo_err plant_sheet_read(const sheet_book *b, int offset, plant_bad_fn bad, void *arg, plant_sheet *out)
{
    memset(out, 0, sizeof *out);
    out->day = MIZO_DAY_NONE;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        out->wh[i] = MIZO_MISSING;
    for (size_t i = 0; i < sheet_count(b); i++) {
        reading r = { .s = sheet_of(b, i), .out = out, .bad = bad, .arg = arg, .offset = offset };
        if (r.s->hidden || !read_head(&r))
            continue;
        if (!r.faults)
            read_tables(&r);
        if (!r.faults && !out->valued && !out->noutage)
            tell(&r, MIZO_MSG_PLANT_SHEET_EMPTY, 1, 1, NULL, NULL);
        return r.faults ? MIZO_EINPUT : MIZO_OK;
    }
    bad(arg, MIZO_MSG_PLANT_SHEET_HEAD, sheet_count(b) ? sheet_of(b, 0)->name : "", NULL, NULL);
    return MIZO_EINPUT;
}
