/* entity.c: see entity.h. */
#include "city/entity.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "city/inventory.h"

const char *entity_fault_text(entity_fault f, const char *lang)
{
    static const char *const text[][2] = {
        [ENTITY_NONE] = {"",                                              ""                                          },
        [ENTITY_NO_FUEL] = { "no heat value and carbon factor for the year", "年度の発熱量・排出係数がない"},
        [ENTITY_NO_UNIT] = { "its unit does not fit the table's",            "単位が係数の表と合わない"      },
        [ENTITY_NO_PARAM] = { "no row of params.csv for the year",            "params.csvに年度の値がない"        },
        [ENTITY_NO_GWP] = { "no GWP for the year",                          "年度の地球温暖化係数がない"   },
        [ENTITY_NO_FACTOR] = { "no factor of electricity",                     "電気の排出係数がない"            },
        [ENTITY_OLDER] = { "by a factor of an earlier year",               "前の年度の係数による"            },
        [ENTITY_TOO_LARGE] = { "too large",                                    "大きすぎる"                           },
    };
    return text[f][strcmp(lang, "ja") == 0];
}

typedef struct making {
    const mizo_region *r;
    const entity_ask *ask;
    entity_year *out;
    mizo_day day; /* the first of the year: rows that hold then */
} making;

static const mizo_param *param(const making *m, const char *name, const char *key)
{
    return mizo_param_on(m->r, name, key, m->day);
}

/* a_e6 x b_e6 in millionths. */
static bool times(int64_t a_e6, int64_t b_e6, int64_t *out)
{
    return mizo_mul_div(a_e6, b_e6, MIZO_PPM, MIZO_ROUND_HALF_UP, out) == MIZO_OK;
}

/* Litres of oil for heat. */
static entity_fault oil_of(const making *m, int64_t gj_e6, int64_t *kl_e6)
{
    const mizo_param *p = param(m, "oil-equivalent", "");
    if (!p)
        return ENTITY_NO_PARAM;
    return times(gj_e6, p->value_e6, kl_e6) ? ENTITY_NONE : ENTITY_TOO_LARGE;
}

/* ---- fuels ---- */

/* A thousandth of the small unit is a millionth of the large one: the amount stays the number it is. */
static bool unit_fits(const char *small, const char *large)
{
    static const char *const pair[][2] = {
        {"m3",  "1000 m3"},
        { "m3", "千m3"  },
        { "L",  "kL"     },
        { "kg", "t"      },
        { "MJ", "GJ"     }
    };
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++)
        if (strcmp(pair[i][0], small) == 0 && strcmp(pair[i][1], large) == 0)
            return true;
    return false;
}

/* A kind that is another one in another unit: gas by volume as mass. */
static const yearly_energy *kind_of(const yearly_energy *e)
{
    return e->as ? yearly_energy_of(e->as) : e;
}

static entity_fault counted(const making *m, entity_line *l)
{
    if (!l->energy->as)
        return ENTITY_NONE;
    l->lacks = "kg-per-m3";
    l->by = param(m, "kg-per-m3", l->energy->as);
    if (!l->by)
        return ENTITY_NO_PARAM;
    return times(l->milli, l->by->value_e6, &l->counted) ? ENTITY_NONE : ENTITY_TOO_LARGE;
}

static entity_fault fuel_line(const making *m, entity_line *l)
{
    int64_t t_e6;
    entity_fault f = counted(m, l);
    if (f)
        return f;
    l->lacks = l->energy->fuel;
    if (mizo_fuel_factor(m->r, l->energy->fuel, m->day, &l->fuel, &t_e6))
        return ENTITY_NO_FUEL;
    if (!unit_fits(kind_of(l->energy)->unit, l->fuel->unit))
        return ENTITY_NO_UNIT;
    l->lacks = "";
    if (!times(l->counted, l->fuel->gj_e6, &l->gj_e6) ||
        mizo_mul_div(l->counted, t_e6, 1000, MIZO_ROUND_HALF_UP, &l->co2)) /* a millionth of a t is 1000 mg */
        return ENTITY_TOO_LARGE;
    l->lacks = "oil-equivalent";
    return oil_of(m, l->gj_e6, &l->kl_e6);
}

