/* Outlines of wards from GeoJSON: pieces of one name come together, every mistake has its line, the picture has one scale. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mizo/messages/region.h"
#include "region/wards.h"

#define SQUARE(x, y) "[[" x "," y "],[" x "5," y "],[" x "5," y "5],[" x "," y "5],[" x "," y "]]"

static mizo_err read_text(const char *text, const char *key, mizo_diags **d, wards *w)
{
    *d = mizo_diags_new(50);
    return wards_read("w.geojson", text, strlen(text), key, "name_en", *d, w);
}

static void pieces_of_one_name_are_one_ward(void **state)
{
    (void)state;
    static const char text[] =
        "{\"type\":\"FeatureCollection\",\"features\":[\n"
        "{\"properties\":{\"id\":1,\"name\":\"中原区\",\"name_en\":\"Nakahara\"},\n"
        " \"geometry\":{\"type\":\"Polygon\",\"coordinates\":[" SQUARE(
            "139.1",
            "35.1") "]}},\n"
                    "{\"geometry\":{\"coordinates\":[[" SQUARE("139.2", "35.2") "],[" SQUARE(
                        "139.3",
                        "35.3") "]],"
                                "\"type\":\"MultiPolygon\"},\"properties\":{\"name\":\"高津区\"}},\n"
                                "{\"properties\":{\"name\":\"中原区\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[" SQUARE(
                                    "139.4", "35.4") "]}}]}";
    mizo_diags *d;
    wards w;
    assert_int_equal(read_text(text, "name", &d, &w), MIZO_OK);
    assert_int_equal(w.n, 2);
    assert_int_equal(w.nring, 4);
    assert_int_equal(w.npoint, 16); /* what closes a ring is not kept */
    assert_int_equal(wards_find(&w, "中原区"), 0);
    assert_int_equal(wards_find(&w, "幸区"), -1);
    assert_string_equal(w.ward[0].name_en, "Nakahara");
    assert_int_equal(w.ward[1].line, 4);
    assert_int_equal(w.ring[3].ward, 0);
    assert_int_equal(w.point[1].lon_e6, 139150000);
    wards_free(&w);
    mizo_diags_free(d);
}

static void degrees_are_rounded_once(void **state)
{
    (void)state;
    static const char text[] =
        "{\"features\":[{\"properties\":{\"n\":\"a\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
        "[[[-0.00000049,35.1234565],[139.99999949,35],[139,-36.0000005],[-0.00000049,35.1234565]]]}}]}";
    mizo_diags *d;
    wards w;
    assert_int_equal(read_text(text, "n", &d, &w), MIZO_OK);
    assert_int_equal(w.point[0].lon_e6, 0);
    assert_int_equal(w.point[0].lat_e6, 35123457);
    assert_int_equal(w.point[1].lon_e6, 139999999);
    assert_int_equal(w.point[2].lat_e6, -36000001);
    wards_free(&w);
    mizo_diags_free(d);
}

/* clang-format off */
static const struct {
    const char *text;
    mizo_msg id;
    int line;
} wrong[] = {
    {"[]",                                                                                            MIZO_MSG_WARDS_COLLECTION, 1},
    { "{}",                                                                                           MIZO_MSG_WARDS_COLLECTION, 1},
    { "{\"features\":[]}",                                                                            MIZO_MSG_WARDS_COLLECTION, 1},
    { "{\"features\":7}",                                                                             MIZO_MSG_WARDS_COLLECTION, 1},
    { "{\"features\":[\n7]}",                                                                         MIZO_MSG_WARDS_FEATURE,    2},
    { "{\"features\":[\n\n{}]}",                                                                      MIZO_MSG_WARDS_SHAPE,      3},
    { "{\"features\":[{\"properties\":{\"name\":\"a\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[\n1,2]}}]}",
     MIZO_MSG_WARDS_POSITION,                                                                                                    2},
    { "{\"features\":[{\"properties\":{\"ward\":\"a\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[" SQUARE("1.1", "2.1") "]}}]}",
     MIZO_MSG_WARDS_NAME,                                                                                                        1},
    { "{\"features\":[{\"properties\":{\"name\":\"a\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4],[1,2]]]}}]}",
     MIZO_MSG_WARDS_RING,                                                                                                        1},
    { "{\"features\":[{\"properties\":{\"name\":\"a\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4],[5,6],\n[7,8]]]}}]}",
     MIZO_MSG_WARDS_RING,                                                                                                        2},
    { "{\"features\":[{\"properties\":{\"name\":\"a\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[\n[-12000.5,2],[3,4],[5,6],[-12000.5,2]]]}}]}",
     MIZO_MSG_WARDS_DEGREES,                                                                                                     2},
    { "{\"features\":[{\"properties\":{\"name\":\"a\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[1e1,2],[3,4],[5,6],[1e1,2]]]}}]}",
     MIZO_MSG_WARDS_DEGREES,                                                                                                     1},
    { "{\"crs\":{\"type\":\"name\",\"properties\":{\n\"name\":\"EPSG:6677\"}}}",                      MIZO_MSG_WARDS_REFERENCE,  2},
    { "{\"features\":[{\"properties\":{\"name\":\"a",                                                 MIZO_MSG_WARDS_JSON,       1},
    { "{\"features\":[{\"properties\":{\"name\":\"a\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[" SQUARE("1.1", "2.1") "]}}]}\n,",
     MIZO_MSG_WARDS_JSON,                                                                                                        2},
};
/* clang-format on */

