/* pools.c: a day through pools, slot by slot. docs/mechanisms/matching.md */
#include <stdlib.h>
#include <string.h>

#include "mizo/match.h"

enum { BUCKETS = 256 };

/* A share that was cut, and by how much. */
typedef struct rest {
    uint64_t cut;
    uint32_t at;
} rest;

struct mizo_matcher {
    size_t cap;
    int64_t *weight, *share; /* of the side in hand */
    uint64_t *cut;           /* remainders of a split */
    rest *tie;
};

mizo_matcher *mizo_matcher_new(void)
{
    return calloc(1, sizeof(mizo_matcher));
}

void mizo_matcher_free(mizo_matcher *m)
{
    if (!m)
        return;
    free(m->weight);
    free(m->share);
    free(m->cut);
    free(m->tie);
    free(m);
}

static mizo_err room(mizo_matcher *m, size_t n)
{
    if (n <= m->cap)
        return MIZO_OK;
    free(m->weight);
    free(m->share);
    free(m->cut);
    free(m->tie);
    m->weight = malloc(n * sizeof *m->weight);
    m->share = malloc(n * sizeof *m->share);
    m->cut = malloc(n * sizeof *m->cut);
    m->tie = malloc(n * sizeof *m->tie);
    bool all = m->weight && m->share && m->cut && m->tie;
    m->cap = all ? n : 0;
    return all ? MIZO_OK : MIZO_ENOMEM;
}

/* ---- one split ---- */

static int by_cut(const void *a, const void *b)
{
    const rest *x = a, *y = b;
    if (x->cut != y->cut)
        return x->cut > y->cut ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* One more to each of the `left` largest remainders, ties to the lower index: by buckets of their first bits, so
 * that only one bucket has to be put in order. */
static void give_rest(mizo_matcher *m, uint64_t sum, size_t n, size_t left, int64_t *out)
{
    uint32_t count[BUCKETS] = { 0 };
    int shift = 0;
    while (sum >> shift >= BUCKETS)
        shift++;
    for (size_t i = 0; i < n; i++)
        count[m->cut[i] >> shift]++;
    uint64_t edge = BUCKETS - 1; /* buckets above are served whole */
    size_t above = 0, k = 0;
    while (above + count[edge] <= left) {
        above += count[edge];
        if (edge == 0)
            break;
        edge--;
    }
    for (size_t i = 0; i < n; i++) {
        uint64_t bucket = m->cut[i] >> shift;
        out[i] += bucket > edge;
        if (bucket == edge)
            m->tie[k++] = (rest){ m->cut[i], (uint32_t)i };
    }
    qsort(m->tie, k, sizeof *m->tie, by_cut);
    for (size_t i = 0; i < k && i < left - above; i++)
        out[m->tie[i].at]++;
}

mizo_err mizo_match_split(mizo_matcher *m, int64_t total, const int64_t *w, size_t n, int64_t *out)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (uint64_t)w[i];
    if ((uint64_t)total == sum) {
        memcpy(out, w, n * sizeof *out);
        return MIZO_OK;
    }
    if (total >> 32 || sum < 2) /* products must stay below 2^63 */
        return mizo_split(total, w, n, out);
    MIZO_TRY(room(m, n));
    uint64_t inverse = UINT64_MAX / sum, given = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t product = (uint64_t)total * (uint64_t)w[i];
        uint64_t q = (uint64_t)((unsigned __int128)product * inverse >> 64);
        uint64_t cut = product - q * sum;
        while (cut >= sum) { /* the inverse is a little too small: at most twice */
            cut -= sum;
            q++;
        }
        m->cut[i] = cut;
        out[i] = (int64_t)q;
        given += q;
    }
    if (given < (uint64_t)total)
        give_rest(m, sum, n, (size_t)((uint64_t)total - given), out);
    return MIZO_OK;
}

/* ---- one side of one slot ---- */

/* What each member still has, and the sum. */
static int64_t weigh(mizo_matcher *m, const mizo_match_row *row, size_t n, int32_t (*have)[MIZO_DAY_SLOTS],
                     int slot)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += m->weight[i] = have[row[i].row][slot];
    return sum;
}

/* Shares total out over the side, level by level, and takes it off. */
static mizo_err share_out(mizo_matcher *m, bool levels, const mizo_match_row *row, size_t n, int64_t total,
                          int32_t (*have)[MIZO_DAY_SLOTS], int slot, int32_t (*out)[MIZO_DAY_SLOTS])
{
    for (size_t first = 0, end; first < n; first = end) {
        int64_t sum = m->weight[first];
        for (end = first + 1; end < n && (!levels || row[end].level == row[first].level); end++)
            sum += m->weight[end];
        int64_t part = total < sum ? total : sum;
        total -= part;
        MIZO_TRY(mizo_match_split(m, part, m->weight + first, end - first, m->share + first));
    }
    for (size_t i = 0; i < n; i++) {
        out[i][slot] = (int32_t)m->share[i];
        have[row[i].row][slot] -= (int32_t)m->share[i];
    }
    return MIZO_OK;
}

