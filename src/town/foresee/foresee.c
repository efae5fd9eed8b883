/* foresee.c: the forecasters of one point of the town. */
#include "town/foresee/foresee.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "town/foresee/inputs.h"
#include "town/foresee/read.h"
#include "town/foresee/weather_days.h"

enum {
    SUN = FORESEE_SUN,
    HELD = 96, /* slots of the sun's midnight forecast that are held for the day in hand */
    WEEKS = 1, /* weeks before it is asked of which it is asked what it would have said of all days */
    SLOTS = MIZO_DAY_SLOTS
};

typedef struct roof {
    int32_t wh[SUN][SLOTS]; /* the days before `next`, oldest first */
    int32_t dc_w[SUN];      /* of the panels that were there on each of them */
    mizo_panel listed;      /* the panels that `choice` is about */
    mizo_sun_choice choice; /* made when the past was told */
    mizo_day said;          /* the day whose midnight forecast is held; MIZO_DAY_NONE: none */
    int32_t mean[HELD], p10[HELD], p90[HELD], q[HELD][MIZO_QUANTILES];
} roof;

struct foresee {
    const mizo_region *region;
    mizo_ref point;
    const char *user; /* the kind of facility that uses the point most; NULL: none */
    mizo_foresight *demand;
    roof *roof;    /* NULL: no panels */
    mizo_day next; /* the day after the last that was told */
    bool told;
    bool looks;                  /* at the weather */
    const weather_days *from;    /* of the days that foresee_warm tells */
    int32_t air[MIZO_DAY_SLOTS]; /* of the day before `next` */
};

/* ---- what a day is ---- */

/* The only place that says what kind of day the demand of a point sees. */
static int kind_of(const foresee *f, mizo_day day)
{
    int kind = (int)mizo_day_type(day);
    return kind == MIZO_WEEKDAY && f->user && mizo_region_recess(f->region, f->user, day) ? MIZO_KIND_RECESS
                                                                                          : kind;
}

/* Room for the weather of the days that are told or asked for. */
typedef double sight[MIZO_AHEAD * MIZO_DAY_SLOTS * FORESEE_INPUTS];

/* Of the facilities that use the point, as the files last have it. */
static const char *user_of(const mizo_region *r, mizo_ref point)
{
    const mizo_use *most = NULL;
    for (size_t i = 0; i < r->nuse; i++) {
        const mizo_use *u = &r->use[i];
        if (u->point == point &&
            (!most || u->to > most->to || (u->to == most->to && u->share_ppm > most->share_ppm)))
            most = u;
    }
    return most ? r->facility[most->facility].kind : NULL;
}

static void days_from(const foresee *f, mizo_day first, int n, const foresee_weather *w, sight in,
                      mizo_learn_day *day)
{
    bool seen = f->looks && w && w->air_cc;
    if (seen)
        foresee_inputs(f->air, w, n, in);
    for (int i = 0; i < n; i++)
        day[i] = (mizo_learn_day){ .day = first + i,
                                   .kind = kind_of(f, first + i),
                                   .input = seen ? in + i * MIZO_DAY_SLOTS * FORESEE_INPUTS : NULL };
}

static double known(int32_t v)
{
    return v == MIZO_MISSING ? NAN : v;
}

static void day_values(const int32_t *wh, double v[SLOTS])
{
    for (int i = 0; i < SLOTS; i++)
        v[i] = known(wh[i]);
}

/* ---- life ---- */

foresee *foresee_new(const mizo_region *r, mizo_ref point)
{
    foresee *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    mizo_foresight_task t = { .size = sizeof t, .slots = SLOTS, .recipe = MIZO_LEAN, .positive = true };
    size_t first, panels = mizo_region_pv_of(r, point, &first);
    f->region = r;
    f->point = point;
    f->user = r->nterm ? user_of(r, point) : NULL;
    f->demand = mizo_foresight_new(&t);
    f->roof = panels ? malloc(sizeof *f->roof) : NULL;
    if (!f->demand || (panels && !f->roof)) {
        foresee_free(f);
        return NULL;
    }
    return f;
}

