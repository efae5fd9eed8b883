/* exact.c: see exact.h. */
#include "base/exact.h"

/* One below the lowest is kept out, so that a sign can always be turned. */
#define MOST ((exact_int)((~(__extension__(unsigned __int128) 0)) >> 1))

static exact_int magnitude(exact_int a)
{
    return a < 0 ? -a : a;
}

static mizo_err times(exact_int a, exact_int b, exact_int *out)
{
    if (a != 0 && magnitude(b) > MOST / magnitude(a))
        return MIZO_ERANGE;
    *out = a * b;
    return MIZO_OK;
}

static mizo_err plus(exact_int a, exact_int b, exact_int *out)
{
    if ((b > 0 && a > MOST - b) || (b < 0 && a < -MOST - b))
        return MIZO_ERANGE;
    *out = a + b;
    return MIZO_OK;
}

static exact_int divisor(exact_int a, exact_int b)
{
    a = magnitude(a);
    b = magnitude(b);
    while (b) {
        exact_int r = a % b;
        a = b;
        b = r;
    }
    return a ? a : 1;
}

static exact reduced(exact_int n, exact_int d)
{
    exact_int g = divisor(n, d);
    if (d < 0)
        g = -g;
    return (exact){ n / g, d / g };
}

mizo_err exact_of(int64_t n, int64_t d, exact *out)
{
    if (d == 0)
        return MIZO_ERANGE;
    *out = reduced(n, d);
    return MIZO_OK;
}

exact exact_whole(int64_t n)
{
    return (exact){ n, 1 };
}

mizo_err exact_add(exact a, exact b, exact *out)
{
    exact_int g = divisor(a.d, b.d), left, right, n, d;
    MIZO_TRY(times(a.n, b.d / g, &left));
    MIZO_TRY(times(b.n, a.d / g, &right));
    MIZO_TRY(plus(left, right, &n));
    MIZO_TRY(times(a.d / g, b.d, &d));
    *out = reduced(n, d);
    return MIZO_OK;
}

mizo_err exact_sub(exact a, exact b, exact *out)
{
    return exact_add(a, (exact){ -b.n, b.d }, out);
}

mizo_err exact_mul(exact a, exact b, exact *out)
{
    exact_int g = divisor(a.n, b.d), h = divisor(b.n, a.d), n, d;
    MIZO_TRY(times(a.n / g, b.n / h, &n));
    MIZO_TRY(times(a.d / h, b.d / g, &d));
    *out = reduced(n, d);
    return MIZO_OK;
}

mizo_err exact_div(exact a, exact b, exact *out)
{
    if (b.n == 0)
        return MIZO_ERANGE;
    return exact_mul(a, b.n < 0 ? (exact){ -b.d, -b.n } : (exact){ b.d, b.n }, out);
}

mizo_err exact_ten(exact a, int power, exact *out)
{
    exact by = { 1, 1 };
    for (int i = 0; i < (power < 0 ? -power : power); i++)
        MIZO_TRY(times(by.n, 10, &by.n));
    return power < 0 ? exact_div(a, by, out) : exact_mul(a, by, out);
}

int exact_sign(exact a)
{
    return (a.n > 0) - (a.n < 0);
}

mizo_err exact_cmp(exact a, exact b, int *out)
{
    exact diff;
    MIZO_TRY(exact_sub(a, b, &diff));
    *out = exact_sign(diff);
    return MIZO_OK;
}

mizo_err exact_round(exact a, mizo_round how, int64_t *out)
{
    exact_int q = a.n / a.d, r = magnitude(a.n % a.d), sign = a.n < 0 ? -1 : 1;
    bool up = false; /* away from zero */
    if (r)
        switch (how) {
        case MIZO_ROUND_DOWN:
            up = sign < 0;
            break;
        case MIZO_ROUND_UP:
            up = sign > 0;
            break;
        case MIZO_ROUND_CUT:
            break;
        case MIZO_ROUND_HALF_UP:
            up = r >= a.d - r;
            break;
        case MIZO_ROUND_HALF_EVEN:
            up = r > a.d - r || (r == a.d - r && q % 2 != 0);
            break;
        }
    q += up ? sign : 0;
    if (q < INT64_MIN || q > INT64_MAX)
        return MIZO_ERANGE;
    *out = (int64_t)q;
    return MIZO_OK;
}

double exact_double(exact a)
{
    return (double)a.n / (double)a.d;
}

/* ---- ranges ---- */

range range_point(exact a)
{
    return (range){ a, a, a };
}

mizo_err range_rounded(exact mid, exact step, range *out)
{
    exact half;
    MIZO_TRY(exact_div(step, exact_whole(2), &half));
    out->mid = mid;
    MIZO_TRY(exact_sub(mid, half, &out->lo));
    return exact_add(mid, half, &out->hi);
}

bool range_exact(const range *a)
{
    return a->lo.n == a->hi.n && a->lo.d == a->hi.d;
}

static mizo_err one(char op, exact a, exact b, exact *out)
{
    switch (op) {
    case '+':
        return exact_add(a, b, out);
    case '-':
        return exact_sub(a, b, out);
    case '*':
        return exact_mul(a, b, out);
    default:
        return exact_div(a, b, out);
    }
}

mizo_err range_do(char op, const range *a, const range *b, range *out)
{
    const exact left[2] = { a->lo, a->hi }, right[2] = { b->lo, b->hi };
    range r;
    if (op == '/' && exact_sign(b->lo) * exact_sign(b->hi) <= 0)
        return MIZO_ERANGE;
    MIZO_TRY(one(op, a->mid, b->mid, &r.mid));
    r.lo = r.hi = r.mid;
    for (int i = 0; i < 4; i++) {
        exact x;
        int below, above;
        MIZO_TRY(one(op, left[i & 1], right[i >> 1], &x));
        MIZO_TRY(exact_cmp(x, r.lo, &below));
        MIZO_TRY(exact_cmp(x, r.hi, &above));
        r.lo = below < 0 ? x : r.lo;
        r.hi = above > 0 ? x : r.hi;
    }
    *out = r;
    return MIZO_OK;
}

mizo_err range_abs(const range *a, range *out)
{
    const range zero = range_point(exact_whole(0));
    range turned;
    if (exact_sign(a->lo) >= 0) {
        *out = *a;
        return MIZO_OK;
    }
    MIZO_TRY(range_do('-', &zero, a, &turned));
    if (exact_sign(a->hi) <= 0) {
        *out = turned;
        return MIZO_OK;
    }
    int wider;
    MIZO_TRY(exact_cmp(turned.hi, a->hi, &wider));
    *out = (range){ exact_whole(0), exact_sign(a->mid) < 0 ? turned.mid : a->mid,
                    wider > 0 ? turned.hi : a->hi };
    return MIZO_OK;
}

mizo_err range_meet(const range *a, const range *b, bool *out)
{
    int left, right;
    MIZO_TRY(exact_cmp(a->lo, b->hi, &left));
    MIZO_TRY(exact_cmp(b->lo, a->hi, &right));
    *out = left <= 0 && right <= 0;
    return MIZO_OK;
}
