/* operator.c: elements to points. See operator.h. */
#include "grid/operator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "grid/operator_inner.h"
#include "mizo/messages/operator.h"

enum { FRAMES = 6, UNKNOWN_MOST = 64, ELEMENTS = 64 };

/* The values of one record, as they stand. */
typedef struct frame {
    char text[OPERATOR_MEANING_COUNT][OPERATOR_TEXT];
    int line[OPERATOR_MEANING_COUNT]; /* 0: not given */
    int at;                           /* line on which the record began */
} frame;

typedef struct unknown {
    char code[64];
    int line;
    int64_t times;
} unknown;

typedef struct reading {
    const operator_sink *sink;
    const operator_code *codes;
    size_t ncodes;
    operator_head *head;
    bool begun;   /* the first record has been seen: the kind is known */
    frame *frame; /* [FRAMES]: 0 the file itself */
    int depth;    /* of frames */
    operator_meaning open[ELEMENTS];
    int nopen;
    int passing;         /* elements open within the header */
    operator_slot *slot; /* [OPERATOR_SLOTS] of the point that is open */
    size_t nslot;
    bool spoiled; /* a slot of the point that is open has a fault */
    unknown unknown[UNKNOWN_MOST];
    int nunknown;
    int64_t more_unknown;
    bool around; /* the family's root was seen */
} reading;

/* ---- faults ---- */

static const frame *holder(const reading *r, operator_meaning m);
static const char *label(const reading *r, operator_meaning m);

/* Whose value it is, as it stands: " (JP06400 0300..., JP06423 20240501, JP06219 1)". A file may be one long line. */
static void place_of(const reading *r, char *out, size_t cap)
{
    static const operator_meaning at[] = { OPERATOR_POINT, OPERATOR_DATE, OPERATOR_USE_DATE, OPERATOR_SLOT };
    size_t n = 0;
    *out = '\0';
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        const frame *f = holder(r, at[i]);
        if (f && n < cap)
            n += (size_t)snprintf(out + n, cap - n, "%s%s %.24s", n ? ", " : " (", label(r, at[i]),
                                  f->text[at[i]]);
    }
    if (n && n + 1 < cap)
        memcpy(out + n, ")", 2);
}

static void bad(reading *r, mizo_msg id, int line, const char *p0, const char *p1)
{
    char where[96];
    place_of(r, where, sizeof where);
    r->sink->bad(r->sink->arg, id, line, p0, p1, where);
    r->spoiled = true;
}

static void note_unknown(reading *r, const char *code, int line)
{
    for (int i = 0; i < r->nunknown; i++)
        if (strncmp(r->unknown[i].code, code, sizeof r->unknown[i].code - 1) == 0) {
            r->unknown[i].times++;
            return;
        }
    if (r->nunknown == UNKNOWN_MOST) {
        r->more_unknown++;
        return;
    }
    unknown *u = &r->unknown[r->nunknown++];
    snprintf(u->code, sizeof u->code, "%.63s", code);
    u->line = line;
    u->times = 1;
}

static void tell_unknown(reading *r)
{
    char times[24];
    for (int i = 0; i < r->nunknown; i++) {
        snprintf(times, sizeof times, "%lld", (long long)r->unknown[i].times);
        r->sink->bad(r->sink->arg, MIZO_MSG_OPERATOR_UNKNOWN_CODE, r->unknown[i].line, r->unknown[i].code,
                     times, NULL);
    }
}

/* ---- values ---- */

/* The innermost record that has it; NULL: none. */
static const frame *holder(const reading *r, operator_meaning m)
{
    for (int i = r->depth; i >= 0; i--)
        if (r->frame[i].line[m])
            return &r->frame[i];
    return NULL;
}

static const char *label(const reading *r, operator_meaning m)
{
    size_t n;
    for (size_t i = 0; i < r->ncodes; i++)
        if (r->codes[i].meaning == m)
            return r->codes[i].code;
    const operator_code *c = operator_codes_builtin(&n);
    for (size_t i = 0; i < n; i++)
        if (c[i].meaning == m)
            return c[i].code;
    return operator_meaning_words[m];
}

/* False, and said: not there, or not what it should be. */
static bool get_day(reading *r, operator_meaning m, mizo_day *out)
{
    const frame *f = holder(r, m);
    mizo_date d;
    if (!f) {
        bad(r, MIZO_MSG_OPERATOR_ABSENT_CODE, r->frame[r->depth].at, label(r, m), operator_meaning_words[m]);
        return false;
    }
    if (mizo_date_parse(f->text[m], strlen(f->text[m]), &d)) {
        bad(r, MIZO_MSG_OPERATOR_BAD_VALUE, f->line[m], f->text[m], label(r, m));
        return false;
    }
    *out = mizo_date_day(d);
    return true;
}

