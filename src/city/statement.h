/* statement.h: statements in a text held against the city's books.
 *
 * A statement is the name (or another name) of an indicator, a year and a figure of its unit within one sentence:
 * 「実質ゼロ達成率は2023年度時点で約46％」. The year is the nearest one before the figure that is not one of comparison;
 * where the sentence has none, the last one of the text. 「2021年度の温室効果ガス排出量は…（2013年度比▲12.6％）」 speaks
 * of the indicator that compares with that year too. 削減 or 減少 behind a figure makes it negative. A year that has no
 * result is held against its target; so is a figure that 目標 leads to. 以上 and 未満 are bounds. Rounded figures agree
 * where they share more than an end: 12.5 is not 12.6. What moves (11件増) and the ends of a range (45～47％) are held
 * only if they agree; else they, and figures with a unit whose indicator no name says, are told as not held. Pure. */
#ifndef CITY_STATEMENT_H
#define CITY_STATEMENT_H

#include "city/books.h"

typedef enum city_verdict {
    CITY_AGREES,
    CITY_DISAGREES,
    CITY_UNKNOWN, /* the books have nothing for that year */
    CITY_UNHELD /* no known name leads to it (indicator NULL, fy 0), or it is a change or an end of a range */
} city_verdict;

typedef struct city_statement {
    const mizo_indicator *indicator; /* NULL: not known */
    int fy;
    bool year_said;   /* in the sentence; else taken from before it */
    bool target;      /* held against a target */
    int line, column; /* of the figure, from 1, in letters */
    const char *text; /* the figure as it stands, [bytes] of the text that was given */
    size_t bytes;
    city_verdict verdict;
    const char *books, *source; /* what the books have; "" where nothing. Valid during the call */
} city_statement;

/* Calls fn for each statement in order. An error of fn ends it. MIZO_EINPUT: not UTF-8. */
MIZO_MUST_USE mizo_err city_statements(const city_books *b, const char *text, size_t n, const char *lang,
                                       mizo_err (*fn)(void *, const city_statement *), void *arg);

#endif
