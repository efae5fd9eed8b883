/* example.c: makes the example town in a directory: the files, then the store, step by step.
 *
 * A step is one batch, known at the instant at which a real town would have known it: the readings
 * of a day at the midnight after it, the price of a day at the midnight before, a month's bills on
 * the fifth of the next, the office's illustrative rows after the last of them. So `--as-of` and forecasts see what they would have seen. An interrupted
 * run leaves whole steps; the next goes on after the last of them. */
#include "town/example/example.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/forecast.h"
#include "region/load.h"
#include "store/store.h"
#include "town/example/parts.h"
#include "town/office/office.h"
#include "town/town.h"

static const char maker_name[] = "mizo init";

enum { STEP_FIRST, STEP_DAY, STEP_BILLS, STEP_OFFICE, BILL_MONTHS = 39, STEPS = 2 + EX_DAYS + BILL_MONTHS };

typedef struct step {
    mizo_ms known;
    int kind, index;
} step;

/* Series that a day's step writes: the year's values of each. */
typedef struct column {
    int32_t id;
    const int32_t *v; /* [EX_SLOTS] */
} column;

typedef struct maker {
    env *env;
    const town_example_options *o;
    mizo_diags *d;
    ex_town *town;
    store *store;
    const mizo_region *region; /* one reference */
    step steps[STEPS];
    column *column;
    int ncolumn;
    int32_t price_id;
    int32_t *air_cc, *sky; /* [EX_SLOTS] as stored */
    char *text;            /* canonical text of the model */
    char hash[65];
} maker;

static bool tell(const maker *m, int permille)
{
    if (m->o && m->o->progress)
        m->o->progress(m->o->arg, permille);
    return !env_interrupted();
}

/* ---- the year, in memory ---- */

static mizo_err make_year(maker *m)
{
    ex_town *t = m->town;
    MIZO_TRY(ex_shapes(t));
    MIZO_TRY(ex_weather(t));
    MIZO_TRY(ex_places(t));
    for (int p = 0; p < t->npoint; p++) {
        MIZO_TRY(ex_year(t, p));
        ex_limits(t, p);
        if (p % 16 == 0 && !tell(m, 300 * p / t->npoint))
            return MIZO_ECANCELED;
    }
    MIZO_TRY(ex_sessions(t));
    MIZO_TRY(ex_contracts(t)); /* bills are of what was used, so before the gaps */
    ex_gaps(t);
    return MIZO_OK;
}

/* ---- the files ---- */

static mizo_err same_or_absent(maker *m, const char *path, const buf *want, bool *absent)
{
    buf have;
    buf_init(&have, 64 << 20);
    mizo_err e = m->env->ops->read_file(m->env, path, &have);
    *absent = e == MIZO_ENOENT;
    if (*absent)
        e = MIZO_OK;
    else if (!e && (have.n != want->n || memcmp(have.p, want->p, want->n) != 0)) {
        MIZO_DIAG(m->d, EXAMPLE_OTHER_FILE, MIZO_AT(path, 0, 0), path);
        e = MIZO_ECONFLICT;
    }
    buf_fini(&have);
    return e;
}

/* First looks at every file (write false), then writes those that are absent. */
static mizo_err each_file(maker *m, const char *dir, bool write)
{
    buf text, path;
    buf_init(&text, 16 << 20);
    buf_init(&path, 1 << 16);
    mizo_err e = MIZO_OK;
    const char *name;
    for (int i = 0; !e && (name = ex_file(m->town, i, &text)); i++) {
        buf_clear(&path);
        buf_printf(&path, "%s/%s", dir, name);
        bool absent = false;
        e = text.err ? text.err : path.err;
        if (!e)
            e = same_or_absent(m, path.p, &text, &absent);
        if (!e && write && absent)
            e = m->env->ops->write_file(m->env, path.p, text.p, text.n);
        if (e && e != MIZO_ECONFLICT)
            MIZO_DIAG(m->d, FILE_UNWRITABLE, MIZO_NOWHERE, path.p ? path.p : dir);
    }
    buf_fini(&text);
    buf_fini(&path);
    return e;
}

