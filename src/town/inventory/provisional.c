/* provisional.c: see provisional.h. */
#include "town/inventory/provisional.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/inventory.h"
#include "town/inventory/doc.h"
#include "town/inventory/filed.h"

/* A cell that lines add up to. */
typedef struct cell {
    const char *sector, *gas, *form;
    exact mg;
} cell;

typedef struct making {
    const city_desk *desk;
    const provisional_ask *ask;
    report *r;
    json *j;
    cell *cell;
    size_t n, cap;
    inventory_reports filed;
    city_provisional p;
} making;

static void say(making *m, mizo_err e)
{
    char year[16];
    mizo_diags *d = m->desk->town->diags;
    const city_filed *f = m->p.fault;
    snprintf(year, sizeof year, "%d", m->ask->fy);
    if (f)
        MIZO_DIAG(d, INVENTORY_FILED, MIZO_NOWHERE, m->filed.id[f - m->filed.v], f->inventory, year, f->line,
                  f->unit);
    else if (e == MIZO_ENOENT && !m->p.of)
        MIZO_DIAG(d, INVENTORY_NO_YEAR, MIZO_AT("activities.csv", 0, 0), m->ask->inventory, year);
}

static mizo_err make(making *m, city_provisional_fn fn)
{
    const city_desk *d = m->desk;
    MIZO_TRY(inventory_filed(d->town, d->mem, m->ask->fy, &m->filed));
    const city_provisional_ask ask = { m->ask->inventory, m->ask->fy, d->books.as_of };
    mizo_err e = city_provisional_make(d->books.region, &ask, m->filed.v, m->filed.n, fn, m, &m->p);
    if (e)
        say(m, e);
    return e;
}

static void release(making *m)
{
    free(m->filed.v);
    free(m->filed.id);
    free(m->cell);
}

static bool japanese(const making *m)
{
    return strcmp(m->ask->lang, "ja") == 0;
}

/* ---- document ---- */

static mizo_err on_line(void *arg, const city_provisional_line *l)
{
    making *m = arg;
    int64_t amount;
    exact x;
    report_cell_text(m->r, l->like->id);
    report_cell_text(m->r, l->like->sector);
    report_cell_text(m->r, l->like->gas);
    if (!exact_ten(l->amount, 3, &x) && !exact_round(x, MIZO_ROUND_HALF_UP, &amount))
        report_cell_scaled(m->r, amount, 3, amount % 1000 ? 3 : 0);
    else
        report_cell_gap(m->r);
    report_cell_text(m->r, l->like->unit);
    if (l->filed > 1)
        report_cell_textf(m->r, "%s (%d)", city_basis_text(l->basis, m->ask->lang), l->filed);
    else
        report_cell_text(m->r, city_basis_text(l->basis, m->ask->lang));
    inventory_cell_tonnes(m->r, l->mg);
    report_cell_text(m->r, report_said(m->r, l->source));
    return MIZO_OK;
}

static void columns(making *m)
{
    bool ja = japanese(m);
    /* clang-format off */
    report_columns(m->r, ja ? "暫定値の行" : "Lines of the provisional year",
                   (const report_column[]){
                       { .title = ja ? "行" : "line" },
                       { .title = ja ? "部門" : "sector" },
                       { .title = ja ? "ガス" : "gas" },
                       { .title = ja ? "活動量" : "amount", .align = REPORT_RIGHT },
                       { .title = ja ? "単位" : "unit" },
                       { .title = ja ? "根拠" : "from" },
                       { .title = ja ? "排出量" : "emissions", .unit = "t-CO2", .align = REPORT_RIGHT },
                       { .title = ja ? "出典" : "source" },
                   }, 8);
    /* clang-format on */
}

static void totals(making *m)
{
    bool ja = japanese(m);
    const struct {
        const char *ja, *en;
        exact mg;
    } row[] = {
        {"統計・国のデータ",                                      "statistics and plant data",                            m->p.by_statistics},
        { "条例の報告 (国のデータが出るまでの代わり)", "ordinance reports, in place of data that are not out",
         m->p.by_ordinance                                                                                                                          },
        { "前年度から据え置き",                                  "carried over",                                         m->p.carried      },
        { "計",                                                          "all",                                                  m->p.mg           }
    };
    report_columns(m->r, ja ? "根拠別" : "By what it rests on",
                   (const report_column[]){
                       {.title = ja ? "根拠" : "from"},
                       { .title = ja ? "排出量" : "emissions", .unit = "t-CO2", .align = REPORT_RIGHT }
    },
                   2);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        report_cell_text(m->r, ja ? row[i].ja : row[i].en);
        inventory_cell_tonnes(m->r, row[i].mg);
    }
    report_notef(m->r,
                 ja ? "暫定値。係数と行の範囲は %d 年度のもの。"
                    : "Provisional. Factors and the scope of lines are those of FY%d.",
                 m->p.of);
}

