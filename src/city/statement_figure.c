/* statement_figure.c: the figures of a text: ranges, changes, counts, what they belong to; see statement_inner.h. */
#include "city/statement_inner.h"

#include <string.h>

typedef statement_reader reader;

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
                         .source = "",
                         .needs = "" };
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

static bool in_unit(const mizo_indicator *i, const figure *f)
{
    unit u;
    return !unit_parse(i->unit, strlen(i->unit), &u) && unit_alike(&u, &f->unit);
}

/* A name that means several things (補助: 152件, 800kW) means the one that is told in this unit. */
static void choose_by_unit(reader *r, const figure *f)
{
    const mizo_region *m = r->b->region;
    if (!r->about || in_unit(r->about, f))
        return;
    for (size_t k = 0; k < m->nalias; k++) {
        const mizo_alias *a = &m->alias[k];
        const mizo_indicator *i =
            strlen(a->alias) == r->nnamed && memcmp(a->alias, r->t.s + r->named, r->nnamed) == 0
                ? city_indicator(r->b, a->means, strlen(a->means))
                : NULL;
        if (i && in_unit(i, f)) {
            r->about = i;
            r->spent = false;
            return;
        }
    }
}

/* Is it a figure of what the sentence speaks of? A share of it, where a change is spoken of. */
static bool belongs(const reader *r, const figure *f, bool moved)
{
    if (!r->about)
        return false;
    return in_unit(r->about, f) ? !r->spent || moved || r->again : moved && unit_plain(&f->unit);
}

static mizo_err held(reader *r, const figure *f, const city_claim *c)
{
    buf text;
    city_statement s = { .indicator = r->about,
                         .fy = r->year ? r->year : r->last_year,
                         .year_said = r->year != 0,
                         .final_said = r->final,
                         .books = "",
                         .source = "",
                         .needs = "" };
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
    if (r->reduction && c.turn < 0 && !r->base && r->about && in_unit(r->about, f))
        c.turn = 0; /* 削減効果は11万tの削減: itself, no change of it */
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

/* 第1回, 1人当たり: a number of order, a unit of something else; no figure of its own. */
static bool no_figure(const reader *r, const figure *f)
{
    static const char *const behind[] = { "当たり", "あたり", "につき", "目の", "目に", "目を" };
    const char *const order = "第";
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++)
        if (word_here(&r->t, f->at + f->bytes, behind[i]))
            return true;
    return f->at >= strlen(order) && word_here(&r->t, f->at - strlen(order), order);
}

mizo_err statement_number(reader *r, figure *f)
{
    bool taken = false;
    if (no_figure(r, f)) {
        r->at = r->behind = f->at + f->bytes;
        return MIZO_OK;
    }
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
    if (!c.moved)
        choose_by_unit(r, f);
    if (!belongs(r, f, c.moved))
        return tell_only(r, f, CITY_NO_NAME);
    /* 2,383万tから2,084万tへ: of an earlier year that nobody named; and what follows one whose year was the only one. */
    bool own_year = r->year_end && r->year_end <= f->at && f->at - r->year_end <= strlen("の");
    bool start = !c.moved && word_here(&r->t, end, "から") && !own_year;
    mizo_err e = start || (r->lost && !c.moved) ? tell_only(r, f, CITY_NOT_HELD) : held(r, f, &c);
    after_figure(r, f, &c);
    return e;
}
