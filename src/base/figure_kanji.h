/* figure_kanji.h: numbers in kanji: 四十六, 二千八十四万, 二〇二三, 四十六・三. Pure. */
#ifndef BASE_FIGURE_KANJI_H
#define BASE_FIGURE_KANJI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kanji_number {
    int64_t value; /* times 10^decimals; at most 10^15 */
    int decimals;
    int place;    /* the last telling place is 10^place: 4 of 二千八十四万 */
    size_t bytes; /* of the number in the text; 0: none */
    int letters;
} kanji_number;

/* The number that s[0..n) begins with. One that is too large, out of order (万億) or without a digit or 十 (百万) is
 * none: bytes 0. */
kanji_number kanji_number_at(const char *s, size_t n);
bool kanji_numeral(uint32_t letter);

#endif
