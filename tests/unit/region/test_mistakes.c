/* Every mistake that a region directory can have: the file that was edited, and what is said of it. */
#include "village.h"

#include "mizo/messages/match.h"
#include "mizo/messages/region.h"

typedef struct mistake {
    region_file file;
    const char *from, *to; /* from NULL: the whole file; to NULL: the file is not there */
    mizo_msg said;
    region_file at;
    int line, column;
    size_t count;      /* diagnoses in all: one mistake is not said twice */
    const char *words; /* that the English text has */
} mistake;

#define M(id) MIZO_MSG_REGION_##id
/* clang-format off */
static const mistake mistakes[] = {
#include "mistakes.inc"
};
/* clang-format on */

static bool said_there(const mizo_diag *d, const mistake *m)
{
    char text[2048];
    mizo_diag_text(d, "en", text, sizeof text);
    return d->id == m->said && d->at.file && strcmp(d->at.file, region_files[m->at].name) == 0 &&
           d->at.line == m->line && d->at.column == m->column && strstr(text, m->words);
}

static void show_all(const mizo_diags *d)
{
    for (size_t i = 0; i < mizo_diags_kept(d); i++) {
        const mizo_diag *one = mizo_diags_at(d, i);
        char text[2048];
        mizo_diag_text(one, "en", text, sizeof text);
        print_message("#   %s %s:%d:%d: %s\n", mizo_msg_name(one->id), one->at.file ? one->at.file : "-",
                      one->at.line, one->at.column, text);
    }
}

static bool fine(const mistake *m, mizo_err e, const mizo_region *r, const mizo_diags *d)
{
    bool found = false;
    for (size_t i = 0; i < mizo_diags_kept(d); i++)
        found = found || said_there(mizo_diags_at(d, i), m);
    size_t errors = mizo_diags_count(d, MIZO_ERROR);
    bool right = errors ? e == MIZO_EINPUT && !r : e == MIZO_OK && r;
    return found && right && mizo_diags_count(d, MIZO_INFO) == m->count;
}

static void each_is_said(void **state)
{
    (void)state;
    int bad = 0;
    for (size_t i = 0; i < ROWS(mistakes); i++) {
        const mistake *m = &mistakes[i];
        village v;
        village_load(&v);
        if (m->to)
            village_edit(&v, m->file, m->from, m->to);
        else
            village_drop(&v, m->file);
        mizo_diags *d = mizo_diags_new(0);
        const mizo_region *r = NULL;
        mizo_err e = mizo_region_build(v.file, v.n, d, &r);
        if (!fine(m, e, r, d)) {
            bad++;
            print_message("# row %zu, %s: expected %s at %s:%d:%d \"%s\", %zu in all; got %s, %zu:\n", i,
                          region_files[m->file].name, mizo_msg_name(m->said), region_files[m->at].name,
                          m->line, m->column, m->words, m->count, mizo_err_text(e),
                          mizo_diags_count(d, MIZO_INFO));
            show_all(d);
        }
        mizo_region_unref(r);
        mizo_diags_free(d);
        village_free(&v);
    }
    assert_int_equal(bad, 0);
}

/* Mistakes in several files are said at one go. */
static void all_at_once(void **state)
{
    (void)state;
    village v;
    village_load(&v);
    village_edit(&v, FILE_REGION, "latitude:", "latitud:");
    village_edit(&v, FILE_POINTS, "p-depot,0300000000000000000003,high", "p-depot,03,hi");
    village_edit(&v, FILE_USES, "library,hall,p-hall", "libary,hall,p-hall");
    village_edit(&v, FILE_BATTERIES, "100,50,50", "100,,50");
    village_edit(&v, FILE_SUPPLY, "2023-04-01,\n", "2023-13-01,\n");
    village_edit(&v, FILE_LAMPS, "42", "many");
    mizo_diags *d = mizo_diags_new(0);
    const mizo_region *r = NULL;
    assert_int_equal(mizo_region_build(v.file, v.n, d, &r), MIZO_EINPUT);
    assert_null(r);
    assert_int_equal(mizo_diags_count(d, MIZO_ERROR), 7);
    assert_int_equal(mizo_diags_count(d, MIZO_WARNING), 8);
    for (size_t i = 1; i < mizo_diags_kept(d); i++) { /* in the order of files and lines */
        const mizo_diag *a = mizo_diags_at(d, i - 1), *b = mizo_diags_at(d, i);
        region_file fa = region_file_named(a->at.file), fb = region_file_named(b->at.file);
        assert_true(fa < fb || (fa == fb && a->at.line <= b->at.line));
    }
    mizo_diags_free(d);
    village_free(&v);
}

