/* category.c: see category.h. */
#include "city/category.h"

#include <string.h>

bool category_scheme_known(const mizo_region *r, const char *scheme)
{
    for (size_t i = 0; i < r->ncategory; i++)
        if (strcmp(r->category[i].scheme, scheme) == 0)
            return true;
    return false;
}

/* A row of the scheme that takes the cell. */
static bool takes(const mizo_category *c, const char *scheme, const mizo_emission *e)
{
    return strcmp(c->scheme, scheme) == 0 && strcmp(c->sector, e->sector) == 0 &&
           strcmp(c->form, e->form) == 0 && (strcmp(c->gas, "*") == 0 || strcmp(c->gas, e->gas) == 0);
}

static bool same_code(const mizo_category *a, const mizo_category *b)
{
    return strcmp(a->scheme, b->scheme) == 0 && strcmp(a->code, b->code) == 0;
}

/* The first row of its code. */
static bool is_first(const mizo_region *r, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (same_code(&r->category[k], &r->category[i]))
            return false;
    return true;
}

typedef struct asking {
    const mizo_region *r;
    const char *scheme, *inventory;
    int fy;
    mizo_day as_of;
    const category_sink *sink;
} asking;

/* The newest publication of a cell of the year that is a part, not a printed total. */
static bool counts(const asking *a, const mizo_emission *e)
{
    const city_cell c = { e->inventory, e->fy, e->sector, e->gas, e->form };
    return e->fy == a->fy && e->on <= a->as_of && strcmp(e->inventory, a->inventory) == 0 &&
           strcmp(e->sector, "all") && strcmp(e->gas, "all") && city_emission(a->r, &c, a->as_of) == e;
}

static bool of_code(const asking *a, const mizo_category *code, const mizo_emission *e)
{
    for (size_t i = 0; i < a->r->ncategory; i++)
        if (same_code(&a->r->category[i], code) && takes(&a->r->category[i], a->scheme, e))
            return true;
    return false;
}

/* Is this the first counted cell of its gas in the category? */
static bool first_of_gas(const asking *a, const mizo_category *code, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(a->r->emission[k].gas, a->r->emission[i].gas) == 0 && counts(a, &a->r->emission[k]) &&
            of_code(a, code, &a->r->emission[k]))
            return false;
    return true;
}

static mizo_err gas_figure(const asking *a, const mizo_category *code, size_t first)
{
    category_figure f = { code, a->r->emission[first].gas, range_point(exact_whole(0)), 0 };
    for (size_t i = first; i < a->r->nemission; i++) {
        const mizo_emission *e = &a->r->emission[i];
        range v;
        if (strcmp(e->gas, f.gas) || !counts(a, e) || !of_code(a, code, e))
            continue;
        MIZO_TRY(city_emission_value(e, &v));
        MIZO_TRY(range_do('+', &f.mg, &v, &f.mg));
        f.cells++;
    }
    return a->sink->figure(a->sink->arg, &f);
}

static mizo_err code_figures(const asking *a, const mizo_category *code)
{
    int n = 0;
    for (size_t i = 0; i < a->r->nemission; i++) {
        const mizo_emission *e = &a->r->emission[i];
        if (!counts(a, e) || !of_code(a, code, e) || !first_of_gas(a, code, i))
            continue;
        MIZO_TRY(gas_figure(a, code, i));
        n++;
    }
    const category_figure none = { code, "", range_point(exact_whole(0)), 0 };
    return n ? MIZO_OK : a->sink->figure(a->sink->arg, &none);
}

/* "all" in form is a printed total where the sector has parts of that gas. */
static bool is_form_total(const asking *a, const mizo_emission *e)
{
    for (size_t i = 0; i < a->r->nemission && strcmp(e->form, "all") == 0; i++) {
        const mizo_emission *p = &a->r->emission[i];
        if (strcmp(p->form, "all") && strcmp(p->sector, e->sector) == 0 && strcmp(p->gas, e->gas) == 0 &&
            counts(a, p))
            return true;
    }
    return false;
}

static mizo_err stray(const asking *a, const mizo_emission *e)
{
    const mizo_category *taken = NULL;
    if (!counts(a, e) || is_form_total(a, e))
        return MIZO_OK;
    for (size_t i = 0; i < a->r->ncategory; i++) {
        const mizo_category *c = &a->r->category[i];
        if (!takes(c, a->scheme, e))
            continue;
        if (taken && !same_code(taken, c))
            return a->sink->stray(a->sink->arg, e, c);
        taken = c;
    }
    return taken ? MIZO_OK : a->sink->stray(a->sink->arg, e, NULL);
}

mizo_err category_each(const mizo_region *r, const char *scheme, const char *inventory, int fy,
                       mizo_day as_of, const category_sink *sink)
{
    const asking a = { r, scheme, inventory, fy, as_of, sink };
    for (size_t i = 0; i < r->ncategory; i++)
        if (strcmp(r->category[i].scheme, scheme) == 0 && is_first(r, i))
            MIZO_TRY(code_figures(&a, &r->category[i]));
    for (size_t i = 0; i < r->nemission; i++)
        MIZO_TRY(stray(&a, &r->emission[i]));
    return MIZO_OK;
}

mizo_err category_cell(const mizo_region *r, const char *scheme, const char *code, const char *gas,
                       city_cell *out)
{
    const mizo_category *found = NULL;
    bool any = false;
    for (size_t i = 0; i < r->ncategory; i++) {
        const mizo_category *c = &r->category[i];
        if (strcmp(c->scheme, scheme) || strcmp(c->code, code))
            continue;
        any = true;
        if (!*c->sector || (strcmp(c->gas, "*") && strcmp(c->gas, gas)))
            continue;
        if (found)
            return MIZO_ECONFLICT;
        found = c;
    }
    if (!found)
        return any ? MIZO_EINPUT : MIZO_ENOENT;
    out->sector = found->sector;
    out->gas = gas;
    out->form = found->form;
    return MIZO_OK;
}
