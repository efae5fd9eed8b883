/* match_slot.c: see match_slot.h. */
#include "town/proof/match_slot.h"

#include <stdlib.h>
#include <string.h>

#include "town/proof/match_json.h"

/* ---- the day of the slot ---- */

typedef struct running {
    int slot;
    match_slot_fn fn;
    void *arg;
    bool found;
} running;

static mizo_err on_day(void *arg, match_town *t, const match_today *d)
{
    running *k = arg;
    k->found = true;
    return k->fn(k->arg, t, d, k->slot);
}

mizo_err match_slot_run(store *s, const mizo_region *r, mizo_slot slot, match_slot_fn fn, void *arg)
{
    mizo_day day = mizo_slot_day(slot, r->offset);
    running k = { .slot = mizo_slot_of_day(slot, r->offset), .fn = fn, .arg = arg };
    MIZO_TRY(match_each_day(s, r, day, day + 1, STORE_LATEST, on_day, &k));
    return k.found ? MIZO_OK : MIZO_ENOENT;
}

/* ---- as JSON ---- */

typedef struct writing {
    const mizo_region *region;
    const char *of;
    json *j;
    mizo_wh *given; /* [nsource] by attribute RE */
} writing;

static const char *origin_word(const match_source *s)
{
    static const char *const words[] = { "roof", "waste", "in-town", "out-of-town" };
    return s->plant < 0 ? words[0] : words[s->origin];
}

static void add_given(mizo_wh *given, const match_today *d, int slot)
{
    for (size_t k = 0; k < d->npool; k++) {
        const match_pool *p = &d->pool[MATCH_RE][k];
        for (size_t i = 0; i < p->m.nsource; i++)
            given[p->m.source[i].row] += p->m.given[i][slot];
    }
}

static void put_source(const writing *w, const match_today *d, size_t i, int slot)
{
    const match_source *s = &d->source[i];
    const mizo_plant *p = s->plant < 0 ? NULL : &w->region->plant[s->plant];
    mizo_wh own = d->own[i][slot], offer = d->offer[MATCH_RE][i][slot], fit = d->offer[MATCH_FIT][i][slot],
            fossil = d->offer[MATCH_FOSSIL][i][slot];
    if (!own && !offer && !fit && !fossil)
        return;
    json_object(w->j, NULL);
    json_text(w->j, "id", s->id);
    json_text(w->j, "origin", origin_word(s));
    json_text(w->j, "name_ja", p ? p->name_ja : "");
    json_text(w->j, "name_en", p ? p->name_en : "");
    json_int(w->j, "made_wh", own + offer);
    json_int(w->j, "own_wh", own);
    json_int(w->j, "given_wh", w->given[i]);
    json_int(w->j, "unclaimed_wh", offer - w->given[i]);
    json_int(w->j, "fit_wh", fit);
    json_int(w->j, "waste_fossil_wh", fossil);
    json_end(w->j);
}

static void put_point(const writing *w, const match_today *d, size_t i, int slot)
{
    mizo_wh load = d->load[i][slot], matched = match_used(d, (mizo_ref)i, slot);
    mizo_wh battery = d->site[i][slot] + d->taken[MATCH_STORED][i][slot];
    if (!load && !matched)
        return;
    json_object(w->j, NULL);
    json_text(w->j, "id", w->region->point[i].id);
    json_int(w->j, "load_wh", load);
    json_int(w->j, "own_wh", d->own_point[i][slot]);
    json_int(w->j, "battery_wh", battery);
    json_int(w->j, "matched_wh", matched);
    json_int(w->j, "fit_wh", d->taken[MATCH_FIT][i][slot]);
    json_int(w->j, "waste_fossil_wh", d->taken[MATCH_FOSSIL][i][slot]);
    json_int(w->j, "rest_wh", load - matched);
    json_end(w->j);
}

static mizo_err on_pair(void *arg, const char *pool, match_attribute a, const char *source, mizo_ref point,
                        int64_t wh)
{
    const writing *w = arg;
    const char *to = w->region->point[point].id;
    if (strcmp(source, w->of) && strcmp(to, w->of))
        return MIZO_OK;
    json_object(w->j, NULL);
    json_text(w->j, "pool", pool);
    json_text(w->j, "unit", match_unit(a));
    json_text(w->j, "source", source);
    json_text(w->j, "point", to);
    json_int(w->j, "wh", wh);
    json_end(w->j);
    return MIZO_OK;
}

static void put_pools(const writing *w, const match_today *d, int slot)
{
    json_array(w->j, "pools");
    for (size_t k = 0; k < d->npool; k++) {
        mizo_wh offered = 0;
        const match_pool *p = &d->pool[MATCH_RE][k];
        for (size_t i = 0; i < p->m.nsource; i++)
            offered += p->m.given[i][slot];
        json_object(w->j, NULL);
        json_text(w->j, "pool", p->id);
        json_int(w->j, "matched_wh", offered);
        json_end(w->j);
    }
    json_end(w->j);
}

static mizo_err put_flow(const writing *w, const match_today *d, int slot)
{
    match_flow f;
    mizo_err e = match_flow_new(w->region, d->day, &f);
    if (!e)
        e = match_flow_add(&f, d, slot, slot + 1);
    if (!e)
        match_flow_json(&f, w->j);
    match_flow_free(&f);
    return e;
}

static mizo_err put_slot(void *arg, match_town *t, const match_today *d, int slot)
{
    writing *w = arg;
    json *j = w->j;
    w->given = calloc(d->nsource + 1, sizeof *w->given);
    if (!w->given)
        return MIZO_ENOMEM;
    add_given(w->given, d, slot);
    match_rules_json(w->region, d->day, j);
    put_pools(w, d, slot);
    mizo_err e = put_flow(w, d, slot);
    json_array(j, "sources");
    for (size_t i = 0; i < d->nsource; i++)
        put_source(w, d, i, slot);
    json_end(j);
    json_array(j, "points");
    for (size_t i = 0; i < d->npoint; i++)
        put_point(w, d, i, slot);
    json_end(j);
    json_text(j, "of", w->of);
    json_array(j, "pairs");
    if (!e && w->of)
        e = match_pairs(t, w->region, d, slot, on_pair, w);
    json_end(j);
    free(w->given);
    return e;
}

mizo_err match_slot_json(store *s, const mizo_region *r, mizo_slot slot, const char *of, json *j)
{
    writing w = { .region = r, .of = of, .j = j };
    json_time(j, "at", mizo_slot_ms(slot), r->offset);
    return match_slot_run(s, r, slot, put_slot, &w);
}
