/* restate.c: why a year was restated, line by line; see inventory.h. */
#include <string.h>

#include "base/unit.h"
#include "city/inventory_inner.h"

static bool is_of(const mizo_activity *a, const char *inventory, int fy)
{
    return a->fy == fy && strcmp(a->inventory, inventory) == 0;
}

static bool in(const mizo_activity *a, city_edition x)
{
    return city_edition_order(city_edition_of(a), x) == 0;
}

static const mizo_activity *line_named(const mizo_region *r, const mizo_activity *like, city_edition x)
{
    for (size_t i = 0; i < r->nactivity; i++) {
        const mizo_activity *a = &r->activity[i];
        if (in(a, x) && is_of(a, like->inventory, like->fy) && strcmp(a->id, like->id) == 0)
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

/* The day from which printed totals are those of a later edition of the same vintage, or are not known yet. */
static mizo_day until(const mizo_region *r, const city_restating *q, city_edition of)
{
    for (city_edition x = of; city_edition_next(r, q->inventory, q->fy, &x, q->as_of, &x);)
        if (x.vintage == of.vintage)
            return x.on;
    return q->as_of == MIZO_DAY_NONE ? MIZO_DAY_NONE : q->as_of + 1;
}

/* The printed total of a year in an edition, as published last before the vintage came out again. */
static const mizo_emission *printed(const mizo_region *r, const city_restating *q, city_edition x)
{
    const mizo_emission *best = NULL;
    mizo_day end = until(r, q, x);
    for (size_t i = 0; i < r->nemission; i++) {
        const mizo_emission *e = &r->emission[i];
        if (e->fy == q->fy && e->vintage == x.vintage && e->on >= x.on && e->on < end &&
            strcmp(e->inventory, q->inventory) == 0 && strcmp(e->sector, "all") == 0 &&
            strcmp(e->gas, "all") == 0 && strcmp(e->form, "all") == 0 && (!best || e->on >= best->on))
            best = e;
    }
    return best;
}

/* What the printed totals changed by beyond what the lines explain. */
static mizo_err leftover(const mizo_region *r, const city_restating *q, city_restated *out)
{
    const mizo_emission *a = printed(r, q, q->from), *b = printed(r, q, q->to);
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

mizo_err city_restate(const mizo_region *r, const city_restating *q, city_restated_fn fn, void *arg,
                      city_restated *out)
{
    const exact zero = exact_whole(0);
    int n = 0;
    *out = (city_restated){ zero, zero, zero, zero, zero, zero, .rounding = zero };
    for (size_t i = 0; i < r->nactivity; i++) {
        const mizo_activity *a = &r->activity[i];
        if (!is_of(a, q->inventory, q->fy) || (!in(a, q->from) && !in(a, q->to)))
            continue;
        city_restated_line l = { .was = in(a, q->from) ? a : line_named(r, a, q->from),
                                 .now = in(a, q->to) ? a : line_named(r, a, q->to) };
        n++;
        if (!in(a, q->from) && l.was)
            continue; /* it came with its old line */
        mizo_err e = one_line(r, &l);
        if (e) {
            out->fault = a;
            out->why = e == MIZO_ENOENT   ? "its set has no such gas"
                       : e == MIZO_EINPUT ? "its units in the two editions are of two kinds"
                                          : "its figures are too large";
            return e;
        }
        MIZO_TRY(add_line(&l, out));
        if (fn)
            MIZO_TRY(fn(arg, &l));
    }
    return n ? leftover(r, q, out) : MIZO_ENOENT;
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
