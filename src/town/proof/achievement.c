/* achievement.c: a fiscal year of the town, from slots, bills, lamp tables and contracts. */
#include "town/proof/achievement.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { NO_DAY = 0, BY_SLOTS, BY_BILL, BY_PARTS };

/* Slots of a day that is not whole: of use only where no bill covers the day. */
typedef struct part {
    mizo_ref point;
    int day; /* of the year */
    mizo_wh wh[MIZO_GRADES];
} part;

/* One point on the day in hand. */
typedef struct meter_day {
    int32_t import[48], export[48], pv[48];
    uint8_t import_q[48], pv_q[48];
    bool any;
} meter_day;

typedef struct target {
    mizo_ref point; /* -1: of no use here */
    uint8_t quantity;
} target;

typedef struct year {
    const mizo_region *region;
    const bool *only; /* [npoint] the points that are looked at; NULL: all */
    achievement_own *out;
    mizo_day first;
    int days;
    uint8_t *covered;  /* [npoint][days] */
    mizo_ref *menu;    /* [npoint][days] of the contract, -1 none */
    uint8_t *edge;     /* [npoint][days] others use the point from that day on */
    target *by_series; /* by series number */
    size_t cap;
    meter_day *now; /* [npoint] */
    int day;        /* in hand, -1 none */
    part *parts;
    size_t npart, part_cap;
    achievement_sink sink; /* NULL: nobody wants to know */
    void *sink_arg;
    mizo_err err; /* of the sink */
} year;

static bool wanted(const year *y, mizo_ref p)
{
    return p >= 0 && (!y->only || y->only[p]);
}

static uint8_t *covered_at(const year *y, mizo_ref p, int day)
{
    return &y->covered[(size_t)p * (size_t)y->days + (size_t)day];
}

static mizo_ref menu_at(const year *y, mizo_ref p, int day)
{
    return y->menu[(size_t)p * (size_t)y->days + (size_t)day];
}

static int32_t ppm_at(const year *y, mizo_ref p, int day)
{
    mizo_ref menu = menu_at(y, p, day);
    return menu < 0 ? 0 : y->region->menu[menu].renewable_ppm;
}

/* ---- adding up ---- */

static void hand_out(year *y, const achievement_piece *p)
{
    if (y->sink && !y->err)
        y->err = y->sink(y->sink_arg, p);
}

/* Energy that a point took on a day, or on a run of days with one menu. */
static void add_import(year *y, mizo_ref point, int day, int days, achievement_from from, int grade,
                       mizo_wh wh)
{
    mizo_achievement *a = &y->out->a;
    int32_t ppm = ppm_at(y, point, day);
    mizo_wh green = 0;
    if (mizo_mul_div(wh, ppm, MIZO_PPM, MIZO_ROUND_DOWN, &green))
        green = 0; /* cannot be: a share is not above the whole */
    hand_out(y, &(achievement_piece){ point, y->first + day, days, wh, green, menu_at(y, point, day),
                                      (uint8_t)grade, from });
    a->demand_wh += wh;
    a->demand_by_grade[grade] += wh;
    a->supply_wh += green;
    a->supply_by_grade[grade] += green;
}

static void add_self(year *y, mizo_ref point, int grade, mizo_wh wh)
{
    mizo_achievement *a = &y->out->a;
    hand_out(y, &(achievement_piece){ point, y->first + y->day, 1, wh, wh, -1, (uint8_t)grade, FROM_ROOF });
    y->out->self_wh += wh;
    a->demand_wh += wh;
    a->demand_by_grade[grade] += wh;
    a->supply_wh += wh;
    a->supply_by_grade[grade] += wh;
}

/* ---- slots ---- */

static mizo_err keep_part(year *y, mizo_ref p, const mizo_wh wh[MIZO_GRADES])
{
    MIZO_TRY(array_grow(&y->parts, &y->part_cap, y->npart + 1, sizeof *y->parts));
    part *x = &y->parts[y->npart++];
    x->point = p;
    x->day = y->day;
    memcpy(x->wh, wh, sizeof x->wh);
    return MIZO_OK;
}

