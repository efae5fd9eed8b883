/* day.c: reads all that the desk of a day shows, and adds it up. */
#include <stdlib.h>
#include <string.h>

#include "town/desk/decide.h"
#include "town/desk/inner.h"

enum { SLOTS = DESK_SLOTS, HIGH_DAYS = 60 };

/* ---- records ---- */

static bool ours(const char *id, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(id, prefix, n) == 0 && id[n] == '/';
}

mizo_err desk_read_correction(const store_record *rec, desk_correction *c)
{
    json_reader r;
    json_token k;
    int64_t v;
    memset(c, 0, sizeof *c);
    c->version = (int)rec->version;
    json_read_init(&r, rec->json, strlen(rec->json));
    while (json_next(&r, &k) == MIZO_OK && k.kind != JSON_END) {
        const struct {
            const char *key;
            char *text;
            size_t cap;
        } of[] = {
            {"member",  c->member, sizeof c->member},
            { "actor",  c->actor,  sizeof c->actor },
            { "reason", c->reason, sizeof c->reason},
        };
        for (size_t i = 0; i < sizeof of / sizeof *of && k.kind == JSON_STRING; i++)
            if (strcmp(k.key, of[i].key) == 0 && strlen(k.text) < of[i].cap)
                memcpy(of[i].text, k.text, strlen(k.text) + 1);
        if (k.kind != JSON_NUMBER || mizo_decimal_parse(k.text, strlen(k.text), 0, &v))
            continue;
        if (strcmp(k.key, "slot") == 0)
            c->slot = v >= 0 && v < SLOTS ? (int)v : 0;
        else if (strcmp(k.key, "was_wh") == 0)
            c->was = v;
        else if (strcmp(k.key, "wh") == 0)
            c->wh = v;
        else if (strcmp(k.key, "at_ms") == 0)
            c->at = v;
    }
    return MIZO_OK;
}

typedef struct reader {
    desk_day *d;
    char id[DESK_ID];
} reader;

static mizo_err take_correction(void *arg, const store_record *rec)
{
    reader *x = arg;
    desk_day *d = x->d;
    size_t most = sizeof d->correction / sizeof *d->correction;
    if (!ours(rec->id, x->id) || d->ncorrection == most)
        return MIZO_OK;
    return desk_read_correction(rec, &d->correction[d->ncorrection++]);
}

static mizo_err take_results(void *arg, const store_record *rec)
{
    desk_day *d = ((reader *)arg)->d;
    json_reader r;
    json_token k;
    int64_t wh[SLOTS], uyen[SLOTS];
    int found = 0;
    json_read_init(&r, rec->json, strlen(rec->json));
    while (json_next(&r, &k) == MIZO_OK && k.kind != JSON_END) {
        bool is_wh = strcmp(k.key, "wh") == 0, is_yen = strcmp(k.key, "uyen") == 0;
        if (k.depth != 1 || k.kind != JSON_ARRAY || (!is_wh && !is_yen))
            continue;
        MIZO_TRY(desk_ints(&r, &k, is_wh ? wh : uyen, SLOTS));
        found++;
    }
    for (int t = 0; t < SLOTS && found == 2; t++)
        if (wh[t] != INT64_MIN && uyen[t] != INT64_MIN) {
            d->result[t].wh += wh[t];
            d->result[t].uyen += uyen[t];
            d->nresult++;
        }
    return MIZO_OK;
}

static mizo_err take_time(void *arg, const store_record *rec)
{
    mizo_ms *at = arg;
    json_reader r;
    json_token k;
    json_read_init(&r, rec->json, strlen(rec->json));
    while (json_next(&r, &k) == MIZO_OK && k.kind != JSON_END)
        if (k.depth == 1 && k.kind == JSON_NUMBER && strcmp(k.key, "at_ms") == 0 &&
            mizo_decimal_parse(k.text, strlen(k.text), 0, at))
            return MIZO_ESTORE;
    return MIZO_OK;
}

