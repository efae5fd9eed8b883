/* The example town is what its page says, the same every time, and goes on after an interruption;
 * its forecasts see nothing that was not known. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/hash.h"
#include "town/example/example.h"
#include "town/foresee/forecast.h"
#include "town/office/office.h"
#include "town/town.h"

static char root[] = "/tmp/mizo-example-XXXXXX";
static char made[64], again[64];
static env *world;

static mizo_err make(const char *dir, uint64_t seed, mizo_diags *d)
{
    town_example_options o = { .seed = seed };
    return town_example(world, "kawasaki", dir, &o, d);
}

static int set_up(void **state)
{
    (void)state;
    world = env_uv_new(ENV_WARN);
    if (!world || !mkdtemp(root))
        return -1;
    snprintf(made, sizeof made, "%s/a", root);
    snprintf(again, sizeof again, "%s/b", root);
    return make(made, 0, NULL) == MIZO_OK ? 0 : -1;
}

static mizo_err forget(void *arg, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", (const char *)arg, name);
    unlink(path);
    return MIZO_OK;
}

static int tear_down(void **state)
{
    (void)state;
    const char *const dirs[] = { "a", "b", "c", "d" };
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
        char dir[64];
        snprintf(dir, sizeof dir, "%s/%s", root, dirs[i]);
        if (world->ops->list_dir(world, dir, forget, dir) == MIZO_OK)
            rmdir(dir);
    }
    rmdir(root);
    env_uv_free(world);
    return 0;
}

static void open_town(const char *dir, store_mode mode, town *t)
{
    mizo_diags *d = mizo_diags_new(20);
    assert_int_equal(town_open(world, dir, mode, d, t), MIZO_OK);
    assert_int_equal(mizo_diags_count(d, MIZO_WARNING), 0);
    t->diags = NULL;
    mizo_diags_free(d);
}

/* ---- the model ---- */

static void who_is_there(void **state)
{
    (void)state;
    town t;
    open_town(made, STORE_READ, &t);
    const mizo_region *r = t.region;
    size_t public = 0, installable = 0, with_pv = 0, shared = 0, doubled = 0, by[3] = { 0 };
    for (size_t i = 0; i < r->nfacility; i++) {
        public += r->facility[i].group == MIZO_GROUP_PUBLIC;
        installable += r->facility[i].group == MIZO_GROUP_PUBLIC && r->facility[i].pv_installable == 1;
        size_t first, n = mizo_region_uses_of(r, (mizo_ref)i, &first), pv_first;
        doubled += n == 2;
        with_pv += r->facility[i].group == MIZO_GROUP_PUBLIC && r->facility[i].pv_installable == 1 &&
                   mizo_region_pv_of(r, r->use[first].point, &pv_first) > 0;
        assert_true(n >= 1 && r->facility[i].name_ja[0] && r->facility[i].name_en[0]);
    }
    for (size_t i = 0; i < r->nuse; i++)
        shared += r->use[i].share_ppm < MIZO_PPM;
    for (size_t i = 0; i < r->npoint; i++)
        by[r->point[i].reading]++;
    for (size_t i = 0; i < r->nduty; i++) { /* what is due has the sheet that it is typed from */
        size_t k = 0;
        while (k < r->nsheet_row && strcmp(r->sheet_row[k].sheet, r->duty[i].sheet))
            k++;
        assert_true(k < r->nsheet_row);
    }
    assert_int_equal(r->nfacility, 1050);
    assert_int_equal(public, 1000);
    assert_in_range(with_pv * 100, installable * 44, installable * 56);
    assert_in_range(shared, 10, 30);
    assert_in_range(doubled, 4, 12);
    assert_true(by[MIZO_BY_SLOT] > 900 && by[MIZO_BY_PERIOD] > 10 && by[MIZO_BY_LAMP] == 60);
    assert_int_equal(r->nplant, 3);
    assert_int_equal(r->nvehicle, 25);
    assert_in_range(r->nbattery, 50, 60);
    assert_int_equal(r->nsupplier, 5);
    town_close(&t);
}

