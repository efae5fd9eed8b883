/* Weather in the store: readings and forecasts in, and out again as they were known at an instant. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import_town.h"
#include "mizo/messages/import.h"
#include "mizo/messages/weather.h"
#include "town/foresee/weather_fetch.h"
#include "town/foresee/weather_in.h"

static mizo_ms jst(const char *s)
{
    mizo_ms t;
    assert_int_equal(mizo_ms_parse(s, strlen(s), MIZO_JAPAN_OFFSET, &t), MIZO_OK);
    return t;
}

static mizo_day day_of(const char *s)
{
    mizo_date d;
    assert_int_equal(mizo_date_parse(s, strlen(s), &d), MIZO_OK);
    return mizo_date_day(d);
}

static void put_known(import_town *it, const char *text, const char *known)
{
    import_result r;
    import_options o = { .known = known ? jst(known) : 0 };
    mizo_err e = import_bytes(it, "w.csv", text, strlen(text), &o, &r);
    if (e)
        for (size_t i = 0; i < mizo_diags_kept(it->t.diags); i++) {
            char said[300];
            mizo_diag_text(mizo_diags_at(it->t.diags, i), "en", said, sizeof said);
            print_error("%s\n", said);
        }
    assert_int_equal(e, MIZO_OK);
}

static weather_slots *expected(import_town *it, const char *issued, const char *day, int ndays, bool hindcast)
{
    weather_slots *s = malloc(sizeof *s);
    weather_ask a = {
        .region = it->t.region, .store = it->t.store, .issued = jst(issued), .hindcast = hindcast
    };
    assert_non_null(s);
    assert_int_equal(weather_expected(&a, day_of(day), ndays, s), MIZO_OK);
    assert_int_equal(s->n, ndays * 48);
    return s;
}

/* A day of hours, each `v`, as our own table. */
static char *hours(const char *day, int first, int n, double v, const char *issued)
{
    char *text = malloc(200 + (size_t)n * 100);
    assert_non_null(text);
    int at = sprintf(text, "%sstart,step,temperature_c,irradiance_wm2\n", issued ? "issued," : "");
    mizo_ms t = mizo_slot_ms(mizo_day_slot(day_of(day), MIZO_JAPAN_OFFSET)) + first * (mizo_ms)3600000;
    for (int i = 0; i < n; i++) {
        char when[MIZO_INSTANT_TEXT];
        mizo_ms_text(t + i * (mizo_ms)3600000, MIZO_JAPAN_OFFSET, when);
        at += sprintf(text + at, "%s%s%s,60,%.2f,%d\n", issued ? issued : "", issued ? "," : "", when, v,
                      (int)(10 * v));
    }
    return text;
}

static void put_hours(import_town *it, const char *day, int first, int n, double v, const char *issued,
                      const char *known)
{
    char *text = hours(day, first, n, v, issued);
    put_known(it, text, known);
    free(text);
}

/* ---- versions ---- */

/* Each issue is known from its instant on, to the grain of a day; the newer one stands over the older. */
static void as_of(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    put_hours(&it, "2024-03-02", 0, 48, 10, "2024-02-29T18:00", NULL);
    put_hours(&it, "2024-03-02", 0, 48, 12, "2024-03-01T06:00", NULL);
    put_hours(&it, "2024-03-02", 0, 48, 14, "2024-03-01T18:00", NULL);
    static const struct {
        const char *issued;
        int32_t cc;
        int age;
        weather_source from;
    } row[] = {
        {"2024-02-29T17:59",  MIZO_MISSING, MIZO_MISSING, WEATHER_NONE     },
        { "2024-02-29T23:59", 1000,         359,          WEATHER_FORECAST },
        { "2024-03-01T07:00", 1000,         13 * 60,      WEATHER_FORECAST }, /* of two issues of a day the last */
        { "2024-03-02T00:00", 1400,         360,          WEATHER_FORECAST },
        { "2024-03-02T18:00", 1400,         1440,         WEATHER_FORECAST },
        { "2024-03-02T18:01", 1400,         1441,         WEATHER_LAST_GOOD},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        weather_slots *s = expected(&it, row[i].issued, "2024-03-03", 1, true);
        if (s->air.v[20] != row[i].cc || s->air.age_min[20] != row[i].age || s->air.from[20] != row[i].from)
            fail_msg("%s: %d, age %d, %s", row[i].issued, s->air.v[20], s->air.age_min[20],
                     weather_source_text((weather_source)s->air.from[20]));
        free(s);
    }
    import_town_close(&it);
}

