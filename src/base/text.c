/* text.c: UTF-8, folding, the nearest word. */
#include "base/text.h"

#include <string.h>

size_t utf8_get(const char *s, size_t n, uint32_t *cp)
{
    if (n == 0)
        return 0;
    const unsigned char *u = (const unsigned char *)s;
    if (u[0] < 0x80) {
        *cp = u[0];
        return 1;
    }
    size_t len = u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 : 2;
    if (u[0] < 0xc2 || u[0] > 0xf4 || n < len)
        return 0;
    uint32_t v = u[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((u[i] & 0xc0) != 0x80)
            return 0;
        v = v << 6 | (u[i] & 0x3f);
    }
    static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    if (v < least[len] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
        return 0;
    *cp = v;
    return len;
}

size_t utf8_put(uint32_t cp, char out[4])
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xc0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xe0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
        out[2] = (char)(0x80 | (cp & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
    out[3] = (char)(0x80 | (cp & 0x3f));
    return 4;
}

bool utf8_valid(const char *s, size_t n)
{
    size_t i = 0;
    while (i < n) {
        uint64_t eight;
        while (n - i >= 8) { /* plain ASCII, eight letters at a time */
            memcpy(&eight, s + i, 8);
            if (eight & 0x8080808080808080u)
                break;
            i += 8;
        }
        if (i == n)
            break;
        uint32_t cp;
        size_t len = utf8_get(s + i, n - i, &cp);
        if (!len)
            return false;
        i += len;
    }
    return true;
}

text_encoding text_guess(const char *s, size_t n)
{
    if (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
        return TEXT_UTF8_BOM;
    return utf8_valid(s, n) ? TEXT_UTF8 : TEXT_CP932;
}

size_t text_fold(const char *s, size_t n, char *out, size_t cap)
{
    size_t k = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t len = utf8_get(s + i, n - i, &cp);
        if (!len) { /* a stray byte stays what it is */
            len = 1;
            cp = 0xfffd;
        }
        i += len;
        if (cp >= 0xff01 && cp <= 0xff5e)
            cp -= 0xfee0;
        if (cp <= ' ' || cp == 0x3000 || cp == 0xa0 || cp == 0xfeff)
            continue;
        if (cp >= 'A' && cp <= 'Z')
            cp += 'a' - 'A';
        char letter[4];
        size_t put = utf8_put(cp, letter);
        if (k + put + 1 > cap)
            break;
        memcpy(out + k, letter, put);
        k += put;
    }
    if (cap)
        out[k] = 0;
    return k;
}

static bool has_japanese(const char *s, size_t n)
{
    uint32_t cp;
    for (size_t i = 0, len; i < n; i += len ? len : 1) {
        len = utf8_get(s + i, n - i, &cp);
        if (len && ((cp >= 0x3041 && cp <= 0x30ff) || (cp >= 0x3400 && cp <= 0x9fff)))
            return true;
    }
    return false;
}

const char *text_said(const char *s, bool japanese, size_t *n)
{
    static const char between[] = " / ";
    for (const char *cut = s; (cut = strstr(cut, between)); cut++) {
        const char *english = cut + sizeof between - 1;
        if (has_japanese(english, strlen(english)))
            continue;
        if (!has_japanese(s, (size_t)(cut - s)))
            break;
        *n = japanese ? (size_t)(cut - s) : strlen(english);
        return japanese ? s : english;
    }
    *n = strlen(s);
    return s;
}

enum { WORD_MAX = 64, WORD_FAR = 99 };

int text_distance(const char *a, const char *b)
{
    size_t na = strlen(a), nb = strlen(b);
    if (na > WORD_MAX || nb > WORD_MAX)
        return WORD_FAR;
    int row[WORD_MAX + 1];
    for (size_t j = 0; j <= nb; j++)
        row[j] = (int)j;
    for (size_t i = 1; i <= na; i++) {
        int diagonal = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= nb; j++) {
            int swap = diagonal + (a[i - 1] != b[j - 1]);
            int add = row[j - 1] + 1, drop = row[j] + 1;
            diagonal = row[j];
            row[j] = swap < add ? swap : add;
            row[j] = drop < row[j] ? drop : row[j];
        }
    }
    return row[nb];
}

const char *text_nearest(const char *word, const char *const *words, size_t n)
{
    const char *best = NULL;
    int near = (int)(strlen(word) + 2) / 3;
    for (size_t i = 0; i < n; i++) {
        int d = text_distance(word, words[i]);
        if (d > near || (best && d == near))
            continue;
        near = d;
        best = words[i];
    }
    return best;
}
