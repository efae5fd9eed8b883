/* entries.c: see entries.h. */
#include "town/office/entries.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/figure.h"
#include "city/plan.h"
#include "city/rating.h"
#include "city/register.h"
#include "mizo/messages/city.h"
#include "mizo/messages/yearly.h"
#include "town/office/office.h"

enum { PPM = 1000000 };

static bool is(const note *n, const char *kind)
{
    return strcmp(n->kind->name, kind) == 0;
}

/* ---- one record as a row of the model ---- */

static int year_of(const note *n)
{
    const char *s = note_get(n, "fy");
    int fy;
    return *s && !mizo_fy_parse(s, strlen(s), &fy) ? fy : 0;
}

static const mizo_plan_node *node_of(const mizo_region *r, const char *id)
{
    return city_node(r, id, strlen(id));
}

static const mizo_indicator *indicator_of(const mizo_region *r, const note *n)
{
    const city_books b = { r, NULL, 0, MIZO_DAY_NONE };
    const char *id = note_get(n, "indicator");
    return city_indicator(&b, id, strlen(id));
}

static const mizo_register *register_of(const mizo_region *r, const note *n)
{
    const char *id = note_get(n, "register");
    return city_register(r, id, strlen(id));
}

static bool number_of(const note *n, const char *field, int64_t *out)
{
    const char *s = note_get(n, field);
    return *s && !mizo_decimal_parse(s, strlen(s), 6, out);
}

mizo_err city_micro_value(const mizo_indicator *i, const char *text, int64_t *value, int64_t *step,
                          bool *about)
{
    figure f;
    unit u;
    exact x;
    MIZO_TRY(figure_parse(text, strlen(text), &f));
    MIZO_TRY(unit_parse(i->unit, strlen(i->unit), &u));
    if (f.has_unit ? !unit_alike(&f.unit, &u) : !unit_plain(&u))
        return MIZO_EINPUT;
    int64_t *const out[] = { value, step };
    const exact from[] = { f.value.mid, f.step };
    for (int k = 0; k < 2; k++) { /* the whole of a number of millionths: never rounded on the way in */
        MIZO_TRY(exact_ten(from[k], 6 - u.ten, &x));
        if (x.d != 1)
            return MIZO_ERANGE;
        MIZO_TRY(exact_round(x, MIZO_ROUND_CUT, out[k]));
    }
    *about = f.about;
    return MIZO_OK;
}

/* ---- before it is written ---- */

/* "policy-4-2-4-2023": the text before the last hyphen and the year behind it. */
static bool split_id(const char *id, char *head, size_t cap, char year[8])
{
    const char *dash = strrchr(id, '-');
    size_t n = dash ? (size_t)(dash - id) : 0;
    if (!n || n >= cap || strlen(dash + 1) != 4 || strspn(dash + 1, "0123456789") != 4)
        return false;
    memcpy(head, id, n);
    head[n] = '\0';
    memcpy(year, dash + 1, 5);
    return true;
}

static void fill(note *n, const char *field, const char *value)
{
    if (!*note_get(n, field))
        note_set(n, field, value);
}

void city_entry_fill(note *n)
{
    char head[MIZO_ID_MAX], year[8];
    const char *of = is(n, "evaluation") ? "node"
                     : is(n, "progress") ? "of"
                     : is(n, "target")   ? "indicator"
                                         : NULL;
    if (!of || !split_id(n->id, head, sizeof head, year))
        return;
    fill(n, of, head);
    fill(n, "fy", year);
}

/* One record a thing and year, so that two people who write at once meet in it. */
static mizo_err id_fits(town *t, const note *n, const char *of, mizo_place at)
{
    char want[MIZO_ID_MAX + 16];
    (void)snprintf(want, sizeof want, "%s-%d", note_get(n, of), year_of(n));
    if (strcmp(want, n->id) == 0 || !year_of(n))
        return MIZO_OK; /* a year that cannot be read is said as such */
    MIZO_DIAG(t->diags, ENTRY_ID, at, n->id, n->kind->name, want);
    return MIZO_EINPUT;
}

static mizo_err stray(town *t, const note *n, const char *field, const char *file, mizo_place at)
{
    MIZO_DIAG(t->diags, ENTRY_STRAY, at, n->id, field, note_get(n, field), file);
    return MIZO_EINPUT;
}

