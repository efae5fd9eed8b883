/* value.c: the table of the sets on which plans are judged. */
#include "town/bench/value.h"
#include "mizo/messages/plan.h"
#include "mizo/messages/store.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct set_line {
    const char *name;
    value_set run;
} set_line;

/* One line a set, in the order of docs/mechanisms/value.md. */
static const set_line sets[] = {
    {"citylearn_2022", value_citylearn},
    { "ausgrid_c12",   value_ausgrid  },
    { "pod_battery",   value_pod      },
    { "ieee_po",       value_ieee_po  },
    { "acn_ev",        value_acn      },
    { "jepx_spot",     value_jepx     },
    { "town",          value_town     },
};
enum { SETS = sizeof sets / sizeof *sets };

void bench_value_names(buf *out)
{
    for (int i = 0; i < SETS; i++)
        buf_printf(out, "%s%s", i ? ", " : "", sets[i].name);
}

static mizo_err unknown(const value_run *r, const char *set)
{
    buf names;
    buf_init(&names, 4096);
    bench_value_names(&names);
    MIZO_DIAG(r->d, BENCH_UNKNOWN, MIZO_NOWHERE, set, names.p ? names.p : "");
    buf_fini(&names);
    return MIZO_ENOENT;
}

mizo_err value_pace(const value_run *r, double done)
{
    return r->progress ? r->progress(r->arg, r->set, fmin(1, fmax(0, done))) : MIZO_OK;
}

mizo_err value_needs_lp(const value_run *r)
{
    if (r->lp)
        return MIZO_OK;
    MIZO_DIAG(r->d, VALUE_NO_SOLVER, MIZO_NOWHERE, r->set);
    return MIZO_EUNSUPPORTED;
}

value_row *value_add(value_table *t, const char *measure, double score, double aim, bool more)
{
    if (t->n == VALUE_ROWS)
        return NULL;
    value_row *row = &t->row[t->n++];
    *row = (value_row){ .score = score, .aim = aim, .more = more };
    snprintf(row->measure, sizeof row->measure, "%s", measure);
    return row;
}

void value_refer(value_row *row, const char *id, double score, bool here)
{
    if (row && row->nreference < VALUE_REFERENCES)
        row->reference[row->nreference++] = (value_reference){ id, score, here };
}

/* A score that is no number meets nothing. */
static bool meets(const value_row *row)
{
    if (isnan(row->aim))
        return true;
    return row->more ? row->score >= row->aim : row->score <= row->aim;
}

static mizo_err run_one(value_run *r, const set_line *s, value_table *out)
{
    int from = out->n;
    uint64_t start = r->env->ops->mono_ns(r->env);
    r->set = s->name;
    mizo_err e = value_pace(r, 0);
    if (!e)
        e = s->run(r, out);
    double took = (double)(r->env->ops->mono_ns(r->env) - start) * 1e-9;
    if (e)
        out->n = from; /* half a set is none */
    for (int i = from; i < out->n; i++) {
        value_row *row = &out->row[i];
        row->set = s->name;
        row->met = meets(row);
        if (!(row->seconds > 0))
            row->seconds = took / (out->n - from);
    }
    return e;
}

mizo_err bench_value(value_run *r, const char *set, value_table *out)
{
    mizo_err first = MIZO_OK;
    bool any = false;
    out->n = 0;
    for (int i = 0; i < SETS && first != MIZO_ECANCELED; i++) {
        if (set && strcmp(set, sets[i].name) != 0)
            continue;
        mizo_err e = run_one(r, &sets[i], out);
        any = true;
        if (!first || e == MIZO_ECANCELED)
            first = e;
    }
    return any ? first : unknown(r, set);
}
