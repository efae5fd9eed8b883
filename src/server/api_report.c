/* api_report.c: a report of the city as a file to keep: PDF, workbook, CSV, text, or one page that opens from disk. As
 * `mizo report` and `mizo city ledger|late|scheme|provisional` make it. In a job. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/report.h"
#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/inventory/provisional.h"
#include "town/inventory/scheme.h"
#include "town/office/city.h"
#include "town/office/owner_ledger.h"
#include "town/office/programme.h"
#include "town/report_file.h"

typedef struct asking {
    const api_call *c;
    town t;
    city_doc_ask ask;
    mizo_day as_of;
    report_format format;
    bool office; /* as offices print it */
} asking;

static mizo_err make_ledger(asking *a, report **out)
{
    owner_ledger l;
    bool now = a->as_of == MIZO_DAY_NONE;
    ledger_ask what = { .bureau = api_bureau(a->c),
                        .lang = a->ask.lang,
                        .late = strcmp(a->ask.name, "late") == 0 };
    mizo_ms at = now ? STORE_LATEST : mizo_slot_ms(mizo_day_slot(a->as_of + 1, a->t.region->offset)) - 1;
    MIZO_TRY(owner_ledger_make(a->t.store, a->t.region, a->ask.fy, at, now ? a->ask.day : a->as_of, &l));
    mizo_err e = owner_ledger_doc(a->t.region, &l, &what, out);
    owner_ledger_free(&l);
    return e;
}

static mizo_err make_document(asking *a, report **out)
{
    city_desk d;
    MIZO_TRY(city_desk_open(&a->t, a->as_of, &d));
    mizo_err e = city_doc(&d, &a->ask, a->t.diags, out);
    city_desk_close(&d);
    return e;
}

static const char *inventory_of(const asking *a)
{
    const char *of = query_get(&a->c->request->q, "of");
    return of && *of ? of : city_inventory_first(a->t.region);
}

/* An inventory in the categories of the scheme behind the dash. */
static mizo_err make_scheme(asking *a, report **out)
{
    city_desk d;
    int strays;
    const scheme_ask what = { strchr(a->ask.name, '-') + 1, inventory_of(a), a->ask.lang, a->ask.fy };
    MIZO_TRY(city_desk_open(&a->t, a->as_of, &d));
    mizo_err e = scheme_doc(&d, &what, a->t.diags, out, &strays);
    city_desk_close(&d);
    return e == MIZO_ENOENT ? MIZO_EINPUT : e; /* said */
}

static mizo_err make_provisional(asking *a, report **out)
{
    city_desk d;
    const provisional_ask what = { inventory_of(a), a->ask.lang, a->ask.fy };
    MIZO_TRY(city_desk_open(&a->t, a->as_of, &d));
    mizo_err e = provisional_doc(&d, &what, out);
    city_desk_close(&d);
    return e == MIZO_ENOENT ? MIZO_EINPUT : e; /* said */
}

static mizo_err make_programme(asking *a, report **out)
{
    programme p;
    const mizo_region *g = a->t.region;
    bool now = a->as_of == MIZO_DAY_NONE, ja = strcmp(a->ask.lang, "ja") == 0;
    mizo_ms at = now ? STORE_LATEST : mizo_slot_ms(mizo_day_slot(a->as_of + 1, g->offset)) - 1;
    mizo_day day = now ? a->ask.day : a->as_of;
    MIZO_TRY(programme_make(&a->t, a->ask.fy, at, day, a->c->who, &p));
    *out = report_new(&(report_head){ .title = ja ? "公共施設の取組" : "The programme of the public sites",
                                      .author = ja || !*g->name_en ? g->name_ja : g->name_en,
                                      .lang = a->ask.lang,
                                      .day = day,
                                      .landscape = true });
    if (*out)
        programme_doc(&p, ja, true, *out);
    programme_free(&p);
    return *out ? report_done(*out) : MIZO_ENOMEM;
}

typedef struct file_maker {
    const char *name;
    mizo_err (*make)(asking *a, report **out);
    bool bureau; /* a user of one bureau gets its own rows */
} file_maker;

/* What is no document of city_doc. */
static const file_maker makers[] = {
    {"ledger",         make_ledger,      true },
    { "late",          make_ledger,      true },
    { "programme",     make_programme,   true },
    { "inventory-moe", make_scheme,      false},
    { "inventory-gpc", make_scheme,      false},
    { "provisional",   make_provisional, false},
};

static const file_maker *maker_of(const char *name)
{
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (strcmp(name, makers[i].name) == 0)
            return &makers[i];
    return NULL;
}

static const mizo_diag *last_word(const mizo_diags *d)
{
    return mizo_diags_kept(d) ? mizo_diags_at(d, mizo_diags_kept(d) - 1) : NULL;
}

