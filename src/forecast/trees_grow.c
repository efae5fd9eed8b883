/* trees_grow.c: one tree: at every node the cut after which the two sides differ most. */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "forecast/trees_inner.h"

typedef struct bin {
    double s, w; /* sum of weight * slope, of weight */
    uint32_t n;
} bin;

typedef struct split {
    double gain;
    int column, code; /* codes up to this one go left */
    bool missing_left;
} split;

typedef struct job {
    size_t node, from, to;
    int depth;
} job;

/* splitmix64 (Steele, Lea, Flood 2014). */
uint64_t trees_draw(trees_random *r, uint64_t below)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return (uint64_t)(((z >> 32) * below) >> 32);
}

static void add(bin *a, const bin *b)
{
    a->s += b->s;
    a->w += b->w;
    a->n += b->n;
}

/* How much of the squares a side explains. */
static double worth(const bin *b)
{
    return b->w > 0 ? b->s * b->s / b->w : 0;
}

static void count(const trees_growth *g, int column, const job *j, bin all[TREES_BINS], bin *missing)
{
    const uint8_t *code = g->r->code + (size_t)column * g->r->rows;
    memset(all, 0, (size_t)(g->r->ncut[column] + 1) * sizeof *all);
    *missing = (bin){ 0 };
    for (size_t i = j->from; i < j->to; i++) {
        uint32_t row = g->row[i];
        bin *b = code[row] == TREES_MISSING ? missing : &all[code[row]];
        b->s += g->near[i - j->from].s;
        b->w += g->near[i - j->from].w;
        b->n++;
    }
}

static void try_cut(const trees_growth *g, int column, int code, bin left, bin right, const bin *missing,
                    bool missing_left, split *best)
{
    add(missing_left ? &left : &right, missing);
    uint32_t least = (uint32_t)g->task->least;
    if (left.n < least || right.n < least)
        return;
    double gain = worth(&left) + worth(&right);
    if (gain > best->gain)
        *best = (split){ gain, column, code, missing_left };
}

/* The first and last bin that hold a row: cuts lie between. */
static void reach(const bin *all, int n, int *low, int *high)
{
    *low = 0;
    *high = n - 1;
    while (*low < *high && !all[*low].n)
        ++*low;
    while (*high > *low && !all[*high].n)
        --*high;
}

static void try_column(trees_growth *g, int column, const job *j, split *best)
{
    bin all[TREES_BINS], missing, left = { 0 }, sum = { 0 };
    int n = g->r->ncut[column] + 1, low, high;
    count(g, column, j, all, &missing);
    for (int k = 0; k < n; k++)
        add(&sum, &all[k]);
    reach(all, n, &low, &high);
    if (missing.n) /* known on one side, missing on the other */
        try_cut(g, column, n - 1, sum, (bin){ 0 }, &missing, false, best);
    int only =
        g->task->scatter && high > low ? low + (int)trees_draw(&g->random, (uint64_t)(high - low)) : -1;
    for (int k = low; k < high; k++) {
        add(&left, &all[k]);
        if (only >= 0 && k != only)
            continue;
        bin right = { sum.s - left.s, sum.w - left.w, sum.n - left.n };
        try_cut(g, column, k, left, right, &missing, true, best);
        if (missing.n)
            try_cut(g, column, k, left, right, &missing, false, best);
    }
}

/* Looks at a share of the columns, drawn anew. */
static split best_of(trees_growth *g, const job *j)
{
    bin all = { 0 };
    int columns = g->r->columns, take = (int)(g->task->take * columns + 0.5);
    for (size_t i = j->from; i < j->to; i++) {
        trees_near n = { g->slope[g->row[i]], g->w[g->row[i]] };
        g->near[i - j->from] = n;
        all.s += n.s;
        all.w += n.w;
    }
    split best = { worth(&all) * (1 + 1e-9) + 1e-12, -1, 0, false };
    for (int k = 0; k < (take ? take : 1); k++) {
        int other = k + (int)trees_draw(&g->random, (uint64_t)(columns - k));
        int16_t c = g->column[other];
        g->column[other] = g->column[k];
        g->column[k] = c;
        try_column(g, c, j, &best);
    }
    return best;
}

/* Keeps the order on both sides. */
static size_t part(trees_growth *g, const job *j, const split *s)
{
    const uint8_t *code = g->r->code + (size_t)s->column * g->r->rows;
    size_t left = j->from, right = 0;
    for (size_t i = j->from; i < j->to; i++) {
        uint32_t row = g->row[i];
        bool goes = code[row] == TREES_MISSING ? s->missing_left : code[row] <= s->code;
        if (goes)
            g->row[left++] = row;
        else
            g->room[right++] = row;
    }
    memcpy(g->row + left, g->room, right * sizeof *g->room);
    return left;
}

static bool room_for(trees_growth *g, size_t more)
{
    if (g->nnode + more <= g->cap)
        return true;
    size_t cap = 2 * g->cap + 256;
    trees_node *p = g->nnode + more < INT32_MAX ? realloc(g->node, cap * sizeof *p) : NULL;
    if (!p)
        return false;
    g->node = p;
    g->cap = cap;
    return true;
}

/* Every cut of a column, the last of them above all values, as a number. */
static float cut_of(const trees_rows *r, const split *s)
{
    return s->code < r->ncut[s->column] ? r->cut[s->column][s->code] : FLT_MAX;
}

static void leaf(trees_growth *g, const job *j)
{
    g->node[j->node] = (trees_node){ .column = -1, .from = (uint32_t)j->from, .to = (uint32_t)j->to };
}

bool trees_grow(trees_growth *g, size_t *root)
{
    job stack[TREES_DEPTH + 2];
    int top = 0;
    if (!room_for(g, 1))
        return false;
    *root = g->nnode;
    stack[top++] = (job){ g->nnode++, 0, g->n, 0 };
    while (top) {
        job j = stack[--top];
        split s = { .column = -1 };
        if (j.depth < g->task->depth && j.to - j.from >= 2 * (size_t)g->task->least)
            s = best_of(g, &j);
        if (s.column < 0) {
            leaf(g, &j);
            continue;
        }
        if (!room_for(g, 2))
            return false;
        size_t middle = part(g, &j, &s), child = g->nnode;
        g->nnode += 2;
        g->node[j.node] = (trees_node){ .child = (int32_t)child,
                                        .column = (int16_t)s.column,
                                        .missing_left = s.missing_left,
                                        .cut = cut_of(g->r, &s) };
        stack[top++] = (job){ child + 1, middle, j.to, j.depth + 1 };
        stack[top++] = (job){ child, j.from, middle, j.depth + 1 };
    }
    return true;
}
