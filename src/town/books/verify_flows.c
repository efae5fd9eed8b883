/* verify_flows.c: see verify_flows.h. */
#include "town/books/verify_flows.h"
#include "mizo/messages/books.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What can be wrong. Those up to LAST_FALSE make the store false; the others are odd and are said. */
typedef enum kind {
    UNBALANCED, /* more or less came in than went out */
    MADE,       /* the charge rose by more than was charged */
    BROKEN,     /* a flow below zero, or known without its fellows */
    LAST_FALSE = BROKEN,
    NOT_KEPT, /* a flow that would close the balance was never kept */
    MIDNIGHT, /* the charge jumped between two days: another model, another run */
    LOST,     /* more was lost than the batteries of this model lose */
    BELOW,    /* a register below zero */
    SENT,     /* panels alone, and more left through the meter than they made */
    KINDS
} kind;

typedef struct finding {
    int64_t count; /* slots; of NOT_KEPT days */
    mizo_ref point;
    mizo_slot slot; /* the first one */
    int64_t wh;     /* by how much */
} finding;

/* What a point is by its model, and where its charge stood. */
typedef struct past {
    bool panels, vehicles, runs, stores, givers;
    bool batteries;                    /* that lose no more than their efficiencies say */
    int64_t charge_ppm, discharge_ppm; /* the worst of its batteries */
    int nbattery;
    mizo_day day; /* the latest one seen */
    int64_t batch;
    int32_t soc, held; /* at its end */
} past;

struct verify_flows {
    const mizo_region *region;
    past *past; /* [npoint] */
    finding found[KINDS];
};

static void about_loads(const mizo_region *r, mizo_ref point, past *p)
{
    size_t first, n = mizo_region_load_of(r, point, &first);
    for (size_t i = first; i < first + n; i++) {
        const mizo_load *l = &r->load[i];
        p->runs = p->runs || l->kind == MIZO_LOAD_RUN;
        if (l->kind == MIZO_LOAD_DRAW && r->battery[l->battery].kind == MIZO_STORE_BATTERY)
            p->batteries = false; /* what is drawn is lost to it */
    }
    n = mizo_region_charger_of(r, point, &first);
    p->vehicles = n > 0;
    for (size_t i = first; i < first + n; i++)
        p->givers = p->givers || r->charger[i].give_w > 0;
}

static void about_point(const mizo_region *r, mizo_ref point, past *p)
{
    size_t first, n = mizo_region_battery_of(r, point, &first);
    bool lossless = true;
    p->day = MIZO_DAY_NONE;
    p->charge_ppm = p->discharge_ppm = MIZO_PPM;
    for (size_t i = first; i < first + n; i++) {
        const mizo_battery *b = &r->battery[i];
        p->stores = p->stores || b->kind != MIZO_STORE_BATTERY;
        if (b->kind != MIZO_STORE_BATTERY)
            continue;
        p->nbattery++;
        lossless = lossless && b->loss_ppm_h == 0;
        p->charge_ppm = b->charge_ppm < p->charge_ppm ? b->charge_ppm : p->charge_ppm;
        p->discharge_ppm = b->discharge_ppm < p->discharge_ppm ? b->discharge_ppm : p->discharge_ppm;
    }
    p->batteries = p->nbattery > 0 && lossless;
    p->panels = mizo_region_pv_of(r, point, &first) > 0;
    about_loads(r, point, p);
}

verify_flows *verify_flows_new(const mizo_region *r)
{
    verify_flows *f = calloc(1, sizeof *f);
    past *p = calloc(r->npoint + 1, sizeof *p);
    if (!f || !p) {
        free(f);
        free(p);
        return NULL;
    }
    f->region = r;
    f->past = p;
    for (size_t i = 0; i < r->npoint; i++)
        about_point(r, (mizo_ref)i, &p[i]);
    return f;
}

void verify_flows_free(verify_flows *f)
{
    if (f)
        free(f->past);
    free(f);
}

static void note(verify_flows *f, kind k, mizo_ref point, mizo_slot slot, int64_t wh)
{
    finding *x = &f->found[k];
    if (x->count++ && x->slot <= slot)
        return;
    x->point = point;
    x->slot = slot;
    x->wh = wh;
}

static int64_t known(int32_t v)
{
    return v == MIZO_MISSING ? 0 : v;
}

/* ---- a slot of the devices ---- */

typedef struct slot_flows {
    int32_t v[FLOW_ROWS];
} slot_flows;

/* True if the slot says something whole. */
static bool whole(const slot_flows *x, bool *broken)
{
    int meters = 0;
    *broken = false;
    for (int k = 0; k < FLOW_ROWS; k++) {
        meters += (k == FLOW_IMPORT || k == FLOW_EXPORT || k == FLOW_DEMAND) && x->v[k] != MIZO_MISSING;
        *broken = *broken || (x->v[k] < 0 && x->v[k] != MIZO_MISSING);
    }
    *broken = *broken || (meters != 0 && meters != 3);
    return !*broken && meters == 3;
}

