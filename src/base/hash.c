/* hash.c: BLAKE2b-256 through libsodium. */
#include "base/hash.h"

#include <sodium.h>
#include <string.h>

hash hash_bytes(const void *p, size_t n)
{
    hash h;
    /* Cannot fail: the output length is in range and there is no key. */
    (void)crypto_generichash(h.b, sizeof h.b, p, n, NULL, 0);
    return h;
}

void hash_text(hash h, char out[HASH_TEXT])
{
    static const char hex[] = "0123456789abcdef";
    for (int i = 0; i < HASH_BYTES; i++) {
        out[2 * i] = hex[h.b[i] >> 4];
        out[2 * i + 1] = hex[h.b[i] & 15];
    }
    out[HASH_TEXT - 1] = 0;
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

mizo_err hash_parse(const char *hex, hash *out)
{
    if (strlen(hex) != HASH_TEXT - 1)
        return MIZO_EINPUT;
    for (int i = 0; i < HASH_BYTES; i++) {
        int high = nibble(hex[2 * i]), low = nibble(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return MIZO_EINPUT;
        out->b[i] = (uint8_t)(high << 4 | low);
    }
    return MIZO_OK;
}

bool hash_equal(hash a, hash b)
{
    return memcmp(a.b, b.b, HASH_BYTES) == 0;
}

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(hash_run), "a run holds the state");

static crypto_generichash_state *state_of(hash_run *r)
{
    return (crypto_generichash_state *)(void *)r->state;
}

void hash_begin(hash_run *r)
{
    (void)crypto_generichash_init(state_of(r), NULL, 0, HASH_BYTES);
}

void hash_more(hash_run *r, const void *p, size_t n)
{
    (void)crypto_generichash_update(state_of(r), p, n);
}

hash hash_end(hash_run *r)
{
    hash h;
    (void)crypto_generichash_final(state_of(r), h.b, sizeof h.b);
    return h;
}
