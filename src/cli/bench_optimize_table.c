/* bench_optimize_table.c: mizo bench optimize --all: every size and seed in a process of its own, so that the memory of
 * one is not that of another; medians, the worst of the seeds, and what the project has promised. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bench_optimize.h"
#include "mizo/messages/plan.h"
#include "town/child.h"

enum { SEEDS_MOST = 16, SIZES = 5, PEER_SITES = 1000, SITES_USUAL = 10000, WARM_SITES = 100000 };
#define WORST 2.5 /* of the seeds, in medians */

/* Wall seconds on two threads and the engine's own megabytes. */
typedef struct aim {
    size_t sites;
    double wall_s, state_mb;
} aim;
static const aim aims[SIZES] = {
    {1,       0.001, NAN  },
    { 1000,   0.050, 14   },
    { 10000,  0.70,  140  },
    { 100000, 8,     1300 },
    { 780000, 80,    10000}
};

/* One run, as its process told it. */
typedef struct run_row {
    uint64_t seed;
    buf said;
} run_row;

typedef struct size_row {
    aim aim; /* NaN: none */
    int n;
    run_row run[SEEDS_MOST];
    double wall_s, worst, state_mb; /* median; worst over median; of the first */
    bool met;
} size_row;

typedef struct table {
    const optimize_ask *ask;
    int nseed, nsize;
    uint64_t seed[SEEDS_MOST];
    size_row size[SIZES];
} table;

/* ---- running ---- */

static bool wants_clp(const table *t, size_t sites)
{
    return t->ask->clp && (!t->ask->all || sites <= PEER_SITES);
}

/* The words of one run; numbers are written into `text`. */
static void words_of(const table *t, const size_row *s, uint64_t seed, char text[3][24], const char **words)
{
    int n = 0;
    snprintf(text[0], sizeof text[0], "%zu", s->aim.sites);
    snprintf(text[1], sizeof text[1], "%llu", (unsigned long long)seed);
    snprintf(text[2], sizeof text[2], "%d", t->ask->threads ? (int)t->ask->threads : 2);
    const char *const first[] = { "bench",  "optimize", "--json",    "--sites", text[0],
                                  "--seed", text[1],    "--threads", text[2] };
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        words[n++] = first[i];
    if (t->ask->gap) {
        words[n++] = "--gap";
        words[n++] = t->ask->gap;
    }
    if (t->ask->warm || (t->ask->all && s->aim.sites <= WARM_SITES))
        words[n++] = "--warm";
    if (t->ask->floor || t->ask->all)
        words[n++] = "--floor";
    if (wants_clp(t, s->aim.sites))
        words[n++] = "--clp";
    words[n] = NULL;
}

static int run_one(const table *t, size_row *s, uint64_t seed)
{
    char text[3][24];
    const char *words[20];
    run_row *r = &s->run[s->n];
    int status = CLI_FAILED;
    words_of(t, s, seed, text, words);
    buf_init(&r->said, 1 << 16);
    r->seed = seed;
    s->n++;
    if (child_run(words, &r->said, &status))
        return CLI_FAILED;
    while (r->said.n && r->said.p[r->said.n - 1] == '\n')
        r->said.p[--r->said.n] = '\0';
    return status;
}

static int by_value(const void *pa, const void *pb)
{
    double a = *(const double *)pa, b = *(const double *)pb;
    return a < b ? -1 : a > b;
}

static void sum_up(size_row *s)
{
    double wall[SEEDS_MOST];
    for (int i = 0; i < s->n; i++)
        wall[i] = bench_number(&s->run[i].said, NULL, "wall_s");
    qsort(wall, (size_t)s->n, sizeof *wall, by_value);
    s->wall_s = s->n % 2 ? wall[s->n / 2] : (wall[s->n / 2 - 1] + wall[s->n / 2]) / 2;
    s->worst = wall[s->n - 1] / s->wall_s;
    s->state_mb = bench_number(&s->run[0].said, NULL, "state_mb");
    s->met = s->wall_s <= s->aim.wall_s && s->worst <= WORST && !(s->state_mb > s->aim.state_mb);
}

/* The worst of all statuses: a gap that is not met is no reason to stop. */
static int run_all(table *t)
{
    int worst = CLI_DONE;
    for (int i = 0; i < t->nsize; i++) {
        for (int k = 0; k < t->nseed; k++) {
            int status = run_one(t, &t->size[i], t->seed[k]);
            if (status > CLI_NO)
                return status;
            worst = status > worst ? status : worst;
        }
        sum_up(&t->size[i]);
    }
    return worst;
}

/* ---- what people and scripts read ---- */

