/* test_query.c: what a request may say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/kana.h"
#include "server/query.h"
#include "server/server.h"

static void words(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        mizo_err e;
    } rows[] = {
        {"q=abc",                     MIZO_OK    },
        { "q=again",                  MIZO_EINPUT},
        { "limit=5",                  MIZO_OK    },
        { "=x",                       MIZO_EINPUT},
        { "flag",                     MIZO_OK    },
        { "a=b=c",                    MIZO_OK    },
        { "n=\xe4\xb8\xad",           MIZO_OK    },
        { "m=\xff",                   MIZO_EINPUT},
        { "c=a\nb",                   MIZO_EINPUT},
        { "aaaaaaaaaaaaaaaaaaaaaa=1", MIZO_EFULL },
    };
    query q = { 0 };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(query_add(&q, rows[i].text, strlen(rows[i].text)), rows[i].e);
    assert_int_equal(q.n, 5);
    assert_string_equal(query_get(&q, "q"), "abc");
    assert_string_equal(query_get(&q, "a"), "b=c");
    assert_string_equal(query_get(&q, "flag"), "");
    assert_null(query_get(&q, "none"));
    const char *const known[] = { "q", "limit", "flag", "a" };
    assert_string_equal(query_stranger(&q, known, 4), "n");
}

static void too_many(void **state)
{
    (void)state;
    query q = { 0 };
    char text[] = "a=1";
    for (int i = 0; i < QUERY_PARAMS; i++, text[0]++)
        assert_int_equal(query_add(&q, text, 3), MIZO_OK);
    assert_int_equal(query_add(&q, "z=1", 3), MIZO_EFULL);
    char big[QUERY_VALUE + 8] = "b=";
    memset(big + 2, 'x', QUERY_VALUE);
    query r = { 0 };
    assert_int_equal(query_add(&r, big, 2 + QUERY_VALUE - 1), MIZO_OK);
    query s = { 0 };
    assert_int_equal(query_add(&s, big, 2 + QUERY_VALUE), MIZO_EFULL);
    assert_int_equal(s.n, 0);
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        mizo_err e;
        int64_t v;
    } rows[] = {
        {"n=1",                    MIZO_OK,     1  },
        { "n=200",                 MIZO_OK,     200},
        { "n=0",                   MIZO_ERANGE, 7  },
        { "n=201",                 MIZO_ERANGE, 7  },
        { "n=-1",                  MIZO_EINPUT, 7  },
        { "n=",                    MIZO_EINPUT, 7  },
        { "n=1e2",                 MIZO_EINPUT, 7  },
        { "m=3",                   MIZO_OK,     7  },
        { "n=9999999999999999999", MIZO_EINPUT, 7  },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        query q = { 0 };
        int64_t v = 7;
        assert_int_equal(query_add(&q, rows[i].text, strlen(rows[i].text)), MIZO_OK);
        assert_int_equal(query_int(&q, "n", 1, 200, &v), rows[i].e);
        assert_int_equal(v, rows[i].v);
    }
}

static void days(void **state)
{
    (void)state;
    query q = { 0 };
    mizo_day d = 0;
    assert_int_equal(query_day(&q, "date", &d), MIZO_EINPUT);
    assert_int_equal(query_add(&q, "date=2021-07-05", 15), MIZO_OK);
    assert_int_equal(query_day(&q, "date", &d), MIZO_OK);
    assert_int_equal(d, mizo_date_day((mizo_date){ 2021, 7, 5 }));
    query bad = { 0 };
    assert_int_equal(query_add(&bad, "date=2021-02-30", 15), MIZO_OK);
    assert_int_equal(query_day(&bad, "date", &d), MIZO_EINPUT);
}

static void paths(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *path, *id;
    } rows[] = {
        {"/api/v1/town",            "/api/v1/town",                                            ""       },
        { "/api/v1/town",           "/api/v1/town/",                                           NULL     },
        { "/api/v1/town",           "/api/v1/tow",                                             NULL     },
        { "/api/v1/sites/{id}",     "/api/v1/sites/depot-1",                                   "depot-1"},
        { "/api/v1/sites/{id}",     "/api/v1/sites/",                                          NULL     },
        { "/api/v1/sites/{id}",     "/api/v1/sites/Depot",                                     NULL     },
        { "/api/v1/sites/{id}",     "/api/v1/sites/a.b",                                       NULL     },
        { "/api/v1/sites/{id}",     "/api/v1/sites/a/day",                                     NULL     },
        { "/api/v1/sites/{id}/day", "/api/v1/sites/a/day",                                     "a"      },
        { "/api/v1/sites/{id}",     "/api/v1/sites/aaaaaaaaaabbbbbbbbbbccccccccccdddddddddde", NULL     },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        api_ids ids = { 0 };
        bool ok = path_match(rows[i].pattern, rows[i].path, &ids);
        assert_int_equal(ok, rows[i].id != NULL);
        if (ok)
            assert_string_equal(ids.id, rows[i].id);
    }
    api_ids both = { 0 };
    assert_true(path_match("/api/v1/records/{kind}/{id}", "/api/v1/records/note/a-1", &both));
    assert_string_equal(both.kind, "note");
    assert_string_equal(both.id, "a-1");
    assert_false(path_match("/api/v1/records/{kind}/{id}", "/api/v1/records/note", &both));
}

static void listen_words(void **state)
{
    (void)state;
    static const struct {
        const char *text, *address;
        int port;
    } rows[] = {
        {"127.0.0.1:8080", "127.0.0.1", 8080 },
        { "8081",          "127.0.0.1", 8081 },
        { ":0",            "",          0    },
        { "[::1]:80",      "::1",       80   },
        { "localhost:9",   "127.0.0.1", 9    },
        { "0.0.0.0:65535", "0.0.0.0",   65535},
        { "1.2.3.4:65536", NULL,        0    },
        { "1.2.3.4:",      NULL,        0    },
        { "::1:80",        NULL,        0    },
        { "[::1]",         NULL,        0    },
        { "",              NULL,        0    },
        { "a:b",           NULL,        0    },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char address[80];
        int port = -1;
        mizo_err e = server_listen_parse(rows[i].text, address, sizeof address, &port);
        assert_int_equal(e, rows[i].address ? MIZO_OK : MIZO_EINPUT);
        if (e)
            continue;
        assert_string_equal(address, rows[i].address);
        assert_int_equal(port, rows[i].port);
    }
    assert_true(server_loopback("127.0.0.1"));
    assert_true(server_loopback("::1"));
    assert_false(server_loopback(""));
    assert_false(server_loopback("192.168.1.5"));
}

static void hosts(void **state)
{
    (void)state;
    const char *const more[] = { "mizo.example" };
    static const struct {
        const char *header;
        bool ok;
    } rows[] = {
        {"localhost",        true },
        { "LOCALHOST:8080",  true },
        { "127.0.0.1:80",    true },
        { "[::1]:8080",      true },
        { "10.0.0.7:8080",   true },
        { "mizo.example.",   true },
        { "mizo.example:1",  true },
        { "evil.example",    false},
        { "",                false},
        { "localhost:x",     false},
        { "localhost evil",  false},
        { "127.0.0.1.evil",  false},
        { "localhost, evil", false},
        { "[::1",            false},
        { ":8080",           false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(server_host_ok(rows[i].header, "10.0.0.7", more, 1), rows[i].ok);
}

static void kana(void **state)
{
    (void)state;
    static const struct {
        const char *kana, *roman;
    } rows[] = {
        {"\u305f\u304b\u3064",                          "takatsu" }, /* takatsu */
        { "\u30bf\u30ab\u30c4",                         "takatsu" }, /* in katakana */
        { "\u304a\u3046\u305c\u3093\u3058",             "ozenji"  },
        { "\u3057\u3087\u3046\u304c\u3063\u3053\u3046", "shogakko"},
        { "\u304d\u3087\u3046\u3068",                   "kyoto"   },
        { "\u307e\u3063\u3061\u3083",                   "matcha"  },
        { "\u30bb\u30f3\u30bf\u30fc",                   "senta"   },
        { "\u9ad8\u6d25",                               ""        }, /* not kana */
        { "\u305f\u304bx",                              ""        },
        { "\u3083",                                     ""        }, /* nothing to join */
        { "",                                           ""        },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[32] = "";
        size_t n = kana_roman(rows[i].kana, out, sizeof out);
        assert_int_equal(n, strlen(rows[i].roman));
        if (n)
            assert_string_equal(out, rows[i].roman);
    }
    char small[8];
    assert_int_equal(kana_roman("\u305f\u304b\u3064", small, sizeof small), 0); /* no room */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words), cmocka_unit_test(too_many), cmocka_unit_test(numbers),
        cmocka_unit_test(days),  cmocka_unit_test(paths),    cmocka_unit_test(listen_words),
        cmocka_unit_test(hosts), cmocka_unit_test(kana),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
