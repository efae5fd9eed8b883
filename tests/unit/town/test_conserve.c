/* test_conserve.c: energy is neither made nor lost: a served day is proven, a hand in the store is found. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fixture.h"
#include "mizo/messages/books.h"
#include "town/books/settle.h"
#include "town/books/verify.h"
#include "town/live/keep.h"

enum { FROM = 49, RUN_DAYS = 2 }; /* a Monday: there is something to plan */

/* The village, run for two days as `mizo serve` runs it, kept in a file. */
typedef struct served {
    fixture f;
    char dir[64], path[96];
    keep *keep;
    store *store;
    int days;
} served;

/* The readings go into the file too: verify holds the books against them. */
static mizo_err copy_series(void *arg, int32_t id, const mizo_series_key *key)
{
    served *s = arg;
    int32_t to, v[48];
    uint8_t q[48];
    bool changed;
    assert_int_equal(s->store->ops->series_id(s->store, key, true, &to), MIZO_OK);
    for (int d = FROM; d < FROM + s->days; d++) {
        assert_int_equal(store_read_day(s->f.store, id, s->f.first + d, STORE_LATEST, v, q), MIZO_OK);
        assert_int_equal(store_write_day(s->store, to, s->f.first + d, v, q, 48, &changed), MIZO_OK);
    }
    return MIZO_OK;
}

/* The village's plant, so that there is something to match. */
static void plant_readings(served *s)
{
    store *st = s->f.store;
    mizo_series_key key = store_key("mill", MIZO_Q_GENERATION, MIZO_ROLE_READING);
    int32_t id, v[48];
    bool changed;
    store_batch b = { .known = 1, .actor = "test", .source = "mill", .note = "" };
    for (int i = 0; i < 48; i++)
        v[i] = 25000;
    assert_int_equal(st->ops->batch_begin(st, &b), MIZO_OK);
    assert_int_equal(st->ops->series_id(st, &key, true, &id), MIZO_OK);
    for (int d = FROM; d < FROM + RUN_DAYS; d++)
        assert_int_equal(store_write_day(st, id, s->f.first + d, v, NULL, 48, &changed), MIZO_OK);
    assert_int_equal(st->ops->batch_commit(st), MIZO_OK);
}

static void copy_readings(served *s)
{
    store_batch b = { .known = 1, .actor = "test", .source = "readings", .note = "" };
    assert_int_equal(store_sqlite.open(s->path, STORE_CREATE, s->f.diags, &s->store), MIZO_OK);
    assert_int_equal(s->store->ops->batch_begin(s->store, &b), MIZO_OK);
    assert_int_equal(s->f.store->ops->series_scan(s->f.store, copy_series, s), MIZO_OK);
    assert_int_equal(s->store->ops->batch_commit(s->store), MIZO_OK);
    s->store->ops->close(s->store);
    s->store = NULL;
}

static void on_day(void *arg, const town_view *v)
{
    served *s = arg;
    keep_day(s->keep, v);
}

/* Runs the fixture that was opened, for s->days. */
static void serve_days(served *s)
{
    strcpy(s->dir, "/tmp/mizo-conserve-XXXXXX");
    assert_non_null(mkdtemp(s->dir));
    snprintf(s->path, sizeof s->path, "%s/mizo.db", s->dir);
    copy_readings(s);
    assert_int_equal(keep_start(s->f.env, s->path, s->f.diags, &s->keep), MIZO_OK);
    operate_options o = {
        .policy = OPERATE_MIZO,
        .region = s->f.region,
        .truth = s->f.store,
        .solver = s->f.solver,
        .from = mizo_day_slot(s->f.first + FROM, s->f.region->offset),
        .threads = 1,
        .seed = 1,
        .step_ms = 300000,
        .all_points = true,
        .env = s->f.env,
        .day_done = on_day,
        .arg = s,
    };
    operate *op;
    assert_int_equal(operate_new(&o, s->f.diags, &op), MIZO_OK);
    for (int i = 0; i < s->days * 48; i++)
        assert_int_equal(operate_slot(op), MIZO_OK);
    operate_free(op);
    keep_stop(s->keep);
}

static void drain(void *arg)
{
    env *e = arg;
    e->ops->stop(e);
}

static void serve_and_open(served *s)
{
    serve_days(s);
    assert_int_equal(s->f.env->ops->post(s->f.env, drain, s->f.env), MIZO_OK);
    assert_int_equal(s->f.env->ops->run(s->f.env), MIZO_OK);
    keep_free(s->keep);
    assert_int_equal(store_sqlite.open(s->path, STORE_WRITE, s->f.diags, &s->store), MIZO_OK);
}

