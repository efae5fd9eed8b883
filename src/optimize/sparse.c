/* sparse.c: reads a site's program into rows that stand in time, and is the block's table. */
#include "optimize/sparse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimize/sparse_inner.h"

enum { ROW_NONE = -1, ROW_FOLD = -2 };
#define WIDTH_LEAST 1e-9 /* kW, kWh: a column that can move less is a constant */

/* ---- what the rows and columns of the model are here ---- */

typedef struct reader {
    const site_model *m;
    int n;
    int *row_of;   /* [m->rows] kept row, or a fold: ROW_FOLD - index, or ROW_NONE */
    int *actives;  /* [m->rows] columns with a choice */
    double *fixed; /* [m->rows] what the others add */
    char *kind;    /* [m->cols] */
    int *awake;    /* [m->rows] first slot that a border row can be touched in */
} reader;
enum { COLUMN_FIXED, COLUMN_BALANCE, COLUMN_LINK, COLUMN_DENSE };

static bool is_place(const reader *r, int row)
{
    return row < r->n * r->m->place_rows;
}

static bool is_balance(const reader *r, int row)
{
    return is_place(r, row) && row % r->m->place_rows == ROW_BALANCE;
}

static bool is_peak(const reader *r, int row)
{
    return is_place(r, row) && row % r->m->place_rows == ROW_PEAK;
}

static bool is_border(const reader *r, int row)
{
    return row >= r->m->ring * r->m->place_rows;
}

static void look_columns(reader *r)
{
    const site_model *m = r->m;
    for (int j = 0; j < m->cols; j++) {
        bool open = m->up[j] - m->lo[j] > WIDTH_LEAST;
        int balances = 0, peaks = 0, first = r->n, others = 0;
        for (int e = m->start[j]; e < m->start[j + 1]; e++) {
            int row = m->row[e];
            r->actives[row] += open;
            r->fixed[row] += open ? 0 : m->a[e] * m->lo[j];
            balances += is_balance(r, row);
            peaks += is_peak(r, row);
            first = is_balance(r, row) && row / m->place_rows < first ? row / m->place_rows : first;
        }
        for (int e = m->start[j]; balances == 1 && e < m->start[j + 1]; e++)
            others += is_place(r, m->row[e]) && m->row[e] / m->place_rows != first;
        r->kind[j] = (char)(!open                        ? COLUMN_FIXED
                            : balances > 1 || others > 0 ? COLUMN_DENSE
                            : balances == 0 && peaks > 0 ? COLUMN_DENSE
                            : balances == 1              ? COLUMN_BALANCE
                                                         : COLUMN_LINK);
        for (int e = m->start[j]; r->kind[j] == COLUMN_BALANCE && e < m->start[j + 1]; e++)
            if (is_border(r, m->row[e]) && first < r->awake[m->row[e]])
                r->awake[m->row[e]] = first;
    }
}

static bool row_says(const reader *r, int row)
{
    return r->actives[row] > 0 && (r->m->rlo[row] > -NOWHERE || r->m->rup[row] < NOWHERE);
}

/* Border rows in the order in which time wakes them. */
static int count_border(reader *r)
{
    int count = 0, first = r->m->ring * r->m->place_rows;
    for (int t = 0; t <= r->n; t++)
        for (int i = first; i < r->m->rows; i++)
            if (r->awake[i] == t && row_says(r, i))
                r->row_of[i] = count++;
    return count;
}

/* Balance, local and border rows get their places; peak rows become folds. Returns how many folds. */
static int place_rows(reader *r, sparse_rows *rows)
{
    const site_model *m = r->m;
    int folds = 0;
    for (int i = 0; i < m->rows; i++)
        r->row_of[i] = ROW_NONE;
    rows->n = r->n;
    rows->width = m->place_rows - ROW_BATTERY;
    rows->border = count_border(r);
    rows->all = r->n * (1 + rows->width) + rows->border;
    for (int i = 0; i < m->rows; i++) {
        int t = i / m->place_rows, k = i % m->place_rows;
        if (!row_says(r, i))
            continue;
        if (is_border(r, i))
            r->row_of[i] += r->n * (1 + rows->width);
        else if (is_peak(r, i))
            r->row_of[i] = ROW_FOLD - folds++;
        else if (is_place(r, i))
            r->row_of[i] = k == ROW_BALANCE ? t : r->n + t * rows->width + k - ROW_BATTERY;
    }
    return folds;
}

