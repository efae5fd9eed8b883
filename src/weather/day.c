/* day.c: a day of one panel at once, from two suns.
 *
 * Within a day the declination and the hour angle run evenly, so two positions are enough for its 144 rays
 * (three to a half-hour); the clear sky over one height of the sun is a table. A hundred times faster than
 * slot by slot, and within 0.1 % of its energy (tests/unit/weather/test_day.c). */
#include <math.h>
#include <string.h>

#include "weather/unit.h"

static const double rad = 3.14159265358979323846 / 180;

enum { TURNS = MIZO_DAY_SLOTS * UNIT_RAYS, STEPS = 48 };

/* Bird's clear sky at sea level (mizo_clear_bird, mizo_air_usual(0)) for each W/m2 outside the atmosphere: beam and
 * sky, where the cosine of the zenith is (i / 48) squared. Bird ends one degree above the horizon. */
static const double bird[STEPS + 1][2] = {
    {0.00000,  0.00000},
    { 0.00000, 0.00000},
    { 0.00000, 0.00000},
    { 0.00000, 0.00000},
    { 0.00000, 0.00000},
    { 0.00000, 0.00000},
    { 0.00000, 0.00000},
    { 0.08127, 0.00148},
    { 0.08844, 0.00261},
    { 0.09881, 0.00418},
    { 0.11231, 0.00622},
    { 0.12875, 0.00870},
    { 0.14777, 0.01156},
    { 0.16892, 0.01471},
    { 0.19171, 0.01808},
    { 0.21563, 0.02156},
    { 0.24021, 0.02508},
    { 0.26503, 0.02858},
    { 0.28973, 0.03201},
    { 0.31406, 0.03534},
    { 0.33780, 0.03854},
    { 0.36078, 0.04161},
    { 0.38293, 0.04454},
    { 0.40416, 0.04732},
    { 0.42444, 0.04997},
    { 0.44377, 0.05249},
    { 0.46216, 0.05489},
    { 0.47963, 0.05718},
    { 0.49620, 0.05936},
    { 0.51191, 0.06144},
    { 0.52680, 0.06343},
    { 0.54092, 0.06534},
    { 0.55430, 0.06718},
    { 0.56698, 0.06895},
    { 0.57901, 0.07066},
    { 0.59042, 0.07232},
    { 0.60125, 0.07392},
    { 0.61154, 0.07548},
    { 0.62131, 0.07700},
    { 0.63061, 0.07848},
    { 0.63946, 0.07993},
    { 0.64788, 0.08135},
    { 0.65591, 0.08274},
    { 0.66356, 0.08411},
    { 0.67086, 0.08545},
    { 0.67783, 0.08678},
    { 0.68450, 0.08808},
    { 0.69087, 0.08938},
    { 0.69696, 0.09066},
};

/* The sun's course over one day at one place. */
typedef struct course {
    double hour, hour_step; /* hour angle of the first ray, and from ray to ray */
    double tilt, tilt_step; /* declination likewise */
    double extra;           /* W/m2 outside the atmosphere */
    double sin_lat, cos_lat;
} course;

/* Declination and hour angle of a sun that is seen from there. */
static void equatorial(const mizo_sun *sun, const course *c, double *declination, double *hour)
{
    double z = sun->zenith * rad, a = sun->azimuth * rad;
    double east = sin(z) * sin(a), north = sin(z) * cos(a), up = cos(z);
    *declination = asin(fmax(-1, fmin(1, c->sin_lat * up + c->cos_lat * north)));
    *hour = atan2(-east, c->cos_lat * up - c->sin_lat * north);
}

static course course_of(mizo_slot first, double lat, double lon)
{
    static const double whole = 2 * 3.14159265358979323846;
    course c = { .sin_lat = sin(lat * rad), .cos_lat = cos(lat * rad) };
    mizo_ms from = mizo_slot_ms(first), half = MIZO_SLOT_MS / (2 * UNIT_RAYS),
            day = MIZO_SLOT_MS * MIZO_DAY_SLOTS;
    mizo_sun a = mizo_sun_at(from + half, lat, lon), b = mizo_sun_at(from + half + day, lat, lon);
    double last_tilt, last_hour;
    equatorial(&a, &c, &c.tilt, &c.hour);
    equatorial(&b, &c, &last_tilt, &last_hour);
    c.tilt_step = (last_tilt - c.tilt) / TURNS;
    double more = remainder(last_hour - c.hour, whole); /* the equation of time of a day */
    c.hour_step = (whole + more) / TURNS;
    c.extra = (a.extra_wm2 + b.extra_wm2) / 2;
    return c;
}

