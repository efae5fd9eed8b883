/* settle.h: how fast a year of half-hours becomes bills.
 *
 * Contracts of three tariffs (time of use; market-linked; steps of low voltage), all with measured demand,
 * fuel adjustment or market price, levy and a chain of roundings. Up to 1,000 have their half-hours in a
 * store of mizo's own, out of which the bills are made, digest of the readings included; and once more from
 * half-hours made in memory, with the same total. More are made on the fly: what is kept does not grow with
 * their number. The peer: one row per reading in SQLite and the same bills by SQL. docs/performance.md */
#ifndef TOWN_BENCH_SETTLE_H
#define TOWN_BENCH_SETTLE_H

#include "base/env.h"
#include "mizo/bill.h"
#include "store/store.h"
#include "town/bench/match.h"

enum { SETTLE_STORED = 1000, SETTLE_MONTHS = 12, SETTLE_YEAR = 2023, SETTLE_DAYS = 365, SETTLE_TARIFFS = 3 };

typedef struct bench_settle_options {
    const char *path; /* of the scratch store, not there yet; ".peer" is put behind it for the peer's */
    int64_t contracts;
    int64_t peer;    /* contracts that the peer bills, 0: none */
    int64_t entries; /* for the books, 0: not measured */
    int match_days;  /* of the matching, 0: not measured */
    int threads;
    const char *data; /* folder of the public sets; NULL: no real row */
} bench_settle_options;

/* One way of settling. */
typedef struct bench_settle_way {
    int64_t contracts, bills;
    double wall_s, cpu_s;
    mizo_uyen exact, total, left;
} bench_settle_way;

typedef struct bench_settle_real {
    int homes, bills, months;
    int64_t slots, estimated;
    mizo_wh wh;
    mizo_uyen exact, total, left;
    bool closes; /* exact = total + left, and exact is the sum over all half-hours, counted otherwise */
} bench_settle_real;

typedef struct bench_settle_result {
    bool stored; /* `way` came out of a store */
    bench_settle_way way, memory, peer;
    double peer_load_s;
    bool same; /* all ways have the same total for the same contracts */
    double rss_mb;
    bench_match_result match;
    double match_wall_s;                             /* NAN: not measured */
    double post_entries_per_s, verify_entries_per_s; /* NAN */
    bool has_real;
    bench_settle_real real;
} bench_settle_result;

MIZO_MUST_USE mizo_err bench_settle(env *e, const bench_settle_options *o, mizo_diags *d,
                                    bench_settle_result *out);

/* ---- its parts ---- */
/* The town of the contracts: SETTLE_STORED points, c-0000 ... bench_settle_town.c */
MIZO_MUST_USE mizo_err bench_settle_region(mizo_diags *d, const mizo_region **out);
mizo_day bench_settle_first(void);
double bench_settle_cpu(void);             /* seconds of this process so far */
int bench_settle_tariff(int64_t contract); /* 0 time of use, 1 market, 2 steps */
/* A year of half-hours of a contract: v[SETTLE_DAYS * 48]. A function of its arguments. */
void bench_settle_year(int64_t contract, int32_t *v);
void bench_settle_prices(int32_t *price); /* [SETTLE_DAYS * 48], milli-yen per kWh */
/* bench_settle_sql.c */
MIZO_MUST_USE mizo_err bench_settle_peer(env *e, const char *path, int64_t contracts, mizo_diags *d,
                                         bench_settle_way *out, double *load_s);
/* bench_settle_real.c */
MIZO_MUST_USE mizo_err bench_settle_real_row(const char *data, mizo_diags *d, bench_settle_real *out);

#endif
