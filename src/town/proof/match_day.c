/* match_day.c: see match_day.h. Rows of a day, its pools, and the passes through them. */
#include "town/proof/match_day.h"

#include <stdlib.h>
#include <string.h>

#include "town/proof/match_store.h"

static const char *const units[] = {
#define X(name, unit) unit,
    MATCH_ATTRIBUTES(X)
#undef X
};

const char *match_unit(match_attribute a)
{
    return units[a];
}

struct match_town {
    const mizo_region *region;
    mizo_matcher *matcher;
    match_source *source; /* by id */
    size_t nsource, npool, nrow;
    mizo_stock *stock;      /* [npoint] */
    match_row *room;        /* all rows of `today` */
    mizo_match_row *member; /* [npool][sources, points, points for batteries] */
    match_pool *base;       /* [today.npool] members without results */
    mizo_day since, until;  /* of these members */
    match_row *left;        /* [nsource + npoint] working copies */
    match_row *result;      /* [MATCH_COUNT][npool][sources or points, then points] */
    match_today today;
};

static bool valid_on(mizo_day from, mizo_day to, mizo_day day)
{
    return day >= from && day < to;
}

static int32_t known(int32_t v)
{
    return v == MIZO_MISSING || v < 0 ? 0 : v;
}

/* ---- room ---- */

static int by_id(const void *a, const void *b)
{
    return strcmp(((const match_source *)a)->id, ((const match_source *)b)->id);
}

static mizo_err list_sources(match_town *t)
{
    const mizo_region *r = t->region;
    t->source = calloc(r->nplant + r->npoint + 1, sizeof *t->source);
    if (!t->source)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < r->nplant; i++) {
        const mizo_plant *p = &r->plant[i];
        mizo_origin o = p->outside                         ? MIZO_ORIGIN_OUTSIDE
                        : p->carrier == MIZO_CARRIER_WASTE ? MIZO_ORIGIN_WASTE
                                                           : MIZO_ORIGIN_TOWN;
        t->source[t->nsource++] =
            (match_source){ .id = p->id, .plant = (mizo_ref)i, .point = -1, .origin = o };
    }
    for (size_t i = 0, first; i < r->npoint; i++)
        if (mizo_region_pv_of(r, (mizo_ref)i, &first))
            t->source[t->nsource++] = (match_source){
                .id = r->point[i].id, .plant = -1, .point = (mizo_ref)i, .origin = MIZO_ORIGIN_TOWN
            };
    qsort(t->source, t->nsource, sizeof *t->source, by_id);
    return MIZO_OK;
}

/* Rows one after another out of the one block. */
static match_row *next(match_row **at, size_t n)
{
    match_row *p = *at;
    *at += n;
    return p;
}

static void lay_out(match_town *t)
{
    size_t ns = t->nsource, np = t->region->npoint;
    match_today *d = &t->today;
    match_row *at = t->room;
    for (int a = 0; a < MATCH_COUNT; a++) {
        d->offer[a] = next(&at, a == MATCH_STORED ? np : ns);
        d->taken[a] = next(&at, np);
    }
    d->own = next(&at, ns);
    match_row **of_point[] = { &d->need,    &d->own_point, &d->in_own, &d->in_pool,
                               &d->in_grid, &d->released,  &d->site,   &d->load };
    for (size_t i = 0; i < sizeof of_point / sizeof *of_point; i++)
        *of_point[i] = next(&at, np);
}

