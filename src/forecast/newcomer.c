/* newcomer.c: a new site leans on the pool until its own learner has earned trust. */
#include <math.h>

#include "mizo/forecast.h"

#define KEEP  0.95 /* a day, of what was missed */
#define SHARP 4    /* power of the ratio of the misses: the better one soon speaks nearly alone */
#define ALONE 0.9  /* a share from which on nothing is borrowed */
enum { JUDGED = 10, GROWN = 42 };

double mizo_newcomer_share(const mizo_newcomer *n)
{
    if (n->days < JUDGED || !(n->own >= 0) || !(n->pool > 0))
        return 0;
    if (n->own == 0)
        return 1;
    double share = 1 / (1 + pow(n->own / n->pool, SHARP));
    return share > ALONE || (n->days >= GROWN && share > 0.5) ? 1 : share;
}

bool mizo_newcomer_mix(const mizo_newcomer *n, int slots, const double *own, const double *pool, double *mean)
{
    double share = mizo_newcomer_share(n);
    bool borrowed = false;
    for (int s = 0; s < slots; s++) {
        double a = isnan(own[s]) ? 0 : isnan(pool[s]) ? 1 : share;
        mean[s] = a == 1 ? own[s] : a == 0 ? pool[s] : a * own[s] + (1 - a) * pool[s];
        borrowed = borrowed || (a < 1 && !isnan(mean[s]));
    }
    return borrowed;
}

void mizo_newcomer_learn(mizo_newcomer *n, int slots, const double *own, const double *pool,
                         const double *actual)
{
    double missed = 0, pooled = 0;
    int known = 0;
    for (int s = 0; s < slots; s++)
        if (!isnan(own[s]) && !isnan(pool[s]) && !isnan(actual[s])) {
            missed += fabs(own[s] - actual[s]);
            pooled += fabs(pool[s] - actual[s]);
            known++;
        }
    if (2 * known < slots)
        return;
    n->own = KEEP * n->own + missed / known;
    n->pool = KEEP * n->pool + pooled / known;
    n->days++;
}
