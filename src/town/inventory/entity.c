/* entity.c: see entity.h. */
#include "town/inventory/entity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/inventory.h"
#include "town/office/owner_report.h"
#include "town/office/uses.h"
#include "town/proof/achievement.h"

typedef struct making {
    town *t;
    const mizo_region *region;
    const entity_of *ask;
    entity_town *out;
    bool *in;       /* [nfacility] of the entity */
    uint16_t *read; /* [nfacility] months with a reading, a bit each */
    bool *used;     /* [nfacility] it uses a point */
    mizo_wh *by_menu, self;
    int64_t milli[YEARLY_ENERGIES];
    point_uses uses;
    const achievement_piece *piece;
    mizo_ref menu; /* of the piece */
    mizo_day begin[YEARLY_MONTHS + 1];
} making;

/* ---- who ---- */

static bool named(const mizo_facility *f, const char *who)
{
    if (strcmp(who, "all") == 0)
        return f->group == MIZO_GROUP_PUBLIC;
    return strcmp(f->entity, who) == 0 || strcmp(f->bureau, who) == 0 || strcmp(f->id, who) == 0;
}

static mizo_err choose(making *m)
{
    const mizo_region *r = m->region;
    for (size_t i = 0; i < r->nfacility; i++) {
        const mizo_facility *f = &r->facility[i];
        m->in[i] = named(f, m->ask->who) && f->from < m->begin[YEARLY_MONTHS] && f->to > m->begin[0];
        m->out->facilities += m->in[i];
    }
    if (m->out->facilities)
        return MIZO_OK;
    MIZO_DIAG(m->t->diags, ENTITY_NONE_SUCH, MIZO_NOWHERE, m->ask->who);
    return MIZO_ENOENT;
}

/* ---- readings ---- */

static void mark_months(making *m, mizo_ref facility)
{
    mizo_day end = m->piece->day + m->piece->days;
    for (int k = 0; k < YEARLY_MONTHS; k++)
        if (m->piece->day < m->begin[k + 1] && end > m->begin[k])
            m->read[facility] |= (uint16_t)(1 << k);
}

static void on_use(void *arg, mizo_ref facility, int64_t from, int64_t to)
{
    making *m = arg;
    if (!m->in[facility])
        return;
    mizo_wh wh = part_of(m->piece->wh, to, MIZO_PPM) - part_of(m->piece->wh, from, MIZO_PPM);
    *(m->piece->from == FROM_ROOF ? &m->self : &m->by_menu[m->menu]) += wh;
    mark_months(m, facility);
}

static mizo_err on_piece(void *arg, const achievement_piece *p)
{
    making *m = arg;
    m->piece = p;
    m->menu = p->menu < 0 ? (mizo_ref)m->region->nmenu : p->menu;
    point_uses_each(&m->uses, p->point, p->day, on_use, m);
    return MIZO_OK;
}

/* ---- reports ---- */

/* The menu of the facility's largest point on a day: what it reported came under it. */
static mizo_ref menu_of(const making *m, mizo_ref facility, mizo_day day)
{
    const mizo_region *r = m->region;
    mizo_ref best = (mizo_ref)r->nmenu;
    int64_t most = -1;
    size_t first, n = mizo_region_uses_of(r, facility, &first);
    for (size_t i = first; i < first + n; i++) {
        const mizo_use *u = &r->use[i];
        if (day < u->from || day >= u->to || r->point[u->point].contract_w <= most)
            continue;
        mizo_ref menu = mizo_region_menu_on(r, u->point, day);
        most = r->point[u->point].contract_w;
        best = menu < 0 ? (mizo_ref)r->nmenu : menu;
    }
    return best;
}

/* Months that have no reading of their own. */
static void add_power(making *m, const owner_report *o)
{
    for (int k = 0; k < YEARLY_MONTHS; k++) {
        if (o->milli[k] == YEARLY_MISSING || m->read[o->facility] >> k & 1)
            continue;
        m->by_menu[menu_of(m, o->facility, m->begin[k])] += o->milli[k];
        m->out->reported_wh += o->milli[k];
        m->read[o->facility] |= (uint16_t)(1 << k);
    }
}

