/* Batteries with their attributes, claims, certificates and CO2, on the village with a store in memory. */
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "region/load.h"
#include "town/books/settle.h"
#include "town/books/verify.h"
#include "town/proof/carbon_slots.h"
#include "town/proof/carbon_year.h"
#include "town/proof/certificate.h"
#include "town/proof/claim.h"
#include "town/proof/energytag.h"
#include "town/proof/match_slot.h"

typedef struct place {
    town t;
    char path[64];
} place;

static void open_place(place *p)
{
    static int count;
    memset(p, 0, sizeof *p);
    snprintf(p->path, sizeof p->path, "climate-%d-%d", (int)getpid(), ++count);
    p->t.env = env_uv_new(ENV_ERROR);
    p->t.diags = mizo_diags_new(0);
    p->t.dir = VILLAGE;
    assert_true(p->t.env && p->t.diags);
    assert_int_equal(region_load(p->t.env, VILLAGE, p->t.diags, &p->t.region, NULL), MIZO_OK);
    assert_int_equal(store_memory.open(p->path, STORE_CREATE, p->t.diags, &p->t.store), MIZO_OK);
    mizo_diags_clear(p->t.diags);
}

static void close_place(place *p)
{
    env *e = p->t.env;
    mizo_diags *d = p->t.diags;
    town_close(&p->t);
    mizo_diags_free(d);
    env_uv_free(e);
}

static mizo_err into_buf(void *arg, const char *text, size_t n)
{
    buf_add(arg, text, n);
    return ((buf *)arg)->err;
}

static mizo_day day_of(int y, int m, int d)
{
    return mizo_date_day((mizo_date){ y, m, d });
}

static mizo_ms known = 1000; /* of the batches that reads() writes */

/* wh in slots [from, to), 0 elsewhere. */
static void reads(place *p, const char *owner, mizo_quantity q, mizo_day day, int from, int to, int32_t wh)
{
    store *s = p->t.store;
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    int32_t id, v[48];
    bool changed;
    store_batch b = { .known = known, .actor = "test", .source = "test", .note = "" };
    for (int i = 0; i < 48; i++)
        v[i] = i >= from && i < to ? wh : 0;
    assert_int_equal(s->ops->batch_begin(s, &b), MIZO_OK);
    assert_int_equal(s->ops->series_id(s, &key, true, &id), MIZO_OK);
    assert_int_equal(store_write_day(s, id, day, v, NULL, 48, &changed), MIZO_OK);
    assert_int_equal(s->ops->batch_commit(s), MIZO_OK);
}

static mizo_err count_entries(void *arg, const settle_result *r)
{
    *(int *)arg += r->posted;
    return MIZO_OK;
}

static int settle_to(place *p, mizo_day from, mizo_day to)
{
    int posted = 0;
    assert_int_equal(settle_days(&p->t, from, to, "test", count_entries, &posted), MIZO_OK);
    return posted;
}

static int64_t balance(place *p, const char *account, const char *unit, mizo_day day, int slot)
{
    int64_t total, slots[48] = { 0 };
    assert_int_equal(p->t.store->ops->balance_get(p->t.store, account, unit, day, &total, slots), MIZO_OK);
    return slot < 0 ? total : slots[slot];
}

static void verified(place *p, bool ok)
{
    verify_result v;
    mizo_diags *d = mizo_diags_new(0);
    assert_int_equal(verify_books(p->t.store, p->t.region, d, &v), MIZO_OK);
    if (v.ok != ok) {
        char text[400] = "nothing";
        if (mizo_diags_kept(d))
            mizo_diag_text(mizo_diags_at(d, 0), "en", text, sizeof text);
        fail_msg("said %s: %s", v.ok ? "true" : "false", text);
    }
    mizo_diags_free(d);
}

static bool said(place *p, const char *name)
{
    for (size_t i = 0; i < mizo_diags_kept(p->t.diags); i++)
        if (strcmp(mizo_msg_name(mizo_diags_at(p->t.diags, i)->id), name) == 0)
            return true;
    return false;
}

/* The depot's roof makes 2000 Wh a slot from 20 to 24: half into the battery, half to the house. The battery gives
 * 800 a slot back from slot 40, all to the house, the rest the next morning. */
