/* test_live.c: the served town in a simulated world: life's own speed, a wall clock that jumps, a restart. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/env_sim.h"
#include "fixture.h"
#include "town/books/verify.h"
#include "town/live/live.h"

enum { FROM = 49, RUN_DAYS = 2 }; /* a Monday: there is something to plan */

typedef struct place {
    fixture f;
    char dir[64], path[96];
    env *sim;
} place;

static mizo_err copy_series(void *arg, int32_t id, const mizo_series_key *key)
{
    void **a = arg;
    const place *p = a[0];
    store *to = a[1];
    int32_t n, v[48];
    uint8_t q[48];
    bool changed;
    assert_int_equal(to->ops->series_id(to, key, true, &n), MIZO_OK);
    for (int d = 0; d < FROM + RUN_DAYS; d++) {
        assert_int_equal(store_read_day(p->f.store, id, p->f.first + d, STORE_LATEST, v, q), MIZO_OK);
        assert_int_equal(store_write_day(to, n, p->f.first + d, v, q, 48, &changed), MIZO_OK);
    }
    return MIZO_OK;
}

static mizo_err copy_session(void *arg, const store_session *s)
{
    store *to = arg;
    bool changed;
    return to->ops->session_put(to, s, &changed);
}

/* The village and its readings in a file: live opens that itself. */
static void open_place(place *p)
{
    memset(p, 0, sizeof *p);
    fixture_village(&p->f);
    strcpy(p->dir, "/tmp/mizo-live-XXXXXX");
    assert_non_null(mkdtemp(p->dir));
    snprintf(p->path, sizeof p->path, "%s/mizo.db", p->dir);
    store *to;
    store_batch b = { .known = 1, .actor = "test", .source = "readings", .note = "" };
    assert_int_equal(store_sqlite.open(p->path, STORE_CREATE, p->f.diags, &to), MIZO_OK);
    assert_int_equal(to->ops->batch_begin(to, &b), MIZO_OK);
    void *a[] = { p, to };
    assert_int_equal(p->f.store->ops->series_scan(p->f.store, copy_series, a), MIZO_OK);
    assert_int_equal(p->f.store->ops->session_scan(p->f.store, 0, INT64_MAX, copy_session, to), MIZO_OK);
    assert_int_equal(to->ops->batch_commit(to), MIZO_OK);
    to->ops->close(to);
}

static void close_place(place *p)
{
    static const char *const names[] = { "mizo.db", "mizo.db-wal", "mizo.db-shm", "mizo.db-lock" };
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", p->dir, names[i]);
        (void)remove(path);
    }
    rmdir(p->dir);
    fixture_close(&p->f);
}

/* What a run came to: the view when it was stopped, and how long it took by its world's clock. */
typedef struct outcome {
    mizo_ms now;
    int64_t took_ms;
    bool running;
    view_day day;
    view_buy buy;
} outcome;

/* Runs the town from `from` in a world of its own until its clock is at `until`; after the first slots
 * the wall clock jumps. */
static void run(place *p, double speed, mizo_day from, mizo_ms until, int64_t jump_ms, outcome *out)
{
    env_sim_options w = { .start = 1000000, .seed = 1 };
    env *e = env_sim_new(&w);
    assert_non_null(e);
    live_options o = { .env = e,
                       .dir = p->dir,
                       .region = p->f.region,
                       .diags = mizo_diags_new(0),
                       .speed = speed,
                       .from = from };
    live *l;
    assert_int_equal(live_start(&o, p->f.diags, &l), MIZO_OK);
    for (;;) {
        env_sim_advance(e, 0); /* the loop takes what was handed over */
        const town_view *v = live_view(l);
        if (jump_ms && v->slot >= 4) {
            env_sim_jump(e, jump_ms);
            jump_ms = 0;
        }
        if (v->now >= until || !v->running)
            break;
        usleep(500);
    }
    live_stop(l);
    env_sim_advance(e, 0);
    const town_view *v = live_view(l);
    out->now = v->now;
    out->running = v->running;
    out->took_ms = (int64_t)(e->ops->mono_ns(e) / 1000000);
    out->day = v->point[mizo_region_point(p->f.region, "p-depot")];
    out->buy = v->buy;
    live_release(l);
    env_sim_free(e);
}

