/* city_why.h: where a figure comes from, as JSON: what `mizo city why --json` prints and the pages show. */
#ifndef TOWN_OFFICE_CITY_WHY_H
#define TOWN_OFFICE_CITY_WHY_H

#include "base/json.h"
#include "town/office/city.h"

/* A step's value to six decimals, or as its indicator's style shows it; "–" where it is missing. */
void city_step_text(const city_step *s, bool shown, const char *lang, buf *out);
/* Who says it, or its formula; "": nobody. */
const char *city_step_source(const city_step *s);
/* A member "steps" of the object that is open: the figure, then each operand, depth first, with who wrote what a person
 * entered. MIZO_ENOENT: no figure; the
 * steps that are there are written all the same. lang: of the member `text`. */
MIZO_MUST_USE mizo_err city_why_json(const city_desk *d, const mizo_indicator *i, int fy, const char *lang,
                                     json *j);

#endif
