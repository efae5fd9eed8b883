/* figure_read.c: figures in running text. See figure.h. */
#include <string.h>

#include "base/figure.h"
#include "base/figure_kanji.h"
#include "base/text.h"
#include "mizo/slot.h"

/* A place in the text; letters are folded as they are read. */
typedef struct cursor {
    const char *s;
    size_t n, at;
} cursor;

static uint32_t fold(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        return c - 0xFEE0;
    if (c >= 0x2080 && c <= 0x2089)
        return c - 0x2080 + '0';
    return c == 0x2212 || c == 0x2010 || c == 0x2011 ? '-' : c == 0x3000 || c == 0xA0 ? ' ' : c;
}

/* The letter at the cursor, folded, and its bytes; 0 at the end or where it is malformed. */
static uint32_t peek(const cursor *c, size_t *bytes)
{
    uint32_t cp = 0;
    *bytes = c->at < c->n ? utf8_get(c->s + c->at, c->n - c->at, &cp) : 0;
    return *bytes ? fold(cp) : 0;
}

static bool digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool take(cursor *c, const char *word)
{
    cursor k = *c, w = { word, strlen(word), 0 };
    size_t a, b;
    while (w.at < w.n) {
        uint32_t x = peek(&k, &a), y = peek(&w, &b);
        if (!a || x != y)
            return false;
        k.at += a;
        w.at += b;
    }
    *c = k;
    return true;
}

static bool take_any(cursor *c, const char *const *words)
{
    for (; *words; words++)
        if (take(c, *words))
            return true;
    return false;
}

static void skip_blank(cursor *c)
{
    size_t k;
    while (peek(c, &k) == ' ' && k)
        c->at += k;
}

/* ---- years ---- */

static const struct {
    const char *word;
    int before; /* year = before + n */
    bool letter;
} eras[] = {
    {"令和",  2018, false},
    { "平成", 1988, false},
    { "昭和", 1925, false},
    { "R",      2018, true },
    { "H",      1988, true },
    { "S",      1925, true }
};

static int digits_of(cursor *c, int most, int *count)
{
    int v = 0;
    size_t k;
    *count = 0;
    for (uint32_t d; *count < most && digit(d = peek(c, &k)); ++*count) {
        v = v * 10 + (int)(d - '0');
        c->at += k;
    }
    return v;
}

/* At most `most` digits, or a number in kanji. */
static int digits_or_kanji(cursor *c, int most, int *count)
{
    int v = digits_of(c, most, count);
    kanji_number k = { 0 };
    if (!*count)
        k = kanji_number_at(c->s + c->at, c->n - c->at);
    if (!k.bytes || k.decimals || k.value > 9999)
        return v;
    c->at += k.bytes;
    *count = k.value > 999 ? 4 : k.value > 9 ? 2 : 1;
    return (int)k.value;
}

/* A letter or a figure before or after would make it part of something else: R5-2, FAIR5. */
static bool word_before(const cursor *c)
{
    cursor k = { c->s, c->at, c->at };
    size_t bytes;
    while (k.at > 0 && ((unsigned char)k.s[--k.at] & 0xC0) == 0x80)
        ;
    uint32_t b = c->at ? peek(&k, &bytes) : ' ';
    return digit(b) || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
}

/* 第, 数, 何 or a numeral in front: 第十二回, 数十件 and the rest of a number are none. */
static bool numeral_before(const cursor *c)
{
    cursor k = { c->s, c->at, c->at };
    size_t bytes;
    while (k.at > 0 && ((unsigned char)k.s[--k.at] & 0xC0) == 0x80)
        ;
    uint32_t b = c->at ? peek(&k, &bytes) : ' ';
    return kanji_numeral(b) || b == 0x7B2C || b == 0x6570 || b == 0x4F55;
}

/* The end of a line within a text that was laid out by hand or by a PDF. */
static void skip_line_end(cursor *c)
{
    size_t k;
    for (uint32_t x; (x = peek(c, &k)) == ' ' || x == '\n' || x == '\r';)
        c->at += k;
}

