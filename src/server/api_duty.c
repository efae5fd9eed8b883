/* api_duty.c: what is due to whom; papers, tasks, notices and enquiries of contracts: read, and written by people. Each
 * write is an act of town/ by the town's day, within the batch of who asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/duty/paper.h"
#include "town/duty/sheet.h"

/* ---- reading ---- */

typedef struct listing {
    const api_call *c;
    json *j;
    const char *contract; /* NULL: all */
    int late;
} listing;

static mizo_err put_item(void *arg, const duty_item *i)
{
    listing *l = arg;
    l->late += i->state == DUTY_LATE;
    duty_item_json(i, l->j);
    return MIZO_OK;
}

/* The days that are asked for; false: the answer says which is none. */
static bool read_days(const api_call *c, http_response *out, mizo_day *from, mizo_day *until)
{
    const query *q = &c->request->q;
    static const char *const names[] = { "from", "until" };
    mizo_day *to[] = { from, until };
    *from = c->view->day - 92;
    *until = c->view->day + 92;
    for (int i = 0; i < 2; i++)
        if (query_get(q, names[i]) && query_day(q, names[i], to[i])) {
            api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_DATE, query_get(q, names[i]), NULL);
            return false;
        }
    return true;
}

static bool open_town(const api_call *c, http_response *out, char dir[API_DIR], town *t)
{
    mizo_diags *d = mizo_diags_new(20);
    store *s;
    if (d && api_open_store(c, out, &s)) {
        *t = api_town_of(c, s, d, dir);
        return true;
    }
    if (!d)
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    mizo_diags_free(d);
    return false;
}

static void close_town(const api_call *c, http_response *out, town *t, mizo_err e)
{
    if (e)
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    t->store->ops->close(t->store);
    mizo_diags_free(t->diags);
}

void api_duties(const api_call *c, http_response *out)
{
    mizo_day from, until;
    char dir[API_DIR];
    town t;
    json j;
    listing l = { .c = c, .j = &j };
    if (!read_days(c, out, &from, &until) || !open_town(c, out, dir, &t))
        return;
    api_begin(out, &j);
    json_day(&j, "today", c->view->day);
    json_array(&j, "duties");
    mizo_err e = duty_each(&t, from, until, c->view->day, put_item, &l);
    json_end(&j);
    json_int(&j, "late", l.late);
    json_end(&j);
    close_town(c, out, &t, e);
}

static mizo_err put_note(void *arg, const note *n)
{
    listing *l = arg;
    if (l->contract && strcmp(note_get(n, "contract"), l->contract))
        return MIZO_OK;
    json_object(l->j, NULL);
    note_json(n, l->c->view->region->offset, l->j);
    json_end(l->j);
    return MIZO_OK;
}

/* The acts that can be begun, each kind once, with its names. */
static void put_processes(const mizo_region *r, json *j)
{
    json_array(j, "processes");
    for (size_t i = 0; i < r->nprocess; i++)
        if (!r->process[i].before && (i == 0 || strcmp(r->process[i].kind, r->process[i - 1].kind))) {
            json_object(j, NULL);
            json_text(j, "kind", r->process[i].kind);
            json_text(j, "name_ja", r->process[i].name_ja);
            json_text(j, "name_en", r->process[i].name_en);
            json_end(j);
        }
    json_end(j);
}

static void list_notes(const api_call *c, http_response *out, const note_kind *kind, const char *plural)
{
    char dir[API_DIR];
    town t;
    json j;
    listing l = { .c = c, .j = &j, .contract = query_get(&c->request->q, "contract") };
    if (!open_town(c, out, dir, &t))
        return;
    api_begin(out, &j);
    json_day(&j, "today", c->view->day);
    if (kind == &note_task)
        put_processes(c->view->region, &j);
    json_array(&j, plural);
    mizo_err e = note_scan(&t, kind, put_note, &l);
    json_end(&j);
    json_end(&j);
    close_town(c, out, &t, e);
}

void api_papers(const api_call *c, http_response *out)
{
    list_notes(c, out, &note_paper, "papers");
}

/* A paper as it was given, out of the register. */
static mizo_err answer_paper(town *t, const char *id, note *n, http_response *out)
{
    register_line line;
    MIZO_TRY(note_find(t, &note_paper, id, n));
    MIZO_TRY(register_get(t, note_get(n, "file"), &line));
    MIZO_TRY(register_bytes(t, &line, &out->body));
    out->status = 200;
    out->type = "application/pdf";
    snprintf(out->name, sizeof out->name, "%.120s", line.name);
    return MIZO_OK;
}

