/* books.c: see books.h. */
#include "city/books.h"

#include <stdio.h>
#include <string.h>

#include "mizo/messages/city.h"

enum { DEEP_MOST = 60 };

/* One question on its way through formulas. */
typedef struct search {
    const city_books *b;
    int deep;
} search;

static bool is(const char *id, const char *s, size_t n)
{
    return strlen(id) == n && memcmp(id, s, n) == 0;
}

static const mizo_indicator *by_id(const mizo_region *r, const char *id, size_t n)
{
    for (size_t i = 0; i < r->nindicator; i++)
        if (is(r->indicator[i].id, id, n))
            return &r->indicator[i];
    return NULL;
}

const mizo_indicator *city_indicator(const city_books *b, const char *id, size_t n)
{
    const mizo_region *r = b->region;
    const mizo_indicator *found = by_id(r, id, n);
    for (size_t i = 0; i < r->nalias && !found; i++)
        if (is(r->alias[i].alias, id, n))
            found = by_id(r, r->alias[i].means, strlen(r->alias[i].means));
    return found;
}

/* ---- what was said ---- */

static mizo_err said_value(const mizo_published *p, formula_value *out)
{
    exact mid, step;
    bool rounded = strcmp(p->exactness, "rounded") == 0;
    MIZO_TRY(unit_parse(p->unit, strlen(p->unit), &out->u));
    MIZO_TRY(exact_ten(exact_whole(p->value_e6), out->u.ten - 6, &mid));
    MIZO_TRY(exact_ten(exact_whole(p->step_e6 ? p->step_e6 : 1000000), out->u.ten - 6, &step));
    out->u.ten = 0;
    out->v = range_point(mid);
    return rounded ? range_rounded(mid, step, &out->v) : MIZO_OK;
}

static const mizo_published *said(const city_books *b, const mizo_indicator *i, int fy)
{
    const mizo_published *best = mizo_published_on(b->region, fy, i->id, b->as_of);
    for (size_t k = 0; k < b->nentered; k++) {
        const mizo_published *p = &b->entered[k];
        if (p->fy == fy && p->on <= b->as_of && strcmp(p->item, i->id) == 0 && (!best || p->on >= best->on))
            best = p;
    }
    return best;
}

/* ---- what is computed ---- */

static mizo_err value_in(search *s, const mizo_indicator *i, int fy, city_value *v);

static mizo_err target_value(const city_books *b, const mizo_indicator *i, int fy, formula_value *out)
{
    const mizo_goal *g = city_goal(b, i, fy);
    exact x;
    if (!g)
        return MIZO_ENOENT;
    MIZO_TRY(unit_parse(g->unit, strlen(g->unit), &out->u));
    MIZO_TRY(city_goal_value(g, &x));
    out->u.ten = 0;
    out->v = range_point(x);
    return MIZO_OK;
}

static mizo_err lookup(void *arg, const char *id, size_t n, int fy, formula_value *out)
{
    search *s = arg;
    city_value v;
    bool target = n && id[n - 1] == '!';
    const mizo_indicator *i = by_id(s->b->region, id, n - target);
    if (!i || s->deep >= DEEP_MOST)
        return MIZO_ENOENT;
    if (target)
        return target_value(s->b, i, fy, out);
    s->deep++;
    mizo_err e = value_in(s, i, fy, &v);
    s->deep--;
    if (!e)
        *out = *city_holds(&v);
    return e == MIZO_EINPUT ? MIZO_ENOENT : e;
}

static mizo_err value_in(search *s, const mizo_indicator *i, int fy, city_value *v)
{
    *v = (city_value){ .indicator = i, .fy = fy, .row = said(s->b, i, fy) };
    if (v->row)
        MIZO_TRY(said_value(v->row, &v->said));
    /* Inside a formula what was said is enough. */
    if (!*i->formula || (v->row && s->deep))
        return v->row ? MIZO_OK : MIZO_ENOENT;
    s->deep++;
    mizo_err e = formula_eval(i->formula, fy, lookup, s, &v->made, &v->fault);
    s->deep--;
    v->computed = !e;
    if (e)
        return v->row ? MIZO_OK : e;
    unit shown;
    if (unit_parse(i->unit, strlen(i->unit), &shown) || !unit_alike(&shown, &v->made.u))
        return MIZO_EINPUT;
    bool meet = true;
    if (v->row) {
        range printed = v->said.v;
        MIZO_TRY(range_meet(&printed, &v->made.v, &meet));
    }
    v->differ = !meet;
    return MIZO_OK;
}

