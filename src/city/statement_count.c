/* statement_count.c: see statement_count.h. */
#include "city/statement_count.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "city/plan.h"
#include "city/register.h"

typedef struct word_list {
    const char *const *word;
    size_t n;
} word_list;

enum { NEAR_SHARE = 10 }; /* within a tenth: 60 where a list has 58 */

#define LIST(words) ((word_list){ words, sizeof(words) / sizeof *(words) })

static size_t one_of(const city_text *t, size_t at, word_list l)
{
    for (size_t i = 0; i < l.n; i++)
        if (word_here(t, at, l.word[i]))
            return strlen(l.word[i]);
    return 0;
}

static bool ends_with_one(const city_text *t, size_t at, word_list l)
{
    for (size_t i = 0; i < l.n; i++) {
        size_t n = strlen(l.word[i]);
        if (n <= at && memcmp(t->s + at - n, l.word[i], n) == 0)
            return true;
    }
    return false;
}

/* ---- what the reader meets ---- */

void count_begin(count_reader *c, const city_books *b, mizo_day today)
{
    *c = (count_reader){ .b = b, .today = today, .from = MIZO_DAY_NONE };
    if (b->as_of < today)
        c->today = b->as_of;
}

static bool fits(const mizo_region *r, const tally_word *noun, const mizo_register *reg)
{
    return noun->kind == TALLY_NONE || (noun->kind == TALLY_SORT && strcmp(reg->kind, noun->id) == 0) ||
           (noun->kind == TALLY_PART && tally_has_part(r, reg, noun->id));
}

void count_on_name(count_reader *c, const tally_word *w, bool foreign)
{
    bool beside = c->date_open;
    c->foreign = foreign;
    c->noun = (tally_word){ .kind = TALLY_NONE };
    if (w->kind == TALLY_REGISTER || w->kind == TALLY_NODE)
        c->subject = *w;
    else
        c->noun = *w;
    c->bound = beside && c->from != MIZO_DAY_NONE;
    c->open = true;
    c->number = false;
}

static void span(count_reader *c, const figure *f)
{
    mizo_date d = { f->year, f->month, f->day };
    if (f->fiscal) {
        c->from = mizo_fy_first(f->year);
        c->to = mizo_fy_first(f->year + 1) - 1;
    } else if (f->month && mizo_date_valid(d)) {
        c->from = c->to = mizo_date_day(d);
    } else {
        d = (mizo_date){ f->year, f->month ? f->month : 1, 1 };
        c->from = mizo_date_day(d);
        c->to = mizo_month_first(c->from, f->month ? 1 : 12) - 1;
    }
    if (f->at_end)
        c->from = c->to;
}

void count_on_date(count_reader *c, const city_text *t, const figure *f)
{
    static const char *const then[] = { "時点", "現在", "の時点", "末" };
    if (f->compared)
        return;
    span(c, f);
    c->open |= c->told;
    c->bound = c->open || one_of(t, f->at + f->bytes, LIST(then));
    c->date_open = true;
}

size_t count_small_word(count_reader *c, const city_text *t, size_t at)
{
    static const char *const small[] = { "には", "では", "時点", "現在", "総数", "合計", "まで", "から",
                                         "は",   "が",   "の",   "に",   "で",   "、",   "，",   ",",
                                         "（",   "(",    "）",   ")",    "「",   "」",   "数",   "計",
                                         "末",   "：",   ":",    "　",   " ",    "へ",   "\r",   "\n" };
    if (!c->open && !c->date_open && !c->told)
        return 0;
    size_t n = one_of(t, at, LIST(small));
    if (n) {
        c->number |= word_here(t, at, "数");
    } else {
        c->open = c->date_open = c->number = c->told = false;
        c->noun = (tally_word){ .kind = TALLY_NONE };
    }
    return n;
}

void count_end_sentence(count_reader *c, bool paragraph, bool remark)
{
    c->open = remark && c->subject.kind == TALLY_REGISTER;
    c->date_open = c->bound = c->number = c->told = false;
    c->noun = (tally_word){ .kind = TALLY_NONE };
    if (paragraph)
        c->subject = (tally_word){ .kind = TALLY_NONE };
}

/* ---- the figure, its unit, the word behind it ---- */

/* Where the unit of a figure begins: behind its last digit and the 千, 万 that follow. */
static size_t unit_from(const city_text *t, const figure *f)
{
    size_t at = f->at, end = f->at + f->bytes, from = f->at;
    while (at < end) {
        uint32_t c;
        size_t k = utf8_get(t->s + at, end - at, &c);
        k = k ? k : 1;
        at += k;
        if ((c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19) || word_here(t, at - k, "千") ||
            word_here(t, at - k, "万"))
            from = at;
    }
    return from;
}

