/* plan.c: mizo plan: what every battery, vehicle and panel of the town should do on a day, as one plan with its cost
 * and its bound. */
#include <stdlib.h>
#include <string.h>

#include "cli/plan_print.h"
#include "mizo/messages/plan.h"
#include "town/town.h"

typedef struct plan_options {
    const char *region, *site;
    mizo_day day;
    bool hindcast, keep, explain, json;
    cli_who who;
} plan_options;

/* clang-format off */
#define AT(member) offsetof(plan_options, member)
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "the region directory", "地域のディレクトリ", true, AT(region), 0, 0 },
    { "--day", OPTION_DATE, "D", "the day to plan, such as 2021-07-05", "計画する日。2021-07-05など", true, AT(day), 0, 0 },
    { "--site", OPTION_TEXT, "S", "one facility or supply point, with its 48 slots; without it every site that has something to decide", "施設か供給地点を一つ(48コマも出す)。ないときは決めることのある全地点", false, AT(site), 0, 0 },
    { "--explain", OPTION_FLAG, NULL, "say why, for each battery and vehicle", "蓄電池・車両ごとに理由を述べる", false, AT(explain), 0, 0 },
    { "--hindcast", OPTION_FLAG, NULL, "forecast also from readings that were imported later, never from the day itself or after", "あとから取り込んだ計測値も予測に使う。当日以降の値は使わない", false, AT(hindcast), 0, 0 },
    { "--keep", OPTION_FLAG, NULL, "keep the plans in the store as issued at midnight", "0時に発行した計画として保存する", false, AT(keep), 0, 0 },
    CLI_WHO_ROWS(plan_options, who),
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, AT(json), 0, 0 },
};
#undef AT
/* clang-format on */

typedef struct plan_job {
    cli *c;
    const plan_options *o;
    town t;
    plan_town *plan;
    bool *shown; /* [npoint] those that were asked for */
    size_t nshown;
    plan_print print;
    plan_whole whole;
    buf out, lines; /* the whole, and the sites in it */
    int unknown;    /* nothing to forecast from */
    actor who;      /* of --keep */
} plan_job;

static mizo_ms issued(const plan_job *j)
{
    mizo_ms midnight = mizo_slot_ms(mizo_day_slot(j->o->day, j->t.region->offset)),
            now = j->c->env->ops->wall_ms(j->c->env);
    return midnight < now ? midnight : now;
}

/* ---- which ---- */

static bool uses(const plan_job *j, mizo_ref facility, mizo_ref point)
{
    const mizo_region *r = j->t.region;
    size_t first, n = mizo_region_uses_of(r, facility, &first);
    for (size_t k = first; k < first + n; k++)
        if (r->use[k].point == point && j->o->day >= r->use[k].from && j->o->day < r->use[k].to)
            return true;
    return false;
}

static bool decides(const plan_job *j, mizo_ref p)
{
    const mizo_point *x = &j->t.region->point[p];
    return j->o->day >= x->from && j->o->day < x->to && problem_decides(j->t.region, p, j->o->day);
}

static bool wanted(const plan_job *j, mizo_ref p, mizo_ref facility, mizo_ref one)
{
    return !j->o->site || p == one || (facility >= 0 && uses(j, facility, p));
}

/* Sites that decide: those that were asked for are shown, all are planned. */
static mizo_err choose(plan_job *j)
{
    const mizo_region *r = j->t.region;
    const char *site = j->o->site;
    mizo_ref facility = site ? mizo_region_facility(r, site) : -1,
             one = site ? mizo_region_point(r, site) : -1;
    if (site && facility < 0 && one < 0) {
        MIZO_DIAG(j->c->diags, PLAN_NO_SUCH_SITE, MIZO_NOWHERE, site);
        return MIZO_ENOENT;
    }
    for (size_t i = 0; i < r->npoint; i++) {
        j->shown[i] = decides(j, (mizo_ref)i) && wanted(j, (mizo_ref)i, facility, one);
        j->nshown += j->shown[i];
    }
    if (j->nshown)
        return MIZO_OK;
    char day[MIZO_DATE_TEXT];
    mizo_day_text(j->o->day, day);
    MIZO_DIAG(j->c->diags, PLAN_NOTHING_TO_DECIDE, MIZO_NOWHERE, site ? site : r->id, day);
    return MIZO_ENOENT;
}

/* ---- the work ---- */

/* The first few by name, the others as a number at the end. */
enum { NAMED_MOST = 5 };

static void say_skipped(plan_job *j, mizo_ref point, mizo_err e)
{
    const char *id = j->t.region->point[point].id;
    char day[MIZO_DATE_TEXT];
    mizo_day_text(j->o->day, day);
    if (e != MIZO_ENOENT)
        MIZO_DIAG(j->c->diags, PLAN_PROBLEM_WRONG, MIZO_NOWHERE, id);
    else if (j->unknown++ < NAMED_MOST)
        MIZO_DIAG(j->c->diags, PLAN_NO_HISTORY, MIZO_NOWHERE, id, day);
    j->whole.silent++;
}

static void say_more_skipped(plan_job *j)
{
    char count[16], day[MIZO_DATE_TEXT];
    snprintf(count, sizeof count, "%d", j->unknown - NAMED_MOST);
    mizo_day_text(j->o->day, day);
    if (j->unknown > NAMED_MOST)
        MIZO_DIAG(j->c->diags, PLAN_MORE_WITHOUT_HISTORY, MIZO_NOWHERE, count, day);
}

