/* cost.c: see cost.h. */
#include "town/bills/cost.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "town/desk/imbalance.h"
#include "town/desk/members.h"
#include "town/desk/parent.h"
#include "town/proof/certificate.h"

static const char *const words[] = {
#define X(name, word) word,
    COST_KINDS(X)
#undef X
};

const char *cost_kind_word(cost_kind k)
{
    return words[k];
}

bool cost_kind_of(const char *word, size_t n, cost_kind *out)
{
    for (int k = 0; k < COST_KIND_COUNT; k++)
        if (strlen(words[k]) == n && memcmp(words[k], word, n) == 0) {
            *out = (cost_kind)k;
            return true;
        }
    return false;
}

/* ---- lines, by kind and id ---- */

static int compare(const cost_line *l, cost_kind k, const char *id)
{
    return l->kind != k ? (l->kind < k ? -1 : 1) : strcmp(l->id, id);
}

mizo_err cost_line_of(cost_list *l, cost_kind k, const char *id, cost_line **out)
{
    size_t lo = 0, hi = l->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (compare(&l->v[mid], k, id) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == l->n || compare(&l->v[lo], k, id)) {
        MIZO_TRY(array_grow(&l->v, &l->cap, l->n + 1, sizeof *l->v));
        memmove(l->v + lo + 1, l->v + lo, (l->n - lo) * sizeof *l->v);
        l->n++;
        l->v[lo] = (cost_line){ .kind = k, .own_w = MIZO_MISSING, .billed_w = MIZO_MISSING };
        (void)snprintf(l->v[lo].id, sizeof l->v[lo].id, "%s", id);
    }
    *out = &l->v[lo];
    return MIZO_OK;
}

void cost_free(cost_list *l)
{
    free(l->v);
    *l = (cost_list){ 0 };
}

static mizo_err own(cost_list *l, cost_kind k, const char *id, mizo_wh wh, mizo_uyen uyen)
{
    cost_line *c;
    MIZO_TRY(cost_line_of(l, k, id, &c));
    c->has_own = true;
    return __builtin_add_overflow(c->own, uyen, &c->own) | __builtin_add_overflow(c->own_wh, wh, &c->own_wh)
               ? MIZO_ERANGE
               : MIZO_OK;
}

/* ---- the desk's: imbalance, market, blocks ---- */

static bool seen_group(const mizo_region *r, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(r->bg[k].id, r->bg[i].id) == 0)
            return true;
    return false;
}

typedef struct telling {
    const mizo_region *region;
    const cost_ask *ask;
    const char *group;
    int64_t
        slots; /* settled half-hours in which we were member, and what our own deviations came to in them */
    mizo_uyen own;
} telling;

static void tell_imbalance(void *arg, const imbalance_day *d)
{
    telling *x = arg;
    const mizo_bg *g = mizo_region_bg_on(x->region, x->group, d->day);
    for (int k = 0; k < DESK_SLOTS && d->filed; k++) {
        if (!d->slot[k].settled)
            continue;
        x->slots += g->role == MIZO_BG_MEMBER;
        x->own += g->role == MIZO_BG_MEMBER ? d->slot[k].uyen : 0;
        if (x->ask->slot)
            x->ask->slot(x->ask->arg, COST_IMBALANCE, x->group, d->day, k, 0, -d->slot[k].uyen);
    }
}

/* Alone and as parent what the group is charged. As member what the parent's rule makes of the group for us, where its
 * figures of all these half-hours were held against ours (mizo day take); else what our own deviations come to. */
static mizo_err own_of_group(town *t, const telling *x, const imbalance_month *m, cost_list *l)
{
    parent_check taken = { 0 };
    mizo_uyen sum = m->rounded;
    int64_t left;
    if (x->slots)
        MIZO_TRY(desk_parent_month(t->store, x->group, m->first, &taken));
    if (x->slots && taken.slots == x->slots && taken.own_uyen == x->own)
        MIZO_TRY(mizo_round_by(mizo_rounding_of(t->region, "imbalance", MIZO_STEP_TOTAL),
                               m->net - x->own + taken.ours_received, &sum, &left));
    return own(l, COST_IMBALANCE, x->group, m->sum.surplus + m->sum.shortage, -sum);
}

