/* bench_settle.c: mizo bench settle: how fast a year of half-hours becomes bills. */
#include "cli/bench_settle.h"

#include <math.h>
#include <string.h>

#include "town/bench/desk.h"
#include "town/bench/settle.h"

typedef struct settle_options {
    const char *real, *store;
    int64_t contracts, peer, entries, match, threads;
    bool json;
} settle_options;

/* clang-format off */
static const option_row rows[] = {
    { "--contracts", OPTION_INT, "N", "contracts, each with a year of half-hours (1000); above 1000 they are made on the fly", "契約数。それぞれ一年の30分値 (1000)。1000 を超えるとその場で作る", false, offsetof(settle_options, contracts), 1, 10000000 },
    { "--peer", OPTION_INT, "N", "how many of them SQL bills beside it, at most 1000 (100); its time is scaled", "並べて SQL で計算する契約数、最大 1000 (100)。時間は比例で換算する", false, offsetof(settle_options, peer), 0, SETTLE_STORED },
    { "--entries", OPTION_INT, "N", "entries for the books (1000000); 0: not measured", "帳簿の仕訳の数 (1000000)。0 は測らない", false, offsetof(settle_options, entries), 0, 100000000 },
    { "--match", OPTION_INT, "DAYS", "days of the matching of 1,050 consumers and 600 sources (365); 0: not measured", "1,050 の需要と 600 の電源の突き合わせの日数 (365)。0 は測らない", false, offsetof(settle_options, match), 0, 366 },
    { "--threads", OPTION_INT, "N", "threads (2)", "スレッド数 (2)", false, offsetof(settle_options, threads), 1, 64 },
    { "--real", OPTION_TEXT, "DIR", "also real homes at real prices: the folder that holds lcl_homes and jepx_spot", "実際の家庭と実際の価格でも計算する。lcl_homes と jepx_spot のあるフォルダ", false, offsetof(settle_options, real), 0, 0 },
    { "--store", OPTION_TEXT, "PATH", "scratch store, which must be free; removed afterwards", "計測用のストア(まだないパス)。終わりに消す", false, offsetof(settle_options, store), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(settle_options, json), 0, 0 },
};
/* clang-format on */

static const cli_verb verb = {
    "bench",
    "settle [--contracts N] [--real DIR]",
    "measure how fast a year of half-hours becomes bills",
    "一年の30分値から請求を作る速さを測る",
    rows,
    sizeof rows / sizeof *rows,
    NULL,
};

static void put_way(json *j, const char *key, const bench_settle_way *w)
{
    json_object(j, key);
    json_int(j, "contracts", w->contracts);
    json_int(j, "bills", w->bills);
    json_double(j, "wall_s", w->wall_s);
    json_double(j, "cpu_s", w->cpu_s);
    json_yen(j, "total_yen", w->total);
    json_end(j);
}

static void put_real(json *j, const bench_settle_real *r)
{
    json_object(j, "real");
    json_int(j, "homes", r->homes);
    json_int(j, "months", r->months);
    json_int(j, "bills", r->bills);
    json_int(j, "slots", r->slots);
    json_int(j, "estimated", r->estimated);
    json_int(j, "wh", r->wh);
    json_yen(j, "exact_yen", r->exact);
    json_yen(j, "total_yen", r->total);
    json_yen(j, "left_yen", r->left);
    json_bool(j, "closes", r->closes);
    json_end(j);
}

static void put_desk_way(json *j, const char *key, const bench_desk_way *w, double yen_per_kwh)
{
    json_object(j, key);
    json_int(j, "off_wh", w->off);
    json_yen(j, "gross_yen", w->gross);
    json_yen(j, "net_yen", w->sum.net);
    json_double(j, "yen_per_kwh", yen_per_kwh);
    json_end(j);
}

