/* year.c: one point's year. Which day of the archive a Japanese day follows, what the
 * season adds, what the panels give, and what the meter saw of it all. */
#include <math.h>

#include "town/example/parts.h"

/* Days on which the archive's buildings were shut on a weekday (2021-01-01 = 0): New Year, Easter,
 * May, the August holiday, Christmas week. */
static bool closed(int d)
{
    static const int days[] = { 0, 91, 94, 122, 150, 241 };
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (d == days[i])
            return true;
    return d >= 357;
}

static int weekday(const ex_town *t, int d)
{
    return mizo_day_weekday(t->first + d);
}

/* The archive's day for Japanese day d: a working day follows one of the same weekday, a holiday a
 * Sunday, a quiet day a Saturday; `weeks` sets points with the same building apart. */
static int source_day(const ex_town *t, int d, bool always_open, int weeks)
{
    mizo_daytype type = mizo_day_type(t->first + d);
    int want = type == MIZO_HOLIDAY ? 0 : type == MIZO_QUIET ? 6 : weekday(t, d);
    if (always_open)
        want = 1 + weekday(t, d) % 5;
    int off = (want - weekday(t, d) + 10) % 7 - 3;
    int u = d + off + 7 * weeks;
    while (u < 0)
        u += 7;
    while (u >= EX_DAYS)
        u -= 7;
    bool works = want >= 1 && want <= 5;
    int step = u >= 340 ? -7 : 7;
    while (works && closed(u) && u + step >= 0 && u + step < EX_DAYS)
        u += step;
    return u;
}

/* Summer, winter and spring vacations of the schools. */
static bool vacation(mizo_day day)
{
    mizo_date d = mizo_day_date(day);
    int md = d.month * 100 + d.day;
    return (md >= 721 && md <= 831) || md >= 1225 || md <= 106 || (md >= 326 && md <= 405);
}

/* What one day's slots share. */
typedef struct day_mood {
    const float *shape; /* the source day */
    int source;         /* first slot of it */
    float low;          /* its quietest slot */
    double level;       /* of the day, seeded */
    bool away, week_end;
} day_mood;

static day_mood mood_of(const ex_town *t, const ex_point *p, int index, int d, double *drift)
{
    const ex_kind *k = p->kind;
    day_mood m = { .shape = t->shape + (size_t)p->shape * EX_SLOTS };
    m.source =
        source_day(t, d, k->mode == EX_SHOP || k->flags & EX_NIGHT_AND_DAY, p->week_shift) * MIZO_DAY_SLOTS;
    m.low = m.shape[m.source];
    for (int s = 1; s < MIZO_DAY_SLOTS; s++)
        m.low = fminf(m.low, m.shape[m.source + s]);
    *drift = 0.6 * *drift + 0.025 * ex_bell(t, EX_R_DAY, (uint64_t)index << 10 | (uint64_t)d, 0);
    m.level = 1 + *drift;
    mizo_daytype type = mizo_day_type(t->first + d);
    m.week_end = type != MIZO_WEEKDAY;
    m.away = k->flags & EX_TERMS && vacation(t->first + d);
    return m;
}

/* A shop is open from 10:00 to 21:00 and lit before and after; `within` follows the archive. */
static double shop(const day_mood *m, int s, double within)
{
    double open = 1 / (1 + exp(-(s - 19.0) * 1.4)) * (1 / (1 + exp((s - 42.5) * 1.2)));
    return 0.35 + open * (0.75 + 0.25 * within) * (m->week_end ? 1.12 : 1);
}

/* Lights come up as the sun goes from 0 to 6 degrees below the horizon. */
static double dark(const ex_town *t, int i)
{
    double below = t->sun[i].zenith - 90;
    return 0.12 + fmax(0, fmin(1, below / 6));
}

/* Share of the load that follows the people in the building. */
static double occupancy(const ex_kind *k, const day_mood *m, double base)
{
    if (k->flags & EX_NIGHT_AND_DAY)
        return 0.7 + 0.3 * fmax(0, fmin(1, base - 0.5));
    return fmax(0.05, fmin(1, (base - m->low) / 0.8));
}

static double slot_level(const ex_town *t, const ex_point *p, const day_mood *m, int i, int s)
{
    const ex_kind *k = p->kind;
    int at = m->source + s + p->slot_shift;
    double base = m->shape[at < 0 ? 0 : at >= EX_SLOTS ? EX_SLOTS - 1 : at];
    if (m->away)
        base = m->low + 0.3 * (base - m->low);
    if (k->mode == EX_SHOP)
        base = shop(m, s, base);
    else if (k->mode == EX_DARK)
        return dark(t, i) * (0.95 + 0.05 * base);
    double hot = fmax(0, t->air_c[i] - 21) / 10, cold = fmax(0, 9 - t->air_c[i]) / 10;
    double people = k->mode == EX_SHOP ? fmin(1, base) : occupancy(k, m, base);
    return base * (1 + people * (k->cool * hot + k->heat * cold)) + 0.12 * people * hot * (k->cool > 0);
}

