/* Settling, verifying and rating the village, over every store. */
#include "base/check.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "mizo/messages/books.h"
#include "region/load.h"
#include "town/books/journal.h"
#include "town/books/settle.h"
#include "town/books/verify.h"
#include "town/proof/achievement.h"

/* The village with a store of its own. */
typedef struct place {
    town t;
    char dir[64], path[96];
    int number;
} place;

static const store_ops *member; /* of the run */

static void open_place(place *p)
{
    static int count;
    memset(p, 0, sizeof *p);
    strcpy(p->dir, "/tmp/mizo-books-XXXXXX");
    assert_non_null(mkdtemp(p->dir));
    snprintf(p->path, sizeof p->path, "%s/mizo.db", p->dir);
    if (member == &store_memory)
        snprintf(p->path, sizeof p->path, "books-%d-%d", (int)getpid(), ++count);
    p->t.env = env_uv_new(ENV_ERROR);
    p->t.diags = mizo_diags_new(0);
    p->t.dir = VILLAGE;
    assert_true(p->t.env && p->t.diags);
    assert_int_equal(region_load(p->t.env, VILLAGE, p->t.diags, &p->t.region, NULL), MIZO_OK);
    assert_int_equal(member->open(p->path, STORE_CREATE, p->t.diags, &p->t.store), MIZO_OK);
}

static void close_place(place *p)
{
    char path[128];
    static const char *const names[] = { "mizo.db", "mizo.db-wal", "mizo.db-shm", "mizo.db-lock" };
    env *e = p->t.env;
    mizo_diags *d = p->t.diags;
    town_close(&p->t);
    mizo_diags_free(d);
    env_uv_free(e);
    for (size_t i = 0; i < ROWS(names); i++) {
        snprintf(path, sizeof path, "%s/%s", p->dir, names[i]);
        (void)remove(path);
    }
    rmdir(p->dir);
}

static mizo_day day_of(int y, int m, int d)
{
    return mizo_date_day((mizo_date){ y, m, d });
}

static void begin(place *p, mizo_ms known)
{
    store_batch b = { .known = known, .actor = "test", .source = "test", .note = "" };
    assert_int_equal(p->t.store->ops->batch_begin(p->t.store, &b), MIZO_OK);
}

static void commit(place *p)
{
    assert_int_equal(p->t.store->ops->batch_commit(p->t.store), MIZO_OK);
}

/* A day of one series: `first` in slot 0, `rest` in the others. */
static void read_day(place *p, const char *owner, mizo_quantity q, mizo_day day, int32_t first, int32_t rest)
{
    store *s = p->t.store;
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    int32_t id, v[48];
    bool changed;
    for (int i = 0; i < 48; i++)
        v[i] = i ? rest : first;
    begin(p, 1000);
    assert_int_equal(s->ops->series_id(s, &key, true, &id), MIZO_OK);
    assert_int_equal(store_write_day(s, id, day, v, NULL, 48, &changed), MIZO_OK);
    commit(p);
}

/* The village's readings of one day: mill 1000 Wh a slot of which 600 are renewable; the depot's roof
 * gives 300 to its house and 200 to the town; 100 Wh are wanted by each, 5000 in slot 0. */
static void village_day(place *p, mizo_day day)
{
    read_day(p, "mill", MIZO_Q_GENERATION, day, 1000, 1000);
    read_day(p, "pv-depot", MIZO_Q_GENERATION, day, 500, 500);
    read_day(p, "p-depot", MIZO_Q_EXPORT, day, 200, 200);
    read_day(p, "p-depot", MIZO_Q_IMPORT, day, 0, 0);
    read_day(p, "p-hall", MIZO_Q_IMPORT, day, 5000, 100);
    read_day(p, "p-school", MIZO_Q_IMPORT, day, 5000, 100);
}

static settle_result settle_once(place *p, mizo_day day)
{
    settle_reader *k;
    const settle_day *in;
    settle_result r;
    assert_int_equal(settle_reader_new(p->t.store, p->t.region, &k), MIZO_OK);
    assert_int_equal(settle_read(k, day, &in), MIZO_OK);
    assert_int_equal(settle_post(p->t.store, p->t.region, in, 2000, "test", p->t.diags, &r), MIZO_OK);
    settle_reader_free(k);
    return r;
}

