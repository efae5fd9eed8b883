/* statement.c: see statement.h. */
#include "city/statement.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { FORMULA_TEXT = 160, SHORTEST_NAME = 6 }; /* bytes: a name of one kanji would be found everywhere */

typedef struct reader {
    const city_books *b;
    const char *s, *lang;
    size_t n;
    const mizo_indicator *about; /* the last one that the sentence named */
    int year, compared;          /* of the sentence; 0: none */
    int last_year;               /* of the text */
    bool goal;                   /* 目標 leads to the next figure */
    bool told, comma;            /* a figure of `about` was told; and a comma came after it */
    mizo_err (*fn)(void *, const city_statement *);
    void *arg;
} reader;

/* ---- places ---- */

static void place_of(const char *s, size_t at, int *line, int *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < at; i++) {
        if (s[i] == '\n') {
            ++*line;
            *column = 1;
        } else if (((unsigned char)s[i] & 0xC0) != 0x80) {
            ++*column;
        }
    }
}

static bool here(const reader *r, size_t at, const char *word)
{
    size_t n = strlen(word);
    return n <= r->n - at && memcmp(r->s + at, word, n) == 0;
}

static bool sentence_ends(const reader *r, size_t at)
{
    return here(r, at, "。") || here(r, at, "\n\n") || here(r, at, "\r\n\r\n") || here(r, at, "\n- ") ||
           here(r, at, "\n●");
}

/* ---- names ---- */

static void longer(const reader *r, size_t at, const char *name, const mizo_indicator *i, size_t *best,
                   const mizo_indicator **out)
{
    size_t n = strlen(name);
    if (n >= SHORTEST_NAME && n > *best && here(r, at, name)) {
        *best = n;
        *out = i;
    }
}

/* The longest name that stands here. */
static const mizo_indicator *named_here(const reader *r, size_t at, size_t *bytes)
{
    const mizo_region *m = r->b->region;
    const mizo_indicator *found = NULL;
    *bytes = 0;
    for (size_t i = 0; i < m->nindicator; i++) {
        longer(r, at, m->indicator[i].name_ja, &m->indicator[i], bytes, &found);
        longer(r, at, m->indicator[i].name_en, &m->indicator[i], bytes, &found);
    }
    for (size_t k = 0; k < m->nalias; k++) {
        const mizo_indicator *i = city_indicator(r->b, m->alias[k].means, strlen(m->alias[k].means));
        if (i)
            longer(r, at, m->alias[k].alias, i, bytes, &found);
    }
    return found;
}

/* The indicator that compares another with a year: its formula is X / X@Y - 1. */
static const mizo_indicator *compares(const reader *r, const mizo_indicator *of, int year)
{
    char formula[FORMULA_TEXT];
    const mizo_region *m = r->b->region;
    (void)snprintf(formula, sizeof formula, "%s / %s@%d - 1", of->id, of->id, year);
    for (size_t i = 0; i < m->nindicator; i++)
        if (strcmp(m->indicator[i].formula, formula) == 0)
            return &m->indicator[i];
    return NULL;
}

/* ---- one statement ---- */

static bool one_of(const reader *r, size_t at, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (at < r->n && here(r, at, words[i]))
            return true;
    return false;
}

static bool after(const reader *r, size_t at, const char *word)
{
    size_t n = strlen(word);
    return at >= n && here(r, at - n, word);
}

static bool falls(const reader *r, size_t at)
{
    static const char *const words[] = { "削減", "減少", "の削減", "の減", "減" };
    return one_of(r, at, words, sizeof words / sizeof *words);
}

/* A change, or an end of a range: it need not be what the books have. */
static bool moves(const reader *r, const figure *f)
{
    static const char *const behind[] = { "増", "減",   "削減", "上昇", "低下",   "から", "～",      "〜",
                                          "台", "分の", "の増", "の減", "以上増", "ずつ", "ポイント" };
    return one_of(r, f->at + f->bytes, behind, sizeof behind / sizeof *behind) || after(r, f->at, "から") ||
           after(r, f->at, "～") || after(r, f->at, "〜") || after(r, f->at, "より");
}

static range turned(const range *a)
{
    return (range){
        {-a->hi.n,   a->hi.d },
        { -a->mid.n, a->mid.d},
        { -a->lo.n,  a->lo.d }
    };
}

