/* imbalance.c: see desk_imbalance.h. */
#include "town/desk/imbalance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "town/books/posting.h"
#include "town/desk/inner.h"

enum { SLOTS = DESK_SLOTS };

/* ---- a day ---- */

static mizo_wh planned_of(const desk_plan *p, const mizo_bg *g, int t)
{
    if (g->role == MIZO_BG_MEMBER)
        return p->book.demand[t]; /* the parent buys for us */
    if (g->kind != MIZO_BG_GENERATION)
        return p->book.bought[t] - p->book.sold[t];
    return p->book.sold[t]; /* what a generation group has promised */
}

/* What a member, or a unit, had planned in a slot. */
static mizo_wh member_plan(const desk_plan *p, mizo_bg_kind kind, const char *id, size_t k, int t)
{
    if (kind != MIZO_BG_GENERATION)
        return k < p->nmember ? p->member[k].demand[t] : 0;
    for (size_t i = 0; i < p->book.nline; i++)
        if (p->book.line[i].source < 0 && strcmp(p->book.line[i].id, id) == 0)
            return p->book.line[i].wh[t];
    return 0;
}

static void read_members(const desk_day *d, imbalance_slot *s, int t, size_t n)
{
    bool gives = d->group->kind == MIZO_BG_GENERATION;
    for (size_t k = 0; k < n; k++) {
        char id[MIZO_ID_MAX] = "";
        (void)desk_listed(d->group->members, k, id);
        mizo_wh planned = member_plan(&d->filed, d->group->kind, id, k, t), actual = d->actual.member[k][t];
        s->member[k] = (mizo_share){ .imbalance = gives ? actual - planned : planned - actual,
                                     .volume = actual > 0 ? actual : 0 };
    }
}

