/* bill_lines.c: the lines of a bill. Each keeps its exact amount and what its roundings left. */
#include <string.h>

#include "mizo/messages/bill.h"
#include "retail/bill_int.h"

/* ---- one line ---- */

typedef struct amounts {
    bill_wide raw, rounded, den; /* both over den, in micro-yen */
} amounts;

static mizo_bill_line *new_line(bill_job *j, const bill_row *row, int days)
{
    mizo_bill *b = j->out;
    if (b->nline == MIZO_BILL_LINES) {
        j->outside = true;
        return NULL;
    }
    mizo_bill_line *l = &b->line[b->nline++];
    *l = (mizo_bill_line){
        .kind = row->c.kind,
        .name_ja = row->c.name_ja,
        .name_en = row->c.name_en,
        .source = {.file = row->file,
                   .line = row->c.line,
                   .text = row->c.source,
                   .mark = row->c.mark,
                   .nparam = row->nparam},
        .tax = row->c.tax,
        .tax_added = row->c.tax_added,
        .days = days,
        .of_days = b->of_days,
        .quantity = 1,
        .billed = 1,
        .price_e6 = row->price_e6,
        .power_factor_e6 = MIZO_NO_PRICE,
        .average_e6 = row->average_e6
    };
    for (int i = 0; i < row->nparam; i++)
        l->source.param[i] = row->param[i];
    return l;
}

static void set_amount(bill_job *j, mizo_bill_line *l, amounts a)
{
    l->raw = bill_div(a.raw, a.den, &j->outside);
    l->amount = bill_round_e6(j->t, MIZO_STEP_LINE, bill_div(a.rounded, a.den, &j->outside), &j->outside);
    l->left = bill_add(l->raw, -l->amount, &j->outside);
}

/* True if the row has its figure; says what it lacks. */
static bool figured(bill_job *j, const bill_row *row)
{
    if (row->outside) {
        j->outside = true;
        return false;
    }
    if (!row->lacks)
        return true;
    BILL_DAY_TEXT(day, row->lacks_day);
    MIZO_DIAG(j->d, BILL_PARAM_NONE, MIZO_AT(row->file, row->c.line, 0), j->t->r->tariff[j->t->tariff].id,
              mizo_charge_word(row->c.kind), row->lacks, row->lacks_key ? row->lacks_key : "", day);
    j->wrong = true;
    return false;
}

/* The row of a month: the one that holds on the bill's first day. NULL: none, or it lacks its figure. */
static const bill_row *row_of_month(bill_job *j, mizo_charge_kind k)
{
    int i = j->t->has[k] ? bill_row_on(j->t, k, j->from) : -1;
    return i >= 0 && figured(j, &j->t->row[i]) ? &j->t->row[i] : NULL;
}

/* ---- power ---- */

static void say_power(bill_job *j, mizo_msg id)
{
    mizo_diag_add(j->d, id, MIZO_AT("contracts.csv", j->c->line, 0), j->c->id,
                  j->t->r->tariff[j->t->tariff].id, (const char *)NULL);
    j->wrong = true;
}

/* Measured demand (実量制): the highest of this month and the 11 before. */
static int64_t highest(const bill_job *j)
{
    int64_t w = j->use.max_w;
    for (int i = 0; i < MIZO_BILL_MONTHS; i++) {
        int64_t before = j->in->before_w[i];
        j->out->months_known += before != MIZO_MISSING;
        w = before != MIZO_MISSING && (w == MIZO_MISSING || before > w) ? before : w;
    }
    /* Of the months that mizo has not seen, unless somebody else had the point in them. */
    int32_t standing = j->t->r->point[j->c->point].standing_w;
    bool own = mizo_party_since(j->t->r, j->c) <= mizo_month_first(j->t->month, -MIZO_BILL_MONTHS);
    if (!j->out->months_known && own && standing > 0 && standing > w)
        w = standing;
    return w;
}

static void check_limit(bill_job *j)
{
    const mizo_param *limit = mizo_param_on(j->t->r, "measured-demand-limit", "", j->t->month);
    if (limit && j->out->demand_w >= limit->value_e6 / 1000)
        MIZO_DIAG(j->d, BILL_DEMAND_LIMIT, MIZO_AT("contracts.csv", j->c->line, 0), j->c->id,
                  j->t->r->tariff[j->t->tariff].id);
}

static void find_power(bill_job *j)
{
    const mizo_tariff *p = &j->t->r->tariff[j->t->tariff];
    bool needed = j->t->has[MIZO_CHARGE_BASE] || j->t->has[MIZO_CHARGE_WHEELING_BASE];
    j->out->demand_w = MIZO_MISSING;
    if (j->c->agreed_w > 0) {
        j->out->demand_w = j->c->agreed_w;
    } else if (p->measured_demand) {
        j->out->demand_w = highest(j);
        if (needed && j->out->demand_w == MIZO_MISSING)
            say_power(j, MIZO_MSG_BILL_DEMAND_NONE);
        else if (needed)
            check_limit(j);
    } else if (needed) {
        say_power(j, MIZO_MSG_BILL_POWER_NONE);
    }
}