static void put_json(const table *t, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_array(&j, "rows");
    for (int i = 0; i < t->nsize; i++)
        for (int k = 0; k < t->size[i].n; k++)
            json_raw(&j, NULL, t->size[i].run[k].said.p);
    json_end(&j);
    json_array(&j, "sizes");
    for (int i = 0; i < t->nsize; i++) {
        const size_row *s = &t->size[i];
        json_object(&j, NULL);
        json_int(&j, "sites", (int64_t)s->aim.sites);
        json_double(&j, "median_wall_s", s->wall_s);
        json_double(&j, "worst_over_median", s->worst);
        json_double(&j, "state_mb", s->state_mb);
        json_double(&j, "aim_wall_s", s->aim.wall_s);
        json_double(&j, "aim_state_mb", s->aim.state_mb);
        if (!isnan(s->aim.wall_s))
            json_bool(&j, "met", s->met);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    buf_char(out, '\n');
}

static void put_number(buf *out, int width, int digits, double v)
{
    if (isnan(v))
        buf_printf(out, "%*s", width, "-");
    else
        buf_printf(out, "%*.*f", width, digits, v);
}

static void put_run(const size_row *s, const run_row *r, buf *out)
{
    const buf *b = &r->said;
    double wall = bench_number(b, NULL, "wall_s"), cold = bench_number(b, NULL, "cold_of_changed_wall_s");
    buf_printf(out, "%8zu %5llu %5.0f", s->aim.sites, (unsigned long long)r->seed,
               bench_number(b, NULL, "iterations"));
    buf_printf(out, "%11.5f%11.5f%9.1e", wall, bench_number(b, NULL, "cpu_s"), bench_number(b, NULL, "gap"));
    put_number(out, 9, 2, bench_number(b, NULL, "state_mb"));
    put_number(out, 9, 0, bench_number(b, NULL, "rss_mb"));
    put_number(out, 11, 5, bench_number(b, "floor", "wall_s"));
    put_number(out, 8, 2, bench_number(b, NULL, "over_floor"));
    put_number(out, 11, 5, bench_number(b, NULL, "warm_wall_s"));
    put_number(out, 9, 2, bench_number(b, NULL, "warm_wall_s") / cold);
    put_number(out, 10, 3, bench_number(b, "clp", "cpu_s"));
    put_number(out, 7, 0, bench_number(b, NULL, "ratio"));
    buf_printf(out, "  %.6f\n", bench_number(b, NULL, "objective"));
}

static void put_size(const size_row *s, bool ja, buf *out)
{
    buf_printf(
        out, ja ? "%8zu 中央値 %.5f 秒、最悪はその %.2f 倍" : "%8zu median %.5f s, the worst %.2f times that",
        s->aim.sites, s->wall_s, s->worst);
    if (!isnan(s->aim.wall_s))
        buf_printf(out, ja ? "(目標 %g 秒、%g 倍)" : " (aim %g s, %g times)", s->aim.wall_s, WORST);
    if (!isnan(s->aim.state_mb))
        buf_printf(out, ja ? "、%.1f MB (目標 %g MB)" : "; %.1f MB (aim %g MB)", s->state_mb,
                   s->aim.state_mb);
    if (!isnan(s->aim.wall_s))
        buf_str(out, s->met ? "" : ja ? " 未達" : " missed");
    buf_char(out, '\n');
}

static void put_text(const table *t, bool ja, buf *out)
{
    static const struct {
        int width;
        const char *en, *ja;
    } head[] = {
        {8,   "sites",     "地点"      },
        { 6,  "town",      "町"         },
        { 6,  "iter.",     "反復"      },
        { 11, "wall s",    "秒"         },
        { 11, "CPU s",     "CPU秒"      },
        { 9,  "gap",       "ギャップ"},
        { 9,  "MB",        "MB"          },
        { 9,  "process",   "プロセス"},
        { 11, "floor s",   "演算 秒"  },
        { 8,  "times",     "倍"         },
        { 11, "warm s",    "継続 秒"  },
        { 9,  "of cold",   "比"         },
        { 10, "CLP CPU s", "CLP 秒"     },
        { 7,  "ratio",     "比"         }
    };
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        cli_cell(out, ja ? head[i].ja : head[i].en, head[i].width);
    buf_str(out, ja ? "  目的関数 円\n" : "  objective, yen\n");
    for (int i = 0; i < t->nsize; i++)
        for (int k = 0; k < t->size[i].n; k++)
            put_run(&t->size[i], &t->size[i].run[k], out);
    for (int i = 0; i < t->nsize; i++)
        put_size(&t->size[i], ja, out);
}

/* ---- asking ---- */

static bool read_seeds(const char *text, table *t)
{
    while (*text) {
        size_t len = strcspn(text, ",");
        int64_t v;
        if (t->nseed == SEEDS_MOST || mizo_decimal_parse(text, len, 0, &v) || v < 1 || v > INT32_MAX)
            return false;
        t->seed[t->nseed++] = (uint64_t)v;
        text += len + (text[len] == ',');
    }
    return t->nseed > 0;
}

/* All sizes of the table up to --sites, or that one alone. */
static void choose_sizes(table *t)
{
    const optimize_ask *ask = t->ask;
    if (!ask->all) {
        t->size[t->nsize++].aim = (aim){ ask->sites ? (size_t)ask->sites : PEER_SITES, NAN, NAN };
        for (int i = 0; i < SIZES; i++)
            if (aims[i].sites == t->size[0].aim.sites)
                t->size[0].aim = aims[i];
        return;
    }
    size_t most = ask->sites ? (size_t)ask->sites : SITES_USUAL;
    for (int i = 0; i < SIZES; i++)
        if (aims[i].sites <= most)
            t->size[t->nsize++].aim = aims[i];
}

int cli_bench_optimize_table(cli *c, const optimize_ask *ask)
{
    table t = { .ask = ask };
    if (!read_seeds(ask->seeds ? ask->seeds : "1,7,77", &t)) {
        MIZO_DIAG(c->diags, BENCH_SEEDS, MIZO_NOWHERE, ask->seeds);
        return CLI_INPUT;
    }
    choose_sizes(&t);
    int status = run_all(&t);
    buf out;
    buf_init(&out, 1 << 22);
    if (status > CLI_NO)
        c->said = true; /* by the process that failed */
    else if (ask->json)
        put_json(&t, &out);
    else
        put_text(&t, cli_japanese(c), &out);
    int put = status > CLI_NO ? status : cli_put(c, &out);
    buf_fini(&out);
    for (int i = 0; i < t.nsize; i++)
        for (int k = 0; k < t.size[i].n; k++)
            buf_fini(&t.size[i].run[k].said);
    return put == CLI_DONE ? status : put;
}
