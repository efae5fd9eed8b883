/* truth.c: reads what was recorded, a day at a time.
 *
 * Demand of a point = import - export + generation of its PV, slot by slot; it is missing where one of
 * these is. A point without an export register or without readings of its PV exports and makes nothing. */
#include "town/live/truth.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { WINDOW = (TRUTH_DAYS + 1) * MIZO_DAY_SLOTS, DAY_MS = 86400000 };

typedef struct source {
    int32_t id;        /* series, -1 none */
    int32_t scale;     /* 10^exponent */
    mizo_day from, to; /* of the asset: outside it makes nothing */
} source;

typedef struct track {
    mizo_ref point;
    source import, export;
    size_t pv_first, pv_count; /* in truth.pv */
    int32_t *demand, *pv;      /* [WINDOW]; pv NULL: none */
    int32_t import_today[48], export_today[48];
    int32_t met_demand[48], met_pv[48];
} track;

struct truth {
    const int *stop;
    const mizo_region *region;
    store *store;
    mizo_day today, last_day;
    mizo_ms from, to, ahead;
    mizo_slot end;
    size_t n;
    track *track;
    source *pv;    /* [region->npv] */
    source *plant; /* [region->nplant] */
    int32_t (*plant_wh)[48];
    source price;
    int32_t price_today[48];
    int32_t *scratch; /* 3 x WINDOW */
    truth_session *session;
    size_t nsession, capsession;
    mizo_ref *track_of; /* [npoint] index of the track, -1 none */
};

/* ---- which series is what ---- */

static int32_t scale_of(int exponent)
{
    int32_t s = 1;
    for (int i = 0; i < exponent && i < 9; i++)
        s *= 10;
    return s;
}

static mizo_err on_series(void *arg, int32_t id, const mizo_series_key *key)
{
    truth *t = arg;
    if (key->role != MIZO_ROLE_READING || key->step_min != 30 || key->exponent < 0)
        return MIZO_OK;
    source s = { id, scale_of(key->exponent), INT32_MIN, MIZO_DAY_NONE };
    if (key->quantity == MIZO_Q_PRICE && strcmp(key->owner, t->region->market_area) == 0)
        t->price = s;
    mizo_ref ref;
    if (key->quantity == MIZO_Q_GENERATION && (ref = mizo_region_pv(t->region, key->owner)) >= 0) {
        t->pv[ref] = s;
        t->pv[ref].from = t->region->pv[ref].from;
        t->pv[ref].to = t->region->pv[ref].to;
    } else if (key->quantity == MIZO_Q_GENERATION && (ref = mizo_region_plant(t->region, key->owner)) >= 0) {
        t->plant[ref] = s;
    }
    if (key->quantity != MIZO_Q_IMPORT && key->quantity != MIZO_Q_EXPORT)
        return MIZO_OK;
    ref = mizo_region_point(t->region, key->owner);
    if (ref < 0 || t->track_of[ref] < 0)
        return MIZO_OK;
    track *k = &t->track[t->track_of[ref]];
    *(key->quantity == MIZO_Q_IMPORT ? &k->import : &k->export) = s;
    return MIZO_OK;
}

/* ---- days into columns ---- */

typedef struct column {
    int32_t *v;
    mizo_day first;
    const source *s;
} column;

/* A sum or product that an int32 cannot hold is not known; it is not the highest that can be said. */
static int32_t fit(int64_t wh)
{
    return wh > INT32_MAX || wh <= INT32_MIN ? MIZO_MISSING : (int32_t)wh;
}

static mizo_err on_day(void *arg, const store_day *d)
{
    const column *c = arg;
    int32_t v[48];
    mizo_block b = { 48, v, NULL };
    MIZO_TRY(mizo_block_unpack(d->packed, d->len, &b));
    int32_t *to = c->v + (size_t)(d->day - c->first) * 48;
    for (int i = 0; i < 48; i++)
        to[i] = v[i] == MIZO_MISSING ? MIZO_MISSING : fit((int64_t)v[i] * c->s->scale);
    return MIZO_OK;
}

static void fill(int32_t *v, size_t n, int32_t x)
{
    for (size_t i = 0; i < n; i++)
        v[i] = x;
}

