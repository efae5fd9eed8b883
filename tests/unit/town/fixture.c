/* fixture.c: invents a town and what its meters read. A point's demand is a day shape by kind of day, a
 * slow drift and noise; PV follows the panel model under a sky that changes from day to day; vans come back
 * in the evening and leave in the morning. */
#include "fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "mizo/weather.h"
#include "optimize/clp_module.h"
#include "region/load.h"

enum { DAYS = 56 };

static double draw(uint64_t seed, uint64_t a, uint64_t b)
{
    return mizo_unit(seed, a, b);
}

/* ---- readings ---- */

static double shape(mizo_day day, int s, double night)
{
    double h = s / 2.0;
    double work = h < 7 || h > 20 ? 0 : h < 9 ? (h - 7) / 2 : h > 17 ? (20 - h) / 3 : 1;
    double busy = mizo_day_type(day) == MIZO_WEEKDAY ? 1 : 0.35;
    return night + (1 - night) * work * busy;
}

static void write_series(fixture *f, const char *owner, mizo_quantity q, int d, const int32_t v[48])
{
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    int32_t id;
    bool changed;
    assert_int_equal(f->store->ops->series_id(f->store, &key, true, &id), MIZO_OK);
    assert_int_equal(store_write_day(f->store, id, f->first + d, v, NULL, 48, &changed), MIZO_OK);
}

static double pv_of(const fixture *f, size_t point, int d, int s, uint64_t seed, int32_t *each)
{
    const mizo_region *r = f->region;
    size_t first, n = mizo_region_pv_of(r, (mizo_ref)point, &first);
    double sky = 0.25 + 0.75 * draw(seed, 11, (uint64_t)d), sum = 0;
    double flicker = 0.9 + 0.2 * draw(seed, 12, (uint64_t)(d * 48 + s));
    for (size_t p = first; p < first + n; p++) {
        mizo_panel panel = { r->pv[p].dc_w, r->pv[p].ac_w, r->pv[p].tilt_deg, r->pv[p].azimuth_deg };
        mizo_slot slot = mizo_day_slot(f->first + d, r->offset) + s;
        double w = mizo_pv_slot_w(&panel, slot, r->lat_e6 / 1e6, r->lon_e6 / 1e6, sky * flicker, 25);
        each[p - first] = (int32_t)(w / 2);
        sum += each[p - first];
    }
    return sum;
}

static void write_point(fixture *f, size_t point, int d, uint64_t seed)
{
    const mizo_region *r = f->region;
    const mizo_point *p = &r->point[point];
    size_t first, npv = mizo_region_pv_of(r, (mizo_ref)point, &first);
    int32_t in[48], out[48], gen[4][48];
    double base = p->standing_w ? p->standing_w : p->contract_w * 0.6;
    double night = 0.15 + 0.3 * draw(seed, point, 1);
    for (int s = 0; s < 48; s++) {
        int32_t each[4] = { 0 };
        double drift = 0.85 + 0.15 * sin((d + 9.0 * draw(seed, point, 2)) / 4);
        double noise = 0.92 + 0.16 * draw(seed, point * 7919 + (size_t)d, (uint64_t)s);
        int64_t wh = (int64_t)(base / 2 * 0.9 * shape(f->first + d, s, night) * drift * noise);
        int64_t pv = (int64_t)pv_of(f, point, d, s, seed, each);
        in[s] = (int32_t)(wh > pv ? wh - pv : 0);
        out[s] = (int32_t)(pv > wh ? pv - wh : 0);
        if (!p->export_allowed) { /* what could not be exported was not made */
            int64_t cut = out[s];
            for (size_t k = 0; k < npv && cut > 0; k++) {
                int64_t c = cut < each[k] ? cut : each[k];
                each[k] -= (int32_t)c;
                cut -= c;
            }
            out[s] = 0;
        }
        for (size_t k = 0; k < npv && k < 4; k++)
            gen[k][s] = each[k];
    }
    write_series(f, p->id, MIZO_Q_IMPORT, d, in);
    if (npv)
        write_series(f, p->id, MIZO_Q_EXPORT, d, out);
    for (size_t k = 0; k < npv && k < 4; k++)
        write_series(f, r->pv[first + k].id, MIZO_Q_GENERATION, d, gen[k]);
}

static void write_sessions(fixture *f, int d, uint64_t seed)
{
    const mizo_region *r = f->region;
    if (mizo_day_type(f->first + d) != MIZO_WEEKDAY)
        return;
    mizo_ms midnight = mizo_slot_ms(mizo_day_slot(f->first + d, r->offset));
    for (size_t v = 0; v < r->nvehicle; v++) {
        double back = 16.5 + 3 * draw(seed, 100 + v, (uint64_t)d),
               out = 30 + 3 * draw(seed, 200 + v, (uint64_t)d);
        store_session s = { .arrive = midnight + (mizo_ms)(back * 3600000) / 60000 * 60000,
                            .depart = midnight + (mizo_ms)(out * 3600000) / 60000 * 60000,
                            .need_wh = (int64_t)(r->vehicle[v].energy_wh *
                                                 (0.2 + 0.5 * draw(seed, 300 + v, (uint64_t)d))) };
        snprintf(s.vehicle, sizeof s.vehicle, "%s", r->vehicle[v].id);
        snprintf(s.charger, sizeof s.charger, "%s", r->charger[r->vehicle[v].charger].id);
        bool changed;
        assert_int_equal(f->store->ops->session_put(f->store, &s, &changed), MIZO_OK);
    }
}