static int64_t balance(place *p, const char *account, mizo_day day, int slot)
{
    int64_t total, slots[48] = { 0 };
    assert_int_equal(p->t.store->ops->balance_get(p->t.store, account, "Wh-re", day, &total, slots), MIZO_OK);
    return slot < 0 ? total : slots[slot];
}

static int instants; /* batches with another instant, as the last proof said */

static verify_result verified(place *p, bool ok)
{
    verify_result v;
    mizo_diags *d = mizo_diags_new(0);
    assert_int_equal(verify_books(p->t.store, p->t.region, d, &v), MIZO_OK);
    if (v.ok != ok) {
        char text[400] = "nothing";
        if (mizo_diags_kept(d))
            mizo_diag_text(mizo_diags_at(d, 0), "en", text, sizeof text);
        fail_msg("said %s: %s", v.ok ? "true" : "false", text);
    }
    assert_int_equal(mizo_diags_kept(d) > 0, !ok);
    instants = 0;
    for (size_t k = 0; k < mizo_diags_kept(d); k++)
        instants += mizo_diags_at(d, k)->id == MIZO_MSG_BOOKS_INSTANT;
    mizo_diags_free(d);
    return v;
}

static void a_day(void **state)
{
    (void)state;
    place p;
    open_place(&p);
    mizo_day day = day_of(2023, 7, 5);
    village_day(&p, day);
    settle_result r = settle_once(&p, day);
    assert_int_equal(r.supply_wh, 48 * 800);
    assert_int_equal(r.demand_wh, 10000 + 47 * 200);
    assert_int_equal(r.matched_wh, 800 + 47 * 200);
    assert_int_equal(r.own_wh, 48 * 300);
    assert_int_equal(r.posted,
                     2 + 2 + 1 + 1 + 2 +
                         4); /* made, to the town, to itself, own use, town use; the mill's fossil part */
    assert_false(r.corrected || r.empty);
    assert_int_equal(balance(&p, "use:p-depot", day, 5), 300);
    assert_int_equal(balance(&p, "use:p-hall", day, 0), 400);
    assert_int_equal(balance(&p, "use:p-hall", day, 1), 100);
    assert_int_equal(balance(&p, "source:mill", day, 0), 0);
    assert_int_equal(balance(&p, "source:mill", day, 1), 450); /* 600 made, 150 of 200 wanted */
    assert_int_equal(balance(&p, "pool:town", day, -1), 0);
    verify_result v = verified(&p, true);
    assert_int_equal(v.entries, r.posted);
    assert_int_equal(v.days_checked, 2);
    assert_int_equal(v.first_bad, 0);
    /* the same day again posts nothing; so does a day without readings */
    assert_int_equal(settle_once(&p, day).posted, 0);
    assert_true(settle_once(&p, day + 1).empty);
    assert_int_equal(verified(&p, true).entries, r.posted);
    close_place(&p);
}

static mizo_err count_day(void *arg, const settle_result *r)
{
    *(int *)arg += r->posted;
    return MIZO_OK;
}

static void corrections(void **state)
{
    (void)state;
    place p;
    open_place(&p);
    mizo_day day = day_of(2023, 7, 5);
    village_day(&p, day);
    village_day(&p, day + 1);
    int posted = 0;
    assert_int_equal(settle_days(&p.t, day, day + 2, "test", count_day, &posted), MIZO_OK);
    assert_int_equal(posted, 24);
    assert_int_equal(mizo_diags_kept(p.t.diags), 1); /* the third day has no readings */
    /* the mill made less, the school wanted more: down and up in one go */
    read_day(&p, "mill", MIZO_Q_GENERATION, day, 100, 1000);
    read_day(&p, "p-school", MIZO_Q_IMPORT, day, 5000, 300);
    verify_result v = verified(&p, false); /* the books still have the old reading */
    assert_int_equal(v.first_bad, 0);      /* but no entry is false in itself */
    settle_result r = settle_once(&p, day);
    assert_true(r.corrected && r.posted > 0);
    assert_int_equal(r.matched_wh, 260 + 47 * 400);
    assert_int_equal(balance(&p, "use:p-school", day, 7), 300);
    assert_int_equal(balance(&p, "use:p-hall", day, 0) + balance(&p, "use:p-school", day, 0), 260);
    verified(&p, true);
    assert_int_equal(settle_once(&p, day).posted, 0);
    /* and back to what it was: the same balances as in the beginning */
    village_day(&p, day);
    assert_true(settle_once(&p, day).corrected);
    assert_int_equal(balance(&p, "use:p-hall", day, 0), 400);
    assert_int_equal(balance(&p, "source:mill", day, 1), 450);
    for (int i = 0; i < 48; i++)
        assert_int_equal(balance(&p, "use:p-school", day, i), balance(&p, "use:p-school", day + 1, i));
    verified(&p, true);
    close_place(&p);
}

