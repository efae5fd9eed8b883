/* offer.c: see offer.h. */
#include <stdlib.h>
#include <string.h>

#include "mizo/bill.h"
#include "mizo/messages/duty.h"
#include "town/bills/billing_read.h"
#include "town/bills/offer_inner.h"

const char *const offer_params[] = { "offer-capex",          "offer-upkeep",
                                     "offer-ageing",         "offer-discount",
                                     "offer-ppa-return",     "offer-years",
                                     "offer-ppa-years",      "offer-grant",
                                     "offer-grant-passed",   "offer-price-step",
                                     "offer-self-use-least", "offer-roof-share",
                                     "offer-roof-w-per-m2",  NULL };

const char *const offer_tax_words[] = { "with", "without", NULL };

bool offer_tax_of(const char *word, offer_tax *out)
{
    *out = OFFER_TAX_BY_PARTY;
    for (int i = 0; word && *word && *out == OFFER_TAX_BY_PARTY; i++) {
        if (!offer_tax_words[i])
            return false;
        if (strcmp(word, offer_tax_words[i]) == 0)
            *out = i ? OFFER_WITHOUT_TAX : OFFER_WITH_TAX;
    }
    return true;
}

/* ---- which point ---- */

static mizo_err say_points(town *t, mizo_ref facility, size_t first, size_t n)
{
    const mizo_region *r = t->region;
    buf all;
    buf_init(&all, 4096);
    for (size_t i = first; i < first + n; i++)
        buf_printf(&all, "%s%s", i > first ? ", " : "", r->point[r->use[i].point].id);
    buf_char(&all, '\0');
    MIZO_DIAG(t->diags, OFFER_POINTS, MIZO_NOWHERE, r->facility[facility].id, all.err ? "" : all.p);
    buf_fini(&all);
    return MIZO_EINPUT;
}

/* The facility that uses most of the point, by its last rows: its name stands on the pages. */
static mizo_ref facility_of(const mizo_region *r, mizo_ref point)
{
    const mizo_use *most = NULL;
    for (size_t i = 0; i < r->nuse; i++) {
        const mizo_use *u = &r->use[i];
        if (u->point == point &&
            (!most || u->to > most->to || (u->to == most->to && u->share_ppm > most->share_ppm)))
            most = u;
    }
    return most ? most->facility : -1;
}

static mizo_err find_site(town *t, const char *site, offer *o)
{
    const mizo_region *r = t->region;
    size_t first, n;
    o->point = mizo_region_point(r, site);
    o->facility = o->point < 0 ? mizo_region_facility(r, site) : facility_of(r, o->point);
    if (o->point >= 0)
        return MIZO_OK;
    if (o->facility < 0) {
        MIZO_DIAG(t->diags, OFFER_SITE, MIZO_NOWHERE, site);
        return MIZO_EINPUT;
    }
    n = mizo_region_uses_of(r, o->facility, &first);
    if (n != 1)
        return say_points(t, o->facility, first, n);
    o->point = r->use[first].point;
    return MIZO_OK;
}

static mizo_err find_contract(town *t, offer *o)
{
    char day[MIZO_DATE_TEXT];
    o->contract = mizo_contract_on(t->region, o->point, o->to - 1);
    if (o->contract >= 0)
        return MIZO_OK;
    mizo_day_text(o->to - 1, day);
    MIZO_DIAG(t->diags, OFFER_CONTRACT, MIZO_NOWHERE, t->region->point[o->point].id, day);
    return MIZO_EINPUT;
}

/* ---- terms ---- */

/* The rate that the house pays and cannot deduct; false, said: there is none in params.csv. */
static bool take_tax(town *t, offer_tax tax, offer *o, int64_t *rate_e6)
{
    const mizo_region *r = t->region;
    mizo_party_kind kind = r->party[r->contract[o->contract].party].kind;
    bool deducts = kind != MIZO_PARTY_PUBLIC && kind != MIZO_PARTY_HOUSEHOLD;
    o->with_tax = tax == OFFER_TAX_BY_PARTY ? !deducts : tax == OFFER_WITH_TAX;
    *rate_e6 = 0;
    return !o->with_tax || !mizo_param_get(r, "consumption-tax", "", o->to, t->diags, rate_e6, NULL);
}

static mizo_err take_terms(town *t, offer_tax tax, offer *o, int64_t *roof_share, int64_t *roof_w)
{
    enum { PARAMS = 13 };
    int64_t v[PARAMS], rate_e6;
    bool bad = !take_tax(t, tax, o, &rate_e6);
    for (int i = 0; i < PARAMS; i++)
        bad |= mizo_param_get(t->region, offer_params[i], "", o->to, t->diags, &v[i], NULL) != MIZO_OK;
    if (bad)
        return MIZO_EINPUT;
    o->terms = (offer_terms){ .capex_uyen_per_kw = v[0],
                              .om_uyen_per_kw_year = v[1],
                              .tax_e6 = rate_e6,
                              .ageing_e6 = v[2],
                              .discount_e6 = v[3],
                              .return_e6 = v[4],
                              .years = (int32_t)(v[5] / MIZO_PPM),
                              .ppa_years = (int32_t)(v[6] / MIZO_PPM),
                              .grant_e6 = v[7],
                              .passed_e6 = v[8],
                              .price_step_e6 = v[9] };
    o->least_self_e6 = v[10];
    *roof_share = v[11];
    *roof_w = v[12];
    return MIZO_OK;
}