/* The vectors to the sun of all rays: the hour angle is turned on ray by ray, without a cosine each. */
static void vectors(const course *c, unit_ray ray[TURNS])
{
    double sine = sin(c->hour), cosine = cos(c->hour);
    double turn_sine = sin(c->hour_step), turn_cosine = cos(c->hour_step);
    double s = sin(c->tilt), w = cos(c->tilt);
    double s_step = (sin(c->tilt + TURNS * c->tilt_step) - s) / TURNS;
    double w_step = (cos(c->tilt + TURNS * c->tilt_step) - w) / TURNS;
    for (int k = 0; k < TURNS; k++) {
        ray[k] = (unit_ray){ .up = fmax(0, c->sin_lat * s + c->cos_lat * w * cosine),
                             .east = -w * sine,
                             .north = c->cos_lat * s - c->sin_lat * w * cosine };
        double on = sine * turn_cosine + cosine * turn_sine;
        cosine = cosine * turn_cosine - sine * turn_sine;
        sine = on;
        s += s_step;
        w += w_step;
    }
}

static mizo_irradiance clear_over(double up, double extra)
{
    double x = STEPS * sqrt(up);
    int i = x < STEPS ? (int)x : STEPS - 1;
    double part = x - i;
    double beam = bird[i][0] + part * (bird[i + 1][0] - bird[i][0]);
    double sky = bird[i][1] + part * (bird[i + 1][1] - bird[i][1]);
    return (mizo_irradiance){ .ghi = extra * (beam * up + sky), .dni = extra * beam, .dhi = extra * sky };
}

/* The clear sky made as bright as index says: Erbs, and Bird's own split near a clear sky, as unit_sky. */
static mizo_irradiance sky_of(const mizo_irradiance *clear, double up, double extra, double index)
{
    mizo_irradiance i = { .ghi = clear->ghi * fmax(0, index) };
    double kt = i.ghi / (extra * fmax(up, 0.0524)), diffuse; /* no beam below three degrees */
    if (kt <= 0.22)
        diffuse = 1 - 0.09 * kt;
    else if (kt <= 0.8)
        diffuse = 0.9511 + kt * (-0.1604 + kt * (4.388 + kt * (-16.638 + kt * 12.336)));
    else
        diffuse = 0.165;
    i.dhi = up > 0.0524 ? i.ghi * diffuse : i.ghi;
    double part = fmin(1, fmax(0, (index - 0.95) / 0.05));
    i.dhi += part * (i.ghi - clear->dni * up - i.dhi);
    i.dhi = fmax(0, fmin(i.ghi, i.dhi));
    i.dni = (i.ghi - i.dhi) / fmax(up, 0.0175);
    return i;
}

static void light(unit_ray *ray, const mizo_irradiance *i, double extra)
{
    ray->ghi = i->ghi;
    ray->dni = i->dni;
    ray->dhi = i->dhi;
    ray->around = i->dni / extra;
}

static double air_of(const int32_t *air_cc, int slot, double usual)
{
    return air_cc && air_cc[slot] != MIZO_MISSING ? air_cc[slot] / 100.0 : usual;
}

/* The three rays of a half-hour under its clear sky; false: the sun is down. */
static bool clear_slot(const course *c, unit_ray ray[UNIT_RAYS], mizo_irradiance clear[UNIT_RAYS])
{
    bool any = false;
    for (int k = 0; k < UNIT_RAYS; k++) {
        clear[k] = (mizo_irradiance){ 0 };
        if (!(ray[k].up > 0))
            continue;
        any = true;
        clear[k] = clear_over(ray[k].up, c->extra);
        light(&ray[k], &clear[k], c->extra);
    }
    return any;
}

static void dim_slot(const course *c, unit_ray ray[UNIT_RAYS], const mizo_irradiance clear[UNIT_RAYS],
                     double index)
{
    for (int k = 0; k < UNIT_RAYS; k++)
        if (ray[k].up > 0) {
            mizo_irradiance i = sky_of(&clear[k], ray[k].up, c->extra, index);
            light(&ray[k], &i, c->extra);
        }
}

void mizo_pv_day_of(const mizo_pv_day_task *t, mizo_pv_day *out)
{
    mizo_slot first = mizo_day_slot(t->day, t->offset);
    course c = course_of(first, t->lat, t->lon);
    unit_face face = unit_face_of(t->panel.tilt, t->panel.azimuth);
    double usual = unit_usual_air_c(first + MIZO_DAY_SLOTS / 2, t->lat), half = t->panel.dc_w / 2;
    unit_ray all[TURNS];
    vectors(&c, all);
    memset(out, 0, sizeof *out);
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        unit_ray *ray = &all[s * UNIT_RAYS];
        mizo_irradiance clear[UNIT_RAYS];
        bool said = t->ghi_wm2 && t->ghi_wm2[s] != MIZO_MISSING;
        out->under[s] = said ? 0 : NAN;
        if (!clear_slot(&c, ray, clear))
            continue;
        double air = air_of(t->air_cc, s, usual);
        out->ghi[s] = (clear[0].ghi + clear[1].ghi + clear[2].ghi) / UNIT_RAYS;
        out->clear[s] = fmax(0, half * unit_ac(ray, &face, air));
        if (!said || !(out->ghi[s] > 0))
            continue;
        dim_slot(&c, ray, clear, fmin(1.3, fmax(0, t->ghi_wm2[s] / out->ghi[s])));
        out->under[s] = fmax(0, half * unit_ac(ray, &face, air));
    }
}