mizo_err city_value_of(const city_books *b, const mizo_indicator *i, int fy, city_value *v)
{
    search s = { b, 0 };
    return value_in(&s, i, fy, v);
}

const formula_value *city_holds(const city_value *v)
{
    return v->row ? &v->said : &v->made;
}

mizo_err city_compute(const city_books *b, const char *formula, int fy, formula_value *out,
                      formula_fault *fault)
{
    search s = { b, 1 };
    return formula_eval(formula, fy, lookup, &s, out, fault);
}

/* ---- as text ---- */

figure_style city_style(const mizo_indicator *i)
{
    static const mizo_round how[] = { MIZO_ROUND_HALF_UP, MIZO_ROUND_CUT, MIZO_ROUND_DOWN, MIZO_ROUND_UP,
                                      MIZO_ROUND_HALF_EVEN };
    return (figure_style){ .unit = i->unit, .digits = i->digits, .how = how[i->rounding], .about = i->about };
}

mizo_err city_figure_text(const formula_value *x, const figure_style *style, bool said, const char *lang,
                          buf *out, int64_t *low, int64_t *high)
{
    MIZO_TRY(figure_shown(x->v.lo, style, low));
    MIZO_TRY(figure_shown(x->v.hi, style, high));
    if (said || range_exact(&x->v) || *low == *high)
        return figure_text(x->v.mid, style, lang, out);
    return MIZO_ECONFLICT;
}

mizo_err city_value_text(const city_value *v, const char *lang, buf *out)
{
    int64_t low, high;
    figure_style style = city_style(v->indicator);
    return city_figure_text(city_holds(v), &style, v->row != NULL, lang, out, &low, &high);
}

const char *city_vintage_text(mizo_vintage v, const char *lang)
{
    static const char *const words[2][MIZO_VINTAGES] = {
        {"",  "provisional", "revised"  },
        { "", "暫定値",   "改定値"}
    };
    return words[strcmp(lang, "ja") == 0][v];
}

const char *city_change_word(exact change, const char *lang)
{
    static const char *const words[2][3] = {
        {"decrease", "no change",    "increase"},
        { "減少",  "増減なし", "増加"  }
    };
    return words[strcmp(lang, "ja") == 0][exact_sign(change) + 1];
}

/* ---- targets ---- */

static bool same_goal(const mizo_goal *a, mizo_ref indicator, int fy)
{
    return a->indicator == indicator && a->fy == fy;
}

const mizo_goal *city_goal(const city_books *b, const mizo_indicator *i, int fy)
{
    const mizo_region *r = b->region;
    const mizo_goal *best = NULL;
    for (size_t k = 0; k < r->ngoal; k++) {
        const mizo_goal *g = &r->goal[k];
        if (same_goal(g, (mizo_ref)(i - r->indicator), fy) && g->decided <= b->as_of &&
            (!best || g->decided >= best->decided))
            best = g;
    }
    return best;
}

const mizo_goal *city_goal_before(const city_books *b, const mizo_goal *g)
{
    const mizo_region *r = b->region;
    const mizo_goal *best = NULL;
    for (size_t k = 0; k < r->ngoal; k++) {
        const mizo_goal *o = &r->goal[k];
        if (same_goal(o, g->indicator, g->fy) && o->decided < g->decided &&
            (!best || o->decided > best->decided))
            best = o;
    }
    return best;
}

const mizo_goal *city_goal_ahead(const city_books *b, const mizo_indicator *i, int fy)
{
    const mizo_region *r = b->region;
    const mizo_goal *best = NULL;
    for (size_t k = 0; k < r->ngoal; k++) {
        const mizo_goal *g = &r->goal[k];
        if (g->indicator == (mizo_ref)(i - r->indicator) && g->fy >= fy && (!best || g->fy < best->fy))
            best = city_goal(b, i, g->fy);
    }
    return best;
}

mizo_err city_goal_value(const mizo_goal *g, exact *out)
{
    unit u;
    MIZO_TRY(unit_parse(g->unit, strlen(g->unit), &u));
    return exact_ten(exact_whole(g->value_e6), u.ten - 6, out);
}