/* A file of many issues, in any order of its rows; the same file again changes nothing. */
static void many_issues(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    static const char text[] = "issued,start,step,temperature_c\n"
                               "2024-03-02T06:00,2024-03-03T12:00,60,12\n"
                               "2024-03-01T06:00,2024-03-03T12:00,60,11\n"
                               "2024-03-01T06:00,2024-03-03T13:00,60,11\n"
                               "2024-02-29T06:00,2024-03-03T12:00,60,10\n"
                               "2024-02-29T06:00,2024-03-03T12:00,60,10\n";
    import_result r;
    assert_int_equal(import_text(&it, text, &r), MIZO_OK);
    assert_int_equal(r.added, 2);
    assert_int_equal(r.changed, 2);
    assert_int_equal(import_batches(&it), 4); /* an issue each, and the file in the register */
    assert_int_equal(import_text(&it, text, &r), MIZO_OK);
    assert_int_equal(r.added + r.changed + r.older, 0);
    assert_int_equal(r.same, 4);
    assert_int_equal(import_batches(&it), 4); /* an issue each, and the file in the register */
    static const struct {
        const char *issued;
        int32_t cc;
    } row[] = {
        {"2024-02-29T12:00",  1000},
        { "2024-03-01T12:00", 1100},
        { "2024-03-02T12:00", 1200}
    };
    for (int i = 0; i < 3; i++) {
        weather_slots *s = expected(&it, row[i].issued, "2024-03-03", 1, false);
        assert_int_equal(s->air.v[24], i ? (3 * row[i].cc + 1100) / 4 : 1000); /* 13:00 is 11 since March */
        free(s);
    }
    import_town_close(&it);
}

/* An issue that is older than what is known cannot be put beneath it: left out, and said. */
static void too_old_an_issue(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    put_hours(&it, "2024-03-03", 0, 24, 12, "2024-03-02T06:00", NULL);
    char *text = hours("2024-03-03", 0, 24, 9, "2024-03-01T06:00");
    import_result r;
    assert_int_equal(import_text(&it, text, &r), MIZO_OK);
    free(text);
    assert_int_equal(r.older, 48);
    assert_int_equal(r.added + r.changed, 0);
    assert_true(import_said(&it, MIZO_MSG_WEATHER_OLDER, 0, 0));
    /* of one day: the earlier one was replaced, which is no news */
    text = hours("2024-03-03", 0, 24, 9, "2024-03-02T05:00");
    assert_int_equal(import_text(&it, text, &r), MIZO_OK);
    free(text);
    assert_int_equal(r.older, 0);
    assert_int_equal(r.same, 48);
    weather_slots *s = expected(&it, "2024-03-03T00:00", "2024-03-03", 1, false);
    assert_int_equal(s->air.v[24], 1200);
    free(s);
    import_town_close(&it);
}

/* A wrong row: nothing is kept of any issue, and every mistake is named. */
static void all_or_nothing(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    static const char text[] = "issued,start,step,temperature_c\n"
                               "2024-03-01T06:00,2024-03-03T12:00,60,11\n"
                               "2024-03-04T06:00,2024-03-03T12:00,60,11\n" /* issued after it */
                               "2090-01-01T06:00,2090-01-02T12:00,60,11\n" /* not yet */
                               "2024-03-01T06:00,2024-03-03T12:30,60,11\n" /* off the hour */
                               "2024-03-01T06:00,2024-03-03T12:00,60,12\n" /* twice */
                               "2024-03-01T06:00,2024-03-03T14:00,60,hot\n";
    import_result r;
    assert_int_equal(import_text(&it, text, &r), MIZO_EINPUT);
    assert_int_equal(r.bad, 5);
    assert_true(import_said(&it, MIZO_MSG_WEATHER_ISSUED_LATE, 3, 0));
    assert_true(import_said(&it, MIZO_MSG_IMPORT_FUTURE, 4, 0) ||
                import_said(&it, MIZO_MSG_WEATHER_ISSUED_FUTURE, 4, 0));
    assert_true(import_said(&it, MIZO_MSG_IMPORT_OFF_STEP, 5, 0));
    assert_true(import_said(&it, MIZO_MSG_IMPORT_DUPLICATE, 6, 0));
    assert_true(import_said(&it, MIZO_MSG_IMPORT_BAD_NUMBER, 7, 38));
    assert_int_equal(import_batches(&it), 0);
    import_options o = { .skip_bad = true };
    assert_int_equal(import_bytes(&it, "a.csv", text, sizeof text - 1, &o, &r), MIZO_OK);
    assert_int_equal(r.added, 1);
    assert_int_equal(r.bad, 5);
    import_town_close(&it);
}

