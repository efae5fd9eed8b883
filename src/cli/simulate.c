/* simulate.c: `mizo simulate`: what the policies would have cost. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "mizo/messages/town.h"
#include "town/live/simulate.h"

typedef struct words {
    const char *region, *policy;
    mizo_day from, to;
    int64_t sites, seed, threads;
    bool table, json;
} words;

static const option_row rows[] = {
    {"--region",       OPTION_TEXT, "DIR", "the region directory",                          "地域のディレクトリ",                   true,
     offsetof(words,                                                                                                                                                region),  0, 0        },
    { "--from",        OPTION_DATE, "DAY", "first day",                                     "最初の日",                                  true,  offsetof(words, from),    0, 0        },
    { "--to",          OPTION_DATE, "DAY", "last day, inclusive",                           "最後の日（この日を含む）",          true,
     offsetof(words,                                                                                                                                                to),      0, 0        },
    { "--policy",      OPTION_TEXT, "P",   "none, rule, mizo, oracle or all (all)",
     "none, rule, mizo, oracle, all（既定は all）",                                                                                     false, offsetof(words, policy),  0, 0        },
    { "--sites",       OPTION_INT,  "N",   "only the first N controlled sites",             "制御する地点の最初の N か所だけ",
     false,                                                                                                                                         offsetof(words, sites),   1, 100000   },
    { "--seed",        OPTION_INT,  "S",   "of the batteries' charge at the start (1)",
     "開始時の蓄電量の種（既定は 1）",                                                                                         false, offsetof(words, seed),    0, INT64_MAX},
    { "--threads",     OPTION_INT,  "T",   "threads (2); the result does not depend on it",
     "スレッド数（既定は 2、結果は変わらない）",                                                                          false, offsetof(words, threads), 1, 16       },
    { "--sites-table", OPTION_FLAG, NULL,  "also the peak of each site",                    "地点ごとの最大電力の表も出す",    false,
     offsetof(words,                                                                                                                                                table),   0, 0        },
    { "--json",        OPTION_FLAG, NULL,  "the same numbers as JSON",                      "同じ数値を JSON で",                      false,
     offsetof(words,                                                                                                                                                json),    0, 0        },
};

static bool japanese(const cli *c)
{
    return strcmp(c->lang, "ja") == 0;
}

static unsigned policies_of(const char *name)
{
    if (!name || strcmp(name, "all") == 0)
        return (1u << SIMULATE_POLICIES) - 1;
    for (int p = 0; p < SIMULATE_POLICIES; p++)
        if (strcmp(name, operate_policy_text((operate_policy)p)) == 0)
            return 1u << p;
    return 0;
}

/* ---- progress ---- */

typedef struct meter {
    bool shown;
    int percent;
    operate_policy policy;
} meter;

static mizo_err on_slot(void *arg, operate_policy p, int64_t done, int64_t all)
{
    meter *m = arg;
    int percent = (int)(done * 100 / all);
    if (m->shown && (percent != m->percent || p != m->policy))
        fprintf(stderr, "\r%-6s %3d %%  ", operate_policy_text(p), percent);
    m->percent = percent;
    m->policy = p;
    return env_interrupted() ? MIZO_ECANCELED : MIZO_OK;
}

/* ---- JSON ---- */

static void put_json_money(json *j, const operate_result *r)
{
    json_yen(j, "cost_yen", r->cost);
    json_yen(j, "energy_yen", r->energy);
    json_yen(j, "sold_yen", r->sold);
    json_yen(j, "peak_yen", r->peak);
    json_yen(j, "wear_yen", r->wear);
    json_yen(j, "stored_yen", r->stored);
    json_yen(j, "over_yen", r->over);
    json_yen(j, "town_yen", r->town);
}

