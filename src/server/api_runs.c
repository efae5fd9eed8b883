/* api_runs.c: billing runs: drafts, what is in them, a second person's word, what goes out and what is taken back.
 * What is computed (and the papers) in a job; the write alone on the writer's thread. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "mizo/messages/close.h"
#include "mizo/messages/invoice.h"
#include "mizo/messages/report.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/bills/invoice.h"

/* ---- reading ---- */

typedef struct listing {
    const api_call *c;
    town t;
    char dir[API_DIR];
    json j;
    mizo_day month; /* MIZO_DAY_NONE: all */
} listing;

/* False: answered. */
static bool open_list(const api_call *c, http_response *out, listing *l)
{
    const char *given = query_get(&c->request->q, "month");
    *l = (listing){ .c = c, .month = MIZO_DAY_NONE };
    if (given && !api_month(given, &l->month)) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_MONTH, given, NULL);
        return false;
    }
    store *s;
    mizo_diags *d = mizo_diags_new(100);
    if (!d || !api_open_store(c, out, &s)) {
        if (!d)
            api_problem(c->request, out, 503, MIZO_MSG_OUT_OF_MEMORY, NULL, NULL);
        mizo_diags_free(d);
        return false;
    }
    l->t = api_town_of(c, s, d, l->dir);
    return true;
}

