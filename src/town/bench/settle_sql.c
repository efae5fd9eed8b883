/* settle_sql.c: the peer: one row per reading in SQLite, and the same bills by SQL.
 *
 * What a careful engineer would write with a database: integers, one pass over the rows with a calendar of
 * price classes, a window over twelve months. The rows stand in the order of their key. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/store.h"
#include "town/bench/settle.h"

enum { SLOTS = SETTLE_DAYS * MIZO_DAY_SLOTS };

static const char made[] =
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"
    "CREATE TABLE reading(contract INTEGER, slot INTEGER, wh INTEGER, PRIMARY KEY(contract, slot)) WITHOUT ROWID;"
    "CREATE TABLE cal(slot INTEGER PRIMARY KEY, month INTEGER, class INTEGER, unit INTEGER);"
    "CREATE TABLE price(class INTEGER PRIMARY KEY, e6 INTEGER);"
    "INSERT INTO price VALUES (0, 22100000), (1, 19610000), (2, 18330000), (3, 12470000);";

/* Amounts in micro-yen. Rounding: half up on kWh and kW, cut to 0.01 yen on subtotals, to 1 yen on levy and total. */
static const char bills[] =
    "WITH agg AS MATERIALIZED ("
    "  SELECT r.contract AS c, k.month AS m, k.class AS k, sum(r.wh) AS w, max(r.wh) AS x, sum(r.wh * k.unit) AS u"
    "  FROM reading r JOIN cal k ON k.slot = r.slot GROUP BY 1, 2, 3),"
    " mon AS ("
    "  SELECT a.c, a.m, sum(a.w) AS w, max(a.x) * 2 AS x, sum(a.u) AS u, sum((a.w + 500) / 1000 * p.e6) AS e"
    "  FROM agg a JOIN price p ON p.class = a.k GROUP BY 1, 2),"
    " dem AS ("
    "  SELECT c, m, (w + 500) / 1000 AS kwh, u, e, CASE WHEN m < 5 THEN 3450000 ELSE 1400000 END AS levy,"
    "   (max(x) OVER (PARTITION BY c ORDER BY m ROWS BETWEEN 11 PRECEDING AND CURRENT ROW) + 500) / 1000 AS kw"
    "  FROM mon),"
    " part AS ("
    "  SELECT c, kwh * levy / 1000000 * 1000000 AS levy,"
    "   CASE WHEN c % 10 < 6 THEN kw * 1890000000 * 85 / 100 WHEN c % 10 < 8 THEN kw * 1650000000 * 85 / 100"
    "    ELSE kw * 1150000000 END AS base,"
    "   CASE WHEN c % 10 < 6 THEN e WHEN c % 10 < 8 THEN (u + 500) / 1000"
    "    ELSE min(kwh, 120) * 19880000 + max(min(kwh, 300) - 120, 0) * 26460000"
    "     + max(kwh - 300, 0) * 30570000 END AS energy,"
    "   CASE WHEN c % 10 < 6 THEN kwh * -2330000 ELSE 0 END AS fuel FROM dem)"
    " SELECT count(*), sum((base / 10000 * 10000 + energy / 10000 * 10000 + fuel / 10000 * 10000 + levy)"
    "  / 1000000 * 1000000) FROM part;";

static mizo_err fail(sqlite3 *db, mizo_diags *d)
{
    MIZO_DIAG(d, STORE_FAILED, MIZO_NOWHERE, "(peer)", sqlite3_errmsg(db));
    return MIZO_ESTORE;
}

/* Peak, summer day, day, night. */
static int class_of(mizo_day day, int slot)
{
    mizo_daytype type = mizo_day_type(day);
    int month = mizo_day_date(day).month;
    bool lit = (type == MIZO_WEEKDAY || type == MIZO_SATURDAY) && slot >= 16 && slot < 44;
    bool summer = month >= 7 && month <= 9;
    return !lit ? 3 : !summer ? 2 : slot >= 26 && slot < 32 ? 0 : 1;
}

/* price / (1 - 0.037) + 5.5, half up to 0.01 yen. */
static int64_t unit_of(int32_t myen)
{
    int64_t exact = mizo_div_round((int64_t)myen * 1000 * 1000000, 963000, MIZO_ROUND_HALF_UP) + 5500000;
    return mizo_div_round(exact, 10000, MIZO_ROUND_HALF_UP) * 10000;
}

static int put(sqlite3_stmt *st, const int64_t *v, int n)
{
    for (int i = 0; i < n; i++)
        sqlite3_bind_int64(st, i + 1, v[i]);
    int rc = sqlite3_step(st);
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int load_calendar(sqlite3_stmt *st)
{
    int32_t *price = malloc(SLOTS * sizeof *price);
    int rc = price ? SQLITE_OK : SQLITE_NOMEM;
    if (price)
        bench_settle_prices(price);
    for (int i = 0; i < SLOTS && rc == SQLITE_OK; i++) {
        mizo_day day = bench_settle_first() + i / MIZO_DAY_SLOTS;
        rc = put(
            st,
            (int64_t[]){ i, mizo_day_date(day).month, class_of(day, i % MIZO_DAY_SLOTS), unit_of(price[i]) },
            4);
    }
    free(price);
    return rc;
}

static int load_rows(sqlite3_stmt *st, int64_t contracts)
{
    int32_t *v = malloc(SLOTS * sizeof *v);
    int rc = v ? SQLITE_OK : SQLITE_NOMEM;
    for (int64_t c = 0; c < contracts && rc == SQLITE_OK; c++) {
        bench_settle_year(c, v);
        for (int i = 0; i < SLOTS && rc == SQLITE_OK; i++)
            rc = put(st, (int64_t[]){ c, i, v[i] }, 3);
    }
    free(v);
    return rc;
}

static int load(sqlite3 *db, int64_t contracts)
{
    sqlite3_stmt *cal = NULL, *row = NULL;
    int rc = sqlite3_exec(db, made, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(db, "INSERT INTO cal VALUES (?, ?, ?, ?)", -1, &cal, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(db, "INSERT INTO reading VALUES (?, ?, ?)", -1, &row, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = load_calendar(cal);
    if (rc == SQLITE_OK)
        rc = load_rows(row, contracts);
    sqlite3_finalize(cal);
    sqlite3_finalize(row);
    return rc == SQLITE_OK ? sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) : rc;
}

static int settle(sqlite3 *db, bench_settle_way *out)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db, bills, -1, &st, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        out->bills = sqlite3_column_int64(st, 0);
        out->total = sqlite3_column_int64(st, 1);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(st);
    return rc;
}

mizo_err bench_settle_peer(env *e, const char *path, int64_t contracts, mizo_diags *d, bench_settle_way *out,
                           double *load_s)
{
    sqlite3 *db = NULL;
    *out = (bench_settle_way){ .contracts = contracts };
    uint64_t t0 = e->ops->mono_ns(e);
    if (sqlite3_open(path, &db) != SQLITE_OK || load(db, contracts) != SQLITE_OK) {
        mizo_err err = fail(db, d);
        sqlite3_close(db);
        return err;
    }
    uint64_t t1 = e->ops->mono_ns(e);
    double cpu = bench_settle_cpu();
    mizo_err err = settle(db, out) == SQLITE_OK ? MIZO_OK : fail(db, d);
    out->wall_s = (double)(e->ops->mono_ns(e) - t1) * 1e-9;
    out->cpu_s = bench_settle_cpu() - cpu;
    *load_s = (double)(t1 - t0) * 1e-9;
    sqlite3_close(db);
    return err;
}
