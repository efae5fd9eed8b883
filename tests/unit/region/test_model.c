/* The model of the village: order, look-ups, prices, the text that names it, references. */
#include <pthread.h>

#include "village.h"

typedef struct world {
    village v;
    const mizo_region *r;
} world;

static const mizo_region *build(const village *v)
{
    const mizo_region *r = NULL;
    mizo_diags *d = mizo_diags_new(0);
    mizo_err e = mizo_region_build(v->file, v->n, d, &r);
    for (size_t i = 0; i < mizo_diags_kept(d); i++)
        print_message("# %s:%d %s\n", mizo_diags_at(d, i)->at.file, mizo_diags_at(d, i)->at.line,
                      mizo_msg_name(mizo_diags_at(d, i)->id));
    assert_int_equal(e, MIZO_OK);
    assert_int_equal(mizo_diags_count(d, MIZO_INFO), 0);
    mizo_diags_free(d);
    return r;
}

static int set_up(void **state)
{
    static world w;
    village_load(&w.v);
    w.r = build(&w.v);
    *state = &w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;
    mizo_region_unref(w->r);
    village_free(&w->v);
    return 0;
}

static mizo_day day(int y, int m, int d)
{
    return mizo_date_day((mizo_date){ y, m, d });
}

static void it_is_what_the_files_say(void **state)
{
    const mizo_region *r = ((world *)*state)->r;
    assert_string_equal(r->id, "village");
    assert_string_equal(r->name_ja, "試しの村");
    assert_int_equal(r->offset, 18);
    assert_int_equal(r->lat_e6, 35530900);
    assert_int_equal(r->lon_e6, 139703000);
    assert_string_equal(r->market_area, "jepx-tokyo");
    assert_int_equal(r->grid_g_per_kwh, 421);
    assert_int_equal(r->clock_start, day(2023, 7, 8));
    assert_int_equal(r->feeder_w, 2000000);
    assert_int_equal(r->nfacility, 3);
    assert_string_equal(r->facility[0].id, "depot");
    assert_int_equal(r->facility[1].pv_installable, 0);
    assert_int_equal(r->facility[2].floor_m2, 5200);
    assert_int_equal(r->facility[2].from, INT32_MIN);
    assert_int_equal(r->facility[2].to, MIZO_DAY_NONE);
    assert_int_equal(r->npoint, 4);
    const mizo_point *p = &r->point[mizo_region_point(r, "p-depot")];
    assert_int_equal(p->contract_w, 150000);
    assert_int_equal(p->standing_w, 120000);
    assert_true(p->export_allowed);
    assert_string_equal(p->number, "0300000000000000000003");
    assert_string_equal(r->tariff[p->tariff].id, "hv-day");
    assert_int_equal(r->tariff[p->tariff].base_myen_per_kw, 1890500);
    assert_true(r->tariff[p->tariff].measured_demand);
    const mizo_battery *b = &r->battery[0];
    assert_int_equal(b->energy_wh, 100000);
    assert_int_equal(b->reserve_ppm, 200000);
    assert_int_equal(b->wear_myen, 4000);
    assert_int_equal(r->pv[0].azimuth_deg, 180);
    assert_int_equal(r->charger[0].min_w, 1400);
    assert_int_equal(r->vehicle[1].charger, 1);
    assert_int_equal(r->plant[0].biogenic_ppm, 600000);
    assert_int_equal(r->menu[2].renewable_ppm, 920000);
    assert_int_equal(r->npublished, 11);
    assert_string_equal(r->published[1].exactness, "definition"); /* sorted by year and item */
    assert_int_equal(r->published[7].value_e6, INT64_C(183147000000));
    assert_int_equal(r->reported[1].on, MIZO_DAY_NONE);
}

