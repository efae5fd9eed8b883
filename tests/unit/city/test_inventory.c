/* Inventories as tables, in other schemes, before their data are out; capacity once; the pace; a reporting entity's year. */
#include "../region/village.h"

#include "city/capacity.h"
#include "city/category.h"
#include "city/crosstab.h"
#include "city/entity.h"
#include "city/pace.h"
#include "city/yearly_inner.h"

typedef struct world {
    village v;
    const mizo_region *r;
    city_books b;
} world;

static void build(world *w)
{
    mizo_diags *d = mizo_diags_new(0);
    char text[300] = "";
    mizo_err e = mizo_region_build(w->v.file, w->v.n, d, &w->r);
    if (mizo_diags_kept(d))
        mizo_diag_text(mizo_diags_at(d, 0), "en", text, sizeof text);
    if (e)
        fail_msg("%s", text);
    mizo_diags_free(d);
    w->b = (city_books){ w->r, NULL, 0, MIZO_DAY_NONE };
}

static int begin(void **state)
{
    world *w = calloc(1, sizeof *w);
    village_load(&w->v);
    build(w);
    *state = w;
    return 0;
}

static int end(void **state)
{
    world *w = *state;
    mizo_region_unref(w->r);
    village_free(&w->v);
    free(w);
    return 0;
}

static void rebuilt(world *w, region_file f, const char *from, const char *to)
{
    mizo_region_unref(w->r);
    village_edit(&w->v, f, from, to);
    build(w);
}

static mizo_day on(int y, int m, int d)
{
    return mizo_date_day((mizo_date){ y, m, d });
}

static int64_t kg(exact mg)
{
    int64_t v;
    assert_int_equal(exact_ten(mg, -6, &mg), MIZO_OK);
    assert_int_equal(exact_round(mg, MIZO_ROUND_HALF_UP, &v), MIZO_OK);
    return v;
}

/* ---- sectors by form ---- */

static void a_table_keeps_what_was_printed(void **state)
{
    world *w = *state;
    crosstab *t = malloc(sizeof *t);
    exact share;
    assert_int_equal(crosstab_make(w->r, "village", 2022, "co2", on(2023, 12, 31), t), MIZO_OK);
    assert_int_equal(t->nsector, 2);
    assert_int_equal(t->nform, 1);
    assert_null(t->whole.row); /* no printed whole: the parts */
    assert_int_equal(kg(t->of_form[0].printed.mid), 590000);
    assert_int_equal(kg(t->of_form[0].parts.mid), 580000);
    assert_int_equal(kg(crosstab_shown(&t->of_form[0])->mid), 590000);
    assert_int_equal(crosstab_share(t, &t->cell[0][0], &share), MIZO_OK); /* 340 of 590 */
    int64_t permille;
    assert_int_equal(exact_ten(share, 3, &share), MIZO_OK);
    assert_int_equal(exact_round(share, MIZO_ROUND_HALF_UP, &permille), MIZO_OK);
    assert_int_equal(permille, 576);
    assert_int_equal(crosstab_make(w->r, "village", 2022, "co2", MIZO_DAY_NONE, t), MIZO_OK);
    assert_int_equal(kg(crosstab_shown(&t->cell[0][0])->mid), 330000); /* homes were restated */
    assert_int_equal(crosstab_make(w->r, "village", 1980, "co2", MIZO_DAY_NONE, t), MIZO_ENOENT);
    free(t);
}

/* ---- why a year was restated ---- */

#define UNDATED(v)                                                                                           \
    {                                                                                                        \
        MIZO_VINTAGE_##v, INT32_MIN                                                                          \
    }
static const city_restating q = { "village", 2022, UNDATED(PROVISIONAL), UNDATED(REVISED), MIZO_DAY_NONE };

