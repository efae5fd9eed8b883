/* bench_optimize.c: mizo bench optimize: the town's engine, measured here and now, with CLP and the bare arithmetic
 * beside it. */
#include "cli/bench_optimize.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "mizo/messages/plan.h"
#include "town/bench/floor.h"
#include "town/bench/optimize.h"
#include "town/child.h"

enum { SITES_MOST = 1000000, THREADS_MOST = 256, THREADS_USUAL = 2, GAP_DIGITS = 15 };

static const option_row rows[] = {
    {.name = "--sites",
     .kind = OPTION_INT,
     .value = "N",
     .help_en = "how many sites (1000); with --all the largest town of the table (10000)",
     .help_ja = "地点の数 (1000)。--all では表の最大の町 (10000)",
     .offset = offsetof(optimize_ask,                                                     sites),
     .least = 1,
     .most = SITES_MOST },
    { .name = "--seed",
     .kind = OPTION_INT,
     .value = "K",
     .help_en = "which town (1)",
     .help_ja = "町の番号 (1)",
     .offset = offsetof(optimize_ask,                                                                        seed),
     .least = 1,
     .most = INT32_MAX },
    { .name = "--threads",
     .kind = OPTION_INT,
     .value = "T",
     .help_en = "how many threads (2)",
     .help_ja = "スレッドの数 (2)",
     .offset = offsetof(optimize_ask,                                                                threads),
     .least = 1,
     .most = THREADS_MOST },
    { .name = "--gap",
     .kind = OPTION_TEXT,
     .value = "G",
     .help_en = "relative gap to stop at (1e-6)",
     .help_ja = "打ち切る相対ギャップ (1e-6)",
     .offset = offsetof(optimize_ask,gap) },
    { .name = "--warm",
     .kind = OPTION_FLAG,
     .help_en = "then change loads by 2 % and prices by 5 %, and solve again from there",
     .help_ja = "需要を 2 %、価格を 5 % 動かし、前の解から解き直す",
     .offset = offsetof(optimize_ask,                                                              warm)                                        },
    { .name = "--floor",
     .kind = OPTION_FLAG,
     .help_en = "the bare arithmetic of 40 passes beside it",
     .help_ja = "40 回分の演算だけの時間も測る",
     .offset = offsetof(optimize_ask,                                                       floor)},
    { .name = "--clp",
     .kind = OPTION_FLAG,
     .help_en = "CLP's barrier on the same town, in a process of its own",
     .help_ja = "同じ町を CLP の内点法でも解く(別プロセス)",
     .offset = offsetof(optimize_ask,                                                       clp)                            },
    { .name = "--only-clp",
     .kind = OPTION_FLAG,
     .help_en = "CLP's barrier alone, in this process",
     .help_ja = "CLP の内点法だけを、このプロセスで",
     .offset = offsetof(optimize_ask,                                                       only_clp)               },
    { .name = "--seeds",
     .kind = OPTION_TEXT,
     .value = "K,K..",
     .help_en = "several towns of --sites each, and their median",
     .help_ja = "--sites の町をいくつも解き、中央値を出す",
     .offset = offsetof(optimize_ask,                                   seeds) },
    { .name = "--all",
     .kind = OPTION_FLAG,
     .help_en = "the whole table: 1, 1,000, 10,000 sites, seeds 1, 7, 77, with --warm and --floor",
     .help_ja = "表のすべて: 1、1,000、10,000 地点、町 1、7、77、--warm と --floor つき",
     .offset = offsetof(optimize_ask,                                                       all)                                                                   },
    { .name = "--json",
     .kind = OPTION_FLAG,
     .help_en = "print JSON",
     .help_ja = "JSON で出す",
     .offset = offsetof(optimize_ask,               json)                                                                },
};

