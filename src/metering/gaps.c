/* gaps.c: what is missing, how it may be filled, what is hard to believe. */
#include "mizo/metering.h"
#include "mizo/number.h"

enum { LIMIT_PERCENT = 150 };

mizo_gap_count mizo_gaps(const int32_t *v, int n)
{
    mizo_gap_count g = { .longest_at = -1 };
    for (int i = 0; i < n;) {
        int from = i;
        while (i < n && v[i] == MIZO_MISSING)
            i++;
        int run = i - from;
        if (run) {
            g.slots += run;
            g.runs++;
        }
        if (run > g.longest) {
            g.longest = run;
            g.longest_at = from;
        }
        while (i < n && v[i] != MIZO_MISSING)
            i++;
    }
    return g;
}

/* A value ends the open run; it was a gap if something was known before it. */
static void close_run(mizo_gap_run *g)
{
    if (g->run && g->known) {
        g->runs++;
        g->slots += g->run;
        if (g->run > g->longest) {
            g->longest = g->run;
            g->longest_at = g->run_at;
        }
    }
    g->run = 0;
}

void mizo_gap_feed(mizo_gap_run *g, const int32_t *v, int n)
{
    for (int i = 0; i < n; i++, g->seen++) {
        if (v && v[i] != MIZO_MISSING) {
            close_run(g);
            g->known++;
            continue;
        }
        if (g->run++ == 0)
            g->run_at = g->seen;
    }
}

static void mark_filled(uint8_t *q, int i)
{
    if (q)
        q[i] = MIZO_QUALITY_FILLED;
}

int mizo_fill_linear(int32_t *v, uint8_t *q, int n)
{
    int filled = 0;
    for (int i = 1; i + 1 < n; i++) {
        if (v[i] != MIZO_MISSING || v[i - 1] == MIZO_MISSING || v[i + 1] == MIZO_MISSING)
            continue;
        v[i] = (int32_t)mizo_div_round((int64_t)v[i - 1] + v[i + 1], 2, MIZO_ROUND_HALF_UP);
        mark_filled(q, i);
        filled++;
        i++; /* what was filled is no ground to fill from */
    }
    return filled;
}

int mizo_fill_last_week(int32_t *v, uint8_t *q, const int32_t *week_ago, int n)
{
    int filled = 0;
    for (int i = 0; i < n; i++) {
        if (v[i] != MIZO_MISSING || week_ago[i] == MIZO_MISSING)
            continue;
        v[i] = week_ago[i];
        mark_filled(q, i);
        filled++;
    }
    return filled;
}

/* Length of the run of one value that begins at i. */
static int run_of(const int32_t *v, int n, int i)
{
    int end = i + 1;
    while (end < n && v[end] == v[i])
        end++;
    return end - i;
}

int mizo_doubtful(const int32_t *v, int n, int32_t limit_wh, int run)
{
    int doubtful = 0;
    for (int i = 0; i < n;) {
        int len = run_of(v, n, i);
        bool value = v[i] != MIZO_MISSING && v[i] != 0;
        if (value && ((limit_wh > 0 && v[i] > limit_wh) || (run > 0 && len >= run)))
            doubtful += len;
        i += len;
    }
    return doubtful;
}

int mizo_stuck(const int32_t *v, int n, int *at)
{
    int longest = 0;
    *at = -1;
    for (int i = 0; i < n;) {
        int len = run_of(v, n, i);
        if (v[i] != MIZO_MISSING && v[i] != 0 && len > longest) {
            longest = len;
            *at = i;
        }
        i += len;
    }
    return longest;
}

int32_t mizo_step_limit(int64_t rated_w, int step_min)
{
    int64_t wh;
    if (rated_w <= 0 || mizo_mul_div(rated_w, (int64_t)LIMIT_PERCENT * step_min, 6000, MIZO_ROUND_UP, &wh) ||
        wh > INT32_MAX)
        return 0;
    return (int32_t)wh;
}
