/* The slots of entries and balances: what decodes must encode to something that decodes the same. */
#include <stdlib.h>
#include <string.h>

#include "store/slots.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    int64_t v[48], again[48];
    uint8_t bytes[SLOTS_MAX];
    if (slots_decode(p, n, v))
        return 0;
    size_t len = slots_encode(v, bytes);
    if (!len || slots_decode(bytes, len, again) || memcmp(v, again, sizeof v))
        abort();
    return 0;
}
