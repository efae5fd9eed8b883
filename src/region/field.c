/* field.c: one value of text into one member of a struct. */
#include <string.h>

#include "base/text.h"
#include "region/build.h"

/* One value on its way, with all that a diagnosis needs. */
typedef struct cell {
    region_builder *b;
    const field_row *f;
    const char *s;
    size_t n;
    int line, column;
    void *row;
    bool *bad;
} cell;

static void store(const field_row *f, void *row, int64_t v)
{
    unsigned char *p = (unsigned char *)row + f->offset;
    int8_t v8 = (int8_t)v;
    int16_t v16 = (int16_t)v;
    int32_t v32 = (int32_t)v;
    const void *from = f->width == 1 ? (void *)&v8 : f->width == 2 ? (void *)&v16 : (void *)&v32;
    memcpy(p, f->width == 8 ? (void *)&v : from, f->width);
}

static void store_text(const cell *c, const char *s, size_t n)
{
    const char *text = n ? arena_copy(c->b->keep, s, n) : "";
    if (!text)
        c->b->err = MIZO_ENOMEM;
    else
        memcpy((unsigned char *)c->row + c->f->offset, &text, sizeof text);
}

static bool is_text(field_kind k)
{
    return k == FIELD_ID || k == FIELD_NAME || k == FIELD_TEXT || k == FIELD_DIGITS || k == FIELD_CHOICE;
}

void region_field_default(const field_row *f, void *row)
{
    static const char *const none = "";
    if (is_text(f->kind))
        memcpy((unsigned char *)row + f->offset, &none, sizeof none);
    else if (f->kind == FIELD_FROM)
        store(f, row, REGION_SINCE_EVER);
    else if (f->kind == FIELD_TO)
        store(f, row, MIZO_DAY_NONE);
    else
        store(f, row, f->kind == FIELD_REF ? -1 : f->otherwise);
}

/* ---- saying what is wrong ---- */

static void wrong(const cell *c)
{
    FAULT(c->b, VALUE, c->f->file, c->line, c->column, c->bad, c->f->name, region_quote(c->b, c->s, c->n),
          region_expects(c->b, c->f));
}

static void out_of_range(const cell *c)
{
    FAULT(c->b, RANGE, c->f->file, c->line, c->column, c->bad, c->f->name, region_quote(c->b, c->s, c->n),
          region_expects(c->b, c->f));
}

static void wrong_word(const cell *c, const char *folded)
{
    size_t n = 0;
    while (c->f->words[n])
        n++;
    const char *near = text_nearest(folded, c->f->words, n);
    if (near)
        FAULT(c->b, VALUE_NEAR, c->f->file, c->line, c->column, c->bad, c->f->name,
              region_quote(c->b, c->s, c->n), region_expects(c->b, c->f), near);
    else
        wrong(c);
}

/* "School_1" would be the id "school-1". Returns its length. */
static size_t mend_id(const cell *c, char out[41])
{
    size_t k = 0;
    for (size_t i = 0; i < c->n && k < 40;) {
        uint32_t cp;
        size_t step = utf8_get(c->s + i, c->n - i, &cp);
        i += step ? step : 1;
        if (cp >= 0xff01 && cp <= 0xff5e)
            cp -= 0xfee0; /* full-width ASCII */
        char letter = step && cp < 0x80 ? (char)(cp >= 'A' && cp <= 'Z' ? cp + 32 : cp) : '-';
        if (!mizo_id_valid(&letter, 1))
            letter = '-';
        if (letter != '-' || (k && out[k - 1] != '-'))
            out[k++] = letter;
    }
    while (k && out[k - 1] == '-')
        k--;
    return k;
}

static void wrong_id(const cell *c)
{
    char mend[41];
    size_t k = mend_id(c, mend);
    FAULT(c->b, ID, c->f->file, c->line, c->column, c->bad, c->f->name, region_quote(c->b, c->s, c->n),
          region_expects(c->b, c->f), k ? region_quote(c->b, mend, k) : "school-001");
}

/* ---- one function a kind ---- */

