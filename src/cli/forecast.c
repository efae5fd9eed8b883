/* forecast.c: mizo forecast: tomorrow's half-hours, of the town or of one site. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/forecast_paths.h"
#include "cli/forecast_plants.h"
#include "cli/forecast_portfolio.h"
#include "cli/forecast_score.h"
#include "mizo/messages/forecast.h"
#include "town/foresee/forecast.h"
#include "town/town.h"

typedef struct forecast_options {
    const char *region, *site, *method, *supplier;
    mizo_day day, from, to;
    int64_t days, paths;
    bool hindcast, keep, json, score, portfolio;
    cli_who who;
} forecast_options;

/* clang-format off */
#define AT(member) offsetof(forecast_options, member)
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "the region directory", "地域のディレクトリ", true, AT(region), 0, 0 },
    { "--day", OPTION_DATE, "D", "the day to forecast, such as 2021-07-05", "予測する日。2021-07-05など", false, AT(day), 0, 0 },
    { "--days", OPTION_INT, "N", "how many days from there on, 1 to 8", "そこから何日分か(1から8)", false, AT(days), 1, MIZO_AHEAD },
    { "--site", OPTION_TEXT, "S", "one facility or supply point; without it the whole town", "施設か供給地点を一つ。ないときは町全体", false, AT(site), 0, 0 },
    { "--paths", OPTION_INT, "N", "the whole town: N joint paths of every point that keep how misses hang together, as CSV or JSON", "町全体: 外れ方の連動を保つ全地点の同時シナリオをN本、CSVかJSONで出す", false, AT(paths), 1, MIZO_PATHS },
    { "--method", OPTION_TEXT, "M", "for the demand: foresight (the usual), similar-day or last-week", "需要の予測方法。foresight(ふつう)、similar-day、last-week", false, AT(method), 0, 0 },
    { "--hindcast", OPTION_FLAG, NULL, "also learn from readings that were imported later, never from the day itself or after", "あとから取り込んだ計測値も使う。当日以降の値は使わない", false, AT(hindcast), 0, 0 },
    { "--keep", OPTION_FLAG, NULL, "keep the first day in the store as issued", "最初の日を、発行した予測として保存する", false, AT(keep), 0, 0 },
    { "--score", OPTION_FLAG, NULL, "how good the forecasts of a span were: by lead time, hour, site and plant, beside naive ones", "ある期間の予測の成績。先の時間別・時刻別・地点別・発電所別に、単純な予測と並べる", false, AT(score), 0, 0 },
    { "--portfolio", OPTION_FLAG, NULL, "the points in supply by the contract calendar, each on the days of its contract; who joins and who leaves", "契約カレンダーで供給中の地点の需要(契約のある日だけ数える)と、加わる地点・離れる地点", false, AT(portfolio), 0, 0 },
    { "--supplier", OPTION_TEXT, "S", "with --portfolio: of that supplier alone", "--portfolioのとき、その供給者の分だけ", false, AT(supplier), 0, 0 },
    { "--from", OPTION_DATE, "D", "with --score: the first day", "--scoreの最初の日", false, AT(from), 0, 0 },
    { "--to", OPTION_DATE, "D", "with --score: the last day", "--scoreの最後の日", false, AT(to), 0, 0 },
    CLI_WHO_ROWS(forecast_options, who),
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, AT(json), 0, 0 },
};
#undef AT
/* clang-format on */

typedef struct forecast_job {
    cli *c;
    const forecast_options *o;
    town t;
    forecast_desk *desk;
    forecast_ask ask;
    mizo_ref *point; /* those that are asked for */
    size_t npoint;
    forecast_point one; /* a point at a time */
    buf points;         /* what the JSON says of each */
    forecast_total total;
    foresee_town *whole; /* NULL: a part of the town, or a single member */
    forecast_price price;
    bool has_price;
    actor who; /* of --keep */
} forecast_job;

#define FORESIGHT "foresight"

static bool japanese(const cli *c)
{
    return strcmp(c->lang, "ja") == 0;
}

static const mizo_forecaster *load_method(const char *name)
{
    for (const mizo_forecaster *const *f = mizo_forecasters(); *f; f++)
        if ((*f)->serves == MIZO_Q_IMPORT && strcmp((*f)->name, name) == 0)
            return *f;
    return NULL;
}

