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

static bool falls(const reader *r, size_t at)
{
    static const char *const words[] = { "削減", "減少", "の削減", "の減", "減" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (at < r->n && here(r, at, words[i]))
            return true;
    return false;
}

static range turned(const range *a)
{
    return (range){
        {-a->hi.n,   a->hi.d },
        { -a->mid.n, a->mid.d},
        { -a->lo.n,  a->lo.d }
    };
}

/* What the books have for the year: a result, else a target. */
static mizo_err held_against(const reader *r, city_statement *s, range *said, buf *text)
{
    city_value v;
    range books;
    bool meet;
    const mizo_goal *g = NULL;
    if (!city_value_of(r->b, s->indicator, s->fy, &v)) {
        books = city_holds(&v)->v;
        figure_style style = city_style(s->indicator);
        style.about = false;
        MIZO_TRY(figure_text(books.mid, &style, r->lang, text));
        s->source = v.row ? v.row->source : v.indicator->formula;
    } else if ((g = city_goal(r->b, s->indicator, s->fy)) != NULL) {
        figure_style style = city_style(s->indicator);
        style.about = false;
        MIZO_TRY(city_goal_value(g, &books.mid));
        books = range_point(books.mid);
        MIZO_TRY(figure_text(books.mid, &style, r->lang, text));
        s->source = g->source;
        s->target = true;
    } else {
        return MIZO_OK;
    }
    MIZO_TRY(range_meet(said, &books, &meet));
    s->verdict = meet ? CITY_AGREES : CITY_DISAGREES;
    s->books = text->p ? text->p : "";
    return text->err;
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
        return MIZO_OK;
    if (exact_sign(said.mid) > 0 && falls(r, f->at + f->bytes))
        said = turned(&said);
    place_of(r->s, f->at, &s.line, &s.column);
    buf_init(&text, 0);
    mizo_err e = held_against(r, &s, &said, &text);
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
    if (!r->about || !f->has_unit)
        return MIZO_OK;
    const mizo_indicator *i = r->compared && unit_plain(&f->unit) ? compares(r, r->about, r->compared) : NULL;
    i = i ? i : r->about;
    if (unit_parse(i->unit, strlen(i->unit), &u) || !unit_alike(&u, &f->unit))
        return MIZO_OK;
    mizo_err e = tell(r, f, i);
    if (i == r->about && !r->compared)
        r->about =
            unit_plain(&u) ? NULL : r->about; /* a rate is said once; a level may be compared after it */
    r->compared = 0;
    return e;
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
            r.about = i;
            r.compared = 0;
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
            r.about = NULL;
            r.year = r.compared = 0;
        }
        at++;
        while (at < n && ((unsigned char)text[at] & 0xC0) == 0x80)
            at++;
        while (found == MIZO_OK && f.at < at)
            found = figure_next(text, n, &ahead, &f);
    }
    return MIZO_OK;
}