static void say_lowered(plan_job *j, const plan_site *p)
{
    char count[16];
    snprintf(count, sizeof count, "%d", p->plan.sell_lowered);
    if (p->plan.sell_lowered)
        MIZO_DIAG(j->c->diags, PLAN_SELL_LOWERED, MIZO_NOWHERE, j->t.region->point[p->point].id, count);
}

/* Without a limit or a price in common a site's plan is its own: the others need not be planned to show it. */
static bool needed(const plan_job *j, mizo_ref point)
{
    const town_area *a = plan_town_area(j->plan);
    return j->shown[point] || !j->o->site || town_area_wants(a, point);
}

static mizo_err add_sites(plan_job *j)
{
    for (size_t i = 0; i < j->t.region->npoint; i++) {
        mizo_ref p = (mizo_ref)i;
        if (!decides(j, p) || !needed(j, p))
            continue;
        mizo_err e = plan_town_add(j->plan, p);
        if (e == MIZO_ENOENT || e == MIZO_EINPUT || e == MIZO_ERANGE)
            say_skipped(j, p, e);
        else if (e)
            return e;
    }
    say_more_skipped(j);
    return plan_town_sites(j->plan) ? MIZO_OK : MIZO_ENOENT;
}

static mizo_err show_site(plan_job *j, size_t i)
{
    plan_site *p;
    MIZO_TRY(plan_town_site(j->plan, i, &p));
    if (j->shown[p->point]) {
        j->whole.planned++;
        say_lowered(j, p);
        if (j->o->json)
            plan_json_site(&j->print, p);
        else
            plan_text_site(&j->print, p);
    }
    if (j->o->keep && j->shown[p->point])
        MIZO_TRY(plan_town_keep_site(j->plan, p));
    plan_town_drop(j->plan, i);
    return MIZO_OK;
}

static mizo_err plan_all(plan_job *j)
{
    MIZO_TRY(add_sites(j));
    j->whole.town = j->plan;
    MIZO_TRY(plan_town_solve(j->plan, !j->o->site, &j->whole.answer));
    json_init(&j->print.w, &j->lines);
    if (j->o->json)
        json_array(&j->print.w, NULL);
    for (size_t i = 0; i < plan_town_sites(j->plan); i++)
        MIZO_TRY(show_site(j, i));
    if (j->o->json)
        json_end(&j->print.w);
    if (j->o->keep && !j->o->site)
        MIZO_TRY(plan_town_keep(j->plan));
    return j->whole.planned ? MIZO_OK : MIZO_ENOENT;
}

static mizo_err plan_and_keep(plan_job *j)
{
    if (!j->o->keep)
        return plan_all(j);
    const store_ops *ops = j->t.store->ops;
    store_batch b = { .known = j->c->env->ops->wall_ms(j->c->env),
                      .actor = j->who.name,
                      .source = "mizo plan",
                      .note = j->o->hindcast ? "{\"hindcast\":true}" : "" };
    MIZO_TRY(ops->batch_begin(j->t.store, &b));
    mizo_err e = plan_all(j);
    if (!e)
        return ops->batch_commit(j->t.store);
    ops->batch_rollback(j->t.store);
    return e;
}

static mizo_err prepare(plan_job *j)
{
    const mizo_region *r = j->t.region;
    plan_ask ask = { .day = j->o->day, .issued = issued(j), .hindcast = j->o->hindcast };
    j->print = (plan_print){ .region = r,
                             .day = j->o->day,
                             .issued = ask.issued,
                             .ja = cli_japanese(j->c),
                             .hindcast = j->o->hindcast,
                             .explain = j->o->explain,
                             .one = j->o->site != NULL,
                             .lines = &j->lines };
    j->shown = calloc(r->npoint + 1, sizeof *j->shown);
    if (!j->shown)
        return MIZO_ENOMEM;
    MIZO_TRY(plan_town_new(r, j->t.store, j->c->env, NULL, &ask, &j->plan));
    return choose(j);
}

static int work(plan_job *j)
{
    mizo_err e = prepare(j);
    if (!e)
        e = plan_and_keep(j);
    if (e)
        return cli_status(e);
    if (j->o->json) {
        plan_json_whole(&j->print, &j->whole, &j->out);
    } else {
        plan_text_whole(&j->print, &j->whole, &j->out);
        buf_add(&j->out, j->lines.p, j->lines.n);
    }
    if (j->lines.err)
        return CLI_FAILED;
    return cli_put(j->c, &j->out);
}

static int run(cli *c)
{
    plan_options o = { 0 };
    size_t n = 0;
    int status = cli_parse(c, &cli_plan, &o, NULL, &n, 0);
    if (status != CLI_DONE)
        return status;
    plan_job j = { .c = c, .o = &o };
    if (o.keep && (status = cli_actor(c, &o.who, o.region, ACT_PLAN, &j.who)) != CLI_DONE)
        return status;
    mizo_err e =
        town_open_as(c->env, o.region, o.keep ? STORE_WRITE : STORE_READ, j.who.name, c->diags, &j.t);
    if (e)
        return cli_status(e);
    if (!o.keep)
        mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    buf_init(&j.out, 256 << 20);
    buf_init(&j.lines, 256 << 20);
    status = work(&j);
    buf_fini(&j.lines);
    buf_fini(&j.out);
    plan_town_free(j.plan);
    free(j.shown);
    town_close(&j.t);
    return status;
}

const cli_verb cli_plan = {
    "plan",
    "--region DIR --day D [--site S] [--explain]",
    "what batteries, vehicles and PV should do on a day: cost, bound, reasons",
    "一日の蓄電池・車両・太陽光の計画: 費用、下限、理由",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
