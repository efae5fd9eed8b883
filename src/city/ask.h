/* ask.h: a question to the city's books as one line of words, answered as text: what `mizo city ask`, the checks of
 * checks.csv and tests have in common. The words of every question stand in city_asks. Pure. */
#ifndef CITY_ASK_H
#define CITY_ASK_H

#include "city/books.h"

enum { CITY_ASK_WORDS = 8, CITY_ASK_WHY = 200 };

typedef struct city_ask_row {
    const char *verb, *args; /* "text", "INDICATOR FY" */
    const char *help_en, *help_ja;
} city_ask_row;
extern const city_ask_row city_asks[];
extern const size_t ncity_asks;

/* Appends the answer to out. MIZO_EINPUT: the question is wrong; MIZO_ENOENT: no figure for it; why says which, in
 * English. Questions that have an answer but not the wished one ("not settled", "differ") are MIZO_OK. */
MIZO_MUST_USE mizo_err city_ask(const city_books *b, const char *question, buf *out, char why[CITY_ASK_WHY]);

/* One row of checks.csv, asked. */
typedef struct city_check_result {
    const mizo_claim_check *row;
    const char *value; /* the answer, or why there is none; in buf text, until it changes */
    bool ok;
} city_check_result;
/* Asks every row in the order of the file. */
MIZO_MUST_USE mizo_err city_check_each(const city_books *b, mizo_err (*fn)(void *, const city_check_result *),
                                       void *arg);

#endif
