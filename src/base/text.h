/* text.h: UTF-8, CP932 (Windows-31J), folding. Pure. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/buf.h"

bool utf8_valid(const char *s, size_t n);
/* Decodes one code point at s[0..n); returns its length, 0 if it is malformed. */
size_t utf8_get(const char *s, size_t n, uint32_t *cp);
size_t utf8_put(uint32_t cp, char out[4]);

/* CP932 to UTF-8, appended to out. bad_at: offset of the first undecodable byte. */
MIZO_MUST_USE mizo_err cp932_to_utf8(const char *s, size_t n, buf *out, size_t *bad_at);
/* UTF-8 to CP932. bad_cp: the first letter that CP932 does not have. */
MIZO_MUST_USE mizo_err utf8_to_cp932(const char *s, size_t n, buf *out, uint32_t *bad_cp);

/* Guesses by looking: BOM or valid UTF-8 is UTF-8, otherwise CP932. */
typedef enum text_encoding { TEXT_UTF8, TEXT_UTF8_BOM, TEXT_CP932 } text_encoding;
text_encoding text_guess(const char *s, size_t n);

/* Folds for comparing headers: full-width ASCII to ASCII, no spaces, lower case.
 * Writes at most cap bytes with NUL; returns the length. */
size_t text_fold(const char *s, size_t n, char *out, size_t cap);

/* Of a text in both languages, "日本語 / English" (the first " / " behind which no Japanese letter stands), the reader's
 * half: a piece of s, its length in n. Any other text: all of it. */
const char *text_said(const char *s, bool japanese, size_t *n);

/* Smallest number of edits between two words, for "did you mean". Words over 64 bytes: 99. */
int text_distance(const char *a, const char *b);
/* The nearest of words[0..n), NULL if none is near (within a third of its length). */
const char *text_nearest(const char *word, const char *const *words, size_t n);

#endif
