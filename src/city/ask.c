/* ask.c: see ask.h. One function a question, one table of all. */
#include "city/ask.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "city/inventory.h"
#include "city/plan.h"
#include "city/register.h"

typedef struct asked {
    const city_books *b;
    const mizo_region *r;
    char *word[CITY_ASK_WORDS]; /* after the verb; the last holds the rest of the line */
    int n;
    buf *out;
    char *why;
} asked;

static mizo_err no(asked *a, mizo_err e, const char *what, const char *word)
{
    snprintf(a->why, CITY_ASK_WHY, "%.80s: %.100s", what, word);
    return e;
}

/* ---- words ---- */

static mizo_err fy_word(asked *a, int i, int *fy)
{
    return mizo_fy_parse(a->word[i], strlen(a->word[i]), fy)
               ? no(a, MIZO_EINPUT, "no fiscal year", a->word[i])
               : MIZO_OK;
}

static mizo_err day_word(asked *a, int i, mizo_day *day)
{
    mizo_date d;
    if (mizo_date_parse(a->word[i], strlen(a->word[i]), &d))
        return no(a, MIZO_EINPUT, "no date", a->word[i]);
    *day = mizo_date_day(d);
    return MIZO_OK;
}

static mizo_err indicator_word(asked *a, int i, const mizo_indicator **out)
{
    *out = city_indicator(a->b, a->word[i], strlen(a->word[i]));
    return *out ? MIZO_OK : no(a, MIZO_EINPUT, "no such indicator", a->word[i]);
}

static mizo_err value_words(asked *a, city_value *v)
{
    const mizo_indicator *i;
    int fy;
    MIZO_TRY(indicator_word(a, 0, &i));
    MIZO_TRY(fy_word(a, 1, &fy));
    mizo_err e = city_value_of(a->b, i, fy, v);
    return e ? no(a, e, *v->fault.why ? v->fault.why : "no figure", a->word[0]) : MIZO_OK;
}

/* Unit "-" is a plain number. */
static mizo_err style_words(asked *a, int unit_at, figure_style *style)
{
    unit u;
    int64_t digits;
    const char *text = strcmp(a->word[unit_at], "-") == 0 ? "" : a->word[unit_at];
    *style = (figure_style){ .unit = text, .how = MIZO_ROUND_HALF_UP };
    if (unit_parse(text, strlen(text), &u))
        return no(a, MIZO_EINPUT, "no such unit", text);
    if (mizo_decimal_parse(a->word[unit_at + 1], strlen(a->word[unit_at + 1]), 0, &digits) || digits < -6 ||
        digits > 9)
        return no(a, MIZO_EINPUT, "decimals are -6 to 9", a->word[unit_at + 1]);
    style->digits = (int)digits;
    return MIZO_OK;
}

static mizo_err alike(asked *a, const formula_value *x, const figure_style *style)
{
    unit u;
    MIZO_TRY(unit_parse(style->unit, strlen(style->unit), &u));
    return unit_alike(&u, &x->u) ? MIZO_OK
                                 : no(a, MIZO_EINPUT, "the figure is of another unit than", style->unit);
}

/* ---- indicators ---- */

static mizo_err ask_text(asked *a)
{
    city_value v;
    MIZO_TRY(value_words(a, &v));
    mizo_err e = city_value_text(&v, a->n > 2 ? a->word[2] : "ja", a->out);
    if (e != MIZO_ECONFLICT)
        return e;
    buf_str(a->out, "not settled by rounded operands");
    return a->out->err;
}

static mizo_err ask_value(asked *a)
{
    city_value v;
    figure_style style;
    MIZO_TRY(value_words(a, &v));
    MIZO_TRY(style_words(a, 2, &style));
    MIZO_TRY(alike(a, city_holds(&v), &style));
    return figure_text(city_holds(&v)->v.mid, &style, "ja", a->out);
}

static mizo_err computed(asked *a, formula_value *x, figure_style *style)
{
    formula_fault fault;
    int fy;
    MIZO_TRY(fy_word(a, 0, &fy));
    MIZO_TRY(style_words(a, 1, style));
    mizo_err e = city_compute(a->b, a->word[3], fy, x, &fault);
    return e ? no(a, e, fault.why, a->word[3]) : alike(a, x, style);
}

