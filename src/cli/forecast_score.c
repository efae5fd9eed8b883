/* forecast_score.c: the figures of town/score.h, as a table or as JSON. */
#include "cli/forecast_score.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/env_stream.h"
#include "town/score.h"
#include "town/town.h"

typedef struct score_job {
    cli *c;
    const forecast_score *o;
    town t;
    mizo_ref *point;
    size_t npoint;
    score_result result;
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

/* The facility that uses a point, for people; the point's own id where there is none. */
static const char *name_of(const score_job *j, mizo_ref point, bool ja)
{
    const mizo_region *r = j->t.region;
    for (size_t k = 0; k < r->nuse; k++)
        if (r->use[k].point == point) {
            const mizo_facility *f = &r->facility[r->use[k].facility];
            return ja || !f->name_en[0] ? f->name_ja : f->name_en;
        }
    return r->point[point].id;
}

/* ---- JSON ---- */

static void put_cell(json *w, const char *name, const score_cell *c)
{
    score_figures f = score_of(c);
    json_object(w, name);
    json_int(w, "slots", c->n);
    json_double(w, "nmae", f.nmae);
    json_double(w, "mase", f.mase);
    json_double(w, "pinball", f.pinball);
    json_double(w, "coverage_80", isnan(c->loss) ? NAN : f.coverage);
    json_double(w, "skill", f.skill);
    json_double(w, "naive_yesterday", f.naive[0]);
    json_double(w, "naive_last_week", f.naive[1]);
    json_double(w, "naive_four_weeks", f.naive[2]);
    json_double(w, "naive_pinball", f.naive_pinball);
    json_end(w);
}

static void put_table_json(const score_job *j, json *w, const char *name, score_what what)
{
    const score_table *t = &j->result.of[what];
    json_object(w, name);
    json_array(w, "lead_days");
    for (int k = 0; k < j->o->days; k++)
        put_cell(w, NULL, &t->lead[k]);
    json_end(w);
    json_array(w, "in_the_day");
    for (int k = 0; k < SCORE_STEPS; k++) {
        json_object(w, NULL);
        json_int(w, "slots_ahead", score_step[k]);
        json_double(w, "nmae", score_of(&t->within[k]).nmae);
        json_double(w, "nmae_at_midnight", score_of(&t->midnight[k]).nmae);
        json_double(w, "coverage_80", score_of(&t->within[k]).coverage);
        json_end(w);
    }
    json_end(w);
    json_array(w, "hour");
    for (int h = 0; h < SCORE_HOURS; h++)
        put_cell(w, NULL, &t->hour[h]);
    json_end(w);
    put_cell(w, "town", &j->result.town[what]);
    json_end(w);
}

static void put_json(const score_job *j, buf *out)
{
    json w;
    json_init(&w, out);
    json_object(&w, NULL);
    json_day(&w, "from", j->o->from);
    json_day(&w, "to", j->o->to);
    json_int(&w, "days_ahead", j->o->days);
    json_int(&w, "points", (int64_t)j->result.nsite);
    json_int(&w, "silent_points", (int64_t)j->result.silent);
    put_table_json(j, &w, "demand", SCORE_DEMAND);
    put_table_json(j, &w, "pv", SCORE_PV);
    json_array(&w, "sites");
    for (size_t i = 0; i < j->result.nsite; i++) {
        const score_site *s = &j->result.site[i];
        json_object(&w, NULL);
        json_text(&w, "point", j->t.region->point[s->point].id);
        json_text(&w, "name_ja", name_of(j, s->point, true));
        json_text(&w, "name_en", name_of(j, s->point, false));
        put_cell(&w, "demand", &s->first[SCORE_DEMAND]);
        if (s->first[SCORE_PV].n)
            put_cell(&w, "pv", &s->first[SCORE_PV]);
        json_end(&w);
    }
    json_end(&w);
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
    const score_table *t = &j->result.of[what];
    static const char *const title[SCORE_KINDS][2] = {
        {"Demand, site by site",           "需要(地点ごと)"            },
        { "PV, site by site, in daylight", "太陽光(地点ごと、日中)"}
    };
    if (!t->lead[0].n)
        return;
    put_columns(out, ja, title[what][ja]);
    put_leads(j, out, t, ja);
    put_row(out, ja ? "  町の合計、翌日" : "  sum of the town, next day", &j->result.town[what]);
    put_within(out, t, ja);
    put_hours(out, t, ja);
}

static int worst_first(const void *a, const void *b)
{
    double x = score_of(&((const score_site *)a)->first[SCORE_DEMAND]).nmae,
           y = score_of(&((const score_site *)b)->first[SCORE_DEMAND]).nmae;
    return isnan(x) || isnan(y) ? isnan(x) - isnan(y) : (x < y) - (x > y);
}

static void put_sites(score_job *j, buf *out, bool ja)
{
    enum { WORST = 10 };
    size_t n = j->result.nsite < WORST ? j->result.nsite : WORST;
    qsort(j->result.site, j->result.nsite, sizeof *j->result.site, worst_first);
    put_columns(out, ja,
                n < j->result.nsite ? (ja ? "需要の誤差が大きい地点" : "Demand, the sites missed most")
                                    : (ja ? "地点" : "Demand by site"));
    for (size_t i = 0; i < n; i++) {
        buf b;
        buf_init(&b, 1024);
        buf_printf(&b, "  %s", name_of(j, j->result.site[i].point, ja));
        if (cli_width(b.p) > 25) {
            buf_fini(&b);
            buf_init(&b, 1024);
            buf_printf(&b, "  %s", j->t.region->point[j->result.site[i].point].id);
        }
        put_row(out, b.p, &j->result.site[i].first[SCORE_DEMAND]);
        buf_fini(&b);
    }
}

static void put_text(score_job *j, buf *out)
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
        from, to, j->result.nsite, j->result.silent);
    put_table(j, out, SCORE_DEMAND, ja);
    put_table(j, out, SCORE_PV, ja);
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
                    .done = progress,
                    .arg = j };
    mizo_err e = score_run(&a, &j->result);
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
    score_job j = { .c = c, .o = o };
    mizo_err e = town_open(c->env, o->region, STORE_READ, c->diags, &j.t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    e = choose(&j);
    if (!e)
        e = judge(&j);
    int status = e ? cli_status(e) : print(&j);
    score_free(&j.result);
    free(j.point);
    town_close(&j.t);
    return status;
}
