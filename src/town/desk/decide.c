/* decide.c: see desk_decide.h. */
#include "town/desk/decide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/desk.h"
#include "town/desk/inner.h"

enum { SLOTS = DESK_SLOTS };

static const char *const move_words[] = {
#define X(name, id, en, ja) id,
    MIZO_DESK_MOVES(X)
#undef X
};

/* ---- records ---- */

static void put_calls(const desk_decision *d, json *j)
{
    json_array(j, "called");
    for (size_t i = 0; i < d->ncall; i++) {
        json_object(j, NULL);
        json_text(j, "source", d->call[i].source);
        json_array(j, "wh");
        for (int t = 0; t < SLOTS; t++)
            json_int(j, NULL, d->call[i].wh[t]);
        json_end(j);
        json_end(j);
    }
    json_end(j);
}

static void put_target(const desk_decision *d, json *j)
{
    if (!d->steers)
        return;
    json_array(j, "move_wh");
    for (int t = 0; t < SLOTS; t++)
        json_int(j, NULL, d->moved[t]);
    json_end(j);
    json_ints(j, "price_myen", d->price, SLOTS);
}

static void put_record(const desk_decision *d, json *j)
{
    json_object(j, NULL);
    json_int(j, "format", 1);
    json_text(j, "move", move_words[d->move]);
    json_int(j, "wh", d->wh);
    json_int(j, "then_wh", d->then_wh);
    json_int(j, "paid_uyen", d->paid);
    json_int(j, "expected_uyen", d->mean);
    json_int(j, "waiting_uyen", d->waiting);
    json_text(j, "actor", d->actor);
    json_text(j, "reason", d->reason);
    json_text(j, "file", d->file);
    json_int(j, "at_ms", d->at);
    put_calls(d, j);
    put_target(d, j);
    json_end(j);
}

static mizo_err read_text(const json_token *k, char *out, size_t cap)
{
    size_t n = strlen(k->text);
    if (k->kind != JSON_STRING || k->cut || n >= cap)
        return MIZO_ESTORE;
    memcpy(out, k->text, n + 1);
    return MIZO_OK;
}

static mizo_err read_number(const json_token *k, int64_t *out)
{
    if (k->kind != JSON_NUMBER || mizo_decimal_parse(k->text, strlen(k->text), 0, out))
        return MIZO_ESTORE;
    return MIZO_OK;
}

static mizo_err read_move(const json_token *k, mizo_desk_move *out)
{
    for (int i = 0; i < MIZO_DESK_MOVE_COUNT; i++)
        if (k->kind == JSON_STRING && strcmp(k->text, move_words[i]) == 0) {
            *out = (mizo_desk_move)i;
            return MIZO_OK;
        }
    return MIZO_ESTORE;
}

/* Within the array of calls: each an object of a source and its 48 values. */
static mizo_err read_calls(json_reader *r, desk_decision *d)
{
    json_token k;
    while (json_next(r, &k) == MIZO_OK && k.kind == JSON_OBJECT) {
        if (d->ncall == MIZO_DESK_CALLS)
            return MIZO_ESTORE;
        desk_called *c = &d->call[d->ncall++];
        while (json_next(r, &k) == MIZO_OK && k.kind != JSON_CLOSE) {
            if (strcmp(k.key, "source") == 0)
                MIZO_TRY(read_text(&k, c->source, sizeof c->source));
            else if (strcmp(k.key, "wh") == 0 && k.kind == JSON_ARRAY)
                MIZO_TRY(desk_ints(r, &k, c->wh, SLOTS));
            else
                MIZO_TRY(json_skip(r, &k));
        }
    }
    return k.kind == JSON_CLOSE ? MIZO_OK : MIZO_ESTORE;
}

/* There where batteries are to move. */
static mizo_err read_target(json_reader *r, const json_token *k, desk_decision *d)
{
    d->steers = true;
    return strcmp(k->key, "move_wh") == 0 ? desk_ints(r, k, d->moved, SLOTS)
                                          : desk_ints32(r, k, d->price, SLOTS);
}

static mizo_err read_key(json_reader *r, const json_token *k, desk_decision *d)
{
    const struct {
        const char *key;
        int64_t *to;
    } numbers[] = {
        {"wh",             &d->wh     },
        { "then_wh",       &d->then_wh},
        { "paid_uyen",     &d->paid   },
        { "expected_uyen", &d->mean   },
        { "waiting_uyen",  &d->waiting},
        { "at_ms",         &d->at     },
    };
    const struct {
        const char *key;
        char *to;
        size_t cap;
    } texts[] = {
        {"actor",   d->actor,  sizeof d->actor },
        { "reason", d->reason, sizeof d->reason},
        { "file",   d->file,   sizeof d->file  },
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(k->key, numbers[i].key) == 0)
            return read_number(k, numbers[i].to);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(k->key, texts[i].key) == 0)
            return read_text(k, texts[i].to, texts[i].cap);
    if (strcmp(k->key, "move") == 0)
        return read_move(k, &d->move);
    if (strcmp(k->key, "called") == 0 && k->kind == JSON_ARRAY)
        return read_calls(r, d);
    if (k->kind == JSON_ARRAY && (strcmp(k->key, "move_wh") == 0 || strcmp(k->key, "price_myen") == 0))
        return read_target(r, k, d);
    return json_skip(r, k);
}

