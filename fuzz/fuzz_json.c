/* fuzz_json.c: any bytes as JSON, piece by piece: it ends, its places lie within the bytes, texts are whole
 * UTF-8, containers close as they open, skipping comes out where reading does. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const json_token *t, size_t size)
{
    size_t n = strlen(t->text), k = strlen(t->key);
    if (t->line < 1 || t->column < 1 || (size_t)t->line > size + 1 || (size_t)t->column > size + 1)
        abort();
    if (n >= JSON_TEXT_MOST || k >= JSON_KEY || !utf8_valid(t->text, n) || !utf8_valid(t->key, k))
        abort();
    if (t->depth < 0 || t->depth > JSON_DEPTH)
        abort();
}

/* Reads to the end; returns how many tokens stood at depth 1, -1: not JSON. */
static int read_all(const uint8_t *data, size_t size, bool skip)
{
    json_reader r;
    json_token t;
    int outer = 0, open = 0;
    size_t most = size + 2;
    json_read_init(&r, (const char *)data, size);
    for (size_t i = 0; i < most; i++) {
        mizo_err e = json_next(&r, &t);
        if (e == MIZO_EINPUT && !r.what)
            abort();
        if (e)
            return -1;
        check(&t, size);
        if (t.kind == JSON_END) {
            if (open)
                abort();
            return outer;
        }
        outer += t.depth == 1;
        if (skip && t.depth == 1) {
            if (json_skip(&r, &t))
                return -1;
        } else {
            open += t.kind == JSON_OBJECT || t.kind == JSON_ARRAY;
            open -= t.kind == JSON_CLOSE;
        }
    }
    abort(); /* every token eats at least a byte */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int whole = read_all(data, size, false), skipped = read_all(data, size, true);
    if (whole >= 0 && skipped < 0)
        abort();
    return 0;
}
