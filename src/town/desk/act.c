/* act.c: drafts, filing, corrections by hand: what a person (or the machine, where the region says so) decides. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/desk.h"
#include "town/desk/inner.h"
#include "town/desk/out.h"

enum { SLOTS = DESK_SLOTS };

/* ---- keeping ---- */

static mizo_err put_record(store *s, const char *kind, const char *id, buf *text)
{
    bool changed;
    return text->err ? text->err : s->ops->record_put(s, kind, id, text->p, &changed);
}

static store_batch batch_of(const desk_act *a, const char *source)
{
    return (store_batch){ .known = a->now, .actor = a->actor, .source = source, .note = "" };
}

/* ---- drafts ---- */

static void copy_text(char *out, size_t cap, const char *s)
{
    size_t n = s ? strlen(s) : 0;
    n = n < cap ? n : cap - 1;
    memcpy(out, s ? s : "", n);
    out[n] = '\0';
}

static void compose(const desk_act *a, const desk_day *d, desk_plan *p)
{
    memset(p, 0, sizeof *p);
    p->at = p->first = a->now;
    p->issued = d->forecast.issued;
    copy_text(p->actor, sizeof p->actor, a->actor);
    copy_text(p->reason, sizeof p->reason, a->reason);
    p->nmember = d->forecast.nmember;
    mizo_wh sum[SLOTS];
    desk_correct_demand(&d->forecast, d->correction, d->ncorrection, p->member, sum);
    p->book = d->book;
}

static mizo_err put_draft(const desk_act *a, const desk_forecast *f, desk_day *out)
{
    store *s = a->town->store;
    char id[DESK_ID];
    buf text;
    json j;
    desk_id(a->group->id, a->day, id);
    MIZO_TRY(desk_read_with(a->town, a->group, a->day, a->now, f, out));
    compose(a, out, &out->draft);
    out->has_draft = true;
    buf_init(&text, 4 << 20);
    json_init(&j, &text);
    desk_forecast_json(f, &j);
    mizo_err e = put_record(s, "desk-forecast", id, &text);
    buf_clear(&text);
    json_init(&j, &text);
    desk_plan_json(out->region, &out->draft, &j);
    if (!e)
        e = put_record(s, "desk-draft", id, &text);
    buf_fini(&text);
    return e;
}

mizo_err desk_draft_foresee(const desk_act *a, desk_forecast *out)
{
    mizo_ms midnight = mizo_slot_ms(mizo_day_slot(a->day, a->town->region->offset));
    mizo_ms issued = a->now < midnight ? a->now : midnight;
    return desk_foresee(a->town, a->group, a->day, issued, true, a->stop, out);
}

mizo_err desk_draft_keep(const desk_act *a, const desk_forecast *f, desk_day *out)
{
    store *s = a->town->store;
    store_batch b = batch_of(a, "day plan");
    MIZO_TRY(s->ops->batch_begin(s, &b));
    mizo_err e = put_draft(a, f, out);
    if (!e)
        return s->ops->batch_commit(s);
    s->ops->batch_rollback(s);
    return e;
}

mizo_err desk_draft(const desk_act *a, desk_day *out)
{
    desk_forecast *f = malloc(sizeof *f);
    mizo_err e = f ? desk_draft_foresee(a, f) : MIZO_ENOMEM;
    if (!e)
        e = desk_draft_keep(a, f, out);
    free(f);
    return e;
}

/* ---- filing ---- */

static void say_time(const desk_act *a, mizo_msg id, const char *what, mizo_ms at)
{
    char text[MIZO_INSTANT_TEXT];
    mizo_ms_text(at, a->town->region->offset, text);
    mizo_diag_add(a->diags, id, MIZO_NOWHERE, what, text, (const char *)NULL);
}

static mizo_ms day_before(const desk_act *a, int minute)
{
    return mizo_slot_ms(mizo_day_slot(a->day - 1, a->town->region->offset)) + (mizo_ms)minute * 60000;
}

