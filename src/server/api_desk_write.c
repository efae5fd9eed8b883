/* api_desk_write.c: what people do at the desk of a balancing group's day: draft, put a half-hour right, file, bid, take
 * files in, take up a proposal. Each is an act of town/, by the town's clock, in the name of who asked.
 *
 * What is changed has a version: If-Match says from which one the change was made, 409 gives both. Answers are short; the
 * whole day is GET /api/v1/desk. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/shape.h"

#include "mizo/messages/server.h"
#include "server/api.h"
#include "server/api_desk.h"
#include "town/desk/decide.h"
#include "town/desk/in.h"
#include "town/desk/members.h"
#include "town/desk/parent.h"

#define PLACE(type, member) offsetof(type, member), sizeof((type *)0)->member

typedef struct desk_call {
    char dir[API_DIR];
    town t;
    desk_act act;
    char reason[DESK_REASON];
} desk_call;

/* ---- what all of them begin with ---- */

mizo_err api_desk_ask(const api_call *c, mizo_diags *d, const mizo_bg **g, mizo_day *day)
{
    const query *q = &c->request->q;
    const char *given = query_get(q, "day");
    *day = c->view->day + 1;
    if (given && query_day(q, "day", day))
        return MIZO_EINPUT;
    return desk_group(c->view->region, query_get(q, "group"), MIZO_BG_DEMAND, *day, d, g);
}

static mizo_err begin(api_write *w, desk_call *c)
{
    char day[MIZO_DATE_TEXT];
    MIZO_TRY(api_needs_view(w));
    memset(c, 0, sizeof *c);
    c->t = api_town_of(w->c, w->store, w->diags, c->dir);
    w->known = w->c->view->now;
    mizo_err e = api_desk_ask(w->c, w->diags, &c->act.group, &c->act.day);
    if (e == MIZO_EINPUT)
        return api_refuse(w, 400, "parameter", MIZO_MSG_SERVER_BAD_DATE, query_get(&w->c->request->q, "day"),
                          NULL);
    if (e)
        return api_failed(w, e);
    c->act.town = &c->t;
    c->act.now = w->c->view->now;
    c->act.actor = w->who.name;
    c->act.reason = c->reason;
    c->act.diags = w->diags;
    mizo_day_text(c->act.day, day);
    snprintf(w->object, sizeof w->object, "desk/%s/%s", c->act.group->id, day);
    return MIZO_OK;
}

static void begin_answer(api_write *w, const desk_call *c, json *j)
{
    api_begin(w->out, j);
    json_day(j, "day", c->act.day);
    json_text(j, "group", c->act.group->id);
}

static mizo_err end_answer(api_write *w, json *j, int64_t version)
{
    json_end(j);
    if (version)
        snprintf(w->out->own_etag, sizeof w->out->own_etag, "\"%lld\"", (long long)version);
    return w->out->body.err;
}

/* The batch is named by the town's clock; day and group are looked at before anything waits for the writer. */
mizo_err api_desk_prepare(api_write *w)
{
    desk_call c;
    return begin(w, &c);
}

/* ---- a draft ---- */

mizo_err api_desk_draft_prepare(api_write *w)
{
    desk_call c;
    MIZO_TRY(begin(w, &c));
    desk_forecast *f = malloc(sizeof *f);
    if (!f)
        return MIZO_ENOMEM;
    w->made = f;
    w->drop = free;
    return api_failed(w, desk_draft_foresee(&c.act, f));
}

mizo_err api_desk_draft_write(api_write *w)
{
    desk_call c;
    json j;
    MIZO_TRY(begin(w, &c));
    desk_day *d = malloc(sizeof *d);
    mizo_err e = d ? desk_draft_keep(&c.act, w->made, d) : MIZO_ENOMEM;
    if (!e) {
        int missing = 0;
        for (size_t i = 0; i < d->book.nline; i++)
            missing += d->book.line[i].missing;
        begin_answer(w, &c, &j);
        json_time(&j, "issued", d->forecast.issued, d->region->offset);
        json_int(&j, "short_wh", d->position.open_short);
        json_int(&j, "long_wh", d->position.open_long);
        json_int(&j, "missing", missing);
        e = end_answer(w, &j, 0);
    }
    free(d);
    return api_failed(w, e);
}

/* ---- one half-hour by hand ---- */

typedef struct slot_body {
    char member[MIZO_ID_MAX], reason[DESK_REASON];
    int64_t slot, wh;
} slot_body;

