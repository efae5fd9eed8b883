/* statement_hold.c: see statement_hold.h. */
#include "city/statement_hold.h"

#include <stdio.h>
#include <string.h>

enum { FORMULA_TEXT = 160, DIGITS_MORE = 2, DIGITS_MOST = 6 };

/* What the books have for a claim. */
typedef struct held {
    range v;
    const char *source;
    bool target, provisional;
} held;

/* ---- comparing ---- */

static range turned(const range *a)
{
    return (range){
        {-a->hi.n,   a->hi.d },
        { -a->mid.n, a->mid.d},
        { -a->lo.n,  a->lo.d }
    };
}

/* A point at the end away from zero is rounded to the next figure: 46.5 is not 46. */
static mizo_err point_within(const range *a, exact p, bool *out)
{
    int low, high;
    bool minus = exact_sign(a->mid) < 0;
    MIZO_TRY(exact_cmp(a->lo, p, &low));
    MIZO_TRY(exact_cmp(p, a->hi, &high));
    *out = (minus ? low < 0 : low <= 0) && (minus ? high <= 0 : high < 0);
    return MIZO_OK;
}

/* Two rounded figures that share only an end are different figures. */
static mizo_err overlap(const range *a, const range *b, bool *out)
{
    int x, y;
    if (range_exact(a) && range_exact(b))
        return range_meet(a, b, out);
    if (range_exact(b))
        return point_within(a, b->mid, out);
    if (range_exact(a))
        return point_within(b, a->mid, out);
    MIZO_TRY(exact_cmp(a->lo, b->hi, &x));
    MIZO_TRY(exact_cmp(b->lo, a->hi, &y));
    *out = x < 0 && y < 0;
    return MIZO_OK;
}

static mizo_err holds_true(const city_claim *c, const range *said, const held *h, bool *out)
{
    int cmp;
    bool least = (c->bound == FIGURE_AT_LEAST) == (exact_sign(said->mid) >= 0);
    if (c->bound == FIGURE_IS || h->target)
        return overlap(said, &h->v, out);
    MIZO_TRY(exact_cmp(h->v.mid, said->mid, &cmp));
    cmp = least ? cmp : -cmp;
    *out = c->strict ? cmp > 0 : cmp >= 0;
    return MIZO_OK;
}

mizo_err city_claim_meets(const city_claim *c, exact v, bool *out)
{
    const held h = { .v = range_point(v), .source = "" };
    return holds_true(c, &c->said, &h, out);
}

/* ---- what the books have ---- */

/* A target of any year, where the sentence names none. */
static const mizo_goal *goal_said(const city_books *b, const city_claim *c, const mizo_indicator *i)
{
    const mizo_region *m = b->region;
    for (size_t k = 0; k < m->ngoal; k++) {
        exact x;
        bool same;
        const mizo_goal *g = city_goal(b, i, m->goal[k].fy);
        if (g == &m->goal[k] && !city_goal_value(g, &x) && !city_claim_meets(c, x, &same) && same)
            return g;
    }
    return NULL;
}

static mizo_err from_goal(const city_books *b, const city_claim *c, city_statement *s, held *h)
{
    exact x;
    const mizo_goal *g = s->year_said || c->role != CLAIM_TARGET ? NULL : goal_said(b, c, s->indicator);
    if (!g)
        g = city_goal(b, s->indicator, s->fy);
    if (!g)
        return MIZO_ENOENT;
    s->fy = g->fy;
    MIZO_TRY(city_goal_value(g, &x));
    *h = (held){ range_point(x), g->source, true, false };
    return MIZO_OK;
}

/* A figure by definition (a cap, a capital) holds until another is set; a text without a year speaks of the latest. */
static mizo_err from_definition(const city_books *b, const mizo_indicator *i, int fy, held *h)
{
    const mizo_published *best = NULL;
    city_value v;
    for (size_t k = 0; k < b->region->npublished; k++) {
        const mizo_published *p = &b->region->published[k];
        if (strcmp(p->item, i->id) == 0 && strcmp(p->exactness, "definition") == 0 && p->on <= b->as_of &&
            (!fy || p->fy <= fy) && (!best || p->fy >= best->fy))
            best = p;
    }
    if (!best || city_value_of(b, i, best->fy, &v))
        return MIZO_ENOENT;
    *h = (held){ city_holds(&v)->v, best->source, false, false };
    return MIZO_OK;
}

