/* provisional.c: a year before the country's data of plants are out: ordinance reports stand in; see inventory.h. */
#include <string.h>

#include "city/inventory_inner.h"

/* What is made, and as known when. */
typedef struct making {
    const mizo_region *r;
    const char *inventory;
    mizo_day as_of;
} making;

static bool known(const making *m, const mizo_activity *a)
{
    return a->on <= m->as_of && strcmp(a->inventory, m->inventory) == 0;
}

/* The last year before fy that has a line in a vintage that is not provisional. 0: none. */
static int whole_year_before(const making *m, int fy)
{
    int best = 0;
    for (size_t i = 0; i < m->r->nactivity; i++) {
        const mizo_activity *a = &m->r->activity[i];
        if (a->fy < fy && a->fy > best && a->vintage != MIZO_VINTAGE_PROVISIONAL && known(m, a))
            best = a->fy;
    }
    return best;
}

/* A line of a year (id NULL: any) in its last edition. */
static const mizo_activity *last_line(const making *m, int fy, const char *id)
{
    const mizo_activity *best = NULL;
    for (size_t i = 0; i < m->r->nactivity; i++) {
        const mizo_activity *a = &m->r->activity[i];
        if (a->fy == fy && (!id || strcmp(a->id, id) == 0) && known(m, a) &&
            (!best || city_edition_order(city_edition_of(a), city_edition_of(best)) > 0))
            best = a;
    }
    return best;
}

/* A line of a year as the year's last edition has it; NULL: a line that only an older edition has is gone. */
static const mizo_activity *line_like(const making *m, int fy, const char *id)
{
    const mizo_activity *line = last_line(m, fy, id), *year = last_line(m, fy, NULL);
    return line && city_edition_order(city_edition_of(line), city_edition_of(year)) == 0 ? line : NULL;
}

static bool files_for(const city_filed *f, const char *inventory, int fy)
{
    return f->fy == fy && strcmp(f->inventory, inventory) == 0;
}

static mizo_err add_filed(const mizo_activity *like, int fy, const city_filed *filed, size_t n,
                          city_provisional_line *l, const city_filed **fault)
{
    for (size_t i = 0; i < n; i++) {
        exact x;
        if (!files_for(&filed[i], like->inventory, fy) || strcmp(filed[i].line, like->id))
            continue;
        mizo_err e = city_amount_in(filed[i].amount_e6, filed[i].unit, like->unit, &x);
        *fault = e ? &filed[i] : *fault;
        MIZO_TRY(e);
        MIZO_TRY(l->filed ? exact_add(l->amount, x, &l->amount) : MIZO_OK);
        l->amount = l->filed ? l->amount : x;
        l->source = filed[i].source;
        l->filed++;
    }
    return MIZO_OK;
}

/* Its own row of the year goes before what was filed, that before last year's amount. */
static mizo_err find_amount(const making *m, int fy, const city_filed *filed, size_t n,
                            city_provisional_line *l, const city_filed **fault)
{
    const mizo_activity *own = last_line(m, fy, l->like->id);
    if (own) {
        l->basis = *own->basis ? own->basis : "statistics";
        l->source = own->source;
        return city_amount_in(own->amount_e6, own->unit, l->like->unit, &l->amount);
    }
    MIZO_TRY(add_filed(l->like, fy, filed, n, l, fault));
    if (l->filed) {
        l->basis = "ordinance";
        return MIZO_OK;
    }
    l->basis = "carried";
    l->source = l->like->source;
    return exact_of(l->like->amount_e6, 1000000, &l->amount);
}

/* The year's own factor where it has a row, else the last year's. */
static mizo_err weigh(const making *m, int fy, city_provisional_line *l)
{
    const mizo_activity *own = last_line(m, fy, l->like->id);
    if (own)
        return city_activity_mg(m->r, own, &l->mg);
    return city_line_mg(m->r, l->amount, l->like->factor_e6, l->like->gwp_set, l->like->gas, &l->mg);
}

static exact *part_of(city_provisional *p, const char *basis)
{
    return strcmp(basis, "ordinance") == 0 ? &p->by_ordinance
           : strcmp(basis, "carried") == 0 ? &p->carried
                                           : &p->by_statistics;
}

/* Every report is of a line that is there: none is left out in silence. */
static mizo_err all_fit(const making *m, int of, int fy, const city_filed *filed, size_t n,
                        city_provisional *out)
{
    for (size_t i = 0; i < n; i++)
        if (files_for(&filed[i], m->inventory, fy) && !line_like(m, of, filed[i].line)) {
            out->fault = &filed[i];
            return MIZO_EINPUT;
        }
    return MIZO_OK;
}

mizo_err city_provisional_make(const mizo_region *r, const city_provisional_ask *ask, const city_filed *filed,
                               size_t nfiled, city_provisional_fn fn, void *arg, city_provisional *out)
{
    const exact zero = exact_whole(0);
    const making m = { r, ask->inventory, ask->as_of };
    const int fy = ask->fy;
    *out = (city_provisional){ .fy = fy,
                               .of = whole_year_before(&m, fy),
                               .mg = zero,
                               .by_statistics = zero,
                               .by_ordinance = zero,
                               .carried = zero };
    if (!out->of)
        return MIZO_ENOENT;
    MIZO_TRY(all_fit(&m, out->of, fy, filed, nfiled, out));
    for (size_t i = 0; i < r->nactivity; i++) {
        const mizo_activity *a = &r->activity[i];
        city_provisional_line l = { .like = a, .amount = zero };
        if (a->fy != out->of || !known(&m, a) || line_like(&m, out->of, a->id) != a)
            continue;
        MIZO_TRY(find_amount(&m, fy, filed, nfiled, &l, &out->fault));
        MIZO_TRY(weigh(&m, fy, &l));
        MIZO_TRY(exact_add(out->mg, l.mg, &out->mg));
        exact *part = part_of(out, l.basis);
        MIZO_TRY(exact_add(*part, l.mg, part));
        out->lines++;
        if (fn)
            MIZO_TRY(fn(arg, &l));
    }
    return MIZO_OK;
}
