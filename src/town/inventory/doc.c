/* doc.c: sectors by form, base years; see doc.h. */
#include "town/inventory/doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "city/inventory_words.h"
#include "mizo/messages/inventory.h"

void inventory_cell_tonnes(report *r, exact mg)
{
    int64_t kg;
    if (!exact_ten(mg, -6, &mg) && !exact_round(mg, MIZO_ROUND_HALF_UP, &kg))
        report_cell_scaled(r, kg, 3, kg % 1000 ? 1 : 0);
    else
        report_cell_gap(r);
}

/* Hundredths of a per cent. */
static void percent(maker *m, exact share)
{
    int64_t v;
    if (!exact_ten(share, 4, &share) && !exact_round(share, MIZO_ROUND_HALF_UP, &v))
        report_cell_scaled(m->out, v, 2, 1);
    else
        report_cell_gap(m->out);
}

/* ---- sectors by form ---- */

/* The first cell of its inventory, year and gas. */
static bool first_of_table(const mizo_region *r, size_t i)
{
    const mizo_emission *e = &r->emission[i];
    for (size_t k = 0; k < i; k++)
        if (r->emission[k].fy == e->fy && strcmp(r->emission[k].gas, e->gas) == 0 &&
            strcmp(r->emission[k].inventory, e->inventory) == 0)
            return false;
    return true;
}

mizo_err inventory_each_table(const city_books *b, int fy, mizo_err (*fn)(void *arg, const crosstab *t),
                              void *arg)
{
    const mizo_region *r = b->region;
    crosstab *t = malloc(sizeof *t);
    mizo_err e = t ? MIZO_OK : MIZO_ENOMEM;
    for (size_t i = 0; i < r->nemission && !e; i++) {
        const mizo_emission *c = &r->emission[i];
        if (c->fy > fy || !first_of_table(r, i))
            continue;
        e = crosstab_make(r, c->inventory, c->fy, c->gas, b->as_of, t);
        if (!e && (t->nsector > 1 || t->nform > 1))
            e = fn(arg, t);
        e = e == MIZO_ENOENT ? MIZO_OK : e;
    }
    free(t);
    return e;
}

static void table_cell(maker *m, const crosstab *t, const crosstab_cell *c)
{
    const range *v = crosstab_shown(c);
    exact share;
    if (v)
        inventory_cell_tonnes(m->out, v->mid);
    else
        report_cell_blank(m->out);
    if (v && !crosstab_share(t, c, &share))
        percent(m, share);
    else
        report_cell_blank(m->out);
}

/* A single form is what all comes to: one column of it will do. */
static int first_form(const crosstab *t)
{
    return t->nform == 1 ? 1 : 0;
}

static void table_columns(maker *m, const crosstab *t)
{
    report_column c[2 * CROSSTAB_FORMS + 3] = { { .title = city_either(m, "部門", "sector") } };
    char caption[4 * INVENTORY_WORD], word[CROSSTAB_FORMS][INVENTORY_WORD], gas[INVENTORY_WORD];
    int n = 1;
    for (int f = first_form(t); f <= t->nform; f++) {
        c[n++] = (report_column){ .title = f < t->nform ? inventory_word(INVENTORY_FORM, t->form[f],
                                                                         m->ask->lang, word[f])
                                                        : city_either(m, "計", "all"),
                                  .unit = "t-CO2",
                                  .align = REPORT_RIGHT };
        c[n++] = (report_column){ .title = "％", .align = REPORT_RIGHT };
    }
    snprintf(caption, sizeof caption, m->ja ? "%s %d年度 %s: 部門と由来" : "%s FY%d %s: sectors by form",
             city_inventory_name(m->r, t->inventory, m->ask->lang), t->fy,
             inventory_word(INVENTORY_GAS, t->gas, m->ask->lang, gas));
    report_columns(m->out, caption, c, n);
}

static void table_line(maker *m, const crosstab *t, const char *name, const crosstab_cell *cells,
                       const crosstab_cell *all)
{
    report_cell_text(m->out, name);
    for (int f = first_form(t); f < t->nform; f++)
        table_cell(m, t, &cells[f]);
    table_cell(m, t, all);
}