mizo_err match_town_new(const mizo_region *r, match_town **out)
{
    match_town *t = calloc(1, sizeof *t);
    *out = t;
    if (!t)
        return MIZO_ENOMEM;
    t->region = r;
    mizo_err err = list_sources(t);
    if (err) {
        match_town_free(t);
        *out = NULL;
        return err;
    }
    size_t ns = t->nsource, np = r->npoint;
    t->npool = r->npool ? r->npool : 1;
    t->nrow = (MATCH_COUNT - 1) * ns + np + MATCH_COUNT * np + ns + 8 * np;
    t->matcher = mizo_matcher_new();
    t->stock = calloc(np + 1, sizeof *t->stock);
    t->room = calloc(t->nrow + 1, sizeof *t->room);
    t->left = calloc(ns + 2 * np + 1, sizeof *t->left);
    t->member = calloc(t->npool * (ns + 2 * np) + 1, sizeof *t->member);
    t->result = calloc(MATCH_COUNT * t->npool * (ns + 2 * np) + 1, sizeof *t->result);
    t->base = calloc(t->npool, sizeof *t->base);
    bool all = t->base && t->matcher && t->stock && t->room && t->left && t->member && t->result;
    for (int a = 0; a < MATCH_COUNT; a++)
        all = (t->today.pool[a] = calloc(t->npool, sizeof *t->today.pool[a])) && all;
    if (!all) {
        match_town_free(t);
        *out = NULL;
        return MIZO_ENOMEM;
    }
    lay_out(t);
    t->today.source = t->source;
    t->today.nsource = ns;
    t->today.npoint = np;
    match_store_limits(r, t->stock);
    return MIZO_OK;
}

void match_town_free(match_town *t)
{
    if (!t)
        return;
    for (size_t i = 0; t->stock && i < t->region->npoint; i++)
        mizo_stock_free(&t->stock[i]);
    for (int a = 0; a < MATCH_COUNT; a++)
        free(t->today.pool[a]);
    mizo_matcher_free(t->matcher);
    free(t->source);
    free(t->stock);
    free(t->room);
    free(t->left);
    free(t->member);
    free(t->base);
    free(t->result);
    free(t->today.out);
    free(t);
}

mizo_stock *match_town_stock(match_town *t, mizo_ref point)
{
    return &t->stock[point];
}

/* ---- what the readings say ---- */

/* Waste gives its biogenic part with value and the rest without; FIT power has none. */
static void add_plant(const match_town *t, const settle_day *in, size_t k)
{
    const mizo_plant *p = &t->region->plant[t->source[k].plant];
    const match_today *d = &t->today;
    int32_t ppm = mizo_region_biogenic(t->region, t->source[k].plant, in->day);
    for (int s = 0; s < MIZO_DAY_SLOTS && valid_on(p->from, p->to, in->day); s++) {
        int32_t made = known(in->plant[t->source[k].plant][s]);
        int32_t re = (int32_t)((int64_t)made * ppm / MIZO_PPM);
        d->offer[p->fit ? MATCH_FIT : MATCH_RE][k][s] = re;
        d->offer[MATCH_FOSSIL][k][s] = made - re;
    }
}

/* One panel under FIT is enough: the meter cannot tell one surplus from another. */
static bool under_fit(const mizo_region *r, mizo_ref point)
{
    size_t first, n = mizo_region_pv_of(r, point, &first);
    for (size_t i = 0; i < n; i++)
        if (r->pv[first + i].fit)
            return true;
    return false;
}

/* A roof gives what it made: first to its own house, what left through the meter to the town. Where no reading says what
 * left, all of it counts as used there, and is counted as unread. */
static void add_roof(match_town *t, const settle_day *in, size_t k)
{
    mizo_ref point = t->source[k].point;
    const mizo_point *p = &t->region->point[point];
    const match_today *d = &t->today;
    match_attribute a = under_fit(t->region, point) ? MATCH_FIT : MATCH_RE;
    t->source[k].unread = 0;
    for (int s = 0; s < MIZO_DAY_SLOTS && valid_on(p->from, p->to, in->day); s++) {
        int32_t made = known(in->pv[point][s]), out = known(in->export[point][s]);
        t->source[k].unread += made > 0 && in->export[point][s] == MIZO_MISSING;
        d->offer[a][k][s] = out < made ? out : made;
        d->own[k][s] = d->own_point[point][s] = made - d->offer[a][k][s];
    }
}

static bool any_row(const match_row *rows, size_t n)
{
    for (size_t i = 0; rows && i < n; i++)
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            if (rows[i][s] != MIZO_MISSING)
                return true;
    return false;
}

