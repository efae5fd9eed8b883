/* crosstab.c: see crosstab.h. */
#include "city/crosstab.h"

#include <string.h>

/* The place of a word in a list, put at its end where it is new; -1: full. */
static int place_of(const char **list, int *n, int most, const char *word)
{
    for (int i = 0; i < *n; i++)
        if (strcmp(list[i], word) == 0)
            return i;
    if (*n == most)
        return -1;
    list[*n] = word;
    return (*n)++;
}

static bool is_all(const char *word)
{
    return strcmp(word, "all") == 0;
}

static mizo_err find_words(const mizo_region *r, mizo_day as_of, crosstab *t)
{
    for (size_t i = 0; i < r->nemission; i++) {
        const mizo_emission *e = &r->emission[i];
        if (e->fy != t->fy || e->on > as_of || strcmp(e->inventory, t->inventory) || strcmp(e->gas, t->gas))
            continue;
        if (!is_all(e->sector) && place_of(t->sector, &t->nsector, CROSSTAB_SECTORS, e->sector) < 0)
            return MIZO_EFULL;
        if (!is_all(e->form) && place_of(t->form, &t->nform, CROSSTAB_FORMS, e->form) < 0)
            return MIZO_EFULL;
    }
    return MIZO_OK;
}

static mizo_err fill(const mizo_region *r, const crosstab *t, const char *sector, const char *form,
                     mizo_day as_of, crosstab_cell *c)
{
    const city_cell at = { t->inventory, t->fy, sector, t->gas, form };
    *c = (crosstab_cell){ .row = city_emission(r, &at, as_of), .parts = range_point(exact_whole(0)) };
    return c->row ? city_emission_value(c->row, &c->printed) : MIZO_OK;
}

static mizo_err add_part(crosstab_cell *to, const crosstab_cell *part)
{
    const range *v = crosstab_shown(part);
    if (!v)
        return MIZO_OK;
    to->n++;
    return range_do('+', &to->parts, v, &to->parts);
}

/* Has every sector a cell of some form? */
static bool all_by_form(const crosstab *t)
{
    for (int s = 0; s < t->nsector; s++)
        if (!t->of_sector[s].n)
            return false;
    return t->nform > 0;
}

/* The whole's parts are the forms' totals, as printed where they are; where a sector has no form, the sectors'. */
static mizo_err sum_whole(crosstab *t)
{
    bool forms = all_by_form(t);
    for (int i = 0; i < (forms ? t->nform : t->nsector); i++)
        MIZO_TRY(add_part(&t->whole, forms ? &t->of_form[i] : &t->of_sector[i]));
    return MIZO_OK;
}

mizo_err crosstab_make(const mizo_region *r, const char *inventory, int fy, const char *gas, mizo_day as_of,
                       crosstab *t)
{
    *t = (crosstab){ .inventory = inventory, .gas = gas, .fy = fy };
    MIZO_TRY(find_words(r, as_of, t));
    MIZO_TRY(fill(r, t, "all", "all", as_of, &t->whole));
    for (int f = 0; f < t->nform; f++)
        MIZO_TRY(fill(r, t, "all", t->form[f], as_of, &t->of_form[f]));
    for (int s = 0; s < t->nsector; s++) {
        MIZO_TRY(fill(r, t, t->sector[s], "all", as_of, &t->of_sector[s]));
        for (int f = 0; f < t->nform; f++) {
            MIZO_TRY(fill(r, t, t->sector[s], t->form[f], as_of, &t->cell[s][f]));
            MIZO_TRY(add_part(&t->of_sector[s], &t->cell[s][f]));
            MIZO_TRY(add_part(&t->of_form[f], &t->cell[s][f]));
        }
    }
    MIZO_TRY(sum_whole(t));
    return crosstab_shown(&t->whole) ? MIZO_OK : MIZO_ENOENT;
}

const range *crosstab_shown(const crosstab_cell *c)
{
    return c->row ? &c->printed : c->n ? &c->parts : NULL;
}

mizo_err crosstab_share(const crosstab *t, const crosstab_cell *c, exact *out)
{
    const range *part = crosstab_shown(c), *whole = crosstab_shown(&t->whole);
    if (!part || !whole || exact_sign(whole->mid) <= 0)
        return MIZO_ENOENT;
    return exact_div(part->mid, whole->mid, out);
}