static const cli_verb verb = {
    .name = "bench optimize",
    .args = "[--sites N] [--seed K] [--threads T] [--gap G] [--warm] [--floor] [--clp] | --all | --only-clp",
    .help_en = "plan a town of so many sites as one, and tell the time, the memory and the gap",
    .help_ja = "その数の地点からなる町を一つとして計画し、時間・メモリ・ギャップを測る",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
};

/* ---- CLP ---- */

typedef struct peer {
    bool there;
    bench_clp_result r;
} peer;

static void put_clp_fields(json *j, const bench_clp_result *r)
{
    json_double(j, "wall_s", r->wall_s);
    json_double(j, "cpu_s", r->cpu_s);
    json_double(j, "objective", r->objective);
    json_double(j, "bound", r->bound);
    json_double(j, "rss_mb", r->rss_mb);
    json_int(j, "iterations", r->iterations);
    json_int(j, "columns", r->columns);
    json_int(j, "rows", r->rows);
}

static void put_clp_text(const bench_clp_result *r, bool ja, buf *out)
{
    buf_printf(out,
               ja ? "CLP (内点法)   %.3f 秒 (CPU %.3f 秒)、%.6f 円、%.0f MB、%d 回\n"
                  : "CLP barrier    %.3f s (CPU %.3f s), %.6f yen, %.0f MB, %d iterations\n",
               r->wall_s, r->cpu_s, r->objective, r->rss_mb, r->iterations);
}

static int failed(cli *c, const bench_optimize_options *o, mizo_err e)
{
    char sites[24];
    snprintf(sites, sizeof sites, "%zu", o->sites);
    if (e == MIZO_ERANGE)
        MIZO_DIAG(c->diags, BENCH_TOO_LARGE, MIZO_NOWHERE, sites);
    return cli_status(e);
}

static int run_only_clp(cli *c, const optimize_ask *ask, const bench_optimize_options *o)
{
    bench_clp_result r;
    mizo_err e = bench_clp(c->env, o, c->diags, &r);
    if (e)
        return failed(c, o, e);
    buf out;
    buf_init(&out, 1 << 16);
    if (ask->json) {
        json j;
        json_init(&j, &out);
        json_object(&j, NULL);
        json_int(&j, "sites", (int64_t)o->sites);
        json_int(&j, "seed", (int64_t)o->seed);
        json_object(&j, "clp");
        put_clp_fields(&j, &r);
        json_end(&j);
        json_end(&j);
        buf_char(&out, '\n');
    } else {
        put_clp_text(&r, cli_japanese(c), &out);
    }
    int status = cli_put(c, &out);
    buf_fini(&out);
    return status;
}

double bench_number(const buf *from, const char *inside, const char *key)
{
    json_reader reader;
    json_token t;
    bool in = !inside;
    json_read_init(&reader, from->p, from->n);
    while (json_next(&reader, &t) == MIZO_OK && t.kind != JSON_END) {
        if (inside && t.depth == 1)
            in = t.kind == JSON_OBJECT && strcmp(t.key, inside) == 0;
        if (in && t.kind == JSON_NUMBER && t.depth == (inside ? 2 : 1) && strcmp(t.key, key) == 0)
            return strtod(t.text, NULL);
    }
    return NAN;
}

/* The fields of "clp" as run_only_clp writes them. */
static void read_clp(const buf *from, bench_clp_result *r)
{
    *r = (bench_clp_result){ .wall_s = bench_number(from, "clp", "wall_s"),
                             .cpu_s = bench_number(from, "clp", "cpu_s"),
                             .objective = bench_number(from, "clp", "objective"),
                             .bound = bench_number(from, "clp", "bound"),
                             .rss_mb = bench_number(from, "clp", "rss_mb"),
                             .iterations = (int)bench_number(from, "clp", "iterations"),
                             .columns = (int)bench_number(from, "clp", "columns"),
                             .rows = (int)bench_number(from, "clp", "rows") };
}

