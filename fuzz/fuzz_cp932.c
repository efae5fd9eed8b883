/* Any bytes as CP932: what decodes is UTF-8, and goes back to letters that decode the same. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void demand(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    buf utf8, back, again;
    size_t bad_at = n;
    uint32_t bad_cp;
    buf_init(&utf8, 0);
    buf_init(&back, 0);
    buf_init(&again, 0);
    mizo_err err = cp932_to_utf8((const char *)p, n, &utf8, &bad_at);
    demand(err == MIZO_OK || (err == MIZO_EINPUT && bad_at < n));
    const char *text = utf8.p ? utf8.p : "";
    demand(utf8_valid(text, utf8.n));
    demand(utf8_to_cp932(text, utf8.n, &back, &bad_cp) == MIZO_OK);
    demand(cp932_to_utf8(back.p ? back.p : "", back.n, &again, &bad_at) == MIZO_OK);
    demand(again.n == utf8.n && memcmp(again.p ? again.p : "", text, utf8.n) == 0);
    buf_clear(&back);
    err = utf8_to_cp932((const char *)p, n, &back, &bad_cp); /* and the same bytes taken for UTF-8 */
    demand(err == MIZO_OK || err == MIZO_EINPUT);
    char folded[64];
    demand(text_fold((const char *)p, n, folded, sizeof folded) < sizeof folded);
    buf_fini(&utf8);
    buf_fini(&back);
    buf_fini(&again);
    return 0;
}