static mizo_err end_point(year *y, mizo_ref p, const meter_day *m)
{
    mizo_wh wh[MIZO_GRADES] = { 0 };
    int have = 0;
    for (int s = 0; s < 48; s++) {
        if (m->import[s] != MIZO_MISSING && m->import[s] >= 0) {
            wh[m->import_q[s] & 7] += m->import[s];
            have++;
        }
        int32_t made = m->pv[s] == MIZO_MISSING ? 0 : m->pv[s];
        int32_t out = m->export[s] == MIZO_MISSING ? 0 : m->export[s];
        if (made > out)
            add_self(y, p, m->pv_q[s] & 7, made - out);
    }
    if (have > 0 && have < 48)
        return keep_part(y, p, wh);
    for (int g = 0; have && g < MIZO_GRADES; g++)
        add_import(y, p, y->day, 1, FROM_SLOTS, g, wh[g]);
    if (have)
        *covered_at(y, p, y->day) = BY_SLOTS;
    return MIZO_OK;
}

static void clear_point(meter_day *m)
{
    m->any = false;
    for (int s = 0; s < 48; s++)
        m->import[s] = m->export[s] = m->pv[s] = MIZO_MISSING;
}

static mizo_err end_day(year *y)
{
    for (size_t i = 0; y->day >= 0 && i < y->region->npoint; i++) {
        if (!y->now[i].any)
            continue;
        MIZO_TRY(end_point(y, (mizo_ref)i, &y->now[i]));
        clear_point(&y->now[i]);
    }
    return MIZO_OK;
}

static mizo_err on_series(void *arg, int32_t id, const mizo_series_key *key)
{
    year *y = arg;
    mizo_ref ref = -1;
    if (id < 0 || key->role != MIZO_ROLE_READING || key->step_min != 30 || key->exponent != 0)
        return MIZO_OK;
    if (key->quantity == MIZO_Q_IMPORT || key->quantity == MIZO_Q_EXPORT)
        ref = mizo_region_point(y->region, key->owner);
    mizo_ref pv = key->quantity == MIZO_Q_GENERATION ? mizo_region_pv(y->region, key->owner) : -1;
    if (pv >= 0)
        ref = y->region->pv[pv].point;
    ref = wanted(y, ref) ? ref : -1;
    size_t before = y->cap;
    MIZO_TRY(array_grow(&y->by_series, &y->cap, (size_t)id + 1, sizeof *y->by_series));
    for (size_t i = before; i < y->cap; i++)
        y->by_series[i].point = -1;
    y->by_series[id] = (target){ ref, key->quantity };
    return MIZO_OK;
}

static void add_pv(meter_day *m, const int32_t v[48], const uint8_t q[48])
{
    for (int s = 0; s < 48; s++) {
        if (v[s] == MIZO_MISSING || v[s] < 0)
            continue;
        int64_t sum = m->pv[s] == MIZO_MISSING ? v[s] : (int64_t)m->pv[s] + v[s];
        m->pv[s] = sum > INT32_MAX ? INT32_MAX : (int32_t)sum;
        m->pv_q[s] = q[s];
    }
}

/* A day of one series into its point's day. */
static mizo_err take_day(meter_day *m, uint8_t quantity, const store_day *d)
{
    int32_t v[48];
    uint8_t q[48];
    mizo_block b = { .n = 48, .v = v, .q = q };
    if (mizo_block_unpack(d->packed, d->len, &b))
        return MIZO_ESTORE;
    m->any = true;
    if (quantity == MIZO_Q_GENERATION) {
        add_pv(m, v, q);
        return MIZO_OK;
    }
    bool in = quantity == MIZO_Q_IMPORT;
    memcpy(in ? m->import : m->export, v, sizeof v);
    if (in)
        memcpy(m->import_q, q, sizeof q);
    return MIZO_OK;
}

static mizo_err on_day(void *arg, const store_day *d)
{
    year *y = arg;
    int day = d->day - y->first;
    if (d->series < 0 || (size_t)d->series >= y->cap || y->by_series[d->series].point < 0)
        return MIZO_OK;
    if (day != y->day) {
        MIZO_TRY(end_day(y));
        y->day = day;
    }
    const target *t = &y->by_series[d->series];
    return take_day(&y->now[t->point], t->quantity, d);
}

/* ---- bills ---- */