void foresee_free(foresee *f)
{
    if (!f)
        return;
    mizo_foresight_free(f->demand);
    free(f->roof);
    free(f);
}

mizo_err foresee_use(foresee *f, const weather_days *w)
{
    if (f->told || !weather_days_any(w))
        return MIZO_OK;
    mizo_foresight_task t = {
        .size = sizeof t, .slots = SLOTS, .inputs = FORESEE_INPUTS, .recipe = MIZO_LEAN, .positive = true
    };
    mizo_foresight *demand = mizo_foresight_new(&t);
    if (!demand)
        return MIZO_ENOMEM;
    mizo_foresight_free(f->demand);
    f->demand = demand;
    f->looks = true;
    f->from = w;
    for (int s = 0; s < SLOTS; s++)
        f->air[s] = MIZO_MISSING;
    return MIZO_OK;
}

size_t foresee_bytes(const foresee *f)
{
    return sizeof *f + mizo_foresight_bytes(f->demand) + (f->roof ? sizeof *f->roof : 0);
}

static bool same_panel(const mizo_pv *a, const mizo_pv *b)
{
    return strcmp(a->id, b->id) == 0 && a->from == b->from && a->to == b->to;
}

bool foresee_fits(const foresee *f, const mizo_region *r, mizo_ref point)
{
    size_t was, is, n = mizo_region_pv_of(f->region, f->point, &was);
    bool same = strcmp(f->region->point[f->point].id, r->point[point].id) == 0 &&
                mizo_region_pv_of(r, point, &is) == n;
    for (size_t i = 0; i < n && same; i++)
        same = same_panel(&f->region->pv[was + i], &r->pv[is + i]);
    return same;
}

void foresee_move(foresee *f, const mizo_region *r, mizo_ref point)
{
    f->region = r;
    f->point = point;
    f->user = r->nterm ? user_of(r, point) : NULL;
}

/* ---- the sun ---- */

static mizo_panel panel_of(const foresee *f, mizo_day day)
{
    return foresee_panel(f->region, f->point, day);
}

static void missing(int32_t *v, int n)
{
    for (int i = 0; i < n; i++)
        v[i] = MIZO_MISSING;
}

static void start_roof(roof *r)
{
    missing(r->wh[0], SUN * SLOTS);
    memset(r->dc_w, 0, sizeof r->dc_w);
    memset(&r->listed, 0, sizeof r->listed);
    r->choice.origin = MIZO_PANEL_LISTED;
    r->said = MIZO_DAY_NONE;
}

static void turn_roof(foresee *f, mizo_day day, const int32_t *pv)
{
    roof *r = f->roof;
    memmove(r->wh[0], r->wh[1], (SUN - 1) * sizeof r->wh[0]);
    memmove(r->dc_w, r->dc_w + 1, (SUN - 1) * sizeof r->dc_w[0]);
    r->dc_w[SUN - 1] = (int32_t)panel_of(f, day).dc_w;
    if (pv)
        memcpy(r->wh[SUN - 1], pv, sizeof r->wh[0]);
    else
        missing(r->wh[SUN - 1], SLOTS);
}

/* The remembered days as the panels of the day that is asked for would have made them. */
static void past_sun(const foresee *f, int32_t dc_w, int32_t wh[SUN][SLOTS])
{
    const roof *r = f->roof;
    for (int d = 0; d < SUN; d++)
        for (int s = 0; s < SLOTS; s++) {
            int32_t v = r->wh[d][s];
            if (r->dc_w[d] <= 0)
                v = MIZO_MISSING;
            else if (v != MIZO_MISSING && r->dc_w[d] != dc_w)
                v = (int32_t)fmin(2e9, (double)v * dc_w / r->dc_w[d]);
            wh[d][s] = v;
        }
}

