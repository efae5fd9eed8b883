/* area_build.c: sites into blocks: those of a leaf (a node in a scenario) that have the same things stand together, in the
 * order of their vehicles' hours, so that the four of a vector have the same to do. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimize/area_money.h"
#include "optimize/area_own.h"

enum { KIND_ALONE = UINT16_MAX /* not for lanes: a block of its own */ };
enum { SPANS = 64 /* about so many, however large the town */, BLOCK_SITES = LANES * LANES_GROUPS };

void area_unbuild(mizo_area *a)
{
    for (size_t i = 0; i < a->nblock; i++) {
        lanes_block_free(a->block[i]);
        sparse_free(a->alone[i]);
    }
    for (size_t i = 0; i < a->ntable; i++)
        free(a->tables[i]);
    free(a->block);
    free(a->alone);
    free(a->block_leaf);
    free(a->layout);
    free(a->member);
    free(a->block_member);
    free(a->span);
    free(a->span_memory);
    free(a->tables);
    free(a->reach);
    free(a->leaf);
    free(a->leaf_memory);
    free(a->answer);
    free(a->end_net);
    free(a->prices_before);
    free(a->prices_held);
    free(a->end_row);
    master_free(a->master);
    a->block = NULL, a->alone = NULL, a->block_leaf = NULL, a->layout = NULL, a->member = NULL,
    a->block_member = NULL, a->span = NULL, a->span_memory = NULL, a->tables = NULL;
    a->reach = NULL, a->leaf = NULL, a->leaf_memory = NULL, a->answer = NULL, a->end_net = NULL,
    a->master = NULL;
    a->prices_before = a->prices_held = NULL, a->end_row = NULL;
    a->nblock = a->nspan = a->ntable = a->nleaf = 0;
    a->built = a->solved = false;
}

/* ---- the order ---- */

struct area_key {
    uint32_t leaf, site;
    uint16_t kind, from, to;
    uint32_t buy, sell;
};

static int by_number(uint64_t x, uint64_t y)
{
    return x < y ? -1 : x > y;
}

static int by_key(const void *px, const void *py)
{
    const area_key *x = px, *y = py;
    int c = by_number(x->leaf, y->leaf);
    c = c ? c : by_number(x->kind, y->kind);
    c = c ? c : by_number(x->buy, y->buy);
    c = c ? c : by_number(x->sell, y->sell);
    c = c ? c : by_number(x->from, y->from);
    c = c ? c : by_number(x->to, y->to);
    return c ? c : by_number(x->site, y->site);
}

static const area_kept *kept_of(const mizo_area *a, const area_key *k)
{
    size_t scenarios = (size_t)a->shape.is.nscenario;
    return &a->kept[k->site * scenarios + k->leaf / (size_t)a->shape.is.nnode];
}

/* One problem and its case at a time: both are large. */
typedef struct area_view {
    mizo_site_problem problem;
    site_case is;
} area_view;

static mizo_err view(const mizo_area *a, const area_key *k, area_view *v)
{
    area_kept_problem(kept_of(a, k), &a->prices, a->shape.is.n, a->shape.is.step_min, &v->problem);
    v->problem.money_myen = a->money;
    return site_case_init(&v->is, &v->problem);
}

/* What the site can draw and give at most, and what a typical kW costs it. */
static void measure_site(mizo_area *a, const area_key *k, const site_case *c)
{
    size_t n = (size_t)a->shape.is.n;
    double *least = a->reach + 2 * k->leaf * n, *most = least + n, give = 0, worth = 0;
    for (int b = 0; b < c->nb; b++)
        give += c->p->battery[b].discharge_w;
    for (size_t t = 0; t < n; t++) {
        double out = give + (c->p->pv_w ? c->p->pv_w[t] : 0);
        most[t] += c->limit * 0.001;
        least[t] -= fmin(out, c->export_w) * 0.001;
        a->worth = fmax(a->worth, fabs((double)c->p->buy_myen[t]) * 0.001 * a->shape.is.step_min / 60);
        worth +=
            (c->p->load_w[t] + 0.05 * c->limit) * 0.001 * fmax(fabs((double)c->p->buy_myen[t]), 1000) * 0.001;
    }
    a->scale += worth / (double)n * a->shape.is.step_min / 60;
}