/* From noon to 17:00 of the day before nothing is taken. */
static mizo_err in_the_window(const desk_act *a, const desk_day *d, bool *late)
{
    mizo_ms due = day_before(a, d->rules.next_day_min), opens = day_before(a, d->rules.late_open_min);
    *late = a->now >= due;
    if (!*late || a->now >= opens || a->group->role == MIZO_BG_MEMBER)
        return MIZO_OK;
    say_time(a, MIZO_MSG_DESK_NOT_YET, a->group->id, opens);
    return MIZO_ECONFLICT;
}

static mizo_err nothing_missing(const desk_act *a, const mizo_desk_book *b)
{
    bool bad = false;
    for (size_t i = 0; i < b->nline; i++) {
        char n[16];
        if (!b->line[i].missing)
            continue;
        buf text;
        buf_init(&text, sizeof n);
        buf_printf(&text, "%d", b->line[i].missing);
        MIZO_DIAG(a->diags, DESK_PLANT_MISSING, MIZO_NOWHERE, b->line[i].id, text.p ? text.p : "");
        buf_fini(&text);
        bad = true;
    }
    return bad ? MIZO_EINPUT : MIZO_OK;
}

static mizo_desk_line *line_of(mizo_desk_book *b, const mizo_desk_line *like)
{
    for (size_t i = 0; i < b->nline; i++)
        if (b->line[i].sale == like->sale && strcmp(b->line[i].id, like->id) == 0)
            return &b->line[i];
    return NULL;
}

/* What has closed stays as it was filed; of a first plan nothing is there. */
static mizo_err keep_closed(const desk_day *d, int from, desk_plan *p)
{
    const desk_plan *was = d->has_filed ? &d->filed : NULL;
    for (size_t i = 0; was && i < was->book.nline && from > 0; i++) {
        if (line_of(&p->book, &was->book.line[i]))
            continue;
        if (p->book.nline == MIZO_DESK_LINES)
            return MIZO_EFULL;
        mizo_desk_line *line = &p->book.line[p->book.nline++];
        *line = was->book.line[i];
        memset(line->wh, 0, sizeof line->wh);
    }
    for (int t = 0; t < from; t++) {
        p->book.demand[t] = was ? was->book.demand[t] : 0;
        p->book.bought[t] = p->book.sold[t] = 0;
        for (size_t k = 0; k < p->nmember; k++)
            p->member[k].demand[t] = was && k < was->nmember ? was->member[k].demand[t] : 0;
        for (size_t i = 0; i < p->book.nline; i++) {
            mizo_desk_line *line = &p->book.line[i], *old = NULL;
            for (size_t k = 0; was && k < was->book.nline && !old; k++)
                if (was->book.line[k].sale == line->sale && strcmp(was->book.line[k].id, line->id) == 0)
                    old = (mizo_desk_line *)(uintptr_t)&was->book.line[k];
            line->wh[t] = old ? old->wh[t] : 0;
            *(line->sale ? &p->book.sold[t] : &p->book.bought[t]) += line->wh[t];
        }
        p->book.open[t] = p->book.demand[t] + p->book.sold[t] - p->book.bought[t];
    }
    return MIZO_OK;
}

static int first_open(const desk_act *a, const desk_day *d)
{
    int t = 0;
    while (t < SLOTS && mizo_desk_gate(&d->rules, a->day, t, a->town->region->offset) <= a->now)
        t++;
    return t;
}

/* Whether it may be filed at all. */
static mizo_err may_file(const desk_act *a, const desk_day *d, desk_plan *p)
{
    if (!d->has_forecast) {
        MIZO_DIAG(a->diags, DESK_NO_DRAFT, MIZO_NOWHERE, a->group->id);
        return MIZO_ENOENT;
    }
    if (d->has_filed && (!a->reason || !a->reason[0])) {
        MIZO_DIAG(a->diags, DESK_REASON, MIZO_NOWHERE, a->group->id);
        return MIZO_EINPUT;
    }
    MIZO_TRY(in_the_window(a, d, &p->late));
    int from = first_open(a, d);
    if (from == SLOTS) {
        say_time(a, MIZO_MSG_DESK_CLOSED, "23:30",
                 mizo_desk_gate(&d->rules, a->day, SLOTS - 1, a->town->region->offset));
        return MIZO_ECONFLICT;
    }
    MIZO_TRY(nothing_missing(a, &p->book));
    MIZO_TRY(keep_closed(d, from, p));
    return a->group->role == MIZO_BG_MEMBER ? MIZO_OK : mizo_desk_identity(&p->book, a->diags);
}

