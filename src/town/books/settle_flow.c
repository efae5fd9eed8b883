/* settle_flow.c: see settle_flow.h. */
#include "town/books/settle_flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* ---- the way of the power ---- */

static bool is(const char *account, const char *name)
{
    return strncmp(account, name, strlen(name)) == 0;
}

static bool ends_out(const char *account)
{
    size_t n = strlen(account);
    return n > 4 && strcmp(account + n - 4, ":out") == 0;
}

/* Which side of a row an account may be. */
enum { WORLD, SOURCE, POOL, USE, LOSS, STORE, OUT, NAMES };

static int name_of(const char *account)
{
    static const struct {
        const char *name;
        int is;
    } row[] = {
        {"source:", SOURCE},
        { "pool:",  POOL  },
        { "use:",   USE   },
        { "loss:",  LOSS  }
    };
    if (strcmp(account, "world") == 0)
        return WORLD;
    if (is(account, "storage:"))
        return ends_out(account) ? OUT : STORE;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (is(account, row[i].name))
            return row[i].is;
    return NAMES;
}

/* From, to, step, kind. What leaves a battery leaves the slot in which it was charged (to the world, to be there
 * again in the slot in which it came out; the grid's part is used), so one direction of a pair hangs on the unit. */
static const struct way {
    int from, to, step;
    const char *kind;
    bool grid; /* of the unit Wh-grid alone */
} ways[] = {
    {WORLD,   SOURCE, 0, "generation", false},
    { WORLD,  STORE,  0, "storage",    true },
    { SOURCE, POOL,   1, "match",      false},
    { POOL,   STORE,  2, "storage",    false},
    { STORE,  WORLD,  3, "storage",    false},
    { STORE,  LOSS,   3, "loss",       false},
    { STORE,  USE,    3, "storage",    true },
    { WORLD,  OUT,    4, "storage",    false},
    { OUT,    USE,    5, "match",      false},
    { OUT,    POOL,   5, "match",      false},
    { POOL,   USE,    6, "match",      false},
};

static const struct way *way_of(const char *from, const char *to, const char *unit)
{
    bool grid = strcmp(unit, "Wh-grid") == 0;
    int a = name_of(from), b = name_of(to);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (ways[i].from == a && ways[i].to == b && ways[i].grid == grid)
            return &ways[i];
    return NULL;
}

int flow_step(const char *from, const char *to, const char *unit)
{
    const struct way *w = way_of(from, to, unit);
    return w ? w->step : -1;
}

const char *flow_kind(const flow *x)
{
    const struct way *w = way_of(x->from, x->to, x->unit);
    return w ? w->kind : "match";
}

/* ---- the list ---- */

static const char grid_unit[] = "Wh-grid";

static const char *unit_of(const char *unit)
{
    if (strcmp(unit, grid_unit) == 0)
        return grid_unit;
    for (int a = 0; a < MATCH_COUNT; a++)
        if (strcmp(unit, match_unit((match_attribute)a)) == 0)
            return match_unit((match_attribute)a);
    return NULL;
}

mizo_err flow_add(flows *f, const char *from, const char *to, const char *unit, mizo_day day, flow **out)
{
    const char *known = unit_of(unit);
    if (!known)
        return MIZO_EINPUT;
    MIZO_TRY(array_grow(&f->item, &f->cap, f->n + 1, sizeof *f->item));
    flow *x = &f->item[f->n++];
    memset(x, 0, sizeof *x);
    snprintf(x->from, sizeof x->from, "%s", from);
    snprintf(x->to, sizeof x->to, "%s", to);
    x->unit = known;
    x->day = day;
    x->step = flow_step(from, to, known);
    *out = x;
    return MIZO_OK;
}

static int by_pair(const void *a, const void *b)
{
    const flow *x = a, *y = b;
    if (x->step != y->step)
        return x->step < y->step ? -1 : 1;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    int c = strcmp(x->unit, y->unit);
    c = c ? c : strcmp(x->from, y->from);
    return c ? c : strcmp(x->to, y->to);
}

void flows_merge(flows *f)
{
    size_t n = 0;
    if (f->n)
        qsort(f->item, f->n, sizeof *f->item, by_pair);
    for (size_t i = 0; i < f->n; i++) {
        if (n && by_pair(&f->item[n - 1], &f->item[i]) == 0) {
            for (int k = 0; k < 48; k++) {
                f->item[n - 1].want[k] += f->item[i].want[k];
                f->item[n - 1].have[k] += f->item[i].have[k];
            }
        } else {
            f->item[n++] = f->item[i];
        }
    }
    f->n = n;
}

/* ---- the order of a correction ---- */

/* An account on a day, in a unit. */
typedef struct place {
    const char *account, *unit;
    mizo_day day;
} place;

static int by_place(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    int c = strcmp(x->unit, y->unit);
    return c ? c : strcmp(x->account, y->account);
}