static mizo_err ask_calc(asked *a)
{
    formula_value x;
    figure_style style;
    MIZO_TRY(computed(a, &x, &style));
    return figure_text(x.v.mid, &style, "ja", a->out);
}

static mizo_err ask_settle(asked *a)
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

static mizo_err ask_range(asked *a)
{
    formula_value x;
    figure_style style;
    MIZO_TRY(computed(a, &x, &style));
    MIZO_TRY(figure_text(x.v.lo, &style, "ja", a->out));
    buf_str(a->out, " .. ");
    return figure_text(x.v.hi, &style, "ja", a->out);
}

static mizo_err ask_agree(asked *a)
{
    city_value v;
    MIZO_TRY(value_words(a, &v));
    if (!v.row || !v.computed)
        return no(a, MIZO_ENOENT, "it is not both said and computed", a->word[0]);
    buf_str(a->out, v.differ ? "differ" : "agree");
    return a->out->err;
}

static mizo_err ask_word(asked *a)
{
    city_value v;
    MIZO_TRY(value_words(a, &v));
    buf_str(a->out, city_change_word(city_holds(&v)->v.mid, a->n > 2 ? a->word[2] : "ja"));
    return a->out->err;
}

static mizo_err ask_vintage(asked *a)
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
    MIZO_TRY(fy_word(a, 1, &fy));
    if (a->n > 2)
        MIZO_TRY(day_word(a, 2, &b->as_of));
    *g = city_goal(b, i, fy);
    return *g ? MIZO_OK : no(a, MIZO_ENOENT, "no target", a->word[0]);
}

static mizo_err ask_goal(asked *a)
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
static mizo_err ask_goals(asked *a)
{
    const mizo_indicator *i;
    int from, to, n = 0;
    MIZO_TRY(indicator_word(a, 0, &i));
    MIZO_TRY(fy_word(a, 1, &from));
    MIZO_TRY(fy_word(a, 2, &to));
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
    return n ? a->out->err : no(a, MIZO_ENOENT, "no target", a->word[0]);
}

static mizo_err ask_reached(asked *a)
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

/* ---- registers ---- */

static mizo_err register_words(asked *a, const mizo_register **reg, mizo_day *on)
{
    *reg = city_register(a->r, a->word[0], strlen(a->word[0]));
    if (!*reg)
        return no(a, MIZO_EINPUT, "no such register", a->word[0]);
    return day_word(a, 1, on);
}

static mizo_err put_count(asked *a, int64_t n)
{
    buf_printf(a->out, "%" PRId64, n);
    return a->out->err;
}

static mizo_err ask_listed(asked *a)
{
    const mizo_register *reg;
    mizo_day on;
    MIZO_TRY(register_words(a, &reg, &on));
    return put_count(a, city_listed(a->r, reg, a->n > 2 ? a->word[2] : NULL, on));
}

static mizo_err ask_said(asked *a)
{
    const mizo_register *reg;
    mizo_day on;
    MIZO_TRY(register_words(a, &reg, &on));
    const mizo_register_count *c = city_declared(a->r, reg, a->n > 2 ? a->word[2] : "", on);
    return c ? put_count(a, c->count) : no(a, MIZO_ENOENT, "no source says how many", a->word[0]);
}

static mizo_err ask_shares(asked *a)
{
    const mizo_register *reg;
    mizo_day on;
    exact x;
    const figure_style style = { .unit = "%", .digits = 1, .how = MIZO_ROUND_HALF_UP };
    MIZO_TRY(register_words(a, &reg, &on));
    MIZO_TRY(exact_of(city_share_ppm(a->r, reg, on), MIZO_PPM, &x));
    return figure_text(x, &style, "ja", a->out);
}

