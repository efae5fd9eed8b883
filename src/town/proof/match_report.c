/* match_report.c: see match_report.h. */
#include "town/proof/match_report.h"

#include <stdlib.h>
#include <string.h>

#include "town/proof/achievement.h"
#include "town/proof/claim.h"

int32_t match_rate_bp(mizo_wh a, mizo_wh b)
{
    int64_t bp = 0;
    if (b <= 0 || mizo_mul_div(a, 10000, b, MIZO_ROUND_HALF_UP, &bp) || bp > INT32_MAX)
        return 0;
    return (int32_t)bp;
}

mizo_err match_each_day(store *s, const mizo_region *r, mizo_day from, mizo_day to, mizo_ms as_of,
                        mizo_err (*fn)(void *, match_town *, const match_today *), void *arg)
{
    settle_reader *k = NULL;
    match_town *t = NULL;
    mizo_err err = match_town_new(r, &t);
    if (!err)
        err = settle_reader_new(s, r, &k);
    if (!err)
        settle_reader_as_of(k, as_of);
    for (mizo_day day = from - MATCH_WARM; day < to && !err; day++) {
        const settle_day *in;
        const match_today *d;
        err = env_interrupted() ? MIZO_ECANCELED : settle_read(k, day, &in);
        if (!err)
            err = match_town_day(t, in, &d);
        if (!err && !d->empty && day >= from)
            err = fn(arg, t, d);
    }
    settle_reader_free(k);
    match_town_free(t);
    return err;
}

/* ---- a day into the sums ---- */

static mizo_wh sum48(const int32_t v[48])
{
    mizo_wh sum = 0;
    for (int s = 0; s < 48; s++)
        sum += v[s];
    return sum;
}

static void add(match_sum *to, const match_sum *x)
{
    to->load += x->load;
    to->import += x->import;
    to->own += x->own;
    to->menu += x->menu;
    to->matched += x->matched;
    to->local += x->local;
    to->battery += x->battery;
    to->fit += x->fit;
    to->fossil += x->fossil;
    to->claimed += x->claimed;
}

typedef struct making {
    match_report *m;
    mizo_matcher *matcher;
    mizo_wh (*far)[2]; /* [npoint] taken of the day: from the town, from outside */
} making;

/* Of a pool with plants of both sides, what each consumer got from the town: by the rule of who fed whom, the town's
 * sources first and as one. */
static mizo_err split_far(making *x, const match_pool *p, const match_source *source)
{
    size_t n = p->m.nconsumer;
    int64_t *v = malloc((3 * n + 2) * sizeof *v);
    mizo_err err = v ? MIZO_OK : MIZO_ENOMEM;
    for (int s = 0; s < 48 && !err; s++) {
        int64_t given[2] = { 0 };
        for (size_t i = 0; i < p->m.nsource; i++)
            given[source[p->m.source[i].row].origin == MIZO_ORIGIN_OUTSIDE] += p->m.given[i][s];
        for (size_t j = 0; j < n; j++)
            v[j] = p->m.taken[j][s];
        err = mizo_match_pairs(x->matcher, given, 2, v, n, v + n);
        for (size_t j = 0; j < n && !err; j++) {
            x->far[p->m.consumer[j].row][0] += v[n + j];
            x->far[p->m.consumer[j].row][1] += v[2 * n + j];
        }
    }
    free(v);
    return err;
}

static mizo_err share_far(making *x, const match_today *d)
{
    memset(x->far, 0, d->npoint * sizeof *x->far);
    for (size_t k = 0; k < d->npool; k++) {
        const match_pool *p = &d->pool[MATCH_RE][k];
        bool side[2] = { false, false };
        for (size_t i = 0; i < p->m.nsource; i++)
            side[d->source[p->m.source[i].row].origin == MIZO_ORIGIN_OUTSIDE] = true;
        if (side[0] && side[1]) {
            MIZO_TRY(split_far(x, p, d->source));
            continue;
        }
        for (size_t j = 0; j < p->m.nconsumer; j++)
            x->far[p->m.consumer[j].row][side[1]] += sum48(p->m.taken[j]);
    }
    return MIZO_OK;
}

/* One point on one day. What was charged counts when it comes out, with what it came from unknown but renewable. */
static match_sum sum_point(const making *x, const match_today *d, size_t i, int32_t menu_ppm)
{
    match_sum v = { .load = sum48(d->load[i]), .import = sum48(d->need[i]), .own = sum48(d->own_point[i]) };
    mizo_wh battery = sum48(d->site[i]) + sum48(d->taken[MATCH_STORED][i]);
    mizo_wh charged = sum48(d->in_own[i]) + sum48(d->in_pool[i]), taken = sum48(d->taken[MATCH_RE][i]);
    v.battery = battery;
    v.matched = v.own + taken - charged + battery;
    mizo_wh outside = x->far[i][1] < v.matched ? x->far[i][1] : v.matched;
    v.local = v.matched - outside;
    v.fit = sum48(d->taken[MATCH_FIT][i]);
    v.fossil = sum48(d->taken[MATCH_FOSSIL][i]);
    int64_t green = 0;
    if (mizo_mul_div(v.import, menu_ppm, MIZO_PPM, MIZO_ROUND_DOWN, &green))
        green = 0; /* cannot be: a share */
    v.menu = v.own + green;
    return v;
}