static mizo_err warn_departs(town *t, const note *n, const mizo_plan_node *node, const mizo_rating *status,
                             mizo_place at)
{
    city_desk d;
    city_proposal p;
    MIZO_TRY(city_desk_open(t, MIZO_DAY_NONE, &d));
    mizo_err e = city_propose(&d.books, node, year_of(n), &p);
    if (!e && p.status && strcmp(p.status->word, status->word))
        MIZO_DIAG(t->diags, ENTRY_DEPARTS, at, n->id, p.status->word, status->word);
    city_desk_close(&d);
    return e;
}

/* NULL: no word of the scale, and said. */
static const mizo_rating *rating_in(town *t, const note *n, mizo_scale scale, mizo_place at)
{
    static const char *const field[] = { "status", "direction" };
    const mizo_rating *x = city_rating(t->region, scale, note_get(n, field[scale]));
    buf words;
    if (x)
        return x;
    buf_init(&words, 0);
    city_ratings_text(t->region, scale, "en", &words);
    MIZO_DIAG(t->diags, ENTRY_STATUS, at, n->id, note_get(n, field[scale]),
              words.n && !words.err ? words.p : "scales.csv");
    buf_fini(&words);
    return NULL;
}

static mizo_err check_evaluation(town *t, const note *n, mizo_place at)
{
    const mizo_plan_node *node = node_of(t->region, note_get(n, "node"));
    const mizo_rating *status = rating_in(t, n, MIZO_SCALE_STATUS, at),
                      *direction = rating_in(t, n, MIZO_SCALE_DIRECTION, at);
    mizo_err e = node ? MIZO_OK : stray(t, n, "node", "plans.csv", at);
    if (!status || !direction || id_fits(t, n, "node", at))
        e = MIZO_EINPUT;
    return e ? e : warn_departs(t, n, node, status, at);
}

static mizo_err check_progress(town *t, const note *n, mizo_place at)
{
    const char *of = note_get(n, "of");
    bool known = node_of(t->region, of) || city_business(t->region, of, strlen(of));
    mizo_err e = known ? MIZO_OK : stray(t, n, "of", "plans.csv, businesses.csv", at);
    return id_fits(t, n, "of", at) ? MIZO_EINPUT : e;
}

static mizo_err check_target(town *t, const note *n, mizo_place at)
{
    const mizo_indicator *i = indicator_of(t->region, n);
    const char *rule = note_get(n, "rule");
    int64_t value, step;
    bool about;
    mizo_err e = i ? MIZO_OK : stray(t, n, "indicator", "indicators.csv", at);
    if (i && city_micro_value(i, note_get(n, "value"), &value, &step, &about)) {
        MIZO_DIAG(t->diags, CITY_BAD_VALUE, at, note_get(n, "value"), i->unit);
        e = MIZO_EINPUT;
    }
    if (strcmp(rule, "at-least") && strcmp(rule, "at-most")) {
        MIZO_DIAG(t->diags, ENTRY_STATUS, at, n->id, rule, "at-least, at-most");
        e = MIZO_EINPUT;
    }
    return id_fits(t, n, "indicator", at) ? MIZO_EINPUT : e;
}

static mizo_err check_member(town *t, const note *n, mizo_place at)
{
    mizo_day from = note_day(n, "from"), to = note_day(n, "to");
    int64_t number = 1, share = 0;
    unit u;
    const char *word = note_get(n, "unit");
    mizo_err e = register_of(t->region, n) ? MIZO_OK : stray(t, n, "register", "registers.csv", at);
    if (from != MIZO_DAY_NONE && to <= from) {
        MIZO_DIAG(t->diags, ENTRY_DAYS, at, n->id, note_get(n, "from"), note_get(n, "to"));
        e = MIZO_EINPUT;
    }
    bool bad = (number_of(n, "number", &number) && (number < 0 || number % PPM)) ||
               (number_of(n, "share", &share) && (share < 0 || share > PPM));
    if (bad || unit_parse(word, strlen(word), &u)) {
        MIZO_DIAG(t->diags, ENTRY_MEMBER, at, n->id);
        e = MIZO_EINPUT;
    }
    return e;
}

static const struct entry_kind {
    const char *name;
    mizo_err (*check)(town *t, const note *n, mizo_place at);
} kinds[] = {
    {"evaluation", check_evaluation},
    { "progress",  check_progress  },
    { "target",    check_target    },
    { "member",    check_member    },
};