static mizo_err absent_is_fine(mizo_err e)
{
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* Of a parent: which members have handed their values in. */
static mizo_err read_handed(town *t, desk_day *d)
{
    char id[MIZO_ID_MAX];
    int32_t wh[SLOTS];
    for (size_t k = 0; d->group->role == MIZO_BG_PARENT && desk_listed(d->group->members, k, id); k++) {
        mizo_err e = desk_notified(t->store, "member-plan", id, d->day, d->now, wh);
        d->handed[k] = !e;
        MIZO_TRY(absent_is_fine(e));
    }
    return MIZO_OK;
}

static mizo_err read_records(town *t, desk_day *d)
{
    static const char *const markets[] = { "spot", "intraday" };
    reader x = { .d = d };
    const store_ops *ops = t->store->ops;
    desk_id(d->group->id, d->day, x.id);
    MIZO_TRY(absent_is_fine(ops->record_scan(t->store, "desk-slot", NULL, take_correction, &x)));
    for (size_t i = 0; i < sizeof markets / sizeof *markets; i++) {
        char id[DESK_ID + 16];
        size_t n = strlen(x.id);
        memcpy(id, x.id, n);
        id[n] = '/';
        memcpy(id + n + 1, markets[i], strlen(markets[i]) + 1);
        MIZO_TRY(absent_is_fine(ops->record_scan(t->store, "desk-result", id, take_results, &x)));
    }
    MIZO_TRY(absent_is_fine(ops->record_scan(t->store, "desk-bid", x.id, take_time, &d->bid_at)));
    MIZO_TRY(absent_is_fine(ops->record_scan(t->store, "desk-hand", x.id, take_time, &d->handed_at)));
    MIZO_TRY(desk_decision_read(t->store, d->group->id, d->day, &d->decision));
    mizo_err e = desk_plan_read(t->store, d->region, "desk-draft", d->group->id, d->day, &d->draft);
    d->has_draft = !e;
    d->draft.version = 0;
    MIZO_TRY(absent_is_fine(e));
    e = desk_plan_read(t->store, d->region, "desk-plan", d->group->id, d->day, &d->filed);
    d->has_filed = !e;
    MIZO_TRY(absent_is_fine(e));
    return read_handed(t, d);
}

/* ---- prices ---- */

static mizo_err read_price(town *t, const desk_day *d, const char *suffix, int32_t v[SLOTS])
{
    char id[MIZO_ID_MAX];
    size_t n = strlen(d->group->prices), m = strlen(suffix);
    desk_blank(v);
    if (!n || n + m >= sizeof id)
        return MIZO_OK;
    memcpy(id, d->group->prices, n);
    memcpy(id + n, suffix, m + 1);
    return desk_read_series(t->store, id, MIZO_Q_PRICE, d->day, d->now, v);
}

/* Were prices high for long enough in the days before? */
static mizo_err read_high_run(town *t, desk_day *d)
{
    int days = d->rules.long_high_days;
    if (days < 1 || days > HIGH_DAYS)
        return MIZO_OK;
    int32_t *spot = malloc((size_t)days * SLOTS * sizeof *spot);
    mizo_err e = spot ? MIZO_OK : MIZO_ENOMEM;
    for (int i = 0; i < days && !e; i++)
        e = desk_read_series(t->store, d->region->market_area, MIZO_Q_PRICE, d->day - days + i, d->now,
                             spot + i * SLOTS);
    d->high_run = !e && mizo_long_high(&d->rules, spot);
    free(spot);
    return e;
}

static mizo_err read_prices(town *t, desk_day *d)
{
    MIZO_TRY(read_price(t, d, "-surplus", d->surplus));
    MIZO_TRY(read_price(t, d, "-shortage", d->shortage));
    MIZO_TRY(read_price(t, d, "-flag", d->flag));
    MIZO_TRY(read_price(t, d, "-reserve", d->reserve));
    MIZO_TRY(read_high_run(t, d));
    MIZO_TRY(desk_read_series(t->store, d->region->market_area, MIZO_Q_PRICE, d->day, d->now, d->spot));
    for (int i = 0; i < SLOTS; i++)
        d->stand_in = d->stand_in || d->surplus[i] == MIZO_MISSING || d->shortage[i] == MIZO_MISSING;
    return MIZO_OK;
}

/* ---- the book ---- */

void desk_correct_demand(const desk_forecast *f, const desk_correction *c, size_t n, desk_member *member,
                         mizo_wh sum[SLOTS])
{
    memcpy(member, f->member, f->nmember * sizeof *member);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < f->nmember; k++)
            if (c[i].wh >= 0 && strcmp(member[k].id, c[i].member) == 0)
                member[k].demand[c[i].slot] = mizo_plan_whole(c[i].wh);
    for (int t = 0; t < SLOTS; t++) {
        sum[t] = 0;
        for (size_t k = 0; k < f->nmember; k++)
            sum[t] += member[k].demand[t];
    }
}

