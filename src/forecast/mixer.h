/* mixer.h: several forecasts of one series, weighted by what each of them missed. An expert that has nothing to
 * say (NAN) sleeps: its weight goes to the others and it learns nothing from the day. No allocation. */
#ifndef FORECAST_MIXER_H
#define FORECAST_MIXER_H

enum { MIXER_EXPERTS = 32, MIXER_PARTS = 8 };

typedef struct mixer_task {
    int slots, experts;
    int plain;     /* the first so many experts take no part in the even share */
    int parts;     /* of the day, each with weights of its own, 1..MIXER_PARTS */
    double forget; /* of what was missed, a day */
    double even;   /* share of the mix that is the even mean of the experts that are not plain, 0..1 */
} mixer_task;

typedef struct mixer_trust {
    double regret[MIXER_EXPERTS], square[MIXER_EXPERTS];
} mixer_trust;

typedef struct mixer {
    mixer_task is;
    mixer_trust trust[MIXER_PARTS];
} mixer;

void mixer_init(mixer *m, const mixer_task *t);
/* said[experts * slots], mean[slots]: NAN where all experts sleep. */
void mixer_say(const mixer *m, const double *said, double *mean);
/* mean: as said. actual[slots], NAN missing. */
void mixer_learn(mixer *m, const double *said, const double *mean, const double *actual);

#endif
