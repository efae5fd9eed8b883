/* value_jepx.c: jepx_spot: a battery that buys and sells at the market's half-hours.
 *
 * Two games. In the set's own, each day is planned the day before from a forecast, from half full to half full, and paid
 * at the real price. In the rolling one the battery is run as the town runs its sites: today's prices are published,
 * tomorrow's from noon on, the rest is forecast; it is planned two days ahead at midnight and at noon. What is forecast:
 * mizo_pricer, told day by day; beside it today's prices again, and the truth. docs/mechanisms/value.md */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/forecast.h"
#include "mizo/messages/plan.h"
#include "town/bench/frame.h"
#include "town/bench/value.h"

enum { SLOTS = MIZO_DAY_SLOTS, AHEAD = 2 * SLOTS, PAST = 604, TEST = 275, LEVELS = 160, HALF = LEVELS / 2 };
enum { PUBLISHED = 24 }; /* the slot of the day before from which the game knows the prices */
#define EFFICIENCY      0.95
#define NAIVE_PUBLISHED 920474.0 /* of the set's README, 275 days from 2024-04-01 */
#define BEST_PUBLISHED  1884539.0

/* AGAIN: today's prices again and again. NOON: tomorrow's from noon on, and those again. */
typedef enum guess { MIZO, AGAIN, NOON, TRUTH, GUESSES } guess;

/* A store in 160 levels: MWh of a level, levels of a half-hour at 0.5 MW: 0.25 MWh x 0.95 and / 0.95. */
typedef struct market_store {
    double mwh;
    int up, down;
} market_store;

static const market_store hours[] = {
    {0.005, 47, 52}, /* 1 MWh of which 0.8 are used: the set's own */
    { 0.05, 4,  5 }, /* ten times as large, at the same power */
};

typedef struct market_game {
    const market_store *is;
    days tokyo;                          /* yen per kWh */
    mizo_pricer *pricer;                 /* told all before the day in hand */
    double worth[AHEAD + 1][LEVELS + 1]; /* yen that the slots from t on bring, at a level */
    double price[AHEAD];                 /* yen per kWh */
} market_game;

/* ---- the battery ---- */

/* Yen of a move of so many levels at a price: what is stored costs more, what is given brings less. */
static double brings(const market_store *is, int move, double price)
{
    double mwh = move * is->mwh;
    return -1000 * price * (move > 0 ? mwh / EFFICIENCY : mwh * EFFICIENCY);
}

static int best_move(const market_game *g, int t, int level, double *worth)
{
    int at = 0;
    *worth = -INFINITY;
    for (int m = level < g->is->down ? -level : -g->is->down; m <= g->is->up && level + m <= LEVELS; m++) {
        double yen = brings(g->is, m, g->price[t]) + g->worth[t + 1][level + m];
        if (yen > *worth + 1e-9) {
            *worth = yen;
            at = m;
        }
    }
    return at;
}

/* From the end back; what is left at the end is worth `end` yen per kWh, or must be half full where that is NAN. */
static void look_ahead(market_game *g, int n, double end)
{
    for (int k = 0; k <= LEVELS; k++)
        g->worth[n][k] = isnan(end) ? (k == HALF ? 0 : -1e12) : 1000 * end * g->is->mwh * k;
    for (int t = n - 1; t >= 0; t--)
        for (int k = 0; k <= LEVELS; k++)
            best_move(g, t, k, &g->worth[t][k]);
}

/* ---- what is known ---- */

static int32_t myen(double yen)
{
    return isnan(yen) ? MIZO_MISSING : (int32_t)lround(1000 * yen);
}

static mizo_err begin(market_game *g, mizo_day day)
{
    int32_t *v = malloc(PAST * SLOTS * sizeof *v);
    if (!v)
        return MIZO_ENOMEM;
    for (int i = 0; i < PAST * SLOTS; i++)
        v[i] = myen(days_at(&g->tokyo, day - PAST + i / SLOTS, i % SLOTS));
    mizo_history h = { .first = day - PAST, .ndays = PAST, .v = v };
    mizo_pricer_free(g->pricer);
    mizo_err e = mizo_pricer_new(&h, &g->pricer);
    free(v);
    return e;
}

static void tell(market_game *g, mizo_day day)
{
    int32_t v[SLOTS];
    for (int s = 0; s < SLOTS; s++)
        v[s] = myen(days_at(&g->tokyo, day, s));
    mizo_pricer_learn(g->pricer, v);
}

/* Prices of three days from `day` on, as a guesser has them who knows the first `known` of the days. */
static void foresee(market_game *g, guess who, mizo_day day, int known, double *yen)
{
    int32_t have[3 * SLOTS], mean[3 * SLOTS];
    for (int i = 0; i < 3 * SLOTS; i++) {
        yen[i] = days_at(&g->tokyo, day + i / SLOTS, i % SLOTS);
        if (isnan(yen[i]) && i >= SLOTS) /* beyond the file */
            yen[i] = yen[i - SLOTS];
        have[i] = i < known * SLOTS ? myen(yen[i]) : MIZO_MISSING;
        if ((who == AGAIN || who == NOON) && i >= known * SLOTS)
            yen[i] = known ? yen[i - SLOTS] : days_at(&g->tokyo, day - 1, i % SLOTS);
    }
    if (who == MIZO) {
        mizo_pricer_say(g->pricer, have, 3, mean);
        for (int i = 0; i < 3 * SLOTS; i++)
            yen[i] = mean[i] / 1000.0;
    }
}

static double middle(const double *yen, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += yen[i] / n;
    return sum;
}

/* ---- the two games ---- */