static bool unit_ends(const city_text *t, size_t at, size_t end)
{
    static const char *const bounds[] = { "以上", "以下", "以内", "未満", "超", "程度", "余", "弱", "強" };
    return at == end || (at < end && one_of(t, at, LIST(bounds)));
}

/* 40施策, 8つの基本的方向, 40 measures: the word is the figure's unit or stands behind it. */
static tally_word word_behind(const count_reader *c, const city_text *t, const figure *f, size_t *end)
{
    static const char *const between[] = { "つの", "個の", "本の", "大", "つ", "の", " " };
    static const char *const other_noun[] = { "者", "所", "体", "費", "員", "化", "家", "税" }; /* 事業者 */
    const mizo_region *r = c->b->region;
    size_t from = unit_from(t, f), stop = f->at + f->bytes;
    tally_word w = tally_word_at(r, t->s + from, t->n - from, false);
    *end = stop;
    if (w.kind == TALLY_LEVEL && from < stop && unit_ends(t, from + w.bytes, stop))
        return w;
    size_t gap = one_of(t, stop, LIST(between));
    w = tally_word_at(r, t->s + stop + gap, t->n - stop - gap, false);
    bool sort = w.kind == TALLY_LEVEL || w.kind == TALLY_SORT || w.kind == TALLY_PART;
    if (!sort || one_of(t, stop + gap + w.bytes, LIST(other_noun)) || (f->has_unit && w.kind == TALLY_LEVEL))
        return (tally_word){ .kind = TALLY_NONE };
    *end = stop + gap + w.bytes;
    return w;
}

static bool counted_in(const city_text *t, const figure *f, const char *units)
{
    size_t from = unit_from(t, f), stop = f->at + f->bytes;
    while (*units) {
        size_t n = strcspn(units, " ");
        if (n && n <= stop - from && memcmp(t->s + from, units, n) == 0 && unit_ends(t, from + n, stop))
            return true;
        units += n + (units[n] == ' ');
    }
    return false;
}

/* Beside the name of a register: in one of its units; beside the word for what it holds: of any count. */
static bool counts_register(const count_reader *c, const city_text *t, const figure *f)
{
    const unit one = { .dim[UNIT_COUNT] = 1 };
    if (!c->open)
        return false;
    bool part = c->noun.kind == TALLY_PART && c->subject.kind == TALLY_REGISTER; /* （市1、金融機関16） */
    if (c->noun.kind == TALLY_SORT || c->noun.kind == TALLY_PART)
        return f->has_unit ? unit_alike(&f->unit, &one) : c->number || part;
    return c->noun.kind == TALLY_NONE && c->subject.kind == TALLY_REGISTER && f->has_unit &&
           counted_in(t, f, c->subject.reg->counted);
}

/* ---- what it may mean ---- */

typedef struct answer {
    const count_reader *c;
    const city_claim *claim;
    tally found;
    tally_count count; /* of what is found: that agrees, else the first that is known */
    bool known, agrees;
    int meant; /* how many are known */
} answer;

static mizo_err meets(const answer *a, const tally_count *n, bool *out)
{
    *out = false;
    if (n->holds >= 0)
        MIZO_TRY(city_claim_meets(a->claim, exact_whole(n->holds), out));
    if (!*out && n->together >= 0)
        MIZO_TRY(city_claim_meets(a->claim, exact_whole(n->together), out));
    if (!*out && n->rows > n->listed)
        MIZO_TRY(city_claim_meets(a->claim, exact_whole(n->rows), out));
    return MIZO_OK;
}

/* What was counted within a span is of that span; what was known before it no longer. */
static mizo_day first_counted(const mizo_region *r, const tally *x, mizo_day from, mizo_day to)
{
    mizo_day first = MIZO_DAY_NONE;
    for (size_t i = 0; i < r->nregister_count && x->reg; i++) {
        const mizo_register_count *n = &r->register_count[i];
        if (&r->reg[n->reg] == x->reg && strcmp(n->part, x->part) == 0 && n->on > from && n->on <= to &&
            n->on < first)
            first = n->on;
    }
    return first == MIZO_DAY_NONE ? from : first;
}

/* A span agrees where one of its days does; what is told is its last day's. */
static mizo_err on_days(answer *a, const tally *x, mizo_day from, mizo_day to)
{
    tally_count n = { .holds = -1 };
    bool ok = false;
    from = first_counted(a->c->b->region, x, from, to);
    for (mizo_day d = from; d <= to && !ok; d = x->node ? to + 1 : d + 1) {
        MIZO_TRY(tally_on(a->c->b->region, x, d, a->c->b->as_of, &n));
        MIZO_TRY(meets(a, &n, &ok));
    }
    if (n.holds < 0 || a->agrees)
        return MIZO_OK;
    if (ok || !a->known) {
        a->count = n;
        a->found = *x;
    }
    a->known = true;
    a->agrees = ok;
    return MIZO_OK;
}

