/* Any bytes as a packed day: what unpacks packs again, and then unpacks to the same. */
#include <stdlib.h>
#include <string.h>

#include "mizo/series.h"

static void demand(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static int32_t v[MIZO_BLOCK_MAX], v2[MIZO_BLOCK_MAX];
    static uint8_t q[MIZO_BLOCK_MAX], q2[MIZO_BLOCK_MAX], bytes[MIZO_PACK_MAX];
    int count = mizo_block_count(p, n);
    demand(count >= 0 && count <= MIZO_BLOCK_MAX);
    mizo_block b = { count, v, q }, b2 = { count, v2, q2 };
    if (mizo_block_unpack(p, n, &b))
        return 0;
    for (int i = 0; i < count; i++)
        demand((v[i] == MIZO_MISSING) == (q[i] == MIZO_QUALITY_ABSENT));
    size_t len = mizo_block_pack(&b, bytes, sizeof bytes);
    demand(len > 0 && mizo_block_unpack(bytes, len, &b2) == MIZO_OK);
    demand(memcmp(v, v2, sizeof v[0] * (size_t)count) == 0 && memcmp(q, q2, (size_t)count) == 0);
    return 0;
}
