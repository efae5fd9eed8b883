/* slots.h: 48 values of an entry or a balance as bytes (docs/formats/store.md). */
#ifndef STORE_SLOTS_H
#define STORE_SLOTS_H

#include "mizo/series.h"

enum { SLOTS_MAX = 1 + 48 * 8 + MIZO_PACK_MAX };

/* First byte 1: a packed block of 48; 2: 48 little-endian int64. Returns the length. */
size_t slots_encode(const int64_t v[48], uint8_t out[SLOTS_MAX]);
/* MIZO_EINPUT: not such bytes. */
MIZO_MUST_USE mizo_err slots_decode(const uint8_t *p, size_t n, int64_t v[48]);

/* Adds sign * d[48] to v. MIZO_ERANGE: a sum does not fit; v is then undefined. */
MIZO_MUST_USE mizo_err slots_add(int64_t v[48], const int32_t d[48], int sign);
MIZO_MUST_USE mizo_err total_add(int64_t *total, int64_t amount, int sign);
/* True if slots (48 values >= 0, or NULL) and amount agree and amount > 0. */
bool slots_agree(const int32_t *slots, int64_t amount);

#endif
