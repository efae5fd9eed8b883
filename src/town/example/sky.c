/* sky.c: the year's sun, sky, temperature, market and plants, by seeded formulas.
 * One sky for the town; docs/example-town.md has the formulas in words. */
#include <math.h>

#include "town/example/parts.h"

static const double two_pi = 6.283185307179586;

/* Days of the year from 1 January = 0. Together they send the town about 120 GWh. */
const ex_plant ex_plants[EX_PLANTS] = {
    {"ukishima",
     "浮島処理センター",    "Ukishima waste-to-energy plant",
     7500000, 45000000000LL,
     { { 40, 54 }, { 283, 290 } },
     { { 54, 72 }, { 270, 283 } }  },
    { "ozenji",
     "王禅寺処理センター", "Ozenji waste-to-energy plant",
     5000000, 30000000000LL,
     { { 130, 140 }, { 322, 327 } },
     { { 140, 158 }, { 310, 322 } }},
    { "tachibana",
     "橘処理センター",       "Tachibana waste-to-energy plant",
     7500000, 45000000000LL,
     { { 88, 100 }, { 250, 255 } },
     { { 76, 88 }, { 240, 250 } }  },
};

double ex_chance(const ex_town *t, enum ex_stream stream, uint64_t a, uint64_t b)
{
    return mizo_unit(t->seed + ((uint64_t)stream << 32), a, b);
}

double ex_bell(const ex_town *t, enum ex_stream stream, uint64_t a, uint64_t b)
{
    double sum = 0;
    for (uint64_t k = 0; k < 4; k++)
        sum += ex_chance(t, stream, a * 4 + k, b);
    return (sum - 2) * 1.7320508;
}

static void suns(ex_town *t)
{
    mizo_slot first = mizo_day_slot(t->first, MIZO_JAPAN_OFFSET);
    for (int i = 0; i < EX_SLOTS; i++)
        t->sun[i] = mizo_sun_at(mizo_slot_ms(first + i) + MIZO_SLOT_MS / 2, EX_LAT, EX_LON);
}

/* Clear days of winter, rains of June and September: a slow latent number picks the day's sky and
 * a quick one moves it from slot to slot, most where the sky is broken. */
static void skies(ex_town *t)
{
    static const float month_mean[12] = { 0.86F, 0.80F, 0.74F, 0.76F, 0.70F, 0.58F,
                                          0.62F, 0.70F, 0.60F, 0.68F, 0.76F, 0.84F };
    double slow = 0, quick = 0;
    for (int d = 0; d < EX_DAYS; d++) {
        slow = 0.45 * slow + 0.89 * ex_bell(t, EX_R_SKY, (uint64_t)d, 0);
        double mean = month_mean[mizo_day_date(t->first + d).month - 1] + 0.27 * slow;
        mean = fmax(0.10, fmin(1.0, mean));
        double broken = 4 * mean * (1.05 - mean);
        for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
            int i = d * MIZO_DAY_SLOTS + s;
            quick = 0.8 * quick + 0.6 * ex_bell(t, EX_R_SKY, (uint64_t)i, 1);
            t->sky[i] = (float)fmax(0.05, fmin(1.08, mean + 0.13 * broken * quick));
        }
    }
}

static void temperatures(ex_town *t)
{
    double drift = 0;
    for (int d = 0; d < EX_DAYS; d++) {
        drift = 0.7 * drift + 1.6 * ex_bell(t, EX_R_AIR, (uint64_t)d, 0);
        double mean = 16.4 + 10.6 * cos(two_pi * (d - 213) / 365.0) + drift;
        double swing = 2.2 + 2.2 * t->sky[d * MIZO_DAY_SLOTS + 24];
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            t->air_c[d * MIZO_DAY_SLOTS + s] = (float)(mean + swing * cos(two_pi * (s - 28.5) / 48.0));
    }
}

