/* The weather as forecasters are told it, turned at midnights; and that they forecast better for it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import_town.h"
#include "town/foresee/inputs.h"
#include "town/foresee/weather_days.h"

enum { SLOTS = 48, FIRST_DAYS = 20 };

static mizo_day day_of(const char *s)
{
    mizo_date d;
    assert_int_equal(mizo_date_parse(s, strlen(s), &d), MIZO_OK);
    return mizo_date_day(d);
}

static void put_text(import_town *it, const buf *b)
{
    import_result r;
    assert_int_equal(b->err, MIZO_OK);
    assert_int_equal(import_bytes(it, "w.csv", b->p, b->n, NULL, &r), MIZO_OK);
    assert_int_equal(r.bad, 0);
}

/* Air of one value a day from `day` on, `n` days of hours; issued_day MIZO_DAY_NONE: measured. */
static void put_days(import_town *it, mizo_day day, int n, const double *air, mizo_day issued_day)
{
    buf b;
    buf_init(&b, 0);
    bool said = issued_day != MIZO_DAY_NONE;
    buf_printf(&b, "%sstart,step,temperature_c,irradiance_wm2\n", said ? "issued," : "");
    for (int h = 0; h < 24 * n; h++) {
        char at[MIZO_INSTANT_TEXT], issued[MIZO_INSTANT_TEXT] = "";
        mizo_ms midnight = mizo_slot_ms(mizo_day_slot(day, MIZO_JAPAN_OFFSET));
        mizo_ms_text(midnight + h * (mizo_ms)3600000, MIZO_JAPAN_OFFSET, at);
        if (said)
            mizo_ms_text(mizo_slot_ms(mizo_day_slot(issued_day, MIZO_JAPAN_OFFSET)) + 18 * (mizo_ms)3600000,
                         MIZO_JAPAN_OFFSET, issued);
        buf_printf(&b, "%s%s%s,60,%.2f,%d\n", issued, said ? "," : "", at, air[h / 24],
                   h % 24 > 8 && h % 24 < 16 ? 300 : 0);
    }
    put_text(it, &b);
    buf_fini(&b);
}

static void nothing_said(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    double air[5] = { 5, 6, 7, 8, 9 };
    mizo_day day = day_of("2024-02-10");
    weather_days *w;
    put_days(&it, day - 5, 5, air, MIZO_DAY_NONE);
    assert_int_equal(weather_days_new(it.t.region, it.t.store, true, day, 0, &w), MIZO_OK);
    assert_false(weather_days_any(w)); /* measured weather alone says nothing of tomorrow */
    assert_null(weather_days_ahead(w));
    foresee_weather room;
    assert_null(weather_days_past(w, day - 1, &room));
    weather_days_free(w);
    assert_false(weather_days_any(NULL));
    assert_null(weather_days_ahead(NULL));
    assert_null(weather_days_past(NULL, day, &room));
    import_town_close(&it);
}

static void same_days(const weather_days *a, const weather_days *b, mizo_day day)
{
    const foresee_weather *x = weather_days_ahead(a), *y = weather_days_ahead(b);
    assert_true(x && y);
    assert_memory_equal(x->air_cc, y->air_cc, WEATHER_SLOTS * sizeof *x->air_cc);
    assert_memory_equal(x->ghi_wm2, y->ghi_wm2, WEATHER_SLOTS * sizeof *x->ghi_wm2);
    assert_memory_equal(x->past_ghi_wm2, y->past_ghi_wm2, FORESEE_SUN * SLOTS * sizeof *x->past_ghi_wm2);
    for (mizo_day d = day - WEATHER_PAST; d < day; d++) {
        foresee_weather p, q;
        assert_true(weather_days_past(a, d, &p) && weather_days_past(b, d, &q));
        assert_memory_equal(p.air_cc, q.air_cc, SLOTS * sizeof *p.air_cc);
        assert_memory_equal(p.ghi_wm2, q.ghi_wm2, SLOTS * sizeof *p.ghi_wm2);
    }
}

/* Of a past day what had been said of it, of one of which nothing had been said what was measured. Turned day
 * by day it is what it is when it is made anew. */
static void turning(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    mizo_day day = day_of("2024-02-10");
    double met[FIRST_DAYS + 10], said[3];
    for (int i = 0; i < FIRST_DAYS + 10; i++)
        met[i] = i;
    put_days(&it, day - FIRST_DAYS, FIRST_DAYS + 10, met, MIZO_DAY_NONE);
    for (int d = -3; d < 8; d++) { /* each evening three days are said, all of one value */
        said[0] = said[1] = said[2] = 40 + d;
        put_days(&it, day + d, 3, said, day + d - 1);
    }
    weather_days *w, *anew, *copy;
    assert_int_equal(weather_days_new(it.t.region, it.t.store, true, day, 0, &w), MIZO_OK);
    assert_true(weather_days_any(w));
    foresee_weather room;
    assert_int_equal(weather_days_past(w, day - 1, &room)->air_cc[20], 3900);
    assert_int_equal(weather_days_past(w, day - 5, &room)->air_cc[20], 1500);
    assert_int_equal(weather_days_ahead(w)->air_cc[20], 4000);
    assert_int_equal(weather_days_ahead(w)->ghi_wm2[4 * SLOTS + 24], MIZO_MISSING); /* only the season */
    assert_int_equal(weather_days_ahead(w)->past_ghi_wm2[(FORESEE_SUN - 5) * SLOTS + 24], MIZO_MISSING);
    const int32_t *noon = weather_days_ahead(w)->past_ghi_wm2 + (FORESEE_SUN - 1) * SLOTS + 24;
    assert_int_equal(noon[0] + noon[1], 600);
    for (int d = 1; d <= 4; d++) {
        assert_int_equal(weather_days_next(w, &copy), MIZO_OK);
        assert_int_equal(weather_days_turn(w, day + d), MIZO_OK);
        assert_int_equal(weather_days_new(it.t.region, it.t.store, true, day + d, 0, &anew), MIZO_OK);
        same_days(w, anew, day + d);
        same_days(copy, anew, day + d);
        weather_days_free(anew);
        weather_days_free(copy);
    }
    weather_days_free(w);
    import_town_close(&it);
}

