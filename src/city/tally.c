/* tally.c: see tally.h. */
#include "city/tally.h"

#include <string.h>

#include "city/plan.h"
#include "city/register.h"

static const char business_level[] = "business";

/* ---- words ---- */

bool tally_has_part(const mizo_region *r, const mizo_register *reg, const char *part)
{
    for (size_t i = 0; i < r->nregister_row; i++)
        if (&r->reg[r->register_row[i].reg] == reg && strcmp(r->register_row[i].part, part) == 0)
            return true;
    for (size_t i = 0; i < r->nregister_count; i++)
        if (&r->reg[r->register_count[i].reg] == reg && strcmp(r->register_count[i].part, part) == 0)
            return true;
    return false;
}

/* An alias means a register, a node, a sort of registers, a part of one, a level. */
static tally_word meaning(const mizo_region *r, const char *id)
{
    size_t n = strlen(id);
    tally_word w = { .reg = city_register(r, id, n), .id = id };
    if (!w.reg)
        w.node = city_node(r, id, n);
    w.kind = w.reg ? TALLY_REGISTER : w.node ? TALLY_NODE : TALLY_NONE;
    for (size_t i = 0; i < r->nreg && !w.kind; i++)
        if (strcmp(r->reg[i].kind, id) == 0)
            w.kind = TALLY_SORT;
    for (size_t i = 0; i < r->nreg && !w.kind; i++)
        if (tally_has_part(r, &r->reg[i], id))
            w.kind = TALLY_PART;
    for (size_t i = 0; i < r->nplan_node && !w.kind; i++)
        if (strcmp(r->plan_node[i].level, id) == 0)
            w.kind = TALLY_LEVEL;
    if (!w.kind && strcmp(id, business_level) == 0)
        w.kind = TALLY_LEVEL;
    return w;
}

static bool begins(const char *s, size_t n, const char *name, size_t longer_than)
{
    size_t k = strlen(name);
    return k > longer_than && k <= n && memcmp(s, name, k) == 0;
}

static void take(tally_word *best, tally_word w, const char *name)
{
    if (!w.kind)
        return;
    *best = w;
    best->bytes = strlen(name);
}

tally_word tally_word_at(const mizo_region *r, const char *s, size_t n, bool within)
{
    tally_word best = { .kind = TALLY_NONE };
    for (size_t i = 0; i < r->nreg; i++) {
        const mizo_register *g = &r->reg[i];
        const char *names[] = { g->name_ja, g->name_en };
        for (int k = 0; k < 2; k++)
            if (begins(s, n, names[k], best.bytes))
                take(&best, (tally_word){ .kind = TALLY_REGISTER, .reg = g }, names[k]);
    }
    for (size_t i = 0; i < r->nplan_node; i++) {
        const mizo_plan_node *x = &r->plan_node[i];
        const char *names[] = { x->name_ja, x->name_en };
        for (int k = 0; k < 2; k++)
            if (begins(s, n, names[k], best.bytes))
                take(&best, (tally_word){ .kind = TALLY_NODE, .node = x }, names[k]);
    }
    for (size_t i = 0; i < r->nalias && !within; i++)
        if (begins(s, n, r->alias[i].alias, best.bytes))
            take(&best, meaning(r, r->alias[i].means), r->alias[i].alias);
    return best;
}

/* ---- counts ---- */

static void on_register(const mizo_region *r, const tally *t, mizo_day on, mizo_day as_of, tally_count *out)
{
    const char *part = *t->part ? t->part : NULL;
    const mizo_register_count *said =
        city_declared(r, t->reg, t->part, as_of != MIZO_DAY_NONE && as_of < on ? as_of : on);
    out->listed = city_listed(r, t->reg, part, on);
    out->source = said ? said->source : t->reg->source;
    if (said) {
        out->declared = said->count;
        bool whole = city_listed(r, t->reg, part, said->on) == said->count;
        out->holds = whole ? out->listed : said->count;
    } else if (out->listed > 0) {
        out->holds = out->listed;
    }
}

static mizo_err below_node(const mizo_region *r, const tally *t, tally_count *out)
{
    const mizo_plan_node *n = t->node;
    city_below below;
    bool businesses = strcmp(t->level, business_level) == 0;
    bool own = strcmp(*n->below ? n->below : "measure", t->level) == 0;
    out->source = n->source;
    if (businesses) {
        MIZO_TRY(city_node_below(r, n, 0, &below));
        out->rows = below.rows;
    } else {
        MIZO_TRY(city_plan_below(r, NULL, n, t->level, NULL, 0, &below));
    }
    out->listed = businesses ? below.businesses : below.nodes;
    if (own && n->declared >= 0)
        out->declared = n->declared;
    if (own)
        out->together = city_declared_below(r, n);
    out->holds = out->declared >= 0   ? out->declared
                 : out->together >= 0 ? out->together
                 : out->listed > 0    ? out->listed
                                      : -1;
    return MIZO_OK;
}

mizo_err tally_on(const mizo_region *r, const tally *t, mizo_day on, mizo_day as_of, tally_count *out)
{
    *out =
        (tally_count){ .holds = -1, .declared = -1, .listed = -1, .together = -1, .rows = -1, .source = "" };
    if (t->node)
        return below_node(r, t, out);
    on_register(r, t, on, as_of, out);
    return MIZO_OK;
}
