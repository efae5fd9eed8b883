/* sqlite_verify.c: reads everything back: pages, blocks, balances, numbers of the journal. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/store.h"
#include "store/sqlite.h"

static mizo_err look_at_pages(sqlite_store *s, stmt how, mizo_diags *d, int *bad)
{
    query q = query_start(s, how, "");
    while (query_next(&q)) {
        if (strcmp(column_text(&q, 0), "ok") == 0)
            continue;
        MIZO_DIAG(d, STORE_CORRUPT, MIZO_NOWHERE, s->path, column_text(&q, 0));
        ++*bad;
    }
    return query_end(&q);
}

/* With every index against its table. */
static mizo_err pages(sqlite_store *s, mizo_diags *d, int *bad)
{
    return look_at_pages(s, STMT_INTEGRITY, d, bad);
}

static mizo_err pages_alone(sqlite_store *s, mizo_diags *d, int *bad)
{
    return look_at_pages(s, STMT_QUICK, d, bad);
}

/* The journal's indexes have as many entries as it has. */
static mizo_err indexes(sqlite_store *s, mizo_diags *d, int *bad)
{
    query q = query_start(s, STMT_ENTRY_INDEXES, "");
    if (query_next(&q) &&
        (column_int(&q, 0) != column_int(&q, 1) || column_int(&q, 0) != column_int(&q, 2))) {
        MIZO_DIAG(d, STORE_CORRUPT, MIZO_NOWHERE, s->path, "an index of the journal");
        ++*bad;
    }
    return query_end(&q);
}

static bool block_reads(query *q)
{
    int32_t v[MIZO_BLOCK_MAX];
    uint8_t quality[MIZO_BLOCK_MAX];
    int64_t step = column_int(q, 4);
    if (sqlite3_column_type(q->st, 5) == SQLITE_NULL || step < 1 || step > 1440 || 1440 % step)
        return false;
    mizo_block b = { .n = (int)(1440 / step), .v = v, .q = quality };
    return mizo_block_unpack(sqlite3_column_blob(q->st, 3), (size_t)sqlite3_column_bytes(q->st, 3), &b) ==
           MIZO_OK;
}

static mizo_err blocks(sqlite_store *s, mizo_diags *d, int *bad)
{
    query q = query_start(s, STMT_DAY_BLOCKS, "");
    while (query_next(&q)) {
        if (block_reads(&q))
            continue;
        char day[MIZO_DATE_TEXT], series[24];
        mizo_day_text((mizo_day)column_int(&q, 1), day);
        snprintf(series, sizeof series, "%lld", (long long)column_int(&q, 2));
        MIZO_DIAG(d, STORE_BAD_BLOCK, MIZO_NOWHERE, column_text(&q, 0), day, series);
        ++*bad;
    }
    return query_end(&q);
}

static mizo_err sequence(sqlite_store *s, mizo_diags *d, int *bad)
{
    query q = query_start(s, STMT_ENTRY_COUNT, "");
    if (query_next(&q) && column_int(&q, 0) != column_int(&q, 1)) {
        MIZO_DIAG(d, STORE_BAD_SEQUENCE, MIZO_NOWHERE, column_text(&q, 0), column_text(&q, 1));
        ++*bad;
    }
    return query_end(&q);
}

static mizo_err totals(sqlite_store *s, mizo_diags *d, int *bad)
{
    query q = query_start(s, STMT_BALANCE_WRONG, "");
    while (query_next(&q)) {
        char day[MIZO_DATE_TEXT] = "-";
        if (column_int(&q, 2) != MIZO_DAY_NONE)
            mizo_day_text((mizo_day)column_int(&q, 2), day);
        MIZO_DIAG(d, STORE_BAD_BALANCE, MIZO_NOWHERE, column_text(&q, 0), column_text(&q, 1), day);
        ++*bad;
    }
    return query_end(&q);
}

typedef mizo_err check_fn(sqlite_store *s, mizo_diags *d, int *bad);

static mizo_err run_checks(store *base, check_fn *const *check, size_t n, mizo_diags *d)
{
    sqlite_store *s = (sqlite_store *)base;
    int bad = 0;
    mizo_err e;
    bool mine = sqlite_snap(s, &e);
    for (size_t i = 0; !e && i < n; i++)
        e = check[i](s, d, &bad);
    sqlite_unsnap(s, mine);
    return e ? e : bad ? MIZO_EINPUT : MIZO_OK;
}

mizo_err sqlite_verify(store *base, mizo_diags *d)
{
    static check_fn *const checks[] = { pages, blocks, sequence, totals };
    return run_checks(base, checks, sizeof checks / sizeof *checks, d);
}

mizo_err sqlite_medium(store *base, store_medium part, mizo_diags *d)
{
    static check_fn *const whole[] = { pages_alone }, *const rows[] = { indexes, blocks, sequence };
    return part == STORE_MEDIUM_PAGES ? run_checks(base, whole, 1, d)
                                      : run_checks(base, rows, sizeof rows / sizeof *rows, d);
}