typedef struct trial {
    place *place;
    size_t nplace;
    uint32_t (*side)[2]; /* of each flow: its accounts */
    int64_t *balance;
} trial;

static uint32_t find_place(const trial *t, const char *account, const flow *x)
{
    place key = { account, x->unit, x->day };
    const place *p = bsearch(&key, t->place, t->nplace, sizeof key, by_place);
    return (uint32_t)(p - t->place);
}

static mizo_err trial_new(const flows *f, trial *t)
{
    size_t k = 0;
    *t = (trial){ .place = calloc(2 * f->n + 1, sizeof *t->place),
                  .side = calloc(f->n + 1, sizeof *t->side),
                  .balance = calloc(2 * f->n + 1, sizeof *t->balance) };
    if (!t->place || !t->side || !t->balance)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < f->n; i++) {
        t->place[k++] = (place){ f->item[i].from, f->item[i].unit, f->item[i].day };
        t->place[k++] = (place){ f->item[i].to, f->item[i].unit, f->item[i].day };
    }
    qsort(t->place, k, sizeof *t->place, by_place);
    for (size_t i = 0; i < k; i++)
        if (i == 0 || by_place(&t->place[t->nplace - 1], &t->place[i]))
            t->place[t->nplace++] = t->place[i];
    for (size_t i = 0; i < f->n; i++) {
        t->side[i][0] = find_place(t, f->item[i].from, &f->item[i]);
        t->side[i][1] = find_place(t, f->item[i].to, &f->item[i]);
    }
    return MIZO_OK;
}

static void trial_free(trial *t)
{
    free(t->place);
    free(t->side);
    free(t->balance);
}

static bool takes(trial *t, uint32_t from, uint32_t to, int64_t wh)
{
    t->balance[to] += wh;
    t->balance[from] -= wh;
    return wh == 0 || t->balance[from] >= 0 ||
           !mizo_account_guarded(t->place[from].account, t->place[from].unit);
}

/* True if the difference of one slot can be posted downwards, then upwards. */
static bool slot_goes(trial *t, const flows *f, int slot)
{
    memset(t->balance, 0, t->nplace * sizeof *t->balance);
    for (size_t i = 0; i < f->n; i++)
        (void)takes(t, t->side[i][0], t->side[i][1], f->item[i].have[slot]);
    for (size_t i = f->n; i > 0; i--)
        if (!takes(t, t->side[i - 1][1], t->side[i - 1][0], f->item[i - 1].down[slot]))
            return false;
    for (size_t i = 0; i < f->n; i++)
        if (!takes(t, t->side[i][0], t->side[i][1], f->item[i].up[slot]))
            return false;
    return true;
}

static mizo_err mend_slots(flows *f, const bool changed[48])
{
    trial t;
    mizo_err err = trial_new(f, &t);
    for (int s = 0; s < 48 && !err; s++) {
        if (!changed[s] || slot_goes(&t, f, s))
            continue;
        for (size_t i = 0; i < f->n; i++) {
            f->item[i].down[s] = f->item[i].have[s];
            f->item[i].up[s] = f->item[i].want[s];
        }
    }
    trial_free(&t);
    return err;
}

mizo_err flows_order(flows *f)
{
    bool changed[48] = { false }, any = false;
    for (size_t i = 0; i < f->n; i++) {
        flow *x = &f->item[i];
        for (int s = 0; s < 48; s++) {
            int64_t more = x->want[s] - x->have[s];
            x->up[s] = more > 0 ? more : 0;
            x->down[s] = more < 0 ? -more : 0;
            changed[s] = changed[s] || more < 0;
            any = any || more < 0;
        }
    }
    return any ? mend_slots(f, changed) : MIZO_OK;
}

/* ---- what the day should hold ---- */

typedef struct adder {
    flows *f;
    const char *unit;
    mizo_day day;
} adder;

static mizo_err want(const adder *a, const char *from, const char *from_id, const char *to, const char *to_id,
                     const int32_t wh[48])
{
    char x[MIZO_ACCOUNT_MAX], y[MIZO_ACCOUNT_MAX];
    int32_t any = 0;
    flow *made;
    for (int i = 0; i < 48; i++)
        any |= wh[i];
    if (!any)
        return MIZO_OK;
    snprintf(x, sizeof x, "%s%s", from, from_id);
    snprintf(y, sizeof y, "%s%s", to, to_id);
    MIZO_TRY(flow_add(a->f, x, y, a->unit, a->day, &made));
    for (int i = 0; i < 48; i++)
        made->want[i] = wh[i];
    return MIZO_OK;
}

static void minus(const int32_t x[48], const int32_t y[48], int32_t out[48])
{
    for (int i = 0; i < 48; i++)
        out[i] = x[i] - y[i];
}