static void parts_cell(maker *m, const crosstab_cell *c)
{
    if (c->n)
        inventory_cell_tonnes(m->out, c->parts.mid);
    else
        report_cell_blank(m->out);
    report_cell_blank(m->out);
}

static mizo_err on_table(void *arg, const crosstab *t)
{
    maker *m = arg;
    char word[INVENTORY_WORD];
    table_columns(m, t);
    for (int s = 0; s < t->nsector; s++)
        table_line(m, t, inventory_word(INVENTORY_SECTOR, t->sector[s], m->ask->lang, word), t->cell[s],
                   &t->of_sector[s]);
    table_line(m, t, city_either(m, "公表の合計", "printed total"), t->of_form, &t->whole);
    report_cell_text(m->out, city_either(m, "内訳の合計", "the parts' sum"));
    for (int f = first_form(t); f < t->nform; f++)
        parts_cell(m, &t->of_form[f]);
    parts_cell(m, &t->whole);
    return MIZO_OK;
}

mizo_err inventory_doc_tables(maker *m)
{
    return inventory_each_table(m->b, m->ask->fy, on_table, m);
}

/* ---- base years ---- */

static bool first_of_inventory(const mizo_region *r, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(r->emission[k].inventory, r->emission[i].inventory) == 0)
            return false;
    return true;
}

/* The latest year up to fy that has cells by gas. 0: none. */
static int latest_by_gas(const mizo_region *r, const char *inventory, int fy)
{
    int best = 0;
    for (size_t i = 0; i < r->nemission; i++) {
        const mizo_emission *e = &r->emission[i];
        bool plain = strcmp(e->gas, "all") && strcmp(e->gas, "total");
        if (e->fy <= fy && e->fy > best && plain && strcmp(e->inventory, inventory) == 0)
            best = e->fy;
    }
    return best;
}

typedef struct basing {
    const city_books *b;
    const char *inventory;
    int fy, others, now;
    mizo_err (*fn)(void *arg, const inventory_base *x);
    void *arg;
} basing;

