/* json.c: the desk of a day as JSON: of `mizo day --json` and of the page. */
#include <string.h>

#include "town/desk/decide.h"
#include "town/desk/inner.h"

enum { SLOTS = DESK_SLOTS };

static const char *const role_words[] = { "member", "parent", "alone" };
static const char *const kind_words[] = { "demand", "generation", "self-wheeling" };
static const char *const split_words[] = { "deviation", "volume", "direct" };
static const char *const due_words[] = {
#define X(name, id, en, ja) id,
    MIZO_DUES(X)
#undef X
};
static const char *const state_words[] = { "ahead", "done", "missed" };
static const char *const move_words[] = {
#define X(name, id, en, ja) id,
    MIZO_DESK_MOVES(X)
#undef X
};
static const char *const why_words[] = { "closed", "cheaper", "duty", "wait", "none" };

static void put_wh(json *j, const char *key, const int64_t *v)
{
    json_array(j, key);
    for (int t = 0; t < SLOTS; t++)
        if (v[t] == INT64_MIN)
            json_null(j, NULL);
        else
            json_int(j, NULL, v[t]);
    json_end(j);
}

static void put_group(const desk_day *d, json *j)
{
    const mizo_bg *g = d->group;
    json_object(j, "group");
    json_text(j, "id", g->id);
    json_text(j, "name_ja", g->name_ja);
    json_text(j, "name_en", g->name_en);
    json_text(j, "kind", kind_words[g->kind]);
    json_text(j, "role", role_words[g->role]);
    json_text(j, "parent", g->parent);
    json_text(j, "split", split_words[g->split]);
    json_text(j, "files", g->machine_files ? "machine" : "person");
    json_text(j, "members", g->members);
    json_end(j);
}

static void put_clock(const desk_day *d, json *j)
{
    json_array(j, "clock");
    for (int i = 0; i < d->ndue; i++) {
        const mizo_due *x = &d->due[i];
        json_object(j, NULL);
        json_text(j, "what", due_words[x->kind]);
        json_text(j, "state", state_words[x->state]);
        json_time(j, "at", x->at, d->region->offset);
        json_int(j, "left_s", (x->at - d->now) / 1000);
        if (x->slot >= 0)
            json_int(j, "slot", x->slot);
        json_end(j);
    }
    json_end(j);
}

static void put_forecast(const desk_day *d, json *j)
{
    const desk_forecast *f = &d->forecast;
    if (!d->has_forecast) {
        json_null(j, "forecast");
        return;
    }
    json_object(j, "forecast");
    json_time(j, "issued", f->issued, d->region->offset);
    json_int(j, "points", f->points);
    json_int(j, "borrowed", f->borrowed);
    json_int(j, "silent", f->silent);
    json_int(j, "lamps", f->lamp);
    json_int(j, "planned", f->planned);
    put_wh(j, "demand_wh", f->demand);
    put_wh(j, "low_wh", f->low);
    put_wh(j, "high_wh", f->high);
    json_array(j, "members");
    for (size_t k = 0; k < f->nmember; k++) {
        json_object(j, NULL);
        json_text(j, "id", f->member[k].id);
        put_wh(j, "demand_wh", f->member[k].demand);
        if (d->group->role == MIZO_BG_PARENT)
            json_bool(j, "handed_in", d->handed[k]);
        json_end(j);
    }
    json_end(j);
    json_bool(j, "price_known", f->price_known);
    json_ints(j, "price_myen", f->price, SLOTS);
    json_end(j);
}

static void put_lines(const desk_day *d, const mizo_desk_book *b, json *j)
{
    json_array(j, "lines");
    for (size_t i = 0; i < b->nline; i++) {
        const mizo_desk_line *l = &b->line[i];
        const mizo_source *s = l->source >= 0 ? &d->region->source[l->source] : NULL;
        json_object(j, NULL);
        json_text(j, "id", l->id);
        json_text(j, "name_ja", s ? s->name_ja : "");
        json_text(j, "name_en", s ? s->name_en : "");
        json_text(j, "party", s ? s->party : "");
        json_bool(j, "sale", l->sale);
        json_bool(j, "value", s && s->value);
        json_int(j, "missing", l->missing);
        put_wh(j, "wh", l->wh);
        json_ints(j, "myen", l->myen, SLOTS);
        json_end(j);
    }
    json_end(j);
}

static void put_book(const desk_day *d, const char *key, const mizo_desk_book *b, json *j)
{
    mizo_uyen cost = 0;
    for (int t = 0; t < SLOTS; t++)
        cost += b->cost[t];
    json_object(j, key);
    put_wh(j, "demand_wh", b->demand);
    put_wh(j, "bought_wh", b->bought);
    put_wh(j, "sold_wh", b->sold);
    put_wh(j, "open_wh", b->open);
    json_yen(j, "cost_yen", cost);
    put_lines(d, b, j);
    json_end(j);
}

static void put_filed(const desk_day *d, json *j)
{
    const desk_plan *p = &d->filed;
    if (!d->has_filed) {
        json_null(j, "filed");
        return;
    }
    json_object(j, "filed");
    json_int(j, "version", p->version);
    json_time(j, "at", p->at, d->region->offset);
    json_time(j, "first", p->first, d->region->offset);
    json_text(j, "actor", p->actor);
    json_text(j, "reason", p->reason);
    json_text(j, "file", p->file);
    json_text(j, "hash", p->hash);
    json_bool(j, "late", p->late);
    json_int(j, "changed_slots", d->changed_slots);
    json_int(j, "changed_wh", d->changed_wh);
    put_book(d, "book", &p->book, j);
    json_end(j);
}

