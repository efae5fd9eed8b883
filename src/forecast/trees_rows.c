/* trees_rows.c: columns cut into bins, so that a split need only look at 64 places. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "forecast/trees_inner.h"

static int upward(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static size_t distinct(float *v, size_t n)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (!m || v[i] != v[m - 1])
            v[m++] = v[i];
    return m;
}

/* Cuts lie between values: between all of them when they are few, else so that bins hold as many rows. */
static int cuts_of(float *v, size_t n, float cut[TREES_BINS - 1])
{
    int ncut = 0;
    qsort(v, n, sizeof *v, upward);
    for (size_t k = 1; k < TREES_BINS && n; k++) { /* of many values: the places of equal share */
        size_t i = k * n / TREES_BINS;
        float a = v[i ? i - 1 : 0], b = v[i];
        float at = a + (b - a) / 2;
        if (a < b && (!ncut || at > cut[ncut - 1]))
            cut[ncut++] = at;
    }
    size_t few = distinct(v, n);
    if (few > TREES_BINS)
        return ncut;
    for (size_t i = 1; i < few; i++)
        cut[i - 1] = v[i - 1] + (v[i] - v[i - 1]) / 2;
    return few ? (int)few - 1 : 0;
}

static uint8_t code_of(const float *cut, int ncut, float x)
{
    int low = 0, high = ncut;
    if (isnan(x))
        return TREES_MISSING;
    while (low < high) {
        int mid = (low + high) / 2;
        if (cut[mid] < x)
            low = mid + 1;
        else
            high = mid;
    }
    return (uint8_t)low;
}

trees_rows *trees_rows_new(const float *x, size_t rows, int columns)
{
    if (!rows || rows > UINT32_MAX / 2 || columns < 1 || columns > TREES_COLUMNS)
        return NULL;
    trees_rows *r = calloc(1, sizeof *r);
    float *v = malloc(rows * sizeof *v);
    if (r)
        *r = (trees_rows){ .rows = rows, .columns = columns, .code = malloc(rows * (size_t)columns) };
    if (!r || !v || !r->code) {
        free(v);
        trees_rows_free(r);
        return NULL;
    }
    for (int c = 0; c < columns; c++) {
        size_t n = 0;
        for (size_t i = 0; i < rows; i++)
            if (!isnan(x[i * (size_t)columns + (size_t)c]))
                v[n++] = x[i * (size_t)columns + (size_t)c];
        r->ncut[c] = cuts_of(v, n, r->cut[c]);
        for (size_t i = 0; i < rows; i++)
            r->code[(size_t)c * rows + i] =
                code_of(r->cut[c], r->ncut[c], x[i * (size_t)columns + (size_t)c]);
    }
    free(v);
    return r;
}

void trees_rows_free(trees_rows *r)
{
    if (r)
        free(r->code);
    free(r);
}
