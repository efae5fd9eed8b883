/* saving.c: see saving.h. */
#include "town/office/saving.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mizo/messages/yearly.h"
#include "town/proof/claim.h"

typedef struct making {
    const town *t;
    office_savings *o;
} making;

static mizo_wh wh_of(const note *n, const char *field)
{
    return note_number(n, field, 3, MIZO_ROUND_HALF_UP);
}

static int year_of(const note *n, const char *field)
{
    int fy = 0;
    const char *s = note_get(n, field);
    return mizo_fy_parse(s, strlen(s), &fy) ? 0 : fy;
}

/* ---- rows ---- */

/* A facility that changed hands has a new id and keeps the number of the asset register. */
static bool same_place(const mizo_region *r, const char *a, const char *b)
{
    mizo_ref x = mizo_region_facility(r, a), y = mizo_region_facility(r, b);
    if (strcmp(a, b) == 0)
        return true;
    return x >= 0 && y >= 0 && *r->facility[x].owner_code &&
           strcmp(r->facility[x].owner_code, r->facility[y].owner_code) == 0;
}

/* The row before it that has the same measure at the same place; rows are all of one year. */
static const office_saving *taken(const making *x, const office_saving *s)
{
    for (const office_saving *o = x->o->row; o < s; o++)
        if (!o->twice && strcmp(o->measure, s->measure) == 0 &&
            same_place(x->t->region, o->facility, s->facility))
            return o;
    return NULL;
}

static mizo_err on_note(void *arg, const note *n)
{
    making *x = arg;
    office_savings *o = x->o;
    int first = year_of(n, "first_fy"), last = year_of(n, "last_fy");
    if (o->fy < first || o->fy > last)
        return MIZO_OK;
    MIZO_TRY(array_grow(&o->row, &o->cap, o->nrow + 1, sizeof *o->row));
    office_saving *s = &o->row[o->nrow++];
    *s = (office_saving){ .before_wh = wh_of(n, "before_kwh"),
                          .after_wh = wh_of(n, "after_kwh"),
                          .first_fy = first,
                          .last_fy = last };
    snprintf(s->id, sizeof s->id, "%s", n->id);
    snprintf(s->facility, sizeof s->facility, "%s", note_get(n, "facility"));
    snprintf(s->measure, sizeof s->measure, "%s", note_get(n, "measure"));
    snprintf(s->method, sizeof s->method, "%s", note_get(n, "method"));
    snprintf(s->evidence, sizeof s->evidence, "%s", note_get(n, "evidence"));
    const office_saving *other = taken(x, s);
    if (!other)
        return MIZO_OK;
    s->twice = true;
    snprintf(s->other, sizeof s->other, "%s", other->id);
    return MIZO_OK;
}

/* ---- claims ---- */

static bool same_word(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        char x = *a >= 'A' && *a <= 'Z' ? (char)(*a + 32) : *a,
             y = *b >= 'A' && *b <= 'Z' ? (char)(*b + 32) : *b;
        if (x != y)
            return false;
    }
    return *a == *b;
}

static bool used_by(const mizo_region *r, const char *facility, const char *point)
{
    mizo_ref f = mizo_region_facility(r, facility), p = mizo_region_point(r, point);
    for (size_t i = 0; i < r->nuse && f >= 0 && p >= 0; i++)
        if (r->use[i].facility == f && r->use[i].point == p)
            return true;
    return false;
}

/* What of a claim lies in the year, by days: rounded up, for the kWh is sold. */
static mizo_wh claimed_in(const claim_row *c, int fy)
{
    mizo_day a = mizo_fy_first(fy), b = mizo_fy_first(fy + 1);
    mizo_day from = c->from > a ? c->from : a, to = c->to < b ? c->to : b;
    mizo_wh wh = 0;
    if (from >= to || c->to <= c->from || mizo_mul_div(c->wh, to - from, c->to - c->from, MIZO_ROUND_UP, &wh))
        return 0;
    return wh;
}

static mizo_err on_claim(void *arg, const claim_row *c)
{
    making *x = arg;
    mizo_wh wh = strcmp(c->kind, claim_words[CLAIM_SAVING]) ? 0 : claimed_in(c, x->o->fy);
    for (size_t i = 0; i < x->o->nrow && wh > 0; i++) {
        office_saving *s = &x->o->row[i];
        if (s->twice || !same_word(s->measure, c->measure) || !used_by(x->t->region, s->facility, c->of))
            continue;
        mizo_wh left = office_saving_counts(s), take = wh < left ? wh : left;
        if (take <= 0)
            continue;
        s->claimed_wh += take;
        wh -= take;
        snprintf(s->other, sizeof s->other, "%s", c->id);
    }
    return MIZO_OK;
}

/* ---- the act ---- */

mizo_wh office_saving_counts(const office_saving *x)
{
    return x->twice ? 0 : x->before_wh - x->after_wh - x->claimed_wh;
}