/* Energy of the first n days of a bill: whatever way its days are cut, the pieces come to the whole. */
static mizo_wh up_to(const store_period *p, mizo_day day)
{
    mizo_wh wh = 0;
    if (mizo_mul_div(p->energy_wh, day - p->from, p->to - p->from, MIZO_ROUND_DOWN, &wh))
        return 0; /* cannot be: the quotient is not above energy_wh */
    return wh;
}

/* True if every day of the bill lies in the year and has no whole day of slots. */
static bool whole_bill(const year *y, const store_period *p, mizo_ref point)
{
    if (p->from < y->first || p->to > y->first + y->days)
        return false;
    for (mizo_day d = p->from; d < p->to; d++)
        if (*covered_at(y, point, d - y->first) != NO_DAY)
            return false;
    return true;
}

/* A bill is cut where the menu or the users change: its days before and after are of other hands. */
static bool goes_on(const year *y, mizo_ref point, int day)
{
    return menu_at(y, point, day) == menu_at(y, point, day - 1) &&
           !y->edge[(size_t)point * (size_t)y->days + (size_t)day];
}

static mizo_err on_period(void *arg, const store_period *p)
{
    year *y = arg;
    mizo_ref point = mizo_region_point(y->region, p->point);
    if (!wanted(y, point) || p->quantity != MIZO_Q_IMPORT || p->to <= p->from || p->energy_wh < 0)
        return MIZO_OK;
    int grade = whole_bill(y, p, point) ? p->quality & 7 : MIZO_QUALITY_SPLIT;
    mizo_day from = p->from > y->first ? p->from : y->first, end = y->first + y->days;
    mizo_day to = p->to < end ? p->to : end;
    for (mizo_day d = from; d < to;) {
        int day = d - y->first;
        if (*covered_at(y, point, day) != NO_DAY) {
            d++;
            continue;
        }
        mizo_day stop = d;
        while (stop < to && *covered_at(y, point, stop - y->first) == NO_DAY &&
               (stop == d || goes_on(y, point, stop - y->first)))
            *covered_at(y, point, stop++ - y->first) = BY_BILL;
        add_import(y, point, day, stop - d, FROM_BILL, grade, up_to(p, stop) - up_to(p, d));
        d = stop;
    }
    return MIZO_OK;
}

static void add_parts(year *y)
{
    for (size_t i = 0; i < y->npart; i++) {
        const part *x = &y->parts[i];
        if (*covered_at(y, x->point, x->day) != NO_DAY)
            continue;
        *covered_at(y, x->point, x->day) = BY_PARTS;
        for (int g = 0; g < MIZO_GRADES; g++)
            add_import(y, x->point, x->day, 1, FROM_SLOTS, g, x->wh[g]);
    }
}

/* ---- lamps, and what nobody reads ---- */

/* Wh of a lamp table in n days. */
static mizo_wh lamp_wh(const mizo_point *p, int64_t n)
{
    int64_t wh = 0;
    if (mizo_mul_div(p->lamp_mw, p->lamp_minutes * n, 60000, MIZO_ROUND_DOWN, &wh))
        return 0;
    return wh;
}

static bool valid_on(const mizo_point *p, mizo_day d)
{
    return d >= p->from && d < p->to;
}

static void add_lamps(year *y, mizo_ref at)
{
    const mizo_point *p = &y->region->point[at];
    int64_t n = 0;
    for (int day = 0; day < y->days; day++) {
        if (!valid_on(p, y->first + day) || *covered_at(y, at, day) != NO_DAY)
            continue;
        add_import(y, at, day, 1, FROM_LAMP, MIZO_QUALITY_ESTIMATED, lamp_wh(p, n + 1) - lamp_wh(p, n));
        *covered_at(y, at, day) = BY_BILL;
        n++;
    }
}

static void count_points(year *y)
{
    for (size_t i = 0; i < y->region->npoint; i++) {
        const mizo_point *p = &y->region->point[i];
        int due = 0, read = 0;
        if (!wanted(y, (mizo_ref)i) || p->reading == MIZO_BY_VIRTUAL) /* its terms are read, not it */
            continue;
        if (p->reading == MIZO_BY_LAMP)
            add_lamps(y, (mizo_ref)i);
        for (int day = 0; day < y->days; day++) {
            due += valid_on(p, y->first + day);
            read += *covered_at(y, (mizo_ref)i, day) != NO_DAY;
        }
        y->out->points += due > 0;
        y->out->silent += due > 0 && read == 0;
        y->out->missing_days += due > read ? due - read : 0;
    }
}

