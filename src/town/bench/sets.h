/* sets.h: what each public set asks. One function a line of the table. */
#ifndef TOWN_BENCH_SETS_H
#define TOWN_BENCH_SETS_H

#include "base/buf.h"

typedef struct set_result {
    double score, naive;
    double floor; /* what no forecast of this kind could go below, as far as the data tell; NAN: not known */
    double lean;  /* score of the recipe of a site of a thousand; NAN: not asked */
} set_result;

typedef mizo_err (*set_run)(const char *data, mizo_diags *d, set_result *out);

mizo_err set_cambridge(const char *data, mizo_diags *d, set_result *out);
mizo_err set_cambridge_cold(const char *data, mizo_diags *d, set_result *out);
mizo_err set_lcl_sum(const char *data, mizo_diags *d, set_result *out);
mizo_err set_lcl_home(const char *data, mizo_diags *d, set_result *out);
mizo_err set_tepco(const char *data, mizo_diags *d, set_result *out);
mizo_err set_vic(const char *data, mizo_diags *d, set_result *out);
mizo_err set_jepx(const char *data, mizo_diags *d, set_result *out);
mizo_err set_steel(const char *data, mizo_diags *d, set_result *out);
mizo_err set_gefcom_load(const char *data, mizo_diags *d, set_result *out);
mizo_err set_gefcom_price(const char *data, mizo_diags *d, set_result *out);
mizo_err set_gefcom_solar(const char *data, mizo_diags *d, set_result *out);
mizo_err set_ieee_po(const char *data, mizo_diags *d, set_result *out);
mizo_err set_acn(const char *data, mizo_diags *d, set_result *out);

/* Middle value; sorts v. */
double set_median(double *v, int n);

#endif
