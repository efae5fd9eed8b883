/* plants.c: from the files to half-hours. */
#include "plants.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../weather/table_file.h"

static plant *start(plant *p, const char *group, int number, double lat, double lon, int offset,
                    double seconds)
{
    snprintf(p->name, sizeof p->name, number ? "%s-%d" : "%s", group, number);
    snprintf(p->group, sizeof p->group, "%s", group);
    p->lat = lat;
    p->lon = lon;
    p->offset = offset;
    p->days = 0;
    p->first = mizo_slot_day(mizo_ms_slot((mizo_ms)(seconds * 1000)), offset);
    p->has_ghi = false;
    for (int i = 0; i < PLANT_DAYS * MIZO_DAY_SLOTS; i++)
        p->wh[i] = p->ghi[i] = p->load[i] = MIZO_MISSING;
    return p;
}

/* The place of an instant in the plant's arrays; NULL: outside. */
static int32_t *cell(plant *p, int32_t *v, double seconds)
{
    mizo_slot s = mizo_ms_slot((mizo_ms)(seconds * 1000));
    int64_t i = s - mizo_day_slot(p->first, p->offset);
    if (!isfinite(seconds) || i < 0 || i >= PLANT_DAYS * MIZO_DAY_SLOTS)
        return NULL;
    if (i / MIZO_DAY_SLOTS >= p->days)
        p->days = (int)(i / MIZO_DAY_SLOTS) + 1;
    return &v[i];
}

static void put(plant *p, int32_t *v, double seconds, double x)
{
    int32_t *at = cell(p, v, seconds);
    if (at && isfinite(x))
        *at = (int32_t)lround(fmax(0, x));
}

static void add(plant *p, int32_t *v, double seconds, double x)
{
    int32_t *at = cell(p, v, seconds);
    if (at && isfinite(x))
        *at = (*at == MIZO_MISSING ? 0 : *at) + (int32_t)lround(fmax(0, x));
}

static double height(const plant *p, double seconds)
{
    return mizo_clear_ghi(mizo_sun_at((mizo_ms)(seconds * 1000), p->lat, p->lon).zenith);
}

/* An hour's value as two half-hours in the shares of a clear sky. mean: each gets a mean, not an energy. */
static void put_hour(plant *p, int32_t *v, double seconds, double x, bool mean)
{
    double a = height(p, seconds + 900), b = height(p, seconds + 2700), part = a + b > 0 ? a / (a + b) : 0.5;
    put(p, v, seconds, (mean ? 2 : 1) * x * part);
    put(p, v, seconds + 1800, (mean ? 2 : 1) * x * (1 - part));
}

static int ausgrid(const char *dir, plant *p)
{
    table_file t;
    if (!table_read(&t, dir, "ausgrid_c12/load_pv_30min_2011_07_2012_06.csv.zst"))
        return 0;
    start(p, "ausgrid", 0, -33.87, 151.2, 20, table_at(&t, 0, 0) - 10 * 3600);
    for (size_t i = 0; i < t.rows; i++) {
        double at = table_at(&t, i, 0) - 10 * 3600;
        put(p, p->load, at, 500 * table_at(&t, i, 1));
        put(p, p->wh, at, 500 / 1.04 * 4 * table_at(&t, i, 2));
    }
    table_free(&t);
    return 1;
}

static int pod(const char *dir, plant *p)
{
    table_file t, w;
    if (!table_read(&t, dir, "pod_battery/demand_pv_30min_to_2019_12_17.csv.zst"))
        return 0;
    start(p, "pod", 0, 50.33, -4.0, 0, table_at(&t, 0, 0));
    for (size_t i = 0; i < t.rows; i++) {
        put(p, p->load, table_at(&t, i, 0), 500000 * table_at(&t, i, 1));
        put(p, p->wh, table_at(&t, i, 0), 500000 * table_at(&t, i, 3));
    }
    table_free(&t);
    p->has_ghi = table_read(&w, dir, "pod_battery/weather_hourly_to_2019_12_17.csv.zst");
    for (size_t i = 0; p->has_ghi && i + 1 < w.rows; i++) {
        double a = 0, b = 0;
        for (size_t c = 1; c <= 6; c++) {
            a += table_at(&w, i, c) / 6;
            b += table_at(&w, i + 1, c) / 6;
        }
        put(p, p->ghi, table_at(&w, i, 0), 0.75 * a + 0.25 * b); /* values of the full hour */
        put(p, p->ghi, table_at(&w, i, 0) + 1800, 0.25 * a + 0.75 * b);
    }
    if (p->has_ghi)
        table_free(&w);
    return 1;
}

