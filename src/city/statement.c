/* statement.c: see statement.h. Reads the sentences: names, years, words; statement_figure.c takes the figures, and
 * statement_hold.c asks the books. */
#include "city/statement.h"

#include <string.h>

#include "base/text.h"
#include "city/statement_inner.h"

enum { SHORTEST_NAME = 6 }; /* bytes: a name of one kanji would be found everywhere */

typedef statement_reader reader;

/* *paragraph: not 。 alone. */
static bool sentence_ends(const reader *r, bool *paragraph)
{
    static const char *const ends[] = { "。",  "\n\n", "\r\n\r\n", "\n- ", "\n* ",
                                        "\n#", "\n・", "\n●",      "\n○",  "\n■" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (word_here(&r->t, r->at, ends[i])) {
            *paragraph = i > 0;
            return true;
        }
    return false;
}

static void forget_sentence(reader *r, bool paragraph)
{
    const size_t behind = r->at + strlen("。");
    count_end_sentence(&r->count, paragraph, word_here(&r->t, behind, "（") || word_here(&r->t, behind, "("));
    r->about = NULL;
    r->spent = r->reduction = r->final = r->once = r->lost = r->ratio = false;
    r->role = CLAIM_EITHER;
    r->year = r->year_was = r->base = 0;
}

/* ---- names ---- */

/* 面積 in 延べ床面積 is the area of something else; 市人口 and 総人口 are the town's. */
static bool of_another_noun(const reader *r, size_t n)
{
    static const char *const own[] = { "総", "全", "市", "町", "村", "区" };
    if (n > SHORTEST_NAME || !word_noun_before(&r->t, r->at))
        return false;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (word_here(&r->t, r->at - strlen(own[i]), own[i]))
            return false;
    return true;
}

static void longer(const reader *r, const char *name, const mizo_indicator *i, size_t *best,
                   const mizo_indicator **out)
{
    size_t n = strlen(name);
    if (n >= SHORTEST_NAME && n > *best && word_here(&r->t, r->at, name) && !of_another_noun(r, n)) {
        *best = n;
        *out = i;
    }
}

/* The longest name that stands here. */
static const mizo_indicator *named_here(const reader *r, size_t *bytes)
{
    const mizo_region *m = r->b->region;
    const mizo_indicator *found = NULL;
    *bytes = 0;
    for (size_t i = 0; i < m->nindicator; i++) {
        longer(r, m->indicator[i].name_ja, &m->indicator[i], bytes, &found);
        longer(r, m->indicator[i].name_en, &m->indicator[i], bytes, &found);
    }
    for (size_t k = 0; k < m->nalias; k++) {
        const char *means = m->alias[k].means;
        const mizo_indicator *i =
            word_here(&r->t, r->at, m->alias[k].alias) ? city_indicator(r->b, means, strlen(means)) : NULL;
        if (i)
            longer(r, m->alias[k].alias, i, bytes, &found);
    }
    return found;
}

/* Bytes of a phrase that has a number in it and says no figure: 再エネ100％電力. 0: none. */
static size_t phrase_here(const reader *r)
{
    const mizo_region *m = r->b->region;
    size_t best = 0;
    for (size_t k = 0; k < m->nalias; k++) {
        size_t n = strlen(m->alias[k].alias);
        if (strcmp(m->alias[k].means, "no-figure") == 0 && n > best &&
            word_here(&r->t, r->at, m->alias[k].alias))
            best = n;
    }
    return best;
}

static bool within(const char *s, size_t n, const char *word)
{
    size_t k = strlen(word);
    for (size_t i = 0; i + k <= n; i++)
        if (memcmp(s + i, word, k) == 0)
            return true;
    return false;
}

/* 削減量, 省エネによる減: what it counts is a cut itself. */
static bool cuts(const char *name, size_t n)
{
    return within(name, n, "減") && !within(name, n, "増減");
}

static void on_name(reader *r, const mizo_indicator *i, size_t bytes)
{
    const char *name = r->t.s + r->at;
    r->about = i;
    r->named = r->at;
    r->nnamed = bytes;
    r->spent = false;
    r->ratio = false;
    r->reduction = cuts(name, bytes) || cuts(i->name_ja, strlen(i->name_ja));
    r->role = within(name, bytes, "目標") ? CLAIM_TARGET : CLAIM_EITHER;
    r->at += bytes;
    if (word_here(&r->t, r->at, "等")) /* 供給量等は: of the name */
        r->at += strlen("等");
    r->behind = r->at;
}

/* 商工会の会員, where no list of ours was named. */
static bool of_something(const reader *r, const tally_word *w)
{
    const size_t n = strlen("の");
    bool list = w->kind == TALLY_REGISTER || w->kind == TALLY_NODE || r->count.subject.kind == TALLY_REGISTER;
    return !list && r->at > n && word_here(&r->t, r->at - n, "の") && word_noun_before(&r->t, r->at - n);
}

static void on_tally(reader *r, const tally_word *w)
{
    count_on_name(&r->count, w, of_something(r, w));
    r->at += w->bytes;
    r->behind = r->at;
}

/* ---- years ---- */

/* A year, and whether what follows is measured from it. */
static void on_year(reader *r, int year, size_t end, bool compared, bool once)
{
    bool ratio = compared;
    size_t from = compared ? 0 : word_from(&r->t, end, &ratio);
    r->spent = false;
    if (compared || from) {
        r->base = year;
        r->ratio = ratio;
    }
    if (!compared && (!from || (!r->year && !r->last_year))) {
        r->year_was = r->year;
        r->year = year;
        r->once = once;
        r->lost = false;
        if (!once)
            r->last_year = year;
    }
    r->year_end = r->behind = r->at = end + from;
}

/* The Japanese fiscal year begins in April. */
static int fiscal_of(const figure *f)
{
    return !f->fiscal && f->month && f->month < 4 ? f->year - 1 : f->year;
}

/* 約46％（令和5年度）, 46 % in FY2023: the year that stands behind a figure and is its own, not that of one that follows.
 * 0: none. */
static int year_behind(const reader *r, const figure *f)
{
    static const char *const open[] = { "（", "(", " (", " in ", " at the end of ", " by the end of " };
    static const char *const close[] = { "）", ")", "。", ".", "、", ",", ";", " and ", " but ", "\n" };
    size_t end = f->at + f->bytes, at, k = 0;
    figure y;
    for (size_t i = 0; i < sizeof open / sizeof *open && !k; i++)
        k = word_here(&r->t, end, open[i]) ? strlen(open[i]) : 0;
    at = end + k;
    if (!k || figure_next(r->t.s, r->t.n, &at, &y) || y.kind == FIGURE_NUMBER || y.at != end + k ||
        y.compared)
        return 0;
    bool ends = at >= r->t.n;
    for (size_t i = 0; i < sizeof close / sizeof *close && !ends; i++)
        ends = word_here(&r->t, at, close[i]);
    return ends ? fiscal_of(&y) : 0;
}

/* ---- figures ---- */

static mizo_err on_figure(reader *r, figure *f)
{
    if (f->kind == FIGURE_NUMBER) {
        size_t end = f->at + f->bytes;
        const int year = r->year, own = year_behind(r, f);
        if (own)
            r->year = own;
        mizo_err e = statement_number(r, f);
        if (own)
            r->year = year;
        if (e == MIZO_ERANGE) {
            r->at = r->behind = end;
            e = MIZO_OK;
        }
        return e;
    }
    count_on_date(&r->count, &r->t, f);
    on_year(r, fiscal_of(f), f->at + f->bytes, f->compared, false);
    return MIZO_OK;
}

/* ---- the text ---- */

static void on_word(reader *r, word_act act, size_t bytes)
{
    switch (act) {
    case WORD_TARGET:
    case WORD_RESULT:
        r->role = act == WORD_TARGET ? CLAIM_TARGET : CLAIM_RESULT;
        r->spent = false;
        break;
    case WORD_LAST_YEAR: {
        int now = r->year ? r->year : r->last_year;
        if (now) {
            on_year(r, now - 1, r->at + bytes, false, true);
            return;
        }
        break;
    }
    case WORD_PART:
        r->about = NULL;
        break;
    case WORD_FINAL:
        r->final = true;
        break;
    case WORD_TOPIC:
        if (r->at != r->behind && word_new_subject(&r->t, r->at))
            r->about = NULL;
        break;
    case WORD_NONE:
        break;
    }
    r->at += bytes;
}

/* Beside a name or a date of a count; は behind the name makes it the subject. */
static bool pass_small_word(reader *r)
{
    bool beside = r->count.open, topic = word_here(&r->t, r->at, "は");
    size_t bytes = count_small_word(&r->count, &r->t, r->at);
    if (!bytes || (topic && !beside))
        return false;
    if (topic && r->at != r->named + r->nnamed) /* a word may name both: 民間施設群は */
        r->about = NULL;
    r->at += bytes;
    return true;
}

static void step_letter(reader *r)
{
    do
        r->at++;
    while (r->at < r->t.n && ((unsigned char)r->t.s[r->at] & 0xC0) == 0x80);
}

/* The next figure at or behind here; false: none is left. */
static bool next_figure(const reader *r, figure *f)
{
    size_t ahead = r->at;
    mizo_err e;
    do
        e = figure_next(r->t.s, r->t.n, &ahead, f);
    while (e == MIZO_ERANGE);
    return e == MIZO_OK;
}

mizo_err city_statements(const city_books *b, const char *text, size_t n, const char *lang, mizo_day today,
                         mizo_err (*fn)(void *, const city_statement *), void *arg)
{
    reader r = {
        .b = b, .t = {text, n},
             .lang = lang, .fn = fn, .arg = arg, .line = 1, .column = 1
    };
    figure f;
    if (!utf8_valid(text, n))
        return MIZO_EINPUT;
    count_begin(&r.count, b, today);
    bool found = next_figure(&r, &f);
    while (r.at < n) {
        size_t bytes;
        const mizo_indicator *i = named_here(&r, &bytes);
        const tally_word w = tally_word_at(b->region, text + r.at, n - r.at, word_noun_before(&r.t, r.at));
        size_t phrase = phrase_here(&r);
        if (phrase > bytes) {
            r.at += phrase;
            continue;
        }
        if (found && f.at < r.at)
            found = next_figure(&r, &f);
        if (w.bytes > bytes && w.kind != TALLY_LEVEL && (!found || r.at + w.bytes <= f.at)) {
            on_tally(&r, &w);
            continue;
        }
        /* A name may have a year in it: 排出量の2013年度比. */
        if (i && (!found || r.at + bytes <= f.at || f.at + f.bytes <= r.at + bytes)) {
            if (w.bytes == bytes && w.kind != TALLY_LEVEL)
                count_on_name(&r.count, &w, of_something(&r, &w));
            on_name(&r, i, bytes);
            continue;
        }
        if (found && r.at == f.at) {
            MIZO_TRY(on_figure(&r, &f));
            found = next_figure(&r, &f);
            continue;
        }
        bool paragraph;
        if (sentence_ends(&r, &paragraph)) {
            forget_sentence(&r, paragraph);
        } else if (pass_small_word(&r)) {
            continue;
        }
        word_act act = word_at(&r.t, r.at, &bytes);
        if (act != WORD_NONE)
            on_word(&r, act, bytes);
        else
            step_letter(&r);
    }
    return MIZO_OK;
}