static mizo_err post(place *p, const char *from, const char *to, mizo_day day, int32_t wh, mizo_diags *d)
{
    journal j;
    int32_t slots[48] = { wh };
    mizo_entry e = {
        .day = day, .from = from, .to = to, .unit = "Wh-re", .kind = "match", .ref = "", .amount = wh
    };
    e.slots = slots;
    begin(p, 3000);
    assert_int_equal(journal_open(p->t.store, &j), MIZO_OK);
    mizo_err err = journal_post(&j, &e, d);
    if (err)
        p->t.store->ops->batch_rollback(p->t.store);
    else
        commit(p);
    return err;
}

static void one_kwh_one_claim(void **state)
{
    (void)state;
    place p;
    open_place(&p);
    mizo_diags *d = mizo_diags_new(0);
    mizo_day day = day_of(2023, 7, 5);
    read_day(&p, "mill", MIZO_Q_GENERATION, day, 1000, 1000);
    assert_int_equal(post(&p, "world", "source:mill", day, 600, d), MIZO_OK);
    assert_int_equal(post(&p, "source:mill", "pool:town", day, 400, d), MIZO_OK);
    assert_int_equal(post(&p, "source:mill", "use:p-hall", day, 200, d), MIZO_OK);
    assert_int_equal(mizo_diags_kept(d), 0);
    assert_int_equal(post(&p, "source:mill", "use:p-school", day, 1, d), MIZO_ECONFLICT);
    assert_int_equal(mizo_diags_kept(d), 2);
    char text[300];
    mizo_diag_text(mizo_diags_at(d, 0), "en", text, sizeof text);
    assert_string_equal(text, "source:mill on 2023-07-05, slot 1: 1 Wh-re wanted, 0 left");
    mizo_diag_text(mizo_diags_at(d, 1), "en", text, sizeof text);
    assert_string_equal(text, "it was claimed already by entry 2: source:mill to pool:town, match");
    /* what was left another day does not help */
    assert_int_equal(post(&p, "world", "source:mill", day + 1, 50, d), MIZO_OK);
    assert_int_equal(post(&p, "source:mill", "use:p-school", day, 1, d), MIZO_ECONFLICT);
    mizo_diags_clear(d);
    assert_int_equal(post(&p, "source:mill", "Use", day, 1, d), MIZO_EINPUT);
    assert_int_equal(mizo_diags_kept(d), 1);
    mizo_diags_free(d);
    /* claims that stand in the way of a settlement: refused whole, nothing is posted */
    settle_reader *k;
    const settle_day *in;
    settle_result r;
    village_day(&p, day + 2);
    assert_int_equal(settle_once(&p, day + 2).corrected, false);
    assert_int_equal(post(&p, "use:p-hall", "use:p-depot", day + 2, 400, NULL), MIZO_OK);
    read_day(&p, "p-hall", MIZO_Q_IMPORT, day + 2, 0, 100);
    int64_t before, after;
    uint8_t head[32];
    assert_int_equal(p.t.store->ops->entry_head(p.t.store, &before, head), MIZO_OK);
    assert_int_equal(settle_reader_new(p.t.store, p.t.region, &k), MIZO_OK);
    assert_int_equal(settle_read(k, day + 2, &in), MIZO_OK);
    assert_int_equal(settle_post(p.t.store, p.t.region, in, 2000, "test", p.t.diags, &r), MIZO_ECONFLICT);
    settle_reader_free(k);
    assert_int_equal(p.t.store->ops->entry_head(p.t.store, &after, head), MIZO_OK);
    assert_int_equal(before, after);
    close_place(&p);
}