static void battery_days(place *p, mizo_day day, int32_t made)
{
    reads(p, "pv-depot", MIZO_Q_GENERATION, day, 20, 24, made);
    reads(p, "p-depot", MIZO_Q_EXPORT, day, 0, 0, 0);
    reads(p, "p-depot", MIZO_Q_IMPORT, day, 0, 20, 500);
    reads(p, "bat-depot", MIZO_Q_CHARGE, day, 20, 24, made / 2);
    reads(p, "bat-depot", MIZO_Q_DISCHARGE, day, 40, 42, 800);
    reads(p, "p-depot", MIZO_Q_IMPORT, day + 1, 10, 48, 300);
    reads(p, "bat-depot", MIZO_Q_CHARGE, day + 1, 0, 0, 0);
    reads(p, "bat-depot", MIZO_Q_DISCHARGE, day + 1, 2, 4, 800);
}

static void battery_keeps_the_attribute(void **state)
{
    (void)state;
    place p;
    open_place(&p);
    mizo_day day = day_of(2023, 7, 5);
    battery_days(&p, day, 2000);
    assert_true(settle_to(&p, day, day + 1) > 0);
    /* 4000 in; 0.9216 of it comes out again: 1600 needs 1737 of the first two slots, the next day the rest */
    assert_int_equal(balance(&p, "use:p-depot", "Wh-re", day, 20), 1000);
    int64_t used =
        balance(&p, "use:p-depot", "Wh-re", day, 40) + balance(&p, "use:p-depot", "Wh-re", day, 41);
    assert_in_range(used, 1598, 1600);
    int64_t morning =
        balance(&p, "use:p-depot", "Wh-re", day + 1, 2) + balance(&p, "use:p-depot", "Wh-re", day + 1, 3);
    assert_in_range(morning, 1598, 1600);
    int64_t left = balance(&p, "storage:p-depot", "Wh-re", day, -1),
            lost = balance(&p, "loss:p-depot", "Wh-re", day, -1);
    assert_int_equal(left + lost + used + morning, 4000);
    assert_true(lost > 250 && left > 0);
    verified(&p, true);
    assert_int_equal(settle_to(&p, day, day + 1), 0); /* again: nothing */
    /* a correction downwards, after the next day had its share out of it */
    battery_days(&p, day, 600);
    assert_true(settle_to(&p, day, day) > 0);
    assert_true(said(&p, "MATCH_UNWOUND"));
    assert_int_equal(balance(&p, "use:p-depot", "Wh-re", day, 20), 300);
    used = balance(&p, "use:p-depot", "Wh-re", day, 40) + balance(&p, "use:p-depot", "Wh-re", day, 41);
    morning =
        balance(&p, "use:p-depot", "Wh-re", day + 1, 2) + balance(&p, "use:p-depot", "Wh-re", day + 1, 3);
    lost = balance(&p, "loss:p-depot", "Wh-re", day, -1);
    assert_int_equal(balance(&p, "storage:p-depot", "Wh-re", day, -1), 0);
    assert_int_equal(lost + used + morning, 1200); /* all that went in */
    assert_int_equal(morning, 0);
    verified(&p, true);
    assert_int_equal(settle_to(&p, day, day + 1), 0);
    close_place(&p);
}

/* One source takes the place of another: the difference alone would go below zero on the way. */
static void one_for_another(void **state)
{
    (void)state;
    place p;
    open_place(&p);
    mizo_day day = day_of(2023, 7, 5);
    reads(&p, "mill", MIZO_Q_GENERATION, day, 0, 48, 1000);
    reads(&p, "pv-depot", MIZO_Q_GENERATION, day, 0, 0, 0);
    reads(&p, "p-depot", MIZO_Q_EXPORT, day, 0, 0, 0);
    reads(&p, "p-hall", MIZO_Q_IMPORT, day, 0, 48, 600);
    settle_to(&p, day, day);
    reads(&p, "mill", MIZO_Q_GENERATION, day, 0, 0, 0);
    reads(&p, "pv-depot", MIZO_Q_GENERATION, day, 0, 48, 600);
    reads(&p, "p-depot", MIZO_Q_EXPORT, day, 0, 48, 600);
    assert_true(settle_to(&p, day, day) > 0);
    assert_int_equal(balance(&p, "use:p-hall", "Wh-re", day, 7), 600);
    assert_int_equal(balance(&p, "source:mill", "Wh-re", day, 7), 0);
    verified(&p, true);
    close_place(&p);
}