static void read_rows(match_town *t, const settle_day *in)
{
    const mizo_region *r = t->region;
    match_today *d = &t->today;
    memset(t->room, 0, t->nrow * sizeof *t->room);
    d->day = in->day;
    d->nout = 0;
    d->empty =
        !any_row(in->plant, r->nplant) && !any_row(in->import, r->npoint) && !any_row(in->pv, r->npoint);
    for (size_t k = 0; k < t->nsource; k++) {
        if (t->source[k].plant >= 0)
            add_plant(t, in, k);
        else
            add_roof(t, in, k);
    }
    for (size_t i = 0; i < r->npoint; i++)
        for (int s = 0; s < MIZO_DAY_SLOTS && valid_on(r->point[i].from, r->point[i].to, in->day); s++) {
            d->need[i][s] = known(in->import[i][s]);
            d->load[i][s] = d->need[i][s] + d->own_point[i][s];
        }
}

/* ---- members of the pools on the day ---- */

static bool is_source(const match_source *s, const mizo_pool_member *m)
{
    static const char *const origin[] = { "", "waste", "in-town", "out-of-town" };
    return m->by == MIZO_BY_ALL || (m->by == MIZO_BY_ORIGIN && strcmp(m->value, origin[s->origin]) == 0) ||
           (m->by == MIZO_BY_SOURCE && strcmp(m->value, s->id) == 0);
}

static bool is_used_by(const mizo_region *r, mizo_ref point, mizo_day day, const mizo_pool_member *m)
{
    for (size_t i = 0; i < r->nuse; i++) {
        const mizo_use *u = &r->use[i];
        if (u->point != point || !valid_on(u->from, u->to, day))
            continue;
        const mizo_facility *f = &r->facility[u->facility];
        const char *group = f->group == MIZO_GROUP_PUBLIC ? "public" : "private";
        if (strcmp(m->value, m->by == MIZO_BY_KIND ? f->kind : group) == 0)
            return true;
    }
    return false;
}

static bool is_consumer(const mizo_region *r, mizo_ref point, mizo_day day, const mizo_pool_member *m)
{
    mizo_ref menu, contract;
    switch (m->by) {
    case MIZO_BY_ALL:
        return true;
    case MIZO_BY_POINT:
        return strcmp(r->point[point].id, m->value) == 0;
    case MIZO_BY_MENU:
        menu = mizo_region_menu_on(r, point, day);
        return menu >= 0 && strcmp(r->menu[menu].id, m->value) == 0;
    case MIZO_BY_PARTY:
        contract = mizo_contract_on(r, point, day);
        return contract >= 0 && strcmp(r->party[r->contract[contract].party].id, m->value) == 0;
    case MIZO_BY_CONTRACT:
        contract = mizo_contract_on(r, point, day);
        return contract >= 0 && strcmp(r->contract[contract].id, m->value) == 0;
    default:
        return is_used_by(r, point, day, m);
    }
}

