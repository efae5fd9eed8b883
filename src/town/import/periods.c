/* periods.c: bills and charging sessions: few, so they are gathered whole, checked
 * against each other and against what is known, and put in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/import.h"
#include "town/import/run.h"

static void put_id(char out[MIZO_ID_MAX], const char *id)
{
    snprintf(out, MIZO_ID_MAX, "%s", id);
}

/* The owner of one kind that a text names; else a fault. */
static const import_owner *owner_of_kind(import_run *im, const table_text *text, owner_kind kind,
                                         const char *what, table_fault *f)
{
    csv_field at = { text->s, text->n, text->column };
    int32_t owner = import_owner_find(im, text->s, text->n);
    if (owner < 0) {
        import_unknown_owner(im, text, f);
        return NULL;
    }
    if (im->owner[owner].kind != kind) {
        table_bad_text(f, MIZO_MSG_IMPORT_NOT_A, &at, what);
        return NULL;
    }
    return &im->owner[owner];
}

/* ---- periods ---- */

static bool period_when_bad(const import_run *im, const table_row *row, table_fault *f)
{
    int offset = im->t->region->offset;
    if (import_when_bad(im, table_day_ms(row->from, offset), 30, false, f))
        return true;
    return import_when_bad(im, table_day_ms(row->to - 1, offset), 30, false, f);
}

/* More than the point's power x 1.5 for the whole time has a wrong unit. */
static bool period_too_large(const import_owner *o, const table_row *row, table_fault *f)
{
    int64_t days = row->to - row->from, limit = o->rated_w * 3 / 2 * 24;
    bool energy = o->rated_w > 0 && row->energy_wh / days > limit;
    bool power = o->rated_w > 0 && row->max_w != MIZO_MISSING && row->max_w > o->rated_w * 3 / 2;
    if (!energy && !power)
        return false;
    char is[MIZO_NUM_TEXT], may[MIZO_NUM_TEXT];
    mizo_grouped_text(energy ? row->energy_wh : row->max_w, is);
    mizo_grouped_text(energy ? limit * days : o->rated_w * 3 / 2, may);
    csv_field at = { "", 0, row->owner.column };
    table_bad(f, MIZO_MSG_IMPORT_TOO_LARGE, &at, is, o->id, may);
    return true;
}

mizo_err import_add_period(import_run *im, const csv_record *rec, const table_row *row)
{
    table_fault f;
    if (im->looking)
        return MIZO_OK;
    const import_owner *o = owner_of_kind(im, &row->owner, OWNER_POINT, "point", &f);
    if (!o || period_when_bad(im, row, &f) || period_too_large(o, row, &f)) {
        import_bad(im, row->line, rec, &f);
        return MIZO_OK;
    }
    MIZO_TRY(array_grow(&im->period, &im->period_cap, im->nperiod + 1, sizeof *im->period));
    import_period *p = &im->period[im->nperiod++];
    *p = (import_period){
        .p = {.quantity = row->quantity,
              .quality = row->quality,
              .from = row->from,
              .to = row->to,
              .energy_wh = row->energy_wh,
              .max_w = row->max_w},
        .line = row->line,
        .column = row->owner.column
    };
    put_id(p->p.point, o->id);
    return MIZO_OK;
}

static int by_period(const void *a, const void *b)
{
    const import_period *x = a, *y = b;
    int c = strcmp(x->p.point, y->p.point);
    if (!c)
        c = x->p.quantity - y->p.quantity;
    if (!c)
        c = (x->p.from > y->p.from) - (x->p.from < y->p.from);
    return c ? c : (x->line > y->line) - (x->line < y->line);
}

static bool same_series(const import_period *x, const import_period *y)
{
    return strcmp(x->p.point, y->p.point) == 0 && x->p.quantity == y->p.quantity;
}

static bool same_period(const store_period *x, const store_period *y)
{
    return x->from == y->from && x->to == y->to;
}

static void overlap_fault(const store_period *other, int line, int column, mizo_msg id, table_fault *f)
{
    char from[MIZO_DATE_TEXT], to[MIZO_DATE_TEXT], number[16];
    mizo_day_text(other->from, from);
    mizo_day_text(other->to, to);
    snprintf(number, sizeof number, "%d", line);
    csv_field at = { "", 0, column };
    table_bad(f, id, &at, from, to, number);
}

