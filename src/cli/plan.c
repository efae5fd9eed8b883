/* plan.c: mizo plan: what every battery, vehicle and panel should do on a day, its cost and its bound. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "town/module.h"
#include "town/plan.h"
#include "town/town.h"

typedef struct plan_options {
    const char *region, *site;
    mizo_day day;
    bool hindcast, keep, explain, json;
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
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, AT(json), 0, 0 },
};
#undef AT
/* clang-format on */

typedef struct plan_job {
    cli *c;
    const plan_options *o;
    town t;
    const mizo_lp_solver *solver;
    plan_desk *desk;
    plan_site *site; /* one at a time */
    mizo_ref *point; /* those to plan */
    size_t npoint;
    bool ja;
    buf out, lines;               /* the whole, and the sites in it */
    json w;                       /* into lines */
    int planned, silent, unknown; /* unknown: nothing to forecast from */
    mizo_uyen cost, bound;
} plan_job;

static mizo_ms issued(const plan_job *j)
{
    mizo_ms midnight = mizo_slot_ms(mizo_day_slot(j->o->day, j->t.region->offset)),
            now = j->c->env->ops->wall_ms(j->c->env);
    return midnight < now ? midnight : now;
}

static double gap(mizo_uyen cost, mizo_uyen bound)
{
    double size = fabs((double)cost);
    return ((double)cost - (double)bound) / (size > 1e6 ? size : 1e6);
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
        mizo_ref p = (mizo_ref)i;
        bool there = j->o->day >= r->point[i].from && j->o->day < r->point[i].to;
        bool wanted = !site || p == one || (facility >= 0 && uses(j, facility, p));
        if (there && wanted && problem_decides(r, p, j->o->day))
            j->point[j->npoint++] = p;
    }
    if (j->npoint)
        return MIZO_OK;
    char day[MIZO_DATE_TEXT];
    mizo_day_text(j->o->day, day);
    MIZO_DIAG(j->c->diags, PLAN_NOTHING_TO_DECIDE, MIZO_NOWHERE, site ? site : r->id, day);
    return MIZO_ENOENT;
}

/* ---- words ---- */

static const char *give_up_id(mizo_give_up_kind k)
{
    return k == MIZO_GAVE_VEHICLE ? "vehicle" : k == MIZO_GAVE_RESERVE ? "reserve" : "demand";
}

static const char *give_up_text(mizo_give_up_kind k, bool ja)
{
    if (k == MIZO_GAVE_VEHICLE)
        return ja ? "車両の充電不足" : "left short";
    if (k == MIZO_GAVE_RESERVE)
        return ja ? "備えの残量を下回る" : "below its reserve";
    return ja ? "契約電力で賄えない需要" : "demand beyond the contract";
}

static const char *reason_id(plan_reason r)
{
    static const char *const id[] = {
#define X(name, id, en, ja) id,
        PLAN_REASONS(X)
#undef X
    };
    return id[r];
}

static const char *reason_text(plan_reason r, bool japanese)
{
    static const char *const text[][2] = {
#define X(name, id, en, ja) { en, ja },
        PLAN_REASONS(X)
#undef X
    };
    return text[r][japanese];
}

static const char *act_id(plan_act a)
{
    static const char *const id[] = { "charge", "discharge", "vehicle", "curtail" };
    return id[a];
}

static const char *act_text(plan_act a, bool japanese)
{
    static const char *const text[][2] = {
        {"charges",       "充電"},
        { "discharges",   "放電"},
        { "is charged",   "充電"},
        { "is held back", "抑制"}
    };
    return text[a][japanese];
}

/* The asset behind an act or a wish that was given up. */
static const char *asset(const plan_job *j, const plan_site *p, plan_act act, int index)
{
    const mizo_region *r = j->t.region;
    if (act == PLAN_VEHICLE)
        return p->vehicle[p->problem.session[index]];
    if (act == PLAN_CURTAILS)
        return j->ja ? "太陽光" : "PV";
    return r->battery[p->problem.battery[index]].id;
}

static const char *gave_asset(const plan_job *j, const plan_site *p, const mizo_give_up *g)
{
    if (g->kind == MIZO_GAVE_DEMAND)
        return j->t.region->point[p->point].id;
    return asset(j, p, g->kind == MIZO_GAVE_VEHICLE ? PLAN_VEHICLE : PLAN_CHARGES, g->index);
}

static void put_clock(buf *out, int slot)
{
    buf_printf(out, "%02d:%02d", slot / 2, slot % 2 * 30);
}

/* ---- text ---- */

