/* square.c: everything is made of one kernel: a tile of 4 rows and 8 columns gathers a sum of outer products. */
#include "optimize/square.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { ROWS = 4, COLS = 8 };

/* On x86-64 the compiler makes the kernel twice, and the processor chooses as the program loads: 256-bit registers
 * do the same sums in the same order. Not where a sanitizer watches: it would watch the choice, before it is awake. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__) &&                            \
    !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

typedef double four __attribute__((vector_size(32), aligned(8), may_alias));

/* out[r][c] = start - sum over k in [from, to) of a[k][r] b[k][c]; sign +1 adds. Rows of a and b are ld apart. */
WIDE static void tile(const double *a, const double *b, size_t ld, int from, int to, double out[ROWS][COLS])
{
    four s00 = { 0 }, s01 = { 0 }, s10 = { 0 }, s11 = { 0 }, s20 = { 0 }, s21 = { 0 }, s30 = { 0 },
         s31 = { 0 };
    for (int k = from; k < to; k++) {
        const double *x = a + (size_t)k * ld;
        const four *y = (const four *)(b + (size_t)k * ld);
        four y0 = y[0], y1 = y[1];
        s00 += x[0] * y0;
        s01 += x[0] * y1;
        s10 += x[1] * y0;
        s11 += x[1] * y1;
        s20 += x[2] * y0;
        s21 += x[2] * y1;
        s30 += x[3] * y0;
        s31 += x[3] * y1;
    }
    four *o = (four *)out;
    o[0] = s00, o[1] = s01, o[2] = s10, o[3] = s11, o[4] = s20, o[5] = s21, o[6] = s30, o[7] = s31;
}

/* Takes the tile off c, or puts it there. */
static void take_off(double *c, size_t ld, double out[ROWS][COLS])
{
    for (int r = 0; r < ROWS; r++)
        for (int j = 0; j < COLS; j++)
            c[(size_t)r * ld + (size_t)j] -= out[r][j];
}

static void put_tile(double *c, size_t ld, double out[ROWS][COLS])
{
    for (int r = 0; r < ROWS; r++)
        memcpy(c + (size_t)r * ld, out[r], sizeof out[r]);
}

/* row -= f * by, from column `from`. */
static void row_minus(double *row, const double *by, double f, int from, int ld)
{
    for (int j = from; j < ld; j++)
        row[j] -= f * by[j];
}

static void row_times(double *row, double f, int from, int ld)
{
    for (int j = from; j < ld; j++)
        row[j] *= f;
}

/* The last step of a block of rows: within the block, row after row. */
static int finish_rows(double *u, int ld, int top, double least, const double *whole)
{
    int lost = 0;
    for (int r = 0; r < ROWS; r++) {
        double *row = u + (size_t)(top + r) * (size_t)ld;
        int i = top + r;
        for (int s = 0; s < r; s++) {
            const double *above = u + (size_t)(top + s) * (size_t)ld;
            row_minus(row, above, above[i], i, ld);
        }
        bool good = row[i] > least * whole[r] && isfinite(row[i]);
        lost += !good && whole[r] > 0;
        if (good)
            row_times(row, 1 / sqrt(row[i]), i, ld);
        else
            memset(row + i, 0, (size_t)(ld - i) * sizeof *row);
    }
    return lost;
}

int square_cholesky(double *a, int n, double least)
{
    int ld = square_ld(n), lost = 0;
    size_t wide = (size_t)ld;
    double out[ROWS][COLS], whole[ROWS];
    for (int top = 0; top < ld; top += ROWS) {
        for (int r = 0; r < ROWS; r++)
            whole[r] = a[(size_t)(top + r) * wide + (size_t)(top + r)];
        for (int j = top & ~(COLS - 1); j < ld; j += COLS) {
            tile(a + top, a + j, wide, 0, top, out);
            take_off(a + (size_t)top * wide + j, wide, out);
        }
        lost += finish_rows(a, ld, top, least, whole);
    }
    return lost;
}

static double inverse_or_zero(double v)
{
    return v > 0 ? 1 / v : 0;
}

void square_solve(const double *u, int n, double *b)
{
    int ld = square_ld(n);
    for (int i = 0; i < n; i++) { /* U' y = b */
        const double *row = u + (size_t)i * (size_t)ld;
        b[i] *= inverse_or_zero(row[i]);
        row_minus(b, row, b[i], i + 1, n);
    }
    for (int i = n - 1; i >= 0; i--) {
        const double *row = u + (size_t)i * (size_t)ld;
        double sum = b[i];
        for (int j = i + 1; j < n; j++)
            sum -= row[j] * b[j];
        b[i] = sum * inverse_or_zero(row[i]);
    }
}

void square_times(const double *a, int n, const double *b, double *y)
{
    int ld = square_ld(n);
    for (int i = 0; i < n; i++)
        y[i] = 0;
    for (int i = 0; i < n; i++) {
        const double *row = a + (size_t)i * (size_t)ld;
        double sum = row[i] * b[i];
        for (int j = i + 1; j < n; j++)
            sum += row[j] * b[j];
        y[i] += sum;
        row_minus(y, row, -b[i], i + 1, n);
    }
}

