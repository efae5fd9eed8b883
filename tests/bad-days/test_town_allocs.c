/* Each allocation fails while the town works: a model is loaded, a file imported, a day settled, the books
 * are proven, devices are operated, a request is answered. It says so (out of memory), nothing leaks, the
 * store is as it was, and the next try works. Where a failure is borne, the outcome is the whole one.
 *
 * Plans come from the town's engine. MIZO_ALLOCS: how many points of each kind of work; MIZO_ALL: every one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "disk.h"
#include "memory.h"
#include "mizo/messages/town.h"
#include "mizo/slot.h"
#include "region/load.h"
#include "server/api.h"
#include "town/books/posting.h"
#include "town/books/settle.h"
#include "town/books/verify.h"
#include "town/import/import.h"
#include "town/live/operate.h"
#include "town/office/frozen.h"

enum { DAYS = 3, HISTORY = 30, POINTS = 150 };

typedef struct place {
    town t;
    store *past; /* readings of the weeks before, in memory */
    char dir[64], readings[96], bad[96], wide[96], periods[96];
    mizo_day day; /* the first of DAYS */
    int64_t batches;
    town_view *view;
    find_index *sites;
} place;

/* One kind of work. run may fail, and says in *outcome what came of it (a number that is the same each
 * time it succeeds); undo makes the place again what it was, whatever happened. */
typedef struct work {
    const char *name;
    mizo_err expected; /* without any fault */
    mizo_err (*run)(place *p, int64_t *outcome);
    void (*undo)(place *p, mizo_err e);
    bool writes;
    long most; /* points of each way in the short form; 0: POINTS */
} work;

static void must(bool good, const char *what)
{
    if (good)
        return;
    printf("Bail out! %s\n", what);
    exit(1);
}

/* ---- the place ---- */

static void write_day(store *s, const char *owner, mizo_quantity q, mizo_day day, int32_t wh)
{
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    int32_t id, v[48];
    bool changed;
    for (int i = 0; i < 48; i++)
        v[i] = wh + i % 7 * 100;
    must(s->ops->series_id(s, &key, true, &id) == MIZO_OK &&
             store_write_day(s, id, day, v, NULL, 48, &changed) == MIZO_OK,
         "readings");
}

static void write_past(place *p)
{
    store *s = p->past;
    store_batch b = { .known = 1, .actor = "test", .source = "past", .note = "" };
    must(s->ops->batch_begin(s, &b) == MIZO_OK, "a batch");
    for (mizo_day d = p->day - HISTORY; d < p->day + DAYS; d++) {
        write_day(s, "p-depot", MIZO_Q_IMPORT, d, 6000);
        write_day(s, "p-depot", MIZO_Q_EXPORT, d, 0);
        write_day(s, "pv-depot", MIZO_Q_GENERATION, d, 900);
        write_day(s, "p-hall", MIZO_Q_IMPORT, d, 7000);
        write_day(s, "p-school", MIZO_Q_IMPORT, d, 5000);
        write_day(s, "mill", MIZO_Q_GENERATION, d, 3000);
    }
    must(s->ops->batch_commit(s) == MIZO_OK, "a batch");
}

static void write_files(place *p)
{
    FILE *good = fopen(p->readings, "w"), *bad = fopen(p->bad, "w"), *wide = fopen(p->wide, "w");
    FILE *periods = fopen(p->periods, "w");
    must(good && bad && wide && periods, "files");
    fputs("point,from,to,kwh\np-hall,2023-04-10,2023-05-10,5\np-hall,2023-05-10,2023-06-10,7\n", periods);
    fputs("point,start,kwh\n", good);
    fputs("point,start,kwh\n", bad);
    for (int k = 0; k < 96; k++) {
        static const char *const point[] = { "p-hall", "p-school" };
        fprintf(good, "%s,2023-07-05T%02d:%02d:00+09:00,%d.5\n", point[k / 48], k % 48 / 2, k % 2 * 30,
                k % 9);
        fprintf(bad, "%s,2023-07-05T%02d:%02d:00+09:00,%s\n", point[k / 48], k % 48 / 2, k % 2 * 30,
                k % 10 ? "1.5" : "x");
    }
    fputs("point,date", wide);
    for (int s = 0; s < 48; s++)
        fprintf(wide, ",%02d:%02d", s / 2, s % 2 * 30);
    for (int d = 1; d < 6; d++) {
        fprintf(wide, "\np-hall,2023-07-%02d", d);
        for (int s = 0; s < 48; s++)
            fprintf(wide, ",%d", s % 5 + d);
    }
    fputs("\n", wide);
    fputs("p-hall,2023-07-05T00:30:00+09:00,7\npoint,start,kwh\np-hull,2023-07-05T00:30:00+09:00,7\n", bad);
    must(!fclose(good) && !fclose(bad) && !fclose(wide) && !fclose(periods), "files");
}

