/* bill_energy.c: what was used in a bill's days: checked, by row of the tariff, with its maximum.
 *
 * A missing half-hour is never counted as zero. Where the parameter bill-gap-slots allows so many, each is
 * estimated by the rule "same-time-mean": the mean, half up, of the same time on the bill's days of the same
 * sort (working days, other days), else on any; the bill says how many. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/bill.h"
#include "mizo/metering.h"
#include "retail/bill_int.h"

/* ---- what is wrong ---- */

static void slot_text(const bill_job *j, int slot, char out[32])
{
    char day[MIZO_DATE_TEXT];
    mizo_day_text(j->from + slot / MIZO_DAY_SLOTS, day);
    snprintf(out, 32, "%s %d:%02d", day, slot % MIZO_DAY_SLOTS / 2, slot % 2 * 30);
}

static void say_missing(bill_job *j, int missing, int n, int first)
{
    char count[24], all[24], at[32];
    snprintf(count, sizeof count, "%d", missing);
    snprintf(all, sizeof all, "%d", n);
    slot_text(j, first, at);
    MIZO_DIAG(j->d, BILL_MISSING, MIZO_AT("contracts.csv", j->c->line, 0), j->c->id, count, all, at);
    j->wrong = true;
}

/* A reading below zero, or more than the point can take. */
static void say_doubtful(bill_job *j, int slot, int32_t v)
{
    char at[32], kwh[MIZO_NUM_TEXT], kw[MIZO_NUM_TEXT];
    const mizo_point *p = &j->t->r->point[j->c->point];
    slot_text(j, slot, at);
    mizo_decimal_text(v, 3, kwh);
    mizo_decimal_text(p->contract_w, 3, kw);
    MIZO_DIAG(j->d, BILL_DOUBTFUL, MIZO_AT("contracts.csv", j->c->line, 0), j->c->id, kwh, at, p->id, kw);
    j->wrong = true;
}

/* ---- estimates ---- */

static bool working(mizo_day d)
{
    mizo_daytype type = mizo_day_type(d);
    return type == MIZO_WEEKDAY || type == MIZO_QUIET;
}

/* The mean of what is known at this time of day; MIZO_MISSING: nothing is. */
static int32_t same_time_mean(const bill_job *j, const int32_t *v, int ndays, int slot, bool any)
{
    int64_t sum = 0;
    int n = 0, at = slot % MIZO_DAY_SLOTS;
    bool sort = working(j->from + slot / MIZO_DAY_SLOTS);
    for (int d = 0; d < ndays; d++) {
        int32_t x = v[d * MIZO_DAY_SLOTS + at];
        if (x == MIZO_MISSING || (!any && working(j->from + d) != sort))
            continue;
        sum += x;
        n++;
    }
    return n ? (int32_t)mizo_div_round(sum, n, MIZO_ROUND_HALF_UP) : MIZO_MISSING;
}

bool bill_estimate(bill_job *j, const int32_t *read, int ndays)
{
    bool whole = true;
    for (int s = 0; s < ndays * MIZO_DAY_SLOTS; s++) {
        if (read[s] != MIZO_MISSING)
            continue;
        int32_t mean = same_time_mean(j, read, ndays, s, false);
        mean = mean == MIZO_MISSING ? same_time_mean(j, read, ndays, s, true) : mean;
        j->use.v[s] = mean;
        whole = whole && mean != MIZO_MISSING;
        j->out->estimated++;
    }
    return whole;
}

/* ---- the half-hours ---- */

typedef struct extremes {
    int32_t least, most;
} extremes;

static extremes of_day(const int32_t *v)
{
    extremes e = { INT32_MAX, INT32_MIN };
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        e.least = v[s] < e.least ? v[s] : e.least;
        e.most = v[s] > e.most ? v[s] : e.most;
    }
    return e;
}

/* Counts gaps, says what is doubtful. *most: the highest value. */
static int look_at(bill_job *j, const int32_t *v, int n, int *first, int32_t *most)
{
    int32_t limit = mizo_step_limit(j->t->r->point[j->c->point].contract_w, 30);
    int missing = 0;
    limit = limit > 0 ? limit : INT32_MAX;
    *most = INT32_MIN;
    for (int d = 0; d < n; d += MIZO_DAY_SLOTS) {
        extremes e = of_day(v + d);
        *most = e.most > *most ? e.most : *most;
        if (e.least >= 0 && e.most <= limit)
            continue;
        for (int s = d; s < d + MIZO_DAY_SLOTS; s++) {
            if (v[s] == MIZO_MISSING)
                *first = missing++ ? *first : s;
            else if (v[s] < 0 || v[s] > limit)
                say_doubtful(j, s, v[s]);
        }
    }
    return missing;
}

