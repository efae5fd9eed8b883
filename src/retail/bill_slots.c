/* bill_slots.c: a bill opened to its half-hours: which line each went into, and at what price. */
#include <stdlib.h>
#include <string.h>

#include "retail/bill_int.h"

typedef struct opening {
    const mizo_bill_table *t;
    const mizo_bill *b;
    int16_t line[BILL_ROWS]; /* of the bill, by row of the table; -1: the row made none */
} opening;

static void lines_of_rows(opening *o)
{
    for (int i = 0; i < BILL_ROWS; i++)
        o->line[i] = -1;
    for (int i = 0; i < o->b->nline; i++) {
        int row = bill_row_of(o->t, &o->b->line[i]);
        if (row >= 0)
            o->line[row] = (int16_t)i;
    }
}

static int64_t price_of(const opening *o, int row, size_t at)
{
    if (row < 0 || o->line[row] < 0)
        return MIZO_NO_PRICE;
    const bill_row *r = &o->t->row[row];
    return r->c.kind != MIZO_CHARGE_MARKET ? r->price_e6 : r->unit ? r->unit[at] : MIZO_NO_PRICE;
}

/* at: of the table's half-hours. */
static void open_slot(const opening *o, size_t at, mizo_bill_slot *out)
{
    int energy = o->t->energy_of[at], wheeling = o->t->wheeling_of[at];
    out->energy = energy < 0 ? -1 : o->line[energy];
    out->wheeling = wheeling < 0 ? -1 : o->line[wheeling];
    out->price_e6 = price_of(o, energy, at);
}

/* What was missing, by the rule of the bill. */
static mizo_err estimates(const mizo_bill_table *t, const mizo_bill_in *in, const mizo_bill *b,
                          const int32_t *read, mizo_bill_slot *out)
{
    int ndays = b->to - b->from;
    bill_job *j = calloc(1, sizeof *j);
    mizo_bill *scratch = calloc(1, sizeof *scratch);
    if (j && scratch) {
        *j = (bill_job){ .t = t, .in = in, .c = &t->r->contract[in->contract], .from = b->from, .to = b->to };
        j->out = scratch;
        (void)bill_estimate(j, read, ndays); /* the bill was made: each has its mean */
        for (int s = 0; s < ndays * MIZO_DAY_SLOTS; s++)
            if (read[s] == MIZO_MISSING) {
                out[s].wh = j->use.v[s];
                out[s].estimated = true;
            }
    }
    mizo_err e = j && scratch ? MIZO_OK : MIZO_ENOMEM;
    free(j);
    free(scratch);
    return e;
}

mizo_err mizo_bill_slots(const mizo_bill_table *t, const mizo_bill_in *in, const mizo_bill *b,
                         mizo_bill_slot *out)
{
    opening o = { .t = t, .b = b };
    size_t first = (size_t)(b->from - t->from) * MIZO_DAY_SLOTS,
           n = (size_t)(b->to - b->from) * MIZO_DAY_SLOTS;
    if (!in->wh)
        return MIZO_ENOENT;
    lines_of_rows(&o);
    for (size_t s = 0; s < n; s++) {
        out[s] = (mizo_bill_slot){ .wh = in->wh[first + s] };
        open_slot(&o, first + s, &out[s]);
    }
    return b->estimated ? estimates(t, in, b, in->wh + first, out) : MIZO_OK;
}