static mizo_err put_plan(const desk_act *a, desk_day *d, desk_plan *p)
{
    store *s = a->town->store;
    char id[DESK_ID];
    buf text;
    json j;
    desk_id(a->group->id, a->day, id);
    MIZO_TRY(desk_out_put(a, p));
    buf_init(&text, 4 << 20);
    json_init(&j, &text);
    desk_plan_json(d->region, p, &j);
    mizo_err e = put_record(s, "desk-plan", id, &text);
    if (!e && a->group->role == MIZO_BG_MEMBER) {
        buf_clear(&text);
        buf_printf(&text, "{\"at_ms\":%lld,\"file\":\"%s\"}", (long long)p->first, p->file);
        e = put_record(s, "desk-hand", id, &text);
    }
    buf_fini(&text);
    return e;
}

mizo_err desk_file(const desk_act *a, desk_day *out)
{
    store *s = a->town->store;
    store_batch b = batch_of(a, "day file");
    desk_plan *p = malloc(sizeof *p);
    mizo_err e = p ? desk_read(a->town, a->group, a->day, a->now, out) : MIZO_ENOMEM;
    if (!e) {
        compose(a, out, p);
        p->version = out->has_filed ? out->filed.version + 1 : 1;
        p->first = out->has_filed ? out->filed.first : a->now;
        e = may_file(a, out, p);
    }
    if (!e)
        e = s->ops->batch_begin(s, &b);
    if (!e) {
        e = put_plan(a, out, p);
        if (e)
            s->ops->batch_rollback(s);
        else
            e = s->ops->batch_commit(s);
    }
    free(p);
    return e ? e : desk_read(a->town, a->group, a->day, a->now, out);
}

/* ---- one slot by hand ---- */

static const desk_correction *standing(const desk_day *d, const char *member, int slot)
{
    for (size_t i = 0; i < d->ncorrection; i++)
        if (d->correction[i].slot == slot && strcmp(d->correction[i].member, member) == 0)
            return &d->correction[i];
    return NULL;
}

static void clock_text(int slot, char out[8])
{
    out[0] = (char)('0' + slot / 20);
    out[1] = (char)('0' + slot / 2 % 10);
    memcpy(out + 2, slot % 2 ? ":30" : ":00", 4);
}

static mizo_err which_member(const desk_act *a, const desk_day *d, const desk_right *what, const char **id,
                             mizo_wh *was)
{
    const desk_forecast *f = &d->forecast;
    *id = what->member ? what->member : f->nmember == 1 ? f->member[0].id : "";
    for (size_t k = 0; k < f->nmember; k++) {
        if (strcmp(f->member[k].id, *id))
            continue;
        const desk_correction *c = standing(d, *id, what->slot);
        *was = c && c->wh >= 0 ? c->wh : f->member[k].demand[what->slot];
        return MIZO_OK;
    }
    MIZO_DIAG(a->diags, DESK_NO_MEMBER, MIZO_NOWHERE, *id, a->group->members);
    return MIZO_EINPUT;
}

