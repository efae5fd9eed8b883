/* api_city.c: the city's documents as JSON: targets, plan, evaluation, inventory, the checks of checks.csv, what people
 * entered, the ledger by facility, cut by group, bureau, supplier or menu, and who is late in it, the year of the leading
 * area, and what the office keeps lists of. In a job. */
#include <string.h>

#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/inventory/doc.h"
#include "town/inventory/entity.h"
#include "town/office/bems.h"
#include "town/office/city.h"
#include "town/office/city_why.h"
#include "town/office/grant.h"
#include "town/office/ledger_parts.h"
#include "town/office/owner_ledger.h"
#include "town/office/programme.h"
#include "town/office/saving.h"
#include "town/office/talk.h"
#include "town/office/why_doc.h"

/* What is asked: the city's figures as of a day, and where the answer goes. */
typedef struct asking {
    const api_call *c;
    town t;
    city_desk d;
    city_doc_ask ask;
    mizo_day as_of;
    ledger_cut_ask by; /* cut LEDGER_CUTS: row by row */
    json j;
} asking;

static mizo_ms known_at(const asking *a)
{
    return a->as_of == MIZO_DAY_NONE ? STORE_LATEST
                                     : mizo_slot_ms(mizo_day_slot(a->as_of + 1, a->t.region->offset)) - 1;
}

static mizo_day last_day(const asking *a)
{
    return a->as_of == MIZO_DAY_NONE ? a->ask.day : a->as_of;
}

/* ---- one function a document ---- */

static mizo_err put_document(asking *a)
{
    return city_doc_json(&a->d, &a->ask, &a->j);
}

static mizo_err on_check(void *arg, const city_check_result *x)
{
    json *j = arg;
    json_object(j, NULL);
    json_text(j, "check", x->row->id);
    json_bool(j, "ok", x->ok);
    json_text(j, "value", x->value);
    json_text(j, "expected", x->row->expected);
    json_text(j, "source", x->row->source);
    json_text(j, "ask", x->row->ask);
    json_end(j);
    return j->out->err;
}

static mizo_err put_checks(asking *a)
{
    json_array(&a->j, "rows");
    MIZO_TRY(city_check_each(&a->d.books, on_check, &a->j));
    json_end(&a->j);
    return MIZO_OK;
}

static mizo_err on_note(void *arg, const note *n)
{
    asking *a = arg;
    json_object(&a->j, NULL);
    note_json(n, a->t.region->offset, &a->j);
    json_end(&a->j);
    return a->j.out->err;
}

static mizo_err put_results(asking *a)
{
    json_array(&a->j, "rows");
    MIZO_TRY(note_scan(&a->t, &note_result, on_note, a));
    json_end(&a->j);
    return MIZO_OK;
}

/* By facility: readings and owners' reports side by side; late: only who lacks a month. */
static mizo_err put_rows(asking *a, bool late)
{
    owner_ledger l;
    ledger_ask what = { .lang = a->ask.lang, .late = late, .bureau = api_bureau(a->c) };
    MIZO_TRY(owner_ledger_make(a->t.store, a->t.region, a->ask.fy, known_at(a), last_day(a), &l));
    owner_ledger_json(a->t.region, &l, &what, &a->j);
    owner_ledger_free(&l);
    return MIZO_OK;
}

static mizo_err put_ledger(asking *a)
{
    ledger_parts p;
    if (a->by.cut == LEDGER_CUTS)
        return put_rows(a, false);
    MIZO_TRY(ledger_parts_make(a->t.store, a->t.region, a->ask.fy, known_at(a), last_day(a), &a->by, &p));
    ledger_parts_json(a->t.region, &p, &a->j);
    bool known = !a->by.open || ledger_part_named(&p, a->by.open);
    ledger_parts_free(&p);
    return known ? MIZO_OK : MIZO_ENOENT;
}

static mizo_err put_late(asking *a)
{
    return put_rows(a, true);
}

/* ---- what the office keeps, as an object of its own ---- */

static mizo_err put_achievement(asking *a)
{
    json_object(&a->j, "content");
    MIZO_TRY(city_doc_json(&a->d, &a->ask, &a->j));
    json_end(&a->j);
    return MIZO_OK;
}

/* The same as a document's blocks, for a page: draw appends to it. */
static report *begin_blocks(const asking *a)
{
    return report_new(&(report_head){ .title = a->ask.name, .lang = a->ask.lang, .day = a->ask.day });
}

static mizo_err end_blocks(asking *a, report *p)
{
    mizo_err e = p ? report_done(p) : MIZO_ENOMEM;
    if (!e) {
        json_array(&a->j, "blocks");
        report_json(p, &a->j);
        json_end(&a->j);
    }
    report_free(p);
    return e;
}

static bool japanese(const asking *a)
{
    return strcmp(a->ask.lang, "ja") == 0;
}

