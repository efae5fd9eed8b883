/* exact.h: rational numbers in 128 bits, so that a figure is rounded once, where it is shown.
 *
 * Always reduced, d > 0. Each act says MIZO_ERANGE where the result does not fit; nothing wraps. Pure. */
#ifndef BASE_EXACT_H
#define BASE_EXACT_H

#include "mizo/number.h"

__extension__ typedef __int128 exact_int;

typedef struct exact {
    exact_int n, d;
} exact;

MIZO_MUST_USE mizo_err exact_of(int64_t n, int64_t d, exact *out); /* d != 0 */
exact exact_whole(int64_t n);
MIZO_MUST_USE mizo_err exact_add(exact a, exact b, exact *out);
MIZO_MUST_USE mizo_err exact_sub(exact a, exact b, exact *out);
MIZO_MUST_USE mizo_err exact_mul(exact a, exact b, exact *out);
MIZO_MUST_USE mizo_err exact_div(exact a, exact b, exact *out);   /* by zero: MIZO_ERANGE */
MIZO_MUST_USE mizo_err exact_ten(exact a, int power, exact *out); /* a * 10^power */
MIZO_MUST_USE mizo_err exact_cmp(exact a, exact b, int *out);     /* -1, 0, 1 */
int exact_sign(exact a);
MIZO_MUST_USE mizo_err exact_round(exact a, mizo_round how, int64_t *out);
/* The double next to it, for charts alone: never booked, printed or compared. */
double exact_double(exact a);

/* What is known of a quantity: it lies within [lo, hi], and mid is what was said or computed. lo = hi: exactly. */
typedef struct range {
    exact lo, mid, hi;
} range;

range range_point(exact a);
/* mid - step/2 .. mid + step/2. */
MIZO_MUST_USE mizo_err range_rounded(exact mid, exact step, range *out);
bool range_exact(const range *a);
/* op: + - * /. Each end is the least and the greatest that the ends of a and b can give; a divisor that may be zero: MIZO_ERANGE. */
MIZO_MUST_USE mizo_err range_do(char op, const range *a, const range *b, range *out);
MIZO_MUST_USE mizo_err range_abs(const range *a, range *out);
/* Can both be true at once? */
MIZO_MUST_USE mizo_err range_meet(const range *a, const range *b, bool *out);

#endif