/* The store in use, as it is before each piece of work: three days of readings. */
static void fill(place *p)
{
    store *s = p->t.store;
    store_batch b = { .known = 1000, .actor = "test", .source = "test", .note = "" };
    must(s->ops->batch_begin(s, &b) == MIZO_OK, "a batch");
    for (mizo_day d = p->day; d < p->day + DAYS; d++) {
        write_day(s, "mill", MIZO_Q_GENERATION, d, 1000);
        write_day(s, "pv-depot", MIZO_Q_GENERATION, d, 900);
        write_day(s, "p-depot", MIZO_Q_EXPORT, d, 200);
        write_day(s, "p-hall", MIZO_Q_IMPORT, d, 2000);
        write_day(s, "p-school", MIZO_Q_IMPORT, d, 1000);
    }
    must(s->ops->batch_commit(s) == MIZO_OK, "a batch");
}

static mizo_err one_more(void *arg, const store_batch *b)
{
    (void)b;
    ++*(int64_t *)arg;
    return MIZO_OK;
}

static int64_t batches(store *s)
{
    int64_t n = 0;
    mizo_err e = s->ops->batch_scan(s, 0, one_more, &n);
    must(e == MIZO_OK || e == MIZO_ENOENT, "the batches do not read");
    return n;
}

static void open_store(place *p)
{
    char path[96];
    snprintf(path, sizeof path, "%s/mizo.db", p->dir);
    disk_erase();
    must(store_sqlite.open(path, STORE_CREATE, p->t.diags, &p->t.store) == MIZO_OK, "the store");
    fill(p);
    p->batches = batches(p->t.store);
}

static void open_view(place *p)
{
    p->view = view_new(p->t.region);
    p->sites = find_new(p->t.region);
    must(p->view && p->sites, "a view");
    p->view->day = p->day;
    p->view->now = mizo_slot_ms(mizo_day_slot(p->day, p->t.region->offset));
    p->view->running = true;
}

static void open_place(place *p)
{
    memset(p, 0, sizeof *p);
    memcpy(p->dir, "/tmp/mizo-memory-XXXXXX", 24);
    must(mkdtemp(p->dir) != NULL, "a directory");
    snprintf(p->readings, sizeof p->readings, "%s/long.csv", p->dir);
    snprintf(p->bad, sizeof p->bad, "%s/bad.csv", p->dir);
    snprintf(p->wide, sizeof p->wide, "%s/wide.csv", p->dir);
    snprintf(p->periods, sizeof p->periods, "%s/periods.csv", p->dir);
    p->day = mizo_date_day((mizo_date){ 2023, 7, 5 });
    p->t.env = env_uv_new(ENV_ERROR);
    p->t.diags = mizo_diags_new(20);
    p->t.dir = p->dir;
    must(p->t.env && p->t.diags, "memory");
    MIZO_DIAG(p->t.diags, OUT_OF_MEMORY, MIZO_NOWHERE, NULL); /* the list keeps its first piece for good */
    must(region_load(p->t.env, VILLAGE, p->t.diags, &p->t.region, NULL) == MIZO_OK, "the village");
    must(store_memory.open("past", STORE_CREATE, p->t.diags, &p->past) == MIZO_OK, "a store in memory");
    write_past(p);
    write_files(p);
    open_store(p);
    open_view(p);
}

