/* Any bytes as figures, units and formulas: what is read lies within the text and within its own range, its own text is
 * read again as the same, and nothing overflows unseen. */
#include <stdlib.h>
#include <string.h>

#include "base/figure.h"
#include "city/formula.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void demand(bool ok)
{
    if (!ok)
        abort();
}

/* lo <= mid <= hi, where it can be compared at all. */
static void in_order(const range *r)
{
    int a, b;
    if (!exact_cmp(r->lo, r->mid, &a) && !exact_cmp(r->mid, r->hi, &b))
        demand(a <= 0 && b <= 0);
    demand(r->mid.d > 0);
}

static void again(const char *s, size_t n)
{
    figure f, back;
    buf text;
    int c;
    if (figure_parse(s, n, &f))
        return;
    in_order(&f.value);
    buf_init(&text, 0);
    const figure_style plain = { .unit = "", .digits = 9, .how = MIZO_ROUND_HALF_EVEN };
    if (unit_plain(&f.unit) && !figure_text(f.value.mid, &plain, "ja", &text) &&
        !figure_parse(text.p, text.n, &back)) {
        exact nine;
        int64_t v;
        if (!exact_ten(f.value.mid, 9, &nine) && !exact_round(nine, MIZO_ROUND_HALF_EVEN, &v) &&
            nine.d == 1 && !exact_cmp(back.value.mid, f.value.mid, &c))
            demand(c == 0);
    }
    buf_fini(&text);
}

static mizo_err some_value(void *arg, const char *id, size_t n, int fy, formula_value *out)
{
    (void)arg;
    if (n == 0 || n > 1000)
        return MIZO_ENOENT;
    *out = (formula_value){ .v = range_point(exact_whole((int64_t)(unsigned char)id[0] * fy - 200000)) };
    return range_rounded(out->v.mid, exact_whole(10), &out->v);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    char *s = malloc(n + 1);
    size_t at = 0, before = 0;
    figure f;
    unit u;
    formula_value x;
    formula_fault fault;
    mizo_err e;
    demand(s != NULL);
    if (n)
        memcpy(s, p, n);
    s[n] = '\0';
    while ((e = figure_next(s, n, &at, &f)) != MIZO_ENOENT) {
        demand(at > before && at <= n);
        if (!e) {
            demand(f.at >= before && f.at + f.bytes == at);
            if (f.kind == FIGURE_NUMBER)
                in_order(&f.value);
            again(s + f.at, f.bytes);
        }
        before = at;
    }
    again(s, n);
    demand(unit_match(s, n, &u) <= n);
    if (!formula_eval(s, 2023, some_value, NULL, &x, &fault))
        in_order(&x.v);
    else
        demand(fault.at <= n);
    free(s);
    return 0;
}