/* A facility stands for the points that it uses on that day; a point for itself. */
static void choose(forecast_job *j)
{
    const mizo_region *r = j->t.region;
    const char *site = j->o->site;
    mizo_ref facility = site ? mizo_region_facility(r, site) : -1,
             one = site ? mizo_region_point(r, site) : -1;
    for (size_t i = 0; i < r->npoint; i++) {
        bool wanted = !site || one == (mizo_ref)i;
        size_t first, n = facility >= 0 ? mizo_region_uses_of(r, facility, &first) : 0;
        for (size_t k = 0; k < n; k++)
            wanted |= r->use[first + k].point == (mizo_ref)i && j->o->day >= r->use[first + k].from &&
                      j->o->day < r->use[first + k].to;
        bool there = j->o->day >= r->point[i].from && j->o->day < r->point[i].to;
        if (wanted && there && r->point[i].reading == MIZO_BY_SLOT)
            j->point[j->npoint++] = (mizo_ref)i;
    }
}

/* ---- of each point ---- */

static const char *how(const forecast_job *j, const foresee_out *o)
{
    return !o->has_demand ? "silent" : j->ask.load ? j->ask.load->name : o->borrowed ? "borrowed" : FORESIGHT;
}

static void put_levels(json *w, const char *name, const foresee_band *b, int n)
{
    json_array(w, name);
    for (int k = 0; k < MIZO_QUANTILES; k++) {
        json_array(w, NULL);
        for (int i = 0; i < n; i++)
            b->q[i][k] == MIZO_MISSING ? json_null(w, NULL) : json_int(w, NULL, b->q[i][k]);
        json_end(w);
    }
    json_end(w);
}

static void put_band(json *w, const char *what, const foresee_band *b, int n)
{
    int32_t low[FORESEE_SLOTS], high[FORESEE_SLOTS];
    char name[4][32];
    static const char *const tail[] = { "_wh", "_p10_wh", "_p90_wh", "_levels_wh" };
    for (int i = 0; i < 4; i++)
        snprintf(name[i], sizeof name[i], "%s%s", what, tail[i]);
    for (int i = 0; i < n; i++) {
        low[i] = forecast_low(b, i);
        high[i] = forecast_high(b, i);
    }
    json_ints(w, name[0], b->mean, n);
    json_ints(w, name[1], low, n);
    json_ints(w, name[2], high, n);
    put_levels(w, name[3], b, n);
}

static void put_point_json(forecast_job *j, json *w)
{
    const foresee_out *o = &j->one.said;
    json_object(w, NULL);
    json_text(w, "point", j->t.region->point[j->one.point].id);
    json_text(w, "how", how(j, o));
    put_band(w, "demand", &o->demand, j->total.n);
    if (o->has_pv)
        put_band(w, "pv", &o->pv, j->total.n);
    json_end(w);
}

static mizo_err one_point(forecast_job *j, mizo_ref point, json *w)
{
    mizo_err e = forecast_of_point(j->desk, point, &j->one);
    if (e && e != MIZO_ENOENT)
        return e;
    forecast_add(&j->total, &j->one);
    if (j->o->site && j->o->json && !e)
        put_point_json(j, w);
    return j->o->keep && !e ? forecast_keep_point(j->desk, &j->one) : MIZO_OK;
}

static mizo_err all_points(forecast_job *j)
{
    json w;
    json_init(&w, &j->points);
    json_array(&w, NULL);
    for (size_t i = 0; i < j->npoint; i++)
        MIZO_TRY(one_point(j, j->point[i], &w));
    json_end(&w);
    mizo_err e = forecast_of_price(j->desk, &j->price);
    j->has_price = !e;
    if (e && e != MIZO_ENOENT)
        return e;
    if (j->whole && j->total.points) {
        MIZO_TRY(forecast_join(j->desk, j->o->paths ? (int)j->o->paths : FORESEE_TOWN_PATHS));
        forecast_total_town(&j->total, j->whole);
    }
    if (j->has_price && j->o->keep)
        MIZO_TRY(forecast_keep_price(j->desk, &j->price));
    if (!j->total.points)
        MIZO_DIAG(j->c->diags, FORECAST_NOTHING, MIZO_NOWHERE, j->o->site ? j->o->site : j->t.region->id);
    return j->total.points ? MIZO_OK : MIZO_ENOENT;
}