/* ---- memory: counted first, then dealt out ---- */

typedef struct dealer {
    char *at;
    size_t used;
} dealer;

static void *deal(dealer *d, size_t count, size_t size)
{
    void *p = d->at ? d->at + d->used : NULL;
    d->used += (count * size + 63) & ~(size_t)63;
    return p;
}

static double *deal_doubles(dealer *d, size_t count)
{
    return deal(d, count, sizeof(double));
}

typedef struct sizes {
    size_t cols, entries, folds, dense;
} sizes;

static void deal_cols(dealer *d, sparse_cols *c, const sizes *s, size_t n)
{
    double **all[] = { &c->lo, &c->up,    &c->cost, &c->xl, &c->xu, &c->zl, &c->zu,
                       &c->dx, &c->theta, &c->pull, &c->dl, &c->du, &c->cl, &c->cu };
    int **whole[] = { &c->of, &c->sign, &c->fold, &c->at };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        *all[i] = deal_doubles(d, s->cols);
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        *whole[i] = deal(d, s->cols, sizeof(int));
    c->slot = deal(d, n + 1, sizeof(int));
    c->start = deal(d, s->cols + 1, sizeof(int));
    c->row = deal(d, s->entries, sizeof(int));
    c->a = deal_doubles(d, s->entries);
}

static void deal_all(dealer *d, area_block *b, const sizes *s)
{
    size_t n = (size_t)b->rows.n, width = (size_t)b->rows.width, border = (size_t)b->rows.border;
    size_t all = (size_t)b->rows.all;
    sparse_folds *f = &b->folds;
    double **fold[] = { &f->a,     &f->right, &f->slack, &f->tax,   &f->dslack, &f->dtax,
                        &f->cross, &f->miss,  &f->push,  &f->share, &f->second, &f->hard };
    double **row[] = { &b->rows.right, &b->rows.y, &b->dy, &b->miss, &b->work };
    double **slot[] = { &b->idle, &b->prices, &b->balance, &b->grid, &b->rest };
    deal_cols(d, &b->cols, s, n);
    for (size_t i = 0; i < sizeof fold / sizeof *fold; i++)
        *fold[i] = deal_doubles(d, s->folds);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        *row[i] = deal_doubles(d, all);
    for (size_t i = 0; i < sizeof slot / sizeof *slot; i++)
        *slot[i] = deal_doubles(d, n);
    f->col = deal(d, s->folds, sizeof(int));
    f->row = deal(d, s->folds, sizeof(int));
    f->part = deal_doubles(d, s->folds * s->dense);
    b->rows.here = deal(d, all, sizeof(bool));
    b->awake = deal(d, n, sizeof(int));
    b->couple = deal_doubles(d, n * (width + border));
    b->local = deal_doubles(d, n * width * width);
    b->next = deal_doubles(d, n * width * width);
    b->link = deal_doubles(d, 3 * n * width);
    b->edge = deal_doubles(d, n * width * border);
    b->corner = deal_doubles(d, border * border);
    b->tall = deal_doubles(d, s->dense * all);
    b->tau = deal_doubles(d, s->dense * n);
    b->bare = deal_doubles(d, s->dense * n);
    b->direct = deal_doubles(d, n * width);
    b->saved = deal_doubles(d, 2 * s->cols + s->folds);
    b->list = deal(d, s->cols, sizeof(int));
    b->small = deal_doubles(d, s->dense * s->dense);
    b->small_right = deal_doubles(d, 2 * s->dense);
    b->lead = deal(d, s->dense, sizeof(int));
    b->dp = b->small_right ? b->small_right + s->dense : NULL;
    b->sweep = deal_doubles(d, sparse_sweep_size(b));
    b->wide_x = deal_doubles(d, (size_t)b->model.cols);
    b->wide_y = deal_doubles(d, (size_t)b->model.rows);
    b->dual_of = deal(d, (size_t)b->model.rows, sizeof(int));
}