static void units_of_two_editions(void **state)
{
    world *w = *state;
    city_restated x;
    rebuilt(w, FILE_ACTIVITIES, "revised,,homes-power,homes,co2,electricity,790,MWh,420",
            "revised,,homes-power,homes,co2,electricity,790000,kWh,0.42");
    assert_int_equal(city_restate(w->r, &q, NULL, NULL, &x), MIZO_OK);
    assert_int_equal(kg(x.activity), -4250); /* the same as in MWh */
    assert_int_equal(kg(x.factor), -3950);
    assert_false(x.printed);
    rebuilt(w, FILE_ACTIVITIES, "790000,kWh", "790000,円");
    assert_int_equal(city_restate(w->r, &q, NULL, NULL, &x), MIZO_EINPUT);
    assert_string_equal(x.fault->id, "homes-power");
    assert_non_null(strstr(x.why, "two kinds"));
}

static void the_rest_is_rounding(void **state)
{
    world *w = *state;
    city_restated x;
    rebuilt(w, FILE_EMISSIONS, "village,1990,,,homes,co2,heat,700",
            "village,2022,provisional,2023-06-01,all,all,all,390,t-CO2,10,Village report,\n"
            "village,2022,revised,2024-06-01,all,all,all,410,t-CO2,10,Village report,\n"
            "village,1990,,,homes,co2,heat,700");
    assert_int_equal(city_restate(w->r, &q, NULL, NULL, &x), MIZO_OK);
    assert_true(x.printed);
    assert_int_equal(kg(x.rounding), 20000 - 17800); /* printed + 20 t, computed + 17.8 t */
}

/* Final twice, a year apart: both stay, a day knows what was out, and any edition explains any other. */
static void final_again(void **state)
{
    world *w = *state;
    city_restating ask = { "workshop", 2021, { 0 }, { 0 }, MIZO_DAY_NONE };
    city_restated x;
    assert_true(city_edition_named(w->r, "workshop", 2021, "final", on(2024, 12, 31), &ask.from));
    assert_int_equal(ask.from.on, on(2024, 3, 1));
    assert_true(city_edition_named(w->r, "workshop", 2021, "final", MIZO_DAY_NONE, &ask.to));
    assert_int_equal(ask.to.on, on(2025, 3, 1));
    assert_int_equal(city_restate(w->r, &ask, NULL, NULL, &x), MIZO_OK);
    assert_int_equal(kg(x.activity), -10000);
    assert_true(city_edition_named(w->r, "workshop", 2021, "2023-03-01", MIZO_DAY_NONE, &ask.to));
    assert_int_equal(city_restate(w->r, &ask, NULL, NULL, &x), MIZO_OK);
    assert_int_equal(kg(x.activity), 20000); /* and back */
    assert_true(city_edition_named(w->r, "workshop", 2021, "final@2024-03-01", MIZO_DAY_NONE, &ask.to));
    assert_int_equal(city_edition_order(ask.from, ask.to), 0);
    static const char *const none[] = { "revised", "2025-03-02", "final@2023-03-01", "fin", "final@" };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(city_edition_named(w->r, "workshop", 2021, none[i], MIZO_DAY_NONE, &ask.to));
    assert_false(city_edition_next(w->r, "workshop", 2021, NULL, on(2023, 2, 28), &ask.to));
}

/* A year that was not restated with the vintage's later edition keeps its own printed total. */
static void printed_with_its_edition(void **state)
{
    world *w = *state;
    city_restating ask = {
        "workshop",
        2021,
        {MIZO_VINTAGE_FINAL,  on(2024, 3, 1)},
        { MIZO_VINTAGE_FINAL, on(2025, 3, 1)},
        MIZO_DAY_NONE
    };
    city_restated x;
    rebuilt(w, FILE_EMISSIONS, "village,1990,,,homes,co2,heat,700",
            "workshop,2021,final,2024-03-10,all,all,all,100,t-CO2,,r,\n"
            "workshop,2021,final,2024-09-01,all,all,all,101,t-CO2,,r,\n"
            "village,1990,,,homes,co2,heat,700");
    assert_int_equal(city_restate(w->r, &ask, NULL, NULL, &x), MIZO_OK);
    assert_false(x.printed); /* the later edition has none yet */
    rebuilt(w, FILE_EMISSIONS, "village,1990,,,homes,co2,heat,700",
            "workshop,2021,final,2025-03-10,all,all,all,92,t-CO2,,r,\nvillage,1990,,,homes,co2,heat,700");
    assert_int_equal(city_restate(w->r, &ask, NULL, NULL, &x), MIZO_OK);
    assert_true(x.printed);
    assert_int_equal(kg(x.printed_before), 101000);
    assert_int_equal(kg(x.printed_after), 92000);
    assert_int_equal(kg(x.rounding), 1000);
    ask.to = ask.from;
    ask.as_of = on(2024, 6, 1);
    assert_int_equal(city_restate(w->r, &ask, NULL, NULL, &x), MIZO_OK);
    assert_int_equal(kg(x.printed_after), 100000);
}

