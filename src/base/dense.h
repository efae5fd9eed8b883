/* dense.h: small dense algebra for fits: normal equations, Cholesky, ridge.
 *
 * Matrices are square, row-major, symmetric ones kept in their lower triangle: a[i * n + j], j <= i.
 * Every sum goes from the first term to the last, so the same input gives the same bits.
 * Golub & Van Loan, Matrix Computations, 4.2 (Cholesky); Hoerl & Kennard 1970 (ridge). */
#ifndef BASE_DENSE_H
#define BASE_DENSE_H

#include <stdbool.h>

double dense_dot(const double *a, const double *b, int n);
/* In place: the lower triangle of a becomes L with L L' = a. False: a is not positive definite. */
bool dense_cholesky(double *a, int n);
/* Solves L L' x = b in place. */
void dense_solve(const double *l, int n, double *b);
/* Recursive normal equations: gram = keep * gram + w x x', right = keep * right + w y x. */
void dense_learn(double *gram, double *right, const double *x, double y, double w, double keep, int n);
/* beta of (gram + ridge * diag(gram) + tiny) beta = right. The penalty follows each column's own size, so
 * that units do not matter. work: [n * n], beta: [n]. False: no solution; beta is then all 0. */
bool dense_ridge(const double *gram, const double *right, double ridge, int n, double *work, double *beta);

#endif