static void published_and_reported(void **state)
{
    (void)state;
    town t;
    open_town(made, STORE_READ, &t);
    const mizo_region *r = t.region;
    int64_t sum = 0, late = 0, local = 0;
    for (size_t i = 0; i < r->npublished; i++) {
        const char *item = r->published[i].item;
        if (strcmp(item, "re-supply") && strcmp(item, "saving") && strcmp(item, "demand"))
            continue;
        sum += r->published[i].value_e6 / 1000000;
        assert_non_null(strstr(r->published[i].source, "S3:4"));
    }
    assert_int_equal(sum, 31825490 - 1220755 + 183147067 - 1883728 + 2 * 400000000LL);
    for (size_t i = 0; i < r->nreported; i++)
        late += r->reported[i].on == MIZO_DAY_NONE;
    assert_in_range(late, 5, 80);
    for (size_t p = 0; p < r->npoint; p++) {
        mizo_ref menu = mizo_region_menu_on(r, (mizo_ref)p, mizo_fy_first(2024));
        assert_true(menu >= 0);
        local += strcmp(r->supplier[r->menu[menu].supplier].id, "local") == 0;
        assert_true(mizo_region_menu_on(r, (mizo_ref)p, mizo_fy_first(2021)) >= 0);
    }
    assert_in_range(local, 190, 210);
    town_close(&t);
}

/* Every row of the office's lists says itself that it is nobody's figure. */
static mizo_err marked(void *arg, const note *n)
{
    bool says = false;
    for (int i = 0; i < NOTE_FIELDS && n->kind->field[i].name; i++)
        says = says || strstr(n->value[i], "illustrative") || strstr(n->value[i], "見本");
    assert_true(says);
    *(int *)arg += 1;
    return MIZO_OK;
}

static void lists_of_the_office(void **state)
{
    (void)state;
    static const char *const kinds[] = { "recruit",     "saving",  "finding", "grant",
                                         "grant-asset", "measure", "progress" };
    town t;
    open_town(made, STORE_READ, &t);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        int n = 0;
        assert_int_equal(note_scan(&t, office_kind(kinds[i]), marked, &n), MIZO_OK);
        assert_in_range(n, 1, 20);
    }
    assert_true(t.region->nbudget > 0);
    for (size_t i = 0; i < t.region->nbudget; i++)
        assert_non_null(strstr(t.region->budget[i].source, "illustrative"));
    town_close(&t);
}

/* ---- the readings ---- */

typedef struct energy {
    int64_t of[16]; /* by quantity, points and panels */
    int64_t plants, known, missing;
    uint8_t quantity[8192];
    bool plant[8192];
} energy;

static mizo_err note_series(void *arg, int32_t id, const mizo_series_key *k)
{
    energy *e = arg;
    if (id < 0 || id >= 8192)
        return MIZO_ERANGE;
    e->quantity[id] = k->quantity;
    e->plant[id] =
        !strcmp(k->owner, "ukishima") || !strcmp(k->owner, "ozenji") || !strcmp(k->owner, "tachibana");
    return MIZO_OK;
}

static mizo_err add_day(void *arg, const store_day *d)
{
    energy *e = arg;
    int32_t v[MIZO_DAY_SLOTS];
    uint8_t q[MIZO_DAY_SLOTS];
    mizo_block b = { MIZO_DAY_SLOTS, v, q };
    MIZO_TRY(mizo_block_unpack(d->packed, d->len, &b));
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        if (v[i] == MIZO_MISSING) {
            e->missing++;
            continue;
        }
        if (q[i] != MIZO_QUALITY_SIMULATED)
            return MIZO_EINPUT;
        if (e->plant[d->series])
            e->plants += v[i];
        else
            e->of[e->quantity[d->series]] += v[i];
        e->known++;
    }
    return MIZO_OK;
}

typedef struct bills {
    const mizo_region *r;
    int64_t demand, green, estimated, n;
    int fy;
} bills;