static bool get_slot(reading *r, uint8_t *out)
{
    const frame *f = holder(r, OPERATOR_SLOT);
    int64_t v;
    if (!f) {
        bad(r, MIZO_MSG_OPERATOR_ABSENT_CODE, r->frame[r->depth].at, label(r, OPERATOR_SLOT), "time-code");
        return false;
    }
    const char *s = f->text[OPERATOR_SLOT];
    if (mizo_decimal_parse(s, strlen(s), 0, &v) || v < 1 || v > MIZO_DAY_SLOTS) {
        bad(r, MIZO_MSG_OPERATOR_BAD_VALUE, f->line[OPERATOR_SLOT], s, label(r, OPERATOR_SLOT));
        return false;
    }
    *out = (uint8_t)(v - 1);
    return true;
}

/* A number of the innermost record: value x 10^digits; *given false: blank or not there. False: said. */
static bool get_number(reading *r, operator_meaning m, int digits, int64_t most, int64_t *out, bool *given)
{
    const frame *f = &r->frame[r->depth];
    *given = false;
    if (!f->line[m])
        return true;
    mizo_err e = table_number(f->text[m], strlen(f->text[m]), digits, out);
    if (e == MIZO_ENOENT)
        return true;
    if (e || *out < 0 || *out > most) {
        bad(r, MIZO_MSG_OPERATOR_BAD_VALUE, f->line[m], f->text[m], label(r, m));
        return false;
    }
    *given = true;
    return true;
}

static int32_t wh_of(reading *r, operator_meaning m)
{
    int64_t v;
    bool given;
    return get_number(r, m, 3, INT32_MAX, &v, &given) && given ? (int32_t)v : MIZO_MISSING;
}

/* ---- points ---- */

static bool valid_number(const char *s)
{
    size_t n = strspn(s, "0123456789");
    return n == OPERATOR_NUMBER - 1 && !s[n];
}

static void copy(char *out, size_t cap, const frame *f, operator_meaning m)
{
    size_t n = f->line[m] ? strnlen(f->text[m], cap - 1) : 0;
    memcpy(out, f->text[m], n);
    out[n] = '\0';
}

static void add_slot(reading *r, const operator_slot *s)
{
    if (r->nslot < OPERATOR_SLOTS)
        r->slot[r->nslot++] = *s;
    else if (!r->spoiled)
        bad(r, MIZO_MSG_OPERATOR_TOO_MANY, s->line, NULL, NULL);
}

/* A flag of the innermost record: "0", "1", or nothing, which is 0. False: another word, said. */
static bool get_flag(reading *r, operator_meaning m, bool *set)
{
    const frame *f = &r->frame[r->depth];
    const char *s = f->line[m] ? f->text[m] : "";
    *set = strcmp(s, "1") == 0;
    if (*set || !*s || strcmp(s, "0") == 0)
        return true;
    bad(r, MIZO_MSG_OPERATOR_BAD_VALUE, f->line[m], s, label(r, m));
    return false;
}

/* Same-day and daily: the record of the point is the slot. */
static void slot_of_point(reading *r)
{
    const frame *f = &r->frame[r->depth];
    operator_slot s = { .wh = MIZO_MISSING, .item_wh = MIZO_MISSING, .line = f->at };
    if (!get_day(r, OPERATOR_DATE, &s.day) || !get_slot(r, &s.slot))
        return;
    bool none;
    if (!get_flag(r, OPERATOR_PRESENT, &none))
        return;
    if (!none) {
        int32_t high = wh_of(r, OPERATOR_KWH_HIGH), low = wh_of(r, OPERATOR_KWH_LOW);
        if (high != MIZO_MISSING && low != MIZO_MISSING && high != low)
            bad(r, MIZO_MSG_OPERATOR_TWO_VALUES, f->at, f->text[OPERATOR_KWH_HIGH],
                f->text[OPERATOR_KWH_LOW]);
        s.wh = high != MIZO_MISSING ? high : low;
    }
    add_slot(r, &s);
}

