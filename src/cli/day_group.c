/* day_group.c: mizo day members, allot: a parent and its members; decide: a proposal taken up; the file that was filed. */
#include <stdlib.h>
#include <string.h>

#include "cli/day.h"
#include "mizo/messages/desk.h"
#include "mizo/messages/report.h"
#include "town/desk/decide.h"
#include "town/desk/members.h"
#include "town/desk/out.h"

bool day_wants_xlsx(const day_job *j)
{
    size_t n = j->o->out ? strlen(j->o->out) : 0;
    return j->group->role == MIZO_BG_MEMBER && n > 5 && strcmp(j->o->out + n - 5, ".xlsx") == 0;
}

static mizo_err write_out(day_job *j, const char *path, const buf *b)
{
    env *e = j->c->env;
    mizo_err err = b->err ? b->err : e->ops->write_file(e, path, b->p ? b->p : "", b->n);
    if (err)
        MIZO_DIAG(j->c->diags, FILE_UNWRITABLE, MIZO_NOWHERE, path);
    return err;
}

mizo_err day_write_filed(day_job *j)
{
    register_line line;
    buf bytes;
    if (!j->o->out)
        return MIZO_OK;
    buf_init(&bytes, 64 << 20);
    mizo_err e = desk_out_filed(&j->t, j->group, j->o->day, &j->d->filed, day_wants_xlsx(j), &line, &bytes);
    if (!e)
        e = write_out(j, j->o->out, &bytes);
    buf_fini(&bytes);
    return e;
}

mizo_err day_members(day_job *j, buf *out)
{
    desk_act a = day_act(j);
    buf text;
    if (j->nfile != 1) {
        MIZO_DIAG(j->c->diags, DESK_FILE, MIZO_NOWHERE, "members");
        return MIZO_EINPUT;
    }
    buf_init(&text, 16 << 20);
    mizo_err e = day_read_file(j, 0, &text);
    if (!e)
        e = desk_members_take(&a, j->file[0], text.p ? text.p : "", text.n);
    e = day_refused(j, DESK_IN_MEMBERS, &text, e);
    buf_fini(&text);
    if (!e)
        e = desk_read(&j->t, j->group, j->o->day, j->now, j->d);
    return e ? e : day_print(j, out);
}

static void put_allotted(const day_job *j, const desk_allotted *s, buf *out)
{
    char wh[MIZO_NUM_TEXT], yen[MIZO_NUM_TEXT], fee[MIZO_NUM_TEXT], tax[MIZO_NUM_TEXT];
    bool ja = cli_japanese(j->c);
    mizo_decimal_text(s->wh, 3, wh);
    mizo_decimal_text(s->received, 6, yen);
    mizo_decimal_text(s->fee, 6, fee);
    mizo_decimal_text(s->tax, 6, tax);
    buf_printf(
        out,
        ja ? "%s: %d 日 %d コマ、配分 %s kWh、受取 %s 円、手数料 %s 円、消費税 %s 円、未確定 %d コマ\n"
           : "%s: %d days, %d half-hours, share %s kWh, received %s yen, fee %s yen, tax %s yen, %d half-hours open\n",
        j->o->member, s->days, s->slots, wh, yen, fee, tax, s->open);
}

static void put_allotted_json(const day_job *j, const desk_allotted *s, buf *out)
{
    json w;
    json_init(&w, out);
    json_object(&w, NULL);
    json_text(&w, "group", j->group->id);
    json_text(&w, "member", j->o->member);
    json_int(&w, "days", s->days);
    json_int(&w, "slots", s->slots);
    json_int(&w, "open_slots", s->open);
    json_int(&w, "share_wh", s->wh);
    json_yen(&w, "received_yen", s->received);
    json_yen(&w, "fee_yen", s->fee);
    json_yen(&w, "invoice_yen", s->fee - s->received);
    json_yen(&w, "tax_yen", s->tax);
    json_end(&w);
    buf_char(out, '\n');
}

mizo_err day_allot(day_job *j, buf *out)
{
    desk_act a = day_act(j);
    desk_allotted sum;
    report_format format = REPORT_FORMAT_PDF;
    buf file, paper;
    if (j->o->paper && report_format_of(j->o->paper, &format)) {
        MIZO_DIAG(j->c->diags, REPORT_FORMAT_UNKNOWN, MIZO_NOWHERE, j->o->paper);
        return MIZO_EINPUT;
    }
    buf_init(&file, 64 << 20);
    buf_init(&paper, 64 << 20);
    mizo_err e = desk_members_allot(&a, j->o->member, &file, &sum);
    if (!e && j->o->paper)
        e = desk_members_paper(&a, j->o->member, &sum, j->c->lang, format, &paper);
    if (!e && j->o->paper)
        e = write_out(j, j->o->paper, &paper);
    if (!e && j->o->out)
        e = write_out(j, j->o->out, &file);
    if (!e && j->o->json)
        put_allotted_json(j, &sum, out);
    else if (!e && (j->o->out || j->o->paper))
        put_allotted(j, &sum, out);
    else if (!e)
        buf_add(out, file.p, file.n);
    buf_fini(&paper);
    buf_fini(&file);
    return e;
}

mizo_err day_decide(day_job *j, buf *out)
{
    desk_act a = day_act(j);
    desk_decision *d = malloc(sizeof *d);
    mizo_wh wh = 0;
    const char *kwh = j->o->kwh;
    mizo_err e = d ? MIZO_OK : MIZO_ENOMEM;
    if (!e && (j->nfile != 1 || (kwh && (mizo_decimal_parse(kwh, strlen(kwh), 3, &wh) || wh < 0)))) {
        MIZO_DIAG(j->c->diags, DESK_CELL, MIZO_NOWHERE, "decide", "hold|buy|sell|call|move --kwh KWH");
        e = MIZO_EINPUT;
    }
    if (!e)
        e = desk_decide(&a, j->file[0], wh, d);
    if (!e)
        e = desk_read(&j->t, j->group, j->o->day, j->now, j->d);
    free(d);
    return e ? e : day_print(j, out);
}
