/* billing_read.h: what the store knows of a contract's days, as a bill wants it. */
#ifndef TOWN_BILLING_READ_H
#define TOWN_BILLING_READ_H

#include "base/hash.h"
#include "mizo/bill.h"
#include "town/town.h"

enum { BILLING_DAYS = 64, BILLING_SLOTS = BILLING_DAYS * MIZO_DAY_SLOTS };

typedef struct billing_reader billing_reader;

/* Finds the series of every point. as_of: STORE_LATEST or an instant. */
MIZO_MUST_USE mizo_err billing_reader_new(store *s, const mizo_region *r, mizo_ms as_of,
                                          billing_reader **out);
void billing_reader_free(billing_reader *k); /* NULL is fine */

/* What was read of a contract in [from, to), the table's days, for the bill of a month. Everything that `in`
 * points to is the reader's until the next call. MIZO_EINPUT: the periods do not fit the days; said. */
MIZO_MUST_USE mizo_err billing_read(billing_reader *k, mizo_ref contract, mizo_day month, mizo_day from,
                                    mizo_day to, mizo_diags *d, mizo_bill_in *in);
/* The half-hours of a point in [from, to) into the caller's arrays; missing where there is none. */
MIZO_MUST_USE mizo_err billing_slots(billing_reader *k, mizo_ref point, mizo_day from, mizo_day to,
                                     int32_t *v, uint8_t *q);
/* BLAKE2b-256 of "mizo readings 1\n", the point and a NUL, then of each day its number, 48 values and 48
 * qualities, little-endian. */
void billing_digest(const char *point, mizo_day from, mizo_day to, const int32_t *v, const uint8_t *q,
                    char out[HASH_TEXT]);
/* The area price of the slots of [from, to), MIZO_MISSING where there is none; the reader's until the next
 * call. NULL: the town has no market area, or no price at all. */
MIZO_MUST_USE mizo_err billing_price(billing_reader *k, mizo_day from, mizo_day to, const int32_t **price);

#endif
