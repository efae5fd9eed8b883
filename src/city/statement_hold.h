/* statement_hold.h: one claim of a text held against the books. Behind statement.h. Pure. */
#ifndef CITY_STATEMENT_HOLD_H
#define CITY_STATEMENT_HOLD_H

#include "city/statement.h"

typedef enum claim_role {
    CLAIM_EITHER, /* a result, else a target */
    CLAIM_RESULT,
    CLAIM_TARGET
} claim_role;

typedef struct city_claim {
    range said; /* in the base of the unit */
    exact step; /* of its last telling place */
    unit unit;
    figure_bound bound;
    bool strict;
    claim_role role;
    bool reduction; /* the name says that it is one: 削減量は2GWh is ▲2GWh */
    bool moved;     /* it is a change: 11件増, 4％減少, 2013年度比▲12.6％ */
    bool points;    /* the difference of two shares: 38ポイント */
    int turn;       /* the word's sign: -1 減, +1 増, 0 none */
    int base;       /* the year that the change is from; 0: not said */
} city_claim;

/* Fills s->verdict, books, source, target, provisional; s->indicator may become the one that compares. What s->books
 * points to is text's. */
MIZO_MUST_USE mizo_err city_claim_hold(const city_books *b, const city_claim *c, const char *lang,
                                       city_statement *s, buf *text);

/* Does what was said hold where the books have the exact value v? */
MIZO_MUST_USE mizo_err city_claim_meets(const city_claim *c, exact v, bool *out);

#endif
