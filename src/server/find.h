/* find.h: finds sites by what people type: id, names, kind, ward, bureau, code. Pure.
 *
 * Each site has one folded line (full-width is half-width, no spaces, lower case); each word of the
 * question must be in it, a word in kana as it is or in Latin letters. A thousand sites are looked through in well under a millisecond.
 */
#ifndef SERVER_FIND_H
#define SERVER_FIND_H

#include "town/live/view.h"

typedef struct find_index find_index;

find_index *find_new(const mizo_region *r); /* keeps a reference of r. NULL: out of memory */
void find_free(find_index *f);
const mizo_region *find_region(const find_index *f);

enum { FIND_WORDS = 8, FIND_WORD = 128 };
typedef struct find_words {
    int n;
    char word[FIND_WORDS][FIND_WORD];
    char roman[FIND_WORDS][FIND_WORD]; /* of a word in kana; empty: it is none */
} find_words;

/* Cuts a question into folded words; more than FIND_WORDS are left out. */
void find_cut(const char *q, find_words *out);
/* The facilities from index `from` on that have all words, at most cap; *next: where to go on, -1: the end. */
size_t find_sites(const find_index *f, const find_words *w, size_t from, mizo_ref *out, size_t cap,
                  mizo_ref *next);
size_t find_count(const find_index *f, const find_words *w);
/* Index of the first facility whose id comes after `id`. */
size_t find_after(const find_index *f, const char *id);

#endif