/* The roof (share of the floor area x W a m2, less what is on it), and no more than the contract's power. */
static mizo_err take_limit(town *t, offer *o, int64_t share, int64_t w_per_m2)
{
    const mizo_region *r = t->region;
    int64_t roof = 0, there = 0, contract = r->point[o->point].contract_w;
    size_t first, n = mizo_region_pv_of(r, o->point, &first);
    for (size_t i = first; i < first + n; i++)
        there += r->pv[i].from < o->to && r->pv[i].to >= o->to ? r->pv[i].dc_w : 0;
    if (o->facility >= 0 && r->facility[o->facility].floor_m2 > 0) {
        MIZO_TRY(mizo_mul_div(r->facility[o->facility].floor_m2, share, MIZO_PPM, MIZO_ROUND_DOWN, &roof));
        MIZO_TRY(mizo_mul_div(roof, w_per_m2, MIZO_PPM, MIZO_ROUND_DOWN, &roof));
    }
    bool by_roof = roof > 0 && (contract <= 0 || roof < contract);
    int64_t most = (by_roof ? roof : contract) - there;
    o->limit = by_roof ? "roof" : "contract";
    o->limit_w = most > INT32_MAX ? INT32_MAX : (int32_t)(most / 100 * 100);
    if (o->limit_w >= 1000)
        return MIZO_OK;
    MIZO_DIAG(t->diags, OFFER_ROOM, MIZO_NOWHERE, r->point[o->point].id, o->limit);
    return MIZO_EINPUT;
}

/* ---- bills ---- */

typedef struct biller {
    town *t;
    offer *o;
    offer_year *y;
    billing_reader *reader;
    mizo_bill_table *table[OFFER_MONTHS];
    int64_t before_w[OFFER_MONTHS]; /* highest half-hour of each month, W */
    mizo_bill bill;
} biller;

static int at_of(const biller *b, int month)
{
    return (int)(mizo_month_first(b->o->from, month) - b->o->from) * MIZO_DAY_SLOTS;
}

static mizo_err make_tables(biller *b)
{
    const mizo_region *r = b->t->region;
    const mizo_contract *c = &r->contract[b->o->contract];
    for (int m = 0; m < OFFER_MONTHS; m++) {
        mizo_day from = mizo_month_first(b->o->from, m), to = mizo_month_first(b->o->from, m + 1);
        const int32_t *price;
        MIZO_TRY(billing_price(b->reader, from, to, &price));
        MIZO_TRY(mizo_bill_table_new(r, c->tariff, r->point[c->point].voltage, c->rounding, from, from, to,
                                     price, &b->table[m]));
    }
    return MIZO_OK;
}

static void month_peaks(biller *b, const int32_t *wh)
{
    for (int m = 0; m < OFFER_MONTHS; m++) {
        b->before_w[m] = 0;
        for (int i = at_of(b, m); i < at_of(b, m + 1); i++)
            b->before_w[m] = 2 * (int64_t)wh[i] > b->before_w[m] ? 2 * (int64_t)wh[i] : b->before_w[m];
    }
}

/* A bill on the offer's basis. */
static mizo_uyen bill_yen(const biller *b)
{
    mizo_uyen sum = b->bill.total;
    for (int i = 0; i < b->bill.ntax && !b->o->with_tax; i++)
        sum -= b->bill.tax[i].tax;
    return sum;
}

/* The twelve bills of a year that repeats: the months before January are those of the same year. */
static mizo_err year_bills(biller *b, const int32_t *wh, mizo_uyen bill[OFFER_MONTHS], mizo_uyen *sum)
{
    *sum = 0;
    month_peaks(b, wh);
    for (int m = 0; m < OFFER_MONTHS; m++) {
        mizo_bill_in in = { .contract = b->o->contract,
                            .wh = wh + at_of(b, m),
                            .power_factor_e6 = MIZO_NO_PRICE,
                            .as_of = STORE_LATEST };
        for (int k = 0; k < MIZO_BILL_MONTHS; k++)
            in.before_w[k] = b->before_w[(m + OFFER_MONTHS - 1 - k) % OFFER_MONTHS];
        mizo_err e = mizo_bill_make(b->table[m], &in, &b->bill, b->t->diags);
        if (e == MIZO_ENOENT)
            MIZO_DIAG(b->t->diags, OFFER_NOT_THEN, MIZO_NOWHERE, b->t->region->contract[b->o->contract].id);
        if (e)
            return e == MIZO_ENOENT ? MIZO_EINPUT : e;
        bill[m] = bill_yen(b);
        *sum += bill[m];
    }
    return MIZO_OK;
}