static mizo_err may_mean(answer *a, const tally *x)
{
    const count_reader *c = a->c;
    bool before = a->known;
    a->known = false;
    const answer was = *a;
    if (!c->bound || c->from == MIZO_DAY_NONE)
        MIZO_TRY(on_days(a, x, c->today, c->today));
    if (c->from != MIZO_DAY_NONE)
        MIZO_TRY(on_days(a, x, c->from, c->to));
    a->meant += a->known;
    if (before && !a->agrees) { /* the first that is known is told */
        int meant = a->meant;
        *a = was;
        a->meant = meant;
    }
    a->known |= before;
    return MIZO_OK;
}

static mizo_err any_register(answer *a, const tally_word *noun)
{
    const mizo_region *r = a->c->b->region;
    tally x = { .part = noun->kind == TALLY_PART ? noun->id : "" };
    const tally_word *s = &a->c->subject;
    if (s->kind == TALLY_REGISTER && fits(r, noun, s->reg)) {
        x.reg = s->reg;
        return may_mean(a, &x);
    }
    for (size_t i = 0; i < r->nreg && !a->agrees; i++) {
        x.reg = &r->reg[i];
        if (fits(r, noun, x.reg))
            MIZO_TRY(may_mean(a, &x));
    }
    return MIZO_OK;
}

/* The named node, or one above it that has such a level below it; else each plan's top. */
static mizo_err any_node(answer *a, const tally_word *level)
{
    const mizo_region *r = a->c->b->region;
    const mizo_plan_node *n = a->c->subject.kind == TALLY_NODE ? a->c->subject.node : NULL;
    tally x = { .part = "", .level = level->id };
    bool named = n;
    for (size_t deep = 0; n && deep < r->nplan_node && !a->agrees; deep++) {
        x.node = n;
        MIZO_TRY(may_mean(a, &x));
        n = city_node(r, n->parent, strlen(n->parent));
    }
    a->meant = named && a->known ? 1 : a->meant;
    for (size_t i = 0; i < r->nplan_node && !named && !a->agrees; i++) {
        x.node = &r->plan_node[i];
        if (!*x.node->parent)
            MIZO_TRY(may_mean(a, &x));
    }
    a->meant += !named; /* not said: nothing is accused */
    return MIZO_OK;
}

/* 30施策で達成し, 新たに5施策, うち20者: of a part, or of what came and went. */
static bool of_a_part(const city_text *t, const figure *f, size_t end)
{
    static const char *const before[] = { "うち", "うち、", "新たに", "新規に", "新規", "ほか",
                                          "他に", "残り",   "残る",   "各",     "延べ" };
    static const char *const behind[] = { "で構成", "で成り", "です",   "であ",   "でし",
                                          "で、",   "で，",   "で推進", "で発足", "で設立" };
    static const char *const part[] = { "で",       "に着手", "について", "を完了", "を実施",   "が達成",
                                        "を追加",   "を加え", "が加",     "を新設", "を廃止",   "を統合",
                                        "を見直",   "が出席", "の出席",   "が回答", "から回答", "に送",
                                        "にアンケ", "ずつ",   "増",       "減",     "の増",     "の減",
                                        "が脱退",   "が退会", "が入会",   "が新" };
    if (ends_with_one(t, f->at, LIST(before)))
        return true;
    return !one_of(t, end, LIST(behind)) && one_of(t, end, LIST(part));
}

/* ---- as text ---- */

static void put_beside(const tally_count *n, bool business, bool ja, buf *out)
{
    bool first = true;
    if (n->together >= 0 && n->together != n->holds) {
        buf_printf(out, ja ? "下位の本文の計は %" PRId64 : "the texts below it say %" PRId64 " together",
                   n->together);
        first = false;
    }
    if (!business && n->listed > 0 && n->listed != n->holds) {
        buf_printf(out, ja ? "%s一覧にあるのは %" PRId64 : "%s%" PRId64 " are listed",
                   first ? ""
                   : ja  ? "、"
                         : ", ",
                   n->listed);
        first = false;
    }
    if (n->rows > n->listed)
        buf_printf(out, ja ? "%s再掲を含む行は %" PRId64 : "%s%" PRId64 " rows with those listed again",
                   first ? ""
                   : ja  ? "、"
                         : ", ",
                   n->rows);
}

