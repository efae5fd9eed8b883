/* statement_count.h: counts in a text: 会員58者, 40施策, 8つの基本的方向, 推進会議は令和6年11月現在58者.
 *
 * A figure counts a register where it stands beside the register's name or the word for what it holds (会員), with
 * nothing but small words and a date between; it counts what stands below a node of a plan where the word of a level is
 * its unit or stands behind it. A date beside it says of which day; another date in the sentence may; else today. A
 * count whose list or plan is not named agrees where one of those that it may mean does; else it is not held. Behind
 * statement.h. Pure. */
#ifndef CITY_STATEMENT_COUNT_H
#define CITY_STATEMENT_COUNT_H

#include "city/statement_hold.h"
#include "city/statement_words.h"
#include "city/tally.h"

typedef struct count_reader {
    const city_books *b;
    mizo_day today;
    tally_word subject; /* the register or node that the paragraph named last */
    tally_word noun;    /* what is counted, beside here */
    bool open;          /* only small words since the name */
    bool told;          /* only small words since its figure: with a date the next one is of it too */
    bool foreign;       /* of something that is no list of ours: 商工会の会員 */
    bool number;        /* 数 among them: the figure needs no unit */
    bool date_open;     /* only small words since the date */
    bool bound;         /* the date is that of the figure */
    mizo_day from, to;  /* of the last date; from MIZO_DAY_NONE: none */
} count_reader;

void count_begin(count_reader *c, const city_books *b, mizo_day today);
void count_on_name(count_reader *c, const tally_word *w, bool foreign);
void count_on_date(count_reader *c, const city_text *t, const figure *f);
/* Bytes of a small word at `at`, which is passed over; 0: anything else, and the name is no longer beside. */
size_t count_small_word(count_reader *c, const city_text *t, size_t at);
/* remark: brackets follow, which speak of it still: 。（2024年10月現在 20者） */
void count_end_sentence(count_reader *c, bool paragraph, bool remark);
/* Is the figure a count? Then *claim is filled into *s, its texts into *text, and *end is behind it. MIZO_ENOENT: no. */
MIZO_MUST_USE mizo_err count_figure(count_reader *c, const city_text *t, const city_claim *claim,
                                    const figure *f, const char *lang, city_statement *s, buf *text,
                                    size_t *end);

#endif