static mizo_err ask_numbered(asked *a)
{
    const mizo_register *reg;
    mizo_day on;
    MIZO_TRY(register_words(a, &reg, &on));
    int32_t wrong = city_number_wrong(a->r, reg, on);
    if (wrong)
        buf_printf(a->out, "%" PRId32 " is missing or stands twice", wrong);
    else
        buf_printf(a->out, "1..%" PRId32, city_listed(a->r, reg, NULL, on));
    return a->out->err;
}

/* ---- plans ---- */

/* A node's id, a plan's name, or "all". */
static mizo_err below_words(asked *a, const char *level, const char *tag, city_below *out)
{
    const mizo_plan_node *n = city_node(a->r, a->word[0], strlen(a->word[0]));
    bool plan = false;
    for (size_t i = 0; i < a->r->nplan_node; i++)
        plan = plan || strcmp(a->r->plan_node[i].plan, a->word[0]) == 0;
    bool all = strcmp(a->word[0], "all") == 0;
    if (!n && !plan && !all)
        return no(a, MIZO_EINPUT, "no such plan or node", a->word[0]);
    return city_plan_below(a->r, n || all ? NULL : a->word[0], n, level, tag, 0, out);
}

static mizo_err ask_nodes(asked *a)
{
    city_below x;
    MIZO_TRY(below_words(a, a->word[1], NULL, &x));
    return put_count(a, x.nodes);
}

static mizo_err ask_declared(asked *a)
{
    const mizo_plan_node *n = city_node(a->r, a->word[0], strlen(a->word[0]));
    if (!n)
        return no(a, MIZO_EINPUT, "no such node", a->word[0]);
    return n->declared < 0 ? no(a, MIZO_ENOENT, "its text declares nothing", a->word[0])
                           : put_count(a, n->declared);
}

/* What the nodes below declare, added: beside what the node itself declares. */
static mizo_err ask_declared_sum(asked *a)
{
    const mizo_plan_node *top = city_node(a->r, a->word[0], strlen(a->word[0]));
    int64_t sum = 0;
    if (!top)
        return no(a, MIZO_EINPUT, "no such node", a->word[0]);
    for (size_t i = 0; i < a->r->nplan_node; i++) {
        const mizo_plan_node *n = &a->r->plan_node[i];
        if (n != top && n->declared > 0 && strcmp(n->below, top->below) == 0 && city_under(a->r, n, top))
            sum += n->declared;
    }
    return put_count(a, sum);
}

static mizo_err ask_rows(asked *a)
{
    city_below x;
    MIZO_TRY(below_words(a, NULL, a->n > 1 ? a->word[1] : NULL, &x));
    return put_count(a, x.rows);
}

static mizo_err ask_businesses(asked *a)
{
    city_below x;
    MIZO_TRY(below_words(a, NULL, a->n > 1 ? a->word[1] : NULL, &x));
    return put_count(a, x.businesses);
}

/* Numbers of a list, in the order of the numbers. */
static mizo_err numbers(asked *a, bool (*want)(const asked *, const mizo_business *))
{
    int n = 0;
    for (size_t i = 0; i < a->r->nbusiness; i++)
        if (want(a, &a->r->business[i]))
            buf_printf(a->out, "%s%s", n++ ? " " : "", a->r->business[i].id);
    return n ? a->out->err : no(a, MIZO_ENOENT, "no business", a->word[0]);
}

static bool is_named(const asked *a, const mizo_business *p)
{
    return strcmp(p->name_ja, a->word[0]) == 0;
}

static bool has_tag(const asked *a, const mizo_business *p)
{
    return city_tagged(p, a->word[0]);
}

static mizo_err ask_named(asked *a)
{
    return numbers(a, is_named);
}

static mizo_err ask_tagged(asked *a)
{
    return numbers(a, has_tag);
}

static mizo_err ask_counts_as(asked *a)
{
    const mizo_business *p = city_business(a->r, a->word[0], strlen(a->word[0]));
    if (!p)
        return no(a, MIZO_EINPUT, "no such business", a->word[0]);
    buf_str(a->out, city_counts_as(a->r, p)->id);
    return a->out->err;
}