static mizo_err write_files(maker *m, const char *dir)
{
    mizo_err e = m->env->ops->make_dir(m->env, dir);
    if (e) {
        MIZO_DIAG(m->d, FILE_UNWRITABLE, MIZO_NOWHERE, dir);
        return e;
    }
    MIZO_TRY(each_file(m, dir, false));
    MIZO_TRY(each_file(m, dir, true));
    MIZO_TRY(region_load(m->env, dir, m->d, &m->region, &m->text));
    memcpy(m->hash, m->region->hash, sizeof m->hash);
    return MIZO_OK;
}

/* ---- the steps ---- */

static int by_known(const void *a, const void *b)
{
    const step *x = a, *y = b;
    return x->known < y->known ? -1 : x->known > y->known;
}

static mizo_ms midnight(const maker *m, int d)
{
    return mizo_slot_ms(mizo_day_slot(m->town->first + d, MIZO_JAPAN_OFFSET));
}

static mizo_day month_first(int month) /* months since January 2021 */
{
    return mizo_date_day((mizo_date){ 2021 + month / 12, month % 12 + 1, 1 });
}

static void plan_steps(maker *m)
{
    int n = 0;
    m->steps[n++] = (step){ midnight(m, 0), STEP_FIRST, 0 };
    for (int d = 0; d < EX_DAYS; d++)
        m->steps[n++] = (step){ midnight(m, d + 1), STEP_DAY, d };
    for (int month = 0; month < BILL_MONTHS; month++) {
        mizo_day fifth = month_first(month + 1) + 4;
        m->steps[n++] = (step){ midnight(m, fifth - m->town->first) + 9 * 3600000, STEP_BILLS, month };
    }
    m->steps[n] = (step){ m->steps[n - 1].known + 3600000, STEP_OFFICE, 0 };
    qsort(m->steps, STEPS, sizeof *m->steps, by_known);
}

static mizo_err add_column(maker *m, const char *owner, mizo_quantity q, const int32_t *v)
{
    if (!v)
        return MIZO_OK;
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    column *c = &m->column[m->ncolumn++];
    c->v = v;
    return m->store->ops->series_id(m->store, &key, true, &c->id);
}

/* Numbers of all series; needs an open batch the first time. */
static mizo_err number_series(maker *m)
{
    ex_town *t = m->town;
    m->column = arena_take(t->mem, (size_t)(2 * t->npoint + t->npv + EX_PLANTS + 2) * sizeof *m->column);
    if (!m->column)
        return MIZO_ENOMEM;
    for (int p = 0; p < t->npoint; p++) {
        MIZO_TRY(add_column(m, t->point[p].id, MIZO_Q_IMPORT, t->point[p].import));
        MIZO_TRY(add_column(m, t->point[p].id, MIZO_Q_EXPORT, t->point[p].export));
    }
    for (int i = 0; i < t->npv; i++) {
        char id[2 * MIZO_ID_MAX]; /* as pv.csv has it */
        snprintf(id, sizeof id, "%s-pv", t->point[t->pv[i].point].id);
        MIZO_TRY(add_column(m, id, MIZO_Q_GENERATION, t->pv[i].generation));
    }
    for (int k = 0; k < EX_PLANTS; k++)
        MIZO_TRY(add_column(m, ex_plants[k].id, MIZO_Q_GENERATION, t->plant[k]));
    MIZO_TRY(add_column(m, "kawasaki", MIZO_Q_TEMPERATURE, m->air_cc));
    MIZO_TRY(add_column(m, "kawasaki", MIZO_Q_CLOUD, m->sky));
    mizo_series_key price = store_key("jepx-tokyo", MIZO_Q_PRICE, MIZO_ROLE_READING);
    return m->store->ops->series_id(m->store, &price, true, &m->price_id);
}

