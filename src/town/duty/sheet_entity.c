/* sheet_entity.c: see sheet_entity.h. */
#include "town/duty/sheet_entity.h"

#include <stdlib.h>
#include <string.h>

#include "mizo/messages/duty.h"
#include "town/inventory/entity.h"

struct sheet_entities {
    town *t;
    entity_town *v; /* [n] */
    size_t n, cap;
};

static const char *who_of(const mizo_sheet_row *row)
{
    return *row->entity ? row->entity : "all";
}

static const entity_town *find(const sheet_entities *e, const char *who)
{
    for (size_t i = 0; i < e->n; i++)
        if (strcmp(e->v[i].who, who) == 0)
            return &e->v[i];
    return NULL;
}

static mizo_err add(sheet_entities *e, const char *who, int fy)
{
    const entity_of ask = { fy, who, MIZO_DAY_NONE };
    if (find(e, who))
        return MIZO_OK;
    MIZO_TRY(array_grow(&e->v, &e->cap, e->n + 1, sizeof *e->v));
    MIZO_TRY(entity_town_make(e->t, &ask, &e->v[e->n]));
    e->n++;
    return MIZO_OK;
}

mizo_err sheet_entities_read(town *t, const char *name, mizo_day from, mizo_day to, sheet_entities **out)
{
    const mizo_region *r = t->region;
    int fy = mizo_day_fy(from);
    *out = NULL;
    if (from != mizo_fy_first(fy) || to != mizo_fy_first(fy + 1)) {
        MIZO_DIAG(t->diags, SHEET_NO_YEAR, MIZO_NOWHERE, name);
        return MIZO_EINPUT;
    }
    sheet_entities *e = calloc(1, sizeof *e);
    if (!e)
        return MIZO_ENOMEM;
    e->t = t;
    mizo_err err = MIZO_OK;
    for (size_t i = 0; i < r->nsheet_row && !err; i++)
        if (strcmp(r->sheet_row[i].sheet, name) == 0 && strncmp(r->sheet_row[i].item, "entity-", 7) == 0)
            err = add(e, who_of(&r->sheet_row[i]), fy);
    if (err)
        sheet_entities_free(e);
    else
        *out = e;
    return err;
}

void sheet_entities_free(sheet_entities *e)
{
    for (size_t i = 0; e && i < e->n; i++)
        entity_town_free(&e->v[i]);
    if (e)
        free(e->v);
    free(e);
}

/* ---- values ---- */

typedef struct asked {
    const mizo_region *r;
    const entity_year *y;
    form_cell *c;
} asked;

/* Lines of the key's kind (all where it is blank), one figure of each. A kind that nobody reported is not known to be
 * nothing. */
static void add_lines(const asked *a, int64_t (*of)(const entity_line *l))
{
    const char *key = a->c->row->key;
    bool any = !*key || strcmp(key, "electricity") == 0;
    for (int i = 0; i < a->y->nline; i++) {
        const entity_line *l = &a->y->line[i];
        if (*key && strcmp(l->energy->as ? l->energy->as : l->energy->id, key))
            continue;
        any = true;
        a->c->missing += l->fault != ENTITY_NONE;
        a->c->exact += of(l);
    }
    a->c->missing += !any;
}

/* Menus of the key (all where it is blank). */
static void add_power(const asked *a, int64_t (*of)(const entity_power *p))
{
    const char *key = a->c->row->key;
    for (size_t i = 0; i < a->y->npower; i++) {
        const entity_power *p = &a->y->power[i];
        if (*key && (p->menu < 0 || strcmp(a->r->menu[p->menu].id, key)))
            continue;
        a->c->missing += p->fault == ENTITY_NO_FACTOR;
        a->c->exact += of(p);
    }
}

static int64_t line_amount(const entity_line *l)
{
    return l->counted;
}
static int64_t line_gj(const entity_line *l)
{
    return l->gj_e6;
}
static int64_t line_kl(const entity_line *l)
{
    return l->kl_e6;
}
static int64_t line_co2(const entity_line *l)
{
    return l->co2;
}
static int64_t power_wh(const entity_power *p)
{
    return p->wh;
}
static int64_t power_basic(const entity_power *p)
{
    return p->basic_mg;
}
static int64_t power_adjusted(const entity_power *p)
{
    return p->adjusted_mg;
}

/* Heat: lines, and the electricity that was bought. */
static void heat(const asked *a, int64_t power, int64_t (*of)(const entity_line *l))
{
    const char *key = a->c->row->key;
    add_lines(a, of);
    if (*key && strcmp(key, "electricity"))
        return;
    a->c->exact += power;
    a->c->missing += a->y->power_fault != ENTITY_NONE;
}

static void whole(const asked *a, mizo_mg mg)
{
    a->c->exact = mg;
    a->c->missing = a->y->faults;
}

static void amount(const asked *a)
{
    add_lines(a, line_amount);
}
static void gj(const asked *a)
{
    heat(a, a->y->power_gj_e6, line_gj);
}
static void kl(const asked *a)
{
    heat(a, a->y->power_kl_e6, line_kl);
}
static void co2(const asked *a)
{
    add_lines(a, line_co2);
}
static void kwh(const asked *a)
{
    add_power(a, power_wh);
}
static void self_kwh(const asked *a)
{
    a->c->exact = a->y->self_wh;
}
static void basic(const asked *a)
{
    add_power(a, power_basic);
}
static void adjusted(const asked *a)
{
    add_power(a, power_adjusted);
}
static void energy_basic(const asked *a)
{
    whole(a, entity_energy_mg(a->y, false));
}
static void energy_adjusted(const asked *a)
{
    whole(a, entity_energy_mg(a->y, true));
}
static void all_basic(const asked *a)
{
    whole(a, entity_all_mg(a->y, false));
}
static void all_adjusted(const asked *a)
{
    whole(a, entity_all_mg(a->y, true));
}

static const struct {
    const char *word;
    void (*value)(const asked *a);
} values[] = {
    {"entity-kwh",              kwh            },
    { "entity-self-kwh",        self_kwh       },
    { "entity-amount",          amount         },
    { "entity-gj",              gj             },
    { "entity-kl",              kl             },
    { "entity-basic",           basic          },
    { "entity-adjusted",        adjusted       },
    { "entity-co2",             co2            },
    { "entity-energy-basic",    energy_basic   },
    { "entity-energy-adjusted", energy_adjusted},
    { "entity-all-basic",       all_basic      },
    { "entity-all-adjusted",    all_adjusted   },
};

void sheet_entity_value(const sheet_entities *e, form_cell *c)
{
    const entity_town *x = find(e, who_of(c->row));
    const asked a = { e->t->region, x ? &x->year : NULL, c };
    for (size_t i = 0; x && i < sizeof values / sizeof *values; i++)
        if (strcmp(values[i].word, c->row->item) == 0)
            values[i].value(&a);
}