/* 30 lamps of 42 W and 8 of 78.5 W; both burn 11.2 hours. */
static void lamps_are_summed(void **state)
{
    world *w = *state;
    const mizo_region *r = w->r;
    const mizo_point *p = &r->point[mizo_region_point(r, "p-lamps")];
    assert_int_equal(p->lamp_mw, (30 * 42 + 8 * 78) * 1000 + 8 * 500);
    assert_int_equal(p->lamp_minutes, 672);
    village v;
    village_load(&v);
    village_edit(&v, FILE_LAMPS, NULL, "point,watts,count,hours_a_day\np-lamps,100,3,12\np-lamps,100,1,4\n");
    const mizo_region *q = build(&v);
    assert_int_equal(q->point[mizo_region_point(q, "p-lamps")].lamp_minutes, 600);
    mizo_region_unref(q);
    village_free(&v);
}

/* Sorted by id, parents found; obligations by node and time; what the town pays is nothing unless said. */
static void the_tree_of_nodes(void **state)
{
    const mizo_region *r = ((world *)*state)->r;
    assert_int_equal(r->nnode, 3);
    mizo_ref feeder = mizo_region_node(r, "feeder-east"), vpp = mizo_region_node(r, "vpp");
    assert_int_equal(mizo_region_node(r, "north"), -1);
    const mizo_node *south = &r->node[mizo_region_node(r, "south")];
    assert_int_equal(south->parent, -1);
    assert_int_equal(south->import_w, -1);
    assert_ptr_equal(&r->node[r->node[feeder].parent], south);
    assert_int_equal(r->node[feeder].kind, MIZO_NODE_PHYSICAL);
    assert_int_equal(r->node[feeder].export_w, 200000);
    assert_int_equal(r->node[vpp].kind, MIZO_NODE_OBLIGATION);
    assert_int_equal(r->node[vpp].over_myen, 60000);
    assert_int_equal(r->point[mizo_region_point(r, "p-hall")].node, vpp);
    assert_int_equal(r->point[mizo_region_point(r, "p-lamps")].node, -1);
    assert_int_equal(r->nobligation, 3);
    const mizo_obligation *o = &r->obligation[0]; /* of the town first, then by node */
    assert_int_equal(o->node, -1);
    assert_int_equal(o->to, day(2023, 7, 13));
    assert_int_equal(o->slot_from, 34);
    assert_int_equal(r->obligation[1].node, feeder);
    assert_int_equal(r->obligation[1].import_w, -1);
    assert_int_equal(r->obligation[1].export_w, 50000);
    assert_int_equal(r->obligation[2].import_w, 180000);
    assert_false(r->market_paid);
    assert_int_equal(r->town_peak_myen_per_kw + r->carbon_yen_per_t + r->unmatched_myen, 0);
    village v;
    village_load(&v);
    village_edit(&v, FILE_REGION, "x-remark",
                 "market_paid: yes\ntown_peak_yen_per_kw: 12000.5\n"
                 "town_standing_kw: 900\ncarbon_yen_per_t: 3000\n"
                 "unmatched_yen_per_kwh: 1.5\nx-remark");
    const mizo_region *q = build(&v);
    assert_true(q->market_paid);
    assert_int_equal(q->town_peak_myen_per_kw, 12000500);
    assert_int_equal(q->town_standing_w, 900000);
    assert_int_equal(q->carbon_yen_per_t, 3000);
    assert_int_equal(q->unmatched_myen, 1500);
    mizo_region_unref(q);
    village_free(&v);
}

