/* api.c: the table of routes, and what all handlers share. */
#include "server/api.h"
#include "mizo/messages/server.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
const api_route api_routes[] = {
    { "/api/v1/town", { NULL }, api_town, false, true },
    { "/api/v1/sites", { "limit", "after", "q", NULL }, api_sites, false, true },
    { "/api/v1/sites/{id}", { NULL }, api_site, false, true },
    { "/api/v1/sites/{id}/day", { "date", NULL }, api_site_day, true, true },
    { "/api/v1/plants", { NULL }, api_plants, false, true },
    { "/api/v1/achievement", { "fy", NULL }, api_achievement, true, true },
    { "/api/v1/plan", { NULL }, api_plan, false, true },
    { "/api/v1/desk", { "day", "group", NULL }, api_desk, true, true, LOGIN_READ, ACT_READ },
    { "/api/v1/desk/file", { "day", "group", "format", NULL }, api_desk_file, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/bills", { "month", NULL }, api_bills, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/bills/{id}", { "month", NULL }, api_bill, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/bills/{id}/slots", { "month", NULL }, api_bill_slots, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/close", { "month", NULL }, api_close, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/margin", { "month", "to", "by", NULL }, api_margin, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/runs", { "month", NULL }, api_runs, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/runs/{id}", { NULL }, api_run, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/invoices/{id}", { "paper", "run", NULL }, api_invoice, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/receivables", { "as_of", NULL }, api_receivables, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/payouts", { NULL }, api_payouts, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/match", { "month", "fy", NULL }, api_match, true, true },
    { "/api/v1/match/slot", { "at", "of", NULL }, api_match_slot, true, true },
    { "/api/v1/certificates", { "fy", NULL }, api_certificates, true, true },
    { "/api/v1/carbon", { "fy", "as_of", NULL }, api_carbon, true, true },
    { "/api/v1/city/{id}", { "fy", "as_of", "by", "part", "who", NULL }, api_city, true, true },
    { "/api/v1/city/why/{id}", { "fy", "as_of", NULL }, api_city_why, true, true },
    { "/api/v1/city/opens/{id}", { "fy", "as_of", NULL }, api_city_opens, true, true },
    { "/api/v1/city/years/{id}", { "as_of", NULL }, api_city_years, true, true },
    { "/api/v1/handover", { "fy", "as_of", "as", "lang", NULL }, api_handover, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/published", { NULL }, api_published, true, true },
    { "/api/v1/published/{id}", { "as", NULL }, api_published_one, true, true },
    { "/api/v1/report/{id}", { "fy", "as_of", "as", "lang", "of", "office", NULL }, api_report, true, true },
    { "/api/v1/lists", { NULL }, api_lists, true, true },
    { "/api/v1/lists/{id}", { "on", "as", "lang", NULL }, api_list, true, true },
    { "/api/v1/facilities/{id}", { "fy", "as_of", "as", "lang" }, api_facility, true, true },
    { "/api/v1/map", { "fy", "as_of", NULL }, api_map, true, true },
    { "/api/v1/public", { NULL }, api_public, true, true, LOGIN_PUBLIC },
    { "/public", { "lang", NULL }, api_public_page, true, true, LOGIN_PUBLIC },
    { "/public.css", { NULL }, api_public_style, false, false, LOGIN_NO },
    { "/api/v1/carbon/day", { "date", NULL }, api_carbon_day, true, true },
    { "/api/v1/sites/{id}/offer", { "paper", "before", "tax", NULL }, api_offer, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/duties", { "from", "until", NULL }, api_duties, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/sheets/{id}", { "period", "every", NULL }, api_sheet, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/papers", { "contract", NULL }, api_papers, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/papers/{id}/file", { NULL }, api_paper_file, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/tasks", { "contract", NULL }, api_tasks, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/notices", { "contract", NULL }, api_notices, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/enquiries", { "contract", NULL }, api_enquiries, true, true, LOGIN_YES, ACT_READ },
    { "/api/v1/score", { NULL }, api_score, false, true },
    { "/api/v1/model", { NULL }, api_model, false, true },
    { "/api/v1/health", { NULL }, api_health, false, false, LOGIN_NO },
    { "/api/v1/metrics", { NULL }, api_metrics, true, false },
    { "/api/v1/me", { NULL }, api_me, true, false, LOGIN_MAYBE },
    { "/api/v1/audit", { "limit", "before", NULL }, api_audit, true, false, LOGIN_YES, ACT_AUDIT },
    { "/api/v1/records/{kind}/{id}", { NULL }, api_record, true, false, LOGIN_READ, ACT_READ },
    /* what writes: path, -, -, -, -, who, act, method, body, source, prepare, write, whose tries count */
    { "/api/v1/login", { NULL }, NULL, false, false, LOGIN_NO, ACT_SELF, HTTP_POST, 1024, "account", api_login_prepare, api_login_write, api_login_counted },
    { "/api/v1/first", { NULL }, NULL, false, false, LOGIN_NO, ACT_SELF, HTTP_POST, 1024, "account", api_first_prepare, api_first_write, api_link_counted },
    { "/api/v1/link", { NULL }, NULL, false, false, LOGIN_NO, ACT_SELF, HTTP_POST, 1024, "account", api_link_prepare, api_link_write, api_link_counted },
    { "/api/v1/password", { NULL }, NULL, false, false, LOGIN_YES, ACT_SELF, HTTP_POST, 1024, "account", api_password_prepare, api_password_write, api_password_counted },
    { "/api/v1/logout", { NULL }, NULL, false, false, LOGIN_YES, ACT_SELF, HTTP_POST, 0, "account", NULL, api_logout_write, NULL },
    { "/api/v1/records/{kind}/{id}", { NULL }, NULL, false, false, LOGIN_YES, ACT_SELF, HTTP_PUT, 16384, "records", NULL, api_record_write, NULL },
    { "/api/v1/lists/{kind}/{id}", { NULL }, NULL, false, true, LOGIN_YES, ACT_SELF, HTTP_PUT, 16384, "office", NULL, api_list_write, NULL },
    { "/api/v1/claims", { NULL }, NULL, false, true, LOGIN_YES, ACT_MATCH, HTTP_POST, 4096, "claim", api_needs_view, api_claim_write, NULL },
    { "/api/v1/certificates", { NULL }, NULL, false, true, LOGIN_YES, ACT_MATCH, HTTP_POST, 1 << 20, "certificate", api_needs_view, api_certificates_write, NULL, "text/csv" },
    { "/api/v1/certificates/assign", { NULL }, NULL, false, true, LOGIN_YES, ACT_MATCH, HTTP_POST, 1024, "certificate", api_needs_view, api_certificate_assign_write, NULL },
    { "/api/v1/certificates/retire", { NULL }, NULL, false, true, LOGIN_YES, ACT_MATCH, HTTP_POST, 1024, "certificate", api_needs_view, api_certificate_retire_write, NULL },
    { "/api/v1/runs", { NULL }, NULL, false, true, LOGIN_YES, ACT_BILL, HTTP_POST, 1024, "invoice run", api_run_draft, api_run_write, NULL },
    { "/api/v1/runs/{id}/approve", { NULL }, NULL, false, true, LOGIN_YES, ACT_APPROVE, HTTP_POST, 0, "invoice approve", api_run_approve, api_run_write, NULL },
    { "/api/v1/runs/{id}/issue", { NULL }, NULL, false, true, LOGIN_YES, ACT_ISSUE, HTTP_POST, 1024, "invoice issue", api_run_issue, api_run_write, NULL },
    { "/api/v1/runs/{id}/cancel", { NULL }, NULL, false, true, LOGIN_YES, ACT_ISSUE, HTTP_POST, 4096, "invoice cancel", api_run_cancel, api_run_write, NULL },
    { "/api/v1/payments", { NULL }, NULL, false, true, LOGIN_YES, ACT_PAY, HTTP_POST, 1 << 20, "receivables pay", api_needs_view, api_payments_write, NULL, "text/csv" },
    { "/api/v1/payouts", { NULL }, NULL, false, true, LOGIN_YES, ACT_PAY, HTTP_POST, 1024, "payout make", api_needs_view, api_payout_make_write, NULL },
    { "/api/v1/payouts/{id}/approve", { NULL }, NULL, false, true, LOGIN_YES, ACT_APPROVE, HTTP_POST, 0, "payout approve", api_needs_view, api_payout_approve_write, NULL },
    { "/api/v1/payouts/{id}/export", { NULL }, NULL, false, true, LOGIN_YES, ACT_PAY, HTTP_POST, 0, "payout export", api_needs_view, api_payout_export_write, NULL },
    { "/api/v1/payouts/{id}/paid", { NULL }, NULL, false, true, LOGIN_YES, ACT_PAY, HTTP_POST, 1024, "payout paid", api_needs_view, api_payout_paid_write, NULL },
    { "/api/v1/payouts/{id}/cancel", { NULL }, NULL, false, true, LOGIN_YES, ACT_APPROVE, HTTP_POST, 4096, "payout cancel", api_needs_view, api_payout_cancel_write, NULL },
    { "/api/v1/close/{id}", { NULL }, NULL, false, true, LOGIN_YES, ACT_BILL, HTTP_POST, 4096, "close", api_close_make, api_close_write, NULL },
    { "/api/v1/close/{id}/approve", { NULL }, NULL, false, true, LOGIN_YES, ACT_CLOSE, HTTP_POST, 0, "close", api_close_approve, api_close_write, NULL },
    { "/api/v1/close/{id}/accept", { NULL }, NULL, false, true, LOGIN_YES, ACT_APPROVE, HTTP_POST, 4096, "cost-accept", api_close_accept, api_close_accept_write, NULL },
    { "/api/v1/costs", { NULL }, NULL, false, true, LOGIN_YES, ACT_FILE, HTTP_POST, 1 << 20, "close cost", api_needs_view, api_costs_write, NULL, "text/csv" },
    { "/api/v1/duties/{id}/done", { NULL }, NULL, false, true, LOGIN_YES, ACT_RECORD, HTTP_POST, 4096, "duty", api_duty_prepare, api_duty_done_write, NULL },
    { "/api/v1/enquiries", { NULL }, NULL, false, true, LOGIN_YES, ACT_RECORD, HTTP_POST, 4096, "enquiry", api_duty_prepare, api_enquiry_write, NULL },
    { "/api/v1/enquiries/{id}/answer", { NULL }, NULL, false, true, LOGIN_YES, ACT_RECORD, HTTP_POST, 4096, "enquiry", api_duty_prepare, api_enquiry_answer_write, NULL },
    { "/api/v1/tasks", { NULL }, NULL, false, true, LOGIN_YES, ACT_RECORD, HTTP_POST, 4096, "task", api_duty_prepare, api_task_write, NULL },
    { "/api/v1/tasks/{id}/done", { NULL }, NULL, false, true, LOGIN_YES, ACT_RECORD, HTTP_POST, 4096, "task", api_duty_prepare, api_task_done_write, NULL },
    { "/api/v1/notices", { NULL }, NULL, false, true, LOGIN_YES, ACT_RECORD, HTTP_POST, 4096, "notice", api_duty_prepare, api_notice_write, NULL },
    { "/api/v1/papers", { NULL }, NULL, false, true, LOGIN_YES, ACT_RECORD, HTTP_POST, 4096, "contract-paper", api_duty_prepare, api_paper_write, NULL },
    { "/api/v1/papers/{id}/consent", { NULL }, NULL, false, true, LOGIN_YES, ACT_RECORD, HTTP_POST, 4096, "contract-paper", api_duty_prepare, api_consent_write, NULL },
    { "/api/v1/sites/{id}/offer", { NULL }, NULL, false, true, LOGIN_YES, ACT_RECORD, HTTP_POST, 1024, "offer", api_offer_prepare, api_offer_write, NULL },
    { "/api/v1/report/{id}/freeze", { NULL }, NULL, false, true, LOGIN_YES, ACT_RECORD, HTTP_POST, 4096, "frozen", api_needs_view, api_freeze_write, NULL },
    { "/api/v1/city/results", { NULL }, NULL, false, true, LOGIN_YES, ACT_RECORD, HTTP_POST, 4096, "result", api_needs_view, api_city_result_write, NULL },
    { "/api/v1/yearly", { "name", "fy", "same", NULL }, NULL, false, true, LOGIN_YES, ACT_ENTER, HTTP_POST, 8 << 20, "yearly", api_yearly_prepare, api_yearly_write, NULL, "application/octet-stream text/csv application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
    { "/api/v1/desk/draft", { "day", "group", NULL }, NULL, false, true, LOGIN_YES, ACT_PLAN, HTTP_POST, 0, "desk", api_desk_draft_prepare, api_desk_draft_write, NULL },
    { "/api/v1/desk/slot", { "day", "group", NULL }, NULL, false, true, LOGIN_YES, ACT_CORRECT, HTTP_POST, 4096, "desk", api_desk_prepare, api_desk_slot_write, NULL },
    { "/api/v1/desk/file", { "day", "group", NULL }, NULL, false, true, LOGIN_YES, ACT_FILE, HTTP_POST, 4096, "desk", api_desk_prepare, api_desk_file_write, NULL },
    { "/api/v1/desk/bids", { "day", "group", NULL }, NULL, false, true, LOGIN_YES, ACT_FILE, HTTP_POST, 4096, "desk", api_desk_prepare, api_desk_bids_write, NULL },
    { "/api/v1/desk/move", { "day", "group", NULL }, NULL, false, true, LOGIN_YES, ACT_FILE, HTTP_POST, 4096, "desk", api_desk_prepare, api_desk_move_write, NULL },
    { "/api/v1/desk/plants", { "day", "group", "name", NULL }, NULL, false, true, LOGIN_YES, ACT_IMPORT, HTTP_POST, 1 << 20, "desk", api_desk_prepare, api_desk_plants_write, NULL, "application/octet-stream text/csv" },
    { "/api/v1/desk/results", { "day", "group", "name", "market" }, NULL, false, true, LOGIN_YES, ACT_IMPORT, HTTP_POST, 1 << 20, "desk", api_desk_prepare, api_desk_results_write, NULL, "text/csv application/octet-stream" },
    { "/api/v1/desk/parent", { "day", "group", "name", NULL }, NULL, false, true, LOGIN_YES, ACT_IMPORT, HTTP_POST, 4 << 20, "desk", api_desk_prepare, api_desk_parent_write, NULL, "text/csv application/octet-stream" },
    { "/api/v1/desk/members", { "day", "group", "name", NULL }, NULL, false, true, LOGIN_YES, ACT_IMPORT, HTTP_POST, 1 << 20, "desk", api_desk_prepare, api_desk_members_write, NULL, "text/csv application/octet-stream" },
};
/* clang-format on */
const size_t api_nroutes = sizeof api_routes / sizeof *api_routes;

const char *api_bureau(const api_call *c)
{
    return c->who && *c->who->bureau ? c->who->bureau : NULL;
}

bool api_of_bureau(const api_route *r)
{
    static const char *const paths[] = { "/api/v1/town",
                                         "/api/v1/events",
                                         "/api/v1/me",
                                         "/api/v1/achievement",
                                         "/api/v1/city/{id}",
                                         "/api/v1/lists",
                                         "/api/v1/lists/{id}",
                                         "/api/v1/facilities/{id}",
                                         "/api/v1/map",
                                         "/api/v1/public",
                                         "/public",
                                         "/api/v1/published",
                                         "/api/v1/published/{id}",
                                         "/api/v1/city/why/{id}",
                                         "/api/v1/city/opens/{id}",
                                         "/api/v1/city/years/{id}",
                                         "/api/v1/yearly",
                                         "/api/v1/report/{id}" };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (strcmp(r->path, paths[i]) == 0)
            return true;
    return false;
}

/* "GET, HEAD, PUT" for a set of methods. */
static const char *allow_text(unsigned set)
{
    static const char *const text[] = { NULL,
                                        "GET, HEAD",
                                        "POST",
                                        "GET, HEAD, POST",
                                        "PUT",
                                        "GET, HEAD, PUT",
                                        "POST, PUT",
                                        "GET, HEAD, POST, PUT",
                                        "DELETE",
                                        "GET, HEAD, DELETE",
                                        "POST, DELETE",
                                        "GET, HEAD, POST, DELETE",
                                        "PUT, DELETE",
                                        "GET, HEAD, PUT, DELETE",
                                        "POST, PUT, DELETE",
                                        "GET, HEAD, POST, PUT, DELETE" };
    return text[set & 15];
}

static unsigned method_bit(http_method m)
{
    return m == HTTP_POST ? 2 : m == HTTP_PUT ? 4 : m == HTTP_DELETE ? 8 : 1;
}

const api_route *api_find(const char *path, http_method method, api_ids *ids, const char **allow)
{
    unsigned set = 0;
    if (method == HTTP_HEAD)
        method = HTTP_GET;
    for (size_t i = 0; i < api_nroutes; i++) {
        if (!path_match(api_routes[i].path, path, ids))
            continue;
        if (api_routes[i].method == method)
            return &api_routes[i];
        set |= method_bit(api_routes[i].method);
    }
    if (allow)
        *allow = allow_text(set);
    return NULL;
}

static size_t count_params(const api_route *r)
{
    size_t n = 0;
    while (n < sizeof r->params / sizeof *r->params && r->params[n])
        n++;
    return n;
}

const char *api_stranger(const api_route *r, const http_request *q)
{
    return query_stranger(&q->q, r->params, count_params(r));
}

void api_answer(const api_route *r, const api_call *c, http_response *out)
{
    const char *stranger = api_stranger(r, c->request);
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
    static const struct {
        int status;
        const char *text;
    } rows[] = {
        {400,  "Bad Request"           },
        { 401, "Unauthorized"          },
        { 403, "Forbidden"             },
        { 404, "Not Found"             },
        { 405, "Method Not Allowed"    },
        { 409, "Conflict"              },
        { 411, "Length Required"       },
        { 413, "Content Too Large"     },
        { 414, "URI Too Long"          },
        { 415, "Unsupported Media Type"},
        { 421, "Misdirected Request"   },
        { 422, "Unprocessable Content" },
        { 428, "Precondition Required" },
        { 429, "Too Many Requests"     },
        { 500, "Internal Server Error" },
        { 507, "Insufficient Storage"  },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].status == status)
            return rows[i].text;
    return "Service Unavailable";
}

/* Begins a problem: its object stays open. */
static void begin_said(const http_request *r, http_response *out, int status, const mizo_diag *d, json *j)
{
    char ja[1024], en[1024];
    mizo_diag_text(d, "ja", ja, sizeof ja);
    mizo_diag_text(d, "en", en, sizeof en);
    http_response_fini(out);
    http_response_init(out);
    out->status = status;
    out->type = "application/problem+json";
    json_init(j, &out->body);
    json_object(j, NULL);
    json_text(j, "type", "about:blank");
    json_text(j, "title", status_text(status));
    json_int(j, "status", status);
    json_text(j, "id", mizo_msg_name(d->id));
    json_text(j, "detail", r->japanese ? ja : en);
    json_text(j, "detail_ja", ja);
    json_text(j, "detail_en", en);
}

static void begin_problem(const http_request *r, http_response *out, int status, mizo_msg id, const char *a,
                          const char *b, json *j)
{
    mizo_diag d = {
        .id = id,
        .nparam = b   ? 2
                  : a ? 1
                      : 0,
        .param = {a, b}
    };
    begin_said(r, out, status, &d, j);
}

static void put_diagnoses(json *j, const mizo_diags *d)
{
    json_array(j, "diagnoses");
    for (size_t i = 0; i < mizo_diags_kept(d); i++)
        api_diag(j, NULL, mizo_diags_at(d, i));
    json_end(j);
}

void api_problem(const http_request *r, http_response *out, int status, mizo_msg id, const char *a,
                 const char *b)
{
    json j;
    begin_problem(r, out, status, id, a, b, &j);
    json_end(&j);
}

mizo_err api_mistakes(const http_request *r, http_response *out, const mizo_diags *d)
{
    json j;
    char n[24];
    snprintf(n, sizeof n, "%zu", mizo_diags_count(d, MIZO_ERROR));
    begin_problem(r, out, 400, MIZO_MSG_SERVER_BODY, n, NULL, &j);
    put_diagnoses(&j, d);
    json_end(&j);
    return MIZO_EINPUT;
}

mizo_err api_body(api_write *w, const shape_field *rows, size_t n, void *into)
{
    const http_request *r = w->c->request;
    if (shape_read(rows, n, r->body ? r->body : "", r->nbody, "body", into, w->diags) == MIZO_OK)
        return MIZO_OK;
    w->why = "body";
    return api_mistakes(r, w->out, w->diags);
}

mizo_err api_refuse(api_write *w, int status, const char *why, mizo_msg id, const char *a, const char *b)
{
    w->why = why;
    api_problem(w->c->request, w->out, status, id, a, b);
    return MIZO_EINPUT;
}

mizo_err api_said(api_write *w, int status, const char *why, const char *more)
{
    json j;
    const mizo_diags *d = w->diags;
    const mizo_diag *first = mizo_diags_kept(d) ? mizo_diags_at(d, 0) : NULL;
    for (size_t i = 0; i < mizo_diags_kept(d); i++)
        if (mizo_msg_severity(mizo_diags_at(d, i)->id) == MIZO_ERROR) {
            first = mizo_diags_at(d, i);
            break;
        }
    w->why = why;
    if (first)
        begin_said(w->c->request, w->out, status, first, &j);
    else
        begin_problem(w->c->request, w->out, status, MIZO_MSG_SERVER_NOT_KEPT, mizo_err_text(MIZO_EINPUT),
                      NULL, &j);
    put_diagnoses(&j, d);
    if (more)
        buf_printf(&w->out->body, ",%s", more);
    json_end(&j);
    return MIZO_EINPUT;
}

mizo_err api_failed(api_write *w, mizo_err e)
{
    switch (e) {
    case MIZO_EINPUT:
    case MIZO_ERANGE:
        return api_said(w, 400, "body", NULL);
    case MIZO_ENOENT:
        return api_said(w, 404, "none", NULL);
    case MIZO_ECONFLICT:
        return api_said(w, 409, "conflict", NULL);
    default:
        return e;
    }
}

mizo_err api_file_failed(api_write *w, const register_file *f, mizo_err e)
{
    if (e == MIZO_EINPUT || e == MIZO_ECONFLICT)
        w->refused = *f;
    return api_failed(w, e);
}

mizo_err api_needs_view(api_write *w)
{
    w->made = w->made ? w->made : w; /* "prepared": the write has a batch of its own */
    if (w->c->view)
        return MIZO_OK;
    mizo_err e = api_refuse(w, 503, "starting", MIZO_MSG_SERVER_STARTING, NULL, NULL);
    w->out->retry_after = 1;
    return e;
}

bool api_month(const char *text, mizo_day *month)
{
    char first[MIZO_DATE_TEXT + 4];
    mizo_date d;
    (void)snprintf(first, sizeof first, "%.7s-01", text);
    if (strlen(text) != 7 || mizo_date_parse(first, strlen(first), &d) || !mizo_date_valid(d))
        return false;
    *month = mizo_date_day(d);
    return true;
}

mizo_err api_same(api_write *w, int64_t is, int64_t *mine)
{
    *mine = auth_version(w->c->request->proof.if_match);
    if (*mine >= 0)
        return *mine == is ? MIZO_OK : MIZO_ECONFLICT;
    return api_refuse(w, 428, "version", MIZO_MSG_SERVER_VERSION, NULL, NULL);
}

mizo_err api_begin_conflict(api_write *w, int64_t mine, int64_t stands, json *j)
{
    char from[24], is[24];
    snprintf(from, sizeof from, "%lld", (long long)mine);
    snprintf(is, sizeof is, "%lld", (long long)stands);
    w->why = "version";
    begin_problem(w->c->request, w->out, 409, MIZO_MSG_SERVER_EDITED, from, is, j);
    return MIZO_EINPUT;
}

mizo_err api_other(api_write *w, int64_t mine, int64_t is, void (*put)(const void *arg, json *j),
                   const void *arg)
{
    json j;
    mizo_err e = api_begin_conflict(w, mine, is, &j);
    json_object(&j, "yours");
    json_int(&j, "version", mine);
    json_end(&j);
    json_object(&j, "theirs");
    put(arg, &j);
    json_end(&j);
    json_end(&j);
    return e;
}

mizo_err api_edited(api_write *w, int64_t mine, int64_t is, const char *theirs)
{
    json j;
    mizo_err e = api_begin_conflict(w, mine, is, &j);
    json_object(&j, "yours");
    json_int(&j, "version", mine);
    json_end(&j);
    json_raw(&j, "theirs", theirs);
    json_end(&j);
    return e;
}

mizo_ms api_clock(const api_call *c)
{
    const town_view *v = c->view;
    bool simulated = v && (v->region->clock_start != MIZO_DAY_NONE || v->speed != 1);
    return simulated ? v->now : c->env->ops->wall_ms(c->env);
}

town api_town_of(const api_call *c, store *s, mizo_diags *d, char dir[API_DIR])
{
    const char *end = c->store_path ? strrchr(c->store_path, '/') : NULL;
    int n = end ? (int)(end - c->store_path) : 1;
    snprintf(dir, API_DIR, "%.*s", n, end ? c->store_path : ".");
    return (town){
        .env = c->env, .dir = dir, .region = c->view->region, .store = s, .diags = d, .now = api_clock(c)
    };
}

bool api_year(const api_call *c, http_response *out, int *fy, mizo_day *as_of)
{
    const char *year = query_get(&c->request->q, "fy"), *day = query_get(&c->request->q, "as_of");
    *fy = mizo_day_fy(c->view->day);
    *as_of = MIZO_DAY_NONE;
    if (year && mizo_fy_parse(year, strlen(year), fy)) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_FY, year, NULL);
        return false;
    }
    if (day && query_day(&c->request->q, "as_of", as_of)) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_DATE, day, NULL);
        return false;
    }
    return true;
}

bool api_open_store(const api_call *c, http_response *out, store **s)
{
    if (c->store && c->store->open(c->store_path, STORE_READ, NULL, s) == MIZO_OK)
        return true;
    api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    return false;
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