static const shape_field slot_rows[] = {
    {"member",  SHAPE_ID,   false, 1,  40,             NULL, PLACE(slot_body, member)},
    { "slot",   SHAPE_INT,  true,  0,  DESK_SLOTS - 1, NULL, PLACE(slot_body, slot)  },
    { "wh",     SHAPE_INT,  true,  -1, 1000000000000,  NULL, PLACE(slot_body, wh)    },
    { "reason", SHAPE_TEXT, true,  1,  100,            NULL, PLACE(slot_body, reason)},
};
enum { SLOT_ROWS = sizeof slot_rows / sizeof *slot_rows };

static void put_correction(json *j, const char *key, const api_write *w, const desk_correction *c)
{
    if (!c->version) {
        json_null(j, key);
        return;
    }
    json_object(j, key);
    json_text(j, "member", c->member);
    json_int(j, "slot", c->slot);
    json_int(j, "wh", c->wh);
    json_text(j, "actor", c->actor);
    json_text(j, "reason", c->reason);
    json_time(j, "at", c->at, w->c->view->region->offset);
    json_int(j, "version", c->version);
    json_end(j);
}

static mizo_err slot_conflict(api_write *w, int64_t mine, const slot_body *b, const desk_correction *stands)
{
    json j;
    mizo_err e = api_begin_conflict(w, mine, stands->version, &j);
    json_object(&j, "yours");
    shape_write(slot_rows, SLOT_ROWS, b, &j);
    json_end(&j);
    put_correction(&j, "theirs", w, stands);
    json_end(&j);
    return e;
}

mizo_err api_desk_slot_write(api_write *w)
{
    desk_call c;
    slot_body b;
    desk_correction was, is;
    mizo_err e;
    int64_t mine;
    json j;
    MIZO_TRY(begin(w, &c));
    MIZO_TRY(api_body(w, slot_rows, SLOT_ROWS, &b));
    memcpy(c.reason, b.reason, sizeof c.reason);
    desk_right what = { .member = *b.member ? b.member : NULL, .slot = (int)b.slot, .wh = b.wh };
    MIZO_TRY(api_failed(w, desk_correction_read(&c.act, &what, &was)));
    e = api_same(w, was.version, &mine);
    if (e)
        return e == MIZO_ECONFLICT ? slot_conflict(w, mine, &b, &was) : e;
    what.over = was.actor; /* whoever names the version has seen whose it is */
    MIZO_TRY(api_failed(w, desk_correct(&c.act, &what)));
    MIZO_TRY(desk_correction_read(&c.act, &what, &is));
    snprintf(w->before, sizeof w->before, "%d", was.version);
    snprintf(w->after, sizeof w->after, "%d", is.version);
    begin_answer(w, &c, &j);
    put_correction(&j, "correction", w, &is);
    return end_answer(w, &j, is.version);
}

/* ---- filing ---- */

typedef struct file_body {
    char reason[DESK_REASON];
    bool xlsx;
} file_body;

static const shape_field file_rows[] = {
    {"reason", SHAPE_TEXT, false, 0, 100, NULL, PLACE(file_body, reason)},
    { "xlsx",  SHAPE_BOOL, false, 0, 0,   NULL, PLACE(file_body, xlsx)  },
};
enum { FILE_ROWS = sizeof file_rows / sizeof *file_rows };

static void put_plan(json *j, const desk_plan *p, int offset)
{
    json_int(j, "version", p->version);
    json_time(j, "at", p->at, offset);
    json_text(j, "actor", p->actor);
    json_text(j, "reason", p->reason);
    json_text(j, "file", p->file);
    json_text(j, "hash", p->hash);
    json_bool(j, "late", p->late);
}

static mizo_err file_conflict(api_write *w, int64_t mine, const file_body *b, const desk_plan *stands)
{
    json j;
    mizo_err e = api_begin_conflict(w, mine, stands->version, &j);
    json_object(&j, "yours");
    shape_write(file_rows, FILE_ROWS, b, &j);
    json_end(&j);
    if (stands->version) {
        json_object(&j, "theirs");
        put_plan(&j, stands, w->c->view->region->offset);
        json_end(&j);
    } else {
        json_null(&j, "theirs");
    }
    json_end(&j);
    return e;
}

