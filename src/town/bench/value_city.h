/* value_city.h: citylearn_2022: districts of homes with sun and batteries: their data, what an hour does, and
 * the score of a year. */
#ifndef TOWN_BENCH_VALUE_CITY_H
#define TOWN_BENCH_VALUE_CITY_H

#include "town/bench/frame.h"
#include "town/bench/value.h"
#include "town/bench/value_city_lp.h"

enum { CITY_DAY = 24, CITY_DISTRICTS = 3 };
#define CITY_CAPACITY   6.4 /* kWh */
#define CITY_POWER      5.0 /* kW */
#define CITY_EFFICIENCY 0.9 /* of both ways together */
#define CITY_LOSS       1e-5

typedef struct city_home {
    int number; /* building of the set, from 1 on */
    double pv_kw;
    days net; /* kWh, load - sun, by hour */
} city_home;

typedef struct city_data {
    int nhome;
    city_home home[CITY_HOMES];
    days price, carbon, type; /* by hour; type of the day as written: 1 Monday .. 7 Sunday, 8 holiday */
    int first, hours;         /* the first hour of the file is hour `first` of the days; how many there are */
} city_data;

mizo_err city_read(const value_run *r, city_data *c);
void city_free(city_data *c);

/* A district under control: what its batteries hold, what its homes took. */
typedef struct city_run {
    int nhome;
    const city_home *home[CITY_HOMES];
    double stored[CITY_HOMES], capacity[CITY_HOMES];
    double *net[CITY_HOMES]; /* [hours] with the battery */
    int idle; /* hours without a plan: of the first day, and those that the solver gave up on */
} city_run;

/* The homes of the numbers [from, to]. MIZO_ENOENT: none is there. */
mizo_err city_run_new(const city_data *c, int from, int to, city_run *out);
void city_run_free(city_run *r);
/* An hour of one home: `into` kWh at the meter as far as the battery can. */
void city_step(const city_data *c, city_run *r, int home, int hour, double into);

/* Ratios to the same district without batteries, over hours [0, n). */
typedef struct city_score {
    double cost, carbon, ramping, load_factor;
    double carbon_sum; /* carbon of the district's net import instead of the homes' */
    double score;      /* mean of cost, carbon and grid; grid is the mean of the last two */
} city_score;
city_score city_judge(const city_data *c, const city_run *r, int n);
/* The score of the published controllers, of hours [from, to): each home's cost and carbon by itself, four grid terms. */
double city_judge_published(const city_data *c, const city_run *r, int from, int to);

/* The hours [0, hours) of the district `now`, planned with the forecasts that could be had; perfect: with what will
 * be. pace: asked once a day, an error ends it. */
mizo_err city_control(const mizo_lp_solver *solver, const city_data *c, int hours, bool perfect,
                      mizo_err (*pace)(void *arg, double done), void *arg, city_run *now);

#endif