/* ---- sizes ---- */

static mizo_err with_panels(biller *b, int32_t dc_w, mizo_wh made[OFFER_MONTHS], mizo_wh used[OFFER_MONTHS])
{
    for (int m = 0; m < OFFER_MONTHS; m++) {
        made[m] = used[m] = 0;
        for (int i = at_of(b, m); i < at_of(b, m + 1); i++) {
            int64_t wh;
            MIZO_TRY(mizo_mul_div(dc_w, b->y->yield[i], MIZO_PPM, MIZO_ROUND_HALF_UP, &wh));
            int32_t self = wh < b->y->load[i] ? (int32_t)wh : b->y->load[i];
            made[m] += wh;
            used[m] += self;
            b->y->after[i] = b->y->load[i] - self;
        }
    }
    return MIZO_OK;
}

static mizo_err try_size(biller *b, int32_t dc_w, const mizo_uyen before[OFFER_MONTHS], offer_size *s,
                         offer_month *month)
{
    mizo_wh made[OFFER_MONTHS], used[OFFER_MONTHS];
    mizo_uyen after[OFFER_MONTHS], sum_before = 0, sum;
    *s = (offer_size){ .dc_w = dc_w };
    MIZO_TRY(with_panels(b, dc_w, made, used));
    MIZO_TRY(year_bills(b, b->y->after, after, &sum));
    for (int m = 0; m < OFFER_MONTHS; m++) {
        s->generated_wh += made[m];
        s->self_wh += used[m];
        sum_before += before[m];
        if (!month)
            continue;
        month[m] = (offer_month){ .month = mizo_month_first(b->o->from, m),
                                  .self_wh = used[m],
                                  .generated_wh = made[m],
                                  .before = before[m],
                                  .after = after[m] };
        for (int i = at_of(b, m); i < at_of(b, m + 1); i++)
            month[m].load_wh += b->y->load[i];
    }
    s->saved = sum_before - sum;
    return offer_money(&b->o->terms, s);
}

static bool keeps_self_use(const offer *o, const offer_size *s)
{
    return s->generated_wh > 0 && s->self_wh >= s->generated_wh / MIZO_PPM * o->least_self_e6;
}

static mizo_err try_sizes(biller *b)
{
    offer *o = b->o;
    mizo_uyen before[OFFER_MONTHS], sum;
    MIZO_TRY(year_bills(b, b->y->load, before, &sum));
    int n = o->limit_w / 1000 < OFFER_SIZES ? o->limit_w / 1000 : OFFER_SIZES;
    o->best = -1;
    o->nsize = n;
    for (int k = 0; k < n; k++) {
        int32_t w = (int32_t)((int64_t)o->limit_w * (k + 1) / n / 100 * 100);
        MIZO_TRY(try_size(b, w, before, &o->size[k], NULL));
        const offer_size *s = &o->size[k];
        if (keeps_self_use(o, s) && s->own_value > 0 &&
            (o->best < 0 || s->own_value > o->size[o->best].own_value))
            o->best = k;
    }
    int shown = o->best < 0 ? 0 : o->best;
    o->self_use_kept = keeps_self_use(o, &o->size[shown]);
    return try_size(b, o->size[shown].dc_w, before, &o->size[shown], o->month);
}

static mizo_err with_bills(town *t, offer *o, offer_year *y)
{
    biller *b = calloc(1, sizeof *b);
    if (!b)
        return MIZO_ENOMEM;
    b->t = t;
    b->o = o;
    b->y = y;
    mizo_err e = billing_reader_new(t->store, t->region, STORE_LATEST, &b->reader);
    if (!e)
        e = make_tables(b);
    if (!e)
        e = try_sizes(b);
    for (int m = 0; m < OFFER_MONTHS; m++)
        mizo_bill_table_free(b->table[m]);
    billing_reader_free(b->reader);
    free(b);
    return e;
}

mizo_err offer_make(town *t, const offer_ask *ask, offer *out)
{
    int64_t roof_share, roof_w;
    memset(out, 0, sizeof *out);
    MIZO_TRY(find_site(t, ask->site, out));
    offer_year *y = calloc(1, sizeof *y);
    if (!y)
        return MIZO_ENOMEM;
    mizo_err e = offer_read(t, ask->before, ask->months, out, y);
    if (!e)
        e = find_contract(t, out);
    if (!e)
        e = take_terms(t, ask->tax, out, &roof_share, &roof_w);
    if (!e)
        e = take_limit(t, out, roof_share, roof_w);
    if (!e)
        e = with_bills(t, out, y);
    free(y);
    return e;
}
