/* test_api.c: the API over a view that is known to the last Wh; the routes against web/openapi.json. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

static fixture village;

static int open_village(void **state)
{
    (void)state;
    return fixture_open(&village, getenv("MIZO_VILLAGE")) ? 0 : -1;
}

static int close_village(void **state)
{
    (void)state;
    fixture_close(&village);
    return 0;
}

/* The body of a path; the status must be `status`. To be freed. */
static char *body(const char *path, const char *const *words, int status)
{
    http_response out;
    fixture_get(&village, path, words, &out);
    assert_int_equal(out.status, status);
    char *text = buf_steal(&out.body);
    http_response_fini(&out);
    assert_non_null(text);
    return text;
}

static void has(const char *text, const char *piece)
{
    assert_non_null(text);
    if (!text || !strstr(text, piece))
        fail_msg("\"%s\" is not in %s", piece, text ? text : "");
}

static void town_is_now(void **state)
{
    (void)state;
    char *t = body("/api/v1/town", NULL, 200);
    has(t, "\"id\":\"village\"");
    has(t, "\"now\":\"2023-07-08T05:00:00+09:00\"");
    has(t, "\"slot\":10");
    has(t, "\"demand_wh\":[4000,4000,4000,4000,4000,4000,4000,4000,4000,4000,null");
    has(t, "\"grid_in_w\":8000");
    has(t, "\"demand_w\":8000");
    has(t, "\"rest_w\":0");
    has(t, "\"plan\":null");
    has(t, "\"alerts\":[]");
    free(t);
}

static void pages(void **state)
{
    (void)state;
    const char *const one[] = { "limit=1", NULL };
    char *t = body("/api/v1/sites", one, 200);
    has(t, "\"total\":3,");
    has(t, "\"next\":\"depot\"");
    free(t);
    const char *const rest[] = { "limit=5", "after=depot", NULL };
    t = body("/api/v1/sites", rest, 200);
    assert_null(strstr(t, "\"id\":\"depot\""));
    has(t, "\"id\":\"library\"");
    has(t, "\"next\":null");
    free(t);
}