/* ---- columns, rows, folds ---- */

typedef struct writer {
    area_block *b;
    const reader *r;
    int col, entry;
} writer;

static void put_entry(writer *w, int row, double a)
{
    w->b->cols.row[w->entry] = row;
    w->b->cols.a[w->entry++] = a;
}

static void end_column(writer *w, int of, double lo, double up, double cost)
{
    sparse_cols *c = &w->b->cols;
    c->of[w->col] = of;
    c->lo[w->col] = lo;
    c->up[w->col] = up;
    c->cost[w->col] = cost;
    c->cl[w->col] = c->cu[w->col] = 0;
    c->start[++w->col] = w->entry;
}

/* The balance row's entry comes first. */
static void put_column(writer *w, int j)
{
    const site_model *m = w->r->m;
    sparse_cols *c = &w->b->cols;
    int place = j / m->place_cols, k = j % m->place_cols;
    c->fold[w->col] = -1;
    c->at[w->col] = place < w->r->n ? place : 0;
    c->sign[w->col] = place >= w->r->n ? 0 : k == COL_IMPORT ? 1 : k == COL_EXPORT ? -1 : 0;
    for (int first = 1; first >= 0; first--)
        for (int e = m->start[j]; e < m->start[j + 1]; e++) {
            int row = w->r->row_of[m->row[e]];
            if (row <= ROW_FOLD && !first) {
                sparse_folds *f = &w->b->folds;
                int i = ROW_FOLD - row;
                if (w->r->kind[j] == COLUMN_DENSE) {
                    f->part[(size_t)i * (size_t)w->b->dense + (size_t)(w->col - c->dense)] = m->a[e];
                } else {
                    f->col[i] = w->col;
                    f->a[i] = m->a[e];
                    c->fold[w->col] = i;
                }
            } else if (row >= 0 && first == (row < w->r->n)) {
                put_entry(w, row, m->a[e]);
            }
        }
    end_column(w, j, m->lo[j], m->up[j], m->cost[j]);
}

/* The slack of a row that is not an equation: row - slack = right of what is fixed. */
static void put_slack(writer *w, int i)
{
    const site_model *m = w->r->m;
    sparse_cols *c = &w->b->cols;
    c->fold[w->col] = -1;
    c->at[w->col] = c->sign[w->col] = 0;
    put_entry(w, w->r->row_of[i], -1);
    end_column(w, -1, m->rlo[i] > -NOWHERE ? m->rlo[i] : -2 * NOWHERE,
               m->rup[i] < NOWHERE ? m->rup[i] : 2 * NOWHERE, 0);
}

static bool needs_slack(const reader *r, int i)
{
    return r->row_of[i] >= 0 && r->m->rup[i] - r->m->rlo[i] > WIDTH_LEAST;
}

static void put_columns(writer *w)
{
    const reader *r = w->r;
    sparse_cols *c = &w->b->cols;
    c->start[0] = 0;
    for (int t = 0; t < r->n; t++) {
        c->slot[t] = w->col;
        for (int j = t * r->m->place_cols; j < (t + 1) * r->m->place_cols; j++)
            if (r->kind[j] == COLUMN_BALANCE)
                put_column(w, j);
    }
    c->slot[r->n] = c->links = w->col;
    for (int j = 0; j < r->m->cols; j++)
        if (r->kind[j] == COLUMN_LINK)
            put_column(w, j);
    for (int i = 0; i < r->m->rows; i++)
        if (needs_slack(r, i))
            put_slack(w, i);
    c->dense = w->col;
    for (int j = 0; j < r->m->cols; j++)
        if (r->kind[j] == COLUMN_DENSE)
            put_column(w, j);
    c->n = w->col;
}

