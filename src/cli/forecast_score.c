/* forecast_score.c: the figures of town/foresee/score.h, as a table or as JSON. */
#include "cli/forecast_score.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/env_stream.h"
#include "mizo/messages/forecast.h"
#include "town/foresee/score_json.h"
#include "town/town.h"

typedef struct score_job {
    cli *c;
    const forecast_score *o;
    town t;
    mizo_ref *point;
    size_t npoint;
    score_card card;
} score_job;

/* ---- which points ---- */

static bool wanted(const score_job *j, size_t i)
{
    const mizo_region *r = j->t.region;
    const mizo_point *p = &r->point[i];
    if (p->reading != MIZO_BY_SLOT || p->from >= j->o->to || p->to <= j->o->from)
        return false;
    if (!j->o->site || strcmp(p->id, j->o->site) == 0)
        return true;
    mizo_ref facility = mizo_region_facility(r, j->o->site);
    size_t first, n = facility < 0 ? 0 : mizo_region_uses_of(r, facility, &first);
    for (size_t k = 0; k < n; k++)
        if (r->use[first + k].point == (mizo_ref)i)
            return true;
    return false;
}

static mizo_err choose(score_job *j)
{
    const mizo_region *r = j->t.region;
    const char *site = j->o->site;
    if (site && mizo_region_facility(r, site) < 0 && mizo_region_point(r, site) < 0) {
        MIZO_DIAG(j->c->diags, FORECAST_NO_SITE, MIZO_NOWHERE, site);
        return MIZO_ENOENT;
    }
    j->point = calloc(r->npoint + 1, sizeof *j->point);
    if (!j->point)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < r->npoint; i++)
        if (wanted(j, i))
            j->point[j->npoint++] = (mizo_ref)i;
    return MIZO_OK;
}

static void put_json(const score_job *j, buf *out)
{
    json w;
    json_init(&w, out);
    json_object(&w, NULL);
    score_json(&w, &j->card, j->card.result.nsite);
    json_end(&w);
    buf_char(out, '\n');
}

/* ---- the tables ---- */

static void percent(buf *out, double v, int width)
{
    if (isnan(v))
        buf_printf(out, "%*s", width, "-");
    else
        buf_printf(out, "%*.1f%%", width - 1, 100 * v);
}

static void plain(buf *out, double v, int width)
{
    if (isnan(v))
        buf_printf(out, "%*s", width, "-");
    else
        buf_printf(out, "%*.3f", width, v);
}

static void put_row(buf *out, const char *name, const score_cell *c)
{
    score_figures f = score_of(c);
    cli_cell(out, name, -26);
    percent(out, f.nmae, 9);
    plain(out, f.mase, 8);
    percent(out, f.pinball, 9);
    percent(out, isnan(c->loss) ? NAN : f.coverage, 10);
    for (int k = 0; k < SCORE_NAIVES; k++)
        percent(out, f.naive[k], 12);
    percent(out, f.skill, 9);
    buf_char(out, '\n');
}

static void put_columns(buf *out, bool ja, const char *title)
{
    const char *const head[] = { "nMAE",
                                 "MASE",
                                 "pinball",
                                 "P10-P90",
                                 ja ? "前日" : "yesterday",
                                 ja ? "先週" : "last week",
                                 ja ? "4週平均" : "four weeks",
                                 ja ? "改善" : "better by" };
    static const int width[] = { 9, 8, 9, 10, 12, 12, 12, 10 };
    cli_cell(out, title, -26);
    for (int k = 0; k < 8; k++)
        cli_cell(out, head[k], width[k]);
    buf_char(out, '\n');
}

static void put_leads(const score_job *j, buf *out, const score_table *t, bool ja)
{
    char name[64];
    for (int k = 0; k < j->o->days; k++) {
        buf b;
        buf_init(&b, sizeof name);
        buf_printf(&b, ja ? "  %d日先" : "  %d days ahead", k + 1);
        put_row(out, k ? b.p : ja ? "  翌日" : "  the next day", &t->lead[k]);
        buf_fini(&b);
    }
}

static void put_within(buf *out, const score_table *t, bool ja)
{
    for (int k = 0; k < SCORE_STEPS; k++) {
        if (!t->within[k].n)
            continue;
        buf b;
        buf_init(&b, 256);
        buf_printf(&b, ja ? "  %.1f時間先" : "  %.1f h ahead", score_step[k] / 2.0);
        cli_cell(out, b.p, -26);
        percent(out, score_of(&t->within[k]).nmae, 9);
        buf_str(out, ja ? "  (午前0時の予測のまま" : "  (as said at midnight");
        percent(out, score_of(&t->midnight[k]).nmae, 7);
        buf_str(out, ")\n");
        buf_fini(&b);
    }
}

static void put_hours(buf *out, const score_table *t, bool ja)
{
    buf_str(out, ja ? "  時刻別 nMAE(0時から): " : "  nMAE by hour from 0: ");
    for (int h = 0; h < SCORE_HOURS; h++) {
        double v = score_of(&t->hour[h]).nmae;
        isnan(v) ? buf_str(out, " -") : (void)buf_printf(out, " %.0f", 100 * v);
    }
    buf_str(out, " %\n");
}