/* Everything that is kept is of one batch. */
static mizo_err all_points_kept(forecast_job *j)
{
    store_batch b = { .known = j->c->env->ops->wall_ms(j->c->env),
                      .actor = j->who.name,
                      .source = "mizo forecast",
                      .note = j->o->hindcast ? "{\"hindcast\":true}" : "" };
    const store_ops *ops = j->t.store->ops;
    MIZO_TRY(ops->batch_begin(j->t.store, &b));
    mizo_err e = all_points(j);
    if (!e)
        return ops->batch_commit(j->t.store);
    ops->batch_rollback(j->t.store);
    return e;
}

/* ---- printing ---- */

static void put_total_json(json *w, const forecast_total *t)
{
    const char *const name[] = { "demand_wh", "demand_p10_wh", "demand_p90_wh", "pv_wh" };
    for (int k = 0; k < 4; k++) {
        json_array(w, name[k]);
        for (int i = 0; i < t->n; i++) {
            int64_t q[MIZO_QUANTILES];
            forecast_total_levels(t, i, q);
            int64_t low = q[MIZO_Q10] < t->mean[i] ? q[MIZO_Q10] : t->mean[i],
                    high = q[MIZO_Q90] > t->mean[i] ? q[MIZO_Q90] : t->mean[i];
            json_int(w, NULL, k == 0 ? t->mean[i] : k == 1 ? low : k == 2 ? high : t->pv[i]);
        }
        json_end(w);
    }
    json_array(w, "demand_levels_wh");
    for (int k = 0; k < MIZO_QUANTILES; k++) {
        json_array(w, NULL);
        for (int i = 0; i < t->n; i++) {
            int64_t q[MIZO_QUANTILES];
            forecast_total_levels(t, i, q);
            json_int(w, NULL, q[k]);
        }
        json_end(w);
    }
    json_end(w);
}

static forecast_plants plants_of(const forecast_job *j)
{
    return (forecast_plants){
        .region = j->t.region,
        .store = j->t.store,
        .ask = {.day = j->ask.day,
                .days = j->total.n / MIZO_DAY_SLOTS,
                .issued = j->ask.issued,
                .as_of = j->ask.hindcast ? STORE_LATEST : j->ask.issued}
    };
}

static mizo_err put_json(const forecast_job *j, buf *out)
{
    forecast_plants plants = plants_of(j);
    mizo_err e = MIZO_OK;
    json w;
    json_init(&w, out);
    json_object(&w, NULL);
    json_day(&w, "day", j->o->day);
    json_int(&w, "days", j->total.n / MIZO_DAY_SLOTS);
    json_time(&w, "issued", j->ask.issued, j->t.region->offset);
    json_bool(&w, "hindcast", j->o->hindcast);
    json_text(&w, "method", j->ask.load ? j->ask.load->name : FORESIGHT);
    json_int(&w, "forecast_points", j->total.points);
    json_int(&w, "borrowed_points", j->total.borrowed);
    json_int(&w, "silent_points", j->total.silent);
    json_array(&w, "levels");
    for (int k = 0; k < MIZO_QUANTILES; k++)
        json_double(&w, NULL, mizo_quantile[k]);
    json_end(&w);
    put_total_json(&w, &j->total);
    json_bool(&w, "price_known", j->price.known);
    json_ints(&w, "price_myen", j->price.said.mean, j->price.n);
    put_levels(&w, "price_levels_myen", &j->price.said, j->price.n);
    if (j->o->site)
        json_raw(&w, "points", j->points.p);
    else
        e = cli_plants_json(&plants, &w);
    json_end(&w);
    buf_char(out, '\n');
    return e;
}

static void put_energy(buf *out, int64_t wh)
{
    buf_printf(out, " %11.1f", (double)wh / 1000);
}

static void put_head(const forecast_job *j, buf *out)
{
    bool ja = japanese(j->c);
    char day[MIZO_DATE_TEXT], issued[MIZO_INSTANT_TEXT];
    mizo_day_text(j->o->day, day);
    mizo_ms_text(j->ask.issued, j->t.region->offset, issued);
    buf_printf(out,
               ja ? "%s の予測: %s (%s 時点で分かっていたことから、%s)\n"
                  : "Forecast of %s: %s (from what was known at %s, %s)\n",
               day,
               j->o->site ? j->o->site
               : ja       ? j->t.region->name_ja
                          : j->t.region->name_en,
               issued,
               j->ask.load ? (ja ? j->ask.load->title_ja : j->ask.load->title_en)
               : ja        ? "地点ごとに学んだ予測"
                           : "what each point has learned");
    buf_printf(out, ja ? "予測した地点 %d" : "%d points", j->total.points);
    if (j->total.borrowed)
        buf_printf(out, ja ? "(うち同種の施設から借りたもの %d)" : " (%d borrowed from sites of their kind)",
                   j->total.borrowed);
    buf_printf(out,
               ja ? "、予測できない地点 %d。kWh(30分)、価格は円/kWh%s\n"
                  : ", %d without enough to learn from. kWh a half-hour; price in yen/kWh%s\n",
               j->total.silent,
               !j->price.known ? ""
               : ja            ? "(発表済み)"
                               : " (published already)");
}