/* A heater with its draw, a run, a charger that gives back, a relay's margin: what is said, and what blank means. */
static void what_a_real_site_adds(void **state)
{
    (void)state;
    village v;
    village_load(&v);
    village_edit(&v, FILE_BATTERIES, NULL,
                 "id,point,kind,energy_kwh,charge_kw,discharge_kw,loss_per_hour,own_pv_only,site_only\n"
                 "bat-depot,p-depot,,100,50,50,,yes,yes\nhot-water,p-depot,heater,20,5,,0.01,,\n");
    village_edit(&v, FILE_LOADS, "9:00,17:00,,\n",
                 "9:00,17:00,,\nshowers,p-depot,draw,,,hot-water,12,,18:00,21:00,,\n");
    village_edit(&v, FILE_CHARGERS, "efficiency,from,to\nch-1,p-depot,6,1.4,0.92,,",
                 "efficiency,from,to,give_back_kw\nch-1,p-depot,6,1.4,0.92,,,4");
    village_edit(&v, FILE_VEHICLES, "energy_kwh\nvan-1,ch-1,40",
                 "energy_kwh,give_back_to\nvan-1,ch-1,40,0.5");
    village_edit(
        &v, FILE_POINTS, NULL,
        "id,voltage,reading,tariff,contract_kw,keep_import_kw,agreed_kw\np-depot,high,slot,hv-day,700,2,600\n"
        "p-hall,high,slot,hv-day,90,,\np-lamps,low,lamp,lv-lamp,5,,\np-school,high,slot,hv-day,120,,\n");
    const mizo_region *r = build(&v);
    size_t first;
    mizo_ref depot = mizo_region_point(r, "p-depot");
    assert_int_equal(r->point[depot].keep_import_w, 2000);
    assert_int_equal(r->point[depot].agreed_w, 600000);
    assert_int_equal(r->point[mizo_region_point(r, "p-hall")].agreed_w, 0);
    assert_int_equal(mizo_region_battery_of(r, depot, &first), 2);
    assert_true(r->battery[first].own_pv_only && r->battery[first].site_only);
    assert_int_equal(r->battery[first].kind, MIZO_STORE_BATTERY);
    assert_int_equal(r->battery[first + 1].kind, MIZO_STORE_HEATER);
    assert_int_equal(r->battery[first + 1].loss_ppm_h, 10000);
    assert_int_equal(mizo_region_load_of(r, depot, &first), 2);
    const mizo_load *pump = &r->load[first], *showers = &r->load[first + 1];
    assert_int_equal(pump->kind, MIZO_LOAD_RUN);
    assert_int_equal(pump->power_w, 7500);
    assert_int_equal(pump->minutes, 90);
    assert_int_equal(pump->battery, -1);
    assert_int_equal(pump->slot_from, 18);
    assert_int_equal(showers->daytypes, 0xf);
    assert_int_equal(showers->energy_wh, 12000);
    assert_string_equal(r->battery[showers->battery].id, "hot-water");
    assert_int_equal(mizo_region_load_of(r, mizo_region_point(r, "p-hall"), &first), 0);
    assert_int_equal(r->charger[0].give_w, 4000);
    assert_int_equal(r->charger[0].give_ppm, 920000);
    assert_int_equal(r->charger[1].give_w, 0);
    assert_int_equal(mizo_region_vehicle_of(r, 0)->least_ppm, 500000);
    assert_int_equal(mizo_region_vehicle_of(r, 1)->least_ppm, 300000);
    assert_null(mizo_region_vehicle_of(r, -1));
    mizo_region_unref(r);
    village_free(&v);
}

static void look_ups(void **state)
{
    const mizo_region copy = *((world *)*state)->r,
                      *r = &copy; /* what is laid over a model is a copy of it */
    for (size_t i = 0; i < r->nfacility; i++)
        assert_int_equal(mizo_region_facility(r, r->facility[i].id), i);
    for (size_t i = 0; i < r->npoint; i++)
        assert_int_equal(mizo_region_point(r, r->point[i].id), i);
    for (size_t i = 0; i < r->npv; i++)
        assert_int_equal(mizo_region_pv(r, r->pv[i].id), i);
    assert_int_equal(mizo_region_plant(r, "mill"), 0);
    static const char *const none[] = { "", "a", "p-", "p-depot0", "p-hal", "zzz", "\xff" };
    for (size_t i = 0; i < ROWS(none); i++) {
        assert_int_equal(mizo_region_facility(r, none[i]), -1);
        assert_int_equal(mizo_region_point(r, none[i]), -1);
        assert_int_equal(mizo_region_pv(r, none[i]), -1);
        assert_int_equal(mizo_region_plant(r, none[i]), -1);
    }
    size_t first;
    mizo_ref depot = mizo_region_point(r, "p-depot"), school = mizo_region_point(r, "p-school");
    assert_int_equal(mizo_region_pv_of(r, school, &first), 1);
    assert_string_equal(r->pv[first].id, "pv-school");
    assert_int_equal(mizo_region_charger_of(r, depot, &first), 2);
    assert_int_equal(first, 0);
    assert_int_equal(mizo_region_battery_of(r, depot, &first), 1);
    assert_int_equal(mizo_region_battery_of(r, school, &first), 0);
    assert_int_equal(mizo_region_battery_of(r, -1, &first), 0);
    mizo_ref f = mizo_region_facility(r, "school");
    assert_int_equal(mizo_region_uses_of(r, f, &first), 2);
    int64_t share = 0;
    for (size_t i = first; i < first + 2; i++) {
        assert_int_equal(r->use[i].facility, f);
        share += r->use[i].share_ppm;
    }
    assert_int_equal(share, 1400000);
}

