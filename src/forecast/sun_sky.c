/* sun_sky.c: PV from the sun's course and the sky of the last days.
 *
 * What the panel would give under a clear sky is computed; what it gave, divided by that, is the
 * sky over this very site with its shadows. Tomorrow's sky lies between the usual of the last
 * three weeks and yesterday's. A site whose panel is unknown takes the highest of the last weeks,
 * slot by slot, as its clear sky. */
#include <math.h>

#include "forecast/forecast_inner.h"

enum { BACK = 21 };

typedef struct skies {
    int n;              /* days with some sun in them */
    double whole[BACK]; /* the day's index: energy over clear energy */
    double weight[BACK];
    float slot[BACK][MIZO_DAY_SLOTS]; /* index of the slot, NAN unknown or dark */
} skies;

static double clear_wh(const mizo_forecast_about *about, const mizo_history *h, mizo_day day, mizo_day issued,
                       int s, double air_c)
{
    if (about && about->panel.dc_w > 0) {
        mizo_slot at = mizo_day_slot(day, about->offset) + s;
        return mizo_pv_slot_w(&about->panel, at, about->lat, about->lon, 1, air_c) / 2;
    }
    double most = 0;
    for (int age = 1; age <= BACK; age++) {
        int32_t v = forecast_at(h, issued - age, s);
        if (v != MIZO_MISSING && v > most)
            most = v;
    }
    return most;
}

/* A slot counts when the sun is well up: a tenth of the day's best. */
static void day_sky(const mizo_history *h, mizo_day day, const double clear[MIZO_DAY_SLOTS], int age,
                    skies *k)
{
    double best = 0, energy = 0, clear_energy = 0;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        best = fmax(best, clear[s]);
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        int32_t v = forecast_at(h, day, s);
        k->slot[k->n][s] = NAN;
        if (v == MIZO_MISSING || !(clear[s] > 0.1 * best))
            continue;
        k->slot[k->n][s] = (float)fmin(1.6, v / clear[s]);
        energy += v;
        clear_energy += clear[s];
    }
    if (!(clear_energy > 0))
        return;
    k->whole[k->n] = fmin(1.6, energy / clear_energy);
    k->weight[k->n] = exp2(-age / 10.0);
    k->n++;
}

static void past(const mizo_history *h, const mizo_forecast_about *about, mizo_day issued, skies *k)
{
    k->n = 0;
    for (int age = 1; age <= BACK; age++) {
        double clear[MIZO_DAY_SLOTS];
        bool any = false;
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            any |= forecast_at(h, issued - age, s) != MIZO_MISSING;
        if (!any)
            continue;
        for (int s = 0; s < MIZO_DAY_SLOTS; s++)
            clear[s] = clear_wh(about, h, issued - age, issued, s, 20);
        day_sky(h, issued - age, clear, age, k);
    }
}

/* Tomorrow's index of the whole day: the usual sky, leaning to the latest day. */
static double next_sky(const skies *k, int ahead)
{
    double sum = 0, weight = 0;
    for (int i = 0; i < k->n; i++) {
        sum += k->whole[i] * k->weight[i];
        weight += k->weight[i];
    }
    double usual = sum / weight, lean = ahead ? 0.1 : 0.3;
    return usual + lean * (k->whole[0] - usual);
}

static double usual_sky(const skies *k)
{
    double sum = 0, weight = 0;
    for (int i = 0; i < k->n; i++) {
        sum += k->whole[i] * k->weight[i];
        weight += k->weight[i];
    }
    return fmax(0.02, sum / weight);
}

/* The slot's index on past days, with its neighbours for breadth. */
static int slot_skies(const skies *k, int slot, weighted *x)
{
    int n = 0;
    for (int i = 0; i < k->n; i++)
        for (int s = slot > 0 ? slot - 1 : 0; s <= slot + 1 && s < MIZO_DAY_SLOTS && n < FORECAST_SET; s++)
            if (!isnan(k->slot[i][s]))
                x[n++] = (weighted){ k->slot[i][s], k->weight[i] * (s == slot ? 2 : 1) };
    return n;
}

static void one_slot(const skies *k, int slot, double clear, double lift, mizo_forecast *out, int i)
{
    weighted x[FORECAST_SET];
    int n = slot_skies(k, slot, x);
    double usual = usual_sky(k), low = 0.25, high = 1.1;
    if (n) {
        double sum = 0, weight = 0;
        for (int j = 0; j < n; j++) {
            sum += x[j].v * x[j].w;
            weight += x[j].w;
        }
        usual = sum / weight;
        forecast_sort(x, n);
        low = forecast_quantile(x, n, 0.08);
        high = forecast_quantile(x, n, 0.93);
    }
    forecast_put(out, i, clear * usual * lift, clear * low, clear * high, false);
}

static mizo_err run(const mizo_history *h, const mizo_forecast_about *about, mizo_day day, mizo_forecast *out)
{
    skies k;
    past(h, about, day, &k);
    if (!k.n)
        return forecast_nothing(out);
    for (int i = 0; i < out->n; i++) {
        int slot = i % MIZO_DAY_SLOTS;
        mizo_day target = day + i / MIZO_DAY_SLOTS;
        bool warm = about && about->air_cc && about->air_cc[i] != MIZO_MISSING;
        double clear = clear_wh(about, h, target, day, slot, warm ? about->air_cc[i] / 100.0 : 20);
        double lift = next_sky(&k, i / MIZO_DAY_SLOTS) / usual_sky(&k);
        one_slot(&k, slot, clear, lift, out, i);
    }
    return MIZO_OK;
}

const mizo_forecaster mizo_forecaster_sun_sky = {
    .name = "sun-sky",
    .title_en = "the sun's course under the sky of the last days",
    .title_ja = "太陽の位置と直近の空模様",
    .serves = MIZO_Q_GENERATION,
    .run = run,
};
