/* operator_table.c: the network operator's CSV: half-hours by day or by line under the rules of the XML, and the table
 * without people for the register. */
#include <stdlib.h>
#include <string.h>

#include "town/import/operator_work.h"

mizo_err import_operator_table(import_run *im, const csv_record *header)
{
    static const char number[] = "供給地点特定番号";
    bool ours = im->npersonal > 0;
    char word[TABLE_WORD];
    import_operator_table_drop(im);
    for (int i = 0; i < header->nfield && !ours; i++) {
        text_fold(header->field[i].s, header->field[i].n, word, sizeof word);
        ours = strcmp(word, number) == 0;
    }
    if (!ours || !import_is_readings(im))
        return MIZO_OK;
    im->operator= operator_work_new(im, im->shown);
    return im->operator? MIZO_OK : MIZO_ENOMEM;
}

/* Half-hours of what a point took in; anything else goes as any other reading does. */
static bool taken_in(const table_row *row)
{
    for (int i = 0; i < row->nvalue; i++) {
        const table_value *v = &row->value[i];
        if (v->step_min != 30 || v->role != MIZO_ROLE_READING || v->exponent ||
            (v->quantity && v->quantity != MIZO_Q_IMPORT))
            return false;
    }
    return row->kind == TABLE_SERIES;
}

static mizo_err put_values(work *w, int32_t owner, const table_row *row)
{
    import_run *im = w->im;
    int offset = im->t->region->offset;
    for (int i = 0; i < row->nvalue; i++) {
        const table_value *v = &row->value[i];
        mizo_slot at = mizo_ms_slot(v->at);
        operator_slot s = { .day = mizo_slot_day(at, offset), .wh = v->v, .line = row->line };
        s.slot = (uint8_t)(at - mizo_day_slot(s.day, offset));
        w->column = v->column;
        if (w->from == w->to || s.day < w->from)
            w->from = s.day;
        if (s.day >= w->to)
            w->to = s.day + 1;
        MIZO_TRY(operator_put(w, owner, &s, v->quality));
    }
    return MIZO_OK;
}

mizo_err import_operator_row(import_run *im, const csv_record *rec, const table_row *row)
{
    work *w = im->operator;
    table_fault f;
    int32_t owner = import_owner_find(im, row->owner.s, row->owner.n);
    if (owner < 0 || im->owner[owner].kind != OWNER_POINT || !taken_in(row))
        return import_row(im, rec, row);
    for (int i = 0; i < row->nvalue; i++) /* a bad row is bad as a whole */
        if (import_when_bad(im, row->value[i].at, 30, false, &f)) {
            import_bad(im, row->line, rec, &f);
            return MIZO_OK;
        }
    im->r->blank += im->looking ? 0 : row->nmissing;
    w->rec = rec;
    return put_values(w, owner, row);
}

static void put_plain(buf *out, const csv_field *f)
{
    bool quote = false;
    for (size_t i = 0; i < f->n; i++)
        quote |= strchr(",\"\r\n", f->s[i]) != NULL;
    if (!quote) {
        buf_add(out, f->s, f->n);
        return;
    }
    buf_char(out, '"');
    for (size_t i = 0; i < f->n; i++) {
        if (f->s[i] == '"')
            buf_char(out, '"');
        buf_char(out, f->s[i]);
    }
    buf_char(out, '"');
}

/* The table as UTF-8 from its header on, columns of people blank; lines that cannot be read are left out, for a name may
 * stand in them. */
static mizo_err strip_table(const import_run *im, const char *bytes, size_t n, buf *out)
{
    csv_reader *csv = csv_open(bytes, n);
    csv_record *rec = calloc(1, sizeof *rec);
    const char *what;
    mizo_err e = csv && rec ? MIZO_OK : MIZO_ENOMEM;
    while (!e) {
        e = csv_next(csv, rec, &what);
        bool unread = e == MIZO_EINPUT;
        if (unread)
            e = MIZO_OK;
        if (e || unread || rec->line < im->header_line)
            continue;
        for (int i = 0; i < rec->nfield; i++) {
            if (i)
                buf_char(out, ',');
            if (rec->line == im->header_line || !import_people_hide(im, rec, i))
                put_plain(out, &rec->field[i]);
        }
        buf_str(out, "\r\n");
    }
    free(rec);
    csv_close(csv);
    return e == MIZO_ENOENT ? out->err : e;
}

mizo_err import_operator_table_end(import_run *im, const char *bytes, size_t n)
{
    work *w = im->operator;
    buf kept;
    char sum[HASH_TEXT], voltages[OPERATOR_VOLTAGES];
    if (!w || im->looking)
        return MIZO_OK;
    MIZO_TRY(operator_work_end(w));
    if (w->from == w->to)
        return MIZO_OK;
    hash_text(hash_bytes(bytes, n), sum);
    operator_voltages(w, voltages);
    buf_init(&kept, 2 * n + 4096);
    mizo_err e = strip_table(im, bytes, n, &kept);
    if (!e)
        e = import_keep_file(im, "operator-csv", "operator", w->member, voltages, w->from, w->to,
                             kept.n ? kept.p : "", kept.n, sum);
    buf_fini(&kept);
    return e;
}

void import_operator_table_drop(import_run *im)
{
    operator_work_free(im->operator);
    im->operator= NULL;
}