/* Two copies of one file, a NUL byte, a file beyond the bound. */
static void odd_files(void **state)
{
    (void)state;
    village v;
    village_load(&v);
    mizo_file twice[FILE_COUNT + 1];
    memcpy(twice, v.file, sizeof v.file);
    twice[FILE_COUNT] = v.file[FILE_PV];
    mizo_diags *d = mizo_diags_new(0);
    const mizo_region *r = NULL;
    assert_int_equal(mizo_region_build(twice, FILE_COUNT + 1, d, &r), MIZO_EINPUT);
    assert_int_equal(mizo_diags_at(d, 0)->id, M(FILE_TWICE));
    mizo_diags_clear(d);
    village_put(&v, FILE_MENUS, "id\n\0", 4);
    assert_int_equal(mizo_region_build(v.file, v.n, d, &r), MIZO_EINPUT);
    assert_int_equal(mizo_diags_at(d, 0)->id, M(NUL));
    assert_int_equal(mizo_diags_at(d, 0)->at.line, 2);
    mizo_diags_clear(d);
    v.file[FILE_MENUS] = (mizo_file){ "menus.csv", "", SIZE_MAX / 2 }; /* never looked at */
    assert_int_equal(mizo_region_build(v.file, v.n, d, &r), MIZO_EINPUT);
    assert_int_equal(mizo_diags_at(d, 0)->id, M(FILE_BIG));
    mizo_diags_free(d);
    village_free(&v);
}

/* One bad asset never stops the town: the others are there. */
static void bad_asset_is_disabled(void **state)
{
    (void)state;
    village v;
    village_load(&v);
    village_edit(&v, FILE_PV, "60,50,10", "60,50,99");
    village_edit(&v, FILE_CHARGERS, "ch-2,p-depot,6,1.4", "ch-2,p-depot,6,14");
    village_edit(&v, FILE_PLANTS, "500,0.6", "500,1.6");
    mizo_diags *d = mizo_diags_new(0);
    const mizo_region *r = NULL;
    assert_int_equal(mizo_region_build(v.file, v.n, d, &r), MIZO_OK);
    assert_int_equal(mizo_diags_count(d, MIZO_ERROR), 0);
    assert_int_equal(
        mizo_diags_count(d, MIZO_WARNING),
        11); /* the van of ch-2, the furnaces, the plan, the sources and the share of the mill too */
    assert_int_equal(r->npv, 1);
    assert_int_equal(mizo_region_pv(r, "pv-depot"), -1);
    assert_int_equal(mizo_region_pv(r, "pv-school"), 0);
    assert_int_equal(r->ncharger, 1);
    assert_int_equal(r->nvehicle, 1);
    assert_string_equal(r->vehicle[0].id, "van-1");
    assert_int_equal(r->nplant, 0);
    mizo_region_unref(r);
    mizo_diags_free(d);
    village_free(&v);
}

/* Both languages have words for every parameter, and none is left open. */
static void both_languages(void **state)
{
    (void)state;
    mizo_msg id;
    for (size_t i = 0; (id = mizo_msg_at(i)) != 0; i++) {
        if (strncmp(mizo_msg_name(id), "REGION_", 7))
            continue;
        mizo_diags *d = mizo_diags_new(0);
        mizo_diag_add(d, id, MIZO_NOWHERE, "<0>", "<1>", "<2>", "<3>", "<4>", "<5>", (const char *)NULL);
        char en[1024], ja[1024];
        mizo_diag_text(mizo_diags_at(d, 0), "en", en, sizeof en);
        mizo_diag_text(mizo_diags_at(d, 0), "ja", ja, sizeof ja);
        assert_string_not_equal(en, ja);
        for (int k = 0; k < MIZO_DIAG_PARAMS; k++) {
            const char mark[] = { '<', (char)('0' + k), '>', 0 };
            assert_int_equal(strstr(en, mark) != NULL, strstr(ja, mark) != NULL);
        }
        mizo_diags_free(d);
    }
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_said),   cmocka_unit_test(all_at_once),
        cmocka_unit_test(odd_files),      cmocka_unit_test(bad_asset_is_disabled),
        cmocka_unit_test(both_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
