/* export.c: the store as CSV, series by series, so that no reader stays open for long. */
#include "town/import/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/table.h"
#include "mizo/messages/import.h"

enum { PIECE = 1 << 20, PAGE_DAYS = 64, TOLD_MOST = 1000 };

typedef struct export_run {
    town *t;
    const export_options *o;
    mizo_err (*put)(void *, const char *, size_t);
    void *arg;
    buf line; /* UTF-8 rows not yet handed on */
    int64_t rows;
    const mizo_series_key *key;
    struct listed {
        int32_t id;
        mizo_series_key key;
    } * list;
    size_t n, cap;
    int64_t *batch; /* batches known at as_of, ascending; of the ledger */
    size_t nbatch, batch_cap;
    int64_t seq; /* of the last entry seen */
    int32_t v[MIZO_BLOCK_MAX];
    uint8_t q[MIZO_BLOCK_MAX];
} export_run;

/* ---- out ---- */

/* CP932 letter by letter where a row has one that it lacks: each is told, and written as a geta mark. */
static mizo_err put_cp932(export_run *x, const char *s, size_t n)
{
    buf out;
    buf_init(&out, 0);
    int64_t row = x->rows;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t len = utf8_get(s + i, n - i, &cp);
        len = len ? len : 1;
        if (utf8_to_cp932(s + i, len, &out, &cp)) {
            char number[24], letter[24];
            snprintf(number, sizeof number, "%lld", (long long)row);
            snprintf(letter, sizeof letter, "%.*s (U+%04X)", (int)len, s + i, (unsigned)cp);
            MIZO_DIAG(x->t->diags, EXPORT_UNMAPPABLE, MIZO_NOWHERE, number, letter, "〓");
            buf_add(&out, "\x81\xac", 2);
        }
        i += len;
    }
    mizo_err e = out.err ? out.err : x->put(x->arg, out.p ? out.p : "", out.n);
    buf_fini(&out);
    return e;
}

static bool plain(const char *s, size_t n)
{
    unsigned char high = 0;
    for (size_t i = 0; i < n; i++)
        high |= (unsigned char)s[i];
    return !(high & 0x80);
}

static mizo_err hand_on(export_run *x)
{
    mizo_err e = x->line.err;
    if (!e && x->line.n && x->o->cp932 && !plain(x->line.p, x->line.n))
        e = put_cp932(x, x->line.p, x->line.n);
    else if (!e && x->line.n)
        e = x->put(x->arg, x->line.p, x->line.n);
    buf_clear(&x->line);
    return e;
}

/* A row is complete. Rows with letters beyond ASCII go one by one, so that they can be named. */
static mizo_err end_row(export_run *x, size_t from)
{
    buf_str(&x->line, "\r\n");
    if (x->line.err)
        return x->line.err;
    x->rows++;
    bool one = x->o->cp932 && !plain(x->line.p + from, x->line.n - from);
    if (one && from) { /* what came before is plain and goes first */
        MIZO_TRY(x->put(x->arg, x->line.p, from));
        memmove(x->line.p, x->line.p + from, x->line.n - from);
        x->line.n -= from;
    }
    return one ? hand_on(x) : MIZO_OK;
}

static mizo_err header(export_run *x, const char *text)
{
    if (!x->o->cp932)
        buf_str(&x->line, "\xef\xbb\xbf");
    buf_str(&x->line, text);
    buf_str(&x->line, "\r\n");
    return x->line.err;
}

/* ---- series ---- */

static mizo_err list_series(void *arg, int32_t id, const mizo_series_key *key)
{
    export_run *x = arg;
    bool reading = key->role == MIZO_ROLE_READING, wanted = strcmp(x->o->what, "readings") == 0;
    if (reading != wanted || (x->o->point && strcmp(x->o->point, key->owner)))
        return MIZO_OK;
    MIZO_TRY(array_grow(&x->list, &x->cap, x->n + 1, sizeof *x->list));
    x->list[x->n].id = id;
    x->list[x->n++].key = *key;
    return MIZO_OK;
}

static int by_key(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    int c = strcmp(x->key.owner, y->key.owner);
    if (!c)
        c = x->key.quantity - y->key.quantity;
    if (!c)
        c = x->key.role - y->key.role;
    return c ? c : (x->id > y->id) - (x->id < y->id);
}

/* Decimals of what people write: three for kWh and yen, two for degrees. */
static int decimals(uint8_t quantity)
{
    switch (quantity) {
    case MIZO_Q_TEMPERATURE:
        return 2;
    case MIZO_Q_IRRADIANCE:
    case MIZO_Q_INTENSITY:
        return 0;
    default:
        return 3;
    }
}

