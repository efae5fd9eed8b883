/* bench_joint.c: mizo bench joint: how honest a town's sum is, on public sets of many sites. */
#include "cli/bench_joint.h"

#include <math.h>
#include <string.h>

#include "mizo/messages/forecast.h"
#include "town/bench/joint.h"

static const char *const way_id[JOINT_WAYS] = { "summed_quantiles", "independent", "joint_paths", "own" };

static void put_ways(json *j, const joint_result *r)
{
    json_array(j, "ways");
    for (int w = 0; w < JOINT_WAYS; w++) {
        const joint_band *b = &r->band[w];
        json_object(j, NULL);
        json_text(j, "way", way_id[w]);
        json_double(j, "within80", b->within80);
        json_double(j, "within90", b->within90);
        json_double(j, "width80", b->width);
        json_double(j, "pinball", b->pinball);
        if (!isnan(b->day80))
            json_double(j, "day_within80", b->day80);
        json_end(j);
    }
    json_end(j);
}

static void put_json(const joint_result *r, int n, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_array(&j, "rows");
    for (int i = 0; i < n; i++) {
        json_object(&j, NULL);
        json_text(&j, "set", r[i].set);
        json_int(&j, "sites", r[i].sites);
        json_int(&j, "days", r[i].days);
        put_ways(&j, &r[i]);
        json_double(&j, "nmae_sum_of_sites", r[i].bottom);
        json_double(&j, "nmae_own", r[i].own);
        json_double(&j, "nmae_reconciled", r[i].reconciled);
        json_double(&j, "nmae_sites_before", r[i].sites_before);
        json_double(&j, "nmae_sites_after", r[i].sites_after);
        json_double(&j, "nrmse_sites_before", r[i].square_before);
        json_double(&j, "nrmse_sites_after", r[i].square_after);
        json_double(&j, "spread_said", r[i].spread_said);
        json_double(&j, "spread_seen", r[i].spread_seen);
        json_double(&j, "path_ms", r[i].path_ms);
        json_double(&j, "seconds", r[i].seconds);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    buf_char(out, '\n');
}

static void put_text(const joint_result *r, bool ja, buf *out)
{
    static const char *const en[] = { "sites' quantiles added up", "as if independent", "joint paths",
                                      "the sum's own forecaster" };
    static const char *const jp[] = { "各地点の分位点の和", "独立とみなす", "同時シナリオ",
                                      "合計そのものの予測" };
    buf_printf(out, ja ? "%s: %d 地点, %d 日\n" : "%s: %d sites, %d days\n", r->set, r->sites, r->days);
    cli_cell(out, ja ? "合計の幅" : "band of the sum", 30);
    buf_str(out, ja ? "  80%帯   90%帯   帯の幅   ピンボール  一日80%\n"
                    : "in 80 %  in 90 %   width   pinball   day in 80 %\n");
    for (int w = 0; w < JOINT_WAYS; w++) {
        const joint_band *b = &r->band[w];
        cli_cell(out, ja ? jp[w] : en[w], 30);
        buf_printf(out, "%7.3f %8.3f %7.3f %9.5f", b->within80, b->within90, b->width, b->pinball);
        if (!isnan(b->day80))
            buf_printf(out, " %10.3f", b->day80);
        buf_char(out, '\n');
    }
    buf_printf(
        out,
        ja ? "平均の外れ: 地点の和 %.5f、合計そのもの %.5f、調整後 %.5f。地点 %.5f -> %.5f (RMS %.4f -> %.4f)\n"
           : "miss of the sum: of the sites %.5f, its own %.5f, reconciled %.5f; sites %.5f -> %.5f "
             "(RMS %.4f -> %.4f)\n",
        r->bottom, r->own, r->reconciled, r->sites_before, r->sites_after, r->square_before, r->square_after);
    buf_printf(out,
               ja ? "広がり: 予測 %.4f、実際 %.4f。シナリオ %.1f ms/日、全体 %.1f 秒\n\n"
                  : "spread: said %.4f, seen %.4f; paths %.1f ms a day, all %.1f s\n\n",
               r->spread_said, r->spread_seen, r->path_ms, r->seconds);
}

int cli_bench_joint(cli *c, const char *data, const char *set, bool as_json)
{
    joint_result r[JOINT_SETS];
    int n = 0;
    if (!data) {
        MIZO_DIAG(c->diags, BENCH_NEEDS, MIZO_NOWHERE, "lcl_homes, cambridge");
        return CLI_INPUT;
    }
    mizo_err e = bench_joint(c->env, data, set, c->diags, r, &n);
    if (e)
        return cli_status(e);
    buf out;
    buf_init(&out, 1 << 16);
    if (as_json)
        put_json(r, n, &out);
    for (int i = 0; i < n && !as_json; i++)
        put_text(&r[i], strcmp(c->lang, "ja") == 0, &out);
    int status = cli_put(c, &out);
    buf_fini(&out);
    return status;
}