typedef struct param_day {
    const mizo_region *region;
    mizo_day day;
} param_day;

static bool param_price(const void *arg, const char *name, int32_t *myen)
{
    const param_day *x = arg;
    const mizo_param *p = mizo_param_on(x->region, name, NULL, x->day);
    if (!p || p->value_e6 / 1000 > INT32_MAX / 2 || p->value_e6 / 1000 < INT32_MIN / 2)
        return false;
    *myen = (int32_t)mizo_div_round(p->value_e6, 1000, MIZO_ROUND_HALF_UP);
    return true;
}

static size_t name_supply(const desk_day *d, const mizo_wh *bought, const mizo_uyen *paid,
                          mizo_desk_supply *out)
{
    size_t n = 0;
    for (size_t k = 0; k < d->forecast.ngiven; k++)
        for (size_t i = 0; i < d->region->nsource; i++)
            if (strcmp(d->region->source[i].id, d->forecast.given[k].id) == 0)
                out[n++] = (mizo_desk_supply){ .source = (mizo_ref)i, .given_wh = d->forecast.given[k].wh };
    for (size_t k = 0; k < d->decision.ncall; k++)
        for (size_t i = 0; i < d->region->nsource; i++)
            if (strcmp(d->region->source[i].id, d->decision.call[k].source) == 0)
                out[n++] = (mizo_desk_supply){ .source = (mizo_ref)i, .called_wh = d->decision.call[k].wh };
    mizo_ref market = desk_market(d->region, d->group, d->day);
    if (market >= 0)
        out[n++] = (mizo_desk_supply){ .source = market, .bought_wh = bought, .bought_uyen = paid };
    return n;
}

static mizo_err make_book(desk_day *d)
{
    mizo_desk_supply supply[DESK_UNITS + MIZO_DESK_CALLS + 1];
    mizo_desk_unit unit[DESK_UNITS];
    desk_member *member = malloc(sizeof d->forecast.member);
    mizo_wh demand[SLOTS], bought[SLOTS];
    mizo_uyen paid[SLOTS];
    int32_t spot[SLOTS];
    param_day params = { d->region, d->day };
    if (!member)
        return MIZO_ENOMEM;
    desk_correct_demand(&d->forecast, d->correction, d->ncorrection, member, demand);
    free(member);
    for (int t = 0; t < SLOTS; t++) {
        bought[t] = d->result[t].wh;
        paid[t] = d->result[t].uyen;
        spot[t] = d->spot[t] != MIZO_MISSING ? d->spot[t] : d->forecast.price[t];
    }
    for (size_t i = 0; i < d->forecast.nunit; i++)
        unit[i] = (mizo_desk_unit){ d->forecast.unit[i].id, d->forecast.unit[i].wh };
    mizo_desk_ask ask = { .region = d->region,
                          .group = d->group,
                          .day = d->day,
                          .demand = d->group->kind == MIZO_BG_GENERATION ? NULL : demand,
                          .nunit = d->forecast.nunit,
                          .unit = unit,
                          .nsupply = name_supply(d, bought, paid, supply),
                          .supply = supply,
                          .spot_myen = spot,
                          .param = param_price,
                          .arg = &params };
    return mizo_desk_book_make(&ask, &d->book);
}

/* ---- the position ---- */