/* The texts stand one behind another in *text: name, figure, what stands beside. */
static mizo_err told(const answer *a, const char *lang, city_statement *s, buf *text)
{
    const tally *x = &a->found;
    size_t from = text->n, number, beside;
    bool ja = strcmp(lang, "ja") == 0;
    const char *sub = x->node ? x->level : x->part;
    buf_printf(text, "%s%s%s", x->node ? x->node->id : x->reg->id, *sub ? "/" : "", sub);
    buf_char(text, '\0');
    number = text->n;
    buf_printf(text, "%" PRId64, a->count.holds);
    buf_char(text, '\0');
    beside = text->n;
    put_beside(&a->count, x->node && strcmp(x->level, "business") == 0, ja, text);
    if (text->err || !text->p)
        return text->err ? text->err : MIZO_ENOMEM;
    s->name_ja = x->node ? x->node->name_ja : x->reg->name_ja;
    s->name_en = x->node ? x->node->name_en : x->reg->name_en;
    s->counted = text->p + from;
    s->books = text->p + number;
    s->beside = text->p + beside;
    s->source = a->count.source;
    return MIZO_OK;
}

/* A list is not named and none agrees: those that may be meant, "model-area 58, cnk-council 92", behind what `text` has.
 * *near: the only one whose count is so close that it is the one that is wrong; known false: there is none such. */
static mizo_err candidates(const answer *a, const tally_word *noun, answer *near, buf *text)
{
    const mizo_region *r = a->c->b->region;
    int64_t said, n = 0;
    *near = (answer){ .c = a->c, .claim = a->claim };
    MIZO_TRY(exact_round(a->claim->said.mid, MIZO_ROUND_HALF_UP, &said));
    for (size_t i = 0; i < r->nreg; i++) {
        tally x = { .part = noun->kind == TALLY_PART ? noun->id : "", .reg = &r->reg[i] };
        answer one = { .c = a->c, .claim = a->claim };
        if (!fits(r, noun, x.reg))
            continue;
        MIZO_TRY(may_mean(&one, &x));
        if (!one.known)
            continue;
        buf_printf(text, "%s%s %" PRId64, text->n ? ", " : "", x.reg->id, one.count.holds);
        int64_t off = said > one.count.holds ? said - one.count.holds : one.count.holds - said;
        if (off * NEAR_SHARE > one.count.holds)
            continue;
        *near = one;
        n++;
    }
    near->known = n == 1;
    return text->err;
}

mizo_err count_figure(count_reader *c, const city_text *t, const city_claim *claim, const figure *f,
                      const char *lang, city_statement *s, buf *text, size_t *end)
{
    static const char *const whole[] = { "からな", "から成", "から構成" };
    static const char *const vague[] = { "程度", "余", "ほど", "くらい", "前後" };
    answer a = { .c = c, .claim = claim };
    tally_word behind = word_behind(c, t, f, end);
    bool level = behind.kind == TALLY_LEVEL, sort = behind.kind == TALLY_SORT || behind.kind == TALLY_PART;
    if (!level && !sort && !counts_register(c, t, f))
        return MIZO_ENOENT;
    if (c->date_open && c->from != MIZO_DAY_NONE)
        c->bound = true;
    MIZO_TRY(level ? any_node(&a, &behind) : any_register(&a, sort ? &behind : &c->noun));
    bool from = word_here(t, *end, "から") && !one_of(t, *end, LIST(whole));
    *s = (city_statement){ .books = "", .source = "", .beside = "", .needs = "", .verdict = CITY_NOT_HELD };
    if (a.known && !a.agrees && a.meant > 1 && !level) {
        answer near;
        MIZO_TRY(candidates(&a, sort ? &behind : &c->noun, &near, text));
        buf_char(text, '\0');
        bool held = near.known && !c->foreign && !f->about && !one_of(t, *end, LIST(vague)) &&
                    !of_a_part(t, f, *end) && (!from || c->bound);
        MIZO_TRY(held ? told(&near, lang, s, text) : text->err);
        s->needs = text->p;
        s->verdict = held ? CITY_DISAGREES : CITY_NOT_HELD;
    } else if (a.known && (a.agrees || a.meant == 1)) {
        MIZO_TRY(told(&a, lang, s, text));
        bool held = a.agrees || (!of_a_part(t, f, *end) && (!from || c->bound));
        s->verdict = a.agrees ? CITY_AGREES : held ? CITY_DISAGREES : CITY_NOT_HELD;
    } else if (!a.known) {
        s->verdict = level ? CITY_NO_NAME : CITY_UNKNOWN;
    }
    c->open = from;
    c->told = !level;
    c->date_open = c->bound = c->number = false;
    return MIZO_OK;
}