/* ---- who has not reported ---- */

bool achievement_reported(const mizo_region *r, mizo_ref facility, int fy, mizo_day by)
{
    for (size_t i = 0; i < r->nreported; i++)
        if (r->reported[i].facility == facility && r->reported[i].fy == fy)
            return r->reported[i].on != MIZO_DAY_NONE && r->reported[i].on <= by;
    return false;
}

static mizo_err count_facilities(year *y, int fy, mizo_ms as_of)
{
    mizo_day by =
        as_of == STORE_LATEST ? MIZO_DAY_NONE : mizo_slot_day(mizo_ms_slot(as_of), y->region->offset);
    const mizo_region *r = y->region;
    y->out->unreported = malloc((r->nfacility + 1) * sizeof *y->out->unreported);
    if (!y->out->unreported)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < r->nfacility; i++) {
        if (r->facility[i].from >= y->first + y->days || r->facility[i].to <= y->first)
            continue;
        y->out->a.facilities++;
        if (!achievement_reported(r, (mizo_ref)i, fy, by))
            y->out->unreported[y->out->nunreported++] = (mizo_ref)i;
    }
    y->out->a.unreported = (int)y->out->nunreported;
    return MIZO_OK;
}

/* ---- the year ---- */

/* Contracts stand by point and beginning; the one that began last holds. */
static void set_menus(year *y, const mizo_supply *x, mizo_day until)
{
    mizo_day from = x->from > y->first ? x->from : y->first, end = y->first + y->days;
    end = until < end ? until : end;
    for (mizo_day d = from; d < end; d++)
        y->menu[(size_t)x->point * (size_t)y->days + (size_t)(d - y->first)] = d < x->to ? x->menu : -1;
}

static void set_terms(year *y)
{
    const mizo_region *r = y->region;
    for (size_t i = 0; i < r->nsupply; i++)
        set_menus(y, &r->supply[i],
                  i + 1 < r->nsupply && r->supply[i + 1].point == r->supply[i].point ? r->supply[i + 1].from
                                                                                     : y->first + y->days);
    for (size_t i = 0; i < r->nuse; i++)
        for (int k = 0; k < 2; k++) {
            mizo_day d = k ? r->use[i].to : r->use[i].from;
            if (d >= y->first && d < y->first + y->days)
                y->edge[(size_t)r->use[i].point * (size_t)y->days + (size_t)(d - y->first)] = 1;
        }
}

static mizo_err year_room(year *y)
{
    size_t n = y->region->npoint + 1;
    y->covered = calloc(n * (size_t)y->days, 1);
    y->edge = calloc(n * (size_t)y->days, 1);
    y->menu = malloc(n * (size_t)y->days * sizeof *y->menu);
    y->now = calloc(n, sizeof *y->now);
    if (!y->covered || !y->edge || !y->menu || !y->now)
        return MIZO_ENOMEM;
    memset(y->menu, -1, n * (size_t)y->days * sizeof *y->menu);
    for (size_t i = 0; i < y->region->npoint; i++)
        clear_point(&y->now[i]);
    set_terms(y);
    return MIZO_OK;
}

static void year_free(year *y)
{
    free(y->covered);
    free(y->edge);
    free(y->menu);
    free(y->now);
    free(y->by_series);
    free(y->parts);
}

/* ---- as of an instant: series by series, point by point ---- */

typedef struct point_year {
    year *y;
    meter_day *days; /* [y->days] */
    uint8_t quantity;
} point_year;

static mizo_err on_point_day(void *arg, const store_day *d)
{
    point_year *x = arg;
    return take_day(&x->days[d->day - x->y->first], x->quantity, d);
}