/* ---- the season stands in ---- */

static void climatology(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    /* three years of the days around 29 February, each of one temperature */
    put_hours(&it, "2021-02-20", 0, 24 * 20, 4, NULL, NULL);
    put_hours(&it, "2022-02-20", 0, 24 * 20, 6, NULL, NULL);
    put_hours(&it, "2023-02-20", 0, 24 * 20, 11, NULL, NULL);
    weather_slots *s = expected(&it, "2024-02-29T00:00", "2024-02-29", 1, true);
    assert_int_equal(s->air.v[24], 700);
    assert_int_equal(s->air.from[24], WEATHER_CLIMATOLOGY);
    assert_int_equal(s->air.age_min[24], MIZO_MISSING);
    assert_int_equal(s->ghi.from[24], WEATHER_CLIMATOLOGY);
    free(s);
    s = expected(&it, "2022-02-28T00:00", "2022-02-28", 1, true); /* later years have not been */
    assert_true(s->air.v[24] >= 400 && s->air.v[24] < 600);
    free(s);
    s = expected(&it, "2024-07-01T00:00", "2024-07-01", 1, true); /* no July was ever measured */
    assert_int_equal(s->air.v[24], MIZO_MISSING);
    assert_int_equal(s->air.from[24], WEATHER_NONE);
    free(s);
    /* a forecast for half of the day: the season for the rest */
    put_hours(&it, "2024-02-29", 6, 6, 20, "2024-02-28T18:00", NULL);
    s = expected(&it, "2024-02-29T00:00", "2024-02-29", 1, true);
    assert_int_equal(s->air.from[9], WEATHER_CLIMATOLOGY);
    assert_int_equal(s->air.from[12], WEATHER_FORECAST);
    assert_int_equal(s->air.v[12], 2000);
    assert_int_equal(s->air.from[24], WEATHER_CLIMATOLOGY);
    free(s);
    import_town_close(&it);
}

/* ---- nothing of the future ---- */

static void same_slots(const weather_slots *a, const weather_slots *b)
{
    assert_memory_equal(a->air.v, b->air.v, sizeof a->air.v);
    assert_memory_equal(a->air.from, b->air.from, sizeof a->air.from);
    assert_memory_equal(a->ghi.v, b->ghi.v, sizeof a->ghi.v);
}

/* Whatever comes to be known or happens after an instant changes nothing that was expected at it: forecasts
 * that were issued later, and readings of later hours, also where readings that came late are used. */
static void no_leak(void **state)
{
    (void)state;
    for (int hindcast = 0; hindcast < 2; hindcast++) {
        import_town it;
        import_town_open(&it);
        put_hours(&it, "2024-02-20", 0, 24 * 9 + 10, 8, NULL, "2024-02-29T10:00");
        put_hours(&it, "2024-02-29", 0, 24 * 3, 10, "2024-02-28T18:00", NULL);
        weather_slots *before = expected(&it, "2024-02-29T10:15", "2024-02-29", 4, hindcast);
        put_hours(&it, "2024-02-29", 11, 24 * 5, 30, "2024-02-29T10:16", NULL);
        put_hours(&it, "2024-03-01", 7, 24 * 4, 25, "2024-03-01T06:00", NULL);
        put_hours(&it, "2024-02-29", 11, 24 * 6, 40, NULL, "2024-03-09T00:00");
        weather_slots *after = expected(&it, "2024-02-29T10:15", "2024-02-29", 4, hindcast);
        same_slots(before, after);
        free(before);
        free(after);
        import_town_close(&it);
    }
}

/* What was measured shows up to the instant and no further; of an hour's two instants the later counts only
 * once it has been. */