static void find_power_factor(bill_job *j)
{
    const mizo_tariff *p = &j->t->r->tariff[j->t->tariff];
    mizo_bill *b = j->out;
    b->power_factor_e6 = MIZO_NO_PRICE;
    if (p->power_factor_pct <= 0)
        return;
    b->power_factor_read = j->in->power_factor_e6 != MIZO_NO_PRICE;
    b->power_factor_e6 =
        b->power_factor_read ? j->in->power_factor_e6 : (int64_t)p->power_factor_pct * 1000000;
    if (b->power_factor_e6 < 0 || b->power_factor_e6 > BILL_PF_WHOLE_E6)
        say_power(j, MIZO_MSG_BILL_POWER_FACTOR);
}

void bill_demand(bill_job *j)
{
    find_power(j);
    find_power_factor(j);
}

/* W x price x (185 - power factor) / 100 x days / days of the month. */
static void power_line(bill_job *j, const bill_row *row, int days, int64_t w, int64_t billed_w, bool factor)
{
    mizo_bill_line *l = figured(j, row) ? new_line(j, row, days) : NULL;
    if (!l)
        return;
    const mizo_bill *b = j->out;
    bill_wide raw_pf = BILL_PF_WHOLE_E6, pf = BILL_PF_WHOLE_E6;
    if (factor && b->power_factor_e6 != MIZO_NO_PRICE) {
        l->power_factor_e6 = bill_round_e6(j->t, MIZO_STEP_POWER_FACTOR, b->power_factor_e6, &j->outside);
        raw_pf = BILL_PF_BASE_E6 - b->power_factor_e6;
        pf = BILL_PF_BASE_E6 - l->power_factor_e6;
    }
    l->quantity = w;
    l->billed = billed_w;
    bill_wide den = (bill_wide)1000 * BILL_PF_WHOLE_E6 * b->of_days;
    set_amount(j, l,
               (amounts){ (bill_wide)w * row->raw_e6 * raw_pf * days,
                          (bill_wide)billed_w * row->price_e6 * pf * days, den });
}

static int count_days(const bill_job *j, uint64_t days)
{
    return __builtin_popcountll(days & bill_days(j->t, j->from, j->to));
}

static void base_lines(bill_job *j, mizo_charge_kind k, bool factor)
{
    int64_t w = j->out->demand_w;
    if (!j->t->has[k] || w == MIZO_MISSING)
        return;
    int64_t billed = bill_round_kilo(j->t, MIZO_STEP_KW, w, &j->outside);
    for (int i = 0; i < j->t->nrow; i++) {
        int days = j->t->row[i].c.kind == k ? count_days(j, j->t->row[i].first) : 0;
        if (days)
            power_line(j, &j->t->row[i], days, w, billed, factor);
    }
}

static void excess_line(bill_job *j)
{
    int64_t agreed = j->c->agreed_w, max = j->use.max_w;
    if (agreed <= 0 || max == MIZO_MISSING || max <= agreed)
        return;
    int i = bill_row_on(j->t, MIZO_CHARGE_EXCESS, j->from);
    if (i < 0) {
        if (j->t->has[MIZO_CHARGE_BASE])
            say_power(j, MIZO_MSG_BILL_EXCESS_NONE);
        return;
    }
    int64_t billed = bill_round_kilo(j->t, MIZO_STEP_KW, max, &j->outside) - agreed;
    power_line(j, &j->t->row[i], j->out->of_days, max - agreed, billed > 0 ? billed : 0, true);
}

static mizo_uyen sum_of(const bill_job *j, unsigned groups)
{
    bool outside = false;
    mizo_uyen sum = 0;
    for (int i = 0; i < j->out->nline; i++)
        if (groups >> mizo_bill_group_of(j->out->line[i].kind) & 1)
            sum = bill_add(sum, j->out->line[i].amount, &outside);
    return outside ? 0 : sum; /* bill_sums finds it too, and says it */
}

/* A month without use: so much of the base charge is paid. */
static void unused_line(bill_job *j)
{
    const bill_row *row = j->use.wh ? NULL : row_of_month(j, MIZO_CHARGE_UNUSED);
    mizo_uyen base = sum_of(j, 1u << MIZO_BILL_DEMAND);
    mizo_bill_line *l = row && base ? new_line(j, row, j->out->days) : NULL;
    if (!l)
        return;
    bill_wide less = (bill_wide)base * (row->price_e6 - 1000000);
    set_amount(j, l, (amounts){ less, less, 1000000 });
}

/* ---- energy ---- */

static void energy_line(bill_job *j, const bill_row *row, int64_t wh, int64_t billed)
{
    mizo_bill_line *l = figured(j, row) ? new_line(j, row, j->out->days) : NULL;
    if (!l)
        return;
    l->quantity = wh;
    l->billed = billed;
    set_amount(j, l, (amounts){ (bill_wide)wh * row->raw_e6, (bill_wide)billed * row->price_e6, 1000 });
}