static mizo_err add_bill(void *arg, const store_period *p)
{
    bills *b = arg;
    if (mizo_day_fy(p->from) != b->fy)
        return MIZO_OK;
    mizo_ref point = mizo_region_point(b->r, p->point);
    mizo_ref menu = mizo_region_menu_on(b->r, point, p->from);
    b->demand += p->energy_wh;
    b->green += b->r->menu[menu].renewable_ppm == MIZO_PPM ? p->energy_wh : 0;
    b->estimated += p->quality == MIZO_QUALITY_ESTIMATED;
    b->n++;
    return MIZO_OK;
}

static int64_t lamp_wh(const mizo_region *r, int days)
{
    int64_t sum = 0;
    for (size_t i = 0; i < r->npoint; i++)
        if (r->point[i].reading == MIZO_BY_LAMP)
            sum += r->point[i].lamp_mw / 1000 * r->point[i].lamp_minutes / 60 * days;
    return sum;
}

static mizo_err add_period(void *arg, const store_period *p)
{
    if (mizo_day_date(p->from).year == 2021)
        *(int64_t *)arg += p->energy_wh;
    return MIZO_OK;
}

static void a_year_of_readings(void **state)
{
    (void)state;
    town t;
    open_town(made, STORE_READ, &t);
    energy *e = calloc(1, sizeof *e);
    assert_non_null(e);
    const store_ops *ops = t.store->ops;
    mizo_day from = mizo_date_day((mizo_date){ 2021, 1, 1 }), first, last;
    assert_int_equal(ops->day_span(t.store, -1, &first, &last), MIZO_OK);
    assert_int_equal(first, from);
    assert_int_equal(last, from + 364);
    assert_int_equal(ops->series_scan(t.store, note_series, e), MIZO_OK);
    assert_int_equal(ops->days_all(t.store, from, from + 365, add_day, e), MIZO_OK);
    int64_t periods = 0;
    assert_int_equal(ops->period_scan(t.store, NULL, from, from + 365, STORE_LATEST, add_period, &periods),
                     MIZO_OK);
    int64_t demand = e->of[MIZO_Q_IMPORT] - e->of[MIZO_Q_EXPORT] + e->of[MIZO_Q_GENERATION] + periods +
                     lamp_wh(t.region, 365);
    print_message("# demand %.3f GWh, plants %.3f GWh, PV %.3f GWh, %lld readings, %lld missing\n",
                  (double)demand / 1e9, (double)e->plants / 1e9, (double)e->of[MIZO_Q_GENERATION] / 1e9,
                  (long long)e->known, (long long)e->missing);
    assert_in_range(demand, 399600000000LL, 400400000000LL);
    assert_in_range(e->plants, 118000000000LL, 121000000000LL);
    assert_true(e->known > 18400000);
    assert_true(e->missing > 100);
    free(e);
    town_close(&t);
}

static void contracts_and_bills(void **state)
{
    (void)state;
    static const int64_t green_kwh[] = { 31825490, 183147067 };
    town t;
    open_town(made, STORE_READ, &t);
    for (int k = 0; k < 2; k++) {
        bills b = { .r = t.region, .fy = 2022 + k };
        mizo_day from = mizo_fy_first(b.fy), to = mizo_fy_first(b.fy + 1);
        assert_int_equal(t.store->ops->period_scan(t.store, NULL, from, to, STORE_LATEST, add_bill, &b),
                         MIZO_OK);
        int64_t demand = b.demand + lamp_wh(t.region, to - from);
        print_message("# FY%d: %.3f of %.3f GWh with a 100 %% menu, %lld bills, %lld estimated\n", b.fy,
                      (double)b.green / 1e9, (double)demand / 1e9, (long long)b.n, (long long)b.estimated);
        assert_in_range(b.green, green_kwh[k] * 995, green_kwh[k] * 1005);
        assert_in_range(demand, 399600000000LL, 400400000000LL);
        assert_true(b.estimated > 50 && b.n < (int64_t)(t.region->npoint - 60) * 12);
    }
    town_close(&t);
}

