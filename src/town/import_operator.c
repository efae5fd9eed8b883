/* import_operator.c: the network operator's files into the stage: points by their number, provisional and confirmed
 * values, readings that cannot be true held back, device-level items beside the whole. Names and consumer codes leave
 * this file only towards the sealed people (import_keep_person). */
#include "town/import_operator.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/files.h"
#include "mizo/messages/operator.h"
#include "mizo/metering.h"
#include "town/confirmed.h"
#include "town/held.h"

enum { UNKNOWN_MOST = 100000, LIKELY_TIMES = 300, PAST_DAYS = 60, LEAST_WH = 1000 };
#define WH_IN_KWH 1000

/* A day of a point as it is known. */
typedef struct known_day {
    mizo_day day;
    uint8_t q[MIZO_DAY_SLOTS];
    int32_t limit; /* of one slot, by what was read before; 0: no limit known; -1: not looked at */
} known_day;

/* A point of the file: what it has been told of the month so far. */
typedef struct month_of {
    int32_t owner;
    confirmed_month m;
    bool whole; /* a record with values of the whole was seen */
    int line;
} month_of;

typedef struct unknown_point {
    char number[OPERATOR_NUMBER];
    int line;
    int64_t records;
} unknown_point;

typedef struct operator_work {
    import_run *im;
    const char *member;    /* file name for messages */
    const csv_record *rec; /* of a table the row at hand, and the value's column */
    int column;
    mizo_day from, to; /* of a table so far, [from, to); equal: nothing yet */
    known_day *known;  /* [known_n] by owner */
    size_t known_n;
    unknown_point *unknown;
    size_t nunknown, unknown_cap;
    month_of *month;
    size_t nmonth, month_cap;
    held_day *held;
    size_t nheld, held_cap;
    int64_t older;
    table_row *row;
} work;

/* ---- codes ---- */

static operator_meaning meaning_of(const char *word)
{
    for (int i = 0; operator_meaning_words[i]; i++)
        if (strcmp(operator_meaning_words[i], word) == 0)
            return (operator_meaning)i;
    return OPERATOR_MEANING_COUNT;
}

mizo_err import_operator_codes(import_run *im)
{
    const mizo_region *g = im->t->region;
    mizo_err e = MIZO_OK;
    if (im->code)
        return MIZO_OK;
    im->code = calloc(g->noperator_code + 1, sizeof *im->code);
    if (!im->code)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < g->noperator_code; i++) {
        const mizo_code *c = &g->operator_code[i];
        operator_meaning m = meaning_of(c->name);
        im->code[im->ncode++] = (operator_code){ .code = c->code, .meaning = m };
        if (m != OPERATOR_MEANING_COUNT)
            continue;
        MIZO_DIAG(im->t->diags, OPERATOR_BAD_MEANING, MIZO_AT("operator-codes.csv", c->line, 0), c->code,
                  c->name);
        e = MIZO_EINPUT;
    }
    return e;
}

/* ---- faults ---- */

static void on_bad(void *arg, mizo_msg id, int line, const char *p0, const char *p1)
{
    work *w = arg;
    table_fault f;
    csv_field nowhere = { 0 };
    table_bad(&f, id, &nowhere, p0, p1, NULL);
    f.column = 0;
    import_bad(w->im, line, NULL, &f);
}

static mizo_err note_unknown(work *w, const operator_point *p)
{
    for (size_t i = w->nunknown; i-- > 0;)
        if (strcmp(w->unknown[i].number, p->number) == 0) {
            w->unknown[i].records++;
            return MIZO_OK;
        }
    if (w->nunknown >= UNKNOWN_MOST)
        return MIZO_OK;
    MIZO_TRY(array_grow(&w->unknown, &w->unknown_cap, w->nunknown + 1, sizeof *w->unknown));
    unknown_point *u = &w->unknown[w->nunknown++];
    *u = (unknown_point){ .line = p->line, .records = 1 };
    memcpy(u->number, p->number, sizeof u->number);
    return MIZO_OK;
}

static void tell_unknown(work *w)
{
    char n[24];
    for (size_t i = 0; i < w->nunknown; i++) {
        snprintf(n, sizeof n, "%" PRId64, w->unknown[i].records);
        on_bad(w, MIZO_MSG_OPERATOR_UNKNOWN_POINT, w->unknown[i].line, w->unknown[i].number, n);
    }
}

