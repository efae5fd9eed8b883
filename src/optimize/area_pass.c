/* area_pass.c: once over all blocks, with as many threads as there are. The blocks are cut into spans that do not depend
 * on the threads; each span has its own sums, and they are added in the spans' order. */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "optimize/area_own.h"

enum { MOVED_STEPS = 6 };

typedef struct area_work {
    mizo_area *a;
    area_job job;
    double mu, part;
    int steps;
    bool second;
    const lanes_kernel *kernel;
    atomic_size_t next;
} area_work;

static const double *price_of(const mizo_area *a, size_t leaf)
{
    int nodes = a->shape.is.nnode;
    return master_price(a->master, (int)(leaf / (size_t)nodes), (int)(leaf % (size_t)nodes));
}

/* AREA_END asks for the net alone, of other flows: what was answered before stays. */
static void clear_net(area_sum *s, size_t n)
{
    memset(s->net, 0, n * sizeof *s->net);
}

static void clear_sum(area_sum *s, size_t n)
{
    double *memory = s->schur;
    memset(memory, 0, (n * n + 3 * n) * sizeof *memory);
    *s = (area_sum){ .schur = memory, .net = s->net, .pull = s->pull, .centre = s->centre };
}

static void end_span(area_span *s, const lanes_block *b, const double *price)
{
    s->cost += lanes_exact(b, s->sum.net, &s->miss);
    s->bound += lanes_bound(b, price, &s->wished);
}

static void do_alone(const area_work *w, area_span *s, area_block *b, const area_move *to)
{
    if (w->job == AREA_END) {
        s->cost += area_sparse.exact(b, s->sum.net);
        s->bound += area_sparse.bound(b, to->price);
        return;
    }
    if (w->job == AREA_TRY) {
        s->part = fmin(s->part, sparse_try(b, to));
        return;
    }
    if (w->job == AREA_TAKE) {
        sparse_take(b, to, w->part, &s->sum);
        return;
    }
    if (w->job == AREA_START || w->job == AREA_RESUME)
        area_sparse.start(b, to);
    area_sparse.advance(b, to, &s->sum);
}

/* From what was kept of each site; one that has nothing begins from the start. Returns how many steps the block may make
 * at these prices before it answers: none where nothing but data has changed, some where the horizon has moved on, for
 * what is stored at its start, or where a site is new. */
static int resume_block(const area_work *w, size_t i, const area_move *to)
{
    const mizo_area *a = w->a;
    lanes_block *b = a->block[i];
    int by = area_moved_on(a), steps = by > 0 ? MOVED_STEPS : 0;
    for (int g = 0; g < b->groups; g++) {
        bool all = true;
        for (int k = g * LANES; k < (g + 1) * LANES && k < b->sites; k++)
            all &= *area_point_of(a, i, k) != 0;
        if (!all)
            w->kernel->start(&b->group[g], b->n, b->kind, to->price, to->mu);
        steps = all || steps > to->steps ? steps : to->steps;
    }
    for (int k = 0; k < b->sites; k++) {
        const uint16_t *from = area_point_of(a, i, k);
        if (*from)
            lanes_restore(b, k, to->price, from, by, to->mu);
    }
    lanes_restored(b);
    return steps;
}

static void keep_block(const mizo_area *a, size_t i, const double *price)
{
    const lanes_block *b = a->block[i];
    for (int k = 0; k < (b ? b->sites : 1); k++) {
        uint16_t *to = area_point_of(a, i, k);
        if (b)
            lanes_keep(b, k, price, to);
        else
            *to = 0;
    }
}