static mizo_err node_year(asked *a, const mizo_plan_node **n, int *fy)
{
    *n = city_node(a->r, a->word[0], strlen(a->word[0]));
    return *n ? fy_word(a, 1, fy) : no(a, MIZO_EINPUT, "no such node", a->word[0]);
}

static mizo_err ask_status(asked *a)
{
    const mizo_plan_node *n;
    int fy;
    MIZO_TRY(node_year(a, &n, &fy));
    const mizo_evaluation *e = city_evaluation(a->r, n, fy);
    if (!e)
        return no(a, MIZO_ENOENT, "not evaluated", a->word[0]);
    buf_printf(a->out, "%s %s", city_status_words[e->status], city_direction_words[e->direction]);
    return a->out->err;
}

static mizo_err ask_proposed(asked *a)
{
    const mizo_plan_node *n;
    city_proposal p;
    int fy;
    MIZO_TRY(node_year(a, &n, &fy));
    MIZO_TRY(city_propose(a->b, n, fy, &p));
    if (p.status < 0)
        return no(a, MIZO_ENOENT, "no outcome indicator with a target and a result", a->word[0]);
    buf_str(a->out, city_status_words[p.status]);
    return a->out->err;
}

/* ---- inventories ---- */

static mizo_err cell_words(asked *a, city_cell *c)
{
    *c = (city_cell){ a->word[0], 0, a->word[2], a->word[3], a->word[4] };
    return fy_word(a, 1, &c->fy);
}

static mizo_err put_tonnes(asked *a, exact mg)
{
    const figure_style style = { .unit = "t-CO2", .how = MIZO_ROUND_HALF_UP };
    return figure_text(mg, &style, "ja", a->out);
}

static mizo_err ask_cell(asked *a)
{
    city_cell c;
    range v;
    MIZO_TRY(cell_words(a, &c));
    const mizo_emission *e = city_emission(a->r, &c, a->b->as_of);
    if (!e)
        return no(a, MIZO_ENOENT, "nothing was published", a->word[0]);
    MIZO_TRY(city_emission_value(e, &v));
    return put_tonnes(a, v.mid);
}

static mizo_err sum_words(asked *a, city_sum *s)
{
    city_cell c;
    MIZO_TRY(cell_words(a, &c));
    mizo_err e = city_emission_sum(a->r, &c, a->b->as_of, s);
    return e ? no(a, e, "no parts", a->word[0]) : MIZO_OK;
}

static mizo_err ask_parts(asked *a)
{
    city_sum s;
    MIZO_TRY(sum_words(a, &s));
    return put_tonnes(a, s.parts.mid);
}

static mizo_err ask_adds(asked *a)
{
    city_sum s;
    bool meet;
    MIZO_TRY(sum_words(a, &s));
    if (!s.has_printed)
        return no(a, MIZO_ENOENT, "no total is printed", a->word[0]);
    if (s.agree) {
        buf_str(a->out, "adds up");
        return a->out->err;
    }
    MIZO_TRY(put_tonnes(a, s.parts.mid));
    buf_str(a->out, " / ");
    MIZO_TRY(put_tonnes(a, s.printed.mid));
    MIZO_TRY(range_meet(&s.parts, &s.printed, &meet));
    buf_str(a->out, meet ? ", within the rounding" : ", beyond the rounding");
    return a->out->err;
}

/* ---- reading ---- */

static mizo_err ask_read(asked *a)
{
    figure_style style;
    figure f;
    formula_value x;
    MIZO_TRY(style_words(a, 0, &style));
    if (figure_parse(a->word[2], strlen(a->word[2]), &f))
        return no(a, MIZO_EINPUT, "no figure", a->word[2]);
    x = (formula_value){ f.value, f.unit };
    MIZO_TRY(alike(a, &x, &style));
    return figure_text(f.value.mid, &style, "ja", a->out);
}

static mizo_err ask_year(asked *a)
{
    figure f;
    size_t at = 0;
    mizo_err e = figure_next(a->word[0], strlen(a->word[0]), &at, &f);
    if (e || f.kind == FIGURE_NUMBER)
        return no(a, MIZO_EINPUT, "no year", a->word[0]);
    buf_printf(a->out, "%s%d", f.fiscal ? "FY" : "", f.year);
    return a->out->err;
}