/* By slot: the energy stays as read, for its price differs. */
static void market_line(bill_job *j, int i)
{
    const bill_row *row = &j->t->row[i];
    mizo_bill_line *l = figured(j, row) ? new_line(j, row, j->out->days) : NULL;
    if (!l)
        return;
    l->quantity = l->billed = j->use.row_wh[i];
    l->price_e6 = MIZO_NO_PRICE;
    set_amount(j, l, (amounts){ j->use.market_raw[i], j->use.market[i], 1000 });
}

static void time_lines(bill_job *j, mizo_charge_kind k)
{
    for (int i = 0; i < j->t->nrow; i++) {
        const bill_row *row = &j->t->row[i];
        if (row->c.kind != k || !j->use.row_wh[i])
            continue;
        if (k == MIZO_CHARGE_MARKET)
            market_line(j, i);
        else
            energy_line(j, row, j->use.row_wh[i],
                        bill_round_kilo(j->t, MIZO_STEP_KWH, j->use.row_wh[i], &j->outside));
    }
}

/* What of wh lies between from and to. */
static int64_t between(int64_t wh, int64_t from, int64_t to)
{
    int64_t top = to && wh > to ? to : wh;
    return top > from ? top - from : 0;
}

/* Bounds of the steps go by the days, in whole Wh, half up. */
static void step_lines(bill_job *j)
{
    const mizo_bill *b = j->out;
    int64_t billed = bill_round_kilo(j->t, MIZO_STEP_KWH, j->use.wh, &j->outside);
    for (int i = 0; i < j->t->nrow; i++) {
        const bill_row *row = &j->t->row[i];
        if (row->c.kind != MIZO_CHARGE_STEP || !bill_row_holds(j->t, row, j->from))
            continue;
        int64_t from = bill_div((bill_wide)row->c.step_from_wh * b->days, b->of_days, &j->outside);
        int64_t to = bill_div((bill_wide)row->c.step_to_wh * b->days, b->of_days, &j->outside);
        to = row->c.step_to_wh && !to ? 1 : to;
        int64_t raw = between(j->use.wh, from, to), kept = between(billed, from, to);
        if (raw || kept)
            energy_line(j, row, raw, kept);
    }
}

/* Fuel adjustment and levy: on all energy, at the price of the bill's month. */
static void total_line(bill_job *j, mizo_charge_kind k)
{
    const bill_row *row = row_of_month(j, k);
    if (row && j->use.wh)
        energy_line(j, row, j->use.wh, bill_round_kilo(j->t, MIZO_STEP_KWH, j->use.wh, &j->outside));
}

/* ---- the rest ---- */

static void fixed_lines(bill_job *j)
{
    for (int i = 0; i < j->t->nrow; i++) {
        const bill_row *row = &j->t->row[i];
        int days = row->c.kind == MIZO_CHARGE_FIXED ? count_days(j, row->holds) : 0;
        mizo_bill_line *l = days && figured(j, row) ? new_line(j, row, days) : NULL;
        bill_wide yen = l ? (bill_wide)row->price_e6 * days : 0;
        if (l)
            set_amount(j, l, (amounts){ yen, yen, j->out->of_days });
    }
}

static void discount_lines(bill_job *j)
{
    mizo_uyen of = sum_of(j, 1u << MIZO_BILL_DEMAND | 1u << MIZO_BILL_ENERGY);
    for (int i = 0; i < j->t->nrow; i++) {
        const bill_row *row = &j->t->row[i];
        if (row->c.kind != MIZO_CHARGE_DISCOUNT || !bill_row_holds(j->t, row, j->from))
            continue;
        mizo_bill_line *l = figured(j, row) && of ? new_line(j, row, j->out->days) : NULL;
        bill_wide off = l ? -(bill_wide)of * row->price_e6 : 0;
        if (l)
            set_amount(j, l, (amounts){ off, off, 1000000 });
    }
}

/* What is wanting to the least that a month comes to, the levy aside. */
static void minimum_line(bill_job *j)
{
    const bill_row *row = row_of_month(j, MIZO_CHARGE_MINIMUM);
    if (!row)
        return;
    mizo_uyen sum = sum_of(j, ~(1u << MIZO_BILL_LEVY));
    bill_wide least = (bill_wide)row->price_e6 * j->out->days,
              wanting = least - (bill_wide)sum * j->out->of_days;
    mizo_bill_line *l = wanting > 0 ? new_line(j, row, j->out->days) : NULL;
    if (l)
        set_amount(j, l, (amounts){ wanting, wanting, j->out->of_days });
}

void bill_lines(bill_job *j)
{
    base_lines(j, MIZO_CHARGE_BASE, true);
    unused_line(j);
    excess_line(j);
    time_lines(j, MIZO_CHARGE_ENERGY);
    step_lines(j);
    time_lines(j, MIZO_CHARGE_MARKET);
    total_line(j, MIZO_CHARGE_FUEL);
    base_lines(j, MIZO_CHARGE_WHEELING_BASE, false);
    time_lines(j, MIZO_CHARGE_WHEELING);
    fixed_lines(j);
    discount_lines(j);
    minimum_line(j);
    total_line(j, MIZO_CHARGE_LEVY);
}
