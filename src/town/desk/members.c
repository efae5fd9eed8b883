/* members.c: see desk_members.h. */
#include "town/desk/members.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/desk.h"
#include "town/desk/imbalance.h"
#include "town/desk/inner.h"
#include "town/desk/table.h"
#include "town/register/register.h"

enum { SLOTS = DESK_SLOTS };

static mizo_err a_parent(const desk_act *a)
{
    if (a->group->role == MIZO_BG_PARENT)
        return MIZO_OK;
    MIZO_DIAG(a->diags, DESK_NOT_PARENT, MIZO_NOWHERE, a->group->id);
    return MIZO_EINPUT;
}

/* ---- what members hand in ---- */

typedef struct handed {
    const desk_act *a;
    bool said;
    size_t n;
    struct {
        char id[MIZO_ID_MAX];
        int64_t wh[SLOTS]; /* INT64_MIN: not said */
        int seen;
    } of[MIZO_DESK_MEMBERS];
} handed;

static int member_of(handed *h, desk_table *t)
{
    char id[MIZO_ID_MAX];
    const csv_field *f = desk_cell(t, 0);
    snprintf(id, sizeof id, "%.*s", (int)(f->n < MIZO_ID_MAX ? f->n : 0), f->s);
    if (!*id || !mizo_id_listed(h->a->group->members, id)) {
        desk_cell_bad(t, 0, h->a->group->members);
        return -1;
    }
    for (size_t i = 0; i < h->n; i++)
        if (strcmp(h->of[i].id, id) == 0)
            return (int)i;
    memcpy(h->of[h->n].id, id, sizeof id);
    for (int s = 0; s < SLOTS; s++)
        h->of[h->n].wh[s] = INT64_MIN;
    return (int)h->n++;
}

static void handed_row(void *arg, desk_table *t)
{
    handed *h = arg;
    int slot;
    int64_t wh;
    int i = member_of(h, t);
    if (i < 0 || !desk_cell_of_day(t, h->a->day, 1, &h->said) || !desk_cell_slot(t, 2, &slot) ||
        !desk_cell_number(t, 3, 3, &wh, "kWh >= 0"))
        return;
    if (wh < 0 || wh % MIZO_PLAN_UNIT || wh > INT32_MAX) {
        desk_cell_bad(t, 3, "0..2000000 kWh");
        return;
    }
    if (h->of[i].wh[slot] != INT64_MIN)
        desk_slot_twice(t, slot);
    h->of[i].seen += h->of[i].wh[slot] == INT64_MIN;
    h->of[i].wh[slot] = wh;
}

static mizo_err all_there(const handed *h, const char *name)
{
    mizo_err e = h->n ? MIZO_OK : MIZO_EINPUT;
    char missing[16];
    snprintf(missing, sizeof missing, "%d", SLOTS);
    if (e)
        MIZO_DIAG(h->a->diags, DESK_SLOTS_MISSING, MIZO_AT(name, 0, 0), missing);
    for (size_t i = 0; i < h->n; i++) {
        if (h->of[i].seen == SLOTS)
            continue;
        snprintf(missing, sizeof missing, "%d", SLOTS - h->of[i].seen);
        MIZO_DIAG(h->a->diags, DESK_SLOTS_MISSING, MIZO_AT(name, 0, 0), missing);
        e = MIZO_EINPUT;
    }
    return e;
}

static mizo_err keep_handed(const desk_act *a, const handed *h, const char *name, const char *bytes, size_t n)
{
    store *s = a->town->store;
    const char *with = h->n == 1 ? h->of[0].id : "members";
    MIZO_TRY(desk_put_file(a, "member-values", with, name, bytes, n, false));
    for (size_t i = 0; i < h->n; i++) {
        char id[DESK_ID];
        buf text;
        json j;
        bool changed;
        desk_id(h->of[i].id, a->day, id);
        buf_init(&text, 1 << 16);
        json_init(&j, &text);
        json_object(&j, NULL);
        json_array(&j, "wh");
        for (int t = 0; t < SLOTS; t++)
            json_int(&j, NULL, h->of[i].wh[t]);
        json_end(&j);
        json_text(&j, "file", name);
        json_end(&j);
        mizo_err e = text.err ? text.err : s->ops->record_put(s, "member-plan", id, text.p, &changed);
        buf_fini(&text);
        MIZO_TRY(e);
    }
    return MIZO_OK;
}

