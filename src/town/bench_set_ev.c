/* bench_set_ev.c: acn_ev: how much a vehicle will take and when it will leave, said when it is plugged in.
 *
 * Past visits that were like this one (same place, hour, wish and stay that the driver entered; the same
 * driver often enters the same) say by how much the driver was wrong: their weighted median corrects this
 * driver. Only visits that had ended by then are known. */
#include <math.h>
#include <stdlib.h>

#include "town/bench_frame.h"
#include "town/bench_sets.h"

enum { TEST_DAYS = 60, DAY_S = 86400 };

typedef struct visit {
    double arrival, departure; /* seconds */
    double wish, got;          /* kWh */
    double stay, said;         /* hours: actual, entered */
    double hour;
    double site, station; /* words as numbers */
    bool weekend, entered;
} visit;

static double square(double x)
{
    return x * x;
}

/* Weight of a past visit for this one: a Gaussian in each of what was known at plug-in. */
static double likeness(const visit *now, const visit *past)
{
    double hours = fabs(now->hour - past->hour);
    double far = square(fmin(hours, 24 - hours) / 1.5) +
                 square(log((now->wish + 1) / (past->wish + 1)) / 0.15) +
                 square((now->said - past->said) / 0.75) + (now->station == past->station ? 0 : 3) +
                 (now->weekend == past->weekend ? 0 : 2) + (now->arrival - past->arrival) / DAY_S / 60;
    return now->site == past->site ? exp(-far / 2) : 0;
}

typedef struct guess {
    double kwh, stay;
} guess;

static guess foresee(const visit *all, int n, const visit *now, weighed *energy, weighed *stay)
{
    int k = 0;
    for (int i = 0; i < n; i++) {
        const visit *p = &all[i];
        double w = p->entered && p->departure <= now->arrival ? likeness(now, p) : 0;
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

static void take(const frame *f, const int c[5], size_t row, visit *v)
{
    double arrival = f->v[c[0]][row], depart = f->v[c[1]][row], planned = f->v[c[2]][row];
    int64_t local = (int64_t)arrival - 8 * 3600, day = local / DAY_S;
    *v = (visit){ .arrival = arrival,
                  .departure = depart,
                  .wish = f->v[c[3]][row],
                  .got = f->v[c[4]][row],
                  .stay = (depart - arrival) / 3600,
                  .said = (planned - arrival) / 3600,
                  .hour = (double)(local - day * DAY_S) / 3600,
                  .site = f->v[0][row],
                  .station = f->v[1][row],
                  .weekend = kind_plain((mizo_day)day) > 0,
                  .entered = f->v[f->ncol - 1][row] == 1 };
    v->entered = v->entered && v->wish > 0 && isfinite(v->got) && isfinite(v->stay) && isfinite(v->said);
}

mizo_err set_acn(const char *data, mizo_diags *d, set_result *out)
{
    static const char *const name[5] = { "arrival_utc", "departure_utc", "est_departure_utc", "requested_kwh",
                                         "delivered_kwh" };
    frame f;
    int c[5];
    MIZO_TRY(frame_read(&f, data, "acn_ev/sessions_*", d));
    visit *all = calloc(f.nrow, sizeof *all);
    mizo_err e = all ? MIZO_OK : MIZO_ENOMEM;
    for (int i = 0; i < 5; i++)
        if ((c[i] = frame_column(&f, name[i])) < 0)
            e = MIZO_EINPUT;
    double last = 0;
    for (size_t i = 0; i < f.nrow && !e; i++) {
        take(&f, c, i, &all[i]);
        last = fmax(last, all[i].arrival);
    }
    double from = (floor(last / DAY_S) + 1 - TEST_DAYS) * DAY_S;
    if (!e)
        e = judge(all, (int)f.nrow, from, out);
    free(all);
    frame_free(&f);
    return e;
}
