/* sheet.c: see sheet.h. */
#include "town/duty/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/duty.h"
#include "town/bills/billing.h"
#include "town/books/settle.h"
#include "town/duty/sheet_entity.h"
#include "town/duty/sheet_grant.h"
#include "town/duty/sheet_menus.h"

enum { VOLTAGES = MIZO_VOLTAGES };

/* What a period comes to. */
typedef struct sums {
    town *t;
    mizo_day from, to;
    int64_t *plant, *plant_missing; /* [nplant] Wh, half-hours */
    int64_t pv, pv_missing;
    int64_t demand[VOLTAGES], demand_missing[VOLTAGES];
    int64_t contracts[VOLTAGES], bills[VOLTAGES], bills_missing[VOLTAGES];
    menu_figures *menu; /* [nmenu + 1] */
    const char *sheet;
    sheet_entities *entities; /* NULL: not asked for */
    office_grant grant;
    int64_t sold_wh[VOLTAGES], sold_uyen[VOLTAGES], levy_wh[VOLTAGES], levy_uyen[VOLTAGES];
} sums;

/* ---- readings ---- */

static void add(const int32_t v[48], int64_t *sum, int64_t *missing)
{
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        if (v[i] == MIZO_MISSING)
            ++*missing;
        else
            *sum += v[i];
}

static bool on_day(mizo_day from, mizo_day to, mizo_day d)
{
    return from <= d && d < to;
}

static bool has_pv(const mizo_region *r, mizo_ref point, mizo_day d)
{
    size_t first, n = mizo_region_pv_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        if (on_day(r->pv[i].from, r->pv[i].to, d))
            return true;
    return false;
}

static void add_day(sums *s, const settle_day *d)
{
    const mizo_region *r = s->t->region;
    for (size_t i = 0; i < r->nplant; i++)
        if (on_day(r->plant[i].from, r->plant[i].to, d->day))
            add(d->plant[i], &s->plant[i], &s->plant_missing[i]);
    for (size_t i = 0; i < r->npoint; i++) {
        const mizo_point *p = &r->point[i];
        if (has_pv(r, (mizo_ref)i, d->day))
            add(d->pv[i], &s->pv, &s->pv_missing);
        if (p->reading == MIZO_BY_SLOT && on_day(p->from, p->to, d->day))
            add(d->import[i], &s->demand[p->voltage], &s->demand_missing[p->voltage]);
    }
}

static mizo_err read_days(sums *s)
{
    settle_reader *k;
    MIZO_TRY(settle_reader_new(s->t->store, s->t->region, &k));
    mizo_err e = MIZO_OK;
    for (mizo_day d = s->from; d < s->to && !e; d++) {
        const settle_day *day;
        e = settle_read(k, d, &day);
        if (!e)
            add_day(s, day);
    }
    settle_reader_free(k);
    return e;
}

/* ---- bills ---- */

static mizo_err on_bill(void *arg, const mizo_bill *b, const char *text)
{
    (void)text;
    sums *s = arg;
    mizo_voltage v = s->t->region->point[b->point].voltage;
    s->bills[v]++;
    s->sold_wh[v] += b->wh;
    s->sold_uyen[v] += b->total;
    for (int i = 0; i < b->nline; i++)
        if (b->line[i].kind == MIZO_CHARGE_LEVY)
            s->levy_wh[v] += b->line[i].billed;
    for (int i = 0; i < b->nsum; i++)
        if (b->sum[i].group == MIZO_BILL_LEVY)
            s->levy_uyen[v] += b->sum[i].amount;
    return MIZO_OK;
}

/* A bill that cannot be made is said, and its half-hours are missing in each figure; with none at all there is no sheet. */
static mizo_err read_bills(sums *s)
{
    int made = 0, failed = 0;
    for (mizo_day m = s->from; m < s->to; m = mizo_month_first(m, 1)) {
        billing_sum sum;
        mizo_err e = billing_make(s->t, m, STORE_LATEST, NULL, on_bill, s, &sum);
        if (e && !(e == MIZO_EINPUT && sum.failed))
            return e;
        made += sum.bills;
        failed += sum.failed;
        for (int v = 0; v < VOLTAGES; v++)
            s->bills_missing[v] += sum.failed_slots[v];
    }
    return failed && !made ? MIZO_EINPUT : MIZO_OK;
}