/* Within the file: the same period twice with one value is fine, anything else that overlaps is bad. */
static bool clashes_in_file(const import_period *x, const import_period *before, bool *same, table_fault *f)
{
    *same = false;
    if (!before || !same_series(x, before) || before->p.to <= x->p.from)
        return false;
    if (!same_period(&x->p, &before->p)) {
        overlap_fault(&before->p, before->line, x->column, MIZO_MSG_IMPORT_PERIOD_OVERLAP, f);
        return true;
    }
    *same = x->p.energy_wh == before->p.energy_wh && x->p.max_w == before->p.max_w &&
            x->p.quality == before->p.quality;
    if (*same)
        return false;
    char line[16];
    snprintf(line, sizeof line, "%d", before->line);
    csv_field at = { "", 0, x->column };
    table_bad(f, MIZO_MSG_IMPORT_DUPLICATE, &at, line, x->p.point, NULL);
    return true;
}

typedef struct known_period {
    const import_period *x;
    store_period other;
    bool found;
} known_period;

static mizo_err other_ends(void *arg, const store_period *p)
{
    known_period *k = arg;
    if (p->quantity != k->x->p.quantity || same_period(p, &k->x->p))
        return MIZO_OK;
    k->other = *p;
    k->found = true;
    return MIZO_ECANCELED; /* one is enough */
}

static mizo_err clashes_in_store(import_run *im, const import_period *x, bool *bad, table_fault *f)
{
    known_period k = { .x = x };
    store *s = im->t->store;
    mizo_err e = s->ops->period_scan(s, x->p.point, x->p.from, x->p.to, STORE_LATEST, other_ends, &k);
    *bad = k.found;
    if (k.found)
        overlap_fault(&k.other, 0, x->column, MIZO_MSG_IMPORT_PERIOD_KNOWN, f);
    return k.found || e == MIZO_ENOENT ? MIZO_OK : e;
}

/* A bad row that is found late: its fields are gone, so the file beside gets what was understood. */
static void late_bad(import_run *im, int line, const char *a, const char *b, const char *c, const char *d,
                     const table_fault *f)
{
    csv_record *rec = calloc(1, sizeof *rec);
    const char *text[] = { a, b, c, d };
    if (rec) {
        rec->nfield = 4;
        for (int i = 0; i < 4; i++)
            rec->field[i] = (csv_field){ text[i], strlen(text[i]), 1 };
    }
    import_bad(im, line, rec, f);
    free(rec);
}

static void bad_period(import_run *im, const import_period *x, const table_fault *f)
{
    char from[MIZO_DATE_TEXT], to[MIZO_DATE_TEXT], kwh[MIZO_NUM_TEXT];
    mizo_day_text(x->p.from, from);
    mizo_day_text(x->p.to, to);
    mizo_decimal_text(x->p.energy_wh, 3, kwh);
    late_bad(im, x->line, x->p.point, from, to, kwh, f);
}

static mizo_err check_period_list(import_run *im)
{
    size_t to = 0;
    for (size_t i = 0; i < im->nperiod; i++) {
        import_period *x = &im->period[i];
        table_fault f;
        bool same, bad = clashes_in_file(x, to ? &im->period[to - 1] : NULL, &same, &f);
        if (!bad && !same)
            MIZO_TRY(clashes_in_store(im, x, &bad, &f));
        if (bad)
            bad_period(im, x, &f);
        else if (!same)
            im->period[to++] = *x;
    }
    im->nperiod = to;
    return MIZO_OK;
}

/* ---- sessions ---- */

