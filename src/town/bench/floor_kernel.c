/* floor_kernel.c: see bench_floor.h. FLOOR_PASS names the function that is made. */
#include "town/bench/floor_kernel.h"

enum { T = FLOOR_SLOTS, F = FLOOR_FLOWS };
enum { IMPORT, EXPORT, SUN, CHARGE, DISCHARGE, STORED }; /* the flows */

typedef floor_lanes lanes;

/* Θ of a flow between 0 and 8: the inverse of z / x + z' / (8 - x). */
static void weights(const floor_state *s, lanes theta[F][T])
{
    for (int f = 0; f < F; f++)
        for (int t = 0; t < T; t++)
            theta[f][t] = 1.0 / (s->low[f][t] / s->x[f][t] + s->high[f][t] / (8.0 - s->x[f][t]) + 1e-8);
}

/* Each slot's balance eliminated: what is left of it on the chain's diagonal, towards the prices, on the right. */
static void balances(const floor_state *s, lanes theta[F][T], lanes diagonal[T], lanes reach[T],
                     lanes right[T])
{
    for (int t = 0; t < T; t++) {
        lanes grid = theta[IMPORT][t] + theta[EXPORT][t] + theta[SUN][t];
        lanes battery = theta[CHARGE][t] + theta[DISCHARGE][t];
        lanes share = battery / (grid + battery);
        diagonal[t] = theta[STORED][t] + theta[STORED][t ? t - 1 : 0] + 0.25 * grid * share;
        reach[t] = 0.5 * (theta[IMPORT][t] + theta[EXPORT][t]) * share;
        right[t] = s->load[t] - s->sun[t] + s->x[IMPORT][t] - s->x[EXPORT][t] + s->x[CHARGE][t] -
                   s->x[DISCHARGE][t] + 0.1 * s->stored[t] + s->price[t];
    }
}

/* The chain M = L D L': down, then up with the diagonal of its inverse. */
static void chain(lanes theta[F][T], lanes diagonal[T], lanes lower[T], lanes y[T], lanes inverse[T])
{
    for (int t = 1; t < T; t++) {
        lower[t] = theta[STORED][t - 1] / diagonal[t - 1];
        diagonal[t] -= 0.9 * lower[t] * theta[STORED][t - 1];
        y[t] += lower[t] * y[t - 1];
    }
    inverse[T - 1] = 1.0 / diagonal[T - 1];
    y[T - 1] *= inverse[T - 1];
    for (int t = T - 2; t >= 0; t--) {
        lanes own = 1.0 / diagonal[t];
        y[t] = own * y[t] + lower[t + 1] * y[t + 1];
        inverse[t] = own + lower[t + 1] * lower[t + 1] * inverse[t + 1];
    }
}

/* K M^-1 K, upper half: along a column the inverse falls by the chain's factors. */
static void add_up(const lanes reach[T], const lanes lower[T], const lanes y[T], const lanes inverse[T],
                   floor_sum *sum)
{
    for (int u = 0; u < T; u++) {
        lanes along = inverse[u] * reach[u];
        sum->right[u] += reach[u] * y[u];
        for (int t = u; t > 0; t--) {
            sum->schur[u][t] += along * reach[t];
            along *= lower[t];
        }
        sum->schur[u][0] += along * reach[0];
    }
}

/* A step so small that the numbers stay where they are for as many passes as one likes. */
static void step(floor_state *s, lanes theta[F][T], const lanes y[T])
{
    for (int f = 0; f < F; f++)
        for (int t = 0; t < T; t++) {
            lanes by = 1e-6 * theta[f][t] * y[t];
            s->x[f][t] += by;
            s->low[f][t] += 1e-3 * (1e-6 - s->low[f][t] * by);
            s->high[f][t] += 1e-3 * (1e-6 + s->high[f][t] * by);
        }
    for (int t = 0; t < T; t++) {
        s->stored[t] += 1e-6 * y[t];
        s->price[t] -= 1e-6 * y[t];
    }
}

void FLOOR_PASS(floor_state *from, size_t n, floor_sum *sum)
{
    lanes theta[F][T], diagonal[T], lower[T], reach[T], y[T], inverse[T];
    for (size_t i = 0; i < n; i++) {
        weights(from + i, theta);
        balances(from + i, theta, diagonal, reach, y);
        chain(theta, diagonal, lower, y, inverse);
        add_up(reach, lower, y, inverse, sum);
        step(from + i, theta, y);
    }
}
