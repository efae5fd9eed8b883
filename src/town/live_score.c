/* live_score.c: see live_score.h. */
#include "town/live_score.h"

#include <stdlib.h>

enum { NAP_MS = 100, REST_MS = 900000, SPAN = 14 };

typedef struct wish {
    const mizo_region *region; /* one reference */
    mizo_day day;
} wish;

struct live_score {
    live_score_options o;
    env_thread *thread;
    int stopping;          /* atomic */
    wish *next_wish;       /* atomic; the taker owns what it exchanges out */
    score_card *next_card; /* atomic, likewise */
    score_card *card;      /* of the loop thread */
};

static bool stopping(const live_score *s)
{
    return __atomic_load_n(&s->stopping, __ATOMIC_ACQUIRE) != 0;
}

static void wish_free(wish *w)
{
    if (w)
        mizo_region_unref(w->region);
    free(w);
}

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

static void one_turn(live_score *s, wish *w)
{
    score_card *c = calloc(1, sizeof *c);
    if (!c)
        return;
    int span = s->o.days ? s->o.days : SPAN;
    *c = (score_card){
        .region = mizo_region_ref(w->region), .from = w->day - span, .to = w->day, .days = MIZO_AHEAD
    };
    uint64_t start = s->o.env->ops->mono_ns(s->o.env);
    mizo_err e = judge(s, c);
    if (e) {
        card_free(c);
        if (e != MIZO_ECANCELED && e != MIZO_ENOENT)
            env_logf(s->o.env, ENV_WARN, "score", "judged=no error=\"%s\"", mizo_err_text(e));
        return;
    }
    env_logf(s->o.env, ENV_INFO, "score", "judged=%zu ms=%lld", c->result.nsite,
             (long long)((s->o.env->ops->mono_ns(s->o.env) - start) / 1000000));
    card_free(__atomic_exchange_n(&s->next_card, c, __ATOMIC_ACQ_REL));
}

/* ---- the thread ---- */

static void rest(live_score *s)
{
    const env_ops *ops = s->o.env->ops;
    uint64_t end = ops->mono_ns(s->o.env) + (uint64_t)(s->o.rest_ms ? s->o.rest_ms : REST_MS) * 1000000u;
    while (!stopping(s) && ops->mono_ns(s->o.env) < end)
        ops->sleep_ms(s->o.env, NAP_MS);
}

static void run(void *arg)
{
    live_score *s = arg;
    while (!stopping(s)) {
        wish *w = __atomic_exchange_n(&s->next_wish, NULL, __ATOMIC_ACQ_REL);
        if (!w) {
            s->o.env->ops->sleep_ms(s->o.env, NAP_MS);
            continue;
        }
        one_turn(s, w);
        wish_free(w);
        rest(s);
    }
}

/* ---- life ---- */

mizo_err live_score_start(const live_score_options *o, live_score **out)
{
    *out = NULL;
    live_score *s = calloc(1, sizeof *s);
    if (!s)
        return MIZO_ENOMEM;
    s->o = *o;
    mizo_err e = o->env->ops->thread(o->env, "score", run, s, &s->thread);
    if (e)
        free(s);
    else
        *out = s;
    return e;
}

void live_score_stop(live_score *s)
{
    if (!s)
        return;
    __atomic_store_n(&s->stopping, 1, __ATOMIC_RELEASE);
    s->o.env->ops->join(s->o.env, s->thread);
    wish_free(s->next_wish);
    card_free(s->next_card);
    card_free(s->card);
    free(s);
}

void live_score_day(live_score *s, const mizo_region *r, mizo_day day)
{
    wish *w = s ? malloc(sizeof *w) : NULL;
    if (!w)
        return;
    *w = (wish){ mizo_region_ref(r), day };
    wish_free(__atomic_exchange_n(&s->next_wish, w, __ATOMIC_ACQ_REL));
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
