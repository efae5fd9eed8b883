/* number.c: exact products, named rounding, splits, text of numbers. */
#include "mizo/number.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

/* What rounding adds to a quotient that was cut towards zero and left a remainder. half: how the remainder stands to half
 * of the divisor, -1 below, 0 at it, 1 above. */
static int rounding(mizo_round how, int sign, int half, bool odd)
{
    switch (how) {
    case MIZO_ROUND_DOWN:
        return sign < 0 ? -1 : 0;
    case MIZO_ROUND_UP:
        return sign > 0 ? 1 : 0;
    case MIZO_ROUND_HALF_UP:
        return half >= 0 ? sign : 0;
    case MIZO_ROUND_HALF_EVEN:
        return half > 0 || (half == 0 && odd) ? sign : 0;
    case MIZO_ROUND_CUT:
        break;
    }
    return 0;
}

/* a / b for b > 0. */
static int128 div_round(int128 a, int128 b, mizo_round how)
{
    int128 q = a / b, r = a % b; /* r has the sign of a */
    if (r == 0)
        return q;
    int128 twice = (r < 0 ? -r : r) * 2;
    return q + rounding(how, a < 0 ? -1 : 1, (twice > b) - (twice < b), q & 1);
}

/* The same in 64 bits, many times quicker. b in (0, 2^62). */
static int64_t div_round_64(int64_t a, int64_t b, mizo_round how)
{
    int64_t q = a / b, r = a % b;
    if (r == 0)
        return q;
    int64_t twice = (r < 0 ? -r : r) * 2;
    return q + rounding(how, a < 0 ? -1 : 1, (twice > b) - (twice < b), q & 1);
}

static bool fits_64(int64_t b)
{
    return b > 0 && b < INT64_C(1) << 62;
}

mizo_err mizo_mul_div(int64_t a, int64_t b, int64_t c, mizo_round how, int64_t *out)
{
    int64_t small;
    if (c == 0)
        return MIZO_ERANGE;
    if (fits_64(c) && !__builtin_mul_overflow(a, b, &small)) {
        *out = div_round_64(small, c, how);
        return MIZO_OK;
    }
    int128 n = (int128)a * b, d = c;
    if (d < 0) {
        n = -n;
        d = -d;
    }
    int128 q = div_round(n, d, how);
    if (q < INT64_MIN || q > INT64_MAX)
        return MIZO_ERANGE;
    *out = (int64_t)q;
    return MIZO_OK;
}

int64_t mizo_div_round(int64_t a, int64_t b, mizo_round how)
{
    return fits_64(b) ? div_round_64(a, b, how) : (int64_t)div_round(a, b, how);
}

/* ---- the largest remainder ---- */

typedef struct rest {
    uint64_t hi, lo; /* the remainder: up to n x 2^62 */
    size_t i;
} rest;

static int by_rest(const void *pa, const void *pb)
{
    const rest *a = pa, *b = pb;
    if (a->hi != b->hi)
        return a->hi > b->hi ? -1 : 1;
    if (a->lo != b->lo)
        return a->lo > b->lo ? -1 : 1;
    return a->i < b->i ? -1 : a->i > b->i;
}

/* Gives one more to the `extra` largest remainders. */
static mizo_err give_rest(int64_t total, const int64_t *w, uint128 sum, size_t n, size_t extra, int64_t *out)
{
    rest small[64];
    rest *r = n <= 64 ? small : malloc(n * sizeof *r);
    if (!r)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        uint128 m = (uint128)(uint64_t)total * (uint64_t)w[i] % sum;
        r[i] = (rest){ (uint64_t)(m >> 64), (uint64_t)m, i };
    }
    qsort(r, n, sizeof *r, by_rest);
    for (size_t k = 0; k < extra; k++)
        out[r[k].i]++;
    if (r != small)
        free(r);
    return MIZO_OK;
}

mizo_err mizo_split(int64_t total, const int64_t *w, size_t n, int64_t *out)
{
    uint128 sum = 0;
    if (total < 0)
        return MIZO_ERANGE;
    for (size_t i = 0; i < n; i++) {
        if (w[i] < 0)
            return MIZO_ERANGE;
        sum += (uint64_t)w[i];
    }
    if (sum == 0) {
        for (size_t i = 0; i < n; i++)
            out[i] = 0;
        return total ? MIZO_ERANGE : MIZO_OK;
    }
    int64_t given = 0;
    for (size_t i = 0; i < n; i++) {
        out[i] = (int64_t)((uint128)(uint64_t)total * (uint64_t)w[i] / sum);
        given += out[i];
    }
    /* Each share lost less than one, so fewer than n are left over. */
    return given == total ? MIZO_OK : give_rest(total, w, sum, n, (size_t)(total - given), out);
}

/* ---- text ---- */

/* Writes |v| backwards from end, at least `least` digits; `mark` before every
 * `group` digits (group 0: none), or one '.' after `point` digits (0: none). */
static char *backwards(char *end, uint64_t u, int least, int group, int point)
{
    int k = 0;
    while (u || k < least) {
        if (group && k && k % group == 0)
            *--end = ',';
        if (point && k == point)
            *--end = '.';
        *--end = (char)('0' + u % 10);
        u /= 10;
        k++;
    }
    return end;
}

static void signed_text(int64_t v, int least, int group, int point, char out[MIZO_NUM_TEXT])
{
    char text[MIZO_NUM_TEXT];
    char *end = text + sizeof text - 1;
    *end = 0;
    char *p = backwards(end, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, least, group, point);
    if (v < 0)
        *--p = '-';
    memcpy(out, p, (size_t)(end - p) + 1);
}