/* ---- a provisional year ---- */

static const city_filed mill = { "village", "cars", "千円", "the mill's report", 2023, 12000000 };

static const city_provisional_ask ask_2022 = { "village", 2022, MIZO_DAY_NONE },
                                  ask_2023 = { "village", 2023, MIZO_DAY_NONE };

typedef struct lines {
    int n, ordinance, carried;
    char last[40];
} lines;

static mizo_err count_lines(void *arg, const city_provisional_line *l)
{
    lines *x = arg;
    x->n++;
    x->ordinance += strcmp(l->basis, "ordinance") == 0;
    x->carried += strcmp(l->basis, "carried") == 0;
    return MIZO_OK;
}

static void reports_stand_in(void **state)
{
    world *w = *state;
    city_provisional p;
    lines n = { 0 };
    city_filed filed[2] = { mill, mill };
    assert_int_equal(city_provisional_make(w->r, &ask_2023, filed, 2, count_lines, &n, &p), MIZO_OK);
    assert_int_equal(p.of, 2022);
    assert_int_equal(n.n, 3);
    assert_int_equal(n.ordinance, 1); /* two reports of one line add up */
    assert_int_equal(n.carried, 2);
    assert_int_equal(kg(p.by_ordinance), 48000);     /* 24 x 2000 kg */
    assert_int_equal(kg(p.carried), 331800 + 56000); /* 790 x 420 + 2 x 1000 x 28 */
    assert_int_equal(kg(p.mg), kg(p.by_ordinance) + kg(p.carried));
    filed[1].unit = "MWh";
    assert_int_equal(city_provisional_make(w->r, &ask_2023, filed, 2, NULL, NULL, &p), MIZO_EINPUT);
    assert_ptr_equal(p.fault, &filed[1]);
    filed[1] = mill;
    filed[1].line = "carts";
    assert_int_equal(city_provisional_make(w->r, &ask_2023, filed, 2, NULL, NULL, &p), MIZO_EINPUT);
    assert_ptr_equal(p.fault, &filed[1]);
    assert_int_equal(city_provisional_make(w->r, &ask_2022, NULL, 0, NULL, NULL, &p), MIZO_ENOENT);
    assert_int_equal(p.of, 0);
}

static void its_own_row_goes_first(void **state)
{
    world *w = *state;
    city_provisional p;
    lines n = { 0 };
    rebuilt(w, FILE_ACTIVITIES, "village,2022,provisional,,fields",
            "village,2023,provisional,,cars,transport,co2,heat,11,千円,2100,AR5,Statistics,c\n"
            "village,2022,provisional,,fields");
    assert_int_equal(city_provisional_make(w->r, &ask_2023, &mill, 1, count_lines, &n, &p), MIZO_OK);
    assert_int_equal(n.ordinance, 0);
    assert_int_equal(kg(p.by_statistics), 23100);
}

/* ---- other schemes ---- */

typedef struct heard {
    int figures, cells, strays, again;
    char code[24];
    int64_t kg;
} heard;