/* Days [first, first + days) of one series into v; missing where there is none. */
static mizo_err read_column(truth *t, const source *s, mizo_day first, int days, int32_t *v)
{
    fill(v, (size_t)days * 48, MIZO_MISSING);
    if (s->id < 0)
        return MIZO_OK;
    column c = { v, first, s };
    mizo_err e = t->store->ops->days_of(t->store, s->id, first, first + days, STORE_LATEST, on_day, &c);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* Generation of all PV of a track; an asset that was not there yet, or has no readings, adds nothing. */
static mizo_err read_pv(truth *t, const track *k, mizo_day first, int days, int32_t *sum, int32_t *one)
{
    fill(sum, (size_t)days * 48, 0);
    for (size_t p = 0; p < k->pv_count; p++) {
        const source *s = &t->pv[k->pv_first + p];
        if (s->id < 0)
            continue;
        MIZO_TRY(read_column(t, s, first, days, one));
        for (int i = 0; i < days * 48; i++) {
            mizo_day d = first + i / 48;
            if (d < s->from || d >= s->to)
                continue;
            bool known = one[i] != MIZO_MISSING && sum[i] != MIZO_MISSING;
            sum[i] = known ? fit((int64_t)sum[i] + one[i]) : MIZO_MISSING;
        }
    }
    return MIZO_OK;
}

/* Fills demand and pv (pv may be NULL) of days [first, first + days). today: keeps the registers too. */
static mizo_err read_track(truth *t, track *k, mizo_day first, int days, int32_t *demand, int32_t *pv,
                           bool today)
{
    int32_t *gen = t->scratch, *out = gen + WINDOW, *one = out + WINDOW;
    MIZO_TRY(read_column(t, &k->import, first, days, demand));
    MIZO_TRY(read_column(t, &k->export, first, days, out));
    MIZO_TRY(read_pv(t, k, first, days, gen, one));
    if (today) {
        memcpy(k->import_today, demand + (days - 1) * 48, sizeof k->import_today);
        memcpy(k->export_today, out + (days - 1) * 48, sizeof k->export_today);
    }
    for (int i = 0; i < days * 48; i++) {
        if (pv)
            pv[i] = gen[i];
        bool known = demand[i] != MIZO_MISSING && gen[i] != MIZO_MISSING &&
                     (k->export.id < 0 || out[i] != MIZO_MISSING);
        int64_t wh = known ? (int64_t)demand[i] - (k->export.id < 0 ? 0 : out[i]) + gen[i] : 0;
        demand[i] = !known ? MIZO_MISSING : wh < 0 ? 0 : fit(wh);
    }
    return MIZO_OK;
}

/* Fills the gaps of v[0..n), which begins with today, from the latest day before that knows the slot. */
static void bridge(const int32_t *window, int32_t *v, int n)
{
    for (int i = 0; i < n; i++) {
        for (int back = i - 48; v[i] == MIZO_MISSING && back >= 48 - WINDOW; back -= 48)
            v[i] = back >= 0 ? v[back] : window[WINDOW - 48 + back];
        if (v[i] == MIZO_MISSING)
            v[i] = 0;
    }
}

static void meet_today(track *k)
{
    memcpy(k->met_demand, k->demand + WINDOW - 48, sizeof k->met_demand);
    bridge(k->demand, k->met_demand, 48);
    memset(k->met_pv, 0, sizeof k->met_pv);
    if (!k->pv)
        return;
    memcpy(k->met_pv, k->pv + WINDOW - 48, sizeof k->met_pv);
    bridge(k->pv, k->met_pv, 48);
}

/* Town-wide series of today, and where recorded truth ends if it ends today. */
static mizo_err read_town(truth *t)
{
    for (size_t i = 0; i < t->region->nplant; i++)
        MIZO_TRY(read_column(t, &t->plant[i], t->today, 1, t->plant_wh[i]));
    MIZO_TRY(read_column(t, &t->price, t->today, 1, t->price_today));
    mizo_slot first = mizo_day_slot(t->today, t->region->offset);
    if (t->today < t->last_day) {
        t->end = mizo_day_slot(t->last_day + 1, t->region->offset);
        return MIZO_OK;
    }
    t->end = first;
    for (size_t i = 0; i < t->n; i++)
        for (int s = 0; s < 48; s++)
            if (t->track[i].demand[WINDOW - 48 + s] != MIZO_MISSING && first + s + 1 > t->end)
                t->end = first + s + 1;
    return MIZO_OK;
}

/* ---- sessions ---- */

static mizo_ref vehicle_of(const mizo_region *r, const char *id)
{
    for (size_t i = 0; i < r->nvehicle; i++)
        if (strcmp(r->vehicle[i].id, id) == 0)
            return (mizo_ref)i;
    return -1;
}

/* What of a session lies within the run, with its need in proportion. False: nothing. */
static bool cut_session(const truth *t, truth_session *s)
{
    if (s->depart <= s->arrive)
        return false;
    mizo_ms arrive = s->arrive < t->from && s->depart > t->from ? t->from : s->arrive;
    mizo_ms depart = t->to && s->depart > t->to && s->arrive < t->to ? t->to : s->depart;
    if (depart <= arrive)
        return false;
    int64_t need;
    if (mizo_mul_div(s->need_wh, depart - arrive, s->depart - s->arrive, MIZO_ROUND_DOWN, &need))
        return false;
    *s = (truth_session){ s->vehicle, arrive, depart, need };
    return need > 0 && need <= INT32_MAX;
}

static mizo_err on_session(void *arg, const store_session *p)
{
    truth *t = arg;
    truth_session s = { vehicle_of(t->region, p->vehicle), p->arrive, p->depart, p->need_wh };
    if (s.vehicle < 0 || !cut_session(t, &s))
        return MIZO_OK;
    MIZO_TRY(array_grow(&t->session, &t->capsession, t->nsession + 1, sizeof *t->session));
    t->session[t->nsession++] = s;
    return MIZO_OK;
}

static mizo_err read_sessions(truth *t)
{
    mizo_ms midnight = mizo_slot_ms(mizo_day_slot(t->today, t->region->offset));
    mizo_ms until = midnight + 2 * (mizo_ms)DAY_MS;
    if (t->ahead > until)
        until = t->ahead;
    t->nsession = 0;
    if (t->region->nvehicle == 0)
        return MIZO_OK;
    mizo_err e = t->store->ops->session_scan(t->store, midnight - TRUTH_BACK_MS_DAYS * (mizo_ms)DAY_MS, until,
                                             on_session, t);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* ---- life ---- */

static mizo_err allocate(truth *t, const truth_options *o)
{
    const mizo_region *r = o->region;
    t->track = calloc(o->n ? o->n : 1, sizeof *t->track);
    t->pv = calloc(r->npv ? r->npv : 1, sizeof *t->pv);
    t->plant = calloc(r->nplant ? r->nplant : 1, sizeof *t->plant);
    t->plant_wh = calloc(r->nplant ? r->nplant : 1, sizeof *t->plant_wh);
    t->scratch = malloc(3 * WINDOW * sizeof *t->scratch);
    t->track_of = malloc((r->npoint ? r->npoint : 1) * sizeof *t->track_of);
    if (!t->track || !t->pv || !t->plant || !t->plant_wh || !t->scratch || !t->track_of)
        return MIZO_ENOMEM;
    fill(t->track_of, r->npoint, -1);
    for (size_t i = 0; i < r->npv; i++)
        t->pv[i].id = -1;
    for (size_t i = 0; i < r->nplant; i++)
        t->plant[i].id = -1;
    t->price.id = -1;
    t->n = o->n;
    for (size_t i = 0; i < o->n; i++) {
        track *k = &t->track[i];
        k->point = o->point[i];
        k->import.id = k->export.id = -1;
        k->pv_count = mizo_region_pv_of(r, k->point, &k->pv_first);
        t->track_of[k->point] = (mizo_ref)i;
        k->demand = malloc(WINDOW * sizeof *k->demand);
        k->pv = k->pv_count ? malloc(WINDOW * sizeof *k->pv) : NULL;
        if (!k->demand || (k->pv_count && !k->pv))
            return MIZO_ENOMEM;
    }
    return MIZO_OK;
}

static bool stopped(const truth *t)
{
    return t->stop && __atomic_load_n(t->stop, __ATOMIC_ACQUIRE);
}

static mizo_err load(truth *t)
{
    mizo_day first;
    MIZO_TRY(t->store->ops->day_span(t->store, -1, &first, &t->last_day));
    mizo_err e = t->store->ops->series_scan(t->store, on_series, t);
    if (e && e != MIZO_ENOENT)
        return e;
    for (size_t i = 0; i < t->n; i++) {
        track *k = &t->track[i];
        if (stopped(t))
            return MIZO_ECANCELED;
        MIZO_TRY(read_track(t, k, t->today - TRUTH_DAYS, TRUTH_DAYS + 1, k->demand, k->pv, true));
        meet_today(k);
    }
    MIZO_TRY(read_town(t));
    return read_sessions(t);
}

mizo_err truth_new(const truth_options *o, truth **out)
{
    *out = NULL;
    truth *t = calloc(1, sizeof *t);
    if (!t)
        return MIZO_ENOMEM;
    t->region = o->region;
    t->store = o->store;
    t->today = o->today;
    t->from = o->from;
    t->to = o->to;
    t->ahead = o->sessions_ahead;
    t->stop = o->stop;
    mizo_err e = allocate(t, o);
    if (!e)
        e = load(t);
    if (e) {
        truth_free(t);
        return e;
    }
    *out = t;
    return MIZO_OK;
}

void truth_free(truth *t)
{
    if (!t)
        return;
    for (size_t i = 0; t->track && i < t->n; i++) {
        free(t->track[i].demand);
        free(t->track[i].pv);
    }
    free(t->track);
    free(t->pv);
    free(t->plant);
    free(t->plant_wh);
    free(t->scratch);
    free(t->track_of);
    free(t->session);
    free(t);
}

mizo_err truth_turn(truth *t)
{
    t->today++;
    for (size_t i = 0; i < t->n; i++) {
        track *k = &t->track[i];
        if (stopped(t))
            return MIZO_ECANCELED;
        memmove(k->demand, k->demand + 48, (WINDOW - 48) * sizeof *k->demand);
        if (k->pv)
            memmove(k->pv, k->pv + 48, (WINDOW - 48) * sizeof *k->pv);
        MIZO_TRY(
            read_track(t, k, t->today, 1, k->demand + WINDOW - 48, k->pv ? k->pv + WINDOW - 48 : NULL, true));
        meet_today(k);
    }
    MIZO_TRY(read_town(t));
    return read_sessions(t);
}

mizo_err truth_revise(truth *t, size_t i)
{
    track *k = &t->track[i];
    MIZO_TRY(read_track(t, k, t->today - TRUTH_DAYS, TRUTH_DAYS + 1, k->demand, k->pv, true));
    meet_today(k);
    return MIZO_OK;
}

mizo_err truth_ahead(truth *t, size_t i, int days, int32_t *demand, int32_t *pv)
{
    for (int d = 0; d < days; d += TRUTH_DAYS) {
        int n = days - d < TRUTH_DAYS ? days - d : TRUTH_DAYS;
        MIZO_TRY(read_track(t, &t->track[i], t->today + d, n, demand + d * 48, pv + d * 48, false));
    }
    bridge(t->track[i].demand, demand, days * 48);
    if (t->track[i].pv)
        bridge(t->track[i].pv, pv, days * 48);
    return MIZO_OK;
}

mizo_slot truth_end(const truth *t)
{
    return t->end;
}

const int32_t *truth_demand(const truth *t, size_t i)
{
    return t->track[i].demand;
}

const int32_t *truth_pv(const truth *t, size_t i)
{
    return t->track[i].pv;
}

const int32_t *truth_met_demand(const truth *t, size_t i)
{
    return t->track[i].met_demand;
}

const int32_t *truth_met_pv(const truth *t, size_t i)
{
    return t->track[i].met_pv;
}

const int32_t *truth_import(const truth *t, size_t i)
{
    return t->track[i].import_today;
}

const int32_t *truth_export(const truth *t, size_t i)
{
    return t->track[i].export_today;
}

const int32_t *truth_plant(const truth *t, size_t plant)
{
    return t->plant_wh[plant];
}

const int32_t *truth_price(const truth *t)
{
    return t->price_today;
}

const truth_session *truth_sessions(const truth *t, size_t *n)
{
    *n = t->nsession;
    return t->session;
}