/* What came in beyond what went out. */
static int64_t surplus(const slot_flows *x)
{
    return known(x->v[FLOW_IMPORT]) + known(x->v[FLOW_PV]) + known(x->v[FLOW_DISCHARGE]) -
           known(x->v[FLOW_EXPORT]) - known(x->v[FLOW_DEMAND]) - known(x->v[FLOW_VEHICLE]) -
           known(x->v[FLOW_CHARGE]) + known(x->v[FLOW_STORE_OUT]) + known(x->v[FLOW_GIVEN]) -
           known(x->v[FLOW_RUN]) - known(x->v[FLOW_STORE_IN]);
}

/* Into batteries and stores, less what came out as power. */
static int64_t into(const slot_flows *x)
{
    return known(x->v[FLOW_CHARGE]) - known(x->v[FLOW_DISCHARGE]) + known(x->v[FLOW_STORE_IN]) -
           known(x->v[FLOW_STORE_OUT]);
}

static void add_sums(const slot_flows *x, verify_result *out)
{
    out->slots++;
    out->sum.import += x->v[FLOW_IMPORT];
    out->sum.export += x->v[FLOW_EXPORT];
    out->sum.demand += x->v[FLOW_DEMAND];
    out->sum.pv += known(x->v[FLOW_PV]);
    out->sum.vehicle += known(x->v[FLOW_VEHICLE]) - known(x->v[FLOW_GIVEN]);
    out->sum.run += known(x->v[FLOW_RUN]);
    out->sum.into_storage += into(x);
    out->sum.drawn += known(x->v[FLOW_DRAWN]);
}

/* The balance of one slot; true if it was not kept well enough to be drawn up. */
static bool check_balance(verify_flows *f, mizo_ref i, uint16_t kept, mizo_slot slot, const slot_flows *x,
                          verify_result *out)
{
    const past *p = &f->past[i];
    bool broken;
    if (!whole(x, &broken)) {
        if (broken)
            note(f, BROKEN, i, slot, surplus(x));
        return false;
    }
    int64_t off = surplus(x);
    if (off == 0) {
        add_sums(x, out);
        return false;
    }
    bool may_lack = (p->panels && !(kept & 1u << FLOW_PV)) || (p->vehicles && !(kept & 1u << FLOW_VEHICLE)) ||
                    (p->runs && !(kept & 1u << FLOW_RUN)) || (p->stores && !(kept & 1u << FLOW_STORE_IN)) ||
                    (p->givers && !(kept & 1u << FLOW_GIVEN));
    if (!may_lack)
        note(f, UNBALANCED, i, slot, off);
    return may_lack;
}

/* What was stored before: of batteries, of stores. */
typedef struct level {
    int32_t soc, held;
} level;

static bool levels_known(const level *l)
{
    return l->soc != MIZO_MISSING || l->held != MIZO_MISSING;
}

/* How much more is stored than before in both; what is not known has not moved. */
static int64_t rise(const level *before, const slot_flows *x)
{
    int64_t sum = 0;
    if (before->soc != MIZO_MISSING && x->v[FLOW_SOC] != MIZO_MISSING)
        sum += (int64_t)x->v[FLOW_SOC] - before->soc;
    if (before->held != MIZO_MISSING && x->v[FLOW_HELD] != MIZO_MISSING)
        sum += (int64_t)x->v[FLOW_HELD] - before->held;
    return sum;
}

/* The charge moves by what went in and out, less what is lost on the way. */
static void check_stored(verify_flows *f, mizo_ref i, mizo_slot slot, const level *before,
                         const slot_flows *x, verify_result *out)
{
    const past *p = &f->past[i];
    int64_t all = rise(before, x), lost = into(x) - known(x->v[FLOW_DRAWN]) - all;
    int64_t in = known(x->v[FLOW_CHARGE]), away = known(x->v[FLOW_DISCHARGE]);
    level batteries = { before->soc, MIZO_MISSING };
    int64_t own = rise(&batteries, x);
    if (lost < 0 || own > in - away)
        note(f, MADE, i, slot, lost < 0 ? -lost : own - in + away);
    int64_t least_in = in * p->charge_ppm / MIZO_PPM - p->nbattery;
    int64_t most_out =
        p->discharge_ppm > 0 ? away * MIZO_PPM / p->discharge_ppm + p->nbattery : INT64_MAX / 4;
    if (p->batteries && own < least_in - most_out - 1)
        note(f, LOST, i, slot, least_in - most_out - own);
    out->sum.stored += all;
}