static void claims(void **state)
{
    (void)state;
    place p;
    open_place(&p);
    mizo_day day = day_of(2023, 7, 5);
    battery_days(&p, day, 2000);
    settle_to(&p, day, day + 1);
    claim_want w = {
        .id = "jc-1", .kind = CLAIM_CREDIT, .of = "p-depot", .from = day, .to = day + 1, .by = "J-credit"
    };
    claim_done done;
    assert_int_equal(claim_post(&p.t, &w, "test", &done), MIZO_OK);
    assert_int_equal(done.wh, 4000); /* what was used at once, not what was charged */
    assert_int_equal(balance(&p, "claim:jc-1", "Wh-re", day, -1), 4000);
    verified(&p, true);
    /* the same kWh by another name, in another kind: refused with the first one's place */
    w.id = "gp-1";
    w.kind = CLAIM_GREEN;
    assert_int_equal(claim_post(&p.t, &w, "test", &done), MIZO_ECONFLICT);
    assert_true(said(&p, "CLAIM_TWICE"));
    w.id = "jc-1";
    w.from = day + 5, w.to = day + 6;
    assert_int_equal(claim_post(&p.t, &w, "test", &done), MIZO_ECONFLICT); /* never written again */
    assert_true(said(&p, "CLAIM_ID"));
    /* a reading corrected downwards after the claim: the settlement is refused, nothing is posted */
    reads(&p, "pv-depot", MIZO_Q_GENERATION, day, 20, 24, 100);
    reads(&p, "bat-depot", MIZO_Q_CHARGE, day, 0, 0, 0);
    int posted = 0;
    assert_int_equal(settle_days(&p.t, day, day, "test", count_entries, &posted), MIZO_ECONFLICT);
    assert_int_equal(posted, 0);
    assert_true(said(&p, "BOOKS_FIRST_CLAIM"));
    assert_int_equal(balance(&p, "claim:jc-1", "Wh-re", day, -1), 4000);
    /* savings */
    claim_want led = { .id = "led-1",
                       .kind = CLAIM_SAVING,
                       .of = "p-hall",
                       .measure = "led",
                       .from = day,
                       .to = day + 365,
                       .wh = 5000000 };
    assert_int_equal(claim_post(&p.t, &led, "test", &done), MIZO_OK);
    led.id = "led-2", led.from = day + 100, led.to = day + 500;
    assert_int_equal(claim_post(&p.t, &led, "test", &done), MIZO_ECONFLICT);
    led.measure = "hvac";
    assert_int_equal(claim_post(&p.t, &led, "test", &done), MIZO_OK);
    led.id = "led-3", led.of = "p-halll";
    assert_int_equal(claim_post(&p.t, &led, "test", &done), MIZO_ENOENT);
    led.of = "p-hall", led.wh = 0;
    assert_int_equal(claim_post(&p.t, &led, "test", &done), MIZO_EINPUT);
    /* what nobody matched may be sold with its value, and only once */
    reads(&p, "mill", MIZO_Q_GENERATION, day + 3, 0, 48, 1000);
    settle_to(&p, day + 3, day + 3);
    claim_want surplus = { .id = "s-1", .kind = CLAIM_SURPLUS, .of = "mill", .from = day + 3, .to = day + 4 };
    assert_int_equal(claim_post(&p.t, &surplus, "test", &done), MIZO_OK);
    assert_int_equal(done.wh, 48 * 600);
    surplus.id = "s-2";
    assert_int_equal(claim_post(&p.t, &surplus, "test", &done), MIZO_ECONFLICT);
    /* nor a part of it with other days: the first is named */
    reads(&p, "mill", MIZO_Q_GENERATION, day + 4, 0, 48, 1000);
    settle_to(&p, day + 4, day + 4);
    surplus.to = day + 5;
    assert_int_equal(claim_post(&p.t, &surplus, "test", &done), MIZO_ECONFLICT);
    surplus.from = day + 4;
    assert_int_equal(claim_post(&p.t, &surplus, "test", &done), MIZO_OK);
    close_place(&p);
}

static const char lots[] = "lot,kind,vintage,number_from,number_to,kwh,plant,place\n"
                           "a,fit,2023,1,1000,1000,Solar,Kanagawa\n"
                           "b,nonfit,2023,1,500,500,,\n";