static mizo_err put_day(maker *m, int32_t series, const int32_t *year, int d)
{
    const int32_t *v = year + d * MIZO_DAY_SLOTS;
    uint8_t q[MIZO_DAY_SLOTS];
    int known = 0;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        q[s] = v[s] == MIZO_MISSING ? MIZO_QUALITY_ABSENT : MIZO_QUALITY_SIMULATED;
        known += v[s] != MIZO_MISSING;
    }
    bool changed;
    return known ? store_write_day(m->store, series, m->town->first + d, v, q, MIZO_DAY_SLOTS, &changed)
                 : MIZO_OK;
}

/* What is known at the midnight that ends day d - 1: the price and the vans of day d. */
static mizo_err put_ahead(maker *m, int d)
{
    ex_town *t = m->town;
    if (d < EX_DAYS)
        MIZO_TRY(put_day(m, m->price_id, t->price, d));
    for (int i = 0; i < t->nsession; i++) {
        const ex_session *x = &t->session[i];
        if (x->arrive < midnight(m, d) || x->arrive >= midnight(m, d + 1))
            continue;
        store_session s = { .arrive = x->arrive, .depart = x->depart, .need_wh = x->need_wh };
        snprintf(s.vehicle, sizeof s.vehicle, "van-%02d", x->van + 1);
        snprintf(s.charger, sizeof s.charger, "charger-%02d", x->van + 1);
        bool changed;
        MIZO_TRY(m->store->ops->session_put(m->store, &s, &changed));
    }
    return MIZO_OK;
}

static mizo_err put_bill(maker *m, const ex_point *p, int month)
{
    int k = month - 15; /* bills of every point begin with FY2022, April 2022 */
    if (k < 0 && p->reading != MIZO_BY_PERIOD)
        return MIZO_OK;
    if (p->reading == MIZO_BY_LAMP || (k >= 0 && p->bill_kwh[k] < 0))
        return MIZO_OK;
    store_period s = { .quantity = MIZO_Q_IMPORT,
                       .quality =
                           k >= 0 && p->bill_estimated[k] ? MIZO_QUALITY_ESTIMATED : MIZO_QUALITY_SIMULATED,
                       .from = month_first(month),
                       .to = month_first(month + 1) };
    memcpy(s.point, p->id, sizeof s.point);
    s.energy_wh = k >= 0 ? (mizo_wh)p->bill_kwh[k] * 1000 : (p->month_wh[month % 12] + 500) / 1000 * 1000;
    s.max_w = k >= 0 ? p->bill_max_w[k] : MIZO_MISSING;
    bool changed;
    return m->store->ops->period_put(m->store, &s, &changed);
}

/* Talks, savings, findings and the grant: rows that show what the lists are for, none of them the city's. */
static mizo_err put_office(maker *m)
{
    town t = { .env = m->env, .region = m->region, .store = m->store, .diags = m->d };
    const actor who = { .name = "mizo init" };
    for (int i = 0; i < ex_office_files; i++) {
        char kind[MIZO_ID_MAX];
        office_count n;
        const ex_text *f = &ex_office[i];
        (void)snprintf(kind, sizeof kind, "%.*s", (int)strcspn(f->name, "."), f->name);
        const note_kind *k = office_kind(kind);
        MIZO_TRY(k ? office_load_open(&t, k, f->name, f->text, strlen(f->text), &who, &n) : MIZO_ENOENT);
    }
    return ex_owners_put(&t);
}

static mizo_err do_step(maker *m, const step *s)
{
    ex_town *t = m->town;
    bool changed;
    if (!m->column)
        MIZO_TRY(number_series(m));
    switch (s->kind) {
    case STEP_FIRST:
        MIZO_TRY(m->store->ops->model_put(m->store, m->hash, m->text, &changed));
        return put_ahead(m, 0);
    case STEP_DAY:
        for (int c = 0; c < m->ncolumn; c++)
            MIZO_TRY(put_day(m, m->column[c].id, m->column[c].v, s->index));
        return put_ahead(m, s->index + 1);
    case STEP_OFFICE:
        return put_office(m);
    default:
        for (int p = 0; p < t->npoint; p++)
            MIZO_TRY(put_bill(m, &t->point[p], s->index));
        return MIZO_OK;
    }
}