/* Yen with two places, grouped: a cost is rounded up, a bound down, so that the one stays above the other. */
static void yen_text(mizo_uyen v, mizo_round how, char out[MIZO_NUM_TEXT])
{
    int64_t sen = mizo_div_round(v, 10000, how), whole = sen / 100;
    char yen[MIZO_NUM_TEXT];
    mizo_grouped_text(whole < 0 ? -whole : whole, yen);
    snprintf(out, MIZO_NUM_TEXT, "%s%.40s.%02d", sen < 0 ? "-" : "", yen,
             (int)((sen < 0 ? -sen : sen) % 100));
}

static void put_given_up(plan_job *j, const plan_site *p)
{
    for (int i = 0; i < p->plan.ngave; i++) {
        const mizo_give_up *g = &p->plan.gave[i];
        buf_str(&j->lines, "    ! ");
        put_clock(&j->lines, g->slot);
        buf_printf(&j->lines, " %s: %s %.3f kWh\n", gave_asset(j, p, g), give_up_text(g->kind, j->ja),
                   (double)g->amount_wh / 1000);
    }
}

static void put_why(plan_job *j, const plan_site *p, const plan_why *w)
{
    buf *out = &j->lines;
    buf_str(out, "    ");
    put_clock(out, w->from);
    buf_char(out, '-');
    put_clock(out, w->to);
    buf_printf(out, " %s %s %.1f kWh: %s", asset(j, p, w->act, w->index), act_text(w->act, j->ja),
               (double)w->energy_wh / 1000, reason_text(w->reason, j->ja));
    char low[32], high[32];
    snprintf(low, sizeof low, "%.2f", w->low_myen / 1000.0);
    snprintf(high, sizeof high, "%.2f", w->high_myen / 1000.0);
    bool same = strcmp(low, high) == 0;
    buf_printf(out, j->ja ? " (1 kWhの価値 %s%s%s 円" : " (a kWh is worth %s%s%s yen here", low,
               same    ? ""
               : j->ja ? "〜"
                       : " to ",
               same ? "" : high);
    if (w->act == PLAN_VEHICLE) {
        const problem_session *s = &p->session[p->problem.session[w->index]];
        mizo_slot leaves = s->to - p->problem.lp.from;
        buf_str(out, j->ja ? "、出発 " : "; leaves at ");
        if (leaves >= MIZO_DAY_SLOTS)
            buf_str(out, j->ja ? "翌日" : "(next day) ");
        put_clock(out, (int)(leaves % MIZO_DAY_SLOTS));
    }
    buf_str(out, ")\n");
}

static void put_slots(plan_job *j, const plan_site *p)
{
    buf *out = &j->lines;
    const mizo_site_plan *s = &p->plan;
    static const char *const head[][2] = {
        {"demand",    "需要"    },
        { "PV",       "太陽光" },
        { "battery",  "電池"    },
        { "vehicles", "車両"    },
        { "import",   "買電"    },
        { "export",   "売電"    },
        { "kWh left", "残量 kWh"},
    };
    buf_str(out, j->ja ? "    30 分の平均 kW (電池は + が充電)\n"
                       : "    mean kW of each half-hour (battery: + charges)\n    ");
    buf_str(out, j->ja ? "    " : "");
    cli_cell(out, j->ja ? "時刻" : "from", 5);
    for (size_t k = 0; k < sizeof head / sizeof *head; k++)
        cli_cell(out, head[k][j->ja], 10);
    buf_char(out, '\n');
    for (int t = 0; t < s->n; t++) {
        int64_t battery = 0, vehicles = 0, stored = 0;
        for (int b = 0; b < p->problem.lp.nbattery; b++) {
            battery += (int64_t)s->charge_w[b][t] - s->discharge_w[b][t];
            stored += s->soc_wh[b][t];
        }
        for (int v = 0; v < p->problem.lp.nvehicle; v++)
            vehicles += s->vehicle_w[v][t];
        const int64_t w[] = { p->problem.load_w[t], s->pv_w[t],     battery, vehicles,
                              s->import_w[t],       s->export_w[t], stored };
        buf_str(out, "    ");
        put_clock(out, t);
        for (size_t k = 0; k < sizeof w / sizeof *w; k++)
            buf_printf(out, " %9.3f", (double)w[k] / 1000);
        buf_char(out, '\n');
    }
}

