/* margin.c: see margin.h. */
#include "retail/margin.h"

#include <stdlib.h>

struct margin {
    margin_ask ask;
    margin_cell *slot, *contract, *source;
    int64_t *common;          /* [nslot] costs that are no one contract's */
    int64_t *loose;           /* [nslot] costs that are no one source's */
    int64_t *use;             /* [nslot] of all contracts */
    int64_t *w, *room, *part; /* [most of all counts] */
};

static mizo_err add(int64_t *to, int64_t v)
{
    return __builtin_add_overflow(*to, v, to) ? MIZO_ERANGE : MIZO_OK;
}

mizo_err margin_spread(mizo_uyen amount, const int64_t *w, size_t n, int64_t *room, int64_t *out)
{
    bool any = false;
    mizo_uyen whole = amount < 0 ? -amount : amount;
    for (size_t i = 0; i < n && !any; i++)
        any = w[i] != 0;
    if (any) {
        MIZO_TRY(mizo_split(whole, w, n, room));
    } else {
        for (size_t i = 0; i < n; i++)
            room[i] = whole / (int64_t)n + ((int64_t)i < whole % (int64_t)n);
    }
    for (size_t i = 0; i < n; i++)
        MIZO_TRY(add(&out[i], amount < 0 ? -room[i] : room[i]));
    return MIZO_OK;
}

static size_t most(const margin_ask *a)
{
    size_t n = a->nslot > a->ncontract ? a->nslot : a->ncontract;
    return (n > a->nsource ? n : a->nsource) + 2;
}

static mizo_err count_use(margin *m)
{
    const margin_ask *a = &m->ask;
    for (size_t c = 0; c < a->ncontract; c++)
        for (size_t s = 0; s < a->nslot; s++) {
            m->use[s] += a->wh[c * a->nslot + s];
            m->slot[s].wh += a->wh[c * a->nslot + s];
            m->contract[c].wh += a->wh[c * a->nslot + s];
        }
    return MIZO_OK;
}

margin *margin_new(const margin_ask *ask)
{
    margin *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->ask = *ask;
    m->slot = calloc(ask->nslot + 1, sizeof *m->slot);
    m->contract = calloc(ask->ncontract + 1, sizeof *m->contract);
    m->source = calloc(ask->nsource + 2, sizeof *m->source);
    m->common = calloc(ask->nslot + 1, sizeof *m->common);
    m->loose = calloc(ask->nslot + 1, sizeof *m->loose);
    m->use = calloc(ask->nslot + 1, sizeof *m->use);
    m->w = calloc(most(ask), sizeof *m->w);
    m->room = calloc(most(ask), sizeof *m->room);
    m->part = calloc(most(ask), sizeof *m->part);
    bool whole =
        m->slot && m->contract && m->source && m->common && m->loose && m->use && m->w && m->room && m->part;
    if (whole && !count_use(m))
        return m;
    margin_free(m);
    return NULL;
}

void margin_free(margin *m)
{
    if (!m)
        return;
    free(m->slot);
    free(m->contract);
    free(m->source);
    free(m->common);
    free(m->loose);
    free(m->use);
    free(m->w);
    free(m->room);
    free(m->part);
    free(m);
}

/* m->part: an amount by half-hour. contract -1: by the use of all. */
static mizo_err by_slot(margin *m, ptrdiff_t contract, mizo_uyen amount, const int64_t *own)
{
    size_t n = m->ask.nslot;
    mizo_uyen rest = amount;
    for (size_t s = 0; s < n; s++) {
        m->part[s] = own ? own[s] : 0;
        MIZO_TRY(add(&rest, -m->part[s]));
        m->w[s] = contract < 0 ? m->use[s] : m->ask.wh[(size_t)contract * n + s];
    }
    return margin_spread(rest, m->w, n, m->room, m->part);
}

mizo_err margin_income(margin *m, size_t contract, mizo_uyen amount, const int64_t *own)
{
    MIZO_TRY(by_slot(m, (ptrdiff_t)contract, amount, own));
    for (size_t s = 0; s < m->ask.nslot; s++)
        MIZO_TRY(add(&m->slot[s].income, m->part[s]));
    return add(&m->contract[contract].income, amount);
}

mizo_err margin_cost(margin *m, ptrdiff_t contract, ptrdiff_t source, mizo_uyen amount, const int64_t *own)
{
    MIZO_TRY(by_slot(m, contract, amount, own));
    for (size_t s = 0; s < m->ask.nslot; s++) {
        MIZO_TRY(add(&m->slot[s].cost, m->part[s]));
        if (contract < 0)
            MIZO_TRY(add(&m->common[s], m->part[s]));
        if (source < 0)
            MIZO_TRY(add(&m->loose[s], m->part[s]));
    }
    if (contract >= 0)
        MIZO_TRY(add(&m->contract[contract].cost, amount));
    return source < 0 ? MIZO_OK : add(&m->source[source].cost, amount);
}

/* ---- sharing ---- */

static mizo_err to_contracts(margin *m, size_t s)
{
    const margin_ask *a = &m->ask;
    bool used = m->use[s] != 0;
    for (size_t c = 0; c < a->ncontract; c++) {
        m->w[c] = used ? a->wh[c * a->nslot + s] : m->contract[c].wh;
        m->part[c] = 0;
    }
    MIZO_TRY(margin_spread(m->common[s], m->w, a->ncontract, m->room, m->part));
    for (size_t c = 0; c < a->ncontract; c++)
        MIZO_TRY(add(&m->contract[c].cost, m->part[c]));
    return MIZO_OK;
}

/* One amount of a half-hour into a field of the sources' cells. What they gave less than was used came from the
 * balancing group: it has its share, or everything would seem to be made by the few that are known. */
static mizo_err to_sources(margin *m, size_t s, int64_t amount, size_t field)
{
    const margin_ask *a = &m->ask;
    int64_t given = 0;
    for (size_t k = 0; k < a->nsource; k++) {
        m->w[k] = a->given[k * a->nslot + s];
        m->part[k] = 0;
        MIZO_TRY(add(&given, m->w[k]));
    }
    m->w[a->nsource] = m->use[s] > given ? m->use[s] - given : !given;
    m->part[a->nsource] = 0;
    MIZO_TRY(margin_spread(amount, m->w, a->nsource + 1, m->room, m->part));
    for (size_t k = 0; k <= a->nsource; k++)
        MIZO_TRY(add((int64_t *)((char *)&m->source[k] + field), m->part[k]));
    return MIZO_OK;
}

mizo_err margin_share(margin *m)
{
    for (size_t s = 0; s < m->ask.nslot; s++) {
        if (m->common[s])
            MIZO_TRY(m->ask.ncontract ? to_contracts(m, s) : MIZO_EINPUT);
        if (m->use[s])
            MIZO_TRY(to_sources(m, s, m->use[s], offsetof(margin_cell, wh)));
        if (m->slot[s].income)
            MIZO_TRY(to_sources(m, s, m->slot[s].income, offsetof(margin_cell, income)));
        if (m->loose[s])
            MIZO_TRY(to_sources(m, s, m->loose[s], offsetof(margin_cell, cost)));
    }
    return MIZO_OK;
}

const margin_cell *margin_slots(const margin *m)
{
    return m->slot;
}

const margin_cell *margin_contracts(const margin *m)
{
    return m->contract;
}

const margin_cell *margin_sources(const margin *m)
{
    return m->source;
}
