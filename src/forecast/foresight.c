/* foresight.c: a learner for the mean and bands around it, told and asked together. */
#include "mizo/foresight.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "forecast/bands_inner.h"

enum { LONGEST = 288, WAITING = 1 + 2 + 8, RECENT = 28, JUDGED = 28 };
#define USUAL_KEEP 0.985 /* a day, of what is usually missed */

/* What was said for a day that has not been learned yet, by lead. */
typedef struct waiting {
    mizo_day day; /* MIZO_DAY_NONE: none */
    float *mean;  /* [slots] */
} waiting;

struct mizo_foresight {
    mizo_foresight_task task;
    mizo_learner *learner;
    mizo_bands *bands;
    mizo_day next, first; /* the day after the last that was learned; the first that was */
    waiting wait[WAITING];
    float *room;                         /* of wait[].mean */
    float *band;                         /* [slots][MIZO_QUANTILES] as said for the day `banded` */
    float *said;                         /* [slots] its mean */
    mizo_day banded;                     /* MIZO_DAY_NONE: none */
    uint8_t *ranks;                      /* [MIZO_RANKS][slots], ring by day */
    float missed[RECENT], level[RECENT]; /* of a day: mean |miss|, mean |value|; ring by day */
    double usual, usual_level;
    bool hurry;
    int judged; /* days in `usual` */
};

static int ring(mizo_day day, int n)
{
    int p = day % n;
    return p < 0 ? p + n : p;
}

/* The place for what was said for `day` with a lead that is kept; NULL for other leads. */
static waiting *place(mizo_foresight *f, mizo_day day, int lead)
{
    waiting *w = f->wait;
    for (int l = 0; l < BANDS_LEADS; l++, w += bands_lead[l - 1] + 1)
        if (bands_lead[l] == lead)
            return w + ring(day, lead + 1);
    return NULL;
}

/* ---- asked ---- */

/* A float holds all that a forecast knows; so what is kept is what was said. */
static void round_off(double *v, int n)
{
    for (int i = 0; i < n; i++)
        v[i] = (double)(float)v[i];
}

/* The middle as the learner says it: the bands stand around it. */
static void middle(mizo_foresight *f, const mizo_learn_day *day, int ndays, double *mean)
{
    mizo_learner_ahead(f->learner, day, ndays, mean);
    for (int i = 0; i < ndays * f->task.slots && f->task.positive; i++)
        if (mean[i] < 0)
            mean[i] = 0;
    round_off(mean, ndays * f->task.slots);
}

static void bands_of(mizo_foresight *f, const mizo_learn_day *day, int lead, double *mean, double *q)
{
    int slots = f->task.slots;
    mizo_bands_say(f->bands, lead, day, mean, q);
    round_off(q, slots * MIZO_QUANTILES);
    bands_centre(f->bands, mean);
    for (int s = 0; s < slots; s++) {
        const double *at = q + (size_t)s * MIZO_QUANTILES;
        if (!isnan(mean[s]))
            mean[s] = fmax(at[0], fmin(at[MIZO_QUANTILES - 1], mean[s]));
    }
    round_off(mean, slots);
}

/* Bands around the middles in out->mean, from day[from] on. */
static void issue(mizo_foresight *f, const mizo_learn_day *day, int from, int ndays, mizo_outlook *out)
{
    size_t slots = (size_t)f->task.slots;
    for (size_t d = (size_t)from; d < (size_t)ndays; d++)
        bands_of(f, &day[d], (int)d, out->mean + d * slots, out->q + d * slots * MIZO_QUANTILES);
    out->n = ndays * f->task.slots;
}

static bool known(const mizo_outlook *out)
{
    for (int i = 0; i < out->n; i++)
        if (!isnan(out->mean[i]))
            return true;
    return false;
}

static void keep(mizo_foresight *f, const mizo_learn_day *day, int ndays, const double *mean)
{
    int slots = f->task.slots;
    for (int d = 0; d < ndays; d++) {
        waiting *w = place(f, day[d].day, d);
        if (!w)
            continue;
        w->day = day[d].day;
        for (int s = 0; s < slots; s++)
            w->mean[s] = (float)mean[d * slots + s];
    }
}

bool mizo_foresight_say(mizo_foresight *f, const mizo_learn_day *day, int ndays, mizo_outlook *out)
{
    middle(f, day, ndays, out->mean);
    keep(f, day, ndays, out->mean);
    issue(f, day, 0, ndays, out);
    size_t slots = (size_t)f->task.slots;
    for (size_t i = 0; i < slots; i++)
        f->said[i] = (float)out->mean[i];
    for (size_t i = 0; i < slots * MIZO_QUANTILES; i++)
        f->band[i] = (float)out->q[i];
    f->banded = day[0].day;
    return known(out);
}