mizo_err city_entry_check(town *t, const note *n, mizo_place at)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (is(n, kinds[i].name))
            return kinds[i].check(t, n, at);
    return MIZO_OK;
}

/* ---- laid over the model ---- */

/* Rows of one kind as they are read; the author of row k stands at by[k]. */
typedef struct pile {
    town *t;
    city_desk *d;
    unsigned char *rows;
    city_author *by;
    size_t n, cap, by_cap, size;
} pile;

static const char *text(pile *p, const note *n, const char *field)
{
    const char *s = note_get(n, field), *copy = arena_copy(p->d->mem, s, strlen(s));
    return copy ? copy : "";
}

static mizo_err add(pile *p, const note *n, const void *row)
{
    MIZO_TRY(array_grow(&p->rows, &p->cap, p->n + 1, p->size));
    MIZO_TRY(array_grow(&p->by, &p->by_cap, p->n + 1, sizeof *p->by));
    memcpy(p->rows + p->n * p->size, row, p->size);
    return city_author_keep(p->d, n, &p->by[p->n++]);
}

static mizo_err on_evaluation(void *arg, const note *n)
{
    pile *p = arg;
    const mizo_region *r = p->t->region;
    const mizo_plan_node *node = node_of(r, note_get(n, "node"));
    const mizo_rating *status = city_rating(r, MIZO_SCALE_STATUS, note_get(n, "status"));
    const mizo_rating *direction = city_rating(r, MIZO_SCALE_DIRECTION, note_get(n, "direction"));
    if (!node || !status || !direction || !year_of(n))
        return MIZO_OK;
    return add(p, n,
               &(mizo_evaluation){ .node = (mizo_ref)(node - r->plan_node),
                                   .fy = year_of(n),
                                   .status = status->word,
                                   .direction = direction->word,
                                   .reason = text(p, n, "reason"),
                                   .way = text(p, n, "way"),
                                   .by = text(p, n, "by"),
                                   .source = text(p, n, "source") });
}

/* Whose target it is: as the files say of the same indicator's. */
static const char *whose_of(const mizo_region *r, const mizo_indicator *i)
{
    for (size_t k = 0; k < r->ngoal; k++)
        if (&r->indicator[r->goal[k].indicator] == i)
            return r->goal[k].whose;
    return "";
}

static mizo_err on_target(void *arg, const note *n)
{
    pile *p = arg;
    const mizo_region *r = p->t->region;
    const mizo_indicator *i = indicator_of(r, n);
    int64_t value, step;
    bool about;
    if (!i || !year_of(n) || city_micro_value(i, note_get(n, "value"), &value, &step, &about))
        return MIZO_OK;
    return add(
        p, n,
        &(mizo_goal){ .indicator = (mizo_ref)(i - r->indicator),
                      .fy = year_of(n),
                      .value_e6 = value,
                      .unit = i->unit,
                      .rule = strcmp(note_get(n, "rule"), "at-most") ? MIZO_GOAL_AT_LEAST : MIZO_GOAL_AT_MOST,
                      .decided = note_day(n, "decided"),
                      .whose = whose_of(r, i),
                      .reason = text(p, n, "reason"),
                      .source = text(p, n, "source") });
}

/* The row of the file that a member's record stands in the place of; NULL: none. */
static const mizo_register_row *row_of(const mizo_region *r, const mizo_register *reg, int64_t number)
{
    for (size_t k = 0; k < r->nregister_row && number; k++)
        if (&r->reg[r->register_row[k].reg] == reg && r->register_row[k].number == number)
            return &r->register_row[k];
    return NULL;
}

static mizo_err on_member(void *arg, const note *n)
{
    pile *p = arg;
    const mizo_region *r = p->t->region;
    const mizo_register *reg = register_of(r, n);
    int64_t number = 0, share = 0, amount = 0;
    if (!reg)
        return MIZO_OK;
    (void)number_of(n, "number", &number);
    (void)number_of(n, "share", &share);
    (void)number_of(n, "amount", &amount);
    const mizo_register_row *was = row_of(r, reg, number / PPM);
    return add(p, n,
               &(mizo_register_row){ .reg = (mizo_ref)(reg - r->reg),
                                     .number = (int32_t)(number / PPM),
                                     .name_ja = text(p, n, "name"),
                                     .name_en = text(p, n, "name_en"),
                                     .part = text(p, n, "part"),
                                     .share_ppm = (int32_t)share,
                                     .amount_e6 = amount,
                                     .unit = text(p, n, "unit"),
                                     .place = text(p, n, "place"),
                                     .owner = text(p, n, "owner"),
                                     .status = text(p, n, "status"),
                                     .note = "",
                                     .basis = was ? was->basis : "",
                                     .of = was ? was->of : "",
                                     .thing = was ? was->thing : "",
                                     .evidence = was ? was->evidence : "",
                                     .from = note_day(n, "from"),
                                     .to = note_day(n, "to"),
                                     .source = text(p, n, "source") });
}

