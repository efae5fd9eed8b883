/* simulate.c: one run a policy over the same days, from the same start, against the same truth. */
#include "town/live/simulate.h"
#include "mizo/messages/town.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *operate_policy_text(operate_policy p)
{
    static const char *const text[SIMULATE_POLICIES] = { "none", "rule", "mizo", "oracle" };
    return (unsigned)p < SIMULATE_POLICIES ? text[p] : "";
}

static mizo_err check_span(const simulate_options *o, mizo_diags *d)
{
    mizo_day first, last;
    mizo_err e = o->truth->ops->day_span(o->truth, -1, &first, &last);
    if (e == MIZO_ENOENT) {
        MIZO_DIAG(d, TOWN_NO_READINGS, MIZO_NOWHERE, o->region->id);
        return e;
    }
    if (e)
        return e;
    if (o->from < o->to && o->from >= first && o->to <= last + 1)
        return MIZO_OK;
    char text[4][MIZO_DATE_TEXT];
    mizo_day_text(o->from, text[0]);
    mizo_day_text(o->to - 1, text[1]);
    mizo_day_text(first, text[2]);
    mizo_day_text(last, text[3]);
    MIZO_DIAG(d, TOWN_RUN_SPAN, MIZO_NOWHERE, text[0], text[1], text[2], text[3]);
    return MIZO_ERANGE;
}

static mizo_err keep_sites(const operate *op, operate_policy p, simulate_result *out)
{
    if (!out->site) {
        out->nsite = operate_sites(op);
        out->site = calloc(out->nsite ? out->nsite : 1, sizeof *out->site);
        if (!out->site)
            return MIZO_ENOMEM;
    }
    for (size_t i = 0; i < out->nsite; i++) {
        operate_site_result r;
        operate_site(op, i, &r);
        out->site[i].point = r.point;
        out->site[i].contract_w = r.contract_w;
        out->site[i].standing_w = r.standing_w;
        out->site[i].sum[p] = r.sum;
    }
    return MIZO_OK;
}

static mizo_err run_slots(const simulate_options *o, operate *op, operate_policy p)
{
    int64_t all = (int64_t)(o->to - o->from) * MIZO_DAY_SLOTS;
    for (int64_t done = 0; done < all; done++) {
        mizo_err e = operate_slot(op);
        if (e == MIZO_ENOENT)
            return MIZO_OK; /* recorded truth has ended within the last day */
        if (e)
            return e;
        if (o->progress)
            MIZO_TRY(o->progress(o->arg, p, done + 1, all));
    }
    return MIZO_OK;
}

static mizo_err run_operate(const simulate_options *o, operate *op, operate_policy p, mizo_diags *d,
                            simulate_result *out)
{
    mizo_err e = operate_sites(op) ? run_slots(o, op, p) : MIZO_ENOENT;
    if (e == MIZO_ENOENT)
        MIZO_DIAG(d, TOWN_NO_SITES, MIZO_NOWHERE, o->region->id);
    if (!e)
        e = operate_finish(op, &out->sum[p]);
    if (!e)
        e = keep_sites(op, p, out);
    out->ran[p] = !e;
    return e;
}

/* Each policy has books of its own, in memory: they go when the run ends. */
static mizo_err run_policy(const simulate_options *o, operate_policy p, mizo_diags *d, simulate_result *out)
{
    store *books;
    char name[64];
    snprintf(name, sizeof name, "simulate-%s-%p", operate_policy_text(p), (void *)out);
    MIZO_TRY(store_memory.open(name, STORE_CREATE, d, &books));
    operate_options oo = {
        .policy = p,
        .region = o->region,
        .truth = o->truth,
        .solver = o->solver,
        .from = mizo_day_slot(o->from, o->region->offset),
        .to = mizo_day_slot(o->to, o->region->offset),
        .sites = o->sites,
        .threads = o->threads,
        .seed = o->seed,
        .step_ms = 300000,
        .env = o->env,
        .settle = books,
        .points = o->points,
        .npoints = o->npoints,
    };
    operate *op;
    mizo_err e = operate_new(&oo, d, &op);
    if (!e)
        e = run_operate(o, op, p, d, out);
    operate_free(op); /* NULL where it did not open */
    books->ops->close(books);
    return e;
}

mizo_err simulate_run(const simulate_options *o, mizo_diags *d, simulate_result *out)
{
    memset(out, 0, sizeof *out);
    mizo_err e = check_span(o, d);
    for (int p = 0; p < SIMULATE_POLICIES && !e; p++)
        if (o->policies & 1u << p)
            e = run_policy(o, (operate_policy)p, d, out);
    if (e) {
        simulate_free(out);
        return e;
    }
    const operate_result *s = out->sum;
    int64_t best = s[OPERATE_NONE].cost - s[OPERATE_ORACLE].cost;
    out->has_captured =
        out->ran[OPERATE_NONE] && out->ran[OPERATE_MIZO] && out->ran[OPERATE_ORACLE] && best > 0;
    if (out->has_captured)
        out->captured = (double)(s[OPERATE_NONE].cost - s[OPERATE_MIZO].cost) / (double)best;
    return MIZO_OK;
}

void simulate_free(simulate_result *r)
{
    free(r->site);
    memset(r, 0, sizeof *r);
}
