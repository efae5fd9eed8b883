/* api_certificates.c: certificates: what was bought, what it is used for, what stands behind each menu; other claims. */
#include <string.h>

#include "base/hash.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/proof/certificate.h"
#include "town/proof/claim.h"

/* What stands behind the menus of a year takes a report of the year: only where it is asked for. */
static mizo_err put_menus(const api_call *c, store *s, int fy, json *j)
{
    match_report m;
    size_t short_of = 0;
    MIZO_TRY(match_report_make(s, c->view->region, fy, 0, STORE_LATEST, &m));
    json_int(j, "fy", fy);
    mizo_err e = certificate_covers_json(s, &m, "menus", j, &short_of);
    json_int(j, "short", (int64_t)short_of);
    match_report_free(&m);
    return e;
}

/* Which state of the books this is. */
static mizo_err put_book(store *s, json *j)
{
    int64_t entries;
    hash head;
    char text[HASH_TEXT];
    MIZO_TRY(s->ops->entry_head(s, &entries, head.b));
    hash_text(head, text);
    json_object(j, "book");
    json_int(j, "entries", entries);
    json_text(j, "head", text);
    json_end(j);
    return MIZO_OK;
}

void api_certificates(const api_call *c, http_response *out)
{
    const char *given = query_get(&c->request->q, "fy");
    const mizo_region *r = c->view->region;
    int fy = 0;
    store *s;
    json j;
    if (given && mizo_fy_parse(given, strlen(given), &fy)) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_FY, given, NULL);
        return;
    }
    if (!api_open_store(c, out, &s))
        return;
    api_begin(out, &j);
    json_int(&j, "fy_now", mizo_day_fy(c->view->day));
    mizo_err e = certificate_lots_json(s, r, "lots", &j);
    if (!e)
        e = certificate_uses_json(s, r, "uses", &j);
    if (!e)
        e = claim_json(s, "claims", &j);
    if (!e && given)
        e = put_menus(c, s, fy, &j);
    if (!e)
        e = put_book(s, &j);
    json_end(&j);
    s->ops->close(s);
    if (e)
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
}
