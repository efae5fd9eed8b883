/* kana.h: kana as the Latin letters that ids and English names are written in. Pure. */
#ifndef SERVER_KANA_H
#define SERVER_KANA_H

#include <stddef.h>

/* Hepburn without marks of length: たかつ, タカツ is takatsu, おうぜんじ is ozenji. Returns the letters, and 0 if
 * s is empty, holds anything but kana, or does not fit. */
size_t kana_roman(const char *s, char *out, size_t cap);

#endif
