/* learn_inner.h: the parts of a learner. Known to src/forecast alone.
 *
 * Rows are floats over the slots of a day, and matrices hold one number of every group of slots side by side
 * (gram[pair][group]), so that a compiler turns the loops over slots and groups into vectors. Sums run in a
 * fixed order: same calls, same bits. */
#ifndef FORECAST_LEARN_INNER_H
#define FORECAST_LEARN_INNER_H

#include "mizo/forecast.h"

enum {
    LEARN_SLOTS = 288,
    LEARN_OWN = 40, /* columns of a regression at most, besides the inputs */
    LEARN_INPUTS = 32,
    LEARN_MOST = LEARN_OWN + LEARN_INPUTS,
    LEARN_MEMORIES = 5,
    LEARN_VIEWS = 5,
    LEARN_PLAIN = 7,
    LEARN_MEMBERS = LEARN_PLAIN + LEARN_VIEWS,
    LEARN_PARTS = 8, /* of the day, each with weights of its own */
    LEARN_AHEAD = 8, /* days that can be asked for at once */
    LEARN_LANES = 8, /* groups that are solved side by side */
    LEARN_WARM = 21  /* days before a regression speaks */
};

/* ---- recipes: constant tables (learn_recipe.c) ---- */

/* What a column is, for each slot of the day. "Away" is a past value less what was usual then. */
typedef enum learn_what {
    LEARN_ONE,
    LEARN_USUAL,    /* the usual value of the kind of day */
    LEARN_FASTER,   /* the usual value of a shorter memory, less that */
    LEARN_AWAY,     /* away, `arg` days ago */
    LEARN_AROUND,   /* the slots before and after, `arg` days ago */
    LEARN_ALIKE,    /* away, on the latest but `arg` day of the kind */
    LEARN_FREE_DAY, /* away yesterday, if today is free */
    LEARN_SAME      /* the same for all slots: number `arg` of the outline */
} learn_what;

/* Numbers that are the same for all slots of a day. Those before LEARN_CHANGED are in the series' unit. */
typedef enum learn_outline {
    LEARN_MEAN1,        /* how far yesterday was away */
    LEARN_MEAN2,        /* the day before */
    LEARN_WEEK,         /* three to seven days ago */
    LEARN_EVENING,      /* yesterday's last quarter */
    LEARN_LAST,         /* its last hour */
    LEARN_LAST_FREE,    /* the same if today is free */
    LEARN_MEAN1_CHANGE, /* yesterday, if a free day follows a working day or the other way */
    LEARN_YEAR_AGO,     /* 364 days ago */
    LEARN_CHANGED,      /* a free day follows a working day or the other way */
    LEARN_AFTER_FREE,   /* a working day, not a Monday, after a free day */
    LEARN_MONDAY,       /* .. Friday, of working days */
    LEARN_KIND1 = LEARN_MONDAY + 5,
    LEARN_SEASON = LEARN_KIND1 + MIZO_LEARN_KINDS - 1, /* sine and cosine of the year, of half of it */
    LEARN_FREE_SEASON = LEARN_SEASON + 4,
    LEARN_OUTLINES
} learn_outline;

typedef struct learn_column {
    uint8_t what;
    int16_t arg;
} learn_column;

/* Members that are no regression. */
typedef enum learn_plainly {
    LEARN_SAYS_YESTERDAY,
    LEARN_SAYS_WEEK,
    LEARN_SAYS_WEEKS, /* mean of four weeks */
    LEARN_SAYS_USUAL,
    LEARN_SAYS_FASTER, /* the shorter memory, moved by half of what yesterday was away */
    LEARN_SAYS_MIDDLE  /* median of the last eight days of the kind */
} learn_plainly;

/* A regression: over one memory, in these groups or coarser ones. */
typedef struct learn_view {
    int memory, groups; /* 0: each slot alone */
} learn_view;

typedef struct learn_recipe {
    int keep;     /* days remembered slot by slot */
    int fit_days; /* between fits */
    int parts;    /* of the day with weights of their own */
    int groups;   /* of neighbouring slots whose sums are kept together; 0: each slot alone */
    int columns, memories, views, plains;
    learn_column column[LEARN_OWN];
    double half_life[LEARN_MEMORIES]; /* days */
    learn_view view[LEARN_VIEWS];
    uint8_t plain[LEARN_PLAIN];
} learn_recipe;

const learn_recipe *learn_recipe_of(mizo_recipe r); /* NULL: none */

/* ---- the learner ---- */