typedef struct nights {
    int64_t n, before;
    mizo_ms last[64];
    bool bad;
} nights;

static mizo_err add_session(void *arg, const store_session *s)
{
    nights *x = arg;
    int van = atoi(s->vehicle + 4);
    x->bad |= van < 1 || van > 25 || s->depart <= s->arrive || s->arrive < x->last[van] || s->need_wh <= 0 ||
              s->need_wh > 41000 * 0.9 || s->arrive < x->before;
    /* none that cannot be met: 6 kW at 0.9 in the whole half-hours of the stay */
    int64_t slots = s->depart / MIZO_SLOT_MS - (s->arrive + MIZO_SLOT_MS - 1) / MIZO_SLOT_MS;
    x->bad |= s->need_wh > slots * 2700;
    x->last[van] = s->depart;
    x->before = s->arrive;
    x->n++;
    return MIZO_OK;
}

static void vans(void **state)
{
    (void)state;
    town t;
    open_town(made, STORE_READ, &t);
    nights x = { 0 };
    assert_int_equal(t.store->ops->session_scan(t.store, 0, INT64_MAX / 2, add_session, &x), MIZO_OK);
    assert_false(x.bad);
    assert_in_range(x.n, 25 * 270, 25 * 320);
    town_close(&t);
}

/* ---- the same again ---- */

typedef struct sum {
    uint8_t h[HASH_BYTES];
    int64_t n;
} sum;

static void mix(sum *s, const void *p, size_t n)
{
    uint8_t both[2 * HASH_BYTES];
    memcpy(both, s->h, HASH_BYTES);
    hash one = hash_bytes(p, n);
    memcpy(both + HASH_BYTES, one.b, HASH_BYTES);
    one = hash_bytes(both, sizeof both);
    memcpy(s->h, one.b, HASH_BYTES);
    s->n++;
}

static mizo_err mix_day(void *arg, const store_day *d)
{
    uint8_t b[64 + MIZO_PACK_MAX];
    put_le32(b, (uint32_t)d->series);
    put_le32(b + 4, (uint32_t)d->day);
    put_le64(b + 8, (uint64_t)d->batch);
    memcpy(b + 16, d->packed, d->len);
    mix(arg, b, 16 + d->len);
    return MIZO_OK;
}

static mizo_err mix_period(void *arg, const store_period *p)
{
    uint8_t b[64];
    put_le32(b, (uint32_t)p->from);
    put_le32(b + 4, (uint32_t)p->to);
    put_le64(b + 8, (uint64_t)p->energy_wh);
    put_le32(b + 16, (uint32_t)p->max_w);
    b[20] = p->quality;
    mix(arg, b, 21);
    mix(arg, p->point, strlen(p->point));
    return MIZO_OK;
}

static mizo_err mix_batch(void *arg, const store_batch *b)
{
    uint8_t k[16];
    put_le64(k, (uint64_t)b->id);
    put_le64(k + 8, (uint64_t)b->known);
    mix(arg, k, sizeof k);
    return MIZO_OK;
}

static sum sum_of(const char *dir)
{
    sum s = { 0 };
    town t;
    open_town(dir, STORE_READ, &t);
    const store_ops *ops = t.store->ops;
    mix(&s, t.region->hash, sizeof t.region->hash);
    assert_int_equal(ops->days_all(t.store, 0, 40000, mix_day, &s), MIZO_OK);
    assert_int_equal(ops->period_scan(t.store, NULL, 0, 40000, STORE_LATEST, mix_period, &s), MIZO_OK);
    assert_int_equal(ops->batch_scan(t.store, 0, mix_batch, &s), MIZO_OK);
    town_close(&t);
    return s;
}

static void stop_at_half(void *arg, int permille)
{
    (void)arg;
    if (permille == 600)
        raise(SIGINT);
}

