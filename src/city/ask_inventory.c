/* ask_inventory.c: questions about inventories, renewable capacity and the pace towards a target. */
#include <stdlib.h>
#include <string.h>

#include "city/ask_inner.h"
#include "city/capacity.h"
#include "city/crosstab.h"
#include "city/pace.h"

static mizo_err cell_words(asked *a, city_cell *c)
{
    *c = (city_cell){ a->word[0], 0, a->word[2], a->word[3], a->word[4] };
    return city_fy_word(a, 1, &c->fy);
}

static mizo_err put_tonnes(asked *a, exact mg)
{
    const figure_style style = { .unit = "t-CO2", .how = MIZO_ROUND_HALF_UP };
    return figure_text(mg, &style, "ja", a->out);
}

mizo_err city_ask_cell(asked *a)
{
    city_cell c;
    range v;
    MIZO_TRY(cell_words(a, &c));
    const mizo_emission *e = city_emission(a->r, &c, a->b->as_of);
    if (!e)
        return city_no(a, MIZO_ENOENT, "nothing was published", a->word[0]);
    MIZO_TRY(city_emission_value(e, &v));
    return put_tonnes(a, v.mid);
}

static mizo_err sum_words(asked *a, city_sum *s)
{
    city_cell c;
    MIZO_TRY(cell_words(a, &c));
    mizo_err e = city_emission_sum(a->r, &c, a->b->as_of, s);
    return e ? city_no(a, e, "no parts", a->word[0]) : MIZO_OK;
}

mizo_err city_ask_parts(asked *a)
{
    city_sum s;
    MIZO_TRY(sum_words(a, &s));
    return put_tonnes(a, s.parts.mid);
}

