/* score_json.c: see score_json.h. */
#include "town/foresee/score_json.h"

#include <math.h>

mizo_ref score_facility(const mizo_region *r, mizo_ref point)
{
    for (size_t k = 0; k < r->nuse; k++)
        if (r->use[k].point == point)
            return r->use[k].facility;
    return -1;
}

const char *score_name(const mizo_region *r, mizo_ref point, bool ja)
{
    mizo_ref i = score_facility(r, point);
    if (i < 0)
        return r->point[point].id;
    const mizo_facility *f = &r->facility[i];
    return ja || !f->name_en[0] ? f->name_ja : f->name_en;
}

static void put_cell(json *w, const char *name, const score_cell *c)
{
    score_figures f = score_of(c);
    json_object(w, name);
    json_int(w, "slots", c->n);
    json_double(w, "nmae", f.nmae);
    json_double(w, "mase", f.mase);
    json_double(w, "pinball", f.pinball);
    json_double(w, "coverage_80", isnan(c->loss) ? NAN : f.coverage);
    json_double(w, "better_by", f.skill);
    json_double(w, "naive_yesterday", f.naive[0]);
    json_double(w, "naive_last_week", f.naive[1]);
    json_double(w, "naive_four_weeks", f.naive[2]);
    json_double(w, "naive_pinball", f.naive_pinball);
    json_end(w);
}

static void put_table(json *w, const char *name, const score_card *c, score_what what)
{
    const score_table *t = &c->result.of[what];
    json_object(w, name);
    json_array(w, "lead_days");
    for (int k = 0; k < c->days; k++)
        put_cell(w, NULL, &t->lead[k]);
    json_end(w);
    json_array(w, "in_the_day");
    for (int k = 0; k < SCORE_STEPS; k++) {
        json_object(w, NULL);
        json_int(w, "slots_ahead", score_step[k]);
        json_double(w, "nmae", score_of(&t->within[k]).nmae);
        json_double(w, "nmae_at_midnight", score_of(&t->midnight[k]).nmae);
        json_double(w, "coverage_80", score_of(&t->within[k]).coverage);
        json_end(w);
    }
    json_end(w);
    json_array(w, "hour");
    for (int h = 0; h < SCORE_HOURS; h++)
        put_cell(w, NULL, &t->hour[h]);
    json_end(w);
    put_cell(w, "town", &c->result.town[what]);
    json_end(w);
}

void score_json(json *w, const score_card *c, size_t most)
{
    const score_result *r = &c->result;
    json_day(w, "from", c->from);
    json_day(w, "to", c->to);
    json_int(w, "days_ahead", c->days);
    json_int(w, "points", (int64_t)r->nsite);
    json_int(w, "silent_points", (int64_t)r->silent);
    put_table(w, "demand", c, SCORE_DEMAND);
    put_table(w, "pv", c, SCORE_PV);
    json_array(w, "plants");
    for (size_t i = 0; i < r->nplant; i++) {
        const mizo_plant *p = &c->region->plant[r->plant[i].plant];
        json_object(w, NULL);
        json_text(w, "plant", p->id);
        json_text(w, "name_ja", p->name_ja);
        json_text(w, "name_en", p->name_en[0] ? p->name_en : p->name_ja);
        put_cell(w, "generation", &r->plant[i].first);
        json_end(w);
    }
    json_end(w);
    json_array(w, "sites");
    for (size_t i = 0; i < r->nsite && i < most; i++) {
        const score_site *s = &r->site[i];
        json_object(w, NULL);
        json_text(w, "point", c->region->point[s->point].id);
        mizo_ref site = score_facility(c->region, s->point);
        site < 0 ? json_null(w, "site") : json_text(w, "site", c->region->facility[site].id);
        json_text(w, "name_ja", score_name(c->region, s->point, true));
        json_text(w, "name_en", score_name(c->region, s->point, false));
        put_cell(w, "demand", &s->first[SCORE_DEMAND]);
        if (s->first[SCORE_PV].n)
            put_cell(w, "pv", &s->first[SCORE_PV]);
        json_end(w);
    }
    json_end(w);
}
