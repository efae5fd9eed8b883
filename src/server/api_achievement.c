/* api_achievement.c: the rate of a fiscal year: as published, and from the town's own contracts. In a job:
 * the own figure reads a year of the store. */
#include <string.h>

#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/office/saving.h"
#include "town/proof/achievement.h"

static void put_grades(json *j, const char *key, const mizo_wh by[MIZO_GRADES])
{
    json_object(j, key);
    for (int i = 0; i < MIZO_GRADES; i++)
        if (by[i])
            json_int(j, mizo_quality_text((mizo_quality)i), by[i]);
    json_end(j);
}

static void put_texts(json *j, const mizo_achievement *a)
{
    char text[512];
    json_double(j, "rate", a->rate_bp / 10000.0);
    mizo_achievement_text(a, "ja", text, sizeof text);
    json_text(j, "text_ja", text);
    mizo_achievement_text(a, "en", text, sizeof text);
    json_text(j, "text_en", text);
    mizo_achievement_rule(a, "ja", text, sizeof text);
    json_text(j, "rule_ja", text);
    mizo_achievement_rule(a, "en", text, sizeof text);
    json_text(j, "rule_en", text);
}

static void put_nulls(json *j, const char *const *keys)
{
    for (; *keys; keys++)
        json_null(j, *keys);
}

static const char *const sum_keys[] = { "supply_wh", "saving_wh", "demand_wh", NULL };
static const char *const text_keys[] = { "rate", "text_ja", "text_en", "rule_ja", "rule_en", NULL };

static void put_sums(json *j, const mizo_achievement *a)
{
    json_int(j, "supply_wh", a->supply_wh);
    json_int(j, "saving_wh", a->saving_wh);
    json_int(j, "demand_wh", a->demand_wh);
}

/* The first fifty that have not reported; a user of one bureau is told its own. */
static void put_unreported(const api_call *c, json *j, const achievement_own *o)
{
    const mizo_region *r = c->view->region;
    int told = 0;
    json_array(j, "unreported_facilities");
    for (size_t i = 0; i < o->nunreported && told < 50; i++) {
        const mizo_facility *f = &r->facility[o->unreported[i]];
        if (c->who && !actor_reaches(c->who, r, o->unreported[i]))
            continue;
        told++;
        json_object(j, NULL);
        json_text(j, "id", f->id);
        api_names(j, f->name_ja, f->name_en);
        json_end(j);
    }
    json_end(j);
}

static void put_own(const api_call *c, json *j, const achievement_own *o, bool has_rate)
{
    json_object(j, "own");
    put_sums(j, &o->a);
    if (has_rate)
        put_texts(j, &o->a);
    else
        put_nulls(j, text_keys);
    put_grades(j, "supply_by_grade", o->a.supply_by_grade);
    put_grades(j, "demand_by_grade", o->a.demand_by_grade);
    json_int(j, "self_wh", o->self_wh);
    json_int(j, "points", o->points);
    json_int(j, "silent", o->silent);
    json_int(j, "missing_days", o->missing_days);
    json_int(j, "facilities", o->a.facilities);
    json_int(j, "unreported", (int64_t)o->nunreported);
    put_unreported(c, j, o);
    json_end(j);
}

static mizo_err read_own(const api_call *c, int fy, achievement_own *own)
{
    store *s = NULL;
    if (!c->store)
        return MIZO_ENOENT;
    MIZO_TRY(c->store->open(c->store_path, STORE_READ, NULL, &s));
    office_savings saved;
    town t = { .env = c->env, .region = c->view->region, .store = s };
    mizo_err e = achievement_of_year(s, c->view->region, fy, STORE_LATEST, own);
    if (!e && !(e = office_savings_make(&t, fy, &saved))) {
        e = office_savings_credit(&saved, &own->a);
        office_savings_free(&saved);
    }
    s->ops->close(s);
    return e;
}

void api_achievement(const api_call *c, http_response *out)
{
    const char *given = query_get(&c->request->q, "fy");
    int fy = mizo_day_fy(c->view->day);
    if (given && mizo_fy_parse(given, strlen(given), &fy)) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_FY, given, NULL);
        return;
    }
    mizo_achievement published = { 0 };
    achievement_own own = { 0 };
    mizo_err said = mizo_achievement_published(c->view->region, fy, NULL, &published);
    mizo_err read = read_own(c, fy, &own);
    if (read != MIZO_OK && read != MIZO_ERANGE && read != MIZO_ENOENT) {
        achievement_free(&own);
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
        return;
    }
    json j;
    api_begin(out, &j);
    json_int(&j, "fy", fy);
    json_text(&j, "published", said == MIZO_OK ? "exact" : said == MIZO_ENOENT ? "none" : "refused");
    if (said == MIZO_OK) {
        put_sums(&j, &published);
        put_texts(&j, &published);
    } else {
        put_nulls(&j, sum_keys);
        put_nulls(&j, text_keys);
    }
    if (read == MIZO_ENOENT || (read == MIZO_ERANGE && own.points == 0))
        json_null(&j, "own");
    else
        put_own(c, &j, &own, read == MIZO_OK);
    json_end(&j);
    achievement_free(&own);
}
