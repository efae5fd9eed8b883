/* office_grant.c: see office_grant.h. */
#include "town/office/office_grant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mizo/messages/yearly.h"

const char *const grant_fit_words[GRANT_FITS_COUNT] = { "fits",    "done",   "late", "begun-before-award",
                                                        "no-room", "undated" };
const char *const grant_rule_words[GRANT_RULES] = { "no-fit",      "self-use",   "metered",
                                                    "one-subsidy", "pv-charged", "kept" };

typedef struct asset {
    char id[MIZO_ID_MAX], asset[MIZO_ID_MAX];
    mizo_day acquired, disposed;
    int64_t grant_yen, keep_years;
    bool other;
} asset;

typedef struct making {
    town *t;
    office_grant *g;
    mizo_day today;
    int fy;
    int64_t self_use_ppm; /* -1: no rule */
    asset *asset;
    size_t nasset, cap;
} making;

static int64_t yen_of(const note *n, const char *field)
{
    int64_t v = 0;
    const char *s = note_get(n, field);
    return *s && mizo_decimal_parse(s, strlen(s), 0, &v) == MIZO_OK ? v : 0;
}

static int fy_of(const note *n)
{
    int fy = 0;
    const char *s = note_get(n, "fy");
    return mizo_fy_parse(s, strlen(s), &fy) ? 0 : fy;
}

/* ---- rules ---- */

static int64_t rule(making *x, const char *name, int64_t unit, int64_t otherwise)
{
    char day[MIZO_DATE_TEXT];
    const mizo_param *p = mizo_param_on(x->t->region, name, "", x->today);
    if (p)
        return p->value_e6 / unit;
    mizo_day_text(x->today, day);
    MIZO_DIAG(x->t->diags, GRANT_NO_RULE, MIZO_AT("params.csv", 0, 0), name, day);
    return otherwise;
}

static void read_rules(making *x)
{
    office_grant *g = x->g;
    g->cap_yen = rule(x, "grant-cap", 1000000, -1);
    g->first_fy = (int)rule(x, "grant-first-fy", 1000000, 0);
    g->last_fy = (int)rule(x, "grant-last-fy", 1000000, 9998);
    x->self_use_ppm = rule(x, "grant-self-use", 1, -1);
}

/* ---- years and jobs ---- */

static grant_year *year_at(office_grant *g, int fy)
{
    for (int i = 0; i < g->nyear; i++)
        if (g->year[i].fy == fy)
            return &g->year[i];
    if (g->nyear == GRANT_YEARS)
        return NULL;
    int i = g->nyear++;
    for (; i > 0 && g->year[i - 1].fy > fy; i--)
        g->year[i] = g->year[i - 1];
    g->year[i] = (grant_year){ .fy = fy };
    return &g->year[i];
}

static mizo_err add_grant(void *arg, const note *n)
{
    making *x = arg;
    office_grant *g = x->g;
    int fy = fy_of(n);
    grant_year *y = year_at(g, fy);
    int64_t award = yen_of(n, "award_yen"), asked = yen_of(n, "asked_yen");
    if (!y)
        return MIZO_ERANGE;
    y->jobs++;
    y->cost_yen += yen_of(n, "cost_yen");
    y->asked_yen += asked;
    y->award_yen += award;
    y->spent_yen += yen_of(n, "spent_yen");
    y->saved_kg += yen_of(n, "saved_kg");
    g->award_yen += award;
    g->spent_yen += yen_of(n, "spent_yen");
    MIZO_TRY(array_grow(&g->job, &g->job_cap, g->njob + 1, sizeof *g->job));
    grant_job *j = &g->job[g->njob++];
    *j = (grant_job){ .fy = fy, .want_yen = award ? award : asked, .fit = GRANT_FITS };
    memcpy(j->id, n->id, sizeof j->id);
    mizo_day awarded = note_day(n, "awarded"), start = note_day(n, "start"), finish = note_day(n, "finish");
    if (yen_of(n, "spent_yen") > 0 && finish != MIZO_DAY_NONE && finish <= x->today)
        j->fit = GRANT_DONE;
    else if (start == MIZO_DAY_NONE || finish == MIZO_DAY_NONE)
        j->fit = GRANT_UNDATED;
    else if (fy > g->last_fy || fy < g->first_fy || finish >= mizo_fy_first(fy + 1))
        j->fit = GRANT_LATE;
    else if (awarded != MIZO_DAY_NONE ? start < awarded : start <= x->today)
        j->fit = GRANT_TOO_EARLY;
    return MIZO_OK;
}