static mizo_err read_point(store *s, year *y, mizo_ref p, mizo_ms as_of, meter_day *days)
{
    point_year x = { y, days, 0 };
    bool any = false;
    for (size_t i = 0; i < y->cap; i++) {
        if (y->by_series[i].point != p)
            continue;
        for (int d = 0; d < y->days && !any; d++)
            clear_point(&days[d]);
        x.quantity = y->by_series[i].quantity;
        mizo_err e = s->ops->days_of(s, (int32_t)i, y->first, y->first + y->days, as_of, on_point_day, &x);
        if (e && e != MIZO_ENOENT)
            return e;
        any = true;
    }
    for (y->day = 0; y->day < y->days && any; y->day++)
        if (days[y->day].any)
            MIZO_TRY(end_point(y, p, &days[y->day]));
    return MIZO_OK;
}

static mizo_err read_points(store *s, year *y, mizo_ms as_of)
{
    meter_day *days = malloc((size_t)y->days * sizeof *days);
    mizo_err e = days ? MIZO_OK : MIZO_ENOMEM;
    for (size_t p = 0; p < y->region->npoint && !e; p++)
        e = read_point(s, y, (mizo_ref)p, as_of, days);
    free(days);
    return e;
}

/* The slots of the year: in one scan if they are wanted as of now. */
static mizo_err read_slots(store *s, year *y, mizo_ms as_of)
{
    MIZO_TRY(s->ops->series_scan(s, on_series, y));
    if (as_of != STORE_LATEST || y->only)
        return read_points(s, y, as_of);
    MIZO_TRY(s->ops->days_all(s, y->first, y->first + y->days, on_day, y));
    return end_day(y);
}

static mizo_err fill(store *s, year *y, int fy, mizo_ms as_of)
{
    MIZO_TRY(year_room(y));
    MIZO_TRY(read_slots(s, y, as_of));
    MIZO_TRY(s->ops->period_scan(s, NULL, y->first, y->first + y->days, as_of, on_period, y));
    add_parts(y);
    count_points(y);
    MIZO_TRY(count_facilities(y, fy, as_of));
    return mizo_achievement_rate(&y->out->a);
}

mizo_err achievement_of_year(store *s, const mizo_region *r, int fy, mizo_ms as_of, achievement_own *out)
{
    return achievement_walk(s, r, fy, as_of, NULL, NULL, out);
}

mizo_err achievement_walk(store *s, const mizo_region *r, int fy, mizo_ms as_of, achievement_sink sink,
                          void *arg, achievement_own *out)
{
    return achievement_walk_points(s, r, fy, as_of, NULL, sink, arg, out);
}

mizo_err achievement_walk_points(store *s, const mizo_region *r, int fy, mizo_ms as_of, const bool *only,
                                 achievement_sink sink, void *arg, achievement_own *out)
{
    *out = (achievement_own){ .a.fy = fy };
    year y = { .region = r,
               .only = only,
               .out = out,
               .first = mizo_fy_first(fy),
               .day = -1,
               .sink = sink,
               .sink_arg = arg };
    y.days = mizo_fy_first(fy + 1) - y.first;
    mizo_err err = fill(s, &y, fy, as_of);
    err = y.err ? y.err : err;
    year_free(&y);
    if (err && err != MIZO_ERANGE)
        achievement_free(out);
    return err;
}

void achievement_free(achievement_own *a)
{
    free(a->unreported);
    a->unreported = NULL;
    a->nunreported = 0;
}

/* ---- all pieces ---- */

static mizo_err keep_piece(void *arg, const achievement_piece *p)
{
    achievement_pieces *x = arg;
    MIZO_TRY(array_grow(&x->piece, &x->cap, x->n + 1, sizeof *x->piece));
    x->piece[x->n++] = *p;
    return MIZO_OK;
}

mizo_err achievement_pieces_read(store *s, const mizo_region *r, int fy, mizo_ms as_of, const bool *only,
                                 achievement_pieces *out)
{
    *out = (achievement_pieces){ 0 };
    mizo_err e = achievement_walk_points(s, r, fy, as_of, only, keep_piece, out, &out->own);
    if (e && e != MIZO_ERANGE)
        achievement_pieces_free(out);
    return e;
}

mizo_err achievement_pieces_each(const achievement_pieces *x, achievement_sink sink, void *arg)
{
    for (size_t i = 0; i < x->n; i++)
        MIZO_TRY(sink(arg, &x->piece[i]));
    return MIZO_OK;
}

void achievement_pieces_free(achievement_pieces *x)
{
    achievement_free(&x->own);
    free(x->piece);
    *x = (achievement_pieces){ 0 };
}