static entity_fault heat_line(const making *m, entity_line *l)
{
    const mizo_param *gj = param(m, "heat-gj", ""), *co2 = param(m, "heat-co2", "");
    l->lacks = !gj ? "heat-gj" : "heat-co2";
    l->by = co2;
    if (!gj || !co2)
        return ENTITY_NO_PARAM;
    l->lacks = "oil-equivalent";
    if (!times(l->milli, gj->value_e6, &l->gj_e6) ||
        mizo_mul_div(l->milli, co2->value_e6, 1000, MIZO_ROUND_HALF_UP, &l->co2))
        return ENTITY_TOO_LARGE;
    return oil_of(m, l->gj_e6, &l->kl_e6);
}

/* The name of a set as gwp.csv writes it; ids of params.csv are in small letters. */
static const char *set_named(const mizo_region *r, const char *key)
{
    char folded[32];
    for (size_t i = 0; i < r->ngwp; i++) {
        text_fold(r->gwp[i].set, strlen(r->gwp[i].set), folded, sizeof folded);
        if (strcmp(folded, key) == 0)
            return r->gwp[i].set;
    }
    return key;
}

/* The set that holds for the results of the year: the key of a row named gwp-set. */
static const char *gwp_set(const making *m)
{
    for (size_t i = 0; i < m->r->nparam; i++) {
        const mizo_param *p = &m->r->param[i];
        if (strcmp(p->name, "gwp-set") == 0 && p->from <= m->day && m->day < p->to)
            return set_named(m->r, p->key);
    }
    return "";
}

static entity_fault gas_line(const making *m, entity_line *l)
{
    l->lacks = l->energy->gas;
    l->gwp = city_gwp(m->r, m->out->gwp_set, l->energy->gas);
    if (!l->gwp)
        return ENTITY_NO_GWP;
    l->lacks = "";
    /* thousandths of a kg x thousandths of the GWP are mg */
    return mizo_mul_div(l->milli, l->gwp->gwp_e3, 1, MIZO_ROUND_HALF_UP, &l->co2) ? ENTITY_TOO_LARGE
                                                                                  : ENTITY_NONE;
}

/* What own panels gave: energy without CO2. */
static entity_fault self_line(const making *m, entity_line *l)
{
    const mizo_param *p = l->by = param(m, "electricity-heat", "self");
    l->lacks = "electricity-heat self";
    if (!p)
        return ENTITY_NO_PARAM;
    l->lacks = "oil-equivalent";
    return times(l->milli, p->value_e6, &l->gj_e6) ? oil_of(m, l->gj_e6, &l->kl_e6) : ENTITY_TOO_LARGE;
}

typedef entity_fault (*line_fn)(const making *m, entity_line *l);

static line_fn line_of(const yearly_energy *e)
{
    if (e->fuel)
        return fuel_line;
    if (e->gas)
        return gas_line;
    if (strcmp(e->id, "heat") == 0)
        return heat_line;
    return strcmp(e->id, "generation") == 0 ? self_line : NULL; /* electricity: by menu; water is none */
}

static mizo_err add(int64_t *sum, int64_t v)
{
    return __builtin_add_overflow(*sum, v, sum) ? MIZO_ERANGE : MIZO_OK;
}

static mizo_err put_line(making *m, const yearly_energy *e, int64_t milli)
{
    entity_year *y = m->out;
    entity_line *l = &y->line[y->nline++];
    *l = (entity_line){ .energy = e, .milli = milli, .counted = milli, .lacks = "" };
    l->fault = line_of(e)(m, l);
    if (l->fault) {
        l->gj_e6 = l->kl_e6 = l->co2 = 0;
        y->faults++;
        return MIZO_OK;
    }
    l->lacks = "";
    MIZO_TRY(add(&y->gj_e6, l->gj_e6));
    MIZO_TRY(add(&y->kl_e6, l->kl_e6));
    return add(e->gas ? &y->gas_mg : &y->fuel_mg, l->co2);
}

