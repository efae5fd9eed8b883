/* bench_speed.c: mizo bench forecast --speed: how long the forecasts of a whole town take. */
#include "cli/bench_speed.h"

#include <string.h>

#include "mizo/messages/forecast.h"
#include "town/bench/speed.h"

/* What the project has promised of the example town, on one core. */
static const double ALL_S = 1, NOW_S = 0.1, KEPT_MB = 64;

static double all_of(const bench_speed_result *r)
{
    return r->read_s + r->learn_s + r->say_s;
}

static bool met(const bench_speed_result *r)
{
    return all_of(r) < ALL_S && r->now_s < NOW_S && r->kept_mb < KEPT_MB;
}

static void put_json(const bench_speed_result *r, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_day(&j, "day", r->day);
    json_int(&j, "points", r->points);
    json_int(&j, "pv_points", r->pv_points);
    json_int(&j, "slots", r->slots);
    json_int(&j, "quantiles", r->quantiles);
    json_double(&j, "read_s", r->read_s);
    json_double(&j, "learn_s", r->learn_s);
    json_double(&j, "forecast_s", r->say_s);
    json_double(&j, "all_s", all_of(r));
    json_double(&j, "intraday_s", r->now_s);
    json_double(&j, "next_day_s", r->turn_s);
    json_double(&j, "wall_s", r->wall_s);
    json_double(&j, "kept_mb", r->kept_mb);
    json_double(&j, "rss_mb", r->rss_mb);
    json_bool(&j, "met", met(r));
    json_end(&j);
    buf_char(out, '\n');
}

static void put_row(buf *out, const char *what, double v, const char *unit, double aim)
{
    cli_cell(out, what, -46);
    buf_printf(out, "%9.3f %s", v, unit);
    if (aim > 0)
        buf_printf(out, "  < %g%s", aim, v < aim ? "" : "  !");
    buf_char(out, '\n');
}

static void put_text(const bench_speed_result *r, bool ja, buf *out)
{
    char day[MIZO_DATE_TEXT];
    mizo_day_text(r->day, day);
    buf_printf(out,
               ja ? "%s: %d地点(うち太陽光%d)、30分値%d個、分位点%d本。CPU時間、1コア\n"
                  : "%s: %d points (%d with PV), %d half-hours, %d quantiles. CPU time, one core\n",
               day, r->points, r->pv_points, r->slots, r->quantiles);
    put_row(out, ja ? "150日分を読む" : "read 150 days", r->read_s, "s", 0);
    put_row(out, ja ? "学ぶ" : "learn them", r->learn_s, "s", 0);
    put_row(out, ja ? "一日を予測する" : "forecast the day", r->say_s, "s", 0);
    put_row(out, ja ? "ここまで合わせて" : "all of this", all_of(r), "s", ALL_S);
    put_row(out, ja ? "当日の更新" : "the same day again, at noon", r->now_s, "s", NOW_S);
    put_row(out, ja ? "終わった日を学ぶ" : "learn the day that has ended", r->turn_s, "s", 0);
    put_row(out, ja ? "計測値のほかに持つもの" : "held beyond the readings", r->kept_mb, "MB", KEPT_MB);
    put_row(out, ja ? "プロセス全体の最大" : "the process at its highest", r->rss_mb, "MB", 0);
}

int cli_bench_speed(cli *c, const char *region, bool as_json)
{
    town t;
    bench_speed_result r;
    mizo_err e = town_open(c->env, region, STORE_READ, c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    e = bench_speed(&t, &r);
    if (e == MIZO_ENOENT)
        MIZO_DIAG(c->diags, FORECAST_NOTHING, MIZO_NOWHERE, t.region->id);
    town_close(&t);
    if (e)
        return cli_status(e);
    buf out;
    buf_init(&out, 1 << 16);
    if (as_json)
        put_json(&r, &out);
    else
        put_text(&r, strcmp(c->lang, "ja") == 0, &out);
    int status = cli_put(c, &out);
    buf_fini(&out);
    return status;
}
