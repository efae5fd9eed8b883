/* cost_id.c: by which id a cost is charged. */
#include <string.h>

#include "town/bills/cost.h"
#include "town/proof/certificate.h"

typedef struct lots {
    const char *id;
    mizo_day month, end;
    bool any, found; /* a priced lot of the month; the one that is named, of whenever */
} lots;

static mizo_err on_lot(void *arg, const certificate *c)
{
    lots *x = arg;
    x->any = x->any || (c->bought != MIZO_DAY_NONE && c->bought >= x->month && c->bought < x->end);
    x->found = x->found || strcmp(c->lot, x->id) == 0;
    return MIZO_OK;
}

static bool of_group(const mizo_region *r, const char *id)
{
    bool found = r->nbg == 0;
    for (size_t i = 0; i < r->nbg; i++)
        found = found || strcmp(r->bg[i].id, id) == 0;
    return found;
}

static bool of_source(const mizo_region *r, const char *id)
{
    bool found = r->nsource == 0;
    for (size_t i = 0; i < r->nsource; i++)
        found = found || strcmp(r->source[i].id, id) == 0;
    return found;
}

static bool of_plant(const mizo_region *r, const char *id)
{
    bool found = r->nplant + r->npv == 0;
    for (size_t i = 0; i < r->nplant; i++)
        found = found || strcmp(r->plant[i].id, id) == 0;
    for (size_t i = 0; i < r->npv; i++)
        found = found || strcmp(r->pv[i].id, id) == 0;
    return found;
}

/* The area is the key of its burden; one for all has none and is called "area". */
static bool of_area(const mizo_region *r, const char *id)
{
    bool any = false;
    for (size_t i = 0; i < r->nparam; i++) {
        const mizo_param *p = &r->param[i];
        if (strcmp(p->name, "capacity-burden"))
            continue;
        if (strcmp(*p->key ? p->key : "area", id) == 0)
            return true;
        any = true;
    }
    return !any;
}

mizo_err cost_id_expected(town *t, cost_kind k, const char *id, mizo_day month, const char **out)
{
    const mizo_region *m = t->region;
    *out = NULL;
    switch (k) {
    case COST_WHEELING:
        *out = mizo_region_point(m, id) >= 0 ? NULL : "the id of a point in points.csv";
        break;
    case COST_IMBALANCE:
    case COST_MARKET:
    case COST_FEE:
        *out = of_group(m, id) ? NULL : "the id of a balancing group in groups.csv";
        break;
    case COST_BILATERAL:
        *out = of_source(m, id) ? NULL : "the id of a source in sources.csv";
        break;
    case COST_GENERATION:
        *out = of_plant(m, id) ? NULL : "the id of a plant in plants.csv or pv.csv";
        break;
    case COST_CAPACITY:
        *out = of_area(m, id) ? NULL : "the area, as the key of capacity-burden in params.csv";
        break;
    case COST_LEVY:
        *out = strcmp(id, "levy") == 0 ? NULL : "levy";
        break;
    case COST_CERTIFICATES: {
        lots l = { .id = id, .month = month, .end = mizo_month_first(month, 1) };
        MIZO_TRY(certificate_each(t->store, on_lot, &l));
        *out =
            !l.any || l.found ? NULL : "a lot (mizo certificate list): lots of this month have their price";
        break;
    }
    default:
        break;
    }
    return MIZO_OK;
}