static mizo_err on_figure(void *arg, const category_figure *f)
{
    heard *x = arg;
    x->figures++;
    x->cells += f->cells;
    if (strcmp(f->category->code, x->code) == 0 && f->cells)
        x->kg = kg(f->mg.mid);
    return MIZO_OK;
}

static mizo_err on_stray(void *arg, const mizo_emission *e, const mizo_category *again)
{
    (void)e;
    heard *x = arg;
    x->strays++;
    x->again += again != NULL;
    return MIZO_OK;
}

static void categories(void **state)
{
    world *w = *state;
    heard x = { .code = "kaden" };
    const category_sink sink = { &x, on_figure, on_stray };
    assert_true(category_scheme_known(w->r, "moe"));
    assert_false(category_scheme_known(w->r, "crf"));
    assert_int_equal(category_each(w->r, "moe", "village", 2022, MIZO_DAY_NONE, &sink), MIZO_OK);
    assert_int_equal(x.figures, 4); /* each category, farms and forests without a figure */
    assert_int_equal(x.cells, 2);
    assert_int_equal(x.kg, 330000);
    assert_int_equal(x.strays, 0);
    x = (heard){ .code = "nogyo" };
    assert_int_equal(category_each(w->r, "moe", "village", 1990, MIZO_DAY_NONE, &sink), MIZO_OK);
    assert_int_equal(x.kg, 60000);
    assert_int_equal(x.strays, 3); /* heat of homes and shops, gases of shops */
    rebuilt(w, FILE_CATEGORIES, "moe,rin,森林,Forests,,,,no", "moe,rin,森林,Forests,farms,ch4,non-energy,no");
    x = (heard){ .code = "rin" };
    assert_int_equal(category_each(w->r, "moe", "village", 1990, MIZO_DAY_NONE, &sink), MIZO_OK);
    assert_int_equal(x.again, 1); /* in two categories */
}

static void a_category_is_a_cell(void **state)
{
    world *w = *state;
    city_cell c = { "village", 2022, "", "", "" };
    assert_int_equal(category_cell(w->r, "gpc", "I.1.2", "co2", &c), MIZO_OK);
    assert_string_equal(c.sector, "homes");
    assert_string_equal(c.form, "electricity");
    assert_string_equal(c.gas, "co2");
    assert_int_equal(category_cell(w->r, "gpc", "I.9.9", "co2", &c), MIZO_ENOENT);
    assert_int_equal(category_cell(w->r, "moe", "rin", "co2", &c), MIZO_EINPUT);
    rebuilt(w, FILE_CATEGORIES, "gpc,I.2.2,業務", "gpc,I.1.2,業務");
    assert_int_equal(category_cell(w->r, "gpc", "I.1.2", "co2", &c), MIZO_ECONFLICT);
}

/* ---- capacity ---- */

#define ROWS_HEAD                                                                                            \
    "register,number,name_ja,name_en,part,share,amount,unit,place,owner,status,note,thing,evidence,from,to," \
    "source\n"

static void with_registers(world *w, const char *rows)
{
    char text[2000];
    snprintf(text, sizeof text, "%s%s", ROWS_HEAD, rows);
    village_edit(&w->v, FILE_REGISTERS, NULL,
                 "id,name_ja,name_en,kind,owner,source\n"
                 "re-second,補助,Subsidised,re-capacity,,Village report\n"
                 "re-a-first,認定,Approved,re-capacity,,Village report\n");
    village_edit(&w->v, FILE_REGISTER_COUNTS, NULL, "register,on,part,count,source\n");
    rebuilt(w, FILE_REGISTER_ROWS, NULL, text);
}

