/* grant_watch.c: the conditions of what was bought with the grant, by the model, the claims, and month by month by the
 * readings. See grant.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "town/office/grant.h"
#include "town/proof/claim.h"

enum { MONTH_SLOTS = 31 * MIZO_DAY_SLOTS };

/* A month of one series. */
typedef struct month_read {
    int32_t v[MONTH_SLOTS];
    mizo_day from;
    mizo_wh wh;
    int days, slots, busy; /* with readings; slots with one; days on which anything flowed */
    int metered;           /* slots that a meter gave: none that was filled, estimated or typed */
} month_read;

typedef struct watching {
    town *t;
    office_grant *g;
    size_t asset;
    mizo_day from, to;                             /* the month in hand */
    month_read made, sent, charged, given, panels; /* panels: all of the point; reading them takes `given` */
} watching;

static grant_asset *asset_of(const watching *x)
{
    return &x->g->asset[x->asset];
}

static mizo_err find(const watching *x, grant_rule r, bool unknown, mizo_day month, int64_t is,
                     int64_t should)
{
    office_grant *g = x->g;
    MIZO_TRY(array_grow(&g->finding, &g->finding_cap, g->nfinding + 1, sizeof *g->finding));
    g->finding[g->nfinding++] = (grant_finding){ x->asset, r, unknown, month, is, should };
    return MIZO_OK;
}

/* A rule of yes and no. */
static bool forbidden(const watching *x, const char *name, mizo_day day)
{
    int64_t v;
    return grant_rule_on(x->t, name, "", day, &v) && v > 0;
}

/* ---- of no month ---- */

static mizo_err check_kept(const watching *x)
{
    const grant_asset *a = asset_of(x);
    if (a->due_yen <= a->returned_yen)
        return MIZO_OK;
    return find(x, GRANT_KEPT, false, MIZO_DAY_NONE, a->due_yen - a->returned_yen, a->grant_yen);
}

static mizo_err check_tax(const watching *x)
{
    const grant_asset *a = asset_of(x);
    if (a->tax_due_yen <= a->tax_returned_yen)
        return MIZO_OK;
    return find(x, GRANT_TAX_CREDIT, false, MIZO_DAY_NONE, a->tax_due_yen - a->tax_returned_yen, 0);
}

/* Under a PPA the grant goes to the customer, by a lower price. */
static mizo_err check_ppa(const watching *x)
{
    const grant_asset *a = asset_of(x);
    int64_t rule;
    if (a->ppa_price_e6 <= 0 || !grant_rule_on(x->t, "grant-ppa-passed", "", a->acquired, &rule))
        return MIZO_OK;
    bool unknown = a->ppa_passed_ppm < 0;
    return unknown || a->ppa_passed_ppm < rule
               ? find(x, GRANT_PPA, unknown, MIZO_DAY_NONE, unknown ? 0 : a->ppa_passed_ppm, rule)
               : MIZO_OK;
}

static mizo_err check_once(const watching *x)
{
    const grant_asset *a = asset_of(x);
    bool twice = *a->other != '\0';
    for (size_t i = 0; i < x->asset; i++)
        twice |= strcmp(a->asset, x->g->asset[i].asset) == 0;
    if (!twice || !forbidden(x, "grant-one-subsidy", x->g->today))
        return MIZO_OK;
    return find(x, GRANT_ONE_SUBSIDY, false, MIZO_DAY_NONE, 1, 0);
}

static mizo_err check_fit(const watching *x)
{
    const mizo_pv *pv = &x->t->region->pv[asset_of(x)->ref];
    if (!pv->fit || !forbidden(x, "grant-no-fit", x->g->today))
        return MIZO_OK;
    return find(x, GRANT_NO_FIT, false, MIZO_DAY_NONE, 1, 0);
}

/* A credit or a green-power certificate over kWh of the plant's point, while the plant is kept. */
static mizo_err on_claim(void *arg, const claim_row *c)
{
    const watching *x = arg;
    const grant_asset *a = asset_of(x);
    const mizo_region *r = x->t->region;
    bool kind =
        strcmp(c->kind, claim_words[CLAIM_CREDIT]) == 0 || strcmp(c->kind, claim_words[CLAIM_GREEN]) == 0;
    if (!kind || strcmp(c->of, r->point[r->pv[a->ref].point].id) || c->to <= a->acquired ||
        c->from >= a->until)
        return MIZO_OK;
    mizo_date d = mizo_day_date(c->from);
    return find(x, GRANT_NO_CREDIT, false, mizo_date_day((mizo_date){ d.year, d.month, 1 }), c->wh, 0);
}

static mizo_err check_credit(watching *x)
{
    return forbidden(x, "grant-no-credit", x->g->today) ? claim_each(x->t->store, on_claim, x) : MIZO_OK;
}

