/* api_house.c: the model that runs, health, metrics. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "mizo/messages/town.h"
#include "server/api.h"
#include "version.h"

void api_model(const api_call *c, http_response *out)
{
    const mizo_region *r = c->view->region;
    const live_model *m = c->model;
    json j;
    api_begin(out, &j);
    json_text(&j, "id", r->id);
    api_names(&j, r->name_ja, r->name_en);
    json_text(&j, "hash", r->hash);
    json_bool(&j, "refused", m && m->refused);
    if (m)
        json_time(&j, "since", m->since, r->offset);
    else
        json_null(&j, "since");
    json_object(&j, "counts");
    json_int(&j, "facilities", (int64_t)r->nfacility);
    json_int(&j, "buildings", (int64_t)r->nbuilding);
    json_int(&j, "points", (int64_t)r->npoint);
    json_int(&j, "pv", (int64_t)r->npv);
    json_int(&j, "batteries", (int64_t)r->nbattery);
    json_int(&j, "chargers", (int64_t)r->ncharger);
    json_int(&j, "vehicles", (int64_t)r->nvehicle);
    json_int(&j, "plants", (int64_t)r->nplant);
    json_end(&j);
    mizo_diags *d = m ? m->diags : NULL;
    json_int(&j, "errors", d ? (int64_t)mizo_diags_count(d, MIZO_ERROR) : 0);
    json_int(&j, "warnings",
             d ? (int64_t)(mizo_diags_count(d, MIZO_WARNING) - mizo_diags_count(d, MIZO_ERROR)) : 0);
    json_array(&j, "diagnoses");
    for (size_t i = 0; d && i < mizo_diags_kept(d); i++)
        api_diag(&j, NULL, mizo_diags_at(d, i));
    json_end(&j);
    json_end(&j);
}

/* What the view says of the store that keeps it. */
static const char *store_state(const town_view *v)
{
    for (size_t i = 0; v && i < v->nalert; i++) {
        if (v->alert[i].what.id == MIZO_MSG_TOWN_STORE_FAILED)
            return "failed";
        if (v->alert[i].what.id == MIZO_MSG_TOWN_STORE_FULL)
            return "full";
    }
    return "well";
}

void api_health(const api_call *c, http_response *out)
{
    const town_view *v = c->view;
    json j;
    api_begin(out, &j);
    out->status = v ? 200 : 503;
    const char *state = !v                              ? "starting"
                        : c->model && c->model->refused ? "model-refused"
                        : v->running                    ? "running"
                                                        : "ended";
    json_text(&j, "state", state);
    json_text(&j, "version", MIZO_VERSION);
    json_text(&j, "store", store_state(v));
    if (v)
        json_time(&j, "now", v->now, v->region->offset);
    else
        json_null(&j, "now");
    json_int(&j, "up_s", (c->env->ops->wall_ms(c->env) - c->started) / 1000);
    json_end(&j);
}

/* ---- metrics: Prometheus text ---- */

static void metric(buf *b, const char *name, const char *kind, const char *help, int64_t v)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n%s %" PRId64 "\n", name, help, name, kind, name, v);
}

/* Second word of /proc/self/statm: pages in memory. 0: not known here. */
static int64_t resident_bytes(env *e)
{
    buf b;
    buf_init(&b, 4096);
    long long pages = 0;
    if (e->ops->read_file(e, "/proc/self/statm", &b) == MIZO_OK && b.p &&
        sscanf(b.p, "%*s %lld", &pages) != 1)
        pages = 0;
    buf_fini(&b);
    return pages * 4096;
}

static void put_link(buf *b, const http_counts *n)
{
    metric(b, "mizo_http_requests_total", "counter", "requests since the start", n->requests);
    metric(b, "mizo_http_refused_total", "counter", "connections above the bound", n->refused);
    metric(b, "mizo_http_sent_bytes_total", "counter", "bytes of bodies sent", n->bytes);
    metric(b, "mizo_http_connections", "gauge", "connections now", n->connections);
    metric(b, "mizo_http_streams", "gauge", "event streams now", n->streams);
    buf_str(b,
            "# HELP mizo_http_responses_total answers by class\n# TYPE mizo_http_responses_total counter\n");
    for (int i = 2; i < 6; i++)
        buf_printf(b, "mizo_http_responses_total{class=\"%dxx\"} %" PRId64 "\n", i, n->by_class[i]);
}

static void put_town(buf *b, const town_view *v)
{
    town_flow f = town_flow_now(v);
    metric(b, "mizo_town_time_seconds", "gauge", "the town's clock, unix seconds", v->now / 1000);
    metric(b, "mizo_town_running", "gauge", "1 while the clock runs", v->running);
    metric(b, "mizo_town_alerts", "gauge", "alerts now", (int64_t)v->nalert);
    metric(b, "mizo_town_vans_short", "gauge", "vans that left short today", v->vans_short);
    metric(b, "mizo_town_demand_watts", "gauge", "demand of all points", f.demand);
    metric(b, "mizo_town_solar_watts", "gauge", "generation on roofs", f.solar);
    metric(b, "mizo_town_plants_watts", "gauge", "generation of the town's plants", f.plants);
    metric(b, "mizo_town_grid_in_watts", "gauge", "taken from outside", f.grid_in);
    metric(b, "mizo_town_grid_out_watts", "gauge", "given to outside", f.grid_out);
    if (v->total_now.soc_wh != MIZO_MISSING)
        metric(b, "mizo_town_stored_watthours", "gauge", "held in batteries", v->total_now.soc_wh);
    if (v->plan_sites > 0)
        buf_printf(
            b,
            "# HELP mizo_plan_gap_ratio gap of the latest plan to its bound\n# TYPE mizo_plan_gap_ratio "
            "gauge\nmizo_plan_gap_ratio %.9f\n",
            v->plan_gap);
}

void api_metrics(const api_call *c, http_response *out)
{
    out->type = "text/plain; version=0.0.4; charset=utf-8";
    buf *b = &out->body;
    metric(b, "mizo_start_time_seconds", "gauge", "unix seconds", c->started / 1000);
    int64_t resident = resident_bytes(c->env);
    if (resident > 0)
        metric(b, "mizo_resident_bytes", "gauge", "memory in use", resident);
    put_link(b, &c->counts);
    if (c->view)
        put_town(b, c->view);
}