static void sum_sources(match_report *m, const match_today *d)
{
    for (size_t i = 0; i < d->nsource; i++) {
        mizo_wh own = sum48(d->own[i]);
        m->made[MIZO_ORIGIN_OWN] += own;
        m->given[MIZO_ORIGIN_OWN] += own;
        m->made[d->source[i].origin] += sum48(d->offer[MATCH_RE][i]);
        m->made_fit += sum48(d->offer[MATCH_FIT][i]);
        m->made_fossil += sum48(d->offer[MATCH_FOSSIL][i]);
        if (d->source[i].point >= 0)
            m->unread[d->source[i].point] += d->source[i].unread;
    }
    for (size_t k = 0; k < d->npool; k++) {
        const match_pool *p = &d->pool[MATCH_RE][k];
        for (size_t i = 0; i < p->m.nsource; i++)
            m->given[d->source[p->m.source[i].row].origin] += sum48(p->m.given[i]);
    }
    for (size_t i = 0; i < d->nout; i++)
        m->lost += d->out[i].re_lost;
    for (size_t i = 0; i < d->npoint; i++)
        m->stored += sum48(d->in_own[i]) + sum48(d->in_pool[i]) - sum48(d->released[i]);
}

static mizo_err on_day(void *arg, match_town *t, const match_today *d)
{
    making *x = arg;
    match_report *m = x->m;
    const mizo_region *r = m->region;
    (void)t;
    mizo_wh rest = 0;
    m->days_read++;
    MIZO_TRY(share_far(x, d));
    sum_sources(m, d);
    MIZO_TRY(match_flow_add(&m->flow, d, 0, MIZO_DAY_SLOTS));
    for (size_t i = 0; i < r->npoint; i++) {
        mizo_ref menu = mizo_region_menu_on(r, (mizo_ref)i, d->day),
                 c = mizo_contract_on(r, (mizo_ref)i, d->day);
        match_sum v = sum_point(x, d, i, menu < 0 ? 0 : r->menu[menu].renewable_ppm);
        rest += v.load - v.matched;
        add(&m->point[i], &v);
        add(menu < 0 ? &m->rest : &m->menu[menu], &v);
        if (c >= 0)
            add(&m->party[r->contract[c].party], &v);
    }
    return residual_add(&m->residual, r, d->day, rest > 0 ? rest : 0);
}

/* ---- facilities: a point's Wh over its uses by their shares, the largest remainder ---- */

enum { FIELDS = sizeof(match_sum) / sizeof(mizo_wh) };

static mizo_err split_point(match_report *m, mizo_ref point, const mizo_ref *use, const int64_t *weight,
                            size_t n, int64_t *out)
{
    const mizo_wh *from = (const mizo_wh *)&m->point[point];
    for (size_t k = 0; k < FIELDS; k++) {
        MIZO_TRY(mizo_split(from[k], weight, n, out));
        for (size_t i = 0; i < n; i++)
            ((mizo_wh *)&m->facility[m->region->use[use[i]].facility])[k] += out[i];
    }
    return MIZO_OK;
}

/* Weights: share x days of the stretch on which the use holds. */
static mizo_err split_points(match_report *m)
{
    const mizo_region *r = m->region;
    mizo_ref *use = malloc((r->nuse + 1) * sizeof *use);
    int64_t *weight = malloc((2 * r->nuse + 2) * sizeof *weight);
    mizo_err err = use && weight ? MIZO_OK : MIZO_ENOMEM;
    for (size_t p = 0; p < r->npoint && !err; p++) {
        size_t n = 0;
        int64_t all = 0;
        for (size_t i = 0; i < r->nuse; i++) {
            const mizo_use *u = &r->use[i];
            mizo_day from = u->from > m->from ? u->from : m->from, to = u->to < m->to ? u->to : m->to;
            if (u->point != (mizo_ref)p || from >= to)
                continue;
            use[n] = (mizo_ref)i;
            all += weight[n] = (int64_t)u->share_ppm * (to - from);
            n++;
        }
        if (n && all)
            err = split_point(m, (mizo_ref)p, use, weight, n, weight + r->nuse + 1);
    }
    free(use);
    free(weight);
    return err;
}

/* ---- the four variants ---- */

/* The plan's demand: of the year, else of the year nearest to it. */
static mizo_wh fixed_demand(match_report *m)
{
    const mizo_region *r = m->region;
    const mizo_published *best = NULL;
    for (size_t i = 0; i < r->npublished; i++) {
        const mizo_published *p = &r->published[i];
        if (strcmp(p->item, "demand") || strcmp(p->unit, "kWh") || strcmp(p->exactness, "rounded") == 0)
            continue;
        if (!best || abs(p->fy - m->fy) < abs(best->fy - m->fy))
            best = p;
    }
    m->fixed_fy = best ? best->fy : 0;
    return best ? best->value_e6 / 1000 : 0; /* kWh, so Wh */
}

