/* The first line names a file of a region directory, what follows are its bytes. */
#include "region_small.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    const uint8_t *end = memchr(p, '\n', n);
    char name[32];
    if (!end || (size_t)(end - p) >= sizeof name)
        return 0;
    memcpy(name, p, (size_t)(end - p));
    name[end - p] = 0;
    region_try(name, (const char *)end + 1, n - (size_t)(end + 1 - p));
    return 0;
}
