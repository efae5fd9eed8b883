/* value_acn.c: acn_ev: cars at work under one site limit; what charging them costs, and what they get.
 *
 * Real visits are the truth: when a car comes and goes and how much it would take. A controller sees a car from the
 * next quarter-hour on, knows what its driver entered and how past visits that were like it went, and sees what it
 * takes. Cost is the tariff of the utility of both places, energy by the hour and a charge for each month's peak. A car
 * that leaves with less than under "first come, as fast as possible" is charged the difference at the dearest hour's
 * price. docs/mechanisms/value.md */
#include <math.h>
#include <stdlib.h>

#include "mizo/messages/plan.h"
#include "town/bench/value_acn.h"

#define AIM 0.90
enum { PLACES = 2 };

/* The judged months begin after the first four of the file, which taught. */
static const mizo_date judged_from = { 2019, 9, 1 };

static const struct {
    const char *name;
    int32_t limit_w; /* of the site's transformer: the set's README */
} places[PLACES] = {
    {"caltech", 150000},
    { "jpl",    195000},
};

typedef struct bill {
    double energy, demand, kwh; /* USD, USD, delivered */
} bill;

/* Of the months that are judged. */
static bill bill_of(const lot *l, const lot_result *r)
{
    double peak[LOT_MONTHS] = { 0 };
    bill b = { 0 };
    for (int64_t q = l->first; q < l->last; q++) {
        int m = tariff_month(q) - l->month0;
        double kw = (double)r->kw[q - l->first];
        if (m < 1 || m >= l->nmonth)
            continue;
        b.energy += kw / 4 * tariff_usd(q);
        b.kwh += kw / 4;
        peak[m] = fmax(peak[m], kw);
    }
    for (int m = 0; m < LOT_MONTHS; m++)
        b.demand += TARIFF_DEMAND * peak[m];
    return b;
}

static void add(bill *sum, const bill *b)
{
    sum->energy += b->energy;
    sum->demand += b->demand;
    sum->kwh += b->kwh;
}

/* In USD; energy that cars did not get is bought elsewhere at the dearest price. */
static double usd(const bill *b, const bill *first)
{
    return b->energy + b->demand + TARIFF_DEAREST * fmax(0, first->kwh - b->kwh);
}

typedef enum who { FIRST, EARLIEST, MIZO, ENTERED, CARS, PEAK, CARS_PEAK, PERFECT, WHOS } who;

static mizo_err run_who(const value_run *r, const lot *l, who w, const double *peak, bill *sum)
{
    lot_aim aim = { .peak = w == PEAK || w == CARS_PEAK ? peak : NULL,
                    .known = w == CARS || w == CARS_PEAK,
                    .entered = w == ENTERED };
    lot_result res;
    MIZO_TRY(lot_run(r, l, w == EARLIEST ? LOT_EARLIEST : LOT_MIZO, &aim, &res));
    bill b = bill_of(l, &res);
    add(sum, &b);
    lot_result_free(&res);
    return MIZO_OK;
}

static mizo_err judge_place(const value_run *r, const lot *l, bill sum[WHOS])
{
    lot_result first = { 0 }, perfect = { 0 };
    double peak[LOT_MONTHS] = { 0 };
    mizo_err e = lot_run(r, l, LOT_FIRST, &(lot_aim){ 0 }, &first);
    if (!e)
        e = lot_perfect(r, l, first.kwh, peak, &perfect);
    if (!e) {
        bill b = bill_of(l, &first);
        add(&sum[FIRST], &b);
        b = bill_of(l, &perfect);
        add(&sum[PERFECT], &b);
    }
    for (who w = EARLIEST; w < PERFECT && !e; w++)
        e = run_who(r, l, w, peak, &sum[w]);
    lot_result_free(&first);
    lot_result_free(&perfect);
    return e;
}

/* ---- rows ---- */

static void put(value_table *out, const bill b[WHOS])
{
    static const char *const id[WHOS] = { "uncontrolled", "earliest_deadline", "mizo",       "as_entered",
                                          "cars_known",   "peak_known",        "both_known", "perfect" };
    double most = usd(&b[FIRST], &b[FIRST]), least = usd(&b[PERFECT], &b[FIRST]);
    value_row *row = value_add(out, "share of perfect foresight's saving, cost of both places",
                               (most - usd(&b[MIZO], &b[FIRST])) / (most - least), AIM, true);
    for (int w = EARLIEST; w < PERFECT; w++)
        if (w != MIZO)
            value_refer(row, id[w], (most - usd(&b[w], &b[FIRST])) / (most - least), true);
    row = value_add(out, "cost of both places, USD", usd(&b[MIZO], &b[FIRST]), most - AIM * (most - least),
                    false);
    for (int w = 0; w < WHOS; w++)
        if (w != MIZO)
            value_refer(row, id[w], usd(&b[w], &b[FIRST]), true);
    row = value_add(out, "energy by departure, share of uncontrolled", b[MIZO].kwh / b[FIRST].kwh, 1, true);
    for (int w = EARLIEST; w < WHOS; w++)
        if (w != MIZO)
            value_refer(row, id[w], b[w].kwh / b[FIRST].kwh, true);
}

mizo_err value_acn(const value_run *r, value_table *out)
{
    visit *all;
    int n;
    bill sum[WHOS] = { 0 };
    MIZO_TRY(value_needs_lp(r));
    MIZO_TRY(visits_read(r->data, r->d, &all, &n));
    mizo_err e = MIZO_OK;
    for (int k = 0; k < PLACES && !e; k++) {
        lot l = { .limit_w = places[k].limit_w };
        e = lot_make(&l, all, n, frame_word(places[k].name), mizo_date_day(judged_from));
        if (e == MIZO_ENOENT)
            MIZO_DIAG(r->d, VALUE_SHORT, MIZO_NOWHERE, r->set, "2019-05-01 ..");
        if (!e)
            e = judge_place(r, &l, sum);
        lot_free(&l);
    }
    free(all);
    if (!e)
        put(out, sum);
    return e;
}
