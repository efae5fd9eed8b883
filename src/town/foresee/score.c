/* score.c: a point at a time: told, asked, compared. */
#include "town/foresee/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "town/foresee/plant.h"
#include "town/foresee/read.h"
#include "town/foresee/weather_days.h"

enum {
    SLOTS = MIZO_DAY_SLOTS,
    BACK = 56,  /* days before the span that the naives and the scale of MASE look at */
    MONTH = 28, /* days whose values are the naive's distribution */
    RENEWED = 4 /* slots between two forecasts of the day in hand */
};

const int score_step[SCORE_STEPS] = { 1, 2, 4, 8, 16 };

/* ---- figures ---- */

static double over(double a, double b)
{
    return b > 0 ? a / b : NAN;
}

score_figures score_of(const score_cell *c)
{
    score_figures f = { .nmae = over(c->miss, c->actual),
                        .mase = over(c->miss, c->scale),
                        .pinball = over(c->loss, c->actual),
                        .coverage = over((double)c->inside, (double)c->n),
                        .naive_pinball = over(c->naive_loss, c->actual) };
    double best = INFINITY;
    for (int k = 0; k < SCORE_NAIVES; k++) {
        f.naive[k] = over(c->naive[k], c->actual);
        best = fmin(best, c->naive[k]);
    }
    f.skill = best > 0 && best < INFINITY ? 1 - c->miss / best : NAN;
    return f;
}

void score_add(score_cell *sum, const score_cell *c)
{
    sum->n += c->n;
    sum->inside += c->inside;
    sum->actual += c->actual;
    sum->miss += c->miss;
    for (int k = 0; k < SCORE_NAIVES; k++)
        sum->naive[k] += c->naive[k];
    sum->loss += c->loss;
    sum->naive_loss += c->naive_loss;
    sum->scale += c->scale;
}

/* ---- what happened ---- */

/* The truth of one point, from BACK days before the span to its end. */
typedef struct past {
    const int32_t *v;
    mizo_day first;
    int days;
    double scale; /* mean absolute difference to the week before, over the BACK days */
} past;

static int32_t at(const past *p, mizo_day day, int slot)
{
    int64_t d = (int64_t)day - p->first;
    return d >= 0 && d < p->days ? p->v[d * SLOTS + slot] : MIZO_MISSING;
}

static void measure_scale(past *p)
{
    double sum = 0;
    int64_t n = 0;
    for (mizo_day d = p->first + 7; d < p->first + BACK; d++)
        for (int s = 0; s < SLOTS; s++) {
            int32_t a = at(p, d, s), b = at(p, d - 7, s);
            if (a == MIZO_MISSING || b == MIZO_MISSING)
                continue;
            sum += fabs((double)a - b);
            n++;
        }
    p->scale = n ? sum / (double)n : NAN;
}

/* What a naive knows: days before `issued`. */
static double latest(const past *p, mizo_day issued, mizo_day target, int slot, int step)
{
    for (mizo_day d = target - step; d > issued - MONTH - step; d -= step) {
        int32_t v = d < issued ? at(p, d, slot) : MIZO_MISSING;
        if (v != MIZO_MISSING)
            return v;
    }
    return NAN;
}

static double four_weeks(const past *p, mizo_day issued, mizo_day target, int slot)
{
    double sum = 0;
    int n = 0, seen = 0;
    for (mizo_day d = target - 7; seen < 4; d -= 7) {
        if (d >= issued)
            continue;
        int32_t v = at(p, d, slot);
        seen++;
        if (v == MIZO_MISSING)
            continue;
        sum += v;
        n++;
    }
    return n ? sum / n : NAN;
}

static double pinball(double actual, double q, double level)
{
    return actual >= q ? level * (actual - q) : (1 - level) * (q - actual);
}