static void close_place(place *p)
{
    find_free(p->sites);
    view_unref(p->view);
    store_sqlite.close(p->t.store);
    p->past->ops->close(p->past);
    mizo_region_unref(p->t.region);
    mizo_diags_free(p->t.diags);
    env_uv_free(p->t.env);
    unlink(p->readings);
    unlink(p->bad);
    unlink(p->wide);
    unlink(p->periods);
    char other[120];
    snprintf(other, sizeof other, "%s/mizo.db-lock", p->dir);
    unlink(other);
    snprintf(other, sizeof other, "%s.bad.csv", p->bad);
    unlink(other);
    rmdir(p->dir);
}

/* ---- the kinds of work ---- */

static mizo_err load_region(place *p, int64_t *outcome)
{
    const mizo_region *r = NULL;
    char *text = NULL;
    mizo_err e = region_load(p->t.env, VILLAGE, p->t.diags, &r, &text);
    *outcome = e ? 0 : (int64_t)(r->npoint + 100 * r->nfacility + strlen(text) * 10000);
    mizo_region_unref(r);
    free(text);
    return e;
}

static mizo_err import_path(place *p, const char *path, bool skip_bad, int64_t *outcome)
{
    import_options o = { .path = path, .known = 1700000000000, .skip_bad = skip_bad };
    import_result r;
    mizo_err e = import_file(&p->t, &o, &r);
    *outcome = r.rows + 1000 * r.added + 1000000 * r.bad;
    return e;
}

static mizo_err import_long(place *p, int64_t *outcome)
{
    return import_path(p, p->readings, false, outcome);
}

static mizo_err import_bad(place *p, int64_t *outcome)
{
    return import_path(p, p->bad, false, outcome);
}

static mizo_err import_skip_bad(place *p, int64_t *outcome)
{
    return import_path(p, p->bad, true, outcome);
}

static mizo_err import_periods(place *p, int64_t *outcome)
{
    return import_path(p, p->periods, false, outcome);
}

static mizo_err import_wide(place *p, int64_t *outcome)
{
    return import_path(p, p->wide, false, outcome);
}

static mizo_err settle(place *p, int64_t *outcome)
{
    settle_reader *k = NULL;
    const settle_day *in;
    settle_result r = { 0 };
    mizo_err e = settle_reader_new(p->t.store, p->t.region, &k);
    if (!e)
        e = settle_read(k, p->day, &in);
    if (!e)
        e = settle_post(p->t.store, p->t.region, in, 2000, "test", p->t.diags, &r);
    settle_reader_free(k);
    *outcome = r.posted + 1000 * r.matched_wh;
    return e;
}

/* Two bills, and one of them said otherwise: the difference. */
static mizo_err post_bills(place *p, int64_t *outcome)
{
    posting *x = NULL;
    int moved = 0;
    mizo_entry line[] = {
        {.from = "sales:k-1",
         .to = "customer:h-1",
         .unit = "uyen",
         .kind = "bill",
         .day = p->day,
         .amount = 70                                                                                        },
        { .from = "tax:10",   .to = "customer:h-1", .unit = "uyen", .kind = "tax", .day = p->day, .amount = 7},
    };
    mizo_err e = posting_open(p->t.store, 3000, "test", "bills", p->t.diags, &x);
    for (int i = 0; !e && i < 3; i++) {
        line[0].amount += i;
        e = posting_say(x, i == 1 ? "bill:2" : "bill:1", line, 2, &moved);
    }
    if (!e) {
        *outcome = posting_count(x) * 10 + moved;
        return posting_commit(x);
    }
    posting_cancel(x);
    return e;
}

static mizo_err verify(place *p, int64_t *outcome)
{
    verify_result v = { 0 };
    mizo_err e = verify_books(p->t.store, p->t.region, p->t.diags, &v);
    *outcome = v.ok + 10 * v.entries + 10000 * v.accounts;
    return e;
}