/* The same kind in another unit, of the same facility and year; NULL: none. */
static const owner_report *other_unit(const owner_reports *all, const owner_report *o)
{
    const char *id = o->energy->as ? o->energy->as : o->energy->id;
    for (const yearly_energy *e = yearly_energies; e->id; e++)
        if (e != o->energy && (strcmp(e->id, id) == 0 || (e->as && strcmp(e->as, id) == 0)))
            return owner_reports_find(all, o->facility, e, o->fy);
    return NULL;
}

/* A month that came in two units was sent again: the later report holds; of one file both rows count. */
static void add_amount(making *m, const owner_reports *all, const owner_report *o)
{
    int64_t *sum = &m->milli[o->energy - yearly_energies];
    const owner_report *other = other_unit(all, o);
    for (int k = 0; k < YEARLY_MONTHS; k++)
        if (o->milli[k] != YEARLY_MISSING &&
            !(other && other->batch > o->batch && other->milli[k] != YEARLY_MISSING))
            *sum = (*sum == YEARLY_MISSING ? 0 : *sum) + o->milli[k];
}

static mizo_err add_reports(making *m, mizo_ms as_of)
{
    owner_reports all;
    mizo_ref last = -1;
    MIZO_TRY(owner_reports_load(m->t->store, m->region, m->ask->fy, as_of, &all));
    for (size_t i = 0; i < all.n; i++) { /* by facility */
        const owner_report *o = &all.v[i];
        if (!m->in[o->facility])
            continue;
        m->out->reporting += o->facility != last;
        last = o->facility;
        if (strcmp(o->energy->id, "electricity") == 0)
            add_power(m, o);
        else
            add_amount(m, &all, o);
    }
    owner_reports_free(&all);
    return MIZO_OK;
}

/* Months that are over, of facilities that use a point. */
static void count_unread(making *m)
{
    const mizo_region *r = m->region;
    for (size_t i = 0; i < r->nuse; i++)
        m->used[r->use[i].facility] = true;
    for (size_t i = 0; i < r->nfacility; i++)
        for (int k = 0; k < YEARLY_MONTHS && m->in[i] && m->used[i]; k++)
            m->out->unread_months += !(m->read[i] >> k & 1) && r->facility[i].from < m->begin[k + 1] &&
                                     r->facility[i].to > m->begin[k];
}

/* ---- the whole ---- */

static mizo_err make_room(making *m)
{
    const mizo_region *r = m->region;
    m->in = calloc(r->nfacility + 1, sizeof *m->in);
    m->used = calloc(r->nfacility + 1, sizeof *m->used);
    m->read = calloc(r->nfacility + 1, sizeof *m->read);
    m->by_menu = calloc(r->nmenu + 1, sizeof *m->by_menu);
    for (int i = 0; i < YEARLY_ENERGIES; i++)
        m->milli[i] = YEARLY_MISSING;
    for (int k = 0; k <= YEARLY_MONTHS; k++)
        m->begin[k] = mizo_month_first(mizo_fy_first(m->ask->fy), k);
    return m->in && m->used && m->read && m->by_menu ? point_uses_init(r, &m->uses) : MIZO_ENOMEM;
}

/* Only the points that its facilities use are read. */
static mizo_err read_points(making *m, mizo_ms as_of)
{
    const mizo_region *r = m->region;
    achievement_own own = { 0 };
    bool *only = calloc(r->npoint + 1, sizeof *only);
    if (!only)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < r->nuse; i++)
        only[r->use[i].point] |= m->in[r->use[i].facility];
    mizo_err e = achievement_walk_points(m->t->store, r, m->ask->fy, as_of, only, on_piece, m, &own);
    free(only);
    achievement_free(&own);
    return e == MIZO_ERANGE ? MIZO_OK : e; /* no reading at all: reports alone may say something */
}