static void open_served(served *s)
{
    memset(s, 0, sizeof *s);
    s->days = RUN_DAYS;
    fixture_village(&s->f);
    plant_readings(s);
    serve_and_open(s);
}

static void close_served(served *s)
{
    static const char *const names[] = { "mizo.db", "mizo.db-wal", "mizo.db-shm", "mizo.db-lock" };
    char path[128];
    if (s->store)
        s->store->ops->close(s->store);
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", s->dir, names[i]);
        (void)remove(path);
    }
    rmdir(s->dir);
    fixture_close(&s->f);
}

static verify_result verified(served *s, mizo_diags *d)
{
    verify_result v;
    assert_int_equal(verify_books(s->store, s->f.region, d, &v), MIZO_OK);
    return v;
}

static bool says(const mizo_diags *d, mizo_msg id)
{
    for (size_t i = 0; i < mizo_diags_kept(d); i++)
        if (mizo_diags_at(d, i)->id == id)
            return true;
    return false;
}

static void print_diags(const mizo_diags *d)
{
    char text[500];
    for (size_t i = 0; i < mizo_diags_kept(d); i++) {
        mizo_diag_text(mizo_diags_at(d, i), "en", text, sizeof text);
        print_message("# %s\n", text);
    }
}

static void a_served_day_is_proven(void **state)
{
    (void)state;
    served s;
    open_served(&s);
    mizo_diags *d = mizo_diags_new(0);
    verify_result v = verified(&s, d);
    print_diags(d);
    assert_true(v.ok);
    assert_int_equal(mizo_diags_kept(d), 0);
    assert_true(v.entries > 0);
    assert_int_equal(v.point_days, RUN_DAYS); /* the depot alone has something to decide */
    assert_int_equal(v.slots, RUN_DAYS * 48);
    assert_int_equal(v.unproven + v.odd + v.bad_slots, 0);
    assert_true(v.sum.import > 0 && v.sum.pv > 0 && v.sum.vehicle > 0);
    assert_int_equal(v.sum.import + v.sum.pv,
                     v.sum.demand + v.sum.run + v.sum.vehicle + v.sum.export + v.sum.into_storage);
    assert_true(v.sum.run > 0);
    assert_true(v.sum.stored <= v.sum.into_storage + 100000);
    mizo_diags_free(d);
    close_served(&s);
}

/* Changes one slot of what the depot's devices did, through the store, as a hand could. */
static void change(served *s, mizo_quantity q, int day, int slot, int32_t by, bool forget)
{
    store *st = s->store;
    mizo_series_key key = store_key("p-depot", q, MIZO_ROLE_CONTROL);
    int32_t id, v[48];
    uint8_t grade[48];
    bool changed;
    store_batch b = { .known = 5, .actor = "hand", .source = "test", .note = "" };
    assert_int_equal(st->ops->batch_begin(st, &b), MIZO_OK);
    assert_int_equal(st->ops->series_id(st, &key, false, &id), MIZO_OK);
    assert_int_equal(store_read_day(st, id, s->f.first + FROM + day, STORE_LATEST, v, grade), MIZO_OK);
    assert_int_not_equal(v[slot], MIZO_MISSING);
    v[slot] = forget ? MIZO_MISSING : v[slot] + by;
    if (forget)
        grade[slot] = MIZO_QUALITY_ABSENT;
    assert_int_equal(store_write_day(st, id, s->f.first + FROM + day, v, grade, 48, &changed), MIZO_OK);
    assert_true(changed);
    assert_int_equal(st->ops->batch_commit(st), MIZO_OK);
}