/* In the order of their ids, what is asked and not yet awarded goes into what the cap leaves. */
static void fill_cap(making *x, const int64_t *asked)
{
    office_grant *g = x->g;
    int64_t room = g->cap_yen - g->award_yen;
    g->left_yen = g->cap_yen < 0 ? 0 : room;
    for (size_t i = 0; i < g->njob && g->cap_yen >= 0; i++) {
        if (g->job[i].fit != GRANT_FITS || asked[i] == 0)
            continue;
        if (asked[i] > room)
            g->job[i].fit = GRANT_NO_ROOM;
        else
            room -= asked[i];
    }
    if (g->cap_yen >= 0 && g->award_yen > g->cap_yen) {
        char first[16], last[16], sum[MIZO_NUM_TEXT], cap[MIZO_NUM_TEXT];
        snprintf(first, sizeof first, "%d", g->first_fy);
        snprintf(last, sizeof last, "%d", g->last_fy);
        mizo_grouped_text(g->award_yen, sum);
        mizo_grouped_text(g->cap_yen, cap);
        MIZO_DIAG(x->t->diags, GRANT_CAP, MIZO_NOWHERE, first, last, sum, cap);
    }
}

typedef struct asking {
    int64_t *v;
    size_t n;
} asking;

static mizo_err note_asked(void *arg, const note *n)
{
    asking *a = arg;
    a->v[a->n++] = yen_of(n, "award_yen") ? 0 : yen_of(n, "asked_yen");
    return MIZO_OK;
}

static mizo_err fit_jobs(making *x)
{
    asking a = { calloc(x->g->njob + 1, sizeof *a.v), 0 };
    mizo_err e = a.v ? note_scan(x->t, office_kind("grant"), note_asked, &a) : MIZO_ENOMEM;
    if (!e)
        fill_cap(x, a.v);
    free(a.v);
    return e;
}

/* ---- what was bought ---- */

static mizo_err add_asset(void *arg, const note *n)
{
    making *x = arg;
    MIZO_TRY(array_grow(&x->asset, &x->cap, x->nasset + 1, sizeof *x->asset));
    asset *a = &x->asset[x->nasset++];
    *a = (asset){ .acquired = note_day(n, "acquired"),
                  .disposed = note_day(n, "disposed"),
                  .grant_yen = yen_of(n, "grant_yen"),
                  .keep_years = yen_of(n, "keep_years"),
                  .other = *note_get(n, "other_subsidy") != '\0' };
    memcpy(a->id, n->id, sizeof a->id);
    snprintf(a->asset, sizeof a->asset, "%s", note_get(n, "asset"));
    return MIZO_OK;
}

static mizo_err find(making *x, const asset *a, grant_rule r, bool unknown, mizo_day month, int64_t is,
                     int64_t should)
{
    office_grant *g = x->g;
    MIZO_TRY(array_grow(&g->finding, &g->finding_cap, g->nfinding + 1, sizeof *g->finding));
    grant_finding *f = &g->finding[g->nfinding++];
    *f = (grant_finding){ .rule = r, .unknown = unknown, .month = month, .is = is, .should = should };
    memcpy(f->id, a->id, sizeof f->id);
    memcpy(f->asset, a->asset, sizeof f->asset);
    return MIZO_OK;
}

/* Disposed of before its years are over: the grant by the days that were left, rounded down to a yen. */
static mizo_err check_kept(making *x, const asset *a)
{
    mizo_date d = mizo_day_date(a->acquired);
    d.year += (int)a->keep_years;
    if (!mizo_date_valid(d)) /* 29 February */
        d.day = 28;
    mizo_day until = mizo_date_day(d);
    int64_t back = 0;
    if (a->disposed == MIZO_DAY_NONE || a->disposed >= until || until <= a->acquired)
        return MIZO_OK;
    MIZO_TRY(mizo_mul_div(a->grant_yen, until - a->disposed, until - a->acquired, MIZO_ROUND_DOWN, &back));
    x->g->return_yen += back;
    return find(x, a, GRANT_KEPT, false, MIZO_DAY_NONE, back, a->grant_yen);
}

static mizo_err check_once(making *x, const asset *a)
{
    bool twice = a->other;
    for (const asset *b = x->asset; b < a; b++)
        twice |= strcmp(a->asset, b->asset) == 0;
    return twice ? find(x, a, GRANT_ONE_SUBSIDY, false, MIZO_DAY_NONE, 2, 1) : MIZO_OK;
}

/* ---- month by month ---- */

typedef struct flow {
    mizo_wh wh;
    int days, slots;
} flow;

static mizo_err add_day(void *arg, const store_day *d)
{
    flow *f = arg;
    int32_t v[MIZO_DAY_SLOTS];
    mizo_block b = { .n = MIZO_DAY_SLOTS, .v = v, .q = NULL };
    if (mizo_block_unpack(d->packed, d->len, &b))
        return MIZO_ESTORE;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        if (v[s] != MIZO_MISSING) {
            f->wh += v[s];
            f->slots++;
        }
    f->days++;
    return MIZO_OK;
}

