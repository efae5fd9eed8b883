/* sparse_response.c: how much less the site imports for a higher price: slot by slot in time, from forward elimination
 * alone. docs/mechanisms/area-nodes.md 2. */
#include <math.h>
#include <string.h>

#include "optimize/sparse_inner.h"
#include "optimize/square.h"

enum { CHUNK = 32 };
#define FADED 1e-140

size_t sparse_sweep_size(const area_block *b)
{
    size_t ld = (size_t)square_ld(b->rows.n);
    return ((size_t)CHUNK + 2 * (size_t)b->rows.width + (size_t)b->rows.border + (size_t)b->dense + 1) * ld;
}

/* z of a slot's rows: each column is a price. What the slot's own price does, and what came from the slots before. */
static void sweep_slot(const area_block *b, int t, const double *before, double *z, size_t ld)
{
    int width = b->rows.width, places = width + b->rows.border;
    const double *next = b->next + (size_t)(t - 1) * (size_t)(width * width);
    double f = b->grid[t] * b->balance[t];
    for (int l = 0; l < width; l++) {
        double *row = z + (size_t)l * ld;
        for (int u = 0; u < t; u++)
            row[u] = 0;
        row[t] = b->direct[t * width + l] - b->couple[(size_t)t * (size_t)places + (size_t)l] * f;
        for (size_t u = (size_t)t + 1; u < ld; u++)
            row[u] = 0;
        for (int k = 0; t > 0 && k < width; k++) {
            double g = next[k * width + l];
            const double *x = before + (size_t)k * ld;
            for (int u = 0; g != 0 && u < t; u++)
                row[u] -= g * x[u];
        }
    }
    sparse_lower_rows(b->local + (size_t)t * (size_t)(width * width), width, z, ld, t + 1);
    for (int l = 0; l < width; l++)
        for (int u = 0; u <= t; u++) /* what has died away: products of it would be denormal, which is slow */
            z[(size_t)l * ld + (size_t)u] =
                fabs(z[(size_t)l * ld + (size_t)u]) < FADED ? 0 : z[(size_t)l * ld + (size_t)u];
}

/* What columns that cross the meter do to other rows than the balance (discharge for the site only). */
static void fill_direct(const area_block *b)
{
    const sparse_cols *c = &b->cols;
    memset(b->direct, 0, (size_t)(b->rows.n * b->rows.width) * sizeof *b->direct);
    for (int j = 0; j < c->links; j++)
        for (int e = c->start[j] + 1; c->sign[j] && e < c->start[j + 1]; e++)
            b->direct[c->row[e] - b->rows.n] += c->sign[j] * c->theta[j] * c->a[e];
}

typedef struct sweep {
    double *chunk, *z[2], *edge, *dense; /* rows of ld */
    int held;
} sweep;

static void keep_rows(const area_block *b, sweep *s, double *schur, const double *rows, int count, int upto,
                      size_t ld)
{
    for (int k = 0; k < count; k++) {
        if (s->held == CHUNK) {
            square_take_gram(schur, b->rows.n, s->chunk, CHUNK, upto + 1);
            s->held = 0;
        }
        memcpy(s->chunk + (size_t)s->held++ * ld, rows + (size_t)k * ld, ld * sizeof *rows);
    }
}

/* Border rows and dense columns see every slot: their rows are gathered on the way. */
static void sweep_edge(const area_block *b, sweep *s, int t, const double *z, size_t ld)
{
    int width = b->rows.width, border = b->rows.border, places = width + border;
    double f = b->grid[t] * b->balance[t];
    for (int v = 0; v < b->awake[t]; v++) {
        double *row = s->edge + (size_t)v * ld;
        row[t] -= b->couple[(size_t)t * (size_t)places + (size_t)(width + v)] * f;
        for (int k = 0; k < width; k++) {
            double g = b->edge[((size_t)t * (size_t)width + (size_t)k) * (size_t)border + (size_t)v];
            const double *x = z + (size_t)k * ld;
            for (int u = 0; g != 0 && u <= t; u++)
                row[u] -= g * x[u];
        }
    }
    for (int p = 0; p < b->dense; p++) {
        const double *tall = b->tall + (size_t)p * (size_t)b->rows.all;
        double *row = s->dense + (size_t)p * ld, tau = b->tau[(size_t)p * (size_t)b->rows.n + (size_t)t];
        row[t] += tau == b->bare[(size_t)p * (size_t)b->rows.n + (size_t)t]
                      ? tau * b->rest[t] * b->balance[t]
                      : tau - b->bare[(size_t)p * (size_t)b->rows.n + (size_t)t] * f;
        for (int k = 0; k < width; k++) {
            double g = tall[b->rows.n + t * width + k];
            const double *x = z + (size_t)k * ld;
            for (int u = 0; g != 0 && u <= t; u++)
                row[u] -= g * x[u];
        }
    }
}

static void end_dense(const area_block *b, sweep *s, double *schur, size_t ld)
{
    int n = b->rows.n, first = n * (1 + b->rows.width);
    for (int p = 0; p < b->dense; p++)
        for (int v = 0; v < b->rows.border; v++) {
            double g = b->tall[(size_t)p * (size_t)b->rows.all + (size_t)(first + v)];
            for (int u = 0; u < n; u++)
                s->dense[(size_t)p * ld + (size_t)u] -= g * s->edge[(size_t)v * ld + (size_t)u];
        }
    sparse_lower_rows(b->small, b->dense, s->dense, ld, n);
    for (int p = 0; p < b->dense; p++) {
        const double *row = s->dense + (size_t)p * ld;
        for (int t = 0; t < n; t++)
            for (int u = t; u < n; u++)
                schur[(size_t)t * (size_t)n + (size_t)u] += row[t] * row[u];
    }
}

void sparse_response(const area_block *b, double *schur)
{
    size_t ld = (size_t)square_ld(b->rows.n);
    int n = b->rows.n, width = b->rows.width;
    sweep s = { .chunk = b->sweep };
    s.z[0] = s.chunk + CHUNK * ld;
    s.z[1] = s.z[0] + (size_t)width * ld;
    s.edge = s.z[1] + (size_t)width * ld;
    s.dense = s.edge + (size_t)b->rows.border * ld;
    memset(s.edge, 0, (size_t)(b->rows.border + b->dense) * ld * sizeof *s.edge);
    fill_direct(b);
    for (int t = 0; t < n; t++) {
        double *z = s.z[t % 2];
        sweep_slot(b, t, s.z[1 - t % 2], z, ld);
        sweep_edge(b, &s, t, z, ld);
        keep_rows(b, &s, schur, z, width, t, ld);
        schur[(size_t)t * (size_t)n + (size_t)t] += b->grid[t] * b->rest[t] * b->balance[t];
    }
    sparse_lower_rows(b->corner, b->rows.border, s.edge, ld, n);
    keep_rows(b, &s, schur, s.edge, b->rows.border, n - 1, ld);
    square_take_gram(schur, n, s.chunk, s.held, n);
    end_dense(b, &s, schur, ld);
}