/* Slots [from, to) of the day, by the plan whose first slot is `at`, paid at the real price. */
static double act(market_game *g, mizo_day day, int from, int to, int at, int *level)
{
    double yen = 0, worth;
    for (int s = from; s < to; s++) {
        int m = best_move(g, s - at, *level, &worth);
        yen += brings(g->is, m, days_at(&g->tokyo, day, s));
        *level += m;
    }
    return yen;
}

static double day_ahead(market_game *g, guess who, mizo_day day)
{
    double yen[3 * SLOTS];
    int level = HALF;
    foresee(g, who, day, 0, yen);
    memcpy(g->price, yen, SLOTS * sizeof *yen);
    look_ahead(g, SLOTS, NAN);
    return act(g, day, 0, SLOTS, 0, &level);
}

static double rolling(market_game *g, guess who, mizo_day day, int *level)
{
    double yen[3 * SLOTS], sum = 0;
    for (int half = 0; half < 2; half++) {
        int at = half ? PUBLISHED : 0;
        foresee(g, who, day, half && who != AGAIN ? 2 : 1, yen);
        memcpy(g->price, yen + at, AHEAD * sizeof *yen);
        look_ahead(g, AHEAD, middle(g->price, AHEAD));
        sum += act(g, day, at, half ? SLOTS : PUBLISHED, at, level);
    }
    return sum;
}

enum { STORES = 2 };
typedef struct takings {
    double ahead[GUESSES], rolled[STORES][GUESSES];
} takings;

static void play_day(market_game *g, mizo_day day, int level[STORES][GUESSES], takings *out)
{
    for (guess w = MIZO; w < GUESSES; w++) {
        g->is = &hours[0];
        out->ahead[w] += day_ahead(g, w, day);
        for (int k = 0; k < STORES; k++) {
            g->is = &hours[k];
            out->rolled[k][w] += rolling(g, w, day, &level[k][w]);
        }
    }
    tell(g, day);
}

static mizo_err play(const value_run *r, market_game *g, mizo_day from, int ndays, takings *out)
{
    int level[STORES][GUESSES];
    double yen[3 * SLOTS];
    *out = (takings){ 0 };
    for (int i = 0; i < STORES * GUESSES; i++)
        level[i / GUESSES][i % GUESSES] = HALF;
    MIZO_TRY(begin(g, from));
    for (int d = 0; d < ndays; d++) {
        MIZO_TRY(value_pace(r, (double)d / ndays));
        play_day(g, from + d, level, out);
    }
    foresee(g, TRUTH, from + ndays - 1, 1, yen);
    for (int i = 0; i < STORES * GUESSES; i++) { /* what is left more, at the mean price of the last day */
        g->is = &hours[i / GUESSES];
        out->rolled[i / GUESSES][i % GUESSES] +=
            brings(g->is, HALF - level[i / GUESSES][i % GUESSES], middle(yen, SLOTS));
    }
    return MIZO_OK;
}

/* ---- the set ---- */

static mizo_err read_prices(const value_run *r, days *out)
{
    frame f;
    MIZO_TRY(frame_read(&f, r->data, "jepx_spot/spot_*", r->d));
    int c = frame_column(&f, "tokyo_jpy_kwh");
    mizo_err e = MIZO_EINPUT;
    if (c < 0)
        MIZO_DIAG(r->d, VALUE_COLUMN, MIZO_NOWHERE, r->set, "tokyo_jpy_kwh");
    else
        e = days_of(&f, c, SLOTS, 0, out);
    frame_free(&f);
    return e;
}

static void put(value_table *out, const char *measure, const double yen[GUESSES], bool own, bool whole)
{
    value_row *row = value_add(out, measure, yen[MIZO], NAN, true);
    value_refer(row, "today_again_here", yen[AGAIN], true);
    if (!own)
        value_refer(row, "published_and_again_here", yen[NOON], true);
    value_refer(row, "perfect_forecast_here", yen[TRUTH], true);
    value_refer(row, "share_of_perfect_here", yen[MIZO] / yen[TRUTH], true);
    value_refer(row, "share_of_perfect_of_today_again_here", yen[AGAIN] / yen[TRUTH], true);
    if (own && whole) {
        value_refer(row, "naive_published", NAIVE_PUBLISHED, false);
        value_refer(row, "perfect_published", BEST_PUBLISHED, false);
    }
}

mizo_err value_jepx(const value_run *r, value_table *out)
{
    const mizo_day from = mizo_date_day((mizo_date){ 2024, 4, 1 });
    int ndays = r->days && r->days < TEST ? r->days : TEST;
    takings got;
    market_game *g = calloc(1, sizeof *g);
    mizo_err e = g ? read_prices(r, &g->tokyo) : MIZO_ENOMEM;
    if (!e && (g->tokyo.first > from - PAST / 2 || g->tokyo.first + g->tokyo.n < from + ndays)) {
        MIZO_DIAG(r->d, VALUE_SHORT, MIZO_NOWHERE, r->set, "2023-06-01 .. 2024-12-31");
        e = MIZO_EINPUT;
    }
    if (!e)
        e = play(r, g, from, ndays, &got);
    if (!e) {
        put(out, "yen of a 1 MWh battery, each day planned the day before", got.ahead, true, ndays == TEST);
        put(out, "yen of a 1 MWh battery, run as the town runs its sites", got.rolled[0], false, false);
        put(out, "yen of a 10 MWh store at the same power, run so", got.rolled[1], false, false);
    }
    if (g) {
        mizo_pricer_free(g->pricer);
        days_free(&g->tokyo);
    }
    free(g);
    return e;
}