static mizo_err count_contracts(sums *s)
{
    const mizo_region *r = s->t->region;
    for (size_t i = 0; i < r->ncontract; i++)
        if (on_day(r->contract[i].from, r->contract[i].to, s->to - 1))
            s->contracts[r->point[r->contract[i].point].voltage]++;
    return MIZO_OK;
}

static mizo_err read_menus(sums *s)
{
    return sheet_menus(s->t, s->from, s->to, s->menu);
}

static mizo_err read_entities(sums *s)
{
    return sheet_entities_read(s->t, s->sheet, s->from, s->to, &s->entities);
}

static mizo_err read_grant(sums *s)
{
    int fy;
    MIZO_TRY(sheet_fiscal_year(s->t, s->from, s->to, &fy));
    return office_grant_make(s->t, fy, s->to, &s->grant);
}

/* ---- items ---- */

/* Of a menu, or of all together. */
static const menu_figures *menu_of(const sums *s, const char *key)
{
    const mizo_region *r = s->t->region;
    size_t i = 0;
    while (i < r->nmenu && (!*key || strcmp(r->menu[i].id, key)))
        i++;
    return !*key || i < r->nmenu ? &s->menu[*key ? i : r->nmenu] : NULL;
}

static void menu_part_wh(const sums *s, const char *key, menu_part part, form_cell *c)
{
    const menu_figures *m = menu_of(s, key);
    c->exact = m ? m->wh[part] : 0;
}

/* Per cent with six decimals. */
static void menu_part_share(const sums *s, const char *key, menu_part part, form_cell *c)
{
    const menu_figures *m = menu_of(s, key);
    if (m && m->wh[MENU_SOLD] > 0 &&
        mizo_mul_div(m->wh[part], 100 * MIZO_PPM, m->wh[MENU_SOLD], MIZO_ROUND_HALF_UP, &c->exact))
        c->exact = 0; /* cannot be: a share */
}

#define MENU_ITEM(word, part)                                                                                \
    static void menu_##word##_kwh(const sums *s, const char *key, form_cell *c)                              \
    {                                                                                                        \
        menu_part_wh(s, key, part, c);                                                                       \
    }                                                                                                        \
    static void menu_##word##_share(const sums *s, const char *key, form_cell *c)                            \
    {                                                                                                        \
        menu_part_share(s, key, part, c);                                                                    \
    }
MENU_ITEM(re, MENU_RENEWABLE)
MENU_ITEM(fit, MENU_FIT)
MENU_ITEM(waste, MENU_WASTE)
MENU_ITEM(other, MENU_OTHER)
MENU_ITEM(certificate, MENU_CERTIFICATE)
#undef MENU_ITEM

static void menu_kwh(const sums *s, const char *key, form_cell *c)
{
    menu_part_wh(s, key, MENU_SOLD, c);
}

static void menu_factor(const sums *s, const char *key, form_cell *c)
{
    const menu_figures *m = menu_of(s, key);
    c->exact = m && m->g_e6 >= 0 ? m->g_e6 : 0;
    c->missing = !m || m->g_e6 < 0;
}

static int64_t by_voltage(const int64_t v[VOLTAGES], const char *key)
{
    int64_t sum = 0;
    for (int i = 0; i < VOLTAGES; i++)
        sum += !*key || strcmp(key, mizo_voltage_word(i)) == 0 ? v[i] : 0;
    return sum;
}

static int64_t generated(const sums *s, const char *key, const int64_t *plant, int64_t pv)
{
    const mizo_region *r = s->t->region;
    int64_t sum = !*key || strcmp(key, "pv") == 0 ? pv : 0;
    for (size_t i = 0; i < r->nplant; i++)
        sum += !*key || strcmp(key, r->plant[i].id) == 0 ? plant[i] : 0;
    return sum;
}

static void generation(const sums *s, const char *key, form_cell *c)
{
    c->exact = generated(s, key, s->plant, s->pv);
    c->missing = generated(s, key, s->plant_missing, s->pv_missing);
}

static void demand(const sums *s, const char *key, form_cell *c)
{
    c->exact = by_voltage(s->demand, key);
    c->missing = by_voltage(s->demand_missing, key);
}