static void put_rows(area_block *b, const reader *r)
{
    const site_model *m = r->m;
    for (int i = 0; i < m->rows; i++) {
        int row = b->dual_of[i] = r->row_of[i];
        if (row >= 0) {
            b->rows.here[row] = true;
            b->rows.right[row] = (needs_slack(r, i) ? 0 : (m->rlo[i] + m->rup[i]) / 2) - r->fixed[i];
        } else if (row <= ROW_FOLD) {
            b->folds.row[ROW_FOLD - row] = i;
            b->folds.right[ROW_FOLD - row] = m->rup[i] - r->fixed[i];
        }
    }
    int first = r->n * (1 + b->rows.width), count = 0;
    for (int t = 0; t < r->n; t++) {
        for (int i = m->ring * m->place_rows; i < m->rows; i++)
            if (r->row_of[i] >= first && r->awake[i] <= t && r->row_of[i] - first + 1 > count)
                count = r->row_of[i] - first + 1;
        b->awake[t] = count;
    }
}

static void put_constants(area_block *b, const reader *r)
{
    const site_model *m = r->m;
    b->constant = m->constant;
    for (int j = 0; j < m->cols; j++) {
        int t = j / m->place_cols, k = j % m->place_cols;
        if (r->kind[j] != COLUMN_FIXED)
            continue;
        b->constant += m->cost[j] * m->lo[j];
        if (t < r->n && k == COL_IMPORT)
            b->idle[t] += m->lo[j];
        if (t < r->n && k == COL_EXPORT)
            b->idle[t] -= m->lo[j];
    }
}

static sizes count_all(const reader *r, int folds)
{
    sizes s = { .folds = (size_t)folds };
    for (int j = 0; j < r->m->cols; j++) {
        s.cols += r->kind[j] != COLUMN_FIXED;
        s.dense += r->kind[j] == COLUMN_DENSE;
        s.entries += r->kind[j] != COLUMN_FIXED ? (size_t)(r->m->start[j + 1] - r->m->start[j]) : 0;
    }
    for (int i = 0; i < r->m->rows; i++) {
        s.cols += needs_slack(r, i);
        s.entries += needs_slack(r, i);
    }
    return s;
}

static mizo_err read_model(area_block *b, reader *r)
{
    look_columns(r);
    int folds = place_rows(r, &b->rows);
    sizes s = count_all(r, folds);
    b->dense = (int)s.dense;
    b->folds.n = folds;
    dealer d = { NULL, 0 };
    deal_all(&d, b, &s);
    b->memory = calloc(1, d.used + 64);
    if (!b->memory)
        return MIZO_ENOMEM;
    b->bytes += d.used;
    d = (dealer){ b->memory, 0 };
    d.at += -(uintptr_t)d.at & 63;
    deal_all(&d, b, &s);
    for (int i = 0; i < folds; i++)
        b->folds.col[i] = -1;
    b->cols.dense = (int)(s.cols - s.dense);
    writer w = { b, r, 0, 0 };
    put_columns(&w);
    put_rows(b, r);
    put_constants(b, r);
    return MIZO_OK;
}

/* ---- the block ---- */

static const int32_t *copy_series(const int32_t *from, int n, int32_t **at)
{
    if (!from)
        return NULL;
    memcpy(*at, from, (size_t)n * sizeof *from);
    *at += n;
    return *at - n;
}

/* The problem with all its arrays. */
static mizo_err copy_problem(area_block *b, const mizo_site_problem *p)
{
    mizo_site_problem *to = &b->problem;
    size_t count = 4 + 3 * (size_t)p->nbattery;
    int32_t *at = b->series = malloc(count * (size_t)p->n * sizeof *at);
    if (!at)
        return MIZO_ENOMEM;
    b->bytes += count * (size_t)p->n * sizeof *at;
    *to = *p;
    to->load_w = copy_series(p->load_w, p->n, &at);
    to->pv_w = copy_series(p->pv_w, p->n, &at);
    to->buy_myen = copy_series(p->buy_myen, p->n, &at);
    to->sell_myen = copy_series(p->sell_myen, p->n, &at);
    for (int i = 0; i < p->nbattery; i++) {
        mizo_plan_battery *x = &to->battery[i];
        x->use_w = copy_series(x->use_w, p->n, &at);
        x->reserved_w = copy_series(x->reserved_w, p->n, &at);
        x->reserved_wh = copy_series(x->reserved_wh, p->n, &at);
    }
    return MIZO_OK;
}