typedef struct learn_base {
    float *v, *w; /* [kinds][slots] the usual value (borrowed while w is 0), what it rests on */
    float keep[MIZO_LEARN_KINDS]; /* a day of the kind */
} learn_base;

/* Sums of x x' and of x y over the past, of all groups side by side. */
typedef struct learn_sums {
    float keep;   /* a day */
    float *gram;  /* [n (n + 1) / 2][groups], the lower triangle row by row */
    float *right; /* [n][groups] */
} learn_sums;

typedef struct learn_ridge {
    const learn_sums *sums;
    int groups;  /* 1 .. those of the sums */
    float *beta; /* [n][slots] */
} learn_ridge;

typedef struct learn_trust {
    double regret[LEARN_MEMBERS], square[LEARN_MEMBERS];
} learn_trust;

/* What is needed to doubt a value. */
typedef struct learn_doubt {
    float usual_run; /* longest run of equal values lately */
    float highest;   /* magnitude lately */
    float last;      /* value of the run at the end of yesterday, and its length */
    int length;
} learn_doubt;

typedef struct learn_level {
    float sway;   /* |logarithm of a day over the usual|, running mean */
    float off[3]; /* of the days that are held back */
    int held;
    float back; /* to the level before the last shift */
    mizo_day back_until;
} learn_level;

struct mizo_learner {
    const learn_recipe *recipe;
    int slots, inputs, n; /* n columns */
    int groups;           /* of the sums: a divisor of slots */
    int fit_days, told, members, ring;
    size_t bytes;
    mizo_day next;    /* the day after the last that was told */
    mizo_day *day_of; /* [ring] the day at a place; MIZO_DAY_NONE: none */
    uint8_t *kind;    /* [ring] */
    float *y;         /* [ring][slots] */
    learn_base slow, fast;
    learn_sums sums[LEARN_MEMORIES];
    learn_ridge ridge[LEARN_VIEWS];
    learn_trust trust[LEARN_PARTS];
    learn_doubt doubt;
    learn_level level;
    mizo_day ready; /* the day (without inputs) that x, usual and said are of */
    int ready_kind;
    mizo_day fitted;    /* the day before which the last fit was made */
    float *x;           /* [n][slots] */
    float *said;        /* [members][slots] */
    float *mixed;       /* [slots] */
    float *typical;     /* [slots] of |what was missed| */
    float *usual_input; /* [inputs] */
    float *work;        /* of a fit: [n (n + 1) / 2 + n][LEARN_LANES]; of a day: x by groups */
};

/* learn_past.c: what is remembered. Rows are [slots]; NULL: not remembered. */
const float *learn_row(const mizo_learner *l, mizo_day day);
int learn_kind_of(const mizo_learner *l, mizo_day day); /* -1: not remembered */
/* The usual values of a kind of day; a kind never seen borrows from its neighbours. NAN: nothing known. */
const float *learn_usual(const mizo_learner *l, const learn_base *b, int kind);
void learn_base_tell(const mizo_learner *l, learn_base *b, int kind, const float *actual);
/* The day enters the ring; it stays there when `for_good`, or until learn_forget. */
void learn_remember(mizo_learner *l, mizo_day day, int kind, const float *actual);
void learn_forget(mizo_learner *l, mizo_day day);

/* learn_columns.c: fills l->x for the day. */
void learn_columns(mizo_learner *l, const mizo_learn_day *d);
/* How far the day was from what was usual, mean over [from, to). 0: not known. */
float learn_away_mean(const mizo_learner *l, mizo_day day, int from, int to);

/* learn_plain.c: the plain members' values of the day into l->said. */
void learn_plain(mizo_learner *l, const mizo_learn_day *d);

/* learn_ridge.c: the regressions, each with what it says into its row of l->said. */
void learn_ridges_say(mizo_learner *l, const float *usual);
/* w[s] of y[s]; w 0: not known. */
void learn_ridges_tell(mizo_learner *l, const float *y, const float *w);
void learn_ridges_fit(mizo_learner *l);

/* learn_trust.c: l->mixed from l->said, and what the members missed. */
void learn_mix(mizo_learner *l);
void learn_trust_tell(mizo_learner *l, const float *actual);

/* learn_clean.c: out = in, NAN where it is not believed; how many were not. */
int learn_clean(const mizo_learner *l, const float *in, float *out);
void learn_doubt_tell(mizo_learner *l, const float *in, const float *believed);

/* learn_level.c: has the level moved? By exp(*by) for the last `days` days, this one included. */
int learn_level_tell(mizo_learner *l, const mizo_learn_day *d, const float *actual, float *by);
void learn_level_move(mizo_learner *l, mizo_day day, int days, float by);

#endif
