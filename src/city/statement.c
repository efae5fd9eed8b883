/* statement.c: see statement.h. Reads the sentences; statement_hold.c asks the books. */
#include "city/statement.h"

#include <string.h>

#include "base/text.h"
#include "city/statement_count.h"
#include "city/statement_hold.h"
#include "city/statement_words.h"

enum { SHORTEST_NAME = 6 }; /* bytes: a name of one kanji would be found everywhere */

typedef struct reader {
    const city_books *b;
    city_text t;
    const char *lang;
    size_t at;                   /* here */
    size_t behind;               /* the last name, year or figure */
    const mizo_indicator *about; /* the last one that the sentence named */
    bool spent;                  /* its figure was read: the next one needs a year, 目標 or 実績 */
    bool reduction;              /* the name says 削減 */
    claim_role role;
    bool final;         /* 確定値 */
    int year, year_was; /* of the sentence, and before the last year was named; 0: none */
    size_t year_end;    /* where the last one ends */
    bool once;          /* the year is for one figure: 前年度の */
    bool lost;          /* of which year the next figure is was not said */
    int base;           /* the year from which changes are measured; 0: none */
    figure before;      /* the last one with a unit */
    bool again;         /* this one says it once more */
    bool ratio;         /* ...比 stands before the next figure */
    count_reader count;
    int last_year;    /* of the text */
    int line, column; /* of `placed`: places are asked in order */
    size_t placed;
    mizo_err (*fn)(void *, const city_statement *);
    void *arg;
} reader;

/* ---- places ---- */

static void place_of(reader *r, size_t at, int *line, int *column)
{
    for (; r->placed < at; r->placed++) {
        if (r->t.s[r->placed] == '\n') {
            ++r->line;
            r->column = 1;
        } else if (((unsigned char)r->t.s[r->placed] & 0xC0) != 0x80) {
            ++r->column;
        }
    }
    *line = r->line;
    *column = r->column;
}

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

