/* api.h: the routes of the API: values in, a response out. No socket here.
 *
 * Who may ask is a column of the table: gate.h answers it before a handler is called. What writes has two parts:
 * `prepare` in a job of the pool (a slow thought, a password's hash), and `write` on the writer's thread inside
 * an open batch in the name of who asked.
 *
 * A fast route answers from the view on the loop thread; a slow one runs in a job of the pool and may
 * read the store through a connection of its own. web/openapi.json says the same as this table, and a
 * test holds them together.
 */
#ifndef SERVER_API_H
#define SERVER_API_H

#include "base/json.h"
#include "base/shape.h"
#include "server/auth.h"
#include "server/find.h"
#include "server/http.h"
#include "town/live/live.h"
#include "town/people/actor.h"
#include "town/proof/flow.h"
#include "town/register/register.h"
#include "town/report_file.h"
#include "town/town.h"

typedef struct api_call {
    env *env;
    const http_request *request;
    char id[41], kind[41]; /* the {id} and {kind} of the path */
    auth_place from;
    const actor *who;        /* who asks; NULL: nobody who is known */
    const ticket *session;   /* with who, by a cookie; NULL */
    const town_view *view;   /* not NULL where the route needs it */
    const live_model *model; /* may be NULL */
    const score_card *score; /* of a fast route; may be NULL */
    const find_index *sites; /* of view->region; NULL only without a view */
    const store_ops *store;  /* NULL: none */
    const char *store_path;
    http_counts counts;
    mizo_ms started; /* wall clock */
} api_call;

/* A write on its way. */
typedef struct api_write {
    const api_call *c;
    store *store; /* of prepare: a connection that reads; of write: a batch is open */
    http_response *out;
    mizo_diags *diags; /* what is wrong with the body */
    actor who;         /* the batch's name; a login sets it in prepare */
    ticket session;    /* by a cookie; id "" otherwise */
    mizo_ms now;       /* by the machine's clock: sessions, links, tokens, answers that are kept */
    mizo_ms known;     /* by the town's clock (api_clock): of the batch and of all that the act says */
    char object[128];  /* for the audit record: what was written ... */
    char before[80], after[80];
    const char *act; /* static: what it was; NULL: the first word of the path */
    const char *why; /* static: why it is refused */
    bool noted;      /* the audit record stands already */
    bool unkept;     /* the answer is not kept for a second try with the same key */
    register_file
        refused; /* of a file that is not taken: its line, put when the batch is gone; kind NULL: none */
    void *made;  /* of prepare, for write: then the write has a batch of its own, of the same `known` */
    void (*drop)(void *made); /* frees it; NULL: nothing to free */
    char name[MIZO_ID_MAX], was[PASSWORD_HASH], fresh[PASSWORD_HASH],
        secret[TICKET_ROOM]; /* of logins; wiped */
} api_write;

/* May refuse: fills out with a problem and returns an error, and nothing is written. */
typedef mizo_err (*api_write_fn)(api_write *w);

typedef enum api_login {
    LOGIN_READ, /* as the region says: from this machine and where public_reading is yes, nobody asks who */
    LOGIN_PUBLIC, /* as LOGIN_READ, and where the region has a public page nobody is asked from anywhere; kept for a minute */
    LOGIN_NO,    /* never asked */
    LOGIN_MAYBE, /* who, where there is a session; else nobody */
    LOGIN_YES    /* always, with a role that `act` needs */
} api_login;

typedef struct api_route {
    const char *path;      /* "/api/v1/sites/{id}" */
    const char *params[7]; /* what it takes, ended by NULL */
    void (*answer)(const api_call *c, http_response *out);
    bool slow, needs_view;
    api_login login;
    town_act act; /* what it is, where a login is asked for */
    /* of what writes: */
    http_method method; /* HTTP_POST, HTTP_PUT, HTTP_DELETE; 0: it reads */
    size_t body_most;   /* bytes; 0: no body */
    const char *source; /* of its batch */
    api_write_fn prepare, write;
    /* Of what checks a password: whose tries are counted. NULL: it checks none. */
    void (*counted)(const http_request *r, char key[64]);
    const char *body_types; /* of a body that is no JSON: "text/csv", with blanks between; NULL: JSON */
} api_route;

extern const api_route api_routes[];
extern const size_t api_nroutes;

/* Whether a user of one bureau may read it: the town as a whole, or what the handler cuts down to the bureau's own. */
bool api_of_bureau(const api_route *r);
/* The bureau whose rows alone the one who asks sees; NULL: all. */
const char *api_bureau(const api_call *c);
/* The route of a path; ids receives what stands in it. NULL: none. *allow: of a path that is there with other
 * methods, these ("GET, HEAD, PUT"), static text; NULL: no such path. HEAD is found as GET. */
