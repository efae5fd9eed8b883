/* fuzz_import.c: any bytes as a file to import: found by its header, read by its reader, and, where
 * it is a plain long file, by the fast scanner too, which must agree with the thorough one. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grid/readers.h"
#include "metering/readers.h"
#include "weather/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { READERS = 16, RECORDS = 4096 };

static void check_row(const table_row *row)
{
    if (row->nvalue < 0 || row->nvalue > TABLE_VALUES)
        abort();
    for (int i = 0; i < row->nvalue; i++) {
        const table_value *v = &row->value[i];
        if (v->v == MIZO_MISSING || v->step_min <= 0 || 1440 % v->step_min ||
            v->quality >= MIZO_QUALITY_ABSENT)
            abort();
        if (v->owner && !mizo_id_valid(v->owner, strlen(v->owner)))
            abort();
    }
    if (row->kind == TABLE_PERIOD && (row->from >= row->to || row->energy_wh < 0))
        abort();
    if (row->kind == TABLE_SESSION && (row->arrive >= row->depart || row->need_wh < 0))
        abort();
}

/* One line that the scanner took must be the same through metering_long. */
static void compare(table_state *st, const scan_item *it, const char *end)
{
    const char *stop = memchr(it->line_start, '\n', (size_t)(end - it->line_start));
    csv_record *rec = malloc(sizeof *rec);
    table_row *row = malloc(sizeof *row);
    csv_reader *r = csv_open(it->line_start, (size_t)(stop - it->line_start));
    table_fault f;
    const char *what;
    if (rec && row && r) {
        if (memchr(it->line_start, '"', (size_t)(stop - it->line_start)) ||
            memchr(it->line_start, '\r', (size_t)(stop - it->line_start)) ||
            memchr(it->line_start, 0, (size_t)(stop - it->line_start)))
            goto done; /* import never hands such bytes to the scanner */
        for (const char *c = it->line_start; c < stop; c++)
            if (*c & 0x80)
                goto done;
        if (csv_next(r, rec, &what) || table_read(&metering_long, st, rec, row, &f) || row->nvalue != 1 ||
            row->value[0].v != it->value || row->value[0].at != it->slot * MIZO_SLOT_MS)
            abort();
    }
done:
    csv_close(r);
    free(row);
    free(rec);
}

static void scan(table_state *st, const char *p, size_t n)
{
    scan_shape shape;
    scan_item item[64];
    size_t used;
    int lines;
    bool odd;
    if (!metering_scan_shape(st, &shape))
        return;
    const char *end = p + n;
    for (int round = 0; round < RECORDS && p < end; round++) {
        size_t k = metering_scan(&shape, p, (size_t)(end - p), item, 64, &used, &lines, &odd);
        if (k > 64 || used > (size_t)(end - p))
            abort();
        for (size_t i = 0; i < k; i++)
            compare(st, &item[i], end);
        p += used;
        const char *nl = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
        if (!nl)
            return;
        if (odd)
            p = nl + 1;
    }
}

static void read_with(const table_reader *reader, const char *p, size_t n)
{
    csv_reader *csv = csv_open(p, n);
    csv_record *rec = calloc(1, sizeof *rec);
    table_words *w = malloc(sizeof *w);
    table_state *st = calloc(1, sizeof *st);
    table_row *row = malloc(sizeof *row);
    bool found = false;
    const char *what;
    for (int i = 0; csv && rec && w && st && row && i < RECORDS; i++) {
        st->offset = MIZO_JAPAN_OFFSET;
        st->file = "eria_jukyu_202604_09.csv";
        mizo_err e = csv_next(csv, rec, &what);
        if (e == MIZO_ENOENT)
            break;
        if (e)
            continue;
        if (!found) {
            table_fold(rec, w);
            found = reader->header(w, st);
            if (found && reader == &metering_long)
                scan(st, p, n);
            continue;
        }
        table_fault f;
        e = table_read(reader, st, rec, row, &f);
        if (!e)
            check_row(row);
        else if (e != MIZO_EINPUT && e != MIZO_ENOENT)
            abort();
        else if (e == MIZO_EINPUT && strcmp(mizo_msg_name(f.id), "UNKNOWN") == 0)
            abort();
    }
    free(row);
    free(st);
    free(w);
    free(rec);
    csv_close(csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (const table_reader *const *r = metering_readers; *r; r++)
        read_with(*r, (const char *)data, size);
    for (const table_reader *const *r = grid_readers; *r; r++)
        read_with(*r, (const char *)data, size);
    for (const table_reader *const *r = weather_readers; *r; r++)
        read_with(*r, (const char *)data, size);
    return 0;
}