static mizo_err gas_or_nothing(const basing *x, int fy, const char *gas, exact *out)
{
    range v;
    mizo_err e = city_emission_gas(x->b->region, x->inventory, fy, gas, x->b->as_of, &v);
    *out = e ? exact_whole(0) : v.mid;
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static mizo_err one_gas(const basing *x, const char *gas)
{
    inventory_base g = { .inventory = x->inventory, .gas = gas, .fy = x->fy, .now_fy = x->now };
    g.base_fy = city_gas_of_the_first_year(gas) ? x->fy : x->others;
    MIZO_TRY(gas_or_nothing(x, g.base_fy, gas, &g.was));
    MIZO_TRY(gas_or_nothing(x, x->now, gas, &g.now));
    return x->fn(x->arg, &g);
}

/* Is this the first cell of its gas, of the years that are compared? */
static bool first_gas(const basing *x, size_t i)
{
    const mizo_region *r = x->b->region;
    for (size_t k = 0; k <= i; k++) {
        const mizo_emission *e = &r->emission[k];
        bool of = strcmp(e->inventory, x->inventory) == 0 &&
                  (e->fy == x->now || e->fy == (city_gas_of_the_first_year(e->gas) ? x->fy : x->others)) &&
                  strcmp(e->gas, "all") && strcmp(e->gas, "total");
        if (of && (k == i || strcmp(e->gas, r->emission[i].gas) == 0))
            return k == i;
    }
    return false;
}

static mizo_err one_base(const basing *x)
{
    const mizo_region *r = x->b->region;
    range was, now;
    mizo_err e = city_emission_base(r, x->inventory, x->fy, x->others, x->b->as_of, &was);
    e = e ? e : city_emission_base(r, x->inventory, x->now, x->now, x->b->as_of, &now);
    if (e)
        return e == MIZO_ENOENT ? MIZO_OK : e; /* no cells by gas in one of them */
    for (size_t i = 0; i < r->nemission; i++)
        if (first_gas(x, i))
            MIZO_TRY(one_gas(x, r->emission[i].gas));
    const inventory_base all = { x->inventory, "all", x->fy, x->fy, x->now, was.mid, now.mid };
    return x->fn(x->arg, &all);
}

mizo_err inventory_each_base(const city_books *b, int fy, mizo_err (*fn)(void *arg, const inventory_base *x),
                             void *arg)
{
    const mizo_region *r = b->region;
    for (size_t i = 0; i < r->nemission; i++) {
        basing x = { .b = b, .inventory = r->emission[i].inventory, .fn = fn, .arg = arg };
        if (!first_of_inventory(r, i))
            continue;
        x.now = latest_by_gas(r, x.inventory, fy);
        for (size_t k = 0; k < r->nparam; k++) {
            const mizo_param *p = &r->param[k];
            if (strcmp(p->name, "inventory-base") || mizo_fy_parse(p->key, strlen(p->key), &x.fy))
                continue;
            x.others = (int)(p->value_e6 / 1000000);
            if (x.now > x.fy)
                MIZO_TRY(one_base(&x));
        }
    }
    return MIZO_OK;
}

typedef struct base_table {
    maker *m;
    bool any;
} base_table;

static mizo_err on_base(void *arg, const inventory_base *x)
{
    base_table *t = arg;
    maker *m = t->m;
    /* clang-format off */
    if (!t->any)
        report_columns(m->out, city_either(m, "基準年度との比較", "Against base years"),
                       (const report_column[]){
                           { .title = city_either(m, "算定", "inventory") },
                           { .title = city_either(m, "基準", "base") },
                           { .title = city_either(m, "ガス", "gas") },
                           { .title = city_either(m, "ガスの基準年度", "its base year") },
                           { .title = city_either(m, "基準の排出量", "then"), .unit = "t-CO2", .align = REPORT_RIGHT },
                           { .title = city_either(m, "年度", "FY") },
                           { .title = city_either(m, "排出量", "now"), .unit = "t-CO2", .align = REPORT_RIGHT },
                           { .title = city_either(m, "増減", "change"), .unit = "t-CO2", .align = REPORT_RIGHT },
                           { .title = "％", .align = REPORT_RIGHT },
                       }, 9);
    /* clang-format on */
    t->any = true;
    exact change, rate;
    char word[INVENTORY_WORD];
    MIZO_TRY(exact_sub(x->now, x->was, &change));
    report_cell_text(m->out, city_inventory_name(m->r, x->inventory, m->ask->lang));
    city_cell_year(m, x->fy);
    report_cell_text(m->out, inventory_word(INVENTORY_GAS, x->gas, m->ask->lang, word));
    city_cell_year(m, x->base_fy);
    inventory_cell_tonnes(m->out, x->was);
    city_cell_year(m, x->now_fy);
    inventory_cell_tonnes(m->out, x->now);
    inventory_cell_tonnes(m->out, change);
    if (exact_sign(x->was) > 0 && !exact_div(change, x->was, &rate))
        percent(m, rate);
    else
        report_cell_gap(m->out);
    return MIZO_OK;
}

mizo_err inventory_doc_bases(maker *m)
{
    base_table t = { m, false };
    return inventory_each_base(m->b, m->ask->fy, on_base, &t);
}

/* ---- renewable capacity ---- */

mizo_err inventory_doc_capacity(maker *m)
{
    capacity c;
    mizo_day end = mizo_fy_first(m->ask->fy + 1) - 1;
    mizo_err e = capacity_make(m->r, end, &c);
    if (e == MIZO_ENOENT)
        return MIZO_OK; /* the town keeps no such register */
    if (c.fault)
        MIZO_DIAG(m->d, INVENTORY_NO_POWER, MIZO_AT("register-rows.csv", c.fault->line, 0), c.fault->name_ja,
                  c.fault->unit);
    if (!e) {
        capacity_say(&c, m->d);
        e = capacity_tables(m, &c);
        capacity_free(&c);
    }
    return e;
}