static mizo_err file_it(api_write *w, desk_call *c, const desk_plan *was, desk_day *d)
{
    json j;
    MIZO_TRY(api_failed(w, desk_file(&c->act, d)));
    snprintf(w->before, sizeof w->before, "%d", was->version);
    snprintf(w->after, sizeof w->after, "%d", d->filed.version);
    begin_answer(w, c, &j);
    put_plan(&j, &d->filed, d->region->offset);
    return end_answer(w, &j, d->filed.version);
}

mizo_err api_desk_file_write(api_write *w)
{
    desk_call c;
    file_body b;
    mizo_err e;
    int64_t mine;
    MIZO_TRY(begin(w, &c));
    MIZO_TRY(api_body(w, file_rows, FILE_ROWS, &b));
    memcpy(c.reason, b.reason, sizeof c.reason);
    c.act.xlsx = b.xlsx;
    desk_plan *was = malloc(sizeof *was);
    desk_day *d = malloc(sizeof *d);
    e = was && d ? desk_plan_read(w->store, c.t.region, "desk-plan", c.act.group->id, c.act.day, was)
                 : MIZO_ENOMEM;
    if (e == MIZO_ENOENT)
        *was = (desk_plan){ .version = 0 };
    if (!e || e == MIZO_ENOENT)
        e = api_same(w, was->version, &mine);
    if (e == MIZO_ECONFLICT)
        e = file_conflict(w, mine, &b, was);
    else if (!e)
        e = file_it(w, &c, was, d);
    free(was);
    free(d);
    return e;
}

/* ---- bids ---- */

typedef struct bid_body {
    char limit[24], least[24];
} bid_body;

static const shape_field bid_rows[] = {
    {"limit_yen",  SHAPE_TEXT, false, 1, 20, NULL, PLACE(bid_body, limit)},
    { "floor_yen", SHAPE_TEXT, false, 1, 20, NULL, PLACE(bid_body, least)},
};
enum { BID_ROWS = sizeof bid_rows / sizeof *bid_rows };

static mizo_err price_of(api_write *w, const char *text, int32_t otherwise, int32_t *myen)
{
    int64_t v = otherwise;
    if (*text && (mizo_decimal_parse(text, strlen(text), 3, &v) || v < -1000000 || v > 1000000))
        return api_refuse(w, 400, "body", MIZO_MSG_SERVER_BAD_PRICE, text, NULL);
    *myen = (int32_t)v;
    return MIZO_OK;
}

mizo_err api_desk_bids_write(api_write *w)
{
    desk_call c;
    bid_body b;
    mizo_desk_rules rules;
    mizo_bid bid[2 * DESK_SLOTS];
    int32_t limit = 0, least = 0;
    int n;
    buf file;
    json j;
    MIZO_TRY(begin(w, &c));
    MIZO_TRY(api_body(w, bid_rows, BID_ROWS, &b));
    MIZO_TRY(api_failed(w, desk_rules(c.t.region, c.act.day, w->diags, &rules)));
    MIZO_TRY(price_of(w, b.limit, rules.market_most_myen, &limit));
    MIZO_TRY(price_of(w, b.least, rules.market_least_myen, &least));
    buf_init(&file, 1 << 20);
    mizo_err e = api_failed(w, desk_bid(&c.act, limit, least, bid, &n, &file));
    buf_fini(&file);
    MIZO_TRY(e);
    mizo_wh sum[2] = { 0, 0 };
    for (int i = 0; i < n; i++)
        sum[bid[i].sell] += bid[i].wh;
    begin_answer(w, &c, &j);
    json_int(&j, "bids", n);
    json_int(&j, "buy_wh", sum[0]);
    json_int(&j, "sell_wh", sum[1]);
    return end_answer(w, &j, 0);
}

/* ---- files that come ---- */

static const char *file_name(const api_write *w)
{
    const char *name = query_get(&w->c->request->q, "name");
    return name && *name ? name : "upload.csv";
}

static mizo_err taken(api_write *w, const desk_call *c, const char *what)
{
    json j;
    begin_answer(w, c, &j);
    json_text(&j, "kind", what);
    json_text(&j, "name", file_name(w));
    return end_answer(w, &j, 0);
}

static mizo_err file_failed(api_write *w, const desk_call *c, desk_file_in what, mizo_err e)
{
    const http_request *r = w->c->request;
    register_file f = desk_file_line(&c->act, what, file_name(w), r->body ? r->body : "", r->nbody);
    return api_file_failed(w, &f, e);
}

