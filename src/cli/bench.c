/* bench.c: mizo bench: the figures of docs/performance.md, measured here and now. */
#include <math.h>
#include <string.h>

#include "cli/bench_city.h"
#include "cli/bench_joint.h"
#include "cli/bench_optimize.h"
#include "cli/bench_settle.h"
#include "cli/bench_speed.h"
#include "cli/bench_value.h"
#include "cli/cli.h"
#include "mizo/messages/forecast.h"
#include "mizo/messages/store.h"
#include "town/bench/forecast.h"
#include "town/bench/ingest.h"

typedef struct bench_options {
    const char *file, *store, *order, *set, *data, *region;
    int64_t meters, days;
    bool json, all, speed;
} bench_options;

static const option_row rows[] = {
    {.name = "--file",
     .kind = OPTION_TEXT,
     .value = "CSV",
     .help_en = "readings with the columns meter,epoch_s,wh; made here if absent",
     .help_ja = "meter,epoch_s,wh の列を持つ計測値。なければここで作る",
     .offset = offsetof(bench_options,                                                                       file) },
    { .name = "--store",
     .kind = OPTION_TEXT,
     .value = "PATH",
     .help_en = "keep the store at this path, which must be free; otherwise it is removed afterwards",
     .help_ja = "ストアをこの(まだない)パスに残す。指定しなければ終わりに消す",
     .offset = offsetof(bench_options, store) },
    { .name = "--order",
     .kind = OPTION_TEXT,
     .value = "ORDER",
     .help_en = "of the rows that are made here: time, meter or shuffled",
     .help_ja = "ここで作る行の順: time、meter、shuffled",
     .offset = offsetof(bench_options,                                   order) },
    { .name = "--meters",
     .kind = OPTION_INT,
     .value = "N",
     .help_en = "how many are made here (1000)",
     .help_ja = "ここで作るメーターの数 (1000)",
     .offset = offsetof(bench_options,                                                                                           meters),
     .least = 1,
     .most = 100000 },
    { .name = "--days",
     .kind = OPTION_INT,
     .value = "N",
     .help_en = "how many are made here (365); value: only so many of the test span are judged",
     .help_ja = "ここで作る日数 (365)。value: 評価期間のうち何日だけ測るか",
     .offset = offsetof(bench_options,                                                                                      days),
     .least = 1,
     .most = 3660 },
    { .name = "--set",
     .kind = OPTION_TEXT,
     .value = "NAME",
     .help_en = "forecast, value: the public set to measure on",
     .help_ja = "forecast、value: 測る公開データの名",
     .offset = offsetof(bench_options,set) },
    { .name = "--all",
     .kind = OPTION_FLAG,
     .help_en = "forecast, value: every set",
     .help_ja = "forecast、value: すべての公開データ",
     .offset = offsetof(bench_options,                                                                                  all)                                            },
    { .name = "--data",
     .kind = OPTION_TEXT,
     .value = "DIR",
     .help_en = "forecast, value: the folder that holds the sets",
     .help_ja = "forecast、value: 公開データのフォルダ",
     .offset = offsetof(bench_options,                                                                data) },
    { .name = "--speed",
     .kind = OPTION_FLAG,
     .help_en = "forecast: how long a whole town takes, instead of how good it is",
     .help_ja = "forecast: 精度のかわりに、町全体にかかる時間を測る",
     .offset = offsetof(bench_options,                                                                              speed)                                                                                        },
    { .name = "--region",
     .kind = OPTION_TEXT,
     .value = "DIR",
     .help_en = "forecast --speed: the region directory",
     .help_ja = "forecast --speed: 地域のディレクトリ",
     .offset = offsetof(bench_options,                                                                                    region) },
    { .name = "--json",
     .kind = OPTION_FLAG,
     .help_en = "print JSON",
     .help_ja = "JSON で出す",
     .offset = offsetof(bench_options,json)                                                                                   },
};

static void put_json(const bench_ingest_result *r, buf *out)
{
    static const char *const time_of[] = { "q1_s", "q2_s", "q3_s", "q4_s" };
    static const char *const sum_of[] = { "q1_checksum", "q2_checksum", "q3_checksum", "q4_checksum" };
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_int(&j, "readings", r->readings);
    json_double(&j, "wall_s", r->wall_s);
    json_double(&j, "cpu_s", r->cpu_s);
    json_double(&j, "readings_per_s", (double)r->readings / r->wall_s);
    json_int(&j, "bytes", r->bytes);
    json_double(&j, "bytes_per_reading", r->readings ? (double)r->bytes / (double)r->readings : 0);
    for (int i = 0; i < BENCH_QUERIES; i++)
        json_double(&j, time_of[i], r->query_s[i]);
    for (int i = 0; i < BENCH_QUERIES; i++)
        json_int(&j, sum_of[i], r->checksum[i]);
    json_end(&j);
    buf_char(out, '\n');
}