/* Demand of every slot, scaled to the point's year. */
static void demand(const ex_town *t, int index, double *wh)
{
    const ex_point *p = &t->point[index];
    double drift = 0, wander = 0, sum = 0;
    for (int d = 0; d < EX_DAYS; d++) {
        day_mood m = mood_of(t, p, index, d, &drift);
        for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
            int i = d * MIZO_DAY_SLOTS + s;
            double u = ex_chance(t, EX_R_SLOT, (uint64_t)index, (uint64_t)i) - 0.5;
            wander = 0.6 * wander + 0.09 * u;
            wh[i] = fmax(0.01, slot_level(t, p, &m, i, s) * m.level * (1 + wander));
            sum += wh[i];
        }
    }
    for (int i = 0; i < EX_SLOTS; i++)
        wh[i] *= (double)p->target_wh / sum;
}

static mizo_err panels(ex_town *t, int index, int which)
{
    ex_pv *pv = &t->pv[which];
    pv->generation = arena_take(t->mem, EX_SLOTS * sizeof *pv->generation);
    if (!pv->generation)
        return MIZO_ENOMEM;
    double local = 0;
    for (int i = 0; i < EX_SLOTS; i++) {
        if (t->sun[i].zenith >= 90)
            continue;
        local = 0.85 * local + 0.06 * (ex_chance(t, EX_R_ROOF, (uint64_t)index << 16 | (uint64_t)i, 7) - 0.5);
        double index_here = fmax(0.03, fmin(1.1, t->sky[i] * (1 + local)));
        pv->generation[i] =
            (int32_t)(mizo_pv_sun_w(&pv->panel, &t->sun[i], index_here, t->air_c[i]) / 2 + 0.5);
    }
    return MIZO_OK;
}

/* What the meter saw: import and export of a half-hour with panels behind it. Within the half-hour
 * both registers turn when demand and generation are near each other: a tenth of the smaller
 * crosses the meter each way. Where export is not allowed the panels are turned down. */
static void meter(ex_point *p, int32_t *generation, const double *wh)
{
    for (int i = 0; i < EX_SLOTS; i++) {
        int32_t need = (int32_t)(wh[i] + 0.5), made = generation ? generation[i] : 0;
        if (!p->export_allowed && made > need)
            made = generation[i] = need;
        int32_t cross =
            p->export_allowed && made > need / 2 && made < need * 2 ? (made < need ? made : need) / 10 : 0;
        p->import[i] = (need > made ? need - made : 0) + cross;
        if (p->export)
            p->export[i] = (made > need ? made - need : 0) + cross;
    }
}

static void months(const ex_town *t, ex_point *p, const double *wh)
{
    for (int i = 0; i < EX_SLOTS; i++) {
        int m = mizo_day_date(t->first + i / MIZO_DAY_SLOTS).month - 1;
        int32_t v = p->import ? p->import[i] : (int32_t)(wh[i] + 0.5);
        p->month_wh[m] += v;
        if (v > p->month_max_wh[m])
            p->month_max_wh[m] = v;
        if (v > p->max_wh)
            p->max_wh = v;
    }
}

static void lamp_months(const ex_town *t, ex_point *p)
{
    int32_t w = p->lamps * p->lamp_w;
    for (int m = 0; m < EX_MONTHS; m++) {
        p->month_wh[m] = ex_lamp_wh(p, mizo_month_days(mizo_day_date(t->first).year, m + 1));
        p->month_max_wh[m] = w / 2;
    }
    p->max_wh = w / 2;
}

mizo_err ex_year(ex_town *t, int index)
{
    ex_point *p = &t->point[index];
    if (p->reading == MIZO_BY_LAMP) {
        lamp_months(t, p);
        return MIZO_OK;
    }
    arena *scratch = arena_new(0);
    double *wh = scratch ? arena_take(scratch, EX_SLOTS * sizeof *wh) : NULL;
    mizo_err e = wh ? MIZO_OK : MIZO_ENOMEM;
    if (!e) {
        demand(t, index, wh);
        if (p->pv >= 0)
            e = panels(t, index, p->pv);
    }
    if (!e && p->reading == MIZO_BY_SLOT) {
        p->import = arena_take(t->mem, EX_SLOTS * sizeof *p->import);
        p->export = p->export_allowed ? arena_take(t->mem, EX_SLOTS * sizeof *p->export) : NULL;
        if (!p->import || (p->export_allowed && !p->export))
            e = MIZO_ENOMEM;
        else
            meter(p, p->pv >= 0 ? t->pv[p->pv].generation : NULL, wh);
    }
    if (!e)
        months(t, p, wh);
    arena_free(scratch);
    return e;
}

static int32_t up_to(double w, int32_t step)
{
    return (int32_t)(ceil(w / step) * step);
}

