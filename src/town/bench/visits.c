/* visits.c: acn_ev as visits. */
#include "town/bench/visits.h"

#include <math.h>
#include <stdlib.h>

enum { DAY_S = 86400 };

static double square(double x)
{
    return x * x;
}

double visit_likeness(const visit *now, const visit *past)
{
    double hours = fabs(now->hour - past->hour);
    double far = square(fmin(hours, 24 - hours) / 1.5) +
                 square(log((now->wish + 1) / (past->wish + 1)) / 0.15) +
                 square((now->said - past->said) / 0.75) + (now->station == past->station ? 0 : 3) +
                 (now->weekend == past->weekend ? 0 : 2) + (now->arrival - past->arrival) / DAY_S / 60;
    return now->site == past->site ? exp(-far / 2) : 0;
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

mizo_err visits_read(const char *data, mizo_diags *d, visit **out, int *n)
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
    for (size_t i = 0; i < f.nrow && !e; i++)
        take(&f, c, i, &all[i]);
    *n = (int)f.nrow;
    frame_free(&f);
    if (e)
        free(all);
    else
        *out = all;
    return e;
}
