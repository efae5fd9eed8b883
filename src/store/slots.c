/* slots.c: 48 values of an entry or a balance as bytes. */
#include "store/slots.h"

#include <string.h>

#include "base/hash.h"

enum { FORM_BLOCK = 1, FORM_WIDE = 2 };

static bool fits(int64_t v)
{
    return v > INT32_MIN && v <= INT32_MAX; /* INT32_MIN means missing in a block */
}

size_t slots_encode(const int64_t v[48], uint8_t out[SLOTS_MAX])
{
    int32_t narrow[48];
    uint8_t quality[48] = { 0 };
    bool all = true;
    for (int i = 0; i < 48; i++) {
        all = all && fits(v[i]);
        narrow[i] = fits(v[i]) ? (int32_t)v[i] : 0;
    }
    if (all) {
        mizo_block b = { .n = 48, .v = narrow, .q = quality };
        out[0] = FORM_BLOCK;
        return 1 + mizo_block_pack(&b, out + 1, MIZO_PACK_MAX);
    }
    out[0] = FORM_WIDE;
    for (int i = 0; i < 48; i++)
        put_le64(out + 1 + 8 * i, (uint64_t)v[i]);
    return 1 + 48 * 8;
}

mizo_err slots_decode(const uint8_t *p, size_t n, int64_t v[48])
{
    if (n == 1 + 48 * 8 && p[0] == FORM_WIDE) {
        for (int i = 0; i < 48; i++)
            v[i] = (int64_t)get_le64(p + 1 + 8 * i);
        return MIZO_OK;
    }
    if (n < 2 || p[0] != FORM_BLOCK)
        return MIZO_EINPUT;
    int32_t narrow[48];
    mizo_block b = { .n = 48, .v = narrow };
    MIZO_TRY(mizo_block_unpack(p + 1, n - 1, &b));
    for (int i = 0; i < 48; i++)
        v[i] = narrow[i];
    return MIZO_OK;
}

mizo_err total_add(int64_t *total, int64_t amount, int sign)
{
    bool over = sign > 0 ? __builtin_add_overflow(*total, amount, total)
                         : __builtin_sub_overflow(*total, amount, total);
    return over ? MIZO_ERANGE : MIZO_OK;
}

mizo_err slots_add(int64_t v[48], const int32_t d[48], int sign)
{
    for (int i = 0; i < 48; i++)
        MIZO_TRY(total_add(&v[i], d[i], sign));
    return MIZO_OK;
}

bool slots_agree(const int32_t *slots, int64_t amount)
{
    if (amount <= 0)
        return false;
    int64_t sum = 0;
    for (int i = 0; slots && i < 48; i++) {
        if (slots[i] < 0)
            return false;
        sum += slots[i];
    }
    return !slots || sum == amount;
}
