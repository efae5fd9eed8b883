/* carbon_slots.c: see carbon_slots.h. */
#include "town/proof/carbon_slots.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "town/books/settle.h"

typedef struct series {
    int32_t id;
    bool known;
} series;

struct carbon_reader {
    store *store;
    const mizo_region *region;
    mizo_ms as_of;
    settle_reader *readings;
    series average, marginal, price, mix[MIZO_MIX_COUNT];
    bool has_mix, has_year; /* of half-hours; rows of area-mix */
};

const char *carbon_by_word(carbon_by b)
{
    static const char *const words[] = { "", "series", "mix", "year", "price" };
    return words[b];
}

/* ---- which series ---- */

static mizo_err find(store *s, const char *owner, mizo_quantity q, uint8_t exponent, series *out)
{
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    key.exponent = exponent;
    mizo_err e = *owner ? s->ops->series_id(s, &key, false, &out->id) : MIZO_ENOENT;
    out->known = e == MIZO_OK;
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* "tepco-area" of "jepx-tokyo": whose generation makes the price area's average. */
static const char *area_of(const char *market)
{
    static const char *const rows[][2] = {
        {"jepx-hokkaido",  "hokkaido-area"},
        { "jepx-tohoku",   "tohoku-area"  },
        { "jepx-tokyo",    "tepco-area"   },
        { "jepx-chubu",    "chubu-area"   },
        { "jepx-hokuriku", "hokuriku-area"},
        { "jepx-kansai",   "kansai-area"  },
        { "jepx-chugoku",  "chugoku-area" },
        { "jepx-shikoku",  "shikoku-area" },
        { "jepx-kyushu",   "kyushu-area"  },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i][0], market) == 0)
            return rows[i][1];
    return "";
}

/* The operator's series count kWh. */
static mizo_err find_mix(carbon_reader *k)
{
    const char *area = area_of(k->region->market_area);
    for (int i = 0; i < MIZO_MIX_COUNT && *area; i++) {
        char owner[MIZO_ID_MAX];
        snprintf(owner, sizeof owner, "%s-%s", area, mizo_mix_word((mizo_mix_kind)i));
        MIZO_TRY(find(k->store, owner, i < MIZO_MIX_PUMPED ? MIZO_Q_GENERATION : MIZO_Q_NET, 3, &k->mix[i]));
        k->has_mix = k->has_mix || k->mix[i].known;
    }
    return MIZO_OK;
}

mizo_err carbon_reader_new(store *s, const mizo_region *r, mizo_ms as_of, carbon_reader **out)
{
    carbon_reader *k = calloc(1, sizeof *k);
    *out = NULL;
    if (!k)
        return MIZO_ENOMEM;
    *k = (carbon_reader){ .store = s, .region = r, .as_of = as_of };
    for (size_t i = 0; i < r->nparam; i++)
        k->has_year = k->has_year || strcmp(r->param[i].name, "area-mix") == 0;
    mizo_err e = find(s, "grid-average", MIZO_Q_INTENSITY, 0, &k->average);
    if (!e)
        e = find(s, "grid-marginal", MIZO_Q_INTENSITY, 0, &k->marginal);
    if (!e)
        e = find(s, r->market_area, MIZO_Q_PRICE, 0, &k->price);
    if (!e)
        e = find_mix(k);
    if (!e)
        e = settle_reader_new(s, r, &k->readings);
    if (!e)
        settle_reader_as_of(k->readings, as_of);
    if (e)
        carbon_reader_free(k);
    else
        *out = k;
    return e;
}

void carbon_reader_free(carbon_reader *k)
{
    if (k)
        settle_reader_free(k->readings);
    free(k);
}

bool carbon_reader_knows(const carbon_reader *k)
{
    return k->average.known || k->has_mix || k->has_year || k->marginal.known ||
           (k->price.known && k->region->nmarginal);
}

/* ---- a day ---- */

static mizo_err read(const carbon_reader *k, const series *x, mizo_day day, int32_t v[MIZO_DAY_SLOTS])
{
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        v[i] = MIZO_MISSING;
    return x->known ? store_read_day(k->store, x->id, day, k->as_of, v, NULL) : MIZO_OK;
}

/* By a series of intensities. */
static mizo_err by_series(const carbon_reader *k, const series *x, mizo_day day, carbon_side *out)
{
    int32_t g[MIZO_DAY_SLOTS];
    MIZO_TRY(read(k, x, day, g));
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        out->g_e6[s] = g[s] == MIZO_MISSING || g[s] < 0 ? -1 : (int64_t)g[s] * 1000000;
    out->by = CARBON_BY_SERIES;
    return MIZO_OK;
}

