/* lanes_math.h: four doubles at once. Nothing here depends on how wide the machine is: the answers are the same bits. */
#ifndef OPTIMIZE_LANES_MATH_H
#define OPTIMIZE_LANES_MATH_H

#include <string.h>
#if defined(__AVX__)
#include <immintrin.h>
#endif

#include "optimize/lanes.h"

typedef int64_t lane4_mask __attribute__((vector_size(32)));
#define LANE_INLINE static inline __attribute__((always_inline))

LANE_INLINE lane4 all4(double v)
{
    return (lane4){ v, v, v, v };
}

LANE_INLINE lane4 keep4(lane4_mask m, lane4 v)
{
    return (lane4)(m & (lane4_mask)v);
}

LANE_INLINE lane4 pick4(lane4_mask m, lane4 yes, lane4 no)
{
#if defined(__AVX__)
    return (lane4)_mm256_blendv_pd((__m256d)no, (__m256d)yes, (__m256d)m);
#else
    return (lane4)((m & (lane4_mask)yes) | (~m & (lane4_mask)no));
#endif
}

LANE_INLINE lane4 max4(lane4 a, lane4 b)
{
#if defined(__AVX__)
    return (lane4)_mm256_max_pd((__m256d)a, (__m256d)b);
#else
    return pick4(a > b, a, b);
#endif
}

LANE_INLINE lane4 min4(lane4 a, lane4 b)
{
#if defined(__AVX__)
    return (lane4)_mm256_min_pd((__m256d)a, (__m256d)b);
#else
    return pick4(a < b, a, b);
#endif
}

LANE_INLINE bool any4(lane4_mask m)
{
#if defined(__AVX__)
    return _mm256_movemask_pd((__m256d)m) != 0;
#else
    return (m[0] | m[1] | m[2] | m[3]) != 0;
#endif
}

LANE_INLINE lane4 abs4(lane4 v)
{
    return max4(v, -v);
}

LANE_INLINE double sum4(lane4 v)
{
    return (v[0] + v[1]) + (v[2] + v[3]);
}

LANE_INLINE double most4(lane4 v)
{
    double a = v[0] > v[1] ? v[0] : v[1], b = v[2] > v[3] ? v[2] : v[3];
    return a > b ? a : b;
}

typedef int32_t lane4_int __attribute__((vector_size(16)));

/* W in kW. */
LANE_INLINE lane4 kilo4(const int32_t *w)
{
    lane4_int v;
    memcpy(&v, w, sizeof v);
    return __builtin_convertvector(v, lane4) * 0.001;
}

#endif
