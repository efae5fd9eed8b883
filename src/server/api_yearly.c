/* api_yearly.c: an owners' yearly table (docs/formats/yearly.md) as it was sent in, workbook or CSV. Who enters for one bureau
 * enters that bureau's facilities alone. On the writer's thread. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/import/import.h"

enum { SAID_MOST = 50 };

/* What was taken in, and what is worth a look. */
static void put_answer(api_write *w, const char *name, const import_result *r)
{
    json j;
    api_begin(w->out, &j);
    json_text(&j, "name", name);
    json_int(&j, "rows", r->rows);
    json_int(&j, "added", r->added);
    json_int(&j, "changed", r->changed);
    json_int(&j, "same", r->same);
    json_text(&j, "blake2b", r->hash);
    json_array(&j, "said");
    for (size_t i = 0; i < mizo_diags_kept(w->diags) && i < SAID_MOST; i++)
        api_diag(&j, NULL, mizo_diags_at(w->diags, i));
    json_end(&j);
    json_end(&j);
}

/* The owners' year comes from outside: it is known by the machine's clock, as what `mizo import` brings. */
mizo_err api_yearly_prepare(api_write *w)
{
    w->known = w->now;
    return api_needs_view(w);
}

mizo_err api_yearly_write(api_write *w)
{
    char dir[API_DIR];
    import_result r;
    const http_request *q = w->c->request;
    const char *name = query_get(&q->q, "name"), *year = query_get(&q->q, "fy"),
               *same = query_get(&q->q, "same");
    town t = api_town_of(w->c, w->store, w->diags, dir);
    int fy = 0;
    name = name && *name ? name : "upload.xlsx";
    if (year && mizo_fy_parse(year, strlen(year), &fy))
        return api_refuse(w, 400, "parameter", MIZO_MSG_SERVER_BAD_FY, year, NULL);
    if (same && strcmp(same, "yes"))
        return api_refuse(w, 400, "parameter", MIZO_MSG_SERVER_BAD_SAME, same, NULL);
    const import_options o = { .path = name,
                               .bytes = q->body ? q->body : "",
                               .nbytes = q->nbody,
                               .kind = "yearly",
                               .actor = w->who.name,
                               .known = w->known,
                               .joined = true,
                               .fy = fy,
                               .bureau = *w->who.bureau ? w->who.bureau : NULL,
                               .accept_same = same != NULL };
    const register_file line = { .kind = "owner-yearly",
                                 .name = name,
                                 .with = "owners",
                                 .from = w->c->view->day,
                                 .to = w->c->view->day + 1,
                                 .actor = w->who.name,
                                 .at = w->known,
                                 .bytes = q->body,
                                 .n = q->nbody };
    (void)snprintf(w->object, sizeof w->object, "yearly/%.100s", name);
    MIZO_TRY(api_file_failed(w, &line, import_file(&t, &o, &r)));
    put_answer(w, name, &r);
    return MIZO_OK;
}
