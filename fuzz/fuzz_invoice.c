/* fuzz_invoice.c: any bytes as the canonical JSON of an invoice: refused, or written again as the same bytes when read
 * once more; and as letters for the banks: only those that they carry come out. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "retail/invoice.h"
#include "retail/zengin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void there_and_back(const char *bytes, size_t n)
{
    const char *what;
    invoice v, again;
    buf first, second;
    arena *a = arena_new(64 << 20);
    if (!a)
        return;
    buf_init(&first, 0);
    buf_init(&second, 0);
    if (!invoice_read(bytes, n, a, &v, &what)) {
        invoice_json(&v, &first);
        if (first.err || invoice_read(first.p, first.n, a, &again, &what))
            abort();
        invoice_json(&again, &second);
        if (first.n != second.n || memcmp(first.p, second.p, first.n))
            abort();
    }
    buf_fini(&first);
    buf_fini(&second);
    arena_free(a);
}

static void letters(const char *bytes, size_t n)
{
    uint32_t bad;
    buf out;
    char *text = strndup(bytes, n);
    buf_init(&out, 0);
    if (text && !zengin_fold(text, &out, &bad))
        for (size_t i = 0; i < out.n; i++) {
            unsigned char c = (unsigned char)out.p[i];
            if (c < ' ' || (c >= 'a' && c <= 'z') || (c > '~' && c < 0xa2) || c > 0xdf)
                abort();
        }
    buf_fini(&out);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    there_and_back((const char *)data, size);
    letters((const char *)data, size);
    return 0;
}