/* The price of a path: its rank between the low and the high level, the same all day. */
static int32_t price_at(const desk_forecast *f, int path, int t)
{
    int64_t mean = f->price[t], low = f->price_low[t], high = f->price_high[t];
    int rank = (path * 11 + 3) % f->npath * 2 + 1 - f->npath; /* -npath + 1 .. npath - 1 */
    int64_t to = rank < 0 ? mean - low : high - mean;
    return (int32_t)(mean + mizo_div_round(to * rank * 10, (int64_t)f->npath * 8, MIZO_ROUND_HALF_UP));
}

static int32_t worth_at(const desk_day *d, int path, int t)
{
    if (d->surplus[t] != MIZO_MISSING && d->shortage[t] != MIZO_MISSING)
        return d->book.open[t] + d->forecast.off[path][t] > 0 ? d->shortage[t] : d->surplus[t];
    int32_t market = d->spot[t] != MIZO_MISSING             ? d->spot[t]
                     : d->forecast.price[t] == MIZO_MISSING ? MIZO_MISSING
                                                            : price_at(&d->forecast, path, t);
    if (market == MIZO_MISSING || d->reserve[t] == MIZO_MISSING)
        return market;
    /* When little is in reserve a kWh is dearer than the market has it. */
    return mizo_imbalance_price(&d->rules, market, d->reserve[t], d->high_run);
}

static int first_open(const desk_day *d)
{
    int t = 0;
    while (t < SLOTS && mizo_desk_gate(&d->rules, d->day, t, d->region->offset) <= d->now)
        t++;
    return t;
}

/* Does an obligation hold of the node that a point hangs on, or of one above it? Of the town as a whole it binds
 * everybody. */
static bool promised(const mizo_region *r, mizo_ref point, mizo_day day, int slot)
{
    for (size_t i = 0; i < r->nobligation; i++) {
        const mizo_obligation *o = &r->obligation[i];
        if (day < o->from || day >= o->to || slot < o->slot_from || slot >= o->slot_to || o->import_w < 0)
            continue;
        mizo_ref n = r->point[point].node;
        while (n >= 0 && n != o->node)
            n = r->node[n].parent;
        if (n == o->node)
            return true;
    }
    return false;
}

/* What was called already is free no more. */
static mizo_wh called_before(const desk_day *d, const char *source, int t)
{
    for (size_t i = 0; i < d->decision.ncall; i++)
        if (strcmp(d->decision.call[i].source, source) == 0)
            return d->decision.call[i].wh[t];
    return 0;
}

size_t desk_calls(const desk_day *d, mizo_desk_line *out, size_t cap)
{
    size_t n = 0;
    for (size_t i = 0; i < d->region->nsource && n < cap; i++) {
        const mizo_source *s = &d->region->source[i];
        if (s->kind != MIZO_SOURCE_DR || strcmp(s->group, d->group->id))
            continue;
        out[n] = (mizo_desk_line){ .source = (mizo_ref)i, .id = s->id };
        for (int t = 0; t < SLOTS; t++) {
            bool on = mizo_source_on(s, d->day, t) &&
                      (s->point < 0 || !promised(d->region, s->point, d->day, t)); /* one kW, one promise */
            mizo_wh free_wh = on ? mizo_plan_whole(s->power_w / 2) - called_before(d, s->id, t) : 0;
            out[n].wh[t] = free_wh > 0 ? free_wh : 0;
            out[n].myen[t] = on && !s->param[0] ? s->myen_per_kwh : MIZO_MISSING;
        }
        n++;
    }
    return n;
}

typedef struct paths {
    mizo_wh open[DESK_PATHS][SLOTS];
    int32_t worth[DESK_PATHS][SLOTS];
    mizo_desk_line call[MIZO_DESK_CALLS];
} paths;

/* What batteries have been told, or told back, since the forecast was made: it is in no demand yet. */
static mizo_wh told_since(const desk_day *d, int t)
{
    return (d->decision.steers ? d->decision.moved[t] : 0) - d->forecast.told[t];
}

static void fill_paths(desk_day *d, paths *p)
{
    d->priced = true;
    for (int k = 0; k < d->forecast.npath; k++)
        for (int t = 0; t < SLOTS; t++) {
            p->open[k][t] = d->book.open[t] + told_since(d, t) + d->forecast.off[k][t];
            p->worth[k][t] = worth_at(d, k, t);
            d->priced = d->priced && p->worth[k][t] != MIZO_MISSING;
            if (p->worth[k][t] == MIZO_MISSING)
                p->worth[k][t] = 0;
        }
}

