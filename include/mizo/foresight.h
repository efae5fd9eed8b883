/* foresight.h: one series' forecaster as a town uses it: a learner for the mean, bands for how far off it may
 * be, and a cleaner before both. Pure.
 *
 * It is told finished days, oldest first, and asked for the days after them; it cannot see further. In the day
 * in hand it is asked again every slot, with what has happened since midnight. Values are doubles in the
 * caller's unit, NAN is missing. Same calls, same bits. docs/mechanisms/foresight.md */
#ifndef MIZO_FORESIGHT_H
#define MIZO_FORESIGHT_H

#include "mizo/forecast.h"

enum { MIZO_AHEAD = 8 }; /* days that can be asked for */

/* Of n slots. q[i * MIZO_QUANTILES + k] is the level mizo_quantile[k] of slot i: never falling in k. The mean
 * lies within [q of 0.05, q of 0.95]. The arrays are the caller's. NAN: nothing is known. */
typedef struct mizo_outlook {
    int n;
    double *mean, *q;
} mizo_outlook;

/* ---- bands: how far off ----
 * The distribution of what a mean forecast misses, by lead, part of the day and level of the forecast, learned
 * online from (said, happened) pairs; and how the misses of a day hang together, for the rest of a day that
 * has begun. */
typedef struct mizo_bands mizo_bands;

typedef struct mizo_bands_task {
    size_t size;
    int slots;     /* a day, 1..288 */
    bool positive; /* nothing lies below 0 */
} mizo_bands_task;

MIZO_API mizo_bands *mizo_bands_new(const mizo_bands_task *t); /* NULL: out of memory or range */
MIZO_API void mizo_bands_free(mizo_bands *b);                  /* NULL is fine */
/* lead 0: the day after the last that was learned, up to MIZO_AHEAD - 1. q[slots * MIZO_QUANTILES]. */
MIZO_API void mizo_bands_say(const mizo_bands *b, int lead, const mizo_learn_day *day, const double *mean,
                             double *q);
/* What was said for the day with that lead, and what happened. */
MIZO_API void mizo_bands_learn(mizo_bands *b, int lead, const mizo_learn_day *day, const double *mean,
                               const double *actual);
/* The day in hand: slots [0, now) have happened. Rewrites slots [now, n) of io, issued for this day at
 * midnight; later days in io move as little as they did in the past. */
MIZO_API void mizo_bands_within(const mizo_bands *b, const mizo_learn_day *day, const double *happened,
                                int now, mizo_outlook *io);

/* ---- foresight: all of it ---- */
typedef struct mizo_foresight mizo_foresight;

typedef struct mizo_foresight_task {
    size_t size;
    int slots;          /* a day, 1..288 */
    int inputs;         /* known ahead, a slot (temperature ...), 0..32; NAN where one is not known */
    mizo_recipe recipe; /* MIZO_LEAN for one of a thousand sites, MIZO_RICH for one big series */
    bool positive;      /* nothing lies below 0 */
} mizo_foresight_task;

MIZO_API mizo_foresight *mizo_foresight_new(const mizo_foresight_task *t); /* NULL: out of memory or range */
MIZO_API void mizo_foresight_free(mizo_foresight *f);                      /* NULL is fine */
MIZO_API size_t mizo_foresight_bytes(const mizo_foresight *f);             /* all that it holds */
/* A finished day. Stuck and impossible runs are left out of what is learned; a level that has shifted is
 * followed. Days follow one another; one left out counts as missing. */
MIZO_API void mizo_foresight_learn(mizo_foresight *f, const mizo_learn_day *day, const double *actual);
/* Before the next learn, while it is told a long past at once: so many days are left, that one included; 0: as ever.
 * All but the last 28 teach the mean and are remembered, but how well the members of the bands did is not judged,
 * and no ranks are kept; of those so old that they will be forgotten by then, only what is usual is learned. */
MIZO_API void mizo_foresight_hurry(mizo_foresight *f, int left);
/* ndays (1..MIZO_AHEAD) from day[0] on, which follows what was learned: out->n = ndays * slots. False: nothing
 * is known yet (out is NAN). What is said is remembered, so that the next learn knows what was missed. */
MIZO_API bool mizo_foresight_say(mizo_foresight *f, const mizo_learn_day *day, int ndays, mizo_outlook *out);
/* Remembers the same, for the next learn, and says nothing: for days long past. */
MIZO_API void mizo_foresight_note(mizo_foresight *f, const mizo_learn_day *day, int ndays);
/* The same days again at slot `now` of day[0], of which happened[0..now) is known. Remembers nothing. */
MIZO_API bool mizo_foresight_now(mizo_foresight *f, const mizo_learn_day *day, int ndays,
                                 const double *happened, int now, mizo_outlook *out);
/* Rank of what happened within what was said for it a day ahead, 0..254 for 0..1, `age` days ago (0: the last
 * day learned, up to MIZO_RANKS - 1): [slots], 255 unknown. NULL: not kept. Joint scenarios are made of these. */
enum { MIZO_RANKS = 64, MIZO_RANK_UNKNOWN = 255 };
MIZO_API const uint8_t *mizo_foresight_ranks(const mizo_foresight *f, int age);
/* Typical miss (mean absolute) of the last 28 days, the usual one of the days before, both relative to the
 * mean level: a site that leaves its usual range raises an alarm. False: not known yet. */
MIZO_API bool mizo_foresight_miss(const mizo_foresight *f, double *latest, double *usual);

#endif
