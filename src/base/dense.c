/* dense.c: small dense algebra, sums in fixed order. */
#include "base/dense.h"

#include <math.h>
#include <string.h>

double dense_dot(const double *a, const double *b, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

bool dense_cholesky(double *a, int n)
{
    for (int i = 0; i < n; i++) {
        double *ri = a + (size_t)i * (size_t)n;
        for (int j = 0; j < i; j++) {
            const double *rj = a + (size_t)j * (size_t)n;
            ri[j] = (ri[j] - dense_dot(ri, rj, j)) / rj[j];
        }
        double left = ri[i] - dense_dot(ri, ri, i);
        if (!(left > 0) || !isfinite(left))
            return false;
        ri[i] = sqrt(left);
    }
    return true;
}

void dense_solve(const double *l, int n, double *b)
{
    for (int i = 0; i < n; i++) {
        const double *row = l + (size_t)i * (size_t)n;
        b[i] = (b[i] - dense_dot(row, b, i)) / row[i];
    }
    for (int i = n - 1; i >= 0; i--) {
        const double *row = l + (size_t)i * (size_t)n;
        b[i] /= row[i];
        for (int j = 0; j < i; j++) /* the column of L' above the diagonal */
            b[j] -= row[j] * b[i];
    }
}

void dense_learn(double *gram, double *right, const double *x, double y, double w, double keep, int n)
{
    for (int i = 0; i < n; i++) {
        double *row = gram + (size_t)i * (size_t)n, wx = w * x[i];
        for (int j = 0; j <= i; j++)
            row[j] = keep * row[j] + wx * x[j];
        right[i] = keep * right[i] + wx * y;
    }
}

bool dense_ridge(const double *gram, const double *right, double ridge, int n, double *work, double *beta)
{
    double most = 0;
    for (int i = 0; i < n; i++)
        most = fmax(most, gram[(size_t)i * (size_t)n + (size_t)i]);
    memcpy(work, gram, (size_t)n * (size_t)n * sizeof *work);
    for (int i = 0; i < n; i++) {
        double *d = work + (size_t)i * (size_t)n + i;
        *d = *d * (1 + ridge) + 1e-9 * most + 1e-300;
    }
    memcpy(beta, right, (size_t)n * sizeof *beta);
    if (dense_cholesky(work, n)) {
        dense_solve(work, n, beta);
        return true;
    }
    memset(beta, 0, (size_t)n * sizeof *beta);
    return false;
}
