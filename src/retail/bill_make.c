/* bill_make.c: a bill from its contract's days to its total. */
#include <string.h>

#include "mizo/messages/bill.h"
#include "retail/bill_int.h"

const char *mizo_bill_group_word(mizo_bill_group g)
{
    static const char *const words[] = { "demand", "energy", "fuel", "wheeling", "other", "levy" };
    return (size_t)g < MIZO_BILL_GROUPS ? words[g] : "";
}

mizo_bill_group mizo_bill_group_of(mizo_charge_kind k)
{
    static const mizo_bill_group group[MIZO_CHARGE_COUNT] = {
        [MIZO_CHARGE_BASE] = MIZO_BILL_DEMAND,       [MIZO_CHARGE_EXCESS] = MIZO_BILL_DEMAND,
        [MIZO_CHARGE_UNUSED] = MIZO_BILL_DEMAND,     [MIZO_CHARGE_ENERGY] = MIZO_BILL_ENERGY,
        [MIZO_CHARGE_STEP] = MIZO_BILL_ENERGY,       [MIZO_CHARGE_MARKET] = MIZO_BILL_ENERGY,
        [MIZO_CHARGE_FUEL] = MIZO_BILL_FUEL,         [MIZO_CHARGE_WHEELING_BASE] = MIZO_BILL_WHEELING,
        [MIZO_CHARGE_WHEELING] = MIZO_BILL_WHEELING, [MIZO_CHARGE_FIXED] = MIZO_BILL_OTHER,
        [MIZO_CHARGE_DISCOUNT] = MIZO_BILL_OTHER,    [MIZO_CHARGE_MINIMUM] = MIZO_BILL_OTHER,
        [MIZO_CHARGE_LEVY] = MIZO_BILL_LEVY,
    };
    return (size_t)k < MIZO_CHARGE_COUNT ? group[k] : MIZO_BILL_OTHER;
}

/* ---- power factor ---- */

static uint64_t root(bill_wide v)
{
    uint64_t lo = 0, hi = UINT64_C(1) << 62;
    while (lo < hi) { /* the largest whose square is not above v */
        uint64_t mid = lo + (hi - lo + 1) / 2;
        if ((bill_wide)mid * mid <= v)
            lo = mid;
        else
            hi = mid - 1;
    }
    return lo;
}

int64_t mizo_power_factor_e6(int64_t wh, int64_t varh)
{
    if (varh <= 0 || wh < 0)
        return BILL_PF_WHOLE_E6;
    while (wh >= INT64_C(1) << 31 || varh >= INT64_C(1) << 31) {
        wh = mizo_div_round(wh, 2, MIZO_ROUND_HALF_UP);
        varh = mizo_div_round(varh, 2, MIZO_ROUND_HALF_UP);
    }
    bill_wide square = (bill_wide)wh * wh, all = square + (bill_wide)varh * varh;
    bill_wide scale = (bill_wide)(2 * BILL_PF_WHOLE_E6) * (2 * BILL_PF_WHOLE_E6); /* twice the result */
    return (int64_t)((root(square * scale / all) + 1) / 2);
}

/* ---- sums ---- */

static mizo_bill_sum *sum_for(bill_job *j, const mizo_bill_line *l)
{
    mizo_bill *b = j->out;
    mizo_bill_group g = mizo_bill_group_of(l->kind);
    for (int i = 0; i < b->nsum; i++)
        if (b->sum[i].group == g && b->sum[i].tax_added == l->tax_added && !strcmp(b->sum[i].tax, l->tax))
            return &b->sum[i];
    if (b->nsum == MIZO_BILL_SUMS) {
        j->outside = true;
        return NULL;
    }
    b->sum[b->nsum] = (mizo_bill_sum){ .group = g, .tax = l->tax, .tax_added = l->tax_added };
    return &b->sum[b->nsum++];
}