const api_route *api_find(const char *path, http_method method, api_ids *ids, const char **allow);
/* Checks the parameters and calls the route. */
void api_answer(const api_route *r, const api_call *c, http_response *out);
/* A parameter that the route does not take; NULL: none. */
const char *api_stranger(const api_route *r, const http_request *q);

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
void api_close(const api_call *c, http_response *out);
void api_desk(const api_call *c, http_response *out);
void api_desk_file(const api_call *c, http_response *out);
void api_match(const api_call *c, http_response *out);
void api_match_slot(const api_call *c, http_response *out);
void api_certificates(const api_call *c, http_response *out);
void api_carbon(const api_call *c, http_response *out);
void api_city(const api_call *c, http_response *out);
void api_published(const api_call *c, http_response *out);
void api_published_one(const api_call *c, http_response *out);
void api_report(const api_call *c, http_response *out);
void api_city_years(const api_call *c, http_response *out);
void api_city_why(const api_call *c, http_response *out);
void api_city_opens(const api_call *c, http_response *out);
void api_handover(const api_call *c, http_response *out);
void api_lists(const api_call *c, http_response *out);
void api_list(const api_call *c, http_response *out);
void api_facility(const api_call *c, http_response *out);
void api_map(const api_call *c, http_response *out);
void api_public(const api_call *c, http_response *out);
void api_public_page(const api_call *c, http_response *out);
void api_public_style(const api_call *c, http_response *out);
void api_carbon_day(const api_call *c, http_response *out);
void api_bills(const api_call *c, http_response *out);
void api_bill(const api_call *c, http_response *out);
void api_bill_slots(const api_call *c, http_response *out);
void api_margin(const api_call *c, http_response *out);
void api_runs(const api_call *c, http_response *out);
void api_run(const api_call *c, http_response *out);
void api_invoice(const api_call *c, http_response *out);
void api_receivables(const api_call *c, http_response *out);
mizo_err api_run_draft(api_write *w);
mizo_err api_run_approve(api_write *w);
mizo_err api_run_issue(api_write *w);
mizo_err api_run_cancel(api_write *w);
mizo_err api_run_write(api_write *w);
mizo_err api_payments_write(api_write *w);
void api_payouts(const api_call *c, http_response *out);
mizo_err api_payout_make_write(api_write *w);
mizo_err api_payout_approve_write(api_write *w);
mizo_err api_payout_export_write(api_write *w);
mizo_err api_payout_paid_write(api_write *w);
mizo_err api_payout_cancel_write(api_write *w);
mizo_err api_close_make(api_write *w);
mizo_err api_close_approve(api_write *w);
mizo_err api_close_write(api_write *w);
mizo_err api_close_accept(api_write *w);
mizo_err api_close_accept_write(api_write *w);
mizo_err api_costs_write(api_write *w);
void api_model(const api_call *c, http_response *out);
void api_health(const api_call *c, http_response *out);
void api_metrics(const api_call *c, http_response *out);
void api_me(const api_call *c, http_response *out);
void api_audit(const api_call *c, http_response *out);
void api_record(const api_call *c, http_response *out);
mizo_err api_freeze_write(api_write *w);
mizo_err api_city_result_write(api_write *w);
mizo_err api_desk_prepare(api_write *w);
mizo_err api_desk_draft_prepare(api_write *w);
mizo_err api_desk_draft_write(api_write *w);
mizo_err api_desk_slot_write(api_write *w);
mizo_err api_desk_file_write(api_write *w);
mizo_err api_desk_bids_write(api_write *w);
mizo_err api_desk_plants_write(api_write *w);
mizo_err api_desk_results_write(api_write *w);
mizo_err api_desk_parent_write(api_write *w);
mizo_err api_desk_members_write(api_write *w);
mizo_err api_yearly_prepare(api_write *w);
mizo_err api_yearly_write(api_write *w);
mizo_err api_desk_move_write(api_write *w);
void api_offer(const api_call *c, http_response *out);
mizo_err api_offer_prepare(api_write *w);
mizo_err api_offer_write(api_write *w);
void api_duties(const api_call *c, http_response *out);
void api_sheet(const api_call *c, http_response *out);
void api_papers(const api_call *c, http_response *out);
void api_paper_file(const api_call *c, http_response *out);
void api_tasks(const api_call *c, http_response *out);
void api_notices(const api_call *c, http_response *out);
void api_enquiries(const api_call *c, http_response *out);
mizo_err api_duty_prepare(api_write *w);
mizo_err api_duty_done_write(api_write *w);
mizo_err api_enquiry_write(api_write *w);
mizo_err api_enquiry_answer_write(api_write *w);
mizo_err api_task_write(api_write *w);
mizo_err api_task_done_write(api_write *w);
mizo_err api_notice_write(api_write *w);
mizo_err api_paper_write(api_write *w);
mizo_err api_consent_write(api_write *w);
mizo_err api_login_prepare(api_write *w);
mizo_err api_login_write(api_write *w);
mizo_err api_logout_write(api_write *w);
mizo_err api_first_prepare(api_write *w);
mizo_err api_first_write(api_write *w);
mizo_err api_link_prepare(api_write *w);
mizo_err api_link_write(api_write *w);
mizo_err api_password_prepare(api_write *w);
mizo_err api_password_write(api_write *w);
mizo_err api_record_write(api_write *w);
mizo_err api_list_write(api_write *w);
mizo_err api_claim_write(api_write *w);
mizo_err api_certificates_write(api_write *w);
mizo_err api_certificate_assign_write(api_write *w);
mizo_err api_certificate_retire_write(api_write *w);
void api_login_counted(const http_request *r, char key[64]);
void api_link_counted(const http_request *r, char key[64]);
void api_password_counted(const http_request *r, char key[64]);