static void one_plant_counts_once(void **state)
{
    world *w = *state;
    capacity c;
    with_registers(
        w, "re-a-first,,水車小屋太陽光,,pv,,100,kW,川べり,,,,,,2020-04-01,,Village report\n"
           "re-second,,水車小屋　太陽光,,pv,,95,kW,,,,,,,2020-06-01,,Village report\n" /* by name */
           "re-a-first,,丘の風車,,wind,,20,kW,丘,,,,w-1,,2019-04-01,,Village report\n"
           "re-second,,風力1号,,wind,,25,kW,丘の上,,,,w-1,permit,2019-04-01,,Village report\n" /* by thing */
           "re-second,,学校屋根,,pv,,30,kW,学校,,,,,,2022-04-01,,Village report\n");
    assert_int_equal(capacity_make(w->r, on(2023, 3, 31), &c), MIZO_OK);
    assert_int_equal(c.n, 5);
    assert_int_equal(c.plants, 3);
    assert_int_equal(c.doubles, 2);
    assert_int_equal(c.by_rule, 1);
    assert_int_equal(c.differ, 2);
    assert_int_equal(c.questions, 0);
    assert_string_equal(c.row[0].reg->id,
                        "re-second"); /* it stands first in registers.csv, so its powers count */
    assert_int_equal(c.w, 95000 + 25000 + 30000);
    assert_int_equal(c.listed_w, 270000);
    capacity_free(&c);
    assert_int_equal(capacity_make(w->r, on(2019, 12, 31), &c), MIZO_OK); /* on an earlier day */
    assert_int_equal(c.n, 2);
    assert_int_equal(c.w, 25000);
    capacity_free(&c);
    assert_int_equal(capacity_make(w->r, on(2010, 1, 1), &c), MIZO_ENOENT);
}

static void other_powers_are_a_question(void **state)
{
    world *w = *state;
    capacity c;
    with_registers(w, "re-a-first,,水車小屋太陽光,,pv,,100,kW,川べり,,,,,,2020-04-01,,Village report\n"
                      "re-second,,水車小屋太陽光,,pv,,60,kW,川べり,,,,,,2020-04-01,,Village report\n"
                      "re-second,,水車小屋太陽光,,biomass,,60,kW,川べり,,,,,,2020-04-01,,Village report\n");
    assert_int_equal(capacity_make(w->r, on(2023, 3, 31), &c), MIZO_OK);
    assert_int_equal(c.questions, 1); /* of another kind is another plant */
    assert_int_equal(c.w, 220000);
    capacity_free(&c);
    with_registers(w, "re-a-first,,水車小屋太陽光,,pv,,100,kW,川べり,,,,pv-1,,2020-04-01,,Village report\n"
                      "re-second,,水車小屋太陽光,,pv,,60,kW,川べり,,,,pv-2,,2020-04-01,,Village report\n");
    assert_int_equal(capacity_make(w->r, on(2023, 3, 31), &c), MIZO_OK);
    assert_int_equal(c.questions, 0); /* somebody settled it: two things */
    assert_int_equal(c.plants, 2);
    capacity_free(&c);
    with_registers(w, "re-a-first,,水車小屋太陽光,,pv,,100,kWh,川べり,,,,pv-1,,2020-04-01,,Village report\n");
    assert_int_equal(capacity_make(w->r, on(2023, 3, 31), &c), MIZO_EINPUT);
    assert_string_equal(c.fault->unit, "kWh");
}

/* ---- pace ---- */

static const mizo_indicator *indicator(const world *w, const char *id)
{
    const mizo_indicator *i = city_indicator(&w->b, id, strlen(id));
    assert_non_null(i);
    return i;
}

