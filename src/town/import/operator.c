/* operator.c: the network operator's XML into the stage: points by their number, confirmed months, device-level items
 * beside the whole. Names and consumer codes leave this file only towards the sealed people (import_keep_person). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "mizo/messages/files.h"
#include "mizo/messages/operator.h"
#include "town/import/operator_work.h"

enum { UNKNOWN_MOST = 100000 };
#define WH_IN_KWH 1000

/* ---- points that the model does not have ---- */

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
        operator_bad(w, MIZO_MSG_OPERATOR_UNKNOWN_POINT, w->unknown[i].line, w->unknown[i].number, n, NULL);
    }
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
    operator_bad(w, MIZO_MSG_OPERATOR_ITEM_NAME, p->line, w->im->owner[owner].id, p->item, NULL);
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
            MIZO_TRY(operator_value(w, id, &p->slot[i], p->slot[i].item_wh, MIZO_QUALITY_MEASURED));
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
        .day0 = mizo_date_day((mizo_date){h->month_year,         h->month, 1}
          ) - MONTH_BEFORE,
        .m = { .year = h->month_year,
                                          .month = h->month,
                                          .total_wh = -1,
                                          .max_w = -1,
                                          .power_factor_e2 = -1,
                                          .next_reading = MIZO_DAY_NONE,
                                          .provided = true }
    };
    snprintf(m->m.point, sizeof m->m.point, "%s", w->im->owner[owner].id);
    return m;
}

static uint64_t *bits_of(uint64_t *set, const month_of *m, const operator_slot *s)
{
    int64_t i = (int64_t)s->day - m->day0;
    return i >= 0 && i < MONTH_DAYS && s->slot < MIZO_DAY_SLOTS ? &set[i] : NULL;
}

/* Each half-hour once, however many records have it. The answer: how many became known by this record. */
static int64_t count_slots(month_of *m, const operator_point *p, bool whole)
{
    int64_t now = 0;
    for (size_t i = 0; i < p->nslot; i++) {
        const operator_slot *s = &p->slot[i];
        int32_t wh = s->wh != MIZO_MISSING ? s->wh : whole ? MIZO_MISSING : s->item_wh;
        uint64_t *seen = bits_of(m->seen, m, s), *known = bits_of(m->known, m, s);
        uint64_t bit = (uint64_t)1 << (s->slot % MIZO_DAY_SLOTS);
        if (!seen || !known)
            continue;
        if (!m->m.slots || s->day < m->m.from)
            m->m.from = s->day;
        if (!m->m.slots || s->day >= m->m.to)
            m->m.to = s->day + 1;
        bool first = !(*seen & bit), value = wh != MIZO_MISSING && !(*known & bit);
        m->m.slots += first;
        m->m.missing += first - value;
        m->m.slots_wh += value ? wh : 0;
        now += value;
        *seen |= bit;
        *known |= value ? bit : 0;
    }
    return now;
}

static int64_t total_of(const operator_point *p)
{
    return p->total_wh >= 0 ? p->total_wh : p->item_total_wh;
}

static void tell_factors(work *w, const confirmed_month *c, const operator_point *p)
{
    char was[MIZO_NUM_TEXT], is[MIZO_NUM_TEXT];
    mizo_decimal_text(c->power_factor_e2, 2, was);
    mizo_decimal_text(p->power_factor_e2, 2, is);
    MIZO_DIAG(w->im->t->diags, OPERATOR_FACTORS, MIZO_AT(w->member, p->line, 0), c->point, was, is);
}

/* A month's record may begin in the month before, and end in the next, by the day on which its point is read; no day of it
 * lies beyond, and one at least lies in it or before. False: said. */
static bool days_fit(work *w, const month_of *m, const operator_head *h, const operator_point *p)
{
    mizo_day first = mizo_date_day((mizo_date){ h->month_year, h->month, 1 }),
             after = first + mizo_month_days(h->month_year, h->month);
    char day[MIZO_DATE_TEXT], month[MIZO_DATE_TEXT];
    bool near = p->nslot == 0;
    size_t far = p->nslot;
    for (size_t i = 0; i < p->nslot; i++) {
        near |= p->slot[i].day < after;
        if (p->slot[i].day < m->day0 || p->slot[i].day >= m->day0 + MONTH_DAYS)
            far = i;
    }
    if (near && far == p->nslot)
        return true;
    mizo_day_text(p->slot[far < p->nslot ? far : 0].day, day);
    mizo_day_text(first, month);
    month[sizeof "2023-05" - 1] = 0;
    operator_bad(w, MIZO_MSG_OPERATOR_OTHER_MONTH, p->line, day, month, NULL);
    return false;
}

/* What a record says beside its half-hours. A meter was replaced: the next one's record has other half-hours (more). Then
 * totals add up, unless both say the month's; the larger demand and the later power factor hold. */
static void take_numbers(work *w, month_of *of, const operator_point *p, bool more)
{
    confirmed_month *c = &of->m;
    int64_t total = total_of(p);
    c->provided = p->provided;
    if (!more)
        c->total_wh = p->total_wh >= 0 || c->total_wh < 0 ? total : c->total_wh;
    else if (total >= 0 && c->total_wh >= 0 && (total != c->total_wh || c->slots_wh > total))
        c->total_wh += total;
    if (p->max_w != MIZO_MISSING && (!more || p->max_w > c->max_w))
        c->max_w = p->max_w;
    if (p->power_factor_e2 >= 0) {
        if (more && c->power_factor_e2 >= 0 && c->power_factor_e2 != p->power_factor_e2)
            tell_factors(w, c, p);
        c->power_factor_e2 = p->power_factor_e2;
    }
    if (p->next_reading != MIZO_DAY_NONE)
        c->next_reading = p->next_reading;
    if (*p->voltage)
        snprintf(c->voltage, sizeof c->voltage, "%s", p->voltage);
}