/* 以上: up to what the books have, if that is more. */
static mizo_err open_end(const reader *r, const figure *f, const range *books, range *said)
{
    static const char *const least[] = { "以上", "超", "を超", "を上回" }, *const most[] = { "以下", "以内",
                                                                                             "未満",
                                                                                             "を下回" };
    size_t behind = f->at + f->bytes;
    int cmp;
    if (f->bound == FIGURE_AT_LEAST || one_of(r, behind, least, sizeof least / sizeof *least)) {
        said->lo = said->mid;
        MIZO_TRY(exact_cmp(books->hi, said->hi, &cmp));
        said->hi = cmp > 0 ? books->hi : said->hi;
    } else if (f->bound == FIGURE_AT_MOST || one_of(r, behind, most, sizeof most / sizeof *most)) {
        said->hi = said->mid;
        MIZO_TRY(exact_cmp(books->lo, said->lo, &cmp));
        said->lo = cmp < 0 ? books->lo : said->lo;
    }
    return MIZO_OK;
}

/* Two rounded figures share more than an end. */
static mizo_err agree(const range *a, const range *b, bool *out)
{
    int left, right, width;
    MIZO_TRY(range_meet(a, b, out));
    MIZO_TRY(exact_cmp(a->lo, a->hi, &width));
    if (!*out || width == 0)
        return MIZO_OK;
    MIZO_TRY(exact_cmp(b->lo, b->hi, &width));
    MIZO_TRY(exact_cmp(a->lo, b->hi, &left));
    MIZO_TRY(exact_cmp(b->lo, a->hi, &right));
    *out = width == 0 || (left < 0 && right < 0);
    return MIZO_OK;
}

/* As it is printed; with two more places where what the text says would be printed the same and yet disagrees. */
static mizo_err books_text(const reader *r, const city_statement *s, const range *said, const range *books,
                           buf *text)
{
    figure_style style = city_style(s->indicator);
    int64_t a, b;
    int width;
    style.about = false;
    MIZO_TRY(exact_cmp(books->lo, books->hi, &width));
    if (s->verdict == CITY_DISAGREES && width == 0 && style.digits >= 0 &&
        !figure_shown(said->mid, &style, &a) && !figure_shown(books->mid, &style, &b) && a == b)
        style.digits += 2;
    return figure_text(books->mid, &style, r->lang, text);
}

/* What the books have for the year: a result, else a target; a target first where the text says so. */
static mizo_err books_have(const reader *r, city_statement *s, range *books)
{
    city_value v;
    const mizo_goal *g = city_goal(r->b, s->indicator, s->fy);
    if (!(r->goal && g) && !city_value_of(r->b, s->indicator, s->fy, &v)) {
        *books = city_holds(&v)->v;
        s->source = v.row ? v.row->source : v.indicator->formula;
        return MIZO_OK;
    }
    if (!g)
        return MIZO_ENOENT;
    MIZO_TRY(city_goal_value(g, &books->mid));
    *books = range_point(books->mid);
    s->source = g->source;
    s->target = true;
    return MIZO_OK;
}

static mizo_err held_against(const reader *r, city_statement *s, const figure *f, range *said, buf *text)
{
    range books;
    bool meet;
    mizo_err e = books_have(r, s, &books);
    if (e)
        return e == MIZO_ENOENT ? MIZO_OK : e;
    MIZO_TRY(open_end(r, f, &books, said));
    MIZO_TRY(agree(said, &books, &meet));
    s->verdict = meet ? CITY_AGREES : moves(r, f) ? CITY_UNHELD : CITY_DISAGREES;
    MIZO_TRY(books_text(r, s, said, &books, text));
    s->books = text->p ? text->p : "";
    return text->err;
}

/* A figure whose indicator no name says. */
static mizo_err tell_unheld(reader *r, const figure *f)
{
    city_statement s = {
        .text = r->s + f->at, .bytes = f->bytes, .verdict = CITY_UNHELD, .books = "", .source = ""
    };
    place_of(r->s, f->at, &s.line, &s.column);
    return r->fn(r->arg, &s);
}