static mizo_err put_funnel(asking *a)
{
    talk_funnel f;
    MIZO_TRY(talk_funnel_make(&a->t, last_day(a), &f));
    json_object(&a->j, "content");
    talk_funnel_json(&f, &a->j);
    json_end(&a->j);
    report *p = begin_blocks(a);
    if (p)
        talk_funnel_doc(&f, japanese(a), p);
    talk_funnel_free(&f);
    return end_blocks(a, p);
}

static mizo_err put_savings(asking *a)
{
    office_savings s;
    MIZO_TRY(office_savings_make(&a->t, a->ask.fy, &s));
    json_object(&a->j, "content");
    office_savings_json(&s, a->t.region, NULL, &a->j);
    json_end(&a->j);
    report *p = begin_blocks(a);
    if (p)
        office_savings_doc(&s, a->t.region, japanese(a), p);
    office_savings_free(&s);
    return end_blocks(a, p);
}

static mizo_err put_bems(asking *a)
{
    bems_list b;
    MIZO_TRY(bems_make(&a->t, last_day(a), &b));
    json_object(&a->j, "content");
    bems_json(&b, &a->j);
    json_end(&a->j);
    report *p = begin_blocks(a);
    if (p)
        bems_doc(&b, a->t.region, japanese(a), p);
    bems_free(&b);
    return end_blocks(a, p);
}

static mizo_err put_grant(asking *a)
{
    office_grant g;
    MIZO_TRY(office_grant_make(&a->t, a->ask.fy, last_day(a), &g));
    json_object(&a->j, "content");
    office_grant_json(&g, &a->j);
    json_end(&a->j);
    report *p = begin_blocks(a);
    if (p)
        office_grant_doc(&g, a->t.region, japanese(a), p);
    office_grant_free(&g);
    return end_blocks(a, p);
}

/* The public sites and their stores: a user of one bureau sees its own. */
static mizo_err put_programme(asking *a)
{
    programme x;
    MIZO_TRY(programme_make(&a->t, a->ask.fy, known_at(a), last_day(a), a->c->who, &x));
    json_object(&a->j, "content");
    programme_json(&x, &a->j);
    json_end(&a->j);
    report *p = begin_blocks(a);
    if (p)
        programme_doc(&x, japanese(a), false, p);
    programme_free(&x);
    return end_blocks(a, p);
}

/* A reporting entity's year: a user of one bureau sees that one. */
static mizo_err put_entity(asking *a)
{
    const char *own = api_bureau(a->c), *who = query_get(&a->c->request->q, "who");
    const entity_of ask = { a->ask.fy, own ? own : who ? who : "all", a->as_of };
    entity_town e;
    MIZO_TRY(entity_town_make(&a->t, &ask, &e));
    json_object(&a->j, "content");
    entity_json(a->t.region, &e, &a->j);
    json_end(&a->j);
    entity_town_free(&e);
    return MIZO_OK;
}

static mizo_err put_capacity(asking *a)
{
    capacity c;
    mizo_err e = capacity_make(a->d.books.region, mizo_fy_first(a->ask.fy + 1) - 1, &c);
    if (e && e != MIZO_ENOENT)
        return e;
    json_object(&a->j, "content");
    capacity_json(&c, &a->j); /* no register: no rows */
    json_end(&a->j);
    capacity_free(&c);
    return MIZO_OK;
}

static const struct document {
    const char *name;
    mizo_err (*put)(asking *a);
    bool office; /* rows of every bureau: not for a user of one */
} documents[] = {
    {"targets",      put_document,    false},
    { "plan",        put_document,    false},
    { "evaluation",  put_document,    false},
    { "inventory",   put_document,    false},
    { "indicators",  put_document,    false},
    { "checks",      put_checks,      false},
    { "results",     put_results,     false},
    { "ledger",      put_ledger,      false},
    { "late",        put_late,        false},
    { "achievement", put_achievement, false},
    { "funnel",      put_funnel,      true },
    { "savings",     put_savings,     true },
    { "bems",        put_bems,        true },
    { "grant",       put_grant,       true },
    { "programme",   put_programme,   false},
    { "entity",      put_entity,      false},
    { "capacity",    put_capacity,    false},
};

static const struct document *document_of(const char *name)
{
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
        if (strcmp(name, documents[i].name) == 0)
            return &documents[i];
    return NULL;
}

/* ---- asking ---- */

/* Year, day and store; false: answered. */
static bool begin(const api_call *c, http_response *out, asking *a)
{
    *a = (asking){
        .c = c,
        .t = {.env = c->env,        .region = c->view->region },
        .ask = { .lang = c->request->japanese ? "ja" : "en",                   .day = c->view->day },
        .by = { .cut = LEDGER_CUTS}
    };
    if (!api_year(c, out, &a->ask.fy, &a->as_of) || !api_open_store(c, out, &a->t.store))
        return false;
    a->t.diags = mizo_diags_new(20);
    if (a->t.diags && city_desk_open(&a->t, a->as_of, &a->d) == MIZO_OK)
        return true;
    api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    mizo_diags_free(a->t.diags);
    a->t.store->ops->close(a->t.store);
    return false;
}