static void add_sums(bill_job *j)
{
    for (int i = 0; i < j->out->nline; i++) {
        mizo_bill_sum *s = sum_for(j, &j->out->line[i]);
        if (s)
            s->raw = bill_add(s->raw, j->out->line[i].amount, &j->outside);
    }
    for (int i = 0; i < j->out->nsum; i++) {
        mizo_bill_sum *s = &j->out->sum[i];
        mizo_round_step step = s->group == MIZO_BILL_LEVY ? MIZO_STEP_LEVY : MIZO_STEP_SUBTOTAL;
        s->amount = bill_round_e6(j->t, step, s->raw, &j->outside);
        s->left = bill_add(s->raw, -s->amount, &j->outside);
    }
}

static mizo_bill_tax *tax_for(bill_job *j, const char *name)
{
    mizo_bill *b = j->out;
    for (int i = 0; i < b->ntax; i++)
        if (!strcmp(b->tax[i].name, name))
            return &b->tax[i];
    if (b->ntax == MIZO_BILL_TAXES) {
        j->outside = true;
        return NULL;
    }
    mizo_bill_tax *x = &b->tax[b->ntax++];
    *x = (mizo_bill_tax){ .name = name };
    if (!*name)
        return x;
    x->param = mizo_param_on(j->t->r, name, "", j->to - 1);
    if (!x->param) {
        BILL_DAY_TEXT(day, j->to - 1);
        MIZO_DIAG(j->d, BILL_TAX_NONE, MIZO_AT("params.csv", 0, 0), j->t->r->tariff[j->t->tariff].id, name,
                  day);
        j->wrong = true;
    }
    x->rate_e6 = x->param ? x->param->value_e6 : 0;
    return x;
}

static void add_taxes(bill_job *j)
{
    mizo_bill *b = j->out;
    for (int i = 0; i < b->nsum; i++) {
        mizo_bill_tax *x = tax_for(j, b->sum[i].tax);
        mizo_uyen *to = x ? b->sum[i].tax_added ? &x->net : &x->included : NULL;
        if (to)
            *to = bill_add(*to, b->sum[i].amount, &j->outside);
    }
    for (int i = 0; i < b->ntax; i++) {
        mizo_bill_tax *x = &b->tax[i];
        x->added = bill_div((bill_wide)x->net * x->rate_e6, 1000000, &j->outside);
        mizo_uyen sum = bill_add(bill_add(x->included, x->net, &j->outside), x->added, &j->outside);
        x->total = bill_round_e6(j->t, MIZO_STEP_TOTAL, sum, &j->outside);
        x->left = bill_add(sum, -x->total, &j->outside);
        mizo_uyen tax =
            bill_div((bill_wide)x->total * x->rate_e6, (bill_wide)1000000 + x->rate_e6, &j->outside);
        x->tax = bill_round_e6(j->t, MIZO_STEP_TAX, tax, &j->outside);
        x->tax_left = bill_add(tax, -x->tax, &j->outside);
    }
}

/* exact = total + left: counted from both ends. */
static void close_bill(bill_job *j)
{
    mizo_bill *b = j->out;
    b->exact = b->total = b->left = 0;
    for (int i = 0; i < b->nline; i++) {
        b->exact = bill_add(b->exact, b->line[i].raw, &j->outside);
        b->left = bill_add(b->left, b->line[i].left, &j->outside);
    }
    for (int i = 0; i < b->nsum; i++)
        b->left = bill_add(b->left, b->sum[i].left, &j->outside);
    for (int i = 0; i < b->ntax; i++) {
        b->exact = bill_add(b->exact, b->tax[i].added, &j->outside);
        b->total = bill_add(b->total, b->tax[i].total, &j->outside);
        b->left = bill_add(b->left, b->tax[i].left, &j->outside);
    }
    j->outside = j->outside || b->exact - b->total != b->left;
}

/* ---- the whole ---- */