static mizo_err import(place *p, const char *text, certificate_result *r)
{
    return certificate_import_text(&p->t, "lots.csv", text, strlen(text), "test", r);
}

static void certificates(void **state)
{
    (void)state;
    place p;
    certificate_result r;
    mizo_wh wh;
    open_place(&p);
    assert_int_equal(import(&p, lots, &r), MIZO_OK);
    assert_true(r.added == 2 && r.wh == 1500000);
    assert_int_equal(import(&p, lots, &r), MIZO_OK); /* the same file again is the same */
    assert_true(r.added == 0 && r.same == 2);
    /* the same numbers under another name, in the next file and within one */
    assert_int_equal(
        import(&p, "lot,kind,vintage,number_from,number_to,kwh\nc,fit,2023,1000,2000,1001\n", &r),
        MIZO_ECONFLICT);
    assert_true(said(&p, "CERT_TWICE"));
    assert_int_equal(
        import(&p, "lot,kind,vintage,number_from,number_to,kwh\nd,fit,2024,1,9,9\ne,fit,2024,9,12,4\n", &r),
        MIZO_ECONFLICT);
    assert_int_equal(balance(&p, "cert:d", "Wh-fit-2024", day_of(2024, 12, 31), -1),
                     0); /* nothing half-posted */
    assert_int_equal(import(&p, "lot,kind,vintage,number_from,number_to,kwh\nX y,fot,1999,5,4,-1\n", &r),
                     MIZO_EINPUT);
    assert_int_equal(import(&p, "lot,kind\na,fit\n", &r), MIZO_EINPUT);
    /* assigned <= held, of the right year, never back */
    assert_int_equal(certificate_assign(&p.t, "a", "big-green", NULL, 2023, 600000, "test", &wh), MIZO_OK);
    assert_int_equal(certificate_assign(&p.t, "a", "big-green", NULL, 2023, 600000, "test", &wh),
                     MIZO_ECONFLICT);
    assert_true(said(&p, "BOOKS_CLAIMED"));
    assert_int_equal(certificate_assign(&p.t, "a", "big-green", NULL, 2024, 1000, "test", &wh), MIZO_EINPUT);
    assert_int_equal(certificate_assign(&p.t, "a", "big-blue", NULL, 2023, 1000, "test", &wh), MIZO_ENOENT);
    assert_int_equal(certificate_assign(&p.t, "z", "big-green", NULL, 2023, 1000, "test", &wh), MIZO_ENOENT);
    assert_int_equal(certificate_assign(&p.t, "b", "big-green", NULL, 2023, 0, "test", &wh), MIZO_OK);
    assert_int_equal(wh, 500000);
    assert_int_equal(certificate_assign(&p.t, "b", "big-green", NULL, 2023, 0, "test", &wh), MIZO_ECONFLICT);
    assert_int_equal(certificate_retire(&p.t, "big-green", NULL, 2023, "test", &wh), MIZO_OK);
    assert_int_equal(wh, 1100000);
    assert_int_equal(certificate_retire(&p.t, "big-green", NULL, 2023, "test", &wh), MIZO_OK);
    assert_int_equal(wh, 0);
    verified(&p, true);
    /* the hall used 900 kWh under the 100 % menu: 600 are covered, the others do not count */
    mizo_day day = day_of(2023, 7, 5);
    reads(&p, "p-hall", MIZO_Q_IMPORT, day, 0, 48, 18750);
    match_report m;
    certificate_cover cover[8];
    size_t short_of;
    assert_int_equal(match_report_make(p.t.store, p.t.region, 2023, 0, STORE_LATEST, &m), MIZO_OK);
    assert_int_equal(certificate_covers(p.t.store, &m, cover, &short_of), MIZO_OK);
    assert_int_equal(short_of, 1);
    assert_true(cover[0].need == 900000 && cover[0].certificates == 600000 && cover[0].other == 500000);
    assert_int_equal(cover[0].shortfall, 300000);
    match_report_free(&m);
    close_place(&p);
}

