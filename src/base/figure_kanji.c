/* figure_kanji.c: see figure_kanji.h. */
#include "base/figure_kanji.h"

#include "base/text.h"

#define KANJI_MOST INT64_C(1000000000000000)

enum { DIGIT, SMALL, LARGE, NO_PLACE = 99 };

typedef struct numeral {
    uint32_t letter;
    int kind, worth; /* the digit, or the power of ten */
} numeral;

static const numeral numerals[] = {
    {0x3007,  DIGIT, 0 }, /* 〇 */
    { 0x4E00, DIGIT, 1 }, /* 一 */
    { 0x4E8C, DIGIT, 2 }, /* 二 */
    { 0x4E09, DIGIT, 3 }, /* 三 */
    { 0x56DB, DIGIT, 4 }, /* 四 */
    { 0x4E94, DIGIT, 5 }, /* 五 */
    { 0x516D, DIGIT, 6 }, /* 六 */
    { 0x4E03, DIGIT, 7 }, /* 七 */
    { 0x516B, DIGIT, 8 }, /* 八 */
    { 0x4E5D, DIGIT, 9 }, /* 九 */
    { 0x5341, SMALL, 1 }, /* 十 */
    { 0x767E, SMALL, 2 }, /* 百 */
    { 0x5343, SMALL, 3 }, /* 千 */
    { 0x4E07, LARGE, 4 }, /* 万 */
    { 0x5104, LARGE, 8 }, /* 億 */
    { 0x5146, LARGE, 12}  /* 兆 */
};

/* What was read so far: total of the closed parts (億, 万), the open part, and digits that stand alone. */
typedef struct reading {
    int64_t total, part, digits;
    bool any, telling; /* digits are open; a digit or 十 was seen */
    int least_small, least_large;
} reading;

static const numeral *numeral_of(uint32_t letter)
{
    for (size_t i = 0; i < sizeof numerals / sizeof *numerals; i++)
        if (numerals[i].letter == letter)
            return &numerals[i];
    return NULL;
}

bool kanji_numeral(uint32_t letter)
{
    return numeral_of(letter) != NULL;
}

static int64_t power(int ten)
{
    int64_t v = 1;
    while (ten-- > 0)
        v *= 10;
    return v;
}

/* a * 10^ten + b into *out; false: more than KANJI_MOST. */
static bool grown(int64_t a, int ten, int64_t b, int64_t *out)
{
    int64_t v;
    if (__builtin_mul_overflow(a, power(ten), &v) || __builtin_add_overflow(v, b, &v) || v > KANJI_MOST)
        return false;
    *out = v;
    return true;
}

static bool take_small(reading *r, int ten)
{
    if (ten >= r->least_small || !grown(r->any ? r->digits : 1, ten, r->part, &r->part))
        return false;
    r->least_small = ten;
    r->telling = r->telling || ten == 1;
    r->digits = 0;
    r->any = false;
    return true;
}

static bool take_large(reading *r, int ten)
{
    int64_t part;
    if (ten >= r->least_large || !grown(r->part, 0, r->digits, &part) || !part ||
        !grown(part, ten, r->total, &r->total))
        return false;
    *r = (reading){ .total = r->total, .telling = r->telling, .least_small = NO_PLACE, .least_large = ten };
    return true;
}

static bool take_numeral(reading *r, const numeral *k)
{
    if (k->kind == SMALL)
        return take_small(r, k->worth);
    if (k->kind == LARGE)
        return take_large(r, k->worth);
    r->any = r->telling = true;
    return grown(r->digits, 1, k->worth, &r->digits);
}

/* ・三 behind a whole number. */
static void take_decimals(const char *s, size_t n, kanji_number *out)
{
    uint32_t letter;
    size_t at = out->bytes, k = utf8_get(s + at, n - at, &letter);
    if (!k || letter != 0x30FB)
        return;
    for (at += k; at < n; at += k) {
        k = utf8_get(s + at, n - at, &letter);
        const numeral *d = k ? numeral_of(letter) : NULL;
        if (!d || d->kind != DIGIT || !grown(out->value, 1, d->worth, &out->value))
            return;
        out->decimals++;
        out->letters++;
        out->place = -out->decimals;
        out->bytes = at + k;
    }
}

kanji_number kanji_number_at(const char *s, size_t n)
{
    const kanji_number none = { 0 };
    kanji_number out = { 0 };
    reading r = { .least_small = NO_PLACE, .least_large = NO_PLACE };
    const numeral *last = NULL;
    for (uint32_t letter;; out.letters++) {
        size_t k = out.bytes < n ? utf8_get(s + out.bytes, n - out.bytes, &letter) : 0;
        const numeral *x = k ? numeral_of(letter) : NULL;
        if (!x)
            break;
        if (!take_numeral(&r, x))
            return none;
        last = x;
        out.bytes += k;
    }
    if (!last || !r.telling || !grown(r.part, 0, r.digits, &out.value) ||
        !grown(out.value, 0, r.total, &out.value))
        return none;
    out.place = last->kind == LARGE ? last->worth : 0;
    if (!out.place)
        take_decimals(s, n, &out);
    return out;
}