/* In a child, so that its memory is its own. Its exit status, with what it complained of already said. */
static int ask_clp(const bench_optimize_options *o, peer *p)
{
    char sites[24], seed[24];
    snprintf(sites, sizeof sites, "%zu", o->sites);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)o->seed);
    const char *words[] = { "bench", "optimize", "--only-clp", "--json", "--sites",
                            sites,   "--seed",   seed,         NULL };
    buf said;
    int status = CLI_FAILED;
    buf_init(&said, 1 << 16);
    mizo_err e = child_run(words, &said, &status);
    if (!e && status == CLI_DONE) {
        read_clp(&said, &p->r);
        p->there = true;
    }
    buf_fini(&said);
    return e ? CLI_FAILED : status;
}

/* ---- one town ---- */

static const char *status_text(mizo_plan_status s)
{
    return s == MIZO_PLAN_OPTIMAL ? "optimal" : s == MIZO_PLAN_STOPPED ? "stopped" : "none";
}

static void put_warm_json(json *j, const bench_optimize_result *r)
{
    json_double(j, "warm_wall_s", r->warm.wall_s);
    json_double(j, "warm_cpu_s", r->warm.cpu_s);
    json_int(j, "warm_iterations", r->warm.iterations);
    json_double(j, "warm_objective", r->warm.objective);
    json_double(j, "warm_gap", r->warm.gap);
    json_double(j, "cold_of_changed_wall_s", r->changed.wall_s);
    json_double(j, "cold_of_changed_cpu_s", r->changed.cpu_s);
    json_int(j, "cold_of_changed_iterations", r->changed.iterations);
    json_double(j, "cold_of_changed_objective", r->changed.objective);
}

static void put_json(const bench_optimize_result *r, const peer *p, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_int(&j, "sites", (int64_t)r->asked.sites);
    json_int(&j, "seed", (int64_t)r->asked.seed);
    json_int(&j, "threads", r->asked.threads);
    json_double(&j, "wall_s", r->cold.wall_s);
    json_double(&j, "cpu_s", r->cold.cpu_s);
    json_double(&j, "state_mb", r->state_mb);
    json_double(&j, "rss_mb", r->rss_mb);
    json_double(&j, "objective", r->cold.objective);
    json_double(&j, "bound", r->cold.bound);
    json_double(&j, "gap", r->cold.gap);
    json_int(&j, "iterations", r->cold.iterations);
    json_text(&j, "status", status_text(r->cold.status));
    json_double(&j, "residual", r->cold.residual);
    json_double(&j, "build_s", r->build_s);
    json_int(&j, "runs", r->runs);
    if (r->asked.warm)
        put_warm_json(&j, r);
    if (r->asked.floor) {
        json_object(&j, "floor");
        json_int(&j, "passes", BENCH_FLOOR_PASSES);
        json_double(&j, "wall_s", r->floor_wall_s);
        json_double(&j, "cpu_s", r->floor_cpu_s);
        json_end(&j);
        json_double(&j, "over_floor", r->cold.wall_s / r->floor_wall_s);
    }
    if (p->there) {
        json_object(&j, "clp");
        put_clp_fields(&j, &p->r);
        json_end(&j);
        json_double(&j, "ratio", p->r.cpu_s / r->cold.cpu_s);
    }
    json_end(&j);
    buf_char(out, '\n');
}

static void put_solve(const char *what, const bench_solve *s, bool ja, buf *out)
{
    cli_cell(out, what, -15);
    buf_printf(out,
               ja ? "%.6f 秒 (CPU %.6f 秒)、%d 回、%.6f 円、下界 %.6f、ギャップ %.1e%s\n"
                  : "%.6f s (CPU %.6f s), %d iterations, %.6f yen, bound %.6f, gap %.1e%s\n",
               s->wall_s, s->cpu_s, s->iterations, s->objective, s->bound, s->gap,
               s->status == MIZO_PLAN_OPTIMAL ? "" : " !");
}