static mizo_err settle_slot(const desk_day *d, int t, imbalance_day *out)
{
    imbalance_slot *s = &out->slot[t];
    bool stand_in = d->surplus[t] == MIZO_MISSING || d->shortage[t] == MIZO_MISSING;
    s->settled = d->actual.wh[t] != INT64_MIN;
    if (!s->settled)
        return MIZO_OK;
    s->group = (mizo_imbalance_slot){ .planned = planned_of(&d->filed, d->group, t),
                                      .actual = d->actual.wh[t],
                                      .surplus_myen = stand_in ? d->spot[t] : d->surplus[t],
                                      .shortage_myen = stand_in ? d->spot[t] : d->shortage[t] };
    out->stand_in = out->stand_in || stand_in;
    s->wh = mizo_imbalance_wh(d->group->kind, &s->group);
    mizo_err e = mizo_imbalance_uyen(s->wh, &s->group, &s->uyen);
    s->priced = e != MIZO_ENOENT;
    if (e && e != MIZO_ENOENT)
        return e;
    MIZO_TRY(mizo_imbalance_add(d->group->kind, &s->group, 1, &out->sum));
    read_members(d, s, t, out->nmember);
    e = out->nmember
            ? mizo_imbalance_split(d->group->split, &s->group, d->group->kind, s->member, out->nmember)
            : MIZO_OK;
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

mizo_err imbalance_of_day(town *t, const mizo_bg *g, mizo_day day, mizo_ms as_of, imbalance_day *out)
{
    desk_day *d = malloc(sizeof *d);
    memset(out, 0, sizeof *out);
    out->day = day;
    mizo_err e = d ? desk_read(t, g, day, as_of, d) : MIZO_ENOMEM;
    if (!e && d->has_filed) {
        out->filed = true;
        out->filled = d->actual.filled;
        out->nmember = d->actual.nmember;
        for (int s = 0; s < SLOTS && !e; s++)
            e = settle_slot(d, s, out);
    }
    free(d);
    return e;
}

/* ---- a month ---- */

/* A slot that is settled and priced, of a day on which we are parent: what the k-th member has to bear of it. */
static mizo_err add_share(imbalance_month *m, const mizo_bg *g, const imbalance_slot *s, size_t k,
                          const char *id, size_t at)
{
    imbalance_shares *x = &m->shares;
    mizo_uyen fee;
    m->shares.left -= s->member[k].uyen;
    if (mizo_id_listed(g->own, id))
        return MIZO_OK;
    x->due[at] = x->due[at] || *g->own;
    return __builtin_mul_overflow(s->member[k].volume, (int64_t)g->fee_myen, &fee) |
                   __builtin_add_overflow(x->fee[at], fee, &x->fee[at]) |
                   __builtin_add_overflow(x->uyen[at], s->member[k].uyen, &x->uyen[at])
               ? MIZO_ERANGE
               : MIZO_OK;
}

static mizo_err add_members(imbalance_month *m, const mizo_bg *g, const imbalance_day *d)
{
    for (size_t k = 0; k < d->nmember; k++) {
        char id[MIZO_ID_MAX];
        size_t at = 0;
        if (!desk_listed(g->members, k, id))
            continue;
        while (at < m->nmember && strcmp(m->id[at], id))
            at++;
        if (at == MIZO_DESK_MEMBERS)
            return MIZO_EFULL;
        if (at == m->nmember)
            memcpy(m->id[m->nmember++], id, sizeof id);
        for (int t = 0; t < SLOTS; t++) {
            mizo_wh own = d->slot[t].member[k].imbalance;
            m->wh[at] += d->slot[t].member[k].wh;
            m->uyen[at] += d->slot[t].member[k].uyen;
            m->own[at] += own < 0 ? -own : own;
            if (g->role == MIZO_BG_PARENT && d->slot[t].settled && d->slot[t].priced)
                MIZO_TRY(add_share(m, g, &d->slot[t], k, id, at));
        }
    }
    return MIZO_OK;
}

static mizo_err add_day(imbalance_month *m, const mizo_bg *g, const imbalance_day *d)
{
    m->days++;
    m->filed += d->filed;
    if (!d->filed)
        return MIZO_OK;
    bool parent = g->role == MIZO_BG_PARENT;
    m->stand_in = m->stand_in || d->stand_in;
    m->filled += d->filled;
    m->shares.days += parent;
    m->shares.untold += parent && !*g->own;
    for (int t = 0; t < SLOTS; t++) {
        m->open_slots += !d->slot[t].settled;
        m->shares.left += parent && d->slot[t].settled && d->slot[t].priced ? d->slot[t].uyen : 0;
        if (d->slot[t].settled)
            MIZO_TRY(mizo_imbalance_add(g->kind, &d->slot[t].group, 1, &m->sum));
    }
    return add_members(m, g, d);
}

typedef struct before {
    imbalance_month *m;
} before;

static mizo_err take_before(void *arg, const store_record *rec)
{
    imbalance_month *m = ((before *)arg)->m;
    json_reader r;
    json_token k;
    json_read_init(&r, rec->json, strlen(rec->json));
    while (json_next(&r, &k) == MIZO_OK && k.kind != JSON_END)
        if (k.depth == 1 && strcmp(k.key, "rounded_yen") == 0 &&
            mizo_decimal_parse(k.text, strlen(k.text), 6, &m->before))
            return MIZO_ESTORE;
    m->has_before = true;
    m->version = (int)rec->version;
    return MIZO_OK;
}

static void month_id(const char *group, mizo_day first, char out[DESK_ID])
{
    mizo_date d = mizo_day_date(first);
    snprintf(out, DESK_ID, "%s/%04d-%02d", group, d.year % 10000, d.month);
}

static mizo_err round_shares(const mizo_rounding *by, imbalance_month *m)
{
    int64_t left;
    for (size_t k = 0; k < m->nmember; k++) {
        MIZO_TRY(mizo_round_by(by, m->shares.uyen[k], &m->shares.uyen[k], &left));
        MIZO_TRY(mizo_round_by(by, m->shares.fee[k], &m->shares.fee[k], &left));
    }
    return MIZO_OK;
}

static mizo_err finish(town *t, const char *group, imbalance_month *m)
{
    char id[DESK_ID];
    int64_t left;
    before b = { m };
    const mizo_rounding *by = mizo_rounding_of(t->region, "imbalance", MIZO_STEP_TOTAL);
    m->net = m->sum.net;
    m->final = m->filed == m->days && m->days > 0 && !m->open_slots && !m->stand_in && !m->filled &&
               !m->sum.unpriced;
    MIZO_TRY(mizo_round_by(by, m->net, &m->rounded, &left));
    MIZO_TRY(round_shares(by, m));
    month_id(group, m->first, id);
    mizo_err e = t->store->ops->record_scan(t->store, "desk-imbalance", id, take_before, &b);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

mizo_err imbalance_of_month(town *t, const char *group, mizo_day day, mizo_ms as_of,
                            void (*each)(void *arg, const imbalance_day *d), void *arg, imbalance_month *out)
{
    imbalance_day *d = malloc(sizeof *d);
    mizo_err e = d ? MIZO_OK : MIZO_ENOMEM;
    memset(out, 0, sizeof *out);
    out->first = mizo_month_first(day, 0);
    out->end = mizo_month_first(day, 1);
    for (mizo_day x = out->first; x < out->end && !e; x++) {
        const mizo_bg *g = mizo_region_bg_on(t->region, group, x);
        if (!g)
            continue;
        e = imbalance_of_day(t, g, x, as_of, d);
        if (!e)
            e = add_day(out, g, d);
        if (!e && each)
            each(arg, d);
    }
    free(d);
    return e ? e : finish(t, group, out);
}

/* By the last row of the month that has us as parent. */
static const mizo_bg *parent_row(const mizo_region *r, const char *group, mizo_day month)
{
    const mizo_bg *g = NULL;
    for (mizo_day d = mizo_month_first(month, 1) - 1; d >= month && (!g || g->role != MIZO_BG_PARENT); d--)
        g = mizo_region_bg_on(r, group, d);
    return g && g->role == MIZO_BG_PARENT ? g : NULL;
}

mizo_err imbalance_share_tax(const town *t, const char *group, mizo_day month, mizo_uyen owed,
                             const char **name, mizo_uyen *tax)
{
    const mizo_bg *g = parent_row(t->region, group, month);
    int64_t rate_e6, left;
    *name = g ? g->share_tax : "";
    *tax = 0;
    if (!**name)
        return MIZO_OK;
    MIZO_TRY(mizo_param_get(t->region, *name, "", mizo_month_first(month, 1) - 1, t->diags, &rate_e6, NULL));
    MIZO_TRY(mizo_mul_div(owed, rate_e6, 1000000, MIZO_ROUND_CUT, tax));
    return mizo_round_by(mizo_rounding_of(t->region, "imbalance", MIZO_STEP_TAX), *tax, tax, &left);
}

/* ---- kept, posted ---- */

void imbalance_json(const imbalance_month *m, json *j)
{
    json_day(j, "from", m->first);
    json_day(j, "to", m->end);
    json_text(j, "state", m->final ? "final" : "provisional");
    json_int(j, "days", m->days);
    json_int(j, "filed_days", m->filed);
    json_int(j, "open_slots", m->open_slots);
    json_int(j, "unpriced_slots", m->sum.unpriced);
    json_int(j, "filled_readings", m->filled);
    json_bool(j, "stand_in", m->stand_in);
    json_int(j, "surplus_wh", m->sum.surplus);
    json_int(j, "shortage_wh", m->sum.shortage);
    json_yen(j, "received_yen", m->sum.received);
    json_yen(j, "paid_yen", m->sum.paid);
    json_yen(j, "net_yen", m->net);
    json_yen(j, "rounded_yen", m->rounded);
    json_array(j, "members");
    for (size_t k = 0; k < m->nmember; k++) {
        json_object(j, NULL);
        json_text(j, "id", m->id[k]);
        json_int(j, "own_wh", m->own[k]);
        json_int(j, "share_wh", m->wh[k]);
        json_yen(j, "share_yen", m->uyen[k]);
        if (m->shares.due[k])
            json_yen(j, "due_yen", m->shares.fee[k] - m->shares.uyen[k]);
        else
            json_null(j, "due_yen");
        json_end(j);
    }
    json_end(j);
    if (m->has_before) {
        json_int(j, "before_version", m->version);
        json_yen(j, "before_yen", m->before);
        json_yen(j, "difference_yen", m->rounded - m->before);
    }
}

/* What is paid is a cost, what is received an income; the operator is on the other side. */
static mizo_err post(const desk_act *a, const imbalance_month *m, const char *id)
{
    posting *p;
    char ref[DESK_ID + 16], who[DESK_ID + 16];
    bool pays = m->rounded < 0;
    snprintf(ref, sizeof ref, "imbalance:%s", id);
    for (char *c = ref; *c; c++)
        *c = *c == '/' ? ':' : *c;
    snprintf(who, sizeof who, "supplier:operator");
    mizo_entry line = { .day = m->end - 1,
                        .from = pays ? who : "income:imbalance",
                        .to = pays ? "cost:imbalance" : who,
                        .unit = "uyen",
                        .kind = "imbalance",
                        .ref = ref,
                        .amount = pays ? -m->rounded : m->rounded };
    MIZO_TRY(posting_join(a->town->store, a->diags, &p));
    mizo_err e = posting_say(p, ref, &line, m->rounded ? 1 : 0, NULL);
    if (e) {
        posting_cancel(p);
        return e;
    }
    return posting_commit(p);
}

mizo_err imbalance_keep(const desk_act *a, imbalance_month *m)
{
    store *s = a->town->store;
    store_batch b = { .known = a->now, .actor = a->actor, .source = "day imbalance", .note = "" };
    char id[DESK_ID];
    buf text;
    json j;
    bool changed;
    month_id(a->group->id, m->first, id);
    buf_init(&text, 1 << 20);
    json_init(&j, &text);
    json_object(&j, NULL);
    imbalance_json(m, &j);
    json_end(&j);
    mizo_err e = text.err ? text.err : s->ops->batch_begin(s, &b);
    if (!e) {
        e = s->ops->record_put(s, "desk-imbalance", id, text.p, &changed);
        if (!e)
            e = post(a, m, id);
        if (e)
            s->ops->batch_rollback(s);
        else
            e = s->ops->batch_commit(s);
    }
    buf_fini(&text);
    return e;
}
