/* inventory.c: see inventory.h. */
#include "city/inventory.h"

#include <string.h>

#include "base/unit.h"
#include "city/inventory_inner.h"

/* ---- which inventories there are ---- */

const mizo_inventory *city_inventory(const mizo_region *r, const char *id)
{
    for (size_t i = 0; i < r->ninventory; i++)
        if (strcmp(r->inventory[i].id, id) == 0)
            return &r->inventory[i];
    return NULL;
}

const char *city_inventory_name(const mizo_region *r, const char *id, const char *lang)
{
    const mizo_inventory *v = city_inventory(r, id);
    const char *name = !v ? "" : strcmp(lang, "ja") == 0 || !*v->name_en ? v->name_ja : v->name_en;
    return *name ? name : id;
}

const char *city_inventory_first(const mizo_region *r)
{
    const mizo_inventory *first = NULL;
    for (size_t i = 0; i < r->ninventory; i++)
        if (!first || r->inventory[i].line < first->line)
            first = &r->inventory[i];
    return first ? first->id : r->nemission ? r->emission[0].inventory : "";
}

const mizo_indicator *city_inventory_part(const mizo_region *r, const char *id, mizo_inventory_part part)
{
    for (size_t i = 0; i < r->nindicator; i++) {
        const mizo_indicator *x = &r->indicator[i];
        if (x->part == part && x->inventory >= 0 && (!id || strcmp(r->inventory[x->inventory].id, id) == 0))
            return x;
    }
    return NULL;
}

const char *city_part_word(mizo_inventory_part part)
{
    static const char *const words[MIZO_PARTS] = { "other",    "total",      "change",
                                                   "capacity", "subsidised", "subsidised-kw" };
    return words[part];
}

/* ---- cells ---- */

/* "*" takes every part, but no printed total. */
static bool fits(const char *word, const char *want)
{
    return strcmp(want, "*") == 0 ? strcmp(word, "all") != 0 : strcmp(word, want) == 0;
}

static bool same(const mizo_emission *a, const mizo_emission *b)
{
    return a->fy == b->fy && strcmp(a->inventory, b->inventory) == 0 && strcmp(a->sector, b->sector) == 0 &&
           strcmp(a->gas, b->gas) == 0 && strcmp(a->form, b->form) == 0;
}

/* Of two publications of a cell the later; of one day's the later row. */
static bool later(const mizo_emission *a, const mizo_emission *b)
{
    return !b || a->on >= b->on;
}

const mizo_emission *city_emission(const mizo_region *r, const city_cell *c, mizo_day as_of)
{
    const mizo_emission *best = NULL;
    for (size_t i = 0; i < r->nemission; i++) {
        const mizo_emission *e = &r->emission[i];
        if (e->fy == c->fy && e->on <= as_of && strcmp(e->inventory, c->inventory) == 0 &&
            fits(e->sector, c->sector) && fits(e->gas, c->gas) && fits(e->form, c->form) && later(e, best))
            best = e;
    }
    return best;
}

const mizo_emission *city_emission_before(const mizo_region *r, const mizo_emission *e)
{
    const mizo_emission *best = NULL;
    for (size_t i = 0; i < r->nemission; i++)
        if (&r->emission[i] != e && same(&r->emission[i], e) && r->emission[i].on <= e->on &&
            later(&r->emission[i], best))
            best = &r->emission[i];
    return best;
}

mizo_err city_emission_value(const mizo_emission *e, range *out)
{
    unit u;
    exact mid, step;
    MIZO_TRY(unit_parse(e->unit, strlen(e->unit), &u));
    MIZO_TRY(exact_ten(exact_whole(e->value_e6), u.ten - 6, &mid));
    MIZO_TRY(exact_ten(exact_whole(e->step_e6), u.ten - 6, &step));
    return range_rounded(mid, step, out);
}

/* Only the latest publication of each cell is added. */
static bool is_latest(const mizo_region *r, const mizo_emission *e, mizo_day as_of)
{
    const city_cell c = { e->inventory, e->fy, e->sector, e->gas, e->form };
    return city_emission(r, &c, as_of) == e;
}

static const char *total_of(const char *word)
{
    return strcmp(word, "*") == 0 ? "all" : word;
}