/* Entries that only a bug or a hand in the store could make. */
static void found_out(void **state)
{
    (void)state;
    mizo_day day = day_of(2023, 7, 5);
    for (int how = 0; how < 5; how++) {
        place p;
        open_place(&p);
        village_day(&p, day);
        settle_result r = settle_once(&p, day);
        store *s = p.t.store;
        int64_t seq;
        uint8_t head[32], next[32];
        int32_t slots[48] = { 7 };
        assert_int_equal(s->ops->entry_head(s, &seq, head), MIZO_OK);
        mizo_entry e = { seq + 1, 4000, day, "source:mill", "use:p-hall", "Wh-re", "match", "", 7, slots };
        if (how == 0)
            e.known++; /* a hash of something else */
        else if (how == 1)
            e.from = "pool:town"; /* of an account that is empty */
        else if (how == 2)
            e.from = "world", e.to = "source:mill", slots[0] = 500,
            e.amount = 500; /* more than the mill made */
        else if (how == 3)
            e.kind = "Match!"; /* not an id */
        else
            e.seq += 1; /* a number that it does not get */
        mizo_entry_chain(head, &e, next);
        store_entry row = { .day = e.day,
                            .from = e.from,
                            .to = e.to,
                            .unit = e.unit,
                            .kind = e.kind,
                            .ref = "",
                            .amount = e.amount,
                            .slots = slots };
        begin(&p, 4000);
        assert_int_equal(s->ops->entry_append(s, &row, next), MIZO_OK);
        commit(&p);
        verify_result v = verified(&p, false);
        assert_int_equal(v.entries, r.posted + 1);
        assert_int_equal(v.first_bad, how == 2 ? 0 : r.posted + 1);
        close_place(&p);
    }
}

/* A hand in the file itself, behind our back: whatever it changes is found. */
static void by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        int64_t first_bad; /* 0: no entry, only a balance */
    } row[] = {
        {"UPDATE entry SET amount = amount + 1 WHERE seq = 3",                              3},
        { "UPDATE entry SET slots = (SELECT slots FROM entry WHERE seq = 1) WHERE seq = 4", 4},
        { "UPDATE entry SET to_account = 'use:p-school' WHERE to_account = 'use:p-hall'",   8},
        { "UPDATE entry SET from_account = 'source:sun' WHERE seq = 3",                     3},
        { "UPDATE entry SET day = day + 1 WHERE seq = 2",                                   2},
        { "UPDATE entry SET kind = 'gift' WHERE seq = 5",                                   5},
        { "UPDATE entry SET ref = '' WHERE seq = 5",                                        5},
        { "UPDATE entry SET hash = randomblob(32) WHERE seq = 6",                           6},
        { "UPDATE batch SET known = known + 1 WHERE source = 'settle'",                     1},
        { "UPDATE entry SET slots = zeroblob(length(slots)) WHERE seq = 4",                 4},
        { "UPDATE entry SET hash = zeroblob(5) WHERE seq = 6",                              6},
        { "DELETE FROM entry WHERE seq = 2",                                                3},
        { "UPDATE day SET v = zeroblob(length(v))",                                         0},
        { "UPDATE entry SET unit = 'Wh-fit' WHERE seq = 5",                                 5},
        { "UPDATE entry SET batch = 1 WHERE seq = 5",                                       5},
        { "UPDATE entry SET slots = NULL WHERE seq = 4",                                    4},
        { "INSERT INTO balance VALUES (99, 'use:p-hall', 'Wh-re', 1, NULL)",                0},
        { "INSERT INTO balance VALUES (2147483647, 'use:nobody', 'Wh-re', 0, NULL)",        0},
        { "UPDATE balance SET slots = NULL WHERE slots IS NOT NULL",                        0},
        { "DELETE FROM balance WHERE account = 'use:p-hall' AND day = 2147483647",          0},
        { "DELETE FROM balance WHERE account = 'use:p-hall'",                               0},
        { "UPDATE balance SET total = total + 1 WHERE account = 'use:p-hall'",              0},
    };
    if (member != &store_sqlite)
        return; /* the simulated store has no file */
    for (size_t i = 0; i < ROWS(row); i++) {
        place p;
        open_place(&p);
        mizo_day day = day_of(2023, 7, 5);
        village_day(&p, day);
        assert_int_equal(settle_once(&p, day).posted, 12);
        verified(&p, true);
        member->close(p.t.store);
        sqlite3 *db;
        assert_int_equal(sqlite3_open(p.path, &db), SQLITE_OK);
        if (sqlite3_exec(db, row[i].sql, NULL, NULL, NULL) != SQLITE_OK)
            fail_msg("%s: %s", row[i].sql, sqlite3_errmsg(db));
        assert_true(sqlite3_changes(db) > 0);
        sqlite3_close(db);
        assert_int_equal(member->open(p.path, STORE_READ, p.t.diags, &p.t.store), MIZO_OK);
        verify_result v = verified(&p, false);
        if (v.first_bad != row[i].first_bad)
            fail_msg("%s: first bad %d", row[i].sql, (int)v.first_bad);
        /* once for all entries of the batch; of an entry that was put into another batch too */
        if (instants != (strstr(row[i].sql, "batch") != NULL))
            fail_msg("%s: %d batches with another instant", row[i].sql, instants);
        close_place(&p);
    }
}