static mizo_err make_lines(making *m)
{
    for (int i = 0; i < YEARLY_ENERGIES && yearly_energies[i].id; i++) {
        const yearly_energy *e = &yearly_energies[i];
        bool own = strcmp(e->id, "generation") == 0;
        int64_t v = own ? m->ask->self_wh : m->ask->milli[i];
        if (line_of(e) && v != YEARLY_MISSING && !(own && v == 0))
            MIZO_TRY(put_line(m, e, v));
    }
    return MIZO_OK;
}

/* ---- electricity ---- */

static entity_fault power_fault(int fy, const entity_power *p)
{
    const mizo_factor_found *const f[] = { &p->basic, &p->adjusted };
    entity_fault worst = ENTITY_NONE;
    for (int i = 0; i < 2; i++) {
        if (f[i]->way == MIZO_WAY_NONE)
            return ENTITY_NO_FACTOR;
        if (f[i]->row && f[i]->row->fy != fy)
            worst = ENTITY_OLDER;
    }
    return worst;
}

static mizo_err put_power(making *m, mizo_ref menu, mizo_wh wh)
{
    entity_year *y = m->out;
    entity_power *p = &y->power[y->npower++];
    *p = (entity_power){ .menu = menu, .wh = wh };
    p->basic = mizo_factor_basic(m->r, menu, m->ask->fy, m->ask->as_of);
    p->adjusted = mizo_factor_market(m->r, menu, m->ask->fy, m->ask->as_of);
    p->fault = power_fault(m->ask->fy, p);
    y->faults += p->fault == ENTITY_NO_FACTOR;
    MIZO_TRY(mizo_carbon_mg(wh, p->basic.g_e6, &p->basic_mg));
    MIZO_TRY(mizo_carbon_mg(wh, p->adjusted.g_e6, &p->adjusted_mg));
    MIZO_TRY(add(&y->wh, wh));
    MIZO_TRY(add(&y->basic_mg, p->basic_mg));
    return add(&y->adjusted_mg, p->adjusted_mg);
}

/* Heat of the electricity bought: Wh are millionths of 1000 kWh. */
static void power_heat(making *m)
{
    entity_year *y = m->out;
    const mizo_param *p = param(m, "electricity-heat", "");
    y->power_lacks = "electricity-heat";
    y->power_fault = ENTITY_NO_PARAM;
    if (!y->wh)
        y->power_fault = ENTITY_NONE;
    else if (p && times(y->wh, p->value_e6, &y->power_gj_e6)) {
        y->power_lacks = "oil-equivalent";
        y->power_fault = oil_of(m, y->power_gj_e6, &y->power_kl_e6);
    }
    y->faults += y->power_fault != ENTITY_NONE;
}

static mizo_err make_power(making *m)
{
    entity_year *y = m->out;
    y->power = calloc(m->r->nmenu + 1, sizeof *y->power);
    if (!y->power)
        return MIZO_ENOMEM;
    for (size_t i = 0; i <= m->r->nmenu; i++)
        if (m->ask->by_menu[i])
            MIZO_TRY(put_power(m, i < m->r->nmenu ? (mizo_ref)i : -1, m->ask->by_menu[i]));
    power_heat(m);
    MIZO_TRY(add(&y->gj_e6, y->power_gj_e6));
    return add(&y->kl_e6, y->power_kl_e6);
}

mizo_err entity_make(const mizo_region *r, const entity_ask *ask, entity_year *out)
{
    *out = (entity_year){ .fy = ask->fy, .self_wh = ask->self_wh };
    making m = { r, ask, out, mizo_fy_first(ask->fy) };
    out->gwp_set = gwp_set(&m);
    mizo_err e = make_lines(&m);
    e = e ? e : make_power(&m);
    if (e)
        entity_free(out);
    return e;
}

void entity_free(entity_year *e)
{
    free(e->power);
    e->power = NULL;
    e->npower = 0;
}

mizo_mg entity_energy_mg(const entity_year *e, bool adjusted)
{
    return e->fuel_mg + (adjusted ? e->adjusted_mg : e->basic_mg);
}

mizo_mg entity_all_mg(const entity_year *e, bool adjusted)
{
    return entity_energy_mg(e, adjusted) + e->gas_mg;
}