/* What each consumer may have of `offered` by its contract, at most what it wants. The sum. */
static mizo_err entitle(mizo_matcher *m, const mizo_match_pool *p, int64_t offered, int64_t *sum)
{
    int64_t ppm = 0, entitled;
    for (size_t i = 0; i < p->nconsumer; i++) {
        m->share[i] = p->consumer[i].share_ppm > 0 ? p->consumer[i].share_ppm : 0;
        ppm += m->share[i];
    }
    if (ppm > MIZO_PPM)
        return MIZO_EINPUT;
    MIZO_TRY(mizo_mul_div(offered, ppm, MIZO_PPM, MIZO_ROUND_DOWN, &entitled));
    int64_t *want = malloc((p->nconsumer + 1) * sizeof *want);
    if (!want)
        return MIZO_ENOMEM;
    mizo_err err = mizo_split(ppm ? entitled : 0, m->share, p->nconsumer, want);
    *sum = 0;
    for (size_t i = 0; i < p->nconsumer; i++) {
        m->weight[i] = want[i] < m->weight[i] ? want[i] : m->weight[i];
        *sum += m->weight[i];
    }
    free(want);
    return err;
}

static mizo_err match_slot(mizo_matcher *m, mizo_match_pool *p, int slot, int32_t (*offer)[MIZO_DAY_SLOTS],
                           int32_t (*need)[MIZO_DAY_SLOTS])
{
    bool levels = p->rule == MIZO_POOL_PRIORITY;
    int64_t offered = weigh(m, p->source, p->nsource, offer, slot);
    int64_t wanted = weigh(m, p->consumer, p->nconsumer, need, slot);
    if (p->rule == MIZO_POOL_CONTRACT)
        MIZO_TRY(entitle(m, p, offered, &wanted));
    int64_t matched = offered < wanted ? offered : wanted;
    p->matched[slot] = matched;
    if (matched == 0)
        return MIZO_OK; /* the rows of out are zero */
    MIZO_TRY(share_out(m, levels, p->consumer, p->nconsumer, matched, need, slot, p->taken));
    (void)weigh(m, p->source, p->nsource, offer, slot);
    return share_out(m, levels, p->source, p->nsource, matched, offer, slot, p->given);
}

/* ---- the day ---- */

static bool clean(int32_t (*v)[MIZO_DAY_SLOTS], size_t n)
{
    int32_t any = 0;
    int32_t *p = n ? v[0] : NULL;
    for (size_t i = 0; i < n * MIZO_DAY_SLOTS; i++) {
        p[i] = p[i] == MIZO_MISSING ? 0 : p[i];
        any |= p[i];
    }
    return any >= 0;
}

mizo_err mizo_match_day_pools(mizo_matcher *m, int32_t (*offer)[MIZO_DAY_SLOTS], size_t noffer,
                              int32_t (*need)[MIZO_DAY_SLOTS], size_t nneed, mizo_match_pool *pool,
                              size_t npool)
{
    if (!clean(offer, noffer) || !clean(need, nneed))
        return MIZO_EINPUT;
    MIZO_TRY(room(m, noffer + nneed + 1));
    for (size_t k = 0; k < npool; k++) {
        mizo_match_pool *p = &pool[k];
        memset(p->matched, 0, sizeof p->matched);
        memset(p->given, 0, p->nsource * sizeof *p->given);
        memset(p->taken, 0, p->nconsumer * sizeof *p->taken);
        for (int slot = 0; slot < MIZO_DAY_SLOTS && p->nsource && p->nconsumer; slot++)
            MIZO_TRY(match_slot(m, p, slot, offer, need));
    }
    return MIZO_OK;
}

mizo_err mizo_match_pairs(mizo_matcher *m, const int64_t *given, size_t n, const int64_t *taken, size_t k,
                          int64_t *pair)
{
    int64_t *left = malloc((k + 1) * sizeof *left);
    if (!left)
        return MIZO_ENOMEM;
    memcpy(left, taken, k * sizeof *left);
    mizo_err err = room(m, n + k + 1);
    for (size_t i = 0; i < n && !err; i++) {
        err = mizo_match_split(m, given[i], left, k, pair + i * k);
        for (size_t j = 0; j < k && !err; j++)
            left[j] -= pair[i * k + j];
    }
    free(left);
    return err;
}