static void longer(const reader *r, const char *name, const mizo_indicator *i, size_t *best,
                   const mizo_indicator **out)
{
    size_t n = strlen(name);
    if (n >= SHORTEST_NAME && n > *best && word_here(&r->t, r->at, name)) {
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

static bool within(const char *s, size_t n, const char *word)
{
    size_t k = strlen(word);
    for (size_t i = 0; i + k <= n; i++)
        if (memcmp(s + i, word, k) == 0)
            return true;
    return false;
}

static void on_name(reader *r, const mizo_indicator *i, size_t bytes)
{
    const char *name = r->t.s + r->at;
    r->about = i;
    r->spent = false;
    r->ratio = false;
    r->reduction = within(name, bytes, "減") && !within(name, bytes, "増減");
    r->role = within(name, bytes, "目標") ? CLAIM_TARGET : CLAIM_EITHER;
    r->at += bytes;
    r->behind = r->at;
}

static void on_tally(reader *r, const tally_word *w)
{
    count_on_name(&r->count, w);
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

/* ---- figures ---- */

static mizo_err tell(reader *r, city_statement *s, const figure *f)
{
    s->text = r->t.s + f->at;
    s->bytes = f->bytes;
    place_of(r, f->at, &s->line, &s->column);
    return r->fn(r->arg, s);
}

static mizo_err tell_only(reader *r, const figure *f, city_verdict verdict)
{
    city_statement s = { .indicator = verdict == CITY_NO_NAME ? NULL : r->about,
                         .fy = r->year ? r->year : r->last_year,
                         .year_said = r->year != 0,
                         .verdict = verdict,
                         .books = "",
                         .source = "" };
    return tell(r, &s, f);
}

/* 40％台: from 40 to less than 50. */
static mizo_err band(figure *f)
{
    exact q, step = f->step, hi;
    MIZO_TRY(exact_div(f->value.mid, step, &q));
    while (q.n && q.d == 1 && q.n % 10 == 0) {
        q.n /= 10;
        MIZO_TRY(exact_ten(step, 1, &step));
    }
    MIZO_TRY(exact_add(f->value.mid, step, &hi));
    f->value.lo = f->value.mid;
    f->value.hi = hi;
    return MIZO_OK;
}

/* 45～47％, 45%から47%: one range; the unit may stand behind the second alone. *joined: it was one. */
static mizo_err join(const reader *r, figure *f, bool *joined)
{
    figure g;
    size_t end = f->at + f->bytes, k = word_until(&r->t, end), at = end + k;
    *joined = false;
    if (!k || figure_next(r->t.s, r->t.n, &at, &g) || g.kind != FIGURE_NUMBER || g.at != end + k ||
        !g.has_unit || word_arrow(&r->t, at) || (f->has_unit && !unit_alike(&f->unit, &g.unit)))
        return MIZO_OK;
    range v = f->value;
    int ten = f->has_unit ? 0 : g.unit.ten + (f->tens ? 0 : g.tens);
    MIZO_TRY(exact_ten(v.lo, ten, &v.lo));
    MIZO_TRY(exact_ten(v.mid, ten, &v.mid));
    int cmp;
    MIZO_TRY(exact_cmp(v.mid, g.value.mid, &cmp));
    if (cmp >= 0)
        return MIZO_OK;
    v.hi = g.value.hi;
    *joined = true;
    g.value = v;
    g.bytes = at - f->at;
    g.at = f->at;
    *f = g;
    return MIZO_OK;
}

/* The figure with what stands behind it: a range, a band. */
static mizo_err widen(const reader *r, figure *f)
{
    bool joined;
    MIZO_TRY(join(r, f, &joined));
    if (joined || !f->has_unit || !word_here(&r->t, f->at + f->bytes, "台"))
        return MIZO_OK;
    MIZO_TRY(band(f));
    f->bytes += strlen("台");
    return MIZO_OK;
}

/* 50億円（5,000百万円）: the figure before once more, in another unit. */
static bool said_again(const reader *r, const figure *f)
{
    static const char *const open[] = { "（", "(", "、", "＝", "=" };
    const figure *g = &r->before;
    size_t end = g->at + g->bytes;
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        if (g->bytes && word_here(&r->t, end, open[i]) && f->at == end + strlen(open[i]))
            return unit_alike(&g->unit, &f->unit) && g->unit.ten + g->tens != f->unit.ten + f->tens &&
                   (i != 2 || r->again);
    return false;
}

/* Is it a figure of what the sentence speaks of? A share of it, where a change is spoken of. */
static bool belongs(const reader *r, const figure *f, bool moved)
{
    unit u;
    if (!r->about || unit_parse(r->about->unit, strlen(r->about->unit), &u))
        return false;
    return unit_alike(&u, &f->unit) ? !r->spent || moved || r->again : moved && unit_plain(&f->unit);
}

static mizo_err held(reader *r, const figure *f, const city_claim *c)
{
    buf text;
    city_statement s = { .indicator = r->about,
                         .fy = r->year ? r->year : r->last_year,
                         .year_said = r->year != 0,
                         .final_said = r->final,
                         .books = "",
                         .source = "" };
    buf_init(&text, 0);
    mizo_err e = city_claim_hold(r->b, c, r->lang, &s, &text);
    if (e == MIZO_ERANGE) { /* too large or too fine to be compared */
        s.verdict = CITY_NOT_HELD;
        e = MIZO_OK;
    }
    s.final_said = s.final_said && s.provisional;
    e = e ? e : tell(r, &s, f);
    buf_fini(&text);
    return e;
}

/* What the next figure of the sentence may speak of. */
static void after_figure(reader *r, const figure *f, const city_claim *c)
{
    size_t end = f->at + f->bytes;
    bool from = word_here(&r->t, end, "から");
    bool own_year = r->year_end && r->year_end <= f->at && f->at - r->year_end <= strlen("の");
    r->ratio = false;
    if (!c->moved)
        r->spent = !from;
    if (!from || r->role != CLAIM_TARGET)
        r->role = CLAIM_EITHER;
    if (c->role == CLAIM_TARGET && word_of_target(&r->t, end)) { /* 目標の100％に対し46％ */
        r->role = CLAIM_RESULT;
        r->spent = false;
    }
    if (from && own_year && !c->moved) { /* 2013年度の2,383万tから: the next is of another year */
        r->base = r->year;
        r->lost = !r->year_was;
        r->year = r->year_was;
    } else if (r->once) {
        r->year = r->year_was;
    }
    r->once = false;
}

/* 299万t、12.6％の減少; 80件（5％）増: the word behind the second is of both. */
static int change_behind(const reader *r, size_t end)
{
    figure g;
    const char *const comma = "、";
    size_t at = end + strlen(comma);
    int turn = word_change(&r->t, end);
    if (turn || !r->base || !word_here(&r->t, end, comma) || figure_next(r->t.s, r->t.n, &at, &g) ||
        g.at != end + strlen(comma) || g.kind != FIGURE_NUMBER)
        return turn;
    return word_change(&r->t, at);
}

static city_claim claim_of(const reader *r, const figure *f)
{
    size_t end = f->at + f->bytes;
    city_claim c = { .said = f->value,
                     .step = f->step,
                     .unit = f->unit,
                     .bound = f->bound,
                     .strict = f->strict,
                     .role = word_target_after(&r->t, end) ? CLAIM_TARGET : r->role,
                     .reduction = r->reduction,
                     .turn = change_behind(r, end),
                     .base = r->base };
    const int bound = c.bound == FIGURE_IS ? word_bound(&r->t, end) : 0;
    if (bound) {
        c.bound = bound > 0 ? FIGURE_AT_LEAST : FIGURE_AT_MOST;
        c.strict = bound == 1 || bound == -1;
    }
    c.moved = c.turn || r->ratio || (r->base && exact_sign(f->value.mid) < 0);
    return c;
}

/* A count of a register or of a plan. *taken: it was one. */
static mizo_err on_count(reader *r, const figure *f, bool *taken)
{
    buf text;
    city_statement s;
    size_t end;
    const city_claim c = claim_of(r, f);
    buf_init(&text, 0);
    mizo_err e = count_figure(&r->count, &r->t, &c, f, r->lang, &s, &text, &end);
    *taken = e != MIZO_ENOENT;
    if (!e) {
        figure all = *f;
        all.bytes = end - f->at;
        r->at = r->behind = end;
        e = tell(r, &s, &all);
    }
    buf_fini(&text);
    return *taken ? e : MIZO_OK;
}

/* 38ポイント: a difference of two shares. */
static mizo_err take_points(const reader *r, figure *f, bool *points)
{
    size_t k = f->has_unit && !unit_plain(&f->unit) ? 0 : word_point(&r->t, f->at + f->bytes);
    *points = k > 0;
    if (!k)
        return MIZO_OK;
    f->bytes += k;
    if (f->has_unit)
        return MIZO_OK;
    f->has_unit = true;
    f->unit = (unit){ .ten = -2 };
    MIZO_TRY(exact_ten(f->step, -2, &f->step));
    MIZO_TRY(exact_ten(f->value.lo, -2, &f->value.lo));
    MIZO_TRY(exact_ten(f->value.mid, -2, &f->value.mid));
    return exact_ten(f->value.hi, -2, &f->value.hi);
}

static mizo_err on_number(reader *r, figure *f)
{
    bool taken = false;
    MIZO_TRY(widen(r, f));
    bool points = false;
    MIZO_TRY(take_points(r, f, &points));
    size_t end = f->at + f->bytes;
    r->at = r->behind = end;
    MIZO_TRY(on_count(r, f, &taken));
    if (taken)
        return MIZO_OK;
    if (!f->has_unit) {
        int below_one;
        MIZO_TRY(exact_cmp(f->step, exact_whole(1), &below_one));
        unit u;
        return below_one < 0 && r->about && !r->spent &&
                       !unit_parse(r->about->unit, strlen(r->about->unit), &u) && unit_plain(&u)
                   ? tell_only(r, f, CITY_NOT_HELD)
                   : MIZO_OK;
    }
    city_claim c = claim_of(r, f);
    c.points = points;
    c.moved |= points;
    r->again = said_again(r, f);
    r->before = *f;
    if (!belongs(r, f, c.moved))
        return tell_only(r, f, CITY_NO_NAME);
    /* 2,383万tから2,084万tへ: of an earlier year that nobody named; and what follows one whose year was the only one. */
    bool own_year = r->year_end && r->year_end <= f->at && f->at - r->year_end <= strlen("の");
    bool start = !c.moved && word_here(&r->t, end, "から") && !own_year;
    mizo_err e = start || (r->lost && !c.moved) ? tell_only(r, f, CITY_NOT_HELD) : held(r, f, &c);
    after_figure(r, f, &c);
    return e;
}

static mizo_err on_figure(reader *r, figure *f)
{
    if (f->kind == FIGURE_NUMBER) {
        size_t end = f->at + f->bytes;
        mizo_err e = on_number(r, f);
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
    if (topic)
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
        if (found && f.at < r.at)
            found = next_figure(&r, &f);
        if (w.bytes > bytes && w.kind != TALLY_LEVEL && (!found || r.at + w.bytes <= f.at)) {
            on_tally(&r, &w);
            continue;
        }
        /* A name may have a year in it: 排出量の2013年度比. */
        if (i && (!found || r.at + bytes <= f.at || f.at + f.bytes <= r.at + bytes)) {
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
