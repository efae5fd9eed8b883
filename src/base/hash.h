/* hash.h: BLAKE2b-256 (libsodium). */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "mizo/error.h"

enum { HASH_BYTES = 32, HASH_TEXT = 65 };
typedef struct hash {
    uint8_t b[HASH_BYTES];
} hash;

hash hash_bytes(const void *p, size_t n);
void hash_text(hash h, char out[HASH_TEXT]); /* lower-case hex */
MIZO_MUST_USE mizo_err hash_parse(const char *hex, hash *out);
bool hash_equal(hash a, hash b);

/* The same piece by piece, for what is not all in memory. */
typedef struct hash_run {
    _Alignas(64) unsigned char state[384];
} hash_run;
void hash_begin(hash_run *r);
void hash_more(hash_run *r, const void *p, size_t n);
hash hash_end(hash_run *r);

/* Little-endian fixed layouts, for what is hashed and stored. */
static inline void put_le32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}
static inline void put_le64(uint8_t *p, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}
static inline uint32_t get_le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
static inline uint64_t get_le64(const uint8_t *p)
{
    return (uint64_t)get_le32(p) | (uint64_t)get_le32(p + 4) << 32;
}

#endif