static mizo_err put_value(export_run *x, mizo_ms at, int32_t v, uint8_t quality)
{
    char when[MIZO_INSTANT_TEXT], value[MIZO_NUM_TEXT];
    size_t from = x->line.n;
    int64_t small = v;
    for (int i = 0; i < x->key->exponent; i++)
        small *= 10;
    mizo_ms_text(at, x->t->region->offset, when);
    mizo_decimal_text(small, decimals(x->key->quantity), value);
    buf_printf(&x->line, "%s,%s,", x->key->owner, mizo_quantity_text((mizo_quantity)x->key->quantity));
    if (x->key->role != MIZO_ROLE_READING)
        buf_printf(&x->line, "%s,", mizo_role_text((mizo_role)x->key->role));
    buf_printf(&x->line, "%s,%d,%d,%s,%s", when, x->key->step_min, x->key->exponent, value,
               mizo_quality_text((mizo_quality)quality));
    return end_row(x, from);
}

static mizo_err put_day(void *arg, const store_day *d)
{
    export_run *x = arg;
    mizo_block b = { .n = 1440 / x->key->step_min, .v = x->v, .q = x->q };
    if (mizo_block_unpack(d->packed, d->len, &b))
        return MIZO_ESTORE;
    mizo_ms at = table_day_ms(d->day, x->t->region->offset);
    for (int i = 0; i < b.n; i++)
        if (b.v[i] != MIZO_MISSING)
            MIZO_TRY(put_value(x, at + (mizo_ms)i * x->key->step_min * 60000, b.v[i], b.q[i]));
    return MIZO_OK;
}

/* The rows of a page are built inside the scan and handed on after it: a slow taker of the output
 * must not keep a reader open. */
static mizo_err export_series(export_run *x)
{
    store *s = x->t->store;
    bool plan = strcmp(x->o->what, "plan") == 0;
    MIZO_TRY(header(x, plan ? "owner,quantity,role,start,step,exponent,value,quality"
                            : "owner,quantity,start,step,exponent,value,quality"));
    MIZO_TRY(s->ops->series_scan(s, list_series, x));
    if (x->n)
        qsort(x->list, x->n, sizeof *x->list, by_key);
    for (size_t i = 0; i < x->n; i++) {
        x->key = &x->list[i].key;
        mizo_day first = x->o->from, last = x->o->to;
        mizo_err e = s->ops->day_span(s, x->list[i].id, &first, &last);
        if (e == MIZO_ENOENT)
            continue;
        MIZO_TRY(e);
        first = first > x->o->from ? first : x->o->from;
        last = last < x->o->to ? last : x->o->to - 1;
        for (mizo_day d = first; d <= last; d += PAGE_DAYS) {
            mizo_day end = d + PAGE_DAYS <= last ? d + PAGE_DAYS : last + 1;
            MIZO_TRY(s->ops->days_of(s, x->list[i].id, d, end, x->o->as_of, put_day, x));
            if (x->line.n >= PIECE)
                MIZO_TRY(hand_on(x));
        }
    }
    return MIZO_OK;
}

/* ---- periods and sessions ---- */

static mizo_err put_period(void *arg, const store_period *p)
{
    export_run *x = arg;
    char from[MIZO_DATE_TEXT], to[MIZO_DATE_TEXT], kwh[MIZO_NUM_TEXT], max[MIZO_NUM_TEXT] = "";
    size_t at = x->line.n;
    mizo_day_text(p->from, from);
    mizo_day_text(p->to, to);
    mizo_decimal_text(p->energy_wh, 3, kwh);
    if (p->max_w != MIZO_MISSING)
        mizo_decimal_text(p->max_w, 3, max);
    buf_printf(&x->line, "%s,%s,%s,%s,%s,%s,%s", p->point, mizo_quantity_text((mizo_quantity)p->quantity),
               from, to, kwh, max, mizo_quality_text((mizo_quality)p->quality));
    return end_row(x, at);
}

