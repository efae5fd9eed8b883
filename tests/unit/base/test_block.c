/* The packed day: round trips, sizes, and bytes that are no block. */
#include "check.h"

#include <stdlib.h>

#include "mizo/number.h"
#include "mizo/series.h"

static void round_trip(const int32_t *v, const uint8_t *q, int n)
{
    int32_t v_in[MIZO_BLOCK_MAX], v_out[MIZO_BLOCK_MAX];
    uint8_t q_in[MIZO_BLOCK_MAX], q_out[MIZO_BLOCK_MAX], bytes[MIZO_PACK_MAX];
    memcpy(v_in, v, sizeof *v * (size_t)n);
    memcpy(q_in, q, (size_t)n);
    size_t len = mizo_block_pack(&(mizo_block){ n, v_in, q_in }, bytes, sizeof bytes);
    assert_true(len > 0 && len <= MIZO_PACK_MAX);
    assert_int_equal(mizo_block_count(bytes, len), n);
    mizo_block back = { n, v_out, q_out };
    /* A copy of exactly len bytes, so that a read past the end is seen. */
    uint8_t *exact = malloc(len);
    assert_non_null(exact);
    memcpy(exact, bytes, len);
    assert_int_equal(mizo_block_unpack(exact, len, &back), MIZO_OK);
    assert_memory_equal(v, v_out, sizeof *v * (size_t)n);
    assert_memory_equal(q, q_out, (size_t)n);
    back.q = NULL;
    assert_int_equal(mizo_block_unpack(exact, len, &back), MIZO_OK);
    for (size_t cut = 0; cut < len; cut++)
        assert_int_equal(mizo_block_unpack(exact, cut, &back), MIZO_EINPUT);
    free(exact);
    /* The exact room is enough, one byte less is not. */
    uint8_t tight[MIZO_PACK_MAX];
    assert_int_equal(mizo_block_pack(&(mizo_block){ n, v_in, q_in }, tight, len), len);
    assert_int_equal(mizo_block_pack(&(mizo_block){ n, v_in, q_in }, tight, len - 1), 0);
    assert_memory_equal(bytes, tight, len);
}

static const int counts[] = { 1, 2, 7, 24, 48, 96, 288, 1440 };

static void any_values(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 3000; seed++) {
        uint64_t r = mizo_mix64(seed);
        int n = counts[seed % ROWS(counts)];
        int bits = (int)(r % 33);
        uint32_t factor = seed % 3 == 0 ? 100 : seed % 7 == 0 ? 250 : 1;
        int miss = (int)(r >> 32 & 7); /* of 8 */
        int32_t v[MIZO_BLOCK_MAX];
        uint8_t q[MIZO_BLOCK_MAX];
        for (int i = 0; i < n; i++) {
            uint64_t z = mizo_mix64(r + (uint64_t)i * 77);
            uint32_t u = (uint32_t)(bits ? z >> (64 - bits) : 0) * factor - (uint32_t)(r >> 40);
            v[i] = (int32_t)u;
            q[i] = (uint8_t)((z & 63) == 0 ? z >> 8 & 7 : (uint64_t)(seed % 5 == 0 ? 2 : 0)) % 7;
            if ((int)(z >> 16 & 7) < miss && seed % 2)
                v[i] = MIZO_MISSING;
            if (v[i] == MIZO_MISSING)
                q[i] = MIZO_QUALITY_ABSENT;
        }
        round_trip(v, q, n);
    }
}

static void extremes(void **state)
{
    (void)state;
    static const int32_t edge[][4] = {
        {INT32_MAX,      INT32_MIN + 1, MIZO_MISSING,  0            },
        { MIZO_MISSING,  MIZO_MISSING,  MIZO_MISSING,  MIZO_MISSING },
        { 5,             5,             5,             5            },
        { 5,             5,             MIZO_MISSING,  5            },
        { INT32_MAX,     INT32_MAX,     INT32_MAX,     INT32_MIN + 1},
        { INT32_MIN + 1, INT32_MIN + 1, INT32_MIN + 1, INT32_MIN + 1},
        { -100,          200,           -300,          400          },
        { 0,             1,             MIZO_MISSING,  0            },
    };
    for (size_t i = 0; i < ROWS(edge); i++) {
        uint8_t q[4];
        for (int k = 0; k < 4; k++)
            q[k] = edge[i][k] == MIZO_MISSING ? MIZO_QUALITY_ABSENT : MIZO_QUALITY_MANUAL;
        round_trip(edge[i], q, 4);
    }
}

static size_t size_of(const int32_t *v, int n)
{
    uint8_t bytes[MIZO_PACK_MAX];
    return mizo_block_pack(&(mizo_block){ n, (int32_t *)(uintptr_t)v, NULL }, bytes, sizeof bytes);
}

static void sizes(void **state)
{
    (void)state;
    int32_t v[48];
    for (int i = 0; i < 48; i++)
        v[i] = (i * 37) % 101; /* 7 bits */
    assert_true(size_of(v, 48) <= 42 + 6);
    size_t plain = size_of(v, 48);
    for (int i = 0; i < 48; i++)
        v[i] = v[i] * 100 + 4300; /* multiples of 100 cost two bytes more, not seven bits a value */
    assert_true(size_of(v, 48) <= plain + 3);
    for (int i = 0; i < 48; i++)
        v[i] = 777;
    assert_true(size_of(v, 48) <= 6);
    for (int i = 0; i < 48; i++)
        v[i] = MIZO_MISSING;
    assert_true(size_of(v, 48) <= 4);
}

