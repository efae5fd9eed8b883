/* api_audit.c: /api/v1/audit: who did what, the newest first. */
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/people/audit.h"

typedef struct page {
    json *j;
    int64_t left, last;
    int offset;
    bool more;
} page;

static mizo_err put(void *arg, const audit_seen *a)
{
    page *p = arg;
    if (p->left-- == 0) {
        p->more = true;
        return MIZO_ECANCELED;
    }
    json *j = p->j;
    json_object(j, NULL);
    json_int(j, "seq", a->seq);
    json_time(j, "at", a->at, p->offset);
    json_text(j, "who", *a->row.who ? a->row.who : NULL);
    json_text(j, "from", a->row.from);
    json_text(j, "act", a->row.act);
    json_text(j, "object", *a->row.object ? a->row.object : NULL);
    json_text(j, "before", *a->row.before ? a->row.before : NULL);
    json_text(j, "after", *a->row.after ? a->row.after : NULL);
    json_text(j, "result", audit_result_text(a->row.result));
    json_text(j, "why", *a->row.why ? a->row.why : NULL);
    json_int(j, "skipped", a->row.skipped);
    json_end(j);
    p->last = a->seq;
    return MIZO_OK;
}

void api_audit(const api_call *c, http_response *out)
{
    int64_t limit = 50, before = 0;
    const query *q = &c->request->q;
    if (query_int(q, "limit", 1, 200, &limit)) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_LIMIT, query_get(q, "limit"), NULL);
        return;
    }
    if (query_int(q, "before", 1, INT64_MAX, &before)) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_BEFORE, query_get(q, "before"), NULL);
        return;
    }
    store *s;
    if (!api_open_store(c, out, &s))
        return;
    json j;
    page p = { .j = &j, .left = limit, .offset = c->view ? c->view->region->offset : MIZO_JAPAN_OFFSET };
    api_begin(out, &j);
    json_array(&j, "items");
    mizo_err e = audit_each(s, before, put, &p);
    json_end(&j);
    if (p.more)
        json_int(&j, "next", p.last);
    else
        json_null(&j, "next");
    json_end(&j);
    s->ops->close(s);
    if (e)
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
}