mizo_err import_add_session(import_run *im, const csv_record *rec, const table_row *row)
{
    table_fault f;
    if (im->looking)
        return MIZO_OK;
    const import_owner *v = owner_of_kind(im, &row->owner, OWNER_VEHICLE, "vehicle", &f);
    const import_owner *c = v ? owner_of_kind(im, &row->charger, OWNER_CHARGER, "charger", &f) : NULL;
    mizo_ms minute = row->arrive - row->arrive % 60000;
    if (!v || !c || import_when_bad(im, minute, 1, true, &f)) {
        import_bad(im, row->line, rec, &f);
        return MIZO_OK;
    }
    MIZO_TRY(array_grow(&im->session, &im->session_cap, im->nsession + 1, sizeof *im->session));
    import_session *s = &im->session[im->nsession++];
    *s = (import_session){
        .s = {.arrive = row->arrive, .depart = row->depart, .need_wh = row->need_wh},
        .line = row->line,
        .column = row->owner.column
    };
    put_id(s->s.vehicle, v->id);
    put_id(s->s.charger, c->id);
    return MIZO_OK;
}

static int by_session(const void *a, const void *b)
{
    const import_session *x = a, *y = b;
    int c = strcmp(x->s.vehicle, y->s.vehicle);
    if (!c)
        c = (x->s.arrive > y->s.arrive) - (x->s.arrive < y->s.arrive);
    return c ? c : (x->line > y->line) - (x->line < y->line);
}

static void bad_session(import_run *im, const import_session *x, const import_session *before)
{
    char line[16], arrive[MIZO_INSTANT_TEXT], depart[MIZO_INSTANT_TEXT];
    table_fault f;
    snprintf(line, sizeof line, "%d", before->line);
    csv_field at = { "", 0, x->column };
    bool twice = x->s.arrive == before->s.arrive;
    table_bad(&f, twice ? MIZO_MSG_IMPORT_DUPLICATE : MIZO_MSG_IMPORT_SESSION_OVERLAP, &at, line,
              x->s.vehicle, NULL);
    mizo_ms_text(x->s.arrive, im->t->region->offset, arrive);
    mizo_ms_text(x->s.depart, im->t->region->offset, depart);
    late_bad(im, x->line, x->s.vehicle, x->s.charger, arrive, depart, &f);
}

static void check_session_list(import_run *im)
{
    size_t to = 0;
    for (size_t i = 0; i < im->nsession; i++) {
        const import_session *x = &im->session[i], *before = to ? &im->session[to - 1] : NULL;
        bool touches =
            before && strcmp(x->s.vehicle, before->s.vehicle) == 0 && x->s.arrive < before->s.depart;
        bool same = touches && x->s.arrive == before->s.arrive && x->s.depart == before->s.depart &&
                    x->s.need_wh == before->s.need_wh && strcmp(x->s.charger, before->s.charger) == 0;
        if (touches && !same)
            bad_session(im, x, before);
        else if (!same)
            im->session[to++] = *x;
    }
    im->nsession = to;
}

mizo_err import_check_periods(import_run *im)
{
    if (im->nperiod)
        qsort(im->period, im->nperiod, sizeof *im->period, by_period);
    if (im->nsession)
        qsort(im->session, im->nsession, sizeof *im->session, by_session);
    check_session_list(im);
    return check_period_list(im);
}

/* ---- into the store ---- */

static mizo_err seen(void *arg, const store_period *p)
{
    known_period *k = arg;
    k->found = k->found || (p->quantity == k->x->p.quantity && same_period(p, &k->x->p));
    return MIZO_OK;
}

static void count(import_run *im, bool changed, bool known)
{
    if (!changed)
        im->r->same++;
    else if (known)
        im->r->changed++;
    else
        im->r->added++;
}

mizo_err import_put_periods(import_run *im)
{
    store *s = im->t->store;
    bool changed;
    for (size_t i = 0; i < im->nperiod; i++) {
        known_period k = { .x = &im->period[i] };
        const store_period *p = &im->period[i].p;
        mizo_err e = s->ops->period_scan(s, p->point, p->from, p->to, STORE_LATEST, seen, &k);
        if (e && e != MIZO_ENOENT)
            return e;
        MIZO_TRY(s->ops->period_put(s, p, &changed));
        count(im, changed, k.found);
    }
    for (size_t i = 0; i < im->nsession; i++) {
        MIZO_TRY(s->ops->session_put(s, &im->session[i].s, &changed));
        count(im, changed, false);
    }
    return MIZO_OK;
}