static mizo_err from_books(const city_books *b, const city_claim *c, city_statement *s, held *h)
{
    const mizo_indicator *i = s->indicator;
    const claim_role role = c->role;
    int fy = s->fy;
    city_value v;
    mizo_err e = MIZO_ENOENT;
    if (role != CLAIM_TARGET && fy && !city_value_of(b, i, fy, &v)) {
        *h = (held){ city_holds(&v)->v, v.row ? v.row->source : i->formula, false,
                     v.row && v.row->vintage == MIZO_VINTAGE_PROVISIONAL };
        return MIZO_OK;
    }
    if (role != CLAIM_TARGET)
        e = from_definition(b, i, s->year_said ? fy : 0, h);
    if (e == MIZO_ENOENT && role != CLAIM_RESULT && (fy || role == CLAIM_TARGET))
        e = from_goal(b, c, s, h);
    return e;
}

/* The indicator whose formula is this one; NULL: none. */
static const mizo_indicator *with_formula(const city_books *b, const char *formula)
{
    const mizo_region *m = b->region;
    for (size_t i = 0; i < m->nindicator; i++)
        if (strcmp(m->indicator[i].formula, formula) == 0)
            return &m->indicator[i];
    return NULL;
}

/* The same change from another year: of city / city@2013 - 1 the one from 1990. Itself where no year is said, NULL: none. */
static const mizo_indicator *rebased(const city_books *b, const city_claim *c, const mizo_indicator *i)
{
    char formula[FORMULA_TEXT], year[16];
    const char *at = strchr(i->formula, '@');
    if (!c->base || !at || strspn(at + 1, "0123456789") != 4 || strchr(at + 1, '@'))
        return i;
    (void)snprintf(year, sizeof year, "%04d", c->base);
    if (memcmp(at + 1, year, 4) == 0)
        return i;
    (void)snprintf(formula, sizeof formula, "%.*s@%s%s", (int)(at - i->formula), i->formula, year, at + 5);
    return with_formula(b, formula);
}

/* The change since a year: of an indicator that says it, else computed. A share of what was, or a difference. */
static mizo_err from_change(const city_books *b, const city_claim *c, city_statement *s, held *h)
{
    char formula[FORMULA_TEXT];
    formula_value x;
    formula_fault fault;
    const char *id = s->indicator->id, *end = unit_plain(&c->unit) && !c->points ? " - 1" : "";
    char op = *end ? '/' : '-';
    (void)snprintf(formula, sizeof formula, "%s %c %s@%d%s", id, op, id, c->base, end);
    const mizo_indicator *i = with_formula(b, formula);
    if (!i && c->base == s->fy - 1) {
        char last[FORMULA_TEXT];
        (void)snprintf(last, sizeof last, "%s %c %s@-1%s", id, op, id, end);
        i = with_formula(b, last);
    }
    if (i) {
        s->indicator = i;
        return from_books(b, c, s, h);
    }
    if (c->role == CLAIM_TARGET || city_compute(b, formula, s->fy, &x, &fault))
        return MIZO_ENOENT;
    city_value now;
    bool row = !city_value_of(b, s->indicator, s->fy, &now) && now.row;
    *h = (held){ x.v, row ? now.row->source : "", false, false };
    return MIZO_OK;
}

/* ---- as text ---- */

/* Decimals in a unit of 10^ten at which a step is whole. */
static int decimals_of(exact step, int ten)
{
    for (int d = -DIGITS_MOST; d < DIGITS_MOST; d++) {
        exact x;
        if (!exact_ten(step, d - ten, &x) && x.d == 1)
            return d;
    }
    return DIGITS_MOST;
}

/* "46.258％" as "46.258…％". */
static void with_dots(const char *figure_as, buf *text)
{
    size_t at = strcspn(figure_as, "0123456789");
    size_t n = strspn(figure_as + at, "0123456789.,");
    buf_add(text, figure_as, at + n);
    buf_str(text, "…");
    buf_str(text, figure_as + at + n);
}