mizo_err office_savings_make(town *t, int fy, office_savings *out)
{
    *out = (office_savings){ .fy = fy };
    making x = { t, out };
    if (!t->store)
        return MIZO_OK;
    mizo_err e = note_scan(t, office_kind("saving"), on_note, &x);
    e = e ? e : claim_each(t->store, on_claim, &x);
    for (size_t i = 0; i < out->nrow && !e; i++) {
        const office_saving *s = &out->row[i];
        out->twice += s->twice;
        out->counted += !s->twice;
        out->claimed_wh += s->claimed_wh;
        if (__builtin_add_overflow(out->saved_wh, office_saving_counts(s), &out->saved_wh))
            e = MIZO_ERANGE;
    }
    if (e)
        office_savings_free(out);
    return e;
}

void office_savings_free(office_savings *o)
{
    free(o->row);
    o->row = NULL;
    o->nrow = 0;
}

mizo_err office_savings_credit(const office_savings *o, mizo_achievement *a)
{
    a->saving_wh = o->saved_wh;
    return a->demand_wh > 0 ? mizo_achievement_rate(a) : MIZO_OK;
}

void office_savings_say(const office_savings *o, mizo_diags *d)
{
    char year[16], kwh[MIZO_NUM_TEXT];
    snprintf(year, sizeof year, "%d", o->fy);
    for (size_t i = 0; i < o->nrow; i++) {
        const office_saving *s = &o->row[i];
        mizo_decimal_text(s->claimed_wh, 3, kwh);
        if (s->twice)
            MIZO_DIAG(d, OFFICE_TWICE, MIZO_NOWHERE, s->id, year, s->other);
        else if (s->claimed_wh)
            MIZO_DIAG(d, OFFICE_CLAIMED, MIZO_NOWHERE, s->id, year, kwh, s->other);
    }
}

/* ---- JSON and a table ---- */

static bool seen(const mizo_region *r, const char *bureau, const office_saving *s)
{
    mizo_ref f = bureau ? mizo_region_facility(r, s->facility) : -1;
    return !bureau || (f >= 0 && strcmp(r->facility[f].bureau, bureau) == 0);
}

void office_savings_json(const office_savings *o, const mizo_region *r, const char *bureau, json *j)
{
    json_int(j, "fy", o->fy);
    json_int(j, "saved_wh", o->saved_wh);
    json_int(j, "claimed_wh", o->claimed_wh);
    json_int(j, "counted", o->counted);
    json_int(j, "twice", o->twice);
    json_array(j, "rows");
    for (size_t i = 0; i < o->nrow; i++) {
        const office_saving *s = &o->row[i];
        if (!seen(r, bureau, s))
            continue;
        json_object(j, NULL);
        json_text(j, "id", s->id);
        json_text(j, "measure", s->measure);
        json_text(j, "facility", s->facility);
        json_text(j, "facility_ja", office_facility_name(r, s->facility, true));
        json_text(j, "facility_en", office_facility_name(r, s->facility, false));
        json_text(j, "method", s->method);
        json_text(j, "evidence", s->evidence);
        json_int(j, "first_fy", s->first_fy);
        json_int(j, "last_fy", s->last_fy);
        json_int(j, "before_wh", s->before_wh);
        json_int(j, "after_wh", s->after_wh);
        json_int(j, "claimed_wh", s->claimed_wh);
        json_int(j, "counts_wh", office_saving_counts(s));
        json_bool(j, "counted", !s->twice);
        json_text(j, "other", *s->other ? s->other : NULL);
        json_end(j);
    }
    json_end(j);
}

void office_savings_doc(const office_savings *o, const mizo_region *r, bool ja, report *p)
{
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "対策" : "measure" },
        { .title = ja ? "施設" : "facility" },
        { .title = ja ? "前" : "before", .unit = "kWh", .align = REPORT_RIGHT },
        { .title = ja ? "後" : "after", .unit = "kWh", .align = REPORT_RIGHT },
        { .title = ja ? "計上" : "counts", .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "計上年度" : "credited" },
        { .title = ja ? "方法" : "method" },
        { .title = ja ? "根拠" : "evidence" },
        { .title = ja ? "ほかでの計上" : "counted elsewhere" },
    };
    /* clang-format on */
    report_columns(p, ja ? "省エネの記録" : "Savings on record", c, sizeof c / sizeof *c);
    for (size_t i = 0; i < o->nrow; i++) {
        const office_saving *s = &o->row[i];
        report_cell_text(p, report_said(p, s->measure));
        report_cell_text(p, office_facility_name(r, s->facility, ja));
        report_cell_scaled(p, s->before_wh, 3, 0);
        report_cell_scaled(p, s->after_wh, 3, 0);
        report_cell_scaled(p, office_saving_counts(s), 3, 0);
        report_cell_textf(p, "%d–%d", s->first_fy, s->last_fy);
        report_cell_text(p, report_said(p, s->method));
        report_cell_text(p, report_said(p, s->evidence));
        report_cell_text(p, s->other);
    }
    report_sum(p, ja ? "計" : "sum");
}