/* "（2023）", "(2050)" after an era's year, on the next line too. */
static void skip_year_again(cursor *c)
{
    cursor k = *c;
    int count;
    skip_line_end(&k);
    if (!take(&k, "("))
        return;
    digits_of(&k, 4, &count);
    if (count == 4 && take(&k, ")"))
        *c = k;
}

/* R4.2, R4.10.28 */
static void dotted_month(cursor *c, figure *f)
{
    int count;
    size_t k;
    cursor x = *c;
    int month = digits_of(&x, 2, &count);
    f->kind = FIGURE_DATE;
    if (!count || month < 1 || month > 12 || digit(peek(&x, &k)))
        return;
    f->fiscal = false;
    f->month = month;
    *c = x;
    int day = take(&x, ".") ? digits_of(&x, 2, &count) : 0;
    if (day > 0 && day < 32 && !digit(peek(&x, &k))) {
        f->day = day;
        *c = x;
    }
    f->at_end = take(c, "末");
}

/* After the year itself: 年度, 年, a month and day, 比. */
static bool year_ends(cursor *c, bool letter, figure *f)
{
    int count;
    skip_year_again(c);
    if (take(c, "年度")) {
        f->fiscal = true;
        f->at_end = take(c, "末");
    } else if (take(c, "年")) {
        cursor k = *c;
        int month = digits_or_kanji(&k, 2, &count);
        if (count && take(&k, "月")) {
            *c = k;
            f->at_end = take(c, "末");
            k = *c;
            int day = digits_or_kanji(&k, 2, &count);
            if (count && take(&k, "日")) {
                f->day = day;
                *c = k;
            }
            f->kind = FIGURE_DATE;
            f->month = month <= 12 ? month : 0;
        }
    } else if (!letter) {
        return false;
    } else {
        f->fiscal = true;
        if (take(c, "."))
            dotted_month(c, f);
    }
    f->compared = take(c, "比");
    return true;
}

/* The name of an era; a line may end between its two letters. */
static bool take_era(cursor *c, const char *word)
{
    enum { LETTER = 3 };
    char first[LETTER + 1] = "";
    if (take(c, word))
        return true;
    if (strlen(word) != (size_t)2 * LETTER)
        return false;
    cursor x = *c;
    memcpy(first, word, LETTER);
    if (!take(&x, first))
        return false;
    skip_line_end(&x);
    if (!take(&x, word + LETTER))
        return false;
    *c = x;
    return true;
}

static bool read_era(cursor *c, figure *f)
{
    size_t k;
    for (size_t i = 0; i < sizeof eras / sizeof *eras; i++) {
        cursor x = *c;
        int count = 1, n;
        if ((eras[i].letter && word_before(c)) || !take_era(&x, eras[i].word))
            continue;
        n = take(&x, "元") ? 1 : digits_or_kanji(&x, 2, &count);
        if (!count || n < 1 || n > 99 || digit(peek(&x, &k)))
            continue;
        *f = (figure){ .kind = FIGURE_YEAR, .year = eras[i].before + n };
        if (!year_ends(&x, eras[i].letter, f))
            continue;
        uint32_t after = peek(&x, &k);
        if (eras[i].letter && ((after >= 'A' && after <= 'z') || after == '-'))
            continue;
        *c = x;
        return true;
    }
    return false;
}

static bool read_year(cursor *c, figure *f)
{
    cursor x = *c;
    int count, year;
    size_t k;
    if (word_before(c) || numeral_before(c))
        return false;
    bool fy = take(&x, "FY");
    year = digits_or_kanji(&x, 4, &count);
    if (count != 4 || year < 1868 || year > 2199 || digit(peek(&x, &k)) || peek(&x, &k) == ',')
        return false;
    *f = (figure){ .kind = FIGURE_YEAR, .year = year };
    if (!year_ends(&x, fy, f))
        return false;
    *c = x;
    return true;
}

/* ---- numbers ---- */

static const struct {
    const char *word;
    int ten;
} tens[] = {
    {"百万", 6 },
    { "兆",   12},
    { "億",   8 },
    { "万",   4 },
    { "千",   3 }
};

