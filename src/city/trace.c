/* trace.c: see trace.h. A formula is read with a look-up that tells what it was asked for. */
#include "city/trace.h"

#include <string.h>

typedef struct tracer {
    const city_books *b;
    mizo_err (*fn)(void *, const city_step *);
    void *arg;
    mizo_err err; /* of fn: sticks */
    int depth;
} tracer;

static mizo_err one(tracer *t, const mizo_indicator *i, int fy, formula_value *out);

static mizo_err tell(tracer *t, const city_step *s)
{
    t->err = t->err ? t->err : t->fn(t->arg, s);
    return t->err;
}

static mizo_err target(tracer *t, const mizo_indicator *i, int fy, formula_value *out)
{
    const mizo_goal *g = city_goal(t->b, i, fy);
    exact x;
    if (!g)
        return MIZO_ENOENT;
    MIZO_TRY(unit_parse(g->unit, strlen(g->unit), &out->u));
    MIZO_TRY(city_goal_value(g, &x));
    out->u.ten = 0;
    out->v = range_point(x);
    return tell(t, &(city_step){ .depth = t->depth, .indicator = i, .fy = fy, .goal = g, .holds = out });
}

static mizo_err operand(void *arg, const char *id, size_t n, int fy, formula_value *out)
{
    tracer *t = arg;
    bool goal = n && id[n - 1] == '!';
    const mizo_indicator *i = city_indicator(t->b, id, n - goal);
    if (!i || t->depth >= CITY_TRACE_DEEP)
        return MIZO_ENOENT;
    t->depth++;
    mizo_err e = goal ? target(t, i, fy, out) : one(t, i, fy, out);
    t->depth--;
    return e;
}

static mizo_err one(tracer *t, const mizo_indicator *i, int fy, formula_value *out)
{
    city_value v;
    formula_value made;
    formula_fault fault;
    mizo_err e = city_value_of(t->b, i, fy, &v);
    bool has = e == MIZO_OK;
    const city_step s = { t->depth, i, fy, NULL, has ? &v : NULL, has ? city_holds(&v) : NULL };
    MIZO_TRY(tell(t, &s));
    /* What was said needs no operands, but for the figure itself: there both stand. */
    if (*i->formula && (!has || !v.row || t->depth == 0)) {
        mizo_err inner = formula_eval(i->formula, fy, operand, t, &made, &fault);
        (void)inner; /* what is missing was told, as a step without a value */
    }
    if (has)
        *out = *city_holds(&v);
    return t->err ? t->err : e;
}

mizo_err city_trace(const city_books *b, const mizo_indicator *i, int fy,
                    mizo_err (*fn)(void *, const city_step *), void *arg)
{
    tracer t = { b, fn, arg, MIZO_OK, 0 };
    formula_value x;
    mizo_err e = one(&t, i, fy, &x);
    return t.err ? t.err : e;
}
