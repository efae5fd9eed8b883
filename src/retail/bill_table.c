/* bill_table.c: the rows of a tariff for the days of a month: which row holds in each half-hour. */
#include <stdlib.h>
#include <string.h>

#include "retail/bill_int.h"

/* ---- arithmetic ---- */

int64_t bill_div(bill_wide num, bill_wide den, bool *outside)
{
    bill_wide q = num / den, rest = num % den;
    if ((rest < 0 ? -rest : rest) * 2 >= den)
        q += num < 0 ? -1 : 1;
    if (q > INT64_MAX || q <= INT64_MIN) {
        *outside = true;
        return 0;
    }
    return (int64_t)q;
}

int64_t bill_add(int64_t a, int64_t b, bool *outside)
{
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum)) {
        *outside = true;
        return 0;
    }
    return sum;
}

int64_t bill_round_e6(const mizo_bill_table *t, mizo_round_step s, int64_t v, bool *outside)
{
    int64_t out, left;
    if (mizo_round_by(t->step[s], v, &out, &left)) {
        *outside = true;
        return 0;
    }
    return out;
}

int64_t bill_round_kilo(const mizo_bill_table *t, mizo_round_step s, int64_t v, bool *outside)
{
    int64_t e6;
    if (__builtin_mul_overflow(v, 1000, &e6)) {
        *outside = true;
        return 0;
    }
    return mizo_div_round(bill_round_e6(t, s, e6, outside), 1000, MIZO_ROUND_HALF_UP);
}

/* ---- the rows of a tariff ---- */

uint64_t bill_days(const mizo_bill_table *t, mizo_day from, mizo_day to)
{
    int n = to - from;
    uint64_t mask = n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
    return mask << (from - t->from);
}

bool bill_row_holds(const mizo_bill_table *t, const bill_row *row, mizo_day d)
{
    return row->holds >> (d - t->from) & 1;
}

int bill_row_on(const mizo_bill_table *t, mizo_charge_kind k, mizo_day d)
{
    for (int i = 0; i < t->nrow; i++)
        if (t->row[i].c.kind == k && t->row[i].first >> (d - t->from) & 1)
            return i;
    return -1;
}

int bill_row_of(const mizo_bill_table *t, const mizo_bill_line *l)
{
    for (int i = 0; i < t->nrow; i++)
        if (t->row[i].c.kind == l->kind && t->row[i].c.line == l->source.line &&
            strcmp(t->row[i].file, l->source.file) == 0)
            return i;
    return -1;
}

static void days_of_rows(mizo_bill_table *t)
{
    for (int i = 0; i < t->nrow; i++) {
        bill_row *row = &t->row[i];
        for (mizo_day d = t->from; d < t->to; d++)
            if (d >= row->c.from && d < row->c.to && row->c.months >> (mizo_day_date(d).month - 1) & 1)
                row->holds |= UINT64_C(1) << (d - t->from);
        row->first = row->holds & ~t->held[row->c.kind];
        t->held[row->c.kind] |= row->holds;
    }
}

static bill_row plain_row(const mizo_tariff *p, mizo_charge_kind kind, int64_t price_e6, const char *file,
                          int32_t line)
{
    bill_row row = { .file = file };
    row.c = (mizo_charge){ .kind = kind,
                           .name_ja = "",
                           .name_en = "",
                           .from = INT32_MIN,
                           .to = MIZO_DAY_NONE,
                           .months = 0xfff,
                           .daytypes = 0xf,
                           .slot_to = MIZO_DAY_SLOTS,
                           .price_e6 = price_e6,
                           .param = "",
                           .tax = "consumption-tax",
                           .source = "",
                           .mark = p->unverified ? MIZO_MARK_GENERAL : MIZO_MARK_OWN,
                           .line = line };
    return row;
}

/* A tariff without charges: its base price, one and a half of it (excess-multiple) above an agreed power,
 * and its rates. */
static void rows_of_tariff(mizo_bill_table *t)
{
    const mizo_tariff *p = &t->r->tariff[t->tariff];
    int64_t base_e6 = (int64_t)p->base_myen_per_kw * 1000;
    if (base_e6) {
        t->row[t->nrow++] = plain_row(p, MIZO_CHARGE_BASE, base_e6, "tariffs.csv", p->line);
        t->row[t->nrow] = plain_row(p, MIZO_CHARGE_EXCESS, base_e6, "tariffs.csv", p->line);
        t->row[t->nrow++].c.param = "excess-multiple";
    }
    for (mizo_ref i = p->rate_first; i < p->rate_first + p->rate_count; i++) {
        const mizo_rate *rate = &t->r->rate[i];
        bill_row row =
            plain_row(p, MIZO_CHARGE_ENERGY, (int64_t)rate->myen_per_kwh * 1000, "rates.csv", rate->line);
        row.c.months = rate->months;
        row.c.daytypes = rate->daytypes;
        row.c.slot_from = rate->slot_from;
        row.c.slot_to = rate->slot_to;
        t->row[t->nrow++] = row;
    }
}