static mizo_err may_correct(const desk_act *a, const desk_day *d, const desk_right *what, const char *member)
{
    char slot[8], at[MIZO_INSTANT_TEXT], wh[MIZO_NUM_TEXT];
    const desk_correction *c = standing(d, member, what->slot);
    mizo_ms gate = mizo_desk_gate(&d->rules, a->day, what->slot, d->region->offset);
    clock_text(what->slot, slot);
    if (gate <= a->now) {
        say_time(a, MIZO_MSG_DESK_CLOSED, slot, gate);
        return MIZO_ECONFLICT;
    }
    if (!a->reason || !a->reason[0]) {
        MIZO_DIAG(a->diags, DESK_REASON, MIZO_NOWHERE, slot);
        return MIZO_EINPUT;
    }
    bool other = c && c->wh >= 0 && strcmp(c->actor, a->actor);
    if (!other || (what->over && strcmp(what->over, c->actor) == 0))
        return MIZO_OK;
    mizo_ms_text(c->at, d->region->offset, at);
    mizo_decimal_text(c->wh, 3, wh);
    MIZO_DIAG(a->diags, DESK_CORRECTED, MIZO_NOWHERE, slot, c->actor, at, wh, c->reason);
    return MIZO_ECONFLICT;
}

enum { CORRECTION_ID = DESK_ID + MIZO_ID_MAX + 8 };

static void correction_id(const desk_act *a, const char *member, int slot, char out[CORRECTION_ID])
{
    char day[DESK_ID], at[8];
    desk_id(a->group->id, a->day, day);
    clock_text(slot, at);
    snprintf(out, CORRECTION_ID, "%s/%s/%s", day, member, at);
}

static mizo_err put_correction(const desk_act *a, const desk_right *what, const char *member, mizo_wh was)
{
    store *s = a->town->store;
    char id[CORRECTION_ID];
    buf text;
    json j;
    correction_id(a, member, what->slot, id);
    buf_init(&text, 4096);
    json_init(&j, &text);
    json_object(&j, NULL);
    json_text(&j, "member", member);
    json_int(&j, "slot", what->slot);
    json_int(&j, "was_wh", was);
    json_int(&j, "wh", what->wh);
    json_text(&j, "actor", a->actor);
    json_text(&j, "reason", a->reason);
    json_int(&j, "at_ms", a->now);
    json_end(&j);
    mizo_err e = put_record(s, "desk-slot", id, &text);
    buf_fini(&text);
    return e;
}

static mizo_err correct(const desk_act *a, const desk_right *what, const desk_day *d)
{
    const char *member;
    mizo_wh was = 0;
    if (!d->has_forecast) {
        MIZO_DIAG(a->diags, DESK_NO_DRAFT, MIZO_NOWHERE, a->group->id);
        return MIZO_ENOENT;
    }
    MIZO_TRY(which_member(a, d, what, &member, &was));
    MIZO_TRY(may_correct(a, d, what, member));
    return put_correction(a, what, member, was);
}

static mizo_err take_standing(void *arg, const store_record *rec)
{
    return desk_read_correction(rec, arg);
}

mizo_err desk_correction_read(const desk_act *a, const desk_right *what, desk_correction *out)
{
    const store_ops *ops = a->town->store->ops;
    char id[CORRECTION_ID], only[MIZO_ID_MAX] = "", more[MIZO_ID_MAX];
    memset(out, 0, sizeof *out);
    bool one = desk_listed(a->group->members, 0, only) && !desk_listed(a->group->members, 1, more);
    const char *member = what->member ? what->member : one ? only : "";
    if (!*member || !mizo_id_listed(a->group->members, member)) {
        MIZO_DIAG(a->diags, DESK_NO_MEMBER, MIZO_NOWHERE, member, a->group->members);
        return MIZO_EINPUT;
    }
    correction_id(a, member, what->slot, id);
    mizo_err e = ops->record_scan(a->town->store, "desk-slot", id, take_standing, out);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* The batch is begun first: two people at once come one after the other, and the second sees the first. */
mizo_err desk_correct(const desk_act *a, const desk_right *what)
{
    store *s = a->town->store;
    store_batch b = batch_of(a, "day correct");
    desk_day *d = malloc(sizeof *d);
    mizo_err e = d ? s->ops->batch_begin(s, &b) : MIZO_ENOMEM;
    if (!e) {
        e = desk_read(a->town, a->group, a->day, a->now, d);
        if (!e)
            e = correct(a, what, d);
        if (e)
            s->ops->batch_rollback(s);
        else
            e = s->ops->batch_commit(s);
    }
    free(d);
    return e;
}