/* Share of the day's mean price: morning and evening peaks, a noon that sinks with the sun. */
static double price_shape(double s, double sun)
{
    double morning = 0.25 * exp(-pow((s - 17) / 4.0, 2));
    double evening = 0.65 * exp(-pow((s - 37) / 4.5, 2));
    double night = -0.15 * (0.5 + 0.5 * cos(two_pi * (s - 6) / 48.0));
    return 1 + morning + evening + night - 0.45 * sun;
}

/* Dear in January and from October, as 2021 was, but the real January was far dearer. */
static void prices(ex_town *t)
{
    static const float month_yen[12] = { 22, 8, 6.5F, 6.8F, 7, 7.2F, 8, 8.5F, 8.2F, 12, 15, 16 };
    double drift = 0;
    for (int d = 0; d < EX_DAYS; d++) {
        mizo_daytype type = mizo_day_type(t->first + d);
        drift = 0.75 * drift + 0.13 * ex_bell(t, EX_R_PRICE, (uint64_t)d, 0);
        double level = month_yen[mizo_day_date(t->first + d).month - 1] * exp(drift) *
                       (type == MIZO_WEEKDAY    ? 1.05
                        : type == MIZO_SATURDAY ? 0.9
                                                : 0.82);
        for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
            int i = d * MIZO_DAY_SLOTS + s;
            double sun = mizo_clear_ghi(t->sun[i].zenith) / 1000 * t->sky[i];
            double yen = level * price_shape(s, sun) * exp(0.05 * ex_bell(t, EX_R_PRICE, (uint64_t)i, 1));
            t->price[i] = (int32_t)(fmax(0.01, yen) * 100 + 0.5) * 10; /* the market counts 0.01 yen */
        }
    }
}

static bool within(const int span[2][2], int day)
{
    return (day >= span[0][0] && day < span[0][1]) || (day >= span[1][0] && day < span[1][1]);
}

/* Sent out after own use: two furnaces and a turbine, maintenance twice a year, now and then a trip. */
static void plant_year(ex_town *t, int k)
{
    const ex_plant *p = &ex_plants[k];
    double sum = 0, slow = 0;
    float *rough = t->air_c + EX_SLOTS; /* the second half of air_c is scratch */
    for (int i = 0; i < EX_SLOTS; i++) {
        int d = i / MIZO_DAY_SLOTS;
        uint64_t key = (uint64_t)k << 20 | (uint64_t)i;
        slow = 0.995 * slow + 0.1 * ex_bell(t, EX_R_PLANT, key, 0);
        bool trip = ex_chance(t, EX_R_PLANT, (uint64_t)k << 20 | (uint64_t)(i / 16), 1) < 0.004;
        double on = trip || within(p->stop, d) ? 0 : within(p->half, d) ? 0.48 : 1;
        double own = 0.06 * cos(two_pi * (i % MIZO_DAY_SLOTS - 26) / 48.0); /* the plant's own day */
        rough[i] = (float)(on * fmax(0.5, 1 - own + 0.05 * slow));
        sum += rough[i];
    }
    for (int i = 0; i < EX_SLOTS; i++)
        t->plant[k][i] = (int32_t)fmin(p->capacity_w / 2, rough[i] * ((double)p->year_wh / sum) + 0.5);
}

mizo_err ex_weather(ex_town *t)
{
    t->sun = arena_take(t->mem, EX_SLOTS * sizeof *t->sun);
    t->air_c = arena_take(t->mem, 2 * EX_SLOTS * sizeof *t->air_c);
    t->sky = arena_take(t->mem, EX_SLOTS * sizeof *t->sky);
    t->price = arena_take(t->mem, EX_SLOTS * sizeof *t->price);
    for (int k = 0; k < EX_PLANTS; k++)
        t->plant[k] = arena_take(t->mem, EX_SLOTS * sizeof *t->plant[k]);
    if (!t->sun || !t->air_c || !t->sky || !t->price || !t->plant[0] || !t->plant[1] || !t->plant[2])
        return MIZO_ENOMEM;
    suns(t);
    skies(t);
    temperatures(t);
    prices(t);
    for (int k = 0; k < EX_PLANTS; k++)
        plant_year(t, k);
    return MIZO_OK;
}
