/* check_pools.c: pools and their members, biogenic shares and factors, held against each other. */
#include <string.h>

#include "mizo/messages/match.h"
#include "region/build.h"

/* ---- members ---- */

static bool word_in(const char *s, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(s, *words) == 0)
            return true;
    return false;
}

static bool has_id(const region_table *t, const char *id)
{
    for (size_t i = 0; i < t->nid; i++)
        if (strcmp(t->meta[t->byid[i]].id, id) == 0)
            return true;
    return t->lost;
}

static bool has_kind(const region_table *facilities, const char *kind)
{
    for (size_t k = 0; k < facilities->norder; k++)
        if (strcmp(((const mizo_facility *)region_ordered(facilities, k))->kind, kind) == 0)
            return true;
    return facilities->torn;
}

/* True if something in the town goes by this word. */
static bool known(const region_builder *b, const mizo_pool_member *m)
{
    static const char *const origins[] = { "waste", "in-town", "out-of-town", NULL };
    static const char *const groups[] = { "public", "private", NULL };
    switch (m->by) {
    case MIZO_BY_ALL:
        return !*m->value;
    case MIZO_BY_ORIGIN:
        return word_in(m->value, origins);
    case MIZO_BY_GROUP:
        return word_in(m->value, groups);
    case MIZO_BY_SOURCE:
        return has_id(&b->t[FILE_PLANTS], m->value) || has_id(&b->t[FILE_POINTS], m->value);
    case MIZO_BY_KIND:
        return has_kind(&b->t[FILE_FACILITIES], m->value);
    case MIZO_BY_MENU:
        return has_id(&b->t[FILE_MENUS], m->value);
    case MIZO_BY_POINT:
        return has_id(&b->t[FILE_POINTS], m->value);
    case MIZO_BY_PARTY:
        return has_id(&b->t[FILE_PARTIES], m->value);
    case MIZO_BY_CONTRACT:
        return has_id(&b->t[FILE_CONTRACTS], m->value);
    }
    return false;
}

/* A source goes by origin or by itself, a consumer by what it is. */
static bool fits_side(const mizo_pool_member *m)
{
    if (m->by == MIZO_BY_ALL)
        return true;
    bool of_source = m->by == MIZO_BY_ORIGIN || m->by == MIZO_BY_SOURCE;
    return m->consumer ? !of_source : of_source;
}

static void check_member(region_builder *b, const region_table *t, size_t k)
{
    const mizo_pool_member *m = region_ordered(t, k);
    const mizo_pool *p = region_ordered(&b->t[FILE_POOLS], (size_t)m->pool);
    const char *value = region_quote(b, m->value, strlen(m->value));
    if (!fits_side(m))
        SAY(b, MEMBER_SIDE, t->file, region_line_of(t, k), region_column_of(t, k, "by"), NULL);
    else if (!known(b, m))
        SAY(b, MEMBER_VALUE, t->file, region_line_of(t, k), region_column_of(t, k, "value"), value);
    bool share = p->rule == MIZO_POOL_CONTRACT && m->consumer;
    if (share != (m->share_ppm >= 0))
        SAY(b, MEMBER_SHARE, t->file, region_line_of(t, k), region_column_of(t, k, "share"), p->id);
}

/* ---- rows of one key that hold at once ---- */

static void check_biogenic(region_builder *b)
{
    const region_table *t = &b->t[FILE_BIOGENIC];
    for (size_t k = 1; k < t->norder; k++) {
        const mizo_biogenic *before = region_ordered(t, k - 1), *x = region_ordered(t, k);
        if (x->plant == before->plant && x->from < before->to)
            SAY(b, BIOGENIC_OVERLAP, t->file, region_line_of(t, k), region_column_of(t, k, "from"),
                region_number(b, region_line_of(t, k - 1), 0));
    }
}

static bool same_factor(const mizo_factor *x, const mizo_factor *y)
{
    return x->fy == y->fy && x->published == y->published && x->supplier == y->supplier &&
           x->menu == y->menu && x->kind == y->kind;
}

/* The table is sorted by year and day of publication. */
static void check_factors(region_builder *b)
{
    const region_table *t = &b->t[FILE_FACTORS];
    for (size_t k = 0; k < t->norder; k++) {
        const mizo_factor *x = region_ordered(t, k);
        bool menu = x->kind == MIZO_FACTOR_MENU, country = x->kind >= MIZO_FACTOR_AVERAGE;
        if (menu != (x->menu >= 0) || country == (x->supplier >= 0 || x->menu >= 0))
            SAY(b, FACTOR_KEY, t->file, region_line_of(t, k), region_column_of(t, k, "kind"), NULL);
        for (size_t j = k; j > 0; j--) {
            const mizo_factor *y = region_ordered(t, j - 1);
            if (y->fy != x->fy || y->published != x->published)
                break;
            if (same_factor(x, y)) {
                SAY(b, FACTOR_TWICE, t->file, region_line_of(t, k), region_column_of(t, k, "published"),
                    region_number(b, region_line_of(t, j - 1), 0));
                break;
            }
        }
    }
}

static void check_marginal(region_builder *b)
{
    const region_table *t = &b->t[FILE_MARGINAL];
    for (size_t k = 0; k < t->norder; k++) {
        const mizo_marginal *x = region_ordered(t, k);
        if (x->price_from >= x->price_to)
            SAY(b, MARGINAL_RANGE, t->file, region_line_of(t, k), region_column_of(t, k, "price_to_yen"),
                NULL);
        for (size_t j = 0; j < k; j++) {
            const mizo_marginal *y = region_ordered(t, j);
            if (x->price_from < y->price_to && y->price_from < x->price_to && x->from < y->to &&
                y->from < x->to)
                SAY(b, MARGINAL_OVERLAP, t->file, region_line_of(t, k),
                    region_column_of(t, k, "price_from_yen"), region_number(b, region_line_of(t, j), 0));
        }
    }
}

void region_check_pools(region_builder *b)
{
    const region_table *t = &b->t[FILE_MEMBERS];
    for (size_t k = 0; k < t->norder; k++)
        check_member(b, t, k);
    check_biogenic(b);
    check_factors(b);
    check_marginal(b);
}
