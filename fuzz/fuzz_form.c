/* fuzz_form.c: the JSON of writes against the shapes of all kinds: what is taken is written back and taken again. */
#include <stdlib.h>
#include <string.h>

#include "town/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < nforms; i++) {
        mizo_diags *d = mizo_diags_new(50);
        buf once, twice;
        buf_init(&once, FORM_MOST);
        buf_init(&twice, FORM_MOST);
        mizo_err e = form_check(&forms[i], (const char *)data, size, &once, d);
        demand(e == MIZO_OK || (e == MIZO_EINPUT && mizo_diags_kept(d)) || e == MIZO_EFULL);
        if (!e) {
            demand(form_check(&forms[i], once.p, once.n, &twice, d) == MIZO_OK);
            demand(once.n == twice.n && memcmp(once.p, twice.p, once.n) == 0);
        }
        buf_fini(&once);
        buf_fini(&twice);
        mizo_diags_free(d);
    }
    return 0;
}