static mizo_err by_mix(const carbon_reader *k, mizo_day day, carbon_side *out)
{
    int32_t kwh[MIZO_MIX_COUNT][MIZO_DAY_SLOTS];
    int64_t factor[MIZO_MIX_COUNT];
    mizo_mix_factors(k->region, day, factor);
    for (int i = 0; i < MIZO_MIX_COUNT; i++)
        MIZO_TRY(read(k, &k->mix[i], day, kwh[i]));
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        int32_t now[MIZO_MIX_COUNT];
        for (int i = 0; i < MIZO_MIX_COUNT; i++)
            now[i] = kwh[i][s];
        if (mizo_mix_average(now, factor, &out->g_e6[s]))
            out->g_e6[s] = -1;
    }
    out->by = CARBON_BY_MIX;
    return MIZO_OK;
}

/* The mix of the year: the same in each half-hour. */
static void by_year(const carbon_reader *k, mizo_day day, carbon_side *out)
{
    int32_t weight[MIZO_MIX_COUNT];
    int64_t factor[MIZO_MIX_COUNT], g;
    mizo_mix_factors(k->region, day, factor);
    if (!mizo_mix_year(k->region, day, weight) || mizo_mix_average(weight, factor, &g))
        return;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        out->g_e6[s] = g;
    out->by = CARBON_BY_YEAR;
}

static mizo_err by_price(const carbon_reader *k, mizo_day day, carbon_side *out)
{
    int32_t price[MIZO_DAY_SLOTS];
    MIZO_TRY(read(k, &k->price, day, price));
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        const mizo_marginal *m = price[s] == MIZO_MISSING ? NULL : mizo_marginal_at(k->region, price[s], day);
        out->g_e6[s] = m ? m->g_e6 : -1;
    }
    out->by = CARBON_BY_PRICE;
    return MIZO_OK;
}

/* CO2 of each half-hour; a method that found nothing for the whole day is none. */
static mizo_err weigh(const mizo_wh *import, carbon_side *x)
{
    bool any = false;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        any = any || x->g_e6[s] >= 0;
    x->by = any ? x->by : CARBON_BY_NONE;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        if (x->g_e6[s] >= 0)
            MIZO_TRY(mizo_carbon_mg(import[s], x->g_e6[s], &x->mg[s]));
    return MIZO_OK;
}

static void unknown(carbon_side *x)
{
    *x = (carbon_side){ .by = CARBON_BY_NONE };
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        x->g_e6[s] = -1;
}

mizo_err carbon_read(carbon_reader *k, mizo_day day, carbon_day *out)
{
    const settle_day *in;
    *out = (carbon_day){ .day = day };
    unknown(&out->average);
    unknown(&out->marginal);
    MIZO_TRY(settle_read(k->readings, day, &in));
    for (size_t i = 0; i < k->region->npoint; i++)
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            out->import[s] += in->import[i][s] == MIZO_MISSING || in->import[i][s] < 0 ? 0 : in->import[i][s];
    if (k->average.known)
        MIZO_TRY(by_series(k, &k->average, day, &out->average));
    else if (k->has_mix)
        MIZO_TRY(by_mix(k, day, &out->average));
    else
        by_year(k, day, &out->average);
    if (k->marginal.known)
        MIZO_TRY(by_series(k, &k->marginal, day, &out->marginal));
    else if (k->price.known && k->region->nmarginal)
        MIZO_TRY(by_price(k, day, &out->marginal));
    MIZO_TRY(weigh(out->import, &out->average));
    return weigh(out->import, &out->marginal);
}

/* ---- as JSON ---- */

static void put_side(const carbon_side *x, const char *key, json *j)
{
    json_object(j, key);
    json_text(j, "method", carbon_by_word(x->by));
    json_array(j, "g_per_kwh");
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        char text[MIZO_NUM_TEXT];
        mizo_decimal_text(x->g_e6[s], 6, text);
        json_text(j, NULL, x->g_e6[s] < 0 ? NULL : text);
    }
    json_end(j);
    json_array(j, "kg");
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        if (x->g_e6[s] < 0)
            json_null(j, NULL);
        else
            json_kg(j, NULL, x->mg[s]);
    json_end(j);
    json_end(j);
}

void carbon_day_json(const carbon_day *d, json *j)
{
    json_day(j, "day", d->day);
    json_array(j, "import_wh");
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        json_int(j, NULL, d->import[s]);
    json_end(j);
    put_side(&d->average, "average", j);
    put_side(&d->marginal, "marginal", j);
}
