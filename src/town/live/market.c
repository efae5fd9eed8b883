/* market.c: see market.h. */
#include "town/live/market.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/forecast.h"
#include "mizo/trade.h"

enum { PAST = 604, CELLS = PAST * MIZO_DAY_SLOTS, STEP = 100 /* milli-yen */, SLOT_MINUTES = 30 };

struct market {
    mizo_pricer *pricer; /* NULL: nothing to learn from */
    char area[MIZO_ID_MAX];
    mizo_day day; /* that `said` is of */
    bool published;
    int32_t said[MARKET_SLOTS];
};

market *market_new(void)
{
    market *m = calloc(1, sizeof *m);
    if (m)
        m->day = MIZO_DAY_NONE;
    return m;
}

void market_free(market *m)
{
    if (m)
        mizo_pricer_free(m->pricer);
    free(m);
}

/* Days [first, first + n) as they stand in the store. */
static mizo_err read_days(const mizo_region *r, store *s, mizo_day first, int n, int32_t *v)
{
    mizo_series_key key = store_key(r->market_area, MIZO_Q_PRICE, MIZO_ROLE_READING);
    int32_t id;
    for (int i = 0; i < n * MIZO_DAY_SLOTS; i++)
        v[i] = MIZO_MISSING;
    if (!r->market_area)
        return MIZO_OK;
    mizo_err e = s->ops->series_id(s, &key, false, &id);
    for (int d = 0; d < n && !e; d++) {
        e = store_read_day(s, id, first + d, STORE_LATEST, v + (ptrdiff_t)d * MIZO_DAY_SLOTS, NULL);
        if (e == MIZO_ENOENT)
            e = MIZO_OK;
    }
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static mizo_err begin(market *m, const mizo_region *r, store *s, mizo_day day)
{
    mizo_pricer_free(m->pricer);
    m->pricer = NULL;
    int32_t *v = malloc(CELLS * sizeof *v);
    if (!v)
        return MIZO_ENOMEM;
    mizo_err e = read_days(r, s, day - PAST, PAST, v);
    mizo_history h = { .first = day - PAST, .ndays = PAST, .v = v };
    if (!e)
        e = mizo_pricer_new(&h, &m->pricer);
    free(v);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static bool same_area(const market *m, const mizo_region *r)
{
    return strcmp(m->area, r->market_area ? r->market_area : "") == 0;
}

static mizo_err tell(market *m, const mizo_region *r, store *s, mizo_day day)
{
    int32_t v[MIZO_DAY_SLOTS];
    if (!m->pricer || !same_area(m, r) || mizo_pricer_day(m->pricer) + 1 != day)
        return begin(m, r, s, day);
    MIZO_TRY(read_days(r, s, day - 1, 1, v));
    mizo_pricer_learn(m->pricer, v);
    return MIZO_OK;
}

static int slot_of(const mizo_region *r, const char *name, mizo_day day)
{
    const int64_t slot_e6 = (int64_t)SLOT_MINUTES * 1000000;
    const mizo_param *row = mizo_param_on(r, name, NULL, day + 1);
    if (!row || row->value_e6 < 0 || row->value_e6 > MIZO_DAY_SLOTS * slot_e6)
        return MIZO_DAY_SLOTS;
    return (int)((row->value_e6 + slot_e6 - 1) / slot_e6);
}

int market_known_from(const mizo_region *r, mizo_day day)
{
    return slot_of(r, "spot-known", day);
}

int market_closes_at(const mizo_region *r, mizo_day day)
{
    return slot_of(r, "spot-close", day);
}

/* A forecast is no closer than a tenth of a yen; half-hours that are as good as each other shall look so, or the plan
 * would be pulled to and fro for less than it can tell. */
static int32_t rounded(int32_t myen)
{
    int32_t away = myen % STEP;
    return myen - away + (2 * away >= STEP ? STEP : 2 * away < -STEP ? -STEP : 0);
}

mizo_err market_prices(market *m, const mizo_region *r, store *s, mizo_day day, int of_day,
                       const int32_t **myen)
{
    int32_t known[MARKET_SLOTS];
    bool published = of_day >= market_known_from(r, day);
    *myen = m->said;
    bool same = m->day == day && same_area(m, r);
    if (same && published == m->published)
        return MIZO_OK;
    if (!same)
        MIZO_TRY(tell(m, r, s, day));
    snprintf(m->area, sizeof m->area, "%s", r->market_area ? r->market_area : "");
    m->day = day;
    m->published = published;
    for (int i = 0; i < MARKET_SLOTS; i++)
        known[i] = MIZO_MISSING;
    MIZO_TRY(read_days(r, s, day, published ? 2 : 1, known));
    memcpy(m->said, known, sizeof m->said);
    if (m->pricer)
        mizo_pricer_say(m->pricer, known, MARKET_DAYS, m->said);
    for (int i = 0; i < MARKET_SLOTS; i++)
        if (known[i] == MIZO_MISSING && m->said[i] != MIZO_MISSING)
            m->said[i] = rounded(m->said[i]);
    for (int i = MIZO_DAY_SLOTS; i < MARKET_SLOTS; i++) /* nothing to learn from: as the day before */
        m->said[i] = m->said[i] == MIZO_MISSING ? m->said[i - MIZO_DAY_SLOTS] : m->said[i];
    return MIZO_OK;
}