static mizo_err share_of_member(town *t, const char *group, const imbalance_month *m, size_t k, cost_list *l)
{
    cost_line *c;
    allot_state sent;
    MIZO_TRY(own(l, COST_SHARE, m->id[k], m->wh[k], m->shares.uyen[k] - m->shares.fee[k]));
    MIZO_TRY(cost_line_of(l, COST_SHARE, m->id[k], &c));
    mizo_uyen tax;
    MIZO_TRY(
        imbalance_share_tax(t, group, m->first, m->shares.fee[k] - m->shares.uyen[k], &c->tax_name, &tax));
    c->tax -= tax;
    c->fee += m->shares.fee[k];
    memcpy(c->party, m->id[k], sizeof c->party);
    MIZO_TRY(desk_members_sent(t, group, m->first, m->id[k], &sent));
    if (sent == ALLOT_SAME)
        return MIZO_OK;
    if (!l->not_told++)
        (void)snprintf(l->not_told_member, sizeof l->not_told_member, "%s", m->id[k]);
    l->not_given += sent == ALLOT_NOT_SENT;
    return MIZO_OK;
}

/* As parent: what the other members bear comes back to us. */
static mizo_err shares_of_group(town *t, const char *group, const imbalance_month *m, cost_list *l)
{
    if (m->shares.untold && !l->untold)
        (void)snprintf(l->untold_group, sizeof l->untold_group, "%s", group);
    l->untold += m->shares.untold;
    l->uneven = l->uneven || m->shares.left != 0;
    for (size_t k = 0; k < m->nmember; k++)
        if (m->shares.due[k])
            MIZO_TRY(share_of_member(t, group, m, k, l));
    return MIZO_OK;
}

static mizo_err imbalance_of_group(town *t, const cost_ask *ask, const char *group, imbalance_month *m,
                                   cost_list *l)
{
    telling x = { .region = t->region, .ask = ask, .group = group };
    MIZO_TRY(imbalance_of_month(t, group, ask->month, ask->as_of, tell_imbalance, &x, m));
    if (m->filed) {
        MIZO_TRY(own_of_group(t, &x, m, l));
        MIZO_TRY(shares_of_group(t, group, m, l));
    }
    if ((m->filed < m->days || m->open_slots) && !l->open_group[0])
        (void)snprintf(l->open_group, sizeof l->open_group, "%s", group);
    l->unfiled += m->days - m->filed;
    l->unsettled += m->open_slots;
    return MIZO_OK;
}

static mizo_err own_imbalance(town *t, const cost_ask *ask, cost_list *l)
{
    const mizo_region *r = t->region;
    imbalance_month *m = malloc(sizeof *m);
    mizo_err e = m ? MIZO_OK : MIZO_ENOMEM;
    for (size_t i = 0; i < r->nbg && !e; i++)
        if (!seen_group(r, i))
            e = imbalance_of_group(t, ask, r->bg[i].id, m, l);
    free(m);
    return e;
}

static mizo_err blocks_of_day(const desk_day *d, const cost_ask *ask, cost_list *l)
{
    for (size_t i = 0; d->has_filed && i < d->filed.book.nline; i++) {
        const mizo_desk_line *x = &d->filed.book.line[i];
        const mizo_source *s = x->source >= 0 ? &d->region->source[x->source] : NULL;
        if (!s || (s->kind != MIZO_SOURCE_BASE && s->kind != MIZO_SOURCE_BILATERAL &&
                   s->kind != MIZO_SOURCE_BACKUP))
            continue;
        mizo_wh wh = 0;
        mizo_uyen uyen = 0;
        for (int k = 0; k < DESK_SLOTS; k++)
            if (x->wh[k] && x->myen[k] != MIZO_MISSING) {
                wh += x->wh[k];
                uyen += x->wh[k] * x->myen[k];
                if (ask->slot)
                    ask->slot(ask->arg, COST_BILATERAL, s->id, d->day, k, x->wh[k], x->wh[k] * x->myen[k]);
            }
        MIZO_TRY(wh ? own(l, COST_BILATERAL, s->id, wh, uyen) : MIZO_OK);
    }
    return MIZO_OK;
}

