/* floor_kernel.h: the arithmetic of bench_floor.h for four sites side by side. Compiled twice: as it is, and for
 * processors of x86-64-v3; nothing but the time depends on which one runs. */
#ifndef TOWN_BENCH_FLOOR_KERNEL_H
#define TOWN_BENCH_FLOOR_KERNEL_H

#include <stddef.h>

enum { FLOOR_SLOTS = 48, FLOOR_FLOWS = 6, FLOOR_LANES = 4 };
typedef double floor_lanes __attribute__((vector_size(FLOOR_LANES * sizeof(double))));

/* What is kept of four sites between passes. */
typedef struct floor_state {
    floor_lanes x[FLOOR_FLOWS][FLOOR_SLOTS], low[FLOOR_FLOWS][FLOOR_SLOTS], high[FLOOR_FLOWS][FLOOR_SLOTS];
    floor_lanes load[FLOOR_SLOTS], sun[FLOOR_SLOTS], stored[FLOOR_SLOTS], price[FLOOR_SLOTS];
} floor_state;

/* What all sites add up to. */
typedef struct floor_sum {
    floor_lanes schur[FLOOR_SLOTS][FLOOR_SLOTS], right[FLOOR_SLOTS];
} floor_sum;

void floor_pass_plain(floor_state *from, size_t n, floor_sum *sum);
void floor_pass_v3(floor_state *from, size_t n, floor_sum *sum);

#endif