static mizo_err sort_sites(mizo_area *a, area_key *key, area_view *v)
{
    size_t scenarios = (size_t)a->shape.is.nscenario, nodes = (size_t)a->shape.is.nnode;
    for (size_t i = 0; i < a->sites; i++)
        for (size_t s = 0; s < scenarios; s++) {
            area_key *k = &key[i * scenarios + s];
            *k = (area_key){ .leaf = (uint32_t)(s * nodes + (size_t)a->node[i]), .site = (uint32_t)i };
            MIZO_TRY(view(a, k, v));
            int kind = a->wishful || a->apart[i * scenarios + s] ? -1 : lanes_kind_of(&v->is);
            k->kind = kind < 0 ? KIND_ALONE : (uint16_t)kind;
            k->buy = (uint32_t)kept_of(a, k)->buy;
            k->sell = (uint32_t)kept_of(a, k)->sell;
            if (v->is.nv) {
                k->from = (uint16_t)v->is.from[0];
                k->to = (uint16_t)v->is.to[0];
            }
            measure_site(a, k, &v->is);
            a->dearest = fmax(a->dearest, 2 * (double)v->is.price.demand * 0.001);
        }
    qsort(key, a->sites * scenarios, sizeof *key, by_key);
    return MIZO_OK;
}

/* ---- the blocks ---- */

/* Prices of the four sites of a group, yen per kW of a slot; the table of the group before serves if it is the same. */
static const lane4 *price_table(mizo_area *a, const area_key *key, int lanes, const area_key *before,
                                const lane4 *last)
{
    int n = a->shape.is.n;
    bool same = last && before;
    for (int l = 0; same && l < lanes; l++)
        same = key[l].buy == before->buy && key[l].sell == before->sell;
    if (same)
        return last;
    lane4 *table = aligned_alloc(64, ((size_t)n * 2 * sizeof(lane4) + 63) / 64 * 64);
    if (!table)
        return NULL;
    double per = a->shape.is.step_min / 60.0 * 0.001;
    for (int t = 0; t < n; t++)
        for (int l = 0; l < LANES; l++) {
            const area_key *k = &key[l < lanes ? l : 0];
            int32_t buy = a->prices.row[k->buy][t], sell = a->prices.row[k->sell][t];
            table[2 * t][l] = per * buy;
            table[2 * t + 1][l] = per * (sell < buy ? sell : buy);
        }
    a->tables[a->ntable++] = table;
    return table;
}

typedef struct area_maker {
    mizo_area *a;
    area_view *view;
    const lane4 *table;
    area_key mark; /* all four of the last table's group were of these prices */
    bool uniform;
} area_maker;

static void put_place(mizo_area *a, const area_key *key, size_t at)
{
    size_t scenario = key->leaf / (size_t)a->shape.is.nnode;
    a->place[key->site * (size_t)a->shape.is.nscenario + scenario] =
        (area_place){ (uint32_t)(a->nblock - 1), (uint32_t)at };
}

static mizo_err make_alone(area_maker *m, const area_key *key)
{
    mizo_area *a = m->a;
    area_block *b;
    MIZO_TRY(view(a, key, m->view));
    MIZO_TRY(sparse_new(&m->view->problem, &b));
    a->block_leaf[a->nblock] = key->leaf;
    a->alone[a->nblock++] = b;
    a->bytes += sparse_bytes(b);
    put_place(a, key, 0);
    return MIZO_OK;
}

static mizo_err fill_block(area_maker *m, const area_key *key, size_t count, lanes_block *b)
{
    mizo_area *a = m->a;
    a->bytes += b->bytes;
    for (size_t i = 0; i < count; i++) {
        MIZO_TRY(view(a, &key[i], m->view));
        lanes_block_fill(b, (int)i, &m->view->is);

        if (i % LANES)
            continue;
        int lanes = count - i < LANES ? (int)(count - i) : LANES;
        m->table = price_table(a, key + i, lanes, m->uniform ? &m->mark : NULL, m->table);
        if (!m->table)
            return MIZO_ENOMEM;
        lanes_block_prices(b, (int)(i / LANES), m->table);
        m->mark = key[i];
        m->uniform = true;
        for (int l = 1; l < lanes; l++)
            m->uniform &= key[i + (size_t)l].buy == key[i].buy && key[i + (size_t)l].sell == key[i].sell;
    }
    lanes_block_close(b);
    return MIZO_OK;
}

static mizo_err make_block(area_maker *m, const area_key *key, size_t count)
{
    mizo_area *a = m->a;
    lanes_block *b;
    if (key->kind == KIND_ALONE)
        return make_alone(m, key);
    MIZO_TRY(lanes_block_new(a->shape.is.n, a->shape.is.step_min / 60.0, key[0].kind, (int)count, &b));
    a->block_leaf[a->nblock] = key[0].leaf;
    a->block[a->nblock++] = b;
    for (size_t i = 0; i < count; i++)
        put_place(a, &key[i], i);
    return fill_block(m, key, count, b);
}