static void contracts(const sums *s, const char *key, form_cell *c)
{
    c->exact = by_voltage(s->contracts, key);
}

static void of_bills(const sums *s, const int64_t v[VOLTAGES], const char *key, form_cell *c)
{
    c->exact = by_voltage(v, key);
    c->missing = by_voltage(s->bills_missing, key);
}

static void bills(const sums *s, const char *key, form_cell *c)
{
    of_bills(s, s->bills, key, c);
}

static void sales_kwh(const sums *s, const char *key, form_cell *c)
{
    of_bills(s, s->sold_wh, key, c);
}

static void sales_yen(const sums *s, const char *key, form_cell *c)
{
    of_bills(s, s->sold_uyen, key, c);
}

static void levy_kwh(const sums *s, const char *key, form_cell *c)
{
    of_bills(s, s->levy_wh, key, c);
}

static void levy_yen(const sums *s, const char *key, form_cell *c)
{
    of_bills(s, s->levy_uyen, key, c);
}

static void of_entity(const sums *s, const char *key, form_cell *c)
{
    (void)key;
    sheet_entity_value(s->entities, c);
}

static void of_grant(const sums *s, const char *key, form_cell *c)
{
    (void)key;
    sheet_grant_value(&s->grant, c);
}

static const struct item {
    const char *word;
    int exact_digits; /* decimals that `exact` has: Wh of a kWh 3, micro-yen 6 */
    mizo_err (*read)(sums *s);
    void (*value)(const sums *s, const char *key, form_cell *c);
    const char *from;
} items[] = {
    {"generation",              3, read_days,       generation,             "readings"         },
    { "demand",                 3, read_days,       demand,                 "readings"         },
    { "contracts",              0, count_contracts, contracts,              "contracts.csv"    },
    { "bills",                  0, read_bills,      bills,                  "bills"            },
    { "sales-kwh",              3, read_bills,      sales_kwh,              "bills"            },
    { "sales-yen",              6, read_bills,      sales_yen,              "bills"            },
    { "levy-kwh",               3, read_bills,      levy_kwh,               "bills"            },
    { "levy-yen",               6, read_bills,      levy_yen,               "bills"            },
    { "menu-kwh",               3, read_menus,      menu_kwh,               "readings, matched"},
    { "menu-re-kwh",            3, read_menus,      menu_re_kwh,            "readings, matched"},
    { "menu-re-share",          6, read_menus,      menu_re_share,          "readings, matched"},
    { "menu-fit-kwh",           3, read_menus,      menu_fit_kwh,           "readings, matched"},
    { "menu-fit-share",         6, read_menus,      menu_fit_share,         "readings, matched"},
    { "menu-waste-kwh",         3, read_menus,      menu_waste_kwh,         "readings, matched"},
    { "menu-waste-share",       6, read_menus,      menu_waste_share,       "readings, matched"},
    { "menu-other-kwh",         3, read_menus,      menu_other_kwh,         "readings, matched"},
    { "menu-other-share",       6, read_menus,      menu_other_share,       "readings, matched"},
    { "menu-certificate-kwh",   3, read_menus,      menu_certificate_kwh,   "the books"        },
    { "menu-certificate-share", 6, read_menus,      menu_certificate_share, "the books"        },
    { "menu-factor",            9, read_menus,      menu_factor,            "factors.csv"      },
};

/* clang-format off */
static const struct item lent_items[] = {
#define X(word, digits, from) { word, digits, read_entities, of_entity, from },
    SHEET_ENTITY_ITEMS(X)
#undef X
#define X(word, digits, from) { word, digits, read_grant, of_grant, from },
    SHEET_GRANT_ITEMS(X)
#undef X
};
/* clang-format on */

static const struct item *item_of(const char *word)
{
    for (size_t i = 0; i < sizeof lent_items / sizeof *lent_items; i++)
        if (strcmp(lent_items[i].word, word) == 0)
            return &lent_items[i];
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        if (strcmp(items[i].word, word) == 0)
            return &items[i];
    return NULL;
}