static mizo_wh saving_of(const match_report *m)
{
    const mizo_published *p = mizo_published_on(m->region, m->fy, "saving", MIZO_DAY_NONE);
    if (!p || strcmp(p->unit, "kWh") || strcmp(p->exactness, "rounded") == 0)
        return 0;
    return (p->value_e6 < 0 ? -p->value_e6 : p->value_e6) / 1000;
}

static mizo_err make_variants(store *s, mizo_ms as_of, match_report *m)
{
    achievement_own own = { 0 };
    mizo_err err = achievement_of_year(s, m->region, m->fy, as_of, &own);
    if (err && err != MIZO_ERANGE)
        return err;
    mizo_wh saving = saving_of(m), demand[2] = { fixed_demand(m), own.a.demand_wh + saving },
            supply[2] = { 0 };
    achievement_free(&own);
    for (int o = 0; o < MIZO_ORIGINS; o++)
        supply[MATCH_WASTE_BIOGENIC] += m->made[o];
    supply[MATCH_WASTE_FULL] = supply[MATCH_WASTE_BIOGENIC] + m->made_fossil;
    for (int w = 0; w < 2; w++)
        for (int k = 0; k < 2; k++) {
            match_variant *v = &m->variant[w][k];
            *v = (match_variant){ .known = demand[k] > 0, .saving = saving, .demand = demand[k] };
            v->supply = supply[w] < demand[k] ? supply[w] : demand[k];
            v->rate_bp = match_rate_bp(v->supply + saving, demand[k]);
        }
    return MIZO_OK;
}

/* ---- what the journal has ---- */

static mizo_err on_balance(void *arg, const char *account, const char *unit, mizo_day day, int64_t total,
                           const int64_t *slots)
{
    match_report *m = arg;
    (void)slots;
    if (day >= m->from && day < m->to && strcmp(unit, "Wh-re") == 0 && strncmp(account, "use:", 4) == 0)
        m->booked += total;
    return MIZO_OK;
}

/* ---- the whole ---- */

static mizo_err room(const mizo_region *r, making *x)
{
    match_report *m = x->m;
    m->point = calloc(r->npoint + 1, sizeof *m->point);
    m->facility = calloc(r->nfacility + 1, sizeof *m->facility);
    m->menu = calloc(r->nmenu + 1, sizeof *m->menu);
    m->party = calloc(r->nparty + 1, sizeof *m->party);
    m->unread = calloc(r->npoint + 1, sizeof *m->unread);
    x->far = calloc(r->npoint + 1, sizeof *x->far);
    x->matcher = mizo_matcher_new();
    bool all = m->point && m->facility && m->menu && m->party && m->unread && x->far && x->matcher;
    return all ? match_flow_new(r, m->from, &m->flow) : MIZO_ENOMEM;
}

static void days_of(int fy, int month, match_report *m)
{
    int year = month && month < 4 ? fy + 1 : fy;
    m->from = month ? mizo_date_day((mizo_date){ year, month, 1 }) : mizo_fy_first(fy);
    m->to = month ? m->from + mizo_month_days(year, month) : mizo_fy_first(fy + 1);
    m->days = m->to - m->from;
}

static mizo_err fill(store *s, making *x, int month, mizo_ms as_of)
{
    match_report *m = x->m;
    const mizo_region *r = m->region;
    MIZO_TRY(room(r, x));
    MIZO_TRY(match_each_day(s, r, m->from, m->to, as_of, on_day, x));
    MIZO_TRY(claim_sums(s, r, m->from, m->to, as_of, m->point));
    for (size_t i = 0; i < r->npoint; i++)
        add(&m->town, &m->point[i]);
    MIZO_TRY(split_points(m));
    for (int o = 0; o < MIZO_ORIGINS; o++)
        m->unclaimed += m->made[o] - m->given[o];
    mizo_wh rest = m->town.load - m->town.matched + m->town.claimed;
    MIZO_TRY(residual_end(&m->residual, rest > 0 ? rest : 0));
    m->stored -= m->lost;
    m->booked_known = as_of == STORE_LATEST;
    if (m->booked_known)
        MIZO_TRY(s->ops->balance_scan(s, m->from, m->to - 1, on_balance, m));
    return month ? MIZO_OK : make_variants(s, as_of, m);
}

mizo_err match_report_make(store *s, const mizo_region *r, int fy, int month, mizo_ms as_of,
                           match_report *out)
{
    *out = (match_report){ .region = r, .fy = fy };
    days_of(fy, month, out);
    making x = { .m = out };
    mizo_err err = fill(s, &x, month, as_of);
    free(x.far);
    mizo_matcher_free(x.matcher);
    if (err)
        match_report_free(out);
    return err;
}

void match_report_free(match_report *m)
{
    free(m->point);
    free(m->facility);
    free(m->menu);
    free(m->party);
    free(m->unread);
    match_flow_free(&m->flow);
    m->point = m->facility = m->menu = m->party = NULL;
    m->unread = NULL;
}