static operate_options options(place *p, operate_policy policy)
{
    return (operate_options){
        .policy = policy,
        .region = p->t.region,
        .truth = p->past,
        .solver = NULL, /* the town's engine */
        .from = mizo_day_slot(p->day, p->t.region->offset),
        .seed = 1,
        .step_ms = 300000,
        .all_points = true,
    };
}

/* A plan that fails is an alarm, and the site goes on by the rule: that is said too. */
static bool plan_failed(const operate *op)
{
    const town_view *v = operate_view(op);
    for (size_t i = 0; i < v->nalert; i++)
        if (v->alert[i].what.id == MIZO_MSG_TOWN_PLAN_FAILED || v->alert[i].what.id == MIZO_MSG_TOWN_NO_PLAN)
            return true;
    return false;
}

static mizo_err run_slots(place *p, operate_policy policy, int slots, int64_t *outcome)
{
    operate_options o = options(p, policy);
    operate_result sum = { 0 };
    operate *op;
    mizo_err e = operate_new(&o, p->t.diags, &op);
    for (int s = 0; !e && s < slots; s++)
        e = operate_slot(op);
    if (!e && plan_failed(op))
        e = MIZO_ENOMEM;
    if (!e)
        e = operate_finish(op, &sum);
    *outcome = sum.bought_wh + sum.cost;
    operate_free(op);
    return e;
}

static mizo_err operate_days(place *p, int64_t *outcome)
{
    return run_slots(p, OPERATE_RULE, 98, outcome);
}

static mizo_err operate_plan(place *p, int64_t *outcome)
{
    return run_slots(p, OPERATE_MIZO, 1, outcome);
}

/* A report is published: the page and the figures into the register, the record beside them. */
static mizo_err freeze(place *p, int64_t *outcome)
{
    const city_doc_ask ask = { .name = "targets", .lang = "ja", .fy = 2023, .day = p->day };
    frozen f = { .fy = 0 };
    mizo_err e = frozen_put(&p->t, &ask, MIZO_DAY_NONE, "for the council", "hana", &f);
    *outcome = e ? 0 : f.fy + 10000 * (int64_t)strlen(f.page) + 10000000 * (int64_t)f.again;
    return e;
}

/* The answers that need no store. A failure is a status of 500 and above. */
static mizo_err answer(place *p, int64_t *outcome)
{
    static const char *const path[] = { "/api/v1/town",   "/api/v1/sites", "/api/v1/sites/depot",
                                        "/api/v1/plants", "/api/v1/model", "/api/v1/sites/nobody" };
    mizo_err e = MIZO_OK;
    *outcome = 0;
    for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
        http_request r = { 0 };
        http_response out;
        memcpy(r.path, path[i], strlen(path[i]) + 1);
        api_call c = { .env = p->t.env, .request = &r, .view = p->view, .sites = p->sites };
        http_response_init(&out);
        api_ids ids = { 0 };
        const api_route *route = api_find(path[i], HTTP_GET, &ids, NULL);
        memcpy(c.id, ids.id, sizeof c.id);
        must(route != NULL, path[i]);
        api_answer(route, &c, &out);
        if (out.status >= 500 || out.body.err)
            e = MIZO_ENOMEM;
        *outcome += out.status + (int64_t)out.body.n;
        http_response_fini(&out);
    }
    return e;
}

/* ---- back to where it was ---- */

static void nothing(place *p, mizo_err e)
{
    (void)p;
    (void)e;
}

static void fresh_store(place *p, mizo_err e)
{
    if (e)
        return; /* it is as it was: that is what is looked at */
    store_sqlite.close(p->t.store);
    open_store(p);
}

/* ---- points ---- */