static void quality_of_missing(void **state)
{
    (void)state;
    /* Whatever the caller says about a missing value, it comes back as missing. */
    int32_t v[3] = { 1, MIZO_MISSING, 3 };
    uint8_t q[3] = { MIZO_QUALITY_FILLED, MIZO_QUALITY_MEASURED, MIZO_QUALITY_FILLED }, bytes[MIZO_PACK_MAX];
    mizo_block b = { 3, v, q };
    size_t len = mizo_block_pack(&b, bytes, sizeof bytes);
    assert_int_equal(mizo_block_unpack(bytes, len, &b), MIZO_OK);
    assert_int_equal(q[0], MIZO_QUALITY_FILLED);
    assert_int_equal(q[1], MIZO_QUALITY_ABSENT);
    assert_int_equal(q[2], MIZO_QUALITY_FILLED);
}

static void not_blocks(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *why;
    } row[] = {
        {"",                                                      0,  "nothing"                       },
        { "\x20\x01\x00\x00",                                     4,  "another format"                },
        { "\x18\x01\x00\x00",                                     4,  "an unknown flag"               },
        { "\x10\x00\x00\x00",                                     4,  "n is 0"                        },
        { "\x10\xa1\x0b\x00\x00",                                 5,  "n is 1441"                     },
        { "\x10\x02\x00\x00",                                     4,  "another n than asked"          },
        { "\x10\x01\x21\x00\x00\x00\x00\x00\x00",                 9,  "width 33"                      },
        { "\x10\x01\x08\x00",                                     4,  "no value"                      },
        { "\x10\x01\x00\x00\x00",                                 5,  "a byte too many"               },
        { "\x10\x01\x00\xff\xff\xff\xff\xff\x01",                 9,  "a varint too long"             },
        { "\x10\x01\x01\xfe\xff\xff\xff\x0f\x01",                 9,  "beyond int32"                  },
        { "\x10\x01\x00\xff\xff\xff\xff\x0f",                     8,  "a value that means missing"    },
        { "\x12\x01\x20\x00\xff\xff\xff\xff\x0f\xff\xff\xff\xff", 13, "scale times delta beyond int32"},
        { "\x14\x01\x00\x00\x07",                                 5,  "the quality of nothing"        },
        { "\x14\x01\x00\x00\x10",                                 5,  "a run past the end"            },
        { "\x14\x01\x00\x00",                                     4,  "no run"                        },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        int32_t v[1];
        uint8_t q[1];
        mizo_block b = { 1, v, q };
        if (mizo_block_unpack((const uint8_t *)row[i].bytes, row[i].len, &b) != MIZO_EINPUT)
            fail_msg("taken: %s", row[i].why);
    }
    assert_int_equal(mizo_block_count((const uint8_t *)"\x10\xa1\x0b", 3), 0);
    int32_t v[1] = { 1 };
    uint8_t bytes[MIZO_PACK_MAX];
    assert_int_equal(mizo_block_pack(&(mizo_block){ 0, v, NULL }, bytes, sizeof bytes), 0);
    assert_int_equal(mizo_block_pack(&(mizo_block){ 1441, v, NULL }, bytes, sizeof bytes), 0);
}

/* The bytes of the page docs/formats/block.md: stored for years, so they may not move. */
static void golden(void **state)
{
    (void)state;
    int32_t v[4] = { 4300, 4400, MIZO_MISSING, 4500 };
    uint8_t q[4] = { 0, 0, 7, 2 }, bytes[MIZO_PACK_MAX];
    static const uint8_t want[] = { 0x17, 0x04, 0x02, 0x98, 0x43, 0x64, 0xb4, 0x18, 0x02 };
    size_t len = mizo_block_pack(&(mizo_block){ 4, v, q }, bytes, sizeof bytes);
    assert_int_equal(len, sizeof want);
    assert_memory_equal(bytes, want, sizeof want);
}

static void names(void **state)
{
    (void)state;
    mizo_quantity q;
    assert_string_equal(mizo_quantity_text(MIZO_Q_SOC), "soc");
    assert_null(mizo_quantity_text((mizo_quantity)99));
    assert_int_equal(mizo_quantity_parse("generation", &q), MIZO_OK);
    assert_int_equal(q, MIZO_Q_GENERATION);
    assert_int_equal(mizo_quantity_parse("Generation", &q), MIZO_ENOENT);
    assert_string_equal(mizo_quality_text(MIZO_QUALITY_ABSENT), "missing");
    assert_null(mizo_quality_text((mizo_quality)8));
    assert_string_equal(mizo_role_text(MIZO_ROLE_PLAN_MIDNIGHT), "plan-midnight");
    assert_null(mizo_role_text((mizo_role)77));
    assert_true(mizo_id_valid("school-001", 10));
    assert_false(mizo_id_valid("", 0));
    assert_false(mizo_id_valid("School", 6));
    assert_false(mizo_id_valid("a_b", 3));
    assert_true(mizo_id_valid("0123456789012345678901234567890123456789", 40));
    assert_false(mizo_id_valid("01234567890123456789012345678901234567890", 41));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_values), cmocka_unit_test(extremes),   cmocka_unit_test(sizes),
        cmocka_unit_test(golden),     cmocka_unit_test(not_blocks), cmocka_unit_test(quality_of_missing),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
