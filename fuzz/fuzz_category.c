/* fuzz_category.c: any bytes as a table of another scheme's categories in a CSV: refused with a reason, or figures that are
 * not below zero, of a gas of the model, each with the cell it stands in. */
#include <stdint.h>
#include <stdlib.h>

#include "city/category_in.h"
#include "city/yearly.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const mizo_gwp gases[] = {
    {.set = "AR5",  .gas = "co2"},
    { .set = "AR5", .gas = "ch4"}
};

typedef struct told {
    const sheet *s;
    int figures;
} told;

static void in_the_sheet(const told *t, int row, int column)
{
    if (row < 2 || row > t->s->nrow || column < 1 || column > t->s->ncolumn)
        abort();
}

static mizo_err on_figure(void *arg, int row, int column, const char *code, const char *gas, int64_t value_e6)
{
    told *t = arg;
    in_the_sheet(t, row, column);
    if (!*code || (gas != gases[0].gas && gas != gases[1].gas) || value_e6 < 0)
        abort();
    t->figures++;
    return MIZO_OK;
}

static void on_no_figure(void *arg, int row, int column, const char *text)
{
    in_the_sheet(arg, row, column);
    if (!*text)
        abort();
}

static void on_twice(void *arg, int row, int column, const char *code, const char *gas)
{
    in_the_sheet(arg, row, column);
    if (!*code || !*gas)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const mizo_region r = { .gwp = gases, .ngwp = 2 };
    yearly_paper *p = NULL;
    int rows = 0;
    if (size > 1 << 16 || yearly_csv((const char *)data, size, &p))
        return 0;
    told t = { yearly_paper_sheet(p), 0 };
    const category_in_sink sink = { &t, on_figure, on_no_figure, on_twice };
    mizo_err e = category_in_read(&r, t.s, &sink, &rows);
    if ((e && e != MIZO_EINPUT && e != MIZO_EFULL) || rows < 0 || rows > CATEGORY_ROWS ||
        (e == MIZO_EINPUT && t.figures))
        abort();
    yearly_paper_free(p);
    return 0;
}