static const char *point(place *p, const work *w, long n, bool ever, int64_t whole, int64_t *outcome,
                         long *calls)
{
    mizo_diags_clear(p->t.diags);
    long before = memory_alive();
    *outcome = 0;
    memory_fail(n, ever);
    mizo_err e = w->run(p, outcome);
    *calls = memory_stop();
    mizo_diags_clear(p->t.diags);
    const char *wrong = NULL;
    bool expected = e == w->expected && (n < 0 || *outcome == whole);
    if (!expected && e != MIZO_ENOMEM)
        wrong = e == w->expected ? "it says that it went well, and half of it is missing" : mizo_err_text(e);
    else if (memory_alive() > before) /* fewer: SQLite let pages of its cache go */
        wrong = "memory leaks";
    else if (w->writes && e && batches(p->t.store) != p->batches)
        wrong = "the store has changed";
    w->undo(p, e);
    return wrong;
}

/* The work once without a fault: how many allocations, and what it comes to. */
static const char *measure(place *p, const work *w, int64_t *whole, long *all)
{
    const char *wrong = point(p, w, -1, false, 0, whole, all); /* once before: what stays, stays */
    return wrong ? wrong : point(p, w, -1, false, 0, whole, all);
}

static bool way(place *p, const work *w, bool ever, long points, int number)
{
    int64_t whole = 0, outcome;
    long all = 0, at = 0, tried = 0, calls;
    const char *wrong = measure(p, w, &whole, &all);
    long step = points > 0 && points < all ? (all + points - 1) / points : 1;
    for (; !wrong && at < all; at += wrong ? 0 : step, tried++)
        wrong = point(p, w, at, ever, whole, &outcome, &calls);
    if (!wrong)
        wrong = point(p, w, -1, false, whole, &outcome, &calls);
    if (!wrong && outcome != whole)
        wrong = "the next try comes to something else";
    printf("%s %d - %s, %s, %ld of %ld allocations fail\n", wrong ? "not ok" : "ok", number, w->name,
           ever ? "and all after it" : "once", tried, all);
    if (wrong)
        printf("# allocation %ld: %s\n", at, wrong);
    fflush(stdout);
    return !wrong;
}

int main(void)
{
    static const work works[] = {
        {"a model is loaded",          MIZO_OK,     load_region,         nothing,              false                 },
        { "a long file is imported",   MIZO_OK,     import_long,         fresh_store,          true                  },
        { "a wide file is imported",   MIZO_OK,     import_wide,         fresh_store,          true                  },
        { "a file with bad rows",      MIZO_EINPUT, import_bad,          fresh_store,          true                  },
        { "its good rows are kept",    MIZO_OK,     import_skip_bad,     fresh_store,          true                  },
        { "periods are imported",      MIZO_OK,     import_periods,      fresh_store,          true                  },
        { "a day is settled",          MIZO_OK,     settle,              fresh_store,          true                  },
        { "bills are posted",          MIZO_OK,     post_bills,          fresh_store,          true                  },
        { "the books are proven",      MIZO_OK,     verify,              nothing,              true                  },
        { "two days are operated",     MIZO_OK,     operate_days,        nothing,              false                 },
        { "a slot is planned and run", MIZO_OK,     operate_plan,        nothing,              false,                  8 },
        { "a report is published",                           MIZO_OK,               freeze, fresh_store, true,            40 },
        { "requests are answered",                          MIZO_OK,                                    answer,                                nothing,                    false},
    };
    enum { WORKS = sizeof works / sizeof *works };
    const char *wish = getenv("MIZO_ALLOCS"), *only = getenv("MIZO_ONLY");
    bool quick = !(wish && *wish) && !getenv("MIZO_ALL");
    long points = wish && *wish ? strtol(wish, NULL, 10) : quick ? POINTS : 0;
    bool good = true;
    place p;
    disk_realloc = __real_realloc;
    disk_free = __real_free;
    disk_install();
    open_place(&p);
    printf("1..%d\n", 2 * WORKS);
    for (int i = 0; i < 2 * WORKS; i++)
        if (!only || strstr(works[i / 2].name, only))
            good &=
                way(&p, &works[i / 2], i & 1, quick && works[i / 2].most ? works[i / 2].most : points, i + 1);
    close_place(&p);
    disk_uninstall();
    return !good;
}
