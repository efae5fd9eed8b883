/* value_po.c: ieee_po: the activities and batteries of a campus for a month, planned at its start.
 *
 * Prices of the month are known, as in the competition; the load is not. Each official instance is planned on the
 * load that is foreseen, and its cost is then taken with the load that came; beside it stands the same solver told
 * that load. A second row is told the demand of the state as well, which stands in the price files beside the
 * prices: what a month's weather is worth. Every plan is judged by the rules before it is counted. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/env_stream.h"
#include "town/bench/po.h"
#include "town/bench/po_month.h"
#include "town/bench/value.h"
#include "town/import/source.h"

enum { INSTANCES = 64, PATH = 1024, NAME = 96, PIECE = 1 << 16, WEEK = 7 * MONTH_QUARTERS };
enum { STARTS = 3, ROUNDS = 60, MOVES = 25000, PATHS = 8 };
#define TARIFF    0.005         /* AUD a kW2 of the highest quarter hour */
#define PER_KW    (0.25 / 1000) /* AUD a MWh to AUD a kW for a quarter hour */
#define PUBLISHED 335107        /* the same instances in November 2020, by the winner of the forecast part */
#define AIM       1.03

typedef struct names {
    char name[INSTANCES][NAME];
    int n;
} names;

static mizo_err take_name(void *arg, const char *name)
{
    names *all = arg;
    size_t n = strlen(name);
    if (n < 4 || n >= NAME || strcmp(name + n - 4, ".txt") != 0)
        return MIZO_OK;
    if (all->n == INSTANCES)
        return MIZO_EFULL;
    memcpy(all->name[all->n++], name, n + 1);
    return MIZO_OK;
}

static mizo_err instance_of(const char *path, mizo_diags *d, po_instance *out)
{
    source *s;
    buf text;
    mizo_err e = source_open(path, &s);
    if (e) {
        MIZO_DIAG(d, FILE_UNREADABLE, MIZO_AT(path, 0, 0), mizo_err_text(e));
        return e;
    }
    buf_init(&text, 1 << 24);
    char *piece = malloc(PIECE);
    size_t got = 1;
    e = piece ? MIZO_OK : MIZO_ENOMEM;
    while (!e && got) {
        e = source_read(s, piece, PIECE, &got);
        if (!e)
            buf_add(&text, piece, got);
    }
    free(piece);
    source_close(s);
    if (e || text.err)
        MIZO_DIAG(d, FILE_UNREADABLE, MIZO_AT(path, 0, 0), mizo_err_text(e ? e : text.err));
    else
        e = po_read(text.p ? text.p : "", text.n, path, d, out);
    if (!e)
        e = text.err;
    buf_fini(&text);
    return e;
}

/* ---- one instance ---- */

enum { PERFECT, PLAIN, STATE, WAYS };

typedef struct desk {
    const value_run *run;
    po_months months;
    double *price;      /* [steps] AUD a kW for a quarter hour */
    double *base[WAYS]; /* [steps * paths] */
    int paths[WAYS];
    double cost[WAYS], peak[WAYS], worth[WAYS]; /* sums over the instances, with the load that came */
    int done, all;
} desk;

static activity_case case_of(const desk *k, const po_instance *p, const double *base, int npath)
{
    const po_month *m = &k->months.month[0];
    return (activity_case){ .steps = m->steps,
                            .first = m->first,
                            .week = WEEK,
                            .weeks = m->weeks,
                            .day = m->day,
                            .work = m->work,
                            .nbuilding = p->nbuilding,
                            .rooms = (const int(*)[ACTIVITY_SIZES])p->rooms,
                            .nrecurring = p->nrecurring,
                            .nonce = p->nonce,
                            .nbattery = p->nbattery,
                            .recurring = p->recurring,
                            .once = p->once,
                            .battery = p->battery,
                            .price = k->price,
                            .tariff = TARIFF,
                            .npath = npath,
                            .base = base };
}

static mizo_err refused(const desk *k, const char *path, const char *why)
{
    MIZO_DIAG(k->run->d, FILE_UNREADABLE, MIZO_AT(path, 0, 0), why);
    return MIZO_EINPUT;
}