static void fill_numbers(reading *r, operator_point *p)
{
    int64_t v;
    bool given;
    p->power_factor_e2 = -1;
    p->max_w = MIZO_MISSING;
    p->total_wh = p->item_total_wh = -1;
    p->next_reading = MIZO_DAY_NONE;
    if (get_number(r, OPERATOR_POWER_FACTOR, 2, 10000, &v, &given) && given)
        p->power_factor_e2 = (int32_t)v;
    if (get_number(r, OPERATOR_MAX_KW, 3, INT32_MAX, &v, &given) && given)
        p->max_w = (int32_t)v;
    if (get_number(r, OPERATOR_TOTAL, 3, INT64_MAX / 4, &v, &given) && given)
        p->total_wh = v;
    if (get_number(r, OPERATOR_ITEM_TOTAL, 3, INT64_MAX / 4, &v, &given) && given)
        p->item_total_wh = v;
    const frame *f = &r->frame[r->depth];
    if (f->line[OPERATOR_NEXT_READING] && *f->text[OPERATOR_NEXT_READING])
        (void)get_day(r, OPERATOR_NEXT_READING, &p->next_reading);
}

static mizo_err close_point(reading *r)
{
    const frame *f = &r->frame[r->depth];
    operator_point *p = calloc(1, sizeof *p);
    if (!p)
        return MIZO_ENOMEM;
    copy(p->number, sizeof p->number, f, OPERATOR_POINT);
    bool named = valid_number(f->text[OPERATOR_POINT]);
    if (!named)
        bad(r, MIZO_MSG_OPERATOR_BAD_VALUE, f->line[OPERATOR_POINT], f->text[OPERATOR_POINT],
            label(r, OPERATOR_POINT));
    copy(p->item, sizeof p->item, f, OPERATOR_ITEM);
    copy(p->voltage, sizeof p->voltage, f, OPERATOR_VOLTAGE);
    copy(p->consumer, sizeof p->consumer, f, OPERATOR_CONSUMER);
    copy(p->name, sizeof p->name, f, OPERATOR_NAME);
    copy(p->place, sizeof p->place, f, OPERATOR_PLACE);
    bool absent;
    p->provided = get_flag(r, OPERATOR_ABSENT, &absent) && !absent;
    p->line = f->at;
    fill_numbers(r, p);
    if (r->head->kind != OPERATOR_CONFIRMED)
        slot_of_point(r);
    p->slot = r->slot;
    p->nslot = r->nslot;
    p->faulty = r->spoiled;
    mizo_err e = named ? r->sink->point(r->sink->arg, r->head, p) : MIZO_OK;
    free(p);
    return e;
}

static void close_slot(reading *r)
{
    const frame *f = &r->frame[r->depth];
    operator_slot s = { .line = f->at };
    if (!get_day(r, OPERATOR_USE_DATE, &s.day) || !get_slot(r, &s.slot))
        return;
    s.wh = wh_of(r, OPERATOR_USE_ALL);
    s.item_wh = wh_of(r, OPERATOR_USE_ITEM);
    add_slot(r, &s);
}

/* ---- the file's head ---- */

static mizo_err read_head(reading *r)
{
    const frame *f = &r->frame[0];
    operator_head *h = r->head;
    copy(h->type, sizeof h->type, f, OPERATOR_TYPE);
    copy(h->sender, sizeof h->sender, f, OPERATOR_SENDER);
    copy(h->receiver, sizeof h->receiver, f, OPERATOR_RECEIVER);
    r->begun = true;
    if (!f->line[OPERATOR_MONTH]) {
        h->kind = f->line[OPERATOR_SLOT] ? OPERATOR_SAME_DAY : OPERATOR_DAILY;
        return get_day(r, OPERATOR_DATE, &h->day) ? MIZO_OK : MIZO_EINPUT;
    }
    const char *s = f->text[OPERATOR_MONTH];
    int64_t v;
    h->kind = OPERATOR_CONFIRMED;
    if (strlen(s) != 6 || mizo_decimal_parse(s, 6, 0, &v) || v % 100 < 1 || v % 100 > 12 || v < 199001) {
        bad(r, MIZO_MSG_OPERATOR_BAD_VALUE, f->line[OPERATOR_MONTH], s, label(r, OPERATOR_MONTH));
        return MIZO_EINPUT;
    }
    h->month_year = (int)(v / 100);
    h->month = (int)(v % 100);
    return MIZO_OK;
}

/* ---- tags ---- */

static mizo_err open_record(reading *r, int line)
{
    if (!r->begun)
        MIZO_TRY(read_head(r));
    if (r->depth + 1 >= FRAMES) {
        bad(r, MIZO_MSG_OPERATOR_TOO_MANY, line, NULL, NULL);
        return MIZO_EINPUT;
    }
    frame *f = &r->frame[++r->depth];
    memset(f->line, 0, sizeof f->line);
    for (int m = 0; m < OPERATOR_MEANING_COUNT; m++)
        f->text[m][0] = '\0';
    f->at = line;
    bool point = r->depth == 1 || r->head->kind == OPERATOR_DAILY;
    if (point) {
        r->nslot = 0;
        r->spoiled = false;
    }
    return MIZO_OK;
}