/* Records of a point are those of devices, which repeat the whole, or those of two meters, one after the other. Where
 * they have the same half-hour they must agree, which the stage sees. A record with nothing but an item is the whole
 * where it is alone. */
static mizo_err put_month(work *w, int32_t owner, const operator_head *h, const operator_point *p)
{
    month_of *m = month_find(w, owner, h);
    if (!m)
        return MIZO_ENOMEM;
    if (!days_fit(w, m, h, p))
        return MIZO_OK;
    bool whole = false, any = false, first = m->line == 0;
    for (size_t i = 0; i < p->nslot; i++) {
        whole |= p->slot[i].wh != MIZO_MISSING;
        any |= p->slot[i].item_wh != MIZO_MISSING;
    }
    bool alone = !whole && any;
    if (alone && !first) {
        operator_bad(w, MIZO_MSG_OPERATOR_ITEMS_ALONE, p->line, m->m.point, NULL, NULL);
        return MIZO_OK;
    }
    int64_t now = first || whole ? count_slots(m, p, whole) : 0;
    if (first || (whole && (now > 0 || !m->whole)))
        take_numbers(w, m, p, m->whole);
    m->m.items += *p->item && has_items(p);
    m->whole |= whole;
    m->line = p->line;
    for (size_t i = 0; i < p->nslot; i++) {
        operator_slot s = p->slot[i];
        if (alone)
            s.wh = s.item_wh;
        MIZO_TRY(operator_put(w, owner, &s, MIZO_QUALITY_MEASURED));
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
    if (p->faulty)
        return MIZO_OK;
    MIZO_TRY(import_keep_person(im, owner, p));
    if (!p->provided && !im->looking)
        MIZO_DIAG(im->t->diags, OPERATOR_NOT_PROVIDED, MIZO_AT(w->member, p->line, 0), im->owner[owner].id);
    if (h->kind == OPERATOR_CONFIRMED)
        return put_month(w, owner, h, p);
    for (size_t i = 0; i < p->nslot; i++)
        MIZO_TRY(operator_put(w, owner, &p->slot[i], MIZO_QUALITY_PROVISIONAL));
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
    char sum[HASH_TEXT], voltages[OPERATOR_VOLTAGES];
    mizo_day from, to;
    period_of(h, &from, &to);
    operator_voltages(w, voltages);
    hash_text(hash_bytes(bytes, n), sum);
    buf_init(&kept, n + 1);
    mizo_err e = operator_strip(bytes, n, w->im->code, w->im->ncode, &kept);
    if (!e)
        e = import_keep_file(w->im, operator_kind_words[h->kind], "operator", w->member, voltages, from, to,
                             kept.p, kept.n, sum);
    buf_fini(&kept);
    return e;
}

static mizo_err read_file(work *w, const xml_reader *xml, const char *bytes, size_t n, const char *text,
                          size_t ntext)
{
    import_run *im = w->im;
    operator_sink sink = { w, on_point, operator_bad };
    operator_head head;
    xml_fault fault;
    char ja[FAULT_TEXT];
    mizo_err e = operator_read(xml, text, ntext, w->im->code, w->im->ncode, &sink, &head, &fault);
    snprintf(im->r->kind, sizeof im->r->kind, "%s", operator_kind_words[head.kind]);
    if (e == MIZO_EINPUT && *fault.why)
        operator_bad(w, MIZO_MSG_FILES_BAD_XML, fault.line, fault.why, fault_ja(fault.why, ja), NULL);
    if (e == MIZO_EINPUT && !im->r->bad)
        im->r->bad++;
    if (e)
        return e == MIZO_EINPUT ? MIZO_OK
                                : e; /* the row is bad: the import stops at its end, with the others said */
    tell_unknown(w);
    if (im->looking)
        return MIZO_OK;
    check_totals(w);
    for (size_t i = 0; i < w->nmonth; i++)
        MIZO_TRY(import_keep_month(im, &w->month[i].m));
    MIZO_TRY(operator_work_end(w));
    return keep_file(w, &head, bytes, n);
}

static mizo_err read_text(work *w, const xml_reader *xml, const char *bytes, size_t n)
{
    xml_fault fault;
    char ja[FAULT_TEXT];
    buf text;
    buf_init(&text, XML_BYTES);
    mizo_err e = xml_utf8(bytes, n, &text, &fault);
    if (e == MIZO_EINPUT) {
        operator_bad(w, MIZO_MSG_FILES_BAD_XML, fault.line, fault.why, fault_ja(fault.why, ja), NULL);
        e = MIZO_OK;
    } else if (!e) {
        e = read_file(w, xml, bytes, n, text.n ? text.p : "", text.n);
    }
    buf_fini(&text);
    return e;
}

mizo_err import_operator(import_run *im, const xml_reader *xml, const char *name, const char *bytes, size_t n)
{
    work *w = operator_work_new(im, name);
    mizo_err e = w ? import_operator_codes(im) : MIZO_ENOMEM;
    if (e == MIZO_EINPUT)
        im->r->bad += im->r->bad == 0;
    if (!e)
        e = read_text(w, xml, bytes, n);
    operator_work_free(w);
    return e;
}