static void set_id(const cell *c)
{
    if (!mizo_id_valid(c->s, c->n))
        wrong_id(c);
    store_text(c, c->s, c->n);
}

static void set_text(const cell *c)
{
    if (c->n > REGION_TEXT_MOST)
        out_of_range(c);
    else
        store_text(c, c->s, c->n);
}

static void set_digits(const cell *c)
{
    size_t n = 0;
    while (n < c->n && c->s[n] >= '0' && c->s[n] <= '9')
        n++;
    if (n != 22 || n != c->n)
        wrong(c);
    else
        store_text(c, c->s, n);
}

static void set_number(const cell *c)
{
    int64_t v;
    mizo_err e = mizo_decimal_parse(c->s, c->n, c->f->digits, &v);
    if (e == MIZO_EINPUT || e == MIZO_ENOENT)
        wrong(c);
    else if (e || v < c->f->least || v > c->f->most)
        out_of_range(c);
    else
        store(c->f, c->row, v);
}

static int word_number(const field_row *f, const char *folded)
{
    for (int i = 0; f->words[i]; i++)
        if (strcmp(f->words[i], folded) == 0)
            return i;
    if (f->words != region_no_yes)
        return -1;
    if (strcmp(folded, "false") == 0 || strcmp(folded, "0") == 0)
        return 0;
    return strcmp(folded, "true") == 0 || strcmp(folded, "1") == 0 ? 1 : -1;
}

static void set_word(const cell *c)
{
    char folded[64];
    text_fold(c->s, c->n, folded, sizeof folded);
    int i = word_number(c->f, folded);
    if (i < 0)
        wrong_word(c, folded);
    else if (c->f->kind == FIELD_CHOICE)
        store_text(c, c->f->words[i], strlen(c->f->words[i]));
    else
        store(c->f, c->row, i);
}

static void set_date(const cell *c)
{
    mizo_date date;
    if (mizo_date_parse(c->s, c->n, &date) || !mizo_date_valid(date))
        wrong(c);
    else if (date.year < 1900 || date.year > 2199)
        out_of_range(c);
    else
        store(c->f, c->row, mizo_date_day(date));
}

static void set_fy(const cell *c)
{
    int fy;
    if (mizo_fy_parse(c->s, c->n, &fy))
        wrong(c);
    else
        store(c->f, c->row, fy);
}

static void set_clock(const cell *c)
{
    int minute;
    if (mizo_clock_parse(c->s, c->n, &minute) || minute % 30)
        wrong(c);
    else
        store(c->f, c->row, minute / 30);
}

static void set_hours(const cell *c)
{
    int64_t v;
    mizo_err e = mizo_decimal_parse(c->s, c->n, 6, &v);
    if (e == MIZO_EINPUT || e == MIZO_ENOENT) {
        wrong(c);
        return;
    }
    int64_t minutes =
        !e && v >= 0 && v <= 24 * MIZO_PPM ? mizo_div_round(v * 60, MIZO_PPM, MIZO_ROUND_HALF_UP) : -1;
    if (minutes < c->f->least || minutes > c->f->most)
        out_of_range(c);
    else
        store(c->f, c->row, minutes);
}

/* ---- sets: words or numbers with spaces, commas or 、 between ---- */

static size_t separator(const char *s, size_t n)
{
    if (n && (*s == ' ' || *s == ',' || *s == '+' || *s == '\t'))
        return 1;
    return n >= 3 && (memcmp(s, "\xe3\x80\x81", 3) == 0 || memcmp(s, "\xe3\x80\x80", 3) == 0) ? 3 : 0;
}

/* The next item at *at, 0 when there is no more. */
static size_t next_item(const cell *c, size_t *at)
{
    size_t step;
    while ((step = separator(c->s + *at, c->n - *at)) > 0)
        *at += step;
    size_t n = 0;
    while (*at + n < c->n && !separator(c->s + *at + n, c->n - *at - n))
        n++;
    return n;
}

