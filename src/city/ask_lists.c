/* ask_lists.c: questions about registers, plans and inventories. */
#include <inttypes.h>
#include <string.h>

#include "city/ask_inner.h"
#include "city/plan.h"
#include "city/rating.h"
#include "city/register.h"

/* ---- registers ---- */

static mizo_err register_words(asked *a, const mizo_register **reg, mizo_day *on)
{
    *reg = city_register(a->r, a->word[0], strlen(a->word[0]));
    if (!*reg)
        return city_no(a, MIZO_EINPUT, "no such register", a->word[0]);
    return city_day_word(a, 1, on);
}

mizo_err city_ask_listed(asked *a)
{
    const mizo_register *reg;
    mizo_day on;
    MIZO_TRY(register_words(a, &reg, &on));
    return city_put_count(a, city_listed(a->r, reg, a->n > 2 ? a->word[2] : NULL, on));
}

mizo_err city_ask_said(asked *a)
{
    const mizo_register *reg;
    mizo_day on;
    MIZO_TRY(register_words(a, &reg, &on));
    const mizo_register_count *c = city_declared(a->r, reg, a->n > 2 ? a->word[2] : "", on);
    return c ? city_put_count(a, c->count) : city_no(a, MIZO_ENOENT, "no source says how many", a->word[0]);
}

static mizo_err put_share(asked *a, int64_t ppm)
{
    exact x;
    const figure_style style = { .unit = "%", .digits = 1, .how = MIZO_ROUND_HALF_UP };
    MIZO_TRY(exact_of(ppm, MIZO_PPM, &x));
    return figure_text(x, &style, "ja", a->out);
}

/* A field of the row with that number; of several the one that began last. */
mizo_err city_ask_entry(asked *a)
{
    const mizo_register *reg = city_register(a->r, a->word[0], strlen(a->word[0]));
    const mizo_register_row *x = NULL;
    int64_t number = 0;
    if (!reg || mizo_decimal_parse(a->word[1], strlen(a->word[1]), 0, &number))
        return city_no(a, MIZO_EINPUT, reg ? "no number" : "no such register", a->word[reg != NULL]);
    for (size_t i = 0; i < a->r->nregister_row; i++) {
        const mizo_register_row *y = &a->r->register_row[i];
        if (&a->r->reg[y->reg] == reg && y->number == number && (!x || y->from >= x->from))
            x = y;
    }
    if (!x)
        return city_no(a, MIZO_ENOENT, "no such row", a->word[1]);
    const struct {
        const char *word, *value;
    } field[] = {
        {"name",    x->name_ja},
        { "part",   x->part   },
        { "place",  x->place  },
        { "owner",  x->owner  },
        { "status", x->status },
        { "basis",  x->basis  },
        { "of",     x->of     },
        { "source", x->source }
    };
    for (size_t i = 0; i < sizeof field / sizeof *field; i++)
        if (strcmp(a->word[2], field[i].word) == 0) {
            buf_str(a->out, *field[i].value ? field[i].value : "-");
            return a->out->err;
        }
    if (strcmp(a->word[2], "share") == 0)
        return put_share(a, x->share_ppm);
    if (strcmp(a->word[2], "since") != 0)
        return city_no(a, MIZO_EINPUT, "no such field", a->word[2]);
    char day[MIZO_DATE_TEXT] = "-";
    if (x->from != INT32_MIN)
        mizo_day_text(x->from, day);
    buf_str(a->out, day);
    return a->out->err;
}

/* A place may be in several kinds of area: each part is named once, in the order of the file. */
mizo_err city_ask_parts_of(asked *a)
{
    const mizo_register *reg;
    mizo_day on;
    const char *before = NULL;
    MIZO_TRY(register_words(a, &reg, &on));
    for (size_t i = 0; i < a->r->nregister_row; i++) {
        const mizo_register_row *x = &a->r->register_row[i];
        if (&a->r->reg[x->reg] != reg || strcmp(x->name_ja, a->word[2]) || !city_row_holds(x, on) ||
            (before && strcmp(before, x->part) == 0))
            continue;
        buf_printf(a->out, "%s%s", before ? " " : "", x->part);
        before = x->part;
    }
    return before ? a->out->err : city_no(a, MIZO_ENOENT, "it does not stand there", a->word[2]);
}

mizo_err city_ask_shares(asked *a)
{
    const mizo_register *reg;
    mizo_day on;
    MIZO_TRY(register_words(a, &reg, &on));
    return put_share(a, city_share_ppm(a->r, reg, on));
}

