/* trace.h: where a figure comes from: what was said, by whom, and every operand of its formula, down to what was said. Pure. */
#ifndef CITY_TRACE_H
#define CITY_TRACE_H

#include "city/books.h"

enum { CITY_TRACE_DEEP = 12 };

typedef struct city_step {
    int depth; /* 0: the figure itself */
    const mizo_indicator *indicator;
    int fy;
    const mizo_goal *goal;      /* of a target; else NULL */
    const city_value *value;    /* of a result; NULL: there is none */
    const formula_value *holds; /* NULL: missing */
} city_step;

/* Calls fn for the figure, then for each operand, depth first. An error of fn ends it. MIZO_ENOENT: no figure. */
MIZO_MUST_USE mizo_err city_trace(const city_books *b, const mizo_indicator *i, int fy,
                                  mizo_err (*fn)(void *, const city_step *), void *arg);

#endif