/* Stopped half-way by Ctrl-C, then run again: the same as made in one go, to the batch. */
static void interrupted(void **state)
{
    (void)state;
    sum whole = sum_of(made);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        town_example_options o = { .progress = stop_at_half };
        env_interruptible();
        _exit((int)town_example(world, "kawasaki", again, &o, NULL));
    }
    int status;
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == MIZO_ECANCELED);
    sum half = sum_of(again);
    assert_true(half.n > whole.n / 4 && half.n < whole.n * 3 / 4);
    for (int i = 0; i < 2; i++) { /* the second time nothing is left to do */
        assert_int_equal(make(again, 0, NULL), MIZO_OK);
        sum b = sum_of(again);
        assert_int_equal(whole.n, b.n);
        assert_memory_equal(whole.h, b.h, sizeof b.h);
    }
}

static void other_directories(void **state)
{
    (void)state;
    char dir[64], path[96];
    mizo_diags *d = mizo_diags_new(10);
    assert_int_equal(town_example(world, "atlantis", made, NULL, d), MIZO_ENOENT);
    assert_int_equal(make(made, 7, d), MIZO_ECONFLICT); /* another seed is another town */
    snprintf(dir, sizeof dir, "%s/c", root);
    snprintf(path, sizeof path, "%s/points.csv", dir);
    assert_int_equal(world->ops->make_dir(world, dir), MIZO_OK);
    assert_int_equal(world->ops->write_file(world, path, "id\n", 3), MIZO_OK);
    assert_int_equal(make(dir, 0, d), MIZO_ECONFLICT);
    int64_t mtime, size;
    snprintf(path, sizeof path, "%s/facilities.csv", dir);
    assert_int_equal(world->ops->file_stamp(world, path, &mtime, &size), MIZO_ENOENT);
    assert_int_equal(mizo_diags_count(d, MIZO_ERROR), 2);
    mizo_diags_free(d);
}

/* ---- forecasts of it ---- */

static mizo_day monday;
static mizo_ref depot;

static forecast_desk *desk(const town *t, bool hindcast, const mizo_forecaster *load)
{
    forecast_ask ask = { .day = monday,
                         .issued = mizo_slot_ms(mizo_day_slot(monday, t->region->offset)),
                         .hindcast = hindcast,
                         .load = load };
    forecast_desk *d = forecast_desk_new(t->region, t->store, &ask);
    assert_non_null(d);
    return d;
}

static void look(const town *t, bool hindcast, forecast_point *p, forecast_price *price)
{
    forecast_desk *d = desk(t, hindcast, NULL);
    assert_int_equal(forecast_of_point(d, depot, p), MIZO_OK);
    assert_int_equal(forecast_of_price(d, price), MIZO_OK);
    forecast_desk_free(d);
}

/* Writes the value over every slot of a day of a series, known now. */
static void poison(town *t, const char *owner, mizo_quantity q, mizo_day day, mizo_ms known)
{
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    int32_t id, v[MIZO_DAY_SLOTS];
    bool changed;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        v[i] = 1234567;
    store_batch b = { .known = known, .actor = "test", .source = "poison", .note = "" };
    assert_int_equal(t->store->ops->batch_begin(t->store, &b), MIZO_OK);
    assert_int_equal(t->store->ops->series_id(t->store, &key, false, &id), MIZO_OK);
    assert_int_equal(store_write_day(t->store, id, day, v, NULL, MIZO_DAY_SLOTS, &changed), MIZO_OK);
    assert_true(changed);
    assert_int_equal(t->store->ops->batch_commit(t->store), MIZO_OK);
}