/* At life's own speed a step of a minute takes a minute, no less and hardly more. */
static void real_clock_keeps_time(void **state)
{
    (void)state;
    place p;
    outcome got;
    open_place(&p);
    mizo_ms start = mizo_slot_ms(mizo_day_slot(p.f.first + FROM, p.f.region->offset));
    run(&p, 1, p.f.first + FROM, start + 4 * 3600000, 0, &got);
    assert_true(got.running);
    assert_true(got.now >= start + 4 * 3600000);
    int64_t behind = got.took_ms - (got.now - start);
    assert_true(behind > -61000 && behind < 61000);
    close_place(&p);
}

static mizo_err copy_row(void *arg, const store_day *d)
{
    memcpy(arg, d->packed, d->len < 400 ? d->len : 400);
    return MIZO_OK;
}

static void read_done(place *p, mizo_quantity q, mizo_day day, char out[400])
{
    store *s;
    int32_t id;
    mizo_series_key key = store_key("p-depot", q, MIZO_ROLE_CONTROL);
    memset(out, 0, 400);
    assert_int_equal(store_sqlite.open(p->path, STORE_READ, p->f.diags, &s), MIZO_OK);
    assert_int_equal(s->ops->series_id(s, &key, false, &id), MIZO_OK);
    assert_int_equal(s->ops->day_get(s, id, day, STORE_LATEST, copy_row, out), MIZO_OK);
    s->ops->close(s);
}

/* A wall clock that jumps by hours while the town is served changes nothing that the devices do; recorded
 * truth ends; and a town that is started again goes on with the charge that its batteries held. */
static void a_jump_and_a_restart_change_nothing(void **state)
{
    (void)state;
    static const mizo_quantity q[] = { MIZO_Q_IMPORT, MIZO_Q_SOC, MIZO_Q_VEHICLE, MIZO_Q_CHARGE };
    char want[4][400], got[400];
    for (int k = 0; k < 4; k++) {
        place p;
        outcome o, before;
        open_place(&p);
        mizo_day last = p.f.first + FROM + 1;
        if (k == 3) /* the second day in a run of its own */
            run(&p, 6000, last - 1, mizo_slot_ms(mizo_day_slot(last, p.f.region->offset)) + 3600000, 0,
                &before);
        run(&p, 6000, k == 3 ? last : last - 1, INT64_MAX, k == 1 ? 7200000 : k == 2 ? -7200000 : 0, &o);
        assert_false(o.running);
        for (int s = 0; k == 3 && s < 48; s++) { /* what was bought yesterday, in whole Wh */
            assert_int_not_equal(before.buy.today[s], MIZO_MISSING);
            assert_in_range(abs(o.buy.today[s] - before.buy.today[s]), 0, 1);
        }
        assert_int_equal(o.now, mizo_slot_ms(mizo_day_slot(last + 1, p.f.region->offset)));
        for (int i = 0; i < 4; i++) {

            read_done(&p, q[i], last, k ? got : want[i]);
            if (k && k < 3) /* vans at a charger at midnight are not kept over a restart */
                assert_memory_equal(got, want[i], 400);
        }
        store *s;
        verify_result v;
        mizo_diags *d = mizo_diags_new(0);
        assert_int_equal(store_sqlite.open(p.path, STORE_READ, p.f.diags, &s), MIZO_OK);
        assert_int_equal(verify_books(s, p.f.region, d, &v), MIZO_OK);
        assert_true(v.ok);
        assert_int_equal(v.slots, RUN_DAYS * 48);
        assert_int_equal(v.odd, 0); /* no charge came from nowhere at midnight */
        s->ops->close(s);
        mizo_diags_free(d);
        close_place(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_clock_keeps_time),
        cmocka_unit_test(a_jump_and_a_restart_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