static void each_mistake_has_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        mizo_diags *d;
        wards w;
        assert_int_equal(read_text(wrong[i].text, "name", &d, &w), MIZO_EINPUT);
        const mizo_diag *first = mizo_diags_at(d, 0);
        if (first->id != wrong[i].id || first->at.line != wrong[i].line)
            fail_msg("%s: %s on line %d", wrong[i].text, mizo_msg_name(first->id), first->at.line);
        assert_null(w.point);
        mizo_diags_free(d);
    }
}

static void all_mistakes_at_once(void **state)
{
    (void)state;
    mizo_diags *d;
    wards w;
    assert_int_equal(read_text("{\"features\":[7,8,{}]}", "name", &d, &w), MIZO_EINPUT);
    assert_int_equal(mizo_diags_count(d, MIZO_ERROR), 3);
    mizo_diags_free(d);
}

static void the_picture_has_one_scale(void **state)
{
    (void)state;
    wards_frame f = { .west_e6 = 1 };
    int32_t x, y;
    wards_frame_add(&f, (ward_point){ 139000000, 60000000 });
    wards_frame_add(&f, (ward_point){ 140000000, 60000000 });
    wards_frame_add(&f, (ward_point){ 139500000, 59500000 });
    wards_frame_add(&f, (ward_point){ 139500000, 60500000 });
    wards_frame_done(&f, 1000);
    assert_in_range(f.high, 1990, 2010); /* at 60 degrees a degree east is half a degree north */
    wards_place(&f, (ward_point){ 139000000, 60500000 }, &x, &y);
    assert_int_equal(x, 0);
    assert_int_equal(y, 0);
    wards_place(&f, (ward_point){ 140000000, 59500000 }, &x, &y);
    assert_int_equal(x, 1000);
    assert_int_equal(y, f.high);
}

static void a_path_leaves_out_what_cannot_be_seen(void **state)
{
    (void)state;
    static const char text[] =
        "{\"features\":[{\"properties\":{\"n\":\"a\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
        "[[[0,0],[0.00001,0],[1,0],[1,1],[0,0]]]}}]}";
    mizo_diags *d;
    wards w;
    wards_frame f = { .west_e6 = 1 };
    buf out;
    assert_int_equal(read_text(text, "n", &d, &w), MIZO_OK);
    for (size_t i = 0; i < w.npoint; i++)
        wards_frame_add(&f, w.point[i]);
    wards_frame_done(&f, 100);
    buf_init(&out, 1000);
    wards_path(&w, 0, &f, &out);
    assert_string_equal(out.p, "M0 100L100 100L100 0Z");
    buf_fini(&out);
    wards_free(&w);
    mizo_diags_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_of_one_name_are_one_ward),
        cmocka_unit_test(degrees_are_rounded_once),
        cmocka_unit_test(each_mistake_has_its_place),
        cmocka_unit_test(all_mistakes_at_once),
        cmocka_unit_test(the_picture_has_one_scale),
        cmocka_unit_test(a_path_leaves_out_what_cannot_be_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