void mizo_foresight_note(mizo_foresight *f, const mizo_learn_day *day, int ndays)
{
    double mean[MIZO_AHEAD * LONGEST];
    middle(f, day, ndays, mean);
    keep(f, day, ndays, mean);
}

/* The day in hand stands as it was said at midnight; the days after it are worked out again. */
bool mizo_foresight_now(mizo_foresight *f, const mizo_learn_day *day, int ndays, const double *happened,
                        int now, mizo_outlook *out)
{
    size_t slots = (size_t)f->task.slots;
    bool kept = f->banded == day[0].day;
    if (!kept || ndays > 1)
        middle(f, day, ndays, out->mean);
    issue(f, day, kept, ndays, out);
    for (size_t i = 0; i < slots && kept; i++)
        out->mean[i] = (double)f->said[i];
    for (size_t i = 0; i < slots * MIZO_QUANTILES && kept; i++)
        out->q[i] = (double)f->band[i];
    mizo_bands_within(f->bands, day, happened, now, out);
    return known(out);
}

/* ---- told ---- */

/* What is left beyond an outer level halves with every further step as wide as the last two levels lie apart. */
static double beyond(double left, double by, double step)
{
    return step > 0 ? left * exp2(-fmin(8, by / step)) : left / 2;
}

/* 0..254 within the levels. Equal levels: the middle of them. */
static uint8_t rank_of(const double *q, double v)
{
    if (isnan(v) || isnan(q[0]))
        return MIZO_RANK_UNKNOWN;
    const int last = MIZO_QUANTILES - 1;
    int below = 0, upto = 0;
    while (below < MIZO_QUANTILES && q[below] < v)
        below++;
    for (upto = below; upto < MIZO_QUANTILES && q[upto] <= v;)
        upto++;
    double at;
    if (upto > below)
        at = (mizo_quantile[below] + mizo_quantile[upto - 1]) / 2;
    else if (below == 0)
        at = beyond(mizo_quantile[0], q[0] - v, q[1] - q[0]);
    else if (below == MIZO_QUANTILES)
        at = 1 - beyond(1 - mizo_quantile[last], v - q[last], q[last] - q[last - 1]);
    else
        at = mizo_quantile[below - 1] + (mizo_quantile[below] - mizo_quantile[below - 1]) *
                                            (v - q[below - 1]) / (q[below] - q[below - 1]);
    return (uint8_t)(at * 254 + 0.5);
}

static void rank(mizo_foresight *f, mizo_day day, const double *q, const double *actual)
{
    uint8_t *to = f->ranks + (size_t)ring(day, MIZO_RANKS) * (size_t)f->task.slots;
    if (!q)
        memset(to, MIZO_RANK_UNKNOWN, (size_t)f->task.slots);
    for (int s = 0; s < f->task.slots && q; s++)
        to[s] = rank_of(q + (size_t)s * MIZO_QUANTILES, actual[s]);
}

/* The day that leaves the recent ones joins the usual ones. */
static void judge(mizo_foresight *f, mizo_day day, const double *mean, const double *actual)
{
    double missed = 0, level = 0;
    int n = 0, i = ring(day, RECENT);
    for (int s = 0; s < f->task.slots; s++)
        if (!isnan(mean[s]) && !isnan(actual[s])) {
            missed += fabs(actual[s] - mean[s]);
            level += fabs(actual[s]);
            n++;
        }
    if (!isnan(f->missed[i])) {
        f->usual = USUAL_KEEP * f->usual + (double)f->missed[i];
        f->usual_level = USUAL_KEEP * f->usual_level + (double)f->level[i];
        f->judged++;
    }
    f->missed[i] = n ? (float)(missed / n) : NAN;
    f->level[i] = n ? (float)(level / n) : NAN;
}

static void skip(mizo_foresight *f, mizo_day to)
{
    int days = f->next == MIZO_DAY_NONE || to - f->next > MIZO_RANKS ? MIZO_RANKS : to - f->next;
    for (int k = 1; k <= days; k++) {
        memset(f->ranks + (size_t)ring(to - k, MIZO_RANKS) * (size_t)f->task.slots, MIZO_RANK_UNKNOWN,
               (size_t)f->task.slots);
        f->missed[ring(to - k, RECENT)] = NAN;
    }
}

