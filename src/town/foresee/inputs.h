/* inputs.h: what of the weather the use of a half-hour follows. Pure. */
#ifndef TOWN_FORESEE_INPUTS_H
#define TOWN_FORESEE_INPUTS_H

#include "town/foresee/foresee.h"

enum { FORESEE_INPUTS = 7 };

/* before[48]: the air of the day before the first. in[ndays * 48 * FORESEE_INPUTS], NAN where unknown: the air's
 * distance from 18 C in tens of degrees and its square, now, as the mean of the last 24 hours, and a day ago; the
 * sun in kW/m2. */
void foresee_inputs(const int32_t *before, const foresee_weather *w, int ndays, double *in);

#endif