static void put_site_text(plan_job *j, const plan_site *p)
{
    const mizo_site_plan *s = &p->plan;
    char cost[MIZO_NUM_TEXT], bound[MIZO_NUM_TEXT];
    yen_text(s->cost, MIZO_ROUND_UP, cost);
    yen_text(s->bound, MIZO_ROUND_DOWN, bound);
    cli_cell(&j->lines, j->t.region->point[p->point].id, -34);
    cli_cell(&j->lines, cost, 13);
    buf_printf(&j->lines,
               j->ja ? " 円 (下限 %s、差 %.4f %%)  最大 %.1f kW (既往最大 %.1f、契約 %.1f)%s\n"
                     : " yen (bound %s, gap %.4f %%)  peak %.1f kW (standing %.1f, contract %.1f)%s\n",
               bound, 100 * s->gap, s->peak_w / 1000.0, p->problem.lp.standing_w / 1000.0,
               p->problem.lp.limit_w / 1000.0,
               s->status == MIZO_PLAN_OPTIMAL ? ""
               : j->ja                        ? " 途中で打ち切り"
                                              : " stopped early");
    put_given_up(j, p);
    if (j->o->explain)
        for (int i = 0; i < p->nwhy; i++)
            put_why(j, p, &p->why[i]);
    if (j->o->site)
        put_slots(j, p);
}

static void put_head_text(plan_job *j)
{
    char day[MIZO_DATE_TEXT], at[MIZO_INSTANT_TEXT], cost[MIZO_NUM_TEXT], bound[MIZO_NUM_TEXT];
    mizo_day_text(j->o->day, day);
    mizo_ms_text(issued(j), j->t.region->offset, at);
    yen_text(j->cost, MIZO_ROUND_UP, cost);
    yen_text(j->bound, MIZO_ROUND_DOWN, bound);
    buf_printf(&j->out,
               j->ja ? "%s の計画 (%s 時点で分かっていたことから): %d 地点、計画できない地点 %d\n"
                     : "Plan of %s (from what was known at %s): %d sites, %d without a plan\n",
               day, at, j->planned, j->silent);
    buf_printf(&j->out,
               j->ja ? "費用 %s 円。どんな計画でも %s 円を下回らない (差 %.4f %%)\n"
                     : "cost %s yen; no plan can cost less than %s yen (gap %.4f %%)\n",
               cost, bound, 100 * gap(j->cost, j->bound));
}

/* ---- JSON ---- */

static void put_given_up_json(plan_job *j, const plan_site *p)
{
    json_array(&j->w, "gave_up");
    for (int i = 0; i < p->plan.ngave; i++) {
        const mizo_give_up *g = &p->plan.gave[i];
        json_object(&j->w, NULL);
        json_text(&j->w, "wish", give_up_id(g->kind));
        json_text(&j->w, "asset", gave_asset(j, p, g));
        json_int(&j->w, "slot", g->slot);
        json_int(&j->w, "amount_wh", g->amount_wh);
        json_end(&j->w);
    }
    json_end(&j->w);
}

static void put_whys_json(plan_job *j, const plan_site *p)
{
    json_array(&j->w, "why");
    for (int i = 0; i < p->nwhy; i++) {
        const plan_why *w = &p->why[i];
        json_object(&j->w, NULL);
        json_text(&j->w, "act", act_id(w->act));
        json_text(&j->w, "asset", w->act == PLAN_CURTAILS ? "pv" : asset(j, p, w->act, w->index));
        json_int(&j->w, "from", w->from);
        json_int(&j->w, "to", w->to);
        json_int(&j->w, "energy_wh", w->energy_wh);
        json_text(&j->w, "reason", reason_id(w->reason));
        json_int(&j->w, "low_myen", w->low_myen);
        json_int(&j->w, "high_myen", w->high_myen);
        json_end(&j->w);
    }
    json_end(&j->w);
}

static void put_assets_json(plan_job *j, const plan_site *p)
{
    const mizo_site_plan *s = &p->plan;
    json_array(&j->w, "batteries");
    for (int b = 0; b < p->problem.lp.nbattery; b++) {
        json_object(&j->w, NULL);
        json_text(&j->w, "id", asset(j, p, PLAN_CHARGES, b));
        json_ints(&j->w, "charge_w", s->charge_w[b], s->n);
        json_ints(&j->w, "discharge_w", s->discharge_w[b], s->n);
        json_ints(&j->w, "soc_wh", s->soc_wh[b], s->n);
        json_end(&j->w);
    }
    json_end(&j->w);
    json_array(&j->w, "vehicles");
    for (int v = 0; v < p->problem.lp.nvehicle; v++) {
        const problem_session *k = &p->session[p->problem.session[v]];
        json_object(&j->w, NULL);
        json_text(&j->w, "id", asset(j, p, PLAN_VEHICLE, v));
        json_text(&j->w, "charger", j->t.region->charger[k->charger].id);
        json_time(&j->w, "from", mizo_slot_ms(k->from), j->t.region->offset);
        json_time(&j->w, "leaves", mizo_slot_ms(k->to), j->t.region->offset);
        json_int(&j->w, "need_wh", p->problem.lp.vehicle[v].need_wh);
        json_ints(&j->w, "charge_w", s->vehicle_w[v], s->n);
        json_end(&j->w);
    }
    json_end(&j->w);
}

