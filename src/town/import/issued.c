/* issued.c: forecasts. Each value is known from the instant of its issue on, so each instant is a batch
 * of its own; what is asked "as of" an instant is then what was known at it.
 *
 * The store keeps one version of a day for each day on which it became known: of two issues of one day the
 * later stands. An issue that is older than what is known of a day cannot be put beneath it: it is left out
 * and counted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/import.h"
#include "mizo/messages/weather.h"
#include "town/import/run.h"

enum { DAY_MS = 86400000 };

/* ---- gathering ---- */

static int32_t series_of(import_run *im, int32_t owner, const table_value *v)
{
    mizo_series_key key = store_key(im->owner[owner].id, (mizo_quantity)v->quantity, (mizo_role)v->role);
    key.step_min = v->step_min;
    for (size_t i = 0; i < im->nissued_series; i++) {
        const mizo_series_key *k = &im->issued_series[i];
        if (strcmp(k->owner, key.owner) == 0 && k->quantity == key.quantity && k->role == key.role &&
            k->step_min == key.step_min)
            return (int32_t)i;
    }
    if (array_grow(&im->issued_series, &im->issued_series_cap, im->nissued_series + 1,
                   sizeof *im->issued_series))
        return -1;
    im->issued_series[im->nissued_series] = key;
    return (int32_t)im->nissued_series++;
}

/* Nobody issues what has been, nor from a day to come. */
static bool issued_bad(const import_run *im, mizo_ms issued, const table_value *v, table_fault *f)
{
    char when[MIZO_INSTANT_TEXT], of[MIZO_INSTANT_TEXT];
    csv_field at = { "", 0, v->column };
    if (import_when_bad(im, v->at, v->step_min, true, f))
        return true;
    bool sane = issued > 0 && issued < 253402300800000;
    mizo_ms_text(sane ? issued : 0, im->t->region->offset, when);
    if (!sane || issued >= im->latest) {
        table_bad(f, MIZO_MSG_WEATHER_ISSUED_FUTURE, &at, when, NULL, NULL);
        return true;
    }
    if (v->at + (mizo_ms)v->step_min * 60000 > issued)
        return false;
    mizo_ms_text(v->at, im->t->region->offset, of);
    table_bad(f, MIZO_MSG_WEATHER_ISSUED_LATE, &at, of, when, NULL);
    return true;
}

mizo_err import_add_forecast(import_run *im, const csv_record *rec, const table_row *row, int32_t owner)
{
    table_fault f;
    for (int i = 0; i < row->nvalue; i++)
        if (issued_bad(im, row->issued, &row->value[i], &f)) {
            import_bad(im, row->line, rec, &f);
            return MIZO_OK;
        }
    im->r->blank += row->nmissing;
    MIZO_TRY(array_grow(&im->forecast, &im->forecast_cap, im->nforecast + (size_t)row->nvalue,
                        sizeof *im->forecast));
    for (int i = 0; i < row->nvalue; i++) {
        const table_value *v = &row->value[i];
        int32_t series = series_of(im, v->owner ? import_owner_known(im, v->owner) : owner, v);
        if (series < 0)
            return MIZO_ENOMEM;
        int offset = im->t->region->offset;
        mizo_day day = mizo_slot_day(mizo_ms_slot(v->at), offset);
        im->forecast[im->nforecast++] = (import_forecast){
            .issued = row->issued,
            .series = series,
            .day = day,
            .index = (int32_t)((v->at - table_day_ms(day, offset)) / ((mizo_ms)v->step_min * 60000)),
            .v = v->v,
            .line = row->line,
            .column = v->column,
            .quality = v->quality,
        };
    }
    return MIZO_OK;
}

static int in_order(const void *a, const void *b)
{
    const import_forecast *x = a, *y = b;
    if (x->issued != y->issued)
        return x->issued < y->issued ? -1 : 1;
    if (x->series != y->series)
        return x->series < y->series ? -1 : 1;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->index != y->index)
        return x->index < y->index ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

void import_check_forecasts(import_run *im)
{
    size_t n = 0;
    if (im->nforecast)
        qsort(im->forecast, im->nforecast, sizeof *im->forecast, in_order);
    for (size_t i = 0; i < im->nforecast; i++) {
        const import_forecast *x = &im->forecast[i], *before = n ? &im->forecast[n - 1] : NULL;
        bool again = before && before->issued == x->issued && before->series == x->series &&
                     before->day == x->day && before->index == x->index;
        if (again && before->v != x->v) {
            table_fault f;
            char first[16];
            csv_field at = { "", 0, x->column };
            snprintf(first, sizeof first, "%d", before->line);
            table_bad(&f, MIZO_MSG_IMPORT_DUPLICATE, &at, first, im->issued_series[x->series].owner, NULL);
            import_bad(im, x->line, NULL, &f);
        }
        if (!again)
            im->forecast[n++] = *x;
    }
    im->nforecast = n;
}

/* ---- writing ---- */

/* A day of a series as the store has it. */
typedef struct version {
    int64_t batch; /* 0: none */
    int n;
    int32_t v[MIZO_DAY_SLOTS];
    uint8_t q[MIZO_DAY_SLOTS];
} version;

static mizo_err take_version(void *arg, const store_day *d)
{
    version *x = arg;
    mizo_block b = { .n = x->n, .v = x->v, .q = x->q };
    x->batch = d->batch;
    return mizo_block_unpack(d->packed, d->len, &b) ? MIZO_ESTORE : MIZO_OK;
}

