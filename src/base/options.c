/* options.c: the command line, from rows. */
#include "base/options.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "mizo/number.h"
#include "mizo/slot.h"

typedef struct parse {
    const option_row *rows;
    size_t n;
    unsigned char *into;
    bool ja;
    buf *fault;
} parse;

static mizo_err say(parse *p, const char *en, const char *ja, const char *a, const char *b)
{
    buf_printf(p->fault, p->ja ? ja : en, a, b);
    return MIZO_EINPUT;
}

static const option_row *find(const parse *p, const char *name, size_t len)
{
    for (size_t i = 0; i < p->n; i++)
        if (strlen(p->rows[i].name) == len && memcmp(p->rows[i].name, name, len) == 0)
            return &p->rows[i];
    return NULL;
}

enum { OPTIONS_NEAR = 64 };

static mizo_err unknown(parse *p, const char *name, size_t len)
{
    char word[66];
    const char *names[OPTIONS_NEAR];
    size_t n = p->n < OPTIONS_NEAR ? p->n : OPTIONS_NEAR;
    snprintf(word, sizeof word, "%.*s", (int)(len < 65 ? len : 65), name);
    for (size_t i = 0; i < n; i++)
        names[i] = p->rows[i].name;
    const char *near = text_nearest(word, names, n);
    if (near)
        return say(p, "unknown option %s; did you mean %s?", "オプション %s はありません。%s のことですか",
                   word, near);
    return say(p, "unknown option %s; --help lists them%s",
               "オプション %s はありません。--help で一覧が出ます%s", word, "");
}

static mizo_err put_int(parse *p, const option_row *row, const char *value)
{
    int64_t v;
    char bounds[64];
    if (mizo_decimal_parse(value, strlen(value), 0, &v))
        return say(p, "%s needs a whole number, not '%s'", "%s は整数で書いてください (今は「%s」)",
                   row->name, value);
    if ((row->least || row->most) && (v < row->least || v > row->most)) {
        snprintf(bounds, sizeof bounds, "%lld..%lld", (long long)row->least, (long long)row->most);
        return say(p, "%s must be in %s", "%s は %s の範囲で書いてください", row->name, bounds);
    }
    memcpy(p->into + row->offset, &v, sizeof v);
    return MIZO_OK;
}

static mizo_err put_date(parse *p, const option_row *row, const char *value)
{
    mizo_date d;
    if (mizo_date_parse(value, strlen(value), &d))
        return say(p, "%s needs a date such as 2023-04-01, not '%s'",
                   "%s は 2023-04-01 のような日付で書いてください (今は「%s」)", row->name, value);
    mizo_day day = mizo_date_day(d);
    memcpy(p->into + row->offset, &day, sizeof day);
    return MIZO_OK;
}

static mizo_err put_value(parse *p, const option_row *row, const char *value)
{
    bool yes = true;
    switch (row->kind) {
    case OPTION_FLAG:
        memcpy(p->into + row->offset, &yes, sizeof yes);
        return MIZO_OK;
    case OPTION_TEXT:
        memcpy(p->into + row->offset, &value, sizeof value);
        return MIZO_OK;
    case OPTION_INT:
        return put_int(p, row, value);
    case OPTION_DATE:
        return put_date(p, row, value);
    }
    return MIZO_EINPUT;
}

/* One option at argv[*i]; *i is left at its last word. */
static mizo_err take_option(parse *p, int argc, char **argv, int *i, unsigned char *seen)
{
    const char *word = argv[*i];
    const char *equals = strchr(word, '=');
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    const option_row *row = find(p, word, len);
    if (!row)
        return unknown(p, word, len);
    const char *value = equals ? equals + 1 : NULL;
    if (row->kind == OPTION_FLAG) {
        if (value)
            return say(p, "%s takes no value, but '%s' was given", "%s に値 (「%s」) は付きません", row->name,
                       value);
    } else if (!value) {
        if (*i + 1 >= argc)
            return say(p, "%s needs %s after it", "%s の後に %s を書いてください", row->name, row->value);
        value = argv[++*i];
    }
    size_t index = (size_t)(row - p->rows);
    if (index < OPTIONS_NEAR)
        seen[index] = 1;
    return put_value(p, row, value);
}

static mizo_err all_needed(parse *p, const unsigned char *seen)
{
    for (size_t i = 0; i < p->n && i < OPTIONS_NEAR; i++)
        if (p->rows[i].needed && !seen[i])
            return say(p, "%s %s is needed", "%s %s が要ります", p->rows[i].name,
                       p->rows[i].value ? p->rows[i].value : "");
    return MIZO_OK;
}

mizo_err options_parse(const option_row *rows, size_t n, int argc, char **argv, void *into, const char **rest,
                       size_t *nrest, size_t cap, const char *lang, buf *fault)
{
    parse p = { rows, n, into, lang && strcmp(lang, "ja") == 0, fault };
    unsigned char seen[OPTIONS_NEAR] = { 0 };
    bool only_words = false;
    *nrest = 0;
    for (int i = 0; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
        } else if (!only_words && argv[i][0] == '-' && argv[i][1]) {
            MIZO_TRY(take_option(&p, argc, argv, &i, seen));
        } else if (*nrest == cap) {
            return say(&p, "'%s' is one word too many%s", "「%s」は余分です%s", argv[i], "");
        } else {
            rest[(*nrest)++] = argv[i];
        }
    }
    return all_needed(&p, seen);
}

void options_help(const option_row *rows, size_t n, const char *lang, buf *out)
{
    bool ja = lang && strcmp(lang, "ja") == 0;
    for (size_t i = 0; i < n; i++) {
        char left[64];
        snprintf(left, sizeof left, "%s%s%s", rows[i].name, rows[i].value ? " " : "",
                 rows[i].value ? rows[i].value : "");
        buf_printf(out, "  %-22s %s%s\n", left, ja ? rows[i].help_ja : rows[i].help_en,
                   !rows[i].needed ? ""
                   : ja            ? " (必須)"
                                   : " (needed)");
    }
}