static void put_slot(const forecast_job *j, int i, buf *out)
{
    const forecast_total *t = &j->total;
    int64_t q[MIZO_QUANTILES];
    forecast_total_levels(t, i, q);
    int64_t v[] = {
        t->mean[i], q[0], q[MIZO_Q10], q[MIZO_Q50], q[MIZO_Q90], q[MIZO_QUANTILES - 1], t->pv[i]
    };
    buf_printf(out, "%02d:%02d", i % MIZO_DAY_SLOTS / 2, i % 2 * 30);
    for (size_t k = 0; k < sizeof v / sizeof *v; k++)
        put_energy(out, v[k]);
    if (j->has_price && i < j->price.n && j->price.said.mean[i] != MIZO_MISSING)
        buf_printf(out, " %8.2f\n", j->price.said.mean[i] / 1000.0);
    else
        buf_str(out, "        -\n");
}

static void put_sum(const forecast_job *j, int from, buf *out)
{
    int64_t demand = 0, pv = 0;
    for (int i = from; i < from + MIZO_DAY_SLOTS; i++) {
        demand += j->total.mean[i];
        pv += j->total.pv[i];
    }
    buf_str(out, japanese(j->c) ? "合計 " : "sum  ");
    put_energy(out, demand);
    buf_printf(out, "%60s", "");
    put_energy(out, pv);
    buf_char(out, '\n');
}

static mizo_err put_text(const forecast_job *j, buf *out)
{
    forecast_plants plants = plants_of(j);
    bool ja = japanese(j->c);
    put_head(j, out);
    const char *const head[] = { ja ? "需要" : "demand", "P5", "P10", "P50", "P90", "P95",
                                 ja ? "太陽光" : "PV" };
    cli_cell(out, ja ? "時刻" : "from", 5);
    for (int k = 0; k < 7; k++)
        cli_cell(out, head[k], 12);
    cli_cell(out, ja ? "価格" : "price", 9);
    buf_char(out, '\n');
    for (int i = 0; i < j->total.n; i++) {
        if (i > 0 && i % MIZO_DAY_SLOTS == 0) {
            char day[MIZO_DATE_TEXT];
            mizo_day_text(j->o->day + i / MIZO_DAY_SLOTS, day);
            buf_printf(out, "%s\n", day);
        }
        put_slot(j, i, out);
        if (i % MIZO_DAY_SLOTS == MIZO_DAY_SLOTS - 1)
            put_sum(j, i + 1 - MIZO_DAY_SLOTS, out);
    }
    return j->o->site ? MIZO_OK : cli_plants_text(&plants, ja, out);
}

static int print(forecast_job *j)
{
    if (j->o->paths)
        return cli_forecast_paths(j->c, &(forecast_paths){ j->t.region, j->whole, j->o->day, j->total.n,
                                                           (int)j->o->paths, j->o->json });
    buf out;
    buf_init(&out, 64 << 20);
    mizo_err e = j->o->json ? put_json(j, &out) : put_text(j, &out);
    int status = e ? cli_status(e) : cli_put(j->c, &out);
    buf_fini(&out);
    return status;
}

/* ---- the verb ---- */

static mizo_err prepare(forecast_job *j)
{
    const mizo_region *r = j->t.region;
    const char *site = j->o->site;
    if (site && mizo_region_facility(r, site) < 0 && mizo_region_point(r, site) < 0) {
        MIZO_DIAG(j->c->diags, FORECAST_NO_SITE, MIZO_NOWHERE, site);
        return MIZO_ENOENT;
    }
    mizo_ms midnight = mizo_slot_ms(mizo_day_slot(j->o->day, r->offset)),
            now = j->c->env->ops->wall_ms(j->c->env);
    j->ask.day = j->o->day;
    j->ask.issued = midnight < now ? midnight : now;
    j->ask.days = (int)j->o->days;
    j->ask.hindcast = j->o->hindcast;
    bool whole = !site && !j->ask.load;
    j->whole = whole ? foresee_town_new(r->npoint, (int)j->o->days * MIZO_DAY_SLOTS) : NULL;
    if (whole && !j->whole)
        return MIZO_ENOMEM;
    j->ask.town = j->whole;
    j->desk = forecast_desk_new(r, j->t.store, &j->ask);
    j->point = calloc(r->npoint + 1, sizeof *j->point);
    buf_init(&j->points, 64 << 20);
    return j->desk && j->point ? MIZO_OK : MIZO_ENOMEM;
}