static void search(void **state)
{
    (void)state;
    static const struct {
        const char *q, *total;
    } rows[] = {
        {"q=depot",               "\"total\":1,"},
        { "q=DEPOT",              "\"total\":1,"},
        { "q=Ｄｅｐｏｔ",    "\"total\":1,"}, /* full-width */
        { "q=図書館",          "\"total\":1,"},
        { "q=village library",    "\"total\":1,"},
        { "q=village　depot",    "\"total\":1,"}, /* an ideographic space */
        { "q=village",            "\"total\":3,"},
        { "q=",                   "\"total\":3,"},
        { "q=\u3067\u3077\u304a", "\"total\":0,"}, /* kana of no name: depuo */
        { "q=no such place",      "\"total\":0,"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const words[] = { rows[i].q, NULL };
        char *t = body("/api/v1/sites", words, 200);
        has(t, rows[i].total);
        free(t);
    }
}

static void one_site(void **state)
{
    (void)state;
    char *t = body("/api/v1/sites/library", NULL, 200);
    has(t, "\"id\":\"library\"");
    has(t, "\"power_w\":3800,\"slot\":9"); /* twice 1,900 Wh in the last slot */
    has(t, "\"shared_with\":[");
    free(t);
    t = body("/api/v1/sites/nowhere", NULL, 404);
    has(t, "\"id\":\"SERVER_NO_SUCH_SITE\"");
    has(t, "nowhere");
    free(t);
}

/* Each vehicle says what it wants and until when; the half-hour in hand its running mean. */
static void vans(void **state)
{
    (void)state;
    char *t = body("/api/v1/sites/depot", NULL, 200);
    has(t, "\"vehicles\":[{\"id\":\"");
    has(t, "\"state\":\"here\",\"impossible\":false,\"need_wh\":1500,\"now_w\":600,"
           "\"arrived\":\"2023-07-08T04:00:00+09:00\",\"depart\":\"2023-07-08T07:00:00+09:00\"");
    has(t, "\"mean_w\":1800");
    free(t);
}

/* A point that says nothing is counted, not left out. */
static void readings(void **state)
{
    (void)state;
    char *t = body("/api/v1/town", NULL, 200);
    has(t, "\"silent\":0}");
    free(t);
    int32_t was = village.view->point_now[0].demand_w;
    village.view->point_now[0].demand_w = MIZO_MISSING;
    t = body("/api/v1/town", NULL, 200);
    has(t, "\"silent\":1}");
    free(t);
    village.view->point_now[0].demand_w = was;
}

static void refusals(void **state)
{
    (void)state;
    static const struct {
        const char *path, *word, *id;
    } rows[] = {
        {"/api/v1/sites",            "limit=0",        "SERVER_BAD_LIMIT"        },
        { "/api/v1/sites",           "limit=201",      "SERVER_BAD_LIMIT"        },
        { "/api/v1/sites",           "limit=x",        "SERVER_BAD_LIMIT"        },
        { "/api/v1/sites",           "after=A B",      "SERVER_BAD_CURSOR"       },
        { "/api/v1/sites",           "page=2",         "SERVER_UNKNOWN_PARAMETER"},
        { "/api/v1/town",            "q=1",            "SERVER_UNKNOWN_PARAMETER"},
        { "/api/v1/sites/depot/day", "date=yesterday", "SERVER_BAD_DATE"         },
        { "/api/v1/achievement",     "fy=soon",        "SERVER_BAD_FY"           },
        { "/api/v1/desk",            "day=soon",       "SERVER_BAD_DATE"         },
        { "/api/v1/bills",           "month=July",     "SERVER_BAD_DATE"         },
        { "/api/v1/bills/c-depot",   "month=2023-13",  "SERVER_BAD_DATE"         },
        { "/api/v1/bills",           "day=2023-07-01", "SERVER_UNKNOWN_PARAMETER"},
        { "/api/v1/desk",            "month=2023-07",  "SERVER_UNKNOWN_PARAMETER"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const words[] = { rows[i].word, NULL };
        char *t = body(rows[i].path, words, 400);
        has(t, rows[i].id);
        has(t, "\"detail_ja\":");
        free(t);
    }
    free(body("/api/v1/sites/depot/day", (const char *const[]){ "date=2023-07-03", NULL },
              503)); /* no store here */
    free(body("/api/v1/desk", NULL, 503));
    free(body("/api/v1/bills", NULL, 503));
    assert_int_equal(api_find("/api/v1/bills", HTTP_GET, &(api_ids){ 0 }, NULL)->login, LOGIN_YES);
    assert_int_equal(api_find("/api/v1/bills/c-depot", HTTP_GET, &(api_ids){ 0 }, NULL)->login, LOGIN_YES);
}

static void without_view(void **state)
{
    (void)state;
    town_view *v = village.view;
    village.view = NULL;
    char *t = body("/api/v1/town", NULL, 503);
    has(t, "SERVER_STARTING");
    free(t);
    t = body("/api/v1/health", NULL, 503);
    has(t, "\"state\":\"starting\"");
    free(t);
    free(body("/api/v1/metrics", NULL, 200));
    village.view = v;
}

/* Every route is in web/openapi.json, and nothing else but the events and the file itself. */
static void routes_described(void **state)
{
    (void)state;
    buf file;
    buf_init(&file, 1 << 20);
    assert_int_equal(village.env->ops->read_file(village.env, getenv("MIZO_OPENAPI"), &file), MIZO_OK);
    size_t paths = 0;
    for (size_t i = 0; i < api_nroutes; i++) {
        static const char *const methods[] = { "get", "head", "post", "put", "delete" };
        char key[128], method[24];
        snprintf(key, sizeof key, "    \"%s\": {", api_routes[i].path);
        has(file.p, key);
        snprintf(method, sizeof method, "      \"%s\": {", methods[api_routes[i].method]);
        const char *here = strstr(file.p, key), *next = strstr(here + 1, "\n    \"/"),
                   *found = strstr(here, method);
        if (!found || (next && found > next))
            fail_msg("%s has no %s in the description", api_routes[i].path, methods[api_routes[i].method]);
        paths++;
        for (size_t k = 0; k < i; k++)
            paths -= strcmp(api_routes[k].path, api_routes[i].path) == 0;
        for (size_t k = 0; k < 4 && api_routes[i].params[k]; k++) {
            char name[64];
            snprintf(name, sizeof name, "\"name\": \"%s\"", api_routes[i].params[k]);
            has(strstr(file.p, key), name);
        }
    }
    size_t described = 0;
    for (const char *p = file.p; (p = strstr(p, "\n    \"/")) != NULL; p++)
        described++;
    assert_int_equal(described, paths + 2);
    has(file.p, "\n    \"/api/v1/events\": {");
    has(file.p, "\n    \"/api/v1/openapi.json\": {");
    buf_fini(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(town_is_now),      cmocka_unit_test(pages),    cmocka_unit_test(search),
        cmocka_unit_test(one_site),         cmocka_unit_test(refusals), cmocka_unit_test(without_view),
        cmocka_unit_test(routes_described), cmocka_unit_test(vans),     cmocka_unit_test(readings),
    };
    return cmocka_run_group_tests(tests, open_village, close_village);
}