/* The physical limit leaves room above the year's highest half-hour; the standing peak is a little
 * below it, as if the year before had been milder. The depot's holds its vans as well. */
void ex_limits(ex_town *t, int index)
{
    ex_point *p = &t->point[index];
    double peak_w = 2.0 * p->max_wh;
    int32_t step = peak_w > 50000 ? 5000 : 1000;
    double vans_w = index == t->depot ? 110000 : 0;
    p->contract_w = up_to(peak_w * 1.15 + vans_w, step);
    p->standing_w = index == t->depot ? up_to(peak_w * 1.05, 1000) : up_to(peak_w * 0.97, 1000);
    bool big = p->voltage == MIZO_HIGH && peak_w >= 500000;
    p->tariff = p->reading == MIZO_BY_LAMP ? "lamp"
                : p->voltage == MIZO_LOW   ? "low"
                : big                      ? "high-large"
                                           : "high-tou";
    if (peak_w >= 2000000)
        p->voltage = MIZO_EXTRA_HIGH;
}

/* ---- what never came ---- */

static void lose(ex_town *t, int index, int from, int to)
{
    ex_point *p = &t->point[index];
    for (int i = from; i < to && i < EX_SLOTS; i++) {
        p->import[i] = MIZO_MISSING;
        if (p->export)
            p->export[i] = MIZO_MISSING;
        if (p->pv >= 0)
            t->pv[p->pv].generation[i] = MIZO_MISSING;
    }
}

/* Single slots at 400 places, days at 60, a month at four points without devices. */
void ex_gaps(ex_town *t)
{
    int months_lost = 0;
    for (int p = 0; p < t->npoint; p++) {
        if (!t->point[p].import || p == t->depot)
            continue;
        uint64_t key = (uint64_t)p;
        int at = (int)(EX_SLOTS * ex_chance(t, EX_R_GAP, key, 0));
        double luck = ex_chance(t, EX_R_GAP, key, 1);
        int day = at / MIZO_DAY_SLOTS * MIZO_DAY_SLOTS;
        if (luck < 0.40)
            lose(t, p, at, at + 1);
        else if (luck < 0.46)
            lose(t, p, day, day + MIZO_DAY_SLOTS);
        else if (luck < 0.49 && months_lost < 4 && t->point[p].pv < 0 &&
                 day < EX_SLOTS - 31 * MIZO_DAY_SLOTS) {
            lose(t, p, day, day + 30 * MIZO_DAY_SLOTS);
            months_lost++;
        }
    }
}

/* ---- the vans ---- */

static mizo_ms at_minute(const ex_town *t, int d, int minute)
{
    return mizo_slot_ms(mizo_day_slot(t->first + d, MIZO_JAPAN_OFFSET)) + (int64_t)minute * 60000;
}

static bool drives(const ex_town *t, int d)
{
    mizo_daytype type = mizo_day_type(t->first + d);
    return d < EX_DAYS && (type == MIZO_WEEKDAY || type == MIZO_SATURDAY);
}

static int next_drive(const ex_town *t, int d)
{
    do
        d++;
    while (d < EX_DAYS && !drives(t, d));
    return d;
}

static int leaves(const ex_town *t, int van, int d)
{
    return 420 + (int)(75 * ex_chance(t, EX_R_VAN, (uint64_t)(van << 10 | d), 0));
}

/* Back in the evening, away on the next working morning; now and then an hour's stop at noon
 * before a longer round, told as short notice. */
mizo_err ex_sessions(ex_town *t)
{
    size_t most = (size_t)EX_VANS * EX_DAYS * 2;
    t->session = arena_take(t->mem, most * sizeof *t->session);
    if (!t->session)
        return MIZO_ENOMEM;
    for (int d = 0; d < EX_DAYS; d++)
        for (int van = 0; van < EX_VANS && drives(t, d); van++) {
            uint64_t key = (uint64_t)(van << 10 | d);
            if (ex_chance(t, EX_R_VAN, key, 1) < 0.04)
                continue; /* not out today: still full */
            double km = 45 + 35 * ex_chance(t, EX_R_VAN, key, 2) + (van % 5) * 6;
            bool noon = ex_chance(t, EX_R_VAN, key, 3) < 0.03;
            if (noon) {
                int in = 705 + (int)(30 * ex_chance(t, EX_R_VAN, key, 4));
                t->session[t->nsession++] =
                    (ex_session){ van, at_minute(t, d, in), at_minute(t, d, in + 75), 1800 + van * 20 };
            }
            int home = 1050 + (int)(120 * ex_chance(t, EX_R_VAN, key, 5));
            int away = next_drive(t, d);
            int32_t need = (int32_t)(km * 220) - (noon ? 1800 + van * 20 : 0);
            t->session[t->nsession++] =
                (ex_session){ van, at_minute(t, d, home), at_minute(t, away, leaves(t, van, away)), need };
        }
    return MIZO_OK;
}
