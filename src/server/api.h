/* api.h: the routes of the API: values in, a response out. No socket here.
 *
 * A fast route answers from the view on the loop thread; a slow one runs in a job of the pool and may
 * read the store through a connection of its own. web/openapi.json says the same as this table, and a
 * test holds them together.
 */
#ifndef SERVER_API_H
#define SERVER_API_H

#include "base/json.h"
#include "server/find.h"
#include "server/http.h"
#include "town/flow.h"
#include "town/live.h"

typedef struct api_call {
    env *env;
    const http_request *request;
    char id[41];             /* the {id} of the path */
    const town_view *view;   /* not NULL where the route needs it */
    const live_model *model; /* may be NULL */
    const score_card *score; /* of a fast route; may be NULL */
    const find_index *sites; /* of view->region; NULL only without a view */
    const store_ops *store;  /* NULL: none */
    const char *store_path;
    http_counts counts;
    mizo_ms started; /* wall clock */
} api_call;

typedef struct api_route {
    const char *path;      /* "/api/v1/sites/{id}" */
    const char *params[4]; /* what it takes, ended by NULL */
    void (*answer)(const api_call *c, http_response *out);
    bool slow, needs_view;
} api_route;

extern const api_route api_routes[];
extern const size_t api_nroutes;

/* The route of a path; id receives its {id}. NULL: none. */
const api_route *api_find(const char *path, char id[41]);
/* Checks the parameters and calls the route. */
void api_answer(const api_route *r, const api_call *c, http_response *out);

/* The town as text: the body of /api/v1/town, and of its event. */
void api_town_text(const town_view *v, const live_model *m, buf *out);

/* ---- handlers, one topic a file ---- */
void api_town(const api_call *c, http_response *out);
void api_sites(const api_call *c, http_response *out);
void api_site(const api_call *c, http_response *out);
void api_site_day(const api_call *c, http_response *out);
void api_plants(const api_call *c, http_response *out);
void api_achievement(const api_call *c, http_response *out);
void api_plan(const api_call *c, http_response *out);
void api_score(const api_call *c, http_response *out);
void api_model(const api_call *c, http_response *out);
void api_health(const api_call *c, http_response *out);
void api_metrics(const api_call *c, http_response *out);

/* ---- for the handlers ---- */
/* RFC 9457: the problem with our message id, in both languages. */
void api_problem(const http_request *r, http_response *out, int status, mizo_msg id, const char *a,
                 const char *b);
/* Begins a JSON body at `status`. */
void api_begin(http_response *out, json *j);
void api_int(json *j, const char *key, int32_t v);           /* null where MIZO_MISSING */
void api_names(json *j, const char *ja, const char *en);     /* name_ja, name_en */
void api_slots(json *j, const char *key, const view_day *d); /* the 48 slots of a point or of all */
void api_now(json *j, const char *key, const view_now *n);
void api_diag(json *j, const char *key,
              const mizo_diag *d); /* id, severity, text_ja, text_en, file, line, column */

#endif