mizo_err city_emission_sum(const mizo_region *r, const city_cell *c, mizo_day as_of, city_sum *out)
{
    *out = (city_sum){ .parts = range_point(exact_whole(0)) };
    for (size_t i = 0; i < r->nemission; i++) {
        const mizo_emission *e = &r->emission[i];
        range v;
        if (e->fy != c->fy || e->on > as_of || strcmp(e->inventory, c->inventory) ||
            !fits(e->sector, c->sector) || !fits(e->gas, c->gas) || !fits(e->form, c->form) ||
            !is_latest(r, e, as_of))
            continue;
        MIZO_TRY(city_emission_value(e, &v));
        MIZO_TRY(range_do('+', &out->parts, &v, &out->parts));
        out->n++;
    }
    const city_cell whole = { c->inventory, c->fy, total_of(c->sector), total_of(c->gas), total_of(c->form) };
    const mizo_emission *printed = city_emission(r, &whole, as_of);
    out->has_printed = printed != NULL;
    if (printed) {
        int middle;
        MIZO_TRY(city_emission_value(printed, &out->printed));
        MIZO_TRY(exact_cmp(out->parts.mid, out->printed.mid, &middle));
        out->agree = middle == 0;
    }
    return out->n ? MIZO_OK : MIZO_ENOENT;
}

/* ---- the base of two years ---- */

bool city_gas_of_the_first_year(const char *gas)
{
    return strcmp(gas, "co2") == 0 || strcmp(gas, "ch4") == 0 || strcmp(gas, "n2o") == 0;
}

/* The first row of its gas in those two years stands for it. */
static bool first_of_gas(const mizo_region *r, size_t i)
{
    const mizo_emission *e = &r->emission[i];
    for (size_t k = 0; k < i; k++)
        if (r->emission[k].fy == e->fy && strcmp(r->emission[k].gas, e->gas) == 0 &&
            strcmp(r->emission[k].inventory, e->inventory) == 0)
            return false;
    return true;
}

mizo_err city_emission_gas(const mizo_region *r, const char *inventory, int fy, const char *gas,
                           mizo_day as_of, range *out)
{
    const city_cell whole = { inventory, fy, "all", gas, "all" }, parts = { inventory, fy, "*", gas, "*" };
    const mizo_emission *printed = city_emission(r, &whole, as_of);
    city_sum s;
    if (printed)
        return city_emission_value(printed, out);
    MIZO_TRY(city_emission_sum(r, &parts, as_of, &s));
    *out = s.parts;
    return MIZO_OK;
}

mizo_err city_emission_base(const mizo_region *r, const char *inventory, int fy, int fy_others,
                            mizo_day as_of, range *out)
{
    int n = 0;
    *out = range_point(exact_whole(0));
    for (size_t i = 0; i < r->nemission; i++) {
        const mizo_emission *e = &r->emission[i];
        range v;
        if (strcmp(e->inventory, inventory) || strcmp(e->gas, "all") == 0 ||
            e->fy != (city_gas_of_the_first_year(e->gas) ? fy : fy_others) || !first_of_gas(r, i))
            continue;
        MIZO_TRY(city_emission_gas(r, inventory, e->fy, e->gas, as_of, &v));
        MIZO_TRY(range_do('+', out, &v, out));
        n++;
    }
    return n ? MIZO_OK : MIZO_ENOENT;
}

/* ---- from activities ---- */

const mizo_gwp *city_gwp(const mizo_region *r, const char *set, const char *gas)
{
    for (size_t i = 0; i < r->ngwp; i++)
        if (strcmp(r->gwp[i].set, set) == 0 && strcmp(r->gwp[i].gas, gas) == 0)
            return &r->gwp[i];
    return NULL;
}

mizo_err city_line_mg(const mizo_region *r, exact amount, int64_t factor_e6, const char *set, const char *gas,
                      exact *out)
{
    const mizo_gwp *g = city_gwp(r, set, gas);
    exact x;
    if (!g)
        return MIZO_ENOENT;
    MIZO_TRY(exact_mul(amount, exact_whole(factor_e6), &x)); /* millionths of a kg are mg */
    MIZO_TRY(exact_mul(x, exact_whole(g->gwp_e3), &x));
    return exact_ten(x, -3, out);
}

mizo_err city_activity_mg(const mizo_region *r, const mizo_activity *a, exact *out)
{
    exact amount;
    MIZO_TRY(exact_of(a->amount_e6, 1000000, &amount));
    return city_line_mg(r, amount, a->factor_e6, a->gwp_set, a->gas, out);
}