static mizo_err market_of_day(const desk_day *d, const cost_ask *ask, cost_list *l)
{
    mizo_wh wh = 0;
    mizo_uyen uyen = 0;
    for (int k = 0; k < DESK_SLOTS; k++) {
        wh += d->result[k].wh;
        uyen += d->result[k].uyen;
        if (ask->slot)
            ask->slot(ask->arg, COST_MARKET, d->group->id, d->day, k, d->result[k].wh, d->result[k].uyen);
    }
    return d->nresult ? own(l, COST_MARKET, d->group->id, wh, uyen) : MIZO_OK;
}

/* What a member pays its parent a kWh of its demand, as it was used. */
static mizo_err fee_of_day(const desk_day *d, cost_list *l)
{
    mizo_wh wh = 0;
    if (d->group->role != MIZO_BG_MEMBER || !d->group->fee_myen)
        return MIZO_OK;
    for (int k = 0; k < DESK_SLOTS; k++)
        wh += d->actual.wh[k] == INT64_MIN ? 0 : d->actual.wh[k];
    return wh ? own(l, COST_FEE, d->group->id, wh, wh * d->group->fee_myen) : MIZO_OK;
}

static mizo_err own_desk(town *t, const cost_ask *ask, cost_list *l)
{
    const mizo_region *r = t->region;
    mizo_day end = mizo_month_first(ask->month, 1);
    mizo_ms now = ask->as_of == STORE_LATEST ? town_now(t) : ask->as_of;
    desk_day *d = r->nbg ? malloc(sizeof *d) : NULL;
    mizo_err e = d || !r->nbg ? MIZO_OK : MIZO_ENOMEM;
    for (size_t i = 0; i < r->nbg && !e; i++)
        for (mizo_day x = r->bg[i].from > ask->month ? r->bg[i].from : ask->month;
             x < end && x < r->bg[i].to && !e; x++) {
            e = desk_read(t, &r->bg[i], x, now, d);
            if (e == MIZO_ENOENT) { /* no rules for the day: said, and there is no figure */
                e = MIZO_OK;
                break;
            }
            e = e ? e : blocks_of_day(d, ask, l);
            e = e ? e : market_of_day(d, ask, l);
            e = e ? e : fee_of_day(d, l);
        }
    free(d);
    return e;
}

/* ---- by params.csv: the generation-side charge, capacity ---- */