static void put_json_policy(json *j, operate_policy p, const operate_result *r)
{
    json_object(j, operate_policy_text(p));
    put_json_money(j, r);
    json_int(j, "bought_wh", r->bought_wh);
    json_int(j, "sold_wh", r->sold_wh);
    json_int(j, "demand_wh", r->demand_wh);
    json_int(j, "pv_wh", r->pv_wh);
    json_int(j, "self_used_wh", r->self_used_wh);
    json_int(j, "curtailed_wh", r->curtailed_wh);
    json_int(j, "charged_wh", r->charged_wh);
    json_int(j, "discharged_wh", r->discharged_wh);
    json_int(j, "vehicle_wh", r->vehicle_wh);
    json_int(j, "given_wh", r->given_wh);
    json_int(j, "run_wh", r->run_wh);
    json_int(j, "store_in_wh", r->store_in_wh);
    json_int(j, "store_out_wh", r->store_out_wh);
    json_int(j, "drawn_wh", r->drawn_wh);
    json_int(j, "thermostat_wh", r->thermostat_wh);
    json_int(j, "late_wh", r->late_wh);
    json_int(j, "loss_wh", r->loss_wh);
    json_int(j, "matched_wh", r->matched_wh);
    json_int(j, "peak_w", r->peak_w);
    json_int(j, "over_limit", r->peaks_over);
    json_int(j, "over_obligation_wh", r->over_wh);
    json_int(j, "over_physical_wh", r->over_physical_wh);
    json_kg(j, "co2_kg", r->co2_mg);
    json_int(j, "sessions", r->sessions);
    json_int(j, "vans_short", r->vans_short);
    json_int(j, "vans_impossible", r->vans_impossible);
    json_int(j, "runs", r->runs);
    json_int(j, "runs_late", r->runs_late);
    json_int(j, "runs_missed", r->runs_missed);
    json_int(j, "missing_slots", r->missing);
    json_end(j);
}

static void put_json_sites(json *j, const mizo_region *region, const simulate_result *r)
{
    json_array(j, "sites");
    for (size_t i = 0; i < r->nsite; i++) {
        const simulate_site *s = &r->site[i];
        json_object(j, NULL);
        json_text(j, "point", region->point[s->point].id);
        json_int(j, "contract_w", s->contract_w);
        json_int(j, "standing_w", s->standing_w);
        for (int p = 0; p < SIMULATE_POLICIES; p++) {
            if (!r->ran[p])
                continue;
            json_object(j, operate_policy_text((operate_policy)p));
            put_json_money(j, &s->sum[p]);
            json_int(j, "peak_w", s->sum[p].peak_w);
            json_int(j, "vans_short", s->sum[p].vans_short);
            json_end(j);
        }
        json_end(j);
    }
    json_end(j);
}

static void put_json(const words *w, const mizo_region *region, const simulate_result *r, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_text(&j, "region", region->id);
    json_day(&j, "from", w->from);
    json_day(&j, "to", w->to);
    json_int(&j, "seed", w->seed);
    json_object(&j, "policies");
    for (int p = 0; p < SIMULATE_POLICIES; p++)
        if (r->ran[p])
            put_json_policy(&j, (operate_policy)p, &r->sum[p]);
    json_end(&j);
    if (r->has_captured)
        json_double(&j, "captured", r->captured);
    else
        json_null(&j, "captured");
    put_json_sites(&j, region, r);
    json_end(&j);
    buf_char(out, '\n');
}

/* ---- text ---- */

typedef struct line {
    const char *en, *ja;
    int64_t (*of)(const operate_result *r);
} line;

static int64_t yen(mizo_uyen v)
{
    return mizo_div_round(v, 1000000, MIZO_ROUND_HALF_UP);
}
static int64_t kwh(mizo_wh v)
{
    return mizo_div_round(v, 1000, MIZO_ROUND_HALF_UP);
}
static int64_t of_cost(const operate_result *r)
{
    return yen(r->cost);
}
static int64_t of_energy(const operate_result *r)
{
    return yen(r->energy);
}
static int64_t of_sold_yen(const operate_result *r)
{
    return yen(r->sold);
}
static int64_t of_peak_yen(const operate_result *r)
{
    return yen(r->peak);
}
static int64_t of_wear(const operate_result *r)
{
    return yen(r->wear);
}
static int64_t of_stored(const operate_result *r)
{
    return yen(r->stored);
}
static int64_t of_penalty(const operate_result *r)
{
    return yen(r->over);
}
static int64_t of_town(const operate_result *r)
{
    return yen(r->town);
}
static int64_t of_beyond(const operate_result *r)
{
    return kwh(r->over_wh + r->over_physical_wh);
}
static int64_t of_bought(const operate_result *r)
{
    return kwh(r->bought_wh);
}
static int64_t of_sold(const operate_result *r)
{
    return kwh(r->sold_wh);
}
static int64_t of_matched(const operate_result *r)
{
    return kwh(r->matched_wh);
}
static int64_t of_peak(const operate_result *r)
{
    return kwh(r->peak_w);
}
static int64_t of_self(const operate_result *r)
{
    return r->pv_wh + r->curtailed_wh > 0 ? r->self_used_wh * 100 / (r->pv_wh + r->curtailed_wh) : 0;
}
static int64_t of_co2(const operate_result *r)
{
    return mizo_div_round(r->co2_mg, 1000000, MIZO_ROUND_HALF_UP);
}
static int64_t of_short(const operate_result *r)
{
    return r->vans_short;
}
static int64_t of_impossible(const operate_result *r)
{
    return r->vans_impossible;
}
static int64_t of_over(const operate_result *r)
{
    return r->peaks_over;
}
static int64_t of_missing(const operate_result *r)
{
    return r->missing;
}