static int by_level(const void *a, const void *b)
{
    const mizo_match_row *x = a, *y = b;
    if (x->level != y->level)
        return x->level < y->level ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* The members of one side of a pool; of several rows that name one, the first holds. */
static size_t members(const match_town *t, mizo_ref pool, bool consumer, mizo_day day, mizo_match_row *out)
{
    const mizo_region *r = t->region;
    size_t n = consumer ? r->npoint : t->nsource, k = 0;
    bool named = false, levels = false;
    for (size_t i = 0; i < r->nmember; i++)
        named = named || (r->member[i].pool == pool && r->member[i].consumer == consumer);
    for (size_t row = 0; row < n; row++) {
        if (!named)
            out[k++] = (mizo_match_row){ .row = (uint32_t)row, .level = 1 };
        for (size_t i = 0; i < r->nmember && named; i++) {
            const mizo_pool_member *m = &r->member[i];
            if (m->pool != pool || m->consumer != consumer || !valid_on(m->from, m->to, day) ||
                !(consumer ? is_consumer(r, (mizo_ref)row, day, m) : is_source(&t->source[row], m)))
                continue;
            levels = levels || m->level != 1;
            out[k++] = (mizo_match_row){ (uint32_t)row, m->level, m->share_ppm > 0 ? m->share_ppm : 0 };
            break;
        }
    }
    if (levels && k)
        qsort(out, k, sizeof *out, by_level);
    return k;
}

/* Shares that come to more than 1 are cut in proportion. */
static void spread_shares(mizo_match_row *row, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += row[i].share_ppm;
    for (size_t i = 0; i < n && sum > MIZO_PPM; i++)
        row[i].share_ppm = (int32_t)((int64_t)row[i].share_ppm * MIZO_PPM / sum);
}

static void next_date(mizo_day from, mizo_day to, mizo_day day, mizo_day *next)
{
    if (from > day && from < *next)
        *next = from;
    if (to > day && to < *next)
        *next = to;
}

/* The first day on which somebody may belong to another pool. */
static mizo_day members_until(const mizo_region *r, mizo_day day)
{
    mizo_day next = MIZO_DAY_NONE;
    for (size_t i = 0; i < r->npool; i++)
        next_date(r->pool[i].from, r->pool[i].to, day, &next);
    for (size_t i = 0; i < r->nmember; i++)
        next_date(r->member[i].from, r->member[i].to, day, &next);
    for (size_t i = 0; i < r->nsupply; i++)
        next_date(r->supply[i].from, r->supply[i].to, day, &next);
    for (size_t i = 0; i < r->ncontract; i++)
        next_date(r->contract[i].from, r->contract[i].to, day, &next);
    for (size_t i = 0; i < r->nuse; i++)
        next_date(r->use[i].from, r->use[i].to, day, &next);
    return next;
}

/* The pools of the day and their members. */
static void make_pools(match_town *t, mizo_day day)
{
    const mizo_region *r = t->region;
    size_t ns = t->nsource, np = r->npoint, k = 0;
    if (day >= t->since && day < t->until)
        return;
    t->since = day;
    t->until = members_until(r, day);
    for (size_t i = 0; i < t->npool; i++) {
        const mizo_pool *is = r->npool ? &r->pool[i] : NULL;
        if (is && !valid_on(is->from, is->to, day))
            continue;
        mizo_match_row *row = t->member + k * (ns + 2 * np);
        match_pool *p = &t->base[k++];
        *p = (match_pool){ .id = is ? is->id : "town", .is = is };
        p->m.rule = is ? is->rule : MIZO_POOL_PRO_RATA;
        p->m.source = row;
        p->m.nsource = members(t, (mizo_ref)i, false, day, row);
        p->m.consumer = row + ns;
        p->m.nconsumer = members(t, (mizo_ref)i, true, day, row + ns);
        if (p->m.rule == MIZO_POOL_CONTRACT)
            spread_shares(row + ns, p->m.nconsumer);
        for (size_t n = 0; n < np; n++)
            row[ns + np + n] = (mizo_match_row){ .row = (uint32_t)n, .level = 1 };
    }
    t->today.npool = k;
}

/* A battery gives where something of the town may: into a pool that has a roof or plant of the town, or all. */
static bool takes_batteries(const match_town *t, const match_pool *p)
{
    for (size_t i = 0; i < p->m.nsource; i++)
        if (t->source[p->m.source[i].row].origin == MIZO_ORIGIN_TOWN)
            return true;
    return false;
}

static void pass_pools(match_town *t, match_attribute a)
{
    size_t ns = t->nsource, np = t->region->npoint;
    for (size_t k = 0; k < t->today.npool; k++) {
        match_row *room = t->result + ((size_t)a * t->npool + k) * (ns + 2 * np);
        match_pool *p = &t->today.pool[a][k];
        *p = t->base[k];
        if (a == MATCH_STORED) {
            p->m.source = t->member + k * (ns + 2 * np) + ns + np;
            p->m.nsource = takes_batteries(t, &t->base[k]) ? np : 0;
        }
        p->m.given = room;
        p->m.taken = room + ns + np;
    }
}

/* ---- the passes ---- */

static mizo_err pass(match_town *t, match_attribute a)
{
    match_today *d = &t->today;
    size_t n = a == MATCH_STORED ? d->npoint : d->nsource;
    mizo_match_pool list[64], *pool = list;
    bool any = false;
    for (size_t i = 0; i < n && !any; i++)
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            any = any || d->offer[a][i][s] != 0;
    pass_pools(t, a);
    if (!any) {
        for (size_t k = 0; k < d->npool; k++)
            d->pool[a][k].m.nsource = d->pool[a][k].m.nconsumer = 0;
        return MIZO_OK;
    }
    if (d->npool > 64 && !(pool = malloc(d->npool * sizeof *pool)))
        return MIZO_ENOMEM;
    for (size_t k = 0; k < d->npool; k++)
        pool[k] = d->pool[a][k].m;
    match_row *need = t->left, *offer = t->left + d->npoint;
    memcpy(offer, d->offer[a], n * sizeof *offer);
    mizo_err err = mizo_match_day_pools(t->matcher, offer, n, need, d->npoint, pool, d->npool);
    for (size_t k = 0; k < d->npool; k++) {
        d->pool[a][k].m = pool[k];
        for (size_t i = 0; i < pool[k].nconsumer && !err; i++)
            for (int s = 0; s < MIZO_DAY_SLOTS; s++)
                d->taken[a][pool[k].consumer[i].row][s] += pool[k].taken[i][s];
    }
    if (pool != list)
        free(pool);
    return err;
}

mizo_err match_town_day(match_town *t, const settle_day *in, const match_today **out)
{
    match_today *d = &t->today;
    read_rows(t, in);
    make_pools(t, in->day);
    memcpy(t->left, d->need, d->npoint * sizeof *t->left);
    MIZO_TRY(pass(t, MATCH_RE));
    MIZO_TRY(match_store_day(t->region, in, t->stock, d));
    for (int a = MATCH_STORED; a < MATCH_COUNT; a++)
        MIZO_TRY(pass(t, (match_attribute)a));
    *out = d;
    return MIZO_OK;
}

int32_t match_used(const match_today *d, mizo_ref p, int s)
{
    return d->own_point[p][s] + d->taken[MATCH_RE][p][s] - d->in_own[p][s] - d->in_pool[p][s] +
           d->site[p][s] + d->taken[MATCH_STORED][p][s];
}

/* ---- who fed whom ---- */

typedef mizo_err (*pair_fn)(void *arg, const char *pool, match_attribute a, const char *source,
                            mizo_ref point, int64_t wh);

static mizo_err pool_pairs(match_town *t, const mizo_region *r, const match_pool *p, match_attribute a,
                           int slot, pair_fn fn, void *arg)
{
    size_t n = p->m.nsource, k = p->m.nconsumer;
    if (!n || !k || !p->m.matched[slot])
        return MIZO_OK;
    int64_t *v = malloc((n + k + n * k) * sizeof *v);
    if (!v)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < n; i++)
        v[i] = p->m.given[i][slot];
    for (size_t j = 0; j < k; j++)
        v[n + j] = p->m.taken[j][slot];
    mizo_err err = mizo_match_pairs(t->matcher, v, n, v + n, k, v + n + k);
    for (size_t i = 0; i < n * k && !err; i++) {
        uint32_t from = p->m.source[i / k].row;
        const char *id = a == MATCH_STORED ? r->point[from].id : t->source[from].id;
        if (v[n + k + i])
            err = fn(arg, p->id, a, id, (mizo_ref)p->m.consumer[i % k].row, v[n + k + i]);
    }
    free(v);
    return err;
}

mizo_err match_pairs(match_town *t, const mizo_region *r, const match_today *d, int slot, pair_fn fn,
                     void *arg)
{
    for (size_t i = 0; i < d->nsource; i++)
        if (d->own[i][slot])
            MIZO_TRY(fn(arg, "own", MATCH_RE, d->source[i].id, d->source[i].point, d->own[i][slot]));
    for (int a = 0; a < MATCH_COUNT; a++)
        for (size_t k = 0; k < d->npool; k++)
            MIZO_TRY(pool_pairs(t, r, &d->pool[a][k], (match_attribute)a, slot, fn, arg));
    return MIZO_OK;
}