/* With so many digits that the reader sees why it is another figure. */
static mizo_err books_text(const city_claim *c, const mizo_indicator *i, const held *h, const char *lang,
                           buf *text)
{
    figure_style style = city_style(i);
    unit u;
    buf one;
    style.about = false;
    if (unit_parse(style.unit, strlen(style.unit), &u) || !unit_alike(&u, &c->unit)) { /* a computed share */
        style.unit = "％";
        style.digits = 1;
        u = (unit){ .ten = -2 };
    }
    int said = decimals_of(c->step, u.ten) + (c->bound != FIGURE_IS), all = decimals_of(h->v.mid, u.ten);
    if (!range_exact(&h->v)) /* rounded: no more than is known */
        style.digits = all < DIGITS_MOST && all > style.digits ? all : style.digits;
    else if (said > style.digits)
        style.digits = said + DIGITS_MORE < all ? said + DIGITS_MORE : all;
    style.digits = style.digits > DIGITS_MOST ? DIGITS_MOST : style.digits;
    bool cut = range_exact(&h->v) && said > city_style(i).digits && all > style.digits;
    buf_init(&one, 0);
    mizo_err e = figure_text(h->v.mid, &style, lang, &one);
    if (!e && cut && one.p)
        with_dots(one.p, text);
    else if (!e)
        buf_str(text, one.p ? one.p : "");
    buf_fini(&one);
    return e ? e : text->err;
}

/* ---- the verdict ---- */

/* A change word behind a figure whose books' value is itself a change (▲) only gives the sign. */
static bool own_change(const held *h)
{
    return exact_sign(h->v.mid) < 0;
}

static mizo_err find(const city_books *b, const city_claim *c, city_statement *s, held *h, bool *held_at_all)
{
    unit u;
    const mizo_indicator *from = rebased(b, c, s->indicator);
    *held_at_all = from != NULL;
    if (!from)
        return MIZO_ENOENT;
    s->indicator = from;
    bool alike = !unit_parse(s->indicator->unit, strlen(s->indicator->unit), &u) && unit_alike(&u, &c->unit);
    mizo_err e = alike ? from_books(b, c, s, h) : MIZO_ENOENT;
    if (!c->moved || (!e && own_change(h)))
        return e;
    *held_at_all = c->base && c->base != s->fy && unit_plain(&u) == c->points;
    return *held_at_all ? from_change(b, c, s, h) : MIZO_ENOENT;
}

/* The last year of which the books have a figure; 0: of none. */
static int last_known(const city_books *b, const mizo_indicator *i)
{
    int newest = 0, oldest = 0;
    city_value v;
    for (size_t k = 0; k < b->region->npublished; k++) {
        const mizo_published *p = &b->region->published[k];
        newest = p->on <= b->as_of && p->fy > newest ? p->fy : newest;
        oldest = !oldest || p->fy < oldest ? p->fy : oldest;
    }
    for (int fy = newest; fy && fy >= oldest; fy--)
        if (!city_value_of(b, i, fy, &v))
            return fy;
    return 0;
}

/* "FY2019-2022, FY2024; targets FY2030": of what years the books have it. */
static void put_years(const city_books *b, const mizo_indicator *i, buf *text)
{
    enum { FROM = 1980, TO = 2100 };
    int from = 0, runs = 0;
    for (int fy = FROM; fy <= TO; fy++) {
        city_value v;
        bool has = fy < TO && !city_value_of(b, i, fy, &v);
        if (has && !from)
            from = fy;
        if (has || !from)
            continue;
        buf_printf(text, fy - 1 > from ? "%sFY%d-%d" : "%sFY%d", runs++ ? ", " : "", from, fy - 1);
        from = 0;
    }
}

mizo_err city_claim_hold(const city_books *b, const city_claim *c, const char *lang, city_statement *s,
                         buf *text)
{
    held h;
    bool at_all, meet;
    range said = c->said;
    if (!s->fy && c->role != CLAIM_TARGET) /* a text that names no year speaks of the latest figure */
        s->fy = last_known(b, s->indicator);
    mizo_err e = find(b, c, s, &h, &at_all);
    s->verdict = at_all ? CITY_UNKNOWN : CITY_NOT_HELD;
    if (e == MIZO_ENOENT) {
        put_years(b, s->indicator, text);
        s->needs = at_all && text->n && !text->err ? text->p : "";
        return text->err;
    }
    MIZO_TRY(e);
    if (exact_sign(said.mid) > 0 && (c->turn < 0 || (c->reduction && own_change(&h))))
        said = turned(&said);
    MIZO_TRY(holds_true(c, &said, &h, &meet));
    MIZO_TRY(books_text(c, s->indicator, &h, lang, text));
    s->verdict = meet ? CITY_AGREES : CITY_DISAGREES;
    s->books = text->p ? text->p : "";
    s->source = h.source;
    s->target = h.target;
    s->provisional = h.provisional;
    return text->err;
}