/* Readings of the day itself and after, and later corrections of days before, change nothing. */
static void nothing_later_is_read(void **state)
{
    (void)state;
    town t;
    open_town(again, STORE_WRITE, &t);
    monday = mizo_date_day((mizo_date){ 2021, 7, 5 });
    depot = mizo_region_point(t.region, "takatsu-delivery-depot-01-p1");
    assert_true(depot >= 0);
    forecast_point before, after, hindsight, hindsight_after;
    forecast_price price, price_after;
    look(&t, true, &hindsight, &price);
    look(&t, false, &before, &price);
    assert_true(before.said.has_demand && before.said.has_pv && price.known);
    assert_memory_equal(&hindsight, &before, sizeof before); /* the town knew each day in time */
    const char *point = t.region->point[depot].id, *pv = "takatsu-delivery-depot-01-p1-pv";
    mizo_ms late =
        mizo_slot_ms(mizo_day_slot(monday + 1, 18)) + 1; /* versions are kept by the day of knowledge */
    for (mizo_day day = monday; day < monday + 8; day++) {
        poison(&t, point, MIZO_Q_IMPORT, day, late);
        poison(&t, pv, MIZO_Q_GENERATION, day, late);
    }
    look(&t, false, &after, &price_after);
    look(&t, true, &hindsight_after, &price_after);
    assert_memory_equal(&before, &after, sizeof before);
    assert_memory_equal(&hindsight, &hindsight_after, sizeof before);
    for (mizo_day day = monday - 14; day < monday; day++) {
        poison(&t, point, MIZO_Q_IMPORT, day, late + 1000);
        poison(&t, "jepx-tokyo", MIZO_Q_PRICE, day + 1, late + 1000);
    }
    look(&t, false, &after, &price_after);
    look(&t, true, &hindsight_after, &price_after);
    assert_memory_equal(&before, &after, sizeof before);
    look(&t, false, &after, &price_after);
    assert_memory_equal(&price, &price_after, sizeof price);
    /* the poison is there for those who may see it */
    assert_memory_not_equal(&hindsight.said.demand, &hindsight_after.said.demand, sizeof before.said.demand);
    town_close(&t);
}

/* Over the town: foresight and the similar day against the last week; the sum is printed, a loose bound holds. */
static void better_than_last_week(void **state)
{
    (void)state;
    town t;
    open_town(made, STORE_READ, &t);
    double miss[3] = { 0 }, used = 0, inside = 0, n = 0;
    const mizo_forecaster *f[3] = { NULL, &mizo_forecaster_similar_day, &mizo_forecaster_last_week };
    static const int days[] = { 90, 120, 186, 200, 227, 266, 320 };
    for (size_t k = 0; k < sizeof days / sizeof *days; k++)
        for (int m = 0; m < 3; m++) {
            monday = mizo_date_day((mizo_date){ 2021, 1, 1 }) + days[k];
            forecast_desk *d = desk(&t, false, f[m]);
            for (size_t p = 0; p < t.region->npoint; p += 23) {
                mizo_series_key key = store_key(t.region->point[p].id, MIZO_Q_IMPORT, MIZO_ROLE_READING);
                size_t first;
                int32_t id, v[MIZO_DAY_SLOTS];
                forecast_point x;
                if (mizo_region_pv_of(t.region, (mizo_ref)p, &first) ||
                    t.store->ops->series_id(t.store, &key, false, &id) ||
                    forecast_of_point(d, (mizo_ref)p, &x))
                    continue;
                assert_int_equal(store_read_day(t.store, id, monday, STORE_LATEST, v, NULL), MIZO_OK);
                for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
                    if (v[i] == MIZO_MISSING)
                        continue;
                    miss[m] += fabs((double)v[i] - x.said.demand.mean[i]);
                    used += m == 0 ? v[i] : 0;
                    n += m == 0;
                    inside += m == 0 && v[i] >= x.said.demand.q[i][MIZO_Q10] &&
                              v[i] <= x.said.demand.q[i][MIZO_Q90];
                }
            }
            forecast_desk_free(d);
        }
    print_message("# mean miss: foresight %.1f %%, similar-day %.1f %%, last-week %.1f %% of the load; "
                  "%.0f %% within P10-P90\n",
                  100 * miss[0] / used, 100 * miss[1] / used, 100 * miss[2] / used, 100 * inside / n);
    assert_true(miss[0] < miss[2]);
    assert_true(inside / n > 0.65 && inside / n < 0.92);
    town_close(&t);
}

