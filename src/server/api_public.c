/* api_public.c: the town's result for everybody: /public as a page, /public.css, the same figures as JSON. Kept for a minute
 * (kept.h), so that a crowd costs one reckoning. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/office/public.h"

static const char *const five_minutes = "public, max-age=300";
enum { BACK_DAYS = 90 }; /* a year that has just begun has nothing to show */

static void tag(http_response *out)
{
    char text[HASH_TEXT];
    hash_text(hash_bytes(out->body.p ? out->body.p : "", out->body.n), text);
    (void)snprintf(out->own_etag, sizeof out->own_etag, "\"%.20s\"", text);
    out->cache = five_minutes;
}

static bool begin(const api_call *c, http_response *out, town *t, char dir[API_DIR], public_sheet *s)
{
    store *opened;
    if (!api_open_store(c, out, &opened))
        return false;
    *t = api_town_of(c, opened, mizo_diags_new(20), dir);
    int fy = mizo_day_fy(c->view->day - BACK_DAYS);
    if (t->diags && public_gather(t, fy, MIZO_DAY_NONE, c->view->day, s) == MIZO_OK)
        return true;
    mizo_diags_free(t->diags);
    t->store->ops->close(t->store);
    api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    return false;
}

static void end(town *t, public_sheet *s)
{
    public_drop(s);
    mizo_diags_free(t->diags);
    t->store->ops->close(t->store);
}

void api_public(const api_call *c, http_response *out)
{
    town t;
    char dir[API_DIR];
    public_sheet s;
    json j;
    if (!begin(c, out, &t, dir, &s))
        return;
    api_begin(out, &j);
    public_json(&s, &j);
    json_end(&j);
    end(&t, &s);
    tag(out);
}

void api_public_page(const api_call *c, http_response *out)
{
    town t;
    char dir[API_DIR];
    public_sheet s;
    const char *lang = query_get(&c->request->q, "lang");
    bool ja = lang ? strcmp(lang, "ja") == 0 : c->request->japanese;
    if (!begin(c, out, &t, dir, &s))
        return;
    out->status = 200;
    out->type = "text/html; charset=utf-8";
    mizo_err e = public_html(&s, &(public_look){ .lang = ja ? "ja" : "en" }, &out->body);
    end(&t, &s);
    if (e)
        api_problem(c->request, out, 503, MIZO_MSG_OUT_OF_MEMORY, NULL, NULL);
    else
        tag(out);
}

void api_public_style(const api_call *c, http_response *out)
{
    (void)c;
    out->status = 200;
    out->type = "text/css; charset=utf-8";
    buf_str(&out->body, public_style());
    tag(out);
}
