/* plan_text.c: the plan of a day in words. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/plan_print.h"

/* ---- words ---- */

const char *plan_asset(const plan_print *j, const plan_site *p, plan_act act, int index)
{
    const mizo_region *r = j->region;
    if (act == PLAN_VEHICLE)
        return p->vehicle[p->problem.session[index]];
    if (act == PLAN_CURTAILS)
        return j->ja ? "太陽光" : "PV";
    if (p->problem.battery[index] < 0) /* a vehicle that gives back */
        return p->vehicle[p->problem.battery_session[index]];
    return r->battery[p->problem.battery[index]].id;
}

const char *plan_gave_asset(const plan_print *j, const plan_site *p, const mizo_give_up *g)
{
    if (g->kind == MIZO_GAVE_DEMAND)
        return j->region->point[p->point].id;
    if (g->kind == MIZO_GAVE_RUN)
        return j->region->load[p->problem.run[g->index]].id;
    return plan_asset(j, p, g->kind == MIZO_GAVE_VEHICLE ? PLAN_VEHICLE : PLAN_CHARGES, g->index);
}

const char *plan_place(const plan_print *p, mizo_ref node)
{
    return node < 0 ? p->region->id : p->region->node[node].id;
}

static const char *give_up_text(mizo_give_up_kind k, bool ja)
{
    if (k == MIZO_GAVE_VEHICLE)
        return ja ? "車両の充電不足" : "left short";
    if (k == MIZO_GAVE_RESERVE)
        return ja ? "備えの残量を下回る" : "below its reserve";
    if (k == MIZO_GAVE_RUN)
        return ja ? "動かせない" : "does not run";
    if (k == MIZO_GAVE_STORE)
        return ja ? "貯めた分が足りない" : "its store falls short";
    return ja ? "契約電力で賄えない需要" : "demand beyond the contract";
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

static void put_clock(buf *out, int slot)
{
    buf_printf(out, "%02d:%02d", slot / 2, slot % 2 * 30);
}

/* ---- a site ---- */

/* Yen with two places, grouped: a cost is rounded up, a bound down, so that the one stays above the other. */
static void yen_text(mizo_uyen v, mizo_round how, char out[MIZO_NUM_TEXT])
{
    int64_t sen = mizo_div_round(v, 10000, how), whole = sen / 100;
    char yen[MIZO_NUM_TEXT];
    mizo_grouped_text(whole < 0 ? -whole : whole, yen);
    snprintf(out, MIZO_NUM_TEXT, "%s%.40s.%02d", sen < 0 ? "-" : "", yen,
             (int)((sen < 0 ? -sen : sen) % 100));
}

static void put_given_up(plan_print *j, const plan_site *p)
{
    for (int i = 0; i < p->plan.ngave; i++) {
        const mizo_give_up *g = &p->plan.gave[i];
        buf_str(j->lines, "    ! ");
        put_clock(j->lines, g->slot);
        buf_printf(j->lines, " %s: %s %.3f kWh\n", plan_gave_asset(j, p, g), give_up_text(g->kind, j->ja),
                   (double)g->amount_wh / 1000);
    }
}

static void put_runs(plan_print *j, const plan_site *p)
{
    for (int k = 0; k < p->problem.lp.nrun; k++) {
        int at = p->plan.run_at[k];
        if (at < 0)
            continue;
        buf_str(j->lines, "    ");
        put_clock(j->lines, at);
        buf_char(j->lines, '-');
        put_clock(j->lines, at + p->problem.lp.run[k].slots);
        buf_printf(j->lines, j->ja ? " %s 運転 %.1f kW\n" : " %s runs at %.1f kW\n",
                   j->region->load[p->problem.run[k]].id, p->problem.lp.run[k].power_w / 1000.0);
    }
}

static void put_why(plan_print *j, const plan_site *p, const plan_why *w)
{
    buf *out = j->lines;
    buf_str(out, "    ");
    put_clock(out, w->from);
    buf_char(out, '-');
    put_clock(out, w->to);
    buf_printf(out, " %s %s %.1f kWh: %s", plan_asset(j, p, w->act, w->index), act_text(w->act, j->ja),
               (double)w->energy_wh / 1000, reason_text(w->reason, j->ja));
    if (w->reason == PLAN_WHY_NODE || w->reason == PLAN_WHY_CALL || w->reason == PLAN_WHY_BACK)
        buf_printf(out, ": %s", plan_place(j, w->node));
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

static void put_slots(plan_print *j, const plan_site *p)
{
    buf *out = j->lines;
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

void plan_text_site(plan_print *j, const plan_site *p)
{
    const mizo_site_plan *s = &p->plan;
    char cost[MIZO_NUM_TEXT];
    yen_text(s->cost, MIZO_ROUND_UP, cost);
    cli_cell(j->lines, j->region->point[p->point].id, -34);
    cli_cell(j->lines, cost, 13);
    buf_printf(j->lines,
               j->ja ? " 円  最大 %.1f kW (既往最大 %.1f、契約 %.1f)\n"
                     : " yen  peak %.1f kW (standing %.1f, contract %.1f)\n",
               s->peak_w / 1000.0, p->problem.lp.standing_w / 1000.0, p->problem.lp.limit_w / 1000.0);
    put_runs(j, p);
    put_given_up(j, p);
    if (j->explain)
        for (int i = 0; i < p->nwhy; i++)
            put_why(j, p, &p->why[i]);
    if (j->one)
        put_slots(j, p);
}

/* ---- limits ---- */

static void fill_limit(plan_limit *l)
{
    int64_t least = INT64_MAX;
    for (int t = 0; t < MIZO_DAY_SLOTS; t++) {
        if (l->import_w[t] == INT32_MAX && l->export_w[t] == INT32_MAX)
            continue;
        l->slots++;
        int64_t room = (int64_t)l->import_w[t] - l->flow->net_w[t],
                back = (int64_t)l->export_w[t] + l->flow->net_w[t];
        room = back < room ? back : room;
        l->at = room < least ? t : l->at;
        least = room < least ? room : least;
        int32_t shadow = abs(l->flow->shadow_myen[t]); /* negative: a limit of what is sent back */
        l->held += shadow > 0;
        l->dear_myen = shadow > l->dear_myen ? shadow : l->dear_myen;
        l->over_wh += l->flow->over_w[t] / 2;
    }
}

bool plan_limit_of(const plan_whole *whole, int place, plan_limit *out)
{
    const town_area *a = plan_town_area(whole->town);
    *out = (plan_limit){ .place = &town_area_nodes(a)->place[place],
                         .flow = town_area_flow(a, place),
                         .import_w = town_area_import_limit(a, place),
                         .export_w = town_area_export_limit(a, place) };
    if (out->flow)
        fill_limit(out);
    return out->slots > 0;
}

static const char *limit_kind(const area_place *p, bool ja)
{
    if (!p->standing)
        return ja ? "要請" : "call";
    return p->over_myen ? (ja ? "義務" : "obligation") : (ja ? "上限" : "limit");
}

static void put_limit(const plan_print *p, const plan_limit *l, buf *out)
{
    int32_t flow = l->flow->net_w[l->at],
            limit = flow >= 0 || l->export_w[l->at] == INT32_MAX ? l->import_w[l->at] : -l->export_w[l->at];
    buf_str(out, "  ");
    cli_cell(out, plan_place(p, l->place->node), -24);
    cli_cell(out, limit_kind(l->place, p->ja), -11);
    buf_printf(out, " %10.1f %10.1f  ", limit / 1000.0, flow / 1000.0);
    put_clock(out, l->at);
    buf_printf(out, " %7.1f %11.2f %10.1f\n", l->held / 2.0, l->dear_myen / 1000.0,
               (double)l->over_wh / 1000);
}

static void put_limits(const plan_print *p, const plan_whole *whole, buf *out)
{
    static const char *const head[][2] = {
        {"  limit kW",   "  上限 kW"  },
        { " flow kW",    " 潮流 kW"   },
        { "  at",        "  時刻"     },
        { " hours held", " 張付き h" },
        { " yen/kWh",    " 影の価格"},
        { " over kWh",   " 超過 kWh"  },
    };
    static const int width[] = { 11, 11, 7, 8, 12, 11 };
    const area_nodes *a = town_area_nodes(plan_town_area(whole->town));
    bool said = false;
    for (int k = 0; k < a->n; k++) {
        plan_limit l;
        if (!plan_limit_of(whole, k, &l))
            continue;
        if (!said) {
            cli_cell(out, p->ja ? "上限のあるところ" : "limits", -37);
            for (size_t i = 0; i < sizeof width / sizeof *width; i++)
                cli_cell(out, head[i][p->ja], width[i]);
            buf_char(out, '\n');
        }
        said = true;
        put_limit(p, &l, out);
    }
}

/* ---- the town ---- */

static void put_purchase(const plan_print *p, const plan_whole *whole, buf *out)
{
    enum { A_LINE = 8 };
    const int32_t *net = plan_town_net(whole->town, -1);
    int64_t wh = 0;
    for (int t = 0; t < MIZO_DAY_SLOTS; t++)
        wh += net[t] / 2;
    buf_printf(out,
               p->ja ? "まちの買電 (前日、30分の平均 kW、負は売電): 計 %.1f MWh、予測できない地点 %zu\n"
                     : "purchase a day ahead (mean kW of each half-hour, negative sold): %.1f MWh in all; "
                       "%zu points unknown\n",
               (double)wh / 1e6, plan_town_unknown(whole->town));
    for (int t = 0; t < MIZO_DAY_SLOTS; t++) {
        if (t % A_LINE == 0) {
            buf_str(out, "  ");
            put_clock(out, t);
        }
        buf_printf(out, " %9.1f%s", net[t] / 1000.0, t % A_LINE == A_LINE - 1 ? "\n" : "");
    }
}

void plan_text_whole(const plan_print *p, const plan_whole *whole, buf *out)
{
    const mizo_area_result *r = &whole->answer.result;
    char day[MIZO_DATE_TEXT], at[MIZO_INSTANT_TEXT], cost[MIZO_NUM_TEXT], bound[MIZO_NUM_TEXT];
    mizo_day_text(p->day, day);
    mizo_ms_text(p->issued, p->region->offset, at);
    yen_text((mizo_uyen)ceil(r->objective * 1e6), MIZO_ROUND_UP, cost);
    yen_text((mizo_uyen)floor(r->bound * 1e6), MIZO_ROUND_DOWN, bound);
    buf_printf(out,
               p->ja ? "%s の計画 (%s 時点で分かっていたことから): %zu 地点を一つに、計画できない地点 %d\n"
                     : "Plan of %s (from what was known at %s): %zu sites as one, %d without a plan\n",
               day, at, whole->answer.offered, whole->silent);
    buf_printf(out,
               p->ja ? "費用 %s 円。どんな計画でも %s 円を下回らない (差 %.6f %%、反復 %d)%s\n"
                     : "cost %s yen; no plan can cost less than %s yen (gap %.6f %%, %d iterations)%s\n",
               cost, bound, 100 * r->gap, r->iterations,
               r->status == MIZO_PLAN_OPTIMAL ? ""
               : p->ja                        ? " 途中で打ち切り"
                                              : " stopped early");
    if (!p->one)
        put_purchase(p, whole, out);
    put_limits(p, whole, out);
}
