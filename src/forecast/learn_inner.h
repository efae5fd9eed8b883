/* learn_inner.h: the parts of a learner. Known to src/forecast alone. */
#ifndef FORECAST_LEARN_INNER_H
#define FORECAST_LEARN_INNER_H

#include "mizo/forecast.h"

enum {
    LEARN_KEEP = 380, /* days that are remembered slot by slot: a year and the weeks around it */
    LEARN_OWN = 36,   /* columns of a regression, besides the inputs */
    LEARN_INPUTS = 32,
    LEARN_MOST = LEARN_OWN + LEARN_INPUTS,
    LEARN_RIDGES = 5,
    LEARN_PLAIN = 6,
    LEARN_MEMBERS = LEARN_PLAIN + LEARN_RIDGES,
    LEARN_PARTS = 8 /* of the day, each with weights of its own */
};

typedef struct learn_base {
    double *v, *w;                 /* [kinds * slots] the usual value, and how much it rests on */
    double keep[MIZO_LEARN_KINDS]; /* a day of the kind */
} learn_base;

typedef struct learn_ridge {
    int groups;          /* slots that learn together: 1 .. slots groups of neighbours */
    double keep;         /* a value */
    double *gram;        /* [groups][n * n] */
    double *right;       /* [groups][n] */
    double *beta;        /* [groups][n] */
    double *miss, *seen; /* [groups] running mean of |what was missed| */
} learn_ridge;

typedef struct learn_trust {
    double regret[LEARN_MEMBERS], square[LEARN_MEMBERS];
} learn_trust;

struct mizo_learner {
    int slots, inputs, n; /* n columns */
    int fit_days, told, since_fit;
    mizo_day next; /* the day after the last that was told */
    double *y;     /* [LEARN_KEEP][slots], ring by day */
    int kind[LEARN_KEEP];
    learn_base slow, fast;
    learn_ridge ridge[LEARN_RIDGES];
    learn_trust trust[LEARN_PARTS];
    mizo_day ready;  /* the day that x, usual and said are of */
    double *x;       /* [slots][n] */
    double *usual;   /* [slots] */
    double *said;    /* [LEARN_MEMBERS][slots] */
    double *mixed;   /* [slots] */
    double *work;    /* [n * n] */
    mizo_day fitted; /* day of the last fit */
};

/* The value of a told day that is remembered, NAN otherwise. */
double learn_at(const mizo_learner *l, mizo_day day, int slot);
int learn_kind_of(const mizo_learner *l, mizo_day day); /* -1: not remembered */
/* The usual value of a kind of day; a kind never seen borrows from its neighbours. NAN: nothing known. */
double learn_usual(const mizo_learner *l, const learn_base *b, int kind, int slot);
/* Fills l->x and l->usual for the day. */
void learn_columns(mizo_learner *l, const mizo_learn_day *d);
/* The plain members' values of the day into l->said. */
void learn_plain(mizo_learner *l, const mizo_learn_day *d);

#endif
