/* fuzz_po.c: any bytes as an instance of ieee_po: refused with one diagnosis at a line, or an instance whose every
 * reference leads somewhere, which a plan of few moves keeps the rules of. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "town/bench/po.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { DAY = 12, WEEK = 7 * DAY, STEPS = 2 * WEEK + DAY };

static void demand(bool ok)
{
    if (!ok)
        abort();
}

static void activities(const activity *list, int n)
{
    for (int a = 0; a < n; a++) {
        demand(list[a].rooms >= 1 && list[a].steps >= 1 && list[a].size >= 0 &&
               list[a].size < ACTIVITY_SIZES);
        demand(isfinite(list[a].kw) && list[a].kw >= 0 && list[a].value >= 0 && list[a].penalty >= 0);
        for (int j = 0; j < list[a].nbefore; j++)
            demand(list[a].before[j] >= 0 && list[a].before[j] < n && list[a].before[j] != a);
    }
}

static void plan(const po_instance *p)
{
    int day[STEPS];
    bool work[STEPS];
    double price[STEPS], base[STEPS];
    for (int t = 0; t < STEPS; t++) {
        day[t] = t / DAY;
        work[t] = day[t] % 7 < 5 && t % DAY >= 2;
        price[t] = 0.01 * (t % 5);
        base[t] = 10.0 * (t % 7);
    }
    activity_case c = { STEPS,
                        DAY * 7,
                        WEEK,
                        1,
                        day,
                        work,
                        p->nbuilding,
                        (const int(*)[ACTIVITY_SIZES])p->rooms,
                        p->nrecurring,
                        p->nonce,
                        p->nbattery,
                        p->recurring,
                        p->once,
                        p->battery,
                        price,
                        0.005,
                        1,
                        base };
    activity_plan made;
    activity_fault fault;
    int which;
    demand(activity_plan_init(&made, &c) == MIZO_OK);
    mizo_err e = activity_solve(&c, (activity_effort){ 1, 1, 50, 1 }, &made);
    demand(e == MIZO_OK || e == MIZO_ERANGE);
    if (!e) {
        demand(activity_check(&c, &made, &fault, &which) == MIZO_OK);
        demand(fault == ACTIVITY_FINE);
    }
    activity_plan_free(&made, &c);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    po_instance made;
    mizo_diags *d = mizo_diags_new(10);
    demand(d != NULL);
    mizo_err e = po_read((const char *)p, n, "f.txt", d, &made);
    demand(e == MIZO_OK || e == MIZO_EINPUT);
    if (e) {
        demand(mizo_diags_count(d, MIZO_ERROR) == 1);
        demand(!made.recurring && !made.once && !made.rooms);
    } else {
        activities(made.recurring, made.nrecurring);
        activities(made.once, made.nonce);
        int sum = 0;
        for (int b = 0; b < made.nbattery; b++)
            sum += made.battery[b].levels;
        if (made.nrecurring + made.nonce <= 40 && made.nbattery <= 4 && sum <= 400 && made.nbuilding <= 20)
            plan(&made);
        po_free(&made);
    }
    mizo_diags_free(d);
    return 0;
}