static void put_text(const bench_ingest_result *r, bool ja, buf *out)
{
    static const char *const en[] = { "area curve", "one meter's year", "highest of each month",
                                      "ten largest" };
    static const char *const jp[] = { "全体の曲線", "一つのメーターの一年", "月ごとの最大", "上位十件" };
    char readings[MIZO_NUM_TEXT], bytes[MIZO_NUM_TEXT], rate[MIZO_NUM_TEXT];
    mizo_grouped_text(r->readings, readings);
    mizo_grouped_text(r->bytes, bytes);
    mizo_grouped_text((int64_t)((double)r->readings / r->wall_s), rate);
    buf_printf(out,
               ja ? "%s 件を %.2f 秒 (CPU %.2f 秒) で保存、毎秒 %s 件\n"
                  : "%s readings durable in %.2f s (CPU %.2f s): %s a second\n",
               readings, r->wall_s, r->cpu_s, rate);
    buf_printf(out, ja ? "%s バイト、一件 %.3f バイト\n" : "%s bytes on disk, %.3f a reading\n", bytes,
               r->readings ? (double)r->bytes / (double)r->readings : 0);
    for (int i = 0; i < BENCH_QUERIES; i++)
        buf_printf(out, "q%d  %8.4f s  %12lld  %s\n", i + 1, r->query_s[i], (long long)r->checksum[i],
                   ja ? jp[i] : en[i]);
}

static bool order_of(const char *s, bench_order *out)
{
    static const char *const names[] = { "time", "meter", "shuffled" };
    *out = BENCH_BY_TIME;
    for (int i = 0; s && i < 3; i++)
        if (strcmp(s, names[i]) == 0) {
            *out = (bench_order)i;
            return true;
        }
    return !s;
}

static int run_ingest(cli *c, const bench_options *o)
{
    bench_ingest_options in = { .file = o->file,
                                .store = o->store ? o->store : "mizo-bench-ingest.db",
                                .meters = o->meters ? (int)o->meters : 1000,
                                .days = o->days ? (int)o->days : 365,
                                .keep = o->store != NULL };
    bench_ingest_result result;
    if (!order_of(o->order, &in.order)) {
        MIZO_DIAG(c->diags, BENCH_UNKNOWN, MIZO_NOWHERE, o->order, "time, meter, shuffled");
        return CLI_INPUT;
    }
    mizo_err e = bench_ingest(c->env, &in, c->diags, &result);
    if (e) {
        if (!mizo_diags_count(c->diags, MIZO_ERROR))
            store_explain(c->diags, in.store, e);
        return cli_status(e);
    }
    buf out;
    buf_init(&out, 1 << 16);
    if (o->json)
        put_json(&result, &out);
    else
        put_text(&result, strcmp(c->lang, "ja") == 0, &out);
    int status = cli_put(c, &out);
    buf_fini(&out);
    return status;
}

/* ---- forecast ---- */

