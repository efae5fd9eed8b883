/* Any bytes as the canonical text of a model. */
#include "region_small.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    char *text = malloc(n + 1);
    mizo_diags *d = mizo_diags_new(0);
    const mizo_region *r = NULL;
    if (text && d) {
        if (n)
            memcpy(text, p, n);
        text[n] = 0;
        mizo_err e = mizo_region_from_text(text, d, &r);
        if (e == MIZO_OK ? !r || !sound_model(r) : !mizo_diags_count(d, MIZO_ERROR))
            abort();
    }
    mizo_region_unref(r);
    mizo_diags_free(d);
    free(text);
    return 0;
}