void api_paper_file(const api_call *c, http_response *out)
{
    char dir[API_DIR];
    town t;
    note n;
    if (!open_town(c, out, dir, &t))
        return;
    mizo_err e = answer_paper(&t, c->id, &n, out);
    if (e == MIZO_ENOENT)
        api_problem(c->request, out, 404, MIZO_MSG_SERVER_NO_RECORD, "papers", c->id);
    close_town(c, out, &t, e == MIZO_ENOENT ? MIZO_OK : e);
}

void api_tasks(const api_call *c, http_response *out)
{
    list_notes(c, out, &note_task, "tasks");
}

void api_notices(const api_call *c, http_response *out)
{
    list_notes(c, out, &note_notice, "notices");
}

void api_enquiries(const api_call *c, http_response *out)
{
    list_notes(c, out, &note_enquiry, "enquiries");
}

/* A transcription sheet of the period with the day ?period= in it; the year of a menu's disclosure takes seconds. */
void api_sheet(const api_call *c, http_response *out)
{
    mizo_day in = c->view->day, from, to;
    char dir[API_DIR];
    town t;
    json j;
    const query *q = &c->request->q;
    if (query_get(q, "period") && query_day(q, "period", &in)) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_DATE, query_get(q, "period"), NULL);
        return;
    }
    if (!open_town(c, out, dir, &t))
        return;
    mizo_err e = sheet_period(&t, c->id, query_get(q, "every"), in, &from, &to);
    if (!e) {
        api_begin(out, &j);
        e = sheet_json(&t, c->id, from, to, &j);
        if (!e)
            json_end(&j);
    }
    const mizo_diag *first = mizo_diags_kept(t.diags) ? mizo_diags_at(t.diags, 0) : NULL;
    bool said = first && (e == MIZO_EINPUT || e == MIZO_ENOENT);
    if (said)
        api_problem(c->request, out, e == MIZO_ENOENT ? 404 : 400, first->id, first->param[0],
                    first->param[1]);
    close_town(c, out, &t, said ? MIZO_OK : e);
}

/* ---- writing ---- */

/* All that a body may say; each route takes some of it. */
typedef struct duty_body {
    char contract[MIZO_ID_MAX], kind[MIZO_ID_MAX], process[MIZO_ID_MAX], explained[MIZO_ID_MAX],
        file[MIZO_ID_MAX];
    char text[NOTE_TEXT], how[NOTE_TEXT], proof[NOTE_TEXT];
    mizo_day on, period, ends;
    bool after;
} duty_body;

#define PLACE(member) offsetof(duty_body, member), sizeof((duty_body *)0)->member
#define ID(name, needed)                                                                                     \
    {                                                                                                        \
#name, SHAPE_ID, needed, 1, 40, NULL, PLACE(name)                                                    \
    }
#define TEXT(name, needed)                                                                                   \
    {                                                                                                        \
#name, SHAPE_TEXT, needed, needed, 120, NULL, PLACE(name)                                            \
    }
#define DAY(name, needed)                                                                                    \
    {                                                                                                        \
#name, SHAPE_DAY, needed, 0, 0, NULL, offsetof(duty_body, name), 0                                   \
    }

/* clang-format off */
static const shape_field done_rows[] = { DAY(period, true), DAY(on, false), ID(file, false), TEXT(text, false) };
static const shape_field ask_rows[] = { ID(contract, false), ID(kind, false), DAY(on, false), TEXT(text, true) };
static const shape_field answer_rows[] = { DAY(on, false), TEXT(text, true) };
static const shape_field task_rows[] = { ID(process, true), ID(contract, true), DAY(on, false), TEXT(text, false) };
static const shape_field day_rows[] = { DAY(on, false) };
static const shape_field notice_rows[] = { ID(contract, true), DAY(ends, true), DAY(on, false), TEXT(how, true), TEXT(proof, false) };
static const shape_field paper_rows[] = { ID(contract, true), { "after", SHAPE_BOOL, false, 0, 0, NULL, offsetof(duty_body, after), 0 }, DAY(on, false), TEXT(how, true), ID(explained, false) };
static const shape_field consent_rows[] = { DAY(on, false), TEXT(how, true) };
/* clang-format on */

typedef struct duty_call {
    char dir[API_DIR];
    town t;
    duty_body b;
} duty_call;