static mizo_err make_position(desk_day *d)
{
    paths *p = calloc(1, sizeof *p);
    int32_t market[SLOTS];
    mizo_wh expected[SLOTS];
    if (!p)
        return MIZO_ENOMEM;
    fill_paths(d, p);
    bool told = false, trades = desk_market(d->region, d->group, d->day) >= 0;
    for (int t = 0; t < SLOTS; t++) {
        market[t] = !trades ? MIZO_MISSING : d->spot[t] != MIZO_MISSING ? d->spot[t] : d->forecast.price[t];
        expected[t] = d->book.open[t] + told_since(d, t);
        told = told || told_since(d, t);
    }
    mizo_position_ask ask = { .from = first_open(d),
                              .npath = d->forecast.npath,
                              .open = (const mizo_wh(*)[SLOTS])p->open,
                              .worth = (const int32_t(*)[SLOTS])p->worth,
                              .market = market,
                              .expected = expected,
                              .rules = &d->rules,
                              .ncall = desk_calls(d, p->call, MIZO_DESK_CALLS),
                              .call = p->call,
                              .moved = d->forecast.moved && !told ? d->forecast.move_wh : NULL,
                              .moved_uyen = d->forecast.move_uyen };
    mizo_err e = mizo_desk_position(&ask, &d->position);
    free(p);
    return e;
}

/* ---- all ---- */

static void compare_filed(desk_day *d)
{
    for (int t = 0; t < SLOTS && d->has_filed && d->has_forecast; t++) {
        mizo_wh by = d->book.demand[t] - d->filed.book.demand[t];
        d->changed_slots += by != 0;
        d->changed_wh += by < 0 ? -by : by;
    }
}

static void wind_clock(desk_day *d)
{
    mizo_desk_done done = { d->bid_at, d->handed_at, d->has_filed ? d->filed.first : 0 };
    d->ndue = mizo_desk_clock(&d->rules, d->group, d->day, d->region->offset, d->now, &done, d->due);
}

mizo_err desk_deadlines(town *t, const mizo_bg *g, mizo_day day, mizo_ms now, desk_day *out)
{
    memset(out, 0, sizeof *out);
    out->region = t->region;
    out->group = g;
    out->day = day;
    out->now = now;
    MIZO_TRY(desk_rules(t->region, day, t->diags, &out->rules));
    MIZO_TRY(read_records(t, out));
    wind_clock(out);
    return MIZO_OK;
}

static mizo_err read_day(town *t, desk_day *d)
{
    MIZO_TRY(desk_rules(d->region, d->day, t->diags, &d->rules));
    MIZO_TRY(read_records(t, d));
    MIZO_TRY(read_prices(t, d));
    MIZO_TRY(desk_outages(t->store, d));
    MIZO_TRY(desk_actual_read(t, d->group, &d->rules, d->day, d->now, &d->actual));
    if (d->has_forecast) {
        MIZO_TRY(make_book(d));
        MIZO_TRY(make_position(d));
    }
    compare_filed(d);
    wind_clock(d);
    return MIZO_OK;
}

mizo_err desk_read_with(town *t, const mizo_bg *g, mizo_day day, mizo_ms now, const desk_forecast *f,
                        desk_day *out)
{
    memset(out, 0, sizeof *out);
    out->region = t->region;
    out->group = g;
    out->day = day;
    out->now = now;
    if (!now)
        MIZO_TRY(desk_now(t, &out->now));
    if (f) {
        out->forecast = *f;
        out->has_forecast = true;
        return read_day(t, out);
    }
    mizo_err e = desk_forecast_read(t->store, g->id, day, &out->forecast);
    out->has_forecast = !e;
    return e && e != MIZO_ENOENT ? e : read_day(t, out);
}

mizo_err desk_read(town *t, const mizo_bg *g, mizo_day day, mizo_ms now, desk_day *out)
{
    return desk_read_with(t, g, day, now, NULL, out);
}