mizo_err city_ask_adds(asked *a)
{
    city_sum s;
    bool meet;
    MIZO_TRY(sum_words(a, &s));
    if (!s.has_printed)
        return city_no(a, MIZO_ENOENT, "no total is printed", a->word[0]);
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

mizo_err city_ask_base(asked *a)
{
    int first, others;
    range v;
    MIZO_TRY(city_fy_word(a, 1, &first));
    MIZO_TRY(city_fy_word(a, 2, &others));
    mizo_err e = city_emission_base(a->r, a->word[0], first, others, a->b->as_of, &v);
    return e ? city_no(a, e, "no cells by gas", a->word[0]) : put_tonnes(a, v.mid);
}

static mizo_err edition_word(asked *a, int i, int fy, city_edition *out)
{
    return city_edition_named(a->r, a->word[0], fy, a->word[i], a->b->as_of, out)
               ? MIZO_OK
               : city_no(a, MIZO_EINPUT, "no such edition (provisional, revised, final, a date, final@date)",
                         a->word[i]);
}

mizo_err city_ask_restated(asked *a)
{
    city_restating q = { .inventory = a->word[0], .as_of = a->b->as_of };
    city_restated x;
    MIZO_TRY(city_fy_word(a, 1, &q.fy));
    MIZO_TRY(edition_word(a, 2, q.fy, &q.from));
    MIZO_TRY(edition_word(a, 3, q.fy, &q.to));
    mizo_err e = city_restate(a->r, &q, NULL, NULL, &x);
    if (e)
        return x.fault ? city_no(a, e, x.why, x.fault->id) : city_no(a, e, "no activities", a->word[0]);
    const struct {
        const char *name;
        exact v;
    } part[] = {
        {"",             x.before  },
        { " scope ",     x.scope   },
        { " activity ",  x.activity},
        { " factor ",    x.factor  },
        { " gwp ",       x.gwp     },
        { " = ",         x.after   },
        { ", rounding ", x.rounding}
    };
    for (size_t i = 0; i < sizeof part / sizeof *part - !x.printed; i++) {
        const figure_style style = {
            .unit = "t-CO2", .digits = 2, .how = MIZO_ROUND_HALF_UP, .plus = i && i != 5
        };
        buf_str(a->out, part[i].name);
        MIZO_TRY(figure_text(part[i].v, &style, "ja", a->out));
    }
    return a->out->err;
}

/* ---- shares ---- */

/* The cell of a table that the words name. */
static const crosstab_cell *table_cell(const crosstab *t, const char *sector, const char *form)
{
    int s = 0, f = 0;
    while (s < t->nsector && strcmp(t->sector[s], sector))
        s++;
    while (f < t->nform && strcmp(t->form[f], form))
        f++;
    bool all_sectors = strcmp(sector, "all") == 0, all_forms = strcmp(form, "all") == 0;
    if ((s == t->nsector && !all_sectors) || (f == t->nform && !all_forms))
        return NULL;
    return all_sectors ? (all_forms ? &t->whole : &t->of_form[f])
           : all_forms ? &t->of_sector[s]
                       : &t->cell[s][f];
}

mizo_err city_ask_share(asked *a)
{
    crosstab *t = malloc(sizeof *t);
    city_cell c;
    exact share = exact_whole(0), hundredth;
    int below;
    mizo_err e = t ? cell_words(a, &c) : MIZO_ENOMEM;
    e = e ? e : crosstab_make(a->r, c.inventory, c.fy, c.gas, a->b->as_of, t);
    const crosstab_cell *at = e ? NULL : table_cell(t, c.sector, c.form);
    e = e ? e : at ? crosstab_share(t, at, &share) : MIZO_ENOENT;
    free(t);
    if (e)
        return *a->why ? e : city_no(a, e, "no such cell, or no whole", a->word[0]);
    MIZO_TRY(exact_of(1, 100, &hundredth));
    MIZO_TRY(exact_cmp(share, hundredth, &below)); /* such tables print whole per cent, below one a decimal */
    const figure_style style = { .unit = "％", .digits = below < 0, .how = MIZO_ROUND_HALF_UP };
    return figure_text(share, &style, "ja", a->out);
}

/* ---- pace ---- */

static mizo_err put_pace(asked *a, const mizo_indicator *i, const char *word, exact lo, exact hi)
{
    const figure_style style = city_step_style(i);
    int d;
    buf_str(a->out, word);
    MIZO_TRY(figure_text(lo, &style, "ja", a->out));
    MIZO_TRY(exact_cmp(lo, hi, &d));
    if (!d)
        return MIZO_OK;
    buf_str(a->out, " .. ");
    return figure_text(hi, &style, "ja", a->out);
}

mizo_err city_ask_pace(asked *a)
{
    const mizo_indicator *i = city_indicator(a->b, a->word[0], strlen(a->word[0]));
    city_pace p;
    int fy;
    if (!i)
        return city_no(a, MIZO_EINPUT, "no such indicator", a->word[0]);
    MIZO_TRY(city_fy_word(a, 1, &fy));
    mizo_err e = city_pace_of(a->b, i, fy, &p);
    if (e || !p.has_needed)
        return city_no(a, e ? e : MIZO_ENOENT, "no result with a target ahead", a->word[0]);
    MIZO_TRY(put_pace(a, i, "needed ", p.needed, p.needed));
    if (p.has_actual)
        MIZO_TRY(put_pace(a, i, ", was ", p.actual.lo, p.actual.hi));
    if (p.has_actual)
        buf_printf(a->out, p.reach_fy ? ", FY%d" : ", never", p.reach_fy);
    return a->out->err;
}

/* ---- renewable capacity ---- */

mizo_err city_ask_capacity(asked *a)
{
    const figure_style style = { .unit = "kW", .how = MIZO_ROUND_HALF_UP };
    mizo_day on;
    capacity c;
    MIZO_TRY(city_day_word(a, 0, &on));
    mizo_err e = capacity_make(a->r, on, &c);
    if (e)
        return city_no(a, e, c.fault ? "its amount is no power" : "no register of renewable capacity",
                       c.fault ? c.fault->name_ja : a->word[0]);
    e = figure_text(exact_whole(c.w), &style, "ja", a->out);
    buf_printf(a->out, ", %zu plants, %zu listed again, %zu with another power, %zu open", c.plants,
               c.doubles, c.differ, c.questions);
    capacity_free(&c);
    return e ? e : a->out->err;
}