static mizo_err read_all(making *m)
{
    mizo_ms as_of = m->ask->as_of == MIZO_DAY_NONE
                        ? STORE_LATEST
                        : mizo_slot_ms(mizo_day_slot(m->ask->as_of + 1, m->region->offset)) - 1;
    MIZO_TRY(read_points(m, as_of));
    return add_reports(m, as_of);
}

static const char *table_of(entity_fault f)
{
    return f == ENTITY_NO_GWP ? "gwp.csv" : f == ENTITY_NO_PARAM ? "params.csv" : "fuels.csv";
}

static void say_lacks(town *t, const entity_year *y)
{
    char year[16];
    snprintf(year, sizeof year, "%d", y->fy);
    for (int i = 0; i < y->nline; i++)
        if (y->line[i].fault)
            MIZO_DIAG(t->diags, ENTITY_LACKS, MIZO_NOWHERE, y->line[i].energy->id, year,
                      table_of(y->line[i].fault), y->line[i].lacks);
    for (size_t i = 0; i < y->npower; i++)
        if (y->power[i].fault == ENTITY_NO_FACTOR)
            MIZO_DIAG(t->diags, ENTITY_LACKS, MIZO_NOWHERE, "electricity", year, "factors.csv",
                      y->power[i].menu < 0 ? "alternative" : t->region->menu[y->power[i].menu].id);
    if (y->power_fault)
        MIZO_DIAG(t->diags, ENTITY_LACKS, MIZO_NOWHERE, "electricity", year, "params.csv", y->power_lacks);
}

mizo_err entity_town_make(town *t, const entity_of *ask, entity_town *out)
{
    making m = { .t = t, .region = t->region, .ask = ask, .out = out };
    *out = (entity_town){ .facilities = 0 };
    snprintf(out->who, sizeof out->who, "%s", ask->who);
    mizo_err e = make_room(&m);
    e = e ? e : choose(&m);
    e = e ? e : read_all(&m);
    if (!e) {
        const entity_ask pure = { ask->fy, ask->as_of, m.milli, m.by_menu, m.self };
        count_unread(&m);
        e = entity_make(t->region, &pure, &out->year);
    }
    if (!e)
        say_lacks(t, &out->year);
    free(m.in);
    free(m.used);
    free(m.read);
    free(m.by_menu);
    point_uses_fini(&m.uses);
    return e;
}

/* ---- the last year that is known ---- */

enum { YEARS_BACK = 60 };

static mizo_err on_any(void *arg, const store_period *p)
{
    (void)p;
    *(bool *)arg = true;
    return MIZO_ENOENT; /* one will do */
}

static bool has_bills(town *t, int fy)
{
    bool any = false;
    mizo_err e = t->store->ops->period_scan(t->store, NULL, mizo_fy_first(fy), mizo_fy_first(fy + 1),
                                            STORE_LATEST, on_any, &any);
    return e && e != MIZO_ENOENT ? false : any;
}

static int last_report(town *t, int fy)
{
    owner_reports all;
    int last = 0;
    if (owner_reports_load(t->store, t->region, 0, STORE_LATEST, &all))
        return 0;
    for (size_t i = 0; i < all.n; i++)
        if (all.v[i].fy <= fy && all.v[i].fy > last)
            last = all.v[i].fy;
    owner_reports_free(&all);
    return last;
}

int entity_last_year(town *t, int fy)
{
    mizo_day first, last;
    if (!t->store)
        return 0;
    int known = last_report(t, fy);
    if (!t->store->ops->day_span(t->store, -1, &first, &last)) {
        int year = mizo_day_fy(last) < fy ? mizo_day_fy(last) : fy;
        known = year > known ? year : known;
    }
    for (int y = fy; y > known && y > fy - YEARS_BACK; y--)
        if (has_bills(t, y))
            return y;
    return known;
}

void entity_town_free(entity_town *e)
{
    entity_free(&e->year);
}