static void towards_a_target(void **state)
{
    world *w = *state;
    city_pace p;
    const mizo_indicator *ghg = indicator(w, "ghg-vs-2013");
    assert_int_equal(city_pace_of(&w->b, ghg, 2023, &p), MIZO_OK);
    assert_true(p.known && p.has_needed && p.has_actual);
    assert_int_equal(p.goal->fy, 2030);
    assert_int_equal(p.base_fy, 2013); /* the formula's own */
    assert_true(p.has_path);
    exact back;
    assert_int_equal(exact_mul(p.needed, exact_whole(2030 - p.last.fy), &back), MIZO_OK);
    int d;
    assert_int_equal(exact_cmp(back, p.gap, &d), MIZO_OK);
    assert_int_equal(d, 0);
    assert_string_equal(city_whose(p.goal), "city");
    rebuilt(w, FILE_GOALS, NULL,
            "indicator,fy,value,unit,rule,decided,whose,source\n"
            "ghg-vs-2013,2030,▲50,%,at-most,2020-04-01,city-hall,Village plan\n");
    assert_int_equal(city_pace_of(&w->b, indicator(w, "ghg-vs-2013"), 2023, &p), MIZO_OK);
    assert_string_equal(city_whose(p.goal), "city-hall");
    assert_int_equal(city_pace_of(&w->b, indicator(w, "ghg-vs-2013"), 2031, &p), MIZO_OK);
    assert_int_equal(city_pace_of(&w->b, indicator(w, "ghg"), 2023, &p), MIZO_ENOENT);
}

/* ---- a reporting entity ---- */

#define HEAD "name,key,from,to,value,unit,source,mark\n"
#define ENERGY_ROWS                                                                                          \
    HEAD "electricity-heat,,2023-04-01,,8.64,GJ/1000 kWh,law,g\n"                                            \
         "electricity-heat,self,2023-04-01,,3.6,GJ/1000 kWh,law,g\n"                                         \
         "oil-equivalent,,,,0.0258,kL/GJ,law,v\n"                                                            \
         "gwp-set,ar5,2023-04-01,,1,set,law,v\n"                                                             \
         "gwp-set,ar4,,2023-04-01,1,set,law,v\n"

static int place_of(const char *energy)
{
    return (int)(yearly_energy_of(energy) - yearly_energies);
}

typedef struct amounts {
    int64_t milli[YEARLY_ENERGIES];
    mizo_wh by_menu[8];
} amounts;

static void no_amounts(amounts *a)
{
    for (int i = 0; i < YEARLY_ENERGIES; i++)
        a->milli[i] = YEARLY_MISSING;
    memset(a->by_menu, 0, sizeof a->by_menu);
}

static const entity_line *line(const entity_year *y, const char *energy)
{
    for (int i = 0; i < y->nline; i++)
        if (strcmp(y->line[i].energy->id, energy) == 0)
            return &y->line[i];
    fail_msg("no line %s", energy);
    return NULL;
}

static void energy_and_gases(void **state)
{
    world *w = *state;
    entity_year y;
    amounts a;
    no_amounts(&a);
    a.milli[place_of("kerosene")] = 1000000; /* 1 kL */
    a.milli[place_of("ch4")] = 2000;         /* 2 kg */
    a.by_menu[0] = 1000000;                  /* big-green: 1000 kWh */
    a.by_menu[1] = 2000000;
    rebuilt(w, FILE_PARAMS, HEAD, ENERGY_ROWS);
    const entity_ask ask = { 2023, MIZO_DAY_NONE, a.milli, a.by_menu, 500000 };
    assert_int_equal(entity_make(w->r, &ask, &y), MIZO_OK);
    assert_int_equal(y.faults, 0);
    const entity_line *l = line(&y, "kerosene");
    assert_int_equal(l->gj_e6, 36500000);              /* 36.5 GJ */
    assert_int_equal(l->kl_e6, 941700);                /* x 0.0258 */
    assert_int_equal(l->co2, INT64_C(2502683) * 1000); /* 36.5 x 0.0187 x 44 / 12, to the gram, in mg */
    assert_int_equal(line(&y, "ch4")->co2, 2 * 28 * 1000000); /* 2 kg x 28 */
    assert_string_equal(y.gwp_set, "AR5");
    assert_int_equal(line(&y, "generation")->gj_e6, 1800000); /* 500 kWh x 3.6 */
    assert_int_equal(line(&y, "generation")->co2, 0);
    assert_int_equal(y.wh, 3000000);
    assert_int_equal(y.power_gj_e6, 25920000);
    assert_int_equal(y.npower, 2);
    assert_int_equal(y.power[0].adjusted_mg, 0);               /* the green menu's own factor */
    assert_int_equal(y.power[0].basic_mg, INT64_C(423000000)); /* the supplier has no basic: the country's */
    assert_int_equal(y.power[1].adjusted_mg, INT64_C(912000000));
    assert_int_equal(entity_all_mg(&y, true), y.fuel_mg + y.adjusted_mg + y.gas_mg);
    entity_free(&y);
}

