/* readings.c: see readings.h. */
#include "town/import/readings.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "mizo/messages/operator.h"
#include "mizo/metering.h"

const char *const readings_rules[] = { "linear-1", "same-slot-last-week", NULL };
enum { RULE_LINEAR, RULE_WEEK };

static mizo_err read_point(town *t, const char *point, mizo_quantity q, mizo_day day, mizo_ms as_of,
                           int32_t v[MIZO_DAY_SLOTS], uint8_t qs[MIZO_DAY_SLOTS])
{
    mizo_series_key key = store_key(point, q, MIZO_ROLE_READING);
    int32_t id;
    mizo_err e = t->store->ops->series_id(t->store, &key, false, &id);
    if (!e)
        return store_read_day(t->store, id, day, as_of, v, qs);
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        v[i] = MIZO_MISSING;
        qs[i] = MIZO_QUALITY_ABSENT;
    }
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* ---- losses ---- */

static void take_loss(town *t, mizo_voltage voltage, mizo_day day, readings_day *out)
{
    const mizo_param *p = mizo_param_on(t->region, "loss-rate", mizo_voltage_word(voltage), day);
    snprintf(out->voltage, sizeof out->voltage, "%s", mizo_voltage_word(voltage));
    out->loss_ppm = -1;
    if (!p || p->value_e6 < 0 || p->value_e6 >= MIZO_PPM)
        return;
    out->loss_ppm = (int32_t)p->value_e6;
    snprintf(out->source, sizeof out->source, "%.199s", p->source);
    snprintf(out->mark, sizeof out->mark, "%s", mizo_mark_text(p->mark));
}

static mizo_err adjust(readings_day *d)
{
    int64_t v;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        d->adjusted[i] = MIZO_MISSING;
        if (d->wh[i] == MIZO_MISSING)
            continue;
        d->known++;
        d->sum_wh += d->wh[i];
        if (d->loss_ppm < 0 || d->mixed_loss)
            continue;
        MIZO_TRY(mizo_mul_div(d->wh[i], MIZO_PPM, MIZO_PPM - d->loss_ppm, MIZO_ROUND_HALF_UP, &v));
        if (v > INT32_MAX || v <= INT32_MIN)
            return MIZO_ERANGE;
        d->adjusted[i] = (int32_t)v;
        d->sum_adjusted_wh += v;
    }
    return MIZO_OK;
}

/* ---- virtual points ---- */

/* From the strongest evidence to the weakest. */
static int weakness(uint8_t q)
{
    static const uint8_t order[] = { MIZO_QUALITY_MEASURED,  MIZO_QUALITY_MANUAL, MIZO_QUALITY_PROVISIONAL,
                                     MIZO_QUALITY_ESTIMATED, MIZO_QUALITY_SPLIT,  MIZO_QUALITY_FILLED,
                                     MIZO_QUALITY_SIMULATED, MIZO_QUALITY_ABSENT };
    for (int i = 0; i < (int)sizeof order; i++)
        if (order[i] == q)
            return i;
    return (int)sizeof order;
}

static void add_term(int64_t sum[MIZO_DAY_SLOTS], readings_day *out, const int32_t *v, const uint8_t *q,
                     int sign)
{
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        if (v[i] == MIZO_MISSING || out->q[i] == MIZO_QUALITY_ABSENT) {
            out->q[i] = MIZO_QUALITY_ABSENT;
            continue;
        }
        sum[i] += sign * (int64_t)v[i];
        if (weakness(q[i]) > weakness(out->q[i]))
            out->q[i] = q[i];
    }
}

static mizo_err sum_terms(town *t, const mizo_virtual_term *term, int n, mizo_quantity q, mizo_day day,
                          mizo_ms as_of, readings_day *out)
{
    int64_t sum[MIZO_DAY_SLOTS] = { 0 };
    int32_t v[MIZO_DAY_SLOTS];
    uint8_t qs[MIZO_DAY_SLOTS];
    memset(out->q, MIZO_QUALITY_MEASURED, sizeof out->q);
    for (int i = 0; i < n; i++) {
        const mizo_point *p = &t->region->point[term[i].point];
        MIZO_TRY(read_point(t, p->id, q, day, as_of, v, qs));
        add_term(sum, out, v, qs, term[i].sign);
        if (i == 0)
            take_loss(t, p->voltage, day, out);
        else
            out->mixed_loss |= strcmp(out->voltage, mizo_voltage_word(p->voltage)) != 0;
    }
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        bool there = out->q[i] != MIZO_QUALITY_ABSENT;
        if (there && (sum[i] > INT32_MAX || sum[i] <= INT32_MIN))
            return MIZO_ERANGE;
        out->wh[i] = there ? (int32_t)sum[i] : MIZO_MISSING;
    }
    return MIZO_OK;
}

