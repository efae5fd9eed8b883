/* forecast.c: the table of public sets. */
#include "town/bench/forecast.h"

#include <math.h>
#include <string.h>
#include <sys/resource.h>

#include "mizo/messages/store.h"
#include "town/bench/sets.h"

typedef struct bench_set {
    const char *set, *measure, *unit;
    double aim, reference;
    set_run run;
} bench_set;

static const bench_set sets[] = {
    {"cambridge",         "MAE/mean, day-ahead, median of sites",                        "",        0.75,   NAN,    set_cambridge},
    { "cambridge",        "MAE/mean, day-ahead, median of sites, cold start of 14 days", "",        0.95,   NAN,
     set_cambridge_cold                                                                                                          },
    { "lcl_homes",        "MAE/mean of the sum of homes, day-ahead",                     "",        0.65,   NAN,    set_lcl_sum  },
    { "lcl_homes",        "one home: pinball of 9 quantiles/mean, median of homes",      "",        0.75,   NAN,    set_lcl_home },
    { "tepco_area",       "MAPE of tomorrow's peak, no weather",                         "%",       0.45,   1.85,   set_tepco    },
    { "vic_elec",         "MAPE, day-ahead, temperature known",                          "%",       0.45,   NAN,    set_vic      },
    { "ieee_po",          "mean MASE of 12 series, a month at its start",                "MASE",    0.65,   0.646,  set_ieee_po  },
    { "gefcom2014_load",  "rating of the months of 2011 (99 quantiles)",                 "rating",  0.45,   0.508,
     set_gefcom_load                                                                                                             },
    { "gefcom2014_solar", "99 quantiles of 3 plants, a month at its start",              "pinball", 0.0130, 0.0121,
     set_gefcom_solar                                                                                                            },
    { "gefcom2014_price", "rating of the last 60 days (99 quantiles)",                   "rating",  0.55,   0.717,
     set_gefcom_price                                                                                                            },
    { "jepx_spot",        "MAE, Tokyo, next day",                                        "yen/kWh", 0.80,   NAN,    set_jepx     },
    { "steel_kr",         "MAE/mean, next day",                                          "",        0.80,   NAN,    set_steel    },
    { "acn_ev",           "worse of MAE of energy and of departure over the driver's",   "",        1.00,   NAN,    set_acn      },
};
enum { SETS = sizeof sets / sizeof *sets };
_Static_assert((int)SETS <= (int)BENCH_FORECAST_ROWS, "the rows of one run");

void bench_forecast_names(buf *out)
{
    for (int i = 0; i < SETS; i++)
        if (i == 0 || strcmp(sets[i].set, sets[i - 1].set))
            buf_printf(out, "%s%s", i ? ", " : "", sets[i].set);
}

static mizo_err unknown(const char *set, mizo_diags *d)
{
    buf names;
    buf_init(&names, 4096);
    bench_forecast_names(&names);
    MIZO_DIAG(d, BENCH_UNKNOWN, MIZO_NOWHERE, set, names.p ? names.p : "");
    buf_fini(&names);
    return MIZO_ENOENT;
}

static mizo_err run_one(env *e, const bench_set *s, const char *data, mizo_diags *d, bench_forecast_row *row)
{
    set_result r = { NAN, NAN, NAN, NAN };
    uint64_t start = e->ops->mono_ns(e);
    MIZO_TRY(s->run(data, d, &r));
    struct rusage use;
    bool rating = strcmp(s->unit, "rating") == 0; /* no ratio to a naive of 0 */
    bool absolute =
        strcmp(s->unit, "MASE") == 0 || strcmp(s->unit, "pinball") == 0; /* aim: the score itself */
    getrusage(RUSAGE_SELF, &use);
    *row = (bench_forecast_row){ .set = s->set,
                                 .measure = s->measure,
                                 .unit = s->unit,
                                 .score = r.score,
                                 .naive = r.naive,
                                 .ratio = rating ? NAN : r.score / r.naive,
                                 .reference = s->reference,
                                 .floor = r.floor,
                                 .lean = r.lean,
                                 .aim = s->aim,
                                 .met = rating ? r.score >= s->aim
                                               : r.score <= s->aim * (absolute ? 1 : r.naive),
                                 .seconds = (double)(e->ops->mono_ns(e) - start) * 1e-9,
                                 .rss_mb = (double)use.ru_maxrss / 1024 };
    return MIZO_OK;
}

mizo_err bench_forecast(env *e, const char *data, const char *set, mizo_diags *d,
                        bench_forecast_row row[BENCH_FORECAST_ROWS], int *nrow)
{
    *nrow = 0;
    for (int i = 0; i < SETS; i++)
        if (!set || strcmp(set, sets[i].set) == 0)
            MIZO_TRY(run_one(e, &sets[i], data, d, &row[(*nrow)++]));
    return *nrow ? MIZO_OK : unknown(set, d);
}