/* The mean and every level, each under its own role. */
static void read_back(const town *t, const char *owner, mizo_quantity q, const foresee_band *b)
{
    for (int k = -1; k < MIZO_QUANTILES; k++) {
        mizo_role role = k < 0 ? MIZO_ROLE_FORECAST_MEAN : forecast_role(k);
        mizo_series_key key = store_key(owner, q, role);
        int32_t id, v[MIZO_DAY_SLOTS];
        assert_int_equal(t->store->ops->series_id(t->store, &key, false, &id), MIZO_OK);
        assert_int_equal(store_read_day(t->store, id, monday, STORE_LATEST, v, NULL), MIZO_OK);
        for (int i = 0; i < MIZO_DAY_SLOTS; i++)
            assert_int_equal(v[i], k < 0 ? b->mean[i] : b->q[i][k]);
        char name[32] = "forecast-mean";
        if (k >= 0)
            snprintf(name, sizeof name, "forecast-p%02d", (int)(100 * mizo_quantile[k] + 0.5));
        assert_string_equal(mizo_role_text(role), name);
    }
}

static void kept_as_issued(void **state)
{
    (void)state;
    town t;
    open_town(again, STORE_WRITE, &t);
    monday = mizo_date_day((mizo_date){ 2021, 6, 7 });
    forecast_point p;
    forecast_price price;
    look(&t, false, &p, &price);
    forecast_desk *d = desk(&t, false, NULL);
    store_batch b = { .known = 1, .actor = "test", .source = "keep", .note = "" };
    assert_int_equal(t.store->ops->batch_begin(t.store, &b), MIZO_OK);
    assert_int_equal(forecast_keep_point(d, &p), MIZO_OK);
    assert_int_equal(forecast_keep_price(d, &price), MIZO_OK);
    assert_int_equal(t.store->ops->batch_commit(t.store), MIZO_OK);
    const char *point = t.region->point[depot].id;
    read_back(&t, point, MIZO_Q_DEMAND, &p.said.demand);
    read_back(&t, point, MIZO_Q_GENERATION, &p.said.pv);
    read_back(&t, t.region->market_area, MIZO_Q_PRICE, &price.said);
    forecast_desk_free(d);
    town_close(&t);
}

static void bands_of_a_town(void **state)
{
    (void)state;
    static forecast_total t;
    static forecast_point p;
    p.said = (foresee_out){ .n = MIZO_DAY_SLOTS, .has_demand = true };
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        p.said.demand.mean[i] = 1000;
        for (int k = 0; k < MIZO_QUANTILES; k++)
            p.said.demand.q[i][k] = 1000 + 25 * (k - MIZO_Q50);
    }
    int64_t q[MIZO_QUANTILES];
    for (int n = 0; n < 4; n++)
        forecast_add(&t, &p);
    forecast_total_levels(&t, 0, q);
    assert_int_equal(t.mean[0], 4000);
    assert_int_equal(q[MIZO_Q50], 4000);
    assert_in_range(q[MIZO_Q90], 4000 + 200, 4000 + 400); /* between wholly their own and wholly common */
    assert_int_equal(q[MIZO_Q90] - 4000, 4000 - q[MIZO_Q10]);
    for (int k = 1; k < MIZO_QUANTILES; k++)
        assert_true(q[k] > q[k - 1]);
    p.said.has_demand = false;
    forecast_add(&t, &p);
    assert_int_equal(t.silent, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_there),          cmocka_unit_test(published_and_reported),
        cmocka_unit_test(lists_of_the_office),   cmocka_unit_test(a_year_of_readings),
        cmocka_unit_test(contracts_and_bills),   cmocka_unit_test(vans),
        cmocka_unit_test(interrupted),           cmocka_unit_test(other_directories),
        cmocka_unit_test(better_than_last_week), cmocka_unit_test(nothing_later_is_read),
        cmocka_unit_test(kept_as_issued),        cmocka_unit_test(bands_of_a_town),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