mizo_err desk_members_take(const desk_act *a, const char *name, const char *bytes, size_t n)
{
    static const char *const names[] = { "member", "day", "slot", "demand_kwh", NULL };
    store *s = a->town->store;
    store_batch b = { .known = a->now, .actor = a->actor, .source = "day members", .note = "" };
    desk_table t = {
        .file = name, .columns = "member, day, slot, demand_kwh", .name = names, .needed = 4, .d = a->diags
    };
    MIZO_TRY(a_parent(a));
    handed *h = calloc(1, sizeof *h);
    if (!h)
        return MIZO_ENOMEM;
    h->a = a;
    mizo_err e = desk_table_read(&t, bytes, n, handed_row, h);
    if (!e)
        e = all_there(h, name);
    if (!e)
        e = s->ops->batch_begin(s, &b);
    if (!e) {
        e = keep_handed(a, h, name, bytes, n);
        if (e)
            s->ops->batch_rollback(s);
        else
            e = s->ops->batch_commit(s);
    }
    free(h);
    return e;
}

/* ---- what members owe ---- */

typedef struct allotting {
    const desk_act *a;
    const char *member;
    buf *out;
    desk_allotted *sum;
} allotting;

/* What a slot was split by, over all members. */
static int64_t weight_of(const mizo_bg *g, const imbalance_slot *s, size_t n)
{
    int64_t sum = 0;
    for (size_t k = 0; k < n; k++) {
        int64_t own = s->member[k].imbalance;
        sum += g->split == MIZO_SPLIT_DEVIATION ? (own < 0 ? -own : own) : s->member[k].volume;
    }
    return sum;
}

static void put_row(const allotting *x, const mizo_bg *g, const imbalance_day *d, int t, size_t k)
{
    const imbalance_slot *s = &d->slot[t];
    char day[MIZO_DATE_TEXT], wh[MIZO_NUM_TEXT], yen[MIZO_NUM_TEXT], fee[MIZO_NUM_TEXT], all[MIZO_NUM_TEXT],
        weight[MIZO_NUM_TEXT];
    mizo_uyen owed = s->member[k].volume * g->fee_myen;
    mizo_day_text(d->day, day);
    mizo_decimal_text(s->member[k].wh, 3, wh);
    mizo_decimal_text(s->member[k].uyen, 6, yen);
    mizo_decimal_text(owed, 6, fee);
    mizo_decimal_text(s->wh, 3, all);
    mizo_decimal_text(weight_of(g, s, d->nmember), 3, weight);
    buf_printf(x->out, "%s,%d,%s,%s,%s,%s,%s\r\n", day, t + 1, wh, yen, fee, all, weight);
    x->sum->slots++;
    x->sum->wh += s->member[k].wh;
    x->sum->received += s->member[k].uyen;
    x->sum->fee += owed;
    x->sum->used += s->member[k].volume;
}

static void allot_day(void *arg, const imbalance_day *d)
{
    allotting *x = arg;
    const mizo_bg *g = mizo_region_bg_on(x->a->town->region, x->a->group->id, d->day);
    char id[MIZO_ID_MAX];
    size_t k = 0;
    while (g && desk_listed(g->members, k, id) && strcmp(id, x->member))
        k++;
    if (!g || g->role != MIZO_BG_PARENT || !d->filed || k >= d->nmember)
        return;
    x->sum->days++;
    for (int t = 0; t < SLOTS; t++)
        if (d->slot[t].settled && d->slot[t].priced)
            put_row(x, g, d, t, k);
        else
            x->sum->open++;
}