static bool together(const area_key *x, const area_key *y)
{
    return x->leaf == y->leaf && x->kind == y->kind && x->kind != KIND_ALONE;
}

static size_t block_end(const area_key *key, size_t i, size_t count)
{
    size_t end = i + 1;
    while (end < count && end - i < BLOCK_SITES && together(&key[i], &key[end]))
        end++;
    return end;
}

static mizo_err make_blocks(mizo_area *a, const area_key *key, size_t count, area_view *v)
{
    size_t blocks = 0;
    for (size_t i = 0; i < count; i = block_end(key, i, count))
        blocks++;
    a->block = calloc(blocks + 1, sizeof *a->block);
    a->alone = calloc(blocks + 1, sizeof *a->alone);
    a->block_leaf = calloc(blocks + 1, sizeof *a->block_leaf);
    a->tables = calloc(count / LANES + blocks + 1, sizeof *a->tables);
    a->member = malloc((count + 1) * sizeof *a->member);
    a->block_member = malloc((blocks + 1) * sizeof *a->block_member);
    if (!a->member || !a->block_member || !a->block || !a->alone || !a->block_leaf || !a->tables)
        return MIZO_ENOMEM;
    area_maker m = { .a = a, .view = v };
    for (size_t i = 0, end; i < count; i = end) {
        end = block_end(key, i, count);
        a->block_member[a->nblock] = (uint32_t)i;
        for (size_t k = i; k < end; k++)
            a->member[k] =
                key[k].site * (uint32_t)a->shape.is.nscenario + key[k].leaf / (uint32_t)a->shape.is.nnode;
        MIZO_TRY(make_block(&m, key + i, end - i));
    }
    return MIZO_OK;
}

/* ---- the same town with other figures: its blocks stay where they are ---- */

static bool same_layout(const mizo_area *a, const area_key *key, size_t count)
{
    if (!a->layout || a->nlayout != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (key[i].leaf != a->layout[i].leaf || key[i].site != a->layout[i].site ||
            key[i].kind != a->layout[i].kind)
            return false;
    return true;
}

static void free_tables(mizo_area *a)
{
    for (size_t i = 0; i < a->ntable; i++)
        free(a->tables[i]);
    a->ntable = 0;
}

static mizo_err refill_alone(area_maker *m, const area_key *key, size_t i)
{
    mizo_area *a = m->a;
    area_block *b;
    MIZO_TRY(view(a, key, m->view));
    MIZO_TRY(sparse_new(&m->view->problem, &b));
    sparse_free(a->alone[i]);
    a->alone[i] = b;
    a->bytes += sparse_bytes(b);
    return MIZO_OK;
}

static mizo_err refill_blocks(mizo_area *a, const area_key *key, area_view *v)
{
    area_maker m = { .a = a, .view = v };
    free_tables(a);
    for (size_t i = 0; i < a->nblock; i++) {
        const area_key *first = key + a->block_member[i];
        lanes_block *b = a->block[i];
        if (!b) {
            MIZO_TRY(refill_alone(&m, first, i));
            continue;
        }
        lanes_block_open(b);
        MIZO_TRY(fill_block(&m, first, (size_t)b->sites, b));
    }
    return MIZO_OK;
}

/* ---- sums ---- */

static void lay_sum(area_sum *s, double *at, size_t n)
{
    memset(s, 0, sizeof *s);
    s->schur = at;
    s->net = at + n * n;
    s->pull = s->net + n;
    s->centre = s->pull + n;
}

static mizo_err make_spans(mizo_area *a)
{
    size_t n = (size_t)a->shape.is.n, each = n * n + 3 * n, length = (a->nblock + SPANS - 1) / SPANS;
    a->span = calloc(a->nblock + 1, sizeof *a->span);
    if (!a->span)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < a->nblock; i++) {
        area_span *last = a->nspan ? &a->span[a->nspan - 1] : NULL;
        if (last && last->leaf == a->block_leaf[i] && last->count < length)
            last->count++;
        else
            a->span[a->nspan++] = (area_span){ .first = i, .count = 1, .leaf = a->block_leaf[i] };
    }
    a->span_memory = malloc((a->nspan + 1) * each * sizeof(double));
    if (!a->span_memory)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < a->nspan; i++)
        lay_sum(&a->span[i].sum, a->span_memory + i * each, n);
    a->sums_bytes = (a->nspan + 1) * each * sizeof(double);
    return MIZO_OK;
}

