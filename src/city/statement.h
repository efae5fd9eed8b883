/* statement.h: statements in a text held against the city's books.
 *
 * A statement is the name (or another name) of an indicator, a year and a figure of its unit within one sentence:
 * 「実質ゼロ達成率は2023年度時点で約46％」. The year is the nearest one before the figure that is not one of comparison;
 * where the sentence has none, the last one of the text; where that has none either, the last one that the books know. 「2021年度の温室効果ガス排出量は…（2013年度比▲12.6％）」 speaks
 * of the indicator that compares with that year too. A figure with 増 or 減 behind it is a change: it is held against the
 * difference to the year that is named (前年度から, 2013年度から, 比), never against the level. 目標 and 実績 say which of
 * the two is meant; else a year that has no result is held against its target. 以上 and 未満 are bounds, 45～47％ and
 * 40％台 ranges. は behind a noun that is no known name ends what the name before it covers. Figures with a unit that
 * belong to no known name are told too. Counts of registers and plans are statements as well: statement_count.h. Pure. */
#ifndef CITY_STATEMENT_H
#define CITY_STATEMENT_H

#include "city/books.h"

typedef enum city_verdict {
    CITY_AGREES,
    CITY_DISAGREES,
    CITY_UNKNOWN, /* the books have nothing for that year */
    CITY_NO_NAME, /* a figure whose indicator the sentence does not name, or not by a known name */
    CITY_NOT_HELD /* a change from a year that is not said, a rate without its unit: nothing to hold it against */
} city_verdict;

typedef struct city_statement {
    const mizo_indicator *indicator; /* NULL: CITY_NO_NAME, or a count */
    const char *name_ja, *name_en;   /* of a count: the register or the node of a plan; else NULL */
    const char *counted;             /* "cnk-council", "sme/finance", "climate/measure"; NULL: no count */
    const char *beside;              /* of a count: what the books have besides where it differs; "" */
    const char *
        needs; /* of CITY_UNKNOWN: of what years the books have it; of a count that may mean several lists: which, with theirs; "" */
    int fy;    /* 0: no year was said, and the books know none */
    bool year_said;   /* in the sentence; else taken from before it */
    bool target;      /* held against a target */
    bool provisional; /* the books have a provisional figure */
    bool final_said;  /* and the text calls it 確定値 */
    int line, column; /* of the figure, from 1, in letters */
    const char *text; /* the figure as it stands, [bytes] of the text that was given */
    size_t bytes;
    city_verdict verdict;
    const char *books, *source; /* what the books have; "" where nothing. Valid during the call */
} city_statement;

/* Calls fn for each statement in order. today: until when a count without a date is read. An error of fn ends it. MIZO_EINPUT: not UTF-8. */
MIZO_MUST_USE mizo_err city_statements(const city_books *b, const char *text, size_t n, const char *lang,
                                       mizo_day today, mizo_err (*fn)(void *, const city_statement *),
                                       void *arg);

#endif