static mizo_err unknown(town *t, const char *id)
{
    MIZO_DIAG(t->diags, READINGS_UNKNOWN, MIZO_NOWHERE, id);
    return MIZO_ENOENT;
}

static mizo_err find_virtual(town *t, const char *id, mizo_day day, const mizo_virtual **out)
{
    char text[MIZO_DATE_TEXT];
    mizo_ref i = mizo_region_virtual(t->region, id);
    if (i < 0)
        return unknown(t, id);
    *out = &t->region->virtual_point[i];
    if (day >= (*out)->from && day < (*out)->to)
        return MIZO_OK;
    mizo_day_text(day, text);
    MIZO_DIAG(t->diags, READINGS_VIRTUAL_THEN, MIZO_AT("virtual.csv", (*out)->line, 0), id, text);
    return MIZO_ENOENT;
}

/* A point that is read itself; -1: none. */
static mizo_ref metered(const mizo_region *r, const char *id)
{
    mizo_ref p = mizo_region_point(r, id);
    return p >= 0 && r->point[p].reading != MIZO_BY_VIRTUAL ? p : -1;
}

mizo_err readings_of(town *t, const char *id, mizo_quantity q, mizo_day day, mizo_ms as_of, readings_day *out)
{
    const mizo_virtual *v;
    mizo_virtual_term term[MIZO_VIRTUAL_TERMS];
    int n;
    size_t at;
    memset(out, 0, sizeof *out);
    mizo_ref point = metered(t->region, id);
    if (point >= 0) {
        take_loss(t, t->region->point[point].voltage, day, out);
        MIZO_TRY(read_point(t, id, q, day, as_of, out->wh, out->q));
        return adjust(out);
    }
    MIZO_TRY(find_virtual(t, id, day, &v));
    MIZO_TRY(mizo_virtual_terms(t->region, v->formula, term, &n, &at));
    out->virtual_point = true;
    MIZO_TRY(sum_terms(t, term, n, q, day, as_of, out));
    return adjust(out);
}

mizo_err readings_may_bill(town *t, const char *id, mizo_day day)
{
    const mizo_virtual *v;
    if (metered(t->region, id) >= 0)
        return MIZO_OK;
    MIZO_TRY(find_virtual(t, id, day, &v));
    if (v->billing && *v->basis)
        return MIZO_OK;
    MIZO_DIAG(t->diags, READINGS_NO_BASIS, MIZO_AT("virtual.csv", v->line, 0), id);
    return MIZO_EINPUT;
}

/* ---- filling ---- */

typedef struct filling {
    town *t;
    const char *point, *actor;
    int rule;
    bool dry;
    readings_fill *out;
} filling;

static mizo_err keep_estimate(const filling *f, mizo_day day, const int32_t *was, const int32_t *v)
{
    char id[MIZO_ID_MAX + 16], d[MIZO_DATE_TEXT];
    buf b;
    json j;
    bool changed;
    mizo_day_text(day, d);
    snprintf(id, sizeof id, "%s-%.4s%.2s%.2s", f->point, d, d + 5, d + 8);
    buf_init(&b, 1 << 14);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_text(&j, "point", f->point);
    json_day(&j, "day", day);
    json_text(&j, "rule", readings_rules[f->rule]);
    json_text(&j, "who", f->actor);
    json_array(&j, "slots");
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        if (was[i] == MIZO_MISSING && v[i] != MIZO_MISSING)
            json_int(&j, NULL, i + 1);
    json_end(&j);
    json_ints(&j, "wh", v, MIZO_DAY_SLOTS);
    json_end(&j);
    mizo_err e = b.err ? b.err : f->t->store->ops->record_put(f->t->store, "estimate", id, b.p, &changed);
    buf_fini(&b);
    return e;
}