/* Digits with commas between thousands and a decimal part. false: none. */
static mizo_err plain_number(cursor *c, int64_t *value, int *decimals)
{
    size_t k, ahead;
    int count = 0;
    *value = 0;
    *decimals = -1;
    for (;;) {
        uint32_t d = peek(c, &k);
        cursor next = { c->s, c->n, c->at + k };
        if (d == ',' && *decimals < 0 && count) {
            cursor three = next;
            int group;
            digits_of(&three, 4, &group);
            if (group != 3)
                break;
        } else if (d == '.' && *decimals < 0 && count && digit(peek(&next, &ahead))) {
            *decimals = 0;
        } else if (digit(d)) {
            if (++count > 15)
                return MIZO_ERANGE;
            *value = *value * 10 + (int64_t)(d - '0');
            *decimals += *decimals >= 0;
        } else {
            break;
        }
        c->at += k;
    }
    *decimals = *decimals < 0 ? 0 : *decimals;
    return count ? MIZO_OK : MIZO_ENOENT;
}

static int large_word(cursor *c)
{
    for (size_t i = 0; i < sizeof tens / sizeof *tens; i++) {
        cursor x = *c;
        skip_blank(&x);
        if (take(&x, tens[i].word)) {
            *c = x;
            return tens[i].ten;
        }
    }
    return 0;
}

/* The zeros at the end of a figure with 約 say nothing. */
static int idle_zeros(int64_t v)
{
    int k = 0;
    for (; v >= 10 && v % 10 == 0; v /= 10)
        k++;
    return k;
}

/* 1億2,000万: each part smaller than the one before. */
static mizo_err whole_number(cursor *c, bool about, exact *value, exact *step, int *word)
{
    exact sum = exact_whole(0);
    int last = 99, ten, decimals, place = 0;
    for (bool first = true;; first = false) {
        cursor x = *c;
        int64_t v;
        exact part;
        mizo_err e = plain_number(&x, &v, &decimals);
        if (e)
            return first || e != MIZO_ENOENT ? e : MIZO_OK;
        ten = large_word(&x);
        if (!first && ten >= last)
            return MIZO_OK;
        MIZO_TRY(exact_ten(exact_whole(v), ten - decimals, &part));
        MIZO_TRY(exact_add(sum, part, &sum));
        place = ten - decimals + (about && !decimals ? idle_zeros(v) : 0);
        MIZO_TRY(exact_ten(exact_whole(1), place, step));
        *value = sum;
        *c = x;
        last = *word = ten;
        if (ten == 0 || ten == 3)
            return MIZO_OK;
    }
}

static mizo_err scaled(figure *f, exact value, exact step, bool minus)
{
    exact v, s;
    MIZO_TRY(exact_ten(value, f->unit.ten, &v));
    MIZO_TRY(exact_ten(step, f->unit.ten, &s));
    if (minus)
        v.n = -v.n;
    f->step = s;
    return range_rounded(v, s, &f->value);
}

static void bound_after(cursor *c, figure *f)
{
    static const struct {
        const char *word;
        figure_bound bound;
        bool strict;
    } bounds[] = {
        {"以上",  FIGURE_AT_LEAST, false},
        { "超",    FIGURE_AT_LEAST, true },
        { "以下", FIGURE_AT_MOST,  false},
        { "以内", FIGURE_AT_MOST,  false},
        { "未満", FIGURE_AT_MOST,  true }
    };
    static const char *const about[] = { "程度", "弱", "強", "余り", "余", NULL };
    if (take_any(c, about))
        f->about = true;
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
        if (take(c, bounds[i].word)) {
            f->bound = bounds[i].bound;
            f->strict = bounds[i].strict;
            return;
        }
}

/* A number in kanji. */
static mizo_err kanji_whole(cursor *c, bool about, exact *value, exact *step, int *letters)
{
    kanji_number k = { 0 };
    if (!numeral_before(c))
        k = kanji_number_at(c->s + c->at, c->n - c->at);
    if (!k.bytes)
        return MIZO_ENOENT;
    int64_t worth = k.value;
    for (int i = 0; i < k.place; i++)
        worth /= 10;
    MIZO_TRY(exact_ten(exact_whole(k.value), -k.decimals, value));
    MIZO_TRY(exact_ten(exact_whole(1), k.place + (about && !k.decimals ? idle_zeros(worth) : 0), step));
    c->at += k.bytes;
    *letters = k.letters;
    return MIZO_OK;
}