/* y := U'^-1 y, where y is lower triangular and stays so. */
static void solve_lower(const double *u, int ld, double *y)
{
    size_t wide = (size_t)ld;
    double out[ROWS][COLS];
    for (int top = 0; top < ld; top += ROWS) {
        int end = (top + ROWS + COLS - 1) & ~(COLS - 1);
        for (int j = 0; j < top;
             j += COLS) { /* right of the diagonal of y's own rows there is nothing above */
            tile(u + top, y + j, wide, j, top, out);
            take_off(y + (size_t)top * wide + j, wide, out);
        }
        for (int r = 0; r < ROWS; r++) {
            double *row = y + (size_t)(top + r) * wide;
            for (int s = 0; s < r; s++)
                row_minus(row, y + (size_t)(top + s) * wide, u[(size_t)(top + s) * wide + (size_t)(top + r)],
                          0, end);
            row_times(row, inverse_or_zero(u[(size_t)(top + r) * wide + (size_t)(top + r)]), 0, end);
        }
    }
}

/* out = y'y, upper triangle, for a lower triangular y. */
static void square_of_lower(const double *y, int ld, double *out)
{
    double t[ROWS][COLS];
    for (int i = 0; i < ld; i += ROWS)
        for (int j = i & ~(COLS - 1); j < ld; j += COLS) {
            tile(y + i, y + j, (size_t)ld, j, ld, t);
            put_tile(out + (size_t)i * (size_t)ld + j, (size_t)ld, t);
        }
}

static void mirror(double *a, int ld)
{
    for (int i = 0; i < ld; i++)
        for (int j = 0; j < i; j++)
            a[(size_t)i * (size_t)ld + (size_t)j] = a[(size_t)j * (size_t)ld + (size_t)i];
}

void square_inverse(const double *u, int n, double *work, double *out)
{
    int ld = square_ld(n);
    memset(work, 0, square_size(n) * sizeof *work);
    for (int i = 0; i < n; i++)
        work[(size_t)i * (size_t)ld + (size_t)i] = 1;
    solve_lower(u, ld, work);
    square_of_lower(work, ld, out);
    mirror(out, ld);
}

/* With G = V V' (V upper): (G^-1 + D)^-1 = V (I + V'DV)^-1 V'. V comes from the factor of the matrix read from its last
 * row upwards. */
static void factor_from_below(const double *g, int n, double *turned, double *v, double *vt)
{
    int ld = square_ld(n);
    size_t wide = (size_t)ld, bytes = square_size(n) * sizeof *v;
    memset(turned, 0, bytes);
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            turned[(size_t)i * wide + (size_t)j] = g[(size_t)(n - 1 - j) * wide + (size_t)(n - 1 - i)];
    square_cholesky(turned, n, 1e-15);
    memset(v, 0, bytes);
    memset(vt, 0, bytes);
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++) {
            double x = turned[(size_t)(n - 1 - j) * wide + (size_t)(n - 1 - i)];
            v[(size_t)i * wide + (size_t)j] = x;
            vt[(size_t)j * wide + (size_t)i] = x;
        }
}

void square_parallel(const double *g, const double *d, int n, double *work, double *out)
{
    int ld = square_ld(n);
    size_t wide = (size_t)ld, size = square_size(n);
    double *v = work, *vt = work + size, *scaled = work + 2 * size, t[ROWS][COLS];
    factor_from_below(g, n, scaled, v, vt);
    memset(scaled, 0, size * sizeof *scaled);
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            scaled[(size_t)i * wide + (size_t)j] = v[(size_t)i * wide + (size_t)j] * d[i];
    for (int i = 0; i < ld; i += ROWS) /* I + V'DV */
        for (int j = i & ~(COLS - 1); j < ld; j += COLS) {
            tile(v + i, scaled + j, wide, 0, i + ROWS, t);
            put_tile(out + (size_t)i * wide + j, wide, t);
        }
    for (int i = 0; i < ld; i++)
        out[(size_t)i * wide + (size_t)i] += 1;
    square_cholesky(out, n, 1e-300);
    solve_lower(out, ld, vt);
    square_of_lower(vt, ld, out);
}

void square_take_gram(double *s, int n, const double *z, int rows, int cols)
{
    size_t ld = (size_t)square_ld(n);
    double t[ROWS][COLS];
    for (int i = 0; i < cols; i += ROWS)
        for (int j = i & ~(COLS - 1); j < cols; j += COLS) {
            tile(z + i, z + j, ld, 0, rows, t);
            for (int r = 0; r < ROWS && i + r < cols; r++)
                for (int c = i + r > j ? i + r - j : 0; c < COLS && j + c < cols; c++)
                    s[(size_t)(i + r) * (size_t)n + (size_t)(j + c)] -= t[r][c];
        }
}