mizo_err city_ask_numbered(asked *a)
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
        return city_no(a, MIZO_EINPUT, "no such plan or node", a->word[0]);
    return city_plan_below(a->r, n || all ? NULL : a->word[0], n, level, tag, 0, out);
}

mizo_err city_ask_nodes(asked *a)
{
    city_below x;
    MIZO_TRY(below_words(a, a->word[1], NULL, &x));
    return city_put_count(a, x.nodes);
}

mizo_err city_ask_declared(asked *a)
{
    const mizo_plan_node *n = city_node(a->r, a->word[0], strlen(a->word[0]));
    if (!n)
        return city_no(a, MIZO_EINPUT, "no such node", a->word[0]);
    return n->declared < 0 ? city_no(a, MIZO_ENOENT, "its text declares nothing", a->word[0])
                           : city_put_count(a, n->declared);
}

/* What the nodes below declare, added: beside what the node itself declares. */
mizo_err city_ask_declared_sum(asked *a)
{
    const mizo_plan_node *top = city_node(a->r, a->word[0], strlen(a->word[0]));
    if (!top)
        return city_no(a, MIZO_EINPUT, "no such node", a->word[0]);
    int64_t sum = city_declared_below(a->r, top);
    return city_put_count(a, sum < 0 ? 0 : sum);
}

mizo_err city_ask_rows(asked *a)
{
    city_below x;
    MIZO_TRY(below_words(a, NULL, a->n > 1 ? a->word[1] : NULL, &x));
    return city_put_count(a, x.rows);
}

mizo_err city_ask_businesses(asked *a)
{
    city_below x;
    MIZO_TRY(below_words(a, NULL, a->n > 1 ? a->word[1] : NULL, &x));
    return city_put_count(a, x.businesses);
}

/* Numbers of a list, in the order of the numbers. */
static mizo_err numbers(asked *a, bool (*want)(const asked *, const mizo_business *))
{
    int n = 0;
    for (size_t i = 0; i < a->r->nbusiness; i++)
        if (want(a, &a->r->business[i]))
            buf_printf(a->out, "%s%s", n++ ? " " : "", a->r->business[i].id);
    return n ? a->out->err : city_no(a, MIZO_ENOENT, "no business", a->word[0]);
}

static bool is_named(const asked *a, const mizo_business *p)
{
    return strcmp(p->name_ja, a->word[0]) == 0;
}

static bool has_tag(const asked *a, const mizo_business *p)
{
    return city_tagged(p, a->word[0]);
}

mizo_err city_ask_named(asked *a)
{
    return numbers(a, is_named);
}

mizo_err city_ask_tagged(asked *a)
{
    return numbers(a, has_tag);
}

mizo_err city_ask_counts_as(asked *a)
{
    const mizo_business *p = city_business(a->r, a->word[0], strlen(a->word[0]));
    if (!p)
        return city_no(a, MIZO_EINPUT, "no such business", a->word[0]);
    buf_str(a->out, city_counts_as(a->r, p)->id);
    return a->out->err;
}

static mizo_err node_year(asked *a, const mizo_plan_node **n, int *fy)
{
    *n = city_node(a->r, a->word[0], strlen(a->word[0]));
    return *n ? city_fy_word(a, 1, fy) : city_no(a, MIZO_EINPUT, "no such node", a->word[0]);
}

mizo_err city_ask_status(asked *a)
{
    const mizo_plan_node *n;
    int fy;
    MIZO_TRY(node_year(a, &n, &fy));
    const mizo_evaluation *e = city_evaluation(a->r, n, fy);
    if (!e)
        return city_no(a, MIZO_ENOENT, "not evaluated", a->word[0]);
    buf_printf(a->out, "%s %s", city_rating(a->r, MIZO_SCALE_STATUS, e->status)->word,
               city_rating(a->r, MIZO_SCALE_DIRECTION, e->direction)->word);
    return a->out->err;
}

mizo_err city_ask_proposed(asked *a)
{
    const mizo_plan_node *n;
    city_proposal p;
    int fy;
    MIZO_TRY(node_year(a, &n, &fy));
    MIZO_TRY(city_propose(a->b, n, fy, &p));
    if (!p.status)
        return city_no(a, MIZO_ENOENT,
                       "no outcome indicator with a target and a result, or no rule that holds", a->word[0]);
    buf_str(a->out, p.status->word);
    return a->out->err;
}