static int work(forecast_job *j)
{
    mizo_err e = prepare(j);
    if (!e) {
        choose(j);
        e = j->o->keep ? all_points_kept(j) : all_points(j);
    }
    return e ? cli_status(e) : print(j);
}

static int with_town(forecast_job *j)
{
    cli *c = j->c;
    int status = j->o->keep ? cli_actor(c, &j->o->who, j->o->region, ACT_PLAN, &j->who) : CLI_DONE;
    if (status != CLI_DONE)
        return status;
    mizo_err e = town_open_as(c->env, j->o->region, j->o->keep ? STORE_WRITE : STORE_READ, j->who.name,
                              c->diags, &j->t);
    if (e)
        return cli_status(e);
    if (!j->o->keep)
        mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    status = work(j);
    forecast_desk_free(j->desk);
    foresee_town_free(j->whole);
    free(j->point);
    buf_fini(&j->points);
    town_close(&j->t);
    return status;
}

/* Says which option is missing. */
static int lacks(const cli *c, const char *option)
{
    fprintf(stderr, japanese(c) ? "mizo forecast: %s が必要です\n" : "mizo forecast: %s is needed\n", option);
    return CLI_INPUT;
}

static int score(cli *c, const forecast_options *o)
{
    if (o->from == MIZO_DAY_NONE || o->to == MIZO_DAY_NONE)
        return lacks(c, "--from, --to");
    int status = cli_days_in_order(c, &cli_forecast, o->from, o->to);
    forecast_score s = { .region = o->region,
                         .site = o->site,
                         .from = o->from,
                         .to = o->to + 1,
                         .days = (int)o->days,
                         .json = o->json };
    return status == CLI_DONE ? cli_forecast_score(c, &s) : status;
}

static int portfolio_of(cli *c, const forecast_options *o)
{
    if (o->site || o->paths || o->keep || strcmp(o->method, FORESIGHT) != 0) {
        MIZO_DIAG(c->diags, FORECAST_PORTFOLIO_ALONE, MIZO_NOWHERE,
                  o->site    ? "--site"
                  : o->paths ? "--paths"
                  : o->keep  ? "--keep"
                             : "--method");
        return CLI_INPUT;
    }
    return cli_forecast_portfolio(
        c, &(forecast_portfolio){ o->region, o->supplier, o->day, (int)o->days, o->hindcast, o->json });
}

static int run(cli *c)
{
    forecast_options o = {
        .method = FORESIGHT, .days = 1, .day = MIZO_DAY_NONE, .from = MIZO_DAY_NONE, .to = MIZO_DAY_NONE
    };
    size_t n = 0;
    int status = cli_parse(c, &cli_forecast, &o, NULL, &n, 0);
    if (status != CLI_DONE)
        return status;
    if (o.score)
        return score(c, &o);
    if (o.day == MIZO_DAY_NONE)
        return lacks(c, "--day");
    if (o.portfolio)
        return portfolio_of(c, &o);
    if (o.supplier)
        return lacks(c, "--portfolio");
    forecast_job *j = calloc(1, sizeof *j);
    if (!j)
        return cli_status(MIZO_ENOMEM);
    j->c = c;
    j->o = &o;
    j->ask.load = load_method(o.method);
    status = CLI_INPUT;
    if (o.paths && (o.site || j->ask.load))
        MIZO_DIAG(c->diags, FORECAST_PATHS_WHOLE, MIZO_NOWHERE, o.site ? "--site" : "--method");
    else if (j->ask.load || strcmp(o.method, FORESIGHT) == 0)
        status = with_town(j);
    else
        MIZO_DIAG(c->diags, FORECAST_NO_METHOD, MIZO_NOWHERE, o.method, "foresight, similar-day, last-week");
    free(j);
    return status;
}

const cli_verb cli_forecast = {
    "forecast",
    "--region DIR --day D [--days N] [--site S | --paths N | --portfolio [--supplier S]] | --score --from D --to D",
    "demand, PV and price of a day, from what was known before it",
    "一日の需要・太陽光・価格を、前もって分かることから予測する",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