mizo_err city_goal_reached(const mizo_goal *g, exact value, bool *out)
{
    exact goal;
    int c;
    MIZO_TRY(city_goal_value(g, &goal));
    MIZO_TRY(exact_cmp(value, goal, &c));
    *out = g->rule == MIZO_GOAL_AT_LEAST ? c >= 0 : c <= 0;
    return MIZO_OK;
}

/* ---- mistakes across files ---- */

/* Any value at all: so that a formula's words and units can be checked where years are missing. */
static mizo_err any_value(void *arg, const char *id, size_t n, int fy, formula_value *out)
{
    const city_books *b = arg;
    const mizo_indicator *i = by_id(b->region, id, n - (n && id[n - 1] == '!'));
    (void)fy;
    if (!i)
        return MIZO_ENOENT;
    out->v = range_point(exact_whole(1));
    MIZO_TRY(unit_parse(i->unit, strlen(i->unit), &out->u));
    out->u.ten = 0;
    return MIZO_OK;
}

static void check_formula(const city_books *b, const mizo_indicator *i, mizo_diags *d)
{
    formula_value x;
    formula_fault fault;
    unit u;
    /* Units only: a year that has no figure is no mistake of the formula. */
    mizo_err e = formula_eval(i->formula, 2000, any_value, (void *)(uintptr_t)b, &x, &fault);
    if (e == MIZO_ENOENT) {
        (void)snprintf(fault.why, sizeof fault.why, "no such indicator");
        (void)snprintf(fault.why_ja, sizeof fault.why_ja, "その指標はありません");
    }
    if (e == MIZO_EINPUT || e == MIZO_ENOENT)
        MIZO_DIAG(d, CITY_FORMULA, MIZO_AT("indicators.csv", i->line, 1), i->id,
                  i->formula[fault.at] ? i->formula + fault.at : i->formula, fault.why, fault.why_ja);
    else if (!e && !unit_parse(i->unit, strlen(i->unit), &u) && !unit_alike(&u, &x.u))
        MIZO_DIAG(d, CITY_FORMULA_UNIT, MIZO_AT("indicators.csv", i->line, 1), i->id, i->unit);
}

/* Once an item, where the region keeps indicators at all. */
static void check_items(const city_books *b, mizo_diags *d)
{
    const mizo_region *r = b->region;
    for (size_t i = 0; r->nindicator && i < r->npublished; i++) {
        const mizo_published *p = &r->published[i];
        char year[16];
        bool told = by_id(r, p->item, strlen(p->item)) != NULL;
        for (size_t k = 0; k < i && !told; k++)
            told = strcmp(r->published[k].item, p->item) == 0;
        (void)snprintf(year, sizeof year, "%d", p->fy);
        if (!told)
            MIZO_DIAG(d, CITY_ITEM_STRAY, MIZO_AT("published.csv", 0, 0), p->item, year);
    }
}

/* A total so far is never less than that of an earlier year. */
static void check_cumulative(const city_books *b, const mizo_indicator *i, mizo_diags *d)
{
    const mizo_published *before = NULL;
    for (size_t k = 0; k < b->region->npublished; k++) {
        const mizo_published *p = &b->region->published[k];
        formula_value was, is;
        char year[16], now[MIZO_NUM_TEXT], then[MIZO_NUM_TEXT];
        int c;
        if (strcmp(p->item, i->id) || p != said(b, i, p->fy))
            continue;
        if (before && !said_value(before, &was) && !said_value(p, &is) && !exact_cmp(is.v.hi, was.v.lo, &c) &&
            c < 0) {
            (void)snprintf(year, sizeof year, "%d", p->fy);
            mizo_decimal_text(p->value_e6, 6, now);
            mizo_decimal_text(before->value_e6, 6, then);
            MIZO_DIAG(d, CITY_FALLS, MIZO_AT("published.csv", 0, 0), i->id, year, now, then);
        }
        before = p;
    }
}

void city_check(const city_books *b, mizo_diags *d)
{
    for (size_t i = 0; i < b->region->nindicator; i++)
        if (b->region->indicator[i].cumulative)
            check_cumulative(b, &b->region->indicator[i], d);
    check_items(b, d);
    for (size_t i = 0; i < b->region->nindicator; i++)
        if (*b->region->indicator[i].formula)
            check_formula(b, &b->region->indicator[i], d);
}
