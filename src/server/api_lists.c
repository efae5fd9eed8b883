/* api_lists.c: the office's lists and registers: the list of them, one with its columns, as a file; a row written. A user of one
 * bureau sees and writes rows of its facilities. In a job; the write on the writer's thread. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "mizo/messages/report.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/office/lists.h"
#include "town/office/office.h"
#include "town/report_file.h"

/* The town for a list; false: answered. */
static bool begin(const api_call *c, http_response *out, town *t)
{
    *t = (town){ .env = c->env, .region = c->view->region };
    if (!api_open_store(c, out, &t->store))
        return false;
    t->diags = mizo_diags_new(50);
    if (t->diags)
        return true;
    t->store->ops->close(t->store);
    api_problem(c->request, out, 503, MIZO_MSG_OUT_OF_MEMORY, NULL, NULL);
    return false;
}

static void end(const api_call *c, http_response *out, town *t, mizo_err e)
{
    if (e == MIZO_ENOENT)
        api_problem(c->request, out, 404, MIZO_MSG_SERVER_NO_SUCH_PATH, c->request->path, NULL);
    else if (e)
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    mizo_diags_free(t->diags);
    t->store->ops->close(t->store);
}

void api_lists(const api_call *c, http_response *out)
{
    town t;
    json j;
    if (!begin(c, out, &t))
        return;
    api_begin(out, &j);
    mizo_err e = lists_json(&t, c->view->day, c->who, &j);
    json_end(&j);
    end(c, out, &t, e);
}

static mizo_err as_json(const api_call *c, http_response *out, town *t, const list_ask *ask)
{
    json j;
    api_begin(out, &j);
    MIZO_TRY(list_json(t, ask, &j));
    json_text(&j, "model", t->region->hash);
    json_end(&j);
    (void)c;
    return MIZO_OK;
}

static mizo_err as_file(const api_call *c, http_response *out, town *t, const list_ask *ask, report_format f)
{
    report *r = NULL;
    const char *lang = query_get(&c->request->q, "lang");
    bool ja = lang ? strcmp(lang, "ja") == 0 : c->request->japanese;
    MIZO_TRY(list_doc(t, ask, ja ? "ja" : "en", &r));
    api_file(c, out, r, f, ask->id, t->diags);
    report_free(r);
    return MIZO_OK;
}

void api_list(const api_call *c, http_response *out)
{
    town t;
    report_format f = REPORT_FORMAT_HTML;
    const char *on = query_get(&c->request->q, "on"), *as = query_get(&c->request->q, "as");
    list_ask ask = { .id = c->id, .on = MIZO_DAY_NONE, .today = c->view->day, .who = c->who };
    if (on && query_day(&c->request->q, "on", &ask.on)) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_DATE, on, NULL);
        return;
    }
    if (as && report_format_find(as, &f)) {
        api_problem(c->request, out, 400, MIZO_MSG_REPORT_FORMAT_UNKNOWN, as, NULL);
        return;
    }
    if (!begin(c, out, &t))
        return;
    end(c, out, &t, as ? as_file(c, out, &t, &ask, f) : as_json(c, out, &t, &ask));
}

/* ---- a row ---- */

/* The body: every field of the kind that it gives, each a text; what it leaves out becomes blank. */
typedef struct row_body {
    char value[NOTE_FIELDS][NOTE_TEXT];
} row_body;

typedef struct row_words {
    row_body body;
    char text[NOTE_FIELDS][NOTE_TEXT + 64];
    const char *word[NOTE_FIELDS];
    size_t n;
    note kept;
} row_words;

static mizo_err read_row(api_write *w, const note_kind *k, row_words *r)
{
    shape_field rows[NOTE_FIELDS];
    size_t n = 0;
    for (; n < NOTE_FIELDS && k->field[n].name; n++)
        rows[n] = (shape_field){ .name = k->field[n].name,
                                 .kind = SHAPE_TEXT,
                                 .most = NOTE_TEXT - 1,
                                 .offset = n * NOTE_TEXT,
                                 .cap = NOTE_TEXT };
    MIZO_TRY(api_body(w, rows, n, &r->body));
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(r->text[i], sizeof r->text[i], "%s=%s", k->field[i].name, r->body.value[i]);
        r->word[i] = r->text[i];
    }
    r->n = n;
    return MIZO_OK;
}

static mizo_err kind_of(api_write *w, const note_kind **out)
{
    char kinds[400], has[80], needs[80];
    buf b;
    *out = office_kind(w->c->kind);
    if (!*out) {
        buf_init(&b, sizeof kinds);
        office_kind_words(&b);
        (void)snprintf(kinds, sizeof kinds, "%s", b.p ? b.p : "");
        buf_fini(&b);
        return api_refuse(w, 404, "kind", MIZO_MSG_SERVER_NO_KIND, w->c->kind, kinds);
    }
    w->act = act_word(office_act(*out));
    if (role_may(w->who.roles, office_act(*out)))
        return MIZO_OK;
    role_text(w->who.roles, has, sizeof has);
    role_text(act_roles(office_act(*out)), needs, sizeof needs);
    return api_refuse(w, 403, "role", MIZO_MSG_SERVER_ROLE, needs, has);
}

static void put_row(api_write *w, const town *t, const note *n)
{
    json j;
    (void)snprintf(w->after, sizeof w->after, "%lld", (long long)n->version);
    (void)snprintf(w->out->own_etag, sizeof w->out->own_etag, "\"%lld\"", (long long)n->version);
    api_begin(w->out, &j);
    note_json(n, t->region->offset, &j);
    json_end(&j);
}

static mizo_err write_row(api_write *w, const note_kind *k, row_words *r)
{
    char dir[API_DIR];
    town t = api_town_of(w->c, w->store, w->diags, dir);
    int64_t mine = auth_version(w->c->request->proof.if_match);
    MIZO_TRY(read_row(w, k, r));
    if (mine < 0)
        return api_refuse(w, 428, "version", MIZO_MSG_SERVER_VERSION, NULL, NULL);
    mizo_err e = office_reach(&t, k, w->c->id, r->word, r->n, &w->who);
    if (e == MIZO_EINPUT)
        return api_said(w, 403, "bureau", NULL);
    if (!e)
        e = office_put(&t, k, w->c->id, r->word, r->n, mine, &w->who, &r->kept);
    MIZO_TRY(api_failed(w, e));
    put_row(w, &t, &r->kept);
    return MIZO_OK;
}

mizo_err api_list_write(api_write *w)
{
    const note_kind *k;
    (void)snprintf(w->object, sizeof w->object, "%s/%s", w->c->kind, w->c->id);
    MIZO_TRY(api_needs_view(w));
    MIZO_TRY(kind_of(w, &k));
    row_words *r = calloc(1, sizeof *r);
    mizo_err e = r ? write_row(w, k, r) : MIZO_ENOMEM;
    free(r);
    return e;
}
