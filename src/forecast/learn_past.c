/* learn_past.c: what a learner remembers: a ring of days, and what is usual on each kind of day. */
#include <math.h>
#include <string.h>

#include "forecast/learn_inner.h"

static int place(const mizo_learner *l, mizo_day day)
{
    int p = day % l->ring;
    return p < 0 ? p + l->ring : p;
}

static bool remembered(const mizo_learner *l, mizo_day day)
{
    return day < l->next && day >= l->next - l->recipe->keep && l->day_of[place(l, day)] == day;
}

const float *learn_row(const mizo_learner *l, mizo_day day)
{
    return remembered(l, day) ? l->y + (size_t)place(l, day) * (size_t)l->slots : NULL;
}

int learn_kind_of(const mizo_learner *l, mizo_day day)
{
    return remembered(l, day) ? l->kind[place(l, day)] : -1;
}

void learn_remember(mizo_learner *l, mizo_day day, int kind, const float *actual)
{
    int p = place(l, day);
    memcpy(l->y + (size_t)p * (size_t)l->slots, actual, (size_t)l->slots * sizeof *actual);
    l->day_of[p] = day;
    l->kind[p] = (uint8_t)kind;
    l->next = day + 1;
}

void learn_forget(mizo_learner *l, mizo_day day)
{
    l->day_of[place(l, day)] = MIZO_DAY_NONE;
}

/* ---- what is usual ---- */

const float *learn_usual(const mizo_learner *l, const learn_base *b, int kind)
{
    return b->v + (size_t)kind * (size_t)l->slots;
}

/* Slots of a kind that was never seen take those of the kind nearest to it. */
static void borrow(const mizo_learner *l, learn_base *b, int kind)
{
    static const uint8_t nearest[MIZO_LEARN_KINDS][MIZO_LEARN_KINDS] = {
        {0,  4, 1, 2, 3},
        { 1, 2, 3, 4, 0},
        { 2, 1, 3, 4, 0},
        { 3, 2, 1, 4, 0},
        { 4, 0, 1, 2, 3}
    };
    size_t slots = (size_t)l->slots;
    for (size_t s = 0; s < slots; s++)
        for (int k = 0; k < MIZO_LEARN_KINDS; k++) {
            size_t from = nearest[kind][k] * slots + s;
            if (b->w[from] > 0) {
                b->v[(size_t)kind * slots + s] = b->v[from];
                break;
            }
        }
}

static bool whole(const mizo_learner *l, const learn_base *b, int kind)
{
    const float *w = b->w + (size_t)kind * (size_t)l->slots;
    float least = 1;
    for (int s = 0; s < l->slots; s++)
        least = w[s] < least ? w[s] : least;
    return least > 0;
}

void learn_base_tell(const mizo_learner *l, learn_base *b, int kind, const float *actual)
{
    float *v = b->v + (size_t)kind * (size_t)l->slots, *w = b->w + (size_t)kind * (size_t)l->slots;
    float keep = b->keep[kind];
    for (int s = 0; s < l->slots; s++) {
        bool known = !isnan(actual[s]);
        float rests = known ? keep * w[s] + 1 : w[s], old = w[s] > 0 ? v[s] : 0;
        v[s] = known ? old + (actual[s] - old) / rests : v[s];
        w[s] = rests;
    }
    for (int k = 0; k < MIZO_LEARN_KINDS; k++)
        if (!whole(l, b, k))
            borrow(l, b, k);
}
