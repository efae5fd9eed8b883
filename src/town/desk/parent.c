/* parent.c: see desk_parent.h. */
#include "town/desk/parent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/desk.h"
#include "town/desk/imbalance.h"
#include "town/desk/inner.h"
#include "town/register/register.h"

enum { SLOTS = DESK_SLOTS };

typedef struct checking {
    const desk_act *a;
    parent_check *out;
    imbalance_day *day; /* ours, of the row's day */
    bool has_day;
    const mizo_bg *group;
} checking;

/* The differences are reckoned to the kWh and to the yen that the file is written in, without tolerance. */
static void say(const checking *c, const desk_parent_row *row, const char *what, int64_t theirs, int64_t ours,
                int digits)
{
    char when[40], day[MIZO_DATE_TEXT], t[MIZO_NUM_TEXT], o[MIZO_NUM_TEXT], by[MIZO_NUM_TEXT];
    mizo_day_text(row->day, day);
    snprintf(when, sizeof when, "%s %02d:%02d", day, row->slot / 2, row->slot % 2 * 30);
    mizo_decimal_text(theirs, digits, t);
    mizo_decimal_text(ours, digits, o);
    mizo_decimal_text(theirs - ours, digits, by);
    MIZO_DIAG(c->a->diags, DESK_INVOICE_DIFFERS, MIZO_NOWHERE, when, what, t, o, by);
}

static mizo_err turn_to(checking *c, mizo_day day)
{
    if (c->has_day && c->day->day == day)
        return MIZO_OK;
    c->group = mizo_region_bg_on(c->a->town->region, c->a->group->id, day);
    c->has_day = true;
    memset(c->day, 0, sizeof *c->day);
    c->day->day = day;
    if (!c->group || c->group->role != MIZO_BG_MEMBER)
        return MIZO_OK;
    return imbalance_of_day(c->a->town, c->group, day, c->a->now, c->day);
}

/* The fee of a half-hour: on what we used. */
static mizo_uyen fee_of(const checking *c, const imbalance_slot *s)
{
    return s->group.actual * c->group->fee_myen;
}

/* What the rule of the contract makes of the group's figures for us: the largest remainder may give one unit more. */
typedef struct due_share {
    mizo_wh wh;
    mizo_uyen uyen;
    int slack;
} due_share;

static mizo_err by_rule(const checking *c, const desk_parent_row *row, const imbalance_slot *s,
                        due_share *out)
{
    bool deviation = c->group->split == MIZO_SPLIT_DEVIATION;
    int64_t own = deviation ? (s->wh < 0 ? -s->wh : s->wh) : s->group.actual;
    mizo_uyen all;
    *out = (due_share){ s->wh, s->uyen, 0 };
    if (!row->shared || c->group->split == MIZO_SPLIT_DIRECT || row->weight <= 0)
        return MIZO_OK;
    out->slack = 1;
    MIZO_TRY(mizo_imbalance_uyen(row->group, &s->group, &all));
    MIZO_TRY(mizo_mul_div(row->group, own, row->weight, MIZO_ROUND_CUT, &out->wh));
    return mizo_mul_div(all, own, row->weight, MIZO_ROUND_CUT, &out->uyen);
}

static bool other_than(int64_t theirs, int64_t ours, int slack)
{
    int64_t more = theirs < 0 || ours < 0 ? ours - theirs : theirs - ours; /* away from zero */
    return more < 0 || more > slack;
}

static mizo_err check_row(checking *c, const desk_parent_row *row)
{
    parent_check *out = c->out;
    due_share due;
    MIZO_TRY(turn_to(c, row->day));
    const imbalance_slot *s = &c->day->slot[row->slot];
    out->theirs_wh += row->imbalance;
    out->theirs_uyen += row->fee - row->received;
    if (!c->day->filed || !s->settled || !s->priced) {
        out->unknown++;
        return MIZO_OK;
    }
    MIZO_TRY(by_rule(c, row, s, &due));
    mizo_uyen fee = fee_of(c, s);
    bool wh = other_than(row->imbalance, due.wh, due.slack),
         yen = other_than(row->received, due.uyen, due.slack);
    out->slots++;
    out->differ += wh || yen || row->fee != fee;
    out->ours_wh += wh ? due.wh : row->imbalance; /* a remainder's unit is theirs to give */
    mizo_uyen received = yen ? due.uyen : row->received;
    out->ours_received += received;
    out->own_uyen += s->uyen;
    out->ours_uyen += fee - received;
    if (wh)
        say(c, row, "kWh", row->imbalance, due.wh, 3);
    if (yen)
        say(c, row, "yen", row->received, due.uyen, 6);
    if (row->fee != fee)
        say(c, row, "fee, yen", row->fee, fee, 6);
    return MIZO_OK;
}