void mizo_decimal_text(int64_t value, int digits, char out[MIZO_NUM_TEXT])
{
    if (digits < 0)
        digits = 0;
    if (digits > 18)
        digits = 18;
    signed_text(value, digits + 1, 0, digits, out);
}

void mizo_grouped_text(int64_t value, char out[MIZO_NUM_TEXT])
{
    signed_text(value, 1, 3, 0, out);
}

/* ---- reading a number ---- */

enum { NUMBER_LETTERS = 64 };

/* The plain letter that a code point stands for in a number, 0 if none. */
static char plain(uint32_t cp)
{
    if (cp >= 0xff01 && cp <= 0xff5e)
        return (char)(cp - 0xfee0); /* full-width ASCII */
    if (cp == 0x25b2 || cp == 0x25b3 || cp == 0x2212 || cp == 0x2010)
        return '-'; /* ▲ △ − ‐ */
    if (cp == 0x3000 || cp == 0xa0)
        return ' ';
    return cp < 0x80 ? (char)cp : 0;
}

/* Folds to plain ASCII without outer spaces. MIZO_EINPUT: a letter that no number has. */
static mizo_err fold_number(const char *s, size_t n, char out[NUMBER_LETTERS + 1], size_t *len)
{
    size_t k = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t step = utf8_get(s + i, n - i, &cp);
        char c = step ? plain(cp) : 0;
        if (!c)
            return MIZO_EINPUT;
        i += step;
        if ((c == ' ' || c == '\t') && k == 0)
            continue;
        if (k == NUMBER_LETTERS)
            return MIZO_EINPUT;
        out[k++] = c;
    }
    while (k && (out[k - 1] == ' ' || out[k - 1] == '\t'))
        k--;
    out[k] = 0;
    *len = k;
    return MIZO_OK;
}

typedef struct number_parts {
    bool minus;
    char digit[NUMBER_LETTERS]; /* all digits, the point removed */
    int ndigit, point;          /* point: how many of them stand before it */
    int exponent;
} number_parts;

/* The power of ten at the end of a number, in [-99, 99]. */
static mizo_err read_exponent(const char *s, int *out)
{
    bool minus = *s == '-';
    if (*s == '-' || *s == '+')
        s++;
    int v = 0, k = 0;
    for (; *s >= '0' && *s <= '9' && k < 2; s++, k++)
        v = v * 10 + (*s - '0');
    if (k == 0 || *s)
        return MIZO_EINPUT;
    *out = minus ? -v : v;
    return MIZO_OK;
}

/* True if a comma at s groups thousands: a digit before, three digits after and then no digit. */
static bool comma_fits(const char *s, bool seen_digit)
{
    for (int i = 1; i <= 3; i++)
        if (s[i] < '0' || s[i] > '9')
            return false;
    return seen_digit && (s[4] < '0' || s[4] > '9');
}

static mizo_err read_parts(const char *s, number_parts *p)
{
    bool dot = false;
    *p = (number_parts){ .minus = *s == '-' };
    if (*s == '-' || *s == '+')
        s++;
    for (;; s++) {
        if (*s >= '0' && *s <= '9') {
            p->digit[p->ndigit++] = *s;
            p->point += !dot;
        } else if (*s == '.' && !dot) {
            dot = true;
        } else if (*s == ',' && !dot && comma_fits(s, p->ndigit > 0)) {
            continue;
        } else {
            break;
        }
    }
    if (p->ndigit == 0)
        return MIZO_EINPUT;
    if (*s == 'e' || *s == 'E')
        return read_exponent(s + 1, &p->exponent);
    return *s ? MIZO_EINPUT : MIZO_OK;
}

/* digits * 10^(shift), exact. */
static mizo_err put_together(const number_parts *p, int digits, int64_t *out)
{
    int64_t v = 0;
    int keep = p->point + p->exponent + digits; /* digits that remain in the integer */
    for (int i = 0; i < p->ndigit || i < keep; i++) {
        int d = i < p->ndigit ? p->digit[i] - '0' : 0;
        if (i >= keep) {
            if (d)
                return MIZO_ERANGE;
        } else if (__builtin_mul_overflow(v, (int64_t)10, &v) || __builtin_sub_overflow(v, (int64_t)d, &v)) {
            return MIZO_ERANGE; /* v is kept negative, so that INT64_MIN can be read */
        }
    }
    if (!p->minus && v == INT64_MIN)
        return MIZO_ERANGE;
    *out = p->minus ? v : -v;
    return MIZO_OK;
}

mizo_err mizo_decimal_parse(const char *s, size_t n, int digits, int64_t *out)
{
    char text[NUMBER_LETTERS + 1];
    size_t len;
    MIZO_TRY(fold_number(s, n, text, &len));
    if (len == 0)
        return MIZO_ENOENT;
    number_parts p;
    MIZO_TRY(read_parts(text, &p));
    return put_together(&p, digits, out);
}

/* ---- portable chance ---- */

uint64_t mizo_mix64(uint64_t z)
{
    z += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

double mizo_unit(uint64_t seed, uint64_t a, uint64_t b)
{
    uint64_t z = mizo_mix64(mizo_mix64(mizo_mix64(seed) ^ a) ^ b);
    return (double)(z >> 11) * 0x1p-53;
}