static void met_until_now(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    static const char text[] =
        "start,step,temperature_c,irradiance_wm2\n"
        "2024-06-01T10:00,60,20,500\n2024-06-01T11:00,60,24,600\n2024-06-01T12:00,60,28,700\n";
    put_known(&it, text, NULL);
    int32_t air[48], ghi[48];
    weather_ask a = { .region = it.t.region, .store = it.t.store, .hindcast = true };
    a.issued = jst("2024-06-01T11:30");
    assert_int_equal(weather_met(&a, day_of("2024-06-01"), 1, air, ghi), MIZO_OK);
    assert_int_equal(air[20], 2100);
    assert_int_equal(air[21], 2300);
    assert_int_equal(air[22], 2400); /* 12:00 has not been */
    assert_int_equal(air[23], MIZO_MISSING);
    assert_int_equal(ghi[20] + ghi[21], 1000);
    assert_int_equal(ghi[22], MIZO_MISSING); /* the hour is not over */
    assert_int_equal(ghi[0], 0);             /* night */
    assert_int_equal(ghi[47], MIZO_MISSING); /* night, but to come */
    a.issued = jst("2024-06-01T13:00");
    assert_int_equal(weather_met(&a, day_of("2024-06-01"), 1, air, ghi), MIZO_OK);
    assert_int_equal(air[22], 2500);
    assert_int_equal(air[25], 2800);
    assert_int_equal(ghi[24] + ghi[25], 1400);
    a.hindcast = false; /* it was brought today: nobody knew it then */
    assert_int_equal(weather_met(&a, day_of("2024-06-01"), 1, air, ghi), MIZO_OK);
    assert_int_equal(air[20], MIZO_MISSING);
    import_town_close(&it);
}

/* A service's model of the past fills gaps, and never stands over what was measured. */
static void measured_first(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    static const char json[] =
        "{\"latitude\":35.5,\"longitude\":139.7,\"utc_offset_seconds\":32400,\"hourly_units\":{\"time\":\"iso8601\","
        "\"temperature_2m\":\"°C\"},\"hourly\":{\"time\":[\"2024-06-01T10:00\",\"2024-06-01T11:00\",\"2024-06-01T12:00\","
        "\"2024-06-01T13:00\"],\"temperature_2m\":[10,10,10,10]}}";
    put_known(&it, "start,temperature_c,irradiance_wm2\n2024-06-01T10:30,20,500\n", NULL);
    import_result r;
    import_options o = { .known = jst("2024-06-01T12:00") };
    assert_int_equal(import_bytes(&it, "w.json", json, sizeof json - 1, &o, &r), MIZO_OK);
    assert_string_equal(r.kind, "open-meteo");
    assert_int_equal(r.added, 4);
    int32_t air[48], ghi[48];
    weather_ask a = {
        .region = it.t.region, .store = it.t.store, .hindcast = true, .issued = jst("2024-06-02T00:00")
    };
    assert_int_equal(weather_met(&a, day_of("2024-06-01"), 1, air, ghi), MIZO_OK);
    assert_int_equal(air[20], 1000);
    assert_int_equal(air[21], 2000);
    assert_int_equal(air[24], 1000);
    assert_int_equal(air[26], MIZO_MISSING); /* 13:00 was a forecast */
    assert_int_equal(import_batches(&it), 2);
    import_town_close(&it);
}

static void elsewhere(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    static const char json[] =
        "{\"latitude\":51.5,\"longitude\":-0.12,\"utc_offset_seconds\":0,\"hourly_units\":{\"time\":\"iso8601\","
        "\"temperature_2m\":\"°C\"},\"hourly\":{\"time\":[\"2024-06-01T10:00\"],\"temperature_2m\":[10]}}";
    import_result r;
    assert_int_equal(import_bytes(&it, "w.json", json, sizeof json - 1, NULL, &r), MIZO_EINPUT);
    assert_true(import_said(&it, MIZO_MSG_WEATHER_ELSEWHERE, 0, 0));
    assert_int_equal(import_batches(&it), 0);
    import_town_close(&it);
}

/* ---- asking, with a client of our own ---- */

typedef struct played {
    mizo_err e;
    int status;
    const char *type, *body;
} played;

static played play;
static char asked[300];

static mizo_err play_get(const fetch_ask *ask, fetch_answer *out)
{
    *out = (fetch_answer){ .status = play.status };
    snprintf(asked, sizeof asked, "%s", ask->url);
    snprintf(out->type, sizeof out->type, "%s", play.type);
    buf_init(&out->body, ask->most + 1);
    buf_str(&out->body, play.body);
    return play.e;
}

static const fetch_client client = { .name = "played", .get = play_get };