static void a_hand_is_found(void **state)
{
    (void)state;
    static const struct {
        mizo_quantity q;
        int day, slot;
        int32_t by;
        bool forget;
        mizo_msg id;
        int64_t wh;
    } row[] = {
        {MIZO_Q_IMPORT,      1, 20, 1,       false, MIZO_MSG_FLOW_UNBALANCED, 1   },
        { MIZO_Q_DEMAND,     0, 7,  100,     false, MIZO_MSG_FLOW_UNBALANCED, -100},
        { MIZO_Q_GENERATION, 0, 24, 9,       false, MIZO_MSG_FLOW_UNBALANCED, 9   },
        { MIZO_Q_VEHICLE,    1, 40, 3,       false, MIZO_MSG_FLOW_UNBALANCED, -3  },
        { MIZO_Q_CHARGE,     0, 3,  50,      false, MIZO_MSG_FLOW_UNBALANCED, -50 },
        { MIZO_Q_DISCHARGE,  0, 3,  50,      false, MIZO_MSG_FLOW_UNBALANCED, 50  },
        { MIZO_Q_EXPORT,     0, 3,  2,       false, MIZO_MSG_FLOW_UNBALANCED, -2  },
        { MIZO_Q_DEMAND,     0, 5,  0,       true,  MIZO_MSG_FLOW_BROKEN,     0   },
        { MIZO_Q_VEHICLE,    0, 5,  -100000, false, MIZO_MSG_FLOW_BROKEN,     0   },
        { MIZO_Q_SOC,        0, 30, 5000,    false, MIZO_MSG_FLOW_MADE,       0   },
        { MIZO_Q_SOC,        1, 47, 90000,   false, MIZO_MSG_FLOW_MADE,       0   },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        served s;
        open_served(&s);
        change(&s, row[i].q, row[i].day, row[i].slot, row[i].by, row[i].forget);
        mizo_diags *d = mizo_diags_new(0);
        verify_result v = verified(&s, d);
        if (v.ok || !says(d, row[i].id)) {
            print_diags(d);
            fail_msg("row %d: not found", (int)i);
        }
        assert_int_equal(v.first_bad, 0);
        assert_string_equal(v.bad_point, "p-depot");
        assert_int_equal(v.bad_slot,
                         mizo_day_slot(s.f.first + FROM + row[i].day, s.f.region->offset) + row[i].slot);
        if (row[i].wh)
            assert_int_equal(v.bad_wh, row[i].wh);
        mizo_diags_free(d);
        close_served(&s);
    }
}