void api_file(const api_call *c, http_response *out, const report *r, report_format f, const char *name,
              mizo_diags *d)
{
    mizo_err e = report_make(r, f, d, &out->body);
    const mizo_diag *said = last_word(d);
    if (!e) {
        out->status = 200;
        out->type = report_format_type(f);
        (void)snprintf(out->name, sizeof out->name, "%.80s.%s", name, report_format_ending(f));
    } else if (said && (e == MIZO_EUNSUPPORTED || e == MIZO_EINPUT)) {
        api_problem(c->request, out, 422, said->id, said->param[0], said->param[1]);
    } else {
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    }
}

/* The file into the answer; what cannot be made for want of figures or of a module is said. */
static void answer(asking *a, http_response *out)
{
    report *r = NULL;
    char name[80];
    const file_maker *own = maker_of(a->ask.name);
    mizo_err e = own ? own->make(a, &r) : make_document(a, &r);
    (void)snprintf(name, sizeof name, "%s-%d", a->ask.name, a->ask.fy);
    if (!e && a->office)
        report_office(r);
    if (!e)
        api_file(a->c, out, r, a->format, name, a->t.diags);
    report_free(r);
    const mizo_diag *said = last_word(a->t.diags);
    if (!e)
        return;
    if (said && (e == MIZO_EUNSUPPORTED || e == MIZO_EINPUT)) {
        api_problem(a->c->request, out, 422, said->id, said->param[0], said->param[1]);
    } else if (e == MIZO_ENOENT) {
        char year[16];
        (void)snprintf(year, sizeof year, "%d", a->ask.fy);
        api_problem(a->c->request, out, 404, MIZO_MSG_SERVER_NO_FIGURES, a->ask.name, year);
    } else {
        api_problem(a->c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    }
}

/* A report of that name in the format that is asked for. */
static void give_file(const api_call *c, http_response *out, const char *name)
{
    const char *as = query_get(&c->request->q, "as"), *lang = query_get(&c->request->q, "lang");
    bool japanese = lang ? strcmp(lang, "ja") == 0 : c->request->japanese;
    asking a = {
        .c = c,
        .t = {.env = c->env,                   .region = c->view->region, .now = api_clock(c)    },
        .ask = { .name = name, .lang = japanese ? "ja" : "en",       .day = c->view->day, .bureau = api_bureau(c) },
        .format = REPORT_FORMAT_HTML,
        .office = query_get(&c->request->q, "office") != NULL
    };
    if (as && report_format_find(as, &a.format)) {
        api_problem(c->request, out, 400, MIZO_MSG_REPORT_FORMAT_UNKNOWN, as, NULL);
        return;
    }
    if (!api_year(c, out, &a.ask.fy, &a.as_of) || !api_open_store(c, out, &a.t.store))
        return;
    a.t.diags = mizo_diags_new(100);
    if (a.t.diags)
        answer(&a, out);
    else
        api_problem(c->request, out, 503, MIZO_MSG_OUT_OF_MEMORY, NULL, NULL);
    mizo_diags_free(a.t.diags);
    a.t.store->ops->close(a.t.store);
}

void api_report(const api_call *c, http_response *out)
{
    bool inside =
        strcmp(c->id, "handover") == 0; /* of the desk's people: api_handover, which asks who reads */
    const file_maker *own = maker_of(c->id);
    if (own && !own->bureau && api_bureau(c))
        api_problem(c->request, out, 403, MIZO_MSG_SERVER_BUREAU, c->who->bureau, NULL);
    else if (inside || (!city_doc_named(c->id) && !own))
        api_problem(c->request, out, 404, MIZO_MSG_SERVER_NO_SUCH_PATH, c->request->path, NULL);
    else
        give_file(c, out, c->id);
}

/* What the next person at the desk needs, as blocks, or with `as` as a file. It tells of every bureau and user: none of one
 * bureau reads it. */
void api_handover(const api_call *c, http_response *out)
{
    json j;
    city_desk d;
    mizo_day as_of;
    city_doc_ask ask = { .name = "handover",
                         .lang = c->request->japanese ? "ja" : "en",
                         .day = c->view->day };
    town t = { .env = c->env, .region = c->view->region, .now = api_clock(c) };
    if (api_bureau(c)) {
        api_problem(c->request, out, 403, MIZO_MSG_SERVER_BUREAU, c->who->bureau, NULL);
        return;
    }
    if (query_get(&c->request->q, "as")) {
        give_file(c, out, "handover");
        return;
    }
    if (!api_year(c, out, &ask.fy, &as_of) || !api_open_store(c, out, &t.store))
        return;
    mizo_err e = city_desk_open(&t, as_of, &d);
    if (!e) {
        api_begin(out, &j);
        json_text(&j, "report", ask.name);
        json_int(&j, "fy", ask.fy);
        json_day(&j, "day", ask.day);
        e = city_doc_json(&d, &ask, &j);
        json_text(&j, "model", t.region->hash);
        json_end(&j);
        city_desk_close(&d);
    }
    if (e) {
        buf_clear(&out->body);
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    }
    t.store->ops->close(t.store);
}
