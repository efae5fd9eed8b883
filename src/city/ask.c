/* ask.c: questions by their table. See ask.h; ask_figures.c and ask_lists.c answer them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "city/ask_inner.h"

mizo_err city_no(asked *a, mizo_err e, const char *what, const char *word)
{
    snprintf(a->why, CITY_ASK_WHY, "%.80s: %.100s", what, word);
    return e;
}

/* ---- words ---- */

mizo_err city_fy_word(asked *a, int i, int *fy)
{
    return mizo_fy_parse(a->word[i], strlen(a->word[i]), fy)
               ? city_no(a, MIZO_EINPUT, "no fiscal year", a->word[i])
               : MIZO_OK;
}

mizo_err city_day_word(asked *a, int i, mizo_day *day)
{
    mizo_date d;
    if (mizo_date_parse(a->word[i], strlen(a->word[i]), &d))
        return city_no(a, MIZO_EINPUT, "no date", a->word[i]);
    *day = mizo_date_day(d);
    return MIZO_OK;
}

/* Unit "-" is a plain number. */
mizo_err city_style_words(asked *a, int unit_at, figure_style *style)
{
    unit u;
    int64_t digits;
    const char *text = strcmp(a->word[unit_at], "-") == 0 ? "" : a->word[unit_at];
    *style = (figure_style){ .unit = text, .how = MIZO_ROUND_HALF_UP };
    if (unit_parse(text, strlen(text), &u))
        return city_no(a, MIZO_EINPUT, "no such unit", text);
    if (mizo_decimal_parse(a->word[unit_at + 1], strlen(a->word[unit_at + 1]), 0, &digits) || digits < -6 ||
        digits > 9)
        return city_no(a, MIZO_EINPUT, "decimals are -6 to 9", a->word[unit_at + 1]);
    style->digits = (int)digits;
    return MIZO_OK;
}

mizo_err city_alike(asked *a, const formula_value *x, const figure_style *style)
{
    unit u;
    MIZO_TRY(unit_parse(style->unit, strlen(style->unit), &u));
    return unit_alike(&u, &x->u) ? MIZO_OK
                                 : city_no(a, MIZO_EINPUT, "the figure is of another unit than", style->unit);
}

mizo_err city_put_count(asked *a, int64_t n)
{
    buf_printf(a->out, "%" PRId64, n);
    return a->out->err;
}

/* ---- the table ---- */

static const struct {
    mizo_err (*run)(asked *);
    int least, most;
} runs[] = {
#define X(name, least, most, ...) { city_ask_##name, least, most },
    ASKS(X)
#undef X
};
const city_ask_row city_asks[] = {
#define X(name, least, most, args, en, ja) { #name, args, en, ja },
    ASKS(X)
#undef X
};
const size_t ncity_asks = sizeof city_asks / sizeof *city_asks;

static size_t find_verb(const char *word, size_t n)
{
    for (size_t i = 0; i < ncity_asks; i++)
        if (strlen(city_asks[i].verb) == n && strncmp(city_asks[i].verb, word, n) == 0)
            return i;
    return ncity_asks;
}

/* Cuts s into at most `most` words; the last one holds the rest. */
static int cut(char *s, char **word, int most)
{
    int n = 0;
    s += strspn(s, " ");
    while (*s && n < most) {
        word[n++] = s;
        if (n == most)
            break;
        s += strcspn(s, " ");
        if (*s)
            *s++ = '\0';
        s += strspn(s, " ");
    }
    return n;
}

mizo_err city_ask(const city_books *b, const char *question, buf *out, char why[CITY_ASK_WHY])
{
    asked a = { .b = b, .r = b->region, .out = out, .why = why };
    size_t skip = strspn(question, " "), n = strcspn(question + skip, " "),
           verb = find_verb(question + skip, n);
    *why = '\0';
    if (verb == ncity_asks)
        return city_no(&a, MIZO_EINPUT, "no such question", question + skip);
    char *line = malloc(strlen(question) + 1);
    if (!line)
        return MIZO_ENOMEM;
    memcpy(line, question, strlen(question) + 1);
    a.n = cut(line + skip + n, a.word, runs[verb].most);
    mizo_err e = a.n < runs[verb].least ? city_no(&a, MIZO_EINPUT, "words are missing", city_asks[verb].args)
                                        : runs[verb].run(&a);
    if (e && !*why)
        snprintf(why, CITY_ASK_WHY, "%s", mizo_err_text(e));
    free(line);
    return e;
}

/* ---- checks.csv ---- */

static int by_line(const void *pa, const void *pb)
{
    const mizo_claim_check *const *a = pa, *const *b = pb;
    return ((*a)->line > (*b)->line) - ((*a)->line < (*b)->line);
}

mizo_err city_check_each(const city_books *b, mizo_err (*fn)(void *, const city_check_result *), void *arg)
{
    const mizo_region *r = b->region;
    const mizo_claim_check **list = calloc(r->ncheck + 1, sizeof *list);
    mizo_err e = list ? MIZO_OK : MIZO_ENOMEM;
    buf text;
    buf_init(&text, 0);
    for (size_t i = 0; list && i < r->ncheck; i++)
        list[i] = &r->check[i];
    if (list)
        qsort(list, r->ncheck, sizeof *list, by_line);
    for (size_t i = 0; i < r->ncheck && !e; i++) {
        char why[CITY_ASK_WHY];
        buf_clear(&text);
        mizo_err asked_err = city_ask(b, list[i]->ask, &text, why);
        const char *value = asked_err ? why : text.p ? text.p : "";
        if (asked_err == MIZO_ENOMEM)
            e = asked_err;
        else
            e = fn(arg, &(city_check_result){ list[i], value,
                                              !asked_err && strcmp(value, list[i]->expected) == 0 });
    }
    buf_fini(&text);
    free(list);
    return e;
}