static mizo_err ask_means(asked *a)
{
    for (size_t i = 0; i < a->r->nalias; i++)
        if (strcmp(a->r->alias[i].alias, a->word[0]) == 0) {
            buf_str(a->out, a->r->alias[i].means);
            return a->out->err;
        }
    return no(a, MIZO_ENOENT, "no such alias", a->word[0]);
}

/* ---- the table ---- */

#define INV " INVENTORY FY SECTOR GAS FORM"
/* clang-format off */
#define ASKS(X) \
    X(text, 2, 3, "INDICATOR FY [en]", "the figure as it is published", "公表する表記") \
    X(value, 4, 4, "INDICATOR FY UNIT DIGITS", "the figure in a unit with so many decimals", "単位と小数桁を指定した値") \
    X(calc, 4, 4, "FY UNIT DIGITS FORMULA", "a formula over the figures, from what was said", "計算式の値(公表値から)") \
    X(settle, 4, 4, "FY UNIT DIGITS FORMULA", "the same, only where rounded operands settle its digits", "丸めた値から確かに言える桁だけ") \
    X(range, 4, 4, "FY UNIT DIGITS FORMULA", "between what and what it lies, given what its operands were rounded to", "丸めを考えた下限と上限") \
    X(agree, 2, 2, "INDICATOR FY", "do what was said and what is computed agree: agree, differ", "公表値と計算値が合うか") \
    X(word, 2, 3, "INDICATOR FY [en]", "the word that goes with the sign: 減少, 増加", "符号にあう言葉") \
    X(vintage, 2, 2, "INDICATOR FY", "暫定値, 改定値, 確定値", "暫定値・改定値・確定値") \
    X(goal, 2, 3, "INDICATOR FY [DATE]", "the target, as decided up to a date", "目標値(その日までの決定で)") \
    X(goals, 3, 3, "INDICATOR FROM TO", "the targets of those years", "各年度の目標値") \
    X(reached, 2, 3, "INDICATOR FY [DATE]", "is the target reached: yes, no", "目標を達成したか") \
    X(listed, 2, 3, "REGISTER DATE [PART]", "how many rows stand in it", "名簿の件数") \
    X(said, 2, 3, "REGISTER DATE [PART]", "how many a source says there were", "公表された件数") \
    X(shares, 2, 2, "REGISTER DATE", "the sum of its shares", "比率の合計") \
    X(numbered, 2, 2, "REGISTER DATE", "do its numbers run without a gap", "番号に欠番・重複がないか") \
    X(nodes, 2, 2, "PLAN|NODE LEVEL", "how many nodes of a level are listed", "その階層の件数") \
    X(declared, 1, 1, "NODE", "how many its text says there are", "本文に書かれた件数") \
    X(declared_sum, 1, 1, "NODE", "the sum of what the nodes below declare", "下位に書かれた件数の合計") \
    X(rows, 1, 2, "PLAN|NODE|all [TAG]", "listings of businesses, those listed again too", "事業の行数(再掲を含む)") \
    X(businesses, 1, 2, "PLAN|NODE|all [TAG]", "businesses, each counted once", "事業数(再掲を除く)") \
    X(named, 1, 1, "NAME", "numbers of the businesses of that name", "その名前の事業の番号") \
    X(tagged, 1, 1, "TAG", "numbers of the businesses with that tag", "その印のある事業の番号") \
    X(counts_as, 1, 1, "NUMBER", "the number under which a business counts", "再掲元の番号") \
    X(status, 2, 2, "NODE FY", "the evaluation: A to D, I to IV", "評価") \
    X(proposed, 2, 2, "NODE FY", "the status that the rule proposes", "規則による進捗状況の案") \
    X(cell, 5, 5, "INVENTORY FY SECTOR GAS FORM", "a cell of an inventory as printed", "排出量の公表値") \
    X(parts, 5, 5, "INVENTORY FY SECTOR GAS FORM", "the sum of its parts; * for each", "内訳の合計。*はすべて") \
    X(adds, 5, 5, "INVENTORY FY SECTOR GAS FORM", "do the parts come to the printed total", "内訳の合計が公表の合計と合うか") \
    X(read, 3, 3, "UNIT DIGITS TEXT", "a figure as people write it, read", "文章の中の数字を読む") \
    X(year, 1, 1, "TEXT", "a year or an era as people write it, read", "年度・元号を読む") \
    X(means, 1, 1, "ALIAS", "what another name stands for", "別名が指すもの")
