/* forecast.c: mizo forecast: tomorrow's half-hours, of the town or of one site. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "town/forecast.h"
#include "town/town.h"

typedef struct forecast_options {
    const char *region, *site, *method;
    mizo_day day;
    bool hindcast, keep, json;
} forecast_options;

/* clang-format off */
#define AT(member) offsetof(forecast_options, member)
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "the region directory", "地域のディレクトリ", true, AT(region), 0, 0 },
    { "--day", OPTION_DATE, "D", "the day to forecast, such as 2021-07-05", "予測する日。2021-07-05など", true, AT(day), 0, 0 },
    { "--site", OPTION_TEXT, "S", "one facility or supply point; without it the whole town", "施設か供給地点を一つ。ないときは町全体", false, AT(site), 0, 0 },
    { "--method", OPTION_TEXT, "M", "for the demand: similar-day (the usual) or last-week", "需要の予測方法。similar-day(ふつう)かlast-week", false, AT(method), 0, 0 },
    { "--hindcast", OPTION_FLAG, NULL, "also learn from readings that were imported later, never from the day itself or after", "あとから取り込んだ計測値も使う。当日以降の値は使わない", false, AT(hindcast), 0, 0 },
    { "--keep", OPTION_FLAG, NULL, "keep it in the store as issued", "発行した予測として保存する", false, AT(keep), 0, 0 },
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
    forecast_point *of; /* [npoint] */
    forecast_total total;
    forecast_price price;
    bool has_price;
} forecast_job;

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

static mizo_err foresee(forecast_job *j)
{
    for (size_t i = 0; i < j->npoint; i++) {
        mizo_err e = forecast_of_point(j->desk, j->point[i], &j->of[i]);
        if (e && e != MIZO_ENOENT)
            return e;
        forecast_add(&j->total, &j->of[i]);
    }
    mizo_err e = forecast_of_price(j->desk, &j->price);
    j->has_price = !e;
    if (e && e != MIZO_ENOENT)
        return e;
    if (!j->total.points)
        MIZO_DIAG(j->c->diags, FORECAST_NOTHING, MIZO_NOWHERE, j->o->site ? j->o->site : j->t.region->id);
    return j->total.points ? MIZO_OK : MIZO_ENOENT;
}

static mizo_err keep(forecast_job *j)
{
    store_batch b = { .known = j->c->env->ops->wall_ms(j->c->env),
                      .actor = "operator",
                      .source = "mizo forecast",
                      .note = j->o->hindcast ? "{\"hindcast\":true}" : "" };
    const store_ops *ops = j->t.store->ops;
    MIZO_TRY(ops->batch_begin(j->t.store, &b));
    mizo_err e = MIZO_OK;
    for (size_t i = 0; i < j->npoint && !e; i++)
        e = forecast_keep_point(j->desk, &j->of[i]);
    if (!e && j->has_price)
        e = forecast_keep_price(j->desk, &j->price);
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
        for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
            int64_t low, high;
            forecast_total_band(t, i, &low, &high);
            json_int(w, NULL, k == 0 ? t->mean[i] : k == 1 ? low : k == 2 ? high : t->pv[i]);
        }
        json_end(w);
    }
}

static void put_points_json(json *w, const forecast_job *j)
{
    json_array(w, "points");
    for (size_t i = 0; i < j->npoint; i++) {
        const forecast_point *p = &j->of[i];
        json_object(w, NULL);
        json_text(w, "point", j->t.region->point[p->point].id);
        json_ints(w, "demand_wh", p->demand.mean, MIZO_DAY_SLOTS);
        json_ints(w, "demand_p10_wh", p->demand.p10, MIZO_DAY_SLOTS);
        json_ints(w, "demand_p90_wh", p->demand.p90, MIZO_DAY_SLOTS);
        if (p->has_pv) {
            json_ints(w, "pv_wh", p->pv.mean, MIZO_DAY_SLOTS);
            json_ints(w, "pv_p10_wh", p->pv.p10, MIZO_DAY_SLOTS);
            json_ints(w, "pv_p90_wh", p->pv.p90, MIZO_DAY_SLOTS);
        }
        json_end(w);
    }
    json_end(w);
}