static mizo_err run_step(maker *m, const step *s)
{
    store_batch b = { .known = s->known, .actor = maker_name, .source = "example kawasaki", .note = "" };
    MIZO_TRY(m->store->ops->batch_begin(m->store, &b));
    mizo_err e = do_step(m, s);
    if (!e)
        return m->store->ops->batch_commit(m->store);
    m->store->ops->batch_rollback(m->store);
    return e;
}

static mizo_err last_of_ours(void *arg, const store_batch *b)
{
    mizo_ms *last = arg;
    if (strcmp(b->actor, maker_name) == 0 && b->known > *last)
        *last = b->known;
    return MIZO_OK;
}

static mizo_err fill_store(maker *m)
{
    mizo_ms last = INT64_MIN;
    MIZO_TRY(m->store->ops->batch_scan(m->store, 0, last_of_ours, &last));
    for (int i = 0; i < STEPS; i++) {
        if (m->steps[i].known <= last)
            continue;
        if (!tell(m, 300 + 700 * i / STEPS))
            return MIZO_ECANCELED;
        MIZO_TRY(run_step(m, &m->steps[i]));
    }
    return m->store->ops->checkpoint(m->store);
}

/* Temperature in 0.01 degree and the clear-sky index in thousandths. */
static mizo_err whole_numbers(maker *m)
{
    ex_town *t = m->town;
    m->air_cc = arena_take(t->mem, EX_SLOTS * sizeof *m->air_cc);
    m->sky = arena_take(t->mem, EX_SLOTS * sizeof *m->sky);
    if (!m->air_cc || !m->sky)
        return MIZO_ENOMEM;
    for (int i = 0; i < EX_SLOTS; i++) {
        m->air_cc[i] = (int32_t)(t->air_c[i] * 100);
        m->sky[i] = (int32_t)(t->sky[i] * 1000);
    }
    return MIZO_OK;
}

static mizo_err make(maker *m, const char *dir)
{
    MIZO_TRY(make_year(m));
    MIZO_TRY(whole_numbers(m));
    MIZO_TRY(write_files(m, dir));
    plan_steps(m);
    buf path;
    buf_init(&path, 1 << 16);
    town_store_path(dir, &path);
    mizo_err e = path.err;
    if (!e)
        e = store_sqlite.open(path.p, STORE_CREATE, m->d, &m->store);
    if (!e) {
        e = fill_store(m);
        if (e != MIZO_ECANCELED)
            store_explain(m->d, path.p, e);
    }
    if (m->store)
        m->store->ops->close(m->store);
    buf_fini(&path);
    return e;
}

mizo_err town_example(env *e, const char *name, const char *dir, const town_example_options *o, mizo_diags *d)
{
    if (strcmp(name, "kawasaki") != 0)
        return MIZO_ENOENT;
    maker *m = calloc(1, sizeof *m);
    ex_town *t = calloc(1, sizeof *t);
    mizo_err err = MIZO_ENOMEM;
    if (m && t && (t->mem = arena_new(0))) {
        t->seed = o && o->seed ? o->seed : 2021;
        t->first = mizo_date_day((mizo_date){ 2021, 1, 1 });
        *m = (maker){ .env = e, .o = o, .d = d, .town = t };
        err = make(m, dir);
        tell(m, 1000);
        free(m->text);
        mizo_region_unref(m->region);
    }
    if (err == MIZO_ECANCELED)
        MIZO_DIAG(d, EXAMPLE_INTERRUPTED, MIZO_NOWHERE, dir);
    else if (err == MIZO_ENOMEM)
        MIZO_DIAG(d, OUT_OF_MEMORY, MIZO_NOWHERE, "");
    if (t)
        arena_free(t->mem);
    free(t);
    free(m);
    return err;
}
