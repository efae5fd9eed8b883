/* A file of certificates: whatever the bytes, what is posted is posted once, and the books stay true. */
#include <stdio.h>
#include <stdlib.h>

#include "town/books/verify.h"
#include "town/proof/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static env *e;
    static int count;
    char name[32];
    certificate_result r, again;
    verify_result v;
    if (!e)
        e = env_uv_new(ENV_ERROR);
    static const mizo_region nowhere = { .offset = MIZO_JAPAN_OFFSET };
    town t = { .env = e, .dir = "", .region = &nowhere, .diags = mizo_diags_new(100) };
    snprintf(name, sizeof name, "fuzz-cert-%d", ++count);
    if (!e || !t.diags || store_memory.open(name, STORE_CREATE, t.diags, &t.store))
        abort();
    mizo_err err = certificate_import_text(&t, "lots.csv", (const char *)p, n, "fuzz", &r);
    if (!err && (certificate_import_text(&t, "lots.csv", (const char *)p, n, "fuzz", &again) || again.added))
        abort(); /* the same file again is the same */
    if (err && r.added)
        abort();
    if (verify_books(t.store, NULL, t.diags, &v) || !v.ok)
        abort();
    t.store->ops->close(t.store);
    mizo_diags_free(t.diags);
    return 0;
}
