/* statement_words.h: what the words beside a figure say of it. Behind statement.h. Pure. */
#ifndef CITY_STATEMENT_WORDS_H
#define CITY_STATEMENT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct city_text {
    const char *s;
    size_t n;
} city_text;

typedef enum word_act {
    WORD_NONE,
    WORD_TARGET,    /* 目標 */
    WORD_RESULT,    /* 実績 */
    WORD_LAST_YEAR, /* 前年度 */
    WORD_PART,      /* うち: another subject */
    WORD_FINAL,     /* 確定値 */
    WORD_TOPIC      /* は */
} word_act;

bool word_here(const city_text *t, size_t at, const char *word);
/* The word that stands at `at` and its bytes. 目標 that is only reached or compared with (目標を達成し) is none. */
word_act word_at(const city_text *t, size_t at, size_t *bytes);
/* は at `at` makes what stands before it the subject: 削減量は; 実績は, 2023年度は, では do not name one. */
bool word_new_subject(const city_text *t, size_t at);
/* The end of a noun (kanji, katakana, a Latin letter) stands before `at`. */
bool word_noun_before(const city_text *t, size_t at);
/* Behind a figure: -1 減少, +1 増, 0 neither. Brackets are passed over. */
int word_change(const city_text *t, size_t at);
int word_bound(const city_text *t,
               size_t at); /* を超え: +1, を超えない: -2, に届かない: -1; 2: or that itself */
bool word_of_target(const city_text *t, size_t at); /* に対し, を上回る: a result follows its target */
size_t word_point(const city_text *t, size_t at);   /* ポイント: bytes; 0: no */
bool word_target_after(const city_text *t, size_t at); /* 53件の目標, 100％を目指す */
/* Behind a year: から, より, に比べ: what follows is measured from it. Bytes; 0: no. *ratio: it was 比. */
size_t word_from(const city_text *t, size_t at, bool *ratio);
size_t word_until(const city_text *t, size_t at); /* ～, -, から between two figures; 0: no */
bool word_arrow(const city_text *t, size_t at);   /* へ, に behind the second: a change, not a range */

#endif