/* What an older program did not keep cannot be proven, and is not called false. */
static void what_was_not_kept_is_said(void **state)
{
    (void)state;
    served s;
    open_served(&s);
    s.store->ops->close(s.store);
    sqlite3 *db;
    char sql[200];
    snprintf(sql, sizeof sql,
             "DELETE FROM day WHERE series IN (SELECT id FROM series WHERE owner = 'p-depot' AND "
             "quantity = %d AND role = %d)",
             MIZO_Q_GENERATION, MIZO_ROLE_CONTROL);
    assert_int_equal(sqlite3_open(s.path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    assert_int_equal(sqlite3_changes(db), RUN_DAYS);
    sqlite3_close(db);
    assert_int_equal(store_sqlite.open(s.path, STORE_WRITE, s.f.diags, &s.store), MIZO_OK);
    mizo_diags *d = mizo_diags_new(0);
    verify_result v = verified(&s, d);
    assert_true(v.ok);
    assert_int_equal(v.unproven, RUN_DAYS);
    assert_true(says(d, MIZO_MSG_FLOW_NOT_KEPT));
    mizo_diags_free(d);
    close_served(&s);
}

/* Another reading in one slot of the first day, -1 in all of them. */
static void read_one(served *s, const char *owner, mizo_quantity q, int slot, int32_t wh)
{
    store *st = s->store;
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    int32_t id, v[48];
    uint8_t grade[48];
    bool changed;
    store_batch b = { .known = 6, .actor = "hand", .source = "test", .note = "" };
    assert_int_equal(st->ops->batch_begin(st, &b), MIZO_OK);
    assert_int_equal(st->ops->series_id(st, &key, true, &id), MIZO_OK);
    assert_int_equal(store_read_day(st, id, s->f.first + FROM, STORE_LATEST, v, grade), MIZO_OK);
    for (int i = 0; i < 48; i++)
        if (slot < 0 || i == slot) {
            v[i] = wh;
            grade[i] = MIZO_QUALITY_MEASURED;
        }
    assert_int_equal(store_write_day(st, id, s->f.first + FROM, v, grade, 48, &changed), MIZO_OK);
    assert_int_equal(st->ops->batch_commit(st), MIZO_OK);
}

static void an_odd_meter_is_no_false_book(void **state)
{
    (void)state;
    served s;
    open_served(&s);
    read_one(&s, "p-school", MIZO_Q_EXPORT, 20, -5);
    mizo_diags *d = mizo_diags_new(0);
    verify_result v = verified(&s, d);
    assert_true(v.ok);
    assert_int_equal(v.odd, 1);
    assert_true(says(d, MIZO_MSG_FLOW_BELOW));
    mizo_diags_clear(d);
    /* the school took less than the books say that it used: now they are false */
    read_one(&s, "p-school", MIZO_Q_IMPORT, -1, 0);
    v = verified(&s, d);
    assert_false(v.ok);
    assert_true(says(d, MIZO_MSG_BOOKS_MORE_THAN_TAKEN));
    mizo_diags_free(d);
    close_served(&s);
}

/* ---- all that moves, a week ---- */

static const struct {
    const char *name, *text;
} all_of_it[] = {
    {"region.yaml",     "format: 1\nid: all\noffset_slots: 18\nlatitude: 35.5\nlongitude: 139.7\n"                 },
    { "facilities.csv", "id,kind,group\nf,office,public\n"                                                         },
    { "uses.csv",       "facility,point\nf,p\n"                                                                    },
    { "tariffs.csv",
     "id,base_yen_per_kw,power_factor_pct,export_yen_per_kwh,measured_demand\nhv,1900,100,7,yes\n"                 },
    { "rates.csv",
     "tariff,days,time_from,time_to,yen_per_kwh\nhv,weekday saturday,8:00,22:00,26\nhv,,,,14\n"                    },
    { "points.csv",
     "id,voltage,reading,tariff,contract_kw,standing_kw,export\np,high,slot,hv,200,140,yes\n"                      },
    { "pv.csv",         "id,point,dc_kw,ac_kw,tilt_deg,azimuth_deg\nroof,p,120,100,10,180\n"                       },
    { "batteries.csv",
     "id,point,kind,energy_kwh,charge_kw,discharge_kw,soc_min,loss_per_hour,charge_efficiency,"
      "discharge_efficiency,wear_yen_per_kwh\n"
      "a-tank,p,heater,40,12,,0,0.01,0.95,,\nb-cells,p,battery,80,30,30,0.1,,0.96,0.96,2\n"
      "c-set,p,hydrogen,120,30,10,0.05,0.001,0.65,0.45,\n"                                                         },
    { "chargers.csv",
     "id,point,max_kw,min_kw,efficiency,give_back_kw,give_back_efficiency\nc1,p,25,2,0.94,20,0.94\nc2,p,6,1.4,,,\n"},
    { "vehicles.csv",
     "id,charger,energy_kwh,give_back_to,wear_yen_per_kwh\nbus,c1,120,0.3,2\nvan,c2,40,,\n"                        },
    { "loads.csv",      "id,point,kind,power_kw,hours,battery,kwh_a_day,days,time_from,time_to\n"
                   "batch,p,run,20.003,1.5,,,weekday,18:00,24:00\nfuel,p,draw,,,c-set,21.007,,16:00,20:00\n"
                   "water,p,draw,,,a-tank,24.001,,18:00,21:00\n"                                 },
};

/* A week of a works with hot water, hydrogen, a bus that gives back and a batch: proven to the Wh. */
static void a_week_with_all_that_moves_is_proven(void **state)
{
    (void)state;
    enum { FILES = sizeof all_of_it / sizeof *all_of_it };
    served s;
    mizo_file file[FILES];
    for (int i = 0; i < FILES; i++)
        file[i] = (mizo_file){ all_of_it[i].name, all_of_it[i].text, strlen(all_of_it[i].text) };
    memset(&s, 0, sizeof s);
    s.days = 7;
    fixture_region(&s.f, file, FILES, 3);
    serve_and_open(&s);
    mizo_diags *d = mizo_diags_new(0);
    verify_result v = verified(&s, d);
    print_diags(d);
    assert_true(v.ok);
    assert_int_equal(v.slots, 7 * 48);
    assert_int_equal(v.unproven + v.odd + v.bad_slots, 0);
    assert_int_equal(v.sum.run, 5 * 30004 + 2); /* 20.003 kW for an hour and a half; half Wh are carried */
    assert_true(v.sum.drawn >= 7 * 45000 && v.sum.drawn <= 7 * 45008);
    assert_int_equal(v.sum.import + v.sum.pv,
                     v.sum.demand + v.sum.run + v.sum.vehicle + v.sum.export + v.sum.into_storage);
    assert_true(v.sum.into_storage > v.sum.drawn + v.sum.stored);
    mizo_series_key key = store_key("p", MIZO_Q_GIVEN, MIZO_ROLE_CONTROL);
    int32_t id, given[48];
    mizo_wh all = 0;
    assert_int_equal(s.store->ops->series_id(s.store, &key, false, &id), MIZO_OK);
    for (int k = 0; k < 7; k++) {
        assert_int_equal(store_read_day(s.store, id, s.f.first + FROM + k, STORE_LATEST, given, NULL),
                         MIZO_OK);
        for (int t = 0; t < 48; t++)
            all += given[t];
    }
    assert_true(all > 50000);
    mizo_diags_free(d);
    close_served(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_with_all_that_moves_is_proven),
        cmocka_unit_test(a_served_day_is_proven),
        cmocka_unit_test(a_hand_is_found),
        cmocka_unit_test(what_was_not_kept_is_said),
        cmocka_unit_test(an_odd_meter_is_no_false_book),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
