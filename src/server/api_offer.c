/* api_offer.c: an offer of panels for a site: its figures, and its two pages as a PDF that is kept in the register. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "mizo/messages/duty.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/bills/offer.h"
#include "town/register/register.h"
#include "town/report_file.h"

/* The first problem of an act that failed, or that the store cannot be read. */
static void fail(const api_call *c, const mizo_diags *d, mizo_err e, http_response *out)
{
    const mizo_diag *first = mizo_diags_kept(d) ? mizo_diags_at(d, 0) : NULL;
    if (first && (e == MIZO_EINPUT || e == MIZO_ENOENT))
        api_problem(c->request, out, e == MIZO_ENOENT ? 404 : 400, first->id, first->param[0],
                    first->param[1]);
    else
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
}

static mizo_err answer_figures(const api_call *c, town *t, http_response *out)
{
    json j;
    offer_ask ask = { .site = c->id, .before = MIZO_DAY_NONE };
    const query *q = &c->request->q;
    const char *tax = query_get(q, "tax"), *before = query_get(q, "before");
    if (before && query_day(q, "before", &ask.before)) {
        MIZO_DIAG(t->diags, SERVER_BAD_DATE, MIZO_NOWHERE, before);
        return MIZO_EINPUT;
    }
    if (!offer_tax_of(tax, &ask.tax)) {
        MIZO_DIAG(t->diags, OFFER_TAX, MIZO_NOWHERE, tax);
        return MIZO_EINPUT;
    }
    offer *o = calloc(1, sizeof *o);
    mizo_err e = o ? offer_make(t, &ask, o) : MIZO_ENOMEM;
    if (!e) {
        api_begin(out, &j);
        offer_json(t, o, &j);
        json_end(&j);
    }
    free(o);
    return e;
}

/* The pages that were made before, out of the register. */
static mizo_err answer_paper(town *t, const char *id, http_response *out)
{
    register_line line;
    MIZO_TRY(register_get(t, id, &line));
    if (strcmp(line.kind, "offer"))
        return MIZO_ENOENT;
    MIZO_TRY(register_bytes(t, &line, &out->body));
    out->status = 200;
    out->type = "application/pdf";
    snprintf(out->name, sizeof out->name, "%.120s", line.name);
    return MIZO_OK;
}

void api_offer(const api_call *c, http_response *out)
{
    const char *paper = query_get(&c->request->q, "paper");
    char dir[API_DIR];
    store *s;
    if (!api_open_store(c, out, &s))
        return;
    mizo_diags *d = mizo_diags_new(20);
    town t = api_town_of(c, s, d, dir);
    mizo_err e = !d ? MIZO_ENOMEM : paper ? answer_paper(&t, paper, out) : answer_figures(c, &t, out);
    if (e == MIZO_ENOENT && paper && !mizo_diags_kept(d))
        api_problem(c->request, out, 404, MIZO_MSG_SERVER_NO_RECORD, "offer", paper);
    else if (e)
        fail(c, d, e, out);
    s->ops->close(s);
    mizo_diags_free(d);
}

/* ---- making one ---- */

typedef struct offer_body {
    mizo_day day;
    char tax[8];
} offer_body;

static const shape_field offer_rows[] = {
    {"before", SHAPE_DAY,  false, 0, 0, NULL,            offsetof(offer_body, day), 0},
    { "tax",   SHAPE_TEXT, false, 1, 7, offer_tax_words, offsetof(offer_body, tax),
     sizeof((offer_body *)0)->tax                                                    },
};

/* The year is read and the sizes are tried in a job. */
mizo_err api_offer_prepare(api_write *w)
{
    char dir[API_DIR];
    offer_body b;
    MIZO_TRY(api_needs_view(w));
    MIZO_TRY(api_body(w, offer_rows, sizeof offer_rows / sizeof *offer_rows, &b));
    offer_ask ask = { .site = w->c->id, .before = b.day };
    (void)offer_tax_of(b.tax, &ask.tax); /* one of the words, or none */
    offer *o = calloc(1, sizeof *o);
    if (!o)
        return MIZO_ENOMEM;
    w->made = o;
    w->drop = free;
    town t = api_town_of(w->c, w->store, w->diags, dir);
    return api_failed(w, offer_make(&t, &ask, o));
}

static mizo_err keep_pages(api_write *w, town *t, const offer *o, register_line *line)
{
    char day[MIZO_DATE_TEXT], name[MIZO_ID_MAX + 32];
    report *r;
    buf bytes;
    mizo_day_text(o->to, day);
    snprintf(name, sizeof name, "offer-%s-%s.pdf", w->c->id, day);
    MIZO_TRY(offer_report(t, o, &r));
    buf_init(&bytes, REPORT_BYTES);
    mizo_err e = report_make(r, REPORT_FORMAT_PDF, w->diags, &bytes);
    register_file f = { .kind = "offer",
                        .name = name,
                        .sent = true,
                        .with = w->c->id,
                        .from = o->from,
                        .to = o->to,
                        .actor = w->who.name,
                        .at = w->known,
                        .bytes = bytes.p,
                        .n = bytes.n };
    if (!e)
        e = register_put(t, &f, line);
    buf_fini(&bytes);
    report_free(r);
    return e;
}

/* The PDF is made on the writer's thread, which alone makes files here. */
mizo_err api_offer_write(api_write *w)
{
    char dir[API_DIR];
    register_line line;
    json j;
    town t = api_town_of(w->c, w->store, w->diags, dir);
    const offer *o = w->made;
    snprintf(w->object, sizeof w->object, "offer/%s", w->c->id);
    MIZO_TRY(api_failed(w, keep_pages(w, &t, o, &line)));
    snprintf(w->after, sizeof w->after, "%s", line.id);
    api_begin(w->out, &j);
    json_text(&j, "paper", line.id);
    json_text(&j, "file", line.name);
    json_text(&j, "hash", line.hash);
    json_bool(&j, "pays", o->best >= 0);
    json_end(&j);
    return w->out->body.err;
}