static mizo_err tell(reader *r, const figure *f, const mizo_indicator *i)
{
    city_statement s = { .indicator = i,
                         .fy = r->year ? r->year : r->last_year,
                         .year_said = r->year != 0,
                         .text = r->s + f->at,
                         .bytes = f->bytes,
                         .verdict = CITY_UNKNOWN,
                         .books = "",
                         .source = "" };
    range said = f->value;
    buf text;
    if (!s.fy)
        return tell_unheld(r, f);
    if (exact_sign(said.mid) > 0 && falls(r, f->at + f->bytes))
        said = turned(&said);
    place_of(r->s, f->at, &s.line, &s.column);
    buf_init(&text, 0);
    mizo_err e = held_against(r, &s, f, &said, &text);
    e = e ? e : r->fn(r->arg, &s);
    buf_fini(&text);
    return e;
}

static mizo_err on_figure(reader *r, const figure *f)
{
    unit u;
    if (f->kind != FIGURE_NUMBER) {
        if (f->compared)
            r->compared = f->year;
        else
            r->year = r->last_year = f->year;
        return MIZO_OK;
    }
    if (!f->has_unit)
        return MIZO_OK;
    if (!r->about)
        return tell_unheld(r, f);
    const mizo_indicator *i = r->compared && unit_plain(&f->unit) ? compares(r, r->about, r->compared) : NULL;
    i = i ? i : r->about;
    if (unit_parse(i->unit, strlen(i->unit), &u) || !unit_alike(&u, &f->unit))
        return tell_unheld(r, f);
    mizo_err e = tell(r, f, i);
    r->goal = false;
    r->told = true;
    if (i == r->about && !r->compared)
        r->about =
            unit_plain(&u) ? NULL : r->about; /* a rate is said once; a level may be compared after it */
    r->compared = 0;
    return e;
}

/* A は that begins no other subject: では, 実績は. */
static bool goes_on(const reader *r, size_t at)
{
    static const char *const before[] = {
        "で", "に", "と", "から", "実績", "目標", "実績値", "目標値", "値"
    };
    bool on = false;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        on = on || after(r, at, before[i]);
    return on;
}

/* 目標 leads to the next figure, 実績 away from it. Another subject behind a comma ends what was spoken of:
 * 「供給量は約180GWh、削減量は約2GWh」. */
static void on_word(reader *r, size_t at)
{
    if (here(r, at, "目標"))
        r->goal = true;
    else if (here(r, at, "実績"))
        r->goal = false;
    else if (here(r, at, "、") || here(r, at, "，"))
        r->comma = r->told;
    else if (r->comma && here(r, at, "は") && !goes_on(r, at))
        r->about = NULL;
}

static void new_subject(reader *r, const mizo_indicator *i)
{
    r->about = i;
    r->compared = 0;
    r->told = r->comma = false;
}

mizo_err city_statements(const city_books *b, const char *text, size_t n, const char *lang,
                         mizo_err (*fn)(void *, const city_statement *), void *arg)
{
    reader r = { .b = b, .s = text, .lang = lang, .n = n, .fn = fn, .arg = arg };
    figure f;
    size_t ahead = 0;
    if (!utf8_valid(text, n))
        return MIZO_EINPUT;
    mizo_err found = figure_next(text, n, &ahead, &f);
    for (size_t at = 0; at < n;) {
        size_t bytes;
        const mizo_indicator *i = named_here(&r, at, &bytes);
        if (i && (found != MIZO_OK || at + bytes <= f.at)) {
            new_subject(&r, i);
            at += bytes;
            continue;
        }
        if (found == MIZO_OK && at == f.at) {
            MIZO_TRY(on_figure(&r, &f));
            at = ahead > at ? ahead : at + 1;
            do
                found = figure_next(text, n, &ahead, &f);
            while (found == MIZO_ERANGE);
            continue;
        }
        if (sentence_ends(&r, at)) {
            new_subject(&r, NULL);
            r.year = 0;
            r.goal = false;
        }
        on_word(&r, at);
        at++;
        while (at < n && ((unsigned char)text[at] & 0xC0) == 0x80)
            at++;
        while (found == MIZO_OK && f.at < at)
            found = figure_next(text, n, &ahead, &f);
    }
    return MIZO_OK;
}
