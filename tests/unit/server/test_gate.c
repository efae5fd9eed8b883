/* test_gate.c: what a request says about who sends it, and how guessing is slowed down. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/auth.h"
#include "server/throttle.h"

#define T43 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-_"

static void proofs(void **state)
{
    (void)state;
    static const struct {
        const char *cookie, *authorization;
        auth_kind kind;
    } rows[] = {
        {"",                                                  "",                     AUTH_NONE   },
        { "mizo=" T43,                                        "",                     AUTH_SESSION},
        { "__Host-mizo=" T43,                                 "",                     AUTH_SESSION},
        { "a=b; mizo=" T43 "; c=d",                           "",                     AUTH_SESSION},
        { "mizo=" T43 "; mizo=" T43,                          "",                     AUTH_BROKEN },
        { "mizo=" T43 "; __Host-mizo=" T43,                   "",                     AUTH_BROKEN },
        { "mizo=short",                                       "",                     AUTH_BROKEN },
        { "mizo=" T43 "x",                                    "",                     AUTH_BROKEN },
        { "mizo=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN%00", "",                     AUTH_BROKEN },
        { "xmizo=" T43,                                       "",                     AUTH_NONE   },
        { "mizo",                                             "",                     AUTH_NONE   },
        { "",                                                 "Bearer mizo_" T43,     AUTH_TOKEN  },
        { "",                                                 "bearer  mizo_" T43,    AUTH_TOKEN  },
        { "",                                                 "Bearer " T43,          AUTH_BROKEN },
        { "",                                                 "Basic bWl6bzptaXpv",   AUTH_BROKEN },
        { "",                                                 "Bearer mizo_" T43 "x", AUTH_BROKEN },
        { "mizo=" T43,                                        "Bearer mizo_" T43,     AUTH_BROKEN },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        http_proof p = { 0 };
        char text[TICKET_ROOM];
        snprintf(p.cookie, sizeof p.cookie, "%s", rows[i].cookie);
        snprintf(p.authorization, sizeof p.authorization, "%s", rows[i].authorization);
        if (auth_read(&p, text) != rows[i].kind)
            fail_msg("row %zu: \"%s\" \"%s\"", i, rows[i].cookie, rows[i].authorization);
        if (rows[i].kind == AUTH_SESSION)
            assert_string_equal(text, T43);
    }
}

static void origins(void **state)
{
    (void)state;
    static const struct {
        const char *origin, *site;
        bool secure, ok;
    } rows[] = {
        {"",                         "",            false, false},
        { "http://town.example:80",  "",            false, true },
        { "HTTP://Town.example:80",  "",            false, true },
        { "http://town.example",     "",            false, false},
        { "https://town.example:80", "",            false, false},
        { "https://town.example:80", "same-origin", true,  true },
        { "http://town.example:80",  "same-origin", true,  false},
        { "",                        "same-origin", false, true },
        { "",                        "same-site",   false, false},
        { "",                        "none",        false, false},
        { "http://town.example:80",  "cross-site",  false, false},
        { "null",                    "same-origin", false, false},
        { "http://evil.example",     "",            false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        http_proof p = { 0 };
        snprintf(p.origin, sizeof p.origin, "%s", rows[i].origin);
        snprintf(p.site, sizeof p.site, "%s", rows[i].site);
        if (auth_same_origin(&p, "town.example:80", rows[i].secure) != rows[i].ok)
            fail_msg("row %zu", i);
    }
}

static void places(void **state)
{
    (void)state;
    static const char *const proxies[] = { "10.0.0.2" };
    static const struct {
        const char *peer, *forwarded, *scheme, *host, *address;
        bool secure, local;
    } rows[] = {
        {"127.0.0.1",         "",                 "",      "localhost:8080", "127.0.0.1", false, true },
        { "::ffff:127.0.0.1", "",                 "",      "127.0.0.1",      "127.0.0.1", false, true },
        { "::1",              "",                 "",      "[::1]:80",       "::1",       false, true },
        { "127.0.0.1",        "",                 "",      "town.example",   "127.0.0.1", false, false},
        { "127.0.0.1",        "1.2.3.4",          "https", "localhost",      "127.0.0.1", false, false},
        { "10.0.0.9",         "127.0.0.1",        "https", "localhost",      "10.0.0.9",  false, false},
        { "10.0.0.2",         "9.9.9.9, 1.2.3.4", "https", "town.example",   "1.2.3.4",   true,  false},
        { "10.0.0.2",         "127.0.0.1",        "http",  "town.example",   "127.0.0.1", false, false},
        { "10.0.0.2",         "unknown",          "https", "town.example",   "?",         true,  false},
        { "10.0.0.2",         "",                 "https", "localhost",      "10.0.0.2",  true,  false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        http_proof p = { 0 };
        auth_place at;
        snprintf(p.peer, sizeof p.peer, "%s", rows[i].peer);
        snprintf(p.forwarded, sizeof p.forwarded, "%s", rows[i].forwarded);
        snprintf(p.scheme, sizeof p.scheme, "%s", rows[i].scheme);
        auth_where(&p, rows[i].host, proxies, 1, &at);
        if (strcmp(at.address, rows[i].address) || at.secure != rows[i].secure || at.local != rows[i].local)
            fail_msg("row %zu: %s %d %d", i, at.address, at.secure, at.local);
    }
}

static void words(void **state)
{
    (void)state;
    assert_true(auth_json("application/json"));
    assert_true(auth_json("Application/JSON; charset=UTF-8"));
    assert_false(auth_json("application/jsonp"));
    assert_false(auth_json("text/plain"));
    assert_false(auth_json(""));
    assert_int_equal(auth_version("\"0\""), 0);
    assert_int_equal(auth_version("\"12\""), 12);
    assert_int_equal(auth_version("12"), -1);
    assert_int_equal(auth_version("W/\"12\""), -1);
    assert_int_equal(auth_version("\"1x\""), -1);
    assert_int_equal(auth_version("\"99999999999999999999\""), -1);
    assert_int_equal(auth_version(""), -1);
    assert_true(auth_key_ok("a-B_9"));
    assert_false(auth_key_ok("a b"));
    assert_false(auth_key_ok(""));
    char cookie[160];
    auth_cookie(T43, true, cookie, sizeof cookie);
    assert_string_equal(cookie, "__Host-mizo=" T43 "; Path=/; HttpOnly; SameSite=Strict; Secure");
    auth_cookie(NULL, false, cookie, sizeof cookie);
    assert_string_equal(cookie, "mizo=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
}

enum { S = 1000000000 };

static void guessing(void **state)
{
    (void)state;
    static throttle t;
    t = (throttle){ .free_tries = 3, .most_s = 8 };
    uint64_t now = 1000ull * S;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(throttle_wait(&t, "haru", now), 0);
        throttle_try(&t, "haru", now);
    }
    static const int waits[] = { 1, 2, 4, 8, 8, 8 };
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        assert_int_equal(throttle_wait(&t, "haru", now), waits[i]);
        assert_int_equal(throttle_wait(&t, "natsu", now), 0);
        now += (uint64_t)waits[i] * S - 1;
        assert_int_equal(throttle_wait(&t, "haru", now), 1);
        now += 1;
        assert_int_equal(throttle_wait(&t, "haru", now), 0);
        throttle_try(&t, "haru", now);
    }
    throttle_right(&t, "haru");
    assert_int_equal(throttle_wait(&t, "haru", now), 0);
    for (int i = 0; i < 9; i++)
        throttle_try(&t, "aki", now);
    assert_true(throttle_wait(&t, "aki", now) > 0);
    assert_int_equal(throttle_wait(&t, "aki", now + (THROTTLE_FORGET_S + 1ull) * S), 0);
    /* More keys than there is room for: those that were quiet for longest go. */
    for (int i = 0; i < 3 * THROTTLE_KEYS; i++) {
        char key[32];
        snprintf(key, sizeof key, "k%d", i);
        throttle_try(&t, key, now + (uint64_t)i);
    }
    for (int i = 0; i < 4; i++)
        throttle_try(&t, "last", now + 4ull * THROTTLE_KEYS);
    assert_true(throttle_wait(&t, "last", now + 4ull * THROTTLE_KEYS) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(proofs), cmocka_unit_test(origins),
                                        cmocka_unit_test(places), cmocka_unit_test(words),
                                        cmocka_unit_test(guessing) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