static void put_corrections(const desk_day *d, json *j)
{
    json_array(j, "corrections");
    for (size_t i = 0; i < d->ncorrection; i++) {
        const desk_correction *c = &d->correction[i];
        if (c->wh < 0)
            continue;
        json_object(j, NULL);
        json_text(j, "member", c->member);
        json_int(j, "slot", c->slot);
        json_int(j, "was_wh", c->was);
        json_int(j, "wh", c->wh);
        json_text(j, "actor", c->actor);
        json_text(j, "reason", c->reason);
        json_time(j, "at", c->at, d->region->offset);
        json_int(j, "version", c->version);
        json_end(j);
    }
    json_end(j);
}

static void put_market(const desk_day *d, json *j)
{
    mizo_uyen paid = 0;
    json_object(j, "market");
    if (d->bid_at)
        json_time(j, "bid_at", d->bid_at, d->region->offset);
    else
        json_null(j, "bid_at");
    json_int(j, "result_slots", (int64_t)d->nresult);
    json_array(j, "result_wh");
    for (int t = 0; t < SLOTS; t++) {
        json_int(j, NULL, d->result[t].wh);
        paid += d->result[t].uyen;
    }
    json_end(j);
    json_yen(j, "paid_yen", paid);
    json_ints(j, "spot_myen", d->spot, SLOTS);
    json_end(j);
}

static void put_move(const mizo_priced_move *m, const char *name, json *j)
{
    json_object(j, NULL);
    json_text(j, "move", name);
    json_int(j, "wh", m->wh);
    json_int(j, "then_traded_wh", m->then_wh);
    json_yen(j, "paid_yen", m->paid);
    json_yen(j, "expected_yen", m->mean);
    json_yen(j, "p10_yen", m->p10);
    json_yen(j, "p90_yen", m->p90);
    put_wh(j, "by_slot_wh", m->by_slot);
    json_end(j);
}

static void put_position(const desk_day *d, json *j)
{
    const mizo_position *p = &d->position;
    if (!d->has_forecast) {
        json_null(j, "position");
        return;
    }
    json_object(j, "position");
    json_bool(j, "priced", d->priced);
    json_bool(j, "stand_in", d->stand_in);
    json_ints(j, "reserve_ppm", d->reserve, SLOTS);
    json_bool(j, "long_high", d->high_run);
    json_int(j, "short_wh", p->open_short);
    json_int(j, "long_wh", p->open_long);
    json_int(j, "short_p10_wh", p->short_p10);
    json_int(j, "short_p90_wh", p->short_p90);
    json_yen(j, "expected_yen", p->mean);
    json_yen(j, "p10_yen", p->p10);
    json_yen(j, "p90_yen", p->p90);
    json_text(j, "proposal", move_words[p->chosen]);
    json_text(j, "why", why_words[p->why]);
    json_array(j, "moves");
    for (int k = 0; k < MIZO_DESK_MOVE_COUNT; k++)
        if (p->move[k].there)
            put_move(&p->move[k], move_words[k], j);
    json_end(j);
    json_end(j);
}

static void put_actual(const desk_day *d, json *j)
{
    json_object(j, "actual");
    json_int(j, "slots", d->actual.slots);
    json_int(j, "filled", d->actual.filled);
    put_wh(j, "wh", d->actual.wh);
    json_ints(j, "surplus_myen", d->surplus, SLOTS);
    json_ints(j, "shortage_myen", d->shortage, SLOTS);
    json_end(j);
}

static void put_outages(const desk_day *d, json *j)
{
    json_array(j, "outages");
    for (int i = 0; i < d->noutage; i++) {
        const outage *o = &d->outage[i];
        mizo_ref plant = mizo_region_plant(d->region, o->plant);
        json_object(j, NULL);
        json_text(j, "plant", o->plant);
        json_text(j, "name_ja", plant < 0 ? "" : d->region->plant[plant].name_ja);
        json_text(j, "name_en", plant < 0 ? "" : d->region->plant[plant].name_en);
        json_text(j, "furnace", o->furnace);
        json_time(j, "from", o->from, d->region->offset);
        json_time(j, "to", o->to, d->region->offset);
        json_int(j, "output_w", o->output_w);
        json_text(j, "note", o->note);
        json_end(j);
    }
    json_end(j);
}

static void put_groups(const desk_day *d, json *j)
{
    json_array(j, "groups");
    for (size_t i = 0; i < d->region->nbg; i++) {
        const mizo_bg *g = &d->region->bg[i];
        if (d->day < g->from || d->day >= g->to)
            continue;
        json_object(j, NULL);
        json_text(j, "id", g->id);
        json_text(j, "name_ja", g->name_ja);
        json_text(j, "name_en", g->name_en);
        json_text(j, "kind", kind_words[g->kind]);
        json_end(j);
    }
    json_end(j);
}

void desk_json(const desk_day *d, json *j)
{
    json_day(j, "day", d->day);
    json_time(j, "now", d->now, d->region->offset);
    put_group(d, j);
    put_groups(d, j);
    put_clock(d, j);
    put_forecast(d, j);
    if (d->has_forecast)
        put_book(d, "plan", &d->book, j);
    else
        json_null(j, "plan");
    put_filed(d, j);
    put_corrections(d, j);
    put_outages(d, j);
    put_market(d, j);
    put_position(d, j);
    desk_decision_json(&d->decision, d->region->offset, "decision", j);
    put_actual(d, j);
}