/* Decimals that a unit takes off kWh, yen, a count, L, m3, kg or MJ: a MWh is three more. */
static int unit_digits(const char *unit)
{
    static const char *const thousands[] = { "mwh", "thousand-yen", "kl", "thousand-m3", "t" };
    for (size_t i = 0; i < sizeof thousands / sizeof *thousands; i++)
        if (strcmp(unit, thousands[i]) == 0)
            return 3;
    return 0;
}

static int64_t ten(int n)
{
    int64_t v = 1;
    while (n-- > 0)
        v *= 10;
    return v;
}

static mizo_err rounded(const struct item *i, form_cell *c)
{
    int drop = i->exact_digits + unit_digits(c->row->unit) - c->row->digits;
    if (drop <= 0)
        return mizo_mul_div(c->exact, ten(-drop), 1, MIZO_ROUND_HALF_UP, &c->value);
    return mizo_mul_div(c->exact, 1, ten(drop), MIZO_ROUND_HALF_UP, &c->value);
}

/* ---- a sheet ---- */

static bool of_sheet(const mizo_sheet_row *r, const char *sheet, mizo_day to)
{
    return strcmp(r->sheet, sheet) == 0 && r->from < to && to <= r->to;
}

static mizo_err say_none(town *t, const char *sheet)
{
    const mizo_region *r = t->region;
    buf all;
    buf_init(&all, 1024);
    for (size_t i = 0; i < r->nsheet_row; i++)
        if (!i || strcmp(r->sheet_row[i].sheet, r->sheet_row[i - 1].sheet))
            buf_printf(&all, "%s%s", all.n ? ", " : "", r->sheet_row[i].sheet);
    buf_char(&all, '\0');
    MIZO_DIAG(t->diags, SHEET_NONE, MIZO_NOWHERE, sheet, all.n > 1 && !all.err ? all.p : "-");
    buf_fini(&all);
    return MIZO_ENOENT;
}

/* Reads once what the sheet's items need. */
static mizo_err read_needed(sums *s, const char *sheet, bool *any)
{
    const mizo_region *r = s->t->region;
    mizo_err (*done[6])(sums *) = { NULL }; /* as many as there are ways to read */
    int ndone = 0;
    *any = false;
    for (size_t k = 0; k < r->nsheet_row; k++) {
        if (!of_sheet(&r->sheet_row[k], sheet, s->to))
            continue;
        const struct item *i = item_of(r->sheet_row[k].item);
        *any = true;
        bool have = false;
        for (int d = 0; d < ndone; d++)
            have = have || done[d] == i->read;
        if (have)
            continue;
        done[ndone++] = i->read;
        MIZO_TRY(i->read(s));
    }
    return MIZO_OK;
}

static mizo_err give(const sums *s, const char *sheet, mizo_err (*fn)(void *, const form_cell *), void *arg)
{
    const mizo_region *r = s->t->region;
    for (size_t k = 0; k < r->nsheet_row; k++) {
        if (!of_sheet(&r->sheet_row[k], sheet, s->to))
            continue;
        const struct item *i = item_of(r->sheet_row[k].item);
        form_cell c = { .row = &r->sheet_row[k], .from = i->from };
        i->value(s, c.row->key, &c);
        MIZO_TRY(rounded(i, &c));
        MIZO_TRY(fn(arg, &c));
    }
    return MIZO_OK;
}

mizo_err sheet_each(town *t, const char *sheet, mizo_day from, mizo_day to,
                    mizo_err (*fn)(void *arg, const form_cell *c), void *arg)
{
    size_t n = t->region->nplant + 1;
    sums s = { .t = t, .sheet = sheet, .from = from, .to = to };
    bool any;
    s.plant = calloc(n, sizeof *s.plant);
    s.plant_missing = calloc(n, sizeof *s.plant_missing);
    s.menu = calloc(t->region->nmenu + 1, sizeof *s.menu);
    mizo_err e = s.plant && s.plant_missing && s.menu ? read_needed(&s, sheet, &any) : MIZO_ENOMEM;
    if (!e && !any)
        e = say_none(t, sheet);
    if (!e)
        e = give(&s, sheet, fn, arg);
    free(s.plant);
    free(s.plant_missing);
    free(s.menu);
    sheet_entities_free(s.entities);
    office_grant_free(&s.grant);
    return e;
}