/* clang-format on */

/* A verb is written with - where its function has _. */
static const struct {
    mizo_err (*run)(asked *);
    int least, most;
} runs[] = {
#define X(name, least, most, ...) { ask_##name, least, most },
    ASKS(X)
#undef X
};
const city_ask_row city_asks[] = {
#define X(name, least, most, args, en, ja) { #name, args, en, ja },
    ASKS(X)
#undef X
};
const size_t ncity_asks = sizeof city_asks / sizeof *city_asks;

static size_t find_verb(const char *word, size_t n)
{
    for (size_t i = 0; i < ncity_asks; i++)
        if (strlen(city_asks[i].verb) == n && strncmp(city_asks[i].verb, word, n) == 0)
            return i;
    return ncity_asks;
}

/* Cuts s into at most `most` words; the last one holds the rest. */
static int cut(char *s, char **word, int most)
{
    int n = 0;
    s += strspn(s, " ");
    while (*s && n < most) {
        word[n++] = s;
        if (n == most)
            break;
        s += strcspn(s, " ");
        if (*s)
            *s++ = '\0';
        s += strspn(s, " ");
    }
    return n;
}

mizo_err city_ask(const city_books *b, const char *question, buf *out, char why[CITY_ASK_WHY])
{
    asked a = { .b = b, .r = b->region, .out = out, .why = why };
    size_t skip = strspn(question, " "), n = strcspn(question + skip, " "),
           verb = find_verb(question + skip, n);
    *why = '\0';
    if (verb == ncity_asks)
        return no(&a, MIZO_EINPUT, "no such question", question + skip);
    char *line = malloc(strlen(question) + 1);
    if (!line)
        return MIZO_ENOMEM;
    memcpy(line, question, strlen(question) + 1);
    a.n = cut(line + skip + n, a.word, runs[verb].most);
    mizo_err e = a.n < runs[verb].least ? no(&a, MIZO_EINPUT, "words are missing", city_asks[verb].args)
                                        : runs[verb].run(&a);
    if (e && !*why)
        snprintf(why, CITY_ASK_WHY, "%s", mizo_err_text(e));
    free(line);
    return e;
}

/* ---- checks.csv ---- */

static int by_line(const void *pa, const void *pb)
{
    const mizo_claim_check *const *a = pa, *const *b = pb;
    return ((*a)->line > (*b)->line) - ((*a)->line < (*b)->line);
}

mizo_err city_check_each(const city_books *b, mizo_err (*fn)(void *, const city_check_result *), void *arg)
{
    const mizo_region *r = b->region;
    const mizo_claim_check **list = calloc(r->ncheck + 1, sizeof *list);
    mizo_err e = list ? MIZO_OK : MIZO_ENOMEM;
    buf text;
    buf_init(&text, 0);
    for (size_t i = 0; list && i < r->ncheck; i++)
        list[i] = &r->check[i];
    if (list)
        qsort(list, r->ncheck, sizeof *list, by_line);
    for (size_t i = 0; i < r->ncheck && !e; i++) {
        char why[CITY_ASK_WHY];
        buf_clear(&text);
        mizo_err asked_err = city_ask(b, list[i]->ask, &text, why);
        const char *value = asked_err ? why : text.p ? text.p : "";
        if (asked_err == MIZO_ENOMEM)
            e = asked_err;
        else
            e = fn(arg, &(city_check_result){ list[i], value,
                                              !asked_err && strcmp(value, list[i]->expected) == 0 });
    }
    buf_fini(&text);
    free(list);
    return e;
}
