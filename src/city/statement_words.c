/* statement_words.c: see statement_words.h. */
#include "city/statement_words.h"

#include <string.h>

#include "base/text.h"

typedef struct word_row {
    const char *word;
    int what;
} word_row;

bool word_here(const city_text *t, size_t at, const char *word)
{
    size_t n = strlen(word);
    return at <= t->n && n <= t->n - at && memcmp(t->s + at, word, n) == 0;
}

/* The row whose word stands here; NULL: none. Longer words first in the tables. */
static const word_row *row_here(const city_text *t, size_t at, const word_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (word_here(t, at, rows[i].word))
            return &rows[i];
    return NULL;
}

#define ROW_HERE(t, at, rows) row_here(t, at, rows, sizeof(rows) / sizeof *(rows))

static bool ends_with(const city_text *t, size_t at, const char *word)
{
    size_t n = strlen(word);
    return n <= at && memcmp(t->s + at - n, word, n) == 0;
}

/* ---- words in front of a figure ---- */

word_act word_at(const city_text *t, size_t at, size_t *bytes)
{
    static const word_row words[] = {
        {"前年度",  WORD_LAST_YEAR},
        { "昨年度", WORD_LAST_YEAR},
        { "前年",    WORD_LAST_YEAR},
        { "目標",    WORD_TARGET   },
        { "実績",    WORD_RESULT   },
        { "うち",    WORD_PART     },
        { "確定値", WORD_FINAL    },
        { "は",       WORD_TOPIC    }
    };
    static const word_row reached[] = {
        {"を",     0},
        { "に対", 0},
        { "達成", 0},
        { "より", 0},
        { "と比", 0},
        { "に届", 0}
    };
    const word_row *w = ROW_HERE(t, at, words);
    *bytes = w ? strlen(w->word) : 0;
    if (w && w->what == WORD_TARGET && ROW_HERE(t, at + *bytes, reached))
        return WORD_NONE;
    return w ? (word_act)w->what : WORD_NONE;
}

bool word_noun_before(const city_text *t, size_t end)
{
    uint32_t c;
    size_t at = end;
    while (at > 0 && ((unsigned char)t->s[--at] & 0xC0) == 0x80)
        ;
    if (at == end || !utf8_get(t->s + at, end - at, &c))
        return false;
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x30A1 && c <= 0x30FC && c != 0x30FB) ||
           (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool word_new_subject(const city_text *t, size_t at)
{
    static const char *const same[] = { "目標", "実績", "値",   "末",   "時点", "現在",
                                        "累計", "合計", "結果", "年度", "年",   "前年" };
    if (!word_noun_before(t, at))
        return false;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (ends_with(t, at, same[i]))
            return false;
    return true;
}

/* ---- words behind a figure ---- */

/* Behind a closing bracket, or behind brackets and what is in them. */
static size_t past_brackets(const city_text *t, size_t at)
{
    static const word_row open[] = {
        {"（", 0},
        { "(",  0}
    };
    static const word_row shut[] = {
        {"）", 0},
        { ")",  0}
    };
    enum { LONGEST = 120 };
    if (!ROW_HERE(t, at, open) && !ROW_HERE(t, at, shut))
        return at;
    for (size_t k = at; k < t->n && k < at + LONGEST; k++) {
        const word_row *w = ROW_HERE(t, k, shut);
        if (w)
            return k + strlen(w->word);
    }
    return at;
}

int word_change(const city_text *t, size_t at)
{
    static const word_row words[] = {
        {"の削減",           -1},
        { "の減",             -1},
        { "削減",             -1},
        { "減",                -1},
        { "低減",             -1},
        { "低下",             -1},
        { "ポイント減",    -1},
        { "ポイント低下", -1},
        { "の増",             1 },
        { "増",                1 },
        { "上昇",             1 },
        { "伸び",             1 },
        { "ポイント",       1 }
    };
    const word_row *w = ROW_HERE(t, past_brackets(t, at), words);
    return w ? w->what : 0;
}

int word_bound(const city_text *t, size_t at)
{
    static const word_row words[] = {
        {"を超えていな",     -2},
        { "を超えな",          -2},
        { "を超",                1 },
        { "を上回っていな", -2},
        { "を上回らな",       -2},
        { "を上回",             1 },
        { "を下回っていな", 2 },
        { "を下回らな",       2 },
        { "を下回",             -1},
        { "に満たな",          -1},
        { "に届か",             -1},
        { "に届いていな",    -1},
        { "に達しな",          -1},
        { "に達していな",    -1},
        { "には満たな",       -1},
        { "には届か",          -1},
        { "には届いていな", -1},
        { "には達しな",       -1},
        { "には達していな", -1}
    };
    const word_row *w = ROW_HERE(t, at, words);
    return w ? w->what : 0;
}

bool word_target_after(const city_text *t, size_t at)
{
    static const word_row words[] = {
        {"の目標",        0},
        { "が目標",       0},
        { "を目標",       0},
        { "という目標", 0},
        { "を目指",       0},
        { "をめざ",       0},
        { "削減を目",    0},
        { "減を目",       0},
        { "削減の目",    0}
    };
    return ROW_HERE(t, at, words) != NULL;
}

bool word_of_target(const city_text *t, size_t at)
{
    static const word_row words[] = {
        {"に対",  0},
        { "を上", 0},
        { "を下", 0},
        { "を超", 0},
        { "に届", 0},
        { "と比", 0}
    };
    return ROW_HERE(t, at, words) != NULL;
}

size_t word_point(const city_text *t, size_t at)
{
    static const word_row words[] = {
        {"ポイント",     0},
        { "％ポイント", 0},
        { "%ポイント",   0},
        { "pt",              0}
    };
    const word_row *w = ROW_HERE(t, at, words);
    return w ? strlen(w->word) : 0;
}

size_t word_from(const city_text *t, size_t at, bool *ratio)
{
    static const word_row words[] = {
        {"対比",     1},
        { "比",       1},
        { "と比べ", 0},
        { "に比べ", 0},
        { "と比較", 0},
        { "に対し", 0},
        { "から",    0},
        { "より",    0}
    };
    const word_row *w = ROW_HERE(t, at, words);
    *ratio = w && w->what;
    return w ? strlen(w->word) : 0;
}

size_t word_until(const city_text *t, size_t at)
{
    static const word_row words[] = {
        {"～",     0},
        { "〜",    0},
        { "~",      0},
        { "－",    0},
        { "−",    0},
        { "–",    0},
        { "-",      0},
        { "から", 0}
    };
    const word_row *w = ROW_HERE(t, at, words);
    return w ? strlen(w->word) : 0;
}

bool word_arrow(const city_text *t, size_t at)
{
    static const word_row words[] = {
        {"へ",        0},
        { "に",       0},
        { "まで減", 0},
        { "まで増", 0},
        { "となり", 0},
        { "となっ", 0}
    };
    return ROW_HERE(t, at, words) != NULL;
}