static mizo_err read_problem(area_block *b)
{
    MIZO_TRY(site_case_init(&b->whole, &b->problem));
    b->hour = b->whole.step / 60.0;
    MIZO_TRY(site_model_make(&b->model, &b->whole));
    site_model_fill(&b->model, &b->whole, 0);
    const site_model *m = &b->model;
    size_t rows = (size_t)m->rows, cols = (size_t)m->cols;
    b->bytes += sizeof *b + (3 * cols + 2 * rows) * sizeof(double) + cols * sizeof(int) +
                (size_t)m->nonzeros * (sizeof(double) + sizeof(int));
    reader r = { m,
                 b->whole.n,
                 malloc(rows * sizeof(int)),
                 calloc(rows, sizeof(int)),
                 calloc(rows, sizeof(double)),
                 malloc(cols),
                 malloc(rows * sizeof(int)) };
    mizo_err e = MIZO_ENOMEM;
    if (r.row_of && r.actives && r.fixed && r.kind && r.awake) {
        for (size_t i = 0; i < rows; i++)
            r.awake[i] = r.n;
        e = read_model(b, &r);
    }
    free(r.row_of);
    free(r.actives);
    free(r.fixed);
    free(r.kind);
    free(r.awake);
    return e;
}

mizo_err sparse_new(const mizo_site_problem *p, area_block **out)
{
    *out = NULL;
    site_case test;
    MIZO_TRY(site_case_init(&test, p));
    area_block *b = calloc(1, sizeof *b);
    if (!b)
        return MIZO_ENOMEM;
    mizo_err e = copy_problem(b, p);
    e = e ? e : read_problem(b);
    if (e) {
        sparse_free(b);
        return e;
    }
    *out = b;
    return MIZO_OK;
}

void sparse_free(area_block *b)
{
    if (!b)
        return;
    site_model_free(&b->model);
    free(b->series);
    free(b->memory);
    free(b);
}

size_t sparse_bytes(const area_block *b)
{
    return b->bytes;
}

const site_case *sparse_case(const area_block *b)
{
    return &b->whole;
}

/* Net import is at most what the site can use, and at least minus what it can give. */
void sparse_reach(const area_block *b, double *least, double *most)
{
    const site_case *c = &b->whole;
    const mizo_site_problem *p = c->p;
    for (int t = 0; t < c->n; t++) {
        double use = p->load_w[t], give = p->pv_w ? p->pv_w[t] : 0;
        for (int i = 0; i < c->nb; i++) {
            use += c->charge_w[i];
            give += p->battery[i].discharge_w;
        }
        for (int i = 0; i < c->nv; i++)
            use += t >= c->from[i] && t < c->to[i] ? p->vehicle[i].max_w : 0;
        for (int i = 0; i < c->nrun; i++)
            use += p->run[i].power_w;
        most[t] = fmin(use, c->limit) / 1000;
        least[t] = -fmin(give, c->export_w) / 1000;
    }
}

/* ---- what the site would do ---- */

/* The model's own columns and duals; work: [model.cols + model.rows]. */
void sparse_unfold(const area_block *b, double *x, double *y)
{
    const site_model *m = &b->model;
    for (int j = 0; j < m->cols; j++)
        x[j] = m->lo[j];
    for (int j = 0; j < b->cols.n; j++)
        if (b->cols.of[j] >= 0)
            x[b->cols.of[j]] = sparse_value(&b->cols, j);
    for (int i = 0; i < m->rows; i++)
        y[i] = b->dual_of[i] >= 0 ? b->rows.y[b->dual_of[i]] : 0;
    for (int i = 0; i < b->folds.n; i++)
        y[b->folds.row[i]] = -b->folds.tax[i];
}

static void read_flows(const area_block *b, int k, site_flows *out)
{
    (void)k;
    sparse_unfold(b, b->wide_x, b->wide_y);
    site_model_flows(&b->model, &b->whole, b->wide_x, out);
    site_model_prices(&b->model, &b->whole, b->wide_y, out);
}

const area_kind area_sparse = {
    "sparse", sparse_start, sparse_advance, sparse_bound, sparse_exact, read_flows
};