static void put_desk(json *j, const bench_desk_result *r)
{
    json_object(j, "next_day_plan");
    json_int(j, "days", r->days);
    json_day(j, "first", r->first);
    json_day(j, "last", r->last);
    json_int(j, "use_wh", r->use);
    json_text(j, "prices", r->stand_in ? "jepx_spot tokyo in place of imbalance prices" : "imbalance");
    put_desk_way(j, "own", &r->own, r->own_yen_per_kwh);
    put_desk_way(j, "last_week", &r->last_week, r->last_week_yen_per_kwh);
    json_end(j);
}

static void put_desk_text(const bench_desk_result *r, bool ja, buf *out)
{
    double kwh = (double)r->use / 1000;
    buf_printf(
        out,
        ja ? "翌日計画 (tepco_area をまちの規模に、%d 日、前々日までのデータ、単価は jepx_spot 東京で代用): "
             "差は需要の %.2f %% で %.3f 円/kWh、先週と同じなら %.2f %% で %.3f 円/kWh\n"
           : "next-day plan (tepco_area scaled to the town, %d days, data up to two days before, jepx_spot Tokyo in "
             "place of imbalance prices): off by %.2f %% of the demand, %.3f yen/kWh; as a week before: %.2f %%, "
             "%.3f yen/kWh\n",
        r->days, 100 * (double)r->own.off / 1000 / kwh, r->own_yen_per_kwh,
        100 * (double)r->last_week.off / 1000 / kwh, r->last_week_yen_per_kwh);
}

static double scaled(const bench_settle_result *r)
{
    return r->peer.contracts ? r->peer.wall_s * (double)r->way.contracts / (double)r->peer.contracts : NAN;
}

static void put_json(const bench_settle_result *r, const bench_desk_result *desk, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_int(&j, "contracts", r->way.contracts);
    json_double(&j, "wall_s", r->way.wall_s);
    json_double(&j, "cpu_s", r->way.cpu_s);
    json_int(&j, "bills", r->way.bills);
    json_yen(&j, "total_yen", r->way.total);
    json_double(&j, "match_wall_s", r->match_wall_s);
    json_double(&j, "verify_entries_per_s", r->verify_entries_per_s);
    json_double(&j, "post_entries_per_s", r->post_entries_per_s);
    json_double(&j, "rss_mb", r->rss_mb);
    json_text(&j, "from", r->stored ? "store" : "memory");
    json_yen(&j, "exact_yen", r->way.exact);
    json_yen(&j, "left_yen", r->way.left);
    put_way(&j, "memory", &r->memory);
    if (r->peer.contracts) {
        put_way(&j, "peer", &r->peer);
        json_double(&j, "peer_load_s", r->peer_load_s);
        json_double(&j, "peer_scaled_wall_s", scaled(r));
    }
    json_bool(&j, "same_totals", r->same);
    if (r->has_real)
        put_real(&j, &r->real);
    if (r->has_real)
        put_desk(&j, desk);
    json_end(&j);
    buf_char(out, '\n');
}

static void yen(mizo_uyen v, char out[MIZO_NUM_TEXT])
{
    mizo_grouped_text(v / 1000000, out);
}

static void put_peer(const bench_settle_result *r, bool ja, buf *out)
{
    buf_printf(
        out,
        ja ? "SQLite (一行一計測値の SQL): %lld 契約を %.2f 秒 (読み込み %.1f 秒は除く)、%lld 契約に換算して %.1f 秒: %.0f 倍\n"
           : "SQLite (SQL over a row a reading): %lld contracts in %.2f s (loading, %.1f s, not counted); scaled to %lld: %.1f s, x %.0f\n",
        (long long)r->peer.contracts, r->peer.wall_s, r->peer_load_s, (long long)r->way.contracts, scaled(r),
        scaled(r) / r->way.wall_s);
}