/* The first slot of a day against the evening before. */
static void check_midnight(verify_flows *f, const verify_day *d, mizo_ref i, const slot_flows *x,
                           verify_result *out)
{
    const past *p = &f->past[i];
    level before = { p->soc, p->held };
    if (p->day != d->day - 1 || d->batch[i] <= p->batch || !levels_known(&before))
        return;
    int64_t up = rise(&before, x), most = into(x) - known(x->v[FLOW_DRAWN]);
    if (up > most)
        note(f, MIDNIGHT, i, mizo_day_slot(d->day, f->region->offset), up - most);
    else
        out->sum.stored += up;
}

static void check_point(verify_flows *f, const verify_day *d, mizo_ref i, verify_result *out)
{
    past *p = &f->past[i];
    mizo_slot midnight = mizo_day_slot(d->day, f->region->offset);
    bool not_kept = false;
    level before = { MIZO_MISSING, MIZO_MISSING };
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        slot_flows x;
        for (int k = 0; k < FLOW_ROWS; k++)
            x.v[k] = d->done[k][i][s];
        not_kept = check_balance(f, i, d->kept[i], midnight + s, &x, out) || not_kept;
        if (s == 0)
            check_midnight(f, d, i, &x, out);
        else if (levels_known(&before))
            check_stored(f, i, midnight + s, &before, &x, out);
        before = (level){ x.v[FLOW_SOC], x.v[FLOW_HELD] };
    }
    if (not_kept)
        note(f, NOT_KEPT, i, midnight, 0);
    out->point_days++;
    p->day = d->day;
    p->batch = d->batch[i];
    p->soc = before.soc;
    p->held = before.held;
}

/* ---- what the meters read ---- */

static void check_meter(verify_flows *f, const verify_day *d, mizo_ref i)
{
    const past *p = &f->past[i];
    mizo_slot midnight = mizo_day_slot(d->day, f->region->offset);
    bool alone = p->panels && !p->batteries;
    for (int s = 0; s < MIZO_DAY_SLOTS; s++) {
        for (int k = 0; k < FLOW_READ; k++)
            if (d->read[k][i][s] < 0 && d->read[k][i][s] != MIZO_MISSING)
                note(f, BELOW, i, midnight + s, d->read[k][i][s]);
        int32_t made = d->read[FLOW_PV][i][s], sent = d->read[FLOW_EXPORT][i][s];
        if (alone && made != MIZO_MISSING && sent != MIZO_MISSING && sent > made)
            note(f, SENT, i, midnight + s, (int64_t)sent - made);
    }
}

void verify_flows_day(verify_flows *f, const verify_day *d, verify_result *out)
{
    for (size_t i = 0; i < f->region->npoint; i++) {
        check_meter(f, d, (mizo_ref)i);
        if (d->kept[i])
            check_point(f, d, (mizo_ref)i, out);
    }
}

/* ---- saying it ---- */

static void say(const verify_flows *f, kind k, mizo_msg id, mizo_diags *d)
{
    const finding *x = &f->found[k];
    if (!x->count)
        return;
    char day[MIZO_DATE_TEXT], when[MIZO_DATE_TEXT + 32], wh[24], count[24];
    int at = mizo_slot_of_day(x->slot, f->region->offset);
    mizo_day_text(mizo_slot_day(x->slot, f->region->offset), day);
    snprintf(when, sizeof when, "%s %02d:%02d", day, at / 2, at % 2 * 30);
    snprintf(wh, sizeof wh, "%" PRId64, x->wh);
    snprintf(count, sizeof count, "%" PRId64, x->count);
    mizo_diag_add(d, id, MIZO_NOWHERE, f->region->point[x->point].id, when, wh, count, (const char *)NULL);
}

void verify_flows_say(const verify_flows *f, mizo_diags *d, verify_result *out)
{
    static const mizo_msg id[KINDS] = {
        [UNBALANCED] = MIZO_MSG_FLOW_UNBALANCED, [MADE] = MIZO_MSG_FLOW_MADE,
        [BROKEN] = MIZO_MSG_FLOW_BROKEN,         [NOT_KEPT] = MIZO_MSG_FLOW_NOT_KEPT,
        [MIDNIGHT] = MIZO_MSG_FLOW_MIDNIGHT,     [LOST] = MIZO_MSG_FLOW_LOST,
        [BELOW] = MIZO_MSG_FLOW_BELOW,           [SENT] = MIZO_MSG_FLOW_SENT,
    };
    for (int k = 0; k < KINDS; k++) {
        const finding *x = &f->found[k];
        say(f, (kind)k, id[k], d);
        if (k > LAST_FALSE || !x->count)
            continue;
        out->ok = false;
        out->bad_slots += x->count;
        if (!out->bad_point[0] || x->slot < out->bad_slot) {
            snprintf(out->bad_point, sizeof out->bad_point, "%s", f->region->point[x->point].id);
            out->bad_slot = x->slot;
            out->bad_wh = x->wh;
        }
    }
    out->unproven = f->found[NOT_KEPT].count;
    out->odd = f->found[BELOW].count + f->found[SENT].count + f->found[LOST].count + f->found[MIDNIGHT].count;
}
