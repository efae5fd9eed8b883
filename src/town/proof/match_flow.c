/* match_flow.c: see match_flow.h. */
#include "town/proof/match_flow.h"

#include <stdlib.h>
#include <string.h>

/* ---- kinds ---- */

static mizo_ref facility_of(const mizo_region *r, mizo_ref point, mizo_day day)
{
    int32_t most = 0;
    mizo_ref f = -1;
    for (size_t i = 0; i < r->nuse; i++) {
        const mizo_use *u = &r->use[i];
        if (u->point == point && day >= u->from && day < u->to && u->share_ppm > most) {
            most = u->share_ppm;
            f = u->facility;
        }
    }
    return f;
}

static size_t kind_at(match_flow *f, const char *kind)
{
    for (size_t i = 0; i < f->nkind; i++)
        if (strcmp(f->kind[i], kind) == 0)
            return i;
    f->kind[f->nkind] = kind;
    return f->nkind++;
}

/* The facility that uses most of each point, of uses that stand in any order. */
static mizo_err find_kinds(match_flow *f, mizo_day day)
{
    const mizo_region *r = f->region;
    f->kind = calloc(r->nfacility + 3, sizeof *f->kind);
    f->of = malloc((r->npoint + 1) * sizeof *f->of);
    if (!f->kind || !f->of)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < r->npoint; i++) {
        mizo_ref use = facility_of(r, (mizo_ref)i, day);
        f->of[i] = use < 0 ? -1 : (mizo_ref)kind_at(f, r->facility[use].kind);
    }
    size_t rest = kind_at(f, "");
    for (size_t i = 0; i < r->npoint; i++)
        f->of[i] = f->of[i] < 0 ? (mizo_ref)rest : f->of[i];
    f->kind[f->nkind++] = NULL;
    return MIZO_OK;
}

/* ---- room ---- */

mizo_err match_flow_new(const mizo_region *r, mizo_day day, match_flow *f)
{
    *f = (match_flow){ .region = r, .nsource = r->nplant + MATCH_FLOW_MORE };
    mizo_err e = find_kinds(f, day);
    if (e)
        return e;
    size_t n = f->nsource, k = f->nkind;
    f->wh = calloc(n * k, sizeof *f->wh);
    f->load = calloc(k, sizeof *f->load);
    f->work = malloc((n + k + n * k + r->npoint + 1) * sizeof *f->work);
    f->matcher = mizo_matcher_new();
    return f->wh && f->load && f->work && f->matcher ? MIZO_OK : MIZO_ENOMEM;
}

void match_flow_free(match_flow *f)
{
    free(f->kind);
    free(f->of);
    free(f->wh);
    free(f->load);
    free(f->work);
    mizo_matcher_free(f->matcher);
    *f = (match_flow){ 0 };
}

/* ---- a slot ---- */

static size_t row_of(const match_flow *f, const match_source *s)
{
    return s->plant >= 0 ? (size_t)s->plant : f->region->nplant + MATCH_FLOW_ROOFS;
}

/* One pool in one slot: given by source, taken by kind, what went into batteries apart; stored: what of it is still to
 * be told of each point. */
static mizo_err add_pool(match_flow *f, const match_today *d, const match_pool *p, int s, int64_t *stored)
{
    size_t n = f->nsource, k = f->nkind;
    int64_t *given = f->work, *taken = given + n, *pair = taken + k;
    memset(given, 0, (n + k) * sizeof *given);
    for (size_t i = 0; i < p->m.nsource; i++)
        given[row_of(f, &d->source[p->m.source[i].row])] += p->m.given[i][s];
    for (size_t i = 0; i < p->m.nconsumer; i++) {
        uint32_t point = p->m.consumer[i].row;
        int64_t in = stored[point] < p->m.taken[i][s] ? stored[point] : p->m.taken[i][s];
        stored[point] -= in;
        taken[f->of[point]] += p->m.taken[i][s] - in;
        taken[k - 1] += in;
    }
    MIZO_TRY(mizo_match_pairs(f->matcher, given, n, taken, k, pair));
    for (size_t i = 0; i < n * k; i++)
        f->wh[i] += pair[i];
    return MIZO_OK;
}

/* Own roofs and batteries: no pairing is needed. */
static void add_points(match_flow *f, const match_today *d, int s)
{
    mizo_wh *own = f->wh + (f->region->nplant + MATCH_FLOW_OWN) * f->nkind,
            *battery = f->wh + (f->region->nplant + MATCH_FLOW_BATTERY) * f->nkind;
    for (size_t i = 0; i < d->npoint; i++) {
        mizo_ref k = f->of[i];
        f->load[k] += d->load[i][s];
        own[k] += d->own_point[i][s] - d->in_own[i][s];
        own[f->nkind - 1] += d->in_own[i][s];
        battery[k] += d->site[i][s] + d->taken[MATCH_STORED][i][s];
    }
}

mizo_err match_flow_add(match_flow *f, const match_today *d, int from, int to)
{
    int64_t *stored = f->work + f->nsource + f->nkind + f->nsource * f->nkind;
    for (int s = from; s < to; s++) {
        for (size_t i = 0; i < d->npoint; i++)
            stored[i] = d->in_pool[i][s];
        for (size_t k = 0; k < d->npool; k++)
            MIZO_TRY(add_pool(f, d, &d->pool[MATCH_RE][k], s, stored));
        add_points(f, d, s);
    }
    return MIZO_OK;
}

/* ---- what came of it ---- */

mizo_wh match_flow_matched(const match_flow *f, size_t kind)
{
    mizo_wh sum = 0;
    for (size_t i = 0; i < f->nsource; i++)
        sum += f->wh[i * f->nkind + kind];
    return sum;
}

static void source_json(const match_flow *f, size_t i, json *j)
{
    static const char *const more[] = { "roofs", "own-roofs", "batteries" };
    const mizo_region *r = f->region;
    const mizo_plant *p = i < r->nplant ? &r->plant[i] : NULL;
    mizo_wh sum = 0;
    for (size_t k = 0; k < f->nkind; k++)
        sum += f->wh[i * f->nkind + k];
    json_object(j, NULL);
    json_text(j, "id", p ? p->id : more[i - r->nplant]);
    json_text(j, "type", p ? "plant" : more[i - r->nplant]);
    json_text(j, "name_ja", p ? p->name_ja : "");
    json_text(j, "name_en", p ? p->name_en : "");
    json_bool(j, "outside", p && p->outside);
    json_int(j, "given_wh", sum);
    json_end(j);
}

void match_flow_json(const match_flow *f, json *j)
{
    json_object(j, "flow");
    json_array(j, "sources");
    for (size_t i = 0; i < f->nsource; i++)
        source_json(f, i, j);
    json_end(j);
    json_array(j, "kinds");
    for (size_t k = 0; k < f->nkind; k++) {
        bool battery = k == f->nkind - 1;
        json_object(j, NULL);
        json_text(j, "kind", battery ? "batteries" : f->kind[k]);
        json_int(j, "load_wh", f->load[k]);
        json_int(j, "matched_wh", match_flow_matched(f, k));
        json_end(j);
    }
    json_end(j);
    json_array(j, "links");
    for (size_t i = 0; i < f->nsource * f->nkind; i++) {
        if (!f->wh[i])
            continue;
        json_object(j, NULL);
        json_int(j, "source", (int64_t)(i / f->nkind));
        json_int(j, "kind", (int64_t)(i % f->nkind));
        json_int(j, "wh", f->wh[i]);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}