/* What was made, and what the own roof gave its house. */
static mizo_err want_made(const match_today *d, const mizo_region *r, flows *f)
{
    static const match_attribute made[] = { MATCH_RE, MATCH_FIT, MATCH_FOSSIL };
    for (size_t i = 0; i < d->nsource; i++) {
        for (size_t k = 0; k < 3; k++) {
            adder a = { f, match_unit(made[k]), d->day };
            int32_t all[48];
            for (int s = 0; s < 48; s++)
                all[s] = d->offer[made[k]][i][s] + (made[k] == MATCH_RE ? d->own[i][s] : 0);
            MIZO_TRY(want(&a, "world", "", "source:", d->source[i].id, all));
        }
        adder a = { f, match_unit(MATCH_RE), d->day };
        mizo_ref p = d->source[i].point;
        int32_t house[48];
        if (p < 0)
            continue;
        MIZO_TRY(want(&a, "source:", d->source[i].id, "pool:own", "", d->own[i]));
        minus(d->own[i], d->in_own[p], house);
        MIZO_TRY(want(&a, "pool:own", "", "use:", r->point[p].id, house));
        MIZO_TRY(want(&a, "pool:own", "", "storage:", r->point[p].id, d->in_own[p]));
    }
    return MIZO_OK;
}

/* Through one pool. charging: [npoint] what of it still goes into batteries. */
static mizo_err want_pool(const match_today *d, const mizo_region *r, match_attribute a, const match_pool *p,
                          match_row *charging, flows *f)
{
    adder add = { f, match_unit(a), d->day };
    char id[MIZO_ACCOUNT_MAX];
    for (size_t i = 0; i < p->m.nsource; i++) {
        uint32_t row = p->m.source[i].row;
        bool battery = a == MATCH_STORED;
        snprintf(id, sizeof id, "%s%s", battery ? r->point[row].id : d->source[row].id,
                 battery ? ":out" : "");
        MIZO_TRY(want(&add, battery ? "storage:" : "source:", id, "pool:", p->id, p->m.given[i]));
    }
    for (size_t i = 0; i < p->m.nconsumer; i++) {
        uint32_t row = p->m.consumer[i].row;
        int32_t in[48] = { 0 }, used[48];
        for (int s = 0; a == MATCH_RE && s < 48; s++) {
            in[s] = p->m.taken[i][s] < charging[row][s] ? p->m.taken[i][s] : charging[row][s];
            charging[row][s] -= in[s];
        }
        minus(p->m.taken[i], in, used);
        MIZO_TRY(want(&add, "pool:", p->id, "storage:", r->point[row].id, in));
        MIZO_TRY(want(&add, "pool:", p->id, "use:", r->point[row].id, used));
    }
    return MIZO_OK;
}

/* Out of the lots of one point: they leave the slots in which they were charged. */
static mizo_err want_lots(const match_today *d, const mizo_region *r, flows *f)
{
    for (size_t i = 0; i < d->nout; i++) {
        const match_out *o = &d->out[i];
        int32_t re[48] = { 0 }, lost[48] = { 0 }, other[48] = { 0 };
        re[o->slot] = o->re_given;
        lost[o->slot] = o->re_lost;
        other[o->slot] = o->other;
        adder a = { f, match_unit(MATCH_RE), o->day }, grid = { f, grid_unit, o->day };
        const char *id = r->point[o->point].id;
        MIZO_TRY(want(&a, "storage:", id, "world", "", re));
        MIZO_TRY(want(&a, "storage:", id, "loss:", id, lost));
        MIZO_TRY(want(&grid, "storage:", id, "use:", id, other));
    }
    return MIZO_OK;
}

static mizo_err want_batteries(const match_today *d, const mizo_region *r, flows *f)
{
    adder a = { f, match_unit(MATCH_STORED), d->day }, grid = { f, grid_unit, d->day };
    for (size_t i = 0; i < d->npoint; i++) {
        char out[MIZO_ID_MAX + 8];
        snprintf(out, sizeof out, "%s:out", r->point[i].id);
        MIZO_TRY(want(&grid, "world", "", "storage:", r->point[i].id, d->in_grid[i]));
        MIZO_TRY(want(&a, "world", "", "storage:", out, d->released[i]));
        MIZO_TRY(want(&a, "storage:", out, "use:", r->point[i].id, d->site[i]));
    }
    return want_lots(d, r, f);
}

mizo_err flows_of_day(const mizo_region *r, const match_today *d, flows *f)
{
    match_row *charging = calloc(d->npoint + 1, sizeof *charging);
    if (!charging)
        return MIZO_ENOMEM;
    memcpy(charging, d->in_pool, d->npoint * sizeof *charging);
    mizo_err err = want_made(d, r, f);
    for (int a = 0; a < MATCH_COUNT && !err; a++)
        for (size_t k = 0; k < d->npool && !err; k++)
            err = want_pool(d, r, (match_attribute)a, &d->pool[a][k], charging, f);
    if (!err)
        err = want_batteries(d, r, f);
    free(charging);
    return err;
}