static bool take_rows(mizo_bill_table *t)
{
    size_t first, n = mizo_charges_of(t->r, t->tariff, &first);
    size_t count = n ? n : (size_t)t->r->tariff[t->tariff].rate_count + 2;
    if (count > BILL_ROWS)
        return false;
    t->row = calloc(count + 1, sizeof *t->row);
    if (!t->row)
        return false;
    for (size_t i = first; i < first + n; i++)
        t->row[t->nrow++] = (bill_row){ .c = t->r->charge[i], .file = "charges.csv" };
    if (!n)
        rows_of_tariff(t);
    for (int i = 0; i < t->nrow; i++)
        t->has[t->row[i].c.kind] = true;
    days_of_rows(t);
    return true;
}

/* ---- half-hours ---- */

static bool of_energy(mizo_charge_kind k)
{
    return k == MIZO_CHARGE_ENERGY || k == MIZO_CHARGE_MARKET;
}

static bool of_wheeling(mizo_charge_kind k)
{
    return k == MIZO_CHARGE_WHEELING;
}

/* The first row that matches holds. */
static void slots_of_day(const mizo_bill_table *t, mizo_day d, bool (*family)(mizo_charge_kind), int16_t *of)
{
    int type = (int)mizo_day_type(d);
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        of[s] = -1;
    for (int i = 0; i < t->nrow; i++) {
        const bill_row *row = &t->row[i];
        if (!family(row->c.kind) || !bill_row_holds(t, row, d) || !(row->c.daytypes >> type & 1))
            continue;
        for (int s = row->c.slot_from; s < row->c.slot_to && s < MIZO_DAY_SLOTS; s++)
            of[s] = of[s] < 0 ? (int16_t)i : of[s];
    }
}

static void runs_of_day(mizo_bill_table *t, const int16_t *of, bill_day *day, uint64_t bit, uint64_t *gap)
{
    day->run = t->runs + t->nruns;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        *gap |= of[s] < 0 ? bit : 0;
        bill_run *last = day->nrun ? &t->runs[t->nruns - 1] : NULL;
        if (last && last->row == of[s]) {
            last->to = (uint8_t)(s + 1);
            continue;
        }
        t->runs[t->nruns++] = (bill_run){ (uint8_t)s, (uint8_t)(s + 1), of[s] };
        day->nrun++;
    }
}

static bool take_slots(mizo_bill_table *t)
{
    int days = t->to - t->from;
    size_t n = (size_t)days * MIZO_DAY_SLOTS;
    t->energy_of = malloc(n * sizeof *t->energy_of);
    t->wheeling_of = malloc(n * sizeof *t->wheeling_of);
    t->runs = malloc(2 * n * sizeof *t->runs);
    if (!t->energy_of || !t->wheeling_of || !t->runs)
        return false;
    for (int i = 0; i < days; i++) {
        slots_of_day(t, t->from + i, of_energy, t->energy_of + i * MIZO_DAY_SLOTS);
        slots_of_day(t, t->from + i, of_wheeling, t->wheeling_of + i * MIZO_DAY_SLOTS);
        uint64_t bit = UINT64_C(1) << i;
        runs_of_day(t, t->energy_of + i * MIZO_DAY_SLOTS, &t->energy[i], bit, &t->energy_gap);
        runs_of_day(t, t->wheeling_of + i * MIZO_DAY_SLOTS, &t->wheeling[i], bit, &t->wheeling_gap);
    }
    return true;
}

/* ---- the whole ---- */

static bool fill(mizo_bill_table *t, const int32_t *price)
{
    if (!take_rows(t) || !take_slots(t))
        return false;
    for (int i = 0; i < t->nrow; i++)
        if (!bill_row_figure(t, &t->row[i], price))
            return false;
    return true;
}

mizo_err mizo_bill_table_new(const mizo_region *r, mizo_ref tariff, mizo_voltage voltage, const char *chain,
                             mizo_day month, mizo_day from, mizo_day to, const int32_t *price,
                             mizo_bill_table **out)
{
    *out = NULL;
    if (tariff < 0 || (size_t)tariff >= r->ntariff || from >= to || to - from > BILL_DAYS)
        return MIZO_ERANGE;
    mizo_bill_table *t = calloc(1, sizeof *t);
    if (!t)
        return MIZO_ENOMEM;
    mizo_date first = mizo_day_date(month);
    first.day = 1;
    t->r = r;
    t->tariff = tariff;
    t->voltage = voltage;
    t->chain = chain;
    t->month = mizo_date_day(first);
    t->from = from;
    t->to = to;
    for (int s = 0; s < MIZO_STEP_COUNT; s++)
        t->step[s] = mizo_rounding_of(r, chain, (mizo_round_step)s);
    const mizo_param *gap = mizo_param_on(r, "bill-gap-slots", "", t->month);
    t->gap_slots = gap ? gap->value_e6 / 1000000 : 0;
    if (!fill(t, price)) {
        mizo_bill_table_free(t);
        return MIZO_ENOMEM;
    }
    *out = t;
    return MIZO_OK;
}

void mizo_bill_table_free(mizo_bill_table *t)
{
    if (!t)
        return;
    for (int i = 0; i < t->nrow; i++) {
        free(t->row[i].unit_raw);
        free(t->row[i].unit);
    }
    free(t->row);
    free(t->energy_of);
    free(t->wheeling_of);
    free(t->runs);
    free(t);
}