static const line lines[] = {
    {"cost, yen",                    "費用 円",                     of_cost      },
    { "  energy bought, yen",        "  買電 円",                   of_energy    },
    { "  less: energy sold, yen",    "  (差引) 売電 円",          of_sold_yen  },
    { "  new peaks, yen",            "  最大需要の更新 円",    of_peak_yen  },
    { "  battery wear, yen",         "  電池の摩耗 円",          of_wear      },
    { "  less: stored more, yen",    "  (差引) 蓄電の増分 円", of_stored    },
    { "  obligations missed, yen",   "  義務の違約金 円",       of_penalty   },
    { "  paid by the town, yen",     "  まちの負担 円",          of_town      },
    { "bought, kWh",                 "買電量 kWh",                  of_bought    },
    { "sold, kWh",                   "売電量 kWh",                  of_sold      },
    { "PV used on site, %",          "太陽光の自家消費 %",     of_self      },
    { "local renewable power, kWh",  "地域の再エネ kWh",         of_matched   },
    { "peak of all sites, kW",       "全地点の最大 kW",          of_peak      },
    { "sites over contract",         "契約電力を超えた地点", of_over      },
    { "beyond limits of nodes, kWh", "ノードの上限超過 kWh",   of_beyond    },
    { "CO2, kg",                     "CO2 kg",                         of_co2       },
    { "vans left short",             "充電不足で出た車両",    of_short     },
    { "vans that nobody could fill", "満たしようのない車両", of_impossible},
    { "slots without readings",      "検針のない30分",           of_missing   },
};

enum { LABEL = 30, FIGURE = 12, SITE = 34 };

/* Without the grid's factor in region.yaml nobody knows the CO2. */
static void put_row(const cli *c, const line *l, bool known_co2, const simulate_result *r, buf *out)
{
    cli_cell(out, japanese(c) ? l->ja : l->en, -LABEL);
    for (int p = 0; p < SIMULATE_POLICIES; p++) {
        char text[MIZO_NUM_TEXT];
        if (!r->ran[p])
            continue;
        mizo_grouped_text(l->of(&r->sum[p]), text);
        cli_cell(out, l->of == of_co2 && !known_co2 ? "-" : text, FIGURE);
    }
    buf_char(out, '\n');
}

static void put_policies(const simulate_result *r, buf *out)
{
    for (int p = 0; p < SIMULATE_POLICIES; p++)
        if (r->ran[p])
            cli_cell(out, operate_policy_text((operate_policy)p), FIGURE);
    buf_char(out, '\n');
}

static void put_kw(int64_t w, buf *out)
{
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(mizo_div_round(w, 100, MIZO_ROUND_HALF_UP), 1, text);
    cli_cell(out, text, FIGURE);
}

/* A site that asks to be looked at: over its contract, or a van that left short. */
static bool troubled(const simulate_result *r, const simulate_site *s)
{
    for (int p = 0; p < SIMULATE_POLICIES; p++)
        if (r->ran[p] && (s->sum[p].peak_w > s->contract_w || s->sum[p].vans_short))
            return true;
    return false;
}

static void put_site(const mizo_region *region, const simulate_result *r, const simulate_site *s, buf *out)
{
    cli_cell(out, region->point[s->point].id, -SITE);
    put_kw(s->contract_w, out);
    put_kw(s->standing_w, out);
    for (int p = 0; p < SIMULATE_POLICIES; p++)
        if (r->ran[p])
            put_kw(s->sum[p].peak_w, out);
    buf_char(out, '\n');
}

