/* pace.h: a target, how fast it must be gone towards, and how fast it was.
 *
 * The base is the year that the formula compares with ("@2013"), else the first known result. Everything in the base of
 * the indicator's unit, as ranges: what was published rounded leaves the pace open too. Pure. */
#ifndef CITY_PACE_H
#define CITY_PACE_H

#include "city/books.h"

typedef struct city_pace {
    const mizo_goal *goal; /* the next one ahead */
    bool known, reached;   /* a result; it satisfies the target */
    city_value last;       /* the latest result up to the year */
    bool has_needed;       /* the target is still ahead */
    exact gap, needed;     /* from the last result: in all, a year */
    bool has_actual;       /* a base before the last result */
    int base_fy;
    range actual;    /* a year, from the base to the last result */
    bool has_before; /* a result before the last one */
    int before_fy;
    range lately;  /* a year, since that one */
    bool has_path; /* base, last and target in this order */
    exact path;    /* where a straight line from base to target stands in the last result's year */
    bool on_path;  /* the last result is there, or further */
    int reach_fy;  /* at the pace since the base (its middle); 0: never, or already reached */
} city_pace;

/* How a step of an indicator is printed: with its sign, a decimal more than the figure itself. */
figure_style city_step_style(const mizo_indicator *i);
/* Whose target it is: "city" where the row does not say. */
const char *city_whose(const mizo_goal *g);
/* The latest result of an indicator up to a year, looking back 40. MIZO_ENOENT. */
MIZO_MUST_USE mizo_err city_latest(const city_books *b, const mizo_indicator *i, int fy, city_value *v);
/* MIZO_ENOENT: it has no target ahead. */
MIZO_MUST_USE mizo_err city_pace_of(const city_books *b, const mizo_indicator *i, int fy, city_pace *out);

#endif