static void count_qualities(bill_job *j, const int32_t *v, const uint8_t *q, int n)
{
    int64_t *count = j->out->slots;
    for (int i = 0; q && i < n; i++)
        count[q[i] & 7]++;
    for (int i = 0; !q && i < n; i++)
        count[v[i] == MIZO_MISSING ? MIZO_QUALITY_ABSENT : MIZO_QUALITY_MEASURED]++;
}

/* ---- by row ---- */

static void say_row(bill_job *j, mizo_charge_kind k, mizo_day day)
{
    const mizo_tariff *p = &j->t->r->tariff[j->t->tariff];
    const char *file = j->t->nrow && strcmp(j->t->row[0].file, "charges.csv") ? "tariffs.csv" : "charges.csv";
    BILL_DAY_TEXT(date, day);
    MIZO_DIAG(j->d, BILL_ROW_NONE, MIZO_AT(file, 0, 0), p->id, mizo_charge_word(k), date, file);
    j->wrong = true;
}

static void say_price(bill_job *j, int slot)
{
    char at[32];
    slot_text(j, slot, at);
    MIZO_DIAG(j->d, BILL_PRICE_NONE, MIZO_NOWHERE, j->t->r->market_area, at);
    j->wrong = true;
}

static void add_market(bill_job *j, const bill_row *row, const int32_t *v, int slot, int n, bill_wide *raw,
                       bill_wide *rounded)
{
    const int64_t *u = row->unit_raw + (j->from - j->t->from) * MIZO_DAY_SLOTS + slot,
                  *r = row->unit + (j->from - j->t->from) * MIZO_DAY_SLOTS + slot;
    for (int s = 0; s < n; s++) {
        if (u[s] == MIZO_NO_PRICE) {
            if (row->outside)
                j->outside = true;
            else if (v[s] && !j->wrong)
                say_price(j, slot + s);
            continue;
        }
        *raw += (bill_wide)v[s] * u[s];
        *rounded += (bill_wide)v[s] * r[s];
    }
}

/* One day's runs of one family into the sums of their rows. */
static void add_day(bill_job *j, const bill_day *day, const int32_t *v, int slot0)
{
    for (int i = 0; i < day->nrun; i++) {
        const bill_run *run = &day->run[i];
        int64_t sum = 0;
        if (run->row < 0)
            continue; /* said where it matters */
        for (int s = run->from; s < run->to; s++)
            sum += v[s];
        j->use.row_wh[run->row] += sum;
        const bill_row *row = &j->t->row[run->row];
        if (row->c.kind == MIZO_CHARGE_MARKET)
            add_market(j, row, v + run->from, slot0 + run->from, run->to - run->from,
                       &j->use.market_raw[run->row], &j->use.market[run->row]);
    }
}

/* Says the first of these days on which a row of the kind is wanting. */
static void say_days(bill_job *j, mizo_charge_kind k, uint64_t wanting)
{
    wanting &= bill_days(j->t, j->from, j->to);
    if (wanting)
        say_row(j, k, j->t->from + __builtin_ctzll(wanting));
}

/* A tariff that has rows of a kind at any time must have one for the bill: of prices by day on each of its
 * days, of prices by month on the first. Energy is priced by time, in steps, or by a fixed charge. */
static void check_gaps(bill_job *j)
{
    const mizo_bill_table *t = j->t;
    bool by_time = t->has[MIZO_CHARGE_ENERGY] || t->has[MIZO_CHARGE_MARKET];
    bool else_how = t->has[MIZO_CHARGE_STEP] || t->has[MIZO_CHARGE_FIXED];
    bool market = t->has[MIZO_CHARGE_MARKET] && !t->has[MIZO_CHARGE_ENERGY];
    if (by_time || !else_how)
        say_days(j, market ? MIZO_CHARGE_MARKET : MIZO_CHARGE_ENERGY, t->energy_gap);
    if (t->has[MIZO_CHARGE_WHEELING])
        say_days(j, MIZO_CHARGE_WHEELING, t->wheeling_gap);
    static const mizo_charge_kind daily[] = { MIZO_CHARGE_BASE, MIZO_CHARGE_WHEELING_BASE };
    for (size_t k = 0; k < sizeof daily / sizeof *daily; k++)
        if (t->has[daily[k]])
            say_days(j, daily[k], ~t->held[daily[k]]);
    static const mizo_charge_kind monthly[] = { MIZO_CHARGE_STEP, MIZO_CHARGE_FUEL, MIZO_CHARGE_LEVY };
    for (size_t k = 0; k < sizeof monthly / sizeof *monthly; k++)
        if (t->has[monthly[k]])
            say_days(j, monthly[k], ~t->held[monthly[k]] & bill_days(t, j->from, j->from + 1));
}

