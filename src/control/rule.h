/* rule.h: what control.c and rule.c share. */
#ifndef CONTROL_RULE_H
#define CONTROL_RULE_H

#include "mizo/control.h"
#include "mizo/series.h"

/* AC energy that vehicle j still wants, Wh; 0: not here, full or silent. */
int64_t control_need_ac(const mizo_site_control *c, const mizo_measurement *m, int j);
/* Import of the site without its batteries and vehicles, W, signed; the cautious guess while silent. */
int64_t control_base(const mizo_site_control *c, const mizo_measurement *m);

#endif