static void put_table(const score_job *j, buf *out, score_what what, bool ja)
{
    const score_table *t = &j->card.result.of[what];
    static const char *const title[SCORE_KINDS][2] = {
        {"Demand, site by site",           "需要(地点ごと)"            },
        { "PV, site by site, in daylight", "太陽光(地点ごと、日中)"}
    };
    if (!t->lead[0].n)
        return;
    put_columns(out, ja, title[what][ja]);
    put_leads(j, out, t, ja);
    put_row(out, ja ? "  町の合計、翌日" : "  sum of the town, next day", &j->card.result.town[what]);
    put_within(out, t, ja);
    put_hours(out, t, ja);
}

static void put_sites(const score_job *j, buf *out, bool ja)
{
    enum { WORST = 10 };
    size_t n = j->card.result.nsite < WORST ? j->card.result.nsite : WORST;
    put_columns(out, ja,
                n < j->card.result.nsite ? (ja ? "需要の誤差が大きい地点" : "Demand, the sites missed most")
                                         : (ja ? "地点" : "Demand by site"));
    for (size_t i = 0; i < n; i++) {
        buf b;
        buf_init(&b, 1024);
        buf_printf(&b, "  %s", score_name(j->t.region, j->card.result.site[i].point, ja));
        if (cli_width(b.p) > 25) {
            buf_fini(&b);
            buf_init(&b, 1024);
            buf_printf(&b, "  %s", j->t.region->point[j->card.result.site[i].point].id);
        }
        put_row(out, b.p, &j->card.result.site[i].first[SCORE_DEMAND]);
        buf_fini(&b);
    }
}

static void put_plants(const score_job *j, buf *out, bool ja)
{
    const score_result *r = &j->card.result;
    if (!r->nplant)
        return;
    put_columns(out, ja, ja ? "ごみ発電(翌日)" : "Plants, the next day");
    for (size_t i = 0; i < r->nplant; i++) {
        const mizo_plant *p = &j->t.region->plant[r->plant[i].plant];
        buf b;
        buf_init(&b, 1024);
        buf_printf(&b, "  %s", ja || !p->name_en[0] ? p->name_ja : p->name_en);
        put_row(out, cli_width(b.p) > 25 ? p->id : b.p, &r->plant[i].first);
        buf_fini(&b);
    }
}

static void put_text(const score_job *j, buf *out)
{
    bool ja = cli_japanese(j->c);
    char from[MIZO_DATE_TEXT], to[MIZO_DATE_TEXT];
    mizo_day_text(j->o->from, from);
    mizo_day_text(j->o->to - 1, to);
    buf_printf(
        out,
        ja ? "予測の成績: %s から %s。判定した地点 %zu、判定できない地点 %zu。\n"
             "予測はその日の午前0時までに終わった30分値だけから、答え合わせは現在の計測値による。\n"
           : "How good the forecasts were: %s to %s; %zu points judged, %zu could not be.\n"
             "Each forecast knew the half-hours that had ended before its midnight; truth is as stored "
             "now.\n",
        from, to, j->card.result.nsite, j->card.result.silent);
    put_table(j, out, SCORE_DEMAND, ja);
    put_table(j, out, SCORE_PV, ja);
    put_plants(j, out, ja);
    put_sites(j, out, ja);
}

/* ---- the work ---- */

static mizo_err progress(void *arg, size_t done)
{
    const score_job *j = arg;
    if (env_terminal() && (done % 16 == 0 || done == j->npoint))
        fprintf(stderr, "\r%zu / %zu%s", done, j->npoint, done == j->npoint ? "\r\033[K" : "");
    return env_interrupted() ? MIZO_ECANCELED : MIZO_OK;
}

static mizo_err judge(score_job *j)
{
    score_ask a = { .region = j->t.region,
                    .store = j->t.store,
                    .from = j->o->from,
                    .to = j->o->to,
                    .days = j->o->days,
                    .point = j->point,
                    .npoint = j->npoint,
                    .plants = !j->o->site,
                    .done = progress,
                    .arg = j };
    mizo_err e = score_run(&a, &j->card.result);
    if (e == MIZO_ENOENT)
        MIZO_DIAG(j->c->diags, FORECAST_NOTHING, MIZO_NOWHERE, j->o->site ? j->o->site : j->t.region->id);
    return e;
}

static int print(score_job *j)
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

int cli_forecast_score(cli *c, const forecast_score *o)
{
    score_job j = {
        .c = c, .o = o, .card = {.from = o->from, .to = o->to, .days = o->days}
    };
    mizo_err e = town_open(c->env, o->region, STORE_READ, c->diags, &j.t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    j.card.region = j.t.region;
    e = choose(&j);
    if (!e)
        e = judge(&j);
    int status = e ? cli_status(e) : print(&j);
    score_free(&j.card.result);
    free(j.point);
    town_close(&j.t);
    return status;
}
