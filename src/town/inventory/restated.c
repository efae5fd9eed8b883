/* restated.c: why a year was restated, edition by edition, as a document and as JSON; see doc.h. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/inventory.h"
#include "town/inventory/doc.h"

/* ---- which ---- */

static bool first_of_year(const mizo_region *r, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (r->activity[k].fy == r->activity[i].fy &&
            strcmp(r->activity[k].inventory, r->activity[i].inventory) == 0)
            return false;
    return true;
}

/* Every edition of every inventory's year that has one before it. */
static mizo_err each(const city_books *b, int fy, mizo_err (*fn)(void *arg, const city_restating *q),
                     void *arg)
{
    const mizo_region *r = b->region;
    for (size_t i = 0; i < r->nactivity; i++) {
        city_restating q = { r->activity[i].inventory, r->activity[i].fy, .as_of = b->as_of };
        if (q.fy > fy || !first_of_year(r, i) ||
            !city_edition_next(r, q.inventory, q.fy, NULL, b->as_of, &q.from))
            continue;
        for (; city_edition_next(r, q.inventory, q.fy, &q.from, b->as_of, &q.to); q.from = q.to)
            MIZO_TRY(fn(arg, &q));
    }
    return MIZO_OK;
}

/* ---- document ---- */

static void columns(maker *m, const city_restating *q)
{
    buf caption;
    buf_init(&caption, 0);
    buf_printf(&caption, m->ja ? "再算定の内訳: %s %d年度 " : "Why %s FY%d was restated: ",
               city_inventory_name(m->r, q->inventory, m->ask->lang), q->fy);
    city_edition_text(q->from, m->ask->lang, &caption);
    buf_str(&caption, city_either(m, " → ", " to "));
    city_edition_text(q->to, m->ask->lang, &caption);
    /* clang-format off */
    report_columns(m->out, caption.err ? "" : caption.p,
                   (const report_column[]){
                       { .title = city_either(m, "行", "line") },
                       { .title = city_either(m, "活動量の根拠", "amount from") },
                       { .title = city_either(m, "前", "before"), .unit = "t-CO2", .align = REPORT_RIGHT },
                       { .title = city_either(m, "範囲", "scope"), .unit = "t-CO2", .align = REPORT_RIGHT },
                       { .title = city_either(m, "活動量", "activity"), .unit = "t-CO2", .align = REPORT_RIGHT },
                       { .title = city_either(m, "係数", "factor"), .unit = "t-CO2", .align = REPORT_RIGHT },
                       { .title = "GWP", .unit = "t-CO2", .align = REPORT_RIGHT },
                       { .title = city_either(m, "後", "after"), .unit = "t-CO2", .align = REPORT_RIGHT },
                   }, 8);
    /* clang-format on */
    buf_fini(&caption);
}

static mizo_err doc_line(void *arg, const city_restated_line *l)
{
    maker *m = arg;
    const char *lang = m->ask->lang, *was = l->was ? city_basis_text(l->was->basis, lang) : "–",
               *now = l->now ? city_basis_text(l->now->basis, lang) : "–";
    report_cell_text(m->out, (l->was ? l->was : l->now)->id);
    if (strcmp(was, now) == 0)
        report_cell_text(m->out, now);
    else
        report_cell_textf(m->out, "%s → %s", *was ? was : "–", *now ? now : "–");
    const exact cell[] = { l->before, l->scope, l->activity, l->factor, l->gwp, l->after };
    for (size_t i = 0; i < sizeof cell / sizeof *cell; i++)
        inventory_cell_tonnes(m->out, cell[i]);
    return MIZO_OK;
}

static void printed_note(maker *m, const city_restated *x)
{
    const figure_style style = { .unit = "t-CO2", .how = MIZO_ROUND_HALF_UP },
                       change = { .unit = "t-CO2", .digits = 1, .how = MIZO_ROUND_HALF_UP, .plus = true };
    buf was, now, left;
    buf_init(&was, 0);
    buf_init(&now, 0);
    buf_init(&left, 0);
    if (x->printed && !figure_text(x->printed_before, &style, m->ask->lang, &was) &&
        !figure_text(x->printed_after, &style, m->ask->lang, &now) &&
        !figure_text(x->rounding, &change, m->ask->lang, &left))
        report_notef(m->out,
                     m->ja ? "公表された合計: %s → %s。行の計算で説明されない差 %s は丸めによります。"
                           : "Printed totals: %s to %s. What the lines do not explain, %s, is rounding.",
                     was.p, now.p, left.p);
    buf_fini(&was);
    buf_fini(&now);
    buf_fini(&left);
}

