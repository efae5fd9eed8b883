/* What half-hours cost: vectors that can be checked with a pencil. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mizo/retail.h"

#define FILE_OF(name, text)                                                                                  \
    {                                                                                                        \
        name, text, sizeof(text) - 1                                                                         \
    }

/* 1,890 yen per kW and month, power factor 100 %, energy 20 yen from 8 to 22 on weekdays, else 12. */
static const mizo_file files[] = {
    FILE_OF("region.yaml",
            "format: 1\nid: r\nname_ja: r\nname_en: r\noffset_slots: 18\nlatitude: 35.5\n"
            "longitude: 139.7\nmarket_area: jepx-tokyo\ngrid_g_per_kwh: 421\ngrid_unverified: no\n"
            "feeder_kw: 2000\n"),
    FILE_OF("points.csv", "id,number,voltage,reading,tariff,contract_kw,standing_kw,export,from,to\n"
                          "large,,high,slot,by-agreement,600,300,yes,,\n"
                          "small,,high,slot,measured,400,300,yes,,\n"
                          "unknown-peak,,high,slot,measured,400,,yes,,\n"),
    FILE_OF("facilities.csv",
            "id,name_ja,name_en,kind,owner_code,bureau,entity,ward,group,latitude,longitude,"
            "floor_m2,pv_installable,from,to\n"
            "school,s,s,school,A-1,b,e,w,public,35.5,139.7,1000,yes,,\n"),
    FILE_OF("uses.csv", "facility,building,point,share,from,to\n"
                        "school,,large,1,,\nschool,,small,1,,\nschool,,unknown-peak,1,,\n"),
    FILE_OF("tariffs.csv",
            "id,name_ja,name_en,base_yen_per_kw,power_factor_pct,export_yen_per_kwh,measured_demand,"
            "unverified\n"
            "by-agreement,a,a,1890,100,8.5,no,no\n"
            "measured,m,m,1890,100,8.5,yes,no\n"),
    FILE_OF("rates.csv", "tariff,months,days,time_from,time_to,yen_per_kwh\n"
                         "by-agreement,,weekday,8:00,22:00,20\nby-agreement,,,,,12\n"
                         "measured,,weekday,8:00,22:00,20\nmeasured,,,,,12\n"),
};
static const mizo_region *region;

static int build(void **state)
{
    (void)state;
    mizo_diags *d = mizo_diags_new(0);
    mizo_err e = mizo_region_build(files, sizeof files / sizeof *files, d, &region);
    for (size_t i = 0; i < mizo_diags_kept(d) && e; i++) {
        char text[512];
        mizo_diag_text(mizo_diags_at(d, i), "en", text, sizeof text);
        print_message("# %s\n", text);
    }
    mizo_diags_free(d);
    return e ? -1 : 0;
}

static int drop(void **state)
{
    (void)state;
    mizo_region_unref(region);
    return 0;
}

static void cost_of(const char *point, mizo_day day, int days, const int32_t *in, const int32_t *out,
                    mizo_cost *c)
{
    mizo_site_cost(region, mizo_region_point(region, point), day, days, in, out, c);
}

static const mizo_tariff *tariff_of(const char *point)
{
    return &region->tariff[region->point[mizo_region_point(region, point)].tariff];
}

static const mizo_day monday = 18813; /* 2021-07-05 */

static int32_t import_wh[3 * 48], export_wh[3 * 48];

static void quiet(void)
{
    memset(import_wh, 0, sizeof import_wh);
    memset(export_wh, 0, sizeof export_wh);
}

/* 300 kW x 1,890 yen x 0.85 = 481,950 yen. */
static void base_charge(void **state)
{
    (void)state;
    assert_int_equal(mizo_base_charge(tariff_of("large"), 300000), 481950000000);
    mizo_tariff t = *tariff_of("large");
    t.power_factor_pct = 85; /* the usual: no bonus, no malus */
    assert_int_equal(mizo_base_charge(&t, 300000), 567000000000);
    t.power_factor_pct = 80; /* 5 points under: + 5 % */
    assert_int_equal(mizo_base_charge(&t, 300000), 595350000000);
    t.power_factor_pct = 0; /* no such rule */
    assert_int_equal(mizo_base_charge(&t, 1000), 1890000000);
}