static void forecast_json(const bench_forecast_row *row, int n, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_array(&j, "rows");
    for (int i = 0; i < n; i++) {
        json_object(&j, NULL);
        json_text(&j, "set", row[i].set);
        json_text(&j, "measure", row[i].measure);
        json_double(&j, "score", row[i].score);
        json_double(&j, "naive", row[i].naive);
        json_double(&j, "ratio", row[i].ratio);
        json_double(&j, "reference", row[i].reference);
        json_double(&j, "floor", row[i].floor);
        json_double(&j, "lean", row[i].lean);
        json_double(&j, "aim", row[i].aim);
        json_bool(&j, "met", row[i].met);
        json_double(&j, "seconds", row[i].seconds);
        json_double(&j, "rss_mb", row[i].rss_mb);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    buf_char(out, '\n');
}

/* A second figure of a row, under it. */
static void put_beside(buf *out, const char *what, double v, double naive)
{
    if (!isnan(v))
        buf_printf(out, "%-17s%-62s%9.4f                  x %.3f\n", "", what, v, v / naive);
}

static void forecast_text(const bench_forecast_row *row, int n, bool ja, buf *out)
{
    for (int i = 0; i < n; i++) {
        const bench_forecast_row *r = &row[i];
        buf_printf(out, "%-17s%-62s%9.4f  %s%9.4f", r->set, r->measure, r->score, ja ? "素朴" : "naive",
                   r->naive);
        if (isnan(r->ratio))
            buf_printf(out, "          ");
        else
            buf_printf(out, "  x %.3f ", r->ratio);
        buf_printf(out, r->aim < 0.1 ? " (%s %.4f%s)" : " (%s %.2f%s)", ja ? "目標" : "aim", r->aim,
                   r->met ? ""
                   : ja   ? " 未達"
                          : " missed");
        if (!isnan(r->reference))
            buf_printf(out, "  %s %.3f", ja ? "公表値" : "published", r->reference);
        buf_printf(out, "  %.1f s %.0f MB\n", r->seconds, r->rss_mb);
        put_beside(out,
                   ja ? "  1,000 地点を予測する軽い方式では"
                      : "  the same by the recipe for a site of a thousand",
                   r->lean, r->naive);
        put_beside(out,
                   ja ? "  うち各戸に固有で、合計の予測では知りえない分"
                      : "  of it the homes' own doing, beyond any forecast of the sum",
                   r->floor, r->naive);
    }
}

static int run_forecast(cli *c, const bench_options *o)
{
    bench_forecast_row row[BENCH_FORECAST_ROWS];
    int n;
    if (o->speed && o->region)
        return cli_bench_speed(c, o->region, o->json);
    if ((!o->set && !o->all) || !o->data) {
        buf names;
        buf_init(&names, 4096);
        bench_forecast_names(&names);
        MIZO_DIAG(c->diags, BENCH_NEEDS, MIZO_NOWHERE, names.p ? names.p : "");
        buf_fini(&names);
        return CLI_INPUT;
    }
    mizo_err e = bench_forecast(c->env, o->data, o->all ? NULL : o->set, c->diags, row, &n);
    if (e)
        return cli_status(e);
    buf out;
    buf_init(&out, 1 << 16);
    if (o->json)
        forecast_json(row, n, &out);
    else
        forecast_text(row, n, strcmp(c->lang, "ja") == 0, &out);
    int status = cli_put(c, &out);
    buf_fini(&out);
    return status;
}

static int run(cli *c)
{
    bench_options o = { .file = NULL };
    const char *rest[1];
    size_t nrest = 0;
    if (c->argc && strcmp(c->argv[0], "optimize") == 0) /* has options of its own */
        return cli_bench_optimize(c);
    if (c->argc && strcmp(c->argv[0], "settle") == 0)
        return cli_bench_settle(c);
    int status = cli_parse(c, &cli_bench, &o, rest, &nrest, 1);
    if (status != CLI_DONE)
        return status;
    if (nrest == 1 && strcmp(rest[0], "ingest") == 0)
        return run_ingest(c, &o);
    if (nrest == 1 && strcmp(rest[0], "forecast") == 0)
        return run_forecast(c, &o);
    if (nrest == 1 && strcmp(rest[0], "joint") == 0)
        return cli_bench_joint(c, o.data, o.set, o.json);
    if (nrest == 1 && strcmp(rest[0], "city") == 0)
        return cli_bench_city(c, o.region, o.json);
    if (nrest == 1 && strcmp(rest[0], "value") == 0)
        return cli_bench_value(c, &(bench_value_ask){ .set = o.set,
                                                      .data = o.data,
                                                      .region = o.region,
                                                      .days = (int)o.days,
                                                      .all = o.all,
                                                      .json = o.json });
    MIZO_DIAG(c->diags, BENCH_UNKNOWN, MIZO_NOWHERE, nrest ? rest[0] : "",
              "city, ingest, forecast, joint, optimize, settle, value");
    return CLI_INPUT;
}

const cli_verb cli_bench = {
    .name = "bench",
    .args =
        "city [--region DIR] | ingest [--file CSV] [--store PATH] | forecast --set NAME|--all --data DIR | forecast --speed --region DIR | joint --data DIR | optimize [--sites N] | settle [--contracts N] | value --set NAME|--all --data DIR",
    .help_en = "measure, on this machine: the table of docs/performance.md",
    .help_ja = "この機械で測る(docs/performance.md の表)",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
    .run = run,
};