static void menus_by_day(void **state)
{
    const mizo_region *r = ((world *)*state)->r;
    mizo_ref p = mizo_region_point(r, "p-depot"), s = mizo_region_point(r, "p-school");
    assert_int_equal(mizo_region_menu_on(r, p, day(2022, 3, 31)), -1);
    assert_string_equal(r->menu[mizo_region_menu_on(r, p, day(2022, 4, 1))].id, "big-plain");
    assert_string_equal(r->menu[mizo_region_menu_on(r, p, day(2023, 3, 31))].id, "big-plain");
    assert_string_equal(r->menu[mizo_region_menu_on(r, p, day(2023, 4, 1))].id, "village-mix");
    assert_string_equal(r->menu[mizo_region_menu_on(r, p, day(2090, 4, 1))].id, "village-mix");
    assert_string_equal(r->menu[mizo_region_menu_on(r, s, day(2024, 3, 31))].id, "big-plain");
    assert_string_equal(r->menu[mizo_region_menu_on(r, s, day(2024, 4, 1))].id, "village-mix");
    assert_int_equal(mizo_region_menu_on(r, -1, day(2024, 4, 1)), -1);
}

static void prices(void **state)
{
    static const struct {
        int y, m, d, slot;
        int32_t myen;
    } rows[] = {
        {2023,  7,  4,  26, 26310}, /* Tuesday 13:00 in summer: the peak row stands first */
        { 2023, 7,  4,  25, 23180}, /* 12:30 */
        { 2023, 7,  4,  31, 26310}, /* 15:30 */
        { 2023, 7,  4,  32, 23180}, /* 16:00 */
        { 2023, 7,  4,  15, 16420}, /* 7:30, night */
        { 2023, 7,  4,  44, 16420}, /* 22:00 */
        { 2023, 7,  8,  26, 23180}, /* Saturday: no peak */
        { 2023, 7,  9,  26, 16420}, /* Sunday */
        { 2023, 7,  17, 26, 16420}, /* Marine Day, a Monday */
        { 2023, 8,  11, 26, 16420}, /* Mountain Day, a Friday */
        { 2023, 8,  15, 26, 16420}, /* a quiet weekday */
        { 2023, 10, 2,  26, 21890}, /* autumn: months 10-6 go over the new year */
        { 2024, 1,  9,  26, 21890},
        { 2024, 6,  28, 26, 21890},
        { 2024, 1,  2,  26, 16420}, /* quiet */
        { 2024, 1,  8,  26, 16420}, /* Coming of Age Day */
        { 2024, 2,  12, 26, 16420}, /* substitute for Sunday the 11th */
    };
    const mizo_region *r = ((world *)*state)->r;
    mizo_ref t = r->point[mizo_region_point(r, "p-depot")].tariff;
    for (size_t i = 0; i < ROWS(rows); i++) {
        int32_t got = mizo_region_rate(r, t, day(rows[i].y, rows[i].m, rows[i].d), rows[i].slot);
        if (got != rows[i].myen)
            fail_msg("%d-%02d-%02d slot %d: %d, not %d", rows[i].y, rows[i].m, rows[i].d, rows[i].slot, got,
                     rows[i].myen);
    }
    assert_int_equal(mizo_region_rate(r, -1, day(2023, 7, 4), 26), 0);
    assert_int_equal(mizo_region_rate(r, t, day(2023, 7, 4), 48), 0);
    assert_int_equal(mizo_region_rate(r, t, day(2023, 7, 4), -1), 0);
}