/* ---- what is known already ---- */

static mizo_err known_of(work *w, int32_t owner, mizo_day day, known_day **out)
{
    import_run *im = w->im;
    if ((size_t)owner >= w->known_n) {
        size_t n = im->nowner > (size_t)owner ? im->nowner : (size_t)owner + 1;
        known_day *p = realloc(w->known, n * sizeof *p);
        if (!p)
            return MIZO_ENOMEM;
        for (size_t i = w->known_n; i < n; i++)
            p[i] = (known_day){ .day = MIZO_DAY_NONE, .limit = -1 };
        w->known = p;
        w->known_n = n;
    }
    known_day *k = &w->known[owner];
    *out = k;
    if (k->day == day)
        return MIZO_OK;
    store *s = im->t->store;
    mizo_series_key key = store_key(im->owner[owner].id, MIZO_Q_IMPORT, MIZO_ROLE_READING);
    int32_t id, v[MIZO_DAY_SLOTS];
    mizo_err e = s->ops->series_id(s, &key, false, &id);
    memset(k->q, MIZO_QUALITY_ABSENT, sizeof k->q);
    if (!e)
        e = store_read_day(s, id, day, STORE_LATEST, v, k->q);
    k->day = day;
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

typedef struct highest {
    int32_t wh;
    int64_t values;
} highest;

static mizo_err look_day(void *arg, const store_day *d)
{
    highest *h = arg;
    int32_t v[MIZO_DAY_SLOTS];
    mizo_block b = { .n = MIZO_DAY_SLOTS, .v = v };
    if (mizo_block_unpack(d->packed, d->len, &b))
        return MIZO_ESTORE;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        h->values += v[i] != MIZO_MISSING;
        if (v[i] != MIZO_MISSING && v[i] > h->wh)
            h->wh = v[i];
    }
    return MIZO_OK;
}

/* Of a point without a rated power: 300 times the largest of the sixty days before, where a day's worth is known. */
static mizo_err limit_by_past(work *w, int32_t owner, mizo_day day, int32_t *limit)
{
    store *s = w->im->t->store;
    mizo_series_key key = store_key(w->im->owner[owner].id, MIZO_Q_IMPORT, MIZO_ROLE_READING);
    highest h = { 0 };
    int32_t id;
    *limit = 0;
    mizo_err e = s->ops->series_id(s, &key, false, &id);
    if (!e)
        e = s->ops->days_of(s, id, day - PAST_DAYS, day, STORE_LATEST, look_day, &h);
    if (e && e != MIZO_ENOENT)
        return e;
    int64_t most = (int64_t)(h.wh > LEAST_WH ? h.wh : LEAST_WH) * LIKELY_TIMES;
    if (h.values >= MIZO_DAY_SLOTS)
        *limit = most > INT32_MAX ? INT32_MAX : (int32_t)most;
    return MIZO_OK;
}

/* ---- what cannot be true ---- */

static held_day *held_of(work *w, int32_t owner, mizo_day day)
{
    const char *id = w->im->owner[owner].id;
    for (size_t i = w->nheld; i-- > 0;)
        if (w->held[i].day == day && strcmp(w->held[i].point, id) == 0)
            return &w->held[i];
    if (array_grow(&w->held, &w->held_cap, w->nheld + 1, sizeof *w->held))
        return NULL;
    held_day *h = &w->held[w->nheld];
    held_id(id, day, h->id);
    mizo_err e = held_get(w->im->t, h->id, h);
    if (e == MIZO_ENOENT) {
        memset(h, 0, sizeof *h);
        held_id(id, day, h->id);
        snprintf(h->point, sizeof h->point, "%s", id);
        h->day = day;
        for (int i = 0; i < MIZO_DAY_SLOTS; i++)
            h->wh[i] = h->into[i] = MIZO_MISSING;
    } else if (e) {
        return NULL;
    }
    w->nheld++;
    return h;
}