/* ---- for the handlers ---- */
/* RFC 9457: the problem with our message id, in both languages. */
void api_problem(const http_request *r, http_response *out, int status, mizo_msg id, const char *a,
                 const char *b);
/* 400 with every mistake of a body: "diagnoses" beside the problem. Returns MIZO_EINPUT. */
mizo_err api_mistakes(const http_request *r, http_response *out, const mizo_diags *d);
/* Reads the body of a write into a struct by its rows; 400 with every mistake where it cannot. */
mizo_err api_body(api_write *w, const shape_field *rows, size_t n, void *into);
/* For writes: the problem, and why in one word for the audit record. Returns MIZO_EINPUT. */
mizo_err api_refuse(api_write *w, int status, const char *why, mizo_msg id, const char *a, const char *b);
/* For writes, after an act of town/ has failed and said why in w->diags: the problem of the first mistake with all
 * of them in "diagnoses", and `more` (members of JSON, or NULL). Returns MIZO_EINPUT. */
mizo_err api_said(api_write *w, int status, const char *why, const char *more);
/* The same by the error: 400, 404, 409; MIZO_OK and what the store itself returned come back as they are. */
mizo_err api_failed(api_write *w, mizo_err e);
/* After a file was read: where it is refused (MIZO_EINPUT) it gets its line in the register all the same. As api_failed;
 * f's strings and bytes live as long as the request. */
mizo_err api_file_failed(api_write *w, const register_file *f, mizo_err e);
/* The town for an act of town/, over `s`, which may be NULL; dir: where its name goes. */
enum { API_DIR = 4096 };
town api_town_of(const api_call *c, store *s, mizo_diags *d, char dir[API_DIR]);
/* What time it is in the town: where its clock is simulated as far as the view has come, else the machine's. */
mizo_ms api_clock(const api_call *c);
/* Of a write that needs the town's model: the refusal where it is starting. */
mizo_err api_needs_view(api_write *w);
/* "2021-07" as its first day. */
bool api_month(const char *text, mizo_day *month);
/* If-Match against a version: MIZO_ECONFLICT: another (api_edited says it); MIZO_EINPUT: none was sent (said). */
mizo_err api_same(api_write *w, int64_t is, int64_t *mine);
/* 409 from the version that was changed to the one that stands; the object stays open for "yours" and "theirs".
 * Returns MIZO_EINPUT. */
mizo_err api_begin_conflict(api_write *w, int64_t mine, int64_t stands, json *j);
/* 409 with both versions; put writes the members of what stands. Returns MIZO_EINPUT. */
mizo_err api_other(api_write *w, int64_t mine, int64_t is, void (*put)(const void *arg, json *j),
                   const void *arg);
/* The same; theirs: JSON. */
mizo_err api_edited(api_write *w, int64_t mine, int64_t is, const char *theirs);
/* The fiscal year and the day of knowledge that are asked for; without them the town's year, and all. */
bool api_year(const api_call *c, http_response *out, int *fy, mizo_day *as_of);
/* Opens the store to read. False: the answer says that it cannot be. */
bool api_open_store(const api_call *c, http_response *out, store **s);
/* A document as a file of that format, NAME-YEAR or NAME; what cannot be made for want of a module or font is said: 422. */
void api_file(const api_call *c, http_response *out, const report *r, report_format f, const char *name,
              mizo_diags *d);
/* Begins a JSON body at `status`. */
void api_begin(http_response *out, json *j);
void api_int(json *j, const char *key, int32_t v);           /* null where MIZO_MISSING */
void api_names(json *j, const char *ja, const char *en);     /* name_ja, name_en */
void api_slots(json *j, const char *key, const view_day *d); /* the 48 slots of a point or of all */
void api_now(json *j, const char *key, const view_now *n);
void api_diag(json *j, const char *key,
              const mizo_diag *d); /* id, severity, text_ja, text_en, file, line, column */

#endif
