/* number.h: quantities that are promises, and rounding chosen aloud.
 *
 * Energy int64 Wh, power int32 W, money int64 micro-yen, prices int32 milli-yen
 * per kWh (Wh x milli-yen/kWh = micro-yen, exactly), CO2 int64 mg, factors
 * int32 g per kWh (Wh x g/kWh = mg, exactly). Shares are parts per million.
 */
#ifndef MIZO_NUMBER_H
#define MIZO_NUMBER_H

#include "mizo/error.h"

typedef int64_t mizo_wh;
typedef int64_t mizo_uyen; /* micro-yen */
typedef int64_t mizo_mg;   /* milligrams of CO2 */

enum { MIZO_PPM = 1000000 };

typedef enum mizo_round {
    MIZO_ROUND_DOWN,    /* towards minus infinity */
    MIZO_ROUND_UP,      /* towards plus infinity */
    MIZO_ROUND_CUT,     /* towards zero (切捨て) */
    MIZO_ROUND_HALF_UP, /* halves away from zero (四捨五入) */
    MIZO_ROUND_HALF_EVEN
} mizo_round;

/* a * b / c with a 128-bit middle. c != 0. MIZO_ERANGE: does not fit. */
MIZO_API MIZO_MUST_USE mizo_err mizo_mul_div(int64_t a, int64_t b, int64_t c, mizo_round how, int64_t *out);
MIZO_API int64_t mizo_div_round(int64_t a, int64_t b, mizo_round how); /* b > 0 */

/* Splits total (>= 0) in proportion to w[0..n) (>= 0) by the largest remainder,
 * ties to the lower index; out[i] sum to total exactly. All w zero: all to
 * nobody, MIZO_ERANGE unless total is 0. w and total below 2^62. */
MIZO_API MIZO_MUST_USE mizo_err mizo_split(int64_t total, const int64_t *w, size_t n, int64_t *out);

/* ---- text of numbers ---- */
enum { MIZO_NUM_TEXT = 48 };
/* value / 10^digits with exactly `digits` decimals: "1234.567890". */
MIZO_API void mizo_decimal_text(int64_t value, int digits, char out[MIZO_NUM_TEXT]);
/* "183,147,067" */
MIZO_API void mizo_grouped_text(int64_t value, char out[MIZO_NUM_TEXT]);

/* Parses a decimal number as people in Japan write it into value * 10^digits:
 * "1,234.5", "▲1,234", "△3", "－5", "１２３", "1.2E+3". Blank is MIZO_ENOENT; more
 * decimals than `digits` that are not zero: MIZO_ERANGE; else MIZO_EINPUT. */
MIZO_API MIZO_MUST_USE mizo_err mizo_decimal_parse(const char *s, size_t n, int digits, int64_t *out);

/* FNV-free, seeded, portable random numbers: the output step of splitmix64. */
MIZO_API uint64_t mizo_mix64(uint64_t z);
MIZO_API double mizo_unit(uint64_t seed, uint64_t a, uint64_t b); /* [0,1), a function of its arguments */

#endif