void mizo_foresight_hurry(mizo_foresight *f, int left)
{
    f->hurry = left > JUDGED;
    bands_far(f->bands, left > JUDGED + BANDS_KEEP);
}

void mizo_foresight_learn(mizo_foresight *f, const mizo_learn_day *day, const double *actual)
{
    double mean[LONGEST], believed[LONGEST], room[LONGEST * MIZO_QUANTILES], *q = f->hurry ? NULL : room;
    skip(f, day->day);
    mizo_learner_clean(f->learner, actual, believed); /* the alarm alone looks at what is not believed */
    for (int l = BANDS_LEADS - 1; l >= 0; l--) {      /* a day ahead last: its scale is of the days before */
        waiting *w = place(f, day->day, bands_lead[l]);
        if (w->day == day->day)
            for (int s = 0; s < f->task.slots; s++)
                mean[s] = (double)w->mean[s];
        else if (l == 0)
            middle(f, day, 1, mean);
        else
            continue;
        bands_tell(f->bands, bands_lead[l], day, mean, believed, q);
        if (l == 0) {
            rank(f, day->day, q, believed);
            judge(f, day->day, mean, actual);
        }
    }
    mizo_learner_learn(f->learner, day, actual);
    f->next = day->day + 1;
    f->banded = MIZO_DAY_NONE;
}

/* ---- what is known of the past ---- */

const uint8_t *mizo_foresight_ranks(const mizo_foresight *f, int age)
{
    if (f->next == MIZO_DAY_NONE || age < 0 || age >= MIZO_RANKS)
        return NULL;
    return f->ranks + (size_t)ring(f->next - 1 - age, MIZO_RANKS) * (size_t)f->task.slots;
}

bool mizo_foresight_miss(const mizo_foresight *f, double *latest, double *usual)
{
    double missed = 0, level = 0;
    int n = 0;
    for (int i = 0; i < RECENT; i++)
        if (!isnan(f->missed[i])) {
            missed += (double)f->missed[i];
            level += (double)f->level[i];
            n++;
        }
    if (n < RECENT / 2 || f->judged < RECENT || !(level > 0) || !(f->usual_level > 0))
        return false;
    *latest = missed / level;
    *usual = f->usual / f->usual_level;
    return true;
}

/* ---- birth ---- */

static bool furnish(mizo_foresight *f)
{
    size_t slots = (size_t)f->task.slots;
    f->learner = mizo_learner_new(&(mizo_learn_task){ .size = sizeof(mizo_learn_task),
                                                      .slots = f->task.slots,
                                                      .inputs = f->task.inputs,
                                                      .recipe = f->task.recipe });
    f->bands = mizo_bands_new(&(mizo_bands_task){ sizeof(mizo_bands_task), f->task.slots, f->task.positive });
    f->room = calloc(WAITING * slots, sizeof *f->room);
    f->band = calloc(slots * (MIZO_QUANTILES + 1), sizeof *f->band);
    f->said = f->band ? f->band + slots * MIZO_QUANTILES : NULL;
    f->ranks = malloc(MIZO_RANKS * slots);
    if (!f->learner || !f->bands || !f->room || !f->band || !f->ranks)
        return false;
    for (size_t i = 0; i < WAITING; i++)
        f->wait[i] = (waiting){ MIZO_DAY_NONE, f->room + i * slots };
    for (int i = 0; i < RECENT; i++)
        f->missed[i] = NAN;
    memset(f->ranks, MIZO_RANK_UNKNOWN, MIZO_RANKS * slots);
    return true;
}

mizo_foresight *mizo_foresight_new(const mizo_foresight_task *t)
{
    if (t->size < sizeof *t || t->slots < 1 || t->slots > LONGEST)
        return NULL;
    mizo_foresight *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->task = *t;
    f->next = f->banded = MIZO_DAY_NONE;
    if (furnish(f))
        return f;
    mizo_foresight_free(f);
    return NULL;
}

void mizo_foresight_free(mizo_foresight *f)
{
    if (!f)
        return;
    mizo_learner_free(f->learner);
    mizo_bands_free(f->bands);
    free(f->room);
    free(f->band);
    free(f->ranks);
    free(f);
}

size_t mizo_foresight_bytes(const mizo_foresight *f)
{
    size_t slots = (size_t)f->task.slots;
    return sizeof *f + mizo_learner_bytes(f->learner) + bands_bytes(f->bands) +
           (WAITING + MIZO_QUANTILES + 1) * slots * sizeof *f->room + MIZO_RANKS * slots;
}