static void fetching(void **state)
{
    (void)state;
    static const char good[] =
        "{\"utc_offset_seconds\":32400,\"hourly_units\":{\"time\":\"iso8601\",\"temperature_2m\":\"°C\"},"
        "\"hourly\":{\"time\":[\"2024-06-01T10:00\"],\"temperature_2m\":[10]}}";
    static const struct {
        played play;
        mizo_err is;
        mizo_msg id;
        const char *why;
    } row[] = {
        {{ MIZO_OK, 200, "application/json", good },                                  MIZO_OK,  0,                             NULL                       },
        { { MIZO_OK, 200, "application/json; charset=utf-8", good },                  MIZO_OK,  0,                             NULL                       },
        { { MIZO_OK, 200, "text/html", good },
         MIZO_EINPUT,                                                                           MIZO_MSG_WEATHER_BODY_TYPE,
         "an answer that is not JSON"                                                                                                                     },
        { { MIZO_OK, 200, "application/json", "{" },
         MIZO_EINPUT,                                                                           MIZO_MSG_WEATHER_JSON,
         "an answer that mizo cannot read"                                                                                                                },
        { { MIZO_OK, 200, "application/json", "" },
         MIZO_EINPUT,                                                                           MIZO_MSG_IMPORT_EMPTY,
         "an answer that mizo cannot read"                                                                                                                },
        { { MIZO_OK, 500, "text/plain", "oh" },                                       MIZO_EIO, MIZO_MSG_WEATHER_STATUS,       "status 500"               },
        { { MIZO_OK, 301, "text/plain", "" },                                         MIZO_EIO, MIZO_MSG_WEATHER_STATUS,       "status 301"               },
        { { MIZO_OK, 400, "application/json", "{\"error\":true,\"reason\":\"no\"}" },
         MIZO_EIO,                                                                              MIZO_MSG_WEATHER_SERVICE,
         "status 400"                                                                                                                                     },
        { { MIZO_OK, 400, "application/json", good },                                 MIZO_EIO, MIZO_MSG_WEATHER_STATUS,       "status 400"               },
        { { MIZO_EIO, 0, "", "" },                                                    MIZO_EIO, MIZO_MSG_WEATHER_FETCH_FAILED, "reading or writing failed"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        import_town it;
        import_town_open(&it);
        weather_fetch_options o = { .http = &client,
                                    .url = "https://example.org/f?a={lat}&b={lon}&key=secret" };
        import_result r;
        char why[WEATHER_WHY] = "";
        play = row[i].play;
        mizo_err e = weather_fetch(&it.t, &o, &r, why);
        if (e != row[i].is || (row[i].id && !import_said(&it, row[i].id, 0, 0)) ||
            (row[i].why && strcmp(why, row[i].why)))
            fail_msg("case %zu: %s, why \"%s\"", i, mizo_err_text(e), why);
        assert_string_equal(asked, "https://example.org/f?a=35.530900&b=139.703000&key=secret");
        for (size_t k = 0; k < mizo_diags_kept(it.t.diags); k++) { /* keys are nobody's business */
            char said[400];
            mizo_diag_text(mizo_diags_at(it.t.diags, k), "en", said, sizeof said);
            assert_null(strstr(said, "secret"));
        }
        assert_int_equal(import_batches(&it), e ? 0 : 1);
        import_town_close(&it);
    }
}

static void addresses(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    static const struct {
        const char *url;
        mizo_err is;
    } row[] = {
        {"https://h/{lat},{lon},{lat}", MIZO_OK    },
        { "http://h/",                  MIZO_OK    },
        { "ftp://h/",                   MIZO_EINPUT},
        { "file:///etc/passwd",         MIZO_EINPUT},
        { "https://",                   MIZO_EINPUT},
        { "https://h/a b",              MIZO_EINPUT},
        { "https://h/\n",               MIZO_EINPUT},
        { "h/",                         MIZO_EINPUT},
        { NULL,                         MIZO_ENOENT}, /* the village names none */
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        buf b;
        buf_init(&b, 1000);
        assert_int_equal(weather_address(it.t.region, row[i].url, NULL, &b), row[i].is);
        if (i == 0)
            assert_string_equal(b.p, "https://h/35.530900,139.703000,35.530900");
        buf_fini(&b);
    }
    import_town_close(&it);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_of),
        cmocka_unit_test(many_issues),
        cmocka_unit_test(too_old_an_issue),
        cmocka_unit_test(all_or_nothing),
        cmocka_unit_test(climatology),
        cmocka_unit_test(no_leak),
        cmocka_unit_test(met_until_now),
        cmocka_unit_test(measured_first),
        cmocka_unit_test(elsewhere),
        cmocka_unit_test(fetching),
        cmocka_unit_test(addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