static void put_json(const forecast_job *j, buf *out)
{
    json w;
    json_init(&w, out);
    json_object(&w, NULL);
    json_day(&w, "day", j->o->day);
    json_time(&w, "issued", j->ask.issued, j->t.region->offset);
    json_bool(&w, "hindcast", j->o->hindcast);
    json_text(&w, "method", j->ask.load->name);
    json_int(&w, "forecast_points", j->total.points);
    json_int(&w, "silent_points", j->total.silent);
    put_total_json(&w, &j->total);
    json_bool(&w, "price_known", j->price.known);
    json_ints(&w, "price_myen", j->price.price.mean, MIZO_DAY_SLOTS);
    if (j->o->site)
        put_points_json(&w, j);
    json_end(&w);
    buf_char(out, '\n');
}

static void put_energy(buf *out, int64_t wh)
{
    buf_printf(out, " %11.1f", (double)wh / 1000);
}

static void put_text(const forecast_job *j, buf *out)
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
               issued, ja ? j->ask.load->title_ja : j->ask.load->title_en);
    buf_printf(out,
               ja ? "予測した地点 %d、予測できない地点 %d。kWh(30分)、価格は円/kWh%s\n"
                  : "%d points, %d without enough to learn from. kWh a half-hour; price in yen/kWh%s\n",
               j->total.points, j->total.silent,
               !j->price.known ? ""
               : ja            ? "(発表済み)"
                               : " (published already)");
    const char *const head[] = { ja ? "需要" : "demand", "P10", "P90", ja ? "太陽光" : "PV" };
    cli_cell(out, ja ? "時刻" : "from", 5);
    for (int k = 0; k < 4; k++)
        cli_cell(out, head[k], 12);
    cli_cell(out, ja ? "価格" : "price", 9);
    buf_char(out, '\n');
    int64_t sum[4] = { 0 };
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        int64_t v[4] = { j->total.mean[i], 0, 0, j->total.pv[i] };
        forecast_total_band(&j->total, i, &v[1], &v[2]);
        buf_printf(out, "%02d:%02d", i / 2, i % 2 * 30);
        for (int k = 0; k < 4; k++) {
            put_energy(out, v[k]);
            sum[k] += v[k];
        }
        if (j->has_price && j->price.price.mean[i] != MIZO_MISSING)
            buf_printf(out, " %8.2f\n", j->price.price.mean[i] / 1000.0);
        else
            buf_str(out, "        -\n");
    }
    buf_str(out, ja ? "合計 " : "sum  ");
    put_energy(out, sum[0]);
    buf_printf(out, " %11s %11s", "", "");
    put_energy(out, sum[3]);
    buf_char(out, '\n');
}

static int print(forecast_job *j)
{
    buf out;
    buf_init(&out, 64 << 20);
    if (j->o->json)
        put_json(j, &out);
    else
        put_text(j, &out);
    int status = cli_put(j->c, &out);
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
    j->ask.hindcast = j->o->hindcast;
    j->desk = forecast_desk_new(r, j->t.store, &j->ask);
    j->point = calloc(r->npoint + 1, sizeof *j->point);
    j->of = calloc(r->npoint + 1, sizeof *j->of);
    return j->desk && j->point && j->of ? MIZO_OK : MIZO_ENOMEM;
}

static int work(forecast_job *j)
{
    mizo_err e = prepare(j);
    if (!e) {
        choose(j);
        e = foresee(j);
    }
    if (!e && j->o->keep)
        e = keep(j);
    return e ? cli_status(e) : print(j);
}

static int run(cli *c)
{
    forecast_options o = { .method = "similar-day" };
    size_t n = 0;
    int status = cli_parse(c, &cli_forecast, &o, NULL, &n, 0);
    if (status != CLI_DONE)
        return status;
    forecast_job j = { .c = c, .o = &o };
    j.ask.load = load_method(o.method);
    if (!j.ask.load) {
        MIZO_DIAG(c->diags, FORECAST_NO_METHOD, MIZO_NOWHERE, o.method, "similar-day, last-week");
        return CLI_INPUT;
    }
    mizo_err e = town_open(c->env, o.region, o.keep ? STORE_WRITE : STORE_READ, c->diags, &j.t);
    if (!e && !o.keep)
        mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    status = e ? cli_status(e) : work(&j);
    forecast_desk_free(j.desk);
    free(j.point);
    free(j.of);
    if (!e)
        town_close(&j.t);
    return status;
}

const cli_verb cli_forecast = {
    "forecast",
    "--region DIR --day D [--site S]",
    "demand, PV and price of a day, from what was known before it",
    "一日の需要・太陽光・価格を、前もって分かることから予測する",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
