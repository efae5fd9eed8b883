/* energytag.h: the matching of a stretch of days as granular certificates, in the shape of the EnergyTag scheme's
 * bundles: integer Wh, half-hour, device, carrier, status. docs/formats/energytag.md */
#ifndef TOWN_ENERGYTAG_H
#define TOWN_ENERGYTAG_H

#include "town/proof/match_report.h"

/* Writes path: ".json" as one object, else CSV. month 0: the whole fiscal year. A line about it is appended to
 * told. MIZO_EFULL: more than a file may hold (take months); MIZO_EIO, MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err energytag_write(town *t, int fy, int month, const char *path, buf *told);
/* The same into text, for tests and other writers. */
MIZO_MUST_USE mizo_err energytag_text(store *s, const mizo_region *r, mizo_day from, mizo_day to,
                                      bool as_json, buf *out, int64_t *bundles);

#endif