static void inputs(void **state)
{
    (void)state;
    int32_t before[SLOTS], air[2 * SLOTS], ghi[2 * SLOTS];
    static double in[2 * SLOTS * FORESEE_INPUTS];
    for (int i = 0; i < SLOTS; i++)
        before[i] = 800;
    for (int i = 0; i < 2 * SLOTS; i++) {
        air[i] = 2800;
        ghi[i] = i;
    }
    air[SLOTS] = MIZO_MISSING;
    foresee_weather w = { .air_cc = air, .ghi_wm2 = ghi };
    foresee_inputs(before, &w, 2, in);
    assert_true(in[0] == 1 && in[1] == 1);  /* 28 C */
    assert_true(in[4] == -1 && in[5] == 1); /* 8 C a day ago */
    assert_true(fabs(in[2] - (-47.0 + 1) / 48) < 1e-12);
    const double *last = in + 2 * SLOTS * FORESEE_INPUTS - FORESEE_INPUTS,
                 *hole = in + SLOTS * FORESEE_INPUTS;
    assert_true(fabs(last[2] - 1) < 1e-12 && last[4] == 1 && last[6] == 0.095);
    assert_true(isnan(hole[0]) && isnan(hole[1]) && fabs(hole[2] - 1) < 1e-12 && hole[4] == 1);
    w.ghi_wm2 = NULL;
    for (int i = 0; i < SLOTS; i++)
        before[i] = MIZO_MISSING;
    foresee_inputs(before, &w, 1, in);
    assert_true(isnan(in[2]) && isnan(in[4]) && isnan(in[6]));
}

/* ---- a house that is heated ---- */

enum { LIFE = 150 + 60 };

typedef struct house {
    double air[LIFE + 3];
    int32_t wh[LIFE * SLOTS];
} house;

static void build(house *h)
{
    uint64_t seed = 42;
    double x = 0;
    for (int d = 0; d < LIFE + 3; d++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        x = 0.6 * x + ((double)(seed >> 33) / 2147483648.0 - 0.5) * 12; /* days that are hard to guess */
        h->air[d] = 6 + x;
    }
    for (int i = 0; i < LIFE * SLOTS; i++) {
        int s = i % SLOTS;
        double cold = fmax(0, 18 - h->air[i / SLOTS]);
        h->wh[i] = (int32_t)(2000 + 1500 * (s > 16 && s < 40) + 120 * cold);
    }
}

/* Mean of what the next day's forecasts missed, over the last 60 days. */
static double missed(import_town *it, const house *h, mizo_day first, bool looks)
{
    static foresee_out out;
    double sum = 0;
    int n = 0;
    weather_days *w = NULL;
    foresee *f = foresee_new(it->t.region, 0);
    assert_non_null(f);
    if (looks) {
        assert_int_equal(weather_days_new(it->t.region, it->t.store, true, first + 150, 0, &w), MIZO_OK);
        assert_int_equal(foresee_use(f, w), MIZO_OK);
    }
    assert_int_equal(foresee_tell(f, first, 150, h->wh, NULL), MIZO_OK);
    for (int d = 150; d < LIFE; d++) {
        foresee_weather room;
        foresee_say(f, first + d, 1, weather_days_ahead(w), &out);
        for (int s = 0; s < SLOTS; s++, n++)
            sum += abs(out.demand.mean[s] - h->wh[d * SLOTS + s]);
        if (looks)
            assert_int_equal(weather_days_turn(w, first + d + 1), MIZO_OK);
        foresee_learn(f, first + d, h->wh + d * SLOTS, NULL, weather_days_past(w, first + d, &room));
    }
    foresee_free(f);
    weather_days_free(w);
    return sum / n;
}

static void forecasts_better(void **state)
{
    (void)state;
    import_town it;
    import_town_open(&it);
    house *h = malloc(sizeof *h);
    assert_non_null(h);
    build(h);
    mizo_day first = day_of("2023-09-01");
    buf b;
    buf_init(&b, 0);
    buf_str(&b, "issued,start,step,temperature_c\n");
    for (int d = 0; d < LIFE; d++)
        for (int k = 0; k < 48; k++) {
            char at[MIZO_INSTANT_TEXT], issued[MIZO_INSTANT_TEXT];
            mizo_ms midnight = mizo_slot_ms(mizo_day_slot(first + d, MIZO_JAPAN_OFFSET));
            mizo_ms_text(midnight + k * (mizo_ms)3600000, MIZO_JAPAN_OFFSET, at);
            mizo_ms_text(midnight - 6 * (mizo_ms)3600000, MIZO_JAPAN_OFFSET, issued);
            buf_printf(&b, "%s,%s,60,%.2f\n", issued, at, h->air[d + k / 24]);
        }
    put_text(&it, &b);
    buf_fini(&b);
    double without = missed(&it, h, first, false), with = missed(&it, h, first, true);
    print_message("# missed without weather %.1f Wh, with its forecast %.1f Wh\n", without, with);
    assert_true(with < 0.6 * without);
    free(h);
    import_town_close(&it);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_said),
        cmocka_unit_test(turning),
        cmocka_unit_test(inputs),
        cmocka_unit_test(forecasts_better),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