/* Plans with what is foreseen and pays with what came. */
static mizo_err plan_one(desk *k, const char *path, const po_instance *p, int way)
{
    static const char *const faults[] = { "",
                                          "a plan outside working hours",
                                          "a plan in the wrong order",
                                          "a plan with too many rooms",
                                          "a plan outside the month",
                                          "a plan with an impossible battery" };
    activity_case c = case_of(k, p, k->base[way], k->paths[way]),
                  came = case_of(k, p, k->months.month[0].used, 1);
    activity_plan plan;
    activity_fault fault = ACTIVITY_FINE;
    int which = 0;
    MIZO_TRY(activity_plan_init(&plan, &c));
    mizo_err e = activity_solve(&c, (activity_effort){ STARTS, ROUNDS, MOVES, 1 }, &plan);
    if (e == MIZO_ERANGE)
        e = refused(k, path, "no timetable of its recurring activities was found");
    if (!e)
        e = activity_check(&came, &plan, &fault, &which);
    if (!e && fault)
        e = refused(k, path, faults[fault]);
    activity_bill bill;
    if (!e)
        e = activity_cost(&came, &plan, &bill, NULL);
    if (!e) {
        k->cost[way] += bill.total;
        k->peak[way] += bill.peak_kw;
        k->worth[way] += bill.value - bill.penalty;
    }
    activity_plan_free(&plan, &c);
    return e;
}

static mizo_err instance(desk *k, const char *path)
{
    po_instance p;
    MIZO_TRY(instance_of(path, k->run->d, &p));
    mizo_err e = MIZO_OK;
    for (int way = 0; way < WAYS && !e; way++) {
        e = plan_one(k, path, &p, way);
        k->done++;
        if (!e)
            e = value_pace(k->run, (double)k->done / (k->all * WAYS));
    }
    po_free(&p);
    return e;
}

/* ---- all of them ---- */

static mizo_err desk_open(desk *k, const value_run *r)
{
    *k = (desk){ .run = r };
    MIZO_TRY(po_months_read(r->data, r->d, &k->months));
    const po_month *m = &k->months.month[0];
    size_t n = (size_t)m->steps;
    k->price = calloc(n, sizeof *k->price);
    bool good = k->price != NULL;
    for (int way = 0; way < WAYS; way++) {
        k->paths[way] = way == PERFECT ? 1 : PATHS;
        k->base[way] = calloc(n * (size_t)k->paths[way], sizeof(double));
        good = good && k->base[way];
    }
    if (!good)
        return MIZO_ENOMEM;
    for (int i = 0; i < m->steps; i++)
        k->price[i] = m->price[i] * PER_KW;
    memcpy(k->base[PERFECT], m->used, n * sizeof(double));
    MIZO_TRY(po_foresee(&k->months, PO_PLAIN, PATHS, k->base[PLAIN]));
    return po_foresee(&k->months, PO_STATE, PATHS, k->base[STATE]);
}

static void desk_close(desk *k)
{
    for (int way = 0; way < WAYS; way++)
        free(k->base[way]);
    free(k->price);
    po_months_free(&k->months);
}

static void rows_of(const desk *k, value_table *out)
{
    char measure[VALUE_MEASURE];
    int date = k->months.month[0].date;
    snprintf(measure, sizeof measure, "AUD of %d instances in %d-%02d, prices known", k->all, date / 100,
             date % 100);
    value_row *row = value_add(out, measure, k->cost[PLAIN], AIM * k->cost[PERFECT], false);
    value_refer(row, "perfect_here", k->cost[PERFECT], true);
    value_refer(row, "winner_2020_11", PUBLISHED, false);
    snprintf(measure, sizeof measure, "the same, the state's demand known too (it is in the price files)");
    row = value_add(out, measure, k->cost[STATE], AIM * k->cost[PERFECT], false);
    value_refer(row, "perfect_here", k->cost[PERFECT], true);
}

mizo_err value_ieee_po(const value_run *r, value_table *out)
{
    char dir[PATH], path[PATH + NAME];
    names *all = calloc(1, sizeof *all);
    if (!all)
        return MIZO_ENOMEM;
    snprintf(dir, sizeof dir, "%s/ieee_po/instances", r->data);
    mizo_err e = env_stream_names(dir, "", take_name, all);
    if (!e && !all->n)
        e = MIZO_ENOENT;
    if (e)
        MIZO_DIAG(r->d, FILE_UNREADABLE, MIZO_AT(dir, 0, 0), mizo_err_text(e));
    desk k = { .run = r };
    if (!e)
        e = desk_open(&k, r);
    k.all = all->n;
    for (int i = 0; i < all->n && !e; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, all->name[i]);
        e = instance(&k, path);
    }
    if (!e)
        rows_of(&k, out);
    desk_close(&k);
    free(all);
    return e;
}