static int month_number(const char *s, size_t n, size_t *used)
{
    int v = 0;
    size_t i = 0;
    while (i < n && i < 2 && s[i] >= '0' && s[i] <= '9')
        v = v * 10 + (s[i++] - '0');
    *used = i;
    return i && v >= 1 && v <= 12 ? v : 0;
}

/* "7" or "7-9" or "10-3"; 0: neither. */
static int month_mask(const char *s, size_t n)
{
    size_t used;
    int from = month_number(s, n, &used), to = from;
    if (from && used < n) {
        size_t more = 0;
        to = s[used] == '-' ? month_number(s + used + 1, n - used - 1, &more) : 0;
        used += 1 + more;
    }
    if (!from || !to || used != n)
        return 0;
    int mask = 1 << (from - 1);
    for (int m = from; m != to; m = m % 12 + 1)
        mask |= 1 << (m % 12);
    return mask;
}

static void set_months(const cell *c)
{
    int mask = 0;
    size_t n;
    for (size_t at = 0; (n = next_item(c, &at)) > 0; at += n) {
        int one = month_mask(c->s + at, n);
        if (!one) {
            wrong(c);
            return;
        }
        mask |= one;
    }
    if (!mask)
        wrong(c);
    store(c->f, c->row, mask);
}

static void set_days(const cell *c)
{
    int mask = 0;
    size_t n;
    for (size_t at = 0; (n = next_item(c, &at)) > 0; at += n) {
        char folded[64];
        text_fold(c->s + at, n, folded, sizeof folded);
        int i = word_number(c->f, folded);
        if (i < 0) {
            wrong_word(c, folded);
            return;
        }
        mask |= 1 << i;
    }
    if (!mask)
        wrong(c);
    store(c->f, c->row, mask);
}

/* ---- the door ---- */

/* Spaces around a value say nothing, full-width ones neither. */
static void trim(const char **s, size_t *n)
{
    const char *p = *s, *end = p + *n;
    for (;;) {
        if (p < end && (unsigned char)*p <= ' ')
            p++;
        else if (end - p >= 3 && memcmp(p, "\xe3\x80\x80", 3) == 0)
            p += 3;
        else
            break;
    }
    for (;;) {
        if (p < end && (unsigned char)end[-1] <= ' ')
            end--;
        else if (end - p >= 3 && memcmp(end - 3, "\xe3\x80\x80", 3) == 0)
            end -= 3;
        else
            break;
    }
    *s = p;
    *n = (size_t)(end - p);
}

static const char *keep_id(region_builder *b, const char *s, size_t n)
{
    const char *id = arena_copy(b->work, s, n);
    if (!id)
        b->err = MIZO_ENOMEM;
    return id;
}

static void set_any(const cell *c)
{
    static void (*const set[])(const cell *) = {
        [FIELD_ID] = set_id,         [FIELD_NAME] = set_id,       [FIELD_TEXT] = set_text,
        [FIELD_DIGITS] = set_digits, [FIELD_NUMBER] = set_number, [FIELD_WORD] = set_word,
        [FIELD_FROM] = set_date,     [FIELD_TO] = set_date,       [FIELD_FY] = set_fy,
        [FIELD_MONTHS] = set_months, [FIELD_DAYS] = set_days,     [FIELD_CLOCK] = set_clock,
        [FIELD_HOURS] = set_hours,   [FIELD_CHOICE] = set_word,
    };
    set[c->f->kind](c);
}

void region_field_set(region_builder *b, const field_row *f, int nth_ref, const char *s, size_t n, int line,
                      int column, void *row, row_meta *meta)
{
    trim(&s, &n);
    if (n == 0) {
        if (f->needed)
            FAULT(b, BLANK, f->file, line, column, &meta->bad, f->name, region_expects(b, f));
        return;
    }
    if (f->kind == FIELD_REF) { /* link.c finds the row */
        meta->ref[nth_ref] = keep_id(b, s, n);
        return;
    }
    if (f->kind == FIELD_ID)
        meta->id = keep_id(b, s, n);
    cell c = { b, f, s, n, line, column, row, &meta->bad };
    set_any(&c);
}