static mizo_err make_leaves(mizo_area *a)
{
    size_t n = (size_t)a->shape.is.n, each = n * n + 3 * n, used = 0;
    a->leaf = calloc(a->nleaf, sizeof *a->leaf);
    a->answer = calloc(a->nleaf, sizeof *a->answer);
    a->end_net = calloc(a->nleaf * n, sizeof *a->end_net);
    a->prices_before = calloc((a->nleaf + (size_t)a->shape.is.nscenario) * n, sizeof *a->prices_before);
    a->prices_held = calloc((a->nleaf + 2 * (size_t)a->shape.is.nscenario) * n, sizeof *a->prices_held);
    a->end_row = calloc(a->nleaf, sizeof *a->end_row);
    for (size_t i = 0; i < a->nspan; i++)
        used += i == 0 || a->span[i].leaf != a->span[i - 1].leaf;
    a->leaf_memory = malloc((used + 1) * each * sizeof(double));
    if (!a->leaf || !a->answer || !a->end_net || !a->prices_before || !a->prices_held || !a->end_row ||
        !a->leaf_memory)
        return MIZO_ENOMEM;
    used = 0;
    for (size_t i = 0; i < a->nspan; i++) {
        size_t leaf = a->span[i].leaf;
        if (a->answer[leaf].sum)
            continue;
        lay_sum(&a->leaf[leaf], a->leaf_memory + used++ * each, n);
        a->answer[leaf] =
            (master_leaf){ a->reach + 2 * leaf * n, a->reach + (2 * leaf + 1) * n, &a->leaf[leaf] };
    }
    a->sums_bytes += (used + 1) * each * sizeof(double);
    a->bytes += a->sums_bytes;
    return MIZO_OK;
}

static void forget_measures(mizo_area *a)
{
    a->nleaf = (size_t)a->shape.is.nnode * (size_t)a->shape.is.nscenario;
    a->money = area_money(&a->shape.is);
    a->scale = 0;
    a->worth = 1e-3;
    a->dearest = 2;
    a->at_stake = false;
    memset(a->reach, 0, a->nleaf * 2 * (size_t)a->shape.is.n * sizeof *a->reach);
}

static mizo_err make_all(mizo_area *a, area_key **key, size_t count, area_view *v)
{
    MIZO_TRY(make_blocks(a, *key, count, v));
    MIZO_TRY(make_spans(a));
    MIZO_TRY(make_leaves(a));
    a->layout = *key;
    a->nlayout = count;
    *key = NULL;
    return MIZO_OK;
}

static mizo_err build(mizo_area *a, area_key **key, area_view *v)
{
    size_t count = a->sites * (size_t)a->shape.is.nscenario, n = (size_t)a->shape.is.n;
    size_t nodes = (size_t)a->shape.is.nnode * (size_t)a->shape.is.nscenario;
    a->reach = a->reach ? a->reach : malloc(nodes * 2 * n * sizeof *a->reach);
    if (!a->reach)
        return MIZO_ENOMEM;
    forget_measures(a);
    MIZO_TRY(sort_sites(a, *key, v));
    a->scale = count ? fmax(1e-3, a->scale / (double)count) : 1; /* also where nothing can flow */
    if (same_layout(a, *key, count)) {
        MIZO_TRY(refill_blocks(a, *key, v));
        a->bytes += a->sums_bytes;
    } else {
        double *reach = a->reach, scale = a->scale;
        size_t before = a->bytes;
        a->reach = NULL;
        area_unbuild(a);
        a->reach = reach;
        a->scale = scale;
        a->nleaf = nodes;
        a->bytes = before;
        MIZO_TRY(make_all(a, key, count, v));
    }
    master_free(a->master);
    a->master = NULL;
    MIZO_TRY(master_new(&a->shape.is, a->answer, a->dearest, &a->master));
    a->bytes += master_bytes(a->master) + a->ntable * n * 2 * sizeof(lane4);
    a->built = true;
    return MIZO_OK;
}

mizo_err area_build(mizo_area *a)
{
    if (a->built)
        return MIZO_OK;
    a->solved = false;
    a->bytes = sizeof *a;
    for (size_t i = 0; i < a->sites * (size_t)a->shape.is.nscenario; i++)
        a->bytes += area_kept_bytes(&a->kept[i], a->shape.is.n) + sizeof(area_place) + sizeof *a->apart;
    area_key *key = malloc((a->sites * (size_t)a->shape.is.nscenario + 1) * sizeof *key);
    area_view *v = malloc(sizeof *v);
    mizo_err e = key && v ? build(a, &key, v) : MIZO_ENOMEM;
    free(key);
    free(v);
    if (e)
        area_unbuild(a);
    return e;
}
