/* set_ev.c: acn_ev: how much a vehicle will take and when it will leave, said when it is plugged in.
 *
 * Past visits that were like this one (same place, hour, wish and stay that the driver entered; the same
 * driver often enters the same) say by how much the driver was wrong: their weighted median corrects this
 * driver. Only visits that had ended by then are known. */
#include <math.h>
#include <stdlib.h>

#include "town/bench/sets.h"
#include "town/bench/visits.h"

enum { TEST_DAYS = 60, DAY_S = 86400 };

typedef struct guess {
    double kwh, stay;
} guess;

static guess foresee(const visit *all, int n, const visit *now, weighed *energy, weighed *stay)
{
    int k = 0;
    for (int i = 0; i < n; i++) {
        const visit *p = &all[i];
        double w = p->entered && p->departure <= now->arrival ? visit_likeness(now, p) : 0;
        if (w < 1e-9)
            continue;
        energy[k] = (weighed){ p->got / p->wish, w };
        stay[k++] = (weighed){ p->stay - p->said, w };
    }
    if (!k)
        return (guess){ now->wish, now->said };
    return (guess){ now->wish * weighed_median(energy, k), fmax(0.05, now->said + weighed_median(stay, k)) };
}

static mizo_err judge(const visit *all, int n, double from, set_result *out)
{
    weighed *room = calloc((size_t)n * 2, sizeof *room);
    double missed[2] = { 0 }, driver[2] = { 0 };
    if (!room)
        return MIZO_ENOMEM;
    for (int i = 0; i < n; i++) {
        const visit *v = &all[i];
        if (!v->entered || v->arrival < from)
            continue;
        guess g = foresee(all, n, v, room, room + n);
        missed[0] += fabs(g.kwh - v->got);
        driver[0] += fabs(v->wish - v->got);
        missed[1] += fabs(g.stay - v->stay);
        driver[1] += fabs(v->said - v->stay);
    }
    free(room);
    out->score = fmax(missed[0] / driver[0], missed[1] / driver[1]);
    out->naive = 1;
    return MIZO_OK;
}

mizo_err set_acn(const char *data, mizo_diags *d, set_result *out)
{
    visit *all;
    int n;
    MIZO_TRY(visits_read(data, d, &all, &n));
    double last = 0;
    for (int i = 0; i < n; i++)
        last = fmax(last, all[i].arrival);
    mizo_err e = judge(all, n, (floor(last / DAY_S) + 1 - TEST_DAYS) * DAY_S, out);
    free(all);
    return e;
}
