/* activity.c: what a plan of activities costs, and the state that its search changes. */
#include "optimize/activity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimize/activity_inner.h"

mizo_err activity_plan_init(activity_plan *p, const activity_case *c)
{
    size_t nr = (size_t)c->nrecurring + 1, no = (size_t)c->nonce + 1;
    memset(p, 0, sizeof *p);
    p->recurring = calloc(nr, sizeof *p->recurring);
    p->once = calloc(no, sizeof *p->once);
    p->store = calloc((size_t)c->nbattery * (size_t)c->steps + 1, 1);
    p->recurring_at = calloc(nr, sizeof *p->recurring_at);
    p->once_at = calloc(no, sizeof *p->once_at);
    bool good = p->recurring && p->once && p->store && p->recurring_at && p->once_at;
    for (int a = 0; good && a < c->nrecurring; a++)
        good = (p->recurring_at[a] = calloc((size_t)c->recurring[a].rooms + 1, sizeof(int))) != NULL;
    for (int a = 0; good && a < c->nonce; a++) {
        good = (p->once_at[a] = calloc((size_t)c->once[a].rooms + 1, sizeof(int))) != NULL;
        p->once[a] = -1;
    }
    if (!good)
        activity_plan_free(p, c);
    return good ? MIZO_OK : MIZO_ENOMEM;
}

void activity_plan_free(activity_plan *p, const activity_case *c)
{
    for (int a = 0; p->recurring_at && a < c->nrecurring; a++)
        free(p->recurring_at[a]);
    for (int a = 0; p->once_at && a < c->nonce; a++)
        free(p->once_at[a]);
    free(p->recurring_at);
    free(p->once_at);
    free(p->recurring);
    free(p->once);
    free(p->store);
    memset(p, 0, sizeof *p);
}

/* kW of the plan alone. */
static void load_of(const activity_case *c, const activity_plan *p, double *x)
{
    memset(x, 0, (size_t)c->steps * sizeof *x);
    for (int a = 0; a < c->nrecurring; a++)
        for (int k = 0; k < c->weeks; k++)
            for (int i = 0; i < c->recurring[a].steps; i++)
                x[c->first + k * c->week + p->recurring[a] + i] += c->recurring[a].kw;
    for (int a = 0; a < c->nonce; a++)
        for (int i = 0; p->once[a] >= 0 && i < c->once[a].steps; i++)
            x[p->once[a] + i] += c->once[a].kw;
    for (int b = 0; b < c->nbattery; b++)
        for (int t = 0; t < c->steps; t++) {
            int how = p->store[(size_t)b * (size_t)c->steps + (size_t)t];
            x[t] += how > 0 ? c->battery[b].charge_kw : how < 0 ? -c->battery[b].discharge_kw : 0;
        }
}

static bool all_work(const activity_case *c, int from, int steps)
{
    for (int t = from; t < from + steps; t++)
        if (!c->work[t])
            return false;
    return true;
}

mizo_err activity_cost(const activity_case *c, const activity_plan *p, activity_bill *out, double *load)
{
    activity_bill bill = { 0 };
    double *x = calloc((size_t)c->steps + 1, sizeof *x);
    if (!x)
        return MIZO_ENOMEM;
    load_of(c, p, x);
    for (int s = 0; s < c->npath; s++) {
        double highest = 0;
        for (int t = 0; t < c->steps; t++) {
            double kw = x[t] + c->base[t * c->npath + s];
            highest = fmax(highest, kw);
            bill.energy += kw * c->price[t] / c->npath;
        }
        bill.peak_kw += highest / c->npath;
        bill.peak += c->tariff * highest * highest / c->npath;
    }
    for (int a = 0; a < c->nonce; a++)
        if (p->once[a] >= 0) {
            bill.value += c->once[a].value;
            bill.penalty += all_work(c, p->once[a], c->once[a].steps) ? 0 : c->once[a].penalty;
        }
    for (int t = 0; load && t < c->steps; t++) {
        load[t] = x[t];
        for (int s = 0; s < c->npath; s++)
            load[t] += c->base[t * c->npath + s] / c->npath;
    }
    free(x);
    bill.total = bill.energy + bill.peak + bill.penalty - bill.value;
    *out = bill;
    return MIZO_OK;
}

/* ---- the state ---- */

