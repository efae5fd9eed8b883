/* operate_steer.c: what people decide at the desks reaches the batteries: looked at when a slot begins. */
#include <string.h>

#include "mizo/messages/town.h"
#include "town/live/operate_in.h"

typedef struct look {
    int64_t last;
    bool foreign; /* written by somebody else */
} look;

static mizo_err on_batch(void *arg, const store_batch *b)
{
    look *x = arg;
    x->last = b->id > x->last ? b->id : x->last;
    x->foreign = x->foreign || strcmp(b->actor, "mizo serve") != 0;
    return MIZO_OK;
}

/* Once for each decision: who, for whose day, why. */
static void tell(operate *op, const desk_steer *before)
{
    const char *group, *same;
    const desk_decision *d, *was;
    mizo_day day, of;
    for (size_t k = 0; desk_steer_at(op->steer, k, &group, &day, &d); k++) {
        char on[MIZO_DATE_TEXT];
        bool known = false;
        for (size_t i = 0; desk_steer_at(before, i, &same, &of, &was); i++)
            known = known || (of == day && was->at == d->at && strcmp(same, group) == 0);
        if (known)
            continue;
        mizo_day_text(day, on);
        view_alarm(op->view, op->clock.slot, MIZO_MSG_TOWN_STEERED, group, on, d->actor, d->reason,
                   (const char *)NULL);
    }
}

mizo_err operate_steer(operate *op)
{
    look x = { .last = op->steer_seen };
    bool first = op->clock.of_day == 0 || !op->steer_seen;
    if (op->o.policy != OPERATE_MIZO)
        return MIZO_OK;
    mizo_err e = op->o.truth->ops->batch_scan(op->o.truth, op->steer_seen, on_batch, &x);
    if (e && e != MIZO_ENOENT)
        return e;
    op->steer_seen = x.last;
    if (!x.foreign && !first)
        return MIZO_OK;
    desk_steer *fresh;
    MIZO_TRY(desk_steer_read(op->o.truth, op->region, op->clock.day, 2, operate_instant(op), &fresh));
    desk_steer *before = op->steer;
    op->steer = fresh;
    tell(op, before);
    desk_steer_free(before);
    return MIZO_OK;
}

void operate_steer_site(const operate *op, size_t i, site_work *w)
{
    w->steered =
        desk_steer_price(op->steer, op->site[i].point, op->clock.slot, op->asked_slots, w->steer_myen);
}

mizo_uyen operate_steer_paid(const operate *op, size_t i)
{
    const site *s = &op->site[i];
    int32_t myen[MIZO_PLAN_MAX];
    mizo_uyen paid = 0;
    int n = s->plan->n < op->asked_slots ? s->plan->n : op->asked_slots;
    bool any = desk_steer_price(op->steer, s->point, op->clock.slot, n, myen);
    for (int t = 0; t < n && any; t++)
        paid += (int64_t)(s->plan->import_w[t] - s->plan->export_w[t]) * myen[t] / 2;
    return paid;
}