static void head(const bill_job *j)
{
    mizo_bill *b = j->out;
    memset(b, 0, offsetof(mizo_bill, line));
    b->contract = j->in->contract;
    b->party = j->c->party;
    b->point = j->c->point;
    b->tariff = j->t->tariff;
    b->month = j->t->month;
    b->from = j->from;
    b->to = j->to;
    b->days = j->to - j->from;
    b->of_days = j->t->to - j->t->from;
    b->chain = j->t->chain;
    b->as_of = j->in->as_of;
    b->known = j->in->known;
    b->digest[0] = 0;
    for (size_t i = 0; j->in->digest && i < sizeof b->digest - 1; i++) {
        b->digest[i] = j->in->digest[i];
        b->digest[i + 1] = 0;
    }
}

mizo_err mizo_bill_make(const mizo_bill_table *t, const mizo_bill_in *in, mizo_bill *out, mizo_diags *d)
{
    const mizo_contract *c = &t->r->contract[in->contract];
    bill_job j;
    j.t = t;
    j.in = in;
    j.c = c;
    j.from = c->from > t->from ? c->from : t->from;
    j.to = c->to < t->to ? c->to : t->to;
    j.out = out;
    j.d = d;
    j.wrong = j.outside = false;
    if (j.from >= j.to)
        return MIZO_ENOENT;
    head(&j);
    bill_use_of(&j);
    if (!j.wrong) {
        bill_demand(&j);
        bill_lines(&j);
        add_sums(&j);
        add_taxes(&j);
        close_bill(&j);
    }
    if (!j.wrong && j.outside)
        MIZO_DIAG(d, BILL_OUTSIDE, MIZO_AT("contracts.csv", c->line, 0), c->id, t->r->tariff[t->tariff].id);
    return j.wrong ? MIZO_EINPUT : j.outside ? MIZO_ERANGE : MIZO_OK;
}

/* ---- into the books ---- */

static int transfer(mizo_transfer *out, int n, const char *fk, const char *fi, const char *tk, const char *ti,
                    const char *kind, mizo_uyen amount)
{
    if (!amount)
        return n;
    bool back = amount < 0;
    const char *word[2] = { back ? tk : fk, back ? fk : tk }, *id[2] = { back ? ti : fi, back ? fi : ti };
    char *to[2] = { out[n].from, out[n].to };
    for (int i = 0; i < 2; i++) {
        size_t w = strlen(word[i]), k = strlen(id[i]);
        k = w + 1 + k < MIZO_ACCOUNT_MAX ? k : MIZO_ACCOUNT_MAX - w - 2;
        memcpy(to[i], word[i], w);
        to[i][w] = ':';
        memcpy(to[i] + w + 1, id[i], k);
        to[i][w + 1 + k] = 0;
    }
    out[n].kind = kind;
    out[n].amount = back ? -amount : amount;
    return n + 1;
}

int mizo_bill_transfers(const mizo_region *r, const mizo_bill *b, mizo_transfer *out)
{
    const char *contract = r->contract[b->contract].id, *party = r->party[b->party].id;
    int n = 0;
    for (int i = 0; i < b->nline; i++)
        n = transfer(out, n, "sales", contract, "customer", party, "bill", b->line[i].raw);
    for (int i = 0; i < b->ntax; i++)
        n = transfer(out, n, "sales", contract, "customer", party, "bill", b->tax[i].added);
    return transfer(out, n, "customer", party, "rounding", contract, "rounding", b->left);
}

int mizo_bill_tax_transfers(const mizo_region *r, const mizo_bill *b, mizo_transfer *out)
{
    const char *contract = r->contract[b->contract].id;
    int n = 0;
    for (int i = 0; i < b->ntax; i++)
        if (*b->tax[i].name)
            n = transfer(out, n, "tax", b->tax[i].name, "sales", contract, "tax", b->tax[i].tax);
    return n;
}