mizo_err api_desk_plants_write(api_write *w)
{
    const http_request *r = w->c->request;
    desk_call c;
    MIZO_TRY(begin(w, &c));
    MIZO_TRY(file_failed(w, &c, DESK_IN_PLANTS,
                         desk_in_plant_file(&c.act, file_name(w), r->body ? r->body : "", r->nbody)));
    return taken(w, &c, "plants");
}

mizo_err api_desk_members_write(api_write *w)
{
    const http_request *r = w->c->request;
    desk_call c;
    MIZO_TRY(begin(w, &c));
    MIZO_TRY(file_failed(w, &c, DESK_IN_MEMBERS,
                         desk_members_take(&c.act, file_name(w), r->body ? r->body : "", r->nbody)));
    return taken(w, &c, "members");
}

mizo_err api_desk_results_write(api_write *w)
{
    const http_request *r = w->c->request;
    const char *market = query_get(&r->q, "market");
    desk_call c;
    market = market ? market : "spot";
    if (strcmp(market, "spot") && strcmp(market, "intraday"))
        return api_refuse(w, 400, "parameter", MIZO_MSG_SERVER_BAD_MARKET, market, NULL);
    MIZO_TRY(begin(w, &c));
    MIZO_TRY(file_failed(w, &c, *market == 's' ? DESK_IN_SPOT : DESK_IN_INTRADAY,
                         desk_in_results(&c.act, market, file_name(w), r->body ? r->body : "", r->nbody)));
    return taken(w, &c, market);
}

mizo_err api_desk_parent_write(api_write *w)
{
    const http_request *r = w->c->request;
    desk_call c;
    parent_check check;
    json j;
    MIZO_TRY(begin(w, &c));
    MIZO_TRY(file_failed(w, &c, DESK_IN_PARENT,
                         desk_parent_check(&c.act, file_name(w), r->body ? r->body : "", r->nbody, &check)));
    begin_answer(w, &c, &j);
    json_text(&j, "name", file_name(w));
    desk_parent_json(&check, &j);
    json_array(&j, "differences");
    for (size_t i = 0; i < mizo_diags_kept(w->diags) && i < 20; i++)
        api_diag(&j, NULL, mizo_diags_at(w->diags, i));
    json_end(&j);
    return end_answer(w, &j, 0);
}

/* ---- a proposal ---- */

typedef struct move_body {
    char move[16], reason[DESK_REASON];
    int64_t wh;
} move_body;

static const shape_field move_rows[] = {
    {"move",    SHAPE_TEXT, true,  1, 15,        NULL, PLACE(move_body, move)  },
    { "wh",     SHAPE_INT,  true,  0, INT64_MAX, NULL, PLACE(move_body, wh)    },
    { "reason", SHAPE_TEXT, false, 0, 100,       NULL, PLACE(move_body, reason)},
};
enum { MOVE_ROWS = sizeof move_rows / sizeof *move_rows };

static mizo_err move_conflict(api_write *w, int64_t mine, const move_body *b, const desk_decision *stands)
{
    json j;
    mizo_err e = api_begin_conflict(w, mine, stands->version, &j);
    json_object(&j, "yours");
    shape_write(move_rows, MOVE_ROWS, b, &j);
    json_end(&j);
    desk_decision_json(stands, w->c->view->region->offset, "theirs", &j);
    json_end(&j);
    return e;
}

mizo_err api_desk_move_write(api_write *w)
{
    desk_call c;
    move_body b;
    desk_decision was, is;
    mizo_err e;
    int64_t mine;
    json j;
    MIZO_TRY(begin(w, &c));
    MIZO_TRY(api_body(w, move_rows, MOVE_ROWS, &b));
    memcpy(c.reason, b.reason, sizeof c.reason);
    MIZO_TRY(api_failed(w, desk_decision_read(w->store, c.act.group->id, c.act.day, &was)));
    e = api_same(w, was.version, &mine);
    if (e)
        return e == MIZO_ECONFLICT ? move_conflict(w, mine, &b, &was) : e;
    MIZO_TRY(api_failed(w, desk_decide(&c.act, b.move, b.wh, &is)));
    snprintf(w->before, sizeof w->before, "%d", was.version);
    snprintf(w->after, sizeof w->after, "%d", is.version);
    begin_answer(w, &c, &j);
    desk_decision_json(&is, w->c->view->region->offset, "decision", &j);
    return end_answer(w, &j, is.version);
}