/* More days than the walk holds open, and a correction that goes back to the first of them. */
static void many_days(void **state)
{
    (void)state;
    place p;
    open_place(&p);
    mizo_day day = day_of(2023, 7, 5);
    for (int i = 0; i < 60; i++) {
        village_day(&p, day + i);
        settle_once(&p, day + i);
    }
    verified(&p, true);
    read_day(&p, "mill", MIZO_Q_GENERATION, day, 100, 1000);
    verified(&p, false); /* the books of a day long past still have the old reading */
    assert_true(settle_once(&p, day).corrected);
    verified(&p, true);
    assert_int_equal(post(&p, "use:p-hall", "use:p-depot", day + 30, 400, NULL), MIZO_OK);
    verified(&p, false); /* the depot used more than it took */
    close_place(&p);
}

static void empty_books(void **state)
{
    (void)state;
    place p;
    open_place(&p);
    verify_result v = verified(&p, true);
    assert_int_equal(v.entries, 0);
    uint8_t zero[32] = { 0 };
    assert_memory_equal(v.head, zero, 32);
    close_place(&p);
}

static void bill(place *p, const char *point, mizo_day from, mizo_day to, mizo_wh wh, uint8_t quality)
{
    store_period b = {
        .quantity = MIZO_Q_IMPORT, .quality = quality, .from = from, .to = to, .energy_wh = wh
    };
    bool changed;
    b.max_w = MIZO_MISSING;
    strcpy(b.point, point);
    begin(p, 1000);
    assert_int_equal(p->t.store->ops->period_put(p->t.store, &b, &changed), MIZO_OK);
    commit(p);
}

/* FY2023: the hall has a 100 % menu, the depot one of 92 %, the school none. */
static void a_year(void **state)
{
    (void)state;
    place p;
    open_place(&p);
    achievement_own own;
    assert_int_equal(achievement_of_year(p.t.store, p.t.region, 2030, STORE_LATEST, &own), MIZO_OK);
    mizo_wh lamps = own.a.demand_wh; /* a lamp table needs no reading */
    assert_int_equal(lamps, (42 * 30 + 785 * 8 / 10) * 672LL * 365 / 60);
    achievement_free(&own);

    bill(&p, "p-hall", day_of(2023, 4, 1), day_of(2024, 4, 1), 1000000, MIZO_QUALITY_MEASURED);
    bill(&p, "p-school", day_of(2023, 3, 22), day_of(2023, 4, 11), 2000,
         MIZO_QUALITY_MEASURED); /* half of it */
    bill(&p, "p-depot", day_of(2023, 7, 1), day_of(2023, 7, 11), 10000, MIZO_QUALITY_MANUAL);
    read_day(&p, "p-depot", MIZO_Q_IMPORT, day_of(2023, 7, 5), 100, 100); /* a whole day of slots inside it */
    read_day(&p, "pv-depot", MIZO_Q_GENERATION, day_of(2023, 7, 5), 30, 30);
    read_day(&p, "p-depot", MIZO_Q_EXPORT, day_of(2023, 7, 5), 10, 10);
    read_day(&p, "p-hall", MIZO_Q_IMPORT, day_of(2023, 7, 6), MIZO_MISSING, 55);   /* parts: the bill holds */
    read_day(&p, "p-school", MIZO_Q_IMPORT, day_of(2023, 8, 1), MIZO_MISSING, 10); /* parts, and no bill */
    assert_int_equal(achievement_of_year(p.t.store, p.t.region, 2023, STORE_LATEST, &own), MIZO_OK);
    mizo_wh lamps_2023 = (42 * 30 + 785 * 8 / 10) * 672LL * 366 / 60;
    mizo_wh self = 48 * 20, slots = 4800, parts = 470;
    assert_int_equal(own.self_wh, self);
    assert_int_equal(own.a.demand_by_grade[MIZO_QUALITY_ESTIMATED], lamps_2023);
    assert_int_equal(own.a.demand_by_grade[MIZO_QUALITY_SPLIT], 1000 + 9000);
    assert_int_equal(own.a.demand_by_grade[MIZO_QUALITY_MEASURED], 1000000 + slots + self + parts);
    assert_int_equal(own.a.demand_by_grade[MIZO_QUALITY_MANUAL], 0);
    assert_int_equal(own.a.demand_wh, lamps_2023 + 10000 + 1000000 + slots + self + parts);
    assert_int_equal(own.a.supply_wh, 1000000 + self + slots * 92 / 100 + 4000 * 92 / 100 + 5000 * 92 / 100);
    assert_int_equal(own.points, 4);
    assert_int_equal(own.silent, 0);
    assert_int_equal(own.missing_days, (366 - 10 - 1) + (366 - 10));
    assert_int_equal(own.a.facilities, 3);
    assert_int_equal(own.nunreported, 1);
    assert_string_equal(p.t.region->facility[own.unreported[0]].id, "depot");
    int64_t rate = (own.a.supply_wh * 10000 + own.a.demand_wh / 2) / own.a.demand_wh;
    assert_int_equal(own.a.rate_bp, rate);
    achievement_free(&own);
    close_place(&p);
}