static void put_text(const bench_optimize_result *r, const peer *p, bool ja, buf *out)
{
    char sites[MIZO_NUM_TEXT];
    mizo_grouped_text((int64_t)r->asked.sites, sites);
    buf_printf(out,
               ja ? "%s 地点、町 %llu、%d スレッド。作成 %.3f 秒、エンジン %.2f MB、プロセス %.0f MB\n"
                  : "%s sites, town %llu, threads: %d. Built in %.3f s; engine %.2f MB, process %.0f MB\n",
               sites, (unsigned long long)r->asked.seed, r->asked.threads, r->build_s, r->state_mb,
               r->rss_mb);
    put_solve(ja ? "初めから" : "cold", &r->cold, ja, out);
    if (r->asked.warm) {
        put_solve(ja ? "前の解から" : "changed, warm", &r->warm, ja, out);
        put_solve(ja ? "同じく初めから" : "changed, cold", &r->changed, ja, out);
    }
    if (r->asked.floor)
        buf_printf(out,
                   ja ? "演算だけ       %d 回で %.6f 秒 (CPU %.6f 秒)。エンジンはその %.2f 倍\n"
                      : "arithmetic     %d passes %.6f s (CPU %.6f s): the engine takes %.2f times that\n",
                   BENCH_FLOOR_PASSES, r->floor_wall_s, r->floor_cpu_s, r->cold.wall_s / r->floor_wall_s);
    if (p->there) {
        put_clp_text(&p->r, ja, out);
        buf_printf(out, ja ? "CPU 時間の比   %.0f\n" : "ratio          %.0f (CPU)\n",
                   p->r.cpu_s / r->cold.cpu_s);
    }
}

static int run_one(cli *c, const optimize_ask *ask, const bench_optimize_options *o)
{
    bench_optimize_result r;
    peer p = { .there = false };
    mizo_err e = bench_optimize(c->env, o, &r);
    if (e)
        return failed(c, o, e);
    int status = ask->clp ? ask_clp(o, &p) : CLI_DONE;
    if (status != CLI_DONE) {
        c->said = true;
        return status;
    }
    buf out;
    buf_init(&out, 1 << 16);
    if (ask->json)
        put_json(&r, &p, &out);
    else
        put_text(&r, &p, cli_japanese(c), &out);
    status = cli_put(c, &out);
    buf_fini(&out);
    return status == CLI_DONE && r.cold.status != MIZO_PLAN_OPTIMAL ? CLI_NO : status;
}

/* "1e-6"; 0: not said. False: no gap that can be. */
static bool gap_of(const char *text, double *out)
{
    int64_t v;
    *out = 0;
    if (!text)
        return true;
    if (mizo_decimal_parse(text, strlen(text), GAP_DIGITS, &v) || v <= 0 || v > 1000000000000000)
        return false;
    *out = (double)v * 1e-15;
    return true;
}

int cli_bench_optimize(cli *c)
{
    optimize_ask ask = { .sites = 0 };
    bench_optimize_options o = { .sites = 1000, .seed = 1, .threads = THREADS_USUAL };
    const char *rest[1];
    size_t nrest = 0;
    int status = cli_parse(c, &verb, &ask, rest, &nrest, 1);
    if (status != CLI_DONE)
        return status;
    if (!gap_of(ask.gap, &o.gap)) {
        MIZO_DIAG(c->diags, BENCH_GAP, MIZO_NOWHERE, ask.gap);
        return CLI_INPUT;
    }
    o.sites = ask.sites ? (size_t)ask.sites : o.sites;
    o.seed = ask.seed ? (uint64_t)ask.seed : o.seed;
    o.threads = ask.threads ? (int)ask.threads : o.threads;
    o.warm = ask.warm;
    o.floor = ask.floor;
    if (ask.only_clp)
        return run_only_clp(c, &ask, &o);
    return ask.all || ask.seeds ? cli_bench_optimize_table(c, &ask) : run_one(c, &ask, &o);
}