/* 6分 behind 4割. */
static mizo_err take_tenth(cursor *c, figure *f, exact *value, exact *step)
{
    cursor x = *c;
    int count, tenth = digits_or_kanji(&x, 1, &count);
    if (!unit_plain(&f->unit) || f->unit.ten != -1 || !count || tenth > 9 || !take(&x, "分"))
        return MIZO_OK;
    MIZO_TRY(exact_ten(*value, 1, value));
    MIZO_TRY(exact_add(*value, exact_whole(tenth), value));
    *step = exact_whole(1);
    f->unit.ten = -2;
    *c = x;
    return MIZO_OK;
}

/* A single letter is part of a word (一人, 三者) unless a rate or 件 stands behind it. */
static bool kanji_stands(const cursor *unit_at, const figure *f, int letters)
{
    cursor x = *unit_at;
    return f->has_unit && (letters > 1 || unit_plain(&f->unit) || take(&x, "件"));
}

static mizo_err read_number(cursor *c, figure *f)
{
    static const char *const about[] = {
        "約", "およそ", "おおむね", "概ね", "about ", "approximately ", NULL
    };
    static const char *const minus[] = { "▲", "△", "-", NULL };
    cursor x = *c;
    exact value, step;
    *f = (figure){ .kind = FIGURE_NUMBER };
    f->about = take_any(&x, about);
    skip_blank(&x);
    bool negative = (f->about || !word_before(c)) && take_any(&x, minus);
    if (!negative)
        take(&x, "+");
    if (!f->about && !negative && word_before(c))
        return MIZO_ENOENT;
    int letters = 0;
    mizo_err e = whole_number(&x, f->about, &value, &step, &f->tens);
    MIZO_TRY(e == MIZO_ENOENT ? kanji_whole(&x, f->about, &value, &step, &letters) : e);
    cursor u = x;
    skip_blank(&u);
    size_t k = unit_match(u.s + u.at, u.n - u.at, &f->unit);
    f->has_unit = k > 0;
    if (letters && !kanji_stands(&u, f, letters))
        return MIZO_ENOENT;
    if (k)
        x.at = u.at + k;
    MIZO_TRY(take_tenth(&x, f, &value, &step));
    bound_after(&x, f);
    MIZO_TRY(scaled(f, value, step, negative));
    *c = x;
    return MIZO_OK;
}

/* ---- the text ---- */

mizo_err figure_next(const char *s, size_t n, size_t *at, figure *out)
{
    cursor c = { s, n, *at };
    size_t k;
    while (c.at < n) {
        skip_blank(&c); /* a blank begins no number: the year behind it would be one */
        size_t from = c.at;
        mizo_err e = MIZO_OK;
        if (!read_era(&c, out) && !read_year(&c, out))
            e = read_number(&c, out);
        if (!e) {
            out->at = from;
            out->bytes = c.at - from;
            *at = c.at;
            return MIZO_OK;
        }
        peek(&c, &k);
        if (e != MIZO_ENOENT) { /* too long for a figure: behind its digits */
            while (digit(peek(&c, &k)) || (c.at == from && k))
                c.at += k;
            *at = c.at;
            return e;
        }
        c.at += k ? k : 1;
    }
    *at = n;
    return MIZO_ENOENT;
}

mizo_err figure_parse(const char *s, size_t n, figure *out)
{
    cursor begin = { s, n, 0 };
    skip_blank(&begin);
    size_t from = begin.at, at;
    while (n > from && s[n - 1] == ' ')
        n--;
    at = from;
    mizo_err e = figure_next(s, n, &at, out);
    if (e == MIZO_ENOENT)
        return MIZO_EINPUT;
    MIZO_TRY(e);
    return out->kind == FIGURE_NUMBER && out->at == from && at == n ? MIZO_OK : MIZO_EINPUT;
}