static void put_real_text(const bench_settle_real *r, bool ja, buf *out)
{
    char total[MIZO_NUM_TEXT], left[MIZO_NUM_TEXT];
    yen(r->total, total);
    mizo_decimal_text(r->left, 6, left);
    buf_printf(
        out,
        ja ? "lcl_homes を jepx_spot (東京) の市場連動で: %d 戸 %d 請求、%s 円、端数 %s 円、%s\n"
           : "lcl_homes at jepx_spot (Tokyo), market-linked: %d homes, %d bills, %s yen, %s left by roundings, %s\n",
        r->homes, r->bills, total, left,
        r->closes ? (ja ? "一致する" : "closes exactly") : (ja ? "一致しない" : "does not close"));
}

static void put_text(const bench_settle_result *r, bool ja, buf *out)
{
    char total[MIZO_NUM_TEXT];
    yen(r->way.total, total);
    buf_printf(
        out,
        ja ? "%lld 契約の一年を %lld 請求に: %s から %.3f 秒 (CPU %.3f 秒)、%s 円、%.0f MB\n"
           : "a year of %lld contracts to %lld bills, out of %s: %.3f s (CPU %.3f s), %s yen, %.0f MB\n",
        (long long)r->way.contracts, (long long)r->way.bills,
        r->stored ? (ja ? "ストア" : "a store") : (ja ? "メモリ" : "memory"), r->way.wall_s, r->way.cpu_s,
        total, r->rss_mb);
    if (r->stored)
        buf_printf(out, ja ? "メモリからは %.3f 秒 (CPU %.3f 秒)\n" : "out of memory: %.3f s (CPU %.3f s)\n",
                   r->memory.wall_s, r->memory.cpu_s);
    if (r->peer.contracts)
        put_peer(r, ja, out);
    buf_printf(out, ja ? "どの方法の合計も%s\n" : "the totals of all ways are %s\n",
               r->same ? (ja ? "同じ" : "the same") : (ja ? "違う" : "different"));
    if (!isnan(r->post_entries_per_s))
        buf_printf(out,
                   ja ? "帳簿: 毎秒 %.0f 件を記し、%.0f 件を検証\n"
                      : "books: %.0f entries a second posted, %.0f verified\n",
                   r->post_entries_per_s, r->verify_entries_per_s);
    if (!isnan(r->match_wall_s))
        buf_printf(out, ja ? "突き合わせ %d 日: %.2f 秒\n" : "%d days of matching: %.2f s\n", r->match.days,
                   r->match_wall_s);
    if (r->has_real)
        put_real_text(&r->real, ja, out);
}

int cli_bench_settle(cli *c)
{
    settle_options o = { .contracts = 1000, .peer = 100, .entries = 1000000, .match = 365, .threads = 2 };
    const char *rest[1];
    size_t n = 0;
    int status = cli_parse(c, &verb, &o, rest, &n, 1);
    if (status != CLI_DONE)
        return status;
    bench_settle_options in = { .path = o.store ? o.store : "mizo-bench-settle.db",
                                .contracts = o.contracts,
                                .peer = o.peer,
                                .entries = o.entries,
                                .match_days = (int)o.match,
                                .threads = (int)o.threads,
                                .data = o.real };
    bench_settle_result r;
    bench_desk_result desk = { 0 };
    env_interruptible();
    mizo_err e = bench_settle(c->env, &in, c->diags, &r);
    if (!e && r.has_real)
        e = bench_desk(o.real, c->diags, &desk);
    if (e) {
        if (!mizo_diags_count(c->diags, MIZO_ERROR))
            store_explain(c->diags, in.path, e);
        return cli_status(e);
    }
    buf out;
    buf_init(&out, 1 << 16);
    if (o.json)
        put_json(&r, &desk, &out);
    else
        put_text(&r, cli_japanese(c), &out);
    if (!o.json && r.has_real)
        put_desk_text(&desk, cli_japanese(c), &out);
    status = cli_put(c, &out);
    buf_fini(&out);
    return status != CLI_DONE ? status : r.same && (!r.has_real || r.real.closes) ? CLI_DONE : CLI_NO;
}