static void write_readings(fixture *f, uint64_t seed)
{
    char name[64];
    snprintf(name, sizeof name, "fixture-%p-%llu", (void *)f, (unsigned long long)seed);
    assert_int_equal(store_memory.open(name, STORE_CREATE, f->diags, &f->store), MIZO_OK);
    store_batch b = { .known = 1, .actor = "test", .source = "fixture", .note = "" };
    assert_int_equal(f->store->ops->batch_begin(f->store, &b), MIZO_OK);
    f->first = mizo_date_day((mizo_date){ 2023, 7, 3 });
    f->days = DAYS;
    for (int d = 0; d < f->days; d++) {
        for (size_t p = 0; p < f->region->npoint; p++)
            if (f->region->point[p].reading == MIZO_BY_SLOT)
                write_point(f, p, d, seed);
        write_sessions(f, d, seed);
    }
    assert_int_equal(f->store->ops->batch_commit(f->store), MIZO_OK);
}

/* ---- towns ---- */

static void open_world(fixture *f)
{
    memset(f, 0, sizeof *f);
    f->env = env_uv_new(ENV_ERROR);
    f->diags = mizo_diags_new(0);
    f->solver = clp_module();
    assert_non_null(f->env);
    assert_non_null(f->diags);
}

void fixture_village(fixture *f)
{
    open_world(f);
    assert_int_equal(region_load(f->env, VILLAGE, f->diags, &f->region, NULL), MIZO_OK);
    write_readings(f, 7);
}

typedef struct texts {
    buf points, tariffs, rates, batteries, pv, chargers, vehicles, facilities, uses;
} texts;

static void random_tariff(texts *t, int i, uint64_t seed)
{
    double night = 9 + 8 * draw(seed, 20, (uint64_t)i), day = night + 14 * draw(seed, 21, (uint64_t)i);
    bool measured = draw(seed, 22, (uint64_t)i) < 0.7;
    buf_printf(&t->tariffs, "t%d,%.2f,100,%.2f,%s\n", i, 1000 + 1000 * draw(seed, 23, (uint64_t)i),
               night * 0.9 * draw(seed, 24, (uint64_t)i), measured ? "yes" : "no");
    if (draw(seed, 25, (uint64_t)i) < 0.5)
        buf_printf(&t->rates, "t%d,weekday,13:00,16:00,%.2f\n", i, day + 5);
    if (draw(seed, 26, (uint64_t)i) < 0.8)
        buf_printf(&t->rates, "t%d,weekday saturday,8:00,22:00,%.2f\n", i, day);
    buf_printf(&t->rates, "t%d,,,,%.2f\n", i, night);
}

static void random_site(texts *t, int i, uint64_t seed)
{
    double contract = 40 + 300 * draw(seed, 1, (uint64_t)i);
    double standing = contract * (0.55 + 0.3 * draw(seed, 2, (uint64_t)i));
    bool out = draw(seed, 3, (uint64_t)i) < 0.6;
    buf_printf(&t->points, "p%d,high,slot,t%d,%.3f,%.3f,%s\n", i, i, contract, standing, out ? "yes" : "no");
    buf_printf(&t->facilities, "f%d,office,public\n", i);
    buf_printf(&t->uses, "f%d,p%d\n", i, i);
    random_tariff(t, i, seed);
    double kind = draw(seed, 4, (uint64_t)i);
    if (kind < 0.9) {
        double kwh = contract * (0.2 + 1.5 * draw(seed, 5, (uint64_t)i)),
               kw = kwh * (0.2 + 0.5 * draw(seed, 6, (uint64_t)i));
        buf_printf(&t->batteries, "b%d,p%d,%.3f,%.3f,%.3f,0.1,0.95,%.2f,%.2f,%.2f,%.2f\n", i, i, kwh, kw, kw,
                   0.1 + 0.2 * draw(seed, 7, (uint64_t)i), 0.9 + 0.08 * draw(seed, 8, (uint64_t)i),
                   0.9 + 0.08 * draw(seed, 9, (uint64_t)i), 6 * draw(seed, 10, (uint64_t)i));
    }
    if (draw(seed, 13, (uint64_t)i) < 0.7) {
        double kw = contract * (0.1 + 1.2 * draw(seed, 14, (uint64_t)i));
        buf_printf(&t->pv, "pv%d,p%d,%.3f,%.3f,%d,180\n", i, i, kw * 1.2, kw,
                   (int)(30 * draw(seed, 15, (uint64_t)i)));
    }
    int vans = kind < 0.6 ? 0 : (int)(1 + contract / 6 * 0.5 * draw(seed, 16, (uint64_t)i));
    for (int v = 0; v < vans && v < 12; v++) {
        buf_printf(&t->chargers, "c%d-%d,p%d,6,1.4,0.9\n", i, v, i);
        buf_printf(&t->vehicles, "v%d-%d,c%d-%d,40\n", i, v, i, v);
    }
}