/* A corrected day changes the year of now, not the year as it was known. */
static void as_known(void **state)
{
    (void)state;
    place p;
    open_place(&p);
    achievement_own was, is;
    mizo_day day = day_of(2023, 7, 5);
    mizo_ms first_known = mizo_slot_ms(mizo_day_slot(day + 1, MIZO_JAPAN_OFFSET));
    mizo_series_key key = store_key("p-hall", MIZO_Q_IMPORT, MIZO_ROLE_READING);
    for (int k = 0; k < 2; k++) {
        int32_t id, v[48];
        bool changed;
        for (int i = 0; i < 48; i++)
            v[i] = k ? 2000 : 1000;
        begin(&p, first_known + k * 5 * 86400000LL);
        assert_int_equal(p.t.store->ops->series_id(p.t.store, &key, true, &id), MIZO_OK);
        assert_int_equal(store_write_day(p.t.store, id, day, v, NULL, 48, &changed), MIZO_OK);
        commit(&p);
    }
    assert_int_equal(achievement_of_year(p.t.store, p.t.region, 2023, first_known + 86400000, &was), MIZO_OK);
    assert_int_equal(achievement_of_year(p.t.store, p.t.region, 2023, STORE_LATEST, &is), MIZO_OK);
    assert_int_equal(was.a.supply_wh, 48000);
    assert_int_equal(is.a.supply_wh, 96000);
    achievement_free(&was);
    achievement_free(&is);
    close_place(&p);
}

static void values_alone(void **state)
{
    (void)state;
    place p;
    open_place(&p);
    mizo_day day = day_of(2023, 7, 5);
    village_day(&p, day);
    settle_reader *k;
    const settle_day *in;
    settle_result r;
    int32_t matched[48], point[4][48];
    assert_int_equal(p.t.region->npoint, 4);
    assert_int_equal(settle_reader_new(p.t.store, p.t.region, &k), MIZO_OK);
    assert_int_equal(settle_read(k, day, &in), MIZO_OK);
    assert_int_equal(settle_match(p.t.region, in, &r, matched, point), MIZO_OK);
    assert_int_equal(matched[0], 800 + 300);
    assert_int_equal(matched[1], 200 + 300);
    int64_t sum = 0;
    for (int i = 0; i < 4; i++)
        sum += point[i][1];
    assert_int_equal(sum, matched[1]);
    assert_int_equal(point[mizo_region_point(p.t.region, "p-depot")][9], 300);
    assert_int_equal(settle_match(p.t.region, in, &r, NULL, NULL), MIZO_OK);
    settle_reader_free(k);
    close_place(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day),        cmocka_unit_test(corrections), cmocka_unit_test(one_kwh_one_claim),
        cmocka_unit_test(found_out),    cmocka_unit_test(by_hand),     cmocka_unit_test(empty_books),
        cmocka_unit_test(a_year),       cmocka_unit_test(many_days),   cmocka_unit_test(as_known),
        cmocka_unit_test(values_alone),
    };
    member =
        getenv("MIZO_STORE") && strcmp(getenv("MIZO_STORE"), "memory") == 0 ? &store_memory : &store_sqlite;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
