/* Packed files: whole, cut, damaged, swollen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "import_town.h"
#include "mizo/messages/import.h"
#include "town/import/source.h"

#define TEXT "point,start,kwh\np-hall,2023-04-01T00:00,1.5\np-hall,2023-04-01T00:30,1.5\n"

static size_t gzip(const char *p, size_t n, unsigned char *out, size_t cap)
{
    z_stream z = {
        .next_in = (Bytef *)(uintptr_t)p, .avail_in = (uInt)n, .next_out = out, .avail_out = (uInt)cap
    };
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t len = cap - z.avail_out;
    deflateEnd(&z);
    return len;
}

static size_t pack(bool zstd, const char *p, size_t n, unsigned char *out, size_t cap)
{
    return zstd ? ZSTD_compress(out, cap, p, n, 3) : gzip(p, n, out, cap);
}

static void whole_cut_and_damaged(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    unsigned char packed[4096];
    import_result r;
    int taken = 0;
    for (int zstd = 0; zstd < 2; zstd++) {
        size_t n = pack(zstd, TEXT, strlen(TEXT), packed, sizeof packed);
        assert_int_equal(import_bytes(&it, "a", (char *)packed, n, NULL, &r), MIZO_OK);
        assert_int_equal(r.rows, 2);
        taken++;
        for (size_t cut = zstd ? 4 : 2; cut < n; cut++) { /* shorter ones are not known as packed */
            assert_int_equal(import_bytes(&it, "a", (char *)packed, cut, NULL, &r), MIZO_EINPUT);
            assert_true(import_said(&it, MIZO_MSG_IMPORT_TRUNCATED, 0, 0) ||
                        import_said(&it, MIZO_MSG_IMPORT_DAMAGED, 0, 0));
        }
        int refused = 0;
        for (size_t i = 4; i < n; i++) {
            packed[i] ^= 0x55;
            mizo_err e = import_bytes(&it, "a", (char *)packed, n, NULL, &r);
            refused += e == MIZO_EINPUT;
            taken += e == MIZO_OK;
            assert_true(e == MIZO_OK || e == MIZO_EINPUT);
            packed[i] ^= 0x55;
        }
        assert_true(refused > (int)n / 2);
    }
    assert_int_equal(import_batches(&it),
                     taken); /* the readings once, a line in the register for each file */
    import_town_close(&it);
}

/* Members and frames one after another are one file; zero padding is nothing. */
static void several_members(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    unsigned char packed[4096];
    import_result r;
    for (int zstd = 0; zstd < 2; zstd++) {
        size_t n = pack(zstd, TEXT, 16, packed, sizeof packed);
        n += pack(zstd, &TEXT[16], strlen(TEXT) - 16, packed + n, sizeof packed - n);
        if (!zstd) {
            memset(packed + n, 0, 100);
            n += 100;
        }
        assert_int_equal(import_bytes(&it, "a", (char *)packed, n, NULL, &r), MIZO_OK);
        assert_int_equal(r.rows, 2);
    }
    size_t n = gzip(TEXT, strlen(TEXT), packed, sizeof packed);
    memcpy(packed + n, "rubbish", 7);
    assert_int_equal(import_bytes(&it, "a", (char *)packed, n + 7, NULL, &r), MIZO_EINPUT);
    import_town_close(&it);
}

/* 1 GiB of one letter in a few bytes is stopped long before it is unpacked. */
static void bomb(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    enum { PIECE = 1 << 20, PIECES = 1024 };
    char *zeros = calloc(1, PIECE);
    size_t cap = ZSTD_compressBound(PIECE), n = 0;
    unsigned char *packed = malloc(cap * 2);
    assert_true(zeros && packed);
    ZSTD_CCtx *c = ZSTD_createCCtx();
    ZSTD_outBuffer out = { packed, cap * 2, 0 };
    for (int i = 0; i < PIECES; i++) {
        ZSTD_inBuffer in = { zeros, PIECE, 0 };
        ZSTD_compressStream2(c, &out, &in, ZSTD_e_continue);
        assert_int_equal(in.pos, PIECE);
    }
    ZSTD_inBuffer none = { zeros, 0, 0 };
    assert_int_equal(ZSTD_compressStream2(c, &out, &none, ZSTD_e_end), 0);
    n = out.pos;
    import_town_put(&it, "bomb.zst", (char *)packed, n);
    source *s;
    size_t got = 1;
    int64_t given = 0;
    mizo_err e = source_open(it.file, &s);
    while (!e && got) {
        e = source_read(s, zeros, PIECE, &got);
        given += (int64_t)got;
    }
    assert_int_equal(e, MIZO_EINPUT);
    assert_int_equal(source_fault(s), MIZO_MSG_IMPORT_BOMB);
    assert_true(given < SOURCE_FREE + 4 * PIECE);
    source_close(s);
    import_result r;
    import_options o = { .path = it.file };
    assert_int_equal(import_file(&it.t, &o, &r), MIZO_EINPUT);
    ZSTD_freeCCtx(c);
    free(packed);
    free(zeros);
    import_town_close(&it);
}

/* The hash that a batch keeps is that of the file's bytes, packed or not. */
static void hash_of_the_file(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    unsigned char packed[4096];
    import_result r;
    char want[HASH_TEXT];
    size_t n = gzip(TEXT, strlen(TEXT), packed, sizeof packed);
    assert_int_equal(import_bytes(&it, "a.gz", (char *)packed, n, NULL, &r), MIZO_OK);
    hash_text(hash_bytes(packed, n), want);
    assert_string_equal(r.hash, want);
    import_town_close(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_cut_and_damaged),
        cmocka_unit_test(several_members),
        cmocka_unit_test(bomb),
        cmocka_unit_test(hash_of_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
