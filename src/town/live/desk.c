/* desk.c: see live_desk.h. */
#include "town/live/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mailbox.h"
#include "mizo/messages/desk.h"
#include "mizo/messages/duty.h"
#include "town/desk/desk.h"
#include "town/duty/duty.h"

enum { MINUTE_MS = 60000, FIRST_MIN = 9 * 60, AGAIN_MIN = 11 * 60 + 30, SOON_MS = 3600000, GROUPS = 16 };

struct live_desk {
    env *env;
    const char *dir;
    const mizo_region *region; /* of the start: for the clock; drafts read the files */
    env_thread *thread;
    mailbox *bell;         /* rung when the clock has moved: nobody sleeps by a clock here */
    int stopping;          /* atomic */
    int64_t now;           /* atomic: the town's clock; 0: not told yet */
    live_desk_state *next; /* atomic: the taker owns what it exchanges out */
    live_desk_state shown; /* of the other thread */
    mizo_ms drafted;       /* the last moment of a draft that was passed */
    mizo_ms looked;
};

static bool stopping(const live_desk *l)
{
    return __atomic_load_n(&l->stopping, __ATOMIC_ACQUIRE) != 0;
}

/* ---- drafts ---- */

static void log_diags(const live_desk *l, const char *group, const mizo_diags *d)
{
    for (size_t i = 0; i < mizo_diags_kept(d) && i < 3; i++) {
        char text[300];
        mizo_diag_text(mizo_diags_at(d, i), "en", text, sizeof text);
        env_logf(l->env, ENV_WARN, "desk", "group=%s said=\"%s\"", group, text);
    }
}

static void draft(live_desk *l, town *t, const mizo_bg *g, mizo_day day, mizo_ms now)
{
    desk_day *d = malloc(sizeof *d);
    desk_act a = { .town = t,
                   .group = g,
                   .day = day,
                   .now = now,
                   .actor = "mizo serve",
                   .diags = t->diags,
                   .stop = &l->stopping };
    mizo_diags_clear(t->diags);
    mizo_err e = d ? desk_draft(&a, d) : MIZO_ENOMEM;
    if (!e && g->machine_files && !d->has_filed && g->role != MIZO_BG_MEMBER)
        e = desk_file(&a, d);
    if (e && e != MIZO_ECANCELED) {
        env_logf(l->env, ENV_WARN, "desk", "group=%s draft=failed error=\"%s\"", g->id, mizo_err_text(e));
        log_diags(l, g->id, t->diags);
    }
    free(d);
}

/* The files as they are now: a change of them counts from the next draft on. */
static void draft_all(live_desk *l, mizo_ms now)
{
    town t;
    mizo_diags *d = mizo_diags_new(50);
    if (!d || town_open(l->env, l->dir, STORE_WRITE, d, &t)) {
        env_logf(l->env, ENV_WARN, "desk", "open=failed");
        mizo_diags_free(d);
        return;
    }
    mizo_day day = mizo_slot_day(mizo_ms_slot(now), t.region->offset) + 1;
    for (size_t i = 0; i < t.region->nbg && !stopping(l); i++) {
        const mizo_bg *g = &t.region->bg[i];
        if (g->from <= day && day < g->to)
            draft(l, &t, g, day, now);
    }
    town_close(&t);
    mizo_diags_free(d);
}

/* The last moment for drafts that is not after now: 9:00 or 11:30 of its day, or of the day before. */
static mizo_ms moment(mizo_ms now, int offset)
{
    mizo_ms midnight = mizo_slot_ms(mizo_day_slot(mizo_slot_day(mizo_ms_slot(now), offset), offset));
    mizo_ms into = now - midnight;
    if (into >= (mizo_ms)AGAIN_MIN * MINUTE_MS)
        return midnight + (mizo_ms)AGAIN_MIN * MINUTE_MS;
    return into >= (mizo_ms)FIRST_MIN * MINUTE_MS ? midnight + (mizo_ms)FIRST_MIN * MINUTE_MS : 0;
}

/* ---- alarms ---- */

static void tell(live_desk_state *s, mizo_msg id, const mizo_bg *g, mizo_ms at, int offset)
{
    if (s->n == LIVE_DESK_ALARMS)
        return;
    live_desk_alarm *a = &s->alarm[s->n++];
    a->id = id;
    memcpy(a->group, g->id, strlen(g->id) + 1);
    mizo_ms_text(at, offset, a->at);
}

static void look_at(town *t, const mizo_bg *g, mizo_day day, mizo_ms now, live_desk_state *s)
{
    desk_day *d = malloc(sizeof *d);
    if (d && !desk_deadlines(t, g, day, now, d))
        for (int i = 0; i < d->ndue; i++) {
            const mizo_due *x = &d->due[i];
            if (x->kind == MIZO_DUE_GATE)
                continue;
            if (x->state == MIZO_DUE_AHEAD && x->at > now && x->at - now <= SOON_MS)
                tell(s, MIZO_MSG_DESK_DUE_SOON, g, x->at, t->region->offset);
            if (x->state == MIZO_DUE_MISSED && x->kind != MIZO_DUE_SPOT)
                tell(s, MIZO_MSG_DESK_DUE_MISSED, g, x->at, t->region->offset);
        }
    free(d);
}

