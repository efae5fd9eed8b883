/* statement_inner.h: where the reader of a text stands. Known to statement.c and statement_figure.c alone. */
#ifndef CITY_STATEMENT_INNER_H
#define CITY_STATEMENT_INNER_H

#include "city/statement_count.h"
#include "city/statement_hold.h"
#include "city/statement_words.h"

typedef struct statement_reader {
    const city_books *b;
    city_text t;
    const char *lang;
    size_t at;                   /* here */
    size_t behind;               /* the last name, year or figure */
    const mizo_indicator *about; /* the last one that the sentence named */
    size_t named, nnamed;        /* where its name stands, and its bytes */
    bool spent;                  /* its figure was read: the next one needs a year, 目標 or 実績 */
    bool reduction;              /* the name says 削減 */
    claim_role role;
    bool final;         /* 確定値 */
    int year, year_was; /* of the sentence, and before the last year was named; 0: none */
    size_t year_end;    /* where the last one ends */
    bool once;          /* the year is for one figure: 前年度の */
    bool lost;          /* of which year the next figure is was not said */
    int base;           /* the year from which changes are measured; 0: none */
    figure before;      /* the last one with a unit */
    bool again;         /* this one says it once more */
    bool ratio;         /* ...比 stands before the next figure */
    count_reader count;
    int last_year;    /* of the text */
    int line, column; /* of `placed`: places are asked in order */
    size_t placed;
    mizo_err (*fn)(void *, const city_statement *);
    void *arg;
} statement_reader;

/* A number of the text, with what stands beside it: told as a statement, held against the books where it belongs to a
 * known name. The reader goes behind it. statement_figure.c */
MIZO_MUST_USE mizo_err statement_number(statement_reader *r, figure *f);

#endif