/* All sites if they were asked for, otherwise those in trouble. */
static void put_sites(const cli *c, bool all, const mizo_region *region, const simulate_result *r, buf *out)
{
    bool ja = japanese(c);
    size_t shown = 0;
    for (size_t i = 0; i < r->nsite; i++)
        shown += all || troubled(r, &r->site[i]);
    if (shown) {
        buf_str(out, ja ? "\n地点ごとの 30 分最大 kW\n" : "\npeak of each site, mean kW of a half-hour\n");
        cli_cell(out, ja ? "地点" : "site", -SITE);
        cli_cell(out, ja ? "契約" : "contract", FIGURE);
        cli_cell(out, ja ? "既往最大" : "standing", FIGURE);
        put_policies(r, out);
    }
    for (size_t i = 0; i < r->nsite; i++)
        if (all || troubled(r, &r->site[i]))
            put_site(region, r, &r->site[i], out);
    if (!all)
        buf_printf(out,
                   ja ? "\n%zu 地点。--sites-table で地点ごとの表\n"
                      : "\n%zu sites; --sites-table lists them\n",
                   r->nsite);
}

static void put_text(const cli *c, const words *w, const mizo_region *region, const simulate_result *r,
                     buf *out)
{
    char from[MIZO_DATE_TEXT], to[MIZO_DATE_TEXT];
    mizo_day_text(w->from, from);
    mizo_day_text(w->to, to);
    buf_printf(out, japanese(c) ? "%s から %s まで、%zu 地点\n\n" : "%s to %s, %zu sites\n\n", from, to,
               r->nsite);
    cli_cell(out, "", LABEL);
    put_policies(r, out);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        put_row(c, &lines[i], region->grid_g_per_kwh > 0, r, out);
    if (r->has_captured)
        buf_printf(out,
                   japanese(c) ? "\nmizo は完全予知の節約の %.1f %% を実現\n"
                               : "\nmizo captured %.1f %% of what perfect foresight saves\n",
                   100 * r->captured);
    put_sites(c, w->table, region, r, out);
}

/* ---- the verb ---- */

static int run_town(cli *c, const words *w, unsigned policies, const town *t)
{
    meter m = { .shown = isatty(STDERR_FILENO), .percent = -1 };
    simulate_options o = {
        .env = c->env,
        .region = t->region,
        .truth = t->store,
        .policies = policies,
        .from = w->from,
        .to = w->to + 1,
        .sites = (int)w->sites,
        .threads = (int)w->threads,
        .seed = (uint64_t)w->seed,
        .progress = on_slot,
        .arg = &m,
    };
    simulate_result r;
    env_interruptible();
    mizo_err e = simulate_run(&o, c->diags, &r);
    if (m.shown)
        fprintf(stderr, "\r                    \r");
    if (e == MIZO_ECANCELED)
        MIZO_DIAG(c->diags, CANCELED, MIZO_NOWHERE, "");
    if (e)
        return cli_status(e);
    buf out;
    buf_init(&out, 0);
    if (w->json)
        put_json(w, t->region, &r, &out);
    else
        put_text(c, w, t->region, &r, &out);
    int status = cli_put(c, &out);
    buf_fini(&out);
    simulate_free(&r);
    return status;
}

static int run(cli *c)
{
    words w = { .seed = 1, .threads = 2 };
    const char *rest[1];
    size_t nrest = 0;
    int status = cli_parse(c, &cli_simulate, &w, rest, &nrest, 0);
    if (status)
        return status;
    if ((status = cli_days_in_order(c, &cli_simulate, w.from, w.to)) != CLI_DONE)
        return status;
    unsigned policies = policies_of(w.policy);
    if (!policies) {
        MIZO_DIAG(c->diags, TOWN_POLICY, MIZO_NOWHERE, w.policy);
        return CLI_INPUT;
    }
    town t;
    mizo_err e = town_open(c->env, w.region, STORE_READ, c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    status = run_town(c, &w, policies, &t);
    town_close(&t);
    return status;
}

const cli_verb cli_simulate = {
    .name = "simulate",
    .args = "--region DIR --from D --to D [--policy P]",
    .help_en = "the closed loop on recorded truth, policy by policy",
    .help_ja = "記録された実績の上で、方策ごとに運転してみる",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
    .run = run,
};