static mizo_err export_periods(export_run *x)
{
    store *s = x->t->store;
    MIZO_TRY(header(x, "point,quantity,from,to,kwh,max_kw,quality"));
    mizo_err e = s->ops->period_scan(s, x->o->point, x->o->from, x->o->to, x->o->as_of, put_period, x);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static mizo_err put_session(void *arg, const store_session *p)
{
    export_run *x = arg;
    char arrive[MIZO_INSTANT_TEXT], depart[MIZO_INSTANT_TEXT], kwh[MIZO_NUM_TEXT];
    size_t at = x->line.n;
    if (x->o->point && strcmp(x->o->point, p->vehicle) && strcmp(x->o->point, p->charger))
        return MIZO_OK;
    mizo_ms_text(p->arrive, x->t->region->offset, arrive);
    mizo_ms_text(p->depart, x->t->region->offset, depart);
    mizo_decimal_text(p->need_wh, 3, kwh);
    buf_printf(&x->line, "%s,%s,%s,%s,%s", p->vehicle, p->charger, arrive, depart, kwh);
    return end_row(x, at);
}

static mizo_err export_sessions(export_run *x)
{
    store *s = x->t->store;
    int offset = x->t->region->offset;
    MIZO_TRY(header(x, "vehicle,charger,arrive,depart,need_kwh"));
    mizo_err e = s->ops->session_scan(s, table_day_ms(x->o->from, offset), table_day_ms(x->o->to, offset),
                                      put_session, x);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* ---- the ledger ---- */

static mizo_err known_batch(void *arg, const store_batch *b)
{
    export_run *x = arg;
    if (b->known > x->o->as_of)
        return MIZO_OK;
    MIZO_TRY(array_grow(&x->batch, &x->batch_cap, x->nbatch + 1, sizeof *x->batch));
    x->batch[x->nbatch++] = b->id;
    return MIZO_OK;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static mizo_err put_entry(void *arg, const store_entry *e)
{
    export_run *x = arg;
    if (x->line.n >= PIECE)
        return MIZO_ECANCELED; /* the scan goes on from seq after these are handed on */
    size_t at = x->line.n;
    x->seq = e->seq;
    if (e->day < x->o->from || e->day >= x->o->to)
        return MIZO_OK;
    if (x->o->point && strcmp(x->o->point, e->from) && strcmp(x->o->point, e->to))
        return MIZO_OK;
    if (x->o->as_of != STORE_LATEST &&
        (!x->nbatch || !bsearch(&e->batch, x->batch, x->nbatch, sizeof *x->batch, by_id)))
        return MIZO_OK;
    char day[MIZO_DATE_TEXT];
    mizo_day_text(e->day, day);
    buf_printf(&x->line, "%lld,%s,", (long long)e->seq, day);
    const char *const text[] = { e->from, e->to, e->unit, e->kind, e->ref };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        csv_put(&x->line, text[i] ? text[i] : "");
        buf_char(&x->line, ',');
    }
    buf_printf(&x->line, "%lld,", (long long)e->amount);
    for (int i = 0; i < 32; i++)
        buf_printf(&x->line, "%02x", e->hash[i]);
    return end_row(x, at);
}

static mizo_err export_ledger(export_run *x)
{
    store *s = x->t->store;
    MIZO_TRY(header(x, "seq,day,from,to,unit,kind,ref,amount,hash"));
    if (x->o->as_of != STORE_LATEST) {
        mizo_err e = s->ops->batch_scan(s, 0, known_batch, x);
        if (e && e != MIZO_ENOENT)
            return e;
        if (x->nbatch)
            qsort(x->batch, x->nbatch, sizeof *x->batch, by_id);
    }
    for (;;) {
        mizo_err e = s->ops->entry_scan(s, x->seq, put_entry, x);
        if (e != MIZO_ECANCELED)
            return e == MIZO_ENOENT ? MIZO_OK : e;
        MIZO_TRY(hand_on(x));
    }
}

/* ---- the act ---- */

static const struct export_kind {
    const char *name;
    mizo_err (*run)(export_run *x);
} kinds[] = {
    {"readings",  export_series  },
    { "plan",     export_series  },
    { "periods",  export_periods },
    { "sessions", export_sessions},
    { "ledger",   export_ledger  },
};

mizo_err export_csv(town *t, const export_options *o, mizo_err (*put)(void *arg, const char *p, size_t n),
                    void *arg, int64_t *rows)
{
    *rows = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, o->what))
            continue;
        export_run *x = calloc(1, sizeof *x);
        if (!x)
            return MIZO_ENOMEM;
        x->t = t;
        x->o = o;
        x->put = put;
        x->arg = arg;
        buf_init(&x->line, 0);
        mizo_err e = kinds[i].run(x);
        if (!e)
            e = hand_on(x);
        *rows = x->rows;
        buf_fini(&x->line);
        free(x->list);
        free(x->batch);
        free(x);
        return e;
    }
    MIZO_DIAG(t->diags, EXPORT_UNKNOWN, MIZO_NOWHERE, o->what, EXPORT_KINDS);
    return MIZO_EINPUT;
}