static int serf(const char *dir, plant *p)
{
    table_file t;
    if (!table_read(&t, dir, "pv_reference/serf_east_15min_2016.csv.zst"))
        return 0;
    start(p, "serf", 0, 39.742, -105.1727, -14, table_at(&t, 0, 0) - 900);
    for (size_t i = 0; i < t.rows; i++) {
        double at = table_at(&t, i, 0) - 900;
        add(p, p->wh, at, table_at(&t, i, 1) / 4);
        add(p, p->ghi, at, table_at(&t, i, 2) / 2);
    }
    p->has_ghi = true;
    table_free(&t);
    return 1;
}

static int ieee(const char *dir, plant *p)
{
    table_file t;
    int n = 0;
    if (!table_read(&t, dir, "ieee_po/series_15min.csv.zst"))
        return 0;
    for (size_t k = 0; k < 6; k++) {
        size_t i = 0;
        while (i < t.rows && !(table_at(&t, i, 7 + k) > 0))
            i++;
        if (i == t.rows)
            continue;
        plant *one = start(&p[n++], "ieee", (int)k + 1, -37.91, 145.13, 20, table_at(&t, i, 0));
        for (; i < t.rows; i++)
            add(one, one->wh, table_at(&t, i, 0), 250 * table_at(&t, i, 7 + k));
    }
    table_free(&t);
    return n;
}

static int city(const char *dir, plant *p)
{
    static const double kw[10] = { 4, 4, 4, 5, 4, 4, 4, 4, 4, 5 };
    table_file t;
    if (!table_read(&t, dir, "citylearn_2022/buildings_1_10.csv.zst"))
        return 0;
    mizo_day first = mizo_date_day((mizo_date){ 2016, 7, 31 });
    double from = (double)mizo_slot_ms(mizo_day_slot(first, -16)) / 1000 + 23 * 3600;
    for (size_t k = 0; k < 10; k++) {
        plant *one = start(&p[k], "city", (int)k + 1, 34.09, -117.44, -16, from);
        for (size_t i = 0; i < t.rows; i++) {
            double at = from + 3600.0 * (double)i, load = 1000 * table_at(&t, i, 1 + k);
            put_hour(one, one->wh, at, kw[k] * table_at(&t, i, 11 + k), false);
            put(one, one->load, at, load / 2);
            put(one, one->load, at + 1800, load / 2);
        }
    }
    table_free(&t);
    return 10;
}

static int gefcom(const char *dir, plant *p)
{
    table_file t, w;
    if (!table_read(&t, dir, "gefcom2014_solar/power_2012_04_2013_03.csv"))
        return 0;
    for (size_t k = 0; k < 3; k++) {
        plant *one = start(&p[k], "gefcom", (int)k + 1, -35.3, 149.1, 20, table_at(&t, 0, 0) - 3600);
        for (size_t i = 0; i < t.rows; i++)
            put_hour(one, one->wh, table_at(&t, i, 0) - 3600, 10000 * table_at(&t, i, 1 + k), false);
    }
    table_free(&t);
    if (!table_read(&w, dir, "gefcom2014_solar/nwp_2012_04_2013_03.csv.zst"))
        return 3;
    for (size_t i = 1; i < w.rows; i++) {
        plant *one = &p[(int)table_at(&w, i, 0) - 1];
        double at = table_at(&w, i, 1), acc = table_at(&w, i, 10), before = table_at(&w, i - 1, 10);
        bool start_of_run = fmod(at / 3600, 24) == 1 || table_at(&w, i - 1, 0) != table_at(&w, i, 0);
        put_hour(one, one->ghi, at - 3600, fmax(0, start_of_run ? acc : acc - before) / 3600, true);
        one->has_ghi = true;
    }
    table_free(&w);
    return 3;
}

int plants_read(const char *dir, plant *out)
{
    int (*const readers[])(const char *, plant *) = { ausgrid, pod, serf, ieee, city, gefcom };
    int n = 0;
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        n += readers[i](dir, out + n);
    return n;
}