/* Where a forecaster gives no quantiles: two halves of a bell around its mean, through its p10 and p90. */
void foresee_quantiles(const int32_t *mean, const int32_t *p10, const int32_t *p90, int n,
                       int32_t q[][MIZO_QUANTILES])
{
    /* Normal deviates of mizo_quantile, in multiples of that of 0.9. */
    static const double z[MIZO_QUANTILES] = { -1.2834, -1,     -0.6567, -0.4092, -0.1977, 0,
                                              0.1977,  0.4092, 0.6567,  1,       1.2834 };
    for (int i = 0; i < n; i++)
        for (int k = 0; k < MIZO_QUANTILES; k++) {
            double m = mean[i], half = z[k] < 0 ? m - p10[i] : p90[i] - m;
            q[i][k] = mean[i] == MIZO_MISSING ? MIZO_MISSING
                                              : (int32_t)fmax(0, fmin(2e9, floor(m + z[k] * half + 0.5)));
        }
}

static bool alike(const mizo_panel *a, const mizo_panel *b)
{
    return a->dc_w == b->dc_w && a->ac_w == b->ac_w && a->tilt == b->tilt && a->azimuth == b->azimuth;
}

/* The listed panels, or what their own output says they are. */
static mizo_panel panel_used(const foresee *f, mizo_day day)
{
    mizo_panel listed = panel_of(f, day);
    const roof *r = f->roof;
    bool other = r && r->choice.origin == MIZO_PANEL_FITTED && alike(&r->listed, &listed);
    return other ? r->choice.panel : listed;
}

mizo_panel_origin foresee_panel_used(const foresee *f, mizo_panel *panel)
{
    mizo_panel listed = panel_of(f, f->next - 1);
    *panel = panel_used(f, f->next - 1);
    return alike(panel, &listed) ? MIZO_PANEL_LISTED : MIZO_PANEL_FITTED;
}

static mizo_forecast_about about_of(const foresee *f, mizo_day day, const foresee_weather *expected)
{
    const mizo_region *r = f->region;
    return (mizo_forecast_about){ .offset = r->offset,
                                  .lat = r->lat_e6 / 1e6,
                                  .lon = r->lon_e6 / 1e6,
                                  .panel = panel_used(f, day),
                                  .air_cc = expected ? expected->air_cc : NULL,
                                  .ghi_wm2 = expected ? expected->ghi_wm2 : NULL,
                                  .past_ghi_wm2 = expected ? expected->past_ghi_wm2 : NULL };
}

/* Holds what was said at midnight for those who ask again during the day. */
static void hold(roof *r, mizo_day day, const mizo_forecast *said)
{
    r->said = said->n >= HELD ? day : MIZO_DAY_NONE;
    if (said->n < HELD)
        return;
    memcpy(r->mean, said->mean, sizeof r->mean);
    memcpy(r->p10, said->p10, sizeof r->p10);
    memcpy(r->p90, said->p90, sizeof r->p90);
    memcpy(r->q, said->q, sizeof r->q);
}

static bool held(const roof *r, mizo_day day, mizo_forecast *out)
{
    if (r->said != day || out->n > HELD)
        return false;
    size_t n = (size_t)out->n;
    memcpy(out->mean, r->mean, n * sizeof *r->mean);
    memcpy(out->p10, r->p10, n * sizeof *r->p10);
    memcpy(out->p90, r->p90, n * sizeof *r->p90);
    memcpy(out->q, r->q, n * sizeof *r->q);
    return true;
}

/* happened NULL: at midnight; else what the slots before `now` have brought moves the rest. */
static bool say_sun(foresee *f, mizo_day day, int ndays, const foresee_weather *expected,
                    const int32_t *happened, int now, foresee_band *out)
{
    mizo_forecast_about about = about_of(f, day, expected);
    int32_t p10[FORESEE_SLOTS], p90[FORESEE_SLOTS];
    mizo_forecast to = { .n = ndays * SLOTS, .mean = out->mean, .p10 = p10, .p90 = p90, .q = out->q[0] };
    if (!(about.panel.dc_w > 0))
        return false;
    if (!happened || !held(f->roof, day, &to)) {
        int32_t wh[SUN][SLOTS];
        past_sun(f, (int32_t)panel_of(f, day).dc_w, wh);
        mizo_history h = { .first = f->next - SUN, .ndays = SUN, .v = wh[0] };
        if (mizo_forecaster_sun_sky.run(&h, &about, day, &to))
            return false;
    }
    if (!happened)
        hold(f->roof, day, &to);
    else if (now > 0)
        mizo_sun_within(&about, day, happened, now, &to);
    return true;
}

