/* Errors, messages and diagnoses. */
#include "check.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "mizo/error.h"
#include "mizo/messages/duty.h"

static const struct {
    const char *name, *en, *ja;
} messages[] = {
#define X(id, severity, en, ja) { #id, en, ja },
#include "mizo/messages.def"
#undef X
};

static void names_of_errors(void **state)
{
    (void)state;
    assert_string_equal(mizo_err_text(MIZO_OK), "success");
    assert_string_equal(mizo_err_text(MIZO_ECONFLICT), "claimed already");
    assert_string_equal(mizo_err_text((mizo_err)99), "unknown error");
    assert_string_equal(mizo_err_text((mizo_err)-1), "unknown error");
    assert_string_equal(mizo_msg_name(MIZO_MSG_FILE_UNREADABLE), "FILE_UNREADABLE");
    assert_string_equal(mizo_msg_name((mizo_msg)99999), "UNKNOWN");
    assert_int_equal(mizo_msg_severity((mizo_msg)99999), MIZO_ERROR);
    assert_string_equal(mizo_msg_name(0), "UNKNOWN");
}

/* The parameters that a text names, as bits; -1: a brace that names none. */
static int params_of(const char *s)
{
    int bits = 0;
    for (; *s; s++) {
        if (*s != '{')
            continue;
        do {
            s++;
            if (*s < '0' || *s >= '0' + MIZO_DIAG_PARAMS)
                return -1;
            bits |= 1 << (*s++ - '0');
        } while (*s == '|');
        if (*s != '}')
            return -1;
    }
    return bits;
}

/* Every id finds its own row: the rooms stand in messages.def in the order of their numbers. */
static void every_id(void **state)
{
    (void)state;
    mizo_msg last = 0;
    for (size_t i = 0; i < ROWS(messages); i++) {
        mizo_msg id = mizo_msg_at(i);
        if (id <= last)
            fail_msg("%s stands out of order", messages[i].name);
        assert_string_equal(mizo_msg_name(id), messages[i].name);
        last = id;
    }
    assert_int_equal(mizo_msg_at(ROWS(messages)), 0);
}

static void both_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(messages); i++) {
        if (params_of(messages[i].en) < 0 || params_of(messages[i].en) != params_of(messages[i].ja))
            fail_msg("%s: the two texts name other parameters", messages[i].name);
        if (!messages[i].en[0] || strcmp(messages[i].en, messages[i].ja) == 0)
            fail_msg("%s: a text is missing", messages[i].name);
        if (strstr(messages[i].en, "{1}") && !strstr(messages[i].en, "{0}"))
            fail_msg("%s: {1} without {0}", messages[i].name);
    }
}

static void a_diagnosis(void **state)
{
    (void)state;
    mizo_diags *d = mizo_diags_new(2);
    assert_non_null(d);
    char file[] = "sites.csv", param[] = "no such file";
    MIZO_DIAG(d, FILE_UNREADABLE, MIZO_AT(file, 3, 7), param);
    memset(file, 'x', sizeof file - 1); /* the list has its own copy */
    memset(param, 'x', sizeof param - 1);
    MIZO_DIAG(d, OUT_OF_MEMORY, MIZO_NOWHERE, NULL);
    MIZO_DIAG(d, CANCELED, MIZO_NOWHERE, NULL);
    assert_int_equal(mizo_diags_kept(d), 2);
    assert_int_equal(mizo_diags_at(d, 1)->id, MIZO_MSG_CANCELED); /* the verdict took the last place */
    assert_int_equal(mizo_diags_count(d, MIZO_ERROR), 3);
    assert_int_equal(mizo_diags_count(d, MIZO_INFO), 3);
    const mizo_diag *g = mizo_diags_at(d, 0);
    assert_string_equal(g->at.file, "sites.csv");
    assert_int_equal(g->at.line, 3);
    assert_int_equal(g->at.column, 7);
    char text[128];
    mizo_diag_text(g, "en", text, sizeof text);
    assert_string_equal(text, "cannot read the file: no such file");
    size_t need = mizo_diag_text(g, "ja", text, sizeof text);
    assert_string_equal(text, "ファイルを読めません: no such file");
    assert_int_equal(need, strlen(text));
    assert_null(mizo_diags_at(d, 2));
    mizo_diags_clear(d);
    MIZO_DIAG(d, DUTY_LATE, MIZO_NOWHERE, "levy", "2026-07-31", "levy",
              "賦課金"); /* a name for either reader */
    mizo_diag_text(mizo_diags_at(d, 0), "en", text, sizeof text);
    assert_memory_equal(text, "levy: was due on 2026-07-31 ", 28);
    mizo_diag_text(mizo_diags_at(d, 0), "ja", text, sizeof text);
    assert_memory_equal(text, "賦課金：期限 2026-07-31 ", strlen("賦課金：期限 2026-07-31 "));
    mizo_diags_clear(d);
    assert_int_equal(mizo_diags_count(d, MIZO_INFO), 0);
    assert_int_equal(mizo_diags_kept(d), 0);
    mizo_diags_free(d);
}

