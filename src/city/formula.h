/* formula.h: a figure computed from others: `(re-supply + abs(saving)) / demand`, `city-ghg / city-ghg@2013 - 1`.
 *
 *     sum     = product { ("+" | "-") product }         signs with a blank before and behind them
 *     product = part { ("*" | "/") part }
 *     part    = "(" sum ")" | "abs(" sum ")" | "-" part | number [ "[" unit "]" ] | id [ "!" ] [ "@" year ]
 *     year    = 2013, FY2013, R5: that one; -1, +1: so many years from the year that is asked for
 *
 * `id!` is the indicator's target of the year. Units are checked: what is added has one dimension, a product has both. Values are ranges (exact.h): a rounded operand
 * makes the result a range, and who prints it sees whether its digits are certain. Pure. */
#ifndef CITY_FORMULA_H
#define CITY_FORMULA_H

#include "base/exact.h"
#include "base/unit.h"

typedef struct formula_value {
    range v; /* in the base of its unit */
    unit u;
} formula_value;

enum { FORMULA_WHY = 160, FORMULA_DEEP = 40 };

typedef struct formula_fault {
    size_t at;             /* byte of the text where it stands */
    char why[FORMULA_WHY]; /* English */
    char why_ja[FORMULA_WHY];
} formula_fault;

/* The value of id[0..n) in a year, of a target with the ! behind the id. MIZO_ENOENT: there is none. */
typedef mizo_err (*formula_lookup)(void *arg, const char *id, size_t n, int fy, formula_value *out);

/* MIZO_EINPUT: *fault says what is wrong with the text, or with its units; MIZO_ENOENT: a value is missing (fault names
 * it); MIZO_ERANGE: it does not fit, or a divisor may be zero. */
MIZO_MUST_USE mizo_err formula_eval(const char *text, int fy, formula_lookup find, void *arg,
                                    formula_value *out, formula_fault *fault);

#endif
