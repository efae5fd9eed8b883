/* Any bytes as region.yaml. */
#include "region_small.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    region_try("region.yaml", (const char *)p, n);
    return 0;
}