/* Coal 60, sun 40 of which a half is claimed: 75 and 25 of the rest; a day without a mix stays unknown. */
static void residual_mix(void **state)
{
    (void)state;
    const mizo_param param[] = {
        {.name = "area-claimed", .key = "pv",   .from = 0, .to = MIZO_DAY_NONE, .value_e6 = 500000   },
        { .name = "area-mix",    .key = "coal", .from = 0, .to = 10,            .value_e6 = 600000   },
        { .name = "area-mix",    .key = "pv",   .from = 0, .to = 10,            .value_e6 = 400000   },
        { .name = "mix-factor",  .key = "coal", .from = 0, .to = MIZO_DAY_NONE, .value_e6 = 760000000},
        { .name = "mix-factor",  .key = "pv",   .from = 0, .to = MIZO_DAY_NONE, .value_e6 = 0        },
    };
    const mizo_region r = { .param = param, .nparam = 5 };
    match_residual x = { 0 };
    assert_int_equal(residual_add(&x, &r, 9, 1000), MIZO_OK);
    match_residual y = x;
    assert_int_equal(residual_end(&x, 1101), MIZO_OK); /* 101 that were matched were claimed since */
    assert_true(x.by[MIZO_MIX_COAL] == 826 && x.by[MIZO_MIX_PV] == 275 && !x.by[RESIDUAL_UNKNOWN]);
    assert_int_equal(x.g_e6, 570000000);
    assert_int_equal(residual_add(&y, &r, 10, 1000), MIZO_OK);
    assert_int_equal(residual_end(&y, 2000), MIZO_OK);
    assert_true(y.by[MIZO_MIX_COAL] == 750 && y.by[RESIDUAL_UNKNOWN] == 1000 && y.g_e6 == -1);
    match_residual z = { 0 };
    assert_int_equal(residual_end(&z, 0), MIZO_OK);
    assert_true(z.wh == 0 && z.g_e6 == -1);
}

static void figures(void **state)
{
    (void)state;
    place p;
    match_report m;
    open_place(&p);
    mizo_day day = day_of(2023, 7, 5);
    reads(&p, "mill", MIZO_Q_GENERATION, day, 0, 2, 10); /* 6, 6 renewable */
    reads(&p, "p-hall", MIZO_Q_IMPORT, day, 0, 3, 10);
    settle_to(&p, day, day);
    assert_int_equal(match_report_make(p.t.store, p.t.region, 2023, 7, STORE_LATEST, &m), MIZO_OK);
    assert_true(m.town.load == 30 && m.town.matched == 12 && m.town.fossil == 8 && m.residual.wh == 18);
    assert_true(m.residual.by[RESIDUAL_UNKNOWN] == 18 &&
                m.residual.g_e6 == -1); /* no area-mix: not invented */
    assert_int_equal(m.booked, 12);
    assert_int_equal(match_rate_bp(m.town.matched, m.town.load), 4000);
    mizo_wh facilities = 0;
    for (size_t i = 0; i < p.t.region->nfacility; i++)
        facilities += m.facility[i].matched;
    assert_int_equal(facilities, 12); /* shared by the hall's two users, to the Wh */
    match_report_free(&m);
    buf out;
    energytag_sum sum;
    energytag_ask ask = { .from = day, .to = day + 1 };
    buf_init(&out, 0);
    assert_int_equal(energytag_write(p.t.store, p.t.region, &ask, p.t.diags, into_buf, &out, &sum), MIZO_OK);
    assert_int_equal(sum.records, 2 + 3); /* two bundles made, three half-hours used */
    assert_int_equal(sum.bytes, out.n);
    assert_int_equal(sum.days, 1);
    assert_non_null(strstr(out.p, "production,mill-"));
    assert_non_null(strstr(
        out.p,
        ",1,6,6,mill,electricity,biogenic-waste,2023-07-05T00:00:00+09:00,2023-07-05T00:30:00+09:00,"));
    buf_clear(&out);
    ask.step = ENERGYTAG_MONTH; /* a sum has no numbers of its own, and ends with what was asked for */
    ask.certificates = true;
    assert_int_equal(energytag_write(p.t.store, p.t.region, &ask, p.t.diags, into_buf, &out, &sum), MIZO_OK);
    assert_non_null(strstr(out.p, "production,mill-2023-07,,,"));
    assert_non_null(strstr(out.p, "2023-07-05T00:00:00+09:00,2023-07-06T00:00:00+09:00"));
    assert_null(strstr(out.p, "consumption"));
    ask.site = "nowhere";
    assert_int_equal(energytag_write(p.t.store, p.t.region, &ask, p.t.diags, into_buf, &out, &sum),
                     MIZO_EINPUT);
    ask.site = NULL;
    ask.pool = "nowhere";
    assert_int_equal(energytag_write(p.t.store, p.t.region, &ask, p.t.diags, into_buf, &out, &sum),
                     MIZO_EINPUT);
    buf_fini(&out);
    close_place(&p);
}