static mizo_err read_version(import_run *im, int32_t id, mizo_day day, mizo_ms as_of, version *x)
{
    x->batch = 0;
    for (int i = 0; i < x->n; i++) {
        x->v[i] = MIZO_MISSING;
        x->q[i] = MIZO_QUALITY_ABSENT;
    }
    mizo_err e = im->t->store->ops->day_get(im->t->store, id, day, as_of, take_version, x);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* Values [0, n) of one issue, series and day. */
typedef struct piece {
    const import_forecast *x;
    size_t n;
} piece;

static void count_same(import_run *im, const piece *p, const version *was, bool superseded)
{
    for (size_t i = 0; i < p->n; i++) {
        bool same = superseded || was->v[p->x[i].index] == p->x[i].v;
        im->r->same += same;
        im->r->older += !same;
    }
}

static mizo_err write_piece(import_run *im, int32_t id, const piece *p, version *latest)
{
    bool differs = false, changed;
    for (size_t i = 0; i < p->n; i++) {
        int at = p->x[i].index;
        int32_t before = latest->v[at];
        im->r->same += before == p->x[i].v;
        im->r->added += before == MIZO_MISSING;
        im->r->changed += before != MIZO_MISSING && before != p->x[i].v;
        differs |= before != p->x[i].v;
        latest->v[at] = p->x[i].v;
        latest->q[at] = p->x[i].quality;
    }
    return differs ? store_write_day(im->t->store, id, p->x->day, latest->v, latest->q, latest->n, &changed)
                   : MIZO_OK;
}

static mizo_err put_piece(import_run *im, const piece *p)
{
    const mizo_series_key *key = &im->issued_series[p->x->series];
    int offset = im->t->region->offset;
    mizo_ms issued = p->x->issued, known = INT64_MIN;
    mizo_ms day_end = table_day_ms(mizo_slot_day(mizo_ms_slot(issued), offset), offset) + DAY_MS - 1;
    version latest = { .n = 1440 / key->step_min }, then = { .n = 1440 / key->step_min };
    int32_t id;
    MIZO_TRY(im->t->store->ops->series_id(im->t->store, key, true, &id));
    MIZO_TRY(read_version(im, id, p->x->day, STORE_LATEST, &latest));
    MIZO_TRY(read_version(im, id, p->x->day, day_end, &then));
    if (then.batch)
        MIZO_TRY(store_batch_known(im->t->store, then.batch, &known));
    if (latest.batch != then.batch || known > issued) {
        count_same(im, p, &then, known > issued);
        return MIZO_OK;
    }
    return write_piece(im, id, p, &latest);
}

static size_t issue_end(const import_run *im, size_t from)
{
    size_t to = from;
    while (to < im->nforecast && im->forecast[to].issued == im->forecast[from].issued)
        to++;
    return to;
}

static mizo_err put_issue(import_run *im, size_t from, size_t to)
{
    for (size_t i = from, k; i < to; i = k) {
        for (k = i + 1; k < to && im->forecast[k].series == im->forecast[i].series &&
                        im->forecast[k].day == im->forecast[i].day;)
            k++;
        piece p = { &im->forecast[i], k - i };
        MIZO_TRY(put_piece(im, &p));
    }
    return MIZO_OK;
}

mizo_err import_put_forecasts(import_run *im)
{
    for (size_t from = 0, to; from < im->nforecast; from = to) {
        to = issue_end(im, from);
        if (im->forecast[from].issued == im->batch.known)
            MIZO_TRY(put_issue(im, from, to));
    }
    return MIZO_OK;
}

static mizo_err put_batch(import_run *im, size_t from, size_t to)
{
    store *s = im->t->store;
    store_batch b = im->batch;
    int64_t before = im->r->added + im->r->changed;
    b.known = im->forecast[from].issued;
    b.note = "{\"kind\":\"forecast\"}";
    memcpy(b.hash, im->r->hash, sizeof b.hash);
    MIZO_TRY(s->ops->batch_begin(s, &b));
    mizo_err e = put_issue(im, from, to);
    bool any = im->r->added + im->r->changed != before;
    if (!e && any && env_interrupted())
        e = MIZO_ECANCELED;
    if (e || !any) {
        s->ops->batch_rollback(s);
        return e;
    }
    MIZO_TRY(s->ops->batch_commit(s));
    im->r->batch = b.id;
    return MIZO_OK;
}

static void tell_span(import_run *im)
{
    int offset = im->t->region->offset;
    im->r->series += (int64_t)im->nissued_series;
    for (size_t i = 0; i < im->nforecast; i++) {
        const import_forecast *x = &im->forecast[i];
        mizo_ms at =
            table_day_ms(x->day, offset) + (mizo_ms)x->index * im->issued_series[x->series].step_min * 60000;
        if (!im->r->first || at < im->r->first)
            im->r->first = at;
        if (!im->r->last || at > im->r->last)
            im->r->last = at;
    }
    if (im->r->older) {
        char n[24];
        snprintf(n, sizeof n, "%lld", (long long)im->r->older);
        MIZO_DIAG(im->t->diags, WEATHER_OLDER, MIZO_AT(im->shown, 0, 0), n);
    }
}

mizo_err import_put_issues(import_run *im)
{
    int done = 0;
    for (size_t from = 0, to; from < im->nforecast; from = to) {
        to = issue_end(im, from);
        if (im->forecast[from].issued == im->batch.known)
            continue;
        mizo_err e = put_batch(im, from, to);
        if (e) {
            char n[16];
            snprintf(n, sizeof n, "%d", done);
            if (done)
                MIZO_DIAG(im->t->diags, WEATHER_PARTLY, MIZO_AT(im->shown, 0, 0), n);
            return e;
        }
        done++;
    }
    tell_span(im);
    return MIZO_OK;
}
