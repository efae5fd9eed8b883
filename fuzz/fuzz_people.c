/* fuzz_people.c: any bytes as a person's particulars: refused with one diagnosis, or four ended texts. */
#include <stdlib.h>
#include <string.h>

#include "town/people/people.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void demand(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    person x;
    mizo_diags *d = mizo_diags_new(0);
    if (!d)
        return 0;
    mizo_err err = people_parse((const char *)p, n, "f", &x, d);
    demand(err == MIZO_OK || err == MIZO_EINPUT);
    demand(mizo_diags_kept(d) == (err ? 1 : 0));
    const char *const text[] = { x.name, x.address, x.consumer_code, x.contact };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        demand(memchr(text[i], 0, PERSON_TEXT) != NULL);
    mizo_diags_free(d);
    return 0;
}