/* ---- being told ---- */

void foresee_learn(foresee *f, mizo_day day, const int32_t *demand, const int32_t *pv,
                   const foresee_weather *met)
{
    if (f->told && day < f->next)
        return; /* it knows that day already */
    mizo_learn_day x;
    sight in;
    double v[SLOTS];
    days_from(f, day, 1, met, in, &x);
    day_values(demand, v);
    mizo_foresight_learn(f->demand, &x, v);
    if (f->roof && !f->told)
        start_roof(f->roof);
    for (mizo_day gap = f->next; f->roof && f->told && gap < day; gap++)
        turn_roof(f, gap, NULL);
    if (f->roof)
        turn_roof(f, day, pv);
    if (f->looks && met && met->air_cc)
        memcpy(f->air, met->air_cc, sizeof f->air);
    else
        missing(f->air, SLOTS);
    f->next = day + 1;
    f->told = true;
}

static bool any(const int32_t *v, int n)
{
    for (int i = 0; i < n; i++)
        if (v[i] != MIZO_MISSING)
            return true;
    return false;
}

/* Now and then it is asked for a week, as the town asks it every day, so that it knows how far off it is with a
 * longer lead; what it says of the next day it asks itself. */
static void ask_week(foresee *f, mizo_day day)
{
    mizo_learn_day days[MIZO_AHEAD];
    sight in;
    days_from(f, day, MIZO_AHEAD, NULL, in, days); /* what was expected of its weather is not kept */
    mizo_foresight_note(f->demand, days, MIZO_AHEAD);
}

/* Whether the listed panels fit what they gave, over the days since they are as they are. */
static void choose_panel(foresee *f, mizo_day first, int days, const int32_t *pv)
{
    roof *r = f->roof;
    mizo_forecast_about about = about_of(f, first + days - 1, NULL);
    about.panel = r->listed = panel_of(f, first + days - 1);
    int from = days;
    for (; from > 0; from--) {
        mizo_panel then = panel_of(f, first + from - 1);
        if (!alike(&then, &r->listed))
            break;
    }
    mizo_history h = { first + from, days - from, pv + (size_t)from * SLOTS };
    if (!(about.panel.dc_w > 0) || mizo_sun_panel(&h, &about, &r->choice))
        r->choice.origin = MIZO_PANEL_LISTED;
}

mizo_err foresee_tell(foresee *f, mizo_day first, int days, const int32_t *demand, const int32_t *pv)
{
    int from = 0;
    pv = f->roof ? pv : NULL;
    while (from < days && !any(demand + from * SLOTS, SLOTS) && !(pv && any(pv + from * SLOTS, SLOTS)))
        from++;
    for (int d = from; d < days; d++) {
        mizo_foresight_hurry(f->demand, days - d);
        if (f->told && days - d <= WEEKS * 7 && (days - d) % 7 == 0)
            ask_week(f, first + d);
        foresee_weather room;
        foresee_learn(f, first + d, demand + d * SLOTS, pv ? pv + d * SLOTS : NULL,
                      weather_days_past(f->from, first + d, &room));
    }
    mizo_foresight_hurry(f->demand, 0);
    if (f->told && pv)
        choose_panel(f, first, days, pv);
    return any(demand, days * SLOTS) ? MIZO_OK : MIZO_ENOENT;
}