static mizo_err keep_allotted(const desk_act *a, const char *member, const imbalance_month *m, const buf *out,
                              size_t from)
{
    store *s = a->town->store;
    store_batch b = { .known = a->now, .actor = a->actor, .source = "day allot", .note = "" };
    char first[MIZO_DATE_TEXT], name[2 * MIZO_ID_MAX + 24];
    desk_act month = *a;
    mizo_day_text(m->first, first);
    snprintf(name, sizeof name, "imbalance-%s-%.7s.csv", member, first);
    month.day = m->first;
    MIZO_TRY(s->ops->batch_begin(s, &b));
    mizo_err e = desk_put_file(&month, "member-imbalance", member, name, out->p + from, out->n - from, true);
    if (!e)
        return s->ops->batch_commit(s);
    s->ops->batch_rollback(s);
    return e;
}

/* The file's text; m: the month that it is of. */
static mizo_err write_allotted(allotting *x, imbalance_month *m)
{
    buf_str(x->out, "day,slot,imbalance_kwh,received_yen,fee_yen,group_imbalance_kwh,group_weight_kwh\r\n");
    MIZO_TRY(imbalance_of_month(x->a->town, x->a->group->id, x->a->day, x->a->now, allot_day, x, m));
    return x->out->err;
}

/* As the month close asks for it: of the sums as they are rounded. */
static mizo_err tax_of(const desk_act *a, const imbalance_month *m, desk_allotted *sum)
{
    const mizo_rounding *by = mizo_rounding_of(a->town->region, "imbalance", MIZO_STEP_TOTAL);
    mizo_uyen received, fee;
    int64_t left;
    sum->month = m->first;
    sum->final = m->final;
    MIZO_TRY(mizo_round_by(by, sum->received, &received, &left));
    MIZO_TRY(mizo_round_by(by, sum->fee, &fee, &left));
    return imbalance_share_tax(a->town, a->group->id, m->first, fee - received, &sum->tax_name, &sum->tax);
}

mizo_err desk_members_allot(const desk_act *a, const char *member, buf *out, desk_allotted *sum)
{
    allotting x = { a, member, out, sum };
    size_t from = out->n;
    memset(sum, 0, sizeof *sum);
    MIZO_TRY(a_parent(a));
    if (!member || !mizo_id_listed(a->group->members, member)) {
        MIZO_DIAG(a->diags, DESK_NO_MEMBER, MIZO_NOWHERE, member ? member : "", a->group->members);
        return MIZO_EINPUT;
    }
    imbalance_month *m = malloc(sizeof *m);
    mizo_err e = m ? write_allotted(&x, m) : MIZO_ENOMEM;
    if (!e)
        e = tax_of(a, m, sum);
    if (!e)
        e = keep_allotted(a, member, m, out, from);
    free(m);
    return e;
}

/* ---- what was sent, against today ---- */

typedef struct last_sent {
    char hash[HASH_TEXT];
    mizo_ms at;
} last_sent;

static mizo_err on_sent(void *arg, const register_line *line)
{
    last_sent *x = arg;
    if (!line->sent || line->refused || (*x->hash && line->at < x->at))
        return MIZO_OK;
    memcpy(x->hash, line->hash, sizeof x->hash);
    x->at = line->at;
    return MIZO_OK;
}

mizo_err desk_members_sent(town *t, const char *group, mizo_day month, const char *member, allot_state *out)
{
    const mizo_bg named = { .id = group };
    desk_allotted sum = { 0 };
    last_sent sent = { .hash = "" };
    buf text;
    desk_act a = { .town = t, .group = &named, .day = month, .now = STORE_LATEST, .diags = t->diags };
    allotting x = { &a, member, &text, &sum };
    register_ask ask = { .kind = "member-imbalance", .with = member, .of_day = true, .day = month };
    mizo_err e = register_scan(t, &ask, on_sent, &sent);
    MIZO_TRY(e == MIZO_ENOENT ? MIZO_OK : e);
    *out = ALLOT_NOT_SENT;
    if (!*sent.hash)
        return MIZO_OK;
    imbalance_month *m = malloc(sizeof *m);
    buf_init(&text, 16 << 20);
    e = m ? write_allotted(&x, m) : MIZO_ENOMEM;
    if (!e) {
        char now[HASH_TEXT];
        hash_text(hash_bytes(text.p, text.n), now);
        *out = strcmp(now, sent.hash) == 0 ? ALLOT_SAME : ALLOT_OTHER;
    }
    buf_fini(&text);
    free(m);
    return e;
}