/* Reports and papers that are due: as long before as each row warns, and for a week after. */
typedef struct duties {
    live_desk_state *s;
    size_t n;
} duties;

static mizo_err tell_duty(void *arg, const duty_item *i)
{
    duties *x = arg;
    bool late = i->state == DUTY_LATE;
    if ((!late && i->state != DUTY_SOON) || x->n == LIVE_DUTY_ALARMS || x->s->n == LIVE_DESK_ALARMS)
        return MIZO_OK;
    live_desk_alarm *a = &x->s->alarm[x->s->n++];
    x->n++;
    a->id = late ? MIZO_MSG_DUTY_LATE : MIZO_MSG_DUTY_SOON;
    memcpy(a->group, i->row->id, strlen(i->row->id) + 1);
    mizo_day_text(i->due, a->at);
    (void)snprintf(a->name_en, sizeof a->name_en, "%s", *i->row->name_en ? i->row->name_en : i->row->id);
    (void)snprintf(a->name_ja, sizeof a->name_ja, "%s", *i->row->name_ja ? i->row->name_ja : i->row->id);
    return MIZO_OK;
}

static void look_at_duties(town *t, mizo_day today, live_desk_state *s)
{
    enum { WEEK = 7, AHEAD = 60 };
    duties x = { .s = s };
    if (duty_each(t, today - WEEK, today + AHEAD, today, tell_duty, &x))
        return; /* what was told stands; the next look asks again */
}

static void look(live_desk *l, mizo_ms now)
{
    buf path;
    mizo_diags *d = mizo_diags_new(20);
    live_desk_state *s = calloc(1, sizeof *s);
    town t = { .env = l->env, .dir = l->dir, .region = l->region, .diags = d };
    buf_init(&path, 1 << 14);
    town_store_path(l->dir, &path);
    if (d && s && !path.err && !store_sqlite.open(path.p, STORE_READ, d, &t.store)) {
        mizo_day day = mizo_slot_day(mizo_ms_slot(now), t.region->offset) + 1;
        for (size_t i = 0; i < t.region->nbg; i++)
            if (t.region->bg[i].from <= day && day < t.region->bg[i].to)
                look_at(&t, &t.region->bg[i], day, now, s);
        look_at_duties(&t, day - 1, s);
        t.store->ops->close(t.store);
        s = __atomic_exchange_n(&l->next, s, __ATOMIC_ACQ_REL);
    }
    free(s);
    buf_fini(&path);
    mizo_diags_free(d);
}

/* ---- the thread ---- */

static void run(void *arg)
{
    live_desk *l = arg;
    void *rung;
    bool closed = false;
    while (mailbox_take(l->bell, &rung, 1, -1, &closed) || !closed) {
        if (stopping(l))
            continue;
        mizo_ms now = __atomic_load_n(&l->now, __ATOMIC_ACQUIRE);
        mizo_ms due = now ? moment(now, l->region->offset) : 0;
        if (due > l->drafted) {
            l->drafted = due;
            draft_all(l, due);
            l->looked = 0;
        }
        if (now && (now < l->looked || now - l->looked >= SOON_MS / 2)) {
            l->looked = now;
            look(l, now);
        }
    }
}

mizo_err live_desk_start(env *e, const char *dir, const mizo_region *r, live_desk **out)
{
    *out = NULL;
    if (!r->nbg && !r->nduty)
        return MIZO_OK;
    live_desk *l = calloc(1, sizeof *l);
    if (!l)
        return MIZO_ENOMEM;
    l->env = e;
    l->dir = dir;
    l->region = mizo_region_ref(r);
    l->bell = mailbox_new(1);
    mizo_err err = l->bell ? e->ops->thread(e, "desk", run, l, &l->thread) : MIZO_ENOMEM;
    if (err) {
        mailbox_free(l->bell);
        mizo_region_unref(l->region);
        free(l);
        return err;
    }
    *out = l;
    return MIZO_OK;
}

void live_desk_stop(live_desk *l)
{
    if (!l)
        return;
    __atomic_store_n(&l->stopping, 1, __ATOMIC_RELEASE);
    mailbox_close(l->bell);
    l->env->ops->join(l->env, l->thread);
    mailbox_free(l->bell);
    free(__atomic_exchange_n(&l->next, NULL, __ATOMIC_ACQ_REL));
    mizo_region_unref(l->region);
    free(l);
}

void live_desk_clock(live_desk *l, mizo_ms now)
{
    if (!l)
        return;
    __atomic_store_n(&l->now, now, __ATOMIC_RELEASE);
    if (mailbox_put(l->bell, l))
        return; /* it has not yet looked at the last one: it will see this one then */
}

const live_desk_state *live_desk_now(live_desk *l)
{
    live_desk_state *s = l ? __atomic_exchange_n(&l->next, NULL, __ATOMIC_ACQ_REL) : NULL;
    if (s)
        l->shown = *s;
    free(s);
    return l ? &l->shown : NULL;
}
