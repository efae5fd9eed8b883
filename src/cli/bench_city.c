/* bench_city.c: mizo bench city: targets, plans, evaluation, inventory, every check and the ledger by facility of a region, made
 * again and again. */
#include "cli/bench_city.h"

#include <stdlib.h>
#include <string.h>

#include "mizo/messages/store.h"
#include "town/bench/yearly.h"
#include "town/example/example.h"
#include "town/office/city.h"
#include "town/office/owner_ledger.h"

enum { TURNS = 21, CHECKS = 4, LEDGER, PARTS };

static const char *const parts[PARTS] = { "targets", "plan", "evaluation", "inventory", "checks", "ledger" };

typedef struct times {
    uint64_t ns[PARTS + 1][TURNS]; /* the last row: all */
    int checks, failed;
} times;

static mizo_err on_check(void *arg, const city_check_result *x)
{
    times *t = arg;
    t->checks++;
    t->failed += !x->ok;
    return MIZO_OK;
}

/* Of the store's year; without a store there is none. */
static mizo_err ledger(const town *t, int fy)
{
    owner_ledger l;
    if (!t->store)
        return MIZO_OK;
    MIZO_TRY(owner_ledger_make(t->store, t->region, fy, STORE_LATEST, mizo_fy_first(fy + 1), &l));
    owner_ledger_free(&l);
    return MIZO_OK;
}

static mizo_err one(const city_desk *d, int part, int fy, times *t)
{
    report *r;
    if (part == LEDGER)
        return ledger(d->town, fy);
    if (part == CHECKS) {
        t->checks = t->failed = 0;
        return city_check_each(&d->books, on_check, t);
    }
    const city_doc_ask ask = { parts[part], "ja", fy, 0 };
    MIZO_TRY(city_doc(d, &ask, NULL, &r));
    report_free(r);
    return MIZO_OK;
}

static mizo_err measure(cli *c, const city_desk *d, int fy, times *t)
{
    for (int turn = 0; turn < TURNS; turn++) {
        t->ns[PARTS][turn] = 0;
        for (int p = 0; p < PARTS; p++) {
            uint64_t from = c->env->ops->mono_ns(c->env);
            MIZO_TRY(one(d, p, fy, t));
            t->ns[p][turn] = c->env->ops->mono_ns(c->env) - from;
            t->ns[PARTS][turn] += t->ns[p][turn];
        }
    }
    return MIZO_OK;
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static double median_ms(uint64_t *ns)
{
    qsort(ns, TURNS, sizeof *ns, by_size);
    return (double)ns[TURNS / 2] / 1e6;
}

static void tell_yearly(const bench_yearly *y, json *j)
{
    json_object(j, "yearly");
    json_int(j, "rows", y->rows);
    json_int(j, "added", y->added);
    json_int(j, "again", y->again);
    json_int(j, "bytes", y->bytes);
    json_double(j, "wall_s", (double)y->post_ns / 1e9);
    json_double(j, "again_s", (double)y->again_ns / 1e9);
    json_double(j, "write_s", (double)y->write_ns / 1e9);
    json_double(j, "limit_s", 2);
    json_end(j);
}

static void tell(const town *of, int fy, times *t, const bench_yearly *y, bool as_json, bool ja, buf *out)
{
    const mizo_region *r = of->region;
    bool stored = of->store != NULL; /* else there is no ledger */
    json j;
    json_init(&j, out);
    if (as_json) {
        json_object(&j, NULL);
        json_int(&j, "indicators", (int64_t)r->nindicator);
        json_int(&j, "published", (int64_t)r->npublished);
        json_int(&j, "nodes", (int64_t)r->nplan_node);
        json_int(&j, "businesses", (int64_t)r->nbusiness);
        json_int(&j, "emissions", (int64_t)r->nemission);
        json_int(&j, "asked", t->checks);
        json_int(&j, "failed", t->failed);
        for (int p = 0; p < (stored ? PARTS : LEDGER); p++)
            json_double(&j, parts[p], median_ms(t->ns[p]));
        json_int(&j, "fy", fy);
        json_double(&j, "roll_up_ms", median_ms(t->ns[PARTS]));
        json_double(&j, "limit_ms", 100);
        if (y->rows)
            tell_yearly(y, &j);
        json_end(&j);
        buf_char(out, '\n');
        return;
    }
    for (int p = 0; p < (stored ? PARTS : LEDGER); p++)
        buf_printf(out, "  %-12s %9.3f ms\n", parts[p], median_ms(t->ns[p]));
    buf_printf(out,
               ja ? "  すべて       %9.3f ms (中央値、上限 100 ms)、検査 %d 件\n"
                  : "  all          %9.3f ms (median; limit 100 ms), %d checks\n",
               median_ms(t->ns[PARTS]), t->checks);
    if (y->rows)
        buf_printf(
            out,
            ja ? "  年間表 %lld 行の読み取り・検査・記録 %.3f 秒 (上限 2 秒)、再取り込み %.3f 秒\n"
               : "  a yearly workbook of %lld rows read, checked and posted %.3f s (limit 2 s); again %.3f s\n",
            (long long)y->rows, (double)y->post_ns / 1e9, (double)y->again_ns / 1e9);
}

int cli_bench_city(cli *c, const char *region, bool as_json)
{
    city_desk d;
    town t;
    times *x = calloc(1, sizeof *x);
    if (!x)
        return CLI_FAILED;
    t = (town){ .env = c->env, .dir = "", .diags = c->diags };
    mizo_err e = region ? town_open(c->env, region, STORE_READ, c->diags, &t)
                        : town_example_figures(c->diags, &t.region); /* those that come with mizo */
    if (e) {
        free(x);
        return cli_status(e);
    }
    buf out;
    buf_init(&out, 0);
    e = city_desk_open(&t, MIZO_DAY_NONE, &d);
    int fy = 0;
    if (!e) {
        for (size_t i = 0; i < t.region->nevaluation; i++)
            fy = t.region->evaluation[i].fy > fy ? t.region->evaluation[i].fy : fy;
        fy = fy ? fy : 2023;
        e = measure(c, &d, fy, x);
        city_desk_close(&d);
    }
    bench_yearly y = { 0 };
    if (!e)
        e = bench_yearly_run(c->env, t.region, c->diags, &y);
    if (e == MIZO_EUNSUPPORTED) /* a module is not here: said */
        e = MIZO_OK;
    if (!e)
        tell(&t, fy, x, &y, as_json, cli_japanese(c), &out);
    int status = e ? cli_status(e) : cli_put(c, &out);
    buf_fini(&out);
    free(x);
    town_close(&t);
    return status;
}