static void put_site_json(plan_job *j, const plan_site *p)
{
    const mizo_site_plan *s = &p->plan;
    json *w = &j->w;
    json_object(w, NULL);
    json_text(w, "point", j->t.region->point[p->point].id);
    json_text(w, "status", s->status == MIZO_PLAN_OPTIMAL ? "optimal" : "stopped");
    json_yen(w, "cost_yen", s->cost);
    json_yen(w, "bound_yen", s->bound);
    json_double(w, "gap", s->gap);
    json_yen(w, "penalties_yen", s->penalties);
    json_int(w, "iterations", s->iterations);
    json_int(w, "peak_w", s->peak_w);
    json_int(w, "standing_w", p->problem.lp.standing_w);
    json_int(w, "limit_w", p->problem.lp.limit_w);
    json_ints(w, "demand_w", p->problem.load_w, s->n);
    json_ints(w, "import_w", s->import_w, s->n);
    json_ints(w, "export_w", s->export_w, s->n);
    json_ints(w, "pv_w", s->pv_w, s->n);
    json_ints(w, "unserved_w", s->unserved_w, s->n);
    json_ints(w, "price_myen", s->price_myen, s->n);
    put_assets_json(j, p);
    put_given_up_json(j, p);
    if (j->o->explain)
        put_whys_json(j, p);
    json_end(w);
}

static void put_whole_json(plan_job *j)
{
    json w;
    json_init(&w, &j->out);
    json_object(&w, NULL);
    json_day(&w, "day", j->o->day);
    json_time(&w, "issued", issued(j), j->t.region->offset);
    json_bool(&w, "hindcast", j->o->hindcast);
    json_text(&w, "solver", j->solver->name);
    json_int(&w, "planned", j->planned);
    json_int(&w, "silent", j->silent);
    json_yen(&w, "cost_yen", j->cost);
    json_yen(&w, "bound_yen", j->bound);
    json_double(&w, "gap", gap(j->cost, j->bound));
    json_raw(&w, "sites", j->lines.p ? j->lines.p : "[]");
    json_end(&w);
    buf_char(&j->out, '\n');
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
    j->silent++;
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

static mizo_err plan_one(plan_job *j, mizo_ref point)
{
    mizo_err e = plan_of_point(j->desk, point, j->site);
    if (e == MIZO_ENOENT || e == MIZO_EINPUT || e == MIZO_ERANGE) {
        say_skipped(j, point, e);
        return MIZO_OK;
    }
    MIZO_TRY(e);
    j->planned++;
    j->cost += j->site->plan.cost;
    j->bound += j->site->plan.bound;
    say_lowered(j, j->site);
    if (j->o->json)
        put_site_json(j, j->site);
    else
        put_site_text(j, j->site);
    return j->o->keep ? plan_keep(j->desk, j->site) : MIZO_OK;
}

static mizo_err plan_all(plan_job *j)
{
    json_init(&j->w, &j->lines);
    if (j->o->json)
        json_array(&j->w, NULL);
    for (size_t i = 0; i < j->npoint; i++)
        MIZO_TRY(plan_one(j, j->point[i]));
    say_more_skipped(j);
    if (j->o->json)
        json_end(&j->w);
    return j->planned ? MIZO_OK : MIZO_ENOENT;
}

static mizo_err plan_and_keep(plan_job *j)
{
    if (!j->o->keep)
        return plan_all(j);
    const store_ops *ops = j->t.store->ops;
    store_batch b = { .known = j->c->env->ops->wall_ms(j->c->env),
                      .actor = "operator",
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
    j->point = calloc(r->npoint + 1, sizeof *j->point);
    j->site = calloc(1, sizeof *j->site);
    j->desk = plan_desk_new(r, j->t.store, j->solver, &ask);
    if (!j->point || !j->site || !j->desk)
        return MIZO_ENOMEM;
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
        put_whole_json(j);
    } else {
        put_head_text(j);
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
    plan_job j = { .c = c, .o = &o, .ja = strcmp(c->lang, "ja") == 0 };
    if (module_lp(c->diags, &j.solver))
        return CLI_FAILED;
    mizo_err e = town_open(c->env, o.region, o.keep ? STORE_WRITE : STORE_READ, c->diags, &j.t);
    if (e)
        return cli_status(e);
    if (!o.keep)
        mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    buf_init(&j.out, 256 << 20);
    buf_init(&j.lines, 256 << 20);
    status = work(&j);
    buf_fini(&j.lines);
    buf_fini(&j.out);
    plan_desk_free(j.desk);
    free(j.site);
    free(j.point);
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
