/* bands_inner.h: the parts of bands. Known to src/forecast alone. */
#ifndef FORECAST_BANDS_INNER_H
#define FORECAST_BANDS_INNER_H

#include "mizo/foresight.h"

enum {
    BANDS_LEADS = 3,   /* leads whose misses are told apart: bands_lead */
    BANDS_KEEP = 42,   /* days that are remembered slot by slot */
    BANDS_MEMBERS = 8, /* half of them past values, half past misses around the mean */
    BANDS_VALUES = 4,  /* members of past values */
    BANDS_PARTS = 2,   /* of the day, each with weights of its own */
    BANDS_NOWS = 4,    /* of the day that has begun */
    BANDS_MOODS = 4,   /* what a day was like */
    BANDS_SLOTS = 288,
    BANDS_RECENT = 5, /* ways of looking at what has been missed lately */
    BANDS_GRAM = BANDS_RECENT * (BANDS_RECENT + 1) / 2,
    BANDS_AHEAD = 6 /* distances within a day that are told apart; the last is tomorrow */
};
extern const int bands_lead[BANDS_LEADS];

/* Values of the remembered days, each slot's in rising order. A byte holds the signed square root of a value's
 * share of the top, which follows the largest: steps are fine where values are small, and 42 days of 48
 * half-hours take 4 kB. */
typedef struct bands_shelf {
    double top;
    int8_t *v;   /* [slots][KEEP] rising */
    uint8_t *at; /* [slots][KEEP] place of the day in the ring */
    uint8_t *n;  /* [slots] */
} bands_shelf;

/* Regression of a later miss on recent ones, all in multiples of what the slot usually misses. */
typedef struct bands_pull {
    float gram[BANDS_GRAM], right[BANDS_RECENT]; /* the lower half, row by row */
    float before, after;                         /* sums of the absolute miss without and with the pull */
} bands_pull;

struct mizo_bands {
    int slots;
    bool positive, far;
    mizo_day next;        /* the day after the last that was learned a day ahead */
    double level, weight; /* mean |value| and what it rests on */
    int8_t kind[BANDS_KEEP];
    mizo_day day[BANDS_KEEP];            /* MIZO_DAY_NONE: empty */
    float mood[BANDS_KEEP][BANDS_MOODS]; /* NAN: unknown */
    bands_shelf value, miss;
    float regret[BANDS_PARTS][MIZO_QUANTILES][BANDS_MEMBERS];
    float square[BANDS_PARTS][MIZO_QUANTILES][BANDS_MEMBERS];
    float missed[BANDS_LEADS],
        near[BANDS_LEADS];         /* mean |miss| of the lead, of a day ahead for the same days */
    float usual_mean;              /* slow mean |miss| a day ahead */
    float waiting[BANDS_LEADS];    /* of the day that is being told; NAN: none */
    float stretch[BANDS_LEADS][2]; /* logarithm: of what lies below and above the median */
    float bias[BANDS_PARTS], bias_square[BANDS_PARTS], bias_days[BANDS_PARTS];
    float *usual;     /* [slots] mean |miss| a day ahead */
    float *usual_day; /* [slots] what it rests on */
    float *last;      /* [slots] misses of the last day in multiples of the usual, NAN: unknown */
    bands_pull pull[BANDS_NOWS][BANDS_AHEAD];
};

size_t bands_bytes(const mizo_bands *b);
/* mizo_bands_learn, and q[slots * MIZO_QUANTILES]: what mizo_bands_say would have said of the day before it was told
 * (lead 0). q NULL: the day is remembered, but nobody judges how the members did, which is most of the work. */
void bands_tell(mizo_bands *b, int lead, const mizo_learn_day *day, const double *mean, const double *actual,
                double *q);
/* Days from now on are so long ago that nobody will look at their values: what is usual alone is learned. */
void bands_far(mizo_bands *b, bool far);
/* Moves the middle that a learner says to the mean: they differ where a day is peaky. */
void bands_centre(const mizo_bands *b, double *mean);
/* What turns a miss into one that can be compared across levels of the forecast. */
double bands_norm(const mizo_bands *b, double mean);
/* How much longer leads miss than a day ahead. */
double bands_growth(const mizo_bands *b, int lead);

/* ---- bands_past.c ---- */
bool bands_shelf_new(bands_shelf *s, int slots);
void bands_shelf_free(bands_shelf *s);
size_t bands_shelf_bytes(int slots);
/* The day's values go where the oldest were. */
void bands_shelf_put(bands_shelf *s, int slots, int place, const double *v);
int bands_place(mizo_day day);
/* Members' quantiles for the day: said[member][slot][level]. False: no day is remembered. */
typedef float bands_said[BANDS_MEMBERS][BANDS_SLOTS][MIZO_QUANTILES];
bool bands_members(const mizo_bands *b, int lead, const mizo_learn_day *day, const double *mean,
                   bands_said said);
void bands_mood(const mizo_bands *b, const double *actual, float mood[BANDS_MOODS]);

/* ---- bands_within.c ---- */
/* A day's misses, in multiples of the usual, teach what the first say about the later. */
void bands_pull_learn(mizo_bands *b, const double *mean, const float *miss);
/* The misses of a day that was said the day before, and those of the day before itself. */
void bands_pull_next(mizo_bands *b, const float *miss);

#endif