/* A kW above the standing peak: twelve months of it. By agreement there is no such price. */
static void a_peak_stands_for_twelve_months(void **state)
{
    (void)state;
    assert_int_equal(mizo_peak_myen_per_kw(tariff_of("small")), 19278000);
    assert_int_equal(mizo_peak_myen_per_kw(tariff_of("large")), 0);
    assert_int_equal(mizo_over_agreed_myen_per_kw(tariff_of("large")),
                     2409750); /* a month and a half of it */
    int64_t year = 12 * mizo_base_charge(tariff_of("small"), 1000);
    assert_int_equal(mizo_peak_myen_per_kw(tariff_of("small")) * 1000, year);
}

static void energy_by_the_hour(void **state)
{
    (void)state;
    quiet();
    import_wh[15] = 1000; /* 7:30 Monday: 12 yen */
    import_wh[16] = 1500; /* 8:00: 20 yen */
    import_wh[43] = 1;    /* 21:30: 20 yen */
    import_wh[44] = 2000; /* 22:00: 12 yen */
    mizo_cost c;
    cost_of("small", monday, 1, import_wh, export_wh, &c);
    assert_int_equal(c.bought_wh, 4501);
    assert_int_equal(c.energy, 12000000 + 30000000 + 20000 + 24000000);
    assert_int_equal(c.peak, 0);
    assert_int_equal(c.peak_w, 4000);
    assert_int_equal(c.total, c.energy);
}

/* Saturday is not a weekday; the second day of a run has its own day type. */
static void day_types_are_of_the_day(void **state)
{
    (void)state;
    quiet();
    import_wh[20] = import_wh[48 + 20] = 1000;
    mizo_cost c;
    cost_of("small", monday + 4, 2, import_wh, NULL, &c); /* Friday, Saturday */
    assert_int_equal(c.energy, 20000000 + 12000000);
}

/* 310 kW against 300 standing: 10 x 19,278 yen; below it: free. */
static void only_above_the_standing_peak(void **state)
{
    (void)state;
    quiet();
    import_wh[20] = 155000;
    mizo_cost c;
    cost_of("small", monday, 1, import_wh, NULL, &c);
    assert_int_equal(c.peak_w, 310000);
    assert_int_equal(c.peak, 192780000000);
    import_wh[20] = 150000;
    cost_of("small", monday, 1, import_wh, NULL, &c);
    assert_int_equal(c.peak, 0);
    import_wh[20] = 155000;
    cost_of("large", monday, 1, import_wh, NULL, &c); /* by agreement */
    assert_int_equal(c.peak, 0);
    cost_of("unknown-peak", monday, 1, import_wh, NULL, &c); /* nobody knows the old peak */
    assert_int_equal(c.peak, 0);
}

static void export_is_income(void **state)
{
    (void)state;
    quiet();
    export_wh[24] = 3001;
    import_wh[0] = 1000;
    mizo_cost c;
    cost_of("large", monday, 1, import_wh, export_wh, &c);
    assert_int_equal(c.sold_wh, 3001);
    assert_int_equal(c.sold, 3001 * 8500);
    assert_int_equal(c.total, 12000000 - 3001 * 8500);
}

static void missing_is_counted_and_not_zero_kwh_at_a_price(void **state)
{
    (void)state;
    quiet();
    import_wh[3] = import_wh[4] = MIZO_MISSING;
    export_wh[5] = MIZO_MISSING;
    import_wh[6] = 10;
    mizo_cost c;
    cost_of("large", monday, 1, import_wh, export_wh, &c);
    assert_int_equal(c.missing, 2);
    assert_int_equal(c.bought_wh, 10);
    assert_int_equal(c.sold_wh, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_charge),
        cmocka_unit_test(a_peak_stands_for_twelve_months),
        cmocka_unit_test(energy_by_the_hour),
        cmocka_unit_test(day_types_are_of_the_day),
        cmocka_unit_test(only_above_the_standing_peak),
        cmocka_unit_test(export_is_income),
        cmocka_unit_test(missing_is_counted_and_not_zero_kwh_at_a_price),
    };
    return cmocka_run_group_tests(tests, build, drop);
}
