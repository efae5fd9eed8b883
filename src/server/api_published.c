/* api_published.c: reports as they were published: the list, one held against today's figures, its bytes; and a report
 * frozen. Reading in a job; the write an act of town/ in the name of who asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "mizo/messages/report.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/office/frozen.h"
#include "town/report_file.h"

typedef struct asking {
    const api_call *c;
    town t;
    char dir[API_DIR];
    json j;
} asking;

/* False: answered. */
static bool begin(const api_call *c, http_response *out, asking *a)
{
    store *s;
    mizo_diags *d = mizo_diags_new(50);
    a->c = c;
    if (d && api_open_store(c, out, &s)) {
        a->t = api_town_of(c, s, d, a->dir);
        return true;
    }
    if (!d)
        api_problem(c->request, out, 503, MIZO_MSG_OUT_OF_MEMORY, NULL, NULL);
    mizo_diags_free(d);
    return false;
}

/* What town/ has said is the answer; else the store is to blame. */
static void end(asking *a, http_response *out, mizo_err e)
{
    const mizo_diag *said = mizo_diags_kept(a->t.diags) ? mizo_diags_at(a->t.diags, 0) : NULL;
    if (e && said && (e == MIZO_ENOENT || e == MIZO_EINPUT))
        api_problem(a->c->request, out, e == MIZO_ENOENT ? 404 : 422, said->id, said->param[0],
                    said->param[1]);
    else if (e)
        api_problem(a->c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    a->t.store->ops->close(a->t.store);
    mizo_diags_free(a->t.diags);
}

/* ---- reading ---- */

static mizo_err on_row(void *arg, const frozen *f)
{
    asking *a = arg;
    json_object(&a->j, NULL);
    frozen_json(&a->t, f, &a->j);
    json_end(&a->j);
    return a->j.out->err;
}

void api_published(const api_call *c, http_response *out)
{
    asking a;
    if (!begin(c, out, &a))
        return;
    api_begin(out, &a.j);
    json_array(&a.j, "rows");
    mizo_err e = frozen_each(&a.t, on_row, &a);
    json_end(&a.j);
    json_end(&a.j);
    end(&a, out, e);
}

/* The bytes as they went out, and nothing made anew. */
static mizo_err give_out(asking *a, const frozen *f, report_format format, http_response *out)
{
    frozen_part part = format == REPORT_FORMAT_XLSX  ? FROZEN_BOOK
                       : format == REPORT_FORMAT_TSV ? FROZEN_FACTS
                                                     : FROZEN_PAGE;
    MIZO_TRY(frozen_bytes(&a->t, f, part, &out->body));
    out->status = 200;
    out->type = report_format_type(format);
    (void)snprintf(out->name, sizeof out->name, "%s.%s", f->id, report_format_ending(format));
    return MIZO_OK;
}

static mizo_err hold_against(asking *a, const frozen *f, http_response *out)
{
    frozen_difference x;
    MIZO_TRY(frozen_differ(&a->t, f, a->c->view->day, &x));
    api_begin(out, &a->j);
    frozen_json(&a->t, f, &a->j);
    frozen_difference_json(&a->t, &x, &a->j);
    json_end(&a->j);
    frozen_difference_free(&x);
    return MIZO_OK;
}

void api_published_one(const api_call *c, http_response *out)
{
    asking a;
    frozen f;
    const char *as = query_get(&c->request->q, "as");
    report_format format = REPORT_FORMAT_HTML;
    if (as &&
        (report_format_find(as, &format) ||
         (format != REPORT_FORMAT_HTML && format != REPORT_FORMAT_XLSX && format != REPORT_FORMAT_TSV))) {
        api_problem(c->request, out, 400, MIZO_MSG_REPORT_FORMAT_UNKNOWN, as, NULL);
        return;
    }
    if (!begin(c, out, &a))
        return;
    mizo_err e = frozen_find(&a.t, c->id, &f);
    if (!e)
        e = as ? give_out(&a, &f, format, out) : hold_against(&a, &f, out);
    end(&a, out, e);
}

/* ---- freezing ---- */

typedef struct freeze_body {
    char why[FROZEN_WHY], lang[4];
    int64_t fy;
} freeze_body;

#define PLACE(member) offsetof(freeze_body, member), sizeof((freeze_body *)0)->member

/* clang-format off */
static const char *const langs[] = { "ja", "en", NULL };
static const shape_field freeze_rows[] = {
    { "fy", SHAPE_INT, true, 1985, 2100, NULL, offsetof(freeze_body, fy), 0 },
    { "why", SHAPE_TEXT, true, 1, 120, NULL, PLACE(why) },
    { "lang", SHAPE_TEXT, false, 2, 2, langs, PLACE(lang) },
};
/* clang-format on */

mizo_err api_freeze_write(api_write *w)
{
    freeze_body b;
    frozen f;
    char dir[API_DIR];
    json j;
    MIZO_TRY(api_needs_view(w));
    MIZO_TRY(api_body(w, freeze_rows, sizeof freeze_rows / sizeof *freeze_rows, &b));
    if (!city_doc_named(w->c->id))
        return api_refuse(w, 404, "none", MIZO_MSG_SERVER_NO_SUCH_PATH, w->c->request->path, NULL);
    town t = api_town_of(w->c, w->store, w->diags, dir);
    const char *lang = *b.lang ? b.lang : w->c->request->japanese ? "ja" : "en";
    const city_doc_ask ask = { w->c->id, lang, (int)b.fy, w->c->view->day };
    (void)snprintf(w->object, sizeof w->object, "published/%s-%d", ask.name, ask.fy);
    MIZO_TRY(api_failed(w, frozen_put(&t, &ask, MIZO_DAY_NONE, b.why, w->who.name, &f)));
    (void)snprintf(w->after, sizeof w->after, "%s", f.hash);
    api_begin(w->out, &j);
    frozen_json(&t, &f, &j);
    json_bool(&j, "again", f.again);
    json_end(&j);
    return MIZO_OK;
}