static mizo_err generated(town *t, const char *plant, mizo_day from, mizo_day to, mizo_wh *wh)
{
    mizo_series_key key = store_key(plant, MIZO_Q_GENERATION, MIZO_ROLE_READING);
    int32_t id, v[MIZO_DAY_SLOTS];
    *wh = 0;
    mizo_err e = t->store->ops->series_id(t->store, &key, false, &id);
    for (mizo_day x = from; x < to && !e; x++) {
        e = store_read_day(t->store, id, x, STORE_LATEST, v, NULL);
        for (int k = 0; k < MIZO_DAY_SLOTS && !e; k++)
            *wh += v[k] == MIZO_MISSING ? 0 : v[k];
    }
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* A month: kW x yen/kW + kWh x yen/kWh, `generation-charge` with the keys kw and kwh. */
static mizo_err own_generation(town *t, const cost_ask *ask, cost_list *l)
{
    const mizo_region *r = t->region;
    const mizo_param *kw = mizo_param_on(r, "generation-charge", "kw", ask->month),
                     *kwh = mizo_param_on(r, "generation-charge", "kwh", ask->month);
    mizo_day end = mizo_month_first(ask->month, 1);
    for (size_t i = 0; i < r->nplant && kw && kwh; i++) {
        const mizo_plant *p = &r->plant[i];
        mizo_wh wh;
        mizo_uyen a, b;
        if (p->from >= end || p->to <= ask->month || p->outside)
            continue;
        MIZO_TRY(generated(t, p->id, ask->month, end, &wh));
        MIZO_TRY(mizo_mul_div(p->capacity_w, kw->value_e6, 1000, MIZO_ROUND_HALF_UP, &a));
        MIZO_TRY(mizo_mul_div(wh, kwh->value_e6, 1000, MIZO_ROUND_HALF_UP, &b));
        MIZO_TRY(own(l, COST_GENERATION, p->id, wh, a + b));
        cost_line *c;
        MIZO_TRY(cost_line_of(l, COST_GENERATION, p->id, &c));
        c->own_w = p->capacity_w;
    }
    return MIZO_OK;
}

/* A month: the area's burden of retailers in the fiscal year / 12 x our share, which is the previous year's peak. */
static mizo_err own_capacity(town *t, const cost_ask *ask, cost_list *l)
{
    const mizo_region *r = t->region;
    for (size_t i = 0; i < r->nparam; i++) {
        const mizo_param *p = &r->param[i];
        if (strcmp(p->name, "capacity-burden") || ask->month < p->from || ask->month >= p->to)
            continue;
        int64_t share;
        mizo_uyen month;
        if (mizo_param_get(r, "capacity-share", p->key, ask->month, t->diags, &share, NULL))
            continue; /* said */
        MIZO_TRY(mizo_mul_div(p->value_e6, share, 12 * INT64_C(1000000), MIZO_ROUND_HALF_UP, &month));
        MIZO_TRY(own(l, COST_CAPACITY, *p->key ? p->key : "area", 0, month));
    }
    return MIZO_OK;
}

/* ---- certificates ---- */

typedef struct buying {
    cost_list *l;
    mizo_day from, to;
} buying;

/* Lots that were bought in the month, at the price that the register of lots has. */
static mizo_err on_lot(void *arg, const certificate *c)
{
    const buying *x = arg;
    mizo_uyen uyen;
    if (c->bought == MIZO_DAY_NONE || c->bought < x->from || c->bought >= x->to)
        return MIZO_OK;
    MIZO_TRY(certificate_cost(c, &uyen));
    return own(x->l, COST_CERTIFICATES, c->lot, c->wh, uyen);
}

static mizo_err own_certificates(town *t, const cost_ask *ask, cost_list *l)
{
    buying x = { l, ask->month, mizo_month_first(ask->month, 1) };
    return certificate_each(t->store, on_lot, &x);
}

/* ---- the whole ---- */

static mizo_err add(int64_t *to, int64_t v)
{
    return __builtin_add_overflow(*to, v, to) ? MIZO_ERANGE : MIZO_OK;
}

static mizo_err add_line(cost_list *l, const cost_line *c)
{
    cost_sum *s = &l->sum[c->kind];
    bool both = c->has_own && c->has_billed;
    mizo_uyen cost = c->has_billed ? c->billed : c->own;
    s->lines++;
    s->own_lines += c->has_own;
    s->billed_lines += c->has_billed;
    s->off += both && c->own != c->billed;
    MIZO_TRY(add(&s->own, c->has_own ? c->own : 0));
    MIZO_TRY(add(&s->billed, c->has_billed ? c->billed : 0));
    MIZO_TRY(add(&s->tax, c->tax));
    MIZO_TRY(add(&s->cost, cost));
    MIZO_TRY(add(&s->accrued, c->has_billed || c->kind == COST_SHARE ? 0 : c->own));
    MIZO_TRY(add(&s->off_sum, both ? c->billed - c->own : 0));
    return add(&l->cost, cost);
}

mizo_err cost_read(town *t, const cost_ask *ask, cost_list *out)
{
    *out = (cost_list){ 0 };
    mizo_err e = cost_own_wheeling(t, ask, out);
    e = e ? e : own_imbalance(t, ask, out);
    e = e ? e : own_desk(t, ask, out);
    e = e || !ask->has_levy ? e : own(out, COST_LEVY, "levy", ask->levy_wh, ask->levy);
    e = e ? e : own_generation(t, ask, out);
    e = e ? e : own_capacity(t, ask, out);
    e = e ? e : own_certificates(t, ask, out);
    e = e ? e : cost_billed(t, ask->month, out);
    for (size_t i = 0; i < out->n && !e; i++)
        e = add_line(out, &out->v[i]);
    if (e)
        cost_free(out);
    return e;
}
