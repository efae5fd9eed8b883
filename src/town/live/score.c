/* score.c: see live_score.h. */
#include "town/live/score.h"

#include <stdlib.h>

enum { REST_MS = 900000, SPAN = 14 };

struct live_score {
    live_score_options o;
    int stopping, busy;    /* atomic */
    score_card *next_card; /* atomic; the taker owns what it exchanges out */
    score_card *card;      /* of the loop thread */
    /* of the town's thread; while busy, `asked` is the other's */
    env_thread *thread;
    uint64_t began_ns;
    score_card *asked;
};

static void card_free(score_card *c)
{
    if (!c)
        return;
    score_free(&c->result);
    mizo_region_unref(c->region);
    free(c);
}

/* ---- one judgement ---- */

static mizo_err judge_in(live_score *s, store *st, score_card *c)
{
    const mizo_region *r = c->region;
    mizo_ref *point = calloc(r->npoint ? r->npoint : 1, sizeof *point);
    if (!point)
        return MIZO_ENOMEM;
    size_t n = 0;
    for (size_t i = 0; i < r->npoint; i++)
        if (r->point[i].reading == MIZO_BY_SLOT && r->point[i].from < c->to && r->point[i].to > c->from)
            point[n++] = (mizo_ref)i;
    score_ask a = { .region = r,
                    .store = st,
                    .from = c->from,
                    .to = c->to,
                    .days = c->days,
                    .point = point,
                    .npoint = n,
                    .plants = true,
                    .stop = &s->stopping };
    mizo_err e = score_run(&a, &c->result);
    free(point);
    return e;
}

static mizo_err judge(live_score *s, score_card *c)
{
    mizo_diags *d = mizo_diags_new(10);
    store *st = NULL;
    buf path;
    buf_init(&path, 1 << 14);
    town_store_path(s->o.dir, &path);
    mizo_err e = path.err ? path.err : store_sqlite.open(path.p, STORE_READ, d, &st);
    if (!e)
        e = judge_in(s, st, c);
    if (st)
        st->ops->close(st);
    buf_fini(&path);
    mizo_diags_free(d);
    return e;
}

static void run(void *arg)
{
    live_score *s = arg;
    score_card *c = s->asked;
    mizo_err e = judge(s, c);
    uint64_t ms = (s->o.env->ops->mono_ns(s->o.env) - s->began_ns) / 1000000;
    if (!e)
        env_logf(s->o.env, ENV_INFO, "score", "judged=%zu ms=%lld", c->result.nsite, (long long)ms);
    else if (e != MIZO_ECANCELED && e != MIZO_ENOENT)
        env_logf(s->o.env, ENV_WARN, "score", "judged=no error=\"%s\"", mizo_err_text(e));
    if (e && e != MIZO_ENOENT) /* nothing to judge by is an answer too */
        card_free(c);
    else
        card_free(__atomic_exchange_n(&s->next_card, c, __ATOMIC_ACQ_REL));
    __atomic_store_n(&s->busy, 0, __ATOMIC_RELEASE);
}

/* ---- when ---- */

static bool time_has_come(const live_score *s)
{
    uint64_t rest = (uint64_t)(s->o.rest_ms ? s->o.rest_ms : REST_MS) * 1000000u;
    return !__atomic_load_n(&s->busy, __ATOMIC_ACQUIRE) &&
           (!s->began_ns || s->o.env->ops->mono_ns(s->o.env) - s->began_ns >= rest);
}

static void join_last(live_score *s)
{
    if (s->thread)
        s->o.env->ops->join(s->o.env, s->thread);
    s->thread = NULL;
}

void live_score_day(live_score *s, const mizo_region *r, mizo_day day)
{
    if (!s || !time_has_come(s))
        return;
    join_last(s);
    score_card *c = calloc(1, sizeof *c);
    if (!c)
        return;
    *c = (score_card){ .region = mizo_region_ref(r),
                       .from = day - (s->o.days ? s->o.days : SPAN),
                       .to = day,
                       .days = MIZO_AHEAD };
    s->asked = c;
    s->began_ns = s->o.env->ops->mono_ns(s->o.env);
    __atomic_store_n(&s->busy, 1, __ATOMIC_RELEASE);
    if (s->o.env->ops->thread(s->o.env, "score", run, s, &s->thread)) {
        s->thread = NULL;
        __atomic_store_n(&s->busy, 0, __ATOMIC_RELEASE);
        card_free(c);
    }
}

/* ---- life ---- */

live_score *live_score_new(const live_score_options *o)
{
    live_score *s = calloc(1, sizeof *s);
    if (s)
        s->o = *o;
    return s;
}

void live_score_free(live_score *s)
{
    if (!s)
        return;
    __atomic_store_n(&s->stopping, 1, __ATOMIC_RELEASE);
    join_last(s);
    card_free(s->next_card);
    card_free(s->card);
    free(s);
}

const score_card *live_score_now(live_score *s)
{
    score_card *c = s ? __atomic_exchange_n(&s->next_card, NULL, __ATOMIC_ACQ_REL) : NULL;
    if (c) {
        card_free(s->card);
        s->card = c;
    }
    return s ? s->card : NULL;
}
