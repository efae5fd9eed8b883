/* crew.h: threads that stay, for work that comes in pieces of a millisecond: a pass of the town's engine.
 *
 * Between two pieces a hand looks for the next one for a moment, then sleeps: waking it costs some microseconds only
 * when there was a pause. */
#ifndef TOWN_CREW_H
#define TOWN_CREW_H

#include "base/env.h"
#include "mizo/optimize.h"

typedef struct crew crew;

/* `threads` in all, the caller's one of them (1..64; beyond what the machine has, they take turns). */
MIZO_MUST_USE mizo_err crew_new(env *e, int threads, crew **out);
void crew_free(crew *c);
/* What optimize.h asks for. One thread at a time may call run. */
const mizo_crew *crew_for(const crew *c);

#endif