mizo_err inventory_restated_doc(maker *m, const city_restating *q)
{
    city_restated x;
    columns(m, q);
    mizo_err e = city_restate(m->r, q, doc_line, m, &x);
    if (x.fault) {
        char year[16];
        snprintf(year, sizeof year, "%d", q->fy);
        MIZO_DIAG(m->d, INVENTORY_LINE, MIZO_AT("activities.csv", x.fault->line, 0), q->inventory, year,
                  x.fault->id, x.why);
        return MIZO_EINPUT;
    }
    MIZO_TRY(e);
    report_cell_text(m->out, city_either(m, "計", "all"));
    report_cell_blank(m->out);
    const exact cell[] = { x.before, x.scope, x.activity, x.factor, x.gwp, x.after };
    for (size_t i = 0; i < sizeof cell / sizeof *cell; i++)
        inventory_cell_tonnes(m->out, cell[i]);
    printed_note(m, &x);
    return MIZO_OK;
}

static mizo_err on_doc(void *arg, const city_restating *q)
{
    return inventory_restated_doc(arg, q);
}

mizo_err inventory_doc_restated(maker *m)
{
    return each(m->b, m->ask->fy, on_doc, m);
}

/* ---- JSON ---- */

void inventory_put_t(json *j, const char *key, exact mg)
{
    int64_t v;
    char text[MIZO_NUM_TEXT];
    if (exact_ten(mg, -3, &mg) || exact_round(mg, MIZO_ROUND_HALF_UP, &v)) {
        json_null(j, key);
        return;
    }
    mizo_decimal_text(v, 6, text);
    json_text(j, key, text);
}

static void put_parts(json *j, const exact part[6])
{
    static const char *const key[] = { "before_t", "scope_t", "activity_t", "factor_t", "gwp_t", "after_t" };
    for (int i = 0; i < 6; i++)
        inventory_put_t(j, key[i], part[i]);
}

static mizo_err json_line(void *arg, const city_restated_line *l)
{
    json *j = arg;
    json_object(j, NULL);
    json_text(j, "line", (l->was ? l->was : l->now)->id);
    json_text(j, "basis_was", l->was && *l->was->basis ? l->was->basis : NULL);
    json_text(j, "basis", l->now && *l->now->basis ? l->now->basis : NULL);
    put_parts(j, (const exact[]){ l->before, l->scope, l->activity, l->factor, l->gwp, l->after });
    json_end(j);
    return MIZO_OK;
}

static void put_edition(json *j, const char *vintage, const char *on, city_edition x)
{
    char day[MIZO_DATE_TEXT];
    const char *word = city_vintage_text(x.vintage, "en");
    json_text(j, vintage, *word ? word : "final");
    if (x.on != INT32_MIN)
        mizo_day_text(x.on, day);
    json_text(j, on, x.on != INT32_MIN ? day : NULL);
}

mizo_err inventory_restated_one(const city_books *b, const city_restating *q, json *j)
{
    city_restated c;
    json_text(j, "inventory", q->inventory);
    json_int(j, "fy", q->fy);
    put_edition(j, "from", "from_on", q->from);
    put_edition(j, "to", "to_on", q->to);
    json_array(j, "lines");
    mizo_err e = city_restate(b->region, q, json_line, j, &c);
    json_end(j);
    if (c.fault) {
        json_text(j, "fault", c.fault->id);
        json_text(j, "why", c.why);
        e = MIZO_OK;
    }
    put_parts(j, (const exact[]){ c.before, c.scope, c.activity, c.factor, c.gwp, c.after });
    if (c.printed) {
        inventory_put_t(j, "printed_before_t", c.printed_before);
        inventory_put_t(j, "printed_after_t", c.printed_after);
        inventory_put_t(j, "rounding_t", c.rounding);
    }
    return e;
}

typedef struct listing {
    const city_books *b;
    json *j;
} listing;

static mizo_err on_json(void *arg, const city_restating *q)
{
    const listing *x = arg;
    json_object(x->j, NULL);
    mizo_err e = inventory_restated_one(x->b, q, x->j);
    json_end(x->j);
    return e;
}

mizo_err inventory_restated_json(const city_books *b, int fy, json *j)
{
    listing x = { b, j };
    json_array(j, "restated");
    mizo_err e = each(b, fy, on_json, &x);
    json_end(j);
    return e;
}