static void build(fixture *f, const mizo_file *file, size_t n)
{
    mizo_err e = mizo_region_build(file, n, f->diags, &f->region);
    for (size_t i = 0; e && i < mizo_diags_kept(f->diags); i++) {
        char text[500];
        mizo_diag_text(mizo_diags_at(f->diags, i), "en", text, sizeof text);
        print_message("%s:%d: %s\n", mizo_diags_at(f->diags, i)->at.file, mizo_diags_at(f->diags, i)->at.line,
                      text);
    }
    assert_int_equal(e, MIZO_OK);
}

void fixture_region(fixture *f, const mizo_file *file, size_t n, uint64_t seed)
{
    open_world(f);
    build(f, file, n);
    write_readings(f, seed);
}

void fixture_random(fixture *f, int n, uint64_t seed)
{
    open_world(f);
    texts t;
    buf *all[] = { &t.points,   &t.tariffs,  &t.rates,      &t.batteries, &t.pv,
                   &t.chargers, &t.vehicles, &t.facilities, &t.uses };
    const char *head[] = {
        "id,voltage,reading,tariff,contract_kw,standing_kw,export\n",
        "id,base_yen_per_kw,power_factor_pct,export_yen_per_kwh,measured_demand\n",
        "tariff,days,time_from,time_to,yen_per_kwh\n",
        ("id,point,energy_kwh,charge_kw,discharge_kw,soc_min,soc_max,reserve,charge_efficiency,"
         "discharge_efficiency,wear_yen_per_kwh\n"),
        "id,point,dc_kw,ac_kw,tilt_deg,azimuth_deg\n",
        "id,point,max_kw,min_kw,efficiency\n",
        "id,charger,energy_kwh\n",
        "id,kind,group\n",
        "facility,point\n"
    };
    static const char *const name[] = { "points.csv",    "tariffs.csv",    "rates.csv",
                                        "batteries.csv", "pv.csv",         "chargers.csv",
                                        "vehicles.csv",  "facilities.csv", "uses.csv" };
    enum { NFILES = sizeof all / sizeof *all };
    for (int i = 0; i < NFILES; i++) {
        buf_init(all[i], 1 << 24);
        buf_str(all[i], head[i]);
    }
    for (int i = 0; i < n; i++)
        random_site(&t, i, seed);
    static const char yaml[] = "format: 1\nid: random\noffset_slots: 18\nlatitude: 35.5\nlongitude: 139.7\n"
                               "grid_g_per_kwh: 421\n";
    mizo_file file[NFILES + 1] = {
        {"region.yaml", yaml, sizeof yaml - 1}
    };
    for (int i = 0; i < NFILES; i++)
        file[i + 1] = (mizo_file){ name[i], all[i]->p, all[i]->n };
    build(f, file, NFILES + 1);
    for (int i = 0; i < NFILES; i++)
        buf_fini(all[i]);
    write_readings(f, seed);
}

void fixture_prices(fixture *f, int32_t (*myen)(mizo_day day, int slot))
{
    store_batch b = { .known = 1, .actor = "test", .source = "prices", .note = "" };
    assert_int_equal(f->store->ops->batch_begin(f->store, &b), MIZO_OK);
    for (int d = 0; d < f->days; d++) {
        int32_t v[48];
        for (int s = 0; s < 48; s++)
            v[s] = myen(f->first + d, s);
        write_series(f, f->region->market_area, MIZO_Q_PRICE, d, v);
    }
    assert_int_equal(f->store->ops->batch_commit(f->store), MIZO_OK);
}

void fixture_gap(fixture *f, const char *point, int from, int to, int slot, int n)
{
    mizo_series_key key = store_key(point, MIZO_Q_IMPORT, MIZO_ROLE_READING);
    int32_t id, v[48];
    uint8_t q[48];
    bool changed;
    store_batch b = { .known = 2, .actor = "test", .source = "gap", .note = "" };
    assert_int_equal(f->store->ops->batch_begin(f->store, &b), MIZO_OK);
    assert_int_equal(f->store->ops->series_id(f->store, &key, false, &id), MIZO_OK);
    for (int d = from; d < to; d++) {
        assert_int_equal(store_read_day(f->store, id, f->first + d, STORE_LATEST, v, q), MIZO_OK);
        for (int s = slot; s < slot + n; s++) {
            v[s] = MIZO_MISSING;
            q[s] = MIZO_QUALITY_ABSENT;
        }
        assert_int_equal(store_write_day(f->store, id, f->first + d, v, q, 48, &changed), MIZO_OK);
    }
    assert_int_equal(f->store->ops->batch_commit(f->store), MIZO_OK);
}

void fixture_close(fixture *f)
{
    f->store->ops->close(f->store);
    mizo_region_unref(f->region);
    mizo_diags_free(f->diags);
    env_uv_free(f->env);
}
