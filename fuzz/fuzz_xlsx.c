/* fuzz_xlsx.c: any bytes as a workbook: refused with a reason, or sheets whose cells stand in order within their bounds. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern const xml_reader mizo_module_xml;
extern const zip_reader mizo_module_zip;

static void check_cell(const sheet *s, const sheet_cell *c, const sheet_cell *before)
{
    int64_t v;
    mizo_day d;
    char at[SHEET_ADDRESS];
    if (c->row < 1 || c->row > SHEET_ROWS || c->column < 1 || c->column > SHEET_COLUMNS || !c->text ||
        strlen(c->text) != c->n)
        abort();
    if (before && (before->row > c->row || (before->row == c->row && before->column >= c->column)))
        abort();
    if (sheet_at(s, c->row, c->column) != c)
        abort();
    if (sheet_number(c, 3, &v) && sheet_day(c, &d))
        v = 0;
    sheet_address(s, c->row, c->column, at);
}

static void check(const sheet *s)
{
    for (size_t i = 0; i < s->ncell; i++)
        check_cell(s, &s->cell[i], i ? &s->cell[i - 1] : NULL);
    (void)sheet_shown(s, 1, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sheet_book *b = NULL;
    sheet_fault fault;
    if (size > 1 << 18)
        return 0;
    mizo_err e = sheet_open(&mizo_module_xml, &mizo_module_zip, data, size, &b, &fault);
    if (e == MIZO_EINPUT && !*fault.why)
        abort();
    for (size_t i = 0; b && i < sheet_count(b); i++)
        check(sheet_of(b, i));
    sheet_close(b);
    return 0;
}
