/* kana.c: see kana.h. */
#include "server/kana.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum { FIRST = 0x3041, LAST = 0x3096, KATAKANA = 0x60, LENGTH_MARK = 0x30fc };

/* From U+3041 on. Capital letters: the small ones that join the sound before them; Q doubles the one after. */
static const char *const sounds[LAST - FIRST + 1] = {
    "a",  "a",  "i",   "i",  "u",  "u",   "e",  "e",   "o",  "o",  "ka", "ga", "ki", "gi", "ku",
    "gu", "ke", "ge",  "ko", "go", "sa",  "za", "shi", "ji", "su", "zu", "se", "ze", "so", "zo",
    "ta", "da", "chi", "ji", "Q",  "tsu", "zu", "te",  "de", "to", "do", "na", "ni", "nu", "ne",
    "no", "ha", "ba",  "pa", "hi", "bi",  "pi", "fu",  "bu", "pu", "he", "be", "pe", "ho", "bo",
    "po", "ma", "mi",  "mu", "me", "mo",  "YA", "ya",  "YU", "yu", "YO", "yo", "ra", "ri", "ru",
    "re", "ro", "wa",  "wa", "i",  "e",   "o",  "n",   "vu", "ka", "ke",
};

static bool vowel(char c)
{
    return c != 0 && strchr("aeiou", c) != NULL;
}

/* き + small ゃ is kya, し + small ゃ is sha. Returns the new length, 0: there is nothing to join. */
static size_t join(char *out, size_t n, char small)
{
    if (n < 2 || out[n - 1] != 'i')
        return 0;
    n--;
    bool soft = out[n - 1] == 'j' || (out[n - 1] == 'h' && n > 1 && (out[n - 2] == 's' || out[n - 2] == 'c'));
    if (!soft)
        out[n++] = 'y';
    out[n++] = small;
    return n;
}

static bool is_long(const char *out, size_t n, const char *sound)
{
    if (!n || sound[1] || !vowel(sound[0]))
        return false;
    return (out[n - 1] == 'o' && (sound[0] == 'u' || sound[0] == 'o')) ||
           (out[n - 1] == 'u' && sound[0] == 'u');
}

size_t kana_roman(const char *s, char *out, size_t cap)
{
    size_t n = 0, left = strlen(s);
    bool twice = false;
    while (left) {
        uint32_t cp;
        size_t len = utf8_get(s, left, &cp);
        if (!len || n + 5 > cap)
            return 0;
        s += len;
        left -= len;
        if (cp == LENGTH_MARK)
            continue;
        if (cp >= FIRST + KATAKANA && cp <= LAST + KATAKANA)
            cp -= KATAKANA;
        if (cp < FIRST || cp > LAST)
            return 0;
        const char *sound = sounds[cp - FIRST];
        if (sound[0] == 'Y') {
            n = join(out, n, (char)(sound[1] + 'a' - 'A'));
            if (!n)
                return 0;
        } else if (sound[0] == 'Q') {
            twice = true;
        } else if (!is_long(out, n, sound)) {
            if (twice)
                out[n++] = sound[0] == 'c' ? 't' : sound[0];
            twice = false;
            size_t k = strlen(sound);
            memcpy(out + n, sound, k);
            n += k;
        }
    }
    out[n] = 0;
    return n;
}