static mizo_err sum_days(making *x, const char *owner, uint8_t quantity, mizo_day from, mizo_day to,
                         flow *out)
{
    int32_t id;
    mizo_series_key key = { .quantity = quantity, .role = MIZO_ROLE_READING, .step_min = 30 };
    snprintf(key.owner, sizeof key.owner, "%s", owner);
    *out = (flow){ 0 };
    mizo_err e = x->t->store->ops->series_id(x->t->store, &key, false, &id);
    if (e == MIZO_ENOENT)
        return MIZO_OK;
    MIZO_TRY(e);
    e = x->t->store->ops->days_of(x->t->store, id, from, to, STORE_LATEST, add_day, out);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* A month of a plant: are its readings there, and how much does its own point use? */
static mizo_err check_month(making *x, const asset *a, const mizo_pv *pv, mizo_day from, mizo_day to)
{
    flow made, sent;
    MIZO_TRY(sum_days(x, pv->id, MIZO_Q_GENERATION, from, to, &made));
    MIZO_TRY(sum_days(x, x->t->region->point[pv->point].id, MIZO_Q_EXPORT, from, to, &sent));
    if (made.slots < (to - from) * MIZO_DAY_SLOTS)
        MIZO_TRY(find(x, a, GRANT_METERED, false, from, made.days, to - from));
    if (x->self_use_ppm < 0 || made.wh <= 0)
        return MIZO_OK;
    int64_t used = 0, out = sent.wh < made.wh ? sent.wh : made.wh;
    MIZO_TRY(mizo_mul_div(made.wh - out, MIZO_PPM, made.wh, MIZO_ROUND_DOWN, &used));
    if (sent.days < made.days)
        return find(x, a, GRANT_SELF_USE, true, from, used, x->self_use_ppm);
    return used < x->self_use_ppm ? find(x, a, GRANT_SELF_USE, false, from, used, x->self_use_ppm) : MIZO_OK;
}

static mizo_err check_pv(making *x, const asset *a, const mizo_pv *pv)
{
    if (pv->fit)
        MIZO_TRY(find(x, a, GRANT_NO_FIT, false, MIZO_DAY_NONE, 1, 0));
    for (int m = 0; m < 12; m++) {
        mizo_day from = mizo_date_day((mizo_date){ m < 9 ? x->fy : x->fy + 1, (m + 3) % 12 + 1, 1 });
        mizo_day to = m == 11 ? mizo_fy_first(x->fy + 1)
                              : mizo_date_day((mizo_date){ m < 8 ? x->fy : x->fy + 1, (m + 4) % 12 + 1, 1 });
        bool held = a->acquired <= from && (a->disposed == MIZO_DAY_NONE || a->disposed >= to);
        if (held && to <= x->today)
            MIZO_TRY(check_month(x, a, pv, from, to));
    }
    return MIZO_OK;
}

static const mizo_battery *battery_of(const mizo_region *r, const char *id)
{
    for (size_t i = 0; i < r->nbattery; i++)
        if (strcmp(r->battery[i].id, id) == 0)
            return &r->battery[i];
    return NULL;
}

static mizo_err check_asset(making *x, const asset *a)
{
    const mizo_region *r = x->t->region;
    mizo_ref pv = mizo_region_pv(r, a->asset);
    const mizo_battery *b = battery_of(r, a->asset);
    MIZO_TRY(check_kept(x, a));
    MIZO_TRY(check_once(x, a));
    if (b && !b->own_pv_only)
        MIZO_TRY(find(x, a, GRANT_PV_CHARGED, false, MIZO_DAY_NONE, 0, 1));
    return pv >= 0 ? check_pv(x, a, &r->pv[pv]) : MIZO_OK;
}

/* ---- the act ---- */

static mizo_err make(making *x)
{
    read_rules(x);
    MIZO_TRY(note_scan(x->t, office_kind("grant"), add_grant, x));
    MIZO_TRY(fit_jobs(x));
    MIZO_TRY(note_scan(x->t, office_kind("grant-asset"), add_asset, x));
    for (size_t i = 0; i < x->nasset; i++)
        MIZO_TRY(check_asset(x, &x->asset[i]));
    x->g->assets = (int64_t)x->nasset;
    return MIZO_OK;
}

mizo_err office_grant_make(town *t, int fy, mizo_day today, office_grant *out)
{
    making x = { .t = t, .g = out, .today = today, .fy = fy };
    *out = (office_grant){ 0 };
    mizo_err e = make(&x);
    free(x.asset);
    if (e)
        office_grant_free(out);
    return e;
}

void office_grant_free(office_grant *g)
{
    free(g->job);
    free(g->finding);
    g->job = NULL;
    g->finding = NULL;
    g->njob = g->nfinding = 0;
}