/* A text that is cut ends before a letter, never inside it. */
static void a_cut_text(void **state)
{
    (void)state;
    mizo_diags *d = mizo_diags_new(0);
    MIZO_DIAG(d, FILE_UNREADABLE, MIZO_NOWHERE, "x");
    char text[32];
    for (size_t cap = 0; cap < sizeof text; cap++) {
        memset(text, 'Z', sizeof text);
        size_t need = mizo_diag_text(mizo_diags_at(d, 0), "ja", text, cap);
        assert_int_equal(need, strlen("ファイルを読めません: x"));
        if (cap == 0) {
            assert_int_equal(text[0], 'Z');
            continue;
        }
        size_t n = strlen(text);
        assert_true(n < cap && n + 4 > (cap < need ? cap : need));
        assert_int_equal(text[cap], 'Z');
        assert_int_equal(n < 30 ? n % 3 : 0, 0); /* katakana and kanji take three bytes */
    }
    mizo_diags_free(d);
}

static void no_list(void **state)
{
    (void)state;
    MIZO_DIAG(NULL, OUT_OF_MEMORY, MIZO_NOWHERE, NULL);
    assert_int_equal(mizo_diags_kept(NULL), 0);
    assert_int_equal(mizo_diags_count(NULL, MIZO_INFO), 0);
    assert_null(mizo_diags_at(NULL, 0));
    mizo_diags_free(NULL);
}

static void an_arena(void **state)
{
    (void)state;
    arena *a = arena_new(100000);
    assert_non_null(a);
    size_t total = 0;
    for (size_t n = 0; n < 40; n++) {
        unsigned char *p = arena_take(a, n * 37);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < n * 37; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xff, n * 37);
        total += n * 37;
    }
    assert_true(arena_used(a) >= total);
    assert_null(arena_take(a, 100000)); /* its bound */
    assert_null(arena_take(a, SIZE_MAX));
    assert_null(arena_copy(a, "", SIZE_MAX));
    assert_string_equal(arena_copy(a, "slot and more", 4), "slot");
    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
    assert_non_null(arena_take(a, 90000));
    arena_free(a);
    arena_free(NULL);
    int *list = NULL;
    size_t cap = 0;
    assert_int_equal(array_grow(&list, &cap, 3, sizeof *list), MIZO_OK);
    assert_true(cap >= 3);
    list[2] = 42;
    assert_int_equal(array_grow(&list, &cap, 1000, sizeof *list), MIZO_OK);
    assert_int_equal(list[2], 42);
    size_t before = cap;
    assert_int_equal(array_grow(&list, &cap, SIZE_MAX / 4, sizeof *list), MIZO_ENOMEM);
    assert_int_equal(array_grow(&list, &cap, SIZE_MAX, 1), MIZO_ENOMEM);
    assert_int_equal(cap, before);
    free(list);
}

static void a_buffer(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, 1000);
    buf_str(&b, "");
    assert_string_equal(b.p, "");
    buf_printf(&b, "%d %s", 7, "slots");
    assert_string_equal(b.p, "7 slots");
    buf_printf(&b, "%600s", "wide"); /* longer than its first room */
    assert_int_equal(b.n, 607);
    buf_printf(&b, "%393s", "full");
    assert_int_equal(b.n, 1000);
    assert_int_equal(b.err, MIZO_OK);
    buf_char(&b, 'x');
    assert_int_equal(b.err, MIZO_EFULL);
    buf_str(&b, "");
    assert_int_equal(b.n, 1000); /* the first failure sticks */
    assert_null(buf_steal(&b));
    buf_clear(&b);
    assert_int_equal(b.err, MIZO_OK);
    buf_add(&b, "a\0b", 3);
    char *p = buf_steal(&b);
    assert_memory_equal(p, "a\0b", 4);
    free(p);
    p = buf_steal(&b); /* empty is a text too */
    assert_string_equal(p, "");
    free(p);
    buf_fini(&b);
}

static void hashes(void **state)
{
    (void)state;
    /* BLAKE2b-256 of nothing and of "abc", from the reference implementation */
    char text[HASH_TEXT];
    hash_text(hash_bytes("", 0), text);
    assert_string_equal(text, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    hash abc = hash_bytes("abc", 3), back;
    hash_text(abc, text);
    assert_string_equal(text, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    assert_int_equal(hash_parse(text, &back), MIZO_OK);
    assert_true(hash_equal(abc, back));
    text[0] = 'B';
    assert_int_equal(hash_parse(text, &back), MIZO_OK);
    text[0] = 'g';
    assert_int_equal(hash_parse(text, &back), MIZO_EINPUT);
    assert_int_equal(hash_parse("bd", &back), MIZO_EINPUT);
    uint8_t eight[8];
    put_le64(eight, 0x0123456789abcdefu);
    assert_int_equal(eight[0], 0xef);
    assert_true(get_le64(eight) == 0x0123456789abcdefu);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_errors), cmocka_unit_test(every_id),   cmocka_unit_test(both_languages),
        cmocka_unit_test(a_diagnosis),     cmocka_unit_test(a_cut_text), cmocka_unit_test(no_list),
        cmocka_unit_test(an_arena),        cmocka_unit_test(a_buffer),   cmocka_unit_test(hashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
