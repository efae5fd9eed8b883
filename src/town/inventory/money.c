/* money.c: what the measures that an inventory is judged beside cost by year, next to what was given off; see doc.h.
 *
 * Which measures: those below a node of a plan that is judged (plan-indicators.csv) by an indicator of the inventory. A
 * business that is listed twice counts once. */
#include <string.h>

#include "city/inventory.h"
#include "town/inventory/doc.h"
#include "town/office/city_json.h"

typedef struct paying {
    const city_books *b;
    mizo_err (*fn)(void *arg, const inventory_money *x);
    void *arg;
    inventory_money row;
} paying;

static bool judged_by(const mizo_region *r, const mizo_plan_node *n, const mizo_inventory *v)
{
    for (size_t i = 0; i < r->njudged; i++) {
        const mizo_indicator *x = &r->indicator[r->judged[i].indicator];
        if (&r->plan_node[r->judged[i].node] == n && x->inventory >= 0 && &r->inventory[x->inventory] == v)
            return true;
    }
    return false;
}

/* A node whose money is told by another one that is judged and stands above it tells none of its own. */
static bool covered(const mizo_region *r, const mizo_plan_node *n, const mizo_inventory *v)
{
    for (size_t i = 0; i < r->nplan_node; i++)
        if (&r->plan_node[i] != n && city_under(r, n, &r->plan_node[i]) && judged_by(r, &r->plan_node[i], v))
            return true;
    return false;
}

/* The lowest year of money above `fy`. 0: none. */
static int next_year(const mizo_region *r, int fy)
{
    int best = 0;
    for (size_t i = 0; i < r->nbudget; i++)
        if (r->budget[i].fy > fy && (!best || r->budget[i].fy < best))
            best = r->budget[i].fy;
    return best;
}

static mizo_err tell(paying *x, const mizo_plan_node *n)
{
    MIZO_TRY(city_node_below(x->b->region, n, x->row.fy, &x->row.below));
    x->row.node = n;
    return x->row.below.budget_yen || x->row.below.spent_yen ? x->fn(x->arg, &x->row) : MIZO_OK;
}

/* The whole, then each node of the level that it lists, in the plan's order. */
static mizo_err tell_year(paying *x, const mizo_plan_node *above)
{
    const mizo_region *r = x->b->region;
    const char *level = *above->below ? above->below : "measure";
    x->row.whole = true;
    MIZO_TRY(tell(x, above));
    x->row.whole = false;
    for (size_t i = 0; i < r->nplan_node; i++)
        if (&r->plan_node[i] != above && strcmp(r->plan_node[i].level, level) == 0 &&
            city_under(r, &r->plan_node[i], above))
            MIZO_TRY(tell(x, &r->plan_node[i]));
    return MIZO_OK;
}

static void look_up(paying *x)
{
    const mizo_indicator *total = city_inventory_part(x->b->region, x->row.inventory->id, MIZO_PART_TOTAL);
    x->row.known = total && !city_value_of(x->b, total, x->row.fy, &x->row.total);
}

mizo_err inventory_each_money(const city_books *b, int fy,
                              mizo_err (*fn)(void *arg, const inventory_money *x), void *arg)
{
    const mizo_region *r = b->region;
    paying x = { .b = b, .fn = fn, .arg = arg };
    for (size_t v = 0; v < r->ninventory; v++)
        for (size_t i = 0; i < r->nplan_node; i++) {
            const mizo_plan_node *n = &r->plan_node[i];
            x.row.inventory = &r->inventory[v];
            if (!judged_by(r, n, x.row.inventory) || covered(r, n, x.row.inventory))
                continue;
            for (x.row.fy = next_year(r, 0); x.row.fy && x.row.fy <= fy; x.row.fy = next_year(r, x.row.fy)) {
                look_up(&x);
                MIZO_TRY(tell_year(&x, n));
            }
        }
    return MIZO_OK;
}

/* ---- as a table ---- */

typedef struct money_table {
    maker *m;
    bool any;
} money_table;

static void columns(maker *m)
{
    /* clang-format off */
    report_columns(m->out, city_either(m, "年度ごとの予算・決算と排出量", "Money by year beside emissions"),
                   (const report_column[]){
                       { .title = city_either(m, "算定", "inventory") },
                       { .title = city_either(m, "年度", "FY") },
                       { .title = city_either(m, "計画・施策", "plan, measure") },
                       { .title = city_either(m, "事業", "businesses"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "予算", "budget"), .unit = city_either(m, "円", "yen"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "決算", "spent"), .unit = city_either(m, "円", "yen"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "排出量", "emissions") },
                   }, 7);
    /* clang-format on */
}

static mizo_err on_money(void *arg, const inventory_money *x)
{
    money_table *t = arg;
    maker *m = t->m;
    if (!t->any)
        columns(m);
    t->any = true;
    report_cell_text(m->out, city_inventory_name(m->r, x->inventory->id, m->ask->lang));
    city_cell_year(m, x->fy);
    report_cell_textf(m->out, "%s %s", x->node->code,
                      m->ja || !*x->node->name_en ? x->node->name_ja : x->node->name_en);
    report_cell_number(m->out, x->below.businesses, 0);
    report_cell_number(m->out, x->below.budget_yen, 0);
    if (x->below.unspent)
        report_cell_gap(m->out);
    else
        report_cell_number(m->out, x->below.spent_yen, 0);
    if (x->whole && x->known)
        city_cell_value(m, &x->total);
    else
        report_cell_blank(m->out);
    return MIZO_OK;
}

mizo_err inventory_doc_money(maker *m)
{
    money_table t = { m, false };
    return inventory_each_money(m->b, m->ask->fy, on_money, &t);
}

/* ---- as JSON ---- */

typedef struct money_json {
    const city_desk *desk;
    json *j;
} money_json;

static mizo_err put_money(void *arg, const inventory_money *x)
{
    const money_json *w = arg;
    json *j = w->j;
    json_object(j, NULL);
    json_text(j, "inventory", x->inventory->id);
    json_int(j, "fy", x->fy);
    json_bool(j, "whole", x->whole);
    json_text(j, "node", x->node->id);
    json_text(j, "code", x->node->code);
    json_text(j, "name_ja", x->node->name_ja);
    json_text(j, "name_en", *x->node->name_en ? x->node->name_en : x->node->name_ja);
    json_int(j, "businesses", x->below.businesses);
    json_int(j, "budget_yen", x->below.budget_yen);
    if (x->below.unspent)
        json_null(j, "spent_yen");
    else
        json_int(j, "spent_yen", x->below.spent_yen);
    if (x->whole && x->known) {
        city_writer cw = { w->desk, &w->desk->books, w->desk->books.region, x->fy, j };
        json_object(j, "total");
        city_put_value(&cw, &x->total);
        json_end(j);
    }
    json_end(j);
    return MIZO_OK;
}

mizo_err inventory_money_json(const city_desk *desk, int fy, json *j)
{
    money_json w = { desk, j };
    json_array(j, "money");
    MIZO_TRY(inventory_each_money(&desk->books, fy, put_money, &w));
    json_end(j);
    return MIZO_OK;
}
