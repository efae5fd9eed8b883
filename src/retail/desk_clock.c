/* desk_clock.c: the deadlines of a delivery day. domain: retail-balancing.md 2, operations.md 3. */
#include "mizo/desk.h"

enum { MINUTE_MS = 60000, HAND_MINUTES = 30 };

static mizo_ms midnight(mizo_day day, int offset)
{
    return mizo_slot_ms(mizo_day_slot(day, offset));
}

mizo_ms mizo_desk_gate(const mizo_desk_rules *rules, mizo_day day, int slot, int offset)
{
    return mizo_slot_ms(mizo_day_slot(day, offset) + slot) - (mizo_ms)rules->gate_min * MINUTE_MS;
}

static mizo_due due(mizo_due_kind kind, mizo_ms at, mizo_ms now, mizo_ms done)
{
    mizo_due_state state = done && done < at ? MIZO_DUE_DONE : at > now ? MIZO_DUE_AHEAD : MIZO_DUE_MISSED;
    return (mizo_due){ .kind = kind, .state = state, .at = at, .slot = -1 };
}

/* The first half-hour of the day that can still be changed; 48: none. */
static int open_slot(const mizo_desk_rules *rules, mizo_day day, int offset, mizo_ms now)
{
    int t = 0;
    while (t < MIZO_DAY_SLOTS && mizo_desk_gate(rules, day, t, offset) <= now)
        t++;
    return t;
}

/* A plan that missed noon goes in from then on: it is ahead until then, done when it is filed, missed never. */
static mizo_due late(mizo_ms opens, mizo_ms now, mizo_ms filed)
{
    mizo_due d = due(MIZO_DUE_LATE, opens, now, 0);
    d.state = filed ? MIZO_DUE_DONE : MIZO_DUE_AHEAD;
    return d;
}

int mizo_desk_clock(const mizo_desk_rules *rules, const mizo_bg *g, mizo_day day, int offset, mizo_ms now,
                    const mizo_desk_done *done, mizo_due out[MIZO_DESK_DUES])
{
    mizo_ms before = midnight(day - 1, offset);
    int n = 0;
    bool files = g->role != MIZO_BG_MEMBER;
    if (!files && g->hand_in < MIZO_DAY_SLOTS)
        out[n++] =
            due(MIZO_DUE_HAND_IN, before + (mizo_ms)g->hand_in * HAND_MINUTES * MINUTE_MS, now, done->handed);
    if (files && g->kind == MIZO_BG_DEMAND)
        out[n++] = due(MIZO_DUE_SPOT, before + (mizo_ms)rules->spot_close_min * MINUTE_MS, now, done->bid);
    if (files) {
        mizo_due noon =
            due(MIZO_DUE_NEXT_DAY, before + (mizo_ms)rules->next_day_min * MINUTE_MS, now, done->filed);
        out[n++] = noon;
        if (noon.state == MIZO_DUE_MISSED)
            out[n++] = late(before + (mizo_ms)rules->late_open_min * MINUTE_MS, now, done->filed);
    }
    int t = open_slot(rules, day, offset, now);
    if (files && t < MIZO_DAY_SLOTS) {
        out[n] = due(MIZO_DUE_GATE, mizo_desk_gate(rules, day, t, offset), now, 0);
        out[n++].slot = t;
    }
    return n;
}