/* True if the value may not go in: it waits, or a person has put another in its place. */
static mizo_err hold(work *w, int32_t owner, const operator_slot *s, uint8_t quality, bool *held)
{
    known_day *k;
    *held = w->im->let_in = false;
    MIZO_TRY(known_of(w, owner, s->day, &k));
    int32_t rated = mizo_step_limit(w->im->owner[owner].rated_w, 30);
    if (!rated && k->limit < 0)
        MIZO_TRY(limit_by_past(w, owner, s->day, &k->limit));
    int32_t limit = rated ? rated : k->limit;
    if (limit <= 0 || s->wh <= limit)
        return MIZO_OK;
    held_day *h = held_of(w, owner, s->day);
    if (!h)
        return MIZO_ENOMEM;
    *held = true;
    if (h->state != HELD_WAITING && h->wh[s->slot] == s->wh) { /* a person has decided on this very value */
        *held = h->state == HELD_REPLACED;
        w->im->let_in = !*held;
        return MIZO_OK;
    }
    if (h->state != HELD_WAITING) /* another value: it needs a word of its own */
        for (int i = 0; i < MIZO_DAY_SLOTS; i++)
            h->wh[i] = h->into[i] = MIZO_MISSING;
    h->state = HELD_WAITING;
    h->reason[0] = h->actor[0] = '\0';
    h->wh[s->slot] = s->wh;
    h->limit_wh = limit;
    h->quality = quality;
    snprintf(h->check, sizeof h->check, "%s", rated ? "rated-power" : "thousandfold");
    const char *slash = strrchr(w->member, '/');
    snprintf(h->file, sizeof h->file, "%.249s", slash ? slash + 1 : w->member);
    return MIZO_OK;
}

/* ---- one value ---- */

static mizo_err put_value(work *w, const char *owner_id, const operator_slot *s, int32_t wh, uint8_t quality)
{
    table_row *row = w->row;
    import_run *im = w->im;
    row->kind = TABLE_SERIES;
    row->line = s->line;
    row->issued = 0;
    row->owner = (table_text){ owner_id, strlen(owner_id), 0 };
    row->nmissing = wh == MIZO_MISSING;
    row->nvalue = wh != MIZO_MISSING;
    row->value[0] =
        (table_value){ .at = table_day_ms(s->day, im->t->region->offset) + (mizo_ms)s->slot * MIZO_SLOT_MS,
                       .v = wh,
                       .column = w->column,
                       .step_min = 30,
                       .quantity = MIZO_Q_IMPORT,
                       .quality = quality };
    im->r->rows += !im->looking && !w->rec;
    MIZO_TRY(import_row(im, w->rec, row));
    MIZO_TRY(import_look(im, 1));
    return stage_full(im->stage) ? import_spill(im) : MIZO_OK;
}

/* Provisional values never take the place of better ones; what cannot be true waits. */
static mizo_err put_whole(work *w, int32_t owner, const operator_slot *s, uint8_t quality)
{
    known_day *k;
    bool held = false;
    if (s->wh != MIZO_MISSING && !w->im->looking) {
        MIZO_TRY(known_of(w, owner, s->day, &k));
        bool better = k->q[s->slot] == MIZO_QUALITY_MEASURED || k->q[s->slot] == MIZO_QUALITY_MANUAL;
        bool weak = quality == MIZO_QUALITY_PROVISIONAL || quality == MIZO_QUALITY_ESTIMATED;
        if (weak && better) {
            w->older++;
            return MIZO_OK;
        }
        MIZO_TRY(hold(w, owner, s, quality, &held));
    }
    mizo_err e = held ? MIZO_OK : put_value(w, w->im->owner[owner].id, s, s->wh, quality);
    w->im->let_in = false;
    return e;
}

/* ---- items ---- */