mizo_err provisional_doc(const city_desk *desk, const provisional_ask *ask, report **out)
{
    making m = { .desk = desk, .ask = ask };
    char title[200];
    bool ja = japanese(&m);
    snprintf(title, sizeof title, ja ? "%s %d年度 暫定値" : "%s, FY%d, provisional", ask->inventory, ask->fy);
    m.r = report_new(&(report_head){ .title = title,
                                     .lang = ask->lang,
                                     .footer = desk->books.region->hash,
                                     .day = mizo_fy_first(ask->fy + 1),
                                     .landscape = true });
    if (!m.r)
        return MIZO_ENOMEM;
    columns(&m);
    mizo_err e = make(&m, on_line);
    if (!e) {
        totals(&m);
        e = report_done(m.r);
    }
    release(&m);
    if (e)
        report_free(m.r);
    else
        *out = m.r;
    return e;
}

/* ---- JSON ---- */

static void put_t(json *j, const char *key, exact mg)
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

static mizo_err on_json(void *arg, const city_provisional_line *l)
{
    json *j = ((making *)arg)->j;
    json_object(j, NULL);
    json_text(j, "line", l->like->id);
    json_text(j, "sector", l->like->sector);
    json_text(j, "gas", l->like->gas);
    json_text(j, "form", l->like->form);
    json_text(j, "unit", l->like->unit);
    json_text(j, "basis", l->basis);
    json_int(j, "reports", l->filed);
    put_t(j, "t_co2", l->mg);
    json_text(j, "source", l->source);
    json_end(j);
    return MIZO_OK;
}

mizo_err provisional_json(const city_desk *desk, const provisional_ask *ask, json *j)
{
    making m = { .desk = desk, .ask = ask, .j = j };
    json_text(j, "inventory", ask->inventory);
    json_int(j, "fy", ask->fy);
    json_text(j, "vintage", "provisional");
    json_array(j, "lines");
    mizo_err e = make(&m, on_json);
    json_end(j);
    json_int(j, "like_fy", m.p.of);
    if (!e) {
        put_t(j, "t_co2", m.p.mg);
        put_t(j, "by_statistics_t", m.p.by_statistics);
        put_t(j, "by_ordinance_t", m.p.by_ordinance);
        put_t(j, "carried_t", m.p.carried);
    }
    release(&m);
    return e;
}

/* ---- keeping ---- */

static mizo_err add_cell(void *arg, const city_provisional_line *l)
{
    making *m = arg;
    size_t i = 0;
    while (i < m->n && (strcmp(m->cell[i].sector, l->like->sector) || strcmp(m->cell[i].gas, l->like->gas) ||
                        strcmp(m->cell[i].form, l->like->form)))
        i++;
    if (i == m->n) {
        MIZO_TRY(array_grow(&m->cell, &m->cap, m->n + 1, sizeof *m->cell));
        m->cell[m->n++] = (cell){ l->like->sector, l->like->gas, l->like->form, exact_whole(0) };
    }
    return exact_add(m->cell[i].mg, l->mg, &m->cell[i].mg);
}

/* Is it what the newest publication of the cell says already? */
static bool known_so(const making *m, const mizo_emission *e)
{
    const city_cell c = { e->inventory, e->fy, e->sector, e->gas, e->form };
    const mizo_emission *now = city_emission(m->desk->books.region, &c, MIZO_DAY_NONE);
    return now && now->vintage == e->vintage && now->value_e6 == e->value_e6 &&
           strcmp(now->unit, e->unit) == 0;
}

/* In grams. */
static mizo_err put_cell(const making *m, const cell *c, mizo_day on, int *changed)
{
    mizo_emission e = { .inventory = m->ask->inventory,
                        .fy = m->ask->fy,
                        .vintage = MIZO_VINTAGE_PROVISIONAL,
                        .on = on,
                        .sector = c->sector,
                        .gas = c->gas,
                        .form = c->form,
                        .unit = "t-CO2",
                        .source = "provisional year: ordinance reports stand in",
                        .note = "" };
    exact x = c->mg;
    bool is_new = false;
    MIZO_TRY(exact_ten(x, -3, &x));
    MIZO_TRY(exact_round(x, MIZO_ROUND_HALF_UP, &e.value_e6));
    if (known_so(m, &e))
        return MIZO_OK;
    MIZO_TRY(inventory_put(m->desk->town, &e, &is_new));
    *changed += is_new;
    return MIZO_OK;
}

mizo_err provisional_keep(const city_desk *desk, const provisional_ask *ask, mizo_day on, const char *actor,
                          int *changed)
{
    making m = { .desk = desk, .ask = ask };
    town *t = desk->town;
    store_batch b = { .known = town_now(t), .actor = actor, .source = "provisional", .note = "" };
    *changed = 0;
    mizo_err e = make(&m, add_cell);
    e = e ? e : t->store->ops->batch_begin(t->store, &b);
    if (e) {
        release(&m);
        return e;
    }
    for (size_t i = 0; i < m.n && !e; i++)
        e = put_cell(&m, &m.cell[i], on, changed);
    const cell all = { "all", "all", "all", m.p.mg };
    e = e ? e : put_cell(&m, &all, on, changed);
    if (!e && *changed)
        e = t->store->ops->batch_commit(t->store);
    else
        t->store->ops->batch_rollback(t->store);
    release(&m);
    return e;
}
