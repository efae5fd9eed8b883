/* contract.h: what the suites of the store's contract share: a store of the member under test, batches, days. */
#ifndef TESTS_CONTRACT_H
#define TESTS_CONTRACT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mizo/messages/store.h"
#include "mizo/slot.h"
#include "store/store.h"

#define OK(expr) assert_int_equal((expr), MIZO_OK)

/* One case: a fresh store before, nothing left of it behind. */
#define CASE(fn)                                                                                             \
    {                                                                                                        \
        .name = #fn, .test_func = fn, .setup_func = set_up, .teardown_func = tear_down                       \
    }

enum { HOUR = 3600000 };
#define DAY0    INT64_C(1750000000000) /* 2025-06-16 00:06:40 in Japan */
#define ONE_DAY INT64_C(86400000)

typedef struct fixture {
    const store_ops *ops;
    char path[128];
    store *s;
} fixture;

typedef struct tally {
    int n;
    int64_t last, sum;
    char text[400];
} tally;

int set_up(void **state);
int tear_down(void **state);

int64_t begin(store *s, mizo_ms known);
void commit(store *s);
int32_t series(store *s, const char *owner);

/* Puts a day whose 48 values are all v, in a batch of its own. */
bool put(store *s, mizo_ms known, int32_t id, mizo_day day, int32_t v);

/* The first value of a day as known then; MIZO_MISSING: none. */
int32_t value(store *s, int32_t id, mizo_day day, mizo_ms as_of);

/* A scan that counts days into a tally, and holds each later than the one before. */
mizo_err count_day(void *arg, const store_day *d);

/* An entry of the open batch, with a hash of 32 equal bytes; slots may be NULL. */
mizo_err append(store *s, mizo_day day, const char *from, const char *to, const int32_t *slots,
                int64_t amount, uint8_t mark);

/* Runs cases against every member; how many failed. */
int run_contract(const struct CMUnitTest *cases, size_t n);
#define RUN(cases) run_contract(cases, sizeof(cases) / sizeof *(cases))

#endif