/* linear-1 looks over midnight on both sides. */
static mizo_err fill_linear(const filling *f, mizo_day day, int32_t *v, uint8_t *q, int *filled)
{
    int32_t wide[MIZO_DAY_SLOTS + 2], other[MIZO_DAY_SLOTS];
    uint8_t qs[MIZO_DAY_SLOTS], wide_q[MIZO_DAY_SLOTS + 2];
    MIZO_TRY(read_point(f->t, f->point, MIZO_Q_IMPORT, day - 1, STORE_LATEST, other, qs));
    wide[0] = other[MIZO_DAY_SLOTS - 1];
    MIZO_TRY(read_point(f->t, f->point, MIZO_Q_IMPORT, day + 1, STORE_LATEST, other, qs));
    wide[MIZO_DAY_SLOTS + 1] = other[0];
    memcpy(wide + 1, v, MIZO_DAY_SLOTS * sizeof *v);
    memcpy(wide_q + 1, q, MIZO_DAY_SLOTS);
    *filled = mizo_fill_linear(wide, wide_q, MIZO_DAY_SLOTS + 2);
    memcpy(v, wide + 1, MIZO_DAY_SLOTS * sizeof *v);
    memcpy(q, wide_q + 1, MIZO_DAY_SLOTS);
    return MIZO_OK;
}

static mizo_err fill_week(const filling *f, mizo_day day, int32_t *v, uint8_t *q, int *filled)
{
    int32_t week[MIZO_DAY_SLOTS];
    uint8_t qs[MIZO_DAY_SLOTS];
    MIZO_TRY(read_point(f->t, f->point, MIZO_Q_IMPORT, day - 7, STORE_LATEST, week, qs));
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) /* what was filled is no ground to fill from */
        if (qs[i] == MIZO_QUALITY_FILLED)
            week[i] = MIZO_MISSING;
    *filled = mizo_fill_last_week(v, q, week, MIZO_DAY_SLOTS);
    return MIZO_OK;
}

static mizo_err write_day(const filling *f, mizo_day day, const int32_t *was, const int32_t *v,
                          const uint8_t *q)
{
    store *s = f->t->store;
    mizo_series_key key = store_key(f->point, MIZO_Q_IMPORT, MIZO_ROLE_READING);
    int32_t id;
    bool changed;
    MIZO_TRY(s->ops->series_id(s, &key, true, &id));
    MIZO_TRY(store_write_day(s, id, day, v, q, MIZO_DAY_SLOTS, &changed));
    return keep_estimate(f, day, was, v);
}

static mizo_err fill_day(const filling *f, mizo_day day)
{
    int32_t v[MIZO_DAY_SLOTS], was[MIZO_DAY_SLOTS];
    uint8_t q[MIZO_DAY_SLOTS];
    int filled = 0;
    MIZO_TRY(read_point(f->t, f->point, MIZO_Q_IMPORT, day, STORE_LATEST, v, q));
    memcpy(was, v, sizeof was);
    MIZO_TRY(f->rule == RULE_LINEAR ? fill_linear(f, day, v, q, &filled) : fill_week(f, day, v, q, &filled));
    f->out->slots += filled;
    f->out->days += filled > 0;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        f->out->left += v[i] == MIZO_MISSING;
    return filled && !f->dry ? write_day(f, day, was, v, q) : MIZO_OK;
}

static mizo_err fill_days(const filling *f, mizo_day from, mizo_day to)
{
    for (mizo_day d = from; d < to; d++)
        MIZO_TRY(fill_day(f, d));
    return MIZO_OK;
}

static mizo_err rule_of(town *t, const char *rule, int *out)
{
    for (*out = 0; readings_rules[*out]; ++*out)
        if (strcmp(readings_rules[*out], rule) == 0)
            return MIZO_OK;
    MIZO_DIAG(t->diags, READINGS_RULE, MIZO_NOWHERE, rule, "linear-1, same-slot-last-week");
    return MIZO_EINPUT;
}

mizo_err readings_fill_gaps(town *t, const char *point, mizo_day from, mizo_day to, const char *rule,
                            const char *actor, bool dry, readings_fill *out)
{
    store *s = t->store;
    filling f = { .t = t, .point = point, .actor = actor, .dry = dry, .out = out };
    memset(out, 0, sizeof *out);
    MIZO_TRY(rule_of(t, rule, &f.rule));
    if (mizo_region_point(t->region, point) < 0)
        return unknown(t, point);
    if (dry)
        return fill_days(&f, from, to);
    store_batch b = { .known = town_now(t), .actor = actor, .source = "readings fill", .note = "" };
    MIZO_TRY(s->ops->batch_begin(s, &b));
    mizo_err e = fill_days(&f, from, to);
    if (!e && out->slots)
        return s->ops->batch_commit(s);
    s->ops->batch_rollback(s);
    return e;
}