static int by_value(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Mean pinball of the empirical quantiles of the slot over the last 28 days known. */
static double naive_loss(const past *p, mizo_day issued, int slot, double actual)
{
    int32_t v[MONTH];
    int n = 0;
    for (int k = 1; k <= MONTH; k++) {
        int32_t x = at(p, issued - k, slot);
        if (x != MIZO_MISSING)
            v[n++] = x;
    }
    if (!n)
        return NAN;
    qsort(v, (size_t)n, sizeof *v, by_value);
    double sum = 0;
    for (int k = 0; k < MIZO_QUANTILES; k++) {
        double place = mizo_quantile[k] * (n - 1), low = floor(place);
        int i = (int)low, j = i + 1 < n ? i + 1 : i;
        sum += pinball(actual, v[i] + (place - low) * ((double)v[j] - v[i]), mizo_quantile[k]);
    }
    return sum / MIZO_QUANTILES;
}

/* ---- one slot ---- */

typedef struct judged {
    score_cell c;
    double said;
} judged;

/* One slot i of a band issued for `issued`; false: it does not count. PV counts where there is, or might be, sun. */
static bool judge(const past *p, mizo_day issued, const foresee_band *b, int i, bool sun, judged *out)
{
    mizo_day target = issued + i / SLOTS;
    int slot = i % SLOTS;
    int32_t v = at(p, target, slot);
    if (v == MIZO_MISSING || b->mean[i] == MIZO_MISSING || isnan(p->scale))
        return false;
    if (sun && v <= 0 && b->q[i][MIZO_QUANTILES - 1] <= 0)
        return false;
    double actual = v;
    double naive[SCORE_NAIVES] = { latest(p, issued, target, slot, 1), latest(p, issued, target, slot, 7),
                                   four_weeks(p, issued, target, slot) };
    *out = (judged){
        .said = b->mean[i],
        .c = {.n = 1,
              .inside = v >= b->q[i][MIZO_Q10] && v <= b->q[i][MIZO_Q90],
              .actual = actual,
              .miss = fabs(b->mean[i] - actual),
              .naive_loss = naive_loss(p, issued, slot, actual),
              .scale = p->scale}
    };
    for (int k = 0; k < MIZO_QUANTILES; k++)
        out->c.loss += pinball(actual, b->q[i][k], mizo_quantile[k]) / MIZO_QUANTILES;
    for (int k = 0; k < SCORE_NAIVES; k++) {
        if (isnan(naive[k]))
            return false;
        out->c.naive[k] = fabs(naive[k] - actual);
    }
    return !isnan(out->c.naive_loss);
}

/* ---- the town's sum: signed misses of each slot ---- */

typedef struct sums {
    double actual, miss, naive[SCORE_NAIVES], scale;
} sums;

static void add_signed(sums *s, const past *p, mizo_day issued, int slot, const judged *j)
{
    s->actual += j->c.actual;
    s->miss += j->said - j->c.actual;
    s->naive[0] += latest(p, issued, issued, slot, 1) - j->c.actual;
    s->naive[1] += latest(p, issued, issued, slot, 7) - j->c.actual;
    s->naive[2] += four_weeks(p, issued, issued, slot) - j->c.actual;
    s->scale += p->scale;
}

static void judge_town(const sums *s, int n, score_cell *out)
{
    *out = (score_cell){ .loss = NAN, .naive_loss = NAN, .inside = 0 };
    for (int i = 0; i < n; i++) {
        if (!(s[i].scale > 0))
            continue;
        out->n++;
        out->actual += s[i].actual;
        out->miss += fabs(s[i].miss);
        for (int k = 0; k < SCORE_NAIVES; k++)
            out->naive[k] += fabs(s[i].naive[k]);
    }
    out->scale = NAN;
}

/* ---- one point ---- */

typedef struct job {
    const score_ask *ask;
    score_result *out;
    int span, days; /* days of the span; with those before it */
    int32_t *demand, *pv, *work;
    sums *town[SCORE_KINDS]; /* [span * 48] */
    foresee_out said, renewed;
    weather_days **weather; /* [span] as it was at the midnight of each day; NULL: no forecast was known */
} job;

static void judge_day(job *j, score_what what, const past *p, mizo_day day, const foresee_band *b, int n,
                      score_site *site)
{
    score_table *t = &j->out->of[what];
    for (int i = 0; i < n; i++) {
        judged x;
        if (!judge(p, day, b, i, what == SCORE_PV, &x))
            continue;
        score_add(&t->lead[i / SLOTS], &x.c);
        if (i >= SLOTS)
            continue;
        score_add(&t->hour[i / 2], &x.c);
        score_add(&site->first[what], &x.c);
        add_signed(&j->town[what][(day - j->ask->from) * SLOTS + i], p, day, i, &x);
    }
}

/* The day again as it was renewed at slot `now`, beside what midnight had said. */
static void judge_renewed(job *j, score_what what, const past *p, mizo_day day, int now,
                          const foresee_band *fresh, const foresee_band *midnight)
{
    score_table *t = &j->out->of[what];
    for (int k = 0; k < SCORE_STEPS; k++) {
        int i = now + score_step[k] - 1;
        judged a, b;
        if (i >= SLOTS || !judge(p, day, fresh, i, what == SCORE_PV, &a) ||
            !judge(p, day, midnight, i, what == SCORE_PV, &b))
            continue;
        score_add(&t->within[k], &a.c);
        score_add(&t->midnight[k], &b.c);
    }
}

static void one_day(job *j, foresee *f, const past of[SCORE_KINDS], mizo_day day, score_site *site)
{
    const foresee_out *s = &j->said, *r = &j->renewed;
    const int32_t *demand = of[SCORE_DEMAND].v + (size_t)(day - of[SCORE_DEMAND].first) * SLOTS,
                  *pv = of[SCORE_PV].v ? of[SCORE_PV].v + (size_t)(day - of[SCORE_PV].first) * SLOTS : NULL;
    const weather_days *w = j->weather ? j->weather[day - j->ask->from] : NULL;
    const foresee_weather *ahead = weather_days_ahead(w);
    foresee_say(f, day, j->ask->days, ahead, &j->said);
    if (s->has_demand)
        judge_day(j, SCORE_DEMAND, &of[SCORE_DEMAND], day, &s->demand, s->n, site);
    if (s->has_pv)
        judge_day(j, SCORE_PV, &of[SCORE_PV], day, &s->pv, s->n, site);
    for (int now = RENEWED; now < SLOTS; now += RENEWED) {
        foresee_now(f, day, 1, ahead, demand, pv, now, &j->renewed);
        if (s->has_demand && r->has_demand)
            judge_renewed(j, SCORE_DEMAND, &of[SCORE_DEMAND], day, now, &r->demand, &s->demand);
        if (s->has_pv && r->has_pv)
            judge_renewed(j, SCORE_PV, &of[SCORE_PV], day, now, &r->pv, &s->pv);
    }
    foresee_weather room;
    const weather_days *next = w && day + 1 < j->ask->to ? j->weather[day + 1 - j->ask->from] : NULL;
    foresee_learn(f, day, demand, pv, weather_days_past(next, day, &room));
}

static bool stopped(const job *j)
{
    return j->ask->stop && __atomic_load_n(j->ask->stop, __ATOMIC_ACQUIRE);
}

/* MIZO_ENOENT: nothing of this point can be judged. */
static mizo_err one_point(job *j, mizo_ref point, score_site *site)
{
    const score_ask *a = j->ask;
    foresee_span span = { .first = a->from - BACK, .days = j->days, .as_of = STORE_LATEST };
    size_t first, panels = mizo_region_pv_of(a->region, point, &first);
    MIZO_TRY(foresee_read(a->region, a->store, point, &span, j->demand, panels ? j->pv : NULL, j->work));
    past of[SCORE_KINDS] = {
        [SCORE_DEMAND] = {j->demand,              span.first, span.days,              0  },
        [SCORE_PV] = { panels ? j->pv : NULL, span.first, panels ? span.days : 0, NAN}
    };
    measure_scale(&of[SCORE_DEMAND]);
    if (panels)
        measure_scale(&of[SCORE_PV]);
    foresee *f = foresee_new(a->region, point);
    if (!f)
        return MIZO_ENOMEM;
    mizo_err e = foresee_use(f, j->weather ? j->weather[0] : NULL);
    if (!e)
        e = foresee_warm(f, a->store, a->from, STORE_LATEST);
    for (int d = 0; !e && d < j->span; d++)
        if (stopped(j))
            e = MIZO_ECANCELED;
        else
            one_day(j, f, of, a->from + d, site);
    foresee_free(f);
    return e ? e : site->first[SCORE_DEMAND].n ? MIZO_OK : MIZO_ENOENT;
}

/* The weather of every day of the span, once for all points. */
static mizo_err see_weather(job *j)
{
    const score_ask *a = j->ask;
    weather_days *first;
    MIZO_TRY(weather_days_new(a->region, a->store, true, a->from, 0, &first));
    if (!weather_days_any(first)) {
        weather_days_free(first);
        return MIZO_OK;
    }
    j->weather = calloc((size_t)j->span, sizeof(weather_days *));
    if (!j->weather) {
        weather_days_free(first);
        return MIZO_ENOMEM;
    }
    j->weather[0] = first;
    for (int d = 1; d < j->span; d++)
        MIZO_TRY(weather_days_next(j->weather[d - 1], &j->weather[d]));
    return MIZO_OK;
}

static void forget_weather(job *j)
{
    for (int d = 0; j->weather && d < j->span; d++)
        weather_days_free(j->weather[d]);
    free(j->weather);
}

/* ---- one plant ---- */

/* A plant without readings is not judged: n stays 0. */
static mizo_err one_plant(job *j, mizo_ref plant, score_cell *c)
{
    const score_ask *a = j->ask;
    foresee_span span = { .first = a->from - BACK, .days = j->days, .as_of = STORE_LATEST };
    mizo_err e = foresee_read_one(a->region, a->store, a->region->plant[plant].id, MIZO_Q_GENERATION, &span,
                                  j->demand);
    past p = { j->demand, span.first, span.days, NAN };
    measure_scale(&p);
    for (mizo_day day = a->from; !e && day < a->to; day++) {
        foresee_plant_ask ask = { .plant = plant,
                                  .day = day,
                                  .days = 1,
                                  .issued = mizo_slot_ms(mizo_day_slot(day, a->region->offset)),
                                  .as_of = STORE_LATEST };
        e = stopped(j) ? MIZO_ECANCELED : foresee_plant(a->region, a->store, &ask, &j->said.pv);
        e = e == MIZO_ENOENT ? MIZO_OK : e; /* the schedule alone speaks */
        for (int i = 0; i < SLOTS && !e; i++) {
            judged x;
            if (judge(&p, day, &j->said.pv, i, false, &x))
                score_add(c, &x.c);
        }
    }
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static mizo_err all_plants(job *j)
{
    size_t n = j->ask->plants ? j->ask->region->nplant : 0;
    j->out->plant = calloc(n ? n : 1, sizeof *j->out->plant);
    if (!j->out->plant)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        score_plant *p = &j->out->plant[j->out->nplant];
        *p = (score_plant){ .plant = (mizo_ref)i };
        MIZO_TRY(one_plant(j, p->plant, &p->first));
        j->out->nplant += p->first.n > 0;
    }
    return MIZO_OK;
}

/* ---- all of them ---- */

static int worst_first(const void *a, const void *b)
{
    const score_site *s = a, *t = b;
    double x = score_of(&s->first[SCORE_DEMAND]).nmae, y = score_of(&t->first[SCORE_DEMAND]).nmae;
    if (isnan(x) || isnan(y))
        return isnan(x) - isnan(y);
    return x != y ? (x < y) - (x > y) : (s->point > t->point) - (s->point < t->point);
}

static mizo_err make_room(job *j)
{
    size_t cells = (size_t)j->days * SLOTS, span = (size_t)j->span * SLOTS;
    j->demand = malloc(cells * sizeof *j->demand);
    j->pv = malloc(cells * sizeof *j->pv);
    j->work = malloc(cells * sizeof *j->work);
    bool good = j->demand && j->pv && j->work;
    for (int k = 0; k < SCORE_KINDS; k++)
        good &= (j->town[k] = calloc(span, sizeof *j->town[k])) != NULL;
    j->out->site = calloc(j->ask->npoint ? j->ask->npoint : 1, sizeof *j->out->site);
    return good && j->out->site ? MIZO_OK : MIZO_ENOMEM;
}

static mizo_err all_points(job *j)
{
    for (size_t i = 0; i < j->ask->npoint; i++) {
        score_site *site = &j->out->site[j->out->nsite];
        *site = (score_site){ .point = j->ask->point[i] };
        mizo_err e = one_point(j, site->point, site);
        if (e && e != MIZO_ENOENT)
            return e;
        if (e)
            j->out->silent++;
        else
            j->out->nsite++;
        if (j->ask->done)
            MIZO_TRY(j->ask->done(j->ask->arg, i + 1));
    }
    for (int k = 0; k < SCORE_KINDS; k++)
        judge_town(j->town[k], j->span * SLOTS, &j->out->town[k]);
    qsort(j->out->site, j->out->nsite, sizeof *j->out->site, worst_first);
    return j->out->nsite ? MIZO_OK : MIZO_ENOENT;
}

mizo_err score_run(const score_ask *ask, score_result *out)
{
    memset(out, 0, sizeof *out);
    if (ask->to <= ask->from || ask->days < 1 || ask->days > MIZO_AHEAD)
        return MIZO_ERANGE;
    job *j = calloc(1, sizeof *j);
    if (!j)
        return MIZO_ENOMEM;
    *j = (job){ .ask = ask, .out = out, .span = ask->to - ask->from, .days = ask->to - ask->from + BACK };
    mizo_err e = make_room(j);
    if (!e)
        e = see_weather(j);
    if (!e)
        e = all_plants(j);
    if (!e)
        e = all_points(j);
    forget_weather(j);
    free(j->demand);
    free(j->pv);
    free(j->work);
    for (int k = 0; k < SCORE_KINDS; k++)
        free(j->town[k]);
    free(j);
    if (e)
        score_free(out);
    return e;
}

void score_free(score_result *r)
{
    free(r->site);
    free(r->plant);
    memset(r, 0, sizeof *r);
}