static mizo_err take_decision(void *arg, const store_record *rec)
{
    desk_decision *d = arg;
    json_reader r;
    json_token k;
    memset(d, 0, sizeof *d);
    d->version = (int)rec->version;
    json_read_init(&r, rec->json, strlen(rec->json));
    MIZO_TRY(json_next(&r, &k));
    while (json_next(&r, &k) == MIZO_OK && k.kind != JSON_CLOSE && k.kind != JSON_END)
        MIZO_TRY(read_key(&r, &k, d));
    return MIZO_OK;
}

mizo_err desk_decision_read(store *s, const char *group, mizo_day day, desk_decision *out)
{
    char id[DESK_ID];
    desk_id(group, day, id);
    memset(out, 0, sizeof *out);
    mizo_err e = s->ops->record_scan(s, "desk-decision", id, take_decision, out);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

void desk_decision_json(const desk_decision *d, int offset, const char *key, json *j)
{
    if (!d->version) {
        json_null(j, key);
        return;
    }
    json_object(j, key);
    json_int(j, "version", d->version);
    json_text(j, "move", move_words[d->move]);
    json_int(j, "wh", d->wh);
    json_int(j, "then_traded_wh", d->then_wh);
    json_yen(j, "paid_yen", d->paid);
    json_yen(j, "expected_yen", d->mean);
    json_yen(j, "waiting_yen", d->waiting);
    json_text(j, "actor", d->actor);
    json_text(j, "reason", d->reason);
    json_text(j, "file", d->file);
    json_time(j, "at", d->at, offset);
    put_calls(d, j);
    json_bool(j, "steers", d->steers);
    put_target(d, j);
    json_end(j);
}

/* ---- what a move does ---- */

static desk_called *call_of(desk_decision *d, const char *source)
{
    for (size_t i = 0; i < d->ncall; i++)
        if (strcmp(d->call[i].source, source) == 0)
            return &d->call[i];
    if (d->ncall == MIZO_DESK_CALLS)
        return NULL;
    desk_called *c = &d->call[d->ncall++];
    memset(c, 0, sizeof *c);
    memcpy(c->source, source, strlen(source));
    return c;
}

/* What is called now comes on top of what was called before. */
static mizo_err add_calls(const desk_day *d, desk_decision *to)
{
    mizo_desk_line line[MIZO_DESK_CALLS];
    size_t n = desk_calls(d, line, MIZO_DESK_CALLS);
    for (size_t i = 0; i < n; i++) {
        desk_called *c = call_of(to, line[i].id);
        if (!c)
            return MIZO_EFULL;
        for (int t = 0; t < SLOTS; t++)
            c->wh[t] += d->position.called[i][t];
    }
    return MIZO_OK;
}

/* The sites are asked to do what was priced, in the half-hours that are still open. To wait takes that back. */
static void set_target(const desk_day *d, mizo_desk_move move, desk_decision *to)
{
    if (move == MIZO_MOVE_HOLD)
        to->steers = false;
    if (move != MIZO_MOVE_MOVE)
        return;
    to->steers = true;
    for (int t = 0; t < SLOTS; t++) {
        bool open = mizo_desk_gate(&d->rules, d->day, t, d->region->offset) > d->now;
        to->moved[t] = open ? d->forecast.move_wh[t] : 0;
        to->price[t] = open && d->forecast.price[t] != MIZO_MISSING ? d->forecast.price[t] : 0;
    }
}

/* Bids at the price that the move was reckoned with, on the tick above (below for a sale) and within the range. */
static int bids_of(const desk_day *d, const mizo_priced_move *m, mizo_bid *bid)
{
    int n = 0;
    for (int t = 0; t < SLOTS; t++) {
        int32_t at = d->spot[t] != MIZO_MISSING ? d->spot[t] : d->forecast.price[t];
        if (!m->traded[t] || at == MIZO_MISSING)
            continue;
        bool sell = m->traded[t] < 0;
        int64_t tick = d->rules.market_tick_myen;
        int64_t myen = mizo_div_round(at, tick, sell ? MIZO_ROUND_DOWN : MIZO_ROUND_UP) * tick;
        myen = myen < d->rules.market_least_myen ? d->rules.market_least_myen : myen;
        myen = myen > d->rules.market_most_myen ? d->rules.market_most_myen : myen;
        bid[n++] = (mizo_bid){
            .slot = (uint8_t)t, .sell = sell, .wh = sell ? -m->traded[t] : m->traded[t], .myen = (int32_t)myen
        };
    }
    return n;
}

static mizo_err put_trades(const desk_act *a, const desk_day *d, const mizo_priced_move *m, desk_decision *to)
{
    mizo_bid bid[SLOTS];
    char day[MIZO_DATE_TEXT];
    buf file;
    int n = bids_of(d, m, bid);
    if (!n)
        return MIZO_OK;
    buf_init(&file, 1 << 20);
    desk_put_bids(a, bid, n, &file);
    mizo_day_text(a->day, day);
    snprintf(to->file, sizeof to->file, "jepx-bids-%s-%s-%d.csv", a->group->id, day, to->version + 1);
    mizo_err e = file.err ? file.err : desk_put_file(a, "jepx-bids", "jepx", to->file, file.p, file.n, true);
    buf_fini(&file);
    return e;
}

static mizo_err as_it_was_seen(const desk_act *a, const desk_day *d, mizo_desk_move move, mizo_wh wh)
{
    char seen[MIZO_NUM_TEXT], is[MIZO_NUM_TEXT];
    const mizo_priced_move *m = &d->position.move[move];
    if (!d->has_forecast) {
        MIZO_DIAG(a->diags, DESK_NO_DRAFT, MIZO_NOWHERE, a->group->id);
        return MIZO_ENOENT;
    }
    if (!m->there) {
        MIZO_DIAG(a->diags, DESK_MOVE_NONE, MIZO_NOWHERE, move_words[move]);
        return MIZO_EINPUT;
    }
    if (m->wh == wh)
        return MIZO_OK;
    mizo_decimal_text(wh, 3, seen);
    mizo_decimal_text(m->wh, 3, is);
    MIZO_DIAG(a->diags, DESK_MOVE_OTHER, MIZO_NOWHERE, move_words[move], seen, is);
    return MIZO_ECONFLICT;
}

static void copy_text(char *out, size_t cap, const char *s)
{
    size_t n = s ? strnlen(s, cap - 1) : 0;
    memcpy(out, s ? s : "", n);
    out[n] = '\0';
}

static mizo_err keep(const desk_act *a, desk_decision *d)
{
    store *s = a->town->store;
    char id[DESK_ID];
    bool changed;
    buf text;
    json j;
    desk_id(a->group->id, a->day, id);
    buf_init(&text, 1 << 18);
    json_init(&j, &text);
    put_record(d, &j);
    mizo_err e = text.err ? text.err : s->ops->record_put(s, "desk-decision", id, text.p, &changed);
    buf_fini(&text);
    return e;
}

static mizo_err decide(const desk_act *a, mizo_desk_move move, mizo_wh wh, desk_day *d, desk_decision *out)
{
    MIZO_TRY(desk_read(a->town, a->group, a->day, a->now, d));
    MIZO_TRY(as_it_was_seen(a, d, move, wh));
    const mizo_priced_move *m = &d->position.move[move];
    *out = d->decision; /* calls of before stand */
    out->move = move;
    out->wh = m->wh;
    out->then_wh = m->then_wh;
    out->paid = m->paid;
    out->mean = m->mean;
    out->waiting = d->position.mean;
    out->at = a->now;
    out->file[0] = '\0';
    copy_text(out->actor, sizeof out->actor, a->actor);
    copy_text(out->reason, sizeof out->reason, a->reason);
    if (move == MIZO_MOVE_CALL)
        MIZO_TRY(add_calls(d, out));
    set_target(d, move, out);
    MIZO_TRY(put_trades(a, d, m, out));
    MIZO_TRY(keep(a, out));
    return desk_decision_read(a->town->store, a->group->id, a->day, out);
}

static int move_named(const char *word)
{
    for (int i = 0; i < MIZO_DESK_MOVE_COUNT; i++)
        if (strcmp(word, move_words[i]) == 0)
            return i;
    return -1;
}

/* The batch is begun first, so that of two people at once the second sees what the first has decided. */
mizo_err desk_decide(const desk_act *a, const char *move, mizo_wh wh, desk_decision *out)
{
    store *s = a->town->store;
    store_batch b = { .known = a->now, .actor = a->actor, .source = "day decide", .note = "" };
    int which = move_named(move);
    if (which < 0) {
        MIZO_DIAG(a->diags, DESK_MOVE_NONE, MIZO_NOWHERE, move);
        return MIZO_EINPUT;
    }
    desk_day *d = malloc(sizeof *d);
    mizo_err e = d ? s->ops->batch_begin(s, &b) : MIZO_ENOMEM;
    if (!e) {
        e = decide(a, (mizo_desk_move)which, wh, d, out);
        if (e)
            s->ops->batch_rollback(s);
        else
            e = s->ops->batch_commit(s);
    }
    free(d);
    return e;
}
