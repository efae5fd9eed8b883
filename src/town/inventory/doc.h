/* doc.h: the tables of the inventory's document beside the published cells: sectors by form, base years, why years were
 * restated, renewable capacity by register, home PV; and the same as JSON. */
#ifndef TOWN_INVENTORY_DOC_H
#define TOWN_INVENTORY_DOC_H

#include "city/capacity.h"
#include "city/crosstab.h"
#include "city/plan.h"
#include "town/office/city_doc.h"

mizo_err inventory_doc_tables(maker *m);
mizo_err inventory_doc_bases(maker *m);
mizo_err inventory_doc_restated(maker *m);
mizo_err inventory_doc_capacity(maker *m);
mizo_err inventory_doc_home_pv(maker *m);
mizo_err inventory_doc_money(maker *m); /* money.c */
/* Members behind the rows: inventories, tables, bases, restated, capacity, home_pv, money. doc_json.c */
MIZO_MUST_USE mizo_err inventory_json(const city_desk *desk, const city_doc_ask *ask, json *j);

/* ---- what both walk ---- */

/* Every inventory, year and gas of which there is a table of at least two sectors or forms, up to a year. */
mizo_err inventory_each_table(const city_books *b, int fy, mizo_err (*fn)(void *arg, const crosstab *t),
                              void *arg);

/* A base (params.csv inventory-base: key the year of CO2, CH4 and N2O, value the year of the other gases), each gas of it
 * and of the latest year that has gases. gas "all": the whole. */
typedef struct inventory_base {
    const char *inventory, *gas;
    int fy, base_fy, now_fy; /* base_fy: of this gas */
    exact was, now;          /* mg */
} inventory_base;
mizo_err inventory_each_base(const city_books *b, int fy, mizo_err (*fn)(void *arg, const inventory_base *x),
                             void *arg);

/* Why a year was restated: each edition of activities.csv against the one before (restated.c); and two of them. */
MIZO_MUST_USE mizo_err inventory_restated_json(const city_books *b, int fy, json *j);
mizo_err inventory_restated_doc(maker *m, const city_restating *q);
MIZO_MUST_USE mizo_err inventory_restated_one(const city_books *b, const city_restating *q, json *j);

/* t-CO2, of mg: a cell, and a member to the gram. */
void inventory_cell_tonnes(report *r, exact mg);
void inventory_put_t(json *j, const char *key, exact mg);

/* What the measures cost that stand below a node which is judged by an inventory's indicators, a year: first the whole,
 * then each measure that has money. */
typedef struct inventory_money {
    const mizo_inventory *inventory;
    int fy;
    const mizo_plan_node *node;
    bool whole;
    city_below below;
    bool known; /* the inventory's total of the year */
    city_value total;
} inventory_money;
mizo_err inventory_each_money(const city_books *b, int fy,
                              mizo_err (*fn)(void *arg, const inventory_money *x), void *arg);
MIZO_MUST_USE mizo_err inventory_money_json(const city_desk *desk, int fy, json *j);

/* A year of the home-PV subsidy from the office's list `home-pv`. */
typedef struct home_pv_year {
    int fy;
    int64_t applied, awarded, withdrawn; /* applications; awarded: of them, with those that are paid */
    int64_t w;                           /* of the awarded */
    int64_t yen;
} home_pv_year;
enum { HOME_PV_YEARS = 60 };
typedef struct home_pv {
    home_pv_year year[HOME_PV_YEARS]; /* by year */
    int n;
} home_pv;
MIZO_MUST_USE mizo_err home_pv_make(town *t, home_pv *out);
void home_pv_json(const home_pv *h, const city_books *b, json *j);
mizo_err home_pv_table(maker *m, const home_pv *h);

/* capacity_doc.c: the tables, and the members of the object that is open; both say what differs in d (NULL: not). */
mizo_err capacity_tables(maker *m, const capacity *c);
void capacity_json(const capacity *c, json *j);
void capacity_say(const capacity *c, mizo_diags *d);

#endif
