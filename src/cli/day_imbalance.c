/* day_imbalance.c: mizo day imbalance: a month after delivery; mizo day take: the parent's figures against ours. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/day.h"
#include "mizo/messages/desk.h"
#include "town/desk/imbalance.h"
#include "town/desk/parent.h"

static const char *kwh(mizo_wh wh, char room[MIZO_NUM_TEXT])
{
    mizo_decimal_text(wh, 3, room);
    return room;
}

static const char *yen(mizo_uyen v, char room[MIZO_NUM_TEXT])
{
    mizo_decimal_text(v, 6, room);
    return room;
}

/* ---- a month ---- */

static void put_members(const imbalance_month *m, bool ja, buf *out)
{
    char a[MIZO_NUM_TEXT], b[MIZO_NUM_TEXT], c[MIZO_NUM_TEXT];
    for (size_t k = 0; k < m->nmember; k++)
        buf_printf(out,
                   ja ? "  %s: 自らの差の絶対値 %s kWh、配分 %s kWh、%s 円\n"
                      : "  %s: own deviations %s kWh in all, share %s kWh, %s yen\n",
                   m->id[k], kwh(m->own[k], a), kwh(m->wh[k], b), yen(m->uyen[k], c));
}

static void put_month(const imbalance_month *m, bool ja, buf *out)
{
    char first[MIZO_DATE_TEXT], a[MIZO_NUM_TEXT], b[MIZO_NUM_TEXT], c[MIZO_NUM_TEXT], d[MIZO_NUM_TEXT];
    mizo_day_text(m->first, first);
    first[7] = '\0';
    buf_printf(out,
               ja ? "%s インバランス(%s): %d 日中 %d 日に計画、未確定 %d コマ、補った実績 %d\n"
                  : "%s imbalance (%s): of %d days %d with a plan, %d half-hours open, %d readings filled\n",
               first, m->final ? (ja ? "確定" : "final") : (ja ? "速報" : "provisional"), m->days, m->filed,
               m->open_slots, m->filled);
    buf_printf(out,
               ja ? "  余剰 %s kWh(受取 %s 円)、不足 %s kWh(支払 %s 円)\n"
                  : "  surplus %s kWh (received %s yen), shortage %s kWh (paid %s yen)\n",
               kwh(m->sum.surplus, a), yen(m->sum.received, b), kwh(m->sum.shortage, c), yen(m->sum.paid, d));
    buf_printf(
        out, ja ? "  差引受取 %s 円、端数処理後 %s 円%s\n" : "  net received %s yen, rounded %s yen%s\n",
        yen(m->net, a), yen(m->rounded, b),
        m->stand_in
            ? (ja ? "(インバランス単価の代わりに市場価格)" : " (market prices stand in for imbalance prices)")
            : "");
    put_members(m, ja, out);
    if (m->has_before)
        buf_printf(
            out, ja ? "  前の版(第%d版) %s 円との差 %s 円\n" : "  version %d had %s yen; difference %s yen\n",
            m->version, yen(m->before, a), yen(m->rounded - m->before, b));
}

/* The days of a month without a plan, as runs: "3-5, 9". */
typedef struct unfiled {
    mizo_day first, today, from, to; /* of the run in hand; from MIZO_DAY_NONE: none */
    buf runs;
} unfiled;

static void end_run(unfiled *u)
{
    if (u->from == MIZO_DAY_NONE)
        return;
    buf_printf(&u->runs, u->runs.n ? ", %d" : "%d", (int)(u->from - u->first + 1));
    if (u->to > u->from)
        buf_printf(&u->runs, "-%d", (int)(u->to - u->first + 1));
    u->from = MIZO_DAY_NONE;
}

static void note_day(void *arg, const imbalance_day *d)
{
    unfiled *u = arg;
    if (d->filed || d->day >= u->today)
        return end_run(u);
    u->from = u->from == MIZO_DAY_NONE ? d->day : u->from;
    u->to = d->day;
}

static mizo_err month_of(day_job *j, imbalance_month *m)
{
    mizo_day first = mizo_month_first(j->o->day, 0);
    unfiled u = { .first = first,
                  .today = mizo_slot_day(mizo_ms_slot(j->now), j->t.region->offset),
                  .from = MIZO_DAY_NONE };
    char month[MIZO_DATE_TEXT];
    buf_init(&u.runs, 1 << 10);
    mizo_err e = imbalance_of_month(&j->t, j->group->id, j->o->day, j->now, note_day, &u, m);
    end_run(&u);
    mizo_day_text(first, month);
    month[7] = '\0';
    if (!e && u.runs.n)
        MIZO_DIAG(j->c->diags, DESK_NOT_FILED, MIZO_NOWHERE, j->group->id, month, u.runs.p);
    buf_fini(&u.runs);
    return e;
}

mizo_err day_imbalance(day_job *j, buf *out)
{
    imbalance_month *m = malloc(sizeof *m);
    mizo_err e = m ? month_of(j, m) : MIZO_ENOMEM;
    if (!e && j->o->keep) {
        desk_act a = day_act(j);
        e = imbalance_keep(&a, m);
    }
    if (!e && j->o->json) {
        json w;
        json_init(&w, out);
        json_object(&w, NULL);
        json_text(&w, "group", j->group->id);
        imbalance_json(m, &w);
        json_end(&w);
        buf_char(out, '\n');
    } else if (!e) {
        put_month(m, cli_japanese(j->c), out);
    }
    free(m);
    return e;
}

/* ---- the parent's figures ---- */

static void put_check(const parent_check *c, bool ja, buf *out)
{
    char a[MIZO_NUM_TEXT], b[MIZO_NUM_TEXT], x[MIZO_NUM_TEXT];
    buf_printf(out, ja ? "%d コマを照合、%d コマに差。" : "%d half-hours compared, %d differ. ", c->slots,
               c->differ);
    buf_printf(out,
               ja ? "請求 親 %s 円、自社 %s 円、差 %s 円\n"
                  : "invoice: parent %s yen, ours %s yen, difference %s yen\n",
               yen(c->theirs_uyen, a), yen(c->ours_uyen, b), yen(c->theirs_uyen - c->ours_uyen, x));
    if (c->unknown)
        buf_printf(out,
                   ja ? "自社で計算できないコマ %d\n" : "%d half-hours that we cannot reckon ourselves\n",
                   c->unknown);
}

mizo_err day_take(day_job *j, buf *out)
{
    desk_act a = day_act(j);
    parent_check c;
    buf text;
    if (j->nfile != 1) {
        MIZO_DIAG(j->c->diags, DESK_FILE, MIZO_NOWHERE, "take");
        return MIZO_EINPUT;
    }
    buf_init(&text, 64 << 20);
    mizo_err e = day_read_file(j, 0, &text);
    if (!e)
        e = desk_parent_check(&a, j->file[0], text.p ? text.p : "", text.n, &c);
    e = day_refused(j, DESK_IN_PARENT, &text, e);
    buf_fini(&text);
    if (e)
        return e;
    if (j->o->json) {
        json w;
        json_init(&w, out);
        json_object(&w, NULL);
        desk_parent_json(&c, &w);
        json_end(&w);
        buf_char(out, '\n');
    } else {
        put_check(&c, cli_japanese(j->c), out);
    }
    return MIZO_OK;
}