/* The table of prices says what "the first row that matches" says, for every slot of two years. */
static void prices_are_the_first_match(void **state)
{
    const mizo_region *r = ((world *)*state)->r;
    for (mizo_day d = day(2023, 1, 1); d < day(2025, 1, 1); d++) {
        int month = mizo_day_date(d).month - 1, type = (int)mizo_day_type(d);
        for (size_t t = 0; t < r->ntariff; t++)
            for (int s = 0; s < 48; s++) {
                const mizo_rate *k = r->rate + r->tariff[t].rate_first;
                while (!(k->months >> month & 1) || !(k->daytypes >> type & 1) || s < k->slot_from ||
                       s >= k->slot_to)
                    k++;
                assert_true(k < r->rate + r->tariff[t].rate_first + r->tariff[t].rate_count);
                assert_int_equal(mizo_region_rate(r, (mizo_ref)t, d, s), k->myen_per_kwh);
            }
    }
}

/* ---- the text that names a model ---- */

static void text_makes_the_same_model(void **state)
{
    world *w = *state;
    char *text = mizo_region_text(w->v.file, w->v.n);
    assert_non_null(text);
    const mizo_region *again = NULL;
    assert_int_equal(mizo_region_from_text(text, NULL, &again), MIZO_OK);
    assert_string_equal(again->hash, w->r->hash);
    assert_int_equal(again->nsupply, w->r->nsupply);
    assert_string_equal(again->facility[0].name_ja, w->r->facility[0].name_ja);
    mizo_region_unref(again);
    for (size_t cut = 0; cut < strlen(text); cut += 97) { /* a torn text is refused, not half read */
        char *part = strndup(text, cut);
        assert_int_equal(mizo_region_from_text(part, NULL, &again), MIZO_EINPUT);
        assert_null(again);
        free(part);
    }
    free(text);
}

static void replace_all(village *v, region_file f, char from, const char *to)
{
    const char *s = v->own[f];
    char *out = malloc(3 * strlen(s) + 4), *p = out;
    for (; *s; s++)
        p += *s == from ? sprintf(p, "%s", to) : (*p = *s, 1);
    village_put(v, f, out, (size_t)(p - out));
    free(out);
}

/* Line ends, a BOM, the order of the files: none of them is the town. */
static void the_same_town_has_the_same_name(void **state)
{
    world *w = *state;
    village v;
    village_load(&v);
    replace_all(&v, FILE_POINTS, '\n', "\r\n");
    replace_all(&v, FILE_USES, '\n', "\r");
    village_edit(&v, FILE_REGION, "# A village", "\xef\xbb\xbf# A village");
    mizo_file turned[FILE_COUNT];
    for (int i = 0; i < FILE_COUNT; i++)
        turned[i] = v.file[FILE_COUNT - 1 - i];
    memcpy(v.file, turned, sizeof turned);
    const mizo_region *r = build(&v);
    assert_string_equal(r->hash, w->r->hash);
    mizo_region_unref(r);
    memcpy(turned, w->v.file, sizeof turned);
    village_edit(&v, FILE_POINTS, "150", "151");
    for (int i = 0; i < FILE_COUNT; i++)
        if (strcmp(turned[i].name, "points.csv") == 0)
            turned[i] = (mizo_file){ "points.csv", v.own[FILE_POINTS], strlen(v.own[FILE_POINTS]) };
    memcpy(v.file, turned, sizeof turned);
    r = build(&v);
    assert_string_not_equal(r->hash, w->r->hash);
    mizo_region_unref(r);
    village_free(&v);
}