void desk_parent_json(const parent_check *c, json *j)
{
    json_int(j, "rows", c->rows);
    json_int(j, "slots", c->slots);
    json_int(j, "differ", c->differ);
    json_int(j, "unknown", c->unknown);
    json_int(j, "theirs_wh", c->theirs_wh);
    json_int(j, "ours_wh", c->ours_wh);
    json_yen(j, "theirs_yen", c->theirs_uyen);
    json_yen(j, "ours_yen", c->ours_uyen);
    json_yen(j, "ours_received_yen", c->ours_received);
    json_yen(j, "own_deviations_yen", c->own_uyen);
    json_yen(j, "difference_yen", c->theirs_uyen - c->ours_uyen);
}

static mizo_err keep(const desk_act *a, const desk_parent *p, const char *name, const char *bytes, size_t n,
                     const parent_check *c)
{
    store *s = a->town->store;
    store_batch b = { .known = a->now, .actor = a->actor, .source = "day take", .note = "" };
    register_file f = { .kind = "parent-imbalance",
                        .name = name,
                        .with = a->group->parent,
                        .from = p->row[0].day,
                        .to = p->row[p->n - 1].day + 1,
                        .actor = a->actor,
                        .at = a->now,
                        .bytes = bytes,
                        .n = n };
    register_line line;
    char id[DESK_ID];
    bool changed;
    buf text;
    json j;
    desk_id(a->group->id, p->row[0].day, id);
    buf_init(&text, 1 << 16);
    json_init(&j, &text);
    json_object(&j, NULL);
    desk_parent_json(c, &j);
    json_end(&j);
    mizo_err e = text.err ? text.err : s->ops->batch_begin(s, &b);
    if (!e) {
        e = register_put(a->town, &f, &line);
        if (!e)
            e = s->ops->record_put(s, "desk-parent", id, text.p, &changed);
        if (e)
            s->ops->batch_rollback(s);
        else
            e = s->ops->batch_commit(s);
    }
    buf_fini(&text);
    return e;
}

mizo_err desk_parent_check(const desk_act *a, const char *name, const char *bytes, size_t n,
                           parent_check *out)
{
    desk_parent p;
    checking c = { .a = a, .out = out, .day = malloc(sizeof *c.day) };
    memset(out, 0, sizeof *out);
    mizo_err e = c.day ? desk_in_parent(a, name, bytes, n, &p) : MIZO_ENOMEM;
    if (e) {
        free(c.day);
        return e;
    }
    if (a->group->role != MIZO_BG_MEMBER || !p.n) {
        MIZO_DIAG(a->diags, DESK_NOT_MEMBER, MIZO_NOWHERE, a->group->id);
        e = MIZO_EINPUT;
    }
    out->rows = (int64_t)p.n;
    for (size_t i = 0; i < p.n && !e; i++)
        e = check_row(&c, &p.row[i]);
    if (!e)
        e = keep(a, &p, name, bytes, n, out);
    desk_parent_fini(&p);
    free(c.day);
    return e;
}

/* ---- a month's checks ---- */

typedef struct checked {
    const char *head; /* "GROUP/2021-07-" */
    parent_check *sum;
} checked;

static mizo_err on_checked(void *arg, const store_record *rec)
{
    const checked *x = arg;
    json_reader r;
    json_token k;
    int64_t slots = 0, received = 0, own = INT64_MIN; /* a record of long ago does not say it */
    mizo_err e = MIZO_OK;
    if (strncmp(rec->id, x->head, strlen(x->head)))
        return MIZO_OK;
    json_read_init(&r, rec->json, strlen(rec->json));
    while (!e && !(e = json_next(&r, &k)) && k.kind != JSON_END) {
        size_t n = strlen(k.text);
        if (strcmp(k.key, "slots") == 0)
            e = mizo_decimal_parse(k.text, n, 0, &slots);
        else if (strcmp(k.key, "ours_received_yen") == 0)
            e = mizo_decimal_parse(k.text, n, 6, &received);
        else if (strcmp(k.key, "own_deviations_yen") == 0)
            e = mizo_decimal_parse(k.text, n, 6, &own);
    }
    if (e || own == INT64_MIN)
        return e ? MIZO_ESTORE : MIZO_OK;
    x->sum->slots += (int)slots;
    x->sum->ours_received += received;
    x->sum->own_uyen += own;
    return MIZO_OK;
}

mizo_err desk_parent_month(store *s, const char *group, mizo_day month, parent_check *out)
{
    char head[DESK_ID];
    mizo_date d = mizo_day_date(month);
    checked x = { head, out };
    *out = (parent_check){ 0 };
    snprintf(head, sizeof head, "%s/%04d-%02d-", group, d.year % 10000, d.month);
    mizo_err e = s->ops->record_scan(s, "desk-parent", NULL, on_checked, &x);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}