/* ---- both ways of reading ---- */

static void by_slot(bill_job *j)
{
    int ndays = j->to - j->from, n = ndays * MIZO_DAY_SLOTS, first = 0;
    const int32_t *v = j->in->wh + (j->from - j->t->from) * MIZO_DAY_SLOTS;
    const uint8_t *q = j->in->quality ? j->in->quality + (j->from - j->t->from) * MIZO_DAY_SLOTS : NULL;
    int32_t most;
    int missing = look_at(j, v, n, &first, &most);
    count_qualities(j, v, q, n);
    if (missing) {
        memcpy(j->use.v, v, (size_t)n * sizeof *v);
        if (missing > j->t->gap_slots || !bill_estimate(j, v, ndays)) {
            say_missing(j, missing, n, first);
            return;
        }
        v = j->use.v;
    }
    if (j->wrong)
        return;
    j->use.max_w = most == INT32_MIN ? MIZO_MISSING : (int64_t)most * 2;
    for (int d = 0; d < ndays; d++) {
        int at = j->from - j->t->from + d;
        add_day(j, &j->t->energy[at], v + d * MIZO_DAY_SLOTS, d * MIZO_DAY_SLOTS);
        if (j->t->has[MIZO_CHARGE_WHEELING])
            add_day(j, &j->t->wheeling[at], v + d * MIZO_DAY_SLOTS, d * MIZO_DAY_SLOTS);
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            j->use.wh += v[d * MIZO_DAY_SLOTS + s];
    }
}

/* All of a period at one price: the row; -1: prices differ. */
static int only_row(const bill_job *j, const bill_day *days)
{
    int row = days[j->from - j->t->from].run[0].row;
    for (mizo_day d = j->from; d < j->to; d++)
        if (days[d - j->t->from].nrun != 1 || days[d - j->t->from].run[0].row != row)
            return -1;
    return row;
}

static void take_period(bill_job *j, const bill_day *days)
{
    int row = only_row(j, days);
    if (row < 0 || j->t->row[row].c.kind == MIZO_CHARGE_MARKET) {
        MIZO_DIAG(j->d, BILL_BY_PERIOD, MIZO_AT("contracts.csv", j->c->line, 0), j->c->id,
                  j->t->r->tariff[j->t->tariff].id);
        j->wrong = true;
        return;
    }
    j->use.row_wh[row] = j->in->period_wh;
}

static void by_period(bill_job *j)
{
    const mizo_bill_table *t = j->t;
    j->use.wh = j->in->period_wh;
    j->use.max_w = j->in->max_w;
    j->out->period_quality = j->in->period_quality;
    if (j->in->period_wh < 0) {
        say_doubtful(j, 0, (int32_t)(j->in->period_wh < INT32_MIN ? INT32_MIN : j->in->period_wh));
        return;
    }
    if (t->has[MIZO_CHARGE_ENERGY] || t->has[MIZO_CHARGE_MARKET])
        take_period(j, t->energy);
    if (t->has[MIZO_CHARGE_WHEELING])
        take_period(j, t->wheeling);
}

void bill_use_of(bill_job *j)
{
    memset(j->use.row_wh, 0, (size_t)j->t->nrow * sizeof *j->use.row_wh);
    memset(j->use.market_raw, 0, (size_t)j->t->nrow * sizeof *j->use.market_raw);
    memset(j->use.market, 0, (size_t)j->t->nrow * sizeof *j->use.market);
    j->use.wh = 0;
    check_gaps(j);
    if (j->wrong)
        return;
    if (j->in->wh)
        by_slot(j);
    else
        by_period(j);
    j->out->wh = j->use.wh;
    j->out->max_w = j->use.max_w;
}