/* What a Japanese Excel saves. */
static void cp932_is_read(void **state)
{
    world *w = *state;
    village v;
    village_load(&v);
    village_edit(&v, FILE_BUILDINGS, NULL,
                 "id,name_ja\r\n"
                 "hall,\x95\xa1\x8d\x87\x93\x8f\r\n"
                 "depot-shed,\x8e\xd4\x8c\xc9\r\n"
                 "school-main,\x8d\x5a\x8e\xc9\r\n");
    const mizo_region *r = build(&v);
    assert_string_equal(r->building[0].name_ja, "車庫");
    assert_string_equal(r->building[1].name_ja, "複合棟");
    assert_string_equal(r->building[2].name_ja, w->r->building[2].name_ja);
    mizo_region_unref(r);
    village_free(&v);
}

static void only_four_files_are_needed(void **state)
{
    (void)state;
    village v;
    village_load(&v);
    village_edit(&v, FILE_POINTS, NULL, "id,voltage,reading,contract_kw\np,high,slot,10\n");
    village_edit(&v, FILE_USES, NULL, "Ｐoint, FACILITY \np,school\n");
    for (int f = 0; f < FILE_COUNT; f++)
        if (!region_files[f].needed)
            village_drop(&v, (region_file)f);
    mizo_diags *d = mizo_diags_new(0);
    const mizo_region *r = NULL;
    assert_int_equal(mizo_region_build(v.file, v.n, d, &r), MIZO_OK);
    assert_int_equal(mizo_diags_count(d, MIZO_INFO), 1); /* the point has no tariff */
    assert_int_equal(r->npv + r->nbattery + r->nplant + r->ntariff, 0);
    assert_int_equal(r->point[0].tariff, -1);
    assert_int_equal(r->use[0].share_ppm, MIZO_PPM);
    assert_int_equal(mizo_region_menu_on(r, 0, 19000), -1);
    mizo_region_unref(r);
    mizo_diags_free(d);
    village_free(&v);
}

/* ---- references ---- */

enum { HOLDERS = 4, TURNS = 20000 };

static void *hold(void *arg)
{
    const mizo_region *r = arg;
    int64_t sum = 0;
    for (int i = 0; i < TURNS; i++) {
        const mizo_region *mine = mizo_region_ref(r);
        sum += mine->point[i % 4].contract_w;
        mizo_region_unref(mine);
    }
    mizo_region_unref(r);
    return (void *)(intptr_t)sum;
}

static void references_across_threads(void **state)
{
    world *w = *state;
    const mizo_region *r = build(&w->v);
    pthread_t t[HOLDERS];
    for (int i = 0; i < HOLDERS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, hold, (void *)(uintptr_t)mizo_region_ref(r)), 0);
    mizo_region_unref(r); /* the threads keep it; whoever is last frees it */
    for (int i = 0; i < HOLDERS; i++) {
        void *sum;
        pthread_join(t[i], &sum);
        assert_int_equal((intptr_t)sum, (intptr_t)TURNS / 4 * (150000 + 90000 + 5000 + 120000));
    }
    mizo_region_unref(NULL);
    assert_null(mizo_region_ref(NULL));
}

/* ---- the page ---- */

static void the_page_says_what_the_rows_say(void **state)
{
    (void)state;
    size_t n;
    char *page = whole_file("docs/formats/region.md", &n);
    for (int f = 0; f < FILE_COUNT; f++) {
        buf table;
        buf_init(&table, 0);
        region_schema_table((region_file)f, "en", &table);
        if (!strstr(page, table.p))
            fail_msg("docs/formats/region.md and the rows differ on %s: see mizo check --schema",
                     region_files[f].name);
        buf_fini(&table);
    }
    free(page);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_what_the_files_say),
        cmocka_unit_test(lamps_are_summed),
        cmocka_unit_test(the_tree_of_nodes),
        cmocka_unit_test(what_a_real_site_adds),
        cmocka_unit_test(look_ups),
        cmocka_unit_test(menus_by_day),
        cmocka_unit_test(prices),
        cmocka_unit_test(prices_are_the_first_match),
        cmocka_unit_test(text_makes_the_same_model),
        cmocka_unit_test(the_same_town_has_the_same_name),
        cmocka_unit_test(cp932_is_read),
        cmocka_unit_test(only_four_files_are_needed),
        cmocka_unit_test(references_across_threads),
        cmocka_unit_test(the_page_says_what_the_rows_say),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
