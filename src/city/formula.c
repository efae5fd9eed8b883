/* formula.c: see formula.h. One pass, by recursive descent; nothing is kept. */
#include "city/formula.h"

#include <stdio.h>
#include <string.h>

#include "base/figure.h"
#include "mizo/slot.h"

typedef struct reader {
    const char *text, *p;
    int fy, deep;
    formula_lookup find;
    void *arg;
    formula_fault *fault;
} reader;

static mizo_err wrong(reader *r, mizo_err e, const char *why, const char *why_ja)
{
    r->fault->at = (size_t)(r->p - r->text);
    snprintf(r->fault->why, FORMULA_WHY, "%s", why);
    snprintf(r->fault->why_ja, FORMULA_WHY, "%s", why_ja);
    return e;
}

static void blanks(reader *r)
{
    r->p += strspn(r->p, " ");
}

static mizo_err sum(reader *r, formula_value *out);

static mizo_err unit_in_brackets(reader *r, unit *out)
{
    *out = (unit){ .ten = 0 };
    if (*r->p != '[')
        return MIZO_OK;
    size_t n = strcspn(r->p + 1, "]");
    if (r->p[1 + n] != ']' || unit_parse(r->p + 1, n, out))
        return wrong(r, MIZO_EINPUT, "no such unit in [ ]", "[ ] の単位がわかりません");
    r->p += n + 2;
    return MIZO_OK;
}

static mizo_err number(reader *r, formula_value *out)
{
    size_t n = strspn(r->p, "0123456789.,");
    int64_t v;
    exact x;
    if (mizo_decimal_parse(r->p, n, 6, &v))
        return wrong(r, MIZO_EINPUT, "a number has at most six decimals", "数は小数6桁までです");
    r->p += n;
    MIZO_TRY(unit_in_brackets(r, &out->u));
    MIZO_TRY(exact_ten(exact_whole(v), out->u.ten - 6, &x));
    out->v = range_point(x);
    return MIZO_OK;
}

static mizo_err year_of(reader *r, int *fy)
{
    *fy = r->fy;
    if (*r->p != '@')
        return MIZO_OK;
    r->p++;
    size_t n = strspn(r->p, "0123456789+-FYRHS");
    bool relative = *r->p == '-' || *r->p == '+';
    int64_t by = 0;
    if (relative ? mizo_decimal_parse(r->p + (*r->p == '+'), n - (*r->p == '+'), 0, &by) != MIZO_OK ||
                       by < -200 || by > 200
                 : mizo_fy_parse(r->p, n, fy) != MIZO_OK)
        return wrong(r, MIZO_EINPUT, "after @ stands a year: 2013, R5, -1", "@ の後は年度です: 2013、R5、-1");
    if (relative)
        *fy += (int)by;
    r->p += n;
    return MIZO_OK;
}

static mizo_err named(reader *r, formula_value *out)
{
    const char *id = r->p;
    size_t n = strspn(r->p, "abcdefghijklmnopqrstuvwxyz0123456789-");
    int fy;
    if (n == 0)
        return wrong(r, MIZO_EINPUT, "expected a number, an indicator or (", "数・指標・( が要ります");
    r->p += n;
    if (*r->p == '!') {
        r->p++;
        n++;
    }
    MIZO_TRY(year_of(r, &fy));
    mizo_err e = r->find(r->arg, id, n, fy, out);
    if (e == MIZO_ENOENT && !*r->fault->why) {
        char why[FORMULA_WHY], ja[FORMULA_WHY];
        snprintf(why, sizeof why, "%.*s has no figure for FY%d", (int)(n < 60 ? n : 60), id, fy);
        snprintf(ja, sizeof ja, "%.*s に %d 年度の値がありません", (int)(n < 60 ? n : 60), id, fy);
        r->p = id;
        return wrong(r, e, why, ja);
    }
    return e;
}

static mizo_err in_brackets(reader *r, bool absolute, formula_value *out)
{
    r->p += absolute ? 4 : 1;
    MIZO_TRY(sum(r, out));
    blanks(r);
    if (*r->p != ')')
        return wrong(r, MIZO_EINPUT, "expected )", ") が要ります");
    r->p++;
    return absolute ? range_abs(&out->v, &out->v) : MIZO_OK;
}

static mizo_err part(reader *r, formula_value *out)
{
    mizo_err e;
    blanks(r);
    if (++r->deep > FORMULA_DEEP)
        return wrong(r, MIZO_EINPUT, "too many brackets", "かっこが深すぎます");
    if (*r->p == '(' || strncmp(r->p, "abs(", 4) == 0) {
        e = in_brackets(r, *r->p != '(', out);
    } else if (*r->p == '-') {
        const range zero = range_point(exact_whole(0));
        r->p++;
        e = part(r, out);
        if (!e)
            e = range_do('-', &zero, &out->v, &out->v);
    } else {
        bool digits = (*r->p >= '0' && *r->p <= '9') && r->p[strspn(r->p, "0123456789.,")] != '-' &&
                      !strchr("abcdefghijklmnopqrstuvwxyz",
                              r->p[strspn(r->p, "0123456789.,")] ? r->p[strspn(r->p, "0123456789.,")] : ' ');
        e = digits ? number(r, out) : named(r, out);
    }
    r->deep--;
    return e;
}

static mizo_err apply(reader *r, char op, formula_value *left, const formula_value *right)
{
    bool adds = op == '+' || op == '-';
    if (adds && !unit_alike(&left->u, &right->u))
        return wrong(r, MIZO_EINPUT, "what is added or compared has different units",
                     "単位の違うものは足し引きできません");
    if (!adds)
        left->u = op == '*' ? unit_times(&left->u, &right->u) : unit_per(&left->u, &right->u);
    left->u.ten = 0; /* values are in the base */
    mizo_err e = range_do(op, &left->v, &right->v, &left->v);
    return e ? wrong(r, e, op == '/' ? "the divisor may be zero, or it does not fit" : "it does not fit",
                     op == '/' ? "除数が0になりうるか、桁あふれです" : "桁あふれです")
             : MIZO_OK;
}

static mizo_err product(reader *r, formula_value *out)
{
    formula_value right;
    MIZO_TRY(part(r, out));
    for (;;) {
        blanks(r);
        char op = *r->p;
        if (op != '*' && op != '/')
            return MIZO_OK;
        r->p++;
        MIZO_TRY(part(r, &right));
        MIZO_TRY(apply(r, op, out, &right));
    }
}

static mizo_err sum(reader *r, formula_value *out)
{
    formula_value right;
    MIZO_TRY(product(r, out));
    for (;;) {
        blanks(r);
        char op = *r->p;
        if (op != '+' && op != '-')
            return MIZO_OK;
        r->p++;
        MIZO_TRY(product(r, &right));
        MIZO_TRY(apply(r, op, out, &right));
    }
}

mizo_err formula_eval(const char *text, int fy, formula_lookup find, void *arg, formula_value *out,
                      formula_fault *fault)
{
    reader r = { text, text, fy, 0, find, arg, fault };
    *fault = (formula_fault){ .at = 0 };
    MIZO_TRY(sum(&r, out));
    blanks(&r);
    return *r.p ? wrong(&r, MIZO_EINPUT, "expected + - * / or the end", "+ - * / か終わりが要ります")
                : MIZO_OK;
}