/* ---- month by month ---- */

static bool by_meter(uint8_t q)
{
    return q == MIZO_QUALITY_MEASURED || q == MIZO_QUALITY_PROVISIONAL || q == MIZO_QUALITY_SIMULATED;
}

static mizo_err add_day(void *arg, const store_day *d)
{
    month_read *m = arg;
    int at = (d->day - m->from) * MIZO_DAY_SLOTS;
    if (at < 0 || at + MIZO_DAY_SLOTS > MONTH_SLOTS)
        return MIZO_OK;
    uint8_t q[MIZO_DAY_SLOTS];
    mizo_block b = { .n = MIZO_DAY_SLOTS, .v = m->v + at, .q = q };
    if (mizo_block_unpack(d->packed, d->len, &b))
        return MIZO_ESTORE;
    bool busy = false;
    for (int s = at; s < at + MIZO_DAY_SLOTS; s++) {
        if (m->v[s] == MIZO_MISSING)
            continue;
        m->wh += m->v[s];
        m->slots++;
        m->metered += by_meter(q[s - at]);
        busy |= m->v[s] > 0;
    }
    m->days++;
    m->busy += busy;
    return MIZO_OK;
}

static mizo_err read_month(const watching *x, const char *owner, uint8_t quantity, month_read *out)
{
    int32_t id;
    mizo_series_key key = { .quantity = quantity, .role = MIZO_ROLE_READING, .step_min = 30 };
    store *s = x->t->store;
    snprintf(key.owner, sizeof key.owner, "%s", owner);
    out->from = x->from;
    out->wh = 0;
    out->days = out->slots = out->busy = out->metered = 0;
    for (int i = 0; i < MONTH_SLOTS; i++)
        out->v[i] = MIZO_MISSING;
    mizo_err e = s->ops->series_id(s, &key, false, &id);
    if (e)
        return e == MIZO_ENOENT ? MIZO_OK : e;
    e = s->ops->days_of(s, id, x->from, x->to, STORE_LATEST, add_day, out);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static int64_t share_ppm(int64_t a, int64_t b)
{
    int64_t ppm = 0;
    return b > 0 && mizo_mul_div(a, MIZO_PPM, b, MIZO_ROUND_DOWN, &ppm) == MIZO_OK ? ppm : 0;
}

static const char *kind_of(const watching *x)
{
    mizo_ref f = mizo_region_facility(x->t->region, asset_of(x)->facility);
    return f < 0 ? "" : x->t->region->facility[f].kind;
}

/* All panels of a point in one month. */
static mizo_err read_panels(watching *x, mizo_ref point)
{
    const mizo_region *r = x->t->region;
    month_read *all = &x->panels;
    all->days = 0;
    for (int i = 0; i < MONTH_SLOTS; i++)
        all->v[i] = MIZO_MISSING;
    for (size_t i = 0; i < r->npv; i++) {
        if (r->pv[i].point != point)
            continue;
        MIZO_TRY(read_month(x, r->pv[i].id, MIZO_Q_GENERATION, &x->given));
        all->days = x->given.days > all->days ? x->given.days : all->days;
        for (int s = 0; s < MONTH_SLOTS; s++)
            if (x->given.v[s] != MIZO_MISSING)
                all->v[s] = (all->v[s] == MIZO_MISSING ? 0 : all->v[s]) + x->given.v[s];
    }
    return MIZO_OK;
}

/* Output less its part of what the point sent out in the half-hour: of several panels each by what it made. */
static mizo_wh used_of(const watching *x)
{
    mizo_wh used = 0;
    for (int s = 0; s < MONTH_SLOTS; s++) {
        int64_t made = x->made.v[s], sent = x->sent.v[s], all = x->panels.v[s], part = 0;
        if (made == MIZO_MISSING || made <= 0)
            continue;
        sent = sent == MIZO_MISSING || sent < 0 ? 0 : sent < all ? sent : all;
        if (mizo_mul_div(sent, made, all, MIZO_ROUND_UP, &part))
            part = made; /* cannot be: the part is not above it */
        used += made - part;
    }
    return used;
}

/* Is the output read, and how much of it does the plant's own point use? */
static mizo_err watch_pv(watching *x)
{
    const mizo_region *r = x->t->region;
    grant_asset *a = asset_of(x);
    const mizo_pv *pv = &r->pv[a->ref];
    int64_t rule, should = (int64_t)(x->to - x->from) * MIZO_DAY_SLOTS;
    MIZO_TRY(read_month(x, pv->id, MIZO_Q_GENERATION, &x->made));
    MIZO_TRY(read_month(x, r->point[pv->point].id, MIZO_Q_EXPORT, &x->sent));
    MIZO_TRY(read_panels(x, pv->point));
    mizo_wh used = used_of(x);
    a->made_wh += x->made.wh;
    a->used_wh += used;
    a->days += x->made.days;
    int64_t read = share_ppm(x->made.metered, should);
    if (grant_rule_on(x->t, "grant-metered", "", x->from, &rule) && read < rule)
        MIZO_TRY(find(x, GRANT_METERED, false, x->from, read, rule));
    if (x->made.wh <= 0 || !grant_rule_on(x->t, "grant-self-use", kind_of(x), x->from, &rule))
        return MIZO_OK;
    bool unknown = r->point[pv->point].export_allowed && x->sent.slots < x->made.slots;
    int64_t share = share_ppm(used, x->made.wh);
    return unknown || share < rule ? find(x, GRANT_SELF_USE, unknown, x->from, share, rule) : MIZO_OK;
}

/* Charge that the panels of the point covered, half-hour by half-hour. */
static mizo_wh covered(const month_read *charged, const month_read *made)
{
    mizo_wh sum = 0;
    for (int s = 0; s < MONTH_SLOTS; s++) {
        int32_t c = charged->v[s], m = made->v[s];
        if (c != MIZO_MISSING && m != MIZO_MISSING && c > 0 && m > 0)
            sum += c < m ? c : m;
    }
    return sum;
}

/* Where nobody reads the battery, its terms of control are what is known. */
static mizo_err watch_battery(watching *x)
{
    grant_asset *a = asset_of(x);
    const mizo_battery *b = &x->t->region->battery[a->ref];
    int64_t rule;
    MIZO_TRY(read_panels(x, b->point));
    MIZO_TRY(read_month(x, b->id, MIZO_Q_CHARGE, &x->charged));
    MIZO_TRY(read_month(x, b->id, MIZO_Q_DISCHARGE, &x->given));
    a->charged_wh += x->charged.wh;
    a->days += x->charged.days;
    if (x->charged.wh > 0 && grant_rule_on(x->t, "grant-pv-charged", "", x->from, &rule)) {
        int64_t share = share_ppm(covered(&x->charged, &x->panels), x->charged.wh);
        bool unknown = x->panels.days < x->charged.days;
        if (share < rule)
            MIZO_TRY(find(x, GRANT_PV_CHARGED, unknown, x->from, share, rule));
    }
    if (x->given.days == 0 || !grant_rule_on(x->t, "grant-cycles", "", x->from, &rule))
        return MIZO_OK;
    return x->given.busy < rule / 1000000
               ? find(x, GRANT_CYCLES, false, x->from, x->given.busy, rule / 1000000)
               : MIZO_OK;
}

static mizo_err watch_months(watching *x)
{
    const grant_asset *a = asset_of(x);
    int fy = x->g->fy;
    for (int m = 0; m < 12; m++) {
        x->from = mizo_date_day((mizo_date){ m < 9 ? fy : fy + 1, (m + 3) % 12 + 1, 1 });
        x->to = m == 11 ? mizo_fy_first(fy + 1)
                        : mizo_date_day((mizo_date){ m < 8 ? fy : fy + 1, (m + 4) % 12 + 1, 1 });
        bool held = a->acquired <= x->from && (a->disposed == MIZO_DAY_NONE || a->disposed >= x->to);
        if (held && x->to <= x->g->today)
            MIZO_TRY(a->thing == GRANT_PV ? watch_pv(x) : watch_battery(x));
    }
    return MIZO_OK;
}

/* A battery that may charge from the grid by its terms, and that nobody reads. */
static mizo_err check_terms(const watching *x)
{
    const grant_asset *a = asset_of(x);
    int64_t rule;
    if (a->days > 0 || x->t->region->battery[a->ref].own_pv_only ||
        !grant_rule_on(x->t, "grant-pv-charged", "", x->g->today, &rule))
        return MIZO_OK;
    return find(x, GRANT_PV_CHARGED, true, MIZO_DAY_NONE, 0, rule);
}

mizo_err grant_watch(town *t, office_grant *g, size_t asset)
{
    watching *x = calloc(1, sizeof *x);
    if (!x)
        return MIZO_ENOMEM;
    x->t = t;
    x->g = g;
    x->asset = asset;
    const grant_asset *a = asset_of(x);
    mizo_err e = check_kept(x);
    e = e ? e : check_tax(x);
    e = e ? e : check_ppa(x);
    e = e ? e : check_once(x);
    if (!e && a->thing == GRANT_PV) {
        e = check_fit(x);
        e = e ? e : check_credit(x);
    }
    if (!e && (a->thing == GRANT_PV || a->thing == GRANT_BATTERY))
        e = watch_months(x);
    if (!e && a->thing == GRANT_BATTERY)
        e = check_terms(x);
    free(x);
    return e;
}