static void do_span(area_work *w, area_span *s, lane4 *scratch)
{
    mizo_area *a = w->a;
    int n = a->shape.is.n;
    const double *price = price_of(a, s->leaf);
    int nodes = a->shape.is.nnode, node = (int)(s->leaf % (size_t)nodes);
    const double *ahead = master_ahead(a->master, (int)(s->leaf / (size_t)nodes), node);
    area_move to = {
        .price = price, .delta = ahead, .mu = w->mu, .steps = w->steps, .give = a->give, .second = w->second
    };
    if (w->job == AREA_END)
        clear_net(&s->sum, (size_t)n);
    else if (w->job != AREA_KEEP)
        clear_sum(&s->sum, (size_t)n);
    s->cost = s->bound = s->wished = s->miss = 0;
    s->part = 1;
    for (size_t i = s->first; i < s->first + s->count; i++) {
        const lanes_block *b = a->block[i];
        if (w->job == AREA_KEEP) {
            keep_block(a, i, price);
            continue;
        }
        if (!b) {
            do_alone(w, s, a->alone[i], &to);
            continue;
        }
        if (w->job == AREA_END) {
            end_span(s, b, price);
            continue;
        }
        to.steps = w->job == AREA_RESUME ? resume_block(w, i, &to) : w->steps;
        for (int k = 0; w->job == AREA_START && k < b->groups; k++)
            w->kernel->start(&b->group[k], n, b->kind, price, w->mu);
        w->kernel->advance(b->group, b->groups, n, b->kind, &to, scratch, &s->sum);
    }
}

static void work(void *ctx, int thread)
{
    area_work *w = ctx;
    lane4 *scratch = w->a->scratch + (size_t)thread * w->a->scratch_each;
    for (;;) {
        size_t i = atomic_fetch_add(&w->next, 1);
        if (i >= w->a->nspan)
            return;
        do_span(w, &w->a->span[i], scratch);
    }
}

static void add_sum(area_sum *to, const area_sum *from, size_t n)
{
    for (size_t i = 0; i < n * n + 3 * n; i++)
        to->schur[i] += from->schur[i];
    to->cost += from->cost;
    to->product += from->product;
    to->residual = from->residual > to->residual ? from->residual : to->residual;
    to->blocked += from->blocked;
    to->steps += from->steps;
}

mizo_err area_threads(mizo_area *a, const mizo_crew *crew)
{
    int threads = crew && crew->threads > 1 ? crew->threads : 1;
    size_t each = (lanes_kernel_here()->scratch(a->shape.is.n) + 7) / 2 * 2;
    if (threads <= a->scratch_threads && each == a->scratch_each)
        return MIZO_OK;
    free(a->scratch);
    a->scratch_threads = 0;
    a->scratch = aligned_alloc(64, (size_t)threads * each * sizeof(lane4));
    if (!a->scratch)
        return MIZO_ENOMEM;
    a->scratch_threads = threads;
    a->scratch_each = each;
    return MIZO_OK;
}

static void run(mizo_area *a, const mizo_crew *crew, area_work *w)
{
    if (crew && crew->threads > 1 && a->nspan > 1)
        crew->run(crew->arg, work, w);
    else
        work(w, 0);
}

static void gather(mizo_area *a)
{
    size_t n = (size_t)a->shape.is.n;
    for (size_t i = 0; i < a->nleaf; i++)
        if (a->answer[i].sum)
            clear_sum(&a->leaf[i], n);
    for (size_t i = 0; i < a->nspan; i++)
        add_sum(&a->leaf[a->span[i].leaf], &a->span[i].sum, n);
}

void area_pass(mizo_area *a, const mizo_crew *crew, area_job job, double mu, int steps, bool second)
{
    area_work w = {
        .a = a, .job = job, .mu = mu, .steps = steps, .second = second, .kernel = lanes_kernel_here()
    };
    run(a, crew, &w);
    if (job != AREA_KEEP && job != AREA_END)
        gather(a);
}

double area_try(mizo_area *a, const mizo_crew *crew, double mu)
{
    area_work w = { .a = a, .job = AREA_TRY, .mu = mu, .kernel = lanes_kernel_here() };
    run(a, crew, &w);
    double part = 1;
    for (size_t i = 0; i < a->nspan; i++)
        part = fmin(part, a->span[i].part);
    return part;
}

void area_take(mizo_area *a, const mizo_crew *crew, double part)
{
    area_work w = { .a = a, .job = AREA_TAKE, .part = part, .kernel = lanes_kernel_here() };
    run(a, crew, &w);
    gather(a);
}