static void end(asking *a, http_response *out, mizo_err e)
{
    if (e == MIZO_ENOENT)
        api_problem(a->c->request, out, 404, MIZO_MSG_SERVER_NO_SUCH_PATH, a->c->request->path, NULL);
    else if (e)
        api_problem(a->c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    city_desk_close(&a->d);
    mizo_diags_free(a->t.diags);
    a->t.store->ops->close(a->t.store);
}

void api_city(const api_call *c, http_response *out)
{
    asking a;
    const struct document *doc = document_of(c->id);
    const char *by = query_get(&c->request->q, "by"), *part = by ? query_get(&c->request->q, "part") : NULL;
    ledger_cut cut = LEDGER_CUTS;
    if (!doc) {
        api_problem(c->request, out, 404, MIZO_MSG_SERVER_NO_SUCH_PATH, c->request->path, NULL);
        return;
    }
    if (doc->office && api_bureau(c)) {
        api_problem(c->request, out, 403, MIZO_MSG_SERVER_BUREAU, c->who->bureau, NULL);
        return;
    }
    if (by && (strcmp(doc->name, "ledger") || ledger_cut_of(by, &cut))) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_CUT, by, NULL);
        return;
    }
    if (!begin(c, out, &a))
        return;
    a.ask.name = doc->name;
    a.ask.bureau = api_bureau(c);
    a.by = (ledger_cut_ask){ .cut = cut, .open = part, .bureau = api_bureau(c) };
    api_begin(out, &a.j);
    json_text(&a.j, "report", a.ask.name);
    json_int(&a.j, "fy", a.ask.fy);
    json_day(&a.j, "day", a.ask.day);
    mizo_err e = doc->put(&a);
    json_text(&a.j, "model", c->view->region->hash);
    json_end(&a.j);
    end(&a, out, e);
}

/* An indicator of the path, and where its answer begins; NULL: answered. */
static const mizo_indicator *begin_indicator(const api_call *c, http_response *out, asking *a)
{
    if (!begin(c, out, a))
        return NULL;
    const mizo_indicator *i = city_indicator(&a->d.books, c->id, strlen(c->id));
    if (!i) {
        api_problem(c->request, out, 404, MIZO_MSG_SERVER_NO_SUCH_PATH, c->request->path, NULL);
        end(a, out, MIZO_OK);
        return NULL;
    }
    api_begin(out, &a->j);
    json_text(&a->j, "indicator", i->id);
    json_int(&a->j, "fy", a->ask.fy);
    api_names(&a->j, i->name_ja, i->name_en);
    return i;
}

static void end_indicator(asking *a, http_response *out, mizo_err e)
{
    json_text(&a->j, "model", a->t.region->hash);
    json_end(&a->j);
    end(a, out, e == MIZO_ENOENT ? MIZO_OK : e);
}

/* Where a figure comes from, down to what was said. */
void api_city_why(const api_call *c, http_response *out)
{
    asking a;
    const mizo_indicator *i = begin_indicator(c, out, &a);
    if (i)
        end_indicator(&a, out, city_why_json(&a.d, i, a.ask.fy, a.ask.lang, &a.j));
}

/* Every year of a figure, with its targets. */
void api_city_years(const api_call *c, http_response *out)
{
    asking a;
    const mizo_indicator *i = begin_indicator(c, out, &a);
    if (!i)
        return;
    city_years_json(&a.d, i, &a.j);
    end_indicator(&a, out, MIZO_OK);
}

/* What a figure is made of that is no indicator's: a node, a business, a register, an inventory, a facility. */
void api_city_opens(const api_call *c, http_response *out)
{
    asking a;
    report *r = NULL;
    mizo_ref f = mizo_region_facility(c->view->region, c->id);
    if (f >= 0 && c->who && !actor_reaches(c->who, c->view->region, f)) {
        api_problem(c->request, out, 403, MIZO_MSG_SERVER_BUREAU, c->who->bureau, NULL);
        return;
    }
    if (!begin(c, out, &a))
        return;
    const mizo_day day = last_day(&a);
    const why_ask ask = { c->id, a.ask.fy, day, day, a.ask.lang };
    mizo_err e = why_doc(&a.d, &ask, &r);
    if (e == MIZO_ENOENT) {
        api_problem(c->request, out, 404, MIZO_MSG_SERVER_NO_SUCH_PATH, c->request->path, NULL);
        e = MIZO_OK;
    } else if (!e) {
        api_begin(out, &a.j);
        json_text(&a.j, "of", c->id);
        json_int(&a.j, "fy", a.ask.fy);
        json_array(&a.j, "blocks");
        report_json(r, &a.j);
        json_end(&a.j);
        json_text(&a.j, "model", a.t.region->hash);
        json_end(&a.j);
    }
    report_free(r);
    end(&a, out, e);
}
