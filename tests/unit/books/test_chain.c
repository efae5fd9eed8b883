/* The hash of an entry: every field counts, and the bytes never move. */
#include "base/check.h"

#include "base/hash.h"
#include "mizo/books.h"

static const mizo_entry base = {
    2, 1625410800000, 18813, "world", "source:mill", "Wh-re", "generation", "day:2021-07-05", 300, NULL
};

static hash of(const mizo_entry *e, uint8_t first)
{
    uint8_t head[MIZO_CHAIN_BYTES] = { first };
    hash h;
    mizo_entry_chain(head, e, h.b);
    return h;
}

static void every_field(void **state)
{
    (void)state;
    int32_t none[48] = { 0 }, some[48] = { 300 }, other[48] = { 0, 300 };
    mizo_entry e[14];
    for (size_t i = 0; i < ROWS(e); i++)
        e[i] = base;
    e[1].seq = 3;
    e[2].known++;
    e[3].day++;
    e[4].from = "worl";
    e[4].to = "dsource:mill"; /* the same letters, cut elsewhere */
    e[5].to = "source:mil";
    e[6].unit = "Wh";
    e[7].kind = "match";
    e[8].ref = "";
    e[9].amount++;
    e[10].slots = none;
    e[11].slots = some;
    e[12].slots = other;
    e[13].day = -1;
    for (size_t i = 0; i < ROWS(e); i++)
        for (size_t k = 0; k < i; k++)
            assert_false(hash_equal(of(&e[i], 0), of(&e[k], 0)));
    assert_false(hash_equal(of(&base, 0), of(&base, 1)));
    assert_true(hash_equal(of(&base, 1), of(&base, 1)));
}

/* docs/formats/hash.md, byte for byte, written here a second time without the room's own help. */
static void the_layout(void **state)
{
    (void)state;
    int32_t slots[48] = { 0 };
    slots[0] = 300;
    mizo_entry e = base;
    e.slots = slots;
    uint8_t b[512] = { 0 };
    size_t n = 32;
    b[0] = 9;
    b[n++] = 1;
    b[n++] = 1;
    put_le64(b + n, 2);
    put_le64(b + n + 8, 1625410800000);
    put_le64(b + n + 16, 18813);
    put_le64(b + n + 24, 300);
    n += 32;
    const char *const text[] = { "world", "source:mill", "Wh-re", "generation", "day:2021-07-05" };
    for (size_t i = 0; i < ROWS(text); i++) {
        put_le32(b + n, (uint32_t)strlen(text[i]));
        memcpy(b + n + 4, text[i], strlen(text[i]));
        n += 4 + strlen(text[i]);
    }
    b[n++] = 0xac; /* 300 = 0b10_0101100 */
    b[n++] = 0x02;
    n += 47;
    hash want = hash_bytes(b, n);
    assert_true(hash_equal(of(&e, 9), want));
}

/* Texts longer than the room that the layout is gathered in. */
static void long_texts(void **state)
{
    (void)state;
    static char text[5000];
    memset(text, 'x', sizeof text - 1);
    mizo_entry e = base;
    e.ref = text;
    hash a = of(&e, 0);
    static uint8_t b[6000];
    size_t n = 32;
    b[n++] = 1;
    b[n++] = 0;
    put_le64(b + n, 2);
    put_le64(b + n + 8, 1625410800000);
    put_le64(b + n + 16, 18813);
    put_le64(b + n + 24, 300);
    n += 32;
    const char *const texts[] = { "world", "source:mill", "Wh-re", "generation", text };
    for (size_t i = 0; i < ROWS(texts); i++) {
        put_le32(b + n, (uint32_t)strlen(texts[i]));
        memcpy(b + n + 4, texts[i], strlen(texts[i]));
        n += 4 + strlen(texts[i]);
    }
    assert_true(hash_equal(a, hash_bytes(b, n)));
    text[4998] = 'y';
    assert_false(hash_equal(a, of(&e, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field),
        cmocka_unit_test(the_layout),
        cmocka_unit_test(long_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
