/* api.c: the table of routes, and what all handlers share. */
#include "server/api.h"

#include <stdarg.h>
#include <string.h>

const api_route api_routes[] = {
    {"/api/v1/town",            { NULL },                        api_town,        false, true },
    { "/api/v1/sites",          { "limit", "after", "q", NULL }, api_sites,       false, true },
    { "/api/v1/sites/{id}",     { NULL },                        api_site,        false, true },
    { "/api/v1/sites/{id}/day", { "date", NULL },                api_site_day,    true,  true },
    { "/api/v1/plants",         { NULL },                        api_plants,      false, true },
    { "/api/v1/achievement",    { "fy", NULL },                  api_achievement, true,  true },
    { "/api/v1/plan",           { NULL },                        api_plan,        false, true },
    { "/api/v1/score",          { NULL },                        api_score,       false, true },
    { "/api/v1/model",          { NULL },                        api_model,       false, true },
    { "/api/v1/health",         { NULL },                        api_health,      false, false},
    { "/api/v1/metrics",        { NULL },                        api_metrics,     true,  false},
};
const size_t api_nroutes = sizeof api_routes / sizeof *api_routes;

const api_route *api_find(const char *path, char id[41])
{
    for (size_t i = 0; i < api_nroutes; i++)
        if (path_match(api_routes[i].path, path, id))
            return &api_routes[i];
    return NULL;
}

static size_t count_params(const api_route *r)
{
    size_t n = 0;
    while (n < sizeof r->params / sizeof *r->params && r->params[n])
        n++;
    return n;
}

void api_answer(const api_route *r, const api_call *c, http_response *out)
{
    const char *stranger = query_stranger(&c->request->q, r->params, count_params(r));
    if (stranger) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_UNKNOWN_PARAMETER, stranger, r->path);
        return;
    }
    if (r->needs_view && !c->view) {
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_STARTING, NULL, NULL);
        out->retry_after = 1;
        return;
    }
    r->answer(c, out);
    if (out->body.err)
        api_problem(c->request, out, 503, MIZO_MSG_OUT_OF_MEMORY, NULL, NULL);
}

/* ---- problems ---- */

static const char *status_text(int status)
{
    switch (status) {
    case 400:
        return "Bad Request";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 414:
        return "URI Too Long";
    case 421:
        return "Misdirected Request";
    case 500:
        return "Internal Server Error";
    default:
        return "Service Unavailable";
    }
}

void api_problem(const http_request *r, http_response *out, int status, mizo_msg id, const char *a,
                 const char *b)
{
    mizo_diag d = {
        .id = id,
        .nparam = b   ? 2
                  : a ? 1
                      : 0,
        .param = {a, b}
    };
    char ja[1024], en[1024];
    mizo_diag_text(&d, "ja", ja, sizeof ja);
    mizo_diag_text(&d, "en", en, sizeof en);
    http_response_fini(out);
    http_response_init(out);
    out->status = status;
    out->type = "application/problem+json";
    json j;
    json_init(&j, &out->body);
    json_object(&j, NULL);
    json_text(&j, "type", "about:blank");
    json_text(&j, "title", status_text(status));
    json_int(&j, "status", status);
    json_text(&j, "id", mizo_msg_name(id));
    json_text(&j, "detail", r->japanese ? ja : en);
    json_text(&j, "detail_ja", ja);
    json_text(&j, "detail_en", en);
    json_end(&j);
}

/* ---- pieces ---- */

void api_begin(http_response *out, json *j)
{
    out->status = 200;
    out->type = "application/json";
    json_init(j, &out->body);
    json_object(j, NULL);
}

void api_int(json *j, const char *key, int32_t v)
{
    if (v == MIZO_MISSING)
        json_null(j, key);
    else
        json_int(j, key, v);
}

void api_names(json *j, const char *ja, const char *en)
{
    json_text(j, "name_ja", ja);
    json_text(j, "name_en", en && *en ? en : ja);
}

void api_slots(json *j, const char *key, const view_day *d)
{
    const struct {
        const char *name;
        const int32_t *v;
    } columns[] = {
        {"demand_wh",          d->demand        },
        { "pv_wh",             d->pv            },
        { "curtailed_wh",      d->curtailed     },
        { "import_wh",         d->import        },
        { "export_wh",         d->export        },
        { "charge_wh",         d->charge        },
        { "discharge_wh",      d->discharge     },
        { "vehicle_wh",        d->vehicle       },
        { "soc_wh",            d->soc           },
        { "green_wh",          d->green         },
        { "forecast_wh",       d->forecast      },
        { "forecast_p10_wh",   d->forecast_p10  },
        { "forecast_p90_wh",   d->forecast_p90  },
        { "pv_forecast_wh",    d->pv_forecast   },
        { "plan_import_wh",    d->plan_import   },
        { "plan_export_wh",    d->plan_export   },
        { "plan_soc_wh",       d->plan_soc      },
        { "plan_charge_wh",    d->plan_charge   },
        { "plan_discharge_wh", d->plan_discharge},
        { "plan_vehicle_wh",   d->plan_vehicle  },
    };
    json_object(j, key);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        json_ints(j, columns[i].name, columns[i].v, MIZO_DAY_SLOTS);
    json_end(j);
}

static const char *why_text(uint8_t why)
{
    static const char *const names[] = { "plan", "default", "peak", "limit", "window", "sensor" };
    return why < sizeof names / sizeof *names ? names[why] : "default";
}

void api_now(json *j, const char *key, const view_now *n)
{
    json_object(j, key);
    api_int(j, "demand_w", n->demand_w);
    api_int(j, "pv_w", n->pv_w);
    api_int(j, "import_w", n->import_w);
    api_int(j, "export_w", n->export_w);
    api_int(j, "battery_w", n->battery_w);
    api_int(j, "soc_wh", n->soc_wh);
    api_int(j, "vehicle_w", n->vehicle_w);
    api_int(j, "mean_w", n->mean_w);
    json_bool(j, "controlled", n->controlled);
    if (n->controlled)
        json_text(j, "why", why_text(n->why));
    else
        json_null(j, "why");
    json_end(j);
}

void api_diag(json *j, const char *key, const mizo_diag *d)
{
    static const char *const severities[] = { "info", "warning", "error" };
    char text[2048];
    json_object(j, key);
    json_text(j, "id", mizo_msg_name(d->id));
    json_text(j, "severity", severities[mizo_msg_severity(d->id)]);
    mizo_diag_text(d, "ja", text, sizeof text);
    json_text(j, "text_ja", text);
    mizo_diag_text(d, "en", text, sizeof text);
    json_text(j, "text_en", text);
    json_text(j, "file", d->at.file);
    json_int(j, "line", d->at.line);
    json_int(j, "column", d->at.column);
    json_end(j);
}
