/* doc_json.c: the inventory's tables as JSON, from the same walks as its document; see doc.h. */
#include <stdlib.h>
#include <string.h>

#include "town/inventory/doc.h"
#include "town/inventory/entity.h"
#include "town/office/city_json.h"

static void put_percent(json *j, const char *key, exact share)
{
    int64_t v;
    char text[MIZO_NUM_TEXT];
    if (exact_ten(share, 5, &share) || exact_round(share, MIZO_ROUND_HALF_UP, &v)) {
        json_null(j, key);
        return;
    }
    mizo_decimal_text(v, 3, text);
    json_text(j, key, text);
}

/* ---- sectors by form ---- */

static void put_cell(json *j, const crosstab *t, const char *sector, const char *form, const crosstab_cell *c)
{
    exact share;
    if (!crosstab_shown(c))
        return;
    json_object(j, NULL);
    json_text(j, "sector", sector);
    json_text(j, "form", form);
    if (c->row)
        inventory_put_t(j, "printed_t", c->printed.mid);
    if (c->n)
        inventory_put_t(j, "parts_t", c->parts.mid);
    if (!crosstab_share(t, c, &share))
        put_percent(j, "percent", share);
    json_end(j);
}

static mizo_err on_table(void *arg, const crosstab *t)
{
    json *j = arg;
    json_object(j, NULL);
    json_text(j, "inventory", t->inventory);
    json_int(j, "fy", t->fy);
    json_text(j, "gas", t->gas);
    json_array(j, "cells");
    for (int s = 0; s < t->nsector; s++) {
        for (int f = 0; f < t->nform; f++)
            put_cell(j, t, t->sector[s], t->form[f], &t->cell[s][f]);
        put_cell(j, t, t->sector[s], "all", &t->of_sector[s]);
    }
    for (int f = 0; f < t->nform; f++)
        put_cell(j, t, "all", t->form[f], &t->of_form[f]);
    put_cell(j, t, "all", "all", &t->whole);
    json_end(j);
    json_end(j);
    return MIZO_OK;
}

/* ---- bases ---- */

static mizo_err on_base(void *arg, const inventory_base *x)
{
    json *j = arg;
    exact change, rate;
    MIZO_TRY(exact_sub(x->now, x->was, &change));
    json_object(j, NULL);
    json_text(j, "inventory", x->inventory);
    json_int(j, "base", x->fy);
    json_text(j, "gas", x->gas);
    json_int(j, "base_fy", x->base_fy);
    inventory_put_t(j, "base_t", x->was);
    json_int(j, "fy", x->now_fy);
    inventory_put_t(j, "t", x->now);
    inventory_put_t(j, "change_t", change);
    if (exact_sign(x->was) > 0 && !exact_div(change, x->was, &rate))
        put_percent(j, "percent", rate);
    json_end(j);
    return MIZO_OK;
}

/* ---- all ---- */

static mizo_err put_capacity(const mizo_region *r, int fy, json *j)
{
    capacity c;
    mizo_err e = capacity_make(r, mizo_fy_first(fy + 1) - 1, &c);
    if (e)
        return e == MIZO_ENOMEM ? e : MIZO_OK; /* none, or one that the document says is wrong */
    json_object(j, "capacity");
    capacity_json(&c, j);
    json_end(j);
    capacity_free(&c);
    return MIZO_OK;
}

/* The first year whose activities are more than provisional: years after it can be made by ordinance reports. 0: none. */
static int whole_from(const mizo_region *r, const char *inventory)
{
    int first = 0;
    for (size_t i = 0; i < r->nactivity; i++) {
        const mizo_activity *a = &r->activity[i];
        if (a->vintage != MIZO_VINTAGE_PROVISIONAL && strcmp(a->inventory, inventory) == 0 &&
            (!first || a->fy < first))
            first = a->fy;
    }
    return first;
}

/* In the order of their file. */
static mizo_err put_inventories(const mizo_region *r, json *j)
{
    static const char *const kinds[] = { "area", "operator", "example" };
    city_placed *order = CITY_IN_ORDER(r->inventory, r->ninventory);
    json_array(j, "inventories");
    for (size_t i = 0; order && i < r->ninventory; i++) {
        const mizo_inventory *v = &r->inventory[order[i].at];
        json_object(j, NULL);
        json_text(j, "inventory", v->id);
        json_text(j, "name_ja", v->name_ja);
        json_text(j, "name_en", *v->name_en ? v->name_en : v->name_ja);
        json_text(j, "kind", kinds[v->kind]);
        json_text(j, "entity", *v->entity ? v->entity : NULL);
        if (whole_from(r, v->id))
            json_int(j, "activities_from", whole_from(r, v->id));
        else
            json_null(j, "activities_from");
        json_end(j);
    }
    json_end(j);
    free(order);
    return order ? MIZO_OK : MIZO_ENOMEM;
}

mizo_err inventory_json(const city_desk *desk, const city_doc_ask *ask, json *j)
{
    const city_books *b = &desk->books;
    MIZO_TRY(put_inventories(b->region, j));
    json_array(j, "tables");
    MIZO_TRY(inventory_each_table(b, ask->fy, on_table, j));
    json_end(j);
    json_array(j, "bases");
    MIZO_TRY(inventory_each_base(b, ask->fy, on_base, j));
    json_end(j);
    MIZO_TRY(inventory_restated_json(b, ask->fy, j));
    MIZO_TRY(put_capacity(b->region, ask->fy, j));
    home_pv *h = malloc(sizeof *h);
    mizo_err e = h ? home_pv_make(desk->town, h) : MIZO_ENOMEM;
    if (!e)
        home_pv_json(h, b, j);
    free(h);
    int last = entity_last_year(desk->town, CITY_YEARS_TO);
    if (last)
        json_int(j, "entity_fy", last);
    return e ? e : inventory_money_json(desk, ask->fy, j);
}