static void what_has_no_row_is_named(void **state)
{
    world *w = *state;
    entity_year y;
    amounts a;
    no_amounts(&a);
    a.milli[place_of("kerosene")] = 1000000;
    a.milli[place_of("diesel")] = 1000;
    a.milli[place_of("sf6")] = 1000;
    a.milli[place_of("heat")] = 1000;
    a.by_menu[0] = 1000000;
    const entity_ask ask = { 2023, MIZO_DAY_NONE, a.milli, a.by_menu, 0 };
    assert_int_equal(entity_make(w->r, &ask, &y), MIZO_OK); /* params.csv has none of the rows */
    assert_int_equal(line(&y, "kerosene")->fault, ENTITY_NO_PARAM);
    assert_int_equal(line(&y, "diesel")->fault, ENTITY_NO_FUEL);
    assert_int_equal(line(&y, "sf6")->fault, ENTITY_NO_GWP);
    assert_int_equal(line(&y, "heat")->fault, ENTITY_NO_PARAM);
    assert_int_equal(y.power_fault, ENTITY_NO_PARAM);
    assert_int_equal(y.faults, 5);
    assert_int_equal(y.fuel_mg, 0); /* nothing is half counted */
    entity_free(&y);
    rebuilt(w, FILE_FUELS, "kerosene,灯油,kL,36.5", "kerosene,灯油,t,36.5");
    rebuilt(w, FILE_PARAMS, HEAD, ENERGY_ROWS);
    assert_int_equal(entity_make(w->r, &ask, &y), MIZO_OK);
    assert_int_equal(line(&y, "kerosene")->fault, ENTITY_NO_UNIT);
    entity_free(&y);
    const entity_ask before = { 2008, MIZO_DAY_NONE, a.milli, a.by_menu, 0 };
    assert_int_equal(entity_make(w->r, &before, &y), MIZO_OK);
    assert_int_equal(line(&y, "kerosene")->fault, ENTITY_NO_FUEL); /* before the table begins */
    entity_free(&y);
    const entity_ask later = { 2025, MIZO_DAY_NONE, a.milli, a.by_menu, 0 };
    assert_int_equal(entity_make(w->r, &later, &y), MIZO_OK);
    assert_int_equal(y.power[0].fault, ENTITY_OLDER); /* the newest factor is of FY2023 */
    entity_free(&y);
}

static void words_of_gases(void **state)
{
    (void)state;
    const struct {
        const char *heading, *id;
    } row[] = {
        {"冷媒漏えい量r-410a(kg)", "r-410a"     },
        { "sf6ガス(kg)",               "sf6"        },
        { "ガス使用量(m3)",         "city-gas"   },
        { "hfc-134a",                    "hfc-134a"   },
        { "電気使用量",             "electricity"}
    };
    for (size_t i = 0; i < ROWS(row); i++)
        assert_string_equal(yearly_energy_in(row[i].heading)->id, row[i].id);
    assert_null(yearly_energy_in("面積"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        TEST(a_table_keeps_what_was_printed),
        TEST(units_of_two_editions),
        TEST(final_again),
        TEST(printed_with_its_edition),
        TEST(the_rest_is_rounding),
        TEST(reports_stand_in),
        TEST(its_own_row_goes_first),
        TEST(categories),
        TEST(a_category_is_a_cell),
        TEST(one_plant_counts_once),
        TEST(other_powers_are_a_question),
        TEST(towards_a_target),
        TEST(energy_and_gases),
        TEST(what_has_no_row_is_named),
        TEST(words_of_gases),
    };
    return cmocka_run_group_tests_name("inventory", tests, NULL, NULL);
}