/* splitmix64: Steele, Lea and Flood, OOPSLA 2014. */
uint64_t activity_random(search *s)
{
    uint64_t z = (s->state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

int activity_below(search *s, int n)
{
    return (int)((activity_random(s) >> 33) * (uint64_t)n >> 31);
}

double activity_unit(search *s)
{
    return (double)(activity_random(s) >> 11) * 0x1p-53;
}

void activity_refresh(search *s)
{
    const activity_case *c = s->c;
    int n = c->npath;
    s->ref = 0;
    for (int t = 0; t < c->steps; t++)
        for (int k = 0; k < n; k++)
            s->ref = fmax(s->ref, s->x[t] + c->base[t * n + k]);
    memset(s->z, 0, (size_t)n * sizeof *s->z);
    for (int t = 0; t < c->steps; t++)
        for (int k = 0; k < n; k++) {
            double w = exp(s->beta * (s->x[t] + c->base[t * n + k] - s->ref));
            s->w[t * n + k] = w;
            s->z[k] += w;
        }
}

double activity_height(const search *s)
{
    double sum = 0;
    for (int k = 0; k < s->c->npath; k++) {
        double top = fmax(0, s->ref + log(s->z[k]) / s->beta);
        sum += top * top;
    }
    return s->c->tariff * sum / s->c->npath;
}

void activity_lift(search *s, int from, int steps, double kw)
{
    int n = s->c->npath;
    double factor = exp(s->beta * kw);
    double *w = s->w + (size_t)from * (size_t)n;
    for (int i = 0; i < steps; i++, w += n) {
        s->x[from + i] += kw;
        for (int k = 0; k < n; k++) {
            double after = w[k] * factor;
            s->z[k] += after - w[k];
            w[k] = after;
        }
    }
}

void activity_put_recurring(search *s, int a, int start, int sign)
{
    const activity_case *c = s->c;
    const activity *r = &c->recurring[a];
    for (int k = 0; k < c->weeks; k++) {
        int from = c->first + k * c->week + start;
        activity_lift(s, from, r->steps, sign * r->kw);
        for (int i = 0; i < r->steps; i++)
            s->used[r->size][from + i] += sign * r->rooms;
    }
    s->money += sign * r->kw * (s->week_sum[start + r->steps] - s->week_sum[start]);
    s->p->recurring[a] = start;
}

void activity_put_once(search *s, int a, int start, int sign)
{
    const activity *o = &s->c->once[a];
    activity_lift(s, start, o->steps, sign * o->kw);
    for (int i = 0; i < o->steps; i++)
        s->used[o->size][start + i] += sign * o->rooms;
    double worth = o->value - (all_work(s->c, start, o->steps) ? 0 : o->penalty);
    s->money += sign * (o->kw * (s->sum[start + o->steps] - s->sum[start]) - worth);
    s->p->once[a] = sign > 0 ? start : -1;
}

/* ---- setting up ---- */

static void kind_free(kind *k, int n)
{
    for (int a = 0; k->after && a < n; a++)
        free(k->after[a]);
    free(k->after);
    free(k->nafter);
    free(k->order);
    free(k->tail);
}

/* Each after those that it builds on (Kahn). MIZO_ERANGE: they build on each other in a ring. */
static mizo_err in_order(kind *k, const activity *list, int n)
{
    int *left = calloc((size_t)n + 1, sizeof *left), got = 0;
    if (!left)
        return MIZO_ENOMEM;
    for (int a = 0; a < n; a++) {
        left[a] = list[a].nbefore;
        if (!left[a])
            k->order[got++] = a;
    }
    for (int i = 0; i < got; i++)
        for (int j = 0; j < k->nafter[k->order[i]]; j++) {
            int b = k->after[k->order[i]][j];
            if (--left[b] == 0)
                k->order[got++] = b;
        }
    free(left);
    for (int i = got - 1; i >= 0; i--) {
        int a = k->order[i];
        for (int j = 0; j < list[a].nbefore; j++) {
            int *tail = &k->tail[list[a].before[j]];
            *tail = *tail > k->tail[a] ? *tail : k->tail[a] + 1;
        }
    }
    return got == n ? MIZO_OK : MIZO_ERANGE;
}

static mizo_err kind_of(kind *k, const activity *list, int n)
{
    size_t m = (size_t)n + 1;
    k->nafter = calloc(m, sizeof *k->nafter);
    k->after = calloc(m, sizeof *k->after);
    k->order = calloc(m, sizeof *k->order);
    k->tail = calloc(m, sizeof *k->tail);
    if (!k->nafter || !k->after || !k->order || !k->tail)
        return MIZO_ENOMEM;
    for (int a = 0; a < n; a++)
        for (int j = 0; j < list[a].nbefore; j++)
            k->nafter[list[a].before[j]]++;
    for (int a = 0; a < n; a++) {
        k->after[a] = calloc((size_t)k->nafter[a] + 1, sizeof(int));
        if (!k->after[a])
            return MIZO_ENOMEM;
        k->nafter[a] = 0;
    }
    for (int a = 0; a < n; a++)
        for (int j = 0; j < list[a].nbefore; j++) {
            int b = list[a].before[j];
            k->after[b][k->nafter[b]++] = a;
        }
    return in_order(k, list, n);
}

static bool works_each_week(const activity_case *c, int at)
{
    for (int k = 0; k < c->weeks; k++) {
        int t = c->first + k * c->week + at;
        if (t >= c->steps || !c->work[t])
            return false;
    }
    return c->weeks > 0;
}

/* Hours of the week in which a recurring activity may stand: the same stretch of one day in every full week. */
static void shifts_of(search *s)
{
    const activity_case *c = s->c;
    for (int at = 0; at < c->week; at++) {
        shift *last = s->nshift ? &s->shift[s->nshift - 1] : NULL;
        if (!works_each_week(c, at))
            continue;
        int day = c->day[c->first + at] - c->day[c->first];
        if (last && last->day == day && last->close == at)
            last->close = at + 1;
        else
            s->shift[s->nshift++] = (shift){ day, at, at + 1 };
    }
}

static void sums_of(search *s)
{
    const activity_case *c = s->c;
    for (int t = 0; t < c->steps; t++) {
        s->sum[t + 1] = s->sum[t] + c->price[t];
        if (c->work[t])
            s->hours[s->nhours++] = t;
    }
    for (int at = 0; at < c->week; at++) {
        s->week_sum[at + 1] = s->week_sum[at];
        for (int t = c->first + at; t < c->steps && t < c->first + c->weeks * c->week; t += c->week)
            s->week_sum[at + 1] += c->price[t];
    }
    for (int b = 0; b < c->nbuilding; b++)
        for (int z = 0; z < ACTIVITY_SIZES; z++)
            s->have[z] += c->rooms[b][z];
}

static void search_free(search *s)
{
    kind_free(&s->recurring, s->c->nrecurring);
    kind_free(&s->once, s->c->nonce);
    for (int z = 0; z < ACTIVITY_SIZES; z++)
        free(s->used[z]);
    free(s->w);
    free(s->z);
    free(s->kept);
    free(s->x);
    free(s->sum);
    free(s->week_sum);
    free(s->shift);
    free(s->hours);
}

static mizo_err search_init(search *s, const activity_case *c, activity_plan *p, uint64_t seed)
{
    size_t steps = (size_t)c->steps + 1, week = (size_t)c->week + 1, paths = (size_t)c->npath;
    *s = (search){ .c = c, .p = p, .state = seed };
    s->w = calloc(steps * paths, sizeof *s->w);
    s->z = calloc(paths, sizeof *s->z);
    s->kept = calloc(paths, sizeof *s->kept);
    s->x = calloc(steps, sizeof *s->x);
    s->sum = calloc(steps, sizeof *s->sum);
    s->week_sum = calloc(week, sizeof *s->week_sum);
    s->shift = calloc(week, sizeof *s->shift);
    s->hours = calloc(steps, sizeof *s->hours);
    for (int z = 0; z < ACTIVITY_SIZES; z++)
        s->used[z] = calloc(steps, sizeof(int));
    if (!s->w || !s->z || !s->kept || !s->x || !s->sum || !s->week_sum || !s->shift || !s->hours ||
        !s->used[0] || !s->used[1])
        return MIZO_ENOMEM;
    shifts_of(s);
    sums_of(s);
    MIZO_TRY(kind_of(&s->recurring, c->recurring, c->nrecurring));
    return kind_of(&s->once, c->once, c->nonce);
}

/* ---- the search ---- */

#define BETA_FIRST 0.02 /* 1/kW: how sharp the highest load is at first and at last */
#define BETA_LAST  0.2
#define HOT        40.0 /* money that a move may lose at first and at last */
#define COLD       0.3

static mizo_err search_once(const activity_case *c, activity_effort how, activity_plan *p)
{
    search s;
    mizo_err e = search_init(&s, c, p, how.seed);
    s.beta = BETA_FIRST;
    if (!e) {
        activity_refresh(&s);
        e = activity_start(&s);
    }
    for (int r = 0; r < how.rounds && !e; r++) {
        double part = how.rounds > 1 ? (double)r / (how.rounds - 1) : 1, next = part + 1.0 / how.rounds;
        s.beta = BETA_FIRST * pow(BETA_LAST / BETA_FIRST, part);
        activity_refresh(&s);
        e = activity_batteries(&s);
        if (e)
            break;
        activity_moves(&s, how.moves, HOT * pow(COLD / HOT, part), HOT * pow(COLD / HOT, fmin(1, next)));
    }
    if (!e) {
        activity_refresh(&s);
        e = activity_batteries(&s);
    }
    if (!e)
        e = activity_capped(&s);
    if (!e)
        e = activity_houses(c, p);
    search_free(&s);
    return e;
}

mizo_err activity_solve(const activity_case *c, activity_effort how, activity_plan *p)
{
    double least = INFINITY;
    mizo_err e = MIZO_OK;
    for (int k = 0; (k < how.starts || k == 0) && !e; k++, how.seed++) {
        activity_plan tried;
        activity_bill bill;
        MIZO_TRY(activity_plan_init(&tried, c));
        e = search_once(c, how, &tried);
        if (!e)
            e = activity_cost(c, &tried, &bill, NULL);
        if (!e && bill.total < least) {
            activity_plan worse = *p;
            *p = tried;
            tried = worse;
            least = bill.total;
        }
        activity_plan_free(&tried, c);
    }
    return e;
}