static mizo_err close_record(reading *r)
{
    const frame *f = &r->frame[r->depth];
    mizo_err e = MIZO_OK;
    if (f->line[OPERATOR_POINT])
        e = close_point(r);
    else if (r->depth == (r->head->kind == OPERATOR_DAILY ? 2 : 1)) /* whose values were they? */
        bad(r, MIZO_MSG_OPERATOR_ABSENT_CODE, f->at, label(r, OPERATOR_POINT),
            operator_meaning_words[OPERATOR_POINT]);
    else if (f->line[OPERATOR_USE_ALL] || f->line[OPERATOR_USE_ITEM])
        close_slot(r);
    r->depth--;
    return e;
}

static mizo_err on_open(void *arg, const char *name, const xml_attribute *a, size_t n, int line)
{
    (void)a, (void)n;
    reading *r = arg;
    if (r->passing) {
        r->passing++;
        return MIZO_OK;
    }
    operator_meaning m = operator_meaning_of(r->codes, r->ncodes, name);
    if (!r->around && m != OPERATOR_AROUND) {
        r->sink->bad(r->sink->arg, MIZO_MSG_OPERATOR_NOT_ONE, line, name, NULL, NULL);
        return MIZO_EINPUT;
    }
    r->around = true;
    if (m == OPERATOR_MEANING_COUNT)
        note_unknown(r, name, line);
    if (m == OPERATOR_HEADER || m == OPERATOR_IGNORE || m == OPERATOR_MEANING_COUNT)
        r->passing = 1;
    else
        r->open[r->nopen++ % ELEMENTS] = m;
    return m == OPERATOR_RECORD ? open_record(r, line) : MIZO_OK;
}

static void keep_text(reading *r, operator_meaning m, const char *s, size_t n, int line)
{
    frame *f = &r->frame[r->depth];
    while (n && strchr(" \t\r\n", *s))
        s++, n--;
    while (n && strchr(" \t\r\n", s[n - 1]))
        n--;
    if (n >= OPERATOR_TEXT)
        n = OPERATOR_TEXT - 1;
    while (n && ((unsigned char)s[n] & 0xc0) == 0x80) /* no half a letter */
        n--;
    memcpy(f->text[m], s, n);
    f->text[m][n] = '\0';
    f->line[m] = line;
}

static mizo_err on_close(void *arg, const char *name, const char *text, size_t n, int line)
{
    (void)name;
    reading *r = arg;
    if (r->passing) {
        r->passing--;
        return MIZO_OK;
    }
    operator_meaning m = r->open[--r->nopen % ELEMENTS];
    if (m == OPERATOR_RECORD)
        return close_record(r);
    if (m > OPERATOR_RECORD)
        keep_text(r, m, text, n, line);
    return MIZO_OK;
}

/* ---- the whole ---- */

static mizo_err read_all(reading *r, const xml_reader *xml, const char *text, size_t n, xml_fault *fault)
{
    xml_sink sink = { r, on_open, on_close };
    r->frame = calloc(FRAMES, sizeof *r->frame);
    r->slot = malloc(OPERATOR_SLOTS * sizeof *r->slot);
    mizo_err e = r->frame && r->slot ? MIZO_OK : MIZO_ENOMEM;
    if (!e)
        e = xml->read(text, n, &sink, fault);
    tell_unknown(r);
    if (!e && !r->begun) {
        r->sink->bad(r->sink->arg, MIZO_MSG_OPERATOR_EMPTY, 0, NULL, NULL, NULL);
        e = MIZO_EINPUT;
    }
    free(r->frame);
    free(r->slot);
    return e;
}

mizo_err operator_read(const xml_reader *xml, const char *text, size_t n, const operator_code *codes,
                       size_t ncodes, const operator_sink *sink, operator_head *head, xml_fault *fault)
{
    reading *r = calloc(1, sizeof *r);
    if (!r)
        return MIZO_ENOMEM;
    memset(head, 0, sizeof *head);
    memset(fault, 0, sizeof *fault);
    head->day = MIZO_DAY_NONE;
    r->sink = sink;
    r->codes = codes;
    r->ncodes = ncodes;
    r->head = head;
    mizo_err e = read_all(r, xml, text, n, fault);
    free(r);
    return e;
}

bool operator_looks(const char *text, size_t n)
{
    size_t k = n < 4096 ? n : 4096;
    return memmem(text, k, "SBD-MSG", 7) != NULL || memmem(text, k, "<JPTRM", 6) != NULL;
}