/* "p-depot-item-a1": kept, and no point of the model: it counts in no sum. */
static const char *item_owner(work *w, int32_t owner, const operator_point *p)
{
    char id[MIZO_ID_MAX + 32], item[17];
    size_t n = 0;
    for (const char *s = p->item; *s && n + 1 < sizeof item; s++)
        if ((*s >= '0' && *s <= '9') || (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z'))
            item[n++] = (char)(*s >= 'A' && *s <= 'Z' ? *s - 'A' + 'a' : *s);
    item[n] = '\0';
    snprintf(id, sizeof id, "%s-item-%s", w->im->owner[owner].id, n ? item : "0");
    int32_t known = mizo_id_valid(id, strlen(id)) ? import_owner_known(w->im, id) : -1;
    if (known >= 0)
        return w->im->owner[known].id;
    on_bad(w, MIZO_MSG_OPERATOR_ITEM_NAME, p->line, w->im->owner[owner].id, p->item);
    return NULL;
}

static bool has_items(const operator_point *p)
{
    for (size_t i = 0; i < p->nslot; i++)
        if (p->slot[i].item_wh != MIZO_MISSING && p->slot[i].wh != MIZO_MISSING)
            return true;
    return false;
}

static mizo_err put_items(work *w, int32_t owner, const operator_point *p)
{
    if (!*p->item || !has_items(p))
        return MIZO_OK;
    const char *id = item_owner(w, owner, p);
    for (size_t i = 0; id && i < p->nslot; i++)
        if (p->slot[i].item_wh != MIZO_MISSING)
            MIZO_TRY(put_value(w, id, &p->slot[i], p->slot[i].item_wh, MIZO_QUALITY_MEASURED));
    return MIZO_OK;
}

/* ---- the confirmed month ---- */

static month_of *month_find(work *w, int32_t owner, const operator_head *h)
{
    for (size_t i = w->nmonth; i-- > 0;)
        if (w->month[i].owner == owner && w->month[i].m.month == h->month &&
            w->month[i].m.year == h->month_year)
            return &w->month[i];
    if (array_grow(&w->month, &w->month_cap, w->nmonth + 1, sizeof *w->month))
        return NULL;
    month_of *m = &w->month[w->nmonth++];
    *m = (month_of){
        .owner = owner,
        .m = {.year = h->month_year,
              .month = h->month,
              .total_wh = -1,
              .max_w = -1,
              .power_factor_e2 = -1,
              .next_reading = MIZO_DAY_NONE,
              .provided = true}
    };
    snprintf(m->m.point, sizeof m->m.point, "%s", w->im->owner[owner].id);
    return m;
}

static void count_slots(month_of *m, const operator_point *p, bool whole)
{
    for (size_t i = 0; i < p->nslot; i++) {
        const operator_slot *s = &p->slot[i];
        int32_t wh = s->wh != MIZO_MISSING ? s->wh : whole ? MIZO_MISSING : s->item_wh;
        if (!m->m.slots || s->day < m->m.from)
            m->m.from = s->day;
        if (!m->m.slots || s->day >= m->m.to)
            m->m.to = s->day + 1;
        m->m.slots++;
        m->m.missing += wh == MIZO_MISSING;
        m->m.slots_wh += wh == MIZO_MISSING ? 0 : wh;
    }
}

static void take_numbers(month_of *m, const operator_point *p)
{
    confirmed_month *c = &m->m;
    c->provided = p->provided;
    c->total_wh = p->total_wh >= 0                           ? p->total_wh
                  : p->item_total_wh >= 0 && c->total_wh < 0 ? p->item_total_wh
                                                             : c->total_wh;
    if (p->max_w != MIZO_MISSING)
        c->max_w = p->max_w;
    if (p->power_factor_e2 >= 0)
        c->power_factor_e2 = p->power_factor_e2;
    if (p->next_reading != MIZO_DAY_NONE)
        c->next_reading = p->next_reading;
    if (*p->voltage)
        snprintf(c->voltage, sizeof c->voltage, "%s", p->voltage);
}

/* Of several records of a point the first with values of the whole counts; the others must agree with it, which the
 * stage sees. A record with nothing but an item is the whole where it is alone. */
static mizo_err put_month(work *w, int32_t owner, const operator_head *h, const operator_point *p)
{
    month_of *m = month_find(w, owner, h);
    if (!m)
        return MIZO_ENOMEM;
    bool whole = false, any = false, first = m->line == 0;
    for (size_t i = 0; i < p->nslot; i++) {
        whole |= p->slot[i].wh != MIZO_MISSING;
        any |= p->slot[i].item_wh != MIZO_MISSING;
    }
    bool alone = !whole && any;
    if (alone && !first) {
        on_bad(w, MIZO_MSG_OPERATOR_ITEMS_ALONE, p->line, m->m.point, NULL);
        return MIZO_OK;
    }
    if (first || (whole && !m->whole)) {
        take_numbers(m, p);
        count_slots(m, p, whole);
    }
    m->m.items += *p->item && has_items(p);
    m->whole |= whole;
    m->line = p->line;
    for (size_t i = 0; i < p->nslot; i++) {
        operator_slot s = p->slot[i];
        if (alone)
            s.wh = s.item_wh;
        MIZO_TRY(put_whole(w, owner, &s, MIZO_QUALITY_MEASURED));
    }
    return put_items(w, owner, p);
}

static mizo_err on_point(void *arg, const operator_head *h, const operator_point *p)
{
    work *w = arg;
    import_run *im = w->im;
    int32_t owner = import_owner_find(im, p->number, strlen(p->number));
    if (owner < 0)
        return note_unknown(w, p);
    MIZO_TRY(import_keep_person(im, owner, p));
    if (!p->provided && !im->looking)
        MIZO_DIAG(im->t->diags, OPERATOR_NOT_PROVIDED, MIZO_AT(w->member, p->line, 0), im->owner[owner].id);
    if (h->kind == OPERATOR_CONFIRMED)
        return put_month(w, owner, h, p);
    for (size_t i = 0; i < p->nslot; i++)
        MIZO_TRY(put_whole(w, owner, &p->slot[i], MIZO_QUALITY_PROVISIONAL));
    return MIZO_OK;
}

/* ---- what is left to say and to keep ---- */

static void check_totals(work *w)
{
    char said[MIZO_NUM_TEXT], sum[MIZO_NUM_TEXT];
    for (size_t i = 0; i < w->nmonth; i++) {
        const confirmed_month *m = &w->month[i].m;
        int64_t off = m->total_wh - m->slots_wh;
        if (m->total_wh < 0 || m->slots == 0 || (off < WH_IN_KWH && off > -WH_IN_KWH))
            continue;
        mizo_decimal_text(m->total_wh, 3, said);
        mizo_decimal_text(m->slots_wh, 3, sum);
        MIZO_DIAG(w->im->t->diags, OPERATOR_TOTAL, MIZO_AT(w->member, w->month[i].line, 0), m->point, said,
                  sum);
    }
}

static void tell_held(work *w)
{
    for (size_t i = 0; i < w->nheld; i++) {
        const held_day *h = &w->held[i];
        char day[MIZO_DATE_TEXT], slots[16], most[24], limit[24];
        int n = 0;
        int32_t top = 0;
        for (int t = 0; t < MIZO_DAY_SLOTS; t++) {
            n += h->wh[t] != MIZO_MISSING;
            top = h->wh[t] > top ? h->wh[t] : top;
        }
        if (h->state != HELD_WAITING)
            continue;
        mizo_day_text(h->day, day);
        snprintf(slots, sizeof slots, "%d", n);
        snprintf(most, sizeof most, "%" PRId32, top);
        snprintf(limit, sizeof limit, "%" PRId32, h->limit_wh);
        mizo_diag_add(w->im->t->diags, MIZO_MSG_OPERATOR_HELD, MIZO_AT(w->member, 0, 0), h->point, day, slots,
                      h->check, most, limit, (const char *)NULL);
    }
    if (w->older) {
        char n[24];
        snprintf(n, sizeof n, "%" PRId64, w->older);
        MIZO_DIAG(w->im->t->diags, OPERATOR_OLDER, MIZO_AT(w->member, 0, 0), n);
    }
}

/* Into the run: written once the batch is open. */
static mizo_err hand_over(work *w)
{
    for (size_t i = 0; i < w->nmonth; i++)
        MIZO_TRY(import_keep_month(w->im, &w->month[i].m));
    for (size_t i = 0; i < w->nheld; i++)
        MIZO_TRY(import_keep_held(w->im, &w->held[i]));
    return MIZO_OK;
}

static void period_of(const operator_head *h, mizo_day *from, mizo_day *to)
{
    *from = h->day;
    *to = h->day == MIZO_DAY_NONE ? h->day : h->day + 1; /* a month has no day */
    if (h->kind != OPERATOR_CONFIRMED)
        return;
    mizo_date d = { h->month_year, h->month, 1 };
    *from = mizo_date_day(d);
    *to = *from + mizo_month_days(h->month_year, h->month);
}

static mizo_err keep_file(work *w, const operator_head *h, const char *bytes, size_t n)
{
    buf kept;
    char sum[HASH_TEXT];
    mizo_day from, to;
    period_of(h, &from, &to);
    hash_text(hash_bytes(bytes, n), sum);
    buf_init(&kept, n + 1);
    mizo_err e = operator_strip(bytes, n, w->im->code, w->im->ncode, &kept);
    if (!e)
        e = import_keep_file(w->im, operator_kind_words[h->kind], "operator", w->member, from, to, kept.p,
                             kept.n, sum);
    buf_fini(&kept);
    return e;
}

static mizo_err read_file(work *w, const xml_reader *xml, const char *bytes, size_t n, const char *text,
                          size_t ntext)
{
    import_run *im = w->im;
    operator_sink sink = { w, on_point, on_bad };
    operator_head head;
    xml_fault fault;
    mizo_err e = operator_read(xml, text, ntext, w->im->code, w->im->ncode, &sink, &head, &fault);
    snprintf(im->r->kind, sizeof im->r->kind, "%s", operator_kind_words[head.kind]);
    if (e == MIZO_EINPUT && *fault.why)
        on_bad(w, MIZO_MSG_FILES_BAD_XML, fault.line, fault.why, NULL);
    if (e == MIZO_EINPUT && !im->r->bad)
        im->r->bad++;
    if (e)
        return e == MIZO_EINPUT ? MIZO_OK
                                : e; /* the row is bad: the import stops at its end, with the others said */
    tell_unknown(w);
    if (im->looking)
        return MIZO_OK;
    check_totals(w);
    tell_held(w);
    MIZO_TRY(hand_over(w));
    return keep_file(w, &head, bytes, n);
}

static mizo_err read_text(work *w, const xml_reader *xml, const char *bytes, size_t n)
{
    xml_fault fault;
    buf text;
    buf_init(&text, XML_BYTES);
    mizo_err e = xml_utf8(bytes, n, &text, &fault);
    if (e == MIZO_EINPUT) {
        on_bad(w, MIZO_MSG_FILES_BAD_XML, fault.line, fault.why, NULL);
        e = MIZO_OK;
    } else if (!e) {
        e = read_file(w, xml, bytes, n, text.n ? text.p : "", text.n);
    }
    buf_fini(&text);
    return e;
}

static void work_free(work *w)
{
    if (!w)
        return;
    free(w->row);
    free(w->known);
    free(w->unknown);
    free(w->month);
    free(w->held);
    free(w);
}

/* NULL: out of memory. */
static work *work_new(import_run *im, const char *name)
{
    work *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->im = im;
    w->member = name;
    w->row = calloc(1, sizeof *w->row);
    if (w->row)
        return w;
    work_free(w);
    return NULL;
}

mizo_err import_operator(import_run *im, const xml_reader *xml, const char *name, const char *bytes, size_t n)
{
    work *w = work_new(im, name);
    mizo_err e = w ? import_operator_codes(im) : MIZO_ENOMEM;
    if (e == MIZO_EINPUT)
        im->r->bad += im->r->bad == 0;
    if (!e)
        e = read_text(w, xml, bytes, n);
    work_free(w);
    return e;
}

/* ---- tables ---- */

mizo_err import_operator_table(import_run *im, const csv_record *header)
{
    static const char number[] = "供給地点特定番号";
    bool ours = im->npersonal > 0;
    char word[TABLE_WORD];
    import_operator_table_drop(im);
    for (int i = 0; i < header->nfield && !ours; i++) {
        text_fold(header->field[i].s, header->field[i].n, word, sizeof word);
        ours = strcmp(word, number) == 0;
    }
    if (!ours || !import_is_readings(im))
        return MIZO_OK;
    im->operator= work_new(im, im->shown);
    return im->operator? MIZO_OK : MIZO_ENOMEM;
}

/* Half-hours of what a point took in; anything else goes as any other reading does. */
static bool taken_in(const table_row *row)
{
    for (int i = 0; i < row->nvalue; i++) {
        const table_value *v = &row->value[i];
        if (v->step_min != 30 || v->role != MIZO_ROLE_READING || v->exponent ||
            (v->quantity && v->quantity != MIZO_Q_IMPORT))
            return false;
    }
    return row->kind == TABLE_SERIES;
}

static mizo_err put_values(work *w, int32_t owner, const table_row *row)
{
    import_run *im = w->im;
    int offset = im->t->region->offset;
    for (int i = 0; i < row->nvalue; i++) {
        const table_value *v = &row->value[i];
        mizo_slot at = mizo_ms_slot(v->at);
        operator_slot s = { .day = mizo_slot_day(at, offset), .wh = v->v, .line = row->line };
        s.slot = (uint8_t)(at - mizo_day_slot(s.day, offset));
        w->column = v->column;
        if (w->from == w->to || s.day < w->from)
            w->from = s.day;
        if (s.day >= w->to)
            w->to = s.day + 1;
        MIZO_TRY(put_whole(w, owner, &s, v->quality));
    }
    return MIZO_OK;
}

mizo_err import_operator_row(import_run *im, const csv_record *rec, const table_row *row)
{
    work *w = im->operator;
    table_fault f;
    int32_t owner = import_owner_find(im, row->owner.s, row->owner.n);
    if (owner < 0 || im->owner[owner].kind != OWNER_POINT || !taken_in(row))
        return import_row(im, rec, row);
    for (int i = 0; i < row->nvalue; i++) /* a bad row is bad as a whole */
        if (import_when_bad(im, row->value[i].at, 30, false, &f)) {
            import_bad(im, row->line, rec, &f);
            return MIZO_OK;
        }
    im->r->blank += im->looking ? 0 : row->nmissing;
    w->rec = rec;
    return put_values(w, owner, row);
}

static void put_plain(buf *out, const csv_field *f)
{
    bool quote = false;
    for (size_t i = 0; i < f->n; i++)
        quote |= strchr(",\"\r\n", f->s[i]) != NULL;
    if (!quote) {
        buf_add(out, f->s, f->n);
        return;
    }
    buf_char(out, '"');
    for (size_t i = 0; i < f->n; i++) {
        if (f->s[i] == '"')
            buf_char(out, '"');
        buf_char(out, f->s[i]);
    }
    buf_char(out, '"');
}

/* The table as UTF-8 from its header on, columns of people blank; lines that cannot be read are left out, for a name may
 * stand in them. */
static mizo_err strip_table(const import_run *im, const char *bytes, size_t n, buf *out)
{
    csv_reader *csv = csv_open(bytes, n);
    csv_record *rec = calloc(1, sizeof *rec);
    const char *what;
    mizo_err e = csv && rec ? MIZO_OK : MIZO_ENOMEM;
    while (!e) {
        e = csv_next(csv, rec, &what);
        bool unread = e == MIZO_EINPUT;
        if (unread)
            e = MIZO_OK;
        if (e || unread || rec->line < im->header_line)
            continue;
        for (int i = 0; i < rec->nfield; i++) {
            if (i)
                buf_char(out, ',');
            if (rec->line == im->header_line || !import_people_hide(im, rec, i))
                put_plain(out, &rec->field[i]);
        }
        buf_str(out, "\r\n");
    }
    free(rec);
    csv_close(csv);
    return e == MIZO_ENOENT ? out->err : e;
}

mizo_err import_operator_table_end(import_run *im, const char *bytes, size_t n)
{
    work *w = im->operator;
    buf kept;
    char sum[HASH_TEXT];
    if (!w || im->looking)
        return MIZO_OK;
    tell_held(w);
    MIZO_TRY(hand_over(w));
    if (w->from == w->to)
        return MIZO_OK;
    hash_text(hash_bytes(bytes, n), sum);
    buf_init(&kept, 2 * n + 4096);
    mizo_err e = strip_table(im, bytes, n, &kept);
    if (!e)
        e = import_keep_file(im, "operator-csv", "operator", w->member, w->from, w->to, kept.n ? kept.p : "",
                             kept.n, sum);
    buf_fini(&kept);
    return e;
}

void import_operator_table_drop(import_run *im)
{
    work_free(im->operator);
    im->operator= NULL;
}
