/* restate.c: why a year was restated, line by line; see inventory.h. */
#include <string.h>

#include "base/unit.h"
#include "city/inventory_inner.h"

static bool is_of(const mizo_activity *a, const char *inventory, int fy)
{
    return a->fy == fy && strcmp(a->inventory, inventory) == 0;
}

static const mizo_activity *line_named(const mizo_region *r, const mizo_activity *like, mizo_vintage vintage)
{
    for (size_t i = 0; i < r->nactivity; i++) {
        const mizo_activity *a = &r->activity[i];
        if (a->vintage == vintage && is_of(a, like->inventory, like->fy) && strcmp(a->id, like->id) == 0)
            return a;
    }
    return NULL;
}

mizo_err city_amount_in(int64_t amount_e6, const char *unit_of, const char *in, exact *out)
{
    unit a, b;
    MIZO_TRY(unit_parse(unit_of, strlen(unit_of), &a));
    MIZO_TRY(unit_parse(in, strlen(in), &b));
    if (!unit_alike(&a, &b))
        return MIZO_EINPUT;
    MIZO_TRY(exact_of(amount_e6, 1000000, out));
    return exact_ten(*out, a.ten - b.ten, out);
}

/* *part = now - *at, and *at becomes now. */
static mizo_err step(exact *part, exact *at, exact now)
{
    MIZO_TRY(exact_sub(now, *at, part));
    *at = now;
    return MIZO_OK;
}

static mizo_err both(const mizo_region *r, city_restated_line *l)
{
    exact at = l->before, amount, x;
    MIZO_TRY(city_amount_in(l->now->amount_e6, l->now->unit, l->was->unit, &amount));
    MIZO_TRY(city_line_mg(r, amount, l->was->factor_e6, l->was->gwp_set, l->was->gas, &x));
    MIZO_TRY(step(&l->activity, &at, x));
    MIZO_TRY(exact_of(l->now->amount_e6, 1000000, &amount));
    MIZO_TRY(city_line_mg(r, amount, l->now->factor_e6, l->was->gwp_set, l->was->gas, &x));
    MIZO_TRY(step(&l->factor, &at, x));
    return step(&l->gwp, &at, l->after);
}

static mizo_err one_line(const mizo_region *r, city_restated_line *l)
{
    const exact zero = exact_whole(0);
    l->before = l->after = l->scope = l->activity = l->factor = l->gwp = zero;
    if (l->was)
        MIZO_TRY(city_activity_mg(r, l->was, &l->before));
    if (l->now)
        MIZO_TRY(city_activity_mg(r, l->now, &l->after));
    return l->was && l->now ? both(r, l) : exact_sub(l->after, l->before, &l->scope);
}

static mizo_err add_line(const city_restated_line *l, city_restated *out)
{
    const struct {
        const exact *from;
        exact *to;
    } part[] = {
        {&l->before,    &out->before  },
        { &l->after,    &out->after   },
        { &l->scope,    &out->scope   },
        { &l->activity, &out->activity},
        { &l->factor,   &out->factor  },
        { &l->gwp,      &out->gwp     }
    };
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        MIZO_TRY(exact_add(*part[i].to, *part[i].from, part[i].to));
    return MIZO_OK;
}

/* The printed total of a year in a vintage, as published last. */
static const mizo_emission *printed(const mizo_region *r, const char *inventory, int fy, mizo_vintage v)
{
    const mizo_emission *best = NULL;
    for (size_t i = 0; i < r->nemission; i++) {
        const mizo_emission *e = &r->emission[i];
        if (e->fy == fy && e->vintage == v && strcmp(e->inventory, inventory) == 0 &&
            strcmp(e->sector, "all") == 0 && strcmp(e->gas, "all") == 0 && strcmp(e->form, "all") == 0 &&
            (!best || e->on >= best->on))
            best = e;
    }
    return best;
}

/* What the printed totals changed by beyond what the lines explain. */
static mizo_err leftover(const mizo_region *r, const char *inventory, int fy, mizo_vintage from,
                         mizo_vintage to, city_restated *out)
{
    const mizo_emission *a = printed(r, inventory, fy, from), *b = printed(r, inventory, fy, to);
    range before, after;
    exact said, made;
    out->printed = a && b;
    if (!out->printed)
        return MIZO_OK;
    MIZO_TRY(city_emission_value(a, &before));
    MIZO_TRY(city_emission_value(b, &after));
    out->printed_before = before.mid;
    out->printed_after = after.mid;
    MIZO_TRY(exact_sub(after.mid, before.mid, &said));
    MIZO_TRY(exact_sub(out->after, out->before, &made));
    return exact_sub(said, made, &out->rounding);
}

mizo_err city_restate(const mizo_region *r, const char *inventory, int fy, mizo_vintage from, mizo_vintage to,
                      city_restated_fn fn, void *arg, city_restated *out)
{
    const exact zero = exact_whole(0);
    int n = 0;
    *out = (city_restated){ zero, zero, zero, zero, zero, zero, .rounding = zero };
    for (size_t i = 0; i < r->nactivity; i++) {
        const mizo_activity *a = &r->activity[i];
        if (!is_of(a, inventory, fy) || (a->vintage != from && a->vintage != to))
            continue;
        city_restated_line l = { .was = a->vintage == from ? a : line_named(r, a, from),
                                 .now = a->vintage == to ? a : line_named(r, a, to) };
        n++;
        if (a->vintage == to && l.was)
            continue; /* it came with its old line */
        mizo_err e = one_line(r, &l);
        if (e) {
            out->fault = a;
            out->why = e == MIZO_ENOENT   ? "its set has no such gas"
                       : e == MIZO_EINPUT ? "its units in the two vintages are of two kinds"
                                          : "its figures are too large";
            return e;
        }
        MIZO_TRY(add_line(&l, out));
        if (fn)
            MIZO_TRY(fn(arg, &l));
    }
    return n ? leftover(r, inventory, fy, from, to, out) : MIZO_ENOENT;
}

int city_vintage_after(const mizo_region *r, const char *inventory, int fy, mizo_vintage v)
{
    bool revised = false, final = false;
    for (size_t i = 0; i < r->nactivity; i++) {
        if (!is_of(&r->activity[i], inventory, fy))
            continue;
        revised = revised || r->activity[i].vintage == MIZO_VINTAGE_REVISED;
        final = final || r->activity[i].vintage == MIZO_VINTAGE_FINAL;
    }
    if (v == MIZO_VINTAGE_PROVISIONAL)
        return revised ? MIZO_VINTAGE_REVISED : final ? MIZO_VINTAGE_FINAL : -1;
    return v == MIZO_VINTAGE_REVISED && final ? MIZO_VINTAGE_FINAL : -1;
}

const char *city_basis_text(const char *basis, const char *lang)
{
    static const struct {
        const char *word, *en, *ja;
    } bases[] = {
#define X(word, en, ja) { #word, en, ja },
        MIZO_BASES(X)
#undef X
    };
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
        if (strcmp(basis, bases[i].word) == 0)
            return strcmp(lang, "ja") == 0 ? bases[i].ja : bases[i].en;
    return "";
}