mizo_err foresee_warm(foresee *f, store *s, mizo_day until, mizo_ms as_of)
{
    enum { CELLS = FORESEE_WARM * SLOTS };
    int32_t *v = malloc((size_t)3 * CELLS * sizeof *v);
    if (!v)
        return MIZO_ENOMEM;
    foresee_span span = { .first = until - FORESEE_WARM, .days = FORESEE_WARM, .as_of = as_of };
    int32_t *pv = f->roof ? v + CELLS : NULL;
    mizo_err e = foresee_read(f->region, s, f->point, &span, v, pv, v + 2 * CELLS);
    if (!e)
        e = foresee_tell(f, span.first, FORESEE_WARM, v, pv);
    f->from = NULL;
    free(v);
    return e;
}

mizo_err foresee_changed(const foresee *f, store *s, int64_t batch, mizo_day *day)
{
    foresee_span span = { .first = f->next - FORESEE_WARM, .days = FORESEE_WARM };
    *day = MIZO_DAY_NONE;
    return f->told ? foresee_read_changed(f->region, s, f->point, &span, batch, day) : MIZO_OK;
}

/* ---- being asked ---- */

static int32_t whole(double v)
{
    return isnan(v) ? MIZO_MISSING : (int32_t)floor(fmax(-2e9, fmin(2e9, v)) + 0.5);
}

/* Rounded: rounding keeps the order of the quantiles and the mean between the outermost. */
static void put_band(const mizo_outlook *o, foresee_band *b)
{
    for (int i = 0; i < o->n; i++) {
        b->mean[i] = whole(o->mean[i]);
        for (int k = 0; k < MIZO_QUANTILES; k++)
            b->q[i][k] = whole(o->q[i * MIZO_QUANTILES + k]);
    }
}

static void silence(foresee_band *b, int n)
{
    missing(b->mean, n);
    missing(b->q[0], n * MIZO_QUANTILES);
}

/* demand NULL: at midnight. */
static bool say_demand(foresee *f, mizo_day day, int ndays, const foresee_weather *expected,
                       const int32_t *happened, int now, foresee_band *out)
{
    double mean[FORESEE_SLOTS], q[FORESEE_SLOTS * MIZO_QUANTILES], v[SLOTS];
    mizo_outlook o = { .n = ndays * SLOTS, .mean = mean, .q = q };
    mizo_learn_day days[MIZO_AHEAD];
    sight in;
    days_from(f, day, ndays, expected, in, days);
    bool said;
    if (happened) {
        for (int i = 0; i < SLOTS; i++)
            v[i] = i < now ? known(happened[i]) : NAN;
        said = mizo_foresight_now(f->demand, days, ndays, v, now, &o);
    } else {
        said = mizo_foresight_say(f->demand, days, ndays, &o);
    }
    if (said)
        put_band(&o, out);
    return said;
}

static void say(foresee *f, mizo_day day, int ndays, const foresee_weather *expected, const int32_t *demand,
                const int32_t *pv, int now, foresee_out *out)
{
    ndays = ndays < 1 ? 1 : ndays > MIZO_AHEAD ? MIZO_AHEAD : ndays;
    out->n = ndays * SLOTS;
    out->borrowed = false;
    out->has_demand = f->told && say_demand(f, day, ndays, expected, demand, now, &out->demand);
    out->has_pv = f->told && f->roof && say_sun(f, day, ndays, expected, pv, now, &out->pv);
    if (!out->has_demand)
        silence(&out->demand, out->n);
    if (!out->has_pv)
        silence(&out->pv, out->n);
}

void foresee_say(foresee *f, mizo_day day, int ndays, const foresee_weather *expected, foresee_out *out)
{
    say(f, day, ndays, expected, NULL, NULL, 0, out);
}

void foresee_now(foresee *f, mizo_day day, int ndays, const foresee_weather *expected, const int32_t *demand,
                 const int32_t *pv, int now, foresee_out *out)
{
    say(f, day, ndays, expected, demand, pv, now, out);
}

/* ---- for scenarios and alarms ---- */

const uint8_t *foresee_ranks(const foresee *f, int age)
{
    return mizo_foresight_ranks(f->demand, age);
}

bool foresee_miss(const foresee *f, double *latest, double *usual)
{
    return mizo_foresight_miss(f->demand, latest, usual);
}
