/* square.h: dense symmetric matrices of some tens to some hundreds of rows, fast: the reduced system in the prices.
 *
 * Row-major, leading dimension `ld` = square_ld(n), a multiple of 8; only the upper triangle (j >= i) counts. The rows
 * and columns from n to ld are padding: they hold nothing (zeros) and stay so. Every sum goes in the same order on
 * every processor, with or without wide registers: the same bits.
 * Golub & Van Loan, Matrix Computations, 4.2 (Cholesky by blocks). */
#ifndef OPTIMIZE_SQUARE_H
#define OPTIMIZE_SQUARE_H

#include <stddef.h>

static inline int square_ld(int n)
{
    return (n + 7) & ~7;
}
static inline size_t square_size(int n)
{
    return (size_t)square_ld(n) * (size_t)square_ld(n);
}

/* In place: the upper triangle of a becomes U with U'U = a. A row whose pivot is lost to rounding (at most `least` of
 * its diagonal: a singular direction) becomes zero, with it that part of any answer. Returns how many were. */
int square_cholesky(double *a, int n, double least);
/* Solves U'U x = b in place; b has ld entries. */
void square_solve(const double *u, int n, double *b);
/* y = a b for the symmetric a. */
void square_times(const double *a, int n, const double *b, double *y);
/* out (all of it, both triangles) = inverse of U'U; work: square_size(n). */
void square_inverse(const double *u, int n, double *work, double *out);
/* out = (g^-1 + diag(d))^-1, d >= 0: what is left of the response g behind a limit whose stiffness is d. Nothing
 * cancels, and out is never indefinite. g may be singular. work: 3 * square_size(n). */
void square_parallel(const double *g, const double *d, int n, double *work, double *out);

/* s -= z'z on the upper triangle of the first `cols` columns; s has leading dimension n, z `rows` rows of square_ld(n),
 * zero from column n on. */
void square_take_gram(double *s, int n, const double *z, int rows, int cols);

#endif
