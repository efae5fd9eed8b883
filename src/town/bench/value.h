/* value.h: what plans are worth on real data, in the closed loop: `mizo bench value`.
 *
 * Each set is read from DATA/SET. Step by step a controller is shown what has happened so far, forecasts, plans and
 * acts; the set's own rule then says what that cost. References stand beside: published ones, and such as the same
 * run measures (perfect foresight by the same solver). docs/mechanisms/value.md
 *
 * A set is one file, bench_value_NAME.c, with one function, and one line of the table in bench_value.c. */
#ifndef TOWN_BENCH_VALUE_H
#define TOWN_BENCH_VALUE_H

#include "base/env.h"
#include "mizo/lp.h"
#include "mizo/optimize.h"

enum { VALUE_REFERENCES = 12, VALUE_ROWS = 24, VALUE_MEASURE = 120 };

typedef struct value_reference {
    const char *id; /* of the JSON: "mpc_published", "perfect_here" */
    double score;
    bool here; /* measured in this run, not published */
} value_reference;

/* A set has one row, or one for each thing that it measures. */
typedef struct value_row {
    const char *set; /* filled in by the table */
    char measure[VALUE_MEASURE];
    double score;
    double aim; /* NAN: none */
    bool more;  /* a higher score is better */
    bool met;   /* filled in by the table */
    int nreference;
    value_reference reference[VALUE_REFERENCES];
    double seconds; /* 0: the table shares out the set's time */
} value_row;

typedef struct value_table {
    value_row row[VALUE_ROWS];
    int n;
} value_table;

typedef struct value_run {
    env *env; /* its clock and crews of threads; the rule of a set knows neither */
    const char *data;
    const char *region; /* directory of the town, of the set that needs one; NULL: the set makes its own */
    mizo_diags *d;
    const mizo_lp_solver *lp; /* the module mizo-clp; NULL where it is not installed */
    int days;                 /* only so many days of the test span are judged; 0: all */
    int threads;              /* >= 1 */
    /* Called now and then with the share that is done. An error (MIZO_ECANCELED) ends the run with it. */
    mizo_err (*progress)(void *arg, const char *set, double done);
    void *arg;
    const char *set; /* that runs now; filled in by the table */
} value_run;

/* What a set does for itself. */
typedef mizo_err (*value_set)(const value_run *r, value_table *out);

/* Progress of the set in hand, 0..1: to be asked some times a second. */
MIZO_MUST_USE mizo_err value_pace(const value_run *r, double done);
/* A new row; NULL: the table is full. */
value_row *value_add(value_table *t, const char *measure, double score, double aim, bool more);
void value_refer(value_row *row, const char *id, double score, bool here);
/* MIZO_OK, or MIZO_EUNSUPPORTED with how to install the solver. */
MIZO_MUST_USE mizo_err value_needs_lp(const value_run *r);

mizo_err value_citylearn(const value_run *r, value_table *out); /* bench_value_city.c */
mizo_err value_ausgrid(const value_run *r, value_table *out);   /* bench_value_home.c */
mizo_err value_pod(const value_run *r, value_table *out);       /* bench_value_pod.c */
mizo_err value_ieee_po(const value_run *r, value_table *out);   /* bench_value_po.c */
mizo_err value_acn(const value_run *r, value_table *out);       /* bench_value_acn.c */
mizo_err value_jepx(const value_run *r, value_table *out);      /* value_jepx.c */
mizo_err value_town(const value_run *r, value_table *out);      /* bench_value_town.c */

/* set NULL: all; one that fails is diagnosed and the others go on, the first error is returned at the end (but for
 * MIZO_ECANCELED, which ends all). MIZO_ENOENT: no such set (diagnosed with the names there are), or no such file.
 * The rows of out are good whatever is returned. */
MIZO_MUST_USE mizo_err bench_value(value_run *r, const char *set, value_table *out);
/* The names there are, with commas between. */
void bench_value_names(buf *out);

#endif