static mizo_err on_progress(void *arg, const note *n)
{
    pile *p = arg;
    if (!year_of(n))
        return MIZO_OK;
    return add(p, n,
               &(city_progress){ .of = text(p, n, "of"),
                                 .fy = year_of(n),
                                 .aim = text(p, n, "aim"),
                                 .done = text(p, n, "done"),
                                 .gained = text(p, n, "gained"),
                                 .issue = text(p, n, "issue"),
                                 .next = text(p, n, "next"),
                                 .status = text(p, n, "status"),
                                 .source = text(p, n, "source") });
}

/* In whose place a record stands. Targets replace nothing: the later decision holds, the earlier stays. */
static bool same_evaluation(const void *a, const void *b)
{
    const mizo_evaluation *x = a, *y = b;
    return x->node == y->node && x->fy == y->fy;
}

static bool same_member(const void *a, const void *b)
{
    const mizo_register_row *x = a, *y = b;
    return x->reg == y->reg && x->number && x->number == y->number;
}

/* clang-format off */
static const struct layer {
    const char *kind;
    size_t size, rows, count; /* of a row; where the model keeps them */
    mizo_err (*read)(void *arg, const note *n);
    bool (*same)(const void *a, const void *b); /* NULL: none is replaced */
} layers[] = {
    { "evaluation", sizeof(mizo_evaluation), offsetof(mizo_region, evaluation), offsetof(mizo_region, nevaluation), on_evaluation, same_evaluation },
    { "target", sizeof(mizo_goal), offsetof(mizo_region, goal), offsetof(mizo_region, ngoal), on_target, NULL },
    { "member", sizeof(mizo_register_row), offsetof(mizo_region, register_row), offsetof(mizo_region, nregister_row), on_member, same_member },
    { "progress", sizeof(city_progress), 0, 0, on_progress, NULL },
};
/* clang-format on */

static bool replaced(const struct layer *l, const pile *p, const void *row)
{
    for (size_t k = 0; k < p->n && l->same; k++)
        if (l->same(row, p->rows + k * p->size))
            return true;
    return false;
}

/* The rows of the files that nothing stands in the place of, then those of the records. */
static mizo_err lay(const struct layer *l, pile *p)
{
    city_desk *d = p->d;
    const unsigned char *base = NULL;
    size_t n = 0, kept = 0;
    if (l->count) {
        memcpy(&base, (const unsigned char *)&d->over + l->rows, sizeof base);
        memcpy(&n, (const unsigned char *)&d->over + l->count, sizeof n);
    }
    unsigned char *all = arena_take(d->mem, (n + p->n) * l->size);
    if (!all)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < n; i++)
        if (!replaced(l, p, base + i * l->size))
            memcpy(all + kept++ * l->size, base + i * l->size, l->size);
    memcpy(all + kept * l->size, p->rows, p->n * l->size);
    MIZO_TRY(city_authors_keep(d, all + kept * l->size, l->size, p->by, p->n));
    kept += p->n;
    if (l->count) {
        memcpy((unsigned char *)&d->over + l->rows, &all, sizeof all);
        memcpy((unsigned char *)&d->over + l->count, &kept, sizeof kept);
    } else {
        d->progress = (const city_progress *)(const void *)all;
        d->nprogress = kept;
    }
    return MIZO_OK;
}

mizo_err city_entries_lay(town *t, city_desk *d)
{
    mizo_err e = MIZO_OK;
    d->over = *t->region;
    for (size_t i = 0; i < sizeof layers / sizeof *layers && !e; i++) {
        const struct layer *l = &layers[i];
        pile p = { .t = t, .d = d, .size = l->size };
        e = note_scan(t, office_kind(l->kind), l->read, &p);
        if (!e && p.n)
            e = lay(l, &p);
        free(p.rows);
        free(p.by);
    }
    d->books.region = &d->over;
    return e;
}