static void close_list(listing *l, http_response *out, mizo_err e, mizo_msg none)
{
    if (e == MIZO_ENOENT)
        api_problem(l->c->request, out, 404, none, l->c->id, NULL);
    else if (e)
        api_problem(l->c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    l->t.store->ops->close(l->t.store);
    mizo_diags_free(l->t.diags);
}

static mizo_err put_run(void *arg, const invoice_run *r)
{
    listing *l = arg;
    if (l->month != MIZO_DAY_NONE && r->month != l->month)
        return MIZO_OK;
    json_object(&l->j, NULL);
    invoice_run_json(r, l->t.region->offset, &l->j);
    json_end(&l->j);
    return MIZO_OK;
}

void api_runs(const api_call *c, http_response *out)
{
    listing l;
    if (!open_list(c, out, &l))
        return;
    api_begin(out, &l.j);
    json_array(&l.j, "runs");
    mizo_err e = invoice_run_scan(&l.t, put_run, &l);
    json_end(&l.j);
    json_end(&l.j);
    close_list(&l, out, e, MIZO_MSG_INVOICE_RUN_NONE);
}

/* What the invoice of the same word came to in the month before; null: there was none. */
static void put_before(listing *l, const invoice *v)
{
    char id[INVOICE_ID];
    invoice was;
    run_state state;
    mizo_date m = mizo_day_date(v->month - 1);
    arena *a = arena_new(0);
    const char *dash = strchr(v->id, '-');
    (void)snprintf(id, sizeof id, "%c%04d%02d%s", v->id[0], m.year % 10000, m.month, dash ? dash : "");
    if (a && dash && !invoice_get(&l->t, id, a, &was, &state) && state == RUN_ISSUED)
        json_yen(&l->j, "before_yen", was.total);
    else
        json_null(&l->j, "before_yen");
    arena_free(a);
}

static mizo_err put_line(void *arg, const invoice *v)
{
    listing *l = arg;
    json_object(&l->j, NULL);
    invoice_head_json(v, &l->j);
    put_before(l, v);
    json_end(&l->j);
    return MIZO_OK;
}

static mizo_err put_change(void *arg, const invoice *v)
{
    listing *l = arg;
    MIZO_TRY(invoice_change_json(&l->t, v, &l->j));
    return MIZO_OK;
}

void api_run(const api_call *c, http_response *out)
{
    listing l;
    invoice_run r;
    if (!open_list(c, out, &l))
        return;
    mizo_err e = invoice_run_get(&l.t, c->id, &r);
    if (!e) {
        api_begin(out, &l.j);
        invoice_run_json(&r, l.t.region->offset, &l.j);
        json_array(&l.j, *r.corrects ? "changes" : "list");
        e = invoice_run_each(&l.t, &r, *r.corrects ? put_change : put_line, &l);
        bool stale = e == MIZO_EINPUT; /* the region has changed so that its bills cannot be made any more */
        e = stale ? MIZO_OK : e;
        json_end(&l.j);
        json_bool(&l.j, "stale", stale);
        json_end(&l.j);
        (void)snprintf(out->own_etag, sizeof out->own_etag, "\"%lld\"", (long long)r.version);
    }
    close_list(&l, out, e, MIZO_MSG_INVOICE_RUN_NONE);
}

/* ---- an invoice, as JSON or as its paper ---- */

static mizo_err put_paper(listing *l, const char *word, http_response *out)
{
    report_format f;
    const char *lang = l->c->request->japanese ? "ja" : "en";
    if (report_format_find(word, &f)) {
        api_problem(l->c->request, out, 400, MIZO_MSG_REPORT_FORMAT_UNKNOWN, word, NULL);
        return MIZO_OK;
    }
    mizo_err e = invoice_paper(&l->t, l->c->id, query_get(&l->c->request->q, "run"), lang, f, &out->body);
    if (e)
        return e;
    out->status = 200;
    out->type = report_format_type(f);
    return MIZO_OK;
}

static mizo_err put_json(listing *l, http_response *out)
{
    invoice v;
    run_state state;
    buf text;
    arena *a = arena_new(0);
    buf_init(&text, 0);
    mizo_err e = a ? invoice_get(&l->t, l->c->id, a, &v, &state) : MIZO_ENOMEM;
    if (!e) {
        invoice_json(&v, &text);
        api_begin(out, &l->j);
        json_text(&l->j, "state", run_state_word(state));
        json_raw(&l->j, "invoice", text.p ? text.p : "null");
        json_end(&l->j);
    }
    buf_fini(&text);
    arena_free(a);
    return e;
}

void api_invoice(const api_call *c, http_response *out)
{
    listing l;
    if (!open_list(c, out, &l))
        return;
    const char *paper = query_get(&c->request->q, "paper");
    mizo_err e = paper ? put_paper(&l, paper, out) : put_json(&l, out);
    close_list(&l, out, e, MIZO_MSG_INVOICE_NONE);
}

/* ---- writing ---- */

typedef struct running {
    char dir[API_DIR];
    town t;
    invoice_act *act;
    /* of the body */
    char month[8], kind[16], format[8], why[RUN_WHY * 4];
    mizo_day day;
    bool leave;
} running;

static const char *const kind_words[] = { "bill", "purchase", NULL };
static const char *const format_words[] = { "pdf", "html", NULL };

#define PLACE(member) offsetof(running, member), sizeof((running *)0)->member
static const shape_field draft_rows[] = {
    {"month",  SHAPE_TEXT, true,  7, 7,  NULL,       PLACE(month)},
    { "kind",  SHAPE_TEXT, true,  1, 15, kind_words, PLACE(kind) },
    { "leave", SHAPE_BOOL, false, 0, 0,  NULL,       PLACE(leave)},
};
static const shape_field issue_rows[] = {
    {"day", SHAPE_DAY, false, 0,     0,                NULL,      offsetof(running, day), 0 },
    { "format",    SHAPE_TEXT,            false,         1, 7, format_words, PLACE(format)               },
};
static const shape_field cancel_rows[] = {
    {"day",          SHAPE_DAY, false, 0,     0,                         NULL,               offsetof(running, day), 0 },
    { "format",             SHAPE_TEXT,                     false,                  1, 7, format_words, PLACE(format)               },
    { "why", SHAPE_TEXT,         true,         1,    240,                 NULL,                          PLACE(why)                     },
};

static void drop(void *made)
{
    running *k = made;
    invoice_act_free(k->act);
    free(k);
}

static mizo_err begin(api_write *w, const shape_field *rows, size_t nrows, running **out)
{
    running *k = *out = calloc(1, sizeof *k);
    if (!k)
        return MIZO_ENOMEM;
    w->made = k;
    w->drop = drop;
    if (!w->c->view)
        return api_needs_view(w);
    k->t = api_town_of(w->c, w->store, w->diags, k->dir);
    if (rows)
        MIZO_TRY(api_body(w, rows, nrows, k));
    if (k->day == MIZO_DAY_NONE)
        k->day = mizo_slot_day(mizo_ms_slot(w->known), k->t.region->offset);
    return MIZO_OK;
}

typedef struct stands {
    const town *t;
    const invoice_run *r;
} stands;

static void put_stands(const void *arg, json *j)
{
    const stands *x = arg;
    invoice_run_json(x->r, x->t->region->offset, j);
}

static mizo_err conflict(api_write *w, const town *t, int64_t mine, const invoice_run *r)
{
    return api_other(w, mine, r->version, put_stands, &(stands){ t, r });
}

/* The caller must have seen the run as it stands. */
static mizo_err same(api_write *w, running *k)
{
    invoice_run now;
    int64_t mine;
    MIZO_TRY(api_failed(w, invoice_run_get(&k->t, w->c->id, &now)));
    mizo_err e = api_same(w, now.version, &mine);
    return e == MIZO_ECONFLICT ? conflict(w, &k->t, mine, &now) : e;
}

mizo_err api_run_draft(api_write *w)
{
    running *k;
    mizo_day month;
    MIZO_TRY(begin(w, draft_rows, sizeof draft_rows / sizeof *draft_rows, &k));
    if (!api_month(k->month, &month))
        return api_refuse(w, 400, "month", MIZO_MSG_SERVER_BAD_MONTH, k->month, NULL);
    invoice_kind kind = strcmp(k->kind, "purchase") == 0 ? INVOICE_PURCHASE : INVOICE_BILL;
    return api_failed(w, invoice_look_draft(&k->t, month, kind, k->leave, w->who.name, &k->act));
}

mizo_err api_run_approve(api_write *w)
{
    running *k;
    MIZO_TRY(begin(w, NULL, 0, &k));
    MIZO_TRY(same(w, k));
    return api_failed(w, invoice_look_approve(&k->t, w->c->id, &w->who, &k->act));
}

static report_format format_of(const running *k)
{
    return strcmp(k->format, "html") == 0 ? REPORT_FORMAT_HTML : REPORT_FORMAT_PDF;
}

mizo_err api_run_issue(api_write *w)
{
    running *k;
    MIZO_TRY(begin(w, issue_rows, sizeof issue_rows / sizeof *issue_rows, &k));
    MIZO_TRY(same(w, k));
    return api_failed(w, invoice_look_issue(&k->t, w->c->id, k->day, format_of(k), w->who.name, &k->act));
}

mizo_err api_run_cancel(api_write *w)
{
    running *k;
    MIZO_TRY(begin(w, cancel_rows, sizeof cancel_rows / sizeof *cancel_rows, &k));
    MIZO_TRY(same(w, k));
    return api_failed(
        w, invoice_look_cancel(&k->t, w->c->id, k->day, k->why, format_of(k), w->who.name, &k->act));
}

/* Puts what a job has looked at. */
mizo_err api_run_write(api_write *w)
{
    running *k = w->made;
    json j;
    const invoice_run *was = invoice_act_before(k->act), *is = invoice_act_after(k->act);
    k->t.store = w->store;
    (void)snprintf(w->object, sizeof w->object, "run/%s", was->id);
    mizo_err e = invoice_put(&k->t, k->act);
    if (e == MIZO_ECONFLICT) {
        invoice_run now;
        MIZO_TRY(api_failed(w, invoice_run_get(&k->t, was->id, &now)));
        return conflict(w, &k->t, was->version, &now);
    }
    if (e)
        return api_failed(w, e);
    (void)snprintf(w->before, sizeof w->before, "%s",
                   is->state == RUN_DRAFT ? "" : run_state_word(was->state));
    (void)snprintf(w->after, sizeof w->after, "%s", run_state_word(is->state));
    api_begin(w->out, &j);
    invoice_run_json(is, k->t.region->offset, &j);
    json_end(&j);
    (void)snprintf(w->out->own_etag, sizeof w->out->own_etag, "\"%lld\"", (long long)is->version);
    return MIZO_OK;
}
