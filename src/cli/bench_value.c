/* bench_value.c: mizo bench value: what plans are worth in the closed loop, on public sets. */
#include "cli/bench_value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mizo/messages/forecast.h"
#include "mizo/messages/plan.h"
#include "town/bench/value.h"
#include "town/module.h"

enum { THREADS = 2 };

/* ---- progress ---- */

typedef struct meter {
    bool shown;
    int percent;
    const char *set;
} meter;

static mizo_err on_pace(void *arg, const char *set, double done)
{
    meter *m = arg;
    int percent = (int)(done * 100);
    if (m->shown && (percent != m->percent || set != m->set))
        fprintf(stderr, "\r%-16s %3d %%  ", set, percent);
    m->percent = percent;
    m->set = set;
    return env_interrupted() ? MIZO_ECANCELED : MIZO_OK;
}

/* ---- what people and scripts read ---- */

static void put_json(const value_table *t, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_array(&j, "rows");
    for (int i = 0; i < t->n; i++) {
        const value_row *r = &t->row[i];
        json_object(&j, NULL);
        json_text(&j, "set", r->set);
        json_text(&j, "measure", r->measure);
        json_double(&j, "score", r->score);
        json_object(&j, "references");
        for (int k = 0; k < r->nreference; k++)
            json_double(&j, r->reference[k].id, r->reference[k].score);
        json_end(&j);
        json_double(&j, "aim", r->aim);
        json_text(&j, "better", r->more ? "higher" : "lower");
        json_bool(&j, "met", r->met);
        json_double(&j, "seconds", r->seconds);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    buf_char(out, '\n');
}

/* Four digits that count, in a column: 0.8123, 110.8, 335107. */
static void put_number(buf *out, double v)
{
    double size = fabs(v);
    int digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 4;
    buf_printf(out, "%.*f", digits, v);
}

static void put_row(const value_row *r, bool ja, buf *out)
{
    buf_printf(out, "%-15s %s\n%-15s mizo ", r->set, r->measure, "");
    put_number(out, r->score);
    if (!isnan(r->aim)) {
        buf_printf(out, "  (%s %s ", ja ? "目標" : "aim", r->more ? ">=" : "<=");
        put_number(out, r->aim);
        buf_printf(out, "%s)", r->met ? "" : ja ? " 未達" : " missed");
    }
    buf_printf(out, "  %.1f s\n", r->seconds);
    for (int k = 0; k < r->nreference; k++) {
        const value_reference *f = &r->reference[k];
        buf_printf(out, "%-15s   ", "");
        put_number(out, f->score);
        buf_printf(out, "  %s%s\n", f->id, f->here ? "" : ja ? " (公表値)" : " (published)");
    }
}

static int say(cli *c, const value_table *t, bool as_json)
{
    buf out;
    buf_init(&out, 1 << 16);
    if (as_json)
        put_json(t, &out);
    for (int i = 0; i < t->n && !as_json; i++)
        put_row(&t->row[i], cli_japanese(c), &out);
    int status = cli_put(c, &out);
    buf_fini(&out);
    return status;
}

static int needs(cli *c)
{
    buf names;
    buf_init(&names, 4096);
    bench_value_names(&names);
    MIZO_DIAG(c->diags, BENCH_NEEDS, MIZO_NOWHERE, names.p ? names.p : "");
    buf_fini(&names);
    return CLI_INPUT;
}

/* The solver, if it is here: a set that needs it says so itself. */
static const mizo_lp_solver *solver(void)
{
    const mizo_lp_solver *found = NULL;
    mizo_diags *quiet = mizo_diags_new(8);
    if (!quiet || module_lp(quiet, &found))
        found = NULL;
    mizo_diags_free(quiet);
    return found;
}

int cli_bench_value(cli *c, const bench_value_ask *ask)
{
    if ((!ask->set && !ask->all) || !ask->data)
        return needs(c);
    value_table *t = calloc(1, sizeof *t);
    meter m = { .shown = isatty(STDERR_FILENO), .percent = -1 };
    value_run r = { .env = c->env,
                    .data = ask->data,
                    .region = ask->region,
                    .d = c->diags,
                    .lp = solver(),
                    .days = ask->days,
                    .threads = THREADS,
                    .progress = on_pace,
                    .arg = &m };
    env_interruptible();
    mizo_err e = t ? bench_value(&r, ask->all ? NULL : ask->set, t) : MIZO_ENOMEM;
    if (m.shown)
        fprintf(stderr, "\r%30s\r", "");
    if (e == MIZO_ECANCELED)
        MIZO_DIAG(c->diags, VALUE_INTERRUPTED, MIZO_NOWHERE, NULL);
    int status = t && (t->n || !e) ? say(c, t, ask->json) : CLI_DONE;
    free(t);
    return e ? cli_status(e) : status;
}
