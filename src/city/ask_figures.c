/* ask_figures.c: questions about indicators and targets, and about what people write. */
#include <string.h>

#include "city/ask_inner.h"

static mizo_err indicator_word(asked *a, int i, const mizo_indicator **out)
{
    *out = city_indicator(a->b, a->word[i], strlen(a->word[i]));
    return *out ? MIZO_OK : city_no(a, MIZO_EINPUT, "no such indicator", a->word[i]);
}

static mizo_err value_words(asked *a, city_value *v)
{
    const mizo_indicator *i;
    int fy;
    MIZO_TRY(indicator_word(a, 0, &i));
    MIZO_TRY(city_fy_word(a, 1, &fy));
    mizo_err e = city_value_of(a->b, i, fy, v);
    return e ? city_no(a, e, *v->fault.why ? v->fault.why : "no figure", a->word[0]) : MIZO_OK;
}

/* ---- indicators ---- */

mizo_err city_ask_text(asked *a)
{
    city_value v;
    MIZO_TRY(value_words(a, &v));
    mizo_err e = city_value_text(&v, a->n > 2 ? a->word[2] : "ja", a->out);
    if (e != MIZO_ECONFLICT)
        return e;
    buf_str(a->out, "not settled by rounded operands");
    return a->out->err;
}

mizo_err city_ask_value(asked *a)
{
    city_value v;
    figure_style style;
    MIZO_TRY(value_words(a, &v));
    MIZO_TRY(city_style_words(a, 2, &style));
    MIZO_TRY(city_alike(a, city_holds(&v), &style));
    return figure_text(city_holds(&v)->v.mid, &style, "ja", a->out);
}

static mizo_err computed(asked *a, formula_value *x, figure_style *style)
{
    formula_fault fault;
    int fy;
    MIZO_TRY(city_fy_word(a, 0, &fy));
    MIZO_TRY(city_style_words(a, 1, style));
    mizo_err e = city_compute(a->b, a->word[3], fy, x, &fault);
    return e ? city_no(a, e, fault.why, a->word[3]) : city_alike(a, x, style);
}

mizo_err city_ask_calc(asked *a)
{
    formula_value x;
    figure_style style;
    MIZO_TRY(computed(a, &x, &style));
    return figure_text(x.v.mid, &style, "ja", a->out);
}

mizo_err city_ask_settle(asked *a)
{
    formula_value x;
    figure_style style;
    int64_t low, high;
    MIZO_TRY(computed(a, &x, &style));
    mizo_err e = city_figure_text(&x, &style, false, "ja", a->out, &low, &high);
    if (e != MIZO_ECONFLICT)
        return e;
    buf_str(a->out, "not settled by rounded operands");
    return a->out->err;
}

mizo_err city_ask_range(asked *a)
{
    formula_value x;
    figure_style style;
    MIZO_TRY(computed(a, &x, &style));
    MIZO_TRY(figure_text(x.v.lo, &style, "ja", a->out));
    buf_str(a->out, " .. ");
    return figure_text(x.v.hi, &style, "ja", a->out);
}

mizo_err city_ask_agree(asked *a)
{
    city_value v;
    MIZO_TRY(value_words(a, &v));
    if (!v.row || !v.computed)
        return city_no(a, MIZO_ENOENT, "it is not both said and computed", a->word[0]);
    buf_str(a->out, v.differ ? "differ" : "agree");
    return a->out->err;
}

mizo_err city_ask_word(asked *a)
{
    city_value v;
    MIZO_TRY(value_words(a, &v));
    buf_str(a->out, city_change_word(city_holds(&v)->v.mid, a->n > 2 ? a->word[2] : "ja"));
    return a->out->err;
}

mizo_err city_ask_vintage(asked *a)
{
    city_value v;
    MIZO_TRY(value_words(a, &v));
    const char *text = v.row ? city_vintage_text(v.row->vintage, "ja") : "計算値";
    buf_str(a->out, *text ? text : "確定値");
    return a->out->err;
}

/* ---- targets ---- */

static mizo_err goal_words(asked *a, const mizo_goal **g, city_books *b)
{
    const mizo_indicator *i;
    int fy;
    *b = *a->b;
    MIZO_TRY(indicator_word(a, 0, &i));
    MIZO_TRY(city_fy_word(a, 1, &fy));
    if (a->n > 2)
        MIZO_TRY(city_day_word(a, 2, &b->as_of));
    *g = city_goal(b, i, fy);
    return *g ? MIZO_OK : city_no(a, MIZO_ENOENT, "no target", a->word[0]);
}

mizo_err city_ask_goal(asked *a)
{
    const mizo_goal *g;
    city_books b;
    exact x;
    MIZO_TRY(goal_words(a, &g, &b));
    figure_style style = city_style(&a->r->indicator[g->indicator]);
    style.about = false;
    MIZO_TRY(city_goal_value(g, &x));
    return figure_text(x, &style, "ja", a->out);
}

/* The targets of the years from one to another, as they hold; a year without one is left out. */
mizo_err city_ask_goals(asked *a)
{
    const mizo_indicator *i;
    int from, to, n = 0;
    MIZO_TRY(indicator_word(a, 0, &i));
    MIZO_TRY(city_fy_word(a, 1, &from));
    MIZO_TRY(city_fy_word(a, 2, &to));
    figure_style style = city_style(i);
    for (int fy = from; fy <= to; fy++) {
        const mizo_goal *g = city_goal(a->b, i, fy);
        exact x;
        if (!g)
            continue;
        MIZO_TRY(city_goal_value(g, &x));
        buf_str(a->out, n++ ? " " : "");
        MIZO_TRY(figure_text(x, &style, "ja", a->out));
    }
    return n ? a->out->err : city_no(a, MIZO_ENOENT, "no target", a->word[0]);
}

mizo_err city_ask_reached(asked *a)
{
    const mizo_goal *g;
    city_books b;
    city_value v;
    bool reached;
    MIZO_TRY(goal_words(a, &g, &b));
    MIZO_TRY(city_value_of(&b, &a->r->indicator[g->indicator], g->fy, &v));
    MIZO_TRY(city_goal_reached(g, city_holds(&v)->v.mid, &reached));
    buf_str(a->out, reached ? "yes" : "no");
    return a->out->err;
}

/* ---- reading ---- */

mizo_err city_ask_read(asked *a)
{
    figure_style style;
    figure f;
    formula_value x;
    MIZO_TRY(city_style_words(a, 0, &style));
    if (figure_parse(a->word[2], strlen(a->word[2]), &f))
        return city_no(a, MIZO_EINPUT, "no figure", a->word[2]);
    x = (formula_value){ f.value, f.unit };
    MIZO_TRY(city_alike(a, &x, &style));
    return figure_text(f.value.mid, &style, "ja", a->out);
}

mizo_err city_ask_year(asked *a)
{
    figure f;
    size_t at = 0;
    mizo_err e = figure_next(a->word[0], strlen(a->word[0]), &at, &f);
    if (e || f.kind == FIGURE_NUMBER)
        return city_no(a, MIZO_EINPUT, "no year", a->word[0]);
    buf_printf(a->out, "%s%d", f.fiscal ? "FY" : "", f.year);
    return a->out->err;
}

mizo_err city_ask_means(asked *a)
{
    for (size_t i = 0; i < a->r->nalias; i++)
        if (strcmp(a->r->alias[i].alias, a->word[0]) == 0) {
            buf_str(a->out, a->r->alias[i].means);
            return a->out->err;
        }
    return city_no(a, MIZO_ENOENT, "no such alias", a->word[0]);
}
