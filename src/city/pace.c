/* pace.c: see pace.h. */
#include "city/pace.h"

#include <ctype.h>
#include <string.h>

enum { YEARS_BACK = 60, YEARS_LATEST = 40, YEARS_AHEAD = 200 };

figure_style city_step_style(const mizo_indicator *i)
{
    figure_style style = city_style(i);
    style.about = false;
    style.plus = true;
    style.digits += style.digits < 2;
    return style;
}

const char *city_whose(const mizo_goal *g)
{
    return *g->whose ? g->whose : "city";
}

mizo_err city_latest(const city_books *b, const mizo_indicator *i, int fy, city_value *v)
{
    for (int y = fy; y > fy - YEARS_LATEST; y--)
        if (!city_value_of(b, i, y, v))
            return MIZO_OK;
    return MIZO_ENOENT;
}

/* The year behind the first "@" of four digits; 0: none. */
static int year_of_formula(const char *formula)
{
    for (const char *at = strchr(formula, '@'); at; at = strchr(at + 1, '@')) {
        int fy = 0, n = 0;
        while (n < 4 && isdigit((unsigned char)at[1 + n]))
            fy = fy * 10 + (at[1 + n++] - '0');
        if (n == 4)
            return fy;
    }
    return 0;
}

static bool first_known(const city_books *b, const mizo_indicator *i, int before, city_value *v)
{
    for (int y = before - YEARS_BACK; y < before; y++)
        if (!city_value_of(b, i, y, v))
            return true;
    return false;
}

static bool base_of(const city_books *b, const mizo_indicator *i, int before, city_value *v)
{
    int fy = year_of_formula(i->formula);
    if (fy && fy < before && !city_value_of(b, i, fy, v))
        return true;
    return first_known(b, i, before, v);
}

/* (to - from) / years. */
static mizo_err a_year(const city_value *from, const city_value *to, range *out)
{
    const range years = range_point(exact_whole(to->fy - from->fy));
    MIZO_TRY(range_do('-', &city_holds(to)->v, &city_holds(from)->v, out));
    return range_do('/', out, &years, out);
}

/* from + years x a year. */
static mizo_err line_at(exact from, exact pace, int years, exact *out)
{
    MIZO_TRY(exact_mul(pace, exact_whole(years), out));
    return exact_add(from, *out, out);
}

static mizo_err add_path(const city_value *base, exact goal, city_pace *p)
{
    exact slope;
    const exact from = city_holds(base)->v.mid;
    p->has_path = base->fy < p->last.fy && p->last.fy < p->goal->fy;
    if (!p->has_path)
        return MIZO_OK;
    MIZO_TRY(exact_sub(goal, from, &slope));
    MIZO_TRY(exact_div(slope, exact_whole(p->goal->fy - base->fy), &slope));
    MIZO_TRY(line_at(from, slope, p->last.fy - base->fy, &p->path));
    int d;
    MIZO_TRY(exact_cmp(city_holds(&p->last)->v.mid, p->path, &d));
    p->on_path = p->goal->rule == MIZO_GOAL_AT_LEAST ? d >= 0 : d <= 0;
    return MIZO_OK;
}

/* The first year in which the present pace has reached the target. */
static mizo_err add_reach(city_pace *p)
{
    int towards = p->goal->rule == MIZO_GOAL_AT_LEAST ? 1 : -1;
    if (p->reached || exact_sign(p->actual.mid) * towards <= 0)
        return MIZO_OK;
    for (int n = 1; n <= YEARS_AHEAD; n++) {
        exact x;
        bool there;
        MIZO_TRY(line_at(city_holds(&p->last)->v.mid, p->actual.mid, n, &x));
        MIZO_TRY(city_goal_reached(p->goal, x, &there));
        if (there) {
            p->reach_fy = p->last.fy + n;
            return MIZO_OK;
        }
    }
    return MIZO_OK;
}

static mizo_err add_actual(const city_books *b, const mizo_indicator *i, exact goal, city_pace *p)
{
    city_value base, before;
    if (base_of(b, i, p->last.fy, &base)) {
        p->has_actual = true;
        p->base_fy = base.fy;
        MIZO_TRY(a_year(&base, &p->last, &p->actual));
        MIZO_TRY(add_path(&base, goal, p));
        MIZO_TRY(add_reach(p));
    }
    if (!city_latest(b, i, p->last.fy - 1, &before)) {
        p->has_before = true;
        p->before_fy = before.fy;
        MIZO_TRY(a_year(&before, &p->last, &p->lately));
    }
    return MIZO_OK;
}

mizo_err city_pace_of(const city_books *b, const mizo_indicator *i, int fy, city_pace *p)
{
    exact goal;
    *p = (city_pace){ .goal = NULL };
    p->known = city_latest(b, i, fy, &p->last) == MIZO_OK;
    p->goal = city_goal_ahead(b, i, p->known ? p->last.fy : fy);
    if (!p->goal)
        return MIZO_ENOENT;
    if (!p->known)
        return MIZO_OK;
    MIZO_TRY(city_goal_value(p->goal, &goal));
    MIZO_TRY(city_goal_reached(p->goal, city_holds(&p->last)->v.mid, &p->reached));
    p->has_needed = p->goal->fy > p->last.fy;
    if (p->has_needed) {
        MIZO_TRY(exact_sub(goal, city_holds(&p->last)->v.mid, &p->gap));
        MIZO_TRY(exact_div(p->gap, exact_whole(p->goal->fy - p->last.fy), &p->needed));
    }
    return add_actual(b, i, goal, p);
}