static mizo_err begin(api_write *w, const shape_field *rows, size_t nrows, duty_call *c)
{
    MIZO_TRY(api_needs_view(w));
    memset(c, 0, sizeof *c);
    c->t = api_town_of(w->c, w->store, w->diags, c->dir);
    MIZO_TRY(api_body(w, rows, nrows, &c->b));
    if (c->b.on == MIZO_DAY_NONE)
        c->b.on = w->c->view->day;
    snprintf(w->object, sizeof w->object, "%s", w->c->request->path + sizeof "/api/v1/" - 1);
    return MIZO_OK;
}

#define BEGIN(w, rows, c) begin(w, rows, sizeof(rows) / sizeof *(rows), c)

static const char *or_null(const char *s)
{
    return *s ? s : NULL;
}

/* The note as it now stands, with its version and who wrote it. */
static mizo_err answer_note(api_write *w, duty_call *c, mizo_err e, note *n)
{
    json j;
    char id[MIZO_ID_MAX];
    MIZO_TRY(api_failed(w, e));
    memcpy(id, n->id, sizeof id);
    MIZO_TRY(note_find(&c->t, n->kind, id, n));
    snprintf(w->after, sizeof w->after, "%s/%s", n->kind->name, n->id);
    api_begin(w->out, &j);
    note_json(n, w->c->view->region->offset, &j);
    json_end(&j);
    return w->out->body.err;
}

/* The batch is named by the town's clock. */
mizo_err api_duty_prepare(api_write *w)
{
    MIZO_TRY(api_needs_view(w));
    w->known = w->c->view->now;
    return MIZO_OK;
}

mizo_err api_duty_done_write(api_write *w)
{
    duty_call c;
    duty_item i;
    json j;
    MIZO_TRY(BEGIN(w, done_rows, &c));
    MIZO_TRY(api_failed(w, duty_done(&c.t, w->c->id, c.b.period, c.b.on, or_null(c.b.file), or_null(c.b.text),
                                     w->who.name, &i)));
    w->out->status = 200;
    w->out->type = "application/json";
    json_init(&j, &w->out->body);
    duty_item_json(&i, &j);
    return w->out->body.err;
}

mizo_err api_enquiry_write(api_write *w)
{
    duty_call c;
    note n;
    MIZO_TRY(BEGIN(w, ask_rows, &c));
    return answer_note(w, &c,
                       duty_enquiry_new(&c.t, or_null(c.b.contract), *c.b.kind ? c.b.kind : "question",
                                        c.b.on, c.b.text, w->who.name, &n),
                       &n);
}

mizo_err api_enquiry_answer_write(api_write *w)
{
    duty_call c;
    note n;
    MIZO_TRY(BEGIN(w, answer_rows, &c));
    return answer_note(w, &c, duty_enquiry_answer(&c.t, w->c->id, c.b.on, c.b.text, w->who.name, &n), &n);
}

mizo_err api_task_write(api_write *w)
{
    duty_call c;
    note n;
    MIZO_TRY(BEGIN(w, task_rows, &c));
    return answer_note(
        w, &c, duty_task_new(&c.t, c.b.process, c.b.contract, c.b.on, or_null(c.b.text), w->who.name, &n),
        &n);
}

mizo_err api_task_done_write(api_write *w)
{
    duty_call c;
    note n;
    MIZO_TRY(BEGIN(w, day_rows, &c));
    return answer_note(w, &c, duty_task_done(&c.t, w->c->id, c.b.on, w->who.name, &n), &n);
}

mizo_err api_notice_write(api_write *w)
{
    duty_call c;
    note n;
    MIZO_TRY(BEGIN(w, notice_rows, &c));
    return answer_note(
        w, &c,
        duty_notice(&c.t, c.b.contract, c.b.ends, c.b.on, c.b.how, or_null(c.b.proof), w->who.name, &n), &n);
}

/* The PDF is made on the writer's thread, which alone makes files here. */
mizo_err api_paper_write(api_write *w)
{
    duty_call c;
    note n;
    MIZO_TRY(BEGIN(w, paper_rows, &c));
    paper_ask a = { .contract = c.b.contract,
                    .after = c.b.after,
                    .day = c.b.on,
                    .how = c.b.how,
                    .explained = *c.b.explained ? c.b.explained : w->who.name };
    return answer_note(w, &c, paper_give(&c.t, &a, w->who.name, &n), &n);
}

mizo_err api_consent_write(api_write *w)
{
    duty_call c;
    note n;
    MIZO_TRY(BEGIN(w, consent_rows, &c));
    return answer_note(w, &c, paper_consent(&c.t, w->c->id, c.b.on, c.b.how, w->who.name, &n), &n);
}