static void carbon(void **state)
{
    (void)state;
    place p;
    carbon_year c;
    open_place(&p);
    reads(&p, "p-hall", MIZO_Q_IMPORT, day_of(2023, 7, 5), 0, 48, 1000);
    reads(&p, "p-depot", MIZO_Q_IMPORT, day_of(2023, 7, 5), 0, 48, 1000);
    assert_int_equal(carbon_of_year(p.t.store, p.t.region, 2023, MIZO_DAY_NONE, &c), MIZO_OK);
    mizo_wh sum = 0;
    mizo_mg market = 0;
    for (size_t i = 0; i < c.nrow; i++) {
        sum += c.row[i].import;
        market += c.row[i].market;
        if (c.row[i].menu >= 0 && strcmp(p.t.region->menu[c.row[i].menu].id, "big-green") == 0)
            assert_int_equal(c.row[i].market, 0);
    }
    assert_true(sum == c.import && market == c.market);
    assert_int_equal(c.location, c.import * 423);
    assert_false(c.average.known || c.marginal.known); /* no series, no prices: nothing is invented */
    carbon_year_free(&c);
    /* with prices the rule of marginal.csv holds: sun below 1 yen, gas above */
    reads(&p, "jepx-tokyo", MIZO_Q_PRICE, day_of(2023, 7, 5), 0, 24, 10000);
    assert_int_equal(carbon_of_year(p.t.store, p.t.region, 2023, MIZO_DAY_NONE, &c), MIZO_OK);
    assert_true(c.marginal.known && c.marginal.mg == 24 * 2000 * 370);
    carbon_year_free(&c);
    close_place(&p);
}

/* kWh of the area's generation in slots [from, to). */
static void generates(place *p, const char *owner, mizo_day day, int from, int to, int32_t kwh)
{
    store *s = p->t.store;
    mizo_series_key key = store_key(owner, MIZO_Q_GENERATION, MIZO_ROLE_READING);
    int32_t id, v[48];
    bool changed;
    store_batch b = { .known = 1000, .actor = "test", .source = "test", .note = "" };
    key.exponent = 3;
    for (int i = 0; i < 48; i++)
        v[i] = i >= from && i < to ? kwh : MIZO_MISSING;
    assert_int_equal(s->ops->batch_begin(s, &b), MIZO_OK);
    assert_int_equal(s->ops->series_id(s, &key, true, &id), MIZO_OK);
    assert_int_equal(store_write_day(s, id, day, v, NULL, 48, &changed), MIZO_OK);
    assert_int_equal(s->ops->batch_commit(s), MIZO_OK);
}

