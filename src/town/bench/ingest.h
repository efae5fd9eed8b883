/* ingest.h: how fast readings become durable, and how fast they come back.
 *
 * A year of 1,000 meters, 17,520,000 half-hours, from a CSV of meter,epoch_s,wh or made here by the
 * same formula; staged, packed and written by the code that `mizo import` uses; then four queries
 * through the store's interface. docs/performance.md has the figures. */
#ifndef TOWN_BENCH_INGEST_H
#define TOWN_BENCH_INGEST_H

#include "base/env.h"
#include "store/store.h"

typedef enum bench_order { BENCH_BY_TIME, BENCH_BY_METER, BENCH_SHUFFLED } bench_order;

typedef struct bench_ingest_options {
    const char *file;  /* CSV; NULL: made here */
    const char *store; /* a path that is not there yet */
    bench_order order; /* of what is made here */
    int meters, days;  /* of what is made here: 1000, 365 */
    bool keep;         /* leave the store there */
} bench_ingest_options;

enum { BENCH_QUERIES = 4 };

typedef struct bench_ingest_result {
    int64_t readings, bytes;
    double wall_s, cpu_s;            /* open, read, stage, pack, write, commit, checkpoint */
    double query_s[BENCH_QUERIES];   /* the median of three, warm */
    int64_t checksum[BENCH_QUERIES]; /* in units of 100 Wh */
} bench_ingest_result;

MIZO_MUST_USE mizo_err bench_ingest(env *e, const bench_ingest_options *o, mizo_diags *d,
                                    bench_ingest_result *out);

/* Makes the CSV in memory: docs/performance.md has the formula. */
MIZO_MUST_USE mizo_err bench_readings(int meters, int days, bench_order order, buf *out);

#endif