/* The day's average is that of the area's mix; a half-hour without it is counted apart, and the slots come to the year. */
static void mix(void **state)
{
    (void)state;
    place p;
    carbon_year c;
    carbon_reader *k;
    carbon_day d;
    mizo_day day = day_of(2023, 7, 5);
    open_place(&p);
    reads(&p, "p-hall", MIZO_Q_IMPORT, day, 0, 48, 1000);
    generates(&p, "tepco-area-lng", day, 0, 24, 300);
    generates(&p, "tepco-area-pv", day, 0, 24, 100);
    generates(&p, "tepco-area-coal", day, 12, 24, 100);
    assert_int_equal(carbon_reader_new(p.t.store, p.t.region, STORE_LATEST, &k), MIZO_OK);
    assert_true(carbon_reader_knows(k));
    assert_int_equal(carbon_read(k, day, &d), MIZO_OK);
    carbon_reader_free(k);
    assert_int_equal(d.average.by, CARBON_BY_MIX);
    assert_int_equal(d.average.g_e6[0], 277500000);  /* 300 x 370 / 400 */
    assert_int_equal(d.average.g_e6[12], 374000000); /* (300 x 370 + 100 x 760) / 500 */
    assert_int_equal(d.average.g_e6[24], -1);
    assert_true(d.average.mg[0] == 1000 * 277500 / 1000 && d.average.mg[24] == 0 && d.import[24] == 1000);
    assert_int_equal(d.marginal.by, CARBON_BY_NONE);
    assert_int_equal(carbon_of_year(p.t.store, p.t.region, 2023, MIZO_DAY_NONE, &c), MIZO_OK);
    assert_string_equal(c.average.method, "mix");
    mizo_mg sum = 0;
    for (int s = 0; s < 48; s++)
        sum += d.average.mg[s];
    assert_true(c.average.known && c.average.mg == sum && c.average.covered == 24000 &&
                c.average.uncovered == 24000);
    carbon_year_free(&c);
    /* a correction of ten days later: each half-hour counts as it was known on the day asked for */
    known = 10 * INT64_C(86400000);
    reads(&p, "p-hall", MIZO_Q_IMPORT, day, 0, 48, 3000);
    known = 1000;
    assert_int_equal(carbon_of_year(p.t.store, p.t.region, 2023, 5, &c), MIZO_OK);
    assert_true(c.average.mg == sum && c.average.covered == 24000);
    mizo_wh import = c.import; /* with what no half-hour says: lamps */
    carbon_year_free(&c);
    assert_int_equal(carbon_of_year(p.t.store, p.t.region, 2023, MIZO_DAY_NONE, &c), MIZO_OK);
    assert_true(c.average.mg == 3 * sum && c.average.covered == 72000 && c.import == import + 96000);
    carbon_year_free(&c);
    /* a day of which no half-hour has a factor has no method */
    assert_int_equal(carbon_reader_new(p.t.store, p.t.region, STORE_LATEST, &k), MIZO_OK);
    assert_int_equal(carbon_read(k, day + 1, &d), MIZO_OK);
    carbon_reader_free(k);
    assert_int_equal(d.average.by, CARBON_BY_NONE);
    close_place(&p);
}

/* What leaves each source and reaches each kind of use comes to what is matched, to the Wh; of a slot too. */
static void flows(void **state)
{
    (void)state;
    place p;
    match_report m;
    mizo_day day = day_of(2023, 7, 5);
    open_place(&p);
    battery_days(&p, day, 2000);
    reads(&p, "mill", MIZO_Q_GENERATION, day, 0, 48, 777);
    reads(&p, "p-hall", MIZO_Q_IMPORT, day, 0, 48, 500);
    assert_int_equal(match_report_make(p.t.store, p.t.region, 2023, 7, STORE_LATEST, &m), MIZO_OK);
    const match_flow *f = &m.flow;
    mizo_wh matched = 0, load = 0, given = 0, charged = match_flow_matched(f, f->nkind - 1);
    for (size_t k = 0; k + 1 < f->nkind; k++) {
        matched += match_flow_matched(f, k);
        load += f->load[k];
    }
    for (size_t i = 0; i < f->nsource * f->nkind; i++)
        given += f->wh[i];
    assert_true(matched > 0 && charged > 0);
    assert_true(matched == m.town.matched && load == m.town.load && given == matched + charged);
    match_report_free(&m);
    buf b;
    json j;
    buf_init(&b, 0);
    json_init(&j, &b);
    json_object(&j, NULL);
    mizo_slot noon = mizo_day_slot(day, p.t.region->offset) + 24;
    assert_int_equal(match_slot_json(p.t.store, p.t.region, noon, "mill", &j), MIZO_OK);
    json_end(&j);
    assert_non_null(strstr(b.p, "\"at\":\"2023-07-05T12:00:00+09:00\""));
    assert_non_null(strstr(b.p, "\"source\":\"mill\",\"point\":\"p-hall\""));
    buf_clear(&b);
    json_init(&j, &b);
    assert_int_equal(match_slot_json(p.t.store, p.t.region, noon + 48 * 90, NULL, &j), MIZO_ENOENT);
    buf_fini(&b);
    close_place(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(battery_keeps_the_attribute),
        cmocka_unit_test(one_for_another),
        cmocka_unit_test(claims),
        cmocka_unit_test(certificates),
        cmocka_unit_test(residual_mix),
        cmocka_unit_test(figures),
        cmocka_unit_test(carbon),
        cmocka_unit_test(mix),
        cmocka_unit_test(flows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
